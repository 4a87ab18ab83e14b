"""CSV that opens well in a spreadsheet and reads back exactly.

UTF-8 with a byte order mark, without which Excel garbles Vietnamese; RFC 4180, lines ended by CR
LF. In Python: `csv.DictReader(open(file, encoding="utf-8-sig", newline=""))`.

A spreadsheet would run a text that begins with `=`, `+`, `-`, `@`, tab or CR as a formula. Such a
text gets an apostrophe in front; so that it can be taken away again, a text gets one as well where
apostrophes stand before such a character. `unguarded` is the way back.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable
from typing import Any, BinaryIO

from govnews.archive.query import FIELDS, ArchivedArticle

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def write_csv(articles: Iterable[ArchivedArticle], stream: BinaryIO) -> None:
    """A header, then an article a row; `related_links` and `media` are JSON in a cell, what is
    absent is an empty cell."""
    stream.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        rows = csv.writer(text)
        rows.writerow(FIELDS)
        rows.writerows(map(_cells, articles))
    finally:
        text.detach()  # the stream is its opener's to close


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` made a cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _cells(article: ArchivedArticle) -> list[Any]:
    return [_cell(value) for value in article.as_dict().values()]


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return guarded(value) if isinstance(value, str) else value
