"""`govnews sites` and `govnews sites check`."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path

import click

from govnews.archive.database import FILE
from govnews.archive.overview import SiteSummary
from govnews.cli.output import print_json, table
from govnews.cli.places import Places, places
from govnews.cli.readings import Checked, check_site
from govnews.collection import Collection
from govnews.errors import SiteFileError
from govnews.sites import list_sites, load_site

_NOT_AS_IT_SHOULD_BE = 3


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    name: str
    ended: str | None
    articles: int
    last_run: str | None
    outcome: str | None
    problems: int | None


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print an array, for programs.")
@places
@click.pass_context
def sites(ctx: click.Context, as_json: bool) -> None:
    """List the sites, and what the collection holds of each.

    \b
    Examples:
      govnews sites
      govnews sites check quan1     does its site file still read its saved pages?
    """
    if ctx.invoked_subcommand is not None:
        return
    rows, faults = _rows(ctx.obj)
    if as_json:
        print_json(rows)
    else:
        heads = ("site", "name", "ended", "articles", "last run", "outcome", "problems")
        click.echo(table(heads, map(astuple, rows)))
    for fault in faults:
        click.echo(f"Warning: {fault}", err=True)
    ctx.exit(_NOT_AS_IT_SHOULD_BE if faults else 0)


@sites.command()
@click.argument("names", nargs=-1, metavar="[SITE]...")
@click.option("--json", "as_json", is_flag=True, help="Print an array, for programs.")
@places
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Read the saved pages of SITEs (all, without a name) again, and print every difference.

    A site's saved pages are DIR/SITE/*.html beside the site file DIR/SITE.toml; what must be read
    from each stands in a JSON file of the same name, by the names that "govnews extract" prints.
    Keys that it leaves out are not looked at. Exit code 3 where anything differs.

    \b
    Examples:
      govnews sites check
      govnews sites check my-town --sites my-sites
    """
    folder: Path | None = ctx.obj.sites
    results = [
        result for name in names or list_sites(folder) for result in check_site(name, folder)
    ]
    if as_json:
        print_json(results)
    else:
        click.echo("".join(map(_printed, results)), nl=False)
    ctx.exit(_NOT_AS_IT_SHOULD_BE if any(result.differences for result in results) else 0)


def _printed(result: Checked) -> str:
    faults = "".join(f"  {difference}\n" for difference in result.differences)
    verdict = click.style("differs", fg="red") if faults else click.style("ok", fg="green")
    return f"{result.page}: {verdict}\n{faults}"


def _rows(places: Places) -> tuple[list[_Row], list[SiteFileError]]:
    """The sites that can be crawled or are archived, and what is wrong with other site files."""
    held = _held(places.data)
    rows, faults = [], []
    for name in sorted({*list_sites(places.sites), *held}):
        try:
            known = _row(name, held.get(name), places.sites)
        except SiteFileError as error:
            faults.append(error)
        else:
            rows += known
    return rows, faults


def _held(data: Path) -> dict[str, SiteSummary]:
    if not (data / FILE).exists():
        return {}
    with Collection(data) as collection:
        return {summary.id: summary for summary in collection.sites()}


def _row(name: str, held: SiteSummary | None, folder: Path | None) -> list[_Row]:
    site = load_site(name, folder) if name in list_sites(folder) else None
    title = site.name if site else held.name if held else name
    ended = str(site.ended) if site and site.ended else None
    run = held.last_run if held else None
    if held is None and not (site and site.listings):
        return []
    day = run.started_at[:10] if run else None
    found = held.articles if held else 0
    outcome, problems = (run.outcome, run.problems) if run else (None, None)
    return [_Row(name, title, ended, found, day, outcome, problems)]
