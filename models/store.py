"""The event store: raw documents and decisions go in, claims are kept beside them, events are derived.

Every method is one transaction: after a crash the same call is made again and does what is left to do.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from types import TracebackType
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, and_, bindparam, func, or_, select, update

from models import runs
from models.article import Article
from models.claim import Claim, Extraction
from models.codec import amount_to_json, claim_to_json, date_to_json, decimal_text, name_to_json
from models.deal import DealSchema
from models.decisions import KINDS, PROPERTIES, RANKS, check_setting, verdicts, with_retractions
from models.delta import Task
from models.engine import batches, connect, insert, lookup, reading, take_over, writing
from models.errors import StoreError
from models.event import Change, Decision
from models.facts import Facts, facts_text, read_facts
from models.ids import compact, content_id
from models.ledger import MergeCounts
from models.mention import Conversion, Rate
from models.merge import Merge, helper, processes
from models.migrations import upgrade
from models.origin import sketch
from models.quarantine import QuarantineItem, Settled, item_named, keep_item, read_items, read_raw, settle_items
from models.rebuild import rebuild
from models.resolver import DEFAULT_FX_POLICY, FX_POLICIES, STATUS_ORDER
from models.runs import RunRecord
from models.schema import (
    change_log,
    claim,
    claim_node,
    decision,
    dirty,
    document,
    document_version,
    event_number,
    event_redirect,
    event_version,
    evidence,
    extraction,
    merge_conflict,
    meta,
    run,
)
from models.workers import Worker


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """Articles by what is new about them. `refused` cannot be stored (U+0000, lone surrogates) and are in quarantine."""

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """Claims by what became of them. `kept` were said before by the same version of their document."""

    documents: int = 0
    opened: int = 0
    kept: int = 0
    closed: int = 0


def doc_id_of(article: Article) -> str:
    """The id of a document: its source, and its address or the source's own id."""
    return content_id(article.source or "", article.url or article.id)


def version_id_of(article: Article) -> str:
    """The id of a document as published: whatever the extractor reads is part of it."""
    return content_id(doc_id_of(article), article.title, article.text, article.language, article.region, article.published)


def origin_of(article: Article) -> str:
    """Nearly the same for copies of one text, whoever publishes them, under whatever title (`models.origin`)."""
    return sketch(article.text, doc_id_of(article))


def claim_keys(doc_id: str, claims: Sequence[Claim]) -> list[str]:
    """What a claim is known by, whichever extractor version reads it: document, kind, first participant of each role, quote.

    Two claims that share all of that are told apart by their place in the document.
    """
    parts = [_key_parts(doc_id, one) for one in claims]
    keys: list[str] = [""] * len(claims)
    seen: dict[str, int] = {}
    order = sorted(range(len(claims)), key=lambda i: (amount.start if (amount := claims[i].amount) else -1, i))
    for index in order:
        key = content_id(*parts[index])
        number = seen.get(key, 0)
        seen[key] = number + 1
        keys[index] = key if number == 0 else content_id(*parts[index], number)
    return keys


def _key_parts(doc_id: str, one: Claim) -> tuple[Any, ...]:
    first = sorted((role, min(names, key=lambda name: name.start).text) for role, names in one.roles.items() if names)
    anchor = min(one.evidence, key=lambda found: (found.start, found.end)).quote if one.evidence else ""
    return doc_id, one.type, [list(pair) for pair in first], anchor


def stamp(moment: datetime) -> str:
    """A moment as text that sorts: ISO 8601 in UTC. One without a zone is taken to be in UTC.

    >>> from datetime import timedelta, timezone
    >>> stamp(datetime(2025, 12, 17, 8, tzinfo=timezone(timedelta(hours=8))))
    '2025-12-17T00:00:00.000000+00:00'
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(article: Article) -> bool:
    fields = (article.id, article.title, article.text, article.url, article.source)
    return not any(field and _UNSTORABLE.search(field) for field in fields)


class Store:
    """One database of documents, claims, decisions and events. Use as a context manager, or `close` it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._helpers: list[Worker] = []

    @classmethod
    def open(cls, url: str = "sqlite:///dealwire.db") -> Self:
        """The store at `url`, created or migrated when needed; raises StoreError with one line when it cannot be."""
        engine = connect(url)
        try:
            with writing(engine) as connection:
                upgrade(connection)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Give the connections back, and end the processes of `prepare`."""
        self._end_helpers()
        self.engine.dispose()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Nobody else writes to the store while the block runs: not another run on this machine, not one on another."""
        with writing(self.engine):
            yield

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # --- runs ----------------------------------------------------------------------------------------------------------

    def begin_run(self, started_at: datetime, code_version: str, inputs: str) -> str:
        """The id of a run, a hash of what it is given. Beginning the same run again is the same run."""
        with writing(self.engine) as connection:
            return runs.begin(connection, stamp(started_at), code_version, inputs)

    def finish_run(
        self,
        run_id: str,
        status: str,
        counts: Mapping[str, int],
        at: datetime | None = None,
        report: Mapping[str, Any] | None = None,
    ) -> None:
        """Note how and when a run ended, and its report (anything that is JSON)."""
        with writing(self.engine) as connection:
            runs.finish(connection, run_id, status=status, counts=counts, at=stamp(at) if at else None, report=report)
        take_over(self.engine)

    def runs(self, limit: int | None = None) -> list[RunRecord]:
        """The runs of this store, the newest first."""
        with reading(self.engine) as connection:
            return runs.latest(connection, limit)

    def run_named(self, name: str) -> RunRecord:
        """The run with this id or unique beginning of it; raises StoreError for none or several."""
        with reading(self.engine) as connection:
            return runs.named(connection, name)

    # --- documents -----------------------------------------------------------------------------------------------------

    def add_documents(self, run_id: str, articles: Sequence[Article]) -> DocumentCounts:
        """Keep articles as published. A changed text is a new version of its document; nothing is overwritten."""
        counts = dict.fromkeys(("new", "unchanged", "changed", "refused"), 0)
        refused: list[Article] = []
        with writing(self.engine) as connection:
            for batch in batches(articles):
                good = [article for article in batch if _storable(article)]
                refused += [article for article in batch if not _storable(article)]
                _add_batch(connection, run_id, good, counts)
        for article in refused:
            raw = json.dumps(asdict(article)).encode("ascii")
            where = article.url or article.id
            self.add_quarantine(run_id, where, "store", "the text has a U+0000 or half a surrogate pair", raw)
        counts["refused"] = len(refused)
        return DocumentCounts(**counts)

    def pending(
        self, component_version: str, limit: int | None = None, part: tuple[str, str] | None = None
    ) -> Iterator[tuple[str, Article]]:
        """(document version id, article) of every document whose claims are not those of its newest text by this version.

        `part` is one of `pending_parts`.
        """
        query = _pending_ids(component_version)
        if part is not None:
            query = query.where(document.c.doc_id.between(*part))
        with reading(self.engine) as connection:
            ids = sorted(connection.execute(query).scalars())[:limit]
        d = document.c
        v = document_version.c
        full = select(
            v.version_id, d.article_id, v.text, v.title, d.url, d.source, v.language, v.region, v.published, v.published_from
        ).join(document, d.current_version == v.version_id)  # fmt: skip
        for batch in batches(ids, 200):
            with reading(self.engine) as connection:
                rows = connection.execute(full.where(d.doc_id.in_(batch)).order_by(d.doc_id)).all()
            for version_id, *fields in rows:
                yield version_id, Article(*fields)

    def pending_parts(self, component_version: str, size: int) -> list[tuple[str, str]]:
        """What is pending in parts of `size` documents, each as its first and last document: for several to share the work."""
        with reading(self.engine) as connection:
            ids = sorted(connection.execute(_pending_ids(component_version)).scalars())
        return [(part[0], part[-1]) for part in batches(ids, size)]

    def conversions(self, version_ids: Sequence[str]) -> dict[str, tuple[Conversion, ...]]:
        """The rates that document versions were converted at when they were first read, by version id."""
        e, v = extraction.c, document_version.c
        query = select(v.version_id, e.payload, run.c.seq).join(extraction, of_version()).join(run, run.c.run_id == e.run_id)
        first: dict[str, tuple[int, str]] = {}
        with reading(self.engine) as connection:
            for version_id, payload, seq in lookup(connection, query, v.version_id, version_ids):
                first[version_id] = min(first.get(version_id, (seq, payload)), (seq, payload))
        return {
            version_id: tuple(
                Conversion(base, on, Rate(currency, Decimal(rate), day, source))
                for base, on, currency, rate, day, source in json.loads(payload).get("conversions", ())
            )
            for version_id, (_, payload) in first.items()
        }

    def retract_documents(self, run_id: str, doc_ids: Sequence[str]) -> int:
        """Close every claim of documents that their source has withdrawn. Returns the number of claims closed."""
        closed = 0
        with writing(self.engine) as connection:
            for batch in batches(doc_ids):
                open_claims = select(claim.c.number).join(document, document.c.number == claim.c.document)
                open_claims = open_claims.where(document.c.doc_id.in_(batch), claim.c.closed_run.is_(None))
                claims = list(connection.execute(open_claims).scalars())
                _close_claims(connection, run_id, claims)
                _mark_dirty(connection, claims, "source")
                unlive = {"retracted_run": run_id, "live_version": None, "live_component": None}
                connection.execute(update(document).where(document.c.doc_id.in_(batch)).values(**unlive))
                closed += len(claims)
        return closed

    # --- claims --------------------------------------------------------------------------------------------------------

    def add_extractions(
        self, run_id: str, component_version: str, items: Sequence[tuple[str, Article, Extraction]]
    ) -> ClaimCounts:
        """Keep what was read in document versions. Claims a document no longer makes are closed; the memo makes it idempotent."""
        counts = dict.fromkeys(("documents", "opened", "kept", "closed"), 0)
        with writing(self.engine) as connection, _without_collector():
            for batch in batches(items, 500):
                _extract_batch(connection, run_id, component_version, batch, counts)
        return ClaimCounts(**counts)

    # --- quarantine ----------------------------------------------------------------------------------------------------

    def add_quarantine(
        self,
        run_id: str,
        where: str,
        stage: str,
        reason: str,
        raw: bytes,
        *,
        kind: str = "row",
        context: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep input that could not be used, with the reason. The same input at the same place and stage is kept once."""
        with writing(self.engine) as connection:
            keep_item(connection, run_id, where=where, stage=stage, reason=reason, raw=raw, kind=kind, context=context or {})

    def quarantine(self, *, settled: bool = False) -> list[QuarantineItem]:
        """Everything in quarantine that is open, by place; with `settled` what was retried or dismissed too."""
        with reading(self.engine) as connection:
            return read_items(connection, settled)

    def quarantine_named(self, name: str) -> str:
        """The id of the item with this id or unique beginning of it; raises StoreError for none or several."""
        with reading(self.engine) as connection:
            return item_named(connection, name)

    def quarantine_raw(self, item_id: str) -> bytes:
        """The bytes of an item of the quarantine as they came."""
        with reading(self.engine) as connection:
            return read_raw(connection, item_id)

    def settle_quarantine(self, run_id: str | None, item_ids: Sequence[str], how: Settled) -> int:
        """Note that items were `retried` or `dismissed`. Returns how many were open."""
        with writing(self.engine) as connection:
            return settle_items(connection, run_id, item_ids, how)

    # --- decisions -----------------------------------------------------------------------------------------------------

    def decide(
        self,
        at: datetime,
        actor: str,
        kind: str,
        left: str,
        right: str | None = None,
        *,
        property: str | None = None,
        value: str | None = None,
        note: str | None = None,
        rank: str = "human",
    ) -> str:
        """Keep a decision; the next `merge` applies it. Returns its id.

        `same` and `different` take two events or claims, `set` one and a property with its value, `retract` a decision.
        An event is named by its id or a unique beginning of it and stands for its first claim; a claim by its key.
        """
        _check_decision(kind, rank, right, property, value)
        with writing(self.engine) as connection:
            if kind == "retract":
                left = _decision_named(connection, left)
                row = connection.execute(select(decision.c.left, decision.c.right).where(decision.c.decision_id == left)).one()
                touched = [key for key in row if key is not None]
            else:
                left = claim_key_named(connection, left)
                right = claim_key_named(connection, right) if right is not None else None
                touched = [key for key in (left, right) if key is not None]
            if left == right:
                raise StoreError(f"{left}: a decision is about two different claims; name them by claim key")
            number = connection.execute(select(func.coalesce(func.max(decision.c.seq), 0) + 1)).scalar_one()
            decision_id = content_id(stamp(at), actor, rank, kind, left, right, property, value)
            insert(connection, decision, [{
                "decision_id": decision_id, "seq": number, "at": stamp(at), "actor": actor, "rank": rank, "kind": kind,
                "left": left, "right": right, "property": property, "value": value, "note": note,
            }], known="skip")  # fmt: skip
            said = select(claim.c.number).where(claim.c.claim_key.in_(touched), claim.c.closed_run.is_(None))
            _mark_dirty(connection, list(connection.execute(said).scalars()), "decision")
        return decision_id

    def decisions(self) -> list[Decision]:
        """Every decision in the order they were made."""
        with reading(self.engine) as connection:
            return with_retractions(read_decisions(connection))

    def orphans(self) -> list[Decision]:
        """Decisions in force about claims that no document makes any more: for review."""
        with reading(self.engine) as connection:
            found = [d for d in with_retractions(read_decisions(connection)) if not d.retracted and d.kind != "retract"]
            keys = {key for d in found for key in (d.left, d.right) if key is not None}
            query = select(claim.c.claim_key).where(claim.c.closed_run.is_(None))
            alive = {row.claim_key for row in lookup(connection, query, claim.c.claim_key, sorted(keys))}
        return [d for d in found if d.left not in alive or (d.right is not None and d.right not in alive)]

    def refusals(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Joins that decisions ask for and others forbid: (claim key, claim key, path of claim keys)."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(*merge_conflict.c).order_by(merge_conflict.c.left, merge_conflict.c.right))
            return [(left, right, tuple(json.loads(path))) for left, right, path in rows]

    # --- events --------------------------------------------------------------------------------------------------------

    def preview(
        self,
        started_at: datetime,
        component_version: str,
        items: Sequence[tuple[str, Article, Extraction]],
        schema: DealSchema,
    ) -> list[Change]:
        """What `add_extractions` and `merge` would change with these items; the store stays as it is."""
        with writing(self.engine) as connection:
            last = int(connection.execute(select(func.coalesce(func.max(change_log.c.seq), 0))).scalar_one())
            run_id = runs.begin(connection, stamp(started_at), component_version, "preview")
            counts = dict.fromkeys(("documents", "opened", "kept", "closed"), 0)
            for batch in batches(items, 500):
                _extract_batch(connection, run_id, component_version, batch, counts)
            _merge(connection, run_id, schema)
            rows = connection.execute(select(*change_log.c).where(change_log.c.seq > last).order_by(change_log.c.seq))
            found = [Change(**{**row._mapping, "diff": json.loads(row.diff)}) for row in rows]
            connection.rollback()
        return found

    def prepare(self, schema: DealSchema, workers: int, claims: int) -> None:
        """Start the other processes of the next `merge`, when it is to be of so many claims that they are of use.

        They take a second to start, in which there may be something else to do. `close` ends them where there is no merge.
        """
        while len(self._helpers) < processes(workers, claims) - 1:
            self._helpers.append(helper(schema))

    def _end_helpers(self) -> None:
        while self._helpers:
            self._helpers.pop().close()

    def merge(
        self, run_id: str, schema: DealSchema, check: Callable[[MergeCounts], None] = lambda _: None, *, workers: int = 1
    ) -> MergeCounts:
        """Bring the events up to date with claims and decisions. A schema that differs from the last one's rebuilds them.

        `check` sees the counts before they are kept; when it raises, the events stay as they were. `workers` are processes where
        there is much to do.
        """
        try:
            with writing(self.engine) as connection:
                known = connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar()
                if known is not None and known != schema.version:
                    counts = _rebuild(connection, run_id, schema, workers)
                else:
                    if known is None:
                        insert(connection, meta, [{"name": "schema", "value": schema.version}])
                    counts = _merge(connection, run_id, schema, workers, self._helpers)
                check(counts)
                return counts
        finally:
            self._end_helpers()

    def fx_policy(self) -> str:
        """The policy that says at which text's rate an event's amount is shown (`models.resolver.FX_POLICIES`)."""
        with reading(self.engine) as connection:
            return _fx_policy(connection)

    def set_fx_policy(self, run_id: str, policy: str, schema: DealSchema, *, workers: int = 1) -> MergeCounts:
        """Take another policy and resolve every event anew; what changes is in the change feed with cause ``fx``."""
        if policy not in FX_POLICIES:
            raise StoreError(f"{policy}: no such policy; there are {', '.join(FX_POLICIES)}")
        with writing(self.engine) as connection:
            if policy != _fx_policy(connection):
                insert(connection, meta, [{"name": "fx_policy", "value": policy}], known="replace")
                return _rebuild(connection, run_id, schema, workers, "fx")
            return _merge(connection, run_id, schema)

    def rebuild(self, run_id: str, schema: DealSchema, *, workers: int = 1) -> MergeCounts:
        """Derive everything anew from claims and decisions. Changes nothing when the code is the same.

        `workers` above 1 are processes of their own, started as `multiprocessing` spawns them.
        """
        with writing(self.engine) as connection:
            counts = _rebuild(connection, run_id, schema, workers)
        take_over(self.engine)
        return counts


def of_version() -> ColumnElement[bool]:
    """What joins the extractions of a version of a document to it."""
    e, v = extraction.c, document_version.c
    return and_(e.document == v.document, e.version_id == v.version_id)


def _pending_ids(component_version: str) -> Select[tuple[str]]:
    """Of every document that is to be read, in no order: by an index, which neither `!=` nor an order would let SQLite use."""
    d = document.c
    component = d.live_component
    stale = or_(component.is_(None), component < component_version, component > component_version)
    return select(d.doc_id).where(stale, d.retracted_run.is_(None))


def _add_batch(connection: Connection, run_id: str, articles: Sequence[Article], counts: dict[str, int]) -> None:
    ids = [(doc_id_of(article), version_id_of(article)) for article in articles]
    d, v = document.c, document_version.c
    known = list(lookup(connection, select(d.doc_id, d.number, d.current_version), d.doc_id, sorted({doc for doc, _ in ids})))
    documents = {doc_id: number for doc_id, number, _ in known}
    current = {doc_id: version_id for doc_id, _, version_id in known}
    versions = {row.version_id for row in lookup(connection, select(v.version_id), v.version_id, sorted({ver for _, ver in ids}))}
    query = select(v.document, func.max(v.number)).group_by(v.document)
    editions = dict(tuple(row) for row in lookup(connection, query, v.document, sorted(documents.values())))
    free = count(_last(connection, document) + 1)
    new_documents: dict[str, dict[str, Any]] = {}
    new_versions: list[dict[str, Any]] = []
    moved: dict[str, str] = {}
    for article, (doc_id, version_id) in zip(articles, ids, strict=True):
        if current.get(doc_id) == version_id:
            counts["unchanged"] += 1
            continue
        if doc_id not in current:
            counts["new"] += 1
            documents[doc_id] = next(free)
            new_documents[doc_id] = {
                "number": documents[doc_id], "doc_id": doc_id, "source": article.source, "url": article.url,
                "article_id": article.id, "current_version": version_id, "live_version": None, "live_component": None,
                "retracted_run": None,
            }  # fmt: skip
        else:
            counts["changed"] += 1
            moved[doc_id] = version_id
        current[doc_id] = version_id
        if version_id not in versions:
            versions.add(version_id)
            number = documents[doc_id]
            editions[number] = editions.get(number, 0) + 1
            new_versions.append({
                "version_id": version_id, "document": number, "number": editions[number], "title": article.title,
                "text": article.text, "language": article.language, "region": article.region, "published": article.published,
                "published_from": article.published_from, "origin": origin_of(article), "run_id": run_id,
            })  # fmt: skip
    insert(connection, document, new_documents.values())
    insert(connection, document_version, new_versions)
    if moved:
        now: dict[str, Any] = {"current_version": bindparam("b_version"), "live_component": None, "retracted_run": None}
        rows = [{"b_doc": doc_id, "b_version": version_id} for doc_id, version_id in moved.items()]
        connection.execute(update(document).where(d.doc_id == bindparam("b_doc")).values(**now), rows)


def _last(connection: Connection, table: Table) -> int:
    """The last number that is given in a table, 0 for none."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one())


def _extract_batch(
    connection: Connection,
    run_id: str,
    component: str,
    items: Sequence[tuple[str, Article, Extraction]],
    counts: dict[str, int],
) -> None:
    d, v = document.c, document_version.c
    states = {
        row.version_id: row
        for row in lookup(
            connection,
            select(v.version_id, d.doc_id, v.origin, d.number, d.current_version, d.live_version, d.live_component).join(
                document, d.number == v.document
            ),
            v.version_id,
            sorted({version_id for version_id, _, _ in items}),
        )
    }
    memos: list[dict[str, Any]] = []
    live: dict[int, tuple[str, str]] = {}
    said: dict[int, dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]] = {}
    for version_id, article, found in items:
        state = states.get(version_id)
        if state is None:
            raise StoreError(f"{article.id}: document version {version_id} is not in the store")
        if (state.live_version, state.live_component) == (version_id, component):
            continue
        counts["documents"] += 1
        memos.append({
            "document": state.number, "version_id": version_id, "component": component, "run_id": run_id,
            "payload": _mentions(article, found),
        })  # fmt: skip
        if state.current_version == version_id:
            cause = "extractor" if state.live_version == version_id else "source"
            live[state.number] = version_id, cause
            said[state.number] = _claim_rows(article, found, state, component, run_id)
    insert(connection, extraction, memos, known="skip")
    _settle_claims(connection, run_id, said, {number: cause for number, (_, cause) in live.items()}, counts)
    rows = [{"b_doc": number, "b_version": version_id} for number, (version_id, _) in live.items()]
    if rows:
        now = {"live_version": bindparam("b_version"), "live_component": component}
        connection.execute(update(document).where(d.number == bindparam("b_doc")).values(**now), rows)


def _mentions(article: Article, found: Extraction) -> str:
    return compact({
        "language": found.language, "region": found.region, "published": found.published,
        "amounts": [amount_to_json(article, amount) for amount in found.amounts],
        "dates": [date_to_json(article, mention) for mention in found.dates],
        "names": [name_to_json(article, name) for name in found.names],
        "issues": list(found.issues),
        "conversions": [[c.base, c.on, c.rate.currency, decimal_text(c.rate.rate), c.rate.date, c.rate.source]
                        for c in found.conversions],
    })  # fmt: skip


def _claim_rows(
    article: Article, found: Extraction, state: Any, component: str, run_id: str
) -> dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """(claim row, evidence rows) by claim id; they get their number when they are found to be new."""
    rows = {}
    read = Article(
        article.id, article.text, article.title, article.url, article.source,
        found.language, found.region, found.published or article.published,
    )  # fmt: skip
    for one, key in zip(found.claims, claim_keys(state.doc_id, found.claims), strict=True):
        if one.status not in STATUS_ORDER and one.status not in ("rejected", "terminated"):
            raise StoreError(f"{article.id}: unknown status {one.status!r}")
        values = claim_to_json(article, one)
        payload = compact(values)
        claim_id = content_id(key, state.version_id, payload)
        row = {
            "claim_id": claim_id, "claim_key": key, "document": state.number, "version_id": state.version_id,
            "component": component, "type": one.type, "facts": facts_text(read, one, key, state.doc_id, state.origin),
            "payload": payload,
            "opened_run": run_id, "closed_run": None,
        }  # fmt: skip
        quotes = [{"n": n, **quote} for n, quote in enumerate(values["evidence"])]
        rows[claim_id] = row, quotes
    return rows


def _settle_claims(
    connection: Connection,
    run_id: str,
    said: dict[int, dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]],
    causes: dict[int, str],
    counts: dict[str, int],
) -> None:
    """Open what is new, leave what is said again, close the rest of each document's claims. Documents go by number."""
    query = select(claim.c.number, claim.c.claim_id, claim.c.document, claim.c.closed_run)
    known: set[str] = set()
    reopened: list[int] = []
    close: list[int] = []
    touched: dict[int, str] = {}
    for number, claim_id, doc, closed_run in lookup(connection, query, claim.c.document, sorted(said)):
        known.add(claim_id)
        if (closed_run is None) != (claim_id in said[doc]):
            (close if closed_run is None else reopened).append(number)
            touched[number] = causes[doc]
    opened = [(doc, *rows) for doc, told in said.items() for claim_id, rows in told.items() if claim_id not in known]
    numbered = list(enumerate(opened, _last(connection, claim) + 1))
    insert(connection, claim, ({"number": number, **row} for number, (_, row, _) in numbered))
    insert(connection, evidence, ({"claim": number, **quote} for number, (_, _, quotes) in numbered for quote in quotes))
    for batch in batches(reopened):
        connection.execute(update(claim).where(claim.c.number.in_(batch)).values(closed_run=None))
    _close_claims(connection, run_id, close)
    touched |= {number: causes[doc] for number, (doc, _, _) in numbered}
    for cause in sorted(set(touched.values())):
        _mark_dirty(connection, [number for number, why in touched.items() if why == cause], cause)
    counts["opened"] += len(opened) + len(reopened)
    counts["closed"] += len(close)
    counts["kept"] += sum(len(rows) for rows in said.values()) - len(opened) - len(reopened)


def _close_claims(connection: Connection, run_id: str, claims: Sequence[int]) -> None:
    for batch in batches(claims):
        connection.execute(update(claim).where(claim.c.number.in_(batch)).values(closed_run=run_id))


def _mark_dirty(connection: Connection, claims: Iterable[int], cause: str) -> None:
    insert(connection, dirty, [{"claim": number, "cause": cause} for number in claims], known="replace")


def read_decisions(connection: Connection) -> list[Decision]:
    """Every decision in the order they were made."""
    return [Decision(*row) for row in connection.execute(select(*decision.c).order_by(decision.c.seq))]


def _check_decision(kind: str, rank: str, right: str | None, name: str | None, value: str | None) -> None:
    if kind not in KINDS:
        raise StoreError(f"{kind}: a decision is one of {', '.join(KINDS)}")
    if rank not in RANKS:
        raise StoreError(f"{rank}: a decision is made by one of {', '.join(RANKS)}")
    if (kind in ("same", "different")) != (right is not None):
        raise StoreError(f"{kind} takes {'two events or claims' if right is None else 'one'}")
    if kind == "set" and (name not in PROPERTIES or value is None):
        raise StoreError(f"set takes a value and one of {', '.join(PROPERTIES)}")
    wrong = check_setting(name, value) if name is not None and value is not None else None
    if wrong:
        raise StoreError(f"{value}: {wrong}")


def claim_key_named(connection: Connection, name: str) -> str:
    """The claim key that an event id (or a unique beginning of it) or a claim key stands for."""
    if connection.execute(select(claim.c.claim_key).where(claim.c.claim_key == name).limit(1)).first():
        return name
    members = claims_of(connection, event_named(connection, name) or "")
    if not members:
        raise StoreError(f"{name}: no event or claim has this id")
    return min(members, key=lambda facts: facts.seed).claim_key


def claims_of(connection: Connection, event_id: str) -> list[Facts]:
    """The claims that tell an event."""
    n, k = claim_node.c, event_number.c
    query = select(claim.c.claim_id, claim.c.facts).join(claim_node, n.claim == claim.c.number)
    query = query.join(event_number, k.number == n.event).where(k.event_id == event_id)
    return [read_facts(*row) for row in connection.execute(query)]


def event_named(connection: Connection, name: str) -> str | None:
    """The current event with this id or unique beginning, through redirects; None when there is none."""
    e, k, r = event_version.c, event_number.c, event_redirect.c
    exact = connection.execute(select(r.new_id).where(r.old_id == name)).scalar()
    if exact is not None:
        return str(exact)
    current = select(k.event_id).join(event_version, e.event == k.number).where(e.known_to.is_(None))
    like = connection.execute(current.where(k.event_id >= name, k.event_id < name + "\x7f").limit(2)).scalars().all()
    if len(like) == 1:
        return str(like[0])
    if len(like) > 1:
        if name in like:
            return name
        raise StoreError(f"{name}: several events begin so; give more of the id")
    begins = select(r.new_id).where(r.old_id >= name, r.old_id < name + "\x7f").distinct().limit(2)
    old = connection.execute(begins).scalars().all()
    return str(old[0]) if len(old) == 1 else None


def _decision_named(connection: Connection, name: str) -> str:
    c = decision.c
    query = select(c.decision_id).where(c.decision_id >= name, c.decision_id < name + "\x7f", c.kind != "retract").limit(2)
    found = connection.execute(query).scalars().all()
    if len(found) != 1:
        raise StoreError(f"{name}: {'no decision has' if not found else 'several decisions have'} this id")
    return str(found[0])


def _merge(
    connection: Connection, run_id: str, schema: DealSchema, workers: int = 1, helpers: Sequence[Worker] = ()
) -> MergeCounts:
    at = _start_of(connection, run_id)
    with _without_collector():
        task = Task(run_id, at, schema, verdicts(read_decisions(connection)), _fx_policy(connection), "")
        return Merge(connection, task).run(workers, helpers)


def _start_of(connection: Connection, run_id: str) -> str:
    at = connection.execute(select(run.c.started_at).where(run.c.run_id == run_id)).scalar()
    if at is None:
        raise StoreError(f"{run_id}: no such run; begin_run comes first")
    return str(at)


def _fx_policy(connection: Connection) -> str:
    chosen = connection.execute(select(meta.c.value).where(meta.c.name == "fx_policy")).scalar()
    return str(chosen) if chosen else DEFAULT_FX_POLICY


@contextmanager
def _without_collector() -> Iterator[None]:
    """A merge makes millions of small records and no cycles; looking for some takes a third of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _rebuild(connection: Connection, run_id: str, schema: DealSchema, workers: int, cause: str = "schema") -> MergeCounts:
    at = _start_of(connection, run_id)
    insert(connection, meta, [{"name": "schema", "value": schema.version}], known="replace")
    with _without_collector():
        task = Task(run_id, at, schema, verdicts(read_decisions(connection)), _fx_policy(connection), cause)
        return rebuild(connection, task, workers)
