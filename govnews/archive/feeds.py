"""Feeds and sitemaps in the frontier: listings of one page that the portal itself led to.

They show what no listing may show, so they are asked for until a run was complete; from then on
listings tell what is new, and feeds are asked for only where everything is.
"""

from __future__ import annotations

import sqlite3
from urllib.parse import urljoin

from govnews.archive import frontier
from govnews.archive.frontier import DISCOVERED
from govnews.sites import Site

MOST, MOST_LEVELS = 500, 3
"""How many feeds and sitemaps of a site a run knows, and how deep below one another."""
_USUAL = ("/sitemap.xml", "/sitemap_index.xml")


def are_wanted(db: sqlite3.Connection, site: Site, run_id: int, full: bool) -> bool:
    """Whether a run asks for feeds: no earlier one was complete, or it asks for everything."""
    if full:
        return True
    query = "SELECT 1 FROM runs WHERE site = ? AND outcome = 'complete' AND id < ? LIMIT 1"
    return db.execute(query, (site.id, run_id)).fetchone() is None


def start_anew(db: sqlite3.Connection, site: Site, run_id: int, full: bool) -> None:
    """For a new run, before its listings are: forgets feeds but those that it asks for once more;
    where it asks for feeds, the usual addresses are tried."""
    wanted = are_wanted(db, site, run_id, full)
    db.execute(
        "DELETE FROM frontier WHERE site = ? AND key GLOB 'feed:*' AND (state = 'done' OR ?)",
        (site.id, not wanted),
    )
    if wanted:
        for url in usual(site):
            add(db, site, url, DISCOVERED)


def usual(site: Site) -> list[str]:
    """Where portals have their sitemap, though nothing may lead there."""
    return [urljoin(site.url, path) for path in _USUAL] if site.url else []


def add(db: sqlite3.Connection, site: Site, url: str, weight: int, level: int = 0) -> bool:
    """A feed to ask for; `weight` as of a listing. False where there are too many already. One that
    was read in this run is read again where it weighs more than before."""
    if url in site.listings:
        return True
    query = "SELECT key = ?, state, weight FROM frontier WHERE site = ? AND key GLOB 'feed:*'"
    rows = db.execute(query, (f"feed:{url}", site.id)).fetchall()
    here = next((row for row in rows if row[0]), None)
    if here is None and (len(rows) >= MOST or level > MOST_LEVELS):
        return False
    frontier.add_listing(db, site.id, url, url, weight, "feed")
    if here is None:
        place = (level, site.id, f"feed:{url}")
        db.execute("UPDATE frontier SET page = ? WHERE site = ? AND key = ?", place)
    elif here["state"] == "done":
        db.execute(
            """UPDATE frontier SET state = 'waiting', attempts = 0, hops = 0
               WHERE site = ? AND key = ? AND weight < ?""",
            (site.id, f"feed:{url}", here["weight"]),
        )
    return True
