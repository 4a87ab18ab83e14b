"""Boxes: the elements on a page that hold one article's links alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from govnews.extract.urls import Link

_LEVELS = 8


@dataclass(frozen=True, slots=True)
class Boxes:
    """To which single article the links in an element lead; None where they lead to several."""

    keys: dict[etree._Element, str | None]

    def around(self, link: etree._Element) -> tuple[etree._Element, etree._Element | None]:
        """The largest element around a link that holds this article alone, and the next."""
        box, levels = link, 0
        for outer in link.iterancestors():
            if self.keys.get(outer) is None:
                return box, outer
            if levels < _LEVELS:
                box, levels = outer, levels + 1
        return box, None


def upwards(element: etree._Element) -> Iterator[etree._Element]:
    """An element and all those around it."""
    yield element
    yield from element.iterancestors()


def find_boxes(links: Iterable[Link]) -> Boxes:
    """For each element around links the article that all of them lead to; linear, since a
    climb ends where an element is known to hold several."""
    keys: dict[etree._Element, str | None] = {}
    for link in links:
        element: etree._Element | None = link.element
        while element is not None:
            if element not in keys:
                keys[element] = link.key
            elif keys[element] is None or keys[element] == link.key:
                break
            else:
                keys[element] = None
            element = element.getparent()
    return Boxes(keys)
