"""The archive's understanding of a site, replaced by that of a scratch archive where they differ.

Numbers stay: an article that is the same keeps its id, a revision of the same number its own. The
caller holds the transaction, has had `pairing` and `differences` find out what is what, and foreign
keys are not enforced, since that would search whole tables for each row that goes.
"""

from __future__ import annotations

import sqlite3

from govnews.archive import addresses, index, stories
from govnews.archive.differences import PARTS, columns_of
from govnews.archive.index import Document
from govnews.sites import Site

LEADS_ON = "its last page leads on, as it is read now"
"""The reason for which a listing is not proven complete any more."""
_NUMBERED = ("revisions", "observations")
_TARGET = """
coalesce((SELECT t.id FROM main.articles t
          WHERE t.site = ?1 AND t.key = substr(target_key, length(?1) + 2)),
         (SELECT s.article_id FROM main.aliases s
          WHERE s.site = ?1 AND s.key = substr(target_key, length(?1) + 2)))
"""


def swap(db: sqlite3.Connection, site: Site) -> None:
    """Puts right what was misread of a site."""
    _remove(db, site.id)
    _rename(db, site.id)
    _add(db)
    _index(db)
    _replace_articles(db)
    _relate(db)
    for table in PARTS:
        _replace_part(db, table)
    _replace_mentions(db)
    _replace_probes(db, site.id)
    _relink(db, site.id)
    db.execute(
        """UPDATE main.listings SET verdict = 'incomplete', reason = ?
           WHERE (run_id, url) IN (SELECT run_id, url FROM fresh.unproven)""",
        (LEADS_ON,),
    )
    addresses.move(db, site)


def _remove(db: sqlite3.Connection, site: str) -> None:
    """Takes out articles that are part of another one, whose key leads to that one from now on,
    and those that are dropped."""
    text_of = "SELECT key, title, summary, body FROM main.articles WHERE id = ?"
    for number, heir in db.execute("SELECT id, heir FROM temp.leaving").fetchall():
        key, *text = db.execute(text_of, (number,)).fetchone()
        index.remove(db, number, Document(*text))
        stories.forget(db, number)
        if heir is None:
            db.execute("DELETE FROM main.aliases WHERE article_id = ?", (number,))
        else:
            led = (heir, number)
            db.execute("UPDATE main.aliases SET article_id = ? WHERE article_id = ?", led)
            db.execute("INSERT OR REPLACE INTO main.aliases VALUES (?, ?, ?)", (site, key, heir))
        for table in PARTS:
            db.execute(f"DELETE FROM main.{table} WHERE article_id = ?", (number,))
        db.execute("DELETE FROM main.articles WHERE id = ?", (number,))


def _rename(db: sqlite3.Connection, site: str) -> None:
    """Gives articles their key of today; the old one goes on leading to them."""
    db.execute(
        """CREATE TEMP TABLE renamed AS SELECT p.id, a.key AS old, f.key AS new
           FROM temp.pairs p JOIN main.articles a ON a.id = p.id
           JOIN fresh.articles f ON f.id = p.fresh_id WHERE a.key != f.key"""
    )
    db.execute(
        """UPDATE main.articles SET key = char(0) || id
           WHERE id IN (SELECT id FROM temp.renamed)"""
    )
    db.execute(
        "UPDATE main.articles SET key = r.new FROM temp.renamed r WHERE r.id = main.articles.id"
    )
    db.execute("INSERT OR REPLACE INTO main.aliases SELECT ?, old, id FROM temp.renamed", (site,))


def _add(db: sqlite3.Connection) -> None:
    """Makes rows for articles that were not read before; they are filled with the others."""
    db.execute(
        """CREATE TEMP TABLE added AS
           SELECT f.id AS fresh_id,
               (SELECT coalesce(max(id), 0) FROM main.articles) + row_number() OVER () AS id
           FROM fresh.articles f
           WHERE f.id NOT IN (SELECT fresh_id FROM temp.pairs) AND NOT EXISTS (
               SELECT 1 FROM main.articles a WHERE a.site = f.site AND a.key = f.key)"""
    )
    names = ", ".join(["key", *columns_of(db, "articles", "key")])
    db.execute(
        f"""INSERT INTO main.articles (id, {names})
            SELECT n.id, {names} FROM temp.added n JOIN fresh.articles f ON f.id = n.fresh_id"""
    )
    db.execute("INSERT INTO temp.pairs SELECT fresh_id, id, 0 FROM temp.added")
    for table in PARTS:
        db.execute("INSERT INTO temp.changed SELECT ?, id FROM temp.added", (table,))


def _index(db: sqlite3.Connection) -> None:
    """Brings the full-text index to the new texts, while the old ones are still there."""
    texts = "a.title, a.summary, a.body, f.title, f.summary, f.body"
    for number, *both in db.execute(
        f"""SELECT p.id, {texts} FROM temp.changed c JOIN temp.pairs p ON p.id = c.id
            JOIN main.articles a ON a.id = p.id JOIN fresh.articles f ON f.id = p.fresh_id
            WHERE c.what = 'articles'"""
    ):
        index.replace(db, number, Document(*both[:3]), Document(*both[3:]))
    for number, *text in db.execute(
        """SELECT n.id, f.title, f.summary, f.body
           FROM temp.added n JOIN fresh.articles f ON f.id = n.fresh_id"""
    ):
        index.replace(db, number, None, Document(*text))


def _replace_articles(db: sqlite3.Connection) -> None:
    columns = columns_of(db, "articles", "key")
    new = ", ".join(f"f.{name}" for name in columns)
    db.execute(
        f"""UPDATE main.articles SET ({", ".join(columns)}) = ({new})
            FROM temp.changed c JOIN temp.pairs p ON p.id = c.id
            JOIN fresh.articles f ON f.id = p.fresh_id
            WHERE c.what = 'articles' AND main.articles.id = p.id"""
    )


def _relate(db: sqlite3.Connection) -> None:
    """Has stories found anew of articles whose text, key or first day is another one."""
    for (number,) in db.execute(
        """SELECT id FROM temp.changed WHERE what = 'articles'
           UNION SELECT id FROM temp.added UNION SELECT id FROM temp.renamed"""
    ).fetchall():
        stories.await_relating(db, number)


def _replace_part(db: sqlite3.Connection, table: str) -> None:
    """The rows of changed articles in one table; of those that stay numbers do."""
    keys = PARTS[table].keys
    columns = columns_of(db, table)
    names, values = ", ".join(columns), ", ".join(f"f.{name}" for name in columns)
    changed = f"SELECT id FROM temp.changed WHERE what = '{table}'"
    numbered = table in _NUMBERED
    if numbered:
        db.execute(
            f"""CREATE TEMP TABLE numbers AS SELECT * FROM main.{table}
                WHERE article_id IN ({changed})"""
        )
    db.execute(f"DELETE FROM main.{table} WHERE article_id IN ({changed})")
    if numbered:
        same = " AND ".join(f"o.{key} = f.{key}" for key in keys)
        db.execute(
            f"""INSERT INTO main.{table} (id, article_id, {names})
                SELECT o.id, p.id, {values} FROM temp.numbers o
                JOIN temp.pairs p ON p.id = o.article_id
                JOIN fresh.{table} f ON f.article_id = p.fresh_id AND {same}"""
        )
    same = " AND ".join(f"m.{key} = f.{key}" for key in keys)
    db.execute(
        f"""INSERT INTO main.{table} (article_id, {names})
            SELECT p.id, {values} FROM temp.pairs p
            JOIN fresh.{table} f ON f.article_id = p.fresh_id
            WHERE p.id IN ({changed}) AND NOT EXISTS (
                SELECT 1 FROM main.{table} m WHERE m.article_id = p.id AND {same})
            ORDER BY p.id, {", ".join(f"f.{key}" for key in keys)}"""
    )
    db.execute("DROP TABLE IF EXISTS temp.numbers")


def _relink(db: sqlite3.Connection, site: str) -> None:
    """Has keys lead where they lead now; the key of an article is no other one's."""
    db.execute(
        """DELETE FROM main.aliases WHERE site = ?1
           AND key IN (SELECT key FROM main.articles WHERE site = ?1)""",
        (site,),
    )
    db.execute(
        """UPDATE main.related_links SET target_key = f.target_key
           FROM temp.pairs p JOIN fresh.related_links f ON f.article_id = p.fresh_id
           WHERE NOT p.is_held AND main.related_links.article_id = p.id
             AND main.related_links.position = f.position
             AND main.related_links.target_key IS NOT f.target_key"""
    )
    db.execute(
        f"""UPDATE main.related_links SET target_id = {_TARGET}
            WHERE article_id IN (SELECT id FROM main.articles WHERE site = ?1)
              AND target_id IS NOT {_TARGET}""",
        (site,),
    )


def _replace_mentions(db: sqlite3.Connection) -> None:
    columns = columns_of(db, "mentions")
    names, values = ", ".join(columns), ", ".join(f"f.{name}" for name in columns)
    db.execute(
        """DELETE FROM main.mentions
           WHERE id IN (SELECT id FROM temp.said WHERE fresh_id IS NULL)"""
    )
    db.execute(
        f"""UPDATE main.mentions SET ({names}) = ({values})
            FROM temp.said s JOIN fresh.mentions f ON f.id = s.fresh_id
            WHERE main.mentions.id = s.id"""
    )
    db.execute(
        f"""INSERT INTO main.mentions ({names}) SELECT {values}
            FROM temp.said s JOIN fresh.mentions f ON f.id = s.fresh_id
            WHERE s.id IS NULL ORDER BY f.id"""
    )


def _replace_probes(db: sqlite3.Connection, site: str) -> None:
    """How hosts answered for what cannot exist, so that it can be compared with observations."""
    db.execute(
        """DELETE FROM main.probes WHERE site = ?
           AND capture_id NOT IN (SELECT capture_id FROM fresh.unread)""",
        (site,),
    )
    db.execute("INSERT OR IGNORE INTO main.probes SELECT * FROM fresh.probes")
