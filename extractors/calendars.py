"""Calendar arithmetic of the date grammars: what is said of a date (`Part`), the days it covers (`Period`), and the way between.

Nothing here reads text, and nothing reads a clock: the reference day is always given.
"""

from __future__ import annotations

import functools
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from hijridate import Gregorian, Hijri

ROC_OFFSET = 1911
"""Year 1 of the Republic (民國) is 1912."""
HIJRI_YEARS = range(1343, 1501)
"""The years that hijridate's Umm al-Qura tables hold."""
_UNITS = ("day", "month", "quarter", "year")


class Period(NamedTuple):
    """Days from `start` (inclusive) to `end` (exclusive); None is open. `value` and `precision` as in `DateMention`."""

    start: date | None
    end: date | None
    value: str
    precision: str
    approximate: bool = False
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Season:
    """A part of a year that is counted: quarters 3 to 3, half 1 to 1, months 1 to 9."""

    unit: str
    first: int
    last: int


class Part(NamedTuple):
    """What is said of a date; None is not said. `settled` is a date that needs nothing more."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: Season | None = None
    weekday: int | None = None
    """ISO weekday, 1 is Monday"""
    edge: str | None = None
    """start, middle or end of the smallest unit that is said"""
    settled: Period | None = None
    hijri: bool = False
    direction: int = 0
    """-1: the last one that is over (الماضي), 1: the next one (المقبل), 2: the one after that (بعد المقبل), 0: not said"""
    before: bool = False
    """Said by a word before it to be only an upper bound (قبل نهاية العام)"""
    approximate: bool = False
    issues: tuple[str, ...] = ()
    named: bool = False
    """A holiday or a day of the lunar year, which another year has on another day"""

    @property
    def complete(self) -> bool:
        """Whether the date stands without a reference."""
        return self.settled is not None or self.year is not None


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None when the calendar has none (30 February, year 0)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def day_period(day: date) -> Period:
    """One day.

    >>> day_period(date(2025, 11, 3)).value
    '2025-11-03'
    """
    return Period(day, shifted(day, 1), day.isoformat(), "day")


def month_period(year: int, month: int) -> Period | None:
    """One month; None outside the calendar."""
    start = make_date(year, month, 1)
    if start is None:
        return None
    return Period(start, _next_month(start), f"{year:04d}-{month:02d}", "month")


def year_period(year: int) -> Period | None:
    """One year; None outside the calendar."""
    start = make_date(year, 1, 1)
    return None if start is None else Period(start, make_date(year + 1, 1, 1), f"{year:04d}", "year")


def season_period(year: int, season: Season) -> Period | None:
    """Quarters, halves or months of a year.

    >>> period = season_period(2025, Season("quarter", 1, 3))
    >>> period.value, str(period.end)
    ('2025-Q1/2025-Q3', '2025-10-01')
    """
    months = {"month": 1, "quarter": 3, "half": 6}[season.unit]
    over, last_month = divmod(season.last * months - 1, 12)  # winter ends in the next year
    first, last = month_period(year, (season.first - 1) * months + 1), month_period(year + over, last_month + 1)
    if first is None or last is None:
        return None
    names = [first.value, last.value]
    if season.unit != "month":
        names = [f"{year:04d}-{season.unit[0].upper()}{number}" for number in (season.first, season.last)]
    value = names[0] if names[0] == names[1] else "/".join(names)
    return Period(first.start, last.end, value, "month" if season.unit == "month" else "quarter")


def days_period(first: date, last: date, *, approximate: bool = False) -> Period:
    """From `first` to `last`, both inclusive."""
    if first == last:
        return day_period(first)._replace(approximate=approximate)
    return Period(first, shifted(last, 1), f"{first.isoformat()}/{last.isoformat()}", "day", approximate)


def week_of(reference: date, weeks: int = 0) -> Period | None:
    """The week, Monday to Sunday, that lies `weeks` after that of `reference`.

    >>> week_of(date(2025, 12, 17), -1).value
    '2025-12-08/2025-12-14'
    """
    monday = shifted(reference, weeks * 7 - reference.weekday())
    sunday = None if monday is None else shifted(monday, 6)
    return None if monday is None or sunday is None else days_period(monday, sunday)


def shifted(day: date, days: int) -> date | None:
    """`day` moved by `days`; None outside the calendar."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return None


def month_offset(reference: date, months: int) -> tuple[int, int]:
    """(year, month) `months` after the month of `reference`."""
    year, month = divmod(reference.year * 12 + reference.month - 1 + months, 12)
    return year, month + 1


def _next_month(start: date) -> date | None:
    year, month = month_offset(start, 1)
    return make_date(year, month, 1)


def hijri_period(year: int, month: int | None, day: int | None) -> Period | None:
    """A Hijri year, month or day by the Umm al-Qura calendar; approximate, since a sighting may move it by a day.

    >>> hijri_period(1447, 6, 26).value
    '2025-12-17'
    """
    if year not in HIJRI_YEARS:
        return None
    try:
        start = date.fromordinal(Hijri(year, month or 1, day or 1).to_gregorian().toordinal())
        if day:
            return day_period(start)._replace(approximate=True)
        length = Hijri(year, month, 1).month_length() if month else Hijri(year, 1, 1).year_length()
    except (ValueError, OverflowError):
        return None
    last = shifted(start, length - 1)
    return None if last is None else days_period(start, last, approximate=True)


_MONTH_EDGES = {
    "start": (1, 11), "middle": (11, 21), "end": (21, None), "start-middle": (1, 21), "middle-end": (11, None),
    "first-half": (1, 16), "second-half": (16, None),
}  # fmt: skip
_YEAR_EDGES = {"start": (1, 3), "middle": (6, 8), "end": (12, None)}
_WEEK_EDGES = {"start": (0, 2), "middle": (2, 5), "end": (5, 7)}


def at_edge(period: Period, edge: str) -> Period:
    """The start, middle or end of a year (two months, two, one), quarter, half, month (ten days) or week.

    The value keeps the unit that was said.

    >>> narrowed = at_edge(month_period(2025, 12), "start")
    >>> narrowed.value, str(narrowed.start), str(narrowed.end)
    ('2025-12', '2025-12-01', '2025-12-11')
    """
    start, end = period.start, period.end
    if start is None or end is None:
        return period
    days = (end - start).days
    if period.precision == "year" and edge in _YEAR_EDGES and 365 <= days <= 366:
        first, last = _YEAR_EDGES[edge]
        start, end = start.replace(month=first), start.replace(month=last) if last else end
    elif period.precision == "month" and edge in _MONTH_EDGES and days <= 31:
        first, last = _MONTH_EDGES[edge]
        start, end = start.replace(day=first), start.replace(day=last) if last else end
    elif period.precision == "quarter" and edge in _YEAR_EDGES:
        third = 1 if days < 100 else 2 if days < 200 else 3  # months
        year, month = month_offset(start, third * list(_YEAR_EDGES).index(edge))
        start = date(year, month, 1)
        year, month = month_offset(start, third)
        end = make_date(year, month, 1)
    elif days == 7 and edge in _WEEK_EDGES:
        low, high = _WEEK_EDGES[edge]
        end = shifted(start, high)
        start = shifted(start, low)
    return period._replace(start=start, end=end, approximate=True)


def span(first: Period, last: Period) -> Period | None:
    """From the start of `first` to the end of `last`; None when that is no time."""
    if first.start is None or last.end is None or last.end <= first.start:
        return None
    low, high = first.value.split("/")[0], last.value.split("/")[-1]
    finer = min(first.precision, last.precision, key=_UNITS.index)
    issues = tuple(dict.fromkeys(first.issues + last.issues))
    value = low if low == high else f"{low}/{high}"
    return Period(first.start, last.end, value, finer, first.approximate or last.approximate, issues)


def before(period: Period, *, edge: bool = False) -> Period:
    """Only bounded above: 2030年前 ends where 2030 starts, 年底前 (`edge`) where the end of the year ends.

    >>> str(before(year_period(2030)).end)
    '2030-01-01'
    """
    end = period.end if edge else period.start
    return period._replace(start=None, end=end, value=f"../{period.value.split('/')[0]}")


def since(period: Period) -> Period:
    """Only bounded below: 自2019年以來 starts with 2019 and is open."""
    return period._replace(end=None, value=f"{period.value.split('/')[0]}/..")


@functools.lru_cache(maxsize=4096)
def resolve(part: Part, reference: date | None, *, forward: bool = False) -> Period | None:
    """The days of `part`: what is not said is taken from `reference`, towards the past unless `forward`.

    None when no such day exists or a reference is needed and missing.

    >>> resolve(Part(month=12, day=16), date(2025, 12, 17)).value
    '2025-12-16'
    >>> resolve(Part(month=12), date(2025, 11, 5)).issues
    ('ambiguous_year',)
    """
    period = _resolve(part, reference, forward=forward)
    if period is None:
        return None
    if part.edge:
        period = at_edge(period, part.edge)
    if part.weekday and part.day and period.start and period.start.isoweekday() != part.weekday:
        period = period._replace(issues=(*period.issues, "weekday_mismatch"))
    if part.issues:
        period = period._replace(issues=tuple(dict.fromkeys(period.issues + part.issues)))
    return period._replace(approximate=True) if part.approximate else period


def _resolve(part: Part, reference: date | None, *, forward: bool) -> Period | None:
    if part.settled:
        return part.settled
    if part.year is not None:
        return _of_year(part, part.year)
    if reference is None:
        return None
    if part.season:
        return _season_near(part, reference, forward=forward)
    candidates, doubt = _candidates(part, reference)
    if part.weekday and part.day and (told := _by_weekday(candidates, part.weekday, reference)):
        return told
    return _choose(candidates, reference, part.direction, doubt, forward=forward)


def _candidates(part: Part, reference: date) -> tuple[list[Period], str]:
    """The periods near the reference that `part` could be, in order, and the issue if past and coming are in doubt."""
    if part.hijri:
        found = [_of_year(part, year) for year in _hijri_years(reference)]
        doubt = "ambiguous_year"
    elif part.month:
        reach = 8 if (part.month, part.day) == (2, 29) else 2  # 29 February comes every eighth year at the latest
        found = [_of_year(part, year) for year in range(reference.year - reach, reference.year + reach + 1)]
        doubt = "ambiguous_year"
    elif part.day:
        found = [_day_in(part.day, reference, n) for n in range(-3, 4)]
        doubt = "ambiguous_month"
    else:
        days = [shifted(reference, (part.weekday or 1) - reference.isoweekday() + 7 * n) for n in range(-3, 4)]
        found = [None if day is None else day_period(day) for day in days]
        doubt = "ambiguous_week"
    return [period for period in found if period is not None], doubt


def _by_weekday(candidates: list[Period], weekday: int, reference: date) -> Period | None:
    """The nearest day of `candidates` within a year that falls on `weekday`: الخميس 15 أغسطس settles its year."""
    near = [
        (abs((p.start - reference).days), p)
        for p in candidates
        if p.start is not None and p.start.isoweekday() == weekday and abs((p.start - reference).days) <= 366
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _of_year(part: Part, year: int) -> Period | None:
    if part.hijri:
        return hijri_period(year, part.month, part.day)
    if part.season:
        return season_period(year, part.season)
    if part.month and part.day:
        day = make_date(year, part.month, part.day)
        return None if day is None else day_period(day)
    return month_period(year, part.month) if part.month else year_period(year)


def hijri_year(reference: date | None) -> int | None:
    """The Hijri year that `reference` lies in; None outside the tables.

    >>> hijri_year(date(2025, 12, 17))
    1447
    """
    try:
        return None if reference is None else int(Gregorian.fromdate(reference).to_hijri().year)
    except (ValueError, OverflowError):
        return None


def _hijri_years(reference: date) -> range:
    year = hijri_year(reference)
    return range(0) if year is None else range(year - 3, year + 4)


def _day_in(day: int, reference: date, months: int) -> Period | None:
    year, month = month_offset(reference, months)
    found = make_date(year, month, day)
    return None if found is None else day_period(found)


def _choose(candidates: list[Period], reference: date, direction: int, doubt: str, *, forward: bool) -> Period | None:
    """The last of `candidates` that has begun; by `direction` the last that is over or the next that has not begun.

    With `forward` the first that is not over. Nothing said and the coming one nearer than the past one: still the past, with
    `doubt` as issue.
    """
    over = [p for p in candidates if p.end is not None and p.end <= reference]
    coming = [p for p in candidates if p.start is not None and p.start > reference]
    if direction < 0:
        # أكتوبر الماضي said on 17 October is the one of last year: the month must be over.
        return over[direction] if len(over) >= -direction else None
    if direction > 0:
        return coming[direction - 1] if len(coming) >= direction else None
    going = candidates[len(over) : len(candidates) - len(coming)]
    if forward:
        return (going + coming)[0] if going or coming else None
    if going or not over:
        return going[-1] if going else None
    past = over[-1]
    if coming and coming[0].start is not None and past.end is not None:
        ahead, ago = (coming[0].start - reference).days, (reference - past.end).days + 1
        if ahead < ago:
            return past._replace(issues=(*past.issues, doubt))
    return past


def _season_near(part: Part, reference: date, *, forward: bool) -> Period | None:
    """第四季 without a year: this year's when it has begun, else last year's, in doubt when this year's is nearer.

    下半年 told in spring is that of this year, in doubt.
    """
    known = [p for year in range(reference.year - 2, reference.year + 3) if (p := _of_year(part, year)) is not None]
    if part.direction or forward or len(known) < 5:
        return _choose(known, reference, part.direction, "ambiguous_year", forward=forward)
    last, this = known[1], known[2]
    if this.start is None or last.end is None or this.start <= reference:
        return this
    if part.season and part.season.unit == "half":
        return this._replace(issues=(*this.issues, "ambiguous_year"))
    nearer = (this.start - reference).days < (reference - last.end).days
    return last._replace(issues=(*last.issues, "ambiguous_year")) if nearer else last


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date | None:
    """The first (1), second, ... or last (-1) Monday (1) to Sunday (7) of a month.

    >>> str(nth_weekday(2013, 10, 1, 1)), str(nth_weekday(2013, 3, 1, -1))
    ('2013-10-07', '2013-03-25')
    """
    first = make_date(year, month, 1)
    if first is None:
        return None
    days = range(1 + (weekday - first.isoweekday()) % 7, monthrange(year, month)[1] + 1, 7)
    index = number - 1 if number > 0 else number
    return first.replace(day=days[index]) if -len(days) <= index < len(days) else None


def counted_in(period: Period, first: int, last: int, unit: str) -> Period | None:
    """Days, weeks or months counted within a month or year: from the `first` to the `last`, below zero from the end.

    >>> counted_in(year_period(2025), -2, -1, "day").value, counted_in(year_period(2023), 10, 10, "day").value
    ('2025-12-30/2025-12-31', '2023-01-10')
    >>> counted_in(year_period(2025), 8, 8, "month").value
    '2025-08'
    """
    start, end = period.start, period.end
    if start is None or end is None:
        return None
    months = (end.year - start.year) * 12 + end.month - start.month
    size = (end - start).days if unit == "day" else months if unit == "month" else (end - start).days // 7
    low, high = (number if number > 0 else size + number + 1 for number in (first, last))
    if not 1 <= low <= high <= size:
        return None
    if unit == "month":
        bounds = [month_period(*month_offset(start, number - 1)) for number in (low, high)]
        return None if bounds[0] is None or bounds[1] is None else span(bounds[0], bounds[1])
    if unit == "week":
        first_week = start.isoweekday() <= 4  # ISO 8601: week 1 has the first Thursday
        weeks = [week_of(start, number - first_week) for number in (low, high)]
        return None if weeks[0] is None or weeks[1] is None else span(weeks[0], weeks[1])
    days = [shifted(start, number - 1) for number in (low, high)]
    return None if days[0] is None or days[1] is None else days_period(days[0], days[1])


def nth_week(year: int, month: int, number: int) -> Period | None:
    """The first, second, ... week of a month: the first is the one of its first Monday; approximate, since not all count so."""
    monday = nth_weekday(year, month, 1, number)
    week = None if monday is None else week_of(monday)
    return None if week is None else week._replace(approximate=True)
