"""Who pays whom as a graph: the largest companies of a filter, their edges by type, a layout, and its SVG and GraphML."""

from __future__ import annotations

import io
import math
import random
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import igraph
import networkx as nx
import numpy as np
from numpy.typing import NDArray

from desk.colors import color
from desk.i18n import Tongue
from desk.index import Index, Ints, Mask
from desk.text import visible

MOST = 500
"""Companies of one graph"""
_LARGEST, _SMALLEST = 34.0, 5.0
"""Radius of a node, in units of the drawing"""
_ROOM = 120.0
"""Side of the square that a node gets of the drawing, on average"""
_ALL_NAMED = 12
"""In a graph of so few companies every one has its name"""
_DRAWN, _FEWEST_DRAWN = 2.5, 100
"""Edges a node that are drawn, on average, and how many always are"""
_LAYING_OUT = threading.Lock()
"""igraph has one source of chance for all threads"""
_COLUMN = 20.0
"""Width of a column when parts are packed"""
_FULL_SIZE = 1_500.0
"""A drawing wider than this is shown at its own size, to be scrolled: shrunk, its names could not be read"""
_FONT = "system-ui, 'Noto Sans', 'Noto Sans CJK TC', 'Noto Sans Arabic', sans-serif"

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Edge:
    """Money of one type from one company to another. `usd` is None when no amount is known; `rows` are its events."""

    payer: int
    paid: int
    type: str
    usd: Decimal | None
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A company: USD that it pays and is paid, as far as known, and where it is drawn."""

    code: int
    name: str
    paid: Decimal
    received: Decimal
    deals: int

    @property
    def usd(self) -> Decimal:
        """What moves through it."""
        return self.paid + self.received


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes, the largest first, and the edges between them. `companies` counts those of the filter, shown or not.

    `drawn` is how many of the edges, the largest first, are drawn: more lines than that nobody could follow.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    drawn: int
    companies: int
    points: Points
    """(x, y) of each node"""
    radii: tuple[float, ...]
    width: float
    height: float


def build(index: Index, passing: Mask, most: int) -> Graph:
    """The graph of the flows of these rows: the `most` companies through which the most USD moves."""
    rows, payers, paids = index.flows(passing)
    usd = np.nan_to_num(index.column("usd_f")[rows], nan=0.0)
    size = len(index.codes.words)
    weight = np.bincount(payers, usd, size) + np.bincount(paids, usd, size)
    deals = np.bincount(payers, minlength=size) + np.bincount(paids, minlength=size)
    companies = int((deals > 0).sum())
    ranked = np.lexsort((np.arange(size), -deals, -weight))[: min(most, companies)]
    member = np.zeros(size, dtype=np.bool_)
    member[ranked] = True
    keep = member[payers] & member[paids]
    edges = _edges(index, rows[keep], payers[keep], paids[keep])
    nodes = _nodes(index, ranked, edges)
    drawn = min(len(edges), max(_FEWEST_DRAWN, int(_DRAWN * len(nodes))))
    points, radii, width, height = _layout(nodes, edges[:drawn])
    return Graph(nodes, edges, drawn, companies, points, radii, width, height)


def _edges(index: Index, rows: Ints, payers: Ints, paids: Ints) -> tuple[Edge, ...]:
    groups: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    kinds = index.column("type")
    for row, payer, paid in zip(rows.tolist(), payers.tolist(), paids.tolist(), strict=True):
        groups[payer, paid, index.types.words[int(kinds[row])]].append(row)
    edges = []
    for (payer, paid, kind), members in groups.items():
        known = [usd for row in members if (usd := index.usd[row]) is not None]
        edges.append(Edge(payer, paid, kind, sum(known, Decimal(0)) if known else None, tuple(members)))
    return tuple(sorted(edges, key=lambda edge: (-(edge.usd or 0), edge.payer, edge.paid, edge.type)))


def _nodes(index: Index, ranked: Ints, edges: Sequence[Edge]) -> tuple[Node, ...]:
    paid: dict[int, Decimal] = defaultdict(Decimal)
    received: dict[int, Decimal] = defaultdict(Decimal)
    deals: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        paid[edge.payer] += edge.usd or 0
        received[edge.paid] += edge.usd or 0
        deals[edge.payer].update(edge.rows)
        deals[edge.paid].update(edge.rows)
    nodes = [
        Node(code, index.codes.words[code], paid[code], received[code], len(deals[code]))
        for code in ranked.tolist() if deals[code]
    ]  # fmt: skip
    return tuple(sorted(nodes, key=lambda node: (-node.usd, -node.deals, node.name)))


# --- layout --------------------------------------------------------------------------------------------------------------


def _layout(nodes: Sequence[Node], edges: Sequence[Edge]) -> tuple[Points, tuple[float, ...], float, float]:
    """Each connected part by the forces of Fruchterman and Reingold, the parts packed into rows, nodes moved off each other."""
    largest = max((float(node.usd) for node in nodes), default=0.0) or 1.0
    radii = tuple(_SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(float(node.usd) / largest) for node in nodes)
    if not nodes:
        return np.zeros((0, 2)), radii, 400.0, 200.0
    place = {node.code: n for n, node in enumerate(nodes)}
    pairs = sorted({(min(a, b), max(a, b)) for e in edges for a, b in [(place[e.payer], place[e.paid])]})
    graph = igraph.Graph(len(nodes), pairs)
    parts = sorted(graph.connected_components(), key=lambda part: (-len(part), part[0]))
    boxes = []
    for part in parts:
        points = _spread(graph.induced_subgraph(part), [radii[n] for n in part])
        low = points.min(axis=0) - _ROOM / 2
        boxes.append((part, points - low, points.max(axis=0) + _ROOM / 2 - low))
    return (*_pack(boxes, len(nodes), radii),)


def _spread(graph: igraph.Graph, radii: Sequence[float]) -> Points:
    """Places for one connected part, the same for the same graph."""
    count = graph.vcount()
    if count == 1:
        return np.zeros((1, 2))
    if count == 2:
        return np.array([[0.0, 0.0], [_ROOM, 0.0]])
    start = [[math.cos(6.2832 * n / count), math.sin(6.2832 * n / count)] for n in range(count)]
    with _LAYING_OUT:
        igraph.set_random_number_generator(random.Random(1))
        layout = graph.layout_fruchterman_reingold(niter=1500 if count < 200 else 600, seed=start, grid=False)
    points = np.array(layout.coords, dtype=np.float64)
    spread = np.ptp(points, axis=0).max() or 1.0
    room = _ROOM * math.sqrt(count) + 2 * sum(sorted(radii)[-5:])
    points *= room / spread
    points[:, 1] *= 0.8  # pages are wider than high, and labels too
    return _part(points, np.array(radii))


def _part(points: Points, radii: Points) -> Points:
    """Move nodes that overlap, or leave their label no line, off each other."""
    need = (radii[:, None] + radii[None, :]) + 34.0
    np.fill_diagonal(need, 0.0)
    for _ in range(60):
        delta = points[:, None, :] - points[None, :, :]
        distance = np.hypot(delta[..., 0], delta[..., 1])
        np.fill_diagonal(distance, 1.0)
        push = np.clip(need - distance, 0.0, None) / 2
        if not push.any():
            break
        way = np.where(distance[..., None] > 1e-6, delta / np.maximum(distance, 1e-6)[..., None], 0.7)
        points = points + (way * push[..., None]).sum(axis=1) * 0.6
    return points


def _pack(
    boxes: Sequence[tuple[list[int], Points, Points]], count: int, radii: tuple[float, ...]
) -> tuple[Points, tuple[float, ...], float, float]:
    """The parts beside and below each other, the largest first, each as high up as it fits (a skyline)."""
    area = sum(float(box[0] * box[1]) for _, _, box in boxes)
    width = max(math.sqrt(area * 1.7), *(float(box[0]) for _, _, box in boxes))
    points = np.zeros((count, 2))
    columns = np.zeros(max(1, math.ceil(width / _COLUMN)))
    for part, found, box in boxes:
        wide = min(len(columns), math.ceil(float(box[0]) / _COLUMN))
        tops = np.array([columns[n : n + wide].max() for n in range(len(columns) - wide + 1)])
        place = int(tops.argmin())
        points[part] = found + np.array([place * _COLUMN, tops[place]])
        columns[place : place + wide] = tops[place] + float(box[1])
    return points, radii, len(columns) * _COLUMN, float(columns.max())


# --- drawing -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lit:
    """What stands out: companies and pairs of companies of the circles, all of them or the one that was chosen."""

    nodes: frozenset[int] = frozenset()
    pairs: frozenset[tuple[int, int]] = frozenset()
    chosen: bool = False


def draw(graph: Graph, tongue: Tongue, lit: Lit, link: Callable[[str], str]) -> str:
    """The graph as SVG that stands on its own: no style, no script, no font of others."""
    pen = _Pen(graph, tongue, lit)
    kinds = sorted({edge.type for edge in graph.edges})
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {graph.width:.0f} {graph.height:.0f}" class="graph" role="group" '
        f'width="{"100%" if graph.width <= _FULL_SIZE else round(graph.width * 0.9)}" '
        f'font-family="{_FONT}" direction="ltr" aria-label={quoteattr(tongue.text("Who pays whom"))}>',
        "<defs>",
        *(
            f'<marker id="arrow-{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5 8 4 0 7.5z" fill="{color(kind)}"/></marker>'
            for kind in kinds
        ),
        "</defs>",
        f'<rect width="{graph.width:.0f}" height="{graph.height:.0f}" fill="#ffffff"/>',
    ]
    parts += [pen.edge(edge) for edge in graph.edges[: graph.drawn]]
    parts += [pen.node(n, link(graph.nodes[n].name)) for n in reversed(range(len(graph.nodes)))]  # the largest on top
    parts += [pen.label(label) for label in _labels(graph)]
    return "".join([*parts, "</svg>"])


class _Pen:
    """Draws the parts of one graph."""

    def __init__(self, graph: Graph, tongue: Tongue, lit: Lit) -> None:
        self.graph, self.tongue, self.lit = graph, tongue, lit
        self.place = {node.code: n for n, node in enumerate(graph.nodes)}
        self.top = max((float(edge.usd) for edge in graph.edges if edge.usd), default=1.0) or 1.0
        self.bends: dict[tuple[int, int], int] = defaultdict(int)

    def edge(self, edge: Edge) -> str:
        """An arrow; several between the same two companies lie side by side."""
        one, other = self.place[edge.payer], self.place[edge.paid]
        number = self.bends[edge.payer, edge.paid]
        self.bends[edge.payer, edge.paid] += 1
        (x1, y1), (x2, y2) = self.graph.points[one].tolist(), self.graph.points[other].tolist()
        length = math.hypot(x2 - x1, y2 - y1) or 1.0
        ux, uy = (x2 - x1) / length, (y2 - y1) / length
        bend = min(18.0 + 14.0 * number, length / 2.5)  # both ways and several types lie side by side
        mx, my = (x1 + x2) / 2 - uy * bend, (y1 + y2) / 2 + ux * bend
        start, end = _towards(x1, y1, mx, my, self.graph.radii[one]), _towards(x2, y2, mx, my, self.graph.radii[other] + 1.5)
        wide = 0.9 + 3.6 * math.sqrt(float(edge.usd) / self.top) if edge.usd else 0.9
        inside = (edge.payer, edge.paid) in self.lit.pairs
        faded = self.lit.chosen and not inside
        amount = f"{self.tongue.compact(edge.usd)} USD" if edge.usd else self.tongue.text("amount unknown")
        names = f"{self.graph.nodes[one].name} → {self.graph.nodes[other].name}"
        deals = self.tongue.count("%(num)s deal", "%(num)s deals", len(edge.rows))
        title = f"{names}: {self.tongue.text(edge.type)}, {amount}, {deals}"
        return (
            f'<path d="M{start[0]:.1f} {start[1]:.1f}Q{mx:.1f} {my:.1f} {end[0]:.1f} {end[1]:.1f}" fill="none" '
            f'stroke="{color(edge.type)}" stroke-width="{wide + (1.6 if inside else 0):.2f}" '
            f'stroke-opacity="{0.1 if faded else 0.95 if inside else 0.5}"'
            f'{"" if edge.usd else " stroke-dasharray=" + quoteattr("4 3")} marker-end="url(#arrow-{edge.type})" '
            f'data-from="{one}" data-to="{other}"><title>{escape(visible(title))}</title></path>'
        )

    def node(self, n: int, address: str) -> str:
        """A company, as a link where there is an address."""
        node = self.graph.nodes[n]
        x, y = self.graph.points[n].tolist()
        inside = node.code in self.lit.nodes
        tongue = self.tongue
        pays, is_paid = tongue.text("pays"), tongue.text("is paid")
        deals = tongue.count("%(num)s deal", "%(num)s deals", node.deals)
        sums = f"{pays} {tongue.compact(node.paid)} USD, {is_paid} {tongue.compact(node.received)} USD"
        title = f"{node.name}: {sums}, {deals}"
        shape = (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{self.graph.radii[n]:.1f}" fill="{"#fff3d6" if inside else "#e8edf4"}" '
            f'stroke="{"#b45309" if inside else "#44546a"}" stroke-width="{2.5 if inside else 1}" '
            f'opacity="{0.25 if self.lit.chosen and not inside else 1}" data-node="{n}">'
            f"<title>{escape(visible(title))}</title></circle>"
        )
        return f"<a href={quoteattr(address)} aria-label={quoteattr(visible(title))}>{shape}</a>" if address else shape

    def label(self, label: Label) -> str:
        """The name of a company."""
        node = self.graph.nodes[label.node]
        faded = self.lit.chosen and node.code not in self.lit.nodes
        return (
            f'<text x="{label.x:.1f}" y="{label.y:.1f}" font-size="{label.size:.1f}" text-anchor="middle" fill="#1d2530" '
            f'stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke" pointer-events="none" '
            f'opacity="{0.25 if faded else 1}" data-label="{label.node}">{escape(visible(_short(node.name)))}</text>'
        )


def _towards(x: float, y: float, tx: float, ty: float, distance: float) -> tuple[float, float]:
    length = math.hypot(tx - x, ty - y) or 1.0
    return x + (tx - x) / length * distance, y + (ty - y) / length * distance


@dataclass(frozen=True, slots=True)
class Label:
    """Where the name of a node stands: the middle of its base line, and the size of its letters."""

    node: int
    x: float
    y: float
    size: float


def _labels(graph: Graph) -> list[Label]:
    """The names that find room, those of the largest nodes first: in the circle where they fit, else under, over or beside it.

    None stands over another or on a circle that is not its own; in a small graph every node has its name all the same.
    """
    count = len(graph.nodes)
    radii = np.array(graph.radii).reshape(count, 1)
    taken = np.zeros((2 * count, 4))  # (left, top, right, bottom) of the circles, then of the names
    taken[:count] = np.hstack([graph.points - radii, graph.points + radii])
    found: list[Label] = []
    for n in range(count):
        radius, size = graph.radii[n], _letters(graph.radii[n])
        x, y = graph.points[n].tolist()
        half = _wide(_short(graph.nodes[n].name)) * size / 2
        if half < radius - 2:
            found.append(Label(n, x, y + size * 0.35, size))
            continue
        aside, middle = radius + 3 + half, y + size * 0.35
        places = [(x, y + radius + size), (x, y - radius - 4), (x + aside, middle), (x - aside, middle)]
        boxes = [(left - half, base - size, left + half, base + 0.2 * size) for left, base in places]
        others = np.delete(taken[: count + len(found)], n, axis=0)
        free = (number for number, box in enumerate(boxes) if not _meets(box, others))
        place = next(free, 0 if count <= _ALL_NAMED else None)
        if place is not None:
            taken[count + len(found)] = boxes[place]
            found.append(Label(n, *places[place], size))
    return found


def _meets(box: tuple[float, float, float, float], others: Points) -> bool:
    """Whether a box lies on any of others."""
    left, top, right, bottom = box
    clear = (others[:, 0] >= right) | (others[:, 2] <= left) | (others[:, 1] >= bottom) | (others[:, 3] <= top)
    return not bool(clear.all())


def _letters(radius: float) -> float:
    return 10.0 + 5.0 * (radius - _SMALLEST) / (_LARGEST - _SMALLEST)


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"


def _wide(text: str) -> float:
    """Width in units of the letter size: Chinese characters take a whole one."""
    return sum(1.0 if "\u2e80" <= char <= "\uffdc" else 0.56 for char in text)


# --- files ---------------------------------------------------------------------------------------------------------------


def graphml(graph: Graph, ids: Callable[[Sequence[int]], list[str]]) -> bytes:
    """The graph as GraphML: figures as exact decimals in strings, one edge a type."""
    made = nx.MultiDiGraph()
    for n, node in enumerate(graph.nodes):
        made.add_node(
            f"n{n}", name=_xml(node.name), paid_usd=f"{node.paid:f}", received_usd=f"{node.received:f}", deals=node.deals,
            x=round(float(graph.points[n][0]), 1), y=round(float(graph.points[n][1]), 1),
        )  # fmt: skip
    place = {node.code: f"n{n}" for n, node in enumerate(graph.nodes)}
    for edge in graph.edges:
        made.add_edge(
            place[edge.payer], place[edge.paid], type=edge.type, usd="" if edge.usd is None else f"{edge.usd:f}",
            deals=len(edge.rows), events=" ".join(ids(edge.rows)),
        )  # fmt: skip
    out = io.BytesIO()
    nx.write_graphml_xml(made, out)
    return out.getvalue()


def _xml(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
