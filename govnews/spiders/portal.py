"""The one spider: hands each response, or its absence, on to be kept. It yields no requests:
what follows from a page enters the frontier with the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from govnews.archive.warc import pack
from govnews.items import Capture
from govnews.keeper.messages import Closed, Fetched, Missed, Opened
from govnews.network import RefusedError
from govnews.pace import Pace
from govnews.sites import Site

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_BEGINNING = 512
"""Bytes of a file that tell what it is: its records hold all of it."""


class PortalSpider(Spider):
    """Crawls one site; its class attributes come from the site (see `spider_for`)."""

    site: ClassVar[Site]
    pace: Pace

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run: Opened | None = None
        self.closed_run: Closed | None = None
        self.fault: Exception | None = None
        self.tally: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way to make one."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.pace = Pace(crawler, cls.site)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Nothing to start from but the frontier."""
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Fetched]:
        """A response came: its capture is to be kept."""
        assert response.request is not None
        assert self.run is not None
        meta = response.request.meta
        capture: Capture = meta["capture"]
        is_file = meta["kind"] == "file"
        yield Fetched(
            self.run.run_id,
            meta["row_id"],
            replace(capture, body=capture.body[:_BEGINNING]) if is_file else capture,
            pack(capture),
            is_file=is_file,
            urgent=meta["kind"] in ("listing", "step"),
            cookies=meta.get("cookies_now"),
        )

    def missed(self, failure: Failure) -> Iterator[Missed]:
        """No response came; on the way out that means nothing, and the row goes on waiting."""
        assert self.run is not None
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, DownloadCancelledError):
            return
        kind = "robots" if isinstance(error, IgnoreRequest) else "unreachable"
        yield Missed(
            self.run.run_id,
            request.meta["row_id"],
            request.url,
            error.kind if isinstance(error, RefusedError) else kind,
            str(error) or type(error).__name__,
            final=isinstance(error, IgnoreRequest | RefusedError),
        )


def spider_for(site: Site) -> type[PortalSpider]:
    """The spider class of a site, with the site's manners as its settings."""
    manners: dict[str, Any] = {
        "DOWNLOAD_DELAY": site.fetch.delay,
        "CONCURRENT_REQUESTS": site.fetch.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": site.fetch.concurrency,
        "DOWNLOAD_TIMEOUT": site.fetch.timeout,
    }
    if site.fetch.user_agent:
        manners["USER_AGENT"] = site.fetch.user_agent
    attributes = {"name": site.id, "site": site, "custom_settings": manners}
    return type("PortalSpider", (PortalSpider,), attributes)
