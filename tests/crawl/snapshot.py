"""What of two archives must be the same: everything but numbers, clocks and places in files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from govnews.archive.warc import Place, payload_digest, read_payload

_SAME: dict[str, str] = {
    "articles": """SELECT site, key, url, title, summary, body, author, section, language,
        published_at, published_source, revision, text_sha256, gone_at FROM articles""",
    "revisions": """SELECT a.site, a.key, number, r.title, r.summary, r.body, r.author,
        r.published_at, r.text_sha256, change
        FROM revisions r JOIN articles a ON a.id = article_id""",
    "related_links": """SELECT a.site, a.key, position, l.title, l.url, l.published_at, t.key
        FROM related_links l JOIN articles a ON a.id = article_id
        LEFT JOIN articles t ON t.id = target_id""",
    "media": """SELECT a.site, a.key, position, kind, m.url, m.title, capture_id IS NULL
        FROM media m JOIN articles a ON a.id = article_id""",
    "evidence": """SELECT a.site, a.key, e.revision, field, value, rule, raw, certainty
        FROM evidence e JOIN articles a ON a.id = article_id""",
    "mentions": "SELECT site, url, key, title, published_at, seen_on FROM mentions",
    "index": "SELECT count(*) FROM articles_index WHERE articles_index MATCH 'folded_text: quan'",
}


def snapshot(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """An archive without what may differ between two crawls of one portal."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return {
            name: sorted(db.execute(query).fetchall(), key=repr) for name, query in _SAME.items()
        }


def damage(data: Path) -> list[str]:
    """Captures whose record is not what the archive says of it."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        rows = db.execute(
            """SELECT c.id, k.warc_file, k.warc_offset, k.warc_length, c.payload_sha256
               FROM captures c JOIN captures k ON k.id = coalesce(c.payload_capture_id, c.id)"""
        ).fetchall()
    return [
        f"capture {number}"
        for number, file, offset, length, digest in rows
        if payload_digest(read_payload(data, Place(file, offset, length))) != digest
    ]
