"""What an answer means for the archive and the frontier: one function for each kind of answer."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from govnews.archive import articles, attachments, frontier, mentions, runs
from govnews.archive.frontier import DISCOVERED, ELSEWHERE, Row
from govnews.archive.runs import Options
from govnews.clock import timestamp
from govnews.items import Capture, Mention, Problem, Reading
from govnews.keeper import walk
from govnews.sites import Site

MAX_HOPS = 5
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_SOONEST, _LATEST = timedelta(minutes=15), timedelta(days=180)
_NO_ARTICLE = timedelta(days=30)
_LONGEST_WISH = 3600.0


@dataclass(frozen=True, slots=True)
class Visit:
    """A page on its way into the archive, with all that its keeping needs.

    `reading` is the problem of a body that came broken, None where there was nothing to read;
    `capture_id` is 0 where no response came. `leads` are the addresses of listings that this run
    has followed up: the menu of every page names them again.
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
    if may_pass and visit.row.attempts + 1 < walk.MAX_TRIES:
        frontier.again(visit.db, visit.row.id, backoff(visit))
        return "retried"
    if visit.row.is_listing:
        return give_up_listing(visit, fault.message, for_good=status in range(400, 500))
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


def backoff(visit: Visit) -> float:
    """Seconds to wait before asking again: what the server wishes, or more with each try."""
    wish = _retry_after(visit.capture)
    return max(visit.site.fetch.delay, 0.5) * 3.0**visit.row.attempts if wish is None else wish


def _retry_after(capture: Capture) -> float | None:
    """Seconds that the server wishes us to wait (RFC 9110, 10.2.3), an hour at the most."""
    wish = (capture.header("Retry-After") or "").strip()
    if wish.isdecimal():
        return min(float(wish), _LONGEST_WISH)
    try:
        moment = parsedate_to_datetime(wish)
    except ValueError:
        return None
    asked = datetime.fromisoformat(capture.fetched_at)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - asked).total_seconds(), 0.0), _LONGEST_WISH)


def give_up_listing(visit: Visit, reason: str, for_good: bool) -> str:
    """A page of a listing can't be had: walk it once more, or end the walk without proof.

    `for_good`: the portal has said that it is not to be had; then a mere lead is no listing.
    """
    row = visit.row
    state = _walk(visit)
    if row.page and not state.restarts:
        runs.restarted(visit.db, visit.run_id, visit.site.id, state.url)
        return "restarted"
    is_lead = not row.page and row.mentions_weigh > DISCOVERED and state.proven_run is None
    verdict: runs.Verdict = "absent" if is_lead and for_good else "incomplete"
    runs.conclude(visit.db, visit.run_id, state.url, verdict, reason)
    visit.problem("listing", f"{verdict}: {reason}")
    frontier.failed(visit.db, row.id)
    return "failed"


def _keep_reading(visit: Visit, reading: Reading) -> str:
    changed = _keep_mentions(visit, reading)
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
    return _step(visit, reading, changed)


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
    kinds = attachments.of_kinds(visit.options.media)
    files = [one.url for one in article.media if one.kind in kinds and visit.site.covers(one.url)]
    attachments.want(visit.db, visit.site.id, files)
    _schedule(visit)
    return says


def _keep_mentions(visit: Visit, reading: Reading) -> bool:
    """Keeps a page's mentions; whether its listing now says something else of known articles."""
    db, site = visit.db, visit.site
    source: mentions.Source = "related" if reading.kind == "article" else "listing"
    changed, found = False, []
    for mention in reading.mentions:
        weight = ELSEWHERE + 1
        if mention.place == "listing" and visit.row.is_listing:
            weight = visit.row.mentions_weigh
        seen = mentions.Seen(site.id, visit.url, visit.capture_id, source, weight)
        section = site.section_of(mention.url)
        if weight <= ELSEWHERE and section is None:
            section = reading.section
        new = mentions.add(db, seen, mention, section)
        if _too_old(visit, mention):
            frontier.leave_aside(db, site.id, mention.key)
        else:
            found.append(frontier.Found(weight, mention.url, mention.key))
        if new:
            articles.resettle(db, site, seen, mention)
            if weight <= ELSEWHERE and mentions.contradicts(db, site.id, mention):
                frontier.revisit(db, site.id, mention.key, visit.run_id)
                changed = True
    frontier.add_articles(db, site.id, found)
    return changed


def _too_old(visit: Visit, mention: Mention) -> bool:
    since = visit.options.since
    if since is None:
        return False
    published_at = mention.published_at or mentions.date_of(visit.db, visit.site.id, mention.key)
    return published_at is not None and published_at[:10] < since


def _step(visit: Visit, reading: Reading, changed: bool) -> str:
    db, row = visit.db, visit.row
    state = _walk(visit)
    listed = [mention for mention in reading.mentions if mention.place == "listing"]
    items = tuple(dict.fromkeys(mention.key for mention in listed))
    proven = state.proven_run
    page = walk.Page(
        number=row.page,
        tries=row.attempts,
        reading=reading,
        items=items,
        fresh=runs.fresh_items(db, visit.run_id, state.url, items),
        known=not changed
        and proven is not None
        and frontier.all_known(db, visit.site.id, items, proven),
        older=bool(listed) and all(_too_old(visit, mention) for mention in listed),
        named=row.mentions_weigh < DISCOVERED,
    )
    step = walk.judge(state, page, visit.options.full)
    if step.does == "again":
        frontier.again(db, row.id, backoff(visit))
        return "retried"
    if step.does == "restart":
        visit.problem("listing", f"walked once more: {step.reason}")
        runs.restarted(db, visit.run_id, visit.site.id, state.url)
        return "restarted"
    runs.walked(db, visit.run_id, state.url, items)
    if page.fresh:
        runs.stepped(db, visit.run_id, state.url, row.page, page.fingerprint, reading.pager)
    if step.does == "onward" and reading.next is not None:
        frontier.add_step(db, visit.site.id, row, reading.next)
    else:
        runs.conclude(db, visit.run_id, state.url, step.verdict, step.reason)
        if step.verdict == "incomplete" and not page.older:
            visit.problem("listing", f"not proven complete: {step.reason}")
    frontier.done(db, row.id)
    return "listed"


def _walk(visit: Visit) -> runs.Walk:
    listing = visit.row.listing or visit.row.target.url
    return runs.walk_of(visit.db, visit.run_id, visit.site.id, listing)


def _unmodified(visit: Visit) -> str:
    article_id = articles.seen_again(visit.db, visit.site.id, visit.key, visit.now)
    if article_id is None:
        visit.problem("http-status", "304 for an article that is not in the archive")
        frontier.failed(visit.db, visit.row.id)
        return "failed"
    articles.observe(visit.db, article_id, visit.capture_id, visit.now, "unchanged")
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
        visit.problem("redirect", f"status {visit.capture.status} without a Location")
        return _lost(visit, "a redirect to nowhere")
    target = visit.site.own(urljoin(visit.capture.url, location.strip()))
    if not visit.site.covers(target):
        visit.problem("redirect-foreign", f"leads off the site, to {target}")
        return _lost(visit, "a redirect off the site")
    if visit.row.hops >= MAX_HOPS:
        visit.problem("redirect-loop", f"more than {MAX_HOPS} redirects, last to {target}")
        return _lost(visit, "a redirect loop")
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


def _lost(visit: Visit, reason: str) -> str:
    if visit.row.kind == "file":
        frontier.done(visit.db, visit.row.id)
        return "failed"
    if visit.row.is_listing:
        return give_up_listing(visit, reason, for_good=True)
    return _answered(visit, reason.removeprefix("a ").replace(" ", "-"))


def _answered(visit: Visit, says: str) -> str:
    """The address answered, though not with its article; the text that we have stays."""
    article_id = articles.find(visit.db, visit.site.id, visit.key)
    if article_id is not None:
        articles.observe(visit.db, article_id, visit.capture_id, visit.now, says)
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
