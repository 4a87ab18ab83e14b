"""Mentions: which pages name an article, and what follows from all of them together."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import Literal, NamedTuple

from govnews.archive.dating import is_after
from govnews.archive.digests import counted
from govnews.items import DATE_SOURCES, Mention

Source = Literal["listing", "related"]
OWN = 10_000
"""The weight of an article's own address, which any mention goes before."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where mentions were seen: the page, its capture, and how much it has to say.

    `weight` orders pages: the site file's first listing is 0; the smallest decides an article's
    address and section.
    """

    site: str
    seen_on: str
    capture_id: int
    source: Source
    weight: int


class Settled(NamedTuple):
    """What an article's own page and all mentions together make of it; `url_weight` is that of
    the mention that gave the address."""

    url: str
    url_weight: int
    section: str | None
    published_at: str | None
    published_source: str | None


def add(db: sqlite3.Connection, seen: Seen, mention: Mention, section: str | None) -> str | None:
    """Keeps a mention where it says something that this page did not say before; the text that
    the log's digest is over, None where nothing was kept."""
    row = (
        seen.site,
        mention.url,
        mention.key,
        mention.title,
        mention.published_at,
        seen.seen_on,
        seen.source,
        seen.weight,
        section,
        _fingerprint(seen, mention),
    )
    cursor = db.execute(
        """INSERT OR IGNORE INTO mentions
               (site, url, key, title, published_at, seen_on, source, weight, section,
                fingerprint, capture_id)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (*row, seen.capture_id),
    )
    return counted(row) if cursor.rowcount else None


def date_of(db: sqlite3.Connection, site: str, key: str) -> str | None:
    """The latest date that any mention gives an article."""
    row = db.execute(
        "SELECT max(published_at) FROM mentions WHERE site = ? AND key = ?", (site, key)
    ).fetchone()
    return None if row[0] is None else str(row[0])


def contradicts(db: sqlite3.Connection, site: str, mention: Mention) -> bool:
    """Whether listings have named this article before, but never with this title and date; what is
    left unsaid, as by a sitemap, contradicts nothing."""
    before, same = db.execute(
        """SELECT count(*), count(*) FILTER (
               WHERE (?1 IS NULL OR title IS ?1) AND (?2 IS NULL OR published_at IS ?2))
           FROM mentions WHERE site = ?3 AND key = ?4 AND source = 'listing'
               AND (title IS NOT NULL OR published_at IS NOT NULL)""",
        (mention.title, mention.published_at, site, mention.key),
    ).fetchone()
    return bool(before > 1 and same == 1)


def settle(
    db: sqlite3.Connection,
    site: str,
    key: str,
    own: Settled,
    section_by_address: bool,
    first_seen_at: str,
) -> Settled:
    """What holds of an article, whichever page was fetched first.

    Address and section are those of the mention with the smallest (weight, address); the section
    that the article's own page states goes first where addresses name none. The date is from the
    strongest source, of equals the more precise, then the earlier; none is later than the moment at
    which the article was first seen.
    """
    rows = db.execute(
        "SELECT weight, url, section, published_at, source FROM mentions WHERE site=? AND key=?",
        (site, key),
    ).fetchall()
    places = ((row["weight"], row["url"], row["section"]) for row in rows)
    best = min(places, key=_place_strength, default=None)
    weight, url = best[:2] if best else (own.url_weight, own.url)
    named = best[2] if best else None
    section = (named or own.section) if section_by_address else (own.section or named)
    dates = [
        (row["published_at"], row["source"])
        for row in rows
        if row["published_at"] and not is_after(row["published_at"], first_seen_at)
    ]
    if own.published_at and own.published_source:
        dates.append((own.published_at, own.published_source))
    published_at, source = min(dates, key=_date_strength, default=(None, None))
    return Settled(url, weight, section, published_at, source)


def can_win(seen: Seen, mention: Mention, settled: Settled) -> bool:
    """Whether a new mention may change what has been settled; most can't, and cost no more."""
    if (seen.weight, mention.url) < (settled.url_weight, settled.url):
        return True
    if not mention.published_at or not settled.published_at or not settled.published_source:
        return mention.published_at is not None
    new = _date_strength((mention.published_at, seen.source))
    return new < _date_strength((settled.published_at, settled.published_source))


def _place_strength(place: tuple[int, str, str | None]) -> tuple[int, str, bool, str]:
    weight, url, section = place
    return weight, url, section is None, section or ""


def _date_strength(dated: tuple[str, str]) -> tuple[int, bool, str]:
    published_at, source = dated
    return DATE_SOURCES.index(source), len(published_at) <= len("2021-01-20"), published_at


def _fingerprint(seen: Seen, mention: Mention) -> int:
    """64 bits of what a page says of an article: a mention that says it again is the same one."""
    said = (seen.seen_on, mention.url, mention.title or "", mention.published_at or "")
    digest = hashlib.blake2b("\n".join(said).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
