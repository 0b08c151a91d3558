"""Frames of Arabic contracts: who wins, is given or ordered something, and of whom (folded text)."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.frames import Group, names_of
from extractors.parts_ar import Party
from extractors.spots_ar import Drafts, Spot, nearby, subject_of
from extractors.words_ar import pattern_of

_NEXT_TO = 12
"""Characters from طرحتها to who tendered"""


def win(spot: Spot) -> Drafts:
    """فازت X بعقد من Y; رست المناقصة على X."""
    if not pattern_of("contracts").search(spot.text(spot.cue.start, spot.until)) or _COMPETING.search(spot.scope):
        return
    if pattern_of("advice").search(spot.text(spot.sentence.start, spot.cue.start)) or _PRIZE.search(spot.scope):
        return
    if _THAT_ONE.match(spot.text(spot.cue.start, spot.part.end)) or _ALL_WON.search(spot.text(spot.sentence.start, spot.cue.end)):
        return
    if _GOT.fullmatch(spot.text(spot.cue.start, spot.cue.end)) and not _A_CONTRACT.match(spot.text(spot.cue.end, spot.part.end)):
        return
    if _GIVING.fullmatch(spot.text(spot.cue.start, spot.cue.end)):
        yield _contract_given(spot)
        return
    awarded = _AWARDED.search(spot.text(spot.cue.start, spot.cue.end)) is not None
    on = next((p for p in (*spot.after, *(spot.later if awarded else ())) if p.case == "on" and p.names), None)
    supplier: Group | None = on or subject_of(spot) or _consortium(spot)
    buyer = next(
        (
            p
            for p in spot.after
            if p.case in {"source", "to", "with", "in"} and p.names and (supplier is None or not p.shares(supplier))
        ),
        None,
    )
    buyer = (
        buyer
        or _who_is_served(spot)
        or _whose_network(spot, supplier)
        or _who_wrote(spot)
        or _who_tendered(spot)
        or _whose_tender(spot, supplier)
    )
    buyer = buyer or next((p for p in spot.later if p.case == "source" and p.names and not p.share), None)
    buyer = buyer or next(
        (p for p in (*spot.earlier, *spot.before, *spot.later) if any(n.value.kind == "government" for n in p.names)), None
    )
    last = spot.previous[-1].start if spot.previous else 0  # دفعت X مليونا لشراء Y بعد فوزها بمناقصة: paid for something else
    priced = any(a.start >= last for c in nearby(spot) for a in c.amounts)
    priced |= any(a.start < spot.until for c in spot.following for a in c.amounts)
    if supplier is None or not (buyer or priced):
        return
    yield spot.draft("purchase", {"buyer": names_of(buyer), "supplier": supplier.mentions()})


def _consortium(spot: Spot) -> Party | None:
    """فاز تحالف يضم X وY بعقد, فاز ائتلاف بقيادة X بعقد: those who are in it."""
    named = next((p for p in spot.after if p.names), None)
    return named if named is not None and _CONSORTIUM.fullmatch(spot.text(spot.cue.end, named.start)) else None


_CONSORTIUM = re.compile(
    r" (?:ال)?(?:تحالف|ايتلاف|كونسورتيوم|اتحاد|مجموعه)(?: [^ ,.;]+){0,2}? (?:[تي]ضم|ضم|مكون من|[تي]تكون من|مولف من"
    r"|[تي]قوده|بقياده)(?: كلا?)?(?: من)?(?: (?:شركه|شركتي|شركات|مجموعه)(?: [^ ,.;«\"]+){0,3})? ?[«\"]?"
)


def _who_is_served(spot: Spot) -> Party | None:
    """فازت X بعقد لتزويد Y بـ: Y gives the contract."""
    return next((p for p in spot.after if p.names and not p.share and _SERVES.search(spot.text(spot.cue.end, p.start))), None)


def _whose_network(spot: Spot, supplier: Group | None) -> Party | None:
    """فازت X بعقد توسيع الشبكة الخاصة بـY: whose the works are gives the contract."""
    named = (p for p in spot.after if p.names and not p.share and (supplier is None or not p.shares(supplier)))
    return next((p for p in named if _OF_ITS_OWN.search(spot.text(max(p.start - _OWN_REACH, 0), p.start))), None)


_OWN_REACH = 24
_OF_ITS_OWN = re.compile(r"(?<!\w)(?:الخاصه?|التابعه?) [بل] ?(?:شركه |مجموعه |بنك |هييه )?[«\"]?$")
_SERVES = re.compile(
    r"(?<!\w)ب?(?:عقدا?|عقود|مناقصه|صفقه) (?:\w+ )?ل(?:تزويد|امداد|مد)(?: (?:شركه|شركات|مجموعه|بنك|هييه))? ?[«\"]?$"
)


def _who_wrote(spot: Spot) -> Party | None:
    """تلقت X كتابا من Y بترسية المناقصة: who tells X of it gives the contract."""
    senders = (p for p in (*reversed(spot.before), *reversed(spot.earlier)) if p.case == "source" and p.names and not p.share)
    return next((p for p in senders if _LETTER.search(spot.text(max(p.start - _LETTER_REACH, 0), p.start))), None)


def _who_tendered(spot: Spot) -> Party | None:
    """فازت X بالمناقصة التي طرحتها Y: Y gives the contract."""
    told = _TENDERED.search(spot.clean.text, spot.cue.end, spot.sentence.end)
    named = (p for p in (*spot.after, *spot.later) if told is not None and p.names and 0 <= p.start - told.end() < _NEXT_TO)
    return next(named, None)


def _whose_tender(spot: Spot, supplier: Group | None) -> Party | None:
    """رست مناقصة Y على X, فوزها بمناقصة Y: whose tender it is."""
    named = (
        p for p in spot.after if p.case in {"of", ""} and p.names and not p.share and (supplier is None or not p.shares(supplier))
    )
    return next((p for p in named if _TENDER_OF.search(spot.text(spot.cue.start, p.start))), None)


_TENDER_OF = re.compile(r"(?<!\w)ب?(?:مناقصه|مناقصات|عطاء|عقد|عقود|مشروع) (?:شركه |مجموعه |بنك |هييه )?[«\"]?$")
_TENDERED = re.compile(r"(?<!\w)(?:طرحتها|طرحها|اعلنتها|اعلنت عنها|اعلن عنها|اطلقتها|اطلقها)(?!\w)")
_LETTER = re.compile(
    r"(?<!\w)[وب]?(?:ال)?(?:كتاب|خطاب|اشعار|اخطار|موافقه|قرار|امر)ا?(?: ال?\w+)? من(?: السادة?ه?/?)?(?: \w+)? ?[«\"/]?$"
)
_LETTER_REACH = 36
_THAT_ONE = re.compile(r"[وفب]*الفوز ب(?:هذا|هذه)(?!\w)")
_ALL_WON = re.compile(r"(?<!\w)(?:اجمالي|مجموع|قيمه|حجم) (?:ال)?(?:مشاريع|عقود|اعمال) التي (?:فازت|حصلت)")
"""إجمالي المشاريع التي فازت بها: all of a year's contracts"""
_PRIZE = re.compile(r"(?<!\w)[وفبل]*(?:ال|لل)?(?:جايزه|جوايز|لقب|كاس|ميداليه)(?!\w)|(?<!\w)(?:عن|في) فيه(?!\w)")
"""فازت عن فئة …: a prize is no contract"""
_AWARDED = re.compile(r"رست|رسا|رسو|ترسيه|اسناد|ارسي|ارسيت")
_GIVING = re.compile(r"[وفبل]*(?:ال)?(?:س?[تي]?منح(?:ت|ها|ه)?|اسند(?:ت)?|اسناد(?:ها)?|ارس(?:ت|ي)|كلف(?:ت)?|عهد(?:ت)?)")
_THE_CONTRACT = re.compile(
    r"(?: [^ ,]+){0,3} (?:ال)?(?:عقد|عقدا|عقدين|عقود|عقودا|صفقه|مناقصه|مشروع)(?!\w)| (?:تنفيذ|انشاء|توريد|تشغيل|صيانه)(?!\w)"
)
_AFTER_ASIDE = re.compile(r", (?:عقدا|عقودا|عقدين)(?!\w)")
"""أرست X، أكبر شركات البلاد، عقدا على Y"""
_THAT_CONTRACT = re.compile(r" (?:العقد|المشروع|المناقصه|الصفقه)(?!\w)")
"""أفضى طلب العروض إلى إسناد العقد لشركة Y: whom the text speaks of gives it"""
_WORK = re.compile(
    r"[»\"]? (?:ب?(?:عقدا?|عقود|عقودا|مشروعا?|مناقصه|صفقه)"
    r"|(?:ب|مهمه |مهام |اعمال )?(?:تنفيذ|انشاء|بناء|توريد|تصميم|تشغيل|صيانه|توسعه|تركيب|حفر))(?!\w)"
)
"""منحت X شركة Y عقدا, أسندت X إلى Y تنفيذ …, كلفت X شركة Y بتنفيذ …: what Y is given to do, told right after it"""


def _contract_given(spot: Spot) -> Draft | None:
    """منحت X عقدا لـY, أرست X المناقصة على Y, منحت X شركة Y عقدا: the contract goes to Y."""
    buyer = subject_of(spot) or (spot.state.topic if _THAT_CONTRACT.match(spot.text(spot.cue.end, spot.part.end)) else None)
    named = [p for p in spot.after if p.names and not p.share and (buyer is None or not p.shares(buyer))]
    supplier = next((p for p in named if p.case in {"to", "on"}), None)
    told = spot.text(spot.cue.end, spot.until)
    if supplier is None or not (_THE_CONTRACT.match(told) or _AFTER_ASIDE.search(told)):
        given = (p for p in named if p.case in {"", "to"} and p.start > spot.cue.end)
        supplier = next((p for p in given if buyer is not None and _WORK.match(spot.text(p.end, spot.part.end))), None)
        if supplier is None or not any(a.start >= spot.cue.end for c in nearby(spot) for a in c.amounts):
            return None
    if buyer is None and not any(a.value.kind in {"deal", "unknown"} for a in spot.clause.amounts):
        return None
    return spot.draft("purchase", {"buyer": names_of(buyer), "supplier": supplier.mentions()})


def supply(spot: Spot) -> Drafts:
    """تورّد X أجهزة لـY, ستزود X Y بأجهزة, ستنفذ X مشروعا لصالح Y: X supplies, where a sum or a contract is told of."""
    priced = any(a.value.kind in {"deal", "unknown"} and a.start >= spot.cue.end for c in nearby(spot) for a in c.amounts)
    if not spot.verbal or not (priced or _UNDER_CONTRACT.search(spot.rest)):
        return
    supplier = subject_of(spot)
    if supplier is None:
        return
    direct = _SUPPLIES_WHOM.match(spot.text(spot.cue.start, spot.cue.end)) is not None
    cases = {"to", ""} if direct else {"to"}
    named = (p for p in spot.after if p.names and not p.share and p.case in cases and not p.shares(supplier))
    buyer = next((p for p in named if p.start > supplier.start), None)
    if buyer is not None:
        yield spot.draft("purchase", {"buyer": buyer.mentions(), "supplier": supplier.mentions()})


_SUPPLIES_WHOM = re.compile(r"[وف]?س?[تي]?زود")
_UNDER_CONTRACT = re.compile(r"(?<!\w)(?:بموجب|ضمن|وفق|بمقتضي|في اطار) (?:ال)?(?:عقدا?|اتفاقيه|صفقه|طلبيه)(?!\w)")


def order_received(spot: Spot) -> Draft | None:
    """تلقت X طلبية من Y, استلمت X أمر شراء من Y: Y orders of X."""
    if _ORDER.match(spot.text(spot.cue.start, spot.cue.end)) is None:
        return None
    if _RECEIVES.search(spot.text(max(spot.part.start, spot.cue.start - _RECEIVED), spot.cue.start)) is None:
        return None
    buyer = next((p for p in spot.after if p.case == "source" and p.names and not p.share), None)
    supplier = subject_of(spot, agent=False)
    if buyer is None or supplier is None or buyer.shares(supplier):
        return None
    return spot.draft("purchase", {"buyer": buyer.mentions(), "supplier": supplier.mentions()})


_RECEIVED = 70
"""Characters between what is received and the word for receiving it, in which who receives it is named"""
_ORDER = re.compile(r"[وفبل]*(?:ال)?(?:طلبيه|طلبيات|امر شراء|اوامر شراء|امري شراء|طلب شراء|امر توريد|اوامر توريد)")
_RECEIVES = re.compile(
    r"(?<!\w)[وفب]?(?:تلقت?|تلقي(?:ها|ه)?|[تي]تلقي|تسلمت?|تسلم(?:ها|ه)?|استلمت?|استلام(?:ها|ه)?|حصلت?|[تي]حصل|حصول(?:ها|ه)?|نالت?|فازت?|فوز(?:ها|ه)?|حصدت?)(?!\w)"
)
_GOT = re.compile(r"[وفب]*(?:ال)?(?:حص(?:ل|لت|ول|ولها|وله)|(?:حاز|اقتنص|نال|احرز|كسب|ظفر)ت?)")
_A_CONTRACT = re.compile(
    r"(?: [^ ,]+){0,7} (?:علي |ب)?(?:\w+ ){0,1}ب?(?:عقد|عقدا|عقود|عقودا|عقدين|مناقصه"
    r"|صفقه ل?(?:توريد|تنفيذ|تزويد|بناء|انشاء))(?!\w)"
)
_COMPETING = re.compile(r"(?<!\w)[وف]?(?:ي|ت|ال)?(?:تنافس|منافسه|تتنافس|يتنافس|تاهل|تاهلت)(?!\w)")
"""تتنافس على الفوز: nobody has won yet"""
