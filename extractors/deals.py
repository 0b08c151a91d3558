"""Claims of an article: tellings of the grammar + amounts, dates and status from their sentences, told once each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from corpus.deal_table import deals
from extractors import frames_ar, frames_zh
from extractors.draft import Draft, distinct
from extractors.normalize import fold
from extractors.reading import At, Clause, Reading, Sentence
from extractors.status import Standing, pattern, standing
from models.claim import Claim, Evidence, Quantity
from models.mention import Amount, DateMention, Name

GRAMMARS: dict[str, Callable[[Reading], Iterator[Draft]]] = {"zh": frames_zh.find_drafts, "ar": frames_ar.find_drafts}
_MONEY_KINDS = {"deal", "unknown", "total"}
_LONG_AGO = 300
"""Days before publication after which a deal that was announced counts as done"""
_RECENT = 20
"""Days before publication up to which a deal told without a status may still be news"""
_HEAD_REACH = 12
"""Characters before an amount in which its head stands"""
_SPENT_REACH = 3
_ROUND_REACH = 2
"""Sentences over which the backers of one round may be told"""


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


def grammar_language(language: str) -> str:
    """The code of the language file whose words and grammar read `language`."""
    return language.split("-")[0]


def find_claims(reading: Reading) -> list[Claim]:
    """The deals that an article tells, each once, in text order."""
    code = grammar_language(reading.language)
    drafts = list(GRAMMARS[code](reading))
    tellings = []
    by_sentence: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_sentence[draft.sentence.index].append(draft)
    for index in sorted(by_sentence):
        tellings += _tell(reading, code, reading.sentences[index], _without_proceeds(_without_twins(by_sentence[index])))
    tellings = _inherit_amounts(tellings)
    groups = [part for group in _gather(_specific_only(tellings)) for part in _headline_extras(group)]
    return [_claim(reading, group) for group in groups]


def _without_twins(drafts: list[Draft]) -> list[Draft]:
    """Drop a telling that another cue of the same clause tells too (收購 and 股權, 融資 and 輪融資)."""
    kept: list[Draft] = []
    for draft in drafts:
        twin = next((k for k in kept if k.type == draft.type and k.clause is draft.clause and _parties(k) == _parties(draft)), None)
        if twin is None:
            kept.append(draft)
    return kept


def _without_proceeds(drafts: list[Draft]) -> list[Draft]:
    """掛牌 …, 募資 43 億: the money raised is the offering's, not a round beside it."""
    listed = {key for d in drafts if d.type == "offering" for key in _parties(d)}
    return [d for d in drafts if not (d.type == "investment" and d.cue.cue.frame == "round" and _parties(d) <= listed)]


def _keys(names: Sequence[Name]) -> frozenset[str]:
    return frozenset(name.entity_id or fold(name.canonical).lower() for name in names)


def _parties(draft: Draft) -> frozenset[str]:
    return frozenset(key for names in draft.roles.values() for key in _keys(names))


def _roots(draft: Draft) -> frozenset[str]:
    """Participants with each unit counted as its owner: 亞馬遜 and AWS are one side."""
    return frozenset(fold(name.parent or name.canonical).lower() for names in draft.roles.values() for name in names)


def _tell(reading: Reading, code: str, sentence: Sentence, drafts: list[Draft]) -> list[Telling]:
    tellings = []
    for draft in drafts:
        telling = Telling(draft, amount=draft.amount)
        telling.standing = standing(draft, code, deals()[draft.type].status)
        telling.date = _date(reading, draft)
        telling.quantity = _quantity(code, draft)
        telling.spans = [(draft.clause.start, draft.clause.end)]
        tellings.append(telling)
    _assign_amounts(code, sentence, tellings)
    _take_from_next(reading, code, sentence, tellings)
    for telling in tellings:
        telling.valuation = _valuation(reading, sentence, telling)
        _settle(reading, telling)
    return tellings


def _assign_amounts(code: str, sentence: Sentence, tellings: list[Telling]) -> None:
    """Give each telling the amount nearest to its cue; an amount serves one deal of a sentence."""
    funded = {key for t in tellings if t.draft.cue.cue.frame == "round" for key in _keys(t.draft.roles.get("target", ()))}
    offers = sorted(
        (
            (cost, order, amount, telling, clause)
            for order, telling in enumerate(tellings)
            if telling.amount is None and not _backs(telling, funded)
            for cost, amount, clause in _offers(code, sentence, telling)
        ),
        key=lambda offer: offer[:2],
    )
    taken: dict[tuple[int, int], frozenset[str]] = {}
    for _, _, amount, telling, clause in offers:
        span = (amount.start, amount.end)
        parties = _parties(telling.draft)
        if telling.amount is None and taken.get(span, parties) == parties:
            telling.amount = amount
            taken[span] = parties
            telling.spans.append((clause.start, clause.end))


def _backs(telling: Telling, funded: set[str]) -> bool:
    """IDG 领投1.5亿 in a round whose size the sentence tells: the part is not the round."""
    backing = telling.draft.cue.cue.frame in {"back", "backers"}
    return backing and bool(_keys(telling.draft.roles.get("target", ())) & funded)


def _offers(code: str, sentence: Sentence, telling: Telling) -> Iterator[tuple[int, At[Amount], Clause]]:
    draft = telling.draft
    at = sentence.clauses.index(draft.clause)
    if draft.type == "stake":
        return
    for amount in draft.clause.amounts:
        if _is_price(amount.value) or (draft.type == "loan" and amount.value.kind == "debt"):
            distance = amount.start - draft.cue.end if amount.start >= draft.cue.end else draft.cue.start - amount.end + 3
            yield distance - 30 * _is_headed(code, draft.clause, amount), amount, draft.clause
    for step in (1, 2):
        if at + step < len(sentence.clauses):
            clause = sentence.clauses[at + step]
            if len(clause.names) > 1:
                break
            for amount in clause.amounts:
                lead = clause.between(clause.start, amount.start)
                headed = _is_headed(code, clause, amount)
                if _is_price(amount.value) and (headed or amount.value.kind == "deal" or not lead.strip()):
                    yield 40 * step + amount.start - clause.start - 30 * headed, amount, clause
    if at and not draft.generic:
        clause = sentence.clauses[at - 1]
        for amount in clause.amounts:
            lead = clause.between(clause.start, amount.start)
            spent = _is_spent(clause, amount, code) and not amount.value.is_equivalent
            if spent or (_is_price(amount.value) and (pattern(code, "spending").search(lead) or amount.value.kind == "deal")):
                yield 60 + clause.end - amount.end, amount, clause


def _take_from_next(reading: Reading, code: str, sentence: Sentence, tellings: list[Telling]) -> None:
    """這筆交易…對價為400億美元: a sentence that goes on about the deal gives the amount that the telling lacks."""
    waiting = [t for t in tellings if t.amount is None and t.type in {"acquisition", "investment", "purchase", "merger"}]
    following = reading.sentences[sentence.index + 1 : sentence.index + 2]
    if len(waiting) != 1 or not following or not pattern(code, "goes_on").match(following[0].clauses[0].text.lstrip()):
        return
    for clause in following[0].clauses:
        for amount in clause.amounts:
            if _is_price(amount.value) and (amount.value.kind == "deal" or _is_headed(code, clause, amount)):
                waiting[0].amount = amount
                waiting[0].spans.append((clause.start, clause.end))
                return


def _is_headed(code: str, clause: Clause, amount: At[Amount]) -> bool:
    """Whether a word such as 總金額 or بقيمة opens the amount."""
    return bool(pattern(code, "amount_heads").search(clause.between(amount.start - _HEAD_REACH, amount.start + 2)))


def _is_spent(clause: Clause, amount: At[Amount], code: str) -> bool:
    """Whether 以, 斥資 or مقابل stands directly before the amount: what is spent is the price, whatever it is called."""
    return bool(pattern(code, "spending").search(clause.between(amount.start - _SPENT_REACH, amount.start)))


def _is_price(amount: Amount) -> bool:
    return amount.kind in _MONEY_KINDS and not amount.is_equivalent and (amount.value is not None or amount.low is not None or amount.high is not None)


def _valuation(reading: Reading, sentence: Sentence, telling: Telling) -> At[Amount] | None:
    """A valuation of the same sentence, or of the next when that one speaks of the target or of nobody else."""
    if telling.type not in {"investment", "acquisition", "share_transfer"}:
        return None
    targets = _keys([n for role in ("target", "company") for n in telling.draft.roles.get(role, ())])
    following = reading.sentences[sentence.index + 1 : sentence.index + 2]
    for place in (sentence, *following):
        if place is not sentence and not any(_keys([n.value for n in c.names]) & targets for c in place.clauses):
            continue
        for clause in place.clauses:
            for amount in clause.amounts:
                if amount.value.kind == "valuation" and not amount.value.is_equivalent:
                    return amount
    return None


def _date(reading: Reading, draft: Draft) -> At[DateMention] | None:
    """The date nearest before the cue, in its clause or in the clauses of the sentence that lead to it."""
    if draft.type == "stake":
        return None
    at = draft.sentence.clauses.index(draft.clause)
    for clause in reversed(draft.sentence.clauses[: at + 1]):
        dated = [d for d in clause.dates if d.value.value and "/" not in d.value.value]
        if dated:
            return min(dated, key=lambda d: abs(d.start - draft.cue.start))
    return None


def _quantity(code: str, draft: Draft) -> Quantity | None:
    from corpus.language_table import languages

    if draft.type != "purchase":
        return None
    for unit, spellings in languages()[code].deals.units.items():
        body = "|".join(re.escape(fold(s)) for s in spellings)
        match = re.search(rf"(\d[\d,]*(?:\.\d+)?)\s*(?:{body})", draft.clause.text)
        if match:
            return Quantity(Decimal(match[1].replace(",", "")), unit)
    return None


def _settle(reading: Reading, telling: Telling) -> None:
    """A deal announced long before publication is done; so is one that only its past date speaks of."""
    when = telling.date.value.end_date if telling.date else None
    published = _published(reading)
    if when is None or published is None or telling.type not in {"investment", "acquisition", "merger", "restructuring", "offering"}:
        return
    code = grammar_language(reading.language)
    age = (published - when).days
    announced = telling.standing.status == "agreed" and not pattern(code, "signed").search(telling.draft.clause.text)
    if (announced and age > _LONG_AGO) or (not telling.standing.explicit and age > (0 if telling.type == "offering" else _RECENT)):
        telling.standing = replace(telling.standing, status="completed", explicit=True)


def _published(reading: Reading) -> date | None:
    published = reading.article.published
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


def _inherit_amounts(tellings: list[Telling]) -> list[Telling]:
    """與 X 達成 1,000 億美元協議, X 將投資 …: the deal told by a verb takes the amount of the agreement before it."""
    dropped: set[int] = set()
    for telling in tellings:
        if telling.draft.generic:
            continue
        for other in tellings:
            if (
                other.draft.generic and other.amount is not None and id(other) not in dropped
                and telling.amount in {None, other.amount}
                and other.draft.sentence is telling.draft.sentence
                and _parties(other.draft) == _parties(telling.draft) and other.draft.cue.start < telling.draft.cue.start
            ):  # fmt: skip
                telling.amount = other.amount
                telling.spans += other.spans
                dropped.add(id(other))
                if not telling.standing.explicit or telling.standing.status == "proposed":
                    telling.standing = replace(other.standing)
    return [t for t in tellings if id(t) not in dropped]


def _specific_only(tellings: list[Telling]) -> list[Telling]:
    """Leave out co-operation that only restates a deal of the same parties."""
    specific: list[tuple[frozenset[str], Telling]] = [
        (_roots(t.draft), t) for t in tellings if t.type not in {"partnership", "stake", "restructuring", "offering"}
    ]
    kept = []
    for telling in tellings:
        if telling.type == "partnership":
            parties = _roots(telling.draft)
            twins = [t for members, t in specific if parties <= members or (members <= parties and len(parties) <= len(members) + 1)]
            if twins and (telling.amount is None or any(_compatible(telling, t) for t in twins)):
                for twin in twins:
                    if twin.amount is None and telling.amount is not None:
                        twin.amount = telling.amount
                        twin.spans += telling.spans
                        break
                continue
        kept.append(telling)
    return kept


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
    return any(_overlap(a, b) for a in said for b in again)


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
    for telling in sorted(tellings, key=lambda t: (t.amount is None, t.draft.sentence.headline)):
        best = None
        for group in groups:
            if all(_one_deal(telling, member) for member in group):
                best = group
                break
        if best is None:
            groups.append([telling])
        else:
            best.append(telling)
    for group in groups:
        group.sort(key=lambda t: t.draft.cue.start)
    return sorted(groups, key=lambda group: group[0].draft.cue.start)


def _one_deal(one: Telling, other: Telling) -> bool:
    if one.type != other.type or not _compatible(one, other):
        return False
    if one.draft.percent and other.draft.percent and one.draft.percent != other.draft.percent:
        return False
    if one.quantity and other.quantity and one.quantity != other.quantity:
        return False
    roles = deals()[one.type].roles[: 3 if one.type == "share_transfer" else 2]
    shared = 0
    for role in roles:
        mine, theirs = _keys(one.draft.roles.get(role, ())), _keys(other.draft.roles.get(role, ()))
        if role == "investor" and _one_round(one, other):
            continue
        if mine and theirs:
            if not mine & theirs and not (_kin(one, role) & _kin(other, role)):
                return False
            if role == "party" and len(mine & theirs) < 2:
                return False
            shared += 1
    return shared > 0


def _one_round(one: Telling, other: Telling) -> bool:
    """由 A 领投, B、C 跟投: different backers of the round that the text speaks of."""
    near = abs(one.draft.sentence.index - other.draft.sentence.index) <= _ROUND_REACH
    return near and bool({one.draft.cue.cue.frame, other.draft.cue.cue.frame} & {"back", "backers"})


def _kin(telling: Telling, role: str) -> frozenset[str]:
    """Canonical names of a role's participants and of their parents."""
    names = telling.draft.roles.get(role, ())
    return frozenset(fold(n).lower() for name in names for n in (name.canonical, name.parent) if n)


def _headline_extras(group: list[Telling]) -> Iterator[list[Telling]]:
    """The group, and beside it a deal of its own for participants whom only the headline names.

    A headline that says 蘋果與亞馬遜洽談投資 over a text that speaks of Amazon alone does not make Apple a party to Amazon's deal.
    """
    yield group
    body = [t for t in group if not t.draft.sentence.headline]
    for telling in group:
        if not body or not telling.draft.sentence.headline:
            continue
        for role, names in telling.draft.roles.items():
            told = [name for t in body for name in t.draft.roles.get(role, ())]
            extra = [name for name in names if not _keys([name]) & _keys(told)]
            if told and extra and len(extra) < len(names):
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
    """Whose status counts: said in so many words before a default, the body before the headline, then the first."""
    return min(group, key=lambda t: (not t.standing.explicit, t.draft.sentence.headline, t.draft.cue.start))


def _roles(group: list[Telling], body: list[Telling]) -> dict[str, tuple[Name, ...]]:
    """Each role's participants over all tellings; one whom only the headline names is not carried into the body's deal."""
    roles: dict[str, tuple[Name, ...]] = {}
    for role in deals()[group[0].type].roles:
        told = [t for t in body if t.draft.roles.get(role)] or [t for t in group if t.draft.roles.get(role)]
        names = distinct([name for t in told for name in t.draft.roles[role]])
        if names:
            roles[role] = tuple(names)
    return roles


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
    return round(min(best + 0.05 * (len(group) - 1), 0.99), 3)
