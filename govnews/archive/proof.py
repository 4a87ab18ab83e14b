"""What the log proves of itself and of captures: that both are as they were when it was written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from govnews.archive.log import CAPTURE, OWN, chained
from govnews.archive.soundness import Damage, Note

_COLUMNS = {
    "capture": "site",
    "method": "method",
    "url": "url",
    "fetched_at": "fetched_at",
    "status": "status",
    "payload_sha256": "payload_sha256",
    "role": "role",
    "base_url": "base_url",
    "file": "warc_file",
    "run": "run_id",
}
_OUR_OWN = ("file", "run")
"""What a merge may have to name otherwise in another collection."""


def captures_before(db: sqlite3.Connection) -> int:
    """The last capture from before the log; 0 where there is none."""
    first = db.execute("SELECT entry FROM log WHERE origin = 1 AND number = 1").fetchone()
    number = parsed(first[0]).get("captures_before") if first else 0
    return number if isinstance(number, int) else 0


def note_before(db: sqlite3.Connection) -> Iterator[Note]:
    """What the log can't speak for, since it began later."""
    before = captures_before(db)
    (count,) = db.execute("SELECT count(*) FROM captures WHERE id <= ?", (before,)).fetchone()
    if count:
        yield Note(f"captures 1 to {before}: {count} from before the log, which can't prove them")


def check_head(db: sqlite3.Connection, digest: str) -> Iterator[Damage]:
    """Whether an entry that was the log's last one once, and published, still is in it."""
    if not db.execute("SELECT 1 FROM log WHERE hash = ?", (digest.strip().lower(),)).fetchone():
        yield Damage("log", f"no entry has the hash {digest}: the past that it was of is altered")


def check_chain(db: sqlite3.Connection) -> Iterator[Damage]:
    """Entries that are missing, or that do not follow from those before them."""
    for origin, name in db.execute("SELECT id, name FROM origins").fetchall():
        before, expected = "", 1
        rows = db.execute(
            "SELECT number, entry, hash FROM log WHERE origin = ? ORDER BY number", (origin,)
        )
        for number, entry, digest in rows:
            if number != expected:
                yield Damage(f"log {name} {expected}", f"missing; the next one is {number}")
            elif digest != chained(before, str(entry)):
                yield Damage(f"log {name} {number}", "it does not follow from the entry before it")
            if number == 1 and parsed(entry).get("origin") != name:
                yield Damage(f"log {name} 1", "it begins the log of another origin")
            before, expected = digest, number + 1
        if expected == 1:
            yield Damage(f"log {name}", "it has no entry")
    if not db.execute("SELECT 1 FROM origins WHERE id = 1").fetchone():
        yield Damage("log", "the collection has none of its own")


def check_captures(db: sqlite3.Connection) -> Iterator[Damage]:
    """Captures that are not as the log has them, and those that it does not have."""
    rows = db.execute(
        f"""SELECT l.number, l.entry, l.origin, c.* FROM log l
            LEFT JOIN captures c ON c.id = l.capture_id WHERE l.entry LIKE '{CAPTURE}%'"""
    )
    for row in rows:
        entry = parsed(row["entry"])
        if row["id"] is None:
            yield Damage(
                f"log entry {row['number']}",
                f"its capture is gone: {entry.get('url')} at {entry.get('fetched_at')}",
            )
            continue
        for fault in _differences(row, entry):
            yield Damage(f"captures {row['id']}", fault)
    unknown = db.execute(
        f"""SELECT id, url FROM captures c WHERE id > ? AND NOT EXISTS
                (SELECT 1 FROM log WHERE capture_id = c.id AND entry LIKE '{CAPTURE}%')""",
        (captures_before(db),),
    )
    for number, url in unknown:
        yield Damage(f"captures {number}", f"the log does not have it: {url}")


def parsed(entry: object) -> dict[str, Any]:
    """What an entry says; nothing where it is no object in JSON."""
    try:
        value = json.loads(str(entry))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _differences(row: sqlite3.Row, entry: dict[str, Any]) -> Iterator[str]:
    for name, column in _COLUMNS.items():
        if name in _OUR_OWN and row["origin"] != OWN:
            continue
        if row[column] != entry.get(name):
            yield f"its {column} is {row[column]!r}, where the log has {entry.get(name)!r}"
    ends = row["warc_offset"], row["warc_length"]
    if not all(isinstance(end, int) for end in ends) or sum(ends) != _end(entry):
        yield "its record does not end where the log says that it does"


def _end(entry: dict[str, Any]) -> object:
    offset, length = entry.get("offset"), entry.get("length")
    return offset + length if isinstance(offset, int) and isinstance(length, int) else None
