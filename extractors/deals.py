"""Claims of an article: tellings of the grammar + amounts, dates and status from their sentences, told once each."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from corpus.deal_table import deals
from extractors import frames_ar, frames_zh
from extractors.draft import Draft, distinct
from extractors.frames import ROUND_REACH
from extractors.language import grammar_language
from extractors.normalize import fold
from extractors.reading import Reading
from extractors.status import pattern
from extractors.tellings import Telling, keys, parties_of, roots_of, tell
from models.claim import Claim, Evidence
from models.mention import Amount, Name

_SAME_PAPER = {"acquisition": ("acquisition", "share_transfer"), "share_transfer": ("share_transfer", "acquisition")}
"""What may be signed for as 股权收购协议 or 股权转让协议, and is told to be more or less than control by the verb after it"""
_VENTURE = re.compile("合资公司|合资企业|合营公司")
GRAMMARS: dict[str, Callable[[Reading], Iterator[Draft]]] = {"zh": frames_zh.find_drafts, "ar": frames_ar.find_drafts}
_SHORTEST_PART = 3
_LOAN_REACH = 4
_OF_SYNDICATE = re.compile("共同主办|参贷|管理银行|主办银行|银行团|统筹主办")
"""邀集 L2 共同主辦, sentences after the loan: more lenders of it"""
_CONTROL = 50
"""Percentage from which who puts money in takes over"""
_ROUND_LETTER = re.compile(r"((?:[Pp][Rr][Ee]-?)?[A-H]\d?\+*|天使|种子)(?=\+*轮)")
_NEXT_ROUND = re.compile("新一轮|下一?轮")
_HAN = re.compile("[\u3400-\u9fff]")
_SHIFT, _SLOPE = 1.13, 1.16
"""Fitted to the strict matches on all gold at hand and on batches of other news labelled by hand, 725 claims in all"""


def find_claims(reading: Reading) -> list[Claim]:
    """The deals that an article tells, each once, in text order."""
    code = grammar_language(reading.language)
    drafts = list(GRAMMARS[code](reading))
    tellings: list[Telling] = []
    by_sentence: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_sentence[draft.sentence.index].append(draft)
    for index in sorted(by_sentence):
        told = tell(
            reading, code, reading.sentences[index], _without_proceeds(_without_holdings(_without_twins(by_sentence[index])))
        )
        tellings += _at_same_price(code, told, tellings)
    tellings = _inherit_amounts(tellings)
    tellings = _without_turned(_without_lesser(_specific_only(tellings)))
    groups = [part for group in _gather(tellings) for part in _headline_extras(group)]
    return [_claim(reading, group) for group in groups]


def _without_turned(tellings: list[Telling]) -> list[Telling]:
    """A headline 甲與乙簽授權協議 says not who grants the rights; what the text says of the two counts."""
    body = [t for t in tellings if t.type == "license" and not t.draft.sentence.headline]
    return [
        t
        for t in tellings
        if not (
            t.type == "license"
            and t.draft.sentence.headline
            and any(
                parties_of(other.draft) == parties_of(t.draft)
                and keys(other.draft.roles.get("licensor", ())) != keys(t.draft.roles.get("licensor", ()))
                for other in body
            )
        )
    ]


def _at_same_price(code: str, told: list[Telling], before: list[Telling]) -> list[Telling]:
    """拟以同样的价格…买下: the amount of the deal of that type told last."""
    for telling in told:
        if telling.amount is None and pattern(code, "same_price").search(telling.draft.clause.text):
            priced = (t.amount for t in reversed(before) if t.amount is not None and t.type == telling.type)
            telling.amount = next(priced, None)
    return told


def _without_twins(drafts: list[Draft]) -> list[Draft]:
    """Drop a telling that another cue of the same clause tells too (收購 and 股權, 融資 and 輪融資)."""
    kept: list[Draft] = []
    for draft in drafts:
        told = (draft.type, id(draft.clause), parties_of(draft))
        same = (i for i, k in enumerate(kept) if (k.type, id(k.clause), parties_of(k)) == told)
        at = next((i for i in same if kept[i].amount is draft.amount or None in (kept[i].amount, draft.amount)), None)
        if at is None:
            kept.append(draft)
        elif kept[at].cue.cue.status is None and draft.cue.cue.status is not None and kept[at].roles == draft.roles:
            kept[at] = draft  # 科创板 IPO 开启初步询价: the second word says how far it has got
    return kept


def _without_holdings(drafts: list[Draft]) -> list[Draft]:
    """收购 S 所持 C 49%股权: the holding sold is part of the deal. 以收购股权方式投资 C: one deal, told by two verbs."""
    bought = [d for d in drafts if d.type in {"acquisition", "share_transfer"}]
    paid = [d for d in drafts if d.type == "investment"]

    def is_told(draft: Draft) -> bool:
        beside = [k for k in bought if k.clause is draft.clause and k is not draft]
        if draft.type == "stake":
            told = [k for k in paid if k.sentence is draft.sentence and _comes_of(k, draft)]
            return bool(told) or any("seller" in k.roles and parties_of(draft) < parties_of(k) for k in beside)
        controls = draft.percent is not None and draft.percent >= _CONTROL
        return draft.type == "investment" and controls and any(parties_of(k) == parties_of(draft) for k in beside)

    return [draft for draft in drafts if not is_told(draft)]


def _comes_of(paid: Draft, held: Draft) -> bool:
    """A 投资 C 10亿美元,占股12%: what A then holds of C is no news of its own."""
    same = parties_of(held) == parties_of(paid) and paid.clause is not held.clause and bool(paid.clause.amounts)
    return same and not held.clause.amounts


def _without_proceeds(drafts: list[Draft]) -> list[Draft]:
    """掛牌 …, 募資 43 億; 聯貸案 … 完成募集: the money raised is the offering's or the loan's, not a round beside it."""
    listed = {key for d in drafts if d.type in {"offering", "loan"} for key in parties_of(d)}
    return [
        d
        for d in drafts
        if not (d.type == "investment" and d.cue.cue.frame == "round" and parties_of(d) <= listed) or _is_new_round(d, drafts)
    ]


def _is_new_round(draft: Draft, drafts: list[Draft]) -> bool:
    """啟動新一輪募資,估值…並規劃IPO: a round of its own before a listing that another clause plans."""
    before = draft.clause.between(draft.clause.start, draft.cue.start)
    listed = [d for d in drafts if d.type == "offering" and d.clause is not draft.clause]
    return before.endswith("轮") and bool(listed) and not draft.clause.amounts


def _inherit_amounts(tellings: list[Telling]) -> list[Telling]:
    """與 X 達成 1,000 億美元協議, X 將投資 …: the deal told by a verb takes the amount of the agreement before it."""
    dropped: set[int] = set()
    for telling in tellings:
        if telling.draft.generic:
            continue
        for other in tellings:
            if (
                other.draft.generic and other.amount is not None and id(other) not in dropped
                and not (telling.type == "investment" and _borrows_amount(other))
                and telling.amount in {None, other.amount}
                and other.draft.sentence is telling.draft.sentence
                and parties_of(other.draft) == parties_of(telling.draft) and other.draft.cue.start < telling.draft.cue.start
            ):  # fmt: skip
                telling.amount = other.amount
                telling.spans += other.spans
                dropped.add(id(other))
                if not telling.standing.explicit or telling.standing.status == "proposed":
                    telling.standing = replace(other.standing)
    return [t for t in tellings if id(t) not in dropped and not _restates(t, tellings)]


def _borrows_amount(order: Telling) -> bool:
    """AMD與Anthropic簽晶片大單 最高投資50億美元: an order whose sum is that of the clause after it."""
    return order.type == "purchase" and order.amount is not None and order.amount.start > order.draft.clause.end


def _restates(general: Telling, tellings: list[Telling]) -> bool:
    """Whether a general word (簽署股權轉讓協議) only announces what a verb of the same sentence tells."""
    return general.draft.generic and any(
        t.type in _SAME_PAPER.get(general.type, (general.type,))
        and not t.draft.generic and t.draft.sentence is general.draft.sentence
        and len(parties_of(t.draft) & parties_of(general.draft)) > 1
        for t in tellings
    )  # fmt: skip


def _specific_only(tellings: list[Telling]) -> list[Telling]:
    """Leave out co-operation that only restates a deal of the same parties."""
    specific: list[tuple[frozenset[str], Telling]] = [
        (roots_of(t.draft), t) for t in tellings if t.type not in {"partnership", "stake", "restructuring", "offering"}
    ]
    kept = []
    for telling in tellings:
        if telling.type == "partnership" and not _is_venture(telling, specific) and not _instead(telling, specific):
            parties = roots_of(telling.draft)
            twins = [
                t for members, t in specific
                if parties <= members or (members <= parties and len(parties) <= len(members) + 1)
            ]  # fmt: skip
            if twins and (telling.amount is None or any(_compatible(telling, t) for t in twins)):
                for twin in twins:
                    if twin.amount is None and telling.amount is not None:
                        twin.amount = telling.amount
                        twin.spans += telling.spans
                        break
                continue
        kept.append(telling)
    return kept


def _without_lesser(tellings: list[Telling]) -> list[Telling]:
    """宣布投資 C in the headline, 取得 C 股權案 in the text: one deal, and the word that says more of it counts."""
    bought = [t for t in tellings if t.type == "acquisition"]
    if not bought:
        return tellings
    taken_over = [parties_of(t.draft) for t in bought]

    def is_told(telling: Telling) -> bool:
        if telling.type == "merger":  # A 併 B over A 與 B 的合併案
            return parties_of(telling.draft) in taken_over
        return telling.type == "investment" and any(
            parties_of(t.draft) == parties_of(telling.draft) and telling.amount and t.amount and _compatible(t, telling)
            for t in bought
        )

    return [telling for telling in tellings if not is_told(telling)]


def _instead(telling: Telling, specific: list[tuple[frozenset[str], Telling]]) -> bool:
    """صرفت X نظرها عن شراء Y لكنها تقترح شراكة معها: what is proposed after the deal between them has ended."""
    parties = roots_of(telling.draft)
    between = [t for members, t in specific if parties <= members]
    ended = [t for t in between if t.standing.status in {"rejected", "terminated"}]
    return telling.standing.status == "proposed" and bool(between) and len(ended) == len(between)


def _is_venture(telling: Telling, specific: list[tuple[frozenset[str], Telling]]) -> bool:
    """雙方還將組建合資公司: founded beside the deal that another clause tells, not another word for it."""
    sentence = telling.draft.sentence.headline
    apart = all(t.draft.clause is not telling.draft.clause for _, t in specific)
    return apart and not sentence and bool(_VENTURE.search(telling.draft.clause.text))


def _bounds(amount: Amount) -> tuple[Decimal, Decimal | None]:
    if amount.value is not None:
        return amount.value, amount.value
    return amount.low or Decimal(0), amount.high


def _compatible(one: Telling, other: Telling) -> bool:
    """Whether two tellings can be of one amount: one of them silent, or overlapping within 1 %."""
    if one.amount is None or other.amount is None:
        return True
    said = [a for a in (one.amount.value, one.amount.value.equivalent) if a]
    again = [a for a in (other.amount.value, other.amount.value.equivalent) if a]
    if any(_overlap(a, b) for a in said for b in again):
        return True
    heads, bodies = (said, again) if one.draft.sentence.headline else (again, said)
    apart = one.draft.sentence.headline != other.draft.sentence.headline
    return apart and any(_cut_short(a, b) for a in heads for b in bodies)


def _cut_short(head: Amount, body: Amount) -> bool:
    """擬斥4千億 over …(約新台幣4765億元): a headline's one figure, and what the text gives in full."""
    if (
        head.currency != body.currency
        or head.value is None
        or body.value is None
        or len(head.value.normalize().as_tuple().digits) > 1
    ):
        return False
    return head.value <= body.value < head.value + Decimal(10) ** head.value.adjusted()


def _overlap(a: Amount, b: Amount) -> bool:
    """Same currency, and ranges that meet within 1 %, or 5 % where a hedge says that the figure is round."""
    if a.currency != b.currency:
        return False
    (a_low, a_high), (b_low, b_high) = _bounds(a), _bounds(b)
    slack = max(a_low, b_low) / (100 if a.modifier == b.modifier == "exact" else 20)
    return (b_high is None or a_low <= b_high + slack) and (a_high is None or b_low <= a_high + slack)


def _gather(tellings: list[Telling]) -> list[list[Telling]]:
    """Tellings of one deal together. The ones with an amount first, so that a silent one joins what it repeats."""
    groups: list[list[Telling]] = []
    places: dict[tuple[str, str], list[int]] = defaultdict(list)  # (type, participant) -> groups that have it
    for telling in sorted(tellings, key=lambda t: (t.amount is None, t.draft.sentence.headline)):
        known = {(telling.type, name) for name in roots_of(telling.draft)}
        near = sorted({index for key in known for index in places[key]})
        fitting = [i for i in near if all(_one_deal(telling, member) for member in groups[i])]
        at = min(fitting, key=lambda i: (_apart(telling, groups[i]), i), default=None)
        if at is None:
            at = len(groups)
            groups.append([])
        groups[at].append(telling)
        for key in known:
            if at not in places[key]:
                places[key].append(at)
    for group in groups:
        group.sort(key=lambda t: t.draft.cue.start)
    return sorted(groups, key=lambda group: group[0].draft.cue.start)


def _apart(telling: Telling, group: list[Telling]) -> int:
    """How many sentences lie between a telling of no amount and the nearest of a group; a headline is near to all."""
    if telling.amount is not None or telling.draft.sentence.headline:
        return 0
    return min(abs(telling.draft.sentence.index - member.draft.sentence.index) for member in group)


def _one_deal(one: Telling, other: Telling) -> bool:
    if one.type != other.type or not _compatible(one, other):
        return False
    if one.draft.percent and other.draft.percent and one.draft.percent != other.draft.percent:
        return False
    if one.quantity and other.quantity and one.quantity != other.quantity:
        return False
    if _of_other_rounds(one, other) or _sells_what_it_buys(one, other) or _sells_what_it_buys(other, one):
        return False
    if _bought_at(one, other) or _same_sale(one, other):
        return True
    roles = deals()[one.type].roles[: 3 if one.type == "share_transfer" else 2]
    shared = 0
    for role in roles:
        mine, theirs = keys(one.draft.roles.get(role, ())), keys(other.draft.roles.get(role, ()))
        if role in {"investor", "lender"} and _one_round(one, other):
            continue
        if mine and theirs:
            if not mine & theirs and not _related(_kin(one, role), _kin(other, role)):
                return False
            both = len(_kin(one, role) & _kin(other, role))
            alike = sum(_related(frozenset({name}), theirs) for name in mine)
            if role == "party" and max(len(mine & theirs), both, alike) < 2 and not (both and _said_otherwise(one, other)):
                return False
            shared += 1
    return shared > 0


def _of_other_rounds(one: Telling, other: Telling) -> bool:
    """完成B轮融资, 今年5月完成1亿美元A轮融资: two rounds, where each clause names one of its own."""
    if one.type != "investment":
        return False
    named = [set(_ROUND_LETTER.findall(t.draft.clause.text)) for t in (one, other)]
    sought = [t for t in (one, other) if t.standing.status == "talks" and _NEXT_ROUND.search(t.draft.clause.text)]
    closed = [t for t in (one, other) if t.standing.status == "completed" and t.standing.explicit]
    both_told = not (one.draft.sentence.headline or other.draft.sentence.headline)
    if sought and closed and both_told:
        return True  # 完成了A轮融资,并正在接洽新一轮融资
    return all(len(letters) == 1 for letters in named) and named[0] != named[1]


def _bought_at(one: Telling, other: Telling) -> bool:
    """以11億美元買下 C 的團隊. 將出價11億美元買下「翰岳」: one buyer and one price are one deal, whatever is bought is called."""
    if one.type != "acquisition" or one.amount is None or other.amount is None or one.draft.clause is other.draft.clause:
        return False
    if not keys(one.draft.roles.get("acquirer", ())) & keys(other.draft.roles.get("acquirer", ())):
        return False
    unlisted = any(name.entity_id is None for t in (one, other) for name in t.draft.roles.get("target", ()))
    told = (one.amount.value, other.amount.value)
    return unlisted and told[0].value is not None and told[0].value == told[1].value and told[0].currency == told[1].currency


def _same_sale(one: Telling, other: Telling) -> bool:
    """處分台南廠區土地. 出售台南新市廠區,…6億元,對象為 B: of one seller, what has no sum and no buyer joins the other."""
    if one.type != "acquisition" or abs(one.draft.sentence.index - other.draft.sentence.index) > 1:
        return False
    bare = [t for t in (one, other) if t.amount is None and not t.draft.roles.get("acquirer")]
    if len(bare) != 1 or not keys(one.draft.roles.get("seller", ())) & keys(other.draft.roles.get("seller", ())):
        return False
    first, second = (fold(t.draft.roles["target"][0].text) if t.draft.roles.get("target") else "" for t in (one, other))
    assets = all(t.draft.roles.get("target") and t.draft.roles["target"][0].kind == "asset" for t in (one, other))
    return assets and first[:2] == second[:2] and bool(set(first[2:]) & set(second[2:]))


def _sells_what_it_buys(one: Telling, other: Telling) -> bool:
    """A 拟出售 C 股权, A 于 2008 年购入 C 股权; تعتزم A بيع حصتها في C التي اشترتها: who buys in one sells in the other."""
    bought = keys([*one.draft.roles.get("buyer", ()), *one.draft.roles.get("acquirer", ())])
    return bool(bought & keys(other.draft.roles.get("seller", ())))


def _said_otherwise(one: Telling, other: Telling) -> bool:
    """Whether headline and text call an unlisted party by two names: 攜手新加坡SMF, 與新加坡製造商會簽署."""
    pair = [t.draft.roles.get("party", ()) for t in (one, other)]
    unlisted = all(len(names) == 2 and any(n.entity_id is None for n in names) for names in pair)
    return one.draft.sentence.headline != other.draft.sentence.headline and unlisted


def _one_round(one: Telling, other: Telling) -> bool:
    """由 A 领投, B、C 跟投: different backers of the round that the text speaks of."""
    apart = abs(one.draft.sentence.index - other.draft.sentence.index)
    if one.type == "loan" and None in (one.amount, other.amount) and apart <= _LOAN_REACH:
        silent = one if one.amount is None else other
        if _OF_SYNDICATE.search(silent.draft.clause.text):
            return True
    near = apart <= ROUND_REACH
    return near and bool({one.draft.cue.cue.frame, other.draft.cue.cue.frame} & {"back", "backers"})


def _related(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether one side of a deal is told under the same name, or under a part of it: 云锋基金, 海南云锋基金中心."""
    return bool(mine & theirs) or any(
        len(short) >= _SHORTEST_PART and _HAN.match(short) and short in long
        for one in mine for other in theirs for short, long in [sorted((one, other), key=len)]
    )  # fmt: skip


def _kin(telling: Telling, role: str) -> frozenset[str]:
    """Canonical names of a role's participants and of their parents."""
    names = telling.draft.roles.get(role, ())
    return frozenset(fold(n).lower() for name in names for n in (name.canonical, name.parent) if n)


def _headline_extras(group: list[Telling]) -> Iterator[list[Telling]]:
    """The group, and beside it a deal of its own for participants whom only the headline names.

    A headline that says 蘋果與亞馬遜洽談投資 over a text that speaks of Amazon alone does not make Apple a party to the deal
    of Amazon.
    """
    yield group
    body = [t for t in group if not t.draft.sentence.headline]
    seen: set[frozenset[str]] = set()
    for telling in group:
        if not body or not telling.draft.sentence.headline:
            continue
        for role, names in telling.draft.roles.items():
            told = [name for t in body for name in t.draft.roles.get(role, ())]
            houses = {fold(n).lower() for name in told for n in (name.canonical, name.parent) if n}
            extra = [n for n in names if not keys([n]) & keys(told) and fold(n.canonical).lower() not in houses]
            alone = role == "party" and len(extra) == 1
            if told and extra and len(extra) < len(names) and not alone and keys(extra) not in seen:
                seen.add(keys(extra))
                draft = replace(telling.draft, roles={**telling.draft.roles, role: extra})
                yield [replace(telling, draft=draft)]


def _claim(reading: Reading, group: list[Telling]) -> Claim:
    body = [t for t in group if not t.draft.sentence.headline] or group
    lead = next((t for t in body if t.amount is not None), body[0])
    amount = lead.amount or next((t.amount for t in group if t.amount), None)
    chosen = _chosen(group)
    return Claim(
        type=lead.type,
        status=chosen.standing.status,
        roles=_roles(group, body),
        evidence=tuple(_evidence(reading, t) for t in group),
        amount=amount.value if amount else None,
        valuation=next((t.valuation.value for t in [lead, *group] if t.valuation), None),
        stake_pct=next((t.draft.percent for t in group if t.draft.percent is not None), None),
        quantity=next((t.quantity for t in group if t.quantity), None),
        date=next((t.date.value for t in [lead, chosen, *body, *group] if t.date), None),
        binding=all(t.standing.binding for t in group),
        attribution=next((t.standing.attribution for t in group if t.standing.attribution), None),
        confidence=_confidence(group),
    )


def _chosen(group: list[Telling]) -> Telling:
    """Whose status counts: an end (rejected, terminated), then what is said in so many words, the body, the first."""
    ended = [t for t in group if t.standing.explicit and t.standing.status in {"rejected", "terminated"}]
    return min(ended or group, key=lambda t: (not t.standing.explicit, t.draft.sentence.headline, t.draft.cue.start))


def _roles(group: list[Telling], body: list[Telling]) -> dict[str, tuple[Name, ...]]:
    """Each role's participants over all tellings; one whom only the headline names is not carried into the body's deal."""
    roles: dict[str, tuple[Name, ...]] = {}
    for role in deals()[group[0].type].roles:
        told = [t for t in body if t.draft.roles.get(role)] or [t for t in group if t.draft.roles.get(role)]
        if role == "target" and any(_bought_at(told[0], t) for t in told[1:]):
            told = [min(told, key=lambda t: all(name.entity_id is None for name in t.draft.roles["target"]))]
        names = _without_owners(distinct([name for t in told for name in t.draft.roles[role]]))
        if names:
            roles[role] = tuple(names)
    return roles


def _without_owners(names: list[Name]) -> list[Name]:
    """The names without the owner of an unlisted one of them: 岚田智能,子公司青田亿算 is one side."""
    owners = {name.parent for name in names if name.entity_id is None and name.parent}
    return [name for name in names if name.entity_id is not None or name.canonical not in owners]


def _evidence(reading: Reading, telling: Telling) -> Evidence:
    start = min(span[0] for span in telling.spans)
    end = max(span[1] for span in telling.spans)
    text = reading.clean.text
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    first, last = reading.clean.raw_span(start, end)
    return Evidence(first, last, reading.clean.raw[first:last])


def _confidence(group: list[Telling]) -> float:
    best = 0.0
    for telling in group:
        known = [n for names in telling.draft.roles.values() for n in names]
        score = 0.35 + 0.2 * sum(n.entity_id is not None for n in known) / len(known)
        score += 0.15 * (telling.amount is not None) + 0.1 * telling.standing.explicit + 0.1 * (len(known) > 1)
        score -= 0.1 * telling.draft.generic + 0.15 * telling.draft.sentence.headline
        best = max(best, score)
    return calibrated(min(best + 0.05 * (len(group) - 1), 0.99))


def calibrated(score: float) -> float:
    """`score` as the share of claims with it that are right (Platt scaling).

    >>> calibrated(0.45), calibrated(0.9)
    (0.71, 0.975)
    """
    odds = _SHIFT + _SLOPE * math.log(score / (1 - score))
    return round(1 / (1 + math.exp(-odds)), 3)
