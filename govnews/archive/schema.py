"""The archive's tables, as numbered migrations; `PRAGMA user_version` is the last one applied."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from govnews.errors import ArchiveError, NewerArchiveError

_FOUNDATION = """
CREATE TABLE sites (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, url TEXT, language TEXT, timezone TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL REFERENCES sites(id),
    started_at TEXT NOT NULL, finished_at TEXT,
    outcome TEXT NOT NULL
        CHECK (outcome IN ('complete', 'incomplete', 'failed', 'interrupted', 'running')),
    requests INTEGER NOT NULL DEFAULT 0, new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0, problems INTEGER NOT NULL DEFAULT 0,
    options TEXT NOT NULL DEFAULT '{}', cookies TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX runs_site ON runs(site, id);

CREATE TABLE captures (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL, method TEXT NOT NULL, url TEXT NOT NULL,
    request_sha256 TEXT, fetched_at TEXT NOT NULL, status INTEGER NOT NULL,
    content_type TEXT, etag TEXT, last_modified TEXT,
    warc_file TEXT NOT NULL, warc_offset INTEGER NOT NULL, warc_length INTEGER NOT NULL,
    payload_sha256 TEXT NOT NULL, run_id INTEGER REFERENCES runs(id),
    payload_capture_id INTEGER REFERENCES captures(id)
);
CREATE INDEX captures_url ON captures(url);
CREATE INDEX captures_run ON captures(run_id);
CREATE INDEX captures_payload ON captures(payload_sha256) WHERE payload_capture_id IS NULL;
CREATE INDEX captures_place ON captures(warc_file, warc_offset);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL REFERENCES sites(id), key TEXT NOT NULL,
    url TEXT NOT NULL, title TEXT, author TEXT, section TEXT,
    language TEXT, published_at TEXT, published_source TEXT,
    first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, changed_at TEXT, gone_at TEXT,
    revision INTEGER NOT NULL, text_sha256 TEXT NOT NULL,
    story_id INTEGER REFERENCES articles(id),
    url_weight INTEGER NOT NULL,
    own_url TEXT NOT NULL, own_section TEXT, own_published_at TEXT, own_published_source TEXT,
    summary TEXT, body TEXT,
    UNIQUE (site, key)
);
CREATE INDEX articles_text ON articles(text_sha256);
CREATE INDEX articles_url ON articles(url);
CREATE INDEX articles_own_url ON articles(own_url);

CREATE TABLE revisions (
    id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles(id),
    number INTEGER NOT NULL, title TEXT, summary TEXT, body TEXT, author TEXT,
    published_at TEXT, text_sha256 TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('first', 'substantive', 'cosmetic')),
    capture_id INTEGER NOT NULL REFERENCES captures(id), seen_at TEXT NOT NULL,
    own_published_at TEXT,
    UNIQUE (article_id, number)
);

CREATE TABLE related_links (
    article_id INTEGER NOT NULL REFERENCES articles(id), position INTEGER NOT NULL,
    title TEXT, url TEXT NOT NULL, published_at TEXT, target_id INTEGER REFERENCES articles(id),
    target_key TEXT,
    PRIMARY KEY (article_id, position)
) WITHOUT ROWID;
CREATE INDEX related_links_waiting ON related_links(target_key) WHERE target_id IS NULL;

CREATE TABLE media (
    article_id INTEGER NOT NULL REFERENCES articles(id), position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('image', 'attachment')), url TEXT NOT NULL, title TEXT,
    capture_id INTEGER REFERENCES captures(id),
    PRIMARY KEY (article_id, position)
) WITHOUT ROWID;

CREATE TABLE mentions (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL, url TEXT NOT NULL, key TEXT NOT NULL,
    title TEXT, published_at TEXT, seen_on TEXT NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    source TEXT NOT NULL CHECK (source IN ('listing', 'related')),
    weight INTEGER NOT NULL, section TEXT, fingerprint INTEGER NOT NULL
);
CREATE UNIQUE INDEX mentions_once ON mentions(site, key, fingerprint);

CREATE TABLE evidence (
    article_id INTEGER NOT NULL REFERENCES articles(id), revision INTEGER NOT NULL,
    field TEXT NOT NULL, value TEXT, rule TEXT NOT NULL, raw TEXT,
    certainty TEXT NOT NULL CHECK (certainty IN ('stated', 'inferred', 'guessed')),
    UNIQUE (article_id, revision, field)
);

CREATE TABLE observations (
    id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles(id),
    capture_id INTEGER NOT NULL REFERENCES captures(id), seen_at TEXT NOT NULL, says TEXT NOT NULL
);
CREATE INDEX observations_article ON observations(article_id, seen_at);

CREATE TABLE listings (
    run_id INTEGER NOT NULL REFERENCES runs(id), site TEXT NOT NULL, url TEXT NOT NULL,
    pages INTEGER NOT NULL DEFAULT 0, verdict TEXT, reason TEXT,
    last_page TEXT, announced INTEGER,
    numbered INTEGER NOT NULL DEFAULT 0, restarts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, url)
) WITHOUT ROWID;
CREATE INDEX listings_url ON listings(site, url, run_id);

CREATE TABLE problems (
    id INTEGER PRIMARY KEY, run_id INTEGER REFERENCES runs(id), site TEXT NOT NULL,
    capture_id INTEGER REFERENCES captures(id), url TEXT, kind TEXT NOT NULL, field TEXT,
    message TEXT NOT NULL, seen_at TEXT NOT NULL
);
CREATE INDEX problems_run ON problems(run_id);

CREATE TABLE frontier (
    id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('listing', 'step', 'article')),
    url TEXT NOT NULL, method TEXT NOT NULL DEFAULT 'GET', form TEXT,
    weight INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'done', 'failed', 'forbidden')),
    attempts INTEGER NOT NULL DEFAULT 0, hops INTEGER NOT NULL DEFAULT 0,
    not_before REAL, listing TEXT, page INTEGER NOT NULL DEFAULT 0,
    run_id INTEGER, known_since INTEGER, due_at TEXT, etag TEXT, last_modified TEXT,
    UNIQUE (site, key)
);
CREATE INDEX frontier_waiting ON frontier(site, weight, id) WHERE state = 'waiting';
CREATE INDEX frontier_due ON frontier(site, due_at) WHERE state = 'done' AND kind = 'article';

CREATE TABLE walked (
    run_id INTEGER NOT NULL, listing TEXT NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (run_id, listing, key)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE articles_index USING fts5(
    text, title, folded_text, folded_title,
    content = '', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE INDEX articles_conditions
    ON articles(published_at, site, section, author, changed_at, gone_at);
"""

_FILES_AND_SIGNS = """
CREATE TABLE frontier_now (
    id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('listing', 'step', 'article', 'file', 'probe')),
    url TEXT NOT NULL, method TEXT NOT NULL DEFAULT 'GET', form TEXT,
    weight INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'done', 'failed', 'forbidden')),
    attempts INTEGER NOT NULL DEFAULT 0, hops INTEGER NOT NULL DEFAULT 0,
    not_before REAL, listing TEXT, page INTEGER NOT NULL DEFAULT 0,
    run_id INTEGER, known_since INTEGER, due_at TEXT, etag TEXT, last_modified TEXT,
    sign_at TEXT,
    UNIQUE (site, key)
);
INSERT INTO frontier_now SELECT *, NULL FROM frontier;
DROP TABLE frontier;
ALTER TABLE frontier_now RENAME TO frontier;
CREATE INDEX frontier_waiting ON frontier(site, weight, id) WHERE state = 'waiting';
CREATE INDEX frontier_due ON frontier(site, due_at) WHERE state = 'done' AND kind = 'article';
CREATE INDEX frontier_later ON frontier(site, not_before)
    WHERE state = 'waiting' AND not_before IS NOT NULL;
CREATE INDEX frontier_signs ON frontier(site, due_at) WHERE sign_at IS NOT NULL;
CREATE INDEX problems_kind ON problems(site, kind);
CREATE INDEX media_url ON media(url);
ALTER TABLE observations ADD COLUMN answer TEXT;
CREATE TABLE probes (
    run_id INTEGER NOT NULL REFERENCES runs(id), site TEXT NOT NULL, host TEXT NOT NULL,
    answer TEXT NOT NULL, capture_id INTEGER NOT NULL REFERENCES captures(id),
    PRIMARY KEY (run_id, host)
) WITHOUT ROWID;
ALTER TABLE captures ADD COLUMN tls TEXT;
"""

_ENDINGS = """
ALTER TABLE runs ADD COLUMN ending TEXT;
"""

_ROLES = """
ALTER TABLE captures ADD COLUMN role TEXT;
ALTER TABLE captures ADD COLUMN base_url TEXT;
CREATE TABLE aliases (
    site TEXT NOT NULL, key TEXT NOT NULL, article_id INTEGER NOT NULL REFERENCES articles(id),
    PRIMARY KEY (site, key)
) WITHOUT ROWID;
CREATE INDEX aliases_article ON aliases(article_id);
"""

_STORIES = """
CREATE TABLE passages (
    passage INTEGER NOT NULL, article_id INTEGER NOT NULL, PRIMARY KEY (passage, article_id)
) WITHOUT ROWID;
CREATE TABLE sketches (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    syllables INTEGER NOT NULL, figures INTEGER NOT NULL, passages BLOB NOT NULL
);
CREATE TABLE stories_waiting (article_id INTEGER PRIMARY KEY REFERENCES articles(id));
INSERT INTO stories_waiting SELECT id FROM articles;
CREATE INDEX articles_story ON articles(story_id) WHERE story_id IS NOT NULL;
"""

_LOG = """
CREATE TABLE origins (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE log (
    id INTEGER PRIMARY KEY, origin INTEGER NOT NULL REFERENCES origins(id),
    number INTEGER NOT NULL, capture_id INTEGER REFERENCES captures(id),
    entry TEXT NOT NULL, hash TEXT NOT NULL,
    UNIQUE (origin, number)
);
CREATE INDEX log_capture ON log(capture_id);
CREATE TRIGGER log_keeps_its_entries BEFORE UPDATE ON log
    BEGIN SELECT RAISE(ABORT, 'the log is appended to, never altered'); END;
CREATE TRIGGER log_loses_no_entries BEFORE DELETE ON log
    BEGIN SELECT RAISE(ABORT, 'the log is appended to, never altered'); END;
"""

_CALENDARS = """
ALTER TABLE listings ADD COLUMN calendar TEXT;
"""

MIGRATIONS: tuple[str, ...] = (
    _FOUNDATION,
    _FILES_AND_SIGNS,
    _ENDINGS,
    _ROLES,
    _STORIES,
    _LOG,
    _CALENDARS,
)
"""Each the SQL that leads from the version before it; what has landed is never edited."""


def is_current(db: sqlite3.Connection, file: Path) -> bool:
    """Whether an archive is of the newest version.

    Raises NewerArchiveError where it is newer than this program.
    """
    version = _version(db)
    if version > len(MIGRATIONS):
        raise NewerArchiveError(
            f"{file} was written by a later govnews (archive version {version}; this program "
            f"knows {len(MIGRATIONS)}). Update govnews; nothing was touched"
        )
    return version == len(MIGRATIONS)


def migrate(db: sqlite3.Connection, file: Path) -> None:
    """Brings an archive to the newest version, all or nothing, after a copy of an older one.

    Raises NewerArchiveError where the archive is newer than this program.
    """
    if is_current(db, file):
        return
    version = _version(db)
    if version:
        _copy(db, file.with_name(f"{file.name}.version-{version}"))
    _apply(db)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _copy(db: sqlite3.Connection, copy: Path) -> None:
    room = shutil.disk_usage(copy.parent).free
    size = db.execute("PRAGMA page_count").fetchone()[0] * 4096
    if room < 2 * size:
        raise ArchiveError(f"no room for a copy of the archive beside it: {copy}. Free some space")
    with sqlite3.connect(copy) as target:
        db.backup(target)
    target.close()


def _apply(db: sqlite3.Connection) -> None:
    db.execute("BEGIN EXCLUSIVE")
    try:
        for number in range(_version(db), len(MIGRATIONS)):
            for statement in _statements(MIGRATIONS[number]):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    """A script's statements one by one, since executescript would end the transaction."""
    statements, text = [], ""
    for line in script.splitlines(keepends=True):
        text += line
        if sqlite3.complete_statement(text):
            statements.append(text)
            text = ""
    return statements
