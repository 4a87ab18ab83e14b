"""What is the same word in Vietnamese: Unicode forms, tone placement, words without marks."""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0301\u0309\u0303\u0323"  # grave, acute, hook, tilde, dot below
_OLD_PLACEMENT = re.compile(
    f"([ou])([{_TONES}])([aey])(?![\u0300-\u036f\\w])", re.IGNORECASE
)
_FOLDED = str.maketrans({"đ": "d", "Đ": "D"})
_MARKED = re.compile(r"[^\x00-\x7f]")


def nfc(text: str) -> str:
    """The composed form, in which the archive keeps all text."""
    return unicodedata.normalize("NFC", text)


def one_tone_placement(text: str) -> str:
    """Text in NFC with the tone mark on the vowel where `hoà` and `thuỷ` have it.

    `hòa` and `hoà`, `thủy` and `thuỷ` are one word each, both spellings right; they differ in
    open syllables in oa, oe and uy alone.
    """
    if text.isascii():
        return text
    return nfc(_OLD_PLACEMENT.sub(_moved, unicodedata.normalize("NFD", text)))


def fold(text: str) -> str:
    """Text without any diacritic, đ as d; case stays: `Đường phố` → `Duong pho`."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return nfc(bare.translate(_FOLDED))


def has_marks(text: str) -> bool:
    """Whether a word is typed with diacritics (or đ), so that it means exactly that word."""
    return _MARKED.search(text) is not None and fold(text) != nfc(text)


def _moved(match: re.Match[str]) -> str:
    first, tone, second = match.groups()
    if (first.lower() == "o") == (second.lower() == "y"):
        return match.group()
    return f"{first}{second}{tone}"
