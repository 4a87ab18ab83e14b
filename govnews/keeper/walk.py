"""When a listing has ended: the judgement of one page of a walk, pure.

A listing has ended when the page says so, when it repeats, or when known news has been reached.
An empty page, one that lost its pager, or a pager that goes on for ever is no end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from govnews.archive.runs import Verdict, Walk
from govnews.items import Reading

MAX_PAGES = 20_000
MAX_TRIES = 3
DAY_REACHED = "the day asked for was reached"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a walk: `number` counts from 0, `tries` how often it was asked for before.

    `fresh` is how many of its items this walk had not met. `known`: all its items were read
    before the listing was last proven complete; `older`: all are older than the day asked for.
    """

    number: int
    tries: int
    reading: Reading
    items: tuple[str, ...]
    fresh: int
    known: bool
    older: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: `onward` to the next page, ask for this page `again`, `restart` the walk, or
    `end` it with a verdict and its reason."""

    does: Literal["onward", "again", "restart", "end"]
    verdict: Verdict = "incomplete"
    reason: str = ""


def judge(walk: Walk, page: Page, full: bool) -> Step:
    """What follows from a page of a listing."""
    doubt = _doubt(walk, page)
    if doubt:
        if page.tries + 1 < MAX_TRIES:
            return Step("again", reason=doubt)
        if page.number and not walk.restarts:
            return Step("restart", reason=doubt)
        return Step("end", "incomplete", doubt)
    if not page.items:
        return Step("end", "absent", "no article on it")
    if page.number and not page.fresh:
        return Step("end", "complete", "it repeats")
    if page.known and not full:
        return Step("end", "complete", "known news reached")
    if page.older:
        return Step("end", "incomplete", DAY_REACHED)
    if page.reading.next is None:
        return Step("end", "complete", "last page" if page.number else "one page alone")
    if page.number + 1 >= MAX_PAGES:
        return Step("end", "incomplete", f"more than {MAX_PAGES} pages")
    return Step("onward")


def _doubt(walk: Walk, page: Page) -> str | None:
    """Why a page can't be taken at its word."""
    pager, number = page.reading.pager, page.number + 1
    if not page.items:
        first_look = not page.named and not page.number and walk.proven_run is None
        return None if first_look else f"page {number} is empty"
    expected = walk.numbered if page.number else walk.pages_before > 1
    if pager is None and expected and page.reading.next is None:
        return f"page {number} lost its pager"
    current = pager.current if pager else None
    last = pager.last if pager else None
    if page.number and not page.fresh and current and last and current < last:
        return f"the pager does not advance from page {current}"
    if page.reading.next is None and current and last and current < last:
        return f"the pager stops at page {current} of {last}"
    return None
