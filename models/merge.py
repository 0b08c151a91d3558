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
from models.blocking import Blocks, Keys, ordered
from models.clustering import cluster
from models.deal import DealSchema, Profile
from models.decisions import Verdicts, settings_of
from models.engine import batches, insert, lookup, remove
from models.facts import Facts, read_facts
from models.ids import compact, content_id
from models.ledger import Ledger, MergeCounts, Told, event_digest
from models.resolver import resolve
from models.schema import block, claim, claim_node, dirty, event_redirect, merge_conflict, signature

_GROUPS = 2000
"""Events resolved at a time: bounds the memory of a large merge"""
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
        self.profiles: dict[str, Profile] = {}
        self.components: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.nodes: dict[str, _Node] = {}
        self.keys: dict[str, str] = {}
        """Claim keys of the dirty claims, by claim id"""
        self.moved: set[str] = set()
        """Claims whose row in claim_node has to be written"""
        self._known: dict[str, Profile] = {}
        """Profiles of neighbours, which are not read twice"""
        self._gone: dict[str, _Node] = {}
        self._chief = "source"
        self._new: list[str] = []
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
            profile = self.matcher.profile(read_facts(claim_id, facts), mark)
            text = profile_text(profile)
            sig_id = content_id(text)
            self.fresh[sig_id] = profile, text
            current[claim_id] = sig_id
        self._chief = _chief(self.causes.values())
        return current, closing

    def _place(self, current: dict[str, str], closing: set[str]) -> None:
        """Load the components that dirty claims are in or will be in."""
        touched_sigs = self._old_signatures()
        wanted = {row.sig_id for row in lookup(self.connection, select(signature.c.sig_id), signature.c.sig_id, self.fresh)}
        unknown = {sig_id: found for sig_id, found in self.fresh.items() if sig_id not in wanted}
        keys = {sig_id: self.matcher.keys(profile) for sig_id, (profile, _) in unknown.items()}
        wanted |= touched_sigs | self._neighbours(unknown, keys) | self._partners()
        components = {
            row.component for row in lookup(self.connection, select(signature.c.component), signature.c.sig_id, sorted(wanted))
        }
        s = signature.c
        query = select(s.number, s.sig_id, s.component, s.profile)
        for number, sig_id, component, text in lookup(self.connection, query, s.component, sorted(components)):
            self.profiles[sig_id] = self._known.get(sig_id) or read_profile(text)
            self.components[sig_id] = component
            self.numbers[sig_id] = number
        self._known.clear()
        members = select(claim_node.c.claim_id, claim_node.c.sig_id, claim_node.c.event_id)
        for claim_id, sig_id, event_id in lookup(self.connection, members, claim_node.c.sig_id, list(self.profiles)):
            self.nodes[claim_id] = _Node(sig_id, event_id)
        for sig_id, (profile, _) in self.fresh.items():
            self.profiles[sig_id] = profile
        for claim_id, sig_id in current.items():
            node = self.nodes.get(claim_id)
            if node is None or node.sig_id != sig_id:
                self.nodes[claim_id] = _Node(sig_id, node.event_id if node else None)
                self.moved.add(claim_id)
        self._gone = {claim_id: self.nodes.pop(claim_id) for claim_id in closing if claim_id in self.nodes}
        self._write_signatures(keys)

    def _old_signatures(self) -> set[str]:
        query = select(claim_node.c.claim_id, claim_node.c.sig_id)
        return {row.sig_id for row in lookup(self.connection, query, claim_node.c.claim_id, self.causes)}

    def _neighbours(self, unknown: Mapping[str, tuple[Profile, str]], keys: Mapping[str, Keys]) -> set[str]:
        """Known signatures that a new one has a reason to join."""
        askers = list(unknown)
        asks = [keys[sig_id].asks for sig_id in askers]
        asked = np.array([key for one in asks for key in one], np.int64)
        held, holders = find_holders(self.connection, np.unique(asked))
        s = signature.c
        texts = select(s.number, s.sig_id, s.profile)
        numbers = []
        for number, sig_id, text in lookup(self.connection, texts, s.number, np.unique(holders).tolist()):
            self._known[sig_id] = read_profile(text)
            numbers.append(number)
        known = list(self._known)
        there = np.isin(holders, numbers)
        order = np.argsort(numbers)
        place = order[np.searchsorted(numbers, holders[there], sorter=order)]
        asker = np.repeat(np.arange(len(known), len(known) + len(askers)), [len(one) for one in asks])
        left, right = Blocks(ordered(held[there], place), (asked, asker)).pairs()
        table = self.matcher.table([*self._known.values(), *(unknown[sig_id][0] for sig_id in askers)])
        return {known[number] for number in np.unique(left[table.scores(left, right) > 0]).tolist()}

    def _partners(self) -> set[str]:
        """Signatures of claims that a decision puts together with a dirty one."""
        keys = {partner for key in self.keys.values() for partner in self.verdicts.partners.get(key, ())}
        query = select(claim_node.c.sig_id).join(claim, claim.c.claim_id == claim_node.c.claim_id)
        return {row.sig_id for row in lookup(self.connection, query, claim.c.claim_key, sorted(keys))}

    def _write_signatures(self, unknown: Mapping[str, Keys]) -> None:
        alive = {node.sig_id for node in self.nodes.values()}
        dead = {sig_id: self.profiles.pop(sig_id) for sig_id in [one for one in self.profiles if one not in alive]}
        remove(self.connection, signature, signature.c.sig_id, sorted(dead))
        for sig_id, profile in dead.items():
            gone = block.c.key.in_(self.matcher.keys(profile).has), block.c.number == self.numbers.pop(sig_id)
            self.connection.execute(delete(block).where(*gone))
        new = [sig_id for sig_id in unknown if sig_id in alive]
        if new:
            first = next_number(self.connection)
            self.numbers.update(zip(new, range(first, first + len(new)), strict=True))
            keep_next_number(self.connection, first + len(new))
        rows = sorted((key, self.numbers[sig_id]) for sig_id in new for key in unknown[sig_id].has)
        insert(self.connection, block, ({"key": key, "number": number} for key, number in rows))
        self._new = new

    # --- which groups --------------------------------------------------------------------------------------------------

    def _cluster(self) -> list[list[str]]:
        """Claim ids of each event of the loaded components."""
        holders: dict[str, list[str]] = defaultdict(list)
        for claim_id, node in self.nodes.items():
            holders[node.sig_id].append(claim_id)
        marked = {profile.mark: sig_id for sig_id, profile in self.profiles.items() if profile.mark}
        same = [(marked[a], marked[b]) for a, b in self.verdicts.same if a in marked and b in marked]
        different = [(marked[a], marked[b]) for a, b in self.verdicts.different if a in marked and b in marked]
        found = cluster(self.profiles, self.matcher, same, different)
        self._note_refusals(found.refused)
        self._write_components(found.component)
        return [sorted(claim_id for sig_id in group for claim_id in holders[sig_id]) for group in found.groups]

    def _write_components(self, roots: Sequence[int]) -> None:
        """A component goes by the smallest number in it: most do not change when a claim is added."""
        numbers = [self.numbers[sig_id] for sig_id in sorted(self.profiles)]
        component: dict[int, int] = {}
        for root, number in zip(roots, numbers, strict=True):
            component[root] = min(number, component.get(root, number))
        found = {sig_id: component[root] for sig_id, root in zip(sorted(self.profiles), roots, strict=True)}
        insert(self.connection, signature, (
            {"number": self.numbers[sig_id], "sig_id": sig_id, "component": found[sig_id], "profile": self.fresh[sig_id][1]}
            for sig_id in self._new
        ))  # fmt: skip
        moved = [
            {"at": self.numbers[sig_id], "part": found[sig_id]}
            for sig_id, before in self.components.items() if sig_id in found and before != found[sig_id]
        ]  # fmt: skip
        place = update(signature).where(signature.c.number == bindparam("at")).values(component=bindparam("part"))
        for batch in batches(moved):
            self.connection.execute(place, batch)

    def _note_refusals(self, refused: Sequence[Any]) -> None:
        """Kept for the review list; of the pairs in these components only what was refused this time."""
        name = {sig_id: profile.mark for sig_id, profile in self.profiles.items() if profile.mark}
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
        ids = [claim_id for group in groups for claim_id in group]
        query = select(claim.c.claim_id, claim.c.facts)
        facts = {claim_id: read_facts(claim_id, text) for claim_id, text in lookup(self.connection, query, claim.c.claim_id, ids)}
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
