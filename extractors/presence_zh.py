"""Who is told to be among a company's backers or holders, without a verb of investing (folded text: simplified characters).

在 C 的B轮融资名单上,A 的名字又一次出现; C 的股东列表中,A 赫然在列; 投资方中还有 A 的身影.
"""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.frames import Group, Place, last_of
from extractors.parties_zh import groups
from extractors.reading import Clause

_LIST_OF = re.compile(
    r"[」”\"]?的?[^,。;]{0,12}?(?:融资|投资方|投资人|投资者|投资机构|股东|出资人|出资方|资方)[^,。;]{0,4}?(?:名单|列表|名册|行列|阵容|中|里|之列)"
)
"""Right after a company: among whom"""
_LISTED_HERE = re.compile(
    r"(?:本轮|此轮|新|该轮)[^,。;]{0,8}?(?:融资|投资方|投资人|投资者|投资机构|股东|资方)[^,。;]{0,4}?(?:名单|列表|阵容|中|里)"
)


def present(place: Place) -> Draft | None:
    """A 的身影, A 在列: A has put money into the company whose backers or holders are spoken of."""
    backer = next((g for g in reversed(place.left) if not _names_list(place.clause, g)), None)
    if backer is None:
        backer = next((g for g in place.right[:1]), None)
    target = _whose_list(place)
    if backer is None or target is None or backer.shares(target):
        return None
    return place.draft("investment", {"investor": backer.mentions(), "target": target.mentions()})


def _names_list(clause: Clause, group: Group) -> bool:
    return _LIST_OF.match(clause.text, group.end - clause.start) is not None


def _whose_list(place: Place) -> Group | None:
    """Whose backers, in the clause or the one before it."""
    before = place.sentence.clauses[place.index - 1 : place.index] if place.index else ()
    for clause, members in ((place.clause, place.groups), *((c, groups(c)) for c in before)):
        named = next((g for g in members if _names_list(clause, g)), None)
        if named is not None:
            return named
    here = any(_LISTED_HERE.search(clause.text) for clause in (*before, place.clause))
    topic = place.state.topic
    return topic if here and topic is not None and last_of([topic], "") is not None else None
