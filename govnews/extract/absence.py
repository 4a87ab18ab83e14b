"""Why there is no article at an article's address."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

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
_CHALLENGE = re.compile(
    r"document\.cookie\s*=.*location\s*(?:\.reload|\.replace|\.href|=)|/cdn-cgi/challenge-platform/"
    r"|_Incapsula_Resource",
    re.DOTALL,
)
_CLOSED = ("login-page", "challenge-page")
_FIGURES = re.compile(r"[\d/]")
_SHORT = 500
_SHORT_WORD, _FEW = 3, 3


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
    if _tests(page):
        return Problem("challenge-page", "the page tests whether a browser asks for it")
    failed = _fails(page)
    reason = f": it says {failed.group()}" if failed else ""
    return Problem("no-article", f"there is no article's text on this page{reason}")


def wording(page: Page, problem: Problem) -> str | None:
    """What tells the page of a missing article from others: the digest of its words, without
    figures and without those of its address. None where it says nothing, fails, or wants a
    password: then it does not speak of the article."""
    if problem.kind in _CLOSED or (problem.kind == "no-article" and _fails(page)):
        return None
    address = unquote(page.url)
    words = [
        word
        for line in page.lines
        for word in line.text.split()
        if not (_FIGURES.search(word) or (len(word) > _SHORT_WORD and word in address))
    ]
    if len(words) < _FEW:
        return None
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def _fails(page: Page) -> re.Match[str] | None:
    return next(filter(None, (_FAILED.search(line.text) for line in page.lines)), None)


def _tests(page: Page) -> bool:
    """Whether a page of hardly any words is a script that makes a browser come again."""
    scripts = (f"{one.get('src') or ''} {one.text or ''}" for one in page.root.iter("script"))
    return len(page.lines) <= _FEW and any(map(_CHALLENGE.search, scripts))


def _asks(page: Page) -> bool:
    fields = page.root.iter("input")
    return any((field.get("type") or "").lower() == "password" for field in fields)
