"""How long reading a page takes, beside parsing it alone.

The parse is lxml's of the decoded text: whoever reads a page with lxml pays that much. The pages
of the embedded portal are each read once, as in a crawl, listings first, since what the pages of a
portal share is kept in memory; a saved page is read again and again. All ways are timed in turn, by
the processor's time. `make bench` writes benchmarks/reading.md; pages of your own are measured by
`python benchmarks/reading.py PAGE…`.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import urlencode
from urllib.request import urlopen

from lxml import etree

from govnews.demo import Portal, listing_addresses
from govnews.extract import mentions, page, published, read_page, reading, stamps
from govnews.extract.text import decode
from govnews.items import Target
from govnews.sites import Site, load_site

_SAVED = Path(__file__).parents[1] / "tests" / "fixtures" / "sites" / "quan1"
_ARTICLE = "/tintuc/lists/posts/post.aspx?Source=/tintuc&Category=Tin+t%E1%BB%A9c&ItemID=83&Mode=1"
_BATCH, _WARM, _ROUNDS = 10, 4, 40
_STEPS: dict[str, tuple[tuple[Any, str], ...]] = {
    "decode, and parse with our settings": ((reading, "decode"), (page, "parse")),
    "the site's selectors": ((page, "_first"), (mentions, "select")),
    "lines": ((page, "read_lines"),),
    "links": ((page, "read_links"),),
    "mentions, with their dates": (
        (reading, "read_items"),
        (reading, "main_run"),
        (reading, "to_mentions"),
    ),
    "article": ((reading, "read_article"),),
    "pager": ((reading, "find_pager"),),
    "calendar": ((reading, "read_calendar"),),
    "leads": ((reading, "_leads"),),
}
_DATES = ((stamps, "find_date"), (stamps, "read_date"), (mentions, "read_date"),
          (published, "find_date"), (published, "read_date"))  # fmt: skip


class Page(NamedTuple):
    """A page as it came, and its address on the portal's own host."""

    body: bytes
    url: str


class Kind(NamedTuple):
    """Pages to be measured together: batches of them, and the site that they are read as."""

    name: str
    batches: list[list[Page]]
    site: Site


class Times(NamedTuple):
    """Seconds for a batch."""

    parse: float
    site: float
    generic: float


def main() -> None:
    """Measures, and writes the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("reading.md"))
    parser.add_argument("pages", nargs="*", type=Path, help="pages of your own, measured besides")
    asked = parser.parse_args()
    kinds = [*_of_the_portal(asked.articles), *_saved(asked.pages)]
    rows = [_row(kind, _measured(kind)) for kind in kinds]
    table = _report(rows, [_profile(kind) for kind in kinds[:2]])
    print(table)
    asked.out.write_text(table, "utf-8")


def _of_the_portal(articles: int) -> Iterator[Kind]:
    """The portal's listings to their ends, then the newest articles of each."""
    with Portal(articles) as portal:
        site = load_site("demo").at(portal.url)
        listings = [
            found
            for address in listing_addresses(portal.world)
            for found in _listing(site, f"http://www.quanmau.example{address}")
        ]
        urls = {m.key: m.url for found in listings for m in _read(found, site).mentions}
        found = [_fetched(site, Target(url)) for url in list(urls.values())[: articles // 3]]
    _forget()
    site = load_site("demo").at(portal.url)
    yield Kind("portal, listing", _batches(listings), site)
    yield Kind("portal, article", _batches(found), site)


def _forget() -> None:
    """Empties all that was kept while the pages were fetched."""
    for one in gc.get_objects():
        if isinstance(one, _lru_cache_wrapper):
            one.cache_clear()


def _listing(site: Site, url: str) -> Iterator[Page]:
    target: Target | None = Target(url)
    while target is not None:
        found = _fetched(site, target)
        yield found
        target = _read(found, site).next


def _fetched(site: Site, target: Target) -> Page:
    form = urlencode(target.form).encode() if target.method == "POST" else None
    with urlopen(site.asked(target.url), form) as answer:
        return Page(answer.read(), target.url)


def _read(one: Page, site: Site) -> Any:
    return read_page(one.body, url=one.url, site=site, content_type="text/html; charset=utf-8")


def _saved(paths: list[Path]) -> Iterator[Kind]:
    site = load_site("quan1")
    article = f"{site.url.rstrip('/')}{_ARTICLE}"
    named = [("a real article, rebuilt", _SAVED / "reading-room.html", article)]
    named += [("a listing as documented", _SAVED / "listing.html", site.listings[0])]
    named += [(f"{path.stem}, as an article", path, article) for path in paths]
    named += [(f"{path.stem}, as a listing", path, site.listings[0]) for path in paths]
    for name, path, url in named:
        yield Kind(name, [[Page(path.read_bytes(), url)] * _BATCH] * _ROUNDS, site)


def _batches(pages: list[Page]) -> list[list[Page]]:
    return [pages[start : start + _BATCH] for start in range(0, len(pages), _BATCH)]


def _measured(kind: Kind) -> list[Times]:
    """The times of each batch but the first, which warm up."""
    generic = load_site("any")
    times: list[Times] = []
    with patch("govnews.extract.pointed._trafilatura", lambda: None):
        for batch in kind.batches:
            texts = [decode(one.body).text for one in batch]
            times.append(
                Times(
                    _timed(lambda: [_parse(text) for text in texts]),  # noqa: B023
                    _timed(lambda: [_read(one, kind.site) for one in batch]),  # noqa: B023
                    _timed(lambda: [_read(one, generic) for one in batch]),  # noqa: B023
                )
            )
    return times[_WARM:]


def _parse(text: str) -> None:
    etree.fromstring(text, etree.HTMLParser())


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _row(kind: Kind, times: list[Times]) -> str:
    size = statistics.mean(len(one.body) for batch in kind.batches for one in batch) / 1024
    cells = [f"{size:.0f}"]
    for number in range(len(Times._fields)):
        cells.append(f"{min(row[number] for row in times) / _BATCH * 1000:.2f}")
        if number:
            ratios = [row[number] / row.parse for row in times]
            cells.append(f"{statistics.median(ratios):.1f}")
    return f"| {kind.name} | {' | '.join(cells)} |\n"


def _profile(kind: Kind) -> Counter[str]:
    """Microseconds of each step for a page, of pages that are read again."""
    spent: Counter[str] = Counter()
    batches = kind.batches[_WARM:]
    with ExitStack() as stack:
        for name, functions in {**_STEPS, "dates": _DATES}.items():
            for module, function in functions:
                stack.enter_context(_watched(module, function, name, spent))
        whole = sum(_timed(lambda: [_read(one, kind.site) for one in batch]) for batch in batches)  # noqa: B023
    pages = sum(map(len, batches))
    spent["all"] = round(whole * 1e9)
    return Counter({name: round(value / pages / 1000) for name, value in spent.items()})


@contextmanager
def _watched(module: Any, function: str, name: str, spent: Counter[str]) -> Iterator[None]:
    """Adds up what a function takes while the block lasts."""
    original = getattr(module, function)

    def watched(*args: Any, **named: Any) -> Any:
        start = time.process_time_ns()
        try:
            return original(*args, **named)
        finally:
            spent[name] += time.process_time_ns() - start

    with patch.object(module, function, watched):
        yield


def _report(rows: list[str], profiles: list[Counter[str]]) -> str:
    listing, article = profiles
    steps = [*_STEPS, "the rest", "all", "dates"]
    for spent in profiles:
        spent["the rest"] = spent["all"] - sum(spent[name] for name in _STEPS)
    told = {name: "dates, wherever they are read" if name == "dates" else name for name in steps}
    lines = "".join(f"| {told[name]} | {listing[name]} | {article[name]} |\n" for name in steps)
    return (
        "# Reading speed\n\n"
        f"The parse alone is lxml's of the decoded text. Python {platform.python_version()}, lxml "
        f"{'.'.join(map(str, etree.LXML_VERSION[:3]))}, {os.cpu_count()} cores, "
        f"{time.strftime('%Y-%m-%d')}; the best of many batches in milliseconds of the processor's "
        "time for a page, and the median of how many times the parse that is. Pages of the portal "
        "are read once each, saved ones again and again; the generic rules without trafilatura. "
        "Measure again: `make bench`.\n\n"
        "| page | KB | parse, ms | with its site file, ms | times the parse "
        "| by the generic rules, ms | times the parse |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        f"{''.join(rows)}\n"
        "## Where the time goes\n\n"
        "Microseconds for a page of the portal that is read again, with the time that measuring "
        "itself takes.\n\n"
        "| step | listing | article |\n| --- | ---: | ---: |\n"
        f"{lines}"
    )


if __name__ == "__main__":
    main()
