"""The portal's pages as HTML, in the markup that its family is documented to have."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from html import escape
from typing import Final

from govnews.demo import parts
from govnews.demo.addresses import Category
from govnews.demo.feeds import feed_address
from govnews.demo.pager import GENERATOR, Listing, seal
from govnews.demo.world import World

DIGEST: Final = "@REQUESTDIGEST@"  # stands in a rendered page until it is sent
PRIVATE: Final = "/noibo/lists/posts/post.aspx?Source=/noibo&Category=L%E1%BB%8Bch&Mode=2"


def article(world: World, target: str, category: Category, item: int) -> str:
    """An article's page, which does not say when it was published."""
    subsite = category.subsite
    story, home = world.story(subsite, item), world.categories(subsite, item)[0]
    digits = blake2b(f"{subsite}/{item}".encode(), digest_size=16).hexdigest().upper()
    return _frame(
        world,
        target,
        f"""{_banner(category)}
<tr><td class="TitleNews"><span>{escape(story.title)}</span></td></tr>
<tr><td><div class="ExternalClass{digits}"><div>{parts.text(story)}</div></div></td></tr>
<tr><td>&nbsp;&nbsp;&nbsp;&nbsp; </td></tr>
{parts.related(world, home, item)}
{parts.calendar(world, home)}""",
    )


def listing(world: World, target: str, shown: Listing) -> str:
    """A page of a listing: each item for desktops and, once more, for telephones."""
    month = None
    if shown.items:
        month = world.heading(shown.category.subsite, shown.items[0])[1].date()
    return _frame(
        world,
        target,
        f"""{_banner(shown.category)}
<tr><td><table class="desktop" width="100%">
{parts.items(world, shown.category, shown.items, copy=0)}</table></td></tr>
<tr><td><table class="mobile" width="100%">
{parts.items(world, shown.category, shown.items, copy=1)}</table></td></tr>
{parts.pager(shown) if shown.pager else ""}
{parts.calendar(world, shown.category, month)}""",
        seal(shown),
    )


def day(world: World, target: str, category: Category, when: date) -> str:
    """The articles that a category had on a day."""
    items = _on_day(world, category, when)
    found = parts.items(world, category, items, copy=0) or "<tr><td>Không có bài viết.</td></tr>"
    return _frame(
        world,
        target,
        f"""{_banner(category)}
<tr><td><table class="desktop" width="100%">
{found}</table></td></tr>
{parts.calendar(world, category, when)}""",
    )


def _on_day(world: World, category: Category, when: date) -> list[int]:
    shelf, calendar = world.shelf(category), world.host.calendar
    if calendar == "same":
        return shelf[-world.host.per_page :][::-1].tolist()
    if calendar == "endless" and shelf:
        return [shelf[when.toordinal() % len(shelf)]]
    return world.on_day(category, when)


def home(world: World, target: str) -> str:
    """The front page: the newest of every category, without dates."""
    rows = "\n".join(
        f'<tr><td class="bannerTitle"><a href="{escape(category.address)}">'
        f"{escape(category.name)}</a></td></tr>\n"
        + "\n".join(f'<tr><td class="tinmoi">{parts.anchor(world, category, item, 2)}</td></tr>'
                    for item in reversed(world.shelf(category)[-5:]))
        for category in world.host.categories)  # fmt: skip
    return _frame(world, target, rows)


def message(world: World, target: str, text: str) -> str:
    """A page of the portal with nothing but a message."""
    return _frame(world, target, f'<tr><td class="message">{escape(text)}</td></tr>')


def _frame(world: World, target: str, main: str, state: tuple[str, str] | None = None) -> str:
    """The page around `main`, with the one form that every page of ASP.NET is."""
    name = escape(world.host.name)
    viewstate, validation = state or ("/wEPDwUKMTY1NDU2MTA1MmRk", "/wEWAgKpz9aZ")
    path, mark, query = target.partition("?")
    action = escape(f"{path.rpartition('/')[2] or 'default.aspx'}{mark}{query}")
    menu = "".join(f'<td><a href="{escape(category.address)}">{escape(category.name)}</a></td>'
                   for category in world.host.categories)  # fmt: skip
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" dir="ltr" lang="vi"><head>\
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />\
<meta name="GENERATOR" content="Microsoft SharePoint" /><title>
	{name}
</title><link rel="alternate" type="application/rss+xml" href="/_layouts/ListFeed.aspx?List=1" />
{_feeds(world)}\
<link rel="stylesheet" type="text/css" href="/_layouts/1066/styles/core.css" /></head>
<body><form name="aspnetForm" method="post" action="{action}" id="aspnetForm">
{parts.hidden("__EVENTTARGET", "")}{parts.hidden("__EVENTARGUMENT", "")}
{parts.hidden("__REQUESTDIGEST", DIGEST)}{parts.hidden("__VIEWSTATE", viewstate)}
{parts.hidden("__VIEWSTATEGENERATOR", GENERATOR)}{parts.hidden("__EVENTVALIDATION", validation)}
{parts.hidden("MSOTlPn_View", "0")}
<script type="text/javascript">
function __doPostBack(eventTarget, eventArgument) {{ var theForm = document.forms['aspnetForm']; \
theForm.__EVENTTARGET.value = eventTarget; theForm.__EVENTARGUMENT.value = eventArgument; \
theForm.submit(); }}
</script>
<table width="1000" border="0" cellspacing="0" cellpadding="0" align="center">
<tr><td colspan="2"><table class="menu"><tr><td><a href="/Pages/default.aspx">Trang chủ</a></td>\
{menu}<td><a href="{escape(PRIVATE)}">Nội bộ</a></td></tr></table></td></tr>
<tr><td colspan="2"><input type="text" name="ctl00$txtSearch" value="" />\
<select name="ctl00$ddlScope"><option value="all" selected="selected">Toàn trang</option>\
<option value="news">Tin tức</option></select>\
<input type="submit" name="ctl00$btnSearch" value="Tìm kiếm" /></td></tr>
<tr><td valign="top" width="760"><div id="part1">\
<table width="100%" border="0" cellspacing="0" cellpadding="0">
{main}
</table></div></td><td valign="top" width="240">{_right(world)}</td></tr>
<tr><td colspan="2" align="center">Bản quyền thuộc UBND {name}</td></tr></table>\
</form></body></html>
"""


def _feeds(world: World) -> str:
    """What names the feeds: a link in the head for each."""
    categories = world.host.categories if world.host.feed else ()
    return "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{escape(category.name)}" '
        f'href="{escape(feed_address(category))}" />\n'
        for category in categories)  # fmt: skip


def _right(world: World) -> str:
    """The menu on the right: the oldest notice hangs there for ever."""
    category = world.host.categories[-1]
    link = "".join(parts.anchor(world, category, item, 0) for item in world.shelf(category)[:1])
    return (f'<table class="rightmenu"><tr><td>{escape(category.name)}</td></tr>'
            f"<tr><td>{link}</td></tr></table>")  # fmt: skip


def _banner(category: Category) -> str:
    name = escape(category.name)
    return (f'<tr><td class="bannerTitle">{escape(category.name.upper())}</td></tr>'
            f'<tr><td><span>|</span> <a class="category" href="{escape(category.address)}">'
            f"{name}</a></td></tr>")  # fmt: skip
