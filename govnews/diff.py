"""What changed between two versions of an article, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import groupby
from typing import Literal, NamedTuple

from govnews.archive.history import Revision
from govnews.errors import UsageError

Kind = Literal["same", "deleted", "inserted"]
FIELDS = ("title", "summary", "body", "author", "published_at")
"""The fields that are compared, in the order in which their changes are told."""

# A word keeps the blanks behind it; a number, a date and a document's number are one word.
_TOKEN = re.compile(r"\s*\n\s*|(?:\w+(?:[./:,-]\w+)*|[^\w\s])[^\S\n]*|[^\S\n]+")
_WORD = re.compile(r"\w")
_TAGS = {"deleted": "del", "inserted": "ins"}


class Piece(NamedTuple):
    """Text that stands in both versions (`same`), in the older or in the newer one alone."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs. What is not deleted is the newer version, letter by letter; what is
    not inserted the older one, but for blanks."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How revision `new` of an article differs from revision `old`."""

    article: str
    old: int
    new: int
    changes: tuple[Change, ...]


def between(
    article: str, revisions: Sequence[Revision], old: int | None, new: int | None
) -> Difference:
    """The difference of two of an article's revisions; by default the last from the one before.

    Raises UsageError where there is no such revision, or but one.
    """
    known = {revision.number: revision for revision in revisions}
    newer = max(known) if new is None else new
    older = newer - 1 if old is None else old
    for number in (older, newer):
        if number not in known:
            raise UsageError(f"{article} has no revision {number}. It has 1 to {max(known)}")
    return Difference(article, older, newer, tuple(_changes(known[older], known[newer])))


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts as pieces of whole words; a lone word between two changes goes with them."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    keys = [[_key(token) for token in side] for side in (before, after)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    steps: list[tuple[bool, list[str], list[str]]] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        steps.append((tag == "equal", before[start:end], after[new_start:new_end]))
    alike = [same and not _is_between(steps, at) for at, (same, _, _) in enumerate(steps)]
    return tuple(_pieces(zip(alike, steps, strict=True)))


def shortened(pieces: Sequence[Piece], words: int = 8) -> tuple[Piece, ...]:
    """The pieces with no more than so many words of context beside each change."""
    last = len(pieces) - 1
    return tuple(
        Piece(piece.kind, _context(piece.text, words if at else 0, words if at < last else 0))
        if piece.kind == "same"
        else piece
        for at, piece in enumerate(pieces)
    )


def as_html(difference: Difference) -> str:
    """An HTML fragment, its text escaped: a heading and a paragraph for each change."""
    return "\n".join(
        f"<h3>{change.field}</h3>\n<p>{''.join(map(_html, change.pieces))}</p>"
        for change in difference.changes
    )


def _changes(old: Revision, new: Revision) -> Iterator[Change]:
    for field in FIELDS:
        before, after = getattr(old, field) or "", getattr(new, field) or ""
        if before != after:
            yield Change(field, compare(before, after))


def _key(token: str) -> str:
    return token.rstrip() or ("\n" if "\n" in token else " ")


def _is_between(steps: Sequence[tuple[bool, list[str], list[str]]], at: int) -> bool:
    """Whether what two changes have between them is too little to be read by itself."""
    tokens = steps[at][1]
    return (
        0 < at < len(steps) - 1
        and sum(bool(_WORD.search(token)) for token in tokens) <= 1
        and not any("\n" in token for token in tokens)
    )


def _pieces(steps: Iterable[tuple[bool, tuple[bool, list[str], list[str]]]]) -> Iterator[Piece]:
    for alike, run in groupby(steps, key=lambda step: step[0]):
        befores, afters = zip(*((before, after) for _, (_, before, after) in run), strict=True)
        old, new = ("".join(map("".join, side)) for side in (befores, afters))
        if alike:
            yield Piece("same", new)
            continue
        if old:
            yield Piece("deleted", old)
        if new:
            yield Piece("inserted", new)


def _context(text: str, before: int, after: int) -> str:
    tokens = _TOKEN.findall(text)
    if len(tokens) <= before + after + 3:
        return text
    head, tail = "".join(tokens[:before]), "".join(tokens[len(tokens) - after :])
    return f"{head.rstrip()}{' ' * bool(before)}…{' ' * bool(after)}{tail}"


def _html(piece: Piece) -> str:
    text = escape(piece.text).replace("\n", "<br>")
    tag = _TAGS.get(piece.kind)
    return f"<{tag}>{text}</{tag}>" if tag else text
