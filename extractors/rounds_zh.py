"""Chinese rounds told beside the company: in the clause that describes it, of 其, by whom new shares go to (folded text)."""

from __future__ import annotations

import re

from extractors.frames import ROUND_REACH, Group, Place, last_of
from extractors.parties_zh import groups, implicit
from models.mention import Name

_HAS_DONE = re.compile("(?:完成|获得?|拿下|斩获|敲定|宣布)[^,]{0,24}$")
_WHO_NEXT = re.compile(
    '(?:资金)?的[^,的]{0,16}?(?:公司|企业|业者|厂商?|新创|初创|独角兽|平台|品牌|[造发运营应服务]商|团队)[「“"]?'
)
_PUT_INTO_ITS = re.compile(
    "(?:领投|跟投|参投|独投)的[^,]{0,4}$|(?:领投|跟投|独投|参投)了?(?:其|该公司|这家[^,]{0,8}|后者)的?[^,]{0,10}$"
)
_FUNDED_NEXT = re.compile("(?:获投|被投|获投资|被投资|融资)的?(?:企业|公司|方|[^,为是]{0,12}(?:公司|企业))(?:为|是)?")
_ALSO_PUTS_IN = re.compile(r"(?:\([^()]*\))?(?:等[^,、]{0,8})?(?:继续|持续|共同|联合|加码)*(?:跟投|领投|参投|独投)")
_ISSUES_TO = re.compile(
    "[^,]{0,10}(?:定向|非公开)(?:发行|增发)[^,]{0,24}$|[^,]{0,6}(?:发行|增发)[^,]{0,16}(?:股份|股票|新股|股)$"
)


def funded_of_late(place: Place) -> list[Name]:
    """Whose round the text was telling a sentence or two ago."""
    return place.state.round_target if place.sentence.index - place.state.round_at <= ROUND_REACH else []


def described_next(place: Place) -> Group | None:
    """刚完成2亿元C轮融资的储能企业 C 宣布…: whose round it is stands after the clause that describes it."""
    first = place.right[0] if place.right and not place.left and not place.right[0].case else None
    if first is None or len(first.names) > 1 or _HAS_DONE.search(place.up_to) is None:
        return None
    if not implicit(place.clause, place.cue.start) or not place.clause.between(first.end, place.clause.end).strip('」”"'):
        return None
    return first if _WHO_NEXT.fullmatch(place.clause.between(place.cue.end, first.start)) else None


def is_of_another(place: Place) -> bool:
    """A 去年领投了其A轮融资: the round of whom the text speaks, not of A."""
    return _PUT_INTO_ITS.search(place.up_to) is not None


def whose_round(place: Place) -> Group | None:
    """A 领投了其A轮融资: 其, of whom the text speaks."""
    topic = place.state.topic
    its = re.match("了?(?:其|该公司)(?![他余中])", place.text_after)
    return topic if its and topic is not None and len(topic.names) == 1 else None


def funded_next(place: Place) -> Group | None:
    """由 A 领投的B轮融资已完成,获投企业为 C: who has the money is told by the clause after."""
    for clause in place.following[:2]:
        if "投" in clause.text and (told := _FUNDED_NEXT.search(clause.text)) is not None:
            at = clause.start + told.end()
            return next((g for g in groups(clause) if at <= g.start <= at + 16), None)
    return None


def also_puts_in(place: Place, group: Group | None) -> bool:
    """A 领投、B 跟投的…: B is no company that A leads a round of."""
    return group is not None and _ALSO_PUTS_IN.match(place.clause.text, group.end - place.clause.start) is not None


def puts_in_too(place: Place, leader: Group | None) -> Group | None:
    """由 A 领投、B 跟投: B, who stands right before the verb."""
    last = place.left[-1] if leader is not None and place.left else None
    return last if last is not None and last is not leader and not last.case and last.end == place.cue.start else None


def issued_to(place: Place) -> Group | None:
    """向控股股东 B 定向发行4000万股,募资5亿元: to whom the clause before says that the shares go."""
    before = place.sentence.clauses[place.index - 1] if place.index and not place.left else None
    if before is None or "发" not in before.text:
        return None
    to = last_of(groups(before), "to")
    return to if to is not None and _ISSUES_TO.match(before.text, to.end - before.start) else None
