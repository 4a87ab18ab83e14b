"""Dates as Vietnamese and English pages print them, to ISO 8601.

One table of layouts, day first in all that is numeric, never fuzzy: what no layout covers is no
date. The forms are those met on government portals (design note `portal.md`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

_FIRST_YEAR, _LAST_DAY = 1990, date(2100, 1, 1)
_HAS_YEAR = re.compile(r"(?:19|20)\d\d")
_HAS_WORD = re.compile(r"[^\W\d_]{3}")
_DIGIT = re.compile(r"\d")
_NUMERIC = ("year-first", "day-first")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ZONE = (
    r"(?: ?\(?(?P<utc>(?:GMT|UTC) ?(?:[+-] ?\d{1,2}(?::?[0-5]\d)?)?(?![\d:]))\)?"
    r"|(?P<offset>Z\b| ?[+-]\d\d:?[0-5]\d(?!\d)))?"
)
_WEEKDAY = (
    r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật|cn|t[2-7]|(?:mon|tues?|wed(?:nes)?"
    r"|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
)
_BETWEEN = rf"(?: ?[-–—|,•·;] ?| )?(?:{_WEEKDAY}(?:, ?| ))?(?:(?:vào )?(?:lúc|ngày)|at|on)? ?"
_START, _END = r"(?<![\w/.:+-])", r"(?![\w/]|[.:-]\d)"


def _clock(which: str) -> str:
    hours = rf"(?P<hour{which}>\d{{1,2}})"
    minutes = rf"(?P<minute{which}>\d\d)(?: ?phút)?(?::(?P<second{which}>\d\d)(?:\.\d{{1,9}})?)?"
    half = rf"(?: ?(?P<half{which}>SA|CH|[AP]\.?M\b\.?|sáng|chiều|tối)(?!\w))?"
    return rf"{hours}(?: ?(?::|h|g|giờ) ?{minutes}|(?:h| giờ)(?![\w:])){half}"


_DAYS = {
    "year-first": rf"{_YEAR}(?P<mark>[-/])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)",
    "day-first": rf"(?P<day>\d\d?) ?(?P<mark>[-/.]) ?(?P<month>\d\d?) ?(?P=mark) ?{_YEAR}",
    "vietnamese": rf"(?P<day>\d\d?) (?:tháng|thg) (?P<month>\d\d?)(?: ?[,/-] ?| )(?:năm )?{_YEAR}",
    "english-day": rf"(?P<day>\d\d?)(?:st|nd|rd|th)?[ -]{_MONTH_NAME},?[ -]{_YEAR}",
    "english-month": rf"{_MONTH_NAME} (?P<day>\d\d?)(?:st|nd|rd|th)?,? {_YEAR}",
}
LAYOUTS = {
    name: re.compile(
        rf"{_START}(?:{_clock('1')}{_BETWEEN})?(?<![\d/])(?:{day})"
        rf"(?:(?:T|{_BETWEEN}){_clock('2')}(?!\d))?{_ZONE}{_END}",
        re.IGNORECASE,
    )
    for name, day in _DAYS.items()
}
"""The layouts by the name of their day's form; each takes a time before or after the day."""

_RELATIVE = re.compile(
    r"(?<!\w)(?:(?P<count>\d{1,3}) (?P<unit>phút|giờ|tiếng|ngày|tuần|minute|hour|day|week)s?"
    rf" (?:trước|ago)|(?P<word>hôm nay|hôm qua|today|yesterday)(?:{_BETWEEN}{_clock('1')})?)(?!\w)",
    re.IGNORECASE,
)
_UNITS = {
    "phút": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "giờ": timedelta(hours=1),
    "tiếng": timedelta(hours=1),
    "hour": timedelta(hours=1),
    "ngày": timedelta(days=1),
    "day": timedelta(days=1),
    "tuần": timedelta(weeks=1),
    "week": timedelta(weeks=1),
}
_LABEL = (
    r"(?:(?:ngày|thời gian|lúc|giờ)? ?(?:đăng|xuất bản|phát hành|cập nhật|đưa|gửi|viết|ban hành)"
    r"(?: (?:tin|bài|lần cuối|lúc|ngày|vào))*|ngày|lúc|thời gian|posted|published|updated"
    r"|last updated|date|on|at|created|modified)"
)
_BEFORE = re.compile(
    rf"[\W_]*(?:{_LABEL}(?:[\W_]+|$))*(?:{_WEEKDAY}(?:[\W_]+|$))?(?:(?:ngày|lúc)[\W_]*)?",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\W_]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateRule:
    """How a site's dates are read.

    `zone` names the time zone of stamps that state none; `layouts` are strptime layouts of the
    site's own, tried first; `captured_at` (ISO 8601) is what `8 giờ trước` counts from, and a
    day later than it nothing is believed.
    """

    zone: str = "UTC"
    layouts: tuple[str, ...] = ()
    captured_at: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A date: `value` in ISO 8601, with an offset where a time is known; `raw` as printed."""

    value: str
    raw: str
    start: int = 0


def may_be_date(text: str) -> bool:
    """Whether there is a digit in a text, or a word for a day; few texts have one."""
    if _DIGIT.search(text):
        return True
    small = text.casefold()
    return "hôm" in small or "today" in small or "yesterday" in small


class _Stamp(NamedTuple):
    """A date that may have been found: whether it is believed depends on its day."""

    day: date
    found: Found


def find_date(text: str, rule: DateRule) -> Found | None:
    """The first stamp in a short text such as a date's element; None where none is."""
    if not may_be_date(text):
        return None
    text, now = " ".join(text.split()), _captured(rule)
    latest = (now + timedelta(days=1)).date() if now else _LAST_DAY
    stamps = _stamps(text, rule.zone, rule.layouts)
    found = next((stamp.found for stamp in stamps if stamp.day <= latest), None)
    return found or (_relative(text, now, rule.zone) if now else None)


@lru_cache(maxsize=10_000)
def _stamps(text: str, place: str, layouts: tuple[str, ...]) -> tuple[_Stamp, ...]:
    """What may be a date in a text: by the site's own layouts, then by ours from left to right."""
    own = (_own(text, layout, place) for layout in layouts)
    told: Iterable[_Stamp | None] = ()
    if _HAS_YEAR.search(text):
        names = LAYOUTS if _HAS_WORD.search(text) else _NUMERIC
        told = (_told(match, place) for name in names for match in LAYOUTS[name].finditer(text))
    ours = sorted(filter(None, told), key=lambda stamp: stamp.found.start)
    return (*filter(None, own), *ours)


def read_date(text: str, rule: DateRule) -> Found | None:
    """The stamp that the whole text is; brackets, weekday and a label before it are allowed."""
    found = find_date(text, rule)
    if found is None:
        return None
    text = " ".join(text.split())
    before, after = text[: found.start], text[found.start + len(found.raw) :]
    return found if _BEFORE.fullmatch(before) and _AFTER.fullmatch(after) else None


def _own(text: str, layout: str, place: str) -> _Stamp | None:
    match = _layout_pattern(layout).search(text)
    try:
        when = datetime.strptime(match.group(), layout) if match else None
    except ValueError:
        return None
    if match is None or when is None:
        return None
    return _stamp(when if re.search(r"%[HIMSXcp]", layout) else when.date(), None, place, match)


@lru_cache(maxsize=64)
def _layout_pattern(layout: str) -> re.Pattern[str]:
    """A strptime layout as a pattern: where in a text it could stand."""
    parts = re.split(r"(%.)", layout)
    forms = {"%%": "%", "%Y": r"\d{4}", "%p": r"[A-Za-z]{2}", "%z": r"(?:Z|[+-][\d:]{4,8})"}
    names = dict.fromkeys(("%a", "%A", "%b", "%B"), r"[^\W\d_]+\.?")
    known = forms | names
    pattern = "".join(
        known.get(part, r"\d{1,6}") if part.startswith("%") else re.escape(part) for part in parts
    )
    return re.compile(rf"(?<!\d){pattern}(?!\d)", re.IGNORECASE)


def _told(match: re.Match[str], place: str) -> _Stamp | None:
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    name = found.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(found["month"])
    try:
        day = date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None
    clock = _time(found, "1") or _time(found, "2")
    if clock is not None:
        return _stamp(datetime.combine(day, clock), _offset(found), place, match)
    timed = "hour1" in found or "hour2" in found
    return None if timed else _stamp(day, None, place, match)


def _time(found: dict[str, str], which: str) -> time | None:
    """The time of day in a match; `SA` and `CH` are the halves of the Vietnamese clock."""
    if f"hour{which}" not in found:
        return None
    names = ("hour", "minute", "second")
    hour, minute, second = (int(found.get(name + which, "0")) for name in names)
    half = found.get(f"half{which}", "").lower().replace(".", "")
    if half in ("sa", "am", "sáng") and hour >= 12:
        hour = 0 if hour == 12 else 99
    if half in ("ch", "pm", "chiều", "tối") and hour < 12:
        hour += 12
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _offset(found: dict[str, str]) -> tzinfo | None:
    """The zone that a stamp states. `GMT+7` is seven hours ahead, not POSIX's behind."""
    stated = found.get("utc", found.get("offset"))
    if stated is None:
        return None
    match = re.search(r"([+-]) ?(\d\d?):?(\d\d)?$", stated)
    if match is None:
        return UTC
    ahead = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if ahead > timedelta(hours=14):
        return None
    return timezone(-ahead if match[1] == "-" else ahead)


def _relative(text: str, now: datetime, place: str) -> Found | None:
    match = _age(text)
    if match is None:
        return None
    moment: date | datetime
    if match["count"]:
        unit = _UNITS[match["unit"].lower()]
        then = now - int(match["count"]) * unit
        moment = then.replace(second=0, microsecond=0) if unit < timedelta(days=1) else then.date()
    else:
        back = timedelta(days=match["word"].lower() in ("hôm qua", "yesterday"))
        found = {name: part for name, part in match.groupdict().items() if part is not None}
        day, clock = (now - back).date(), _time(found, "1")
        moment = datetime.combine(day, clock) if clock else day
    stamp = _stamp(moment, None, place, match)
    return stamp.found if stamp else None


_age = lru_cache(maxsize=10_000)(_RELATIVE.search)


def _stamp(
    moment: date | datetime, offset: tzinfo | None, place: str, match: re.Match[str]
) -> _Stamp | None:
    """A match as a date in ISO form; None for one that no portal can have printed."""
    day = moment
    if isinstance(moment, datetime):
        day = moment.date()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=offset or zone(place))
        moment = moment.replace(microsecond=0)
    if day.year < _FIRST_YEAR:
        return None
    return _Stamp(day, Found(moment.isoformat(), match.group(), match.start()))


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """The time zone of this name; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):
        return UTC


def _captured(rule: DateRule) -> datetime | None:
    return _moment(rule.captured_at, rule.zone) if rule.captured_at else None


@lru_cache(maxsize=256)
def _moment(text: str, name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        local = moment.replace(tzinfo=zone(name)) if moment.tzinfo is None else moment
        return local.astimezone(zone(name))
    except (ValueError, OverflowError):
        return None
