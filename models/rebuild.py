"""Everything anew: all open claims in, all events out, by types of deals, in this process or in several.

Claims of different types are never compared, and only a decision joins them: types are units that know nothing of each other,
so that one needs the memory of its own claims only, and several are worked on at once. The answer is that of `models.clustering`
on all claims.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import signal
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from typing import NamedTuple, Self

import msgspec
from sqlalchemy import Connection, Table, delete, func, select

from models.blocking import Numbers, held, meeting
from models.clustering import Refusal, cluster
from models.deal import DealSchema, Profile
from models.decisions import Verdicts
from models.engine import append, batches, lookup
from models.errors import StoreError
from models.facts import read_facts
from models.ids import compact, content_id
from models.ledger import Ledger, MergeCounts, Told, event_digest
from models.merge import profile_text, told_by
from models.schema import block, claim, claim_node, dirty, event_redirect, event_version, merge_conflict, signature

_CHUNK = 2000
"""Claims or events of one message"""
_AHEAD = 16
"""Messages that wait for the process that writes"""
_BLOCK_ROWS = 50_000
"""Of one statement"""

Row = tuple[str, str, str | None]
"""Claim id, facts as text, and the event that the claim is in"""


class _TypeOfFacts(msgspec.Struct, array_like=True):
    """The beginning of `models.facts.Facts` as the store keeps it."""

    claim_key: str
    doc_id: str
    source: str
    origin: str
    language: str | None
    published: str | None
    type: str


_read_type = msgspec.json.Decoder(_TypeOfFacts).decode


class Rows(NamedTuple):
    """Rows of a derived table, in the order of its columns and keys."""

    table: str
    rows: Sequence[tuple[str, ...]]


class Blocks(NamedTuple):
    """Rows of `block`: keys in order, each with the place in `sig_ids` of the signature that has it."""

    keys: Numbers
    places: Numbers
    sig_ids: list[str]


class Events(NamedTuple):
    """Events of a unit: `same` as they were known, `told` otherwise; and those whose claims were in others before."""

    same: list[str]
    told: list[Told]
    moved: list[tuple[str, dict[str, int]]]


Message = Rows | Blocks | Events


@dataclass(frozen=True, slots=True)
class Task:
    """What a unit needs beside its claims."""

    schema: DealSchema
    verdicts: Verdicts
    fx_policy: str
    cause: str


class Unit:
    """Types of deals that are worked on together. `known` says the digest of events as they are."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.rows: list[Row] = []
        self.known: dict[str, str] = {}

    def work(self) -> Iterator[Message]:
        """What to keep of the claims, in parts. The unit is empty afterwards."""
        task, matcher = self.task, self.task.schema.matcher
        marked = task.verdicts.marked
        places: dict[str, int] = {}
        holders: list[list[int]] = []
        profiles: list[Profile] = []
        for number, (claim_id, text, _) in enumerate(self.rows):
            facts = read_facts(claim_id, text)
            profile = matcher.profile(facts, facts.claim_key if facts.claim_key in marked else "")
            place = places.setdefault(profile_text(profile), len(holders))
            if place == len(holders):
                holders.append([])
                profiles.append(profile)
            holders[place].append(number)
        texts = {content_id(text): (text, place) for text, place in places.items()}
        del places
        ids = sorted(texts)
        ordered = [profiles[texts[sig_id][1]] for sig_id in ids]
        keys = [matcher.keys(profile) for profile in ordered]
        had = held(keys)
        yield Blocks(*had, ids)
        found_profiles = dict(zip(ids, ordered, strict=True))
        by_mark = {profile.mark: sig_id for sig_id, profile in found_profiles.items() if profile.mark}
        same = [(by_mark[a], by_mark[b]) for a, b in task.verdicts.same if a in by_mark and b in by_mark]
        different = [(by_mark[a], by_mark[b]) for a, b in task.verdicts.different if a in by_mark and b in by_mark]
        found = cluster(found_profiles, matcher, same, different, pairs=meeting(keys, had))
        yield Rows("merge_conflict", _conflicts(found.refused, found_profiles))
        del keys, had, ordered, profiles, found_profiles
        signatures = ((sig_id, found.component[sig_id], texts[sig_id][0]) for sig_id in ids)
        yield from (Rows("signature", batch) for batch in batches(signatures, _CHUNK))
        nodes: list[tuple[str, str, str]] = []
        for groups in batches(found.groups, _CHUNK):
            members = [[(number, sig_id) for sig_id in group for number in holders[texts[sig_id][1]]] for group in groups]
            yield self._events(members, nodes)
        nodes.sort()
        yield from (Rows("claim_node", batch) for batch in batches(nodes, _CHUNK))
        self.rows, self.known = [], {}

    def _events(self, groups: Sequence[Sequence[tuple[int, str]]], nodes: list[tuple[str, str, str]]) -> Events:
        task, rows = self.task, self.rows
        events = Events([], [], [])
        for group in groups:
            claim_ids = sorted([rows[number][0] for number, _ in group])
            facts = [read_facts(*rows[number][:2]) for number, _ in group]
            event_id, payload = told_by(facts, task.schema, task.verdicts, task.fx_policy)
            digest = event_digest(payload, claim_ids)
            nodes += [(rows[number][0], sig_id, event_id) for number, sig_id in group]
            before = Counter([old for number, _ in group if (old := rows[number][2]) is not None])
            if self.known.get(event_id) == digest:
                events.same.append(event_id)
            else:
                events.told.append(Told(event_id, payload, digest, task.cause, dict(before)))
            if before.keys() - {event_id}:
                events.moved.append((event_id, dict(before)))
        return events


def _conflicts(refused: Iterable[Refusal], profiles: Mapping[str, Profile]) -> list[tuple[str, ...]]:
    rows = {}
    for left, right, path in refused:
        pair = tuple(sorted((profiles[left].mark, profiles[right].mark)))
        rows[pair] = (*pair, compact([profiles[one].mark for one in path]))
    return list(rows.values())


def rebuild(connection: Connection, run_id: str, at: str, task: Task, workers: int) -> MergeCounts:
    """Derive everything from the open claims, with `workers` processes beside this one (0 or 1: none)."""
    n = claim_node.c
    sizes = {event_id: count for event_id, count in connection.execute(select(n.event_id, func.count()).group_by(n.event_id))}  # noqa: C416
    ledger = Ledger(connection, run_id, at, task.schema, sizes.__getitem__)
    with ExitStack() as stack:
        hands: list[_Own | _Hand] = [stack.enter_context(_Hand(task)) for _ in range(workers if workers > 1 else 0)]
        hands = hands or [_Own(task)]
        _hand_out(connection, task, hands)
        for table in (claim_node, signature, block, merge_conflict, dirty):
            connection.execute(delete(table))
        gone = set(sizes)
        with _without_indexes(connection, claim_node, signature):
            for message in _messages(hands):
                _keep(connection, ledger, gone, message)
    ledger.retire(sorted(gone), task.cause)
    current = select(event_version.c.event_id).where(event_version.c.known_to.is_(None))
    connection.execute(delete(event_redirect).where(event_redirect.c.old_id.in_(current)))
    return ledger.finish()


class _Own:
    """Units of this process."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.units: dict[str, Unit] = {}

    def take(self, unit: str, rows: list[Row], known: Mapping[str, str]) -> None:
        """More claims of a unit, or digests of its events."""
        own = self.units.get(unit) or self.units.setdefault(unit, Unit(self.task))
        own.rows += rows
        own.known.update(known)

    def messages(self) -> Iterator[Message]:
        """What to keep of one unit after the other."""
        for unit in sorted(self.units):
            yield from self.units.pop(unit).work()


class _Hand:
    """Units of another process. A context manager: leaving it ends the process."""

    def __init__(self, task: Task) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self._theirs = theirs
        self._process = spawn.Process(target=_serve, args=(theirs, task), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        self._theirs.close()  # so that the pipe ends when the process does
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()

    def take(self, unit: str, rows: list[Row], known: Mapping[str, str]) -> None:
        """As `_Own.take`."""
        self.pipe.send((unit, rows, known))


def _serve(pipe: Pipe, task: Task) -> None:
    """A process of `_Hand`: takes all its claims, then answers. It leaves Ctrl-C to its parent, and ends when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    own = _Own(task)
    waiting: queue.Queue[Message | None] = queue.Queue(_AHEAD)
    with suppress(EOFError, BrokenPipeError):
        while (taken := pipe.recv()) is not None:
            own.take(*taken)
        sender = threading.Thread(target=_send, args=(pipe, waiting), daemon=True)
        sender.start()
        for message in own.messages():
            waiting.put(message)
        waiting.put(None)
        sender.join()


def _send(pipe: Pipe, waiting: queue.Queue[Message | None]) -> None:
    """What is ready goes out while the next is worked on."""
    try:
        while (message := waiting.get()) is not None:
            pipe.send(message)
        pipe.send(None)
    except BrokenPipeError:  # the parent is gone
        os._exit(1)


def _hand_out(connection: Connection, task: Task, hands: Sequence[_Own | _Hand]) -> None:
    """Every open claim and every event as it stands to the process that works on its type."""
    units = _units(connection, task)
    e, n = event_version.c, claim_node.c
    load = Counter({id(hand): 0 for hand in hands})
    hand_of: dict[str, _Own | _Hand] = {}

    def hand(unit: str, size: int = 1) -> _Own | _Hand:
        if unit not in hand_of:
            hand_of[unit] = min(hands, key=lambda one: load[id(one)])
            load[id(hand_of[unit])] += size
        return hand_of[unit]

    expected: Counter[str] = Counter()
    for kind, count in connection.execute(select(e.type, func.count()).where(e.known_to.is_(None)).group_by(e.type)):
        expected[units.get(kind, kind)] += count
    for unit, count in sorted(expected.items(), key=lambda item: (-item[1], item[0])):
        hand(unit, count)
    events = select(e.type, e.event_id, e.content_hash).where(e.known_to.is_(None)).execution_options(yield_per=_CHUNK)
    for part in connection.execute(events).partitions():
        known: dict[str, dict[str, str]] = defaultdict(dict)
        for kind, event_id, digest in part:
            known[units.get(kind, kind)][event_id] = digest
        for unit, digests in known.items():
            hand(unit).take(unit, [], digests)
    claims = select(claim.c.claim_id, claim.c.facts, n.event_id).outerjoin(claim_node, n.claim_id == claim.c.claim_id)
    for part in connection.execute(claims.where(claim.c.closed_run.is_(None)).execution_options(yield_per=_CHUNK)).partitions():
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in part:
            kind = _read_type(row[1]).type
            rows[units.get(kind, kind)].append(tuple(row))
        for unit, told in rows.items():
            hand(unit).take(unit, told, {})


def _units(connection: Connection, task: Task) -> dict[str, str]:
    """The unit of each type that a decision joins with another; every other type is one by itself."""
    query = select(claim.c.claim_key, claim.c.facts)
    keys = sorted({key for pair in task.verdicts.same for key in pair})
    types = {key: _read_type(facts).type for key, facts in lookup(connection, query, claim.c.claim_key, keys)}
    unit: dict[str, str] = {}
    for left, right in task.verdicts.same:
        if left in types and right in types:
            one, other = sorted(unit.get(types[key], types[key]) for key in (left, right))
            unit = {kind: one if now == other else now for kind, now in {**unit, one: one, other: other}.items()}
            unit.update(dict.fromkeys((types[left], types[right]), one))
    return unit


def _messages(hands: Sequence[_Own | _Hand]) -> Iterator[Message]:
    """What all processes answer, as it comes."""
    pipes = [hand.pipe for hand in hands if isinstance(hand, _Hand)]
    for pipe in pipes:
        pipe.send(None)
    for hand in hands:
        if isinstance(hand, _Own):
            yield from hand.messages()
    while pipes:
        ready = wait(pipes)
        for pipe in [one for one in pipes if one in ready]:
            try:
                message = pipe.recv()
            except EOFError:
                raise StoreError("a process of the rebuild died; nothing has changed") from None
            if message is None:
                pipes.remove(pipe)
            else:
                yield message


def _keep(connection: Connection, ledger: Ledger, gone: set[str], message: Message) -> None:
    match message:
        case Events(same, told, moved):
            gone.difference_update(same)
            gone.difference_update([one.event_id for one in told])
            for event_id, before in moved:
                ledger.follow(event_id, before)
            ledger.write(told)
        case Blocks(keys, places, sig_ids):
            for start in range(0, len(keys), _BLOCK_ROWS):
                stop = start + _BLOCK_ROWS
                holders = [sig_ids[place] for place in places[start:stop].tolist()]
                append(connection, block, zip(keys[start:stop].tolist(), holders, strict=True))
        case Rows(name, rows):
            append(connection, block.metadata.tables[name], rows)
            if name == merge_conflict.name:
                ledger.counts["refused"] += len(rows)


@contextmanager
def _without_indexes(connection: Connection, *tables: Table) -> Iterator[None]:
    """SQLite sorts an index once faster than it finds a place for every row; PostgreSQL would lock readers out."""
    indexes = [index for table in tables for index in table.indexes] if connection.dialect.name == "sqlite" else []
    for index in indexes:
        index.drop(connection)
    yield
    for index in sorted(indexes, key=lambda one: str(one.name)):
        index.create(connection)
