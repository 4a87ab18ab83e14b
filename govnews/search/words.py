"""What people type into a search box, as terms, and terms as an expression of FTS5.

    đường               exactly this word, in either placement of the tone mark
    duong               this word with whatever marks: đường, dương, …
    "đầu tư công"       these words in this order, each by the rule above
    19-CT/TU            its parts in this order
    -covid              without this word; also -"these words" and -title:word
    phát*               words that begin so
    title:ngân          in the title alone; also title:"these words"
    quận OR phường      one of them; binds closer than the blank, which is "and"

Whatever else is typed is a word to look for; nothing typed is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from govnews.search.spelling import has_one_form, ways_to_go_on
from govnews.vietnamese import fold, has_marks, nfc, one_tone_placement

NOTHING = '""'
"""The expression that finds nothing: for input that holds no word."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_TERM = re.compile(
    r"""(?P<minus>-)? (?P<title>title:\s*)?
        (?: "(?P<phrase>[^"]*)"? (?P<prefix>\*)? | (?P<word>[^\s"]+) )""",
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_PREFIX = re.compile(r"[^\W_]\*+\W*$")
_MOST_TERMS = 100
_LONGEST_PHRASE = 50


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase to look for.

    `prefix`: its last word may go on; `title`: in titles alone.
    """

    words: tuple[str, ...]
    prefix: bool = False
    title: bool = False

    def expression(self) -> str:
        """The term for FTS5.

        Words with marks stand in the exact columns alone, so a phrase that holds one need not say
        so. Where a phrase mixes both kinds, it stands in the folded column, and its words with
        marks in the exact column beside it.
        """
        if self._is_mixed():
            columns = ("title",) if self.title else ("text", "title")
            return f"({' OR '.join(map(self._mixed, columns))})"
        where = "{title folded_title} : " if self.title else ""
        return f"{where}({_phrase(self.words, self.prefix)})"

    def _is_mixed(self) -> bool:
        return any(map(has_marks, self.words)) and not all(map(has_one_form, self.words))

    def _mixed(self, column: str) -> str:
        folded = _phrase(tuple(map(fold, self.words)), self.prefix)
        exact = " AND ".join(f"({run})" for run in self._exact_runs())
        return f"(folded_{column} : ({folded}) AND {column} : ({exact}))"

    def _exact_runs(self) -> Iterator[str]:
        runs = [(one, tuple(words)) for one, words in groupby(self.words, has_one_form)]
        for number, (exact, run) in enumerate(runs, 1):
            if exact and any(map(has_marks, run)):
                yield _phrase(run, self.prefix and number == len(runs))


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

    def needed(self) -> tuple[str, ...]:
        """Words that each hit holds, for FTS5."""
        whole = (terms[0] for terms in self.wanted if len(terms) == 1 and not terms[0].prefix)
        return tuple(_quoted((word,)) for term in whole for word in term.words)

    def excluding(self) -> str | None:
        """What a hit does not hold, for FTS5."""
        return _any_of(self.excluded) if self.excluded else None


def parse(words: str) -> Query:
    """The query that is typed so; of a very long one the first hundred terms, of a very long
    phrase the first fifty words."""
    text = nfc(words.encode("utf-8", "ignore").decode().replace("\0", " ")).translate(_QUOTES)
    wanted: list[tuple[Term, ...]] = []
    excluded: list[Term] = []
    alternative = False
    for match in _TERM.finditer(text):
        term = _term(match)
        if match.group() == "OR":
            alternative = bool(wanted)
        elif term and len(excluded) + sum(map(len, wanted)) < _MOST_TERMS:
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
    words = tuple(_WORD.findall(text))
    if not words:
        return None
    cut = words[:_LONGEST_PHRASE]
    prefix = match["prefix"] is not None or _PREFIX.search(text) is not None
    return Term(cut, prefix and cut == words, match["title"] is not None)


def _phrase(words: tuple[str, ...], prefix: bool) -> str:
    quoted = _quoted(words)
    if not prefix:
        return quoted
    *head, last = words
    longer = (_quoted((*head, word)) for word in ways_to_go_on(last))
    return " OR ".join((f"{quoted} *", *longer))


def _quoted(words: tuple[str, ...]) -> str:
    return f'"{" ".join(map(one_tone_placement, words))}"'


def _any_of(terms: tuple[Term, ...]) -> str:
    return " OR ".join(term.expression() for term in terms)
