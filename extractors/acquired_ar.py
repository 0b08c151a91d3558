"""Arabic takeovers told by the way: one of several bought, and those that an officer of the buyer speaks of (folded text)."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.parts_ar import Party
from extractors.spots_ar import Drafts, Spot, shares_moved, subject_of


def taken_over(spot: Spot) -> Draft | None:
    """A takeover whose target or whose buyer stands in another place than beside its verb."""
    if spot.cue.type != "acquisition":
        return None
    return _one_of_several(spot) or _told_by_officer(spot) or _before_its_name(spot)


def _one_of_several(spot: Spot) -> Draft | None:
    """استحوذت X على 60 شركة كان آخرها شركة Y: of those bought, Y is named."""
    listed = _AMONG_THEM.search(spot.text(spot.cue.end, spot.until))
    if listed is None:
        return None
    at = spot.cue.end + listed.end()
    named = next((p for p in spot.after if p.names and not p.share and 0 <= p.start - at <= _NEXT), None)
    buyer = subject_of(spot)
    if named is None or buyer is None or buyer.shares(named):
        return None
    return spot.draft("acquisition", {"acquirer": buyer.mentions(), "target": named.mentions()})


_AMONG_THEM = re.compile(
    r"(?<!\w)(?:شركات|شركه|شركتين|بنوك|مصارف|موسسات|صفقات|صفقه|مصانع|فنادق)(?: [^ .;]+){0,9}? ?,? "
    r"[وف]?(?:كان |كانت )?(?:اخرها|احدثها|ابرزها|اهمها|اولها|من بينها|منها|من ضمنها)(?= )"
)
_NEXT = 12
"""Characters from there to the name: a head noun and a quotation mark"""


def _before_its_name(spot: Spot) -> Draft | None:
    """منذ استحواذها على X …، تواصل Y …: the pronoun stands before whom it is of."""
    if not _ITS_TAKEOVER.match(spot.text(spot.sentence.start, spot.cue.end).lstrip()):
        return None
    target = next((p for p in spot.after if p.names and (p.case == "on" or (p.share and p.case in {"in", "source"}))), None)
    buyer = next((p for p in spot.later if p.names), None)
    if target is None or buyer is None or not (buyer.verb and buyer.subject) or buyer.shares(target):
        return None
    if target.share:
        control = _CONTROL.search(spot.text(spot.cue.end, target.start)) is not None
        return shares_moved(spot, target, buyer=buyer, control=control)
    return spot.draft("acquisition", {"acquirer": buyer.mentions(), "target": target.mentions()}, percent=spot.percent())


_ITS_TAKEOVER = re.compile(r"[وف]?(?:منذ|بعد|عقب|اثر|ب|مع )(?: ?اتمام| اعلان| عمليه)? ?(?:ب)?استحواذ(?:ها|ه)$")


def _told_by_officer(spot: Spot) -> Draft | None:
    """رحب فلان، مدير الأسهم الخاصة في شركة X، بعملية الاستحواذ على حصة الأغلبية في Y: X bought."""
    if _TAKEOVER.match(spot.text(spot.cue.start, spot.cue.end)) is None or any(p.subject for p in (*spot.before, *spot.after)):
        return None
    target = next((p for p in spot.after if p.names and p.case in {"on", "in", "source"}), None)
    buyer = _of_office(spot)
    if target is None or buyer is None or buyer.shares(target):
        return None
    control = not target.share or _CONTROL.search(spot.text(spot.cue.end, target.start)) is not None
    if not control:
        return spot.draft("share_transfer", {"buyer": buyer.mentions(), "company": target.mentions()})
    return spot.draft("acquisition", {"acquirer": buyer.mentions(), "target": target.mentions()})


def _of_office(spot: Spot) -> Party | None:
    """The company in which the one who welcomes the deal has his office."""
    for party in reversed(spot.before):
        if party.names and party.start >= spot.part.start and party.case in {"in", "to"} and not party.share:
            office = _OFFICE.search(spot.text(spot.part.start, party.start))
            glad = _WELCOMED.search(spot.text(spot.sentence.start, spot.part.start))
            return party if office is not None and glad is not None else None
    return None


_TAKEOVER = re.compile(r"[وفبل]*الاستحواذ$")
_CONTROL = re.compile(r"(?<!\w)(?:ال)?(?:اغلبيه|غالبيه|كامل|جميع|سيطره|مسيطره)(?!\w)")
_OFFICE = re.compile(r"^(?:ال)?(?:مدير|رييس|نايب|عضو|شريك)(?: [^ ,.;]+){0,9} (?:في|لدي) (?:شركه |مجموعه |بنك )?[«\"]?$")
_WELCOMED = re.compile(r"(?<!\w)[وف]?(?:رحب|رحبت|اشاد|اشادت|نوه|عبر|اعرب)(?!\w)")


def also_taken(spot: Spot, taken: Draft) -> Drafts:
    """استحوذت X على A بـ75 مليونا وعلى B بـ30 مليونا: each that على begins again with."""
    if taken.type != "acquisition" or not spot.takes_on or not taken.roles.get("acquirer"):
        return
    others = [
        p for p in spot.after if p.case == "on" and p.names and not p.share and _AND_ON.match(spot.text(p.governor, p.start))
    ]
    for number, party in enumerate(others):
        until = others[number + 1].governor if number + 1 < len(others) else spot.until
        amount = next((a for a in spot.clause.amounts if party.end <= a.start < until), None)
        roles = {"acquirer": taken.roles["acquirer"], "target": party.mentions()}
        yield spot.draft("acquisition", roles, amount=amount)


_AND_ON = re.compile(r"وعلي ")
