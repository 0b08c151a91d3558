"""Arabic choices told in pieces: who is appointed after an aside, whose service is chosen, whom a known partnership serves."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.frames import Group
from extractors.parts_ar import Party
from extractors.spots_ar import Spot

_APPOINTS = re.compile(
    r"(?<!\w)[وفبل]?(?:تعيين|اعتماد|اختيار|تسميه)(?:ها|ه)? (?:شركه |مجموعه |موسسه )?[«\"]?$"
    r"|(?<!\w)[وف]?(?:عينت|اعتمدت|اختارت) (?:شركه |مجموعه |موسسه )?[«\"]?$"
)
_REACH = 34
"""Characters before who is chosen in which it says so"""


def appointed_before_aside(spot: Spot) -> Draft | None:
    """أعلنت A عن تعيينها B، العاملة في …، كموزع: an aside stands between who is chosen and for what."""
    if spot.part.opener != "comma" or spot.cue.start - spot.part.start > 1:
        return None
    chosen = next(
        (p for p in reversed(spot.earlier) if p.names and not p.anaphor and _APPOINTS.search(_before(spot, p))),
        None,
    )
    if chosen is None:
        return None
    chooser = next((p for p in spot.earlier if p.verb and p.subject and p.names and p.start < chosen.start), None)
    if chooser is None or chooser.shares(chosen):
        return None
    return spot.draft("partnership", {"party": [*chooser.mentions(), *chosen.mentions()]})


def chosen_for(spot: Spot) -> Draft | None:
    """أعلنت A عن اختيارها موزعا لمنتجات B: A is chosen, by whom the trade is for."""
    if _HAS_BEEN_CHOSEN.search(spot.text(spot.part.start, spot.cue.start)) is None:
        return None
    chooser = next((p for p in spot.after if p.names and p.case in {"to", "of"} and p.start - spot.cue.end < _TRADE_REACH), None)
    named = (p for p in (*reversed(spot.before), *reversed(spot.earlier)) if p.names and p.subject and p.verb)
    chosen = next(named, None)
    if chooser is None or chosen is None or chooser.shares(chosen):
        return None
    return spot.draft("partnership", {"party": [*chooser.mentions(), *chosen.mentions()]})


_HAS_BEEN_CHOSEN = re.compile(r"(?<!\w)عن (?:اختيار|تعيين|اعتماد|تسميه)(?:ها|ه) $")
_TRADE_REACH = 50
"""Characters from the trade to whom it is for"""


def _before(spot: Spot, party: Party) -> str:
    return spot.text(max(party.start - _REACH, spot.sentence.start), party.start)


_SERVICE = re.compile(r" (?:\w+ )?(?:حلول|حل|نظام|انظمه|خدمات|خدمه|منصه|تطبيقات|برامج|تقنيات|تقنيه|باقه|باقات)(?!\w)")
_THAT_GIVES = re.compile(r"(?:التي|الذي) (?:[تي]وفر|[تي]قدم|[تي]طرح|طورت|[تي]زود)(?:ها|ه)(?!\w)")


def whose_service(spot: Spot, buyer: Group) -> Draft | None:
    """أعلنت A أن B اختارت خدمة الربط التي توفرها: the service is of who follows, else of who tells it."""
    told = spot.text(spot.cue.end, spot.sentence.end)
    gives = _THAT_GIVES.search(told) if _SERVICE.match(told) else None
    if gives is None or any(p.names for p in spot.after if p.start < spot.cue.end + gives.start()):
        return None
    at = spot.cue.end + gives.end()
    named = next((p for p in (*spot.after, *spot.later) if p.names and 0 <= p.start - at < _NEXT), None)
    supplier = named or next((p for p in spot.earlier if p.verb and p.subject and p.names), None)
    if supplier is None or supplier.shares(buyer):
        return None
    return spot.draft("purchase", {"buyer": buyer.mentions(), "supplier": supplier.mentions()})


_NEXT = 12

_KNOWN_WITH = re.compile(r"[وفبل]*(?:ال|لل)(?:شراكه|تعاون|تحالف|اتفاقيه)(?: ال\w+)? مع(?!\w)")
_GIVES_WHOM = re.compile(r"(?<!\w)(?:منحت?|[تي]منح|[تي]تيح|اتاحت?|مكنت?|[تي]مكن|[تي]وفر|وفرت?)(?: ل)?(?: شركه| مجموعه)? ?[«\"]?$")


def served_by_partnership(spot: Spot, partner: Party | None) -> Party | None:
    """الشراكة مع A منحت B كافة المميزات: B, whom the partnership serves, is the other side."""
    if partner is None or _KNOWN_WITH.match(spot.text(spot.cue.start, spot.part.end)) is None:
        return None
    served = (p for p in spot.after if p.start > partner.end and p.names and not p.shares(partner))
    return next((p for p in served if _GIVES_WHOM.search(spot.text(partner.end, p.start))), None)
