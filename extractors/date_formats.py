"""Dates that are written the same way in every language: 2025-12-16, 20251216, 16/12/2025, Dec. 16, 2025, 2025Q3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from extractors.calendars import Part, Period, Season, make_date, span, year_period

YEARS = range(1800, 2101)
"""What four digits alone may be a year of."""
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_LONG = "january|february|march|april|may|june|july|august|september|october|november|december"
_NUMBERS = {name[:3]: n for n, name in enumerate(_LONG.split("|"), 1)}
_MONTH = rf"(?P<{{0}}>{_LONG}|sept|{_MONTHS})\b\.?"
# Not after a letter, a digit or a mark between digits: A2025-1-2, 192.168.2025.1.2, 1/2025/3/4 are other things.
_FREE = r"(?<![A-Za-z\d])(?<!\d[.,:/])"
_END = r"(?!\d|[.,:/]\d|-\d(?!\d{0,3}[/.-]\d)|[A-Za-z])"
_DASHED = re.compile(
    rf"{_FREE}(?P<y>\d{{4}})(?P<sep>[-/.])(?P<m>\d{{1,2}})(?:(?P=sep)(?P<d>\d{{1,2}})(?:[日号])?)?(?=T\d{{2}}:|(?:至|到)|{_END})"
)
_REVERSED = re.compile(rf"{_FREE}(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}){_END}")
_YEAR_RANGE = re.compile(rf"{_FREE}(?P<a>(?:19|20)\d\d)[ ]?-[ ]?(?P<b>(?:19|20)\d\d)(?:年度?)?(?![\dA-Za-z-]|[.,:/]\d)")
_MONTH_DAY = re.compile(rf"{_FREE}(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})[日号]")
_MONTH_YEAR = re.compile(rf"{_FREE}(?P<m>\d{{1,2}})/(?P<y>\d{{4}}){_END}")
_COMPACT = re.compile(
    rf"{_FREE}(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d|[.,]\d|[A-Za-z元股%亿万])"
)
_QUARTER = re.compile(
    rf"{_FREE}(?:(?P<y1>(?:20)?\d\d)\s?年?\s?(?:Q(?P<q1>[1-4])|(?P<q4>[1-4])Q|H(?P<h1>[12])|(?P<h4>[12])H)"
    r"|(?:Q(?P<q2>[1-4])|(?P<q3>[1-4])Q|(?P<h2>[12])H|H(?P<h3>[12]))(?:\s?FY)?(?:\s?(?P<y2>20\d\d|(?<![ ])\d\d))?)"
    r"(?![\dA-Za-z.-])",
    re.IGNORECASE,
)
_AMBIGUOUS = ("ambiguous_day_month",)
_CAR = re.compile("(?:奥迪|Audi|AUDI|اودي)[ ]?$")  # Q3 is a car of theirs, too
_DAY_FIRST = re.compile(
    rf"(?<![A-Za-z\d.])(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,3}}(?:of\s{{1,3}})?{_MONTH.format('m')},?"
    r"(?:\s{1,3}(?P<y>\d{4})(?!\d))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<![A-Za-z\d]){_MONTH.format('m')}(?:\s{{1,3}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.%:]|,\d)"
    r"(?:,?\s{1,3}(?P<y>\d{4})(?!\d))?|,?\s{1,3}(?P<y2>\d{4})(?!\d))",
    re.IGNORECASE,
)
_MAY_BE = re.compile(r"\d+\s*[-/.年A-Za-z]|(?:19|20)\d{6}|[A-Za-z]")
"""How every format begins: most numbers are seen to be none at one look"""
START = (
    r"(?<![A-Za-z\d.])(?:\d{4}[ ]?-[ ]?\d|\d{4}[/.]\d|\d{1,2}/\d{1,2}[日号]|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}/\d{4}(?!\d)"
    r"|(?:19|20)\d{6}(?!\d)|(?:20)?\d\d\s?年?\s?[1-4]?[QHqh][1-4]?|[QHqh][1-4]|[1-4][QHqh](?![A-Za-z])"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s{{1,3}}(?i:{_MONTHS})|(?i:{_MONTHS})[a-z]{{0,6}}\.?,?\s{{1,3}}\d)"
)
"""Where a format may start, as an alternative of a larger expression."""
START_CHARACTERS = "0-9QHqhJFMASONDjfmasond"
"""What START can start with, inside a character class."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a grammar knows beside the text."""

    reference: date | None
    language: str
    region: str | None
    wide: bool = False
    """Read holidays and lunar days wherever they stand, years before the common era too: for `extractors.times`"""


def read_format(text: str, at: int, *, day_first: bool = False) -> tuple[Part, int] | None:
    """A date in one of the formats at `at`, and where it ends; None when there is none.

    A day and month that could change places (03/04/2025) have the issue ``ambiguous_day_month`` and no value, unless the language
    always puts the day first.

    >>> part, end = read_format("on 2025-12-16.", 3)
    >>> part.year, part.month, part.day, end
    (2025, 12, 16, 13)
    """
    if _MAY_BE.match(text, at) is None:
        return None
    for pattern, build in _FORMATS:
        if (match := pattern.match(text, at)) and (part := build(match)) is not None:
            if day_first and part.settled is not None and part.settled.issues == _AMBIGUOUS:
                return Part(year=int(match["y"]), month=int(match["b"]), day=int(match["a"])), match.end()
            return part, match.end()
    return None


def _ymd(match: re.Match[str]) -> Part | None:
    year, month = int(match["y"]), int(match["m"])
    day = int(match["d"]) if match["d"] else None
    if year not in YEARS or not 1 <= month <= 12:
        return None
    if day is None and (match["sep"] == "." or len(match["m"]) == 1 or match["sep"] == "-"):
        return None  # 2025.5 is a number; 2025-26 and 2025-12 may be a season or a range of years
    if day is not None and make_date(year, month, day) is None:
        return None
    return Part(year=year, month=month, day=day)


def _compact(match: re.Match[str]) -> Part | None:
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    return Part(year=year, month=month, day=day) if make_date(year, month, day) else None


def _reversed(match: re.Match[str]) -> Part | None:
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    day_first, month_first = make_date(year, second, first), make_date(year, first, second)
    if year not in YEARS or (day_first is None and month_first is None):
        return None
    if day_first and month_first and day_first != month_first:
        return Part(settled=Period(None, None, "", "day", issues=_AMBIGUOUS))
    day = day_first or month_first
    return None if day is None else Part(year=year, month=day.month, day=day.day)


def _year_range(match: re.Match[str]) -> Part | None:
    first, last = year_period(int(match["a"])), year_period(int(match["b"]))
    if first is None or last is None or not 0 < int(match["b"]) - int(match["a"]) <= 60:
        return None
    return Part(settled=span(first, last))


def _month_day(match: re.Match[str]) -> Part | None:
    month, day = int(match["m"]), int(match["d"])
    return Part(month=month, day=day) if make_date(2000, month, day) else None


def _month_year(match: re.Match[str]) -> Part | None:
    year, month = int(match["y"]), int(match["m"])
    return Part(year=year, month=month) if year in YEARS and 1 <= month <= 12 else None


def _quarter(match: re.Match[str]) -> Part | None:
    groups = match.groupdict()
    year = groups["y1"] or groups["y2"]
    quarter = next((groups[key] for key in ("q1", "q2", "q3", "q4") if groups[key]), None)
    half = next((groups[key] for key in ("h1", "h2", "h3", "h4") if groups[key]), None)
    if half and not year:
        return None  # H1 and 2H alone are as often a heading or a chip
    if not year and _CAR.search(match.string, max(0, match.start() - 6), match.start()):
        return None
    number = int(quarter or half or 0)
    full = None if year is None else int(year) if len(year) == 4 else 2000 + int(year)
    return Part(year=full, season=Season("quarter" if quarter else "half", number, number))


def _english(match: re.Match[str]) -> Part | None:
    groups = match.groupdict()
    year = groups.get("y") or groups.get("y2")
    day = groups.get("d")
    if match["m"][0].islower() or (year is not None and int(year) not in YEARS) or (day is not None and not 1 <= int(day) <= 31):
        return None  # may 2019, mar 3 are no months
    return Part(year=int(year) if year else None, month=_NUMBERS[match["m"][:3].lower()], day=int(day) if day else None)


_FORMATS = (
    (_YEAR_RANGE, _year_range),
    (_COMPACT, _compact),
    (_DASHED, _ymd),
    (_REVERSED, _reversed),
    (_MONTH_DAY, _month_day),
    (_MONTH_YEAR, _month_year),
    (_QUARTER, _quarter),
    (_DAY_FIRST, _english),
    (_MONTH_FIRST, _english),
)
