"""The same article in other markup: nothing that is read hangs on a class name or a table."""

from __future__ import annotations

import json
import unicodedata

import pytest
from extract.pages import LISTING, SITE_PAGES, as_divs, changed

from govnews.extract import read_page
from govnews.sites import load_site

PAGE = SITE_PAGES / "quan1" / "reading-room.html"
SEEN = PAGE.read_text("utf-8")
EXPECTED = json.loads(PAGE.with_suffix(".json").read_text("utf-8"))
TIMED = {"published_at": "2018-06-12T14:40:00+07:00", "published_source": "article"}
TITLE = '<tr><td class="TitleNews"'
BODY = '<tr><td><div class="ExternalClass'
STAMP = "Thứ Ba, 12/06/2018, 14:40"
UNNAMED = (r' class="ExternalClass[^"]*"', ' class="noi-dung"')
HEADING = "Các Tin tức - Sự kiện đã đưa"


def flat(above: str, story: str, below: str = "") -> str:
    """The article without a table or a container of its own: all are siblings."""
    links = "".join(
        f'<li><a href="{link["url"]}">{link["title"]}</a> <i>({stamp})</i></li>'
        for link, stamp in zip(
            EXPECTED["related_links"], ("08:05 - 05/03/2019", "17:40 - 04/03/2019"), strict=True
        )
    )
    return f"""<html><head><title>Quận 1</title></head><body><ul><li><a href="/">Trang chủ</a></li>
<li><a href="{LISTING}">Tin tức</a></li></ul><div>{above}{story}{below}<h3>{HEADING}</h3>
<ul>{links}</ul><p>Xem bài viết theo ngày</p><p>RadDatePicker</p><a href="#">Open the calendar
popup.</a></div><p>Bản quyền thuộc đơn vị quản lý. Địa chỉ: đường Số 1, phường Hai</p>"""


STORY = changed(
    SEEN, (r".*<div class=\"ExternalClass[^>]*><div>", ""), (r"</div></div></td>.*", "")
)
CATEGORY = f'<p><a href="{LISTING}">Tin tức - Sự kiện</a></p>'
BARE = f"<p>{EXPECTED['title']}</p>"
HEADED = f"<h2>{EXPECTED['title']}</h2>"
SAPO = f'<div class="ContentText">{EXPECTED["summary"]}</div>'
NO_SAPO = changed(STORY, (r"^.*?</p>\s*<p class=\"MsoNormal\"><span>&nbsp;</span></p>", ""))

VARIANTS = {
    "no classes": changed(SEEN, (r' class="(?!ExternalClass|Rad)[^"]*"', "")),
    "body unnamed": changed(SEEN, UNNAMED),
    "divs": as_divs(SEEN),
    "divs, body unnamed": as_divs(changed(SEEN, UNNAMED)),
    "title in h1": changed(SEEN, (r'class="TitleNews"><span>(.*?)</span>', r"><h1>\1</h1>")),
    "summary by style": changed(SEEN, (r"<b>(Sáng.*?)</b>", r'<i style="font-weight:bold">\1</i>')),
    "summary by class": changed(
        SEEN,
        (r'<p class="MsoNormal"([^>]*)>(<span[^>]*>)<b>(Sáng.*?)</b>', r'<p class="sapo">\2\3'),
    ),
    "summary by gap": changed(SEEN, (r"<b>(Sáng.*?)</b>", r"\1")),
    "paragraphs by breaks": changed(
        SEEN, (r'<p class="MsoNormal"[^>]*>(.*?)</p>', r"\1<br/><br/>")
    ),
    "unclosed": changed(SEEN, ("</p>", ""), ("</tr>", "")),
    "nfd": unicodedata.normalize("NFD", SEEN),
    "crlf": SEEN.replace("\n", "\r\n"),
    "author alone": changed(SEEN, (r'<p class="MsoNormal" style="text-align:right"><b>', "<p>")),
    "other heading": changed(SEEN, (HEADING, "Các tin khác:")),
    "heading in the list's cell": changed(
        SEEN, (rf"<b>{HEADING}</b></td></tr>\s*<tr><td>", f"<b>{HEADING}</b><br />")
    ),
    "list by breaks": changed(
        SEEN,
        (r'<tr><td class="tinkhac">(.*?)</td></tr>', r"\1<br />"),
        (r'<table width="100%">\s*<img', "<div><img"),
        (r"<br />\s*</table>", "</div>"),
    ),
    "stamp in a cell": changed(SEEN, (r"</a> <span>(\(.*?\))</span>", r"</a></td><td>\1")),
    "stamp in the link": changed(SEEN, (r"</a> <span>(\(.*?\))</span>", r" \1</a>")),
    "two links each": changed(
        SEEN, (r'<img src="[^"]*bullet.gif"[^>]*>&nbsp;&nbsp; (<a [^>]*>)', r"\1<img src=x></a> \1")
    ),
    "clock above": changed(SEEN, (r'(<tr><td colspan="2">)', r"<tr><td>04/11/2026</td></tr>\1")),
    "flat": flat(CATEGORY + HEADED, STORY),
    "flat, no category": flat(HEADED, STORY),
    "flat, bare title": flat(CATEGORY + BARE, STORY),
    "flat, nothing named": flat(BARE, STORY),
    "flat, tools": flat(CATEGORY + HEADED + "<p>In trang | Gửi email</p>", STORY),
    "flat, summary apart": flat(CATEGORY + HEADED + SAPO, NO_SAPO),
}
DATED = {
    "td.Time": changed(SEEN, (BODY, f'<tr><td class="Time">{STAMP}</td></tr>{BODY}')),
    "td.Time above the title": changed(
        SEEN, (TITLE, f'<tr><td class="Time">{STAMP}</td></tr>{TITLE}')
    ),
    "label": changed(SEEN, (BODY, f"<tr><td>Ngày đăng: 12/06/2018 14:40</td></tr>{BODY}")),
    "beside a counter": changed(SEEN, (BODY, f"<tr><td>{STAMP} | Lượt xem: 31</td></tr>{BODY}")),
    "flat": flat(CATEGORY + HEADED + f"<p>{STAMP}</p>", STORY),
    "below the body": flat(CATEGORY + HEADED, f"<div>{STORY}</div>", f"<p>Đăng lúc: {STAMP}</p>"),
}


def read(page: str, url: str = EXPECTED["url"]):
    return read_page(page.encode(), url=url, site=load_site("quan1"))


def fields(reading):
    article = reading.article
    found = {name: getattr(article, name) for name in EXPECTED if name != "related_links"}
    found["related_links"] = [
        {"title": link.title, "url": link.url, "published_at": link.published_at}
        for link in article.related_links
    ]
    return found


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_reads_the_same(name):
    reading = read(VARIANTS[name])
    assert fields(reading) == EXPECTED
    assert reading.problems == ()


@pytest.mark.parametrize("name", DATED)
def test_date_at_the_article_is_its_own(name):
    assert fields(read(DATED[name])) == EXPECTED | TIMED


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        ("ItemID=", "ID="),
        (r"Source=/tintuc&amp;(.*?)&amp;(ItemID=\d+)&amp;Mode=1", r"\2&amp;\1&amp;Source=/tintuc"),
        ("/tintuc/lists/posts/post.aspx", "/TinTuc/Lists/Posts/Post.aspx"),
    ],
)
def test_identity_does_not_hang_on_how_an_address_is_written(pattern, replacement):
    reading = read(changed(SEEN, (pattern, replacement)))
    assert [mention.key for mention in reading.mentions[:2]] == ["tintuc/612", "tintuc/611"]


def test_section_without_a_category_in_the_address_is_what_stands_above_the_title():
    url = "http://www.quan1.hochiminhcity.gov.vn/tintuc/lists/posts/post.aspx?ItemID=610"
    assert read(SEEN, url).article.section == "Tin tức - Sự kiện"
