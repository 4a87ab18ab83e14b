"""Whether WARC files hold what the archive says: each record of each capture, and nothing else."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from govnews.archive.captures import committed_end
from govnews.archive.log import CAPTURE
from govnews.archive.proof import parsed
from govnews.archive.records import Record, records
from govnews.archive.runs import name_of
from govnews.archive.soundness import Damage, Note
from govnews.archive.warc import FOLDER, labelled, payload_digest

_PART = 32 << 20
_CAPTURES = f"""
SELECT c.*, k.url AS first_url, k.fetched_at AS first_at,
    (SELECT entry FROM log WHERE capture_id = c.id AND entry LIKE '{CAPTURE}%') AS entry
FROM captures c LEFT JOIN captures k ON k.id = c.payload_capture_id
WHERE c.warc_file = ? AND c.warc_offset >= ? AND c.warc_offset < ? ORDER BY c.warc_offset, c.id
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a WARC file, from the end of one capture's records to the end of another's; `end`
    is None for those after the last capture of the file."""

    file: str
    start: int
    end: int | None


def parts(db: sqlite3.Connection, folder: Path) -> Iterator[Part]:
    """All bytes of all WARC files, those that are there and those that the archive names."""
    there = {path.name for path in (folder / FOLDER).glob("*")}
    ends = db.execute(
        """SELECT warc_file, warc_offset + warc_length FROM captures
           ORDER BY warc_file, warc_offset"""
    )
    file, start, end = "", 0, 0
    for name, stop in ends:
        if name != file:
            yield from _rest(file, start, end)
            file, start, end = name, 0, 0
            there.discard(name)
        end = stop
        if end - start >= _PART:
            yield Part(file, start, end)
            start = end
    yield from _rest(file, start, end)
    yield from (Part(name, 0, None) for name in sorted(there))


def _rest(file: str, start: int, end: int) -> Iterator[Part]:
    if file:
        if end > start:
            yield Part(file, start, end)
        yield Part(file, end, None)


def check_part(db: sqlite3.Connection, folder: Path, part: Part) -> Iterator[Damage | Note]:
    """What in a part of a WARC file is not as the archive says."""
    path = folder / FOLDER / part.file
    if not path.is_file():
        if part.start == 0:
            yield Damage(f"{FOLDER}/{part.file}", f"it is missing, with {_lost(db, part)}")
        return
    with path.open("rb") as stream:
        if part.end is None:
            yield from _check_end(db, stream, part)
            return
        start, size = part.start, path.stat().st_size
        rows = db.execute(_CAPTURES, (part.file, part.start, part.end))
        for row in rows:
            end = row["warc_offset"] + row["warc_length"]
            if end > size:
                where = f"{FOLDER}/{part.file} at byte {start}"
                yield Damage(where, f"the file ends at byte {size}, with {_lost(db, part, start)}")
                return
            stream.seek(start)
            yield from _check_capture(row, stream.read(end - start), start)
            start = max(start, end)


def _lost(db: sqlite3.Connection, part: Part, start: int = 0) -> str:
    (count,) = db.execute(
        "SELECT count(*) FROM captures WHERE warc_file = ? AND warc_offset >= ?", (part.file, start)
    ).fetchone()
    return f"{count} captures from there on"


def _check_end(db: sqlite3.Connection, stream: BinaryIO, part: Part) -> Iterator[Damage | Note]:
    """The bytes after the last capture: of a run that is not over they are no damage."""
    start = max(part.start, committed_end(db, part.file))  # a crawl may have gone on since
    size = stream.seek(0, 2) - start
    if size <= 0:
        return
    where = f"{FOLDER}/{part.file}" + (f" at byte {start}" if start else "")
    open_runs = db.execute("SELECT site, id, started_at FROM runs WHERE outcome = 'running'")
    if any(part.file.startswith(f"{name_of(*run)}-") for run in open_runs):
        yield Note(f"{where}: {size} bytes of a run that is under way or died")
    else:
        yield Damage(where, f"{size} bytes that no capture names")


def _check_capture(row: sqlite3.Row, data: bytes, start: int) -> Iterator[Damage]:
    """What is not right in the records of a capture, which these bytes from `start` on end with."""
    cut = row["warc_offset"] - start
    if cut < 0:
        yield Damage(f"captures {row['id']}", "its record begins within the one before it")
        return
    before, own = list(records(data[:cut], start)), list(records(data[cut:], start + cut))
    faults: list[tuple[int, str]] = [
        (record.offset, record.fault) for record in before + own if record.fault
    ]
    faults += [
        (record.offset, f"no capture names this {record.kind}")
        for record in before[:-1] + own[1:]
        if not record.fault and not (record.kind == "warcinfo" and record.offset == 0)
    ]
    if not faults and not (before and own):
        faults.append((start, "the request is missing" if own else "the response is missing"))
    if not faults:
        request, response = before[-1], own[0]
        faults += [(request.offset, fault) for fault in _of_request(row, request, response)]
        faults += [(response.offset, fault) for fault in _of_response(row, response)]
    if not faults:
        faults += _of_log(row, data, start)
    for offset, fault in faults:
        yield Damage(f"{FOLDER}/{row['warc_file']} at byte {offset}", fault)


def _of_log(row: sqlite3.Row, data: bytes, start: int) -> Iterator[tuple[int, str]]:
    if row["entry"] is None:
        return
    entry = parsed(row["entry"])
    begin = entry.get("offset")
    if not isinstance(begin, int) or begin < start:
        yield start, "its records do not begin where the log says that they do"
    elif payload_digest(data[begin - start :]) != entry.get("sha256"):
        yield begin, "its records are not the bytes that the log has the digest of"


def _of_request(row: sqlite3.Row, request: Record, response: Record) -> Iterator[str]:
    sent = labelled(payload_digest(request.payload))
    told = request.headers.get("warc-payload-digest")
    yield from _unlike("kind", request.kind, "request")
    yield from _unlike("address", request.headers.get("warc-target-uri"), row["url"])
    yield from _unlike("date", request.headers.get("warc-date"), row["fetched_at"])
    yield from _unlike("method", request.start_line[0], row["method"])
    yield from _unlike("payload digest", told, sent)
    yield from _unlike("payload", sent, _label(row["request_sha256"] or payload_digest(b"")))
    goal = response.headers.get("warc-record-id")
    yield from _unlike("response", request.headers.get("warc-concurrent-to"), goal)


def _of_response(row: sqlite3.Row, response: Record) -> Iterator[str]:
    headers, is_repeated = response.headers, row["payload_capture_id"] is not None
    told = headers.get("warc-payload-digest")
    yield from _unlike("kind", response.kind, "revisit" if is_repeated else "response")
    yield from _unlike("address", headers.get("warc-target-uri"), row["url"])
    yield from _unlike("date", headers.get("warc-date"), row["fetched_at"])
    yield from _unlike("status", response.start_line[1:2], [str(row["status"])])
    yield from _unlike("payload digest", told, _label(row["payload_sha256"]))
    if is_repeated:
        first = (headers.get("warc-refers-to-target-uri"), headers.get("warc-refers-to-date"))
        yield from _unlike("first capture", first, (row["first_url"], row["first_at"]))
    else:
        yield from _unlike("payload", labelled(payload_digest(response.payload)), told)
    for column in ("content_type", "etag", "last_modified"):
        value = response.http_header(column.replace("_", "-"))
        yield from _unlike(column, value, _as_sent(row[column]))
    yield from _unlike("tls", _tls(headers), row["tls"])


def _unlike(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"its {what} is {found!r}, where the archive says {expected!r}"


def _label(digest: object) -> str:
    try:
        return labelled(str(digest))
    except ValueError:
        return str(digest)


def _as_sent(value: object) -> str | None:
    """A header as it stands in a record, which holds one byte for each of its characters."""
    return None if value is None else str(value).encode("latin-1", "replace").decode("latin-1")


def _tls(headers: dict[str, str]) -> object:
    try:
        return dict(json.loads(headers.get("warc-json-metadata", "{}"))).get("tls")
    except ValueError:
        return headers["warc-json-metadata"]
