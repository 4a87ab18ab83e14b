"""`govnews search`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

import click

from govnews.archive.filters import Conditions
from govnews.cli.conditions import conditions
from govnews.cli.output import print_json
from govnews.cli.places import Places, places
from govnews.collection import Collection
from govnews.search import Hit, Segment


# -word is a word to leave out, even where it holds the letter of an option.
@click.command(
    short_help="Find articles by words, the best first.",
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@conditions
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print an array, for programs.")
@places
@click.pass_obj
def search(
    places: Places,
    words: tuple[str, ...],
    limit: int,
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
      govnews search covid -title:vaccine --site quan1 --json
    """
    text = " ".join(words)
    with Collection(places.data) as collection:
        hits = collection.search(text, limit=limit, **conditions)
        total = collection.count(text, **conditions)
    if as_json:
        print_json([_object(hit) for hit in hits])
    else:
        click.echo("".join(map(_printed, hits)), nl=False)
        click.echo(f"{len(hits)} of {total:,} articles", err=True)


def _printed(hit: Hit) -> str:
    about = [hit.published_at and hit.published_at[:10], hit.section, hit.author]
    state = click.style(" (gone)", fg="red") if hit.gone_at else ""
    heading = _marked(hit.heading) or click.style("(no title)", dim=True)
    name = click.style(f"{hit.site}/{hit.key}", fg="cyan")
    line = " · ".join([name, *filter(None, about)])
    return f"{heading}{state}\n{line}\n{_marked(hit.snippet)}\n\n"


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
