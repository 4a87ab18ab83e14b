"""The order of what is found, among few articles and among very many."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from use.shelf import news, shelf

from govnews.archive import hits
from govnews.search import Sort, count, search

REST = " và những chuyện khác của quận trong tháng này, như thường lệ" * 3
WORDS = st.sampled_from(
    ("đường", "duong", "quan", "phố OR chợ", "quan -chợ", "title:duong", "-chợ", "", "hoa")
)


def order(db: sqlite3.Connection, words: str, sort: Sort = "rank") -> list[int]:
    return [hit.id for hit in search(db, words, sort=sort)]


def test_the_title_goes_above_the_body(tmp_path: Path) -> None:
    body = news(1, "Tin vắn", "đường " * 60, "2025-01-01")
    title = news(2, "Con đường mới", REST * 20, "2019-01-01")
    with shelf(tmp_path, body, title) as db:
        assert order(db, "đường") == order(db, "duong") == [2, 1]


def test_the_word_as_typed_goes_above_those_that_fold_to_it(tmp_path: Path) -> None:
    folded = news(1, "Tin vắn", "đường " * 8 + REST, "2025-01-01")
    typed = news(2, "Tin vắn", "duong" + REST, "2019-01-01")
    titles = (news(3, "Bản tin", REST, "2025-01-01"), news(4, "Ban tin", REST, "2019-01-01"))
    with shelf(tmp_path, folded, typed, *titles) as db:
        assert order(db, "duong") == [2, 1]
        assert order(db, "ban") == [4, 3]


@pytest.mark.parametrize("most", [8000, 0])
def test_of_equals_the_newest_goes_first_on_every_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(hits, "_MOST_RANKED", most)
    days = [f"2021-01-{1 + item * 7 % 20:02}" for item in range(20)] + [None]
    same = [news(item, "Tin vắn", "đường phố", day) for item, day in enumerate(days, 1)]
    with shelf(tmp_path, *same) as db:
        newest = sorted(days, key=lambda day: day or "", reverse=True)
        pages = [search(db, "đường", limit=4, offset=offset) for offset in range(0, 24, 4)]
        assert [hit.published_at for page in pages for hit in page] == newest


def test_sorted_by_date_the_newest_goes_first(tmp_path: Path) -> None:
    texts = (
        news(1, "Con đường", REST, "2019-01-01"),
        news(2, "Tin", "đường", "2021-01-01T08:00:00+07:00"),
        news(3, "Đường"),
        news(4, "Tin vắn", "phố", "2022-01-01"),
    )
    with shelf(tmp_path, *texts) as db:
        assert order(db, "đường", sort="date") == [2, 1, 3]
        assert order(db, "", sort="date") == [4, 2, 1, 3]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Sixty articles of few words, some of them without a date."""
    words = ("đường", "duong", "phố", "chợ quan", "quận hoa", "hòa quan")
    texts = [
        news(
            item,
            f"{words[item % 6]} {words[item % 5]}",
            f"{words[item % 4]} {words[item * 7 % 6]} quan",
            f"20{10 + item % 7}-01-0{1 + item % 9}" if item % 8 else None,
        )
        for item in range(1, 61)
    ]
    with shelf(tmp_path_factory.mktemp("many"), *texts) as db:
        yield db


@given(WORDS, WORDS, st.integers(1, 9), st.sampled_from((1, 3, 100)), st.sampled_from((0, 5, 100)))
def test_however_many_hold_the_words_all_are_found_once(
    many: sqlite3.Connection, words: str, more: str, limit: int, dense: int, few: int
) -> None:
    asked = f"{words} {more}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hits, "_MOST_RANKED", 0)
        patch.setattr(hits, "_DENSE", dense)
        patch.setattr(hits, "_FEW", few)
        offsets = range(0, 60, limit)
        pages = [search(many, asked, limit=limit, offset=offset) for offset in offsets]
    found = [hit.id for page in pages for hit in page]
    assert sorted(found) == sorted(hit.id for hit in search(many, asked, limit=60))
    assert len(found) == count(many, asked)


def test_of_very_many_those_with_a_title_go_first_then_the_newest(
    many: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits, "_MOST_RANKED", 0)
    found = search(many, "đường", limit=60)
    keys = [("đường" in (hit.title or ""), hit.published_at or "", hit.id) for hit in found]
    assert keys == sorted(keys, reverse=True)
    assert {in_title for in_title, *_ in keys} == {True, False}
