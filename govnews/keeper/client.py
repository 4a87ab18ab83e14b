"""The fetching process's end of the keeper: messages out, futures for their answers."""

from __future__ import annotations

import asyncio
import os
import pickle
import socket
import subprocess
import sys
from pathlib import Path
from typing import TypeVar, cast

from govnews.errors import CrawlError
from govnews.keeper.frames import HEAD_SIZE, head, pack
from govnews.keeper.messages import (
    Broken,
    Close,
    Closed,
    Fetched,
    Kept,
    Missed,
    Open,
    Opened,
    Reply,
    Request,
)

_ReplyT = TypeVar("_ReplyT", Opened, Kept, Closed)


class KeeperClient:
    """The reading and the keeping process, shared by all sites that this process crawls into a
    collection."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._writer: asyncio.StreamWriter | None = None
        self._back: asyncio.StreamWriter | None = None
        self._answers: dict[int, asyncio.Future[Reply]] = {}
        self._number = 0
        self._fault: CrawlError | None = None
        self._listening: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def open(self, wish: Open) -> Opened:
        """Begins or resumes a run; raises CrawlError where that can't be."""
        async with self._starting:
            if self._writer is None:
                await self._start()
        return await self._ask(wish, Opened)

    async def keep(self, page: Fetched | Missed) -> Kept:
        """Returns when the page is in the archive; raises CrawlError where it can't be."""
        return await self._ask(page, Kept)

    async def close(self, wish: Close) -> Closed:
        """Ends a run and says what it came to."""
        return await self._ask(wish, Closed)

    async def end(self) -> None:
        """Ends the process, once all that it was given is kept."""
        if self._writer is not None:
            self._writer.close()
        for process in self._processes:
            await asyncio.to_thread(process.wait)
        if self._listening is not None:
            await self._listening
        if self._back is not None:
            self._back.close()

    async def _start(self) -> None:
        """Three sockets make a ring: from here to the reader, the keeper, and back."""
        ours, to_reader = socket.socketpair()
        from_reader, to_keeper = socket.socketpair()
        from_keeper, back = socket.socketpair()
        with to_reader, from_reader, to_keeper, from_keeper:
            self._processes = [
                _spawn("govnews.keeper.reader", [], to_reader, from_reader),
                _spawn("govnews.keeper.process", [str(self._folder)], to_keeper, from_keeper),
            ]
        _, self._writer = await asyncio.open_connection(sock=ours)
        reader, self._back = await asyncio.open_connection(sock=back)
        self._listening = asyncio.create_task(self._listen(reader))

    async def _ask(self, message: Request, kind: type[_ReplyT]) -> _ReplyT:
        if self._fault is not None or self._writer is None:
            raise self._fault or CrawlError("the keeping process is not running")
        self._number += 1
        answer = asyncio.get_running_loop().create_future()
        self._answers[self._number] = answer
        self._writer.write(pack(self._number, message))
        reply = await answer
        if isinstance(reply, Broken):
            fault = CrawlError(reply.message)
            fault.exit_code = reply.exit_code
            raise fault
        return cast("_ReplyT", reply)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        fault = "the keeping process died. Crawl again: nothing that was kept is lost"
        try:
            while True:
                number, length = head(await reader.readexactly(HEAD_SIZE))
                reply: Reply = pickle.loads(await reader.readexactly(length))
                answer = self._answers.pop(number, None)
                if answer is not None and not answer.done():  # it is, where its asker was cancelled
                    answer.set_result(reply)
                elif not number and isinstance(reply, Broken):
                    fault = reply.message
        except (asyncio.IncompleteReadError, ConnectionError):
            self._fault = CrawlError(fault)
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(self._fault)
            self._answers.clear()


def _spawn(
    module: str, words: list[str], source: socket.socket, goal: socket.socket
) -> subprocess.Popen[bytes]:
    handed = (source.fileno(), goal.fileno())
    command = [sys.executable, "-m", module, *words, *map(str, handed)]
    return subprocess.Popen(command, pass_fds=handed, env=os.environ.copy())
