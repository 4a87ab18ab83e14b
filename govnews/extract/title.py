"""What an article is called: by its place on the page, or by what the page says of itself."""

from __future__ import annotations

import re

from govnews.extract.head import Head, Value, same_words
from govnews.extract.metadata import Metadata, page_title
from govnews.extract.page import Page
from govnews.extract.text import words_of

_PARTING = re.compile(r"(\s+[|–—»-]\s+|\s*[|»]\s*)")


def title_hints(page: Page, stated: Metadata) -> tuple[str, ...]:
    """What metadata and `<title>` call a page, without the site's own name."""
    told = (*(entry.value for entry in stated.get("title", ())), page_title(page.root))
    return tuple(filter(None, (site_less(text, _names(page, stated)) for text in told)))


def read_title(page: Page, head: Head, stated: Metadata) -> Value | None:
    """The title by its place, or else by metadata; metadata goes before a mere guess."""
    if head.found is not None and head.found.certainty != "guessed":
        return head.found
    for entry in stated.get("title", ()):
        text = site_less(entry.value, _names(page, stated))
        if text:
            return Value(text, entry.rule, entry.value)
    return head.found or _generic(page, stated)


def site_less(title: str, names: tuple[str, ...]) -> str:
    """A page's title without the site's name before or behind it; '' where nothing is left."""
    parts = _PARTING.split(title)
    while parts and any(same_words(parts[-1], name) for name in names):
        parts = parts[:-2]
    while parts and any(same_words(parts[0], name) for name in names):
        parts = parts[2:]
    return "".join(parts).strip()


def _generic(page: Page, stated: Metadata) -> Value | None:
    for heading in page.root.iter("h1"):
        text = words_of(heading)
        if text:
            return Value(text, "h1", text, "inferred")
    text = site_less(page_title(page.root), _names(page, stated))
    return Value(text, "title", page_title(page.root), "guessed") if text else None


def _names(page: Page, stated: Metadata) -> tuple[str, ...]:
    return (page.site.name, *(entry.value for entry in stated.get("site", ())))
