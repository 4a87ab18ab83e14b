"""`govnews crawl`: sites into the collection, with progress, a summary and what to do next."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import click

from govnews.archive.attachments import Wanted
from govnews.archive.runs import Options
from govnews.cli.places import Places, places
from govnews.cli.summary import Board, print_summary, summary_as_json
from govnews.errors import UsageError
from govnews.sites import list_sites, load_site

if TYPE_CHECKING:
    from govnews.crawl import Result

_EVERY = 0.5


@click.command(
    epilog="""\b
Examples:
  govnews crawl demo                 the embedded portal, to look around
  govnews crawl quan1 --limit 20     twenty articles, to try a site
  govnews crawl                      all sites whose portals are alive

Exit code: 0 done; 1 failed; 2 wrong usage; 3 done, but a listing is not proven
complete or an expectation of the site file was missed; 130 interrupted. A crawl
that was interrupted, or died, is taken up by the next one."""
)
@click.argument("names", nargs=-1, metavar="[SITE]...")
@click.option("--limit", type=click.IntRange(min=1), help="End after so many articles of a site.")
@click.option("--since", metavar="DATE", help="Leave aside what is older than this day.")
@click.option("--full", is_flag=True, help="Walk every listing to its end, known news or not.")
@click.option(
    "--revisit",
    metavar="all|none|N",
    help="How many known articles to visit again; by schedule otherwise.",
)
@click.option(
    "--media",
    type=click.Choice(["attachments", "all", "none"]),
    default="attachments",
    help="Which files of articles to fetch: all means images too.",
    show_default=True,
)
@click.option("--delay", type=click.FloatRange(min=0), help="Seconds between two requests.")
@click.option(
    "--max-requests",
    type=click.IntRange(min=2),
    help="End after so many requests to a site; the next crawl goes on from there.",
)
@click.option("--base-url", metavar="URL", help="Ask for the same portal at another address.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on stdout.")
@places
@click.pass_obj
def crawl(
    where: Places,
    names: tuple[str, ...],
    limit: int | None,
    since: str | None,
    full: bool,
    revisit: str | None,
    media: Wanted,
    delay: float | None,
    max_requests: int | None,
    base_url: str | None,
    as_json: bool,
) -> None:
    """Crawl sites into the collection, or all sites that are alive.

    What a dead run left is taken up first. Later runs read from the newest news until what they
    see is known, and visit known articles again on a schedule.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the crawl has its own
    sites_folder = str(where.sites) if where.sites else None
    names = _names(names, sites_folder, base_url)
    options = Options(limit, _day(since), full, _revisits(revisit), media)
    from govnews.crawl import Wish
    from govnews.crawl import crawl as run  # Scrapy takes a while to import

    with _portal(names, base_url) as address:
        wish = Wish(names, where.data, sites_folder, address, delay, max_requests, options)
        board = Board(is_terminal=sys.stderr.isatty())
        _contact_note(names)
        results = run(wish, board.show, _EVERY)
        board.clear()
    if as_json:
        click.echo(summary_as_json(results))
    print_summary(results, {name: load_site(name, sites_folder) for name in names}, where.data)
    sys.exit(_exit_code(results))


def _names(sites: tuple[str, ...], folder: str | None, base_url: str | None) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(sites)) or _alive(folder)
    for name in names:
        if not load_site(name, folder).listings:
            raise UsageError(f'{name} names no listings to crawl. Add listings = ["…"]')
    if base_url and len(names) != 1:
        raise UsageError("--base-url is for one site. Name it: govnews crawl SITE --base-url URL")
    if base_url and not base_url.startswith(("http://", "https://")):
        raise UsageError(f"--base-url {base_url!r} is no web address. Begin it with http://")
    if "demo" in names and len(names) > 1 and not base_url:
        raise UsageError("demo runs on the embedded portal, alone: govnews crawl demo")
    return names


def _alive(folder: str | None) -> tuple[str, ...]:
    known = (load_site(name, folder) for name in list_sites(folder))
    names = tuple(site.id for site in known if site.listings and not site.ended)
    alive = tuple(name for name in names if name != "demo")
    if not alive:
        cure = "Name one (govnews sites lists them), or add your own with --sites DIR"
        raise UsageError(f"no known portal is still alive. {cure}")
    return alive


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"--since {text!r} is no day. Give e.g. 2021-01-20") from None


def _revisits(text: str | None) -> int | None:
    if text is None:
        return -1
    if text == "all":
        return None
    if text == "none":
        return 0
    if text.isdecimal():
        return int(text)
    raise UsageError(f"--revisit {text!r} is none of all, none and a number")


@contextmanager
def _portal(names: tuple[str, ...], base_url: str | None) -> Iterator[str | None]:
    """Where to ask: for `demo` the embedded portal, started for as long as it is needed."""
    if names != ("demo",) or base_url:
        yield base_url
        return
    from govnews.demo import spawn

    with spawn() as address:
        yield address


def _contact_note(names: tuple[str, ...]) -> None:
    if names != ("demo",) and not os.environ.get("GOVNEWS_CONTACT"):
        click.echo(
            "The portal's operators can't tell whom to write to: set GOVNEWS_CONTACT to your "
            "address or page, and the user agent carries it.",
            err=True,
        )


def _exit_code(results: list[Result]) -> int:
    codes = [_code(result) for result in results]
    return next((code for code in (130, 2, 1, 3) if code in codes), 0)


def _code(result: Result) -> int:
    if result.closed is None:
        return int(getattr(result.fault, "exit_code", 1))
    closed = result.closed
    if closed.outcome in ("failed", "interrupted"):
        return 1 if closed.outcome == "failed" else 130
    if closed.as_asked:
        return 0
    return 3 if closed.outcome == "incomplete" or closed.missed else 0
