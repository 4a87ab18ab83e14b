"""Where an article's text stands among the lines of a page."""

from __future__ import annotations

import re
from typing import NamedTuple

from govnews.extract.dates import read_date
from govnews.extract.lines import Line
from govnews.extract.page import Page
from govnews.extract.pointed import pointed
from govnews.extract.prose import amount, densest, is_paragraph, prose, widened
from govnews.extract.related import Related, is_calendar
from govnews.items import Certainty, Problem

_TOOL = re.compile(
    r"in (?:bài viết|bài|trang|tin)|bản in|print(?: this page)?|gửi (?:e?mail|bài viết|cho bạn bè)"
    r"|chia sẻ.{0,20}|share|email|tweet|like|facebook|zalo|twitter|google news|cỡ chữ.{0,20}"
    r"|a ?[+-]?(?: a ?[+-]?)*|(?:số )?lượt (?:xem|đọc|truy cập).{0,20}|đã xem.{0,15}|views?.{0,12}"
    r"|trở (?:về|lại)|quay lại|về (?:trang trước|đầu trang)|đầu trang|back|top|lưu bài viết"
    r"|bình luận.{0,10}|nghe bài viết|copy link.{0,25}|theo dõi.{0,20}",
    re.IGNORECASE,
)
_PARTING = re.compile(r"[|•·]|\s-\s")
_LEAST_PROSE, _LEAST_GENERIC, _LONGEST_ASIDE = 80, 250, 100


class Body(NamedTuple):
    """The lines of an article's text, where its first paragraph stands, and the rule that found
    them."""

    lines: range
    first: int
    rule: str
    certainty: Certainty


def find_body(page: Page, related: tuple[Related, ...]) -> tuple[Body | None, tuple[Problem, ...]]:
    """The body by the site's selectors; where they find no element, by where the prose is."""
    named, problems = _named(page)
    if named is not None:
        return named._replace(lines=_cut(page, named.lines, related)), problems
    return _guessed(page, related), problems


def is_aside(page: Page, line: Line) -> bool:
    """Whether a line is no text but what stands around one: a date, a button, a counter."""
    if len(line.text) > _LONGEST_ASIDE:
        return False
    if read_date(line.text, page.dates):
        return True
    parts = [part.strip(" :[]()") for part in _PARTING.split(line.text)]
    return any(parts) and all(
        _TOOL.fullmatch(part) or read_date(part, page.dates) for part in parts if part
    )


def _named(page: Page) -> tuple[Body | None, tuple[Problem, ...]]:
    """What the site's selector says; of several elements the one with the most text."""
    matches = [match for match in page.matches["body"] if match.element is not None]
    spans = [page.lines_of(match.element) for match in matches if match.element is not None]
    outer = _outermost(spans)
    if not outer:
        return None, ()
    best = max(outer, key=lambda span: amount(page.lines, span))
    body = Body(best, best.start, matches[0].selector, "stated")
    if len(outer) == 1:
        return body, ()
    message = f"{matches[0].selector} found {len(outer)} elements where one was expected"
    return body, (Problem("many-matches", f"{message}; the longest was read", "body"),)


def _outermost(spans: list[range]) -> list[range]:
    """The spans that lie in no other; in document order an outer one comes first."""
    outer: list[range] = []
    for span in spans:
        if not outer or span.start >= outer[-1].stop:
            outer.append(span)
    return outer


def _cut(page: Page, span: range, related: tuple[Related, ...]) -> range:
    """A body's lines up to the list of other news or the calendar, unless most of the story
    stands below them."""
    ends = {entry.heading: entry.end for entry in related}
    before, whole = 0, amount(page.lines, span)
    for number in span:
        line = page.lines[number]
        if (number in ends or is_calendar(line.text)) and 2 * before >= whole - prose(line):
            return range(span.start, number)
        before += prose(line)
    return span


def _guessed(page: Page, related: tuple[Related, ...]) -> Body | None:
    """The body of a page whose site names none, or where nothing answers to the name."""
    ends = {entry.heading for entry in related}

    def is_end(number: int) -> bool:
        return number in ends or is_calendar(page.lines[number].text)

    def is_below(number: int) -> bool:
        return is_end(number) or is_aside(page, page.lines[number])

    core, rule = (None if page.site.fields.body else pointed(page)), "trafilatura"
    if core is None:
        core, rule = densest(page.lines, is_end), "prose"
    least = _LEAST_GENERIC if page.site.generic else _LEAST_PROSE
    if amount(page.lines, core) < least:
        return None
    first = next((n for n in core if is_paragraph(page.lines[n])), core.start)
    return Body(widened(page.lines, core, is_below), first, rule, "inferred")
