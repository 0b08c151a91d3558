"""Calendar dates and periods in Chinese and Arabic news, resolved against the day of publication, towards the past.

Times of day, holidays, ages and lengths of time (三年內, خلال عامين) are not dates and are left out, and so is every date that
needs a reference when there is none. What may be meant in two ways says so in `DateMention.issues`:

- ``ambiguous_year``, ``ambiguous_month``, ``ambiguous_week``: the past reading is given, and the coming one is nearer;
- ``ambiguous_day_month``: 03/04/2025, no value;
- ``fiscal_year``: the months of the fiscal year are the usual ones, not known to be those of the issuer;
- ``weekday_mismatch``, ``day_mismatch``: the text contradicts the calendar or the day of publication;
- ``no_such_day``: 30 February, no value;
- ``empty_range``: the end lies before the start, no value;
- ``relative_to_context``: العام السابق may count from another year of the text than that of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

import dateparser

from extractors.calendars import Part, Period, before, day_period, resolve, since, span
from extractors.date_formats import Context
from extractors.dates_ar import arabic_dates
from extractors.dates_zh import chinese_dates
from extractors.normalize import CleanText, normalize
from models.mention import DateMention


class Grammar(Protocol):
    """What a language gives to the scan."""

    @property
    def start(self) -> re.Pattern[str]:
        """Where a date may start."""

    def read(self, text: str, at: int, context: Context, carried: Part | None) -> tuple[Part, int, int] | None:
        """A date at `at` as (part, start, end)."""

    def join(self, text: str, start: int, end: int) -> int | None:
        """Where the second date of a range starts."""

    def open_number(self, text: str, at: int) -> tuple[int, int] | None:
        """The unit-less first number of a range, and its end."""

    def is_list(self, gap: str) -> bool:
        """Whether `gap` stands between the dates of a list."""

    def tail(self, text: str, end: int) -> tuple[str, int]:
        """(about, before, since or nothing; its end) after a date."""

    def to_come(self, text: str, start: int, end: int) -> bool:
        """Whether the text says that the date is to come."""


@dataclass(frozen=True, slots=True)
class Found:
    """One date of the scan, in offsets of the folded text. `part` is what a list after it may share."""

    start: int
    end: int
    period: Period
    part: Part


def find_dates(clean: CleanText, language: str, reference: date | None, region: str | None = None) -> list[DateMention]:
    """Dates of a text in its order, not overlapping, with spans of `clean.raw`.

    `language` is zh-Hant, zh-Hans or ar, `reference` the day of publication in the zone of the source, `region` its country (TW
    counts years of the Republic). No date reaches over a line break.

    >>> [m.value for m in find_dates(normalize("OpenAI于10月28日宣布，2030年前投入"), "zh-Hans", date(2025, 12, 17))]
    ['2025-10-28', '../2030']
    """
    grammar: Grammar = arabic_dates() if language.startswith("ar") else chinese_dates()
    context = Context(reference, language, region)
    return [_mention(clean, found) for found in _scan(clean.text, grammar, context)]


def _mention(clean: CleanText, found: Found) -> DateMention:
    start, end = clean.raw_span(found.start, found.end)
    period = found.period
    return DateMention(
        start, end, clean.raw[start:end], period.value or None, period.precision, period.start, period.end, period.approximate, period.issues
    )


def _scan(text: str, grammar: Grammar, context: Context) -> Iterator[Found]:
    at, previous = 0, None
    while match := grammar.start.search(text, at):
        found = _read(text, match.start(), grammar, context, previous)
        if found is None:
            at = match.start() + 1
            continue
        yield found
        at, previous = found.end, found


def _read(text: str, at: int, grammar: Grammar, context: Context, previous: Found | None) -> Found | None:
    """The date or range at `at`."""
    carried = previous.part if previous is not None and grammar.is_list(text[previous.end : at]) else None
    first = grammar.read(text, at, context, carried)
    if first is None:
        return _open_range(text, at, grammar, context, carried)
    part, start, end = first
    joined = grammar.join(text, start, end)
    if joined is not None and (found := _range(text, part, start, joined, grammar, context)) is not None:
        return found
    return _one(text, part, start, end, grammar, context)


def _one(text: str, part: Part, start: int, end: int, grammar: Grammar, context: Context) -> Found | None:
    tail, tail_end = grammar.tail(text, end)
    period = resolve(part, context.reference, forward=grammar.to_come(text, start, end))
    if "\n" in text[start:end]:
        return None
    if period is None:
        impossible = part.day is not None and part.month is not None and not part.hijri and context.reference is not None
        return Found(start, end, Period(None, None, "", "day", issues=("no_such_day",)), part) if impossible else None
    if period.start is None and not period.value:
        return Found(start, end, period, part)
    if tail == "about":
        return Found(start, tail_end, replace(period, approximate=True), part)
    if tail == "before" or part.before:
        return Found(start, tail_end, before(_deadline(part, period, context), edge=part.edge is not None), part)
    if tail == "since":
        return Found(start, tail_end, since(period), part)
    return Found(start, end, period, _known(part, period))


def _known(part: Part, period: Period) -> Part:
    """`part` with the year and month that it was resolved to, for a list to share."""
    if period.start is None or part.settled is not None:
        return part
    if part.day:
        return replace(part, year=period.start.year, month=period.start.month, issues=period.issues, hijri=False)
    return replace(part, year=period.start.year, issues=period.issues) if part.month and not part.hijri else part


def _deadline(part: Part, period: Period, context: Context) -> Period:
    """What is to be done before a date lies ahead of it: in doubt, the coming one."""
    if any(issue.startswith("ambiguous") for issue in period.issues):
        return resolve(part, context.reference, forward=True) or period
    return period


def _open_range(text: str, at: int, grammar: Grammar, context: Context, carried: Part | None) -> Found | None:
    """5至7月, 2020至2025年: the first number has the unit of the second."""
    number = grammar.open_number(text, at)
    if number is None:
        return None
    joined = grammar.join(text, at, number[1])
    second = None if joined is None else grammar.read(text, joined, context, carried)
    if second is None:
        return None
    part, _, end = second
    first = _same_unit(part, number[0])
    return None if first is None else _spanned(text, first, part, at, end, grammar, context)


def _same_unit(part: Part, number: int) -> Part | None:
    """`number` as another year, month or day beside `part`."""
    if part.settled or part.season:
        return None
    if part.day:
        return replace(part, day=number, weekday=None) if 1 <= number <= 31 and part.month else None
    if part.month:
        return replace(part, month=number, edge=None) if 1 <= number <= 12 else None
    return replace(part, year=number, edge=None) if part.year and 1000 <= number <= part.year else None


def _range(text: str, first: Part, start: int, joined: int, grammar: Grammar, context: Context) -> Found | None:
    second = grammar.read(text, joined, context, first)
    if second is None:
        return None
    part, _, end = second
    return _spanned(text, first, part, start, end, grammar, context)


def _spanned(text: str, first: Part, second: Part, start: int, end: int, grammar: Grammar, context: Context) -> Found | None:
    """From `first` to `second`: each takes from the other what it does not say itself."""
    if "\n" in text[start:end] or _rank(first) is None or _rank(second) is None:
        return None
    forward = grammar.to_come(text, start, end)
    if first.year is None and second.year is not None and first.settled is None:
        first = _year_of_end(first, second)
    if second.settled is None and second.month is None and second.day and first.month:
        second = replace(second, month=first.month, year=first.year)
    low = resolve(first, context.reference, forward=forward)
    if low is None or low.start is None:
        return None
    if second.complete:
        high = resolve(second, context.reference)
    else:
        high = resolve(replace(second, direction=0), low.start, forward=True) if not second.year else None
        if first.year is not None and second.month and not second.day:
            high = resolve(replace(second, year=first.year), context.reference)
    if high is None or high.end is None:
        return None
    whole = span(low, high)
    if whole is None:
        return Found(start, end, Period(None, None, "", low.precision, issues=("empty_range",)), second)
    return Found(start, end, whole, second)


def _year_of_end(first: Part, second: Part) -> Part:
    """12月至2026年2月 starts in 2025, 1月至2026年2月 in 2026."""
    year = second.year or 0
    if first.month and second.month and first.month > second.month:
        year -= 1
    return replace(first, year=year)


def _rank(part: Part) -> int | None:
    """What may be an end of a range: not a date without a value."""
    return None if part.settled is not None and part.settled.start is None else 1


# Complete, unmistakable: nothing of these is guessed by dateparser.
_COMPLETE = re.compile(r"(?=.*(?:19|20)\d\d)(?=.*\d{1,2}.*\d)|^\d{10}$|^\d{13}$")


def parse_published(text: str, languages: Sequence[str]) -> tuple[datetime | date, str] | None:
    """A complete metadata string (published: …) as (value, precision); None when not certain.

    Precision is ``second``, ``minute`` or ``day``; a time without a zone stays naive.

    >>> parse_published("2025-12-16", ["zh"])
    (datetime.date(2025, 12, 16), 'day')
    """
    raise NotImplementedError
