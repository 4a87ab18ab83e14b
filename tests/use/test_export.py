"""Exports: the contract's fields, exact text, no formulas, never half a file."""

from __future__ import annotations

import csv
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from use.sample import FORMULA

import govnews.export
from govnews import Collection
from govnews.archive.query import FIELDS
from govnews.errors import GovnewsError, UsageError
from govnews.export.spreadsheet import guarded, unguarded

CONTRACT = (
    "id", "site", "key", "url", "title", "summary", "body", "author", "section", "language",
    "published_at", "published_precision", "published_source", "first_seen_at", "last_seen_at",
    "changed_at", "gone_at", "revision", "text_sha256", "story", "related_links", "media",
)  # fmt: skip


def test_fields_are_the_contract_s() -> None:
    assert FIELDS == CONTRACT


def test_json_is_one_array_in_the_contract_s_order(collection: Collection, tmp_path: Path) -> None:
    assert collection.export(tmp_path / "news.json") == 4
    rows = json.loads((tmp_path / "news.json").read_text("utf-8"))
    assert [tuple(row) for row in rows] == [CONTRACT] * 4
    assert [row["key"] for row in rows] == ["tintuc/1", "tintuc/2", "tintuc/3", "tintuc/4"]
    first, second, third, fourth = rows
    assert first["published_at"] == "2021-01-19T07:00:00+07:00"
    assert (first["published_source"], first["published_precision"]) == ("listing", "minute")
    assert first["related_links"][0]["target"] == "quan1/tintuc/2"
    assert first["related_links"][1] == {
        "title": None, "url": "http://elsewhere.example/", "published_at": None, "target": None
    }  # fmt: skip
    assert first["media"] == [
        {"kind": "image", "url": "http://www.quan1.hochiminhcity.gov.vn/a.jpg", "title": "Ảnh: H.Y"}
    ]
    assert second["author"] is None
    assert (third["published_precision"], third["revision"]) == ("day", 2)
    assert (fourth["published_precision"], fourth["story"]) == (None, "quan1/tintuc/1")


def test_jsonl_is_an_article_a_line(collection: Collection, tmp_path: Path) -> None:
    collection.export(tmp_path / "news.jsonl", since="2021-01-20")
    lines = (tmp_path / "news.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [2, 3]


def test_csv_reads_back_exactly(collection: Collection, tmp_path: Path) -> None:
    collection.export(tmp_path / "news.csv")
    assert (tmp_path / "news.csv").read_bytes().startswith(b"\xef\xbb\xbfid,site,key,")
    with (tmp_path / "news.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row, article in zip(rows, collection.articles(), strict=True):
        values = article.as_dict()
        for name in ("related_links", "media"):
            assert json.loads(row.pop(name)) == values.pop(name)
        cells = {name: unguarded(cell) for name, cell in row.items()}
        assert cells == {name: str("" if v is None else v) for name, v in values.items()}


def test_csv_holds_no_formula(collection: Collection, tmp_path: Path) -> None:
    collection.export(tmp_path / "news.csv")
    with (tmp_path / "news.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert not [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\t\r")]
    assert rows[2]["title"] == f"'{FORMULA}"
    assert rows[2]["summary"] == "''=1+1"
    assert rows[2]["published_at"] == "2021-03-01"


@given(st.text(st.sampled_from("'=+-@\t\rab")) | st.text())
def test_a_guard_can_be_taken_away(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


def test_nothing_to_export_is_still_a_whole_file(collection: Collection, tmp_path: Path) -> None:
    for name, content in (("a.json", "[]\n"), ("a.jsonl", "")):
        assert collection.export(tmp_path / name, until="1990") == 0
        assert (tmp_path / name).read_text("utf-8") == content


def test_a_failed_export_leaves_the_old_file(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "news.json"
    file.write_text("old")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(govnews.export.FORMATS, "json", fails)
    with pytest.raises(GovnewsError, match="No space left"):
        collection.export(file)
    assert file.read_text() == "old"
    assert os.listdir(tmp_path) == ["news.json"]  # noqa: PTH208 -- hidden files count too


@pytest.mark.parametrize(
    "name", ["news.xls", "news", "absent/news.csv", ".csv"], ids=lambda name: name.replace("/", "-")
)
def test_a_file_that_can_not_be(collection: Collection, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        collection.export(tmp_path / name)


def test_a_folder_is_no_file(collection: Collection, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Name another"):
        collection.export(tmp_path, "csv")


def test_a_pipe_stays_a_pipe(collection: Collection, tmp_path: Path) -> None:
    pipe, lines = tmp_path / "pipe.jsonl", list[str]()
    os.mkfifo(pipe)
    read: Callable[[], None] = lambda: lines.extend(pipe.read_text("utf-8").splitlines())  # noqa: E731
    reader = threading.Thread(target=read)
    reader.start()
    collection.export(pipe)
    reader.join(10)
    assert len(lines) == 4
    assert pipe.is_fifo()


def test_a_link_s_target_is_replaced_not_the_link(collection: Collection, tmp_path: Path) -> None:
    link = tmp_path / "link.jsonl"
    link.symlink_to(tmp_path / "news.jsonl")
    collection.export(link)
    assert link.is_symlink()
    assert len((tmp_path / "news.jsonl").read_text("utf-8").splitlines()) == 4
