"""Real crawls: the command against a portal that is served from the test's process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from crawl.running import Crawler

from govnews.demo import Portal


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    return Crawler(tmp_path / "data")


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal(articles=60) as portal:
        yield portal
