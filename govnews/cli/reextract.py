"""`govnews reextract`."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from os.path import commonprefix

import click

from govnews.cli.output import print_json
from govnews.cli.places import Places, places
from govnews.collection import Collection
from govnews.reextract import Difference, Example, Report, Watch
from govnews.reextract import reextract as read_again
from govnews.sites import load_site

_EVERY, _PLAIN_EVERY = 0.5, 10.0
_WIDTH, _BEFORE = 60, 20
_WORDS = {
    "revisions": "other revisions",
    "related_links": "other related links",
    "media": "other media",
    "evidence": "another rule behind a field",
    "observations": "something else seen on a visit",
    "key": "another key; the old one goes on leading to them",
    "merged": "part of another article; their key leads to that one",
    "parted": "new, parted from others",
    "new": "new",
    "dropped": "not read by any rule; dropped",
    "unread": "not read by any rule; they stay as they are, unless --drop",
    "held": "kept as they are, since a capture of theirs can't be read again",
}
_APART = {
    "damaged": "captures can't be read again",
    "mentions": "mentions differ",
    "listings": "walks of listings are no proof any more; the next crawl walks to their end",
}


@click.command(short_help="Read all captures again, by the rules of today.")
@click.argument("site", required=False)
@click.option("--apply", is_flag=True, help="Change the archive; without it, only show.")
@click.option("--drop", is_flag=True, help="Take out articles that no rule reads any more.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects, for programs.")
@places
@click.pass_obj
def reextract(where: Places, site: str | None, apply: bool, drop: bool, as_json: bool) -> None:
    """Read all captures of SITE, or of all sites, again by the rules of today, without network.

    Shows how many articles change, field by field, with examples; --apply puts the archive right.
    That is better understanding, no news: misread revisions are mended, none is made up. What was
    captured stays as it is.

    \b
    Examples:
      govnews reextract quan1            what a mended site file would change
      govnews reextract quan1 --apply    and the change
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sites_folder = str(where.sites) if where.sites else None
    with Collection(where.data) as collection:
        names = [site] if site else [one.id for one in collection.sites()]
    for name in names:
        load_site(name, sites_folder)  # refused before anything is done
    reports = []
    for name in names:
        report = read_again(
            where.data,
            name,
            sites_folder,
            apply=apply,
            drop=drop,
            watch=_watch(name),
            show=_pass if as_json else _show,
        )
        reports.append(report)
        if not as_json:
            click.echo(_end(report))
    if as_json:
        print_json(reports)


def _pass(_: Report) -> None:
    """A program is told all at the end."""


def _show(report: Report) -> None:
    click.echo("\n".join(_lines(report)))


def _watch(site: str) -> Watch:
    """Shows on stderr how far it is: in one line on a terminal, a line now and then elsewhere."""
    started = shown = time.monotonic()
    is_terminal = sys.stderr.isatty()

    def watch(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if done == total and is_terminal:
            click.echo("\r\x1b[K", err=True, nl=False)
        elif now - shown >= (_EVERY if is_terminal else _PLAIN_EVERY):
            shown = now
            rate = done / (now - started)
            text = f"{site}: {done:,} of {total:,} captures read again, {rate:.0f}/s"
            click.echo(f"\r\x1b[K{text}" if is_terminal else text, err=True, nl=not is_terminal)

    return watch


def _lines(report: Report) -> Iterator[str]:
    yield (
        f"{report.site}: {report.captures:,} captures read again; {report.changed:,} of "
        f"{report.articles:,} articles would change"
    )
    for difference in report.differences:
        yield f"  {_headline(difference)}"
        for example in difference.examples:
            yield from _example(difference, example)
    if report.addresses:
        yield f"  {report.addresses:,} addresses to ask for that no page led to before"


def _end(report: Report) -> str:
    if not (report.changed or report.differences or report.addresses):
        return f"{report.site}: the archive is as the rules of today read it"
    if report.applied:
        return f"{report.site}: put right, {report.changed:,} articles changed"
    return f"Nothing was changed. Put it right with: govnews reextract {report.site} --apply"


def _headline(difference: Difference) -> str:
    number, what = f"{difference.number:,}", difference.what
    if what in _APART:
        return f"{number} {_APART[what]}"
    articles = "1 article" if difference.number == 1 else f"{number} articles"
    return f"{articles}: {_WORDS.get(what, f'another {what}')}"


def _example(difference: Difference, example: Example) -> Iterator[str]:
    yield f"      {example.article}"
    for mark, text in zip("-+", _shortened(example.old, example.new), strict=True):
        if text is not None:
            yield f"        {mark} {text}"


def _shortened(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two texts from a little before where they differ."""
    one, other = old or "", new or ""
    start = max(0, len(commonprefix([one, other])) - _BEFORE)  # noqa: RUF071  letters are meant
    return _cut(old, start), _cut(new, start)


def _cut(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    piece = text[start : start + _WIDTH].replace("\n", "¶")
    return f"{'…' if start else ''}{piece}{'…' if len(text) > start + _WIDTH else ''}"
