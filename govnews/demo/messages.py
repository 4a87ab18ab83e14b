"""A request as asked, an answer as data, and the log of what was asked."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final, Literal

from govnews.demo.addresses import Wanted

HTML: Final = ("Content-Type", "text/html; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. `target` is path and query; `page` of a listing counts postbacks as well.

    Header names are lower case; `at` is the monotonic clock's, in seconds.
    """

    method: str
    target: str
    wanted: Wanted
    page: int | None
    headers: Mapping[str, str]
    at: float

    @property
    def line(self) -> str:
        """The request on one line, `POST /tintuc/… page=3`."""
        return f"{self.method} {self.target}" + (f" page={self.page}" if self.page else "")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, and how it goes over the wire.

    It leaves after `delay` seconds (infinity: never), stops after `sent` bytes of its body,
    and the connection then ends as `ending` says. `announced` is a Content-Length that is wrong.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (HTML,)
    delay: float = 0.0
    sent: int | None = None
    announced: int | None = None
    ending: Literal["keep", "close", "reset"] = "keep"

    def with_header(self, name: str, value: str) -> Answer:
        """The answer with this header in place of any of its name."""
        others = (pair for pair in self.headers if pair[0] != name)
        return replace(self, headers=(*others, (name, value)))


class Requests:
    """The newest `remember` requests, oldest first; may be read while the portal serves."""

    def __init__(self, remember: int) -> None:
        self._log: deque[Asked] = deque(maxlen=remember)
        self._lock = Lock()

    def append(self, asked: Asked) -> None:
        """Log a request."""
        with self._lock:
            self._log.append(asked)

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._log.clear()

    def counts(self) -> Counter[tuple[str, str, int | None]]:
        """How often each (method, target, page) was asked."""
        return Counter((asked.method, asked.target, asked.page) for asked in self)

    def matching(self, text: str) -> list[Asked]:
        """The requests whose line contains `text`."""
        return [asked for asked in self if text in asked.line]

    def __iter__(self) -> Iterator[Asked]:
        with self._lock:
            return iter(list(self._log))

    def __len__(self) -> int:
        return len(self._log)
