"""Whether an archive is sound: database, log, WARC records, references both ways, full-text index.

Everything is read, nothing is written; `mend` makes again what can be made from the rest.
"""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from govnews.archive import agreement, log, mending, proof, soundness, understanding
from govnews.archive.database import create_or_open, open_read_only
from govnews.archive.log import Head
from govnews.archive.soundness import Cure, Damage, Note
from govnews.archive.witness import Part, check_part, parts

Finding = Damage | Note
Watch = Callable[[str], None]
"""Is told what is being checked."""

_CHECKS: tuple[tuple[str, Callable[[sqlite3.Connection], Iterator[Finding]]], ...] = (
    ("the file", soundness.check_file),
    ("references", soundness.check_references),
    ("the log", proof.note_before),
    ("the log", proof.check_chain),
    ("captures", proof.check_captures),
    ("revisions", agreement.check_revisions),
    ("articles", agreement.check_articles),
    ("texts as read", understanding.check_texts),
    ("articles as read", understanding.check_lists),
    ("visits", understanding.check_moments),
    ("visits as read", understanding.check_visits),
    ("the full-text index", soundness.check_index),
)
_GARBLED = (sqlite3.Error, ValueError, TypeError, ArithmeticError, LookupError, AttributeError)
"""What comes of values that their column can't hold."""
_FEW = 4


def verify(
    folder: Path,
    processes: int = 1,
    heads: Iterable[str] = (),
    watch: Watch = lambda what: None,
) -> Iterator[Finding]:
    """What in a collection is not as it was kept, as it is found; no damage where all is sound.

    WARC files are read by so many processes; `heads` are hashes of the log that were published
    before. Raises ArchiveError where there is no archive, or it can't be read at all.
    """
    db = soundness.open_to_check(folder)
    if isinstance(db, Damage):
        yield db
        return
    with closing(db), ExitStack() as stack:
        db.execute("BEGIN")  # all as at one moment, whatever is crawled meanwhile
        todo: list[Part] = []
        yield from _guarded("captures", _listed(db, folder, todo))
        found = _witnessed(stack, folder, todo, processes)
        for what, check in _CHECKS:
            watch(what)
            yield from _guarded(what, check(db))
        for digest in heads:
            yield from proof.check_head(db, digest)
        for number, findings in enumerate(found, 1):
            watch(f"WARC files, {number} of {len(todo)} parts")
            yield from findings


def heads(folder: Path) -> list[Head]:
    """The end of each log that a collection holds, its own first."""
    with closing(open_read_only(folder)) as db:
        return log.heads(db)


def mend(folder: Path, cures: Iterable[Cure]) -> None:
    """Makes again what these cures are for; evidence and log are not touched."""
    with closing(create_or_open(folder)) as db:
        mending.mend(db, cures)


def _guarded(what: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """What a check finds; where it can't be done to its end, that is damage too."""
    try:
        yield from findings
    except _GARBLED as error:
        yield Damage("archive.db", f"{what} can't be checked to the end: {error}")


def _listed(db: sqlite3.Connection, folder: Path, todo: list[Part]) -> Iterator[Finding]:
    todo += parts(db, folder)
    yield from ()


def _witnessed(
    stack: ExitStack, folder: Path, todo: list[Part], processes: int
) -> Iterable[list[Finding]]:
    """What is found in each part of the WARC files, by processes that begin at once."""
    check = partial(_check_part, folder)
    if processes == 1 or len(todo) <= _FEW:
        return map(check, todo)
    pool = stack.enter_context(get_context("spawn").Pool(processes, _leave_signals_to_parent))
    return pool.imap(check, todo)


def _check_part(folder: Path, part: Part) -> list[Finding]:
    db = soundness.open_to_check(folder)
    if isinstance(db, Damage):
        return [db]
    with closing(db):
        return list(_guarded(f"{part.file} at byte {part.start}", check_part(db, folder, part)))


def _leave_signals_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
