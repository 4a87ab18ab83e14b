"""Tables of data, told from tables that only lay out a page."""

from __future__ import annotations

from itertools import islice

from lxml import etree

CELLS = ("td", "th")
_LONG = 300


def is_data(table: etree._Element) -> bool:
    """Whether a table holds data, not the layout of the page: two columns or more, no table
    within, no cell with long paragraphs."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    columns = max((sum(cell.tag in CELLS for cell in row) for row in table.iter("tr")), default=0)
    return columns > 1 and not any(_is_long(cell) for cell in table.iter(*CELLS))


def _is_long(cell: etree._Element) -> bool:
    blocks = sum(1 for _ in islice(cell.iter("p", "div", "br", "li"), 2))
    return blocks > 1 and sum(map(len, cell.itertext())) > _LONG
