"""The index holds what the texts hold, at every moment, and plain SQL finds it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from use.shelf import news, put, shelf

from govnews.archive.database import open_read_only, transaction
from govnews.archive.index import check
from govnews.search import search

DOCUMENT = Path(__file__).parents[2] / "docs" / "search.md"
TEXT = st.text(st.sampled_from("ab đờ\u0301̂-1\n\tHÒA"), max_size=20)


def test_the_index_follows_a_change_in_its_transaction(tmp_path: Path) -> None:
    with shelf(tmp_path / "a", news(1, "Con đường", "cũ")) as db:
        with suppress(RuntimeError), transaction(db):
            put(db, news(1, "Con phố", "mới"))
            assert [hit.id for hit in search(db, "phố mới")] == [1]
            assert search(db, "đường") == []
            raise RuntimeError
        assert [hit.id for hit in search(db, "đường cũ")] == [1]
        assert search(db, "phố") == []
        assert check(db) == []


@settings(max_examples=20)
@given(texts=st.lists(st.tuples(st.integers(1, 3), TEXT, TEXT), max_size=6))
def test_after_any_changes_the_index_is_right(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[int, str, str]]
) -> None:
    with shelf(tmp_path_factory.mktemp("changes")) as db:
        for item, title, body in texts:
            put(db, replace(news(item, title, body), summary=body[::-1] or None))
        assert check(db) == []


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        ("UPDATE articles SET body = 'một hai ba' WHERE id = 2", ["quan1/tintuc/2"]),
        ("UPDATE articles SET body = 'hai một' WHERE id = 2", ["quan1/tintuc/2"]),
        ("UPDATE articles SET title = body, body = title WHERE id = 1", ["quan1/tintuc/1"]),
        ("UPDATE articles SET body = NULL WHERE id = 3", ["quan1/tintuc/3"]),
        ("UPDATE articles SET title = upper(title)", []),
        ("INSERT INTO articles_index (rowid, text) VALUES (9, 'x')", ["id 9"]),
        (
            """INSERT INTO articles_index (articles_index, rowid, folded_text)
               VALUES ('delete', 2, 'mot hai')""",
            ["quan1/tintuc/2"],
        ),
    ],
)
def test_check_names_the_articles_that_differ(tmp_path: Path, harm: str, named: list[str]) -> None:
    texts = [news(item, f"tin {item}", "một hai") for item in (1, 2, 3)]
    with shelf(tmp_path, *texts) as db:
        assert check(db) == []
        db.execute(harm)
        assert check(db) == named
        assert check(db) == named


def test_check_reads_only(folder: Path) -> None:
    with closing(open_read_only(folder)) as db:
        assert check(db) == []


def queries() -> list[str]:
    return re.findall(r"```sql\n(.+?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)


def test_the_document_names_a_query_for_each_kind() -> None:
    asked = "\n".join(queries())
    for part in ("MATCH 'đường'", "MATCH 'duong'", "{title folded_title}", "JOIN articles"):
        assert part in asked


@pytest.mark.parametrize("query", queries())
def test_the_queries_in_the_document_run(
    folder: Path, needs_tool: Callable[..., str], query: str
) -> None:
    sqlite3_shell = needs_tool("sqlite3", apt="sqlite3")
    command = [sqlite3_shell, "-readonly", str(folder / "archive.db"), query]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "Đường phố sạch đẹp" in done.stdout
    assert ("Dương xỉ" in done.stdout) == ("'duong'" in query)
