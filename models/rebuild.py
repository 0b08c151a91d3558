"""Everything anew: all open claims in, all events out, by types of deals, in this process or in several.

Claims of different types are never compared, and only a decision joins them: types are units that know nothing of each other.
One after the other needs no more memory than its own claims, and several are worked on at once. A process of its own reads the
claims of its unit from the database, which nobody else writes to meanwhile, and answers with what to keep. The answer is that of
`models.clustering` on all claims.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from multiprocessing.connection import Connection as Pipe
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Index, Table, delete, func, literal, select

from models.block_pages import clear_pages, keep_next_number, next_number, write_pages
from models.blocking import Held, Numbers
from models.clustering import cluster_table, edges_of
from models.deal import Profile, reader
from models.delta import Task, profile_text, refused_rows, told_by
from models.edges import pack_edges
from models.engine import append, batches, connect, has_readers, insert, reading, remove, split
from models.errors import StoreError
from models.facts import read_facts
from models.ids import content_id
from models.ledger import Drafts, Ledger, MergeCounts, Told, event_digest
from models.schema import claim, claim_node, dirty, event_number, event_redirect, event_version, merge_conflict, signature
from models.units import units
from models.workers import Worker, answering, heard

_CHUNK = 2000
"""Claims or events of one message"""
_WORTH = 20_000
"""Claims below which other processes would take longer to start than to work"""
_ID = 26
_NONE = " " * _ID
"""Stands for an id where there is none"""
_FEW = 4
"""Rows are written one by one where no more than one in so many differs"""
_NO_NODES: Numbers = np.zeros((0, 3), np.int64)


class BlockRows(NamedTuple):
    """What `models.block_pages` keeps: keys in order, each with the number of the signature that has it."""

    keys: Numbers
    numbers: Numbers


class Signatures(NamedTuple):
    """Rows of `signature`."""

    rows: list[tuple[int, str, int, str, bytes, bytes, str]]


class Refused(NamedTuple):
    """Rows of `merge_conflict`."""

    rows: list[tuple[str, str, str]]


class Events(NamedTuple):
    """Events of a unit: those that are not `told` are as they were known; `moved` have claims that were in others before.

    `nodes` are rows of `claim_node`: the claim, its signature, and its event by its place in `ids`.
    """

    ids: list[str]
    told: list[Told]
    moved: list[tuple[str, dict[str, int]]]
    nodes: Numbers


class Share(NamedTuple):
    """Types to be worked on together, how many claims they have, and the first number for signatures that have none."""

    types: tuple[str, ...]
    claims: int
    first: int


class Asks(NamedTuple):
    """A process needs the digests of the events of these types as they are."""

    types: tuple[str, ...]


class Compared(NamedTuple):
    """Of a unit all signatures are told; its events come next. `last` is the largest number that a signature got."""

    last: int


Message = BlockRows | Signatures | Refused | Compared | Events
Digests = dict[str, str]
"""Of events as they are, by id"""


class Unit:
    """Types of deals that are worked on together.

    A row is one text, for a million of them is what takes the memory: the ids of the claim and of its event so far, and its
    facts. Signatures that have no number get those from `first` on; `known` is asked for the events as they are when these are
    needed. Profiles are made as the claims come.
    """

    def __init__(self, task: Task, first: int, known: Callable[[], Digests]) -> None:
        self.task = task
        self.first = first
        self.known = known
        self.rows: list[str] = []
        self.numbers = array("q")
        """Of the claims, in the order of the rows"""
        self.had = array("q")
        """The numbers of their signatures so far (0: none)"""
        self.sig_ids: dict[str, str] = {}
        """By the text of a profile"""
        self.profiles: dict[str, Profile] = {}
        self.holders: dict[str, list[int]] = {}
        """The places of claims by signature"""

    def take(self, rows: Iterable[tuple[int, int, str]]) -> None:
        """Some more claims, each with its number and that of its signature so far."""
        matcher, marked = self.task.schema.matcher, self.task.verdicts.marked
        for place, (number, had, row) in enumerate(rows, len(self.rows)):
            self.rows.append(row)
            self.numbers.append(number)
            self.had.append(had)
            profile = matcher.profile_of(row[2 * _ID :], marked)
            text = profile_text(profile)
            sig_id = self.sig_ids.get(text)
            if sig_id is None:
                self.sig_ids[text] = sig_id = content_id(text)
                self.profiles[sig_id] = profile
                self.holders[sig_id] = [place]
            else:
                self.holders[sig_id].append(place)

    def work(self) -> Iterator[Message]:
        """What to keep of the claims, in parts, when all are there."""
        task, matcher = self.task, self.task.schema.matcher
        texts, holders, profiles = {sig_id: text for text, sig_id in self.sig_ids.items()}, self.holders, self.profiles
        self.sig_ids, self.profiles = {}, {}
        ids = sorted(profiles)
        numbers = self._number(ids)
        told = [profiles[sig_id] for sig_id in ids]
        figures = matcher.pack(told)
        table = matcher.unpack(figures, reader(told))
        blocks = table.blocks()
        yield BlockRows(blocks.has[0], numbers[blocks.has[1]])
        edges = edges_of(table, blocks)
        del blocks
        by_mark = {profile.mark: sig_id for sig_id, profile in profiles.items() if profile.mark}
        same = [(by_mark[a], by_mark[b]) for a, b in task.verdicts.same if a in by_mark and b in by_mark]
        different = [(by_mark[a], by_mark[b]) for a, b in task.verdicts.different if a in by_mark and b in by_mark]
        found = cluster_table(ids, table, edges, same, different)
        yield Refused(refused_rows(found.refused, {sig_id: profile.mark for sig_id, profile in profiles.items()}))
        marks = [profile.mark for profile in told]
        del table, profiles, told
        roots = np.array(found.component, np.int64)
        smallest = np.full(len(ids), np.iinfo(np.int64).max)
        np.minimum.at(smallest, roots, numbers)  # a component goes by it, as in `models.delta`
        components = smallest[roots].tolist()
        packed = pack_edges(edges, numbers)
        del edges
        columns = numbers.tolist(), ids, components, marks, split(figures, len(ids)), packed, map(texts.pop, ids)
        yield from (Signatures(batch) for batch in batches(zip(*columns, strict=True), _CHUNK))
        del columns, packed, figures, marks, components, texts, found.component
        yield Compared(int(numbers.max(initial=0)))
        known = self.known()
        of = dict(zip(ids, numbers.tolist(), strict=True))
        groups = sorted([[(place, of[sig_id]) for sig_id in group for place in holders[sig_id]] for group in found.groups])
        for batch in batches(groups, _CHUNK):  # as the claims came, so that those of an event lie near the last one's
            yield self._events(batch, known)

    def _number(self, ids: Sequence[str]) -> Numbers:
        """The numbers of signatures. One that a claim had goes on, so that what has not changed is not written again."""
        had = np.array([self.had[self.holders[sig_id][0]] for sig_id in ids], np.int64)
        _, first = np.unique(had, return_index=True)  # what was one signature may be two now
        kept = np.zeros(len(ids), np.bool_)
        kept[first] = had[first] > 0
        had[~kept] = self.first + np.arange(len(ids) - kept.sum())
        return had

    def _events(self, groups: Sequence[Sequence[tuple[int, int]]], known: Digests) -> Events:
        task = self.task
        nodes = [(self.numbers[place], sig, at) for at, group in enumerate(groups) for place, sig in group]
        events = Events([], [], [], np.array(nodes, np.int64))
        for group in groups:
            rows = [self.rows[place] for place, _ in group]
            claim_ids = [row[:_ID] for row in rows]
            facts = [read_facts(claim_id, row[2 * _ID :]) for claim_id, row in zip(claim_ids, rows, strict=True)]
            event_id, payload = told_by(facts, task.schema, task.verdicts, task.fx_policy)
            digest = event_digest(payload, sorted(claim_ids))
            before = Counter([old for row in rows if (old := row[_ID : 2 * _ID]) != _NONE])
            events.ids.append(event_id)
            if known.get(event_id) != digest:
                events.told.append(Told(event_id, payload, digest, task.cause, dict(before)))
            if before.keys() - {event_id}:
                events.moved.append((event_id, dict(before)))
        return events


def rebuild(connection: Connection, task: Task, workers: int) -> MergeCounts:
    """Derive everything from the open claims, with `workers` processes beside this one where there are many (1: none).

    It has to come first in its transaction: the other processes see what was there before.
    """
    shares = _shares(connection, task)
    apart = workers > 1 and has_readers(connection) and sum(share.claims for share in shares) >= _WORTH
    with ExitStack() as stack:
        url = connection.engine.url.render_as_string(hide_password=False)
        busy = [stack.enter_context(closing(Worker(_serve, url, task))).pipe for _ in range(workers * apart)]
        _hand_out(shares, list(busy), busy)  # they read while this one gets ready to write
        ledger = Ledger(connection, task.run_id, task.at)
        sizes = _sizes(connection)
        drafts = Drafts(connection, task.run_id, task.at, task.schema, sizes.__getitem__)
        gone = set(sizes)
        known = _known(connection, ledger.numbers)
        for table in (signature, merge_conflict, dirty):
            connection.execute(delete(table))
        clear_pages(connection)
        keep = _Keep(connection, ledger, drafts, gone, len(shares) + len(busy))
        for message in _elsewhere(shares, busy, known) if apart else _here(connection, task, shares, known):
            keep(message)
    keep.write_nodes()
    ledger.retire(sorted(gone), task.cause)
    e, k = event_version.c, event_number.c
    current = select(k.event_id).join(event_version, e.event == k.number).where(e.known_to.is_(None))
    connection.execute(delete(event_redirect).where(event_redirect.c.old_id.in_(current)))
    return ledger.finish()


def _shares(connection: Connection, task: Task) -> deque[Share]:
    """What there is to do, the largest first. A type has no more signatures than claims."""
    c = claim.c
    sizes = {kind: count for kind, count in connection.execute(select(c.type, func.count()).group_by(c.type))}  # noqa: C416
    found: deque[Share] = deque()
    first = next_number(connection)
    for unit in units(connection, task.verdicts.same, sizes):
        claims = sum(sizes[kind] for kind in unit)
        found.append(Share(unit, claims, first))
        first += claims
    return found


def _sizes(connection: Connection) -> Counter[str]:
    """How many claims each event has so far."""
    n, k = claim_node.c, event_number.c
    counted = select(n.event, func.count().label("claims")).group_by(n.event).subquery()
    sizes: Counter[str] = Counter()
    for event_id, claims in connection.execute(select(k.event_id, counted.c.claims).join(counted, counted.c.event == k.number)):
        sizes[event_id] = claims
    return sizes


def _known(connection: Connection, numbers: dict[str, int]) -> dict[str, Digests]:
    """Digests of the events as they are, by type; their numbers go into `numbers`.

    All are read at once: their rows are wide, and lie in no order of types.
    """
    found: dict[str, Digests] = defaultdict(dict)
    e, k = event_version.c, event_number.c
    query = select(k.event_id, k.number, e.content_hash, e.type).join(event_version, e.event == k.number)
    query = query.where(e.known_to.is_(None)).execution_options(yield_per=_CHUNK)
    for rows in connection.execute(query).partitions():  # row by row it would take twice as long
        for event_id, number, digest, kind in rows:
            found[kind][event_id] = digest
            numbers[event_id] = number
    return found


def _of_types(known: Mapping[str, Digests], types: Iterable[str]) -> Digests:
    return {event_id: digest for kind in types for event_id, digest in known.get(kind, {}).items()}


def _rows(connection: Connection, unit: Sequence[str]) -> Iterator[list[tuple[int, int, str]]]:
    """The open claims of a unit, as `Unit` takes them."""
    c, n, k = claim.c, claim_node.c, event_number.c
    told = c.claim_id + func.coalesce(k.event_id, literal(_NONE)) + c.facts
    query = select(c.number, func.coalesce(n.signature, 0), told).outerjoin(claim_node, n.claim == c.number)
    query = query.outerjoin(event_number, k.number == n.event)
    query = query.where(c.type.in_(unit), c.closed_run.is_(None)).execution_options(yield_per=_CHUNK)
    for rows in connection.execute(query).partitions():
        yield [(number, had, row) for number, had, row in rows]


def _here(connection: Connection, task: Task, shares: deque[Share], known: Mapping[str, Digests]) -> Iterator[Message]:
    """The units one after the other, in this process."""
    while shares:
        share = shares.popleft()
        unit = Unit(task, share.first, partial(_of_types, known, share.types))
        for rows in _rows(connection, share.types):
            unit.take(rows)
        yield from unit.work()


def _elsewhere(shares: deque[Share], busy: list[Pipe], known: Mapping[str, Digests]) -> Iterator[Message]:
    """What other processes answer as it comes; one that has done its unit gets the next."""
    for pipe, message in heard(busy, "rebuild"):
        match message:
            case None:
                _hand_out(shares, [pipe], busy)
            case Asks(types):
                pipe.send(_of_types(known, types))
            case _:
                yield message


def _hand_out(shares: deque[Share], free: Sequence[Pipe], busy: list[Pipe]) -> None:
    """A unit to each process that is free, as long as there are some."""
    for pipe in free:
        if shares:
            pipe.send(shares.popleft())
        else:
            busy.remove(pipe)


def _serve(pipe: Pipe, url: str, task: Task) -> None:
    """Takes a unit, answers, and again."""
    answers = answering(pipe)
    engine = connect(url)

    def known(types: tuple[str, ...]) -> Digests:
        answers.put(Asks(types))
        found: Digests = pipe.recv()
        return found

    with suppress(EOFError, ConnectionError):
        while True:
            share: Share = pipe.recv()
            unit = Unit(task, share.first, partial(known, share.types))
            try:
                with reading(engine) as connection:
                    for rows in _rows(connection, share.types):
                        unit.take(rows)
            except StoreError as error:
                answers.put(error)
                continue
            for message in unit.work():
                answers.put(message)
            answers.put(None)


class _Keep:
    """Writes what units answer. When the last of them has compared its claims, the tables of signatures are finished: that is
    while its events are still being told.
    """

    def __init__(self, connection: Connection, ledger: Ledger, drafts: Drafts, gone: set[str], units: int) -> None:
        self._connection = connection
        self._ledger = ledger
        self._drafts = drafts
        self._gone = gone
        """Events of before that nobody has told yet"""
        self._units = units
        """Those that have not compared their claims yet"""
        self._next = next_number(connection)
        """The first number that no signature has"""
        self._blocks: list[Held] = []
        self._indexes = _drop_indexes(connection, signature)
        self._nodes: list[Numbers] = []
        self._finish()

    def __call__(self, message: Message) -> None:
        """Write a message."""
        match message:
            case Events(ids, told, moved, nodes):
                self._gone.difference_update(ids)
                for event_id, before in moved:
                    self._ledger.follow(event_id, before)
                self._ledger.keep(self._drafts.of(told))
                numbers = np.array([self._ledger.numbers[event_id] for event_id in ids])
                nodes[:, 2] = numbers[nodes[:, 2]]
                self._nodes.append(nodes)
            case BlockRows(keys, numbers):
                self._blocks.append((keys, numbers))
            case Signatures(rows):
                append(self._connection, signature, rows)
            case Refused(rows):
                append(self._connection, merge_conflict, rows)
                self._ledger.counts["refused"] += len(rows)
            case Compared(last):
                self._next = max(self._next, last + 1)
                self._units -= 1
                self._finish()

    def write_nodes(self) -> None:
        """Write what differs of `claim_node`, all of it where that is much. Only at the end: until then its old rows are read."""
        nodes = np.concatenate([_NO_NODES, *self._nodes])
        nodes = nodes[np.argsort(nodes[:, 0])]
        there = _read_nodes(self._connection)
        gone, fresh = np.setdiff1d(there[:, 0], nodes[:, 0], assume_unique=True), nodes[~_found_in(nodes, there)]
        if _FEW * (len(gone) + len(fresh)) <= len(nodes):
            remove(self._connection, claim_node, claim_node.c.claim, gone.tolist())
            names = [column.name for column in claim_node.columns]
            insert(self._connection, claim_node, (dict(zip(names, row, strict=True)) for row in fresh.tolist()), known="replace")
            return
        indexes = _drop_indexes(self._connection, claim_node)
        self._connection.execute(delete(claim_node))
        append(self._connection, claim_node, zip(*nodes.T.tolist(), strict=True))
        for index in indexes:
            index.create(self._connection)

    def _finish(self) -> None:
        if not self._units:
            keep_next_number(self._connection, self._next)
            write_pages(self._connection, self._blocks)
            self._blocks.clear()
            for index in self._indexes:
                index.create(self._connection)


def _read_nodes(connection: Connection) -> Numbers:
    """The rows of `claim_node`, in the order of the claims."""
    query = select(claim_node).order_by(claim_node.c.claim).execution_options(yield_per=_CHUNK)
    parts = (np.array([tuple(row) for row in rows], np.int64) for rows in connection.execute(query).partitions())
    return np.concatenate([_NO_NODES, *parts])


def _found_in(rows: Numbers, others: Numbers) -> NDArray[np.bool_]:
    """Which of `rows` are in `others`; the first column of both is a key, in order."""
    if not len(others):
        return np.zeros(len(rows), np.bool_)
    at = np.minimum(np.searchsorted(others[:, 0], rows[:, 0]), len(others) - 1)
    found: NDArray[np.bool_] = (others[at] == rows).all(axis=1)
    return found


def _drop_indexes(connection: Connection, table: Table) -> list[Index]:
    """SQLite sorts an index once faster than it finds a place for every row; PostgreSQL would lock readers out."""
    indexes = sorted(table.indexes, key=lambda one: str(one.name)) if connection.dialect.name == "sqlite" else []
    for index in indexes:
        index.drop(connection)
    return indexes
