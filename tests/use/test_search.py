"""Searching: what the words mean, how hits are shown, and that nothing typed is an error."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews import Collection
from govnews.archive.database import open_read_only
from govnews.search import search
from govnews.search.snippet import marked, snippet
from govnews.search.words import parse
from govnews.vietnamese import fold, has_marks

SYNTAX = st.text(st.sampled_from('ab đờ"“*-:()OR^+{}\\,.\0\ud800tile \n'))
VIETNAMESE = st.text(st.sampled_from("aăâđeêoôơuưyàảãáạờừủbdn"), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def db(folder: Path) -> Iterator[sqlite3.Connection]:
    db = open_read_only(folder)
    yield db
    db.close()


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("đường", {1, 4}),
        ("dương", {2, 4}),
        ("duong", {1, 2, 4}),
        ("DUONG", {1, 2, 4}),
        ("ĐƯỜNG", {1, 4}),
        ("hoà", {1}),
        ("hòa", {1}),
        ("thuỷ thủy", {1}),
        ('"đầu tư công"', {2}),
        ("“đầu tư công”", {2}),
        ('"dau tu cong"', {2}),
        ('"đầu tư công', {2}),
        ('"đầu tu cong"', {2}),
        ('"đau tu công"', set()),
        ('"dau tư công', {2}),
        ('"đấu tu cong"', set()),
        ('-"đầu tu cong" tu', set()),
        ('title:"đường pho"', {1}),
        ('title:"dương pho"', set()),
        ("title: phố", {1}),
        ("TITLE:PHỐ", {1}),
        ("title:", set()),
        ("title:lợi", set()),
        ("-title:phố duong", {2, 4}),
        (unicodedata.normalize("NFD", "đường"), {1, 4}),
        (unicodedata.normalize("NFD", '"Đầu Tư Công"'), {2}),
        ("HÒA", {1}),
        ("Hoà", {1}),
        ("hò*", {1}),
        ("hoà*", {1}),
        ("hòa*", {1}),
        ("thủ*", {1}),
        ("thu*", {1, 2}),
        ("thuỷ*", {1}),
        ('"bình thủ*"', {1}),
        ('"binh thủ*"', {1}),
        ("thụ*", set()),
        ("19-CT/*", {2}),
        ("19-ct/tu", {2}),
        ("19", {2}),
        ("-19 duong", {1, 4}),
        ("- duong", {1, 2, 4}),
        ("--duong", {3}),
        ("19-CT/TU", {2}),
        ("ct/tu 19", {2}),
        ("19-TU/CT", set()),
        ("covid", {2}),
        ("duong -dương", {1}),
        ("duong -title:dương", {1, 4}),
        ("-duong", {3}),
        ("phát*", {3}),
        ("phat* -bieu", set()),
        ("title:duong", {1, 2}),
        ("title:đường", {1}),
        ('title:"phố sạch"', {1}),
        ("xỉ OR hòa", {1, 2}),
        ("duong xỉ OR hòa", {1, 2}),
        ("OR xỉ OR", {2}),
        ("xỉ or hòa", set()),
        ("xỉ OR hòa -lợi", {2}),
        ("xỉ OR -lợi", {2}),
        ("a OR xỉ OR hòa duong", {1, 2}),
        ("AND", set()),
        ("NEAR(duong pho)", set()),
        ("* - OR ( ) : ^", set()),
        ("duong\0xỉ", {2}),
        ("HYPERLINK", {3}),
        ("!!! ???", set()),
        ("", {1, 2, 3, 4}),
        ("  \n", {1, 2, 3, 4}),
    ],
)
def test_what_words_find(collection: Collection, words: str, keys: set[int]) -> None:
    found = {int(hit.key.partition("/")[2]) for hit in collection.search(words)}
    assert found == keys
    assert collection.count(words) == len(keys)
    assert {article.id for article in collection.articles(words=words)} == keys


@given(st.text() | SYNTAX)
def test_nothing_typed_is_an_error(db: sqlite3.Connection, words: str) -> None:
    for hit in search(db, words):
        assert "".join(segment.text for segment in hit.heading) == hit.title


def test_a_very_long_query_is_cut(collection: Collection) -> None:
    assert collection.search("duong " * 20_000)
    assert collection.search(" OR ".join(f"w{number}" for number in range(5_000))) == []
    assert collection.search("a-" * 5_000) == collection.search("đ" * 10_000) == []
    assert collection.search('-"' * 5_000) == []


@pytest.mark.parametrize(
    ("words", "text", "shown"),
    [
        ("thủ*", "Thủy, thuỷ, thủ công, thù", ["Thủy", "thuỷ", "thủ"]),
        ("hòa", "HOÀ HÒA hoà", ["HOÀ", "HÒA", "hoà"]),
        ('"đầu tu cong"', "ĐẦU  tư-công đấu tư công", ["ĐẦU  tư-công"]),
        ("an", "lan an ban Ấn anh", ["an", "Ấn"]),
        ("12/2021/NĐ-CP", "Nghị định 12/2021/nđ-cp và 12/2021/ND-CP", ["12/2021/nđ-cp"]),
        ("i", "İstanbul i", ["i"]),
    ],
)
def test_hits_are_marked_as_they_are_found(words: str, text: str, shown: list[str]) -> None:
    segments = marked(text, parse(words).terms)
    assert "".join(segment.text for segment in segments) == text
    assert [segment.text for segment in segments if segment.hit] == shown


@given(VIETNAMESE, VIETNAMESE)
def test_a_marked_word_means_itself_an_unmarked_one_all(word: str, other: str) -> None:
    shown = [segment.hit for segment in marked(other, parse(word).terms)]
    folded_alike = fold(word) == fold(other)
    if not has_marks(word):
        assert shown == [folded_alike]
    elif shown == [True]:
        assert folded_alike
    assert marked(word, parse(word).terms) == ((word, True),)


def test_titles_go_first_then_the_word_as_typed(collection: Collection) -> None:
    assert [hit.id for hit in collection.search("dương")] == [2, 4]
    assert [hit.id for hit in collection.search("đường")] == [1, 4]


def test_without_words_the_newest_go_first_and_the_undated_last(collection: Collection) -> None:
    assert [hit.id for hit in collection.search("")] == [3, 2, 1, 4]
    assert [hit.id for hit in collection.search("", limit=2, offset=1)] == [2, 1]


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        ({"since": "2021-01-20"}, {2, 3}),
        ({"until": "2021-01-20"}, {1, 2}),
        ({"since": "2021-01", "until": "2021-01"}, {1, 2}),
        ({"until": "2020"}, set()),
        ({"since": "2021", "until": "2021"}, {1, 2, 3}),
        ({"author": "H.Y"}, {1}),
        ({"section": "Tin tức"}, {1}),
        ({"site": "quan1"}, {1, 2, 3, 4}),
        ({"changed": True}, {3}),
        ({"gone": True}, {4}),
        ({"gone": False, "changed": False}, {1, 2}),
    ],
)
def test_filters(collection: Collection, conditions: dict[str, object], ids: set[int]) -> None:
    assert {hit.id for hit in collection.search("", **conditions)} == ids  # type: ignore[arg-type]
    assert {row.id for row in collection.articles(**conditions)} == ids  # type: ignore[arg-type]


def test_facets_count_what_is_found(collection: Collection) -> None:
    facets = collection.facets("duong")
    assert facets.site == (("quan1", 3),)
    assert facets.section == (("Tin", 1), ("Tin tức", 1), (None, 1))
    assert facets.author == ((None, 2), ("H.Y", 1))
    assert facets.month == (("2021-01", 2), (None, 1))
    assert collection.facets(since="2021-02", gone=False).month == (("2021-03", 1),)
    assert collection.facets("absent").site == ()


@pytest.mark.parametrize("words", ["", "duong", "-duong", "title:duong OR phat*"])
def test_facets_add_up(collection: Collection, words: str) -> None:
    facets = collection.facets(words)
    for counted in (facets.site, facets.section, facets.author, facets.month):
        assert sum(count for _, count in counted) == collection.count(words)


def test_a_snippet_shows_the_hit_in_its_own_spelling() -> None:
    text = "đầu " * 200 + "\n\nQuy hoạch\tthuỷ lợi và Thủy điện. " + "cuối " * 200
    segments = snippet(text, parse("thủy").terms, width=100)
    assert [segment.text for segment in segments if segment.hit] == ["thuỷ", "Thủy"]
    whole = "".join(segment.text for segment in segments)
    assert "Quy hoạch thuỷ lợi và Thủy điện." in whole
    assert whole.startswith("…")
    assert whole.endswith("…")
    assert len(whole) <= 110


@given(st.text(), st.text(), st.integers(1, 300))
def test_a_snippet_is_a_piece_of_the_text(text: str, words: str, width: int) -> None:
    segments = snippet(text, parse(words).terms, width)
    piece = "".join(segment.text for segment in segments)
    folded = " ".join(text.split())
    assert piece.removeprefix("…").removesuffix("…").strip("…") in folded
    assert len(piece) <= width + 2 or " " not in piece


def test_a_word_of_many_hits_is_found_fast(collection: Collection) -> None:
    hit = next(hit for hit in collection.search("duong") if hit.id == 4)
    assert {segment.text for segment in hit.snippet if segment.hit} == {"đường", "dương", "duong"}
