"""Where a crawl may connect to: public addresses, and what the user named by --base-url.

A portal is judged by the very addresses that are connected to, after its name was resolved, so
that no name can lead into a private network, or mean another address once it was judged.
"""

from __future__ import annotations

import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy.exceptions import DownloadFailedError
from yarl import URL

Place = tuple[str | None, int | None]
"""A host, as in an address, and a port."""

_NAT64 = IPv6Network("64:ff9b::/96")
_KINDS = ("unspecified", "loopback", "link_local", "multicast", "reserved", "private")


class RefusedError(DownloadFailedError):
    """Nothing was asked for, and to try again in this run would be in vain.

    `kind` is a problem's kind; the message says the cure.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class PublicResolver(AbstractResolver):
    """Resolves names to those of their addresses that are public; `trusted` may be anywhere.

    The connector connects to what this returns, and asks for nothing else.
    """

    def __init__(self, trusted: Place | None) -> None:
        self._trusted = trusted
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises RefusedError where none is public, OSError where there
        is none."""
        found = await self._resolver.resolve(host, port, family)
        if (host, port) == self._trusted:
            return found
        public = [one for one in found if kind_of(one["host"]) is None]
        if found and not public:
            raise _refused(host, str(kind_of(found[0]["host"])), found[0]["host"])
        return public

    async def close(self) -> None:
        """Lets go of the resolver."""
        await self._resolver.close()


def place_of(url: URL) -> Place:
    """The host and the port that an address leads to."""
    return url.raw_host, url.port


def judge(url: URL, trusted: Place | None) -> None:
    """Raises RefusedError for an address whose host is a number, or localhost, and not public.

    What a resolver never sees is judged here: numbers, and all that goes through a proxy.
    """
    host = url.raw_host or ""
    kind = _literal_kind(host)
    if kind is not None and place_of(url) != trusted:
        raise _refused(host, kind, host)


def kind_of(address: str) -> str | None:
    """What an IP address is that is not public, in a word (`loopback`, say); None for one that is.

    IPv4 within IPv6 is judged as what it leads to: mapped (RFC 4291), 6to4 (RFC 3056) and
    NAT64 (RFC 6052).
    """
    ip = _unwrapped(ip_address(address.partition("%")[0]))
    found = next((kind for kind in _KINDS if getattr(ip, f"is_{kind}")), None)
    if found is None and (not ip.is_global or getattr(ip, "is_site_local", False)):
        found = "private"
    return found and found.replace("_", "-")


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


@lru_cache(maxsize=1024)
def _literal_kind(host: str) -> str | None:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761, 6.3
        return "loopback"
    try:
        return kind_of(name)
    except ValueError:
        return _odd_kind(name)


def _odd_kind(name: str) -> str | None:
    """The kind of an IPv4 address in another spelling: 127.1, 0x7f000001, 017700000001."""
    try:
        return kind_of(socket.inet_ntoa(socket.inet_aton(name)))
    except (OSError, ValueError):
        return None


def _refused(host: str, kind: str, address: str) -> RefusedError:
    place = f"{host} is" if host == address else f"{host} leads to {address}, which is"
    return RefusedError(
        "private-address",
        f"{place} {kind}, and no public portal stands there; where it is meant, give its address "
        "with --base-url",
    )
