"""What a page says of itself to machines: JSON-LD, OpenGraph, `<meta>`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from govnews.extract.text import clean, words_of

_ARTICLE = re.compile(r"(?:.*Article|.*Posting|Report)$")
_MANY, _DEEP = 200, 8
_META = {
    "title": ("og:title", "twitter:title", "dc.title"),
    "summary": ("og:description", "description", "twitter:description", "dc.description"),
    "author": ("author", "article:author", "dc.creator", "parsely-author"),
    "section": ("article:section", "parsely-section"),
    "published_at": (
        "article:published_time",
        "datepublished",
        "pubdate",
        "publishdate",
        "publish_date",
        "dc.date.issued",
        "dcterms.created",
        "dc.date",
        "dc.date.created",
        "date",
    ),
    "site": ("og:site_name",),
    "type": ("og:type",),
}
_JSON = {
    "title": ("headline", "name"),
    "summary": ("description",),
    "author": ("author",),
    "section": ("articleSection",),
    "published_at": ("datePublished", "dateCreated"),
}


class Stated(NamedTuple):
    """A value that metadata states, and where: `meta:og:title`, `json-ld:headline`."""

    value: str
    rule: str


Metadata = dict[str, tuple[Stated, ...]]


def read_metadata(root: etree._Element) -> Metadata:
    """What metadata states for each field, the most trusted first; `type` is `article` where
    the page calls itself one."""
    stated: dict[str, list[Stated]] = {}
    for entry in _json_articles(root):
        stated.setdefault("type", []).append(Stated("article", "json-ld:@type"))
        for field, names in _JSON.items():
            for name in names:
                for text in _texts(entry.get(name), 0):
                    stated.setdefault(field, []).append(Stated(text, f"json-ld:{name}"))
    metas = _metas(root)
    for field, names in _META.items():
        for name in names:
            if name in metas:
                stated.setdefault(field, []).append(Stated(metas[name], f"meta:{name}"))
    return {field: tuple(values) for field, values in stated.items()}


def page_title(root: etree._Element) -> str:
    """The text of `<title>`."""
    element = next(root.iter("title"), None)
    return "" if element is None else words_of(element)


def _metas(root: etree._Element) -> dict[str, str]:
    """The first non-empty content of each `<meta>`, by its name in small letters."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), clean(content))
    return found


def _json_articles(root: etree._Element) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                data = json.loads("".join(map(str, script.itertext())), strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _articles(data)


def _articles(data: object) -> Iterator[dict[str, Any]]:
    """The entries of a JSON-LD document that are articles, in breadth."""
    queue = [data]
    for entry in queue:
        if len(queue) > _MANY:
            return
        if isinstance(entry, list):
            queue += entry[:_MANY]
        elif isinstance(entry, dict):
            if any(_ARTICLE.match(name) for name in _texts(entry.get("@type"), 0)):
                yield entry
            queue += [entry[key] for key in ("@graph", "mainEntity") if key in entry]


def _texts(value: object, depth: int) -> Iterator[str]:
    """The texts in a JSON-LD value: itself, its `name`, or those of its members."""
    if isinstance(value, str) and value.strip():
        yield clean(value)
    elif isinstance(value, dict) and depth < _DEEP:
        yield from _texts(value.get("name"), depth + 1)
    elif isinstance(value, list) and depth < _DEEP:
        for member in value[:_MANY]:
            yield from _texts(member, depth + 1)
