"""The collection at a glance: its sites and their runs."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A crawl of one site; `outcome` is `complete`, `incomplete`, `failed`, `interrupted` or
    `running`, the counts are of requests, articles and problems."""

    id: int
    site: str
    started_at: str
    finished_at: str | None
    outcome: str
    requests: int
    new: int
    changed: int
    unchanged: int
    gone: int
    problems: int


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """What the collection holds of a site; `last_run` is None where it was never crawled."""

    id: str
    name: str
    articles: int
    last_run: RunSummary | None


def runs(db: sqlite3.Connection, site: str | None = None) -> list[RunSummary]:
    """All runs (of one site), the newest first."""
    rows = db.execute(
        """SELECT id, site, started_at, finished_at, outcome, requests, new, changed, unchanged,
               gone, problems
           FROM runs WHERE site = coalesce(?, site) ORDER BY id DESC""",
        (site,),
    )
    return [RunSummary(*row) for row in rows]


def sites(db: sqlite3.Connection) -> list[SiteSummary]:
    """Each site that the archive knows, in alphabetical order."""
    last: dict[str, RunSummary] = {}
    for run in runs(db):
        last.setdefault(run.site, run)
    rows = db.execute(
        """SELECT id, name, (SELECT count(*) FROM articles WHERE site = sites.id) AS articles
           FROM sites ORDER BY id"""
    )
    return [SiteSummary(**row, last_run=last.get(row["id"])) for row in rows]
