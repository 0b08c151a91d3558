"""Who bought and what, where the clause of a deal leaves it to its first words or to the next clause (folded Chinese text)."""

from __future__ import annotations

import re

from extractors.frames import Place, last_of
from extractors.parties_zh import groups, implicit, name_at
from extractors.reading import Clause
from extractors.syntax_zh import common_words
from models.mention import Name

_WHEN = re.compile("[^,]{0,8}?(?:之?[前后]|以来|时)")
_TAKEN_BY = re.compile("(?![从如而在当有据若])([\u3400-\u9fff]{3,8}?)(?:已|曾|将|即将|近日|日前|正式)?被[\u3400-\u9fff]{0,8}")
_COMES_ABOUT = re.compile("\\s*(?:再度|再次|已|刚|连续|连|又|近日|新|成功)*(?:完成|获得?|拿下|拿到|斩获|官宣|宣布)")
_QUOTES = '「“" 『'
_ANY = re.compile("(?:[一二三四五六七八九十两几多\\d]+家|的|其|该|上市|标的|目标|公司|企业|[和及])*")
"""What names no company: 三家公司"""


def told_after(place: Place, patient: list[Name]) -> list[Name] | None:
    """收购 B 之前,A 的主营业务…: who bought opens the clause after the one that says when."""
    if place.left or place.cue.cue.needs or not place.following or not place.right:
        return None
    if _WHEN.fullmatch(place.clause.text, place.right[-1].end - place.clause.start) is None:
        return None
    if not implicit(place.clause, place.cue.start):
        return None
    opener = _opener(place.following[0])
    return opener if opener and opener[0] not in patient else None


def told_next(place: Place) -> list[Name]:
    """完成近亿元A轮融资,「T」…; 获 S 投资,T:…: a headline tells of whom it speaks after what has come about."""
    before = place.clause.between(place.clause.start, place.cue.start)
    if place.state.topic is not None or not place.following or not _COMES_ABOUT.match(before):
        return []
    return _opener(place.following[0])


def _opener(clause: Clause) -> list[Name]:
    """The one company that opens a clause, in quotation marks or not."""
    first = next(iter(groups(clause)), None)
    if first is None or first.case or len(first.names) > 1 or clause.between(clause.start, first.start).strip(_QUOTES):
        return []
    return first.mentions() if first.names[0].value.kind in {"company", "unit"} else []


def leading_words(place: Place) -> list[Name] | None:
    """摩山保理被 A 以…收购: what is bought leads the clause, whether or not it is known to be a name."""
    by = last_of(place.left, "by")
    led = _TAKEN_BY.fullmatch(place.clause.between(place.clause.start, by.start)) if by is not None else None
    if led is None or _ANY.fullmatch(led[1]) or led[1] in common_words():
        return None
    return [name_at(place, place.clause.start, place.clause.start + len(led[1]), "company")]
