"""Which articles are wanted: the filter that searches, listings and exports share."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from govnews.errors import UsageError
from govnews.vietnamese import nfc

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)

Parameters = dict[str, str | int]


class Conditions(TypedDict, total=False):
    """The conditions of a `Filter` but for its words, as keyword arguments."""

    site: str | None
    section: str | None
    author: str | None
    since: str | date | None
    until: str | date | None
    changed: bool | None
    gone: bool | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that an article must all meet; None asks nothing.

    `since` and `until` are a day, a month or a year (`2021-01-20`, `2021-01`, `2021`), both
    inclusive, on the article's own local calendar; an article without a date is not within any.
    `words` and `without` are expressions of FTS5 over `articles_index`, `needed` single words
    that `words` can't do without, which tell cheaply how much there may be. `changed`: has a
    substantive revision after its first; `gone`: is no longer at its address.
    """

    site: str | None = None
    section: str | None = None
    author: str | None = None
    since: str | date | None = None
    until: str | date | None = None
    words: str | None = None
    without: str | None = None
    needed: tuple[str, ...] = ()
    changed: bool | None = None
    gone: bool | None = None


def conditions(wanted: Filter) -> tuple[str, Parameters]:
    """A filter as SQL over `articles a`, with its parameters.

    Raises UsageError where `since` or `until` is no day.
    """
    parameters = {
        name: _parameter(name, value)
        for name in _CLAUSES
        if (value := getattr(wanted, name)) is not None
    }
    return " AND ".join(_CLAUSES[name] for name in parameters) or "1", parameters


def check_site(db: sqlite3.Connection, site: str | None) -> None:
    """Raises UsageError for a site of which the archive holds nothing, with those it holds."""
    known = [row[0] for row in db.execute("SELECT id FROM sites ORDER BY id")]
    if site is not None and site not in known:
        held = f"It holds: {', '.join(known)}" if known else "It is empty"
        raise UsageError(f"the collection knows no site {site!r}. {held}")


def _parameter(name: str, value: str | date | bool) -> str | int:
    if isinstance(value, bool):
        return int(value)
    return _day(name, str(value).strip()) if name in ("since", "until") else nfc(str(value))


def _day(name: str, text: str) -> str:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        cure = "Give e.g. 2021-01-20, 2021-01 or 2021"
        raise UsageError(f"--{name} {text!r} is no day. {cure}") from None
    return text


_CLAUSES = {
    "site": "a.site = :site",
    "section": "a.section = :section",
    "author": "a.author = :author",
    # The text of a day begins that of each of its moments; `~` sorts behind all of them.
    "since": "a.published_at >= :since",
    "until": "a.published_at < :until || '~'",
    "words": "a.id IN (SELECT rowid FROM articles_index WHERE articles_index MATCH :words)",
    "without": "a.id NOT IN (SELECT rowid FROM articles_index WHERE articles_index MATCH :without)",
    "changed": "(a.changed_at IS NOT NULL) = :changed",
    "gone": "(a.gone_at IS NOT NULL) = :gone",
}
