"""Articles as the archive holds them: streamed by filter, or one by its reference."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from govnews.archive.filters import Filter, conditions
from govnews.errors import UsageError
from govnews.items import Medium
from govnews.vietnamese import nfc


@dataclass(frozen=True, slots=True)
class ArchivedLink:
    """A link in an article's related list; `target` is `site/key`, where that is archived."""

    title: str | None
    url: str
    published_at: str | None
    target: str | None


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """An article as it stands now: its fields are those of every export, in their order.

    Times are ISO 8601 text with an offset, or a day alone, as `published_precision` says;
    `story` is the first article of the same text, as `site/key`.
    """

    id: int
    site: str
    key: str
    url: str
    title: str | None
    summary: str | None
    body: str | None
    author: str | None
    section: str | None
    language: str | None
    published_at: str | None
    published_precision: str | None
    published_source: str | None
    first_seen_at: str
    last_seen_at: str
    changed_at: str | None
    gone_at: str | None
    revision: int
    text_sha256: str
    story: str | None
    related_links: tuple[ArchivedLink, ...]
    media: tuple[Medium, ...]

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, with `related_links` and `media` as lists of dictionaries."""
        values = {name: getattr(self, name) for name in FIELDS}
        lists = {name: list(map(asdict, values[name])) for name in ("related_links", "media")}
        return values | lists


@dataclass(frozen=True, slots=True)
class StoryMember:
    """Another article of the same story; `article` is its `site/key`."""

    article: str
    title: str | None
    url: str
    published_at: str | None
    first_seen_at: str


FIELDS = tuple(field.name for field in fields(ArchivedArticle))
"""The fields of an article in every export, in order."""

_LONGEST_ID = 18
"""Digits that surely fit into SQLite's integers."""

_SELECT = """
SELECT a.id, a.site, a.key, a.url, a.title, a.summary, a.body, a.author, a.section, a.language,
    a.published_at,
    CASE WHEN length(a.published_at) > 10 THEN 'minute'
         WHEN a.published_at IS NOT NULL THEN 'day' END,
    a.published_source, a.first_seen_at, a.last_seen_at, a.changed_at, a.gone_at, a.revision,
    a.text_sha256,
    (SELECT s.site || '/' || s.key FROM articles s WHERE s.id = a.story_id),
    (SELECT json_group_array(json_array(
         l.title, l.url, l.published_at,
         (SELECT t.site || '/' || t.key FROM articles t WHERE t.id = l.target_id)))
     FROM (SELECT * FROM related_links WHERE article_id = a.id ORDER BY position) l),
    (SELECT json_group_array(json_array(m.kind, m.url, m.title))
     FROM (SELECT * FROM media WHERE article_id = a.id ORDER BY position) m)
"""

# The index of (site, key) gives the order: nothing is sorted, so nothing is held in memory.
_IN_ORDER = "FROM articles a INDEXED BY sqlite_autoindex_articles_1 WHERE "

_REFERENCES = """
SELECT id FROM articles WHERE site = :site AND key = :key
UNION ALL SELECT article_id FROM aliases WHERE site = :site AND key = :key
UNION ALL SELECT id FROM articles WHERE url = :reference
UNION ALL SELECT id FROM articles WHERE own_url = :reference
UNION ALL SELECT a.id FROM mentions m JOIN articles a ON a.site = m.site AND a.key = m.key
    WHERE m.url = :reference
LIMIT 1
"""


def articles(db: sqlite3.Connection, wanted: Filter) -> Iterator[ArchivedArticle]:
    """The articles that pass a filter, by site and key: one at a time, all as at one moment.

    Raises UsageError at once where the filter's days are none.
    """
    where, parameters = conditions(wanted)
    return _streamed(db, f"{_SELECT}{_IN_ORDER}{where} ORDER BY a.site, a.key", parameters)


def article(db: sqlite3.Connection, article_id: int) -> ArchivedArticle:
    """The article of this id, as `find` gives it; raises UsageError where there is none."""
    found = db.execute(f"{_SELECT}FROM articles a WHERE a.id = ?", (article_id,)).fetchone()
    if found is None:
        raise UsageError(f"no article has the id {article_id}. Look for it: govnews search WORDS")
    return _article(found)


def find(db: sqlite3.Connection, reference: str | int) -> int:
    """The id of the article that is meant by `site/key`, by any of its addresses, or by its id.

    Raises UsageError where none is.
    """
    text = nfc(str(reference)).strip()
    if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID:
        return article(db, int(text)).id
    site, _, key = text.partition("/")
    row = db.execute(_REFERENCES, {"site": site, "key": key, "reference": text}).fetchone()
    if row is None:
        raise UsageError(
            f"no article is called {text!r}. Give site/key, an address or an id; "
            "look for it: govnews search WORDS"
        )
    return int(row[0])


def story(db: sqlite3.Connection, article_id: int) -> list[StoryMember]:
    """The other articles of an article's story, those first that were seen first."""
    rows = db.execute(
        """SELECT o.site || '/' || o.key, o.title, o.url, o.published_at, o.first_seen_at
           FROM articles a JOIN articles o ON o.story_id = a.story_id AND o.id != a.id
           WHERE a.id = ? ORDER BY o.first_seen_at, o.site, o.key""",
        (article_id,),
    )
    return [StoryMember(*row) for row in rows]


def _streamed(
    db: sqlite3.Connection, sql: str, parameters: dict[str, str | int]
) -> Iterator[ArchivedArticle]:
    # One statement reads everything, so that SQLite keeps one snapshot until its last row.
    for row in db.execute(sql, parameters):
        yield _article(row)


def _article(row: sqlite3.Row) -> ArchivedArticle:
    values: dict[str, Any] = dict(zip(FIELDS, row, strict=True))
    values["related_links"] = tuple(ArchivedLink(*link) for link in json.loads(row[-2]))
    values["media"] = tuple(Medium(*medium) for medium in json.loads(row[-1]))
    return ArchivedArticle(**values)
