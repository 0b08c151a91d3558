"""The events of a store as columns in memory: which ones pass a filter, in which order, and who deals with whom.

A hundred thousand events are some megabytes of arrays, and any filter is a few passes over them. The records themselves stay
in the store and are read a page at a time. An index is never changed: a store that has changed gives a new one (`Index.updated`).
"""

from __future__ import annotations

import functools
import itertools
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.entity_table import entities
from desk.filters import EventFilter, day_after, first_day
from models.deal import DealKind
from models.desk_queries import CurrentEvent
from models.event import Conflict, EventAmount, Participant

NONE = -1
PAYS, PAID = 1, 2
"""Sides of a participant where money moves; 0 elsewhere"""
_TIED = 4
"""Participants of one side that are looked at for deals alike"""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Fold = Callable[[str], str]


class _Row(NamedTuple):
    """One event, flat. Days are proleptic ordinals; money is in units."""

    event_id: str
    type: str
    status: str
    currency: str
    day: int
    reported: int
    usd: Decimal | None
    hkd: Decimal | None
    original: Decimal | None
    confidence: float
    sources: tuple[str, ...]
    languages: tuple[str, ...]
    conflicts: int
    seq: int
    at: str
    parties: tuple[tuple[str, str, int], ...]
    """(canonical name, owner's name or "", side)"""


class Codes:
    """Words and their numbers, in the order of their first use. Only ever grows, so that several indexes may share one."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.numbers: dict[str, int] = {}

    def number(self, word: str) -> int:
        """The number of a word, a new one when it was never seen."""
        found = self.numbers.get(word)
        if found is None:
            found = self.numbers[word] = len(self.words)
            self.words.append(word)
        return found

    def known(self, words: Iterable[str]) -> Ints:
        """The numbers of those words that are known."""
        return np.array([self.numbers[word] for word in words if word in self.numbers], dtype=np.int64)


class Names:
    """Every name a participant goes by, folded, for searches in any script."""

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        self._printed: dict[str, set[str]] = {}
        self._folded: dict[str, set[str]] = {}
        self._kinds: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._aliases: dict[str, set[str]] | None = None
        self._lines: tuple[str, list[int], list[str]] = ("", [], [])

    def add(self, party: Participant) -> None:
        """Remember how a participant is called."""
        canonical = party.canonical
        seen = self._printed.setdefault(canonical, set())
        self._kinds.setdefault(canonical, party.kind)
        if party.entity_id:
            self._ids.setdefault(canonical, party.entity_id)
        for name in (canonical, *party.names):
            if name not in seen:
                seen.add(name)
                self._folded.setdefault(self._fold(name), set()).add(canonical)

    def printed(self, canonical: str) -> tuple[str, ...]:
        """The names in the articles, in the order of code points."""
        return tuple(sorted(self._printed.get(canonical, {canonical})))

    def kind(self, canonical: str) -> str:
        """company, person, …; other when it is not known."""
        return self._kinds.get(canonical, "other")

    def entity_id(self, canonical: str) -> str | None:
        """The id of its row in the entity table."""
        return self._ids.get(canonical)

    def search(self, said: str) -> set[str]:
        """Canonical names that are called so in any script, or contain what is said."""
        asked = self._fold(said)
        if not asked:
            return set()
        found = set(self._alias_table().get(asked, ()))
        text, starts, names = self._searched()
        at = text.find(asked)
        while at >= 0:
            number = bisect_right(starts, at)
            found |= self._folded[names[number - 1]]
            at = text.find(asked, starts[number]) if number < len(starts) else -1
        return found

    def _searched(self) -> tuple[str, list[int], list[str]]:
        """(every folded name, one a line; where each line begins; the names): to look through one text is the fastest."""
        if len(self._lines[2]) != len(self._folded):
            names = list(self._folded)
            starts = list(itertools.accumulate((len(name) + 1 for name in names), initial=0))[:-1]
            self._lines = "\n".join(names), starts, names
        return self._lines

    def prepare(self) -> None:
        """Fold the entity table now, and not when somebody first searches."""
        self._alias_table()

    def _alias_table(self) -> dict[str, set[str]]:
        """Canonical names of the entity table by each folded spelling, whether or not an article has printed it."""
        if self._aliases is None:
            table: dict[str, set[str]] = {}
            for entity in entities().values():
                for spelling in (*entity.spellings, *entity.tickers):
                    table.setdefault(self._fold(spelling), set()).add(entity.name)
            self._aliases = table
        return self._aliases


class Index:
    """Columns over the events of a store at row `seq` of its change feed. Rows of events that are gone stay, not `alive`."""

    def __init__(self, kinds: Mapping[str, DealKind], fold: Fold) -> None:
        self.kinds = kinds
        self.names = Names(fold)
        self.codes = Codes()
        self.types, self.statuses, self.currencies, self.sources, self.languages, self.moments = (Codes() for _ in range(6))
        self.ids: list[str] = []
        self.row_of: dict[str, int] = {}
        self.usd: list[Decimal | None] = []
        self.seq = 0
        self._columns: dict[str, NDArray[Any]] = {}
        self._orders: dict[str, Ints] = {}
        self._find = functools.lru_cache(maxsize=64)(self._find_rows)

    # --- filling ---------------------------------------------------------------------------------------------------------

    @classmethod
    def of(cls, events: Iterable[CurrentEvent], kinds: Mapping[str, DealKind], fold: Fold, seq: int) -> Index:
        """The index of these events."""
        index = cls(kinds, fold)
        index._append(events)
        index.seq = seq
        return index

    def updated(self, gone: Iterable[str], events: Iterable[CurrentEvent], seq: int) -> Index:
        """The index after a change: events of the ids in `gone` left out, `events` added. Names and codes are shared."""
        index = Index.__new__(Index)
        index.__dict__.update(self.__dict__)
        index.ids, index.usd, index.row_of = list(self.ids), list(self.usd), dict(self.row_of)
        index._columns, index._orders = dict(self._columns), {}
        index._find = functools.lru_cache(maxsize=64)(index._find_rows)
        alive = self.alive.copy()
        for event_id in gone:
            row = index.row_of.pop(event_id, None)
            if row is not None:
                alive[row] = False
        index._columns["alive"] = alive
        index._append(events)
        index.seq = seq
        return index

    def _append(self, events: Iterable[CurrentEvent]) -> None:
        first = len(self.ids)
        scalars: dict[str, array[Any]] = {name: array("d" if name in _FLOATS else "q") for name in (
            "type", "status", "currency", "day", "reported", "confidence", "n_sources", "conflicts", "seq", "usd_f", "hkd_f",
            "original_f", "at", "alive",
        )}  # fmt: skip
        pairs: dict[str, array[int]] = {name: array("q") for name in (
            "party_row", "party", "owner", "side", "source_row", "source", "language_row", "language",
            "flow_row", "payer", "paid", "tie_row", "tie_left", "tie_right",
        )}  # fmt: skip
        for number, event in enumerate(events, first):
            row = self._flat(event)
            self.ids.append(row.event_id)
            self.row_of[row.event_id] = number
            self.usd.append(row.usd)
            for name, value in (
                ("type", self.types.number(row.type)), ("status", self.statuses.number(row.status)),
                ("currency", self.currencies.number(row.currency)), ("day", row.day), ("reported", row.reported),
                ("confidence", row.confidence), ("n_sources", len(row.sources)), ("conflicts", row.conflicts), ("seq", row.seq),
                ("usd_f", _float(row.usd)), ("hkd_f", _float(row.hkd)), ("original_f", _float(row.original)),
                ("at", self.moments.number(row.at)), ("alive", True),
            ):  # fmt: skip
                scalars[name].append(value)
            sides: dict[int, list[int]] = {PAYS: [], PAID: []}
            people = [(self.codes.number(name), self.codes.number(owner or name)) for name, owner, _ in row.parties]
            for (code, above), (_, _, side) in zip(people, row.parties, strict=True):
                for name, value in (("party_row", number), ("party", code), ("owner", above), ("side", side)):
                    pairs[name].append(value)
                if side:
                    sides[side].append(above)
            for payer, paid in dict.fromkeys((payer, paid) for payer in sides[PAYS] for paid in sides[PAID] if payer != paid):
                for name, value in (("flow_row", number), ("payer", payer), ("paid", paid)):
                    pairs[name].append(value)
            for left, right in _ties(sides, [above for _, above in people]):
                for name, value in (("tie_row", number), ("tie_left", left), ("tie_right", right)):
                    pairs[name].append(value)
            for name, words, table in (("source", row.sources, self.sources), ("language", row.languages, self.languages)):
                for word in words:
                    pairs[f"{name}_row"].append(number)
                    pairs[name].append(table.number(word))
        for name, values in (*scalars.items(), *pairs.items()):
            new: NDArray[Any] = np.array(values, dtype=np.bool_ if name == "alive" else None)
            old = self._columns.get(name)
            self._columns[name] = new if old is None else np.concatenate([old, new])

    def _flat(self, event: CurrentEvent) -> _Row:
        told = event.outline
        amount = told.amount
        kind = self.kinds.get(told.type)
        parties = []
        for role, found in told.roles.items():
            place = kind.roles.index(role) if kind and role in kind.roles else 2
            side = (PAYS, PAID, 0)[min(place, 2)] if kind and kind.moves_money else 0
            for party in found:
                self.names.add(party)
                parties.append((party.canonical, party.parent or "", side))
        reported = (told.last_published or "")[:10]
        first = (told.first_published or "")[:10]
        return _Row(
            told.id, told.type, told.status, (amount.currency if amount else None) or "",
            _ordinal(told.date_start or first), _ordinal(reported),
            _sum(amount, "usd", "usd_low", "usd_high"), _sum(amount, "hkd", "hkd_low", "hkd_high"),
            _sum(amount, "value", "low", "high"), float(told.confidence), told.sources, told.languages,
            sum(map(_open_conflict, told.conflicts)), event.seq, event.at, tuple(parties),
        )  # fmt: skip

    # --- columns ---------------------------------------------------------------------------------------------------------

    def column(self, name: str) -> NDArray[Any]:
        """One column; those of participants, sources, languages and flows have their own rows (`party_row`, …)."""
        return self._columns[name]

    @property
    def alive(self) -> Mask:
        """Which rows are events."""
        found: Mask = self._columns["alive"]
        return found

    def __len__(self) -> int:
        return int(self.alive.sum())

    # --- finding ---------------------------------------------------------------------------------------------------------

    def find(self, asked: EventFilter, night: int = 0) -> Ints:
        """The rows that pass, in the order asked for, of all pages. `night` is the first change of the last night."""
        return self._find(asked.on_page(1), night)

    def _find_rows(self, asked: EventFilter, night: int) -> Ints:
        order = self._order(asked.sort, asked.unit)
        found: Ints = order[self.passing(asked, night)[order]]
        return found

    def _order(self, sort: str, unit: str) -> Ints:
        """All rows in an order; what is unknown comes last, either way."""
        name = {
            "date": "day", "reported": "reported", "amount": _MONEY[unit], "confidence": "confidence", "sources": "n_sources",
            "changed": "seq",
        }[sort.lstrip("-")]  # fmt: skip
        sign = "-" if sort.startswith("-") else ""
        found = self._orders.get(sign + name)
        if found is None:
            key = self.column(name).astype(np.float64)
            unknown = np.isnan(key) | (key == NONE)
            found = np.argsort(np.where(unknown, np.inf, -key if sign else key), kind="stable")
            self._orders[sign + name] = found
        return found

    def passing(self, asked: EventFilter, night: int = 0) -> Mask:
        """Which rows pass."""
        mask = self.alive.copy()
        for name, words, table in (("type", asked.type, self.types), ("status", asked.status, self.statuses)):
            if words:
                mask &= np.isin(self.column(name), table.known(words))
        if asked.currency:
            mask &= np.isin(self.column("currency"), self.currencies.known([asked.currency]))
        money = self.column(_MONEY[asked.unit])
        if asked.least is not None:
            mask &= money >= float(asked.least)
        if asked.most is not None:
            mask &= money <= float(asked.most)
        day = self.column("day")
        if asked.after:
            mask &= day >= first_day(asked.after).toordinal()
        if asked.before:
            mask &= (day < day_after(asked.before).toordinal()) & (day != NONE)
        for name, word, table in (("source", asked.source, self.sources), ("language", asked.language, self.languages)):
            if word:
                mask &= self._having(name, table.known([word]))
        if asked.changed:
            mask &= self._changed_since(asked.changed, night)
        if asked.conflicts:
            mask &= self.column("conflicts") > 0
        if asked.party:
            mask &= self.with_parties(self.search(asked.party))
            exact = self.row_of.get(asked.party)
            if exact is not None:
                mask[exact] = True
        return mask

    def _having(self, name: str, codes: Ints) -> Mask:
        mask = np.zeros(len(self.ids), dtype=np.bool_)
        mask[self.column(f"{name}_row")[np.isin(self.column(name), codes)]] = True
        return mask

    def _changed_since(self, said: str, night: int) -> Mask:
        if said == "last-night":
            return np.asarray(self.column("seq") >= max(night, 1))
        since = np.array([moment >= said for moment in self.moments.words], dtype=np.bool_)
        found: Mask = since[self.column("at")]
        return found

    def search(self, said: str) -> Ints:
        """The codes of the names that are called so."""
        return self.codes.known(sorted(self.names.search(said)))

    def with_parties(self, codes: Ints) -> Mask:
        """Which rows have a participant, or the owner of one, among these."""
        member = np.zeros(len(self.codes.words), dtype=np.bool_)
        member[codes] = True
        mask = np.zeros(len(self.ids), dtype=np.bool_)
        mask[self.column("party_row")[member[self.column("party")] | member[self.column("owner")]]] = True
        return mask

    # --- counting --------------------------------------------------------------------------------------------------------

    def totals(self, rows: Ints) -> Decimal:
        """The USD of these rows together, as far as it is known."""
        return sum((usd for row in rows.tolist() if (usd := self.usd[row]) is not None), Decimal(0))

    def by_word(self, name: str, rows: Ints) -> list[tuple[str, int]]:
        """(type, status or currency, how many of `rows` have it), the most frequent first."""
        table = {"type": self.types, "status": self.statuses, "currency": self.currencies}[name]
        counts = np.bincount(self.column(name)[rows], minlength=len(table.words))
        return sorted(
            ((word, int(counts[n])) for n, word in enumerate(table.words) if word and counts[n]), key=lambda x: (-x[1], x[0])
        )

    def flows(self, passing: Mask) -> tuple[Ints, Ints, Ints]:
        """(row, payer, paid) of the money flows of these rows."""
        keep = passing[self.column("flow_row")]
        return self.column("flow_row")[keep], self.column("payer")[keep], self.column("paid")[keep]

    def parties_of(self, rows: Ints) -> list[list[tuple[int, int, int]]]:
        """(name, owner, side) of the participants of each of these rows."""
        column = self.column("party_row")
        first, last = np.searchsorted(column, rows), np.searchsorted(column, rows, side="right")
        counts = last - first
        places = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        found = zip(*(self.column(name)[places].tolist() for name in ("party", "owner", "side")), strict=True)
        return [list(itertools.islice(found, count)) for count in counts.tolist()]

    def rows_of(self, code: int, unit: bool = False) -> Ints:
        """The rows that a name takes part in as an owner, which everyone without one is of itself; with `unit` by itself."""
        name = "party" if unit else "owner"
        column = self.column(name)
        order = self._orders.get(name)
        if order is None:
            order = self._orders[name] = np.argsort(column, kind="stable")
        first, last = (int(np.searchsorted(column, code, side=side, sorter=order)) for side in ("left", "right"))
        found: Ints = np.unique(self.column("party_row")[order[first:last]])
        return found


_FLOATS = frozenset({"confidence", "usd_f", "hkd_f", "original_f"})
_MONEY = {"usd": "usd_f", "hkd": "hkd_f", "original": "original_f"}


def _open_conflict(found: Conflict) -> bool:
    """Whether no reviewer has set the value: one that is set has no source."""
    return not any(value.best and not value.sources for value in found.values)


def _ties(sides: Mapping[int, Sequence[int]], owners: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Who is in a deal with whom, to find deals alike: payer and paid, else each two, one alone with itself."""
    if sides[PAYS] and sides[PAID]:
        yield from dict.fromkeys((payer, paid) for payer in sides[PAYS][:_TIED] for paid in sides[PAID][:_TIED])
        return
    several = sorted(set(owners[:_TIED]))
    yield from itertools.combinations(several, 2) if len(several) > 1 else ((one, one) for one in several)


def _ordinal(day: str) -> int:
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return NONE


def _sum(amount: EventAmount | None, *names: str) -> Decimal | None:
    """The first of these figures that is told: the value, else a bound."""
    return next((figure for name in names if (figure := getattr(amount, name, None)) is not None), None)


def _float(value: Decimal | None) -> float:
    """For order and comparison only: sums are made of the exact figures."""
    return float("nan") if value is None else float(value)


def ids_of(index: Index, rows: Sequence[int] | Ints) -> list[str]:
    """The event ids of rows."""
    return [index.ids[row] for row in (rows.tolist() if isinstance(rows, np.ndarray) else rows)]
