"""One merge: dirty claims in, changed events out. Only the components that the dirty claims touch are loaded and clustered anew.

The answer is that of `models.clustering` on all claims; this module only knows which of them can have changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import Connection, bindparam, delete, select, update

from models.block_pages import find_holders, keep_next_number, next_number
from models.blocking import Blocks, Numbers, key_rows, ordered
from models.clustering import cluster_table
from models.deal import Comparisons, DealSchema, Profile
from models.decisions import Verdicts, settings_of
from models.edges import best_first, pack_edges, unpack_edges
from models.engine import append, batches, insert, lookup, remove, split
from models.facts import Facts, read_facts
from models.ids import compact, content_id
from models.ledger import Ledger, MergeCounts, Told, event_digest
from models.resolver import resolve
from models.schema import block, claim, claim_node, dirty, event_redirect, merge_conflict, signature

_GROUPS = 2000
"""Events resolved at a time: bounds the memory of a large merge"""
_AT_HAND = 20_000
"""Dirty claims whose facts are read once and kept: a night's, but not all of a store that was never merged"""
_CAUSES = ("decision", "fx", "schema", "extractor", "source")
"""The one that names a change when several apply: the first"""


def _chief(causes: Iterable[str]) -> str:
    return min(causes, key=_CAUSES.index, default="source")


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


@dataclass(slots=True)
class _Node:
    sig_id: str
    event_id: str | None
    """None until the claim is in an event"""


@dataclass(slots=True)
class _Signature:
    number: int
    component: int | None
    """None until it is written"""
    mark: str
    figures: bytes
    edges: bytes


class Merge:
    """One merge in one transaction."""

    def __init__(  # noqa: PLR0917 -- what a merge depends on
        self, connection: Connection, run_id: str, at: str, schema: DealSchema, verdicts: Verdicts, fx_policy: str
    ) -> None:
        self.connection = connection
        self.schema = schema
        self.matcher = schema.matcher
        self.verdicts = verdicts
        self.fx_policy = fx_policy
        self.causes: dict[str, str] = {}
        self.fresh: dict[str, tuple[Profile, str]] = {}
        self.signatures: dict[str, _Signature] = {}
        """By id, those of the loaded components"""
        self.nodes: dict[str, _Node] = {}
        self.keys: dict[str, str] = {}
        """Claim keys of the dirty claims, by claim id"""
        self.moved: set[str] = set()
        """Claims whose row in claim_node has to be written"""
        self._profiles: dict[int, Profile] = {}
        """By number, those that were looked at"""
        self._facts: dict[str, Facts] = {}
        """Of dirty claims, by id"""
        self._gone: dict[str, _Node] = {}
        self._chief = "source"
        self._new: dict[str, _Signature] = {}
        self._open_sizes: Counter[str] = Counter()
        self.ledger = Ledger(connection, run_id, at, schema, self._open_sizes.__getitem__)

    def run(self) -> MergeCounts:
        """Merge what is dirty."""
        current, closing = self._read_dirty()
        if self.causes:
            self._place(current, closing)
            self._publish(self._cluster(), closing)
            self.connection.execute(delete(dirty))
        return self.ledger.finish()

    # --- which components ----------------------------------------------------------------------------------------------

    def _read_dirty(self) -> tuple[dict[str, str], set[str]]:
        """(signature of each open dirty claim, closed dirty claims)."""
        current: dict[str, str] = {}
        closing: set[str] = set()
        rows = self.connection.execute(
            select(dirty.c.claim_id, dirty.c.cause, claim.c.claim_key, claim.c.facts, claim.c.closed_run).join(
                claim, claim.c.claim_id == dirty.c.claim_id
            )
        )
        for claim_id, cause, key, facts, closed in rows:
            self.causes[claim_id] = cause
            self.keys[claim_id] = key
            if closed is not None:
                closing.add(claim_id)
                continue
            mark = key if key in self.verdicts.marked else ""
            told = read_facts(claim_id, facts)
            if len(self._facts) < _AT_HAND:
                self._facts[claim_id] = told
            profile = self.matcher.profile(told, mark)
            text = profile_text(profile)
            sig_id = content_id(text)
            self.fresh[sig_id] = profile, text
            current[claim_id] = sig_id
        self._chief = _chief(self.causes.values())
        return current, closing

    def _place(self, current: dict[str, str], closing: set[str]) -> None:
        """Load the components that dirty claims are in or will be in."""
        s = signature.c
        wanted = {row.sig_id for row in lookup(self.connection, select(s.sig_id), s.sig_id, sorted(self.fresh))}
        self._number(sorted(self.fresh.keys() - wanted))  # whatever order the claims came in
        wanted |= self._old_signatures() | self._partners()
        parts = {row.component for row in lookup(self.connection, select(s.component), s.sig_id, sorted(wanted))}
        parts |= {row.component for row in lookup(self.connection, select(s.component), s.number, self._neighbours())}
        query = select(s.sig_id, s.number, s.component, s.mark, s.figures, s.edges)
        for sig_id, *columns in lookup(self.connection, query, s.component, sorted(parts)):
            self.signatures[sig_id] = _Signature(*columns)
        members = select(claim_node.c.claim_id, claim_node.c.sig_id, claim_node.c.event_id)
        for claim_id, sig_id, event_id in lookup(self.connection, members, claim_node.c.sig_id, sorted(self.signatures)):
            self.nodes[claim_id] = _Node(sig_id, event_id)
        self.signatures.update(self._new)
        for claim_id, sig_id in current.items():
            node = self.nodes.get(claim_id)
            if node is None or node.sig_id != sig_id:
                self.nodes[claim_id] = _Node(sig_id, node.event_id if node else None)
                self.moved.add(claim_id)
        self._gone = {claim_id: self.nodes.pop(claim_id) for claim_id in closing if claim_id in self.nodes}
        self._drop_signatures()

    def _number(self, unknown: Sequence[str]) -> None:
        """Number new signatures in order and pack what they say."""
        if not unknown:
            return
        first = next_number(self.connection)
        keep_next_number(self.connection, first + len(unknown))
        packed = self.matcher.pack([self.fresh[sig_id][0] for sig_id in unknown])
        for number, (sig_id, figures) in enumerate(zip(unknown, split(packed, len(unknown)), strict=True), first):
            profile = self._profiles[number] = self.fresh[sig_id][0]
            self._new[sig_id] = _Signature(number, None, profile.mark, figures, b"")

    def _old_signatures(self) -> set[str]:
        query = select(claim_node.c.claim_id, claim_node.c.sig_id)
        return {row.sig_id for row in lookup(self.connection, query, claim_node.c.claim_id, sorted(self.causes))}

    def _neighbours(self) -> list[int]:
        """Numbers of known signatures that a new one has a reason to join; each new one gets its edges."""
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
        append(self.connection, block, own)
        found: list[int] = np.unique(numbers[edges[1][edges[1] < len(old)]]).tolist()
        return found

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

    def _partners(self) -> set[str]:
        """Signatures of claims that a decision puts together with a dirty one."""
        keys = {partner for key in self.keys.values() for partner in self.verdicts.partners.get(key, ())}
        query = select(claim_node.c.sig_id).join(claim, claim.c.claim_id == claim_node.c.claim_id)
        return {row.sig_id for row in lookup(self.connection, query, claim.c.claim_key, sorted(keys))}

    def _drop_signatures(self) -> None:
        """Those that no claim has any more."""
        alive = {node.sig_id for node in self.nodes.values()}
        dead = {self.signatures.pop(sig_id).number for sig_id in [one for one in self.signatures if one not in alive]}
        s = signature.c
        for number, text in lookup(self.connection, select(s.number, s.profile), s.number, sorted(dead)):
            keys = self.matcher.keys(read_profile(text)).has
            self.connection.execute(delete(block).where(block.c.key.in_(keys), block.c.number == number))
        remove(self.connection, signature, s.number, sorted(dead))

    # --- which groups --------------------------------------------------------------------------------------------------

    def _cluster(self) -> list[list[str]]:
        """Claim ids of each event of the loaded components."""
        holders: dict[str, list[str]] = defaultdict(list)
        for claim_id, node in self.nodes.items():
            holders[node.sig_id].append(claim_id)
        ids = sorted(self.signatures)
        signatures = [self.signatures[sig_id] for sig_id in ids]
        numbers = np.array([one.number for one in signatures], np.int64)
        table = self._table(numbers, [one.figures for one in signatures])
        marked = {one.mark: sig_id for sig_id, one in self.signatures.items() if one.mark}
        same = [(marked[a], marked[b]) for a, b in self.verdicts.same if a in marked and b in marked]
        different = [(marked[a], marked[b]) for a, b in self.verdicts.different if a in marked and b in marked]
        edges = unpack_edges([one.edges for one in signatures], numbers)
        found = cluster_table(ids, table, edges, same, different)
        self._note_refusals(found.refused)
        self._write_components(signatures, found.component)
        return [sorted(claim_id for sig_id in group for claim_id in holders[sig_id]) for group in found.groups]

    def _write_components(self, signatures: Sequence[_Signature], roots: Sequence[int]) -> None:
        """A component goes by the smallest number in it: most do not change when a claim is added."""
        component: dict[int, int] = {}
        for root, one in zip(roots, signatures, strict=True):
            component[root] = min(one.number, component.get(root, one.number))
        now = {one.number: component[root] for root, one in zip(roots, signatures, strict=True)}
        insert(self.connection, signature, (
            {
                "number": one.number, "sig_id": sig_id, "component": now[one.number], "mark": one.mark, "figures": one.figures,
                "edges": one.edges, "profile": self.fresh[sig_id][1],
            }
            for sig_id, one in self._new.items()
        ))  # fmt: skip
        moved = [
            {"at": one.number, "part": now[one.number]}
            for one in signatures if one.component is not None and one.component != now[one.number]
        ]  # fmt: skip
        place = update(signature).where(signature.c.number == bindparam("at")).values(component=bindparam("part"))
        for batch in batches(moved):
            self.connection.execute(place, batch)

    def _note_refusals(self, refused: Sequence[Any]) -> None:
        """Kept for the review list; of the pairs in these components only what was refused this time."""
        name = {sig_id: one.mark for sig_id, one in self.signatures.items() if one.mark}
        remove(self.connection, merge_conflict, merge_conflict.c.left, sorted(name.values()))
        rows = {}
        for left, right, path in refused:
            pair = tuple(sorted((name[left], name[right])))
            rows[pair] = {"left": pair[0], "right": pair[1], "path": compact([name[one] for one in path])}
        insert(self.connection, merge_conflict, rows.values(), known="replace")
        self.ledger.counts["refused"] = len(rows)

    # --- what changed --------------------------------------------------------------------------------------------------

    def _publish(self, groups: list[list[str]], closing: set[str]) -> None:
        prior = {
            claim_id: node.event_id for claim_id, node in (*self.nodes.items(), *self._gone.items()) if node.event_id
        }  # fmt: skip
        sizes = Counter(prior.values())
        self._open_sizes.update(event_id for claim_id, event_id in prior.items() if claim_id not in closing)
        open_groups = [group for group in groups if not self._settled(group, prior, sizes)]
        old_ids = {prior[claim_id] for group in open_groups for claim_id in group if claim_id in prior}
        old_ids |= {prior[claim_id] for claim_id in closing if claim_id in prior}
        new_ids: dict[str, str] = {}
        for batch in batches(open_groups, _GROUPS):
            told = self._resolve(batch, prior)
            for one, group in zip(told, batch, strict=True):
                self.ledger.follow(one.event_id, one.before)
                new_ids.update(dict.fromkeys(group, one.event_id))
            self.ledger.write(told)
        ids = set(new_ids.values())
        self.ledger.retire(sorted(old_ids - ids), self._chief)
        remove(self.connection, event_redirect, event_redirect.c.old_id, sorted(ids))
        self._write_nodes(new_ids, closing)

    def _settled(self, group: Sequence[str], prior: Mapping[str, str], sizes: Mapping[str, int]) -> bool:
        """Whether the group is an event as it stands: the same claims, none of them dirty."""
        first = prior.get(group[0])
        if first is None or sizes[first] != len(group):
            return False
        return all(prior.get(claim_id) == first and claim_id not in self.causes for claim_id in group)

    def _resolve(self, groups: Sequence[Sequence[str]], prior: Mapping[str, str]) -> list[Told]:
        facts = {claim_id: self._facts[claim_id] for group in groups for claim_id in group if claim_id in self._facts}
        unread = sorted(claim_id for group in groups for claim_id in group if claim_id not in facts)
        query = select(claim.c.claim_id, claim.c.facts)
        for claim_id, text in lookup(self.connection, query, claim.c.claim_id, unread):
            facts[claim_id] = read_facts(claim_id, text)
        told = []
        for group in groups:
            event_id, payload = told_by([facts[claim_id] for claim_id in group], self.schema, self.verdicts, self.fx_policy)
            before = Counter(prior[claim_id] for claim_id in group if claim_id in prior)
            told.append(Told(event_id, payload, event_digest(payload, group), self._cause(group), before))
        return told

    def _cause(self, group: Iterable[str]) -> str:
        causes = {self.causes[claim_id] for claim_id in group if claim_id in self.causes}
        return _chief(causes) if causes else self._chief

    def _write_nodes(self, new_ids: Mapping[str, str], closing: set[str]) -> None:
        rows = []
        for claim_id, event_id in new_ids.items():
            node = self.nodes[claim_id]
            if node.event_id != event_id or claim_id in self.moved:
                rows.append({"claim_id": claim_id, "sig_id": node.sig_id, "event_id": event_id})
        remove(self.connection, claim_node, claim_node.c.claim_id, sorted(closing))
        insert(self.connection, claim_node, sorted(rows, key=lambda row: row["claim_id"]), known="replace")
