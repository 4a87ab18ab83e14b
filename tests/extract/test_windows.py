"""Pagers that show their numbers in windows, walked to their end at every length."""

from __future__ import annotations

import http.client
from urllib.parse import urlencode, urlsplit

import pytest

from govnews.demo import Category, Host, Portal
from govnews.extract import read_page
from govnews.items import Form, Pager
from govnews.sites import load_site

SITE = load_site("demo")
CATEGORY = Category("tintuc", "Tin tức - Sự kiện")


@pytest.mark.parametrize("kind", ["postback", "grid", "get"])
@pytest.mark.parametrize("pages", [1, 2, 3, 4, 5, 6, 7, 11, 12])
def test_a_walk_ends_on_the_last_page(kind, pages):
    """A window has three numbers, so that page 4, 7 … may stand in its window alone."""
    host = Host(categories=(CATEGORY,), per_page=2, window=3, pager=kind)
    with Portal(articles=2 * pages, host=host) as portal:
        connection = http.client.HTTPConnection(urlsplit(portal.url).netloc)
        url, cookie = SITE.url.rstrip("/") + CATEGORY.address, ""
        form: Form = ()
        seen: list[Pager | None] = []
        while True:
            body = urlencode(form) if form else None
            headers = {"Cookie": cookie}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            path = url.removeprefix(SITE.url.rstrip("/"))
            connection.request("POST" if body else "GET", path, body, headers)
            response = connection.getresponse()
            cookie = (response.getheader("Set-Cookie") or cookie).partition(";")[0]
            reading = read_page(response.read(), url=url, site=SITE)
            seen.append(reading.pager)
            if reading.next is None:
                break
            url, form = reading.next.url, reading.next.form
        connection.close()
    assert len(seen) == pages
    shown = [pager for pager in seen if pager is not None]
    if pages > 1:
        assert [pager.current for pager in shown] == list(range(1, pages + 1))
        assert not shown[-1].has_next
