"""Dates: every layout reads what it prints, no other layout reads it differently."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.extract.dates import DateRule, Found, find_date, read_date

RULE = DateRule("Asia/Ho_Chi_Minh")
HERE = timezone(timedelta(hours=7))
NIGHT, DAY = "2021-01-20T22:17:00+07:00", "2021-01-20"
MONTHS = (
    "January February March April May June July August September October November December".split()
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22:17 - 20/01/2021", NIGHT),
        ("(22:17 - 20/01/2021)", NIGHT),
        ("22:17 | 20/01/2021", NIGHT),
        ("22:17, 20/01/2021", NIGHT),
        ("20/01/2021 | 22:17", NIGHT),
        ("Thứ Tư, 20/01/2021, 22:17", NIGHT),
        ("22:17 Thứ tư, 20/01/2021", NIGHT),
        ("Thứ tư, 20/1/2021, 22:17 (GMT+7)", NIGHT),
        ("Cập nhật: 22h17 ngày 20/01/2021", NIGHT),
        ("Ngày đăng: 20-01-2021", DAY),
        ("(ngày 20/01/2021)", DAY),
        ("20.01.2021", DAY),
        ("20 tháng 1 năm 2021", DAY),
        ("ngày 20 tháng 01, 2021", DAY),
        ("20/01/2021 10:17:33 CH", "2021-01-20T22:17:33+07:00"),
        ("20/01/2021 10:17 SA", "2021-01-20T10:17:00+07:00"),
        ("20/01/2021 12:05 SA", "2021-01-20T00:05:00+07:00"),
        ("20/01/2021 12:05 CH", "2021-01-20T12:05:00+07:00"),
        ("8 giờ 5 phút, 20/01/2021", None),
        ("8 giờ 05 phút, ngày 20/01/2021", "2021-01-20T08:05:00+07:00"),
        ("20/01/2021 lúc 8h", "2021-01-20T08:00:00+07:00"),
        ("2021-01-20T22:17:00+07:00", NIGHT),
        ("2021-01-20T15:17:00.123Z", "2021-01-20T15:17:00+00:00"),
        ("2021-01-20 22:17", NIGHT),
        ("20 January 2021", DAY),
        ("January 20, 2021 10:17 PM", NIGHT),
        ("Wednesday, Jan. 20th, 2021", DAY),
    ],
)
def test_forms_met_on_portals(text, value):
    found = read_date(text, RULE)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Covid-19",
        "31/02/2021",
        "25:61 20/01/2021",
        "13:05 SA 20/01/2021",
        "1/20/2021",
        "20/01/21",
        "12/2021/QĐ-UBND",
        "20/01/1970",
        "20/01/2199",
        "192.168.10.2021",
        "090.20.01.2021",
        "20/01/2021/3",
        "2021",
        "8 giờ trước",
    ],
)
def test_what_is_no_date(text):
    assert find_date(text, RULE) is None


def value_of(found: Found | None) -> str | None:
    return found.value if found else None


def test_stamp_is_found_within_but_is_not_the_whole():
    text = "Trang tin, 22:17 - 20/01/2021, lượt xem 4"
    assert value_of(find_date(text, RULE)) == NIGHT
    assert read_date(text, RULE) is None


def test_first_of_two_stamps_is_the_one():
    assert value_of(find_date("Đăng 20/01/2021, sửa 10:00 21/01/2021", RULE)) == DAY


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8 giờ trước", "2021-01-20T22:17:00+07:00"),
        ("30 phút trước", "2021-01-21T05:47:00+07:00"),
        ("3 ngày trước", "2021-01-18"),
        ("hôm qua", "2021-01-20"),
        ("Hôm qua, 14:30", "2021-01-20T14:30:00+07:00"),
        ("2 hours ago", "2021-01-21T04:17:00+07:00"),
        ("22/01/2021", "2021-01-22"),
        ("23/01/2021", None),
    ],
)
def test_age_and_future_are_measured_from_the_capture(text, value):
    rule = DateRule("Asia/Ho_Chi_Minh", captured_at="2021-01-20T23:17:40+00:00")
    found = find_date(text, rule)
    assert (found.value if found else None) == value


def test_layouts_of_the_site_go_first():
    rule = DateRule("Asia/Ho_Chi_Minh", ("%m.%d.%Y %Hg%M", "%d/%m/%y"))
    assert value_of(find_date("Tin: 01.20.2021 22g17", rule)) == NIGHT
    assert value_of(find_date("20/01/21", rule)) == DAY
    assert find_date("01.20.2021 99g17", rule) is None


LAYOUTS = {
    "time first": ("{h:02}:{m:02} - {d:02}/{n:02}/{y}", True),
    "bar": ("{d:02}/{n:02}/{y} | {h:02}:{m:02}", True),
    "weekday": ("Thứ Ba, {d:02}/{n:02}/{y}, {h:02}:{m:02}", True),
    "words": ("{h}h{m:02} ngày {d} tháng {n} năm {y}", True),
    "halves": ("{d}/{n}/{y} {h12}:{m:02}:00 {half}", True),
    "iso": ("{y}-{n:02}-{d:02}T{h:02}:{m:02}:00+07:00", True),
    "english": ("{d} {name} {y} {h:02}:{m:02}", True),
    "american": ("{name} {d}, {y} {h12}:{m:02} {ampm}", True),
    "dots": ("{d:02}.{n:02}.{y}", False),
    "dashes": ("Ngày đăng: {d:02}-{n:02}-{y}", False),
    "brackets": ("(ngày {d}/{n}/{y})", False),
}


@pytest.mark.parametrize("name", LAYOUTS)
@given(when=st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)))
def test_layout_reads_what_it_prints(name, when):
    layout, is_timed = LAYOUTS[name]
    text = layout.format(
        d=when.day,
        n=when.month,
        y=when.year,
        h=when.hour,
        m=when.minute,
        h12=when.hour % 12 or 12,
        half="SA" if when.hour < 12 else "CH",
        ampm="AM" if when.hour < 12 else "PM",
        name=MONTHS[when.month - 1],
    )
    minute = when.replace(second=0, microsecond=0, tzinfo=HERE)
    expected = minute.isoformat() if is_timed else when.date().isoformat()
    found = read_date(text, RULE)
    assert found is not None
    assert found.value == expected


STAMPISH = st.text("0123456789:/-. ,|()hHgSACHTZ+thángnămngàyJan", max_size=40)


@given(text=st.one_of(st.text(max_size=60), STAMPISH))
def test_any_text_is_read_without_raising(text):
    for captured_at in (None, "2021-01-20T00:00:00Z", text):
        found = find_date(text, DateRule("Asia/Ho_Chi_Minh", (text, "%d/%m/%y"), captured_at))
        assert found is None or found.value[:4].isdecimal()
