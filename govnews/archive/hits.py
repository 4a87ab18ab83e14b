"""Full-text hits: ranked by words, or newest first where no word is asked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from govnews.archive.filters import Filter, conditions

# Small weights for the text keep bm25 from its ceiling: a word that a text repeats forty times
# does not outrank the title that has it once.
_RANKED = """
SELECT a.id, bm25(articles_index, 8.0, 0.5, 4.0, 0.25) AS score
FROM articles_index JOIN articles a ON a.id = articles_index.rowid
WHERE articles_index MATCH :words AND {where}
ORDER BY score, a.published_at DESC, a.id DESC LIMIT :limit OFFSET :offset
"""
_NEWEST = """
SELECT a.id, 0.0 AS score FROM articles a WHERE {where}
ORDER BY a.published_at DESC, a.id DESC LIMIT :limit OFFSET :offset
"""
_COUNT = "SELECT count(*) FROM articles a WHERE {where}"
_ROW = """
SELECT id, site, key, url, title, summary, body, author, section, published_at, changed_at, gone_at
FROM articles WHERE id = ?
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found; `score` is its bm25, the smaller the better, 0 without words."""

    id: int
    site: str
    key: str
    url: str
    title: str | None
    summary: str | None
    body: str | None
    author: str | None
    section: str | None
    published_at: str | None
    changed_at: str | None
    gone_at: str | None
    score: float


def hits(db: sqlite3.Connection, wanted: Filter, limit: int, offset: int = 0) -> list[Found]:
    """A page of the articles that pass a filter: the best first, of equals the newest; without
    words the newest first, undated ones last.

    A hit in a title weighs more than one in the text, the word as typed more than without its
    marks. Raises UsageError where the filter's days are none.
    """
    where, parameters = conditions(replace(wanted, words=None))
    sql = _NEWEST if wanted.words is None else _RANKED
    parameters |= {"limit": limit, "offset": offset}
    if wanted.words is not None:
        parameters["words"] = wanted.words
    page = db.execute(sql.format(where=where), parameters).fetchall()
    return [Found(**db.execute(_ROW, (row["id"],)).fetchone(), score=row["score"]) for row in page]


def count(db: sqlite3.Connection, wanted: Filter) -> int:
    """How many articles pass a filter."""
    where, parameters = conditions(wanted)
    return int(db.execute(_COUNT.format(where=where), parameters).fetchone()[0])
