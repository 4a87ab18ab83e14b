"""What a crawl costs at its beginning and at its end: pages a second, and memory.

Crawls the embedded portal with very many articles (`--articles`); `make growth` writes
benchmarks/growth.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from govnews.demo import spawn

_CRAWL = """
import sys, time
from pathlib import Path
from govnews.crawl import Wish, crawl
start = time.perf_counter()
def watch(sites):
    for one in sites:
        print(time.perf_counter() - start, one.pages, flush=True)
crawl(Wish(("demo",), Path(sys.argv[1]), base_url=sys.argv[2]), watch, 5)
"""


def main() -> None:
    """Runs one crawl, samples it, and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("growth.md"))
    asked = parser.parse_args()
    with spawn(articles=asked.articles) as url, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _CRAWL, folder, url]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        samples, memory = _follow(process)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    table = _table(asked.articles, samples, memory, size)
    print(table)
    asked.out.write_text(table)


def _follow(process: subprocess.Popen[str]) -> tuple[list[tuple[float, int]], dict[str, int]]:
    """Seconds and pages as the crawl tells them, and the highest memory of each process."""
    samples, memory = [], {"fetching": 0, "reading": 0, "keeping": 0}
    assert process.stdout is not None
    for line in process.stdout:
        seconds, pages = line.split()
        samples.append((float(seconds), int(pages)))
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for name, number in zip(memory, [process.pid, *map(int, listed)], strict=False):
            memory[name] = max(memory[name], _highest(number))
    process.wait()
    return samples, memory


def _highest(process: int) -> int:
    """The most memory that a process has held, in MB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def _table(
    articles: int, samples: list[tuple[float, int]], memory: dict[str, int], size: int
) -> str:
    tenth = max(len(samples) // 10, 1)
    first = samples[tenth][1] / samples[tenth][0]
    (before, fewer), (after, more) = samples[-1 - tenth], samples[-1]
    last = (more - fewer) / (after - before)
    return (
        "# Growth\n\n"
        f"One crawl of the embedded portal with {articles:,} articles, {samples[-1][1]:,} pages in "
        f"{samples[-1][0]:,.0f} s; Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"{time.strftime('%Y-%m-%d')}. Measure again: `make growth`.\n\n"
        "| what | measured |\n| --- | ---: |\n"
        f"| pages/s in the first tenth of the time | {first:.0f} |\n"
        f"| pages/s in the last tenth | {last:.0f} |\n"
        f"| memory of the fetching process, highest | {memory['fetching']} MB |\n"
        f"| memory of the reading process, highest | {memory['reading']} MB |\n"
        f"| memory of the keeping process, highest | {memory['keeping']} MB |\n"
        f"| collection on disk | {size / 1e6:,.0f} MB |\n"
    )


if __name__ == "__main__":
    main()
