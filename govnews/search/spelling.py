"""How a word may be spelled in a text that answers it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache

from govnews.vietnamese import fold, has_marks, nfc, one_tone_placement

_MAY_HAVE_MARKS = re.compile("[aeiouyd]", re.IGNORECASE)
_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))


def has_one_form(word: str) -> bool:
    """Whether a word as typed means nothing else: `đường`, `2021`, `CT`, but not `duong`."""
    return has_marks(word) or not _MAY_HAVE_MARKS.search(word)


def ways_to_go_on(beginning: str) -> list[str]:
    """The words that begin so in the old placement of the tone mark alone: `thủ` → `thuỷ`.

    The index has them in the new placement, where they begin with another letter.
    """
    words = (one_tone_placement(beginning + letter) for letter in "aey")
    return [word for word in words if not word.startswith(beginning)]


@lru_cache(maxsize=1000)
def pattern(words: tuple[str, ...], prefix: bool) -> re.Pattern[str]:
    """A pattern that finds these words in a text in small letters, whatever lies between them."""
    *head, last = (word.lower() for word in words)
    ways = [_phrase((*head, way)) for way in ways_to_go_on(last)] if prefix else []
    typed = _phrase((*head, last)) + r"[^\W_]*" * prefix
    return re.compile(rf"(?:{'|'.join((typed, *ways))})(?![^\W_])", re.DOTALL)


def lowered(text: str) -> str:
    """A text in small letters, each in its place."""
    if len(small := text.lower()) == len(text):
        return small
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _phrase(words: tuple[str, ...]) -> str:
    # That no letter stands before it is asked last: a pattern is found soonest by its letters.
    first, *rest = words
    start = rf"{_pattern(first)}(?<![^\W_].{{{len(first)}}})"
    return r"[\W_]+".join((start, *map(_pattern, rest)))


def _pattern(word: str) -> str:
    if not has_marks(word):
        return "".join(_letters().get(letter, re.escape(letter)) for letter in word)
    spellings = dict.fromkeys((word, one_tone_placement(word), _old_placement(word)))
    forms = "|".join(map(re.escape, spellings))
    return f"(?:{forms})" if len(spellings) > 1 else forms


def _old_placement(word: str) -> str:
    """`hoà` → `hòa`; a word that has one spelling as it is."""
    letters = unicodedata.normalize("NFD", word)
    moved = nfc(letters[:-2] + letters[-1:] + letters[-2:-1])
    return moved if one_tone_placement(moved) == one_tone_placement(word) else word


@cache
def _letters() -> dict[str, str]:
    """For each small letter without marks all that fold to it, as a class of letters."""
    found: dict[str, list[str]] = defaultdict(list)
    for letter in map(chr, _LATIN):
        if len(folded := fold(letter).lower()) == 1:
            found[folded].append(letter.lower())
    return {letter: f"[{letter}{''.join(more)}]" for letter, more in found.items()}
