"""What a capture was asked for, as its row says it: a key of the frontier, `robots` for robots.txt,
or `aside` where nobody waited for it any more. A day of a listing's calendar is named behind its
step: `step:URL#4@2025-06-30`."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from govnews.archive import frontier
from govnews.archive.days import Days, days_of, keep_days
from govnews.archive.frontier import DISCOVERED, Row
from govnews.sites import Site


def role_of(db: sqlite3.Connection, run_id: int, row: Row | None) -> str:
    """The role of a page that answers this row."""
    if row is None:
        return "aside"
    days = days_of(db, run_id, row.listing) if row.kind == "step" and row.listing else None
    return f"{row.key}@{days.day}" if days and days.day else row.key


def asked(db: sqlite3.Connection, site: Site, run_id: int, role: str, url: str) -> Row:
    """The row, in a scratch archive, that asks at `url` for what a role says."""
    prefix, _, name = role.partition(":")
    kind = "listing" if prefix == "feed" else prefix
    listing, page, parent = None, 0, ""
    if kind == "step":
        listing, _, number = name.rpartition("#")
        number, _, day = number.partition("@")
        role, page = f"step:{listing}#{number}", int(number)
        name, prefix = site.listing_key(listing) or listing, "listing"
        _come_to(db, run_id, listing, day or None)
    if kind in ("listing", "step"):
        parent = f"{prefix}:{name}"
        listing = listing or _listing_of(db, site.id, parent) or url
        frontier.add_listing(db, site.id, name, listing, DISCOVERED, prefix)
    (row_id,) = db.execute(
        """INSERT INTO frontier (site, key, kind, url, listing, page, weight)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6,
               coalesce((SELECT weight FROM frontier WHERE site = ?1 AND key = ?7), 0))
           ON CONFLICT (site, key) DO UPDATE SET state = 'waiting', url = excluded.url
           RETURNING id""",
        (site.id, role, kind, url, listing, page, parent),
    ).fetchone()
    row = frontier.get(db, row_id)
    assert row is not None
    return row


def _come_to(db: sqlite3.Connection, run_id: int, listing: str, day: str | None) -> None:
    """Brings the walk of a listing to a day; pages that never came may lie before it."""
    days = days_of(db, run_id, listing) or Days("", news=day)
    if days.day != day:
        keep_days(db, run_id, listing, replace(days, day=day))


def _listing_of(db: sqlite3.Connection, site: str, key: str) -> str | None:
    row = db.execute(
        """SELECT listing FROM main.frontier WHERE site = ?1 AND key = ?2
           UNION ALL SELECT listing FROM present.frontier WHERE site = ?1 AND key = ?2""",
        (site, key),
    ).fetchone()
    return row[0] if row else None
