"""What a site is: the frozen form of a site file, and what it says of addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from govnews.sites import identity

Selectors = tuple[str, ...]
"""CSS, or XPath behind `xpath:`; tried in order."""

Tls = Literal["verified", "unverified", "legacy"]
"""What a portal's TLS may be: good alone; with a bad certificate; with old protocols besides."""


@dataclass(frozen=True)
class ArticleRule:
    """Which addresses are articles, and the identity in them.

    `path` is a regular expression searched in the decoded path (None: any address may be an
    article); `query` names parts of the key that are query parameters, each with the parameter
    names that may carry it; `key` is filled from both. `section` is the query parameter that
    names the section.
    """

    path: str | None = None
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    key: str = ""
    section: str | None = None
    ignore_case: bool = False


@dataclass(frozen=True)
class ListingRule:
    """Which other addresses are listings, and how an item of a listing looks.

    `query` gives parameters and the value that each must have; `parameters` names the others that
    tell one listing from another: an address with more is a page or a day of one. `item` selects
    one item's element; `title`, `date` are sought within it.
    """

    path: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    section: Selectors = ()
    item: Selectors = ()
    title: Selectors = ()
    date: Selectors = ()


@dataclass(frozen=True)
class FieldRules:
    """Where the fields of an article stand, for what the generic rules would miss."""

    title: Selectors = ()
    summary: Selectors = ()
    body: Selectors = ()
    author: Selectors = ()
    section: Selectors = ()
    date: Selectors = ()
    related: Selectors = ()
    attachments: Selectors = ()
    strip: Selectors = ()


@dataclass(frozen=True)
class PagerRule:
    """`next` selects the link or button that leads to a listing's following page."""

    next: Selectors = ()


@dataclass(frozen=True)
class CalendarRule:
    """Where a listing's news of a day stand: `address` is a pattern with `{listing}`, the listing's
    own address, and `{day}`, a date that takes a format; `since` is the day of the oldest news."""

    address: str | None = None
    since: date | None = None


@dataclass(frozen=True)
class FetchRule:
    """How politely to ask: seconds between requests, how many at once, seconds to wait; and the
    size in megabytes up to which files are taken.

    `autothrottle` makes the delay longer while the portal is slow or fails; `most_requests` is how
    many a run may make (None: as many as it needs).
    """

    delay: float = 1.0
    concurrency: int = 2
    timeout: float = 60.0
    largest_file: float = 20.0
    user_agent: str | None = None
    autothrottle: bool = False
    most_requests: int | None = None
    tls: Tls = "verified"


@dataclass(frozen=True)
class Expectation:
    """What a healthy run shows: fill rates from 0 to 1, and a least number of articles known."""

    articles: int = 1
    title: float = 1.0
    body: float = 0.9
    author: float = 0.0
    published_at: float = 0.0


@dataclass(frozen=True, eq=False)
class Site:
    """A portal that we read, as its site file describes it.

    `url` is the portal's own address: identity and stored addresses are those of its host.
    `listings` are in order of weight: of several listings that show an article, the first
    decides its section. `base_url`, where set, is where the portal is asked instead.
    """

    id: str
    name: str
    url: str
    listings: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    language: str | None = None
    timezone: str = "UTC"
    ended: date | None = None
    date_layouts: tuple[str, ...] = ()
    article: ArticleRule = ArticleRule()
    listing: ListingRule = ListingRule()
    fields: FieldRules = FieldRules()
    pager: PagerRule = PagerRule()
    calendar: CalendarRule = CalendarRule()
    fetch: FetchRule = FetchRule()
    expect: Expectation = Expectation()
    base_url: str | None = None

    @property
    def generic(self) -> bool:
        """Whether no address grammar is known: any address may be an article."""
        return self.article.path is None

    def at(self, base_url: str | None) -> Site:
        """The same portal, asked at another address."""
        return replace(self, base_url=base_url) if base_url else self

    def own(self, url: str) -> str:
        """An address as the portal itself would give it: its own host in place of the asked."""
        return _moved(url, self.base_url, self.url)

    def asked(self, url: str) -> str:
        """Where to ask for one of the portal's own addresses."""
        return _moved(url, self.url, self.base_url)

    def covers(self, url: str) -> bool:
        """Whether an address is on one of the portal's hosts (any, where no host is known)."""
        return self._covers(url)

    def key(self, url: str) -> str | None:
        """The identity of the article at one of the portal's addresses, None where none is."""
        return self._key(url) if self.covers(url) else None

    def section_of(self, url: str) -> str | None:
        """The section that an address names, where the site's addresses name one."""
        return identity.parameter(url, self.article.section) if self.article.section else None

    def is_listing(self, url: str) -> bool:
        """Whether an address is a listing by the site's grammar, or named by the site file."""
        return self.covers(url) and (url in self.listings or self._is_listing(url))

    def listing_key(self, url: str) -> str | None:
        """The identity of a listing's own address; None for a page or a day of a listing."""
        rule = self.listing
        return identity.listing_key(url, (*rule.query, *rule.parameters), self.article.ignore_case)

    @cached_property
    def _covers(self) -> Callable[[str], bool]:
        own = [urlsplit(self.url).netloc] if self.url else []
        return identity.host_matcher(frozenset(map(identity.bare_host, [*own, *self.hosts])))

    @cached_property
    def _key(self) -> Callable[[str], str | None]:
        rule = self.article
        return identity.article_matcher(rule.path, rule.query, rule.key, rule.ignore_case)

    @cached_property
    def _is_listing(self) -> Callable[[str], bool]:
        rule = self.listing
        if rule.path is None:
            return lambda url: False
        matches = identity.listing_matcher(rule.path, rule.query, self.article.ignore_case)
        return lambda url: (self.generic or self._key(url) is None) and matches(url)


def _moved(url: str, old: str | None, new: str | None) -> str:
    small = url.lower()
    if not old or not new or old == new or not small.startswith("http"):
        return url
    source, goal = urlsplit(old), urlsplit(new)
    host, root = source.netloc.lower(), source.path.rstrip("/")
    parts = urlsplit(url) if host in small else None
    if parts is None or parts.netloc.lower() != host or not parts.path.startswith(root):
        return url
    path = goal.path.rstrip("/") + parts.path[len(root) :]
    return urlunsplit((goal.scheme, goal.netloc, path, parts.query, parts.fragment))
