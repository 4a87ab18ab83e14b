"""`govnews extract`."""

from __future__ import annotations

from pathlib import Path

import click

from govnews.cli.fetch import Fetched, fetch
from govnews.cli.output import print_json
from govnews.cli.places import Places, places
from govnews.cli.readings import as_object
from govnews.errors import UsageError
from govnews.extract import read_page
from govnews.sites import load_site


@click.command(short_help="Print what a site's rules read in one page, as JSON.")
@click.argument("site")
@click.argument("page")
@click.option("--url", metavar="URL", help="The address of PAGE, where PAGE is a file.")
@places
@click.pass_obj
def extract(places: Places, site: str, page: str, url: str | None) -> None:
    """Print what SITE's rules read in PAGE, a file or an address, as JSON.

    The reading has the article (or null), the mentions of articles, the way to the listing's next
    page, leads to other addresses, problems, and the rule that gave each field. SITE "any" is for
    a page of no known portal. An address is fetched once, if robots.txt allows it.

    \b
    Examples:
      govnews extract quan1 saved.html --url "http://www.quan1.hochiminhcity.gov.vn/…"
      govnews extract any https://example.org/news/1 | jq .article
    """
    rules = load_site(site, places.sites)
    source = _source(page, url)
    reading = read_page(
        source.body,
        url or source.url,
        rules,
        content_type=source.content_type,
        captured_at=source.fetched_at or None,
    )
    print_json(as_object(reading, rules))


def _source(page: str, url: str | None) -> Fetched:
    if page.startswith(("http://", "https://")):
        return fetch(page)
    if url is None:
        raise UsageError(f"{page} is a file: say where it is from, by --url")
    try:
        return Fetched(url, Path(page).read_bytes(), None, "")
    except OSError as error:
        cure = "Give a file, or an address with http:// or https://"
        raise UsageError(f"{page} can't be read: {error.strerror}. {cure}") from error
