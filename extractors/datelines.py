"""The line under a headline that says when an article was published, in the words of its language -> the day.

Only a line that is made for it counts: short, outside of links and lists, with one day in it and little else. A date within a
sentence is of what the article tells. Lines that contradict each other say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractors.dates import find_dates
from extractors.markup import MAX_DEPTH, SILENT
from extractors.normalize import normalize
from extractors.published import Stated, iso_day, stated

_LONGEST = 120
"""Code points of a line with day, time, source, author and city"""
_LONGEST_REST = 60
"""Of what may stand beside the day and the words below"""
_NUMERIC = re.compile(
    r"(?<![\d./-])((?:19|20)\d\d)\s?[-/.年|]\s?(\d{1,2})\s?[-/.月|]\s?(\d{1,2})日?(?![\d./-])"
    r"|(?<![\d./-])(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(20\d\d)(?![\d./-])"
)
_SPLIT_DAY = re.compile(r"(20\d\d)\s{0,3}[年/-]?\s{1,3}(\d{1,2})\s?[-/]\s?(\d{1,2})\s{1,3}\d{1,2}:\d\d")
"""Year above, month and day below, as in the corner of some pages: 2023 11/17 20:52:15"""
_CLOCK = re.compile(r"\d{1,2}\s?[:：]\s?\d\d(?:\s?[:：]\s?\d\d)?|(?:GMT|UTC)\s?[+-]?\d{0,4}|[AaPp]\.?[Mm]\b")
_FIRST = re.compile(
    "发布|發布|發佈|发表|發表|刊登|出版|首发|首發|原创|时间|時間|日期|来源|來源|نُشر|نشر|النشر|كتب|تاريخ", re.IGNORECASE
)
_LATER = re.compile("更新|修改|最后|最後|آخر تحديث|تحديث|عُدل|تعديل")
_WEEKDAY = re.compile(
    "(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]|(?:الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت)"
)
_NAMED = re.compile("date|time|publi|stamp|meta|info", re.IGNORECASE)
_SENTENCE = re.compile("[。！？]|؟|\\.\\s")
_OUTSIDE = SILENT | {"a", "footer", "nav", "aside", "option", "select", "button"}
_DIGIT = re.compile(r"[\d〇零一二三四五六七八九]")
_ARABIC = re.compile("[\u0620-\u064a]")


def spoken_day(text: str) -> str | None:
    """The only full day that a text names, as ISO 8601; None when it names none or several.

    >>> spoken_day("الأحد، 04 آب/اغسطس 2013، آخر تحديث 02:21 (GMT+0400)"), spoken_day("2012年12月10日, 格林尼治标准时间10:41")
    ('2013-08-04', '2012-12-10')
    >>> spoken_day("2026-01-08 | 12:42"), spoken_day("2025年"), spoken_day("2025-12-01 至 2025-12-05")
    ('2026-01-08', None, None)
    """
    days = set(_days(text))
    return days.pop() if len(days) == 1 else None


def dateline(tree: Any) -> Stated | None:
    """The day that the page's datelines agree on; when it was first published outranks when it was changed."""
    first: list[str] = []
    plain: list[str] = []
    later: list[str] = []
    for line in _lines(tree):
        if day := spoken_day(line):
            (later if _LATER.search(line) else first if _FIRST.search(line) else plain).append(day)
    for days, evidence in ((first, "text"), (plain, "text"), (later, "text, updated")):
        if days:
            return stated(days[0], evidence) if len(set(days)) == 1 else None
    return None


def _days(text: str) -> Iterator[str]:
    if split := _SPLIT_DAY.search(text):
        yield from _valid(iso_day(*split.groups()))
        return
    numeric = list(_NUMERIC.finditer(text))
    for match in numeric:
        year, month, day, first, second, last = match.groups()
        if year:
            yield from _valid(iso_day(year, month, day))
        elif int(first) > 12 or first == second:  # 03/04/2025 may be either, and so is no day
            yield from _valid(iso_day(last, second, first))
    if numeric:
        return
    language = "ar" if _ARABIC.search(text) else "zh-Hans"
    for found in find_dates(normalize(text), language, None):
        if found.precision == "day" and found.value and not found.issues:
            yield found.value


def _valid(day: str | None) -> Iterator[str]:
    if day:
        yield day


def _lines(element: Any, depth: int = 0) -> Iterator[str]:
    """Datelines in the order of the page: the largest elements that are nothing else, outside of links and menus."""
    if not isinstance(element.tag, str) or element.tag in _OUTSIDE or depth > MAX_DEPTH:
        return
    if element.tag == "li" and element.find(".//a") is not None:
        return
    length = len("".join(element.itertext()).strip()) if depth > 0 else _LONGEST + 1
    if 0 < length <= _LONGEST:
        line = " ".join(" ".join(_words(element)).split())
        if _is_dateline(element, line) and spoken_day(line) and element.find(".//li//a") is None:
            yield line
            return
    if length:
        for child in element:
            yield from _lines(child, depth + 1)


def _words(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _OUTSIDE:
        return
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""


def _is_dateline(element: Any, line: str) -> bool:
    """A line that is no sentence and has little beside its day; a clock, a word or its element says what it is for."""
    if not _DIGIT.search(line):
        return False
    rest = _CLOCK.sub("", _NUMERIC.sub("", line))
    if len(rest) > _LONGEST_REST or _SENTENCE.search(rest):
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    told = _CLOCK.search(line) or _FIRST.search(line) or _LATER.search(line) or _WEEKDAY.search(line)
    return bool(told or element.tag == "time" or _NAMED.search(named))
