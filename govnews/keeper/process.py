"""The keeping process: `python -m govnews.keeper.process FOLDER FD` serves one socket.

Pages that are waiting on the socket are kept together, so that one sync serves several; each is
whole all the same. The process ends when the other end closes, after what it has is kept.
"""

from __future__ import annotations

import pickle
import select
import signal
import socket
import sqlite3
import struct
import sys
from pathlib import Path

from govnews.errors import GovnewsError
from govnews.keeper.keeper import Keeper
from govnews.keeper.messages import Broken, Close, Fetched, Missed, Open, Reply, Request

MOST_PAGES = 32
_HEAD = struct.Struct("!QQ")


def pack(number: int, message: Request | Reply) -> bytes:
    """A message as a frame: its number and length, then the pickled data."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _HEAD.pack(number, len(body)) + body


def head(data: bytes) -> tuple[int, int]:
    """From a frame's first HEAD_SIZE bytes, its message's number and length."""
    number, length = _HEAD.unpack(data)
    return number, length


HEAD_SIZE = _HEAD.size
Numbered = tuple[int, Request]


def serve(folder: Path, sock: socket.socket) -> None:
    """Answers requests in their order until the other end closes."""
    keeper = Keeper(folder)
    try:
        while (first := _receive(sock)) is not None:
            batch = [first]
            while len(batch) < MOST_PAGES and _is_page(batch[-1][1]) and _readable(sock):
                further = _receive(sock)
                if further is None:
                    break
                batch.append(further)
            _answer(keeper, sock, batch)
    finally:
        keeper.end()


def _answer(keeper: Keeper, sock: socket.socket, batch: list[Numbered]) -> None:
    """Keeps the pages of a batch, those first that others wait for; then what follows them."""
    pages = [one for one in batch if _is_page(one[1])]
    urgent = [one for one in pages if isinstance(one[1], Fetched) and one[1].urgent]
    for part in (urgent, [one for one in pages if one not in urgent]):
        kept = keeper.keep([page for _, page in part if isinstance(page, Fetched | Missed)])
        for (number, _), reply in zip(part, kept, strict=True):
            sock.sendall(pack(number, reply))
    for number, message in batch:
        if isinstance(message, Open | Close):
            sock.sendall(pack(number, _open_or_close(keeper, message)))


def _open_or_close(keeper: Keeper, message: Open | Close) -> Reply:
    try:
        return keeper.open(message) if isinstance(message, Open) else keeper.close(message)
    except GovnewsError as error:
        return Broken(str(error), error.exit_code)


def _is_page(message: Request) -> bool:
    return isinstance(message, Fetched | Missed)


def _readable(sock: socket.socket) -> bool:
    return bool(select.select([sock], [], [], 0)[0])


def _receive(sock: socket.socket) -> tuple[int, Request] | None:
    start = _exactly(sock, HEAD_SIZE)
    if start is None:
        return None
    number, length = head(start)
    body = _exactly(sock, length)
    return None if body is None else (number, pickle.loads(body))


def _exactly(sock: socket.socket, size: int) -> bytes | None:
    data = bytearray(size)
    view, got = memoryview(data), 0
    while got < size:
        count = sock.recv_into(view[got:])
        if not count:
            return None
        got += count
    return bytes(data)


def main() -> None:
    """Serves the socket that the fetching process hands over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    folder, descriptor = Path(sys.argv[1]), int(sys.argv[2])
    sock = socket.socket(fileno=descriptor)
    try:
        serve(folder, sock)
    except (GovnewsError, OSError, sqlite3.Error) as error:
        if not isinstance(error, BrokenPipeError | ConnectionResetError):
            sock.sendall(pack(0, Broken(f"{folder}: {error}")))
            sys.exit(1)


if __name__ == "__main__":
    main()
