"""A calendar by its structure: which days it links to, and the pattern of their addresses."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date

import pytest
from extract.pages import HOST, items
from hypothesis import given
from hypothesis import strategies as st

from govnews.extract import read_page
from govnews.extract.calendar import day_address, is_of
from govnews.items import Calendar
from govnews.sites import load_site
from govnews.sites.identity import clean_url

NEWS = f"{HOST}/tin-tuc"
OTHER = date(2020, 11, 9)


def read(grid: str, url: str = NEWS) -> Calendar | None:
    body = f"<html><body>{items()}<p><b>1</b> 2 3</p>{grid}</body></html>".encode()
    return read_page(body, url=url, site=load_site("any")).calendar


def grid(link: Callable[[date], str | None], month: date, titles: bool = False) -> str:
    cells = []
    for number in range(1, 1 + monthrange(month.year, month.month)[1]):
        day = month.replace(day=number)
        href = link(day)
        told = f' title="{day:%d/%m/%Y}"' if titles else ""
        text = f'<a href="{href}">{number}</a>' if href else str(number)
        cells.append(f"<td{told}>{text}</td>")
    rows = "".join(f"<tr>{''.join(cells[at : at + 7])}</tr>" for at in range(0, len(cells), 7))
    return f"<table><tr><td>30</td><td>31</td></tr>{rows}<tr><td>1</td><td>2</td></tr></table>"


FORMS = (
    "?ngay={:%d/%m/%Y}",
    "?ngay={:%d-%m-%Y}",
    "?ngay={:%d}%2F{:%m}%2F{:%Y}",
    "?ngay={:%m/%d/%Y}",
    "?a=1&d={:%Y-%m-%d}&b=2",
    "?d={:%Y%m%d}",
    "?d={:%d%m%Y}",
    "?d={0.day}/{0.month}/{0.year}",
    "/{:%Y/%m/%d}",
    "/ngay-{:%d-%m-%Y}.html",
    "/tin{{1}}/{:%Y.%m.%d}",
)


@given(
    form=st.sampled_from(FORMS),
    month=st.dates(date(2000, 1, 1), date(2039, 12, 1)),
    busy=st.sets(st.integers(1, 28), min_size=4, max_size=28),
)
def test_the_pattern_of_any_calendar_is_found(form: str, month: date, busy: set[int]) -> None:
    busy |= {3, 17}
    month = month.replace(day=1)

    def link(day: date) -> str | None:
        return f"/tin-tuc{form.format(*[day] * 3)}" if day.day in busy else None

    found = read(grid(link, month))
    assert found is not None
    assert found.month == month.isoformat()
    assert set(found.days) == {month.replace(day=day).isoformat() for day in busy}
    assert found.address
    wanted = clean_url(NEWS, f"/tin-tuc{form.format(*[OTHER] * 3)}")
    assert day_address(found.address, NEWS, OTHER) == wanted


def test_a_month_without_news_is_known_by_its_titles() -> None:
    assert read(grid(lambda _: "#", date(2021, 2, 1), titles=True)) == Calendar("2021-02-01")


@pytest.mark.parametrize(
    "link",
    [
        lambda day: f"/tin-tuc?page={day.day}",
        lambda day: f"/tin-tuc?tu={day:%d/%m/%Y}&den={day:%d/%m/%Y}",
        lambda day: f"javascript:__doPostBack('c','{day.day}')",
        lambda day: f"/tin-tuc?ngay={day:%d/%m}/20{day.day + 10}",
        lambda day: None,
    ],
)
def test_what_is_no_calendar_with_addresses(link: Callable[[date], str | None]) -> None:
    assert read(grid(link, date(2021, 3, 1))) is None


@pytest.mark.parametrize(
    ("pattern", "listing", "is_its"),
    [
        ("{listing}?ngay={day:%d/%m/%Y}", NEWS, True),
        (f"{NEWS}?ngay={{day:%d/%m/%Y}}", NEWS, True),
        (f"{NEWS}/{{day:%Y/%m/%d}}", NEWS, True),
        (f"{NEWS}/{{day:%Y-%m-%d}}?x=1", f"{NEWS}?x=1", True),
        (f"{NEWS}?b=2&ngay={{day:%Y}}&a=1", f"{NEWS}?a=1&b=2", True),
        (f"{HOST}/lich?ngay={{day:%Y}}", NEWS, False),
        (f"{NEWS}?chuyenmuc=2&ngay={{day:%Y}}", NEWS, False),
        (f"{NEWS}/{{day:%Y}}", f"{HOST}/thong-bao", False),
        ("//[{day}", NEWS, False),
    ],
)
def test_a_pattern_belongs_to_a_listing(pattern: str, listing: str, is_its: bool) -> None:
    assert is_of(pattern, listing) == is_its
