"""Property and businesses bought and sold in Arabic that have no name of a company: a tower, land, a portfolio of loans."""

from __future__ import annotations

import functools
import re

from extractors.alternation import alternation
from extractors.parts_ar import Party
from extractors.reading import At
from extractors.spots_ar import Spot
from extractors.words_ar import folded
from models.mention import Name

NEAR_OBJECT = 4
"""Words between the cue and the noun of what is bought: على حصة مسيطرة في أصول …"""


def asset_of(spot: Spot, found: Party | None) -> At[Name] | None:
    """Property or a business bought that has no name of a company: أصول الاتصالات, محفظة القروض, مبنى جنرال موتورز."""
    end = spot.part.end if found is None else found.start
    noun = _asset_nouns().search(spot.clean.text, spot.cue.end, end)
    if noun is None or spot.cue.type != "acquisition" or (found is not None and found.share and noun["noun"] != "اصول"):
        return None
    if len(spot.words(spot.cue.end, noun.start("noun")).split()) > NEAR_OBJECT:
        return None
    end = noun.end()
    for token in spot.part.tokens:
        if token.start < noun.end():
            end = max(end, token.end) if token.name is not None and token.start <= noun.start("noun") < token.end else end
            continue
        word = token.word
        if end == noun.end() and token.text.startswith("لل") and not noun["noun"].startswith("ال"):
            break  # حقل للغاز: of what kind it is
        if token.name is None and (word is None or word.linked or not (word.value == "definite" or token.text in _OF_ASSETS)):
            break
        end = token.end
        if token.name is not None:
            break
    if end == noun.end() and not (noun["noun"] in _ALONE and is_priced(spot)):
        return None
    first, last = spot.clean.raw_span(noun.start("noun"), end)
    text = spot.clean.raw[first:last]
    owner = found.names[0].value.canonical if found is not None and found.names and found.case != "to" else None
    return At(noun.start("noun"), end, Name(first, last, text, text, None, "company", parent=owner))


def is_priced(spot: Spot) -> bool:
    """Whether the predicate tells a price."""
    clauses = (spot.clause, *spot.following)
    return any(a.value.kind in {"deal", "unknown"} and spot.cue.end <= a.start < spot.until for c in clauses for a in c.amounts)


_ALONE = frozenset({"قطعه ارض", "ارض", "مبني", "عقار", "برج", "فندق", "قطعتي ارض", "محطه"})
"""Sold for a price without a name: بيع قطعة أرض مقابل 50 مليونا"""
_OF_ASSETS = frozenset({"مدرسه", "القروض", "الاراضي"})


@functools.cache
def _asset_nouns() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?P<noun>{alternation(folded('assets'))})(?!\w)")
