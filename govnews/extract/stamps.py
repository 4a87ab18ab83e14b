"""Stamps beside links: when, by the page that names it, an article came out."""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

from govnews.extract.dates import DateRule, Found, find_date, may_be_date, read_date
from govnews.extract.lines import Line
from govnews.extract.page import Page
from govnews.extract.text import clean
from govnews.extract.urls import Link

Beside = dict[tuple[int, etree._Element], tuple[str, str]]
"""For the number of a line and a link on it, the words before and after that link."""

_PARTINGS = (re.compile(r"\s*[|•·\t]\s*"), re.compile(r"(?<!\d)\s[-–—]\s|\s[-–—]\s(?=\D)"))
_SHORT, _NEAR, _LEVELS = 60, 6, 16


def beside(lines: tuple[Line, ...], numbers: Collection[int]) -> Beside:
    """For each link on these lines the words before and after it, up to the links around it."""
    found: Beside = {}
    for number in numbers:
        gap: list[str] = []
        last: etree._Element | None = None
        for text, link in lines[number].pieces:
            if link is None:
                gap.append(text)
            elif link is not last and text.strip():
                between, gap = clean("".join(gap)), []
                if last is not None:
                    found[number, last] = (found[number, last][0], between)
                found[number, link] = (between, "")
                last = link
        if last is not None:
            found[number, last] = (found[number, last][0], clean("".join(gap)))
    return found


def stamp_beside(page: Page, link: Link, box: etree._Element, words: Beside) -> str | None:
    """The stamp beside a link: behind it on its line, on a line of its own in its box, or
    before it on its line."""
    if link.line is None:
        return None
    before, after = words.get((link.line, link.element), ("", ""))
    found = _leading(page, after) or _in_box(page, link, box) or stamp_in(before, page.dates)
    return found.value if found else None


def stamp_in(text: str, rule: DateRule) -> Found | None:
    """The stamp that a short text is, or one of its parts, as in `Tin tức | 20/01/2021`; a date
    within a sentence is none."""
    if not 0 < len(text) <= _SHORT or not may_be_date(text):
        return None
    told = [text, *(part for parting in _PARTINGS for part in parting.split(text))]
    return next(filter(None, (read_date(part, rule) for part in told if part)), None)


def stamp_on(line: Line, rule: DateRule) -> Found | None:
    """The stamp that a line shows, its links left aside."""
    if line.kind == "image" or len(line.text) > 2 * _SHORT:
        return None
    outside = _folded("".join(text for text, link in line.pieces if link is None))
    return stamp_in(outside if any(map(str.isalnum, outside)) else line.text, rule)


def _folded(text: str) -> str:
    """A line's text with its tabs, which part a row's cells."""
    return "\t".join(clean(part) for part in text.split("\t"))


def row_stamps(page: Page, run: etree._Element, keys: dict[int, str]) -> dict[str, str]:
    """By key, the stamps in the rows of a run between the lines that name its articles: below
    each, unless the run begins with a stamp; none where half of them would have none."""
    numbers = sorted(keys)
    step = -1 if _row_stamp(page, run, numbers[0] - 1) else 1
    found: dict[str, str] = {}
    for number in numbers:
        for offset in range(step, step * _NEAR, step):
            if keys.get(number + offset, keys[number]) != keys[number]:
                break
            stamp = _row_stamp(page, run, number + offset)
            if stamp:
                found.setdefault(keys[number], stamp.value)
                break
    several = len(set(keys.values()))
    return found if several > 1 and 2 * len(found) >= several else {}


def _row_stamp(page: Page, run: etree._Element, number: int) -> Found | None:
    if not 0 <= number < len(page.lines):
        return None
    line = page.lines[number]
    return stamp_on(line, page.dates) if _holds(run, line.element) else None


def _leading(page: Page, text: str) -> Found | None:
    """The stamp that a text is or begins with, or that stands in brackets in it."""
    found = find_date(text[:_SHORT], page.dates) if text else None
    if found and (found.start <= 3 or text[found.start - 1] == "("):
        return found
    return stamp_in(text, page.dates)


def _in_box(page: Page, link: Link, box: etree._Element) -> Found | None:
    """The first stamp that has a line of a link's box to itself."""
    assert link.line is not None
    lines = page.lines
    for step in (1, -1):
        number = link.line + step
        while 0 <= number < len(lines) and abs(number - link.line) <= _NEAR:
            line = lines[number]
            if not _holds(box, line.element) and box is not line.element:
                break
            found = stamp_on(line, page.dates)
            if found:
                return found
            number += step
    return None


def _holds(box: etree._Element, element: etree._Element) -> bool:
    outer: etree._Element | None = element
    for _ in range(_LEVELS + 1):
        if outer is box or outer is None:
            break
        outer = outer.getparent()
    return outer is box
