"""The address grammar of the family: written in all its variations, read in any.

`/{subsite}/lists/posts/post.aspx?Source=/{subsite}&Category={name}[&ItemID=n]&Mode={1|2}`
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus, unquote

UPLOADS: Final = "/_layouts/LacVietBIO/fckUpload"
_ESCAPE: Final = re.compile("%[0-9A-F]{2}")


@dataclass(frozen=True, slots=True)
class Category:
    """A listing. `pager` is `postback`, `grid` or `get`; '' leaves it to the host."""

    subsite: str
    name: str
    pager: str = ""

    @property
    def address(self) -> str:
        """The listing's address, root-relative."""
        return _listing_address(self)

    def day(self, day: date) -> str:
        """The address of the articles of a day."""
        return f"{self.address}&Day={quote(f'{day:%d/%m/%Y}', safe='')}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request target asks for; `subsite` is '' for a page outside the grammar."""

    path: str
    subsite: str = ""
    category: str = ""
    item: int | None = None
    page: int | None = None
    day: date | None = None

    @property
    def listing(self) -> bool:
        """Whether this is a listing, of whatever kind."""
        return self.page is not None


def article_address(category: Category, item: int, style: int = 0) -> str:
    """An article's root-relative address; style 0 is plain, 1 to 3 mean the same."""
    return _grammar(category, style % 4).format(item)


@lru_cache(maxsize=64)
def _listing_address(category: Category) -> str:
    subsite, name = category.subsite, quote_plus(category.name)
    return f"/{subsite}/lists/posts/post.aspx?Source=/{subsite}&Category={name}&Mode=2"


@lru_cache(maxsize=256)
def _grammar(category: Category, style: int) -> str:
    subsite, plus = category.subsite, quote_plus(category.name)
    path = f"/{subsite}/lists/posts/post.aspx"
    match style:
        case 1:
            name = quote(category.name)
            path = f"/{subsite}/Lists/Posts/Post.aspx"
            return f"{path}?Source=%2f{subsite}&Category={name}&ItemID={{}}&Mode=1"
        case 2:
            return f"{path}?ItemID={{}}&Mode=1&Category={plus}&Source=/{subsite}"
        case 3:
            lower = _ESCAPE.sub(lambda escape: escape[0].lower(), plus)
            return f"{path}?Source=/{subsite}&Category={lower}&ItemID={{}}&Mode=1"
        case _:
            return f"{path}?Source=/{subsite}&Category={plus}&ItemID={{}}&Mode=1"


@lru_cache(maxsize=8192)
def read(target: str) -> Wanted:
    """Read a request target. What can't be read is left out, as the portal does."""
    path, _, query = target.partition("?")
    parts = unquote(path).lower().strip("/").split("/")
    if len(parts) != 4 or parts[1:] != ["lists", "posts", "post.aspx"]:
        return Wanted(unquote(path))
    fields = {name.lower(): value for name, value in parse_qsl(query)}
    item = _number(fields, "itemid") or _number(fields, "id")
    listing = fields.get("mode") == "2" or not item
    return Wanted(
        path=unquote(path),
        subsite=parts[0],
        category=fields.get("category", ""),
        item=None if listing else item,
        page=(_number(fields, "page") or 1) if listing else None,
        day=_day(fields.get("day", "")),
    )


def _number(fields: Mapping[str, str], name: str) -> int | None:
    text = fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None


def _day(text: str) -> date | None:
    try:
        return date(*map(int, reversed(text.split("/"))))
    except (TypeError, ValueError):
        return None
