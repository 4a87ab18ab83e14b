"""Whether the database is sound: its file, its references both ways, and the full-text index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from govnews.archive import index
from govnews.archive.database import open_read_only
from govnews.errors import ArchiveError

Cure = Literal["index", "reference", "tree"]
"""What can be made again from the rest: the full-text index, a reference, an index of a table."""

_MOST = 1_000_000
_NO_DAMAGE = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_AUTH,
    }
)
_TREES = ("wrong # of entries in index", "missing from index", "non-unique entry in index")
_CURABLE = {("media", "capture_id"), ("related_links", "target_id"), ("articles", "story_id")}
_ARTICLE = (
    "coalesce((SELECT site || '/' || key FROM articles a WHERE a.id = t.article_id), t.article_id)"
)
_NAMES = {
    "articles": "t.site || '/' || t.key",
    "revisions": f"{_ARTICLE} || ' revision ' || t.number",
    "related_links": f"{_ARTICLE} || ' position ' || t.position",
    "media": f"{_ARTICLE} || ' position ' || t.position",
    "evidence": f"{_ARTICLE} || ' revision ' || t.revision || ' ' || t.field",
    "observations": f"{_ARTICLE} || ' at ' || t.seen_at",
    "mentions": "t.site || '/' || t.key || ' on ' || t.seen_on",
}
"""What tells rows apart whose number alone says little, in SQL."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was kept: the record, what is wrong with it, and what of it can
    be made again."""

    record: str
    fault: str
    cure: Cure | None = None

    def __str__(self) -> str:
        return f"{self.record}: {self.fault}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be known that is no damage."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class _Rule:
    """What no row `t` of a table may be: a condition, and the fault that it is."""

    table: str
    condition: str
    fault: str
    cure: Cure | None = None


_LAST = "(SELECT max(number) FROM revisions r WHERE r.article_id = t.id)"
_RULES = (
    _Rule("articles", f"t.revision IS NOT {_LAST}", "its last revision is not there"),
    _Rule(
        "revisions",
        """t.number > 1 AND NOT EXISTS (SELECT 1 FROM revisions r
           WHERE r.article_id = t.article_id AND r.number = t.number - 1)""",
        "the revision before it is not there",
    ),
    _Rule(
        "evidence",
        """NOT EXISTS (SELECT 1 FROM revisions r
           WHERE r.article_id = t.article_id AND r.number = t.revision)""",
        "there is no such revision",
    ),
    _Rule(
        "evidence",
        """t.field = 'published_at' AND NOT EXISTS (SELECT 1 FROM revisions r
               WHERE r.article_id = t.article_id AND r.number = t.revision
                 AND r.own_published_at = t.value)
           AND NOT EXISTS (SELECT 1 FROM articles a JOIN mentions m
               ON m.site = a.site AND m.key = a.key WHERE a.id = t.article_id
                 AND m.published_at = t.value AND 'mention:' || m.source = t.rule)""",
        "no page and no mention gives this date",
    ),
    _Rule(
        "captures",
        """t.payload_capture_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM captures k
           WHERE k.id = t.payload_capture_id AND k.id < t.id AND k.payload_capture_id IS NULL
             AND k.payload_sha256 = t.payload_sha256)""",
        "no earlier capture holds its payload",
    ),
    _Rule(
        "related_links",
        """t.target_id IS NULL AND t.target_key IN (SELECT site || '/' || key FROM articles)
           OR t.target_id IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM articles a
                  WHERE a.id = t.target_id AND a.site || '/' || a.key = t.target_key)
              AND NOT EXISTS (SELECT 1 FROM aliases s
                  WHERE s.article_id = t.target_id AND s.site || '/' || s.key = t.target_key)""",
        "it does not lead to the article that it names",
        "reference",
    ),
    _Rule(
        "media",
        """t.capture_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM captures c
           WHERE c.id = t.capture_id AND c.status = 200
             AND ifnull(c.role, 'file:' || t.url) = 'file:' || t.url)""",
        "its capture does not hold this file",
        "reference",
    ),
    *(
        _Rule(
            table,
            f"""t.position != 0 AND NOT EXISTS (SELECT 1 FROM {table} b
                WHERE b.article_id = t.article_id AND b.position = t.position - 1)""",
            "what stands before it on the page is not there",
        )
        for table in ("related_links", "media")
    ),
    _Rule(
        "articles",
        """t.story_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles a
           WHERE a.id = t.story_id AND a.story_id = a.id)""",
        "its story does not begin with the article that it names",
        "reference",
    ),
)


def open_to_check(folder: Path) -> sqlite3.Connection | Damage:
    """The archive, so that text is read whatever its bytes are; or why nothing of it can be read.

    Raises ArchiveError where there is none, or the disk or somebody's rights are what hinders.
    """
    try:
        db = open_read_only(folder)
    except ArchiveError as error:
        code = getattr(error.__cause__, "sqlite_errorcode", None)
        if code is None or code & 0xFF in _NO_DAMAGE:
            raise
        return Damage("archive.db", str(error.__cause__))
    db.text_factory = lambda raw: raw.decode(errors="replace")
    return db


def check_file(db: sqlite3.Connection) -> Iterator[Damage]:
    """What SQLite itself finds in the database's pages, tables and indexes."""
    for (message,) in db.execute(f"PRAGMA integrity_check({_MOST})"):
        if message != "ok":
            tree = any(words in message for words in _TREES)
            in_index: Cure | None = "index" if "articles_index" in message else None
            yield Damage("archive.db", message, "tree" if tree else in_index)


def check_references(db: sqlite3.Connection) -> Iterator[Damage]:
    """References that lead nowhere, or not where they must."""
    tables = [row[0] for row in db.execute("SELECT name FROM pragma_table_list WHERE type='table'")]
    for table in tables:
        yield from _dangling(db, table)
    for rule in _RULES:
        yield from _broken(db, rule)


def check_index(db: sqlite3.Connection) -> Iterator[Damage]:
    """Articles whose words in the full-text index are not those of their texts."""
    db.text_factory = str  # twice as fast, and the index is made again from the texts
    try:
        for name in index.check(db):
            yield Damage(f"articles_index {name}", "its words are not those of the text", "index")
    except sqlite3.Error as error:
        yield Damage("articles_index", f"it can't be read: {error}", "index")


def _dangling(db: sqlite3.Connection, table: str) -> Iterator[Damage]:
    keys = db.execute(
        'SELECT "from", "table", coalesce("to", \'id\') FROM pragma_foreign_key_list(?)', (table,)
    ).fetchall()
    for column, goal, goal_column in keys:
        rows = db.execute(
            f"""SELECT {_name(db, table)}, t.{column} FROM {table} t WHERE t.{column} IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM {goal} g WHERE g.{goal_column} = t.{column})"""
        )
        cure: Cure | None = "reference" if (table, column) in _CURABLE else None
        for name, value in rows:
            yield Damage(f"{table} {name}", f"its {column} {value} is not in {goal}", cure)


def _broken(db: sqlite3.Connection, rule: _Rule) -> Iterable[Damage]:
    query = f"SELECT {_name(db, rule.table)} FROM {rule.table} t WHERE {rule.condition}"
    for (name,) in db.execute(query):
        yield Damage(f"{rule.table} {name}", rule.fault, rule.cure)


def _name(db: sqlite3.Connection, table: str) -> str:
    if table in _NAMES:
        return _NAMES[table]
    key = "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
    columns = [f"t.{row[0]}" for row in db.execute(key, (table,))]
    return " || ' ' || ".join(columns) or "t.rowid"
