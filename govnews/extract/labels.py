"""What the controls of a pager say: a number, a word, an arrow, or a name that only scripts and
style sheets read."""

from __future__ import annotations

import enum
import re
from functools import lru_cache

from govnews.vietnamese import fold


class Label(enum.Enum):
    """What a control of a pager says; ONWARD is a word that may also mean much else."""

    NUMBER = enum.auto()
    NEXT = enum.auto()
    FORWARD = enum.auto()
    FAR = enum.auto()
    BACK = enum.auto()
    LAST = enum.auto()
    MORE = enum.auto()
    ONWARD = enum.auto()


_NEWS = r"(?:(?:cac |nhung |\d+ )?(?:tin|tin tuc|bai|bai dang|bai viet|muc))"
_POSTS = r"(?: (?:posts|entries|news|articles|items|results))?"
_WORDS = {
    Label.LAST: (
        r"(?:(?:den|toi) )?(?:trang )?cuoi(?: cung)?",
        r"ket thuc",
        r"(?:go to )?last(?: page)?",
    ),
    Label.BACK: (
        r"(?:(?:ve|xem|den|toi) )?(?:trang )?(?:truoc(?: do)?|dau(?: tien)?|ke truoc|lui)",
        r"bat dau|quay lai|tro lai",
        rf"(?:{_NEWS} )?moi hon|{_NEWS} truoc",
        r"(?:go to )?(?:previous|prev|first)(?: page)?",
        rf"(?:previous|prev) \d+{_POSTS}",
        rf"newer{_POSTS}",
    ),
    Label.NEXT: (
        r"(?:(?:xem|sang|den|toi|qua) )?trang (?:sau|tiep|tiep theo|ke|ke tiep|ke sau|toi)",
        r"sau|tiep|tiep theo|ke|ke tiep|toi",
        rf"(?:{_NEWS} )?cu hon",
        r"(?:go to )?next(?: page)?",
        rf"next \d+{_POSTS}",
        rf"older{_POSTS}",
    ),
    Label.ONWARD: (
        rf"(?:xem|tai|hien thi) (?:them|tiep)(?: {_NEWS})?",
        rf"(?:{_NEWS}|cac trang) (?:sau|tiep|tiep theo|ke tiep)",
        r"(?:(?:load|show|view|see) )?more(?: \w+)?",
    ),
}
_MEANINGS = {label: re.compile("|".join(patterns)) for label, patterns in _WORDS.items()}
_LEFT = "«‹<←◀◄⟨❮"
_ARROWS = f"{_LEFT}»›>→▶►⟩❯|"
_AROUND = f" {_ARROWS}[](){{}}:.\ufe0e\ufe0f"
_SIGNS = {
    Label.LAST: re.compile(r"[>»›→]+ ?\||⇥"),
    Label.BACK: re.compile(rf"[|{_LEFT} ]+"),
    Label.FORWARD: re.compile(r"[›>→▶►⟩❯]"),
    Label.FAR: re.compile(r"»|[>›»]{2,3}|> >"),
    Label.MORE: re.compile(r"\.{2,4}|…|⋯"),
}
_NUMBER = re.compile(
    r"[\s\[({|]*(?:(?:go to |den |toi )?(?:trang|page) ?)?(\d{1,5})[\s\])}|]*"
    r"(?:(?:current(?: page)?|(?:trang )?hien tai)[\s)\]]*)?"
)
_RANGE = re.compile(r"[\s\[(]*(\d{1,6}) ?[-–] ?(\d{1,6})[\s\])]*")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_POINTERS = frozenset("angle arrow chevron caret triangle ar menu icon mui ten image".split())
_NAMED = {
    Label.LAST: ("last", "cuoi"),
    Label.BACK: ("first", "dau", "prev", "previous", "truoc", "lui"),
    Label.NEXT: ("next", "sau", "tiep", "forward", "fwd"),
}
LONGEST = 40


@lru_cache(maxsize=512)
def label_of(text: str) -> Label | None:
    """What a text says in a pager, None for what is no word of paging."""
    if not 0 < len(text) <= LONGEST:
        return None
    plain = fold(text).lower()
    if number_of(text) is not None:
        return Label.NUMBER
    for label, sign in _SIGNS.items():
        if sign.fullmatch(plain):
            return label
    word = " ".join(plain.strip(_AROUND).split())
    if number_of(word) is not None and {plain[0], plain[-1]} & {*_ARROWS}:
        return Label.BACK if plain[0] in _LEFT else Label.FORWARD
    return next((label for label, meant in _MEANINGS.items() if meant.fullmatch(word)), None)


@lru_cache(maxsize=512)
def number_of(text: str) -> int | None:
    """The page number that a text says, alone or after `Trang`."""
    match = _NUMBER.fullmatch(fold(text).lower())
    return int(match[1]) if match else None


def range_of(text: str) -> tuple[int, int] | None:
    """The first and last item of a text such as `11-20`."""
    match = _RANGE.fullmatch(text)
    if match is None or int(match[1]) >= int(match[2]):
        return None
    return int(match[1]), int(match[2])


def is_spoken(text: str) -> bool:
    """Whether a text has words or numbers for people, and not only signs or the name of one."""
    return "_" not in text and any(map(str.isalnum, text))


def parts_of(name: str) -> frozenset[str]:
    """The words that a name is put together from: `btnTrangSau` is btn, trang and sau."""
    return frozenset(part.lower() for part in _PARTS.findall(fold(name)))


@lru_cache(maxsize=512)
def label_of_name(name: str) -> Label | None:
    """What an identifier, a class or a picture's file name calls its control; `right` does so
    only beside a word for an arrow."""
    parts = parts_of(name)
    for label, words in _NAMED.items():
        if any(part.endswith(word) for part in parts for word in words):
            return label
    if not parts & _POINTERS:
        return None
    if "left" in parts:
        return Label.BACK
    if "right" in parts:
        return Label.FAR if "double" in parts else Label.FORWARD
    return None
