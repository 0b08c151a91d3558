"""Arabic loans told by a relative clause: what was got, given or arranged is the loan that stands before it (folded text)."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.frames import Group, names_of
from extractors.reading import At
from extractors.spots_ar import Drafts, Spot, nearby, subject_of
from models.mention import Amount

GOT_IT = re.compile(r"[وف]?(?:حصلت?|[تي]حصل) علي(?:ها|ه)$")
_LOAN = re.compile(
    r"(?<!\w)[وفبل]?(?:ال|لل)?(?:قرض|قروض|تسهيلات|تمويل|تمويلات|مرابحه)(?: (?!التي|الذي|ان|بان)[^ ,.;]+){0,9} ?,? ?$"
)
_SUM = re.compile(r"(?<!\w)[وف]?(?:البالغه?|بقيمه|بمبلغ|قيمته?ا|قدر(?:ه|ها)|والمقدره?)(?: \w+){0,2} ?$")
_SUM_REACH = 30


def loan_got(spot: Spot) -> Draft | None:
    """التسهيلات التي حصلت عليها X من بنك Y والبالغة 300 مليون: X borrows."""
    if spot.part.opener != "relative" or GOT_IT.match(spot.text(spot.cue.start, spot.cue.end)) is None:
        return None
    if _LOAN.search(spot.text(spot.sentence.start, spot.part.start)) is None:
        return None
    named = [p for p in spot.after if p.names and not p.share and not p.anaphor]
    borrower: Group | None = next((p for p in named if p.case == ""), None) or spot.state.topic
    lender = next((p for p in named if p.case in {"source", "by", "with"}), None)
    if borrower is None or (lender is not None and lender.shares(borrower)):
        return None
    draft = spot.draft("loan", {"lender": names_of(lender), "borrower": borrower.mentions()})
    if draft is not None:
        draft.amount = draft.amount or _sum(spot)
    return draft


def lend(spot: Spot) -> Drafts:
    """اقترضت X 150 مليونا من بنك Y; أقرض بنك Y شركة X 150 مليونا."""
    if not any(
        a.value.kind in {"deal", "unknown", "debt"} and a.start >= spot.part.start for c in nearby(spot) for a in c.amounts
    ):
        return
    subject = subject_of(spot)
    if subject is None or any(n.value.kind == "person" for n in subject.names):
        return
    others = [p for p in spot.after if p.names and not p.share and not p.anaphor and not p.shares(subject)]
    if _BORROWS.match(spot.text(spot.cue.start, spot.cue.end)):
        lender = next((p for p in others if p.case in {"source", "by"}), None)
        yield spot.draft("loan", {"lender": names_of(lender), "borrower": subject.mentions()})
        return
    borrower = next((p for p in others if p.case in {"", "to"} and p.start > subject.start), None)
    if borrower is not None:
        yield spot.draft("loan", {"lender": subject.mentions(), "borrower": borrower.mentions()})


_BORROWS = re.compile(r"[وفبل]*(?:ال)?س?[تي]?(?:قترض|اقترض|اقتراض)")


def _sum(spot: Spot) -> At[Amount] | None:
    """What is told as the loan's amount in its sentence."""
    amounts = (a for c in spot.sentence.clauses for a in c.amounts)
    return next((a for a in amounts if _SUM.search(spot.text(max(a.start - _SUM_REACH, spot.sentence.start), a.start))), None)
