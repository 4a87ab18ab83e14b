"""Articles and their revisions: what a reading makes of the rows."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Literal

from govnews.archive import attachments, index, stories
from govnews.archive.dating import is_after
from govnews.archive.digests import evidence_rows
from govnews.archive.mentions import OWN, Seen, Settled, can_win, settle
from govnews.archive.revisions import Change, Text, change_between, text_sha256
from govnews.items import Article, Evidence, Mention
from govnews.sites import Site

Says = Literal["new", "changed", "unchanged"]


def keep(
    db: sqlite3.Connection,
    site: Site,
    article: Article,
    evidence: tuple[Evidence, ...],
    capture_id: int,
    seen_at: str,
) -> Says:
    """Keeps what a page says of its article; a revision where the text is not the last one's."""
    row = _row(db, site.id, article.key)
    first_seen_at = row["first_seen_at"] if row else seen_at
    if article.published_at and is_after(article.published_at, first_seen_at):
        article = _as_dated_before(article, row)
        evidence = tuple(item for item in evidence if item.field != "published_at")
    own = Settled(article.url, OWN, article.section, article.published_at, article.published_source)
    by_address = site.article.section is not None
    settled = settle(db, site.id, article.key, own, by_address, first_seen_at)
    text = Text(article.title, article.summary, article.body, article.author, settled.published_at)
    digest = text_sha256(text)
    if row is None:
        article_id = _insert(db, site, article, settled, text, digest, seen_at)
        change: Change | None = "first"
        number = 1
    else:
        article_id = row["id"]
        change = change_between(_text(row), text)
        number = row["revision"] + (1 if change else 0)
        _update(db, article_id, article, settled, text, digest, number, change, seen_at)
    old = None if row is None else index.Document(row["title"], row["summary"], row["body"])
    new = index.Document(text.title, text.summary, text.body)
    index.replace(db, article_id, old, new)
    if new != old:
        stories.await_relating(db, article_id)
    if change:
        _add_revision(db, article_id, number, change, text, digest, article, capture_id, seen_at)
        _keep_evidence(db, article_id, number, evidence)
    _keep_lists(db, site, article_id, article)
    if row is None or row["published_source"] != settled.published_source:
        _keep_mentioned_date(db, article_id, number, settled)
    says: Says = "new" if row is None else "changed" if change else "unchanged"
    came_back = row is not None and row["gone_at"] is not None
    observe(db, article_id, capture_id, seen_at, "returned" if came_back else says)
    return says


def resettle(db: sqlite3.Connection, site: Site, seen: Seen, mention: Mention) -> str | None:
    """Lets a new mention have its say on an article that is archived already; the date
    that the article had before.

    No revision comes of it: the publisher changed nothing, we understand more.
    """
    row = db.execute(
        """SELECT id, revision, url, url_weight, section, published_at, published_source,
               own_url, own_section, own_published_at, own_published_source, first_seen_at
           FROM articles WHERE site=? AND key=?""",
        (site.id, mention.key),
    ).fetchone()
    if row is None:
        return None
    if not can_win(seen, mention, Settled(*row[2:7])):
        return row["published_at"]  # type: ignore[no-any-return]
    own = Settled(row[7], OWN, *row[8:11])
    by_address = site.article.section is not None
    settled = settle(db, site.id, mention.key, own, by_address, row["first_seen_at"])
    db.execute(
        """UPDATE articles SET url=?, url_weight=?, section=?, published_at=?, published_source=?
           WHERE id=?""",
        (*settled, row["id"]),
    )
    if settled.published_at != row["published_at"]:
        _redate(db, row["id"], settled.published_at)
    _keep_mentioned_date(db, row["id"], row["revision"], settled)
    return row["published_at"]  # type: ignore[no-any-return]


def seen_again(
    db: sqlite3.Connection, site: str, key: str, capture_id: int, seen_at: str
) -> int | None:
    """Notes that an article's address answered without news of it; its id, None if unknown."""
    row = db.execute(
        "SELECT id, gone_at FROM articles WHERE site=? AND key=?", (site, key)
    ).fetchone()
    if row is None:
        return None
    db.execute(
        "UPDATE articles SET last_seen_at=max(last_seen_at, ?), gone_at=NULL WHERE id=?",
        (seen_at, row["id"]),
    )
    observe(db, row["id"], capture_id, seen_at, "returned" if row["gone_at"] else "unchanged")
    return int(row["id"])


def find(db: sqlite3.Connection, site: str, key: str) -> int | None:
    """An article's id by its identity."""
    row = db.execute("SELECT id FROM articles WHERE site=? AND key=?", (site, key)).fetchone()
    return int(row[0]) if row else None


def age_since(db: sqlite3.Connection, site: str, key: str) -> str | None:
    """From when an article's age counts: its publication, or else when it was first seen."""
    row = db.execute(
        "SELECT coalesce(published_at, first_seen_at) FROM articles WHERE site=? AND key=?",
        (site, key),
    ).fetchone()
    return str(row[0]) if row else None


def first_seen_at(db: sqlite3.Connection, site: str, key: str) -> str:
    """When an article that is archived was first captured."""
    query = "SELECT first_seen_at FROM articles WHERE site=? AND key=?"
    return str(db.execute(query, (site, key)).fetchone()[0])


def observe(
    db: sqlite3.Connection,
    article_id: int,
    capture_id: int,
    seen_at: str,
    says: str,
    answer: str | None = None,
) -> None:
    """Keeps what an article's own address said on a visit; `answer` in a form to be compared,
    where it did not show the article."""
    db.execute(
        """INSERT INTO observations (article_id, capture_id, seen_at, says, answer)
           VALUES (?, ?, ?, ?, ?)""",
        (article_id, capture_id, seen_at, says, answer),
    )


def _as_dated_before(article: Article, row: sqlite3.Row | None) -> Article:
    """An article whose page gives a date on which it was known already, with the date of before."""
    date, source = (row["own_published_at"], row["own_published_source"]) if row else (None, None)
    return replace(article, published_at=date, published_source=source)


def _row(db: sqlite3.Connection, site: str, key: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM articles WHERE site=? AND key=?", (site, key)
    ).fetchone()
    return row


def _text(row: sqlite3.Row) -> Text:
    return Text(*(row[field] for field in Text._fields))


def _insert(
    db: sqlite3.Connection,
    site: Site,
    article: Article,
    settled: Settled,
    text: Text,
    digest: str,
    seen_at: str,
) -> int:
    cursor = db.execute(
        """INSERT INTO articles (site, key, url, url_weight, section, published_at,
               published_source, title, summary, body, author, language, first_seen_at,
               last_seen_at, revision, text_sha256, own_url, own_section, own_published_at,
               own_published_source)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)""",
        (
            site.id,
            article.key,
            *settled,
            *text[:4],
            article.language,
            seen_at,
            seen_at,
            digest,
            article.url,
            article.section,
            article.published_at,
            article.published_source,
        ),
    )
    article_id = int(cursor.lastrowid or 0)
    db.execute(
        "UPDATE related_links SET target_id=? WHERE target_key=? AND target_id IS NULL",
        (article_id, f"{site.id}/{article.key}"),
    )
    return article_id


def _update(
    db: sqlite3.Connection,
    article_id: int,
    article: Article,
    settled: Settled,
    text: Text,
    digest: str,
    number: int,
    change: Change | None,
    seen_at: str,
) -> None:
    db.execute(
        """UPDATE articles SET url=?, url_weight=?, section=?, published_at=?, published_source=?,
               title=?, summary=?, body=?, author=?, language=?, last_seen_at=?,
               changed_at=CASE WHEN ? THEN ? ELSE changed_at END, gone_at=NULL, revision=?,
               text_sha256=?, own_url=?, own_section=?, own_published_at=?,
               own_published_source=?
           WHERE id=?""",
        (
            *settled,
            *text[:4],
            article.language,
            seen_at,
            change == "substantive",
            seen_at,
            number,
            digest,
            article.url,
            article.section,
            article.published_at,
            article.published_source,
            article_id,
        ),
    )


def _add_revision(
    db: sqlite3.Connection,
    article_id: int,
    number: int,
    change: Change,
    text: Text,
    digest: str,
    article: Article,
    capture_id: int,
    seen_at: str,
) -> None:
    db.execute(
        """INSERT INTO revisions (article_id, number, title, summary, body, author, published_at,
               text_sha256, change, capture_id, seen_at, own_published_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            article_id,
            number,
            *text,
            digest,
            change,
            capture_id,
            seen_at,
            article.published_at,
        ),
    )


def _redate(db: sqlite3.Connection, article_id: int, published_at: str | None) -> None:
    """Revisions whose page stated no date have it from mentions, as the article has."""
    rows = db.execute(
        "SELECT * FROM revisions WHERE article_id=? AND own_published_at IS NULL", (article_id,)
    ).fetchall()
    for row in rows:
        digest = text_sha256(_text(row)._replace(published_at=published_at))
        db.execute(
            "UPDATE revisions SET published_at=?, text_sha256=? WHERE id=?",
            (published_at, digest, row["id"]),
        )
    db.execute(
        """UPDATE articles SET text_sha256 = (SELECT text_sha256 FROM revisions
               WHERE article_id = articles.id AND number = articles.revision)
           WHERE id=?""",
        (article_id,),
    )


def _keep_evidence(
    db: sqlite3.Connection, article_id: int, number: int, evidence: tuple[Evidence, ...]
) -> None:
    db.executemany(
        """INSERT OR REPLACE INTO evidence
               (article_id, revision, field, value, rule, raw, certainty)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [(article_id, number, *row) for row in evidence_rows(evidence)],
    )


def _keep_mentioned_date(
    db: sqlite3.Connection, article_id: int, number: int, settled: Settled
) -> None:
    if settled.published_source in ("listing", "related"):
        date = settled.published_at or ""
        rule = f"mention:{settled.published_source}"
        _keep_evidence(
            db, article_id, number, (Evidence("published_at", date, rule, date, "stated"),)
        )


def _keep_lists(db: sqlite3.Connection, site: Site, article_id: int, article: Article) -> None:
    links = [(link.title, link.url, link.published_at) for link in article.related_links]
    kept = db.execute(
        "SELECT title, url, published_at FROM related_links WHERE article_id=? ORDER BY position",
        (article_id,),
    ).fetchall()
    if links != [tuple(row) for row in kept]:
        _replace_links(db, site, article_id, links)
    attachments.keep(db, article_id, article.media)


def _replace_links(
    db: sqlite3.Connection,
    site: Site,
    article_id: int,
    links: list[tuple[str | None, str, str | None]],
) -> None:
    db.execute("DELETE FROM related_links WHERE article_id=?", (article_id,))
    for position, (title, url, published_at) in enumerate(links):
        key = site.key(url)
        target = find(db, site.id, key) if key else None
        db.execute(
            "INSERT INTO related_links VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                article_id,
                position,
                title,
                url,
                published_at,
                target,
                f"{site.id}/{key}" if key else None,
            ),
        )
