"""Who does what to whom in a Chinese sentence (folded text: simplified characters).

A cue of the deal tables opens a frame; the frame says where its roles stand. Roles are found by the preposition in
front of a name (向/对 the one acted on, 由/被/获 the one acting, 与 the other side), by word order, and, where a clause
names no subject, by the subject that the text is still speaking of.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import ahocorasick_rs

from extractors.draft import GENERAL, CueAt, Draft, cue_words, distinct, object_words, providers
from extractors.frames import ROUND_REACH, Group, Place, State, last_of, names_of, payer_and_paid
from extractors.normalize import fold
from extractors.parties_zh import (
    asset_bought,
    asset_name,
    groups,
    implicit,
    moved,
    object_of,
    preposition_start,
    referred,
    remember,
    remember_held,
    subject_of,
)
from extractors.reading import At, Clause, Reading
from extractors.syntax_zh import MARKED, QUANTITY, patterns
from extractors.weak_names import has_tail
from models.mention import Name

_ANAPHOR = re.compile(r"\s*(?:该公司|该集团|其|后者|对方|这家公司|该公益公司|该企业|该平台|本公司)")
_NEGATED = re.compile(r"(?:并非|不是|从未|未曾|尚未|没有|并未|不再)(?:要|打算|计划|想)?\s*$|并非[^,]{0,6}$")
_PASSIVE = re.compile(r"(?:获得?|获取|赢得|迎来|拿到|接受)[^,]{0,24}$")
_NUMBERED = re.compile(r"[A-H一二三四五六七]\d?\+*轮|天使|种子")
_VENTURE = re.compile("的?[^,]{0,12}(?:合资|合营)(?:公司|企业)")
_MINORITY = re.compile("(?:少数|小)股东")
_CONTROLLING = re.compile("控股权|控制权|控股股权|全部股权|少数股东")
_LISTED = re.compile("首发|申购|上市|挂牌|招股|发行价|首日|暗盘")
_PROJECT = re.compile("[^,]{0,24}(?:项目|工程|标案|采购|标段|招标)[^,]{0,8}(?:候选人|第一名|中标|得标)")
_BESIDE = 16
"""Characters beside a cue that may make another word of it"""
_CONTROL = 50
"""Percentage from which shares that change hands carry control"""
_HELD_BY = re.compile(r"\s*(?:公司|集团|控股)?(?:所)?持有?的?\s*")
# 此次投資, 這項收購: what was told before, spoken of again.
_REFERRING = re.compile(r"(?:此次|本次|[这该此][项笔宗桩起次轮]?|上述)$")
_SALE_AGREEMENT = re.compile(r"(?:买卖|转让|出售|收购|购股)协议")
_TO_LATTER = re.compile(r"[向对给为](?:后者|其)")
_ITS_SHARES = re.compile(r"\s*(?:其|所)?(?:所)?持有?的?(?:本|该|上市)?公司")
_OWNER = re.compile(r"\s*(?:现任|前|现有|部分)*员工|(?:第[一二三]大|最大|控股|主要|单一最大|大)?股东")
_WORTH = re.compile(r"\s*(?:持股|总)?(?:价值|市值|值)")
_OF_THE_OTHER = re.compile(r"[^,]{0,3}(?:后者|其|对方)(?:旗下|位于|的|在)")
_USED_FOR = re.compile(r"\s*(?:主要|将)?用[于以来]")
_FUND = re.compile(r"ETF|基金|投信|权证|期货|新品|新车|新机")
_BOTH = re.compile(r"双方|两家|两公司|二者|各占")
_GRANTED = re.compile(r"授予|授权")
_ROUND_KIND = re.compile(r"轮|定增|定向增发|非公开发行|增资扩股|[Pp]re-?IPO")
_ROUND_WORD = re.compile(r"轮|领投|跟投|共同|联合")
_BUYER_IS = re.compile(r"(?:买主|买家|买方|接手方|收购方|受让方)[^,]{0,8}(?:是|为)")
_SHARES_AFTER = re.compile(r"[^,]{0,24}?(?:股份|股权|普通股|新股|股票|权益|\d\s*[万亿]*股)")
_COUNT_OF_SHARES = re.compile(r"[^,]{0,16}?\d[\d.,]*\s*[万亿]*股")
_TENDER = re.compile(r"公开收购|要约收购|全数收购|控股权|控制权|全部股权")
_PAYING = re.compile(r"(?:以|斥资|耗资|豪掷|砸下?)\s*$")
_IN_CASH = re.compile(r"\s*(?:的?(?:全)?现金(?:及股票|加股票)?)?\s*")
_ORDER = re.compile("订单|采购|供应合同|供货")
_BY_FORMER = re.compile(r"\s*由(?:前者|后者)")
_SELLER_OF_RIGHTS = re.compile(r"(?:新创|初创|创企|开发商|公司)\s*$")
_JOINED = re.compile(r"参[与加]了?|加入了?")
_JOINING = re.compile(r"签|达成|宣布|建立|成立|缔结|设立|结盟|偕|[伙夥]拍|合资")
_AFTERWARDS = re.compile(r"(?:完成|收购|增资|交易|交割|投资|转让|认购)[^,]{0,4}(?:后|之后)")
_FOUNDED = re.compile("(?:合组|成立|设立|组建|共组|组成)([^,]{0,8}?合[资营](?:公司|企业))")
_KEPT = re.compile("保留|占")
_NEAR = 200
"""Characters beside a sentence in which the words for a product or for an exchange stand"""
_MARKETS = ("交易所", "证交所", "證交所", "港交所", "联交所", "聯交所", "上交所", "深交所", "北交所")
_AWARDED = re.compile("采购案|标案|订单|大单|合约|合同|工程|建案|项目")
_SUPPLIED = re.compile("供应|供货|交付|提供给|卖给")
_ISSUE_PRICE = re.compile(r"\s*(?:\([^()]*\))?\s*[\d.,]*[^,]{0,3}发行价")
_ONCE_DONE = re.compile(r"(?:完成|交易|交割|转让)(?:之)?后$")
_WILL_CHANGE = re.compile(r"\s*(?:将|料|会)(?:会)?(?:由[^,]{0,8})?(?:降|升|增|减|稀释|摊薄|下降|上升|提高)")


@functools.cache
def _matcher() -> tuple[ahocorasick_rs.AhoCorasick, tuple[str, ...]]:
    words = tuple(sorted(cue_words("zh")))
    return ahocorasick_rs.AhoCorasick(list(words), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), words


def find_cues(clause: Clause) -> Iterator[CueAt]:
    """Cues of a clause that are not part of a name, nor of another word."""
    matcher, words = _matcher()
    text = clause.text.lower()
    if len(text) != len(clause.text):
        text = clause.text
    for index, first, last in matcher.find_matches_as_indexes(text):
        start, end = clause.start + first, clause.start + last
        if any(name.start < end and start < name.end and not start < name.start < name.end <= end for name in clause.names):
            continue  # 登陆港交所 holds a name
        if _REFERRING.search(text, max(first - 4, 0), first):
            continue
        for kind, cue in cue_words("zh")[words[index]]:
            if cue.not_before and text[last : last + _BESIDE].lstrip().startswith(cue.not_before):
                continue
            if cue.not_after and text[max(first - _BESIDE, 0) : first].rstrip().endswith(cue.not_after):
                continue
            yield CueAt(start, end, kind, cue)


def find_drafts(reading: Reading) -> Iterator[Draft]:
    """Every telling of a deal, in text order."""
    state = State()
    for sentence in reading.sentences:
        continued = reading.clean.text[max(sentence.start - 2, 0) : sentence.start].rstrip()[-1:] == ";"
        if continued:
            state.topic = state.period_topic
        else:
            state.period_topic = state.topic
        state.partner = state.held = None
        for index, clause in enumerate(sentence.clauses):
            members = groups(clause)
            anywhere = CueAt(clause.start, clause.start, "partnership", GENERAL)
            place = Place(reading.clean, sentence, index, clause, members, state, anywhere)
            yield from _clause_drafts(place)
            remember_held(clause, members, state)
            _remember_venture(place)
            remember(clause, members, state, first=index == 0 and not continued)


def _remember_venture(place: Place) -> None:
    """合組美國合資公司: the venture whose shares its owners are told to hold."""
    match = _FOUNDED.search(place.clause.text)
    if match is None:
        return
    inside = [g for g in place.groups if g.start >= place.clause.start + match.start(1)]
    start, end = place.clause.start + match.start(1), place.clause.start + match.end(1)
    names = tuple(inside[0].names) if inside else tuple(At(start, end, name) for name in asset_name(place, start, end))
    if names:
        place.state.venture = Group(names, "", start, end)
        place.state.venture_at = place.sentence.index


def _clause_drafts(place: Place) -> Iterator[Draft]:
    told = False
    for cue in find_cues(place.clause):
        before = place.clause.between(place.clause.start, cue.start)
        if patterns().not_done.search(before) or _NEGATED.search(before):
            continue
        for draft in _each(_FRAMES[cue.cue.frame](replace(place, cue=cue)), place, cue):
            told = True
            _note(draft, place.state)
            yield draft
    if not told or patterns().signing.search(place.clause.text):
        agreed = _agreement(place)
        if agreed is not None:
            _note(agreed, place.state)
            yield agreed


def _note(draft: Draft, state: State) -> None:
    """Whom 後者 and 其股份 mean from here on."""
    state.named_last = [n for role in list(draft.roles)[1:] for n in draft.roles[role]] or state.named_last
    if draft.type == "share_transfer":
        state.traded = draft.roles.get("company", state.traded)


def _each(draft: Draft | None, place: Place, cue: CueAt) -> list[Draft]:
    """One draft for each investor where the text tells them apart: 各認購5億, 先後獲得 Google 與 Amazon 投資."""
    if draft is None:
        return []
    role = payer_and_paid(draft.type)[0] if draft.type in {"investment", "purchase"} else ""
    several = draft.roles.get(role, [])
    before = place.clause.between(place.clause.start, cue.start)
    separately = "各" in before[-3:] or (
        _PASSIVE.search(before) and not place.clause.amounts and not _ROUND_WORD.search(place.clause.text) and len(several) < 4
    )
    if draft.type != "investment" or len(several) < 2 or not separately:
        return _distributed(draft, place)
    price = next((a for a in place.clause.amounts if not a.value.is_equivalent), None) if "各" in before[-3:] else None
    return [replace(draft, roles={**draft.roles, role: [name]}, amount=price or draft.amount) for name in several]


def _distributed(draft: Draft, place: Place) -> list[Draft]:
    """投资 A 与 B，金额分别为 X 与 Y: as many amounts as participants of one role."""
    for clause in (place.clause, *place.following[:1]):
        prices = [a for a in clause.amounts if not a.value.is_equivalent and a.value.kind in {"deal", "unknown", "total"}]
        for role, names in draft.roles.items():
            if role != "party" and len(names) > 1 and len(prices) == len(names) and "分别" in clause.text:
                return [
                    replace(draft, roles={**draft.roles, role: [name]}, amount=amount)
                    for name, amount in zip(names, prices, strict=True)
                ]
    return [draft]


def _act(place: Place) -> Draft | None:
    if _GRANTED.search(place.clause.between(place.clause.start, place.cue.start)):
        return None
    agent, patient = _act_roles(place)
    percent = place.percent()
    kind = place.cue.type
    needs = place.cue.cue.needs
    if needs == "percent" and not percent and not _SHARES_AFTER.match(place.clause.text, place.cue.end - place.clause.start):
        return None
    if percent is not None and needs and kind != "share_transfer" and not _fits_size(place, percent.value):
        return None
    if percent is None and kind == "investment" and needs == "percent" and _TENDER.search(place.clause.text):
        return None
    priced = any(clause.amounts for clause in (place.clause, *place.following[:2]))
    if needs == "amount" and not priced and not _TENDER.search(place.clause.text):
        return None
    if (needs == "percent" and _follows_deal(place)) or _is_buyback(place):
        return None
    if agent is None or (patient is None and kind not in {"purchase", "acquisition", "share_transfer"}):
        return None
    if kind == "acquisition" and patient is None and percent is not None and last_of(place.left, "source") and place.state.traded:
        patient = place.state.traded  # 从华为手中买下另外10%的股权
    if kind == "share_transfer":
        return _taken_over(place, agent, percent)
    patient = _venture(place, patient)
    first, second = payer_and_paid(kind)
    text_after = place.clause.text[place.cue.end - place.clause.start :]
    if kind == "acquisition" and needs and not (_SHARES_AFTER.match(text_after) or asset_bought(place) or _is_paid_for(place)):
        return None  # 取得許可: nothing that can be owned
    if kind == "acquisition" and needs and percent is None and _COUNT_OF_SHARES.match(text_after):
        return None  # 取得約2億股普通股: some shares, not the company
    if kind == "acquisition" and (not patient or _OF_THE_OTHER.match(text_after)):
        patient = asset_bought(place) or patient
    elif kind == "acquisition" and last_of(place.left, "to") is not None and not place.right:
        patient = asset_bought(place) or patient  # 向 S 购置 …厂房
    if kind == "acquisition":
        return _acquisition(place, agent, patient, percent) if patient else None
    if kind == "purchase" and patient and place.right and patient == place.right[0].mentions():
        patient = [name for name in patient if name.entity_id or has_tail(name.text)]  # 採購…炸藥: goods, not who sells them
    if kind == "investment" and patient and any(name.kind in {"government", "person"} for name in patient):
        return None  # 對外投資 beside a ministry
    if kind == "purchase" and patient and not _is_order(place, agent, patient):
        return None
    if not patient and not (kind == "purchase" and _is_priced(place)):
        return None
    return place.draft(kind, {first: agent, second: patient or []}, percent=percent)


def _is_order(place: Place, buyer: list[Name], supplier: list[Name]) -> bool:
    """Whether 購買 is a deal of two companies, not what a shopper does, nor a supply to the one named after it."""
    if any(name.kind == "person" for name in (*buyer, *supplier)):
        return False
    if place.right and _SUPPLIED.search(place.clause.between(place.cue.end, place.right[0].start)):
        return False
    sized = _is_priced(place) or any(c.amounts or QUANTITY.search(c.text) for c in (place.clause, *place.following[:2]))
    return sized or all(name.entity_id or has_tail(name.text) for name in (*buyer, *supplier))


def _venture(place: Place, patient: list[Name] | None) -> list[Name] | None:
    """入股A与B的合资企业: the venture itself, not the two that own it."""
    if not patient or len(patient) < 2 or not place.right:
        return patient
    match = _VENTURE.match(place.clause.text, place.right[0].end - place.clause.start)
    if match is None:
        return patient
    return asset_name(place, place.right[0].end, place.clause.start + match.end()) or patient


def _fits_size(place: Place, percent: Decimal) -> bool:
    """取得 X%: control makes it an acquisition, less an investment; the minority's shares make it whole."""
    if _MINORITY.search(place.clause.text):
        return place.cue.type == "acquisition"
    return (place.cue.type == "investment") == (percent < _CONTROL)


def _is_buyback(place: Place) -> bool:
    """Whether 購回 is of the company's own shares, not of a unit's minority."""
    bought_back = place.clause.between(place.cue.start, place.cue.end) in {"购回", "回购"}
    return bought_back and not _MINORITY.search(place.clause.text)


def _is_paid_for(place: Place) -> bool:
    """以110億美元現金買入 C: what is paid stands right before the verb."""
    return any(
        _PAYING.search(place.clause.between(place.clause.start, amount.start))
        and _IN_CASH.fullmatch(place.clause.between(amount.end, place.cue.start))
        for amount in place.clause.amounts
    )


def _is_priced(place: Place) -> bool:
    """Whether the clause, or the one that it tells the use of (用于采购), gives a price."""
    before = place.sentence.clauses[place.index - 1] if place.index else None
    return bool(place.clause.amounts) or bool(before and before.amounts and _USED_FOR.match(place.clause.text))


def _taken_over(place: Place, buyer: list[Name], percent: At[Decimal] | None) -> Draft | None:
    """B 从 S 手中受让 C 的股份; the company is S itself, or what the sentence speaks of, when the clause does not say."""
    seller = last_of(place.left, "source") or last_of(place.left, "to") or place.state.partner
    if seller is None:
        return None
    partner = place.state.partner
    company = object_of(place) or (partner if partner and not partner.shares(seller) else place.state.topic)
    names = names_of(company)
    if not names or any(name in buyer for name in names):
        names = seller.mentions()
    return place.draft("share_transfer", {"buyer": buyer, "seller": seller.mentions(), "company": names}, percent=percent)


def _act_roles(place: Place) -> tuple[list[Name] | None, list[Name] | None]:
    agent: Group | None
    patient: Group | None
    by = last_of(place.left, "by")
    to = last_of(place.left, "to")
    if by is not None:  # O 获 S 投资, O 被 S 收购
        before = [g for g in place.left if g.end <= by.start]
        patient = next((g for g in reversed(before) if not g.case), None) or place.state.topic
        right = object_of(place)
        if patient is None or (right and place.clause.between(by.end, place.cue.start).strip() in {"", "出资", "共同", "联合"}):
            patient = right or patient
        return by.mentions(), patient.mentions() if patient else None
    agent = subject_of(place)
    if to is not None and place.cue.type == "acquisition" and object_of(place) is not None:
        patient = object_of(place)  # 向 S 购入 O: the one turned to is the seller
        agent = next((g for g in reversed(place.left) if not g.case and g.end <= to.start), None) or place.state.topic
    elif to is not None:
        patient = to
        if agent is not None and agent.start > to.start:
            agent = next((g for g in reversed(place.left) if not g.case and g.end <= to.start), None) or place.state.topic
    else:
        source = last_of(place.left, "source")
        patient = object_of(place)
        if patient is None and place.cue.type == "acquisition" and (thing := moved(place)):
            return (agent.mentions() if agent else None), thing
        if place.cue.type == "purchase" and source is not None:
            patient = source
    if agent and patient is None and _TO_LATTER.search(place.clause.between(place.clause.start, place.cue.start)):
        latter = place.state.partner.mentions() if place.state.partner else place.state.named_last[-1:]
        if latter and not any(name in agent.mentions() for name in latter):
            return agent.mentions(), latter
    if agent and patient is None:
        text = place.clause.text[place.cue.end - place.clause.start :]
        gap = place.clause.between(place.clause.start, place.cue.start)
        if _PASSIVE.search(gap) and agent.end <= place.cue.start:
            return None, agent.mentions()
        patient = referred(place, agent, required=bool(_ANAPHOR.match(text)))
    if agent is None and patient is not None:
        return None, patient.mentions()
    return (agent.mentions() if agent else None), (patient.mentions() if patient else None)


def _acquisition(place: Place, agent: list[Name], patient: list[Name], percent: At[Decimal] | None) -> Draft | None:
    right = place.right
    roles = {"acquirer": agent, "target": patient}
    if len(right) > 1 and _HELD_BY.fullmatch(place.clause.between(right[0].end, right[1].start)):
        roles = {"acquirer": agent, "target": right[1].mentions(), "seller": right[0].mentions()}
    source = last_of(place.left, "source") or (last_of(place.left, "to") if place.right else None)
    if source is not None and "seller" not in roles and not any(n in patient for n in source.mentions()):
        roles["seller"] = source.mentions()
    if "seller" not in roles and place.state.partner is not None and _SALE_AGREEMENT.search(_before(place)):
        roles["seller"] = place.state.partner.mentions()
    if percent is not None and percent.value < _CONTROL and not _CONTROLLING.search(place.clause.text) and "seller" in roles:
        return place.draft(
            "share_transfer",
            {"buyer": agent, "seller": roles["seller"], "company": roles["target"]},
            percent=percent,
        )
    return place.draft("acquisition", roles, percent=percent)


def _before(place: Place) -> str:
    """The clauses of the sentence before the cue's."""
    return ",".join(clause.text for clause in place.sentence.clauses[: place.index])


def _bid(place: Place) -> Draft | None:
    """S 向 O 提出 … 报价, O 拒绝 S 的 … 要约."""
    to = last_of(place.left, "to")
    plain = [g for g in place.left if g.case in {"", "object"}]
    if to is not None:
        bidder, target = subject_of(place), to
    elif len(plain) > 1:
        bidder, target = plain[-1], plain[-2]
    elif plain and place.state.topic is not None and plain[-1].case == "object":
        bidder, target = plain[-1], place.state.topic
    else:
        return None
    if bidder is None or bidder.shares(target):
        return None
    return place.draft("acquisition", {"acquirer": bidder.mentions(), "target": target.mentions()})


def _backers(place: Place) -> Draft | None:
    """本轮投资方包括 A、B: backers of the round that the text speaks of."""
    investors = [name for group in place.right for name in group.mentions()]
    for clause in place.following[:1]:
        if clause.text.lstrip().startswith(("以及", "及", "和", "老股东", "新股东")):
            investors += [name for group in groups(clause) for name in group.mentions()]
    target = _in_round(place)
    if place.clause.between(place.cue.start, place.cue.end).startswith("新增"):  # 新增 A、B 等为股东
        target = names_of(subject_of(place)) if "股东" in place.clause.text else []
    if not investors or not target or any(name in target for name in investors):
        return None
    return place.draft("investment", {"investor": investors, "target": target})


def _in_round(place: Place) -> list[Name]:
    """Whose round the text was telling a sentence or two ago."""
    return place.state.round_target if place.sentence.index - place.state.round_at <= ROUND_REACH else []


def _sell(place: Place) -> Draft | None:
    if place.cue.type == "purchase":
        return _supply(place)
    if place.cue.type == "license":
        return _grant(place)
    seller = subject_of(place)
    thing: list[Name] = moved(place)
    buyer = last_of(place.groups, "to")
    if thing:
        marked = place.clause.between(place.clause.start, place.cue.start)
        seller = next((g for g in place.left if not g.case and not MARKED.search(marked[: g.start - place.clause.start])), None)
        seller = seller or place.state.topic
        buyer = buyer or object_of(place)
    else:
        sold = next((g for g in place.right if g is not buyer), None)
        thing = sold.mentions() if sold and (buyer is None or sold is not buyer) else asset_bought(place)
    for clause in place.following[:2]:
        if buyer is None and (match := _BUYER_IS.search(clause.text)):
            buyer = next((g for g in groups(clause) if g.start >= clause.start + match.end()), None)
    if buyer is None and place.state.partner is not None:
        buyer = place.state.partner
    if not thing:
        owned = next((n for n in place.clause.names if _OWNER.match(place.clause.text, n.end - place.clause.start)), None)
        thing = [owned.value] if owned else []
        staff = owned is not None and "员工" in place.clause.between(owned.end, owned.end + 4)
        if staff and buyer is not None:
            return place.draft("share_transfer", {"buyer": buyer.mentions(), "company": thing})
    if not thing and place.state.traded and _ITS_SHARES.match(place.clause.text, place.cue.end - place.clause.start):
        thing = place.state.traded
    if not thing and buyer is not None and place.clause.percents and seller is not None:
        thing = seller.mentions()  # 向 B 出让 10% 股份: shares of its own
    priced = any(c.amounts or c.percents for c in (place.clause, *place.following[:2]))
    if seller is None or not thing or not priced or (buyer is not None and buyer.shares(seller)):
        return None
    return _sold(place, seller, thing, buyer)


def _sold(place: Place, seller: Group, thing: list[Name], buyer: Group | None) -> Draft | None:
    """A minority of the shares changes hands; a business, an asset or the whole is acquired."""
    percent = place.percent()
    if buyer is not None and (percent is None or percent.value >= _CONTROL):
        roles = {"acquirer": buyer.mentions(), "target": thing, "seller": seller.mentions()}
        return place.draft("acquisition", roles, percent=percent)
    if percent is None and thing[0].kind == "asset":
        return place.draft("acquisition", {"target": thing, "seller": seller.mentions()})
    roles = {"seller": seller.mentions(), "company": thing, "buyer": names_of(buyer)}
    return place.draft("share_transfer", roles, percent=percent)


def _supply(place: Place) -> Draft | None:
    """S 向 B 供应 …; without a buyer in the clause, the one the text speaks of."""
    supplier = subject_of(place)
    spoken_of = (place.state.partner, *(g for g in reversed(place.state.pair or ()) if not _sells(g)), place.state.topic)
    buyer = last_of(place.groups, "to") or next((g for g in spoken_of if g and supplier and not g.shares(supplier)), None)
    if supplier is None or buyer is None or buyer.shares(supplier):
        return None
    if not (place.clause.amounts or QUANTITY.search(place.clause.text)):
        return None
    return place.draft("purchase", {"buyer": buyer.mentions(), "supplier": supplier.mentions()})


def _grant(place: Place) -> Draft | None:
    """S 将 … 权益授予 O, for money."""
    licensor = next((g for g in place.left if not g.case), None) or place.state.topic
    licensee = object_of(place) or last_of(place.left, "to")
    priced = any(clause.amounts for clause in (place.clause, *place.following[:2]))
    if licensor is None or licensee is None or licensor.shares(licensee) or not priced:
        return None
    return place.draft("license", {"licensee": licensee.mentions(), "licensor": licensor.mentions()})


def _issue(place: Place) -> Draft | None:
    """S 向 O 发行可换股债券: O puts the money in."""
    investor, target = last_of(place.left, "to"), subject_of(place)
    if investor is None and _TO_LATTER.search(place.clause.between(place.clause.start, place.cue.start)):
        investor = place.state.partner
    if investor is None or target is None or investor.shares(target):
        return None
    return place.draft("investment", {"investor": investor.mentions(), "target": target.mentions()})


def _round(place: Place) -> Draft | None:
    clause, cue = place.clause, place.cue
    if not patterns().closing.search(clause.text):
        return None
    numbered = bool(_ROUND_KIND.search(clause.text))
    named = numbered or "融资" in clause.text
    if not numbered and not any(c.amounts for c in place.sentence.clauses[place.index : place.index + 2]):
        return None
    target = subject_of(place) or last_of(place.left, "to")
    if cue.type == "loan":
        return _loan(place)
    if "基金" in clause.between(clause.start, cue.end) and "募" in clause.between(cue.start, cue.end):
        return None  # a fund that fills itself is no deal
    joined = _JOINED.search(clause.between(clause.start, cue.start))
    if joined is not None and target is not None:
        at = clause.start + joined.end()
        receiver = next((g for g in place.groups if at <= g.start < cue.start), None)
        if receiver is None and _ANAPHOR.match(clause.between(at, cue.start)):
            receiver = place.state.topic
        investors = next((g for g in reversed(place.groups) if not g.case and g.end <= at), None)
        if receiver is None or investors is None:
            return None
        return place.draft("investment", {"investor": investors.mentions(), "target": receiver.mentions()})
    if target is None or len(target.names) > 2:
        return None
    if any(name.kind == "fund" for name in target.mentions()) and not _NUMBERED.search(clause.text):
        return None  # a fund raises what it is to invest
    if not named and any(_LISTED.search(c.text) for c in place.sentence.clauses[max(place.index - 1, 0) : place.index + 3]):
        return place.draft("offering", {"company": target.mentions()})
    place.state.round_target, place.state.round_at = target.mentions(), place.sentence.index
    return place.draft("investment", {"target": target.mentions()})


def _loan(place: Place) -> Draft | None:
    lender = last_of(place.left, "by") or last_of(place.left, "with")
    borrower = subject_of(place)
    to = last_of(place.left, "to")
    text = place.clause.between(place.clause.start, place.cue.start)
    arranged = re.search(r"统筹|主办|承办", text)
    if arranged is not None:
        at = place.clause.start + arranged.start()
        lender = next((g for g in place.left if not g.case and g.end <= at), None) or place.state.topic
        borrower = next((g for g in (*place.left, *place.right) if g.start > at), None)
    elif re.search(r"提供|承作|发放|批出|贷出|核贷", text):
        lender, borrower = borrower, to
        if borrower is None and place.index + 1 < len(place.sentence.clauses):
            following = place.sentence.clauses[place.index + 1]
            if re.match(r"\s*(?:助力?|协助|支持|帮助|供|用于支持)", following.text):
                borrower = next(iter(groups(following)), None)
        borrower = borrower or object_of(place)
    elif to is not None and re.search(r"借|申请|获|取得|筹", text + place.clause.text):
        lender, borrower = to, subject_of(place)
    lenders = names_of(lender)
    for clause in place.following[:2]:
        if patterns().lenders.search(clause.text):
            lenders += [name for group in groups(clause) for name in group.mentions()]
    lent_to = names_of(borrower) if borrower else []
    if _TO_LATTER.search(text) and place.state.named_last:
        lenders, lent_to = names_of(subject_of(place)), place.state.named_last[-1:]
    return place.draft("loan", {"lender": lenders, "borrower": lent_to}) if lent_to else None


def _back(place: Place) -> Draft | None:
    by = last_of(place.left, "by")
    partner = last_of(place.left, "with")
    investors = by or next((g for g in reversed(place.left) if not g.case), None)
    if investors is None and partner is not None:
        investors = partner
    if investors is None:
        return None
    names = investors.mentions()
    if partner is not None and partner is not investors:
        names += partner.mentions()
    target = object_of(place)
    if target is None and by is not None:
        target = next((g for g in reversed(place.left) if not g.case and g.end <= by.start), None)
    known = target.mentions() if target else _in_round(place)
    if not known:
        return None
    return place.draft("investment", {"investor": names, "target": known})


def _pair(place: Place) -> Draft | None:
    cases = {"", "with", "by"} if place.cue.type == "partnership" else {"", "with"}
    left = distinct([name for g in place.left if g.case in cases for name in g.mentions()])
    right = [name for g in place.right if g.case in {"", "with"} and g.start <= place.cue.end + 24 for name in g.mentions()]
    parties = left if len(left) > 1 else distinct([*left, *right])
    if len(parties) == 1 and place.state.topic is not None and implicit(place.clause, place.cue.start, limit=30):
        parties = distinct([*place.state.topic.mentions(), *parties])
    if len(parties) < 2 and place.state.pair and _BOTH.search(place.clause.between(place.clause.start, place.cue.start)):
        parties = distinct([name for side in place.state.pair for name in side.mentions()])
    if len(parties) < 2:
        return None
    if place.cue.type == "partnership" and not _JOINING.search(place.clause.text):
        return None
    return place.draft(place.cue.type, {"party": parties})


def _win(place: Place) -> Draft | None:
    if place.cue.cue.needs and not _AWARDED.search(place.clause.text):
        return None
    supplier = subject_of(place)
    buyer = last_of(place.left, "by") or object_of(place)
    project = next((g for g in reversed(place.left) if _PROJECT.match(place.clause.text, g.end - place.clause.start)), None)
    if project is not None:  # 成为 B 采购项目的中标候选人
        supplier = next((g for g in place.left if not g.case and g.end < project.start), None) or place.state.topic
        buyer = project
    if supplier is None or not (place.clause.amounts or place.right or project) or (buyer and buyer.shares(supplier)):
        return None
    return place.draft("purchase", {"supplier": supplier.mentions(), "buyer": names_of(buyer)})


def _hold(place: Place) -> Draft | None:
    holder = subject_of(place)
    percent = place.percent()
    following = place.sentence.clauses[place.index + 1 : place.index + 2]
    value = [
        a for c in (place.clause, *following) for a in c.amounts
        if a.value.kind == "stake_value" or (c is not place.clause and _WORTH.match(c.text))
    ]  # fmt: skip
    if holder is None or (percent is None and not value):
        return None
    if _follows_deal(place) or _WILL_CHANGE.match(place.clause.text, place.cue.end - place.clause.start):
        return None
    company = object_of(place, 40)
    if company is None:
        after = place.clause.text[place.cue.end - place.clause.start :]
        anaphor = re.search(r"该[^,。]{0,6}公司|其|该企业", after)
        company = place.state.held or _venture_held(place) or referred(place, holder, required=bool(anaphor) or bool(value))
    if company is None:
        return None
    place.state.held = company  # B 则持股26%: of the same company
    return place.draft(
        "stake",
        {"holder": holder.mentions(), "company": company.mentions()},
        percent=percent,
        amount=value[0] if value else None,
    )


def _venture_held(place: Place) -> Group | None:
    """B 則保留 19.9%: of the joint venture that the text has just told of."""
    recent = place.sentence.index - place.state.venture_at <= ROUND_REACH
    return place.state.venture if recent and _KEPT.match(place.clause.text, place.cue.start - place.clause.start) else None


def _follows_deal(place: Place) -> bool:
    """交易完成后, A持有…, B取得…: what a deal told elsewhere will have brought about."""
    opening = [clause.text.rstrip()[-12:] for clause in place.sentence.clauses[max(place.index - 2, 0) : place.index]]
    own = place.clause.between(place.clause.start, place.cue.start)
    return bool(_AFTERWARDS.search(opening[-1] + "," + own if opening else own)) or any(map(_ONCE_DONE.search, opening))


def _self(place: Place) -> Draft | None:
    priced = _ISSUE_PRICE.match(place.clause.text, place.cue.end - place.clause.start)  # 跌破 IPO 发行价
    if place.cue.type == "offering" and (_FUND.search(place.clause.text) or _is_launch(place) or priced):
        return None
    subject = next((g for g in reversed(place.left) if not g.case), None)
    if subject is None:
        after = place.clause.between(place.cue.end, place.cue.end + 2)
        if implicit(place.clause, place.cue.start, limit=6) and not after.startswith("的"):
            subject = place.state.topic
    if subject is None or len(subject.names) > 1 or subject.names[0].value.kind in {"government", "person"}:
        return None
    if place.cue.type == "offering" and subject.names[0].value.text.endswith(_MARKETS):
        return None  # 上市 beside an exchange speaks of all that is listed there
    if len(place.clause.between(subject.end, place.cue.start)) > 24 + sum(d.end - d.start for d in place.clause.dates):
        return None
    return place.draft(place.cue.type, {"company": subject.mentions()})


def _is_launch(place: Place) -> bool:
    """Whether 上市 says that a product is on sale: no word of the stock market near, and one of shops and products."""
    at = place.sentence.start
    near = place.clean.text[max(at - _NEAR, 0) : place.sentence.end + _NEAR]
    listed = place.clause.between(place.cue.start, place.cue.end) == "上市"
    return listed and bool(patterns().product.search(near)) and not patterns().exchange.search(near)


def _agreement(place: Place) -> Draft | None:
    """A 与 B 签订 … 协议: what is signed decides the type."""
    clause, members, state = place.clause, place.groups, place.state
    signed = patterns().signing.search(clause.text)
    quantity = QUANTITY.search(clause.text)
    if quantity is None and "合作" in clause.text and place.following and _BY_FORMER.match(place.following[0].text):
        quantity = QUANTITY.search(place.following[0].text)
    if signed is None and not (quantity and "合作" in clause.text):
        return None
    at = clause.start + (signed.start() if signed else 0)
    place = replace(place, cue=CueAt(at, at + 1, "partnership", GENERAL))
    partner = last_of(members, "with") or last_of(members, "to")
    giver = last_of(members, "by")
    if partner is None and giver is not None and _kind_of(clause.text) == "purchase" and patterns().agreement.search(clause.text):
        seller = next((g for g in members if not g.case and g.end <= giver.start), None) or state.topic
        if seller is None or seller.shares(giver):
            return None
        return place.draft("purchase", {"buyer": giver.mentions(), "supplier": seller.mentions()}, generic=True)
    subject = next((g for g in members if not g.case), None)
    if partner is None and subject is not None and len(subject.names) > 1 and subject.partner:
        one, rest = subject.names[0], subject.names[1:]
        subject = Group((one,), "", one.start, one.end)
        partner = Group(rest, "with", rest[0].start, rest[-1].end)
    if partner is None or (signed is not None and partner.start > at + 6 and partner.case == "to"):
        return None
    if subject is None or subject.start > partner.start:
        before = clause.start + preposition_start(clause.between(clause.start, partner.start))
        subject = state.topic if implicit(clause, before, 12) else subject
    if subject is None or subject.shares(partner):
        return None
    after = clause.text[signed.end() :] if signed else ""
    if signed is not None and "约" in signed.group() and place.following:
        after += place.following[0].text
    if signed is not None and not patterns().agreement.search(after):
        return None
    kind = _kind_of(clause.text)
    if kind is None and place.following and (not place.following[0].names or "双方" in place.following[0].text):
        kind = _kind_of(place.following[0].text)
        quantity = quantity or QUANTITY.search(place.following[0].text)
    kind = kind or ("purchase" if quantity else None)
    if kind is None and (clause.amounts or any(_BOTH.search(c.text) for c in place.following[:1])):
        kind = "partnership"
    if kind is None:
        return None
    ordered = any(_ORDER.search(c.text) and not c.names for c in place.following[:1])
    if kind == "partnership" and (quantity or ordered):
        kind = "purchase"
    return _agreed(place, kind, subject, partner)


def _kind_of(text: str) -> str | None:
    lowered = text.lower()
    found = [kind for word, kind in object_words("zh") if word in lowered]
    order = ("share_transfer", "loan", "acquisition", "investment", "license", "purchase", "partnership")
    return next((kind for kind in order if kind in found), None)


def _agreed(place: Place, kind: str, subject: Group, partner: Group) -> Draft | None:
    if kind in {"partnership", "merger"}:
        return place.draft(kind, {"party": [*subject.mentions(), *partner.mentions()]}, generic=True)
    if kind == "share_transfer":
        company = place.state.topic if place.state.topic and not place.state.topic.shares(subject) else None
        roles = {"seller": subject.mentions(), "buyer": partner.mentions(), "company": names_of(company)}
        return place.draft(kind, roles, generic=True)
    first, second = payer_and_paid(kind)
    if kind == "loan" and not _is_bank(subject):
        subject, partner = partner, subject
    if kind == "license" and _SELLER_OF_RIGHTS.search(place.clean.text, max(subject.start - 8, 0), subject.start):
        subject, partner = partner, subject
    by = _BY_FORMER.match(place.following[0].text) if place.following else None
    sells = "前" in by.group() if by else _sells(subject) and not _sells(partner)
    if kind == "purchase" and sells:
        subject, partner = partner, subject
    return place.draft(kind, {first: subject.mentions(), second: partner.mentions()}, generic=True)


def _is_bank(group: Group) -> bool:
    return any("银行" in fold(name.value.text) or "bank" in name.value.canonical.lower() for name in group.names)


def _sells(group: Group) -> bool:
    return any(name.value.entity_id in providers() for name in group.names)


_FRAMES: dict[str, Callable[[Place], Draft | None]] = {
    "act": _act, "receive": _act, "sell": _sell, "round": _round, "back": _back, "pair": _pair, "win": _win,
    "hold": _hold, "self": _self, "bid": _bid, "issue": _issue, "backers": _backers,
}  # fmt: skip
