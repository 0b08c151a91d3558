"""One merge: dirty claims in, changed events out; worked out by `models.delta`, in this process or in several.

Claims of different types are never compared, and only a decision joins them: types are units that know nothing of each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from itertools import accumulate
from multiprocessing.connection import Connection as Pipe

from sqlalchemy import Connection, bindparam, delete, select, update

from models.block_pages import keep_next_number, next_number
from models.deal import DealSchema
from models.delta import Before, Delta, Events, Message, Placed, Share, Task, chief_of
from models.engine import append, batches, connect, has_readers, insert, lookup, reading, remove
from models.errors import StoreError
from models.ledger import Ledger, MergeCounts
from models.schema import block, claim, claim_node, dirty, event_redirect, merge_conflict, signature
from models.units import units
from models.workers import Worker, answering, heard

_WORTH = 2000
"""Dirty claims of a process of its own, below which it would take longer to start than to work"""


def processes(workers: int, claims: int) -> int:
    """How many of `workers` processes are of use for a merge of so many dirty claims."""
    return max(1, min(workers, claims // _WORTH))


def helper(schema: DealSchema) -> Worker:
    """A process for a share of a merge. It takes a second to start, so better before there is anything to do."""
    return Worker(_serve, schema)


class Merge:
    """One merge in one transaction."""

    def __init__(self, connection: Connection, task: Task) -> None:
        self.connection = connection
        self.task = task
        self._old_ids: set[str] = set()
        self._ids: set[str] = set()
        self.ledger = Ledger(connection, task.run_id, task.at)

    def run(self, workers: int = 1, helpers: Sequence[Worker] = ()) -> MergeCounts:
        """Merge what is dirty, with `workers` processes in all where there is much: of these the `helpers` are there."""
        causes = dict(tuple(row) for row in self.connection.execute(select(dirty.c.claim, dirty.c.cause)).all())
        if causes:
            task = replace(self.task, cause=chief_of(set(causes.values())))
            own, *others = self._shares(sorted(causes), workers)
            with _elsewhere(self.connection, task, others, helpers) as answers:
                for messages in (Delta(self.connection, task, own).work(), answers):
                    for message in messages:
                        self._keep(message)
            self.ledger.retire(sorted(self._old_ids - self._ids), task.cause)
            remove(self.connection, event_redirect, event_redirect.c.old_id, sorted(self._ids))
            self.connection.execute(delete(dirty))
        return self.ledger.finish()

    def _shares(self, claims: Sequence[int], workers: int) -> list[Share]:
        """Dirty claims, of each process those that it works on. There are no more new signatures than dirty claims."""
        first = next_number(self.connection)
        keep_next_number(self.connection, first + len(claims))
        count = processes(workers, len(claims)) if has_readers(self.connection) else 1
        if count < 2:
            return [Share(list(claims), first)]
        of: dict[str, list[int]] = defaultdict(list)
        for number, kind in lookup(self.connection, select(claim.c.number, claim.c.type), claim.c.number, claims):
            of[kind].append(number)
        parts: list[list[int]] = [[] for _ in range(count)]
        for unit in units(self.connection, self.task.verdicts.ever, {kind: len(told) for kind, told in of.items()}):
            least = min(parts, key=len)
            for kind in unit:
                least += of[kind]
        starts = accumulate(map(len, parts), initial=first)
        return [Share(part, start) for part, start in zip(parts, starts, strict=False) if part]

    # --- what is written -----------------------------------------------------------------------------------------------

    def _keep(self, message: Message) -> None:
        match message:
            case Placed():
                self._keep_places(message)
            case Before(events, closed):
                self._old_ids |= events
                remove(self.connection, claim_node, claim_node.c.claim, closed)
            case Events(ids, entries, moved, nodes):
                self._ids.update(ids)
                for event_id, before in moved:
                    self.ledger.follow(event_id, before)
                self.ledger.keep(entries)
                rows = (
                    {"claim": number, "signature": sig, "event": self.ledger.numbers[event_id]}
                    for number, sig, event_id in sorted(nodes)
                )
                insert(self.connection, claim_node, rows, known="replace")

    def _keep_places(self, placed: Placed) -> None:
        append(self.connection, block, placed.blocks)
        for number, keys in placed.dropped:
            self.connection.execute(delete(block).where(block.c.key.in_(keys), block.c.number == number))
        remove(self.connection, signature, signature.c.number, sorted(number for number, _ in placed.dropped))
        append(self.connection, signature, placed.signatures)
        move = update(signature).where(signature.c.number == bindparam("at")).values(component=bindparam("part"))
        for batch in batches({"at": number, "part": part} for number, part in placed.moved):
            self.connection.execute(move, batch)
        # Of the pairs in these components only what was refused this time is kept.
        remove(self.connection, merge_conflict, merge_conflict.c.left, placed.marks)
        names = ("left", "right", "path")
        refused = [dict(zip(names, row, strict=True)) for row in placed.refused]
        insert(self.connection, merge_conflict, refused, known="replace")
        self.ledger.counts["refused"] += len(refused)


# --- other processes ----------------------------------------------------------------------------------------------------


@contextmanager
def _elsewhere(
    connection: Connection, task: Task, shares: Sequence[Share], helpers: Sequence[Worker]
) -> Iterator[Iterator[Message]]:
    """Shares that are worked on in processes of their own while the block runs; what these answer."""
    url = connection.engine.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        busy = list(helpers[: len(shares)])
        busy += [stack.enter_context(closing(helper(task.schema))) for _ in shares[len(busy) :]]
        for worker, share in zip(busy, shares, strict=True):
            with suppress(ConnectionError):  # of one that is dead: that shows when it is to answer
                worker.pipe.send((url, task, share))
        yield _answers([worker.pipe for worker in busy])


def _answers(busy: list[Pipe]) -> Iterator[Message]:
    for pipe, message in heard(busy, "merge"):
        if message is None:
            busy.remove(pipe)
        else:
            yield message


def _serve(pipe: Pipe, schema: DealSchema) -> None:
    """Takes a share and answers what there is to write down."""
    answers = answering(pipe)
    _ = schema.version  # reads all the tables
    with suppress(EOFError, ConnectionError):
        while True:
            url, task, share = pipe.recv()
            try:
                with reading(connect(url)) as connection:
                    for message in Delta(connection, task, share).work():
                        answers.put(message)
            except StoreError as error:
                answers.put(error)
                continue
            answers.put(None)
