"""Times of day, windows, lengths and what recurs, beside and around the dates of a text.

`find_dates` gives what a deal may be dated with. This is the wider reading of the same text, for whoever needs the hour of a
call or the length of a contract: 16日下午3點, مساء أمس, 未來三個月, 兩年半, 每週一. Its dates are those of `extractors.dates`,
and holidays and lunar days wherever they stand. News without a clock in its reference leaves hours from now unresolved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from extractors.calendars import Period, shifted
from extractors.clocks import Clock, Item, Length, floored, moved
from extractors.date_formats import Context
from extractors.dates import Found, Scan, date_grammar
from extractors.normalize import CleanText
from extractors.numerals import stands_alone
from extractors.times_ar import arabic_times
from extractors.times_zh import chinese_times
from models.mention import TimeMention

_SMALL = ("second", "minute", "quarter-hour", "hour")
_DAYS = ("day", "night", "workday")
NEEDS_CLOCK = "no_time_of_reference"


class TimeGrammar(Protocol):
    """What a language gives to the weaving."""

    @property
    def start(self) -> re.Pattern[str]:
        """Where a time may start."""

    @property
    def gap(self) -> re.Pattern[str]:
        """What stands between a date and its time of day, or between the time and its date."""

    @property
    def time_first(self) -> bool:
        """Whether the time of day may stand before its date (مساء أمس)."""

    def read(self, text: str, at: int) -> Item | None:
        """A time at `at`."""

    def second(self, text: str, end: int) -> Item | None:
        """The time of day that ends a range, after a connector at `end`; `start` is that of the connector's end."""

    def joined(self, text: str, end: int, start: int) -> bool:
        """Whether what stands between `end` and `start` joins two times to a range."""

    def part_of(self, told: str) -> tuple[int, int] | None:
        """The part of the day that a date word says: 昨晚."""


@dataclass(frozen=True, slots=True)
class Told:
    """One mention of the weaving, in offsets of the folded text: a date, a time, or a date with its time."""

    start: int
    end: int
    found: Found | None = None
    item: Item | None = None
    clock: Clock | None = None
    clock_at: int | None = None
    until: Clock | None = None
    last: Found | None = None
    """The date of the second time of a range, when it is another"""

    @property
    def day(self) -> date | None:
        """The day, when the date is one."""
        return None if self.found is None else _one_day(self.found.period)


def find_times(
    clean: CleanText, language: str, reference: datetime | date | None, region: str | None = None
) -> list[TimeMention]:
    """Times of a text in its order, not overlapping, with spans of `clean.raw`. `reference` is local to the source.

    >>> from extractors.normalize import normalize
    >>> text = normalize("12月16日下午3點半宣布，未來三個月內完成，為期兩年半")
    >>> [(m.kind, m.value) for m in find_times(text, "zh-Hant", date(2025, 12, 17))]
    [('clock', '2025-12-16T15:30'), ('window', '2025-12-17/P3M'), ('duration', 'P2Y6M')]
    """
    grammar: TimeGrammar = arabic_times() if language.startswith("ar") else chinese_times()
    moment = reference if isinstance(reference, datetime) else None
    day = reference.date() if isinstance(reference, datetime) else reference
    scan = Scan(clean.text, date_grammar(language), Context(day, language, region, wide=True))
    weave = Weave(clean.text, grammar, list(scan.found()))
    layout = Layout(clean, day, moment)
    whole = (told for told in weave.told() if stands_alone(clean, told.start, told.end))
    return [mention for told in whole if (mention := layout.mention(told)) is not None]


@dataclass(frozen=True, slots=True)
class Weave:
    """Dates and times in the order of the text, put together where they are said of one moment."""

    text: str
    grammar: TimeGrammar
    dates: list[Found]

    def told(self) -> Iterator[Told]:
        """Mentions from left to right: dates take their times, then times take the second end of their range."""
        for told in _folded(_folded(self._tokens(), self._together), self._range):
            if told.item is None or not (told.item.weak or told.item.kind == "next_day"):
                yield told

    def _tokens(self) -> Iterator[Told]:
        """Dates and times without overlap: a longer time swallows the dates in it, else the date comes first."""
        at = index = 0
        match = self.grammar.start.search(self.text)
        while match or index < len(self.dates):
            found = self.dates[index] if index < len(self.dates) else None
            if found is not None and found.start < at:
                index += 1
                continue
            if match and match.start() < at:
                match = self.grammar.start.search(self.text, at)
                continue
            if match and (found is None or match.start() <= found.start):
                item = self.grammar.read(self.text, match.start())
                taken = item is not None and (found is None or item.end <= found.start or item.end > found.end)
                if item is not None and taken:
                    yield self._of_item(item)
                    at = item.end
                    continue
                if found is None or match.start() < found.start:
                    match = self.grammar.start.search(self.text, match.start() + 1)
                    continue
            if found is not None:
                yield self._of_date(found)
                at, index = found.end, index + 1

    def _of_item(self, item: Item) -> Told:
        at = item.start if item.clock is not None else None
        return Told(item.start, item.end, item=item, clock=item.clock, clock_at=at, until=item.until)

    def _of_date(self, found: Found) -> Told:
        """昨晚 is a date and a part of the day in one word."""
        part = self.grammar.part_of(self.text[found.start : found.end])
        if part is None or found.part.named or _one_day(found.period) is None:
            return Told(found.start, found.end, found)
        return Told(found.start, found.end, found, clock=Clock(None, part=part), clock_at=found.end - 1)

    def _together(self, first: Told, second: Told) -> Told | None:
        """A date and its time of day, in either order; what recurs and its time of day."""
        if self.grammar.gap.fullmatch(self.text, first.end, second.start) is None:
            return None
        clock = second.item is not None and second.item.kind == "clock"
        if clock and first.day is not None and first.until is None and (first.clock is None or first.clock.hour is None):
            assert second.clock is not None
            part = first.clock.part if first.clock is not None else None
            return replace(
                first, end=second.end, clock=_with_part(second.clock, part), until=_with_part(second.until, part),
                clock_at=second.clock_at if first.clock_at is None else first.clock_at,
            )  # fmt: skip
        if clock and first.item is not None and first.item.kind == "set" and first.clock is None:
            return replace(first, end=second.end, clock=second.clock, clock_at=second.clock_at)
        if clock and first.item is not None and first.item.kind == "next_day" and second.clock is not None:
            return replace(second, start=first.start, clock=replace(second.clock, next_day=True))
        if first.item is not None and first.item.kind == "set" and second.found is not None and second.found.part.named:
            return replace(first, end=second.end, found=second.found)
        if self.grammar.time_first and second.day is not None and second.clock is None and self._is_clock(first):
            return replace(second, start=first.start, clock=first.clock, clock_at=first.start, until=first.until)
        return None

    @staticmethod
    def _is_clock(told: Told) -> bool:
        return told.item is not None and told.item.kind == "clock" and told.found is None

    def _range(self, first: Told, second: Told) -> Told | None:
        """下午5點到6點, 9月21號下午5點~9月22號上午5點; a time without a part of the day shares that of the other."""
        if first.clock is None or second.clock is None or first.until is not None or not (first.found or self._is_clock(first)):
            return None
        if not (second.found or self._is_clock(second)) or not self.grammar.joined(self.text, first.end, second.start):
            return None
        start, end = first.clock, second.clock
        if start.hour is not None and end.hour is not None and second.found is None:
            end = _with_part(end, start.part if start.hour <= end.hour else None) or end
            later = end.part is not None and start.part is None and end.hours > 12
            if later and end.hour is not None and start.hour is not None and start.hour < end.hour < 12:
                start = replace(start, part=end.part)
        return replace(first, end=second.end, clock=start, until=end, last=second.found)


def _folded(told: Iterator[Told], both: Callable[[Told, Told], Told | None]) -> Iterator[Told]:
    """Neighbours put together wherever `both` can."""
    waiting = next(told, None)
    for following in told:
        assert waiting is not None
        joined = both(waiting, following)
        if joined is None:
            yield waiting
        waiting = joined or following
    if waiting is not None:
        yield waiting


def _with_part(clock: Clock | None, part: tuple[int, int] | None) -> Clock | None:
    return clock if clock is None or clock.part is not None or part is None else replace(clock, part=part)


def _one_day(period: Period) -> date | None:
    """The day of a period that is one."""
    if period.start is None or period.end is None or (period.end - period.start).days != 1:
        return None
    return period.start


@dataclass(frozen=True, slots=True)
class Layout:
    """Mentions from what was told: moments on the calendar, and values as ISO 8601 writes them."""

    clean: CleanText
    day: date | None
    moment: datetime | None

    def mention(self, told: Told) -> TimeMention | None:
        """The record of one mention; None when it cannot be placed on the calendar."""
        item = told.item
        if item is not None and item.kind == "set":
            return self._set(told, item)
        if told.clock is not None:
            return self._clock(told, told.clock)
        if told.found is not None:
            return self._date(told, told.found)
        if item is None:
            return None
        if item.kind == "now":
            value = _stamp(self.moment, "second") if self.moment else None
            return self._record(told, "now", value, "second", (self.moment, None), issues=() if value else (NEEDS_CLOCK,))
        if item.length is None:
            return None
        if item.kind == "length":
            return self._length(told, item, item.length)
        return self._window(told, item, item.length) if item.kind == "window" else self._shift(told, item, item.length)

    def _record(
        self, told: Told, kind: str, value: str | None, precision: str, bounds: tuple[datetime | None, datetime | None],
        *, approximate: bool = False, issues: tuple[str, ...] = (),
    ) -> TimeMention:  # fmt: skip
        start, end = self.clean.raw_span(told.start, told.end)
        clock_at = None if told.clock_at is None else self.clean.raw_span(told.clock_at, told.end)[0]
        return TimeMention(start, end, self.clean.raw[start:end], kind, value, precision, *bounds, clock_at, approximate, issues)

    def _date(self, told: Told, found: Found) -> TimeMention:
        period = found.period
        bounds = _midnight(period.start), _midnight(period.end)
        kind = "holiday" if found.part.named else "date"
        return self._record(
            told, kind, period.value or None, period.precision, bounds, approximate=period.approximate, issues=period.issues
        )

    def _clock(self, told: Told, clock: Clock) -> TimeMention | None:
        last = told.until or clock
        issues = found.period.issues if (found := told.found) is not None else ()
        if clock.ambiguous and last.ambiguous:
            issues = (*issues, "ambiguous_half_day")
        approximate = clock.approximate or clock.hour is None
        day = told.day if told.found is not None else self.day
        if day is None:
            value = None if clock.hour is None else f"T{clock.hours % 24:02d}{_minutes(clock)}"
            issues = issues if value else (*issues, "no_date")
            return self._record(told, "clock", value, clock.precision, (None, None), approximate=approximate, issues=issues)
        first = clock.on(day)
        second = last.on(_one_day(told.last.period) or day if told.last is not None else day)
        if first is None or second is None:
            return None
        if told.until is None:
            start, end = first
            value = _stamp(start, clock.precision) if clock.hour is not None else f"{_stamp(start, 'hour')}/{_stamp(end, 'hour')}"
            return self._record(told, "clock", value, clock.precision, (start, end), approximate=approximate, issues=issues)
        start, end = first[0], second[0] if last.hour is not None else second[1]
        if end <= start and told.last is None:
            end += timedelta(1)
        if end <= start:
            return None
        value = f"{_stamp(start, clock.precision)}/{_stamp(end, last.precision)}"
        return self._record(told, "clock", value, last.precision, (start, end), approximate=approximate, issues=issues)

    def _length(self, told: Told, item: Item, length: Length) -> TimeMention:
        value = length.value
        if item.until_length is not None:
            value = f"{value}/{item.until_length.value}"
        elif item.bound:
            value = f"{value}/.." if item.bound == "at_least" else f"../{value}"
        elif length.low is not None:
            value = f"{Length(length.low).value}/{value}"
        return self._record(told, "duration", value, length.unit, (None, None), approximate=length.approximate)

    def _anchor(self, length: Length) -> datetime | None:
        """What the length is counted from: the moment, or the day for whole days."""
        if length.unit in _SMALL:
            return self.moment
        return None if self.day is None else datetime.combine(self.day, time())

    def _window(self, told: Told, item: Item, length: Length) -> TimeMention | None:
        anchor = self._anchor(length)
        precision = "day" if length.unit in _DAYS else length.unit
        if anchor is None:
            return self._record(told, "window", None, precision, (None, None), issues=(NEEDS_CLOCK,))
        other = moved(anchor, length.pieces, item.steps)
        if other is None:
            return None
        if item.inclusive and length.unit in _DAYS:
            other += timedelta(1)
        start, end = (other, anchor) if item.steps < 0 else (anchor, other)
        stamp = _stamp(anchor, "minute" if length.unit in _SMALL else "day")
        value = f"{length.value}/{stamp}" if item.steps < 0 else f"{stamp}/{length.value}"
        approximate = length.approximate or length.unit not in (*_SMALL, *_DAYS)
        issues = ("ambiguous_direction",) if item.two_ways else ()
        return self._record(told, "window", value, precision, (start, end), approximate=approximate, issues=issues)

    def _shift(self, told: Told, item: Item, length: Length) -> TimeMention | None:
        """A moment that long before or after the reference, at the precision of its smallest unit."""
        anchor = self._anchor(length)
        unit = {"quarter-hour": "minute", "night": "day", "workday": "day"}.get(length.unit, length.unit)
        if anchor is None:
            return self._record(
                told, "clock" if length.unit in _SMALL else "date", None, unit, (None, None), issues=(NEEDS_CLOCK,)
            )
        there = moved(anchor, length.pieces, item.steps)
        nearer = there if length.low is None else moved(anchor, length.low, item.steps)
        if there is None or nearer is None:
            return None
        if length.unit in _SMALL:
            end = there + timedelta(seconds=1)
            return self._record(told, "clock", _stamp(there, "second"), unit, (there, end), approximate=length.approximate)
        grain = unit if unit in ("day", "week", "month", "year") else "month"
        half = any(amount % 1 for amount, _ in length.pieces)
        grain = "day" if half and unit == "month" else "month" if half else grain
        start, last = sorted((floored(there, grain), floored(nearer, grain)))
        over = moved(last, ((Decimal(1), grain),), 1)
        if over is None:
            return None
        value = start.date().isoformat()[: {"year": 4, "month": 7}.get(grain, 10)]
        return self._record(told, "date", value, "day" if grain == "week" else grain, (start, over), approximate=True)

    def _set(self, told: Told, item: Item) -> TimeMention:
        every = item.length.value if item.length is not None else "P1D"
        unit = item.length.unit if item.length is not None else "day"
        day = told.found.period.start if told.found is not None else None
        if day is None and self.day is not None and item.weekday:
            day = shifted(self.day, -((self.day.isoweekday() - item.weekday) % 7))
        if told.clock is not None and day is None:
            day = self.day
        if day is None:
            return self._record(told, "set", f"R/{every}", unit, (None, None))
        bounds = told.clock.on(day) if told.clock is not None else (_midnight(day), _midnight(shifted(day, 1)))
        if bounds is None or bounds[0] is None:
            return self._record(told, "set", f"R/{every}", unit, (None, None))
        stamp = _stamp(bounds[0], told.clock.precision if told.clock else "day")
        return self._record(told, "set", f"R/{stamp}/{every}", unit, bounds)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())


def _minutes(clock: Clock) -> str:
    if clock.minute is None:
        return ""
    return f":{clock.minute:02d}" + ("" if clock.second is None else f":{clock.second:02d}")


def _stamp(moment: datetime, precision: str) -> str:
    """ISO 8601 at a precision.

    >>> _stamp(datetime(2025, 12, 16, 15, 30), "minute"), _stamp(datetime(2025, 12, 16, 15), "hour")
    ('2025-12-16T15:30', '2025-12-16T15')
    """
    text = moment.isoformat(timespec="seconds")
    return text[: {"second": 19, "minute": 16, "hour": 13, "part": 13}.get(precision, 10)]
