"""Names told by their setting, in folded Arabic text: units with the house they are of, fields of which shares are held."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.gated import Gated
from extractors.known_names import Found
from extractors.words_ar import word_of

_LETTERS = "\u0620-\u064a\u066e-\u06d3"


def units_of_houses(text: str, breaks: frozenset[str]) -> Iterator[Found]:
    """Units in brackets, and those that are said to be of a house; `breaks` are words that no name has in it."""
    yield from _bracketed_units(text, breaks)
    yield from _said_of_houses(text, breaks)
    yield from _shared_fields(text, breaks)


def _bracketed_units(text: str, breaks: frozenset[str]) -> Iterator[Found]:
    """الشركة التابعة (لوناريس للتجارة), ذراعها الاستثمارية (لوناريس): a unit whose name stands in brackets."""
    for match in _BRACKETED_UNIT.finditer(text):
        if not _ABBREVIATED.search(match[1]) and not any(word in breaks for word in match[1].split()):
            yield Found(*match.span(1))


_BRACKETED_UNIT = Gated(
    rf"(?<![{_LETTERS}])[وبل]?(?:الشركه|شركه|شركات(?:ها|ه)|شركت(?:ها|ه)|ذراع(?:ها|ه)|وحدت(?:ها|ه))"
    r"(?: (?:ال)?(?:تابعه|زميله|شقيقه|فرعيه|استثماريه|تمويليه|عقاريه))+ ?"
    r"\( ?([^\W\d_][^()«»\"“”\n,.;%]{1,39}?) ?\)"
)
_ABBREVIATED = re.compile(r"(?<!\w)[تشم](?!\w)")
"""شركة س (ش م ع): a legal form"""


def _said_of_houses(text: str, breaks: frozenset[str]) -> Iterator[Found]:
    """بين لوناريس إحدى شركات مجموعة الساحل وسيغما: who is said to be of a house."""
    for match in _OF_HOUSE.finditer(text):
        if not any(word in breaks or word_of(word).sort in {"heads", "verbs"} for word in match[1].split()):
            yield Found(*match.span(1))


_OF_HOUSE = Gated(
    rf"(?<![{_LETTERS}])(?:بين|مع|من قبل|[وف]?(?:اعلنت|وقعت|قالت|ابرمت|كشفت|اختارت|حصلت)) "
    rf"(?!ال|شرك|مجموع|بنك)([{_LETTERS}]+(?: [{_LETTERS}]+){{0,2}}?),? اح(?:دي|د) (?:ال)?(?:شركات|فروع)(?![{_LETTERS}])"
)


def _shared_fields(text: str, breaks: frozenset[str]) -> Iterator[Found]:
    """حصة في حقل لوناريس, 22% من منجم لوناريس: what is held as if it were a company."""
    for match in _SHARED_FIELD.finditer(text):
        name = match["name"]
        if name not in breaks and word_of(name).sort == "other" and not name.endswith(_KINDS):
            yield Found(*match.span(1))


_SHARED_FIELD = Gated(
    rf"(?:(?<![{_LETTERS}])(?:حصه|حصت(?:ها|ه)|حصص(?:ها|ه)?|(?:في ال|بال)م(?:اي|ي|ا)ه)|%)(?: [^ ,.]+){{0,4}}? (?:في|من) "
    rf"((?:حقل|منجم|ميناء|مصفاه|محطه)(?: (?:غاز|نفط))? [«\"“]?(?!ال|لل)(?P<name>[{_LETTERS}]{{3,}})[»\"”]?"
    r"(?: (?:النفطي|الغازي|البحري)(?!\w))?)"
)
_KINDS = ("يه", "ي", "ات", "مشترك", "جديد", "جديده")
"""حقل نفطي: of what kind it is, not which"""
