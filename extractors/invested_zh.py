"""Chinese investments: who puts money into whom (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.acts_zh import (
    TENDER,
    Sides,
    is_by_unnamed,
    is_no_act,
    is_told_elsewhere,
    on_market,
    sides_of,
    sum_near,
    venture,
)
from extractors.agreements_zh import AUTHORITY
from extractors.buyers_zh import buyer_beside, counted, told_next
from extractors.draft import Draft
from extractors.frames import Place, last_of, names_of
from extractors.normalize import fold
from extractors.weak_names import has_tail
from models.mention import Name

_NEAR = 3
_PLANNED_COST = re.compile("(?:预计|总|预估)投资")
_FOR_PROJECT = re.compile("推动|打造|兴建|建[置造]|扩建|升级|用[于在]|开发(?!商)|研发(?!商)")
_BUILDS_OWN = re.compile(
    r"\s*(?:\([^()]*\))?(?:于|在)?[^,入股用]{0,8}?(?:建[厂设造]|[兴新扩改增]建|扩[产充厂大]|设[厂立]|增设|添购|购[置买地]|升级|打造|研发|开发(?!商))"
)
"""投資30億元擴建泰國廠: right after the sum"""
_IN_IT = re.compile("[对向为](?:其|后者|对方|该公司)[^,]{0,4}$")
_OWN_PROJECT = re.compile("[^,、的]{0,12}?(?:项目|基地|产线|生产线)")
"""投资岚井预制菜|生产项目: what is to be built"""
_OWN_NEW_SHARES = re.compile(
    r"(?:合共|合计)?\d[\d.,]*[万亿]*股(?:本公司|公司|的)?新(?:股|[AH]股)|而?(?:本|上市)?公司(?:[^,]{0,18}?\d[\d.,]*[万亿]*股|(?:本次|此次|拟|全部)*(?:非公开|定向|向特定对象)?(?:发行|增发))"
)
_ALL_SHARES = re.compile("[^,]{0,16}?股权(?:案|$|[,;])")
_OF_SIZE = ("大规模", "大手笔", "巨额", "重大", "大型", "新一波")


def invest(place: Place) -> Draft | None:
    """S puts money into O."""
    investor, target = _investor_and_target(place)
    percent = place.percent()
    if is_no_act(place, investor) or _is_no_investment(place) or is_told_elsewhere(place, investor):
        return None
    if (bought := on_market(place, investor, target)) is not None:
        return bought
    if is_by_unnamed(place) and target:
        return place.draft("investment", {"target": target}, percent=percent)
    target = venture(place, target)
    if investor is None or not target or any(_gets_no_money(name) for name in target):
        return None
    if _is_project(place, target) or _is_noun(place) or _is_spoken_of(place, investor):
        return None
    return place.draft("investment", {"investor": investor, "target": target}, percent=percent)


def _investor_and_target(place: Place) -> Sides:
    """The two sides of an investment, wherever its words put them."""
    agent, patient = sides_of(place)
    itself = patient is None and _OWN_NEW_SHARES.match(place.text_after)
    if is_by_unnamed(place):
        agent, patient = None, (names_of(place.state.announcer) or None) if itself else patient  # 认购人同意认购公司1亿股新股
    elif agent and itself:
        patient = [name for name in names_of(place.state.announcer) if name not in agent] or None
    elif agent is None and patient:
        agent = buyer_beside(place, patient)
    if agent and patient is None:
        patient = (told_next(place) if last_of(place.left, "by") is not None else counted(place)) or None
    return agent, patient


def _is_no_investment(place: Place) -> bool:
    needs = place.cue.cue.needs
    if place.percent() is None and needs == "percent" and _is_takeover(place):
        return True
    if not place.groups and _PLANNED_COST.match(place.clause.text):
        return True  # A 攜手 B 開發…,預計投資8千萬元: what the project will cost
    if not place.right and _is_for_own(place):
        return True
    return needs == "amount" and not _put_into(place)  # 投入研發, 投入100億元興建…


def _is_for_own(place: Place) -> bool:
    """A 与 B 签约,并投资20亿元建厂: what A builds for itself, whoever else was spoken of."""
    if last_of(place.left, "to", "by", "source") is not None or _IN_IT.search(place.up_to):
        return False
    at = place.cue.end
    spent = next((a for a in place.clause.amounts if 0 <= a.start - at <= _NEAR), None)
    return spent is not None and _BUILDS_OWN.match(place.clause.text, spent.end - place.clause.start) is not None


def _is_spoken_of(place: Place, investor: list[Name]) -> bool:
    """投資美鋁廠享優惠: what a man speaks of, with neither sum nor share."""
    return all(name.kind == "person" for name in investor) and place.percent() is None and not sum_near(place)


def _gets_no_money(name: Name) -> bool:
    """對外投資 beside a ministry, or a man: nobody to invest in."""
    return name.kind in {"government", "person"} or AUTHORITY.search(fold(name.text)) is not None


def _put_into(place: Place) -> bool:
    """對 C 投入約410億美元: money that a listed company gets."""
    to = last_of(place.left, "to")
    listed = to is not None and all(name.entity_id and name.kind in {"company", "unit"} for name in to.mentions())
    return listed and any(0 <= amount.start - place.cue.end <= _NEAR for amount in place.clause.amounts)


def _is_noun(place: Place) -> bool:
    """企業最有價值的投資: spoken of, not made; A 對 B 的投資 is."""
    described = (
        place.clause.between(place.cue.start - 1, place.cue.start) == "的" and last_of(place.left, "to", "by", "source") is None
    )
    described = described or (place.up_to.endswith(_OF_SIZE) and not place.text_after)
    return described and not place.right and not place.clause.amounts


def _is_project(place: Place, patient: list[Name] | None) -> bool:
    """投資84億英鎊推動「無畏級」…: what is to be built, nobody to invest in."""
    first = place.right[0] if place.right and patient == place.right[0].mentions() else None
    if first is None:
        return False
    own = first.names[0].value.entity_id is None and not has_tail(first.names[0].value.text)
    built = own and _OWN_PROJECT.match(place.clause.text, first.end - place.clause.start)
    return bool(built) or _FOR_PROJECT.search(place.clause.between(place.cue.end, first.start)) is not None


def _is_takeover(place: Place) -> bool:
    """公開收購, 以17億元取得 C 股權案: of the whole company, which the acquisition's words tell."""
    whole = place.clause.amounts and _ALL_SHARES.match(place.clause.text, place.cue.end - place.clause.start)
    return bool(whole or TENDER.search(place.clause.text))
