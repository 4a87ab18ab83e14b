"""The calendar: a listing's days, walked newest first where its pager ended.

A day is asked for if the calendar links to it, or does not show it. The walk goes to the day that
the site file names, or else until a time had no news: as long as the pager's last page covers, a
month at the least, or more than a year where the days have shown news that the pager did not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from govnews.archive import frontier, runs
from govnews.archive.days import Days, days_of, keep_days
from govnews.archive.runs import Options, Verdict, Walk
from govnews.extract.calendar import day_address, is_of
from govnews.items import Calendar, Mention, Reading, Target
from govnews.keeper.again import backoff, has_tries
from govnews.keeper.walk import DAY_REACHED, KNOWN, MAX_PAGES, fingerprint
from govnews.sites import Site

if TYPE_CHECKING:
    from govnews.keeper.visit import Visit

_MONTH, _STRETCH = 31, 400
_FIRST = date(1990, 1, 1)
_MOST_MISSED = 3
_DAY = timedelta(days=1)


class End(NamedTuple):
    """How a walk ended, and why."""

    verdict: Verdict
    reason: str


def sight(visit: Visit, walk: Walk, reading: Reading) -> None:
    """Notes what a page of the pager says of the calendar, and of the time that the page covers."""
    db, calendar = visit.db, reading.calendar
    days = days_of(db, visit.run_id, walk.url)
    address = days.address if days else _pattern(visit.site, walk.url, calendar)
    if address is None:
        return
    listed = (one for one in reading.mentions if one.place == "listing")
    dates = list(filter(None, map(_date, listed)))
    covered = (_day(max(dates)) - _day(min(dates))).days if dates else 0
    days = replace(
        days or Days(address),
        section=reading.section,
        tells=bool(days and days.tells) or _links(calendar, walk.url),
        news=dates[-1] if dates else days.news if days else None,
        patience=covered,
    )
    keep_days(db, visit.run_id, walk.url, days)


def begin(visit: Visit, walk: Walk, end: End) -> End | None:
    """Goes on with the days where a pager ended; how the walk has ended where there are none."""
    days = days_of(visit.db, visit.run_id, walk.url)
    if days is None:
        return end
    first = _day(days.news) if days.news else _today(visit)
    patience = min(max(days.patience, _MONTH), _STRETCH)
    days = replace(
        days,
        news=first.isoformat(),
        patience=patience if end.verdict == "complete" else _STRETCH,
        verdict=end.verdict,
        reason=end.reason,
    )
    ended = _ask(visit, walk.url, days, first, False)
    if ended is None and end.verdict != "complete":
        visit.problem("listing", f"walked on day by day: {end.reason}")
    return ended


def days_under_way(visit: Visit) -> Days | None:
    """The walk of the days that a page belongs to, if it is one of a day."""
    if visit.row.kind != "step" or visit.row.listing is None:
        return None
    days = days_of(visit.db, visit.run_id, visit.row.listing)
    return days if days and days.day else None


def of_day(reading: Reading, days: Days) -> Reading:
    """A day's page as one of its listing: its items are also those that are dated that day, were it
    only one; and it may be empty."""
    mentions = (
        replace(one, place="listing") if _date(one) == days.day else one for one in reading.mentions
    )
    problems = (one for one in reading.problems if one.kind != "empty-listing")
    shown = replace(reading, mentions=tuple(mentions), section=days.section)
    return replace(shown, problems=tuple(problems))


def keep_day(visit: Visit, walk: Walk, days: Days, reading: Reading) -> End | str:
    """Keeps what a day's page shows, and goes on; how the walk ended, or a word for the page."""
    db, row = visit.db, visit.row
    listed = [mention for mention in reading.mentions if mention.place == "listing"]
    items = tuple(dict.fromkeys(mention.key for mention in listed))
    if not items and days.linked and has_tries(row, visit.capture):
        frontier.again(db, row.id, backoff(visit.site, row, visit.capture))
        return "retried"
    if days.linked and not items:
        visit.problem("listing", f"its calendar links to {days.day}, which is empty")
    fresh = runs.fresh_items(db, visit.run_id, walk.url, items)
    runs.walked(db, visit.run_id, walk.url, items)
    proven, own = None if visit.options.full else walk.proven_run, _own(listed, days)
    if own and proven and frontier.all_known(db, visit.site.id, own, proven):
        return End("complete", KNOWN)
    tells = days.tells or _links(reading.calendar, walk.url)
    seen = replace(_seen(days, items, fresh), tells=tells)
    if fresh and reading.next is not None:  # the day has more than one page
        keep_days(db, visit.run_id, walk.url, seen)
        frontier.add_step(db, visit.site.id, row, reading.next)
        return "listed"
    return _onward(visit, walk.url, seen, reading.calendar) or "listed"


def _own(listed: list[Mention], days: Days) -> list[str]:
    """The news of the day among what its page shows: those dated so, where any is dated."""
    dated = any(map(_date, listed))
    return [mention.key for mention in listed if not dated or _date(mention) == days.day]


def _seen(days: Days, items: tuple[str, ...], fresh: int) -> Days:
    """What is known after a day that showed these items, some of them for the first time."""
    shown = fingerprint(items)
    return replace(
        days,
        news=days.day if fresh else days.news,
        patience=_STRETCH if fresh else days.patience,
        asked=days.asked + 1,
        had=days.had + 1,
        found=days.found + fresh,
        in_row=0,
        same=days.same + 1 if items and shown == days.shown else 0,
        shown=shown,
        misled=days.misled or (days.linked and not items),
    )


def miss_day(visit: Visit, walk: Walk, days: Days, reason: str, for_good: bool) -> End | None:
    """Goes on after a day that could not be had; one that is not there (`for_good`) is empty."""
    told = days.missed or (None if for_good else f"{days.day}: {reason}")
    in_row = 0 if for_good else days.in_row + 1
    missed = replace(days, asked=days.asked + 1, in_row=in_row, missed=told)
    return _onward(visit, walk.url, missed, None)


def _onward(visit: Visit, listing: str, days: Days, calendar: Calendar | None) -> End | None:
    day, linked = _before(_day(days.day or ""), days, calendar, listing)
    return _ask(visit, listing, days, day, linked)


def _ask(visit: Visit, listing: str, days: Days, day: date, linked: bool) -> End | None:
    """Has a day asked for, unless the walk ends before it."""
    end = judge(days, day, visit.site.calendar.since, visit.options)
    address = day_address(days.address, listing, day)
    if end is None and (address is None or visit.row.page + 1 >= MAX_PAGES):
        end = End("incomplete", f"more than {MAX_PAGES} pages" if address else "no such address")
    if end is None and address:
        asked = replace(days, day=day.isoformat(), linked=linked)
        keep_days(visit.db, visit.run_id, listing, asked)
        frontier.add_step(visit.db, visit.site.id, visit.row, Target(address))
    return end


def judge(days: Days, day: date, since: date | None, options: Options) -> End | None:
    """How a walk of days ends before a day; None where that day is asked for."""
    pager = End(days.verdict, days.reason)
    sure: Verdict = "incomplete" if days.missed else "complete"
    but = f", but {days.missed}" if days.missed else ""
    if options.since and day.isoformat() < options.since:
        return End("incomplete", DAY_REACHED)
    if since and day < since:
        return End(sure, f"day by day to {since}{but}") if days.asked else pager
    if days.in_row >= _MOST_MISSED:
        return End("incomplete", f"day by day to {days.news}, then {days.missed}")
    fault = _fault(days)
    if fault:
        is_enough = pager.verdict == "complete" and not (since or days.found)
        return pager if is_enough else End("incomplete", fault)
    if since is None and (_day(days.news or "") - day).days > days.patience:
        return End(sure, f"day by day to {days.news}{but}") if days.found else pager
    return End("incomplete", f"its calendar goes on before {_FIRST}") if day < _FIRST else None


def _fault(days: Days) -> str | None:
    """Why the calendar is none that could be walked."""
    if days.asked >= _MONTH and not days.had:
        return "no day of its calendar can be had"
    return "every day shows the same" if days.same >= _STRETCH else None


def _before(day: date, days: Days, calendar: Calendar | None, listing: str) -> tuple[date, bool]:
    """The next day to ask for, and whether the calendar says that it has news. A day that it shows,
    but does not link to, has none."""
    before = day - _DAY
    if calendar is None or not days.tells or calendar.month[:7] != before.isoformat()[:7]:
        return before, False
    linked = [_day(one) for one in calendar.days] if _links(calendar, listing) else []
    older = [one for one in linked if one <= before]
    if older:
        return max(older), not days.misled and _chooses(linked)
    is_trusted = not calendar.days or linked
    return (_day(calendar.month) - _DAY, False) if is_trusted else (before, False)


def _pattern(site: Site, listing: str, calendar: Calendar | None) -> str | None:
    """The pattern of a listing's days: the site file's, or else the page's own. Without the listing
    in it, the days are the portal's, and those of its first listing."""
    named = site.calendar.address
    if named is not None:
        return named if "{listing" in named or listing in site.listings[:1] else None
    return calendar.address if calendar and _links(calendar, listing) else None


def _links(calendar: Calendar | None, listing: str) -> bool:
    return bool(calendar and calendar.address and is_of(calendar.address, listing))


def _chooses(linked: list[date]) -> bool:
    """Whether a month with links to these days has left others without."""
    return len(set(linked)) < max(linked).day


def _date(mention: Mention) -> str | None:
    return mention.published_at[:10] if mention.published_at else None


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _today(visit: Visit) -> date:
    zone = ZoneInfo(visit.site.timezone)
    return datetime.fromisoformat(visit.now).astimezone(zone).date()
