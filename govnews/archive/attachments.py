"""The files of articles: which are still to be fetched, and the captures that hold them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from govnews.archive import frontier
from govnews.items import Medium

Wanted = Literal["attachments", "all", "none"]
"""Which media a run fetches: attachments alone, images too, or nothing."""

_KINDS: dict[Wanted, Collection[str]] = {
    "attachments": ("attachment",),
    "all": ("attachment", "image"),
    "none": (),
}


@dataclass(frozen=True, slots=True)
class File:
    """An image or attachment of an article; `capture_id` is None where it is not in the archive,
    `content_type` what the server called it."""

    kind: str
    url: str
    title: str | None
    capture_id: int | None
    content_type: str | None
    payload_sha256: str | None


def of_kinds(wanted: Wanted) -> Collection[str]:
    """The kinds of media that a run fetches."""
    return _KINDS[wanted]


def missing(db: sqlite3.Connection, site: str, wanted: Wanted) -> list[str]:
    """The addresses of all files of a site that are wanted, and not in the archive."""
    kinds = _KINDS[wanted]
    rows = db.execute(
        f"""SELECT DISTINCT m.url FROM media m JOIN articles a ON a.id = m.article_id
            WHERE a.site = ? AND m.capture_id IS NULL
              AND m.kind IN ({", ".join("?" * len(kinds))})""",
        (site, *kinds),
    )
    return [row[0] for row in rows]


def want(db: sqlite3.Connection, site: str, urls: Iterable[str]) -> None:
    """Puts files on the frontier; each is asked for once, whatever articles link to it."""
    for url in urls:
        if not _captured(db, url):
            frontier.add_file(db, site, url)


def captured(db: sqlite3.Connection, url: str, capture_id: int) -> None:
    """A file is in the archive: all articles that link to it lead to its capture."""
    db.execute("UPDATE media SET capture_id = ? WHERE url = ?", (capture_id, url))


def keep(db: sqlite3.Connection, article_id: int, media: Iterable[Medium]) -> None:
    """Keeps the list of an article's media; files that are in the archive stay there."""
    listed = [(medium.kind, medium.url, medium.title) for medium in media]
    kept = db.execute(
        "SELECT kind, url, title FROM media WHERE article_id = ? ORDER BY position", (article_id,)
    ).fetchall()
    if listed == [tuple(row) for row in kept]:
        return
    rows = [
        (article_id, position, *medium, _captured(db, medium[1]))
        for position, medium in enumerate(listed)
    ]
    db.execute("DELETE FROM media WHERE article_id = ?", (article_id,))
    db.executemany(
        """INSERT INTO media (article_id, position, kind, url, title, capture_id)
           VALUES (?, ?, ?, ?, ?, ?)""",
        rows,
    )


def files(db: sqlite3.Connection, article_id: int) -> list[File]:
    """The images and attachments of an article, in the order of its page."""
    rows = db.execute(
        """SELECT m.kind, m.url, m.title, m.capture_id, c.content_type, c.payload_sha256
           FROM media m LEFT JOIN captures c ON c.id = m.capture_id
           WHERE m.article_id = ? ORDER BY m.position""",
        (article_id,),
    )
    return [File(*row) for row in rows]


def _captured(db: sqlite3.Connection, url: str) -> int | None:
    row = db.execute(
        "SELECT capture_id FROM media WHERE url = ? AND capture_id IS NOT NULL LIMIT 1", (url,)
    ).fetchone()
    return int(row[0]) if row else None
