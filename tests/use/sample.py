"""What the small archive of these tests says."""

from __future__ import annotations

from govnews.items import Article, Medium, RelatedLink

HOST = "http://www.quan1.hochiminhcity.gov.vn"
LISTING = f"{HOST}/tintuc/lists/posts/post.aspx?Category=Tin&Mode=2"
FIRST, SECOND, THIRD = (f"2026-11-2{day}T08:00:00Z" for day in (1, 2, 3))
FORMULA = '=HYPERLINK("http://evil.example","x")'


def address(item: int) -> str:
    return f"{HOST}/tintuc/lists/posts/post.aspx?Source=/tintuc&Category=Tin&ItemID={item}&Mode=1"


ARTICLES = (
    Article(
        "tintuc/1",
        address(1),
        title="Đường phố sạch đẹp",
        summary="Quận ra quân.",
        body="Đoạn một về đường Lê Lợi.\n\nĐoạn hai: hòa bình, thủy lợi.",
        author="H.Y",
        section="Tin",
        language="vi",
        related_links=(
            RelatedLink("Dương xỉ", address(2), "2021-01-20T22:17:00+07:00"),
            RelatedLink(None, "http://elsewhere.example/"),
        ),
        media=(Medium("image", f"{HOST}/a.jpg", "Ảnh: H.Y"),),
    ),
    Article(
        "tintuc/2",
        address(2),
        title="Dương xỉ",
        body="Thực hiện Chỉ thị 19-CT/TU.\n\n- đầu tư công\n- Covid-19",
        section="Tin",
        published_at="2021-01-20T22:17:00+07:00",
        published_source="article",
    ),
    Article(
        "tintuc/3",
        address(3),
        title=FORMULA,
        summary="'=1+1",
        body="-5 độ; đầu vào tư liệu công khai, phát triển",
        published_at="2021-03-01",
        published_source="metadata",
    ),
    Article("tintuc/4", address(4), title="Không ngày", body="đường dương duong " * 40),
)
