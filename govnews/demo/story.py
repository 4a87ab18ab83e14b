"""A news item as data: its blocks, its plain text, its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `strong` is the part of `text` that is printed bold, '' for none."""

    text: str
    strong: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bullet list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first row holds the headings."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image, with its caption in a paragraph of its own below."""

    path: str
    caption: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paragraph that is a link to a PDF."""

    path: str
    label: str


Block = Paragraph | Bullets | Table | Picture | Attachment


@dataclass(frozen=True, slots=True)
class Story:
    """A news item as its author wrote it."""

    title: str
    summary: str
    blocks: tuple[Block, ...]
    author: str | None
    published: datetime

    @property
    def body(self) -> str:
        """The plain text: a blank line between blocks, without summary and byline."""
        return "\n\n".join(map(plain, self.blocks))


def plain(block: Block) -> str:
    """A block as plain text: list items after `- `, cells divided by tabs."""
    match block:
        case Paragraph(text):
            return text
        case Bullets(items):
            return "\n".join(f"- {item}" for item in items)
        case Table(rows):
            return "\n".join("\t".join(row) for row in rows)
        case Picture(_, caption):
            return caption
        case Attachment(_, label):
            return label


@dataclass(frozen=True, slots=True)
class Media:
    """A file of an article: `kind` is `image` or `attachment`, `url` root-relative."""

    kind: str
    url: str
    title: str


def media(story: Story) -> Iterator[Media]:
    """The files of a story, in the order of its body."""
    for block in story.blocks:
        match block:
            case Picture(path, caption):
                yield Media("image", path, caption)
            case Attachment(path, label):
                yield Media("attachment", path, label)
