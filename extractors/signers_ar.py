"""Those who signed what an Arabic text has told before: وقام بتوقيعها فلان، الرئيس التنفيذي لـA، وفلان، مدير B (folded text)."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.parties_ar import mentions
from extractors.spots_ar import Spot

_SIGNED_IT = re.compile(r"[وف]?(?:قام|قامت|تولي)(?: \w+)? بتوقيع(?:ها|ه)(?!\w)|[وف]?وقع(?:ها|ه) (?=كل من|من جانب|عن)")
_ATTENDED = re.compile(r"(?<!\w)(?:بحضور|في حضور|وحضر|وسط حضور|علي هامش)(?!\w)")


def signers_of_it(spot: Spot) -> Draft | None:
    """The two and more for whom officers have signed it; None where the part says something else."""
    if _SIGNED_IT.match(spot.text(spot.part.start, spot.part.end)) is None:
        return None
    attended = _ATTENDED.search(spot.clean.text, spot.part.start, spot.sentence.end)
    end = attended.start() if attended is not None else spot.sentence.end
    offices = [p for p in (*spot.part.parties, *spot.later) if p.names and p.kind == "speaker" and p.start < end and not p.share]
    sides = mentions(offices)
    return spot.draft("partnership", {"party": sides}, generic=True) if len(sides) > 1 else None
