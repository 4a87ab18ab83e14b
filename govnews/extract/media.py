"""The images and attachments of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from lxml import etree

from govnews.extract.boxes import upwards
from govnews.extract.lines import Line
from govnews.extract.page import Page
from govnews.extract.text import clean
from govnews.extract.urls import Link, absolute
from govnews.items import Medium

_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
_ICON = re.compile(
    r"bullet|icon|spacer|blank|pixel|arrow|transparent|loading|(?:^|/)1x1|_layouts/(?:1\d+/)?images/",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|rar|7z|csv)$", re.IGNORECASE)
_UPLOADS = re.compile(r"/(?:fckupload|attachments?|uploads?|upload)/", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp|svg|aspx|html?)$|/$", re.IGNORECASE)
_CAPTION_CLASS = re.compile(r"caption|chu-?thich|image|pcaption", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center|\bcenter\b", re.IGNORECASE)
_LEAST_PIXELS, _LONGEST_CAPTION = 33, 200


def read_media(page: Page, lines: range, below: range) -> tuple[Medium, ...]:
    """The pictures in a body with their captions, then the files linked in or just below it."""
    found: dict[str, Medium] = {}
    for medium in (*_images(page, lines), *_attachments(page, {*lines, *below})):
        found.setdefault(medium.url, medium)
    return tuple(found.values())


def _images(page: Page, lines: range) -> Iterator[Medium]:
    for number in lines:
        line = page.lines[number]
        if line.kind == "image" and not _is_icon(line.element):
            url = _source(page, line.element)
            if url:
                yield Medium("image", url, _caption(page, lines, number))


def _source(page: Page, image: etree._Element) -> str | None:
    for name in _SOURCES:
        source = image.get(name)
        if source and source.strip() and not source.startswith("data:"):
            return absolute(page.base, source, page.site)
    return None


def _is_icon(image: etree._Element) -> bool:
    """Whether a picture is decoration: by its name, or smaller than an icon's 32 pixels."""
    sizes = [image.get(name) or "" for name in ("width", "height")]
    if any(size.strip().isdecimal() and int(size) < _LEAST_PIXELS for size in sizes):
        return True
    return bool(_ICON.search(image.get("src") or ""))


def _caption(page: Page, lines: range, number: int) -> str | None:
    """The caption below a picture, or else the description that the picture carries."""
    line = page.lines[number]
    following = page.lines[number + 1] if number + 1 in lines else None
    if following is not None and _is_caption(line, following):
        return following.text
    return clean(line.element.get("alt") or line.element.get("title") or "") or None


def _is_caption(image: Line, line: Line) -> bool:
    if line.kind == "image" or not 0 < len(line.text) <= _LONGEST_CAPTION:
        return False
    element: etree._Element | None = line.element
    for _ in range(3):
        if element is None:
            return False
        looks = (element.get("style") or "") + " " + (element.get("align") or "")
        name = element.get("class") or ""
        if element.tag in ("figcaption", "caption", "center") or _CENTRED.search(looks):
            return True
        if _CAPTION_CLASS.search(name):
            return True
        element = element.getparent()
    return all(child.tag in ("em", "i") for child in line.element) and len(line.element) > 0


def _attachments(page: Page, numbers: set[int]) -> Iterator[Medium]:
    named = {match.element for match in page.matches["attachments"] if match.element is not None}
    for link in page.links:
        chosen = bool(named) and any(outer in named for outer in upwards(link.element))
        if chosen or (link.line in numbers and _is_file(link)):
            yield Medium("attachment", link.url, link.text or None)


def _is_file(link: Link) -> bool:
    path = unquote(urlsplit(link.url).path)
    if _FILE.search(path):
        return True
    return bool(_UPLOADS.search(path)) and not _PICTURE.search(path)
