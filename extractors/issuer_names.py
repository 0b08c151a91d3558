"""Chinese names that are shown by what only such a body has or does: a stock code, a notice after the close, a listing, a tender.

They stand at the head of a clause, whatever they are made of; `form` is the text's `extractors.shape_zh.shape`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from extractors.alternation import alternation
from extractors.known_names import Found, lookup_entity

_STOCK = re.compile(r"\((?:S[HZ])?[03689]\d{5}(?:\.(?:S[HZ]|BJ))?\)")
_SHORT_STOCK = re.compile(r"\((?:0\d{3,4}(?:\.HK)?|(?!19|20)[1-9]\d{3}(?:[-.]TW)?)\)")
"""Codes of Hong Kong, and of Taiwan where they read like no year"""
_PLAIN = "cGTtWN"
_SHORT_NAME = re.compile("(?:^|[\n。,;:!?丨】|])由?((?!由)[\u3400-\u9fff]{3,6})$")
"""How long the short names at the exchanges are"""
_BODY = re.compile("(?:局|处|署|公所)(?=办理|招标|发包|标售|公告招标)")
_HEAD = re.compile("(?:^|[\n。,;!])([\u3400-\u9fff]{2,7})$")
_LOCAL_BODY = re.compile("[\u3400-\u9fff]{2,4}?[省市区县州](?:人民政府)?(?:国资委|国有资产监督管理委员会)")
_MARKETS = "港交所|联交所|科创板|创业板|北交所|主板|上交所|深交所|纳斯达克|纽交所"
_GOES_PUBLIC = re.compile(
    f"(?:今日|今天|昨日|已|将|即将|拟|正式|成功|顺利|首日)*(?:登陆(?:{_MARKETS}|[AH]股|港股|美股)"
    f"|在(?:{_MARKETS})[^,。]{{0,6}}(?:上市|挂牌)|(?:{_MARKETS})?(?:鸣锣|敲钟|敲锣))"
)
_TOLD_LATE = re.compile(r"(?:今日|昨日|当日|(?:\d{1,2}月)?\d{1,2}日)?(?:早间|午间|盘后|晚间)(?:发布)?公告")
"""岚楹环保|晚间公告: what the listed of the mainland do after the close"""
_CLAUSE_HEAD = re.compile(
    "(?:^|(?<=[\n。,;!?丨】]))([\u3400-\u9fff]{2,4}?)(?=的|近[期日]|日前|今[天日年]|昨[天日]|去年|开发|研发|治疗|旗下|将|则?以\\d|授权)"
)
_NO_DEVELOPER = re.compile("^[该此其这那各本每双当]|[药法剂案款者方家年月日前后中间业品物币元权约司队人院校局府会]$")
"""What has rights in a drug without being a company, and words that only stand where one could"""
_MONEY = r"\d[\d.,]*[万亿]+(?:[美欧日]元|元|美金)"
_LICENSEE = r"(?:给|予)?[^,。;!?\n\d]{0,14}?(?<![A-Za-z])[A-Z][A-Za-z]"
LICENSES_OUT = re.compile(
    rf"(?=[^。!?;\n]{{0,120}}授权)(?:[^。!?;\n]{{1,100}}?{_MONEY}[^。!?;\n]{{0,20}}授权{_LICENSEE}"
    rf"|[^,。!?;\n]{{0,20}}授权{_LICENSEE}[^。!?\n]{{0,40}}?{_MONEY})"
)
"""昱岑|的注射劑以8.62億美元授權…Indivior, 岳微體|近期授權…Endo,並取得6.7億美元: who developed it"""
_NO_ISSUER = re.compile("[府院党部局署处会方团宫军警校队厅省市县国]$|^[该此其这那各本每双当某]")
"""Who has a spokesman and gives notice without being a company"""
_DATED = re.compile(
    r"(?:[今昨](?:[天日]|\(\d{1,2}\)日)|(?:\d{1,2}月)?\d{1,2}日)(?:早上|上午|下午|傍晚|晚)?公告(?!牌|栏|招标|标售)"
)
_OFFICER = re.compile(
    "(?:公司)?(?:发言人|董事长|执行长|总裁|总经理|副总经理|财务长)(?=[\u3400-\u9fff]{2,3}(?:今|昨|表示|指出|说|强调|透露|认为|坦言))"
)
_BOARD = re.compile("(?:公告)?董事会(?:今[天日]|昨[天日])?(?:通过|决议|决定|核准)")
SIGNED_WITH = re.compile(
    "(?:(?<=[与和同跟])|(?<=[携联牵]手))([\u3400-\u9fff]{2,3}?)(?:今[天日]|昨[天日]|日前|近日|正式|共同|完成)*(?:签署|签订|签下|缔结)"
)
_NO_PARTNER = re.compile("[主工方界者民人户家生师们士友农商]$|^(?:对|我|他|她|你|客)")
"""地主, 校方, 員工: with whom one signs without a deal of two companies"""
_PAYS_FOR = re.compile(
    r"以[^,。;\d]{0,8}\d[\d.,]*[万亿]+(?:美|日|欧|港|新台币|人民币)?元[^,。;]{0,4}(?:收购|并购|买下|入股|取得|标下|标得)"
)
_TAKEN = re.compile("入主了?([\u3400-\u9fff]{2,3}?)(?=[,。;!、 \n拼抢冲案后]|$)")
_SEAT = re.compile("白宫|国会|[市县州]府|官邸|中枢|中央|^青瓦$|[党院会宫厅堂]$|球[队团]")
"""What a politician, or the owner of a club, moves into"""
_ROUND_CLOSED = re.compile(
    "(?:完成|获得?|拿下|斩获)了?[^,。;:]{0,24}?(?:轮[^,。;:]{0,6}融资|战略融资|战投)|(?:签下|拿下|斩获|接获)了?[^,。;:]{0,12}[万亿][^,。;:]{0,4}(?:订单|大单)"
)
_DEEDS = ("融资", "战投", "订单", "大单")
_WHO_CLOSES = re.compile(
    r"(?:^|[\n。,;!?|丨:】>])\s*(?:(?:近日|日前|今日|此前|随后|同时|而|据悉)(?=[^,]{4}))?"
    r"([\u3400-\u9fffA-Za-z\d][\u3400-\u9fffA-Za-z\d+&.! ]{1,13}?)"
    r"(?:近[日期]|日前|今[日天年]|昨[日天]|刚刚?|已经?|再[度次]?|又|连续|成功|累计|先后|正式|宣布|官宣|对外|于|在[^,。;:]{1,6}[内中]|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?)*$"
)
_FREE_LETTER = re.compile("[cTtAa]")
_ROW_WITHIN = re.compile("[cF]{1,2}E+[tTW]*")
"""海|深科技, 因|合生物: a row is only a part of the name"""
_NO_COMPANY = re.compile(
    "^(?:[该本此这那]|其(?:[中旗所]|$)|[半一两二三四五六七八九十多数几]+(?:年|个?月|周|天|季度?)[内间里]|公司|企业|集团|[我他她它]们|目前|去年|今年|明年|先后|双方|至今|迄今|累计|同步|同样|[一两二三多数几]|首轮|不到|仅|第|早在)"
    "|[的了,]|是|[年月日轮次]$|(?:公司|企业|项目|团队|平台|品牌|机构|创始人|厂商|龙头|独角兽|旗下|高管)$|以[来后]|融资|完成|目标"
)
"""What closes a round without being called so, and when it does"""
_SHORTEST = 2
_LONGEST = 8
_FREE = 4
"""Characters of a name that no tail closes, at most"""
_TRADE = 3
_CLOSER = 30
"""Characters before the verb in which who closes a round and when it did stand"""
_PAYER = 3
"""Characters of who pays, at least: of two more often when or how"""


def acting(text: str, form: str) -> Iterator[Found]:
    """Names in folded `text` of bodies that put out tenders, announce or go public."""
    if _DEED.search(text) is None:
        return
    for words, rule in _RULES:
        if any(word in text for word in words):
            yield from rule(text, form)


def coded(text: str, form: str, ends: set[int]) -> Iterator[Found]:
    """浙文互联|(600986.SH): what a stock code follows is a company, unless a name in `ends` ends there."""
    for match in _STOCK.finditer(text):
        if match.start() in ends:
            continue
        opened = _SHORT_NAME.search(text, max(match.start() - _LONGEST, 0), match.start())
        head = form[opened.start(1) : match.start()] if opened else ""
        if opened is not None and head[0] in _PLAIN and "E" not in head:
            yield Found(opened.start(1), match.start())
    for match in _SHORT_STOCK.finditer(text):
        opened = _SHORT_NAME.search(text, max(match.start() - _LONGEST, 0), match.start())
        if opened is not None and match.start() not in ends and form[opened.start(1) : match.start()].strip(_PLAIN) == "":
            yield Found(opened.start(1), match.start())


def funded(text: str, form: str, ends: set[int]) -> Iterator[Found]:
    """乐岚运动|近日完成D轮融资: who closes a round, whatever the name is made of, unless a name in `ends` ends there."""
    for match in _ROUND_CLOSED.finditer(text) if any(word in text for word in _DEEDS) else ():
        opened = _WHO_CLOSES.search(text, max(match.start() - _CLOSER, 0), match.start())
        if opened is None or opened.end(1) in ends or _NO_COMPANY.search(opened[1]):
            continue
        start, end = opened.span(1)
        if not text[start:end].isascii():
            start += text[start:end].rfind(" ") + 1
        if f"{text[max(end - _TRADE, start) : end]}公司" in text:
            continue  # 开放式AI助听器|完成…融资 over AI助听器公司岚声: what it makes
        head = form[start:end]
        of_row = _ROW_WITHIN.fullmatch(head) is not None
        if (
            end - start >= _SHORTEST
            and head.strip("EC")
            and (of_row or "E" not in head.lstrip("E"))
            and _FREE_LETTER.search(head)
        ):
            yield Found(start, end)


def _headed(text: str, end: int) -> int | None:
    """Where the clause begins that `end` is a few characters into."""
    opened = _HEAD.search(text, max(end - _LONGEST, 0), end)
    return opened.start(1) if opened else None


def _tendering(text: str, form: str) -> Iterator[Found]:
    """捷運工程局|辦理「…」: an office, by what it has done for it."""
    for match in _BODY.finditer(text):
        start = _headed(text, match.start())
        if start is not None and "E" not in form[start : match.end()]:
            yield Found(start, match.end(), kind="government")


def _local_bodies(text: str, form: str) -> Iterator[Found]:
    """与青田市国资委: the body of a place, where a word or a mark stands before the place."""
    for match in _LOCAL_BODY.finditer(text):
        if form[match.start() - 1 : match.start()] not in tuple("cGAaE"):
            yield Found(*match.span(), kind="government")


def _going_public(text: str, form: str) -> Iterator[Found]:
    """岚楹奇测|正式登陆港交所: by what only an issuer does."""
    for match in _GOES_PUBLIC.finditer(text):
        start = _headed(text, match.start())
        head = form[start : match.start()] if start is not None else ""
        plain = head.removeprefix("FF").strip("cGtTWN") == ""
        if start is not None and plain and head.count("c") + head.count("t") >= _SHORTEST:
            yield Found(start, match.start())


def _announcing(text: str, form: str) -> Iterator[Found]:
    """岚楹环保|晚间公告: by the hour at which the listed announce."""
    for match in _TOLD_LATE.finditer(text):
        start = _headed(text, match.start())
        head = form[start : match.start()] if start is not None else ""
        if start is not None and head.strip("cGtT") == "" and head[-1] in "tT" and head.count("c") >= _SHORTEST:
            yield Found(start, match.start())


def _licensing(text: str, form: str) -> Iterator[Found]:
    """合岑|開發…,以5.3億美元授權丹麥LEO: by what a developer is paid for."""
    for match in _CLAUSE_HEAD.finditer(text):
        start, end = match.span(1)
        if form[start:end].strip("c") == "" and not _NO_DEVELOPER.search(match[1]) and LICENSES_OUT.match(text, end):
            yield _company(text, start, end)


def _free_heads(pattern: re.Pattern[str], shortest: int, text: str, form: str) -> Iterator[Found]:
    """岑基|昨日公告, 昱岑|發言人陳大中表示, 艾岑群|以2億美元收購: free characters before what companies do and have.

    A noun that ends names may follow them: 岑澄智能|執行長林岱表示.
    """
    for match in pattern.finditer(text):
        start = _headed(text, match.start())
        if start is None:
            continue
        start += len(form[start : match.start()]) - len(form[start : match.start()].lstrip("F"))
        head = form[start : match.start()]
        own = head.rstrip("tT")
        free = shortest <= len(own) and len(head) <= _FREE and own.strip("c") == ""
        if free and not _NO_ISSUER.search(text[start : match.start()]):
            yield _company(text, start, match.start())


def _taken_over(text: str, form: str) -> Iterator[Found]:
    """入主|格岑|拚轉型: a company, unless it is a seat of power."""
    for match in _TAKEN.finditer(text):
        if form[slice(*match.span(1))].strip("c") == "" and not _SEAT.search(match[1]):
            yield _company(text, *match.span(1))


def _signing(text: str, form: str) -> Iterator[Found]:
    """甲電今日與|格岑|簽署合作備忘錄: with whom one signs, who is no farmer and no owner of land."""
    for match in SIGNED_WITH.finditer(text):
        name = match[1]
        if form[slice(*match.span(1))].strip("c") == "" and not (_NO_ISSUER.search(name) or _NO_PARTNER.search(name)):
            yield _company(text, *match.span(1))


def _company(text: str, start: int, end: int) -> Found:
    """A name that its neighbours prove: a row that needs proof (台電), else one that no row knows."""
    row = lookup_entity(text[start:end])
    return Found(start, end, row, row.kind) if row else Found(start, end)


_RULES: tuple[tuple[tuple[str, ...], Callable[[str, str], Iterator[Found]]], ...] = (
    (("办理", "招标", "发包", "标售"), _tendering),
    (("国资委", "国有资产监督管理委员会"), _local_bodies),
    (("登陆", "鸣锣", "敲钟", "敲锣", *(f"在{market}" for market in _MARKETS.split("|"))), _going_public),
    (("早间", "午间", "盘后", "晚间"), _announcing),
    (("授权",), _licensing),
    (("天公告", "日公告", "上公告", "午公告", "晚公告"), partial(_free_heads, _DATED, _SHORTEST)),
    (("发言人", "董事长", "执行长", "总裁", "总经理", "财务长"), partial(_free_heads, _OFFICER, _SHORTEST)),
    (("董事会",), partial(_free_heads, _BOARD, _SHORTEST)),
    (("收购", "并购", "买下", "入股", "取得", "标下", "标得"), partial(_free_heads, _PAYS_FOR, _PAYER)),
    (("入主",), _taken_over),
    (("签署", "签订", "签下", "缔结"), _signing),
)
"""Words without one of which a rule finds nothing: far cheaper to look for"""
_DEED = re.compile(alternation(word for words, _ in _RULES for word in words))
"""Most texts have none of them"""
