"""`govnews search`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, Unpack

import click

from govnews.archive.filters import Conditions
from govnews.cli.conditions import conditions
from govnews.cli.output import folded, print_json, print_pages, table
from govnews.cli.places import Places, places
from govnews.collection import Collection
from govnews.search import Facets, Hit, Segment, Sort

_MOST_SHOWN = 20


# -word is a word to leave out, even where it holds the letter of an option.
@click.command(
    short_help="Find articles by words, the best first.",
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@conditions
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option(
    "--sort", type=click.Choice(["rank", "date"]), default="rank", help="Best or newest first."
)
@click.option("--facets", is_flag=True, help="Count by site, section, author and month instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@places
@click.pass_obj
def search(
    places: Places,
    words: tuple[str, ...],
    limit: int,
    sort: Sort,
    facets: bool,
    as_json: bool,
    **conditions: Unpack[Conditions],
) -> None:
    """Find articles by WORDS, the best first; without words the newest first.

    A word typed with marks means that word: đường. A word without means all that it may stand
    for: duong finds đường, dương, Dương. Also: "these words in order", -without, begin*,
    title:word, this OR that, 19-CT/TU.

    \b
    Examples:
      govnews search giải ngân '"đầu tư công"' --since 2021
      govnews search covid -title:vaccine --site quan1 --sort date --json
      govnews search duong --facets
    """
    text = " ".join(words)
    with Collection(places.data) as collection:
        if facets:
            _show_facets(collection.facets(text, **conditions), as_json)
            return
        hits = collection.search(text, limit=limit, sort=sort, **conditions)
        total = collection.count(text, **conditions)
    if as_json:
        print_json(list(map(_object, hits)))
        return
    if hits:
        print_pages("\n\n".join(map(_printed, hits)))
    click.echo(f"{len(hits)} of {total:,} articles", err=True)


def _show_facets(facets: Facets, as_json: bool) -> None:
    if as_json:
        counted = asdict(facets)
        print_json({facet: [count._asdict() for count in counted[facet]] for facet in counted})
    else:
        print_pages("\n\n".join(_facet_tables(facets)))


def _facet_tables(facets: Facets) -> Iterator[str]:
    for facet, counted in asdict(facets).items():
        rows = [*counted[:_MOST_SHOWN]]
        if len(counted) > len(rows):
            rows.append((f"({len(counted) - len(rows):,} more)", ""))
        if rows:
            yield table((facet, "articles"), rows)


def _printed(hit: Hit) -> str:
    about = [hit.published_at and hit.published_at[:10], hit.section, hit.author]
    state = click.style(" (gone)", fg="red") if hit.gone_at else ""
    heading = _marked(hit.heading) or click.style("(no title)", dim=True)
    name = click.style(f"{hit.site}/{hit.key}", fg="cyan")
    line = " · ".join([name, *filter(None, about)])
    return "\n".join(map(folded, (f"{heading}{state}", line, _marked(hit.snippet))))


def _marked(segments: Iterable[Segment]) -> str:
    return "".join(
        click.style(text, bold=True, fg="yellow") if hit else text for text, hit in segments
    )


def _object(hit: Hit) -> dict[str, Any]:
    """A hit for programs: `hits` are the places in the snippet, [start, end) in characters."""
    fields = ("id", "site", "key", "url", "title", "author", "section", "published_at")
    times = ("changed_at", "gone_at", "score")
    values = {name: getattr(hit, name) for name in fields + times}
    return values | {"snippet": "".join(text for text, _ in hit.snippet), "hits": _places(hit)}


def _places(hit: Hit) -> list[tuple[int, int]]:
    places, position = [], 0
    for text, is_hit in hit.snippet:
        if is_hit:
            places.append((position, position + len(text)))
        position += len(text)
    return places
