"""The writer of a page's lines: what the begin and the end of each kind of element do to them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import islice

from lxml import etree

from govnews.extract.lines import Kind, Line, Lines, Piece
from govnews.extract.tables import is_data
from govnews.extract.text import clean

_INVISIBLE = (
    "head script style noscript template select option textarea button svg iframe object audio "
    "video canvas map math datalist title meta link"
)
_BLOCKS = frozenset(
    (
        "html body p div td th tr table tbody thead tfoot caption colgroup ul ol li dl dt dd menu "
        "dir h1 h2 h3 h4 h5 h6 section article header footer nav aside main form fieldset legend "
        "blockquote pre center figure figcaption address hr details summary frameset"
    ).split()
)


class Writer:
    """The state of the walk: the line being written and what is open around it."""

    def __init__(self, marks: Collection[etree._Element]) -> None:
        self.lines: list[Line] = []
        self.spans: dict[etree._Element, range] = {}
        self.starts: list[int] = []
        self.blocks: list[etree._Element] = []
        self.tables = {table for mark in marks for table in mark.iterancestors("table")}
        self.bolds: set[etree._Element] = set()
        self.pieces: list[Piece] = []
        self.cells: list[str] | None = None
        self.row: list[Piece] = []
        self.link: etree._Element | None = None
        self.holder: etree._Element | None = None
        self.data: etree._Element | None = None
        self.depth = self.group = 0
        self.light = self.follows = self.gap = self.item = False

    def add(self, text: str) -> None:
        """Adds text to the line; white space begins none."""
        if not self.pieces:
            self.holder = self.blocks[-1]
        if not (self.light or self.bolds or text.isspace()):
            self.light = True
        self.pieces.append((text, self.link))

    def begin_block(self, element: etree._Element) -> None:
        if self.pieces:
            self.flush()
        else:
            self.follows = False
        self.blocks.append(element)

    def end_block(self, _: etree._Element) -> None:
        if self.pieces:
            self.flush()
        else:
            self.follows = False
        self.blocks.pop()

    def begin_paragraph(self, element: etree._Element) -> None:
        self.begin_block(element)
        self.starts.append(len(self.lines))

    def end_paragraph(self, element: etree._Element) -> None:
        is_empty = self.starts.pop() == len(self.lines) and not self.pieces
        self.end_block(element)
        if is_empty and not self.gap:
            self.gap = _is_blank(element)

    def begin_mark(self, element: etree._Element) -> None:
        """Begins a marked element, which is a block whatever it is else."""
        self.step(element, at_end=False)
        if element.tag in ("b", "strong"):
            self.bolds.add(element)
        self.spans[element] = range(len(self.lines))

    def end_mark(self, element: etree._Element) -> None:
        self.step(element, at_end=True)
        self.spans[element] = range(self.spans[element].stop, len(self.lines))

    def step(self, element: etree._Element, *, at_end: bool) -> None:
        steps = STEPS[element.tag] if element.tag in _BLOCKS else BLOCK
        step = steps[at_end] if steps else None
        if step:
            step(self, element)

    def begin_list(self, element: etree._Element) -> None:
        self.begin_block(element)
        self.group += not self.depth
        self.depth += 1

    def end_list(self, element: etree._Element) -> None:
        self.end_block(element)
        self.depth -= 1

    def begin_item(self, element: etree._Element) -> None:
        self.begin_block(element)
        self.item = True
        self.group += not self.depth

    def end_item(self, element: etree._Element) -> None:
        self.end_block(element)
        self.item = False

    def begin_table(self, element: etree._Element) -> None:
        self.begin_block(element)
        if self.data is None and element not in self.tables and is_data(element):
            self.data = element
            self.group += 1

    def end_table(self, element: etree._Element) -> None:
        self.end_block(element)
        if element is self.data:
            self.data = None

    def begin_row(self, element: etree._Element) -> None:
        self.begin_block(element)
        if self.data is not None:
            self.cells = []

    def end_row(self, element: etree._Element) -> None:
        if self.cells is None:
            self.end_block(element)
            return
        cells, row = self.cells, self.row
        self.cells, self.row, self.pieces = None, [], []
        if any(cells):
            self.write("\t".join(cells), "row", self.group, row)
        self.light = False
        self.blocks.pop()

    def end_cell(self, element: etree._Element) -> None:
        if self.cells is None:
            self.end_block(element)
            return
        self.cells.append(clean("".join([piece for piece, _ in self.pieces])))
        self.row += [*self.pieces, ("\t", None)]
        self.pieces = []
        self.blocks.pop()

    def begin_heading(self, element: etree._Element) -> None:
        self.begin_block(element)
        self.bolds.add(element)

    def begin_bold(self, element: etree._Element) -> None:
        self.bolds.add(element)

    def begin_link(self, element: etree._Element) -> None:
        self.link = element

    def end_link(self, _: etree._Element) -> None:
        self.link = None

    def break_line(self, _: etree._Element) -> None:
        if self.item or self.cells is not None:
            if self.pieces:
                self.pieces.append((" ", self.link))
        elif self.pieces:
            self.flush()
            self.follows = True
        else:
            self.follows = False

    def image(self, element: etree._Element) -> None:
        pieces: tuple[Piece, ...] = (("", self.link),) if self.link is not None else ()
        self.lines.append(Line("", element, "image", 0, False, False, False, pieces, 0))

    def done(self) -> Lines:
        """What was written."""
        if self.pieces:
            self.flush()
        return Lines(tuple(self.lines), self.spans)

    def flush(self) -> None:
        """Ends the line; within a table's row it only parts the words."""
        if self.cells is not None:
            self.pieces.append((" ", self.link))
            return
        pieces, self.pieces = self.pieces, []
        text = clean("".join([piece for piece, _ in pieces]))
        if text:
            kind: Kind = "item" if self.item else "text"
            self.write(text, kind, self.group if self.depth or self.item else 0, pieces)
        self.light = False

    def write(self, text: str, kind: Kind, group: int, pieces: list[Piece]) -> None:
        assert self.holder is not None
        linked = sum([len(piece) for piece, link in pieces if link is not None])
        looks = (self.follows, self.gap, not self.light)
        self.lines.append(Line(text, self.holder, kind, group, *looks, tuple(pieces), linked))
        self.item = self.gap = self.follows = False


def _is_blank(element: etree._Element) -> bool:
    """Whether an empty paragraph was written to part others: it holds a no-break space."""
    return any("\xa0" in (inner.text or "") for inner in islice(element.iter(), 8))


Step = Callable[[Writer, etree._Element], None]
Steps = tuple[Step | None, Step | None]
PLAIN: Steps = (None, None)
BLOCK: Steps = (Writer.begin_block, Writer.end_block)
MARKED: Steps = (Writer.begin_mark, Writer.end_mark)
STEPS: dict[str, Steps | None] = {
    **dict.fromkeys(_BLOCKS, BLOCK),
    **dict.fromkeys(_INVISIBLE.split()),
    **dict.fromkeys(("p", "div"), (Writer.begin_paragraph, Writer.end_paragraph)),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), (Writer.begin_list, Writer.end_list)),
    "li": (Writer.begin_item, Writer.end_item),
    "table": (Writer.begin_table, Writer.end_table),
    "tr": (Writer.begin_row, Writer.end_row),
    "td": (Writer.begin_block, Writer.end_cell),
    "th": (Writer.begin_heading, Writer.end_cell),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), (Writer.begin_heading, Writer.end_block)),
    **dict.fromkeys(("b", "strong"), (Writer.begin_bold, None)),
    "a": (Writer.begin_link, Writer.end_link),
    "br": (Writer.break_line, None),
    "img": (Writer.image, None),
}
"""What the begin and the end of an element do, by its tag; None for what is not seen."""
