"""Frames of Arabic equity deals: who puts money in, buys, sells or offers for a company."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.anybody_ar import buys_as_anybody, is_market_share
from extractors.assets_ar import NEAR_OBJECT, asset_of
from extractors.bids_ar import OF_IT_ALREADY, bid_for_it, bidder_of, offer_for_its_share
from extractors.draft import Draft
from extractors.frames import Group, first_of, names_of
from extractors.gated import Gated
from extractors.normalize import fold
from extractors.parts_ar import Party
from extractors.reading import At
from extractors.spots_ar import (
    Drafts,
    Spot,
    joint,
    last_party,
    meets_needs,
    nearby,
    object_of,
    other_side,
    shares_moved,
    subject_of,
    unnamed_thing,
)
from extractors.words_ar import OBJECT_SUFFIX, folded_names, pattern_of, word_of
from models.mention import Amount


def act(spot: Spot) -> Drafts:
    """X does it to Y: استثمرت X في Y, استحواذ X على Y, حصلت X على ترخيص من Y."""
    if not (meets_needs(spot) or _into_company(spot)) or is_advice(spot) or is_trading(spot) or _by_state(spot):
        return
    if spot.cue.type == "investment":
        yield from _invested(spot)
    elif spot.cue.type == "license":
        if not _GRANTED.search(spot.scope) or _TO_OPERATE.match(spot.text(spot.cue.end, spot.part.end)):
            return
        agent = subject_of(spot, agent=False)
        if re.search(r"(?<!\w)[وفبست]{0,2}منح", spot.text(spot.part.start, spot.cue.start)):
            if pattern_of("regulators").search(spot.text(spot.part.start, spot.cue.start)):
                return  # a supervisor's permit
            licensee = object_of(spot, agent, "to", "")
            yield spot.draft("license", {"licensee": names_of(licensee), "licensor": names_of(agent)}) if licensee else None
            return
        told = spot.text(spot.cue.start, spot.cue.end).lstrip("وفبل").startswith("ال")  # الرخصة الثالثة: one told before
        licensor = object_of(spot, agent, *(("source", "by") if told else ("source", "of", "to", "with", "by", "on")))
        if agent is not None and licensor is not None:
            permit = any(n.kind == "government" for n in licensor.mentions()) and not spot.clause.amounts
            yield spot.draft("license", {"licensee": agent.mentions(), "licensor": licensor.mentions()}) if not permit else None
    else:
        yield bought(spot)


def _by_state(spot: Spot) -> bool:
    """قالت X إن المملكة استثمرت 40 مليارا: whether a country or region that no role takes spends, and not who tells of it."""
    if spot.cue.type not in {"investment", "purchase"}:
        return False
    return (
        _STATE.match(spot.text(spot.cue.end, spot.part.end)) is not None
        or _STATE_BEFORE.search(spot.text(spot.sentence.start, spot.cue.start)) is not None
    )


_STATE = re.compile(r" (?:المملكه|الدوله|الدول|المنطقه|الحكومه|الحكومات|دول المنطقه|حكومات المنطقه)(?!\w)")
_STATE_BEFORE = re.compile(
    r"(?<!\w)[بو]?ان (?:المملكه|الدوله|المنطقه|الحكومه|الحكومات|دول المنطقه|حكومات المنطقه) (?:[^ ,.;]+ ){0,8}?$"
)


def _into_company(spot: Spot) -> bool:
    """استثمرت X في شركة Y, استثمارها في شركة Y: told without a sum, of a company that is named at once."""
    own = spot.verbal or OBJECT_SUFFIX.search(spot.text(spot.cue.start, spot.cue.end)) is not None
    own |= _DOES_IT.search(spot.text(spot.part.start, spot.cue.start)) is not None
    own |= _SIGNED_TO.search(spot.text(spot.part.start, spot.cue.end)) is not None
    if spot.cue.type != "investment" or not own or not _INVESTED.match(spot.text(spot.cue.start, spot.cue.end)):
        return False
    if _IN_SECURITIES.match(spot.text(spot.cue.end, spot.part.end)):
        return any(p.names and p.case in {"in", "to", "of", ""} for p in spot.after)
    target = next((p for p in spot.after if p.case == "in" and p.names), None)
    return target is not None and _surely_company(target) and not spot.words(spot.cue.end, target.governor).split()[2:]


_IN_SECURITIES = re.compile(r" في (?:صكوك|سندات|اسهم)(?!\w)")
_DOES_IT = re.compile(r"(?<!\w)[وفبل]?(?:قيام|قيامها|قيامه|قامت?|تقوم|يقوم) $")
"""قامت X بالاستثمار في صكوك Y"""
_INVESTED = re.compile(r"[وفب]?استثم(?:رت?|ار(?:ها|ه|نا))$|للاستثمار$|بالاستثمار$")
_SIGNED_TO = re.compile(r"(?<!\w)(?:اتفاقي?ه?|اتفاقا|صفقه|عقدا?)(?: \w+)? للاستثمار$")
"""وقعت اتفاقية للاستثمار في Y"""


def is_advice(spot: Spot) -> bool:
    """Whether buying or selling is only advised: توصي X: بشراء سهم A، وشراء سهم B."""
    advised = pattern_of("advice")
    return advised.search(spot.scope) is not None or (
        _SHARE_ALONE.match(spot.text(spot.cue.end, spot.part.end)) is not None
        and advised.search(spot.text(spot.sentence.start, spot.cue.start)) is not None
    )


_SHARE_ALONE = re.compile(r" (?:سهم|اسهم)(?!\w)")
_NET_TRADING = Gated(
    r"(?<!\w)(?:محصله (?:شراء|بيع)|صافي (?:ال)?(?:استثمار|شراء|بيع)|صفقات (?:شراء|بيع)|مشتريات(?:هم)? |مستثمرون |الاجانب |محافظ )"
)
_SHARES_TAKE = re.compile(r" (?:ال)?(?:اسهم|اسهمها|سهم|سهمها|سهمه|قطاع|قطاعات|قطاعا|سوق)(?!\w)")
_FEW_SHARES = re.compile(
    r" (?:(?:\d{1,3} )?(?:الف|الاف)|\d{1,6}|\d{1,3},\d{3}) (?:سهما?|اسهم)(?!\w)[^,;]{0,60}?(?<!\w)بسعر(?!\w)"
)
"""شراء ألف سهم بسعر 12 درهما: what is traded in a day"""
_ROOM = re.compile(
    r"^(?: [^\W\d]+){0,3}? علي (?:\w+ )?(?:ال)?"
    r"(?:حيزا?|مساحه|مساحات|اهتمام|انتباه|صداره|مكانه|مرتبه|مرتبتين|نصيب|اعجاب|انظار|قلوب|جل|معظم|غالبيه)(?!\w)"
)
"""تستحوذ X على حيز واسع: room and attention, which nobody buys"""
_TAKEN = re.compile(r" (?:منها |منه )?علي (?:(?:ما|يقرب|يقارب|قيمته|قيمتها|نسبته|نسبه|نحو|حوالي|اكثر|اقل|من|يزيد|علي) )*$")
_COUNTED = re.compile(r" (?:منها |منهم )?علي (?:نحو |حوالي |اكثر من )?\d+ (?!في الم|بالم|مليون|مليار|الف|سهم)[^\W\d]")
"""استحوذت X على 31 جهة: what it counts among its own"""
_OF_TRADING = re.compile(
    r" من (?:(?:نسبه|حجم|قيمه|عدد|حصه|صافي) )?(?:ال)?(?:اجمالي |مجموع |مجمل )?(?:(?:ال)?(?:نسبه|حجم|قيمه|عدد|حصه) )?"
    r"(?:ال)?(?:تداول|تداولات|سيوله|سوق|اسواق|مبيعات|ايرادات|اعمال|نشاط|صفقات|عمليات|طلب|استثمارات|انتاج|صادرات|واردات|عملاء|مستخدمين|فنادق|حلول|اجهزه|هواتف|مستشفيات|مدارس|منازل|مشتركين|متعاملين|طلبات|حركه|مساحه|ميزانيه)(?!\w)"
)


def is_trading(spot: Spot) -> bool:
    """Whether a day's trading or a share of a market is told: استحوذ سهم X على سيولة, استحوذت X على 20 مليونا, محصلة شراء."""
    if spot.cue.type not in {"acquisition", "share_transfer", "investment", "stake"}:
        return False
    if _NET_TRADING.search(spot.text(spot.sentence.start, spot.sentence.end)):
        return True
    rest = spot.text(spot.cue.end, spot.part.end)
    share = spot.text(spot.cue.start, spot.part.end)
    if not spot.clause.percents and (is_market_share(share) or is_market_share(rest.lstrip())):
        return True
    if _FEW_SHARES.search(rest):
        return True
    if spot.takes_on and (_SHARES_TAKE.match(rest) or (_ROOM.search(rest) and not spot.clause.amounts)):
        return True
    clauses = spot.sentence.clauses
    sizes = [
        (m.start, m.end, priced) for c in clauses for found, priced in ((c.amounts, True), (c.percents, False)) for m in found
    ]
    if spot.takes_on and _COUNTED.search(rest):
        return True
    start, end, priced = min((size for size in sizes if spot.cue.end <= size[0] < spot.part.end), default=(0, 0, False))
    if not end or not spot.takes_on or not _TAKEN.match(spot.text(spot.cue.end, start)):
        return False
    return priced or _OF_TRADING.match(spot.text(end, spot.part.end)) is not None


_TO_OPERATE = re.compile(r" (?:ل|ال)?(?:لمزاوله|مزاوله|لممارسه|ممارسه|للعمل|تجاريه|لتقديم)(?!\w)")
"""رخصة لمزاولة نشاطه: a permit of a public body"""
_GRANTED = re.compile(r"حصل|حصول|منح|نال|توقيع|وقعت|اتفاق|شراء")


_BEFORE_IT = 40
"""Characters before the noun of investing in which its sum may stand"""
_PAYS = re.compile(r"[وفسي]*ت?(?:دفع|سدد)")
_TO_BUY = re.compile(r"(?<!\w)(?:للاستحواذ|لشراء|لتملك|للحصول علي حصه)(?!\w)")


def _paid_a_share(spot: Spot) -> Draft | None:
    """ستدفع X 25 دولارا لكل سهم من أسهم Y: what is paid for each share is a bid for all of them."""
    if _PAYS.match(spot.text(spot.cue.start, spot.cue.end)) is None or _EACH_SHARE.search(spot.rest) is None:
        return None
    buyer = subject_of(spot)
    target = next((p for p in spot.after if p.names and p.share and p.case in {"source", "in", "of"}), None)
    if buyer is None or target is None or buyer.shares(target):
        return None
    return spot.draft("acquisition", {"acquirer": buyer.mentions(), "target": target.mentions()})


_EACH_SHARE = re.compile(r"(?<!\w)(?:لكل سهم|للسهم|عن كل سهم)(?!\w)")


def _invested(spot: Spot) -> Drafts:
    bid_for = _paid_a_share(spot)
    if bid_for is not None:
        yield bid_for
        return
    if _RECEIVED.search(spot.text(spot.part.start, spot.cue.start)):
        yield _received(spot)
        return
    agent = subject_of(spot)
    if agent is None or _TO_BUY.search(spot.rest):  # دفعت … للاستحواذ على X is told by what it is paid for
        return
    if (
        not spot.verbal
        and not _into_company(spot)
        and not any(a.start > spot.cue.start - _BEFORE_IT for c in nearby(spot) for a in c.amounts)
    ):
        return  # the sum of the clause is of something told before
    if _PAYS.match(spot.text(spot.cue.start, spot.cue.end)) and not pattern_of("shares").search(spot.scope):
        return  # a fee, a royalty, a debt
    target: Group | None = object_of(spot, agent, "in", "to")
    bonds = _IN_SECURITIES.match(spot.text(spot.cue.end, spot.part.end)) is not None
    if isinstance(target, Party) and not target.share and not bonds and unnamed_thing(spot, "في", until=target.governor):
        return  # استثمار في الشبكات … في X: the first is what the money goes into
    if target is None and _IN_TALKS_TO.match(spot.text(spot.cue.start, spot.cue.end)):
        partner = last_party(spot.before, "with")  # أجرت X محادثات مع Y لاستثمار 5 مليارات
        target = None if partner is None or partner.shares(agent) else partner
    if target is None and pattern_of("shares").search(spot.rest):
        target = object_of(spot, agent, "of", "source", "")  # دفعت … مقابل ربع أسهم X
    if target is None:
        if _IN_SOME.search(spot.rest) and any(a.value.kind == "deal" and a.start >= spot.cue.end for a in spot.clause.amounts):
            yield spot.draft("investment", {"investor": agent.mentions()})
            return
        if unnamed_thing(spot, "في", "لتطوير", "لبناء"):
            yield _bought_solution(spot, agent)
            return
        definite = spot.text(spot.cue.start, spot.cue.end).lstrip("وف").startswith("ال")
        sided = (
            (not definite and spot.part.opener == "relative")
            or first_of(list(spot.after), "by") is not None
            or (not spot.verbal and spot.cue.start < agent.start)
            or _EARLIER.match(spot.text(spot.cue.end, spot.part.end)) is not None
        )
        target = other_side(spot, agent) if sided else None
    if target is None:
        return
    roles = {"investor": [n for n in joint(spot, agent) if n not in target.mentions()], "target": target.mentions()}
    amounts = [a for a in spot.clause.amounts if a.start >= spot.cue.end]
    if pattern_of("respectively").search(spot.rest) and len(agent.names) == len(amounts) > 1:
        for name, amount in zip(agent.names, amounts, strict=True):
            yield spot.draft("investment", {"investor": [name.value], "target": target.mentions()}, amount=amount)
        return
    yield spot.draft("investment", roles)


def _received(spot: Spot) -> Draft | None:
    """تلقت X استثمارا بقيمة … من Y, استقطبت X استثمارات: X is who gets the money."""
    target = subject_of(spot, agent=False)
    if target is None or any(c.cue.frame == "round" for c in spot.previous):
        return None
    investor = next((p for p in spot.after if p.case in {"source", "lead", "by"} and p.names and not p.shares(target)), None)
    return spot.draft("investment", {"investor": names_of(investor), "target": target.mentions()})


_RECEIVED = re.compile(
    r"(?<!\w)[وفب]?(?:نالت?|تلقت?|تلقي(?:ها|ه)|حازت?|حصدت?|اقتنصت?|جذبت?|امنت?"
    r"|(?:حصلت?|حصول(?:ها|ه)|[تي]حصل)(?: [^ ,.;]+){0,6} علي)"
    r"(?: [^ ,.;]+){0,6} $"
)
_IN_TALKS_TO = re.compile(r"لاستثمار$|للاستثمار$|لضخ$")
_IN_SOME = re.compile(r"(?<!\w)في (?:\w+ )?(?:ال)?(?:شركه|شركات|شركتين|بنوك|مصارف|مصنع|مصانع)(?!\w)")
"""ضخت X 16 مليارا في البنوك: into companies that are not named"""
_EARLIER = re.compile(r" (?:اول|ثان|سابق|اضافي|اخر)(?!\w)")
"""بعد استثمار أول بقيمة …: one more of the same between the same"""
_SOLUTION = re.compile(r"(?<!\w)في (?:هذا|هذه) (?:الحل|الحلول|النظام|الانظمه|المنظومه|الشبكه|المنصه|الخدمه)(?!\w)")


def _bought_solution(spot: Spot, agent: Group) -> Draft | None:
    """استثمرت X في هذا الحل, after an agreement with Y: the system that Y sells is paid for."""
    partner = spot.state.partner
    if partner is None or agent.shares(partner) or not _SOLUTION.search(spot.rest):
        return None
    return spot.draft("purchase", {"buyer": agent.mentions(), "supplier": partner.mentions()})


def bought(spot: Spot) -> Draft | None:
    """شراء and استحواذ: shares or a company make an equity deal, goods a purchase."""
    if spot.cue.type == "purchase" and (ordered := _ordered_between(spot)) is not None:
        return ordered
    if spot.cue.type == "purchase" and any(c.cue.frame == "win" for c in spot.previous):
        return None  # فازت X بطلبية: told by the winning
    if POWER_BOUGHT.search(spot.text(spot.part.start, spot.part.end)):
        return None  # told by its signing
    if spot.cue.type in {"purchase", "acquisition"} and buys_as_anybody(spot.text(spot.part.start, spot.cue.end)):
        return None
    if spot.after and spot.after[0].kind == "pronoun" and not spot.after[0].names:
        return None  # التي استحوذت عليها X: of whom it is said is not named
    if spot.part.opener == "relative" and spot.verbal and spot.takes_on and spot.after and spot.after[0].kind == "pronoun":
        return _taken_over_by(spot)
    if _AND_TAKE_OVER.fullmatch(spot.text(spot.cue.start, spot.cue.end)) and spot.previous:
        return None  # شراء X والسيطرة عليها: the same again
    if not spot.verbal and OF_IT_ALREADY.match(spot.text(spot.cue.end, spot.part.end)):
        return bid_for_it(spot)  # 40% تم الاستحواذ عليها: a part of what is told before
    held = offer_for_its_share(spot) or _share_of_holder(spot)
    if held is not None:
        return held
    agent, found = _buyer_and_bought(spot)
    if found is None and spot.takes_on:
        found = _owner_of_assets(spot)
    if found is not None and _not_what_is_bought(spot, found):
        return None
    agent = _allowed(spot) or bidder_of(spot) or agent or _together(spot) or _ours(spot, found) or _named_after(spot, found)
    if agent is not None and found is None and spot.clause.amounts and _LICENCE.match(spot.text(spot.cue.end, spot.part.end)):
        return spot.draft("license", {"licensee": agent.mentions()})
    if agent is not None and found is not None and _OF_RIGHTS.match(spot.text(spot.cue.end, found.start)):
        return spot.draft("license", {"licensee": agent.mentions(), "licensor": found.mentions()})
    if DEFINITE.fullmatch(spot.text(spot.cue.start, spot.cue.end)) and (not at_once(spot, found) or _from_whom(spot, found)):
        return None  # اعتادت الشراء من X, تحرك المستثمرون نحو الشراء
    if agent is None:
        if found is None or not _told_of_alone(spot, found):
            return None
        agent = _NOBODY
    asset = asset_of(spot, found)
    if asset is not None:
        seller = found if found is not None and not found.shares(agent) and found.start >= asset.end else None
        roles = {"acquirer": agent.mentions(), "target": [asset.value], "seller": names_of(seller)}
        return spot.draft("acquisition", roles, amount=_paid(spot))
    if found is not None and found.kind == "owned" and _ASSETS_OF.search(spot.text(spot.cue.end, found.start)):
        roles = {"acquirer": agent.mentions(), "seller": found.mentions()}
        priced = bool(spot.clause.amounts) or any(c.amounts for c in spot.following[:1])
        return spot.draft("acquisition", roles, amount=_paid(spot)) if priced and agent is not _NOBODY else None
    if found is not None and found.kind == "owned" and _UNIT_OF.match(spot.text(spot.cue.end, found.start)):
        told = agent is not _NOBODY and not found.shares(agent)
        return spot.draft("acquisition", {"acquirer": agent.mentions(), "seller": found.mentions()}) if told else None
    lead = spot.words(spot.cue.end, found.start if found else spot.part.end)
    takes_on = spot.takes_on
    if spot.cue.type == "purchase" and _ON_ITSELF.search(spot.rest):
        return None
    goods = None if takes_on or (found and found.share) else pattern_of("goods").search(lead)
    if (
        goods
        and _FROM_SHOP.match(spot.text(spot.cue.end, spot.part.end))
        and all((a.value.value or 0) < _SHOP_PRICE for a in spot.clause.amounts)
    ):
        return None
    purpose = spot.text(spot.cue.start, spot.cue.end).startswith("ل") and _FINANCED_BY.search(spot.scope) is not None
    if goods and purpose:
        return None  # قرض لشراء معدات: what a loan is for
    if goods:
        supplier = next(
            (
                p
                for p in spot.after
                if p.case in {"source", "in", "by", "with", "of"} and p.names and not p.shares(agent) and p.kind != "owned"
            ),
            None,
        )
        if supplier is None and spot.text(spot.cue.start, spot.cue.end).startswith("ل"):
            partner = last_party(spot.before, "with")  # وقعت X مذكرة مع Y لشراء 24 طائرة
            supplier = None if partner is None or partner.shares(agent) else partner
        if supplier is None and (not _priced_next(spot) or _BUDGET.search(spot.text(spot.part.start, spot.cue.start))):
            return None
        return spot.draft("purchase", {"buyer": agent.mentions(), "supplier": names_of(supplier)})
    if spot.cue.type == "purchase":
        goods = goods or pattern_of("goods").search(spot.rest)
        rented = _RENTS.match(spot.text(spot.cue.start, spot.cue.end)) is not None
        sold = found is not None and found.case in {"in", "source"} and (spot.clause.amounts or goods or rented)
        amount = next((a for a in spot.clause.amounts if a.start >= spot.cue.end and not a.value.is_equivalent), None)
        roles = {"buyer": agent.mentions(), "supplier": names_of(found)}
        return spot.draft("purchase", roles, amount=amount) if sold else None
    if pattern_of("trading").search(lead) or (not takes_on and found is not None and not is_company(spot, found)):
        return None
    if found is not None and found.case == "source" and not found.share and not takes_on and _things(spot, found):
        return None  # اشترت X عقد لؤلؤ من Y
    if found is None and agent.names and spot.state.traded and _THE_SHARE.match(spot.text(spot.cue.end, spot.part.end)):
        return spot.draft("share_transfer", {"buyer": agent.mentions(), "company": spot.state.traded})
    if found is None:
        issuer = other_side(spot, agent) if pattern_of("new_shares").search(spot.rest) else None
        some = issuer is None and agent.names
        if some and takes_on and spot.verbal and _paid(spot) is not None and _ON_SOME_COMPANY.search(spot.rest):
            return spot.draft("acquisition", {"acquirer": agent.mentions()}, amount=_paid(spot))
        if some and _SOME_COMPANY.match(spot.text(spot.cue.end, spot.part.end)):
            return spot.draft("acquisition", {"acquirer": agent.mentions()}) if _IN_TALKS.search(spot.scope) else None
        return spot.draft("investment", {"investor": agent.mentions(), "target": issuer.mentions()}) if issuer else None
    return _shares_bought(spot, agent, found)


_BUDGET = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:ميزانيه|موازنه|مخصصات|اعتمادات?|رصدت?|خصصت?|تخصيص)(?!\w)")
"""رصدت X ميزانية لشراء معدات: money put aside, nothing bought"""


def _ordered_between(spot: Spot) -> Draft | None:
    """طلبية بين «بوينغ» وطيران X: the airline buys."""
    sides = next((p for p in spot.after if p.case == "between" and len(p.names) > 1), None)
    if sides is None or "طلبي" not in spot.text(spot.cue.start, spot.cue.end):
        return None
    buyers = [n.value for n in sides.names if _AIRLINE.search(fold(n.value.text))]
    suppliers = [name for name in sides.mentions() if name not in buyers]
    return spot.draft("purchase", {"buyer": buyers, "supplier": suppliers}) if buyers and suppliers else None


_AIRLINE = re.compile(r"(?<!\w)(?:ال|لل)?(?:طيران|خطوط)(?!\w)")
POWER_BOUGHT = re.compile(r"(?<!\w)(?:اتفاقيه|اتفاقيات|اتفاقيتي|عقدا?|عقود) (?:ل)?شراء (?:ال)?(?:طاقه|كهرباء|مياه)(?!\w)")
"""اتفاقية شراء الطاقة: who produces it signs with who carries it to its customers"""
_UNIT_OF = re.compile(r" (?:علي )?(?:ال)?(?:وحده|شركه|ذراع|منصه|مصنع|شبكه)(?: ال\w+)* (?:ال)?(?:مملوكه?|تابعه?)(?!\w)")
"""شراء الوحدة التركية المملوكة لـX: whose it is sells it, and is not bought"""
_RENTS = re.compile(r"[وفبل]*(?:ال)?(?:[تي]?ستاجر|استاجر|استيجار)")


def _share_of_holder(spot: Spot) -> Draft | None:
    """شراء حصة X في Y: what X holds of Y is bought of X, by who is named before, if anybody."""
    holder = spot.after[0] if spot.after and not spot.verbal else None
    if holder is None or holder.case != "" or not holder.names or not _WHOSE_SHARE.match(spot.text(spot.cue.end, holder.start)):
        return None
    company = next((p for p in spot.after[1:] if p.case in {"in", "source"} and p.names and not p.shares(holder)), None)
    if company is None or company.kind == "pronoun" or len(spot.words(holder.end, company.start).split()) > NEAR_OBJECT:
        return None
    buyer = subject_of(spot, agent=False)
    buyer = None if buyer is None or buyer.shares(holder) or buyer.shares(company) else buyer
    control = pattern_of("control").search(spot.words(spot.cue.end, holder.start)) is not None
    return shares_moved(spot, company, buyer=buyer, seller=holder, control=control, amount=_paid(spot))


_WHOSE_SHARE = re.compile(r" (?:علي )?(?:كامل |جميع )?(?:حصه|حصص)(?: (?:شركه|مجموعه|بنك|صندوق|مصرف))? ?[«\"]?$")


def _owner_of_assets(spot: Spot) -> Party | None:
    """استحوذت X على أصول في بحر الشمال تابعة لـY"""
    owned = (p for p in spot.after if p.kind == "owned" and p.names)
    return next((p for p in owned if _ASSETS_OF.search(spot.text(spot.cue.end, p.start))), None)


def _priced_next(spot: Spot) -> bool:
    """Whether the clause, or what carries the predicate on, tells a price."""
    amounts = (*spot.clause.amounts, *(a for c in spot.following for a in c.amounts if a.start < spot.until))
    return any(a.value.kind in {"deal", "unknown"} for a in amounts)


_SOME_COMPANY = re.compile(r" (?:علي )?(?:شركه|بنك|مصرف|مجموعه|مصنع) (?!ال|اخر|جديد)\w+")
"""للاستحواذ على شركة وساطة: one that is not named"""
_ON_SOME_COMPANY = re.compile(r"(?<!\w)علي (?:شركه|منصه|مجموعه|مصنع) (?!ال|اخر|جديد)\w+")
_IN_TALKS = re.compile(r"(?<!\w)[وف]?(?:[يت]تفاوض|تفاوض|مفاوضات|محادثات|مباحثات|بصدد|اتفقت?|اتفاقا?|ابرمت?)(?!\w)")


def _not_what_is_bought(spot: Spot, found: Party) -> bool:
    """محادثات مع مستثمر لشراء حصة فيها: of whom one talks; المتقدمون لشراء الحصة A وB: those who buy what was told before."""
    asked = found.anaphor and _WITH_SOMEBODY.search(spot.text(spot.part.start, spot.cue.start)) is not None
    listed = found.case == "" and _THE_SHARE.match(spot.text(spot.cue.end, found.start)) is not None
    holder = found.case == "" and any(n.value.kind in {"government", "fund"} for n in found.names)
    asked |= holder and _WHOSE_SHARE.match(spot.text(spot.cue.end, found.start)) is not None  # شراء حصة الهيئة: of another
    owner = found.kind == "owned" and _BY.search(spot.text(spot.cue.end, found.start)) is not None  # من قبل A المملوكة لـB
    offers = spot.cue.type == "purchase" and _ASKS_FOR_OFFERS.search(spot.rest) is not None
    return asked or listed or offers or owner


_BY = re.compile(r"(?<!\w)من (?:قبل|جانب|طرف)(?!\w)")
_WITH_SOMEBODY = re.compile(r"(?<!\w)مع (?:شركه|شركات|مستثمر|مستثمرين|جهه|جهات|صندوق|مجموعه|احدي|طرف) (?:\w+ )?$")
_THE_SHARE = re.compile(r" (?:هذه )?(?:الحصه|الاسهم) ")
_ASKS_FOR_OFFERS = re.compile(r"(?<!\w)(?:تقديم|بتقديم) (?:عروض|عطاء|عطاءات)")
_FROM_SHOP = re.compile(r" (?:ال)?(?:هاتف|تلفزيون|جهاز|كاميرا|طابعه|حاسوب|حاسب|كمبيوتر|سياره|ساعه|لوح|تذكره|هديه)(?!\w)")
_FINANCED_BY = re.compile(r"(?<!\w)(?:ال)?(?:قرض|قرضا|تسهيل|تسهيلات|تمويل)(?!\w)")
_SHOP_PRICE = 100_000
"""شراء تلفزيون «إل جي» بسعر 22999 درهما: what a customer buys"""
_ASSETS_OF = re.compile(r"(?<!\w)(?:ال)?(?:اصول|موجودات|عقارات|محطات|مصانع|حقول)(?!\w)")
"""الأصول المملوكة لـX: whose they are sells them"""
DEFINITE = re.compile(r"[وف]?(?:[بك]?ال|لل)(?:شراء|اقتناء|بيع|تخارج)")
"""عملية البيع: one that was told before, or anybody's"""
_HELD_BY = 4
"""Words between a definite noun of action and what it is done to: الشراء المتفق عليه لحصة في X"""


def _from_whom(spot: Spot, found: Party | None) -> bool:
    """اعتادت الشراء من X: of whom one buys, not what."""
    return found is not None and found.case == "source" and not found.share and found.governor - spot.cue.end <= 1


def at_once(spot: Spot, found: Party | None) -> bool:
    return found is not None and found.start < spot.part.end and len(spot.words(spot.cue.end, found.start).split()) <= _HELD_BY


def _things(spot: Spot, seller: Party) -> bool:
    """Whether something without a name, and no share of anything, is bought from who follows."""
    words = [word_of(w) for w in spot.words(spot.cue.end, seller.governor).split()]
    return bool(words) and words[0].sort == "other" and not any(w.sort == "shares" for w in words)


_ON_ITSELF = re.compile(r"(?<!\w)علي (?:ال)?(?:ابحاث|بحث|بحوث|تطوير|تسويق|اعلان|اعلانات|تدريب|توسع|توسعات)(?!\w)")
"""تنفق 3 مليارات على الأبحاث: what a company spends on itself"""
_NOBODY = Group((), "", -1, -1)
"""The side of a deal that the text does not name"""


def _told_of_alone(spot: Spot, found: Party) -> bool:
    """Whether what is bought tells a deal without its buyer: a company right after the cue, with a price or share beside it."""
    at_once = len(spot.words(spot.cue.end, found.start).split()) <= NEAR_OBJECT + 2
    sized = any(a.value.kind == "deal" and not a.value.is_equivalent for a in spot.clause.amounts) or (
        found.share and bool(spot.clause.percents)
    )
    somebody = _SOMEBODY.match(spot.text(spot.cue.end, spot.part.end)) is not None
    if (spot.verbal and not somebody) or pattern_of("trading").search(spot.rest):
        return False
    at_once |= somebody
    return at_once and sized and found.case in {"on", "in", "source", ""} and not found.anaphor and _surely_company(found)


_SOMEBODY = re.compile(r" (?:رجل اعمال|رجال اعمال|مستثمر|مستثمرون|مجموعه (?:من ال)?مستثمرين)(?!\w)")
"""اشترى رجل أعمال حصة في X: the buyer is told, not named"""


def _surely_company(party: Party) -> bool:
    """Whether it is listed as a company, or a head or a business word shows it to be one."""
    tails = folded_names("tails")
    return any(
        (n.value.entity_id is not None and n.value.kind != "product")
        or word_of(fold(n.value.text).split()[0]).sort == "heads"
        or not tails.isdisjoint(fold(n.value.text).split())
        for n in party.names
    )


_ALLOWS = re.compile(r"(?<!\w)[وف]?[يت]?(?:اعطت|اعطي|منحت|منح|سمحت|سمح|اجازت|اجاز|وافقت|وافق)(?!\w)")


def _allowed(spot: Spot) -> Party | None:
    """منحت الهيئة الموافقة لـX للاستحواذ على Y: who is allowed buys."""
    to = last_party(spot.before, "to")
    told = to is not None and _ALLOWS.search(spot.text(spot.part.start, to.start))
    return to if told and spot.text(spot.cue.start, spot.cue.end).startswith("ل") else None


def _named_after(spot: Spot, found: Party | None) -> Party | None:
    """منذ استحواذها على Y تواصل X …: whom the pronoun means is named after it, with its verb."""
    led = spot.text(spot.part.start, spot.cue.start)
    if found is None or not _SINCE.fullmatch(led) or not OBJECT_SUFFIX.search(spot.text(spot.cue.start, spot.cue.end)):
        return None
    return next((p for p in spot.after if p.verb and p.subject and p.names and p.start > found.end and not p.shares(found)), None)


_SINCE = re.compile(r"(?:منذ|بعد|عقب|اثر|فور|قبل) ")


def _ours(spot: Spot, found: Party | None) -> Group | None:
    """قال رئيس X: دخلنا السوق عبر استحواذنا على Y: the company that speaks, or is spoken of, has bought."""
    if not spot.text(spot.cue.start, spot.cue.end).endswith("استحواذنا") or found is None:
        return None
    who = spot.state.speaker or spot.state.topic
    return None if who is None or who.shares(found) else who


_LICENCE = re.compile(r" (?:علي )?(?:ال)?(?:رخصه|ترخيص)(?! (?:برنامج|برامج|استخدام))(?!\w)")
"""عرض بـ825 مليونا لشراء رخصة الهاتف: who gives it is not named"""
_OF_RIGHTS = re.compile(r" (?:علي )?(?:رخصه|ترخيص|حقوق) ")


def _together(spot: Spot) -> Party | None:
    """شراكة بين A وB للاستحواذ على C: both buy."""
    told = spot.text(spot.cue.start, spot.cue.end).startswith("ل")
    return last_party(spot.before, "between") if told else None


_AND_TAKE_OVER = re.compile(r"والسيطره علي(?:ها|ه)")


_PAID = re.compile(r"(?<!\w)(?:مقابل|لقاء|بمبلغ)(?: (?:نحو|حوالي|اكثر من))?\s*$")


def _paid(spot: Spot) -> At[Amount] | None:
    """The amount right after مقابل, whatever the words around it say of its kind."""
    amounts = [
        a for a in spot.clause.amounts if a.start >= spot.cue.end and not a.value.is_equivalent and a.value.kind != "price"
    ]
    return next((a for a in amounts if _PAID.search(spot.text(spot.cue.end, a.start))), None)


def is_company(spot: Spot, party: Party) -> bool:
    """Whether what is bought is a company or has its price told; a bare unknown name after شراء may be a product."""
    known = any(n.value.entity_id is not None and n.value.kind != "product" for n in party.names)
    headed = any(word_of(fold(n.value.text).split()[0]).sort == "heads" for n in party.names)
    bid_for = any(c.cue.frame == "bid" for c in spot.previous)
    said = _IS_COMPANY.match(spot.clean.text, party.end) is not None
    holder = any(n.value.kind == "person" for n in party.names) and _held_of(spot, party) is not None
    said |= _is_quoted(spot, party) and (
        _NEGOTIATED.search(spot.text(spot.part.start, spot.cue.end)) is not None
        or any(p.subject and _is_quoted(spot, p) for p in spot.before)
    )
    return party.share or known or headed or bid_for or said or holder or any(c.amounts for c in nearby(spot))


def _is_quoted(spot: Spot, party: Party) -> bool:
    """Whether it stands in quotation marks alone."""
    return spot.clean.text[max(party.start - 1, 0)] in '«"' and spot.clean.text[party.end : party.end + 1] in {"»", '"'}


_NEGOTIATED = re.compile(
    r"(?<!\w)[وفبل]?(?:ال)?(?:محادثات|مفاوضات|مباحثات|صفقه|اتفاقا?|اتفاقيه|عرضا?|اقتربت?|[يت]قترب)"
    r"(?: [^ ,.;]+){0,3}? ل?(?:من )?(?:شراء|اقتناء)$"
)
"""محادثات لشراء «Y», اقتربت من شراء «Y»: companies negotiate for one another, not for a product"""
_IS_COMPANY = re.compile(
    r"[»\"]?,? ?(?:وهي|وهو|احدي|احد|اكبر|ثاني اكبر) (?:\w+ )?(?:شركه|مجموعه|بنك|مصرف|موسسه|الشركات|البنوك|شركات|بنوك)(?!\w)"
)
"""شراء X، وهي شركة …: what is bought is said to be a company"""


def _taken_over_by(spot: Spot) -> Draft | None:
    """A التي استحوذت عليها B: who follows the pronoun takes over whom it means."""
    told, *rest = spot.after
    doer = next((p for p in rest if p.subject and not p.shares(told) and p.start - told.end < _DOER_NEAR), None)
    if doer is None or told.share or spot.clause.percents:
        return None
    return spot.draft("acquisition", {"acquirer": doer.mentions(), "target": told.mentions()})


_DOER_NEAR = 14
"""Characters from the pronoun to who did it"""


def _buyer_and_bought(spot: Spot) -> tuple[Group | None, Party | None]:
    """The agent and the object of buying. After شراء a bare name is the agent when an object follows, else the object."""
    wanted = {"on", "in", "source", "of", "", "to"}
    first = spot.after[0] if spot.after else None
    adjacent = (
        first is not None
        and first.subject
        and (
            spot.cue.start <= first.governor < spot.cue.end
            or _OF_CONSORTIUM.match(spot.text(spot.cue.end, first.start)) is not None
        )
    )
    takes_on = spot.takes_on
    if first is not None and adjacent:
        objects = [
            p
            for p in spot.after[1:]
            if p.case in wanted
            and p.names
            and (takes_on or p.share or not (p.anaphor and p.governor == p.start))
            and not p.shares(first)
            and (p.share or p.case in ({"on"} if takes_on else {"on", "", "in"}))
        ]
        named = last_party([p for p in spot.before if p.opening or p.anaphor], "")
        if spot.verbal and not takes_on and not objects and named is not None and not named.shares(first):
            return named, first  # X اشترت Y
        if spot.verbal and not takes_on and not objects and _hides_subject(spot, first):
            return spot.state.topic, first
        if spot.verbal or takes_on or objects:
            return first, objects[0] if objects else _seller_as_object(spot, first)
    agent = subject_of(spot, agent=False)
    if first is not None and first.case == "lead" and _OF_CONSORTIUM.match(spot.text(spot.cue.end, first.start)):
        agent = first
    if agent is spot.state.topic and first is not None and agent is not None and not first.anaphor and first.shares(agent):
        agent = None  # the only company that the text names is the one bought
    found = next((p for p in spot.after if p.case in wanted and p.names and (agent is None or not p.shares(agent))), None)
    if found is not None and not found.share and (found.case == "to" or (takes_on and not _taken_on(spot, found))):
        found = None
    return agent, found


def _hides_subject(spot: Spot, first: Party) -> bool:
    """إذ اشترت مصنع Y, واشترت «Y» من Z: whether the verb's subject is who is spoken of, and what follows is bought.

    A feminine verb has no masculine subject, and who buys of somebody without an object is bought itself.
    """
    topic = spot.state.topic
    if topic is None or topic.shares(first) or spot.part.opener not in {"link", "conjunction", "that", "comma"}:
        return False
    word = spot.text(spot.cue.start, spot.cue.end)
    feminine = word.endswith("ت") or word.lstrip("وفس").startswith("ت")
    if feminine and _MASCULINE.match(fold(first.names[0].value.text)):
        return True
    seller = next((p for p in spot.after[1:] if p.case == "source" and p.names), None)
    return seller is not None and not seller.share and not spot.words(first.end, seller.governor)


_MASCULINE = re.compile(r"(?:مصنع|بنك|مصرف|فندق|برج|مبني|مركز|مجمع|متجر|صندوق) ")
_OF_CONSORTIUM = re.compile(
    r" (?:ال)?(?:تحالف|ايتلاف|كونسورتيوم|مجموعه مستثمرين|مجموعه من المستثمرين)(?: \w+){0,2}? (?:الذي )?"
    r"(?:يضم|ضم|تضم|مكون من|يتكون من|مولف من|تقوده|يقوده|بقياده)(?: كلا?)?(?: من)?(?: (?:شركه|شركتي|مجموعه|بنك|صندوق))? ?[«\"]?$"
)
"""استحوذ تحالف يضم A وB على C: those who are in it"""


def _taken_on(spot: Spot, found: Party) -> bool:
    """Whether على, or a word for a share after it, leads from استحواذ to what is taken."""
    return found.case in {"on", "source", "of"} or _SHARE_OF.search(spot.text(spot.cue.end, found.start)) is not None


def _seller_as_object(spot: Spot, agent: Party) -> Party | None:
    return next((p for p in spot.after[1:] if p.case == "source" and p.names and not p.shares(agent)), None)


def _shares_bought(spot: Spot, agent: Group, found: Party) -> Draft | None:
    """Control, a part of the shares, new shares, or a right to shares that is signed for."""
    seller: Group | None = next(
        (p for p in spot.after if p.case == "source" and p is not found and p.start > found.start and not p.shares(found)), None
    )
    partner = last_party(spot.before, "with") or spot.state.partner
    if seller is None and partner is not None and _UNDER_IT.search(spot.text(spot.sentence.start, found.start)):
        seller = None if partner.shares(found) or partner.shares(agent) else partner
    if seller is None and partner is not None and _ITS_SHARE.match(spot.text(spot.cue.start, spot.part.end)):
        seller = None if partner.shares(found) or partner.shares(agent) else partner
    held = _held_of(spot, found)
    if held is not None:
        seller, found = found, held
    percent = spot.percent() or _percent_before(spot, found)
    if found.case == "source" and percent is None and _THAT_SHARE.search(spot.text(spot.cue.end, found.start)):
        return spot.draft("share_transfer", {"buyer": agent.mentions(), "seller": found.mentions()})
    reach = spot.words(spot.cue.start, found.start)
    partial = (percent is not None and percent.value < 50) or (percent is None and found.share)
    if pattern_of("control").search(reach) and not (partial and percent is not None and _ALL_OF_SHARE.search(reach)):
        partial = False
    told = _PAID_IN_SHARES.sub(" ", spot.words(spot.cue.start, spot.sentence.end))
    issued = pattern_of("new_shares").search(told) or _issued_after(spot, found)
    if issued and (partial or (percent is None and found.share)):
        return spot.draft("investment", {"investor": agent.mentions(), "target": found.mentions()}, percent=percent)
    if (
        partial
        and percent is not None
        and not any(c.amounts for c in nearby(spot))
        and not spot.clause.dates
        and _RIGHT.search(spot.scope)
    ):
        return spot.draft("stake", {"holder": agent.mentions(), "company": found.mentions()}, percent=percent, agreed=True)
    if partial and "منذ تاسيس" in spot.scope:
        return spot.draft("stake", {"holder": agent.mentions(), "company": found.mentions()}, percent=percent)
    buyers = [n for n in joint(spot, agent) if n not in found.mentions()]
    if partial:
        roles = {"buyer": buyers, "company": found.mentions(), "seller": names_of(seller)}
        return spot.draft("share_transfer", roles, percent=percent, amount=_paid(spot))
    roles = {"acquirer": buyers, "target": found.mentions(), "seller": names_of(seller)}
    return spot.draft("acquisition", roles, percent=percent, amount=_paid(spot))


def _percent_before(spot: Spot, found: Party) -> At[Decimal] | None:
    """استحوذت X، بقيادة رئيسها، على 60% من أسهم Y: told after an aside, right before whose shares they are."""
    told = [p for c in spot.following for p in c.percents if spot.cue.end <= p.start < found.start]
    return told[-1] if told and found.share else None


_PAID_IN_SHARES = re.compile(
    r"(?<!\w)(?:مقابل|لقاء|نظير|عبر|من خلال|عن طريق) (?:قيام \w+ )?(?:ب?اصدار(?:ها|ه)? (?:\w+ ){0,2}اسهم|"
    r"مبادله اسهم|تبادل اسهم|اسهم جديده)(?: جديده)?"
)
"""للاستحواذ على س مقابل إصدار أسهم جديدة: the buyer's own, with which it pays"""
_THAT_SHARE = re.compile(r"(?<!\w)(?:هذه )?(?:الحصه|الاسهم) من (?:\w+ )?[«\"]?$")
"""اشترت الحصة من X: one told before, which X sells"""
_ALL_OF_SHARE = re.compile(r"(?<!\w)(?:كامل|جميع) (?:ال)?(?:حصه|حصتها|حصته|حصص)(?!\w)")
"""كامل حصتها البالغة 17%: all that she had"""
_SHARE_OF = re.compile(r"(?<!\w)(?:حصه|حصص|نصيب)(?: (?:شركه|مجموعه|بنك))?\s[«\"]?$")


def _held_of(spot: Spot, holder: Party) -> Party | None:
    """شراء حصة X البالغة 53% من Y: Y, of which the one first named sells its share."""
    if holder.case != "" or not _SHARE_OF.search(spot.text(spot.cue.end, holder.start)):
        return None
    return next(
        (
            p
            for p in spot.after
            if p.start > holder.end and p.case in {"in", "source"} and p.names and not p.shares(holder)
        ),
        None,
    )  # fmt: skip


_ITS_SHARE = re.compile(r"(?:لشراء|لاقتناء|للاستحواذ علي|لتملك) (?:كامل |جميع |باقي )?(?:حصتها|حصته|حصصها|اسهمها)(?!\w)")
"""اتفقت X مع Y لشراء حصتها في Z: Y sells"""
_UNDER_IT = re.compile(r"(?<!\w)بموجب(?:ها|ه)(?!\w)")
"""وقعت اتفاقية مع X تستحوذ بموجبها على Y: X sells"""
_AFTER_ISSUE = re.compile(r"(?<!\w)بعد (?:\w+ ){0,5}ب?(?:زياده|رفع) راس ?(?:ال)?مال")


def _issued_after(spot: Spot, company: Party) -> bool:
    """Whether the next sentence says that the shares came from a capital increase of the company."""
    following = spot.clean.text[spot.sentence.end : spot.sentence.end + 160].lstrip(" .").partition(" .")[0]
    forms = {fold(form) for n in company.names for form in (n.value.text, n.value.canonical, *n.value.aliases)}
    return _AFTER_ISSUE.search(following) is not None and any(form in following for form in forms)


_RIGHT = re.compile(r"(?:اتفاقا?|اتفاقيه)\s+(?:لشراء|علي شراء)")
