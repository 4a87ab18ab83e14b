"""Where a page's prose is densest: the body of a page whose site names none."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from govnews.extract.lines import Line

_FOOTER = re.compile(
    r"bản quyền|copyright|©|giấy phép (?:số|xuất bản|thiết lập)|ghi rõ nguồn|chịu trách nhiệm"
    r"|all rights reserved|địa chỉ ?:|trụ sở|điện thoại ?:|thiết kế bởi|phát triển bởi",
    re.IGNORECASE,
)
_LINE_COST, _LONGEST_FOOTER, _LONGEST_TITLE = 25, 400, 160
IsEnd = Callable[[int], bool]


def prose(line: Line) -> int:
    """How many characters of a line are no link."""
    return max(0, len(line.text) - line.linked)


def amount(lines: tuple[Line, ...], span: range) -> int:
    """How much prose a stretch of lines holds, in characters."""
    return sum(prose(lines[number]) for number in span)


def is_paragraph(line: Line) -> bool:
    """Whether a line reads as sentences, not as a title."""
    length = prose(line)
    ending = line.text.rstrip("”\"'’) ")[-1:]
    return length > _LONGEST_TITLE or (length >= 40 and ending in tuple(".!?:;…"))


def is_sentence(line: Line) -> bool:
    """Whether a line is too long for a title, or ends as no title does."""
    return len(line.text) > _LONGEST_TITLE or line.text.endswith((".", ";", ":"))


def densest(lines: tuple[Line, ...], is_end: IsEnd) -> range:
    """The run of lines with the greatest sum of prose (Kadane's algorithm): links count
    against it, and each line has its price, so that menus and lists are none.

    No run goes on over a line for which `is_end` holds.
    """
    best, total, start, span = 0.0, 0.0, 0, range(0)
    for number, line in enumerate(lines):
        if total <= 0:
            total, start = 0.0, number
        total = 0.0 if is_end(number) else total + _worth(line)
        if total > best:
            best, span = total, range(start, number + 1)
    return span


def widened(lines: tuple[Line, ...], core: range, is_end: IsEnd) -> range:
    """A dense run with the short lines around it that stand in the same element, but for the
    links and notices below it."""
    box = _common([lines[n].element for n in core if prose(lines[n]) > _LINE_COST])
    if box is None:
        return core
    held = _Held(box)
    first, last = core.start, core.stop
    while first > 0 and held.holds(lines[first - 1].element):
        first -= 1
    while last < len(lines) and held.holds(lines[last].element):
        if is_end(last) or _is_notice(lines[last]):
            break
        last += 1
    return range(first, last)


def _worth(line: Line) -> float:
    if line.kind == "image":
        return 0.0
    if len(line.text) < _LONGEST_FOOTER and _FOOTER.search(line.text):
        return -float(len(line.text))
    return prose(line) - 2.0 * line.linked - _LINE_COST


def _is_notice(line: Line) -> bool:
    return 2 * line.linked > len(line.text) > 0 or _FOOTER.search(line.text) is not None


def _common(elements: list[etree._Element]) -> etree._Element | None:
    """The smallest element around all of these; linear, since no element is climbed twice."""
    if not elements:
        return None
    path = [elements[0], *elements[0].iterancestors()]
    ranks = {element: rank for rank, element in enumerate(path)}
    lowest, seen = 0, set(path)
    for element in elements[1:]:
        for outer in (element, *element.iterancestors()):
            if outer in ranks:
                lowest = max(lowest, ranks[outer])
            if outer in seen:
                break
            seen.add(outer)
    return path[lowest]


class _Held:
    """Whether elements are within a box; remembers each answer on the way up, so that asking
    for all of a page's elements costs no more than one walk."""

    def __init__(self, box: etree._Element) -> None:
        self.known: dict[etree._Element, bool] = {box: True}

    def holds(self, element: etree._Element) -> bool:
        path: list[etree._Element] = []
        answer = False
        for outer in (element, *element.iterancestors()):
            if outer in self.known:
                answer = self.known[outer]
                break
            path.append(outer)
        self.known.update(dict.fromkeys(path, answer))
        return answer
