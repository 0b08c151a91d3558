"""Chinese funding: rounds and their backers, loans, issues to one investor, listings (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.buyers_zh import told_next
from extractors.contracts_zh import lender_of
from extractors.draft import Draft, distinct
from extractors.frames import ROUND_REACH, Group, Place, last_of, names_of
from extractors.normalize import fold
from extractors.notices_zh import is_for_takeover, placed_with
from extractors.parties_zh import ANAPHOR, ITSELF, TO_LATTER, groups, implicit, name_at, object_of, subject_of
from extractors.reading import At
from extractors.rounds_zh import (
    also_puts_in,
    described_next,
    funded_next,
    funded_of_late,
    is_of_another,
    issued_to,
    puts_in_too,
    whose_round,
)
from extractors.syndicates_zh import (
    arranged_for,
    is_bank,
    is_no_borrower,
    is_syndicated,
    led_syndicate,
    lenders_before,
    lent_from,
    state_borrowing,
    syndicate,
    turns_to_bank,
)
from extractors.syntax_zh import patterns
from models.mention import Name

_PLANS_TO_LIST = re.compile(
    r"\s*(?:估值[^,]{2,16}[并且]\s*(?:规划|计划|筹备|拟|准备)|(?:正?筹划|拟|计划|正式?|申请|启动|谋求|寻求|将)[^,]{0,24}"
    r"(?:股票|股份|存托凭证|[AH]股|发行|主板|创业板|科创板|所)[^,]{0,4})"
)
_PUT_IN = re.compile("(?:首次|再次|最早|第[一二三]次)?(?:投资|入股|出手)(?:是|发生)?在")
"""甲首次投资是在…轮融资中: the round is another's"""
_OF_ANOTHER = re.compile("旗下|(?:参股|控股|投资|持股|持有)的[^,]{2}|的?(?:全资|控股|参股)?[子孙]公司[^,]{3}")
"""Right after a company: another is spoken of, though nothing shows what it is called"""
_INVESTORS = re.compile("战略投资者|战投|战略股东|投资者|投资方|投资人|新股东")
_ISSUED_ABROAD = re.compile("存托股|存托凭证|GDR|GDS|ADR")
_NEW_CAPITAL = re.compile("现金增资|现增(?!新股上市)|定增|定向增发|非公开发行|私募")
_LISTED_REACH = 120
"""Characters before a sentence in which an issue is told"""
_SAME_COMPANY = re.compile("(?:该|本)?公司(?!的|债)")
_NUMBERED = re.compile(r"[A-H一二三四五六七]\d?\+*轮|天使|种子")
_LISTED = re.compile("债市|债券市场|首发|申购|上市|挂牌|招股|发行价|首日|暗盘")
_FUND = re.compile(r"ETF|基金|投信|权证|期货|新品|新车|新机")
_ISSUING = re.compile("(?:发行|募集)[^,]{0,16}$")
_TO_SUBSCRIBERS = re.compile("向(?:该等|各|若干|多名|独立|第三方|\\d+名)*(?:认购[人方]|承配人)[^,向]{0,6}发行[^,向]{0,24}$")
"""向认购人发行…的可换股债券: those who put the money in are not named"""
_TO_PUBLIC = re.compile(r"(?:拟|将|计划|获准|可)(?:公开)?发行[^,]{0,16}\d[\d.]*[万亿][^,]{0,4}元?(?:的|[AH]股)?$")
"""拟发行不超50亿元|可转债: issued to whoever will buy"""
_CLOSES = re.compile("完成|获得?|宣布")
_ROUND_KIND = re.compile(r"轮|现增|现金增资|定增|定向增发|非公开发行|增资扩股|[Pp]re-?IPO")
_ROUNDS_COUNTED = re.compile(
    "(?:累计|共计?|先后|连续|已)[^,第]{0,8}(?:\\d+|[两三四五六七八九十多数])[余多]?[轮笔次][^,轮]{0,4}融资"
)
_IN_ALL = re.compile("(?:总|累计|合计|历史)$")
_SIZE = re.compile("的?(?:总)?(?:规模|金额|额|额度)")
_INVESTMENT_DISCUSSED = re.compile("与[^,]{2,24}(?:洽谈|商谈|洽商|磋商|讨论|谈判)[^,与]{0,8}投资(?:事宜|协议)?$")
_FINANCES_TAKEOVER = re.compile("的收购[^,]{0,40}(?:提供|进行|安排)$")
_COMPARED = re.compile("(?:较|相较|比)(?!重|例|赛|亚|特|照)[^,]{0,16}$")
_EARLIER = re.compile("此前|过往|历史|早前|之前")
_PUBLIC_BODY = re.compile("(?:委员会|政府|部|局|署|院)$")
_FOUNDING = re.compile("出资(?:成立|设立|组建|创办|创立)")
_FOR_OTHERS = re.compile("(?:相关)?(?:谈判|担保)")
_CAPITAL = re.compile("(?:资金|投资|融资|注资)(?:$|[,;)])")
_OF_ROUND = re.compile("轮|融资|投资|入股|参投")
_BACKERS_REACH = 3
"""Clauses after 本轮融资吸引了… in which 包括 lists whom"""
_LONGEST_LIST = 6
"""Backers that commas part, at most"""
_OWED = re.compile("减少|承担|归还|偿还|返还|清偿|判决|判令|判处|起诉|诉讼|逾期|拖欠")
"""Of a debt before a court, or paid back: what was lent is told elsewhere"""
_COUNTING = re.compile(r"\s*(?:其中)?(?:包括|分别为|分别是|包含)")
_LED = re.compile("领投|跟投|独投|参投")
_JOINED = re.compile(r"参[与加]了?|加入了?")
_LENT = re.compile(r"联贷|授信|贷款|融资|借款")
_ISSUED = re.compile(r"发行|发债|标售|募集|发(?=[\d逾约])")
_SUM = re.compile(r"\s*上限|\s*[共合总]?[计共]?(?:发行|募集|募得|筹得)?(?:总额|总金额|金额|规模|\d)")
_APPLIED = re.compile("申请[^,]{0,24}$")
_PLEDGED = re.compile("以(?:其|所|合计|公司)*(?:持有的?|拥有的?)?$")
"""以持有的 C 75%股权作质押: what is pledged borrows nothing"""
_OWN_ISSUE = re.compile(
    r"(?:\([^()]*\))?的?(?:本次|此次|[^,]{0,4}年|办理的?)?(?:定增|定向增发|(?:私募)?现金增资|现增|增资(?!扩股))(?!的|预案|价|后|完成|基准)"
)
_OWN_UNIT = re.compile("[了过]?(?:其|旗下)?(?:(?:转投资|关联|关系|参股|持股|[子孙])(?:公司|企业|事业)?)?")
"""參與轉投資公司 B 現金增資: whose new shares they are"""
_WITH_ITSELF = re.compile("[与和同](?:本)?公司(?:签|订|达成)")
"""控股股东 L 与公司签署借款协议: a holder lends to who gives the notice"""
_SUM_LENT = re.compile("(?:借款|贷款|出借|本金|提供)(?:金额|总额|额度|本金)?[为约共]?(?:人民币)?$")
_HELD_BONDS = re.compile(r"买|持有|投资|认购|赎回|转换|评价|抛|卖|到期")
_BORROWER = re.compile(
    r"(?:主办)?的?([^\W\d_]{2,10}?)(?:\s*(?:为期)?\s*[\d一二三五七十]+\s*年期?)?(?:、?(?:总额|总计|金额|共|约|逾|近))*$"
)
_NEW_SHARES = re.compile("现增|现金增资|新股上市")
_WON_LOAN = re.compile("抢下|拿下|夺下|夺得|标得|取得|承接")
"""Of a bank: it has been given the loan to arrange"""
_LENDER = re.compile("银$|银行|金控|金$|兆丰|中信")
_RUNS_LOAN = re.compile(r"(?:\([^()]*\))?(?:等[^,、]{0,6}?)?(?:共同|分别)?[担出]任[^,、]{0,8}(?:管理|主办|统筹|牵头)")
_MAIN_BACKER = re.compile(r"\s*(?:\([^()]*\))?(?:是|为)[^,]{0,12}(?:融资|轮)的?[^,]{0,6}(?:投资者|投资方|投资人|领投)")
"""A 是新一輪融資的主要投資者"""
_NEXT_ROUND = re.compile("的?(?:最新|新|下|本|这|此)?一?轮?")
_SYNDICATE = "银团"
_NAMED_LOAN = re.compile("(?:投资|收购|过桥)?")
_DRAWN = re.compile("(?:动用|使用)$")
"""动用 L 的贷款: the one named has lent it"""
_REVIEWED = re.compile("(?:终止|中止|恢复|受理|同意)对")
_DELISTED = re.compile("(?:终止|停止|暂停)(?:股票)?(?:上市|挂牌)$")
_BANK = re.compile("银行|銀行")
_FOR_LISTING = re.compile("(?<![成作认称视名])[为替](?:未来|日后|其|后续|申请)?$")
"""為掛牌上市掃除障礙: what for"""
_LISTED_AT = frozenset({"上市", "挂牌"})
_SORT = re.compile("的?(?:[\u3400-\u9fff]{0,8}(?:公司|企业|集团|厂商?|业者|新创|大厂|龙头))?")
_LISTED_SORT = re.compile("[\u3400-\u9fff]{1,6}?(?:巨头|大厂|龙头|业者|厂商|集团)")
"""4大上市|食品巨頭: of what kind, though none is named next"""
_TOTAL = re.compile(r"\s*(?:合计|总计|共计|合共)")
_SHARES_PLACED = re.compile(r"\s*(?:最多|不超过|约|近|逾)*\d[\d.,]*\s*[千万亿]*(?:股|份)")
"""配售39.68億股, where the sum is told later"""
_DRUG = re.compile("(?<![医醫制製国國中生])(?:药|藥|疫苗)$")
_WITHIN = re.compile("[^,]{0,16}?(?:团队|内阁|人事|管理层|领导层|董事会)")
_OF_FUND = re.compile("ETF|成分股|配息|受益人|受益凭证|主动型|被动型")
_SERIES = re.compile(r"\s*\w{0,8}?\s*(?:系列|显卡|手机|新机|笔电|新车)")
_FUND_CODE = re.compile(r"(?<!\d)00\d{2,4}[A-Z]?(?!\d)")
"""Taiwan's listed funds have codes that begin so"""
_UNITS = re.compile("(?:股票|受益凭证|受益权单位|面额|普通股)[^,]{0,4}$")
_NEAR = 200
"""Characters beside a sentence in which the words for a product or for an exchange stand"""
_MARKETS = ("交易所", "证交所", "證交所", "港交所", "联交所", "聯交所", "上交所", "深交所", "北交所")
_LISTED_ONES = re.compile("(?:[和及或](?:即将|拟|准备)?(?:上市|挂牌))?的(?:公司|企业)")
_HARVEST = re.compile("(?:收获|斩获|迎来)了?[^,]{0,8}[个单家起][^,]{0,12}$")
_YEARS_SINCE = re.compile(r"\s*(?:已|近|满|后|的)?\s*(?:\d+|[一二三四五六七八九十两几数]+)[多余]?(?:年|个月)|\s*以来")
"""上市8年来: long listed"""
_ISSUE_PRICE = re.compile(r"\s*(?:\([^()]*\))?\s*[\d.,]*[^,]{0,3}发行价")


def backers(place: Place) -> Draft | None:
    """本轮投资方包括 A、B: backers of the round that the text speaks of."""
    investors = [name for group in place.right for name in group.mentions()]
    attracted = place.clause.between(place.cue.start, place.cue.end).startswith("吸引")
    if attracted and not _OF_ROUND.search(place.clause.text):
        return None
    for clause in place.following[: _BACKERS_REACH if attracted else 1]:
        if clause.text.lstrip().startswith(("包括", "以及", "及", "和", "老股东", "新股东")):
            investors += [name for group in groups(clause) for name in group.mentions()]
    target = funded_of_late(place)
    before = place.sentence.clauses[place.index - 1].text if place.index else ""
    if _EARLIER.match((before + place.clause.text).lstrip()):
        return None  # 此前投资方包括: of other rounds
    if place.clause.between(place.cue.start, place.cue.end).startswith("新增"):  # 新增 A、B 等为股东
        target = names_of(subject_of(place)) if "股东" in place.clause.text else []
    if investors and not target and place.cue.cue.status == "proposed":  # 认购对象为 A
        return place.draft("investment", {"investor": investors})
    if not investors or not target or any(name in target for name in investors):
        return None
    return place.draft("investment", {"investor": investors, "target": target})


def _just_led(place: Place, backer: Group) -> list[Name]:
    """A 领投 C 的B轮,募资总额…: the sum is that of C's round, which the clause before tells, and not of A's."""
    of_round = place.state.round_target if place.state.round_at == place.sentence.index and place.index else []
    led = of_round and any(_LED.search(c.text) for c in place.sentence.clauses[: place.index])
    return of_round if led and not any(name in of_round for name in backer.mentions()) else []


def bring_in(place: Place) -> Draft | None:
    """S 拟引入 A、B 等战略投资者: whom S lets put money in."""
    target, investors = subject_of(place), object_of(place, 12)
    if target is None or investors is None or investors.shares(target):
        return None
    if not _INVESTORS.search(place.clause.text, investors.end - place.clause.start):
        return None
    return place.draft("investment", {"investor": investors.mentions(), "target": target.mentions()})


def received(place: Place) -> Draft | None:
    """从 A 处获得 420 亿韩元资金: what A puts into the round, or into the company, that the text speaks of."""
    investors, text = last_of(place.left, "source"), place.clause.text[place.cue.end - place.clause.start :]
    if investors is None and (raised := _raised_too(place)) is not None:
        return raised
    if investors is None or not place.clause.amounts or not _CAPITAL.search(text):
        return None
    target = names_of(subject_of(place)) or funded_of_late(place)
    if not target or any(name in target for name in investors.mentions()):
        return None
    return place.draft("investment", {"investor": investors.mentions(), "target": target})


def _raised_too(place: Place) -> Draft | None:
    """C 募得143億美元,D 獲得25億美元: who has got so much in the list of those that raise money."""
    own = place.groups[0] if len(place.groups) == 1 and not place.groups[0].case else None
    if own is None or place.state.round_at != place.sentence.index or own.end > place.cue.start:
        return None
    if own.names[0].value.canonical in {name.canonical for name in place.state.round_target} or not place.index:
        return None
    amount = place.clause.amounts[0] if len(place.clause.amounts) == 1 else None
    told = amount is not None and not place.clause.between(place.cue.end, amount.start).strip("了约逾近 ")
    rest = place.clause.between(amount.end, place.clause.end).strip(" 资金") if amount else ""
    return place.draft("investment", {"target": own.mentions()}) if told and not rest else None


def issue(place: Place) -> Draft | None:
    """S 向 O 发行可换股债券: O puts the money in."""
    investor, target = last_of(place.left, "to"), subject_of(place)
    if investor is None and TO_LATTER.search(place.clause.between(place.clause.start, place.cue.start)):
        investor = place.state.partner
    if investor is None and _TO_SUBSCRIBERS.search(place.up_to):
        target = target or place.state.announcer
        return place.draft("investment", {"target": target.mentions()}) if target is not None else None
    public = _TO_PUBLIC.search(place.up_to) or (_ISSUING.search(place.up_to) and _sum_next(place))
    if investor is None and target is not None and public:
        return place.draft("investment", {"target": target.mentions()})
    if investor is None or target is None or investor.shares(target):
        return None
    return place.draft("investment", {"investor": investor.mentions(), "target": target.mentions()})


def _sum_next(place: Place) -> bool:
    """發行國內第三次可轉債,發行總額上限20億元: how much the clause after it says."""
    following = place.following[0] if place.following and not place.text_after.strip() else None
    return following is not None and bool(following.amounts) and _SUM.match(following.text) is not None


def funding_round(place: Place) -> Draft | None:
    """S closes a round; who leads or follows is told beside it."""
    clause, cue = place.clause, place.cue
    if cue.type == "loan" and (syndicated := syndicate(place)) is not None:
        return syndicated
    if _is_no_round(place):
        return None
    if cue.type == "investment" and (asked := _asked_for_money(place)) is not None:
        return asked
    if _is_elsewhere(place) or (cue.type == "investment" and is_of_another(place)):
        return None
    to = last_of(place.left, "to")
    target = (described_next(place) if cue.type == "investment" else None) or subject_of(place) or to
    if target is not None and target is place.state.topic and (known := _just_led(place, target)):
        return place.draft("investment", {"target": known})
    if target is None and (named_next := told_next(place)):
        place.state.round_target, place.state.round_at = named_next, place.sentence.index
        return place.draft("investment", {"target": named_next})
    if target is not None and _MAIN_BACKER.match(clause.text, target.end - clause.start):
        known = [name for name in funded_of_late(place) if name not in target.mentions()]
        return place.draft("investment", {"investor": target.mentions(), "target": known}) if known else None
    lent = cue.type == "loan" or clause.text.startswith(_SYNDICATE, max(cue.start - clause.start - len(_SYNDICATE), 0))
    if lent or (to is not None and _asks_bank(place, to)):
        return _loan(place.told_by(cue._replace(type="loan")))
    if "基金" in clause.between(clause.start, cue.end) and "募" in clause.between(cue.start, cue.end):
        return None  # a fund that fills itself is no deal
    joined = _JOINED.search(clause.between(clause.start, cue.start))
    if joined is not None and target is not None:
        return _joined_round(place, clause.start + joined.end())
    if _FOR_OTHERS.match(clause.text, cue.end - clause.start) and last_of(place.left, "with") is not None:
        return None  # A 与 B 进行融资谈判: whose money it is stands elsewhere
    return _raised(place, target) if target is not None and _may_raise(place, target) else None


def _is_no_round(place: Place) -> bool:
    """Whether no sum, no number and no word for closing shows a round, or what is told is the sum of several."""
    clause, cue = place.clause, place.cue
    managed = cue.type == "loan" and bool(
        _managers(place) or _won_by_bank(place) or _APPLIED.search(place.up_to) or lent_from(place) or turns_to_bank(place)
    )
    if not (managed or _sum_follows(place) or patterns().closing.search(clause.text)):
        return True
    before = place.sentence.clauses[: place.index]
    if _TOTAL.match(clause.text) and not place.groups and any(c.amounts for c in before):
        return True  # 合計籌資1,636億元: of all told before
    sized = any(c.amounts for c in place.sentence.clauses[place.index : place.index + 2])
    if not _ROUND_KIND.search(clause.text) and not sized and not _SHARES_PLACED.match(place.text_after):
        return True
    if _ROUNDS_COUNTED.search(clause.text):
        return True  # 已累计完成5轮融资: of no one of them
    if place.up_to.endswith("共") and any("累计" in c.text for c in before):
        return True  # 累计融资9轮,共募资…
    return bool(
        _IN_ALL.search(place.up_to) and _SIZE.match(place.text_after)
    )  # 使总融资规模接近…: what all its rounds have brought


def _is_elsewhere(place: Place) -> bool:
    """Whether whose round it is stands elsewhere, or the round is only told of to compare with."""
    if _COMPARED.search(place.up_to):
        return True  # 估值較今年稍早的B輪融資翻倍
    if place.clause.text.lstrip().startswith("助"):
        return True  # A 追加投資 B,助千億融資
    if _FINANCES_TAKEOVER.search(place.up_to):
        return True  # A 对 B 的收购将…提供融资
    of_other = last_of(place.left, "in")  # 計劃在 C 最新一輪募資中投資…
    return of_other is not None and _NEXT_ROUND.fullmatch(place.clause.between(of_other.end, place.cue.start)) is not None


def _joined_round(place: Place, at: int) -> Draft | None:
    """A 参与 C 的融资: A, who stands before `at`, puts money into C, who stands after it."""
    receiver = next((g for g in place.groups if at <= g.start < place.cue.start), None)
    if receiver is None and ANAPHOR.match(place.clause.between(at, place.cue.start)):
        receiver = place.state.topic
    investors = next((g for g in reversed(place.groups) if not g.case and g.end <= at), None)
    if receiver is None or investors is None:
        return None
    return place.draft("investment", {"investor": investors.mentions(), "target": receiver.mentions()})


def _may_raise(place: Place, target: Group) -> bool:
    """No man and no public body raises a round, nor a fund, which raises what it is to invest; 另一家…的融资 is another's."""
    if len(target.names) > 2 or target.names[0].value.kind == "person" or _PUBLIC_BODY.search(target.names[0].value.text):
        return False
    if all(name.kind == "person" for name in target.mentions()):
        return False
    after = target.end - place.clause.start
    if _OF_ANOTHER.match(place.clause.text, after) or _PUT_IN.match(place.clause.text, after):
        return False
    return _NUMBERED.search(place.clause.text) is not None or all(name.kind != "fund" for name in target.mentions())


def _raised(place: Place, target: Group) -> Draft | None:
    """The round of `target`, or the shares that it has offered to the public."""
    numbered = bool(_ROUND_KIND.search(place.clause.text))
    if _ISSUED_ABROAD.search(place.clause.text):
        return place.draft("offering", {"company": target.mentions()})
    around = place.sentence.clauses[max(place.index - 1, 0) : place.index + 3]
    issued = any(_LISTED.search(c.text) for c in around) and not any(
        _NEW_CAPITAL.search(c.text) for c in place.sentence.clauses[: place.index + 1]
    )
    if not numbered and "融资" not in place.clause.text and (issued or _follows_listing(place)):
        return place.draft("offering", {"company": target.mentions()})
    lent = place.sentence.index - place.state.borrowed_at <= ROUND_REACH and bool(place.state.borrower)
    if lent and not numbered and (place.state.borrower == target.mentions() or _is_lender(target)):
        return None  # 聯貸案 … 最終以66億元完成募集: what the banks have taken up
    place.state.round_target, place.state.round_at = target.mentions(), place.sentence.index
    buyers = placed_with(place) or issued_to(place)
    return place.draft("investment", {"investor": names_of(buyers), "target": target.mentions()})


def _asked_for_money(place: Place) -> Draft | None:
    """A 正在与 B 洽谈一项投资,初步商定募资至少…: B is to have the money, of A."""
    partner, topic = place.state.partner, place.state.topic
    before = place.sentence.clauses[place.index - 1] if place.index and not place.left else None
    if before is None or partner is None or topic is None or _INVESTMENT_DISCUSSED.search(before.text) is None:
        return None
    if not implicit(place.clause, place.cue.start) or partner.shares(topic):
        return None
    return place.draft("investment", {"investor": topic.mentions(), "target": partner.mentions()})


def _sum_follows(place: Place) -> bool:
    """A 更現金增資70億元: how much stands right after the word."""
    if "增资" not in place.clause.between(place.cue.start, place.cue.end):
        return False
    return any(0 <= amount.start - place.cue.end <= 1 for amount in place.clause.amounts)


def _follows_listing(place: Place) -> bool:
    """计划在…主板上市. 该公司考虑筹资3亿美元: the sum is that of the issue which the sentence before tells."""
    before = place.clean.text[max(place.sentence.start - _LISTED_REACH, 0) : place.sentence.start]
    return _SAME_COMPANY.match(place.clause.text) is not None and _LISTED.search(before) is not None


def _asks_bank(place: Place, lender: Group) -> bool:
    """向 L 银行申请…融资: a loan, whatever it is called."""
    applied = "申请" in place.clause.between(lender.end, place.cue.start)
    return (
        applied
        and place.clause.between(place.cue.start, place.cue.end) == "融资"
        and any(_BANK.search(name.text) for name in lender.mentions())
    )


def arrange(place: Place) -> Draft | None:
    """本案由 L 統籌主辦: who leads the syndicate of the loan told a sentence or two ago."""
    if _LENT.search(place.clause.text) or place.sentence.index - place.state.borrowed_at > ROUND_REACH:
        return None
    lender = last_of(place.left, "by") or subject_of(place)
    names = distinct([*lenders_before(place), *names_of(lender)])
    if not names or not place.state.borrower or any(name in place.state.borrower for name in names):
        return None
    return place.draft("loan", {"lender": names, "borrower": place.state.borrower})


def bond(place: Place) -> Draft | None:
    """S 發行 … 公司債: plain bonds, not those that it holds or takes back."""
    before = place.clause.between(place.clause.start, place.cue.start)
    issued = _ISSUED.search(before)
    following = place.following[0] if place.following else None
    sized = following is not None and following.amounts and _SUM.match(following.text) and not following.names
    if issued is None or _HELD_BONDS.search(before) or not (place.clause.amounts or sized):
        return None
    at = place.clause.start + issued.start()
    issuer = next((g for g in reversed(place.left) if not g.case and g.end <= at), None)
    if issuer is None and implicit(place.clause, at):
        issuer = place.state.topic
    if issuer is None or len(issuer.names) > 1:
        return None
    return place.draft("offering", {"company": issuer.mentions()})


def _loan(place: Place) -> Draft | None:
    lender = last_of(place.left, "by") or last_of(place.left, "with") or lent_from(place)
    borrower = subject_of(place)
    to = last_of(place.left, "to")
    text = place.clause.between(place.clause.start, place.cue.start)
    borrower = _named_for_use(place, borrower) or borrower
    if lender is not None and borrower is lender:
        borrower = _before_lender(place, lender)
    if (led := led_syndicate(place)) is not None:
        return led
    if _OWED.search(text) or (borrower is not None and _DRAWN.search(text[: borrower.start - place.clause.start])):
        return None
    if re.search(r"动用|运用", text):
        return None  # what is done with a loan
    arranged = re.search(r"统筹|主办|承办", text)
    if arranged is not None:
        at = place.clause.start + arranged.start()
        lender = next((g for g in place.left if not g.case and g.end <= at), None) or place.state.topic
        if (joint := arranged_for(place, lender)) is not None:
            return joint
        borrower = next((g for g in (*place.left, *place.right) if g.start > at), None)
        if borrower is None:
            borrower = _before_amount(place, place.clause.start + arranged.end())
    elif (won := _won_by_bank(place)) is not None:
        lender, at = won
        borrower = next((g for g in (*place.left, *place.right) if g.start >= at), None) or _before_amount(place, at)
    elif (re.search(r"提供|承作|发放|批出|贷出|核贷", text) and not (to is None and last_of(place.left, "by"))) or (
        to is not None and "安排" in text
    ):
        lender, borrower = borrower, to
        if borrower is None and place.index + 1 < len(place.sentence.clauses):
            following = place.sentence.clauses[place.index + 1]
            if re.match(r"\s*(?:助力?|协助|支持|帮助|供|用于支持)", following.text):
                borrower = next(iter(groups(following)), None)
        borrower = borrower or object_of(place)
    elif to is not None and re.search(r"借|申请|获|取得|筹", text + place.clause.text):
        lender, borrower = to, _pledging(place, to) if "押" in text else subject_of(place)
        if borrower is None or last_of(place.left[: place.left.index(to)], "to"):
            borrower = last_of(place.left[: place.left.index(to)], "to", "") or borrower  # 为 O 向 L 申请贷款
    if borrower is None and (state := state_borrowing(place)):
        return place.draft("loan", {"lender": names_of(subject_of(place)), "borrower": state})
    lenders = names_of(lender) or _managers(place)
    for clause in place.following[:2]:
        if patterns().lenders.search(clause.text):
            lenders += [name for group in groups(clause) for name in group.mentions()]
    lent_to = names_of(borrower) if borrower else []
    if TO_LATTER.search(text) and place.state.named_last:
        lenders, lent_to = names_of(subject_of(place)), place.state.named_last[-1:]
    if borrower is not None and lender is None and _WITH_ITSELF.search(text):
        itself = place.state.announcer if "股东" in text else None
        return place.draft("loan", {"lender": borrower.mentions(), "borrower": itself.mentions()}) if itself else None
    if borrower is not None and lender is None and borrower.partner and patterns().signing.search(text):
        return _of_two(place, borrower)
    banks = [name for name in lent_to if _BANK.search(name.text) or is_bank(name)]
    if not lenders and 0 < len(banks) < len(lent_to):  # B 与 L1 银行、L2 银行签约,获得…授信
        lenders, lent_to = banks, [name for name in lent_to if name not in banks]
    if is_syndicated(place) and all(
        is_bank(name) or (not name.entity_id and is_no_borrower(fold(name.text))) for name in lent_to
    ):
        return None  # L 正籌組這筆聯貸案: who is to borrow is told elsewhere
    return place.draft("loan", {"lender": lenders, "borrower": lent_to}) if lent_to else None


def _before_lender(place: Place, lender: Group) -> Group | None:
    """B 取得 L 2亿美元贷款: B, or whom the text speaks of."""
    named = next((g for g in reversed(place.left) if not g.case and g.end <= lender.start), None)
    return named or (place.state.topic if implicit(place.clause, lender.start) else None)


def _pledging(place: Place, lender: Group) -> Group | None:
    """B 以持有的 C 75%股权作质押向 L 申请贷款: B, or whom the text speaks of."""
    before = [g for g in place.left if not g.case and g.end <= lender.start]
    own = [g for g in before if not _PLEDGED.search(place.clause.between(place.clause.start, g.start))]
    return own[0] if own else place.state.topic


def _of_two(place: Place, sides: Group) -> Draft | None:
    """甲与乙签订借款协议: who lends is a bank, or the one that the text goes on to tell."""
    one, other = sides.names[: -sides.partner], sides.names[-sides.partner :]
    lending = next((side for side in (other, one) if all(is_bank(name.value) for name in side)), lender_of(place, one, other))
    if lending is None:
        return None
    lent_to = one if lending is other else other
    roles = {"lender": [n.value for n in lending], "borrower": [n.value for n in lent_to]}
    sums = (a for c in (place.clause, *place.following[:1]) for a in c.amounts if _SUM_LENT.search(c.between(c.start, a.start)))
    return place.draft("loan", roles, amount=next(sums, None))


def _is_lender(group: Group) -> bool:
    return all(_LENDER.search(name.text) or "Bank" in name.canonical for name in group.mentions())


def _won_by_bank(place: Place) -> tuple[Group, int] | None:
    """L 搶下 B …聯貸案: the bank, and where what it has won is told."""
    won = _WON_LOAN.search(place.clause.text, 0, place.cue.start - place.clause.start)
    if won is None:
        return None
    at = place.clause.start + won.start()
    bank = next((g for g in reversed(place.left) if not g.case and g.end <= at), None)
    if bank is None and implicit(place.clause, at):
        bank = place.state.topic
    return (bank, place.clause.start + won.end()) if bank is not None and _is_lender(bank) else None


def _managers(place: Place) -> list[Name]:
    """聯貸案由 L1 擔任額度管理銀行、L2 擔任…: who runs the loan, told after it."""
    running = (g for g in place.right if _RUNS_LOAN.match(place.clause.text, g.end - place.clause.start))
    return [name for group in running for name in group.mentions()]


def _named_for_use(place: Place, named: Group | None) -> Group | None:
    """B 400億美元 C 聯貸案: who borrows stands before the sum, and what for by the loan."""
    if named is None or not _NAMED_LOAN.fullmatch(place.clause.between(named.end, place.cue.start)):
        return None
    sums = [amount.start for amount in place.clause.amounts if amount.end <= named.start]
    return next((g for g in place.left if not g.case and sums and g.end <= sums[0]), None)


def _before_amount(place: Place, start: int) -> Group | None:
    """主辦 X 2億美元聯貸案: what stands between the verb and the sum is the borrower, whether or not it is known to be a name."""
    amount = next((a for a in place.clause.amounts if a.start > start), None)
    if amount is None:
        return None
    match = _BORROWER.match(place.clause.between(start, amount.start))
    if match is None or is_no_borrower(match[1]):
        return None
    first, last = start + match.start(1), start + match.end(1)
    return Group((At(first, last, name_at(place, first, last, "company")),), "", first, last)


def back(place: Place) -> Draft | None:
    """S puts money into the round that the text speaks of."""
    by = last_of(place.left, "by")
    partner = last_of(place.left, "with")
    if by is not None and "配售" in place.clause.between(place.cue.start, place.cue.end):  # A 获 B 战略配售
        given = next((g for g in reversed(place.left) if not g.case and g.end <= by.start), None)
        return place.draft("investment", {"investor": names_of(given), "target": by.mentions()}) if given else None
    if (placed := _placed(place)) is not None:
        return placed
    if (joined := _joins_issue(place)) is not None:
        return joined
    investors = puts_in_too(place, by) or by or next((g for g in reversed(place.left) if not g.case), None)
    if investors is None and partner is not None:
        investors = partner
    if investors is None and not place.left and ITSELF.match(place.clause.text):
        investors = place.state.announcer  # 公司出资1.5亿元参与投资 C
    listed_next = _listed_next(place)
    if investors is None and not listed_next:
        return None
    names = [*_listed_before(place), *names_of(investors), *listed_next]
    if place.cue.cue.needs and len(names) == len(names_of(investors)):
        return None  # 参与 alone may be in anything
    if partner is not None and partner is not investors:
        names += partner.mentions()
    target = object_of(place)
    founding = _FOUNDING.search(place.clause.text, place.cue.start - place.clause.start) if len(names) > 1 else None
    if founding and (target is None or target.start == place.clause.start + founding.end()):
        return place.draft("partnership", {"party": names})  # 共同出资设立 C: a venture, not yet a company to invest in
    if target is None and by is not None:
        target = next((g for g in reversed(place.left) if not g.case and g.end <= by.start), None)
    if target is None or also_puts_in(place, target):
        target = whose_round(place) or funded_next(place)
    known = target.mentions() if target else funded_of_late(place) or _round_after(place)
    if not known or any(name in known for name in names):
        return None
    if target is not None:
        place.state.round_target, place.state.round_at = known, place.sentence.index
    return place.draft("investment", {"investor": names, "target": known})


def _joins_issue(place: Place) -> Draft | None:
    """A 参与 B 定增: A, or whom the text speaks of, buys new shares of B."""
    issuer = place.right[0] if "增" in place.text_after and place.right else None
    if issuer is None or not _OWN_UNIT.fullmatch(place.clause.between(place.cue.end, issuer.start)):
        return None
    told = _OWN_ISSUE.match(place.clause.text, issuer.end - place.clause.start) if len(issuer.names) == 1 else None
    investor = subject_of(place) if told else None
    if investor is None or investor.shares(issuer):
        return None
    return place.draft("investment", {"investor": investor.mentions(), "target": issuer.mentions()})


def _placed(place: Place) -> Draft | None:
    """A 参与 B 战略配售."""
    if place.clause.between(place.cue.start, place.cue.end) != "战略配售":
        return None
    joined = _JOINED.search(place.clause.text, 0, place.cue.start - place.clause.start)
    at = place.clause.start + joined.end() if joined else place.cue.start
    issuer = next((g for g in place.left if at <= g.start), None)
    investor = next((g for g in reversed(place.left) if not g.case and g.end <= at), None)
    if issuer is None or investor is None or issuer.shares(investor):
        return None
    return place.draft("investment", {"investor": investor.mentions(), "target": issuer.mentions()})


def _round_after(place: Place) -> list[Name]:
    """A 领投,公司“B”完成…轮融资: whose round the next clause tells."""
    for clause in place.following[:1]:
        told = _CLOSES.search(clause.text) if _ROUND_KIND.search(clause.text) else None
        if told is not None:
            return names_of(next((g for g in groups(clause) if not g.case and g.end <= clause.start + told.start()), None))
    return []


def _listed_next(place: Place) -> list[Name]:
    """老股东跟投,包括 A、B 等: who they are is told by the clause after the verb."""
    if place.text_after.strip() or not place.following or not _COUNTING.match(place.following[0].text):
        return []
    return [name for group in groups(place.following[0]) for name in group.mentions() if name.kind != "person"]


def _listed_before(place: Place) -> list[Name]:
    """本轮融资由 A,B,C 参与: who stands in the clauses before, which commas alone part from the cue's."""
    names: list[Name] = []
    for clause in reversed(place.sentence.clauses[max(place.index - _LONGEST_LIST, 0) : place.index]):
        members = groups(clause)
        if len(members) != 1 or clause.text[members[0].end - clause.start :].strip():
            return []
        names = [*members[0].mentions(), *names]
        if members[0].case == "by" and _ROUND_KIND.search(clause.text):
            return names
        if clause.between(clause.start, members[0].start).strip():
            return []
    return []


def alone(place: Place) -> Draft | None:
    """S alone: 上市, 重组."""
    if place.cue.type == "offering" and (_describes(place) or _FOR_LISTING.search(place.up_to)):
        return None
    if place.cue.type == "offering" and _NEW_SHARES.search(place.clean.text, place.sentence.start, place.sentence.end):
        return None  # 現增新股上市: of a company that is listed
    if place.cue.type == "offering" and _LISTED_ONES.match(place.text_after):
        return None  # 签约数十家已上市和即将上市的公司
    if place.cue.type == "offering" and _HARVEST.search(place.up_to):
        return None  # 联想之星收获首个芯片IPO: of one it has put money into
    priced = _ISSUE_PRICE.match(place.clause.text, place.cue.end - place.clause.start)  # 跌破 IPO 发行价
    if place.cue.type == "offering" and _YEARS_SINCE.match(place.clause.text, place.cue.end - place.clause.start):
        return None
    if place.cue.type == "offering" and (_FUND.search(place.clause.text) or _is_launch(place) or priced):
        return None
    if _DELISTED.search(place.clause.between(place.clause.start, place.cue.end)) or _splits_units(place):
        return None
    subject = next((g for g in reversed(place.left) if not g.case), None)
    if place.cue.type == "offering" and _REVIEWED.search(place.up_to):
        subject = last_of(place.left, "to") or subject  # 终止对 C 首次公开发行股票…的审核
    if place.cue.type == "offering" and _lists_fund(place, subject):
        return None
    if subject is None:
        after = place.clause.between(place.cue.end, place.cue.end + 2)
        planned = place.cue.type == "offering" and _PLANS_TO_LIST.fullmatch(
            place.clause.between(place.clause.start, place.cue.start)
        )
        if (planned or implicit(place.clause, place.cue.start, limit=3)) and not after.startswith("的"):
            subject = place.state.topic
        elif ITSELF.match(place.clause.text):
            subject = place.state.announcer or place.state.topic  # 公司总部迁至…并完成股份制改造
    if subject is None or len(subject.names) > 1 or subject.names[0].value.kind in {"government", "person"}:
        return None
    if _OF_ANOTHER.match(place.clause.text, subject.end - place.clause.start):
        return None
    if place.cue.type == "offering" and (_DRUG.search(subject.names[0].value.text) or _is_of_fund(place, subject)):
        return None
    if place.cue.type == "restructuring" and _reorganises_another(place):
        return None
    if place.cue.type == "restructuring" and _WITHIN.match(place.clause.text, place.cue.end - place.clause.start):
        return None
    if subject.names[0].value.text.endswith(_MARKETS):
        return None  # 上市 beside an exchange speaks of all that is listed there
    if len(place.clause.between(subject.end, place.cue.start)) > 24 + sum(d.end - d.start for d in place.clause.dates):
        return None
    return place.draft(place.cue.type, {"company": subject.mentions()})


def _describes(place: Place) -> bool:
    """A股上市東山精密, 那斯達克上市生技公司 B: where the one named next is listed."""
    word = place.clause.between(place.cue.start, place.cue.end)
    if word in _LISTED_AT and _LISTED_SORT.match(place.clause.text, place.cue.end - place.clause.start):
        return True
    after = next((n for n in place.clause.names if n.start >= place.cue.end), None)
    return (
        word in _LISTED_AT and after is not None and _SORT.fullmatch(place.clause.between(place.cue.end, after.start)) is not None
    )


def _reorganises_another(place: Place) -> bool:
    """A 重组 B, A 对 B 的重组: done to another, not a change of one's own form."""
    done_to = (
        last_of(place.left, "to") is not None or is_for_takeover(place) or any(g.start == place.cue.end for g in place.right)
    )
    return done_to and place.clause.between(place.cue.start, place.cue.end).endswith("重组")


def _lists_fund(place: Place, subject: Group | None) -> bool:
    """元大00999掛牌, 預計9月掛牌 after a headline on a fund: units are listed, not the house."""
    if subject is not None:
        return _FUND_CODE.match(place.clean.text, subject.end) is not None
    return _OF_FUND.search(place.clean.text, place.sentence.start, place.sentence.end) is not None


def _is_of_fund(place: Place, subject: Group) -> bool:
    """台版QQQ 8/3挂牌: capitals, or what stands in quotation marks, in a text on funds."""
    name = subject.names[0]
    near = place.clean.text[max(place.sentence.start - _NEAR, 0) : place.sentence.end + _NEAR]
    return name.value.entity_id is None and name.value.text.isupper() and _OF_FUND.search(near) is not None


def _is_launch(place: Place) -> bool:
    """Whether 上市 says that a product is on sale: no word of the stock market near, and one of shops and products."""
    at = place.sentence.start
    near = place.clean.text[max(at - _NEAR, 0) : place.sentence.end + _NEAR]
    if any(_SERIES.match(place.clause.text, n.end - place.clause.start) for n in place.clause.names if n.end <= place.cue.start):
        return True
    listed = place.clause.between(place.cue.start, place.cue.end).endswith("上市")
    if listed and place.clause.text.startswith("的", place.cue.end - place.clause.start):
        return True  # 8月6日上市的摇杆: what is listed already, or on sale
    return listed and bool(patterns().product.search(near)) and not patterns().exchange.search(near)


def _splits_units(place: Place) -> bool:
    """元大台灣50(0050)分割, 股票分割: units and shares made smaller, not a company parted."""
    if place.cue.type != "restructuring" or not place.clause.between(place.cue.start, place.cue.end).endswith("分割"):
        return False
    told = place.clean.text[place.sentence.start : place.sentence.end]
    return bool(
        _FUND.search(told) or _FUND_CODE.search(told) or _UNITS.search(place.clause.between(place.clause.start, place.cue.start))
    )
