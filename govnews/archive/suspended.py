"""Walks of listings that a ceiling on requests cut short: the next run goes on with them."""

from __future__ import annotations

import sqlite3

REASON = "the ceiling of requests was reached"
"""The reason that a walk has no proof of its end which the next run goes on with."""


def suspend(db: sqlite3.Connection, run_id: int) -> None:
    """Ends the walks that have no verdict yet; the next run goes on with them."""
    db.execute(
        """UPDATE listings SET verdict = 'incomplete', reason = ?
           WHERE run_id = ? AND verdict IS NULL""",
        (REASON, run_id),
    )


def take_over(db: sqlite3.Connection, old: int, new: int) -> None:
    """Makes the walks of one run those of another, as far as they came."""
    db.execute(
        """INSERT INTO listings (run_id, site, url, pages, verdict, reason, last_page, announced,
               numbered, restarts, calendar)
           SELECT ?, site, url, pages, iif(reason = ?, NULL, verdict), reason, last_page, announced,
               numbered, restarts, calendar FROM listings WHERE run_id = ?""",
        (new, REASON, old),
    )
    db.execute("UPDATE walked SET run_id = ? WHERE run_id = ?", (new, old))
