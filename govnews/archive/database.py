"""Opening a collection's `archive.db`: pragmas, migrations, transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from govnews.archive import log
from govnews.archive.schema import is_current, migrate
from govnews.errors import ArchiveError

FILE = "archive.db"
_BUSY_MS = 600_000  # a re-reading of a large site that is applied writes for minutes


def create_or_open(folder: Path) -> sqlite3.Connection:
    """The archive of a collection, made where there is none, migrated where it is older.

    Raises ArchiveError where the folder can't be written or the file is no archive.
    """
    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        db = _connect(f"{uri_of(file)}?mode=rwc")
        db.execute("PRAGMA journal_mode = WAL")
        migrate(db, file)
        _begin_log(db)
        return db
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{file} can't be opened: {error}. Is it an archive?") from error


def open_read_only(folder: Path) -> sqlite3.Connection:
    """The archive for readers, migrated where it is older; also from a medium that can't be
    written. Raises ArchiveError where there is none."""
    file = folder / FILE
    if not file.exists():
        raise ArchiveError(f"{folder} holds no archive yet. Fill it: govnews crawl SITE")
    try:
        db = _readable(file)
        if not is_current(db, file):
            db.close()
            create_or_open(folder).close()
            db = _readable(file)
        return db
    except sqlite3.Error as error:
        raise ArchiveError(f"{file} can't be opened: {error}. Is it an archive?") from error


def _readable(file: Path) -> sqlite3.Connection:
    db = _connect(f"{uri_of(file)}?mode=ro")
    try:
        db.execute("SELECT 1 FROM sqlite_master")
        return db
    except sqlite3.OperationalError:  # a read-only folder has no place for the WAL's index
        db.close()
        return _connect(f"{uri_of(file)}?mode=ro&immutable=1")


def _begin_log(db: sqlite3.Connection) -> None:
    if not log.is_begun(db):
        with transaction(db):
            log.begin(db)


def unchecked(db: sqlite3.Connection) -> None:
    """References are not checked from now on: tables are to be replaced whole."""
    db.execute("PRAGMA foreign_keys = OFF")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; waits for the other writer, if there is one."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


@contextmanager
def savepoint(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing within a transaction."""
    db.execute("SAVEPOINT page")
    try:
        yield
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK TO page")
            db.execute("RELEASE page")
        raise
    db.execute("RELEASE page")


def _connect(uri: str) -> sqlite3.Connection:
    db = sqlite3.connect(uri, uri=True, isolation_level=None, cached_statements=512)
    db.row_factory = sqlite3.Row
    db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA cache_size = -65536")
    db.execute("PRAGMA wal_autocheckpoint = 4000")
    db.execute("PRAGMA foreign_keys = ON")
    return db


def uri_of(file: Path) -> str:
    """A file as SQLite's URI names it, without parameters."""
    quoted = str(file.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{quoted}"
