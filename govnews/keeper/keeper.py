"""The keeper: runs begun and ended, pages kept; one transaction holds each page whole."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import IO

from govnews.archive import captures, frontier, runs, stories, suspended, warc
from govnews.archive.database import create_or_open, savepoint, transaction
from govnews.archive.roles import role_of
from govnews.archive.runs import Options, Outcome
from govnews.clock import timestamp
from govnews.items import Capture, Problem, Reading
from govnews.keeper import feeds, walk
from govnews.keeper.answer import keep_answer
from govnews.keeper.listing import give_up_listing
from govnews.keeper.lock import lock_site
from govnews.keeper.messages import (
    Close,
    Closed,
    Fetched,
    Kept,
    Listed,
    Missed,
    Open,
    Opened,
)
from govnews.keeper.probe import judge
from govnews.keeper.visit import Visit
from govnews.sites import Site, load_site

REVISITS = 100
"""How many known articles a run visits again, where they are due and nothing else is asked."""
_ENDINGS = {
    "finished": "nothing was left to ask for",
    "limit": "the limit was reached",
    "ceiling": suspended.REASON,
    "silent": "the portal stopped answering",
    "resting": "the portal wants rest again and again",
    "interrupted": "interrupted",
    "failed": "the crawl failed",
}

_REFUSED = ("private-address", "tls")


@dataclass(slots=True)
class _Run:
    """A run that this keeper holds: its site, its files, and the lock of its site."""

    site: Site
    options: Options
    warc: warc.WarcWriter
    lock: IO[str]
    counts: Counter[str] = field(default_factory=Counter)
    leads: set[str] = field(default_factory=set)


class Keeper:
    """Keeps pages in one collection; holds the lock of each site that it has a run of."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._db = create_or_open(folder)
        self._runs: dict[int, _Run] = {}

    def open(self, wish: Open) -> Opened:
        """Begins or resumes a run. Raises SiteBusyError where another process has the site."""
        site = load_site(wish.site, wish.sites_folder).at(wish.base_url)
        lock = lock_site(self._folder, site.id, os.getppid())
        torn = self._mend(site)
        with transaction(self._db):
            run = runs.open_run(self._db, site, wish.options, timestamp(), REVISITS)
            if torn:
                problem = Problem("torn-record", torn)
                runs.add_problem(self._db, run.id, site.id, None, "", problem, timestamp())
        name = runs.name_of(site.id, run.id, run.started_at)
        software = f"govnews/{version('govnews')}"
        files = warc.WarcWriter(self._folder, name, software)
        self._runs[run.id] = _Run(site, wish.options, files, lock)
        rest = frontier.last_wake(self._db, site.id)
        return Opened(run.id, run.resumed, run.cookies, torn, run.revisits, rest)

    def keep(self, pages: Sequence[Fetched | Missed]) -> list[Kept]:
        """Keeps pages: each is whole in the archive when this returns.

        Raises OSError or sqlite3.Error where the disk fails; then none of them is.
        """
        if not pages:
            return []
        written = [self._write(page) for page in pages]
        for run in self._runs.values():
            run.warc.sync()
        with transaction(self._db):
            kept = [self._keep_one(page, place) for page, place in zip(pages, written, strict=True)]
            for run_id, run in self._runs.items():
                runs.count(self._db, run_id, run.counts)
        for run in self._runs.values():
            run.counts.clear()
        return kept

    def close(self, wish: Close) -> Closed:
        """Ends a run with its verdict, and lets go of its site."""
        run = self._runs.pop(wish.run_id)
        run.warc.close()
        if wish.reason == "ceiling" and not frontier.has_waiting(self._db, run.site.id, ()):
            wish = Close(wish.run_id, "finished")
        with transaction(self._db):
            if wish.reason in ("silent", "resting"):
                problem = Problem(wish.reason, f"{_ENDINGS[wish.reason]}: {wish.detail}")
                runs.add_problem(
                    self._db, wish.run_id, run.site.id, None, run.site.url, problem, timestamp()
                )
                runs.count(self._db, wish.run_id, Counter(problems=1))
            closed = self._judge(wish, run)
            if wish.reason not in ("interrupted", "ceiling"):
                runs.keep_cookies(self._db, wish.run_id, "[]")
            ending = None if wish.reason == "finished" else wish.reason
            runs.close_run(self._db, wish.run_id, closed.outcome, timestamp(), ending)
        run.lock.close()
        if wish.reason != "interrupted":  # it is to end at once
            stories.relate_rest(self._db)
        return closed

    def relate(self) -> bool:
        """Finds the stories of articles where many wait for theirs; whether it did."""
        return stories.relate(self._db, stories.AT_ONCE)

    def end(self) -> None:
        """Lets go of everything; runs that are still open can be resumed."""
        for run in self._runs.values():
            run.warc.close()
            run.lock.close()
        self._db.close()

    def _mend(self, site: Site) -> str | None:
        """Cuts off what a dead run wrote after its last committed page; what was cut, in words."""
        cut = []
        for name in runs.dead_run_names(self._db, site.id):
            for file in warc.files_of(self._folder, name):
                lost = warc.cut_after(self._folder, file, captures.committed_end(self._db, file))
                if lost:
                    cut.append(f"{lost} bytes of {file}")
        return f"cut off, after the last page kept: {', '.join(cut)}" if cut else None

    def _write(self, page: Fetched | Missed) -> captures.Written | None:
        if isinstance(page, Missed):
            return None
        return captures.write(self._db, self._runs[page.run_id].warc, page.capture, page.packed)

    def _keep_one(self, page: Fetched | Missed, written: captures.Written | None) -> Kept:
        run = self._runs[page.run_id]
        counts: Counter[str] = Counter()
        try:
            with savepoint(self._db):
                kept = self._kept(page, written, counts)
        except Exception as error:
            if isinstance(error, sqlite3.OperationalError | OSError):
                raise  # the disk or the database: nothing of this batch may count as kept
            run.leads.clear()  # what this page led to was undone
            counts = Counter(problems=1, requests=1)
            kept = self._set_aside(page, written, error)
        run.counts.update(counts)
        return kept

    def _kept(
        self,
        page: Fetched | Missed,
        written: captures.Written | None,
        counts: Counter[str],
    ) -> Kept:
        if isinstance(page, Missed) or written is None:
            assert isinstance(page, Missed)
            return self._miss(page, counts)
        run = self._runs[page.run_id]
        counts["requests"] += 1
        capture_id, row = self._add(page, written)
        if page.cookies is not None:
            runs.keep_cookies(self._db, page.run_id, page.cookies)
        if row is None:
            if page.row_id is None and isinstance(page.reading, Reading):
                leads, full = page.reading.leads, run.options.full
                feeds.follow(self._db, run.site, page.run_id, full, leads, run.leads)
            return Kept("aside")
        visit = Visit(
            self._db,
            run.site,
            page.run_id,
            run.options,
            row,
            page.capture,
            capture_id,
            page.reading,
            counts,
            run.leads,
        )
        says = keep_answer(visit)
        return Kept(says, urgent=row.is_listing or says == "retried")

    def _add(self, page: Fetched, written: captures.Written) -> tuple[int, frontier.Row | None]:
        """The capture of a page, with what it was asked for; and the row that waits for it."""
        run = self._runs[page.run_id]
        row = frontier.get(self._db, page.row_id) if page.row_id is not None else None
        role = "robots" if page.row_id is None else role_of(self._db, page.run_id, row)
        base_url = run.site.base_url
        return captures.add(self._db, page.capture, written, page.run_id, role, base_url), row

    def _miss(self, page: Missed, counts: Counter[str]) -> Kept:
        """No response came: ask again later, or give the address up for this run."""
        run, row = self._runs[page.run_id], frontier.get(self._db, page.row_id)
        if row is None:
            return Kept("aside")
        if not page.final and row.attempts + 1 < walk.MAX_TRIES:
            frontier.again(self._db, row.id, max(run.site.fetch.delay, 0.5) * 3.0**row.attempts)
            return Kept("retried", urgent=True)
        capture = Capture(run.site.id, page.url, timestamp(), 0)
        visit = Visit(
            self._db, run.site, page.run_id, run.options, row, capture, 0, None, counts, run.leads
        )
        if not row.is_listing or page.kind in _REFUSED:
            visit.problem(page.kind, page.message)
        if row.is_listing:
            return Kept(give_up_listing(visit, page.message, page.final), urgent=True)
        (frontier.forbidden if page.kind == "robots" else frontier.failed)(self._db, row.id)
        return Kept("failed")

    def _set_aside(
        self, page: Fetched | Missed, written: captures.Written | None, error: Exception
    ) -> Kept:
        """A page that could not be kept as it should: its capture and the fault are."""
        run = self._runs[page.run_id]
        with savepoint(self._db):
            capture_id = None
            if isinstance(page, Fetched) and written is not None:
                capture_id, _ = self._add(page, written)
            url = page.capture.url if isinstance(page, Fetched) else page.url
            problem = Problem("internal", f"{type(error).__name__}: {error}")
            now = timestamp()
            runs.add_problem(self._db, page.run_id, run.site.id, capture_id, url, problem, now)
            if page.row_id is not None:
                frontier.failed(self._db, page.row_id)
        return Kept("failed", urgent=True)

    def _judge(self, wish: Close, run: _Run) -> Closed:
        db, site = self._db, run.site
        if wish.reason == "ceiling":
            suspended.suspend(db, wish.run_id)
        for url in runs.open_listings(db, wish.run_id):
            runs.conclude(db, wish.run_id, url, "incomplete", _ENDINGS[wish.reason])
        runs.count(db, wish.run_id, Counter(gone=judge(db, site.id, wish.run_id)))
        listed = tuple(Listed(*row) for row in runs.verdicts(db, wish.run_id))
        counts = runs.counts_of(db, wish.run_id)
        total, rates = runs.fill_rates(db, site.id)
        failed = runs.failed_addresses(db, site.id)
        reached = captures.any_page(db, wish.run_id)
        proven = all(one.verdict != "incomplete" for one in listed) and bool(listed)
        outcome: Outcome = "complete" if proven and total and not failed else "incomplete"
        if wish.reason == "interrupted":
            outcome = "interrupted"
        elif wish.reason == "failed" or not reached:
            outcome = "failed"
        elif wish.reason != "finished" and frontier.has_waiting(db, site.id, ()):
            outcome = "incomplete"
        return Closed(
            wish.run_id,
            site.id,
            outcome,
            wish.detail and f"{_ENDINGS[wish.reason]} ({wish.detail})",
            counts,
            total,
            listed,
            failed,
            sum(frontier.waiting(db, site.id)),
            _missed(site, total, rates),
            reached,
            wish.as_asked or _as_asked(listed, failed),
        )


def _as_asked(listed: tuple[Listed, ...], failed: int) -> bool:
    open_ends = [one.reason for one in listed if one.verdict == "incomplete"]
    return bool(open_ends) and not failed and set(open_ends) == {walk.DAY_REACHED}


def _missed(site: Site, total: int, rates: dict[str, float]) -> tuple[str, ...]:
    expect = site.expect
    missed = []
    if total < expect.articles:
        missed.append(f"{total} articles, where {expect.articles} are expected")
    for name, rate in rates.items():
        wanted = getattr(expect, name)
        if rate < wanted:
            missed.append(f"{name} in {rate:.0%} of articles, where {wanted:.0%} are expected")
    return tuple(missed)
