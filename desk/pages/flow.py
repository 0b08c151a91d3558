"""Money flow: the graph of a filter, the circles in it, and both as files."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from markupsafe import Markup

from desk.circles import Ring, rings
from desk.colors import color
from desk.filters import STATUSES, EventFilter, FilterError, read_filter
from desk.graph import MOST, Graph, Lit, build, draw, graphml
from desk.index import Mask, ids_of
from desk.pages import Page, View
from desk.shown import Money, dollars
from desk.state import Desk, State
from models.resolver import EXITS

SIZES = (10, 20, 60, 150, MOST)
"""How many companies a graph may show, to choose from"""
_USUAL = 60
_LISTED_EDGES = 40


@dataclass(frozen=True, slots=True)
class FlowQuery:
    """What the address of a graph asks for. `circle` is the number of the circle that is shown alone, from 1; 0 for none."""

    asked: EventFilter
    most: int
    circle: int
    called_off: bool
    """Deals that were rejected or called off are shown too"""

    def pairs(self, circle: int | None = None) -> list[tuple[str, str]]:
        """The pairs of its query string, `circle` changed when given."""
        number = self.circle if circle is None else circle
        return [
            *replace(self.asked, sort="-reported", page=1).query(),
            *([("companies", str(self.most))] if self.most != _USUAL else []),
            *([("called_off", "1")] if self.called_off else []), *([("circle", str(number))] if number else []),
        ]  # fmt: skip

    @property
    def key(self) -> Hashable:
        """What decides the drawing's nodes and edges."""
        return self.asked.everything, self.most, self.called_off


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """An edge as a row of a table."""

    payer: str
    paid: str
    type: str
    usd: Money | None
    ids: tuple[str, ...]


def read_query(pairs: Sequence[tuple[str, str]], desk: Desk) -> FlowQuery:
    """The query of an address; raises FilterError."""
    asked = read_filter(pairs, desk.schema.kinds)
    one = {name: value for name, value in pairs if value}
    numbers = {}
    for name, default, top in (("companies", _USUAL, MOST), ("circle", 0, 9999)):
        text = one.get(name, str(default))
        if not (text.isascii() and text.isdigit() and int(text[:6]) <= top):
            raise FilterError(name, text)
        numbers[name] = int(text)
    return FlowQuery(asked, max(2, numbers["companies"]), numbers["circle"], one.get("called_off") == "1")


def flow_page(view: View, pairs: Sequence[tuple[str, str]]) -> Page:
    """The page of a query string; with status 400 and a message when a parameter cannot be read."""
    error = None
    try:
        query = read_query(pairs, view.desk)
    except FilterError as wrong:
        error, query = wrong, read_query([], view.desk)
    state = view.desk.state()
    graph = _graph(state, query)
    found = _rings(state, query, graph)
    query = replace(query, circle=min(query.circle, len(found)))
    index = state.index
    edges = [
        EdgeLine(index.codes.words[edge.payer], index.codes.words[edge.paid], edge.type, dollars(edge.usd, view.tongue),
                 tuple(ids_of(index, edge.rows)))
        for edge in graph.edges[:_LISTED_EDGES]
    ]  # fmt: skip
    return Page("flow.html", {
        "query": query, "graph": graph, "svg": Markup(_svg(view, query, graph, found)),
        "circles": [(n, ring, [dollars(step.usd, view.tongue) for step in ring.steps], dollars(ring.usd, view.tongue))
                    for n, ring in enumerate(found, 1)],
        "edges": edges, "more_edges": len(graph.edges) - len(edges), "most": MOST,
        "sizes": sorted({*SIZES, query.most}), "usual": _USUAL,
        "legend": [(kind, color(kind)) for kind in sorted({edge.type for edge in graph.edges})],
        "types": [name for name, kind in view.desk.schema.kinds.items() if kind.moves_money],
        "statuses": [status for status in STATUSES if status != "held"],
        "error": error, "tab": "flow",
    }, 400 if error else 200)  # fmt: skip


def flow_svg(view: View, pairs: Sequence[tuple[str, str]]) -> str:
    """The drawing of a query string as a file; raises FilterError."""
    query = read_query(pairs, view.desk)
    state = view.desk.state()
    graph = _graph(state, query)
    found = _rings(state, query, graph)
    return _svg(view, replace(query, circle=min(query.circle, len(found))), graph, found, linked=False)


def flow_graphml(view: View, pairs: Sequence[tuple[str, str]]) -> bytes:
    """The graph of a query string as GraphML; raises FilterError."""
    query = read_query(pairs, view.desk)
    state = view.desk.state()
    return graphml(_graph(state, query), lambda rows: ids_of(state.index, rows))


def _graph(state: State, query: FlowQuery) -> Graph:
    return state.once(("graph", query.key), lambda: build(state.index, _passing(state, query), query.most))


def _passing(state: State, query: FlowQuery) -> Mask:
    """Rows of the filter. With a party asked for, the flows between its counterparties are shown too: they close circles."""
    index = state.index
    mask = index.passing(query.asked, state.night.seq)
    if not query.called_off and not query.asked.status:
        mask &= ~np.isin(index.column("status"), index.statuses.known(EXITS))
    if query.asked.party:
        _, payers, paids = index.flows(mask)
        near = np.zeros(len(index.codes.words), dtype=np.bool_)
        near[payers] = near[paids] = True
        wide = _passing(state, replace(query, asked=replace(query.asked, party="")))
        rows, payers, paids = index.flows(wide)
        mask[rows[near[payers] & near[paids]]] = True
    return mask


def _rings(state: State, query: FlowQuery, graph: Graph) -> list[Ring]:
    return state.once(("rings", query.key), lambda: rings(state.index, graph.edges))


def _svg(view: View, query: FlowQuery, graph: Graph, found: Sequence[Ring], linked: bool = True) -> str:
    shown = found[query.circle - 1 : query.circle] if query.circle else found
    lit = Lit(
        frozenset(code for ring in shown for code in ring.codes), frozenset(pair for ring in shown for pair in ring.pairs),
        bool(query.circle),
    )  # fmt: skip
    return draw(graph, view.tongue, lit, view.links.company if linked else lambda _: "")
