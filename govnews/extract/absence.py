"""Why there is no article at an article's address."""

from __future__ import annotations

import re

from govnews.extract.page import Page
from govnews.extract.prose import amount
from govnews.items import Problem

_GONE = re.compile(
    r"không (?:tìm thấy|tồn tại)|không có (?:dữ liệu|trang|bài viết)|đã (?:bị )?(?:xóa|xoá|gỡ)"
    r"|\b404\b|not (?:be )?found|does not exist|no item exists|no longer available",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"đã (?:xảy ra|có) lỗi|lỗi (?:hệ thống|máy chủ)|không có quyền|unexpected error|server error"
    r"|access (?:is )?denied|something went wrong|runtime error|service unavailable",
    re.IGNORECASE,
)
_SHORT = 500


def is_notice(page: Page, span: range) -> bool:
    """Whether a stretch of lines is a server's message, not an article: it is short, and says
    that something is gone, failed, or wants a password."""
    if amount(page.lines, span) > _SHORT:
        return False
    texts = [page.lines[number].text for number in range(max(0, span.start - 3), span.stop)]
    return any(_GONE.search(text) or _FAILED.search(text) for text in texts) or _asks(page)


def no_article(page: Page) -> Problem:
    """The problem of a page without the article that its address promises."""
    gone = next(filter(None, (_GONE.search(line.text) for line in page.lines)), None)
    if gone:
        return Problem("soft-404", f"the page says: {gone.group()}")
    if _asks(page):
        return Problem("login-page", "the page asks for a password")
    failed = next(filter(None, (_FAILED.search(line.text) for line in page.lines)), None)
    reason = f": it says {failed.group()}" if failed else ""
    return Problem("no-article", f"there is no article's text on this page{reason}")


def _asks(page: Page) -> bool:
    fields = page.root.iter("input")
    return any((field.get("type") or "").lower() == "password" for field in fields)
