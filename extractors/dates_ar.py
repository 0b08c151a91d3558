"""Dates in Arabic news. Rules run on folded text: bare letters (أ is ا, ة is ه, ى is ي), ASCII digits, no harakat."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from corpus.language_table import DateWords, languages
from extractors.calendars import HIJRI_YEARS, Part, Season, day_period, make_date, month_offset, shifted, week_of
from extractors.date_formats import START as FORMAT_START
from extractors.date_formats import YEARS, Context, read_format
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

    def read(self, text: str, at: int, context: Context, carried: Part | None) -> tuple[Part, int, int] | None:
        """A date at `at` as (part, start, end); the prefixes و ف ب ل ك are left out of it."""
        clitic = self.clitic.match(text, at)
        start = clitic.end() if clitic else at
        found = self._point(text, start, context)
        if found is None and start > at:
            start, found = at, self._point(text, at, context)
        if found is None and (match := _BEFORE.match(text, at)):
            inner = self._point(text, match.end(), context)
            return None if inner is None else (replace(inner[0], before=True), at, inner[1])
        return None if found is None else (found[0], start, found[1])

    def join(self, text: str, start: int, end: int) -> int | None:
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
        """Arabic names the month with the last day of a list, so nothing is carried on."""
        return False

    def tail(self, text: str, end: int) -> tuple[str, int]:
        """``about`` before تقريبا, else nothing."""
        if match := _ABOUT.match(text, end):
            return "about", match.end()
        return "", end

    def to_come(self, text: str, start: int, end: int) -> bool:
        """Whether the words before a date say it is to come."""
        return self.future.search(text, max(0, start - 24), start) is not None

    # One ordered list of cases: the longer form comes before the shorter that it starts with.
    def _point(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        for reader in (
            read_format_at, self._relative_day, self._ago, self._week_day, self._day_month, self._season, self._first_months,
            self._edge, self._unit, self._month, self._year,
        ):  # fmt: skip
            found = reader(text, at, context)
            if found is not None:
                return found
        return None

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
        following = text[end + 1 : end + 12].split(" ")[0].rstrip(".,;:)»\"")
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
        if number is None or (match["n"] is None and unit in ("year", "month", "day") and self._named(text, match.end(), context)):
            return None
        if match["way"] == "منذ" and unit not in ("day", "week"):
            return None  # for three years, as often as three years ago
        return _moved(context, -number if match["way"] != "بعد" else number, unit, match.end())

    def _named(self, text: str, end: int, context: Context) -> bool:
        """قبل عام 2019, قبل شهر مارس, قبل يوم الخميس: the unit names what follows."""
        return re.compile(r"[ ,]{1,2}\d").match(text, end) is not None or any(
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
        match = self.weekday.match(text, at)
        if match is None:
            return None
        number, end = self.words.weekdays[match["word"]], match.end()
        gap = _AFTER_WEEKDAY.match(text, end)
        dated = self._day_month(text, gap.end(), context) if gap else None
        if dated is None and gap:
            dated = read_format(text, gap.end())
        if dated is not None and dated[0].day:
            return replace(dated[0], weekday=number), dated[1]
        if match["word"] == "الاثنين" and not match["day"] and _THE_TWO.search(text, max(0, at - 8), at):
            return None
        relation = self._relation(text, end)
        if relation is None:
            return Part(weekday=number), end
        direction, count, _, end = relation
        if not direction:
            return Part(weekday=number), end
        if count == 1:
            return Part(weekday=number, direction=direction), end
        return None

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
        ordinal = self.ordinal.match(text, at)
        if digits:
            day, end = int(digits["n"]), digits.end()
        elif ordinal:
            day, end = self.words.ordinals[ordinal["word"]], ordinal.end()
        else:
            return None
        if not 1 <= day <= 31:
            return None
        end = _OF_MONTH.match(text, end).end()  # type: ignore[union-attr]  # matches the empty string, too
        named = self._month_name(text, end, context)
        if named is None:
            return self._day_of_month(text, end, day, context)
        part, end, _ = named
        return self._month_rest(replace(part, day=day), text, end, context)

    def _day_of_month(self, text: str, end: int, day: int, context: Context) -> tuple[Part, int] | None:
        """15 من الشهر الجاري."""
        unit = self._unit(text, end, context)
        if unit is None or unit[0].month is None or unit[0].year is None or unit[0].day:
            return None
        return replace(unit[0], day=day), unit[1]

    def _month_name(self, text: str, at: int, context: Context) -> tuple[Part, int, bool] | None:
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
        numbered = _MONTH_NUMBER.match(text, word.end()) if word else None
        if numbered:
            number = int(numbered["n"])
            return self._month_rest(Part(month=number), text, numbered.end(), context) if 1 <= number <= 12 else None
        named = self._month_name(text, word.end() if word else at, context)
        if named is None:
            return None
        part, end, weak = named
        days = _DAYS_AFTER.match(text, end)
        if days and 1 <= int(days["n"]) <= 31:
            return self._month_rest(replace(part, day=int(days["n"])), text, days.end(), context)
        rest, rest_end = self._month_rest(part, text, end, context)
        if (weak or (part.hijri and rest.year is None and not rest.direction)) and rest_end == end and not word and not self._told(text, at, named):
            return None
        if part.hijri and rest_end == end and not word:
            return None
        return rest, rest_end

    def _told(self, text: str, at: int, named: tuple[Part, int, bool]) -> bool:
        """في مارس: a preposition makes the verb مارس a month; نيسان and آب stay in doubt."""
        return text.startswith("مارس", at) and _PREPOSITION.search(text, max(0, at - 8), at) is not None

    def _month_rest(self, part: Part, text: str, end: int, context: Context) -> tuple[Part, int]:
        """`part` with the year, or the last or next one, that is said after it."""
        relation = self._relation(text, end)
        if relation and relation[1] == 1:
            direction, _, vague, end = relation
            issues = ("ambiguous_year",) if vague else ()
            return replace(part, direction=direction, issues=issues), end
        year = self._year_after(text, end, context)
        if year is None:
            return part, end
        value, hijri, fiscal, end = year
        return replace(part, year=value, hijri=part.hijri or hijri), end

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
            return (None if hijri else (replace(part, year=value, issues=("fiscal_year",) if fiscal else ()), end))
        relation = self._relation(text, end)
        if relation and relation[1] == 1:
            return replace(part, direction=relation[0], issues=("ambiguous_year",) if relation[2] else ()), relation[3]
        return part, end

    def _edge(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = self.edge.match(text, at)
        if match is None:
            return None
        edge = self.words.edges[match["word"]]
        for reader in (self._season, self._unit, self._month, self._year):
            found = reader(text, match.end(), context)
            if found is not None and not found[0].day and not found[0].hijri:
                return replace(found[0], edge=edge), found[1]
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
        return self._unit_part(match["u"], steps, fiscal, vague, end, context)

    def _other_word(self, text: str, at: int, unit: str) -> bool:
        """المدير العام الحالي: the adjective, not the year."""
        if unit != "عام":
            return False
        words = text[max(0, at - 14) : at].rstrip(" ").split(" ")
        return words[-1] in self.words.not_before["العام"]

    def _unit_part(self, unit: str, steps: int, fiscal: bool, vague: bool, end: int, context: Context) -> tuple[Part, int] | None:
        reference = context.reference
        if reference is None:
            return None
        issues = (*(("fiscal_year",) if fiscal else ()), *(("relative_to_context",) if vague else ()))
        if unit in ("عام", "سنه"):
            return Part(year=reference.year + steps, issues=issues, approximate=fiscal), end
        if unit == "شهر":
            year, month = month_offset(reference, steps)
            return Part(year=year, month=month, issues=issues), end
        if unit in ("ربع", "فصل"):
            year, quarter = divmod(reference.year * 4 + (reference.month - 1) // 3 + steps, 4)
            return Part(year=year, season=Season("quarter", quarter + 1, quarter + 1), issues=issues), end
        if unit == "نصف":
            year, half = divmod(reference.year * 2 + (reference.month - 1) // 6 + steps, 2)
            return Part(year=year, season=Season("half", half + 1, half + 1), issues=issues), end
        if unit == "يوم":
            day = shifted(reference, steps)
            return None if day is None else (Part(settled=day_period(day), issues=issues), end)
        week = week_of(reference, steps)
        return None if week is None else (Part(settled=week, issues=issues), end)

    def _year(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
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


def read_format_at(text: str, at: int, context: Context) -> tuple[Part, int] | None:
    """A format that is the same in every language."""
    return read_format(text, at)


def _is_hijri(era: str | None, year: int) -> bool:
    return year in HIJRI_YEARS and (era is None or not era.startswith("م"))


_LL = r"(?:ال|ل)"
_BEFORE = re.compile(r"[وف]?قبل[ ]+(?:حلول[ ]+)?")
_ABOUT = re.compile(r"[ ]تقريبا")
_JOINT = re.compile(r"[ ]*(?:-{1,2}|~|[وف]?(?:الي|حتي|لغايه)(?![\w])|/(?=\d{4}))[ ]*")
_AND = re.compile(r"[ ]+و[ ]?(?=[\w])")
_BETWEEN = re.compile(r"(?:بين|عامي)[ ](?:عامي[ ]|شهري[ ]|يومي[ ])?$")
_OPEN_NUMBER = re.compile(r"(?P<n>\d{1,4})(?=[ ]?(?:-|الي|حتي|و)[ ]?\d)")
_DAY = re.compile(r"(?:اليوم[ ])?(?P<n>\d{1,2})(?![\d:%]|[.,/]\d)[ ]?")
_OF_MONTH = re.compile(r"[ ]*(?:من[ ]+)?(?:ال?شهر[ ]+(?=[^اوم\d]|ايار|ايلول|ابريل|اذار|اغسطس|اكتوبر|اب|اوت|افريل|م))?")
_MONTH_WORD = re.compile(r"شهر[ ]+")
_MONTH_NUMBER = re.compile(r"(?P<n>\d{1,2})(?![\d.,%])")
_DAYS_AFTER = re.compile(r"[ ]+(?P<n>\d{1,2})(?![\d:%]|[.,/]\d)(?=[ ]?(?:,|-|الي|$|[.;)]|\n|[ ]20\d\d))")
_SECOND_NAME = re.compile(r"[ ]?[/\-(][ ]?")
_CLOSE = re.compile(r"[ ]?\)")
_YEAR_AFTER = re.compile(rf"(?:[ ]?,[ ]?|[ ])(?:من[ ]+)?(?:(?:لل|ال|ل)?(?:عام|سنه){_FISCAL}[ ]*,?[ ]*)?{_YEAR_DIGITS}(?![ ]?(?:مليون|مليار|الف|دولار))")
_OF = re.compile(r"[ ]+(?:من[ ]+|في[ ]+|ل(?=لعام|لسنه|هذا|هذه))?")
_NAMED_YEAR = re.compile(rf"{_LL}?(?:عام|سنه){_FISCAL}[ ]*,?[ ]*{_YEAR_DIGITS}")
_BARE_YEAR = re.compile(_YEAR_DIGITS)
_BARE_UNIT = re.compile(r"(?:ال|ل)(?P<u>عام|سنه|شهر|اسبوع)(?!\w)")
_THIS = re.compile(r"[ ](?:هذا|هذه)(?!\w)")
_AFTER_WEEKDAY = re.compile(r"[ ]?[,(]?[ ]?(?:الموافق[ ]?(?:ل(?:ـ)?[ ]?)?|في[ ])?")
_THE_TWO = re.compile(r"(?:بين|كلا|لهذين|هذين|احد|من)[ ]$")
_AFTER_COUNT = re.compile(r"[ ]من[ ](?!الان)|[ ]علي[ ]|[ ]ونصف|[ ]او[ ]")
_PREPOSITION = re.compile(r"(?:في|منذ|خلال|حتي|بحلول|شهر|من|الي|بين|عن|ل|ب)[ ]?$")


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
    return None if week is None else (Part(settled=replace(week, approximate=True)), end)


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))


def _folded(table: DateWords) -> DateWords:
    numbers = ("days", "weekdays", "months", "hijri_months", "ordinals", "numerals", "units", "edges")
    lists = ("past", "present", "next", "vague", "future", "year_cues", "counted", "weak")
    return table.model_copy(update={
        **{name: {fold(word): value for word, value in getattr(table, name).items()} for name in numbers},
        **{name: [fold(word) for word in getattr(table, name)] for name in lists},
        "not_before": {fold(word): [fold(rest) for rest in rests] for word, rests in table.not_before.items()},
    })  # fmt: skip


@functools.cache
def arabic_dates() -> ArabicDates:
    """The grammar over the table of `corpus/languages/ar.toml`."""
    words = _folded(languages()["ar"].dates)
    days, weekdays, months = _alternatives(words.days), _alternatives(words.weekdays), _alternatives(words.months)
    hijri, ordinals, edges = _alternatives(words.hijri_months), _alternatives(words.ordinals), _alternatives(words.edges)
    relations = _alternatives([*words.past, *words.present, *words.next])
    numerals, units = _alternatives(words.numerals), _alternatives(words.units)
    count = rf"{_NUMBER}|(?:{numerals})(?:[ ]+و(?:{numerals}))?"
    start = (
        rf"(?<![\w])[وفبلك]{{0,2}}(?:(?:{days}|{weekdays}|{months}|{hijri}|{edges}|قبل|منذ|بعد|يوم|هذا|هذه|شهر|{ordinals}|اول){_NOT_LETTER}"
        rf"|(?:ال|ل)?(?:عام|سنه|شهر|اسبوع|ربع|نصف|يوم|اشهر|سته|تسعه|ثلاثه|خمسه){_NOT_LETTER})"
        rf"|(?<![\w.,/:])[وفبلك]?\d{{1,4}}(?![\d])(?=[ ]?(?:[-,/هم]|[^\d\s]|[ ]|$|\n))|{FORMAT_START}"
    )
    return ArabicDates(
        start=re.compile(start),
        words=words,
        clitic=re.compile(r"[وف]?[بلك]?(?=[\w])"),
        relative_day=re.compile(rf"(?:يوم[ ])?(?P<word>{days}){_NOT_LETTER}"),
        weekday=re.compile(rf"(?P<day>يوم[ ])?(?P<word>{weekdays}){_NOT_LETTER}"),
        month=re.compile(rf"(?P<word>{months}){_NOT_LETTER}"),
        hijri=re.compile(rf"(?P<word>{hijri}){_NOT_LETTER}"),
        ordinal=re.compile(rf"(?:اليوم[ ])?(?P<word>{ordinals}){_NOT_LETTER}(?=[ ]من[ ])"),
        relation=re.compile(rf"[ ]+(?P<far>قبل[ ]|بعد[ ])?(?P<word>{relations}){_NOT_LETTER}"),
        unit=re.compile(rf"{_LL}(?P<u>عام|سنه|شهر|اسبوع|ربع|نصف|فصل|يوم){_NOT_LETTER}(?P<fiscal>[ ]ال?مالي(?:ه)?{_NOT_LETTER})?"),
        this_unit=re.compile(rf"(?:هذا|هذه|هاي|هاد)[ ]ال(?P<u>عام|سنه|شهر|اسبوع|ربع|يوم){_NOT_LETTER}(?P<fiscal>[ ]ال?مالي(?:ه)?{_NOT_LETTER})?"),
        season=re.compile(rf"{_LL}(?P<kind>ربع|نصف)[ ]+(?P<n>{ordinals}|الاخير){_NOT_LETTER}(?![ ]من[ ](?:شهر|{months}))"),
        first_months=re.compile(
            rf"(?:(?:ال|ل)?اشهر[ ](?P<a>ال(?:{numerals}))[ ]الاولي|(?P<b>ال(?:{numerals}))[ ](?:ال)?اشهر[ ]الاولي|اول[ ](?P<c>{numerals})[ ](?:اشهر|شهور)){_NOT_LETTER}"
        ),
        edge=re.compile(rf"(?P<word>{edges})[ ]+"),
        ago=re.compile(rf"(?P<way>قبل|منذ|بعد)[ ]+(?:(?:نحو|حوالي)[ ])?(?:(?P<n>{count})[ ]+)?(?P<unit>{units}){_NOT_LETTER}"),
        future=re.compile(rf"(?<!\w)[وف]?(?:{_alternatives(words.future)})(?!\w)[^.;!?\n]{{0,16}}$"),
        cue=re.compile(rf"(?<!\w)(?:{_alternatives(words.year_cues)})[ ,]{{1,2}}[وبلف]?$"),
        counted=re.compile(rf"[ ](?:{_alternatives(words.counted)})"),
    )
