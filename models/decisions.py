"""Reviewers' decisions, as the merge needs them: which joins are asked for, which forbidden, which values are set. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from models.event import Decision
from models.resolver import EXITS, MODIFIERS, STATUS_ORDER, Setting

RANKS = {"human": 0, "rule": 1, "model": 2}
KINDS = ("same", "different", "set", "retract")
PROPERTIES = ("status", "date", "amount", "valuation", "stake_pct", "quantity", "term")
"""What `set` may set"""
_FIGURE = r"\d+(?:\.\d+)?(?:[eE]\d{1,2})?"


def check_setting(name: str, value: str) -> str | None:
    """What is wrong with a value that a reviewer sets; None when it can be used.

    >>> check_setting("amount", "up_to 5e9 SAR"), check_setting("date", "2025-11"), check_setting("stake_pct", "27.5")
    (None, None, None)
    >>> check_setting("amount", "5 billion")
    'an amount is a figure and a currency, as in 38000000000 USD or up_to 5000000000 SAR'
    """
    match name:
        case "amount" | "valuation":
            good = re.fullmatch(rf"((?:{'|'.join(MODIFIERS)}) )?{_FIGURE} [A-Z]{{3}}", value)
            return None if good else "an amount is a figure and a currency, as in 38000000000 USD or up_to 5000000000 SAR"
        case "date":
            return None if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", value) else (
                "a date is 2025, 2025-11 or 2025-11-03"
            )  # fmt: skip
        case "status":
            known = (*STATUS_ORDER, *EXITS)
            return None if value in known else f"a status is one of {', '.join(known)}"
        case "stake_pct":
            return None if re.fullmatch(_FIGURE, value) else "a stake is a percentage, as in 27.5"
        case "quantity":
            return None if re.fullmatch(rf"{_FIGURE} \S.*", value) else "a quantity is a figure and a unit, as in 6 GW"
    return None


@dataclass(slots=True)
class Verdicts:
    """The decisions in force, about claim keys."""

    same: list[tuple[str, str]] = field(default_factory=list)
    """The most binding first"""
    ever: list[tuple[str, str]] = field(default_factory=list)
    """What was `same` once, whether that holds or not: their claims may still be in one event"""
    different: set[tuple[str, str]] = field(default_factory=set)
    settings: dict[str, dict[str, Setting]] = field(default_factory=dict)
    partners: dict[str, set[str]] = field(default_factory=dict)
    """Claim keys that `same` puts together"""
    marked: set[str] = field(default_factory=set)
    """Claim keys that a `same` or `different` speaks of"""


def with_retractions(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions in order, each with whether it was retracted."""
    ordered = sorted(decisions, key=lambda d: d.seq)
    gone = {d.left for d in ordered if d.kind == "retract"}
    return [replace(d, retracted=d.decision_id in gone) for d in ordered]


def verdicts(decisions: Iterable[Decision]) -> Verdicts:
    """What is in force. Of two decisions on one pair or property: human over rule over model, then the newest."""
    found = Verdicts()
    pairs: dict[tuple[str, str], Decision] = {}
    values: dict[tuple[str, str], Decision] = {}
    known = with_retractions(decisions)
    found.ever = sorted({_pair(d.left, d.right) for d in known if d.kind == "same" and d.right is not None})
    in_force = [d for d in known if not d.retracted]
    for decision in sorted(in_force, key=lambda d: (-RANKS[d.rank], d.seq)):
        if decision.kind in ("same", "different") and decision.right is not None:
            pairs[_pair(decision.left, decision.right)] = decision
        elif decision.kind == "set" and decision.property is not None:
            values[decision.left, decision.property] = decision
    for pair, decision in sorted(pairs.items(), key=lambda item: (RANKS[item[1].rank], item[1].seq)):
        found.marked.update(pair)
        if decision.kind == "different":
            found.different.add(pair)
            continue
        found.same.append(pair)
        for one, other in (pair, pair[::-1]):
            found.partners.setdefault(one, set()).add(other)
    for (key, name), decision in sorted(values.items()):
        reason = f"set by {decision.actor} ({decision.rank}) on {decision.at[:10]}"
        found.settings.setdefault(key, {})[name] = Setting(decision.value or "", reason)
    return found


def settings_of(keys: Iterable[str], settings: Mapping[str, Mapping[str, Setting]]) -> dict[str, Setting]:
    """The settings of an event: of its claims, the smallest key first where two set the same property."""
    found: dict[str, Setting] = {}
    for key in sorted(keys):
        for name, setting in settings.get(key, {}).items():
            found.setdefault(name, setting)
    return found


def _pair(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left <= right else (right, left)
