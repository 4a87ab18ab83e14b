"""`govnews show`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from govnews.archive.attachments import File
from govnews.archive.history import Revision, SeenMention
from govnews.archive.query import ArchivedArticle, StoryMember
from govnews.cli.output import folded, print_json, print_pages, table
from govnews.cli.places import Places, places
from govnews.collection import Collection
from govnews.errors import UsageError
from govnews.items import Evidence

_RAW_SHOWN = 60
_MOST_SHOWN = 20


@click.command(short_help="Show one article, or a version of it.")
@click.argument("reference", metavar="ARTICLE")
@click.option("--revision", "number", type=int, metavar="N", help="An earlier version of its text.")
@click.option("--evidence", "with_evidence", is_flag=True, help="Tell how each field came about.")
@click.option("--cite", is_flag=True, help="Print a reference to it, for a footnote.")
@click.option("--json", "as_json", is_flag=True, help="Print an object, for programs.")
@places
@click.pass_obj
def show(
    places: Places,
    reference: str,
    number: int | None,
    with_evidence: bool,
    cite: bool,
    as_json: bool,
) -> None:
    """Show ARTICLE: its site/key, any of its addresses, or its id.

    \b
    Examples:
      govnews show quan1/tintuc/83
      govnews show quan1/tintuc/83 --evidence
      govnews show quan1/tintuc/83 --cite
      govnews show 17 --revision 1 --json
    """
    with Collection(places.data) as collection:
        article = collection.article(reference)
        revision = None if number is None else _revision(collection, article, number)
        files = collection.files(article.id)
        evidence = collection.evidence(article.id, number or article.revision)
        mentions = collection.mentions(article.id)
        story = collection.story(article.id)
        citation = collection.cite(article.id, number) if cite else None
    if citation:
        print_json(citation) if as_json else click.echo(str(citation))
        return
    if as_json:
        shown: dict[str, Any] = asdict(revision) if revision else article.as_dict()
        told: dict[str, Any] = {} if revision else {"same_story": story}
        if with_evidence:
            told |= {"evidence": evidence, "mentions": mentions}
        print_json(shown | told)
        return
    blocks = [
        *_text(article, revision or article),
        *((*_lists(article, files), *_same_story(story)) if not revision else ()),
    ]
    if with_evidence:
        blocks += [_evidence_table(evidence), *_date_story(article, mentions)]
    print_pages("\n\n".join(blocks))


def _revision(collection: Collection, article: ArchivedArticle, number: int) -> Revision:
    for revision in collection.revisions(article.id):
        if revision.number == number:
            return revision
    name = f"{article.site}/{article.key}"
    raise UsageError(f"{name} has no revision {number}. It has 1 to {article.revision}")


def _text(article: ArchivedArticle, shown: ArchivedArticle | Revision) -> Iterator[str]:
    yield click.style(folded(shown.title or "(no title)"), bold=True)
    yield folded("\n".join(filter(None, (*_meta(article, shown), article.url))))
    if shown.summary:
        yield click.style(folded(shown.summary), italic=True)
    yield folded(shown.body or "(no body)")


def _meta(article: ArchivedArticle, shown: ArchivedArticle | Revision) -> Iterator[str]:
    name = click.style(f"{article.site}/{article.key}", fg="cyan")
    date = (shown.published_at or "no date").replace("T", " ")
    yield " · ".join(filter(None, (name, date, article.section, shown.author)))
    if isinstance(shown, Revision):
        yield f"revision {shown.number} of {article.revision}, {shown.change}, {shown.seen_at}"
        return
    yield f"first seen {article.first_seen_at}, last seen {article.last_seen_at}"
    if article.revision > 1:
        yield f"revision {article.revision}, changed {article.changed_at or 'in its letters alone'}"
    if article.gone_at:
        yield click.style(f"gone since {article.gone_at}", fg="red")


def _lists(article: ArchivedArticle, files: list[File]) -> Iterator[str]:
    if article.related_links:
        links = [
            " · ".join(filter(None, (link.title, link.published_at, link.target or link.url)))
            for link in article.related_links
        ]
        yield "Related\n" + "\n".join(folded(f"- {link}", "  ") for link in links)
    if files:
        lines = [
            " · ".join(filter(None, (one.kind, one.title, one.url, _in_archive(one))))
            for one in files
        ]
        yield "Images and attachments\n" + "\n".join(folded(f"- {line}", "  ") for line in lines)


def _same_story(story: list[StoryMember]) -> Iterator[str]:
    lines = [
        " · ".join(filter(None, (other.article, other.published_at, other.title)))
        for other in story[:_MOST_SHOWN]
    ]
    if len(story) > _MOST_SHOWN:
        lines.append(f"({len(story) - _MOST_SHOWN:,} more)")
    if lines:
        yield "The same story\n" + "\n".join(folded(f"- {line}", "  ") for line in lines)


def _in_archive(file: File) -> str | None:
    return None if file.capture_id is None else "in the archive"


def _evidence_table(evidence: list[Evidence]) -> str:
    rows = [(item.field, item.certainty, item.rule, _short(item.raw)) for item in evidence]
    return table(("field", "certainty", "rule", "raw text"), rows)


def _date_story(article: ArchivedArticle, mentions: list[SeenMention]) -> Iterator[str]:
    source = article.published_source or "nothing says one"
    yield f"Date: {article.published_at or 'unknown'} ({source})"
    dated = [mention for mention in mentions if mention.published_at]
    rows = [(mention.published_at, mention.source, mention.seen_on) for mention in dated]
    if rows:
        yield table(("date", "said by", "on the page"), rows)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _RAW_SHOWN else f"{line[: _RAW_SHOWN - 1]}…"
