"""What an Arabic text says of a deal only to say that there is none (folded text)."""

from __future__ import annotations

import re

from extractors.spots_ar import Spot


def is_not_meant(spot: Spot) -> bool:
    """Whether the deal of a cue is one that nobody plans, or of which a report is denied: no deal is told then."""
    if _NOT_PLANNED.search(spot.text(spot.part.start, spot.cue.start)):
        return True
    return is_denied(spot, spot.cue.start, spot.cue.end)


def is_denied(spot: Spot, start: int, end: int) -> bool:
    """Whether what is told from `start` to `end` is denied: نفت X صحة ما تردد عن …, ما تردد عن … لا أساس له من الصحة."""
    led = spot.text(spot.sentence.start, start)
    denied = _last(_DENIES, led)
    if denied is not None and not _GOES_ON.search(led, denied.end()):
        return True
    report = _last(_REPORT, led)
    if report is None or _GOES_ON.search(led, report.end()):
        return False
    after = spot.text(end, spot.sentence.end)
    baseless = _BASELESS.search(after)
    return baseless is not None and not _GOES_ON.search(after, 0, baseless.start())


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The match that stands last."""
    return next(reversed(list(pattern.finditer(text))), None)


_NOT_PLANNED = re.compile(r"(?<!\w)[وف]?(?:(?:لا|لم|لن) [تي](?:نوي|عتزم|خطط|رغب|فكر)|[يت]?ستبعدت?|استبعدت?)(?: [^ ,]+){0,4} ?$")
"""لا تنوي حاليا بيع …, استبعدت X شراء …: what nobody plans to do"""
_SAID = (
    r"(?:ما (?:يتردد|تردد|نشر|نشرته|اشيع|يشاع|تداولته|تناقلته|اوردته|ذكرته|ورد|تم تداوله)"
    r"|(?:ال)?(?:انباء|اخبار|شايعات|معلومات|تقارير|اشاعات|مزاعم))(?!\w)"
)
_ANY = (
    r"(?:اي|ايه|وجود) (?:نيه|نوايا|خطط|خطه|مفاوضات|محادثات|مباحثات|اتصالات|اتفاق|اتفاقيه|اتفاقات|عرض|عروض|عقد|صفقه"
    r"|مذكره|قرار|توجه)"
)
_DENIES = re.compile(
    rf"(?<!\w)[وف]?(?:[يت]?نفت?|[يت]?نفي|نافيا|نافيه|نفيها|نفيه)(?!\w)(?:[^.;]{{0,80}}?(?<!\w)صحه {_SAID}|[^.;,]{{0,60}}?(?<!\w)"
    rf"(?:{_SAID}|{_ANY}|(?:نيت|عزم|اعتزام|سعي)(?:ها|ه)))(?!\w)"
    rf"|(?<!\w)[وفب]?(?:لا صحه (?=ل)|عدم صحه {_SAID})"
    rf"|(?<!\w)(?:لم|لا) [يت](?:تلقي?|وقع|برم|تقدم|وجد|جري?|دخل)(?!\w)[^.;,]{{0,60}}?(?<!\w){_ANY}(?!\w)"
)
_REPORT = re.compile(rf"(?<!\w)[وفبل]?{_SAID}")
_BASELESS = re.compile(
    r"(?<!\w)(?:(?:لا|اي) اساس (?:له|لها|لهم) من الصحه|(?:لا|ليس) (?:له|لها) (?:اي )?اساس|عاري?ه? (?:تماما )?(?:عن|من) الصحه"
    r"|(?:غير|ليس|ليست) صحيحه?)(?!\w)"
)
_GOES_ON = re.compile(
    r",|(?<!\w)(?:(?:لكن|لكنها|لكنه|غير ان|الا ان|بل|قبل ان|ثم|بينما|فيما)"
    r"|[وفبل]?(?:ال)?(?:تاجيل|الغاء|تعثر|فشل|انسحاب|انهيار|تاثير|تاثر|خلاف|خلافات|تعليق|تاخير))(?!\w)"
)
"""What follows is told of its own, or what is denied is not the deal: نفت ما تردد عن تأجيل …"""
