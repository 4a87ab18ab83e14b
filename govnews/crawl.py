"""Crawling, as one call: several sites in one process, each at its own pace."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging

from govnews.archive.runs import Options
from govnews.downloader import ENDING
from govnews.errors import InterruptedCrawlError
from govnews.keeper.messages import Closed
from govnews.scheduler import FrontierScheduler
from govnews.spiders.portal import PortalSpider

Watch = Callable[[Sequence["Progress"]], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a site's crawl has come: counts of this process, addresses that wait, and the
    seconds for which the portal wants rest."""

    site: str
    resumed: bool
    pages: int
    new: int
    changed: int
    retried: int
    waiting: int
    resting: float


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one site's crawl: how its run closed, or why there is none."""

    site: str
    closed: Closed | None
    fault: Exception | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What to crawl, and where from; `delay` in seconds goes before the sites' own, `max_requests`
    is a ceiling for each site besides theirs."""

    sites: tuple[str, ...]
    folder: Path
    sites_folder: str | None = None
    base_url: str | None = None
    delay: float | None = None
    max_requests: int | None = None
    options: Options = field(default_factory=Options)


def crawl(wish: Wish, watch: Watch, every: float) -> list[Result]:
    """Crawls until all sites are done, or SIGINT or SIGTERM ends it within seconds.

    `watch` is called with the sites' progress every so many seconds. Nothing is raised for one
    site's failure: it is in the site's result.
    """
    configure_logging(_settings(wish))
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # its records cost more than their print
    return asyncio.run(_crawl(wish, watch, every))


async def _crawl(wish: Wish, watch: Watch, every: float) -> list[Result]:
    runner = AsyncCrawlerRunner(_settings(wish))
    crawlers = [runner.create_crawler(name) for name in wish.sites]
    tasks = [runner.crawl(crawler) for crawler in crawlers]
    loop = asyncio.get_running_loop()
    stopping: list[asyncio.Task[None]] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(
            number, lambda: stopping.append(loop.create_task(_stop(crawlers, tasks)))
        )
    watching = asyncio.create_task(_watch(crawlers, watch, every))
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    watching.cancel()
    return [
        _result(name, crawler, outcome)
        for name, crawler, outcome in zip(wish.sites, crawlers, outcomes, strict=True)
    ]


def _settings(wish: Wish) -> Settings:
    settings = Settings()
    settings.setmodule("govnews.settings", priority="project")
    own = {
        "GOVNEWS_DATA": str(wish.folder),
        "GOVNEWS_SITES": wish.sites_folder,
        "GOVNEWS_BASE_URL": wish.base_url,
        "GOVNEWS_OPTIONS": asdict(wish.options),
        "GOVNEWS_MAX_REQUESTS": wish.max_requests or 0,
        **({} if wish.delay is None else {"DOWNLOAD_DELAY": wish.delay}),
    }
    settings.setdict(own, priority="cmdline")
    return settings


async def _stop(crawlers: Sequence[Crawler], tasks: Sequence[asyncio.Task[None]]) -> None:
    """Breaks off what is under way, and closes each spider; its run can be resumed."""
    for crawler, task in zip(crawlers, tasks, strict=True):
        if not _runs(crawler):
            task.cancel()
            continue
        crawler.signals.send_catch_log(ENDING)
        for slot in crawler.engine.downloader.slots.values():
            slot.delay = 0.0
    await asyncio.gather(*(crawler.stop_async() for crawler in crawlers if _runs(crawler)))


async def _watch(crawlers: Sequence[Crawler], watch: Watch, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        watch([_progress(crawler) for crawler in crawlers if _runs(crawler)])


def _runs(crawler: Crawler) -> bool:
    spider = crawler.spider
    return isinstance(spider, PortalSpider) and bool(spider.run) and crawler.crawling


def _progress(crawler: Crawler) -> Progress:
    spider = cast("PortalSpider", crawler.spider)
    scheduler = cast("FrontierScheduler", crawler.engine.scheduler)
    tally = spider.tally
    return Progress(
        spider.name,
        spider.run is not None and spider.run.resumed,
        tally["pages"],
        tally["new"],
        tally["changed"],
        tally["retried"],
        scheduler.waiting(),
        spider.pace.resting,
    )


def _result(name: str, crawler: Crawler, outcome: object) -> Result:
    spider = cast("PortalSpider | None", crawler.spider)
    closed = spider.closed_run if spider else None
    fault = spider.fault if spider else None
    if isinstance(outcome, asyncio.CancelledError):
        fault = InterruptedCrawlError(f"{name}: interrupted before it began")
    elif fault is None and isinstance(outcome, Exception):
        fault = outcome
    return Result(name, closed, fault)
