"""Where a text holds what was sought: marked in its own spelling, and cut to what matters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from govnews.search.spelling import lowered, pattern
from govnews.search.words import Term

_BLANKS = re.compile(r"\s+")
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
    text = text.strip()
    spans = _spans(text, terms)
    early = spans[:_MOST_SPANS]
    best = max(early, key=lambda span: _shown(early, span.start, width), default=None)
    start = _word_start(text, best.start - width // 4) if best else 0
    end = _word_end(text, start + width)
    shown = _segments(text, spans, start, end)
    return tuple(Segment(_BLANKS.sub(" ", piece), hit) for piece, hit in shown)


def _shown(spans: Sequence[_Span], start: int, width: int) -> int:
    """How many different terms a window shows that begins at a hit."""
    end = start + width * 3 // 4
    return len({span.term for span in spans if start <= span.start and span.end <= end})


def _word_start(text: str, position: int) -> int:
    blank = _BLANKS.search(text, position) if position > 0 else None
    return blank.end() if blank else 0


def _word_end(text: str, position: int) -> int:
    if position >= len(text):
        return len(text)
    last = max(text.rfind(blank, 0, position) for blank in " \n\t")
    return last if last > 0 else position


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
    small = lowered(text)
    return sorted(
        _Span(*match.span(), number)
        for number, term in enumerate(terms)
        for match in pattern(term.words, term.prefix).finditer(small)
    )
