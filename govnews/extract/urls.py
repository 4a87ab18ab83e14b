"""A page's links, absolute and as the portal's own addresses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from govnews.extract.lines import Line
from govnews.extract.text import clean, words_of
from govnews.sites import Site
from govnews.sites.identity import clean_url


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


def base_of(root: etree._Element, url: str, site: Site) -> str:
    """What a page's links are relative to: its own address unless `<base href>` says otherwise."""
    for element in root.iter("base"):
        href = element.get("href")
        base = clean_url(url, href) if href else None
        return site.own(base) if base else url
    return url


def absolute(base: str, href: str, site: Site) -> str | None:
    """The portal's own address of a link, None for what is no web address."""
    if href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    url = _cleaned(_root(base) if _is_rooted(href) else base, href)
    return site.own(url) if url else None


def read_links(
    root: etree._Element, lines: tuple[Line, ...], base: str, site: Site
) -> tuple[Link, ...]:
    """All links of a page in their order, hidden ones too (menus open on a click)."""
    texts = _texts(lines)
    return tuple(_links(root, texts, base, site))


def _links(
    root: etree._Element, texts: dict[etree._Element, tuple[int, str]], base: str, site: Site
) -> Iterator[Link]:
    for element in root.iter("a", "area"):
        href = element.get("href")
        url = absolute(base, href, site) if href else None
        if url is not None:
            line, text = texts.get(element) or (None, words_of(element))
            yield Link(element, url, text, site.key(url), _is_listing(site, url), line)


def _texts(lines: tuple[Line, ...]) -> dict[etree._Element, tuple[int, str]]:
    """For each visible link, its best line: a heading, or else the first that says something."""
    found: dict[etree._Element, tuple[int, str]] = {}
    headed: set[etree._Element] = set()
    for number, line in enumerate(lines):
        for link, text in _linked(line):
            is_heading = line.element.tag in _HEADINGS
            better = link not in found or (len(found[link][1]) < 10 and len(text) > 9)
            if better or (is_heading and link not in headed):
                found[link] = (number, text)
            if is_heading:
                headed.add(link)
    return found


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _linked(line: Line) -> Iterator[tuple[etree._Element, str]]:
    """The links on a line with their texts."""
    texts: dict[etree._Element, list[str]] = {}
    for text, link in line.pieces:
        if link is not None:
            texts.setdefault(link, []).append(text)
    for link, parts in texts.items():
        yield link, clean("".join(parts))


def alternative(element: etree._Element) -> str:
    """What a link without text is called: its title, or its picture's description."""
    title = element.get("title")
    if title and title.strip():
        return clean(title)
    for image in element.iter("img"):
        return clean(image.get("alt") or image.get("title") or "")
    return ""


def _is_rooted(href: str) -> bool:
    return href.startswith(("/", "http://", "https://"))


@lru_cache(maxsize=1000)
def _root(base: str) -> str:
    """The root of an address: what a rooted link is relative to, the same for all pages."""
    try:
        parts = urlsplit(base)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}/"


@lru_cache(maxsize=20_000)
def _cleaned(base: str, href: str) -> str | None:
    return clean_url(base, href)


@lru_cache(maxsize=20_000)
def _is_listing(site: Site, url: str) -> bool:
    return site.is_listing(url)
