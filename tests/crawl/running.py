"""The command in a process of its own, and the archive that it leaves."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from govnews.demo import Portal

GOVNEWS = [sys.executable, "-m", "govnews"]


class Crawler:
    """A collection and the command that fills it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = {**os.environ, "GOVNEWS_DATA": str(data), "GOVNEWS_CONTACT": "tests"}

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """The command, left to run."""
        return subprocess.Popen(
            [*GOVNEWS, *words],
            env={**self.environment, **environment},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The command, to its end."""
        return subprocess.run(
            [*GOVNEWS, *words],
            env={**self.environment, **environment},
            text=True,
            capture_output=True,
            timeout=240,
            check=False,
        )

    def crawl(self, portal: Portal, *words: str, **environment: str) -> int:
        """Crawls a portal as the site `demo`; the exit code."""
        done = self.run("crawl", "demo", "--base-url", portal.url, *words, **environment)
        self.said = done.stderr
        return done.returncode

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the archive answers."""
        with closing(sqlite3.connect(self.data / "archive.db")) as db:
            return db.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """The one value that the archive answers."""
        return self.rows(query, *values)[0][0]
