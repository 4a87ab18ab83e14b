"""Whether what the archive understands is what the log says was read.

A capture that was read again, by other rules, has several readings, and what is kept must be one of
them: articles that no rule reads any more may be kept as they were.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from govnews.archive import digests
from govnews.archive.dating import is_after
from govnews.archive.log import READING, SHOWN
from govnews.archive.proof import captures_before, parsed
from govnews.archive.soundness import Damage

_SHOWN = ", ".join(f"'{says}'" for says in sorted(SHOWN))
_READINGS = f"""SELECT capture_id, 0, entry FROM log WHERE entry LIKE '{READING}%'
    ORDER BY capture_id"""
_MENTIONS = """SELECT capture_id, 1, site, url, key, title, published_at, seen_on, source, weight,
    section, fingerprint FROM mentions ORDER BY capture_id, id"""
_OBSERVATIONS = """SELECT o.capture_id, 2, a.id, a.site, a.key, o.says, o.answer FROM observations o
    LEFT JOIN articles a ON a.id = o.article_id ORDER BY o.capture_id, o.id"""


def check_texts(db: sqlite3.Connection) -> Iterator[Damage]:
    """Revisions that do not say what was read in their captures."""
    before = captures_before(db)
    rows = db.execute(
        """SELECT a.site, a.key, a.first_seen_at, r.*
           FROM revisions r JOIN articles a ON a.id = r.article_id"""
    )
    for row in rows:
        name = f"revisions {row['site']}/{row['key']} revision {row['number']}"
        readings = _readings(db, row["capture_id"])
        if not readings and row["capture_id"] > before:
            yield Damage(name, f"the log has no reading of capture {row['capture_id']}")
        elif readings:
            yield from (Damage(name, fault) for fault in _misread(db, row, readings))


def check_lists(db: sqlite3.Connection) -> Iterator[Damage]:
    """Articles whose address, section, language, date, related links or media are not those that
    the last visit gave which showed them."""
    before = captures_before(db)
    for row in db.execute("SELECT * FROM articles"):
        readings = _last_shown(db, row["id"], before)
        name = f"articles {row['site']}/{row['key']}"
        if readings and _lists(db, row) not in [one.get("lists") for one in readings]:
            yield Damage(name, "its own address, section, language, links or media are not as read")
        source = row["own_published_source"]
        if readings and not any(_is_date(one, row, source) for one in readings):
            yield Damage(name, "its own_published_at or own_published_source is not as read")


def check_visits(db: sqlite3.Connection) -> Iterator[Damage]:
    """Captures of which mentions or observations are kept that are not those that were read."""
    before = captures_before(db)
    streams = (db.execute(query) for query in (_READINGS, _MENTIONS, _OBSERVATIONS))
    rows: Iterable[Sequence[Any]] = merge(*streams, key=lambda row: (row[0], row[1]))
    for capture_id, group in groupby(rows, key=itemgetter(0)):
        kinds: dict[int, list[Sequence[Any]]] = {0: [], 1: [], 2: []}
        for _, kind, *values in group:
            kinds[kind].append(values)
        readings = [parsed(entry) for (entry,) in kinds[0]]
        if readings or capture_id > before:
            for fault in _misheard(db, readings, kinds[1], kinds[2]):
                yield Damage(f"captures {capture_id}", fault)


def check_moments(db: sqlite3.Connection) -> Iterator[Damage]:
    """Observations that are not of the moment of their capture."""
    rows = db.execute(
        """SELECT a.site || '/' || a.key, o.seen_at FROM observations o
           JOIN captures c ON c.id = o.capture_id JOIN articles a ON a.id = o.article_id
           WHERE o.seen_at IS NOT c.fetched_at"""
    )
    for name, seen_at in rows:
        yield Damage(f"observations {name} at {seen_at}", "its capture was fetched at another time")


def _misread(
    db: sqlite3.Connection, row: sqlite3.Row, readings: list[dict[str, Any]]
) -> Iterator[str]:
    evidence = db.execute(
        """SELECT field, value, rule, raw, certainty FROM evidence
           WHERE article_id = ? AND revision = ?""",
        (row["article_id"], row["number"]),
    )
    text = (row["title"], row["summary"], row["body"], row["author"])
    digest = digests.of_revision(text, evidence.fetchall())
    article = (row["article_id"], row["site"], row["key"])
    if not any(_is_of(db, one, *article) for one in readings):
        yield f"what was read in capture {row['capture_id']} is another article, or none"
    elif digest not in [one.get("text") for one in readings]:
        yield "its text or evidence is not what was read"
    elif not any(_is_date(one, row) for one in readings):
        yield "its own_published_at is not what was read"


def _is_of(
    db: sqlite3.Connection, reading: dict[str, Any], article_id: int, site: str, key: str
) -> bool:
    """Whether a reading is of this article, by the key that it has or one that it had."""
    query = "SELECT 1 FROM aliases WHERE site = ? AND key = ? AND article_id = ?"
    told = reading.get("article")
    return told == key or db.execute(query, (site, told, article_id)).fetchone() is not None


def _misheard(
    db: sqlite3.Connection,
    readings: list[dict[str, Any]],
    said: list[Sequence[Any]],
    visits: list[Sequence[Any]],
) -> Iterator[str]:
    digest = digests.of_mentions(map(digests.counted, said)) if said else None
    if digest not in [one.get("mentions") for one in readings or [{}]]:
        yield "its mentions are not those that were read"
    if not any(_tells(db, one, visits) for one in readings or [{}]):
        yield "its observation is not what was read"


def _tells(db: sqlite3.Connection, reading: dict[str, Any], visits: list[Sequence[Any]]) -> bool:
    """Whether a reading tells of just these visits: of one, or of none."""
    if len(visits) != 1:
        return not visits and "says" not in reading
    *article, says, answer = visits[0]
    is_same = (reading.get("says"), reading.get("answer")) == (says, answer)
    return is_same and _is_of(db, reading, *article)


def _last_shown(db: sqlite3.Connection, article_id: int, before: int) -> list[dict[str, Any]]:
    """The readings of the last visit that showed an article; none where it is from before the
    log."""
    visits = db.execute(
        f"""SELECT capture_id FROM observations WHERE article_id = ? AND says IN ({_SHOWN})
            ORDER BY capture_id DESC""",
        (article_id,),
    )
    for (capture_id,) in visits:
        readings = [one for one in _readings(db, capture_id) if "lists" in one]
        if readings or capture_id <= before:
            return readings
    return []


def _readings(db: sqlite3.Connection, capture_id: int) -> list[dict[str, Any]]:
    """How a capture was read, by the rules of each time."""
    rows = db.execute(
        f"SELECT entry FROM log WHERE capture_id = ? AND entry LIKE '{READING}%' ORDER BY id",
        (capture_id,),
    )
    return [parsed(row[0]) for row in rows]


def _lists(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    links = "SELECT title, url, published_at FROM related_links WHERE article_id = ?"
    media = "SELECT kind, url, title FROM media WHERE article_id = ?"
    return digests.of_lists(
        (row["own_url"], row["own_section"], row["language"]),
        db.execute(f"{links} ORDER BY position", (row["id"],)).fetchall(),
        db.execute(f"{media} ORDER BY position", (row["id"],)).fetchall(),
    )


def _is_date(entry: dict[str, Any], row: sqlite3.Row, *source: str | None) -> bool:
    """Whether a page's own date is as it was read, or was refused since it can't be true."""
    read = entry.get("published") or [None, None]
    if [row["own_published_at"], *source] == read[: 1 + len(source)]:
        return True
    try:
        return read[0] is not None and is_after(read[0], row["first_seen_at"])
    except ValueError:
        return False
