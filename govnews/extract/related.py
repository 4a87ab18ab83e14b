"""Where an article ends: the headings of other news, and the widgets below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from govnews.extract.boxes import upwards
from govnews.extract.dates import read_date
from govnews.extract.page import Page
from govnews.extract.urls import Link

_NEWS = r"(?:tin|bài|bài viết|tin bài|tin tức|thông tin|văn bản|bản tin|sự kiện|chuyên mục)"
_WHICH = (
    r"(?:đã đưa|đã đăng|khác|liên quan|cùng chuyên mục|cùng loại|cùng chủ đề|(?:mới|cũ) hơn"
    r"|trước đó|tiếp theo|mới nhất|mới|nổi bật|đọc nhiều|xem nhiều)"
)
_HEADING = re.compile(
    rf"(?:(?:các )?{_NEWS}(?: {_NEWS})? {_WHICH}|các (?P<section>.{{2,80}}?) {_WHICH}"
    r"|xem thêm|có thể bạn quan tâm|related(?: (?:articles|news|posts|stories))?"
    r"|(?:other|more|earlier|older|newer) (?:news|articles|posts))\W*(?:\(\d+\))?\W*",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"xem (?:bài viết|tin|tin bài|bản tin|tin tức|bài)? ?theo (?:ngày|tháng|lịch)\b.*|RadDatePicker"
    r"|Open the calendar popup\.?|view (?:articles|news) by date\W*",
    re.IGNORECASE,
)
_BULLETS = " \t•·●▪►▶»›*-–—+|>:"
_HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6", "legend")


class Related(NamedTuple):
    """The list of other news under a heading: the heading's line, the section that it names,
    the links in their order, and the line after the last."""

    heading: int
    section: str | None
    links: tuple[Link, ...]
    end: int


def is_calendar(text: str) -> bool:
    """Whether a line is the label or a leaked word of the date picker."""
    return _CALENDAR.fullmatch(text.strip(_BULLETS)) is not None


def heading_of(text: str) -> re.Match[str] | None:
    """The heading of a list of other news; its group `section` is the category it names."""
    return _heading(text) if len(text) <= 120 else None


@lru_cache(maxsize=1000)
def _heading(text: str) -> re.Match[str] | None:
    return _HEADING.fullmatch(text.strip(_BULLETS))


def related_lists(page: Page) -> tuple[Related, ...]:
    """All lists of other news: those that the site's selectors find, or else those below a
    heading that says so."""
    by_line = _by_line(page)
    return tuple(_selected(page, by_line)) or tuple(_lists(page, by_line))


def _selected(page: Page, by_line: dict[int, list[Link]]) -> Iterator[Related]:
    for match in page.matches["related"]:
        lines = page.lines_of(match.element) if match.element is not None else range(0)
        links = tuple(link for number in lines for link in by_line.get(number, ()))
        if links:
            yield Related(lines.start, None, links, lines.stop)


def _by_line(page: Page) -> dict[int, list[Link]]:
    """The links to other articles by the line on which they stand."""
    found: dict[int, list[Link]] = {}
    for link in page.links:
        if link.key and link.key != page.key and link.line is not None:
            found.setdefault(link.line, []).append(link)
    return found


def _lists(page: Page, by_line: dict[int, list[Link]]) -> Iterator[Related]:
    end = 0
    for number, line in enumerate(page.lines):
        may_be = number >= end and line.text and number not in by_line
        match = heading_of(line.text) if may_be else None
        if match:
            links, end = _follow(page, number, by_line)
            if links:
                yield Related(number, match["section"], links, end)


def _follow(
    page: Page, heading: int, by_line: dict[int, list[Link]]
) -> tuple[tuple[Link, ...], int]:
    """The links of the list below a heading, within the element that holds both."""
    first = next((n for n in range(heading + 1, heading + 5) if n in by_line), None)
    if first is None:
        return (), heading + 1
    outer = set(upwards(page.lines[heading].element))
    box = next((e for e in upwards(page.lines[first].element) if e in outer), None)
    links: list[Link] = []
    number = end = heading + 1
    while number < len(page.lines):
        if number in by_line:
            if box is not None and not any(e is box for e in upwards(page.lines[number].element)):
                break
            links += by_line[number]
            end = number + 1
        elif number > first and _ends_list(page, number):
            break
        number += 1
    return tuple(links), end


def _ends_list(page: Page, number: int) -> bool:
    """Whether a line without an article's link ends the list above it."""
    line = page.lines[number]
    if line.kind == "image" or not line.text.strip(_BULLETS) or read_date(line.text, page.dates):
        return False
    if line.element.tag in _HEADING_TAGS or line.bold or line.linked:
        return True
    return len(line.text) < 60 or is_calendar(line.text) or heading_of(line.text) is not None
