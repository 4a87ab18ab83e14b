"""To which section an article belongs, and which language it is in."""

from __future__ import annotations

import re

from govnews.extract.head import Head, Value
from govnews.extract.metadata import Metadata
from govnews.extract.page import Page
from govnews.extract.related import Related
from govnews.extract.selected import read_selected

_RAW = 200
_BARS = " |>»/:"
_VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_ENGLISH = re.compile(r"\b(?:the|and|of|to|in|for|with)\b", re.IGNORECASE)


def read_section(
    page: Page, head: Head, related: tuple[Related, ...], stated: Metadata
) -> Value | None:
    """The section by selector, address, the category above the title, or the list's heading."""
    selected = read_selected(page, "section")
    if selected or page.section:
        return selected or Value(page.section or "", "address", page.section or "")
    if head.category is not None:
        text = page.lines[head.category].text
        if text.strip(_BARS):
            return Value(text.strip(_BARS), "category-above-title", text, "inferred")
    for entry in related:
        if entry.section:
            raw = page.lines[entry.heading].text
            return Value(entry.section, "heading-of-other-news", raw, "inferred")
    told = next(iter(stated.get("section", ())), None)
    return Value(told.value, told.rule, told.value) if told else None


def read_language(page: Page, body: Value | None) -> Value | None:
    """The language: the site's, the page's `lang`, or what the letters of the text tell."""
    if page.site.language:
        return Value(page.site.language, "site", page.site.language)
    stated = (page.root.get("lang") or "").strip().partition("-")[0].lower()
    if stated.isalpha() and len(stated) <= 3:
        return Value(stated, "html:lang", page.root.get("lang") or "")
    text = body.value if body else ""
    if len(_VIETNAMESE.findall(text)) * 50 > len(text) > 0:
        return Value("vi", "letters", text[:_RAW], "guessed")
    if len(_ENGLISH.findall(text)) * 60 > len(text) > 0:
        return Value("en", "letters", text[:_RAW], "guessed")
    return None
