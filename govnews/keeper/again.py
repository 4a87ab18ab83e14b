"""When an address is asked for again that could not be had, and when the portal wants rest."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from govnews.archive.frontier import Row
from govnews.items import Capture
from govnews.keeper import walk
from govnews.sites import Site

_LONGEST_WISH = 3600.0
_UNTOLD = 10.0
_RESTED_TRIES = 6


def has_tries(row: Row, capture: Capture) -> bool:
    """Whether an address that failed is asked for again: more often where the portal wants rest,
    which tells little of the address."""
    return row.attempts + 1 < (_RESTED_TRIES if asked_rest(capture) else walk.MAX_TRIES)


def backoff(site: Site, row: Row, capture: Capture) -> float:
    """Seconds to wait before asking again: what the server wishes, or more with each try."""
    wish = _retry_after(capture)
    if wish is not None:
        return wish
    return asked_rest(capture) or max(site.fetch.delay, 0.5) * 3.0**row.attempts


def asked_rest(capture: Capture) -> float:
    """Seconds for which the portal wants to be left alone, an hour at the most: 503 with a
    Retry-After (RFC 9110, 15.6.4), and 429 (RFC 6585, 4), which need not say for how long."""
    if capture.status not in (429, 503):
        return 0.0
    wish = _retry_after(capture)
    return (_UNTOLD if capture.status == 429 else 0.0) if wish is None else wish


def _retry_after(capture: Capture) -> float | None:
    """Seconds that the server wishes us to wait (RFC 9110, 10.2.3), an hour at the most."""
    wish = (capture.header("Retry-After") or "").strip()
    if wish.isdecimal():
        return min(float(wish), _LONGEST_WISH)
    try:
        moment = parsedate_to_datetime(wish)
    except ValueError:
        return None
    asked = datetime.fromisoformat(capture.fetched_at)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - asked).total_seconds(), 0.0), _LONGEST_WISH)
