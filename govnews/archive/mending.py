"""What of a damaged archive can be made again from the rest; evidence and log are never touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from govnews.archive import index
from govnews.archive.database import transaction
from govnews.archive.soundness import Cure

_SITE = "substr(target_key, 1, instr(target_key, '/') - 1)"
_KEY = "substr(target_key, instr(target_key, '/') + 1)"
_TARGET = f"""coalesce(
    (SELECT a.id FROM articles a WHERE a.site = {_SITE} AND a.key = {_KEY}),
    (SELECT s.article_id FROM aliases s WHERE s.site = {_SITE} AND s.key = {_KEY}))"""
_STORYLESS = """story_id IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM articles a WHERE a.id = articles.story_id AND a.story_id = a.id)"""
_REFERENCES = (
    """UPDATE media SET capture_id = NULL WHERE capture_id IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM captures c WHERE c.id = media.capture_id AND c.status = 200
            AND ifnull(c.role, 'file:' || media.url) = 'file:' || media.url)""",
    """UPDATE media SET capture_id = c.id
           FROM (SELECT max(id) AS id, role FROM captures
                 WHERE status = 200 AND role LIKE 'file:%'
                   AND id NOT IN (SELECT ifnull(capture_id, 0) FROM problems WHERE kind = 'file')
                 GROUP BY role) c
           WHERE media.capture_id IS NULL AND c.role = 'file:' || media.url""",
    f"UPDATE related_links SET target_id = {_TARGET} WHERE target_id IS NOT {_TARGET}",
    f"INSERT OR IGNORE INTO stories_waiting SELECT id FROM articles WHERE {_STORYLESS}",
    f"UPDATE articles SET story_id = NULL WHERE {_STORYLESS}",
)


def mend(db: sqlite3.Connection, cures: Iterable[Cure]) -> None:
    """Makes again what these cures are for, all or nothing."""
    wanted = set(cures)
    with transaction(db):
        if "tree" in wanted:
            db.execute("REINDEX")
        if "reference" in wanted:
            for statement in _REFERENCES:
                db.execute(statement)
        if "index" in wanted:
            index.rebuild(db)
