"""Chinese acts, 收購, 投資, 採購: who does it to whom, and where the verb tells none (folded text: simplified characters)."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.bids_zh import is_paid_before
from extractors.draft import Draft
from extractors.frames import CONTROL, Group, Place, last_of, names_of
from extractors.parties_zh import (
    ANAPHOR,
    PASSIVE,
    TO_LATTER,
    asset_bought,
    asset_name,
    implicit,
    moved,
    object_of,
    preposition_start,
    referred,
    subject_of,
)
from extractors.rounds_zh import funded_of_late
from extractors.supplies_zh import contractor, maker
from models.mention import Name

_VENTURE = re.compile("的?[^,]{0,12}(?:合资|合营)(?:公司|企业)")
_IN_ROUND = re.compile("的?(?:最新|新|下|本|这|此)?一?轮(?:募资|融资|筹资)[中里]?")
_APPROVAL = re.compile("(?:核准|批准|通过)[^,]{0,8}$")
_OFFERED = re.compile("[^,]{2,4}?(?:方案|提案|计划)")
_MARKET_SHARE = re.compile(r"\s*的?[^,股]{0,6}?(?:市占|市场|份额|产能|订单|选票)")
_HOLDS_CONTROL = re.compile(r"\s*(?:并|将|后)?(?:成为|取得|获得)[^,]{0,6}(?:控股股东|实际控制人|控制权|控股权)")
"""取得 C 29.9%股份,成为其控股股东"""
_MINORITY = re.compile("(?:少数|小)股东")
_OF_NOUN = re.compile(r"\s*(?:\([^()]*\))?的(?:股权|战略|要约)?")
_OTHER_SUBJECT = 1
"""Characters before 被 that may be another subject, known to be a name or not"""
_UNNAMED_BUYER = re.compile(
    r"^\s*(?:该|本次)?(?:要约人|要约方|认购人|认购方|买方)(?![、及和与])"
    "|^\\s*(?:本?公司)?[与和同](?:该等|各|若干)?认购[人方](?:及[^,]{2,14})?(?:签订|订立|签署)"
)
"""Who buys, called by his part in the deal and not named"""
_SPENT_ON = re.compile("(?:专项|主要|全部)?用[于以](?:支付)?")
_GOT_FROM = re.compile("获得?了?(?:来自)?$")
_DONE_TO = re.compile("(?:被|遭到?)(?![动遇])[^,被遭]{1,16}$")
"""C 遭某某以8亿元并购: by one whom nothing shows to be a company"""
_ONCE_DONE_TO = re.compile("之?[后前]")
"""C 被 A 收购后成为…: what stands after is no object"""
_DESCRIBES_IT = re.compile(
    '的[^,的]{0,14}?(?:公司|企业|巨头|龙头|业者|大厂|厂商?|平台|品牌|新创|初创|[造发运营应服务]商)?[「“"]?'
)
_AT_LARGE = re.compile("(?:扩大|加码|加大|大举|持续|积极|海外|对外|基金)$")
_TO_OTHERS = re.compile("对(?!外|[其该此]|后者|对方)[^,与和]{2,16}(?:追加|增加|进行)?$")
_THINGS_BOUGHT = re.compile(r"的(?!消息|交易|计划|事项|议案|公告|提议|价格|方式|传闻|报道|金额|对价)[\u3400-\u9fffA-Za-z]")
"""A 收购的 Y: Y is bought, whether or not it is known to be a name"""
SHARES_AFTER = re.compile(r"[^,]{0,24}?(?:股份|股权|普通股|新股|股票|权益|\d\s*[万亿]*股)")
_MACHINES = re.compile(r"了?\s*(?:逾|约|近|超过)?\d[\d,]*[余多]?\s*[万千]?(?:辆|列|架|艘|船|套|枚|座|部|台|颗)[\u3400-\u9fffA-Z]")
EXCHANGE = re.compile("交易所$|^.交所$")
_ASKS = re.compile("要求|问询|关注函|监管函|说明")
OF_SHARES = re.compile(r"[^,]*?\d%(?:的|已发行)*(?:股份|股权)")
_ON_MARKET = re.compile(
    "(?:集中|公开)市场|盘[中后](?:巨额|逐笔|定价)|巨额(?:逐笔|配对)?交易|逐笔交易|市场(?:买进|买入|购入)"
    r"|(?:投入|斥资|砸下?)[^,]{0,6}\d[^,]{0,6}(?:买进|买入|购入)[^,]{1,12}股票"
)
"""How shares that others hold are bought, not new ones"""
_COUNTED_STOCK = re.compile(
    r"\s*(?:\([^()]*\))?的?(?:普通股|股票)(?:股票)?(?:共计?|合计|累计|计|约)*\d[\d,.]*\s*[仟千万亿]*[股张]"
)
"""取得廣達普通股1,512仟股: a part of what is traded"""
_NEW_STOCK = re.compile("私募|增资|新股|现增|认购|换股|公开收购")
_LISTED_SHARES = re.compile(r"\s*(?:\([^()]*\))?的?(?:普通股|股票|持股|股份)")
TENDER = re.compile(r"公开收购|要约收购|全数收购|控股权|控制权|全[部数](?:股权|股份)")
_AFTERWARDS = re.compile(r"(?:完成|收购|增资|交易|交割|投资|转让|认购)[^,]{0,4}(?:后|之后)")
_ASPECT = re.compile("[了过]?")
_ONCE_DONE = re.compile(r"(?:完成|交易|交割|转让)(?:之)?后$")


Sides = tuple[list[Name] | None, list[Name] | None]
"""Who acts, and on whom"""


def sides_of(place: Place) -> Sides:
    """Who acts, and on whom; None where the clause and what the text speaks of do not say."""
    agent: Group | None
    patient: Group | None
    by = last_of(place.left, "by")
    to = last_of(place.left, "to")
    came_from = last_of(place.left, "source") if by is None and place.cue.type == "investment" else None
    if came_from is not None and _GOT_FROM.search(place.clause.between(place.clause.start, came_from.start)):
        by = came_from  # O 获得来自 S 的战略投资
    if by is not None:  # O 获 S 投资, O 被 S 收购
        before = [g for g in place.left if g.end <= by.start]
        patient = next((g for g in reversed(before) if not g.case), None)
        gap = place.clause.between(place.clause.start, by.start)
        spoken_of = implicit(place.clause, place.clause.start + preposition_start(gap), _OTHER_SUBJECT)
        if patient is None and (spoken_of or place.cue.type != "acquisition"):
            patient = place.state.topic
        right = None if _ONCE_DONE_TO.match(place.clause.text, place.cue.end - place.clause.start) else object_of(place)
        if patient is None or (right and place.clause.between(by.end, place.cue.start).strip() in {"", "出资", "共同", "联合"}):
            patient = right or patient
        if (
            right is not None
            and place.clause.between(by.start - 1, by.start) == "被"
            and _DESCRIBES_IT.fullmatch(place.clause.between(place.cue.end, right.start))
        ):
            patient = right  # 被 A 以…收购的语音识别巨头 C
        return by.mentions(), patient.mentions() if patient else None
    agent = subject_of(place)
    if to is not None and _SPENT_ON.fullmatch(place.clause.between(to.end, place.cue.start)) and object_of(place) is not None:
        return to.mentions(), names_of(object_of(place))  # 借款7亿元给 A 用于收购 C
    against = to is not None and to.end == place.cue.start and place.clause.between(to.start - 1, to.start) == "对"
    if to is not None and against and (bought := object_of(place)) is not None:
        return to.mentions(), bought.mentions()  # 對 A 收購 B 案提訴訟
    if to is not None and place.cue.type == "acquisition" and object_of(place) is not None and not _is_of_noun(place, to):
        patient = object_of(place)  # 向 S 购入 O: the one turned to is the seller
        agent = next((g for g in reversed(place.left) if not g.case and g.end <= to.start), None) or place.state.topic
    elif to is not None:
        patient = to
        beside = next((g for g in place.left if place.clause.between(g.end, to.start) == "对"), None)
        agent = beside if beside is not None and _is_of_noun(place, to) else agent  # …和 A 对 B 的收购
        if agent is not None and agent.start > to.start:
            agent = next((g for g in reversed(place.left) if not g.case and g.end <= to.start), None) or place.state.topic
    else:
        source = last_of(place.left, "source")
        patient = object_of(place) or _round_told(place)
        if patient is None and place.cue.type == "acquisition" and (thing := moved(place)):
            return (agent.mentions() if agent else None), thing
        if place.cue.type == "purchase" and source is not None:
            patient = source
    if agent and patient is None and TO_LATTER.search(place.clause.between(place.clause.start, place.cue.start)):
        latter = place.state.partner.mentions() if place.state.partner else place.state.named_last[-1:]
        if latter and not any(name in agent.mentions() for name in latter):
            return agent.mentions(), latter
    if agent and (seller := contractor(place, agent)) is not None:
        return agent.mentions(), seller.mentions()
    if agent and patient is None and place.cue.type == "purchase" and (made_by := maker(place)) is not None:
        return agent.mentions(), made_by.mentions()
    if agent and patient is None and place.clause.between(place.cue.start, place.cue.end) == "接盘":
        return agent.mentions(), None  # what it takes over is told of another
    if agent and patient is None:
        text = place.clause.text[place.cue.end - place.clause.start :]
        gap = place.clause.between(place.clause.start, place.cue.start)
        if agent.end <= place.cue.start and (PASSIVE.search(gap) or _DONE_TO.search(gap)):
            return None, agent.mentions()
        if place.cue.type == "investment" and _TO_OTHERS.search(
            place.clause.text, max(agent.end - place.clause.start, 0), place.cue.start - place.clause.start
        ):
            return agent.mentions(), None  # 对3家养猪场追加投资
        if _THINGS_BOUGHT.match(text) and not ANAPHOR.match(text, 1):
            return agent.mentions(), None
        if place.cue.type == "investment" and place.left and place.clause.amounts and (funded := _being_funded(place, agent)):
            return agent.mentions(), funded
        if place.cue.type == "acquisition" and asset_bought(place):
            return agent.mentions(), None  # 購入6117坪廠房: no company that was spoken of before
        if place.cue.type == "investment" and not text.strip() and _is_at_large(place):
            return agent.mentions(), None
        patient = referred(place, agent, required=bool(ANAPHOR.match(text, _ASPECT.match(text).end())))  # type: ignore[union-attr]
    if agent is None and patient is not None:
        return None, patient.mentions()
    return (agent.mentions() if agent else None), (patient.mentions() if patient else None)


def _is_at_large(place: Place) -> bool:
    """宣布擴大投資: no sum, and no round that the text speaks of."""
    told = place.clause.between(place.clause.start, place.cue.end).removesuffix("投资")
    return not funded_of_late(place) and not place.clause.amounts and _AT_LARGE.search(told) is not None


def _is_of_noun(place: Place, to: Group) -> bool:
    """对 B 的全资收购: of B, whoever is named after it."""
    at = place.clause.between(to.start - 2, to.start)
    return at.endswith(("对", "对于")) and _OF_NOUN.fullmatch(place.clause.between(to.end, place.cue.start)) is not None


def _being_funded(place: Place, investor: Group) -> list[Name]:
    """C 籌備新一輪募資. A 已洽談500億美元的投資方案: of the round that the text speaks of."""
    named = _OFFERED.match(place.clause.text, place.cue.start - place.clause.start)
    funded = funded_of_late(place) if named else []
    return [] if any(name in funded for name in investor.mentions()) else funded


def _round_told(place: Place) -> Group | None:
    """計劃在 C 最新一輪募資中投資200億美元: whose round it is."""
    round_of = last_of(place.left, "in") if place.cue.type == "investment" else None
    in_round = round_of is not None and _IN_ROUND.match(place.clause.text, round_of.end - place.clause.start)
    return round_of if in_round else None


def is_no_act(place: Place, agent: list[Name] | None) -> bool:
    """Whether the verb needs a share, a size or a sum that is not told, or speaks of a market or of an authority's leave."""
    needs, percent = place.cue.cue.needs, place.percent()
    if needs == "percent" and not percent and not SHARES_AFTER.match(place.clause.text, place.cue.end - place.clause.start):
        return True
    word = place.clause.between(place.cue.start, place.cue.end)
    if word == "获得" and (not place.right or (percent is not None and percent.start < place.cue.end)):
        return True  # 剥离…股权所获得的对价
    if percent is not None and needs and word != "购买" and not _fits_size(place, percent.value):  # 购买: a majority or less
        return True
    if percent is not None and _MARKET_SHARE.match(place.clause.text, percent.end - place.clause.start):
        return True  # 拿下25%市占
    if agent and all(name.kind == "government" for name in agent) and _APPROVAL.search(place.up_to):
        return True  # 投審會通過對美投資3件
    whole = place.cue.type == "acquisition" and percent is not None and percent.value >= CONTROL  # 以換股取得 C 100%股份
    return needs == "amount" and not sum_near(place) and not whole and not TENDER.search(place.clause.text)


def _fits_size(place: Place, percent: Decimal) -> bool:
    """取得 X%: control makes it an acquisition, less an investment; the minority's shares make it whole, or brings control."""
    if place.cue.type == "share_transfer":
        return True
    led = _HOLDS_CONTROL.search(",".join(clause.text for clause in place.following[:1])) is not None
    if led or _MINORITY.search(place.clause.text):
        return place.cue.type == "acquisition"
    return (place.cue.type == "investment") == (percent < CONTROL)


def sum_near(place: Place) -> bool:
    """Whether the clause, one of the two after it or what leads to it tells a sum."""
    return any(clause.amounts for clause in (place.clause, *place.following[:2])) or is_paid_before(place)


def is_told_elsewhere(place: Place, agent: list[Name] | None) -> bool:
    """Whether the clause only says what a deal will have brought about, what is bought back, or what an exchange asks about."""
    if (place.cue.cue.needs == "percent" and follows_deal(place)) or _is_buyback(place):
        return True
    asked = agent and all(EXCHANGE.search(name.text) for name in agent)
    return bool(asked and _ASKS.search(place.clause.text))  # 深交所要求 A 说明收购 B 的原因


def _is_buyback(place: Place) -> bool:
    """Whether 購回 is of the company's own shares, not of a unit's minority."""
    bought_back = place.clause.between(place.cue.start, place.cue.end) in {"购回", "回购"}
    return bought_back and not _MINORITY.search(place.clause.text)


def follows_deal(place: Place) -> bool:
    """交易完成后, A持有…, B取得…: what a deal told elsewhere will have brought about."""
    opening = [clause.text.rstrip()[-12:] for clause in place.sentence.clauses[max(place.index - 2, 0) : place.index]]
    own = place.clause.between(place.clause.start, place.cue.start)
    return bool(_AFTERWARDS.search(opening[-1] + "," + own if opening else own)) or any(map(_ONCE_DONE.search, opening))


def is_by_unnamed(place: Place) -> bool:
    """要约人收购 C: who buys is called by his part in the deal."""
    return not place.left and _UNNAMED_BUYER.search(place.up_to) is not None


def venture(place: Place, patient: list[Name] | None) -> list[Name] | None:
    """入股A与B的合资企业: the venture itself, not the two that own it."""
    if not patient or len(patient) < 2 or not place.right:
        return patient
    match = _VENTURE.match(place.clause.text, place.right[0].end - place.clause.start)
    if match is None:
        return patient
    return asset_name(place, place.right[0].end, place.clause.start + match.end()) or patient


def on_market(place: Place, agent: list[Name] | None, patient: list[Name] | None) -> Draft | None:
    """投資 O 普通股,採盤中鉅額交易; 斥資3億元從集中市場買進 O 股票: shares that others hold, of a company that the table has."""
    listed = place.right[0] if place.right else None
    if listed is None or not agent or not _LISTED_SHARES.match(place.clause.text, listed.end - place.clause.start):
        return None
    near = (*place.sentence.clauses[max(place.index - 1, 0) : place.index + 1], *place.following[:2])
    counted_shares = (
        place.cue.cue.needs and _COUNTED_STOCK.match(place.clause.text, listed.end - place.clause.start)
        and all(name.entity_id for name in listed.mentions())
        and not any(_NEW_STOCK.search(clause.text) for clause in near)
    )  # fmt: skip
    if patient != listed.mentions() or not (counted_shares or any(_ON_MARKET.search(clause.text) for clause in near)):
        return None
    told = place.cue.type == "investment" or any(clause.amounts for clause in near)
    return place.draft("share_transfer", {"buyer": agent, "company": patient}) if told else None


def counts_machines(place: Place) -> bool:
    """購入55架飛機: so many of a machine."""
    return _MACHINES.match(place.clause.text, place.cue.end - place.clause.start) is not None
