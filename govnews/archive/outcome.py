"""What becomes of whole articles when captures are read again, after `pairing`: each kind of case
counted, with examples."""

from __future__ import annotations

import sqlite3

from govnews.archive.differences import Difference, counted

_NAME = "{0}.site || '/' || {0}.key"
_OLD, _NEW = _NAME.format("a"), _NAME.format("f")

_CASES = {
    "key": f"""
        SELECT {_OLD}, a.key, f.key FROM temp.pairs p
        JOIN main.articles a ON a.id = p.id JOIN fresh.articles f ON f.id = p.fresh_id
        WHERE a.key != f.key""",
    "merged": f"""
        SELECT {_OLD}, a.key, f.key FROM temp.leaving x
        JOIN main.articles a ON a.id = x.id JOIN temp.pairs p ON p.id = x.heir
        JOIN fresh.articles f ON f.id = p.fresh_id""",
    "parted": f"""
        SELECT {_NEW}, a.key, f.key FROM fresh.articles f
        JOIN fresh.observations n ON n.article_id = f.id
        JOIN temp.seen o ON o.capture_id = n.capture_id JOIN main.articles a ON a.id = o.id
        WHERE f.id NOT IN (SELECT fresh_id FROM temp.pairs) GROUP BY f.id""",
    "new": f"""
        SELECT {_NEW}, NULL, f.title FROM fresh.articles f
        WHERE f.id NOT IN (SELECT fresh_id FROM temp.pairs) AND NOT EXISTS (
            SELECT 1 FROM fresh.observations n JOIN temp.seen o ON o.capture_id = n.capture_id
            WHERE n.article_id = f.id)""",
    "dropped": f"""
        SELECT {_OLD}, a.title, NULL FROM temp.leaving x
        JOIN main.articles a ON a.id = x.id WHERE x.heir IS NULL""",
    "unread": f"""
        SELECT {_OLD}, a.title, NULL FROM temp.kept k JOIN main.articles a ON a.id = k.id
        JOIN temp.fates x ON x.id = k.id WHERE NOT x.is_held""",
    "held": f"""
        SELECT {_OLD}, a.title, a.title FROM temp.fates x
        JOIN main.articles a ON a.id = x.id WHERE x.is_held""",
    "damaged": "SELECT 'capture ' || capture_id, reason, NULL FROM fresh.unread",
    "listings": """
        SELECT url, reason, NULL FROM fresh.unproven JOIN main.listings USING (run_id, url)""",
    "mentions": """
        SELECT coalesce(m.site || '/' || m.key, f.site || '/' || f.key),
            m.seen_on || ': ' || coalesce(m.title, '') || coalesce(' ' || m.published_at, ''),
            f.seen_on || ': ' || coalesce(f.title, '') || coalesce(' ' || f.published_at, '')
        FROM temp.said s LEFT JOIN main.mentions m ON m.id = s.id
        LEFT JOIN fresh.mentions f ON f.id = s.fresh_id WHERE NOT s.is_renamed""",
}


def cases(db: sqlite3.Connection) -> list[Difference]:
    """Each kind of case that there is."""
    db.execute(
        """CREATE TEMP TABLE seen AS SELECT o.capture_id, o.article_id AS id
           FROM main.observations o JOIN temp.fates x ON x.id = o.article_id"""
    )
    db.execute("CREATE INDEX temp.seen_capture ON seen(capture_id)")
    found = (counted(db, what, query) for what, query in _CASES.items())
    return [one for one in found if one.number]
