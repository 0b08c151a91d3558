"""One telling of a deal: a draft of the grammar with the amount, valuation, date, quantity and status its sentences give."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from corpus.deal_table import deals
from corpus.language_table import languages
from extractors.draft import Draft, key_of
from extractors.language import grammar_language
from extractors.normalize import fold
from extractors.published import publication_date
from extractors.reading import At, Clause, Reading, Sentence
from extractors.status import BRACKETED, Standing, pattern, standing
from models.claim import Quantity
from models.mention import Amount, DateMention, Name

_MONEY_KINDS = {"deal", "unknown", "total"}
_LONG_AGO = 300
"""Days before publication after which a deal that was announced counts as done"""
_RECENT = 20
"""Days before publication up to which a deal told without a status may still be news"""
_BEFORE_VERB = 4
"""Characters between an outlay and the verb of what it pays for"""
_HEAD_REACH = 12
"""Characters before an amount in which its head stands"""
_PRICED = frozenset({"acquisition", "investment", "purchase", "merger", "license"})
_RESUMED = _PRICED | {"offering", "share_transfer"}
"""Of what the next sentence may tell the sum"""
_NO_UNIT_PRICE = 10**7
"""What is dearer than this is not the price of one share"""
_HEADING = re.compile(r"\s*(?:\d{1,2}[、.]|[一二三四五六七八九十]{1,2}、)?[^,、。\d]{2,14}\s*")
_UPFRONT = re.compile(r"(?:获得?|收取|支付|取得)[^,]{0,4}\d[^,]{0,10}(?:预付款|首付款|签约金|前期款|授权金)")
"""將獲得12億美元的預付款: what is paid for rights that the sentence before tells of"""
_SPENT_REACH = 3
_RAISED_IN_ALL = re.compile("总代价|集资(?:净额|总额)|所得款项")
_ASKED_FOR = re.compile("(?:认购|申购|下单|需求)(?:总?金额|总?额|规模)?(?:已|则)?(?:突破|超过|高达|达|逾|超|约|冲破)*$")
_EACH_LENDS = re.compile("各(?:自)?(?:参贷|承贷|认贷|承作|承诺|贷放?|包下)(?:约|逾|近)?$")
"""各參貸三億元: what one of the banks puts in"""
_EACH_PAYS = re.compile("(?:各自?|分别)[拟将以]*(?:出资|斥资|投资|支付)")
_BORROWED = re.compile("的?(?:发债|债券|贷款|过桥|银团|债务融资|融资)")
_BACKS_IT = re.compile("[^,]{0,6}?(?:参与|支持|助力|协助|帮助|资助)")
_INVESTED = re.compile(
    r"(?:(?<!总)(?<!项目)(?<!项目计划)投资(?!总?额|金额|规模|合同|合约|协议)|注资|增资|入股|资助|补助|补贴)[^,\d、]{0,6}$"
)
_AS_AID = re.compile(r"\s*(?:\([^()]*\))?的?(?:资助|补助|补贴|投资(?!总?额|规模)|注资)")
_RATE = re.compile("/(?:年|月|日)")
_PART = 80
"""How much dearer an offer is of an amount that is only a part of the price"""
_FARTHEST = 6
_IN_DEAL = re.compile(
    r" ?(?:في صفقه|في اتفاقيه|بقيمه|بتكلفه|بكلفه|وذلك بقيمه|وذلك مقابل)(?!\w)"
    "|(?:集资|所得款项)(?:净额|总额)|现金总代价|(?:本次|此次)?(?:收购|交易|转让|股权转让)(?:金额|价格|作价|价款|总价|对价)|[该本此](?:单|项目|合同|订单|工程)(?:中标|合同)?(?:总?金额|总?价格?|总额)"
)
"""How a clause far from the deal begins that still tells its sum: A، وهي …، وB، في صفقة قيمتها 120 مليونا; 收购金额为…"""
_FAR = 3
"""Clauses after the deal from which on only a headed amount is taken for its price"""
_DOUBTFUL = {"ambiguous_year", "ambiguous_month", "ambiguous_week", "relative_to_context"}
"""Issues of a date that could as well be another"""
_SETTLED_BY_AGE = frozenset({"investment", "acquisition", "merger", "restructuring", "offering", "share_transfer"})


@dataclass(slots=True)
class Telling:
    """A draft with what its sentences say of it."""

    draft: Draft
    amount: At[Amount] | None = None
    valuation: At[Amount] | None = None
    date: At[DateMention] | None = None
    quantity: Quantity | None = None
    standing: Standing = field(default_factory=lambda: Standing("agreed", False, True, None))
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def type(self) -> str:
        return self.draft.type


def keys(names: Sequence[Name]) -> frozenset[str]:
    """What tells participants apart: entity ids, else folded canonical names."""
    return frozenset(map(key_of, names))


def parties_of(draft: Draft) -> frozenset[str]:
    """The participants of a draft, whatever their roles."""
    return frozenset(key for names in draft.roles.values() for key in keys(names))


def roots_of(draft: Draft) -> frozenset[str]:
    """Participants with each unit counted as its owner: 亞馬遜 and AWS are one side."""
    return frozenset(fold(name.parent or name.canonical).lower() for names in draft.roles.values() for name in names)


def tell(reading: Reading, code: str, sentence: Sentence, drafts: list[Draft]) -> list[Telling]:
    """The tellings of one sentence, each amount given to the deal it is nearest to."""
    tellings = []
    for draft in drafts:
        telling = Telling(draft, amount=draft.amount)
        telling.standing = standing(draft, code, deals()[draft.type].status)
        telling.date = _date(draft)
        telling.quantity = _quantity(code, draft)
        telling.spans = [(draft.clause.start, draft.clause.end)]
        tellings.append(telling)
    _assign_amounts(code, sentence, tellings)
    _sum_up(code, sentence, tellings)
    _take_from_next(reading, code, sentence, tellings)
    _take_from_before(reading, sentence, tellings)
    for telling in tellings:
        telling.valuation = _valuation(reading, sentence, telling)
        _settle(reading, telling)
    return tellings


def _assign_amounts(code: str, sentence: Sentence, tellings: list[Telling]) -> None:
    """Give each telling the amount nearest to its cue; an amount serves one deal of a sentence."""
    funded = {key for t in tellings if t.draft.cue.cue.frame == "round" for key in keys(t.draft.roles.get("target", ()))}
    offers = sorted(
        (
            (cost, order, amount, telling, clause)
            for order, telling in enumerate(tellings)
            if telling.amount is None and not _backs(telling, funded) and telling.draft.cue.cue.frame != "arrange"
            for cost, amount, clause in _offers(code, sentence, telling)
        ),
        key=lambda offer: offer[:2],
    )
    offers = [offer for offer in offers if not (code == "ar" and _is_level(sentence, offer[3].draft, offer[4], offer[2]))]
    taken = {(t.amount.start, t.amount.end): parties_of(t.draft) for t in tellings if t.amount is not None}
    for _, _, amount, telling, clause in offers:
        span = (amount.start, amount.end)
        parties = parties_of(telling.draft)
        if telling.amount is None and taken.get(span, parties) == parties:
            telling.amount = amount
            taken[span] = parties
            telling.spans.append((clause.start, clause.end))


def _sum_up(code: str, sentence: Sentence, tellings: list[Telling]) -> None:
    """先行支付70億美元, 餘下20億…, 合計90億美元: the sum is the deal's amount, where one deal of the sentence has parts."""
    priced = [t for t in tellings if t.amount is not None]
    if len(priced) != 1 or priced[0].amount is None:
        return
    part = priced[0].amount
    for clause in sentence.clauses:
        if clause.start <= part.end or clause.names:
            continue
        for amount in clause.amounts:
            lead = clause.between(clause.start, amount.start)
            told = amount.value.currency == part.value.currency and not amount.value.is_equivalent
            if told and pattern(code, "sums").fullmatch(lead.strip()) and (amount.value.value or 0) > (part.value.value or 0):
                priced[0].amount = amount
                priced[0].spans.append((clause.start, clause.end))
                return


def _backs(telling: Telling, funded: set[str]) -> bool:
    """IDG 领投1.5亿 in a round whose size the sentence tells: the part is not the round."""
    backing = telling.draft.cue.cue.frame in {"back", "backers"}
    return backing and bool(keys(telling.draft.roles.get("target", ())) & funded)


def _offers(code: str, sentence: Sentence, telling: Telling) -> Iterator[tuple[int, At[Amount], Clause]]:
    draft = telling.draft
    at = sentence.clauses.index(draft.clause)
    if draft.type == "stake":
        return
    parties = parties_of(draft)
    for amount in draft.clause.amounts:
        if _is_rate(draft.clause, amount):
            continue
        if code == "zh" and (_is_backers(draft, amount) or _is_each(draft, draft.clause, amount)):
            continue
        if code == "zh" and _is_demand(draft, draft.clause, amount):
            continue
        if code == "zh" and (_is_invested(draft, draft.clause, amount) or _is_raised_for(draft, draft.clause, amount)):
            continue
        owed = draft.cue.type in {"loan", "offering"} and amount.value.kind == "debt"
        if _is_price(amount.value) or owed or _is_signed_size(draft, amount) or _is_paid_out(draft, amount):
            distance = amount.start - draft.cue.end if amount.start >= draft.cue.end else draft.cue.start - amount.end + 3
            bonus = 30 * (_is_headed(code, draft.clause, amount) or _is_of(draft, amount))
            yield distance - bonus, amount, draft.clause
    for step in range(1, _FARTHEST):
        if at + step < len(sentence.clauses) and (step <= _FAR or _IN_DEAL.match(sentence.clauses[at + step].text)):
            clause = sentence.clauses[at + step]
            leads = code == "ar" and [a for a in clause.amounts if not clause.names or a.start < clause.names[0].start]
            if len(keys([n.value for n in _speaking(clause)]) - parties) > 1 and not leads:
                break  # other deals are told of
            for amount in leads or clause.amounts:
                if code == "zh" and (_is_invested(draft, clause, amount) or _is_share_lent(draft, clause, amount)):
                    continue
                if code == "zh" and _is_demand(draft, clause, amount):
                    continue
                lead = clause.between(clause.start, amount.start)
                headed = _is_headed(code, clause, amount) and not _is_rate(clause, amount)
                told = headed or (step < _FAR and (amount.value.kind == "deal" or not lead.strip()))
                if _is_equity_value(code, draft, clause, amount) or (
                    (_is_price(amount.value) or (headed and _is_project(draft, amount))) and told
                ):
                    part = bool(pattern(code, "parts").match(clause.text.lstrip(" 的"), amount.end - clause.start))
                    yield 40 * step + amount.start - clause.start - 30 * headed + _PART * part, amount, clause
    if at > 1 and _only_equivalent(sentence.clauses[at - 1]):
        at -= 1  # 斥資720億美元,折合約2.26兆新台幣,收購 C
    if at and not draft.generic and not (code == "ar" and _IS_TRADED.search(sentence.clauses[at - 1].text)):
        clause = sentence.clauses[at - 1]
        # What somebody else spends is another deal's; who approves of this one spends nothing.
        own = keys([n.value for n in clause.names if not _LETS_PASS.match(clause.text, n.end - clause.start)]) <= parties
        for amount in clause.amounts if own else ():
            if code == "zh" and _is_each(draft, clause, amount):
                continue
            lead = clause.between(clause.start, amount.start)
            spent = _is_spent(clause, amount, code) and not amount.value.is_equivalent and not _is_unit_price(amount.value)
            if spent or (_is_price(amount.value) and (pattern(code, "spending").search(lead) or amount.value.kind == "deal")):
                yield (20 if spent else 60) + clause.end - amount.end, amount, clause


def _only_equivalent(clause: Clause) -> bool:
    """Whether a clause only says an amount again in another currency."""
    return (
        not clause.names
        and len(clause.amounts) == 1
        and _AGAIN.fullmatch(clause.between(clause.start, clause.amounts[0].start)) is not None
    )


def _speaking(clause: Clause) -> Sequence[At[Name]]:
    """The names of a clause, but for those that quotation marks hold: the name of a building, of a plan."""
    if "「" not in clause.text:
        return clause.names
    quoted = [match.span() for match in _QUOTED.finditer(clause.text)]
    return [n for n in clause.names if not any(a <= n.start - clause.start < b for a, b in quoted)]


_QUOTED = re.compile("「[^「」]*」")
_CAPITAL_AT = re.compile(
    r"راس ?(?:ال)?مال\w*(?!.*(?:بمقدار|بقيمه|بنحو|بواقع)).{0,50}(?:الي|حتي|ليصل|ليبلغ|من) (?:نحو |حوالي |مستوي )?$"
    r"|(?:مكتتب|طلبات|تغطي|تداولات|حجم الاستثمار في)\w*.{0,60}$"
    r"|(?:القيمه الاجماليه|اجمالي قيمه|مجموع قيمه) .{0,60}الي (?:نحو |حوالي )?$"
)
_IS_TRADED = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:تداول|تداولات|تداولاته|تداولاتها)(?!\w)")
_AGAIN = re.compile(r"\s*(?:约)?(?:折合|合|相当于|约当|等于)[^,]{0,4}")
_THIS_CONTRACT = re.compile("(?:这[项份笔]|该|此)[^,]{0,16}?(?:合约|合同|协议|契约)")
_LETS_PASS = re.compile("[^,]{0,6}?(?:核准|通过|批准|同意)")
"""Right after an authority: 投審會並通過…"""
_OWN_SPENDING = re.compile(r"(?<!\w)[وف]?(?:استثمرت?|تستثمر|انفقت?) فيه(?:ا)? (?:[^ ,]+ ){0,4}$")
"""الشبكة التي استثمرت فيها X 5 مليارات: what it spent on its own"""
_OF_ASSETS = re.compile(
    r"(?<!\w)(?:تمتلك|تملك|تدير|لديها|يدير) (?:\w+ )?(?:اصول|اصولا|موجودات|محفظه|استثمارات) (?:[^ ,]+ ){0,4}$"
)
"""شركة Y التي تمتلك أصولا تصل قيمتها إلى 8 مليارات: no price"""
_ISSUED_TO = re.compile(r"(?<!\w)ل(?:صالح|مصلحه)(?!\w)")


def _is_level(sentence: Sentence, draft: Draft, clause: Clause, amount: At[Amount]) -> bool:
    """رفع رأس المال إلى 500 مليون: what the capital comes to, unless all is issued to one; what subscribers asked for; what
    somebody spends on itself; what assets are worth.
    """
    lead = clause.between(clause.start, amount.start)
    if _OWN_SPENDING.search(lead) or _OF_ASSETS.search(lead):
        return True
    if draft.type not in {"investment", "offering"} or any(_ISSUED_TO.search(c.text) for c in sentence.clauses):
        return False
    return _CAPITAL_AT.search(lead) is not None


def _take_from_next(reading: Reading, code: str, sentence: Sentence, tellings: list[Telling]) -> None:
    """這筆交易…對價為400億美元: a sentence that goes on about the deal gives the amount that the telling lacks."""
    waiting = [t for t in tellings if t.amount is None and t.type in _RESUMED]
    following = reading.sentences[sentence.index + 1 : sentence.index + 3]
    if following and _HEADING.fullmatch(reading.clean.text[following[0].start : following[0].end]):
        following = following[1:]  # 一、项目概况
    if not waiting or not all(_retells(waiting[0], other) for other in waiting[1:]):
        return
    going_on = list(itertools.takewhile(lambda s: _goes_on(code, waiting[0], s, reading.clean.text), following))
    reach = len(going_on) if waiting[0].type == "purchase" else 1  # 合同约定…. 参照…均价测算,预计销售金额…
    for clause in (clause for later in going_on[:reach] for clause in later.clauses):
        for amount in clause.amounts:
            headed = _is_headed(code, clause, amount)
            if (_is_price(amount.value) and (amount.value.kind == "deal" or headed)) or (headed and _is_net(waiting[0], amount)):
                waiting[0].amount = amount
                waiting[0].spans.append((clause.start, clause.end))
                return


def _retells(one: Telling, other: Telling) -> bool:
    """中标了…,并收到了《中标通知书》: the same deal, told twice in a sentence."""
    return one.type == other.type and bool(parties_of(one.draft) & parties_of(other.draft))


def _is_net(telling: Telling, amount: At[Amount]) -> bool:
    """扣除開支後所得款項約41億元: what is raised, whatever the word for costs makes of it."""
    return telling.draft.cue.cue.frame == "round" and amount.value.kind == "capex" and not amount.value.is_equivalent


def _take_from_before(reading: Reading, sentence: Sentence, tellings: list[Telling]) -> None:
    """A 簽署97億美元合約. B 表示,已與 A 簽署這項合約: the contract whose size the sentence before has told."""
    waiting = [t for t in tellings if t.amount is None and t.draft.generic and _THIS_CONTRACT.search(t.draft.clause.text)]
    before = reading.sentences[sentence.index - 1] if sentence.index else None
    if len(waiting) != 1 or before is None:
        return
    for clause in before.clauses:
        sums = [a for a in clause.amounts if _is_price(a.value)]
        if len(sums) == 1 and keys([n.value for n in clause.names]) & parties_of(waiting[0].draft):
            waiting[0].amount = sums[0]
            waiting[0].spans.append((clause.start, clause.end))
            return


def _goes_on(code: str, telling: Telling, sentence: Sentence, reading_text: str) -> bool:
    """Whether a sentence speaks of the deal just told: 這筆交易…, or one of its participants and nobody else."""
    if pattern(code, "goes_on").match(sentence.clauses[0].text.lstrip()):
        return True
    parted = reading_text[max(sentence.start - 2, 0) : sentence.start].rstrip().endswith(";")
    if code == "zh" and parted and not any(c.names for c in sentence.clauses) and _RAISED_IN_ALL.search(_words(sentence)):
        return True  # …須尋求特別授權;每股認購價0.15元,現金總代價10億元
    first = sentence.clauses[0]
    if (
        sentence.headline
        and first.amounts
        and not any(c.names for c in sentence.clauses)
        and _is_spent(first, first.amounts[0], code)
    ):
        return True  # A 收購 B!豪砸 48 億元
    named = keys([n.value for c in sentence.clauses for n in c.names])
    if (
        telling.type == "license"
        and named <= parties_of(telling.draft)
        and any(_UPFRONT.search(c.text) for c in sentence.clauses)
    ):
        return True
    opens = [n for n in sentence.clauses[0].names if not sentence.clauses[0].between(sentence.start, n.start).strip()]
    return bool(opens) and named <= parties_of(telling.draft)


def _words(sentence: Sentence) -> str:
    return ",".join(clause.text for clause in sentence.clauses)


def _is_rate(clause: Clause, amount: At[Amount]) -> bool:
    """9829.91万元/年: what is paid a year, not for the whole."""
    return _RATE.match(clause.text, amount.end - clause.start) is not None


def _is_each(draft: Draft, clause: Clause, amount: At[Amount]) -> bool:
    """A、B 各出资10亿元收购 C; A 出资2亿元,B 出资1亿元,收购 C: what one of several buyers puts in is not the price."""
    if _is_share_lent(draft, clause, amount):
        return True
    buyers = keys(draft.roles.get("acquirer", ())) if draft.type == "acquisition" else frozenset()
    if len(buyers) < len(("one", "another")):
        return False
    alone = clause is not draft.clause and keys([n.value for n in clause.names]) < buyers and bool(clause.names)
    return alone or _EACH_PAYS.search(clause.between(clause.start, amount.start)) is not None


def _is_demand(draft: Draft, clause: Clause, amount: At[Amount]) -> bool:
    """投資人認購突破19億美元: what is asked for, not what is issued."""
    if draft.type != "offering":
        return False
    lead = clause.between(clause.start, amount.start)
    return _ASKED_FOR.search(lead) is not None or clause.text[amount.end - clause.start :].lstrip().startswith(
        ("认购需求", "的认购", "超额")
    )


def _is_share_lent(draft: Draft, clause: Clause, amount: At[Amount]) -> bool:
    """各參貸三億元: what each of the banks puts in."""
    return draft.type == "loan" and _EACH_LENDS.search(clause.between(clause.start, amount.start)) is not None


def _is_backers(draft: Draft, amount: At[Amount]) -> bool:
    """出资30亿元参与 A 收购 B: what somebody else puts into A's purchase is not its price."""
    backed = _BACKS_IT.match(draft.clause.text, amount.end - draft.clause.start) if draft.type == "acquisition" else None
    buyers = keys(draft.roles.get("acquirer", ()))
    names = draft.clause.names if backed and buyers else ()
    return any(amount.end <= n.start < draft.cue.start and keys([n.value]) <= buyers for n in names)


def _is_invested(draft: Draft, clause: Clause, amount: At[Amount]) -> bool:
    """簽大單,最高投資50億美元: what is invested after an order or a licence is no part of its price."""
    if draft.type not in {"purchase", "license"} or amount.start < draft.cue.end:
        return False
    lead = clause.between(max(draft.cue.end, amount.start - _HEAD_REACH), amount.start)
    return bool(_INVESTED.search(lead) or _AS_AID.match(clause.text, amount.end - clause.start))


def _is_headed(code: str, clause: Clause, amount: At[Amount]) -> bool:
    """Whether a word such as 總金額 or بقيمة opens the amount."""
    return bool(pattern(code, "amount_heads").search(clause.between(amount.start - _HEAD_REACH, amount.start + 2)))


def _is_equity_value(code: str, draft: Draft, clause: Clause, amount: At[Amount]) -> bool:
    """收購 …, 股權價值 720 億美元: what the buyer agrees that the company is worth."""
    sold = draft.type in {"acquisition", "merger"} and not amount.value.is_equivalent
    return sold and bool(pattern(code, "equity_heads").search(clause.between(amount.start - _HEAD_REACH, amount.start)))


def _is_signed_size(draft: Draft, amount: At[Amount]) -> bool:
    """簽署規模數百億美元的伺服器協議: the size of what is signed, whatever else a size is of."""
    sized = draft.generic and amount.start > draft.cue.start and amount.value.kind in {"fund", "valuation"}
    return sized and not amount.value.is_equivalent and draft.clause.between(amount.end, amount.end + 1) == "的"


def _is_paid_out(draft: Draft, amount: At[Amount]) -> bool:
    """花费现金3.88亿元再度收购 C: an outlay right before the verb of a takeover is its price."""
    equity = draft.type in {"acquisition", "share_transfer", "investment"} and amount.value.kind == "capex"
    return equity and 0 <= draft.cue.start - amount.end <= _BEFORE_VERB and not amount.value.is_equivalent


def _is_raised_for(draft: Draft, clause: Clause, amount: At[Amount]) -> bool:
    """收购将部分通过15亿欧元的发债来融资: what is borrowed for a takeover is not what it costs."""
    told = clause.text[amount.end - clause.start :]
    return draft.type in {"acquisition", "share_transfer"} and _BORROWED.match(told) is not None


def _is_project(draft: Draft, amount: At[Amount]) -> bool:
    """A joint project's total is the partnership's amount, a contractor's fee the order's, what it is to raise an issue's; what
    a board lets be spent on land is the price of it.
    """
    kinds = {
        "acquisition": {"budget"},
        "partnership": {"capex", "budget", "fund"},
        "offering": {"forecast", "fund"},
        "purchase": {"capex", "budget"},
    }
    return amount.value.kind in kinds.get(draft.type, ()) and not amount.value.is_equivalent


def _is_of(draft: Draft, amount: At[Amount]) -> bool:
    """Whether the amount stands right before the cue, as in 400億美元（約…）過橋貸款."""
    between = BRACKETED.sub("", draft.clause.between(amount.end, draft.cue.start)).strip("的 ")
    return amount.end <= draft.cue.start and not between


def _is_spent(clause: Clause, amount: At[Amount], code: str) -> bool:
    """Whether 以, 斥資 or مقابل stands directly before the amount: what is spent is the price, whatever it is called."""
    return bool(pattern(code, "spending").search(clause.between(amount.start - _SPENT_REACH, amount.start)))


def _is_unit_price(amount: Amount) -> bool:
    return amount.kind == "price" and max(f or 0 for f in (amount.value, amount.low, amount.high)) < _NO_UNIT_PRICE


def _is_price(amount: Amount) -> bool:
    figures = (amount.value, amount.low, amount.high)
    of_deal = amount.kind in _MONEY_KINDS or (amount.kind == "price" and not _is_unit_price(amount))
    return of_deal and not amount.is_equivalent and any(figure is not None for figure in figures)


def _valuation(reading: Reading, sentence: Sentence, telling: Telling) -> At[Amount] | None:
    """A valuation of the same sentence, or of the next when that one speaks of the target or of nobody else."""
    if telling.type not in {"investment", "acquisition", "share_transfer"}:
        return None
    targets = keys([n for role in ("target", "company") for n in telling.draft.roles.get(role, ())])
    following = reading.sentences[sentence.index + 1 : sentence.index + 2]
    for place in (sentence, *following):
        if place is not sentence and not any(keys([n.value for n in c.names]) & targets for c in place.clauses):
            continue
        for clause in place.clauses:
            for amount in clause.amounts:
                if amount.value.kind == "valuation" and not amount.value.is_equivalent:
                    return amount
    return None


def _date(draft: Draft) -> At[DateMention] | None:
    """The date nearest before the cue, in its clause or in the clauses of the sentence that lead to it."""
    if draft.type == "stake":
        return None
    at = draft.sentence.clauses.index(draft.clause)
    for clause in reversed(draft.sentence.clauses[: at + 1]):
        dated = [d for d in clause.dates if d.value.value and "/" not in d.value.value and not _DOUBTFUL & set(d.value.issues)]
        if dated:
            return min(dated, key=lambda d: abs(d.start - draft.cue.start))
    return None


def _quantity(code: str, draft: Draft) -> Quantity | None:
    if draft.type != "purchase":
        return None
    for unit, spellings in languages()[code].deals.units.items():
        body = "|".join(re.escape(fold(s)) for s in spellings)
        match = re.search(rf"(\d[\d,]*(?:\.\d+)?)\s*(?:{body})", draft.clause.text)
        if match:
            return Quantity(Decimal(match[1].replace(",", "")), unit)
    return None


def _settle(reading: Reading, telling: Telling) -> None:
    """A deal announced long before publication is done; so is one that only its past date, or the register, speaks of."""
    code = grammar_language(reading.language)
    unsaid = telling.type == "investment" and not telling.standing.explicit
    if unsaid and pattern(code, "registered").search(reading.clean.text):
        telling.standing = replace(telling.standing, status="completed", explicit=True)
    when = telling.date.value.end_date if telling.date else None
    published = publication_date(reading.article)
    if when is None or published is None or telling.type not in _SETTLED_BY_AGE:
        return
    age = (published - when).days
    announced = telling.standing.status == "agreed" and not pattern(code, "signed").search(telling.draft.clause.text)
    recent = 0 if telling.type == "offering" else _RECENT
    if (announced and age > _LONG_AGO) or (not telling.standing.explicit and age > recent):
        telling.standing = replace(telling.standing, status="completed", explicit=True)
