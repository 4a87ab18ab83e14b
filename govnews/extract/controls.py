"""The links, buttons and lists of a pager: what each says, and where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple, cast

from lxml import etree

from govnews.extract.addresses import is_near, is_same, kinship
from govnews.extract.clicks import Click, click_on, is_push_button
from govnews.extract.labels import (
    LONGEST,
    Label,
    is_spoken,
    label_of,
    label_of_name,
    number_of,
    parts_of,
    range_of,
)
from govnews.extract.page import Page
from govnews.extract.scripts import action_of, calls_unknown
from govnews.extract.text import clean, words_of
from govnews.vietnamese import fold

_CURRENT = frozenset(
    "current active selected on cur now chon hientai dangchon dangxem this".split()
)
_CALENDAR = re.compile(r"calendar|datepick|RadPicker", re.IGNORECASE)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TAGS = ("a", "area", "input", "button", "select")
_SCRIPTED = etree.XPath(
    "descendant::*[@onclick and not(self::a or self::area or self::input or self::button)"
    " and not(.//a or .//input or .//button)]"
)
_PAGE = re.compile(r"trang|page|(?:^|_)pg")
_NO_PAGE = re.compile(r"/ ?(?:trang|page)|moi trang|per ?page|page_?size")
_TITLES = ("title", "aria-label", "alt")
_WORDS = (Label.NEXT, Label.BACK, Label.LAST)
_RANGES = tuple("0123456789[(")
_WEEK, _LEVELS = 7, 8


class Control(NamedTuple):
    """A link, a button or an option of a pager.

    `number` is the page that a NUMBER says; `until` the last item, where it says a range of items
    that begins with `number`. `marked`: markup calls it the current page; `here`: it leads to this
    very address. `click` is what following
    it asks for, None where it leads nowhere or to something else than a page of the listing; `kin`
    says how sure that is, from 1 to 3.
    """

    element: etree._Element
    label: Label
    number: int | None
    until: int | None
    marked: bool
    here: bool
    click: Click | None
    kin: int

    @property
    def may_lead_on(self) -> bool:
        """Whether following it is known or, by a script that can't be read, may be to a page."""
        scripts = (self.element.get("onclick") or "", self.element.get("href") or "")
        return self.click is not None or any(map(calls_unknown, scripts))


def read_controls(page: Page) -> Iterator[Control]:
    """All links, buttons and options that say a number or a word of paging, in their order; those
    of calendars and hidden ones left out."""
    calendars: dict[etree._Element, bool] = {}
    hidden: dict[etree._Element, bool] = {}
    for element in _clickable(page.root):
        label, number, until = _meaning(element)
        if label is None or _is_unseen(element, hidden) or _in_calendar(element, calendars):
            continue
        click = click_on(page, element)
        kin = _kin(page, click, element) if click else 0
        here = click is not None and click.form is None and is_same(page.url, click.url)
        marked = number is not None and is_marked(element)
        yield Control(element, label, number, until, marked, here, click if kin else None, kin)


def _clickable(root: etree._Element) -> Iterator[etree._Element]:
    """What can be clicked, and the options of lists that lead to a page at once."""
    others = set(cast("list[etree._Element]", _SCRIPTED(root)))
    for element in root.iter("*") if others else root.iter(*_TAGS):
        if element.tag == "select":
            if element.get("onchange") and _lists_pages(element):
                yield from element.iter("option")
        elif element.tag == "input" and not is_push_button(element):
            continue
        elif element.tag in _TAGS or element in others:
            yield element


def _meaning(element: etree._Element) -> tuple[Label | None, int | None, int | None]:
    """What a control says, with the number of a page, or the first and last item of a range."""
    text = _text(element)
    if len(text) > LONGEST:
        return None, None, None
    label = label_of(text)
    if label is Label.NUMBER:
        return label, number_of(text), None
    if label is None and text[:1] in _RANGES and (span := range_of(text)):
        return Label.NUMBER, *span
    if label is None and not is_spoken(text):
        label = _unspoken(element, text)
    if label is None and "next" in (element.get("rel") or "").lower().split():
        label = Label.NEXT
    return label, None, None


def is_hidden(element: etree._Element) -> bool:
    """Whether an element itself keeps what it holds out of sight."""
    if element.tag == "template" or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDING.search(style) is not None


def is_marked(element: etree._Element) -> bool:
    """Whether a page's number is marked as the current one, on itself, around or within."""
    if element.tag == "option":
        return _is_selected(element)
    onclick = action_of(element.get("onclick") or "")
    if element.get("aria-current") or (onclick and onclick.does == "nothing"):
        return True
    if element.tag in ("input", "button") and element.get("disabled") is not None:
        return True
    near = [element, *islice(element.iterdescendants("*"), 2), *islice(wrappers(element), 3)]
    return any(parts_of(name) & _CURRENT for e in near if (name := e.get("class")))


def wrappers(element: etree._Element) -> Iterator[etree._Element]:
    """The elements around an element that hold no other, from within."""
    while element.getprevious() is None and element.getnext() is None:
        outer = element.getparent()
        if outer is None:
            return
        yield outer
        element = outer


def _kin(page: Page, click: Click, element: etree._Element) -> int:
    """How sure it is that a click leads to a page of the listing, 0 where it does not."""
    if click.bound:
        return 2
    kin = kinship(page.url, click.url)
    if kin or click.form is None:
        return kin
    near = is_near(page.url, click.url)
    return 2 if near else int(_PAGE.search(fold(_text(element)).lower()) is not None)


def _text(element: etree._Element) -> str:
    """What a control says: its text, or else its title or its picture's description; where that
    is an arrow, what its title says of it."""
    text = ""
    if element.tag != "input":
        text = words_of(element)
    elif (element.get("type") or "").strip().lower() != "image":
        text = clean(element.get("value") or "")
    if len(text) > LONGEST or is_spoken(text) or label_of(text) is Label.MORE:
        return text
    titles = [clean(e.get(name) or "") for e in element.iter("*") for name in _TITLES]
    spoken = (title for title in titles if title and (not text or label_of(title) in _WORDS))
    return next(spoken, text)


def _unspoken(element: etree._Element, text: str) -> Label | None:
    """What a control without words is by its names, its picture's, or the argument it sends."""
    action = action_of(element.get("onclick") or "") or action_of(element.get("href") or "")
    names = [text, action.argument.rpartition("$")[2] if action else ""]
    for inner in element.iter("*"):
        picture = (inner.get("src") or "").rpartition("/")[2].partition(".")[0]
        names += [f"image {picture}", inner.get("class") or "", inner.get("xlink:href") or ""]
    names += [element.get("name") or "", element.get("id") or ""]
    return next(filter(None, map(label_of_name, names)), None)


def _is_unseen(element: etree._Element, known: dict[etree._Element, bool]) -> bool:
    """Whether an element is out of sight, itself or by one around it."""
    path = []
    for outer in (element, *element.iterancestors()):
        if outer in known:
            break
        path.append(outer)
    unseen = known.get(outer, False)
    for inner in reversed(path):
        unseen = known[inner] = unseen or is_hidden(inner)
    return unseen


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


def _lists_pages(chooser: etree._Element) -> bool:
    """Whether the options of a list count the pages, by its own name or the words beside it."""
    texts = [words_of(option) for option in chooser.iter("option")]
    numbers = [number_of(text) or 0 for text in texts]
    if len(numbers) < 2 or any(after - before != 1 for before, after in pairwise(numbers)):
        return False
    earlier, parent = chooser.getprevious(), chooser.getparent()
    before = earlier.tail if earlier is not None else parent.text if parent is not None else ""
    said = " ".join((*texts[:1], before or "", chooser.get("name") or "", chooser.get("id") or ""))
    said = fold(said).lower()
    return _PAGE.search(said) is not None and _NO_PAGE.search(said) is None


def _is_selected(option: etree._Element) -> bool:
    """Whether an option is marked as selected, or is the first where none is."""
    if option.get("selected") is not None or option.getprevious() is not None:
        return option.get("selected") is not None
    return all(other.get("selected") is None for other in option.itersiblings("option"))
