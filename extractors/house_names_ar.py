"""Names of units that a text gives only with the house that they are of, in folded Arabic text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.known_names import Found
from extractors.words_ar import word_of

_LETTERS = "\u0620-\u064a\u066e-\u06d3"


def units_of_houses(text: str, breaks: frozenset[str]) -> Iterator[Found]:
    """Units in brackets, and those that are said to be of a house; `breaks` are words that no name has in it."""
    yield from _bracketed_units(text, breaks)
    yield from _said_of_houses(text, breaks)


def _bracketed_units(text: str, breaks: frozenset[str]) -> Iterator[Found]:
    """الشركة التابعة (لوناريس للتجارة), ذراعها الاستثمارية (لوناريس): a unit whose name stands in brackets."""
    for match in _BRACKETED_UNIT.finditer(text):
        if not _ABBREVIATED.search(match[1]) and not any(word in breaks for word in match[1].split()):
            yield Found(*match.span(1))


_BRACKETED_UNIT = re.compile(
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


_OF_HOUSE = re.compile(
    rf"(?<![{_LETTERS}])(?:بين|مع|من قبل|[وف]?(?:اعلنت|وقعت|قالت|ابرمت|كشفت|اختارت|حصلت)) "
    rf"(?!ال|شرك|مجموع|بنك)([{_LETTERS}]+(?: [{_LETTERS}]+){{0,2}}?),? اح(?:دي|د) (?:ال)?(?:شركات|فروع)(?![{_LETTERS}])"
)
