"""Who lends, builds, delivers or licenses, of two that sign: by what the text goes on to say of them (folded Chinese text)."""

from __future__ import annotations

import re

from extractors.frames import Place
from extractors.normalize import fold
from extractors.reading import At
from models.mention import Name

_TOLD_NEXT = 120
_SHORT_FORM = 4
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
_LATTER = "(?:后者|对方|其(?![他余中旗]))"
_DELIVERS = re.compile(f"[向为给对]{_LATTER}[^,。;]{{0,8}}(?:供应|供货|提供|交付|销售|出售)")
_IS_DELIVERED = re.compile(
    f"[向从]{_LATTER}[^,。;]{{0,8}}(?:采购|购买|订购|租[用赁])|(?<![向为给对从])(?:后者|对方)[^,。;]{{0,12}}(?:供应|供货|交付|承建)"
)
_LATTER_DELIVERS = re.compile("[,;](?:后者|对方)[^,。;]{0,12}(?:供应|供货|交付|承建)")
_LICENSES = re.compile(
    f"(?:授予|授权|许可)[给予]?{_LATTER}|(?:后者|对方)(?:将|有权|已|可)*(?:获得?|取得|享有|支付)|[从向]{_LATTER}[^,。;]{{0,4}}(?:收取|获得)"
)
_IS_LICENSED = re.compile(f"向{_LATTER}(?:支付|引进)|从{_LATTER}[^,。;]{{0,6}}(?:引进|取得授权)")
_PUTS_IN = re.compile(
    f"(?:后者|对方)[^,。;]{{0,14}}(?:认购|出资|增资|注资|投入|战略投资|入股)|向{_LATTER}[^,。;]{{0,8}}(?:增发|发行|定增)"
)


def delivers(place: Place) -> bool | None:
    """A 与 B 签订协议,将向后者供应…: whether A delivers; None where the text says neither."""
    return False if _LATTER_DELIVERS.search(_rest_of_sentence(place)) else _told_of_first(place, _DELIVERS, _IS_DELIVERED)


def buys_from(place: Place, one: tuple[At[Name], ...], other: tuple[At[Name], ...]) -> bool | None:
    """合同约定 B 预计向 A 采购…: whether `one` is told to buy; None where neither is. Short forms begin as the names do."""
    told = place.clean.text[place.clause.end : place.clause.end + _TOLD_NEXT]
    if "采购" not in told and "购买" not in told:
        return None
    begins = ["|".join(re.escape(fold(name.value.text)[:_SHORT_FORM]) for name in side) for side in (one, other)]
    asked = [re.search(rf"[向从](?:{begin})[^,。;]{{0,10}}?(?:采购|购买|订购)", told) is not None for begin in begins]
    return None if asked[0] == asked[1] else asked[1]


def delivered_to(place: Place, one: tuple[At[Name], ...]) -> bool:
    """A 与 B 签订初步协议,向 A 的工厂供应电池: whether the clause after the signing has B deliver to `one`."""
    following = place.following[0] if place.following else None
    if following is None or "供" not in following.text:
        return False
    calls = "|".join(re.escape(fold(call)) for name in one for call in (name.value.text, *name.value.aliases))
    return (
        re.match(
            rf"\\s*(?:将|由其|并|以)?[向为给](?:{calls}|其|后者)[^,]{{0,16}}(?:供应|供货|提供|交付)(?!链|商)", following.text
        )
        is not None
    )


def licenses(place: Place) -> bool | None:
    """A 与 B 达成授权协议,授予后者…: whether A grants the rights; None where the text says neither."""
    return _told_of_first(place, _LICENSES, _IS_LICENSED)


def is_given_money(place: Place) -> bool:
    """A 与 B 签订认购协议,后者出资…: whether B, named last, is the one that pays."""
    return _PUTS_IN.search(_rest_of_sentence(place)) is not None


def _told_of_first(place: Place, gives: re.Pattern[str], gets: re.Pattern[str]) -> bool | None:
    told = _rest_of_sentence(place)
    return True if gives.search(told) else False if gets.search(told) else None


def _rest_of_sentence(place: Place) -> str:
    return place.clean.text[place.clause.start : min(place.sentence.end, place.clause.end + _TOLD_NEXT)]


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
