"""The program's clock: UTC now, or from `GOVNEWS_NOW` on, for tests that need another day."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from govnews.errors import UsageError

_STARTED = datetime.now(UTC)


def now() -> datetime:
    """The time in UTC; where `GOVNEWS_NOW` (ISO 8601) is set, the clock started there."""
    return datetime.now(UTC) + _shift(os.environ.get("GOVNEWS_NOW"))


def timestamp(moment: datetime | None = None) -> str:
    """A moment (now, if None) as ISO 8601 text in UTC, to the second: `2026-11-23T01:22:28Z`."""
    return (moment or now()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=8)
def _shift(start: str | None) -> timedelta:
    if not start:
        return timedelta()
    try:
        wanted = datetime.fromisoformat(start)
    except ValueError:
        message = f"GOVNEWS_NOW is {start!r}, which is no ISO 8601 time. Set e.g. 2026-01-31T08:00Z"
        raise UsageError(message) from None
    return (wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)) - _STARTED
