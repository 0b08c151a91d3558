"""Chinese bids: offers for a company, the papers that tell of them, and auctions (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.draft import Draft
from extractors.frames import Group, Place, last_of, names_of
from extractors.normalize import fold
from extractors.parties_zh import asset_bought, asset_name, groups, implicit, name_at, subject_of
from extractors.reading import Clause
from extractors.sales_zh import named_buyer
from extractors.syntax_zh import patterns
from models.mention import Name

_LED_ASSET = re.compile(r"(?:[^,]*[的是])?([^\s,的]{2,24}?)(?:最终|最后|终于|历经|曾|今|昨|于|已|将|遭|被|由|以|,|$)")
_REFUSED = re.compile("拒绝|回绝|婉拒|否决")
_PUT_FORWARD = re.compile("(?:提出|祭出|端出|发[起动]|抛出|开出)[^,]{0,20}$")
_PROPOSAL = re.compile("(?:提?案|方案|提议|要约)(?:$|[,;」])")
_AIMS_AT = re.compile(r"\s*(?:并|以)?(?:试图|企图|意图|意在|欲|盼|希望|打算)(?:抢下|拿下|收购|买下|并购|抢亲|夺下|入主)")
_NEXT_TO = 2
_ANYTHING_WON = frozenset({"夺得", "夺下", "夺"})
_JOINED = re.compile("合组|合资|联手|财团|携手|合作")
_SITE = re.compile(
    "(?:[^,]{0,8}(?:一幅|位于|首幅|推出的|推售的))?((?:[\u3400-\u9fffA-Za-z]|\\d(?!月|日)){2,24}?(?:地皮|住宅地|商业地|商贸地|官地|用地|地块|地盘))"
    "(?=,|$|[由以今昨]|最终|(?:已|刚)?截标|标价)"
)
_NAME_ONLY = re.compile(r"\s*([\u3400-\u9fff]{2,8})(?:$|[,。;(])")
_AT_PRICE = re.compile("(?:以|作价)[^,]{0,8}\\d[^,]*$")
_FOR_BUSINESS = re.compile(
    "(?:商场|大楼|厂房|厂办|商办|办公楼|商厦|工厦|饭店|酒店|旅馆|戏院|影城|工厂|购物中心|仓库|土地|建地|工业地|用地)$"
)
_EXCEPT_REACH = 12
"""Characters before the holder whom an offer to all the others leaves out"""
_FOR_SALE = re.compile("标售|标脱|标出|让售|地上权")
_WORKS = re.compile("工程|采购|新建|兴建|统包|标案|招标|营造|营运|设计|监造|清洁|保全|租赁")
_LAND = re.compile(
    "((?:[\u3400-\u9fffA-Za-z]|\\d(?!月|日)){0,12}?(?:国有地|公有地|市有地|县有地|抵费地|建地|用地|土地|区块|地块|街廓|地上权案?|停车场|大楼|校地|产业专区))"
)
_UP_TO = re.compile("为上限|为限|以?内|的?(?:额度|范围|预算)[之以]?内?")
_SPENT = re.compile("(?:斥资|砸下?|豪掷|耗资|以)[^,]{0,4}$")
_NOTHING_MORE = re.compile("[了走]?(?:$|[,。;!])")
_BIDS_FOR = re.compile("(?:参[与加]了?|成功)竞拍了?")


def bid(place: Place) -> Draft | None:
    """S 向 O 提出 … 报价, O 拒绝 S 的 … 要约."""
    to = last_of(place.left, "to")
    plain = [g for g in place.left if g.case in {"", "object"}]
    if to is not None and place.clause.between(to.start - _EXCEPT_REACH, to.start).find("向除") >= 0:
        bidder, target = subject_of(place), place.state.announcer or place.state.topic  # 向除 H 以外的其他股东发出要约
    elif to is not None:
        bidder, target = subject_of(place), to
    elif len(plain) > 1:
        bidder, target = plain[-1], plain[-2]
    elif plain and place.state.topic is not None and plain[-1].case == "object":
        bidder, target = plain[-1], place.state.topic
    else:
        return None
    if bidder is None or target is None or bidder.shares(target):
        return None
    return place.draft("acquisition", {"acquirer": bidder.mentions(), "target": target.mentions()})


def refused(place: Place) -> Draft | None:
    """C 拒絕 A 1084億美元「惡意收購」, 拒絕 A 提出的收購提案: whose offer it is stands after the verb."""
    said_no = _REFUSED.search(place.clause.text, 0, place.cue.start - place.clause.start)
    if said_no is None:
        return None
    at = place.clause.start + said_no.end()
    bidder = next((g for g in place.left if g.start >= at), None)
    target = next((g for g in reversed(place.left) if g.end <= at), None) or place.state.topic
    if bidder is None or target is None or bidder.shares(target) or bidder.start - at > _NEXT_TO:
        return None
    return place.draft("acquisition", {"acquirer": bidder.mentions(), "target": target.mentions()})


def put_forward(place: Place) -> Draft | None:
    """A 提出1084億美元的收購案,試圖搶下 C: for whom it is is told by the clause after it."""
    before = place.clause.between(place.clause.start, place.cue.start)
    if not _PUT_FORWARD.search(before) or not _PROPOSAL.match(place.clause.text, place.cue.end - place.clause.start):
        return None
    bidder, target = subject_of(place), last_of(place.left, "to")
    following = place.following[0] if place.following else None
    if target is None and following is not None and (aim := _AIMS_AT.match(following.text)) is not None:
        target = next((g for g in groups(following) if g.start == following.start + aim.end()), None)
    if bidder is None or target is None or bidder.shares(target):
        return None
    return place.draft("acquisition", {"acquirer": bidder.mentions(), "target": target.mentions()})


def offered(place: Place) -> Draft | None:
    """收到 A 出具的《C 要约收购报告书》: the offer of A for the company that the title of the paper names."""
    target = next((name for name in place.clause.names if name.end == place.cue.start), None)
    sender = next((g for g in reversed(place.left) if target is not None and g.end < target.start and g.case in {"", "by"}), None)
    if target is None or sender is None or any(target.value.text.startswith(name.text) for name in sender.mentions()):
        return None  # C 披露《C 股份有限公司要约收购报告书》: of a bid for itself
    return place.draft("acquisition", {"acquirer": sender.mentions(), "target": [target.value]})


def auction(place: Place) -> Draft | None:
    """由 A、B 聯手,以…元拍定: who has bid most for what the sentence speaks of; without a price it is any auction."""
    if not place.clause.amounts:
        return None
    before = groups(place.sentence.clauses[place.index - 1]) if place.index and not place.left else []
    buyer = last_of(place.left, "by") or last_of(before, "by") or (subject_of(place) if place.left else None)
    if buyer is None and (land := asset_bought(place)):
        return _won_by_consortium(place, before, land)
    if buyer is None:
        return None
    if place.clause.between(place.cue.start, place.cue.end) in _ANYTHING_WON and not (_led_land(place) or asset_bought(place)):
        return None  # 奪得冠軍
    if buyer.case != "by" and not place.text_after.strip() and not all(name.entity_id for name in buyer.mentions()):
        return None  # 金色法拉利以1698萬元拍定: what is sold, not who buys
    asset = asset_bought(place) or _led_asset(place) or _led_land(place)
    return place.draft("acquisition", {"acquirer": buyer.mentions(), "target": asset})


def _won_by_consortium(place: Place, before: list[Group], land: list[Name]) -> Draft | None:
    """A 夥 B 合組財團,以16億元投得…地: those that the clause before joins, or whom it speaks of."""
    joined = place.sentence.clauses[place.index - 1].text if place.index else ""
    together = [name for g in before if g.case in {"", "with"} for name in g.mentions()] if _JOINED.search(joined) else []
    spoken_of = names_of(place.state.topic) if implicit(place.clause, place.cue.start) else []
    buyers = together or spoken_of
    return place.draft("acquisition", {"acquirer": buyers, "target": land}) if buyers else None


def _led_land(place: Place) -> list[Name]:
    """啟德住宅地|由 A 以25億元投得, 青田4號地皮,最終由 A …奪得: the site with which the sentence, or the clause, begins."""
    for clause in place.sentence.clauses[: place.index + 1]:
        led = _SITE.match(clause.text)
        if led is not None:
            return asset_name(place, clause.start + led.start(1), clause.start + led.end(1))
    return []


def granted(place: Place) -> Draft | None:
    """青田路的用地,以10億元批予 B: land that a government has sold."""
    receiver = last_of(place.right, "to") or next((g for g in place.right if g.start == place.cue.end), None)
    land = _led_land(place)
    if not place.clause.amounts or not land:
        return None
    bought = receiver.mentions() if receiver is not None else _named_after(place)
    return place.draft("acquisition", {"acquirer": bought, "target": land}) if bought else None


def _named_after(place: Place) -> list[Name]:
    """批予|天衡: who has got it, though no row has him."""
    named = _NAME_ONLY.match(place.text_after)
    start = place.cue.end
    return [name_at(place, start + named.start(1), start + named.end(1), "company")] if named else []


def closed(place: Place) -> Draft | None:
    """岑嶺商場今年3月以3.2億元成交: a building for business that has found a buyer, named or not, at a price."""
    told = [a for a in place.clause.amounts if a.end <= place.cue.start]
    if not told or place.cue.start - told[-1].end > _NEXT_TO or not _AT_PRICE.search(place.up_to):
        return None
    price = max(told, key=lambda a: a.value.value or 0)  # 以35億元、每坪128萬元成交
    asset = _led_asset(place)
    if not asset or not _FOR_BUSINESS.search(fold(asset[0].text)) or place.left:
        return None
    buyer = next((b for c in place.following[:2] if (b := named_buyer(c)) is not None), None)
    return place.draft("acquisition", {"acquirer": names_of(buyer), "target": asset}, amount=price)


def _led_asset(place: Place) -> list[Name]:
    """The plant or building with which a clause of the sentence begins."""
    asset: list[Name] = []
    for clause in place.sentence.clauses[: place.index + 1]:
        led = _LED_ASSET.match(clause.text)
        if led is not None and patterns().asset.fullmatch(led[1]):
            asset = asset_name(place, clause.start + led.start(1), clause.start + led.end(1))
    return asset


def bought_by(place: Place) -> list[Name]:
    """岑岳大樓由 A 以12億元買下: what is bought opens the sentence, where the verb has nothing after it but the price."""
    by = last_of(place.left, "by")
    priced = any(clause.amounts for clause in (place.clause, *place.following[:2]))
    if (
        by is None
        or not priced
        or place.right
        or _NOTHING_MORE.match(place.clause.text, place.cue.end - place.clause.start) is None
    ):
        return []
    return _led_asset(place)


def is_paid_before(place: Place) -> bool:
    """以1.1億元為上限,向 S 購入…; 砸下28億元,購入…: the clause before says how much."""
    before = place.sentence.clauses[place.index - 1] if place.index else None
    if before is None or not before.amounts:
        return False
    last = before.amounts[-1]
    lead, rest = before.between(before.start, last.start), before.between(last.end, before.end).strip()
    return _UP_TO.fullmatch(rest) is not None or (not rest and _SPENT.search(lead) is not None)


def land_won(place: Place, winner: Group, seller: Group | None) -> Draft | None:
    """標售…E3區塊,由 X 以5億元得標: land put up for sale is bought, and no order is won."""
    led = place.sentence.clauses[: place.index + 1]
    if not place.clause.amounts or (not any(_FOR_SALE.search(clause.text) for clause in led) and not _bids_opened(led)):
        return None
    told = [(clause, match) for clause in led for match in _LAND.finditer(clause.text)]
    land: list[Name] = []
    for clause, match in told[-1:]:
        offered_at = _FOR_SALE.search(clause.text, match.start(), match.end())
        start = offered_at.end() if offered_at and offered_at.end() < match.end() else match.start(1)
        land = asset_name(place, clause.start + start, clause.start + match.end(1))
    sold_by = [name for name in names_of(seller) if name.kind in {"government", "company"}]
    return place.draft("acquisition", {"acquirer": winner.mentions(), "target": land, "seller": sold_by})


def _bids_opened(led: tuple[Clause, ...]) -> bool:
    """岑嶺大樓部分樓層今日開標: a building that is sold, no works on it."""
    opened = any("开标" in clause.text for clause in led)
    return opened and not any(_WORKS.search(clause.text) for clause in led)


def won_at_auction(place: Place) -> Draft | None:
    """参与竞拍 C 的资产,以7亿元中标: what is bid for is bought, and no order is won."""
    before = place.sentence.clauses[place.index - 1] if place.index and place.clause.amounts else None
    bids = _BIDS_FOR.search(before.text) if before else None
    if before is None or bids is None:
        return None
    target = next((g for g in groups(before) if g.start == before.start + bids.end()), None)
    own = next((g for g in groups(before) if not g.case and g.end <= before.start + bids.start()), None)
    buyer = own or place.state.announcer
    if target is None or buyer is None or buyer.shares(target):
        return None
    return place.draft("acquisition", {"acquirer": buyer.mentions(), "target": target.mentions()})
