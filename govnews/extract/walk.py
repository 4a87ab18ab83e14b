"""One walk over a page's tree, which writes down its lines."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Literal

from lxml import etree

from govnews.extract.lines import Lines
from govnews.extract.writer import MARKED, PLAIN, STEPS, Step, Steps, Writer

_LOOKS = frozenset(("hidden", "style", "class"))
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_WIDGET = re.compile(r"Rad(?:Picker|Calendar|DatePicker)|(?:.*\s)?(?:ui-)?datepicker\b")


def read_lines(
    root: etree._Element,
    marks: Collection[etree._Element] = (),
    strip: Collection[etree._Element] = (),
) -> Lines:
    """The visible lines of a page; `marks` begin and end lines, `strip` are left out."""
    writer = Writer(marks)
    special = _special(marks, strip)
    ends: list[Step | None] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            steps = STEPS.get(element.tag, PLAIN)
            if element in special:
                steps = special[element]
            names = element.keys()
            if names and not _LOOKS.isdisjoint(names) and element is not root:
                steps = _by_look(element, steps, writer)
            if steps is None:
                ends.append(None)
                walk.skip_subtree()
                continue
            begin, end = steps
            ends.append(end)
            if begin:
                begin(writer, element)
            text = element.text
        else:
            end = ends.pop()
            if end:
                end(writer, element)
            if writer.bolds:
                writer.bolds.discard(element)
            text = element.tail if ends else None
        if text and (writer.pieces or not text.isspace()):
            writer.add(text)
    return writer.done()


def _special(
    marks: Collection[etree._Element], strip: Collection[etree._Element]
) -> dict[etree._Element, Steps | None]:
    """The steps of the elements that are told apart from others of their kind."""
    marked = {mark: MARKED for mark in marks if STEPS.get(mark.tag, PLAIN)}
    return marked | dict.fromkeys(strip)


def _by_look(element: etree._Element, steps: Steps | None, writer: Writer) -> Steps | None:
    """The steps of an element that may be hidden or bold by its attributes."""
    look = _look(element.get("style") or "", element.get("class") or "")
    if look == "bold":
        writer.bolds.add(element)
    return None if look == "hidden" or element.get("hidden") is not None else steps


@lru_cache(maxsize=1000)
def _look(style: str, name: str) -> Literal["hidden", "bold"] | None:
    """Whether an element is hidden or bold by its style and its class."""
    if _WIDGET.match(name) or _HIDING.search(style):
        return "hidden"
    return "bold" if _BOLD_STYLE.search(style) else None
