"""What is for review: events of low confidence, conflicting values, deals that look alike, decisions that lost their claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from desk.index import NONE, Index, Ints, Mask, ids_of
from desk.shown import LOW_CONFIDENCE
from desk.state import Desk, State
from models.desk_queries import first_claims, tellings_by_key
from models.event import Decision

QUEUES = ("conflicts", "pairs", "unsure", "orphans", "quarantine", "decisions")
_NEAR_DAYS = 90
"""Days between two deals that may be one"""
_NEAR_SUM = 0.25
"""How far the smaller of two sums may be below the larger"""
_MOST_PAIRS = 2_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two events that look alike. `score` is the matcher's (1000 joins), `veto` the property that keeps them apart."""

    left: str
    right: str
    score: int
    veto: str | None


def for_review(desk: Desk, state: State, queue: str) -> list[str]:
    """The ids of the events of a queue, the largest first: conflicts or unsure, without those that a reviewer has looked at."""
    index = state.index
    mask = index.alive & (
        index.column("conflicts") > 0 if queue == "conflicts" else index.column("confidence") < LOW_CONFIDENCE
    )  # fmt: skip
    seen = state.once("reviewed", lambda: _reviewed(desk))
    return state.once(("queue", queue), lambda: [found for found in ids_of(index, _by_size(index, mask)) if found not in seen])


def _by_size(index: Index, mask: Mask) -> Ints:
    rows = np.flatnonzero(mask)
    usd = np.nan_to_num(index.column("usd_f")[rows], nan=-1.0)
    found: Ints = rows[np.lexsort((-index.column("reported")[rows], -usd))]
    return found


def _reviewed(desk: Desk) -> frozenset[str]:
    """Events that a decision in force speaks of."""
    return frozenset(_events_of(desk, desk.store.decisions()).values())


def _events_of(desk: Desk, decisions: Iterable[Decision]) -> dict[str, str]:
    """The event of each claim key that decisions in force speak of."""
    keys = sorted({key for d in decisions if not d.retracted and d.kind != "retract" for key in (d.left, d.right) if key})
    return {key: told.event_id for key, told in tellings_by_key(desk.store, keys).items()}


def near_pairs(desk: Desk, state: State) -> list[tuple[str, str]]:
    """Events of one type between the same two, near in time and sum, that are two events: the nearest sums first."""
    found: list[tuple[str, str]] = state.once("pairs", lambda: _near_pairs(desk, state.index))
    return found


def _near_pairs(desk: Desk, index: Index) -> list[tuple[str, str]]:
    rows = index.column("tie_row")
    keep = index.alive[rows]
    rows, left, right = rows[keep], index.column("tie_left")[keep], index.column("tie_right")[keep]
    kind, day = index.column("type")[rows], index.column("day")[rows]
    order = np.lexsort((rows, day, right, left, kind))
    first, second = order[:-1], order[1:]
    same = (kind[first] == kind[second]) & (left[first] == left[second]) & (right[first] == right[second])
    gap = day[second] - day[first]
    near = same & ((gap <= _NEAR_DAYS) | (day[first] == NONE))
    one, other = rows[first[near]], rows[second[near]]
    away = _sums_apart(index, one, other)
    close = ~(away > _NEAR_SUM)
    ranked = np.lexsort((gap[near][close], np.nan_to_num(away[close], nan=1.0)))[:_MOST_PAIRS]
    pairs = dict.fromkeys(
        (index.ids[a], index.ids[b])
        for a, b in zip(one[close][ranked].tolist(), other[close][ranked].tolist(), strict=True)
        if a != b
    )
    apart = _told_apart(desk)
    return [pair for pair in pairs if frozenset(pair) not in apart]


def _sums_apart(index: Index, one: Ints, other: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """How far the smaller of two sums is below the larger, as a share of it; NaN where one is not known."""
    usd = index.column("usd_f")
    left, right = usd[one], usd[other]
    largest = np.maximum(left, right)
    return np.where(largest > 0, np.abs(left - right) / np.where(largest > 0, largest, 1.0), np.nan)


def _told_apart(desk: Desk) -> set[frozenset[str]]:
    """Pairs of events that a decision in force says are different."""
    decisions = [d for d in desk.store.decisions() if d.kind == "different" and not d.retracted and d.right]
    events = _events_of(desk, decisions)
    return {
        frozenset((events[d.left], events[d.right])) for d in decisions if d.right and d.left in events and d.right in events
    }  # fmt: skip


def judged(desk: Desk, pairs: Sequence[tuple[str, str]]) -> list[Pair]:
    """The pairs with what the matcher says of their first claims."""
    facts = first_claims(desk.store, sorted({event_id for pair in pairs for event_id in pair}))
    matcher = desk.schema.matcher
    found = []
    for left, right in pairs:
        if left in facts and right in facts:
            one, other = matcher.profile(facts[left], ""), matcher.profile(facts[right], "")
            found.append(Pair(left, right, matcher.score(one, other), matcher.veto(one, other)))
    return found


def counts(desk: Desk, state: State) -> dict[str, int]:
    """How much is in each queue, the quarantine left out."""
    decisions = [d for d in desk.store.decisions() if d.kind != "retract"]
    return {
        "conflicts": len(for_review(desk, state, "conflicts")), "pairs": len(near_pairs(desk, state)),
        "unsure": len(for_review(desk, state, "unsure")), "orphans": len(desk.store.orphans()) + len(desk.store.refusals()),
        "decisions": len(decisions),
    }  # fmt: skip
