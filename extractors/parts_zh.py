"""A unit or a business of a company that is bought, and what clauses after a share go on to count (folded Chinese text)."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.frames import Group, Place
from extractors.parties_zh import asset_name, groups
from models.mention import Name

_OWNED_PART = re.compile(
    r"\s*(?:集团|公司)?(?:旗下|所属)的?([\u3400-\u9fffA-Za-z ]{2,16}?)"
    r"(?:等|的?(?:全部|部分)?(?:股权|股份)|的?\d[\d.]*%|(?=[,)]|$))"
    r"|\s*的?([\u3400-\u9fffA-Za-z ]{1,10}?(?:业务|板块|部门|品牌|大楼|酒店|物业|工厂|油田))(?=[,的)]|$)"
    r"|\s*的?([\u3400-\u9fffA-Za-z\d ]{1,10}?(?:厂|厂区|厂房))(?=[,的)]|$)"
    r"|位于[^,的]{1,12}的([\u3400-\u9fffA-Za-z\d ]{1,14}?(?:厂|厂区|厂房|据点|大楼|土地|总部|资料中心|数据中心))(?=[,的)]|$)"
    r"|\s*(?:\([^()]{1,10}\))?\s*的([\u3400-\u9fff]{2,20}?(?:大厦|商厦|广场|商场))(?=[,)]|的?\d|[一二三四五六七八九]成|的?(?:股权|权益)|$)"
)
_BUILDING = 5
_NAMED_APART = frozenset({1, 4, _BUILDING})
"""Groups of it that say what the thing is called without its owner"""
_ENDS_IN_SHARE = re.compile(r"\d%的?(?:股权|股份)$")
_SHARE = re.compile(r"\s*\d[\d.]*%的?(?:股权|股份)")


def told_on(place: Place) -> list[Name]:
    """收购 C 95%的股权,D 45%的股权及 E 49%的股权: what the clauses after a share go on to count."""
    found: list[Name] = []
    for clause in place.following if _ENDS_IN_SHARE.search(place.clause.text) else ():
        members = groups(clause)
        if (
            len(members) != 1
            or members[0].start != clause.start
            or not _SHARE.fullmatch(clause.text, members[0].end - clause.start)
        ):
            break
        found += members[0].mentions()
    return found


def part_of(place: Place, owner: Group) -> list[Name]:
    """收购网易旗下电商平台考拉, 收购 IBM PC业务: the unit or the business, not who owns it."""
    part = _OWNED_PART.match(place.clause.text, owner.end - place.clause.start)
    if part is None:
        return []
    inside = any(n.start >= owner.end for n in place.clause.names if n.end <= place.clause.start + part.end())
    if inside and part.lastindex != _BUILDING:
        return []
    at, last = place.clause.start, part.lastindex or 0
    apart = last in _NAMED_APART
    thing = asset_name(place, at + part.start(last) if apart else owner.start, at + part.end(last))
    return [replace(name, parent=owner.names[0].value.canonical) for name in thing]
