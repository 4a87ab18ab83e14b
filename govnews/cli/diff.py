"""`govnews diff`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import partial

import click

from govnews.cli.output import folded, print_json, print_pages
from govnews.cli.places import Places, places
from govnews.collection import Collection
from govnews.diff import Difference, Piece, as_html, shortened

_MARKS = {"deleted": ("[-", "-]"), "inserted": ("{+", "+}")}


@click.command(short_help="Show what changed in an article, word by word.")
@click.argument("reference", metavar="ARTICLE")
@click.argument("old", metavar="[A", type=int, required=False)
@click.argument("new", metavar="B]", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print an object, for programs.")
@click.option("--html", "html", is_flag=True, help="Print an HTML fragment.")
@places
@click.pass_obj
def diff(
    places: Places, reference: str, old: int | None, new: int | None, as_json: bool, html: bool
) -> None:
    """Show what changed in ARTICLE from its revision A to its revision B, word by word; by
    default in its last revision, or since A.

    \b
    What was deleted is red, what was inserted green; where the output is piped, they
    are [-deleted-] and {+inserted+}.

    \b
    Examples:
      govnews diff quan1/tintuc/83
      govnews diff quan1/tintuc/83 1 3 --html > change.html
    """
    with Collection(places.data) as collection:
        if old is not None and new is None:
            new = collection.article(reference).revision
        difference = collection.diff(reference, old, new)
    if as_json:
        print_json(_object(difference))
    elif html:
        click.echo(as_html(difference))
    else:
        print_pages("\n\n".join(_text(difference)))


def _object(difference: Difference) -> dict[str, object]:
    return {
        "article": difference.article,
        "old": difference.old,
        "new": difference.new,
        "changes": {
            change.field: [piece._asdict() for piece in change.pieces]
            for change in difference.changes
        },
    }


def _text(difference: Difference) -> Iterator[str]:
    name = click.style(difference.article, fg="cyan")
    yield f"{name} · revision {difference.old} to {difference.new}"
    marked = _coloured if sys.stdout.isatty() else _bracketed
    for change in difference.changes:
        text = "".join(map(marked, shortened(change.pieces)))
        yield f"{click.style(change.field, bold=True)}\n{folded(text)}"
    if not difference.changes:
        yield "No difference"


def _bracketed(piece: Piece) -> str:
    """A piece between its marks, which keep off the blanks at its end."""
    if piece.kind == "same":
        return piece.text
    before, after = _MARKS[piece.kind]
    words = piece.text.rstrip() or "¶"
    return f"{before}{words}{after}{piece.text[len(piece.text.rstrip()) :]}"


def _coloured(piece: Piece) -> str:
    """Each word in its colour, for a pager forgets colours at the end of a line."""
    if piece.kind == "same":
        return piece.text
    gone = piece.kind == "deleted"
    colour = partial(click.style, fg="red" if gone else "green", strikethrough=gone or None)
    return re.sub(r"\S+", lambda word: colour(word[0]), piece.text)
