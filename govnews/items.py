"""The words of the house as frozen data: what passes from room to room.

Times are ISO 8601 text with an offset, a day alone (`2021-01-20`) where no time is known.
Text is NFC with LF line ends; what is absent is None, never ''.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Form = tuple[tuple[str, str], ...]
"""A form's fields as a browser would send them: (name, value) pairs, in order."""

Certainty = Literal["stated", "inferred", "guessed"]
"""`stated`: the page says so in words or markup; `inferred`: from structure; `guessed`."""

DATE_SOURCES = ("article", "metadata", "address", "listing", "related")
"""Where a publication date may come from, the strongest first."""


@dataclass(frozen=True, slots=True)
class Target:
    """A request worth making: `form` is what a POST sends."""

    url: str
    method: str = "GET"
    form: Form = ()


@dataclass(frozen=True, slots=True)
class Capture:
    """One request and its response as received.

    `url` is the address that was asked; `body` the entity as the server sent it, before any
    decompression; `headers` and `request_headers` are (name, value) pairs in their order.
    `truncated` says why the body is not whole: the connection broke before the announced end
    (`disconnect`), or did not come in time (`time`), or there was more of it than is taken
    (`length`). `layers` are the version and
    the cipher suite of TLS (`tls/1.3`, `TLS_AES_256_GCM_SHA384`), `tls` what was allowed of it that
    is not good.
    """

    site: str
    url: str
    fetched_at: str
    status: int
    reason: str = ""
    protocol: str = "HTTP/1.1"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    request_body: bytes = b""
    ip_address: str | None = None
    truncated: Literal["disconnect", "length", "time"] | None = None
    layers: tuple[str, str] | None = None
    tls: str | None = None

    def header(self, name: str) -> str | None:
        """The first response header of this name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Mention:
    """That a page names an article: its address, the link's text, the date beside it.

    `key` is the article's identity within the site. `place` is `listing` for an item of a
    listing, `related` for one of an article's list of other news, `link` for any other link.
    """

    key: str
    url: str
    title: str | None = None
    published_at: str | None = None
    place: Literal["listing", "related", "link"] = "link"


@dataclass(frozen=True, slots=True)
class Lead:
    """Another address worth a visit: a further listing, a feed, a redirect's target."""

    url: str
    kind: Literal["listing", "feed", "sitemap", "page"] = "page"
    title: str | None = None


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """A link in an article's list of other news."""

    title: str | None
    url: str
    published_at: str | None = None


@dataclass(frozen=True, slots=True)
class Medium:
    """An image or an attachment of an article; `title` is its caption or link text."""

    kind: Literal["image", "attachment"]
    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A news item as one page shows it.

    `body` is plain text: a blank line between paragraphs, a table's row on a line with its cells
    divided by tabs, a list's item on a line after `- `. `published_source` is one of
    `DATE_SOURCES`, None with an absent date.
    """

    key: str
    url: str
    title: str | None = None
    summary: str | None = None
    body: str | None = None
    author: str | None = None
    section: str | None = None
    language: str | None = None
    published_at: str | None = None
    published_source: str | None = None
    related_links: tuple[RelatedLink, ...] = ()
    media: tuple[Medium, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a field came about: the rule that gave the value, and the raw text it read."""

    field: str
    value: str
    rule: str
    raw: str
    certainty: Certainty = "stated"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that did not fit; `kind` is a short word to count by, `message` for people."""

    kind: str
    message: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Pager:
    """What a listing says of its own length.

    `current` and `last` are page numbers where the page shows them; `has_next` says that it
    offers a way onward, `numbered` that it shows the numbers of pages.
    """

    current: int | None = None
    last: int | None = None
    has_next: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """A month of a calendar: `month` is its first day, `days` are those that are links, `address`
    is the pattern of their addresses, with `{day:…}` for the day; None where no day is a link.
    """

    month: str
    address: str | None = None
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page says: maybe an article, its mentions, the way onward, the problems.

    `next` is the request that leads to the following page of this listing, None at its end;
    `pager` is None where the page shows no pager. `section` is the heading of a listing, `calendar`
    the month that it shows. `wording`
    is a digest of what stands at an article's address in the article's place.
    """

    article: Article | None = None
    mentions: tuple[Mention, ...] = ()
    next: Target | None = None
    leads: tuple[Lead, ...] = ()
    problems: tuple[Problem, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    pager: Pager | None = None
    section: str | None = None
    calendar: Calendar | None = None
    kind: Literal["article", "listing", "feed", "other"] = field(default="other")
    wording: str | None = None
