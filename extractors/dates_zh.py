"""Dates in Chinese news. Rules run on folded text: simplified characters, ASCII digits and punctuation."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.holiday_table import Holiday, holidays
from corpus.language_table import DateWords, languages
from extractors.alternation import alternation
from extractors.calendars import (
    ROC_OFFSET,
    Part,
    Period,
    Season,
    counted_in,
    day_period,
    days_period,
    make_date,
    month_offset,
    nth_week,
    nth_weekday,
    resolve,
    shifted,
    span,
    week_of,
    year_period,
)  # fmt: skip
from extractors.date_formats import START as FORMAT_START
from extractors.date_formats import START_CHARACTERS, YEARS, Context, read_format
from extractors.hanzi import DIGITS, NUMBER, SPACE, VALUES, hanzi_number
from extractors.holidays import holiday_in, nearest_holiday
from extractors.lunar_zh import LUNAR_DAY, read_lunar
from extractors.normalize import fold

_NUMERALS = frozenset("0123456789〇零○一二两三四五六七八九十廿卅百千元")
_YEAR = re.compile(
    rf"(?:(?P<era>民国|公元前|纪元前|西元前|公元|纪元|西元){SPACE})?(?P<n>\d{{1,4}}|元|[{DIGITS}十百千]{{1,6}}){SPACE}年(?:度(?!假))?"
)
_MONTH = re.compile(rf"(?P<n>{NUMBER}){SPACE}月(?:份)?")
_MONTH_DAY = re.compile(rf"{SPACE}(?P<n>{NUMBER}){SPACE}(?:日|号(?!线|楼|店|文|机|馆|仓|厅|院))")
_BARE_DAY = re.compile(rf"{SPACE}(?P<n>{NUMBER})(?={SPACE}(?:至|到|~|-|—|、|及|和|与){{1,3}}{SPACE}{NUMBER}{SPACE}[日号])")
_LOOSE_DAY = re.compile(r"(?P<n>\d{1,2}|[一二三四五六七八九十廿]{1,3})(?=$|[\s,。;!?)、\]])")
_WEEKDAY_AFTER = re.compile(r"(?:[ ,]{0,2}\(?[ ]?|的)(?:周|星期|礼拜)(?P<n>[一二三四五六日天])(?:[ ]?\))?")
_SHORT_WEEKDAY = re.compile(r"[ ]?\((?P<n>[一二三四五六日])\)")
_SEASON = re.compile(
    rf"{SPACE}(?:的)?{SPACE}(?:(?P<half>[上下])半年(?:度)?|(?:(?:第{SPACE})?(?P<quarter>[一二三四1-4]){SPACE}|第(?P<counted>[一二三四])个)季(?:度|报)?"
    rf"|(?P<named>首|末)季(?:度)?|[前首头]{SPACE}(?P<first>[一二两三四五六七八九十]{{1,2}}|\d{{1,2}}){SPACE}个?(?P<unit>季(?:度)?|月(?:份)?)"
    r"|(?P<nature>[春夏秋冬])(?:天|季)|Q(?P<q>[1-4])(?!\d)|(?P<q2>[1-4])Q(?![A-Za-z])|H(?P<h>[12])(?!\d)|(?P<h2>[12])H(?![A-Za-z]))"
)
# 年中 and 月中 stand before a mark or a verb: 2025年中国 is another word.
_MIDDLE = rf"中(?={SPACE}(?:$|[,。;、!?)\s前后起时左以完推投上量开发将可会就达才]))"
_YEAR_EDGE = re.compile(rf"{SPACE}年?(?P<edge>初(?![中级步选赛次恋衷心期一二三四五六七八九十\d])|底|末|尾(?!牙)|伊始|{_MIDDLE})")
_MONTH_EDGE = re.compile(
    rf"{SPACE}月?(?P<edge>中上旬|上中旬|中下旬|[上中下]旬|初(?![中级步选赛次恋一二三四五六七八九十\d])|底|末|{_MIDDLE})"
)
_QUARTER_EDGE = re.compile(r"(?P<edge>初(?![中级步选赛次])|底|末)")
_FISCAL = re.compile(rf"(?P<a>20\d\d){SPACE}[/-]{SPACE}(?P<b>(?:20)?\d\d){SPACE}(?P<kind>财政年度|会计年度|财年|年度)")
_FISCAL_ONE = re.compile(rf"(?:(?P<a>20\d\d){SPACE}(?:财政年度|会计年度|财年)|(?P<kind>财年|财政年度){SPACE}(?P<b>20\d\d)年?)")
_CENTURY = re.compile(
    rf"(?:(?P<c>\d{{1,2}}|[{DIGITS}十]{{1,3}}|本|上){SPACE}世纪)(?:的?(?P<d>[1-9]0|[一二三四五六七八九]?十){SPACE}年代)?(?P<edge>初期?|中期|中叶|末期|末|前期|后期)?"
)
_DECADE = re.compile(
    rf"(?P<y>(?:1[89]|20)\d0|[{DIGITS}]{{3}}[零〇○]|[3-9]0|[12]0|00|[三四五六七八九]十)年代(?P<edge>初期?|中期|末期|末|前期|后期)?"
)
_RELATIVE_MONTH = re.compile(
    r"(?P<w>本|[这呢]一?个?|今个|当|(?:上){1,3}一?个?|(?:下){1,3}一?个?)月(?!台|刊|色|亮|球|薪|租|份证|娥|老)(?:份)?"
)
_RELATIVE_QUARTER = re.compile(r"(?P<w>本|[这呢]一?个?|(?:上){1,2}一?个?|(?:下){1,2}一?个?)季(?P<full>度)?")
_RELATIVE_WEEK = re.compile(
    r"(?:(?P<w>本|[这呢]一?个?|今个?|(?:上){1,3}一?个?|(?:下){1,3}一?个?)(?:周(?:的?(?:周|星期|礼拜)(?=[一二三四五六日天]))?|星期|礼拜)"
    r"|(?P<bare>周|星期|礼拜))(?:(?P<d>[一二三四五六日天]|末)|(?!刊|报|边|转|年|期|岁|身|遭|到|长|公|末|易|界|延|折|知|波|杰|星|润|迅|恩))"
)
_AGO = re.compile(
    rf"(?P<n>\d{{1,3}}|[{DIGITS}十]{{1,3}}|半){SPACE}(?P<half>个?半)?(?P<unit>天|日|个?星期|个?礼拜|周|个半?月|年半?)(?:之|以)?(?P<way>前|后)(?![往来提锋卫勤续援台]|[首\d一二三四五六七八九十]{{1,2}}个?[月季])"
)
_COUNTED = re.compile(
    rf"的?(?:第{SPACE}(?P<n>{NUMBER}){SPACE}(?P<unit>天|日|周|个星期|个月)|(?:前|头)(?P<first>{NUMBER})(?P<funit>天)"
    rf"|最后(?P<last>{NUMBER})?(?P<lunit>天|周|个星期|个月)|首(?P<one>日|周|月)(?!期|选))"
)
_COUNTED_UNITS = {"天": "day", "日": "day", "周": "week", "个星期": "week", "个月": "month", "月": "month"}
# What makes a bare holiday a time: 中秋节前, 国庆期间, 在春节. A name alone (春节档, 中秋礼盒) as often only describes.
_AFTER_HOLIDAY = re.compile(
    "(?:日|节)?(?:小?长假|连假|假期|黄金周|期间|当[天日晚]|那[天晚]|前[夕后]|前一[天日]|翌日|以?[前后]|之[前后]|起(?!来)|至|到)"
)
_HOLIDAY_DAYS = re.compile("(?:日|节)?(?P<days>小?长假|连假|假期|黄金周|期间)|节(?!目|奏|日)")
_BEFORE_HOLIDAY = re.compile("(?:[在于自从至到]|直到|截至|以及|[天日])[ ]?$")
_NTH = re.compile(
    rf"(?:的)?(?P<last>最后一个|最后1个)?(?:第{SPACE}(?P<n>[一二三四五1-5])个?)?(?:周(?P<week>(?![一二三四五六日天]))|(?:周|星期|礼拜)(?P<d>[一二三四五六日天])|星期(?![一二三四五六日天]))"
)
_TWO_YEARS = re.compile("(?P<a>今(?=明)|明(?=后))[明后](?:两|二)?年")
_BRACKETED = re.compile(r"(?P<w>[今昨前明])[天日晚早晨夜]?\((?P<n>\d{1,2})日?\)[日天晚早晨]?")
_BRACKETED_YEAR = re.compile(r"[今去明前]\((?P<y>20\d\d|1\d\d)年?\)年(?:度(?!假))?")
_ABOUT = re.compile(rf"{SPACE}(?:前后|左右|上下)")
_BEFORE = re.compile(
    rf"{SPACE}(?:之前|以前|前(?!后|往|来|景|途|提|台|线|锋|总|首|部|主|行|执|员|任|夫|妻|男|女|议|市|立|高|局|院|董|队|国|财|外|经|副|党|三|两|[一二四五六七八九十\d]|{SPACE}\d))"
)
_FULL_DAY = re.compile(rf"{SPACE}{NUMBER}{SPACE}月{SPACE}{NUMBER}{SPACE}[日号]")
_THIRD = re.compile(r"[上中下]旬|月?底")
_MONTHS_AGO = re.compile(r"[ ]?前(?!往|后)")
_SLASHED = re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?=[ ]?\((?:周|星期|礼拜)?[一二三四五六日]\)|起(?!来))")
_SINCE = re.compile(rf"{SPACE}(?:以来|至今|迄今|以后|之后|以降)")
_JOINT = re.compile(
    rf"{SPACE}(?:起?至(?!少|于|关|为|上|尊|今年?内)|迄(?!今)|起?到(?!达|位|场|底)|~{{1,2}}|-{{1,3}}|—{{1,2}}"
    rf"|与(?=[^,。\n]{{1,14}}间)|和(?=[^,。\n]{{1,14}}之间)){SPACE}"
)
_OPEN_NUMBER = re.compile(
    rf"(?P<n>\d{{1,4}}|[{DIGITS}十]{{1,4}})(?=(?:[日月年]|{SPACE})起?(?:至|到|~|-|—){{1,3}}{SPACE}[\d{DIGITS}十])"
)
_OPEN_MONTH = re.compile(rf"{SPACE}(?P<n>{NUMBER})(?={SPACE}(?:至|到|~|-|—){{1,3}}{SPACE}{NUMBER}{SPACE}月)")
_FROM_YEAR = re.compile(
    r"(?<=[从自由])20\d\d(?=[到至-]20\d\d(?![\d年.,/-]))|(?<=[从自由]20\d\d[到至-])20\d\d(?![\d年.,/%元亿万-])"
)
_HINT_AFTER = re.compile(r"[ ]?(?:[^。;!?\n]{0,10}?(?:将|登场|截止)|起(?!来)|前)")
_LIST = re.compile(r"[ ]?[、,及和与或跟][ ]?|[ ]")
_YEAR_TOLD = re.compile("(?:自|从|至|到|于|在|较|比|截至|预计|预估|将于)[ ]?$")
_SERIES = re.compile("[集播女男收开季节]|节目")
_BUSINESS = re.compile("营|财|毛|获利|业绩|EPS|每股|展望|出货|净利|底|末|初")
_NO_MONTH = re.compile("[刑徒薪租刊]|党人|革命")
_EVENT = re.compile(r"[^\W\d_a-zA-Z计在于的为是达较比从和与及]")
_BAND = "五月天"
_AFTER_NUMBERED_DAY = re.compile(r"$|[\s,。;!?)、]|[上下中]午|晚|凌晨|早|举行|起|至|到|的|在|将|正式|宣布")
_GAP = re.compile("[ ]?[,(]?[ ]?")
# 周六福, 周三元, 周一围: names of brands and people.
_WEEKDAY_NAME = re.compile("[福元围良娘]")
_DAY_BESIDE = re.compile(rf"[ ]?\([ ]?(?P<n>\d{{1,2}}|[{DIGITS}十廿卅]{{1,3}})日[ ]?\)")
_NO_AGO = re.compile(rf"[第前后数几多.\d约月年]$|(?<![周期拜])[\d{DIGITS}十][、~至到-]$")
_BEFORE_CHRIST = ("公元前", "纪元前", "西元前")
_START_WORDS = (
    "(?:民国|公元|纪元|西元)", "今明(?:两|二)?年", "明后(?:两|二)?年",
    rf"(?<![\d.])\d{{1,4}}{SPACE}(?:[年月日号季周天个世财会/~\-—至到]|星期|礼拜|Q[1-4]|H[12])",
    rf"[{DIGITS}十百千元廿卅]{{1,6}}{SPACE}(?:[年月日号季周天个世至到]|星期|礼拜)",
    r"(?<![\d.,/:-])\d{1,2}/\d{1,2}(?:[ ]?\([周星礼一二三四五六日]|起)",
    r"(?<=[从自由])20\d\d(?=[到至-]20\d\d(?!\d))",
    r"[前首头][ ]?(?:[一二两三四五六七八九十]|\d{1,2})[ ]?个?[月季]",
    "[本这呢上下当今]{1,3}一?个?[月季周星礼]", "(?:周|星期|礼拜)[一二三四五六日天]",
    "[上下]半年", "第?[一二三四1-4]个?季", "[首末]季",
    "[农阴旧]历", "[正腊冬]月", "闰", "大年[初三]", "年[初底末中]", "月[初底末]", "[本上]世纪",
    r"[今昨前明去][天日晚早晨夜]?\(\d", "半年", "半个月", "财年", "财政年度",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChineseDates:
    """The grammar: `read` one date at a position where `start` matches."""

    start: re.Pattern[str]
    words: DateWords
    days: re.Pattern[str]
    years: re.Pattern[str]
    future: re.Pattern[str]
    hint: re.Pattern[str]
    length_before: re.Pattern[str]
    length_after: re.Pattern[str]
    holiday: re.Pattern[str]
    holidays: Mapping[str, Holiday]

    def read(self, text: str, at: int, context: Context, carried: Part | None) -> tuple[Part, int, int] | None:
        """A point in time at `at` as (part, start, end); `carried` is the date that a list goes on from (9月10日、11日)."""
        found = self._point(text, at, context, carried)
        return None if found is None else (found[0], at, found[1])

    def join(self, text: str, _start: int, end: int, /) -> int | None:
        """Where the second date of a range starts when a connector stands at `end`."""
        match = _JOINT.match(text, end)
        return None if match is None else match.end()

    # One ordered list of cases: the longer form comes before the shorter that it starts with. The first character tells which of
    # them can be meant at all.
    def _point(self, text: str, at: int, context: Context, carried: Part | None) -> tuple[Part, int] | None:
        if at == len(text):
            return None
        char = text[at]
        numeral = char in _NUMERALS
        absolute = self._absolute(text, at, context) if numeral or char.isascii() or char in "财本上" else None
        if absolute is not None:
            return absolute
        if context.wide and (before_christ := _before_christ(text, at)):
            return before_christ
        found = self._ago(text, at, context) if numeral or char == "半" else self._near_day(text, at, context)
        found = found or self._with_year(text, at, context) or self._named(text, at, None, context)
        if found is not None:
            return found
        if self._after_unread_year(text, at):
            return None
        if char in "本这呢今当上下周星礼":
            for reader in (self._relative_month, self._relative_quarter, self._week):
                found = reader(text, at, context)
                if found is not None:
                    return found
        found = self._season_alone(text, at, context)
        if found is None and numeral:
            found = self._month(text, at, carried, context)
        if found is None and (numeral or carried is not None):
            found = self._day(text, at, carried)
        return found or (self._edge(text, at, context) if char in "年月" else None)

    def _absolute(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        found = self._from_year(text, at) or self._fiscal(text, at) or self._century(text, at, context)
        return found or (self._format(text, at) if text[at].isascii() else None)

    def _two_years(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        """今明兩年."""
        match = _TWO_YEARS.match(text, at)
        if match is None or context.reference is None:
            return None
        first = context.reference.year + (match["a"] == "明")
        low, high = year_period(first), year_period(first + 1)
        whole = span(low, high) if low and high else None
        return None if whole is None else (Part(settled=whole), match.end())

    def _near_day(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        found = self._bracketed(text, at, context) or self._relative_day(text, at, context)
        return found or self._two_years(text, at, context)

    def _from_year(self, text: str, at: int) -> tuple[Part, int] | None:
        """从2016到2018: years without 年 between the words of a range."""
        match = _FROM_YEAR.match(text, at)
        return None if match is None else (Part(year=int(match[0])), match.end())

    def _format(self, text: str, at: int) -> tuple[Part, int] | None:
        if match := _SLASHED.match(text, at):
            month, day = int(match["m"]), int(match["d"])
            return self._weekday_rest(Part(month=month, day=day), text, match.end()) if make_date(2000, month, day) else None
        return read_format(text, at)

    def _fiscal(self, text: str, at: int) -> tuple[Part, int] | None:
        if match := _FISCAL.match(text, at):
            first, last = int(match["a"]), int(match["b"])
            start, end = make_date(first, 4, 1), make_date(first + 1, 4, 1)
            if (first + 1 - last) % 100 or start is None:
                return None
            period = Period(start, end, f"{first}-04/{first + 1}-03", "month", True, ("fiscal_year",))
            return Part(settled=period), match.end()
        if match := _FISCAL_ONE.match(text, at):
            part = Part(year=int(match["a"] or match["b"]), approximate=True, issues=("fiscal_year",))
            season = _SEASON.match(text, match.end())
            return (season and self._seasonal(part, season, text)) or (part, match.end())
        return None

    def _century(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        if match := _DECADE.match(text, at):
            year = hanzi_number(match["y"])
            if year is None or (at and (text[at - 1].isdigit() or text[at - 1] in DIGITS + "十纪")):
                return None
            return _years(year if year > 100 else year + (2000 if year < 30 else 1900), 10, match["edge"]), match.end()
        if not (match := _CENTURY.match(text, at)):
            return None
        named = match["c"]
        if named in "本上":
            if context.reference is None:
                return None
            century = (context.reference.year // 100 + 1) - (named == "上")
        else:
            century = hanzi_number(named) or 0
        if not 1 <= century <= 22:
            return None
        if not match["d"]:
            return _years((century - 1) * 100, 100, match["edge"]), match.end()
        return _years((century - 1) * 100 + (hanzi_number(match["d"]) or 0), 10, match["edge"]), match.end()

    def _bracketed(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = _BRACKETED.match(text, at)
        if match is None or context.reference is None:
            return None
        said = shifted(context.reference, {"今": 0, "昨": -1, "前": -2, "明": 1}[match["w"]])
        day = int(match["n"])
        if said is not None and said.day == day:
            weekday = _WEEKDAY_AFTER.match(text, match.end())
            return Part(settled=day_period(said)), weekday.end() if weekday else match.end()
        # The number is what was printed; the word was meant on the day of writing.
        return Part(day=day, direction=1 if match["w"] == "明" else 0, issues=("day_mismatch",)), match.end()

    def _relative_day(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = self.days.match(text, at)
        if match is None or context.reference is None or not self._free(text, at, match[0]):
            return None
        day = shifted(context.reference, self.words.days[match[0]])
        if day is None:
            return None
        end = match.end()
        if weekday := _WEEKDAY_AFTER.match(text, end):
            issues = () if day.isoweekday() == self.words.weekdays[weekday["n"]] else ("weekday_mismatch",)
            return Part(settled=day_period(day), issues=issues), weekday.end()
        return Part(settled=day_period(day)), end

    def _free(self, text: str, at: int, word: str) -> bool:
        """Whether a word with `word`'s first character starts at `at`, and none longer than it."""
        if at and text[at - 1] in self.words.not_after.get(word[0], ""):
            return False
        return not any(text.startswith(rest, at + len(word)) for rest in self.words.not_before.get(word, ()))

    def _ago(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = _AGO.match(text, at)
        if match is None or context.reference is None or _NO_AGO.search(text, max(0, at - 2), at):
            return None
        half = match["n"] == "半" or match["half"] or match["unit"].endswith("半")
        number = 0 if match["n"] == "半" else hanzi_number(match["n"])
        unit = match["unit"].strip("个半")
        if number is None or (unit == "日" and not match["unit"].startswith("天")):
            return None  # 3日前 is "three days ago" as often as "before the third"
        sign = -1 if match["way"] == "前" else 1
        found = _moved(context, sign * number, sign if half else 0, unit, match.end())
        if found is None or sign < 0:
            return found
        # Told after another event as often as after the day of the article.
        return found[0]._replace(issues=("relative_to_context",)), found[1]

    def _with_year(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        year, end, sure = self._year(text, at, context)
        if year is None:
            return None
        part = Part(year=year)
        gap = end + (text[end : end + 1] in (" ", "的"))
        if named := self._named(text, gap, year, context):
            return named
        if counted := self._counted(part, text, end, context):
            return counted
        if match := _SEASON.match(text, end):
            return self._seasonal(part, match, text)
        month = _MONTH.match(text, end + len(text[end : end + 3]) - len(text[end : end + 3].lstrip(" 的")))
        if month and (number := hanzi_number(month["n"])) is not None and 1 <= number <= 12:
            part = part._replace(month=number)
            counted = self._week_of_month(part, text, month.end(), context) or self._counted(part, text, month.end(), context)
            return counted or self._month_rest(part, text, month.end(), loose=True)
        if (opened := _OPEN_MONTH.match(text, end)) and (number := hanzi_number(opened["n"])) is not None and 1 <= number <= 12:
            return part._replace(month=number), opened.end()
        if edge := _YEAR_EDGE.match(text, end):
            return part._replace(edge=self._edge_of(edge["edge"])), edge.end()
        return (part, end) if sure and not text.startswith(("历史", "之久", "老店"), end) else None

    def _year(self, text: str, at: int, context: Context) -> tuple[int | None, int, bool]:
        """(year, end, whether it may stand alone) of a year at `at`."""
        if match := self.years.match(text, at):
            if context.reference is None or not self._free(text, at, match[0]):
                return None, at, False
            year = context.reference.year + self.words.years[match[0]]
            return year, match.end(), True
        if match := _BRACKETED_YEAR.match(text, at):
            year = int(match["y"])
            return year if year > 1000 else year + ROC_OFFSET, match.end(), True
        match = _YEAR.match(text, at)
        inside = at > 0 and (text[at - 1].isdigit() or text[at - 1] in DIGITS + "十百千")
        if match is None or inside or text.startswith("代", match.end()):
            return None, at, False
        if text.endswith(_BEFORE_CHRIST, 0, at) or text.endswith(_BEFORE_CHRIST, 0, match.start("n")):
            return None, at, False
        absolute, sure = self._absolute_year(match, text, context)
        return absolute, match.end(), sure

    def _absolute_year(self, match: re.Match[str], text: str, context: Context) -> tuple[int | None, bool]:
        era, said = match["era"], match["n"]
        number = 1 if said == "元" else hanzi_number(said)
        if number is None or (said == "元" and not era):
            return None, False
        if era:
            return (number + ROC_OFFSET if era == "民国" else number), True
        spelled = len(said) if said.isdigit() or all(char in VALUES for char in said) else 0
        if spelled == 4 or number >= 1000:
            return (number, number in YEARS or (spelled == 4 and number > 1000)) if number < 2200 else (None, False)
        taiwan = context.language == "zh-Hant" and context.region in (None, "TW")
        if spelled == 3:
            return self._roc_year(number, match, text, context) if taiwan else (None, False)
        if spelled != 2:
            return None, False
        this = context.reference.year if context.reference else 2050
        if taiwan and number >= 60:
            return number + ROC_OFFSET, False
        if self.length_before.search(text, max(0, match.start() - 4), match.start()):
            return None, False
        if taiwan and not _FULL_DAY.match(text, match.end()):
            return None, False  # 10年6月 is a sentence in court as often
        full = 2000 + number if 2000 + number <= this + 10 else 1900 + number
        # 九七年 spelled digit by digit is a year; 24年 and 三五年 are lengths as often.
        alone = all(char in VALUES for char in said) and VALUES[said[1]] - VALUES[said[0]] not in (1, 2)
        return full, alone

    def _roc_year(self, number: int, match: re.Match[str], text: str, context: Context) -> tuple[int | None, bool]:
        """114年 of Taiwanese news: near this year, or told as a year by the word before it."""
        this = context.reference.year - ROC_OFFSET if context.reference else None
        if this is None or not 100 <= number <= this + 30:
            return number + ROC_OFFSET if 100 <= number <= 140 else None, False
        told = _YEAR_TOLD.search(text, max(0, match.start() - 4), match.start())
        length = self.length_after.match(text, match.end())
        return number + ROC_OFFSET, (abs(number - this) <= 3 or told is not None) and length is None

    def _after_unread_year(self, text: str, at: int) -> bool:
        """康熙三年五月, 判刑六年六月: the year before is none that is read, so the month is not this year's."""
        before = text[max(0, at - 1) : at]
        return before == "年" and text[at : at + 1].isalnum() and text[at] not in "今去明本昨上下初底末前"

    def _seasonal(self, part: Part, match: re.Match[str], text: str) -> tuple[Part, int] | None:
        season = _season(match)
        if season is None:
            return None
        part = part._replace(season=season, approximate=part.approximate or match["nature"] is not None)
        edge = _QUARTER_EDGE.match(text, match.end())
        if edge and season.unit == "quarter" and season.first == season.last:
            return part._replace(edge=self._edge_of(edge["edge"])), edge.end()
        return part, match.end()

    def _season_alone(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = _SEASON.match(text, at)
        counted = at > 0 and text[at - 1] in "》近过每连续几第的个约0123456789"
        if match is None or context.reference is None or match["nature"] or counted:
            return None
        told = match[0]
        if match["first"] and match["unit"].startswith("月") and not self._first_months(text, at, match):
            return None
        if told[0] not in "第前首头末上下" and not told.endswith("度"):
            return None
        if match["quarter"] and not told.endswith("度") and _SERIES.match(text, match.end()):
            return None  # a season of a series
        return self._seasonal(Part(), match, text)

    def _first_months(self, text: str, at: int, match: re.Match[str]) -> bool:
        """前11月 is of the year; 前两个月 may be the last two, 离世前3个月 those before an event."""
        counted = "个" in match[0] and at > 0 and _EVENT.match(text[at - 1]) is not None
        return (hanzi_number(match["first"]) or 0) > 2 and not counted

    def _relative_month(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = _RELATIVE_MONTH.match(text, at)
        if match is None or context.reference is None or not self._free(text, at, match["w"][0]):
            return None
        year, month = month_offset(context.reference, _steps(match["w"]))
        part = Part(year=year, month=month)
        counted = self._week_of_month(part, text, match.end(), context) or self._counted(part, text, match.end(), context)
        return counted or self._month_rest(part, text, match.end())

    def _relative_quarter(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = _RELATIVE_QUARTER.match(text, at)
        if match is None or context.reference is None or not self._free(text, at, match["w"][0]):
            return None
        if not match["full"] and not _BUSINESS.match(text, match.end()):
            return None  # 本季 is a season of sports or fashion, too
        year, quarter = divmod(context.reference.year * 4 + (context.reference.month - 1) // 3 + _steps(match["w"]), 4)
        part, end = Part(year=year, season=Season("quarter", quarter + 1, quarter + 1)), match.end()
        edge = _QUARTER_EDGE.match(text, end)
        return (part._replace(edge=self._edge_of(edge["edge"])), edge.end()) if edge else (part, end)

    def _week(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        match = _RELATIVE_WEEK.match(text, at)
        if match is None or context.reference is None or not self._free(text, at, match[0][0]):
            return None
        told = match["d"]
        if match["bare"]:
            name = match["bare"] == "周" and _WEEKDAY_NAME.match(text, match.end())
            if told is None or told == "末" or name:
                return None
            return self._dated_weekday(self.words.weekdays[told], text, match.end())
        week = week_of(context.reference, _steps(match["w"]))
        if week is None or week.start is None or week.end is None:
            return None
        if told is None:
            return Part(settled=week), match.end()
        if told == "末":
            saturday, sunday = shifted(week.start, 5), shifted(week.start, 6)
            return None if saturday is None or sunday is None else (Part(settled=days_period(saturday, sunday)), match.end())
        day = shifted(week.start, self.words.weekdays[told] - 1)
        if day is None:
            return None
        bracketed = _DAY_BESIDE.match(text, match.end())
        number = hanzi_number(bracketed["n"]) if bracketed else None
        if bracketed is None or number is None or number > 31:
            return Part(settled=day_period(day)), match.end()
        if number == day.day:
            return Part(settled=day_period(day)), bracketed.end()
        return Part(day=number, weekday=self.words.weekdays[told], issues=("day_mismatch",)), bracketed.end()

    def _dated_weekday(self, weekday: int, text: str, end: int) -> tuple[Part, int]:
        """周日, 二月十号 and 周三(22日) are one date each; 周日 alone another."""
        if (bracketed := _DAY_BESIDE.match(text, end)) and (day := hanzi_number(bracketed["n"])) and day <= 31:
            return Part(day=day, weekday=weekday), bracketed.end()
        gap = _GAP.match(text, end)
        month = _MONTH.match(text, gap.end()) if gap else None
        number = hanzi_number(month["n"]) if month else None
        if month and number is not None and 1 <= number <= 12:
            part, rest = self._month_rest(Part(month=number), text, month.end())
            if part.day and gap:
                return part._replace(weekday=weekday), rest + ("(" in gap[0] and text.startswith(")", rest))
        return Part(weekday=weekday), end

    def _month(self, text: str, at: int, carried: Part | None, context: Context) -> tuple[Part, int] | None:
        match = _MONTH.match(text, at)
        if match is None or (at and text[at - 1] in DIGITS + "十百千农历闰"):
            return None
        number = hanzi_number(match["n"])
        if number is None or not 1 <= number <= 12:
            return None
        year = carried.year if carried is not None and carried.day is None else None
        part = Part(year=year, month=number, issues=carried.issues if year and carried else ())
        if counted := self._week_of_month(part, text, match.end(), context) or self._counted(part, text, match.end(), context):
            return counted
        if LUNAR_DAY.match(text, match.end()):
            return None
        found = self._month_rest(part, text, match.end(), loose=True)
        if found[0].day or found[0].edge:
            return found
        if _MONTHS_AGO.match(text, found[1]) and found[0].year is None:
            return found[0]._replace(issues=("ambiguous_length",)), found[1]
        if (
            self.length_before.search(text, max(0, at - 4), at)
            or _NO_MONTH.match(text, match.end())
            or text.startswith(_BAND, at)
        ):
            return None
        return found

    def _month_rest(self, part: Part, text: str, end: int, *, loose: bool = False) -> tuple[Part, int]:
        """`part` with the day or third of the month that follows at `end`."""
        day = _MONTH_DAY.match(text, end) or _BARE_DAY.match(text, end) or (_LOOSE_DAY.match(text, end) if loose else None)
        if day:
            number = hanzi_number(day["n"])
            if number is None or not 1 <= number <= 31:
                return part, end
            return self._weekday_rest(part._replace(day=number), text, day.end())
        edge = _MONTH_EDGE.match(text, end)
        return (part._replace(edge=self._edge_of(edge["edge"])), edge.end()) if edge else (part, end)

    def _week_of_month(self, part: Part, text: str, end: int, context: Context) -> tuple[Part, int] | None:
        """十月第一个星期一, 3月第三周: the month is settled first, then counted in."""
        match = _NTH.match(text, end)
        if match is None or not (match["n"] or match["last"]) or not part.month:
            return None
        month = resolve(part, context.reference)
        if month is None or month.start is None:
            return None
        number = -1 if match["last"] else hanzi_number(match["n"]) or 0
        if not match["d"]:
            week = nth_week(month.start.year, month.start.month, number)
            return None if week is None else (Part(settled=week, issues=month.issues), match.end())
        day = nth_weekday(month.start.year, month.start.month, self.words.weekdays[match["d"]], number)
        return None if day is None else (Part(settled=day_period(day), issues=month.issues), match.end())

    def _counted(self, part: Part, text: str, end: int, context: Context) -> tuple[Part, int] | None:
        """2025年第一天, 上月最后五天, 今年前两周: days, weeks and months counted within the year or month."""
        match = _COUNTED.match(text, end)
        whole = None if match is None else resolve(part, context.reference)
        if match is None or whole is None:
            return None
        unit = _COUNTED_UNITS[match["unit"] or match["funit"] or match["lunit"] or match["one"]]
        number = hanzi_number(match["n"] or match["first"] or match["last"] or "1") or 0
        first, last = (-number, -1) if match["lunit"] else (number, number) if match["n"] else (1, number)
        found = counted_in(whole, first, last, unit) if number else None
        return None if found is None else (Part(settled=found, issues=whole.issues), match.end())

    def _named(self, text: str, at: int, year: int | None, context: Context) -> tuple[Part, int] | None:
        """A holiday or a lunar day, of `year` where one is said before it."""
        return self._holiday(text, at, year, context) or read_lunar(text, at, year, context)

    def _holiday(self, text: str, at: int, year: int | None, context: Context) -> tuple[Part, int] | None:
        """今年春节, 国庆假期, 中秋节前: a holiday; the days around it are approximate."""
        match = self.holiday.match(text, at)
        if match is None or (year is None and not self._free(text, at, match[0])):
            return None
        row = self.holidays[match[0]]
        following = _AFTER_HOLIDAY.match(text, match.end())
        told = following or _BEFORE_HOLIDAY.search(text, max(0, at - 3), at)
        if year is None and not told and (row.guarded or not context.wide):
            return None
        days = _HOLIDAY_DAYS.match(text, match.end())
        end = days.end() if days else match.end()
        if year is not None:
            period = holiday_in(row, context.region, year)
        elif context.reference is not None:
            forward = self.to_come(text, at, end) is True
            period = nearest_holiday(row, context.region, context.reference, forward=forward)
        else:
            return None
        around = days is not None and days["days"] is not None
        return None if period is None else (Part(settled=period, approximate=around, named=True), end)

    def _weekday_rest(self, part: Part, text: str, end: int) -> tuple[Part, int]:
        match = _WEEKDAY_AFTER.match(text, end) or _SHORT_WEEKDAY.match(text, end)
        return (part._replace(weekday=self.words.weekdays[match["n"]]), match.end()) if match else (part, end)

    def _day(self, text: str, at: int, carried: Part | None) -> tuple[Part, int] | None:
        if carried is not None and carried.month and (third := _THIRD.match(text, at)):
            return carried._replace(day=None, weekday=None, edge=self._edge_of(third[0].removeprefix("月"))), third.end()
        match = _MONTH_DAY.match(text, at)
        if match is None or match[0][0] == " ":
            return None
        number = hanzi_number(match["n"])
        if number is None or not 1 <= number <= 31 or (at and text[at - 1] in "年第月初廿" + DIGITS + "十百千"):
            return None
        if carried is not None and carried.month is not None and carried.day is not None:
            return self._weekday_rest(carried._replace(day=number, weekday=None, edge=None), text, match.end())
        if self.length_before.search(text, max(0, at - 4), at) or self.length_after.match(text, match.end()):
            return None
        if "号" in match[0] and not _AFTER_NUMBERED_DAY.match(text, match.end()):
            return None
        if not match["n"].isascii() and number < 10:
            return None  # 一日, 三日 are lengths
        return self._weekday_rest(Part(day=number), text, match.end())

    def _edge(self, text: str, at: int, context: Context) -> tuple[Part, int] | None:
        reference = context.reference
        before = text[at - 1 : at] if at else ""
        if text.endswith(("每到", "每逢"), 0, at):
            return None
        if (
            reference is None
            or before.isdigit()
            or (before and before in "整半每多几数同当这那隔近大正腊闰冬" + DIGITS + "十百千")
        ):
            return None
        if text.startswith("年", at) and (match := _YEAR_EDGE.match(text, at)):
            issues = ("ambiguous_year",) if match["edge"] in ("底", "末") and reference.month <= 2 else ()
            return Part(year=reference.year, edge=self._edge_of(match["edge"]), issues=issues), match.end()
        if text.startswith("月", at) and (match := _MONTH_EDGE.match(text, at)):
            return Part(year=reference.year, month=reference.month, edge=self._edge_of(match["edge"])), match.end()
        return None

    def _edge_of(self, word: str) -> str:
        return self.words.edges[word]

    def open_number(self, text: str, at: int) -> tuple[int, int] | None:
        """The first number of 5至7月 or 2020至2025年 as (number, end)."""
        match = _OPEN_NUMBER.match(text, at)
        if match is None:
            return None
        number = hanzi_number(match["n"])
        return None if number is None else (number, match.end())

    def is_list(self, gap: str) -> bool:
        """Whether dates with `gap` between them are a list that shares what only the first says."""
        return _LIST.fullmatch(gap) is not None

    def tail(self, text: str, end: int) -> tuple[str, int]:
        """What is said after a date: ``about``, ``before``, ``since`` or nothing, and where that ends."""
        for name, pattern in (("about", _ABOUT), ("before", _BEFORE), ("since", _SINCE)):
            if match := pattern.match(text, end):
                return name, match.end()
        return "", end

    def to_come(self, text: str, start: int, end: int, /) -> bool | None:
        """True right after 将于, 定于 and the like; None when 预计 stands before or 将, 起, 前 after it."""
        if self.future.search(text, max(0, start - 5), start):
            return True
        hinted = self.hint.search(text, max(0, start - 16), start) or _HINT_AFTER.match(text, end)
        return None if hinted else False


def _before_christ(text: str, at: int) -> tuple[Part, int] | None:
    """公元前1798年: year -1797 of ISO 8601, which Python's calendar does not have; it has a value and no days."""
    match = _YEAR.match(text, at)
    number = hanzi_number(match["n"]) if match and match["era"] in _BEFORE_CHRIST and match["n"] != "元" else None
    if match is None or not number:
        return None
    value, precision, end = f"-{number - 1:04d}" if number > 1 else "0000", "year", match.end()
    month = _MONTH.match(text, end)
    if month and (n := hanzi_number(month["n"])) and n <= 12:
        value, precision, end = f"{value}-{n:02d}", "month", month.end()
        day = _MONTH_DAY.match(text, end)
        if day and (n := hanzi_number(day["n"])) and n <= 31:
            value, precision, end = f"{value}-{n:02d}", "day", day.end()
    return Part(settled=Period(None, None, value, precision)), end


def _steps(word: str) -> int:
    return word.count("下") - word.count("上")


def _years(start: int, count: int, edge: str | None) -> Part:
    """A decade or century; its start, middle or end is three tenths, four tenths, three tenths of it."""
    low, high = {"初": (0, 3), "前": (0, 3), "中": (3, 7), "末": (7, 10), "后": (5, 10)}.get(edge[0] if edge else "", (0, 10))
    first, last = start + low * count // 10, start + high * count // 10 - 1
    begin, close = year_period(max(first, 1)), year_period(last)
    if begin is None or close is None:
        return Part(settled=None)
    return Part(settled=Period(begin.start, close.end, f"{begin.value}/{close.value}", "year", True))


def _moved(context: Context, number: int, half: int, unit: str, end: int) -> tuple[Part, int] | None:
    """The day, week, month or year that lies `number` (and `half` a unit in that direction) from the reference."""
    reference = context.reference
    if reference is None:
        return None
    if unit in ("年", "月"):
        months = number * 12 + half * 6 if unit == "年" else number
        year, month = month_offset(reference, months)
        if unit == "年" and not half:
            return Part(year=year, approximate=True), end
        if unit == "月" and half:
            day = shifted(reference, number * 30 + half * 15)
            return None if day is None else (Part(settled=days_period(day, day, approximate=True)), end)
        return Part(year=year, month=month, approximate=True), end
    if half:
        return None
    if unit == "天":
        day = shifted(reference, number)
        return None if day is None else (Part(settled=day_period(day)), end)
    week = week_of(reference, number)
    return None if week is None else (Part(settled=week._replace(approximate=True)), end)


def _season(match: re.Match[str]) -> Season | None:
    groups = match.groupdict()
    if half := groups["half"]:
        number = 1 if half == "上" else 2
        return Season("half", number, number)
    if half := groups["h"] or groups["h2"]:
        return Season("half", int(half), int(half))
    if groups["named"]:
        number = 1 if groups["named"] == "首" else 4
        return Season("quarter", number, number)
    if groups["first"]:
        count = hanzi_number(groups["first"]) or 0
        unit = "quarter" if groups["unit"].startswith("季") else "month"
        return Season(unit, 1, count) if 1 <= count <= (4 if unit == "quarter" else 12) else None
    if groups["nature"]:
        first_month = 3 + 3 * "春夏秋冬".index(groups["nature"])
        return Season("month", first_month, first_month + 2)
    number = hanzi_number(groups["quarter"] or groups["counted"] or groups["q"] or groups["q2"]) or 0
    return Season("quarter", number, number)


@functools.cache
def chinese_dates() -> ChineseDates:
    """The grammar over the table of `corpus/languages/zh.toml`."""
    table = languages()["zh"].dates
    words = table.model_copy(update={
        "days": {fold(word): n for word, n in table.days.items()},
        "years": {fold(word): n for word, n in table.years.items()},
        "not_after": {fold(word): fold(chars) for word, chars in table.not_after.items()},
        "not_before": {fold(word): [fold(rest) for rest in rests] for word, rests in table.not_before.items()},
    })  # fmt: skip
    days, years = alternation(list(words.days)), alternation(list(words.years))
    named = {fold(name): row for row in holidays().values() for name in row.zh}
    feasts = alternation(named)
    first = "".join({word[0] for word in (*words.days, *words.years)})
    # One look at the next character spares all the alternatives at nearly every place: seven times as fast. Feasts begin with
    # many common characters (中, 国, 台): their second one is looked at, too.
    feast_first, feast_second = ("".join({name[at] for name in named}) for at in (0, 1))
    gate = (
        f"(?=[{START_CHARACTERS}{DIGITS}十百千廿卅元民公西纪第首末前头上下本这呢当今昨明去周星礼年月半财农阴旧正腊冬闰{first}]"
        f"|[{feast_first}][{feast_second}])"
    )
    start = gate + f"(?:{'|'.join((*_START_WORDS, days, years, feasts, FORMAT_START))})"
    return ChineseDates(
        re.compile(start),
        words,
        re.compile(days),
        re.compile(years),
        re.compile(rf"(?:{alternation([fold(word) for word in table.future])})[ ]?$"),
        re.compile(rf"(?:{alternation([fold(word) for word in table.hints])})[^,。;!?\n]{{0,10}}$"),
        re.compile(rf"(?:{alternation([fold(word) for word in table.lengths_before])})[ ]?$"),
        re.compile(alternation([fold(word) for word in table.lengths_after])),
        re.compile(feasts),
        named,
    )
