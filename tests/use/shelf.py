"""An archive of a few articles, written by the archive's own functions, for one test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from use.sample import FIRST, HOST, address

from govnews.archive import articles
from govnews.archive.database import create_or_open
from govnews.items import Article
from govnews.sites import load_site

SITE = load_site("quan1")


@contextmanager
def shelf(folder: Path, *texts: Article) -> Iterator[sqlite3.Connection]:
    """The archive of a new collection that holds these, until the block ends."""
    db = create_or_open(folder)
    db.execute("INSERT INTO sites VALUES ('quan1', 'Quận 1', ?, 'vi', 'Asia/Ho_Chi_Minh')", (HOST,))
    db.execute(
        """INSERT INTO captures (id, site, method, url, fetched_at, status,
               warc_file, warc_offset, warc_length, payload_sha256)
           VALUES (1, 'quan1', 'GET', ?, ?, 200, 'x', 0, 1, 'x')""",
        (HOST, FIRST),
    )
    for text in texts:
        put(db, text)
    yield db
    db.close()


def put(db: sqlite3.Connection, article: Article) -> None:
    """Keeps what a page says of its article."""
    articles.keep(db, SITE, article, (), 1, FIRST)


def news(item: int, title: str, body: str = "", published_at: str | None = None) -> Article:
    """An article with this ItemID."""
    return Article(
        f"tintuc/{item}",
        address(item),
        title=title,
        body=body or None,
        published_at=published_at,
        published_source="article" if published_at else None,
    )
