"""Feeds and sitemaps that the portal leads to: read once, and no news where there are none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from govnews.archive import feeds, frontier, runs
from govnews.archive.frontier import DISCOVERED
from govnews.items import Lead, Reading
from govnews.keeper.walk import DAY_REACHED
from govnews.sites import Site

if TYPE_CHECKING:
    from govnews.keeper.visit import Visit

_KINDS = ("feed", "sitemap")


def follow(
    db: sqlite3.Connection,
    site: Site,
    run_id: int,
    full: bool,
    leads: Iterable[Lead],
    seen: set[str],
    weight: int = DISCOVERED,
    level: int = 0,
) -> bool:
    """Has the feeds asked for that a page leads to, where the run asks for feeds; `seen` are those
    that it led to before, `level` counts the sitemaps above. False where there are too many."""
    fit = True
    for url in [lead.url for lead in leads if lead.kind in _KINDS]:
        mark = f"feed {weight} {url}"
        if mark in seen:
            continue
        seen.add(mark)
        if weight < DISCOVERED or feeds.are_wanted(db, site, run_id, full):
            fit = feeds.add(db, site, url, weight, level) and fit
    return fit


def lead_from(visit: Visit, reading: Reading) -> bool:
    """The same for a page that was visited: a listing's first, or a feed, which gives its weight to
    the sitemaps that it names."""
    if visit.row.kind != "listing":
        return True
    weight = min(visit.row.mentions_weigh, DISCOVERED) if reading.kind == "feed" else DISCOVERED
    level = visit.row.page + 1 if visit.row.is_feed else 0
    run = visit.db, visit.site, visit.run_id, visit.options.full
    return follow(*run, reading.leads, visit.leads, weight, level)


def keep_feed(visit: Visit, reading: Reading, fits: bool) -> str:
    """Ends the walk of a feed, which has one page; `fits`: what it leads to is asked for."""
    cut = next((one.message for one in reading.problems if one.kind == "cut-feed"), None)
    most = f"{feeds.MOST} in all, {feeds.MOST_LEVELS} below one another"
    fault = cut or (None if fits else f"it leads to more sitemaps than are followed: {most}")
    if not fault and any(map(visit.is_too_old, reading.mentions)):
        fault = DAY_REACHED
    if not (fault or visit.row.is_feed or reading.mentions or reading.leads):
        fault = "no article in it"
    _conclude(visit, "incomplete" if fault else "complete", fault or "read whole", 1)
    if fault and fault not in (cut, DAY_REACHED):
        visit.problem("listing", f"not proven complete: {fault}")
    (frontier.failed if cut else frontier.done)(visit.db, visit.row.id)
    return "listed"


def no_feed(visit: Visit, reading: Reading) -> str:
    """An address that led to a page: no feed, though maybe one that lists feeds."""
    lead_from(visit, reading)
    _conclude(visit, "absent", "no feed", 0)
    frontier.done(visit.db, visit.row.id)
    return "listed"


def give_up_feed(visit: Visit, reason: str, for_good: bool) -> str:
    """A feed can't be had. One that nothing led to, or that the portal denies, is absent."""
    if for_good or visit.row.listing in feeds.usual(visit.site):
        _conclude(visit, "absent", reason, 0)
        frontier.done(visit.db, visit.row.id)
        return "listed"
    _conclude(visit, "incomplete", reason, 0)
    visit.problem("listing", f"incomplete: {reason}")
    frontier.failed(visit.db, visit.row.id)
    return "failed"


def _conclude(visit: Visit, verdict: runs.Verdict, reason: str, pages: int) -> None:
    url = visit.row.listing or visit.row.target.url
    runs.walk_of(visit.db, visit.run_id, visit.site.id, url)
    if pages:
        runs.stepped(visit.db, visit.run_id, url, 0, "", None)
    runs.conclude(visit.db, visit.run_id, url, verdict, reason)
