"""The frontier under the rules of today: addresses of articles whose key is another one now, and
those that it does not have yet."""

from __future__ import annotations

import sqlite3

from govnews.sites import Site

_COLUMNS = """site, key, kind, url, weight, state, attempts, listing, known_since, due_at, etag,
    last_modified"""
_NEW = """
FROM fresh.frontier f WHERE f.site = ? AND (f.kind = 'article' OR f.key GLOB 'listing:*')
  AND NOT EXISTS (SELECT 1 FROM main.frontier m WHERE m.site = f.site AND m.key = f.key)
  AND NOT EXISTS (SELECT 1 FROM temp.moves v WHERE v.key = f.key)
"""


def plan(db: sqlite3.Connection, site: Site) -> None:
    """Finds the addresses that have another key by the rules of today: `moves` has them."""
    db.execute("CREATE TEMP TABLE moves (id INTEGER PRIMARY KEY, key TEXT)")
    rows = db.execute(
        "SELECT id, key, url FROM main.frontier WHERE site = ? AND kind = 'article'", (site.id,)
    )
    for row_id, key, url in rows:
        now = site.key(url)
        if key != f"article:{now}":
            moved = f"article:{now}" if now else None
            db.execute("INSERT INTO temp.moves VALUES (?, ?)", (row_id, moved))
    db.execute("CREATE INDEX temp.moves_key ON moves(key)")


def count_new(db: sqlite3.Connection, site: Site) -> int:
    """How many addresses the next crawl has to ask for that no page led to before."""
    query = f"SELECT count(*) {_NEW} AND f.state = 'waiting' AND f.known_since IS NULL"
    return int(db.execute(query, (site.id,)).fetchone()[0])


def move(db: sqlite3.Connection, site: Site) -> None:
    """Gives addresses their key of today. Of two that become one the visited one stays, the one
    that is to be visited later; what is no article's address any more is not asked for again."""
    db.execute(
        "UPDATE main.frontier SET key = 'moving:' || id WHERE id IN (SELECT id FROM temp.moves)"
    )
    db.execute(
        """DELETE FROM main.frontier WHERE id IN (
               SELECT id FROM (
                   SELECT f.id, row_number() OVER (PARTITION BY coalesce(v.key, f.key)
                       ORDER BY f.known_since IS NULL, f.due_at DESC, f.id) AS place
                   FROM main.frontier f LEFT JOIN temp.moves v ON v.id = f.id
                   WHERE f.site = ?1 AND coalesce(v.key, f.key) IN (SELECT key FROM temp.moves))
               WHERE place > 1)
           OR id IN (SELECT id FROM temp.moves WHERE key IS NULL)""",
        (site.id,),
    )
    db.execute(
        """UPDATE main.frontier SET key = v.key FROM temp.moves v WHERE v.id = main.frontier.id"""
    )
    db.execute(f"INSERT INTO main.frontier ({_COLUMNS}) SELECT {_COLUMNS} {_NEW}", (site.id,))
