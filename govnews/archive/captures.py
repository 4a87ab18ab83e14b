"""Rows for captures: what was asked, what came, and where its record stands."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from govnews.archive import log
from govnews.archive.warc import (
    Appended,
    Packed,
    Place,
    WarcWriter,
    payload_digest,
    read_response,
)
from govnews.items import Capture


@dataclass(frozen=True, slots=True)
class Origin:
    """The earlier capture that holds a repeated payload."""

    id: int
    url: str
    fetched_at: str


@dataclass(frozen=True, slots=True)
class Written:
    """A capture in its WARC file: `payload_sha256`, and where its payload stands already, if it
    does."""

    appended: Appended
    payload_sha256: str
    origin: Origin | None


def write(db: sqlite3.Connection, warc: WarcWriter, capture: Capture, packed: Packed) -> Written:
    """Appends a capture to the WARC, without its payload where an earlier one holds that."""
    origin = _origin(db, packed.digest) if packed.size else None
    return Written(warc.append(capture, packed, origin), packed.digest, origin)


def add(
    db: sqlite3.Connection,
    capture: Capture,
    written: Written,
    run_id: int,
    role: str | None = None,
    base_url: str | None = None,
) -> int:
    """The row of a capture whose record is written and synced, and its entry in the log; its id.

    `role` is what it was asked for, a key of the frontier, or `robots`, or `aside` where nobody
    waited for it any more; `base_url` is where the portal was asked, if not at its own address.
    """
    place, origin = written.appended.place, written.origin
    cursor = db.execute(
        """INSERT INTO captures (site, method, url, request_sha256, fetched_at, status,
               content_type, etag, last_modified, warc_file, warc_offset, warc_length,
               payload_sha256, run_id, payload_capture_id, tls, role, base_url)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            capture.site,
            capture.method,
            capture.url,
            payload_digest(capture.request_body) if capture.request_body else None,
            capture.fetched_at,
            capture.status,
            capture.header("Content-Type"),
            capture.header("ETag"),
            capture.header("Last-Modified"),
            place.file,
            place.offset,
            place.length,
            written.payload_sha256,
            run_id,
            origin.id if origin else None,
            capture.tls,
            role,
            base_url,
        ),
    )
    capture_id = int(cursor.lastrowid or 0)
    asked = {"run": run_id, "role": role, "base_url": base_url}
    log.add_capture(db, capture_id, capture, written.payload_sha256, written.appended, **asked)
    return capture_id


def response(
    db: sqlite3.Connection, folder: Path, capture_id: int
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The body that a capture received, as the server sent it, wherever it was kept first, and the
    headers that it was sent with.

    Raises DamagedRecordError where the WARC no longer holds it.
    """
    row = db.execute(
        """SELECT kept.warc_file, kept.warc_offset, kept.warc_length FROM captures c
           JOIN captures kept ON kept.id = coalesce(c.payload_capture_id, c.id)
           WHERE c.id = ?""",
        (capture_id,),
    ).fetchone()
    return read_response(folder, Place(*row))


def committed_end(db: sqlite3.Connection, file: str) -> int:
    """The end of the last record in a WARC file that the archive names; 0 where it names none."""
    row = db.execute(
        """SELECT warc_offset + warc_length FROM captures
           WHERE warc_file = ? ORDER BY warc_offset DESC LIMIT 1""",
        (file,),
    ).fetchone()
    return int(row[0]) if row else 0


def any_page(db: sqlite3.Connection, run_id: int) -> bool:
    """Whether the portal answered anything in this run, robots.txt aside."""
    return bool(
        db.execute(
            "SELECT 1 FROM captures WHERE run_id = ? AND url NOT LIKE '%/robots.txt' LIMIT 1",
            (run_id,),
        ).fetchone()
    )


def _origin(db: sqlite3.Connection, digest: str) -> Origin | None:
    row = db.execute(
        """SELECT id, url, fetched_at FROM captures
           WHERE payload_sha256 = ? AND payload_capture_id IS NULL LIMIT 1""",
        (digest,),
    ).fetchone()
    return Origin(*row) if row else None
