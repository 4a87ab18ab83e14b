"""Scrapy's scheduler on the archive's frontier.

What is handed out is remembered in memory alone: a row waits in the archive until its page is
kept, so a crash undoes nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider

from govnews.archive import frontier
from govnews.archive.database import open_read_only
from govnews.errors import ArchiveError
from govnews.keeper.messages import Kept
from govnews.spiders.portal import PortalSpider

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

_AHEAD = 64
SAYS_ARTICLE = frozenset({"new", "changed", "unchanged"})


class FrontierScheduler:
    """Hands out what waits in the frontier, listings first."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._folder = Path(crawler.settings["GOVNEWS_DATA"])
        self._limit: int | None = crawler.settings.getdict("GOVNEWS_OPTIONS").get("limit")
        self._handed_out: dict[int, frontier.Kind] = {}
        self._ahead: deque[frontier.Row] = deque()
        self._kept_articles = 0
        self._wake: asyncio.TimerHandle | None = None
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        scheduler = cls(crawler)
        crawler.signals.connect(scheduler.spider_idle, signals.spider_idle)
        return scheduler

    def open(self, spider: Spider) -> None:
        """Scrapy opens the spider; the archive is opened when the first row is asked for."""
        assert isinstance(spider, PortalSpider)
        self._spider = spider
        self._db: sqlite3.Connection | None = None

    def close(self, reason: str) -> None:
        """Lets go of the archive."""
        if self._wake is not None:
            self._wake.cancel()
        if self._db is not None:
            self._db.close()

    def has_pending_requests(self) -> bool:
        """Whether anything waits that is not handed out, and may be asked for in this run."""
        if self._spider.run is None or self._spider.fault or self._spider.pace.spent:
            return False
        site = self._spider.site.id
        return frontier.has_waiting(self._archive(), site, self._handed_out, self._enough())

    def enqueue_request(self, request: Request) -> bool:
        """Nothing enters the frontier this way: what a page leads to comes with the page."""
        return False

    def next_request(self) -> Request | None:
        """The next request that may go out now; where the archive can't be read, the run ends."""
        if self._spider.run is None or self._spider.fault or self._spider.pace.spent:
            return None
        try:
            return self._next()
        except (ArchiveError, sqlite3.Error) as error:
            self._spider.fault = error
            closing = self._crawler.engine.close_spider_async(reason="failed")
            self._closing = asyncio.ensure_future(closing)
            return None

    def _next(self) -> Request | None:
        if self._spider.pace.resting:
            self._wake_later()
            return None
        if not self._ahead:
            self._refill()
        if not self._ahead:
            self._wake_later()
            return None
        if self._ahead[0].kind == "article" and self._full():
            return None
        row = self._ahead.popleft()
        self._handed_out[row.id] = row.kind
        return self._request(row)

    def acknowledge(self, row_id: int | None, kept: Kept) -> None:
        """A page is in the archive; what it led to may be handed out."""
        if row_id is not None:
            self._handed_out.pop(row_id, None)
        self._kept_articles += kept.says in SAYS_ARTICLE
        if kept.urgent or self._enough():
            self._ahead.clear()

    @property
    def limit_reached(self) -> bool:
        """Whether the run ends because as many articles were kept as were asked for."""
        return self._limit is not None and self._enough()

    def waiting(self) -> int:
        """How many addresses wait, those under way included."""
        return sum(frontier.waiting(self._archive(), self._spider.site.id))

    def spider_idle(self, spider: Spider) -> None:
        """A sweep: what was handed out and never came back is handed out again."""
        self._handed_out.clear()
        self._ahead.clear()
        if self.has_pending_requests():
            raise DontCloseSpider

    def _enough(self) -> bool:
        return self._limit is not None and self._kept_articles >= self._limit

    def _full(self) -> bool:
        """Whether enough articles are on their way already."""
        if self._limit is None:
            return False
        under_way = sum(kind == "article" for kind in self._handed_out.values())
        return self._kept_articles + under_way >= self._limit

    def _archive(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = open_read_only(self._folder)
        return self._db

    def _refill(self) -> None:
        site, limited = self._spider.site.id, self._limit is not None
        rows = frontier.ready(
            self._archive(), site, self._handed_out, _AHEAD, limited, self._enough()
        )
        self._ahead.extend(rows)

    def _wake_later(self) -> None:
        """Asks the engine to look again when the portal's rest is over, or the next row's time has
        come."""
        resting, site = self._spider.pace.resting, self._spider.site.id
        seconds = resting or frontier.next_wake(self._archive(), site)
        if seconds is None:
            return
        if self._wake is not None:
            self._wake.cancel()
        self._wake = asyncio.get_running_loop().call_later(seconds + 0.01, self._look_again)

    def _look_again(self) -> None:
        slot = self._crawler.engine._slot
        if slot is not None:  # the engine's own heartbeat would come, but only every 5 s
            slot.nextcall.schedule()

    def _request(self, row: frontier.Row) -> Request:
        site, target = self._spider.site, row.target
        headers = {}
        if row.etag:
            headers["If-None-Match"] = row.etag
        if row.last_modified:
            headers["If-Modified-Since"] = row.last_modified
        if target.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(
            site.asked(target.url),
            method=target.method,
            body=urlencode(target.form) if target.method == "POST" else b"",
            headers=headers,
            callback=self._spider.parse,
            errback=self._spider.missed,
            meta={
                "row_id": row.id,
                "kind": row.kind,
                "download_slot": site.id,
                "most_bytes": int(site.fetch.largest_file * 1e6) if row.kind == "file" else None,
            },
            dont_filter=True,
        )
