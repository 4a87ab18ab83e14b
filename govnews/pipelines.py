"""The pipeline's one step: an item is acknowledged when its page is in the archive."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from scrapy import signals

from govnews.archive.runs import Options
from govnews.downloader import ENDING
from govnews.errors import CrawlError
from govnews.keeper.client import KeeperClient
from govnews.keeper.messages import Close, Fetched, Missed, Open
from govnews.pace import MOST_RESTS
from govnews.scheduler import FrontierScheduler
from govnews.spiders.portal import PortalSpider

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

_SILENCE = 12
"""After so many requests without any answer, one after the other, a portal has gone silent."""

_clients: dict[Path, tuple[KeeperClient, set[str]]] = {}


def client_of(crawler: Crawler) -> KeeperClient:
    """The keeper of a crawler's collection; crawlers of one process share it."""
    folder = Path(crawler.settings["GOVNEWS_DATA"])
    if folder not in _clients:
        _clients[folder] = (KeeperClient(folder), set())
    return _clients[folder][0]


class KeepPipeline:
    """Begins the run, has each page kept, and ends the run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._folder = Path(crawler.settings["GOVNEWS_DATA"])
        self._client = client_of(crawler)
        _clients[self._folder][1].add(crawler.spidercls.name)
        self._silence, self._met = 0, ""
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.spider_closed, signals.spider_closed)
        return pipeline

    @property
    def _spider(self) -> PortalSpider:
        return cast("PortalSpider", self._crawler.spider)

    async def open_spider(self) -> None:
        """Begins or resumes the site's run; raises CrawlError where that can't be."""
        settings, spider = self._crawler.settings, self._spider
        options = Options(**settings.getdict("GOVNEWS_OPTIONS"))
        wish = Open(
            spider.name, settings.get("GOVNEWS_SITES"), settings.get("GOVNEWS_BASE_URL"), options
        )
        try:
            spider.run = await self._client.open(wish)
            spider.pace.rest(spider.run.rest)
        except CrawlError as error:
            spider.fault = error
            await self._leave()
            raise

    async def process_item(self, item: Fetched | Missed) -> Fetched | Missed:
        """Returns when the page is in the archive."""
        try:
            kept = await self._client.keep(item)
        except CrawlError as error:
            self._give_up(error)
            return item
        if isinstance(item, Missed) and item.kind == "unreachable":
            self._silence, self._met = self._silence + 1, item.message
        else:
            self._silence = 0
        if self._silence >= max(_SILENCE, 2 * self._spider.site.fetch.concurrency):
            self._close("silent")
        elif self._spider.pace.rests >= MOST_RESTS:
            self._close("resting")
        self._spider.tally[kept.says] += 1
        self._spider.tally["pages"] += isinstance(item, Fetched)
        scheduler = cast("FrontierScheduler", self._crawler.engine.scheduler)
        scheduler.acknowledge(item.row_id, kept)
        return item

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Ends the run: `reason` is Scrapy's, `shutdown` after a signal."""
        if self._spider.run is not None and self._spider.fault is None:
            try:
                self._spider.closed_run = await self._client.close(self._end(reason))
            except CrawlError as error:
                self._spider.fault = error
        await self._leave()

    def _end(self, reason: str) -> Close:
        """How the run ends, where Scrapy gives `reason`."""
        assert self._spider.run is not None
        run_id, pace = self._spider.run.run_id, self._spider.pace
        scheduler = cast("FrontierScheduler", self._crawler.engine.scheduler)
        if reason == "finished" and scheduler.limit_reached:
            return Close(run_id, "limit", as_asked=True)
        if reason == "finished" and pace.spent:
            return Close(run_id, "ceiling", f"{pace.most} requests", pace.most_as_asked)
        details = {"silent": self._met, "resting": f"{pace.rests} times"}
        name = "interrupted" if reason == "shutdown" else reason
        return Close(run_id, name, details.get(reason, ""))

    def _give_up(self, error: CrawlError) -> None:
        if self._spider.fault is None:
            self._spider.fault = error
            self._close("failed")

    def _close(self, reason: str) -> None:
        if self._closing is None:
            self._crawler.signals.send_catch_log(ENDING)
            closing = self._crawler.engine.close_spider_async(reason=reason)
            self._closing = asyncio.ensure_future(closing)

    async def _leave(self) -> None:
        """The last crawler that leaves a collection ends its keeper."""
        client, crawling = _clients.get(self._folder, (self._client, set()))
        crawling.discard(self._spider.name)
        if not crawling and self._folder in _clients:
            del _clients[self._folder]
            await client.end()
