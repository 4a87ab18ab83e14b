"""The entries of a feed or sitemap, each read for itself, so that a broken one spoils no other.

There is no document type in an entry, hence no entity but those of XML and HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.entities import html5
from typing import NamedTuple

from lxml import etree

from govnews.extract.dates import DateRule, find_date, zone
from govnews.extract.text import clean, to_source

MOST = 50_000
"""How many entries are read of one file: as many as a sitemap may hold (sitemaps.org)."""
_ENTITY = re.compile(r"&(?:(#\d{1,8};|#[xX][0-9a-fA-F]{1,6};)|([A-Za-z]\w{1,31});)?")
_AMPERSAND = re.compile("&(?:amp|#38);")
_MARKUP = re.compile(r"<[/!]?[A-Za-z-][^<>]*>")
_RFC_822 = re.compile(r"\d{1,2} [A-Za-z]{3,9} \d{2,4} \d{1,2}:\d\d")
_PLACES = ("loc", "link", "origlink", "guid")
_DATES = ("publication_date", "pubdate", "published", "issued", "date")

_Parts = list[tuple[str, etree._Element]]


class Entry(NamedTuple):
    """What may be an article: the addresses that are given for it, the best first, its title, and
    when it came out, as printed. `is_news`: a sitemap says that it is news."""

    addresses: tuple[str, ...]
    title: str | None = None
    stamps: tuple[str, ...] = ()
    is_news: bool = False


class Entries(NamedTuple):
    """The entries that could be read, and what could not, if aught."""

    found: tuple[Entry, ...]
    fault: str | None = None


def read_entries(text: str, name: str, root: str) -> Entries:
    """The entries called `name` in a text, which ends with the end of the element `root`."""
    found: list[Entry] = []
    lost = 0
    for source in _sources(text, name):
        if len(found) + lost >= MOST:
            return Entries(tuple(found), f"more than {MOST} entries")
        entry = _read(source) if source else None
        if entry is None:
            lost += 1
        else:
            found.append(entry)
    if f"</{root}" not in text:
        return Entries(tuple(found), f"it breaks off after {len(found)} entries")
    return Entries(tuple(found), f"{lost} of its entries can't be read" if lost else None)


def published(entry: Entry, rule: DateRule) -> str | None:
    """When an entry came out, in the time zone of its site."""
    for stamp in entry.stamps:
        found = find_date(_iso(stamp), rule)
        if found and "T" in found.value:
            return datetime.fromisoformat(found.value).astimezone(zone(rule.zone)).isoformat()
        if found:
            return found.value
    return None


def _iso(stamp: str) -> str:
    """A stamp of RFC 822 (5.1) that states its zone in ISO 8601; any other as it is."""
    if not _RFC_822.search(stamp):
        return stamp
    try:
        moment = parsedate_to_datetime(stamp)
    except ValueError:
        return stamp
    return moment.isoformat() if moment.tzinfo else stamp


def _sources(text: str, name: str) -> Iterator[str]:
    """The source of each entry, '' for one without an end; what is quoted or commented out is
    passed over."""
    mark = re.compile(rf"<!\[CDATA\[|<!--|<(/?)(?:[\w.-]+:)?{name}(?=[\s/>])[^<>]*?(/?)>")
    begin, place = -1, 0
    while match := mark.search(text, place):
        place = match.end()
        if match[1] is None:
            end = "]]>" if match[0] == "<![CDATA[" else "-->"
            place = text.find(end, place)
            if place < 0:
                break
        elif match[1]:
            if begin >= 0:
                yield text[begin:place]
            begin = -1
        elif not match[2]:
            if begin >= 0:
                yield ""
            begin = match.start()
    if begin >= 0:
        yield ""


def _read(source: str) -> Entry | None:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(to_source(_ENTITY.sub(_entity, source)), parser)
    except etree.XMLSyntaxError:
        return None
    return None if root is None else _entry(root)


def _entity(match: re.Match[str]) -> str:
    """An entity as a number, since libxml2 drops one with a name behind the first fault; so is an
    ampersand that should have been escaped."""
    number, name = match[1], match[2]
    if number:
        return match[0]
    characters = html5.get(f"{name};") if name else None
    if characters is None:
        return f"&#38;{match[0][1:]}"
    return "".join(f"&#{ord(character)};" for character in characters)


def _entry(root: etree._Element) -> Entry:
    parts = list(_parts(root))
    addresses = _addresses(root, parts)
    if not addresses:  # markup that was left open holds all that follows it
        inner = [(_name(part)[1], part) for part in root.iter() if isinstance(part.tag, str)]
        return Entry(_addresses(root, inner), None, _stamps(inner))
    news = [part for name, part in parts if name == "news"]
    parts += [pair for part in news for pair in _parts(part)]
    titles = (_words(part) for name, part in parts if name == "title")
    return Entry(addresses, next(filter(None, titles), None), _stamps(parts), bool(news))


def _parts(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """What stands in an element, by names without prefix in small letters; those in the
    element's own namespace first, since a title may be that of a picture."""
    own = _name(element)[0]
    named = [(*_name(part), part) for part in element if isinstance(part.tag, str)]
    named.sort(key=lambda one: one[0] != own)
    return ((name, part) for _, name, part in named)


def _name(element: etree._Element) -> tuple[str, str]:
    """An element's prefix, declared or not, and its name."""
    local = element.tag.rpartition("}")[2]
    prefix, _, name = local.rpartition(":")
    return element.prefix or prefix, name.lower()


def _addresses(root: etree._Element, parts: _Parts) -> tuple[str, ...]:
    """Where an entry says that it stands, the best first."""
    found = [
        "".join(map(str, part.itertext())) or part.get("href") or ""
        for wanted in _PLACES
        for name, part in parts
        if name == wanted
        and part.get("isPermaLink") != "false"
        and (part.get("rel") or "alternate") == "alternate"
    ]
    named = ((str(name), str(value)) for name, value in root.items())
    found += [value for name, value in named if re.search("[:}]about$", name)]
    return tuple(filter(None, (_AMPERSAND.sub("&", text.strip()) for text in found)))


def _stamps(parts: _Parts) -> tuple[str, ...]:
    """When an entry says that it came out, the best first; never when it was changed."""
    found = (_words(part) for wanted in _DATES for name, part in parts if name == wanted)
    return tuple(filter(None, found))


def _words(element: etree._Element) -> str:
    """An element's words: markup in it is undone, whether it was escaped, quoted or plain."""
    text = "".join(map(str, element.itertext()))
    return clean(html.unescape(_MARKUP.sub("", text)))
