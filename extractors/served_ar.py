"""Who supplies whom under what two have signed, told after the signing (folded Arabic text)."""

from __future__ import annotations

import re

from extractors.frames import Group
from extractors.normalize import fold
from extractors.spots_ar import Spot

_REACH = 260
"""Characters after the sentence of the signing in which it is told who does what"""
_WILL_SUPPLY = re.compile(
    r"(?<!\w)[وف]?س?[تي](?:قوم|تولي) (?P<who>[^.;,]{2,40}?) ب(?:تزويد|توريد|امداد)(?!\w)(?P<whom>[^.;]{0,40})"
    r"|(?<!\w)[وف]?س[تي](?:زود|ورد|مد) (?P<own>[^.;,]{2,40})"
)
_MARKS = str.maketrans("", "", '«»"“”')


def will_supply(spot: Spot, one: Group, other: Group) -> Group | None:
    """وقعت A اتفاقية خدمات مع B، وبموجبها ستقوم B بتزويد A بـ: B; None where it is not said of either, or not to the other."""
    text = spot.text(spot.cue.end, spot.sentence.end + _REACH)
    if not any(word in text for word in ("تزويد", "توريد", "امداد", "زود")):
        return None
    told = _WILL_SUPPLY.search(text)
    if told is None:
        return None
    who = (told["who"] or told["own"]).translate(_MARKS)
    one_does, other_does = _names(who, one), _names(who, other)
    if one_does == other_does:
        return None
    return one if one_does else other


def _names(text: str, side: Group) -> bool:
    """Whether a side is named at the start of `text`, a head noun aside."""
    words = " ".join(text.split()[:5])
    return any(any(_is_told(words, spelled) for spelled in (n.value.text, n.value.canonical)) for n in side.names)


def _is_told(words: str, name: str) -> bool:
    bare = fold(name).translate(_MARKS).split()
    if len(bare) > 1 and bare[0] in {"شركه", "مجموعه", "بنك", "موسسه"}:
        bare = bare[1:]
    return bool(bare) and f" {bare[0]} " in f" {words} "
