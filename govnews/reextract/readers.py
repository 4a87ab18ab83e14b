"""Captures read again, in processes on all cores; what they say comes back in their order."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from govnews.archive.evidence import Exchange, received
from govnews.errors import DamagedRecordError
from govnews.items import Capture, Problem, Reading
from govnews.keeper.reader import read
from govnews.sites import Site, load_site

_AT_ONCE = 16
_AHEAD = 4
_BEGINNING = 512


class Asked(NamedTuple):
    """A capture, and what it was asked for; `role` is None where nothing is to be read of it."""

    exchange: Exchange
    role: str | None
    base_url: str | None


@dataclass(frozen=True, slots=True)
class Reread:
    """What a capture says today; its capture has no body, of a file the beginning. `fault` is why
    it can't be read, None where it could."""

    asked: Asked
    capture: Capture
    reading: Reading | Problem | None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the evidence stands, and whose rules read it."""

    folder: Path
    site: str
    sites_folder: str | None


def read_again(desk: Desk, captures: Iterable[Asked]) -> Iterator[Reread]:
    """Reads captures by today's rules; no more are under way than keep all cores at work."""
    workers = len(os.sched_getaffinity(0))
    under_way: deque[Future[list[Reread]]] = deque()
    source = iter(captures)
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin) as pool:
        try:
            while batch := list(islice(source, _AT_ONCE)):
                under_way.append(pool.submit(_read_all, desk, batch))
                if len(under_way) >= workers * _AHEAD:
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """A reader ends with the process that it reads for, however that one dies, and not before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _read_all(desk: Desk, batch: list[Asked]) -> list[Reread]:
    return [_reread(desk, asked) for asked in batch]


def _reread(desk: Desk, asked: Asked) -> Reread:
    exchange = asked.exchange
    bare = Capture(exchange.site, exchange.url, exchange.fetched_at, exchange.status)
    if asked.role is None:
        return Reread(asked, bare, None)
    try:
        capture = received(desk.folder, exchange)
    except DamagedRecordError as error:
        return Reread(asked, bare, None, str(error))
    if asked.role.startswith("file:"):
        return Reread(asked, replace(capture, body=capture.body[:_BEGINNING]), None)
    reading = read(capture, _site(desk.site, desk.sites_folder, asked.base_url))
    fault = None
    if isinstance(reading, Problem) and reading.kind == "internal":
        fault = f"{exchange.url}: {reading.message}"
    return Reread(asked, replace(capture, body=b""), reading, fault)


@lru_cache(maxsize=8)
def _site(name: str, folder: str | None, base_url: str | None) -> Site:
    return load_site(name, folder).at(base_url)
