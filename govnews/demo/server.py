"""HTTP/1.1 by hand: small, fast, and able to misbehave on purpose."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http import HTTPStatus
from math import isinf
from struct import pack
from typing import Final
from urllib.parse import urlsplit

from govnews.demo.desk import Desk
from govnews.demo.messages import Answer

_HEAD_LIMIT: Final = 65_536
_SERVER: Final = (
    ("Server", "Microsoft-IIS/7.5"),
    ("X-AspNet-Version", "2.0.50727"),
    ("MicrosoftSharePointTeamServices", "12.0.0.6421"),
    ("Cache-Control", "private"),
)
_REASONS: Final = {int(status): status.phrase for status in HTTPStatus}


class Connection(asyncio.Protocol):
    """One client; its requests are answered in order."""

    def __init__(self, desk: Desk, all_open: set[asyncio.Transport]) -> None:
        self._desk, self._all_open = desk, all_open
        self._buffer = b""
        self._waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._all_open.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._all_open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        """Answer whatever is complete."""
        self._buffer += data
        self._serve()

    def _serve(self) -> None:
        while not self._waiting and not self._transport.is_closing() and self._one():
            pass

    def _one(self) -> bool:
        """Answer one request, if a whole one has come."""
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            if len(head) > _HEAD_LIMIT:
                self._send(Answer(431, ending="close"), "GET")
            return False
        try:
            first, *lines = head.decode("latin-1").split("\r\n")
            method, target, version = first.split(" ")
            headers = dict(_fields(lines))
            length = int(headers.get("content-length", 0))
        except ValueError:
            self._send(Answer(400, ending="close"), "GET")
            return False
        if len(rest) < length:
            return False
        self._buffer = rest[length:]
        answer = self._desk.answer(method, _origin(target), headers, rest[:length])
        last = version == "HTTP/1.0" or headers.get("connection", "").lower() == "close"
        self._later(answer, method, last=last)
        return True

    def _later(self, answer: Answer, method: str, *, last: bool) -> None:
        if not answer.delay:
            self._send(answer, method, last=last)
            return
        self._waiting = True
        if not isinf(answer.delay):
            loop = asyncio.get_running_loop()
            loop.call_later(answer.delay, lambda: self._resume(answer, method, last))

    def _resume(self, answer: Answer, method: str, last: bool) -> None:
        self._waiting = False
        if not self._transport.is_closing():
            self._send(answer, method, last=last)
            self._serve()

    def _send(self, answer: Answer, method: str, *, last: bool = False) -> None:
        body = b"" if method == "HEAD" else answer.body[: answer.sent]
        self._transport.write(_head(answer, last) + body)
        if answer.ending == "reset":
            # Lingering for no time at all makes the kernel send RST instead of FIN.
            link = self._transport.get_extra_info("socket")
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))
            self._transport.abort()
        elif last or answer.ending == "close":
            self._transport.close()


def _fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        yield name.lower(), value.strip()


def _origin(target: str) -> str:
    """Path and query of a request target; a proxy is asked with the whole address."""
    if target.startswith("/"):
        return target
    parts = urlsplit(target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _head(answer: Answer, last: bool) -> bytes:
    own = [("Date", formatdate(usegmt=True))]
    if answer.status != 304:
        length = len(answer.body) if answer.announced is None else answer.announced
        own.append(("Content-Length", str(length)))
    if last or answer.ending == "close":
        own.append(("Connection", "close"))
    lines = [f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}"]
    lines += [f"{name}: {value}" for name, value in (*own, *_SERVER, *answer.headers)]
    return "\r\n".join((*lines, "", "")).encode("latin-1")


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes a free one."""
    return socket.create_server(("127.0.0.1", port), backlog=512)


async def serve(
    link: socket.socket,
    desk: Desk,
    started: Callable[[Callable[[], None]], None],
    tls: ssl.SSLContext | None = None,
) -> None:
    """Serve, over TLS if its settings are given, until the function that `started` is given is
    called, from whatever thread."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    all_open: set[asyncio.Transport] = set()
    server = await loop.create_server(lambda: Connection(desk, all_open), sock=link, ssl=tls)

    def end() -> None:
        loop.call_soon_threadsafe(stop.set)

    started(end)
    await stop.wait()
    server.close()
    for transport in list(all_open):
        transport.abort()
    await asyncio.sleep(0)
