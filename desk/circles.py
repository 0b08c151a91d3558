"""Circles in a graph of money: simple cycles of companies, the largest first, each step with its deals."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import networkx as nx

from desk.graph import Edge
from desk.index import Index, ids_of

LONGEST = 4
"""Companies in a circle, at most"""
_LOOKED_AT = 20_000
"""Circles of a dense graph that are looked at: there may be millions, of which nobody reads more than the largest"""
_LISTED = 50


@dataclass(frozen=True, slots=True)
class RingStep:
    """One step: who pays whom, the USD that is known of, and the events."""

    payer: str
    paid: str
    usd: Decimal | None
    types: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """Steps that lead back to the first payer. `usd` is the smallest known step: at most so much can have gone round."""

    codes: tuple[int, ...]
    steps: tuple[RingStep, ...]
    usd: Decimal | None

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """(payer, paid) of each step, by the codes of their names."""
        return tuple(zip(self.codes, (*self.codes[1:], self.codes[0]), strict=True))


def rings(index: Index, edges: Sequence[Edge]) -> list[Ring]:
    """The circles among these edges, those with known amounts in every step first, the largest first."""
    between: dict[tuple[int, int], list[Edge]] = defaultdict(list)
    for edge in edges:
        between[edge.payer, edge.paid].append(edge)
    usd = {pair: _known(found) for pair, found in between.items()}
    cycles = itertools.islice(nx.simple_cycles(nx.DiGraph(sorted(between)), length_bound=LONGEST), _LOOKED_AT)
    largest = heapq.nsmallest(_LISTED, cycles, key=lambda cycle: _rank(index, cycle, usd))
    return [_ring(index, cycle, between) for cycle in largest]


def _known(edges: Sequence[Edge]) -> Decimal | None:
    known = [edge.usd for edge in edges if edge.usd is not None]
    return sum(known, Decimal(0)) if known else None


def _rank(
    index: Index, cycle: Sequence[int], usd: Mapping[tuple[int, int], Decimal | None]
) -> tuple[int, Decimal, int, tuple[str, ...]]:
    """Those with known amounts in every step first, then the largest, then the shortest."""
    steps = [usd[pair] for pair in zip(cycle, (*cycle[1:], cycle[0]), strict=True)]
    known = [step for step in steps if step is not None]
    least = min(known, default=Decimal(0))
    return len(steps) - len(known), -least, len(steps), tuple(sorted(index.codes.words[code] for code in cycle))


def _ring(index: Index, cycle: Sequence[int], between: dict[tuple[int, int], list[Edge]]) -> Ring:
    """Starting at the company whose name sorts first, so that a circle is written in one way only."""
    words = index.codes.words
    start = min(range(len(cycle)), key=lambda n: words[cycle[n]])
    codes = (*cycle[start:], *cycle[:start])
    steps = tuple(
        _step(index, payer, paid, between[payer, paid]) for payer, paid in zip(codes, (*codes[1:], codes[0]), strict=True)
    )
    known = [step.usd for step in steps if step.usd is not None]
    return Ring(codes, steps, min(known, default=None))


def _step(index: Index, payer: int, paid: int, edges: Sequence[Edge]) -> RingStep:
    rows = list(dict.fromkeys(row for edge in edges for row in edge.rows))
    return RingStep(
        index.codes.words[payer], index.codes.words[paid], _known(edges),
        tuple(edge.type for edge in edges), tuple(ids_of(index, rows)),
    )  # fmt: skip
