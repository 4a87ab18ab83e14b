"""Captures read again by the rules of today: what would change in the archive, and the change.

Nothing is fetched, and no evidence is touched. All captures of a site are kept once more, in the
order in which they came, in a scratch archive beside the collection; where that says otherwise than
the archive, the archive is put right in one transaction.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from govnews.archive import addresses, differences, log, outcome, pairing, scratch, stories
from govnews.archive.database import FILE, create_or_open, transaction, unchecked
from govnews.archive.differences import Difference, Example
from govnews.archive.filters import check_site
from govnews.archive.swap import swap
from govnews.errors import ArchiveError
from govnews.keeper.lock import lock_site
from govnews.reextract.readers import Desk
from govnews.reextract.replay import Replay, Watch
from govnews.sites import Site, load_site

__all__ = ["Difference", "Example", "Report", "Show", "Watch", "reextract"]


@dataclass(frozen=True, slots=True)
class Report:
    """What the rules of today make of a site's captures.

    `articles` is how many the archive has, `changed` in how many of them anything differs,
    `addresses` how many the next crawl has to ask for that no page led to before. `applied`: the
    archive is as the report says.
    """

    site: str
    captures: int
    articles: int
    changed: int
    differences: tuple[Difference, ...]
    addresses: int
    applied: bool


Show = Callable[[Report], None]
"""Is given the report before anything changes."""


def reextract(
    folder: Path,
    name: str,
    sites_folder: str | None = None,
    *,
    apply: bool = False,
    drop: bool = False,
    watch: Watch = lambda done, total: None,
    show: Show = lambda report: None,
) -> Report:
    """Reads all captures of a site again, `show`s what would change, and with `apply` changes it.

    Articles that no rule reads any more stay, unless `drop`. Raises SiteBusyError while the site is
    crawled, UsageError for a site that the archive or the rules do not know, ArchiveError where
    the collection can't be read or written; then nothing has changed.
    """
    site = load_site(name, sites_folder)
    if not (folder / FILE).exists():
        raise ArchiveError(f"{folder} holds no archive yet. Fill it: govnews crawl SITE")
    file = folder / f"reextract-{name}.db"
    with lock_site(folder, name, os.getpid()), closing(create_or_open(folder)) as past:
        check_site(past, name)
        try:
            with closing(scratch.make(file, folder)) as db:
                captures = Replay(past, db, site, Desk(folder, name, sites_folder)).play(watch)
            with pairing.attached(past, file):
                report = _found(past, site, captures, drop)
                show(report)
                return _applied(past, site, report) if apply else report
        except (sqlite3.Error, OSError) as error:
            raise ArchiveError(
                f"{folder}: {error}. Nothing was changed; is there room for a second archive?"
            ) from error
        finally:
            scratch.remove(file)


def _found(db: sqlite3.Connection, site: Site, captures: int, drop: bool) -> Report:
    pairing.pair(db, site.id, drop)
    differences.compare(db)
    differences.compare_mentions(db, site.id)
    addresses.plan(db, site)
    return Report(
        site.id,
        captures,
        *differences.extent(db, site.id),
        (*differences.fields(db), *outcome.cases(db)),
        addresses.count_new(db, site),
        applied=False,
    )


def _applied(db: sqlite3.Connection, site: Site, report: Report) -> Report:
    unchecked(db)
    with transaction(db):
        swap(db, site)
        log.add_readings_again(db, site)
    while report.differences and stories.relate(db):
        pass
    return replace(report, applied=True)
