"""What a merge writes down of events: their versions, what is shown of them, redirects and the change feed."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, select, update

from models.codec import Json
from models.deal import DealSchema
from models.engine import append, batches, insert, lookup
from models.ids import compact, content_id
from models.schema import change_log, event_conflict, event_number, event_party, event_redirect, event_version, meta

_OPEN = "open_events"
"""Row of `meta` that counts the current events: a merge of one claim must not count a million rows"""


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """Events by what the merge did to them. `merged` went into another one, which keeps their id as a redirect."""

    added: int = 0
    changed: int = 0
    merged: int = 0
    removed: int = 0
    split: int = 0
    unchanged: int = 0
    refused: int = 0
    """Joins that a decision asked for and another one forbids"""

    @property
    def touched(self) -> int:
        """0 when the merge changed nothing."""
        return self.added + self.changed + self.merged + self.removed + self.split


class Told(NamedTuple):
    """An event as it is told now. `digest` is of `payload`, its JSON, and of the claims in it."""

    event_id: str
    payload: str
    digest: str
    cause: str
    before: Mapping[str, int]
    """The events that its claims were in before, and how many of them"""


def event_digest(payload: str, claim_ids: Iterable[str]) -> str:
    """Changes with what an event says and with the claims that say it."""
    return content_id(hashlib.blake2b(payload.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(), *claim_ids)


class _Known(NamedTuple):
    """The latest version of an event; `digest` is None when it is no more."""

    number: int
    version: int
    digest: str | None


class Note(NamedTuple):
    """A row of the change feed, but for when and in which run. `diff` is JSON."""

    event_id: str
    op: str
    other_id: str | None
    version: int
    cause: str
    diff: str


class Entries(NamedTuple):
    """What is new of events: rows of `event_version`, `event_party` and `event_conflict`, and events whose rows end.

    Rows have the id of their event where the tables have its number; `known` are the numbers of those that have one.
    """

    known: dict[str, int]
    versions: list[tuple[Any, ...]]
    parties: list[tuple[Any, ...]]
    conflicts: list[tuple[Any, ...]]
    closed: list[str]
    notes: list[Note]


@dataclass(frozen=True, slots=True)
class Drafts:
    """Events as they are told now, compared with those that a store has. `sizes` says how many claims an event of before has."""

    connection: Connection
    run_id: str
    at: str
    schema: DealSchema
    sizes: Callable[[str], int]

    def of(self, told: Sequence[Told]) -> Entries:
        """What is to be kept of these events."""
        known = latest(self.connection, [one.event_id for one in told])
        fresh = [one for one in told if one.event_id not in known or known[one.event_id].digest != one.digest]
        changed = [one.event_id for one in fresh if one.event_id in known and known[one.event_id].digest is not None]
        payloads = _payloads(self.connection, [known[event_id].number for event_id in changed])
        entries = Entries({event_id: one.number for event_id, one in known.items()}, [], [], [], changed, [])
        for one in fresh:
            event: Json = msgspec.json.decode(one.payload)
            before = known.get(one.event_id)
            version = before.version + 1 if before else 1
            if before and before.digest is not None:
                diff = _diff(msgspec.json.decode(payloads[before.number]), event)
                entries.notes.append(Note(one.event_id, "MOD", None, version, one.cause, compact(diff)))
            else:
                others = (old for old, claims in one.before.items() if old != one.event_id and self.sizes(old) > claims)
                other = min(others, default=None)
                entries.notes.append(Note(one.event_id, "SPLIT" if other else "ADD", other, version, one.cause, "{}"))
            entries.versions.append(self._version(event, version, one))
            entries.parties.extend(_party_rows(event, self.schema))
            entries.conflicts.extend(_conflict_rows(event))
        return entries

    def _version(self, event: Json, version: int, told: Told) -> tuple[Any, ...]:
        amount = event["amount"] or {}
        usd = amount.get("usd") or amount.get("usd_low") or amount.get("usd_high")
        return (
            told.event_id, version, self.at, None, self.run_id, told.digest, event["type"], event["family"], event["status"],
            event["date"], event["first_published"], event["last_published"], usd, event["n_sources"], event["n_origins"],
            float(event["confidence"]), told.payload,
        )  # fmt: skip


class Ledger:
    """The events of a store on their way through one merge."""

    def __init__(self, connection: Connection, run_id: str, at: str) -> None:
        self.counts: Counter[str] = Counter()
        self.numbers: dict[str, int] = {}
        """Of events by id, as far as entries told of them"""
        self._connection = connection
        self._run_id = run_id
        self._at = at
        self._log: list[Note] = []
        self._heirs: dict[str, Counter[str]] = defaultdict(Counter)
        self._kept = connection.execute(select(meta.c.value).where(meta.c.name == _OPEN)).scalar()
        self._current = int(self._kept) if self._kept is not None else self._count()

    def follow(self, event_id: str, before: Mapping[str, int]) -> None:
        """Note that claims of events of `before` are now in `event_id`."""
        for old, claims in before.items():
            if old != event_id:
                self._heirs[old][event_id] += claims

    def keep(self, entries: Entries) -> None:
        """Write down what is new of events."""
        self.numbers.update(entries.known)
        self._number([event_id for event_id, *_ in entries.versions if event_id not in self.numbers])
        self._close([self.numbers[event_id] for event_id in entries.closed])
        for table, rows in (
            (event_version, entries.versions), (event_party, entries.parties), (event_conflict, entries.conflicts),
        ):  # fmt: skip
            append(self._connection, table, ((self.numbers[event_id], *row) for event_id, *row in rows))
        for note in entries.notes:
            self._note(note)

    def retire(self, ids: Sequence[str], cause: str) -> None:
        """Close events that are no more; those whose claims live on leave a redirect."""
        known = latest(self._connection, ids)
        self._close([one.number for one in known.values()])
        redirects = []
        for old in ids:
            version = known[old].version
            heirs = self._heirs.get(old)
            if heirs:
                heir = min(heirs, key=lambda event_id: (-heirs[event_id], event_id))
                redirects.append({"old_id": old, "new_id": heir, "run_id": self._run_id})
                self._note(Note(old, "MERGE", heir, version, cause, "{}"))
            else:
                self._note(Note(old, "DEL", None, version, cause, "{}"))
        moved = [{"old": row["old_id"], "heir": row["new_id"]} for row in redirects]
        follow = update(event_redirect).where(event_redirect.c.new_id == bindparam("old")).values(new_id=bindparam("heir"))
        for batch in batches(moved):
            self._connection.execute(follow, batch)
        insert(self._connection, event_redirect, redirects, known="replace")

    def finish(self) -> MergeCounts:
        """Write the change feed, in an order that no batch changes."""
        last = self._connection.execute(select(func.coalesce(func.max(change_log.c.seq), 0))).scalar_one()
        ordered = enumerate(sorted(self._log, key=lambda note: (note.event_id, note.op)), int(last) + 1)
        append(self._connection, change_log, (
            (number, self._run_id, self._at, note.op, note.event_id, note.other_id, note.version, note.cause, note.diff)
            for number, note in ordered
        ))  # fmt: skip
        counts = self.counts
        current = self._current + counts["added"] + counts["split"] - counts["merged"] - counts["removed"]
        if str(current) != self._kept:
            insert(self._connection, meta, [{"name": _OPEN, "value": str(current)}], known="replace")
        return MergeCounts(**counts, unchanged=current - counts["added"] - counts["changed"] - counts["split"])

    def _count(self) -> int:
        query = select(func.count()).select_from(event_version).where(event_version.c.known_to.is_(None))
        return int(self._connection.execute(query).scalar_one())

    def _note(self, note: Note) -> None:
        self.counts[{"ADD": "added", "MOD": "changed", "SPLIT": "split", "MERGE": "merged", "DEL": "removed"}[note.op]] += 1
        self._log.append(note)

    def _number(self, new: Sequence[str]) -> None:
        """Give the next numbers to events that never were before."""
        last = self._connection.execute(select(func.coalesce(func.max(event_number.c.number), 0))).scalar_one()
        numbers = dict(zip(new, count(int(last) + 1)))
        append(self._connection, event_number, ((number, event_id) for event_id, number in numbers.items()))
        self.numbers.update(numbers)

    def _close(self, numbers: Sequence[int]) -> None:
        for batch in batches(sorted(numbers)):
            e = event_version.c
            self._connection.execute(
                update(event_version).where(e.event.in_(batch), e.known_to.is_(None)).values(known_to=self._at)
            )
            self._connection.execute(delete(event_party).where(event_party.c.event.in_(batch)))
            self._connection.execute(delete(event_conflict).where(event_conflict.c.event.in_(batch)))


def latest(connection: Connection, ids: Sequence[str]) -> dict[str, _Known]:
    """The latest version of events."""
    found: dict[str, _Known] = {}
    e, k = event_version.c, event_number.c
    query = select(k.event_id, k.number, e.version, e.content_hash, e.known_to).join(event_version, e.event == k.number)
    for event_id, number, version, digest, known_to in lookup(connection, query, k.event_id, ids):
        if event_id not in found or found[event_id].version < version:
            found[event_id] = _Known(number, version, digest if known_to is None else None)
    return found


def _payloads(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """What current events say."""
    e = event_version.c
    query = select(e.event, e.payload).where(e.known_to.is_(None))
    return {number: payload for number, payload in lookup(connection, query, e.event, numbers)}  # noqa: C416


def _diff(old: Json, new: Json) -> Json:
    """{property: [old, new]} of what differs, without the id and what only ranks or dates the rest."""
    names = sorted((old.keys() | new.keys()) - {"id", "alternatives", "status_history"})
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}


def _party_rows(event: Json, schema: DealSchema) -> Iterator[tuple[Any, ...]]:
    kind = schema.kinds.get(event["type"])
    order = kind.roles if kind else ()
    for role, parties in event["roles"].items():
        place = order.index(role) if role in order else len(order)
        side = ("pays", "paid")[place] if kind and kind.moves_money and place < 2 else ""
        for n, party in enumerate(parties):
            yield (
                event["id"], role, n, place, side, party["canonical"], party["entity_id"], party["parent"], party["kind"],
                party["support"], party["corroborated"], compact(party["names"]),
            )  # fmt: skip


def _conflict_rows(event: Json) -> Iterator[tuple[Any, ...]]:
    for found in event["conflicts"]:
        for n, value in enumerate(found["values"]):
            sources = compact(value["sources"])
            yield event["id"], found["property"], n, value["value"], value["support"], sources, value["best"], value["reason"]
