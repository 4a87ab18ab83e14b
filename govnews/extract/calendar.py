"""A listing's calendar, by its structure: the numbers of a month in their order, some of them links
whose addresses hold the very day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import islice
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from govnews.extract.dates import find_date
from govnews.extract.page import Page
from govnews.extract.urls import absolute
from govnews.items import Calendar
from govnews.sites.identity import clean_url

_CELLS = ("td", "a", "span", "li", "div", "button", "b", "strong", "font")
_SHORTEST_MONTH, _LEVELS = 28, 3
_YEAR, _SIGN = r"(?P<year>(?:19|20)\d\d)", r"(?:%2[fFdD]|%20|[-/._])?"
_SHAPES = {
    "ymd": rf"{_YEAR}(?P<sign>{_SIGN})(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)",
    "dmy": rf"(?P<day>\d\d?)(?P<sign>{_SIGN})(?P<month>\d\d?)(?P=sign){_YEAR}",
    "mdy": rf"(?P<month>\d\d?)(?P<sign>{_SIGN})(?P<day>\d\d?)(?P=sign){_YEAR}",
}
_DATES = {shape: re.compile(rf"(?<!\d){text}(?!\d)") for shape, text in _SHAPES.items()}
_PADDED = {"y": "{day:%Y}", "m": "{day:%m}", "d": "{day:%d}"}
_BARE = {"y": "{day.year}", "m": "{day.month}", "d": "{day.day}"}


class _Form(NamedTuple):
    """An address around a day, and how the day is written in it."""

    before: str
    after: str
    shape: str
    sign: str


class _Dated(NamedTuple):
    """A day in an address; `padded`: its numbers have, or may have, a zero in front."""

    form: _Form
    day: date
    padded: bool


def read_calendar(page: Page) -> Calendar | None:
    """The month that a page shows, None where it shows none."""
    for cells in _months(page.root):
        found = _linked(page, cells) or _titled(page, cells)
        if found:
            return found
    return None


def day_address(pattern: str, listing: str, day: date) -> str | None:
    """The address of a listing's news of a day."""
    return clean_url(listing, pattern.format(listing=listing, day=day))


def is_of(pattern: str, listing: str) -> bool:
    """Whether the addresses of a pattern are a listing's but for the day: a parameter more, or a
    part of the path."""
    days = (day_address(pattern, listing, day) for day in (date(2003, 2, 1), date(2014, 12, 25)))
    one, other = (_parts(url) if url else [] for url in days)
    return bool(one) and [part for part in one if part in other] == _parts(listing)


def _parts(url: str) -> list[str]:
    """An address without regard to case and the order of parameters."""
    parts = urlsplit(url.lower())
    path = [part for part in unquote(parts.path).split("/") if part]
    pairs = sorted(f"{name}={value}" for name, value in parse_qsl(parts.query))
    return [parts.netloc, *path, *pairs]


def _months(root: etree._Element) -> Iterator[list[etree._Element]]:
    """The elements that say 1, 2, 3 and so on, to 28 at the least."""
    run: list[etree._Element] = []
    for element in root.iter(*_CELLS):
        text = (element.text or "").strip()
        if not 0 < len(text) < 3 or not text.isdecimal():
            continue
        if int(text) != len(run) + 1:
            if len(run) >= _SHORTEST_MONTH:
                yield run
            run = []
        if int(text) == len(run) + 1:
            run.append(element)
    if len(run) >= _SHORTEST_MONTH:
        yield run


def _linked(page: Page, cells: list[etree._Element]) -> Calendar | None:
    """The calendar of these cells, by the links among them."""
    urls = ((number, _url(page, cell)) for number, cell in enumerate(cells, 1))
    dated = [list(_read(url, number)) for number, url in urls if url]
    dated = [readings for readings in dated if readings]
    every = [{(one.form, one.day.replace(day=1)) for one in readings} for readings in dated]
    common = set.intersection(*every) if every else set()
    if len({(form.before, form.after, month) for form, month in common}) != 1:
        return None
    form, month = min(common, key=lambda one: list(_SHAPES).index(one[0].shape))
    found = [one for readings in dated for one in readings if one.form == form]
    address = _pattern(form, all(one.padded for one in found))
    return Calendar(month.isoformat(), address, tuple(one.day.isoformat() for one in found))


def _url(page: Page, cell: etree._Element) -> str | None:
    link = next((e for e in islice(_outward(cell), _LEVELS) if e.tag == "a"), None)
    href = None if link is None else link.get("href")
    return absolute(page.base, href, page.site) if href else None


def _outward(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors()


def _read(url: str, number: int) -> Iterator[_Dated]:
    """The days of this number that an address may hold."""
    for shape, pattern in _DATES.items():
        for match in pattern.finditer(url):
            numbers = (match["month"], match["day"])
            padded = all(len(part) == 2 for part in numbers)
            if int(match["day"]) != number or not (match["sign"] or padded):
                continue
            with suppress(ValueError):
                day = date(int(match["year"]), int(match["month"]), number)
                form = _Form(url[: match.start()], url[match.end() :], shape, match["sign"])
                yield _Dated(form, day, padded)


def _pattern(form: _Form, padded: bool) -> str:
    parts = _PADDED if padded else _BARE
    day = form.sign.join(parts[letter] for letter in form.shape)
    before, after = (
        text.replace("{", "{{").replace("}", "}}") for text in (form.before, form.after)
    )
    return f"{before}{day}{after}"


def _titled(page: Page, cells: list[etree._Element]) -> Calendar | None:
    """A month none of whose days is a link, by the day that a cell has as its title."""
    for number, cell in enumerate(cells, 1):
        for element in islice(_outward(cell), _LEVELS):
            found = find_date(element.get("title") or "", page.dates)
            if found and int(found.value[8:10]) == number:
                return Calendar(f"{found.value[:8]}01")
    return None
