"""Captures read again: what mended rules would change, and that nothing else does."""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from crawl.running import Crawler
from crawl.snapshot import snapshot

import govnews
from govnews import Collection
from govnews.archive import index, stories
from govnews.archive.database import create_or_open
from govnews.archive.index import Document
from govnews.demo import Portal, Weather
from govnews.demo.host import Host

pytestmark = pytest.mark.slow

OLDEST = Path(__file__).parents[1] / "fixtures" / "archives" / "version-1"
DEMO = Path(govnews.__file__).parent / "sites" / "demo.toml"


def _rows(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, numbers and all; the index is checked against the texts."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        tables = db.execute(
            """SELECT name FROM sqlite_master
               WHERE type = 'table' AND name NOT GLOB 'articles_index*'"""
        )
        return {
            table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for (table,) in tables.fetchall()
        }


_OF_ARTICLES = {
    "revisions": "number, r.title, r.body, r.published_at, change, capture_id, seen_at",
    "related_links": "position, r.title, r.url, r.published_at, target_key, target_id IS NULL",
    "media": "position, kind, r.url, r.title, capture_id",
    "evidence": "r.revision, field, value, rule, raw, certainty",
    "observations": "capture_id, seen_at, says, answer",
}


def _said(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What is understood, without this archive's own numbers."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(articles)")]
        fields = ", ".join(name for name in columns if name not in ("id", "story_id"))
        queries = {
            table: f"SELECT key, {shown} FROM {table} r JOIN articles a ON a.id = article_id"
            for table, shown in _OF_ARTICLES.items()
        }
        queries["articles"] = f"SELECT {fields} FROM articles"
        queries["mentions"] = """SELECT key, url, title, published_at, seen_on, capture_id, source,
            weight, section FROM mentions"""
        return {
            table: sorted(db.execute(query).fetchall(), key=repr)
            for table, query in queries.items()
        }


def _report(crawler: Crawler, *words: str, sites: Path | None = None) -> dict[str, Any]:
    where = ("--sites", str(sites)) if sites else ()
    done = crawler.run("reextract", "demo", "--json", *words, *where)
    assert done.returncode == 0, done.stderr
    (report,) = json.loads(done.stdout)
    found: dict[str, Any] = report
    return found


def _is_sound(crawler: Crawler) -> bool:
    """Whether index, references and the log of readings agree with what is understood."""
    return crawler.run("verify").returncode == 0


def _numbers(report: dict[str, Any]) -> dict[str, int]:
    """How many cases there are of each difference."""
    return {one["what"]: one["number"] for one in report["differences"]}


def _copy(data: Path, folder: Path) -> Crawler:
    return Crawler(Path(shutil.copytree(data, folder)))


def _site(folder: Path, more: str) -> Path:
    """A folder with a site file for `demo` that says something more than the bundled one."""
    folder.mkdir(exist_ok=True)
    (folder / "demo.toml").write_text(f"{DEMO.read_text('utf-8')}\n{more}\n", encoding="utf-8")
    return folder


_WRONG = """
[fields]
title = ["td.bannerTitle"]
author = ["a.category"]
"""
_FEWER = "[article]\npath = '^/(?P<subsite>tintuc)/lists/posts/post'"
_OTHER_KEY = '[article]\nkey = "{subsite}-so-{item}"'
_ONE_KEY = '[article]\nkey = "so-{item}"'


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of 25 articles, to be copied."""
    crawler = Crawler(tmp_path_factory.mktemp("crawled") / "data")
    with Portal(articles=25) as portal:
        assert crawler.crawl(portal) == 0, crawler.said
    return crawler.data


@pytest.fixture(scope="session")
def misread(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with other titles and authors than the pages have."""
    folder = tmp_path_factory.mktemp("misread")
    crawler, sites = Crawler(folder / "data"), _site(folder / "sites", _WRONG)
    with Portal(articles=25) as portal:
        assert crawler.crawl(portal, "--sites", str(sites)) == 0, crawler.said
    return crawler.data


_FAULTS = (
    "redirect_home",
    "redirect_loop",
    "redirect_foreign",
    "soft_404",
    "login",
    "empty",
    "forbidden",
    "charset",
    "truncated",
    "broken_gzip",
    "error",
)
_WAYS = ((), ("--revisit", "all"), ("--full",), ("--limit", "9"), ("--since", "2025-06-28"))


def _spoil(portal: Portal, chance: random.Random) -> None:
    """Edits, deletes, brings back, publishes and spoils at random."""
    portal.weather.clear()
    names = [(one.subsite, one.item) for one in portal.world.expected()]
    for name in chance.sample(names, 3):
        portal.world.edit(*name, body=f"Nội dung mới {chance.random()}.\n\nĐoạn thứ hai của bài.")
    gone = [*portal.world._deleted]
    for name in gone[:1]:
        portal.world.restore(*name)
    portal.world.delete(*chance.choice(names))
    portal.world.add(chance.randint(0, 3))
    for fault in chance.sample(_FAULTS, 4):
        subsite, item = chance.choice(names)
        portal.weather.add(Weather(fault, f"/{subsite}/", times=1))
        portal.weather.add(Weather(fault, f"ItemID={item}&"))


def _live(crawler: Crawler, portal: Portal, chance: random.Random, runs: int) -> None:
    """Crawls a portal that changes, on different days and in different ways; some are killed."""
    for run in range(runs):
        words = ["crawl", "demo", "--base-url", portal.url, "--delay", "0", *chance.choice(_WAYS)]
        now = {"GOVNEWS_NOW": f"2025-07-{1 + 2 * run:02}T08:00:00+07:00"}
        if run and chance.random() < 0.4:
            process = crawler.start(*words, **now)
            time.sleep(chance.uniform(1, 2))
            process.send_signal(chance.choice([signal.SIGKILL, signal.SIGTERM]))
            process.communicate(timeout=60)
        crawler.run(*words, **now)
        _spoil(portal, chance)


def _unchanged_rules_change_nothing(data: Path, seed: int) -> None:
    crawler, chance = Crawler(data), random.Random(seed)
    host = Host(
        validators=chance.random() < 0.5,
        gzip=chance.random() < 0.5,
        pager=chance.choice(["postback", "get"]),
        per_page=chance.choice([6, 20]),
    )
    with Portal(articles=25, seed=seed, host=host) as portal:
        _live(crawler, portal, chance, 4)
        before = _rows(data)
        portal.requests.clear()
        report = _report(crawler, "--apply")
        assert not list(portal.requests)
    assert report["differences"] == []
    assert (report["changed"], report["addresses"], report["applied"]) == (0, 0, True)
    assert report["captures"] == crawler.one("SELECT count(*) FROM captures")
    assert _rows(data) == before
    assert _is_sound(crawler)


@pytest.mark.parametrize("seed", range(2))
def test_unchanged_rules_change_nothing(tmp_path: Path, seed: int) -> None:
    _unchanged_rules_change_nothing(tmp_path / "data", seed)


@pytest.mark.slow
def test_unchanged_rules_change_nothing_in_many_worlds(tmp_path: Path) -> None:
    for seed in random.Random(time.time_ns()).sample(range(10**6), 20):
        _unchanged_rules_change_nothing(tmp_path / str(seed), seed)


def _harm(data: Path, chance: random.Random) -> None:
    """Spoils what is understood, at random; the index follows the texts, as it always does."""
    some = "abs(random()) % 7 = 0"
    with closing(create_or_open(data)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for row in db.execute(f"SELECT * FROM articles WHERE {some}").fetchall():
            old = Document(row["title"], row["summary"], row["body"])
            if chance.random() < 0.5:
                index.replace(db, row["id"], old, old._replace(title="Sai"))
                db.execute("UPDATE articles SET title = 'Sai', author = NULL WHERE id = ?", row[:1])
            else:
                index.remove(db, row["id"], old)
                stories.forget(db, row["id"])
                for table in _OF_ARTICLES:
                    db.execute(f"DELETE FROM {table} WHERE article_id = ?", row[:1])
                db.execute("DELETE FROM articles WHERE id = ?", row[:1])
        for table in (*_OF_ARTICLES, "mentions"):
            db.execute(f"DELETE FROM {table} WHERE {some}")
        for table in ("revisions", "mentions", "related_links"):
            db.execute(f"UPDATE {table} SET title = 'Sai', published_at = NULL WHERE {some}")
        db.execute(f"UPDATE articles SET section = 'Sai', gone_at = first_seen_at WHERE {some}")
        db.execute(f"UPDATE observations SET says = 'unchanged', answer = 'x' WHERE {some}")
        db.execute(
            """INSERT INTO articles (site, key, url, first_seen_at, last_seen_at, revision,
                   text_sha256, url_weight, own_url)
               VALUES ('demo', 'sai', 'x', '2025', '2025', 1, '', 0, 'x')"""
        )


def test_what_was_understood_can_be_made_again_from_the_evidence(tmp_path: Path) -> None:
    crawler, chance = Crawler(tmp_path / "data"), random.Random(3)
    with Portal(articles=25) as portal:
        _live(crawler, portal, chance, 3)
    said, evidence = _said(crawler.data), crawler.rows("SELECT * FROM captures")
    for _ in range(2):
        _harm(crawler.data, chance)
        assert _said(crawler.data) != said
        report = _report(crawler, "--apply", "--drop")
        assert {one["what"] for one in report["differences"]} >= {"title", "new", "dropped"}
        assert _said(crawler.data) == said
        assert crawler.rows("SELECT * FROM captures") == evidence
        assert _is_sound(crawler)
    assert _report(crawler)["differences"] == []


def test_a_mended_rule_makes_the_archive_that_it_would_have_made(tmp_path: Path) -> None:
    crawler, calm = Crawler(tmp_path / "data"), Crawler(tmp_path / "calm")
    wrong = str(_site(tmp_path / "wrong", _WRONG))
    with Portal(articles=25) as portal:
        days = [{"GOVNEWS_NOW": f"2025-07-0{day}T08:00:00+07:00"} for day in (1, 2, 3)]
        one = next(iter(portal.world.expected()))
        assert crawler.crawl(portal, "--sites", wrong, **days[0]) == 0, crawler.said
        assert calm.crawl(portal, **days[0]) == 0
        portal.world.edit(one.subsite, one.item, title="Tiêu đề đã được sửa lại")
        assert crawler.crawl(portal, "--revisit", "all", **days[1]) == 0
        assert calm.crawl(portal, "--revisit", "all", **days[1]) == 0
    assert crawler.one("SELECT count(*) FROM revisions WHERE number = 2") == 25
    before, ids = _rows(crawler.data), dict(crawler.rows("SELECT key, id FROM articles"))
    shown = _report(crawler)
    assert _rows(crawler.data) == before
    found = {one["what"]: one for one in shown["differences"]}
    assert (shown["changed"], shown["applied"], found["revisions"]["number"]) == (25, False, 25)
    assert {example["new"].count("\n") for example in found["revisions"]["examples"]} == {0}
    applied = _report(crawler, "--apply")
    assert applied == shown | {"applied": True}
    assert snapshot(crawler.data) == snapshot(calm.data)
    assert dict(crawler.rows("SELECT key, id FROM articles")) == ids
    changed = "SELECT a.key FROM revisions r JOIN articles a ON a.id = article_id WHERE number = 2"
    assert crawler.rows(changed) == [(one.key,)]
    assert _is_sound(crawler)


def test_a_rule_that_finds_more_sends_the_next_crawl_there(tmp_path: Path) -> None:
    crawler = Crawler(tmp_path / "data")
    blind = _site(tmp_path / "blind", _FEWER)
    with Portal(articles=40) as portal:
        assert crawler.crawl(portal, "--sites", str(blind)) in (0, 3), crawler.said
        assert crawler.one("SELECT count(*) FROM articles") < 40
        report = _report(crawler, "--apply")
        assert report["addresses"] > 0
        portal.requests.clear()
        assert crawler.crawl(portal) == 0, crawler.said
        assert crawler.one("SELECT count(*) FROM articles") == 40
        assert _report(crawler)["differences"] == []


def test_an_old_key_goes_on_leading_to_its_article(tmp_path: Path) -> None:
    crawler = Crawler(tmp_path / "data")
    sites = _site(tmp_path / "sites", _OTHER_KEY)
    with Portal(articles=25) as portal:
        assert crawler.crawl(portal) == 0
        ids, asked = dict(crawler.rows("SELECT key, id FROM articles")), len(list(portal.requests))
        report = _report(crawler, "--apply", sites=sites)
        assert [(one["what"], one["number"]) for one in report["differences"]] == [("key", 25)]
        with Collection(crawler.data) as collection:
            for key, number in ids.items():
                article = collection.article(f"demo/{key}")
                assert (article.id, article.key) == (number, key.replace("/", "-so-"))
                assert article.id == collection.article(f"demo/{article.key}").id
                assert all(link.target for link in article.related_links)
                assert collection.mentions(number)
        portal.requests.clear()
        assert crawler.crawl(portal, "--sites", str(sites), "--revisit", "all") == 0
        assert len(list(portal.requests)) <= asked
        assert crawler.one("SELECT count(*) FROM articles") == 25
        assert crawler.one("SELECT count(*) FROM revisions") == 25
    assert _report(crawler, sites=sites)["differences"] == []
    assert _report(crawler, "--apply")["differences"] != []
    assert dict(crawler.rows("SELECT key, id FROM articles")) == ids
    with Collection(crawler.data) as collection:
        assert collection.article("demo/tintuc-so-3").key == "tintuc/3"
    assert _is_sound(crawler)


def test_keys_that_become_one_and_part_again(crawled: Path, tmp_path: Path) -> None:
    crawler, sites = _copy(crawled, tmp_path / "data"), _site(tmp_path / "sites", _ONE_KEY)
    said, two = _said(crawler.data), dict(crawler.rows("SELECT key, id FROM articles"))
    alike = [key for key in two if key.startswith("thongbao/")]
    found = _numbers(_report(crawler, "--apply", sites=sites))
    assert (found["key"], found["merged"]) == (25 - len(alike), len(alike))
    with Collection(crawler.data) as collection:
        for key in alike:
            names = (key, key.replace("thongbao", "tintuc"), key.replace("thongbao/", "so-"))
            (number,) = {collection.article(f"demo/{name}").id for name in names}
            assert number in two.values()
    assert _is_sound(crawler)
    assert _numbers(_report(crawler, "--apply"))["parted"] == len(alike)
    assert _said(crawler.data) == said
    with Collection(crawler.data) as collection:
        assert all(collection.article(f"demo/{key}").key == key for key in two)
    assert _is_sound(crawler)


def test_what_no_rule_reads_any_more_stays_until_it_is_dropped(
    crawled: Path, tmp_path: Path
) -> None:
    crawler, sites = _copy(crawled, tmp_path / "data"), _site(tmp_path / "sites", _FEWER)
    said, rows = _said(crawler.data), crawler.rows("SELECT key, state, url FROM frontier")
    count = "SELECT count(*) FROM articles WHERE key GLOB 'thongbao/*'"
    unread = crawler.one(count)
    found = _numbers(_report(crawler, "--apply", sites=sites))
    assert found["unread"] == unread == crawler.one(count)
    with Collection(crawler.data) as collection:
        assert collection.article("demo/thongbao/1").body
    assert _numbers(_report(crawler, sites=sites)) == {"unread": unread}
    found = _numbers(_report(crawler, "--apply", "--drop", sites=sites))
    assert (found["dropped"], crawler.one(count)) == (unread, 0)
    assert _is_sound(crawler)
    _report(crawler, "--apply")
    assert _said(crawler.data) == said
    now = crawler.rows("SELECT key, state, url FROM frontier WHERE kind = 'article'")
    assert set(now) <= set(rows) and len(now) == 25


def test_the_order_of_listings_settles_sections_anew(tmp_path: Path) -> None:
    crawler, calm = Crawler(tmp_path / "data"), Crawler(tmp_path / "calm")
    sites = _site(tmp_path / "sites", "")
    file = sites / "demo.toml"
    head, listings, rest = re.split(
        r"(?<=listings = \[\n)|(?=^\]$)", file.read_text("utf-8"), flags=re.MULTILINE
    )
    turned = "\n".join(reversed(listings.splitlines()))
    file.write_text(f"{head}{turned}\n{rest}", encoding="utf-8")
    with Portal(articles=60) as portal:
        assert crawler.crawl(portal) == 0
        assert calm.crawl(portal, "--sites", str(sites)) == 0
    assert {"section", "url"} <= _numbers(_report(crawler, "--apply", sites=sites)).keys()
    settled = "SELECT key, url, section FROM articles ORDER BY key"
    assert crawler.rows(settled) == calm.rows(settled)


def test_what_can_not_be_read_again_stays_as_it_is(crawled: Path, tmp_path: Path) -> None:
    crawler = _copy(crawled, tmp_path / "data")
    before = _rows(crawler.data)
    (file,) = (crawler.data / "warc").iterdir()
    data = bytearray(file.read_bytes())
    for place in random.Random(1).sample(range(1000, len(data)), 3):
        data[place] ^= 0xFF
    file.write_bytes(data)
    report = _report(crawler, "--apply")
    assert _numbers(report).keys() <= {"damaged", "held"}
    assert 0 < _numbers(report)["damaged"] <= 3
    assert file.name in report["differences"][-1]["examples"][0]["old"]
    assert _rows(crawler.data) == before
    file.unlink()
    assert _numbers(_report(crawler, "--apply"))["held"] == 25
    assert _rows(crawler.data) == before


_SITE = """
name = "Phường Mẫu"
url = "{url}/"
listings = ["{url}/tin-tuc"]
article = '/bai/\\d+$'
language = "vi"
timezone = "Asia/Ho_Chi_Minh"
[fetch]
delay = 0
"""


def _article(number: int) -> str:
    return (
        f"<html><body><h1>Bài số {number} về việc chung của phường</h1>"
        f"<p>{'Nội dung của bài viết này đủ dài để là một bài. ' * 8}</p></body></html>"
    )


def _page(first: int, onward: str) -> str:
    items = "".join(
        f'<li><a href="/bai/{number}">Bài số {number} về việc chung của phường</a></li>'
        for number in range(first, first + 5)
    )
    return f"<html><body><h1>Tin tức</h1><ul>{items}</ul>{onward}</body></html>"


@contextmanager
def _served(pages: dict[str, str]) -> Iterator[str]:
    """A server of these pages; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_mended_pager_has_the_next_crawl_walk_on(tmp_path: Path) -> None:
    crawler, sites = Crawler(tmp_path / "data"), tmp_path / "sites"
    sites.mkdir()
    pages = {f"/bai/{number}": _article(number) for number in range(1, 11)}
    pages["/tin-tuc"] = _page(1, '<p><a class="nua" href="/tin-tuc/sau">Còn nữa đó</a></p>')
    pages["/tin-tuc/sau"] = _page(6, "")
    with _served(pages) as url:
        file = sites / "phuong.toml"
        file.write_text(_SITE.format(url=url), encoding="utf-8")
        crawl = ("crawl", "phuong", "--sites", str(sites), "--base-url", url)
        for _ in range(2):
            assert crawler.run(*crawl).returncode == 0
        assert crawler.one("SELECT count(*) FROM articles") == 5
        file.write_text(_SITE.format(url=url) + '[pager]\nnext = ["a.nua"]\n', encoding="utf-8")
        done = crawler.run("reextract", "phuong", "--apply", "--sites", str(sites))
        assert "2 walks of listings are no proof any more" in done.stdout, done.stderr
        assert crawler.run(*crawl).returncode == 0
        assert crawler.one("SELECT count(*) FROM articles") == 10
        done = crawler.run("reextract", "phuong", "--sites", str(sites))
        assert "as the rules of today read it" in done.stdout


def test_a_death_while_it_is_applied_leaves_one_or_the_other(misread: Path, tmp_path: Path) -> None:
    crawler, right = _copy(misread, tmp_path / "data"), _copy(misread, tmp_path / "right")
    _report(right, "--apply")
    both = [_said(crawler.data), _said(right.data)]
    log = crawler.data / "archive.db-wal"
    for pages in (1, 20, 60):
        process = crawler.start("reextract", "demo", "--apply")
        while process.poll() is None and not (log.exists() and log.stat().st_size > pages * 4096):
            time.sleep(0.001)
        process.kill()
        process.communicate(timeout=60)
        assert _said(crawler.data) in both
    _report(crawler, "--apply")
    assert _said(crawler.data) == both[1]
    assert _is_sound(crawler)
    assert not [*crawler.data.glob("reextract-*")]


def test_it_waits_for_no_crawl_and_no_crawl_for_it(tmp_path: Path) -> None:
    crawler = Crawler(tmp_path / "data")
    with Portal(articles=25) as portal:
        assert crawler.crawl(portal) == 0
        portal.weather.add(Weather("slow", "Mode=2", value=30))
        portal.requests.clear()
        process = crawler.start("crawl", "demo", "--base-url", portal.url)
        while not portal.requests.matching("Mode=2"):
            assert process.poll() is None
        done = crawler.run("reextract", "demo")
        assert done.returncode == 1
        assert f"by process {process.pid}" in done.stderr
        process.terminate()
        process.communicate(timeout=30)


def test_an_archive_of_the_first_schema(tmp_path: Path) -> None:
    crawler = Crawler(Path(shutil.copytree(OLDEST, tmp_path / "old")))
    create_or_open(crawler.data).close()
    before = _said(crawler.data)
    report = _report(crawler, "--apply")
    assert [one["what"] for one in report["differences"]] == ["observations"]  # an answer's form
    assert {name: rows for name, rows in _said(crawler.data).items() if name != "observations"} == {
        name: rows for name, rows in before.items() if name != "observations"
    }
    assert _report(crawler)["differences"] == []
    assert _is_sound(crawler)


def test_words_for_a_person(misread: Path, tmp_path: Path) -> None:
    crawler = _copy(misread, tmp_path / "data")
    said = crawler.run("reextract").stdout
    assert "25 of 25 articles would change" in said
    assert "25 articles: another title" in said
    assert "govnews reextract demo --apply" in said
    assert "put right, 25 articles changed" in crawler.run("reextract", "--apply").stdout
    assert "as the rules of today read it" in crawler.run("reextract", "demo").stdout
    for words, code in ((("nowhere",), 2), (("quan1",), 2), (("demo", "--data", "x"), 1)):
        done = crawler.run("reextract", *words)
        assert (done.returncode, done.stdout) == (code, "")
