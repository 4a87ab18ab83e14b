"""Runs and their listings: begun, resumed, counted, judged."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from govnews.archive import attachments, feeds, frontier, suspended
from govnews.items import Pager, Problem
from govnews.sites import Site

Outcome = Literal["complete", "incomplete", "failed", "interrupted", "running"]
Verdict = Literal["complete", "incomplete", "absent"]

COUNTS = ("requests", "new", "changed", "unchanged", "gone", "problems")


@dataclass(frozen=True, slots=True)
class Options:
    """What a crawl was asked for: `limit` articles, back to the day `since`, every listing to
    its end (`full`), how many known articles to `revisit` (None: all; by schedule: -1), and which
    `media` to fetch."""

    limit: int | None = None
    since: str | None = None
    full: bool = False
    revisit: int | None = -1
    media: attachments.Wanted = "attachments"


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is under way; `cookies` are those that its dead predecessor held."""

    id: int
    resumed: bool
    started_at: str
    cookies: str
    revisits: int


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a listing was walked in this run.

    `last_page` is the fingerprint of the page before; `numbered`: its pages show page numbers,
    `announced` is the highest that they call the last. `pages_before`: how many pages it had when
    it was proven complete, `proven_run` the last run in which that was (None: never).
    """

    url: str
    pages: int
    verdict: Verdict | None
    last_page: str | None
    numbered: bool
    announced: int | None
    restarts: int
    proven_run: int | None
    pages_before: int


def open_run(db: sqlite3.Connection, site: Site, options: Options, now: str, budget: int) -> Run:
    """Begins a run, or takes up the last one where it died or was interrupted.

    After a run that made as many requests as it may, the next one goes on where that one ended. A
    dead run that was asked for something else is left as interrupted. `budget` is how many
    known articles a run visits again where the options leave it to the schedule.
    """
    _keep_site(db, site)
    wanted = json.dumps(asdict(options), sort_keys=True)
    last = db.execute(
        "SELECT * FROM runs WHERE site = ? ORDER BY id DESC LIMIT 1", (site.id,)
    ).fetchone()
    if last and last["outcome"] in ("running", "interrupted"):
        if last["options"] == wanted:
            db.execute(
                """UPDATE runs SET outcome = 'running', finished_at = NULL, ending = NULL
                   WHERE id = ?""",
                (last["id"],),
            )
            return Run(last["id"], True, last["started_at"], last["cookies"], 0)
        close_run(db, last["id"], "interrupted", last["finished_at"] or now)
    goes_on = last and last["ending"] == "ceiling" and last["options"] == wanted
    cursor = db.execute(
        "INSERT INTO runs (site, started_at, outcome, options) VALUES (?, ?, 'running', ?)",
        (site.id, now, wanted),
    )
    run_id = int(cursor.lastrowid or 0)
    if goes_on:
        suspended.take_over(db, last["id"], run_id)
        return Run(run_id, False, now, last["cookies"], 0)
    db.execute(
        "DELETE FROM walked WHERE run_id IN (SELECT id FROM runs WHERE site = ?)", (site.id,)
    )
    start_walks(db, site, run_id, options.full)
    frontier.forget_files(db, site.id)
    files = attachments.missing(db, site.id, options.media)
    attachments.want(db, site.id, filter(site.covers, files))
    wish = options.revisit
    revisits = frontier.revisit_due(db, site.id, now, budget if wish == -1 else wish)
    return Run(run_id, False, now, "[]", revisits)


def start_walks(db: sqlite3.Connection, site: Site, run_id: int, full: bool) -> None:
    """Puts listings and feeds at the beginning of a run, by the site file as it is."""
    feeds.start_anew(db, site, run_id, full)
    frontier.start_anew(db, site.id)
    for number, url in enumerate(site.listings):
        frontier.add_listing(db, site.id, site.listing_key(url) or url, url, number)


def name_of(site: str, run_id: int, started_at: str) -> str:
    """How the WARC files of a run are named, before their number."""
    stamp = started_at.replace("-", "").replace(":", "")
    return f"{site}.{stamp}.{run_id}"


def dead_run_names(db: sqlite3.Connection, site: str) -> list[str]:
    """The names of runs of a site that say `running`; asked under the site's lock, they are
    dead."""
    rows = db.execute(
        "SELECT id, started_at FROM runs WHERE site = ? AND outcome = 'running'", (site,)
    )
    return [name_of(site, row["id"], row["started_at"]) for row in rows]


def close_run(
    db: sqlite3.Connection, run_id: int, outcome: Outcome, now: str, ending: str | None = None
) -> None:
    """Ends a run, early where there is an `ending`; an interrupted one can be taken up again."""
    db.execute(
        "UPDATE runs SET outcome = ?, finished_at = ?, ending = ? WHERE id = ?",
        (outcome, now, ending, run_id),
    )


def count(db: sqlite3.Connection, run_id: int, counts: Counter[str]) -> None:
    """Adds to the counts of a run; names as in COUNTS, others are passed over."""
    known = [name for name in COUNTS if counts[name]]
    if known:
        sums = ", ".join(f"{name} = {name} + ?" for name in known)
        db.execute(
            f"UPDATE runs SET {sums} WHERE id = ?", (*(counts[name] for name in known), run_id)
        )


def counts_of(db: sqlite3.Connection, run_id: int) -> dict[str, int]:
    """The counts of a run by name."""
    row = db.execute(f"SELECT {', '.join(COUNTS)} FROM runs WHERE id = ?", (run_id,)).fetchone()
    return dict(zip(COUNTS, row, strict=True))


def keep_cookies(db: sqlite3.Connection, run_id: int, cookies: str) -> None:
    """Keeps what the portal has set, for a run that takes this one up."""
    db.execute("UPDATE runs SET cookies = ? WHERE id = ?", (cookies, run_id))


def add_problem(
    db: sqlite3.Connection,
    run_id: int | None,
    site: str,
    capture_id: int | None,
    url: str,
    problem: Problem,
    now: str,
) -> None:
    """Keeps something that did not fit, with the capture that it was seen in."""
    db.execute(
        """INSERT INTO problems (run_id, site, capture_id, url, kind, field, message, seen_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (run_id, site, capture_id, url, problem.kind, problem.field, problem.message, now),
    )


def knows_problem(db: sqlite3.Connection, site: str, problem: Problem) -> bool:
    """Whether the same problem was kept before."""
    query = "SELECT 1 FROM problems WHERE site = ? AND kind = ? AND message = ?"
    return bool(db.execute(query, (site, problem.kind, problem.message)).fetchone())


def walk_of(db: sqlite3.Connection, run_id: int, site: str, url: str) -> Walk:
    """How far this run has walked a listing."""
    db.execute(
        "INSERT OR IGNORE INTO listings (run_id, site, url) VALUES (?, ?, ?)", (run_id, site, url)
    )
    row = db.execute(
        "SELECT * FROM listings WHERE run_id = ? AND url = ?", (run_id, url)
    ).fetchone()
    proven = db.execute(
        """SELECT max(run_id) AS run, max(pages) AS pages FROM listings
           WHERE site = ? AND url = ? AND verdict = 'complete' AND run_id < ?""",
        (site, url, run_id),
    ).fetchone()
    return Walk(
        url,
        row["pages"],
        row["verdict"],
        row["last_page"],
        bool(row["numbered"]),
        row["announced"],
        row["restarts"],
        proven["run"],
        proven["pages"] or 0,
    )


def stepped(
    db: sqlite3.Connection, run_id: int, url: str, page: int, fingerprint: str, pager: Pager | None
) -> None:
    """A further page of a listing was read; `page` counts from 0."""
    numbered = pager is not None and pager.numbered
    db.execute(
        """UPDATE listings SET pages = max(pages, ?), last_page = ?, numbered = max(numbered, ?),
               announced = coalesce(?, announced)
           WHERE run_id = ? AND url = ?""",
        (page + 1, fingerprint, numbered, pager.last if pager else None, run_id, url),
    )


def fresh_items(db: sqlite3.Connection, run_id: int, url: str, keys: Sequence[str]) -> int:
    """How many of a page's items this walk has not met."""
    met = db.execute(
        f"""SELECT count(*) FROM walked WHERE run_id = ? AND listing = ?
            AND key IN ({", ".join("?" * len(keys))})""",
        (run_id, url, *keys),
    ).fetchone()
    return len(keys) - int(met[0])


def walked(db: sqlite3.Connection, run_id: int, url: str, keys: Sequence[str]) -> None:
    """These items of a listing count as met from now on."""
    db.executemany(
        "INSERT OR IGNORE INTO walked (run_id, listing, key) VALUES (?, ?, ?)",
        [(run_id, url, key) for key in keys],
    )


def conclude(db: sqlite3.Connection, run_id: int, url: str, verdict: Verdict, reason: str) -> None:
    """How the walk of a listing ended, and why."""
    db.execute(
        "UPDATE listings SET verdict = ?, reason = ? WHERE run_id = ? AND url = ?",
        (verdict, reason, run_id, url),
    )
    db.execute("DELETE FROM walked WHERE run_id = ? AND listing = ?", (run_id, url))


def restarted(db: sqlite3.Connection, run_id: int, site: str, url: str) -> None:
    """The walk of a listing begins again."""
    db.execute(
        """UPDATE listings SET restarts = restarts + 1, pages = 0, last_page = NULL,
               announced = NULL
           WHERE run_id = ? AND url = ?""",
        (run_id, url),
    )
    db.execute("DELETE FROM walked WHERE run_id = ? AND listing = ?", (run_id, url))
    frontier.restart_listing(db, site, url)


def open_listings(db: sqlite3.Connection, run_id: int) -> list[str]:
    """Listings whose walk has no verdict yet."""
    rows = db.execute(
        "SELECT url FROM listings WHERE run_id = ? AND verdict IS NULL ORDER BY url", (run_id,)
    )
    return [row[0] for row in rows]


def verdicts(db: sqlite3.Connection, run_id: int) -> list[tuple[str, int, str, str]]:
    """Each listing of a run: address, pages, verdict, reason."""
    rows = db.execute(
        "SELECT url, pages, verdict, reason FROM listings WHERE run_id = ? ORDER BY url",
        (run_id,),
    )
    return [tuple(row) for row in rows]


def failed_addresses(db: sqlite3.Connection, site: str) -> int:
    """How many articles of a site could not be had."""
    return int(
        db.execute(
            """SELECT count(*) FROM frontier
               WHERE site = ? AND state = 'failed' AND kind = 'article'""",
            (site,),
        ).fetchone()[0]
    )


def _keep_site(db: sqlite3.Connection, site: Site) -> None:
    db.execute(
        """INSERT INTO sites (id, name, url, language, timezone) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url,
               language = excluded.language, timezone = excluded.timezone""",
        (site.id, site.name, site.url, site.language, site.timezone),
    )


def fill_rates(db: sqlite3.Connection, site: str) -> tuple[int, dict[str, float]]:
    """How many articles a site has, and for each field the share that has it, from 0 to 1."""
    fields = ("title", "body", "author", "published_at")
    row = db.execute(
        f"SELECT count(*), {', '.join(f'count({name})' for name in fields)} FROM articles "
        "WHERE site = ?",
        (site,),
    ).fetchone()
    total = int(row[0])
    return total, {name: row[i + 1] / total for i, name in enumerate(fields) if total}
