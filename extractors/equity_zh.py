"""Chinese equity: who invests in, acquires, sells, bids for or holds whom (folded text: simplified characters)."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.agreements_zh import AUTHORITY, contractor, in_title, is_order, is_priced, maker, uses_service
from extractors.bids_zh import bought_by, is_paid_before, put_forward, refused
from extractors.buyers_zh import (
    bids_in_sale,
    by_holders,
    counted,
    described,
    each_paying,
    governed,
    joined,
    leading_words,
    nominal,
    of_holders,
    of_unnamed,
    taken_then,
    told_after,
    told_next,
)
from extractors.draft import Draft
from extractors.frames import CONTROL, ROUND_REACH, Group, Place, first_of, last_of, names_of, payer_and_paid
from extractors.normalize import fold
from extractors.notices_zh import brings_control, own_shares_bought
from extractors.parties_zh import (
    ANAPHOR,
    PASSIVE,
    TO_LATTER,
    asset_bought,
    asset_end,
    asset_name,
    implicit,
    moved,
    name_at,
    object_of,
    preposition_start,
    referred,
    subject_of,
)
from extractors.parts_zh import part_of, told_on
from extractors.reading import At
from extractors.sales_zh import count_sold
from extractors.syntax_zh import common_words, patterns
from extractors.weak_names import has_tail
from models.mention import Name

_VENTURE = re.compile("的?[^,]{0,12}(?:合资|合营)(?:公司|企业)")
_IN_ROUND = re.compile("的?(?:最新|新|下|本|这|此)?一?轮(?:募资|融资|筹资)[中里]?")
_NEGOTIATED = re.compile("(?:案|事宜|一事)?(?:进行|展开)?[^,]{0,6}(?:协商|谈判|洽谈|磋商|讨论|接洽|商谈)")
"""A 與 B 就併購進行深入協商"""
_APPROVAL = re.compile("(?:核准|批准|通过)[^,]{0,8}$")
_NEAR = 3
_OFFERED = re.compile("[^,]{2,4}?(?:方案|提案|计划)")
_MARKET_SHARE = re.compile(r"\s*的?[^,股]{0,6}?(?:市占|市场|份额|产能|订单|选票)")
_PLANNED_COST = re.compile("(?:预计|总|预估)投资")
_TALKED = re.compile("(?:洽谈|商谈|谈判|磋商|协商|讨论)[了过]?$")
_AFFAIR = re.compile("事宜|一事|案|的?可能")
"""A 曾與 B 洽談收購事宜"""
_BUILT = re.compile("(?:土地|厂房|大楼|用地|物业|商厦|大厦|办公楼|厂区|建地)$")
_HOLDS_CONTROL = re.compile(r"\s*(?:并|将|后)?(?:成为|取得|获得)[^,]{0,6}(?:控股股东|实际控制人|控制权|控股权)")
"""取得 C 29.9%股份,成为其控股股东"""
_MINORITY = re.compile("(?:少数|小)股东")
_CONTROLLING = re.compile("控股权|控制权|控股股权|全部股权|少数股东")
_ALL_OF_IT = re.compile("[^,]{2,24}?(?:控股权|控制权|全部股权|全部股份)")
_OF_NOUN = re.compile(r"\s*(?:\([^()]*\))?的(?:股权|战略|要约)?")
_OTHER_SUBJECT = 1
"""Characters before 被 that may be another subject, known to be a name or not"""
_UNNAMED_TARGET = re.compile("(?!其|该|本|上市)[\u3400-\u9fff]{2,8}(?:公司|新创|企业|业者|厂商)(?:$|,)")
_FOR_PROJECT = re.compile("推动|打造|兴建|建[置造]|扩建|升级|用[于在]|开发(?!商)|研发(?!商)")
_OWN_PROJECT = re.compile("[^,、的]{0,12}?(?:项目|基地|产线|生产线)")
"""投资岚井预制菜|生产项目: what is to be built"""
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
_OWN_NEW_SHARES = re.compile(
    r"(?:本|上市)?公司(?:[^,]{0,12}?\d[\d.,]*[万亿]*股|(?:本次|此次|拟|全部)*(?:非公开|定向|向特定对象)?(?:发行|增发))"
)
_UNNAMED_BUYER = re.compile(r"^\s*(?:该|本次)?(?:要约人|要约方|认购人|认购方|买方)(?![、及和与])")
"""Who buys, called by his part in the deal and not named"""
_SPENT_ON = re.compile("(?:专项|主要|全部)?用[于以](?:支付)?")
_GOT_FROM = re.compile("获得?了?(?:来自)?$")
_DONE_TO = re.compile("(?:被|遭到?)(?![动遇])[^,被遭]{1,16}$")
"""C 遭某某以8亿元并购: by one whom nothing shows to be a company"""
_ONCE_DONE_TO = re.compile("之?[后前]")
"""C 被 A 收购后成为…: what stands after is no object"""
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
_TO_OTHERS = re.compile("对(?!外|[其该此]|后者|对方)[^,与和]{2,16}(?:追加|增加|进行)?$")
_THINGS_BOUGHT = re.compile(r"的(?!消息|交易|计划|事项|议案|公告|提议|价格|方式|传闻|报道|金额|对价)[\u3400-\u9fffA-Za-z]")
"""A 收购的 Y: Y is bought, whether or not it is known to be a name"""
_SALE_AGREEMENT = re.compile(r"(?:买卖|转让|出售|收购|购股)协议")
_LET_TO = re.compile(r"\s*给")
_OF_THE_OTHER = re.compile(r"[^,]{0,3}(?:后者|其|对方)(?:旗下|位于|的|在)")
_GRANTED = re.compile(r"授予|授权(?!(?:公司|其)?(?:全资|控股)?[子孙]公司|董事会|管理层|经营)")
_SHARES_AFTER = re.compile(r"[^,]{0,24}?(?:股份|股权|普通股|新股|股票|权益|\d\s*[万亿]*股)")
_ITS_UNIT = re.compile('(?:旗下|的)[^,、的]{0,16}(?:公司|企业|业务|品牌|平台|部门|[厂商])[「“"]?')
_UNLISTED_OWNER = re.compile(r"((?![其该本]|公司|分别|标的)[\u3400-\u9fff]{2,4}?)(?:所|合计)?持有的?")
_APPROVED = re.compile("(?:案|交易|要约)?(?:已|正式)?(?:获批|获准|获(?:监管|股东)|过关)")
_OWN_COMPANY = re.compile(r"(?:^|[\s,]|报告期内?|近日|日前)(?:你|本|我|上市)?公司")
_HELD_THINGS = re.compile(r"\s*(?:所|手中|目前)?持有的")
_IN_TITLE = re.compile("(?:框架|意向)?(?:协议|合同|意向书)")
_MACHINES = re.compile(r"了?\s*(?:逾|约|近|超过)?\d[\d,]*[余多]?\s*[万千]?(?:辆|列|架|艘|船|套|枚|座|部|台|颗)[\u3400-\u9fffA-Z]")
_EQUIPMENT = re.compile(r"[^,股]{0,10}(?:设备|机台|厂务工程|机器|系统)(?:$|[,;]|工程|一批|乙批)")
"""取得廠務設備, from whom it is told: goods, not a company"""
_NO_GOODS = re.compile("[^,]{0,20}(?:理财|存款|最高价|最低价|保单)")
EXCHANGE = re.compile("交易所$|^.交所$")
_ASKS = re.compile("要求|问询|关注函|监管函|说明")
_SITUATED = re.compile("位于|在[^,]{1,12}的")
_SHARES_OF = re.compile(r"([\u3400-\u9fff]{2,12}?)\s*\d[\d.]*%的?(?:股权|股份)")
"""C 51%股权, 乙集团|海洋 51%股权: a company, or the rest of its name where that begins with a listed one"""
_NO_UNIT = re.compile("公司|集团|控股|股份|旗下|持有|所持|合计|剩余|全部|其余|[的约近逾超共在以]")
_GROUP_WORDS = re.compile("(?:的|其|该|上市|标的|目标|全部|部分|剩余|合计|公司|企业|另外|以及|[和及])*")
_OF_SHARES = re.compile(r"[^,]*?\d%(?:的|已发行)*(?:股份|股权)")
_BOUGHT_SHARES = re.compile(
    r"[^,]{0,40}?(?:股权|所持有?的?(?:全部)?股份|股份(?:$|[,;)》暨并]|的议案)|(?:新)?发行(?:的)?(?:股份|新股|股票)|的股票|的新股|资产|普通股|优先股)"
)
_SHARES_COUNTED = re.compile(r"持有?的?[^,]{0,24}?\d[\d.,]*\s*[万亿]?股(?:股份|股权)?$")
_ALL_SHARES = re.compile("[^,]{0,16}?股权(?:案|$|[,;])")
_OWN_DEAL = re.compile("(?:案|交易)(?:$|[,;])")
_APPLIES = re.compile("申请|申报|送件|提出")
_NOT_A_COMPANY = re.compile(
    r"[^,]{0,24}?(?:订单|大单|急单|长单)|[^,股]{0,20}?(?:授权|销售权|代理权|经销权)(?:$|[,;])|(?:(?!持有)[^,%]){0,12}(?:股票|普通股)(?!交易所)"
)
"""吃下 B 的訂單, 取得 B 技術授權, 買進 O 股票: goods sold to B, rights, and some of the shares"""
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
_TENDER = re.compile(r"公开收购|要约收购|全数收购|控股权|控制权|全[部数](?:股权|股份)")
_PAYING = re.compile(r"(?:以|斥资|耗资|豪掷|砸下?)\s*$")
_IN_CASH = re.compile(r"\s*(?:\([^()]*\))?\s*(?:的?(?:全)?现金(?:及股票|加股票)?)?\s*")
_AFTERWARDS = re.compile(r"(?:完成|收购|增资|交易|交割|投资|转让|认购)[^,]{0,4}(?:后|之后)")
_ASPECT = re.compile("[了过]?")
_OWN_NAME = re.compile(r"(?!的|旗下|位于|持有|所)[^,的]{0,8}?(?:大楼|大厦|广场|商厦|中心|园区)")
_OF_SIZE = ("大规模", "大手笔", "巨额", "重大", "大型", "新一波")
_SERVICES = re.compile("的?[^,]{0,6}?(?:云端服务|云服务|服务|算力|运算|产能|[晶芯]片|处理器)")
_SOME_SHARES = re.compile("(?:(?<!大)部分|少数|少量)(?:股权|股份)")
_SEIZED = frozenset({"拿下", "抢下"})
_SHARES_NEXT = re.compile(r"\s*(?:\d[\d.]*%)?的?(?:全部|部分|剩余|控股)?(?:股权|股份)")
_REST_OF_UNIT = re.compile("持有的(?:本)?公司(?:的)?控股[子孙]公司$")
"""收购 S 持有的公司控股子公司 C 39%股权: the partner in a unit is bought out"""
_ONCE_DONE = re.compile(r"(?:完成|交易|交割|转让)(?:之)?后$")


def act(place: Place) -> Draft | None:
    """S invests in, acquires or buys from O; 受让, 取得 and 购回 by what and how much of it."""
    if _GRANTED.search(place.clause.between(place.clause.start, place.cue.start)) or by_holders(place):
        return None
    if place.cue.type == "acquisition" and (bidding := bids_in_sale(place)) is not None:
        return bidding
    agent, patient = _act_roles(place)
    unnamed = place.cue.type in {"acquisition", "investment"} and not place.left and _UNNAMED_BUYER.search(place.up_to)
    if unnamed:
        agent = None
        if patient is None and place.cue.type == "investment" and _OWN_NEW_SHARES.match(place.text_after):
            patient = names_of(place.state.announcer) or None  # 认购人同意认购公司1亿股新股
    elif agent and patient is None and place.cue.type == "investment" and _OWN_NEW_SHARES.match(place.text_after):
        patient = [name for name in names_of(place.state.announcer) if name not in agent] or None
    elif agent is None and patient and place.cue.type in {"acquisition", "investment"}:
        agent = governed(place, patient) or described(place, patient) or told_after(place, patient)
    if agent and patient is None and place.cue.type == "acquisition":
        patient = leading_words(place) or counted(place) or bought_by(place) or None
    if place.cue.type == "acquisition" and (told := nominal(place) or taken_then(place)) is not None:
        agent, patient = told
    if agent and patient and place.cue.type == "acquisition":
        agent = each_paying(place, joined(place, agent, patient))
    if agent and patient is None and place.cue.type == "investment":
        patient = (told_next(place) if last_of(place.left, "by") is not None else counted(place)) or None
    if place.cue.type == "acquisition" and agent and patient is None and (own := own_shares_bought(place, agent)) is not None:
        return own
    if place.cue.type == "acquisition" and (bought := _passive(place) or _between_two(place)) is not None:
        return bought
    if place.cue.type == "acquisition" and agent and all(n.kind == "government" for n in agent) and not place.clause.amounts:
        return None  # 公平會駁回收購案
    percent = place.percent()
    kind = place.cue.type
    needs = place.cue.cue.needs
    text_after = place.text_after
    if (
        kind == "acquisition"
        and patient
        and not place.right
        and place.text_after.startswith("案")
        and _told_before(place, patient)
    ):
        return None  # 通過與 B 的2大併購案: a noun, and nobody in its clause is taken over
    if needs == "percent" and not percent and not _SHARES_AFTER.match(place.clause.text, place.cue.end - place.clause.start):
        return None
    any_size = place.clause.between(place.cue.start, place.cue.end) == "购买"  # of a majority or of less
    if (
        kind == "acquisition"
        and needs == "size"
        and percent is None
        and not _ALL_OF_IT.match(place.clause.text, place.cue.end - place.clause.start)
    ):
        return None
    if place.clause.between(place.cue.start, place.cue.end) == "获得" and (
        not place.right or (percent is not None and percent.start < place.cue.end)
    ):
        return None  # 剥离…股权所获得的对价
    led = percent is not None and _HOLDS_CONTROL.search(",".join(clause.text for clause in place.following[:1])) is not None
    if percent is not None and needs and kind != "share_transfer" and not any_size and not _fits_size(place, percent.value, led):
        return None
    if percent is None and kind == "investment" and needs == "percent" and _is_takeover(place):
        return None
    if percent is not None and _MARKET_SHARE.match(place.clause.text, percent.end - place.clause.start):
        return None  # 拿下25%市占
    if kind == "investment" and not place.groups and _PLANNED_COST.match(place.clause.text):
        return None  # A 攜手 B 開發…,預計投資8千萬元: what the project will cost
    if kind == "investment" and needs == "amount" and not _put_into(place):
        return None  # 投入研發, 投入100億元興建…
    if agent and all(name.kind == "government" for name in agent) and _APPROVAL.search(place.up_to):
        return None  # 投審會通過對美投資3件
    if kind == "acquisition" and _is_of_people(place, agent, patient):
        return None
    priced = any(clause.amounts for clause in (place.clause, *place.following[:2])) or is_paid_before(place)
    whole = kind == "acquisition" and percent is not None and percent.value >= CONTROL  # 以換股取得 C 100%股份
    if needs == "amount" and not priced and not whole and not _TENDER.search(place.clause.text):
        return None
    if kind == "purchase" and agent and (land := _real_estate(place)):
        return place.draft("acquisition", {"acquirer": agent, "target": land})
    if kind == "acquisition" and agent and place.cue.cue.needs and (_counts_machines(place) or _EQUIPMENT.match(text_after)):
        sellers = last_of(place.left, "to") or last_of(place.left, "source")
        return place.draft("purchase", {"buyer": agent, "supplier": names_of(sellers)}) if sellers else None  # 向 S 購入55架飛機
    if kind == "purchase" and (
        (place.clause.percents and _OF_SHARES.match(place.clause.text, place.cue.end - place.clause.start))
        or _BOUGHT_SHARES.match(place.clause.text, place.cue.end - place.clause.start)
    ):
        return None  # 购买 O 的股权: goods are bought by the piece, companies by the share
    if (needs == "percent" and follows_deal(place)) or _is_buyback(place):
        return None
    if kind == "purchase" and needs == "amount" and not uses_service(place):
        return None
    if kind == "purchase" and in_title(place):
        return None  # 取得 B「…設施採購帶安裝案」標案: what is won is told by its title
    if kind == "purchase" and _NO_GOODS.match(place.clause.text, place.cue.end - place.clause.start):
        return None  # 购买最高价为2.05元/股, 购买结构性存款
    if agent and all(EXCHANGE.search(name.text) for name in agent) and _ASKS.search(place.clause.text):
        return None  # 深交所要求 A 说明收购 B 的原因
    if kind == "acquisition" and not place.right and _IN_TITLE.match(place.clause.text, place.cue.end - place.clause.start):
        return None  # 签订股权收购协议: whose shares stands elsewhere
    if kind in {"acquisition", "investment"} and (bought := _on_market(place, agent, patient)) is not None:
        return bought
    if (
        kind == "acquisition"
        and not place.up_to.endswith("公开")
        and _NOT_A_COMPANY.match(place.clause.text, place.cue.end - place.clause.start)
    ):
        return None
    if kind == "acquisition" and (approved := _approved(place, agent)) is not None:
        return approved
    if kind == "acquisition" and not place.right and (proposed := refused(place) or put_forward(place)) is not None:
        return proposed
    if kind == "acquisition" and (bought := of_unnamed(place, agent, percent) or of_holders(place, agent, percent)):
        return bought
    if kind == "acquisition" and agent is None and patient and percent and _OWN_COMPANY.search(place.up_to):
        held = len(place.right) > 1 and _HELD_BY.fullmatch(place.clause.between(place.right[0].end, place.right[1].start))
        roles = {"target": place.right[1].mentions(), "seller": place.right[0].mentions()} if held else {"target": patient}
        return place.draft(kind, roles, percent=percent)
    if agent is None and kind == "acquisition" and _SOME_BUYER.match(place.up_to) and (quoted := _quoted_asset(place)):
        return place.draft(kind, {"target": quoted})
    if unnamed and patient:
        return place.draft(kind, {payer_and_paid(kind)[1]: patient}, percent=percent)
    if agent is None or (patient is None and kind not in {"purchase", "acquisition", "share_transfer"}):
        return None
    if kind == "acquisition" and patient is None and percent is not None and last_of(place.left, "source") and place.state.traded:
        patient = place.state.traded  # 从华为手中买下另外10%的股权
    if kind == "share_transfer":
        return _taken_over(place, agent, percent)
    patient = _venture(place, patient)
    first, second = payer_and_paid(kind)
    if (
        kind == "acquisition"
        and needs
        and not (
            _SHARES_AFTER.match(text_after)
            or _OF_SHARES.match(text_after)
            or asset_bought(place)
            or bought_by(place)
            or _is_paid_for(place)
        )
    ):
        return None  # 取得許可: nothing that can be owned
    if kind == "acquisition" and needs and percent is None and count_sold(place):
        return None  # 取得約2億股普通股: some shares, not the company
    if kind == "acquisition" and place.right and patient == place.right[0].mentions():
        patient = _whole_asset(place) or patient
    if kind == "acquisition" and (not patient or _OF_THE_OTHER.match(text_after)):
        patient = asset_bought(place) or patient or _whose_shares(place)
    elif kind == "acquisition" and last_of(place.left, "to") is not None and not place.right:
        shares = _SHARES_OF.match(text_after)
        at = place.cue.end
        if shares and not _NO_UNIT.search(shares[1]):  # 向 S 收购 C 51%股权
            patient = [name_at(place, at + shares.start(1), at + shares.end(1), "company")]
        else:
            patient = asset_bought(place) or patient  # 向 S 购置 …厂房
    if kind == "acquisition" and place.right and patient == place.right[0].mentions() and percent and percent.value < CONTROL:
        owner = _UNLISTED_OWNER.fullmatch(place.clause.between(place.cue.end, place.right[0].start))
        if owner and agent and not _CONTROLLING.search(place.clause.text):  # 收购贾某持有的 C 20%股权
            at = place.cue.end
            seller = [name_at(place, at + owner.start(1), at + owner.end(1), "person")]
            return place.draft("share_transfer", {"buyer": agent, "seller": seller, "company": patient}, percent=percent)
    if kind == "acquisition" and len(place.right) == 1 and agent and patient == place.right[0].mentions():
        held = _HELD_THINGS.match(place.clause.text, place.right[0].end - place.clause.start)
        unknown = _HELD_UNKNOWN.match(place.clause.text, place.right[0].end - place.clause.start)
        if held and "股" in place.clause.text[held.end() :] and unknown is None:
            return place.draft("share_transfer", {"buyer": agent, "seller": patient}, percent=percent)  # 买下 S 持有的…股票
    if kind == "acquisition" and not patient and not place.right and _UNNAMED_TARGET.match(text_after):
        listed = all(name.entity_id and name.kind == "company" for name in agent)
        return place.draft("acquisition", {"acquirer": agent}) if listed else None  # A 正尋求收購晶片公司
    if kind == "acquisition" and not patient and not text_after.strip() and place.clause.amounts and not place.right:
        return place.draft("acquisition", {"acquirer": agent})  # A 2.5億元再啟併購
    if kind == "acquisition" and patient and percent is None and _SOME_SHARES.search(text_after):
        return place.draft("share_transfer", {"buyer": agent, "company": patient})
    if kind == "acquisition":
        return _acquisition(place, agent, patient, percent) if patient else None
    if kind == "purchase" and patient and place.right and patient == place.right[0].mentions():
        patient = [name for name in patient if name.entity_id or has_tail(name.text)]  # 採購…炸藥: goods, not who sells them
    if kind == "investment" and all(name.kind == "person" for name in agent) and not priced and percent is None:
        return None  # 投資美鋁廠享優惠: what somebody speaks of
    if (
        kind == "investment"
        and patient
        and any(name.kind in {"government", "person"} or AUTHORITY.search(fold(name.text)) for name in patient)
    ):
        return None  # 對外投資 beside a ministry
    if kind == "investment" and (_is_project(place, patient) or _is_noun(place)):
        return None
    if kind == "purchase" and place.right and _LET_TO.match(text_after):
        agent, patient = place.right[0].mentions(), agent  # 租赁给 B
    if kind == "purchase" and patient and not is_order(place, agent, patient):
        return None
    if kind == "purchase" and not patient and not is_priced(place):
        return place.draft(kind, {first: agent}) if _counted_goods(place, agent) else None
    if not patient and kind != "purchase":
        return None
    return place.draft(kind, {first: agent, second: patient or []}, percent=percent)


def _on_market(place: Place, agent: list[Name] | None, patient: list[Name] | None) -> Draft | None:
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


def _real_estate(place: Place) -> list[Name]:
    """購買台中19億元土地: land and buildings are no goods."""
    if place.clause.between(place.cue.start, place.cue.end) != "购买" or not place.clause.amounts:
        return []
    bought = asset_bought(place)
    return bought if bought and _BUILT.search(fold(bought[0].text)) else []


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


def _put_into(place: Place) -> bool:
    """對 C 投入約410億美元: money that a listed company gets."""
    to = last_of(place.left, "to")
    listed = to is not None and all(name.entity_id and name.kind in {"company", "unit"} for name in to.mentions())
    return listed and any(0 <= amount.start - place.cue.end <= _NEAR for amount in place.clause.amounts)


def _is_of_people(place: Place, agent: list[Name] | None, patient: list[Name] | None) -> bool:
    """甲某迎娶乙某; 傳將收購… after a headline that names a minister: nobody is bought, and he who was spoken of buys nothing."""
    spoken_of = not place.left and agent and all(name.kind == "person" for name in agent)
    return bool(spoken_of) or bool(patient and all(name.kind == "person" for name in patient))


def _is_noun(place: Place) -> bool:
    """企業最有價值的投資: spoken of, not made; A 對 B 的投資 is."""
    described = (
        place.clause.between(place.cue.start - 1, place.cue.start) == "的" and last_of(place.left, "to", "by", "source") is None
    )
    described = described or (place.up_to.endswith(_OF_SIZE) and not place.text_after)
    return described and not place.right and not place.clause.amounts


def _is_project(place: Place, patient: list[Name] | None) -> bool:
    """投資84億英鎊推動「無畏級」…: what is to be built, nobody to invest in."""
    first = place.right[0] if place.right and patient == place.right[0].mentions() else None
    if first is None:
        return False
    own = first.names[0].value.entity_id is None and not has_tail(first.names[0].value.text)
    built = own and _OWN_PROJECT.match(place.clause.text, first.end - place.clause.start)
    return bool(built) or _FOR_PROJECT.search(place.clause.between(place.cue.end, first.start)) is not None


def _counted_goods(place: Place, agent: list[Name]) -> bool:
    """採購10列電聯車: so much of a thing, by a body that is known to be one; no price is told."""
    if not all(name.entity_id or has_tail(name.text) for name in agent):
        return False
    return _counts_machines(place)


def _counts_machines(place: Place) -> bool:
    """購入55架飛機: so many of a machine."""
    return _MACHINES.match(place.clause.text, place.cue.end - place.clause.start) is not None


def _is_takeover(place: Place) -> bool:
    """公開收購, 以17億元取得 C 股權案: of the whole company, which the acquisition's words tell."""
    whole = place.clause.amounts and _ALL_SHARES.match(place.clause.text, place.cue.end - place.clause.start)
    return bool(whole or _TENDER.search(place.clause.text))


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


def _venture(place: Place, patient: list[Name] | None) -> list[Name] | None:
    """入股A与B的合资企业: the venture itself, not the two that own it."""
    if not patient or len(patient) < 2 or not place.right:
        return patient
    match = _VENTURE.match(place.clause.text, place.right[0].end - place.clause.start)
    if match is None:
        return patient
    return asset_name(place, place.right[0].end, place.clause.start + match.end()) or patient


def _fits_size(place: Place, percent: Decimal, led: bool) -> bool:
    """取得 X%: control makes it an acquisition, less an investment; the minority's shares make it whole, or what is `led`."""
    if led or _MINORITY.search(place.clause.text):
        return place.cue.type == "acquisition"
    return (place.cue.type == "investment") == (percent < CONTROL)


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


def _act_roles(place: Place) -> tuple[list[Name] | None, list[Name] | None]:
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
        patient = referred(place, agent, required=bool(ANAPHOR.match(text, _ASPECT.match(text).end())))  # type: ignore[union-attr]
    if agent is None and patient is not None:
        return None, patient.mentions()
    return (agent.mentions() if agent else None), (patient.mentions() if patient else None)


def _is_of_noun(place: Place, to: Group) -> bool:
    """对 B 的全资收购: of B, whoever is named after it."""
    at = place.clause.between(to.start - 2, to.start)
    return at.endswith(("对", "对于")) and _OF_NOUN.fullmatch(place.clause.between(to.end, place.cue.start)) is not None


def _being_funded(place: Place, investor: Group) -> list[Name]:
    """C 籌備新一輪募資. A 已洽談500億美元的投資方案: of the round that the text speaks of."""
    recent = place.sentence.index - place.state.round_at <= ROUND_REACH
    named = _OFFERED.match(place.clause.text, place.cue.start - place.clause.start)
    funded = place.state.round_target if recent and named else []
    return [] if any(name in funded for name in investor.mentions()) else funded


def _round_told(place: Place) -> Group | None:
    """計劃在 C 最新一輪募資中投資200億美元: whose round it is."""
    round_of = last_of(place.left, "in") if place.cue.type == "investment" else None
    in_round = round_of is not None and _IN_ROUND.match(place.clause.text, round_of.end - place.clause.start)
    return round_of if in_round else None


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


def follows_deal(place: Place) -> bool:
    """交易完成后, A持有…, B取得…: what a deal told elsewhere will have brought about."""
    opening = [clause.text.rstrip()[-12:] for clause in place.sentence.clauses[max(place.index - 2, 0) : place.index]]
    own = place.clause.between(place.clause.start, place.cue.start)
    return bool(_AFTERWARDS.search(opening[-1] + "," + own if opening else own)) or any(map(_ONCE_DONE.search, opening))
