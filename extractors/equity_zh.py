"""Chinese equity: who acquires whom, and whose shares pass on (folded text: simplified characters)."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.acts_zh import (
    OF_SHARES,
    SHARES_AFTER,
    Sides,
    counts_machines,
    is_by_unnamed,
    is_no_act,
    is_told_elsewhere,
    on_market,
    sides_of,
    venture,
)
from extractors.bids_zh import bought_by, put_forward, refused
from extractors.buyers_zh import (
    bids_in_sale,
    buyer_beside,
    by_holders,
    counted,
    each_paying,
    joined,
    joins_bidding,
    leading_words,
    nominal,
    of_holders,
    of_unnamed,
    taken_then,
)
from extractors.draft import Draft
from extractors.frames import CONTROL, Group, Place, first_of, last_of, names_of, payer_and_paid
from extractors.goods_zh import buy_goods
from extractors.invested_zh import invest
from extractors.notices_zh import brings_control, own_shares_bought
from extractors.parties_zh import asset_bought, asset_end, asset_name, name_at, object_of, subject_of
from extractors.parts_zh import part_of, told_on
from extractors.reading import At
from extractors.rights_zh import is_of_rights, rights_got
from extractors.sales_zh import count_sold
from extractors.syntax_zh import common_words, patterns
from extractors.weak_names import has_tail
from models.mention import Name

_NEGOTIATED = re.compile("(?:案|事宜|一事)?(?:进行|展开)?[^,]{0,6}(?:协商|谈判|洽谈|磋商|讨论|接洽|商谈)")
"""A 與 B 就併購進行深入協商"""
_TALKED = re.compile("(?:洽谈|商谈|谈判|磋商|协商|讨论)[了过]?$")
_AFFAIR = re.compile("事宜|一事|案|的?可能")
"""A 曾與 B 洽談收購事宜"""
_CONTROLLING = re.compile("控股权|控制权|控股股权|全部股权|少数股东")
_ALL_OF_IT = re.compile("[^,]{2,24}?(?:控股权|控制权|全部股权|全部股份)")
_UNNAMED_TARGET = re.compile("(?!其|该|本|上市)[\u3400-\u9fff]{2,8}(?:公司|新创|企业|业者|厂商)(?:$|,)")
_SHARE_TAKEN = re.compile(r"(?:拿下|取得|入股|收购|买下)[^。!?\n]{0,16}?(\d{1,2}(?:\.\d+)?)%的?(?:股权|股份)")
_SPAC = re.compile("特殊目的收购|SPAC(?![A-Za-z])")
_GOODS = re.compile(
    r"(?:[^,\s厂]{0,8}?)(?:天然气|LNG|原油|石油|煤炭?|[晶芯]片|飞机|客机|战机|直升机|飞弹|导弹|弹药|炸药|军火|无人机|列车|电联车|巴士|货轮|货柜船|伺服器|服务器"
    r"|GPU|设备|机台|大豆|黄豆|小麦|玉米)"
)
_QUOTED_THING = re.compile(r"[「“\"]([^「」”\"]{2,24})[」”\"]")
_SOME_BUYER = re.compile(
    r"(?:[^,]{0,8}(?:建商|业者|大厂|厂商?|财团|买家|集团|公司|大咖|富豪|外资)|神秘[^,]{0,4})(?:豪?砸|斥资|以|豪掷)"
)
"""建商砸近20億: who buys is told by his trade"""
_HELD_BY = re.compile(
    r"\s*(?:\([^()]*\))?(?:、[\u3400-\u9fff]{2,4}){0,4}(?:等[^,、]{0,8}?)?(?:公司|集团|控股|家族|夫妇)?"
    r"(?:[及和与、](?:其他)?[^,、的]{0,8}?(?:(?:自然人(?:[\u3400-\u9fff]{2,3})?|股东|关联方|一致行动人|方|人)))?(?:合计|分别|各自|共同|直接|间接)*(?:(?:所)?持有?的?|[所拟]?(?:转让|出让|出售)的(?:合计)?)"
    r"(?:[\u3400-\u9fff]{2,8}?(?:公司|平台|品牌))?\s*"
)
_THEY_HOLD = re.compile(r"[了过]?其(?:分别|合计|共计|共同|各自|所)*持有?")
"""向 S、T 发行股份,购买其合计持有的 C 股权: held by those the clause before turns to"""
_HELD_UNKNOWN = re.compile(
    r"(?:\([^()]*\))?(?:合计)?(?:(?:所持有?|持有)的?|[所拟]?(?:转让|出让)的(?:合计)?)\s*([\u3400-\u9fff]{2,16}?)\s*(?:\([^()]*\))?\s*\d[\d.]*%的?(?:股权|股份)"
)
"""S 持有的 C 51%股权: C, where nothing shows it to be a name"""
_ACQUIRER_S = re.compile(r"\s*(?:旗下|(?:所)?持有)")
_SALE_AGREEMENT = re.compile(r"(?:买卖|转让|出售|收购|购股)协议")
_OF_THE_OTHER = re.compile(r"[^,]{0,3}(?:后者|其|对方)(?:旗下|位于|的|在)")
_GRANTED = re.compile(r"授予|授权(?!(?:公司|其)?(?:全资|控股)?[子孙]公司|董事会|管理层|经营)")
_ITS_UNIT = re.compile('(?:旗下|的)[^,、的]{0,16}(?:公司|企业|业务|品牌|平台|部门|[厂商])[「“"]?')
_UNLISTED_OWNER = re.compile(r"((?![其该本]|公司|分别|标的)[\u3400-\u9fff]{2,4}?)(?:所|合计)?持有的?")
_APPROVED = re.compile("(?:案|交易|要约)?(?:已|正式)?(?:获批|获准|获(?:监管|股东)|过关)")
_OWN_COMPANY = re.compile(r"(?:^|[\s,]|报告期内?|近日|日前)(?:你|本|我|上市)?公司")
_HELD_THINGS = re.compile(r"\s*(?:所|手中|目前)?持有的")
_IN_TITLE = re.compile("(?:框架|意向)?(?:协议|合同|意向书)")
_EQUIPMENT = re.compile(r"[^,股]{0,10}(?:设备|机台|厂务工程|机器|系统)(?:$|[,;]|工程|一批|乙批)")
"""取得廠務設備, from whom it is told: goods, not a company"""
_SITUATED = re.compile("位于|在[^,]{1,12}的")
_SHARES_OF = re.compile(r"([\u3400-\u9fff]{2,12}?)\s*\d[\d.]*%的?(?:股权|股份)")
"""C 51%股权, 乙集团|海洋 51%股权: a company, or the rest of its name where that begins with a listed one"""
_NO_UNIT = re.compile("公司|集团|控股|股份|旗下|持有|所持|合计|剩余|全部|其余|[的约近逾超共在以]")
_GROUP_WORDS = re.compile("(?:的|其|该|上市|标的|目标|全部|部分|剩余|合计|公司|企业|另外|以及|[和及])*")
_SHARES_COUNTED = re.compile(r"持有?的?[^,]{0,24}?\d[\d.,]*\s*[万亿]?股(?:股份|股权)?$")
_OWN_DEAL = re.compile("(?:案|交易)(?:$|[,;])")
_APPLIES = re.compile("申请|申报|送件|提出")
_NOT_A_COMPANY = re.compile(
    r"[^,]{0,24}?(?:订单|大单|急单|长单)|[^,股]{0,8}?(?:绿电|绿色电力|发电量|所有电力)|[^,股]{0,20}?(?:授权|销售权|代理权|经销权)(?:$|[,;])|(?:(?!持有)[^,%]){0,12}(?:股票|普通股)(?!交易所)"
)
"""吃下 B 的訂單, 取得 B 技術授權, 買進 O 股票: goods sold to B, rights, and some of the shares"""
_PAYING = re.compile(r"(?:以|斥资|耗资|豪掷|砸下?)\s*$")
_IN_CASH = re.compile(r"\s*(?:\([^()]*\))?\s*(?:的?(?:全)?现金(?:及股票|加股票)?)?\s*")
_OWN_NAME = re.compile(r"(?!的|旗下|位于|持有|所)[^,的]{0,8}?(?:大楼|大厦|广场|商厦|中心|园区)")
_SERVICES = re.compile("的?[^,]{0,6}?(?:云端服务|云服务|服务|算力|运算|产能|[晶芯]片|处理器)")
_SOME_SHARES = re.compile("(?:(?<!大)部分|少数|少量)(?:股权|股份)")
_SEIZED = frozenset({"拿下", "抢下"})
_SHARES_NEXT = re.compile(r"\s*(?:\d[\d.]*%)?的?(?:全部|部分|剩余|控股)?(?:股权|股份)")
_REST_OF_UNIT = re.compile("持有的(?:本)?公司(?:的)?控股[子孙]公司$")
"""收购 S 持有的公司控股子公司 C 39%股权: the partner in a unit is bought out"""


def act(place: Place) -> Draft | None:
    """S invests in, acquires or buys from O; 受让, 取得 and 购回 by what and how much of it."""
    if _GRANTED.search(place.clause.between(place.clause.start, place.cue.start)) or by_holders(place):
        return None
    if place.cue.cue.needs and is_of_rights(place):
        return rights_got(place, names_of(subject_of(place)), names_of(object_of(place)))
    return _ACTS.get(place.cue.type, _use)(place)


def _acquire(place: Place) -> Draft | None:
    """S acquires O, O's unit, its plant or land."""
    if (joining := joins_bidding(place)) is not None:
        return place.draft("acquisition", {"acquirer": joining[0], "target": joining[1]}) if all(joining) else None
    if (bidding := bids_in_sale(place)) is not None:
        return bidding
    agent, patient = _buyer_and_bought(place)
    if agent and patient is None and (own := own_shares_bought(place, agent)) is not None:
        return own
    if (bought := _passive(place) or _between_two(place)) is not None:
        return bought
    if is_no_act(place, agent) or _is_no_takeover(place, agent, patient):
        return None
    if agent and place.cue.cue.needs and (counts_machines(place) or _EQUIPMENT.match(place.text_after)):
        sellers = last_of(place.left, "to") or last_of(place.left, "source")
        return place.draft("purchase", {"buyer": agent, "supplier": names_of(sellers)}) if sellers else None  # 向 S 購入55架飛機
    if is_told_elsewhere(place, agent) or (not place.right and _IN_TITLE.match(place.text_after)):
        return None  # 签订股权收购协议: whose shares stands elsewhere
    if (bought := on_market(place, agent, patient)) is not None:
        return bought
    if not place.up_to.endswith("公开") and _NOT_A_COMPANY.match(place.text_after):
        return None
    if (told := _one_side_told(place, agent, patient)) is not None:
        return told
    if agent is None:
        return None
    percent = place.percent()
    if patient is None and percent is not None and last_of(place.left, "source") and place.state.traded:
        patient = place.state.traded  # 从华为手中买下另外10%的股权
    patient = venture(place, patient)
    if place.cue.cue.needs and not _is_ownable(place):
        return None
    patient = _thing_bought(place, patient)
    if not patient:
        return _unnamed_target(place, agent)
    return _some_shares(place, agent, patient) or _acquisition(place, agent, patient, percent)


def _buyer_and_bought(place: Place) -> Sides:
    """The two sides of a takeover, wherever its words put them."""
    agent, patient = sides_of(place)
    if is_by_unnamed(place):
        agent = None
    elif agent is None and patient:
        agent = buyer_beside(place, patient)
    if agent and patient is None:
        patient = leading_words(place) or counted(place) or bought_by(place) or None
    if (told := nominal(place) or taken_then(place)) is not None:
        agent, patient = told
    return each_paying(place, joined(place, agent, patient)) if agent and patient else agent, patient


def _is_no_takeover(place: Place, agent: list[Name] | None, patient: list[Name] | None) -> bool:
    if agent and all(name.kind == "government" for name in agent) and not place.clause.amounts:
        return True  # 公平會駁回收購案
    if patient and not place.right and place.text_after.startswith("案") and _told_before(place, patient):
        return True  # 通過與 B 的2大併購案: a noun, and nobody in its clause is taken over
    if place.cue.cue.needs == "size" and place.percent() is None and not _ALL_OF_IT.match(place.text_after):
        return True
    return _is_of_people(place, agent, patient)


def _one_side_told(place: Place, agent: list[Name] | None, patient: list[Name] | None) -> Draft | None:
    """A takeover told of one side alone, or of others than the two named: approved, refused, of holders, by an unnamed buyer."""
    percent = place.percent()
    if (approved := _approved(place, agent)) is not None:
        return approved
    if not place.right and (proposed := refused(place) or put_forward(place)) is not None:
        return proposed
    if bought := of_unnamed(place, agent, percent) or of_holders(place, agent, percent):
        return bought
    if agent is None and patient and percent and _OWN_COMPANY.search(place.up_to):
        held = len(place.right) > 1 and _HELD_BY.fullmatch(place.clause.between(place.right[0].end, place.right[1].start))
        roles = {"target": place.right[1].mentions(), "seller": place.right[0].mentions()} if held else {"target": patient}
        return place.draft("acquisition", roles, percent=percent)
    if agent is None and _SOME_BUYER.match(place.up_to) and (quoted := _quoted_asset(place)):
        return place.draft("acquisition", {"target": quoted})
    return place.draft("acquisition", {"target": patient}, percent=percent) if is_by_unnamed(place) and patient else None


def _is_ownable(place: Place) -> bool:
    """Whether 取得 is of what can be owned as a whole: no 許可, nor about 2 亿股普通股, which are some shares."""
    owned = (
        SHARES_AFTER.match(place.text_after)
        or OF_SHARES.match(place.text_after)
        or asset_bought(place)
        or bought_by(place)
        or _is_paid_for(place)
    )
    return bool(owned) and (place.percent() is not None or not count_sold(place))


def _thing_bought(place: Place, patient: list[Name] | None) -> list[Name] | None:
    """The plant, the land or the unit that is bought, where the name beside the verb is not it."""
    if place.right and patient == place.right[0].mentions():
        patient = _whole_asset(place) or patient
    if not patient or _OF_THE_OTHER.match(place.text_after):
        return asset_bought(place) or patient or _whose_shares(place)
    if last_of(place.left, "to") is None or place.right:
        return patient
    shares = _SHARES_OF.match(place.text_after)
    if shares and not _NO_UNIT.search(shares[1]):  # 向 S 收购 C 51%股权
        return [name_at(place, place.cue.end + shares.start(1), place.cue.end + shares.end(1), "company")]
    return asset_bought(place) or patient  # 向 S 购置 …厂房


def _unnamed_target(place: Place, agent: list[Name]) -> Draft | None:
    """A 正尋求收購晶片公司, A 2.5億元再啟併購: whom it takes over is not told."""
    if place.right:
        return None
    if _UNNAMED_TARGET.match(place.text_after):
        listed = all(name.entity_id and name.kind == "company" for name in agent)
        return place.draft("acquisition", {"acquirer": agent}) if listed else None
    told = not place.text_after.strip() and place.clause.amounts
    return place.draft("acquisition", {"acquirer": agent}) if told else None


def _some_shares(place: Place, agent: list[Name], patient: list[Name]) -> Draft | None:
    """收购贾某持有的 C 20%股权, 買下 S 持有的…股票: shares that somebody holds, without control."""
    first = place.right[0] if place.right and patient == place.right[0].mentions() else None
    percent = place.percent()
    if first is not None and percent and percent.value < CONTROL:
        owner = _UNLISTED_OWNER.fullmatch(place.clause.between(place.cue.end, first.start))
        if owner and agent and not _CONTROLLING.search(place.clause.text):
            at = place.cue.end
            seller = [name_at(place, at + owner.start(1), at + owner.end(1), "person")]
            return place.draft("share_transfer", {"buyer": agent, "seller": seller, "company": patient}, percent=percent)
    if first is not None and len(place.right) == 1 and agent:
        held = _HELD_THINGS.match(place.clause.text, first.end - place.clause.start)
        unknown = _HELD_UNKNOWN.match(place.clause.text, first.end - place.clause.start)
        if held and "股" in place.clause.text[held.end() :] and unknown is None:
            return place.draft("share_transfer", {"buyer": agent, "seller": patient}, percent=percent)
    if percent is None and _SOME_SHARES.search(place.text_after):
        return place.draft("share_transfer", {"buyer": agent, "company": patient})
    return None


def _told_before(place: Place, names: list[Name]) -> bool:
    """Whether none of `names` stands in the clause."""
    own = [name.value for name in place.clause.names]
    return not any(name in own for name in names)


def _whose_shares(place: Place) -> list[Name]:
    """取得青田離岸風場55%股權: whose they are, where nothing but its shares shows it to be a name."""
    shares = _SHARES_OF.match(place.clause.text, place.cue.end - place.clause.start)
    if shares is None or place.right or _NO_UNIT.search(shares[1]) or shares[1] in common_words():
        return []
    return [name_at(place, place.clause.start + shares.start(1), place.clause.start + shares.end(1), "company")]


def _is_of_people(place: Place, agent: list[Name] | None, patient: list[Name] | None) -> bool:
    """甲某迎娶乙某; 傳將收購… after a headline that names a minister: nobody is bought, and he who was spoken of buys nothing."""
    spoken_of = not place.left and agent and all(name.kind == "person" for name in agent)
    return bool(spoken_of) or bool(patient and all(name.kind == "person" for name in patient))


def _approved(place: Place, agent: list[Name] | None) -> Draft | None:
    """O 550亿美元收购获批: the one named is the one bought."""
    if agent is None or place.right or not _APPROVED.match(place.clause.text, place.cue.end - place.clause.start):
        return None
    if any(amount.end <= place.cue.start for amount in place.clause.amounts):
        return place.draft("acquisition", {"target": agent})
    return None


def _passive(place: Place) -> Draft | None:
    """O 被收購!…砸48億元買下: bought by somebody who is not named."""
    before = place.clause.between(place.cue.start - 1, place.cue.start)
    if before not in {"被", "遭"} or last_of(place.left, "by") is not None or not place.left:
        return None
    return place.draft("acquisition", {"target": place.left[-1].mentions()}) if not place.left[-1].case else None


def _between_two(place: Place) -> Draft | None:
    """A 與 B 暫停推動總值…的併購案: a deal of the two told before it, the buyer first."""
    text, at = place.clause.text, place.cue.start - place.clause.start
    last = place.left[-1] if place.left and place.left[-1].end == place.cue.start else None
    listed = last is not None and all(name.entity_id and name.kind == "company" for name in last.mentions())
    told = (text[at - 1 : at] == "的" and _OWN_DEAL.match(text, at + 2)) or (listed and text.startswith("案", at + 2))
    negotiated = (text[at - 1 : at] == "就" and _NEGOTIATED.match(text, at + 2)) or (
        _TALKED.search(place.up_to) and _AFFAIR.match(text, at + 2)
    )
    if place.right or not (told or negotiated):
        return None
    if len(place.left) == 1 and len(place.left[0].names) == len(("buyer", "target")):
        one, other = place.left[0].mentions()
        return place.draft("acquisition", {"acquirer": [one], "target": [other]})
    buyer, target = first_of(place.left, ""), last_of(place.left, "with")
    if len(place.left) != len(("buyer", "target")) or buyer is None or target is None or buyer.start > target.start:
        return None
    return place.draft("acquisition", {"acquirer": buyer.mentions(), "target": target.mentions()})


def _quoted_asset(place: Place) -> list[Name]:
    """買下「西門電影院」: what is bought at a price, where quotation marks say what it is called."""
    quoted = _QUOTED_THING.match(place.clause.text, place.cue.end - place.clause.start) if place.clause.amounts else None
    if quoted is None or not patterns().asset.fullmatch(quoted[1].strip()):
        return []
    start = place.clause.start + quoted.start(1)
    return asset_name(place, start, start + len(quoted[1].rstrip()))


def _whole_asset(place: Place) -> list[Name]:
    """取得华亚科技园区土地: the land, where an unlisted name is only the first words of it."""
    asset = asset_bought(place)
    inside = place.right[0].names[0].value
    if _SHARES_NEXT.match(place.clause.text, place.right[0].names[0].end - place.clause.start):
        return []  # 收购 C 股权并控制…矿
    return asset if asset and inside.entity_id is None and asset[0].start <= inside.start < inside.end < asset[0].end else []


def buy(place: Place) -> Draft | None:
    """砸197億元買 S 的廠房, 以4億元購地, 拿下土地: the buyer, and what it pays for."""
    buyer = last_of(place.left, "by") or subject_of(place)
    word = place.clause.between(place.cue.start, place.cue.end)
    if buyer is None and (quoted := _quoted_asset(place)) and _SOME_BUYER.match(place.up_to):
        return place.draft("acquisition", {"target": quoted})
    if buyer is None or any(name.kind == "government" for name in buyer.mentions()):
        return None
    if word.endswith(("地", "厂")):  # 購地
        return place.draft("acquisition", {"acquirer": buyer.mentions()}) if place.clause.amounts else None
    if _is_paid_for(place) and _GOODS.match(place.clause.text, place.cue.end - place.clause.start):
        shown = all(name.entity_id or has_tail(name.text) for name in buyer.mentions())
        return place.draft("purchase", {"buyer": buyer.mentions()}) if shown else None  # 砸10億美元買天然氣
    if word in _SEIZED and (seized := _seized(place, buyer)) is not None:
        return seized
    asset = asset_bought(place) or bought_by(place)
    first = next((g for g in place.right if g.start == place.cue.end), None)
    if first is not None and _is_paid_for(place) and _SERVICES.match(place.clause.text, first.end - place.clause.start):
        return place.draft("purchase", {"buyer": buyer.mentions(), "supplier": first.mentions()})  # 砸百億美元買 S 雲端服務
    if len(word) == 1 and not _is_paid_for(place):
        return None
    company = first is not None and all(name.entity_id or has_tail(name.text) for name in first.mentions())
    if not asset and (len(word) > 1 or not company):
        return None
    owner = first if asset and first is not None and first.end < asset_end(place) and not first.shares(buyer) else None
    if owner is not None and _OWN_NAME.fullmatch(place.clause.between(owner.end, asset_end(place))):
        owner = None  # 太子敦南大樓: what it is called
    target = asset or (first.mentions() if first else [])
    return place.draft("acquisition", {"acquirer": buyer.mentions(), "target": target, "seller": names_of(owner)})


def _seized(place: Place, buyer: Group) -> Draft | None:
    """斥資18億元拿下軟體商 C, 拿下 C 60%股權: of a company, paid for right before, or with the shares that carry control."""
    target, percent = object_of(place), place.percent()
    if (
        target is None
        or target.shares(buyer)
        or not all(n.entity_id or has_tail(n.text) or n.text.isascii() for n in target.mentions())
    ):
        return None
    rest = place.clause.text[target.end - place.clause.start :]
    control = percent is not None and percent.value >= CONTROL and percent.start >= target.end and _SHARES_NEXT.match(rest)
    if not control and not (_is_paid_for(place) and not rest.strip()):
        return None
    return place.draft("acquisition", {"acquirer": buyer.mentions(), "target": target.mentions()}, percent=percent)


def _is_paid_for(place: Place) -> bool:
    """以110億美元現金買入 C: what is paid stands right before the verb."""
    return any(
        _PAYING.search(place.clause.between(place.clause.start, amount.start))
        and _IN_CASH.fullmatch(place.clause.between(amount.end, place.cue.start))
        for amount in place.clause.amounts
    )


def _take_over(place: Place) -> Draft | None:
    """B 受让 S 的股份."""
    buyer, _ = sides_of(place)
    if is_no_act(place, buyer) or is_told_elsewhere(place, buyer) or buyer is None:
        return None
    return _taken_over(place, buyer, place.percent())


def _taken_over(place: Place, buyer: list[Name], percent: At[Decimal] | None) -> Draft | None:
    """B 从 S 手中受让 C 的股份; the company is S itself, or what the sentence speaks of, when the clause does not say."""
    seller = last_of(place.left, "source") or last_of(place.left, "to") or place.state.partner
    told = object_of(place)
    held = next((g for g in place.right[1:] if told and _HELD_BY.fullmatch(place.clause.between(told.end, g.start))), None)
    if told is not None and held is not None:  # 受让 S 持有的 C 10%股权
        return _shares_taken(place, buyer, held, percent, told)
    if seller is None and told is not None and percent is not None and told.start == place.cue.end:  # 受让 C 70%股权
        return _shares_taken(place, buyer, told, percent)
    if seller is None:
        return None
    partner = place.state.partner
    company = object_of(place) or (partner if partner and not partner.shares(seller) else place.state.topic)
    names = names_of(company)
    if not names or any(name in buyer for name in names):
        names = seller.mentions()
    elif company is not None and company is told and not company.shares(seller):  # 受让后者持有的 C 80%股权
        return _shares_taken(place, buyer, company, percent, seller)
    return place.draft("share_transfer", {"buyer": buyer, "seller": seller.mentions(), "company": names}, percent=percent)


def _shares_taken(
    place: Place, buyer: list[Name], company: Group, percent: At[Decimal] | None, seller: Group | None = None
) -> Draft | None:
    """Shares that are taken over: from half of them on, they carry control."""
    control = percent is not None and percent.value >= CONTROL
    kind, (first, second) = ("acquisition", ("acquirer", "target")) if control else ("share_transfer", ("buyer", "company"))
    return place.draft(kind, {first: buyer, "seller": names_of(seller), second: company.mentions()}, percent=percent)


def _acquisition(place: Place, agent: list[Name], patient: list[Name], percent: At[Decimal] | None) -> Draft | None:
    right = place.right
    roles = {"acquirer": agent, "target": patient}
    part = percent.value if percent else _headline_share(place)
    if place.cue.cue.needs and percent is None and part is not None and part < CONTROL:
        return place.draft("investment", {"investor": agent, "target": patient})
    if _SPAC.search(place.clause.text) and (percent is None or percent.value < CONTROL):
        return place.draft("investment", {"investor": agent, "target": patient}, percent=percent)  # some of its shares
    if any(
        n.value.canonical in {a.canonical for a in agent}
        and n.start >= place.cue.end
        and _ACQUIRER_S.match(place.clause.text, n.end - place.clause.start)
        for n in place.clause.names
    ):
        return None  # A 收购了 A 旗下的 C: who buys stands elsewhere
    if right and patient == right[0].mentions() and (unit_of := part_of(place, right[0])):
        return place.draft("acquisition", {"acquirer": agent, "target": unit_of, "seller": patient}, percent=percent)
    if right and patient == right[0].mentions() and _SITUATED.match(place.clause.text, right[0].end - place.clause.start):
        return None  # 收购 B 在上海的一个项目: not B
    unknown = _HELD_UNKNOWN.match(place.clause.text, right[0].end - place.clause.start) if len(right) == 1 else None
    if unknown and patient == right[0].mentions() and not _GROUP_WORDS.fullmatch(unknown[1]):
        at = place.clause.start
        thing = [name_at(place, at + unknown.start(1), at + unknown.end(1), "company")]
        roles = {"acquirer": agent, "target": thing, "seller": patient}
    elif (
        len(right) > 1
        and patient == right[0].mentions()
        and _ITS_UNIT.fullmatch(place.clause.between(right[0].end, right[1].start))
    ):
        roles = {"acquirer": agent, "target": right[1].mentions(), "seller": patient}  # 收购 S 的合资租赁公司 C
    elif len(right) > 1 and _HELD_BY.fullmatch(place.clause.between(right[0].end, right[1].start)):
        roles = {"acquirer": agent, "target": right[1].mentions(), "seller": right[0].mentions()}
        percent = next((p for p in place.clause.percents if p.start >= right[1].end), percent)
    last = next((g for g in right if g.mentions() == roles["target"]), None)
    if last is not None and len(last.names) == 1 and last.names[0].value.entity_id:
        unit = _SHARES_OF.match(place.clause.text, last.end - place.clause.start)
        if unit and not _NO_UNIT.search(unit[1]):
            roles["target"] = [name_at(place, last.start, last.end + len(unit[1]), "company")]
    source = last_of(place.left, "source") or last_of(place.left, "to")
    beside = place.clause.between(source.end, place.cue.start) if source else ""
    if _APPLIES.search(beside) or "》" in beside:
        source = None  # 向公平会申请收购 O; what another paper is on
    if source is not None and "seller" not in roles and not any(n in patient or n in agent for n in source.mentions()):
        roles["seller"] = source.mentions()
    told_before = _SALE_AGREEMENT.search(_before(place)) or _THEY_HOLD.match(
        place.clause.text, place.cue.end - place.clause.start
    )
    if "seller" not in roles and place.state.partner is not None and told_before:
        roles["seller"] = place.state.partner.mentions()
    counted = percent is None and place.right and _SHARES_COUNTED.search(place.clause.text, place.cue.end - place.clause.start)
    some = counted or (percent is not None and percent.value < CONTROL)
    rest_of_unit = len(right) > 1 and _REST_OF_UNIT.search(place.clause.between(right[0].end, right[1].start))
    if some and "seller" in roles and not (rest_of_unit or _CONTROLLING.search(place.clause.text) or brings_control(place)):
        return place.draft(
            "share_transfer",
            {"buyer": agent, "seller": roles["seller"], "company": roles["target"]},
            percent=percent,
        )
    if last is not None and (more := [name for name in told_on(place) if name not in agent]):
        return place.draft("acquisition", {**roles, "target": [*roles["target"], *more]})  # each has a share of its own
    return place.draft("acquisition", roles, percent=percent)


def _headline_share(place: Place) -> Decimal | None:
    """光寶科拿下…21%股權 over 光寶科取得…元件廠 C: how much of it the headline says."""
    match = _SHARE_TAKEN.search(place.clean.text, 0, place.sentence.start)
    return Decimal(match[1]) if match else None


def _before(place: Place) -> str:
    """The clauses of the sentence before the cue's."""
    return ",".join(clause.text for clause in place.sentence.clauses[: place.index])


def _use(place: Place) -> Draft | None:
    """S uses, licenses or leases what is O's."""
    agent, patient = sides_of(place)
    if is_no_act(place, agent) or is_told_elsewhere(place, agent) or agent is None:
        return None
    first, second = payer_and_paid(place.cue.type)
    patient = venture(place, patient)
    return place.draft(place.cue.type, {first: agent, second: patient}, percent=place.percent()) if patient else None


_ACTS = {"acquisition": _acquire, "investment": invest, "purchase": buy_goods, "share_transfer": _take_over}
