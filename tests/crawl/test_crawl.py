"""Crawls of the embedded portal, seen through the command and the archive's tables."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crawl.running import Crawler
from crawl.snapshot import damage
from fastwarc.warc import ArchiveIterator as FastwarcIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from govnews.demo import Category, Host, Portal, Weather

_OWN_HOST = "http://www.quanmau.example"


def _articles(crawler: Crawler) -> dict[str, tuple[object, ...]]:
    rows = crawler.rows(
        "SELECT key, title, summary, body, author, section, published_at FROM articles"
    )
    return {str(row[0]): row[1:] for row in rows}


def _truth(portal: Portal) -> dict[str, tuple[object, ...]]:
    return {
        one.key: (one.title, one.summary, one.body, one.author, one.section, one.published_at)
        for one in portal.world.expected()
    }


def test_every_article_is_archived_as_the_portal_has_it(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0, crawler.said
    assert _articles(crawler) == _truth(portal)
    links = crawler.rows(
        """SELECT a.key, l.title, t.key, l.published_at FROM related_links l
           JOIN articles a ON a.id = l.article_id JOIN articles t ON t.id = l.target_id
           ORDER BY a.key, position"""
    )
    expected = [
        (one.key, link.title, link.key, link.published_at)
        for one in sorted(portal.world.expected(), key=lambda one: one.key)
        for link in one.related
    ]
    assert links == expected
    media = crawler.rows(
        """SELECT a.key, kind, m.url, m.title FROM media m JOIN articles a ON a.id = article_id
           ORDER BY a.key, position"""
    )
    assert media == [
        (one.key, medium.kind, _OWN_HOST + medium.url, medium.title)
        for one in sorted(portal.world.expected(), key=lambda one: one.key)
        for medium in one.media
    ]


def test_dates_come_from_mentions_and_say_so(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0
    assert crawler.rows("SELECT DISTINCT published_source FROM articles") == [("listing",)]
    rules = crawler.rows("SELECT DISTINCT rule FROM evidence WHERE field = 'published_at'")
    assert rules == [("mention:listing",)]


def test_a_second_run_adds_nothing_and_says_so(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0
    before = crawler.rows("SELECT * FROM articles ORDER BY id")
    portal.requests.clear()
    assert crawler.crawl(portal) == 0
    assert "nothing new" in crawler.said
    assert crawler.rows("SELECT * FROM articles ORDER BY id") == before
    assert len(list(portal.requests)) == 1 + 4  # robots.txt and the first page of each listing
    assert crawler.rows("SELECT DISTINCT reason FROM listings WHERE run_id = 2 AND pages") == [
        ("known news reached",)
    ]


def test_a_later_run_asks_for_the_news_alone(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0
    portal.world.add(5)
    portal.requests.clear()
    assert crawler.crawl(portal) == 0
    assert _articles(crawler) == _truth(portal)
    listings = 4 + 1  # the first page of each, and the overlap of the one that has news
    assert len(list(portal.requests)) <= 1 + 5 + listings


@pytest.mark.slow
def test_the_cost_of_a_run_follows_the_news(crawler: Crawler) -> None:
    with Portal(articles=10_000) as portal:
        assert crawler.crawl(portal) == 0, crawler.said
        assert crawler.one("SELECT count(*) FROM articles") == 10_000
        portal.world.add(5)
        portal.requests.clear()
        assert crawler.crawl(portal) == 0, crawler.said
        assert crawler.one("SELECT count(*) FROM articles") == 10_005
        overlap = 4 + 4  # the first page of each listing, and one more where it has news
        assert len(list(portal.requests)) <= 1 + 5 + overlap


def test_the_listing_tells_of_an_edit(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0
    newest = max(portal.world.expected(), key=lambda one: one.published_at)
    portal.world.edit(newest.subsite, newest.item, title="Tiêu đề đã được sửa lại")
    assert crawler.crawl(portal) == 0, crawler.said
    assert crawler.rows(
        "SELECT number, change, r.title FROM revisions r JOIN articles a ON a.id = article_id "
        "WHERE key = ? ORDER BY number",
        newest.key,
    ) == [(1, "first", newest.title), (2, "substantive", "Tiêu đề đã được sửa lại")]


def test_known_articles_are_visited_again_as_asked(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0
    one = min(portal.world.expected(), key=lambda one: one.published_at)
    portal.world.edit(one.subsite, one.item, body="Nội dung mới.\n\nĐoạn thứ hai.")
    assert crawler.crawl(portal, "--revisit", "none") == 0
    assert crawler.one("SELECT count(*) FROM revisions WHERE number = 2") == 0
    assert crawler.crawl(portal, "--revisit", "all") == 0
    assert crawler.one("SELECT unchanged FROM runs ORDER BY id DESC") == 59
    body = crawler.one("SELECT body FROM articles WHERE key = ?", one.key)
    assert body == "Nội dung mới.\n\nĐoạn thứ hai."


def test_visits_follow_the_age_of_the_news(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal, GOVNEWS_NOW="2025-07-02T08:00:00+07:00") == 0
    portal.requests.clear()
    assert crawler.crawl(portal, GOVNEWS_NOW="2025-07-09T08:00:00+07:00") == 0
    asked = {one.wanted.item for one in portal.requests if one.wanted.item}
    assert 0 < len(asked) < 60


def test_unchanged_pages_are_asked_for_with_their_etag(crawler: Crawler) -> None:
    with Portal(articles=30, host=Host(validators=True)) as portal:
        assert crawler.crawl(portal) == 0
        assert crawler.crawl(portal, "--revisit", "all") == 0
    assert crawler.one("SELECT count(*) FROM captures WHERE status = 304") == 30
    assert crawler.one("SELECT unchanged FROM runs WHERE id = 2") == 30


def test_full_walks_every_listing(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0
    assert crawler.crawl(portal, "--full") == 0
    pages = crawler.rows("SELECT run_id, sum(pages) FROM listings GROUP BY run_id ORDER BY run_id")
    assert pages[0][1] == pages[1][1]


def test_limit_ends_early_as_asked(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal, "--limit", "7") == 0, crawler.said
    assert crawler.one("SELECT count(*) FROM articles") == 7
    assert crawler.one("SELECT outcome FROM runs") == "incomplete"
    assert len(list(portal.requests)) <= 1 + 4 + 4 + 7  # robots.txt, listings, one step each
    assert crawler.crawl(portal) == 0, crawler.said
    assert _articles(crawler) == _truth(portal)


def test_since_leaves_older_news_aside(crawler: Crawler, portal: Portal) -> None:
    dates = sorted(one.published_at for one in portal.world.expected())
    since = dates[len(dates) // 2][:10]
    assert crawler.crawl(portal, "--since", since) == 0, crawler.said
    wanted = {one.key for one in portal.world.expected() if one.published_at[:10] >= since}
    assert set(_articles(crawler)) == wanted
    assert crawler.one("SELECT outcome FROM runs") == "incomplete"
    assert crawler.crawl(portal) == 0
    assert _articles(crawler) == _truth(portal)


def test_a_signal_ends_a_crawl_within_seconds(crawler: Crawler, portal: Portal) -> None:
    portal.weather.add(Weather("slow", "ItemID", value=30))
    for number in (signal.SIGINT, signal.SIGTERM):
        process = crawler.start("crawl", "demo", "--base-url", portal.url)
        deadline = time.monotonic() + 20
        while not any(one.wanted.item for one in portal.requests):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(number)
        _, said = process.communicate(timeout=15)
        assert process.returncode == 130, said
        assert "Go on with: govnews crawl demo" in said
        assert crawler.one("SELECT outcome FROM runs") == "interrupted"
        portal.requests.clear()
    portal.weather.clear()
    assert crawler.crawl(portal) == 0
    assert _articles(crawler) == _truth(portal)
    assert crawler.one("SELECT count(*) FROM runs") == 1


def test_a_second_crawl_of_a_site_names_the_first(crawler: Crawler, portal: Portal) -> None:
    portal.weather.add(Weather("slow", "ItemID", value=30))
    first = crawler.start("crawl", "demo", "--base-url", portal.url)
    deadline = time.monotonic() + 20
    while not list(portal.requests):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert crawler.crawl(portal) == 1
    assert f"by process {first.pid}" in crawler.said
    first.terminate()
    first.communicate(timeout=15)


def _site_file(folder: Path, name: str, portal: Portal, subsite: str, delay: float = 0) -> None:
    """A site of its own host, which the portal answers for where it is the proxy."""
    folder.mkdir(exist_ok=True)
    categories = portal.world.host.categories
    listings = [category.address for category in categories if category.subsite == subsite]
    (folder / f"{name}.toml").write_text(
        f'name = "{name}"\nfamily = "lacviet-sharepoint"\nurl = "http://{name}.example/"\n'
        f"listings = {json.dumps(listings)}\n[fetch]\ndelay = {delay}\nconcurrency = 4\n"
    )


def test_sites_share_a_run_and_fail_alone(crawler: Crawler, portal: Portal, tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    _site_file(folder, "good", portal, "tintuc")
    _site_file(folder, "also-good", portal, "thongbao")
    _site_file(folder, "down", portal, "tintuc")
    down = folder / "down.toml"
    down.write_text(down.read_text().replace("http://down.example", "http://127.0.0.1:9"))
    words = ("good", "also-good", "down", "--sites", str(folder), "--json")
    done = crawler.run("crawl", *words, http_proxy=portal.url)
    assert done.returncode == 1, done.stderr
    outcomes = {one["site"]: one["outcome"] for one in json.loads(done.stdout)}
    assert outcomes == {"good": "complete", "also-good": "complete", "down": "failed"}
    assert damage(crawler.data) == []


def test_crawls_of_different_sites_share_a_collection(
    crawler: Crawler, portal: Portal, tmp_path: Path
) -> None:
    folder = tmp_path / "sites"
    names = ("one", "two", "three")
    for name in names:
        _site_file(folder, name, portal, "tintuc")
    words = ("--sites", str(folder))
    processes = [crawler.start("crawl", name, *words, http_proxy=portal.url) for name in names]
    for process in processes:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    counts = crawler.rows("SELECT site, count(*) FROM articles GROUP BY site")
    assert len(counts) == 3
    assert len({count for _, count in counts}) == 1


def test_a_portal_that_is_down(crawler: Crawler) -> None:
    done = crawler.run("crawl", "demo", "--base-url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "could not be reached" in done.stderr
    assert crawler.one("SELECT outcome FROM runs") == "failed"
    assert crawler.one("SELECT count(*) FROM captures") == 0


def test_a_portal_that_answers_500(crawler: Crawler, portal: Portal) -> None:
    portal.weather.add(Weather("error", lambda asked: "robots" not in asked.line))
    assert crawler.crawl(portal) == 3
    assert "status 500" in crawler.said
    assert crawler.one("SELECT outcome FROM runs") == "incomplete"
    assert crawler.one("SELECT count(*) FROM captures WHERE status = 500") >= 4


def test_a_portal_without_a_listing(crawler: Crawler, portal: Portal) -> None:
    portal.weather.add(Weather("no_items", "Mode=2"))
    assert crawler.crawl(portal) == 3
    assert "page 1 is empty" in crawler.said
    assert crawler.one("SELECT outcome FROM runs") == "incomplete"


def test_a_forbidden_address_is_not_asked_for(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0
    lines = [one.line for one in portal.requests]
    assert "robots.txt" in lines[0]
    assert not [line for line in lines if "/noibo" in line or "ListFeed" in line]
    assert crawler.one("SELECT count(*) FROM problems WHERE message LIKE '%robots.txt%'") == 1


def test_the_evidence_passes_other_tools(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal) == 0
    assert crawler.crawl(portal, "--revisit", "all") == 0
    assert damage(crawler.data) == []
    kinds = []
    for file in sorted((crawler.data / "warc").iterdir()):
        with file.open("rb") as stream:
            kinds += [record.rec_type for record in WarcioIterator(stream)]
        with file.open("rb") as stream:
            assert all(
                record.verify_block_digest()
                for record in FastwarcIterator(stream, parse_http=False)
            )
        checked = subprocess.run([sys.executable, "-m", "warcio.cli", "check", file], check=False)
        assert checked.returncode == 0
    captures = crawler.one("SELECT count(*) FROM captures")
    assert kinds.count("warcinfo") == 2
    assert kinds.count("request") == captures
    assert kinds.count("response") + kinds.count("revisit") == captures
    assert kinds.count("revisit") == crawler.one(
        "SELECT count(*) FROM captures WHERE payload_capture_id IS NOT NULL"
    )
    assert crawler.one("SELECT count(*) FROM captures WHERE url LIKE '%/robots.txt'") == 2
    assert crawler.one("SELECT count(*) FROM captures WHERE request_sha256 IS NOT NULL") > 0


def test_the_site_file_of_quan1_fits_an_imitation_of_its_host(crawler: Crawler) -> None:
    categories = (Category("tintuc", "Tin tức - Sự kiện"), Category("thongbao", "Thông báo"))
    with Portal(articles=70, host=Host(name="Quận 1", categories=categories)) as portal:
        done = crawler.run("crawl", "quan1", "--delay", "0", http_proxy=portal.url)
        assert done.returncode == 0, done.stderr
        expected = {one.key: one.title for one in portal.world.expected()}
        hosts = {one.headers["host"] for one in portal.requests}
    assert dict(crawler.rows("SELECT key, title FROM articles")) == expected
    assert hosts == {"www.quan1.hochiminhcity.gov.vn"}
    assert crawler.one("SELECT count(*) FROM captures WHERE url LIKE '%127.0.0.1%'") == 0
    addresses = crawler.rows("SELECT DISTINCT substr(url, 1, 38) FROM articles")
    assert addresses == [("http://www.quan1.hochiminhcity.gov.vn/",)]


def test_scrapy_knows_the_sites_by_name(crawler: Crawler, portal: Portal) -> None:
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], capture_output=True, text=True, check=True)
    assert {"demo", "quan1"} <= set(listed.stdout.split())
    subprocess.run(
        [
            *[*scrapy, "crawl", "demo"],
            *["-s", f"GOVNEWS_DATA={crawler.data}", "-s", f"GOVNEWS_BASE_URL={portal.url}"],
        ],
        check=True,
    )
    assert _articles(crawler) == _truth(portal)
    assert crawler.one("SELECT outcome FROM runs") == "complete"


def test_wrong_words_are_refused_before_any_request(crawler: Crawler, tmp_path: Path) -> None:
    for words, cure in (
        (("nowhere",), "Known are"),
        (("demo", "--since", "tomorrow"), "2021-01-20"),
        (("demo", "--revisit", "some"), "all, none and a number"),
        (("demo", "quan1", "--base-url", "http://127.0.0.1:9"), "for one site"),
        (("demo", "--base-url", "localhost"), "http://"),
        (("demo", "--sites", str(tmp_path / "missing")), "no such folder"),
    ):
        done = crawler.run("crawl", *words)
        assert done.returncode == 2, done.stderr
        assert cure in done.stderr
    assert not (crawler.data / "archive.db").exists()
