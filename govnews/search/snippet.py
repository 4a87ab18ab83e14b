"""Where a text holds what was sought: marked in its own spelling, and cut to what matters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from govnews.search.words import Term
from govnews.vietnamese import fold, one_tone_placement

_WORD = re.compile(r"[^\W_]+")
_ELLIPSIS = "…"
_MOST_SPANS = 200


class Segment(NamedTuple):
    """A piece of text; `hit` says that it is what was sought."""

    text: str
    hit: bool


class _Span(NamedTuple):
    start: int
    end: int
    term: int


def marked(text: str, terms: Sequence[Term]) -> tuple[Segment, ...]:
    """The whole text in segments; joined, they are the text."""
    return _segments(text, _spans(text, terms), 0, len(text))


def snippet(text: str, terms: Sequence[Term], width: int = 240) -> tuple[Segment, ...]:
    """About `width` characters around the place that shows most of the terms; the beginning,
    where the text shows none. White space is one blank."""
    text = " ".join(text.split())
    spans = _spans(text, terms)
    early = spans[:_MOST_SPANS]
    best = max(early, key=lambda span: _shown(early, span.start, width), default=None)
    start = _word_start(text, best.start - width // 4) if best else 0
    end = _word_end(text, start + width)
    return _segments(text, spans, start, end)


def _shown(spans: Sequence[_Span], start: int, width: int) -> int:
    """How many different terms a window shows that begins at a hit."""
    end = start + width * 3 // 4
    return len({span.term for span in spans if start <= span.start and span.end <= end})


def _word_start(text: str, position: int) -> int:
    return text.find(" ", position) + 1 if position > 0 else 0


def _word_end(text: str, position: int) -> int:
    if position >= len(text):
        return len(text)
    return max(text.rfind(" ", 0, position), 0) or position


def _segments(text: str, spans: Sequence[_Span], start: int, end: int) -> tuple[Segment, ...]:
    segments = [Segment(_ELLIPSIS, False)] if start > 0 else []
    position = start
    for span in spans:
        if span.start >= position and span.end <= end:
            segments.append(Segment(text[position : span.start], False))
            segments.append(Segment(text[span.start : span.end], True))
            position = span.end
    segments.append(Segment(text[position:end], False))
    if end < len(text):
        segments.append(Segment(_ELLIPSIS, False))
    return tuple(segment for segment in segments if segment.text)


def _spans(text: str, terms: Sequence[Term]) -> list[_Span]:
    words = list(_WORD.finditer(text))
    forms = {exact: [_form(word.group(), exact) for word in words] for exact in (True, False)}
    spans: list[_Span] = []
    for number, term in enumerate(terms):
        sought = [_form(word, term.exact) for word in _WORD.findall(term.text)]
        for first in _places(forms[term.exact], sought, term.prefix):
            last = words[first + len(sought) - 1]
            spans.append(_Span(words[first].start(), last.end(), number))
    return sorted(spans)


def _places(words: Sequence[str], sought: Sequence[str], prefix: bool) -> list[int]:
    *head, last = sought
    size = len(head)
    return [
        first
        for first in range(len(words) - size)
        if (words[first + size].startswith(last) if prefix else words[first + size] == last)
        and words[first : first + size] == head
    ]


@lru_cache(maxsize=20_000)
def _form(word: str, exact: bool) -> str:
    return (one_tone_placement(word) if exact else fold(word)).lower()
