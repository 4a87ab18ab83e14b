"""A page as its reader sees it: lines of text from top to bottom.

What class names and table cells hide is plain in this form: the category stands above the title,
the author's initials on the last line, a stamp beside its link.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from lxml import etree

Kind = Literal["text", "item", "row", "image"]
Piece = tuple[str, "etree._Element | None"]


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
