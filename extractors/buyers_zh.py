"""Who bought and what, where the clause of a deal leaves it to its first words or to the next clause (folded Chinese text)."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.draft import Draft
from extractors.frames import CONTROL, Place, last_of, names_of
from extractors.parties_zh import groups, implicit, name_at
from extractors.reading import At, Clause
from extractors.syntax_zh import common_words
from models.mention import Name

_WHEN = re.compile(
    "(?:的?[^,]{0,16}?)?(?:之?[前后]|以来|时|之际|期间|当年|过程中|同时|同步|之外|(?:股权|的)?(?:原因|目的|意图)|[方项议]案中|一事|事宜)"
)
_ONLY_WHEN = re.compile("(?:之?[前后]|以[前后])")
_LED_IN = re.compile("(?:[在自当继]|随着|因为?|由于|为了?|对于?|关于|针对|除了?|无论|几乎与|特别是|尤其是|早在)")
"""How a clause begins that only says when, or why, something was done"""
_TAKEN_BY = re.compile(
    "(?![从如而在当有据若])([\u3400-\u9fff]{3,8}?)(?:已|也|又|则是?|曾|将|即将|近日|日前|正式)?被[\u3400-\u9fff]{0,8}"
)
_COMES_ABOUT = re.compile("\\s*(?:再度|再次|已|刚|连续|连|又|近日|新|成功)*(?:完成|获得?|拿下|拿到|斩获|官宣|宣布)")
_GOVERNING = frozenset({"with", "in", "object", "to"})
_TO_SELLER = frozenset("向给")
_HAND_IN_HAND = frozenset({"携手", "联手", "联合", "连同"})
_TOGETHER = re.compile("共同|联合|联手|一起|一同")
_PUTS_IN = re.compile(r"\s*(?:\([^()]*\))?\s*[拟将已]?(?:以现金|现金)?(?:出资|斥资|投入|支付)(?:人民币|现金|约)*")
_TAKES_PART = re.compile(
    r"\s*(?:\([^()]*\))?\s*(?:[拟将已]|近日|曾)*(?:出资|斥资|投资|投入|以)[^,]{0,8}\d[^,]{0,12}参与了?(?:由)?"
)
_HOLDERS = re.compile("的?由?(?:其|该公司)?(?:原|创始|老|现有|全体)(?:自然人)?股东")
_OWNERS = re.compile(r"(?:\([^()]*\))?的?(?:原|创始|老|其他|现有|部分)?(?:自然人|法人)?股东")
_HOLDING = re.compile(r"(?:\([^()]*\))?等?[^,、\d]{0,8}?(?:共计|合计|共同|所?持有?|持股)+的?(?:其|该公司|公司)?")
_JOINS_BID = re.compile("参与了?[^,]{2,60}(?:转让|出售)[^,]{2,60}的$")
_JOINS = re.compile("(?:有意|有兴趣|考虑|考量|拟|计划|将|已)(?:参与|加入|参加)$")
_OF_ITS = re.compile("(?:股权|股份)的?(?:全资)?$")
_SHARES_TOLD = re.compile(r"\s*(?:\([^()]*\))?\s*的?(?:\d[\d.]*%|全部|控股|剩余)?的?(?:股权|股份)的?(?:全资)?(?:收购|并购|购买)")
_DOING = re.compile("完成|启动|推进|终止|筹划|参与|宣布|实施|放弃")
_SEVERAL = re.compile(
    "[了过]?(?:的还?有)?(?:多|数|大量|[一二两三四五六七八九十\\d]+)[^,:]{0,16}(?:公司|新创|初创|企业|品牌|制造商|供应商|[厂]商|机构|酒庄|项目|股权|资产)$"
)
_EACH_SUM = re.compile(r"\s*(?:分别)?各(?:砸|出资|斥资|投资?|投入|注资|获)[^,]{0,4}\d[^,]{0,12}$")
_NAMELY = re.compile("\\s*(?:(?:投资)?对象(?:分别)?[是为]|包括了?|分别(?:为|是)|即|其中包括|依次为)")
_OBJECT_NEAR = 30
_DESCRIBES = re.compile(r"\s*(?:\([^()]*\))?\s*(?:\d[\d.]*%|全部|控股|部分)的?(?:股权|股份)的[「“\"]?")
_UNNAMED_HELD = re.compile(r"(?:\([^()]*\))?(?:合计)?(?:所持有?|持有|[所拟]?(?:转让|出让))的?(?:合计)?(?:标的|目标)公司")
_ITSELF = re.compile(r"(?:^|[\s,])(?:你|本|我|上市)?公司")
_QUOTES = '「“" 『'
_ANY = re.compile("(?:[一二三四五六七八九十两几多\\d]+家|的|其|该|上市|标的|目标|公司|企业|[和及])*")
"""What names no company: 三家公司"""


def buyer_beside(place: Place, patient: list[Name]) -> list[Name] | None:
    """Who buys or puts money in, where the clause of the verb has no subject."""
    return governed(place, patient) or described(place, patient) or told_after(place, patient)


def told_after(place: Place, patient: list[Name]) -> list[Name] | None:
    """收购 B 之前,A 的主营业务…: who bought opens the clause after the one that says when."""
    own = [g for g in place.left if g.mentions() != patient]
    if own or place.cue.cue.needs or not place.following:
        return None
    told = place.right[-1].end if place.right else place.cue.end
    if _WHEN.fullmatch(place.clause.text, told - place.clause.start) is None:
        return None
    led = _LED_IN.match(place.clause.text)
    behind = (1, place.clause.start + led.end()) if led else ()
    if not implicit(place.clause, place.cue.start, *behind):
        return None
    opener = next((found for clause in place.following[:2] if (found := _opener(clause))), [])
    return opener if opener and opener[0] not in patient else None


def taken_then(place: Place) -> tuple[list[Name], list[Name]] | None:
    """在 A 收购之前,C 亏损…: whom A bought opens the clause after the one that says when."""
    last = place.left[-1] if len(place.left) == 1 and not place.right else None
    if last is None or not place.following or not _ONLY_WHEN.fullmatch(place.text_after):
        return None
    if place.clause.between(last.end, place.cue.start) not in {"", "完成"}:
        return None
    opened = _opener(place.following[0])
    led = _LED_IN.fullmatch(place.clause.between(place.clause.start, last.start))
    return (last.mentions(), opened) if led and opened and opened[0] not in last.mentions() else None


def governed(place: Place, patient: list[Name]) -> list[Name] | None:
    """与 A 一年前收购 B 相比, 帮助 A 收购 B: a preposition governs the clause of which A is the subject."""
    last = place.left[-1] if place.left else None
    if last is None or not place.right or patient != place.right[0].mentions() or last.case not in _GOVERNING:
        return None
    if place.clause.between(last.start - 1, last.start) in _TO_SELLER or not implicit(
        place.clause, place.cue.start, start=last.end
    ):
        return None
    return last.mentions() if place.right[0].start - place.cue.end <= _OBJECT_NEAR else None


def joined(place: Place, agent: list[Name], patient: list[Name]) -> list[Name]:
    """拟与 B 等共同收购 C, 携手 B 以…收购 C: who buys, and with whom."""
    beside = last_of(place.left, "with")
    if beside is None or any(name in patient or name in agent for name in beside.mentions()):
        return agent
    before = place.clause.between(beside.start - 2, beside.start)
    together = before in _HAND_IN_HAND or _TOGETHER.search(place.clause.between(beside.end, place.cue.start))
    bodies = all(name.kind != "person" for name in beside.mentions())
    return [*agent, *beside.mentions()] if together and bodies else agent


def each_paying(place: Place, agent: list[Name]) -> list[Name]:
    """A 拟出资2亿元,B 拟出资1亿元,收购 C: each of the clauses before names one who buys."""
    if not implicit(place.clause, place.cue.start, 0) or place.left:
        return agent
    found: list[Name] = []
    for clause in reversed(place.sentence.clauses[: place.index]):
        members = groups(clause)
        opener = members[0] if len(members) == 1 and not members[0].case else None
        if opener is None or len(clause.amounts) != 1 or clause.between(clause.amounts[0].end, clause.end).strip():
            break
        if _PUTS_IN.fullmatch(clause.between(opener.end, clause.amounts[0].start)) is None:
            break
        found = [*opener.mentions(), *found]
    return found if len(found) > 1 and any(name in found for name in agent) else agent


def nominal(place: Place) -> tuple[list[Name], list[Name]] | None:
    """A 完成 C 51%股权的收购: what is bought stands before the noun, and who buys before the verb."""
    if place.right or len(place.left) == 0 or not _OF_ITS.search(place.up_to):
        return None
    target = place.left[-1]
    if _SHARES_TOLD.match(place.clause.text, target.end - place.clause.start) is None or target.case == "by":
        return None
    at = next((g.end for g in reversed(place.left[:-1])), place.clause.start)
    done = _DOING.search(place.clause.text, at - place.clause.start, target.start - place.clause.start)
    if done is None:
        return None
    spoken_of = place.state.topic if implicit(place.clause, place.clause.start + done.start()) else None
    buyer = next((g for g in place.left[:-1] if not g.case), None) or spoken_of
    if buyer is None or buyer.shares(target):
        return None
    return buyer.mentions(), target.mentions()


def counted(place: Place) -> list[Name]:
    """收购了三家制造商:A、B 和 C, 收购了大量品牌,包括 A、B: who they are is told by what follows."""
    if place.right or not place.following or _SEVERAL.match(place.clause.text, place.cue.end - place.clause.start) is None:
        return []
    told = 1 if _EACH_SUM.match(place.following[0].text) and len(place.following) > 1 else 0
    following = place.following[told]
    first = next(iter(groups(following)), None)
    colon = place.clean.text[following.start - 1 : following.start] == ":"
    lead = following.between(following.start, first.start) if first is not None else ""
    if first is None or not (_NAMELY.match(lead) or (colon and first.start - following.start <= _OBJECT_NEAR)):
        return []
    return first.mentions()


def described(place: Place, patient: list[Name]) -> list[Name] | None:
    """拟收购 B 100%股权的 A: who buys is told by the clause that describes it."""
    if len(place.right) <= 1 or patient != place.right[0].mentions():
        return None
    between = place.clause.between(place.right[0].end, place.right[1].start)
    return place.right[1].mentions() if _DESCRIBES.fullmatch(between) else None


def told_next(place: Place) -> list[Name]:
    """完成近亿元A轮融资,「T」…; 获 S 投资,T:…: a headline tells of whom it speaks after what has come about."""
    before = place.clause.between(place.clause.start, place.cue.start)
    if place.state.topic is not None or not place.following or not _COMES_ABOUT.match(before):
        return []
    return _opener(place.following[0])


def _opener(clause: Clause) -> list[Name]:
    """The one company that opens a clause, in quotation marks or not."""
    first = next(iter(groups(clause)), None)
    if first is None or first.case or len(first.names) > 1 or clause.between(clause.start, first.start).strip(_QUOTES):
        return []
    return first.mentions() if first.names[0].value.kind in {"company", "unit"} else []


def of_unnamed(place: Place, buyer: list[Name] | None, percent: At[Decimal] | None) -> Draft | None:
    """收购 S 持有的目标公司51%股权: who sells is told, and what the company is called is not."""
    seller = place.right[0] if place.right else None
    if seller is None or _UNNAMED_HELD.match(place.clause.text, seller.end - place.clause.start) is None:
        return None
    buyers = buyer or (names_of(place.state.announcer) if _ITSELF.search(place.up_to) else [])
    if percent is not None and percent.value < CONTROL:
        return place.draft("share_transfer", {"buyer": buyers, "seller": seller.mentions()}, percent=percent)
    return place.draft("acquisition", {"acquirer": buyers, "seller": seller.mentions()}, percent=percent)


def leading_words(place: Place) -> list[Name] | None:
    """摩山保理被 A 以…收购: what is bought leads the clause, whether or not it is known to be a name."""
    by = last_of(place.left, "by")
    led = _TAKEN_BY.fullmatch(place.clause.between(place.clause.start, by.start)) if by is not None else None
    if led is None or _ANY.fullmatch(led[1]) or led[1] in common_words():
        return None
    return [name_at(place, place.clause.start, place.clause.start + len(led[1]), "company")]


def takes_part(place: Place) -> Draft | None:
    """X 出资30亿元参与 A 收购 C: what X gives A for it."""
    if "参与" not in place.up_to or len(place.left) < len(("who gives", "who buys")):
        return None
    giver, buyer = place.left[:2]
    sums = [a for a in place.clause.amounts if giver.end <= a.start < buyer.start]
    if giver.case or len(sums) != 1 or _TAKES_PART.fullmatch(place.clause.between(giver.end, buyer.start)) is None:
        return None
    roles = {"investor": giver.mentions(), "target": buyer.mentions()}
    return place.draft("investment", roles, amount=sums[0])


def by_holders(place: Place) -> bool:
    """由 C 原股东收购, C 由原股东以2亿元收购: by those who are not named, and not by C."""
    last = place.left[-1] if "股东" in place.up_to and place.left else None
    if last is None or last.case in {"to", "source"}:
        return False
    return _HOLDERS.match(place.clause.between(last.end, place.cue.start)) is not None


def of_holders(place: Place, buyer: list[Name] | None, percent: At[Decimal] | None) -> Draft | None:
    """收购 C 原股东 S、T 共计20%股权: the shares are C's, and S and T sell them."""
    if "股东" not in place.text_after or percent is None or not buyer:
        return None
    named = [n for n in place.clause.names if n.start >= place.cue.end]
    owned = named[0] if named else None
    sellers = next((g for g in place.right if owned is not None and g.start > owned.start), None)
    if owned is None or sellers is None or percent.start < sellers.end:
        return None
    if _OWNERS.fullmatch(place.clause.between(owned.end, sellers.start)) is None:
        return None
    if _HOLDING.fullmatch(place.clause.between(sellers.end, percent.start)) is None:
        return None
    kind, first, second = (
        ("acquisition", "acquirer", "target") if percent.value >= CONTROL else ("share_transfer", "buyer", "company")
    )
    return place.draft(kind, {first: buyer, "seller": sellers.mentions(), second: [owned.value]}, percent=percent)


def joins_bidding(place: Place) -> tuple[list[Name], list[Name]] | None:
    """S 考虑出售 C. A 及 B 均有意参与竞购: A and B bid for what the text has told to be sold."""
    if place.right or _JOINS.search(place.up_to) is None:
        return None
    return [name for g in place.left if not g.case for name in g.mentions()], place.state.traded


def bids_in_sale(place: Place) -> Draft | None:
    """A 参与 S 转让 C 51%股权的竞购: A bids for C, which S sells."""
    joins = _JOINS_BID.search(place.up_to) if "参与" in place.up_to and not place.right else None
    at = place.clause.start + joins.start() if joins else place.clause.start
    sides = [g for g in place.left if g.start >= at]
    if joins is None or len(sides) != len(("who sells", "what is sold")):
        return None
    spoken_of = place.state.topic if implicit(place.clause, at) else None
    bidder = next((g for g in reversed(place.left) if not g.case and g.end <= at), None) or spoken_of
    if bidder is None:
        return None
    beside = names_of(place.state.partner) if bidder is spoken_of else []
    seller, target = sides
    roles = {"acquirer": [*bidder.mentions(), *beside], "target": target.mentions(), "seller": seller.mentions()}
    return place.draft("acquisition", roles, percent=place.percent())
