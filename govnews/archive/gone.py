"""Whether an article was taken down: what its own address said, on visits far enough apart.

A visit is a sign where the address answered 404 or 410, or as its host answers for an address that
cannot exist (redirected to the home page, a page that says so with status 200), while a listing
was walked to its end: a portal that shows one page for everything is down. Two signs that are
20 hours apart, with nothing but signs between them, make an article gone since the first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

APART = timedelta(hours=20)
_ALIVE = frozenset({"new", "changed", "unchanged", "returned"})


class Sign(NamedTuple):
    """An article whose address may have given a sign in a run; `since` is the first of an unbroken
    series, None where there is none; `is_gone` says that there are enough."""

    article_id: int
    key: str
    since: str | None
    is_gone: bool


def keep_probe(
    db: sqlite3.Connection, run_id: int, site: str, host: str, answer: str, capture_id: int
) -> None:
    """Keeps how a host answers for an address that cannot exist."""
    db.execute(
        "INSERT OR REPLACE INTO probes (run_id, site, host, answer, capture_id) VALUES (?,?,?,?,?)",
        (run_id, site, host, answer, capture_id),
    )


def is_probed(db: sqlite3.Connection, run_id: int, host: str) -> bool:
    """Whether a host was asked in this run."""
    query = "SELECT 1 FROM probes WHERE run_id = ? AND host = ?"
    return db.execute(query, (run_id, host)).fetchone() is not None


def signs(db: sqlite3.Connection, run_id: int) -> Iterator[Sign]:
    """The articles, not known to be gone, whose address said in this run that they may be."""
    rows = db.execute(
        """SELECT DISTINCT a.id, a.key FROM observations o
           JOIN captures c ON c.id = o.capture_id JOIN articles a ON a.id = o.article_id
           WHERE c.run_id = ? AND a.gone_at IS NULL
             AND (o.says = 'gone' OR o.answer IS NOT NULL)""",
        (run_id,),
    ).fetchall()
    for article_id, key in rows:
        moments = _series(db, article_id)
        since = moments[-1] if moments else None
        is_gone = since is not None and _time(moments[0]) - _time(since) >= APART
        yield Sign(article_id, key, since, is_gone)


def mark(db: sqlite3.Connection, article_id: int, since: str) -> None:
    """An article is gone; its text stays."""
    db.execute("UPDATE articles SET gone_at = ? WHERE id = ?", (since, article_id))


def _series(db: sqlite3.Connection, article_id: int) -> list[str]:
    """When the signs since an article was last seen were given, the newest first.

    What speaks neither for nor against it (a password asked for, a redirect off the site) breaks
    no series.
    """
    rows = db.execute(
        """SELECT o.seen_at, o.says, o.says = 'gone' OR (
               EXISTS (SELECT 1 FROM probes p WHERE p.run_id = c.run_id AND p.answer = o.answer)
               AND EXISTS (SELECT 1 FROM listings l
                           WHERE l.run_id = c.run_id AND l.verdict = 'complete'))
           FROM observations o JOIN captures c ON c.id = o.capture_id
           WHERE o.article_id = ? ORDER BY o.seen_at DESC, o.id DESC""",
        (article_id,),
    )
    moments = []
    for seen_at, says, is_sign in rows:
        if says in _ALIVE:
            break
        if is_sign:
            moments.append(seen_at)
    return moments


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
