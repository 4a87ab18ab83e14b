"""Full-text hits: ranked by words, or newest first where no word is asked.

FTS5 ranks by looking at every article that holds the words, which takes a tenth of a second where
nearly all of 100,000 do. Such words tell little. So where more than `_MOST_RANKED` articles hold
them, those with the words in their title come first, and within both parts the newest; these are
found along the index of dates, where with such words the first page is never far.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from typing import Literal

from govnews.archive.filters import Filter, Parameters, conditions

Sort = Literal["rank", "date"]
"""The best first, of equals the newest; or the newest first, undated ones last."""

_MOST_RANKED = 8000
_FEW = 2000  # so many are sorted sooner than the dates are walked
_DENSE = 3  # where one article in so many holds the words, asking each is soonest

_MEMORY = "PRAGMA cache_size = -64000"  # KiB; with SQLite's two, words are read from disk anew

# For text, title, folded text, folded title. bm25 has a ceiling, and a word that a text repeats
# comes close to it: the weights are far apart, so that a title is always nearer.
_BM25 = "bm25(articles_index, 1.0, 1e6, 0.02, 1e4)"

# What is equal to the last of the page is looked at too, for it may be newer.
_RANKED = f"""
WITH ranked AS MATERIALIZED (
    SELECT articles_index.rowid AS id, {_BM25} AS score FROM {{source}}
    WHERE articles_index MATCH :words AND {{where}}),
last AS (SELECT score FROM ranked ORDER BY score LIMIT 1 OFFSET :limit + :offset - 1)
SELECT id, score FROM ranked JOIN articles a USING (id)
WHERE score <= coalesce((SELECT score FROM last), 0)
ORDER BY score, a.published_at DESC, id DESC LIMIT :limit OFFSET :offset
"""
_NEWEST = """
SELECT a.id, 0.0 AS score FROM articles a INDEXED BY articles_conditions WHERE {where}
ORDER BY a.published_at DESC, a.id DESC LIMIT :limit OFFSET :offset
"""
_NEWEST_OF_FEW = """
SELECT a.id, 0.0 AS score FROM json_each(:ids) CROSS JOIN articles a ON a.id = json_each.value
WHERE {where} ORDER BY a.published_at DESC, a.id DESC LIMIT :limit OFFSET :offset
"""
_AMONG = "a.id IN (SELECT value FROM json_each(:ids))"
_HOLDS = "EXISTS (SELECT 1 FROM articles_index WHERE articles_index MATCH :words AND rowid = a.id)"
_HOLDING = "SELECT rowid FROM articles_index WHERE articles_index MATCH ? LIMIT ?"
_AT_MOST = f"SELECT count(*) FROM ({_HOLDING})"
_COUNT = "SELECT count(*) FROM articles a WHERE {where}"
_COUNT_WORDS = "SELECT count(*) FROM articles_index WHERE articles_index MATCH :words"
_ROW = """
SELECT id, site, key, url, title, summary, body, author, section, published_at, changed_at, gone_at
FROM articles WHERE id = ?
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found; `score` is its bm25, the smaller the better, 0 where that did
    not decide: without words, by date, or where very many articles hold the words."""

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


def hits(
    db: sqlite3.Connection, wanted: Filter, limit: int, offset: int = 0, sort: Sort = "rank"
) -> list[Found]:
    """A page of the articles that pass a filter; without words the newest first.

    A hit in a title weighs more than one in the text, the word as typed more than without its
    marks. Raises UsageError where the filter's days are none.
    """
    db.execute(_MEMORY)
    where, parameters = conditions(replace(wanted, words=None, without=None))
    page = parameters | {"limit": limit, "offset": offset}
    if wanted.words is None:
        where, more = conditions(wanted)
        rows = db.execute(_NEWEST.format(where=where), page | more).fetchall()
    elif sort == "date":
        rows = _newest(db, _matching(wanted), where, page)
    elif _are_many(db, wanted):
        rows = _titles_first(db, wanted, where, page)
    else:
        rows = _ranked(db, _matching(wanted), where, page)
    return [Found(**db.execute(_ROW, (row["id"],)).fetchone(), score=row["score"]) for row in rows]


def count(db: sqlite3.Connection, wanted: Filter) -> int:
    """How many articles pass a filter."""
    where, parameters = conditions(replace(wanted, words=None, without=None))
    if wanted.words is not None and not parameters:
        return int(db.execute(_COUNT_WORDS, {"words": _matching(wanted)}).fetchone()[0])
    where, parameters = conditions(wanted)
    return int(db.execute(_COUNT.format(where=where), parameters).fetchone()[0])


def _matching(wanted: Filter) -> str:
    return f"({wanted.words}) NOT ({wanted.without})" if wanted.without else wanted.words or ""


def _are_many(db: sqlite3.Connection, wanted: Filter) -> bool:
    """Whether more articles hold the words than are ranked; one rare word says no at once."""
    return all(
        db.execute(_AT_MOST, (words, _MOST_RANKED + 1)).fetchone()[0] > _MOST_RANKED
        for words in (*wanted.needed, _matching(wanted))
    )


def _ranked(db: sqlite3.Connection, words: str, where: str, page: Parameters) -> list[sqlite3.Row]:
    joined = "articles_index CROSS JOIN articles a ON a.id = articles_index.rowid"
    source = "articles_index" if where == "1" else joined
    sql = _RANKED.format(source=source, where=where)
    return db.execute(sql, page | {"words": words}).fetchall()


def _titles_first(
    db: sqlite3.Connection, wanted: Filter, where: str, page: Parameters
) -> list[sqlite3.Row]:
    every, title = _matching(wanted), f"{{title folded_title}} : ({wanted.words})"
    titled = f"({title}) AND ({every})" if wanted.without else title
    rows = _newest(db, titled, where, page)
    limit, offset = int(page["limit"]), int(page["offset"])
    if len(rows) == limit:
        return rows
    before = offset if rows else len(_newest(db, titled, where, page | _ALL))
    rest: Parameters = {"limit": limit - len(rows), "offset": offset - before}
    return rows + _newest(db, f"({every}) NOT ({title})", where, page | rest)


def _newest(db: sqlite3.Connection, words: str, where: str, page: Parameters) -> list[sqlite3.Row]:
    many = (db.execute("SELECT max(id) FROM articles").fetchone()[0] or 0) // _DENSE
    ids = [row[0] for row in db.execute(_HOLDING, (words, max(many, _FEW)))]
    if len(ids) < _FEW:
        sql = _NEWEST_OF_FEW.format(where=where)
    else:
        sql = _NEWEST.format(where=f"{where} AND {_AMONG if len(ids) < many else _HOLDS}")
    return db.execute(sql, page | {"words": words, "ids": json.dumps(ids)}).fetchall()


_ALL: Parameters = {"limit": -1, "offset": 0}
