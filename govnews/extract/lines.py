"""A page as its reader sees it: lines of text from top to bottom, in one walk over the tree.

What class names and table cells hide is plain in this form: the category stands above the title,
the author's initials on the last line, a stamp beside its link.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from lxml import etree

from govnews.extract.tables import CELLS, is_data
from govnews.extract.text import clean

Kind = Literal["text", "item", "row", "image"]
Look = Literal["hidden", "bold"] | None
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
_INLINE = frozenset(("a", "br", "img", "b", "strong"))
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_WIDGET = re.compile(r"Rad(?:Picker|Calendar|DatePicker)|(?:.*\s)?(?:ui-)?datepicker\b")


class Line(NamedTuple):
    """One line of a page.

    `element` is the block that holds it; `pieces` its runs of text, each with the link that it
    belongs to. `group` numbers the list or table that an item or a row is of; `follows` says that
    only a line break parts it from the line before, `gap` that an empty paragraph does; `linked`
    is how many characters of the line are links.
    """

    text: str
    element: etree._Element
    kind: Kind
    group: int
    follows: bool
    gap: bool
    bold: bool
    pieces: tuple[Piece, ...]
    linked: int


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
    writer = _Writer(marks)
    skipped: etree._Element | None = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            names = element.keys()
            look = _look(element, names) if names and element is not root else None
            if tag in _INVISIBLE or look == "hidden" or element in strip:
                skipped = element
                walk.skip_subtree()
                continue
            bold = tag in _BOLD or look == "bold"
            if tag in _BLOCKS or element in marks:
                writer.open_block(element, bold)
            elif bold or tag in _INLINE:
                writer.open(element, bold)
            text = element.text
        else:
            if element is skipped:
                skipped = None
            elif tag in _BLOCKS or element in marks:
                writer.close_block(element)
            elif tag in _INLINE or element in writer.bolds:
                writer.close(element)
            text = element.tail if element is not root else None
        if text and (writer.pieces or not text.isspace()):
            writer.add(text)
    return writer.end()


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


def _look(element: etree._Element, names: list[str]) -> Look:
    """Whether an element is hidden or bold by its attributes, which have these names."""
    if "hidden" in names:
        return "hidden"
    if "style" in names or "class" in names:
        return _styled(element.get("style") or "", element.get("class") or "")
    return None


@lru_cache(maxsize=256)
def _styled(style: str, name: str) -> Look:
    if _WIDGET.match(name) or _HIDING.search(style):
        return "hidden"
    return "bold" if _BOLD_STYLE.search(style) else None


class _Writer:
    """The state of the walk: the line being written and the elements that are open."""

    def __init__(self, marks: Collection[etree._Element]) -> None:
        self.lines: list[Line] = []
        self.spans: dict[etree._Element, range] = {}
        self.marks = marks
        self.tables = {table for mark in marks for table in mark.iterancestors("table")}
        self.stack: list[tuple[etree._Element | None, int]] = []
        self.bolds: set[etree._Element] = set()
        self.pieces: list[Piece] = []
        self.cells: list[str] | None = None
        self.row: list[Piece] = []
        self.link: etree._Element | None = None
        self.block: etree._Element | None = None
        self.holder: etree._Element | None = None
        self.data: etree._Element | None = None
        self.depth = self.group = 0
        self.light = self.follows = self.gap = self.item = False

    def open(self, element: etree._Element, bold: bool) -> None:
        if bold:
            self.bolds.add(element)
        tag = element.tag
        if tag == "a":
            self.link = element
        elif tag == "br":
            self.break_line()
        elif tag == "img":
            self.image(element)

    def close(self, element: etree._Element) -> None:
        self.bolds.discard(element)
        if element.tag == "a":
            self.link = None

    def add(self, text: str) -> None:
        """Adds text to the line; white space begins none."""
        if not text.isspace():
            if not self.pieces:
                self.holder = self.block
            if not self.bolds:
                self.light = True
        elif not self.pieces:
            return
        self.pieces.append((text, self.link))

    def open_block(self, element: etree._Element, bold: bool) -> None:
        if self.pieces:
            self.flush()
        else:
            self.follows = False
        self.stack.append((self.block, len(self.lines)))
        if bold:
            self.bolds.add(element)
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

    def close_block(self, element: etree._Element) -> None:
        tag = element.tag
        outer, before = self.stack.pop()
        if self.cells is not None and tag in CELLS:
            self.close_cell(self.cells)
        elif self.cells is not None and tag == "tr":
            self.close_row(self.cells)
        elif self.pieces:
            self.flush()
        else:
            self.follows = False
            if before == len(self.lines) and tag in ("p", "div"):
                self.gap = self.gap or _is_blank(element)
        if tag == "li":
            self.item = False
        elif tag in _LISTS:
            self.depth -= 1
        elif element is self.data:
            self.data = None
        if element in self.marks:
            self.spans[element] = range(before, len(self.lines))
        self.bolds.discard(element)
        self.block = outer

    def end(self) -> Lines:
        if self.pieces:
            self.flush()
        return Lines(tuple(self.lines), self.spans)

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
        self.lines.append(Line("", element, "image", 0, False, False, False, pieces, 0))

    def flush(self) -> None:
        """Ends the line; within a table's row it only parts the words."""
        if self.cells is not None:
            self.pieces.append((" ", self.link))
            return
        pieces, self.pieces = self.pieces, []
        text = clean("".join([piece[0] for piece in pieces]))
        if text:
            kind: Kind = "item" if self.item else "text"
            self.write(text, kind, self.group if self.depth or self.item else 0, tuple(pieces))
        self.light = False

    def close_cell(self, cells: list[str]) -> None:
        cells.append(clean("".join([piece[0] for piece in self.pieces])))
        self.row += [*self.pieces, ("\t", None)]
        self.pieces = []

    def close_row(self, cells: list[str]) -> None:
        self.cells = None
        if any(cells):
            self.write("\t".join(cells), "row", self.group, tuple(self.row))
        self.row, self.pieces = [], []
        self.light = False

    def write(self, text: str, kind: Kind, group: int, pieces: tuple[Piece, ...]) -> None:
        holder = self.holder if self.holder is not None else self.block
        assert holder is not None
        linked = sum([len(piece) for piece, link in pieces if link is not None])
        looks = (self.follows, self.gap, not self.light)
        self.lines.append(Line(text, holder, kind, group, *looks, pieces, linked))
        self.item = self.gap = self.follows = False
        self.holder = None


def _is_blank(element: etree._Element) -> bool:
    """Whether an empty paragraph was written to part others: it holds a no-break space."""
    return any("\xa0" in (inner.text or "") for inner in islice(element.iter(), 8))
