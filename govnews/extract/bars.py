"""Bars: the elements of a page that hold little but the controls of a pager, each with its numbers
in their order and what its words say of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple

from lxml import etree

from govnews.extract.clicks import is_push_button
from govnews.extract.controls import Control, is_hidden, is_marked
from govnews.extract.labels import Label, range_of
from govnews.extract.numbers import Number, current_of, look_of
from govnews.extract.page import Page
from govnews.extract.text import words_of
from govnews.vietnamese import fold

_WORDS = r"(?:trang|page)"
_OF = r"(?:/|tren|cua|of|out of|trong(?: tong)?(?: so)?)\s*(?:tong so\s*)?"
_POSITION = re.compile(rf"\b{_WORDS}\s*:?\s*(\d{{1,5}})\s*{_OF}(\d{{1,5}})\b")
_BARE = re.compile(r"\W*(\d{1,3})\s*/\s*(\d{1,3})\W*")
_PAGES = re.compile(r"\b(?:in|tong so|co|trong)\s+(\d{1,5})\s+(?:pages|trang)\b")
_SHOWN = re.compile(rf"\b(\d{{1,6}})\s*(?:-|–|den|to)\s*(\d{{1,6}})\s*{_OF}(\d{{1,6}})\b")
_PLAIN = re.compile(rf"[\d\s|/\[\]().,:;·•–-]+|{_WORDS}\W*[\d\s|,]*")
_TOLD = re.compile(rf"{_WORDS}\s*:?\s*(\d{{1,5}})\W*")
_COUNTED = re.compile(rf"{_WORDS}|\b(?:tren|cua|of)\b")
_OF_ELSE = re.compile(
    r"\b(?:thang|nam|tuan|quy|ngay|buoc|sao|danh gia(?: trang)?|month|year|week|day|step|rating)"
    r"\W*$"
)
_SILENT = ("script", "style", "input", "textarea")
_LONGEST, _FOREIGN, _FEW = 400, 12, 8
_FIRST_YEAR = 1900


class Bar(NamedTuple):
    """A pager: its controls in their order, the numbers of its pages, the current one and the last
    as far as words or markup tell them.

    `ended`: it says that the last item of all is shown. `mixed`: links of another purpose are among
    its words and look like them, as in a menu. `alone` counts the controls before a
    number that stands among dots alone, as on the only page of a pager's last window.
    """

    controls: tuple[Control, ...]
    numbers: tuple[Number, ...]
    current: int | None
    last: int | None
    ended: bool
    mixed: bool
    alone: int | None

    @property
    def linked(self) -> list[Control]:
        """The controls of the pages' numbers."""
        return [number.control for number in self.numbers if number.control is not None]


class _Piece(NamedTuple):
    """A control, or a text outside controls, in plain letters; `marked` as the current page."""

    control: Control | None
    text: str
    marked: bool = False


class _Words(NamedTuple):
    """What the words of a bar tell of the current and the last page."""

    current: int | None
    last: int | None
    ended: bool


def find_boxes(page: Page, controls: list[Control]) -> dict[etree._Element, list[Control]]:
    """The largest elements in which there is little but controls, each with its controls."""
    articles = {link.element for link in page.links if link.key and not page.site.generic}
    verdicts: dict[etree._Element, bool] = {}
    boxes: dict[etree._Element, list[Control]] = {}
    for control in controls:
        box = control.element
        for outer in control.element.iterancestors():
            if outer not in verdicts:
                verdicts[outer] = _is_paging(outer, articles)
            if not verdicts[outer]:
                break
            box = outer
        boxes.setdefault(box, []).append(control)
    return boxes


def read_bar(box: etree._Element, known: dict[etree._Element, Control]) -> Bar:
    """What a box says."""
    pieces = list(_pieces(box, known))
    controls = tuple(piece.control for piece in pieces if piece.control is not None)
    words = _words_in(pieces, box)
    numbers = _sequence(pieces, words.current)
    current = words.current if words.current is not None else current_of(numbers)
    alone = None
    if current is None and words.last is None and not numbers:
        current, place = _single(pieces)
        dotted = all(control.label is Label.MORE for control in controls)
        alone = place if current is not None and dotted else None
    mixed = not numbers and _is_mixed(box, known)
    return Bar(controls, numbers, current, words.last, words.ended, mixed, alone)


def position_in(text: str) -> tuple[int, int] | None:
    """The current page and the last that a text such as `Trang 2/17` tells."""
    return _pair(_POSITION.search(_plain(text)))


def _pair(match: re.Match[str] | None) -> tuple[int, int] | None:
    pair = (int(match[1]), int(match[2])) if match else (1, 0)
    return pair if pair[0] <= pair[1] else None


def _words_in(pieces: list[_Piece], box: etree._Element) -> _Words:
    """What the words in a bar tell, or else those beside it: `Trang 2/17`, `51-57 of 57`."""
    said = " ".join(piece.text for piece in pieces)
    outside = [piece.text for piece in pieces if piece.control is None]
    beside = _beside(box)
    shown = _SHOWN.search(said) or _SHOWN.search(beside)
    ended = shown is not None and int(shown[2]) >= int(shown[3])
    position = position_in(said) or _pair(_BARE.fullmatch(" ".join(outside))) or position_in(beside)
    if position:
        return _Words(*position, ended)
    pages = _PAGES.search(said)
    told = next(filter(None, map(_TOLD.fullmatch, outside)), None)
    return _Words(int(told[1]) if told else None, int(pages[1]) if pages else None, ended)


def _beside(box: etree._Element) -> str:
    """The words of the elements before and after a box, if they are few."""
    found: list[str] = []
    for beside in (box.getprevious(), box.getnext()):
        texts = [] if beside is None else list(map(str, islice(beside.itertext(), _FEW)))
        if len(texts) < _FEW and sum(map(len, texts)) < _LONGEST // 4:
            found += texts
    return _plain(" ".join(found))


def _plain(text: str) -> str:
    return fold(" ".join(text.split())).lower()


def _pieces(box: etree._Element, known: dict[etree._Element, Control]) -> Iterator[_Piece]:
    """The controls of a box and the texts between them, with what its fields are filled with."""
    walk = etree.iterwalk(box, events=("start", "end"))
    for event, element in walk:
        if event == "start" and (element in known or is_hidden(element) or element.tag in _SILENT):
            walk.skip_subtree()
            if element in known:
                yield _Piece(known[element], _said(known[element]))
            elif element.tag == "input" and not is_push_button(element):
                yield _Piece(None, _filled(element))
        elif event == "start" and element.text and not element.text.isspace():
            yield _Piece(None, _plain(element.text), is_marked(element))
        elif event == "end" and element is not box and element.tail and not element.tail.isspace():
            yield _Piece(None, _plain(element.tail))


def _said(control: Control) -> str:
    """What a control says of itself, nothing for an option that is not the chosen one."""
    passed = control.element.tag == "option" and not control.marked
    return "" if passed else _plain(words_of(control.element))


def _filled(field: etree._Element) -> str:
    """The number that a field for text is filled with."""
    value = (field.get("value") or "").strip()
    visible = (field.get("type") or "text").strip().lower() in ("text", "number")
    return value if visible and value.isdecimal() else ""


def _sequence(pieces: list[_Piece], current: int | None) -> tuple[Number, ...]:
    """The numbers of the pages: the first that rise, without other words among them, and of which
    two are neighbours."""
    for run in _runs(pieces):
        values = sorted({*(n.value for n in run), *([current] if current else [])})
        linked = [number.value for number in run if number.control is not None]
        if linked and linked[0] < _FIRST_YEAR and any(b - a == 1 for a, b in pairwise(values)):
            return tuple(run)
    return ()


def _runs(pieces: list[_Piece]) -> Iterator[list[Number]]:
    """The numbers that rise, each run of them between two descents or other words; none after a
    word that says what else they count."""
    controls = [piece.control for piece in pieces if piece.control is not None]
    size = max((c.until - c.number + 1 for c in controls if c.number and c.until), default=0)
    run: list[Number] = []
    of_else = False
    for piece in pieces:
        values = _values(piece)
        if not values and _is_foreign(piece):
            of_else = _OF_ELSE.search(piece.text) is not None
            yield run
            run = []
        for value, until in [] if of_else else values:
            number = (value - 1) // size + 1 if until and size else value
            if run and number <= run[-1].value:
                yield run
                run = []
            marked = piece.control.marked if piece.control is not None else piece.marked
            run.append(Number(number, marked, piece.control))
    yield run


def _values(piece: _Piece) -> list[tuple[int, int | None]]:
    """The number of a control, or the numbers in a text of nothing else; of a range of items the
    first and the last."""
    if piece.control is not None:
        number = piece.control.number
        return [] if number is None else [(number, piece.control.until)]
    if not piece.text or not _PLAIN.fullmatch(piece.text) or "/" in piece.text:
        return []
    span = range_of(piece.text)
    words = (word.strip(".,:;()-–") for word in re.split(r"[\s|\[\]]+", piece.text))
    return [span] if span else [(int(w), None) for w in words if w.isdecimal() and len(w) < 6]


def _is_foreign(piece: _Piece) -> bool:
    """Whether a text outside controls has words of something else than paging."""
    foreign = any(map(str.isalpha, piece.text)) and not _COUNTED.search(piece.text)
    return piece.control is None and (foreign or _OF_ELSE.search(piece.text) is not None)


def _single(pieces: list[_Piece]) -> tuple[int | None, int]:
    """The only number of a bar, if it is no link to elsewhere, and the count of controls before."""
    places = [n for n, piece in enumerate(pieces) if _values(piece)]
    values = [value for place in places for value, _ in _values(pieces[place])]
    control = pieces[places[0]].control if places else None
    if len(values) != 1 or (
        control is not None and control.click is not None and not control.marked
    ):
        return None, 0
    return values[0], sum(piece.control is not None for piece in pieces[: places[0]])


def _is_mixed(box: etree._Element, known: dict[etree._Element, Control]) -> bool:
    links = list(box.iter("a", "button"))
    others = {look_of(link) for link in links if link not in known}
    return any(look_of(link) in others for link in links if link in known)


def _is_paging(element: etree._Element, articles: set[etree._Element]) -> bool:
    """Whether an element holds little but a pager; looks no further than its answer needs."""
    length = foreign = count = 0
    for inner in element.iter("*"):
        if inner.tag == "option":
            continue
        count += 1
        if count > _LONGEST or inner in articles or inner.tag in ("h1", "h2", "h3"):
            return False
        silent = inner.tag in _SILENT
        for text in (None if silent else inner.text, inner.tail if inner is not element else None):
            if text and not text.isspace():
                length += len(text)
                foreign += sum(map(str.isalpha, text.split()))
                if length > _LONGEST or foreign > _FOREIGN:
                    return False
    return True
