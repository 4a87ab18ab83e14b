"""The embedded portal: a small server on loopback that behaves as the real portals do.

    with Portal(articles=300, seed=1) as portal:
        crawl(portal.url)
        assert archive == list(portal.world.expected())

One seed is one world, for ever. `portal.world` changes it, `portal.weather` spoils it,
`portal.requests` tells what was asked.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from ssl import SSLContext
from threading import Thread
from types import TracebackType
from typing import Self

from govnews.demo.addresses import Category, article_address
from govnews.demo.desk import Desk
from govnews.demo.host import CATEGORIES, Host
from govnews.demo.messages import Answer, Asked, Requests
from govnews.demo.server import listen, serve
from govnews.demo.story import Media
from govnews.demo.tls import Tls, secured
from govnews.demo.truth import Link, Truth
from govnews.demo.weather import FAULTS, PAGER_FAULTS, Sky, Weather
from govnews.demo.world import VIETNAM, World, listing_addresses

__all__ = [
    "CATEGORIES",
    "FAULTS",
    "PAGER_FAULTS",
    "VIETNAM",
    "Answer",
    "Asked",
    "Category",
    "Host",
    "Link",
    "Media",
    "Portal",
    "Tls",
    "Truth",
    "Weather",
    "World",
    "article_address",
    "listing_addresses",
    "spawn",
]


class Portal:
    """A portal in a thread of its own, served while the `with` block lasts, over https if `tls`
    says how; `certificate` is then its certificate as PEM.

    `port` 0 takes a free one, and keeps it when the portal is opened again: closing and
    opening is an outage. Raises OSError where the port is taken.
    """

    def __init__(
        self,
        articles: int = 300,
        seed: int = 1,
        *,
        host: Host | None = None,
        weather: Iterable[Weather] = (),
        port: int = 0,
        remember: int = 100_000,
        tls: Tls | None = None,
    ) -> None:
        self.world = World(articles, seed, host)
        self.weather = Sky(*weather)
        self.requests = Requests(remember)
        self.port = port
        self._tls: SSLContext | None = None
        self.certificate = b""
        if tls:
            self._tls, self.certificate = secured(tls)
        self._desk = Desk(self.world, self.weather, self.requests)

    @property
    def url(self) -> str:
        """Where it is served, without a slash at the end."""
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        link = listen(self.port)
        self.port = link.getsockname()[1]
        started: SimpleQueue[Callable[[], None]] = SimpleQueue()
        work = serve(link, self._desk, started.put, self._tls)
        self._thread = Thread(target=asyncio.run, args=(work,), name="portal", daemon=True)
        self._thread.start()
        self._stop = started.get()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        self._thread.join()


@contextmanager
def spawn(articles: int = 300, seed: int = 1, *options: str) -> Iterator[str]:
    """Run `python -m govnews.demo` as a child and give its URL.

    `options` are more of its arguments. The child ends with the block, and with this
    process however it dies: its standard input is then closed. Raises RuntimeError where
    it does not start.
    """
    source = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "govnews.demo", "--until-eof", *options]
    command += ["--articles", str(articles), "--seed", str(seed)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the parent, which then ends the child
        env=os.environ | {"PYTHONPATH": path},
    ) as child:
        assert child.stdin
        assert child.stdout
        try:
            url = child.stdout.readline().strip()
            if not url:
                raise RuntimeError("the demo portal did not start; its message is above")
            yield url
        finally:
            child.stdin.close()
