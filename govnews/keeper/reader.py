"""The reading process, between fetching and keeping: `python -m govnews.keeper.reader IN OUT`.

Every request passes through, in order but for pages that others wait for, which go first; a
response goes on with what it says. Reading is the dearest step, so it has a process of its own.
"""

from __future__ import annotations

import signal
import socket
import sys
from collections import deque
from contextlib import suppress
from dataclasses import replace

from govnews.content import decoded
from govnews.errors import GovnewsError
from govnews.extract import read_page
from govnews.extract.feed import read_robots
from govnews.items import Capture, Problem, Reading
from govnews.keeper.frames import Numbered, is_readable, pack, receive
from govnews.keeper.messages import Fetched, Open
from govnews.sites import Site, load_site

_AHEAD = 64
_TRUNCATED = {
    "disconnect": Problem("truncated", "the connection broke before the page's end"),
    "time": Problem("truncated", "the page's end did not come in time"),
    "length": Problem("too-long", "the page is longer than what is taken of one"),
}


def serve(source: socket.socket, goal: socket.socket) -> None:
    """Passes requests on, responses with their readings, until the source ends."""
    sites: dict[str, Site] = {}
    waiting: deque[Numbered] = deque()
    while True:
        while not waiting or (len(waiting) < _AHEAD and is_readable(source)):
            further = receive(source)
            if further is None:
                break
            waiting.append(further)
        if not waiting:
            return
        number, message = _next(waiting)
        if isinstance(message, Open):
            with suppress(GovnewsError):  # the keeper refuses it with the cure
                sites[message.site] = load_site(message.site, message.sites_folder).at(
                    message.base_url
                )
        elif isinstance(message, Fetched) and not message.is_file:
            what = _read_rules if message.row_id is None else read
            reading = what(message.capture, sites[message.capture.site])
            bare = replace(message.capture, body=b"")  # the records hold it
            message = replace(message, capture=bare, reading=reading)
        goal.sendall(pack(number, message))


def read(capture: Capture, site: Site) -> Reading | Problem | None:
    """What a response says; the problem of a body that came broken, None where there is nothing
    to be read."""
    if not 200 <= capture.status < 300:
        return None
    if capture.truncated:
        return _TRUNCATED[capture.truncated]
    body, problem = decoded(capture.body, capture.header("Content-Encoding"))
    if problem and problem.kind == "broken-body":
        return problem
    try:
        reading = read_page(
            body,
            url=site.own(capture.url),
            site=site,
            content_type=capture.header("Content-Type"),
            captured_at=capture.fetched_at,
        )
    except Exception as error:  # noqa: BLE001  no page whatever may end a run
        return Problem("internal", f"{type(error).__name__}: {error}")
    return replace(reading, problems=(*reading.problems, problem)) if problem else reading


def _read_rules(capture: Capture, site: Site) -> Reading | None:
    """What a robots.txt leads to."""
    if capture.status != 200:
        return None
    body, _ = decoded(capture.body, capture.header("Content-Encoding"))
    return read_robots(body, site.own(capture.url), site)


def _next(waiting: deque[Numbered]) -> Numbered:
    for place, (_, message) in enumerate(waiting):
        if isinstance(message, Fetched) and message.urgent:
            found = waiting[place]
            del waiting[place]
            return found
    return waiting.popleft()


def main() -> None:
    """Serves the sockets that the fetching process hands over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    source, goal = (socket.socket(fileno=int(number)) for number in sys.argv[1:])
    with suppress(BrokenPipeError, ConnectionResetError):
        serve(source, goal)


if __name__ == "__main__":
    main()
