"""A crawl that is killed, again and again, ends with the archive of an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from crawl.running import Crawler
from crawl.snapshot import damage, snapshot

from govnews.demo import Portal

_IN_FLIGHT = 8 + 32 + 1  # concurrency, batch, robots.txt


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def _kill(process: subprocess.Popen[str], chance: random.Random) -> None:
    """Kills the crawl, its keeper, or both."""
    victims = [process.pid, *_children(process.pid)]
    for victim in chance.choice([victims, victims[:1], victims[1:] or victims]):
        os.kill(victim, signal.SIGKILL)
    process.communicate(timeout=60)


def _crawl_through_kills(
    crawler: Crawler, portal: Portal, kills: int, chance: random.Random
) -> int:
    """Kills a crawl so often, then lets it end; how many kills struck."""
    struck = 0
    for _ in range(kills):
        process = crawler.start(
            "crawl", "demo", "--base-url", portal.url, "--delay", "0.005", "--revisit", "none"
        )
        try:
            process.wait(timeout=chance.uniform(0.7, 2.6))
            process.communicate()
            break
        except subprocess.TimeoutExpired:
            _kill(process, chance)
            struck += 1
    assert crawler.crawl(portal) == 0, crawler.said
    return struck


def _torture(tmp_path: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    with Portal(articles=260) as portal:
        calm = Crawler(tmp_path / "calm")
        assert calm.crawl(portal) == 0, calm.said
        asked = len(list(portal.requests))
        struck, rounds = 0, 0
        while struck < kills:
            portal.requests.clear()
            crawler = Crawler(tmp_path / f"killed-{rounds}")
            here = _crawl_through_kills(crawler, portal, min(kills - struck, 8), chance)
            struck, rounds = struck + here, rounds + 1
            assert snapshot(crawler.data) == snapshot(calm.data)
            assert damage(crawler.data) == []
            listed = "SELECT count(*) FROM captures"
            assert len(list(portal.requests)) <= asked + (here + 1) * (_IN_FLIGHT + 8)
            assert crawler.one(listed) <= len(list(portal.requests))


def test_a_killed_crawl_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    _torture(tmp_path, kills=4, seed=1)


@pytest.mark.slow
def test_dozens_of_kills(tmp_path: Path) -> None:
    _torture(tmp_path, kills=int(os.environ.get("GOVNEWS_KILLS", "36")), seed=time.time_ns())
