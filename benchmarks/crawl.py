"""How fast govnews crawls, beside a bare Scrapy spider that keeps nothing.

Both crawl the embedded portal, which runs in a process of its own, with the same concurrency. The
bare spider runs on Scrapy's default settings, follows the same links and postbacks and yields
each page's address. Rounds are interleaved. `make bench` writes the table to benchmarks/crawl.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from govnews.demo import spawn

_CONCURRENCY = 8
_BARE = Path(__file__).with_name("bare_spider.py")


def main() -> None:
    """Runs the rounds and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("crawl.md"))
    asked = parser.parse_args()
    rates: dict[str, list[float]] = {"bare Scrapy spider": [], "govnews, everything on": []}
    for _ in range(asked.rounds):
        for name, measure in zip(rates, (_bare, _govnews), strict=True):
            with spawn(articles=asked.articles) as url:
                rates[name].append(measure(url, asked.articles))
    table = _table(rates, asked.articles, asked.rounds)
    print(table)
    asked.out.write_text(table)


def _bare(url: str, articles: int) -> float:
    """Pages a second of the bare spider, by its own clock from opening to closing."""
    command = [sys.executable, str(_BARE), url, str(_CONCURRENCY)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pages, seconds, found = re.findall(r"[\d.]+", said)
    assert int(found) == articles, f"the bare spider saw {found} articles"
    return float(pages) / float(seconds)


def _govnews(url: str, articles: int) -> float:
    """Pages a second of `govnews crawl demo`, from before its run begins to after it has ended."""
    with tempfile.TemporaryDirectory() as folder:
        code = (
            "import sys, time; from pathlib import Path; from govnews.crawl import Wish, crawl\n"
            "start = time.perf_counter()\n"
            f"crawl(Wish(('demo',), Path({folder!r}), base_url={url!r}), lambda _: None, 60)\n"
            "print(time.perf_counter() - start)"
        )
        seconds = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True
        ).stdout
        with closing(sqlite3.connect(Path(folder) / "archive.db")) as db:
            found = db.execute("SELECT count(*) FROM articles").fetchone()[0]
            pages = db.execute("SELECT count(*) FROM captures").fetchone()[0]
            outcome = db.execute("SELECT outcome FROM runs").fetchone()[0]
    assert outcome == "complete", f"the run was {outcome}"
    assert found == articles, f"govnews archived {found} articles"
    return float(pages) / float(seconds)


def _table(rates: dict[str, list[float]], articles: int, rounds: int) -> str:
    medians = {name: statistics.median(values) for name, values in rates.items()}
    first = next(iter(medians.values()))
    lines = [
        "# Crawling speed",
        "",
        (
            f"{articles:,} articles of the embedded portal, concurrency {_CONCURRENCY}, {rounds} "
            f"interleaved rounds; Python {platform.python_version()}, {os.cpu_count()} cores, "
            f"{time.strftime('%Y-%m-%d')}. Measure again: `make bench`."
        ),
        "",
        "| what | pages/s, median | lowest to highest | times bare |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name} | {medians[name]:.0f} | {min(values):.0f} to {max(values):.0f} | "
            f"{medians[name] / first:.2f} |"
            for name, values in rates.items()
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
