"""One page's reading: the article, the mentions, the way onward, and what did not fit."""

from __future__ import annotations

from typing import Literal

from lxml import etree

from govnews.extract import page as pages
from govnews.extract.absence import no_article, wording
from govnews.extract.article import Found, read_article
from govnews.extract.calendar import read_calendar
from govnews.extract.feed import feed_lead, read_feed
from govnews.extract.labels import Label, label_of
from govnews.extract.mentions import Item, main_run, read_items, to_mentions
from govnews.extract.page import Page
from govnews.extract.pager import Way, find_pager
from govnews.extract.text import clean, decode, is_binary, words_of
from govnews.extract.urls import absolute
from govnews.items import Lead, Problem, Reading
from govnews.sites import Site

_FEEDS = ("application/rss+xml", "application/atom+xml")
_NO_PAGING = (None, Label.ONWARD)
_LEAST_RUN = 3
Kind = Literal["article", "listing", "other"]


def read_page(
    body: bytes,
    url: str,
    site: Site,
    *,
    content_type: str | None = None,
    captured_at: str | None = None,
) -> Reading:
    """What one page says; pure, and never raises for what the page holds.

    `url` is the page's address on the site's own host, `content_type` the header as received,
    `captured_at` (ISO 8601) the time that `8 giờ trước` counts from. What can't be read becomes
    a problem: `empty-page`, `not-html`, `encoding`, `no-article`, `soft-404`, `login-page`,
    `empty-listing`, `many-matches`, `cut-page`, `cut-feed`.
    """
    url = url if absolute(url, "/", site) else ""
    if not body or body.isspace():
        return Reading(problems=(Problem("empty-page", "the body holds nothing"),))
    feed = read_feed(body, url, site, content_type, captured_at)
    if feed is not None:
        return feed
    if is_binary(body, content_type):
        return Reading(problems=(Problem("not-html", f"no page: {content_type or 'binary'}"),))
    decoded = decode(body, content_type)
    faults: tuple[Problem, ...] = ()
    if decoded.fault:
        faults = (Problem("encoding", decoded.fault),)
    root, limit = pages.parse(decoded.text)
    if root is None:
        return Reading(problems=(*faults, Problem("empty-page", "there is no element in it")))
    if limit:
        faults += (Problem("cut-page", f"read only in part: {limit}"),)
    page = pages.read(root, url, site, captured_at, decoded.text)
    return _reading(page, faults)


def _reading(page: Page, faults: tuple[Problem, ...]) -> Reading:
    items = read_items(page)
    found = read_article(page, items) if page.key and not page.is_listing else Found(None, ())
    listed = main_run(page, items) if found.article is None else frozenset()
    kind = _kind(page, found, listed)
    if kind != "listing":
        listed = frozenset()
    related = frozenset(link.element for entry in found.related for link in entry.links)
    way = find_pager(page, _run(items, listed)) if kind != "article" else Way(None, None)
    misses = _misses(page, kind, found, items)
    return Reading(
        article=found.article,
        mentions=to_mentions(items, related, listed),
        next=way.next,
        leads=_leads(page, kind),
        problems=(*faults, *found.problems, *misses),
        evidence=found.evidence,
        pager=way.pager,
        section=_section(page) if kind == "listing" else None,
        calendar=read_calendar(page) if kind != "article" else None,
        kind=kind,
        wording=wording(page, misses[0]) if kind == "other" and misses else None,
    )


def _kind(page: Page, found: Found, listed: frozenset[str]) -> Kind:
    """What a page is: an article; a listing by its address or by a run of articles."""
    if found.article is not None:
        return "article"
    if page.is_listing:
        return "listing"
    own = page.key is not None and not page.site.generic
    return "listing" if not own and len(listed) >= _LEAST_RUN else "other"


def _run(items: tuple[Item, ...], listed: frozenset[str]) -> etree._Element | None:
    """The element around a listing's items."""
    return next((item.run for item in items if item.key in listed), None)


def _misses(page: Page, kind: Kind, found: Found, items: tuple[Item, ...]) -> tuple[Problem, ...]:
    """What a page of this kind should have held."""
    if kind == "listing" and not items:
        return (Problem("empty-listing", "no article is named on this listing"),)
    if page.key is None or found.article is not None or kind == "listing":
        return ()
    return (no_article(page),)


def _leads(page: Page, kind: Kind) -> tuple[Lead, ...]:
    """The listings that a page links to, and its feeds; a pager's links are no leads."""
    leads: dict[str, Lead] = {}
    for link in page.links:
        url, text = link.url, link.text
        if link.listing and url not in leads and url != page.url and label_of(text) in _NO_PAGING:
            leads[url] = Lead(url, "listing", text or None)
        elif kind != "article" and not link.listing and page.site.covers(url):
            feed = feed_lead(url, text or None)
            if feed:
                leads.setdefault(url, feed)
    for element in page.root.iter("link"):
        if (element.get("type") or "").strip().lower() in _FEEDS:
            href = absolute(page.base, element.get("href") or "", page.site)
            if href and page.site.covers(href):
                title = clean(element.get("title") or "") or None
                leads.setdefault(href, Lead(href, "feed", title))
    return tuple(leads.values())


def _section(page: Page) -> str | None:
    """A listing's section: by selector, by its address, or its heading."""
    for match in page.matches["heading"]:
        element = match.element
        text = match.text or (words_of(element) if element is not None else "")
        if text:
            return text
    if page.section:
        return page.section
    headings = (words_of(h) for h in page.root.iter("h1", "h2"))
    return next(filter(None, headings), None)
