"""Finding articles by words: exact where they are typed with marks, folded where they are not."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Unpack

from govnews.archive import hits, overview
from govnews.archive.filters import Conditions, Filter
from govnews.archive.hits import Sort
from govnews.archive.overview import Facets
from govnews.search.snippet import Segment, marked, snippet
from govnews.search.words import Term, parse

__all__ = ["Facets", "Hit", "Segment", "Sort", "count", "facets", "search", "wanted"]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found.

    `score` is its bm25, the smaller the better (0 where that did not decide); `heading` is the
    title and `snippet` a piece of the text, in segments that say which of them are hits.
    """

    id: int
    site: str
    key: str
    url: str
    title: str | None
    author: str | None
    section: str | None
    published_at: str | None
    changed_at: str | None
    gone_at: str | None
    score: float
    heading: tuple[Segment, ...]
    snippet: tuple[Segment, ...]


def search(
    db: sqlite3.Connection,
    words: str,
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = "rank",
    **conditions: Unpack[Conditions],
) -> list[Hit]:
    """A page of the articles that hold these words, the best first, of equals the newest; the
    newest first by `sort="date"`, and without words.

    No words are an error. Raises UsageError where `since` or `until` is no day.
    """
    terms = parse(words).terms
    found = hits.hits(db, wanted(words, **conditions), limit, offset, sort)
    return [_hit(row, terms) for row in found]


def count(db: sqlite3.Connection, words: str, **conditions: Unpack[Conditions]) -> int:
    """How many articles `search` would find in all."""
    return hits.count(db, wanted(words, **conditions))


def facets(db: sqlite3.Connection, words: str, **conditions: Unpack[Conditions]) -> Facets:
    """How many of the articles that `search` would find are of each site, section, author and
    month."""
    return overview.facets(db, wanted(words, **conditions))


def wanted(words: str | None, **conditions: Unpack[Conditions]) -> Filter:
    """The filter that passes what `search` finds; blank words ask nothing."""
    if words is None or not words.strip():
        return Filter(**conditions)
    query = parse(words)
    return Filter(
        **conditions, words=query.expression(), without=query.excluding(), needed=query.needed()
    )


def _hit(row: hits.Found, terms: tuple[Term, ...]) -> Hit:
    text = "\n".join(filter(None, (row.summary, row.body)))
    return Hit(
        id=row.id,
        site=row.site,
        key=row.key,
        url=row.url,
        title=row.title,
        author=row.author,
        section=row.section,
        published_at=row.published_at,
        changed_at=row.changed_at,
        gone_at=row.gone_at,
        score=row.score,
        heading=marked(row.title or "", terms),
        snippet=snippet(text, [term for term in terms if not term.title]),
    )
