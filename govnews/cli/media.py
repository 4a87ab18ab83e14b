"""`govnews media`."""

from __future__ import annotations

from pathlib import Path

import click

from govnews.cli.output import print_json, table
from govnews.cli.places import Places, places
from govnews.collection import Collection


@click.command(short_help="List an article's files, or write them out.")
@click.argument("reference", metavar="ARTICLE")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the files there that are in the archive.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects, for programs.")
@places
@click.pass_obj
def media(places: Places, reference: str, folder: Path | None, as_json: bool) -> None:
    """List the images and attachments of ARTICLE: its site/key, any of its addresses, or its id.

    Written files get the names that their server gave them, and no file is overwritten; their
    paths go to stdout.

    \b
    Examples:
      govnews media quan1/tintuc/83
      govnews media quan1/tintuc/83 --to decisions/
    """
    with Collection(places.data) as collection:
        if folder is None:
            files = collection.files(reference)
            rows = [(one.kind, one.title, one.url, one.capture_id) for one in files]
            if as_json:
                print_json(files)
            elif rows:
                click.echo(table(("kind", "title", "address", "capture"), rows))
            return
        written = list(collection.write_files(reference, folder))
    if as_json:
        print_json(written)
        return
    for one in written:
        if one.path is not None:
            click.echo(str(one.path))
    missing = [one.file for one in written if one.path is None]
    if missing:
        images = all(file.kind == "image" for file in missing)
        cure = "Images are fetched by: govnews crawl SITE --media all" if images else "See problems"
        click.echo(f"{len(missing)} not in the archive. {cure}", err=True)
