"""The way onward: every kind of pager is followed, and what only looks like one is not."""

from __future__ import annotations

import pytest
from extract.pages import LISTING, POSTBACK, items, listing

from govnews.extract import read_page
from govnews.items import Pager, Target
from govnews.sites import load_site

STATE = (("__VIEWSTATE", "dDwtMTA0"), ("q", ""))
GET = "?Mode=2&page={}"


def read(pager: str, url: str = LISTING, **kwargs):
    return read_page(listing(items(), pager, **kwargs), url=url, site=load_site("quan1"))


def a(text: object, argument: object, way: str = POSTBACK) -> str:
    return f'<a href="{way.format(argument)}">{text}</a>'


def posted(argument: str, target: str = "ctl00$pager", *more: tuple[str, str]) -> Target:
    """The request of a postback, its fields in the order of the form."""
    state = (("__EVENTTARGET", target), STATE[0], ("__EVENTARGUMENT", argument), STATE[1])
    return Target(LISTING, "POST", (*state, *more))


OPTIONS = (
    "javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("
    "&quot;ctl00$pager&quot;, &quot;&quot;, true, &quot;&quot;, &quot;&quot;, false, true))"
)
POSTBACKS = {
    "numbers": (f"<p><span>1</span> {a(2, 2)} {a(3, 3)}</p>", "2", (1, 3)),
    "numbers, middle": (f"<p>{a(1, 1)} <b>2</b> {a(3, 3)}</p>", "3", (2, 3)),
    "plain text": (f"<p>Trang: 1 {a(2, 2)}</p>", "2", (1, 2)),
    "barred": (f"<p>{a(1, 1)} | 2 | {a(3, 3)}</p>", "3", (2, 3)),
    "cells": (f"<table><tr><td>1</td><td>{a(2, 2)}</td></tr></table>", "2", (1, 2)),
    "dots": (f"<p>{a('...', 9)} {a(9, 9)} <b>10</b> {a('...', 11)}</p>", "11", (10, None)),
    "grid view": (f"<table><tr><td>1</td><td>{a(2, 'Page$2')}</td></table>", "Page$2", (1, 2)),
    "arrows": (f"<p>{a('&gt;', 'Page$Next')} {a('&gt;&gt;', 'Page$Last')}</p>", "Page$Next", None),
    "word": (f"<p><a disabled>Trang trước</a> {a('Trang sau »', 'n')}</p>", "n", None),
    "position": (f"<p>Trang 2/15 {a('‹', 1)} {a('›', 3)} {a('»', 15)}</p>", "3", (2, 15)),
    "twice": (f"<p><b>1</b> {a(2, 2)}</p><hr><p><b>1</b> {a(2, 2)}</p>", "2", (1, 2)),
    "marked": (
        f'<ul><li class="active">{a(1, 1)}</li><li>{a(2, 2)}</li></ul>',
        "2",
        (1, 2),
    ),
    "encoded": (
        '<p>1 <a href="javascript:__doPostBack(%27ctl00$pager%27,%272%27)">2</a></p>',
        "2",
        (1, 2),
    ),
    "by script": (
        "<p><a href='#' onclick=\"__doPostBack('ctl00$pager','x');return false\">Tiếp</a></p>",
        "x",
        None,
    ),
    "with options": (
        f"<p>{a('Next', OPTIONS, '{}')}</p>",
        "",
        None,
    ),
}


@pytest.mark.parametrize("name", POSTBACKS)
def test_postback(name):
    pager, argument, shown = POSTBACKS[name]
    reading = read(pager)
    assert reading.next == posted(argument)
    current, last = shown or (None, None)
    assert reading.pager == Pager(current, last, True, numbered=shown is not None)


BUTTONS = {
    "submit": (
        '<input type="submit" name="n" value="Trang sau">',
        (("n", "Trang sau"),),
    ),
    "image": (
        '<input type="image" name="n" alt="Trang sau" src="n.gif">',
        (("n.x", "1"), ("n.y", "1")),
    ),
    "button": ('<button name="n" value="2">Trang sau</button>', (("n", "2"),)),
    "telerik": (
        """<p><input type="submit" name="f" value=" " title="First Page" onclick="return false;">
        <input type="submit" name="n" value=" " title="Next Page"></p>""",
        (("n", " "),),
    ),
}


@pytest.mark.parametrize("name", BUTTONS)
def test_button(name):
    button, pressed = BUTTONS[name]
    assert read(button).next == posted("", "", *pressed)


GETS = {
    "numbers": (f"<p><b>1</b> {a(2, 2, GET)} {a(3, 3, GET)}</p>", LISTING, 2),
    "all linked": (f"<p>{a(1, 1, GET)} {a(2, 2, GET)}</p>", LISTING, 2),
    "all linked, second": (f"<p>{a(1, 1, GET)} {a(2, 2, GET)} {a(3, 3, GET)}</p>", "&page=2", 3),
    "counted from 0": (f"<p>{a(1, 0, GET)} {a(2, 1, GET)} {a(3, 2, GET)}</p>", "&page=1", 2),
    "word": (f"<p>{a('Trang tiếp theo', 2, GET)}</p>", LISTING, 2),
    "relation": ('<link rel="next" href="?Mode=2&page=2">', LISTING, 2),
    "far arrow": (
        f'<ul><li class="current">1</li><li>{a("»", 2, GET)}</li>{a(2, 2, GET)}</ul>',
        LISTING,
        2,
    ),
}


@pytest.mark.parametrize("name", GETS)
def test_address(name):
    pager, url, page = GETS[name]
    reading = read(pager, url if url == LISTING else LISTING + url)
    assert reading.next == Target(f"{LISTING.partition('?')[0]}?Mode=2&page={page}")


ENDS = {
    "numbers": f"<p>{a(1, 1)} {a(2, 2)} <b>3</b></p>",
    "word": f"<p>{a('Trang trước', 'p')} <a class='aspNetDisabled'>Trang sau</a></p>",
    "position": f"<p>Trang 15/15 {a('‹', 14)} {a('›', 15)}</p>",
    "switched off": f'<p>{a(1, 1)} <b>2</b> <input type="submit" value="Trang sau" disabled></p>',
    "does nothing": f'<p>{a(1, 1)} <a onclick="return false;" href="{POSTBACK}">2</a></p>',
}


@pytest.mark.parametrize("name", ENDS)
def test_last_page_has_a_pager_and_no_way_onward(name):
    reading = read(ENDS[name])
    assert reading.next is None
    assert reading.pager is not None
    assert not reading.pager.has_next


NO_PAGERS = {
    "nothing": "",
    "picture show": '<p><a href="#">‹</a> <a href="#">›</a></p>',
    "years": f"<p>{a(2019, 2019)} {a(2020, 2020)} {a(2021, 2021)}</p>",
    "sorting": f"<table><tr><th>{a('Ngày', 's1')}</th><th>{a('Tên', 's2')}</th></tr></table>",
    "read more": f"<p>{a('Xem tiếp', 'm')}</p>",
    "article": f"<p>{a('Tiếp theo', 5, '/tintuc/lists/posts/post.aspx?ItemID={}')}</p>",
    "other host": f"<p>{a('>', 2, 'http://example.org/?page={}')}</p>",
}


@pytest.mark.parametrize("name", NO_PAGERS)
def test_no_way_onward_where_there_is_no_pager(name):
    assert read(NO_PAGERS[name]).next is None


def test_pager_of_the_items_goes_before_one_beside():
    beside = f'<div class="side"><p><b>1</b> {a(2, "beside")}</p></div>'
    page = listing(f"{items()}<p><b>1</b> {a(2, 'main')}</p>", beside)
    reading = read_page(page, url=LISTING, site=load_site("quan1"))
    assert reading.next == posted("main")


def test_form_is_sent_as_a_browser_sends_it():
    form = f"""<form method="POST" action="/tintuc/ds.aspx?a=1"><p><b>1</b> {a(2, 2)}</p>
        <input name="text" value="chữ &amp; số"><input name="off" disabled value="x">
        <input type="checkbox" name="c" checked><input type="checkbox" name="d" value="1">
        <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
        <select name="s"><option value="a">A</option><option>B b</option></select>
        <select name="m" multiple><option selected value="1"><option selected value="3"></select>
        <fieldset disabled><input name="g" value="x"></fieldset>
        <textarea name="t">\nmột\nhai</textarea><input type="submit" name="b" value="Gửi"></form>
        <input name="outside" value="x">"""
    reading = read_page((items() + form).encode(), url=LISTING, site=load_site("quan1"))
    assert reading.next == Target(
        "http://www.quan1.hochiminhcity.gov.vn/tintuc/ds.aspx?a=1",
        "POST",
        (
            ("__EVENTTARGET", "ctl00$pager"),
            ("__EVENTARGUMENT", "2"),
            ("text", "chữ & số"),
            ("c", "on"),
            ("r", "2"),
            ("s", "a"),
            ("m", "1"),
            ("m", "3"),
            ("t", "một\r\nhai"),
        ),
    )


def test_form_by_get_is_an_address():
    pager = '<input type="hidden" name="page" value="2"><input type="submit" value="Trang sau">'
    reading = read(pager, form='<form action="/tintuc/ds.aspx?old=1#x">')
    assert reading.next is not None
    assert reading.next.url == (
        "http://www.quan1.hochiminhcity.gov.vn/tintuc/ds.aspx"
        "?__EVENTTARGET=&__VIEWSTATE=dDwtMTA0&__EVENTARGUMENT=&q=&page=2"
    )


def test_pager_outside_its_broken_form_still_finds_it():
    body = listing(items()) + f"<p><b>1</b> {a(2, 2)}</p>".encode()
    assert read_page(body, url=LISTING, site=load_site("quan1")).next == posted("2")


def test_links_of_the_pager_are_no_leads():
    assert read(f"<p>{a('Trang sau', 2, GET)} {a(2, 2, GET)}</p>").leads == ()
