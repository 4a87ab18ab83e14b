"""The frontier: every address and its state. What waits here is all that a run still has to do.

Nothing is written when a row is handed out, so nothing needs undoing after a crash: a row waits
until the transaction that keeps its page says otherwise. A row's key is logical (`article:KEY`,
`listing:URL`, `feed:URL`, `step:URL#N`, `file:URL`, `probe:HOST`), so that it is the filter for
duplicates too.

Weights order the work and keep its result independent of the order of arrival: listings have
negative ones; an article found on listing number i weighs i, and is fetched only when no
listing of a smaller number is open, which could still give it another address. Files go last.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from govnews.items import Form, Target

Kind = Literal["listing", "step", "article", "file", "probe"]

_LISTINGS = -1000
DISCOVERED = 500
"""The weight of listings that no site file names; what they mention weighs one more."""
ELSEWHERE = 600
"""The weight of mentions outside listings."""
_PROBES, _FILES = 1500, 2000

_COLUMNS = """id, key, kind, url, method, form, weight, attempts, hops, listing, page,
    etag, last_modified"""


@dataclass(frozen=True, slots=True)
class Row:
    """An address and its state; `listing` and `page` are of listings and their steps."""

    id: int
    key: str
    kind: Kind
    target: Target
    weight: int
    attempts: int
    hops: int
    listing: str | None
    page: int
    etag: str | None
    last_modified: str | None

    @property
    def is_listing(self) -> bool:
        """Whether this is a listing, or a further page of one."""
        return self.kind in ("listing", "step")

    @property
    def is_feed(self) -> bool:
        """Whether this is a feed or sitemap that the portal led to."""
        return self.key.startswith("feed:")

    @property
    def mentions_weigh(self) -> int:
        """What an article weighs that this page of a listing shows."""
        number = self.weight - _LISTINGS
        return number if number < DISCOVERED else number + 1


class Found(NamedTuple):
    """An article's address as a page mentions it; the smallest (weight, address) goes first."""

    weight: int
    url: str
    key: str


class Waiting(NamedTuple):
    """How much waits: articles, listings and their steps, and of all of these those for later."""

    articles: int
    listings: int


def ready(
    db: sqlite3.Connection,
    site: str,
    handed_out: Collection[int],
    limit: int,
    articles_first: bool = False,
    files_only: bool = False,
) -> list[Row]:
    """The next rows to ask for, listings first, without those that are handed out.

    `articles_first` is for a run that ends after some articles: it needs no more listings than
    show them, and when it has them, `files_only`.
    """
    order = "weight < 0, weight, id" if articles_first else "weight, id"
    rows = db.execute(
        f"""SELECT {_COLUMNS} FROM frontier
            WHERE site = :site AND state = 'waiting' AND (not_before IS NULL OR not_before <= :now)
              AND weight BETWEEN :least AND max(:least, 1000 + coalesce(
                  (SELECT min(weight) FROM frontier
                   WHERE site = :site AND state = 'waiting' AND weight < 0), 1000))
            ORDER BY {order} LIMIT :limit""",
        {
            "site": site,
            "now": time.time(),
            "limit": limit + len(handed_out),
            "least": _FILES if files_only else _LISTINGS,
        },
    )
    return [_row(row) for row in rows if row["id"] not in handed_out]


def next_wake(db: sqlite3.Connection, site: str) -> float | None:
    """Seconds until the first row that waits for its time; None where none does."""
    moment = db.execute(
        """SELECT min(not_before) FROM frontier
           WHERE site = ? AND state = 'waiting' AND not_before > ?""",
        (site, time.time()),
    ).fetchone()[0]
    return None if moment is None else max(0.0, float(moment) - time.time())


def last_wake(db: sqlite3.Connection, site: str) -> float:
    """Seconds until the last row that waits for its time, 0 where none does: a portal that wanted
    rest still has it when its crawl is taken up."""
    moment = db.execute(
        """SELECT max(not_before) FROM frontier
           WHERE site = ? AND state = 'waiting' AND not_before IS NOT NULL""",
        (site,),
    ).fetchone()[0]
    return max(0.0, float(moment or 0) - time.time())


def waiting(db: sqlite3.Connection, site: str) -> Waiting:
    """How much waits for this site."""
    row = db.execute(
        """SELECT count(*) FILTER (WHERE weight >= 0), count(*) FILTER (WHERE weight < 0)
           FROM frontier WHERE site = ? AND state = 'waiting'""",
        (site,),
    ).fetchone()
    return Waiting(*row)


def has_waiting(
    db: sqlite3.Connection, site: str, handed_out: Collection[int], files_only: bool = False
) -> bool:
    """Whether anything waits, or any file, that is not handed out."""
    rows = db.execute(
        """SELECT id FROM frontier WHERE site = ? AND state = 'waiting' AND weight >= ? LIMIT ?""",
        (site, _FILES if files_only else _LISTINGS, len(handed_out) + 1),
    )
    return any(row[0] not in handed_out for row in rows)


def get(db: sqlite3.Connection, row_id: int) -> Row | None:
    """A row that still waits; None if it is done, or gone."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM frontier WHERE id = ? AND state = 'waiting'", (row_id,)
    ).fetchone()
    return _row(row) if row else None


def add_articles(db: sqlite3.Connection, site: str, found: Iterable[Found]) -> None:
    """Articles to fetch, as far as they are new; while one waits, its weightiest mention says
    where."""
    wanted: dict[str, Found] = {}
    for one in found:
        key = f"article:{one.key}"
        wanted[key] = min(one, wanted.get(key, one))
    rows = db.execute(
        f"""SELECT key, state = 'waiting' AND known_since IS NULL, weight, url FROM frontier
            WHERE site = ? AND key IN ({", ".join("?" * len(wanted))})""",
        (site, *wanted),
    )
    for key, is_open, weight, url in rows:
        one = wanted.pop(key)
        if is_open and (one.weight, one.url) < (weight, url):
            db.execute(
                "UPDATE frontier SET url = ?, weight = ? WHERE site = ? AND key = ?",
                (one.url, one.weight, site, key),
            )
    db.executemany(
        "INSERT INTO frontier (site, key, kind, url, weight) VALUES (?, ?, 'article', ?, ?)",
        [(site, key, one.url, one.weight) for key, one in wanted.items()],
    )


def leave_aside(db: sqlite3.Connection, site: str, key: str) -> None:
    """An article that is not wanted after all, unless it is known already."""
    db.execute(
        """DELETE FROM frontier
           WHERE site = ? AND key = ? AND state = 'waiting' AND known_since IS NULL""",
        (site, f"article:{key}"),
    )


def add_listing(
    db: sqlite3.Connection, site: str, identity: str, url: str, weight: int, name: str = "listing"
) -> None:
    """A listing to walk, or a `feed`; `weight` is its number in the site file, or DISCOVERED."""
    db.execute(
        """INSERT INTO frontier (site, key, kind, url, weight, listing)
           VALUES (?, ?, 'listing', ?, ?, ?)
           ON CONFLICT (site, key) DO UPDATE SET weight = min(weight, excluded.weight)""",
        (site, f"{name}:{identity}", url, _LISTINGS + weight, url),
    )


def add_file(db: sqlite3.Connection, site: str, url: str) -> None:
    """A file to fetch, unless it was asked for before."""
    db.execute(
        "INSERT OR IGNORE INTO frontier (site, key, kind, url, weight) VALUES (?, ?, 'file', ?, ?)",
        (site, f"file:{url}", url, _FILES),
    )


def add_probe(db: sqlite3.Connection, site: str, host: str, url: str) -> None:
    """An address to ask for that cannot exist, to learn how its host says so."""
    db.execute(
        """INSERT OR IGNORE INTO frontier (site, key, kind, url, weight)
           VALUES (?, ?, 'probe', ?, ?)""",
        (site, f"probe:{host}", url, _PROBES),
    )


def remove(db: sqlite3.Connection, row_id: int) -> None:
    """Forgets an address: its answer was all that was wanted."""
    db.execute("DELETE FROM frontier WHERE id = ?", (row_id,))


def suspect(db: sqlite3.Connection, site: str, key: str, sign_at: str, due_at: str) -> None:
    """A known article may be gone since `sign_at`; it is due for a visit, whatever the budget."""
    db.execute(
        "UPDATE frontier SET sign_at = ?, due_at = ? WHERE site = ? AND key = ?",
        (sign_at, due_at, site, f"article:{key}"),
    )


def forget_files(db: sqlite3.Connection, site: str) -> None:
    """Files that were never had, and probes: each run asks for those that it wants."""
    db.execute(
        "DELETE FROM frontier WHERE site = ? AND kind IN ('file', 'probe') AND state != 'done'",
        (site,),
    )


def add_step(db: sqlite3.Connection, site: str, row: Row, target: Target) -> None:
    """The following page of the listing that `row` is a page of."""
    db.execute(
        """INSERT OR REPLACE INTO frontier
               (site, key, kind, url, method, form, weight, listing, page)
           VALUES (?, ?, 'step', ?, ?, ?, ?, ?, ?)""",
        (
            site,
            f"step:{row.listing}#{row.page + 1}",
            target.url,
            target.method,
            json.dumps(target.form, ensure_ascii=False) if target.form else None,
            row.weight,
            row.listing,
            row.page + 1,
        ),
    )


def done(db: sqlite3.Connection, row_id: int) -> None:
    """Nothing more to ask for at this address in this run."""
    db.execute("UPDATE frontier SET state = 'done' WHERE id = ?", (row_id,))


def visited(
    db: sqlite3.Connection,
    row_id: int,
    run_id: int,
    due_at: str,
    validators: tuple[str | None, str | None],
) -> None:
    """An article was read; it is visited again at `due_at`, with its ETag and Last-Modified."""
    db.execute(
        """UPDATE frontier SET state = 'done', attempts = 0, hops = 0, not_before = NULL,
               known_since = coalesce(known_since, ?), due_at = ?, etag = ?, last_modified = ?,
               sign_at = NULL
           WHERE id = ?""",
        (run_id, due_at, *validators, row_id),
    )


def failed(db: sqlite3.Connection, row_id: int) -> None:
    """This address could not be had in this run; the next one tries again."""
    db.execute("UPDATE frontier SET state = 'failed' WHERE id = ?", (row_id,))


def forbidden(db: sqlite3.Connection, row_id: int) -> None:
    """robots.txt forbids this address; the next run looks whether it still does."""
    db.execute("UPDATE frontier SET state = 'forbidden' WHERE id = ?", (row_id,))


def again(db: sqlite3.Connection, row_id: int, seconds: float) -> None:
    """Ask once more after so many seconds."""
    db.execute(
        "UPDATE frontier SET attempts = attempts + 1, not_before = ? WHERE id = ?",
        (time.time() + seconds, row_id),
    )


def redirected(db: sqlite3.Connection, row_id: int, url: str, keeps_form: bool) -> None:
    """The same thing stands at another address; ask there, with GET unless a form is kept."""
    db.execute(
        """UPDATE frontier SET url = ?, hops = hops + 1,
               method = iif(?, method, 'GET'), form = iif(?, form, NULL)
           WHERE id = ?""",
        (url, keeps_form, keeps_form, row_id),
    )


def revisit(db: sqlite3.Connection, site: str, key: str, run_id: int) -> None:
    """An article known before this run is to be visited in it."""
    db.execute(
        """UPDATE frontier SET state = 'waiting', attempts = 0, hops = 0, not_before = NULL
           WHERE site = ? AND key = ? AND state = 'done' AND known_since < ?""",
        (site, f"article:{key}", run_id),
    )


def revisit_due(db: sqlite3.Connection, site: str, now: str, budget: int | None) -> int:
    """Puts known articles back to work whose visit is due, the longest overdue first.

    `budget` None means all known articles, due or not; those that may be gone are beyond it, unless
    it is 0. Returns their number. They are asked at the address that the archive holds for them.
    """
    limit = -1 if budget is None else budget
    rows = db.execute(
        """UPDATE frontier SET state = 'waiting', attempts = 0, hops = 0, not_before = NULL,
               url = coalesce((SELECT a.url FROM articles a WHERE a.site = frontier.site
                               AND 'article:' || a.key = frontier.key), url)
           WHERE id IN (SELECT id FROM frontier WHERE site = ? AND kind = 'article'
                        AND state = 'done' AND due_at <= ? ORDER BY due_at, id LIMIT ?)
              OR id IN (SELECT id FROM frontier WHERE site = ? AND sign_at IS NOT NULL
                        AND state = 'done' AND due_at <= ? AND ? != 0)
           RETURNING id""",
        (site, "9999" if budget is None else now, limit, site, now, limit),
    )
    return len(rows.fetchall())


def start_anew(db: sqlite3.Connection, site: str) -> None:
    """For a new run: listings from their first page, with no more weight than the site file will
    give them; what failed or was forbidden once more."""
    db.execute("DELETE FROM frontier WHERE site = ? AND kind = 'step'", (site,))
    db.execute(
        """UPDATE frontier SET state = 'waiting', attempts = 0, hops = 0
           WHERE site = ? AND (kind = 'listing' OR state IN ('failed', 'waiting', 'forbidden'))""",
        (site,),
    )
    db.execute(
        "UPDATE frontier SET url = listing, weight = ? WHERE site = ? AND kind = 'listing'",
        (_LISTINGS + DISCOVERED, site),
    )


def restart_listing(db: sqlite3.Connection, site: str, listing: str) -> None:
    """Walk this listing from its first page once more."""
    db.execute(
        "DELETE FROM frontier WHERE site = ? AND kind = 'step' AND listing = ?", (site, listing)
    )
    db.execute(
        """UPDATE frontier SET state = 'waiting', attempts = 0, hops = 0, not_before = NULL,
               url = listing WHERE site = ? AND kind = 'listing' AND listing = ?""",
        (site, listing),
    )


def all_known(db: sqlite3.Connection, site: str, keys: Iterable[str], run_id: int) -> bool:
    """Whether all these articles were read in this run or an earlier one."""
    return all(
        db.execute(
            "SELECT 1 FROM frontier WHERE site = ? AND key = ? AND known_since <= ?",
            (site, f"article:{key}", run_id),
        ).fetchone()
        for key in keys
    )


def _row(row: sqlite3.Row) -> Row:
    pairs: Form = tuple((name, value) for name, value in json.loads(row["form"] or "[]"))
    return Row(
        row["id"],
        row["key"],
        row["kind"],
        Target(row["url"], row["method"], pairs),
        row["weight"],
        row["attempts"],
        row["hops"],
        row["listing"],
        row["page"],
        row["etag"],
        row["last_modified"],
    )
