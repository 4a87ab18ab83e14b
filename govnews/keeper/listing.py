"""A listing's page on its way into the archive: what it says of the walk, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govnews.archive import frontier, runs
from govnews.archive.frontier import DISCOVERED
from govnews.items import Reading
from govnews.keeper import days, feeds, walk
from govnews.keeper.again import backoff
from govnews.keeper.days import End

if TYPE_CHECKING:
    from govnews.keeper.visit import Visit


def keep_page(visit: Visit, reading: Reading, changed: bool) -> str:
    """Keeps a page of a listing, and goes on with its walk or ends it; a word for what it was.

    `changed`: it says something else of known articles than listings did before.
    """
    state = _walk(visit)
    under_way = days.days_under_way(visit)
    if under_way is None:
        return _step(visit, state, reading, changed)
    outcome = days.keep_day(visit, state, under_way, reading)
    if isinstance(outcome, End):
        _conclude(visit, state, outcome)
        outcome = "listed"
    if outcome != "retried":
        frontier.done(visit.db, visit.row.id)
    return outcome


def give_up_listing(visit: Visit, reason: str, for_good: bool) -> str:
    """A page of a listing can't be had: walk it once more, or end the walk without proof.

    `for_good`: the portal has said that it is not to be had; then a mere lead is no listing.
    """
    row = visit.row
    if row.is_feed:
        return feeds.give_up_feed(visit, reason, for_good)
    state = _walk(visit)
    under_way = days.days_under_way(visit)
    if under_way is not None:
        end = days.miss_day(visit, state, under_way, reason, for_good)
    elif row.page and not state.restarts:
        runs.restarted(visit.db, visit.run_id, visit.site.id, state.url)
        return "restarted"
    else:
        end = _end_pager(visit, state, _given_up(visit, state, reason, for_good))
        if end is not None and end.verdict == "absent":
            visit.problem("listing", f"absent: {reason}")
    frontier.failed(visit.db, row.id)
    if end is not None:
        _conclude(visit, state, end)
    return "failed"


def _given_up(visit: Visit, state: runs.Walk, reason: str, for_good: bool) -> End:
    row = visit.row
    is_lead = not row.page and row.mentions_weigh > DISCOVERED and state.proven_run is None
    return End("absent" if is_lead and for_good else "incomplete", reason)


def _step(visit: Visit, state: runs.Walk, reading: Reading, changed: bool) -> str:
    """A page that the pager led to."""
    db, row = visit.db, visit.row
    page = _page(visit, state, reading, changed)
    step = walk.judge(state, page, visit.options.full)
    if step.does == "again":
        frontier.again(db, row.id, backoff(visit.site, row, visit.capture))
        return "retried"
    if step.does == "restart":
        visit.problem("listing", f"walked once more: {step.reason}")
        runs.restarted(db, visit.run_id, visit.site.id, state.url)
        return "restarted"
    runs.walked(db, visit.run_id, state.url, page.items)
    if page.fresh:
        runs.stepped(db, visit.run_id, state.url, row.page, page.fingerprint, reading.pager)
        days.sight(visit, state, reading)
    if step.does == "onward" and reading.next is not None:
        frontier.add_step(db, visit.site.id, row, reading.next)
    else:
        end = _end_pager(visit, state, End(step.verdict, step.reason), page.items)
        if end is not None:
            _conclude(visit, state, end)
    frontier.done(db, row.id)
    return "listed"


def _page(visit: Visit, state: runs.Walk, reading: Reading, changed: bool) -> walk.Page:
    listed = [mention for mention in reading.mentions if mention.place == "listing"]
    items = tuple(dict.fromkeys(mention.key for mention in listed))
    return walk.Page(
        number=visit.row.page,
        tries=visit.row.attempts,
        reading=reading,
        items=items,
        fresh=runs.fresh_items(visit.db, visit.run_id, state.url, items),
        known=not changed and _are_known(visit, state, items),
        older=bool(listed) and all(map(visit.is_too_old, listed)),
        named=visit.row.mentions_weigh < DISCOVERED,
    )


def _are_known(visit: Visit, state: runs.Walk, items: tuple[str, ...]) -> bool:
    """Whether these were read before the listing was last proven complete."""
    proven = state.proven_run
    return proven is not None and frontier.all_known(visit.db, visit.site.id, items, proven)


def _end_pager(visit: Visit, state: runs.Walk, end: End, items: tuple[str, ...] = ()) -> End | None:
    """Where a pager has ended, on a page with these items: the days are walked, unless enough was
    met already; how the walk has ended where they are not."""
    if end.verdict == "absent" or end.reason in (walk.KNOWN, walk.DAY_REACHED):
        return end
    reached = bool(items) and not visit.options.full and _are_known(visit, state, items[-1:])
    return end if reached and end.verdict == "complete" else days.begin(visit, state, end)


def _conclude(visit: Visit, state: runs.Walk, end: End) -> None:
    runs.conclude(visit.db, visit.run_id, state.url, end.verdict, end.reason)
    if end.verdict == "incomplete" and end.reason != walk.DAY_REACHED:
        visit.problem("listing", f"not proven complete: {end.reason}")


def _walk(visit: Visit) -> runs.Walk:
    listing = visit.row.listing or visit.row.target.url
    return runs.walk_of(visit.db, visit.run_id, visit.site.id, listing)
