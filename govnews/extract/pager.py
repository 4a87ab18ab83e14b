"""A listing's pager: the way to the following page, found by what it says, not by class names.

A pager is the largest element around a page number or a word such as `Trang sau` in which there
is little else: no article's link, and but a few other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from govnews.extract.controls import Control, Label, follow, page_in_address, read_controls
from govnews.extract.page import Page, select
from govnews.extract.urls import absolute
from govnews.items import Pager, Target

_PLAIN = re.compile(r"[\d\s|/\[\]().,:;·•-]+|(?:trang|page)\W*[\d\s|,]*", re.IGNORECASE)
_POSITION = re.compile(
    r"\b(?:trang|page)\s*:?\s*(\d{1,5})\s*(?:/|trên|của|of)\s*(?:tổng số\s*)?(\d{1,5})\b",
    re.IGNORECASE,
)
_PAGES = re.compile(r"\b(?:in|tổng số|có)\s+(\d{1,5})\s+(?:pages|trang)\b", re.IGNORECASE)
_LONGEST, _FOREIGN, _FIRST_YEAR = 400, 12, 1900


class Way(NamedTuple):
    """The request that leads to the following page, and what the pager says of its length."""

    next: Target | None
    pager: Pager | None


class _Bar(NamedTuple):
    """A pager's controls in their order, its current number, its position in words.

    `alone` counts the controls before a number that stands among dots alone, as on the only page
    of a pager's last window.
    """

    controls: tuple[Control, ...]
    current: int | None
    last: int | None
    alone: int | None


def find_pager(page: Page, run: etree._Element | None = None) -> Way:
    """The pager of a listing whose items stand in `run`; neither where a page shows none."""
    named = _by_selector(page)
    ways = (_read(page, bar) for bar in _bars(page, run))
    way = next((way for way in ways if way.pager is not None), Way(None, None))
    target = named or way.next or (_declared(page) if way.pager is None else None)
    if target is None or way.next is not None:
        return way._replace(next=target)
    pager = way.pager or Pager(int(page_in_address(page.url) or 0) or None)
    return Way(target, Pager(pager.current, pager.last, True, pager.numbered))


def _by_selector(page: Page) -> Target | None:
    """What the site's selector for the next page leads to."""
    for match in select(page.root, *page.site.pager.next):
        element = match.element
        inner = None if element is None else next(element.iter("a", "input", "button"), element)
        target = follow(page, inner) if inner is not None else None
        if target is not None:
            return target
    return None


def _declared(page: Page) -> Target | None:
    """The page that `rel=next` names."""
    for element in page.root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            url = absolute(page.base, element.get("href") or "", page.site)
            if url and url != page.url and (page.site.generic or not page.site.key(url)):
                return Target(url)
    return None


def _bars(page: Page, run: etree._Element | None) -> Iterator[_Bar]:
    """The page's pagers, those nearest to the listing's items first."""
    around = {} if run is None else {e: n for n, e in enumerate([run, *run.iterancestors()])}
    controls = list(read_controls(page))
    articles = {link.element for link in page.links if link.key and not page.site.generic}
    boxes: dict[etree._Element, int] = {}
    verdicts: dict[etree._Element, bool] = {}
    for control in controls:
        box = _box(control.element, articles, verdicts)
        boxes.setdefault(box, _distance(box, around))
    known = {control.element: control for control in controls}
    for box in sorted(boxes, key=lambda box: boxes[box]):
        yield _bar(box, known)


def _distance(element: etree._Element, around: dict[etree._Element, int]) -> int:
    """How far one has to climb from the items to find this element below."""
    outer = (around[e] for e in (element, *element.iterancestors()) if e in around)
    return next(outer, len(around))


def _box(
    element: etree._Element, articles: set[etree._Element], verdicts: dict[etree._Element, bool]
) -> etree._Element:
    box = element
    for outer in element.iterancestors():
        if outer not in verdicts:
            verdicts[outer] = _is_paging(outer, articles)
        if not verdicts[outer]:
            return box
        box = outer
    return box


def _is_paging(element: etree._Element, articles: set[etree._Element]) -> bool:
    """Whether an element holds little but a pager; looks no further than its answer needs."""
    length = foreign = 0
    for count, inner in enumerate(element.iter()):
        if (
            count > _LONGEST
            or inner in articles
            or inner.tag in ("script", "style", "h1", "h2", "h3", "form")
        ):
            return False
        for text in (inner.text, inner.tail if inner is not element else None):
            if text and not text.isspace():
                length += len(text)
                foreign += sum(map(str.isalpha, text.split()))
                if length > _LONGEST or foreign > _FOREIGN:
                    return False
    return True


def _bar(box: etree._Element, known: dict[etree._Element, Control]) -> _Bar:
    controls: list[Control] = []
    plain: list[tuple[int, int]] = []
    texts: list[str] = []
    inside: etree._Element | None = None
    for event, element in etree.iterwalk(box, events=("start", "end")):
        if event == "start":
            if element in known:
                controls.append(known[element])
                inside = element
            text = element.text
        else:
            inside = None if element is inside else inside
            text = element.tail if element is not box else None
        if text and not text.isspace():
            texts.append(text)
            if inside is None and _PLAIN.fullmatch(text.strip()):
                numbers = [int(number) for number in text.split() if number.isdecimal()]
                plain += [(number, len(controls)) for number in numbers]
    return _located(tuple(controls), plain, " ".join(" ".join(texts).split()))


def _located(controls: tuple[Control, ...], plain: list[tuple[int, int]], text: str) -> _Bar:
    """A bar with its current page: told in words, marked, or the number that is no link; `plain`
    gives each such number with the count of controls before it."""
    position, pages = _POSITION.search(text), _PAGES.search(text)
    last = int(position[2]) if position else int(pages[1]) if pages else None
    linked = {c.number for c in controls if c.number and not c.marked}
    marked = next((c.number for c in controls if c.number and c.marked), None)
    fitting = (n for n, _ in plain if n not in linked and {n - 1, n + 1} & linked)
    current = int(position[1]) if position else marked or next(fitting, None)
    dotted = bool(controls) and all(control.label is Label.MORE for control in controls)
    if current is None and dotted and len(plain) == 1:
        number, alone = plain[0]
        return _Bar(controls, number, last, alone)
    return _Bar(controls, current, last, None)


def _read(page: Page, bar: _Bar) -> Way:
    if bar.alone is not None:
        target = _first(page, list(bar.controls[bar.alone :]))
        last = None if target else bar.current
        return Way(target, Pager(bar.current, last, target is not None, numbered=True))
    numbers = sorted({c.number for c in bar.controls if c.number})
    paged = bool(numbers) and numbers[0] < _FIRST_YEAR and _is_sequence(numbers, bar.current)
    if not (paged or _speaks(page, bar)):
        return Way(None, None)
    current = bar.current if bar.current is not None else _assumed(page, bar, numbers)
    target = _following(page, bar, current, numbers)
    if bar.last is not None and current is not None and current >= bar.last:
        target = None
    numbered = paged or bar.last is not None
    return Way(target, Pager(current, _last(bar, current, target), target is not None, numbered))


def _speaks(page: Page, bar: _Bar) -> bool:
    """Whether a bar without numbers is a pager: it says so in words, or has arrows both ways or
    beside a position, and is no picture show, whose arrows lead nowhere."""
    said = {control.label for control in bar.controls}
    if Label.NEXT in said:
        return True
    arrows = len(said & {Label.BACK, Label.FORWARD, Label.FAR, Label.LAST}) > 1
    sure = arrows or (bar.last is not None and bool(said))
    return sure and any(follow(page, control.element) for control in bar.controls)


def _is_sequence(numbers: list[int], current: int | None) -> bool:
    shown = sorted({*numbers, *([current] if current else [])})
    return any(after - before == 1 for before, after in pairwise(shown))


def _assumed(page: Page, bar: _Bar, numbers: list[int]) -> int | None:
    """The current page where the pager marks none: the one that the address names, or the first
    where that alone is no link."""
    stated = page_in_address(page.url)
    for control in bar.controls:
        url = absolute(page.base, control.element.get("href") or "", page.site)
        if control.number and url and stated == page_in_address(url) is not None:
            return control.number
    scripted = any("PostBack" in (c.element.get("href") or "") for c in bar.controls)
    first = 1 if numbers and (numbers[0] == 2 or not scripted) else None
    return int(stated) if stated else first


def _following(page: Page, bar: _Bar, current: int | None, numbers: list[int]) -> Target | None:
    """The next number, or else the dots behind the last, or else the word or arrow."""
    if current is not None:
        after = [c for c in bar.controls if c.number and c.number == current + 1]
        target = _first(page, after)
        if target is not None or any(number > current for number in numbers):
            return target or _first(page, _worded(bar))
        target = _first(page, _dots(bar))
        if target is not None:
            return target
    return _first(page, _worded(bar))


def _dots(bar: _Bar) -> list[Control]:
    """The dots behind the last number."""
    last = max((n for n, c in enumerate(bar.controls) if c.number), default=-1)
    return [c for c in bar.controls[last + 1 :] if c.label is Label.MORE]


def _worded(bar: _Bar) -> list[Control]:
    """The words and arrows that lead on; `»` only where no single arrow is shown."""
    order = (Label.NEXT, Label.FORWARD)
    found = [c for label in order for c in bar.controls if c.label is label]
    return found or [c for c in bar.controls if c.label is Label.FAR]


def _first(page: Page, controls: list[Control]) -> Target | None:
    return next(filter(None, (follow(page, control.element) for control in controls)), None)


def _last(bar: _Bar, current: int | None, target: Target | None) -> int | None:
    """The number of the last page, where the pager shows it."""
    if bar.last is not None:
        return bar.last
    if target is None:
        return current
    numbers = [c.number for c in bar.controls if c.number]
    beyond = any(c.label in (Label.MORE, Label.FAR, Label.LAST) for c in bar.controls)
    return max(numbers) if numbers and not beyond else None
