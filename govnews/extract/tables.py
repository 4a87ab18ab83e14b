"""Tables of data, told from tables that only lay out a page."""

from __future__ import annotations

from lxml import etree

CELLS = ("td", "th")
_LONG = 300


def is_data(table: etree._Element) -> bool:
    """Whether a table holds data, not the layout of the page: two columns or more, no table
    within, no cell with long paragraphs."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    if not any(len([cell for cell in row if cell.tag in CELLS]) > 1 for row in table.iter("tr")):
        return False
    return not any(map(_is_long, table.iter(*CELLS)))


def _is_long(cell: etree._Element) -> bool:
    blocks = cell.iter("p", "div", "br", "li")
    several = next(blocks, None) is not None and next(blocks, None) is not None
    return several and sum(map(len, cell.itertext())) > _LONG
