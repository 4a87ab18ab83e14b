"""Articles as files for other programs: streamed, in one order, whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from govnews.archive.filters import Filter
from govnews.archive.query import ArchivedArticle, articles
from govnews.errors import UsageError
from govnews.export.destination import destination
from govnews.export.json_text import write_json, write_jsonl
from govnews.export.spreadsheet import write_csv

__all__ = ["FORMATS", "export", "format_of"]

Writer = Callable[[Iterable[ArchivedArticle], BinaryIO], None]

FORMATS: dict[str, Writer] = {"csv": write_csv, "json": write_json, "jsonl": write_jsonl}
"""Each format's name, which is also the ending of its files, and what writes it."""


def export(
    db: sqlite3.Connection,
    wanted: Filter,
    file: Path | None = None,
    format_name: str | None = None,
) -> int:
    """Writes the articles that pass a filter, by site and key, all as at one moment; how many.

    `file` is whole or untouched; None is the standard output. Raises UsageError for a format
    that is unknown or can't be told from the file's ending, and for a file that can't be made.
    """
    write = FORMATS[format_of(file, format_name)]
    counted = _Counted(articles(db, wanted))
    with destination(file) as stream:
        write(counted, stream)
    return counted.number


def format_of(file: Path | None, format_name: str | None) -> str:
    """The format that is named, or else told by the file's ending; UsageError for any other."""
    name = format_name or (file.suffix.removeprefix(".").lower() if file else "")
    if name in FORMATS:
        return name
    fault = f"{name!r} is no format" if name else "the format is not told"
    raise UsageError(f"{fault}. Give --format {' or '.join(FORMATS)}, or a file that ends so")


class _Counted:
    """Passes articles on and counts them."""

    def __init__(self, rows: Iterable[ArchivedArticle]) -> None:
        self._rows, self.number = rows, 0

    def __iter__(self) -> Iterator[ArchivedArticle]:
        for row in self._rows:
            self.number += 1
            yield row
