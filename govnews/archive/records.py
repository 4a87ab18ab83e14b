"""Records of WARC files, read strictly: each byte of a member, each digest, each header."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from govnews.archive.warc import labelled, payload_digest

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Record:
    """A record and where it begins in its file; `fault` says why it can't be read, None where it
    can. `headers` are those of the record by their names in small letters, `block` what follows."""

    offset: int
    headers: dict[str, str] = field(default_factory=dict)
    block: bytes = b""
    fault: str | None = None

    @property
    def kind(self) -> str:
        """`response`, `request`, `revisit`, `warcinfo`, or what else the record calls itself."""
        return self.headers.get("warc-type", "")

    @property
    def payload(self) -> bytes:
        """What follows the HTTP headers."""
        return self.block.partition(_END)[2]

    @property
    def start_line(self) -> list[str]:
        """The words of a request's or response's first line."""
        return self.block.partition(b"\r\n")[0].decode("latin-1").split(" ")

    def http_header(self, name: str) -> str | None:
        """The first header of the request or response that has this name."""
        head = self.block.partition(_END)[0].decode("latin-1")
        for line in head.split("\r\n")[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name:
                return value
        return None


def records(data: bytes, offset: int) -> Iterator[Record]:
    """The records in these bytes, which stand at this place of a file; after one that can't be
    unpacked nothing more, since nobody knows where the next one begins."""
    while data:
        member = zlib.decompressobj(zlib.MAX_WBITS + 16)
        try:
            content = member.decompress(data)
        except zlib.error as error:
            yield Record(offset, fault=f"it can't be unpacked ({error})")
            return
        if not member.eof:
            yield Record(offset, fault="it breaks off")
            return
        yield _record(content, offset)
        offset += len(data) - len(member.unused_data)
        data = member.unused_data


def _record(content: bytes, offset: int) -> Record:
    head, _, rest = content.partition(_END)
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        headers.setdefault(name.lower(), value)
    length = headers.get("content-length", "")
    if first != "WARC/1.1" or not length.isdecimal():
        return Record(offset, fault="it is no WARC record")
    block = rest[: int(length)]
    if rest[int(length) :] != _END or len(block) != int(length):
        return Record(offset, headers, block, "it is not as long as it says")
    if headers.get("warc-block-digest") != labelled(payload_digest(block)):
        return Record(offset, headers, block, "its block is not that of its digest")
    return Record(offset, headers, block)
