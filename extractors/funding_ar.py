"""Frames of Arabic funding: who closes a round or takes up a loan, and who backs, leads or arranges it."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.deal_table import Cue
from extractors.draft import Draft, key_of
from extractors.frames import Group, names_of, payer_and_paid
from extractors.normalize import fold
from extractors.parties_ar import mentions
from extractors.parts_ar import Party
from extractors.spots_ar import Drafts, Spot, meets_needs, nearby, other_side, present_subject, subject_of
from extractors.words_ar import OBJECT_SUFFIX, folded_names, pattern_of, word_of
from models.mention import Name


def funding_round(spot: Spot) -> Drafts:
    """جمعت X … في جولة بقيادة Y; حصلت X على قرض من Y; قرض لـ X."""
    if _is_venture(spot):
        spot = replace(spot, cue=spot.cue._replace(type="investment"))
    lent = _lent_us(spot) if spot.cue.type == "loan" else _placed(spot)
    if lent is not None:
        yield lent
        return
    if spot.cue.type == "loan" and _REPAID.search(spot.text(spot.part.start, spot.cue.start)):
        return
    if (
        not meets_needs(spot)
        or any(c.type == spot.cue.type and c.cue.frame != "back" for c in spot.previous)
        or (_LENT_ALREADY.match(spot.text(spot.cue.start, spot.cue.end)) and _lent_by(spot) is None)
    ):
        return
    raising = "راس" in spot.text(spot.cue.start, spot.cue.end)
    if (
        spot.cue.type == "investment"
        and not raising
        and not _RAISED.search(spot.scope)
        and _LISTING.search(spot.scope.replace(spot.text(spot.cue.start, spot.cue.end), " ", 1))
    ):
        return  # جمع … من الاكتتاب: what a listing brings in is the listing's
    if _COLLECTED.fullmatch(spot.text(spot.cue.start, spot.cue.end)):
        return
    if spot.cue.type == "investment" and (
        _BONUS.search(spot.text(spot.cue.start, spot.sentence.end)) or (raising and _BONUS.search(spot.scope))
    ):
        return
    if _ATTRACTED.match(spot.text(spot.cue.start, spot.cue.end)) and not _INVESTORS.search(spot.rest):
        return
    told_before = spot.text(spot.cue.start, spot.cue.end).lstrip("وف").startswith(("ال", "لل"))
    if spot.cue.type == "loan" and told_before and not spot.clause.amounts:
        return
    first, second = payer_and_paid(spot.cue.type)
    if spot.cue.type == "loan" and (sovereign := _lent_to_country(spot)) is not None:
        yield sovereign
        return
    if _new_shares_for(spot):
        yield from _issued(spot)
        return
    subscribed = _subscribed(spot) if spot.cue.type == "investment" else None
    if subscribed is not None:
        yield subscribed
        return
    told = _OF_SUCH_A_SUM.sub("", spot.text(spot.cue.start, spot.cue.end))
    own = OBJECT_SUFFIX.search(told) is not None and spot.cue.cue.needs == "amount"
    to = None if own else next((p for p in spot.after if p.case == "to" and p.names), None)
    subject = subject_of(spot, agent=not own)
    if to is not None and spot.cue.type == "investment" and subject is not None and not subject.shares(to) and _issues(spot):
        yield spot.draft("investment", {first: to.mentions(), second: subject.mentions()})
        return
    granted = _granted(spot) if spot.cue.type == "loan" and to is None else None
    if granted is not None:
        yield granted
        return
    mandated = _mandated(spot)
    if mandated is not None and spot.cue.type == "loan":
        yield spot.draft("loan", {first: mandated[1], second: names_of(to) or mandated[0].mentions()})
        return
    if spot.cue.type == "loan" and pattern_of("lending").search(spot.rest) and spot.after and spot.after[0].verb:
        yield spot.draft("loan", {first: spot.after[0].mentions(), second: names_of(to)})  # دين بقيمة … تعهد بنك X بتقديمه
        return
    loan_of: Party | None = None
    if spot.cue.type == "loan" and (to is not None or pattern_of("lending").search(spot.text(spot.part.start, spot.cue.start))):
        lends = subject if pattern_of("lending").search(spot.text(spot.part.start, spot.cue.start)) else None
        several = _SEVERAL_LOANS.fullmatch(spot.text(spot.cue.start, spot.cue.end))
        if lends is None and to is not None and subject is not None and not subject.shares(to) and _is_bank(subject):
            lends = subject
        borrower: Group | None = to or (other_side(spot, lends) if lends and not several else None)
        payers = mentions([lends, *(p for p in (*spot.earlier, *spot.before) if p.case == "with" and p.names)]) if lends else []
        payers = payers or mentions([p for p in (*spot.earlier, *spot.part.parties) if p.case == "lead" and p.names])
    else:
        borrower = to or _with_consortium(spot) or subject
        payers = mentions(
            [
                p
                for p in spot.part.parties
                if p.case in {"lead", "by", "with", "source"} and p.names and not (borrower and p.shares(borrower))
            ]
        )
        given = next((p for p in spot.part.parties if p.case == "source" and p.names), None)
        if spot.cue.type == "loan" and given is not None and borrower is not None and given.shares(borrower) and _is_bank(given):
            borrower, payers, loan_of = None, given.mentions(), given  # وقع رئيس بنك X اتفاقية قرض مقدمة من البنك
        payers += [n for n in _backers(spot) if key_of(n) not in {key_of(p) for p in payers}]
        payers = payers or names_of(_lent_by(spot) if spot.cue.type == "loan" else None)
    if (
        spot.cue.type == "investment"
        and subject is not None
        and pattern_of("joining").search(spot.text(spot.sentence.start, spot.cue.start))
    ):
        if subject.start > spot.cue.start:  # شاركت X في جولة تمويل Y
            subject = subject_of(spot, agent=False) or subject
        joined = [subject, *(p for p in spot.before if p.case == "with" and not p.shares(subject))]
        borrower = next((p for p in spot.after if p.case in {"to", "of", "in", ""} and p.names and not p.shares(subject)), None)
        yield spot.draft("investment", {"investor": mentions(joined), "target": names_of(borrower)}) if borrower else None
        return
    if spot.cue.type == "investment" and not payers and not _has_price(spot):
        return  # the sum told is a capital, a size, a forecast
    if not payers and borrower is not None and _RAISES.fullmatch(spot.text(spot.cue.start, spot.cue.end)) and _by_bonds(spot):
        yield spot.draft("offering", {"company": borrower.mentions()})
        return
    if borrower is None and payers and loan_of is not None and _has_price(spot):
        yield spot.draft("loan", {first: payers, second: []})
        return
    if spot.cue.type == "loan" and not payers and borrower is not None and borrower is subject and _gives(spot, subject):
        return
    if borrower is None or (spot.cue.type == "loan" and not payers and to is None and present_subject(spot) is None):
        return
    yield spot.draft(spot.cue.type, {first: payers, second: borrower.mentions()})


def _is_venture(spot: Spot) -> bool:
    """حصلت X الناشئة على تمويل بقيمة … من «Y فنتشرز»: money for a start-up, of which nobody says that it is lent."""
    if spot.cue.type != "loan" or _FINANCING.match(spot.text(spot.cue.start, spot.cue.end)) is None:
        return False
    told = spot.text(spot.sentence.start, spot.sentence.end)
    backed = any(_BACKER.search(fold(n.value.text)) for p in spot.groups if p.case in {"source", "lead"} for n in p.names)
    return (backed or _VENTURE.search(told) is not None) and _LENT.search(told) is None


_FINANCING = re.compile(r"تمويلا? (?:بقيمه|قدره|بمبلغ)")
_VENTURE = re.compile(
    r"(?<!\w)[وفبل]*(?:ال|لل)?(?:ناشيه|جوله|جولات|سلسله|بذري|بذريه|بذره|جري)(?!\w)|(?<!\w)الفيه [«\"]?[ابجد](?!\w)"
)
_BACKER = re.compile(r"(?<!\w)(?:فنتشرز|فينتشرز|فينشرز|كابيتال|كابيتل|بارتنرز|صندوق|انجلز)(?!\w)|ventures|capital|partners")
"""By its name, who invests"""
_LENT = re.compile(
    r"(?<!\w)[وفبل]*(?:ال|لل)?(?:قرض|قرضا|قروض|دين|ديون|تسهيل|تسهيلات|مرابحه|صكوك|سندات|بنك|مصرف|بنوك|ايتماني)(?!\w)"
)


def _lent_us(spot: Spot) -> Draft | None:
    """نشكر بنك X على منحنا هذه التسهيلات: X lends to the company that speaks."""
    told = _TO_US.search(spot.text(spot.part.start, spot.cue.start + _ARTICLE))
    if told is None:
        return None
    named = [p for p in (*spot.before, *spot.earlier) if p.names and not p.anaphor and _is_bank(p)]
    lender = max(named, key=lambda p: p.start, default=None) or spot.part.antecedent
    borrower = spot.state.speaker or spot.state.topic
    if lender is None or not _is_bank(lender) or borrower is None or borrower.shares(lender):
        return None
    return spot.draft("loan", {"lender": lender.mentions(), "borrower": borrower.mentions()})


_TO_US = re.compile(r"(?<!\w)(?:[يت]?منح|منحت|[يت]?قدم|قدمت|اقراض|اعطا[يء])(?:ها|ه)?(?:نا| لنا)(?: هذه| هذا)? [ال]{0,2}$")
_ARTICLE = 2


def _placed(spot: Spot) -> Draft | None:
    """أتم بنك X طرحا خاصا لشركة Y جمع 50 مليونا: a bank places what Y issues; جمعت Y … عبر طرح خاص لـX: X puts the money in."""
    to = next((p for p in spot.groups if p.case == "to" and p.names), None)
    if to is None or not _PRIVATELY.search(spot.text(max(to.start - _PLACED, spot.part.start), to.start)):
        return None
    subject = next((p for p in (*spot.before, *spot.after) if p.subject and p.names), None)
    if subject is None or subject.shares(to) or not meets_needs(spot):
        return None
    if _is_bank(subject):
        return spot.draft("investment", {"investor": [], "target": to.mentions()})
    if not _RAISES.fullmatch(spot.text(spot.cue.start, spot.cue.end)):
        return None
    return spot.draft("investment", {"investor": to.mentions(), "target": subject.mentions()})


_PRIVATELY = re.compile(r"(?<!\w)(?:طرحا?|اكتتابا?) خاصا? ?ل?(?:شركه|مجموعه|بنك|صندوق)? ?[«\"]?$")
_PLACED = 30
"""Characters from the private placement to whom it is of or for"""


_REPAID = re.compile(r"(?<!\w)[وف]?(?:سددت?|[تي]سدد|سداد|تسديد|بسداد|لسداد)(?: [^ ,.;]+){0,5} $")
"""سددت X قرضا: it was lent long ago"""


def _subscribed(spot: Spot) -> Draft | None:
    """اكتتبت X في أسهم جديدة أصدرتها Y عبر اكتتاب خاص: X puts the money in."""
    told = _SUBSCRIBES.search(spot.text(spot.sentence.start, spot.cue.start))
    if told is None:
        return None
    at = spot.sentence.start + told.end()
    sides = [p for p in (*spot.earlier, *spot.before, *spot.after) if p.names and p.start >= at and not p.anaphor]
    if not sides or sides[0].start - at > _NEXT_TO or not sides[0].subject:
        return None
    issuer = next((p for p in sides[1:] if p.case in {"", "to", "of", "in", "source"} and not p.shares(sides[0])), None)
    return spot.draft("investment", {"investor": sides[0].mentions(), "target": issuer.mentions()}) if issuer else None


_SUBSCRIBES = re.compile(r"(?<!\w)[وف]?(?:اكتتبت?|س?[تي]كتتب)(?!\w)")


def _with_consortium(spot: Spot) -> Party | None:
    """اتفاقية قرض بين X وتحالف من 20 بنكا بقيادة Y: X borrows of banks that are counted."""
    one = next((p for p in spot.after if p.case == "between" and len(p.names) == 1), None)
    told = one is not None and _CONSORTIUM.match(spot.clean.text, one.end, spot.sentence.end)
    return one if spot.cue.type == "loan" and told else None


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
        or not _GRANTING.search(spot.text(max(spot.part.start, borrower.start - _NEXT_TO), borrower.start))
    ):
        return None
    banks = [p for p in (*spot.earlier, *spot.before) if p.case in {"lead", "by"} and p.names and not p.shares(borrower)]
    return (
        spot.draft("loan", {"lender": mentions(banks), "borrower": borrower.mentions()}) if _has_price(spot) and banks else None
    )


_GRANTING = re.compile(r"(?<!\w)[وفبل]?(?:منح|اقراض) (?:شركه |مجموعه )?[«\"]?$")


def _lent_to_country(spot: Spot) -> Draft | None:
    """منح بنك X المغرب قرضا, أعلن بنك X عن قروض لتونس: a state borrows of the bank that tells of it."""
    led = _LENDS_TO.search(spot.text(spot.part.start, spot.cue.start))
    told = led or _TO_COUNTRY.match(spot.text(spot.cue.end, spot.part.end))
    if told is None or fold(told["state"]) not in folded_names("regions"):
        return None
    lender = subject_of(spot, agent=False) or next((p for p in reversed(spot.earlier) if p.subject), None)
    if lender is None or not _is_bank(lender):
        return None
    at = (spot.part.start if led else spot.cue.end) + told.start("state")
    start, end = spot.clean.raw_span(at, at + len(told["state"]))
    state = spot.clean.raw[start:end]
    return spot.draft("loan", {"lender": lender.mentions(), "borrower": [Name(start, end, state, state, None, "government")]})


_LENDS_TO = re.compile(r"(?<!\w)[وفبس]?(?:ال)?(?:[يت]?منح(?:ت|ه|ها)?|اقراض|اقرضت?)(?: [^ ,]+){0,5}? (?P<state>\w+) $")
_TO_COUNTRY = re.compile(r"(?: [^ ,]+){0,3}? (?:ل|الي |لصالح )(?P<state>\w+)")


def _gives(spot: Spot, bank: Group) -> bool:
    """يدعم بنك X الشركات من خلال تمويل قدره …: what a bank gives, and does not take up."""
    return _is_bank(bank) and _BY_MEANS.search(spot.text(spot.part.start, spot.cue.start)) is not None


_BY_MEANS = re.compile(r"(?<!\w)(?:من خلال|عبر|عن طريق) $")


def _is_bank(lender: Group) -> bool:
    """أعلن بنك X عن قروض لـY: a bank lends to whom it tells of."""
    names = [fold(n.value.text) for n in lender.names]
    return all("بنك" in name or "مصرف" in name or "صندوق" in name for name in names)


def raise_capital(spot: Spot) -> Drafts:
    """تعتزم X زيادة رأسمالها, اكتتاب زيادة رأسمال X: new capital of which no sum is told."""
    if _has_price(spot) or any(c.cue.frame == "raise" for c in spot.previous):
        return
    told = spot.text(spot.part.start, spot.cue.start)
    if _BONUS.search(spot.scope) or _NOT_RAISED.search(told):
        return
    owner = _whose_capital(spot)
    if owner is None or (owner.anaphor and not _RESOLVES.search(spot.scope)):
        owner = None
    subject = owner or (present_subject(spot) or _resolving(spot) if _RESOLVES.search(spot.scope) else None)
    if subject is None or len(subject.names) > 1:
        return
    given = next((p for p in spot.after if p.case == "to" and p.names and not p.shares(subject)), None)
    given = given if given is not None and _IN_FAVOUR.search(spot.text(spot.cue.end, given.start)) else None
    if _CAPITAL_IN.search(spot.scope) and not _PLANNED.search(spot.scope):
        spot = replace(spot, cue=spot.cue._replace(cue=_CAPITAL_RAISED))
    yield spot.draft("investment", {"investor": names_of(given), "target": subject.mentions()})


_CAPITAL_RAISED = Cue(words=(), frame="raise", status="completed")
_CAPITAL_IN = re.compile(
    r"(?<!\w)[وف]?(?:تم|تمت|قام|قامت|نجاحا?|نجحت?|اكتملت?|اتمت?|اتمام|اكتمال|اكملت?|حققت?|الاخيره|الناتجه|تغطيت[هها]+|غطي|غطيت)(?!\w)"
)
"""اكتتاب زيادة رأسمال X حقق نجاحا: the new capital has come in"""
_PLANNED = re.compile(r"(?<!\w)(?:س[يت]\w{3,}|[يت]عتزم|اقتراح|مقترح|مناقشه|توصيه|المقبل|المقبله|قرار|وافقت?|الموافقه)(?!\w)")


def _whose_capital(spot: Spot) -> Party | None:
    """زيادة رأسمال شركة X: who follows the capital at once."""
    near = next((p for p in spot.after if p.names), None)
    if near is None or near.case not in {"", "of"}:
        return None
    between = spot.words(spot.cue.end, near.start).split()
    return near if all(word_of(word).sort == "heads" for word in between) else None


def _resolving(spot: Spot) -> Party | None:
    """وافقت عمومية X، …، على زيادة رأس المال: whose body decides, told in an earlier part of the sentence."""
    offices = [p for p in (*spot.earlier, *spot.before) if p.kind == "speaker" and p.names]
    return offices[-1] if offices and _BODY.search(spot.text(spot.sentence.start, offices[-1].end)) else None


_IN_FAVOUR = re.compile(r"(?<!\w)ل(?:صالح|مصلحه)(?: (?:شركه|مجموعه|بنك))?\s?[«\"]?$")
_BODY = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:جمعيه|عموميه|مجلس|مساهمو|مساهمي|مساهمون)(?!\w)")
_RESOLVES = re.compile(
    r"(?<!\w)[وف]?(?:[يت]عتزم|[يت]نوي|اعتزام(?:ها|ه)?|[يت]خطط|قررت?|اقرت?|وافقت?|اوصت|اوصي|دعت|دعا|[يت]دعو|الموافقه علي"
    r"|موافقه (?:المساهمين|مساهميها|الجمعيه) علي|اقرار"
    r"|توصيه|فتحت? باب الاكتتاب|الاكتتاب في|طلبت?|طالبت?|مناقشه|اقتراح|مقترح|قامت?|نجحت?|نجاح|اتمت?|اكملت?|اتمام|استكمال|تنفيذ"
    r"|الاخيره)(?!\w)"
)
"""What a board, its shareholders or a company decides to do, asks for, or has done"""
_NOT_RAISED = re.compile(
    r"(?<!\w)(?:بما في ذلك|عدم|بعدم|الغاء|بالغاء|دون|مشكله في|تاجيل|لغايات|عند|حق|الحق|الاصيل في|حقه|حقهم)(?!\w)"
    r"|(?<!\w)(?:اسهل|يسهل|تسهيل|يستطيع)(?!\w)"
)
"""إلغاء قرار زيادة رأس المال, عند زيادة رأس المال: what is given up, or what anybody may do"""


def _has_price(spot: Spot) -> bool:
    """Whether an amount beside the cue can be what a round brought in."""
    return any(a.value.kind in {"deal", "unknown", "total"} for c in nearby(spot) for a in c.amounts)


_OF_SUCH_A_SUM = re.compile(" (?:بقيمه|قدره|بمبلغ)$")
_COLLECTED = re.compile(r"[وف]?[يت]?جمع(?:ت)?(?:ها|ه|هم)")
"""بيانات جمعتها X: what was collected stands before"""
_BONUS = re.compile(
    r"(?<!\w)(?:اسهم (?:ال)?(?:منحه|مجانيه)|توزيع (?:\S+ )?من راس|عبر توزيع|من خلال توزيع|رسمله|ارباح محتجزه"
    r"|سهم مجاني|تمويلا? من (?:ال)?ارباح|من (?:ال)?ارباح (?:ال)?(?:عام|مرحله|محتجزه)|من (?:ال)?احتياطي(?:ات)?)(?!\w)"
)
"""A capital raised from the company's own profits"""
_ATTRACTED = re.compile(r"[وف]?استقطب")
_INVESTORS = re.compile(r"(?<!\w)(?:مستثمرا?|استثمارا|استثمارات|تمويلا?|شريكا?)(?!\w)")


def _issues(spot: Spot) -> bool:
    """قامت X بإصدار سندات إلزامية التحويل إلى Y: who is given them invests."""
    return _ISSUE.search(spot.text(spot.part.start, spot.cue.end)) is not None


_ISSUE = re.compile(r"(?<!\w)[وفبس]*(?:(?:ت?صدر|اصدرت?|اصدار|اصدارها)(?!\w)|[يت]?خصصت? [^.,]{0,40}?(?<!\w)(?:اسهم|سهما?)(?!\w))")
_RAISES = re.compile(r"[وفل]?[يت]?جمع(?:ت)?")


def _by_bonds(spot: Spot) -> bool:
    """جمعت X مليارا من الصكوك: bonds, where neither shares nor a round are told of."""
    told = spot.text(spot.sentence.start, spot.sentence.end)
    return _BY_BONDS.search(told) is not None and _BY_SHARES.search(told) is None


_BY_BONDS = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:صكوكا?|سندات)(?!\w)")
_BY_SHARES = re.compile(
    r"(?<!\w)[وفبل]?(?:ال)?(?:جوله|جولات|اسهم|تحويل|لتحويل|للتحويل|قابله|الزاميه|مستثمرين|المستثمرين)(?!\w)|راس ?(?:ال)?مال"
)
_RAISED = re.compile(r"(?<!\w)(?:اكتتاب|الاكتتاب|طرح) (?:\w+ ){0,2}ل?(?:زياده|رفع) راس ?(?:ال)?مال")
_LISTING = re.compile(r"(?<!\w)[وفبل]?(?:ل?ال|لل?)?(?:اكتتاب|اكتتابيين|طرح|ادراج)(?! (?:ال)?خاص)(?!\w)")
_LENT_ALREADY = re.compile(r"[وفبل]{0,2}(?:ال|لل?)(?:قروض|تسهيلات|تمويل الاسلامي)")
"""القروض, التسهيلات: what a bank has lent in all"""


_SEVERAL_LOANS = re.compile(r"[وفبل]*(?:قروض|تسهيلات)")
"""توفير قروض: to anybody, where nobody is named as who is lent to"""
_LENT_BY = re.compile(r"(?<!\w)[وف]?(?:ال)?(?:ممنوحه|مقدمه|ممنوح|مقدم) (?:له |لها |للشركه )?(?:من|بموجب)(?!\w)")


def _lent_by(spot: Spot) -> Party | None:
    """التسهيلات البالغة 405 ملايين، والممنوحة من بنك X: who gave a definite loan."""
    told = _LENT_BY.search(spot.clean.text, spot.cue.end, spot.sentence.end)
    named = [p for p in (*spot.after, *spot.later) if told is not None and p.names and 0 <= p.start - told.end() < _NEXT_TO]
    return named[0] if named else None


_NEXT_TO = 12
"""Characters from الممنوحة من to who gave"""


_MANDATE = re.compile(r"(?<!\w)[وفبل]?(?:كلف|كلفت|تكليف|فوض|فوضت|تفويض|عين|عينت|تعيين|اختار|اختارت)(?!\w)")
_ARRANGING = re.compile(r"(?<!\w)[وبل]{0,2}(?:ل)?(?:ترتيب|تنظيم|اداره|قياده|ضمان|القيام)(?!\w)")


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


def _new_shares_for(spot: Spot) -> bool:
    if pattern_of("joining").search(spot.text(spot.part.start, spot.cue.start)):
        return False  # قاد X جولة تمويلية لصالح Y
    return spot.cue.type == "investment" and any(
        p.case == "to" and "لصالح" in spot.words(spot.cue.start, p.start) for p in spot.after
    )


def _issued(spot: Spot) -> Drafts:
    """رفع رأس المال … عبر إصدار أسهم لصالح Y: who is given the new shares invests."""
    investor = next(p for p in spot.after if p.case == "to")
    issuer = next((p for p in (*reversed(spot.before), *reversed(spot.earlier)) if p.names), None) or spot.state.topic
    if issuer is not None:
        yield spot.draft("investment", {"investor": investor.mentions(), "target": issuer.mentions()})


def _backers(spot: Spot) -> list[Name]:
    """بقيادة «Y» وبمشاركة «Z» in the parts that carry the round on."""
    fronted = (p for p in spot.earlier if p.case == "lead" and p.end > spot.sentence.start)  # بقيادة «Y»، أغلقت X جولة
    return mentions([p for p in (*fronted, *spot.after) if p.case in {"lead", "by", "with"} and p.names])


_ROUND = re.compile(r"(?<!\w)[وفبل]*(?:ال)?(?:جول|تمويل|استثمار|اكتتاب|ضخ|جمع)")
_NAMED_FOR = re.compile(r"[وفبل]*(?:ت?عيين|عينت?|تكليف|كلفت?|تفويض|فوضت?|[تي]?تولي|تولت)")
_TO_ARRANGE = re.compile(
    r"[»\"]?(?: \w+){0,3}? (?:(?:ل|ب)?(?:ترتيب|قياده|اداره|جدوله|تنظيم)|ك+(?:منظم|مدير|وكيل|كفيل|مرتب|قايد)\w*)(?!\w)"
)
_JOINED = re.compile(r"[وف]?س?[يت]?شارك(?:ت|ا)?")
_LOAN = re.compile(r"(?<!\w)في (?:ترتيب |تمويل |تقديم |دعم |توفير )?(?:ال)?(?:قرض|تسهيلات|تسهيل|تمويل|صفقه)(?!\w)")


_OF_LOAN = re.compile(r"(?<!\w)[وفبل]*(?:ال|لل)?(?:قرضا?|قروض|تسهيلا?|تسهيلات|تمويل مشترك|تمويلا مشتركا)(?!\w)")


def _joined_loan(spot: Spot) -> Draft | None:
    """شارك كل من X وY في القرض, سيشارك في دعم التمويل X وY: who lends with those told before."""
    if not _LOAN.search(spot.rest):
        return None
    banks = next((p for p in spot.after if p.names and p.case in {"", "of", "in"} and not p.share), None)
    if banks is None:
        return None
    to = mentions([p for p in spot.after if p.case in {"to", "in"} and p.names and p is not banks])
    borrower = to or list(spot.state.round_target)
    return spot.draft("loan", {"lender": banks.mentions(), "borrower": borrower}) if borrower else None


def back(spot: Spot) -> Drafts:
    """قادتها Y, شاركت Y في جولة تمويل لـ X."""
    if spot.cue.type == "loan" and _NAMED_FOR.fullmatch(spot.text(spot.cue.start, spot.cue.end)):
        bank = next((p for p in spot.after if p.names and p.case in {"", "of"} and not p.share), None)
        if bank is not None and spot.state.round_target and _TO_ARRANGE.match(spot.text(bank.end, spot.part.end)):
            yield spot.draft("loan", {"lender": bank.mentions(), "borrower": spot.state.round_target})
        return
    if spot.cue.type == "loan" and _JOINED.fullmatch(spot.text(spot.cue.start, spot.cue.end)):
        yield _joined_loan(spot)
        return
    investors = subject_of(spot) if spot.verbal else (spot.after[0] if spot.after else None)
    named = mentions([p for p in spot.after if p.case in {"to", "in"} and p.names])
    if named and spot.cue.type == "investment" and not _ROUND.search(spot.scope):
        return  # بمشاركة X في معرض
    target = named or spot.state.round_target
    if spot.cue.type == "investment" and _OF_LOAN.search(spot.text(spot.sentence.start, spot.sentence.end)):
        return  # بنوك بقيادة X: told of with the loan
    if investors is None or not target or investors.case not in {"", "lead"}:
        return
    first, second = payer_and_paid(spot.cue.type)
    listed = [investors, *(p for p in spot.after[1:] if p.opening and p.case == "")]
    yield spot.draft(spot.cue.type, {first: mentions(listed), second: target})
