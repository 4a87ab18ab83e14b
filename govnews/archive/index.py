"""The full-text index: each article in exact and in folded words, kept in the same transaction.

`articles_index` holds no text of its own: to take a row out, FTS5 must be told what was in it.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from govnews.vietnamese import fold, one_tone_placement


class Document(NamedTuple):
    """What of an article is searched."""

    title: str | None
    summary: str | None
    body: str | None


def replace(db: sqlite3.Connection, article_id: int, old: Document | None, new: Document) -> None:
    """Brings the index from an article's old text (None: it is new) to the new one."""
    if old == new:
        return
    columns = "rowid, title, text, folded_title, folded_text"
    if old is not None:
        db.execute(
            f"INSERT INTO articles_index (articles_index, {columns}) "
            "VALUES ('delete', ?, ?, ?, ?, ?)",
            (article_id, *_words(old)),
        )
    db.execute(
        f"INSERT INTO articles_index ({columns}) VALUES (?, ?, ?, ?, ?)",
        (article_id, *_words(new)),
    )


def _words(document: Document) -> tuple[str, str, str, str]:
    title = one_tone_placement(document.title or "")
    text = one_tone_placement("\n".join(filter(None, (document.summary, document.body))))
    return title, text, fold(title), fold(text)
