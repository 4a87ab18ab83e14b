"""No page raises, and none takes for ever."""

from __future__ import annotations

import time

import pytest
from extract.pages import HOST, LISTING, SITE_PAGES, items, listing, path_of
from hypothesis import given
from hypothesis import strategies as st

from govnews.extract import read_page
from govnews.items import Reading
from govnews.sites import load_site

ARTICLE = (SITE_PAGES / "quan1" / "reading-room.html").read_bytes()
PAGES = (ARTICLE, (SITE_PAGES / "quan1" / "listing.html").read_bytes())
URLS = (LISTING, HOST + path_of(610), HOST + "/", "http://[", "")
PIECES = (
    b"<table>|</td>|<li>|<!--|<script>|</form>|\0|&#0;|&#55296;|<svg>|<select>|<![CDATA["
    b'|<base href="http://[">|<a href="http://[x">y</a>|<a href="javascript:__doPostBack(">2</a>'
    b'|<?xml version="1.0" encoding="utf-16"?>|<p style="display:none">|<meta charset=utf-16>'
    b"|\xff\xfe|\xef\xbb\xbf|<div class=ExternalClass>|<form method=post action='http://['>"
).split(b"|")

cuts = st.tuples(st.floats(0, 1), st.integers(0, 400), st.sampled_from((b"", *PIECES)))


@given(
    page=st.sampled_from(PAGES),
    changes=st.lists(cuts, max_size=6),
    url=st.sampled_from(URLS),
    name=st.sampled_from(("quan1", "any")),
)
def test_mutated_pages(page, changes, url, name):
    for place, length, piece in changes:
        start = int(place * len(page))
        page = page[:start] + piece + page[start + length :]
    reading = read_page(page, url=url, site=load_site(name), captured_at="2021-01-01T00:00:00Z")
    assert isinstance(reading, Reading)


@given(body=st.binary(max_size=200), content_type=st.one_of(st.none(), st.text(max_size=20)))
def test_random_bytes(body, content_type):
    for url in URLS:
        read_page(body, url=url, site=load_site("quan1"), content_type=content_type)


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"", None, "empty-page"),
        (b" \n\t ", None, "empty-page"),
        (b"<!-- -->", None, "empty-page"),
        (b"%PDF-1.5\n...", "text/html", "not-html"),
        (b"GIF89a...", None, "not-html"),
        (b"...", "image/jpeg", "not-html"),
        (ARTICLE, "text/html; charset=windows-1258", "encoding"),
        (b"<div>" * 5000 + b"x", None, "cut-page"),
    ],
)
def test_what_cannot_be_read_is_a_problem(body, content_type, kind):
    reading = read_page(body, url=LISTING[:-1], site=load_site("quan1"), content_type=content_type)
    assert kind in [problem.kind for problem in reading.problems]


BIG = {
    "deep": b"<div>" * 50_000 + b"x" + b"</div>" * 50_000,
    "deep lists": b"<ul><li>a" * 10_000,
    "one line of items": "".join(
        f'<a href="{path_of(n)}">Tin {n}</a> (08:00 - 01/02/2019) ' for n in range(3000)
    ).encode(),
    "bodies": b'<div class="ExternalClassA">ab</div>' * 8000,
    "headings": ("<p>Tin khác</p>" * 5000 + f'<a href="{path_of(1)}">x</a>' * 5000).encode(),
    "numbers": listing(items(), '<a href="?Mode=2&page=2">2</a> ' * 8000),
    "pagers": listing(items(), '<div><a href="?Mode=2&page=2">2</a> 1</div>' * 5000),
    "fields": listing(items(), "<fieldset>" * 500 + "<input name=a>" * 5000),
    "prose": ("<p>Một câu dài vừa phải, có dấu chấm ở cuối.</p>" * 20_000).encode(),
}


@pytest.mark.parametrize("name", BIG)
@pytest.mark.parametrize("url", [LISTING, HOST + path_of(610)], ids=["listing", "article"])
def test_size_costs_in_proportion(name, url):
    start = time.perf_counter()
    read_page(BIG[name], url=url, site=load_site("quan1"))
    assert time.perf_counter() - start < 10
