"""What a crawl shows: its progress while it runs, and a summary at the end."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import click

from govnews.keeper.messages import Closed
from govnews.sites import Site

if TYPE_CHECKING:
    from govnews.crawl import Progress, Result

_PLAIN_EVERY = 10.0
_COUNTS = ("requests", "new", "changed", "unchanged", "gone", "problems")


class Board:
    """Progress on stderr: one line that is rewritten on a terminal, a line now and then else."""

    def __init__(self, is_terminal: bool) -> None:
        self._is_terminal = is_terminal
        self._started = time.monotonic()
        self._next = self._started

    def show(self, progress: Sequence[Progress]) -> None:
        """Shows where the sites' crawls are."""
        now = time.monotonic()
        if not progress or now < self._next:
            return
        self._next = now + (0 if self._is_terminal else _PLAIN_EVERY)
        pages = sum(one.pages for one in progress)
        waiting = sum(one.waiting for one in progress)
        rate = pages / max(now - self._started, 0.001)
        names = progress[0].site if len(progress) == 1 else f"{len(progress)} sites"
        resumed = " (resumed)" if any(one.resumed for one in progress) else ""
        resting = max(one.resting for one in progress)
        left = f"resting for {resting:.0f} s" if resting > 2 else _left(waiting, rate)
        text = (
            f"{names}{resumed}: {pages:,} pages, {sum(one.new for one in progress):,} new, "
            f"{sum(one.changed for one in progress):,} changed, {rate:.1f} pages/s, "
            f"{waiting:,} waiting, {left}"
        )
        click.echo(
            f"\r\x1b[K{text}" if self._is_terminal else text, err=True, nl=not self._is_terminal
        )

    def clear(self) -> None:
        """Takes the line away that is rewritten."""
        if self._is_terminal:
            click.echo("\r\x1b[K", err=True, nl=False)


def print_summary(results: Sequence[Result], sites: Mapping[str, Site], data: Path) -> None:
    """The end of a crawl, for a person: counts, listings that are in doubt, what to do next."""
    closed = [result.closed for result in results if result.closed]
    if closed:
        rows = [_row(one) for one in closed]
        head = ["site", "outcome", *_COUNTS, "in archive"]
        for line in _aligned([head, *rows]):
            click.echo(line, err=True)
    for result in results:
        for line in _notes(result, sites[result.site]):
            click.echo(line, err=True)
    if any(one.articles for one in closed):
        _what_next(closed, data)


def summary_as_json(results: Sequence[Result]) -> str:
    """The end of a crawl, for a program: a list with an object for each site."""
    return json.dumps([_as_object(result) for result in results], ensure_ascii=False, indent=1)


def _as_object(result: Result) -> dict[str, object]:
    if result.closed is None:
        return {"site": result.site, "outcome": "failed", "fault": str(result.fault)}
    return {key: value for key, value in asdict(result.closed).items() if key != "run_id"}


def _row(closed: Closed) -> list[str]:
    counts = [f"{closed.counts[name]:,}" for name in _COUNTS]
    return [closed.site, closed.outcome, *counts, f"{closed.articles:,}"]


def _notes(result: Result, site: Site) -> list[str]:
    if result.closed is None:
        return [f"Error: {result.fault}"]
    closed = result.closed
    notes = []
    if result.fault is not None:
        notes.append(f"Error: {result.fault}")
    if not closed.reached and closed.outcome != "interrupted":
        notes.append(_unreached(site, closed))
    elif closed.outcome == "interrupted":
        notes.append(f"{site.id}: interrupted; all that was fetched is kept. "
                     f"Go on with: govnews crawl {site.id}")  # fmt: skip
    elif closed.ending:
        notes.append(f"{site.id}: {closed.ending}; {_addresses(closed.waiting)} left for the "
                     "next crawl")  # fmt: skip
    if closed.reached and closed.outcome != "interrupted" and not closed.as_asked:
        notes += [f"{site.id}: not proven complete: {one.url} ({one.reason})"
                  for one in closed.listings if one.verdict == "incomplete"]  # fmt: skip
        notes += [f"{site.id}: expected more: {missed}" for missed in closed.missed]
    if closed.failed and closed.reached:
        notes.append(f"{site.id}: {_addresses(closed.failed)} could not be had; the next crawl "
                     "tries again")  # fmt: skip
    if closed.outcome == "complete" and not closed.counts["new"] + closed.counts["changed"]:
        notes.append(f"{site.id}: nothing new: the archive held all of it already")
    return notes


def _addresses(count: int) -> str:
    return f"{count:,} addresses" if count != 1 else "1 address"


def _unreached(site: Site, closed: Closed) -> str:
    reasons = sorted({one.reason for one in closed.listings if one.verdict == "incomplete"})
    if reasons == ["robots.txt forbids it"]:
        return f"{site.id}: the robots.txt of {site.url} forbids what the site file names"
    text = f"{site.id}: {site.url} could not be reached ({'; '.join(reasons) or 'no answer'})"
    if site.ended:
        return (
            f"{text}. The office behind it ended on {site.ended}: its portal may be gone for good. "
            "Web archives, such as web.archive.org, may hold its pages"
        )
    return f"{text}. Check the address and your network, then crawl again"


def _what_next(closed: Sequence[Closed], data: Path) -> None:
    where = "" if str(data) == "data" else f" --data {data}"
    command, site = _command(), closed[0].site
    click.echo(
        f"\nIn {data}: archive.db and warc/. Next:\n"
        f'  {command} search "cải cách hành chính"{where}\n'
        f"  {command} export {site}.csv --site {site}{where}",
        err=True,
    )


def _command() -> str:
    """How this program was called, where it is not on the path."""
    if which("govnews"):
        return "govnews"
    return "python -m govnews" if Path(sys.argv[0]).name == "__main__.py" else sys.argv[0]


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if i < 2 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _left(waiting: int, rate: float) -> str:
    if not rate:
        return "time left unknown"
    minutes, seconds = divmod(round(waiting / rate), 60)
    return f"about {minutes}:{seconds:02} left" if waiting else "nearly done"
