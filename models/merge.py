"""One merge: dirty claims in, changed events out. Only the components that the dirty claims touch are loaded and clustered anew.

The answer is that of `models.resolver` on all claims; this module only knows which of them can have changed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, select, update

from models.codec import Json
from models.deal import DealSchema, Keys, Profile
from models.decisions import Verdicts, settings_of
from models.engine import batches, insert, lookup, remove
from models.facts import Facts, read_facts
from models.ids import compact, content_id
from models.resolver import cluster, resolve
from models.schema import (
    block,
    change_log,
    claim,
    claim_node,
    dirty,
    event_conflict,
    event_party,
    event_redirect,
    event_version,
    merge_conflict,
    signature,
)

GROUPS = 2000
"""Events resolved at a time: bounds the memory of a rebuild"""
_CAUSES = ("decision", "fx", "schema", "extractor", "source")
"""The one that names a change when several apply: the first"""


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


class _Known(NamedTuple):
    """The latest version of an event; `digest` is None when it is no more."""

    version: int
    digest: str | None
    payload: str


@dataclass(slots=True)
class _Changes:
    """Rows to write, gathered per batch of groups."""

    versions: list[Json] = field(default_factory=list)
    parties: list[Json] = field(default_factory=list)
    conflicts: list[Json] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    log: list[Json] = field(default_factory=list)


class Merge:
    """One merge in one transaction."""

    def __init__(  # noqa: PLR0917 -- what a merge depends on
        self, connection: Connection, run_id: str, at: str, schema: DealSchema, verdicts: Verdicts, fx_policy: str
    ) -> None:
        self.connection = connection
        self.run_id = run_id
        self.at = at
        self.schema = schema
        self.matcher = schema.matcher
        self.verdicts = verdicts
        self.fx_policy = fx_policy
        self.counts: Counter[str] = Counter()
        self.causes: dict[str, str] = {}
        self.fresh: dict[str, tuple[Profile, str]] = {}
        self.profiles: dict[str, Profile] = {}
        self.components: dict[str, str] = {}
        self.nodes: dict[str, _Node] = {}
        self.keys: dict[str, str] = {}
        """Claim keys of the dirty claims, by claim id"""
        self.moved: set[str] = set()
        """Claims whose row in claim_node has to be written"""
        self.from_scratch = False
        self._all_causes: set[str] = set()
        self._scores: dict[tuple[str, str], int] = {}
        self._keys: dict[str, Keys] = {}
        self._gone: dict[str, _Node] = {}
        self._new: list[str] = []
        self._open_sizes: Counter[str] = Counter()

    def run(self, before: Mapping[str, str] | None = None) -> MergeCounts:
        """Merge what is dirty. `before` is the event of every claim where the nodes were dropped (a rebuild)."""
        self.from_scratch = before is not None
        current, closing = self._read_dirty()
        if self.causes or before:
            self._place(current, closing)
            groups = self._cluster()
            self._publish(groups, closing, before)
            self.connection.execute(delete(dirty))
        total = self.connection.execute(select(func.count()).select_from(event_version).where(event_version.c.known_to.is_(None)))
        unchanged = int(total.scalar_one()) - self.counts["added"] - self.counts["changed"] - self.counts["split"]
        return MergeCounts(**self.counts, unchanged=unchanged)

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
        self._all_causes = set(self.causes.values())
        return current, closing

    def _place(self, current: dict[str, str], closing: set[str]) -> None:
        """Load the components that dirty claims are in or will be in."""
        touched_sigs = self._old_signatures()
        wanted = {row.sig_id for row in lookup(self.connection, select(signature.c.sig_id), signature.c.sig_id, self.fresh)}
        unknown = {sig_id: found for sig_id, found in self.fresh.items() if sig_id not in wanted}
        self._keys = {sig_id: self.matcher.keys(profile) for sig_id, (profile, _) in unknown.items()}
        if not self.from_scratch:
            wanted |= touched_sigs | self._neighbours(unknown) | self._partners()
        components = {
            row.component for row in lookup(self.connection, select(signature.c.component), signature.c.sig_id, sorted(wanted))
        }
        query = select(signature.c.sig_id, signature.c.component, signature.c.profile)
        for sig_id, component, text in lookup(self.connection, query, signature.c.component, sorted(components)):
            self.profiles[sig_id] = read_profile(text)
            self.components[sig_id] = component
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
        self._write_signatures(unknown)

    def _old_signatures(self) -> set[str]:
        query = select(claim_node.c.claim_id, claim_node.c.sig_id)
        return {row.sig_id for row in lookup(self.connection, query, claim_node.c.claim_id, self.causes)}

    def _neighbours(self, unknown: Mapping[str, tuple[Profile, str]]) -> set[str]:
        """Known signatures that a new one has a reason to join."""
        askers: dict[str, list[str]] = defaultdict(list)
        for sig_id in unknown:
            for key in self._keys[sig_id].asks:
                askers[key].append(sig_id)
        pairs: set[tuple[str, str]] = set()
        for key, sig_id in lookup(self.connection, select(block.c.key, block.c.sig_id), block.c.key, sorted(askers)):
            pairs.update((asker, sig_id) for asker in askers[key])
        known: dict[str, Profile] = {}
        query = select(signature.c.sig_id, signature.c.profile)
        for sig_id, text in lookup(self.connection, query, signature.c.sig_id, sorted({sig_id for _, sig_id in pairs})):
            known[sig_id] = read_profile(text)
        score = self.matcher.score
        found = set()
        for asker, sig_id in pairs:
            points = self._scores[min(asker, sig_id), max(asker, sig_id)] = score(unknown[asker][0], known[sig_id])
            if points > 0:
                found.add(sig_id)
        return found

    def _partners(self) -> set[str]:
        """Signatures of claims that a decision puts together with a dirty one."""
        keys = {partner for key in self.keys.values() for partner in self.verdicts.partners.get(key, ())}
        query = select(claim_node.c.sig_id).join(claim, claim.c.claim_id == claim_node.c.claim_id)
        return {row.sig_id for row in lookup(self.connection, query, claim.c.claim_key, sorted(keys))}

    def _write_signatures(self, unknown: Mapping[str, tuple[Profile, str]]) -> None:
        alive = {node.sig_id for node in self.nodes.values()}
        dead = {sig_id: self.profiles.pop(sig_id) for sig_id in [one for one in self.profiles if one not in alive]}
        remove(self.connection, signature, signature.c.sig_id, sorted(dead))
        for sig_id, profile in dead.items():
            keys = self.matcher.keys(profile).has
            self.connection.execute(delete(block).where(block.c.key.in_(keys), block.c.sig_id == sig_id))
        new = [sig_id for sig_id in unknown if sig_id in alive]
        rows = sorted((key, sig_id) for sig_id in new for key in self._keys[sig_id].has)
        insert(self.connection, block, ({"key": key, "sig_id": sig_id} for key, sig_id in rows))
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
        found = cluster(self.profiles, self.matcher, same, different, self._scores, self._keys)
        self._note_refusals(found.refused)
        new = set(self._new)
        insert(self.connection, signature, (
            {"sig_id": sig_id, "component": found.component[sig_id], "profile": self.fresh[sig_id][1]} for sig_id in self._new
        ))  # fmt: skip
        moved = [
            {"sig": sig_id, "part": component}
            for sig_id, component in found.component.items() if sig_id not in new and self.components.get(sig_id) != component
        ]  # fmt: skip
        place = update(signature).where(signature.c.sig_id == bindparam("sig")).values(component=bindparam("part"))
        for batch in batches(moved):
            self.connection.execute(place, batch)
        return [sorted(claim_id for sig_id in group for claim_id in holders[sig_id]) for group in found.groups]

    def _note_refusals(self, refused: Sequence[Any]) -> None:
        """Kept for the review list; of the pairs in these components only what was refused this time."""
        name = {sig_id: profile.mark for sig_id, profile in self.profiles.items() if profile.mark}
        remove(self.connection, merge_conflict, merge_conflict.c.left, sorted(name.values()))
        rows = {}
        for left, right, path in refused:
            pair = tuple(sorted((name[left], name[right])))
            rows[pair] = {"left": pair[0], "right": pair[1], "path": compact([name[one] for one in path])}
        insert(self.connection, merge_conflict, rows.values(), known="replace")
        self.counts["refused"] = len(rows)

    # --- what changed --------------------------------------------------------------------------------------------------

    def _publish(self, groups: list[list[str]], closing: set[str], before: Mapping[str, str] | None) -> None:
        prior = dict(before) if before is not None else {
            claim_id: node.event_id for claim_id, node in (*self.nodes.items(), *self._gone.items()) if node.event_id
        }  # fmt: skip
        sizes = Counter(prior.values())
        self._open_sizes = Counter(event_id for claim_id, event_id in prior.items() if claim_id not in closing)
        open_groups = [group for group in groups if not self._settled(group, prior, sizes)]
        old_ids = {prior[claim_id] for group in open_groups for claim_id in group if claim_id in prior}
        old_ids |= {prior[claim_id] for claim_id in closing if claim_id in prior}
        if before is not None:
            old_ids |= set(prior.values())
        seq = int(self.connection.execute(select(func.coalesce(func.max(change_log.c.seq), 0))).scalar_one())
        new_ids: dict[str, str] = {}
        successors: dict[str, Counter[str]] = defaultdict(Counter)
        log: list[Json] = []
        for batch in batches(open_groups, GROUPS):
            changes = self._resolve(batch, prior, new_ids, successors)
            self._write(changes)
            log += changes.log
        log += self._retire(sorted(old_ids - set(new_ids.values())), successors)
        remove(self.connection, event_redirect, event_redirect.c.old_id, sorted(set(new_ids.values())))
        for number, row in enumerate(sorted(log, key=lambda row: (row["event_id"], row["op"])), seq + 1):
            row["seq"] = number
        insert(self.connection, change_log, log)
        self._write_nodes(new_ids, closing)

    def _settled(self, group: Sequence[str], prior: Mapping[str, str], sizes: Mapping[str, int]) -> bool:
        """Whether the group is an event as it stands: the same claims, none of them dirty."""
        first = prior.get(group[0])
        if first is None or sizes[first] != len(group):
            return False
        return all(prior.get(claim_id) == first and claim_id not in self.causes for claim_id in group)

    def _facts(self, groups: Iterable[Sequence[str]]) -> dict[str, Facts]:
        ids = [claim_id for group in groups for claim_id in group]
        query = select(claim.c.claim_id, claim.c.facts)
        return {claim_id: read_facts(claim_id, text) for claim_id, text in lookup(self.connection, query, claim.c.claim_id, ids)}

    def _resolve(
        self,
        groups: Sequence[Sequence[str]],
        prior: Mapping[str, str],
        new_ids: dict[str, str],
        successors: dict[str, Counter[str]],
    ) -> _Changes:
        facts = self._facts(groups)
        events: list[tuple[Json, Sequence[str]]] = []
        for group in groups:
            settings = settings_of((facts[claim_id].claim_key for claim_id in group), self.verdicts.settings)
            event = resolve((facts[claim_id] for claim_id in group), self.schema, settings, self.fx_policy)
            events.append((event, group))
        known = self._known([event["id"] for event, _ in events])
        changes = _Changes()
        for event, group in events:
            event_id = event["id"]
            origins = Counter(prior[claim_id] for claim_id in group if claim_id in prior)
            for old, count in origins.items():
                successors[old][event_id] += count
            for claim_id in group:
                new_ids[claim_id] = event_id
            self._compare(event, group, known.get(event_id), origins, changes)
        return changes

    def _known(self, ids: Sequence[str]) -> dict[str, _Known]:
        """The latest version of events."""
        found: dict[str, _Known] = {}
        e = event_version.c
        for row in lookup(self.connection, select(e.event_id, e.version, e.content_hash, e.known_to, e.payload), e.event_id, ids):
            if row.event_id not in found or found[row.event_id].version < row.version:
                digest = row.content_hash if row.known_to is None else None
                found[row.event_id] = _Known(row.version, digest, row.payload)
        return found

    def _compare(self, event: Json, group: Sequence[str], known: _Known | None, origins: Counter[str], changes: _Changes) -> None:
        payload = compact(event, sort=False)  # the order of roles is payer, paid
        digest = content_id(hashlib.blake2b(payload.encode(), digest_size=16).hexdigest(), *group)
        if known is not None and known.digest == digest:
            return
        version = known.version + 1 if known else 1
        event_id = event["id"]
        other: str | None = None
        if known is not None and known.digest is not None:
            op, diff = "MOD", _diff(json.loads(known.payload), event)
        else:
            other = min((old for old in origins if old != event_id and self._open_sizes[old] > origins[old]), default=None)
            op, diff = "SPLIT" if other else "ADD", {}
        self.counts[{"MOD": "changed", "ADD": "added", "SPLIT": "split"}[op]] += 1
        if op == "MOD":
            changes.closed.append(event_id)
        changes.log.append(self._change(op, event_id, other, version, self._cause(group), diff))
        changes.versions.append(self._version_row(event, version, digest, payload))
        changes.parties += _party_rows(event, self.schema)
        changes.conflicts += _conflict_rows(event)

    def _cause(self, group: Iterable[str]) -> str:
        causes = {self.causes[claim_id] for claim_id in group if claim_id in self.causes} or self._all_causes
        return next((cause for cause in _CAUSES if cause in causes), "source")

    def _change(self, op: str, event_id: str, other: str | None, version: int, cause: str, diff: Json) -> Json:  # noqa: PLR0917
        return {
            "run_id": self.run_id, "at": self.at, "op": op, "event_id": event_id, "other_id": other, "version": version,
            "cause": cause, "diff": compact(diff),
        }  # fmt: skip

    def _version_row(self, event: Json, version: int, digest: str, payload: str) -> Json:
        amount = event["amount"] or {}
        usd = amount.get("usd") or amount.get("usd_low") or amount.get("usd_high")
        return {
            "event_id": event["id"], "version": version, "known_from": self.at, "known_to": None, "run_id": self.run_id,
            "content_hash": digest, "type": event["type"], "family": event["family"], "status": event["status"],
            "date": event["date"], "first_published": event["first_published"], "last_published": event["last_published"],
            "usd": usd, "n_sources": event["n_sources"], "n_origins": event["n_origins"],
            "confidence": float(event["confidence"]), "payload": payload,
        }  # fmt: skip

    def _write(self, changes: _Changes) -> None:
        self._close(changes.closed)
        insert(self.connection, event_version, changes.versions)
        insert(self.connection, event_party, changes.parties)
        insert(self.connection, event_conflict, changes.conflicts)

    def _close(self, ids: Sequence[str]) -> None:
        for batch in batches(ids):
            e = event_version.c
            self.connection.execute(
                update(event_version).where(e.event_id.in_(batch), e.known_to.is_(None)).values(known_to=self.at)
            )
            self.connection.execute(delete(event_party).where(event_party.c.event_id.in_(batch)))
            self.connection.execute(delete(event_conflict).where(event_conflict.c.event_id.in_(batch)))

    def _retire(self, ids: Sequence[str], successors: Mapping[str, Counter[str]]) -> list[Json]:
        """Close events that are no more; those whose claims live on leave a redirect."""
        known = self._known(ids)
        self._close(ids)
        log = []
        redirects = []
        for old in ids:
            version = known[old][0]
            heirs = successors.get(old)
            if heirs:
                heir = min(heirs, key=lambda event_id: (-heirs[event_id], event_id))
                redirects.append({"old_id": old, "new_id": heir, "run_id": self.run_id})
                log.append(self._change("MERGE", old, heir, version, self._cause(()), {}))
                self.counts["merged"] += 1
            else:
                log.append(self._change("DEL", old, None, version, self._cause(()), {}))
                self.counts["removed"] += 1
        moved = [{"old": row["old_id"], "heir": row["new_id"]} for row in redirects]
        follow = update(event_redirect).where(event_redirect.c.new_id == bindparam("old")).values(new_id=bindparam("heir"))
        for batch in batches(moved):
            self.connection.execute(follow, batch)
        insert(self.connection, event_redirect, redirects, known="replace")
        return log

    def _write_nodes(self, new_ids: Mapping[str, str], closing: set[str]) -> None:
        rows = []
        for claim_id, event_id in new_ids.items():
            node = self.nodes[claim_id]
            if node.event_id != event_id or claim_id in self.moved:
                rows.append({"claim_id": claim_id, "sig_id": node.sig_id, "event_id": event_id})
        remove(self.connection, claim_node, claim_node.c.claim_id, sorted(closing))
        insert(self.connection, claim_node, sorted(rows, key=lambda row: row["claim_id"]), known="replace")


def _diff(old: Json, new: Json) -> Json:
    """{property: [old, new]} of what differs, without the id and what only ranks or dates the rest."""
    names = sorted((old.keys() | new.keys()) - {"id", "alternatives", "status_history"})
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}


def _party_rows(event: Json, schema: DealSchema) -> list[Json]:
    kind = schema.kinds.get(event["type"])
    order = kind.roles if kind else ()
    rows = []
    for role, parties in event["roles"].items():
        place = order.index(role) if role in order else len(order)
        side = ("pays", "paid")[place] if kind and kind.moves_money and place < 2 else ""
        for n, party in enumerate(parties):
            rows.append({
                "event_id": event["id"], "role": role, "n": n, "place": place, "side": side, "canonical": party["canonical"],
                "entity_id": party["entity_id"], "parent": party["parent"], "kind": party["kind"], "support": party["support"],
                "corroborated": party["corroborated"], "names": compact(party["names"]),
            })  # fmt: skip
    return rows


def _conflict_rows(event: Json) -> list[Json]:
    return [
        {
            "event_id": event["id"], "property": found["property"], "n": n, "value": value["value"], "support": value["support"],
            "sources": compact(value["sources"]), "best": value["best"], "reason": value["reason"],
        }
        for found in event["conflicts"] for n, value in enumerate(found["values"])
    ]  # fmt: skip
