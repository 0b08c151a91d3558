"""Holders of a company: what they hold, who adds to it and who parts with some (folded text: simplified characters).

Whose shares they are seldom stands beside the verb: it is who gives the notice, or who the holder is a holder of.
"""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

from extractors.acts_zh import EXCHANGE, follows_deal
from extractors.draft import Draft
from extractors.frames import ROUND_REACH, Group, Place, last_of
from extractors.parties_zh import THAT_COMPANY, name_at, object_of, referred, subject_of
from extractors.reading import At
from extractors.sales_zh import held_by
from extractors.syntax_zh import common_words, patterns
from models.mention import Name

_HOLDER = re.compile(
    r"[:\s]*(?:\([^()]*\))?(?:的|现任|时任|前|原|第[一二三四五六七八九十]大|大|控股|主要|单一最大|部分|个别|有关|[一二三四五六七八九十两\d]+(?:名|位|家))*"
    r"(?:股东|实控人|实际控制人|一致行动人|董事|监事|高管|董监高|高级管理人员|总经理|副总|[高资]级副总|财务总监|员工持股)"
)
"""Right after a company: its holder, named next or not at all"""
_HOLDERS = re.compile("股东|实控人|实际控制人|一致行动人|董事|监事|高管|董监高|高级管理人员|总经理|副总|员工持股")
_OWN_SHARES = re.compile(
    r"[了其所的\s]*(?:持有?的?)?(?:合计|累计|部分|全部|约|近|逾|超过?|不超过?|不低于|不少于|不足|总计|共|共计)*"
    r"(?:$|[,;。)]|\d|(?:本|该|上市)?公司|股份|股票|[AH]股|计划|预披露|方案|金额|数量|比例|完毕|所持)"
)
"""减持公司股份, 减持不超过2%: of the company that gives the notice"""
_TO_THING = re.compile(r"[了其所的\s]*(?:持有?的?)?(?:部分|全部|约|合计)?(?:新加坡|美国|日本|韩国|香港|港股|美股|A股|上市公司)?")
_OF_COMPANY = re.compile(
    r"[」”\"]?\s*(?:\([^()]*\))?(?:公司)?的?(?:无限售|流通|限售)*(?:股份|股票|股权|[AH]股|\d|约|不超|不低|不少|合计|$|,)"
)
_ACCOUNT = re.compile("[^,]{0,6}账户")
_COUNTED = re.compile(r"\d[\d.,]*\s*[万亿]*股")
_OF_HOLDING = re.compile("(?:所持|持有|持股)[^,]{0,8}的?$")
"""减持不超过所持股份的6%: a part of what is held, not of the company"""
_PLANNED = re.compile("拟|计划|预披露|方案")
_PLAN_AFTER = re.compile("[^,。]{0,10}(?:计划|预披露|方案)")
_ITS_HOLDER = re.compile(r"(?:近|约|超|逾|超过)?\s*\d[\d.]*%(?:的?(?:股份|股权))?的")
"""持有 C 近9%的 S: S holds C"""
_GIVES_OUT = re.compile("(?:今日|昨日|晚间)?(?:披露|公告|公布|发布)了?(?:公司|其)?[^,]{0,10}股东")
"""C 披露股东 S 的减持计划: whose shares they are"""

_WORTH = re.compile(r"\s*(?:持股|总)?(?:价值|市值|值)")
_SHARE_OF_HOLDING = re.compile(
    r"(?:所持)?(?:有|股|股份|股权)?的?\s*\d[\d.]*%以上|所持[^,]{0,6}的\s*\d|(?:所持|持有)[^,]{0,4}股份的\s*\d[\d.]*%$"
)
"""持股5%以上股东, 所持股份的6%: a rule of the exchange, a part of what is held"""
_SHARED_OUT = re.compile("(?:比例)?(?:将)?分别为")
_WILL_CHANGE = re.compile(r"\s*(?:将|料|会)(?:会)?(?:由[^,]{0,8})?(?:降|升|增|减|稀释|摊薄|下降|上升|提高)")
_HOLDS = re.compile(r"(?:则|各)?(?:持股|持有|占)")
_VENTURE_HELD = re.compile(r"该合[资营]")
_SOON = re.compile("(?:将|会)$")
_THE_HOLDER = re.compile(
    r"(?:比例)?(?:约|为|达|合计)?\s*\d[\d.]*%(?:股份|股权)?的?(?:(?<=的)|(?:公司)?(?:第[一二三四五六七八九十]大|控股|大)?股东)[:\"“]?"
)
_EACH_OF_BOTH = re.compile(r"\s*(?:其中)?(?:双方|两家公司|各方|三方)")
_OWNED_UNIT = re.compile(r"\s*(?:\d[\d.]*%)?(?:之|的)(?:全资|控股)?(?:[子孙]公司|转投资公司|关系企业)")
_EACH_HOLDS = re.compile("(?:各别|各自|分别)$")
_ANY_VENTURE = re.compile("(?:了)?(?:该|此|上述)?(?:合资|合营|标的|目标|新)公司")
_HOLDER_WORDS = re.compile(r"(?![其该本此各均则共皆约合])\s*([\u3400-\u9fff]{2,4}?)(?:则|仍|合计|目前|现|分别|直接|间接)*\s*")
_TIME_WORD_ENDS = "后前时来中内间"
_KEPT = re.compile("保留|占")


def trade(place: Place) -> Draft | None:
    """X 股东 Y 减持, 增持 X 的股份: who of the two is not named is left out where the size is told."""
    company = _named_after(place)
    holder = _holder(place)
    if company is None and _OWN_SHARES.match(place.clause.text, place.cue.end - place.clause.start):
        company = _own_company(place, holder)
    if holder is None and company is not None and not _HOLDERS.search(_before(place)):
        holder = _silent_holder(place, company)
    if company is None or (holder is None and not (_HOLDERS.search(_before(place)) and _is_told(place))):
        return None
    if holder is not None and not _is_told(place):
        return None
    role = "buyer" if place.clause.between(place.cue.start, place.cue.end).startswith(("增", "举")) else "seller"
    percent = place.percent()
    if percent is not None and _OF_HOLDING.search(place.clause.between(place.clause.start, percent.start)):
        percent = None
    return place.draft("share_transfer", {role: holder or [], "company": company}, percent=percent)


def _before(place: Place) -> str:
    return place.clause.between(place.clause.start, place.cue.start)


def _named_after(place: Place) -> list[Name] | None:
    """增持 X 股份: the name right after the verb."""
    first = place.right[0] if place.right else None
    if first is None or not _TO_THING.fullmatch(place.clause.between(place.cue.end, first.start)):
        return None
    return first.mentions() if _OF_COMPANY.match(place.clause.text, first.end - place.clause.start) else None


def _is_owner(place: Place, name: At[Name]) -> bool:
    return _HOLDER.match(place.clause.text, name.end - place.clause.start) is not None


def _holder(place: Place) -> list[Name] | None:
    """Who stands nearest before the verb, unless a holder of that company is meant."""
    group = last_of(place.left, "", "by")
    if group is not None and _ACCOUNT.match(place.clause.text, group.end - place.clause.start):  # A 的银河证券信用账户
        group = next((g for g in reversed(place.left) if g.end < group.start), group)
    if group is None or any(_is_owner(place, name) for name in group.names):
        return None
    return group.mentions()


def _own_company(place: Place, holder: list[Name] | None) -> list[Name] | None:
    """Whose holder it is: told beside the office, else who gives the notice, else what the text speaks of."""
    by = last_of(place.left, "by")
    traded = next((g for g in reversed(place.left) if by is not None and g.end <= by.start and not g.case), None)
    if traded is not None:
        return traded.mentions()  # C 遭 A 减持
    owner = next((n for n in reversed(place.clause.names) if n.end <= place.cue.start and _is_owner(place, n)), None)
    if owner is not None:
        return [owner.value]
    if place.state.topic is not None and (told := held_by(place, place.state.topic)):
        return told
    for name, other in itertools.pairwise(place.clause.names):
        between = place.clause.between(name.end, other.start)
        if holder == [other.value] and (_GIVES_OUT.fullmatch(between) or _ITS_HOLDER.fullmatch(between)):
            return [name.value]
    known: list[Group | None] = [place.state.announcer, place.state.topic, place.state.period_topic]
    return next((g.mentions() for g in known if g is not None and g.mentions() != holder and _is_company(g)), None)


def _is_company(group: Group) -> bool:
    one = group.names[0].value
    return len(group.names) == 1 and one.kind in {"company", "unit"} and not EXCHANGE.search(one.text)


def _silent_holder(place: Place, company: list[Name]) -> list[Name] | None:
    """A …,拟继续增持 X 股份: whom the sentence speaks of."""
    topic = place.state.topic
    return topic.mentions() if topic is not None and topic.mentions() != company else None


def _is_told(place: Place) -> bool:
    """Whether the shares are counted or a plan is told of, not holders' ways in general."""
    clauses = (place.clause, *place.following[:2])
    return bool(
        _PLANNED.search(_before(place))
        or _PLAN_AFTER.match(place.clause.text, place.cue.end - place.clause.start)
        or any(c.amounts or c.percents or _COUNTED.search(c.text) for c in clauses)
        or place.clause.text.startswith(("公司股", "本公司", "该公司"), place.cue.end - place.clause.start)
    )


_SHARES_COUNTED = re.compile(r"[^,。]{0,16}?\d[\d.,]*[万亿]*股")
_OF_ALL_SHARES = re.compile(
    "\\s*(?:约|合计)?占(?:本?公司|其|[\u3400-\u9fff]{0,6})的?(?:总股本|股本总[额数]|股份总数|已发行股[份本])"
)


def _share_told_next(place: Place) -> At[Decimal] | None:
    """持有公司股份3000万股,占总股本的5%: how much of it the shares are."""
    following = place.sentence.clauses[place.index + 1 : place.index + 2]
    counted = _SHARES_COUNTED.match(place.clause.text, place.cue.end - place.clause.start)
    if (
        counted is None
        or place.clause.text[counted.end() :].strip()
        or not following
        or not _OF_ALL_SHARES.match(following[0].text)
    ):
        return None
    return next(iter(following[0].percents), None)


_SHARES_OF_IT = re.compile("的?(?:股权|股份)(?:是|均)?由[^,]{0,10}")
"""Between how much of it and who holds it"""


def hold(place: Place) -> Draft | None:
    """S holds a share of O, told with its size."""
    if (held_by := _held_by(place)) is not None:
        return held_by
    holder = _unlisted_holder(place) or subject_of(place)
    percent = place.percent() or _share_told_next(place)
    following = place.sentence.clauses[place.index + 1 : place.index + 2]
    value = [
        a for c in (place.clause, *following) for a in c.amounts
        if a.value.kind == "stake_value" or (c is not place.clause and _WORTH.match(c.text))
    ]  # fmt: skip
    if holder is None or (percent is None and not value):
        return None
    if len(place.clause.percents) > 1 and _EACH_OF_BOTH.match(place.clause.text):
        return None  # 双方分别持股60%、40%: of the venture
    if _OWNED_UNIT.match(place.text_after) and "为" in place.up_to:
        return None  # A 為 S 100%持有之子公司
    if len(place.clause.percents) > 1 and _EACH_HOLDS.search(place.up_to):
        return None  # 以各別持股51%、49%間接轉投資: whose is whose stands elsewhere
    if (named := _holder_named(place, percent)) is not None:
        return named
    if _SHARE_OF_HOLDING.search(place.clause.text, max(place.cue.start - place.clause.start - 2, 0)):
        return None
    if _SHARED_OUT.match(place.clause.text, place.cue.end - place.clause.start):
        return None  # 持股比例分别为…: whose is whose stands elsewhere
    if follows_deal(place) or _WILL_CHANGE.match(place.clause.text, place.cue.end - place.clause.start):
        return None
    company = object_of(place, 40) or _of_whom(place)
    if company is None and _ANY_VENTURE.match(place.clause.text, place.cue.end - place.clause.start):
        company = place.state.venture
        if company is None:
            return None  # 持有合资公司49%股权: it has no name
    if company is not None and _HOLDS.match(place.clause.text, company.end - place.clause.start):
        return None  # 由 A 持股51%、B 持股49%: of what the text tells before
    if company is None and len(place.left) > 1 and place.left[-2].end == place.left[-1].start and not place.left[-2].case:
        holder, company = place.left[-2], place.left[-1]  # 段永平泡泡瑪特持股達7.65%
    company = company or _holder_of(place, holder)
    if company is None:
        after = place.clause.text[place.cue.end - place.clause.start :]
        anaphor = re.search(r"该[^,。]{0,6}公司|其|该企业", after)
        if len(_HOLDS.findall(place.clause.text)) > 1 and not (place.state.held or _venture_held(place)):
            return None  # A 持股51%、B 持股49%
        if _VENTURE_HELD.search(after):
            company = place.state.venture
        else:
            company = place.state.held or _venture_held(place) or referred(place, holder, required=bool(anaphor) or bool(value))
    if company is None or (len(company.names) > 1 and THAT_COMPANY.search(place.clause.text)):
        return None  # 该公司 after a sentence on several
    place.state.held = company  # B 则持股26%: of the same company
    return place.draft(
        "stake",
        {"holder": holder.mentions(), "company": company.mentions()},
        percent=percent,
        amount=value[0] if value else None,
        agreed=bool(_SOON.search(_before(place))),
    )


def _unlisted_holder(place: Place) -> Group | None:
    """A 持股21%,岚曾明持股3.55%: a few characters that are no word of their own are another holder, not A again."""
    own = _HOLDER_WORDS.fullmatch(place.clause.between(place.clause.start, place.cue.start))
    if own is None or place.left or own[1] in common_words() or own[1][-1] in _TIME_WORD_ENDS:
        return None  # 重组后持有…: when, not who
    left = patterns().filler.sub("", own[1])
    if not left or (left[0], left[-1]) != (own[1][0], own[1][-1]):
        return None
    start, end = place.clause.start + own.start(1), place.clause.start + own.end(1)
    return Group((At(start, end, name_at(place, start, end, "person")),), "", start, end)


def _holder_of(place: Place, holder: Group) -> Group | None:
    """C 实控人 S 持有…: whose holder S is said to be."""
    for name, owner in itertools.pairwise(place.clause.names):
        if owner.start == holder.start and _HOLDER.fullmatch(place.clause.between(name.end, owner.start)):
            return Group((name,), "", name.start, name.end)
    return None


def _holder_named(place: Place, percent: At[Decimal] | None) -> Draft | None:
    """持股6.5%的股东 X 计划…: X is who holds, of whoever gives the notice."""
    holder = next((g for g in place.right if _THE_HOLDER.fullmatch(place.clause.between(place.cue.end, g.start))), None)
    company = place.state.announcer or place.state.topic
    if holder is None or company is None or holder.shares(company):
        return None
    return place.draft("stake", {"holder": holder.mentions(), "company": company.mentions()}, percent=percent)


def _of_whom(place: Place) -> Group | None:
    """S 对 C 持股比例降至 5%: the one before the cue."""
    to = last_of(place.left, "to")
    return to if to is not None and place.clause.between(to.start - 1, to.start) == "对" else None


def _venture_held(place: Place) -> Group | None:
    """B 則保留 19.9%: of the joint venture that the text has just told of."""
    recent = place.sentence.index - place.state.venture_at <= ROUND_REACH
    return place.state.venture if recent and _KEPT.match(place.clause.text, place.cue.start - place.clause.start) else None


def _held_by(place: Place) -> Draft | None:
    """C 有51%的股份由 S 持有: who holds stands after 由."""
    holder = place.left[-1] if len(place.left) > 1 and place.left[-1].case == "by" else None
    company = place.left[0] if holder is not None and not place.left[0].case else None
    percent = next((p for p in place.clause.percents if company and holder and company.end <= p.start < holder.start), None)
    if holder is None or company is None or percent is None or place.cue.start != holder.end:
        return None
    if _SHARES_OF_IT.fullmatch(place.clause.between(percent.end, holder.start)) is None:
        return None
    return place.draft("stake", {"holder": holder.mentions(), "company": company.mentions()}, percent=percent)
