"""Public bodies and grounds in folded Arabic text: zones, departments that sign, bodies named by a place and what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.gated import Gated
from extractors.known_names import Found

_LETTERS = "\u0620-\u064a\u066e-\u06d3"


def public_bodies(text: str, regions: re.Pattern[str]) -> Iterator[Found]:
    """Names of them; `regions` matches the name of a country or city."""
    yield from _zones(text)
    yield from _departments(text)
    yield from _parks(text, regions)


def _zones(text: str) -> Iterator[Found]:
    """منطقة جبل علي الحرة, المنطقة الحرة بمطار الشارقة."""
    for match in _ZONE.finditer(text):
        yield Found(*match.span(1))


_ZONE = Gated(
    rf"(?<![{_LETTERS}])[وف]?[بل]?(منطقه (?:[{_LETTERS}]+ ){{1,3}}(?:ال)?حره"
    rf"|المنطقه الحره (?:ب(?!نسبه)|ل|في )(?:مطار |ميناء )?(?:راس |جبل |ام )?[{_LETTERS}]+)(?![{_LETTERS}])"
)


def _departments(text: str) -> Iterator[Found]:
    """مع الإدارة العامة للدفاع المدني: a department as a party; elsewhere it is whose director speaks."""
    for match in _DEPARTMENT.finditer(text):
        yield Found(*match.span(1), kind="government")


_DEPARTMENT = Gated(
    rf"(?<![{_LETTERS}])(?:مع|بين|[وف]?(?:وقعت|ابرمت)) (الاداره العامه لل[{_LETTERS}]+(?: (?:وشوون )?ال[{_LETTERS}]+){{0,2}}"
    rf"|اداره ال(?!شرك|بنك|مصرف|مجموع|موسس|صندوق|مشروع|مشاريع|اصول)[{_LETTERS}]+(?: وال[{_LETTERS}]+)?(?= ))"
)


def _parks(text: str, regions: re.Pattern[str]) -> Iterator[Found]:
    """قرية دبي للمعرفة, مدينة الشارقة للنشر, الجامعة الأمريكية في دبي: bodies that are named by a place and what it is for."""
    for match in _PARK.finditer(text):
        if not text.endswith("ال", 0, match.start()):
            yield Found(*match.span())
    for match in _COLLEGE.finditer(text):
        region = regions.match(text, match.end())
        if region is not None:
            yield Found(match.start(), region.end())


_PARK = re.compile(
    rf"(?:(?:قريه|مدينه|واحه) (?:الملك |الامير |الشيخ )?[{_LETTERS}]+|ال(?:قريه|مدينه) ال[{_LETTERS}]+ي?ه)"
    rf" لل[{_LETTERS}]+(?: وال[{_LETTERS}]+)?(?![{_LETTERS}])"
)
_COLLEGE = re.compile(rf"ال(?:جامعه|كليه|معهد|مستشفي) ال[{_LETTERS}]+ في(?= )")
