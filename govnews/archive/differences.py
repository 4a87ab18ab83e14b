"""What a scratch archive says otherwise than the archive, once `pairing` has found out what is
what: counted, and with examples."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

EXAMPLES = 3
"""How many examples are given of each difference."""

FIELDS = (
    "title",
    "summary",
    "body",
    "author",
    "section",
    "language",
    "url",
    "published_at",
    "published_source",
    "first_seen_at",
    "last_seen_at",
    "changed_at",
    "gone_at",
)
"""The fields of an article that are shown one by one."""


class Part(NamedTuple):
    """A table whose rows belong to an article: what tells such rows apart, and what is shown of
    one."""

    keys: tuple[str, ...]
    shown: str


PARTS = {
    "revisions": Part(("number",), "number || ' ' || change || ' ' || seen_at"),
    "related_links": Part(("position",), "coalesce(title || ' ', '') || url"),
    "media": Part(("position",), "kind || ' ' || coalesce(title || ' ', '') || url"),
    "evidence": Part(("revision", "field"), "revision || ' ' || field || ' ' || rule"),
    "observations": Part(
        ("seen_at", "capture_id"), "seen_at || ' ' || says || coalesce(' ' || answer, '')"
    ),
}
_NUMBERS = {"id", "article_id", "target_id", "story_id"}  # what follows from the rest


@dataclass(frozen=True, slots=True)
class Example:
    """One article by `site/key`, and what is said of it before and after."""

    article: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs: in how many cases, and some of them."""

    what: str
    number: int
    examples: tuple[Example, ...]


def columns_of(db: sqlite3.Connection, table: str, *without: str) -> list[str]:
    """The columns of a table that are compared: all but numbers of this archive alone."""
    rows = db.execute("SELECT name FROM pragma_table_info(?, 'main')", (table,))
    return [row[0] for row in rows if row[0] not in {*_NUMBERS, *without}]


def compare(db: sqlite3.Connection) -> None:
    """Finds the articles of which something differs, for each table: `changed` has them."""
    db.execute("CREATE TEMP TABLE changed (what TEXT, id INTEGER, PRIMARY KEY (what, id))")
    columns = columns_of(db, "articles", "key")
    db.execute(
        f"""INSERT INTO changed SELECT 'articles', p.id FROM temp.pairs p
            JOIN main.articles a ON a.id = p.id JOIN fresh.articles f ON f.id = p.fresh_id
            WHERE NOT p.is_held AND {_unlike(columns, "a", "f")}"""
    )
    for table, part in PARTS.items():
        same = " AND ".join(f"m.{key} = f.{key}" for key in part.keys)
        columns = columns_of(db, table, "target_key", *part.keys)
        db.execute(
            f"""INSERT INTO changed
                SELECT '{table}', p.id FROM temp.pairs p
                JOIN fresh.{table} f ON f.article_id = p.fresh_id
                LEFT JOIN main.{table} m ON m.article_id = p.id AND {same}
                WHERE NOT p.is_held AND (m.article_id IS NULL OR {_unlike(columns, "m", "f")})
                UNION
                SELECT '{table}', p.id FROM temp.pairs p
                JOIN main.{table} m ON m.article_id = p.id
                LEFT JOIN fresh.{table} f ON f.article_id = p.fresh_id AND {same}
                WHERE NOT p.is_held AND f.article_id IS NULL"""
        )


def compare_mentions(db: sqlite3.Connection, site: str) -> None:
    """Finds the mentions that come, go or say something else: `said` has them, and with
    `is_renamed` those of which the article's key alone is another one."""
    columns = columns_of(db, "mentions", "site", "key", "fingerprint")
    db.execute(
        f"""CREATE TEMP TABLE met AS
            SELECT m.id, f.id AS fresh_id, m.key IS NOT f.key AS is_renamed,
                {_unlike(columns, "m", "f")} AS is_other
            FROM main.mentions m LEFT JOIN fresh.mentions f ON f.fingerprint = m.fingerprint
            WHERE m.site = ?
              AND (f.id IS NOT NULL OR m.key NOT IN (SELECT key FROM temp.kept))""",
        (site,),
    )
    db.execute(
        """CREATE TEMP TABLE said AS
           SELECT id, fresh_id, NOT is_other AS is_renamed FROM temp.met
           WHERE is_renamed OR is_other
           UNION ALL SELECT NULL, id, FALSE FROM fresh.mentions
           WHERE id NOT IN (SELECT fresh_id FROM temp.met WHERE fresh_id IS NOT NULL)"""
    )


def extent(db: sqlite3.Connection, site: str) -> tuple[int, int]:
    """How many articles of a site there are, and in how many known ones anything differs."""
    (articles,) = db.execute(
        "SELECT count(*) FROM main.articles WHERE site = ?", (site,)
    ).fetchone()
    (changed,) = db.execute(
        """SELECT count(*) FROM (
               SELECT id FROM temp.changed UNION SELECT id FROM temp.leaving UNION
               SELECT p.id FROM temp.pairs p JOIN main.articles a ON a.id = p.id
               JOIN fresh.articles f ON f.id = p.fresh_id WHERE a.key != f.key)"""
    ).fetchone()
    return articles, changed


def fields(db: sqlite3.Connection) -> list[Difference]:
    """For each field, and each table of an article's own rows, the articles where it differs."""
    joined = """FROM temp.pairs p JOIN temp.changed c ON c.what = 'articles' AND c.id = p.id
        JOIN main.articles a ON a.id = p.id JOIN fresh.articles f ON f.id = p.fresh_id"""
    counts = ", ".join(f"count(*) FILTER (WHERE a.{name} IS NOT f.{name})" for name in FIELDS)
    numbers = db.execute(f"SELECT {counts} {joined}").fetchone()
    found = [_part(db, table) for table in PARTS]
    for name, number in zip(FIELDS, numbers, strict=True):
        query = f"""SELECT a.site || '/' || a.key, a.{name}, f.{name} {joined}
            WHERE a.{name} IS NOT f.{name}"""
        found.append(Difference(name, number, _examples(db, query) if number else ()))
    order = (*FIELDS, *PARTS)
    return sorted((one for one in found if one.number), key=lambda one: order.index(one.what))


def _part(db: sqlite3.Connection, table: str) -> Difference:
    keys, shown = PARTS[table]
    (count,) = db.execute("SELECT count(*) FROM changed WHERE what = ?", (table,)).fetchone()
    lists = [
        f"""(SELECT group_concat(line, char(10)) FROM (SELECT {shown} AS line FROM {schema}.{table}
             WHERE article_id = {number} ORDER BY {", ".join(keys)}))"""
        for schema, number in (("main", "p.id"), ("fresh", "p.fresh_id"))
    ]
    query = f"""SELECT a.site || '/' || a.key, {", ".join(lists)} FROM temp.changed c
        JOIN temp.pairs p ON p.id = c.id JOIN main.articles a ON a.id = p.id
        WHERE c.what = '{table}'"""
    return Difference(table, count, _examples(db, query))


def _unlike(columns: Sequence[str], one: str, other: str) -> str:
    """The condition that one row is not as another."""
    rows = [", ".join(f"{name}.{column}" for column in columns) for name in (one, other)]
    return f"({rows[0]}) IS NOT ({rows[1]})"


def counted(db: sqlite3.Connection, what: str, query: str) -> Difference:
    """A difference of which a query gives every case."""
    (count,) = db.execute(f"SELECT count(*) FROM ({query})").fetchone()
    return Difference(what, count, _examples(db, query))


def _examples(db: sqlite3.Connection, query: str) -> tuple[Example, ...]:
    return tuple(Example(*row) for row in db.execute(f"{query} LIMIT {EXAMPLES}"))
