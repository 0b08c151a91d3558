"""Arithmetic of times of day and lengths of time: what a grammar of `extractors.times` reads (`Item`), laid out on the calendar.

Nothing here reads text, and nothing reads a clock: the moment of reference is always given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from extractors.calendars import make_date, month_offset, shifted

_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_SECONDS = {"second": 1, "minute": 60, "quarter-hour": 900, "hour": 3600, "day": 86_400, "night": 86_400, "week": 604_800}
_RANK = (
    "second",
    "minute",
    "quarter-hour",
    "hour",
    "day",
    "night",
    "workday",
    "week",
    "month",
    "quarter",
    "year",
    "decade",
    "century",
)
_NOON, _EVENING = 12, 18


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `hour` None is only a part of the day. `part` are the hours of the part that is said."""

    hour: int | None
    minute: int | None = None
    second: int | None = None
    part: tuple[int, int] | None = None
    next_day: bool = False
    approximate: bool = False

    @property
    def precision(self) -> str:
        """The smallest unit that is said."""
        if self.hour is None:
            return "part"
        return "hour" if self.minute is None else "minute" if self.second is None else "second"

    @property
    def ambiguous(self) -> bool:
        """Whether three o'clock may be that of the morning or the afternoon."""
        return self.hour is not None and 1 <= self.hour <= 12 and self.part is None

    @property
    def hours(self) -> int:
        """The hour of 24 that is meant, counted from the start of the day that is said: 晚上12点 is 24.

        >>> [Clock(hour, part=part).hours for hour, part in ((3, (12, 18)), (12, (18, 24)), (12, (0, 6)), (11, (0, 6)))]
        [15, 24, 0, 23]
        """
        hour, part = self.hour or 0, self.part
        if part is None or hour > _NOON:
            return hour
        start, end = part
        if hour == _NOON:
            return 24 if start >= _EVENING else 0 if end <= 6 else hour
        if start >= _EVENING and hour < 5:
            return hour + 24  # the small hours after that evening
        if end <= 6:
            return hour + 12 if hour > end else hour
        return hour + 12 if start >= _NOON or (end > _NOON and hour + 12 < end) else hour

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """From when to when, on `day`."""
        if self.next_day:
            moved = shifted(day, 1)
            if moved is None:
                return None
            day = moved
        midnight = datetime.combine(day, time())
        try:
            if self.hour is None:
                first, last = self.part or (0, 24)
                return midnight + timedelta(hours=first), midnight + timedelta(hours=last)
            start = midnight + timedelta(hours=self.hours, minutes=self.minute or 0, seconds=self.second or 0)
            return start, start + timedelta(seconds=_SECONDS[self.precision])
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: amounts of units, the largest first. `low` is less where it is vague (十几年 is 10 to 20 years)."""

    pieces: tuple[tuple[Decimal, str], ...]
    low: tuple[tuple[Decimal, str], ...] | None = None
    approximate: bool = False

    @property
    def unit(self) -> str:
        """The smallest unit."""
        return min((unit for _, unit in self.pieces), key=_RANK.index)

    @property
    def value(self) -> str:
        """ISO 8601.

        >>> Length(((Decimal("4.5"), "year"),)).value, Length(((Decimal("2.5"), "hour"),)).value
        ('P4Y6M', 'PT2.5H')
        """
        told: dict[str, Decimal] = {}
        for amount, unit in self.pieces:
            letter, times = _ISO[unit]
            whole_years = int(amount * times) if letter == "Y" else 0
            if whole_years and (amount * times - whole_years) * 12 % 1 == 0:
                told["M"] = told.get("M", Decimal(0)) + (amount * times - whole_years) * 12
                told["Y"] = told.get("Y", Decimal(0)) + whole_years
                continue
            told[letter] = told.get(letter, Decimal(0)) + amount * times
        if told.keys() != {"W"} and "W" in told:
            told["D"] = told.get("D", Decimal(0)) + told.pop("W") * 7
        whole = "".join(f"{_plain(told[letter])}{letter}" for letter in "YMWD" if told.get(letter))
        clock = "".join(f"{_plain(told[letter])}{letter[1]}" for letter in ("TH", "TM", "TS") if letter in told)
        return f"P{whole}T{clock}" if clock else f"P{whole}"


_ISO = {
    "second": ("TS", 1), "minute": ("TM", 1), "quarter-hour": ("TM", 15), "hour": ("TH", 1), "day": ("D", 1), "night": ("D", 1),
    "workday": ("D", 1), "week": ("W", 1), "month": ("M", 1), "quarter": ("M", 3), "year": ("Y", 1), "decade": ("Y", 10),
    "century": ("Y", 100),
}  # fmt: skip


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Item:
    """What a grammar reads at one place of folded text.

    `kind`: clock; length; window (`steps` -1 ends at the reference, 1 begins there); shift (that long before or after it); set
    (what recurs); now; next_day (the day after the one before it).
    """

    start: int
    end: int
    kind: str
    clock: Clock | None = None
    until: Clock | None = None
    """The second time of 四到六点"""
    length: Length | None = None
    steps: int = 0
    weekday: int | None = None
    weak: bool = False
    """A part of the day in one character, which is one only beside a date"""
    until_length: Length | None = None
    """The upper bound of 3年以上7年以下"""
    bound: str = ""
    """at_least or at_most, of a length"""
    two_ways: bool = False
    """Whether the window may lie before or after the reference: خلال ثلاثة أشهر"""
    inclusive: bool = False
    """60日內 holds the whole of the sixtieth day"""


def moved(moment: datetime, pieces: tuple[tuple[Decimal, str], ...], sign: int) -> datetime | None:
    """`moment` moved by that many units, forwards or backwards; half a month is fifteen days. None outside the calendar.

    >>> moved(datetime(2025, 12, 17, 9), ((Decimal("2.5"), "month"),), -1)
    datetime.datetime(2025, 10, 2, 9, 0)
    """
    months, seconds, workdays = Decimal(0), Decimal(0), 0
    for amount, unit in pieces:
        if unit in _MONTHS:
            months += amount * _MONTHS[unit]
        elif unit == "workday":
            workdays += int(amount)
        else:
            seconds += amount * _SECONDS[unit]
    whole = int(months)
    seconds += (months - whole) * 30 * _SECONDS["day"]
    if abs(whole) > 120_000 or seconds > 10**13 or workdays > 10_000:
        return None
    year, month = month_offset(moment.date(), sign * whole)
    day = next((d for back in range(4) if (d := make_date(year, month, moment.day - back)) is not None), None)
    if day is None:
        return None
    try:
        found = datetime.combine(day, moment.time()) + sign * timedelta(seconds=float(seconds))
        while workdays:
            found += timedelta(sign)
            workdays -= found.isoweekday() <= 5
    except OverflowError:
        return None
    return found


def floored(moment: datetime, unit: str) -> datetime:
    """The start of the second, minute, hour, day, week, month, quarter or year that `moment` lies in.

    >>> floored(datetime(2013, 2, 12, 4, 30), "quarter")
    datetime.datetime(2013, 1, 1, 0, 0)
    """
    if unit in ("second", "minute", "hour"):
        minute, second = (0 if unit == "hour" else moment.minute), (moment.second if unit == "second" else 0)
        return moment.replace(minute=minute, second=second, microsecond=0)
    day = moment.date()
    if unit == "week":
        day = shifted(day, -day.weekday()) or day
    elif unit in ("month", "quarter", "year"):
        month = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[unit]
        day = day.replace(month=month, day=1)
    return datetime.combine(day, time())
