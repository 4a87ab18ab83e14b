"""Invented pages: how a portal of the Lạc Việt family may write the same article or listing."""

from __future__ import annotations

import re
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"
SITE_PAGES = FIXTURES / "sites"
HOST = "http://www.quan1.hochiminhcity.gov.vn"
SECTION = "Source=/tintuc&Category=Tin+t%E1%BB%A9c+-+S%E1%BB%B1+ki%E1%BB%87n"
LISTING = f"{HOST}/tintuc/lists/posts/post.aspx?{SECTION}&Mode=2"
POSTBACK = "javascript:__doPostBack('ctl00$pager','{}')"


def path_of(item: int) -> str:
    """The address of an article on its host."""
    return f"/tintuc/lists/posts/post.aspx?{SECTION}&ItemID={item}&Mode=1"


def changed(page: str, *changes: tuple[str, str]) -> str:
    """A page with these patterns replaced; each must be found, or the variant is none."""
    for pattern, replacement in changes:
        page, count = re.subn(pattern, replacement, page, flags=re.DOTALL)
        assert count, f"nothing to change: {pattern}"
    return page


def as_divs(page: str) -> str:
    """A page laid out with divs in place of tables, but for its table of data."""
    parts = re.split(r"(<table border=.*?</table>)", page, flags=re.DOTALL)
    parts[::2] = [re.sub(r"(</?)(?:table|tbody|tr|td)\b", r"\1div", part) for part in parts[::2]]
    return "".join(parts)


def listing(items: str, pager: str = "", form: str = '<form method="post" action="">') -> bytes:
    """A listing page with these items and this pager, and all that a pager is mistaken for."""
    days = "".join(
        f"<tr>{''.join(_day(week * 7 + day) for day in range(1, 8))}</tr>" for week in range(4)
    )
    return f"""<html><head><title>Quận 1</title></head><body>{form}
<input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__VIEWSTATE"
value="dDwtMTA0"><input type="hidden" name="__EVENTARGUMENT" value="">
<div>Thứ Tư, 04/11/2026, 10:30</div>
<input name="q" value=""><input type="submit" name="go" value="Tìm kiếm">
<h1>Tin tức</h1><div id="main">{items}</div>{pager}
<table title="Calendar"><tr><td colspan="7"><a href="{POSTBACK.format("V1")}"
title="Go to the next month">&gt;</a></td></tr>{days}</table>
<div>Thông báo<ul>{"".join(_notice(item) for item in (91, 92, 93))}</ul></div>
</form></body></html>""".encode()


def items(count: int = 4) -> str:
    """Some items of a listing."""
    return (
        "<ul>"
        + "".join(
            f'<li><a href="{path_of(item)}">{title(item)}</a> <i>({stamp(item)})</i></li>'
            for item in range(10, 10 + count)
        )
        + "</ul>"
    )


def title(item: int) -> str:
    return f"Câu lạc bộ cờ vua mở lớp số {item}"


def stamp(item: int) -> str:
    return f"10:{item} - {item}/06/2019"


def _day(day: int) -> str:
    return f'<td><a href="{POSTBACK.format(7000 + day)}" title="{day} tháng 6">{day}</a></td>'


def _notice(item: int) -> str:
    address = f"/thongbao/lists/posts/post.aspx?Category=Th&ItemID={item}&Mode=1"
    return f'<li><a href="{address}">Thông báo số {item}</a></li>'
