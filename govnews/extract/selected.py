"""What a site's selectors say of a field, and how sure that is."""

from __future__ import annotations

from govnews.extract.head import Value
from govnews.extract.lines import join
from govnews.extract.page import Match, Page
from govnews.extract.text import clean
from govnews.items import Problem

_RAW = 200
_SINGLE = ("title", "summary", "author", "section")


def read_selected(page: Page, field: str) -> Value | None:
    """The text of the first match that has one."""
    for match in page.matches[field]:
        text = _text(page, match)
        if text:
            folded = text if field == "summary" else clean(text)
            return Value(folded, match.selector, text[:_RAW])
    return None


def doubts(page: Page) -> tuple[Problem, ...]:
    """A problem for each field whose selector promises one text and finds several."""
    return tuple(
        Problem("many-matches", f"{page.matches[field][0].selector} found {count} texts", field)
        for field in _SINGLE
        if (count := len({_text(page, match) for match in page.matches[field]} - {None})) > 1
    )


def _text(page: Page, match: Match) -> str | None:
    lines = page.lines_of(match.element) if match.element is not None else range(0)
    return match.text or join([page.lines[number] for number in lines])
