"""Claims of one deal -> the event. Pure: the same claims and settings give the same event and id, in any order.

For every property the best value, why it won, and what the others say. Which claims tell one deal says `models.clustering`.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain, combinations
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec.structs import replace

from models.codec import Json
from models.deal import DealSchema, Matcher, Who
from models.facts import Facts, Party, Period, Sum
from models.ids import content_id
from models.origin import origins

STATUS_ORDER = {"talks": 1, "proposed": 2, "agreed": 3, "held": 4, "completed": 4}
EXITS = ("rejected", "terminated")
FX_POLICIES = {
    "deal-date": "at the rate of the first text that dates the deal as the event is dated, else of the first report",
    "first-report": "at the rate of the first report of the amount",
    "last-report": "at the rate of the last report of the amount",
}
"""Which of the rates that texts were converted at is the event's. Rates of a text never change, so these do not either."""
DEFAULT_FX_POLICY = "deal-date"
_PRECISION = {"day": 0, "month": 1, "quarter": 2, "half": 3, "year": 4}
MODIFIERS = {"exact": 0, "about": 1, "over": 2, "at_least": 3, "up_to": 4, "under": 5, "range": 6, "vague": 7}
_SHOWN = 50
"""Sources and spellings listed with an event; the counts are of all"""


class Setting(NamedTuple):
    """A value that a reviewer has set, and the reason to show."""

    value: str
    reason: str


@dataclass(slots=True)
class _Value:
    """One value of a property with the claims that give it."""

    text: str
    rank: tuple[int, ...]
    """The smaller the better, where as many origins say it"""
    facts: list[Facts]
    backing: set[str] = field(default_factory=set)
    """Origins that say this or something it refines"""

    @property
    def origins(self) -> set[str]:
        return {fact.origin for fact in self.facts}

    @property
    def latest(self) -> str:
        return max((fact.published or "" for fact in self.facts), default="")

    def order(self) -> tuple[Any, ...]:
        """Most origins, then the more exact, then the most recent, then the smallest claim id."""
        recency = tuple(-ord(char) for char in self.latest)
        return -len(self.backing), -len(self.origins), self.rank, recency or (1,), min(fact.claim_id for fact in self.facts)


def _reason(best: _Value, second: _Value | None, of: int) -> str:
    if second is None:
        return "only value"
    mine, theirs = best.order(), second.order()
    if mine[0] != theirs[0]:
        return f"backed by {len(best.backing)} of {of} origins, the next by {len(second.backing)}"
    if mine[1] != theirs[1]:
        return f"said by {len(best.origins)} of {of} origins, the next by {len(second.origins)}"
    if mine[2] != theirs[2]:
        return "as many origins, more exact or nearer to the first report"
    return "as many origins, reported later" if mine[3] != theirs[3] else "as many origins, smallest claim id"


def _sources(facts: Iterable[Facts]) -> list[str]:
    return sorted({fact.source for fact in facts})[:_SHOWN]


def _table(name: str, values: Sequence[_Value], setting: Setting | None, of: int) -> Json:
    """The ranked values of a property, as `models.event.Conflict`."""
    rows = []
    if setting is not None:
        rows.append({"value": setting.value, "support": 0, "sources": [], "best": True, "reason": setting.reason})
    why = _reason(values[0], values[1] if len(values) > 1 else None, of) if values else ""
    for index, value in enumerate(values):
        best = index == 0 and setting is None
        reason = why if best else "set otherwise" if setting is not None else f"not chosen: the best was {why}"
        rows.append({
            "value": value.text, "support": len(value.origins), "sources": _sources(value.facts), "best": best, "reason": reason,
        })  # fmt: skip
    return {"property": name, "values": rows}


def _gather(
    facts: Sequence[Facts],
    read: Callable[[Facts], str | None],
    rank: Callable[[Facts], tuple[int, ...]],
    refines: Callable[[Facts, Facts], bool],
) -> list[_Value]:
    """Values of a property, best first. A value is backed by the origins that give it or a value it refines."""
    told: dict[str, list[Facts]] = {}
    for fact in facts:
        text = read(fact)
        if text is not None:
            told.setdefault(text, []).append(fact)
    if not told:  # of most properties most events say nothing
        return []
    found = {text: _Value(text, rank(tellers[0]), tellers) for text, tellers in told.items()}
    if len(found) == 1:
        return list(found.values())
    for value in found.values():
        for other in found.values():
            if value is other or refines(value.facts[0], other.facts[0]):
                value.backing |= other.origins
    return sorted(found.values(), key=_Value.order)


def sum_text(amount: Sum | None) -> str | None:
    """An amount as one value of a conflict.

    >>> none = (None, None, None)
    >>> sum_text(Sum("10000000000", None, None, "USD", False, "up_to", none, none, ()))
    'up_to 10000000000 USD'
    """
    if amount is None:
        return None
    figure = amount.value if amount.value is not None else f"{amount.low or ''}..{amount.high or ''}"
    return " ".join(part for part in (amount.modifier if amount.modifier != "exact" else "", figure, amount.currency) if part)


def _reach(amount: Sum) -> tuple[str | None, Decimal, Decimal, bool, bool]:
    """(currency, from, to, from included, to included) of what an amount leaves open."""
    figures = amount.usd if any(amount.usd) else (amount.value, amount.low, amount.high)
    currency = "USD" if any(amount.usd) else amount.currency
    value, low, high = (None if text is None else Decimal(text) for text in figures)
    top = Decimal("Infinity")
    if value is None:
        return currency, low or Decimal(0), top if high is None else high, True, True
    match amount.modifier:
        case "over" | "at_least":
            return currency, value, top, amount.modifier == "at_least", True
        case "up_to" | "under":
            return currency, Decimal(0), value, True, amount.modifier == "up_to"
        case modifier:
            slack = Decimal("0.10") if modifier == "about" else Decimal("0.05")
            return currency, value * (1 - slack), value * (1 + slack), True, True


def contradict(left: Sum, right: Sum) -> bool:
    """Whether two amounts leave nothing in common. An exact one has 5 % of play; different currencies without rates say nothing.

    >>> none = (None, None, None)
    >>> up_to, over, about = (Sum("10", None, None, "USD", False, m, none, none, ()) for m in ("up_to", "over", "about"))
    >>> contradict(up_to, over), contradict(up_to, about)
    (True, False)
    """
    mine, yours = _reach(left), _reach(right)
    if mine[0] != yours[0]:
        return False
    first, second = sorted((mine, yours), key=lambda reach: (reach[1], reach[2]))
    if second[1] > first[2] or first[1] > second[2]:
        return True
    return second[1] == first[2] and not (second[3] and first[4])


def _disjoint(left: Period, right: Period) -> bool:
    if left.start is None or right.start is None or left.end is None or right.end is None:
        return False
    return left.end <= right.start or right.end <= left.start


def _within(fine: Period, coarse: Period) -> bool:
    if fine.start is None or fine.end is None or coarse.start is None or coarse.end is None:
        return False
    return coarse.start <= fine.start and fine.end <= coarse.end


def status_history(facts: Sequence[Facts]) -> list[Json]:
    """The first report of each status in order of publication, with its effect on what is known.

    The lattice is talks < proposed < agreed < completed. A weaker later report changes nothing; rejected and terminated end
    a deal that is not completed; a report of agreement after that revives it.
    """
    if len(facts) == 1:
        return [_report(facts[0], "opens")]
    reports: list[Json] = []
    now: str | None = None
    told: set[str] = set()
    for fact in sorted(facts, key=lambda f: (f.published or "", f.doc_id, f.claim_key)):
        step = _step(now, fact.status)
        if step != "kept out":
            now = fact.status
        if fact.status in told and step == "kept out":
            continue
        told.add(fact.status)
        reports.append(_report(fact, step))
    return reports


def _report(fact: Facts, effect: str) -> Json:
    return {
        "status": fact.status, "published": fact.published, "source": fact.source, "attribution": fact.attribution,
        "claim_key": fact.claim_key, "effect": effect,
    }  # fmt: skip


def _step(now: str | None, new: str) -> str:
    if now is None:
        return "opens"
    if new in EXITS:
        return "kept out" if now in EXITS or now in ("completed", "held") else "ends"
    if now in EXITS:
        return "revives" if STATUS_ORDER.get(new, 0) >= STATUS_ORDER["agreed"] else "kept out"
    return "advances" if STATUS_ORDER.get(new, 0) > STATUS_ORDER.get(now, 0) else "kept out"


def final_status(history: Sequence[Json]) -> str:
    """The last report that changed what is known."""
    return str(next(report["status"] for report in reversed(history) if report["effect"] != "kept out"))


def _confidence(facts: Sequence[Facts]) -> str:
    """1 - the chance that every origin is wrong, at most 0.999."""
    best: dict[str, float] = {}
    for fact in facts:
        best[fact.origin] = max(best.get(fact.origin, 0.0), fact.confidence)
    return _together_sure(tuple(sorted(best.values())))


@functools.lru_cache(maxsize=20_000)
def _together_sure(values: tuple[float, ...]) -> str:
    doubt = Decimal(1)
    for value in values:
        doubt *= 1 - Decimal(str(value))
    return str(min(Decimal("0.999"), (1 - doubt).quantize(Decimal("0.001"))))


@dataclass(slots=True)
class _Side:
    """One participant in the making: who names it, and who names its owner or unit instead."""

    names: set[str]
    parents: set[str]
    said: list[tuple[Facts, Party]]
    also: list[tuple[Facts, Party]] = field(default_factory=list)

    @property
    def origins(self) -> set[str]:
        return {fact.origin for fact, _ in chain(self.said, self.also)}

    @property
    def told_by(self) -> set[str]:
        return {fact.claim_id for fact, _ in chain(self.said, self.also)}

    def shown(self) -> Party:
        """Under the name most origins use; a known entity before an unknown one."""
        if len(self.said) == 1:
            return self.said[0][1]
        origins: dict[tuple[str, str], set[str]] = defaultdict(set)
        for fact, party in self.said:
            origins[party.entity_id or "", party.canonical].add(fact.origin)
        chosen = min(origins, key=lambda name: (not name[0], -len(origins[name]), name))
        parties = {party for _, party in self.said if (party.entity_id or "", party.canonical) == chosen}
        return min(parties, key=repr) if len(parties) > 1 else parties.pop()  # one article may name an owner, another none


def _sides(facts: Sequence[Facts], role: str, matcher: Matcher) -> list[_Side]:
    said: dict[Party, list[tuple[Facts, Party]]] = {}
    for fact in facts:
        for party in fact.roles.get(role, ()):
            said.setdefault(party, []).append((fact, party))
    sides: list[_Side] = []
    for party, told in said.items():
        who: Who = matcher.names(party)
        side = _Side(set(who.names), {who.parent} - {""}, told)
        hits = [known for known in sides if not known.names.isdisjoint(who.names)]
        for hit in hits:
            side = _Side(side.names | hit.names, side.parents | hit.parents, hit.said + side.said)
        sides = [known for known in sides if known not in hits] + [side] if hits else [*sides, side]
    return _units(sides) if len(sides) > 1 else sides


def _units(sides: list[_Side]) -> list[_Side]:
    """Owner and unit as one: shown as the unit where it is the only one and as many origins tell it as the owner."""
    for owner in sorted(sides, key=lambda side: sorted(side.names)):
        units = [side for side in sides if side is not owner and not side.parents.isdisjoint(owner.names)]
        if len(units) == 1:
            unit = units[0]
            main, other = (unit, owner) if len(unit.origins) >= len(owner.origins) else (owner, unit)
            merged = _Side(main.names, main.parents, main.said, main.also + other.said + other.also)
            sides = [side for side in sides if side is not unit and side is not owner] + [merged]
    return sides


def _participants(facts: Sequence[Facts], role: str, matcher: Matcher) -> tuple[list[Json], list[_Side]]:
    if len(facts) == 1 and len(facts[0].roles[role]) == 1:
        (party,) = facts[0].roles[role]
        return [_participant(party, 1, True, [party.surface])], []
    saying = [fact for fact in facts if fact.roles.get(role)]
    filled = {fact.origin for fact in saying}
    told = [fact.roles[role] for fact in saying]
    if len(told[0]) == 1 and all(parties == told[0] for parties in told):  # nearly always
        return [_participant(told[0][0], len(filled), True, [told[0][0].surface])], []
    sides = _sides(facts, role, matcher)
    rows: list[Json] = []
    for side in sides:
        party, support = side.shown(), len(side.origins)
        surfaces = sorted({other.surface for _, other in chain(side.said, side.also)})
        rows.append(_participant(party, support, support > 1 or len(filled) == 1, surfaces[:_SHOWN]))
    if len(rows) == 1:
        return rows, sides
    order = sorted(range(len(rows)), key=lambda i: (-rows[i]["support"], rows[i]["canonical"], rows[i]["names"]))
    return [rows[i] for i in order], [sides[i] for i in order]


def _participant(party: Party, support: int, corroborated: bool, names: list[str]) -> Json:
    return {
        "canonical": party.canonical, "entity_id": party.entity_id, "parent": party.parent, "kind": party.kind,
        "support": support, "corroborated": corroborated, "names": names,
    }  # fmt: skip


def _who_table(role: str, sides: Sequence[_Side], origins: int) -> Json:
    """The participants of a role as ranked values; each says how many origins name it."""
    rows = []
    for side in sides:
        support = len(side.origins)
        tellers = {fact.claim_id: fact for fact, _ in (*side.said, *side.also)}
        rows.append({
            "value": side.shown().canonical, "support": support, "sources": _sources(tellers.values()), "best": side is sides[0],
            "reason": f"named by {support} of {origins} origins",
        })  # fmt: skip
    return {"property": f"roles.{role}", "values": rows}


def _apart(sides: Sequence[_Side]) -> bool:
    """Whether two participants of one role are never named together: then they contradict each other."""
    return any(left.told_by.isdisjoint(right.told_by) for left, right in combinations(sides, 2))


def _amount_json(amount: Sum | None, fx_policy: str) -> Json | None:
    if amount is None:
        return None
    chosen = next((rate for rate in amount.rates if rate[0] == "USD"), amount.rates[0] if amount.rates else None)
    usd, hkd = amount.usd, amount.hkd
    return {
        "value": amount.value, "low": amount.low, "high": amount.high, "currency": amount.currency, "inferred": amount.inferred,
        "modifier": amount.modifier, "usd": usd[0], "usd_low": usd[1], "usd_high": usd[2],
        "hkd": hkd[0], "hkd_low": hkd[1], "hkd_high": hkd[2],
        "rate_date": chosen[2] if chosen else None, "rate_source": chosen[3] if chosen else None,
        "fx_policy": fx_policy, "rates": [list(rate) for rate in amount.rates],
    }  # fmt: skip


def _set_amount(text: str) -> Sum:
    """An amount as a reviewer writes it: ``38000000000 USD`` or ``up_to 5e9 SAR``."""
    *modifier, figure, currency = text.split()
    value = format(Decimal(figure), "f")
    same = (value, None, None) if currency == "USD" else (None, None, None)
    known = (value, None, None) if currency == "HKD" else (None, None, None)
    return Sum(value, None, None, currency, False, modifier[0] if modifier else "exact", same, known, ())


_SHOWN_IN = {name: place for place, name in enumerate(("amount", "valuation", "date", "stake_pct", "quantity", "term"))}
"""The order of properties; participants come first"""


class _Best(NamedTuple):
    """The best value of every property."""

    amount: Sum | None
    valuation: Sum | None
    date: Period | None
    stake_pct: str | None
    quantity: str | None
    term: str | None


def _only(fact: Facts) -> _Best:
    """What one claim says is the best value of everything: nothing to weigh."""
    dated = fact.date if fact.date is not None and fact.date.value else None
    return _Best(fact.amount, fact.valuation, dated, fact.stake_pct, _quantity_text(fact), fact.term)


class _Report:
    """The properties of one event: best values, and every property on which claims differ."""

    def __init__(self, facts: Sequence[Facts], settings: Mapping[str, Setting], fx_policy: str) -> None:
        self.facts = facts
        self.fx_policy = fx_policy
        self.settings = settings
        self.n_origins = len({fact.origin for fact in facts})
        self.alternatives: list[Json] = []
        self.conflicts: list[Json] = []

    def best(self) -> _Best:
        """The best value of every property; what claims differ on is kept in `alternatives` and `conflicts`."""
        dated = self.date()
        best = _Best(
            self.amount("amount", dated), self.amount("valuation", dated), dated,
            self.plain("stake_pct", lambda fact: fact.stake_pct, lambda one, other: abs(Decimal(one) - Decimal(other)) > 1),
            self.plain("quantity", _quantity_text, _other_quantity),
            self.plain("term", lambda fact: fact.term, lambda _one, _other: False),
        )  # fmt: skip
        for tables in (self.alternatives, self.conflicts):
            tables.sort(key=lambda table: _SHOWN_IN.get(table["property"], -1))
        return best

    def note(self, name: str, values: Sequence[_Value], contradicts: Callable[[], bool]) -> Setting | None:
        """Keep what the claims say where they differ; returns what a reviewer has set."""
        setting = self.settings.get(name)
        if len(values) + (setting is not None) > 1:
            table = _table(name, values, setting, self.n_origins)
            self.alternatives.append(table)
            if len(values) > 1 and contradicts():
                self.conflicts.append(table)
        return setting

    def who(self, role: str, sides: Sequence[_Side]) -> None:
        """Keep who is named in a role where several are."""
        if len(sides) > 1:
            table = _who_table(role, sides, self.n_origins)
            self.alternatives.append(table)
            if _apart(sides):
                self.conflicts.append(table)

    def amount(self, name: str, dated: Period | None) -> Sum | None:
        read: Callable[[Facts], Sum | None] = attrgetter(name)
        told = [fact for fact in self.facts if read(fact) is not None]
        if name not in self.settings and _alike(list(map(read, told))):
            return read(told[0]) if told else None
        values = _gather(
            told,
            lambda fact: sum_text(read(fact)),
            lambda fact: (MODIFIERS.get(getattr(read(fact), "modifier", ""), 9),),
            lambda one, other: _one_figure(read(one), read(other)),
        )
        sums = [found for value in values if (found := read(value.facts[0])) is not None]
        setting = self.note(name, values, lambda: any(contradict(one, other) for one, other in combinations(sums, 2)))
        if setting is not None:
            return _set_amount(setting.value)
        return read(_converted_by(values[0].facts, dated, self.fx_policy)) if values else None

    def date(self) -> Period | None:
        told = [fact for fact in self.facts if fact.date is not None and fact.date.value]
        if "date" not in self.settings and _alike([fact.date for fact in told]):
            return told[0].date if told else None
        first = min((fact.published for fact in self.facts if fact.published), default=None)
        values = _gather(
            told,
            lambda fact: fact.date.value if fact.date else None,
            lambda fact: (_off(fact.date, first), _PRECISION.get(fact.date.precision if fact.date else "", 9)),
            lambda one, other: bool(one.date and other.date and _within(other.date, one.date) and one.date != other.date),
        )
        periods = [value.facts[0].date for value in values]
        pairs = combinations(periods, 2)
        setting = self.note("date", values, lambda: any(one and other and _disjoint(one, other) for one, other in pairs))
        if setting is not None:
            return Period(setting.value, _PARTS.get(setting.value.count("-"), "day"), None, None)
        return _finest(values)

    def plain(self, name: str, read: Callable[[Facts], str | None], clash: Callable[[str, str], bool]) -> str | None:
        """A property whose values are texts."""
        told = [fact for fact in self.facts if read(fact) is not None]
        if name not in self.settings and _alike(list(map(read, told))):
            return read(told[0]) if told else None
        values = _gather(told, read, lambda _: (0,), lambda _one, _other: False)
        texts = [value.text for value in values]
        setting = self.note(name, values, lambda: any(clash(one, other) for one, other in combinations(texts, 2)))
        return setting.value if setting is not None else texts[0] if texts else None


def _alike(values: Sequence[object]) -> bool:
    """Whether claims that say something all say the same, or none says anything: nearly always."""
    return not values or values.count(values[0]) == len(values)


def _off(period: Period | None, first_report: str | None) -> int:
    """Days from a date to the first report of the deal: of dates that as many tell, the one nearer to it is likelier."""
    if period is None or first_report is None or period.start is None or period.end is None:
        return 0
    try:
        day, start, end = (date.fromisoformat(text[:10]).toordinal() for text in (first_report, period.start, period.end))
    except ValueError:  # a source that says "2025-00-00" still publishes deals
        return 0
    return max(0, start - day, day - end + 1)


_PARTS = {0: "year", 1: "month", 2: "day"}


def _finest(values: Sequence[_Value]) -> Period | None:
    """The best date; of those inside it the best again, for a day refines the month that won."""
    if not values:
        return None
    best = values[0].facts[0].date
    for value in values[1:]:
        inner = value.facts[0].date
        if best is not None and inner is not None and inner != best and _within(inner, best):
            best = inner
    return best


def _one_figure(left: Sum | None, right: Sum | None) -> bool:
    if left is None or right is None:
        return False
    return (left.value, left.low, left.high, left.currency) == (right.value, right.low, right.high, right.currency)


def _differ(left: str, right: str, percent: int) -> bool:
    one, other = Decimal(left), Decimal(right)
    return abs(one - other) * 100 > percent * max(abs(one), abs(other))


def event_id(facts: Iterable[Facts]) -> str:
    """Of the earliest claim: who joins later, or in another order, does not rename an event."""
    return content_id(*min(fact.seed for fact in facts))


def _converted_by(facts: Sequence[Facts], dated: Period | None, fx_policy: str) -> Facts:
    """Of the claims that tell one amount the one whose rate counts."""
    match fx_policy:
        case "last-report":
            return max(facts, key=lambda fact: fact.seed)
        case "deal-date" if dated is not None:
            return min(facts, key=lambda fact: (fact.date is None or not _within(fact.date, dated), fact.seed))
        case _:
            return min(facts, key=lambda fact: fact.seed)


def resolve(
    claims: Iterable[Facts],
    schema: DealSchema,
    settings: Mapping[str, Setting] | None = None,
    fx_policy: str = DEFAULT_FX_POLICY,
) -> Json:
    """The event that `claims` tell, as the JSON of `models.event.Event`."""
    facts = _by_origin(sorted(claims, key=_as_they_came))
    report = _Report(facts, settings or {}, fx_policy)
    kind = schema.kinds.get(facts[0].type)
    roles: dict[str, list[Json]] = {}
    filled = {role for fact in facts for role, parties in fact.roles.items() if parties}
    for role in [*(kind.roles if kind else ()), *sorted(filled - set(kind.roles if kind else ()))]:
        if role in filled:
            roles[role], sides = _participants(facts, role, schema.matcher)
            report.who(role, sides)
    best = _only(facts[0]) if len(facts) == 1 and not settings else report.best()
    history = status_history(facts)
    status = report.settings["status"].value if "status" in report.settings else final_status(history)
    binding = [fact.binding for fact in facts if fact.status == status] or [fact.binding for fact in facts]
    published = sorted(fact.published for fact in facts if fact.published)
    sources = sorted({fact.source for fact in facts})
    return {
        "id": event_id(facts[:1]), "type": facts[0].type, "family": kind.family if kind else "", "status": status,
        "binding": 2 * sum(binding) >= len(binding), "roles": roles,
        "amount": _amount_json(best.amount, fx_policy), "valuation": _amount_json(best.valuation, fx_policy),
        "stake_pct": best.stake_pct,
        "quantity": best.quantity.split(" ", 1) if best.quantity else None, "term": best.term,
        "date": best.date.value if best.date else None, "precision": best.date.precision if best.date else None,
        "date_start": best.date.start if best.date else None, "date_end": best.date.end if best.date else None,
        "n_claims": len(facts), "n_sources": len(sources), "n_origins": report.n_origins, "sources": sources[:_SHOWN],
        "languages": sorted({fact.language for fact in facts if fact.language}),
        "first_published": published[0] if published else None, "last_published": published[-1] if published else None,
        "confidence": _confidence(facts), "alternatives": report.alternatives, "conflicts": report.conflicts,
        "status_history": history,
    }  # fmt: skip


def _as_they_came(fact: Facts) -> tuple[str, str, str, str]:
    return (*fact.seed, fact.claim_id)


def _by_origin(facts: list[Facts]) -> list[Facts]:
    """The claims, near-copies under one origin."""
    if len(facts) == 1:
        return facts
    found = origins(fact.origin for fact in facts)
    return [fact if found[fact.origin] == fact.origin else replace(fact, origin=found[fact.origin]) for fact in facts]


def _quantity_text(fact: Facts) -> str | None:
    return " ".join(fact.quantity) if fact.quantity else None


def _other_quantity(left: str, right: str) -> bool:
    (one, unit), (other, also) = left.split(" ", 1), right.split(" ", 1)
    return unit == also and _differ(one, other, 5)
