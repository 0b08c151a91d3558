"""Chinese rights obtained by a verb that buys shares elsewhere: 获得 B 某药物的大中华区权益 (folded text)."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.draft import GENERAL, CueAt, Draft
from extractors.frames import Place
from models.mention import Name

_OF_PRODUCT = re.compile(
    "[^,股]{0,40}?(?:(?:药物?|新药|疫苗|抗体|产品|技术|专利|管线|软件|游戏|分子)[^,股]{0,20}|(?:大中华区|中国区|中国大陆|中国市场|海外|全球|日本|北美|欧洲|区域|境外|独家|商业化)[^,股]{0,8})(?:权益|权利|许可权?)"
)
_PAID_FOR = re.compile("首付款?|预付款?|里程碑|签约金|前期款?|许可费|授权费|权利金|总(?:金额|额|价)")

_GETS = frozenset({"获得", "取得", "拿下", "换得"})


def is_of_rights(place: Place) -> bool:
    """Whether what is got is rights to a product, no shares."""
    got = place.clause.between(place.cue.start, place.cue.end) in _GETS
    return got and "权" in place.text_after and _OF_PRODUCT.match(place.text_after) is not None


def rights_got(place: Place, licensee: list[Name] | None, licensor: list[Name] | None) -> Draft | None:
    """以2亿美元首付款获得 B 一款药物的中国权益: B licenses it, for what the clause or the one before it says."""
    near = (*place.sentence.clauses[max(place.index - 1, 0) : place.index + 1], *place.following[:2])
    paid = next((clause for clause in near if clause.amounts and _PAID_FOR.search(clause.text)), None)
    if paid is None or not licensee or not licensor:
        return None
    place = replace(place, cue=CueAt(place.cue.start, place.cue.end, "license", GENERAL))
    return place.draft("license", {"licensee": licensee, "licensor": licensor}, amount=paid.amounts[0])
