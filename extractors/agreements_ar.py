"""Frames of what two sides sign in Arabic: partners, contracts won, and agreements whose object decides the type."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.chosen_ar import appointed_before_aside, chosen_for, served_by_partnership, whose_service
from extractors.draft import GENERAL, CueAt, Draft, object_words, providers
from extractors.equity_ar import POWER_BOUGHT
from extractors.frames import Group, first_of, last_of, names_of, payer_and_paid
from extractors.known_names import lookup_entity
from extractors.normalize import CleanText, fold
from extractors.parties_ar import bracketed, mentions
from extractors.parts_ar import Party
from extractors.served_ar import will_supply
from extractors.signers_ar import signers_of_it
from extractors.spots_ar import TOGETHER, Drafts, Spot, nearby, subject_of
from extractors.words_ar import pattern_of
from models.mention import Name

_ONE_OF_SEVERAL = re.compile(r"[وفبل]*التحالف(?:ان|ات)? (?:الاول|الثاني|الثالث|الرابع|الخامس|الفايز)(?!\w)")
"""Those who bid together against others"""


def pair(spot: Spot) -> Drafts:
    """اندماج A وB, شراكة بين A وB, بالتعاون مع B."""
    if TOGETHER.match(spot.text(spot.cue.start, spot.cue.end)) and spot.state.round_target and _FINANCED.search(spot.scope):
        yield _lent_with(spot)
        return
    told = spot.text(spot.cue.start, spot.part.end)
    if _COMBINES.match(told) or _MERGED_THINGS.match(told):
        return
    if _ONE_OF_SEVERAL.match(spot.text(spot.cue.start, spot.part.end)) or _only_together(spot):
        return
    between = next((p for p in spot.part.parties if p.case == "between" and len(p.names) > 1), None) or bracketed(spot.part)
    if _CO_OPERATION.match(spot.text(spot.cue.start, spot.cue.end)) and (between is None or between.start - spot.cue.end > 2):
        return
    if between is not None:
        yield spot.draft(spot.cue.type, {"party": between.mentions()})
        return
    if _TRADE.match(spot.text(spot.cue.start, spot.cue.end)):
        yield _appointed(spot) or appointed_before_aside(spot) or chosen_for(spot)
        return
    for_both = next((p for p in spot.after if p.case in {"to", "source"} and len(p.names) > 1), None)
    led = spot.text(spot.cue.start, for_both.start) if for_both is not None else ""
    if for_both is not None and (_FOR_EACH.match(led) or (spot.cue.type == "merger" and _OF_TWO.match(led))):
        yield spot.draft(spot.cue.type, {"party": for_both.mentions()})
        return
    both = _both_described(spot) if spot.text(spot.cue.start, spot.cue.end).endswith("هما") else None
    if both is not None:  # أعلنت A المتخصصة في …، وB المتخصصة في …، عن اندماجهما
        yield spot.draft(spot.cue.type, {"party": [name for side in both for name in side.mentions()]})
        return
    partner = next((p for p in spot.after if p.case == "with" and p.names), None) or last_of(list(spot.before), "with")
    partner = partner or _between_it_and(spot)
    shared = _taking_part(spot)
    if shared and partner is None:
        yield spot.draft(spot.cue.type, {"party": mentions(shared)})
        return
    ours = _OURS.search(spot.text(spot.cue.start, spot.cue.end)) or is_glad(spot.clean, spot.part.start, spot.cue.start)
    subject = (spot.state.speaker if ours else None) or subject_of(spot) or _signed_it(spot) or _signed_it_before(spot, partner)
    subject = subject or served_by_partnership(spot, partner if isinstance(partner, Party) else None) or _who_speaks_of_it(spot)
    if spot.cue.type == "merger" and any(n.kind in {"government", "person"} for n in (*names_of(subject), *names_of(partner))):
        return
    if spot.cue.type == "merger" and partner is None and subject is not None and subject.start > spot.cue.start:  # اندماج A في C
        partner = next((p for p in spot.after if p.case == "in" and p.names and not p.share and p.kind != "pronoun"), None)
    if subject is not None and len(subject.names) > 1 and partner is None:
        yield spot.draft(spot.cue.type, {"party": subject.mentions()})
    elif subject is not None and partner is not None and not subject.shares(partner) and not _was_partner(spot, subject):
        yield spot.draft(spot.cue.type, {"party": [*subject.mentions(), *partner.mentions()]})
    elif subject is not None and partner is None and has_unnamed_partner(spot):
        yield spot.draft(spot.cue.type, {"party": subject.mentions()})
    elif subject is None and partner is not None and (noun := _told_by_noun(spot, partner)) is not None:
        yield spot.draft(spot.cue.type, {"party": [noun, *partner.mentions()]})


def _between_it_and(spot: Spot) -> Party | None:
    """تعتزم A توقيع اتفاقية شراكة بينها وبين B: B, with whom the subject signs."""
    other = next((p for p in spot.after if p.case == "between" and len(p.names) == 1), None)
    told = other is not None and _BETWEEN_IT.search(spot.text(max(other.start - _BETWEEN_REACH, spot.cue.end), other.start))
    return other if told else None


_BETWEEN_IT = re.compile(r"(?<!\w)(?:فيما )?بين(?:ها|ه) وبين ")
_BETWEEN_REACH = 30


def glad(spot: Spot) -> Drafts:
    """نحن سعداء بالعمل مع B: whom the company that speaks works with; without joy, only what `pair` reads."""
    if not is_glad(spot.clean, spot.part.start, spot.cue.start):
        if _BARE_WORK.match(spot.text(spot.cue.start, spot.cue.end)) is None:
            yield from pair(spot)
        else:
            yield _said_of_it(spot)
        return
    partner = next((p for p in spot.after if p.case == "with" and p.names), None)
    subject = spot.state.speaker or subject_of(spot) or spot.state.topic
    if partner is not None and subject is not None and not subject.shares(partner):
        yield spot.draft("partnership", {"party": [*subject.mentions(), *partner.mentions()]})


def _said_of_it(spot: Spot) -> Draft | None:
    """قال فلان، مدير A، إن التعاون مع B …: the co-operation that somebody speaks of for A is told by him as a fact."""
    if spot.part.opener != "that" or spot.cue.start - spot.part.start > _AFTER_THAT:
        return None
    partner = next((p for p in spot.after if p.case == "with" and p.names), None)
    speaker = _who_speaks_of_it(spot) or spot.state.speaker
    if partner is None or speaker is None or speaker.shares(partner) or _OUGHT_TO_BE.search(spot.rest):
        return None
    return spot.draft("partnership", {"party": [*speaker.mentions(), *partner.mentions()]})


_AFTER_THAT = 4
_OUGHT_TO_BE = re.compile(r"(?<!\w)(?:ضروري|ضروره|مطلوب|سيكون|يمكن|سوف|يجب|قد)(?!\w)")


def is_glad(clean: CleanText, start: int, end: int) -> bool:
    """Whether the words before a co-operation say that who tells it is glad of it."""
    return _GLAD.search(clean.text, max(start, end - _JOY), end) is not None


_JOY = 40
_GLAD = re.compile(
    r"(?<!\w)[وف]?(?:ن?فتخر|نفخر|فخورون|فخور|يسعدنا|يسعدني|سعداء|سعيدون|سعيد|نتشرف|تشرفنا|نعتز|سررنا|مسرورون|يسرنا|نرحب|سعدنا|سعادتنا)(?!\w)"
)
_BARE_WORK = re.compile(r"[وف]?(?:بالعمل|للعمل|التعاون) مع")
"""What tells no deal where nobody is glad of it"""


def choose(spot: Spot) -> Drafts:
    """اختارت A حلول B, اعتمدت A نظام B, اختارت A شركة B لتنفيذ …: who is chosen supplies."""
    buyer = _chooser(spot)
    if buyer is None or any(n.value.kind == "person" for n in buyer.names):
        return
    chosen = next((p for p in spot.after if p.names and not p.shares(buyer) and p.start >= buyer.start), None)
    offered = whose_service(spot, buyer)
    if offered is not None:
        yield offered
        return
    if chosen is None or chosen.share or any(n.value.kind not in {"company", "unit"} for n in chosen.names):
        return
    lead = spot.words(max(spot.cue.end, buyer.end), chosen.start)
    rest = spot.text(chosen.end, spot.sentence.end)
    sold = chosen.case in {"of", "source", ""} and _WHAT_IS_SOLD.match(lead) is not None
    named = chosen.case == "" and not lead.split()[1:] and _TO_DO.match(rest) is not None
    hired = named and not _ADOPTS.match(spot.text(spot.cue.start, spot.cue.end))
    if chosen.case == "" and not lead.split()[1:] and _TO_BE_PARTNER.match(rest):
        yield spot.draft("partnership", {"party": [*buyer.mentions(), *chosen.mentions()]})
    elif (sold or hired) and not _AS_PARTNER.search(rest):
        yield spot.draft("purchase", {"buyer": buyer.mentions(), "supplier": chosen.mentions()})


def _chooser(spot: Spot) -> Group | None:
    """قال إن A اختارت B: A, named before its verb; the name after a verb that has a subject is whom it chooses."""
    named = (p for p in reversed(spot.before) if p.opening and p.subject and p.start >= spot.part.start)
    return (next(named, None) if spot.verbal else None) or subject_of(spot)


_ADOPTS = re.compile(r"[وف]?(?:اعتمدت|اعتماد)")
_WHAT_IS_SOLD = re.compile(
    r"(?:\w+ ){0,3}?(?:حلول|حل|نظام|انظمه|خدمات|خدمه|شبكه|شبكات|تطبيقات|منتجات|منصه|برامج|برمجيات|تقنيات|تقنيه|اجهزه"
    r"|خوادم|معدات|حزمه)(?: \S+){0,6}$"
)
_TO_DO = re.compile(
    r"[»\"]?,? (?:(?:ال\w+ )?(?:ل(?:خدمات|حلول|تقنيات|تقنيه|تكنولوجيا|انظمه|اعمال)|لل\w+)(?: و?ال\w+){0,3} )?"
    r"(?:\([^()]{1,30}\) )?(?:\w+ )?"
    r"(?:ل(?:تنفيذ|تزويد|توفير|نشر|تطبيق|تركيب|اداره|تقديم|تصميم|بناء|توريد|تشغيل"
    r"|بيع|تطوير|انشاء|صيانه|تجهيز|انجاز|تحديث|استضافه|لحصول علي خدمات|مساعدت(?:ها|ه) (?:في|علي))|كمورد|موردا)"
)
_TO_BE_PARTNER = re.compile(r"[»\"]? (?:ل[تي]كون |ك)(?:ال)?(?:(?:شريك|موزع|وكيل)ا?(?:ها|ه)?|مزودا? لخدمات(?:ها|ه))(?!\w)")
"""اختارت A شركة B لتكون شريكها"""
_AS_PARTNER = re.compile(r"(?<!\w)(?:كموزع|كشريك|كوكيل|شريكا|موزعا|وكيلا|الافضل|افضل|ضمن)(?!\w)")


def _signed_it(spot: Spot) -> Party | None:
    """اتفاقية شراكة أبرمتها X مع Y: who stands after a verb that has the agreement for its object."""
    by = next((p for p in spot.after if p.verb and p.subject), None)
    return by if by is not None and _IT_SIGNED.search(spot.text(spot.cue.end, by.start)) else None


def _who_chooses(spot: Spot, named: list[Party], chosen: Party) -> Party | None:
    """اختيار A لشركة Y: who stands right behind the noun of choosing, before the one chosen."""
    return next(
        (p for p in reversed(named) if p.end <= chosen.start and _CHOICE.search(spot.text(spot.part.start, p.start))), None
    )


_CHOICE = re.compile(r"(?<!\w)[وفبل]?(?:اختيار|اعتماد|تعيين|تسميه) (?:(?:شركه|مجموعه|بنك|موسسه) )?[«\"]?$")


def _who_speaks_of_it(spot: Spot) -> Party | None:
    """أكد فلان، رئيس A، نجاح الشراكة مع B: for whom the one speaks who tells of the partnership."""
    if _THAT_KNOWN.match(spot.text(spot.cue.start, spot.part.end)) is None:
        return None
    return next((p for p in (*reversed(spot.before), *reversed(spot.earlier)) if p.kind == "speaker" and p.names), None)


_THAT_KNOWN = re.compile(r"[وفبل]*(?:ال|لل)(?:شراكه|تعاون|تحالف)(?: ال\w+)? مع(?!\w)")
_OURS = re.compile(r"نا(?: |$)")
"""شراكتنا: of the company that speaks"""


def _signed_it_before(spot: Spot, partner: Group | None) -> Group | None:
    """رعاية A في إطار شراكة أبرمتها مع B: whom the sentence has named last."""
    if partner is None or not _IT_SIGNED_WITH.search(spot.text(spot.cue.end, partner.start)):
        return None
    return next((p for p in (*reversed(spot.before), *reversed(spot.earlier)) if p.names and not p.shares(partner)), None)


_IT_SIGNED_WITH = re.compile(r"(?<!\w)(?:ابرمت?|وقعت?|عقدت?)(?:ها|ه)(?: \w+)? مع(?: (?:شركه|مجموعه|بنك|موسسه))? ?[«\"]?$")
_IT_SIGNED = re.compile(r"(?<!\w)(?:ابرمت?|وقعت?|عقدت?)ها(?: (?:شركه|مجموعه|بنك|موسسه))? [«\"]?$")
_FOR_EACH = re.compile(r"[وف]?الشراكه (?:\w+ )?لكل من (?:\w+ )?[«\"]?$")
"""تتيح الشراكة لكل من A وB: those who are in it"""
_OF_TWO = re.compile(r"[وفبل]*(?:ال)?(?:اندماج|دمج)(?: ال\w+){0,2} ل(?:شركتي|بنكي|مصرفي|مجموعتي|كل من)? ?[«\"]?$")
"""الاندماج التاريخي لشركتي A وB"""
_COMBINES = re.compile(
    r"[وفبل]*(?:ال)?دمج(?:ها|ه)? "
    r"(?!(?:شركه|شركتي|شركات|بنك|بنكي|بنوك|مصرف|مصرفي|مجموعه|مجموعتي|عمليات|اعمال|بين|كل|مع|هييه)(?!\w))"
    r"(?:(?:ال)?[^\W\d«\"]\w*(?:ه|ات|ها)|(?:ال)?(?:نظام|تطبيق|برنامج|محتوي|حلول|بريد|موقع))(?!\w)"
)
"""دمج قاعدة المستخدمين مع X: things are put together, no companies"""
_MERGED_THINGS = re.compile(
    r"[وفبل]*(?:ال)?(?:اندماج|دمج) (?:ما )?بين (?:ال)?(?:شبك|انظم|تقني|تكنولوجي|خدم|قطاع|اسواق|سوق|تطبيق|اجهز)"
)
"""الاندماج بين الشبكات الثابتة والمتحركة: of things, too"""
_CO_OPERATION = re.compile(r"[وفب]?(?:ال)?تعاون بين")
_FINANCED = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:تنظيم|ترتيب|تقديم|توفير|عن|منح|دعم) (?:\w+ )?(?:ال)?(?:قرض|تمويل|تسهيلات)(?!\w)")


def _lent_with(spot: Spot) -> Draft | None:
    """تم تنظيم القرض بالتعاون مع X وY: banks that have a part in the loan told before."""
    banks = mentions([p for p in spot.part.parties if p.names and p.case in {"", "with"} and not p.anaphor])
    if not any("بنك" in n.text or "مصرف" in n.text or "bank" in n.canonical.lower() for n in banks):
        return None
    return spot.draft("loan", {"lender": banks, "borrower": list(spot.state.round_target)})


def _only_together(spot: Spot) -> bool:
    """Whether an event, a study or a wish is told that two have in common, or co-operation with nobody."""
    together = BESIDE.match(spot.text(spot.cue.start, spot.cue.end)) is not None
    if together and not _WITH_OR_BETWEEN.search(spot.text(spot.cue.end, spot.part.end)):
        return True  # تتسم العلاقة بالتعاون المثمر
    return (together or _INITIATIVE.match(spot.text(spot.cue.start, spot.cue.end)) is not None) and (
        _EVENT.search(spot.text(spot.sentence.start, spot.cue.start)) is not None
        or _STUDY.search(spot.text(spot.part.start, spot.part.end)) is not None
        or _OUGHT.search(spot.text(spot.part.start, spot.cue.start)) is not None
    )


BESIDE = re.compile(rf"{TOGETHER.pattern}|[وف]?بشراكه")
_WITH_OR_BETWEEN = re.compile(r"(?<!\w)(?:مع|بين|معها?)(?!\w)|ما بين")
_TAKES_PART = re.compile(r"(?<!\w)[وف]?(?:تشارك|يشارك|شاركت|شارك|تسهم|يسهم) في(?:ه|ها)(?!\w)")


def _taking_part(spot: Spot) -> list[Party]:
    """المشروع المشترك …، وتشارك فيه X إلى جانب Y: who has a part in what the cue tells, in a part that follows."""
    told = _TAKES_PART.search(spot.clean.text, spot.cue.end, spot.sentence.end)
    if told is None:
        return []
    named = [
        p for p in (*spot.after, *spot.later) if p.start >= told.end() and p.names and p.case in {"", "with"} and not p.share
    ]
    return named if sum(len(p.names) for p in named) > 1 else []


_EVENT = re.compile(
    r"(?<!\w)[وفبل]?(?:ال|لل)?(?:اجتماع|اجتماعا|موتمر|معرض|قمه|ندوه|ورشه|دورات|دوره|منتدي|فعاليه|فعاليات|جايزه|حمله|حملات|مداهمه|مداهمات|مسابقه|مهرجان|سباق|بطوله|ملتقي)(?!\w)"
    r"|(?<!\w)و?(?:تنظم|ينظم|نظمت|نظم|تستضيف|يستضيف|استضافت|استضافه|تنظيم)(?!\w)"
)
"""A meeting held together is no co-operation between companies"""
_INITIATIVE = re.compile(r"[وفبل]*مبادره(?!\w)")
_STUDY = re.compile(
    r"(?<!\w)[وفبل]?(?:ال|لل)?(?:دراسه|دراسات|تقرير|تقريرا|استطلاع|استطلاعا|استبيان|بحث|كتاب|كتيب|دليل|محاضره|محاضرات|ندوات)(?!\w)"
)
"""A study made together is none either"""
_OUGHT = re.compile(r"(?<!\w)[وف]?(?:لا بد|لابد|يجب|ينبغي|يتوجب|ضروره|اتخاذ|يمكن|بامكان|نامل)(?!\w)")
"""What should be done with somebody has not been"""
_TRADE = re.compile(r"ك?(?:موزع|شريك|وكيل)")
_APPOINTING = re.compile(r"(?<!\w)[وفبل]?(?:اعتماد|اعتمد|تعيين|عين|اختيار|اختار|تسميه)")
_UNNAMED_PARTNER = re.compile(
    r"(?<!\w)مع (?:\w+ ){0,3}(?:شركه|شركات|بنوك|بنكا|مصارف|موسسات|جهات|مستثمرين|شركاء|مشغلين|موردين)(?!\w)"
)


def has_unnamed_partner(spot: Spot) -> bool:
    """مع خمس شركات عالمية بكلفة …: the other side is told, not named, and what it costs is told with it."""
    said = _UNNAMED_PARTNER.search(spot.text(spot.cue.start, spot.part.end))
    return said is not None and any(c.amounts for c in nearby(spot))


def _told_by_noun(spot: Spot, partner: Group | None) -> Name | None:
    """وقعت الدائرة اتفاقية مع B, شراكة الدائرة مع B: الدائرة itself, where the text names nobody that it may stand for."""
    anaphor = isinstance(partner, Party) and partner.anaphor
    own = next((p for p in spot.after if p.anaphor and not p.names and p.kind != "pronoun"), None)
    of_noun = own is not None and own.start - spot.cue.end <= 1 and partner is not None and own.end <= partner.start
    if partner is None or anaphor or not (of_noun or _SIGNS.search(spot.text(spot.part.start, partner.start))):
        return None
    near = (*reversed(spot.before), *reversed(spot.earlier))
    noun = next((p for p in near if p.anaphor and not p.names and p.case == "" and p.kind != "pronoun"), None)
    noun = noun or next((p for p in spot.part.parties if p.anaphor and not p.names and p.end <= spot.cue.end + _NEXT), None)
    if noun is None:
        return None
    start = noun.start + (spot.clean.text[noun.start] in "وف")
    first, last = spot.clean.raw_span(start, noun.end)
    text = spot.clean.raw[first:last]
    return Name(first, last, text, text, None, "company")


_SIGNS = re.compile(r"(?<!\w)[وفبل]*(?:ال|لل)?(?:توقيع|ابرام|وقعت?|ابرمت?)(?:ها|ه)?(?!\w)")


def _appointed(spot: Spot) -> Draft | None:
    """اعتماد Y كموزع, اختيار A لشركة Y شريكا: who is chosen for a trade and who chooses."""
    named = [p for p in spot.before if p.names and p.start >= spot.part.start]
    chosen = next((p for p in reversed(named) if p.case in {"", "of", "to"}), None)
    if chosen is None or not _APPOINTING.search(spot.text(spot.part.start, chosen.start)):
        return None
    chooser: Group | None = _who_chooses(spot, named, chosen) if chosen.case == "to" else first_of(list(spot.part.parties), "by")
    if chosen.case != "to" and chooser is None:
        chooser = subject_of(replace(spot, before=_without(spot.before, chosen)))
    if chooser is None or chooser.shares(chosen):
        return None
    return spot.draft("partnership", {"party": [*chooser.mentions(), *chosen.mentions()]})


def _without(parties: tuple[Party, ...], one: Party) -> tuple[Party, ...]:
    return tuple(p for p in parties if p is not one)


def agreement(spot: Spot) -> Draft | None:
    """وقعت X اتفاقية مع Y, اتفاق بين X وY: what is signed decides the type."""
    signed_it = signers_of_it(spot)
    if signed_it is not None:
        return signed_it
    text = spot.text(spot.part.start, spot.part.end)
    signed = pattern_of("signing").search(text)
    told = spot.scope
    if signed is not None and _SIGNED_ONE.match(signed.group()) and spot.part.opener == "comma":
        told = spot.text(max(spot.sentence.start, spot.part.start - _BEFORE_PART), spot.until)
    if signed is None or not pattern_of("agreements").search(told) or pattern_of("settled").search(spot.scope):
        return None
    if (
        _TO_BE_HELD.search(text, 0, signed.start())
        or _MEETING.match(text, signed.end())
        or text.startswith(" التاسيس", signed.end())
    ):
        return None
    if BESIDE.match(signed.group()) and _EVENT.search(spot.text(spot.sentence.start, spot.part.start + signed.start())):
        return None
    if (
        (_ALREADY_SIGNED.match(signed.group()) and not (_SIGNED_BETWEEN.match(text, signed.start()) or _this_with(text, signed)))
        or _WINS.search(text)
        or _BIDDING.search(text)
        or _PRESS.search(spot.text(spot.sentence.start, spot.part.start + signed.end()))
    ):
        return None
    at = spot.part.start + signed.start()
    cue = CueAt(at, at + len(signed.group()), "partnership", GENERAL)
    spot = replace(
        spot,
        cue=cue,
        before=tuple(p for p in spot.part.parties if p.end <= at),
        after=tuple(p for p in spot.after if p.start >= cue.end),
    )
    for_whom = _signed_for(spot)
    if for_whom:
        return spot.draft("partnership", {"party": for_whom}, generic=True)
    sides = _sides(spot)
    if sides is None:
        signed_by = _signatories(spot)
        if signed_by:
            return spot.draft("partnership", {"party": signed_by}, generic=True)
        subject = subject_of(spot)
        partner = next((p for p in spot.after if p.case == "with" and p.names), None)
        noun = _told_by_noun(spot, partner) if subject is None or (partner and subject.shares(partner)) else None
        if noun is not None and partner is not None:
            return spot.draft("partnership", {"party": [noun, *partner.mentions()]}, generic=True)
        if partner is not None and not partner.share and _official_contract(spot):
            return spot.draft("purchase", {"supplier": partner.mentions()}, generic=True)
        if subject is not None and partner is None and _contracts_alone(spot, subject):
            return spot.draft("purchase", {"supplier": subject.mentions()}, generic=True)
        alone = subject is not None and all(p.shares(subject) for p in spot.after) and has_unnamed_partner(spot)
        kind = _kind_of(spot) if alone else ""
        role = {"partnership": "party", "purchase": "buyer"}.get(kind)
        return spot.draft(kind, {role: names_of(subject)}, generic=True) if role else None
    one, other = sides
    kind = _kind_of(spot)
    if kind == "partnership" and _AS_PARTNERS.search(spot.scope) is None:
        supplier = will_supply(spot, one, other)
        if supplier is not None:
            buyer = other if supplier is one else one
            return spot.draft("purchase", {"buyer": buyer.mentions(), "supplier": supplier.mentions()}, generic=True)
    if kind == "partnership" and _is_works(spot, one, other):
        kind = "purchase"
    if kind == "partnership":
        return spot.draft("partnership", {"party": [*one.mentions(), *other.mentions()]}, generic=True)
    first, second = payer_and_paid(kind)
    if (kind == "purchase" and _supplies(spot, one, other)) or (kind == "loan" and _lends(spot, one)):
        one, other = other, one
    return spot.draft(kind, {first: one.mentions(), second: other.mentions()}, generic=True)


def _is_works(spot: Spot, one: Group, other: Group) -> bool:
    """أبرمت A وB للحفر اتفاقية بقيمة 770 مليونا: whether one of the two is a contractor, and a sum is told or
    its contracts are extended.
    """
    builds = [any(_CONTRACTOR.search(fold(n.value.text)) for n in side.names) for side in (one, other)]
    priced = any(a.value.kind == "deal" and a.start >= spot.cue.end for c in nearby(spot) for a in c.amounts)
    priced |= spot.text(spot.cue.start, spot.cue.end).lstrip("وفب").startswith(("تمديد", "مددت"))
    return priced and builds[0] != builds[1] and _AS_PARTNERS.search(spot.scope) is None


def _contracts_alone(spot: Spot, subject: Group) -> bool:
    """وقعت X للحفر أربعة عقود بقيمة ملياري ريال: a contractor signs for its work, with whom is not told."""
    contractor = any(_CONTRACTOR.search(fold(n.value.text)) for n in subject.names)
    priced = any(a.value.kind == "deal" and a.start >= spot.cue.end for c in nearby(spot) for a in c.amounts)
    return contractor and priced and _CONTRACTS.search(spot.text(spot.cue.start, spot.part.end)) is not None


_CONTRACTS = re.compile(r"(?<!\w)(?:عقدا?|عقدين|عقود|عقودا)(?!\w)")


def _official_contract(spot: Spot) -> bool:
    """وقع وزير الأشغال عقدا مع B بقيمة …: whether an official signs a contract for his office, which B carries out."""
    if not any(c.amounts for c in nearby(spot)):
        return False
    return _OFFICIAL_CONTRACT.match(spot.text(spot.cue.start, spot.part.end)) is not None


_OFFICIAL_CONTRACT = re.compile(
    r"[وف]?وقع (?:معالي |سمو |سعاده |صاحب \w+ |الدكتور |المهندس )*(?:وزير|امين|محافظ|رييس|مدير|وكيل|نايب|وكيله)"
    r"(?: [^ ,;.]+){1,14}? (?:عقدا?|عقود|عقودا)(?!\w)"
)
_SIGNED_ONE = re.compile(r"(?:الموقع|المبرم)ه?")
_BEFORE_PART = 30
"""الاتفاقية، الموقعة بين A وB: characters before the part in which it says what was signed"""
_TO_BE_HELD = re.compile(r"(?<!\w)(?:المقرر|المزمع|المنتظر|المتوقع|موعد|تاريخ|تاجيل|مكان) $")
"""الجمعية المقرر عقدها: of a meeting"""
_MEETING = re.compile(
    r" (?:هذا |هذه )?(?:ال)?(?:موتمر|موتمرا|قمه|ورشه|حفل|"
    r"اجتماع|اجتماعا|اجتماعات|اجتماعاتها|اجتماعها|ندوه|ندوات|جلسه|جلسات|لقاء|لقاءات|دوره|دورات)(?!\w)"
)
"""عقد اجتماعات: what is held, not signed"""
_ALREADY_SIGNED = re.compile(r"[وف]?(?:لل|[بل]?ال)(?:اتفاقيه|شراكه|مذكره|عقد|تعاون|تحالف|خطه)|[وف]?بالاتفاق")
"""الاتفاقية, الشراكة: one that the text has told before; بالاتفاق مع is no signing"""


def _this_with(text: str, signed: re.Match[str]) -> bool:
    """هذه الاتفاقية مع B: one that the text has told before, with whom it is."""
    return text.startswith(" مع ", signed.end()) and _THIS.search(text, 0, signed.start()) is not None


_THIS = re.compile(r"(?<!\w)[وفبل]?(?:هذه|هذا) $")
_SIGNED_BETWEEN = re.compile(r"\w+(?: ال\w+)? (?:الموقع|المبرم)ه? (?:\w+ )?بين(?!\w)")
"""الاتفاقية الموقعة بين A وB: who signed is said, whatever was told before"""
_WINS = re.compile(r"(?<!\w)[وفب]?(?:ال)?(?:فازت?|فوز(?:ها|ه|نا)?|رست|ترسيه)(?!\w)")
"""فازت A وB بعقد: what is won nobody signs with the other winner"""
_BIDDING = re.compile(r"(?<!\w)عرضا? (?:[^ ,]+ ){0,4}(?:لشراء|للاستحواذ)(?!\w)")
"""اتفقا على تقديم عرض لشراء X is told by what is bought"""


_SIGNED_BY = re.compile(
    r"[وف]?(?:قد )?(?:وقع|وقعت|وقعها|وقعه|(?:(?:قام|قامت|تم|جري) )?ب?(?:ال)?توقيع)(?: علي)?(?: هذه| هذا)?"
    r" (?:ال)?(?:اتفاق|مذكر|عقد|عقود)"
)
_ATTENDED = re.compile(r"(?<!\w)(?:بحضور|في حضور|علي هامش|خلال|وحضر|بشان|تقوم|تهدف|بهدف)(?!\w)")


_FOR = re.compile(r"(?<!\w)[وف]?(?:عن|نيابه عن|ممثلا عن|من جانب|من طرف|عن جانب|عن طرف) (?:\w+ )?[«\"]?$")
_FOR_REACH = 24


def _signed_for(spot: Spot) -> list[Name]:
    """وقع الاتفاقية عن A فلان، فيما وقعها عن B فلان: on whose behalf people sign; none of fewer than two."""
    if _SIGNED_BY.match(spot.text(spot.part.start, spot.part.start + _OPENING)) is None:
        return []
    named = [p for p in (*spot.part.parties, *spot.later) if p.names and p.start > spot.cue.end]
    sides = mentions([p for p in named if _FOR.search(spot.text(max(p.start - _FOR_REACH, spot.cue.end), p.start))])
    return sides if len(sides) > 1 else []


def _signatories(spot: Spot) -> list[Name]:
    """وقع الاتفاقية كل من فلان، الرئيس التنفيذي لشركة A وفلان، مدير B: for whom the people sign; none of fewer than two."""
    begun = spot.text(spot.part.start, spot.part.start + _OPENING)
    if _RENEWAL.search(begun):
        return []  # of what, the text before says
    if _SIGNED_BY.match(begun) is None or _BY_SIGNING.match(begun):
        return _signing_officers(spot)
    by_each = _EACH_SIGNED.search(spot.clean.text, spot.cue.end, spot.sentence.end)
    attended = _ATTENDED.search(spot.clean.text, by_each.end() if by_each else spot.cue.end, spot.sentence.end)
    end = attended.start() if attended is not None else spot.sentence.end
    begins = by_each.end() if by_each else spot.cue.end
    named = [p for p in (*spot.part.parties, *spot.later) if p.names and begins <= p.start < end and not p.share]
    offices = [
        p
        for p in named
        if p.kind == "speaker"
        or p.case in {"to", "in", *_ON_BEHALF}
        or (by_each and _OFFICER_OF.search(spot.text(spot.cue.end, p.start)))
    ]
    people = mentions(offices)
    partner = next((p for p in named if p.case == "with"), None)
    if len(people) == 1 and partner is not None and _OFFICER_OF.search(spot.text(spot.cue.end, offices[0].start)):
        return mentions([offices[0], partner])  # وقع الاتفاقية فلان، مدير عام A، مع شركة B
    told = any(p.kind == "speaker" for p in named) or len(mentions([p for p in named if p.case in _ON_BEHALF])) > 1
    return people if len(people) > 1 and told else []


_OFFICER_OF = re.compile(
    r"(?<!\w)(?:ال)?(?:رييس|مدير|نايب|قايد|وكيل|امين)(?: [^ ,.;]+){0,5} (?:ب|ل|في )?(?:شركه |مجموعه |بنك )?[«\"]?$"
)
_EACH_SIGNED = re.compile(r"(?<!\w)كل من (?=\w)")
_ON_BEHALF = frozenset({"about", "by"})
"""عن A فلان وعن B فلان, من جانب A فلان"""


def _signing_officers(spot: Spot) -> list[Name]:
    """وقع فلان، المدير العام لـA مذكرة مع فلان، رئيس B: two officers, of whom one is told after مع; or قام فلان، رئيس A، وفلان،
    رئيس B، بالتوقيع.
    """
    told = spot.text(spot.sentence.start, spot.sentence.end).lstrip()
    everybody = [p for p in (*spot.earlier, *spot.part.parties, *spot.later) if p.names]
    offices = [p for p in everybody if p.kind == "speaker"]
    if _MEN_DID.match(told) and _BY_SIGNING.match(spot.text(spot.cue.start, spot.part.end)):
        people = mentions([p for p in offices if p.end <= spot.cue.start])
        return people if len(people) > 1 else []
    if _MAN_SIGNS.match(told) is None:
        return []
    several = mentions([p for p in offices if p.end <= spot.cue.start])
    if len(several) > 1:
        return several
    together = _WITH.search(spot.clean.text, spot.cue.end, spot.sentence.end)
    before = [p for p in offices if together is not None and p.end <= together.start()]
    after = [p for p in everybody if together is not None and p.start >= together.end() and (p in offices or p.case == "with")]
    return mentions([before[0], after[0]]) if before and after else []


_MEN_DID = re.compile(r"[وف]?(?:قد )?قام ")
_BY_SIGNING = re.compile(r"بالتوقيع علي (?:ال)?(?:اتفاق|مذكر|عقد|عقود)")


_RENEWAL = re.compile(r"(?<!\w)(?:اتفاقيه|عقد|مذكره) (?:ال)?تجديد(?!\w)")
_MAN_SIGNS = re.compile(r"(?:[وف]?(?:قد )?)?وقع (?!علي|عقد|اتفاق|مذكر|الاتفاق|المذكر|العقد)\w+ ")
_OPENING = 60
"""Characters of a part in which it says that something was signed"""
_PRESS = re.compile(r"(?<!\w)(?:ال)?موتمرا? (?:ال)?(?:صحفي|صحافي)ا? (?:الذي |التي )?\w*عقد")
"""المؤتمر الصحفي الذي عقدته: nothing is signed by holding it"""
_WITH = re.compile(r"(?<!\w)مع(?!\w)")


def _sides(spot: Spot) -> tuple[Group, Group] | None:
    between = next((p for p in spot.part.parties if p.case == "between" and len(p.names) > 1), None)
    apart = _parted(spot) if between is None else None
    if apart is not None:
        return apart
    subject = subject_of(spot) or _who_signed_it(spot)
    joined = between or (subject if subject is not None and len(subject.names) > 1 else None)
    partner = next((p for p in spot.after if p.case == "with" and p.names), None) or _between_it_and(spot) or _served(spot)
    if joined is not None and joined is not between and spot.cue.start - joined.end > _FAR_LIST:
        joined = None
    if partner is None and joined is not None and (joined is between or not _WITH.search(spot.text(spot.cue.end, spot.part.end))):
        one, *rest = joined.names
        return Group((one,), "", one.start, one.end), Group(tuple(rest), "with", rest[0].start, rest[-1].end)
    partner = partner or next((p for p in spot.before if p.case == "with" and p.names), None)
    if partner is None and between is None and not _WITH.search(spot.text(spot.sentence.start, spot.part.end)):
        described = _both_described(spot)
        if described is not None:
            return described
    if partner is None or subject is None or subject.shares(partner):
        return None
    return None if _was_partner(spot, subject) else (subject, partner)


def _served(spot: Spot) -> Party | None:
    """توقيع اتفاقية لتقديم خدمة لـB, لتزويد B بـ: for whom it is signed to do something."""
    if _LEASE.search(spot.text(spot.cue.start, spot.part.end)):
        return next((p for p in spot.after if p.case == "to" and p.names and not p.share and p.kind != "owned"), None)
    if _TO_SERVE.match(spot.text(spot.cue.start, spot.part.end)) is None:
        return None
    own = _TO_SUPPLY.search(spot.text(spot.cue.end, spot.part.end))
    first = next((p for p in spot.after if p.names), None)
    if own is not None and first is not None and first.start - spot.cue.end - own.end() < _NEXT and not first.share:
        return first
    return next((p for p in spot.after if p.case == "to" and p.names and not p.share and p.kind != "owned"), None)


_LEASE = re.compile(r"(?<!\w)(?:اتفاقيه|عقدا?|عقود) (?:لل?)?(?:تاجير|ايجار)(?!\w)")
"""عقد تأجير مستودعات لشركة Y: Y rents"""
_TO_SERVE = re.compile(
    r"[وفبل]*(?:ال)?(?:توقيع|ابرام|وقعت?|ابرمت?)(?:ها|ه)? (?:علي )?(?:اتفاقيه|اتفاقا?|عقدا?|صفقه|مذكره)(?: \w+){0,3} "
    r"ل(?:تقديم|تزويد|توفير|توريد|تنفيذ|تركيب|تصميم|بناء|نشر|اداره)(?!\w)"
)
_TO_SUPPLY = re.compile(r"(?<!\w)لتزويد(?= )")


def _who_signed_it(spot: Spot) -> Group | None:
    """المذكرة التي وقعتها مع B: who the text speaks of."""
    resumed = spot.part.opener == "relative" and _SIGNED_IT.match(spot.text(spot.cue.start, spot.cue.end)) is not None
    return spot.state.topic if resumed else None


_SIGNED_IT = re.compile(r"(?:وقع|ابرم|عقد)(?:ت|نا)?(?:ها|ه)$")
_FAR_LIST = 60
"""Characters from a list of names to the signing, from which on they need not be those who sign"""
_PASSIVE = re.compile(r"(?<!\w)[وف]?(?:تم|جري|يتم|سيتم|تمت)(?!\w)")


def _both_described(spot: Spot) -> tuple[Group, Group] | None:
    """أعلنت A المتخصصة في …، وشركة B المتخصصة في …، عن توقيع اتفاقية: descriptions stand between the two."""
    one = next((p for p in spot.earlier if p.verb and p.subject), None)
    other = next(
        (p for p in spot.earlier if p.opening and p.subject and _AND_ANOTHER.search(spot.text(spot.sentence.start, p.start))),
        None,
    )
    return (one, other) if one is not None and other is not None and not one.shares(other) else None


_AND_ANOTHER = re.compile(r", ?و ?(?:شركه |مجموعه |بنك )?[«\"]?$")


def _was_partner(spot: Spot, subject: Group) -> bool:
    """تم توقيع اتفاقية مع A، وتم توقيع أخرى مع B: A and B sign nothing together."""
    passive = subject is spot.state.topic and _PASSIVE.search(spot.text(spot.part.start, spot.cue.end))
    return bool(passive) and any(p.case == "with" and p.shares(subject) for p in spot.earlier)


def _kind_of(spot: Spot) -> str:
    """The type of what is signed, by the words after the signing: a loan, a license, a purchase, else a partnership."""
    text = spot.text(spot.cue.start, spot.part.end)
    if _COOPERATES.match(text) or _SPONSORS.search(text):
        return "partnership"
    found = {
        kind
        for word, kind in object_words("ar")
        if word in text and re.search(rf"(?<!\w)[وف]?(?:[بلك]?(?:ال)?|لل)?{re.escape(word)}(?!\w)", text)
    }
    if "license" in found and _CONCESSION.search(text):
        found.discard("license")
    if "loan" in found and not _LENDING.search(spot.scope):
        found.discard("loan")
    if _AS_PARTNERS.search(spot.scope):
        return "partnership"
    if "loan" in found or "license" in found:
        return "loan" if "loan" in found else "license"
    hired = _HIRED.match(spot.text(spot.cue.start, spot.cue.end)) is not None
    priced = any(c.amounts for c in nearby(spot))
    ordered = hired and pattern_of("goods").search(text) is not None
    if "purchase" in found or ordered or _LEASE.search(text) or (pattern_of("services").search(text) and (hired or priced)):
        return "purchase"
    vendor = any(_provides(p) for p in spot.after if p.case == "with")
    if _BECOMES_SUPPLIER.search(text) or (vendor and _NETWORK.search(text)):
        return "purchase"
    if (
        vendor
        and pattern_of("services").search(spot.text(spot.cue.start, spot.sentence.end))
        and _COST.search(spot.clean.text, spot.cue.end, spot.sentence.end)
    ):
        return "purchase"
    return "partnership"


_COOPERATES = re.compile(r"[وف]?س?[تي]تعاون")
"""ستتعاون A مع B على تسويق المنتجات: whatever they do together"""
_BECOMES_SUPPLIER = re.compile(r"(?<!\w)ل[تي]صبح (?:احد |احدي |من )?(?:ال)?(?:موفري?|مزودي?|موردي?|مزوده|موردة?)(?!\w)")
"""أبرمت X اتفاقا مع Y لتصبح أحد مزودي …: X supplies"""
_NETWORK = re.compile(r"(?<!\w)(?:ل|ب)?(?:ال)?(?:تحديث|توسعه|توسيع|نشر|بناء) (?:ال)?(?:شبكه|شبكات|شبكتها|شبكته)(?!\w)")
_SPONSORS = re.compile(r"(?<!\w)(?:عقدا?|اتفاقيه|عقود|اتفاق) (?:ل?رعايه|الرعايه)(?!\w)")
"""عقد رعاية مع نادي: who is sponsored sells nothing"""
_AS_PARTNERS = re.compile(r"(?<!\w)(?:ال)?(?:شراكه|تفاهم|تعاون|تحالفا?|توزيع|موزع|شركه مشتركه|مشروع مشترك)(?!\w)")
_COST = re.compile(r"(?<!\w)(?:بتكلفه|بكلفه|بقيمه|قيمته|قيمتها)(?: \w+){0,2} (?=\d)")
_DOES = re.compile(r"(?<!\w)س?[تي](?:قوم|تولي|نفذ|ورد|وفر|زود) (?:بموجبه |بموجبها )?")
"""تقوم X بموجبه بتوسيع: X does what is signed for"""
_CARRIES_OUT = re.compile(r"(?<!\w)ب?(?:تنفيذ|انشاء|بناء|توريد|تزويد|تركيب) .*(?<!\w)بموجب ")
"""تقوم X بتنفيذ … بموجب عقد مع Y"""
_FOR_PARTNER = re.compile(r"(?<!\w)(?:ل|بموجب(?:ه|ها) )(?:امداد|تزويد|مد)(?:ها|ه|هم) ب")
"""وقعت X عقدا مع Y لإمدادها بقطارات: Y is supplied"""
_NEXT = 12
_MANAGED = re.compile(r"(?<!\w)(?:عقدا?|اتفاقيه) (?:ل)?اداره (?:مع|بين)(?!\w)")
"""عقد إدارة مع X: X manages what the other owns"""


def _parted(spot: Spot) -> tuple[Group, Group] | None:
    """بين شركة A، المزود …، وشركة B: an apposition stands between the two."""
    one = next((p for p in spot.part.parties if p.case == "between" and p.names), None)
    if one is None or one is _between_it_and(spot):
        return None
    rest = (p for p in (*spot.after, *spot.later) if p.start > one.end and p.opening and p.names)
    other = next((p for p in rest if not p.shares(one)), None)
    return (one, other) if other is not None else None


_LENDING = re.compile(
    r"(?<!\w)[وفبل]*(?:ال|لل)?(?:قرض|قرضا|قروض|تسهيل|تسهيلا|تسهيلات|مرابحه|ايجاره|اجاره)(?!\w)"
    r"|(?<!\w)(?!ل)[وفب]?(?:ال)?تمويلا?(?!\w)|(?<!\w)خطي? ايتماني?(?!\w)"
)
"""اتفاقية لتمويل مقاعد دراسية pays for something and lends nothing"""
_CONCESSION = re.compile(r"(?<!\w)(?:ال)?(?:قطاع|منطقه|حقل|مناطق|قطاعات) (?:ال)?امتياز")
"""Where oil is looked for: no license between companies"""


_CONTRACTOR = re.compile(r"(?<!\w)(?:لل|ال|ل)?(?:مقاولات|مقاولون|مقاولين|انشاءات|تشييد|حفر|توريدات)(?!\w)")
_HAS_BUILT = re.compile(r"(?<!\w)(?:لبناء|لتصنيع|لصنع) (?:\w+ )?(?:منص|سفين|سفن|ناقل|حفار|طاير|قطار|عربات)")
"""وقعت X للحفر عقدا مع Y لبناء منصتين: X has them built"""
"""شركة س للمقاولات: who does the work of a contract"""
_CHOOSES_UNDER_IT = re.compile(r"(?<!\w)(?:اختارت?|[تي]ختار|س?[تي]ستخدم|س?[تي]شتري|س?[تي]حصل) بموجب(?:ه|ها)(?!\w)")
"""أبرمت X عقدا مع Y اختارت بموجبه حلول …: X buys"""
_HIRED = re.compile(r"[وف]?(?:ال)?تعاقدت?(?:ها|ه)?$")
"""تعاقدت X مع Y: X hires Y"""


def _supplies(spot: Spot, one: Group, other: Group) -> bool:
    """Whether the subject of the signing supplies: known to, signing with a public body, or signed on for a service."""
    if POWER_BOUGHT.search(spot.text(spot.part.start, spot.part.end)):
        return not any(_UTILITY.search(fold(n.value.text)) for n in one.names)
    if _BECOMES_SUPPLIER.search(spot.text(spot.part.start, spot.part.end)):
        return True
    if _CHOOSES_UNDER_IT.search(spot.text(spot.cue.end, spot.sentence.end)):
        return False
    if _HAS_BUILT.search(spot.text(spot.cue.end, spot.until)):
        return False
    builds = [any(_CONTRACTOR.search(fold(n.value.text)) for n in side.names) for side in (one, other)]
    if builds[0] != builds[1]:
        return builds[0]
    doer = _DOES.search(spot.clean.text, spot.cue.end, spot.sentence.end)
    if doer is not None:
        named = next((p for p in (*spot.after, *spot.later) if 0 <= p.start - doer.end() < _NEXT and p.names), None)
        if named is not None and (named.shares(one) or named.shares(other)):
            return named.shares(one)
    if _CARRIES_OUT.search(spot.text(spot.part.start, spot.cue.start)) or _FOR_PARTNER.search(spot.rest):
        return True
    if _provides(other):
        return False
    if _HIRED.match(spot.text(spot.cue.start, spot.cue.end)):
        return _provides(one)
    if _provides(one) or any(n.value.kind == "government" for n in other.names):
        return True
    if (
        any(n.value.kind == "government" for n in one.names)
        or _MANAGED.search(spot.scope)
        or re.search(r"(?<!\w)[لبت]?(?:شراء|تشتري|استخدام|استيجار)", spot.scope)
    ):
        return False
    return bool(pattern_of("services").search(spot.text(spot.cue.start, spot.until))) and not _OWN_NETWORK.search(spot.scope)


_UTILITY = re.compile(r"(?<!\w)(?:ال|لل|ل)?(?:كهرباء|لنقل|نقل|شبكه|شبكات|مياه|شراء|توزيع|هييه|وزاره|حكومه)(?!\w)")


def _provides(side: Group) -> bool:
    """Whether one of a side, or the house that it is of, is known to sell what others buy."""
    rows = [lookup_entity(n.value.parent) for n in side.names if n.value.parent]
    ids = {n.value.entity_id for n in side.names} | {row.id for row in rows if row is not None}
    return not providers().isdisjoint(ids)


_OWN_NETWORK = re.compile(r"(?<!\w)[وبل]?(?:شبكت|شبكات|انظمت|مراكز|بنيت|محطات|اساطيل|اسطول)(?:ها|ه)(?!\w)")
"""لتوسيع شبكتها: who signs for its own network is served"""


def _lends(spot: Spot, one: Group) -> bool:
    """Whether the sides of a loan, whose first role lends, stand the other way round: the first is no bank and does not lend."""
    bank = any("بنك" in n.value.text or "مصرف" in n.value.text for n in one.names)
    return not (bank or pattern_of("lending").search(spot.text(spot.part.start, spot.part.end)))
