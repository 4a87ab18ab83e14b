"""A body as it was meant, from a body as it was sent: Content-Encoding undone."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli

from govnews.items import Problem

MAX_BYTES = 50_000_000

Step = Callable[[bytes], bytes]


def decoded(body: bytes, content_encoding: str | None) -> tuple[bytes, Problem | None]:
    """The body without its compression, as far as it can be had, and what was wrong with it.

    At most MAX_BYTES come out, whatever a bomb would make of it. A body that is not compressed,
    though its header says so, comes back as it is, with a problem of the kind `content-encoding`;
    one that can't be had whole with one of the kind `broken-body`.
    """
    problem = None
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    for name in reversed([name for name in names if name not in ("", "identity")]):
        if name not in ("gzip", "x-gzip", "deflate", "br"):
            return body, Problem("broken-body", f"unknown Content-Encoding {name!r}")
        if name in ("gzip", "x-gzip") and not body.startswith(b"\x1f\x8b"):
            return body, Problem("content-encoding", f"{name}: the body is not compressed")
        body, fault = _inflated(body, name)
        problem = problem or (Problem("broken-body", f"{name}: {fault}") if fault else None)
    return body, problem


def _inflated(body: bytes, name: str) -> tuple[bytes, str | None]:
    if name == "br":
        return _unbrotli(body)
    if name == "deflate":
        raw_deflate = not body[:1] or (body[0] & 0x0F) != 8
        return _unzip(body, -zlib.MAX_WBITS if raw_deflate else zlib.MAX_WBITS)
    return _unzip(body, zlib.MAX_WBITS + 16)


def _unzip(body: bytes, window: int) -> tuple[bytes, str | None]:
    engine = zlib.decompressobj(window)
    out = bytearray()
    try:
        while body and not engine.eof and len(out) < MAX_BYTES:
            out += engine.decompress(body[:65536], MAX_BYTES - len(out))
            body = engine.unconsumed_tail + body[65536:]
    except zlib.error as error:
        return bytes(out), f"broken ({error})"
    if len(out) >= MAX_BYTES:
        return bytes(out), f"more than {MAX_BYTES} bytes"
    return bytes(out), None if engine.eof else "cut off"


def _unbrotli(body: bytes) -> tuple[bytes, str | None]:
    engine = brotli.Decompressor()
    out = bytearray()
    try:
        out += engine.process(body, output_buffer_limit=MAX_BYTES)
        while not engine.can_accept_more_data() and len(out) < MAX_BYTES:
            out += engine.process(b"", output_buffer_limit=MAX_BYTES - len(out))
    except brotli.error as error:
        return bytes(out), f"broken ({error})"
    if len(out) >= MAX_BYTES:
        return bytes(out[:MAX_BYTES]), f"more than {MAX_BYTES} bytes"
    return bytes(out), None if engine.is_finished() else "cut off"
