"""When a holiday is, and days of the Chinese lunar calendar.

The calendars themselves are those of libraries: borax (lunar calendar and solar terms, 1900 to 2100), hijridate (Umm al-Qura) and
dateutil (Easter).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date

from borax.calendars.lunardate import InvalidLunarDateError, LCalendars, LunarDate, TermUtils
from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from corpus.holiday_table import Holiday
from extractors.calendars import Period, day_period, days_period, hijri_period, hijri_year, make_date, nth_weekday, shifted

LUNAR_YEARS = range(1900, 2101)
"""Lunar years that the library knows"""
DOUBTFUL = 92
"""Days within which news means the coming holiday as readily as the one just over"""


def holiday_in(row: Holiday, region: str | None, year: int) -> Period | None:
    """The holiday as it falls in a year of the common calendar; of two in one Hijri-dated year the first.

    >>> from corpus.holiday_table import holidays
    >>> holiday_in(holidays()["mid_autumn"], None, 2025).value
    '2025-10-06'
    """
    return _holiday(row.regions.get(region or "", row.rule), row.plus, year)


def nearest_holiday(row: Holiday, region: str | None, reference: date, *, forward: bool) -> Period | None:
    """The holiday as `nearest` chooses it, with `forward` the first that is not over."""
    around = [p for year in range(reference.year - 1, reference.year + 2) if (p := holiday_in(row, region, year)) is not None]
    return nearest(around, reference, forward=forward)


def holiday_beside(row: Holiday, region: str | None, reference: date, direction: int) -> Period | None:
    """The last holiday that is over (direction -1), the next that has not begun (1), or that of this year (0)."""
    if direction == 0:
        return holiday_in(row, region, reference.year)
    around = [p for year in range(reference.year - 1, reference.year + 2) if (p := holiday_in(row, region, year)) is not None]
    if direction > 0:
        return next((p for p in around if p.start is not None and p.start > reference), None)
    return next((p for p in reversed(around) if p.end is not None and p.end <= reference), None)


def nearest(periods: list[Period], reference: date, *, forward: bool) -> Period | None:
    """The period nearest to `reference` within `DOUBTFUL` days, else the last that has begun, in doubt when the next is nearer.

    In January 春节 is the coming one, in March the one just over; in October it is that of this year.
    """
    if forward:
        periods = [period for period in periods if period.end is not None and period.end > reference]
    near = min(periods, key=lambda period: _distance(period, reference), default=None)
    if near is None or forward or _distance(near, reference) <= DOUBTFUL:
        return near
    past = [period for period in periods if period.start is not None and period.start <= reference]
    if not past or past[-1] is near:
        return near
    return past[-1]._replace(issues=(*past[-1].issues, "ambiguous_year"))


def _distance(period: Period, reference: date) -> int:
    if period.start is None or period.end is None:
        return 10**6
    return max((period.start - reference).days, (reference - period.end).days + 1, 0)


@functools.lru_cache(maxsize=4096)
def _holiday(rule: str, plus: int, year: int) -> Period | None:
    found = next(_days(rule, year), None)
    if found is None or not plus or found.start is None:
        return found
    day = shifted(found.start, plus)
    return None if day is None else day_period(day)


def _days(rule: str, year: int) -> Iterator[Period]:
    kind, _, told = rule.partition(" ")
    if kind == "hijri":
        month, _, day = told.partition("-")
        first = hijri_year(make_date(year, 1, 1))
        for hijri in () if first is None else (first, first + 1):
            period = hijri_period(hijri, int(month), int(day) if day else None)
            if period is not None and period.start is not None and period.start.year == year:
                yield period
        return
    if kind == "lunar":
        month, _, day = told.partition("-")
        for lunar in (year - 1, year):
            period = lunar_period(lunar, int(month), -1 if day == "last" else int(day))
            if period is not None and period.start is not None and period.start.year == year:
                yield period
        return
    found = _fixed_day(kind, told, year)
    if found is not None:
        yield day_period(found)


def _fixed_day(kind: str, told: str, year: int) -> date | None:
    if kind == "solar":
        return make_date(year, *map(int, told.split("-")))
    if kind == "nth":
        month, weekday, number = map(int, told.split())
        return nth_weekday(year, month, weekday, number)
    if kind == "term":
        return TermUtils.nth_term_day(year, term_name=told) if year in LUNAR_YEARS else None
    if year not in range(1583, 4100):
        return None
    sunday = easter(year, EASTER_ORTHODOX if kind == "orthodox" else EASTER_WESTERN)
    return shifted(sunday, int(told))


def lunar_period(year: int, month: int, day: int | None, *, leap: bool = False) -> Period | None:
    """A month or day of the Chinese lunar year that begins in `year`; day -1 is the last of the month.

    >>> lunar_period(2025, 1, 1).value, lunar_period(2020, 4, None, leap=True).value
    ('2025-01-29', '2020-05-23/2020-06-20')
    """
    if year not in LUNAR_YEARS or not 1 <= month <= 12:
        return None
    try:
        if leap and LCalendars.leap_month(year) != month:
            return None
        length = LCalendars.ndays(year, month, leap=int(leap))
        first = date.fromordinal(LunarDate(year, month, 1, int(leap)).to_solar_date().toordinal())
    except (InvalidLunarDateError, ValueError, OverflowError):
        return None
    if day is None:
        last = shifted(first, length - 1)
        return None if last is None else days_period(first, last)
    number = length if day == -1 else day
    found = shifted(first, number - 1)
    return None if found is None or not 1 <= number <= length else day_period(found)


def lunar_year(reference: date) -> int | None:
    """The lunar year that `reference` lies in.

    >>> lunar_year(date(2025, 1, 28)), lunar_year(date(2025, 1, 29))
    (2024, 2025)
    """
    if reference.year not in LUNAR_YEARS:
        return None
    new_year = lunar_period(reference.year, 1, 1)
    before = new_year is not None and new_year.start is not None and reference < new_year.start
    return reference.year - 1 if before else reference.year
