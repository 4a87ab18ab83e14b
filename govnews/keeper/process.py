"""The keeping process: `python -m govnews.keeper.process FOLDER IN OUT`.

Pages that are waiting on the socket are kept together, so that one sync serves several; each is
whole all the same. The process ends when the other end closes, after what it has is kept.
"""

from __future__ import annotations

import signal
import socket
import sqlite3
import sys
from pathlib import Path

from govnews.errors import GovnewsError
from govnews.keeper.frames import Numbered, is_readable, pack, receive
from govnews.keeper.keeper import Keeper
from govnews.keeper.messages import Broken, Close, Fetched, Missed, Open, Reply, Request

MOST_PAGES = 32


def serve(folder: Path, source: socket.socket, goal: socket.socket) -> None:
    """Answers the requests of one socket on another, until the first one ends."""
    keeper = Keeper(folder)
    try:
        while (first := _next(keeper, source)) is not None:
            batch = [first]
            while len(batch) < MOST_PAGES and _is_page(batch[-1].message) and is_readable(source):
                further = receive(source)
                if further is None:
                    break
                batch.append(further)
            _answer(keeper, goal, batch)
    finally:
        keeper.end()


def _next(keeper: Keeper, source: socket.socket) -> Numbered | None:
    """The next request; until there is one, articles find their stories."""
    while not is_readable(source) and keeper.relate():
        pass
    return receive(source)


def _answer(keeper: Keeper, sock: socket.socket, batch: list[Numbered]) -> None:
    """Keeps the pages of a batch, those first that others wait for; then what follows them."""
    pages = [one for one in batch if _is_page(one.message)]
    urgent = [one for one in pages if isinstance(one.message, Fetched) and one.message.urgent]
    for part in (urgent, [one for one in pages if not any(one is other for other in urgent)]):
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


def main() -> None:
    """Serves the socket that the fetching process hands over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    folder = Path(sys.argv[1])
    source, goal = (socket.socket(fileno=int(number)) for number in sys.argv[2:])
    try:
        serve(folder, source, goal)
    except (GovnewsError, OSError, sqlite3.Error) as error:
        if not isinstance(error, BrokenPipeError | ConnectionResetError):
            goal.sendall(pack(0, Broken(f"{folder}: {error}")))
            sys.exit(1)


if __name__ == "__main__":
    main()
