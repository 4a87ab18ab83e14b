"""What a page costs at a crawl's beginning and at its end: processor time, rate, memory.

Crawls the embedded portal with very many articles (`--articles`); `make growth` writes
benchmarks/growth.md. The rate suffers from whatever else the machine does, processor time hardly.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from govnews.demo import spawn

_CRAWL = """
import sys, time
from pathlib import Path
from govnews.crawl import Wish, crawl
start = time.perf_counter()
def watch(sites):
    for one in sites:
        print(time.perf_counter() - start, one.pages, flush=True)
crawl(Wish(("demo",), Path(sys.argv[1]), base_url=sys.argv[2]), watch, 1)
"""


_PROCESSES = ("fetching", "reading", "keeping")
_TICK = os.sysconf("SC_CLK_TCK")


class Sample(NamedTuple):
    """A moment of the crawl: seconds since its start, pages kept, and of each process the
    processor time in seconds and the most memory held so far in MB."""

    seconds: float
    pages: int
    busy: tuple[float, ...]
    memory: tuple[int, ...]


def main() -> None:
    """Runs one crawl, samples it, and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("growth.md"))
    asked = parser.parse_args()
    with spawn(articles=asked.articles) as url, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _CRAWL, folder, url]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        samples = _follow(process)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    table = _table(asked.articles, samples, size)
    print(table)
    asked.out.write_text(table)


def _follow(process: subprocess.Popen[str]) -> list[Sample]:
    """The crawl as it tells of itself, until it ends."""
    samples = []
    assert process.stdout is not None
    for line in process.stdout:
        seconds, pages = line.split()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        numbers = [process.pid, *map(int, children)]
        if len(numbers) == len(_PROCESSES):  # at its very end the crawl has let them go
            busy, memory = zip(*map(_costs, numbers), strict=True)
            samples.append(Sample(float(seconds), int(pages), busy, memory))
    process.wait()
    return samples


def _costs(process: int) -> tuple[float, int]:
    """The processor time of a process in seconds, and the most memory that it has held in MB."""
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    highest = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    return sum(map(int, times)) / _TICK, int(highest) // 1024


def _table(articles: int, samples: list[Sample], size: int) -> str:
    last = samples[-1]
    tenths = [
        next(one for one in samples if one.pages >= last.pages * tenth / 10)
        for tenth in range(1, 11)
    ]
    rows = []
    for number, (before, after) in enumerate(pairwise([samples[0], *tenths]), 1):
        pages = after.pages - before.pages
        busy = [(b - a) / pages * 1000 for a, b in zip(before.busy, after.busy, strict=True)]
        rate = pages / (after.seconds - before.seconds)
        cells = (number, *(f"{one:.2f}" for one in (*busy, sum(busy))), f"{rate:.0f}")
        rows.append("| " + " | ".join(map(str, cells)) + " |\n")
    memory = ", ".join(
        f"{name} {most} MB" for name, most in zip(_PROCESSES, last.memory, strict=True)
    )
    return (
        "# Growth\n\n"
        f"One crawl of the embedded portal with {articles:,} articles: {last.pages:,} pages in "
        f"{last.seconds:,.0f} s; Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"{time.strftime('%Y-%m-%d')}. Measure again: `make growth`.\n\n"
        "Processor time in ms a page, by tenths of the crawl:\n\n"
        f"| tenth | {' | '.join(_PROCESSES)} | together | pages/s |\n"
        f"| ---: |{' ---: |' * 5}\n{''.join(rows)}\n"
        f"The most memory that each process held: {memory}. "
        f"The collection on disk: {size / 1e6:,.0f} MB.\n"
    )


if __name__ == "__main__":
    main()
