"""Dates in Arabic news. Rules run on folded text: bare letters (أ is ا, ة is ه, ى is ي), ASCII digits, no harakat."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from corpus.holiday_table import Holiday, holidays
from corpus.language_table import DateWords, languages
from extractors.alternation import alternation
from extractors.calendars import (
    HIJRI_YEARS,
    Part,
    Season,
    day_period,
    make_date,
    month_offset,
    nth_week,
    nth_weekday,
    resolve,
    shifted,
    span,
    week_of,
    year_period,
)
from extractors.date_formats import START as FORMAT_START
from extractors.date_formats import START_CHARACTERS, YEARS, Context, read_format
from extractors.holidays import holiday_beside, holiday_in, nearest_holiday
from extractors.normalize import fold

_ERA = r"(?:[ ]?(?P<era>هجريه?|هـ?(?!\w)|ه\.|م(?!\w)|ميلادي(?:ه|ا)?))?"
_YEAR_DIGITS = rf"(?P<y>(?:1[0-9]|20)\d\d)(?!\d|[.,/:]\d|%|[ ]?%){_ERA}"
_FISCAL = r"(?:[ ](?:ال)?مالي(?:ه)?)?"
_NOT_LETTER = r"(?!\w)"
_NUMBER = r"(?:\d{1,3}(?![\d.,]))"


@dataclass(frozen=True, slots=True)
class ArabicDates:
    """The grammar: `read` one date at a position where `start` matches."""

    start: re.Pattern[str]
    opening: re.Pattern[str]
    """What every date begins with, its clitics left out"""
    words: DateWords
    clitic: re.Pattern[str]
    relative_day: re.Pattern[str]
    weekday: re.Pattern[str]
    month: re.Pattern[str]
    hijri: re.Pattern[str]
    ordinal: re.Pattern[str]
    relation: re.Pattern[str]
    unit: re.Pattern[str]
    this_unit: re.Pattern[str]
    season: re.Pattern[str]
    first_months: re.Pattern[str]
    edge: re.Pattern[str]
    ago: re.Pattern[str]
    future: re.Pattern[str]
    cue: re.Pattern[str]
    counted: re.Pattern[str]
    month_number: re.Pattern[str]
    spelled_year: re.Pattern[str]
    ordinal_month: re.Pattern[str]
    counting: re.Pattern[str]
    counted_first: re.Pattern[str]
    holiday: re.Pattern[str]
    holidays: Mapping[str, Holiday]
    month_before: re.Pattern[str]

    def read(self, text: str, at: int, context: Context, carried: Part | None) -> tuple[Part, int, int] | None:
        """A date at `at` as (part, start, end); the prefixes و ف ب ل ك are left out of it."""
        if carried is not None and (goes_on := _carried_on(text, at, carried)):
            return goes_on
        # وبعد: the و alone, or و and ب; للربع is ل and الربع in one.
        clitic = self.clitic.match(text, at)
        longest = clitic.end() if clitic and not text.startswith("لل", at) else at
        for start in range(longest, at - 1, -1):
            if found := self._point(text, start, context):
                return found[0], start, found[1]
        if (match := _BEFORE.match(text, at)) and (inner := self._point(text, match.end(), context)):
            return inner[0]._replace(before=True), match.start("word"), inner[1]
        return None

    def join(self, text: str, start: int, end: int, /) -> int | None:
        """Where the second date of a range starts when a connector stands at `end`."""
        match = _JOINT.match(text, end)
        if match is None and _BETWEEN.search(text, max(0, start - 12), start):
            match = _AND.match(text, end)
        return None if match is None else match.end()

    def open_number(self, text: str, at: int) -> tuple[int, int] | None:
        """The first number of 13 إلى 15 تموز or 2013-2017 as (number, end)."""
        match = _OPEN_NUMBER.match(text, at)
        return None if match is None else (int(match["n"]), match.end())

    def is_list(self, gap: str) -> bool:
        """2024 و2025: the و belongs to the second year, which `read` sees."""
        return gap == " "

    def tail(self, text: str, end: int) -> tuple[str, int]:
        """``about`` before تقريبا, else nothing."""
        if match := _ABOUT.match(text, end):
            return "about", match.end()
        return "", end

    def to_come(self, text: str, start: int, _end: int, /) -> bool | None:
        """None, a hint, when a word before the date says it is to come: Arabic says المقبل where it is sure."""
        return None if self.future.search(text, max(0, start - 32), start) else False

    # One ordered list of cases: the longer form comes before the shorter that it starts with.
    def _point(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        if self.opening.match(text, at) is None:
            return None
        if text[at].isascii():
            found = read_format(text, at, day_first=True) or self._hijri_numbers(text, at, context)
            return found or self._day_month(text, at, context) or self._year(text, at)
        for reader in (
            self._fiscal, self._holiday,
            self._relative_day, self._ago, self._first_weekday, self._week_day, self._day_month, self._season,
            self._first_months, self._edge, self._unit, self._month,
        ):  # fmt: skip
            found = reader(text, at, context)
            if found is not None:
                return found
        return self._year(text, at)

    def _hijri_numbers(self, text: str, at: int, _context: Context) -> tuple[Part, int] | None:
        """25-6-1447 هـ, 1447/6/25: day, month and year of the Hijri calendar in figures."""
        match = _HIJRI_NUMBERS.match(text, at)
        if match is None:
            return None
        year, month, day = (int(match[key] or match[key + "2"]) for key in ("y", "m", "d"))
        found = year in HIJRI_YEARS and 1 <= month <= 12 and 1 <= day <= 30
        return (Part(year=year, month=month, day=day, hijri=True), match.end()) if found else None

    def _fiscal(self, text: str, at: int, _context: Context) -> tuple[Part, int] | None:
        """العام المالي 2025/2026."""
        match = _FISCAL_YEARS.match(text, at)
        first, last = (int(match["a"]), int(match["b"])) if match else (0, 0)
        low, high = year_period(first), year_period(last)
        whole = span(low, high) if last == first + 1 and low and high else None
        if match is None or whole is None:
            return None
        return Part(settled=whole._replace(approximate=True), issues=("fiscal_year",)), match.end()

    def _holiday(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        """عيد الفطر 2025, اليوم الوطني الماضي, قبل عيد الأضحى: a holiday that a year or a word of time dates."""
        match = self.holiday.match(text, at)
        if match is None:
            return None
        row, end = self.holidays[match["word"]], match.end()
        year = self._year_after(text, end, context)
        if year is not None and not year[1]:
            period = holiday_in(row, context.region, year[0])
            return None if period is None else (Part(settled=period, named=True), year[3])
        told = _BEFORE_HOLIDAY.search(text, max(0, at - 14), at)
        relation = self._relation(text, end)
        if context.reference is None or (not (told or relation) and (row.guarded or not context.wide)):
            return None
        if relation is None:
            period = nearest_holiday(row, context.region, context.reference, forward=False)
            return None if period is None else (Part(settled=period, named=True), end)
        period = holiday_beside(row, context.region, context.reference, relation[0])
        return None if period is None else (Part(settled=period, named=True), relation[3])

    def _relative_day(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = self.relative_day.match(text, at)
        if match is None or context.reference is None:
            return None
        word = match["word"]
        if word == "اليوم" and not self._today(text, match.start("word"), match.end()):
            return None
        day = shifted(context.reference, self.words.days[word])
        if day is None:
            return None
        end = match.end()
        if (weekday := self.weekday.match(text, end + 1)) and text[end] in " ,":
            issues = () if self.words.weekdays[weekday["word"]] == day.isoweekday() else ("weekday_mismatch",)
            return Part(settled=day_period(day), issues=issues), weekday.end()
        return Part(settled=day_period(day)), end

    def _today(self, text: str, start: int, end: int) -> bool:
        """اليوم as a day of news: not the first day of something, not per day (في اليوم)."""
        following = text[end + 1 : end + 12].split(" ", maxsplit=1)[0].rstrip('.,;:)»"')
        if following in self.words.not_before["اليوم"] or self.relation.match(text, end):
            return False
        return not text.endswith(("في ", "ب", "هذا ", "ذلك "), 0, start)

    def _ago(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = self.ago.match(text, at)
        if match is None or context.reference is None or _AFTER_COUNT.match(text, match.end()):
            return None
        unit = self.words.units[match["unit"]]
        number = 2 if unit.endswith("2") else self._count(match["n"])
        unit = unit.rstrip("2")
        if number is None or (match["n"] is None and self._named(text, match.end())):
            return None
        if match["way"] == "منذ" and unit not in ("day", "week"):
            return None  # for three years, as often as three years ago
        found = _moved(context, number if match["way"] == "بعد" else -number, unit, match.end())
        if found is None or match["way"] != "بعد":
            return found
        # Told after another event as often as after the day of the article.
        return found[0]._replace(issues=("relative_to_context",)), found[1]

    def _named(self, text: str, end: int) -> bool:
        """قبل عام 2019, قبل شهر مارس, قبل يوم الخميس: the unit names what follows."""
        return _THEN_NUMBER.match(text, end) is not None or any(
            pattern.match(text, end + 1) for pattern in (self.month, self.hijri, self.weekday)
        )

    def _count(self, said: str | None) -> int | None:
        if said is None:
            return 1
        if said.isdigit():
            return int(said)
        total = 0
        for word in re.split(r"[ ]+و|[ ]+", said):
            number = self.words.numerals.get(word)
            if number is None:
                return None
            total += number
        return total

    def _week_day(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        this = _THIS_BEFORE.match(text, at)
        match = self.weekday.match(text, this.end() if this else at)
        if match is None:
            return None
        number, end = self.words.weekdays[match["word"]], match.end()
        if counted := self._weekday_of_month(number, text, end, context):
            return counted
        if in_week := self._weekday_of_week(number, text, this, end, context):
            return in_week
        if dated := self._dated(number, text, end, context):
            return dated
        if match["word"] == "الاثنين" and not match["day"] and _THE_TWO.search(text, max(0, at - 8), at):
            return None
        relation = self._relation(text, end)
        if relation is None:
            return Part(weekday=number), end
        direction, count, _, end = relation
        if dated := self._dated(number, text, end, context):
            return dated[0]._replace(direction=direction if dated[0].year is None else 0), dated[1]
        return Part(weekday=number, direction=direction * count), end

    def _dated(self, weekday: int, text: str, end: int, context: Context) -> tuple[Part, int] | None:
        """The day and month after a weekday: الثلاثاء (16 ديسمبر), الاثنين الموافق 16 مارس."""
        gap = _AFTER_WEEKDAY.match(text, end)
        if gap is None:
            return None
        dated = self._day_month(text, gap.end(), context) or read_format(text, gap.end(), day_first=True)
        if dated is None and (slashed := _DAY_SLASH_MONTH.match(text, gap.end())):
            dated = Part(month=int(slashed["m"]), day=int(slashed["d"])), slashed.end()
        if dated is None or not dated[0].day:
            return None
        close = dated[1] + ("(" in gap[0] and text.startswith(")", dated[1]))
        return dated[0]._replace(weekday=weekday), close

    def _weekday_of_week(
        self, number: int, text: str, this: re.Match[str] | None, end: int, context: Context
    ) -> tuple[Part, int] | None:
        """الثلاثاء من الأسبوع الماضي, هذا الخميس."""
        reference = context.reference
        if reference is None:
            return None
        week = week_of(reference) if this else None
        if week is None and (of := _OF_WEEK.match(text, end)) and (unit := self._unit(text, of.end(), context)):
            week, end = unit[0].settled, unit[1]
        if week is None or week.start is None or week.precision != "day":
            return None
        day = shifted(week.start, number - 1)
        return None if day is None else (Part(settled=day_period(day)), end)

    def _weekday_of_month(self, number: int, text: str, end: int, context: Context) -> tuple[Part, int] | None:
        """الاثنين الأخير من مارس; the weekday alone would be another day."""
        match = self.counting.match(text, end)
        if match is None:
            return None
        count = -1 if match["n"].startswith("الاخير") else self.words.ordinals[match["n"]]
        return self._counted(number, count, text, match.end(), context)

    def _first_weekday(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        """أول أربعاء من الشهر الماضي, ثالث يوم من شهر 2, أول أسبوع من أكتوبر, اليوم الأخير من شهر."""
        if last := _LAST_DAY.match(text, at):
            return self._counted(8, -1, text, last.end(), context)
        if week := _NTH_WEEK.match(text, at):
            count = -1 if week["n"] == "الاخير" else self.words.ordinals[week["n"]]
            return self._counted(0, count, text, week.end(), context)
        match = self.counted_first.match(text, at)
        if match is None:
            return None
        count = {"اول": 1, "ثاني": 2, "ثالث": 3, "رابع": 4, "اخر": -1}[match["n"]]
        if match["week"]:
            return self._counted(0, count, text, match.end(), context)
        if match["day"]:
            return self._counted(8, count, text, match.end(), context)
        number = self.words.weekdays.get("ال" + match["word"])
        return None if number is None else self._counted(number, count, text, match.end(), context)

    def _counted(self, number: int, count: int, text: str, end: int, context: Context) -> tuple[Part, int] | None:
        """Weekday `number` (0: week, 8: any day) counted in the month that is said at `end`."""
        found = self._month(text, end, context) or self._unit(text, end, context)
        if found is None or found[0].month is None or found[0].day:
            return None
        month = resolve(found[0], context.reference)
        if month is None or month.start is None or month.end is None:
            return None
        if number == 0:
            week = nth_week(month.start.year, month.start.month, count)
            return None if week is None else (Part(settled=week, issues=month.issues), found[1])
        if number == 8:
            day = shifted(month.start, count - 1) if count > 0 else shifted(month.end, count)
        else:
            day = nth_weekday(month.start.year, month.start.month, number, count)
        return None if day is None else (Part(settled=day_period(day), issues=month.issues), found[1])

    def _relation(self, text: str, end: int) -> tuple[int, int, bool, int] | None:
        """(direction, how many, whether from another date, end) of الماضي, الحالي, المقبل, قبل الماضي after a date or unit."""
        match = self.relation.match(text, end)
        if match is None:
            return None
        word = match["word"]
        direction = -1 if word in self.words.past else 1 if word in self.words.next else 0
        return direction, 2 if match["far"] else 1, word in self.words.vague, match.end()

    def _day_month(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        digits = _DAY.match(text, at)
        ordinal = self.ordinal.match(text, at) if digits is None else None
        if digits:
            day, end = int(digits["n"]), digits.end()
        elif ordinal and _DAY_BEFORE.search(text, max(0, at - 16), at):
            day, end = self.words.ordinals[ordinal["word"]], ordinal.end()
        else:
            return None
        if not 1 <= day <= 31:
            return None
        if digits and (this := _THIS_MONTH.match(text, end)) and context.reference is not None:
            return Part(year=context.reference.year, month=context.reference.month, day=day), this.end()
        of = _OF_DAY.match(text, end)
        start = end if of is None else of.end()
        if self.opening.match(text, start) is None:
            return None
        month_word = _MONTH_WORD.match(text, start)
        named = self._month_name(text, month_word.end() if month_word else start)
        if named is not None:
            return self._month_rest(named[0]._replace(day=day), text, named[1], context)
        if counted := self.ordinal_month.match(text, start):
            number = self.words.ordinals[counted["word"]]
            return self._month_rest(Part(month=number, day=day), text, counted.end(), context) if number <= 12 else None
        if month_word and (found := self._month(text, start, context)) and not found[0].day:
            return found[0]._replace(day=day), found[1]
        return self._day_of_month(text, start, day, context)

    def _day_of_month(self, text: str, end: int, day: int, context: Context) -> tuple[Part, int] | None:
        """15 من الشهر الجاري."""
        unit = self._unit(text, end, context)
        if unit is None or unit[0].month is None or unit[0].year is None or unit[0].day:
            return None
        return unit[0]._replace(day=day), unit[1]

    def _month_name(self, text: str, at: int) -> tuple[Part, int, bool] | None:
        """(part, end, whether the name is a word of its own, too) of a month name at `at`, with its second name."""
        match = self.month.match(text, at)
        if match:
            number = self.words.months[match["word"]]
            end = match.end()
            second = _SECOND_NAME.match(text, end)
            other = self.month.match(text, second.end()) if second else None
            if other and self.words.months[other["word"]] == number:
                close = _CLOSE.match(text, other.end())
                return Part(month=number), close.end() if close else other.end(), False
            return Part(month=number), end, match["word"] in self.words.weak
        match = self.hijri.match(text, at)
        if match:
            return Part(month=self.words.hijri_months[match["word"]], hijri=True), match.end(), match["word"] in self.words.weak
        return None

    def _month(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        word = _MONTH_WORD.match(text, at)
        numbered = self.month_number.match(text, word.end()) if word else None
        if numbered and (number := self._count(numbered["n"])) is not None:
            return self._month_rest(Part(month=number), text, numbered.end(), context) if 1 <= number <= 12 else None
        named = self._month_name(text, word.end() if word else at)
        if named is None:
            return None
        part, end, weak = named
        days = _DAYS_AFTER.match(text, end)
        if days and 1 <= int(days["n"]) <= 31:
            return self._month_rest(part._replace(day=int(days["n"])), text, days.end(), context)
        rest, rest_end = self._month_rest(part, text, end, context)
        bare = rest_end == end and not word
        if bare and weak and not self._told(text, at):
            return None
        if bare and part.hijri:
            return None
        return rest, rest_end

    def _told(self, text: str, at: int) -> bool:
        """في مارس: a preposition makes the verb مارس a month; نيسان and آب stay in doubt, but not in يناير ومارس."""
        if text.endswith(" و", 0, at) and self.month_before.search(text, max(0, at - 16), at - 2):
            return True
        return text.startswith("مارس", at) and _PREPOSITION.search(text, max(0, at - 8), at) is not None

    def _month_rest(self, part: Part, text: str, end: int, context: Context) -> tuple[Part, int]:
        """`part` with the year, or the last or next one, that is said after it."""
        relation = self._relation(text, end)
        if relation:
            direction, count, vague, end = relation
            issues = ("ambiguous_year",) if vague else ()
            if direction or part.hijri or context.reference is None:
                return part._replace(direction=direction * count, issues=issues), end
            return part._replace(year=context.reference.year), end
        year = self._year_after(text, end, context)
        if year is None:
            return self._shared_year(part, text, end, context), end
        value, hijri, _, end = year
        return part._replace(year=value, hijri=part.hijri or hijri), end

    def _shared_year(self, part: Part, text: str, end: int, context: Context) -> Part:
        """يناير وفبراير 2023: the first month is of the year that is said with the second."""
        also = _AND_MONTH.match(text, end)
        named = self._month_name(text, also.end()) if also and not part.hijri else None
        year = self._year_after(text, named[1], context) if named else None
        return part._replace(year=year[0]) if year and not year[1] else part

    def _year_after(self, text: str, end: int, context: Context) -> tuple[int, bool, bool, int] | None:
        """(year, whether Hijri, whether fiscal, end) of what follows a month, quarter or half: 2025, من العام الماضي."""
        match = _YEAR_AFTER.match(text, end)
        if match:
            year = int(match["y"])
            hijri = _is_hijri(match["era"], year)
            return None if not hijri and year not in YEARS else (year, hijri, "مالي" in match[0], match.end())
        of = _OF.match(text, end)
        if of is None or context.reference is None:
            return None
        unit = self._unit(text, of.end(), context)
        if unit is None or unit[0].year is None or unit[0].month or unit[0].season or unit[0].hijri:
            return None
        return unit[0].year, False, "fiscal_year" in unit[0].issues, unit[1]

    def _season(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = self.season.match(text, at)
        if match is None:
            return None
        word = match["n"]
        kind = "quarter" if match["kind"] == "ربع" else "half"
        number = (4 if kind == "quarter" else 2) if word.startswith("الاخير") else self.words.ordinals.get(word, 0)
        if not 1 <= number <= (4 if kind == "quarter" else 2):
            return None
        of_month = _OF_MONTH.match(text, match.end())
        if of_month and (month := self._month(text, of_month.end(), context)) and month[0].month and not month[0].day:
            edge = ("first-half", "second-half")[number - 1]
            return (month[0]._replace(edge=edge), month[1]) if kind == "half" and not month[0].hijri else None
        return self._seasonal(Season(kind, number, number), text, match.end(), context)

    def _first_months(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = self.first_months.match(text, at)
        if match is None:
            return None
        said = next(match[key] for key in ("a", "b", "c") if match[key])
        number = self._count(said.removeprefix("ال"))
        if number is None or not 2 <= number <= 11:
            return None
        return self._seasonal(Season("month", 1, number), text, match.end(), context)

    def _seasonal(self, season: Season, text: str, end: int, context: Context) -> tuple[Part, int] | None:
        part = Part(season=season)
        year = self._year_after(text, end, context)
        if year is not None:
            value, hijri, fiscal, end = year
            return None if hijri else (part._replace(year=value, issues=("fiscal_year",) if fiscal else ()), end)
        if (bare := _OF_THE_YEAR.match(text, end)) and context.reference is not None and not self._relation(text, bare.end()):
            return part._replace(year=context.reference.year), bare.end()
        relation = self._relation(text, end)
        if relation and relation[1] == 1:
            return part._replace(direction=relation[0], issues=("ambiguous_year",) if relation[2] else ()), relation[3]
        return part, end

    def _edge(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = self.edge.match(text, at)
        if match is None:
            return None
        edge = self.words.edges[match["word"]]
        inner = match.end()
        found = self._season(text, inner, context) or self._unit(text, inner, context)
        found = found or self._month(text, inner, context) or self._year(text, inner)
        if found is not None and not found[0].day and not found[0].hijri:
            return found[0]._replace(edge=edge), found[1]
        bare = _BARE_UNIT.match(text, match.end())
        reference = context.reference
        if bare is None or reference is None:
            return None
        if bare["u"] in ("عام", "سنه"):
            return Part(year=reference.year, edge=edge), bare.end()
        if bare["u"] == "شهر":
            return Part(year=reference.year, month=reference.month, edge=edge), bare.end()
        week = week_of(reference)
        return None if week is None else (Part(settled=week, edge=edge), bare.end())

    def _unit(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        """العام الماضي, هذا الشهر, الأسبوع المقبل, الربع الحالي."""
        this = self.this_unit.match(text, at)
        match = this or self.unit.match(text, at)
        if match is None or context.reference is None or self._other_word(text, at, match["u"]):
            return None
        fiscal = match["fiscal"] is not None
        end = match.end()
        relation = self._relation(text, end)
        if this is None and relation is None:
            after = _THIS.match(text, end)
            if after is None:
                return None
            end = after.end()
        steps, vague = 0, False
        if relation is not None:
            steps, vague, end = relation[0] * relation[1], relation[2], relation[3]
        if match["u"] in ("عام", "سنه") and (named := _YEAR_BESIDE.match(text, end)) and int(named["y"]) in YEARS:
            return Part(year=int(named["y"]), approximate=fiscal, issues=("fiscal_year",) if fiscal else ()), named.end()
        issues = (*(("fiscal_year",) if fiscal else ()), *(("relative_to_context",) if vague else ()))
        part = _unit_from(context.reference, match["u"], steps)
        if part is None:
            return None
        part = part._replace(issues=issues, approximate=fiscal)
        return self._day_of_week(part, text, end) if match["u"] == "اسبوع" else (part, end)

    def _other_word(self, text: str, at: int, unit: str) -> bool:
        """المدير العام الحالي: the adjective, not the year."""
        if unit != "عام":
            return False
        words = text[max(0, at - 14) : at].rstrip(" ").split(" ")
        return words[-1] in self.words.not_before["العام"]

    def _day_of_week(self, part: Part, text: str, end: int) -> tuple[Part, int]:
        """الأسبوع الماضي يوم الأربعاء."""
        week = part.settled
        match = self.weekday.match(text, end + 1) if text.startswith(" يوم ", end) else None
        if match is None or week is None or week.start is None:
            return part, end
        day = shifted(week.start, self.words.weekdays[match["word"]] - 1)
        return (part, end) if day is None else (part._replace(settled=day_period(day)), match.end())

    def _year(self, text: str, at: int) -> tuple[Part, int] | None:
        if spelled := self.spelled_year.match(text, at):
            words = [word.removeprefix("و").removeprefix("ال") for word in spelled["rest"].split()]
            rest = self._count(" و".join(words)) if words else 0
            return None if rest is None or rest > 99 else (Part(year=2000 + rest), spelled.end())
        if match := _SUMMER.match(text, at):
            first = {"ربيع": 3, "صيف": 6, "خريف": 9}[match["s"]]
            if int(match["y"]) in YEARS:
                return Part(year=int(match["y"]), season=Season("month", first, first + 2), approximate=True), match.end()
        match = _NAMED_YEAR.match(text, at)
        if match is None:
            match = _BARE_YEAR.match(text, at)
            if match is None or not self._is_year(text, at, match):
                return None
        year = int(match["y"])
        hijri = _is_hijri(match["era"], year)
        if not hijri and year not in YEARS:
            return None
        fiscal = "مالي" in match[0]
        return Part(year=year, hijri=hijri, approximate=fiscal, issues=("fiscal_year",) if fiscal else ()), match.end()

    def _is_year(self, text: str, at: int, match: re.Match[str]) -> bool:
        """Whether four digits alone are a year: after في, منذ, ... and not before what is counted."""
        if match["era"]:
            return True
        if self.counted.match(text, match.end()) or not 1900 <= int(match["y"]) <= 2100:
            return False
        return self.cue.search(text, max(0, at - 12), at) is not None


def _carried_on(text: str, at: int, carried: Part) -> tuple[Part, int, int] | None:
    """The second date of تموز 13 إلى 15 and of عامي 2013 و2017: a number that is read as what `carried` ends with."""
    if not text.startswith("و", at) and not _CONNECTED.search(text, max(0, at - 9), at):
        return None
    if carried.day and carried.month and (day := _CLOSING_DAY.match(text, at)):
        return Part(day=int(day["n"])), at, day.end()
    if carried.year and not carried.month and not carried.season and (year := _NEXT_YEAR.match(text, at)):
        return Part(year=int(year["y"]), hijri=carried.hijri), year.start("y"), year.end()
    return None


def _is_hijri(era: str | None, year: int) -> bool:
    return year in HIJRI_YEARS and (era is None or not era.startswith("م"))


_LL = r"(?:ال|لل|ل)"
_BEFORE = re.compile(r"[وف]?(?P<word>قبل)[ ]{1,3}(?:حلول[ ]{1,3})?")
_ABOUT = re.compile(r"[ ]تقريبا")
_JOINT = re.compile(r"[ ]{0,3}(?:-{1,2}|~|[وف]?(?:الي|حتي|لغايه)(?![\w])|/(?=\d{4}))[ ]{0,3}")
_AND = re.compile(r"[ ]{1,3}و[ ]?(?=[\w])")
_BETWEEN = re.compile(r"(?:بين|عامي)[ ](?:عامي[ ]|شهري[ ]|يومي[ ])?$|يومي[ ]$")
_OPEN_NUMBER = re.compile(r"(?P<n>\d{1,4})(?=[ ]?(?:-|الي|حتي|و)[ ]?\d)")
_DAY = re.compile(r"(?:اليوم[ ])?(?P<n>\d{1,2})(?![\d:%]|[.,/]\d)")
_OF_DAY = re.compile(r"[ ]{1,3}(?:من[ ]{1,3})?")
_MONTH_WORD = re.compile(r"شهر[ ]{1,3}")
_DAYS_AFTER = re.compile(r"[ ]{1,3}(?P<n>\d{1,2})(?![\d:%]|[.,/]\d)(?=[ ]?(?:,|-|الي|$|[.;)]|\n|[ ]20\d\d))")
_CONNECTED = re.compile(r"(?:-|~|الي|حتي|لغايه|[ ]و)[ ]{0,3}$")
_CLOSING_DAY = re.compile(r"(?P<n>[12]?\d|3[01])(?=[ ]?(?:,(?!\d)|$|[.;)]|\n|الجاري|المقبل|الماضي))")
_SECOND_NAME = re.compile(r"[ ]?[/\-(][ ]?|[ ]{1,2}")
_CLOSE = re.compile(r"[ ]?\)")
_YEAR_AFTER = re.compile(
    rf"(?:[ ]?,[ ]?|[ ])(?:من[ ]{{1,3}},?[ ]?)?(?:(?:لل|ال|ل)?(?:عام|سنه){_FISCAL}[ ]{{0,3}},?[ ]{{0,3}})?"
    rf"{_YEAR_DIGITS}(?![ ]?(?:مليون|مليار|الف|دولار))"
)
_OF = re.compile(r"[ ]{1,3}(?:من[ ]{1,3}|في[ ]{1,3}|ل(?=لعام|لسنه|هذا|هذه))?")
_NAMED_YEAR = re.compile(rf"{_LL}?(?:عام|سنه){_FISCAL}[ ]{{0,3}},?[ ]{{0,3}}{_YEAR_DIGITS}")
_BARE_YEAR = re.compile(_YEAR_DIGITS)
_BARE_UNIT = re.compile(r"(?:ال|ل)(?P<u>عام|سنه|شهر|اسبوع)(?!\w)")
_THIS = re.compile(r"[ ](?:هذا|هذه|هاي|هاد)(?!\w)")
_LAST_DAY = re.compile(r"اليوم[ ]الاخير[ ]من[ ]")
# The first of March, but not the first half or the first stage of it.
_DAY_BEFORE = re.compile(
    r"(?:^|[\n.,;:(«\"]|(?<!\w)[وف]?(?:في|من|الي|حتي|يوم|الموافق|منذ|تاريخ|بتاريخ|قبل|بعد|بين|لغايه|بحلول|مساء|صباح|ليله|اليوم)|(?<!\w)[وبفل]"
    r"|(?:الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت|الاحد))[ ]{0,3}$"
)
_OF_THE_YEAR = re.compile(r"[ ]من[ ](?:العام|السنه)(?!\w)(?![ ]{0,2},?[ ]{0,2}\d)")
_THIS_MONTH = re.compile(r"[ ](?:من[ ])?(?:الجاري|الحالي)(?!\w)")
_AND_MONTH = re.compile(r"[ ]و(?=\w)")
_SUMMER = re.compile(rf"(?P<s>ربيع|صيف|خريف)[ ](?:عام[ ]|العام[ ])?{_YEAR_DIGITS}")
_NEXT_YEAR = re.compile(rf"و?{_YEAR_DIGITS}")
_NTH_WEEK = re.compile(r"الاسبوع[ ](?P<n>الاول|الثاني|الثالث|الرابع|الاخير)[ ]من[ ]")
_THEN_NUMBER = re.compile(r"[ ,]{1,2}\d")
_OF_MONTH = re.compile(r"[ ]من[ ]")
_YEAR_BESIDE = re.compile(rf"[ ]?(?P<open>\()?,?[ ]?{_YEAR_DIGITS}(?(open)[ ]?\))")
_THIS_BEFORE = re.compile(r"هذا[ ](?=ال)")
_OF_WEEK = re.compile(r"[ ](?:من[ ])?(?=هذا|الاسبوع)")
_DAY_SLASH_MONTH = re.compile(r"(?P<d>[12]?\d|3[01])/(?P<m>1[0-2]|[1-9])(?![\d/])")
_AFTER_WEEKDAY = re.compile(r"[ ]?[,(]?[ ]?(?:الموافق[ ]?(?:ل(?:ـ)?[ ]?)?|في[ ])?")
_BEFORE_HOLIDAY = re.compile(
    r"(?<!\w)[وف]?(?:(?:قبل|بعد|خلال|حتي|منذ|حلول|ايام|اجازه|عطله|يوم|ليله|في|مع|بمناسبه|موسم)[ ]|[بل])$"
)
_HIJRI_NUMBERS = re.compile(
    r"(?<![\d/.-])(?:(?P<d>\d{1,2})(?P<sep>[-/])(?P<m>\d{1,2})(?P=sep)(?P<y>1[34]\d\d)"
    r"|(?P<y2>1[34]\d\d)(?P<sep2>[-/])(?P<m2>\d{1,2})(?P=sep2)(?P<d2>\d{1,2}))(?![\d/-])(?:[ ]?(?:هـ?(?!\w)|ه\.|هجريه?))?"
)
_FISCAL_YEARS = re.compile(rf"{_LL}?(?:عام|سنه)[ ](?:ال)?ماليه?[ ](?P<a>20\d\d)[ ]?[/-][ ]?(?P<b>20\d\d)(?!\d)")
_THE_TWO = re.compile(r"(?:بين|كلا|لهذين|هذين|احد|من)[ ]$")
_AFTER_COUNT = re.compile(r"[ ]من[ ](?!الان)|[ ]علي[ ]|[ ]ونصف|[ ]او[ ]")
_PREPOSITION = re.compile(r"(?:في|منذ|خلال|حتي|بحلول|شهر|من|الي|بين|عن|ل|ب)[ ]?$")


def _unit_from(reference: date, unit: str, steps: int) -> Part | None:
    """The day, week, month, quarter, half or year that lies `steps` after that of `reference`."""
    if unit in ("عام", "سنه"):
        return Part(year=reference.year + steps)
    if unit == "شهر":
        year, month = month_offset(reference, steps)
        return Part(year=year, month=month)
    if unit in ("ربع", "فصل"):
        year, quarter = divmod(reference.year * 4 + (reference.month - 1) // 3 + steps, 4)
        return Part(year=year, season=Season("quarter", quarter + 1, quarter + 1))
    if unit == "نصف":
        year, half = divmod(reference.year * 2 + (reference.month - 1) // 6 + steps, 2)
        return Part(year=year, season=Season("half", half + 1, half + 1))
    if unit == "يوم":
        day = shifted(reference, steps)
        return None if day is None else Part(settled=day_period(day))
    week = week_of(reference, steps)
    return None if week is None else Part(settled=week)


def _moved(context: Context, number: int, unit: str, end: int) -> tuple[Part, int] | None:
    reference = context.reference
    if reference is None or number == 0:
        return None
    if unit == "year":
        return (Part(year=reference.year + number, approximate=True), end) if make_date(reference.year + number, 1, 1) else None
    if unit == "month":
        year, month = month_offset(reference, number)
        return Part(year=year, month=month, approximate=True), end
    if unit == "day":
        day = shifted(reference, number)
        return None if day is None else (Part(settled=day_period(day)), end)
    week = week_of(reference, number)
    return None if week is None else (Part(settled=week._replace(approximate=True)), end)


def _folded(table: DateWords) -> DateWords:
    numbers = ("days", "weekdays", "months", "hijri_months", "ordinals", "numerals", "units", "edges")
    lists = ("past", "present", "next", "vague", "future", "year_cues", "counted", "weak")
    return table.model_copy(update={
        **{name: {fold(word): value for word, value in getattr(table, name).items()} for name in numbers},
        **{name: [fold(word) for word in getattr(table, name)] for name in lists},
        "not_before": {fold(word): [fold(rest) for rest in rests] for word, rests in table.not_before.items()},
    })  # fmt: skip


# What a date may start with beside the words of the table: alone, and with the article or ل before it.
_STARTERS = "قبل منذ بعد يوم هذا هذه هذي هاي هاد شهر اول ثاني ثالث رابع اخر ربيع صيف خريف"
_UNITS = "عام سنه شهر اسبوع ربع نصف يوم فصل اشهر"


@functools.cache
def arabic_dates() -> ArabicDates:
    """The grammar over the table of `corpus/languages/ar.toml`."""
    words = _folded(languages()["ar"].dates)
    days, weekdays, months = alternation(words.days), alternation(words.weekdays), alternation(words.months)
    hijri, ordinals, edges = alternation(words.hijri_months), alternation(words.ordinals), alternation(words.edges)
    relations = alternation([*words.past, *words.present, *words.next])
    numerals, units = alternation(words.numerals), alternation(words.units)
    named = {fold(name): row for row in holidays().values() for name in row.ar}
    feasts = alternation(named)
    count = rf"{_NUMBER}|(?:{numerals})(?:[ ]{{1,3}}و(?:{numerals}))?"
    firsts = [*words.days, *words.weekdays, *words.months, *words.hijri_months, *words.edges, *named]
    single = alternation([*firsts, *words.ordinals, *_STARTERS.split()])
    article = alternation([*_UNITS.split(), *(word.removeprefix("ال") for word in words.numerals)])
    bare_weekdays = alternation(word.removeprefix("ال") for word in words.weekdays)
    fiscal = rf"{_NOT_LETTER}(?P<fiscal>[ ]ال?مالي(?:ه)?{_NOT_LETTER})?"
    opening = rf"(?:{single}|(?:ال|لل|ل)?(?:{article}))"
    letters = "".join({word[0] for word in firsts})
    # One look at the next character spares the alternatives at most places.
    start = (
        rf"(?<!\w)(?=[{START_CHARACTERS}{letters}وفبلكاقمبيهشثرعسنتخص])(?:[وفبلك]{{0,2}}{opening}{_NOT_LETTER}"
        rf"|(?<![.,/:])[وفبلك]?\d{{1,4}}(?!\d)|{FORMAT_START})"
    )
    return ArabicDates(
        start=re.compile(start),
        opening=re.compile(rf"{opening}(?![^\W\d_])|[\dA-Za-z]"),
        words=words,
        clitic=re.compile(r"[وف]?[بلك]?(?=[\w])"),
        relative_day=re.compile(rf"(?:يوم[ ])?(?P<word>{days}){_NOT_LETTER}"),
        weekday=re.compile(rf"(?P<day>يوم[ ])?(?P<word>{weekdays}){_NOT_LETTER}"),
        month=re.compile(rf"(?P<word>{months}){_NOT_LETTER}"),
        hijri=re.compile(rf"(?P<word>{hijri}){_NOT_LETTER}"),
        ordinal=re.compile(rf"(?:اليوم[ ])?(?P<word>{ordinals}){_NOT_LETTER}(?=[ ]من[ ])"),
        relation=re.compile(rf"[ ]{{1,3}}(?P<far>(?:قبل|بعد)[ ]{{1,2}})?(?P<word>{relations}){_NOT_LETTER}"),
        unit=re.compile(rf"{_LL}(?P<u>عام|سنه|شهر|اسبوع|ربع|نصف|فصل|يوم){fiscal}"),
        this_unit=re.compile(rf"(?:هذا|هذه|هاي|هاد|هذي)[ ]ال(?P<u>عام|سنه|شهر|اسبوع|ربع|يوم){fiscal}"),
        season=re.compile(rf"{_LL}(?P<kind>ربع|نصف)[ ]{{1,3}}(?P<n>{ordinals}|الاخير){_NOT_LETTER}"),
        first_months=re.compile(
            rf"(?:(?:ال|لل|ل)?اشهر[ ](?P<a>ال(?:{numerals}))[ ]الاولي|(?P<b>ال(?:{numerals}))[ ](?:ال)?اشهر[ ]الاولي"
            rf"|اول[ ](?P<c>{numerals}|[2-9]|1[01])[ ](?:اشهر|شهور)){_NOT_LETTER}"
        ),
        edge=re.compile(rf"(?P<word>{edges})[ ]{{1,3}}"),
        ago=re.compile(
            rf"(?P<way>قبل|منذ|بعد)[ ]{{1,3}}(?:(?:نحو|حوالي)[ ])?(?:(?P<n>{count})[ ]{{1,3}})?(?P<unit>{units}){_NOT_LETTER}"
        ),
        future=re.compile(rf"(?<!\w)[وف]?(?:{alternation(words.future)})(?!\w)[^.;!?\n]{{0,24}}$"),
        cue=re.compile(rf"(?<!\w)[وف]?(?:{alternation(words.year_cues)})[ ,]{{1,2}}[وبلف]?$"),
        counted=re.compile(rf"[ ](?:{alternation(words.counted)})"),
        month_number=re.compile(rf"(?P<n>\d{{1,2}}(?![\d.,%])|(?:{numerals}){_NOT_LETTER})"),
        spelled_year=re.compile(
            rf"{_LL}?(?:عام|سنه)[ ](?:ال)?(?:الفين|الفان)(?P<rest>(?:[ ]و(?:ال)?(?:{numerals})){{0,2}}){_NOT_LETTER}"
        ),
        ordinal_month=re.compile(rf"الشهر[ ](?P<word>{ordinals}){_NOT_LETTER}"),
        counting=re.compile(rf"[ ](?P<n>{ordinals}|الاخيره?)[ ]من[ ]"),
        counted_first=re.compile(
            rf"(?P<n>اول|ثاني|ثالث|رابع|اخر)[ ](?:(?P<week>اسبوع)|(?P<day>يوم)|(?P<word>{bare_weekdays}))"
            r"[ ](?:من[ ]|في[ ]|ب(?=شهر))[ ]{0,3}"
        ),
        holiday=re.compile(rf"(?P<word>{feasts}){_NOT_LETTER}"),
        holidays=named,
        month_before=re.compile(rf"(?<!\w)(?:{months})$"),
    )
