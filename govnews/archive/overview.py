"""The collection at a glance: its sites and their runs, and how many articles are of which kind."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from govnews.archive.filters import Filter, conditions

_FACETS = """
WITH passing AS MATERIALIZED (
    SELECT a.site, a.section, a.author, substr(a.published_at, 1, 7) AS month
    FROM articles a INDEXED BY articles_conditions WHERE {where})
SELECT 'site' AS facet, site AS value, count(*) AS articles FROM passing GROUP BY site
UNION ALL SELECT 'section', section, count(*) FROM passing GROUP BY section
UNION ALL SELECT 'author', author, count(*) FROM passing GROUP BY author
UNION ALL SELECT 'month', month, count(*) FROM passing GROUP BY month
ORDER BY articles DESC, value NULLS LAST
"""


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


class Counted(NamedTuple):
    """How many articles have a value; `value` is None for those that have none."""

    value: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles are of each site, section and author, the most first, and of each month
    (`2021-01`, on the article's own calendar), the newest first, undated ones last."""

    site: tuple[Counted, ...]
    section: tuple[Counted, ...]
    author: tuple[Counted, ...]
    month: tuple[Counted, ...]


def facets(db: sqlite3.Connection, wanted: Filter) -> Facets:
    """The counts of the articles that pass a filter.

    Raises UsageError where the filter's days are none.
    """
    where, parameters = conditions(wanted)
    counted: dict[str, list[Counted]] = {"site": [], "section": [], "author": [], "month": []}
    for facet, *value in db.execute(_FACETS.format(where=where), parameters):
        counted[facet].append(Counted(*value))
    counted["month"].sort(key=lambda month: month.value or "", reverse=True)
    return Facets(**{facet: tuple(values) for facet, values in counted.items()})


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
