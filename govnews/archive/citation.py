"""How an article is cited: what was published where, and the capture that shows it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from govnews.errors import UsageError

_DAY = len("2021-01-20")
_QUERY = """
SELECT a.site, a.key, r.number, r.title, r.author, s.name, r.published_at, a.url, c.fetched_at,
    c.payload_sha256, r.text_sha256, c.warc_file, c.warc_offset
FROM articles a JOIN revisions r ON r.article_id = a.id JOIN captures c ON c.id = r.capture_id
JOIN sites s ON s.id = a.site
WHERE a.id = ? AND r.number = coalesce(?, a.revision)
"""


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference to one version of an article.

    `publisher` is the portal's name, `captured_at` when the page was fetched that first showed this
    version; `payload_sha256` is over that page's bytes as they were sent, `text_sha256` over the
    text. The record of the capture stands in `warc_file` at the byte `warc_offset`.
    """

    site: str
    key: str
    revision: int
    title: str | None
    author: str | None
    publisher: str
    published_at: str | None
    url: str
    captured_at: str
    payload_sha256: str
    text_sha256: str
    warc_file: str
    warc_offset: int

    def __str__(self) -> str:
        """The reference as a footnote has it."""
        author = f"{self.author}, " if self.author else ""
        title = f"“{self.title}”" if self.title else "(no title)"
        day = self.published_at[:_DAY] if self.published_at else "no date"
        return (
            f"{author}{title}, {self.publisher}, {day}, {self.url} "
            f"(captured {self.captured_at}, SHA-256 {self.payload_sha256}; "
            f"govnews {self.site}/{self.key}, revision {self.revision}, "
            f"text SHA-256 {self.text_sha256})."
        )


def citation(db: sqlite3.Connection, article_id: int, number: int | None) -> Citation:
    """How a version of an article is cited, the present one if `number` is None.

    Raises UsageError where it has no such version.
    """
    row = db.execute(_QUERY, (article_id, number)).fetchone()
    if row is None:
        raise UsageError(f"the article {article_id} has no revision {number}")
    return Citation(*row)
