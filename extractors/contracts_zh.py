"""Who lends and who builds, of two that sign: by what the text goes on to say of them (folded Chinese text)."""

from __future__ import annotations

import re

from extractors.frames import Place
from extractors.normalize import fold
from extractors.reading import At
from models.mention import Name

_TOLD_NEXT = 120
"""Characters after the clause of a contract in which its sides are told"""
_LENDS = re.compile(
    "(?:将|拟|同意)*(?:(?:[向为][^,。;]{2,30}?)?(?:提供|出借|借出|发放|拨付)|(?:借款|出借)[^,。;]{0,16}给)"
    r"|\((?:以下[^()]{0,6}|作为|即)?(?:出借|贷款|借出)[方人]"
)
_BORROWS = re.compile(
    r"(?:将|拟|同意)*(?:[向从][^,。;]{2,30}?(?:借|申请|贷款)|以[^,。;]{2,30}?(?:抵押|质押|担保))|\((?:以下[^()]{0,6}|作为|即)?(?:借款|借入)[方人]"
)
_BUILDS = re.compile(
    r"(?:负责|将|中标|为[^,。;]{2,30}?)*(?:承建|承包|承接|承揽|施工|总承包)|\((?:作为)?(?:(?:总|分)?承包|乙)[方人]"
)
_CONTRACT_OF_WORK = re.compile("施工|承包|建设工程|建筑工程")
_BUILDER = re.compile(
    "(?:建设|建筑|建工|建安|工程|路桥|铁建|交建|市政|园林|装饰|安装|设计院?|[一二三四五六七八九十]局)(?:集团)?(?:股份)?(?:有限)?(?:责任)?(?:公司)?$"
)


def lender_of(place: Place, one: tuple[At[Name], ...], other: tuple[At[Name], ...]) -> tuple[At[Name], ...] | None:
    """甲与乙签订借款协议,约定乙借款7亿元给甲: the side told to lend, or whose other side is told to borrow."""
    if _is_told(place, one, _LENDS) or _is_told(place, other, _BORROWS):
        return one
    return other if _is_told(place, other, _LENDS) or _is_told(place, one, _BORROWS) else None


def builds(place: Place, one: tuple[At[Name], ...], other: tuple[At[Name], ...]) -> bool | None:
    """Whether `one` builds for `other`: so told, or of the two the only one that is called a builder; None where neither is."""
    if not _CONTRACT_OF_WORK.search(place.clause.text):
        return None
    told = [_is_told(place, side, _BUILDS) for side in (one, other)]
    if not any(told):
        told = [any(_BUILDER.search(fold(name.value.text)) for name in side) for side in (one, other)]
    return told[0] if told[0] != told[1] else None


def _is_told(place: Place, side: tuple[At[Name], ...], deed: re.Pattern[str]) -> bool:
    """Whether `deed` stands right after one of the side's names, in the clause or soon after it."""
    told = place.clean.text[place.clause.start : place.clause.end + _TOLD_NEXT]
    calls = {fold(call) for name in side for call in (name.value.text, *name.value.aliases)}
    return any(deed.match(told, at.end()) for call in calls for at in re.finditer(re.escape(call), told))
