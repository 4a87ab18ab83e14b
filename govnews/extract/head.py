"""What stands above an article's text: category, title, summary."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from govnews.extract.body import Body, is_aside
from govnews.extract.lines import Line
from govnews.extract.page import Page
from govnews.extract.prose import is_sentence
from govnews.items import Certainty

_ABOVE = 15
_HEADINGS = ("h1", "h2", "h3", "h4")
_SAPO = re.compile(
    r"sapo|summary|abstract|tom-?_?tat|trich-?yeu|chapeau|contenttext|\blead\b|standfirst"
    r"|\bdescription|\bintro|mota|mo-ta",
    re.IGNORECASE,
)
_LEAST_SUMMARY, _LEAST_NAMED = 30, 8


class Value(NamedTuple):
    """A field's value, the rule that gave it, and what it was read from."""

    value: str
    rule: str
    raw: str
    certainty: Certainty = "stated"


class Head(NamedTuple):
    """The lines above a body: the numbers of the title's line and the category's, if found."""

    title: int | None
    category: int | None
    found: Value | None


def read_head(page: Page, body: Body, hints: tuple[str, ...]) -> Head:
    """The title and the category by where they stand above the first paragraph.

    `hints` are what metadata calls the page: a line that one of them contains is the title.
    """
    above = range(max(0, body.first - _ABOVE), body.first)
    category = next((n for n in reversed(above) if _is_category(page, page.lines[n])), None)
    below = range(above.start if category is None else category + 1, above.stop)
    named = category is not None and _is_section(page, page.lines[category])
    for candidates in (below, above):
        told = [n for n in candidates if _may_be_title(page, page.lines[n])]
        choice = _choose(page, told, hints, named and candidates is below)
        if choice is not None:
            number, rule, certainty = choice
            text = page.lines[number].text
            return Head(number, category, Value(text, rule, text, certainty))
    return Head(None, category, None)


def summary_lines(page: Page, head: Head, body: Body) -> range:
    """The lines between the title and the body that are neither stamps nor tools."""
    start = body.lines.start if head.title is None else head.title + 1
    return range(start, max(start, body.lines.start))


def read_summary(page: Page, head: Head, body: list[Line], above: list[Line]) -> Value | None:
    """The summary that stands alone above the body, or is the body's first paragraph, set apart
    by bold letters, a class, or an empty paragraph that no other text is followed by."""
    title = head.found.value if head.found else ""
    alone = [
        line for line in above if _may_be_summary(page, line) and not same_words(line.text, title)
    ]
    if alone:
        text = "\n\n".join(line.text for line in alone)
        return Value(text, "above-body", text, "inferred")
    texts = [line for line in body if line.kind != "image"]
    if len(texts) < 2 or not _may_be_summary(page, texts[0]):
        return None
    first, second, rest = texts[0], texts[1], texts[2:]
    if first.bold and not all(line.bold for line in texts[1:]):
        return Value(first.text, "first-paragraph-bold", first.text, "inferred")
    if _has_class(first.element, _SAPO):
        return Value(first.text, "first-paragraph-class", first.text, "inferred")
    if second.gap and not any(line.gap for line in rest[:-1]) and len(rest) > 1:
        return Value(first.text, "first-paragraph-apart", first.text, "guessed")
    return None


def _choose(
    page: Page, told: list[int], hints: tuple[str, ...], named: bool
) -> tuple[int, str, Certainty] | None:
    """Which of the lines is the title: the one that metadata names, a heading, the first below
    the section's name, or else the last above the body that is no sentence."""
    for number in told:
        text = page.lines[number].text
        if len(text) >= _LEAST_NAMED and any(_within(text, hint) for hint in hints):
            return number, "line-named-by-metadata", "stated"
    for number in reversed(told):
        if page.lines[number].element.tag in _HEADINGS:
            return number, "heading-above-body", "inferred"
    if told and named:
        return told[0], "line-below-category", "inferred"
    short = [n for n in told if not is_sentence(page.lines[n]) and not page.lines[n].linked]
    return (short[-1], "line-above-body", "guessed") if short else None


def _is_section(page: Page, line: Line) -> bool:
    """Whether a line is the name of the section that the address names."""
    return page.section is not None and same_words(line.text, page.section)


def _is_category(page: Page, line: Line) -> bool:
    """Whether a line names the section, or leads to a listing."""
    listings = page.listing_links
    return _is_section(page, line) or any(link in listings for _, link in line.pieces)


def _may_be_title(page: Page, line: Line) -> bool:
    text = line.text
    if line.kind == "image" or not 4 <= len(text) <= 300 or not any(map(str.isalpha, text)):
        return False
    if 2 * line.linked > len(text) and line.element.tag not in _HEADINGS:
        return False
    return not (is_aside(page, line) or _is_category(page, line))


def _may_be_summary(page: Page, line: Line) -> bool:
    if line.kind != "text" or len(line.text) < _LEAST_SUMMARY or 2 * line.linked > len(line.text):
        return False
    return not is_aside(page, line)


def _has_class(element: etree._Element, pattern: re.Pattern[str]) -> bool:
    name = element.get("class")
    return bool(name and pattern.search(name))


@lru_cache(maxsize=1000)
def plain_words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def same_words(text: str, other: str) -> bool:
    return plain_words(text) == plain_words(other) != ""


def _within(text: str, hint: str) -> bool:
    return bool(hint) and plain_words(text) in plain_words(hint) and 3 * len(text) >= len(hint)
