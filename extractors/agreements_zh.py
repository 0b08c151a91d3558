"""Chinese agreements: who signs with whom, and what is signed (folded text: simplified characters)."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.contracts_zh import builds, buys_from, delivered_to, delivers, is_given_money, lender_of, licenses
from extractors.draft import GENERAL, CueAt, Draft, distinct, object_words, owners_of_providers
from extractors.frames import Group, Place, last_of, names_of, payer_and_paid
from extractors.normalize import fold
from extractors.orders_zh import CLIENT, LONGEST_BODY, SHORTEST_BODY
from extractors.parties_zh import groups, implicit, name_at, opens, preposition_start
from extractors.reading import At, Clause
from extractors.supplies_zh import SIGNS, sells
from extractors.syndicates_zh import is_bank
from extractors.syntax_zh import ASIDE, QUANTITY, common_words, patterns
from extractors.weak_names import has_tail
from models.mention import Name

AUTHORITY = re.compile("政府$|管委会$|管理委员会$|开发区$|高新区$|新区$")
"""签订项目投资协议 with one of them: what is built is the company's own"""
_GRANTED_TO = re.compile("(?:授予|授权|许可|同意给予)给?$")
_FEES = re.compile(
    "([^,。;]{0,20})(?:收取|收到|获得?|取得|认列|入[账帐]|领取|拿[到下]|进账)[^,。;支付]{0,12}(?:签约金|前期[金款]|前金|预付款|首付款|总代价|头期款|首期款|里程[碑金]|权利金|授权金|分润)"
)
"""What who grants the rights is paid"""
_PAYS = re.compile("(?:公司)?(?:将|需|应|有权|已)*(?:向[^,。;]{1,10})?(?:支付|获得|取得|享有|拥有)")
_TURNED_TO = frozenset("向给对")
"""B 向 A 支付许可费: B pays"""
_BOTH = re.compile(r"双方|两家|两公司|二者|各占")
_FRAMEWORK = re.compile("合作框架|框架合作|(?<!收购)(?<!转让)(?<!购买)(?<!重组)框架协议")
_ORDER_FRAMEWORK = re.compile("(?:采购|购销|销售|供货|供应|供销|租赁|购买)[^,《》]{0,4}框架(?:性)?(?:协议|合同)")
_SUBSCRIBED = "股份认购"
"""Paper on new shares of the listed company that gives the notice"""
_TAKEN_PRIVATE = "私有化"
_FUND = re.compile("资本|資本|基金|Capital|Partners|KKR")
_ON_SHARES = re.compile("《关于(?:转让|收购|受让|购买)[^《》]{2,40}?(?:股权|股份)的[^《》]{0,6}协议")
_PUBLIC_PRIVATE = re.compile("政府和社会资本合作(?:项目)?(?:合同|协议)|PPP(?:合同|协议)")
_ORDER = re.compile("订单|采购|供应合同|供货")
_BY_FORMER = re.compile(r"\s*由(?:前者|后者)")
_SELLER_OF_RIGHTS = re.compile(r"(?:新创|初创|创企|开发商|公司)\s*$")
_JOINING = re.compile(
    r"合[设建]|设[^,]{0,8}合[资营]|组建|组成|签|达成|宣布|建立|成立|缔结|设立|展开合作|合作(?:建[造置]|兴建|布建|设)|结盟|偕|[伙夥]拍|合资"
)
_OF_CLOUD = re.compile("云端|云服务|云计算|云运算|算力")
_SIDE_NAMED = re.compile(r"(?:\([^()]*\))?\((?:[^()]{0,16},)?(?:作为|为|即|简称|下称)?[“「\"]?(卖方|买方|目标公司)[^()]{0,6}\)")
_SIDE_LEADS = re.compile("(卖方|买方|目标公司)(?:为|是)?$")
"""賣方|S 與買方|B 訂立臨時買賣協議"""
_OF_GOODS_SOLD = re.compile("(?:采购|购销|销售|供货|供应|供销|租赁)[^,《》股]{0,6}(?:合同|协议)")
_OF_SOME = re.compile(r"(?<!\d)[1-4]?\d(?:\.\d+)?%的?[^,]{0,12}(?:股权|股份|权益)")
_SORT_OF_MERGER = re.compile("为代表的[^,]{0,8}$")
_SHARES_TAKEN = re.compile("(?:取得|收购|入股|买下|出售)[^。]{0,40}(?:股权|股份)")
_UNDERTAKING = re.compile(
    "打造|抢?攻(?![击读讦坚])|兴建|建[置造]|设[立厂]|成立|扩[大建充]|开发|研发|量产|生产|部署|布局|推动|拓展|砸|豪掷"
)
"""What two companies that join hands do"""
_PUBLIC = re.compile("政府$|[局署部处處]$")
_PAID_AHEAD = re.compile("(?:长约|合约|供应)[^,]{0,4}[并且]?获得?[^,]{0,16}(?:资助|预付|挹注|支持)")
_INTENT = re.compile("达成[^,]{0,4}合作(?:意向|共识)")
"""The clause after it says that what the two go on with is agreed"""
_HAND_IN_HAND = frozenset({"携手", "联手", "携", "牵手", "联姻"})
_JOINED = re.compile("签署|签约|签订|备忘录|战略合作|策略合作|合资|结盟|策略联盟|战略联盟|合作协议")
"""Somewhere in the text: what 携手 is then more than a word of praise for"""
_SIGNED = re.compile(r"备忘录|MOU|MoU|意向书|合作|协[议定]|契约", re.IGNORECASE)
_JOINT = re.compile(r"(?<!参)[与和跟暨](?!会)|同(?!意|时|步)|偕同?|携手?(?!带)|联手")
_SIGNED_PAPERS = frozenset({"备忘录", "MOU", "MoU", "合作意向书", "合作契约"})
_HELD_TOGETHER = frozenset({"共同持股", "共同出资", "共同全资持股"})
_BID_TOGETHER = frozenset({"组建联合体", "组成联合体"})
_BID = re.compile("[中得]标|中选|竞购|竞拍|收购|接手")
_FOUNDED = re.compile("(?:成立|设立)(?!于|时|以来|日期)")
_TRANSITIVE = frozenset({"结盟", "携手", "联手", "牵手"})
"""What one does with the other: who does it stands before"""
_UNNAMED_SIDES = ("民间", "业者", "厂商", "在地", "地方", "各界", "学界", "产学", "企业", "多家", "社区", "校园", "学校")
"""Whom one joins hands with, where they are not named"""
_LEADING = re.compile(r"(?:.*(?:代表|宣布|表示|指出|[:〕」》]|[电讯]\))|[并也由]|\s|今天|昨天|日前)+")
_TRAILING = re.compile(
    r"(?:[\s(]|\([^()]*\)日?|[今昨][天日]?|\d+日|日?晚间|昨晚|今晚|近来|日前|近日|近期|正式|共同|完成|成功|首度|再度|双方|[续再又也将已愿]|拟|有意|跨海|跨国|视讯|视频"
    r"|透过[^,]*|(?:董事长|总经理|执行长|总裁|校长|院长|理事长|秘书长|主任|局长|处长)[\u3400-\u9fff]{2,3}|以视讯[^,]*|就[^,]*|建立[^,]*并|及其?(?:现有|原|全体)*股东|[于在赴][^,]{0,14})$"
)
_NO_BODY = re.compile(
    r"^\d+[\u3400-\u9fff]|^[一两多数某][家间]|^(?:全资|控股|下属|旗下|境外)*[子孙]公司$|[,。:()]|签|建立|事宜|的$|^(?:董事会|同意|通知|约定)*本?公司$|^[其该本此]|两国|双方|总统|总理|首相|主席|(?:学|业|产业|各|产学)界$|民间"
)
_LISTED_PAIR = re.compile("(?<=[\u3400-\u9fffA-Za-z])、")
_DESCRIBED_LATIN = re.compile(r"(?:商|公司|厂|业者|机构|平台|新创|企业|品牌)([A-Za-z][\w .&-]*)$")
_HOLDS_OFFICE = re.compile(r"(?:的|\([^()]*\))?(?:副?董事长|副?总经理|执行长|总裁|执行董事|理事长)(?:兼[^,]{0,6})?")
_SAID = re.compile(
    r"(?:[^,]*[)〕]\s*)?([\u3400-\u9fff]{3,16}?)(?:今[天日]|昨[天日]|\(?\d+\)?日|近日|日前|[上下]午)*(?:对外)?(?:表示|宣布|指出|说明?|透露)"
)
_OFFICE = re.compile(
    "(?:副?董事长|副?总经理|执行长|总裁|校长|[市县局部会院处署]长|理事长|秘书长|主委|主任委员)[\u3400-\u9fff·]{2,4}?(?:博士|教授|先生|女士|[上中少]将)?$"
)
"""Who signs for a body stands after it"""
_ITSELF_WITH = re.compile(r"\s*(?:董事会|近日|日前|同意|通知|约定)*本?公司")
"""同意公司|与 B 签署: who gives the notice is a side"""
_FOUNDED_AS = re.compile(
    r"(?:(?:本?公司)?(?:间接)?(?:控股|第[一二三]大|大)股东(?:、实际控制人|、实控人)?)?(?:国立|私立|公立|财团法人|社团法人)?"
)
_FOUNDS = re.compile('(?:成立|设立|组建|创立)了?(?:一家|新的?)?(?:合资|合营|新)?(?:公司|企业)?[-—:“"「(\\s]*$')
_OF_VENTURE = re.compile(r"(?:\([^()]*\))?[^,]{0,12}?的?(?:新|合资|子|合营)?公司$")
"""共同成立生產純電動汽車|電池的新公司: what it makes, no party to it"""
_SIGNING_HELD = re.compile("(?:进行|举行|完成)了?(?:项目|合作|战略|战略合作|集中)签约$")
_PLEDGES = re.compile("担保|质押|抵押|存单")
_TAKES_IN = re.compile("引资|引入(?:战略)?投资者|引入战投")
"""Who signs an agreement on new capital and takes money in"""
_VENTURE_NEXT = re.compile("\\s*(?:拟|将|共同|双方|并)*(?:成立|设立|组建)[^,]{0,6}合[资营]")
_PAIR = 2
_BODY_LEADS = re.compile(
    r"\s*([\u3400-\u9fff]{2,12}?(?:公会|协会|商会|总会|学会|基金会|大学|医院|研究院|研究所|农会|县政府|市政府))"
    r"(?=[今昨周于在(]|日前|近日|举办|举行|\d)"
)
_UNITS_MERGE = re.compile("(?:\\([^()]*\\))?[^,]{0,16}?(?:通过|宣布|决议|公告|代)[^,]{0,6}?(?:旗下|子公司)")
_OF_LOAN = re.compile("联贷|联合授信|主办银行|银行团")
_PROJECT_OF_TWO = re.compile("(?:开发)?的[^,的]{0,16}?(?:专案|项目|计划|开发案|合作案)(?!经理|人员)")
_VALUED = re.compile(r"(?:公司)?(?:间|之间)?的?(?:价值|规模|总额|总值|金额)?(?:达|高达|约|逾)?")
_DEAL_WORTH = re.compile(r"(?:\([^()]*\))?的?[^,]{0,4}(?:协议|合约|合作案|交易案)")
_BARE = re.compile("(?:公司|集团|集團)$")
_OTHER_SIDE = re.compile("[\u3400-\u9fff]{0,2}[与和跟][\u3400-\u9fff]{2,8}?(?:洽谈|商讨|宣布|拟|将|的)*")
_BUSINESS = re.compile("(?:资产|資產|业务|業務|部门|部門|据点|據點)$")
"""What is merged inside one company"""
_NATION = 2
"""Characters of the country before a name that may or may not belong to it"""
_CO_OPERATION = frozenset({"战略合作", "策略合作"})
_ADVERB = 4
"""Characters between the second party and 合作"""
_EACH_OF_MANY = re.compile("[均皆都](?:已|将)?[与和向同]")
"""均已與 B 簽訂…: those told of before, not the one who tells of them"""
_UNNAMED = re.compile("[与同和][^,、与同和]{0,12}(?:客户|(?:企业|业者|厂商)(?=[^,]{0,2}(?:签|达成|订立)))")
_WORTH_CONTRACT = re.compile(r"了?(?:约|近|逾|超)?\d[\d.]*[万亿]+[㐀-鿿]{0,2}元[^,贷借担保租]{0,16}合同$")
"""签订4.6亿元…合同: so much is earned"""
_SALE_CONTRACT = re.compile(
    "(?:销售|供货|服务|工程|施工|总承包|承包|供应|重大|补充|商务|日常经营|订货|建造)[^,]{0,8}(?:合同|协议)|订单"
)
_BOUGHT_BY_CONTRACT = re.compile("(?:租赁|采购|购电|购买|租用|购销)(?:框架)?(?:协议|合同)")
_NO_DEAL = re.compile(
    "(?:[晶芯]片|算力|云端|伺服器|服务器|加速器|GPU)(?:制造|设计|供应|开发|新创|初创)?(?:商|公司|巨头|大厂|厂|企业|龙头|业者|巨擘)"
    "|[^,、]{2,8}、[^,]{0,24}等(?:形式|方式|方面)|符?合资格|授权委托|(?:收购|转让|购买|重组)框架协议|产权转让合同|(?:保证|担保|质押|抵押)(?:合同|协议)"
)
"""No 合资, no licence and no order in it, nor ways in which two may work together"""
_BUYS_FROM_SELF = re.compile("向(?:本|上市)?公司[^,。;]{0,12}(?:采购|购买|订购|下达|下单)")
_BOUGHT_BY_SELF = re.compile("公司[^,。;]{0,6}向[^,。;]{2,16}(?:采购|购买|订购)|从[^,。;]{2,16}采购")
_OF_SUPPLY = re.compile("(?:销售|订货|承包|施工|承揽|建造|技术服务)[^,。;《》]{0,6}(?:合同|协议|合约|订单|》)")
_OF_GOODS = re.compile("(?:供货|供应|供销)[^,。;《》]{0,6}(?:合同|协议|合约|》)|长单")
"""Of a listed company that gives notice: it is who supplies"""
_SUPPLIES = re.compile("(?:公司|约定|期间|年|将)[^,。;]{0,16}(?:供应|供货|交付|销售|承建|承接|承担)(?!链|商|额|收入)")
_BUYS_NEXT = re.compile(
    "\\s*(?:公司)?(?:约定|同意|[拟将])*(?:(?:使用|以|用|出资|斥资)[^,]{0,24})?(?:收购|受让|购买|取得)(?![方人])[^,]{0,60}(?:股权|股份)"
)
_TOLD_NEXT = 120
"""Characters after the clause of a contract in which its sides are told"""


def pair(place: Place) -> Draft | None:
    """A with B, without direction: co-operation, a merger."""
    if place.cue.cue.needs == "size" and (abroad := _build_abroad(place)) is not None:
        return abroad
    cases = {"", "with", "by"} if place.cue.type == "partnership" else {"", "with"}
    word = place.clause.between(place.cue.start, place.cue.end)
    left = distinct([name for g in place.left if g.case in cases for name in g.mentions()])
    named = word.endswith(("为", "是"))  # 合资对象为 B
    after = [g for g in place.right if g.case in {"", "with"} or (named and g.start == place.cue.end)]
    near = (g for g in after if g.start <= place.cue.end + 24 and not _is_founded(place, g))
    right = [name for g in near for name in g.mentions()]
    next_to = word in _HAND_IN_HAND and any(g.start == place.cue.end for g in place.right)
    parties = left if len(left) > 1 and not next_to else distinct([*left, *right])
    alone = len(place.left) == 1 and place.left[0].case == "with"
    if alone and len(parties) > 1:  # 与 A、B 等签署协议: all of one side
        spoken_of = place.state.topic if implicit(place.clause, place.left[0].start) else None
        parties = distinct([*names_of(spoken_of), *parties]) if spoken_of else []
    elif len(parties) == 1 and (
        _beside_unknown(place) or (word in _HAND_IN_HAND and place.text_after.startswith(_UNNAMED_SIDES))
    ):
        return None
    own = place.left[0] if place.left and not place.left[0].case and opens(place.clause, place.left[0]) else None
    beside = own is not None and _JOINT.search(place.clause.between(own.end, place.cue.start))  # its other side is no known name
    if len(parties) == 1 and place.state.topic is not None and not beside and implicit(place.clause, place.cue.start, limit=30):
        parties = distinct([*place.state.topic.mentions(), *parties])
    topic = place.state.topic
    if not parties and topic is not None and len(topic.names) > 1 and implicit(place.clause, place.cue.start):
        parties = topic.mentions()  # A 與 B 今日宣布,將共同投資成立…
    elif not parties and topic is not None and place.state.partner is not None and implicit(place.clause, place.cue.start):
        parties = distinct([*topic.mentions(), *place.state.partner.mentions()])
    if len(parties) < 2 and place.state.pair and _BOTH.search(place.clause.between(place.clause.start, place.cue.start)):
        parties = distinct([name for side in place.state.pair for name in side.mentions()])
    if place.cue.type == "merger":
        before = groups(place.sentence.clauses[place.index - 1])[-1:] if place.index and not place.groups else []
        if before and len(before[0].names) > _PAIR:  # A、B 與 C,「三合一」整併
            parties = before[0].mentions()
        parties = [name for name in parties if name.kind not in {"government", "person"}]
        first = place.left[0] if len(place.left) > 1 else None
        if first is not None and len(parties) > _PAIR and _UNITS_MERGE.match(place.clause.text, first.end - place.clause.start):
            parties = [name for name in parties if name not in first.mentions()]  # S 董事會通過子公司 A 與 B 吸收合併
        if _SORT_OF_MERGER.search(place.up_to):
            return None  # 以 A 併購 B、C 併 D 為代表的整併案
        if any(_BUSINESS.search(name.text) for name in parties):
            return None
    else:
        parties = [name for name in parties if name.kind != "person"]
    shown = any(name.entity_id or has_tail(name.text) for name in parties)
    if place.cue.type == "partnership" and not (len(parties) > 1 and all(name.entity_id for name in parties)):
        signed = signatories(place)
        if signed or len(parties) < 2 or (word in _SIGNED_PAPERS and not shown):
            parties, shown = signed, True
    if len({_BARE.sub("", name.text) for name in parties}) < 2 or (word in _TRANSITIVE and not left):
        return None
    if place.cue.cue.needs == "size":  # A 与 B 拟建设…,投资 168 亿
        return place.draft("partnership", {"party": left}) if _build_together(place, left) else None
    if place.cue.type == "partnership" and any(map(is_bank, parties)) and _OF_LOAN.search(_sentence(place)):
        return None  # 與聯貸主辦銀行 L 合作, 攜手 L 共同籌劃…聯貸案: a loan, told elsewhere
    if word == "合作" and (project := _joint_project(place)):
        return place.draft("partnership", {"party": project})
    bare = word == "合作" or (word in _CO_OPERATION and shown and _is_told(place))
    if bare and not (shown and _is_told(place)):
        return None
    together = word in _HAND_IN_HAND and (_JOINED.search(place.clean.text) or _undertake(place, parties))
    joined = _JOINING.search(place.clause.text) or together or any(_INTENT.search(c.text) for c in place.following[:2])
    if word in _BID_TOGETHER and any(_BID.search(c.text) for c in place.following[:2]):
        return None  # 组成联合体,中标…: told by what they have won
    if word in _HELD_TOGETHER:
        joined = any(_FOUNDED.search(c.text) for c in place.sentence.clauses[: place.index])
    if place.cue.type == "partnership" and not bare and not joined:
        return None
    return place.draft(place.cue.type, {"party": parties})


def _build_abroad(place: Place) -> Draft | None:
    """A、B 砸近13億,赴美設模組廠: the two listed companies of the clause before, and what they spend."""
    before = place.sentence.clauses[place.index - 1] if place.index and not place.groups else None
    members = groups(before) if before is not None else []
    if before is None or len(members) != 1 or members[0].case or len(members[0].names) < _PAIR or len(before.amounts) != 1:
        return None
    if not all(name.entity_id and name.kind in {"company", "unit"} for name in members[0].mentions()):
        return None
    if not implicit(place.clause, place.cue.start, 2) or "厂" not in place.text_after:
        return None
    return place.draft("partnership", {"party": members[0].mentions()}, amount=before.amounts[0])


def _sentence(place: Place) -> str:
    return place.clean.text[place.sentence.start : place.sentence.end]


def _joint_project(place: Place) -> list[Name]:
    """S 表示,與 B 合作的 Y 專案…: what two listed companies go on with, spoken of."""
    other = place.left[0] if len(place.left) == 1 and place.left[0].case == "with" else None
    topic = place.state.topic
    if other is None or topic is None or other.shares(topic) or other.end != place.cue.start:
        return []
    if not implicit(place.clause, other.start) or _PROJECT_OF_TWO.match(place.text_after) is None:
        return []
    parties = [*topic.mentions(), *other.mentions()]
    listed = all(name.entity_id and name.kind in {"company", "unit"} for name in parties)
    return parties if listed and len(topic.names) == 1 else []


def _is_founded(place: Place, group: Group) -> bool:
    """与 B 共同成立|青岚能源公司: the venture is no party to itself."""
    made_of = place.clause.between(place.cue.start, place.cue.end).endswith(("成立", "设立")) and _OF_VENTURE.match(
        place.clause.text, group.end - place.clause.start
    )
    return bool(made_of) or _FOUNDS.search(place.clause.between(place.clause.start, group.start)) is not None


def _undertake(place: Place, parties: list[Name]) -> bool:
    """A 攜手 B 打造…: listed companies, or two with a price beside them, and what they set out to do."""
    near = (place.clause, *place.following[:4])
    listed = all(name.entity_id and name.kind in {"company", "unit"} for name in parties)
    shown = all(name.entity_id or has_tail(name.text) for name in parties)
    priced = shown and any(clause.amounts for clause in near) and not any(_PUBLIC.search(name.text) for name in parties)
    told = place.clause.text[place.cue.end - place.clause.start :] + ",".join(c.text for c in place.following[:1])
    return (listed or priced) and _UNDERTAKING.search(told) is not None


def _beside_unknown(place: Place) -> bool:
    """A与丰树合并: the other side stands there, though nothing shows it to be a name."""
    last = place.left[-1] if place.left else None
    return (
        last is not None and not last.case and _OTHER_SIDE.fullmatch(place.clause.between(last.end, place.cue.start)) is not None
    )


def _build_together(place: Place, parties: list[Name]) -> bool:
    """Whether the parties are one subject of two or more companies, and what they build has a price."""
    if "联合体" in place.clause.text:
        return False  # 联合体中标…建设项目: what they have won
    companies = [name for name in parties if name.kind in {"company", "unit", "fund"}]
    priced = any(c.amounts for c in (place.clause, *place.following[:1]))
    return priced and len(companies) > 1 and len(place.groups[0].names) > 1 and opens(place.clause, place.groups[0])


def signatories(place: Place) -> list[Name]:
    """Both sides of A 與 B 簽署…備忘錄, also bodies that neither a row nor a tail shows to be names; else none."""
    text = place.clause.text
    signed = SIGNS.search(text)
    if signed is None or not _SIGNED.search(text, signed.end()):
        return []
    joint = None
    for match in _JOINT.finditer(text, 0, signed.start()):
        joint = match
    joint = joint or _LISTED_PAIR.search(text, 0, signed.start())
    if joint is None:
        return []
    head = _LEADING.match(text, 0, joint.start())
    first = _side(place, head.end() if head else 0, joint.start())
    if not first and place.state.announcer is not None and _ITSELF_WITH.fullmatch(text, 0, joint.start()):
        first = place.state.announcer.mentions()
    if not first and place.state.topic is not None and implicit(place.clause, place.clause.start + joint.start(), 2):
        first = place.state.topic.mentions()
    if place.clause.between(place.clause.start, place.clause.start + joint.start()).strip() in patterns().places:
        return []  # 芬兰|与爱沙尼亚
    if not first and place.state.topic is None and (body := _body_leading(place, joint.start())):
        first = body
    if not first and place.state.topic is None and not text[: joint.start()].strip():
        first = _speaking_before(place)
    second = _side(place, joint.end(), signed.start())
    return distinct([*first, *second]) if first and second else []


def _body_leading(place: Place, at: int) -> list[Name]:
    """甲乙公會周五舉辦論壇,今日也|與 B 簽訂…: the body that opens the sentence, where the clause has no subject."""
    first = place.sentence.clauses[0]
    led = _BODY_LEADS.match(first.text) if first is not place.clause else None
    if led is None or not implicit(place.clause, place.clause.start + at, 2):
        return []
    return [name_at(place, first.start + led.start(1), first.start + led.end(1), "other")]


def _speaking_before(place: Place) -> list[Name]:
    """岑洋研究中心今天表示,與 B 簽署…: who said so in the clause before, whether or not it is known to be a name."""
    before = place.sentence.clauses[place.index - 1] if place.index else None
    said = _SAID.fullmatch(before.text) if before is not None else None
    if before is None or said is None or CLIENT.search(said[1]) is None or _NO_BODY.search(said[1]):
        return []
    return [name_at(place, before.start + said.start(1), before.start + said.end(1), "other")]


def _side(place: Place, start: int, end: int) -> list[Name]:
    """The listed names of a stretch of the clause; without one, its words, adverbs and places at their end left out."""
    while (cut := _TRAILING.search(place.clause.text, start, end)) is not None:
        end = cut.start()
    if (office := _OFFICE.search(place.clause.text, start, end)) is not None:
        end = office.start()
    start = max(place.clause.text.rfind("的", start, max(end - SHORTEST_BODY, start)) + 1, start)  # 擁有…會員的新加坡製造商會
    start, end = place.clause.start + start, place.clause.start + end
    inside = [name for g in place.groups for name in g.names if start <= name.start and name.end <= end]
    named = distinct([name.value for name in inside])
    listed = [name for name in named if name.entity_id]
    closed = bool(inside) and inside[-1].end >= end - _NATION
    before = place.clause.between(start, inside[0].start) if closed else ""
    described = closed and (patterns().described.search(before) or patterns().shown.search(before))
    if closed and (listed or described or inside[0].start - start <= _NATION):
        return listed or named
    if (latin := _DESCRIBED_LATIN.search(place.clause.text, start - place.clause.start, end - place.clause.start)) is not None:
        start = place.clause.start + latin.start(1)
    start += len(_FOUNDED_AS.match(place.clause.between(start, end))[0])  # type: ignore[index]
    words = place.clause.between(start, end)
    if not SHORTEST_BODY <= len(words) <= LONGEST_BODY or _NO_BODY.search(words) or words in common_words():
        return []
    return [name_at(place, start, end, "other")]


def _is_told(place: Place) -> bool:
    """A 与 B 合作,…: the two, the verb and nothing else."""
    last = place.left[-1] if place.left else None
    if last is None or place.clause.text[place.cue.end - place.clause.start :].strip(' 」"'):
        return False
    if place.following and _BY_FORMER.match(place.following[0].text):
        return False  # what the one is to do for the other tells the deal
    between = ASIDE.sub("", place.clause.between(last.end, place.cue.start))  # 軟銀(SoftBank)合作
    return len(between) <= _ADVERB and opens(place.clause, place.groups[0])


def agreement(place: Place) -> Draft | None:
    """A 与 B 签订 … 协议: what is signed decides the type."""
    clause, members, state = place.clause, place.groups, place.state
    signed = patterns().signing.search(clause.text)
    if signed is None and (worth := _worth(place)) is not None:
        return worth
    if signed is not None and (sale := _of_sides(place)) is not None:
        return sale
    together = "合作" in clause.text
    if signed is None and not together:
        return None
    quantity = QUANTITY.search(clause.text)
    if quantity is None and together and place.following and _BY_FORMER.match(place.following[0].text):
        quantity = QUANTITY.search(place.following[0].text)
    if signed is None and quantity is None:
        return None
    at = clause.start + (signed.start() if signed else 0)
    place = place.told_by(CueAt(at, at + 1, "partnership", GENERAL))
    partner = last_of(members, "with") or last_of(members, "to")
    giver = last_of(members, "by")
    if partner is None and giver is not None and _kind_of(clause.text) == "purchase" and patterns().agreement.search(clause.text):
        seller = next((g for g in members if not g.case and g.end <= giver.start), None) or state.topic
        if seller is None or seller.shares(giver):
            return None
        return place.draft("purchase", {"buyer": giver.mentions(), "supplier": seller.mentions()}, generic=True)
    partner = _for_whom(clause, partner)
    subject = _for_whom(clause, next((g for g in members if not g.case), None))
    if subject is not None and len(subject.names) == _PAIR and clause.text.startswith("双方", subject.end - clause.start):
        subject = replace(subject, partner=1)  # 甲、乙双方签订施工合同
    unnamed = subject is not None and _UNNAMED.search(clause.text, subject.end - clause.start)
    if partner is None and subject is not None and len(subject.names) > 1 and subject.partner and not unnamed:
        ones, rest = subject.names[: -subject.partner], subject.names[-subject.partner :]
        subject = Group(ones, "", ones[0].start, ones[-1].end)
        partner = Group(rest, "with", rest[0].start, rest[-1].end)
    if partner is None and signed is not None and (sale := _sold_to_unnamed(place, signed)) is not None:
        return sale
    if partner is None and subject is not None and signed is not None and clause.amounts:
        partner = _partner_unlisted(place, subject, signed)
    if partner is None or (signed is not None and partner.start > at + 6 and partner.case == "to"):
        return None
    if signed is not None and "客户" in clause.between(partner.end, at):
        return None  # A 與 B 要求客戶簽長約: each with others
    if subject is None or subject.start > partner.start:
        before = clause.start + preposition_start(clause.between(clause.start, partner.start))
        subject = state.topic if implicit(clause, before, 12) else subject
    if subject is None or subject.shares(partner) or (subject is state.topic and _EACH_OF_MANY.search(clause.text)):
        return None
    if signed is not None and _is_signed_up(place, signed, subject, partner):
        return place.draft("partnership", {"party": [*subject.mentions(), *partner.mentions()]}, generic=True)
    after = clause.text[signed.end() :] if signed else ""
    if signed is not None and "约" in signed.group() and place.following:
        after += place.following[0].text
    at_signing = signed is not None and _SIGNING_HELD.search(clause.text, 0, signed.end()) is not None
    if signed is not None and not (at_signing or patterns().agreement.search(after)):
        return None
    if at_signing and any(name.kind == "person" for name in (*subject.mentions(), *partner.mentions())):
        return None  # 与许明远工作室签约: his house is no listed name
    kind = _kind_of(_beside_names(clause)) or ("partnership" if at_signing else None)
    told_next = place.following[0] if place.following else None
    if told_next is not None and _SHARES_TAKEN.search(told_next.text):
        told_next = None  # 與 B 簽署協議,由其取得 C 55%股權
    if kind is None and told_next is not None and (not told_next.names or "双方" in told_next.text):
        kind = _kind_of(told_next.text)
        quantity = quantity or QUANTITY.search(told_next.text)
    if kind == "purchase" and quantity is None and place.following and _VENTURE_NEXT.match(place.following[0].text):
        kind = "partnership"  # 签署合同,成立合资公司
    kind = kind or ("purchase" if quantity else None)
    supplied = "协议" in clause.text and bool(place.following) and "供应" in place.following[0].text
    if kind is None and supplied and (delivers(place) is not None or delivered_to(place, subject.names)):
        kind = "purchase"
    if kind is None and (clause.amounts or any(_BOTH.search(c.text) for c in place.following[:1])):
        kind = "partnership"
    if kind is None:
        return None
    ordered = any(_ORDER.search(c.text) and not c.names for c in place.following[:1])
    if kind == "partnership" and (quantity or ordered):
        kind = "purchase"
    return _agreed(place, kind, subject, partner)


def _for_whom(clause: Clause, group: Group | None) -> Group | None:
    """甲木董事長林岑安: who signs does so for the body named before his office."""
    if group is None or len(group.names) > 1:
        return group
    person = group.names[0]
    bodies = (n for n in clause.names if n.end < person.start and _HOLDS_OFFICE.fullmatch(clause.between(n.end, person.start)))
    body = next(bodies, None)
    return Group((body,), group.case, body.start, group.end) if body is not None else group


def _is_signed_up(place: Place, signed: re.Match[str], subject: Group, partner: Group) -> bool:
    """A 与 B 现场签约, and no more: two bodies, of which one is known to be one, and no person."""
    if signed.group() != "签约" or _SIGNED_UP.match(place.clause.text, signed.end()) is None:
        return False
    if place.following and _TELLS_WHAT.match(place.following[0].text):
        return False
    names = (*subject.mentions(), *partner.mentions())
    return all(name.kind != "person" for name in names) and any(name.entity_id or has_tail(name.text) for name in names)


def _partner_unlisted(place: Place, subject: Group, signed: re.Match[str]) -> Group | None:
    """A 與 …服務公司簽署價值…合約: the other side by its words, where no list has it and a company's noun closes it."""
    joint = next(reversed(list(_JOINT.finditer(place.clause.text, subject.end - place.clause.start, signed.start()))), None)
    names = _side(place, joint.end(), signed.start()) if joint else []
    if joint is None or len(names) != 1 or not (names[0].entity_id or CLIENT.search(fold(names[0].text))):
        return None
    start, end = place.clause.start + joint.end(), place.clause.start + signed.start()
    return Group((At(start, end, names[0]),), "with", start, end)


def _of_sides(place: Place) -> Draft | None:
    """S(賣方)與 B(買方)訂立買賣協議: each name has its side in brackets after it."""
    if "协议" not in place.clause.text and "合同" not in place.clause.text:
        return None
    sides: dict[str, list[Name]] = {"卖方": [], "买方": [], "目标公司": []}
    for name in place.clause.names:
        side = _SIDE_NAMED.match(place.clause.text, name.end - place.clause.start)
        led = _SIDE_LEADS.search(place.clause.text, 0, name.start - place.clause.start)
        if side is not None or led is not None:
            sides[side[1] if side is not None else led[1]].append(name.value)  # type: ignore[index]
    if not sides["买方"]:
        return None
    if not sides["目标公司"] and _OF_GOODS_SOLD.search(place.clause.text):
        return place.draft("purchase", {"buyer": sides["买方"], "supplier": sides["卖方"]})
    told = place.clean.text[place.sentence.start : place.sentence.end]
    following = place.clean.text[place.sentence.end : place.sentence.end + _TOLD_NEXT] if sides["目标公司"] else ""
    some = _OF_SOME.search(told + following)
    kind, role, thing = ("share_transfer", "buyer", "company") if some else ("acquisition", "acquirer", "target")
    return place.draft(kind, {role: sides["买方"], "seller": sides["卖方"], thing: sides["目标公司"]})


def _worth(place: Place) -> Draft | None:
    """A 與 B 價值2000億美元的巨額協議: told as a thing, not as a deed."""
    for amount in place.clause.amounts:
        sides = next((g for g in place.groups if g.end <= amount.start and len(g.names) == _PAIR and not g.case), None)
        if sides is None or not _DEAL_WORTH.match(place.clause.text, amount.end - place.clause.start):
            continue
        if _VALUED.fullmatch(place.clause.between(sides.end, amount.start)):
            kind = "license" if "授权" in place.clause.text else "partnership"
            if kind == "partnership":
                return place.draft(kind, {"party": sides.mentions()}, generic=True, amount=amount)
    return None


def _sold_to_unnamed(place: Place, signed: re.Match[str]) -> Draft | None:
    """S 与某客户签订 … 合同, S 签订 … 合同,合同金额 …: a company that does not say with whom it signs sells."""
    text = place.clause.text
    unnamed = _UNNAMED.search(text, 0, signed.start())
    priced = any(c.amounts for c in (place.clause, *place.following[:2]) if len(c.names) < 2)
    sale = _SALE_CONTRACT.search(text, signed.end()) or _WORTH_CONTRACT.match(text, signed.end())
    if unnamed is None and not (priced and (sale or _BOUGHT_BY_CONTRACT.search(text))):
        return None
    of_customer = unnamed is not None and "客户" in unnamed.group()
    bought = not of_customer and _BOUGHT_BY_CONTRACT.search(text, signed.end()) is not None
    at = place.clause.start + (unnamed.start() if unnamed else signed.start())
    seller = next((g for g in reversed(place.groups) if not g.case and g.end <= at), None)
    if seller is None and implicit(place.clause, at, 12):
        seller = place.state.topic
    if seller is None or not patterns().agreement.search(text, signed.end()) or _kind_of(text[signed.end() :]) == "partnership":
        return None
    return place.draft("purchase", {"buyer" if bought else "supplier": seller.mentions()}, generic=True)


def _kind_of(text: str) -> str | None:
    lowered = _NO_DEAL.sub("", text.lower()).replace("合作合同", "合作协议")
    found = [kind for word, kind in object_words("zh") if word in lowered]
    if _ON_SHARES.search(text):
        return None  # 《关于转让 C 股权的框架协议》: who buys is told elsewhere
    if _PUBLIC_PRIVATE.search(text):
        return "partnership"
    if "partnership" in found and _FRAMEWORK.search(text) and not _ORDER_FRAMEWORK.search(text):
        return "partnership"  # what it is about, 算力 or 芯片, is not yet bought
    order = ("share_transfer", "loan", "acquisition", "investment", "license", "purchase", "partnership")
    return next((kind for kind in order if kind in found), None)


def _beside_names(clause: Clause) -> str:
    """The words of a clause without what companies are called: 股权投资基金 is a house, and no investment is signed."""
    text = clause.text
    for name in clause.names:
        if name.value.entity_id is None and name.value.kind != "other":
            first, last = name.start - clause.start, name.end - clause.start
            text = f"{text[:first]}{'〇' * (last - first)}{text[last:]}"
    return text


def _agreed(place: Place, kind: str, subject: Group, partner: Group) -> Draft | None:
    if kind in {"partnership", "merger"}:
        return place.draft(kind, {"party": [*subject.mentions(), *partner.mentions()]}, generic=True)
    if kind == "share_transfer" and any(_BUYS_NEXT.match(c.text) for c in place.following[:1]):
        return None  # 与 S 签订《股权转让协议》,拟以…收购 C: who buys is told by what follows
    if kind == "share_transfer":
        company = place.state.topic if place.state.topic and not place.state.topic.shares(subject) else None
        roles = {"seller": subject.mentions(), "buyer": partner.mentions(), "company": names_of(company)}
        return place.draft(kind, roles, generic=True)
    if kind == "investment" and any(AUTHORITY.search(name.text) for name in (*subject.mentions(), *partner.mentions())):
        return place.draft("partnership", {"party": [*subject.mentions(), *partner.mentions()]}, generic=True)
    if kind == "purchase" and _is_bank(partner) and any(_PLEDGES.search(c.text) for c in (place.clause, *place.following[:2])):
        return None  # 与银行签订合同,以存单为…担保
    first, second = payer_and_paid(kind)
    takes_in = kind == "investment" and any(_TAKES_IN.search(c.text) for c in (place.clause, *place.following[:1]))
    own_shares = kind == "investment" and subject is place.state.announcer and _SUBSCRIBED in place.clause.text
    if takes_in or own_shares or (kind == "investment" and is_given_money(place)):
        subject, partner = partner, subject
    if kind == "acquisition" and _TAKEN_PRIVATE in place.clause.text and "收购" not in place.clause.text:
        subject, partner = partner, subject  # C 与基金 A 达成私有化协议
    if kind == "loan" and not _is_bank(subject) and lender_of(place, subject.names, partner.names) != subject.names:
        subject, partner = partner, subject
    seller = kind == "license" and _SELLER_OF_RIGHTS.search(place.clean.text, max(subject.start - 8, 0), subject.start)
    grants = licenses(place) if kind == "license" else None
    if grants or seller or (kind == "license" and (_licenses_out(place, partner) or _is_licensor(place, subject, partner))):
        subject, partner = partner, subject
    if kind == "purchase" and _supplies(place, subject, partner):
        subject, partner = partner, subject
    return place.draft(kind, {first: subject.mentions(), second: partner.mentions()}, generic=True)


def _licenses_out(place: Place, partner: Group) -> bool:
    """Whether the other side is told to pay, or to be granted the rights."""
    told = place.clean.text[place.clause.start : place.clause.end + 2 * _TOLD_NEXT]
    if place.clause.between(partner.start - 2, partner.start) in _HAND_IN_HAND:
        return False  # A 攜手 B 取得授權: the verb is of A
    for one in partner.names:
        name = place.clean.text[one.start : one.end]
        for at in (match.start() for match in re.finditer(re.escape(name), told)):
            paying = told[max(at - 1, 0) : at] not in _TURNED_TO and _PAYS.match(told, at + len(name))
            if paying or _GRANTED_TO.search(told, 0, at):
                return True
    return False


def _is_licensor(place: Place, subject: Group, partner: Group) -> bool:
    """Whether the subject is told to be paid for rights, or anywhere in the text to license the other side: 合岑授權丹麥LEO."""
    told = place.clean.text[place.clause.start : place.clause.end + _TOLD_NEXT]
    others = [place.clean.text[one.start : one.end] for one in partner.names]
    fees = _FEES.search(told)
    if fees is not None and not any(other in fees[1] for other in others):
        return True
    stems = [patterns().tail.sub("", place.clean.text[one.start : one.end]) for one in subject.names]
    return any(
        re.search(rf"{re.escape(stem)}(?:将|已)?授权(?:给|予)?[^,。\n]{{0,6}}{re.escape(other.split(' ')[0])}", place.clean.text)
        for stem in stems if len(stem) >= _PAIR for other in others
    )  # fmt: skip


def _supplies(place: Place, subject: Group, partner: Group) -> bool:
    """Whether who signs a contract of supply sells: so it is told, or so the contract is called."""
    by = _BY_FORMER.match(place.following[0].text) if place.following else None
    if by is not None:
        return "前" in by.group()
    if (told_to_build := builds(place, subject.names, partner.names)) is not None:
        return told_to_build
    if (told_to_deliver := delivers(place)) is not None:
        return told_to_deliver
    if delivered_to(place, subject.names):
        return False
    if any(_PAID_AHEAD.search(clause.text) for clause in (place.clause, *place.following[:1])):
        return True  # A 與 B 簽下10年長約並獲5億美元資助: who is given money on signing is to deliver
    if (buying := buys_from(place, subject.names, partner.names)) is not None:
        return not buying
    if "电" in place.clause.text and _POWER_CONTRACT.search(place.clause.text) and _sells_power(subject) != _sells_power(partner):
        return _sells_power(subject)
    if _LEASE.search(place.clause.text) and any(_RENTS.match(clause.text) for clause in place.following[:1]):
        return False
    told = place.clean.text[place.clause.start : place.clause.end + _TOLD_NEXT]
    signed = place.clause.text[place.cue.start - place.clause.start :]
    if (
        not (bought := _BOUGHT_BY_SELF.search(told))
        and _is_notice(place)
        and (_OF_GOODS.search(signed) or _SUPPLIES.search(told))
    ):
        return True  # who delivers to a maker of batteries has made what goes into them
    if sells(subject) != sells(partner):
        return sells(subject)
    if _OF_CLOUD.search(place.clause.text) and _owns_seller(subject) != _owns_seller(partner):
        return _owns_seller(subject)
    if _BUYS_FROM_SELF.search(told):
        return True
    return not bought and _OF_SUPPLY.search(signed) is not None


def _is_notice(place: Place) -> bool:
    """甲股份:与 B 签署供应协议: whether the first named tells of its own contract."""
    headed = place.clean.text[max(place.clause.start - 1, 0) : place.clause.start] == ":"
    return headed or "公告" in place.clean.text


_SIGNED_UP = re.compile("(?:成功|仪式)?(?:$|[,;。)」”])")
_TELLS_WHAT = re.compile("\\s*(?:以|将|拟|由|约定|收购|购买|买下|投资)")
"""The clause after 签约 that says what has been agreed"""
_LEASE = re.compile("租[赁约用]")
_POWER_CONTRACT = re.compile("购售?电|绿电|CPPA|售电|电力采购")
_POWER_SELLER = re.compile("能源|绿能|风电|光电(?!子)|光伏|太阳能|售电|电力|风场|电厂|发电|核电|水电")
_RENTS = re.compile("(?:并|将|拟|计划|准备|打算|以便|用于)[^。]{0,24}(?:租[赁用下]|承租)")
"""A 与 B 签署租赁承诺,计划租赁…: who signs rents, whatever else it sells"""


def _is_bank(group: Group) -> bool:
    return any("银行" in fold(name.value.text) or "bank" in name.value.canonical.lower() for name in group.names)


def _sells_power(group: Group) -> bool:
    """Whether a side is called what those are who sell power: 沃旭能源, 岚川售电."""
    return any(_POWER_SELLER.search(fold(name.value.text)) for name in group.names)


def _owns_seller(group: Group) -> bool:
    """Whether a unit of theirs sells capacity: Google of Google Cloud."""
    return any(name.value.entity_id in owners_of_providers() for name in group.names)
