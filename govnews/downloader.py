"""Fetching, and the evidence of it: what the server sent, before anything touches it.

Header names and values are those on the wire. The body is as sent but for chunked transfer
coding, which the HTTP client undoes; its header is kept as `X-Archive-Transfer-Encoding`, so that
readers of the WARC do not undo it twice.
"""

from __future__ import annotations

import asyncio
from typing import Any, Literal, Self

import aiohttp
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import Response
from yarl import URL

from govnews.clock import timestamp
from govnews.items import Capture

_ALWAYS = (
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "vi,en;q=0.5"),
    ("Accept-Encoding", "gzip, deflate"),
)
ENDING = object()
"""The signal on which downloads break off, so that a crawl ends within seconds."""
_PASSWORD = b"Proxy-Authorization"
_OWN = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type", "Accept-Language")


class EvidenceHandler:
    """A download handler that leaves the capture of each exchange in the request's meta."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._user_agent: str = settings["USER_AGENT"]
        self._timeout = aiohttp.ClientTimeout(total=settings.getfloat("DOWNLOAD_TIMEOUT"))
        self._most = settings.getint("DOWNLOAD_MAXSIZE")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_OWN,
            max_line_size=65_536,
            max_field_size=65_536,
        )
        self._under_way: set[asyncio.Task[Any]] = set()
        self._stopping = False
        crawler.signals.connect(self.stop, signal=ENDING)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """Asks once; the response's body is as the server sent it.

        Raises DownloadFailedError where no response came, DownloadCancelledError on the way out.
        """
        if self._stopping:
            raise DownloadCancelledError("the crawl is ending")
        task = asyncio.ensure_future(self._fetch(request))
        self._under_way.add(task)
        try:
            capture = await task
        except asyncio.CancelledError:
            raise DownloadCancelledError("the crawl is ending") from None
        except TimeoutError:
            seconds = self._timeout.total
            raise DownloadFailedError(f"no answer within {seconds:g} seconds") from None
        except aiohttp.ClientConnectorError as error:
            reason = error.os_error.strerror or str(error.os_error)
            raise DownloadFailedError(f"can't connect to {error.host}: {reason}") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise DownloadFailedError(str(error) or type(error).__name__) from error
        finally:
            self._under_way.discard(task)
        request.meta["capture"] = capture
        return Response(
            request.url,
            status=capture.status,
            headers={name: value for name, value in capture.headers if name.isascii()},
            body=capture.body,
            request=request,
        )

    def stop(self) -> None:
        """Breaks off what is under way: what was not received was not fetched."""
        self._stopping = True
        for task in self._under_way:
            task.cancel()

    async def close(self) -> None:
        """Closes the connections."""
        await self._session.close()

    async def _fetch(self, request: Request) -> Capture:
        headers = self._headers(request)
        password = request.headers.get("Proxy-Authorization")
        asked_at = timestamp()
        async with self._session.request(
            request.method,
            URL(request.url, encoded=True),
            data=request.body or None,
            headers=headers,
            timeout=self._timeout,
            allow_redirects=False,
            proxy=request.meta.get("proxy"),
            proxy_auth=aiohttp.BasicAuth.decode(password.decode()) if password else None,
        ) as response:
            peer = response.connection and response.connection.transport
            address = peer.get_extra_info("peername") if peer else None
            most = request.meta.get("most_bytes") or self._most
            body, truncated = await _body(response, most)
            return Capture(
                site=self._crawler.spider.name if self._crawler.spider else "",
                url=request.url,
                fetched_at=asked_at,
                status=response.status,
                reason=response.reason or "",
                protocol=_protocol(response),
                headers=_received(response),
                body=body,
                method=request.method,
                request_headers=_sent(response),
                request_body=request.body,
                ip_address=address[0] if address and not request.meta.get("proxy") else None,
                truncated=truncated,
            )

    def _headers(self, request: Request) -> list[tuple[str, str]]:
        asked = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in request.headers.items()
            for value in values
            if name != _PASSWORD
        ]
        return [("User-Agent", self._user_agent), *_ALWAYS, *asked]


async def _body(
    response: aiohttp.ClientResponse, most: int
) -> tuple[bytes, Literal["disconnect", "length"] | None]:
    """The body as far as it came, `most` bytes at the most, and why it is not whole."""
    if (response.content_length or 0) > most:
        return b"", "length"
    body = bytearray()
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > most:
                return bytes(body[:most]), "length"
    except (aiohttp.ClientError, ConnectionError):
        return bytes(body), "disconnect"
    return bytes(body), None


def _protocol(response: aiohttp.ClientResponse) -> str:
    version = response.version
    return f"HTTP/{version.major}.{version.minor}" if version else "HTTP/1.1"


def _sent(response: aiohttp.ClientResponse) -> tuple[tuple[str, str], ...]:
    """The request's headers but the proxy's password, which is no evidence."""
    pairs = response.request_info.headers.items()
    return tuple((name, value) for name, value in pairs if name.encode() != _PASSWORD)


def _received(response: aiohttp.ClientResponse) -> tuple[tuple[str, str], ...]:
    pairs = (
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers
    )
    return tuple(
        (f"X-Archive-{name}" if name.lower() == "transfer-encoding" else name, value)
        for name, value in pairs
    )
