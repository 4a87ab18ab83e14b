"""Dates from many mouths: conflicts are seen, and what can't be true is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crawl.running import Crawler
from hypothesis import given
from hypothesis import strategies as st

from govnews.archive.dating import is_after, same_day
from govnews.demo import Portal

ZONES = st.sampled_from(["Asia/Ho_Chi_Minh", "UTC", "America/New_York", "Pacific/Kiritimati"])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def test_another_day_in_a_listing_is_a_problem_that_is_kept_once(
    crawler: Crawler, portal: Portal
) -> None:
    assert crawler.crawl(portal) == 0
    assert crawler.rows("SELECT * FROM problems WHERE kind = 'date-conflict'") == []
    one = min(portal.world.expected(), key=lambda one: one.key)
    published = datetime.fromisoformat(one.published_at)
    portal.world.edit(one.subsite, one.item, published=published - timedelta(days=3))
    for _ in range(2):
        assert crawler.crawl(portal, "--full", "--revisit", "none") == 0
    told = crawler.rows("SELECT field, message FROM problems WHERE kind = 'date-conflict'")
    assert len({message for _, message in told}) == len(told) >= 1
    assert all(field == "published_at" and one.key in message for field, message in told)
    kept = crawler.one("SELECT published_at FROM articles WHERE key = ?", one.key)
    assert kept[:10] == (published - timedelta(days=3)).date().isoformat(), "the earlier of equals"
    shown = crawler.run("show", f"demo/{one.key}", "--evidence").stdout
    assert one.published_at[:10] in shown
    assert kept[:10] in shown


def test_a_date_after_the_first_capture_is_refused(crawler: Crawler, portal: Portal) -> None:
    assert crawler.crawl(portal, GOVNEWS_NOW="2025-07-01T08:00:00Z") == 0
    one = min(portal.world.expected(), key=lambda one: one.key)
    later = datetime(2025, 7, 20, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    portal.world.edit(one.subsite, one.item, published=later)
    assert crawler.crawl(portal, "--full", GOVNEWS_NOW="2025-08-01T08:00:00Z") == 0
    kept, source, revision = crawler.rows(
        "SELECT published_at, published_source, revision FROM articles WHERE key = ?", one.key
    )[0]
    assert (kept, source, revision) == (one.published_at, "listing", 1)
    (message,) = crawler.rows("SELECT message FROM problems WHERE kind = 'date-conflict' LIMIT 1")[
        0
    ]
    assert "2025-07-20" in message


@given(MOMENTS, ZONES)
def test_no_date_is_after_its_own_moment_or_a_later_one(moment: datetime, zone: str) -> None:
    stamp = moment.replace(second=0, microsecond=0)
    local = stamp.astimezone(ZoneInfo(zone))
    for later in (timedelta(0), timedelta(minutes=1), timedelta(days=400)):
        seen = (stamp + later).isoformat()
        assert not is_after(local.isoformat(), seen)
        assert not is_after(local.date().isoformat(), seen)
    assert is_after(local.isoformat(), (stamp - timedelta(minutes=61)).isoformat())
    assert is_after(local.date().isoformat(), (stamp - timedelta(days=3)).isoformat())


@given(MOMENTS, ZONES)
def test_a_moment_and_its_local_day_are_the_same_day(moment: datetime, zone: str) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    assert same_day(moment.isoformat(), local.date().isoformat(), zone)
    assert same_day(local.isoformat(), moment.isoformat(), zone)
    assert not same_day((moment + timedelta(days=2)).isoformat(), local.isoformat(), zone)
