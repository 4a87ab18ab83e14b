"""Single fields of an article: who wrote it, when it came out, what is shown in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from extract.pages import FIXTURES, HOST, SITE_PAGES, changed, path_of

from govnews.extract import read_page
from govnews.extract.byline import author_name, is_name
from govnews.sites import load_site
from govnews.sites.site import FieldRules

SEEN = (SITE_PAGES / "quan1" / "reading-room.html").read_text("utf-8")
URL = HOST + path_of(610)
LAST = r'<p class="MsoNormal" style="text-align:right"><b><span>T.Mai</span></b></p>'
BODY = r'<tr><td><div class="ExternalClass'


def read(page: str, url: str = URL, site=None):
    return read_page(page.encode(), url=url, site=site or load_site("quan1"))


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("<p>T.Mai</p>", "T.Mai"),
        ("<p><i>Lan Chi</i></p>", "Lan Chi"),
        ("<p>Tin, ảnh: Lan Chi</p>", "Lan Chi"),
        ("<p>Bài và ảnh: Lan Chi - Minh An</p>", "Lan Chi - Minh An"),
        ("<p>Tác giả: Lan Chi</p>", "Lan Chi"),
        ("<p>(Lan Chi)</p>", "Lan Chi"),
        ("<p>Tin: Lan Chi</p><p>Ảnh: Minh An</p>", "Lan Chi, Minh An"),
        ("<p>Lan Chi (tổng hợp)</p>", "Lan Chi (tổng hợp)"),
        ("<p>Lan Chi</p><p>(Nguồn: Trang tin thư viện)</p>", "Lan Chi"),
        ("<p>Theo Trang tin thư viện</p>", None),
        ("<p>(Nguồn: Thư viện)</p>", None),
        ("<p>Các em rất vui.</p>", None),
        ("<p>Phòng Văn hóa</p>", None),
        ("<p>TM. ỦY BAN NHÂN DÂN</p>", None),
        ("<p>Trang: 2</p>", None),
        ("<ul><li>Bàn Ghế Mới Đẹp Cho Em</li></ul>", None),
        ("", None),
    ],
)
def test_author(line, author):
    article = read(changed(SEEN, (LAST, line))).article
    assert article.author == author
    assert "Chim sẻ" in article.body
    if author:
        assert "Lan Chi" not in article.body


def test_names():
    assert author_name("Bài, ảnh: Lan Chi.") == "Lan Chi"
    assert is_name("Nguyễn Thị Minh Khai")
    assert not is_name("Nguyễn Thị Minh Khai đi chợ")


def test_author_at_the_end_of_the_last_paragraph():
    page = changed(SEEN, (rf"</span></p>\s*{LAST}", "<br/>T.Mai</span></p>"))
    assert read(page).article.author == "T.Mai"


@pytest.mark.parametrize(
    ("change", "value", "source"),
    [
        ((BODY, rf'<tr><td class="Time">12/06/2018</td></tr>{BODY}'), "2018-06-12", "article"),
        ((BODY, rf"<tr><td>Cập nhật: 12/06/2018</td></tr>{BODY}"), "2018-06-12", "article"),
        (
            ("</head>", '<meta name="pubdate" content="2018-06-12"></head>'),
            "2018-06-12",
            "metadata",
        ),
        (
            (
                "</head>",
                (
                    '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",'
                    '"datePublished": "2018-06-12T01:02:03+07:00"}]}</script></head>'
                ),
            ),
            "2018-06-12T01:02:03+07:00",
            "metadata",
        ),
        (("<tr><td>Thông báo", '<tr><td class="Time">12/06/2018</td></tr><tr><td>x'), None, None),
        (("Thủ thư", "12/06/2018<br/>Thủ thư"), None, None),
        (("Bản quyền thuộc", "12/06/2018 Bản quyền thuộc"), None, None),
    ],
)
def test_publication_date(change, value, source):
    article = read(changed(SEEN, change)).article
    assert (article.published_at, article.published_source) == (value, source)


def test_dated_address():
    article = read(SEEN, HOST + "/2018/06/12" + path_of(610)).article
    assert (article.published_at, article.published_source) == ("2018-06-12", "address")


def test_two_dates_at_the_article_are_a_problem():
    stamps = '<tr><td class="Time">12/06/2018</td></tr><tr><td class="Time">13/06/2018</td></tr>'
    reading = read(changed(SEEN, (BODY, stamps + BODY)))
    assert reading.article.published_at == "2018-06-12"
    assert [(p.kind, p.field) for p in reading.problems] == [("many-matches", "published_at")]


def test_attachments_in_and_below_the_body():
    upload = "/_layouts/LacVietBIO/fckUpload/File/the.doc"
    page = changed(
        SEEN,
        (LAST, f'<p>Xem <a href="{upload}">mẫu thẻ</a></p>{LAST}'),
        (r"<tr><td>&nbsp;&nbsp; ", '<tr><td><a href="/Attachments/610/gio.PDF">giờ.pdf</a>'),
    )
    files = [m for m in read(page).article.media if m.kind == "attachment"]
    assert [(medium.url.removeprefix(HOST), medium.title) for medium in files] == [
        (upload, "mẫu thẻ"),
        ("/Attachments/610/gio.PDF", "giờ.pdf"),
    ]


def test_article_of_a_picture_alone_has_no_body():
    picture = r'\1<p><img src="/a.jpg" alt="Áp phích"></p></div></td>'
    article = read(
        changed(SEEN, (r'(<div class="ExternalClass[^>]*>).*?</div></td>', picture))
    ).article
    assert article.body is None
    assert article.title == "Khai trương phòng đọc mới cho thiếu nhi"
    assert [(medium.kind, medium.title) for medium in article.media] == [("image", "Áp phích")]


def test_selectors_of_the_site_go_before_everything():
    fields = FieldRules(
        title=("h9", "td.category-title", ".bannerTitle"),
        summary=("xpath://td[@align='center']",),
        body=("xpath://div[starts-with(@class, 'ExternalClass')]",),
        author=("xpath:string(//title)",),
        section=(".rightmenu tr:first-child",),
        strip=("ul", "table[border='1']"),
    )
    site = replace(load_site("quan1"), fields=fields)
    reading = read(SEEN, site=site)
    article = reading.article
    assert article.title == "TIN TỨC & SỰ KIỆN"
    assert article.summary == "Bản quyền thuộc đơn vị quản lý trang tin"
    assert article.author == "Quận 1"
    assert article.section == "Thông báo"
    assert "Thẻ đọc" not in article.body
    assert "Giờ mở cửa" not in article.body
    rules = {entry.field: entry.rule for entry in reading.evidence}
    assert rules["title"] == ".bannerTitle"


def test_selector_of_the_list_and_a_selector_that_finds_too_much():
    fields = replace(load_site("quan1").fields, related=(".rightmenu",), section=("td.tinkhac",))
    reading = read(SEEN, site=replace(load_site("quan1"), fields=fields))
    assert [link.title for link in reading.article.related_links] == ["Lịch trực ngày nghỉ"]
    assert [(p.kind, p.field) for p in reading.problems] == [("many-matches", "section")]


ABSENT = {
    "no-article": "<h1>Trang tin</h1><p>Xin chào.</p>",
    "soft-404": "<h1>404</h1><p>Bài viết này không tồn tại hoặc đã bị gỡ, mời bạn về trang chủ để "
    "xem những bài khác trong chuyên mục cùng loại.</p>",
    "login-page": "<p>Mời bạn đăng nhập để đọc tiếp nội dung này, nếu chưa có tài khoản thì liên "
    "hệ bộ phận quản trị để được cấp.</p><form><input type=password name=p></form>",
}


@pytest.mark.parametrize("kind", ABSENT)
def test_page_without_its_article_says_why(kind):
    reading = read(f"<html><body>{ABSENT[kind]}</body></html>")
    assert reading.article is None
    assert reading.kind == "other"
    assert [problem.kind for problem in reading.problems] == [kind]


def test_list_of_articles_at_an_article_address_is_no_article():
    story = "Các em nhỏ cùng phụ huynh đến xem và học cách chơi, có thầy cô hướng dẫn tận nơi. " * 2
    links = "".join(f'<p><a href="{path_of(n)}">Tin số {n}</a></p><p>{story}</p>' for n in range(9))
    assert read(f"<body>{links}</body>").article is None


@pytest.mark.parametrize("engine", ["own", "trafilatura"])
def test_page_of_no_known_portal(engine, monkeypatch):
    if engine == "own":
        monkeypatch.setattr("govnews.extract.pointed._trafilatura", lambda: None)
    else:
        pytest.importorskip("trafilatura")
    page = (FIXTURES / "pages" / "generic-article.html").read_text("utf-8")
    url = "https://tin.example.org/van-hoa/ve-tranh-cung-ong-ba-1204.html"
    article = read(page, url, load_site("any")).article
    assert article.title == "Vẽ tranh cùng ông bà"
    assert article.summary.startswith("Lớp vẽ tranh chiều thứ bảy")
    assert article.body.startswith("Lớp mở ở nhà văn hóa")
    assert article.body.endswith("treo ở hành lang.")
    assert article.author == "Hoài Thu"
    assert article.section == "Văn hóa"
    assert article.language == "vi"
    assert (article.published_at, article.published_source) == (
        "2022-05-14T09:30:00+07:00",
        "metadata",
    )
    assert [medium.title for medium in article.media] == ["Hai bà cháu bên giá vẽ."]
