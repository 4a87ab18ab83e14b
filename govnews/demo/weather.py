"""Bad weather as data: which requests it meets, which fault, how often.

`FAULTS` spoil a finished answer; `PAGER_FAULTS` spoil a listing before it is written.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf
from threading import Lock
from typing import Final

from govnews.demo.messages import HTML, Answer, Asked
from govnews.demo.pager import Listing, turn
from govnews.demo.world import World

_ENDLESS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Weather:
    """A fault for every request that `match`es: a part of its line, or a predicate.

    It passes after `times` requests (None: never). What `value` means, and what it is by
    default, depends on the fault. An unknown fault is a ValueError.
    """

    fault: str
    match: str | Callable[[Asked], bool] = ""
    times: int | None = None
    value: float | str | None = None

    def __post_init__(self) -> None:
        if self.fault not in FAULTS and self.fault not in PAGER_FAULTS:
            known = ", ".join(sorted([*FAULTS, *PAGER_FAULTS]))
            raise ValueError(f"no fault {self.fault!r}; there are {known}")

    def meets(self, asked: Asked) -> bool:
        """Whether the request runs into it."""
        return self.match in asked.line if isinstance(self.match, str) else self.match(asked)


class Sky:
    """The weather over a portal, and how often each may still strike."""

    def __init__(self, *weathers: Weather) -> None:
        self._lock = Lock()
        self._left: list[tuple[Weather, float]] = []
        self.add(*weathers)

    def add(self, *weathers: Weather) -> None:
        """Let the weather turn bad."""
        with self._lock:
            self._left += [(one, inf if one.times is None else one.times) for one in weathers]

    def clear(self) -> None:
        """Let the sun shine."""
        with self._lock:
            self._left.clear()

    def over(self, asked: Asked) -> list[Weather]:
        """The weather that strikes this request; each strike counts."""
        with self._lock:
            struck = [left > 0 and one.meets(asked) for one, left in self._left]
            found = [one for (one, _), hit in zip(self._left, struck, strict=True) if hit]
            self._left = [(one, left - hit) for (one, left), hit
                          in zip(self._left, struck, strict=True)]  # fmt: skip
            return found


def _page(status: int, text: str) -> Answer:
    html = f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
    return Answer(status, html.encode())


def _redirect(where: str) -> Answer:
    moved = f'<html><body>Object moved to <a href="{where}">here</a>.</body></html>'
    return Answer(302, moved.encode(), (HTML, ("Location", where)))


def _retry(status: int, value: object) -> Answer:
    return _page(status, "Service Unavailable").with_header("Retry-After", str(value))


def _huge(answer: Answer, megabytes: float) -> Answer:
    padding = b"<p>" + b"x" * 1017 + b"</p>"
    return replace(answer, body=answer.body + padding * int(megabytes * 1024))


@lru_cache(maxsize=2)
def _bomb(megabytes: float) -> bytes:
    return gzip.compress(bytes(int(megabytes * 2**20)), mtime=0)


def _zipped(answer: Answer, body: bytes) -> Answer:
    return replace(answer, body=body).with_header("Content-Encoding", "gzip")


def _number(weather: Weather, default: float) -> float:
    return float(weather.value if weather.value is not None else default)


def _half(answer: Answer) -> int:
    return len(answer.body) // 2


def _challenge(_answer: Answer, _weather: Weather, _asked: Asked) -> Answer:
    script = b'<script>document.cookie="D1N=5a1c8b37";location.reload(true);</script>'
    return Answer(200, b"<html><body>" + script + b"</body></html>")


def _login(_answer: Answer, _weather: Weather, asked: Asked) -> Answer:
    form = (
        f'<html><head><title>Đăng nhập</title></head><body><form method="post" '
        f'action="/_layouts/login.aspx?ReturnUrl={asked.wanted.path}">Tên đăng nhập '
        '<input name="user" /> Mật khẩu <input type="password" name="password" />'
        '<input type="submit" value="Đăng nhập" /></form></body></html>'
    )
    return Answer(200, form.encode())


Fault = Callable[[Answer, Weather, Asked], Answer]
FAULTS: Final[Mapping[str, Fault]] = {
    "error": lambda _answer, _weather, _asked: _page(500, "Server Error in '/' Application."),
    "busy": lambda _answer, weather, _asked: _retry(503, weather.value or 1),
    "throttled": lambda _answer, weather, _asked: _retry(429, weather.value or 1),
    "forbidden": lambda _answer, _weather, _asked: _page(403, "Forbidden"),
    "empty": lambda _answer, _weather, _asked: Answer(),
    "reset": lambda answer, _weather, _asked: replace(answer, sent=_half(answer), ending="reset"),
    "truncated": lambda answer, _weather, _asked: replace(
        answer, sent=_half(answer), ending="close"
    ),
    "crawl_delay": lambda answer, weather, _asked: replace(
        answer, body=answer.body + f"Crawl-delay: {_number(weather, 1):g}\n".encode()
    ),
    "short_length": lambda answer, _weather, _asked: replace(answer, announced=_half(answer)),
    "long_length": lambda answer, _weather, _asked: replace(answer, announced=2 * len(answer.body)),
    "charset": lambda answer, weather, _asked: answer.with_header(
        "Content-Type", f"text/html; charset={weather.value or 'iso-8859-1'}"
    ),
    "broken_gzip": lambda answer, _weather, _asked: _zipped(
        answer, gzip.compress(answer.body)[:-40] + b"\0" * 20
    ),
    "bomb": lambda answer, weather, _asked: _zipped(answer, _bomb(_number(weather, 64))),
    "huge": lambda answer, weather, _asked: _huge(answer, _number(weather, 20)),
    "redirect_loop": lambda _answer, _weather, asked: _redirect(asked.target),
    "redirect_foreign": lambda _answer, weather, asked: _redirect(
        f"{weather.value or 'http://foreign.invalid'}{asked.target}"
    ),
    "redirect_home": lambda _answer, _weather, _asked: _redirect("/Pages/default.aspx"),
    "soft_404": lambda _answer, _weather, _asked: _page(200, "Không tìm thấy trang yêu cầu"),
    "login": _login,
    "challenge": _challenge,
    "slow": lambda answer, weather, _asked: replace(answer, delay=_number(weather, 1)),
    "hang": lambda answer, _weather, _asked: replace(answer, delay=inf),
}


def _endless(world: World, shown: Listing) -> Listing:
    items = turn(world, shown.category, (shown.page - 1) % _last(world, shown) + 1).items
    return replace(shown, items=items, last=_ENDLESS)


def _stuck(world: World, shown: Listing) -> Listing:
    items = turn(world, shown.category, min(shown.page, _last(world, shown))).items
    return replace(shown, items=items, last=_ENDLESS)


def _last(world: World, shown: Listing) -> int:
    return turn(world, shown.category, 1).last


PAGER_FAULTS: Final[Mapping[str, Callable[[World, Listing], Listing]]] = {
    "no_pager": lambda _world, shown: replace(shown, pager=False),
    "endless_pager": _endless,  # begins again behind the last page
    "stuck_pager": _stuck,  # repeats the last page for ever
    "refused_pager": lambda world, shown: turn(world, shown.category, 1),  # the first page again
    "no_items": lambda _world, shown: replace(shown, items=()),
}
