"""What an archive kept of a capture, for those that must be read again without their record, and
for rows that do not tell what was asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from govnews.archive.frontier import ELSEWHERE
from govnews.archive.mentions import Seen
from govnews.items import Mention

_EARLIER = "SELECT * FROM mentions WHERE site = ?"
_VISITED = """
SELECT o.capture_id, a.key FROM observations o
JOIN articles a ON a.id = o.article_id WHERE a.site = ?
"""
_LISTED = f"""
SELECT seen_on, min(weight) AS weight FROM mentions
WHERE site = ? AND weight <= {ELSEWHERE} GROUP BY seen_on
"""


class Said(NamedTuple):
    """A mention as it was kept before, and its section."""

    seen: Seen
    mention: Mention
    section: str | None


def visited_before(db: sqlite3.Connection, site: str, capture_id: int) -> str | None:
    """The key of the article that a capture spoke of, if of any."""
    _recall(db, "visited", _VISITED, "capture_id", site)
    row = db.execute("SELECT key FROM visited WHERE capture_id = ?", (capture_id,)).fetchone()
    return str(row[0]) if row else None


def listed_before(db: sqlite3.Connection, site: str, url: str) -> int | None:
    """How much the page of a listing at this address weighed; None where none was."""
    _recall(db, "listed", _LISTED, "seen_on", site)
    row = db.execute("SELECT weight FROM listed WHERE seen_on = ?", (url,)).fetchone()
    return int(row[0]) if row else None


def was_file(db: sqlite3.Connection, site: str, url: str) -> bool:
    """Whether an address was asked for as a file's."""
    query = "SELECT 1 FROM frontier WHERE site = ? AND key = 'file:' || ?"
    return db.execute(query, (site, url)).fetchone() is not None


def said_before(db: sqlite3.Connection, site: str, capture_id: int) -> Iterator[Said]:
    """What was kept before of a capture's mentions."""
    _recall(db, "earlier", _EARLIER, "capture_id", site)
    rows = db.execute("SELECT * FROM earlier WHERE capture_id = ?", (capture_id,)).fetchall()
    for row in rows:
        seen = Seen(site, row["seen_on"], capture_id, row["source"], row["weight"])
        mention = Mention(row["key"], row["url"], row["title"], row["published_at"])
        yield Said(seen, mention, row["section"])


def _recall(db: sqlite3.Connection, name: str, query: str, by: str, site: str) -> None:
    """Makes a table of what the archive says of a site, to be asked by another column."""
    if db.execute("SELECT 1 FROM temp.sqlite_master WHERE name = ?", (name,)).fetchone() is None:
        db.execute(f"CREATE TEMP TABLE {name} AS {query}", (site,))
        db.execute(f"CREATE INDEX temp.{name}_by ON {name}({by})")
