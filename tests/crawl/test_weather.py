"""Bad weather: what the archive and the exit code say after each fault of the portal."""

from __future__ import annotations

import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from crawl.running import GOVNEWS, Crawler
from crawl.snapshot import damage, snapshot

from govnews.demo import Asked, Host, Portal, Weather

_PAGER_ALONE = Host(calendar="")


@dataclass(frozen=True)
class Lasting:
    """What a fault that lasts leaves of one article: its problem, and the exit code."""

    fault: str
    problem: str
    code: int
    value: float | str | None = None


_ON_AN_ARTICLE = (
    Lasting("error", "http-status", 3),
    Lasting("busy", "http-status", 3, 0),
    Lasting("throttled", "http-status", 3, 0),
    Lasting("forbidden", "http-status", 3),
    Lasting("empty", "empty-page", 0),
    Lasting("redirect_loop", "redirect-loop", 0),
    Lasting("redirect_foreign", "redirect-foreign", 0),
    Lasting("redirect_home", "redirect", 0),
    Lasting("soft_404", "soft-404", 0),
    Lasting("login", "login-page", 0),
    Lasting("challenge", "challenge-page", 0),
    Lasting("huge", "too-long", 3, 60),
    Lasting("broken_gzip", "broken-body", 3),
    Lasting("truncated", "truncated", 3),
    Lasting("reset", "truncated", 3),
    Lasting("bomb", "broken-body", 3, 200),
)


def _on(
    portal: Portal, fault: str, times: int | None = None, value: float | str | None = None
) -> str:
    """Puts a fault on one article of the portal; the article's key."""
    one = sorted(portal.world.expected(), key=lambda one: one.key)[3]

    def is_it(asked: Asked) -> bool:
        return asked.wanted.subsite == one.subsite and asked.wanted.item == one.item

    portal.weather.add(Weather(fault, is_it, times=times, value=value))
    return one.key


@pytest.mark.parametrize("case", _ON_AN_ARTICLE, ids=lambda case: case.fault)
def test_a_fault_that_lasts_is_a_problem_with_its_capture(
    crawler: Crawler, portal: Portal, case: Lasting
) -> None:
    key = _on(portal, case.fault, value=case.value)
    assert crawler.crawl(portal) == case.code, crawler.said
    assert crawler.one("SELECT count(*) FROM articles WHERE key = ?", key) == 0
    assert crawler.one("SELECT count(*) FROM articles") == 59
    status = crawler.one(
        "SELECT status FROM problems JOIN captures c ON c.id = capture_id WHERE kind = ?",
        case.problem,
    )
    assert status
    assert damage(crawler.data) == []
    assert not [one for one in portal.requests if "foreign" in one.headers["host"]]


@pytest.mark.parametrize(
    "fault", ["error", "busy", "throttled", "reset", "truncated", "broken_gzip", "no_items"]
)
def test_a_fault_that_passes_leaves_no_trace_in_the_articles(
    crawler: Crawler, portal: Portal, fault: str
) -> None:
    if fault == "no_items":
        portal.weather.add(Weather(fault, "Mode=2", times=2))
    else:
        _on(portal, fault, times=1, value=0 if fault in ("busy", "throttled") else None)
    assert crawler.crawl(portal) == 0, crawler.said
    assert crawler.one("SELECT count(*) FROM articles") == 60


def test_a_wrong_charset_is_read_and_noted(crawler: Crawler, portal: Portal) -> None:
    key = _on(portal, "charset")
    assert crawler.crawl(portal) == 0, crawler.said
    title = crawler.one("SELECT title FROM articles WHERE key = ?", key)
    assert title in {one.title for one in portal.world.expected()}
    assert crawler.one("SELECT count(*) FROM problems WHERE kind = 'encoding'") == 1


def test_an_article_that_failed_is_fetched_by_the_next_run(
    crawler: Crawler, portal: Portal
) -> None:
    key = _on(portal, "forbidden")
    assert crawler.crawl(portal) == 3
    assert "could not be had" in crawler.said
    portal.weather.clear()
    assert crawler.crawl(portal) == 0, crawler.said
    assert crawler.one("SELECT count(*) FROM articles WHERE key = ?", key) == 1


@pytest.mark.parametrize(
    ("fault", "match", "reason"),
    [
        ("no_items", "page=2", "page 2 is empty"),
        ("no_pager", "page=2", "page 2 lost its pager"),
        ("error", "page=2", "status 500"),
        ("endless_pager", "Mode=2", ""),
        ("stuck_pager", "Mode=2", ""),
    ],
)
def test_what_is_no_end_of_a_listing(crawler: Crawler, fault: str, match: str, reason: str) -> None:
    with Portal(articles=100, host=_PAGER_ALONE) as portal:
        portal.weather.add(Weather(fault, match))
        code = crawler.crawl(portal)
        if reason:
            assert code == 3, crawler.said
            assert ("incomplete", reason) in crawler.rows("SELECT verdict, reason FROM listings")
            assert crawler.one("SELECT outcome FROM runs") == "incomplete"
            assert "not proven complete" in crawler.said
        else:
            assert crawler.one("SELECT count(*) FROM articles") == 100
        portal.weather.clear()
        assert crawler.crawl(portal) == 0, crawler.said
        assert crawler.one("SELECT count(*) FROM articles") == 100


@pytest.mark.parametrize("fault", ["no_pager", "no_items", "error", "truncated", "reset"])
def test_a_page_that_was_broken_once_does_not_end_its_listing(crawler: Crawler, fault: str) -> None:
    with Portal(articles=100) as portal:
        portal.weather.add(Weather(fault, "page=2", times=1))
        assert crawler.crawl(portal) == 0, crawler.said
        assert crawler.one("SELECT max(pages) FROM listings") == 3
        reasons = crawler.rows("SELECT DISTINCT reason FROM listings WHERE pages > 1")
        assert reasons == [("last page",)]


def test_an_empty_listing_of_a_known_portal_is_no_news(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0
    portal.weather.add(Weather("empty", "Mode=2"))
    assert crawler.crawl(portal) == 3
    assert crawler.one("SELECT count(*) FROM articles WHERE gone_at IS NOT NULL") == 0
    portal.weather.clear()
    portal.world.add(3)
    assert crawler.crawl(portal) == 0, crawler.said
    assert crawler.one("SELECT count(*) FROM articles") == 63


def test_news_that_an_incomplete_run_saw_first_does_not_hide_older_news(
    crawler: Crawler,
) -> None:
    with Portal(articles=60, host=_PAGER_ALONE) as portal:
        assert crawler.crawl(portal) == 0
        portal.world.add(45)
        portal.weather.add(Weather("forbidden", "page=2"))
        assert crawler.crawl(portal) == 3
        portal.weather.clear()
        assert crawler.crawl(portal) == 0, crawler.said
        assert crawler.one("SELECT count(*) FROM articles") == 105


def test_a_robots_txt_that_fails_for_a_while_loses_nothing(
    crawler: Crawler, portal: Portal
) -> None:
    portal.weather.add(Weather("slow", "ItemID", value=20))
    process = crawler.start("crawl", "demo", "--base-url", portal.url)
    while not any(one.wanted.item for one in portal.requests):
        assert process.poll() is None
    process.terminate()
    process.communicate(timeout=20)
    portal.weather.clear()
    portal.weather.add(Weather("busy", "robots.txt", value=0))
    assert crawler.crawl(portal) in {1, 3}
    assert "robots.txt answered with status 503" in crawler.said
    portal.weather.clear()
    assert crawler.crawl(portal) == 0, crawler.said
    assert crawler.one("SELECT count(*) FROM articles") == 60


def test_a_portal_that_goes_silent_ends_the_run_soon(crawler: Crawler) -> None:
    with Portal(articles=200) as portal:
        process = crawler.start("crawl", "demo", "--base-url", portal.url, "--delay", "0.02")
        while len([one for one in portal.requests if one.wanted.item]) < 20:
            assert process.poll() is None
        portal.__exit__(None, None, None)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 3, said
        assert "stopped answering" in said
        portal.__enter__()
        assert crawler.crawl(portal) == 0, crawler.said
        assert crawler.one("SELECT count(*) FROM articles") == 200


def test_a_pager_that_is_refused_is_no_proof_of_an_end(crawler: Crawler) -> None:
    """A server that lost the session shows the first page, whatever page is asked for."""
    with Portal(articles=100, host=_PAGER_ALONE) as portal:
        portal.weather.add(Weather("refused_pager", "POST"))
        assert crawler.crawl(portal) == 3
        assert "shows an earlier page again" in crawler.said
        portal.weather.clear()
        assert crawler.crawl(portal) == 0, crawler.said
        assert crawler.one("SELECT count(*) FROM articles") == 100


def test_a_torn_record_is_reported_and_mended(crawler: Crawler, portal: Portal) -> None:
    portal.weather.add(Weather("slow", "ItemID", value=20))
    process = crawler.start("crawl", "demo", "--base-url", portal.url)
    while not any(one.wanted.item for one in portal.requests):
        assert process.poll() is None
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        subprocess.run(["kill", "-9", child], check=True)
    process.kill()
    process.communicate()
    (file,) = (crawler.data / "warc").iterdir()
    with file.open("ab") as stream:
        stream.write(b"\x1f\x8b\x08\x00half a record")
    portal.weather.clear()
    assert crawler.crawl(portal) == 0, crawler.said
    (message,) = crawler.rows("SELECT message FROM problems WHERE kind = 'torn-record'")
    assert file.name in message[0]
    assert damage(crawler.data) == []
    for warc in (crawler.data / "warc").iterdir():
        checked = subprocess.run([*GOVNEWS[:2], "warcio.cli", "check", warc], check=False)
        assert checked.returncode == 0


def test_a_full_disk_ends_the_crawl_and_loses_nothing(
    crawler: Crawler, portal: Portal, tmp_path: Path
) -> None:
    full = subprocess.run(
        [*GOVNEWS, "crawl", "demo", "--base-url", portal.url],
        env=crawler.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),
    )
    assert full.returncode == 1, full.stderr
    assert "Error:" in full.stderr
    calm = Crawler(tmp_path / "calm")
    assert calm.crawl(portal) == 0
    assert crawler.crawl(portal) == 0, crawler.said
    assert snapshot(crawler.data) == snapshot(calm.data)
    assert damage(crawler.data) == []
