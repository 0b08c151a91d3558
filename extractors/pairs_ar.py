"""Two participants of whom the first is described before the second is named (folded Arabic text)."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.normalize import fold
from extractors.parts_ar import Token

_BOTH = ("شركتا ", "شركتي ", "مجموعتا ", "مجموعتي ", "بنكا ", "مصرفا ", "موسستا ", "موسستي ")
"""A head that says that two follow"""
_DESCRIPTION = 14
"""Words of what the first does"""
_STOPS = frozenset({"verbs", "that", "relative", "conjunctions", "speakers"})


def one_of_two(tokens: Sequence[Token], first: int, at: int) -> bool:
    """كل من A المتخصصة في … وشركة B, شركتا A العاملة في … وB: whether the second of two that are announced stands at `at`."""
    if not 1 < at - first <= _DESCRIPTION or not _announced(tokens, first):
        return False
    between = list(tokens[first + 1 : at])
    if any(t.name is not None or t.text == "," or (t.word is not None and t.word.sort in _STOPS) for t in between):
        return False
    while between and between[-1].word is not None and between[-1].word.sort == "heads" and not between[-1].word.linked:
        between.pop()
    last = between[-1] if between else None
    return last is not None and (last.text == "و" or (last.word is not None and last.word.linked and last.word.sort == "heads"))


def _announced(tokens: Sequence[Token], at: int) -> bool:
    """Whether two are said to follow: a dual head in the name, كل من before it."""
    name = tokens[at].name
    before = [t.text for t in tokens[max(at - 3, 0) : at] if t.name is None]
    return (name is not None and _folded_start(name.value.text)) or ("كل" in before or "وكل" in before or "كلا" in before)


def _folded_start(text: str) -> bool:
    return fold(text).startswith(_BOTH)
