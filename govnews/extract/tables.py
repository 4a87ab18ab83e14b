"""Tables of data, told from tables that only lay out a page."""

from __future__ import annotations

from itertools import islice

from lxml import etree

CELLS = ("td", "th")
_BREAKS = frozenset(("p", "div", "br", "li"))
_LONG = 300


def is_data(table: etree._Element) -> bool:
    """Whether a table holds data, not the layout of the page: two columns or more, no table
    within, no cell with long paragraphs."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    if not any(len([cell for cell in row if cell.tag in CELLS]) > 1 for row in table.iter("tr")):
        return False
    several = len(list(islice(table.iter(*_BREAKS), 2))) == 2
    return not (several and any(map(_is_long, table.iter(*CELLS))))


def _is_long(cell: etree._Element) -> bool:
    if not len(cell) or (len(cell) == 1 and not len(cell[0])):
        return False
    breaks = sum([inner.tag in _BREAKS for inner in cell.iter()])
    return breaks > 1 and sum(map(len, cell.itertext())) > _LONG
