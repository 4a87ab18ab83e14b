"""The files of articles, out of the evidence and onto the disk."""

from __future__ import annotations

import mimetypes
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import unquote, urlsplit

from govnews.archive import captures
from govnews.archive.attachments import File
from govnews.archive.warc import payload_digest
from govnews.content import decoded
from govnews.errors import ArchiveError, DamagedRecordError
from govnews.vietnamese import nfc

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_LONGEST, _LONGEST_SUFFIX = 120, 7


@dataclass(frozen=True, slots=True)
class Written:
    """A file of an article and where it was written: `path` is None for one that is not in the
    archive."""

    file: File
    path: Path | None


def write_files(
    db: sqlite3.Connection, folder: Path, files: list[File], to: Path
) -> Iterator[Written]:
    """Writes an article's files into the folder `to`, each under the name that its server gave it.

    What stands there under that name is never overwritten: the same bytes are left, others get a
    number. Raises DamagedRecordError where the evidence is not what the archive says of it,
    ArchiveError where the folder can't be written.
    """
    for file in files:
        if file.capture_id is None:
            yield Written(file, None)
            continue
        headers, payload = captures.response(db, folder, file.capture_id)
        if payload_digest(payload) != file.payload_sha256:
            raise DamagedRecordError(f"capture {file.capture_id}: its record holds other bytes")
        told = {name.lower(): value for name, value in headers}
        body, _ = decoded(payload, told.get("content-encoding"))
        try:
            to.mkdir(parents=True, exist_ok=True)
            yield Written(file, _write(to, _name(file, told), body))
        except OSError as error:
            raise ArchiveError(f"{to} can't be written: {error}") from error


def _write(folder: Path, name: str, body: bytes) -> Path:
    number, path = 1, folder / name
    while path.exists() and not (path.is_file() and path.read_bytes() == body):
        number += 1
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    path.write_bytes(body)
    return path


def _name(file: File, headers: dict[str, str]) -> str:
    """What the server calls a file: by its header (RFC 6266), or else its address."""
    told = Message()
    told["Content-Disposition"] = headers.get("content-disposition", "")
    last = urlsplit(file.url).path.rpartition("/")[2]
    name = _UNSAFE.sub("_", _readable(told.get_filename() or last)).strip(" .") or "file"
    stem, suffix = Path(name).stem[:_LONGEST], Path(name).suffix
    if suffix and len(suffix) < _LONGEST_SUFFIX:
        return stem + suffix
    guessed = mimetypes.guess_extension((file.content_type or "").partition(";")[0].strip())
    return name[:_LONGEST] + (guessed or "")


def _readable(name: str) -> str:
    """A name without its percent signs; headers may hold UTF-8 where only ASCII is allowed."""
    with suppress(UnicodeError):
        name = name.encode("latin-1").decode()
    return nfc(unquote(name))
