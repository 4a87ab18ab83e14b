"""What speaks for an article's deletion: its address, beside one that cannot exist."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime
from posixpath import splitext
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from govnews.archive import frontier, gone
from govnews.clock import timestamp
from govnews.items import Capture, Problem, Reading
from govnews.keeper.again import backoff, has_tries
from govnews.sites import Site

if TYPE_CHECKING:
    from govnews.keeper.visit import Visit

_NUMBER = re.compile(r"\d+")
_NO_NUMBER = "987654321"
_NO_NAME = "govnews-khong-co-bai-nay"


def answer(site: Site, capture: Capture, reading: Reading | Problem | None) -> str | None:
    """How a host says that something is not there, in a form that can be compared: its status,
    where it redirects to, or the page that it shows. None where it does not speak of that."""
    host = urlsplit(site.own(capture.url)).netloc.lower()
    if capture.status in (404, 410):
        return f"{host} status"
    if 300 <= capture.status < 400:
        target = site.own(urljoin(capture.url, (capture.header("Location") or "").strip()))
        return f"{host} redirect {urlsplit(target).path}" if site.covers(target) else None
    if isinstance(reading, Reading) and reading.wording:
        return f"{host} page {reading.wording}"
    return None


def ask(visit: Visit) -> None:
    """Has the host asked, once in a run, for an address of the same form that cannot exist."""
    url = impossible(visit.site, visit.url)
    host = urlsplit(visit.url).netloc.lower()
    if url and not gone.is_probed(visit.db, visit.run_id, host):
        frontier.add_probe(visit.db, visit.site.id, host, url)


def impossible(site: Site, url: str) -> str | None:
    """An article's address that no portal has given out: with another number in it, the last one
    that names the article, or else with another name. None where neither is an article's."""
    key = site.key(url)
    changed = [
        url[: number.start()] + _NO_NUMBER + url[number.end() :]
        for number in reversed(list(_NUMBER.finditer(url)))
    ]
    parts = urlsplit(url)
    stem, ending = splitext(parts.path.rstrip("/"))
    slash = "/" if parts.path.endswith("/") else ""
    changed.append(parts._replace(path=f"{stem}-{_NO_NAME}{ending}{slash}").geturl())
    return next((one for one in changed if site.key(one) not in (None, key)), None)


def keep_probe(visit: Visit) -> str:
    """Keeps how a host answers for what cannot exist; a server's error says nothing."""
    row, capture = visit.row, visit.capture
    said = answer(visit.site, capture, visit.reading)
    if said is None and capture.status >= 429 and has_tries(row, capture):
        frontier.again(visit.db, row.id, backoff(visit.site, row, capture))
        return "retried"
    if said is not None:
        host = row.key.removeprefix("probe:")
        gone.keep_probe(visit.db, visit.run_id, visit.site.id, host, said, visit.capture_id)
    frontier.remove(visit.db, row.id)
    return "probe"


def judge(db: sqlite3.Connection, site: str, run_id: int) -> int:
    """Marks the articles that this run shows to be gone; how many. Those that gave a first sign
    are due again in the first run after the time that a second one must be apart."""
    found = 0
    for sign in gone.signs(db, run_id):
        if sign.since is None:
            continue
        if sign.is_gone:
            gone.mark(db, sign.article_id, sign.since)
            found += 1
        else:
            due_at = timestamp(datetime.fromisoformat(sign.since) + gone.APART)
            frontier.suspect(db, site, sign.key, sign.since, due_at)
    return found
