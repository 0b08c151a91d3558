"""Chinese leases: who rents a building or a part of one, and for how much in all (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.frames import Place
from extractors.parties_zh import asset_bought, subject_of
from extractors.reading import At, Clause
from extractors.weak_names import has_tail
from models.mention import Amount

_IN_ALL = re.compile("(?:共计?|合计|总计|总额|总租金|租约|总价)[^,\\d]{0,4}$")
_RENT = re.compile("\\s*(?:的)?(?:总)?租金")
_LEAST = 10**7
"""What is cheaper is the rent of a month"""


def lease(place: Place) -> Draft | None:
    """S 以…共計約1.9億元租金,租下…店面: a company, and what it rents."""
    tenant = subject_of(place)
    if tenant is None or not asset_bought(place):
        return None
    if not all(name.kind != "person" and (name.entity_id or has_tail(name.text)) for name in tenant.mentions()):
        return None
    before = place.sentence.clauses[max(place.index - 1, 0) : place.index]
    rents = (rent for clause in (place.clause, *place.following[:1], *before) for rent in _rents(clause))
    return place.draft("purchase", {"buyer": tenant.mentions()}, amount=next(rents, None))


def _rents(clause: Clause) -> list[At[Amount]]:
    """Sums that are the rent of the whole term, not of a month."""
    told = [a for a in clause.amounts if max(v or 0 for v in (a.value.value, a.value.low, a.value.high)) >= _LEAST]
    return [
        a for a in told if _IN_ALL.search(clause.between(clause.start, a.start)) or _RENT.match(clause.text, a.end - clause.start)
    ]
