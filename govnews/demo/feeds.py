"""The portal's feeds and sitemaps, in the kinds that a host may choose from."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC
from email.utils import format_datetime
from html import escape
from typing import Final
from urllib.parse import quote_plus

from govnews.demo.addresses import Category, article_address
from govnews.demo.messages import Answer
from govnews.demo.world import World

FEEDS: Final = ("rss", "rdf", "atom")
SITEMAPS: Final = ("plain", "news", "text", "index", "endless")
_PART: Final = 40
_NEWS: Final = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_SITEMAP: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_DECLARED: Final = '<?xml version="1.0" encoding="utf-8"?>\n'


def feed_address(category: Category) -> str:
    """Where a category's feed stands."""
    return f"/{category.subsite}/rss.aspx?Category={quote_plus(category.name)}"


def sitemap_address(kind: str) -> str:
    """Where a sitemap of this kind stands; the plain one where it usually does."""
    names = {"plain": "/sitemap.xml", "text": "/sodo.txt", "news": "/tinmoi.xml"}
    return names.get(kind, "/sodo/0.xml")


def feed(world: World, category: Category, host: str) -> Answer:
    """The newest of a category, as the host's kind of feed."""
    kind = world.host.feed
    newest = world.shelf(category)[-world.host.feed_items :][::-1]
    items = "\n".join(_ITEMS[kind](world, category, item, host) for item in newest)
    name = escape(f"{world.host.name}: {category.name}")
    body = {
        "rss": f'<rss version="2.0"><channel><title>{name}</title>\n{items}</channel></rss>',
        "rdf": (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            f'xmlns="http://purl.org/rss/1.0/"><channel><title>{name}</title></channel>\n{items}'
            "</rdf:RDF>"
        ),
        "atom": (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{name}</title>\n{items}</feed>'
        ),
    }[kind]
    return _answer(_DECLARED + body, "text/xml; charset=utf-8")


def sitemap(world: World, path: str, host: str) -> Answer | None:
    """The host's sitemap, or a part of it; None where no such thing stands."""
    kind = world.host.sitemap
    folder, _, name = path.rpartition("/")
    if path == sitemap_address(kind) and kind in ("plain", "news", "text"):
        return _whole(world, kind, host)
    if folder != "/sodo" or kind not in ("index", "endless"):
        return None
    number = int(name.partition(".")[0]) if name.partition(".")[0].isdecimal() else 0
    if kind == "endless":
        leads = [f"http://{host}/sodo/{2 * number + more}.xml" for more in (1, 2)]
        return _index(leads)
    names = list(_names(world))
    if not number:
        parts = range(1, 2 + (len(names) - 1) // _PART)
        return _index([f"/sodo/{part}.xml.gz" for part in parts])
    part = names[(number - 1) * _PART : number * _PART]
    urls = "".join(_url(world, subsite, item, host, "plain") for subsite, item in part)
    body = gzip.compress(f"<urlset {_SITEMAP}>{urls}</urlset>".encode(), mtime=0)
    return Answer(200, body, (("Content-Type", "application/x-gzip"),)) if part else None


def _whole(world: World, kind: str, host: str) -> Answer:
    if kind == "text":
        addresses = (_address(world, *name, host) for name in _names(world))
        return _answer("\r\n".join(addresses), "text/plain")
    urls = "".join(_url(world, *name, host, kind) for name in _names(world))
    return _answer(f"{_DECLARED}<urlset {_SITEMAP} {_NEWS}>\n{urls}</urlset>", "application/xml")


def _index(addresses: list[str]) -> Answer:
    parts = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return _answer(f"{_DECLARED}<sitemapindex>{parts}</sitemapindex>", "text/xml")


def _names(world: World) -> Iterator[tuple[str, int]]:
    return ((one.subsite, one.item) for one in world.expected())


def _address(world: World, subsite: str, item: int, host: str) -> str:
    return f"http://{host}{article_address(world.categories(subsite, item)[0], item)}"


def _url(world: World, subsite: str, item: int, host: str, kind: str) -> str:
    title, published = world.heading(subsite, item)
    news = (
        f"<news:news><news:publication_date>{published.astimezone(UTC).isoformat()}"
        f"</news:publication_date><news:title>{escape(title)}</news:title></news:news>"
    )
    address = escape(_address(world, subsite, item, host))
    told = news if kind == "news" else ""
    return f"<url><loc>{address}</loc><lastmod>2025-07-01</lastmod>{told}</url>\n"


def _rss(world: World, category: Category, item: int, host: str) -> str:
    title, published = world.heading(category.subsite, item)
    link = escape(f"http://{host}{article_address(category, item)}")
    date = format_datetime(published.astimezone(UTC), usegmt=True)
    return (
        f"<item><title><![CDATA[<b>{escape(title)}</b>]]></title><link>{link}</link>"
        f"<pubDate>{date}</pubDate></item>"
    )


def _rdf(world: World, category: Category, item: int, host: str) -> str:
    title, published = world.heading(category.subsite, item)
    link = escape(f"http://{host}{article_address(category, item)}")
    return (
        f'<item rdf:about="{link}"><title>{escape(title)}</title><link>{link}</link>'
        f"<dc:date>{published.isoformat()}</dc:date></item>"
    )


def _atom(world: World, category: Category, item: int, _host: str) -> str:
    title, published = world.heading(category.subsite, item)
    return (
        f'<entry><title type="html">{escape(escape(title))}</title>'
        f'<link rel="alternate" href="{escape(article_address(category, item))}"/>'
        f"<updated>2025-07-01T00:00:00Z</updated><published>{published.isoformat()}</published>"
        "</entry>"
    )


_ITEMS: Final = {"rss": _rss, "rdf": _rdf, "atom": _atom}


def _answer(text: str, kind: str) -> Answer:
    return Answer(200, text.encode(), (("Content-Type", kind),))
