"""Frames of what is handed over in Arabic: who gives up a company or a share, and to whom it passes (folded text)."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.equity_ar import is_advice, is_trading
from extractors.spots_ar import Drafts, Spot, shares_moved, subject_of
from extractors.words_ar import pattern_of


def handed(spot: Spot) -> Drafts:
    """تنازلت X عن Y لصالح Z, تخلصت X من حصتها في Y, انتقلت ملكية Y إلى Z, بيعت Y إلى Z."""
    if is_advice(spot) or is_trading(spot):
        return
    if _PASSES.match(spot.text(spot.cue.start, spot.cue.end)):
        yield _passed_on(spot)
        return
    led = _GIVES_UP.match(spot.text(spot.cue.end, spot.part.end))
    if led is None:
        return
    named = [p for p in spot.after if p.names and not p.anaphor]
    buyer = next((p for p in named if p.case == "to" and not p.share), None)
    given = next((p for p in named if p is not buyer and (p.share or p.case in {"about", "source"})), None)
    seller = subject_of(spot)
    if given is None or seller is None or seller.shares(given) or (buyer is not None and buyer.shares(given)):
        return
    whole = _SHARE.search(spot.text(spot.cue.end, given.start)) is None
    yield shares_moved(spot, given, buyer=buyer, seller=seller, control=whole)


def _passed_on(spot: Spot) -> Draft | None:
    """آلت ملكية Y إلى Z, بيعت Y إلى Z: Z has it."""
    what = next((p for p in spot.after if p.names and p.case in {"", "of"}), None)
    to = next((p for p in spot.after if p.names and p.case in {"to", "of"} and what is not None and p.start > what.end), None)
    if (
        what is None
        or to is None
        or to.shares(what)
        or what.share
        or pattern_of("goods").search(spot.words(spot.cue.end, what.start))
    ):
        return None
    if len(spot.words(spot.cue.end, what.start).split()) > _NEAR or any(n.value.kind != "company" for n in what.names):
        return None
    return spot.draft("acquisition", {"acquirer": to.mentions(), "target": what.mentions()})


_NEAR = 2
"""Words between what tells of ownership and what is owned: ملكية كامل شركة Y"""
_PASSES = re.compile(r"[وف]?(?:الت|انتقلت|انتقال|نقل|ستنتقل|تنتقل|ستوول|توول|بيعت)")
_GIVES_UP = re.compile(r"(?: [^ ,.;]+){0,9}? (?:عن|من)(?!\w)")
_SHARE = re.compile(r"(?<!\w)(?:حصت(?:ها|ه)|حصص(?:ها|ه)|حصه|حصص|اسهم(?:ها|ه)?|ملكيت(?:ها|ه)|استثمار(?:ها|ه))(?!\w)")
