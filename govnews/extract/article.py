"""An article's fields, each with the rule that gave it: the site's selectors first, then where
things stand on the page, then what pages say of themselves everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from govnews.extract.absence import is_notice
from govnews.extract.body import Body, find_body, is_aside
from govnews.extract.byline import author_name, find_byline, is_name
from govnews.extract.head import Head, Value, read_head, read_summary, summary_lines
from govnews.extract.lines import Line, join
from govnews.extract.media import read_media
from govnews.extract.mentions import Item
from govnews.extract.metadata import Metadata, read_metadata
from govnews.extract.page import Page
from govnews.extract.prose import prose
from govnews.extract.published import find_published
from govnews.extract.related import Related, related_lists
from govnews.extract.section import read_language, read_section
from govnews.extract.selected import doubts, read_selected
from govnews.extract.title import read_title, title_hints
from govnews.extract.urls import alternative
from govnews.items import Article, Evidence, Problem, RelatedLink

_RAW = 200
_LEAST_LIST, _LIST_SHARE = 3, 4
Fields = dict[str, Value | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a page holds of an article; `article` is None where it holds no text of one."""

    article: Article | None
    related: tuple[Related, ...]
    evidence: tuple[Evidence, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_article(page: Page, items: tuple[Item, ...]) -> Found:
    """The article of a page at an article's address."""
    related = related_lists(page)
    body, problems = find_body(page, related)
    if body is None or _is_none(page, body, items):
        return Found(None, related, (), problems)
    found = _read(page, items, related, body, problems)
    article = found.article
    if article is None or not (article.body or article.summary or article.media):
        return Found(None, related, (), problems)
    return found


def _is_none(page: Page, body: Body, items: tuple[Item, ...]) -> bool:
    """Whether a guessed body is a server's message, or a list of articles with their abstracts."""
    if body.certainty == "stated":
        return False
    numbers = {item.link.line for item in items} & set(body.lines)
    links = [n for n in numbers if n is not None and not prose(page.lines[n])]
    is_list = len(links) >= _LEAST_LIST and len(links) * _LIST_SHARE >= len(body.lines)
    return is_list or is_notice(page, body.lines)


def _read(
    page: Page,
    items: tuple[Item, ...],
    related: tuple[Related, ...],
    body: Body,
    problems: tuple[Problem, ...],
) -> Found:
    stated = read_metadata(page.root)
    head = read_head(page, body, title_hints(page, stated))
    body = _below_title(page, head, body)
    end = _end(page, body, related)
    published = find_published(page, head, body, end, stated.get("published_at", ()))
    fields = _texts(page, head, body, stated)
    fields["section"] = read_section(page, head, related, stated)
    fields["language"] = read_language(page, fields["body"])
    fields["published_at"] = published.value
    values = {name: found.value for name, found in fields.items() if found is not None}
    article = Article(
        page.key or "",
        page.url,
        **values,
        published_source=published.source,
        related_links=_related_links(related, items),
        media=read_media(page, body.lines, range(body.lines.stop, end)),
    )
    return Found(
        article, related, _evidence(fields), (*problems, *published.problems, *doubts(page))
    )


def _evidence(fields: Fields) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(name, found.value, found.rule, found.raw, found.certainty)
        for name, found in fields.items()
        if found is not None
    )


def _below_title(page: Page, head: Head, body: Body) -> Body:
    """A body without what stands above its first paragraph and is not of the story."""
    start = body.lines.start
    if head.title is not None and head.title in body.lines:
        start = head.title + 1
    elif head.category is not None and head.category in body.lines:
        start = head.category + 1
    while start < body.first and is_aside(page, page.lines[start]):
        start += 1
    stop = body.lines.stop
    while stop - 1 > max(start, body.first) and _is_trailer(page, page.lines[stop - 1]):
        stop -= 1
    return body._replace(lines=range(start, max(start, stop)))


def _is_trailer(page: Page, line: Line) -> bool:
    return line.kind != "image" and is_aside(page, line)


def _end(page: Page, body: Body, related: tuple[Related, ...]) -> int:
    """The line where the article is over: the next list's heading, or a few lines below it."""
    headings = [entry.heading for entry in related if entry.heading >= body.lines.stop]
    return min([*headings, body.lines.stop + 6, len(page.lines)])


def _texts(page: Page, head: Head, body: Body, stated: Metadata) -> Fields:
    """Title, summary, body and author, each taken out of what is left for the next."""
    lines = [page.lines[number] for number in body.lines]
    above = [page.lines[number] for number in summary_lines(page, head, body)]
    title = read_selected(page, "title") or read_title(page, head, stated)
    lines = [line for line in lines if title is None or line.text != title.value]
    summary = read_selected(page, "summary") or read_summary(page, head, lines, above)
    lines = _without(page, "summary", lines, summary)
    author = _selected_author(page)
    lines = _without(page, "author", lines, author)
    byline = None if author else find_byline(lines)
    if byline is not None:
        author = Value(byline.author, byline.rule, byline.raw, "inferred")
        lines = [line for number, line in enumerate(lines) if number not in byline.lines]
    text = join(lines)
    story = Value(text, body.rule, text[:_RAW], body.certainty) if text else None
    author = author or _stated_author(stated)
    return {"title": title, "summary": summary, "body": story, "author": author}


def _without(page: Page, field: str, lines: list[Line], value: Value | None) -> list[Line]:
    """Lines without those that a field was read from."""
    if value is None:
        return lines
    spans = (page.lines_of(m.element) for m in page.matches[field] if m.element is not None)
    taken = {id(page.lines[number]) for span in spans for number in span}
    told = value.raw.split("\n")
    return [line for line in lines if id(line) not in taken and line.text not in told]


def _selected_author(page: Page) -> Value | None:
    found = read_selected(page, "author")
    name = author_name(found.value) if found else ""
    return found._replace(value=name) if found and name else None


def _stated_author(stated: Metadata) -> Value | None:
    for entry in stated.get("author", ()):
        name = author_name(entry.value)
        if is_name(name):
            return Value(name, entry.rule, entry.value)
    return None


def _related_links(
    related: tuple[Related, ...], items: tuple[Item, ...]
) -> tuple[RelatedLink, ...]:
    """The links of all lists of other news, each article once, with its title and stamp."""
    wanted = {link.element for entry in related for link in entry.links}
    found: dict[str, RelatedLink] = {}
    for item in items:
        if item.link.element in wanted:
            url = item.link.url
            known = found.get(url, RelatedLink(None, url))
            title = max(known.title or "", item.title or "", key=len)
            title = title or alternative(item.link.element)
            found[url] = RelatedLink(title or None, url, known.published_at or item.stamp)
    return tuple(found.values())
