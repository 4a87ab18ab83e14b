"""An archive that breaks under a crawl ends it, with what is wrong."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from crawl.running import Crawler

from govnews.demo import Portal


def test_a_crawl_whose_archive_breaks_ends_as_failed(crawler: Crawler, portal: Portal) -> None:
    process = crawler.start("crawl", "demo", "--base-url", portal.url, "--delay", "0.1")
    while len(portal.requests) < 5:
        time.sleep(0.05)
    with closing(sqlite3.connect(crawler.data / "archive.db", timeout=30)) as db:
        db.execute("ALTER TABLE frontier RENAME TO elsewhere")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "no such table" in said
    assert "Traceback" not in said
