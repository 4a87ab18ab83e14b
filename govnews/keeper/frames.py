"""Messages as frames on a socket: a number and a length, then the pickled data."""

from __future__ import annotations

import pickle
import select
import socket
import struct
from typing import NamedTuple

from govnews.keeper.messages import Reply, Request

_HEAD = struct.Struct("!QQ")
HEAD_SIZE = _HEAD.size
"""Bytes before each message."""


class Numbered(NamedTuple):
    """A request and the number that its answer will carry."""

    number: int
    message: Request


def pack(number: int, message: Request | Reply) -> bytes:
    """A message as a frame."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _HEAD.pack(number, len(body)) + body


def head(data: bytes) -> tuple[int, int]:
    """From a frame's first HEAD_SIZE bytes, its message's number and length."""
    number, length = _HEAD.unpack(data)
    return number, length


def receive(sock: socket.socket) -> Numbered | None:
    """The next request, waited for; None at the end."""
    start = _exactly(sock, HEAD_SIZE)
    if start is None:
        return None
    number, length = head(start)
    body = _exactly(sock, length)
    return None if body is None else Numbered(number, pickle.loads(body))


def is_readable(sock: socket.socket) -> bool:
    """Whether a request, or the end, is there already."""
    return bool(select.select([sock], [], [], 0)[0])


def _exactly(sock: socket.socket, size: int) -> bytes | None:
    data = bytearray(size)
    view, got = memoryview(data), 0
    while got < size:
        count = sock.recv_into(view[got:])
        if not count:
            return None
        got += count
    return bytes(data)
