"""What an answer means for the archive and the frontier: one function for each kind of answer."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urljoin

from govnews.archive import articles, attachments, dating, frontier, mentions, runs
from govnews.archive.frontier import DISCOVERED, ELSEWHERE, Row
from govnews.archive.runs import Options
from govnews.clock import timestamp
from govnews.items import Article, Capture, Mention, Problem, Reading
from govnews.keeper import days, feeds, listing, probe
from govnews.keeper.again import backoff, has_tries
from govnews.sites import Site

MAX_HOPS = 5
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_SOONEST, _LATEST = timedelta(minutes=15), timedelta(days=180)
_NO_ARTICLE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Visit:
    """A page on its way into the archive, with all that its keeping needs.

    `reading` is the problem of a body that came broken, None where there was nothing to read;
    `capture_id` is 0 where no response came. `leads` are the addresses of listings that this run
    has followed up: the menu of every page names them again. `said` is what the page's mentions
    add to those that are known, as the log counts them.
    """

    db: sqlite3.Connection
    site: Site
    run_id: int
    options: Options
    row: Row
    capture: Capture
    capture_id: int
    reading: Reading | Problem | None
    counts: Counter[str]
    leads: set[str]
    said: list[str] = field(default_factory=list)

    @property
    def now(self) -> str:
        """When the page was fetched."""
        return self.capture.fetched_at

    @property
    def url(self) -> str:
        """The page's address on the site's own host."""
        return self.site.own(self.capture.url)

    @property
    def key(self) -> str:
        """The article's key, of a row that is an article."""
        return self.row.key.removeprefix("article:")

    def problem(self, kind: str, message: str) -> None:
        """Keeps something that did not fit."""
        note(self, Problem(kind, message))

    def is_too_old(self, mention: Mention) -> bool:
        """Whether an article came out before the day that was asked for."""
        since = self.options.since
        if since is None:
            return False
        date = mention.published_at or mentions.date_of(self.db, self.site.id, mention.key)
        return date is not None and date[:10] < since


def keep(visit: Visit) -> str:
    """Keeps what an answer says; a word for what it was, to count by."""
    status, reading = visit.capture.status, visit.reading
    if isinstance(reading, Reading):
        return _keep_reading(visit, reading)
    if status == 304 and visit.row.kind == "article":
        return _unmodified(visit)
    if 300 <= status < 400 and status != 304:
        return redirected(visit)
    fault = reading or Problem("http-status", f"status {status}")
    may_pass = status in RETRIED if reading is None else reading.kind != "too-long"
    if may_pass and has_tries(visit.row, visit.capture):
        frontier.again(visit.db, visit.row.id, backoff(visit.site, visit.row, visit.capture))
        return "retried"
    if visit.row.is_listing:
        for_good = status in range(400, 500)
        return listing.give_up_listing(visit, fault.message, for_good)
    if status in (404, 410):
        return _not_found(visit)
    note(visit, fault)
    frontier.failed(visit.db, visit.row.id)
    return "failed"


def note(visit: Visit, problem: Problem) -> None:
    """Keeps a problem with the capture that it was seen in."""
    runs.add_problem(
        visit.db,
        visit.run_id,
        visit.site.id,
        visit.capture_id or None,
        visit.url,
        problem,
        visit.now,
    )
    visit.counts["problems"] += 1


def _keep_reading(visit: Visit, reading: Reading) -> str:
    if visit.row.is_feed and reading.kind != "feed":
        return feeds.no_feed(visit, reading)
    day = days.days_under_way(visit)
    reading = days.of_day(reading, day) if day else reading
    changed = _keep_mentions(visit, reading)
    fits = feeds.lead_from(visit, reading)
    for lead in reading.leads:
        if lead.kind == "listing" and lead.url not in visit.leads:
            visit.leads.add(lead.url)
            identity = visit.site.listing_key(lead.url)
            if identity:
                frontier.add_listing(visit.db, visit.site.id, identity, lead.url, DISCOVERED)
    for problem in reading.problems:
        note(visit, problem)
    if visit.row.kind == "article":
        return _keep_article(visit, reading)
    if reading.kind == "feed":
        return feeds.keep_feed(visit, reading, fits)
    return listing.keep_page(visit, reading, changed)


def _keep_article(visit: Visit, reading: Reading) -> str:
    article = reading.article
    if article is None or article.key != visit.key:
        kind = reading.problems[0].kind if reading.problems else "no-article"
        if not reading.problems:
            visit.problem(kind, "no article stands at this address")
        return _answered(visit, kind)
    says = articles.keep(
        visit.db, visit.site, article, reading.evidence, visit.capture_id, visit.now
    )
    visit.counts[says] += 1
    _doubt_own_date(visit, article, says)
    kinds = attachments.of_kinds(visit.options.media)
    files = [one.url for one in article.media if one.kind in kinds and visit.site.covers(one.url)]
    attachments.want(visit.db, visit.site.id, files)
    _schedule(visit)
    return says


def _keep_mentions(visit: Visit, reading: Reading) -> bool:
    """Keeps a page's mentions; whether its listing now says something else of known articles."""
    db, site = visit.db, visit.site
    source: mentions.Source = "related" if reading.kind == "article" else "listing"
    page_url, changed, found = visit.url, False, []
    for mention in reading.mentions:
        weight = ELSEWHERE + 1
        if mention.place == "listing" and visit.row.is_listing:
            weight = visit.row.mentions_weigh
        seen = mentions.Seen(site.id, page_url, visit.capture_id, source, weight)
        section = site.section_of(mention.url)
        if weight <= ELSEWHERE and section is None:
            section = reading.section
        new = mentions.add(db, seen, mention, section)
        if new:
            visit.said.append(new)
        if visit.is_too_old(mention):
            frontier.leave_aside(db, site.id, mention.key)
        else:
            found.append(frontier.Found(weight, mention.url, mention.key))
        if new:
            before = articles.resettle(db, site, seen, mention)
            _doubt_mentioned_date(visit, mention, before)
            if weight <= ELSEWHERE and mentions.contradicts(db, site.id, mention):
                frontier.revisit(db, site.id, mention.key, visit.run_id)
                changed = True
    frontier.add_articles(db, site.id, found)
    return changed


def _doubt_own_date(visit: Visit, article: Article, says: str) -> None:
    """Notes a date that can't be true, and one that others contradict; each but once."""
    site, date = visit.site, article.published_at
    if date and dating.is_after(date, articles.first_seen_at(visit.db, site.id, article.key)):
        _note_once(visit, dating.refused(article.key, date, f"its {article.published_source}"))
    elif says != "unchanged":
        _note_once(visit, dating.doubts(visit.db, site.id, article.key, site.timezone))


def _doubt_mentioned_date(visit: Visit, mention: Mention, before: str | None) -> None:
    site, date = visit.site, mention.published_at
    if date and before and not dating.same_day(date, before, site.timezone):
        _note_once(visit, dating.doubts(visit.db, site.id, mention.key, site.timezone))


def _note_once(visit: Visit, problem: Problem | None) -> None:
    if problem and not runs.knows_problem(visit.db, visit.site.id, problem):
        note(visit, problem)


def _unmodified(visit: Visit) -> str:
    article_id = articles.seen_again(
        visit.db, visit.site.id, visit.key, visit.capture_id, visit.now
    )
    if article_id is None:
        visit.problem("http-status", "304 for an article that is not in the archive")
        frontier.failed(visit.db, visit.row.id)
        return "failed"
    visit.counts["unchanged"] += 1
    _schedule(visit)
    return "unchanged"


def _not_found(visit: Visit) -> str:
    visit.problem("not-found", f"status {visit.capture.status}")
    return _answered(visit, "gone")


def redirected(visit: Visit) -> str:
    """Follows a redirect, if it stays on the site; a word for what it was, to count by."""
    location = visit.capture.header("Location")
    if not location:
        message = f"status {visit.capture.status} without a Location"
        return _lost(visit, "a redirect to nowhere", Problem("redirect", message))
    target = visit.site.own(urljoin(visit.capture.url, location.strip()))
    if not visit.site.covers(target):
        fault = Problem("redirect-foreign", f"leads off the site, to {target}")
        return _lost(visit, "a redirect off the site", fault)
    if visit.row.hops >= MAX_HOPS:
        fault = Problem("redirect-loop", f"more than {MAX_HOPS} redirects, last to {target}")
        return _lost(visit, "a redirect loop", fault)
    if visit.row.kind == "article" and visit.site.key(target) != visit.key:
        return _moved(visit, target)
    keeps_form = visit.capture.status in (307, 308)
    frontier.redirected(visit.db, visit.row.id, target, keeps_form)
    return "redirected"


def _moved(visit: Visit, target: str) -> str:
    key = visit.site.key(target)
    if key:
        found = [frontier.Found(ELSEWHERE + 1, target, key)]
        frontier.add_articles(visit.db, visit.site.id, found)
    visit.problem("redirect", f"leads to {'another article' if key else 'no article'}: {target}")
    return _answered(visit, "moved" if key else "redirected")


def _lost(visit: Visit, reason: str, fault: Problem) -> str:
    if not visit.row.is_feed:  # an address that may lead to none
        note(visit, fault)
    if visit.row.kind == "file":
        frontier.done(visit.db, visit.row.id)
        return "failed"
    if visit.row.is_listing:
        return listing.give_up_listing(visit, reason, for_good=True)
    return _answered(visit, reason.removeprefix("a ").replace(" ", "-"))


def _answered(visit: Visit, says: str) -> str:
    """The address answered, though not with its article; the text that we have stays."""
    article_id = articles.find(visit.db, visit.site.id, visit.key)
    if article_id is not None:
        answer = probe.answer(visit.site, visit.capture, visit.reading)
        articles.observe(visit.db, article_id, visit.capture_id, visit.now, says, answer)
        if answer and says != "gone":
            probe.ask(visit)
    _schedule(visit)
    return "no article"


def _schedule(visit: Visit) -> None:
    """When an address is visited again: after a quarter of its article's age, so that visits grow
    rare as edits do; where no article is known, after a month."""
    fetched = datetime.fromisoformat(visit.now)
    known = articles.age_since(visit.db, visit.site.id, visit.key)
    wait = _NO_ARTICLE
    if known:
        since = datetime.fromisoformat(known)
        age = fetched - (since if since.tzinfo else since.replace(tzinfo=fetched.tzinfo))
        wait = min(max(age / 4, _SOONEST), _LATEST)
    etag, modified = visit.capture.header("ETag"), visit.capture.header("Last-Modified")
    if visit.capture.status == 304:
        etag, modified = etag or visit.row.etag, modified or visit.row.last_modified
    due_at = timestamp(fetched + wait)
    frontier.visited(visit.db, visit.row.id, visit.run_id, due_at, (etag, modified))
