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
    in Category. `gzip` compresses for those who accept it; `validators` gives articles an
    ETag and a Last-Modified and answers 304.
    """

    name: str = "Quận Mẫu"
    categories: tuple[Category, ...] = CATEGORIES
    per_page: int = 20
    window: int = 5
    pager: str = "postback"
    gzip: bool = False
    validators: bool = False
