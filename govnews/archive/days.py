"""How far a listing's calendar was walked: a state of its walk, kept with each page."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass

from govnews.archive.runs import Verdict


@dataclass(frozen=True, slots=True)
class Days:
    """The walk of a listing's days; days are ISO 8601 text, `section` is the listing's.

    `address` is the pattern of their addresses; `tells`: the calendar links to days. While the
    pager is followed, `day` is None, `news` the last day on its last page, and `patience` how many
    days that page covers. From then on `day` is the one asked for, `linked` says that by the
    calendar it has news, `news` is the last that showed news, and `patience` says how many days
    without any end the walk.

    `asked` and `had` count the days, `found` the news that the pager did not show, `in_row` the
    last days that could not be had, `same` those that showed again what `shown` is the fingerprint
    of; `misled`: a day that should have had news was empty; `missed` says which day should have
    been had. `verdict` and `reason` are the pager's.
    """

    address: str
    section: str | None = None
    tells: bool = False
    day: str | None = None
    linked: bool = False
    news: str | None = None
    patience: int = 0
    asked: int = 0
    had: int = 0
    found: int = 0
    in_row: int = 0
    same: int = 0
    shown: str | None = None
    misled: bool = False
    missed: str | None = None
    verdict: Verdict = "incomplete"
    reason: str = ""


def days_of(db: sqlite3.Connection, run_id: int, url: str) -> Days | None:
    """What is known of a listing's days in a run; None where no calendar is."""
    row = db.execute(
        "SELECT calendar FROM listings WHERE run_id = ? AND url = ?", (run_id, url)
    ).fetchone()
    return Days(**json.loads(row[0])) if row and row[0] else None


def keep_days(db: sqlite3.Connection, run_id: int, url: str, days: Days) -> None:
    """Keeps how far a listing's days were walked."""
    db.execute(
        "UPDATE listings SET calendar = ? WHERE run_id = ? AND url = ?",
        (json.dumps(asdict(days)), run_id, url),
    )
