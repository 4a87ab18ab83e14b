"""The numbers of a pager, and which of them is the current page's."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

from lxml import etree

from govnews.extract.controls import Control, wrappers

_ENDS = re.compile(r"\b(?:first|last|end)\b", re.IGNORECASE)
_LEAST_ODD = 3


class Number(NamedTuple):
    """A page's number in a pager, with its control where it has one; `marked` as the current."""

    value: int
    marked: bool
    control: Control | None


def current_of(numbers: tuple[Number, ...]) -> int | None:
    """The current page: the one that is marked, or else that is no link, or that leads to this
    very address, or nowhere, or looks unlike all others; None where several do."""
    controls = {n.value: n.control for n in numbers if n.control is not None}
    linked = {value for value, control in controls.items() if not control.here}
    plain = [n.value for n in numbers if n.control is None and {n.value - 1, n.value + 1} & linked]
    marked = list({number.value for number in numbers if number.marked})
    here = [value for value, control in controls.items() if control.here]
    dead = [value for value, control in controls.items() if control.click is None]
    for found in (marked, plain[:1], here, dead, _odd(controls)):
        if len(found) == 1:
            return found[0]
    return None


def _odd(controls: dict[int, Control]) -> list[int]:
    """Of the numbers that post back, so that no address tells them apart, the one whose markup no
    other has, where all others have one and the same."""
    if any(control.click is None or not control.click.bound for control in controls.values()):
        return []
    looks = {value: look_of(control.element) for value, control in controls.items()}
    counts = Counter(looks.values())
    if len(looks) < _LEAST_ODD or len(counts) > 2:
        return []
    return [value for value, look in looks.items() if counts[look] == 1]


def look_of(element: etree._Element) -> str:
    """How a control is marked up, whatever it says: its own and its inner tags and styles."""
    shown = (*islice(wrappers(element), 1), *element.iter("*"))
    parts = (f"{e.tag} {e.get('class')} {e.get('style')}" for e in shown)
    return _ENDS.sub("", " ".join(parts))
