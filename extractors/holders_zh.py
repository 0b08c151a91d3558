"""Holders of a listed company who add to their shares or part with some, as notices tell it (folded text: simplified characters).

Whose shares they are seldom stands beside the verb: it is who gives the notice, or who the holder is a holder of.
"""

from __future__ import annotations

import itertools
import re

from extractors.draft import Draft
from extractors.equity_zh import EXCHANGE, held_by
from extractors.frames import Group, Place, last_of
from extractors.reading import At
from models.mention import Name

_HOLDER = re.compile(
    r"[:\s]*(?:\([^()]*\))?(?:的|现任|时任|前|原|第[一二三四五六七八九十]大|大|控股|主要|单一最大|部分|个别|有关|[一二三四五六七八九十两\d]+(?:名|位|家))*"
    r"(?:股东|实控人|实际控制人|一致行动人|董事|监事|高管|董监高|高级管理人员|总经理|副总|[高资]级副总|财务总监|员工持股)"
)
"""Right after a company: its holder, named next or not at all"""
_HOLDERS = re.compile("股东|实控人|实际控制人|一致行动人|董事|监事|高管|董监高|高级管理人员|总经理|副总|员工持股")
_OWN_SHARES = re.compile(
    r"[了其所的\s]*(?:持有?的?)?(?:合计|累计|部分|全部|约|近|逾|超过?|不超过?|不低于|不少于|不足|总计|共|共计)*"
    r"(?:$|[,;。)]|\d|(?:本|该|上市)?公司|股份|股票|[AH]股|计划|预披露|方案|金额|数量|比例|完毕|所持)"
)
"""减持公司股份, 减持不超过2%: of the company that gives the notice"""
_TO_THING = re.compile(r"[了其所的\s]*(?:持有?的?)?(?:部分|全部|约|合计)?(?:新加坡|美国|日本|韩国|香港|港股|美股|A股|上市公司)?")
_OF_COMPANY = re.compile(
    r"[」”\"]?\s*(?:\([^()]*\))?(?:公司)?的?(?:无限售|流通|限售)*(?:股份|股票|股权|[AH]股|\d|约|不超|不低|不少|合计|$|,)"
)
_ACCOUNT = re.compile("[^,]{0,6}账户")
_COUNTED = re.compile(r"\d[\d.,]*\s*[万亿]*股")
_OF_HOLDING = re.compile("(?:所持|持有|持股)[^,]{0,8}的?$")
"""减持不超过所持股份的6%: a part of what is held, not of the company"""
_PLANNED = re.compile("拟|计划|预披露|方案")
_PLAN_AFTER = re.compile("[^,。]{0,10}(?:计划|预披露|方案)")
_GIVES_OUT = re.compile("(?:今日|昨日|晚间)?(?:披露|公告|公布|发布)了?(?:公司|其)?[^,]{0,10}股东")
"""C 披露股东 S 的减持计划: whose shares they are"""


def trade(place: Place) -> Draft | None:
    """X 股东 Y 减持, 增持 X 的股份: who of the two is not named is left out where the size is told."""
    company = _named_after(place)
    holder = _holder(place)
    if company is None and _OWN_SHARES.match(place.clause.text, place.cue.end - place.clause.start):
        company = _own_company(place, holder)
    if holder is None and company is not None and not _HOLDERS.search(_before(place)):
        holder = _silent_holder(place, company)
    if company is None or (holder is None and not (_HOLDERS.search(_before(place)) and _is_told(place))):
        return None
    if holder is not None and not _is_told(place):
        return None
    role = "buyer" if place.clause.between(place.cue.start, place.cue.end).startswith("增") else "seller"
    percent = place.percent()
    if percent is not None and _OF_HOLDING.search(place.clause.between(place.clause.start, percent.start)):
        percent = None
    return place.draft("share_transfer", {role: holder or [], "company": company}, percent=percent)


def _before(place: Place) -> str:
    return place.clause.between(place.clause.start, place.cue.start)


def _named_after(place: Place) -> list[Name] | None:
    """增持 X 股份: the name right after the verb."""
    first = place.right[0] if place.right else None
    if first is None or not _TO_THING.fullmatch(place.clause.between(place.cue.end, first.start)):
        return None
    return first.mentions() if _OF_COMPANY.match(place.clause.text, first.end - place.clause.start) else None


def _is_owner(place: Place, name: At[Name]) -> bool:
    return _HOLDER.match(place.clause.text, name.end - place.clause.start) is not None


def _holder(place: Place) -> list[Name] | None:
    """Who stands nearest before the verb, unless a holder of that company is meant."""
    group = last_of(place.left, "", "by")
    if group is not None and _ACCOUNT.match(place.clause.text, group.end - place.clause.start):  # A 的银河证券信用账户
        group = next((g for g in reversed(place.left) if g.end < group.start), group)
    if group is None or any(_is_owner(place, name) for name in group.names):
        return None
    return group.mentions()


def _own_company(place: Place, holder: list[Name] | None) -> list[Name] | None:
    """Whose holder it is: told beside the office, else who gives the notice, else what the text speaks of."""
    owner = next((n for n in reversed(place.clause.names) if n.end <= place.cue.start and _is_owner(place, n)), None)
    if owner is not None:
        return [owner.value]
    if place.state.topic is not None and (told := held_by(place, place.state.topic)):
        return told
    for name, other in itertools.pairwise(place.clause.names):
        if holder == [other.value] and _GIVES_OUT.fullmatch(place.clause.between(name.end, other.start)):
            return [name.value]
    known: list[Group | None] = [place.state.announcer, place.state.topic, place.state.period_topic]
    return next((g.mentions() for g in known if g is not None and g.mentions() != holder and _is_company(g)), None)


def _is_company(group: Group) -> bool:
    one = group.names[0].value
    return len(group.names) == 1 and one.kind in {"company", "unit"} and not EXCHANGE.search(one.text)


def _silent_holder(place: Place, company: list[Name]) -> list[Name] | None:
    """A …,拟继续增持 X 股份: whom the sentence speaks of."""
    topic = place.state.topic
    return topic.mentions() if topic is not None and topic.mentions() != company else None


def _is_told(place: Place) -> bool:
    """Whether the shares are counted or a plan is told of, not holders' ways in general."""
    clauses = (place.clause, *place.following[:2])
    return bool(
        _PLANNED.search(_before(place))
        or _PLAN_AFTER.match(place.clause.text, place.cue.end - place.clause.start)
        or any(c.amounts or c.percents or _COUNTED.search(c.text) for c in clauses)
        or place.clause.text.startswith(("公司股", "本公司", "该公司"), place.cue.end - place.clause.start)
    )
