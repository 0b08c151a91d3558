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
from functools import cache, partial
from multiprocessing.connection import Connection as Pipe
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Index, Row, Table, delete, func, select

from models.block_pages import clear_pages, keep_next_number, next_number, write_pages
from models.blocking import Held, Numbers
from models.clustering import cluster_table, edges_of
from models.deal import Profile
from models.delta import Task, profile_text, read_profile, refused_rows, told_by
from models.edges import pack_edges
from models.engine import append, batches, connect, has_readers, insert, lookup, read_once, reading, remove, split
from models.errors import StoreError
from models.facts import Facts, read_facts
from models.ids import content_id
from models.ledger import Drafts, Ledger, MergeCounts, Told, event_digest
from models.schema import claim, claim_node, dirty, event_number, event_redirect, event_version, merge_conflict, signature
from models.units import units
from models.workers import Worker, answering, heard

_CHUNK = 2000
"""Claims or events of one message"""
_WORTH = 20_000
"""Claims below which other processes would take longer to start than to work"""
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

    Of a million claims what they say takes the memory: it is read twice, to compare them and when their events are told, and a
    profile is kept as its text and its packed figures. Signatures that have no number get those from `first` on; `known` is
    asked for the events as they are when these are needed.
    """

    def __init__(self, connection: Connection, task: Task, share: Share, known: Callable[[], Digests]) -> None:
        self.connection = connection
        self.task = task
        self.share = share
        self.known = known
        self.numbers = array("q")
        """Of the claims"""
        self.had = array("q")
        """The numbers of their signatures so far (0: none)"""
        self.said = array("q")
        """The places of their profiles"""
        self.profiles: dict[str, int] = {}
        """By text the place of a profile, in the order in which they came"""
        self.figures: list[bytes] = []
        """The same, packed"""
        self.marks: dict[int, str] = {}
        """By place, of those that have one"""

    def _read(self) -> None:
        """The open claims, as far as they are compared."""
        c, n = claim.c, claim_node.c
        query = select(c.number, func.coalesce(n.signature, 0), c.facts).outerjoin(claim_node, n.claim == c.number)
        query = query.where(c.type.in_(self.share.types), c.closed_run.is_(None)).execution_options(yield_per=_CHUNK)
        for rows in self.connection.execute(query).partitions():
            self._take(rows)

    def _take(self, rows: Iterable[Row[tuple[int, int, str]]]) -> None:
        matcher, marked, known = self.task.schema.matcher, self.task.verdicts.marked, self.profiles
        fresh = []
        for number, had, facts in rows:
            self.numbers.append(number)
            self.had.append(had)
            profile = matcher.profile_of(facts, marked)
            text = profile_text(profile)
            place = known.get(text)
            if place is None:
                place = known[text] = len(known)
                fresh.append(profile)
                if profile.mark:
                    self.marks[place] = profile.mark
            self.said.append(place)
        self.figures.append(matcher.pack(fresh))

    def work(self) -> Iterator[Message]:
        """What to keep of the claims, in parts."""
        self._read()
        ids, texts, marks, figures = self._in_order()
        claims, starts = _by_place(self.said, len(ids))
        numbers = self._number(np.frombuffer(self.had, np.int64)[claims[starts[:-1]]])
        table = self.task.schema.matcher.unpack(figures, partial(_profiles, texts))
        blocks = table.blocks()
        yield BlockRows(blocks.has[0], numbers[blocks.has[1]])
        edges = edges_of(table, blocks)
        del blocks
        of_mark = {mark: sig_id for mark, sig_id in zip(marks, ids, strict=True) if mark}
        same = [(of_mark[a], of_mark[b]) for a, b in self.task.verdicts.same if a in of_mark and b in of_mark]
        different = [(of_mark[a], of_mark[b]) for a, b in self.task.verdicts.different if a in of_mark and b in of_mark]
        found = cluster_table(ids, table, edges, same, different)
        del table
        yield Refused(refused_rows(found.refused, {sig_id: mark for mark, sig_id in of_mark.items()}))
        roots = np.array(found.component, np.int64)
        smallest = np.full(len(ids), np.iinfo(np.int64).max)
        np.minimum.at(smallest, roots, numbers)  # a component goes by it, as in `models.delta`
        columns = (
            numbers.tolist(), ids, smallest[roots].tolist(), marks, split(figures, len(ids)), pack_edges(edges, numbers), texts,
        )  # fmt: skip
        del edges, texts, marks, figures
        yield from (Signatures(batch) for batch in batches(zip(*columns, strict=True), _CHUNK))
        del columns
        yield Compared(int(numbers.max(initial=0)))
        groups = self._claims(found.groups, dict(zip(ids, range(len(ids)), strict=True)), claims, starts)
        del found, ids, claims, starts
        known, signatures = self.known(), numbers[np.frombuffer(self.said, np.int64)]
        for batch in batches(groups, _CHUNK):
            yield self._events(batch, signatures, known)

    def _in_order(self) -> tuple[list[str], list[str], list[str], bytes]:
        """The signatures in the order of their ids: those, profiles, marks and figures. Claims have their places in it then."""
        texts, marks = list(self.profiles), self.marks
        self.profiles, self.marks = {}, {}
        came = list(map(content_id, texts))
        order = sorted(range(len(texts)), key=came.__getitem__)
        packed = np.frombuffer(b"".join(self.figures), np.uint8)
        figures = packed.reshape(len(texts), len(packed) // max(1, len(texts)))[order].tobytes()
        self.figures.clear()
        place: Numbers = np.empty(len(texts), np.int64)
        place[order] = np.arange(len(texts))
        self.said = array("q", place[np.frombuffer(self.said, np.int64)].tobytes())
        return [came[at] for at in order], [texts[at] for at in order], [marks.get(at, "") for at in order], figures

    def _number(self, had: Numbers) -> Numbers:
        """The numbers of signatures. One that a claim `had` goes on, so that what has not changed is not written again."""
        _, first = np.unique(had, return_index=True)  # what was one signature may be two now
        kept = np.zeros(len(had), np.bool_)
        kept[first] = had[first] > 0
        numbers = had.copy()
        numbers[~kept] = self.share.first + np.arange(len(had) - kept.sum())
        return numbers

    @staticmethod
    def _claims(groups: Iterable[Sequence[str]], place: Mapping[str, int], claims: Numbers, starts: Numbers) -> list[list[int]]:
        """The claims of each group, as they came, so that those of an event lie near the last one's."""
        held, first = claims.tolist(), starts.tolist()
        places = ([place[sig_id] for sig_id in group] for group in groups)
        return sorted([one for at in group for one in held[first[at] : first[at + 1]]] for group in places)

    def _events(self, groups: Sequence[Sequence[int]], signatures: Numbers, known: Digests) -> Events:
        task = self.task
        claims = np.array([place for group in groups for place in group], np.int64)
        at = np.repeat(np.arange(len(groups)), list(map(len, groups)))
        nodes: Numbers = np.stack((np.frombuffer(self.numbers, np.int64)[claims], signatures[claims], at), axis=1)
        events = Events([], [], [], nodes)
        rows = self._rows(np.sort(nodes[:, 0]).tolist())
        for group in groups:
            told = [rows[self.numbers[place]] for place in group]
            event_id, payload = told_by([facts for facts, _ in told], task.schema, task.verdicts, task.fx_policy)
            digest = event_digest(payload, sorted([facts.claim_id for facts, _ in told]))
            before = Counter([old for _, old in told if old is not None])
            events.ids.append(event_id)
            if known.get(event_id) != digest:
                events.told.append(Told(event_id, payload, digest, task.cause, dict(before)))
            if before.keys() - {event_id}:
                events.moved.append((event_id, dict(before)))
        return events

    def _rows(self, numbers: Sequence[int]) -> dict[int, tuple[Facts, str | None]]:
        """What claims say, and the ids of their events so far."""
        c, n, k = claim.c, claim_node.c, event_number.c
        query = select(c.number, c.claim_id, c.facts, k.event_id).outerjoin(claim_node, n.claim == c.number)
        query = query.outerjoin(event_number, k.number == n.event)
        rows = lookup(self.connection, query, c.number, numbers)
        return {number: (read_facts(claim_id, facts), event_id) for number, claim_id, facts, event_id in rows}


def _profiles(texts: Sequence[str], places: Sequence[int]) -> list[Profile]:
    return [read_profile(texts[place]) for place in places]


def _by_place(places: array[int], count: int) -> tuple[Numbers, Numbers]:
    """Claims by the places that they have, below `count`, and of each place where its claims start; one more for the end."""
    at = np.frombuffer(places, np.int64)
    return np.argsort(at, kind="stable"), np.append(0, np.cumsum(np.bincount(at, minlength=count)))


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
        known = _known(connection, ledger.numbers)
        gone = set(ledger.numbers)
        sizes = cache(partial(_sizes, connection))  # asked for where an event has lost claims to another
        drafts = Drafts(
            connection, task.run_id, task.at, task.schema, lambda event_id: sizes().get(ledger.numbers.get(event_id, 0), 0)
        )
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


def _sizes(connection: Connection) -> dict[int, int]:
    """How many claims each event has so far, by its number."""
    n = claim_node.c
    query = select(n.event, func.count()).group_by(n.event).execution_options(yield_per=_CHUNK)
    sizes: dict[int, int] = {}
    for rows in connection.execute(query).partitions():
        sizes.update((event, claims) for event, claims in rows)
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


def _take_types(known: dict[str, Digests], types: Iterable[str]) -> Digests:
    """The digests of the events of these types, which only one unit asks for."""
    return {event_id: digest for kind in types for event_id, digest in known.pop(kind, {}).items()}


def _here(connection: Connection, task: Task, shares: deque[Share], known: dict[str, Digests]) -> Iterator[Message]:
    """The units one after the other, in this process."""
    while shares:
        share = shares.popleft()
        yield from Unit(connection, task, share, partial(_take_types, known, share.types)).work()


def _elsewhere(shares: deque[Share], busy: list[Pipe], known: dict[str, Digests]) -> Iterator[Message]:
    """What other processes answer as it comes; one that has done its unit gets the next."""
    for pipe, message in heard(busy, "rebuild"):
        match message:
            case None:
                _hand_out(shares, [pipe], busy)
            case Asks(types):
                pipe.send(_take_types(known, types))
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
            try:
                with reading(engine) as connection:
                    read_once(connection)
                    for message in Unit(connection, task, share, partial(known, share.types)).work():
                        answers.put(message)
            except StoreError as error:
                answers.put(error)
                continue
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
