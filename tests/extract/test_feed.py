"""Feeds and sitemaps of every kind say the same, and none is too broken to be read."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable

import pytest
from extract.pages import HOST, path_of, title
from hypothesis import example, given
from hypothesis import strategies as st

from govnews.extract import read_page
from govnews.items import Reading
from govnews.sites import Site, load_site

FEED = f"{HOST}/rss.aspx"
QUAN1 = load_site("quan1")
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def read(body: str | bytes, site: Site = QUAN1, url: str = FEED, **kwargs: str) -> Reading:
    source = body.encode() if isinstance(body, str) else body
    return read_page(source, url=url, site=site, captured_at="2024-01-01T00:00:00Z", **kwargs)


def address(item: int) -> str:
    return (HOST + path_of(item)).replace("&", "&amp;")


def rss_item(item: int, head: str = "") -> str:
    return (
        f"<item>{head}<title>{title(item)}</title><link>{address(item)}</link>"
        f"<pubDate>Sat, {item} Jun 2019 03:{item}:00 GMT</pubDate></item>"
    )


def dated(item: int, name: str, day: str = "2019-06-") -> str:
    return f"<{name}>{day}{item}T10:{item}:00+07:00</{name}>"


ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
Form = tuple[str, Callable[[int], str], str]
FORMS: dict[str, Form] = {
    "rss": ('<?xml version="1.0"?><rss version="2.0"><channel>', rss_item, "</channel></rss>"),
    "rss 0.91": (
        '<!DOCTYPE rss PUBLIC "-//N//R" "http://x.example/" [<!ENTITY a SYSTEM "file:///x">]><rss>',
        rss_item,
        "</rss>",
    ),
    "picture first": (
        '<rss xmlns:media="http://search.yahoo.com/mrss/"><channel>',
        lambda i: rss_item(i, "<media:title>Ảnh minh họa</media:title>"),
        "</channel></rss>",
    ),
    "names without a space": (
        "<rss><channel>",
        lambda i: rss_item(i, f"<media:title>x</media:title>{dated(i, 'dc:modified')}"),
        "</channel></rss>",
    ),
    "rdf": (
        f"<rdf:RDF {RDF}><channel><items><rdf:Seq/></items></channel>",
        lambda i: (
            f'<item rdf:about="{address(i)}"><title>{title(i)}</title>{dated(i, "dc:date")}</item>'
        ),
        "</rdf:RDF>",
    ),
    "atom": (
        f"<feed {ATOM}><title>Tin</title><link href='{HOST}'/>",
        lambda i: (
            f'<entry><title type="text">{title(i)}</title><link rel="self" href="{HOST}/x"/>'
            f'<link href="{address(i)}"/><updated>2023-01-01T00:00:00Z</updated>'
            f"{dated(i, 'published')}</entry>"
        ),
        "</feed>",
    ),
    "atom with a prefix": (
        f"<a:feed xmlns:a='http://www.w3.org/2005/Atom' xml:base='{HOST}/tintuc/lists/'>",
        lambda i: (
            f"<a:entry><a:title>{title(i)}</a:title>"
            f"<a:link rel='alternate' href='{address(i).removeprefix(HOST + '/tintuc/lists/')}'/>"
            f"{dated(i, 'a:published')}</a:entry>"
        ),
        "</a:feed>",
    ),
    "sitemap of news": (
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns:n="{NEWS}">',
        lambda i: (
            f"<url><loc>\n {address(i)} </loc><lastmod>2023-05-05</lastmod><n:news>"
            f"{dated(i, 'n:publication_date')}<n:title>{title(i)}</n:title></n:news>"
            "<image:image><image:title>Ảnh</image:title></image:image></url>"
        ),
        "</urlset>",
    ),
    "ampersands as they are": (
        "<rss><channel>",
        lambda i: rss_item(i).replace("&amp;", "&"),
        "</channel></rss>",
    ),
    "quoted": (
        "<rss><channel>",
        lambda i: (
            f"<item><title><![CDATA[ <b>{title(i)}</b>&nbsp;]]></title>"
            f"<link><![CDATA[{HOST + path_of(i)}]]></link>"
            f"<pubDate><![CDATA[{i}/06/2019 10:{i}]]></pubDate></item>"
        ),
        "</channel></rss>",
    ),
    "escaped markup": (
        "<rss><channel>",
        lambda i: rss_item(i).replace(title(i), f"&lt;i&gt;{title(i)}&lt;/i&gt;"),
        "</channel></rss>",
    ),
    "guid alone": (
        "<rss><channel>",
        lambda i: rss_item(i).replace("link>", "guid>"),
        "</channel></rss>",
    ),
    "item in a comment": (
        "<rss><channel><!-- <item><link>/tintuc/lists/posts/post.aspx?ItemID=9</link></item> -->",
        rss_item,
        "</channel></rss><!-- written in 0.2 s -->",
    ),
}
WHOLE = "".join((FORMS["rss"][0], *map(rss_item, range(10, 15)), FORMS["rss"][2]))


def said(reading: Reading) -> list[tuple[str, str | None, str | None, str]]:
    return [(m.key, m.title, m.published_at, m.place) for m in reading.mentions]


EXPECTED = [
    (f"tintuc/{item}", title(item), f"2019-06-{item}T10:{item}:00+07:00", "listing")
    for item in range(10, 15)
]


@pytest.mark.parametrize("form", FORMS)
def test_feeds_of_any_form(form: str) -> None:
    head, entry, tail = FORMS[form]
    reading = read("".join((head, *map(entry, range(10, 15)), tail)))
    assert reading.kind == "feed"
    assert said(reading) == EXPECTED
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (WHOLE.encode(), "text/html; charset=utf-8"),
        (WHOLE.encode(), "application/octet-stream"),
        (gzip.compress(WHOLE.encode()), "application/x-gzip"),
        (b"\xef\xbb\xbf \r\n\t" + WHOLE.encode(), None),
        (b"<!-- c --><?xml-stylesheet href='x.xsl'?>" + WHOLE.partition("?>")[2].encode(), None),
        (WHOLE.encode("utf-16"), "application/rss+xml"),
        (WHOLE.replace("1.0", '1.0" encoding="windows-1258', 1).encode("utf-8"), "text/xml"),
        (WHOLE.replace("lớp", "lop").replace("mở", "mo").encode("utf-8"), "text/xml"),
    ],
)
def test_however_it_is_sent(body: bytes, content_type: str | None) -> None:
    reading = read_page(body, url=FEED, site=QUAN1, content_type=content_type)
    assert [mention[0::2] for mention in said(reading)] == [one[0::2] for one in EXPECTED]


def test_a_list_of_addresses_is_a_sitemap() -> None:
    lines = "\r\n".join(
        [*(HOST + path_of(item) for item in (10, 11)), "rubbish", f"{HOST}/lien-he"]
    )
    reading = read(f"\ufeff{lines}\r\n", content_type="text/plain")
    assert [mention.key for mention in reading.mentions] == ["tintuc/10", "tintuc/11"]


def test_an_index_leads_to_the_sitemaps_of_the_portal() -> None:
    places = ("/a.xml", f"{HOST}/b.xml.gz", "http://elsewhere.example/c.xml", "javascript:x", FEED)
    parts = "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in places)
    reading = read(f"<sitemapindex>{parts}</sitemapindex>")
    assert [(lead.url, lead.kind) for lead in reading.leads] == [
        (f"{HOST}/a.xml", "sitemap"),
        (f"{HOST}/b.xml.gz", "sitemap"),
    ]
    assert reading.mentions == ()


def test_what_is_no_article_of_the_site_is_no_mention() -> None:
    links = (
        "http://elsewhere.example/tintuc/lists/posts/post.aspx?ItemID=1",
        f"{HOST}/lien-he",
        "",
    )
    items = "".join(f"<item><title>x</title><link>{link}</link></item>" for link in links)
    assert read(f"<rss>{items}</rss>").mentions == ()


def test_without_a_grammar_only_news_are_believed() -> None:
    generic = load_site("any")
    feed = f"<rss><item><title>Tin</title><link>{HOST}/a/tin-moi</link></item></rss>"
    assert [mention.url for mention in read(feed, generic).mentions] == [f"{HOST}/a/tin-moi"]
    plain = f"<urlset><url><loc>{HOST}/a/tin-moi</loc></url></urlset>"
    assert read(plain, generic).mentions == ()
    news = plain.replace("</loc>", "</loc><news:news><news:title>Tin</news:title></news:news>")
    assert [mention.title for mention in read(news, generic).mentions] == ["Tin"]


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("Wed, 20 Jan 2021 22:17:00 +0700", "2021-01-20T22:17:00+07:00"),
        ("Wed, 20 Jan 2021 20:00:00 GMT", "2021-01-21T03:00:00+07:00"),
        ("20 Jan 21 08:00 EST", "2021-01-20T20:00:00+07:00"),
        ("Wed, 20 Jan 2021 22:17:00 GMT+7", "2021-01-20T22:17:00+07:00"),
        ("2021-01-20T15:17:00.5Z", "2021-01-20T22:17:00+07:00"),
        ("2021-01-20 22:17:00", "2021-01-20T22:17:00+07:00"),
        ("20/01/2021 10:05:33 CH", "2021-01-20T22:05:33+07:00"),
        ("2021-01-20", "2021-01-20"),
        ("2021", None),
        ("Wed, 32 Jan 2021 99:00:00 GMT", None),
        ("2099-01-01", None),
    ],
)
def test_dates_are_the_portals_days(stamp: str, expected: str | None) -> None:
    item = rss_item(10).replace("Sat, 10 Jun 2019 03:10:00 GMT", stamp)
    assert read(f"<rss>{item}</rss>").mentions[0].published_at == expected


def test_when_it_was_changed_is_no_date() -> None:
    entry = f"<entry><link href='{address(10)}'/><updated>2020-01-01T00:00:00Z</updated></entry>"
    url = f"<url><loc>{address(10)}</loc><lastmod>2020-01-01</lastmod></url>"
    for body in (f"<feed>{entry}</feed>", f"<urlset>{url}</urlset>"):
        assert read(body).mentions[0].published_at is None


@given(st.integers(len(FORMS["rss"][0]), len(WHOLE) - 1))
def test_what_breaks_off_is_read_as_far_as_it_goes(length: int) -> None:
    """An address that was cut off is another article's: it is not believed."""
    body = WHOLE[:length]
    reading = read(body)
    assert said(reading) == EXPECTED[: body.count("</item>")]
    kinds = [problem.kind for problem in reading.problems]
    assert kinds == ["cut-feed"] * ("</rss" not in body)


def test_a_broken_entry_spoils_no_other() -> None:
    broken = f"<item><title>Mở <b>thẻ</title><link>{address(20)}</link></item>"
    worse = "<item><title>\x00&#0;<![CDATA[ ]]</title"
    body = WHOLE.replace("<item>", f"{broken}<item>", 1).replace("</channel>", f"{worse}</channel>")
    assert [mention.key for mention in read(body).mentions][:6] == [
        f"tintuc/{item}" for item in (20, 10, 11, 12, 13, 14)
    ]


def test_gzip_that_breaks_off() -> None:
    reading = read(gzip.compress(WHOLE.encode(), mtime=0)[:-30])
    assert {problem.kind for problem in reading.problems} == {"cut-feed"}
    assert 0 < len(reading.mentions) < 5


BOMBS = {
    "zeros": gzip.compress(bytes(200_000_000), 9),
    "entities": b"<!DOCTYPE rss [<!ENTITY a 'aaaa'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 20))
    + b"]><rss><item><title>&a19;</title></item></rss>",
    "open items": b"<rss>" + b"<item>" * 500_000,
    "open quotes": b"<rss>" + b"<![CDATA[" * 500_000,
    "comments": b"<!-- x -->" * 500_000,
    "deep": b"<rss><item>" + b"<a>" * 500_000 + b"</item></rss>",
    "ampersands": b"<rss><item><title>" + b"&" * 2_000_000 + b"</title></item></rss>",
    "markup": b"<rss><item><title><![CDATA[" + b"<!--" * 500_000 + b"]]></title></item></rss>",
    "many": b"<urlset>" + b"<url><loc>/x</loc></url>" * 120_000 + b"</urlset>",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_cost_little(name: str) -> None:
    start = time.process_time()
    reading = read(BOMBS[name])
    assert time.process_time() - start < 30
    assert len(reading.mentions) <= 50_000


PIECES = (
    "<rss>|<feed>|<urlset>|<sitemapindex>|<item>|</item>|<entry>|<url>|<loc>|</loc>|<link>"
    "|<link href='//['/>|<![CDATA[|]]>|<!--|-->|&amp;|&x;|&#55296;|<news:news>|<pubDate>"
    "|Wed, 20 Jan 2021 99:99:99 GMT|</rss>|http://[x|<!DOCTYPE rss [|<?xml encoding='x'?>"
    "|xml:base='http://['|\x00|\ufeff"
).split("|")


@given(
    pieces=st.lists(st.sampled_from([*PIECES, WHOLE, rss_item(10)]), max_size=12),
    name=st.sampled_from(("quan1", "any")),
    url=st.sampled_from((FEED, "", "http://[")),
    squeeze=st.booleans(),
)
@example(["<feed xml:base='http://['>", "<entry><link href='x'/></entry>"], "any", "", False)
def test_no_feed_raises(pieces: list[str], name: str, url: str, squeeze: bool) -> None:
    body = "".join(pieces).encode("utf-8", "replace")
    site = load_site(name)
    reading = read(gzip.compress(body) if squeeze else body, site, url)
    assert all(site.covers(lead.url) for lead in reading.leads)


@given(st.binary(max_size=300), st.sampled_from((b"", b"\x1f\x8b\x08\0", b"<rss>", b"http://x\n")))
def test_no_bytes_raise(body: bytes, start: bytes) -> None:
    for name in ("quan1", "any"):
        read(start + body, load_site(name))


def test_pages_are_no_feeds() -> None:
    page = "<?xml version='1.0'?><!DOCTYPE html><html><body><p>rss</p></body></html>"
    for body in (page, f"<!-- rss -->{page}", "<p><rss></p>", "http://x.example/ là địa chỉ"):
        assert read(body).kind != "feed"


def test_links_to_feeds_are_leads() -> None:
    page = """<html><head><link rel="alternate" type="application/atom+xml" href="/a"></head>
        <a href="/rss">RSS</a> <a href="/tin.rss">Tin</a> <a href="/x?format=feed&type=rss">x</a>
        <a href="/feed/">y</a> <a href="/sitemap_index.xml">z</a> <a href="/sitemap.aspx">Sơ đồ</a>
        <a href="http://elsewhere.example/rss">w</a> <a href="/press">báo</a></html>"""
    leads = [(lead.url.removeprefix(HOST), lead.kind) for lead in read(page, url=HOST).leads]
    assert sorted(leads) == [
        ("/a", "feed"),
        ("/feed/", "feed"),
        ("/rss", "feed"),
        ("/sitemap_index.xml", "sitemap"),
        ("/tin.rss", "feed"),
        ("/x?format=feed&type=rss", "feed"),
    ]
