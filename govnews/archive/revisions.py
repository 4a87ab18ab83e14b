"""What makes two texts the same: the normalised form, its hash, and the kind of a change."""

from __future__ import annotations

import hashlib
import re
from typing import Literal, NamedTuple

from govnews.vietnamese import one_tone_placement

Change = Literal["first", "substantive", "cosmetic"]

_PLAIN = {
    **dict.fromkeys("“”„‟«»″〝〞", '"'),
    **dict.fromkeys("‘’‚‛′´`", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
}
_FANCY = re.compile(f"[{''.join(_PLAIN)}]")


class Text(NamedTuple):
    """The fields that a revision keeps."""

    title: str | None
    summary: str | None
    body: str | None
    author: str | None
    published_at: str | None


def normalised(value: str | None) -> str:
    """A field as it counts: NFC, one tone placement, plain quotes and dashes, white space
    folded; '' where it is absent."""
    if value is None:
        return ""
    plain = _FANCY.sub(lambda match: _PLAIN[match.group()], one_tone_placement(value))
    return " ".join(plain.split())


def text_sha256(text: Text) -> str:
    """The hash of a text's normalised fields, a line feed between them, in hexadecimal."""
    return hashlib.sha256("\n".join(map(normalised, text)).encode()).hexdigest()


def change_between(old: Text, new: Text) -> Change | None:
    """What an edit is: `substantive` where the hash differs, `cosmetic` where letters alone do,
    None where nothing does."""
    if old == new:
        return None
    return "cosmetic" if text_sha256(old) == text_sha256(new) else "substantive"
