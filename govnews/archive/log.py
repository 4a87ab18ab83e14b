"""The log: every capture and every reading of one, in order of arrival, chained by hash.

An entry is a line of JSON, and its hash is SHA-256 over the hash before it, a line feed and the
entry. The first entry names the origin: the collection whose log it is. Nothing is rewritten: what
is read again later is a further entry, and the last one for a capture says how it is read today.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any
from uuid import uuid4

from govnews.archive import digests
from govnews.archive.warc import Appended
from govnews.clock import timestamp
from govnews.items import Capture, Reading
from govnews.sites import Site

CAPTURE, READING = '{"capture"', '{"reading"'
"""How the entry of a capture begins, and that of a reading."""

SHOWN = frozenset({"new", "changed", "unchanged", "returned"})
"""What an observation says where the address showed its article."""

_VISIT = """
SELECT c.warc_file || ':' || c.warc_offset, a.key, o.says, o.answer FROM captures c
LEFT JOIN (SELECT * FROM observations ORDER BY id DESC LIMIT 1) o ON o.capture_id = ?
LEFT JOIN articles a ON a.id = o.article_id
WHERE c.id = ?
"""
"""An observation of a capture is the last one while the capture is being kept."""
OWN = 1
"""The collection's own origin, of those whose logs it holds."""
_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Head:
    """The end of an origin's log: who has it knows all entries before it."""

    origin: str
    entries: int
    hash: str


def is_begun(db: sqlite3.Connection) -> bool:
    """Whether a collection has a log of its own."""
    query = "SELECT 1 FROM origins WHERE id = ?"
    return db.execute(query, (OWN,)).fetchone() is not None


def begin(db: sqlite3.Connection) -> None:
    """Begins the log of a collection that has none; what was captured before is not in it."""
    if is_begun(db):
        return
    origin = uuid4().hex
    (before,) = db.execute("SELECT coalesce(max(id), 0) FROM captures").fetchone()
    db.execute("INSERT INTO origins (id, name) VALUES (?, ?)", (OWN, origin))
    first = {"origin": origin, "begun": timestamp(), "captures_before": before, "by": _program()}
    _append(db, None, first)


def heads(db: sqlite3.Connection) -> list[Head]:
    """The end of each origin's log, that of the collection itself first."""
    rows = db.execute(
        """SELECT o.name, l.number, l.hash FROM origins o JOIN log l ON l.origin = o.id
           WHERE l.number = (SELECT max(number) FROM log WHERE origin = o.id) ORDER BY o.id"""
    )
    return [Head(*row) for row in rows]


def chained(before: str, entry: str) -> str:
    """The hash of an entry that follows the hash `before`, '' for an origin's first one."""
    return hashlib.sha256(f"{before}\n{entry}".encode()).hexdigest()


def add_capture(
    db: sqlite3.Connection,
    capture_id: int,
    capture: Capture,
    payload: str,
    appended: Appended,
    **asked: object,
) -> None:
    """The entry of a capture: what was asked and what came, and the very bytes of its records.

    `asked` says by which run, for what, and where.
    """
    entry = {
        "capture": capture.site,
        "method": capture.method,
        "url": capture.url,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "payload_sha256": payload,
        "file": appended.place.file,
        "offset": appended.start,
        "length": appended.place.offset + appended.place.length - appended.start,
        "sha256": appended.sha256,
        **{name: value for name, value in asked.items() if value is not None},
    }
    _append(db, capture_id, entry)


def add_reading(
    db: sqlite3.Connection, site: Site, capture_id: int, reading: object, said: Sequence[str]
) -> None:
    """The entry of a reading, once what it says is kept; none where there was nothing to read.

    It holds digests of the article as it was read and of the mentions that this capture added,
    `said`, and what a visit of an article's address found.
    """
    place, *visit = db.execute(_VISIT, (capture_id, capture_id)).fetchone()
    entry = _told(reading, dict(zip(("article", "says", "answer"), visit, strict=True)), said)
    if entry:
        _append(db, capture_id, {"reading": place, "by": _rules(site), **entry})


def add_readings_again(db: sqlite3.Connection, site: Site) -> None:
    """The entries of captures that were read again, in the archive that is attached as `fresh`:
    one for each that says otherwise than the last one did, or is by other rules."""
    known = f"""(SELECT entry FROM main.log WHERE capture_id = c.id AND entry LIKE '{READING}%'
                 ORDER BY id DESC LIMIT 1)"""
    rows = db.execute(
        f"""SELECT c.id, l.entry, {known}, c.warc_file || ':' || c.warc_offset FROM fresh.captures c
            LEFT JOIN fresh.log l ON l.capture_id = c.id
            WHERE c.id NOT IN (SELECT capture_id FROM fresh.unread) ORDER BY c.id"""
    )
    for capture_id, entry, before, place in rows:
        nothing = {"reading": place, "by": _rules(site)} if before else None
        line = entry or (nothing and _line(nothing))
        if line and line != before:
            _append_line(db, capture_id, line)


def _told(reading: object, visit: dict[str, object], said: Sequence[str]) -> dict[str, object]:
    entry = {name: value for name, value in visit.items() if value is not None}
    if isinstance(reading, Reading):
        entry["kind"] = reading.kind
        if reading.article and visit["says"] in SHOWN:
            entry |= digests.of_article(reading.article, reading.evidence)
    if said:
        entry["mentions"] = digests.of_mentions(said)
    return entry


def _append(db: sqlite3.Connection, capture_id: int | None, entry: dict[str, Any]) -> None:
    _append_line(db, capture_id, _line(entry))


def _append_line(db: sqlite3.Connection, capture_id: int | None, line: str) -> None:
    last = db.execute(
        "SELECT number, hash FROM log WHERE origin = ? ORDER BY number DESC LIMIT 1", (OWN,)
    ).fetchone()
    number, before = last or (0, "")
    db.execute(
        "INSERT INTO log (origin, number, capture_id, entry, hash) VALUES (?, ?, ?, ?, ?)",
        (OWN, number + 1, capture_id, line, chained(before, line)),
    )


@lru_cache(maxsize=256)
def _rules(site: Site) -> str:
    """The program and the site file that read."""
    return f"{_program()} {site.id} {digests.of_site(site)}"


@lru_cache(maxsize=1)
def _program() -> str:
    return f"govnews {version('govnews')}"
