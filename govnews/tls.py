"""TLS as strict as a portal can do, and as a site file allows; and what was allowed, in words.

Where a site file allows less than the rule, each of its hosts is still met by the rule first, once
in a run: so it is known why the rule could not be kept, and what is good is not taken for worse.
"""

from __future__ import annotations

import re
import ssl
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import aiohttp
from scrapy.exceptions import DownloadFailedError
from yarl import URL

from govnews.network import Place, RefusedError, place_of
from govnews.sites.site import Tls

_LEGACY_SERVER_CONNECT = 0x4
"""SSL_OP_LEGACY_SERVER_CONNECT, which Python names since 3.12 alone: no secure renegotiation."""
_HANGING_UP = (ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
_PLAIN_HTTP = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"})


class _Step(NamedTuple):
    """How a host is met: with old protocols and ciphers or without, with its certificate checked
    or not."""

    old: bool
    verified: bool


_RULE = _Step(old=False, verified=True)
_STEPS: Mapping[Tls, tuple[_Step, ...]] = {
    "verified": (_RULE,),
    "unverified": (_RULE, _Step(old=False, verified=False)),
    "legacy": (_RULE, _Step(old=True, verified=True), _Step(old=True, verified=False)),
}


class Handshakes:
    """The TLS of a crawl's hosts; `allowed` is what the site file says."""

    def __init__(self, allowed: Tls) -> None:
        self._steps = _STEPS[allowed]
        self._reasons: defaultdict[Place, list[str]] = defaultdict(list)  # for each step down

    def step(self, url: URL) -> int:
        """How this host is met; `context` has the settings for it."""
        return len(self._reasons[place_of(url)])

    def context(self, step: int) -> ssl.SSLContext:
        """The settings of a step."""
        return _context(*self._steps[step])

    def failed(self, url: URL, step: int, error: aiohttp.ClientConnectorError) -> None:
        """A handshake failed: the next one is a step further down.

        Where nothing less is allowed that could help, raises RefusedError, with the cure; what may
        pass is a DownloadFailedError, or the error itself where it is not about TLS.
        """
        cause, reasons = error.__cause__, self._reasons[place_of(url)]
        if not isinstance(cause, (ssl.SSLError, *_HANGING_UP)):
            raise error
        if len(reasons) > step:
            return  # another request met the host in the meantime
        below = self._steps[step + 1 : step + 2]
        about_certificate = isinstance(cause, ssl.SSLCertVerificationError)
        if any(about_certificate or one.old != self._steps[step].old for one in below):
            reasons.append(_reason(cause))
            return
        refusal = _refusal(url.host, cause, self._steps[step])
        if isinstance(cause, _HANGING_UP) or getattr(cause, "reason", None) in _PLAIN_HTTP:
            raise DownloadFailedError(refusal)
        raise RefusedError("tls", refusal)

    def note(self, url: URL, step: int, version: str | None) -> str | None:
        """What was allowed on a connection that is not the rule: `TLSv1.2, certificate not
        verified: self-signed certificate`; None where nothing was."""
        if not step:
            return None
        allowed = "allowed as legacy" if self._steps[step].verified else "certificate not verified"
        return f"{version}, {allowed}: {self._reasons[place_of(url)][step - 1]}"


@lru_cache
def _context(old: bool, verified: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if old:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:!aNULL:!eNULL:@SECLEVEL=0")
        context.options |= _LEGACY_SERVER_CONNECT
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _reason(cause: BaseException | None) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return cause.verify_message.rstrip(".")
    if isinstance(cause, _HANGING_UP):
        return "it hangs up"
    reason = getattr(cause, "reason", None) or str(cause)
    return reason.lower().replace("_", " ")


def _refusal(host: str | None, cause: BaseException | None, step: _Step) -> str:
    why = _reason(cause)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the certificate of {host} is not good: {why}; {_cure('unverified')}"
    if getattr(cause, "reason", None) in _PLAIN_HTTP:
        return f"{host} speaks no TLS: {why}"
    if not step.old:
        return f"{host} does not agree on safe TLS: {why}; {_cure('legacy')}"
    return f"{host} does not agree on any TLS: {why}"


def _cure(allowed: Tls) -> str:
    return f'tls = "{allowed}" under [fetch] in its site file takes it all the same'


def cipher_suite(name: str) -> str:
    """The name that IANA's registry has for a cipher suite, from the one that OpenSSL has."""
    found = _SUITE.fullmatch(name)
    if name.startswith("TLS_") or found is None:
        return name
    exchange, cipher, mac = found.groups()
    exchange = {"ECDHE": "ECDHE_RSA", "EDH-RSA": "DHE_RSA", None: "RSA"}.get(exchange, exchange)
    cipher = _SIZE.sub(r"\1_\2", cipher).replace("-", "_")
    cipher = f"{cipher}_CBC" if _BARE.fullmatch(cipher) else _OTHERS.get(cipher, cipher)
    mac = mac or ("SHA256" if cipher == "CHACHA20_POLY1305" else "")
    return f"TLS_{exchange.replace('-', '_')}_WITH_{cipher}{mac and f'_{mac}'}"


_SUITE = re.compile(
    r"(?:((?:ECDHE|DHE|ECDH|DH|EDH)(?:-(?:RSA|ECDSA|DSS))?)-)?(.+?)(?:-(SHA\d*|MD5))?"
)
_SIZE = re.compile(r"(AES|ARIA|CAMELLIA|CCM)(\d+)")
_BARE = re.compile(r"(?:AES|ARIA|CAMELLIA)_\d+")
_OTHERS = {"DES_CBC3": "3DES_EDE_CBC", "RC4": "RC4_128"}
