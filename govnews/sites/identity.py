"""The identity in an address: one article, whatever address led to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import unquote, unquote_plus, urljoin, urlsplit

from w3lib.url import safe_url_string

_PART = r"A-Za-z0-9._~:@!$&'()*+,=%-"
_SAFE = re.compile(rf"[{_PART}/;?]*")
_ROOTED = re.compile(rf"(?!//)(?:/(?!\.)[{_PART}]*)+(?:\?[{_PART}/;?]+)?")
_PLAIN = re.compile(rf"https?://[A-Za-z0-9.-]+(/[{_PART}/;]*)(?:\?([{_PART}/;?]*))?")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|zarsrc|zalo\w*", re.IGNORECASE)


def clean_url(base: str, href: str) -> str | None:
    """A link's absolute address without its fragment, percent-encoded as browsers do.

    None for what is no web address (`javascript:`, `mailto:`, a broken one).
    """
    root = _root(base) if _ROOTED.fullmatch(href) else None
    return root + href if root else _joined(base, href)


def _joined(base: str, href: str) -> str | None:
    try:
        url = urljoin(base, href.strip()).partition("#")[0]
        if not _SAFE.fullmatch(url):
            url = safe_url_string(url)
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


@lru_cache(maxsize=1000)
def _root(base: str) -> str | None:
    """What a link such as `/a?b` is put behind; None where more is to be done to join them."""
    root = _joined(base, "/")
    return root[:-1] if root and _SAFE.fullmatch(base) else None


def bare_host(netloc: str) -> str:
    """A host as identity knows it: lower case, without `www.` and the default port."""
    host = netloc.rpartition("@")[2].lower()
    return host.removeprefix("www.").removesuffix(":80").removesuffix(":443")


@lru_cache(maxsize=20_000)
def parameter(url: str, *names: str) -> str | None:
    """The first non-empty query parameter of one of these names, in any case; NFC, white
    space folded."""
    return _first(_parts(url)[1], names)


def host_matcher(hosts: frozenset[str]) -> Callable[[str], bool]:
    """From the hosts of a site, the function that says whether an address is on one of them; any
    web address is, where no host is known."""

    @lru_cache(maxsize=1000)
    def is_on(root: str) -> bool:
        try:
            parts = urlsplit(root)
        except ValueError:
            return False
        web = parts.scheme in ("http", "https")
        return web and (not hosts or bare_host(parts.netloc) in hosts)

    return lambda url: is_on("/".join(url.split("/", 3)[:3]))


def article_matcher(
    path: str | None, query: Mapping[str, tuple[str, ...]], key: str, ignore_case: bool
) -> Callable[[str], str | None]:
    """From the rule of a site, the function that gives an address's article key, or None.

    Without a `key` template the key is the group `key` of the path's pattern, or else path and
    parameters in order, without those that only track the reader.
    """
    pattern = re.compile(path or "", re.IGNORECASE if ignore_case else 0)

    @lru_cache(maxsize=20_000)
    def article_key(url: str) -> str | None:
        match = pattern.search(_parts(url)[0])
        if match is None:
            return None
        found = {name: value for name, value in match.groupdict().items() if value}
        for name, parameters in query.items():
            value = parameter(url, *parameters)
            if value is None:
                return None
            found[name] = value
        template = key or ("{key}" if "key" in found else "")
        text = template.format_map(found) if template else _address_key(url, path is None)
        text = unicodedata.normalize("NFC", text).strip("/")
        return (text.lower() if ignore_case else text) or None

    return article_key


def listing_matcher(
    path: str, query: Mapping[str, str], ignore_case: bool
) -> Callable[[str], bool]:
    """From the rule of a site, the function that says whether an address is a listing."""
    pattern = re.compile(path, re.IGNORECASE if ignore_case else 0)

    def is_listing(url: str) -> bool:
        return pattern.search(_parts(url)[0]) is not None and all(
            parameter(url, name) == value for name, value in query.items()
        )

    return is_listing


def listing_key(url: str, parameters: tuple[str, ...], ignore_case: bool) -> str | None:
    """A listing's path and parameters in one form; None where it has other parameters."""
    known = {name.lower() for name in parameters}
    path, parts = _parts(url)
    pairs = [(name.lower(), " ".join(value.split())) for name, value in parts]
    if any(name not in known for name, _ in pairs):
        return None
    text = "&".join([path.rstrip("/"), *(f"{name}={value}" for name, value in sorted(pairs))])
    return unicodedata.normalize("NFC", text.lower() if ignore_case else text)


def _address_key(url: str, with_host: bool) -> str:
    host = bare_host(urlsplit(url).netloc) if with_host else ""
    path, pairs = _parts(url)
    kept = sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0]))
    query = "&".join(f"{name}={value}" for name, value in kept)
    return f"{host}{path.rstrip('/')}" + (f"?{query}" if query else "")


@lru_cache(maxsize=256)
def _parts(url: str) -> tuple[str, list[tuple[str, str]]]:
    """An address's path, decoded, and its parameters, those without a value left out."""
    plain = _PLAIN.fullmatch(url)
    path, query = (plain[1], plain[2] or "") if plain else urlsplit(url)[2:4]
    pairs = (part.partition("=") for part in query.split("&"))
    decoded = [(_plain(name), _plain(value)) for name, _, value in pairs if value]
    return unicodedata.normalize("NFC", unquote(path)) or "/", decoded


_plain = lru_cache(maxsize=4096)(unquote_plus)


def _first(pairs: list[tuple[str, str]], names: tuple[str, ...]) -> str | None:
    for wanted in names:
        for name, value in pairs:
            if name.lower() == wanted.lower() and value.strip():
                return unicodedata.normalize("NFC", " ".join(value.split()))
    return None
