"""Chinese idioms of taking over: 收入囊中, 納入麾下, 併入 (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.frames import Group, Place, last_of, names_of
from extractors.parties_zh import moved
from extractors.syntax_zh import MARKED

_HAVING_TAKEN = re.compile("的(?![方一])")


def take(place: Place) -> Draft | None:
    """A 将 C 收入囊中, C 被 A 纳入麾下: whom the words around the idiom move."""
    thing, by = moved(place), last_of(place.left, "by")
    if not thing and by is None and place.right and _HAVING_TAKEN.match(place.clause.text, place.cue.end - place.clause.start):
        thing = place.right[0].mentions()  # A 收入囊中的 C
    marked = MARKED.search(place.up_to)
    acting = (g for g in place.left if not g.case and marked and g.end <= place.clause.start + marked.start())
    before = next((g for g in place.left if not g.case), None) if place.right and not marked else None
    buyer = by or next(acting, None) or before or (place.state.topic if thing else None)
    if by is not None:
        before = next((g for g in reversed(place.left) if g.end <= by.start and not g.case), None) or place.state.topic
        thing = thing or names_of(before)
    if buyer is None or not thing or thing[0].kind == "asset" or any(name in thing for name in buyer.mentions()):
        return None
    return place.draft("acquisition", {"acquirer": buyer.mentions(), "target": thing})


def absorb(place: Place) -> Draft | None:
    """A 併 B: one name right before the verb, the other right after it."""
    if place.text_after.startswith(("联网", "联电网", "网")):
        return None  # 台电併联电网: joined to the grid
    first = place.clean.raw_span(place.cue.start, place.cue.end)[0]
    before, after = place.left[-1:], place.right[:1]
    if place.clause.between(place.cue.start, place.cue.end).endswith("入"):
        return _absorbed(place, first, before, after)
    if (
        place.clean.raw[first] == "並"
        or not before
        or not after
        or before[0].end != place.cue.start
        or after[0].start != place.cue.end
    ):
        return None
    return place.draft("acquisition", {"acquirer": before[0].mentions(), "target": after[0].mentions()})


def _absorbed(place: Place, first: int, before: list[Group], after: list[Group]) -> Draft | None:
    """B 9月併入 A: the one named after the verb takes over the one before it."""
    if place.clean.raw[first] == "並" or not before or not after or before[0].case or after[0].start != place.cue.end:
        return None
    return place.draft("acquisition", {"acquirer": after[0].mentions(), "target": before[0].mentions()})
