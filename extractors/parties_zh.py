"""The participants of a Chinese sentence: names grouped by case, who is spoken of, and whom 其, 後者 and silence mean."""

from __future__ import annotations

import re

from extractors.frames import Group, Place, State, last_of
from extractors.reading import At, Clause
from extractors.syntax_zh import ASIDE, DATELINE, MARKED, PREPOSITION, patterns
from extractors.weak_names import has_tail
from models.mention import Name

PASSIVE = re.compile(r"(?:获得?|获取|赢得|迎来|拿到|接受)[^,]{0,24}$")
ANAPHOR = re.compile(r"\s*(?:该公司|该集团|其|后者|对方|这家公司|该公益公司|该企业|该平台|本公司)")
TO_LATTER = re.compile(
    r"[向对给为](?:后者|其|这[家间][^,]{0,16}?(?:公司|企业|新创|初创|[开发制造供应服务]+商|业者|平台|巨头|大厂))"
)
_AND = re.compile(
    r"(?: ?(?:Co|Inc|Ltd|Corp)\b\.?,?)*\s*(?:\((?:集团|控股)\)(?:股份)?(?:有限)?(?:责任)?公司)?"
    r"(?:[」”\"]?(?:\([^()]{1,24}\))?\s*(?:合计)?\d[\d.]*%的?(?:股权|股份))?"
    r"(?:(?:[」”\"]?\([^()]{1,24}\))?(?:、(?:(?![^、]{0,4}(?:收购|并购|投资|持有?|出售|转让|[拟将已]|以(?!及)))[\u3400-\u9fff]{2,5}(?=[、以及和]))?)?"
    r"(?:、|以及|及其|及|和|与|暨|跟)|[/&])\s*(?:老股东|新股东|(?:自然人|法人)股东|\([主成联]\)|旗下|同为|上市公司|(?:全资|控股)?子公司"
    r"|(?<=、)(?:(?:美|英|德|法|韩)国|日本|瑞士|荷兰|意大利|加拿大|新加坡|以色列|香港|台湾)?"
    r"(?:(?![^、]{0,6}(?:收购|并购|参股|控股|投资|旗下|全资|股东|[拟将已]))[\u3400-\u9fff]{2,10}?(?:公司|企业|品牌|平台|[应造运营开发]商))?)?\s*"
)
_BOTH_HANDS = re.compile("一手[^,]*、?(?:另)?一手$")
"""A 一手拿下 B 大單、一手收購 C: both are done by A"""
_APPROVES = re.compile(r"[^,]{0,16}?(?:核准|批准|通过|同意|放行|核可|许可|准许)了?[^,与和向对]{0,8}")
"""Between an authority and whose deal it lets pass"""
_ACTS_NEXT = re.compile(
    r"[」”\"]?(?:\([^()]*\))?(?:以|拟|将|全资|斥资|宣布|收购|并购|并(?!购|且|与|和)|入股|投资|持有"
    r"|换股|(?:吸收)?合并(?!报表|范围|后|财务)|[与和跟同][^,、]{2,16}(?:合并|重组))"
)
_ACTED = re.compile("收购|并购|入股|投资(?![人者方机])|合并(?!报表|范围|后|财务)")
_LISTED_DEAL = "、"
_GOES_ON = re.compile(
    r"[」”\"]?(?:\([^()]*\))?(?:\d[\d.]*%)?的?(?:股权|股份)?、(?:并且?|又|再|还|及)?[拟将已]?(?:(?:以|斥资|作价|出资|耗资)[^,、]{0,4}\d[^,、]{0,10})?"
)
"""Between what has been bought and the next verb of a list, of which the first one named is the subject"""
_INVESTOR = re.compile("投资[方人者]")
_PRONOUN = re.compile("后者|前者|其(?!他|余|中|旗下)|对方")
_GIVES_NOTICE = re.compile(r"(?:[A-Z]|-[A-Z]{1,2})?(?:\([^()]*\))?[^,]{0,14}?(?:公告|披露|公布)")
_SPEAKS_FOR = re.compile(
    "(?:[A-Z]|-[A-Z]{1,2})?(?:\\([^()]*\\))?(?:的|联合|共同|现任)*(?:创始人|创办人|董事长|执行长|总经理|总裁|首席执行官|CEO|发言人|财务长|董秘|董事会秘书)"
    "[^,]{0,8}?(?:表示|指出|透露|介绍|强调|坦言|说明?|称)(?:$|[,:])"
)
"""甲科技執行長林岱表示: for whom 公司 stands in what he says"""
_ITEM_HEAD = re.compile(r"(?:\d{1,2}[、.]\s*)?【?")
"""6、甲股份: in a list of notices"""
_ALONE = re.compile(r"\s*(?:\([^()]*\)|\d{6})?\s*")
_THIS_ONE = re.compile("这[家个座处]|该|其|本")
_BRANCH = re.compile("(?:分行|支行|分公司|营业部)$")
_WITH_AND = re.compile(r"\s*(?:和|与|跟)\s*")
_BRACKET = re.compile(r"[」』\"\s]*\(\s*(?:(?:以下|下文)?(?:简称|下称|合称|[亦又也]称|称)(?:为)?:?)?\s*[「『“\"]?")
_PLACE = re.compile(r"(?<![现正存所至关对由终])[在于]\s*$")
_AT_PLACE = ("在",)
"""与 B 在|青田区政府|签约: where, whatever preposition stands before"""
_DESCRIBING = "〇"
"""Stands for a name that describes another"""
_GLOSS = re.compile(r"[\u3400-\u9fff]\s*\(\s*$")
_NO_OBJECT = re.compile(
    r"\s*(?:$|[,。;:)」%的]|最[多高少]|至[多少]|约|逾|超|高达|多达|达|不超|不低|近|总|合|金额|额度|交易|共|每股|\d|[一两数几百千]|[股份权]|方案|协议|案|计划"
    r"|其|该|后者|对方|前者|并|及|和|与|尚未|余下|剩余|另|全部|部分|少数|多数|上述|要约|后|前|时|、|已|将|正|由|获)"
)
_ACTS = re.compile(r"以[^,]{0,6}\d|(?:已|正式)?(?:宣布|完成|获|收购|发布|推出|上市|挂牌|签)")
_HELD = re.compile("持有?的$")
"""收购了甲某、乙某和丙某所持有的 C: C is no fourth of them"""
_HELPS = re.compile("(?:协助|帮助|支持|助力|资助)$")
_SELLS_IT = re.compile("[所拟]?(?:转让|出让|出售|持有)的")
"""收购由 S 转让的 C: S, who sells"""
_MARKER = re.compile(r"[将把]\s*$")
_EXAMPLES = re.compile(r"\s*(?:其中)?(?:包括|例如|诸如)")
"""What counts some of those told of before, and speaks of nobody else"""
_LIKE = re.compile("同属|同为|同样|类似|相似|齐名|并称")
_LIKENED = ("不同", "类似", "相似", "一样", "如出一辙")
_SPAN_OF_TIME = re.compile(r"(?:民国)?[期第]?[一二三四五六七八九十百千万亿两几数\d]+[年月日天个期成倍届次][来内]?")
_ROUND_NAME = re.compile(r"(?:pre|Pre|PRE)[- ]?[A-Z]*\+*|(?:AI|IPO|ADR|ETF|CEO|GPU|EV|IT|IC)")
_PRONOUN_START = re.compile(r"[余多]家|[其该本此这每各某他它她我你谁]|集团|公司")
_LATTER_SUBJECT = re.compile(
    r"\s*(?:而|并|且|由|[以用](?:于|来)?)?(?:支持|帮助|协助|[供让使助])?(后者|前者|对方|(?<=由)其(?!他|中|余))"
)
_MANNER = re.compile(
    r"(?:通过|透过|采用|采取|以)[^,]{1,26}?(?:的?方式|的?形式|的价格|的?[高低天]价|的?代价|的?对价)"
    r"|^\s*\(\d{4,6}(?:\.[A-Z]{1,3})?\)|从[^,]{2,20}?(?:手[中上]|处)|(?:一|两|三|\d+)年前|/股|(?:会议|董事会|股东大会)?(?:审议|表决)(?:并)?(?:一致)?(?:通过)?了?(?:公司)?《?关于|^[一二三四五六七八九十]、(?:审议)?通过了?《?关于"
)
"""以发行股份及支付现金相结合的方式, 审议通过了《关于: how, and in what paper, and nobody who acts"""
_MANNER_ENDS = ("式", "价", "关于", "手", "处", "年前", "/股", ")")
"""One of them stands in whatever `_MANNER` finds: most clauses have none, and need not be searched"""
_ROUND_OF = re.compile(r"(?:Pre-?|pre-?|PRE-?)?(?:[A-H]\d?\+*|IPO|天使|种子)\+*轮的?")
_TAXED = re.compile(r"\([^()]{0,6}税\)")
"""以約5.8億元(不含營業稅)取得"""
_GLOSSES = frozenset({"(是", "(为", "(系"})
"""岚智中心(是|甲股份的孙公司): what is said aside of the one before"""
_TICKER = re.compile("为(?:股票|交易|证券)?代码")
_APPOSED = re.compile(
    r"(?![与和跟同向对由被获及暨携联将把拟已在从为给以受收并购投买卖签控持入起])[\u3400-\u9fff]{0,6}(?:公司|企业|品牌|厂商?|平台|初创|新创|[发造务应]商|大厂|巨头|巨擘|龙头|业者)\s*[「“\"]?"
)
# 集团撤回菜鸟的上市申请: the clause has a subject of its own, though it names none.
_OWN_SUBJECT = re.compile(r"\s*(?:该|本)?(?:集团|公司)[^,]{0,10}?(?:撤[回销]|宣布|拟|将|已|出售|收购|投资|委任|分拆)")
_OWNER_OF = re.compile(r"的?[^,的]{0,6}(?:股东|投资方|投资人|投资者)")
_IS = re.compile(r"[是为][^,]{0,12}$")
_ACTS_ON = re.compile("(?:其|后者|对方)[^,]{0,4}?(?:取得|购入|买下|拿下|认购|收购)")
_TO_PRONOUN = re.compile(r"[向对给与从](?:后者|前者|其(?!他|余|中)|对方)")
_THIS_COMPANY = re.compile(r"(?<![向对给与为从和])这家[^,]{0,20}?(?:企业|公司|巨头|机构|厂商|集团|大厂|巨擘)")
_HOLDERS_OF = re.compile(r"\s*的?(?:前?[三五十]大)?(?:股东|股权结构|持股结构|股权)")
_OF_THE_OTHER_HEAD = re.compile(r"(?:[\s了]|其|后者|对方|位于|旗下|的|^在)*")
_SHARES_OF_IT = re.compile(
    r"(?:[\s的]*(?:约|合计|剩余|全部|部分)*(?:\d[\d.]*%|[一二三四五六七八九]成)?的?(?:全部|部分|剩余)?(?:股权|股份|权益))?$"
)
"""What is left out of the name of what is sold: …项目50%股权"""
_NO_ASSET = re.compile(
    r"^(?:拓展|拓宽|布局|进军|切入|加码|扩大|扩张|转型|延伸|完善|深化)|^[该此]|^(?:上述|有关|相关)|^[“\"《「、]|^持有的(?:本|上市)?公司|收购|款项?$|、\*?ST|\d[\d.]*[万亿]*股$"
)
_ANY_UNIT = re.compile(
    "(?:其|公司|所|合计|直接|间接|旗下|全资|控股|参股|[一二三四五六七八九十两\\d]+家|下属|部分|全部|持有|的)*(?:[子孙]公司|公司|所持|持有|标的|项目公司)?"
)
"""A unit that is not named"""
_DESCRIPTION_REACH = 18
"""Characters of description between a preposition and its name"""
_SHORTEST_ASSET = 3
_PRICED = re.compile("以[^,]{0,4}\\d")
"""將 C 以18億美元售予 B: what it is sold for"""
_PLAIN_ASSET = re.compile("厂房|土地|大楼")
"""What is bought, where no more is said of it"""
_ANY_COMPANY = re.compile(
    "(?:合营|合资|联营|标的|目标|参股|关联)(?:公司|企业)|(?:额度|担保品|共同)*(?:管理|主办|参贷)银行|(?:上述)?[一二三四五六七八九十两几多\\d]+家[㐀-鿿]{0,6}(?:公司|企业|机构|银行|单位|高校|学校|厂商|客户)|(?:通知|公示|确定|确认|由|向|对|给|为)公司"
    "|[二三四五六七八九十两]{1,2}(?:大)?(?:小龙|小虎|巨头|剑客|天王|金刚|家族|[杰雄强])|(?:[美日中韩英德法]国|日本|南韩|欧洲|台湾|当地|本土|国内|海外|外国|跨国)[\u3400-\u9fff]{0,4}(?:企业|厂商|业者)|(?:待|像|拖欠|无偿)[\u3400-\u9fff]*"
)
"""A sort of company, and words that run on into a name"""
_TECHNOLOGY = re.compile(
    "(?:共同|开发|建设|投资)*(?:重力|抽水|飞轮|电化学|新型|共享|独立|[用电][户网]侧|风光|光伏?|风力|太阳能|水力|生物质|垃圾焚烧|核能|地热)*"
    "(?:储能|蓄能|发电|风电|光伏|制氢)"
)
"""重力储能、光伏发电: what is built, and nobody who builds it"""
_SORTS_COUNTED = re.compile("[一二三四五六七八九十]大(?:电信|银行|电商|车厂|航空|保险|金控|券商|品牌|央行|国企)")
"""三大电信: so many of a trade"""
_DISTRICT = re.compile("[市县][\u3400-\u9fff]{1,3}[区乡镇里段]$")
"""桃園市觀音區: a place"""
_OF_TRADE = re.compile("[\u3400-\u9fff]{0,4}(?:业者|同业)(?:$|[,;、]|合作|签|携手|共同|联手)")
"""與廢棄玻璃|回收業者合作: so many of a trade, none of them named"""
_PASSES = re.compile("(?:审[议查]?会|委员会|公平会|金管会|证监会|总局)$")
_LETS_OTHERS = re.compile("[^,]{0,6}?(?:核准|批准|通过|核可|准许)[^,]{2,60}?以[^,]{0,8}\\d")
_HOUSE_BEFORE = re.compile("[\u3400-\u9fff]{2,6}旗下(?=[\u3400-\u9fff]{4,}(?:大厦|商厦|大楼|广场|酒店|饭店|商场|工厂|厂房)$)")
"""洽購|岑新旗下|中環岑行大廈: whose it is, though no row has him"""
_BUILDING_NEXT = re.compile("(?:大厦|商业大楼|金融大楼|总部大楼|商厦)")
_NUMBERED = re.compile(r"^\s*第[一二三四五六七八九十\d]{1,3}(?:[案件项宗](?!议案)|、)(?:[则是为])?(?:[^,]{0,6}?通过)?")
"""第三案通過 S 以…增資 O; 第2、S 以…: in a list of what an authority has passed"""
_PARK = re.compile("(?:科学)?园区|工业区|产业园")
_TRADED = re.compile("出售|转让|收购|购买|卖出|引[进入]|获得?")
"""向 B 出售旗下 C: B is who buys, and owns nothing yet"""
_HOUSE_OF = re.compile("(?:集团)?旗下(?![^,、]{0,28}(?:收购|并购|入股|出售|转让|中标|签|获|[拟将]))[^,、]{0,28}$")
"""原甲集团旗下专业生态环保管理平台 B: whose it is, however long it is described"""
_HELD_BY_ONE = re.compile(r"[」”\")\s]*的?(?:自然人|法人)股东")
"""C 的自然人股东 S: whose shares S holds"""
_IN_HANDS = re.compile(r"(?:\s*(?:Holdings?|Group|Co|Ltd|Inc)\.?)*手[中里上]")
"""从 D 掌控的 S 手中: S, whatever stands between"""
_WITH_UNITS = re.compile(r"[^,、]{0,6}?(?:及|和|与|以及|暨|携手)其?(?:旗下|(?:下属|全资|控股)*[子孙]公司|(?:现有|原|全体)*股东)")
"""甲股份及其子公司中标: itself, and units that are not named"""
_UNIT_ACTS = re.compile(
    "(?:旗下|的|之)?(?:一家|全资|控股|境外|海外|间接)*[子孙]公司(?:近日|日前|成功|正式|完成)*(?:[拟将已以]|收购|并购|入股|投资|出售|转让|中标|获|认购|取得|购入|买下|处分|斥资|砸)"
)
"""甲集团子公司收购 B: a unit that is not named stands for its owner"""
_WORKS = re.compile("(?:工程|项目|标段)$")
_PROJECT_TITLE = re.compile('[“「"][^“”「」"]{8,80}(?:项目|工程|标段|采购|标案)[^“”「」"]{0,24}[”」"]')
_QUOTED_ASIDE = re.compile(r"[」”\"]\s*\($")
_PAPER_CALLED = re.compile(r"[」”\")]\s*(?:\([^()]{1,24}\))?(?:战略|框架)?(?:合作)?(?:协议|合同|计划|合作)")
"""达成“星岚之门”合作协议: what the paper or the plan is called"""
_TURNED_TO = re.compile("(?:已|将|拟|再|共同|联合|分别|宣布)*[向对给]")
"""甲与乙已向旗下丙注资: 乙 acts, too, and does not only describe 丙"""
_MOVES_UNIT = re.compile("(?:已|拟|计划|宣布|同意|决定|考虑|有意|据报|据悉)*[将把](?:其|旗下|全资|控股|下属|持有|[子孙]公司)")
"""甲拟将子公司乙转让给丙: 甲 parts with 乙"""
ITSELF = re.compile(
    "\\s*(?:近日|日前|此次|本次|近期|确定|确认|通知)?(?:本|上市)?公司(?!股|的|旗下|控股|全资|参股|[子孙]|下属|及|与|和|[A-Za-z]|董事|实|第|高|与会|监)"
)
"""Who gives the notice, speaking of itself"""
_OWN_UNIT = re.compile(
    r"\s*(?:近日|日前|近期)?(?:本)?公司的?(?:下属|所属|旗下)?(?:全资|控股)?(?:下属)?(?:一级|二级|三级)?[子孙]公司(?!的|股)"
    r"(?:(?:所属|牵头|参与)?的?联合体)?"
)
"""公司控股子公司所属联合体: a unit of who gives the notice, which is not named"""
THAT_COMPANY = re.compile("该公司|该企业|该集团")
_USED_FOR = re.compile(r"\s*(?:主要|专项|将)?用[于以]")
_RESOLVES = re.compile(
    r"[^,《》]{0,16}(?:通过|披露|发布|公告|公布)了?《(?:公司)?关于(?:公司|子公司|全资|控股|拟|以[^《》]{0,12}|的)*"
)
"""审议通过了《关于收购…: what the paper is on is done by who gives the notice"""
_OPENING_QUOTES = frozenset({'"', "“", "「", "『"})
_OPENING_QUOTE = re.compile('["“「『]')
_SORT = re.compile("[\u3400-\u9fff]{2,4}(?:公司|企业)")
"""What sort of company the one named after it is"""
_OPENING = 2
"""Clauses of a sentence in which 这家公司 goes back to the sentence before"""
_UNIT_OF_IT = "的"
_CALLED = re.compile('\\s*(?:被誉为|被称为|被称作|号称|素有|享有|有着?)[「“"][^「」“”"]{2,24}[」”"](?:之称|美誉|美称)?的')
"""被誉为“…第一股”的, before whom it is said of"""
_SINCE = re.compile("(?:\\([^()]*\\))?自(?!行)[^,]*(?:后|以来)")
_NEXT_TO = 2
"""Characters between a subject and the verb right after it"""


def groups(clause: Clause) -> list[Group]:
    """The participants of a clause with their cases; names that only describe another are left out."""
    kept = [name for at, name in enumerate(clause.names) if _is_party(clause, at)]
    out: list[Group] = []
    for name in kept:
        before = out[-1].end if out else clause.start
        gap = _gap(clause, before, name.start, kept)
        last = out[-1] if out else None
        if last and _BRACKET.fullmatch(gap):
            if _is_listed_form(clause, last.names[-1], name):
                known = At(last.names[-1].start, last.names[-1].end, name.value)
                out[-1] = Group((*last.names[:-1], known), last.case, last.start, last.end, last.partner)
            continue  # a second name in brackets says the first one again
        if name.value.entity_id is None and _GLOSS.search(gap):
            continue  # 公益公司(Public Benefit Corporation): a term in another language
        if last and name.value.entity_id is None and not gap and _is_latin_form(clause, last.names[-1], name):
            continue  # 岚雷|Lan-Davidson: the same name in Latin letters
        if last and name.value.entity_id is None and not gap and _BRANCH.search(clause.between(name.start, name.end)):
            continue  # 北方银行股份有限公司|青田支行
        if last and _AND.fullmatch(gap) and not _acts_itself(clause, last, name, gap):
            partner = 1 if _WITH_AND.fullmatch(ASIDE.sub("", gap)) else (last.partner + 1 if last.partner else 0)
            out[-1] = Group((*last.names, name), last.case, last.start, name.end, partner)
            continue
        if last and not gap and name.value.parent in {one.value.canonical for one in last.names}:
            out[-1] = Group((*last.names[:-1], name), last.case, last.start, name.end, last.partner)
            continue  # 微軟|Azure: the unit, with its owner before it
        case = _case(gap)
        if last and case in {"", "object"} and _is_authority(last) and _APPROVES.fullmatch(gap):
            out.pop()
            case = ""
        if _IN_HANDS.match(clause.text, name.end - clause.start):
            case = "source"
        if case == "in" and _ACTS.match(clause.text, name.end - clause.start):
            case = ""  # 在墨奇智能完成融资后: the clause's subject
        out.append(Group((name,), case, name.start, name.end))
    return out


def _is_listed_form(clause: Clause, name: At[Name], other: At[Name]) -> bool:
    """Whether a name that no row knows is written in Chinese, and the brackets after it hold a Latin one that a row knows."""
    plain = name.value.entity_id is None and name.value.parent is None and not name.value.text.isascii()
    closed = clause.between(other.end, other.end + 1) == ")"
    return plain and closed and other.value.entity_id is not None and clause.between(other.start, other.end).isascii()


def _is_latin_form(clause: Clause, name: At[Name], other: At[Name]) -> bool:
    """Whether a name that no row knows is written in Chinese and, right after it, in Latin letters."""
    return (
        name.value.entity_id is None and clause.between(other.start, other.start + 1).isascii() and not name.value.text.isascii()
    )


def _is_authority(group: Group) -> bool:
    return all(name.value.kind == "government" for name in group.names)


def _acts_itself(clause: Clause, last: Group, name: At[Name], gap: str) -> bool:
    """A 收购 B、C 以8亿元收购 D: C is no second B."""
    if gap.strip() == "、" or "%" in gap:
        bought = "%" in gap or _ACTED.search(clause.between(clause.start, last.start))
        return bool(bought and _ACTS_NEXT.match(clause.text, name.end - clause.start))
    return False


def of_one_deal(clause: Clause, members: list[Group], at: int) -> list[Group]:
    """A 吸收合并 B、C 收购 D: of the deals that a clause lists, the sides of the one told at `at`."""
    if _LISTED_DEAL not in clause.text:
        return members
    first, last = clause.start, clause.end
    for group in members:
        if clause.between(group.start - 1, group.start) != _LISTED_DEAL or not _ACTED.search(clause.between(first, group.start)):
            continue
        if not _ACTS_NEXT.match(clause.text, group.end - clause.start):
            continue
        if group.start > at:
            last = group.start
            break
        first = group.start
    own = [g for g in members if first <= g.start < last]
    left = [g for g in own if g.end <= at]
    if len(left) > 1 and not left[0].case and _GOES_ON.fullmatch(clause.between(left[-1].end, at)):
        return [left[0], *(g for g in own if g.start >= at)]  # A 以2亿元收购 B、以1亿元收购 C: A buys C, too
    return own


def _gap(clause: Clause, start: int, end: int, kept: list[At[Name]]) -> str:
    """What stands between two participants, without the names that only describe the second: 与公共投资基金旗下 Alat."""
    gap = clause.between(start, end)
    for name in reversed(clause.names):
        if start <= name.start and name.end <= end and name not in kept:
            gap = gap[: name.start - max(start, clause.start)] + _DESCRIBING + gap[name.end - max(start, clause.start) :]
    return gap


def _is_party(clause: Clause, at: int) -> bool:
    name = clause.names[at]
    if name.value.kind == "product" or clause.between(name.start - 1, name.start) == "《":
        return False
    printed = clause.between(name.start, name.end)
    if name.value.kind == "government" and _LETS_OTHERS.match(clause.text, name.end - clause.start) and _PASSES.search(printed):
        return False  # 投審會通過英商 S 以…增資 O
    if _BUILDING_NEXT.match(clause.text, name.end - clause.start):
        return False  # 建設銀行大廈: what the building is called
    if name.value.entity_id is None:
        if (
            _PRONOUN_START.match(printed)
            or _ANY_COMPANY.fullmatch(printed)
            or _TECHNOLOGY.fullmatch(printed)
            or _SORTS_COUNTED.fullmatch(printed)
            or _ROUND_NAME.fullmatch(printed)
            or _SPAN_OF_TIME.fullmatch(printed)
        ):
            return False
        if not patterns().filler.sub("", printed) or _DISTRICT.search(printed):
            return False
        if _PARK.match(clause.text, name.end - clause.start):
            return False  # 華亞科技園區: where, not who
        if _OF_TRADE.match(clause.text, name.end - clause.start) and not has_tail(name.value.text):
            return False
        if _WORKS.search(printed) and clause.between(name.start - 1, name.start) in _OPENING_QUOTES:
            return False
    if name.value.entity_id is None and _OPENING_QUOTE.search(clause.text) and _is_in_title(clause, name):
        return False
    after = clause.text[name.end - clause.start :]
    if patterns().belonging.match(after):
        return False
    if clause.between(name.start - 2, name.start) in _GLOSSES or _TICKER.match(after):
        return False
    if (
        clause.between(name.start - 1, name.start) in _OPENING_QUOTES
        or _QUOTED_ASIDE.search(clause.text, 0, name.start - clause.start)
    ) and _PAPER_CALLED.match(after):
        return False
    rest = clause.names[at + 1 :]
    following = next((n for n in rest if clause.between(n.start - 1, n.start) != "("), None)
    if rest and _BRACKET.fullmatch(clause.between(name.end, rest[0].start)):
        rest = rest[1:]  # C 有限公司(简称“C”)的自然人股东 S
    if rest and _HELD_BY_ONE.fullmatch(ASIDE.sub("", clause.between(name.end, rest[0].start))):
        return False
    if name.value.entity_id is None and following is not None and following.start == name.end and _SORT.fullmatch(printed):
        return False  # 上市公司|甲股份
    gap = clause.between(name.end, following.start) if following is not None and name.value.entity_id is None else ""
    if gap and _APPOSED.fullmatch(gap) and not (_MOVES_UNIT.match(gap) or _TRADED.match(gap)):
        return False  # AI编程|工具公司|Cursor: what it makes, before its name
    if following is None:
        return True
    between = ASIDE.sub("", clause.between(name.end, following.start))
    if _WITH_UNITS.match(between) or _UNIT_ACTS.match(between):
        return True  # 國航及其子公司深圳航空
    if _HOUSE_OF.match(between):
        return False
    acts = _TRADED.match(between) or _TURNED_TO.match(between) or _MOVES_UNIT.match(between)
    return acts is not None or not patterns().relation.fullmatch(between)


def _is_in_title(clause: Clause, name: At[Name]) -> bool:
    """“岚陵高速、青岚高速东延项目投资建设合作单位”: what a project is called holds no parties."""
    at = name.start - clause.start
    return any(match.start() < at < match.end() for match in _PROJECT_TITLE.finditer(clause.text))


def _case(gap: str) -> str:
    if not gap:
        return ""
    gap = ASIDE.sub("", gap)
    found = None
    for match in PREPOSITION.finditer(gap):
        found = match
    if found is not None and found.lastgroup == "by" and _ACTS_ON.match(gap, found.end()):
        return ""  # 由其取得 C: the one acting is the pronoun
    if (
        found is None
        or len(gap) - found.end() > _DESCRIPTION_REACH
        or patterns().deal_verb.search(_INVESTOR.sub("", gap[found.end() :]))
    ):
        if found is not None and _PRONOUN.match(gap, found.end()):
            return ""  # 向后者出售 X: the one turned to is the pronoun
        if _PLACE.search(gap):
            return "in"
        return "object" if patterns().acted_on.search(gap) or _MARKER.search(gap) else ""
    return "in" if gap.endswith(_AT_PLACE) and found.end() < len(gap) - 1 else found.lastgroup or ""


def remember_held(clause: Clause, members: list[Group], state: State) -> None:
    """现东方龙的股东持股结构为: whose shares the holdings that follow are of."""
    for group in members:
        if _HOLDERS_OF.match(clause.text, group.end - clause.start) and not clause.percents:
            state.held = group


def remember_announcer(clause: Clause, members: list[Group], state: State, after: str) -> None:
    """甲股份…公告, 甲股份:…: whose notice the text reports; `after` is the character that ends the clause."""
    alone = len(members) == 1 and len(members[0].names) == 1
    alone = alone and _ITEM_HEAD.fullmatch(clause.between(clause.start, members[0].start)) is not None
    if alone and after == ":" and _ALONE.fullmatch(clause.text, members[0].end - clause.start):
        state.announcer = members[0] if members[0].names[0].value.kind in {"company", "unit"} else state.announcer
        return
    speaking = next(
        (
            n
            for n in clause.names
            if n.value.kind in {"company", "unit"} and _ITEM_HEAD.fullmatch(clause.between(clause.start, n.start))
        ),
        None,
    )
    if speaking is not None and _SPEAKS_FOR.match(clause.text, speaking.end - clause.start):
        state.announcer = Group((speaking,), "", speaking.start, speaking.end)
        return
    for group in members:
        if not group.case and _GIVES_NOTICE.match(clause.text, group.end - clause.start):
            state.announcer = group
            return


def remember(clause: Clause, members: list[Group], state: State, *, first: bool) -> None:
    """What the clause speaks of, for the clauses that leave their subject out."""
    if _EXAMPLES.match(clause.text):
        return
    subject = next((g for g in members if not g.case), None)
    speaker = state.announcer if state.announcer is not None and clause.start <= state.announcer.start else None
    of_person = subject is None and not members
    if subject is not None and speaker is not None and subject is members[0] and speaker.end <= subject.start:
        of_person = subject.names[0].value.kind == "person"
    if speaker is not None and of_person:
        state.topic, state.partner = speaker, None  # 甲航天创始人李岚表示,公司已与 B 签署…
        return
    if subject is None:
        partner = last_of(members, "with")
        if partner is not None and implicit(clause, partner.start):
            state.partner = partner
        return
    if opens(clause, subject):
        partner = next((g for g in members if g.case in {"with", "to"}), None)
        if partner is None and len(subject.names) == 2 and subject.partner == 1 and patterns().reciprocal.search(clause.text):
            one, other = subject.names
            partner = Group((other,), "with", other.start, other.end)
            subject = Group((one,), "", one.start, one.end)
        elif (
            partner is None
            and len(subject.names) == 2
            and subject.partner == 1
            and _LIKE.match(clause.text, subject.end - clause.start)
        ):
            one = subject.names[0]
            subject = Group((one,), "", one.start, one.end)  # 甲与乙同属…: what follows is of 甲
        owned = members[-1]
        if partner is None and owned is not subject and _OWNER_OF.match(clause.text, owned.end - clause.start):
            partner = owned if _IS.search(clause.between(subject.end, owned.start)) else None  # A 是 B 的主要股东
        state.topic = subject
        state.partner = partner
        if partner is not None and partner.case:
            state.pair = (subject, partner)
        if first:
            state.period_topic = subject


def opens(clause: Clause, group: Group) -> bool:
    """Whether the clause speaks of the group: nothing but adverbs and a description stands before it."""
    gap = _NUMBERED.sub("", DATELINE.sub("", clause.between(clause.start, group.start)))
    if _OWN_SUBJECT.match(gap):
        return False
    if implicit(clause, group.start) or patterns().described.search(gap.removesuffix(_UNIT_OF_IT)):
        return True
    if gap.endswith(_UNIT_OF_IT) and _CALLED.fullmatch(gap):
        return True
    return not patterns().filler.sub("", gap).strip(' 「"')


_SET_OFF = re.compile(r"[\s()「」《》\"]+")


def implicit(clause: Clause, end: int, limit: int = 4, start: int | None = None) -> bool:
    """Whether nothing that could be a subject stands between `start`, by default that of the clause, and `end`."""
    begun = clause.start if start is None else start
    text = clause.between(begun, end)
    if not text:
        return True
    for told, until, _ in (*clause.dates, *clause.amounts):
        first, last = max(told - begun, 0), min(until - begun, len(text))
        if first < last:
            text = f"{text[:first]}{' ' * (last - first)}{text[last:]}"
    left = DATELINE.sub("", text)
    if any(word in left for word in _MANNER_ENDS):
        left = _MANNER.sub("", left)
    if "轮" in left:
        left = _ROUND_OF.sub("", left)
    if "税" in left:
        left = _TAXED.sub("", left)
    if patterns().shopper.search(left):
        return False
    rest = _SET_OFF.sub("", patterns().filler.sub("", left))
    if rest in patterns().places or (rest and left.lstrip().startswith("其中") and len(rest) > _NEXT_TO):
        return False  # 沙特阿拉伯|签署15亿订单
    return bool(patterns().opening.match(left)) or len(rest) <= limit


def subject_of(place: Place) -> Group | None:
    """The nearest group without a case before the cue; the topic when the clause leaves its subject out."""
    found = last_of(place.left, "")
    if (helped := _helped(place)) is not None:
        return helped
    if found is not None:
        first = place.left[0]
        return first if not first.case and _BOTH_HANDS.search(place.clause.between(first.end, place.cue.start)) else found
    likened = last_of(place.left, "with")
    if likened is not None and likened.end == place.cue.start and place.clause.text.endswith(_LIKENED):
        return likened  # 与 A 收购 B 不同
    done_to = last_of(place.left, "object")
    if done_to is not None and place.cue.start - done_to.end <= _NEXT_TO:
        return done_to  # 終止英偉達收購Arm的協議: what is ended has a subject of its own
    if (latter := _LATTER_SUBJECT.match(place.clause.text)) is not None:
        return place.state.topic if latter[1] == "前者" else place.state.partner or place.state.topic
    if _THIS_COMPANY.search(place.clause.between(place.clause.start, place.cue.start)):
        return place.state.last_named if place.index < _OPENING and place.state.last_named else place.state.topic
    if place.state.announcer is not None and not place.left and ITSELF.match(place.clause.text):
        return place.state.announcer
    if _USED_FOR.match(place.clause.text) and place.state.borrower and place.state.borrowed_at == place.sentence.index:
        return None  # 由 L 向 B 提供贷款,用于收购 C: L buys nothing
    if _RESOLVES.fullmatch(place.clause.between(place.clause.start, place.cue.start)):
        return place.state.announcer or place.state.topic
    if place.state.topic is None and place.state.last_named and place.index == 0 and THAT_COMPANY.match(place.clause.text):
        return place.state.last_named  # 甲智能的增长值得关注. 该企业完成…
    if (other := unit_acting(place) or that_company(place)) is not None:
        return other
    since = last_of(place.left, "source")
    if since is not None and place.cue.start - since.end <= _NEXT_TO and _SINCE.fullmatch(place.clause.text):
        return since  # 自 A 收购 B 后
    edge = min([g.start for g in place.left] + [place.cue.start])
    gap = place.clause.between(place.clause.start, edge)
    latter = _TO_PRONOUN.search(gap)
    if place.left or latter:
        gap = gap[: latter.start() if latter else preposition_start(gap)]
    return place.state.topic if implicit(place.clause, place.clause.start + len(gap)) else None


def _helped(place: Place) -> Group | None:
    """S 协助 A 以30亿元收购 B: A buys."""
    helped = place.left[-1] if place.left and place.left[-1].case == "object" else None
    if helped is None or not _HELPS.search(place.clause.text, 0, helped.start - place.clause.start):
        return None
    return helped if implicit(place.clause, place.cue.start, _NEXT_TO, start=helped.end) else None


def unit_acting(place: Place) -> Group | None:
    """Whose unit opens the clause, where the unit is not named."""
    return place.state.announcer if not place.left and _OWN_UNIT.match(place.clause.text) else None


def that_company(place: Place) -> Group | None:
    """对 A 进行调研,该公司以…收购…: the one company that the clause before names, when the text speaks of nobody."""
    if place.state.topic is not None or not place.index or not THAT_COMPANY.match(place.clause.text.lstrip()):
        return None
    before = groups(place.sentence.clauses[place.index - 1])
    return before[0] if len(before) == 1 and len(before[0].names) == 1 else None


def object_of(place: Place, reach: int = 30) -> Group | None:
    """The first group after the cue that is not the other side or a source."""
    for group in place.right:
        gap = place.clause.between(place.cue.end, group.start)
        got = group.case == "by" and place.clause.between(place.cue.start, place.cue.end) == "获得"
        sold = group.case == "by" and _SELLS_IT.match(place.clause.text, group.end - place.clause.start)
        told = sum(a.end - a.start for a in place.clause.amounts)
        told += sum(n.end - n.start for n in place.clause.names if place.cue.end <= n.start < group.start)
        apart = group.case in {"with", "by"} and not got and not sold and not _HELD.search(gap)
        if apart or len(gap) > reach + told:
            return None
        return group
    return None


def preposition_start(gap: str) -> int:
    """Where the last preposition of `gap` begins; its length without one."""
    last = None
    for match in PREPOSITION.finditer(gap):
        last = match
    return last.start() if last else len(gap)


def referred(place: Place, agent: Group, *, required: bool) -> Group | None:
    """Whom 其, 該公司 or a left-out object means: the other side of the clause before, else another subject of the sentence."""
    after = place.clause.text[place.cue.end - place.clause.start :]
    if not required and not _NO_OBJECT.match(after) and place.cue.type in {"investment", "acquisition"}:
        return None  # it has an object, though none that is known to be a name
    partner = place.state.partner
    if partner is not None and not partner.shares(agent):
        return partner
    topic = place.state.topic
    ownable = topic is not None and all(name.kind not in {"person", "government"} for name in topic.mentions())
    if place.cue.type in {"investment", "acquisition", "stake"} and place.left and topic and ownable and not topic.shares(agent):
        return topic  # A 洽谈融资, B 有意认购
    if not required:
        return None
    if topic is not None and not topic.shares(agent):
        return topic
    for clause in reversed(place.sentence.clauses[: place.index + 1]):
        for group in reversed(groups(clause)):
            if group.end <= place.cue.start and not group.shares(agent) and group.case in {"", "to"}:
                return group
    return None


def moved(place: Place) -> list[Name]:
    """将/把 X 卖给 …: what is moved, a name or an asset, before the cue."""
    text = place.clause.between(place.clause.start, place.cue.start)
    found = None
    for match in MARKED.finditer(text):
        found = match
    if found is None:
        return []
    start = place.clause.start + found.end()
    inside = [g for g in place.left if g.start >= start]
    if inside:
        return inside[-1].mentions()
    if _THIS_ONE.match(place.clean.text, start):
        return []  # 将这家公司私有化
    priced = _PRICED.search(place.clause.text, start - place.clause.start, place.cue.start - place.clause.start)
    return asset_name(place, start, place.clause.start + priced.start() if priced else place.cue.start)


def asset_bought(place: Place) -> list[Name]:
    """Land, plant or a business bought: the words after the cue, up to the word for what it is."""
    match = patterns().asset.match(place.clause.text, place.cue.end - place.clause.start)
    if match is None or not match.group().strip():
        return []
    return asset_name(place, place.clause.start + match.start(), place.clause.start + match.end())


def asset_end(place: Place) -> int:
    """Where the words for what is bought end."""
    match = patterns().asset.match(place.clause.text, place.cue.end - place.clause.start)
    return place.clause.start + match.end() if match else place.cue.end


def asset_name(place: Place, start: int, end: int) -> list[Name]:
    """The words of a span as an asset, without 其 and 旗下 before them; none when nothing is left."""
    text = place.clean.text[start:end]
    if "「" in text and "」" not in text:  # 延平北路的「岑嶺旗艦館: what it is called
        start += text.rindex("「") + 1
        text = place.clean.text[start:end]
    start += len(_OF_THE_OTHER_HEAD.match(text)[0])  # type: ignore[index]
    if (house := _HOUSE_BEFORE.match(place.clean.text[start:end])) is not None:
        start += house.end()
    text = _SHARES_OF_IT.sub("", place.clean.text[start:end]).rstrip()
    end = start + len(text)
    if (len(text) < _SHORTEST_ASSET and not _PLAIN_ASSET.fullmatch(text)) or _ANY_UNIT.fullmatch(text) or _NO_ASSET.search(text):
        return []
    return [name_at(place, start, end, "asset")]


def name_at(place: Place, start: int, end: int, kind: str) -> Name:
    """The words of a span, positions in the folded text, as a name that no row knows."""
    first, last = place.clean.raw_span(start, end)
    text = place.clean.raw[first:last]
    return Name(first, last, text, text, None, kind)
