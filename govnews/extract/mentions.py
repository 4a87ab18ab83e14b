"""Mentions: which articles a page names, with the title and the stamp printed beside each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from govnews.extract.boxes import Boxes, find_boxes
from govnews.extract.dates import find_date, read_date
from govnews.extract.page import Match, Page, select
from govnews.extract.stamps import Beside, beside, row_stamps, stamp_beside
from govnews.extract.text import words_of
from govnews.extract.urls import Link, alternative
from govnews.items import Mention
from govnews.sites import identity

_BULLETS = " \t•·●▪►▶»›*-–—+|>"
_STAMP_AT_END = re.compile(r"\s*\(([^()]*\d{4}[^()]*)\)$")
_LEAST_TITLE = 25
Place = Literal["listing", "related", "link"]
_RANK: Callable[[Place], int] = ("link", "listing", "related").index
_SLUG = re.compile(r"(?:[^/]*-){3,}[^/]*$|/[^/]*\d{4,}[^/]*$")


class Item(NamedTuple):
    """A link to an article, in the smallest element that holds links to this article alone.

    `run` is the element around it, which holds several items.
    """

    link: Link
    key: str
    title: str | None
    stamp: str | None
    box: etree._Element
    run: etree._Element | None


def read_items(page: Page) -> tuple[Item, ...]:
    """All links of a page to articles other than itself, each with its title and its stamp."""
    links = [link for link in page.links if link.key and _may_be_article(page, link)]
    boxes = find_boxes(links)
    ruled = dict(_by_selector(page)) if page.site.listing.item else {}
    words = beside(page.lines, {link.line for link in links if link.line is not None})
    items = [_item(page, link, boxes, ruled, words) for link in links if link.key != page.key]
    return tuple(_with_rows(page, items))


def to_mentions(
    items: tuple[Item, ...], related: frozenset[etree._Element], listed: frozenset[str]
) -> tuple[Mention, ...]:
    """One mention for each article and address: the longest title, the first stamp.

    `related` are the links in an article's list of other news, `listed` the keys of a
    listing's items.
    """
    titles: dict[str, str] = {}
    names: dict[str, str] = {}
    stamps: dict[str, str] = {}
    places: dict[tuple[str, str], Place] = {}
    for item in items:
        key, title = item.key, item.title or ""
        titles[key] = max(titles.get(key, ""), title, key=len)
        if item.stamp:
            stamps.setdefault(key, item.stamp)
        place: Place = "listing" if key in listed else "link"
        place = "related" if item.link.element in related else place
        places[key, item.link.url] = max(place, places.get((key, item.link.url), place), key=_RANK)
    for item in items:
        if not titles[item.key]:
            names[item.key] = names.get(item.key) or alternative(item.link.element)
    return tuple(
        Mention(key, url, titles[key] or names.get(key) or None, stamps.get(key), place)
        for (key, url), place in places.items()
    )


def main_run(page: Page, items: tuple[Item, ...]) -> frozenset[str]:
    """The keys of a listing's own items: those that the site's selectors name, or else the run
    with the most articles, stamps and words."""
    if page.site.listing.title or page.site.listing.item:
        named = {element for element, _ in _by_selector(page)}
        keys = {item.key for item in items if item.link.element in named}
        if keys:
            return frozenset(keys)
    runs: dict[etree._Element, dict[str, Item]] = {}
    for item in items:
        if item.run is not None:
            runs.setdefault(item.run, {}).setdefault(item.key, item)
    best = max(runs.values(), key=_weight, default={})
    return frozenset(best)


def _weight(run: dict[str, Item]) -> float:
    """How much a run looks like a listing: its articles, their stamps, their words."""
    words = sum(min(len(item.title or ""), 100) / 100 for item in run.values())
    return len(run) + sum(bool(item.stamp) for item in run.values()) + words


def _may_be_article(page: Page, link: Link) -> bool:
    """Whether a link may lead to an article: always by a site's own grammar; without one, when
    it stays on the host and its text or its address is as long as a title."""
    if not page.site.generic:
        return True
    there, here = urlsplit(link.url), urlsplit(page.url)
    if identity.bare_host(there.netloc) != identity.bare_host(here.netloc):
        return False
    if there.path.strip("/") == "" or _FILE.search(there.path):
        return False
    return (
        len(link.text) >= _LEAST_TITLE
        and " " in link.text
        and bool(_SLUG.search(there.path) or there.query or len(there.path) > 20)
    )


_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|jpe?g|png|gif|mp[34])$", re.IGNORECASE)


def _item(
    page: Page,
    link: Link,
    boxes: Boxes,
    ruled: dict[etree._Element, str | None],
    words: Beside,
) -> Item:
    assert link.key is not None
    box, run = boxes.around(link.element)
    title, stamp = _split(page, link.text)
    stamp = ruled.get(link.element) or stamp or stamp_beside(page, link, box, words)
    return Item(link, link.key, title, stamp, box, run)


def _split(page: Page, text: str) -> tuple[str | None, str | None]:
    """A link's text without bullets and the stamp in brackets at its end, and that stamp."""
    match = _STAMP_AT_END.search(text) if text.endswith(")") else None
    found = read_date(match[1], page.dates) if match else None
    title = text[: match.start()] if match and found and "T" in found.value else text
    stamp = found.value if found and "T" in found.value else None
    return title.strip(_BULLETS) or None, stamp


def _with_rows(page: Page, items: list[Item]) -> Iterator[Item]:
    """Items with the stamps of the rows between them, where a run has none in its boxes."""
    runs: dict[etree._Element, list[Item]] = {}
    for item in items:
        if item.run is not None:
            runs.setdefault(item.run, []).append(item)
    found: dict[str, str] = {}
    for run, members in runs.items():
        lines = {item.link.line: item.key for item in members if item.link.line is not None}
        if lines and not any(item.stamp for item in members):
            found |= row_stamps(page, run, lines)
    for item in items:
        yield item if item.stamp else item._replace(stamp=found.get(item.key))


def _by_selector(page: Page) -> Iterator[tuple[etree._Element, str | None]]:
    """The title links that the site's selectors name, each with its item's stamp, if selected."""
    rule = page.site.listing
    if not rule.item:
        for match in select(page.root, *rule.title):
            link = _link_in(match)
            if link is not None:
                yield link, None
        return
    for item in select(page.root, *rule.item):
        if item.element is not None:
            titles = select(item.element, *rule.title) or [item]
            stamp = _selected_stamp(page, item.element)
            for link in filter(None, map(_link_in, titles)):
                yield link, stamp


def _link_in(match: Match) -> etree._Element | None:
    return None if match.element is None else next(match.element.iter("a"), None)


def _selected_stamp(page: Page, item: etree._Element) -> str | None:
    for match in select(item, *page.site.listing.date):
        text = match.text if match.element is None else words_of(match.element)
        found = find_date(text, page.dates)
        if found:
            return found.value
    return None
