"""What notices of listed companies say in set phrases: to whom shares are placed, what a purchase will bring about
(folded text: simplified characters).
"""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.frames import CONTROL, Group, Place, last_of
from extractors.parties_zh import groups
from models.mention import Name

_PLACED = re.compile(r"[^,]{0,40}?(?:发行|增发)[^,]{0,10}(?:股份|股票|[AH]股|普通股|新股)")
"""向 A、B 等4名特定投资者非公开发行股票: to whom the shares go"""
_OWN_SHARE = re.compile(r"\s*(?:本|上市)?公司(?:约|合计|不超过?)?(\d[\d.]*)%的?(?:股份|股权)")
_ITS_HOLDERS = re.compile("(?:本)?公司(?:的)?(?:控股|第[一二三四五]大|大|主要)?(?:股东|实控人|实际控制人)")
_SIGNS = re.compile("签署|签订|签了|订立|达成")
_PLANS_CONTROL = re.compile("(?:筹划|商谈|洽谈|协商|拟|涉及|可能导致)[^,]{0,12}$")
_CONTROL_AFTERWARDS = re.compile(
    r"纳入[^,。]{0,8}合并[^,。]{0,4}报表|成为[^,。]{0,10}控股子公司|控股权|控制权|控股股东"
    r"|(?:增至|增加至|变更为|上升至|升至|提升至|提高至|达到?)[^,。%]{0,24}?(?:5[1-9]|[6-9]\d|100)(?:\.\d+)?%"
)
_TOLD_NEXT = 160
"""Characters after a purchase of shares in which it is told what they make of the buyer"""
_TAKES_OVER = re.compile("收购|并购|购买|置入|注入|受让")


def placed_with(place: Place) -> Group | None:
    """向 A、B 等特定投资者发行股份募集…: who takes the shares."""
    to = last_of(place.left, "to")
    return to if to is not None and _PLACED.match(place.clause.text, to.end - place.clause.start) else None


def brings_control(place: Place) -> bool:
    """收购 C 46%股权,…持股比例变更为63%: the shares are fewer than half, and make the company a unit of who buys them."""
    return _CONTROL_AFTERWARDS.search(place.clean.text, place.clause.end, place.clause.end + _TOLD_NEXT) is not None


def is_for_takeover(place: Place) -> bool:
    """A 重组拟9.6亿并购 C: the word only says what kind of purchase is told after it."""
    return _TAKES_OVER.search(place.clause.text, place.cue.end - place.clause.start) is not None


def own_shares_bought(place: Place, buyer: list[Name]) -> Draft | None:
    """甲股份:B 拟以…收购公司15%股份: of who gives the notice."""
    share = _OWN_SHARE.match(place.clause.text, place.cue.end - place.clause.start)
    giver = place.state.announcer
    if share is None or giver is None or any(name in buyer for name in giver.mentions()):
        return None
    percent = next((p for p in place.clause.percents if p.start >= place.cue.end), None)
    control = percent is not None and percent.value >= CONTROL
    kind, roles = ("acquisition", ("acquirer", "target")) if control else ("share_transfer", ("buyer", "company"))
    return place.draft(kind, {roles[0]: buyer, roles[1]: giver.mentions()}, percent=percent)


def holders_selling(place: Place, buyer: Group) -> list[Name]:
    """公司控股股东 S 与 B 签署…协议,拟向 B 转让其持有的公司…股: who the clause before says to hold the shares."""
    before = place.sentence.clauses[place.index - 1] if place.index else None
    signs = _SIGNS.search(before.text) if before is not None and _ITS_HOLDERS.match(before.text) else None
    if before is None or signs is None:
        return []
    told = [n for g in groups(before) for n in g.names if n.end <= before.start + signs.start()]
    return [n.value for n in told if n.value not in buyer.mentions()]


def control_changes(place: Place) -> Draft | None:
    """C 公告,实控人正在筹划控制权转让: C is to be taken over, by whom is not told."""
    if not _PLANS_CONTROL.search(place.clause.text, 0, place.cue.start - place.clause.start):
        return None
    named = next((g for g in place.left if not g.case), None)
    target = named or place.state.announcer or place.state.topic
    if target is None or any(name.kind not in {"company", "unit"} for name in target.mentions()):
        return None
    return place.draft("acquisition", {"target": target.mentions()})
