"""How an article came to be as it is: revisions, visits, captures, mentions, evidence."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from govnews.items import Evidence


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of an article's text, as first seen in the capture `capture_id`; `change` is
    `first`, `substantive` or `cosmetic`."""

    number: int
    title: str | None
    summary: str | None
    body: str | None
    author: str | None
    published_at: str | None
    text_sha256: str
    change: str
    capture_id: int
    seen_at: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What an article's own address said on a visit: `new`, `changed`, `unchanged`, …"""

    seen_at: str
    says: str
    capture_id: int


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """A response, and where its record stands: bytes within `warc/`'s file of this name."""

    id: int
    method: str
    url: str
    fetched_at: str
    status: int
    content_type: str | None
    warc_file: str
    warc_offset: int
    warc_length: int
    payload_sha256: str
    run_id: int | None


@dataclass(frozen=True, slots=True)
class SeenMention:
    """A page, `seen_on`, that names an article; `source` is `listing` or `related`."""

    seen_on: str
    source: str
    url: str
    title: str | None
    published_at: str | None
    section: str | None
    capture_id: int


def revisions(db: sqlite3.Connection, article_id: int) -> list[Revision]:
    """All versions of an article's text, the oldest first."""
    rows = db.execute(
        """SELECT number, title, summary, body, author, published_at, text_sha256, change,
               capture_id, seen_at
           FROM revisions WHERE article_id = ? ORDER BY number""",
        (article_id,),
    )
    return [Revision(*row) for row in rows]


def observations(db: sqlite3.Connection, article_id: int) -> list[Observation]:
    """What an article's address said on each visit, the oldest first."""
    rows = db.execute(
        """SELECT seen_at, says, capture_id FROM observations
           WHERE article_id = ? ORDER BY seen_at, id""",
        (article_id,),
    )
    return [Observation(*row) for row in rows]


def captures(db: sqlite3.Connection, article_id: int) -> list[CaptureRow]:
    """The responses that an article was read from, the oldest first."""
    rows = db.execute(
        """SELECT id, method, url, fetched_at, status, content_type, warc_file, warc_offset,
               warc_length, payload_sha256, run_id
           FROM captures
           WHERE id IN (SELECT capture_id FROM observations WHERE article_id = ?)
           ORDER BY id""",
        (article_id,),
    )
    return [CaptureRow(*row) for row in rows]


def mentions(db: sqlite3.Connection, article_id: int) -> list[SeenMention]:
    """The pages that name an article, the one with most to say first."""
    rows = db.execute(
        """SELECT m.seen_on, m.source, m.url, m.title, m.published_at, m.section, m.capture_id
           FROM articles a JOIN mentions m ON m.site = a.site AND m.key = a.key
           WHERE a.id = ? ORDER BY m.weight, m.url, m.seen_on""",
        (article_id,),
    )
    return [SeenMention(*row) for row in rows]


def evidence(db: sqlite3.Connection, article_id: int, revision: int) -> list[Evidence]:
    """The rule behind each field of one version of an article."""
    rows = db.execute(
        """SELECT field, value, rule, coalesce(raw, value) AS raw, certainty FROM evidence
           WHERE article_id = ? AND revision = ? ORDER BY field""",
        (article_id, revision),
    )
    return [Evidence(*row) for row in rows]
