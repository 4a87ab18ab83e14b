"""How fast a crawl may go: its delay, rests that the portal asks for, a ceiling on requests."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

from govnews.items import Capture
from govnews.keeper.again import asked_rest
from govnews.sites import Site

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MOST_RESTS = 5
"""After so many rests that the portal asked for, one after the other, a run leaves it alone."""
_LONGEST = 60.0


class Pace:
    """The pace of one site's crawl; every request waits here for its turn.

    With `fetch.autothrottle` the delay follows the rule of Scrapy's AutoThrottle, which does not
    know of Crawl-delay, nor of failures: here they make the delay twice as long.

    `most` is the ceiling of requests (None: there is none), `most_as_asked` says that the command
    gave it; `rests` counts those that the portal wanted, one after the other.
    """

    def __init__(self, crawler: Crawler, site: Site) -> None:
        settings = crawler.settings
        asked = settings.getint("GOVNEWS_MAX_REQUESTS")
        ceilings = [one for one in (asked, site.fetch.most_requests) if one]
        self.most: int | None = min(ceilings, default=None)
        self.most_as_asked = self.most == asked
        self.rests = 0
        self._crawler, self._site = crawler, site
        self._delay = self._least = settings.getfloat("DOWNLOAD_DELAY")
        self._sent = 0
        self._rest_until = self._rested_at = self._slowed_at = 0.0

    @property
    def spent(self) -> bool:
        """Whether as many requests went out as may."""
        return self.most is not None and self._sent >= self.most

    @property
    def resting(self) -> float:
        """Seconds until the next request may go out."""
        return max(0.0, self._rest_until - monotonic())

    async def turn(self) -> float | None:
        """Returns when a request may go out, which then counts: the moment; None where the ceiling
        is reached."""
        held = False
        while seconds := self.resting:
            held = True
            await asyncio.sleep(seconds)
        if self.spent:
            return None
        now = monotonic()
        if held:  # those that wait behind this one keep their distance
            self._rest_until = now + self._delay
        self._sent += 1
        return now

    def rest(self, seconds: float) -> None:
        """Nothing goes out for so many seconds."""
        self._rested_at = monotonic()
        self._rest_until = max(self._rest_until, self._rested_at + seconds)

    def keep_to(self, delay: float) -> None:
        """Lets at least so many seconds pass between two requests from now on."""
        self._least = max(self._least, delay)
        self._set(self._delay)

    def answered(self, capture: Capture, sent_at: float, latency: float) -> None:
        """Notes what a request met that went out at a moment, and the seconds it took."""
        seconds = asked_rest(capture)
        if seconds:
            self.rests += sent_at >= self._rested_at  # a rest that many answers ask for is one
            self.rest(seconds)
        if capture.status >= 500 or capture.status == 429:
            self.failed(sent_at)
            return
        self.rests = 0
        if self._site.fetch.autothrottle:
            delay = max(latency, (self._delay + latency) / 2)
            if capture.status == 200 or delay > self._delay:  # what is no page comes too fast
                self._set(delay)

    def failed(self, sent_at: float) -> None:
        """Notes that a request that went out at a moment met an error, or no answer."""
        if self._site.fetch.autothrottle and sent_at >= self._slowed_at:
            self._slowed_at = monotonic()
            self._set(max(2 * self._delay, 1.0))

    def _set(self, delay: float) -> None:
        self._delay = max(min(delay, _LONGEST), self._least)
        downloader, name = self._crawler.engine.downloader, self._site.id
        downloader.per_slot_settings.setdefault(name, {})["delay"] = self._delay
        if name in downloader.slots:
            downloader.slots[name].delay = self._delay
