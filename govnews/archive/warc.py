"""Evidence on disk: WARC 1.1, one gzip member a record, and the way back from a place in it.

Each response has its request right before it, so that the end of the last record that the
archive names is the end of the last whole page.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from govnews.clock import timestamp
from govnews.errors import DamagedRecordError
from govnews.items import Capture

FOLDER = "warc"
_MAX_BYTES = 1 << 30
_BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS = [first + second for first in _BASE_32 for second in _BASE_32]
_REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: the file's name within `warc/`, and bytes from its start."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Appended:
    """A capture in its file: the place of its response, and the SHA-256 in hex of all that was
    written for it, from the byte `start` to the response's end. What is written for the captures
    of a file is all of the file."""

    place: Place
    start: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A capture's records, ready to be appended; `digest` is the payload's SHA-256 in hex, `size`
    its bytes."""

    digest: str
    size: int
    response_id: str
    request: bytes
    response: bytes


class Origin(Protocol):
    """The earlier capture that holds a repeated payload."""

    @property
    def url(self) -> str:
        """The address that was asked."""

    @property
    def fetched_at(self) -> str:
        """When, as in WARC-Date."""


class WarcWriter:
    """Appends captures to the WARC files of one run; a file is left at one gigabyte."""

    def __init__(self, folder: Path, name: str, software: str) -> None:
        self._folder, self._name, self._software = folder / FOLDER, name, software
        self._folder.mkdir(parents=True, exist_ok=True)
        self._number = max(map(_number_of, files_of(folder, name)), default=0)
        self._file: io.FileIO | None = None
        self._head = b""
        self._dirty = False

    def append(self, capture: Capture, packed: Packed, origin: Origin | None = None) -> Appended:
        """Writes the request and its response (a `revisit` where `origin` has the payload).

        The record is safe after `sync()` alone.
        """
        file = self._file or self._open()
        response = packed.response
        if origin is not None:
            response = _response_record(capture, packed.response_id, packed.digest, origin)
        start = file.seek(0, os.SEEK_END)
        data = self._head + packed.request + response
        _write_all(file, data)
        self._head, self._dirty = b"", True
        name, offset = Path(str(file.name)).name, start + len(data) - len(response)
        if start > _MAX_BYTES:
            self.close()
        return Appended(Place(name, offset, len(response)), start, payload_digest(data))

    def sync(self) -> None:
        """Returns when what was appended would survive a power cut."""
        if self._file is not None and self._dirty:
            os.fsync(self._file.fileno())
            self._dirty = False

    def close(self) -> None:
        """Syncs and lets go of the file."""
        self.sync()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> io.FileIO:
        self._number += 1
        path = self._folder / f"{self._name}-{self._number:05}.warc.gz"
        self._file = io.FileIO(path, "ab")
        self._head = _warcinfo_record(path.name, self._software)
        _sync_folder(self._folder)
        return self._file


def pack(capture: Capture) -> Packed:
    """A capture's records, compressed; apart from the writing, so that another process can."""
    digest, response_id = payload_digest(capture.body), _record_id()
    request = _request_record(capture, response_id)
    response = _response_record(capture, response_id, digest, None)
    return Packed(digest, len(capture.body), response_id, request, response)


def cut_after(folder: Path, file: str, end: int) -> int:
    """Cuts what stands after the last record that the archive names; the bytes cut off.

    `end` is 0 for a file of which the archive names nothing: it goes.
    """
    path = folder / FOLDER / file
    size = path.stat().st_size
    if end == 0:
        path.unlink()
    elif size > end:
        with path.open("r+b") as stream:
            stream.truncate(end)
            os.fsync(stream.fileno())
    return max(size - end, 0)


def files_of(folder: Path, name: str) -> list[str]:
    """The names of a run's WARC files, in order."""
    return sorted(path.name for path in (folder / FOLDER).glob(f"{name}-*.warc.gz"))


def read_payload(folder: Path, place: Place) -> bytes:
    """The body of the response at a place, as the server sent it.

    Raises DamagedRecordError where no whole record stands there.
    """
    return read_response(folder, place)[1]


def read_response(folder: Path, place: Place) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The headers and the body of the response at a place, as the server sent them.

    Raises DamagedRecordError where no whole record stands there.
    """
    _, headers, body = read_record(folder, place)
    return headers, body


def read_record(folder: Path, place: Place) -> tuple[bytes, tuple[tuple[str, str], ...], bytes]:
    """The same, behind the head of the WARC record itself."""
    where = f"{FOLDER}/{place.file} at byte {place.offset}"
    try:
        with (folder / FOLDER / place.file).open("rb") as stream:
            stream.seek(place.offset)
            record = zlib.decompress(stream.read(place.length), zlib.MAX_WBITS + 16)
    except (OSError, zlib.error) as error:
        raise DamagedRecordError(f"{where}: no whole record ({error})") from error
    head, _, rest = record.partition(b"\r\n\r\n")
    if not head.startswith(b"WARC/1.1"):
        raise DamagedRecordError(f"{where}: no WARC record")
    told, _, body = rest.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in told.decode("latin-1").split("\r\n")[1:])
    headers = tuple((name, value) for name, _, value in lines)
    return head, headers, body.removesuffix(b"\r\n\r\n")


def payload_digest(payload: bytes) -> str:
    """A payload's SHA-256 in hexadecimal."""
    return hashlib.sha256(payload).hexdigest()


def _warcinfo_record(file: str, software: str) -> bytes:
    fields = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
    }
    text = "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode()
    headers = {
        "WARC-Record-ID": _record_id(),
        "WARC-Date": timestamp(),
        "WARC-Filename": file,
    }
    return _record("warcinfo", None, text, headers.items(), "application/warc-fields")


def _request_record(capture: Capture, response_id: str) -> bytes:
    parts = urlsplit(capture.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = f"{capture.method} {target} HTTP/1.1\r\n"
    block = _head(line, capture.request_headers) + capture.request_body
    headers = {
        "WARC-Record-ID": _record_id(),
        "WARC-Date": capture.fetched_at,
        "WARC-Concurrent-To": response_id,
        "WARC-Payload-Digest": labelled(payload_digest(capture.request_body)),
    }
    type_ = "application/http; msgtype=request"
    return _record("request", capture.url, block, headers.items(), type_)


def _response_record(
    capture: Capture, response_id: str, digest: str, origin: Origin | None
) -> bytes:
    line = f"{capture.protocol} {capture.status} {capture.reason}\r\n"
    block = _head(line, capture.headers)
    headers = {
        "WARC-Record-ID": response_id,
        "WARC-Date": capture.fetched_at,
        "WARC-Payload-Digest": labelled(digest),
    }
    if capture.ip_address:
        headers["WARC-IP-Address"] = capture.ip_address
    if capture.truncated:
        headers["WARC-Truncated"] = capture.truncated
    if origin is None:
        kind, block = "response", block + capture.body
    else:
        kind = "revisit"
        headers["WARC-Profile"] = _REVISIT
        headers["WARC-Refers-To-Target-URI"] = origin.url
        headers["WARC-Refers-To-Date"] = origin.fetched_at
    fields = [*headers.items(), *_security(capture)]
    return _record(kind, capture.url, block, fields, "application/http; msgtype=response")


def _security(capture: Capture) -> Iterator[tuple[str, str]]:
    """TLS by the fields that the IIPC's extensions of WARC name; what was allowed of it by the one
    that crawlers use for what has no field."""
    if capture.layers:
        version, suite = capture.layers
        yield "WARC-Protocol", capture.protocol.lower()
        yield "WARC-Protocol", version
        yield "WARC-Cipher-Suite", suite
    if capture.tls:
        yield "WARC-JSON-Metadata", json.dumps({"tls": capture.tls})


def _head(line: str, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{line}{lines}\r\n".encode("latin-1", "replace")


def _record(
    kind: str,
    url: str | None,
    block: bytes,
    headers: Iterable[tuple[str, str]],
    content_type: str,
) -> bytes:
    """One record as one gzip member; framed here, since a library's parsing of the block would
    rewrite header bytes that are no ASCII."""
    fields = (
        ("WARC-Type", kind),
        *((("WARC-Target-URI", url),) if url else ()),
        *headers,
        ("WARC-Block-Digest", labelled(payload_digest(block))),
        ("Content-Type", content_type),
        ("Content-Length", str(len(block))),
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    gzip = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    framed = b"".join((b"WARC/1.1\r\n", head.encode(), b"\r\n", block, b"\r\n\r\n"))
    return gzip.compress(framed) + gzip.flush()


def _number_of(file: str) -> int:
    return int(file.removesuffix(".warc.gz").rpartition("-")[2])


def labelled(digest: str) -> str:
    """A hexadecimal SHA-256 as WARC tools write it: RFC 4648 base 32.

    By pairs of letters, since `base64.b32encode` takes as long as compressing the record.
    """
    bits = int(digest, 16) << 4
    return f"sha256:{''.join([_PAIRS[bits >> place & 1023] for place in range(250, -1, -10)])}===="


def _record_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _write_all(file: io.FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
