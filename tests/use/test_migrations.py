"""Archives of earlier schemas: brought up to date by themselves, all or nothing, after a copy."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from crawl.running import Crawler

from govnews import Collection
from govnews.archive import schema
from govnews.archive.database import create_or_open
from govnews.demo import Portal
from govnews.errors import ArchiveError, NewerArchiveError

OLDEST = Path(__file__).parents[1] / "fixtures" / "archives" / "version-1"
NEWEST = len(schema.MIGRATIONS)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A collection as the first schema left it: 14 articles, one changed, one taken down."""
    return Path(shutil.copytree(OLDEST, tmp_path / "old"))


def _schema(file: Path) -> set[tuple[str, str]]:
    """Each table's columns and each index, however its SQL was written."""
    with closing(sqlite3.connect(file)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master")]
        columns = {
            (name, str(tuple(row)[1:]))
            for name in names
            for row in db.execute("SELECT * FROM pragma_table_info(?)", (name,))
        }
        return columns | {(name, "") for name in names}


def _rows(folder: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{folder / 'archive.db'}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY rowid")]


def test_an_old_archive_is_brought_to_the_schema_of_a_new_one(old: Path, tmp_path: Path) -> None:
    create_or_open(tmp_path / "new").close()
    create_or_open(old).close()
    assert _schema(old / "archive.db") == _schema(tmp_path / "new" / "archive.db")


def test_nothing_is_lost_on_the_way(old: Path) -> None:
    kept = ("articles", "revisions", "mentions", "captures", "evidence", "frontier", "observations")
    before = {table: _rows(OLDEST, table) for table in kept}
    with Collection(old) as collection:
        assert len(list(collection.articles())) == 14
    for table, rows in before.items():
        now = _rows(old, table)
        assert [{name: row[name] for name in rows[0]} for row in now] == rows, table


def test_a_copy_of_the_old_archive_stays(old: Path) -> None:
    create_or_open(old).close()
    copy = old / "archive.db.version-1"
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (14,)


def test_a_step_that_fails_leaves_the_archive_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (*schema.MIGRATIONS, "CREATE TABLE half (id);\nINSERT INTO nowhere VALUES (1);")
    monkeypatch.setattr(schema, "MIGRATIONS", broken)
    before = _schema(old / "archive.db")
    with pytest.raises(ArchiveError, match="nowhere"):
        create_or_open(old)
    assert _schema(old / "archive.db") == before


def test_a_newer_archive_is_refused_and_not_touched(tmp_path: Path) -> None:
    create_or_open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        db.execute(f"PRAGMA user_version = {NEWEST + 1}")
    with pytest.raises(NewerArchiveError, match="Update govnews"):
        create_or_open(tmp_path)


def test_a_crawl_goes_on_where_the_old_program_stopped(old: Path) -> None:
    crawler = Crawler(old)
    with Portal(articles=12) as portal:
        assert crawler.crawl(portal, "--delay", "0") == 0
    assert crawler.one("SELECT count(*) FROM articles") == 14
