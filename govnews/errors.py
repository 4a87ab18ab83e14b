"""What can go wrong, as a tree; every message names the place and the cure.

GovnewsError
├── UsageError          the words given are wrong: a site, a date, a file's ending (exit 2)
│   └── SiteFileError   a site file that the loader refuses, by file, key and cure
├── CrawlError          a crawl that could not do its work (exit 1)
│   └── SiteBusyError   another process is crawling this site into this collection
└── ArchiveError        the collection can't be opened, read or written (exit 1)
    ├── NewerArchiveError   written by a later govnews than this one
    └── DamagedRecordError  a WARC record that is not what the archive says of it
"""

from __future__ import annotations


class GovnewsError(Exception):
    """Anything govnews refuses or fails at, with the cure in its text."""

    exit_code = 1


class UsageError(GovnewsError):
    """The words given are wrong; nothing was done."""

    exit_code = 2


class SiteFileError(UsageError):
    """A site file can't be used.

    `file` and `key` name the place, `cure` says what would be right.
    """

    def __init__(self, file: str, key: str, fault: str, cure: str) -> None:
        place = f"{file}: {key}" if key else file
        super().__init__(f"{place}: {fault}. {cure}")
        self.file, self.key, self.cure = file, key, cure


class CrawlError(GovnewsError):
    """A crawl could not do its work."""


class SiteBusyError(CrawlError):
    """Another process is crawling this site into this collection."""


class InterruptedCrawlError(CrawlError):
    """A signal came before the crawl had begun."""

    exit_code = 130


class ArchiveError(GovnewsError):
    """The collection can't be opened, read or written."""


class NewerArchiveError(ArchiveError):
    """The archive was written by a later govnews than this one."""


class DamagedRecordError(ArchiveError):
    """A WARC record is not what the archive says of it."""
