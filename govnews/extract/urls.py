"""A page's links, absolute and as the portal's own addresses."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from govnews.extract.lines import Line
from govnews.extract.text import clean, words_of
from govnews.sites import Site
from govnews.sites.identity import clean_url

_ROOTED = ("/", "http://", "https://")


class Link(NamedTuple):
    """A link: `url` is absolute and on the portal's own host; `key` the identity of the article
    that it leads to, `listing` whether it leads to a listing; `line` is the number of the line
    it stands on, None for a hidden one. `text` is '' for a link that shows a picture alone."""

    element: etree._Element
    url: str
    text: str
    key: str | None
    listing: bool
    line: int | None


class _Goal(NamedTuple):
    """What the address of a link says: its form on the portal's own host, the article's key."""

    url: str
    key: str | None
    listing: bool


def base_of(root: etree._Element, url: str, site: Site) -> str:
    """What a page's links are relative to: its own address unless `<base href>` says otherwise."""
    for element in root.iter("base"):
        href = element.get("href")
        base = clean_url(url, href) if href else None
        return site.own(base) if base else url
    return url


def absolute(base: str, href: str, site: Site) -> str | None:
    """The portal's own address of a link, None for what is no web address."""
    goal = _goal(_root(base) if href.startswith(_ROOTED) else base, href, site)
    return goal.url if goal else None


def read_links(
    root: etree._Element, lines: tuple[Line, ...], base: str, site: Site
) -> tuple[Link, ...]:
    """All links of a page in their order, hidden ones too (menus open on a click)."""
    texts = _texts(lines)
    top = _root(base)
    links: list[Link] = []
    for element in root.iter("a", "area"):
        href = element.get("href")
        goal = _goal(top if href.startswith(_ROOTED) else base, href, site) if href else None
        if goal is not None:
            line, text = texts.get(element) or (None, words_of(element))
            links.append(Link(element, goal.url, text, goal.key, goal.listing, line))
    return tuple(links)


def _texts(lines: tuple[Line, ...]) -> dict[etree._Element, tuple[int, str]]:
    """For each visible link, its best line: a heading, or else the first that says something."""
    found: dict[etree._Element, tuple[int, str]] = {}
    headed: set[etree._Element] = set()
    for number, line in enumerate(lines):
        is_heading = line.element.tag in _HEADINGS
        for link, text in _linked(line):
            better = link not in found or (len(found[link][1]) < 10 and len(text) > 9)
            if better or (is_heading and link not in headed):
                found[link] = (number, text)
            if is_heading:
                headed.add(link)
    return found


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _linked(line: Line) -> list[tuple[etree._Element, str]]:
    """The links on a line with their texts."""
    if not line.linked and line.kind != "image":
        return []
    texts: dict[etree._Element, list[str]] = {}
    for text, link in line.pieces:
        if link is not None:
            texts.setdefault(link, []).append(text)
    return [(link, clean("".join(parts))) for link, parts in texts.items()]


def alternative(element: etree._Element) -> str:
    """What a link without text is called: its title, or its picture's description."""
    title = element.get("title")
    if title and title.strip():
        return clean(title)
    for image in element.iter("img"):
        return clean(image.get("alt") or image.get("title") or "")
    return ""


@lru_cache(maxsize=1000)
def _root(base: str) -> str:
    """The root of an address: what a rooted link is relative to, the same for all pages."""
    try:
        parts = urlsplit(base)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}/"


@lru_cache(maxsize=20_000)
def _goal(base: str, href: str, site: Site) -> _Goal | None:
    """Where a link leads; kept, since the pages of a portal link to the same places."""
    if href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    if "\\" in href:  # browsers take it for a slash in an address's path
        path, mark, query = href.partition("?")
        href = path.replace("\\", "/") + mark + query
    cleaned = clean_url(base, href)
    url = site.own(cleaned) if cleaned else None
    return _Goal(url, site.key(url), site.is_listing(url)) if url else None
