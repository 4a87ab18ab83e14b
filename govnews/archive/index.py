"""The full-text index: each article in exact and in folded words, kept in the same transaction.

`articles_index` holds no text of its own: to take a row out, FTS5 must be told what was in it.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import NamedTuple

from govnews.vietnamese import fold, one_tone_placement

# The text is the first column: FTS5 writes a mark before each place in any other one.
_COLUMNS = "rowid, text, title, folded_text, folded_title"
_BATCH = 1000


class Document(NamedTuple):
    """What of an article is searched."""

    title: str | None
    summary: str | None
    body: str | None


def replace(db: sqlite3.Connection, article_id: int, old: Document | None, new: Document) -> None:
    """Brings the index from an article's old text (None: it is new) to the new one."""
    if old == new:
        return
    if old is not None:
        remove(db, article_id, old)
    _add(db, article_id, new)


def remove(db: sqlite3.Connection, article_id: int, old: Document) -> None:
    """Takes an article's text out of the index."""
    db.execute(
        f"INSERT INTO articles_index (articles_index, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?)",
        (article_id, *_words(old)),
    )


def check(db: sqlite3.Connection) -> list[str]:
    """The articles whose words in the index are not those of their texts, as `site/key`; what is
    indexed of an article that is not there, as `id 17`.

    Reads the whole index and makes it again in memory, a batch at a time: about two
    milliseconds an article.
    """
    kept = _digests(db)
    rows = db.execute("SELECT id, site, key, title, summary, body FROM articles ORDER BY id")
    different: list[str] = []
    while batch := rows.fetchmany(_BATCH):
        right = _right(db, {row["id"]: Document(*tuple(row)[3:]) for row in batch})
        different += [
            f"{row['site']}/{row['key']}"
            for row in batch
            if kept.pop(row["id"], 0) != right[row["id"]]
        ]
    return different + [f"id {article_id}" for article_id in sorted(kept)]


def rebuild(db: sqlite3.Connection) -> None:
    """Makes the index again from the articles' texts."""
    (made,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_index'").fetchone()
    db.execute("DROP TABLE articles_index")
    db.execute(made)
    for article_id, *texts in db.execute("SELECT id, title, summary, body FROM articles"):
        _add(db, article_id, Document(*texts))


def _add(db: sqlite3.Connection, article_id: int, document: Document) -> None:
    db.execute(
        f"INSERT INTO articles_index ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)",
        (article_id, *_words(document)),
    )


def _words(document: Document) -> tuple[str, str, str, str]:
    title = one_tone_placement(document.title or "")
    text = one_tone_placement("\n".join(filter(None, (document.summary, document.body))))
    return text, title, fold(text), fold(title)


def _right(db: sqlite3.Connection, documents: dict[int, Document]) -> Counter[int]:
    """What `_digests` would say of these articles."""
    (made,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_index'").fetchone()
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.execute(made)
        for article_id, document in documents.items():
            _add(fresh, article_id, document)
        return _digests(fresh)


def _digests(db: sqlite3.Connection) -> Counter[int]:
    """One number for all words of an article and their places, by its id."""
    db.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed_words "
        "USING fts5vocab('main', 'articles_index', 'instance')"
    )
    digests: Counter[int] = Counter()
    for article_id, *place in db.execute("SELECT doc, term, col, offset FROM indexed_words"):
        # of text, since the hashes of tuples are nearly sums: words that change places would agree
        digests[article_id] += hash("{}\0{}\0{}".format(*place))
    return digests
