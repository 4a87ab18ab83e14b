"""One page from the network, as politely as a crawl asks: robots.txt first, under our name."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from govnews.clock import timestamp
from govnews.content import MAX_BYTES, decoded
from govnews.errors import CrawlError, UsageError
from govnews.settings import USER_AGENT
from govnews.sites.identity import clean_url

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as received; `url` is where it came from after redirects, `fetched_at` in UTC."""

    url: str
    body: bytes
    content_type: str | None
    fetched_at: str


def fetch(address: str) -> Fetched:
    """The page at an address, asked for once.

    Raises UsageError for what is no web address; CrawlError where robots.txt forbids it, the
    server refuses it or can't be reached.
    """
    url = clean_url(address, address)
    if url is None:
        raise UsageError(f"{address} is no web address. Begin it with http:// or https://")
    try:
        if not _allowed(url):
            raise CrawlError(f"robots.txt forbids {url}. Save the page by hand and read the file")
        return _get(url)
    except urllib.error.HTTPError as error:
        raise CrawlError(f"{url}: the server answered {error.code} {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        cure = "Check the address, or try again later"
        raise CrawlError(f"{url} can't be fetched: {error}. {cure}") from error


def _allowed(url: str) -> bool:
    try:
        rules = _get(urljoin(url, "/robots.txt")).body.decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        error.close()
        return error.code < 500
    parser = RobotFileParser()
    parser.parse(rules.splitlines())
    return parser.can_fetch(USER_AGENT, url)


def _get(url: str) -> Fetched:
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})
    with urllib.request.urlopen(request, timeout=_SECONDS) as response:
        body, _ = decoded(response.read(MAX_BYTES), response.headers["Content-Encoding"])
        return Fetched(response.url, body, response.headers["Content-Type"], timestamp())
