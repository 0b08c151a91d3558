"""Frames of Arabic sales: who sells a company, a share of one, bonds or goods, and to whom (folded text)."""

from __future__ import annotations

import re

from extractors.assets_ar import NEAR_OBJECT, asset_of, is_priced
from extractors.draft import Draft
from extractors.equity_ar import DEFINITE, at_once, is_advice, is_company, is_trading
from extractors.exits_ar import exited, own_sold
from extractors.frames import Group, names_of
from extractors.normalize import fold
from extractors.parts_ar import Party
from extractors.spots_ar import Drafts, Spot, last_party, present_subject, shares_moved, subject_of
from extractors.words_ar import OBJECT_SUFFIX, pattern_of

_AND_SELLING = re.compile(r"(?<!\w)[وبل]?(?:ال)?(?:تسويق|توزيع|ترويج|انتاج|تصنيع|استيراد) و(?:ال)?بيع$")
"""تتعاون A مع B على تسويق وبيع الأجهزة: a trade, no sale"""


def sell(spot: Spot) -> Drafts:
    """باعت X حصة في C إلى B; بيع نظام إلى B: shares, a company or asset, or goods change hands."""
    if _is_no_sale(spot):
        return
    if (left := exited(spot)) is not None:
        yield left
        return
    if _BONDS.match(spot.text(spot.cue.end, spot.part.end)) or (spot.verbal and _BONDS.search(spot.rest)):
        yield from _bonds_sold(spot)
        return
    first = spot.after[0] if spot.after else None
    if DEFINITE.fullmatch(spot.text(spot.cue.start, spot.cue.end)) and not at_once(spot, first):
        return
    buyer = _buyer(spot)
    company = next((p for p in spot.after if p.names and p.share and p is not buyer), None)
    if company is None and buyer is not None and _REST_OF_SHARE.match(spot.text(spot.cue.end, buyer.start)):
        yield _sold_again(spot, buyer)
        return
    if company is not None and company is first and company.case == "":  # بيع حصة X في Y
        company = next((p for p in spot.after[1:] if p.case == "in" and p.names), company)
    sold = spot.part.antecedent if spot.part.opener == "relative" else None
    if sold is not None and _IS_SOLD.match(spot.text(spot.part.start, spot.part.end)):
        yield spot.draft("acquisition", {"acquirer": names_of(buyer), "target": sold.mentions()})
        return
    seller = _seller(spot, company)
    if seller is None and company is not None and buyer is not None and not company.shares(buyer):
        yield _sold_by_nobody(spot, company, buyer)
    elif seller is None or (seller is spot.state.topic and first is not None and first.shares(seller)):
        yield _first_sold(spot, buyer)
    else:
        yield from _sold_by(spot, seller, company, buyer)


def _is_no_sale(spot: Spot) -> bool:
    """Advice to sell, a trade in goods, or what is given up and is no share."""
    given_up = _GIVES_UP.match(spot.text(spot.cue.start, spot.cue.end)) and not _GIVEN_UP.search(spot.rest)
    traded = _AND_SELLING.search(spot.text(spot.part.start, spot.cue.end)) is not None
    never = _NEVER_SELLS.search(spot.text(spot.part.start, spot.cue.start)) is not None
    return is_advice(spot) or is_trading(spot) or traded or bool(given_up) or never


_NEVER_SELLS = re.compile(r"(?<!\w)لا [تي]قوم (?:\w+ ){0,3}$")
"""لا تقوم الشركة ببيع الجهاز إلا بعد …: what it does as a rule"""


def _buyer(spot: Spot) -> Party | None:
    """To whom it is sold; from whom a bid came; with whom the seller has signed."""
    buyer = next((p for p in spot.after if p.case == "to" and p.names and not p.share), None)
    if buyer is None and any(c.cue.frame == "bid" for c in spot.previous):
        buyer = last_party(spot.before, "source")
    if buyer is None and _SIGNED_WITH.search(spot.text(spot.part.start, spot.part.end)):
        buyer = next((p for p in (*reversed(spot.before), *spot.after) if p.case == "with" and p.names), None)
    return buyer


def _seller(spot: Spot, company: Party | None) -> Group | None:
    """بيع X حصة في Y, باعت X: who sells; whom the text speaks of only where a verb or a pronoun carries it on."""
    first = spot.after[0] if spot.after else None
    if company is not None and first is not None and company is not first and first.case == "" and first.share:
        return first
    seller = subject_of(spot, agent=spot.verbal or company is not None)
    if seller is None or (seller is spot.state.topic and not spot.verbal and not _carried(spot)):
        return next((p for p in reversed(spot.before) if p.names and p.case in {"in", "to"}), None)
    return seller


def _is_adjacent(spot: Spot, party: Party) -> bool:
    """Whether a party stands right after the cue, as its object does."""
    return party.case in {"", "of"} and spot.cue.start <= party.governor


def _first_sold(spot: Spot, buyer: Party | None) -> Draft | None:
    """صفقة بيع X, بيع شركة X إلى Y: who sells is not named."""
    first = spot.after[0] if spot.after else None
    if first is None or not first.names or first.share or not _is_adjacent(spot, first):
        return None
    told = _DEAL_OF.search(spot.text(spot.part.start, spot.cue.start)) or (buyer is not None and _sold_whole(spot, first))
    return spot.draft("acquisition", {"acquirer": names_of(buyer), "target": first.mentions()}) if told else None


def _sold_by(spot: Spot, seller: Group, company: Party | None, buyer: Party | None) -> Drafts:
    """What `seller` parts with: an asset, goods, shares in `company`, a company of its own."""
    asset = asset_of(spot, buyer) if company is None else None
    if asset is not None and is_priced(spot):
        yield spot.draft("acquisition", {"acquirer": names_of(buyer), "target": [asset.value], "seller": seller.mentions()})
        return
    first = spot.after[0] if spot.after else None
    until = first.start if first is not None and not first.share else spot.part.end
    goods = pattern_of("goods").search(spot.words(spot.cue.end, until))
    own = _OWN_SHARE.match(spot.text(spot.cue.end, spot.part.end)) is not None
    parted = company is not None and (own or bool(spot.clause.percents))  # بيع 20% من حصصها
    if goods and not parted:
        yield _goods_sold(spot, seller, buyer)
        return
    sized = spot.clause.percents or spot.clause.amounts or pattern_of("shares").search(spot.rest)
    if company is not None and sized and not seller.shares(company):
        yield from _shares_sold(spot, seller, company, buyer)
        return
    passed = _passed_to(spot, seller, buyer)
    if passed is None and first is not None and not goods and first.names and not seller.shares(first):
        near = _is_adjacent(spot, first) and len(spot.words(spot.cue.end, first.start).split()) <= NEAR_OBJECT
        if near and _sold(spot, first):
            roles = {"acquirer": names_of(buyer), "target": first.mentions(), "seller": seller.mentions()}
            passed = spot.draft("acquisition", roles)
    yield passed or _sold_to(spot, seller, buyer)


def _goods_sold(spot: Spot, seller: Group, buyer: Party | None) -> Draft | None:
    """باعت X أجهزة إلى Y; مساحة لبيع هواتف is what a thing is for, unless a sum is told."""
    purpose = spot.text(spot.cue.start, spot.cue.end).lstrip("وف").startswith("ل")
    if buyer is None or seller.shares(buyer) or (purpose and not spot.clause.amounts):
        return None
    return spot.draft("purchase", {"buyer": buyer.mentions(), "supplier": seller.mentions()})


def _shares_sold(spot: Spot, seller: Group, company: Party, buyer: Party | None) -> Drafts:
    """باعت X حصة في C إلى B، وحصة أخرى إلى D: one deal for each who buys."""
    control = pattern_of("control").search(spot.rest) and (not _ALL_IT_HAD.search(spot.rest) or _is_majority(spot))
    moved = shares_moved(spot, company, buyer=buyer, seller=seller, control=bool(control))
    yield moved
    if buyer is None or (moved is not None and moved.type != "share_transfer"):
        return
    roles = {"seller": seller.mentions(), "company": company.mentions()}
    for other in spot.after:
        again = other.start > buyer.end and other.case == "to" and _ANOTHER_SHARE.search(spot.text(buyer.end, other.start))
        if again:
            yield spot.draft("share_transfer", {"buyer": other.mentions(), **roles})


def _sold_to(spot: Spot, seller: Group, buyer: Party | None) -> Draft | None:
    """باعت X إلى Y بمليار: new shares of its own, or goods that nothing names."""
    if _SELLING_IT.match(spot.text(spot.cue.start, spot.part.end)):
        return None  # وافق مساهمو X على بيعها لـY: X is what is sold, and sells nothing
    if (own := own_sold(spot, seller, buyer)) is not None:
        return own
    if buyer is None or seller.shares(buyer):
        return None
    if _NEW_SHARES.search(spot.text(spot.cue.end, buyer.start)):
        return spot.draft("investment", {"investor": buyer.mentions(), "target": seller.mentions()})
    pronoun = spot.verbal and OBJECT_SUFFIX.search(spot.text(spot.cue.start, spot.cue.end)) is not None  # باعتها
    told = not pronoun and spot.clause.amounts
    return spot.draft("purchase", {"buyer": buyer.mentions(), "supplier": seller.mentions()}) if told else None


_SELLING_IT = re.compile(r"[وفبل]*بيع(?:ها|ه) (?:ل(?!ل?سهم)|الي |لصالح )")
_NEW_SHARES = re.compile(r"(?<!\w)(?:سهما?|اسهما?) (?:جديده?|جديدا)(?!\w)")
"""باعت X 20 مليون سهم جديد إلى Y: its own, which Y pays it for"""


def _passed_to(spot: Spot, seller: Group, buyer: Party | None) -> Draft | None:
    """باعت X شركة Y إلى Z, باعت X ذراعها «Y» لـZ: what follows who sells is sold."""
    if not spot.verbal or len(spot.after) < 2 or not spot.after[0].shares(seller):
        return None
    what = spot.after[1]
    if what is buyer or what.case not in {"", "of"} or not what.names or what.share or what.shares(seller):
        return None
    lead = spot.words(spot.after[0].end, what.start)
    if (
        len(lead.split()) > NEAR_OBJECT
        or pattern_of("goods").search(lead)
        or not (_sold_whole(spot, what) or _ITS_OWN.search(lead))
    ):
        return None
    roles = {"acquirer": names_of(buyer), "target": what.mentions(), "seller": seller.mentions()}
    return spot.draft("acquisition", roles)


def _sold_whole(spot: Spot, party: Party) -> bool:
    """Whether a head noun shows that a company is sold, not what it makes: بيع شركة Y إلى Z."""
    return _A_COMPANY.search(spot.text(max(party.start - _HEAD_REACH, 0), party.start)) is not None or any(
        _A_COMPANY.match(fold(n.value.text) + " ") for n in party.names
    )


_A_COMPANY = re.compile(r"(?<!\w)(?:شركه|شركتي|بنك|مصرف|مجموعه|منصه|مصنع|فندق|مستشفي)(?: ?[«\"]?$|(?= ))")
_HEAD_REACH = 10
_ITS_OWN = re.compile(r"(?<!\w)(?:ذراع|وحدت|شركت|علامت|منصت|قطاع)(?:ها|ه)(?!\w)")


def _sold_by_nobody(spot: Spot, company: Party, buyer: Party) -> Draft | None:
    """مفاوضات لبيع حصة في X إلى Y: who sells is not named."""
    return shares_moved(spot, company, buyer=buyer, control=pattern_of("control").search(spot.rest) is not None)


def _is_majority(spot: Spot) -> bool:
    """ستبيع كامل حصتها في Y … وتمثل 54%: whether it is told soon after that all that it had was more than half."""
    return _MAJORITY.search(spot.clean.text, spot.cue.end, spot.cue.end + _SOON) is not None


_SOON = 500
"""Characters within which the share is told that was sold as a whole"""
_MAJORITY = re.compile(
    r"(?<!\w)[وف]?(?:تمثل|يمثل|تشكل|البالغه?|تبلغ|نسبتها?|نسبته|تعادل) (?:ما نسبته |نسبه |نحو |حوالي )?"
    r"(?:5[1-9]|[6-9]\d|100)(?:[.,]\d+)? ?(?:%|في الم|بالم)"
)
_ALL_IT_HAD = re.compile(r"(?<!\w)(?:كامل|جميع|كل) (?:حصت|حصص|ملكيت|اسهم)(?:ها|ه)(?!\w)")
"""باعت كامل حصتها في Y: all that it had, however much of Y that was"""
_SIGNED_WITH = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:اتفقت?|اتفاقا?|اتفاقيه|صفقه|عقدا?|مذكره)(?!\w)")
"""اتفقت X مع Y لبيع حصتها في Z: Y buys"""
_GIVES_UP = re.compile(r"[وف]?س?[تي]تخلي")
_GIVEN_UP = re.compile(r"(?<!\w)عن (?:من )?(?:كامل |جميع |جزء من )?(?:حصتها|حصته|حصصها|حصه|اسهمها)(?!\w)")
"""ستتخلى X عن حصتها في Y"""
_REST_OF_SHARE = re.compile(
    r"(?: [^ ]+){0,4}? (?:ال)?(?:جزء|حصه|نسبه|باقي) (?:ال)?(?:باقي|باقيه|متبقي|متبقيه|اخر|اخري) من (?:حصتها|حصته)(?!\w)"
)


def _sold_again(spot: Spot, buyer: Party) -> Draft | None:
    """كما باعت X الجزء الباقي من حصتها لصالح Z: of the company whose shares were sold before."""
    seller, company = subject_of(spot), spot.state.traded
    if seller is None or not company or seller.shares(buyer):
        return None
    return spot.draft("share_transfer", {"buyer": buyer.mentions(), "seller": seller.mentions(), "company": company})


_IS_SOLD = re.compile(r"(?:الذي|التي) (?:تم )?(?:بيعت?|بيعه|بيعها) (?:ب|مقابل|الي|لصالح|ل\w)")
"""X الذي بيع بـ19 مليارا إلى Y"""
_OWN_SHARE = re.compile(r"(?: كامل| جميع)? (?:حصتها|حصته|حصصها|اسهمها|ملكيتها)(?!\w)")
_BONDS = re.compile(r"(?<!\w)(?:سندات|صكوك|صكوكا) بقيمه(?!\w)")


def _bonds_sold(spot: Spot) -> Drafts:
    """باعت X سندات بقيمة مليار درهم … وسندات بقيمة 500 مليون دولار: each issue that it sold."""
    seller = subject_of(spot)
    amounts = [a for c in spot.sentence.clauses for a in c.amounts if spot.cue.end <= a.start < spot.until]
    for amount in amounts if seller is not None else ():
        if _BONDS_OF.search(spot.text(spot.cue.end, amount.start)) and not amount.value.is_equivalent:
            yield spot.draft("offering", {"company": names_of(seller)}, amount=amount)


_BONDS_OF = re.compile(r"(?<!\w)[وف]?(?:سندات|صكوك|صكوكا|اخري) بقيمه (?:\w+ )?$")
_DEAL_OF = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:صفقه|(?:اكتمال|اتمام|استكمال)(?: عمليه)?) [وفبل]?$")


_ANOTHER_SHARE = re.compile(r"(?<!\w)و?حص[هت] (?:اخري|مماثله|مشابهه)")


def _sold(spot: Spot, party: Party) -> bool:
    """Whether a company or an asset is sold rather than a product."""
    return is_company(spot, party) or any(n.value.kind == "company" and " " in n.value.text for n in party.names)


def _carried(spot: Spot) -> bool:
    """Whether a verb or a pronoun before the cue, or on it, carries the subject: إتمامها صفقة بيع X."""
    led = spot.text(spot.part.start, spot.cue.end)
    if _OWN_SHARE.match(spot.text(spot.cue.end, spot.part.end)):
        return True
    return bool(re.search(r"\w{3}(?:ها|(?<!صفق)(?<!عملي)(?<!اتفاقي)ه)(?!\w)", led)) or present_subject(spot) is not None
