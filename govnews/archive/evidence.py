"""What is in the evidence, in the order in which it came: each capture as it was received."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Literal, NamedTuple

from govnews.archive.warc import FOLDER, Place, payload_digest, read_record
from govnews.errors import DamagedRecordError
from govnews.items import Capture

_TRUNCATED = re.compile(rb"^WARC-Truncated: (disconnect|length)\r?$", re.MULTILINE)


class Exchange(NamedTuple):
    """A capture's row: what it was asked for, and where its record stands, and the record that has
    its payload. `role` and `base_url` are as in `captures.add`; both are None in rows of archives
    that knew neither."""

    id: int
    run_id: int | None
    role: str | None
    base_url: str | None
    site: str
    method: str
    url: str
    fetched_at: str
    status: int
    digest: str
    record: Place
    payload: Place


def count(db: sqlite3.Connection, site: str) -> int:
    """How many captures a site has."""
    return int(db.execute("SELECT count(*) FROM captures WHERE site = ?", (site,)).fetchone()[0])


def exchanges(db: sqlite3.Connection, site: str, after: int, limit: int) -> list[Exchange]:
    """The next captures of a site behind a number, in the order in which they were kept."""
    rows = db.execute(
        """SELECT c.id, c.run_id, c.role, c.base_url, c.site, c.method, c.url, c.fetched_at,
               c.status, c.payload_sha256, c.warc_file, c.warc_offset, c.warc_length,
               k.warc_file, k.warc_offset, k.warc_length
           FROM captures c JOIN captures k ON k.id = coalesce(c.payload_capture_id, c.id)
           WHERE c.site = ? AND c.id > ? ORDER BY c.id LIMIT ?""",
        (site, after, limit),
    )
    return [Exchange._make((*row[:10], Place(*row[10:13]), Place(*row[13:]))) for row in rows]


def received(folder: Path, exchange: Exchange) -> Capture:
    """A capture as it was received, read from its record.

    Raises DamagedRecordError where the WARC no longer holds it.
    """
    head, headers, body = read_record(folder, exchange.record)
    if exchange.payload != exchange.record:
        body = read_record(folder, exchange.payload)[2]
    if payload_digest(body) != exchange.digest:
        where = f"{FOLDER}/{exchange.payload.file} at byte {exchange.payload.offset}"
        raise DamagedRecordError(f"{where}: not the payload that the archive says it is")
    cut = _TRUNCATED.search(head)
    truncated: Literal["disconnect", "length"] | None = None
    if cut:
        truncated = "disconnect" if cut[1] == b"disconnect" else "length"
    return Capture(
        exchange.site,
        exchange.url,
        exchange.fetched_at,
        exchange.status,
        headers=headers,
        body=body,
        method=exchange.method,
        truncated=truncated,
    )
