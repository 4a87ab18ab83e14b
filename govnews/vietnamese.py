"""What is the same word in Vietnamese: Unicode forms, tone placement, words without marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0309\u0303\u0323"  # grave, acute, hook, tilde, dot below
_MARKS = re.compile("[\u0300-\u036f]+")


def _toned(letters: str) -> str:
    return "".join(
        unicodedata.normalize("NFC", letter + tone) for letter in letters for tone in _TONES
    )


_OLD_PLACEMENT = re.compile(
    f"(?:[{_toned('oO')}][aAeE]|[{_toned('uU')}][yY])(?![\u0300-\u036f\\w])"
)


def nfc(text: str) -> str:
    """The composed form, in which the archive keeps all text."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=32)
def one_tone_placement(text: str) -> str:
    """Text in NFC with the tone mark on the vowel where `hoà` and `thuỷ` have it.

    `hòa` and `hoà`, `thủy` and `thuỷ` are one word each, both spellings right; they differ in
    open syllables in oa, oe and uy alone.
    """
    return _OLD_PLACEMENT.sub(_moved, nfc(text))


def fold(text: str) -> str:
    """Text without any diacritic, đ as d; case stays: `Đường phố` → `Duong pho`."""
    if text.isascii():
        return text
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return nfc(bare.replace("đ", "d").replace("Đ", "D"))


def has_marks(text: str) -> bool:
    """Whether a word is typed with diacritics (or đ), so that it means exactly that word."""
    return fold(text) != nfc(text)


def _moved(match: re.Match[str]) -> str:
    letters = unicodedata.normalize("NFD", match.group())  # vowel, tone, vowel
    return nfc(letters[0] + letters[2] + letters[1])
