"""When a listing has ended: the judgement of one page of a walk, pure.

A listing has ended when the page says so, when its last page repeats, or when known news has been
reached. An empty page, one that lost its pager, or a pager that goes on for ever is no end.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from govnews.archive.runs import Verdict, Walk
from govnews.items import Reading

MAX_PAGES = 20_000
MAX_TRIES = 3
KNOWN = "known news reached"
LAST_PAGE, ONE_PAGE = "last page", "one page alone"
DAY_REACHED = "the day asked for was reached"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a walk: `number` counts from 0, `tries` how often it was asked for before.

    `fresh` is how many of its items this walk had not met. `known`: all its items were read
    before the listing was last proven complete; `older`: all are older than the day asked for;
    `named`: the site file names the listing.
    """

    number: int
    tries: int
    reading: Reading
    items: tuple[str, ...]
    fresh: int
    known: bool
    older: bool
    named: bool

    @property
    def fingerprint(self) -> str:
        """What tells this page from others: its items in their order."""
        return fingerprint(self.items)


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: `onward` to the next page, ask for this page `again`, `restart` the walk, or
    `end` it with a verdict and its reason."""

    does: Literal["onward", "again", "restart", "end"]
    verdict: Verdict = "incomplete"
    reason: str = ""


def fingerprint(items: tuple[str, ...]) -> str:
    """What tells a page of a listing from others."""
    return hashlib.sha256("\n".join(items).encode()).hexdigest()


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
        return Step("end", "complete", KNOWN)
    if page.older:
        return Step("end", "incomplete", DAY_REACHED)
    if page.reading.next is None:
        return Step("end", "complete", LAST_PAGE if page.number else ONE_PAGE)
    if page.number + 1 >= MAX_PAGES:
        return Step("end", "incomplete", f"more than {MAX_PAGES} pages")
    return Step("onward")


def _doubt(walk: Walk, page: Page) -> str | None:
    """Why a page can't be taken at its word."""
    reading, number = page.reading, page.number + 1
    if not page.items:
        first_look = not page.named and not page.number and walk.proven_run is None
        return None if first_look else f"page {number} is empty"
    if reading.pager is None and reading.next is None and _expects_pager(walk, page):
        return f"page {number} lost its pager"
    if page.number and not page.fresh and not _is_clamped(walk, page):
        return f"page {number} shows an earlier page again"
    current = (reading.pager.current if reading.pager else None) or number
    last = reading.pager.last if reading.pager else None
    if reading.next is None and last and current < last:
        return f"the pager stops at page {current} of {last}"
    return None


def _expects_pager(walk: Walk, page: Page) -> bool:
    """Whether a page should have a pager: earlier ones had numbers, and did not call this one
    the last; or the listing had more than one page when it was proven complete."""
    if page.number:
        return walk.numbered and walk.announced != page.number + 1
    return walk.pages_before > 1 and not page.known


def _is_clamped(walk: Walk, page: Page) -> bool:
    """Whether a page that shows nothing new is the end: it offers no way onward, or it is the
    page before once more, as of a pager that stays on its last page.

    The second page that shows the first again, or any that does so later, tells of a pager that
    was refused, as by a server that lost the session.
    """
    pager = page.reading.pager
    if page.reading.next is None:
        return True
    if pager and pager.current and pager.last and pager.current < pager.last:
        return False
    return page.number > 1 and walk.last_page == page.fingerprint
