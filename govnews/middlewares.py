"""Manners: robots.txt with its Crawl-delay, and cookies that outlive the process."""

from __future__ import annotations

import asyncio
import json
from http.cookiejar import Cookie
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.cookies import CookieJar
from scrapy.http.request import NO_CALLBACK

from govnews.archive.warc import pack
from govnews.content import decoded
from govnews.items import Capture
from govnews.keeper.messages import Fetched
from govnews.pipelines import client_of
from govnews.spiders.portal import PortalSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_ROBOT = "govnews"
_MAX_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PATIENCE = 1.0


class RobotsMiddleware:
    """Asks for robots.txt once for each host, before anything else goes there (RFC 9309)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Task[Protego | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Lets a request pass; raises IgnoreRequest where robots.txt forbids it."""
        if request.meta.get("is_robots"):
            return
        root = urljoin(request.url, "/robots.txt")
        task = self._rules.get(root)
        if task is None:
            task = self._rules[root] = asyncio.ensure_future(self._load(root))
        rules = await task
        if rules is not None and not rules.can_fetch(request.url, _ROBOT):
            raise IgnoreRequest("robots.txt forbids it")

    async def _load(self, root: str) -> Protego | None:
        """The rules of a host; None where it has none.

        Raises DownloadFailedError where it does not answer, or with an error of its own: it may not
        say what it would forbid, so nothing may be fetched (RFC 9309). A later request asks again.
        """
        try:
            capture = await self._capture(root)
            if capture.status in (408, 425, 429) or capture.status >= 500:
                raise DownloadFailedError(f"robots.txt answered with status {capture.status}")
        except DownloadFailedError:
            asyncio.get_running_loop().call_later(_PATIENCE, self._rules.pop, root, None)
            raise
        if capture.status != 200:
            return None
        body, _ = decoded(capture.body, capture.header("Content-Encoding"))
        rules = Protego.parse(body.decode("utf-8", "replace"))
        cast("PortalSpider", self._crawler.spider).pace.keep_to(rules.crawl_delay(_ROBOT) or 0.0)
        return rules

    async def _capture(self, root: str) -> Capture:
        """What a host's robots.txt answers, after five redirects at the most; each is kept."""
        spider = self._crawler.spider
        assert isinstance(spider, PortalSpider)
        assert spider.run is not None
        url = root
        for _ in range(1 + _MAX_HOPS):
            meta = {"is_robots": True, "download_slot": f"robots {urlsplit(url).netloc}"}
            request = Request(url, callback=NO_CALLBACK, meta=meta)
            await self._crawler.engine.download_async(request)
            capture: Capture = request.meta["capture"]
            page = Fetched(spider.run.run_id, None, capture, pack(capture))
            await client_of(self._crawler).keep(page)
            url = urljoin(url, capture.header("Location") or "")
            if capture.status not in _REDIRECTS or not spider.site.covers(spider.site.own(url)):
                break
        return capture


class CookieMiddleware:
    """Sends back what the portal set, and remembers it for a run that takes this one up."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._jar: CookieJar | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Adds the Cookie header that a browser would send."""
        self._loaded().add_cookie_header(request)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Takes Set-Cookie headers in."""
        if b"Set-Cookie" in response.headers:
            jar = self._loaded()
            before = _as_json(jar)
            jar.extract_cookies(response, request)
            after = _as_json(jar)
            if before != after:
                request.meta["cookies_now"] = after
        return response

    def _loaded(self) -> CookieJar:
        if self._jar is None:
            self._jar = CookieJar()
            spider = self._crawler.spider
            assert isinstance(spider, PortalSpider)
            for fields in json.loads(spider.run.cookies if spider.run else "[]"):
                self._jar.set_cookie(Cookie(**fields))
        return self._jar


def _as_json(jar: CookieJar) -> str:
    return json.dumps([_fields(cookie) for cookie in jar])


def _fields(cookie: Cookie) -> dict[str, Any]:
    fields = dict(vars(cookie))
    fields["rest"] = fields.pop("_rest", {})
    return fields
