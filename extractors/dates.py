"""Calendar dates and periods in Chinese and Arabic news, resolved against the day of publication, towards the past.

Times of day, ages and lengths of time (三年內, خلال عامين) are not dates: `extractors.times` reads them. A holiday is one where a
year or a word of time dates it (今年春節, قبل عيد الفطر). A date that needs a reference is left out when there is none. `value`
keeps the unit that is said (12月初 is 2025-12, and narrower only in its days). A bound is open on one side: 2030年前 is ../2030
and ends where 2030 starts, 自2019年以來 is 2019/... What may be meant in two ways says so in `DateMention.issues`:

- ``ambiguous_year``, ``ambiguous_month``, ``ambiguous_week``: the past reading is given, and the coming one is nearer;
- ``ambiguous_day_month``: 03/04/2025, no value;
- ``ambiguous_length``: 3月前 is before March or three months ago;
- ``fiscal_year``: the months of the fiscal year are the usual ones, not known to be those of the issuer;
- ``weekday_mismatch``, ``day_mismatch``: the text contradicts the calendar or the day of publication;
- ``no_such_day``: 30 February, no value;
- ``empty_range``: the end lies before the start, no value;
- ``relative_to_context``: العام السابق and 三年後 may count from another date of the text than that of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple, Protocol

import dateparser

from extractors.calendars import Part, Period, before, make_date, resolve, since, span
from extractors.date_formats import Context, read_format
from extractors.dates_ar import arabic_dates
from extractors.dates_zh import chinese_dates
from extractors.normalize import CleanText, normalize
from extractors.numerals import stands_alone
from models.mention import DateMention

_LIST_GAP = 4
_TATWEEL = "\u0640"


class Grammar(Protocol):
    """What a language gives to the scan."""

    @property
    def start(self) -> re.Pattern[str]:
        """Where a date may start."""

    def read(self, text: str, at: int, context: Context, carried: Part | None) -> tuple[Part, int, int] | None:
        """A date at `at` as (part, start, end)."""

    def join(self, text: str, start: int, end: int, /) -> int | None:
        """Where the second date of a range starts."""

    def open_number(self, text: str, at: int) -> tuple[int, int] | None:
        """The unit-less first number of a range, and its end."""

    def is_list(self, gap: str) -> bool:
        """Whether `gap` stands between the dates of a list."""

    def tail(self, text: str, end: int) -> tuple[str, int]:
        """(about, before, since or nothing; its end) after a date."""

    def to_come(self, text: str, start: int, end: int, /) -> bool | None:
        """Whether the text says that the date is to come; None is a hint that only settles a doubt."""


class Found(NamedTuple):
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
    scan = Scan(clean.text, date_grammar(language), Context(reference, language, region))
    return [_mention(clean, found) for found in scan.found() if stands_alone(clean, found.start, found.end)]


def date_grammar(language: str) -> Grammar:
    """The grammar of zh-Hant, zh-Hans or ar."""
    return arabic_dates() if language.startswith("ar") else chinese_dates()


def _mention(clean: CleanText, found: Found) -> DateMention:
    start, end = clean.raw_span(found.start, found.end)
    while end < len(clean.raw) and clean.raw[end] == _TATWEEL:
        end += 1  # dropped from the folded text, but part of هـ
    told = found.period
    return DateMention(
        start=start, end=end, text=clean.raw[start:end], value=told.value or None, precision=told.precision,
        start_date=told.start, end_date=told.end, approximate=told.approximate, issues=told.issues,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over a folded text: the grammar reads points in time, the scan joins them to ranges, bounds and lists."""

    text: str
    grammar: Grammar
    context: Context

    def found(self) -> Iterator[Found]:
        """Dates from left to right."""
        at, previous = 0, None
        while match := self.grammar.start.search(self.text, at):
            found = self._read(match.start(), previous)
            if found is None:
                at = match.start() + 1
                continue
            yield found
            at, previous = found.end, found

    def _read(self, at: int, previous: Found | None) -> Found | None:
        """The date or range at `at`."""
        near = previous is not None and at - previous.end <= _LIST_GAP
        carried = previous.part if previous is not None and near and self.grammar.is_list(self.text[previous.end : at]) else None
        first = self.grammar.read(self.text, at, self.context, carried)
        if first is None:
            return self._open_range(at, carried)
        part, start, end = first
        joined = self.grammar.join(self.text, start, end)
        second = None if joined is None else self.grammar.read(self.text, joined, self.context, part)
        whole = None if second is None else self._range(part, second[0], start, second[2])
        return whole or self._one(part, start, end)

    def _one(self, part: Part, start: int, end: int) -> Found | None:
        tail, tail_end = self.grammar.tail(self.text, end)
        if "\n" in self.text[start:end]:
            return None
        period = self._resolved(part, start, tail_end)
        if period is None:
            impossible = part.day is not None and part.month is not None and not part.hijri and self.context.reference is not None
            return Found(start, end, Period(None, None, "", "day", issues=("no_such_day",)), part) if impossible else None
        if period.start is None and not period.value:
            return Found(start, end, period, part)
        if tail == "before" or part.before:
            return Found(start, tail_end, before(self._deadline(part, period), edge=part.edge is not None), part)
        if tail == "about":
            return Found(start, tail_end, period._replace(approximate=True), part)
        if tail == "since":
            return Found(start, tail_end, since(period), part)
        return Found(start, end, period, _known(part, period))

    def _resolved(self, part: Part, start: int, end: int) -> Period | None:
        """Towards the past; forwards where the text says that the date is to come."""
        to_come = self.grammar.to_come(self.text, start, end)
        period = resolve(part, self.context.reference, forward=to_come is True)
        if to_come is None and period is not None and any(issue.startswith("ambiguous_") for issue in period.issues):
            return resolve(part, self.context.reference, forward=True)
        return period

    def _deadline(self, part: Part, period: Period) -> Period:
        """What is to be done before a date lies ahead of it: in doubt, the coming one."""
        if any(issue.startswith("ambiguous_") for issue in period.issues):
            return resolve(part, self.context.reference, forward=True) or period
        return period

    def _open_range(self, at: int, carried: Part | None) -> Found | None:
        """5至7月, 2020至2025年: the first number has the unit of the second."""
        number = self.grammar.open_number(self.text, at)
        joined = None if number is None else self.grammar.join(self.text, at, number[1])
        if number is None or joined is None or read_format(self.text, joined):
            return None
        second = self.grammar.read(self.text, joined, self.context, carried)
        first = None if second is None else _same_unit(second[0], number[0])
        return None if second is None or first is None else self._range(first, second[0], at, second[2])

    def _range(self, first: Part, second: Part, start: int, end: int) -> Found | None:
        """From `first` to `second`; what the second does not say is the next one after the first."""
        if "\n" in self.text[start:end] or not (_has_value(first) and _has_value(second)):
            return None
        if first.year is None and second.year is not None and first.settled is None:
            first = _year_of_end(first, second)
        low = self._resolved(first, start, end)
        if low is None or low.start is None:
            return None
        if second.complete or second.direction:
            high = resolve(second, self.context.reference)
        else:
            high = resolve(second, low.start, forward=True)
        if high is None or high.end is None:
            return None
        whole = span(low, high) or (span(high, low) if _only_years(first, second) else None)
        if whole is None:
            whole = Period(None, None, "", low.precision, issues=("empty_range",))
        return Found(start, end, _settled_doubt(whole, self.context.reference), second)


def _known(part: Part, period: Period) -> Part:
    """`part` with the year and month that it was resolved to, for a list to share."""
    if period.start is None or part.settled is not None:
        return part
    if part.day:
        return part._replace(year=period.start.year, month=period.start.month, issues=period.issues, hijri=False)
    return part._replace(year=period.start.year, issues=period.issues) if part.month and not part.hijri else part


def _same_unit(part: Part, number: int) -> Part | None:
    """`number` as another year, month or day beside `part`."""
    if part.settled or part.season:
        return None
    if part.day:
        return part._replace(day=number, weekday=None) if 1 <= number <= 31 and part.month else None
    if part.month:
        return part._replace(month=number, edge=None) if 1 <= number <= 12 else None
    return part._replace(year=number, edge=None) if part.year and 1000 <= number <= part.year else None


def _settled_doubt(period: Period, reference: date | None) -> Period:
    """1月至11月 told in December is past without a doubt: the year is in doubt when the range a year later is nearer."""
    if reference is None or "ambiguous_year" not in period.issues or period.start is None or period.end is None:
        return period
    ago, ahead = (reference - period.end).days, (period.start - reference).days + 365
    if ago > 60 and ago >= ahead:
        return period
    return period._replace(issues=tuple(issue for issue in period.issues if issue != "ambiguous_year"))


def _only_years(first: Part, second: Part) -> bool:
    """2013-2011 of right-to-left text is the same years in the order they were typed."""
    return all(part.year and not (part.month or part.season or part.hijri) for part in (first, second))


def _year_of_end(first: Part, second: Part) -> Part:
    """12月至2026年2月 starts in 2025, 1月至2026年2月 in 2026."""
    year = second.year or 0
    if first.month and second.month and first.month > second.month:
        year -= 1
    return first._replace(year=year)


def _has_value(part: Part) -> bool:
    """Whether `part` can be an end of a range: 03/04/2025 without a value can not."""
    return part.settled is None or part.settled.start is not None


# A date in full with at most a time of day, a zone and a weekday: 12 digits of a telephone number are none.
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?P<second>:\d{2})?")
_SETTINGS = {"PARSERS": ["absolute-time"], "STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"}


def parse_published(text: str, languages: Sequence[str]) -> tuple[datetime | date, str] | None:
    """A complete metadata string, such as the date line of a page, as (value, precision); None when not certain.

    Precision is ``second``, ``minute`` or ``day``; a time without a zone stays naive. `languages` are those of the page (zh-Hant,
    zh-Hans, ar, en). What could be read in two ways (03/04/2025) or only beside a clock (three hours ago) is None.

    >>> parse_published("2025-12-16T09:30:00+08:00", ["zh-Hant"])[0].isoformat()
    '2025-12-16T09:30:00+08:00'
    >>> parse_published("الثلاثاء 16 ديسمبر 2025", ["ar"])
    (datetime.date(2025, 12, 16), 'day')
    """
    text = " ".join(text.split())
    if not text or len(text) > 100:
        return None
    return _machine_date(text) or _written_date(text, languages)


def _machine_date(text: str) -> tuple[datetime | date, str] | None:
    """ISO 8601 and the date of mail and feeds (RFC 2822)."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = make_date(*map(int, text.split("-")))
        return None if day is None else (day, "day")
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = parse(text)
        except (ValueError, TypeError, OverflowError):
            continue
        if not _CLOCK.search(text):
            # 20251216 and 2025-W51-2 name a day, 20251216T09 an hour
            return (found.date(), "day") if not found.time() and "T" not in text else None
        return found, _clock_precision(text)
    return None


def _clock_precision(text: str) -> str:
    match = _CLOCK.search(text)
    return "second" if match and match["second"] else "minute"


def _written_date(text: str, languages: Sequence[str]) -> tuple[datetime | date, str] | None:
    """A date in words or a local order: read by the grammar and by dateparser, certain when they do not disagree."""
    clean = normalize(text)
    ours = [
        mention
        for language in languages or ("zh-Hans",)
        for mention in find_dates(clean, language, None)
        if mention.precision == "day" and "/" not in (mention.value or "")
    ]
    if any(mention.value is None for mention in ours) or len({mention.value for mention in ours}) > 1:
        return None
    if not ours and not _YEAR.search(clean.text):
        return None
    codes = sorted({code for language in languages for code in _CODES.get(language, (language.split("-")[0],))})
    try:
        peer = dateparser.parse(clean.text, languages=codes or None, settings=_SETTINGS) if codes else None
    except (ValueError, OverflowError, RecursionError):
        peer = None
    day = ours[0].start_date if ours else None
    if peer is None:
        alone = day is not None and len(_letters(clean.raw)) - len(_letters(ours[0].text)) <= 4 and not _CLOCK.search(clean.text)
        return (day, "day") if alone and day is not None else None
    if day is not None and day != peer.date():
        return None
    return (peer, _clock_precision(clean.text)) if _CLOCK.search(clean.text) else (peer.date(), "day")


_CODES = {"zh-Hant": ("zh", "zh-Hant"), "zh-Hans": ("zh", "zh-Hans"), "zh": ("zh", "zh-Hans", "zh-Hant")}


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
