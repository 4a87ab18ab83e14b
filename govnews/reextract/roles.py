"""What a capture was asked for, by the rules of today: a key as of the frontier."""

from __future__ import annotations

import sqlite3
from urllib.parse import urlsplit

from govnews.archive import recall
from govnews.archive.evidence import Exchange
from govnews.sites import Site

_UNREAD = ("robots", "aside")


def base_of(exchange: Exchange, site: Site) -> str | None:
    """Where the portal was asked for a capture; None for its own address."""
    if exchange.role is not None or site.covers(exchange.url):
        return exchange.base_url
    parts = urlsplit(exchange.url)
    return f"{parts.scheme}://{parts.netloc}"


def role_of(past: sqlite3.Connection, exchange: Exchange, site: Site) -> str | None:
    """The row of the frontier that a capture answers; None where nothing is read of it.

    An article's is by the key that its address has today; what is no article's address any more
    may be a listing's, and else would not be asked for. Where a row does not say what was asked
    for, what was kept of the answer does, or else the address.
    """
    url = site.own(exchange.url)
    role = exchange.role or _guessed(past, exchange, site, url)
    if role in _UNREAD:
        return None
    if role.startswith("article:"):
        key = site.key(url)
        if key:
            return f"article:{key}"
        return f"listing:{site.listing_key(url) or url}" if site.is_listing(url) else None
    return role


def _guessed(past: sqlite3.Connection, exchange: Exchange, site: Site, url: str) -> str:
    if urlsplit(url).path == "/robots.txt":
        return "robots"
    if recall.was_file(past, site.id, url):
        return f"file:{url}"
    key = recall.visited_before(past, site.id, exchange.id)
    if key:
        return f"article:{key}"
    weight = recall.listed_before(past, site.id, url)
    identity = site.listing_key(url)
    if weight is not None and identity is None and weight < len(site.listings):
        return f"step:{site.listings[weight]}#1"
    if weight is not None or exchange.method == "POST" or site.is_listing(url):
        return f"listing:{identity or url}"
    key = site.key(url)
    return f"article:{key}" if key else "aside"
