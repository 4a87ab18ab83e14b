"""The captures of a site, kept once more in a scratch archive by the functions of a crawl."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from govnews.archive import articles, evidence, mentions, recall, roles, scratch
from govnews.archive.database import savepoint, transaction
from govnews.archive.runs import Options
from govnews.items import Reading
from govnews.keeper.answer import keep_answer
from govnews.keeper.probe import judge
from govnews.keeper.visit import Visit
from govnews.keeper.walk import KNOWN, LAST_PAGE, ONE_PAGE
from govnews.reextract.readers import Asked, Desk, Reread, read_again
from govnews.reextract.roles import base_of, role_of
from govnews.sites import Site

Watch = Callable[[int, int], None]
"""Is told how many captures were read again, and how many there are."""

_AT_ONCE = 500


@dataclass(slots=True)
class Replay:
    """A site's captures on their way from an archive, `past`, into a scratch one.

    `run_id` and `options` are of the crawl that the replay has come to, `leads` what it has led to;
    `asked_at` is the site at each address where it was asked. `goes_on` says of listings whether
    the last page of theirs that came in this crawl leads on; `proven` whether their end still was
    proven when a crawl last met it.
    """

    past: sqlite3.Connection
    db: sqlite3.Connection
    site: Site
    desk: Desk
    run_id: int | None = None
    options: Options = field(default_factory=Options)
    leads: set[str] = field(default_factory=set)
    asked_at: dict[str | None, Site] = field(default_factory=dict)
    goes_on: dict[str, bool] = field(default_factory=dict)
    proven: dict[str, bool] = field(default_factory=dict)

    def play(self, watch: Watch) -> int:
        """Fills the scratch archive; how many captures there were."""
        total, done = evidence.count(self.past, self.site.id), 0
        pages = read_again(self.desk, self._asked())
        while batch := list(islice(pages, _AT_ONCE)):
            with transaction(self.db):
                for page in batch:
                    self._come_to(page.asked.exchange.run_id)
                    self._keep(page)
            done += len(batch)
            watch(done, total)
        with transaction(self.db):
            self._come_to(None)
        return done

    def _at(self, base_url: str | None) -> Site:
        if base_url not in self.asked_at:
            self.asked_at[base_url] = self.site.at(base_url)
        return self.asked_at[base_url]

    def _asked(self) -> Iterator[Asked]:
        last = 0
        while batch := evidence.exchanges(self.past, self.site.id, last, _AT_ONCE):
            for exchange in batch:
                base_url = base_of(exchange, self.site)
                role = role_of(self.past, exchange, self._at(base_url))
                yield Asked(exchange, role, base_url)
            last = batch[-1].id

    def _come_to(self, run_id: int | None) -> None:
        """Ends the crawl that the captures before were of, and begins the next one."""
        if run_id == self.run_id:
            return
        if self.run_id is not None:
            self._leave(self.run_id)
        self.run_id, self.leads, self.goes_on = run_id, set(), {}
        if run_id is not None:
            self.options = scratch.begin_run(self.db, self.site, run_id)

    def _leave(self, run_id: int) -> None:
        """Ends a crawl as its keeper did; a proof that relies on a misread last page is none."""
        is_ended = scratch.end_run(self.db, run_id)
        for url, reason in scratch.ends(self.db, run_id).items():
            if reason != KNOWN:
                leads_on = reason in (LAST_PAGE, ONE_PAGE) and self.goes_on.get(url, False)
                self.proven[url] = not leads_on
            if not self.proven.get(url, True):
                scratch.doubt(self.db, run_id, url)
        if is_ended:
            judge(self.db, self.site.id, run_id)

    def _keep(self, page: Reread) -> None:
        scratch.add_capture(self.db, page.asked.exchange.id)
        if page.asked.role is None:
            return
        fault = page.fault
        if fault is None:
            try:
                with savepoint(self.db):
                    self._visit(page, page.asked.role)
            except (sqlite3.OperationalError, OSError):
                raise  # the disk or the database
            except Exception as error:  # noqa: BLE001  as in a crawl, no page may end it
                self.leads.clear()
                fault = f"{page.capture.url}: {type(error).__name__}: {error}"
        if fault is not None:
            self._keep_as_before(page, fault)

    def _visit(self, page: Reread, role: str) -> None:
        site = self._at(page.asked.base_url)
        row = roles.asked(self.db, site, self.run_id or 0, role, site.own(page.capture.url))
        visit = Visit(
            db=self.db,
            site=site,
            run_id=self.run_id or 0,
            options=self.options,
            row=row,
            capture=page.capture,
            capture_id=page.asked.exchange.id,
            reading=page.reading,
            counts=Counter(),
            leads=self.leads,
        )
        keep_answer(visit)
        if row.listing is not None and "@" not in role and isinstance(page.reading, Reading):
            self.goes_on[row.listing] = page.reading.next is not None

    def _keep_as_before(self, page: Reread, fault: str) -> None:
        """What a capture said before goes on being said, where it can't be read again."""
        capture_id = page.asked.exchange.id
        scratch.not_read(self.db, capture_id, fault)
        for said in recall.said_before(self.past, self.site.id, capture_id):
            if mentions.add(self.db, said.seen, said.mention, said.section):
                articles.resettle(self.db, self.site, said.seen, said.mention)
