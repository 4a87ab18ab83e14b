"""What an archive of the portal should hold."""

from __future__ import annotations

from dataclasses import dataclass

from govnews.demo.story import Media


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a related list; `published_at` is ISO 8601 with +07:00."""

    title: str
    key: str
    published_at: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What an archive should hold of an article, as the portal stands at this moment."""

    subsite: str
    item: int
    key: str
    address: str
    title: str
    summary: str
    body: str
    author: str | None
    sections: tuple[str, ...]
    published_at: str
    related: tuple[Link, ...]
    media: tuple[Media, ...]

    @property
    def section(self) -> str:
        """The first listed of the categories that it stands in."""
        return self.sections[0]
