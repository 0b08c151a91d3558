"""Chinese issues of new shares to one holder, told by how many there are (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.frames import Place, last_of
from extractors.parties_zh import subject_of

_NEW_SHARES = re.compile(r"\s*(?:不超过|最多|约|合共|合计)*\d[\d.,]*\s*[千万亿]*(?:新股|股)")
_TO_HOLDER = re.compile("向[^,]{2,24}$")
_SUM = re.compile("(?:总代价|总额|集资|募资|净额|认购金额|所得款项)")


def placed(place: Place) -> Draft | None:
    """C 公布,向主要股東 S 發行66億股,…總代價10億元: S pays for new shares of C."""
    investor, company = last_of(place.left, "to"), subject_of(place)
    if investor is None or company is None or investor.shares(company) or not _NEW_SHARES.match(place.text_after):
        return None
    if _TO_HOLDER.search(place.up_to) is None or any(name.kind == "person" for name in company.mentions()):
        return None
    told = [a for c in place.following[:5] for a in c.amounts if _SUM.search(c.between(c.start, a.start))]
    own = [a for a in place.clause.amounts if a.start > place.cue.end]
    amount = next(iter([*own, *told]), None)
    return place.draft("investment", {"investor": investor.mentions(), "target": company.mentions()}, amount=amount)
