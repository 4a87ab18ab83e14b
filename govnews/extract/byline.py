"""An article's author: a name or initials on the last line of the text."""

from __future__ import annotations

import re
from typing import NamedTuple

from govnews.extract.lines import Line

_LONGEST = 60
_LABEL = re.compile(
    r"(?:tác giả|(?:tin|bài|ảnh|hình|hình ảnh|video|clip)(?:(?: ?[,&/–-] ?| và )"
    r"(?:tin|bài|ảnh|hình|hình ảnh|video|clip))*|thực hiện|người (?:viết|đưa tin)|biên tập|by)"
    r"(?: ?[:：] ?| (?=by ))|by ",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"\(?(?:nguồn|theo|trích|ảnh|source|photo)\b", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:ủy ban|uỷ ban|ubnd|hđnd|chủ tịch|phó|trưởng|giám đốc|nơi nhận|tm\.|kt\.|tl\.|phòng|quận"
    r"|phường|tải về|download|file|xem|liên hệ|trân trọng|hết|trang)(?!\w)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w.’']*")
_BETWEEN = re.compile(r"\s*(?:[,&;/+–—-]|\bvà\b|\band\b)\s*|\s+")
_NOTE = re.compile(r"\s*\((?:tổng hợp|tổng hợp|thực hiện|ghi|biên soạn|sưu tầm|[^()]{2,25})\)$")
_RIGHT = re.compile(r"text-align\s*:\s*right|\bright\b", re.IGNORECASE)


class Byline(NamedTuple):
    """An author, the rule that found it, the raw lines and their numbers among the body's."""

    author: str
    rule: str
    raw: str
    lines: frozenset[int]


def find_byline(lines: list[Line]) -> Byline | None:
    """The author on the last line or two of a text; None where the text just ends."""
    texts = [number for number, line in enumerate(lines) if line.kind != "image"]
    last = lines[texts[-1]] if len(texts) > 2 else None
    if last is not None and is_source(last.text) and _name(last, labelled=False) is None:
        texts.pop()
    if len(texts) < 2:
        return None
    taken: list[int] = []
    names: list[str] = []
    for number in reversed(texts[-2:]):
        name = _name(lines[number], labelled=bool(taken))
        if name is None:
            break
        taken.insert(0, number)
        names.insert(0, name)
    if not taken:
        return None
    raw = "\n".join(lines[number].text for number in taken)
    rule = "last-line" if len(taken) == 1 else "last-lines"
    return Byline(", ".join(dict.fromkeys(names)), rule, raw, frozenset(taken))


def is_source(text: str) -> bool:
    """Whether a line says where a story was taken from, which is no author."""
    return len(text) <= _LONGEST + 20 and _SOURCE.match(text) is not None


def author_name(text: str) -> str:
    """A byline's name without its label: `Tin, ảnh: Lan Chi` is `Lan Chi`."""
    return _LABEL.sub("", _bare(text), count=1).strip(" ,.:;–—-")


def _bare(text: str) -> str:
    """A text without dashes around it, and without brackets around the whole of it."""
    bare = text.strip(" –—-*")
    return bare[1:-1].strip() if bare[:1] + bare[-1:] in ("()", "[]") else bare


def _name(line: Line, labelled: bool) -> str | None:
    """The name that a line is. Without a label or a look of its own (aligned right, bold,
    slanted) it must be initials or the capitalised words of a name."""
    text = line.text.strip()
    if line.kind == "row" or len(text) > _LONGEST + 20 or text.endswith((":", ";", "!", "?")):
        return None
    label = _LABEL.match(_bare(text))
    name = author_name(text)
    if not name or len(name) > _LONGEST or (_SOURCE.match(text.strip()) and not label):
        return None
    if labelled and not label:
        return None
    longest = 6 if label or _stands_out(line) else 4
    return name if is_name(name, longest) else None


def is_name(text: str, longest: int = 6) -> bool:
    """Whether a text is nothing but capitalised words, so many at most for each person."""
    bare = _NOTE.sub("", text)
    if not bare or _OFFICE.search(bare) or any(letter.isdigit() for letter in bare):
        return False
    words = [word for word in _BETWEEN.split(bare) if word]
    people = re.split(r"[,&;/+]| - |\bvà\b", bare)
    if len(words) > 12 or any(len(person.split()) > longest for person in people):
        return False
    return all(_WORD.fullmatch(word) and word[0].isupper() for word in words)


def _stands_out(line: Line) -> bool:
    """Whether a line is set apart from the story: bold or aligned right."""
    names = ("style", "align", "class")
    return line.bold or any(_RIGHT.search(line.element.get(name) or "") for name in names)
