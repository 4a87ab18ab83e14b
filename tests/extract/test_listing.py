"""Listings in many forms give the same mentions, each with the stamp that is its own."""

from __future__ import annotations

import pytest
from extract.pages import LISTING, listing, path_of, stamp, title

from govnews.extract import read_page
from govnews.sites import load_site

ABSTRACT = (
    "Ngày 05/03/2020 có buổi học thử miễn phí tại nhà văn hóa, mời các em nhỏ cùng phụ huynh."
)


def link(item: int, text: str = "") -> str:
    return f'<a href="{path_of(item)}">{text or title(item)}</a>'


FORMS = {
    "documented": lambda i: (
        f'<tr><td rowspan="2">{link(i, "<img src=t.jpg>")}</td><td class="TitleFront">{link(i)} '
        f"<span>({stamp(i)})</span></td></tr><tr><td><div>{ABSTRACT}</div></td></tr>"
    ),
    "doubled": lambda i: (
        f"<tr><td>{link(i)} <span>({stamp(i)})</span></td></tr>"
        f"<tr><td>{link(i)} <span>({stamp(i)})</span><p>{ABSTRACT}</p></td></tr>"
    ),
    "stamp below abstract": lambda i: f"<div>{link(i)}<p>{ABSTRACT}</p><p>{stamp(i)}</p></div>",
    "stamp in first column": lambda i: f"<tr><td>{stamp(i)}</td><td>{link(i)}</td></tr>",
    "stamp in last column": lambda i: f"<tr><td>{i}</td><td>{link(i)}</td><td>{stamp(i)}</td></tr>",
    "stamp in next row": lambda i: (
        f"<tr><td>{link(i)}</td></tr><tr><td>{stamp(i)}</td></tr><tr><td>{ABSTRACT}</td></tr>"
    ),
    "stamp in row before": lambda i: f"<tr><td>{stamp(i)}</td></tr><tr><td>{link(i)}</td></tr>",
    "breaks alone": lambda i: f"{link(i)} ({stamp(i)})<br>{ABSTRACT}<br>",
    "breaks, stamp first": lambda i: f"<b>{stamp(i)}</b>: {link(i)}<br>",
    "card": lambda i: link(
        i, f"<img alt=x src=t.jpg><h3>{title(i)}</h3><p>{ABSTRACT}</p><span>{stamp(i)}</span>"
    ),
    "label and counter": lambda i: (
        f"<div><h4>{link(i)}</h4><p>Đăng lúc: {stamp(i)} | Lượt xem: 9</p>{link(i, 'Xem')}</div>"
    ),
}


def read(items: str, url: str = LISTING, **kwargs):
    body = listing(f"<table>{items}</table>" if items.startswith("<tr") else items)
    return read_page(body, url=url, site=load_site("quan1"), **kwargs)


@pytest.mark.parametrize("form", FORMS)
def test_items_of_any_form(form):
    reading = read("".join(FORMS[form](item) for item in range(10, 15)))
    found = [(m.key, m.title, m.published_at) for m in reading.mentions if m.place == "listing"]
    assert found == [
        (f"tintuc/{item}", title(item), f"2019-06-{item}T10:{item}:00+07:00")
        for item in range(10, 15)
    ]
    others = [m for m in reading.mentions if m.place != "listing"]
    assert [(m.key, m.published_at) for m in others] == [
        (f"thongbao/{item}", None) for item in (91, 92, 93)
    ]


def test_date_in_an_abstract_is_none_of_the_article():
    reading = read("".join(f"<li>{link(item)}<p>{ABSTRACT}</p></li>" for item in (10, 11, 12)))
    assert {mention.published_at for mention in reading.mentions} == {None}


def test_age_counts_from_the_capture():
    page = "".join(f"<li>{link(item)} <i>{item} giờ trước</i></li>" for item in (10, 11, 12))
    reading = read(page, captured_at="2019-06-20T05:30:00+00:00")
    assert reading.mentions[0].published_at == "2019-06-20T02:30:00+07:00"
    assert read(page).mentions[0].published_at is None


def test_link_of_a_picture_alone_is_called_what_the_picture_shows():
    reading = read(link(10, '<img src="a.jpg" alt="Giải cờ vua trẻ">') + link(11))
    assert reading.mentions[0].title == "Giải cờ vua trẻ"


def test_one_article_under_two_addresses_is_mentioned_with_both():
    other = path_of(10).replace("Category=", "Category=Nổi+bật+")
    reading = read(f'{link(10)} ({stamp(10)})<br><a href="{other}">Xem</a>')
    first, second = reading.mentions[:2]
    assert first.url != second.url
    assert (first.key, first.title, first.published_at) == (
        second.key,
        second.title,
        second.published_at,
    )


def test_listing_without_articles_is_a_problem():
    reading = read_page(b"<p>...</p>", url=LISTING, site=load_site("quan1"))
    assert reading.kind == "listing"
    assert [problem.kind for problem in reading.problems] == ["empty-listing"]


def test_section_is_what_the_address_names():
    assert read(link(10)).section == "Tin tức - Sự kiện"


def test_home_page_with_a_run_of_articles_is_a_listing():
    home = "http://www.quan1.hochiminhcity.gov.vn/Pages/default.aspx"
    assert read("".join(FORMS["doubled"](item) for item in range(10, 15)), home).kind == "listing"


def test_addresses_of_the_asked_host_are_the_portals_own():
    site = load_site("quan1").at("http://127.0.0.1:8001/")
    page = listing(f'<a href="http://127.0.0.1:8001{path_of(10)}">{title(10)}</a>')
    reading = read_page(page, url=LISTING, site=site)
    assert reading.mentions[0].url.startswith("http://www.quan1.hochiminhcity.gov.vn/tintuc/")


def test_base_and_feeds():
    page = b"""<head><base href="http://www.quan1.hochiminhcity.gov.vn/tintuc/">
        <link rel="alternate" type="application/rss+xml" href="rss.aspx" title="Tin"></head>
        <a href="lists/posts/post.aspx?ItemID=3">x</a>"""
    reading = read_page(page, url=LISTING, site=load_site("quan1"))
    assert reading.mentions[0].key == "tintuc/3"
    assert [(lead.kind, lead.title) for lead in reading.leads] == [("feed", "Tin")]
    assert reading.leads[0].url.endswith("/tintuc/rss.aspx")
