"""Frames of Arabic funding: who closes a round, who backs or leads it, and who raises its capital."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.deal_table import Cue
from extractors.draft import Draft
from extractors.frames import Group, names_of, payer_and_paid
from extractors.loans_ar import NEXT_TO, has_price, is_bank, is_told_already, lent, payers_beside, receiver
from extractors.normalize import fold
from extractors.parties_ar import mentions
from extractors.parts_ar import Party
from extractors.reading import At
from extractors.spots_ar import Drafts, Spot, meets_needs, present_subject, subject_of
from extractors.words_ar import pattern_of, word_of
from models.mention import Amount


def funding_round(spot: Spot) -> Drafts:
    """جمعت X … في جولة بقيادة Y; حصلت X على قرض من Y; قرض لـ X."""
    if _is_venture(spot):
        spot = replace(spot, cue=spot.cue._replace(type="investment"))
    yield lent(spot) if spot.cue.type == "loan" else _raised(spot)


def _raised(spot: Spot) -> Draft | None:
    """جمعت X … في جولة بقيادة Y: new capital, and who puts it in."""
    if (placed := _placed(spot)) is not None:
        return placed
    if is_told_already(spot) or _is_no_round(spot):
        return None
    if _new_shares_for(spot):
        return _issued(spot)
    if (subscribed := _subscribed(spot)) is not None:
        return subscribed
    to, subject = receiver(spot)
    if to is not None and subject is not None and not subject.shares(to) and _issues(spot):
        return spot.draft("investment", {"investor": to.mentions(), "target": subject.mentions()})
    if subject is not None and pattern_of("joining").search(spot.text(spot.sentence.start, spot.cue.start)):
        return _joined_round(spot, subject)
    target = to or subject
    payers = payers_beside(spot, target)
    if target is None or (not payers and not has_price(spot)):
        return None  # the sum told is a capital, a size, a forecast
    if not payers and _RAISES.fullmatch(spot.text(spot.cue.start, spot.cue.end)) and _by_bonds(spot):
        return spot.draft("offering", {"company": target.mentions()})
    return spot.draft("investment", {"investor": payers, "target": target.mentions()}, amount=_increase(spot))


def _increase(spot: Spot) -> At[Amount] | None:
    """رفع رأسمالها من 110 إلى 207 ملايين، بزيادة قدرها 97 مليونا: what comes in, where it is told beside what there was."""
    if "راس" not in spot.text(spot.cue.start, spot.cue.end):
        return None
    amounts = (a for c in spot.sentence.clauses for a in c.amounts if a.start >= spot.cue.end and not a.value.is_equivalent)
    return next((a for a in amounts if _GROWS_BY.search(spot.text(max(a.start - _GROWTH, 0), a.start))), None)


_GROWTH = 30
_GROWS_BY = re.compile(r"(?<!\w)ب?(?:زياده|مقدار)(?: (?:قدرها|قيمتها|بلغت|مقدارها|بلغ))? ?$")
_RAISES = re.compile(r"[وفل]?[يت]?جمع(?:ت)?")


def _is_no_round(spot: Spot) -> bool:
    """جمع … من الاكتتاب, what a listing brings in; أسهم منحة, what comes out of profits; what else is collected or attracted."""
    word = spot.text(spot.cue.start, spot.cue.end)
    capital = "راس" in word
    if not capital and not _RAISED.search(spot.scope) and _LISTING.search(spot.scope.replace(word, " ", 1)):
        return True
    if _PAID_IN.search(spot.text(spot.part.start, spot.cue.start)):
        return True
    if "تبرع" in spot.text(spot.sentence.start, spot.sentence.end):
        return True  # جمعت الحملة تبرعات
    if _BONUS.search(spot.text(spot.cue.start, spot.sentence.end)) or (capital and _BONUS.search(spot.scope)):
        return True
    return bool(_COLLECTED.fullmatch(word) or (_ATTRACTED.match(word) and not _INVESTORS.search(spot.rest)))


_PAID_IN = re.compile(r"(?<!\w)(?:[تي]تكون من|[تي]تالف من|علي شكل|في صوره|علي هييه)(?!\w)[^;]*$")
"""مقابل 3 مليارات تتكون من 1.7 مليار من سندات قابلة للتحويل: with what is paid"""
_COLLECTED = re.compile(r"[وف]?[يت]?جمع(?:ت)?(?:ها|ه|هم)")
"""بيانات جمعتها X: what was collected stands before"""

_BONUS = re.compile(
    r"(?<!\w)(?:اسهم (?:ال)?(?:منحه|مجانيه)|توزيع (?:\S+ )?من راس|عبر توزيع|من خلال توزيع|رسمله|ارباح محتجزه"
    r"|سهم مجاني|تمويلا? من (?:ال)?ارباح|من (?:ال)?ارباح (?:ال)?(?:عام|مرحله|محتجزه)|من (?:ال)?احتياطي(?:ات)?)(?!\w)"
)
"""A capital raised from the company's own profits"""

_ATTRACTED = re.compile(r"[وف]?استقطب")

_INVESTORS = re.compile(r"(?<!\w)(?:مستثمرا?|استثمارا|استثمارات|تمويلا?|شريكا?)(?!\w)")

_RAISED = re.compile(r"(?<!\w)(?:اكتتاب|الاكتتاب|طرح) (?:\w+ ){0,2}ل?(?:زياده|رفع) راس ?(?:ال)?مال")

_LISTING = re.compile(r"(?<!\w)[وفبل]?(?:ل?ال|لل?)?(?:اكتتاب|اكتتابيين|طرح|ادراج)(?! (?:ال)?خاص)(?!\w)")


def _joined_round(spot: Spot, subject: Group) -> Draft | None:
    """شاركت X في جولة تمويل Y: whoever is told as taking part puts money in."""
    if subject.start > spot.cue.start:
        subject = subject_of(spot, agent=False) or subject
    joined = [subject, *(p for p in spot.before if p.case == "with" and not p.shares(subject))]
    target = next((p for p in spot.after if p.case in {"to", "of", "in", ""} and p.names and not p.shares(subject)), None)
    return spot.draft("investment", {"investor": mentions(joined), "target": names_of(target)}) if target else None


def got_money(spot: Spot) -> Drafts:
    """حصلت X على 33 مليون دولار من مستثمرين: a round that is told by its sum alone."""
    if _of_investors(spot):
        yield from funding_round(spot)


def _of_investors(spot: Spot) -> bool:
    """Whether a sum follows, of which no more is said than that investors gave it."""
    amount = next((a for a in spot.clause.amounts if a.start >= spot.cue.end), None)
    if amount is None or not _THE_SUM.search(spot.text(max(amount.start - _SUM_LEAD, spot.cue.end - 1), amount.start)):
        return False
    return _OF_INVESTORS.match(spot.clean.text, amount.end, spot.sentence.end) is not None


_SUM_LEAD = 40
_THE_SUM = re.compile(r"(?:(?<!\w)علي|^\w) (?:(?:مبلغ|نحو|حوالي|اكثر من|استثمارا?|استثمارات|تمويلا?|بقيمه|قيمته|قدره|قدرها) ?)*$")
_OF_INVESTORS = re.compile(
    r"(?: [^ ,.;]+){0,4}? من (?:قبل )?(?:(?:ال)?مستثمر(?:ا|ين)?|صناديق|صندوق|شركات (?:راس|راسمال|استثمار))(?!\w)"
)


def _is_venture(spot: Spot) -> bool:
    """حصلت X الناشئة على تمويل بقيمة … من «Y فنتشرز»: money for a start-up, of which nobody says that it is lent."""
    if spot.cue.type != "loan" or _FINANCING.match(spot.text(spot.cue.start, spot.cue.end)) is None:
        return False
    told = spot.text(spot.sentence.start, spot.sentence.end)
    backed = any(_BACKER.search(fold(n.value.text)) for p in spot.groups if p.case in {"source", "lead"} for n in p.names)
    return (backed or _VENTURE.search(told) is not None) and _LENT.search(told) is None


_FINANCING = re.compile(r"تمويلا? (?:بقيمه|قدره|بمبلغ|من)")

_VENTURE = re.compile(
    r"(?<!\w)[وفبل]*(?:ال|لل)?(?:ناشيه|جوله|جولات|سلسله|بذري|بذريه|بذره|جري)(?!\w)|(?<!\w)الفيه [«\"]?[ابجد](?!\w)"
)

_BACKER = re.compile(r"(?<!\w)(?:فنتشرز|فينتشرز|فينشرز|كابيتال|كابيتل|بارتنرز|صندوق|انجلز)(?!\w)|ventures|capital|partners")
"""By its name, who invests"""

_LENT = re.compile(
    r"(?<!\w)[وفبل]*(?:ال|لل)?(?:قرض|قرضا|قروض|دين|ديون|تسهيل|تسهيلات|مرابحه|صكوك|سندات|بنك|مصرف|بنوك|ايتماني)(?!\w)"
)


def _placed(spot: Spot) -> Draft | None:
    """أتم بنك X طرحا خاصا لشركة Y جمع 50 مليونا: a bank places what Y issues; جمعت Y … عبر طرح خاص لـX: X puts the money in."""
    to = next((p for p in spot.groups if p.case == "to" and p.names), None)
    if to is None or not _PRIVATELY.search(spot.text(max(to.start - _PLACED, spot.part.start), to.start)):
        return None
    subject = next((p for p in (*spot.before, *spot.after) if p.subject and p.names), None)
    if subject is None or subject.shares(to) or not meets_needs(spot):
        return None
    if is_bank(subject):
        return spot.draft("investment", {"investor": [], "target": to.mentions()})
    if not _RAISES.fullmatch(spot.text(spot.cue.start, spot.cue.end)):
        return None
    return spot.draft("investment", {"investor": to.mentions(), "target": subject.mentions()})


_PRIVATELY = re.compile(r"(?<!\w)(?:طرحا?|اكتتابا?) خاصا? ?ل?(?:شركه|مجموعه|بنك|صندوق)? ?[«\"]?$")

_PLACED = 30
"""Characters from the private placement to whom it is of or for"""


def _subscribed(spot: Spot) -> Draft | None:
    """اكتتبت X في أسهم جديدة أصدرتها Y عبر اكتتاب خاص: X puts the money in."""
    told = _SUBSCRIBES.search(spot.text(spot.sentence.start, spot.cue.start))
    if told is None:
        return None
    at = spot.sentence.start + told.end()
    sides = [p for p in (*spot.earlier, *spot.before, *spot.after) if p.names and p.start >= at and not p.anaphor]
    if not sides or sides[0].start - at > NEXT_TO or not sides[0].subject:
        return None
    issuer = next((p for p in sides[1:] if p.case in {"", "to", "of", "in", "source"} and not p.shares(sides[0])), None)
    return spot.draft("investment", {"investor": sides[0].mentions(), "target": issuer.mentions()}) if issuer else None


_SUBSCRIBES = re.compile(r"(?<!\w)[وف]?(?:اكتتبت?|س?[تي]كتتب)(?!\w)")


def _new_shares_for(spot: Spot) -> bool:
    if pattern_of("joining").search(spot.text(spot.part.start, spot.cue.start)):
        return False  # قاد X جولة تمويلية لصالح Y
    return any(p.case == "to" and "لصالح" in spot.words(spot.cue.start, p.start) for p in spot.after)


def _issued(spot: Spot) -> Draft | None:
    """رفع رأس المال … عبر إصدار أسهم لصالح Y: who is given the new shares invests."""
    investor = next(p for p in spot.after if p.case == "to")
    issuer = next((p for p in (*reversed(spot.before), *reversed(spot.earlier)) if p.names), None) or spot.state.topic
    return spot.draft("investment", {"investor": investor.mentions(), "target": issuer.mentions()}) if issuer else None


def _issues(spot: Spot) -> bool:
    """قامت X بإصدار سندات إلزامية التحويل إلى Y: who is given them invests."""
    return _ISSUE.search(spot.text(spot.part.start, spot.cue.end)) is not None


_ISSUE = re.compile(r"(?<!\w)[وفبس]*(?:(?:ت?صدر|اصدرت?|اصدار|اصدارها)(?!\w)|[يت]?خصصت? [^.,]{0,40}?(?<!\w)(?:اسهم|سهما?)(?!\w))")


def _by_bonds(spot: Spot) -> bool:
    """جمعت X مليارا من الصكوك: bonds, where neither shares nor a round are told of."""
    told = spot.text(spot.sentence.start, spot.sentence.end)
    return _BY_BONDS.search(told) is not None and _BY_SHARES.search(told) is None


_BY_BONDS = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:صكوكا?|سندات)(?!\w)")

_BY_SHARES = re.compile(
    r"(?<!\w)[وفبل]?(?:ال)?(?:جوله|جولات|اسهم|تحويل|لتحويل|للتحويل|قابله|الزاميه|مستثمرين|المستثمرين)(?!\w)|راس ?(?:ال)?مال"
)


def raise_capital(spot: Spot) -> Drafts:
    """تعتزم X زيادة رأسمالها, اكتتاب زيادة رأسمال X: new capital of which no sum is told."""
    if has_price(spot) or any(c.cue.frame == "raise" for c in spot.previous):
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

_IN_FAVOUR = re.compile(r"(?<!\w)ل(?:صالح|مصلحه)(?: (?:شركه|مجموعه|بنك))?\s?[«\"]?$")

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


_BODY = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:جمعيه|عموميه|مجلس|مساهمو|مساهمي|مساهمون)(?!\w)")


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


_ROUND = re.compile(r"(?<!\w)[وفبل]*(?:ال)?(?:جول|تمويل|استثمار|اكتتاب|ضخ|جمع)")

_NAMED_FOR = re.compile(r"[وفبل]*(?:ت?عيين|عينت?|تكليف|كلفت?|تفويض|فوضت?|[تي]?تولي|تولت)")

_TO_ARRANGE = re.compile(
    r"[»\"]?(?: \w+){0,3}? (?:(?:ل|ب)?(?:ترتيب|قياده|اداره|جدوله|تنظيم)|ك+(?:منظم|مدير|وكيل|كفيل|مرتب|قايد)\w*)(?!\w)"
)

_JOINED = re.compile(r"[وف]?س?[يت]?شارك(?:ت|ا)?(?:ها|ه|هم)?")

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


_LOAN = re.compile(r"(?<!\w)في (?:ترتيب |تمويل |تقديم |دعم |توفير )?(?:ال)?(?:قرض|تسهيلات|تسهيل|تمويل|صفقه)(?!\w)")
