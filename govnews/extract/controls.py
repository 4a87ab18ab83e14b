"""The links and buttons of a pager: what each says, and the request that following it makes."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from govnews.extract.forms import post_back, postback, press
from govnews.extract.page import Page
from govnews.extract.text import words_of
from govnews.extract.urls import absolute
from govnews.items import Target

_NEXT = re.compile(
    r"(?:xem |sang |đến )?trang (?:sau|tiếp|tiếp theo|kế|kế tiếp|tới)|sau|tiếp|tiếp theo|kế tiếp"
    r"|(?:(?:tin|bài) )?cũ hơn|(?:go to )?next(?: pages?)?|older(?: posts)?"
)
_LAST = re.compile(r"(?:trang )?cuối(?: cùng)?|last(?: page)?|[>»]+ ?\|")
_BACK = re.compile(
    r"[«‹<←◀◄|\s]+|[«‹<←◀◄\s]*(?:(?:trang )?(?:trước|đầu)|previous(?: page)?|prev|first(?: page)?)"
)
_FORWARD = frozenset(("›", ">", "→", "▶", "►", "⟩"))
_FAR = frozenset(("»", ">>", "››", ">>>"))
_MORE = frozenset(("...", "…", "..", "...."))
_ARROWS = " \xa0»›>→▶►⟩|[]()"
_CURRENT = re.compile(r"\b(?:current|active|selected)|CurrentPage", re.IGNORECASE)
_CALENDAR = re.compile(r"calendar|datepick|RadPicker", re.IGNORECASE)
_NOTHING = re.compile(r"\s*(?:javascript:)?\s*return\s+false\s*;?\s*$", re.IGNORECASE)
_LOCATION = re.compile(r"location(?:\.href)?\s*=\s*([\"'])(.+?)\1")
_PARAMETER = re.compile(r"(?:page|trang|p|pageindex|pagenumber|paged|.*_cur)$", re.IGNORECASE)
_LONGEST, _WEEK, _LEVELS = 40, 7, 8


class Label(enum.Enum):
    """What a control of a pager says."""

    NUMBER = enum.auto()
    NEXT = enum.auto()
    FORWARD = enum.auto()
    FAR = enum.auto()
    BACK = enum.auto()
    LAST = enum.auto()
    MORE = enum.auto()


class Control(NamedTuple):
    """A link or button of a pager; `marked` says that it stands for the current page."""

    element: etree._Element
    label: Label
    number: int | None
    marked: bool


def read_controls(page: Page) -> Iterator[Control]:
    """All links and buttons that say a number or a word of paging, calendars left out."""
    calendars: dict[etree._Element, bool] = {}
    for element in page.root.iter("a", "input", "button"):
        text = _text(element)
        label = label_of(text) if 0 < len(text) <= _LONGEST else None
        if label is None or _in_calendar(element, calendars):
            continue
        if label is not Label.NUMBER:
            yield Control(element, label, None, False)
        elif len(text) < 6 and int(text):
            yield Control(element, label, int(text), _is_marked(page, element))


def follow(page: Page, element: etree._Element) -> Target | None:
    """The request that a click makes, None where the control is disabled, leads to an article,
    or nowhere."""
    onclick, href = element.get("onclick") or "", element.get("href") or ""
    if _is_disabled(element) or _NOTHING.match(onclick):
        return None
    for script in (onclick, href):
        if "PostBack" in script and postback(script):
            return post_back(element, script, page.base, page.url, page.site)
    if element.tag in ("input", "button"):
        kind = (element.get("type") or ("submit" if element.tag == "button" else "text")).lower()
        if kind in ("submit", "image"):
            return press(element, page.base, page.url, page.site)
    moved = _LOCATION.search(onclick)
    url = absolute(page.base, moved[2] if moved else href, page.site) if moved or href else None
    if url is None or url == page.url or not page.site.covers(url):
        return None
    return Target(url) if page.site.generic or page.site.key(url) is None else None


def page_in_address(url: str) -> str | None:
    """The page number that an address names, by the usual parameters, in digits."""
    for name, value in parse_qsl(urlsplit(url).query):
        if _PARAMETER.match(name) and value.isdecimal() and 0 < len(value) < 6:
            return value
    return None


@lru_cache(maxsize=256)
def label_of(text: str) -> Label | None:
    """What a text says in a pager, None for what is no word of paging."""
    text = text.lower()
    if text.isdecimal():
        return Label.NUMBER
    for pattern, label in ((_LAST, Label.LAST), (_BACK, Label.BACK)):
        if pattern.fullmatch(text):
            return label
    if _NEXT.fullmatch(text.strip(_ARROWS)):
        return Label.NEXT
    kinds = ((_FORWARD, Label.FORWARD), (_FAR, Label.FAR), (_MORE, Label.MORE))
    return next((label for words, label in kinds if text in words), None)


def _text(element: etree._Element) -> str:
    """What a control says: its text, or else its title or its picture's description."""
    if element.tag == "input":
        if (element.get("type") or "").lower() not in ("submit", "image", "button"):
            return ""
        text = element.get("value") or ""
    else:
        text = "".join(map(str, element.itertext())) if len(element) else element.text or ""
    text = " ".join(text.split())
    if text:
        return text
    named = (element.get(name) for name in ("title", "alt", "aria-label"))
    images = (image.get("alt") for image in element.iter("img"))
    return " ".join(next(filter(None, (*named, *images)), "").split())


def _is_marked(page: Page, element: etree._Element) -> bool:
    """Whether a number is the current page's: it leads nowhere else, or is marked as such."""
    if element.get("aria-current") or _NOTHING.match(element.get("onclick") or ""):
        return True
    parent = element.getparent()
    names = (element.get("class"), parent.get("class") if parent is not None else None)
    if any(name and _CURRENT.search(name) for name in names):
        return True
    href = element.get("href")
    return href is not None and absolute(page.base, href, page.site) == page.url


def _is_disabled(element: etree._Element) -> bool:
    parent = element.getparent()
    names = (element.get("class"), parent.get("class") if parent is not None else None)
    return (
        element.get("disabled") is not None
        or element.get("aria-disabled") == "true"
        or any("disabled" in (name or "").lower() for name in names)
    )


def _in_calendar(element: etree._Element, known: dict[etree._Element, bool]) -> bool:
    """Whether a control is a day or an arrow of a calendar."""
    for outer in islice(element.iterancestors(), _LEVELS):
        if outer not in known:
            known[outer] = _is_calendar(outer)
        if known[outer]:
            return True
    return False


def _is_calendar(element: etree._Element) -> bool:
    """Whether an element calls itself a calendar, or is a table with weeks of seven numbers."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _CALENDAR.search(named):
        return True
    if element.tag != "table":
        return False
    return sum(map(_is_week, islice(element.iter("tr"), 12))) >= 3


def _is_week(row: etree._Element) -> bool:
    cells = [cell for cell in row if cell.tag in ("td", "th")][:9]
    if len(cells) < _WEEK:
        return False
    texts = map(words_of, cells)
    return sum(text.isdecimal() and len(text) < 3 for text in texts) >= _WEEK
