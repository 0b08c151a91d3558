"""Days and months of the Chinese lunar calendar in text: 农历八月十五, 腊月初八, 正月初一至初五日."""

from __future__ import annotations

import re

from extractors.calendars import Part, days_period, shifted
from extractors.date_formats import Context
from extractors.hanzi import DIGITS, NUMBER, SPACE, hanzi_number
from extractors.holidays import lunar_period, lunar_year, nearest

_LUNAR = re.compile(
    rf"(?P<cal>农历|阴历|旧历)?{SPACE}(?:大年(?P<new>初[一二三四五六七八九十]|三十)|(?P<leap>闰)?(?P<m>[正腊冬]|{NUMBER}){SPACE}月份?"
    rf"(?P<d>初(?:[一二三四五六七八九十]|\d{{1,2}})|廿[一二三四五六七八九]?|[二三]?十[一二三四五六七八九]?|\d{{1,2}}(?!\d)|[一二三四五六七八九](?=日))?日?)"
)
_LUNAR_TO = re.compile(rf"{SPACE}(?:至|到|~|-|—|、){SPACE}(?P<d>初[一二三四五六七八九十]|廿[一二三四五六七八九]?|{NUMBER})日")
LUNAR_DAY = re.compile(
    r"(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?|三十|十[一二三四五六七八九]?)(?=$|[^\w]|[上下中]午|[早晚这那]|凌晨|前后|左右)"
)


def read_lunar(text: str, at: int, year: int | None, context: Context) -> tuple[Part, int] | None:
    """农历八月十五, 腊月初八, 2012年正月初八: a month or day of the lunar year; 八月十五 alone only in a wide reading."""
    match = _LUNAR.match(text, at)
    if match is None or context.reference is None or (at and text[at - 1] in DIGITS + "十百千"):
        return None
    told, day_told = match["m"], match["new"] or match["d"]
    certain = match["cal"] or match["new"] or match["leap"] or told in ("正", "腊") or (told == "冬" and day_told)
    spelled = day_told is not None and (day_told[0] in "初廿" or (context.wide and LUNAR_DAY.match(text, match.start("d"))))
    if not certain and not (spelled and context.wide and not match[0].endswith("日")):
        return None
    month = 1 if match["new"] else {"正": 1, "冬": 11, "腊": 12}.get(told) or hanzi_number(told) or 0
    day = hanzi_number(day_told.removeprefix("初")) if day_told else None
    if match["new"] == "三十":
        month, day = 12, -1
    this = lunar_year(context.reference)
    if this is None or (day_told and day is None):
        return None
    years = (year,) if year is not None else (this - 1, this, this + 1)
    found = [p for n in years if (p := lunar_period(n, month, day, leap=match["leap"] is not None)) is not None]
    period = nearest(found, context.reference, forward=False) if year is None else next(iter(found), None)
    if period is None:
        return None
    last = _LUNAR_TO.match(text, match.end())  # 农历6月1日至9日
    until = hanzi_number(last["d"].removeprefix("初")) if last else None
    if last and day and until and day < until <= 30 and period.start is not None:
        end = shifted(period.start, until - day)
        return None if end is None else (Part(settled=days_period(period.start, end), named=True), last.end())
    return Part(settled=period, named=True), match.end()
