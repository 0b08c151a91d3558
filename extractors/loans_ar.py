"""Frames of Arabic loans: who lends to whom."""

from __future__ import annotations

import re

from extractors.draft import Draft, key_of
from extractors.frames import Group, names_of
from extractors.normalize import fold
from extractors.parties_ar import mentions
from extractors.parts_ar import Party
from extractors.spots_ar import Spot, meets_needs, nearby, other_side, present_subject, subject_of
from extractors.words_ar import OBJECT_SUFFIX, folded_names, pattern_of
from models.mention import Name


def lent(spot: Spot) -> Draft | None:
    """حصلت X على قرض من Y, منح بنك Y قرضا لـX, قرض لـX: who lends to whom."""
    if (to_us := _lent_us(spot)) is not None:
        return to_us
    if is_told_already(spot) or _is_past(spot):
        return None
    if (sovereign := _lent_to_country(spot)) is not None:
        return sovereign
    to, subject = receiver(spot)
    if to is None and (granted := _granted(spot)) is not None:
        return granted
    if (mandated := _mandated(spot)) is not None:
        return spot.draft("loan", {"lender": mandated[1], "borrower": names_of(to) or mandated[0].mentions()})
    if spot.after and spot.after[0].verb and pattern_of("lending").search(spot.rest):
        return spot.draft("loan", {"lender": spot.after[0].mentions(), "borrower": names_of(to)})  # دين … تعهد بنك X بتقديمه
    given_by = _given_by(spot)
    lending = _is_lending(spot)
    if lending and to is None and given_by is not None and subject is not None:
        return _lent_by_other(spot, given_by, subject)
    if to is None and subject is not None and _lends_itself(spot, subject):
        return _from_lender(spot, subject)
    if to is not None or lending:
        borrower, lenders = _by_lender(spot, to, subject)
        lenders = lenders or [n for n in names_of(given_by) if borrower is None or n not in borrower.mentions()]
    else:
        borrower = _with_consortium(spot) or subject
        given = next((p for p in spot.part.parties if p.case == "source" and p.names), None)
        if given is not None and borrower is not None and given.shares(borrower) and is_bank(given):
            lenders = _with_backers(spot, given.mentions())  # وقع رئيس بنك X اتفاقية قرض مقدمة من البنك
            return spot.draft("loan", {"lender": lenders, "borrower": []}) if has_price(spot) else None
        lenders = payers_beside(spot, borrower) or names_of(_lent_by(spot))
    if borrower is None or (not lenders and borrower is subject and _gives(spot, subject)):
        return None
    if not lenders and to is None and present_subject(spot) is None:
        return None
    return spot.draft("loan", {"lender": lenders, "borrower": borrower.mentions()})


def _lends_itself(spot: Spot, subject: Group) -> bool:
    """وافق بنك التنمية على قرض, أكد البنك توجيه قرض: whether a bank whose trade it is lends, and takes nothing up itself."""
    if _TAKES_UP.search(spot.text(spot.part.start, spot.cue.start)) or _given_by(spot) is not None or not has_price(spot):
        return False
    if _SEVERAL_LOANS.fullmatch(spot.text(spot.cue.start, spot.cue.end)) or _LEND_ANYBODY.search(spot.scope):
        return False
    for_state = any(n.value.kind == "government" for p in spot.after if p.case == "with" for n in p.names)
    return is_bank(subject) and (for_state or all(_DEVELOPS.search(fold(n.value.text)) for n in subject.names))


def _from_lender(spot: Spot, lender: Group) -> Draft | None:
    sides = (p for p in spot.after if p.case in {"with", "between"} and p.names and not p.shares(lender))
    borrower = next((p for p in sides if not is_bank(p)), None)
    return spot.draft("loan", {"lender": lender.mentions(), "borrower": names_of(borrower)})


_TAKES_UP = re.compile(
    r"(?<!\w)[وفبل]*(?:ال|لل)?(?:س?[تي]?حصل|حصول|تلقي|تلقت|س?[تي]تلقي|اقتر|س?[تي]قترض|سدد|س?[تي]سدد|سداد|استلم|نال|طلب|س?[تي]طلب)\w{0,3}(?!\w)"
)
_LEND_ANYBODY = re.compile(r"(?<!\w)(?:تصل|يصل) (?:قيمته?ا? )?الي(?!\w)|(?<!\w)(?:للافراد|لعملايه|لعملايها|للعملاء)(?!\w)")
"""قروض للأفراد تصل إلى …: what a bank lends to anybody"""
_DEVELOPS = re.compile(r"(?<!\w)(?:للتنميه|التنميه|لاعاده الاعمار)(?!\w)|^(?:بنك الاستثمار الاوروبي|البنك الدولي)(?!\w)")
"""A bank by whose name it lends for works of others"""


def _is_past(spot: Spot) -> bool:
    """سددت X قرضا, القروض: lent long ago, or all that a bank has lent."""
    word = spot.text(spot.cue.start, spot.cue.end)
    if _REPAID.search(spot.text(spot.part.start, spot.cue.start)) or (_LENT_ALREADY.match(word) and _lent_by(spot) is None):
        return True
    return word.lstrip("وف").startswith(("ال", "لل")) and not spot.clause.amounts


_REPAID = re.compile(r"(?<!\w)[وف]?(?:سددت?|[تي]سدد|سداد|تسديد|بسداد|لسداد)(?: [^ ,.;]+){0,5} $")
"""سددت X قرضا: it was lent long ago"""

_LENT_ALREADY = re.compile(r"[وفبل]{0,2}(?:ال|لل?)(?:قروض|تسهيلات|تمويل الاسلامي)")
"""القروض, التسهيلات: what a bank has lent in all"""


def _by_lender(spot: Spot, to: Party | None, subject: Group | None) -> tuple[Group | None, list[Name]]:
    """منح بنك Y قرضا لـX: (who borrows, who lends), told of the lender or of whom the loan is for."""
    lends = subject if _is_lending(spot) else None
    several = _SEVERAL_LOANS.fullmatch(spot.text(spot.cue.start, spot.cue.end))
    if lends is None and to is not None and subject is not None and not subject.shares(to) and is_bank(subject):
        lends = subject
    borrower = to or (other_side(spot, lends) if lends and not several else None)
    lenders = mentions([lends, *(p for p in (*spot.earlier, *spot.before) if p.case == "with" and p.names)]) if lends else []
    return borrower, lenders or mentions([p for p in (*spot.earlier, *spot.part.parties) if p.case == "lead" and p.names])


def _is_lending(spot: Spot) -> bool:
    """منح بنك X قرضا, فوز تحالف يقوده بنك X بترتيب قرض: whether the words before the loan say that the subject lends."""
    led = spot.text(spot.part.start, spot.cue.start)
    return pattern_of("lending").search(led) is not None or _WON.search(led) is not None


_WON = re.compile(r"(?<!\w)[وف]?(?:فوز|فازت?|تفوز|يفوز)(?!\w)[^.;]{0,80}?(?<!\w)ب(?:تمويل|ترتيب|تدبير|تقديم|اداره) (?:\w+ )?$")


def _given_by(spot: Spot) -> Party | None:
    """قرض … من بنك Y: the bank that gives it."""
    sources = (p for p in spot.after if p.case in {"source", "by"} and p.names and not p.share)
    return next((p for p in sources if is_bank(p)), None)


def _lent_by_other(spot: Spot, lender: Party, subject: Group) -> Draft | None:
    """مُنح بنك X قرضا من بنك Y: who is granted it borrows, though the verb could be of who grants."""
    if subject.shares(lender):
        return None
    return spot.draft("loan", {"lender": lender.mentions(), "borrower": subject.mentions()})


_SEVERAL_LOANS = re.compile(r"[وفبل]*(?:قروض|تسهيلات)")
"""توفير قروض: to anybody, where nobody is named as who is lent to"""


def _lent_us(spot: Spot) -> Draft | None:
    """نشكر بنك X على منحنا هذه التسهيلات: X lends to the company that speaks."""
    told = _TO_US.search(spot.text(spot.part.start, spot.cue.start + _ARTICLE))
    if told is None:
        return None
    named = [p for p in (*spot.before, *spot.earlier) if p.names and not p.anaphor and is_bank(p)]
    lender = max(named, key=lambda p: p.start, default=None) or spot.part.antecedent
    borrower = spot.state.speaker or spot.state.topic
    if lender is None or not is_bank(lender) or borrower is None or borrower.shares(lender):
        return None
    return spot.draft("loan", {"lender": lender.mentions(), "borrower": borrower.mentions()})


_TO_US = re.compile(r"(?<!\w)(?:[يت]?منح|منحت|[يت]?قدم|قدمت|اقراض|اعطا[يء])(?:ها|ه)?(?:نا| لنا)(?: هذه| هذا)? [ال]{0,2}$")

_ARTICLE = 2


def _with_consortium(spot: Spot) -> Party | None:
    """اتفاقية قرض بين X وتحالف من 20 بنكا بقيادة Y: X borrows of banks that are counted."""
    one = next((p for p in spot.after if p.case == "between" and len(p.names) == 1), None)
    told = one is not None and _CONSORTIUM.match(spot.clean.text, one.end, spot.sentence.end)
    return one if told else None


_CONSORTIUM = re.compile(
    r"[»\"]? ?,? ?و(?:بين )?(?:تحالف|ايتلاف|مجموعه|كونسورتيوم|\d+|عدد)(?: مصرفي| بنكي)?"
    r"(?: من| يضم| مكون من)?(?: \w+){0,2} (?:ال)?(?:بنك|بنكا|بنوك|مصرفا|مصارف)(?!\w)"
)


def _granted(spot: Spot) -> Draft | None:
    """بنوك بقيادة X … من منح Y قرضا: Y, who stands between the granting and the loan, borrows."""
    borrower = next((p for p in reversed(spot.before) if p.names and p.start >= spot.part.start), None)
    if (
        borrower is None
        or spot.words(borrower.end, spot.cue.start)
        or not _GRANTING.search(spot.text(max(spot.part.start, borrower.start - NEXT_TO), borrower.start))
    ):
        return None
    banks = [p for p in (*spot.earlier, *spot.before) if p.case in {"lead", "by"} and p.names and not p.shares(borrower)]
    banks = banks or [p for p in spot.before if p.verb and p.subject and p.end <= borrower.governor and not p.shares(borrower)]
    told = banks or _SOME_BANKS.search(spot.text(spot.sentence.start, borrower.start))
    return spot.draft("loan", {"lender": mentions(banks), "borrower": borrower.mentions()}) if has_price(spot) and told else None


_SOME_BANKS = re.compile(r"(?<!\w)(?:ال)?(?:بنوك|مصارف|بنكا|كونسورتيوم|تحالف|ايتلاف)(?!\w)")
"""قرر تحالف مصرفي منح X قرضا: banks that are not named"""


_GRANTING = re.compile(r"(?<!\w)[وفبل]?(?:منح|اقراض) (?:شركه |مجموعه )?[«\"]?$")

NEXT_TO = 12
"""Characters from الممنوحة من to who gave"""


def _lent_to_country(spot: Spot) -> Draft | None:
    """منح بنك X المغرب قرضا, أعلن بنك X عن قروض لتونس: a state borrows of the bank that tells of it."""
    led = _LENDS_TO.search(spot.text(spot.part.start, spot.cue.start))
    told = led or _TO_COUNTRY.match(spot.text(spot.cue.end, spot.part.end))
    if told is None or fold(told["state"]) not in folded_names("regions"):
        return None
    lender = subject_of(spot, agent=False) or next((p for p in reversed(spot.earlier) if p.subject), None)
    if lender is None or not is_bank(lender):
        return None
    at = (spot.part.start if led else spot.cue.end) + told.start("state")
    start, end = spot.clean.raw_span(at, at + len(told["state"]))
    state = spot.clean.raw[start:end]
    return spot.draft("loan", {"lender": lender.mentions(), "borrower": [Name(start, end, state, state, None, "government")]})


_LENDS_TO = re.compile(r"(?<!\w)[وفبس]?(?:ال)?(?:[يت]?منح(?:ت|ه|ها)?|اقراض|اقرضت?)(?: [^ ,]+){0,5}? (?P<state>\w+) $")

_TO_COUNTRY = re.compile(r"(?: [^ ,]+){0,3}? (?:ل|الي |لصالح )(?P<state>\w+)")


def _gives(spot: Spot, bank: Group) -> bool:
    """يدعم بنك X الشركات من خلال تمويل قدره …: what a bank gives, and does not take up."""
    return is_bank(bank) and _BY_MEANS.search(spot.text(spot.part.start, spot.cue.start)) is not None


_BY_MEANS = re.compile(r"(?<!\w)(?:من خلال|عبر|عن طريق) $")


def is_bank(lender: Group) -> bool:
    """أعلن بنك X عن قروض لـY: a bank lends to whom it tells of."""
    names = [fold(n.value.text) for n in lender.names]
    return all("بنك" in name or "مصرف" in name or "صندوق" in name for name in names)


def _lent_by(spot: Spot) -> Party | None:
    """التسهيلات البالغة 405 ملايين، والممنوحة من بنك X: who gave a definite loan."""
    told = _LENT_BY.search(spot.clean.text, spot.cue.end, spot.sentence.end)
    named = [p for p in (*spot.after, *spot.later) if told is not None and p.names and 0 <= p.start - told.end() < NEXT_TO]
    return named[0] if named else None


_LENT_BY = re.compile(r"(?<!\w)[وف]?(?:ال)?(?:ممنوحه|مقدمه|ممنوح|مقدم) (?:له |لها |للشركه )?(?:من|بموجب)(?!\w)")


def _mandated(spot: Spot) -> tuple[Group, list[Name]] | None:
    """فوضت X بنكي أ وب لترتيب قرض: (who borrows, the banks that arrange)."""
    word = _MANDATE.search(spot.text(spot.sentence.start, spot.cue.start))
    if word is None or not _ARRANGING.search(spot.text(spot.sentence.start + word.end(), spot.cue.start)):
        return None
    at = spot.sentence.start + word.end()
    named = [p for p in (*spot.earlier, *spot.part.parties) if p.names and p.end <= spot.cue.start]
    after = [p for p in named if p.start >= at and p.case in {"", "of"} and not p.anaphor]
    before = [p for p in named if p.end <= at and p.subject]
    borrower: Group | None = before[-1] if before else after.pop(0) if len(after) > 1 else spot.state.topic
    return (borrower, mentions(after)) if borrower is not None and after else None


_MANDATE = re.compile(r"(?<!\w)[وفبل]?(?:كلف|كلفت|تكليف|فوض|فوضت|تفويض|عين|عينت|تعيين|اختار|اختارت)(?!\w)")

_ARRANGING = re.compile(r"(?<!\w)[وبل]{0,2}(?:ل)?(?:ترتيب|تنظيم|اداره|قياده|ضمان|القيام)(?!\w)")


def is_told_already(spot: Spot) -> bool:
    """Whether the cue lacks what it needs, or one before it tells the same."""
    return not meets_needs(spot) or any(c.type == spot.cue.type and c.cue.frame not in {"back", "receive"} for c in spot.previous)


def receiver(spot: Spot) -> tuple[Party | None, Group | None]:
    """Whom the money is for, and the subject: جمعتها X, where the pronoun is the money, has nobody that it is for."""
    told = _OF_SUCH_A_SUM.sub("", spot.text(spot.cue.start, spot.cue.end))
    own = OBJECT_SUFFIX.search(told) is not None and spot.cue.cue.needs == "amount"
    to = None if own else next((p for p in spot.after if p.case == "to" and p.names), None)
    return to, subject_of(spot, agent=not own)


_OF_SUCH_A_SUM = re.compile(" (?:بقيمه|قدره|بمبلغ)$")


def payers_beside(spot: Spot, receiver: Group | None) -> list[Name]:
    """من Y, بقيادة «Y» وبمشاركة «Z»: who pays, in the cue's part and in the parts that carry the round on."""
    beside = [p for p in spot.part.parties if p.case in {"lead", "by", "with", "source"} and p.names]
    return _with_backers(spot, mentions([p for p in beside if not (receiver and p.shares(receiver))]))


def _with_backers(spot: Spot, payers: list[Name]) -> list[Name]:
    """Those who pay, and in the parts that carry the round on بقيادة «Y» وبمشاركة «Z»."""
    fronted = (p for p in spot.earlier if p.case == "lead" and p.end > spot.sentence.start)  # بقيادة «Y»، أغلقت X جولة
    took_part = [p for p in spot.after if p.case == "" and p.names and _took_part(spot, p)]
    beside = mentions([*(p for p in (*fronted, *spot.after) if p.case in {"lead", "by", "with"} and p.names), *took_part])
    return payers + [n for n in beside if key_of(n) not in {key_of(p) for p in payers}]


def _took_part(spot: Spot, party: Party) -> bool:
    """جولة شاركت فيها Y, قادتها Y: whether who follows the pronoun takes part in the round."""
    return _TOOK_PART.search(spot.text(max(party.start - _PART_TAKEN, 0), party.start)) is not None


_PART_TAKEN = 34
_TOOK_PART = re.compile(r"(?<!\w)[وف]?(?:شارك(?:ت)? فيها|قاد(?:ت)?ها|[يت]قودها)(?: (?:كل من|شركه|صندوق|مجموعه|بنك))* ?[«\"]?$")


def has_price(spot: Spot) -> bool:
    """Whether an amount beside the cue can be what a round brought in."""
    return any(a.value.kind in {"deal", "unknown", "total"} for c in nearby(spot) for a in c.amounts)
