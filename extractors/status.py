"""How far a deal has got, from the words around its cue."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.language_table import languages
from extractors.alternation import alternation
from extractors.draft import Draft, key_of
from extractors.gated import Gated
from extractors.normalize import fold
from extractors.reading import Clause


@dataclass(frozen=True, slots=True)
class Standing:
    """`explicit` is False when only the default of the deal's type speaks."""

    status: str
    explicit: bool
    binding: bool
    attribution: str | None


# أعلنت عن استحواذها على …: what a company tells of as its own deed is done, whatever plan it is part of.
_ANNOUNCED_DONE = re.compile(
    r"(?<!\w)[وف]?(?:اعلنت?|كشفت?|اعلان|الاعلان)(?!\w)[^.;]{0,120}?"
    r" عن (?:استحواذ|شراي|شراء|تملك|امتلاك|بيع|تخارج)(?:ها|ه|هما)(?!\w)"
    r"|^\W*(?:امس )?عن (?:(?:استحواذ|شراي|شراء|تملك|بيع|تخارج)(?:ها|ه|هما)|بيع (?:كامل )?(?:حصتها|حصته|حصصها))(?!\w)"
    r"|(?<!\w)[وف]?(?:اعلنت?|كشفت?)(?!\w)[^.;]{0,70}? عن بيع (?:كامل )?(?:حصتها|حصته|حصصها)(?!\w)"
)
# كانت قد استثمرت …: told back.
_HAD_DONE = Gated(r"(?<!\w)[وف]?كانت?(?: \w+){0,4} قد (?:استثمر|استحوذ|اشتر|باع|ضخ|اصدر|جمع)\w{0,2}(?!\w)")
_AHEAD = re.compile(r"(?<!\w)(?:المقبل|المقبله|القادم|القادمه)(?!\w)")
# وافق مجلس إدارة X على شراء …, توصية مجلس الإدارة بزيادة رأس المال, موافقة مبدئية: one's own plan, and no deal yet.
_OWN_BODY = (
    r"(?:مجلس (?:ال)?ادار(?:ه|تها|ته)(?! (?:هييه|سلطه|البنك المركزي|مصرف))|(?:ال)?جمعي(?:ه|تها|ته|تان) (?:ال)?(?:عموميه|عامه)"
    r"|عموميه|مساهمو(?:ن|ها|ه)?|المساهمون)"
)
_RESOLVED = r"[وف]?(?:وافقت?|اقرت?|قررت?|صادقت?|اوصي|اوصت|[يت]وصي)"
_OWN_PLAN = Gated(
    rf"(?<!\w){_RESOLVED}(?: \w+)? {_OWN_BODY}(?!\w)"
    rf"|(?<!\w)[وفبل]?{_OWN_BODY}(?!\w)[^.;,]{{0,60}}?(?<!\w){_RESOLVED}(?!\w)"
    r"|(?<!بعد )(?<!عقب )(?<!بناء علي )(?<!تنفيذا )(?<!\w)[وفبل]?(?:موافقه|توصيه|توصيات|قرار|اقتراح|مقترح)"
    rf" (?:{_OWN_BODY}|مجلسها|مجلسه|مساهمي|المساهمين)(?!\w)"
    r"|(?<!\w)[وفبل]?(?:ال)?موافق(?:ه|تها|ته) (?:ال)?مبدييه(?!\w)|(?<!\w)حيث المبدا(?!\w)"
)
_OWN_PLANS = frozenset({"investment", "offering", "acquisition", "share_transfer", "restructuring"})
_OFFERED = re.compile(r"(?<!\w)[وبل]?(?:ال)?عرضا?(?!\w)")
# Datelines and asides name agencies and tickers, not sources of the deal.
_CALLED_OFF = re.compile("(?:终止|取消|放弃|撤回)(?:了)?(?:本次|此次|该|上述|这)")
BRACKETED = Gated(r"\([^()]*\)")


@functools.cache
def pattern(language: str, key: str) -> re.Pattern[str]:
    """The words of one list of the language's [deals] section, as one pattern on folded text."""
    body = alternation(map(fold, getattr(languages()[language].deals, key)))
    return re.compile(f"(?<!\\w)[وفلب]?(?:{body})(?!\\w)" if language == "ar" else f"(?:{body})")


@functools.cache
def _finder(language: str, key: str) -> Callable[[str], re.Match[str] | None]:
    """The search for `pattern`; in Arabic, where clitics before the words make it slow, only in a text that has one of them."""
    words = pattern(language, key)
    return Gated(words.pattern).search if language == "ar" else words.search


# 2018年5月,A 作价8亿元出售 B: told from afar; what is told on its day has the day.
_TOLD_BACK = re.compile(
    r"(?:19|20)\d\d年(?![度第初底末前后])(?:\d{1,2}月(?!\d{1,2}日))?(?!\d{1,2}月)|早在|商誉|后遗症"
    r"|(?:早年|早些年|多年前|近年|(?:过去|近)[一二三四五六七八九十几数两\d]+年|(?<![、\d])当[年初](?!度))"
    r"[^,]{0,12}(?:收购|并购|买下|入股)"
)
_BUYS = frozenset({"act", "buy"})
_AWARDS = frozenset({"win", "nominate", "choose", "award"})
_MOVES = frozenset({"acquisition", "investment", "share_transfer"})
_PAID_OUT = re.compile("拨款|动拨|到账|放款|已获|借给|曾")
# A 是否會收購 B, B 或被 A 收購, A 希望收購 B (but 新希望|收購 B): not settled.
_WHETHER = re.compile(
    "(?:是否|能否|会否|可否)(?:会|要|将|真的?|最终|再度|再次|有意)*(?:收购|并购|买下|入股|入主|以|斥资|出资)"
    "|(?<![购资售买股让并卖转融作盟组持约建租营发产])或(?:将|会)?(?:被[^,]{0,24})?(?:收购|并购|买下|入股|入主)"
    "|(?:(?<!新)希望|(?<!联)想要?)(?:收购|并购|买下|入股)"
    "|(?:收购|并购)[^,]{2,24}的可行性(?!研究|分析|报告)"
)
# 就收購 B 作出要約, 挂牌转让 C: an offer that is open; 完成挂牌转让: one that is not.
_OFFER_MADE = re.compile("作出[^,]{0,24}要约|(?<!完成)(?<!完成公开)(?<!完成了公开)挂牌(?:出售|转让)(?![^,]{0,30}(?:完成|成交))")
# 獲歐盟有條件批准: leave is given, nothing has moved.
_LEAVE = re.compile("获[^,]{0,8}?(?:批准|核准|放行|许可|受理)")


# 已通過上市聆訊: leave to be listed, and not yet listed.
_PASSED = re.compile("(?:通过|获)[^,]{0,16}?(?:聆讯|批准|核准|放行|备案|上市核准)")
_TRADED = re.compile("挂牌(?:首日|交易|大涨|上市)|首日|今挂牌|开盘|收盘")
# 收購期間屆滿, 收購 B 後, 收購 B 的先例: done.
_OVER = re.compile(
    "收购期间[^,]{0,6}届满|(?:收购|并购|买下|入股)(?!完成)[^,]{2,24}(?:后(?![续段端者市备勤台])(?:[^,]{2}|$)|以来$"
    "|的(?:先例|前例|往事|旧事|案例|例子|经历))"
)
# 得標…,被國防部解約.
_TAKEN_BACK = re.compile("[遭被][^,]{0,10}(?:解约|解除合约|解除契约|废标)")
# 今(27日)在上海掛牌, 超額完成融資, 開幕典禮.
_DONE = {
    "offering": re.compile("今[日天]?(?:正式|成功)?[^,将拟]{0,8}(?:挂牌|上市|登陆)(?!申|审|辅)"),
    "investment": re.compile("(?<![将拟未计])(?:超额|成功|顺利|正式|已)完成[^,]{0,10}(?:轮|融资|募资)"),
    "partnership": re.compile("开幕典礼|正式开幕|落成启用"),
}
# 減持…,套現…: the money is in.
_CASHED = re.compile(r"\s*(?:合共|共|合计|累计|约)?套现")
# 累計減持…萬股: sold, whatever plan it was part of.
_SOLD = re.compile("(?<![拟将划要])(?:累计|合计|共|已)减持(?!计划)")
# 與 X 簽約,以…買下 Y; 與 X 達成供貨協議,計劃採購…: what the clause after tells is what was signed.
_SIGNED_FIRST = re.compile("签约|(?:达成|签署|签订|签下|订立)[^,]{0,16}(?:协议|合约|合同|契约)")
_IN_PRINCIPLE = re.compile("原则性|框架|意向|谅解|初步|战略|策略|合作协议")
_WORTH_SIGNING = frozenset({"acquisition", "purchase", "license", "loan"})
# 金管會核准 A 取得 B 100%股份: allowed, and yet to be done.
_ALLOWED = re.compile("核准|批准|放行|许可")


@functools.cache
def _to_close() -> re.Pattern[str]:
    """交易最快下周完成: agreed, and its completion ahead."""
    return re.compile(
        rf"(?:交易|收购|并购|合并|整并|[三四]合一|交割)[^,]{{0,10}}{pattern('zh', 'to_close').pattern}[^,]{{0,16}}(?:完成|交割)"
    )


_NAME = "〇"
"""Stands for each character of a name"""
# “取消收费站工程采购项目”: the title of what is tendered says nothing of how far the tender has got.
_WORK_TITLE = re.compile('[“「『"][^“”「」『』"]*(?:项目|工程|标段|采购|服务)[^“”「」『』"]{0,12}[”」』"]')


@functools.lru_cache(maxsize=8)  # the tellings of a sentence ask for the same text
def _spoken(text: str, language: str) -> str:
    """`text` without asides and without words that only hold a status word in them."""
    return pattern(language, "not_status").sub(" ", _LEAVE.sub(" ", _WORK_TITLE.sub(" ", BRACKETED.sub("", text))))


def _nameless(clause: Clause, language: str) -> str:
    """若羽臣收购 B supposes nothing: the words of a clause, but for those in a listed name."""
    text = clause.text
    for name in clause.names if language == "zh" else ():
        if name.value.entity_id:
            at, end = name.start - clause.start, name.end - clause.start
            text = f"{text[:at]}{_NAME * (end - at)}{text[end:]}"
    return text


def _ended(draft: Draft, language: str) -> str | None:
    """How the clause after the deal's says that it ended: 但遭金管會打了回票. None where it speaks of anybody else."""
    at = draft.sentence.clauses.index(draft.clause)
    parties = {key_of(name) for names in draft.roles.values() for name in names}
    for step, clause in enumerate(draft.sentence.clauses[at + 1 : at + 4]):
        text = _spoken(clause.text, language)
        if draft.type == "purchase" and _TAKEN_BACK.search(text):
            return "terminated"
        others = [n for n in clause.names if n.value.kind != "government" and key_of(n.value) not in parties]
        if step > 1 or others:
            continue
        if language == "zh" and _CALLED_OFF.search(text):
            return "terminated"
        if pattern(language, "reversals").match(text.lstrip()):
            return next((key for key in ("rejected", "terminated") if pattern(language, key).search(text)), None)
    return None


def _signed_first(draft: Draft) -> bool:
    """Whether the clause before the deal's says that a participant has signed for it."""
    at = draft.sentence.clauses.index(draft.clause)
    if draft.type not in _WORTH_SIGNING or draft.generic or not at:
        return False
    clause = draft.sentence.clauses[at - 1]
    parties = {key_of(name) for names in draft.roles.values() for name in names}
    signed = _SIGNED_FIRST.search(clause.text) and not _IN_PRINCIPLE.search(clause.text)
    return bool(signed) and any(key_of(name.value) in parties for name in clause.names)


def _is_own_plan(draft: Draft, clause: str) -> bool:
    """Whether a company's board or shareholders resolve upon what it plans; an offer that they accept is an agreement."""
    if draft.type not in _OWN_PLANS or (draft.type != "offering" and draft.cue.cue.status == "completed"):
        return False
    return _OWN_PLAN.search(clause) is not None and _OFFERED.search(clause) is None


def _is_asset(draft: Draft) -> bool:
    """Whether land or a plant is bought at a price."""
    return bool(draft.clause.amounts) and [name.kind for name in draft.roles.get("target", ())] == ["asset"]


def standing(draft: Draft, language: str, default: str) -> Standing:
    """The status of a telling; the clause of the cue speaks before the clauses that lead to it."""
    clause = _spoken(draft.scope or draft.clause.text, language)
    led = draft.sentence.clauses if draft.scope is None else ()
    before = _spoken(" ".join(c.text for c in led if c.end <= draft.clause.start), language)
    whole = _spoken(" ".join(c.text for c in draft.sentence.clauses), language)

    def said(key: str, where: str) -> bool:
        return bool(_finder(language, key)(where))

    unnamed = pattern(language, "unnamed_sources").search(whole)
    attribution = unnamed.group() if unnamed else None
    binding = not said("nonbinding", whole)

    def result(status: str, *, explicit: bool = True) -> Standing:
        return Standing(status, explicit, binding, attribution)

    word_status = draft.cue.cue.status
    if default == "held":
        return result("agreed" if draft.agreed else "held" if word_status == "completed" else word_status or "held")
    if draft.type == "share_transfer" and _SOLD.search(clause):
        return result("completed")
    if draft.type == "share_transfer" and any(_CASHED.match(c.text) for c in draft.sentence.clauses if c.start > draft.cue.end):
        return result("completed")
    if draft.cue.cue.frame != "hand" and said("terminated", clause):  # تخلت عن حصتها: given up is what is told
        return result("terminated")
    if said("rejected", clause):
        return result("rejected")
    ended = _ended(draft, language)
    if ended is not None:
        return result(ended)
    if word_status in {"talks", "proposed"}:
        return result(word_status)
    if language == "zh" and _to_close().search(clause):
        return result("agreed")
    if draft.type == "offering" and (word_status == "agreed" or (_PASSED.search(clause) and not _TRADED.search(clause))):
        return result(word_status or default)
    if language == "zh" and draft.type in _MOVES and _OVER.search(clause):
        return result("completed")
    done = _DONE.get(draft.type)
    if language == "zh" and done is not None and done.search(whole if draft.type == "partnership" else clause):
        return result("completed")
    supposed = said("conditional", clause) and said("conditional", draft.scope or _nameless(draft.clause, language))
    if supposed or said("denied", clause) or (language == "zh" and _WHETHER.search(clause)):
        return result("talks")
    if language == "ar" and (_ANNOUNCED_DONE.search(clause) or _HAD_DONE.search(clause)) and not _AHEAD.search(clause):
        return result("completed")
    if language == "ar" and _is_own_plan(draft, clause) and not said("talks", clause):
        return result("proposed")
    if said("signed", clause) or (language == "zh" and not said("talks", clause) and _signed_first(draft)):
        return result("agreed")
    if said("talks", clause) or (said("talks", before) and not said("announced", clause)):
        return result("talks")
    if draft.cue.cue.frame in _AWARDS and word_status:
        return result(word_status)
    if unnamed and said("future", clause):
        return result("talks")
    if said("proposed", clause) or (language == "zh" and _OFFER_MADE.search(draft.clause.text)):
        return result("proposed")
    if said("future", clause):
        return result(default if default == "proposed" else "agreed")
    if draft.generic and language == "zh":
        return result("agreed")
    if draft.type == "loan" and language == "zh" and said("completed", clause) and not _PAID_OUT.search(clause):
        return result("agreed")  # 聯貸案完成籌組: signed for, nothing paid out
    if said("completed", clause) and (draft.type != "partnership" or language != "ar" or said("founded", clause)):
        return result("completed")
    if said("signed", before):
        return result("agreed")
    if said("proposed", before):
        return result("proposed")
    if said("announced", clause):
        return result("agreed")
    if word_status == "completed" and language == "zh" and _ALLOWED.search(clause[: max(clause.find("取得"), 0)]):
        return result("agreed")
    if word_status:
        return result(word_status)
    if language == "ar" and unnamed and default == "agreed":
        return result("talks")
    if language == "zh" and draft.type == "acquisition" and draft.cue.cue.frame in _BUYS and _is_asset(draft):
        return result("completed", explicit=False)  # 以14.8億元收購…廠房: what the register shows
    moved = language == "zh" and draft.type in _MOVES and not said("announced", before)
    if moved and _TOLD_BACK.search(f"{before} {clause}"):
        return result("completed")
    return result(default, explicit=False)
