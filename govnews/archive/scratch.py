"""A scratch archive: where the captures of a site are kept once more, to see what comes of it.

It has the tables of an archive, but no full-text index; the archive itself is attached as
`present`, for reading. What tells of crawls (runs, captures, verdicts) is copied from there as the
replay comes to it.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from govnews.archive import runs
from govnews.archive.database import FILE, uri_of
from govnews.archive.runs import Options
from govnews.archive.schema import migrate
from govnews.sites import Site

_SCRATCH = """
DROP TABLE articles_index;
CREATE TABLE articles_index (articles_index, text, title, folded_text, folded_title);
CREATE TRIGGER articles_not_indexed BEFORE INSERT ON articles_index
    BEGIN SELECT RAISE(IGNORE); END;
CREATE INDEX observations_capture ON observations(capture_id);
CREATE INDEX mentions_fingerprint ON mentions(fingerprint);
CREATE TABLE unproven (
    run_id INTEGER NOT NULL, url TEXT NOT NULL, PRIMARY KEY (run_id, url)
) WITHOUT ROWID;
CREATE TABLE unread (capture_id INTEGER PRIMARY KEY, reason TEXT NOT NULL);
PRAGMA journal_mode = MEMORY;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
"""


def make(file: Path, folder: Path) -> sqlite3.Connection:
    """A new scratch archive for a collection, in place of one that a dead process left."""
    remove(file)
    db = sqlite3.connect(f"{uri_of(file)}?mode=rwc", uri=True, isolation_level=None)
    db.row_factory = sqlite3.Row
    migrate(db, file)
    db.executescript(_SCRATCH)
    db.execute("ATTACH ? AS present", (f"{uri_of(folder / FILE)}?mode=ro",))
    return db


def remove(file: Path) -> None:
    """Takes a scratch archive away, if there is one."""
    for path in (file, file.with_name(f"{file.name}-journal")):
        path.unlink(missing_ok=True)


def begin_run(db: sqlite3.Connection, site: Site, run_id: int) -> Options:
    """Comes to a run, with its listings at their beginning; what it was asked for."""
    db.execute("INSERT OR IGNORE INTO runs SELECT * FROM present.runs WHERE id = ?", (run_id,))
    wanted, goes_on = db.execute(
        """SELECT options, (SELECT before.ending = 'ceiling' AND before.options = runs.options
               FROM runs before WHERE before.site = runs.site AND before.id < runs.id
               ORDER BY before.id DESC LIMIT 1)
           FROM runs WHERE id = ?""",
        (run_id,),
    ).fetchone()
    options = Options(**json.loads(wanted))
    if not goes_on:
        runs.start_walks(db, site, run_id, options.full)
    return options


def end_run(db: sqlite3.Connection, run_id: int) -> bool:
    """Leaves a run: its listings are as the crawl judged them. Whether it was ended by its keeper,
    not by its death."""
    db.execute("DELETE FROM listings WHERE run_id = ?", (run_id,))
    db.execute("INSERT INTO listings SELECT * FROM present.listings WHERE run_id = ?", (run_id,))
    outcome, ending = db.execute(
        "SELECT outcome, ending FROM runs WHERE id = ?", (run_id,)
    ).fetchone()
    return ending is not None or outcome not in ("running", "interrupted")


def ends(db: sqlite3.Connection, run_id: int) -> dict[str, str]:
    """The listings that a crawl found complete, and why."""
    rows = db.execute(
        "SELECT url, reason FROM listings WHERE run_id = ? AND verdict = 'complete'", (run_id,)
    )
    return dict(rows.fetchall())


def doubt(db: sqlite3.Connection, run_id: int, url: str) -> None:
    """A listing was not proven complete, as its pages are read today."""
    db.execute("INSERT INTO unproven VALUES (?, ?)", (run_id, url))
    db.execute(
        "UPDATE listings SET verdict = 'incomplete' WHERE run_id = ? AND url = ?", (run_id, url)
    )


def add_capture(db: sqlite3.Connection, capture_id: int) -> None:
    """Copies a capture's row: what is kept of it leads there."""
    db.execute("INSERT INTO captures SELECT * FROM present.captures WHERE id = ?", (capture_id,))


def not_read(db: sqlite3.Connection, capture_id: int, reason: str) -> None:
    """A capture that can't be read again: what was read of it before must stay."""
    db.execute("INSERT INTO unread VALUES (?, ?)", (capture_id, reason))
