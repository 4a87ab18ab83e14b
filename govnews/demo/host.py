"""A portal of the family as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from govnews.demo.addresses import Category

CATEGORIES: Final = (
    Category("tintuc", "Tin tức - Sự kiện"),
    Category("tintuc", "Cải cách hành chính"),
    Category("tintuc", "Văn hóa – Xã hội"),
    Category("thongbao", "Thông báo"),
)


@dataclass(frozen=True, slots=True)
class Host:
    """A portal's name, listings and manners.

    `per_page` items a listing page, `window` page numbers at a time in its pager; `pager` as
    in Category, and shows no more than `reach` pages. `gzip` compresses for those who accept it;
    `validators` gives articles an ETag and a Last-Modified and answers 304.

    `calendar` says for which days it has links: those with `news`, `all`, or those of an `endless`
    past, which all show something, or all the `same`; '' is none. `feed` is `rss`, `rdf` or `atom`,
    of the newest `feed_items`. `sitemap` is `plain`, and then named nowhere; or `news`, `text`, an
    `index` of gzipped parts, or one that is `endless`. `related` has articles list earlier news.
    """

    name: str = "Quận Mẫu"
    categories: tuple[Category, ...] = CATEGORIES
    per_page: int = 20
    window: int = 5
    pager: str = "postback"
    reach: int = 1_000_000
    gzip: bool = False
    validators: bool = False
    calendar: str = "news"
    feed: str = ""
    feed_items: int = 20
    sitemap: str = ""
    related: bool = True
