"""JSON: one array, or one object a line. UTF-8, fields in the contract's order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from govnews.archive.query import ArchivedArticle


def write_json(articles: Iterable[ArchivedArticle], stream: BinaryIO) -> None:
    """One array with an article a line, so that a diff of two exports reads well."""
    before = b"[\n"
    for article in articles:
        stream.write(before + _line(article))
        before = b",\n"
    stream.write(b"\n]\n" if before == b",\n" else b"[]\n")


def write_jsonl(articles: Iterable[ArchivedArticle], stream: BinaryIO) -> None:
    """An article a line, without an array around them."""
    stream.writelines(_line(article) + b"\n" for article in articles)


def _line(article: ArchivedArticle) -> bytes:
    return json.dumps(article.as_dict(), ensure_ascii=False).encode()
