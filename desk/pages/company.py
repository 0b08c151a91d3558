"""Companies: the list of them, and one with its names, deals over time, counterparties, totals and conflicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from corpus.entity_table import entities
from desk.filters import EventFilter
from desk.index import NONE, PAID, PAYS, Index, Ints, ids_of
from desk.pages import Page, View
from desk.plot import timeline
from desk.shown import Money, dollars, lines
from desk.text import script

PAGE = 60
"""Companies on a page of the list"""
_SHOWN = 40
_LONGEST = 200
"""Code points of a search that are looked at"""
_SCRIPTS = ("latin", "han", "arabic", "other")


@dataclass(frozen=True, slots=True)
class Counterparty:
    """Another company with what goes to and fro: USD as far as known, and the deals."""

    name: str
    paid: Money | None
    received: Money | None
    deals: int


@dataclass(frozen=True, slots=True)
class Total:
    """Deals of one type."""

    type: str
    deals: int
    paid: Money | None
    received: Money | None
    other: Money | None


def companies_page(view: View, said: str, number: int) -> Page:
    """Companies by how much money they move, a page of them; those called as said."""
    state, said = view.desk.state(), said[:_LONGEST]
    index = state.index
    ranked = state.once("companies", lambda: _ranked(index))
    if said:
        wanted = set(index.search(said).tolist())
        ranked = [one for one in ranked if one[0] in wanted]
    last = max(1, -(-len(ranked) // PAGE))
    number = min(max(1, number), last)
    shown = [
        (index.codes.words[code], index.names.kind(index.codes.words[code]), deals, dollars(usd or None, view.tongue))
        for code, deals, usd in ranked[(number - 1) * PAGE : number * PAGE]
    ]
    return Page("companies.html", {
        "rows": shown, "count": len(ranked), "said": said, "page": number, "pages": last, "tab": "companies",
        "page_address": lambda page: view.links.companies([*([("q", said)] if said else []), ("page", str(page))]),
    })  # fmt: skip


def _ranked(index: Index) -> list[tuple[int, int, Decimal]]:
    """(owner's name, deals, USD that moves through it), the largest first."""
    rows, owners = index.column("party_row"), index.column("owner")
    pairs = np.unique(owners * len(index.ids) + rows)  # each owner once an event
    owners, rows = np.divmod(pairs, max(1, len(index.ids)))
    alive = index.alive[rows]
    deals: dict[int, int] = defaultdict(int)
    usd: dict[int, Decimal] = defaultdict(Decimal)
    for owner, row in zip(owners[alive].tolist(), rows[alive].tolist(), strict=True):
        deals[owner] += 1
        if (value := index.usd[row]) is not None:
            usd[owner] += value
    return sorted(((owner, count, usd[owner]) for owner, count in deals.items()), key=lambda one: (-one[2], -one[1], one[0]))


def company_page(view: View, name: str) -> Page:
    """One company, the deals of its units included."""
    index = view.desk.index
    code = index.codes.numbers.get(name)
    rows = np.union1d(index.rows_of(code), index.rows_of(code, unit=True)) if code is not None else np.zeros(0, dtype=np.int64)
    rows = rows[index.alive[rows]]
    if code is None or not len(rows):
        return Page("error.html", {"message": view.tongue.text("There is no company of this name."), "what": name}, 404)
    order = np.argsort(-index.column("day")[rows], kind="stable")
    rows = rows[order]
    entity = entities().get(index.names.entity_id(name) or "")
    sides = _sides(index, code, rows)
    conflicts = rows[index.column("conflicts")[rows] > 0]
    store, kinds = view.desk.store, view.desk.schema.kinds
    return Page("company.html", {
        "name": name, "kind": index.names.kind(name), "entity": entity, "names": _names(view, name), "units": _units(index, code),
        "owner": entities()[entity.parent].name if entity and entity.parent else None,
        "count": len(rows), "lines": lines(store, ids_of(index, rows[:_SHOWN]), kinds, view.tongue), "shown": _SHOWN,
        "totals": _totals(view, index, rows, sides), "counterparties": _counterparties(view, index, rows, sides),
        "conflicts": lines(store, ids_of(index, conflicts[:_SHOWN]), kinds, view.tongue),
        "plot": timeline(_dated(index, rows), view.tongue), "asked": EventFilter(party=name), "tab": "companies",
    })  # fmt: skip


def _names(view: View, name: str) -> list[tuple[str, list[str]]]:
    """(script, names in it): those of the entity table and those printed in the articles."""
    index = view.desk.index
    entity = entities().get(index.names.entity_id(name) or "")
    every = dict.fromkeys((name, *(entity.spellings if entity else ()), *index.names.printed(name)))
    groups: dict[str, list[str]] = defaultdict(list)
    for one in every:
        groups[script(one)].append(one)
    return [(kind, groups[kind]) for kind in _SCRIPTS if groups[kind]]


def _units(index: Index, code: int) -> list[str]:
    """Participants whose owner it is."""
    party, owner = index.column("party"), index.column("owner")
    found = np.unique(party[(owner == code) & (party != code)])
    return sorted(index.codes.words[n] for n in found.tolist())


Sides = Sequence[tuple[bool, bool, Sequence[int]]]
"""Of one company in each of its rows: it pays, it is paid, the owners on the other side (everyone else where no money moves)"""


def _sides(index: Index, code: int, rows: Ints) -> Sides:
    found = []
    for parties in index.parties_of(rows):
        pays = paid = False
        others: dict[int, list[int]] = {PAYS: [], PAID: [], 0: []}
        for party, owner, side in parties:
            if code in (party, owner):
                pays, paid = pays or side == PAYS, paid or side == PAID
            elif owner not in others[side]:
                others[side].append(owner)
        far = [*(others[PAID] if pays else []), *(others[PAYS] if paid else []), *(others[0] if not pays and not paid else [])]
        found.append((pays, paid, far))
    return found


def _totals(view: View, index: Index, rows: Ints, sides: Sides) -> list[Total]:
    deals: dict[int, int] = defaultdict(int)
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    kinds = index.column("type")[rows].tolist()
    for row, kind, (pays, paid, _) in zip(rows.tolist(), kinds, sides, strict=True):
        deals[kind] += 1
        if (usd := index.usd[row]) is not None:
            sums[kind, PAYS if pays else PAID if paid else 0] += usd
    return [
        Total(index.types.words[kind], deals[kind], *(dollars(sums.get((kind, side)), view.tongue) for side in (PAYS, PAID, 0)))
        for kind in sorted(deals, key=lambda kind: (-deals[kind], index.types.words[kind]))
    ]


def _counterparties(view: View, index: Index, rows: Ints, sides: Sides) -> list[Counterparty]:
    deals: dict[int, int] = defaultdict(int)
    paid: dict[int, Decimal] = defaultdict(Decimal)
    received: dict[int, Decimal] = defaultdict(Decimal)
    for row, (pays, is_paid, far) in zip(rows.tolist(), sides, strict=True):
        usd = index.usd[row]
        for other in far:
            deals[other] += 1
            if usd is not None and (pays or is_paid):
                (paid if pays else received)[other] += usd
    ranked = sorted(deals, key=lambda one: (-(paid[one] + received[one]), -deals[one], index.codes.words[one]))

    def sums(one: int) -> tuple[Money | None, Money | None]:
        return dollars(paid[one] or None, view.tongue), dollars(received[one] or None, view.tongue)

    return [Counterparty(index.codes.words[one], *sums(one), deals[one]) for one in ranked[:_SHOWN]]


def _dated(index: Index, rows: Ints) -> Sequence[tuple[int, str, Decimal | None]]:
    """(day, type, USD) of the dated rows."""
    days, kinds = index.column("day")[rows].tolist(), index.column("type")[rows].tolist()
    return [
        (day, index.types.words[kind], index.usd[row])
        for row, day, kind in zip(rows.tolist(), days, kinds, strict=True) if day != NONE
    ]  # fmt: skip
