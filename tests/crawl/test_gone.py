"""Deletions: believed when the article's own address has said so, twice, far enough apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from crawl.running import Crawler

from govnews import load_site
from govnews.demo import Asked, Portal, Truth, Weather
from govnews.keeper.probe import impossible

FIRST, SOON, LATER = "2025-07-01T08:00:00Z", "2025-07-02T03:00:00Z", "2025-07-02T05:00:00Z"
NEXT_WEEK = "2025-07-09T08:00:00Z"


def _one(portal: Portal) -> Truth:
    return sorted(portal.world.expected(), key=lambda one: one.key)[5]


def _is(one: Truth) -> Callable[[Asked], bool]:
    def is_it(asked: Asked) -> bool:
        return asked.wanted.subsite == one.subsite and asked.wanted.item == one.item

    return is_it


def _is_missing(portal: Portal, one: Truth) -> Callable[[Asked], bool]:
    """Whether an address is the article's, or of one that never was."""

    def is_it(asked: Asked) -> bool:
        item = asked.wanted.item
        return item is not None and (
            _is(one)(asked) or (asked.wanted.subsite, item) not in portal.world
        )

    return is_it


def _crawl(crawler: Crawler, portal: Portal, now: str, *words: str) -> int:
    return crawler.crawl(portal, "--delay", "0", *words, GOVNEWS_NOW=now)


def _gone_at(crawler: Crawler, key: str) -> str | None:
    found: str | None = crawler.one("SELECT gone_at FROM articles WHERE key = ?", key)
    return found


def _says(crawler: Crawler, key: str) -> list[str]:
    rows = crawler.rows(
        """SELECT says FROM observations o JOIN articles a ON a.id = article_id
           WHERE key = ? ORDER BY o.id""",
        key,
    )
    return [says for (says,) in rows]


@dataclass(frozen=True)
class Way:
    """A way in which a portal says that an article is no more; `fault` None is a plain 404."""

    name: str
    fault: str | None
    says: str


WAYS = (
    Way("404", None, "gone"),
    Way("home", "redirect_home", "redirected"),
    Way("soft 404", "soft_404", "soft-404"),
)


def _take_down(portal: Portal, one: Truth, way: Way) -> None:
    if way.fault is None:
        portal.world.delete(one.subsite, one.item)
    else:
        portal.weather.add(Weather(way.fault, _is_missing(portal, one)))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_two_visits_far_enough_apart_make_it_gone(
    crawler: Crawler, portal: Portal, way: Way
) -> None:
    one = _one(portal)
    body = one.body
    assert _crawl(crawler, portal, FIRST) == 0
    _take_down(portal, one, way)
    assert _crawl(crawler, portal, "2025-07-01T08:30:00Z", "--revisit", "all") == 0
    assert _gone_at(crawler, one.key) is None
    _crawl(crawler, portal, SOON, "--revisit", "all")
    assert _gone_at(crawler, one.key) is None, "not 20 hours after the first sign"
    _crawl(crawler, portal, LATER, "--revisit", "1")
    gone_at = _gone_at(crawler, one.key)
    assert gone_at is not None
    assert gone_at.startswith("2025-07-01T08:3"), "since the first sign"
    assert _says(crawler, one.key) == ["new", way.says, way.says, way.says]
    assert crawler.one("SELECT gone FROM runs ORDER BY id DESC LIMIT 1") == 1
    assert crawler.one("SELECT body FROM articles WHERE key = ?", one.key) == body
    assert crawler.one("SELECT count(*) FROM articles WHERE gone_at IS NOT NULL") == 1


def test_a_first_sign_brings_the_next_visit_forward(crawler: Crawler, portal: Portal) -> None:
    one = _one(portal)
    _crawl(crawler, portal, FIRST)
    portal.world.delete(one.subsite, one.item)
    _crawl(crawler, portal, "2026-07-01T08:00:00Z", "--revisit", "all")
    portal.requests.clear()
    _crawl(crawler, portal, "2026-07-02T02:00:00Z")
    assert not [asked for asked in portal.requests if _is(one)(asked)], "18 hours later"
    _crawl(crawler, portal, "2026-07-02T06:00:00Z")
    assert len([asked for asked in portal.requests if _is(one)(asked)]) == 1
    assert _gone_at(crawler, one.key) is not None


def test_what_comes_back_is_marked_so(crawler: Crawler, portal: Portal) -> None:
    one = _one(portal)
    _crawl(crawler, portal, FIRST)
    portal.world.delete(one.subsite, one.item)
    _crawl(crawler, portal, LATER, "--revisit", "all")
    _crawl(crawler, portal, NEXT_WEEK, "--revisit", "all")
    assert _gone_at(crawler, one.key) is not None
    portal.world.restore(one.subsite, one.item)
    _crawl(crawler, portal, "2025-07-20T08:00:00Z", "--revisit", "all")
    assert _gone_at(crawler, one.key) is None
    assert _says(crawler, one.key) == ["new", "gone", "gone", "returned"]
    assert crawler.one("SELECT revision FROM articles WHERE key = ?", one.key) == 1


def test_a_sign_that_was_withdrawn_does_not_count(crawler: Crawler, portal: Portal) -> None:
    one = _one(portal)
    _crawl(crawler, portal, FIRST)
    portal.world.delete(one.subsite, one.item)
    _crawl(crawler, portal, LATER, "--revisit", "all")
    portal.world.restore(one.subsite, one.item)
    _crawl(crawler, portal, "2025-07-04T08:00:00Z", "--revisit", "all")
    portal.world.delete(one.subsite, one.item)
    _crawl(crawler, portal, NEXT_WEEK, "--revisit", "all")
    assert _gone_at(crawler, one.key) is None


@pytest.mark.parametrize(
    "fault", ["error", "busy", "challenge", "login", "forbidden", "redirect_foreign", "empty"]
)
def test_what_says_nothing_of_the_article_is_no_sign(
    crawler: Crawler, portal: Portal, fault: str
) -> None:
    one = _one(portal)
    _crawl(crawler, portal, FIRST)
    portal.weather.add(
        Weather(fault, _is_missing(portal, one), value=0 if fault == "busy" else None)
    )
    for now in (LATER, NEXT_WEEK):
        _crawl(crawler, portal, now, "--revisit", "all")
    assert _gone_at(crawler, one.key) is None


@pytest.mark.parametrize("fault", ["soft_404", "redirect_home"])
def test_what_the_host_does_not_say_of_the_impossible_is_no_sign(
    crawler: Crawler, portal: Portal, fault: str
) -> None:
    one = _one(portal)
    _crawl(crawler, portal, FIRST)
    portal.weather.add(Weather(fault, _is(one)))  # for all that never was: 404
    for now in (LATER, NEXT_WEEK):
        portal.requests.clear()
        _crawl(crawler, portal, now, "--revisit", "all")
        asked = [asked for asked in portal.requests if "987654321" in asked.target]
        assert len(asked) == 1, "the host is asked once in a run"
    assert _gone_at(crawler, one.key) is None


@pytest.mark.parametrize("fault", ["soft_404", "redirect_home"])
def test_a_portal_that_shows_one_page_for_everything_is_down(
    crawler: Crawler, portal: Portal, fault: str
) -> None:
    _crawl(crawler, portal, FIRST)
    portal.weather.add(Weather(fault, lambda asked: asked.target != "/robots.txt"))
    for now in (LATER, NEXT_WEEK):
        assert _crawl(crawler, portal, now, "--revisit", "all") == 3
    assert crawler.one("SELECT count(*) FROM articles WHERE gone_at IS NOT NULL") == 0


def test_absence_from_every_listing_is_no_sign(crawler: Crawler, portal: Portal) -> None:
    one = _one(portal)
    _crawl(crawler, portal, FIRST)
    portal.world.delete(one.subsite, one.item)
    for now in (LATER, NEXT_WEEK):
        _crawl(crawler, portal, now, "--full", "--revisit", "none")
    assert _gone_at(crawler, one.key) is None


@pytest.mark.parametrize(
    ("article", "url"),
    [
        (r"-(?P<key>\d+)\.html$", "http://www.mau.example/xa-hoi/le-hoi-2021-100690.html"),
        (r"^/tin/(?P<key>[^/]+)$", "http://www.mau.example/tin/le-hoi-mua-xuan"),
        (r"^/tin/(?P<key>[^/]+)\.aspx$", "http://www.mau.example/tin/le-hoi.aspx"),
        (r"^/(?P<key>.+)/$", "http://www.mau.example/tin/le-hoi/"),
    ],
)
def test_the_impossible_has_the_form_of_an_article(
    tmp_path_factory: pytest.TempPathFactory, article: str, url: str
) -> None:
    folder = tmp_path_factory.mktemp("sites")
    (folder / "mau.toml").write_text(
        f"name = 'Mẫu'\nlistings = ['http://www.mau.example/tin-tuc']\narticle = '{article}'\n"
    )
    site = load_site("mau", str(folder))
    other = impossible(site, url)
    assert other is not None
    assert site.key(other) not in (None, site.key(url))
    assert urlsplit(other).netloc == urlsplit(url).netloc
    assert re.search("987654321|khong-co", other)
