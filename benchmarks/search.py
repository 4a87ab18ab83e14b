"""How fast govnews searches, beside plain FTS5 on the same file.

The archive holds 100,000 articles (`news_archive.py`), made once and kept in build/bench. Plain
FTS5 is the same MATCH in plain SQL, by bm25, with the first page's titles and texts: without
marks, without snippets, without a newest-first order. Each query is timed both ways in turn.
`make bench` writes the table to benchmarks/search.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from news_archive import build

from govnews.archive.database import open_read_only
from govnews.search import search, wanted

_HERE = Path(__file__).parent
_PAGE = 20
_PLAIN = """
SELECT a.id, a.title, a.summary, a.body FROM (
    SELECT rowid AS id FROM articles_index WHERE articles_index MATCH ? ORDER BY rank LIMIT 20
) JOIN articles a USING (id)
"""
_PLAIN_WITH_CONDITIONS = """
SELECT a.id, a.title, a.summary, a.body
FROM articles_index JOIN articles a ON a.id = articles_index.rowid
WHERE articles_index MATCH ? {conditions} ORDER BY rank LIMIT 20
"""
_SIZES = """
SELECT
    (SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'articles_index*'),
    (SELECT sum(pgsize) FROM dbstat WHERE name = 'articles'),
    (SELECT sum(length(CAST(coalesce(title, '') || coalesce(summary, '') || coalesce(body, '')
                            AS BLOB))) FROM articles)
"""


class Asked(NamedTuple):
    kind: str
    words: str
    conditions: tuple[tuple[str, str], ...] = ()


MIX = (
    *(Asked("a frequent word", words) for words in ("phường", "quận", "người", "phuong", "ke")),
    *(
        Asked("some words", words)
        for words in ("ngân sách", "đầu tư công", "UBND quan", "an toàn thực phẩm", "giảm nghèo",
                      "sốt xuất huyết", "tiêm chủng trẻ em", "bảo hiểm y tế", "cây xanh")
    ),
    *(
        Asked("words without marks", words)
        for words in ("ngan sach", "giai ngan von", "hoa giai co so", "dich covid", "ma tuy",
                      "ben sen", "nghia vu quan su")
    ),
    *(
        Asked("a phrase", words)
        for words in ('"đầu tư công"', '"phong chong dich"', '"chợ đêm"', '"Cải cách hành chính"',
                      '"uy ban nhan dan"', '"hộ kinh doanh"')
    ),
    *(
        Asked("a rare word or number", words)
        for words in ("37-CT/QU", "covid", "Nguyễn Thảo Uyên", "215/KH-UBND", "Đặng Khánh Vỹ",
                      "vo gia loc", "1900 1234", "Covid-19 2021")
    ),
    *(
        Asked("prefix, title, OR, without", words)
        for words in ("giải*", "title:ngân", "covid OR ma túy", "covid -phường", "thủ*",
                      'title:"hiến máu" -2020')
    ),
    Asked("with filters", "ngân sách", (("since", "2015"), ("until", "2018"))),
    Asked("with filters", "phường", (("section", "Thông báo"),)),
    Asked("with filters", "covid", (("site", "demo2"),)),
    Asked("with filters", "người dân", (("author", "N.T.U"),)),
    Asked("with filters", "hoa giai", (("since", "2024-06"),)),
)  # fmt: skip


def main() -> None:
    """Builds the archive where there is none yet, asks each query in turn, writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=_HERE.parent / "build" / "bench")
    parser.add_argument("--out", type=Path, default=_HERE / "search.md")
    asked = parser.parse_args()
    with open_read_only(build(asked.folder, asked.articles)) as db:
        times = {query: _timed(db, query, asked.rounds) for query in MIX}
        table = _table(times, asked.articles, asked.rounds, db.execute(_SIZES).fetchone())
    print(table)
    asked.out.write_text(table)


def _timed(db: sqlite3.Connection, asked: Asked, rounds: int) -> list[tuple[float, float]]:
    """Milliseconds of govnews and of plain FTS5, a pair for each round."""
    sql, parameters = _plain(asked)
    pairs = []
    for _ in range(rounds):
        ours = _milliseconds(lambda: search(db, asked.words, limit=_PAGE, **dict(asked.conditions)))
        theirs = _milliseconds(lambda: db.execute(sql, parameters).fetchall())
        pairs.append((ours, theirs))
    return pairs


def _plain(asked: Asked) -> tuple[str, list[str]]:
    clauses = {"since": "published_at >= ?", "until": "published_at < ? || '~'"}
    where = "".join(f" AND a.{clauses.get(name, f'{name} = ?')}" for name, _ in asked.conditions)
    query = wanted(asked.words)
    matching = f"({query.words}) NOT ({query.without})" if query.without else query.words or ""
    sql = _PLAIN_WITH_CONDITIONS.format(conditions=where) if where else _PLAIN
    return sql, [matching, *dict(asked.conditions).values()]


def _milliseconds(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def _table(
    times: dict[Asked, list[tuple[float, float]]], articles: int, rounds: int, sizes: sqlite3.Row
) -> str:
    kinds = dict.fromkeys(asked.kind for asked in times)
    rows = {kind: [pair for asked in times if asked.kind == kind for pair in times[asked]]
            for kind in kinds}  # fmt: skip
    rows["all"] = [pair for pairs in times.values() for pair in pairs]
    index, table, texts = (size / 1e6 for size in sizes)
    lines = [
        "# Searching speed",
        "",
        (
            f"The first {_PAGE} hits among {articles:,} articles, ranked and with snippets; "
            f"{len(times)} queries, {rounds} rounds. Python {platform.python_version()}, SQLite "
            f"{sqlite3.sqlite_version}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}. Plain "
            "FTS5 is the same MATCH by bm25 in plain SQL, without snippets. Measure again: "
            "`make bench`."
        ),
        "",
        (
            "| what is asked | govnews, median | 95 of 100 within | plain FTS5, median "
            "| 95 of 100 within | times plain |"
        ),
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(_row(kind, pairs) for kind, pairs in rows.items()),
        "",
        (
            f"Milliseconds. The index takes {index:.0f} MB; the table that holds the texts "
            f"{table:.0f} MB, the texts alone {texts:.0f} MB of UTF-8."
        ),
    ]
    return "\n".join(lines) + "\n"


def _row(kind: str, pairs: list[tuple[float, float]]) -> str:
    ours, theirs = (sorted(side) for side in zip(*pairs, strict=True))
    medians = statistics.median(ours), statistics.median(theirs)
    high = [side[min(len(side) - 1, int(len(side) * 0.95))] for side in (ours, theirs)]
    return (
        f"| {kind} | {medians[0]:.1f} | {high[0]:.1f} | {medians[1]:.1f} | {high[1]:.1f} "
        f"| {medians[0] / medians[1]:.2f} |"
    )


if __name__ == "__main__":
    main()
