"""Fetching, and the evidence of it: what the server sent, before anything touches it.

Header names and values are those on the wire. The body is as sent but for chunked transfer
coding, which the HTTP client undoes; its header is kept as `X-Archive-Transfer-Encoding`, so that
readers of the WARC do not undo it twice.
"""

from __future__ import annotations

import asyncio
import ssl
from time import monotonic
from typing import Any, Literal, Self, cast

import aiohttp
from aiohttp.abc import AbstractResolver
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import Response
from yarl import URL

from govnews.clock import timestamp
from govnews.items import Capture
from govnews.network import PublicResolver, judge, place_of
from govnews.spiders.portal import PortalSpider
from govnews.tls import Handshakes, cipher_suite

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
        base_url = settings.get("GOVNEWS_BASE_URL")
        self._trusted = place_of(URL(base_url)) if base_url else None
        self._direct = _session(PublicResolver(self._trusted))
        self._by_proxy = _session(aiohttp.ThreadedResolver())
        self._spider = cast("PortalSpider", crawler.spider)
        self._tls = Handshakes(self._spider.site.fetch.tls)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._stopping = False
        crawler.signals.connect(self.stop, signal=ENDING)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """Asks once, when it is its turn; the response's body is as the server sent it.

        Raises DownloadFailedError where no response came, RefusedError where none may be asked for,
        DownloadCancelledError on the way out.
        """
        if self._stopping:
            raise DownloadCancelledError("the crawl is ending")
        task = asyncio.ensure_future(self._in_turn(request))
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
        except aiohttp.ClientResponseError as error:
            fault = error.message.partition("\n")[0].rstrip(":").lower()
            raise DownloadFailedError(f"the answer is not as HTTP wants it: {fault}") from error
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
        await self._direct.close()
        await self._by_proxy.close()

    async def _in_turn(self, request: Request) -> Capture:
        url, pace = URL(request.url, encoded=True), self._spider.pace
        judge(url, self._trusted)
        sent_at = await pace.turn()
        if sent_at is None:
            raise DownloadCancelledError("the run has made as many requests as it may")
        try:
            capture = await self._fetch(request, url)
        except (aiohttp.ClientError, OSError, ValueError):
            pace.failed(sent_at)
            raise
        pace.answered(capture, sent_at, request.meta["download_latency"])
        return capture

    async def _fetch(self, request: Request, url: URL) -> Capture:
        """What comes over TLS as strict as the host can do and the site file allows."""
        if url.scheme != "https":
            return await self._exchange(request, url)
        while True:
            step = self._tls.step(url)
            try:
                return await self._exchange(request, url, step)
            except aiohttp.ClientConnectorError as error:
                self._tls.failed(url, step, error)

    async def _exchange(self, request: Request, url: URL, step: int | None = None) -> Capture:
        headers, proxy = self._headers(request), request.meta.get("proxy")
        password = request.headers.get("Proxy-Authorization")
        asked_at, started = timestamp(), monotonic()
        async with (self._by_proxy if proxy else self._direct).request(
            request.method,
            url,
            data=request.body or None,
            headers=headers,
            timeout=self._timeout,
            allow_redirects=False,
            proxy=proxy,
            proxy_auth=aiohttp.BasicAuth.decode(password.decode()) if password else None,
            ssl=True if step is None else self._tls.context(step),
        ) as response:
            assert isinstance(response, _Response)
            layer = None if step is None else response.tls_layer
            request.meta["download_latency"] = monotonic() - started
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
                ip_address=None if proxy else response.address,
                truncated=truncated,
                layers=_layers(layer) if layer else None,
                tls=self._tls.note(url, step, layer.version()) if layer and step else None,
            )

    def _headers(self, request: Request) -> list[tuple[str, str]]:
        asked = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in request.headers.items()
            for value in values
            if name != _PASSWORD
        ]
        return [("User-Agent", self._user_agent), *_ALWAYS, *asked]


class _Response(aiohttp.ClientResponse):
    """A response that knows who sent it: a short one has left its connection when it is read."""

    address: str | None = None
    tls_layer: ssl.SSLObject | None = None

    async def start(self, connection: Any) -> Self:
        """Begins to read, as the session asks for."""
        transport = connection.transport
        if transport is not None:
            peer = transport.get_extra_info("peername")
            self.address = peer[0] if peer else None
            self.tls_layer = transport.get_extra_info("ssl_object")
        return cast("Self", await super().start(connection))


def _session(resolver: AbstractResolver) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, resolver=resolver),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=_OWN,
        max_line_size=65_536,
        max_field_size=65_536,
        response_class=_Response,
    )


def _layers(layer: ssl.SSLObject) -> tuple[str, str] | None:
    """The TLS version and the cipher suite of a connection, by the names that WARCs have."""
    version, suite = layer.version(), layer.cipher()
    if version is None or suite is None:
        return None
    number = version.removeprefix("TLSv")
    return f"tls/{number if '.' in number else f'{number}.0'}", cipher_suite(suite[0])


async def _body(
    response: aiohttp.ClientResponse, most: int
) -> tuple[bytes, Literal["disconnect", "length", "time"] | None]:
    """The body as far as it came, `most` bytes at the most, and why it is not whole."""
    if (response.content_length or 0) > most:
        return b"", "length"
    body = bytearray()
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > most:
                return bytes(body[:most]), "length"
    except TimeoutError:
        return bytes(body), "time"
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
