"""`govnews export`."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from govnews.archive.filters import Conditions
from govnews.cli.conditions import conditions
from govnews.cli.places import Places, places
from govnews.collection import Collection
from govnews.export import FORMATS


@click.command(short_help="Write articles to a file: CSV, JSON or JSON Lines.")
@click.argument("file", required=False, type=click.Path(allow_dash=True, path_type=Path))
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    help="The format, where FILE's ending does not tell it.",
)
@click.option("--words", metavar="WORDS", help="Articles that hold these words, as in search.")
@conditions
@places
@click.pass_obj
def export(
    places: Places,
    file: Path | None,
    format_name: str | None,
    words: str | None,
    **conditions: Unpack[Conditions],
) -> None:
    """Write articles to FILE, or to the standard output without FILE or for "-".

    FILE is replaced when everything is written, never by half an export. CSV is UTF-8 with a byte
    order mark, as spreadsheets need it; a text that a spreadsheet would run as a formula gets an
    apostrophe in front.

    \b
    Examples:
      govnews export quan1.csv --site quan1
      govnews export --format jsonl --since 2021 --words "đầu tư công" | jq .title
    """
    target = None if file is None or str(file) == "-" else file
    with Collection(places.data) as collection:
        number = collection.export(target, format_name, words=words, **conditions)
    click.echo(f"{number:,} articles exported{f' to {target}' if target else ''}", err=True)
