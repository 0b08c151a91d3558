"""Frames of Arabic offers: who bids for a company or for what another holds of it, and who is asked to sell (folded text)."""

from __future__ import annotations

import re

from corpus.deal_table import Cue
from extractors.draft import Draft
from extractors.frames import Group
from extractors.parts_ar import Party
from extractors.spots_ar import Drafts, Spot, last_party, nearby, other_side, shares_moved
from extractors.words_ar import pattern_of


def bidder_of(spot: Spot) -> Party | None:
    """تلقت X عرضا من Y لشراء …: who offers buys; خطابا من Y يفيد بعزمها شراء …: and who says that he means to."""
    bidder = last_party(spot.before, "source")
    if bidder is None:
        return None
    led = spot.text(max(bidder.start - 30, spot.part.start), bidder.start)
    means = _LETTER.search(led) and _MEANS_TO.match(spot.text(bidder.end, spot.cue.start))
    return bidder if means or _OFFERED.search(led) else None


_LETTER = re.compile(r"(?<!\w)(?:اخطارا?|اشعارا?|خطابا?|رساله|كتابا?)(?!\w)")
_MEANS_TO = re.compile(r"[»\"]?(?: [^ ,.;]+){0,3} (?:ب|عن )(?:عزم|اعتزام|نيت|رغبت)(?:ها|ه)(?: \w+)? ?$")


def bid_for_it(spot: Spot) -> Draft | None:
    """رفضت X عرض Y للاستحواذ عليها: Y bids for X."""
    bids = [c for c in spot.previous if c.cue.frame == "bid"]
    bidder = next((p for p in spot.before if bids and p.names and bids[-1].start <= p.governor < spot.cue.start), None)
    if bidder is None:
        return None
    target = next((p for p in reversed(spot.before) if p.end <= bids[-1].start and p.subject), None) or spot.state.topic
    if target is None or target.shares(bidder):
        return None
    return spot.draft("acquisition", {"acquirer": bidder.mentions(), "target": target.mentions()})


OF_IT_ALREADY = re.compile(r" (?:عليها|عليه|عليهما)(?!\w)")
_OFFERED = re.compile(r"(?<!\w)[بل]?(?:ال)?(?:عرضا?|عروضا?|عرضين)(?!\w)")


def offer_for_its_share(spot: Spot) -> Draft | None:
    """رفضت X عرضا من Y لشراء حصتها في Z: who is asked sells, and buys nothing; Y buys, where it is named."""
    if not _ITS_SHARE.match(spot.text(spot.cue.start, spot.part.end)):
        return None
    offer = _OFFERED.search(spot.text(spot.part.start, spot.cue.start))
    at = spot.part.start + offer.start() if offer is not None else 0
    if not at or not _ANSWERS.search(spot.text(spot.part.start, at)):
        return None
    seller = _who_is_asked(spot, at)
    company = next((p for p in spot.after if p.case in {"in", "source"} and p.names), None)
    if seller is None or company is None or company.shares(seller):
        return None
    buyer = next((p for p in spot.before if p.names and p.start >= at and p.case in {"source", "by", ""}), None)
    control = pattern_of("control").search(spot.words(spot.cue.end, company.start)) is not None
    draft = shares_moved(spot, company, buyer=buyer, seller=seller, control=control)
    if draft is not None and not _ACCEPTS.search(spot.text(spot.part.start, at)):
        draft.cue = spot.cue._replace(cue=_OFFER)
    return draft


def _who_is_asked(spot: Spot, offer: int) -> Group | None:
    """The subject of the answer, its board, or whom the text is speaking of: قالت X إنها رفضت عروضا."""
    named = (p for p in reversed(spot.before) if p.names and p.end <= offer and p.start >= spot.part.start)
    return next((p for p in named if p.subject or p.kind == "speaker"), None) or spot.state.topic


_OFFER = Cue(words=(), frame="act", status="proposed")
_ITS_SHARE = re.compile(r"(?:ل?شراء|(?:لل|ال)استحواذ علي|لتملك) (?:كامل |جميع |كل )?(?:حصتها|حصته|حصصها|حصصه|اسهمها|اسهمه)(?!\w)")
_ANSWERS = re.compile(
    r"(?<!\w)[وفبل]?(?:رفضت?|رفضها|رفضه|[يت]رفض|تلقت?|تلقي|تلقيها|تسلمت?|استلمت?|قبلت|[يت]?درست?|[يت]بحث|وافقت?)(?!\w)"
)
_ACCEPTS = re.compile(r"(?<!\w)[وف]?(?:قبلت|وافقت?)(?!\w)")


_LEAST_BID = 1_000_000
_PER_SHARE = re.compile(r"(?<!\w)(?:للسهم|لكل سهم|للاستحواذ|لشراء)(?!\w)")


def bid(spot: Spot) -> Drafts:
    """رفض مجلس إدارة X عرض Y: an offer for a company that is named as the one who answers it."""
    bidder = spot.after[0] if spot.after else None
    if (
        bidder is None
        or bidder.case not in {"", "source"}
        or not spot.cue.start <= bidder.governor <= spot.cue.end + 1
        or not any(c.amounts for c in nearby(spot))
    ):
        return
    if pattern_of("contracts").search(spot.text(spot.sentence.start, spot.sentence.end)):
        return
    worth = any((a.value.value or a.value.low or 0) >= _LEAST_BID for c in nearby(spot) for a in c.amounts)
    if not worth and not _PER_SHARE.search(spot.text(spot.cue.end, spot.sentence.end)):
        return  # عرض جهاز س بسعر 599 درهما
    target = other_side(spot, bidder)
    if target is not None and spot.previous == () and not any(w in spot.rest for w in ("بيع", "شراء", "استحواذ")):
        yield spot.draft("acquisition", {"acquirer": bidder.mentions(), "target": target.mentions()})
