"""A text as it is compared: its syllables as numbers, and the facts between them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from operator import mul, xor
from string import punctuation
from typing import NamedTuple
from zlib import crc32

from govnews.vietnamese import one_tone_placement

NAME, LABEL, FIGURE = range(3)
"""The kinds of facts: a label is a figure that tells which day, paper or place is meant."""

_LABELLED = frozenset(
    "ngày mùng thứ tuần tháng quý năm số lần đợt kỳ khóa khoá phiên "
    "phường quận tổ phố ấp thôn xóm hẻm đường lộ".split()
)
_OUTSIDE = [-1, -1]
_EDGES = f"{punctuation}“”„‘’…–—•·«»"
_ENDS = ".!?:;"
_JOINTS = re.compile(r"[/-]|\.(?=\d\d?\.\d{4}$|\d{4}$)")
_MOST_CODES = 50_000

Fact = frozenset[int]
Place = tuple[int, ...]
"""A kind of fact, and the two syllables on each side."""


class Extent(NamedTuple):
    """How long a text is in syllables, and its figures: each sets one of 63 bits."""

    syllables: int
    figures: int


@dataclass(frozen=True)
class Wording:
    """A text as it is compared: its syllables without case, punctuation and white space."""

    title: str
    text: str

    @cached_property
    def codes(self) -> list[int]:
        """A number for each syllable of title and text, as of `_code`."""
        return list(filter(None, map(_CODES.__getitem__, f"{self.title}\n{self.text}".split())))

    @cached_property
    def extent(self) -> Extent:
        """Its length and its figures."""
        figures = 0
        for code in {code for code in self.codes if code & 1}:
            figures |= 1 << (code >> 2) % 63
        return Extent(len(self.codes), figures)

    @cached_property
    def pairs(self) -> list[int]:
        """A number for each two syllables that follow each other."""
        return list(map(xor, self.codes, self.codes[1:]))

    @cached_property
    def triples(self) -> list[int]:
        """A number for each three syllables that follow each other."""
        return list(map(xor, map(mul, self.pairs, repeat(3)), self.codes[2:]))

    @cached_property
    def places(self) -> dict[Place, set[Fact]]:
        """Its facts, by their kind and the two syllables on each side.

        What stands at the beginning or the end of the text has no place, as bylines and datelines
        do; in a title it has.
        """
        outline, facts = _outline(self.title)
        titled = [*_OUTSIDE, *outline, *_OUTSIDE]
        places: dict[Place, set[Fact]] = defaultdict(set)
        for at, kind, fact in facts if len(outline) > 1 else ():
            places[kind, *titled[at : at + 2], *titled[at + 3 : at + 5]].add(fact)
        outline, facts = _outline(self.text)
        for at, kind, fact in facts:
            if 2 <= at < len(outline) - 2:
                places[kind, *outline[at - 2 : at], *outline[at + 1 : at + 3]].add(fact)
        return places


def _outline(text: str) -> tuple[list[int], list[tuple[int, int, Fact]]]:
    """The words of a text, each fact being one 0; and the facts, where they stand in it and of
    which kind they are. Names and figures are one fact where they stand together in a sentence."""
    outline: list[int] = []
    facts: list[tuple[int, int, Fact]] = []
    run: list[int] = []
    before, labelled = ".", False
    for raw in [*text.split(), "."]:
        code = _CODES[raw]
        is_fact = code & 1 or raw.lstrip(_EDGES)[:1].isupper()
        if run and (not is_fact or before[-1] in _ENDS):
            facts.append((len(outline), _kind(run, labelled), frozenset(run)))
            outline.append(0)
            run = []
        if is_fact:
            labelled = labelled if run else before in _LABELLED
            run.append(code)
        elif code:
            outline.append(code)
        before = raw
    return outline, facts


def _kind(run: list[int], labelled: bool) -> int:
    figures = [code for code in run if code & 1]
    if not figures:
        return NAME
    is_label = labelled or len(figures) < len(run) or any(code & 2 for code in figures)
    return LABEL if is_label else FIGURE


def _code(raw: str) -> int:
    """A number for a word, odd for a figure, with another bit for a date or a paper's number; 0
    for what is no word."""
    word = raw.strip(_EDGES)
    if word[:1].isdigit():
        parts = _JOINTS.split(word.lower())
        figure = "/".join(part.lstrip("0") for part in parts[:2])  # 07-05-2025 is 7/5
        return crc32(figure.encode()) >> 4 << 2 | (len(parts) > 1) << 1 | 1
    return crc32(one_tone_placement(word.lower()).encode()) >> 4 << 2 if word else 0


class _Codes(dict[str, int]):
    """The code of each word as it is written."""

    def __missing__(self, raw: str) -> int:
        if len(self) >= _MOST_CODES:
            self.clear()
        self[raw] = code = _code(raw)
        return code


_CODES = _Codes()
