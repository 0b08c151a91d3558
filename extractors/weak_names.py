"""Which unlisted Chinese names are too weak to be believed: ordinary words that only stand where a name could.

A company that the text is about is told more than once, or by something that shows it to be one: a tail (科技, 資本), a
Latin letter, a description before it (晶片廠商…), quotation marks, a stock code. A short stretch without any of them, once, is
more often a word that no list has.
"""

from __future__ import annotations

import functools
import re

from corpus.language_table import languages
from corpus.short_name_table import short_names
from extractors.issuer_names import LICENSES_OUT, SIGNED_WITH
from extractors.normalize import fold
from extractors.shape_zh import shape
from extractors.syntax_zh import common_words, patterns
from models.mention import Name

_AFTER = re.compile(
    r"(?:、[^、,。;]{2,12})*等?(?:多家|知名|现有|原|新|老|产业|财务)*(?:股东|投资方|投资机构|机构)?"
    r"(?:独家|联合|共同|继续|持续|超额)*(?:领投|跟投|参投|独投|追投|加码)"  # what only a backer does
    r"|\([\u3400-\u9fff]{2,4}\)\d+(?:\.\d+)?%的?(?:股权|股份)"
    r"|(?:,[\u3400-\u9fff]{2,10}){0,5}等?(?:共同|联合)*(?:参与|领投|跟投)(?:$|[,。;])"  # by commas
    r"|签约(?:采购|购买|订购|承租)|及其?一致行动人|(?:共同|联合)?(?:创办人|创始人|董事长|执行长|总裁|总经理|发言人|财务长)[\u3400-\u9fff]{2,3}|董事会(?:今[天日]|昨[天日])?(?:通过|决议|决定|核准)"
    r"|[」”\"*]?\((?:[^()]{0,8}\d{4,6}|[A-Z])|[」”]|公司|集团|(?:第[一二三]大|最大|大|控股|主要)股东|得标|承揽|标下|(?:豪?砸|斥资?|豪掷)\s*(?:逾|约|近)?\d"
    r"|(?:(?:逾|约|近|超过?|过|至少|不逾|最多|全部|全数)?(?:半数?|\d+(?:\.\d+)?(?:%|成)))?的?(?:股权|股份)(?:案|交易)?(?:$|[,。;\s])"
)
_ANNOUNCES = re.compile(
    r"[」”\"]?(?:\([^()]{0,8}\d{4,6}[^()]{0,6}\))?(?:(?:今日|今天|[今昨]\(\d{1,2}\)日|昨[天日]|近日|日前|早间|午间|盘后|晚间|\d{1,2}月\d{1,2}日|\d日)(?:早间|午间|盘后|晚间|晚)?)?"
    r"(?:在?(?:港交所|联交所|上交所|深交所|互动平台))?(?:发布)?(?:公告|发公告)(?!牌)"
    r"|披露(?:拟|将)"
    r"|(?:发布|披露|公布|推出)了?[^,。;]{0,8}(?:重组|收购|增发|发行|交易|购买)[^,。;]{0,6}(?:预案|方案|草案|公告|报告书)"
)
"""What only a listed company does: it gives notice"""
_NOTICE = re.compile(
    "[:](?:拟|筹划|发行|参股|增资|投资|收购|出售|转让|获得?|完成|预?中标|签[订署]|收到|定增|终止|与|(?:全资|控股)?(?:[子孙]公司|公司)|控股股东|实控人|实际控制人|持股)"
)
"""甲股份:拟…: how the headline of a notice begins"""
_DEALS = re.compile(
    r"[」”\"]?(?:(?:已|正|曾|将|拟|又|再|也|于|与)[^,。;、]{0,10}?)?(?:宣布|公告|计划|成功|顺利|正式|近日|日前|近期|已|将|拟)*"
    r"(?:(?:以|斥资|豪?砸下?|豪掷|耗资)[^,。;]{1,16}?)?"
    r"(?:收购|并购|入股|增资|注资|受让|买下|买进|拿下|取得|购入|购置|购地|标下|标得|抢下|中标|预中标|定增|完成(?!度)[^,。;]{0,14}(?:轮|融资)|投资了|获[^,。;]{0,16}(?:轮融资|投资|注资|领投)"
    r"|登陆(?:港交所|联交所|上交所|深交所|北交所|纳斯达克|纽交所|科创板|创业板|[AH]股|主板|港股|美股))"
)
"""What right after a name only a company does"""
_OPENS = re.compile(r"(?:^|(?:^|[,。])而|[\n,。;:】|!?丨「“\"—、\s]|企业|公司|平台|品牌|厂商|开发商|服务商|巨头|龙头)$")
_HOUSE = re.compile("(?:投资|控股)$")
_HOUSE_ACTS = re.compile("(?:近期|近日|拟|将|所?持有?|减持|增持|受让|宣布)")
_CLOSED = re.compile("c{2}[tT]{2}")
"""In `shape_zh.shape`: two free characters and the noun for a trade, as short forms of companies are made"""
_SHORT_FORM = re.compile("G{2}c{2}|c{2}W{2}|c{4}")
"""The same of a place and two free characters (宁波岚晟), of two and 投资 or 控股, and of four, as the mainland's are made"""
_NO_SHORT_FORM = re.compile(
    "[事不未无没之其此这那每各多很更最个份名只块次遍旦可须需能应该被让并但或若按据称说谈想看失败密供符合席优质出语派]"
)
"""Characters of ordinary words, which no list of words is long enough to hold"""
_HOLDER_BEFORE = re.compile("(?:股东|实控人|实际控制人|一致行动人|董事|监事|高管|管理人员|自然人)$")
_THEN = ("后", "前", "时", "案", "潮", "者")
_BOUGHT = re.compile("(?:收购|并购|入股|买下|接盘|入主|举牌)[了过完]?$")
_PART_OF_IT = re.compile(
    r"\s*(?:\([^()]{1,24}\))?(?:(?:剩余|全部|部分|控股|约|的)*(?:[\d.]+%的?)?(?:股权|股份)|控股权|控制权|[\d.]+%)|[,。;、)]|$|(?:之?[后前]|以来|一事|事宜|等|成立)"
)
_OF_WHOM = re.compile("(?:收购|并购|入股|买下|购买|拿下|取得|获得|受让|转让|出售|持有|控股|增持|减持|认购)了?$")
_ITS_SHARES = re.compile(r"\s*(?:\([^()]{1,24}\))?(?:剩余|全部|约|合计|的)*(?:[\d.]+%的?(?:股权|股份|权益|控股权)|控股权|控制权)")
"""Between one of the verbs and these nothing stands but whose shares they are"""
_SHARES_AND = re.compile("股[权份](?:、|以及|[及和与])$")
_DOES = re.compile("(?:拟|已|曾|欲|将|完成)?(?:收购|并购|入股|投资了|要约收购|增持|受让)(?![方人标的案])")
_IN_OFFICE = re.compile("(?:创办人|创始人|董事长|执行长|总裁|总经理|(?<!党)主席|执行董事)$")
"""Right before a person"""
_LONG_ENOUGH = 5
_PAIR = 2
_RUNS_ON = re.compile(
    "(?<![信应家军商民使专])用$|[拚拼爭争抢夺愿欲拟将被把从与并而但又更仍曾遭让使仅]$|^[采将]?公开|[采将]公开$|[A-Za-z][二三四五六七八九]分$|^民国|^(?:坚持|采取|立足|响应|过度|符合|主营|仅)|^第[一二三四五六七八九十]$"
)
"""How no name begins or ends: with the word that goes on with what its owner does"""
_COUNTED = re.compile("[首多数两三四五六七八九十每各](?:大(?!洋|洲|商)|家(?!港)|名|宗|笔|项|艘|架|栋|档|件)")
"""三大电信, 首宗…, 多家银行: how many there are"""
_DATED = re.compile(r"\(\d{1,4}\)$")
_OF_A_DATE = re.compile("[年月]|日(?!本)")
"""今(6)|日暂时总: what a bracket parts from its number"""
_GOES_ON_AS_DATE = re.compile(r"\(\d{1,4}\)[年日]")
_TOLD_TO_COMPANY = re.compile(
    "(?:增强|修改|通知|提升|加强|促进|推动|要求|同意|批准|指定|委托|协助|帮助|支持|确定|判断|认为|另一方|对方|双方|分割|合并|存续|消灭|新设){1,2}(?:公司|集团)"
)
"""进一步|增强公司…能力: a verb and its object, or whose company it is; 分割新设公司: what comes of a deal"""
_TERM = re.compile("([A-Za-z]+)([\u3400-\u9fff]+)")


def has_tail(printed: str) -> bool:
    """Whether a name ends as companies' names do.

    >>> has_tail("腾讯音乐"), has_tail("英特尔资本")
    (False, True)
    """
    return bool(patterns().tail.search(fold(printed)))


def holds_shares(text: str, start: int) -> bool:
    """Whether 股东 or an office stands right before: the first of several who hold shares."""
    return _HOLDER_BEFORE.search(text, max(start - 6, 0), start) is not None


def _is_term(printed: str) -> bool:
    """IP娃娃, AI伺服器: a term, and the thing that it describes."""
    match = _TERM.fullmatch(printed)
    return match is not None and match[1].lower() in _terms() and not has_tail(match[2])


def _is_description(printed: str) -> bool:
    """火车租赁公司, 晶片公司: a word for a company after nothing but a common noun and a trade.

    >>> from extractors.normalize import fold
    >>> [_is_description(fold(form)) for form in ("汽車租賃公司", "晶片公司", "嵐川租賃公司", "晶片")]
    [True, True, False, False]
    """
    form = shape(printed, [])
    trade = form.rstrip("C")
    return trade != form and printed[: len(trade.rstrip("W"))] in common_words()


@functools.cache
def _terms() -> frozenset[str]:
    return frozenset(word.lower() for word in languages()["zh"].names.latin_stop)


def _heads_notice(text: str, start: int, end: int) -> bool:
    opens = not start or text[start - 1] in "\n;。】 |"
    return opens and _NOTICE.match(text, end) is not None


def _does_deals(text: str, start: int, end: int) -> bool:
    """甲股完成…轮融资, 甲股拟以…收购…: a clause opens with it, and goes on with what a company does."""
    acts = _DEALS.match(text, end) or (_HOUSE.search(text, start, end) and _HOUSE_ACTS.match(text, end))
    return acts is not None and _OPENS.search(text, max(start - 3, 0), start) is not None


@functools.cache
def listed_short_names() -> frozenset[str]:
    """The list of short names, for look-ups."""
    return frozenset(short_names())


def _is_short_form(text: str, start: int, end: int) -> bool:
    """珠海银隆, 中兆投资, 平煤隆基; 今日头条 as the list of short names has it; 收购|探探, which it has, too."""
    printed = text[start:end]
    bought = _BOUGHT.search(text, max(start - 4, 0), start) and _PART_OF_IT.match(text, end)
    if printed in listed_short_names():
        return len(printed) > _PAIR or bool(bought or _DOES.match(text, end))
    of_whom = _OF_WHOM.search(text, max(start - 4, 0), start) or _SHARES_AND.search(text, max(start - 4, 0), start)
    if of_whom and _ITS_SHARES.match(text, end) and not _NO_SHORT_FORM.search(printed):
        return True
    form = shape(printed, [])
    if form == "ccc" and bought:
        return not printed.endswith(_THEN)
    return _SHORT_FORM.fullmatch(form) is not None and (set(form) != {"c"} or not _NO_SHORT_FORM.search(printed))


def is_weak(
    text: str, start: int, end: int, name: Name, told: str | None = None, *, beside_known: bool = False, mainland: bool = False
) -> bool:
    """Whether an unlisted name at ``text[start:end]`` (folded Chinese text) should be left alone.

    `beside_known`: it is joined to a listed name by 和 or 、, as one company is to another.
    `mainland`: the text is of the mainland, whose companies are told by short forms.
    `told` is the text in which to count how often the article speaks of it, when that is not all of `text`.

    >>> from extractors.normalize import fold
    >>> line = fold("計劃投資高達100億美元")
    >>> is_weak(line, 4, 6, Name(4, 6, "高達", "高達", None, "company"))
    True
    """
    if name.entity_id is not None:
        return False
    printed = text[start:end]
    if _is_no_name(printed):
        return True
    if (_OF_A_DATE.match(printed) and _DATED.search(text, max(start - 6, 0), start)) or (
        printed[-1] in "今去前昨明" and _GOES_ON_AS_DATE.match(text, end)
    ):
        return True
    if text.startswith("第三方", start - 2):
        return True  # 9家第|三方质量检测|机构
    if text.startswith("参与", end - 1):
        return True  # 高瓴、睿远参|与认购
    if beside_known or any(char.isascii() for char in printed) or len(printed) >= _LONG_ENOUGH or name.aliases:
        return False
    if _is_closed(printed) or (text if told is None else told).count(printed) > 1:
        return False
    if mainland and _is_short_form(text, start, end):
        return False
    return not (
        patterns().shown.search(text, max(start - 6, 0), start)
        or (name.kind == "person" and _IN_OFFICE.search(text, max(start - 6, 0), start))
        or acts_as_company(text, start, end)
    )


@functools.lru_cache(maxsize=4096)
def _is_no_name(printed: str) -> bool:
    """Whether words alone show that they name nobody."""
    if printed in common_words() or patterns().deed.fullmatch(printed) or _RUNS_ON.search(printed) or _is_term(printed):
        return True
    return bool(_COUNTED.match(printed) or _TOLD_TO_COMPANY.fullmatch(printed)) or _is_description(printed)


@functools.lru_cache(maxsize=4096)
def _is_closed(printed: str) -> bool:
    """Whether a noun closes a name that companies end in."""
    return patterns().tail.search(printed) is not None or _CLOSED.fullmatch(shape(printed, [])) is not None


def acts_as_company(text: str, start: int, end: int) -> bool:
    """Whether what stands around ``text[start:end]`` is what only companies do, or have done to them."""
    return bool(
        _AFTER.match(text, end)
        or _ANNOUNCES.match(text, end)
        or _heads_notice(text, start, end)
        or _does_deals(text, start, end)
        or text.startswith("入主", start - 2)
        or ((signed := SIGNED_WITH.match(text, start)) is not None and signed.end(1) == end)
        or LICENSES_OUT.match(text, end)
    )
