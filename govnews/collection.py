"""A collection as Python sees it: `with Collection("data") as collection: …`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Unpack

from govnews.archive import attachments, citation, filters, history, overview, query
from govnews.archive.attachments import File
from govnews.archive.citation import Citation
from govnews.archive.database import open_read_only
from govnews.archive.filters import Conditions, Filter
from govnews.archive.history import CaptureRow, Observation, Revision, SeenMention
from govnews.archive.overview import RunSummary, SiteSummary
from govnews.archive.query import ArchivedArticle, StoryMember
from govnews.diff import Difference, between
from govnews.export import export
from govnews.items import Evidence
from govnews.media import Written, write_files
from govnews.search import Facets, Hit, Sort, count, facets, search, wanted

Reference = str | int
"""What names an article: `site/key`, any of its addresses, or its id."""


class Collection:
    """A folder with one archive, open for reading; closed by `close` or at the end of `with`.

    Conditions are keyword arguments, all optional: `site`, `section`, `author` (as they stand in
    the archive), `since` and `until` (a day, month or year, both inclusive, as text or `date`),
    `changed` and `gone` (true or false). Raises ArchiveError where there is no archive;
    UsageError for a site, a day or a reference that means nothing here.
    """

    def __init__(self, folder: str | Path = "data") -> None:
        self.folder = Path(folder)
        self._db = open_read_only(self.folder)

    def __enter__(self) -> Collection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the archive."""
        self._db.close()

    def articles(
        self, *, words: str | None = None, **conditions: Unpack[Conditions]
    ) -> Iterator[ArchivedArticle]:
        """The articles under these conditions, by site and key, one at a time; `words` as in
        `search`."""
        return query.articles(self._db, self._wanted(words, conditions))

    def search(
        self,
        words: str,
        *,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = "rank",
        **conditions: Unpack[Conditions],
    ) -> list[Hit]:
        """A page of the articles that hold these words, the best first; the newest first by
        `sort="date"`, and without words.

        A word with marks means that word, one without all that it may stand for; also "phrases",
        -without, begin*, title:word, this OR that.
        """
        filters.check_site(self._db, conditions.get("site"))
        return search(self._db, words, limit=limit, offset=offset, sort=sort, **conditions)

    def count(self, words: str = "", **conditions: Unpack[Conditions]) -> int:
        """How many articles `search` would find in all."""
        filters.check_site(self._db, conditions.get("site"))
        return count(self._db, words, **conditions)

    def facets(self, words: str = "", **conditions: Unpack[Conditions]) -> Facets:
        """How many of the articles that `search` would find are of each site, section, author
        and month."""
        filters.check_site(self._db, conditions.get("site"))
        return facets(self._db, words, **conditions)

    def article(self, reference: Reference) -> ArchivedArticle:
        """The article that is meant."""
        return query.article(self._db, self._id(reference))

    def story(self, reference: Reference) -> list[StoryMember]:
        """The other articles that tell the same story, those first that were seen first."""
        return query.story(self._db, self._id(reference))

    def revisions(self, reference: Reference) -> list[Revision]:
        """All versions of an article's text, the oldest first."""
        return history.revisions(self._db, self._id(reference))

    def cite(self, reference: Reference, revision: int | None = None) -> Citation:
        """A reference to an article as it stands now, or to an earlier version of it; as text it is
        a footnote. Raises UsageError where there is no such version."""
        return citation.citation(self._db, self._id(reference), revision)

    def diff(
        self, reference: Reference, old: int | None = None, new: int | None = None
    ) -> Difference:
        """What changed between two of an article's revisions, word by word; by default the last
        one, from the one before."""
        article = self.article(reference)
        revisions = history.revisions(self._db, article.id)
        return between(f"{article.site}/{article.key}", revisions, old, new)

    def evidence(self, reference: Reference, revision: int) -> list[Evidence]:
        """The rule behind each field of one version of an article."""
        return history.evidence(self._db, self._id(reference), revision)

    def observations(self, reference: Reference) -> list[Observation]:
        """What an article's address said on each visit, the oldest first."""
        return history.observations(self._db, self._id(reference))

    def captures(self, reference: Reference) -> list[CaptureRow]:
        """The responses that an article was read from, the oldest first."""
        return history.captures(self._db, self._id(reference))

    def mentions(self, reference: Reference) -> list[SeenMention]:
        """The pages that name an article, the one with most to say first."""
        return history.mentions(self._db, self._id(reference))

    def files(self, reference: Reference) -> list[File]:
        """The images and attachments of an article, and which captures hold them."""
        return attachments.files(self._db, self._id(reference))

    def write_files(self, reference: Reference, to: str | Path) -> Iterator[Written]:
        """Writes an article's files into a folder, as far as they are in the archive; nothing that
        stands there is overwritten. Raises DamagedRecordError where the evidence of one is broken.
        """
        return write_files(self._db, self.folder, self.files(reference), Path(to))

    def sites(self) -> list[SiteSummary]:
        """What the collection holds of each site."""
        return overview.sites(self._db)

    def runs(self, site: str | None = None) -> list[RunSummary]:
        """All crawls (of one site), the newest first."""
        filters.check_site(self._db, site)
        return overview.runs(self._db, site)

    def export(
        self,
        file: str | Path | None = None,
        format_name: str | None = None,
        *,
        words: str | None = None,
        **conditions: Unpack[Conditions],
    ) -> int:
        """Writes the articles under these conditions to a file, or to the standard output; how
        many. The format is told by the file's ending where it is not named."""
        path = Path(file) if file is not None else None
        return export(self._db, self._wanted(words, conditions), path, format_name)

    def _id(self, reference: Reference) -> int:
        return query.find(self._db, reference)

    def _wanted(self, words: str | None, conditions: Conditions) -> Filter:
        filters.check_site(self._db, conditions.get("site"))
        return wanted(words, **conditions)
