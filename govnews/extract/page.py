"""A parsed page: its tree, its lines, its links, and what a site's selectors found on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from lxml import etree

from govnews.extract.dates import DateRule
from govnews.extract.lines import Line
from govnews.extract.owners import Owners, owners
from govnews.extract.scripts import Definition, definition
from govnews.extract.text import clean, to_source
from govnews.extract.urls import Link, base_of, read_links
from govnews.extract.walk import read_lines
from govnews.sites import Site, as_xpath
from govnews.sites.site import Selectors

MARKED_FIELDS = ("title", "summary", "body", "author", "section", "date", "related", "attachments")


@dataclass(frozen=True, slots=True)
class Match:
    """What a selector found: an element, or the text or attribute that an XPath gives."""

    selector: str
    element: etree._Element | None
    text: str


@dataclass(frozen=True)
class Page:
    """A page as the rules see it; `spans` says which lines each selected element holds, `source` is
    the text that it was read from."""

    root: etree._Element
    url: str
    base: str
    site: Site
    dates: DateRule
    lines: tuple[Line, ...]
    links: tuple[Link, ...]
    spans: dict[etree._Element, range]
    matches: dict[str, tuple[Match, ...]]
    source: str = ""

    @cached_property
    def key(self) -> str | None:
        """The identity of the article that the page's own address names."""
        return self.site.key(self.url)

    @cached_property
    def is_listing(self) -> bool:
        """Whether the page's own address is a listing's."""
        return self.site.is_listing(self.url)

    @cached_property
    def section(self) -> str | None:
        """The section that the page's own address names."""
        return self.site.section_of(self.url)

    @cached_property
    def listing_links(self) -> frozenset[etree._Element]:
        """The links that lead to a listing."""
        return frozenset(link.element for link in self.links if link.listing)

    @cached_property
    def owners(self) -> Owners:
        """The form of each control."""
        return owners(self.root, self.source)

    @cached_property
    def postback(self) -> Definition:
        """How the page's own script posts back."""
        return definition(self.root)

    def lines_of(self, element: etree._Element) -> range:
        """The numbers of the lines of an element that a selector of the site found."""
        return self.spans.get(element, range(0))


def parse(text: str) -> tuple[etree._Element | None, str | None]:
    """The tree of a page, however broken its markup, and what was too much for the parser.

    None where there is no element. Below 2,048 levels libxml2 reads no further.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(to_source(text), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, None
    last = parser.error_log.last_error
    is_cut = last is not None and last.type_name == "ERR_RESOURCE_LIMIT"
    return root, str(last.message) if is_cut else None


def read(
    root: etree._Element, url: str, site: Site, captured_at: str | None, source: str = ""
) -> Page:
    """The page of a tree, read once from top to bottom."""
    matches = {name: _first(root, getattr(site.fields, name)) for name in MARKED_FIELDS}
    matches["item"] = _first(root, site.listing.item)
    matches["heading"] = _first(root, site.listing.section)
    marks = _elements([match for found in matches.values() for match in found])
    strip = _elements(select(root, *site.fields.strip))
    body = root.find("body")
    lines = read_lines(root if body is None else body, marks, strip)
    base = base_of(root, url, site)
    dates = DateRule(site.timezone, site.date_layouts, captured_at)
    links = read_links(root, lines.all, base, site)
    return Page(root, url, base, site, dates, lines.all, links, lines.spans, matches, source)


def select(root: etree._Element, *selectors: str) -> list[Match]:
    """All that these selectors find, in their order."""
    return [match for selector in selectors for match in _select(root, selector)]


def _elements(matches: list[Match]) -> set[etree._Element]:
    return {match.element for match in matches if match.element is not None}


def _first(root: etree._Element, selectors: Selectors) -> tuple[Match, ...]:
    """What the first selector finds that finds any text or picture, or else the first that finds
    an element at all."""
    empty: list[Match] = []
    for selector in selectors:
        matches = _select(root, selector)
        found = [match for match in matches if _says_something(match)]
        if found:
            return tuple(found)
        empty = empty or matches
    return tuple(empty)


def _says_something(match: Match) -> bool:
    if match.element is None:
        return bool(match.text)
    texts = match.element.itertext()
    return any(text.strip() for text in texts) or next(match.element.iter("img"), None) is not None


def _select(root: etree._Element, selector: str) -> list[Match]:
    try:
        found = _compiled(selector)(root)
    except etree.XPathError:
        return []
    results = found if isinstance(found, list) else [found]
    return [_match(selector, result) for result in results]


def _match(selector: str, result: object) -> Match:
    if isinstance(result, etree._Element):
        return Match(selector, result, "")
    return Match(selector, None, clean(str(result)) if isinstance(result, str) else "")


@lru_cache(maxsize=1000)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(as_xpath(selector), smart_strings=False)
