"""What passes between the fetching process and the keeping one: plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass

from govnews.archive.runs import Options, Outcome
from govnews.archive.warc import Packed
from govnews.items import Capture, Problem, Reading


@dataclass(frozen=True, slots=True)
class Open:
    """Begin or resume a run of a site; `sites_folder` holds the user's own site files."""

    site: str
    sites_folder: str | None
    base_url: str | None
    options: Options


@dataclass(frozen=True, slots=True)
class Opened:
    """A run is under way; `torn` tells of a WARC record that a dead run left unfinished, `rest` for
    how many seconds the portal wants to be left alone."""

    run_id: int
    resumed: bool
    cookies: str
    torn: str | None
    revisits: int
    rest: float


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response for the frontier's row `row_id` (None: robots.txt, which has no row).

    `packed` are its records, compressed by the fetching process, which has the time; `reading` is
    what the reading process puts in: what the page says, or the problem of a broken body; a file is
    not read, and its capture holds no more than the body's beginning.
    `urgent`: others wait for what it leads to, as for a listing's page. `cookies` as JSON, where
    this response changed them.
    """

    run_id: int
    row_id: int | None
    capture: Capture
    packed: Packed
    reading: Reading | Problem | None = None
    is_file: bool = False
    urgent: bool = False
    cookies: str | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """No response came; `kind` is a problem's kind, `final` that asking again is in vain."""

    run_id: int
    row_id: int
    url: str
    kind: str
    message: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A page is in the archive. `says` counts it, `urgent`: rows may wait that go first."""

    says: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """End a run; `reason` is `finished`, `limit`, `ceiling` (as many requests as it may make),
    `silent` (no more answers), `resting` (the portal wants rest again and again), `interrupted` or
    `failed`; `detail` is the last thing met or the ceiling, `as_asked`: the command gave it."""

    run_id: int
    reason: str
    detail: str = ""
    as_asked: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """How the walk of one listing ended."""

    url: str
    pages: int
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """What a run came to.

    `ending` says why it ended early, '' where it did not; `failed` and `waiting` count addresses;
    `missed` are expectations of the site file that were not met; `reached`: the portal answered
    at all; `as_asked`: the run ended early because it was asked to, and for no other reason.
    """

    run_id: int
    site: str
    outcome: Outcome
    ending: str
    counts: dict[str, int]
    articles: int
    listings: tuple[Listed, ...]
    failed: int
    waiting: int
    missed: tuple[str, ...]
    reached: bool
    as_asked: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """The request could not be done; nothing of it was kept. `exit_code` as for a command."""

    message: str
    exit_code: int = 1


Request = Open | Fetched | Missed | Close
Reply = Opened | Kept | Closed | Broken
