"""When an article was published: by its own date element, its metadata, or its address.

Never by its story, the lists beside it or the calendar: the portal of Quận 1 shows dates of
other articles and of events, and none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from govnews.extract.body import Body
from govnews.extract.dates import find_date, read_date
from govnews.extract.head import Head, Value
from govnews.extract.metadata import Stated
from govnews.extract.page import Page
from govnews.extract.stamps import stamp_on
from govnews.items import Problem

_IN_PATH = re.compile(
    r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?:[/-]|$)|/(20\d\d)(\d\d)(\d\d)(?:/|$)"
)
_LABEL = re.compile(r"(?:ngày|thời gian|đăng|xuất bản|posted|published|date)\b", re.IGNORECASE)
_UPDATED = re.compile(r"cập nhật|sửa đổi|updated|modified", re.IGNORECASE)
_SHORT = 100


class Published(NamedTuple):
    """A publication date, its source as `items.DATE_SOURCES` names it, and what did not fit."""

    value: Value | None
    source: str | None
    problems: tuple[Problem, ...] = ()


def find_published(
    page: Page, head: Head, body: Body, end: int, stated: tuple[Stated, ...]
) -> Published:
    """The date from the strongest source that has one; `end` is the line after the article."""
    selected, problems = _by_selector(page, head, body, end)
    own = selected or _by_place(page, head, body, end)
    if own is not None:
        return Published(own, "article", problems)
    told = _by_metadata(page, stated)
    if told is not None:
        return Published(told, "metadata", problems)
    dated = _by_address(page)
    return Published(dated, "address" if dated else None, problems)


def _by_selector(
    page: Page, head: Head, body: Body, end: int
) -> tuple[Value | None, tuple[Problem, ...]]:
    """The stamp in the element that the site names, among those that stand at the article."""
    found: dict[str, Value] = {}
    for match in page.matches["date"]:
        lines = page.lines_of(match.element) if match.element is not None else range(0)
        if match.element is not None and not _is_at_article(lines, head, body, end):
            continue
        text = match.text or " ".join(page.lines[n].text for n in lines)
        stamp = find_date(text[:_SHORT], page.dates)
        if stamp:
            found.setdefault(stamp.value, Value(stamp.value, match.selector, text[:_SHORT]))
    values = list(found.values())
    if len(values) < 2:
        return (values[0] if values else None), ()
    message = f"{values[0].rule} gave {', '.join(found)}; the first was read"
    return values[0], (Problem("many-matches", message, "published_at"),)


def _is_at_article(lines: range, head: Head, body: Body, end: int) -> bool:
    """Whether an element stands between the category and the article's end, outside the text."""
    if not lines:
        return False
    start = _start(head, body)
    inside = lines.start in body.lines and lines.start > body.first
    return start <= lines.start < end + 3 and not inside


def _by_place(page: Page, head: Head, body: Body, end: int) -> Value | None:
    """A line that is a stamp and nothing else, above the text or right below it; what is called
    an update counts only where nothing else is found."""
    above = range(_start(head, body), body.first)
    below = range(body.lines.stop, min(end, body.lines.stop + 3))
    told = [(n, stamp) for n in (*above, *below) if (stamp := stamp_on(page.lines[n], page.dates))]
    first = [entry for entry in told if not _UPDATED.search(page.lines[entry[0]].text)]
    for number, stamp in first or told:
        text = page.lines[number].text
        is_labelled = _LABEL.search(text) or _UPDATED.search(text)
        rule = "label" if is_labelled else "stamp-beside-title"
        return Value(stamp.value, rule, text, "inferred")
    return None


def _start(head: Head, body: Body) -> int:
    """The first line that can hold the article's date: below the category, or up to two above
    the title."""
    if head.category is not None:
        return head.category
    return body.first if head.title is None else head.title


def _by_metadata(page: Page, stated: Iterable[Stated]) -> Value | None:
    for text, rule in (*stated, *_times(page)):
        stamp = read_date(text, page.dates)
        if stamp:
            return Value(stamp.value, rule, text)
    return None


def _times(page: Page) -> Iterator[Stated]:
    """What `<time>` elements say, if the page has one alone or marks one as the date."""
    times = list(islice(page.root.iter("time"), 50))
    for element in times:
        stated = element.get("datetime")
        marked = "datepublished" in (element.get("itemprop") or element.get("class") or "").lower()
        if stated and (marked or element.get("pubdate") is not None or len(times) == 1):
            yield Stated(stated, "time:datetime")


def _by_address(page: Page) -> Value | None:
    match = _IN_PATH.search(urlsplit(page.url).path)
    if match is None:
        return None
    year, month, day = (part for part in match.groups() if part)
    stamp = read_date(f"{day}/{month}/{year}", page.dates)
    return Value(stamp.value, "address:path", match.group(), "inferred") if stamp else None
