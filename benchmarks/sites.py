"""Twenty sites with a delay of one second each, in one run: as long as the largest, not the sum.

`make bench` writes benchmarks/sites.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path

from govnews.archive.runs import Options
from govnews.crawl import Wish, crawl
from govnews.demo import Portal, listing_addresses, spawn

_SITES, _ARTICLES = 20, 10


def main() -> None:
    """Crawls, and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("sites.md"))
    asked = parser.parse_args()
    names = tuple(f"site-{number:02}" for number in range(_SITES))
    with spawn(articles=200) as url, tempfile.TemporaryDirectory() as folder:
        sites = Path(folder) / "sites"
        sites.mkdir()
        for name in names:
            (sites / f"{name}.toml").write_text(_site(name))
        os.environ["http_proxy"] = url  # the portal answers for the hosts of all sites
        start = time.perf_counter()
        wish = Wish(names, Path(folder) / "data", str(sites), options=Options(limit=_ARTICLES))
        results = crawl(wish, lambda _: None, 60)
        seconds = time.perf_counter() - start
    asked_for = [result.closed.counts["requests"] for result in results if result.closed]
    table = _table(asked_for, seconds)
    print(table)
    asked.out.write_text(table)


def _site(name: str) -> str:
    address = listing_addresses(Portal(articles=1).world)[0]
    return (
        f'name = "{name}"\nfamily = "lacviet-sharepoint"\nurl = "http://{name}.example/"\n'
        f'listings = ["{address}"]\n[fetch]\ndelay = 1.0\n'
    )


def _table(requests: list[int], seconds: float) -> str:
    return (
        "# Many sites in one run\n\n"
        f"{len(requests)} sites, {_ARTICLES} articles each, a delay of 1 s for each site; Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}. "
        "Measure again: `make bench`.\n\n"
        "| what | measured |\n| --- | ---: |\n"
        f"| requests in all | {sum(requests)} |\n"
        f"| requests of the largest site | {max(requests)} |\n"
        f"| seconds of the run | {seconds:.1f} |\n"
        f"| seconds, were the sites crawled one after another, at least | {sum(requests) - 20} |\n"
    )


if __name__ == "__main__":
    main()
