"""What people type into a search box, as terms, and terms as an expression of FTS5.

    đường               exactly this word, in either placement of the tone mark
    duong               this word with whatever marks: đường, dương, …
    "đầu tư công"       these words in this order; as typed, if any of them has a mark
    19-CT/TU            its parts in this order
    -covid              without this word
    phát*               words that begin so
    title:ngân          in the title alone
    quận OR phường      one of them

Whatever else is typed is a word to look for; nothing typed is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from govnews.vietnamese import has_marks, nfc, one_tone_placement

NOTHING = '""'
"""The expression that finds nothing: for input that holds no word."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_TERM = re.compile(
    r"""(?P<minus>-)? (?P<title>title:)?
        (?: "(?P<phrase>[^"]*)"? (?P<prefix>\*)? | (?P<word>[^\s"]+) )""",
    re.VERBOSE | re.IGNORECASE,
)
_WORD_CHARACTER = re.compile(r"[^\W_]")
_MOST_TERMS = 100


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase to look for.

    `exact`: it was typed with marks, so that it means what it says; `prefix`: its last word may
    go on; `title`: in titles alone.
    """

    text: str
    exact: bool
    prefix: bool = False
    title: bool = False

    def expression(self) -> str:
        """The term for FTS5, over the columns that hold it."""
        if self.exact:
            columns = "{title} : " if self.title else "{title text} : "
        else:
            columns = "{title folded_title} : " if self.title else ""
        quoted = one_tone_placement(self.text).replace('"', '""')
        return f'{columns}"{quoted}"{" *" if self.prefix else ""}'


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: of each of `wanted` one alternative, and none of `excluded`."""

    wanted: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """All that a hit may show."""
        return tuple(term for alternatives in self.wanted for term in alternatives)

    def expression(self) -> str | None:
        """What a hit holds, for FTS5; None where that may be anything, but for the excluded."""
        if not self.wanted:
            return None if self.excluded else NOTHING
        return " AND ".join(f"({_any_of(alternatives)})" for alternatives in self.wanted)

    def excluding(self) -> str | None:
        """What a hit does not hold, for FTS5."""
        return _any_of(self.excluded) if self.excluded else None


def parse(words: str) -> Query:
    """The query that is typed so; of a very long one the first hundred terms."""
    text = nfc(words.encode("utf-8", "ignore").decode().replace("\0", " ")).translate(_QUOTES)
    wanted: list[tuple[Term, ...]] = []
    excluded: list[Term] = []
    alternative = False
    for match in _TERM.finditer(text):
        term = _term(match)
        if match.group() == "OR":
            alternative = bool(wanted)
        elif term and len(wanted) + len(excluded) < _MOST_TERMS:
            if match["minus"]:
                excluded.append(term)
            elif alternative:
                wanted[-1] += (term,)
            else:
                wanted.append((term,))
            alternative = False
    return Query(tuple(wanted), tuple(excluded))


def _term(match: re.Match[str]) -> Term | None:
    text = match["phrase"] or match["word"] or ""
    if not _WORD_CHARACTER.search(text):
        return None
    prefix = match["prefix"] is not None or text.endswith("*")
    return Term(text, has_marks(text), prefix, match["title"] is not None)


def _any_of(terms: tuple[Term, ...]) -> str:
    return " OR ".join(term.expression() for term in terms)
