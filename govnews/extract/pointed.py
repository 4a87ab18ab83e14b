"""Trafilatura, where it is installed (the extra `generic`), points to a page's text.

It only points: what is then read are the page's own lines, so that a body has the same form
whoever found it.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from lxml import etree

from govnews.extract.page import Page
from govnews.extract.text import clean

_LEAST, _MOST_BYTES = 40, 4_000_000


def pointed(page: Page) -> range | None:
    """The lines of a page in which trafilatura finds the text; None where it is not installed
    or finds none of them."""
    trafilatura = _trafilatura()
    source = etree.tostring(page.root, encoding="unicode", method="html") if trafilatura else ""
    if trafilatura is None or len(source) > _MOST_BYTES:
        return None
    text = trafilatura.extract(source, url=page.url, include_comments=False, fast=True) or ""
    told = {clean(part).lstrip("- ") for part in text.split("\n") if len(part) >= _LEAST}
    numbers = [number for number, line in enumerate(page.lines) if line.text in told]
    return range(numbers[0], numbers[-1] + 1) if numbers else None


@cache
def _trafilatura() -> ModuleType | None:
    if find_spec("trafilatura") is None:
        return None
    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it warns of each page without text
    return import_module("trafilatura")
