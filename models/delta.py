"""What dirty claims change: read and worked out here, written down by `models.merge`.

Only the components that the dirty claims touch are loaded and clustered anew. The answer is that of `models.clustering` on all
claims; this module only knows which of them can have changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
import numpy as np
from sqlalchemy import Connection, select

from models.block_pages import find_holders
from models.blocking import Blocks, Numbers, key_rows, ordered
from models.clustering import Refusal, cluster_table
from models.deal import Comparisons, DealSchema, Profile
from models.decisions import Verdicts, settings_of
from models.edges import best_first, pack_edges, unpack_edges
from models.engine import batches, lookup, split
from models.facts import Facts, read_facts
from models.ids import compact, content_id
from models.ledger import Drafts, Entries, Told, event_digest
from models.resolver import resolve
from models.schema import claim, claim_node, dirty, event_number, signature

_GROUPS = 2000
"""Events resolved at a time: bounds the memory of a large merge"""
_AT_HAND = 20_000
"""Dirty claims whose facts are read once and kept: a night's, but not all of a store that was never merged"""
_CAUSES = ("decision", "fx", "schema", "extractor", "source")
"""The one that names a change when several apply: the first"""


def chief_of(causes: Iterable[str]) -> str:
    """The cause that names a change."""
    return min(causes, key=_CAUSES.index, default="source")


@dataclass(frozen=True, slots=True)
class Task:
    """What the merge `run_id` of the moment `at` needs beside its claims.

    `cause` is of changes that no dirty claim of their own explains.
    """

    run_id: str
    at: str

    schema: DealSchema
    verdicts: Verdicts
    fx_policy: str
    cause: str


class Share(NamedTuple):
    """The numbers of dirty claims to be worked on together, and the first number of their new signatures."""

    claims: list[int]
    first: int


class Placed(NamedTuple):
    """Where claims are: rows of `block` and `signature`, the components of signatures that moved, signatures of no claim any
    more with the keys they had, the marks of all that were clustered, and rows of `merge_conflict`.
    """

    blocks: list[tuple[int, int]]
    signatures: list[tuple[int, str, int, str, bytes, bytes, str]]
    moved: list[tuple[int, int]]
    dropped: list[tuple[int, tuple[int, ...]]]
    marks: list[str]
    refused: list[tuple[str, str, str]]


class Before(NamedTuple):
    """Events that may be no more, and claims that are closed."""

    events: set[str]
    closed: list[int]


class Events(NamedTuple):
    """Events as they are now: their ids, what is new of them, and those with claims that were in others before.

    `nodes` are the rows of `claim_node` that differ from those that are there, each with the id of its event.
    """

    ids: list[str]
    entries: Entries
    moved: list[tuple[str, Mapping[str, int]]]
    nodes: list[tuple[int, int, str]]


Message = Placed | Before | Events


def told_by(facts: Sequence[Facts], schema: DealSchema, verdicts: Verdicts, fx_policy: str) -> tuple[str, str]:
    """(id, JSON) of the event that claims tell together."""
    settings = settings_of((fact.claim_key for fact in facts), verdicts.settings) if verdicts.settings else {}
    event = resolve(facts, schema, settings, fx_policy)
    return event["id"], compact(event, sort=False)  # the order of roles is payer, paid


def profile_text(profile: Profile) -> str:
    """A profile as JSON."""
    return compact(profile)


_READ_PROFILE = msgspec.json.Decoder(Profile).decode


def read_profile(text: str) -> Profile:
    """The inverse of `profile_text`."""
    return _READ_PROFILE(text)


class _Node(NamedTuple):
    """Where a claim is, by numbers."""

    signature: int
    event: int | None
    """None until the claim is in an event"""


@dataclass(slots=True)
class _Signature:
    number: int
    component: int | None
    """None until it is written"""
    mark: str
    figures: bytes
    edges: bytes


class Delta:
    """What the dirty claims of a share change. It reads a store as it was before the merge, and writes nothing."""

    def __init__(self, connection: Connection, task: Task, share: Share) -> None:
        self.connection = connection
        self.task = task
        self.share = share
        self.matcher = task.schema.matcher
        self.verdicts = task.verdicts
        self.causes: dict[int, str] = {}
        """Of the dirty claims, by number as all claims are here"""
        self.closing: list[int] = []
        self.fresh: dict[str, tuple[Profile, str]] = {}
        self.signatures: dict[str, _Signature] = {}
        """By id, those of the loaded components"""
        self.nodes: dict[int, _Node] = {}
        self.keys: dict[int, str] = {}
        """Claim keys of the dirty claims"""
        self.moved: set[int] = set()
        """Claims whose row in claim_node has to be written"""
        self._profiles: dict[int, Profile] = {}
        """By number, those that were looked at"""
        self._facts: dict[int, Facts] = {}
        """Of dirty claims"""
        self._gone: dict[int, _Node] = {}
        self._new: dict[str, _Signature] = {}

    def work(self) -> Iterator[Message]:
        """What to write down, in parts: signatures first, then events."""
        current = self._read_dirty()
        blocks = self._place(current)
        dropped = self._drop_signatures()
        signatures = [self.signatures[sig_id] for sig_id in sorted(self.signatures)]
        groups, roots, refused = self._cluster(signatures)
        now = _components(signatures, roots)
        yield Placed(
            blocks,
            [
                (one.number, sig_id, now[one.number], one.mark, one.figures, one.edges, self.fresh[sig_id][1])
                for sig_id, one in self._new.items()
            ],
            [
                (one.number, now[one.number])
                for one in signatures if one.component is not None and one.component != now[one.number]
            ],
            dropped, sorted(one.mark for one in signatures if one.mark), refused,
        )  # fmt: skip
        yield from self._events(groups)

    # --- which components ----------------------------------------------------------------------------------------------

    def _read_dirty(self) -> dict[int, str]:
        """The signature of each open dirty claim."""
        current: dict[int, str] = {}
        c = claim.c
        query = select(c.number, dirty.c.cause, c.claim_id, c.claim_key, c.facts, c.closed_run)
        query = query.join(dirty, dirty.c.claim == c.number)
        for number, cause, claim_id, key, facts, closed in lookup(self.connection, query, c.number, self.share.claims):
            self.causes[number] = cause
            self.keys[number] = key
            if closed is not None:
                self.closing.append(number)
                continue
            mark = key if key in self.verdicts.marked else ""
            told = read_facts(claim_id, facts)
            if len(self._facts) < _AT_HAND:
                self._facts[number] = told
            profile = self.matcher.profile(told, mark)
            text = profile_text(profile)
            sig_id = content_id(text)
            self.fresh[sig_id] = profile, text
            current[number] = sig_id
        return current

    def _place(self, current: dict[int, str]) -> list[tuple[int, int]]:
        """Load the components that dirty claims are in or will be in; returns the block keys of new signatures."""
        s = signature.c
        known = {sig_id: number for sig_id, number in lookup(  # noqa: C416
            self.connection, select(s.sig_id, s.number), s.sig_id, sorted(self.fresh)
        )}  # fmt: skip
        self._number(sorted(self.fresh.keys() - known.keys()))  # whatever order the claims came in
        blocks, neighbours = self._neighbours()
        wanted = sorted(self._old_signatures() | self._partners() | neighbours | set(known.values()))
        parts = {row.component for row in lookup(self.connection, select(s.component), s.number, wanted)}
        query = select(s.sig_id, s.number, s.component, s.mark, s.figures, s.edges)
        for sig_id, *columns in lookup(self.connection, query, s.component, sorted(parts)):
            self.signatures[sig_id] = _Signature(*columns)
        members = select(claim_node.c.claim, claim_node.c.signature, claim_node.c.event)
        held = sorted(one.number for one in self.signatures.values())
        for number, *where in lookup(self.connection, members, claim_node.c.signature, held):
            self.nodes[number] = _Node(*where)
        self.signatures.update(self._new)
        for number, sig_id in current.items():
            node, now = self.nodes.get(number), self.signatures[sig_id].number
            if node is None or node.signature != now:
                self.nodes[number] = _Node(now, node.event if node else None)
                self.moved.add(number)
        self._gone = {number: self.nodes.pop(number) for number in self.closing if number in self.nodes}
        return blocks

    def _number(self, unknown: Sequence[str]) -> None:
        """Number new signatures in order and pack what they say."""
        packed = self.matcher.pack([self.fresh[sig_id][0] for sig_id in unknown])
        figures = split(packed, len(unknown))
        for number, (sig_id, figure) in enumerate(zip(unknown, figures, strict=True), self.share.first):
            profile = self._profiles[number] = self.fresh[sig_id][0]
            self._new[sig_id] = _Signature(number, None, profile.mark, figure, b"")

    def _old_signatures(self) -> set[int]:
        query = select(claim_node.c.signature)
        return {row.signature for row in lookup(self.connection, query, claim_node.c.claim, sorted(self.causes))}

    def _neighbours(self) -> tuple[list[tuple[int, int]], set[int]]:
        """Block keys of the new signatures, and the numbers of known ones that a new one has a reason to join.

        Each new one gets its edges.
        """
        new = list(self._new.values())
        keys = [self.matcher.keys(self._profiles[one.number]) for one in new]
        asked, askers = key_rows([one.asks for one in keys])
        had, havers = key_rows([one.has for one in keys])
        held, holders = find_holders(self.connection, np.unique(asked))
        s = signature.c
        old = sorted(map(tuple, lookup(self.connection, select(s.number, s.figures), s.number, np.unique(holders).tolist())))
        numbers = np.array([*(number for number, _ in old), *(one.number for one in new)], np.int64)
        there = np.isin(holders, numbers)
        place = np.searchsorted(numbers, holders[there])
        has = ordered(np.concatenate((held[there], had)), np.concatenate((place, havers + len(old))))
        left, right = Blocks(has, (asked, askers + len(old))).pairs()
        table = self._table(numbers, [*(figures for _, figures in old), *(one.figures for one in new)])
        edges = best_first(table.scores(left, right), left, right)
        for one, packed in zip(new, pack_edges(edges, numbers)[len(old) :], strict=True):
            one.edges = packed
        own = sorted(zip(had.tolist(), numbers[havers + len(old)].tolist(), strict=True))
        return own, set(numbers[edges[1][edges[1] < len(old)]].tolist())

    def _table(self, numbers: Numbers, figures: Iterable[bytes]) -> Comparisons:
        """Signatures to be compared. Of most their figures say enough, and what else they say is not read."""

        def read(places: Sequence[int]) -> list[Profile]:
            at = numbers[places].tolist()
            s = signature.c
            unread = sorted(number for number in at if number not in self._profiles)
            for number, text in lookup(self.connection, select(s.number, s.profile), s.number, unread):
                self._profiles[number] = read_profile(text)
            return [self._profiles[number] for number in at]

        return self.matcher.unpack(b"".join(figures), read)

    def _partners(self) -> set[int]:
        """Signatures of claims that a decision puts together with a dirty one."""
        keys = {partner for key in self.keys.values() for partner in self.verdicts.partners.get(key, ())}
        query = select(claim_node.c.signature).join(claim, claim.c.number == claim_node.c.claim)
        return {row.signature for row in lookup(self.connection, query, claim.c.claim_key, sorted(keys))}

    def _drop_signatures(self) -> list[tuple[int, tuple[int, ...]]]:
        """Those that no claim has any more, with their block keys."""
        alive = {node.signature for node in self.nodes.values()}
        gone = [sig_id for sig_id, one in self.signatures.items() if one.number not in alive]
        dead = {self.signatures.pop(sig_id).number for sig_id in gone}
        s = signature.c
        rows = lookup(self.connection, select(s.number, s.profile), s.number, sorted(dead))
        return [(number, self.matcher.keys(read_profile(text)).has) for number, text in rows]

    # --- which groups --------------------------------------------------------------------------------------------------

    def _cluster(self, signatures: Sequence[_Signature]) -> tuple[list[list[int]], list[int], list[tuple[str, str, str]]]:
        """The claims of each event of the loaded components; the components; joins that were refused."""
        holders: dict[int, list[int]] = defaultdict(list)
        for number, node in self.nodes.items():
            holders[node.signature].append(number)
        ids = sorted(self.signatures)
        numbers = np.array([one.number for one in signatures], np.int64)
        table = self._table(numbers, [one.figures for one in signatures])
        marked = {one.mark: sig_id for sig_id, one in self.signatures.items() if one.mark}
        same = [(marked[a], marked[b]) for a, b in self.verdicts.same if a in marked and b in marked]
        different = [(marked[a], marked[b]) for a, b in self.verdicts.different if a in marked and b in marked]
        edges = unpack_edges([one.edges for one in signatures], numbers)
        found = cluster_table(ids, table, edges, same, different)
        groups = [
            sorted(number for sig_id in group for number in holders[self.signatures[sig_id].number]) for group in found.groups
        ]  # fmt: skip
        return groups, found.component, refused_rows(found.refused, {sig_id: mark for mark, sig_id in marked.items()})

    # --- what changed --------------------------------------------------------------------------------------------------

    def _events(self, groups: list[list[int]]) -> Iterator[Message]:
        prior = {
            number: node.event for number, node in (*self.nodes.items(), *self._gone.items()) if node.event is not None
        }  # fmt: skip
        sizes = Counter(prior.values())
        closing = set(self.closing)
        open_groups = [group for group in groups if not self._settled(group, prior, sizes)]
        touched = {number for group in open_groups for number in group} | closing
        names = self._names({prior[number] for number in touched if number in prior})
        open_sizes = Counter(names[event] for number, event in prior.items() if event in names and number not in closing)
        yield Before(set(names.values()), sorted(closing))
        task = self.task
        drafts = Drafts(self.connection, task.run_id, task.at, task.schema, open_sizes.__getitem__)
        before = {number: names[event] for number, event in prior.items() if event in names}
        for batch in batches(open_groups, _GROUPS):
            told = self._resolve(batch, before)
            moved = [(one.event_id, one.before) for one in told if one.before.keys() - {one.event_id}]
            nodes = [row for one, group in zip(told, batch, strict=True) for row in self._rows(one.event_id, group, before)]
            yield Events([one.event_id for one in told], drafts.of(told), moved, nodes)

    def _names(self, events: set[int]) -> dict[int, str]:
        """The ids of events, by number."""
        k = event_number.c
        return {number: event_id for number, event_id in lookup(  # noqa: C416
            self.connection, select(k.number, k.event_id), k.number, sorted(events)
        )}  # fmt: skip

    def _rows(self, event_id: str, group: Sequence[int], before: Mapping[int, str]) -> list[tuple[int, int, str]]:
        """Of `claim_node`, those that change."""
        changed = [number for number in group if number in self.moved or before.get(number) != event_id]
        return [(number, self.nodes[number].signature, event_id) for number in changed]

    def _settled(self, group: Sequence[int], prior: Mapping[int, int], sizes: Mapping[int, int]) -> bool:
        """Whether the group is an event as it stands: the same claims, none of them dirty."""
        first = prior.get(group[0])
        if first is None or sizes[first] != len(group):
            return False
        return all(prior.get(number) == first and number not in self.causes for number in group)

    def _resolve(self, groups: Sequence[Sequence[int]], before: Mapping[int, str]) -> list[Told]:
        facts = {number: self._facts[number] for group in groups for number in group if number in self._facts}
        unread = sorted(number for group in groups for number in group if number not in facts)
        query = select(claim.c.number, claim.c.claim_id, claim.c.facts)
        for number, claim_id, text in lookup(self.connection, query, claim.c.number, unread):
            facts[number] = read_facts(claim_id, text)
        task, told = self.task, []
        for group in groups:
            claims = [facts[number] for number in group]
            event_id, payload = told_by(claims, task.schema, task.verdicts, task.fx_policy)
            digest = event_digest(payload, sorted(fact.claim_id for fact in claims))
            were = Counter(before[number] for number in group if number in before)
            told.append(Told(event_id, payload, digest, self._cause(group), were))
        return told

    def _cause(self, group: Iterable[int]) -> str:
        causes = {self.causes[number] for number in group if number in self.causes}
        return chief_of(causes) if causes else self.task.cause


def _components(signatures: Sequence[_Signature], roots: Sequence[int]) -> dict[int, int]:
    """Of each number its component, which goes by the smallest number in it: most do not change when a claim is added."""
    component: dict[int, int] = {}
    for root, one in zip(roots, signatures, strict=True):
        component[root] = min(one.number, component.get(root, one.number))
    return {one.number: component[root] for root, one in zip(roots, signatures, strict=True)}


def refused_rows(refused: Iterable[Refusal], marks: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Rows of `merge_conflict`, for the review list."""
    rows = {}
    for left, right, path in refused:
        one, other = sorted((marks[left], marks[right]))
        rows[one, other] = (one, other, compact([marks[sig_id] for sig_id in path]))
    return list(rows.values())
