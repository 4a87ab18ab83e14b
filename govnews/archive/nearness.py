"""When two texts are nearly the same, and the passages by which such texts find each other.

All of it is a function of the texts alone, and of two texts alike in both directions: that is why
stories come out the same in whatever order articles come. The archive keeps what `drawn` says, so
where that changes, a migration must have every article drawn anew.
"""

from __future__ import annotations

import struct
from collections import Counter
from heapq import nsmallest
from itertools import chain, count
from operator import or_
from typing import NamedTuple
from zlib import crc32

from govnews.archive.wording import FIGURE, LABEL, NAME, Extent, Fact, Wording

_SHORTEST = 40  # syllables: less is a caption or a pointer to a file, and says too little
_DRAWN = 12  # passages of a text that are kept
_PASSAGE = 5  # syllables
_REACH = 20  # syllables before and behind a passage whose figures belong to it
_DATE = 4  # figures
_TOLERATED = {NAME: 10, LABEL: 20, FIGURE: 3}  # of so many facts of a kind one may differ


class Drawn(NamedTuple):
    """What is drawn from a text to find those that are near it: its extent, and the numbers of
    some of its passages."""

    extent: Extent
    passages: tuple[int, ...]


NOTHING = Drawn(Extent(0, 0), ())
"""What is drawn from a text that is too short to be compared."""


class Covered(NamedTuple):
    """The share of a text that stands in another, and the syllables of this in each of its
    halves."""

    share: float
    first_half: int
    second_half: int


def drawn(wording: Wording) -> Drawn:
    """Draws from a text what the archive keeps of it.

    The passages begin where two syllables follow each other whose numbers are smallest together,
    so that texts which share a stretch mostly share passages of it. The figures around a passage
    are part of it: it is another one where a form is filled with other figures.
    """
    if len(wording.codes) < _SHORTEST:
        return NOTHING
    last = dict(zip(wording.pairs, count(), strict=False))
    numbers = {_number(wording.codes, last[pair]) for pair in nsmallest(_DRAWN, last)}
    return Drawn(wording.extent, tuple(sorted(numbers)))


def comparable(one: Extent, other: Extent) -> bool:
    """Whether two texts may be near by their extents: long enough, the shorter at least two
    fifths of the longer, and half the figures of the one with fewer in both, unless these are no
    more than a date has."""
    shorter, longer = sorted((one.syllables, other.syllables))
    shared = (one.figures & other.figures).bit_count()
    fewer = min(one.figures.bit_count(), other.figures.bit_count())
    same_figures = fewer <= _DATE or 2 * shared >= fewer
    return shorter >= _SHORTEST and 5 * shorter >= 2 * longer and same_figures


def near(one: Wording, other: Wording) -> bool:
    """Whether two texts tell one story: they are comparable, one stands in the other, mostly, and
    the facts that stand between the same words are the same, mostly."""
    return comparable(one.extent, other.extent) and _overlap(one, other) and _agree(one, other)


def _overlap(one: Wording, other: Wording) -> bool:
    """Whether seven tenths of a text stand in the other, and two fifths of the other in it.

    Where these are less than two thirds, the beginning must be among them: so a text cut short is
    still the same, but of two that an article puts together the second is not that article.
    """
    common = {*one.triples}.intersection(other.triples)
    less, more = sorted((_covered(one, common), _covered(other, common)))
    cut_short = less.share >= 2 / 3 or 2 * less.first_half >= less.second_half
    return more.share >= 0.7 and less.share >= 0.4 and cut_short


def _covered(wording: Wording, common: set[int]) -> Covered:
    """How much of a text stands in triples that another one has."""
    hits = list(map(common.__contains__, wording.triples))
    syllables = list(map(or_, map(or_, [*hits, 0, 0], [0, *hits, 0]), [0, 0, *hits]))
    half = len(syllables) // 2
    first, second = sum(syllables[:half]), sum(syllables[half:])
    return Covered((first + second) / len(syllables), first, second)


def _agree(one: Wording, other: Wording) -> bool:
    shared: Counter[int] = Counter()
    differing: Counter[int] = Counter()
    for place in one.places.keys() & other.places.keys():
        shared[place[0]] += 1
        differing[place[0]] += not _alike(one.places[place], other.places[place])
    return all(differing[kind] * many <= shared[kind] for kind, many in _TOLERATED.items())


def _alike(ones: set[Fact], others: set[Fact]) -> bool:
    """Whether of two texts' facts at a place one is the same, or less: `Lê Quang Khôi`, `Khôi`."""
    every_one, every_other = (frozenset(chain.from_iterable(facts)) for facts in (ones, others))
    return any(one <= every_other for one in ones) or any(other <= every_one for other in others)


def _number(codes: list[int], start: int) -> int:
    end = start + _PASSAGE
    around = codes[max(0, start - _REACH) : start] + codes[end : end + _REACH]
    passage = codes[start:end] + [code for code in around if code & 1]
    return crc32(struct.pack(f"<{len(passage)}I", *passage)) - 2**31  # SQLite: four bytes
