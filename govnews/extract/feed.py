"""Feeds and sitemaps, told by their first element, whatever their type or address: RSS, Atom,
sitemaps, sitemaps of news, their index (sitemaps.org), and lists of addresses; gzipped too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from govnews.content import decoded
from govnews.extract.dates import DateRule
from govnews.extract.entries import MOST, Entries, Entry, published, read_entries
from govnews.extract.text import decode
from govnews.extract.urls import absolute
from govnews.items import Lead, Mention, Problem, Reading
from govnews.sites import Site
from govnews.sites.identity import bare_host

_HEAD = 65_536
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE
)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]+)")
_ROOT = re.compile(
    r"(?>[^<]+|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+"
    r"<(?P<tag>(?:[\w.-]+:)?(?P<name>rss|rdf|feed|urlset|sitemapindex))"
    r"(?P<attributes>(?=[\s/>])[^<>]*)>",
    re.DOTALL | re.IGNORECASE,
)
_ENTRY = {"rss": "item", "rdf": "item", "feed": "entry", "urlset": "url", "sitemapindex": "sitemap"}
_BASE = re.compile(r"\sxml:base\s*=\s*[\"']([^\"']+)")
_LIST = re.compile(r"[\s\ufeff]*https?://\S+[ \t]*(?:[\r\n]|\Z)", re.IGNORECASE)
_IN_ROBOTS = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_NAMES = ("sitemap", "rss", "atom", "feed", "rdf")
_SITEMAP_PATH = re.compile(r"/[^/]*sitemap[^/]*\.xml(?:\.gz)?$", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"/(?:rss2?|atom|feeds?)(?:\.\w{2,4})?/?$|\.(?:rss|atom|rdf)$|/rss/[^/]+$", re.IGNORECASE
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed|format|type|output)=(?:rss2?|atom|feed)(?:&|$)", re.IGNORECASE
)


class _Kind(NamedTuple):
    """What a feed is: its first element's name and tag, '' for a list of addresses; where its
    content begins; and what its addresses are relative to, where it says so (XML Base)."""

    name: str = ""
    tag: str = ""
    start: int = 0
    base: str = ""


def read_feed(
    body: bytes, url: str, site: Site, content_type: str | None, captured_at: str | None
) -> Reading | None:
    """What a feed or sitemap says, None where a body is none; never raises.

    Its mentions are of the articles that it names, its leads the sitemaps of an index. What could
    not be read is a problem of the kind `cut-feed`.
    """
    faults: tuple[Problem, ...] = ()
    if body.startswith(b"\x1f\x8b"):
        body, broken = decoded(body, "gzip")
        faults = (Problem("cut-feed", broken.message),) if broken else ()
    if _PAGE.match(body):
        return None
    content_type = _stated(body, content_type)
    if _kind(decode(body[:_HEAD], content_type).text) is None:
        return None
    text, _, fault = decode(body, content_type)
    kind = _kind(text)
    if kind is None:
        return None
    url = absolute(url, kind.base, site) or url if kind.base else url
    entries = _lines(text) if not kind.name else _elements(text, kind)
    faults += (Problem("encoding", fault),) if fault else ()
    faults += (Problem("cut-feed", entries.fault),) if entries.fault else ()
    if kind.name == "sitemapindex":
        named = (address for entry in entries.found for address in entry.addresses[:1])
        return Reading(leads=_sitemaps(named, url, site), problems=faults, kind="feed")
    rule = DateRule(site.timezone, site.date_layouts, captured_at)
    is_plain = kind.name in ("urlset", "")
    told = [one for one in entries.found if one.is_news or not (is_plain and site.generic)]
    return Reading(mentions=_mentions(told, url, site, rule), problems=faults, kind="feed")


def read_robots(body: bytes, url: str, site: Site) -> Reading:
    """What a robots.txt leads to: the sitemaps that it names."""
    named = (match[1].decode("utf-8", "replace") for match in _IN_ROBOTS.finditer(body))
    return Reading(leads=_sitemaps(named, url, site))


def feed_lead(url: str, title: str | None) -> Lead | None:
    """A link to what looks like a feed or a sitemap by its address."""
    small = url.lower()
    if not any(name in small for name in _NAMES):
        return None
    parts = urlsplit(url)
    if _SITEMAP_PATH.search(parts.path):
        return Lead(url, "sitemap", title)
    is_feed = _FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query)
    return Lead(url, "feed", title) if is_feed else None


def _stated(body: bytes, content_type: str | None) -> str | None:
    """The declared type, with the encoding that the XML declares where the header has none."""
    stated = _ENCODING.search(body, 0, 1024)
    if stated is None or "charset" in (content_type or "").lower():
        return content_type
    return f"text/xml; charset={stated[1].decode()}"


def _kind(text: str) -> _Kind | None:
    root = _ROOT.match(text, 0, _HEAD)
    if root:
        base = _BASE.search(root["attributes"])
        return _Kind(root["name"].lower(), root["tag"], root.end(), base[1] if base else "")
    return _Kind() if _LIST.match(text) and "<" not in text[:_HEAD] else None


def _elements(text: str, kind: _Kind) -> Entries:
    if text[kind.start - 2] == "/":
        return Entries(())
    return read_entries(text[kind.start :], _ENTRY[kind.name], kind.tag)


def _lines(text: str) -> Entries:
    """The addresses of a list, one a line."""
    lines = [line for line in map(str.strip, text.split("\n")) if line.startswith("http")]
    fault = f"more than {MOST} entries" if len(lines) > MOST else None
    return Entries(tuple(Entry((line,)) for line in lines[:MOST]), fault)


def _mentions(
    entries: Iterable[Entry], url: str, site: Site, rule: DateRule
) -> tuple[Mention, ...]:
    found: dict[tuple[str, str], Mention] = {}
    for entry in entries:
        goals = (absolute(url, address, site) for address in entry.addresses)
        goal = next((goal for goal in goals if goal and _may_be_article(goal, url, site)), None)
        key = site.key(goal) if goal else None
        if goal and key:
            mention = Mention(key, goal, entry.title, published(entry, rule), "listing")
            found.setdefault((key, goal), mention)
    return tuple(found.values())


def _may_be_article(goal: str, url: str, site: Site) -> bool:
    """Whether an address is an article's by the site's grammar; without one, whether it is on the
    feed's own host, and more than that."""
    if site.key(goal) is None or site.is_listing(goal):
        return False
    there, here = urlsplit(goal), urlsplit(url)
    same = bare_host(there.netloc) == bare_host(here.netloc)
    return not site.generic or (same and bool(there.path.strip("/") or there.query))


def _sitemaps(addresses: Iterable[str], url: str, site: Site) -> tuple[Lead, ...]:
    goals = (absolute(url, address, site) for address in addresses)
    wanted = dict.fromkeys(goal for goal in goals if goal and goal != url and site.covers(goal))
    return tuple(Lead(goal, "sitemap") for goal in wanted)
