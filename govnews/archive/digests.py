"""What the log holds of a reading: SHA-256 over fields, none of which can run into the next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from govnews.items import Article, Evidence
from govnews.sites import Site

_LONGEST = 300
_RULES = 12


def counted(values: Iterable[object]) -> str:
    """Values in their order, each as its length, a colon and its text, or as a hyphen where it is
    absent: so none can run into the next."""
    return "".join(
        [
            "-"
            if value is None
            else f"{len(value)}:{value}"
            if isinstance(value, str)
            else f"{len(str(value))}:{value}"
            for value in values
        ]
    )


def of_text(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def of_article(article: Article, evidence: Iterable[Evidence]) -> dict[str, object]:
    """What a reading's entry says of its article.

    `text` is what a revision keeps, but for the date, which mentions may give; `lists` what the
    latest reading decides.
    """
    links = [(link.title, link.url, link.published_at) for link in article.related_links]
    media = [(medium.kind, medium.url, medium.title) for medium in article.media]
    text = (article.title, article.summary, article.body, article.author)
    place = (article.url, article.section, article.language)
    return {
        "published": [article.published_at, article.published_source],
        "text": of_revision(text, evidence_rows(evidence)),
        "lists": of_lists(place, links, media),
    }


def of_revision(text: Iterable[object], evidence: Iterable[Sequence[object]]) -> str:
    """Of title, summary, body and author, and of the rows of their evidence, in any order."""
    told = sorted([counted(row) for row in evidence if row[0] != "published_at"])
    return of_text(counted(text) + "".join(told))


def of_lists(
    place: Iterable[object], links: Sequence[Sequence[object]], media: Iterable[Sequence[object]]
) -> str:
    """Of address, section and language as read, related links and media."""
    return of_text(counted((*place, len(links), *chain(*links, *media))))


def of_mentions(said: Iterable[str]) -> str:
    """Of rows of mentions, each as `counted` has it, in any order."""
    return of_text("".join(sorted(said)))


def of_site(site: Site) -> str:
    """What tells one state of a site's file from another, wherever the portal is asked."""
    rules = repr(replace(site, base_url=None))
    return hashlib.sha256(rules.encode()).hexdigest()[:_RULES]


def evidence_rows(evidence: Iterable[Evidence]) -> list[tuple[str, str, str, str | None, str]]:
    """Evidence as the archive keeps it, the last of each field: of a long text the beginning, since
    the whole of it is in the revision; the raw text where it differs from the value."""
    return list({item.field: _row(item) for item in evidence}.values())


def _row(item: Evidence) -> tuple[str, str, str, str | None, str]:
    raw = None if item.raw == item.value else _clipped(item.raw)
    return item.field, _clipped(item.value), item.rule, raw, item.certainty


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
