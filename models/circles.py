"""Money that comes back: simple cycles over who pays whom, each step with its deals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import networkx as nx
from sqlalchemy import text

from models.engine import reading
from models.errors import StoreError
from models.resolver import EXITS
from models.store import Store


@dataclass(frozen=True, slots=True)
class Flow:
    """Money of one event from one participant to another. `usd` is None when no amount is known in USD.

    `payer` and `paid` are the participants as named; a cycle runs through their owners.
    """

    event_id: str
    type: str
    status: str
    payer: str
    payer_owner: str
    paid: str
    paid_owner: str
    usd: Decimal | None
    corroborated: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a circle with its deals, the largest first. `usd` is their sum, None when no amount is known."""

    payer: str
    paid: str
    usd: Decimal | None
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Circle:
    """Steps that lead back to the first payer. `usd` is the smallest known step: at most so much can have gone round."""

    steps: tuple[Step, ...]
    usd: Decimal | None

    @property
    def parties(self) -> tuple[str, ...]:
        """Who is in it, in the order of the money."""
        return tuple(step.payer for step in self.steps)


def money_flows(store: Store, *, corroborated_only: bool = False) -> list[Flow]:
    """Every flow of an event that was not called off."""
    query = text(
        "SELECT event_id, type, status, payer, payer_parent, paid, paid_parent, amount_usd, corroborated FROM v_money_flows "
        "ORDER BY event_id, payer, paid"
    )
    found = []
    with reading(store.engine) as connection:
        for event_id, kind, status, payer, payer_parent, paid, paid_parent, usd, corroborated in connection.execute(query):
            if status not in EXITS and (corroborated or not corroborated_only):
                figure = None if usd is None else Decimal(str(usd))
                found.append(Flow(
                    event_id, kind, status, payer, payer_parent or payer, paid, paid_parent or paid, figure, bool(corroborated),
                ))  # fmt: skip
    return found


def circles_in(flows: Iterable[Flow], max_length: int = 4) -> list[Circle]:
    """Every simple cycle of at most `max_length` steps, those with known amounts in every step first, the largest first.

    >>> flow = lambda a, b, usd: Flow(f"{a}-{b}", "purchase", "agreed", a, a, b, b, Decimal(usd), True)
    >>> [c.parties for c in circles_in([flow("A", "B", 10), flow("B", "C", 5), flow("C", "A", 7), flow("C", "D", 7)])]
    [('A', 'B', 'C')]
    """
    between: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for flow in flows:
        if flow.payer_owner != flow.paid_owner:
            between[flow.payer_owner, flow.paid_owner].append(flow)
    graph = nx.DiGraph(sorted(between))
    found = [_circle(cycle, between) for cycle in nx.simple_cycles(graph, length_bound=max_length)]
    return sorted(found, key=_rank)


def _rank(circle: Circle) -> tuple[int, Decimal, int, tuple[str, ...]]:
    unknown = sum(step.usd is None for step in circle.steps)
    return unknown, -(circle.usd or Decimal(0)), len(circle.steps), circle.parties


def _circle(cycle: list[str], between: dict[tuple[str, str], list[Flow]]) -> Circle:
    """Starting at the name that sorts first, so that a cycle is written in one way only."""
    start = cycle.index(min(cycle))
    names = cycle[start:] + cycle[:start]
    steps = tuple(_step(payer, paid, between[payer, paid]) for payer, paid in zip(names, names[1:] + names[:1], strict=True))
    known = [step.usd for step in steps if step.usd is not None]
    return Circle(steps, min(known, default=None))


def _step(payer: str, paid: str, flows: list[Flow]) -> Step:
    ordered = sorted(flows, key=lambda flow: (-(flow.usd or Decimal(0)), flow.event_id, flow.payer, flow.paid))
    known = [flow.usd for flow in {flow.event_id: flow for flow in ordered}.values() if flow.usd is not None]
    return Step(payer, paid, sum(known, Decimal(0)) if known else None, tuple(ordered))


def find_circles(store: Store, max_length: int = 4, *, corroborated_only: bool = False) -> list[Circle]:
    """Circular money flow between companies, units counted as their owners; raises StoreError for a length below 2."""
    if max_length < 2:
        raise StoreError(f"{max_length}: a circle has at least 2 steps")
    return circles_in(money_flows(store, corroborated_only=corroborated_only), max_length)
