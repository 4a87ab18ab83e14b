"""A page as its reader sees it: lines of text from top to bottom, in one walk over the tree.

What class names and table cells hide is plain in this form: the category stands above the title,
the author's initials on the last line, a stamp beside its link.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice
from typing import Literal, NamedTuple, cast

from lxml import etree

from govnews.extract.tables import CELLS, is_data
from govnews.extract.text import clean

Kind = Literal["text", "item", "row", "image"]
Piece = tuple[str, "etree._Element | None"]

_INVISIBLE = frozenset(
    re.findall(
        r"\w+",
        "head script style noscript template select option textarea button svg iframe object audio "
        "video canvas map math datalist title meta link",
    )
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "html body p div td th tr table tbody thead tfoot caption colgroup ul ol li dl dt dd menu "
        "dir h1 h2 h3 h4 h5 h6 section article header footer nav aside main form fieldset legend "
        "blockquote pre center figure figcaption address hr details summary frameset",
    )
)
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
_LISTS = ("ul", "ol", "menu", "dir")
_MEANT = frozenset((*_BLOCKS, *_BOLD, "a", "br", "img"))
_STYLED = etree.XPath(
    "descendant::*[@style or @hidden or starts-with(@class, 'Rad') or contains(@class, 'datepick')]"
)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_WIDGET = re.compile(r"Rad(?:Picker|Calendar|DatePicker)|(?:.*\s)?(?:ui-)?datepicker\b")


class Line(NamedTuple):
    """One line of a page.

    `element` is the block that holds it; `pieces` its runs of text, each with the link that it
    belongs to. `group` numbers the list or table that an item or a row is of; `follows` says that
    only a line break parts it from the line before, `gap` that an empty paragraph does.
    """

    text: str
    element: etree._Element
    kind: Kind
    group: int
    follows: bool
    gap: bool
    bold: bool
    pieces: tuple[Piece, ...]

    @property
    def linked(self) -> int:
        """How many characters of the line are links."""
        return sum(len(text) for text, link in self.pieces if link is not None)


class Lines(NamedTuple):
    """A page's lines, and the range of lines that each marked element spans."""

    all: tuple[Line, ...]
    spans: dict[etree._Element, range]


def read_lines(
    root: etree._Element,
    marks: Collection[etree._Element] = (),
    strip: Collection[etree._Element] = (),
) -> Lines:
    """The visible lines of a page; `marks` begin and end lines, `strip` are left out."""
    hidden, bold = _styled(root)
    unseen = hidden.union(strip)
    writer = _Writer(marks, bold)
    skipped: etree._Element | None = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag in _INVISIBLE or element in unseen:
                skipped = element
                walk.skip_subtree()
                continue
            if element.tag in _MEANT or element in writer.special:
                writer.open(element)
            text = element.text
        else:
            if element is skipped:
                skipped = None
            elif element.tag in _MEANT or element in writer.special:
                writer.close(element)
            text = element.tail if element is not root else None
        if text:
            writer.add(text)
    writer.flush()
    return Lines(tuple(writer.lines), writer.spans)


def join(lines: list[Line]) -> str | None:
    """Lines as the contract's plain text: a blank line between paragraphs, none within a list,
    a table or a paragraph; None for no text."""
    parts: list[str] = []
    last: Line | None = None
    for line in lines:
        if not line.text:
            continue
        if last is not None:
            same = line.group and line.group == last.group and line.kind == last.kind
            parts.append("\n" if same or line.follows else "\n\n")
        parts.append(f"- {line.text}" if line.kind == "item" else line.text)
        last = line
    return "".join(parts).strip("\n ") or None


def _styled(root: etree._Element) -> tuple[set[etree._Element], set[etree._Element]]:
    """The elements that are hidden and those that are bold by their attributes."""
    hidden: set[etree._Element] = set()
    bold: set[etree._Element] = set()
    for element in cast("list[etree._Element]", _STYLED(root)):
        style = element.get("style") or ""
        widget = _WIDGET.match(element.get("class") or "")
        if widget or element.get("hidden") is not None or _HIDING.search(style):
            hidden.add(element)
        elif _BOLD_STYLE.search(style):
            bold.add(element)
    return hidden, bold


class _Open(NamedTuple):
    """What has to be restored when an element ends."""

    block: etree._Element | None
    bold: bool
    before: int


class _Writer:
    """The state of the walk: the line being written and the elements that are open."""

    def __init__(self, marks: Collection[etree._Element], bold: set[etree._Element]) -> None:
        self.lines: list[Line] = []
        self.spans: dict[etree._Element, range] = {}
        self.marks = frozenset(marks)
        self.styled = bold
        self.special = self.marks | bold
        self.tables = {table for mark in marks for table in mark.iterancestors("table")}
        self.stack: list[_Open] = []
        self.pieces: list[Piece] = []
        self.cells: list[str] | None = None
        self.row: list[Piece] = []
        self.link: etree._Element | None = None
        self.block: etree._Element | None = None
        self.holder: etree._Element | None = None
        self.data: etree._Element | None = None
        self.bold = self.depth = self.group = 0
        self.light = self.follows = self.gap = self.item = False

    def open(self, element: etree._Element) -> None:
        tag = element.tag
        is_block = tag in _BLOCKS or element in self.marks
        if is_block:
            self.flush()
        bold = tag in _BOLD or element in self.styled
        self.stack.append(_Open(self.block, bold, len(self.lines)))
        if is_block:
            self.open_block(element)
        elif tag == "a":
            self.link = element
        elif tag == "br":
            self.break_line()
        elif tag == "img":
            self.image(element)
        self.bold += bold

    def close(self, element: etree._Element) -> None:
        tag = element.tag
        state = self.stack.pop()
        if tag in _BLOCKS or element in self.marks:
            self.close_block(element, state.before)
        elif tag == "a":
            self.link = None
        self.bold -= state.bold
        self.block = state.block

    def add(self, text: str) -> None:
        if not text.isspace():
            if not self.pieces:
                self.holder = self.block
            if not self.bold:
                self.light = True
        elif not self.pieces:
            return
        self.pieces.append((text, self.link))

    def open_block(self, element: etree._Element) -> None:
        self.block = element
        tag = element.tag
        if tag == "li":
            self.item = True
            self.group += not self.depth
        elif tag == "table":
            if self.data is None and element not in self.tables and is_data(element):
                self.data = element
                self.group += 1
        elif tag == "tr" and self.data is not None:
            self.cells = []
        elif tag in _LISTS:
            self.group += not self.depth
            self.depth += 1

    def close_block(self, element: etree._Element, before: int) -> None:
        tag = element.tag
        if self.cells is not None and tag in CELLS:
            self.close_cell()
        elif self.cells is not None and tag == "tr":
            self.close_row()
        else:
            if tag in ("p", "div") and not self.pieces and before == len(self.lines):
                self.gap = self.gap or _is_blank(element)
            self.flush()
        if tag == "li":
            self.item = False
        elif tag in _LISTS:
            self.depth -= 1
        elif element is self.data:
            self.data = None
        if element in self.marks:
            self.spans[element] = range(before, len(self.lines))

    def break_line(self) -> None:
        if self.item or self.cells is not None:
            self.add(" ")
        elif self.pieces:
            self.flush()
            self.follows = True
        else:
            self.follows = False

    def image(self, element: etree._Element) -> None:
        pieces: tuple[Piece, ...] = (("", self.link),) if self.link is not None else ()
        self.lines.append(Line("", element, "image", 0, False, False, False, pieces))

    def flush(self) -> None:
        """Ends the line; within a table's row it only parts the words."""
        if not self.pieces:
            self.follows = False
            return
        if self.cells is not None:
            self.add(" ")
            return
        pieces, self.pieces = self.pieces, []
        text = clean("".join([piece[0] for piece in pieces]))
        if text:
            kind: Kind = "item" if self.item else "text"
            self.write(text, kind, self.group if self.depth or self.item else 0, tuple(pieces))
        self.light = False

    def close_cell(self) -> None:
        assert self.cells is not None
        self.cells.append(clean("".join([piece[0] for piece in self.pieces])))
        self.row += [*self.pieces, ("\t", None)]
        self.pieces = []

    def close_row(self) -> None:
        cells, self.cells = self.cells, None
        if cells and any(cells):
            self.write("\t".join(cells), "row", self.group, tuple(self.row))
        self.row, self.pieces = [], []
        self.light = False

    def write(self, text: str, kind: Kind, group: int, pieces: tuple[Piece, ...]) -> None:
        holder = self.holder if self.holder is not None else self.block
        assert holder is not None
        bold = not self.light
        self.lines.append(Line(text, holder, kind, group, self.follows, self.gap, bold, pieces))
        self.item = self.gap = self.follows = False
        self.holder = None


def _is_blank(element: etree._Element) -> bool:
    """Whether an empty paragraph was written to part others: it holds a no-break space."""
    return any("\xa0" in (inner.text or "") for inner in islice(element.iter(), 8))
