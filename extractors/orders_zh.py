"""Chinese orders: contracts won at a tender or without one, and those taken back (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.bids_zh import land_won, won_at_auction
from extractors.draft import Draft, distinct
from extractors.frames import Group, Place, last_of, names_of
from extractors.parties_zh import ITSELF, groups, implicit, name_at, object_of, preposition_start, subject_of
from extractors.reading import Clause
from extractors.status import pattern
from extractors.tenders_zh import client_before, client_next, contract_priced_next
from extractors.weak_names import has_tail
from models.mention import Name

CLIENT = re.compile("..(?:公司|集团|[局处部厅委院所]|中心|政府|医院|大学|学校|银行|电网|移动|电信|联通|铁塔)$")
SHORTEST_BODY, LONGEST_BODY = 3, 20
"""Characters of a body that neither a row nor a tail shows to be a name"""
_PROJECT = re.compile(
    "[^,]{0,80}(?:项目|工程|标案|采购|标段|招标|服务|施工|总承包|外包)[^,]{0,48}(?:候选人|排序人|第一名|中标|得标|中选|成交)"
)
_CALLS_FOR_BIDS = re.compile(
    "[^,]{0,60}(?:(?:项目|工程|标段|采购|服务|平台|设备)[^,]{0,6}(?:招标|采购)|(?:招标|采购|集采)[^,]{0,12}(?:结果|公示|公布|出炉))"
)
_TENDERS = frozenset({"标案", "大案"})
_ORDERS = frozenset({"大单", "订单", "超级大单", "长单"})
_BY = re.compile("由(?:[^,由]{2,12}(?:园区|工业区)内?的)?$")
"""由, 由…園區內的: right before who has won"""
_GOT_ORDER = re.compile(r"获得?|拿下|再拿|拿到|抢下|夺[得下]|接下|揽下|吃下|接获|取得|再接|喜获|斩获|承揽|夺")
_GOT_WORTH = re.compile(r"\s*(?:再|狂|豪)?(?:斩获|揽获|狂揽|入袋|到手|豪取|进补)\s*(?:逾|约|近|超|达|高达)?")
_COUNTED_ORDER = re.compile(r"\s*\d[\d,]*[余多]?\s*[万千]?(?:辆|列|架|艘|套|枚|座|部|台|颗)[^,]{0,16}")
"""再接3艘巡護船訂單: who orders is not told"""
_ORDER_FROM = re.compile("[\u3400-\u9fff]{0,8}(?:国|客户|大厂|车厂|军方|业者|巨头)(?:的)?[^,]{0,6}")
"""奪得沙國訂單, 搶下美系大廠長單: who orders is told by his trade alone"""
_TENDERED = re.compile("采购|招标|标案|工程|建案|统包")
_WINNING = re.compile(r"的?[^,\d]{0,6}(?:公司|厂商|业者|企业)")
_LONGEST_SHORT = 4
_RANKED = re.compile("第一$|最优申请人$")
_TENDER_REACH = 120
_TENDER_OF = re.compile(
    "(?<![\u3400-\u9fff])([\u3400-\u9fff]{1,8}?(?:署|局|部|处|政府|市府|县府|公司))(?:办理的?)?「[^」]{4,60}(?:采购案|标案|工程|招标案|统包案|促参案)」"
)
_DECIDED = re.compile("决标|评选|甄审|招商")
_AWARDED = re.compile("采购案|标案|订单|大单|合约|合同|工程|建案|项目")
_ORDERED = re.compile("订单|采购单|供货合同")
_GIVES = re.compile(r"\s*(?:\([^()]*\))?\s*(?:关于|就|下达|发来|发出|的|\d)")
_AWARDED_BY = re.compile("[^,]{0,16}(?:授予|招标|采购|发包)")
_BY_COMPANY = re.compile("由(?:本)?公司$")
_BECOMES = re.compile("(?:为|系|是)[^,]{0,80}$")
_ITSELF_BECOMES = re.compile("公司成?[为系是]$")
_AS_FOLLOWS = re.compile("如下|名单|包括|为")
_JOINS_ITSELF = re.compile(
    "(?:^|[确认选]定|确认)(?:近日)?公司(?=[与和、及])|(?:[与和、及]|以及)(?:本)?公司(?=(?:共同)?组[成建]|等|联合体|的联合体)"
)
"""公司和 B 组成的联合体, B 与公司组成的联合体: who gives the notice is one of them"""
_AT_PROJECT = re.compile("在[^,]*(?:项目|工程|采购|招标|标段)[^,]{0,12}$")
"""近日在…工程中中标"""
_IS = re.compile("(?:被?(?:确定|确认)?为|系|是|成为)|(?:近日|日前|于)?在|等?(?:共同)?组[成建]的?联合体")
_RECEIVED = re.compile("收到|接到|获得|取得")
_SENT = re.compile(
    r"\s*(?:\([^()]*\))?\s*(?:(?:所)?(?:联合)?(?:发来|发出|发布|送达|出具|签发|下发|下达|颁发|发送|寄发|发给|的)|《[^》]{0,24}中标|(?:招标活动)?中标(?:候选人)?通知书)"
)
_AGENCY = re.compile("招标|招投标|咨询|交易中心|采购中心|项目管理|工程管理")
_BEFORE_AGENCY = 8
_NOTICE_OF_AWARD = re.compile("中标(?:候选人)?通知书")
_NOMINATED = re.compile("(?:获得?|收到|接到|取得|斩获|成为)(?=[^,]{2,40}$)")
_CHOOSES = re.compile(r"\s*(?:最终|正式)?(?:确定|确认|选定|公示|宣布)(?:由)?[「“]?")
_AS_SUPPLIER = re.compile("[^,]{0,40}供应商")
_BEFORE_PASSIVE = 1
_JOINED_BY = re.compile("由(?:本)?公司[与和、及][^,]{2,60}?联合体$")
_SUM_WON = re.compile("(?:合同|项目)?(?:总|合计)?(?:金额|价格?|总价|额)")
_WON = re.compile("中标[^,]{0,60}(?:项目|招标|工程|标段|采购)")
_WORK = re.compile("(?:工程|项目|标段|標段|項目)$")
_PROJECT_AFTER = re.compile("[^,]{0,70}?(?:项目|工程|标段|标案|采购案|计划)")
_LEGAL = re.compile(
    "公司|集团|[局厅]$|政府|医院|大学|委员会$|(?:管理|养护)[处所站]$|支队$|(?:管理|发行|服务|信息|监测|指挥)中心$"
)


def win(place: Place) -> Draft | None:
    """S is given an order by B."""
    if place.cue.cue.needs and not _AWARDED.search(place.clause.text):
        return None
    if place.cue.cue.needs == "amount":
        return _ordered(place)
    if _RANKED.search(place.clause.between(place.cue.start, place.cue.end)):
        return _ranked_first(place)
    if any("竞拍" in clause.text for clause in place.sentence.clauses[: place.index + 1]):
        return won_at_auction(place)
    if place.clause.between(place.cue.start, place.cue.end).endswith(("为", "是")):  # 中标单位为 S
        return place.draft("purchase", {"supplier": names_of(place.right[0])}) if place.right else None
    if place.clause.between(place.cue.start, place.cue.end).endswith(("单位", "人", "方", "供应商")):
        return _chosen(place)
    before = place.sentence.clauses[: place.index]
    if not place.groups and _SUM_WON.match(place.text_after) and any(_WON.search(clause.text) for clause in before):
        return None  # 中标总金额约…: the sum of what is told before
    supplier = subject_of(place)
    buyer = last_of(place.left, "by") or object_of(place)
    if buyer is None and place.right and _AWARDED_BY.search(place.clause.text, place.right[0].end - place.clause.start):
        buyer = place.right[0] if place.right[0].case == "by" else None  # 中标由 B 授予的…
    if _BY_COMPANY.search(place.clause.text, 0, place.cue.start - place.clause.start):
        supplier = place.state.announcer or place.state.topic
    if len(joint := _joined_by(place) or _joint_bidders(place)) > 1:
        client = _client(place) or (buyer if buyer in place.right and not _is_project(place, buyer) else None)
        client = client if client is not None and _is_client(client) else None
        known = client is not None and not any(name in joint for name in client.mentions())
        return place.draft("purchase", {"supplier": joint, "buyer": names_of(client if known else None)})
    named_next = bool(place.right) and place.right[0].start == place.cue.end
    if not named_next and _WINNING.match(place.clause.text, place.cue.end - place.clause.start):
        return None  # 得標裝潢公司: who has won, spoken of
    named_supplier = place.clause.between(place.cue.start, place.cue.start + 2) == "定点"
    if named_supplier or "通知书" in place.clause.between(place.cue.end, place.cue.end + 4):
        return _notified(place)
    if buyer is not None and buyer in place.right and _is_project(place, buyer):
        buyer = None
    if place.clause.between(place.cue.start, place.cue.end) in _TENDERS:
        return _tender_won(place)
    if place.clause.between(place.cue.start, place.cue.end) in _ORDERS:
        return _order_got(place)
    by = last_of(place.left, "by")
    if by is not None and _BY.search(place.clause.text, 0, by.start - place.clause.start):  # 由 X 得標
        supplier, buyer = by, next((g for g in place.left if not g.case and g.end < by.start), None) or place.state.topic
        if buyer is not None and (buyer.shares(by) or _is_work(buyer)):
            buyer = None
        if (bought := land_won(place, by, buyer)) is not None:
            return bought
        client_told, amount = client_before(place) if buyer is None or _is_thing(buyer) else ([], None)
        roles = {"supplier": supplier.mentions(), "buyer": client_told or names_of(buyer)}
        return place.draft("purchase", roles, amount=None if place.clause.amounts else amount)
    client = _client(place)
    if client is None and buyer is None and (tenderer := _tenderer(place)) is not None:
        buyer = tenderer if supplier is None or not tenderer.shares(supplier) else None
    if client is not None:  # B 采购项目…中标
        supplier = next((g for g in place.left if not g.case and g.end < client.start), None) or place.state.topic
        buyer = client
    if buyer is not None and not _is_client(buyer):
        buyer = None
    told = place.clause.text[: place.cue.start - place.clause.start]
    project_named = not place.cue.cue.needs and (
        _PROJECT_AFTER.match(place.clause.text, len(told) + place.cue.end - place.cue.start) or _AT_PROJECT.search(told)
    )
    client_told = client_next(place) if buyer is None and place.cue.cue.needs else []
    priced = place.clause.amounts or (place.cue.cue.needs and contract_priced_next(place))
    if supplier is None or not (priced or place.right or buyer or project_named) or (buyer and buyer.shares(supplier)):
        return None
    return place.draft("purchase", {"supplier": supplier.mentions(), "buyer": client_told or names_of(buyer)})


def _is_thing(group: Group) -> bool:
    """Whether nothing shows the one named before who has won to be a client."""
    return not _is_client(group)


def _joined_by(place: Place) -> list[Name]:
    """由公司及 X 联合体中标: who gives the notice, and X."""
    joined = _JOINED_BY.search(place.up_to)
    itself = (place.state.announcer or place.state.topic) if joined else None
    if joined is None or itself is None:
        return []
    beside = [name for g in place.left if g.start >= place.clause.start + joined.start() for name in g.mentions()]
    return distinct([*itself.mentions(), *beside]) if beside else []


def _joint_bidders(place: Place) -> list[Name]:
    """S、T 和公司组成的联合体中标; S 与 T 组建联合体,中标: all whom the consortium joins."""
    bid = place.clause.between(place.cue.start, place.cue.end).endswith(("标", "选"))
    before = place.sentence.clauses[place.index - 1].text.rstrip() if bid and place.index and not place.left else ""
    return _consortium(place) if "联合体" in place.up_to or before.endswith("联合体") else []


def nominated(place: Place) -> Draft | None:
    """S 获得 B 某车型座椅定点, 成为 B 的定点供应商, 被 B 选定为…供应商: whom a maker has chosen to supply it."""
    by = last_of(place.left, "by")
    word = place.clause.between(place.cue.start, place.cue.end)
    got = _NOMINATED.search(place.up_to)
    at = place.clause.start + got.start() if got else place.clause.end
    if word.endswith("为"):
        supplies = _AS_SUPPLIER.match(place.clause.text, place.cue.end - place.clause.start)
        buyer = by if supplies and place.up_to.find("被") >= 0 else None
        at = buyer.start if buyer else at
    else:
        buyer = next((g for g in place.left if got and g.start >= at), None)
    if buyer is None or len(buyer.names) > 1 or any(name.kind not in {"company", "unit"} for name in buyer.mentions()):
        return None
    itself = place.state.announcer if ITSELF.match(place.clause.text) else None
    before = next((g for g in reversed(place.left) if not g.case and g.end <= at), None)
    spoken_of = itself or (place.state.topic if implicit(place.clause, at - _BEFORE_PASSIVE) else None)
    supplier = before or spoken_of
    if supplier is None or supplier.shares(buyer):
        return None
    return place.draft("purchase", {"supplier": supplier.mentions(), "buyer": buyer.mentions()})


def called_off(place: Place) -> Draft | None:
    """得標商 S 無法取得許可,遭 B 解約: the order that B has taken back."""
    buyer = last_of(place.left, "by")
    if buyer is None or not any(name.kind in {"government", "company", "unit"} for name in buyer.mentions()):
        return None
    supplier = next((g for g in place.left if not g.case and g.end < buyer.start), None)
    if supplier is None and implicit(place.clause, place.clause.start + preposition_start(_before(place, buyer))):
        supplier = place.state.topic
    if supplier is None or supplier.shares(buyer) or any(name.kind == "person" for name in supplier.mentions()):
        return None
    told = place.clean.text[place.sentence.start : place.sentence.end]
    if not _AWARDED.search(told) and not _TENDERED.search(told):
        return None
    return place.draft("purchase", {"buyer": buyer.mentions(), "supplier": supplier.mentions()})


def _before(place: Place, group: Group) -> str:
    return place.clause.between(place.clause.start, group.start)


def _chosen(place: Place) -> Draft | None:
    """S 成为…项目的中标单位, S 与 T 组成的联合体为…中标候选人."""
    after = place.clause.text[place.cue.end - place.clause.start :]
    if _AS_FOLLOWS.match(after):
        listed = place.right or (groups(place.following[0]) if not after[2:].strip() and place.following else [])
        return place.draft("purchase", {"supplier": listed[0].mentions()}) if listed else None
    becomes = _BECOMES.search(place.clause.between(place.clause.start, place.cue.start))
    if becomes is None:
        return None
    if (sender := _client_by_notice(place)) is not None:
        won = place.state.announcer
        known = won is not None and not won.shares(sender)
        return place.draft("purchase", {"supplier": names_of(won), "buyer": sender.mentions()}) if known else None
    at = place.clause.start + becomes.start() + 1
    before = next((g for g in reversed(place.left) if g.case != "by" and g.end <= at), None)
    client = _client(place) or _tenderer(place) or _choosing(place, before)
    itself = _ITSELF_BECOMES.search(place.clause.text, 0, at - place.clause.start)
    spoken_of = place.state.announcer if itself else place.state.topic
    suppliers = _consortium(place) or names_of(before or spoken_of)  # 成为 B 采购项目的中标候选人
    if not suppliers or any(name in suppliers for name in names_of(client)):
        return None
    return place.draft("purchase", {"supplier": suppliers, "buyer": names_of(client)})


def _choosing(place: Place, chosen: Group | None) -> Group | None:
    """B 发布公告,确定 S 为…中标单位: who gives the notice has its order won."""
    if chosen is None or not _CHOOSES.fullmatch(_before(place, chosen)):
        return None
    spoken_of = place.state.topic
    agency = spoken_of is not None and any(_AGENCY.search(name.text) for name in spoken_of.mentions())
    return None if spoken_of is None or agency or not _is_client(spoken_of) else spoken_of


def _client(place: Place) -> Group | None:
    """Whose project is told before the cue: 成为 B 采购项目的…."""
    text, begun = place.clause.text, place.clause.start
    joined = begun + max(text.find("联合体"), 0)
    of_project = (
        g for g in reversed(place.left)
        if g.end > joined and _PROJECT.match(text, g.end - begun) and not _IS.match(text, g.end - begun)
    )  # fmt: skip
    return next((g for g in of_project if _is_client(g)), None)


def _tenderer(place: Place) -> Group | None:
    """B …项目对外招标,最终 S 中标: who a clause before says has asked for bids."""
    for clause in reversed(place.sentence.clauses[max(place.index - 3, 0) : place.index]):
        for group in groups(clause):
            if _CALLS_FOR_BIDS.match(clause.text, group.end - clause.start) and _is_client(group):
                return group
    return None


def _is_client(group: Group) -> bool:
    """水利综合治理项目, 垃圾焚烧发电项目: what is done, or where, not whose project it is."""
    return any(name.entity_id or CLIENT.search(name.text) for name in group.mentions())


def _consortium(place: Place) -> list[Name]:
    """Whom 组成的联合体 joins, in the clause or the one before it."""
    previous = place.sentence.clauses[place.index - 1 : place.index] if place.index else ()
    for clause, members in ((place.clause, place.left), *((c, groups(c)) for c in previous)):
        joined = clause.text.find("联合体")
        if joined < 0:
            continue
        told = [g for g in members if g.end <= clause.start + joined]
        named = distinct([name for g in told for name in g.mentions()])
        with_itself = _JOINS_ITSELF.search(clause.text, 0, joined) is not None
        itself = (place.state.announcer if with_itself else None) or place.state.topic
        agency = itself is not None and any(_AGENCY.search(name.text) for name in itself.mentions())
        if told and (told[0].case == "with" or with_itself) and itself is not None and not agency:
            named = distinct([*itself.mentions(), *named])
        return named
    return []


def _ordered(place: Place) -> Draft | None:
    """S 收到 B 的采购订单,金额…."""
    ordered = _ORDERED.search(place.clause.text, place.cue.end - place.clause.start)
    if ordered is None or not any(c.amounts for c in (place.clause, *place.following[:2])):
        return None
    supplier, buyer = subject_of(place), object_of(place)
    if buyer is not None and not _GIVES.match(place.clause.text, buyer.end - place.clause.start):
        buyer = None
    if supplier is None or (buyer and buyer.shares(supplier)):
        return None
    return place.draft("purchase", {"supplier": supplier.mentions(), "buyer": names_of(buyer)})


def _ranked_first(place: Place) -> Draft | None:
    """B「…採購案」決標,評選由「S」排序第一: who comes first among those that bid has won."""
    told = place.clean.text[max(place.sentence.start - _TENDER_REACH, 0) : place.sentence.end + _TENDER_REACH]
    supplier = last_of(place.left, "by") or subject_of(place)
    if supplier is None or not _TENDERED.search(told) or not _DECIDED.search(told):
        return None
    return place.draft("purchase", {"supplier": _quoted(place, supplier), "buyer": _whose_tender(place)})


def _quoted(place: Place, supplier: Group) -> list[Name]:
    """由「台灣岑光科技股份有限公司」排序第一: all that the quotation marks hold."""
    text, first = place.clause.text, place.clause.start
    opened = text.rfind("「", 0, supplier.start - first + 1)
    if (
        opened < 0
        or text[supplier.end - first : supplier.end - first + 1] != "」"
        or "」" in text[opened : supplier.start - first]
    ):
        return supplier.mentions()
    return [name_at(place, first + opened + 1, supplier.end, "company")]


def _whose_tender(place: Place) -> list[Name]:
    """海巡署「…採購案」: whose it is, told last before the clause."""
    begun = max(place.sentence.start - 2 * _TENDER_REACH, 0)
    told = list(_TENDER_OF.finditer(place.clean.text, begun, place.clause.end))
    return [name_at(place, told[-1].start(1), told[-1].end(1), "government")] if told else []


def _order_got(place: Place) -> Draft | None:
    """S 獲得 B 十億日圓大單: the buyer between the verb and the sum, whether or not a row has it."""
    text = place.clause.between(place.clause.start, place.cue.start)
    got = next(reversed(list(_GOT_ORDER.finditer(text))), None)
    if got is None:
        return _orders_worth(place)
    at = place.clause.start + got.end()
    supplier = next((g for g in reversed(place.left) if not g.case and g.end <= place.clause.start + got.start()), None)
    if supplier is None and (
        place.left or place.state.topic is None or implicit(place.clause, place.clause.start + got.start(), 12)
    ):
        supplier = place.state.topic
    buyer = [name for g in place.left if g.start >= at for name in g.mentions()]
    priced = next((a for a in place.clause.amounts if at <= a.start < place.cue.start), None)
    if not buyer and priced is not None and SHORTEST_BODY <= priced.start - at <= LONGEST_BODY:
        buyer = [name_at(place, at, priced.start, "other")]
    counted = (_COUNTED_ORDER.fullmatch(text, got.end()) or _ORDER_FROM.fullmatch(text, got.end())) is not None
    if supplier is None or not (buyer or counted) or any(name in buyer for name in supplier.mentions()):
        return None
    return place.draft("purchase", {"supplier": supplier.mentions(), "buyer": buyer})


def _orders_worth(place: Place) -> Draft | None:
    """S 航展訂單斬獲220億元: what S has got stands after the word, and who has ordered is not told."""
    worth = next((a for a in place.clause.amounts if a.start >= place.cue.end), None)
    supplier = place.left[0] if len(place.left) == 1 and not place.left[0].case else None
    if worth is None or supplier is None or _GOT_WORTH.fullmatch(place.clause.between(place.cue.end, worth.start)) is None:
        return None
    return place.draft("purchase", {"supplier": supplier.mentions()}, amount=worth)


def _tender_won(place: Place) -> Draft | None:
    """S 與 T 共同取得 B「…」標案: B stands right after the verb, and T has won it, too."""
    got = next(reversed(list(_GOT_ORDER.finditer(place.clause.text, 0, place.cue.start - place.clause.start))), None)
    if got is None:
        return None
    first, last = place.clause.start + got.start(), place.clause.start + got.end()
    buyer = next((g for g in place.groups if g.start == last), None)
    won = [g for g in place.left if g.end <= first and g.case in {"", "with"}]
    suppliers = [name for g in won for name in g.mentions()]
    if not suppliers and implicit(place.clause, first):
        suppliers = [*names_of(place.state.topic), *names_of(place.state.partner)]
    if buyer is None or not suppliers or not _is_client(buyer) or any(name in suppliers for name in buyer.mentions()):
        return None
    return place.draft("purchase", {"buyer": buyer.mentions(), "supplier": distinct(suppliers)})


def winner(place: Place) -> Draft | None:
    """B 採購 …, 得標廠商 S 逾期 …: who has won stands right after, who buys leads the sentence."""
    supplier = next((g for g in place.right if g.start - place.cue.end <= 1), None)
    if supplier is not None and any(_is_run(name) for name in supplier.mentions()):
        return None
    led = place.sentence.clauses[: place.index + 1]
    if supplier is None or not any(_TENDERED.search(c.text) for c in led):
        return None
    buyer = next((g for c in led for g in groups(c) if not g.case and g.end < supplier.start), None)
    if buyer is None:
        return None
    rest = ",".join(c.text for c in place.sentence.clauses[place.index :])
    draft = place.draft("purchase", {"supplier": supplier.mentions(), "buyer": names_of(buyer)})
    if draft is not None and pattern("zh", "terminated").search(rest):
        draft.scope = rest
    return draft


def _is_run(name: Name) -> bool:
    """承包廠商|進度落後: more words than a short name has, and nothing that closes one."""
    return name.entity_id is None and len(name.text) > _LONGEST_SHORT and not has_tail(name.text)


def _notified(place: Place) -> Draft | None:
    """S 收到 B 发来的《中标通知书》; without S, the one the text speaks of."""
    got = _RECEIVED.search(place.clause.text)
    if got is None:
        return None
    at = place.clause.start + got.start()
    supplier = next((g for g in place.left if not g.case and g.end <= at), None)
    if supplier is None:
        supplier = (place.state.announcer if ITSELF.match(place.clause.text) else None) or place.state.topic
    buyer = next((g for g in place.left if g.start >= at and _SENT.match(place.clause.text, g.end - place.clause.start)), None)
    if buyer is None and place.clause.text.startswith("定点", place.cue.start - place.clause.start):
        buyer = next((g for g in place.left if g.start == place.clause.start + got.end()), None)  # B 新能源项目定点通知书
    if buyer is not None and _is_agency(place.clause, buyer):
        buyer = None
    if supplier is None or (buyer and buyer.shares(supplier)):
        return None
    return place.draft("purchase", {"supplier": supplier.mentions(), "buyer": names_of(buyer)})


def _client_by_notice(place: Place) -> Group | None:
    """收到 B 发来的《中标通知书》,确认公司为…中标单位: who has sent the notice has it done."""
    for clause in place.sentence.clauses[max(place.index - 2, 0) : place.index]:
        got = _RECEIVED.search(clause.text)
        if got and _NOTICE_OF_AWARD.search(clause.text, got.end()):
            at = clause.start + got.start()
            senders = (g for g in groups(clause) if g.start >= at and _SENT.match(clause.text, g.end - clause.start))
            return next((g for g in senders if not _is_agency(clause, g)), None)
    return None


def _is_agency(clause: Clause, sender: Group) -> bool:
    """招标代理机构 X 发出的《中标通知书》: X runs the tender for somebody else."""
    named = any(_AGENCY.search(name.value.text) for name in sender.names)
    return named or "代理" in clause.between(sender.start - _BEFORE_AGENCY, sender.start)


def _is_work(group: Group) -> bool:
    """岚川市政工程由 X 中标: what is to be done, not who has it done."""
    return all(name.value.entity_id is None and _WORK.search(name.value.text) for name in group.names)


def _is_project(place: Place, group: Group) -> bool:
    """中标安福县垃圾焚烧发电PPP项目: words of what is built, which no row lists and no legal form closes."""
    listed = any(name.value.entity_id or _LEGAL.search(name.value.text) for name in group.names)
    return not listed and bool(_PROJECT_AFTER.match(place.clause.text, group.end - place.clause.start))
