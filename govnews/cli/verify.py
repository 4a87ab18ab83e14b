"""`govnews verify`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial

import click

from govnews.archive.log import Head
from govnews.archive.soundness import Damage
from govnews.cli.places import Places, places
from govnews.errors import ArchiveError
from govnews.verify import Finding, heads, mend
from govnews.verify import verify as check

_DAMAGED = 3
_CURES = {
    "index": "the full-text index",
    "reference": "references",
    "tree": "the indexes of tables",
}
_BEYOND = """\
What articles say is made again from their captures by govnews reextract SITE --apply. Captures,
WARC records and the log can't be made again: take them from a copy of the collection."""


@click.command(
    short_help="Check the archive and every capture; print the log's head.",
    epilog="""\b
Examples:
  govnews verify
  govnews verify --head 9a0364…          a head that was published before
  govnews verify --json | jq .damage

Exit code: 0 sound; 1 it could not be checked; 2 wrong usage; 3 damage was found.""",
)
@click.option(
    "--head",
    "published",
    multiple=True,
    metavar="HASH",
    help="A head of the log that was published before: it must still be in the log.",
)
@click.option("--repair", is_flag=True, help="Make again what can be made from the rest.")
@click.option("--json", "as_json", is_flag=True, help="Print an object, for programs.")
@places
@click.pass_obj
def verify(where: Places, published: tuple[str, ...], repair: bool, as_json: bool) -> None:
    """Check database, log, WARC records, references and full-text index; name what is damaged.

    Nothing is written without --repair, which makes the full-text index, indexes and references
    again where they are damaged. Evidence and log are never altered.
    """
    board = _Board(sys.stderr.isatty())
    processes = len(os.sched_getaffinity(0))
    run = partial(check, where.data, processes, published, board.show)
    mended = _repair(where, run, board) if repair else []
    print_all = _print_json if as_json else _print_text
    damaged = print_all(run(), where, mended, board)
    sys.exit(_DAMAGED if damaged else 0)


class _Board:
    """What is being checked, on a terminal alone: a line on stderr that is rewritten."""

    def __init__(self, is_terminal: bool) -> None:
        self._is_terminal = is_terminal

    def show(self, what: str) -> None:
        """Says what is being checked."""
        if self._is_terminal:
            click.echo(f"\r\x1b[Kchecking {what}", err=True, nl=False)

    def clear(self) -> None:
        """Takes the line away."""
        if self._is_terminal:
            click.echo("\r\x1b[K", err=True, nl=False)


def _repair(where: Places, run: Callable[[], Iterator[Finding]], board: _Board) -> list[str]:
    """Tells what is damaged, and makes again what can be; what that was."""
    cures = set()
    for finding in run():
        board.clear()
        click.echo(finding, err=True)
        if isinstance(finding, Damage) and finding.cure:
            cures.add(finding.cure)
    board.clear()
    if cures:
        mend(where.data, cures)
    return [_CURES[cure] for cure in sorted(cures)]


def _print_text(
    findings: Iterable[Finding], where: Places, mended: list[str], board: _Board
) -> int:
    if mended:
        click.echo(f"Made again: {', '.join(mended)}. What is left:", err=True)
    damaged = curable = 0
    for finding in findings:
        board.clear()
        click.echo(finding)
        if isinstance(finding, Damage):
            damaged += 1
            curable += finding.cure is not None
    board.clear()
    click.echo(f"damaged: {damaged:,} faults" if damaged else "sound")
    for head in _heads(where):
        click.echo(f"log {head.origin}: {head.entries:,} entries, head {head.hash}")
    if curable:
        click.echo(f"{curable:,} can be made again: govnews verify --repair", err=True)
    if damaged > curable:
        click.echo(_BEYOND, err=True)
    return damaged


def _print_json(
    findings: Iterable[Finding], where: Places, mended: list[str], board: _Board
) -> int:
    """Each damage as it is found: there may be more than memory holds."""
    damaged, notes = 0, []
    click.echo('{"damage": [', nl=False)
    for finding in findings:
        board.clear()
        if isinstance(finding, Damage):
            text = json.dumps(asdict(finding), ensure_ascii=False)
            click.echo(f"{',' if damaged else ''}\n  {text}", nl=False)
            damaged += 1
        else:
            notes.append(str(finding))
    board.clear()
    rest = {
        "notes": notes,
        "mended": mended,
        "sound": not damaged,
        "logs": [asdict(head) for head in _heads(where)],
    }
    click.echo("]," + json.dumps(rest, ensure_ascii=False, indent=2).removeprefix("{"))
    return damaged


def _heads(where: Places) -> list[Head]:
    try:
        return heads(where.data)
    except ArchiveError:  # it is among what was found
        return []
