"""Arabic exits: who leaves a company, sells what is its own, or has a block of its shares dealt in (folded text)."""

from __future__ import annotations

import re
from itertools import pairwise

from extractors.draft import Draft
from extractors.frames import Group, names_of
from extractors.parts_ar import Party
from extractors.reading import At
from extractors.spots_ar import Spot, subject_of
from extractors.words_ar import folded_names
from models.mention import Amount


def exited(spot: Spot) -> Draft | None:
    """تخارجت X من Y ببيعها إلى Z, التخارج من Y ببيع كامل حصتها لـZ: X sells Y, or what it had of Y."""
    if _EXIT.fullmatch(spot.text(spot.cue.start, spot.cue.end)) is None:
        return None
    company = next((p for p in spot.after if p.case == "source" and p.names and not p.share and not p.anaphor), None)
    seller = subject_of(spot)
    if company is None or seller is None or seller.shares(company):
        return None
    told = spot.text(company.end, spot.until)
    sold = _BY_SALE.search(told)
    if sold is None:
        return None
    at = company.end + sold.end()
    buyer = next((p for p in spot.after if p.case == "to" and p.names and not p.share and 0 <= p.governor - at < _NEAR), None)
    if sold["it"] is not None:
        roles = {"acquirer": names_of(buyer), "target": company.mentions(), "seller": seller.mentions()}
        return spot.draft("acquisition", roles)
    roles = {"buyer": names_of(buyer), "seller": seller.mentions(), "company": company.mentions()}
    return spot.draft("share_transfer", roles)


_EXIT = re.compile(r"[وفب]?(?:ال)?(?:[تي]?تخارج)(?:ت|ها|ه)?(?: من)?")
_BY_SALE = re.compile(r"(?<!\w)(?:ب|عبر |من خلال |بعد )بيع(?P<it>ها|ه)?(?!\w)")
_NEAR = 40
"""Characters from the sale to whom it is made"""


def own_sold(spot: Spot, seller: Group, buyer: Party | None) -> Draft | None:
    """باعت X أصولها في مصر مقابل …, باعت X لـY نصيبها في الحقل: its own property or share, of which no company is named."""
    told = spot.text(spot.cue.end, spot.part.end)
    if buyer is not None and not seller.shares(buyer) and _OWN_SHARE.match(told) is not None:
        held = next(
            (p for p in reversed(spot.earlier) if p.names and p.share and not p.shares(seller) and not p.shares(buyer)), None
        )
        return spot.draft("share_transfer", {"buyer": buyer.mentions(), "seller": seller.mentions(), "company": names_of(held)})
    property_of = _OWN_PROPERTY.match(told)
    if property_of is None:
        return None
    price = _price(spot)
    there = _is_there(told[property_of.end() :].split()[:_PLACE_NEAR])
    if price is None and not there and (buyer is None or seller.shares(buyer)):
        return None
    buyers = names_of(buyer) if buyer is not None and not seller.shares(buyer) else []
    return spot.draft("acquisition", {"acquirer": buyers, "seller": seller.mentions()}, amount=price)


def _price(spot: Spot) -> At[Amount] | None:
    """What it is sold for, whatever the property before it says of the sum: بيع أصولها مقابل 4 مليارات."""
    amounts = (a for c in (spot.clause, *spot.following) for a in c.amounts if spot.cue.end <= a.start < spot.until)
    return next((a for a in amounts if _FOR.search(spot.text(spot.cue.end, a.start))), None)


_FOR = re.compile(
    r"(?<!\w)(?:مقابل|لقاء|نظير|بمبلغ|بقيمه|في صفقه (?:بقيمه|قيمتها))(?: (?:نحو|حوالي|مبلغ|اكثر من|اجماليه|تقارب|تبلغ))* ?$"
)
_OWN_SHARE = re.compile(r"(?: [^ ,.;]+){0,6}? (?:حصت|حصص|نصيب|اسهم)(?:ها|ه)(?!\w)")
_OWN_PROPERTY = re.compile(r"(?: [^ ,.;]+){0,6}? (?:اصول|موجودات|ممتلكات|محفظت|عمليات|مصانع|فنادق|حقول|عقارات)(?:ها|ه)(?!\w)")


def _is_there(words: list[str]) -> bool:
    """أصولها المصرية, أصولها … في مصر: of which country."""
    regions = folded_names("regions")
    return words[:1] != [] and (words[0] in folded_names("places") or any(a == "في" and b in regions for a, b in pairwise(words)))


_PLACE_NEAR = 6
"""Words after the property in which its country is told"""


def private_deal(spot: Spot) -> Draft | None:
    """تنفيذ صفقة خاصة على سهم X: a block of its shares passes on."""
    company = next((p for p in spot.after if p.names and p.case in {"on", "in", "of", ""}), None)
    if company is None or company.start - spot.cue.end > _NEAR:
        return None
    return spot.draft("share_transfer", {"company": company.mentions()})


PRIVATE = re.compile(r"[وفبل]*(?:ال)?صفق(?:ه|ات|تين) (?:ال)?(?:خاصه|كبيره)(?: ذات حجم كبير)? علي")
