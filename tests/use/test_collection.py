"""A collection in Python: articles, one article by any of its names, its history."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from use.sample import FIRST, FORMULA, LISTING, SECOND, address

import govnews
from govnews import Collection
from govnews.errors import ArchiveError, UsageError


@pytest.mark.parametrize("reference", ["quan1/tintuc/1", address(1), "1", 1, " quan1/tintuc/1 "])
def test_an_article_by_any_of_its_names(collection: Collection, reference: str | int) -> None:
    article = collection.article(reference)
    assert (article.id, article.title) == (1, "Đường phố sạch đẹp")
    assert article.related_links[0].target == "quan1/tintuc/2"
    assert article.media[0].title == "Ảnh: H.Y"


@pytest.mark.parametrize("reference", ["quan1/tintuc/9", "http://x.example/", "", "99", "9" * 40])
def test_an_unknown_article_is_refused(collection: Collection, reference: str) -> None:
    with pytest.raises(UsageError, match="govnews search"):
        collection.article(reference)


def test_history(collection: Collection) -> None:
    first, second = collection.revisions("quan1/tintuc/3")
    assert (first.number, first.change, first.seen_at) == (1, "first", FIRST)
    assert (second.change, second.body) == ("substantive", "-6 độ; phát biểu")
    assert [seen.says for seen in collection.observations(3)] == ["new", "changed"]
    assert [row.fetched_at for row in collection.captures(3)] == [FIRST, SECOND]
    assert [(seen.seen_on, seen.section) for seen in collection.mentions(1)] == [
        (LISTING, "Tin tức")
    ]
    assert {item.field: item.rule for item in collection.evidence(1, 1)} == {
        "title": "css:h1",
        "published_at": "mention:listing",
    }


def test_sites_and_runs(collection: Collection) -> None:
    (site,) = collection.sites()
    assert (site.id, site.name, site.articles) == ("quan1", "Quận 1", 4)
    assert [site.last_run] == collection.runs() == collection.runs("quan1")
    assert site.last_run is not None
    assert (site.last_run.outcome, site.last_run.problems) == ("incomplete", 2)


def test_articles_stream_while_others_are_asked(collection: Collection) -> None:
    titles = [collection.article(article.id).title for article in collection.articles()]
    assert titles[2] == FORMULA


def test_days_may_be_dates(collection: Collection) -> None:
    found = collection.articles(since=date(2021, 1, 20), until=date(2021, 1, 20))
    assert [article.id for article in found] == [2]


@pytest.mark.parametrize(
    "day", ["2021-13", "2021-02-30", "yesterday", "20/01/2021", "", "２０２１"]
)
def test_what_is_no_day_is_refused(collection: Collection, day: str) -> None:
    with pytest.raises(UsageError, match="is no day"):
        collection.articles(since=day)


def test_an_unknown_site_is_refused(collection: Collection) -> None:
    for ask in (collection.articles, collection.count):
        with pytest.raises(UsageError, match="It holds: quan1"):
            ask(site="quan2")


def test_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="govnews crawl"):
        Collection(tmp_path)


def test_importing_govnews_loads_little() -> None:
    code = "import sys, govnews; print(sum(name.startswith('govnews') for name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "1"


def test_what_is_public() -> None:
    for name in ("Collection", "load_site", "read_page", "__version__"):
        assert getattr(govnews, name)
        assert name in dir(govnews)
    with pytest.raises(AttributeError, match="nothing"):
        _ = govnews.nothing
