"""A small archive, written by the archive's own functions, that the tests of use share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from use.sample import ARTICLES, FIRST, HOST, LISTING, SECOND, THIRD, address

from govnews import Collection
from govnews.archive import articles, captures, mentions
from govnews.archive.database import create_or_open
from govnews.archive.warc import WarcWriter, pack
from govnews.items import Capture, Evidence, Mention
from govnews.sites import load_site


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of four articles: 1 is mentioned with a date, 3 was changed, 4 is gone."""
    folder = tmp_path_factory.mktemp("collection") / "data"
    db = create_or_open(folder)
    site = load_site("quan1")
    db.execute("INSERT INTO sites VALUES ('quan1', 'Quận 1', ?, 'vi', 'Asia/Ho_Chi_Minh')", (HOST,))
    db.execute(
        """INSERT INTO runs (id, site, started_at, finished_at, outcome, new, problems)
           VALUES (1, 'quan1', ?, ?, 'incomplete', 4, 2)""",
        (FIRST, FIRST),
    )
    writer = WarcWriter(folder, "quan1-1", "govnews test")
    listing = _captured(db, writer, LISTING, FIRST)
    seen = mentions.Seen("quan1", LISTING, listing, "listing", 0)
    mention = Mention("tintuc/1", address(1), "Đường phố", "2021-01-19T07:00:00+07:00")
    mentions.add(db, seen, mention, "Tin tức")
    for item, article in enumerate(ARTICLES, 1):
        capture = _captured(db, writer, address(item), FIRST)
        evidence = (Evidence("title", article.title or "", "css:h1", " raw  text "),)
        articles.keep(db, site, article, evidence, capture, FIRST)
    changed = replace(ARTICLES[2], body="-6 độ; phát biểu")
    articles.keep(db, site, changed, (), _captured(db, writer, address(3), SECOND), SECOND)
    db.execute("UPDATE articles SET gone_at = ?, story_id = 1 WHERE key = 'tintuc/4'", (THIRD,))
    writer.close()
    db.close()
    return folder


@pytest.fixture(scope="session")
def collection(folder: Path) -> Iterator[Collection]:
    with Collection(folder) as collection:
        yield collection


def _captured(db: sqlite3.Connection, writer: WarcWriter, url: str, at: str) -> int:
    capture = Capture("quan1", url, at, 200, body=f"{url} at {at}".encode())
    written = captures.write(db, writer, capture, pack(capture))
    writer.sync()
    return captures.add(db, capture, written, run_id=1)
