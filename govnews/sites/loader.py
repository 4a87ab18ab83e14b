"""Site files: strict TOML in, a frozen `Site` out. What the loader does not know it refuses."""

from __future__ import annotations

import difflib
import re
import string
import tomllib
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from cssselect.parser import SelectorError
from lxml import etree
from parsel import csstranslator

from govnews.errors import SiteFileError, UsageError
from govnews.sites.site import ArticleRule, Selectors, Site

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_NOT_IN_FILES = ("id", "base_url")
_DAYS = (date(2003, 2, 1), date(2014, 12, 25))


def list_sites(folder: str | Path | None = None) -> list[str]:
    """The names of all sites, bundled and in the user's folder, in alphabetical order."""
    return sorted(_site_files(folder))


def load_site(name: str, folder: str | Path | None = None) -> Site:
    """The site of this name; a file in `folder` goes before the bundled one.

    Raises UsageError for an unknown name, SiteFileError for a file that can't be used.
    """
    return _load(name, str(folder) if folder else None)


@lru_cache(maxsize=256)
def _load(name: str, folder: str | None) -> Site:
    known = _site_files(folder)
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3) or sorted(known)
        raise UsageError(f"no site is called {name!r}. Known are, among others: {', '.join(close)}")
    file = known[name]
    table = _read(file)
    family = table.pop("family", None)
    if family is not None:
        table = _merged(_family(file, family, folder), table)
    return _Reader(str(file)).site(name, table)


def _folders(folder: str | Path | None) -> list[Traversable]:
    bundled = files("govnews.sites")
    if folder is None:
        return [bundled]
    own = Path(folder)
    if not own.is_dir():
        raise UsageError(f"{own}: no such folder of site files. Make it, or leave out --sites")
    return [bundled, own]


def _site_files(folder: str | Path | None) -> dict[str, Traversable]:
    return {
        file.name.removesuffix(".toml"): file
        for place in _folders(folder)
        for file in place.iterdir()
        if file.name.endswith(".toml")
    }


def _family(file: Traversable, family: object, folder: str | Path | None) -> dict[str, Any]:
    known = {
        entry.name.removesuffix(".toml"): entry
        for place in _folders(folder)
        if (place / "families").is_dir()
        for entry in (place / "families").iterdir()
        if entry.name.endswith(".toml")
    }
    if not isinstance(family, str) or family not in known:
        cure = f"Known families: {', '.join(sorted(known))}"
        raise SiteFileError(str(file), "family", f"no family is called {family!r}", cure)
    return _read(known[family])


def _read(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SiteFileError(
            str(file), "", f"not UTF-8 ({error.reason})", "Save it as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SiteFileError(str(file), "", f"not TOML: {error}", "Mend that line") from None


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


class _Reader:
    """Turns one file's table into a Site; knows the file, so that each refusal can name it."""

    def __init__(self, file: str) -> None:
        self.file = file

    def fail(self, key: str, fault: str, cure: str) -> typing.NoReturn:
        raise SiteFileError(self.file, key, fault, cure)

    def site(self, name: str, table: dict[str, Any]) -> Site:
        if not _NAME.fullmatch(name):
            cure = "Name the file with small letters, digits and hyphens"
            self.fail("", f"{name!r} can't be a site's name", cure)
        if "name" not in table:
            self.fail("name", "missing", 'Add name = "…", the name people know the portal by')
        if isinstance(table.get("article"), str):
            table["article"] = {"path": table["article"]}
        values = self.values("", Site, table)
        self.addresses(values)
        site = Site(id=name, **values)
        self.check(site)
        return site

    def values(self, prefix: str, kind: type, table: Mapping[str, Any]) -> dict[str, Any]:
        """A table's values by the fields of a dataclass, each converted to its type."""
        types = typing.get_type_hints(kind)
        known = [field.name for field in fields(kind) if field.name not in _NOT_IN_FILES]
        for key in table:
            if key not in known:
                close = difflib.get_close_matches(key, known, n=1)
                cure = f"Did you mean {close[0]}?" if close else f"Known are: {', '.join(known)}"
                self.fail(prefix + key, "unknown key", cure)
        return {key: self.value(prefix + key, types[key], value) for key, value in table.items()}

    def value(self, key: str, kind: Any, value: Any) -> Any:
        if is_dataclass(kind) and isinstance(kind, type):
            table = self.typed(key, value, dict, "a table")
            return kind(**self.values(f"{key}.", kind, table))
        if typing.get_origin(kind) is typing.Literal:
            return self.choice(key, typing.get_args(kind), value)
        convert: dict[Any, Callable[[str, Any], Any]] = {
            Selectors: self.texts,
            str: self.text,
            str | None: self.text,
            bool: lambda key, value: self.typed(key, value, bool, "true or false"),
            int: self.whole,
            int | None: self.whole,
            float: self.number,
            date | None: self.day,
            Mapping[str, str]: lambda key, value: self.mapping(key, value, self.text),
            Mapping[str, tuple[str, ...]]: lambda key, value: self.mapping(key, value, self.texts),
        }
        return convert[kind](key, value)

    def typed(self, key: str, value: Any, kind: type, right: str) -> Any:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fail(key, f"{value!r} is of the wrong type", f"Give {right}")
        return value

    def text(self, key: str, value: Any) -> str:
        text: str = self.typed(key, value, str, 'a text in quotes: "…"')
        return (
            text if text.strip() else self.fail(key, "empty", "Give a text, or leave the key out")
        )

    def texts(self, key: str, value: Any) -> tuple[str, ...]:
        listed = [value] if isinstance(value, str) else value
        self.typed(key, listed, list, 'a text or a list of texts: ["…", "…"]')
        return tuple(self.text(key, item) for item in listed)

    def choice(self, key: str, known: tuple[str, ...], value: Any) -> str:
        if value not in known:
            self.fail(key, f"{value!r} is not known", f"Give one of: {', '.join(known)}")
        return str(value)

    def whole(self, key: str, value: Any) -> int:
        return int(self.typed(key, value, int, "a whole number"))

    def day(self, key: str, value: Any) -> date:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        day: date = self.typed(key, value if is_day else str(value), date, "a date: 2025-07-01")
        return day

    def number(self, key: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
            self.fail(key, f"{value!r} is of the wrong type", "Give a number, 0 or more")
        return float(value)

    def mapping(self, key: str, value: Any, convert: Callable[[str, Any], Any]) -> dict[str, Any]:
        self.typed(key, value, dict, "a table: { name = … }")
        return {name: convert(f"{key}.{name}", item) for name, item in value.items()}

    def addresses(self, values: dict[str, Any]) -> None:
        """Fills `url` from the first listing, and makes listings absolute."""
        listings = values.get("listings", ())
        root = values.get("url") or (urljoin(listings[0], "/") if listings else "")
        values["url"] = root
        values["listings"] = tuple(urljoin(root, listing) for listing in listings)
        for key, url in [("url", root), *(("listings", url) for url in values["listings"])]:
            if url and not (urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname):
                self.fail(key, f"{url!r} is no web address", "Begin it with http:// or https://")

    def check(self, site: Site) -> None:
        self.check_article(site.article)
        self.check_calendar(site)
        self.pattern("listing.path", site.listing.path)
        for table in ("fields", "listing", "pager"):
            rule = getattr(site, table)
            for field in fields(rule):
                if typing.get_type_hints(type(rule))[field.name] == Selectors:
                    for selector in getattr(rule, field.name):
                        self.selector(f"{table}.{field.name}", selector)
        try:
            ZoneInfo(site.timezone)
        except (KeyError, ValueError, OSError):
            self.fail("timezone", f"no zone is called {site.timezone!r}", 'e.g. "Asia/Ho_Chi_Minh"')
        if site.fetch.concurrency < 1:
            self.fail("fetch.concurrency", "below 1", "Give 1 or more")
        if site.fetch.most_requests is not None and site.fetch.most_requests < 2:
            self.fail("fetch.most_requests", "below 2", "Give 2 or more: robots.txt is the first")
        for field in fields(site.expect):
            rate = getattr(site.expect, field.name)
            if field.name != "articles" and rate > 1:
                self.fail(f"expect.{field.name}", f"{rate} is no rate", "Give 0 to 1")

    def check_article(self, rule: ArticleRule) -> None:
        pattern = self.pattern("article.path", rule.path)
        known = {*rule.query, *(pattern.groupindex if pattern else ())}
        try:
            used = {
                name for _, name, _, _ in string.Formatter().parse(rule.key) if name is not None
            }
        except ValueError as error:
            self.fail("article.key", f"not a template ({error})", "Write names in braces: {item}")
        for name in used - known:
            cure = f"Known here: {', '.join(sorted(known)) or 'none'}"
            self.fail("article.key", f"nothing is called {name!r}", cure)

    def check_calendar(self, site: Site) -> None:
        cure = 'Give e.g. "{listing}?day={day:%d/%m/%Y}"'
        pattern, listing = site.calendar.address, site.url
        try:
            days = [pattern.format(listing=listing, day=day) for day in _DAYS] if pattern else []
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            self.fail("calendar.address", f"not a pattern ({error!r})", cure)
        if len(set(days)) < len(days):
            self.fail("calendar.address", "the same for each day", cure)

    def pattern(self, key: str, text: str | None) -> re.Pattern[str] | None:
        try:
            return re.compile(text) if text is not None else None
        except re.error as error:
            self.fail(key, f"not a regular expression: {error}", "Mend it at that position")

    def selector(self, key: str, text: str) -> None:
        try:
            etree.XPath(as_xpath(text))
        except (SelectorError, etree.XPathError, ValueError) as error:
            cure = "Give CSS, or XPath behind xpath:"
            self.fail(key, f"bad selector {text!r}: {error}", cure)


def as_xpath(selector: str) -> str:
    """A site file's selector as XPath, to be evaluated against an element."""
    if selector.startswith("xpath:"):
        return selector.removeprefix("xpath:").strip()
    return csstranslator.HTMLTranslator().css_to_xpath(selector, prefix="descendant-or-self::")
