"""How the addresses of a listing's pages are related: they differ in the part that counts pages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from govnews.sites.identity import bare_host

_COUNTED = re.compile(
    r"/(\d{1,5})(?=/|\.\w+$|$)"
    r"|[/_.,-](?:(?:current|trang|so)?[-_]?page|trang|paged?|tr|pg|p)[-_/=:]?(\d{1,5})(?=/|\.\w+$|$)"
)
_ENDING = re.compile(r"(?:/(?:index|default|home))?(?:\.(?:html?|aspx?|php|jsp|do))?/*$")
_OF_PAGES = re.compile(
    r".*(?:page|trang).*|(?:.*_)?(?:p|pg|pn|pi|pno|tr|cur|start|startrow|offset|from|limitstart"
    r"|pointer)"
)
_NUMBERED = re.compile(r"(?!.*row).*(?:page|trang).*|(?:.*_)?(?:p|pg|pn|pno|tr|cur)")
_OF_ELSE = re.compile(
    r"(?:.*_)?(?:size|rows|delta|limit|view|display|dir|tab|lang\w*|ngon_?ngu|sort\w*|order\w*"
    r"|sap_?xep|thu_?tu|thang|month|quy|nam|year|ngay\w*|day|date|tuan|week|sao|stars?|rat(?:e|ing)"
    r"|vote|diem|buoc|step|font\w*|co_?chu|chu|letter|print)"
    r"|.*(?:page_?size|page_?type|per_?page|trang_?thai|tinh_?trang)"
)


class Address(NamedTuple):
    """An address in one form: host and path without the numbers that may count pages, those
    numbers, and the parameters."""

    stem: str
    counted: tuple[int, ...]
    pairs: tuple[tuple[str, str], ...]


@lru_cache(maxsize=2000)
def address_of(url: str) -> Address:
    """An address without regard to case, the order of parameters, and what servers add to it."""
    parts = urlsplit(url)
    path = re.sub(r";[^/]*", "", unquote(parts.path).lower())
    counted = tuple(int(match[1] or match[2]) for match in _COUNTED.finditer(path))
    stem = bare_host(parts.netloc) + _ENDING.sub("", _COUNTED.sub("", path))
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
    plain = tuple((re.sub(r"[\[\]@:.]+", "_", n).strip("_").lower(), v) for n, v in pairs)
    return Address(stem, counted, plain)


def kinship(here: str, there: str) -> int:
    """How much an address looks like another page of the listing at `here`.

    3: it differs in what counts the pages in both; 2: it has the same path; 1: another path, but
    what counts pages; 0: the same page, or what is chosen is something else.
    """
    one, other = address_of(here), address_of(there)
    if one == other:
        return 0
    known = dict(one.pairs)
    changed = [name for name, value in other.pairs if known.get(name) != value]
    if one.stem != other.stem:
        return int(any(map(_is_of_pages, changed)) or _says_page(there))
    if any(map(_is_of_else, changed)) and not any(map(_is_of_pages, changed)):
        return 0
    both = len(one.counted) == len(other.counted) and one.counted != other.counted
    return 3 if both or any(name in known for name in changed) else 2


def page_in_address(url: str) -> int | None:
    """The page number that an address names, by a usual parameter or a part of its path."""
    for name, value in address_of(url).pairs:
        if _NUMBERED.fullmatch(name) and not _is_of_else(name) and _is_count(value):
            return int(value)
    match = _COUNTED.search(unquote(urlsplit(url).path).lower())
    return int(match[2]) if match and match[2] else None


def counts_on(here: str, there: str) -> bool:
    """Whether an address differs from `here` in a number that is greater, or that `here` lacks."""
    one, other = address_of(here), address_of(there)
    known = dict(one.pairs)
    changed = [(name, value) for name, value in other.pairs if known.get(name) != value]
    greater = (
        int(v) > int(w) for n, v in changed if _is_count(v) and _is_count(w := known.get(n, "0"))
    )
    return any(greater) or (bool(_counts(other, one)) and not is_before(here, there))


def is_before(here: str, there: str) -> bool:
    """Whether an address surely leads to no later page: what counts the pages in it is less, or
    left out."""
    one, other = address_of(here), address_of(there)
    counts, others = _counts(one, other), _counts(other, one)
    steps = [number - counts.get(name, 0) for name, number in others.items()]
    return max(steps, default=0) <= 0 and (bool(steps) or bool(counts))


def is_same(here: str, there: str) -> bool:
    """Whether two addresses are one."""
    return address_of(here) == address_of(there)


def is_near(here: str, there: str) -> bool:
    """Whether two addresses are the same but for their parameters, or in one folder, or one below
    the other."""
    one, other = address_of(here).stem, address_of(there).stem
    folder = one.rpartition("/")[0]
    below = other.startswith(f"{one}/") and "/" in one
    return one == other or below or ("/" in folder and folder == other.rpartition("/")[0])


def _counts(one: Address, beside: Address) -> dict[str, int]:
    """What an address counts pages by where it differs from another."""
    known = dict(beside.pairs)
    counts = {
        name: int(value)
        for name, value in one.pairs
        if known.get(name) != value and _is_of_pages(name) and _is_count(value)
    }
    rest = [n for n, number in enumerate(one.counted) if beside.counted[n : n + 1] != (number,)]
    return counts | ({"/": one.counted[rest[-1]]} if rest else {})


def _says_page(url: str) -> bool:
    return any(match[2] for match in _COUNTED.finditer(unquote(urlsplit(url).path).lower()))


@lru_cache(maxsize=500)
def _is_of_pages(name: str) -> bool:
    return _OF_PAGES.fullmatch(name) is not None and not _is_of_else(name)


@lru_cache(maxsize=500)
def _is_of_else(name: str) -> bool:
    return _OF_ELSE.fullmatch(name) is not None


def _is_count(value: str) -> bool:
    return value.isdecimal() and value.isascii() and len(value) < 6
