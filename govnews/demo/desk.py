"""The desk: takes a request, gives the answer. Knows the pages, nothing of sockets."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import count
from time import monotonic
from typing import Final
from urllib.parse import parse_qsl

from govnews.demo import feeds, files, pages
from govnews.demo.addresses import UPLOADS, Wanted, read
from govnews.demo.messages import Answer, Asked, Requests
from govnews.demo.pager import Listing, PostbackError, follow, turn
from govnews.demo.story import media
from govnews.demo.weather import FAULTS, PAGER_FAULTS, Sky
from govnews.demo.world import World

ROBOTS: Final = b"User-agent: *\nDisallow: /_layouts/ListFeed\nDisallow: /noibo/\nAllow: /\n"
_KINDS: Final[Mapping[str, tuple[str, Callable[[str], bytes]]]] = {
    "png": ("image/png", files.image),
    "gif": ("image/png", files.image),
    "pdf": ("application/pdf", files.pdf),
    "css": ("text/css", lambda _: b"/* */"),
}
_DIGEST: Final = pages.DIGEST.encode()
SEARCH_BUTTON: Final = "ctl00$btnSearch"


class Desk:
    """Answers requests about a world, under its sky, and logs them."""

    def __init__(self, world: World, sky: Sky, requests: Requests) -> None:
        self.world, self.sky, self.requests = world, sky, requests
        self._serial = count(1)
        self._page = lru_cache(maxsize=1024)(self._encoded)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request; `target` is path and query, header names are lower case."""
        with self.world.lock:
            wanted, refusal = read(target), ""
            form = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
            try:
                shown = self._listing(method, wanted, form)
            except PostbackError as error:
                shown, refusal = None, str(error)
            page = shown.page if shown else None
            asked = Asked(method, target, wanted, page, headers, monotonic())
            self.requests.append(asked)
            spells = self.sky.over(asked)
            for spell in spells:
                if shown and spell.fault in PAGER_FAULTS:
                    shown = PAGER_FAULTS[spell.fault](self.world, shown)
            answer = _error(refusal) if refusal else self._route(asked, form, shown)
            answer = self._dress(asked, answer)
            for spell in spells:
                if spell.fault in FAULTS:
                    answer = FAULTS[spell.fault](answer, spell, asked)
            return answer

    def _listing(self, method: str, wanted: Wanted, form: Mapping[str, str]) -> Listing | None:
        category = self.world.category(wanted.subsite, wanted.category)
        if not wanted.page or wanted.day or not category or SEARCH_BUTTON in form:
            return None
        if method == "POST":
            return follow(form, self.world, category)
        by_get = (category.pager or self.world.host.pager) == "get"
        return turn(self.world, category, wanted.page if by_get else 1)

    def _route(self, asked: Asked, form: Mapping[str, str], shown: Listing | None) -> Answer:
        if asked.method not in ("GET", "HEAD", "POST"):
            return Answer(405)
        if asked.method == "POST" and not shown:
            if SEARCH_BUTTON in form:
                text = "Không tìm thấy kết quả nào."
                return self._html(200, pages.message(self.world, asked.target, text).encode())
            return _error("Invalid postback or callback argument.")
        return self._feed(asked) or self._file(asked.wanted.path) or self._written(asked, shown)

    def _feed(self, asked: Asked) -> Answer | None:
        """robots.txt, which names the sitemap; a feed, a sitemap."""
        world, path, host = self.world, asked.wanted.path.lower(), asked.headers.get("host", "")
        if path == "/robots.txt":
            kind = world.host.sitemap
            place = f"http://{host}{feeds.sitemap_address(kind)}" if kind else ""
            named = f"Sitemap: {place}\n" if kind not in ("", "plain") else ""
            return Answer(200, ROBOTS + named.encode(), (("Content-Type", "text/plain"),))
        for category in world.host.categories if world.host.feed else ():
            if asked.target == feeds.feed_address(category):
                return feeds.feed(world, category, host)
        return feeds.sitemap(world, path, host)

    def _file(self, path: str) -> Answer | None:
        """Whatever is no page."""
        lower = path.lower()
        if lower.startswith(("/noibo/", "/_layouts/listfeed")):
            return Answer(403, b"Access denied")
        lost = lower.startswith(UPLOADS.lower()) and not self._uploaded(path)
        if lost or not lower.startswith("/_layouts/"):
            return None
        kind, make = _KINDS.get(lower.rpartition(".")[2], _KINDS["css"])
        return Answer(200, make(path), (("Content-Type", kind),))

    def _uploaded(self, path: str) -> bool:
        subsite, _, rest = path.removeprefix(f"{UPLOADS}/").partition("/")
        item = rest.partition("/")[0]
        if not item.isdecimal() or (subsite, int(item)) not in self.world:
            return False
        return any(one.url == path for one in media(self.world.story(subsite, int(item))))

    def _written(self, asked: Asked, shown: Listing | None) -> Answer:
        status, page = self._page(self.world.version, asked.target, shown)
        answer = self._html(status, page)
        name = asked.wanted.subsite, asked.wanted.item or 0
        if status == 200 and self.world.host.validators and name in self.world:
            return self._validated(asked, answer, *name)
        return answer

    def _encoded(self, _version: int, target: str, shown: Listing | None) -> tuple[int, bytes]:
        """A page's status and its HTML; kept in memory until the world changes."""
        status, page = self._render(target, shown)
        return status, page.encode()

    def _render(self, target: str, shown: Listing | None) -> tuple[int, str]:
        world, wanted = self.world, read(target)
        category = world.category(wanted.subsite, wanted.category)
        if shown:
            return 200, pages.listing(world, target, shown)
        if wanted.day and category:
            return 200, pages.day(world, target, category, wanted.day)
        if wanted.item and (wanted.subsite, wanted.item) in world:
            homes = world.categories(wanted.subsite, wanted.item)
            home = category if category in homes else homes[0]
            return 200, pages.article(world, target, home, wanted.item)
        if wanted.path.lower() in ("/", "/pages/default.aspx"):
            return 200, pages.home(world, target)
        return 404, pages.message(world, target, "Không tìm thấy nội dung yêu cầu.")

    def _html(self, status: int, page: bytes) -> Answer:
        # As on SharePoint no page is twice the same to the byte.
        digest = blake2b(b"%d" % next(self._serial)).hexdigest().upper()
        return Answer(status, page.replace(_DIGEST, f"0x{digest}".encode()))

    def _validated(self, asked: Asked, answer: Answer, subsite: str, item: int) -> Answer:
        truth = repr(self.world.truth(subsite, item)).encode()
        etag = f'"{blake2b(truth, digest_size=8).hexdigest()}"'
        edited = timedelta(hours=self.world.edition(subsite, item))
        modified = (self.world.heading(subsite, item)[1] + edited).astimezone(UTC)
        known = asked.headers.get("if-none-match")
        since = asked.headers.get("if-modified-since")
        if known == etag or (since and not known and parsedate_to_datetime(since) >= modified):
            answer = replace(answer, status=304, body=b"")
        last = format_datetime(modified, usegmt=True)
        return answer.with_header("ETag", etag).with_header("Last-Modified", last)

    def _dress(self, asked: Asked, answer: Answer) -> Answer:
        """Cookie and compression."""
        if "ASP.NET_SessionId" not in asked.headers.get("cookie", ""):
            session = blake2b(b"%d" % next(self._serial), digest_size=12).hexdigest()
            cookie = f"ASP.NET_SessionId={session}; path=/; HttpOnly"
            answer = answer.with_header("Set-Cookie", cookie)
        accepted = "gzip" in asked.headers.get("accept-encoding", "")
        if self.world.host.gzip and accepted and answer.body:
            body = gzip.compress(answer.body, 1, mtime=0)
            answer = replace(answer, body=body).with_header("Content-Encoding", "gzip")
        return answer


def _error(text: str) -> Answer:
    html = (
        f"<html><head><title>{text}</title></head><body><span><h1>Server Error in '/' "
        f"Application.<hr></h1><h2><i>{text}</i></h2></span><b>Version Information:</b> "
        "Microsoft .NET Framework Version:2.0.50727</body></html>"
    )
    return Answer(500, html.encode())
