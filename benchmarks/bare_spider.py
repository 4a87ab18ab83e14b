"""A bare Scrapy spider for the embedded portal: default settings, addresses alone."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse

_POSTBACK = re.compile(r"__doPostBack\('([^']*)','([^']*)'\)")


class BareSpider(scrapy.Spider):
    """Follows menus, listings, their postbacks, articles and related lists."""

    name = "bare"

    def __init__(self, url: str) -> None:
        super().__init__()
        self.start_urls = [url]
        self.seen: set[tuple[str, str]] = set()
        self.pages = 0

    def parse(self, response: HtmlResponse, **_: Any) -> Iterator[Any]:
        """Any page."""
        self.pages += 1
        yield {"url": response.url}
        for link in response.css("a::attr(href)").getall():
            yield from self._follow(response, link)
        pager = response.xpath("//td[@class='phantrang']/span/following-sibling::a[1]/@href")
        postback = _POSTBACK.search(pager.get(""))
        if postback:
            fields = dict(_fields(response))
            fields |= {"__EVENTTARGET": postback[1], "__EVENTARGUMENT": postback[2]}
            yield scrapy.Request(
                response.urljoin(response.css("form::attr(action)").get("")),
                method="POST",
                body=urlencode(fields),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )

    def _follow(self, response: HtmlResponse, link: str) -> Iterator[scrapy.Request]:
        article = re.search(r"^/(\w+)/lists/posts/post\.aspx\?.*itemid=(\d+)", link, re.IGNORECASE)
        if article:
            key = (article[1].lower(), article[2])
            if key not in self.seen:
                self.seen.add(key)
                yield response.follow(link)
        elif link.endswith("Mode=2") and "/noibo" not in link:
            yield response.follow(link)


def _fields(response: HtmlResponse) -> Iterator[tuple[str, str]]:
    for field in response.css("form input[name], form select[name]"):
        if field.root.tag == "select":
            yield field.attrib["name"], field.css("option::attr(value)").get("")
        elif field.attrib.get("type") != "submit":
            yield field.attrib["name"], field.attrib.get("value", "")


def main() -> None:
    """Crawls an address with a concurrency, and prints pages, seconds and articles."""
    url, concurrency = sys.argv[1:]
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "CONCURRENT_REQUESTS": int(concurrency),
            "CONCURRENT_REQUESTS_PER_DOMAIN": int(concurrency),
        }
    )
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, url=url)
    start = time.perf_counter()
    process.start()
    spider = crawler.spider
    assert isinstance(spider, BareSpider)
    print(spider.pages, time.perf_counter() - start, len(spider.seen))


if __name__ == "__main__":
    main()
