"""Other ways to the news than a pager: feeds, sitemaps and the calendar, in whole crawls."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from crawl.running import Crawler
from crawl.snapshot import damage, snapshot

from govnews.demo import Host, Portal, Weather

pytestmark = pytest.mark.slow

_LISTINGS = 4


def _host(**options: object) -> Host:
    """A portal whose pagers show five articles each, and nothing else leads to the others."""
    cut = {"reach": 1, "per_page": 5, "related": False, "calendar": ""}
    return Host(**{**cut, **options})  # type: ignore[arg-type]


def _archived(crawler: Crawler) -> dict[str, tuple[object, ...]]:
    rows = crawler.rows("SELECT key, title, body, published_at, section FROM articles")
    return {str(row[0]): row[1:] for row in rows}


def _truth(portal: Portal) -> dict[str, tuple[object, ...]]:
    return {
        one.key: (one.title, one.body, one.published_at, one.section)
        for one in portal.world.expected()
    }


def _verdicts(crawler: Crawler, run: int = 1) -> dict[str, tuple[str, str]]:
    query = "SELECT url, verdict, reason FROM listings WHERE run_id = ?"
    return {str(url): (verdict, reason) for url, verdict, reason in crawler.rows(query, run)}


def _days(portal: Portal) -> int:
    return len([one for one in portal.requests if one.wanted.day])


def _site(folder: Path, portal: Portal, more: str, listings: str = "") -> None:
    addresses = ", ".join(
        f'"{portal.url}{category.address}"' for category in portal.world.host.categories
    )
    folder.mkdir(exist_ok=True)
    (folder / "mau.toml").write_text(
        f'name = "Mẫu"\nfamily = "lacviet-sharepoint"\nurl = "{portal.url}/"\n'
        f"listings = [{listings or addresses}]\n[fetch]\ndelay = 0\nconcurrency = 8\n{more}",
        "utf-8",
    )


def _crawl(crawler: Crawler, folder: Path, portal: Portal, *words: str) -> int:
    done = crawler.run(
        "crawl", "mau", "--sites", str(folder), "--base-url", f"{portal.url}/", *words
    )
    crawler.said = done.stderr
    return done.returncode


@pytest.mark.parametrize("sitemap", ["plain", "news", "text", "index"])
def test_a_sitemap_leads_to_what_no_listing_shows(crawler: Crawler, sitemap: str) -> None:
    with Portal(articles=90, host=_host(sitemap=sitemap)) as portal:
        crawler.crawl(portal)
        assert crawler.one("SELECT outcome FROM runs") == "complete", crawler.said
        truth = _truth(portal)
        assert {key: row[:2] for key, row in _archived(crawler).items()} == {
            key: row[:2] for key, row in truth.items()
        }
        if sitemap == "news":
            assert [row[2] for _, row in sorted(_archived(crawler).items())] == [
                row[2] for _, row in sorted(truth.items())
            ]
        portal.world.add(5)
        portal.requests.clear()
        crawler.crawl(portal)
        assert len(list(portal.requests)) == 1 + _LISTINGS + 5
        assert set(_archived(crawler)) == set(_truth(portal))


@pytest.mark.parametrize("feed", ["rss", "rdf", "atom"])
def test_a_feed_that_pages_name_is_read(crawler: Crawler, feed: str) -> None:
    with Portal(articles=60, host=_host(feed=feed, feed_items=100)) as portal:
        assert crawler.crawl(portal) == 0, crawler.said
        assert {key: row[:3] for key, row in _archived(crawler).items()} == {
            key: row[:3] for key, row in _truth(portal).items()
        }
        reasons = [reason for url, reason in _verdicts(crawler).items() if "rss.aspx" in url]
        assert reasons == [("complete", "read whole")] * _LISTINGS


def test_where_there_are_no_feeds_nothing_is_amiss(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0, crawler.said
    verdicts = _verdicts(crawler)
    host = "http://www.quanmau.example"
    assert verdicts[f"{host}/sitemap.xml"] == ("absent", "status 404")
    assert verdicts[f"{host}/_layouts/ListFeed.aspx?List=1"] == ("absent", "robots.txt forbids it")
    assert crawler.one("SELECT count(*) FROM problems WHERE url NOT LIKE '%noibo%'") == 0
    asked = [one.target for one in portal.requests if "sitemap" in one.target]
    assert sorted(asked) == ["/sitemap.xml", "/sitemap_index.xml"]


@pytest.mark.parametrize("fault", ["error", "redirect_home", "soft_404", "redirect_foreign"])
def test_a_guess_that_fails_is_no_problem(crawler: Crawler, portal: Portal, fault: str) -> None:
    portal.weather.add(Weather(fault, "sitemap"))
    assert crawler.crawl(portal) == 0, crawler.said
    assert crawler.one("SELECT outcome FROM runs") == "complete"
    assert crawler.one("SELECT count(*) FROM problems WHERE url LIKE '%sitemap%'") == 0


def test_a_feed_that_breaks_off_is_read_again_by_the_next_run(crawler: Crawler) -> None:
    with Portal(articles=60, host=_host(feed="rss", feed_items=100)) as portal:
        portal.weather.add(Weather("truncated", "rss.aspx"))
        assert crawler.crawl(portal) == 3
        assert "rss.aspx" in crawler.said
        assert len(_archived(crawler)) < 60
        portal.weather.clear()
        assert crawler.crawl(portal) == 0, crawler.said
        assert set(_archived(crawler)) == set(_truth(portal))


def test_sitemaps_without_end_end(crawler: Crawler) -> None:
    with Portal(articles=30, host=_host(sitemap="endless")) as portal:
        assert crawler.crawl(portal) == 3
        assert "more sitemaps than are followed" in crawler.said
        assert len([one for one in portal.requests if "/sodo/" in one.target]) < 40


def test_a_day_asked_for_leaves_older_news_of_a_feed_for_later(crawler: Crawler) -> None:
    with Portal(articles=60, host=_host(feed="rss", feed_items=100)) as portal:
        since = sorted(one.published_at for one in portal.world.expected())[30][:10]
        assert crawler.crawl(portal, "--since", since) == 0, crawler.said
        assert min(str(row[2]) for row in _archived(crawler).values())[:10] >= since
        assert crawler.crawl(portal) == 0, crawler.said
        assert set(_archived(crawler)) == set(_truth(portal))


def test_a_sitemap_that_the_site_file_names_is_a_listing(crawler: Crawler, tmp_path: Path) -> None:
    with Portal(articles=90, host=_host(sitemap="index")) as portal:
        _site(tmp_path / "sites", portal, "", f'"{portal.url}/sodo/0.xml"')
        assert _crawl(crawler, tmp_path / "sites", portal) == 0, crawler.said
        assert set(_archived(crawler)) == set(_truth(portal))
        portal.world.add(5)
        assert _crawl(crawler, tmp_path / "sites", portal) == 0, crawler.said
        assert set(_archived(crawler)) == set(_truth(portal))
        weights = crawler.rows("SELECT DISTINCT weight FROM mentions WHERE seen_on LIKE '%.gz'")
        assert weights == [(0,)]


def test_the_calendar_shows_what_the_pager_does_not(crawler: Crawler) -> None:
    with Portal(articles=300, host=_host(reach=2, calendar="news")) as portal:
        assert crawler.crawl(portal) == 0, crawler.said
        assert _archived(crawler) == _truth(portal)
        oldest = min(one.published_at for one in portal.world.expected())[:10]
        reasons = [reason for url, reason in _verdicts(crawler).items() if "Mode=2" in url]
        assert ("complete", f"day by day to {oldest}") in reasons
        shown = {one.published_at[:10] for one in portal.world.expected()}
        assert _days(portal) <= _LISTINGS * (len(shown) + 14)  # and the months before
        portal.requests.clear()
        assert crawler.crawl(portal) == 0, crawler.said
        assert len(list(portal.requests)) == 1 + _LISTINGS


def test_more_news_than_the_pager_shows_are_found_by_their_days(crawler: Crawler) -> None:
    with Portal(articles=60, host=_host(calendar="news")) as portal:
        assert crawler.crawl(portal) == 0, crawler.said
        portal.world.add(40, portal.world.host.categories[0])
        portal.requests.clear()
        assert crawler.crawl(portal) == 0, crawler.said
        assert _archived(crawler) == _truth(portal)
        assert set(_verdicts(crawler, 2).values()) >= {("complete", "known news reached")}
        assert _days(portal) <= 40


def test_a_pager_that_reaches_all_costs_a_look_at_the_calendar(
    crawler: Crawler, portal: Portal
) -> None:
    assert crawler.crawl(portal) == 0, crawler.said
    assert 0 < _days(portal) <= 3 * _LISTINGS
    reasons = {reason for url, (_, reason) in _verdicts(crawler).items() if "tintuc" in url}
    assert reasons == {"one page alone", "last page"}
    portal.requests.clear()
    assert crawler.crawl(portal) == 0, crawler.said
    assert _days(portal) == 0


@pytest.mark.parametrize(
    ("calendar", "is_whole"), [("all", True), ("endless", True), ("same", False)]
)
def test_a_calendar_without_end_ends(
    crawler: Crawler, tmp_path: Path, calendar: str, is_whole: bool
) -> None:
    categories = Host().categories[:1]
    with Portal(articles=40, host=_host(calendar=calendar, categories=categories)) as portal:
        _site(tmp_path / "sites", portal, "")
        assert _crawl(crawler, tmp_path / "sites", portal) == 0, crawler.said
        assert (_archived(crawler) == _truth(portal)) == is_whole
        assert _days(portal) <= (460 if is_whole else 40)


@pytest.mark.parametrize("fault", ["no_items", "no_pager", "error"])
def test_a_pager_that_breaks_is_made_good_by_the_days(crawler: Crawler, fault: str) -> None:
    with Portal(articles=100, host=Host(per_page=10)) as portal:
        portal.weather.add(Weather(fault, "page=2"))
        assert crawler.crawl(portal) == 0, crawler.said
        assert _archived(crawler) == _truth(portal)
        said = crawler.rows("SELECT message FROM problems WHERE message LIKE 'walked on day by%'")
        assert said


def test_days_that_cannot_be_had_leave_the_listing_open(crawler: Crawler) -> None:
    with Portal(articles=60, host=_host(calendar="news")) as portal:
        portal.weather.add(
            Weather("error", lambda one: bool(one.wanted.day and one.wanted.day.day < 20))
        )
        assert crawler.crawl(portal) == 3
        assert "status 500" in crawler.said
        portal.weather.clear()
        assert crawler.crawl(portal) == 0, crawler.said
        assert _archived(crawler) == _truth(portal)


def test_the_site_file_names_the_calendar(crawler: Crawler, tmp_path: Path) -> None:
    """No page shows it, and there is a year without news: the file says how far it goes."""
    with Portal(articles=60, host=_host()) as portal:
        days = sorted({one.published_at[:10] for one in portal.world.expected()})
        for since, is_whole in ((days[0], True), (days[5], False)):
            own = Crawler(tmp_path / since)
            rule = f'[calendar]\naddress = "{{listing}}&Day={{day:%d/%m/%Y}}"\nsince = {since}\n'
            _site(tmp_path / "sites", portal, rule)
            assert _crawl(own, tmp_path / "sites", portal) == 0, own.said
            reasons = set(_verdicts(own).values())
            assert ("complete", f"day by day to {since}") in reasons
            assert (_archived(own) == _truth(portal)) == is_whole
            portal.requests.clear()
            assert _crawl(own, tmp_path / "sites", portal) == 0, own.said
            assert _days(portal) == 0


def test_the_day_asked_for_ends_the_walk_of_days(crawler: Crawler) -> None:
    with Portal(articles=100, host=_host(calendar="news")) as portal:
        days = sorted(one.published_at[:10] for one in portal.world.expected())
        since = days[len(days) // 2]
        assert crawler.crawl(portal, "--since", since) == 0, crawler.said
        wanted = {one.key for one in portal.world.expected() if one.published_at[:10] >= since}
        dated = crawler.rows("SELECT key FROM articles WHERE published_at IS NOT NULL")
        assert {key for (key,) in dated} == wanted
        assert crawler.crawl(portal) == 0, crawler.said
        assert _archived(crawler) == _truth(portal)


@pytest.mark.parametrize("way", ["Day=", "/sodo/"])
def test_a_crawl_that_is_killed_on_such_a_way_goes_on(tmp_path: Path, way: str) -> None:
    host = _host(calendar="news", sitemap="index", per_page=10)
    with Portal(articles=120, host=host) as portal:
        calm, killed = Crawler(tmp_path / "calm"), Crawler(tmp_path / "killed")
        assert calm.crawl(portal) == 0, calm.said
        asked = len(list(portal.requests))
        portal.requests.clear()
        words = ("--base-url", portal.url, "--delay", "0.02", "--revisit", "none")
        process = killed.start("crawl", "demo", *words)
        while len(portal.requests.matching(way)) < 3:
            assert process.poll() is None
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for victim in (process.pid, *map(int, children)):
            os.kill(victim, signal.SIGKILL)
        process.communicate(timeout=60)
        assert killed.crawl(portal) == 0, killed.said
        assert len(list(portal.requests)) <= asked + 60
        assert snapshot(killed.data) == snapshot(calm.data)
        assert damage(killed.data) == []
