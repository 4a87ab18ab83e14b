"""Attachments and images: fetched after the pages, once each, and written out again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from crawl.running import Crawler
from crawl.snapshot import damage

from govnews.demo import Asked, Portal, Weather
from govnews.demo.files import image, pdf

_UPLOAD = "/fckUpload/"


def _files(portal: Portal, kind: str) -> set[str]:
    """The addresses of the files of this kind on the whole portal."""
    media = (one for article in portal.world.expected() for one in article.media)
    return {one.url for one in media if one.kind == kind}


def _asked(portal: Portal) -> list[str]:
    return [asked.target for asked in portal.requests.matching(_UPLOAD)]


def _an_attachment(portal: Portal) -> tuple[str, str]:
    """An article that has one: its key, and the path of the file."""
    return next(
        (one.key, medium.url)
        for one in portal.world.expected()
        for medium in one.media
        if medium.kind == "attachment"
    )


def _spoil(portal: Portal, fault: str, path: str, value: float | str | None = None) -> None:
    def is_it(asked: Asked) -> bool:
        return asked.target == path

    portal.weather.add(Weather(fault, is_it, value=value))


def test_attachments_are_fetched_once_each_after_the_pages(
    crawler: Crawler, portal: Portal
) -> None:
    wanted = _files(portal, "attachment")
    assert crawler.crawl(portal) == 0
    targets = [asked.target for asked in portal.requests]
    assert sorted(_asked(portal)) == sorted(wanted)
    assert all(_UPLOAD in target for target in targets[-len(wanted) :])
    led = crawler.rows(
        """SELECT m.url, c.url, c.status FROM media m JOIN captures c ON c.id = m.capture_id"""
    )
    assert {Path(url).name for url, _, _ in led} == {Path(url).name for url in wanted}
    assert all(Path(url).name == Path(asked).name for url, asked, _ in led)
    assert damage(crawler.data) == []
    portal.requests.clear()
    assert crawler.crawl(portal, "--revisit", "all") == 0
    assert _asked(portal) == []


def test_images_come_by_media_all_alone(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal, "--media", "none") == 0
    assert _asked(portal) == []
    assert crawler.crawl(portal, "--media", "all", "--revisit", "none") == 0
    both = _files(portal, "attachment") | _files(portal, "image")
    assert sorted(_asked(portal)) == sorted(both)
    assert crawler.one("SELECT count(*) FROM media WHERE capture_id IS NULL") == 0


def test_a_limit_on_articles_has_their_files_too(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal, "--limit", "12") == 0
    assert crawler.one("SELECT count(*) FROM articles") == 12
    query = "SELECT count(*), count(capture_id) FROM media WHERE kind = 'attachment'"
    listed, held = crawler.rows(query)[0]
    assert 0 < listed == held


@pytest.mark.parametrize(
    ("fault", "value", "problem", "asked"),
    [
        ("soft_404", None, "a page came in place of the file", 1),
        ("forbidden", None, "status 403", 1),
        ("empty", None, "the body holds nothing", 1),
        ("huge", 30, "larger than fetch.largest_file", 1),
        ("truncated", None, "the connection broke", 3),
        ("error", None, "status 500", 3),
    ],
)
def test_a_file_that_cannot_be_had_is_a_problem_and_harms_no_article(
    crawler: Crawler, portal: Portal, fault: str, value: float | None, problem: str, asked: int
) -> None:
    key, path = _an_attachment(portal)
    _spoil(portal, fault, path, value)
    assert crawler.crawl(portal, "--delay", "0") == 0, crawler.said
    assert _asked(portal).count(path) == asked
    told = crawler.rows("SELECT message, capture_id FROM problems WHERE kind = 'file'")
    assert [message[: len(problem)] for message, _ in told] == [problem]
    assert told[0][1] is not None
    assert crawler.one("SELECT count(*) FROM articles") == 60
    query = """SELECT count(*) FROM media JOIN articles a ON a.id = article_id
               WHERE a.key = ? AND kind = 'attachment' AND capture_id IS NULL"""
    assert crawler.one(query, key) >= 1
    portal.requests.clear()
    crawler.crawl(portal)
    again = 3 if fault in ("truncated", "error") else 0  # what may pass is asked for again
    assert _asked(portal).count(path) == again


def test_files_are_written_out_as_they_were_published(
    crawler: Crawler, portal: Portal, tmp_path: Path
) -> None:
    assert crawler.crawl(portal, "--media", "all") == 0
    wanted = {
        f"demo/{one.key}": {Path(medium.url).name: medium for medium in one.media}
        for one in portal.world.expected()
        if one.media
    }
    name, media = next((name, media) for name, media in wanted.items() if len(media) > 1)
    done = crawler.run("media", name, "--to", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert {path.name for path in paths} == set(media)
    for path in paths:
        url = media[path.name].url
        assert path.read_bytes() == (pdf if url.endswith("pdf") else image)(url)
    once_more = crawler.run("media", name, "--to", str(tmp_path / "out"))
    assert once_more.stdout == done.stdout
    paths[0].write_text("mine")
    numbered = crawler.run("media", name, "--to", str(tmp_path / "out")).stdout.splitlines()
    assert Path(numbered[0]).name == f"{paths[0].stem} (2){paths[0].suffix}"
    assert paths[0].read_text() == "mine"


def test_what_is_not_in_the_archive_is_named_with_the_cure(
    crawler: Crawler, portal: Portal, tmp_path: Path
) -> None:
    assert crawler.crawl(portal) == 0
    article = crawler.one(
        """SELECT site || '/' || key FROM articles a
           WHERE EXISTS (SELECT 1 FROM media WHERE article_id = a.id AND kind = 'image')"""
    )
    done = crawler.run("media", article, "--to", str(tmp_path / "out"))
    assert done.returncode == 0
    assert "--media all" in done.stderr
    listed = json.loads(crawler.run("media", article, "--json").stdout)
    assert {one["capture_id"] for one in listed if one["kind"] == "image"} == {None}
    shown = crawler.run("show", article).stdout
    assert "Images and attachments" in shown
