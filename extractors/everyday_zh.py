"""What reads like a deal and is none: shopping, prizes, crimes, sport, charity, contracts of work (folded Chinese text)."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.acts_zh import EXCHANGE
from extractors.draft import Draft
from extractors.frames import Place, payer_and_paid
from extractors.normalize import fold
from extractors.syntax_zh import patterns
from extractors.weak_names import has_tail
from models.mention import Name

_PAID = frozenset({"acquisition", "purchase", "investment", "share_transfer", "loan"})
_BOUGHT = frozenset({"acquisition", "purchase", "investment"})
_PRICES = frozenset({"deal", "unknown", "total"})
_GOAL = re.compile("(?:目标|预估|预计|可|料)(?:新增|吸引|带动|促成|引进|创造)[^,]{0,24}$")
_IN_LIST = re.compile("、[^、,]{2,4}[、及与和]")
"""科技、投资及供应链合作: a field among others"""
_WAYS = re.compile("[、和及][^,]{0,24}等(?:多种)?(?:形式|方式|方面)")
"""通过基金投资、股权投资等方式: how two may work together"""
_GUARANTEE = re.compile("[为对][^,]{2,80}?(?:提供|承担)[^,]{0,24}(?:担保|出质|保证责任)")
_ASKS = re.compile("要求|问询|关注函|监管函|说明")
_LAWSUIT = re.compile("原告|被告|提起了?(?:诉讼|仲裁)|请求裁决|判令")
_STATE = re.compile("(?<![向从自为对给由与和同])(?:政府|当局|官方|国库)")
_OF_PEOPLE = frozenset({"迎娶", "求娶", "想娶", "入主"})
_INSTITUTE = re.compile("(?:院|学校|大学|[局部署处]|中心|委员会|协会|学会)$")
_LEAST = Decimal(50_000)
"""US dollars; what costs less is bought by people, not by companies"""


def is_everyday(draft: Draft, place: Place) -> bool:
    """Whether no deal of companies is told, though its words are those of one."""
    words = patterns()
    told = place.clean.text[place.sentence.start : place.sentence.end]
    if draft.type in _PAID and (_is_cheap(place) or words.prize.search(told)):
        return True
    if draft.type in {"investment", "loan", "purchase"} and (_is_guaranteed(draft) or _LAWSUIT.search(draft.clause.text)):
        return True
    if draft.type in _BOUGHT and (_is_by_others(draft, place) or _is_of_work(draft)):
        return True
    if _ASKS.search(draft.clause.text) and any(
        all(EXCHANGE.search(name.text) for name in names) for names in draft.roles.values()
    ):
        return True  # 深交所要求 A 就与 B 签署合同一事作出说明
    if draft.type == "partnership" and words.diplomacy.search(told) and not any(_is_company(n) for n in draft.roles["party"]):
        return True
    if draft.type == "investment" and _IN_LIST.fullmatch(place.clause.between(draft.cue.start - 1, draft.cue.end + 1)):
        return True
    if draft.type == "investment" and _WAYS.match(place.clause.text, draft.cue.end - place.clause.start):
        return True
    if draft.type == "investment" and _GOAL.search(place.clause.between(place.clause.start, draft.cue.start)):
        return True
    if draft.type in {"partnership", "purchase"} and words.labour.search(place.clause.text):
        return True
    if draft.type == "acquisition" and _is_of_stage(draft, place):
        return True
    if draft.type == "offering" and _is_inaugurated(draft):
        return True
    raised = draft.cue.cue.frame == "round"
    given = raised or not place.clause.amounts
    if draft.type in _BOUGHT and given and words.charity.search(told if raised else place.clause.text):
        return True
    payers = draft.roles.get(payer_and_paid(draft.type)[0]) if draft.type in _PAID else None
    shown = payers or [name for names in draft.roles.values() for name in names]
    if any(name.entity_id for name in shown):
        return False
    told += place.clean.text.partition("\n")[0]
    return bool(words.crime.search(told) or words.sport.search(told))


def _is_of_stage(draft: Draft, place: Place) -> bool:
    """迎娶演員, 主持人入主金曲: of people, where no row has either side and nothing is said of shares or of money."""
    word = place.clause.between(draft.cue.start, draft.cue.end)
    if word not in _OF_PEOPLE or place.clause.amounts or place.clause.percents:
        return False
    names = [name for given in draft.roles.values() for name in given]
    return not any(name.entity_id or has_tail(name.text) for name in names)


def _is_inaugurated(draft: Draft) -> bool:
    """某研訓院今天掛牌: an institute that opens its doors."""
    return all(name.entity_id is None and _INSTITUTE.search(fold(name.text)) for name in draft.roles.get("company", ()))


def _is_guaranteed(draft: Draft) -> bool:
    """为 B 向 L 贷款提供担保: what a third company answers for."""
    at = draft.cue.start - draft.clause.start
    return any(m.start() < at < m.end() for m in _GUARANTEE.finditer(draft.clause.text))


def _is_company(name: Name) -> bool:
    return name.entity_id is not None and name.kind not in {"government", "person"}


def _is_cheap(place: Place) -> bool:
    """Whether all that the clause pays is what a shopper pays."""
    prices = [a.value.converted("USD") for a in place.clause.amounts if a.value.kind in _PRICES]
    return bool(prices) and all((value or high or _LEAST) < _LEAST for value, _, high in prices)


def _is_by_others(draft: Draft, place: Place) -> bool:
    """消费者花…购买, 部长提议政府入股: those between the one named before and the verb do it."""
    payers = draft.roles.get(payer_and_paid(draft.type)[0], [])
    before = place.clause.between(place.clause.start, draft.cue.start)
    ends = [n.end - place.clause.start for n in place.clause.names if n.value in payers and n.end <= draft.cue.start]
    at = max(ends, default=0)
    if patterns().shopper.search(before, at):
        return True
    return bool(ends) and all(name.kind == "person" for name in payers) and _STATE.search(before, at) is not None


def _is_of_work(draft: Draft) -> bool:
    """投资的影集: money put in a film or a series."""
    text, at = draft.clause.text, draft.cue.end - draft.clause.start
    return text.startswith("的", at) and patterns().work.match(text, at + 1) is not None
