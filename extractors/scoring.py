"""Extracted claims against gold, by the rules of the deal specification: strict and lenient deals, amounts, attributes.

A *deal* is found when its type, its principal participants in their roles and its amount are right; a *flow* when its family,
participants and amount are. Claims and gold events are paired one to one so that as many as possible match, the required
ones first; what matches an optional event is neither asked for nor held against the extractor.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.deal_table import deals
from corpus.entity_table import entities
from extractors.names import lookup
from extractors.normalize import fold

Json = Mapping[str, Any]
_TOLERANCE = 0.01
_SHORTEST_PREFIX = 4
_TAILS = ("股份有限公司", "有限责任公司", "有限公司", "集团", "公司", "inc", "corp", "ltd")
_HEADS = ("شركه", "مجموعه", "ال")
ATTRIBUTES = ("status", "date", "modifier")


def name_key(printed: str) -> str:
    """A name as it is compared: folded, letters and digits only, without its legal form.

    >>> name_key("阿里巴巴集團"), name_key("شركة أرامكو")
    ('阿里巴巴', 'ارامكو')
    """
    text = "".join(char for char in fold(printed).casefold() if char.isalnum())
    for tail in _TAILS:
        if text.endswith(tail) and len(text) > len(tail) + 1:
            text = text[: -len(tail)]
    for head in _HEADS:
        if text.startswith(head) and len(text) > len(head) + 2:
            text = text[len(head) :]
    return text


def spellings(participant: str | Json) -> frozenset[str]:
    """Every key a participant may be met under; gold separates accepted spellings by ``|``."""
    if isinstance(participant, str):
        printed: list[str] = participant.split("|")
        owners = (row.parent for p in tuple(printed) if (row := lookup(p)) and row.parent)
        printed += [entities()[owner].name for owner in owners]
    else:
        printed = [participant["name"], participant["canonical"], *participant["aliases"], participant["parent"] or ""]
    return frozenset(key for key in map(name_key, printed) if key)


def same_participant(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two participants share a spelling, or one's name begins with the other's (a unit and its owner)."""
    if one & other:
        return True
    return any(min(len(a), len(b)) >= _SHORTEST_PREFIX and (a.startswith(b) or b.startswith(a)) for a in one for b in other)


def covered(gold: Sequence[str | Json], predicted: Sequence[str | Json]) -> int:
    """How many gold participants have a prediction of their own."""
    left = [spellings(p) for p in predicted]
    hits = 0
    for wanted in map(spellings, gold):
        found = next((i for i, p in enumerate(left) if same_participant(wanted, p)), None)
        if found is not None:
            hits += 1
            del left[found]
    return hits


def bounds(amount: Json | None) -> tuple[float, float] | None:
    """(low, high) of an amount in units of its currency; None without figures. Floats: only compared, never kept."""
    if not amount:
        return None
    value, low, high = (None if amount.get(key) is None else float(amount[key]) for key in ("value", "low", "high"))
    if value is not None:
        return value, value
    return None if low is None and high is None else (low or 0.0, float("inf") if high is None else high)


def same_amount(gold: Json | None, predicted: Json | None) -> bool:
    """Same currency and value within 1 %, or overlapping ranges; a gold deal without an amount asks for none."""
    wanted, found = bounds(gold), bounds(predicted)
    if gold is None or wanted is None:
        return True
    if found is None or predicted is None or (gold.get("currency") and predicted["currency"] != gold["currency"]):
        return False
    slack = _TOLERANCE * max(abs(wanted[0]), abs(found[0]), 1)
    return wanted[0] - slack <= found[1] and found[0] - slack <= wanted[1]


def is_deal(gold: Json, claim: Json) -> bool:
    """The strict match: type, participants in their roles, amount."""
    if gold["type"] != claim["type"] or not same_amount(gold.get("amount"), claim["amount"]):
        return False
    roles = deals()[gold["type"]].roles
    asked = roles if gold["type"] == "share_transfer" else roles[:2]
    for role in asked:
        wanted = gold["roles"].get(role)
        if not wanted or (role == "seller" and gold["roles"].get("buyer")):
            continue
        least = 2 if role == "party" and len(wanted) > 1 else max(1, (len(wanted) + 1) // 2)
        if covered(wanted, claim["roles"].get(role) or []) < min(least, len(wanted)):
            return False
    return True


def is_flow(gold: Json, claim: Json) -> bool:
    """The lenient match: family, participants whatever their roles are called, amount."""
    table = deals()
    if table[gold["type"]].family != table[claim["type"]].family or not same_amount(gold.get("amount"), claim["amount"]):
        return False
    asked = table[gold["type"]].roles if gold["type"] == "share_transfer" else table[gold["type"]].roles[:2]
    wanted = [name for role in asked for name in gold["roles"].get(role, ())]
    found = [name for names in claim["roles"].values() for name in names]
    return covered(wanted, found) >= min(2, len(wanted))


Match = Callable[[Json, Json], bool]


def pair(gold: Sequence[Json], claims: Sequence[Json], matches: Match) -> dict[int, int]:
    """Claim index -> gold index of a largest one-to-one matching (augmenting paths), required events first."""
    options = {i: [j for j, claim in enumerate(claims) if matches(event, claim)] for i, event in enumerate(gold)}
    owner: dict[int, int] = {}

    def claim_one(i: int, tried: set[int]) -> bool:
        for j in options[i]:
            if j not in tried:
                tried.add(j)
                if j not in owner or claim_one(owner[j], tried):
                    owner[j] = i
                    return True
        return False

    for i in sorted(options, key=lambda i: bool(gold[i].get("optional"))):
        claim_one(i, set())
    return owner


@dataclass(slots=True)
class Score:
    """Counts of one measure: found, wrongly found, missed; or right of asked for an attribute."""

    hits: int = 0
    spurious: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.hits / (self.hits + self.spurious) if self.hits + self.spurious else 0.0

    @property
    def recall(self) -> float:
        """Share of what was asked that is found."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims whose confidence lies in [low, high): how many, their mean confidence, and the share of them that is right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(judged: Sequence[tuple[float, bool]], edges: Sequence[float] = (0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)) -> list[Bin]:
    """The reliability curve of (confidence, right) pairs (DeGroot and Fienberg 1983); empty bins are left out.

    >>> [(b.low, b.count, b.right) for b in reliability([(0.95, True), (0.92, False), (0.55, True)])]
    [(0.5, 1, 1.0), (0.9, 2, 0.5)]
    """
    bins = []
    for low, high in itertools.pairwise(edges):
        inside = [(confidence, right) for confidence, right in judged if low <= confidence < high]
        if inside:
            count = len(inside)
            bins.append(Bin(low, high, count, sum(c for c, _ in inside) / count, sum(r for _, r in inside) / count))
    return bins


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: the mean distance of confidence and share right over the bins, by their claims.

    >>> round(calibration_error([(0.9, True), (0.9, True), (0.9, False), (0.9, True)]), 3)
    0.15
    """
    bins = reliability(judged)
    return sum(b.count * abs(b.confidence - b.right) for b in bins) / max(1, sum(b.count for b in bins))


@dataclass(frozen=True, slots=True)
class Mistake:
    """One event missed, or one claim that gold does not have."""

    article_id: str
    language: str
    cause: str
    """missed, spurious, or what of a lenient match is wrong: type, roles"""
    event: Json


@dataclass(slots=True)
class Scores:
    """Scores by (measure, language), "all" beside each language, and the list of mistakes."""

    by_measure: dict[tuple[str, str], Score] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    judged: list[tuple[float, bool]] = field(default_factory=list)
    """Confidence of each claim that counts, and whether it is right by the strict match"""

    def add(self, measure: str, language: str, hits: int, spurious: int, missed: int) -> None:
        """Count for the language and for all."""
        for key in ((measure, language), (measure, "all")):
            score = self.by_measure.setdefault(key, Score())
            score.hits += hits
            score.spurious += spurious
            score.missed += missed


def score_items(items: Iterable[Json], claims_of: Mapping[str, Sequence[Json]]) -> Scores:
    """Scores of the claims (as `models.codec.claim_to_json` writes them) of each gold item's article, by its id."""
    scores = Scores()
    for item in items:
        _score_item(scores, item, claims_of.get(item["id"], ()))
    return scores


def _score_item(scores: Scores, item: Json, claims: Sequence[Json]) -> None:
    gold, language = item["events"], item["language"]
    optional = [event for event in gold if event.get("optional")]
    asked = len(gold) - len(optional)
    found: dict[str, dict[int, int]] = {}
    for measure, matches in (("deal", is_deal), ("flow", is_flow)):
        owner = found[measure] = pair(gold, claims, matches)
        hits = sum(not gold[i].get("optional") for i in owner.values())
        spare = [
            j for j in range(len(claims))
            if j not in owner and not (measure == "deal" and any(is_flow(event, claims[j]) for event in optional))
        ]  # fmt: skip
        scores.add(measure, language, hits, len(spare), asked - hits)
        if measure == "deal":
            _attributes(scores, language, [(gold[i], claims[j]) for j, i in owner.items() if not gold[i].get("optional")])
            missed = [i for i in range(len(gold)) if i not in owner.values() and not gold[i].get("optional")]
            scores.mistakes += _mistakes(item, gold, claims, missed, spare)
            right = [j for j, i in owner.items() if not gold[i].get("optional")]
            counted = [j for j in sorted((*right, *spare)) if "confidence" in claims[j]]
            scores.judged += [(claims[j]["confidence"], j in right) for j in counted]
    _amounts(scores, language, gold, claims)


def _attributes(scores: Scores, language: str, pairs: Iterable[tuple[Json, Json]]) -> None:
    for event, claim in pairs:
        said = {
            "status": (event.get("status"), claim["status"]),
            "date": (event.get("date"), (claim["date"] or {}).get("value")),
            "modifier": ((event.get("amount") or {}).get("modifier"), (claim["amount"] or {}).get("modifier")),
        }
        for attribute, (wanted, found) in said.items():
            if wanted:
                scores.add(attribute, language, int(wanted == found), 0, int(wanted != found))


def _amounts(scores: Scores, language: str, gold: Sequence[Json], claims: Sequence[Json]) -> None:
    required = [e["amount"] for e in gold if not e.get("optional") and bounds(e.get("amount"))]
    spared = [e["amount"] for e in gold if e.get("optional") and bounds(e.get("amount"))]
    left = [c["amount"] for c in claims if bounds(c["amount"])]
    hits = 0
    for wanted in required:
        found = next((amount for amount in left if same_amount(wanted, amount)), None)
        if found is not None:
            hits += 1
            left.remove(found)
    spurious = sum(not any(same_amount(amount, other) for amount in spared) for other in left)
    scores.add("amount", language, hits, spurious, len(required) - hits)


def _mistakes(
    item: Json, gold: Sequence[Json], claims: Sequence[Json], missed: Sequence[int], spare: Sequence[int]
) -> Iterator[Mistake]:
    unused = [claims[j] for j in spare]
    for i in missed:
        event = gold[i]
        near = next((claim for claim in unused if is_flow(event, claim)), None)
        cause = "missed" if near is None else "roles" if near["type"] == event["type"] else "type"
        yield Mistake(item["id"], item["language"], cause, event)
    for claim in unused:
        yield Mistake(item["id"], item["language"], "spurious", claim)
