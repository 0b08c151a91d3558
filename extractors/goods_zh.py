"""Chinese purchases: who buys goods and services from whom (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.acts_zh import OF_SHARES, counts_machines, is_no_act, is_told_elsewhere, sides_of, venture
from extractors.draft import Draft
from extractors.frames import Place, last_of, names_of
from extractors.normalize import fold
from extractors.parties_zh import asset_bought, groups, name_at
from extractors.supplies_zh import in_title, is_order, is_priced, uses_service
from extractors.syntax_zh import patterns
from extractors.weak_names import has_tail
from models.mention import Name

_BUILT = re.compile("(?:土地|厂房|大楼|用地|物业|商厦|大厦|办公楼|厂区|建地)$")
_LET_TO = re.compile(r"\s*给")
_NO_GOODS = re.compile("[^,]{0,20}(?:理财|存款|最高价|最低价|保单)")
_BOUGHT_SHARES = re.compile(
    r"[^,]{0,40}?(?:股权|所持有?的?(?:全部)?股份|股份(?:$|[,;)》暨并]|的议案)|(?:新)?发行(?:的)?(?:股份|新股|股票)|的股票|的新股|资产|普通股|优先股)"
)


_LEAD = re.compile(r"\s*(?:\([^()]*\)|〔[^〕]*〕|\[[^]]*\])?\s*")
_FORCE = re.compile("(?:陆军|海军|空军|国军|海巡署|消防署|警政署)(?!官校|军官|司令部?[^计拟将])")
_PLANS = re.compile(
    "(?:政府|军方|当局)?(?:今[天日年]?|昨[天日]?|近日|日前|[正已将再也拟又曾]|计划|宣布|决定|编列|编|砸|斥资|豪掷|加码|大举|积极|考虑|打算|准备|有机会|有望"
    "|可望|自\\d|向|增购|加购|采购|购)"
)
"""After a state or a force that has something bought"""


def buy_goods(place: Place) -> Draft | None:
    """S buys, orders or rents what O makes or runs; by the piece, since companies are bought by the share."""
    buyer, supplier = sides_of(place)
    if counts_machines(place) and (body := body_buying(place)) is not None:
        return place.draft("purchase", {"buyer": [body], "supplier": names_of(last_of(place.left, "to"))})
    if is_no_act(place, buyer):
        return None
    if buyer and (land := _real_estate(place)):
        return place.draft("acquisition", {"acquirer": buyer, "target": land})
    if is_told_elsewhere(place, buyer) or _is_no_order(place) or buyer is None:
        return None
    supplier = venture(place, supplier)
    if supplier and place.right and supplier == place.right[0].mentions():
        supplier = [name for name in supplier if name.entity_id or has_tail(name.text)]  # 採購…炸藥: goods, not who sells them
    if place.right and _LET_TO.match(place.text_after):
        buyer, supplier = place.right[0].mentions(), buyer  # 租赁给 B
    if supplier and not is_order(place, buyer, supplier):
        return None
    if not supplier and not is_priced(place):
        return place.draft("purchase", {"buyer": buyer}) if _counted_goods(place, buyer) else None
    return place.draft("purchase", {"buyer": buyer, "supplier": supplier or []}, percent=place.percent())


def _is_no_order(place: Place) -> bool:
    if (place.clause.percents and OF_SHARES.match(place.text_after)) or _BOUGHT_SHARES.match(place.text_after):
        return True  # 购买 O 的股权
    if (place.cue.cue.needs == "amount" and not uses_service(place)) or in_title(place):
        return True  # 取得 B「…設施採購帶安裝案」標案: what is won is told by its title
    return _NO_GOODS.match(place.text_after) is not None  # 购买最高价为2.05元/股, 购买结构性存款


def _real_estate(place: Place) -> list[Name]:
    """購買台中19億元土地: land and buildings are no goods."""
    if place.clause.between(place.cue.start, place.cue.end) != "购买" or not place.clause.amounts:
        return []
    bought = asset_bought(place)
    return bought if bought and _BUILT.search(fold(bought[0].text)) else []


def _counted_goods(place: Place, agent: list[Name]) -> bool:
    """採購10列電聯車: so much of a thing, by a body that is known to be one; no price is told."""
    if not all(name.entity_id or has_tail(name.text) for name in agent):
        return False
    return counts_machines(place)


def body_buying(place: Place) -> Name | None:
    """加拿大斥資20億加幣,採購190輛裝甲車; 陸軍擬採購…: the state or the force that opens the sentence, which no row has."""
    for clause in reversed(place.sentence.clauses[: place.index + 1]):
        members = place.left if clause is place.clause else groups(clause)
        if any(group.case != "to" for group in members):
            return None
        at = _LEAD.match(clause.text).end()  # type: ignore[union-attr]
        body = _FORCE.match(clause.text, at)
        length = body.end() - at if body else max((len(p) for p in patterns().places if clause.text.startswith(p, at)), default=0)
        if length and _PLANS.match(clause.text, at + length):
            return name_at(place, clause.start + at, clause.start + at + length, "government")
    return None
