"""What an Arabic text says of a deal only to say that there is none (folded text)."""

from __future__ import annotations

import re

from extractors.gated import Gated
from extractors.spots_ar import Spot


def is_not_meant(spot: Spot) -> bool:
    """Whether the deal of a cue is one that nobody plans, or of which a report is denied: no deal is told then."""
    if _NOT_PLANNED.search(spot.text(spot.part.start, spot.cue.start)):
        return True
    if spot.cue.type == "offering" and _is_rated(spot):
        return True
    return is_denied(spot, spot.cue.start, spot.cue.end)


def _is_rated(spot: Spot) -> bool:
    """منحت وكالة تصنيف A لصكوك X, صنفت سندات X: whether an agency tells what the securities are worth to it; it issues none."""
    led, rest = spot.text(spot.part.start, spot.cue.start), spot.text(spot.cue.end, spot.part.end)
    rated = _last(_RATING, led) or (_RATING.search(rest) and _last(_GIVES_RATING, led))
    return rated is not None and not _ISSUED.search(spot.text(spot.part.start, spot.cue.end), rated.end())


_RATING = Gated(r"(?<!\w)[وفبل]?(?:ال)?(?:صنفت|صنفتها|تصنيفا?|تصنيف(?:ها|ه))(?!\w)")
_GIVES_RATING = Gated(r"(?<!\w)[وف]?(?:تمنح|منحت|اعطت)(?!\w)")
_ISSUED = re.compile(r"(?<!\w)[وف]?س?[تي]?(?:اصدرت?|صدر|طرحت?|ادرجت?|اتمت?|سعرت?|جمعت?|باعت?)(?!\w)")


def is_denied(spot: Spot, start: int, end: int) -> bool:
    """Whether what is told from `start` to `end` is denied: نفت X صحة ما تردد عن …, ما تردد عن … لا أساس له من الصحة."""
    led = spot.text(spot.sentence.start, start)
    denied = _last(_DENIES, led)
    if denied is not None and not _GOES_ON.search(led, denied.end()):
        return True
    after = spot.text(end, spot.sentence.end)
    if _is_denied_next(spot):
        return True
    report = _last(_REPORT, led)
    if report is None or _GOES_ON.search(_ASIDE.sub(" ", led[report.end() :])):
        return False
    if _DID_NOT.search(after) is not None:
        return True
    baseless = _BASELESS.search(after)
    return baseless is not None and not _GOES_ON.search(after, 0, baseless.start())


def _is_denied_next(spot: Spot) -> bool:
    """ذكرت صحيفة أن X ستشتري Y. ونفت X ذلك: whether the sentence after the one that tells the deal denies it."""
    end = spot.sentence.end
    following = spot.text(end, end + _NEXT_SENTENCE)
    if not any(word in following for word in ("نف", "لا صحه", "لا اساس")):
        return False
    denied = _DENIES_THAT.match(following)
    return denied is not None and _IS_SAID.search(spot.text(spot.sentence.start, end)) is not None


def _last(pattern: Gated, text: str) -> re.Match[str] | None:
    """The match that stands last."""
    return next(reversed(list(pattern.finditer(text))), None)


_NEXT_SENTENCE = 160
"""Characters of the next sentence in which it denies what was told"""
_DENIES_THAT = re.compile(
    r"[\s.»\"]*(?:[^ .;]+ ){0,3}?[وف]?(?:[يت]?نفت?|[يت]?نفي)(?: [^ .;]+){0,9}? "
    r"(?:ذلك|هذا|هذه|تلك|الخبر|الانباء|الاخبار|الشايعات|التقرير|التقارير|صحته|صحتها|(?:تماما|جمله وتفصيلا) (?:ما|ان))(?!\w)"
    r"|[\s.»\"]*[وف]?(?:لا صحه|لا اساس) "
)
"""ونفى متحدث باسم الشركة ذلك"""
_IS_SAID = re.compile(
    r"(?<!\w)[وفبل]?(?:ما (?:يتردد|تردد|نشر|نشرته|اشيع|يشاع|ذكرته)"
    r"|(?:ال)?(?:انباء|اخبار|شايعات|تقارير|تقريرا?|تكهنات|صحيفه|صحف|وكاله|مجله|موقع|مصادر|مصدر))(?!\w)"
)
"""The deal is only reported, not announced"""
_ASIDE = re.compile(r" [وف]?(?:التي|الذي) [^,.;]*,")
"""A relative clause between the report and what it tells: الأخبار التي نشرتها صحف، عن …"""
_DID_NOT = re.compile(
    r"(?<!\w)(?:لم [تي](?:صدر|قم|وقع|عين|كلف|فوض|تخذ) (?:ب\w+ )?(?:اي|ايه)|ليست? (?:لدي(?:ها|ه) |علي )(?:اي )?علم)(?!\w)"
)
"""قال إن البنك لم يصدر أي بيان: the report is not his"""
_NOT_PLANNED = Gated(
    r"(?<!\w)[وف]?(?:(?:لا|لم|لن) [تي](?:نوي|عتزم|خطط|رغب|فكر)|[يت]?ستبعدت?|استبعدت?|[يت]درس (?:دايما|باستمرار)"
    r"|(?:دون|بدون|لم) (?:ان )?\w+ ما اذا)"
    r"(?: [^ ,]+){0,4} ?$"
)
"""لا تنوي حاليا بيع …, دون ذكر ما إذا كانت X ستشتري …: what nobody plans to do, or says"""
_SAID = (
    r"(?:ما (?:يتردد|تردد|نشر|نشرته|اشيع|يشاع|تداولته|تناقلته|اوردته|ذكرته|ورد|تم تداوله)"
    r"|(?:ال)?(?:انباء|اخبار|شايعات|معلومات|تقارير|اشاعات|مزاعم))(?!\w)"
)
_ANY = (
    r"(?:اي|ايه|وجود) (?:نيه|نوايا|خطط|خطه|مفاوضات|محادثات|مباحثات|اتصالات|اتفاق|اتفاقيه|اتفاقات|عرض|عروض|عقد|صفقه"
    r"|مذكره|قرار|توجه)"
)
_DENIES = Gated(
    rf"(?<!\w)[وف]?(?:[يت]?نفت?|[يت]?نفي|نافيا|نافيه|نفيها|نفيه)(?!\w)(?:[^.;]{{0,80}}?(?<!\w)صحه {_SAID}|[^.;,]{{0,60}}?(?<!\w)"
    rf"(?:{_SAID}|{_ANY}|(?:نيت|عزم|اعتزام|سعي)(?:ها|ه)))(?!\w)"
    rf"|(?<!\w)[وفب]?(?:لا صحه (?=ل)|عدم صحه {_SAID})"
    rf"|(?<!\w)(?:لم|لا) [يت](?:تلقي?|وقع|برم|تقدم|وجد|جري?|دخل)(?!\w)[^.;,]{{0,60}}?(?<!\w){_ANY}(?!\w)"
)
_REPORT = Gated(rf"(?<!\w)[وفبل]?{_SAID}")
_BASELESS = Gated(
    r"(?<!\w)(?:(?:لا|اي) اساس (?:له|لها|لهم) من الصحه|(?:لا|ليس) (?:له|لها) (?:اي )?اساس|عاري?ه? (?:تماما )?(?:عن|من) الصحه"
    r"|(?:غير|ليس|ليست) صحيحه?)(?!\w)"
)
_GOES_ON = re.compile(
    r",|(?<!\w)(?:(?:لكن|لكنها|لكنه|غير ان|الا ان|بل|قبل ان|ثم|بينما|فيما)"
    r"|[وفبل]?(?:ال)?(?:تاجيل|الغاء|تعثر|فشل|انسحاب|انهيار|تاثير|تاثر|خلاف|خلافات|تعليق|تاخير))(?!\w)"
)
"""What follows is told of its own, or what is denied is not the deal: نفت ما تردد عن تأجيل …"""
