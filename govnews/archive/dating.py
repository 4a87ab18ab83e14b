"""Publication dates from many mouths: which can't be true, and where they disagree."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from govnews.items import Problem

_DAY = len("2021-01-20")
_EASTMOST = timedelta(hours=14)
_CLOCKS = timedelta(hours=1)


def is_after(date: str, moment: str) -> bool:
    """Whether a publication date is later than a moment at which the article was seen already: by
    an hour where the time is known (clocks differ), or by a day that had begun nowhere on earth."""
    seen = datetime.fromisoformat(moment)
    if len(date) > _DAY:
        stamp = datetime.fromisoformat(date)
        return stamp > seen + _CLOCKS if stamp.tzinfo else stamp.date() > (seen + _EASTMOST).date()
    return date > (seen + _EASTMOST).date().isoformat()


def refused(key: str, date: str, by: str) -> Problem:
    """The problem of a date that is later than the capture which first showed the article."""
    message = f"{key}: {by} gives {date}, after it was first captured"
    return Problem("date-refused", message, "published_at")


def same_day(one: str, other: str, timezone: str) -> bool:
    """Whether two dates are of one day at a place; a day alone is that place's."""
    return one[:_DAY] == other[:_DAY] or _day(one, timezone) == _day(other, timezone)


def doubts(db: sqlite3.Connection, site: str, key: str, timezone: str) -> Problem | None:
    """The other days that those give an article who mention it; None where all agree."""
    article = db.execute(
        "SELECT published_at, published_source FROM articles WHERE site = ? AND key = ?",
        (site, key),
    ).fetchone()
    kept, source = article or (None, None)
    if kept is None:
        return None
    said = db.execute(
        """SELECT published_at, source, min(seen_on) FROM mentions
           WHERE site = ? AND key = ? AND published_at IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",
        (site, key),
    )
    others = [
        f"{date} by {by} {page}" for date, by, page in said if not same_day(date, kept, timezone)
    ]
    if not others:
        return None
    message = f"{key}: kept is {kept} ({source}); other days: {'; '.join(others)}"
    return Problem("date-conflict", message, "published_at")


def _day(date: str, timezone: str) -> str:
    if len(date) == _DAY:
        return date
    return datetime.fromisoformat(date).astimezone(ZoneInfo(timezone)).date().isoformat()
