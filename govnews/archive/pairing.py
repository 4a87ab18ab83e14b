"""Which article of a scratch archive is which of the archive's: those that stand on the same
captures, whatever key the rules of today give them.

The scratch archive is attached as `fresh`. What is found stands in temporary tables: in `fates`
each article of the site and what became of it, NULL where no rule reads it any more; in `pairs`
each fresh article that is a known one, by both numbers; in `leaving` those that go, with the one
whose part they are now; in `kept` those that stay as they are. An article is held, and keeps its
texts, where one of its captures can't be read again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from govnews.archive.database import uri_of

# An article is the one of its own key; else the one that its newest capture shows.
_TIES = """
CREATE TEMP TABLE ties AS
SELECT id, fresh_id FROM (
    SELECT a.id, f.id AS fresh_id, row_number() OVER (
        PARTITION BY a.id ORDER BY f.key = a.key DESC, o.capture_id DESC) AS place
    FROM main.articles a JOIN main.observations o ON o.article_id = a.id
    JOIN fresh.observations n ON n.capture_id = o.capture_id
    JOIN fresh.articles f ON f.id = n.article_id
    WHERE a.site = ?)
WHERE place = 1
"""
_FATES = """
CREATE TEMP TABLE fates AS
SELECT a.id, coalesce(t.fresh_id, f.id) AS fresh_id,
    EXISTS (SELECT 1 FROM main.observations o JOIN fresh.unread u ON u.capture_id = o.capture_id
            WHERE o.article_id = a.id) AS is_held
FROM main.articles a LEFT JOIN temp.ties t ON t.id = a.id
LEFT JOIN fresh.articles f ON f.site = a.site AND f.key = a.key
WHERE a.site = ?
"""
# Of several that become one the one of its key goes on, else the one that was seen first.
_PAIRS = """
CREATE TEMP TABLE pairs AS
SELECT fresh_id, id, is_held FROM (
    SELECT x.*, row_number() OVER (
        PARTITION BY x.fresh_id ORDER BY f.key = a.key DESC, a.first_seen_at, a.id) AS place
    FROM fates x JOIN main.articles a ON a.id = x.id JOIN fresh.articles f ON f.id = x.fresh_id)
WHERE place = 1
"""
_LEAVING = """
CREATE TEMP TABLE leaving AS
SELECT x.id, p.id AS heir FROM temp.fates x LEFT JOIN temp.pairs p ON p.fresh_id = x.fresh_id
WHERE NOT x.is_held AND p.id IS NOT x.id AND (p.id IS NOT NULL OR ?)
"""
_KEPT = """
CREATE TEMP TABLE kept AS
SELECT a.id, a.key FROM temp.fates x JOIN main.articles a ON a.id = x.id
WHERE x.id NOT IN (SELECT id FROM temp.pairs) AND x.id NOT IN (SELECT id FROM temp.leaving)
"""
# A file that was fetched is had, whichever site's article led to it.
_HAD = """
UPDATE fresh.media SET capture_id = (
    SELECT m.capture_id FROM main.media m
    WHERE m.url = fresh.media.url AND m.capture_id IS NOT NULL LIMIT 1)
WHERE capture_id IS NULL
"""


@contextmanager
def attached(db: sqlite3.Connection, scratch: Path) -> Iterator[None]:
    """Has a scratch archive beside the archive, as `fresh`."""
    db.execute("ATTACH ? AS fresh", (uri_of(scratch),))
    try:
        yield
    finally:
        db.execute("DETACH fresh")


def pair(db: sqlite3.Connection, site: str, drop: bool) -> None:
    """Finds out which articles of a site are the same; `drop`: those that no rule reads any more
    are to go."""
    db.execute(_TIES, (site,))
    db.execute("CREATE UNIQUE INDEX temp.ties_id ON ties(id)")
    db.execute(_FATES, (site,))
    db.execute("CREATE UNIQUE INDEX temp.fates_id ON fates(id)")
    db.execute(_PAIRS)
    db.execute("CREATE UNIQUE INDEX temp.pairs_fresh ON pairs(fresh_id)")
    db.execute("CREATE UNIQUE INDEX temp.pairs_id ON pairs(id)")
    db.execute(_LEAVING, (drop,))
    db.execute(_KEPT)
    db.execute(_HAD)
