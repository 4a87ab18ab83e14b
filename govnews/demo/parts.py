"""What the portal's pages are put together from: a story's text, the lists, the widgets."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape
from typing import Final

from govnews.demo.addresses import Category, article_address
from govnews.demo.pager import CLIENT_STATE, Listing, steps
from govnews.demo.story import Attachment, Block, Bullets, Paragraph, Picture, Story, Table
from govnews.demo.world import World

_SPACER: Final = '<p class="MsoNormal"><span>&nbsp;</span></p>'
_BULLET: Final = '<img src="/_layouts/images/LacVietBIO/bullet.gif" alt="" />&nbsp;&nbsp;'
_PICKER: Final = "ctl00$m$g_date$ctl00$RadDatePicker1"


def text(story: Story) -> str:
    """Summary, body and byline, as an editor pastes them from Word."""
    rows = [_line(f"<b>{escape(story.summary)}</b>"), _SPACER, *map(_block, story.blocks)]
    if story.author:
        byline = f"<b><span>{escape(story.author)}</span></b>"
        rows.append(f'<p class="MsoNormal" style="text-align:right">{byline}</p>')
    return "\n".join(rows)


def _block(block: Block) -> str:
    match block:
        case Paragraph(words, strong):
            inside = escape(words)
            return _line(inside.replace(strong, f"<b>{strong}</b>", 1) if strong else inside)
        case Bullets(points):
            return "<ul>" + "".join(f"<li>{escape(point)}</li>" for point in points) + "</ul>"
        case Table(rows):
            return f'<table border="1" class="MsoTableGrid"><tbody>{_rows(rows)}</tbody></table>'
        case Picture(path, caption):
            middle = '<p class="MsoNormal" style="text-align:center">'
            image = f'<img src="{path}" alt="" width="500" border="0" />'
            return f"{middle}{image}</p>\n{middle}<i><span>{escape(caption)}</span></i></p>"
        case Attachment(path, label):
            return _line(f'<a href="{path}" target="_blank">{escape(label)}</a>')


def _line(inside: str) -> str:
    return ('<p class="MsoNormal" style="text-align:justify">'
            f'<span style="font-size:10pt;font-family:Arial">{inside}</span></p>')  # fmt: skip


def _rows(rows: Iterable[Iterable[str]]) -> str:
    return "".join(
        "<tr>" + "".join(f'<td><p class="MsoNormal"><span>{escape(cell)}</span></p></td>'
                         for cell in row) + "</tr>"
        for row in rows)  # fmt: skip


def hidden(name: str, value: str) -> str:
    """A hidden field of the form."""
    return f'<input type="hidden" name="{name}" id="{name}" value="{escape(value)}" />'


def anchor(world: World, category: Category, item: int, style: int, *, dated: bool = False) -> str:
    """A link to an article, its title as text; `dated` has its stamp behind it."""
    title, published = world.heading(category.subsite, item)
    address = escape(article_address(category, item, style))
    stamp = f" <span>{published:(%H:%M - %d/%m/%Y)}</span>" if dated else ""
    return f'<a href="{address}">{escape(title)}</a>{stamp}'


def items(world: World, category: Category, items: Iterable[int], copy: int) -> str:
    """The rows of a listing; `copy` 0 and 1 address the same articles differently."""
    return "".join(_item(world, category, item, copy) for item in items)


def _item(world: World, category: Category, item: int, copy: int) -> str:
    story = world.story(category.subsite, item)
    picture = next((block.path for block in story.blocks if isinstance(block, Picture)),
                   "/_layouts/images/LacVietBIO/noimage.png")  # fmt: skip
    return f"""<tr><td class="tinHT" rowspan="2"><img src="{picture}" alt="" width="120" /></td>\
<td class="TitleFront">{anchor(world, category, item, item + copy, dated=True)}</td></tr>
<tr><td><div class="ContentText">{escape(story.summary)}</div></td></tr>
"""


def pager(shown: Listing) -> str:
    """The page numbers, the current one without a link."""
    links = steps(shown.page, shown.last, shown.window, shown.style)
    address = shown.category.address
    current = f"<span>{shown.page}</span>"
    cells = []
    for step in links:
        href = f"javascript:__doPostBack('{step.target}','{step.argument}')"
        if shown.style == "get":
            href = f"{address}&Page={step.page}"
        cells.append(f'<a href="{escape(href)}">{step.label}</a>')
    before = sum(step.page < shown.page for step in links)
    cells.insert(before, current)
    if shown.style == "get" and shown.page < shown.last:
        href = escape(f"{address}&Page={shown.page + 1}")
        cells.append(f'<a href="{href}">Trang sau</a>')
    return f'<tr><td class="phantrang" align="right">{" ".join(cells)}</td></tr>'


def related(world: World, category: Category, item: int) -> str:
    """The list of earlier news, nothing where there are none."""
    rows = "\n".join(
        f'<tr><td class="tinkhac" style="padding-left:10px">{_BULLET} '
        f"{anchor(world, category, other, 0, dated=True)}</td></tr>"
        for other in world.related(category.subsite, item))  # fmt: skip
    head = f"<tr><td><b>Các {escape(category.name)} đã đưa</b></td></tr>"
    return rows and f'{head}\n<tr><td><table width="100%">\n{rows}\n</table></td></tr>'


def calendar(world: World, category: Category, month: date | None = None) -> str:
    """The RadDatePicker, open at a month or at the newest; its days with news are links."""
    if not world.host.calendar:
        return f"<tr><td>{hidden(CLIENT_STATE, '')}</td></tr>"
    if month is None:
        newest = world.shelf(category)[-1:]
        month = world.heading(category.subsite, newest[0])[1].date() if newest else date.min
    return _calendar(world, world.version, category, month.replace(day=1))


@lru_cache(maxsize=256)
def _calendar(world: World, _version: int, category: Category, first: date) -> str:
    busy = world.days(category, first) if world.host.calendar == "news" else None
    days = [first.replace(day=1 + at) for at in range(monthrange(first.year, first.month)[1])]
    links = {day: escape(category.day(day)) for day in days if busy is None or day in busy}
    cells = "".join(
        f'<td title="{day:%d/%m/%Y}"><a href="{links.get(day, "#")}">{day.day}</a></td>'
        for day in days)  # fmt: skip
    mark = _PICKER.replace("$", "_")
    return f"""<tr><td>Xem bài viết theo ngày
<div id="{mark}_wrapper" class="RadPicker RadPicker_Default" style="width:160px;">\
<input id="{mark}" name="{_PICKER}" type="text" class="rdfd_" value="" />\
<table class="rcTable rcSingle" \
summary="Table holding date picker control for selection of dates.">\
<caption style="display:none;">RadDatePicker</caption>\
<thead style="display:none;"><tr><th scope="col">RadDatePicker</th></tr></thead>\
<tbody><tr><td class="rcInputCell">\
<input name="{_PICKER}$dateInput" class="riTextBox" type="text" /></td><td>\
<a title="Open the calendar popup." href="#" id="{mark}_popupButton" class="rcCalPopup">\
Open the calendar popup.</a><div id="{mark}_calendar_wrapper" style="display:none;">\
<table class="RadCalendar"><tr class="rcRow">{cells}</tr></table></div></td></tr></tbody></table>\
{hidden(CLIENT_STATE, "")}</div></td></tr>"""
