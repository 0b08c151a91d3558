"""What the desk reads from the store: events a page at a time, what led to one, articles, runs, quarantine.

Every query is bounded by the ids or the page it is given; which events a filter lets pass is answered by the desk's own index
of the events, which `read_events` fills and `read_changed` keeps up to date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, event, func, or_, select

from models.codec import Json
from models.decisions import with_retractions
from models.engine import lookup, reading
from models.event import Change, Conflict, Decision, Event, EventAmount, Participant, StatusReport, event_from_json
from models.facts import Facts, read_facts
from models.quarantine import QuarantineItem
from models.resolver import status_history
from models.runs import RunRecord, run_record
from models.schema import (
    change_log,
    claim,
    claim_node,
    decision,
    document,
    document_version,
    event_number,
    event_redirect,
    event_version,
    extraction,
    meta,
    quarantine,
    run,
)
from models.store import Store, claims_of, event_named, of_version, read_decisions

_CACHE_KIB = 8_192
"""Page cache of one connection. A merge profits from a large one, a page does not"""


class Outline(msgspec.Struct, frozen=True):
    """What an index of all events needs of one (`models.event.Event`): the rest of its JSON is not looked at."""

    id: str
    type: str
    status: str
    roles: dict[str, tuple[Participant, ...]]
    amount: EventAmount | None
    date_start: str | None
    sources: tuple[str, ...]
    languages: tuple[str, ...]
    first_published: str | None
    last_published: str | None
    confidence: Decimal
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class CurrentEvent:
    """One event as it stands, and when it last changed: `seq` and `at` of the change feed."""

    outline: Outline
    seq: int
    at: str


_OUTLINE = msgspec.json.Decoder(Outline)


@dataclass(frozen=True, slots=True)
class Telling:
    """One claim of an event: what the extractor read (`payload`, with spans) in which version of which document."""

    claim_id: str
    claim_key: str
    event_id: str
    payload: Json
    version_id: str
    article_id: str
    source: str | None
    url: str | None
    language: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """A document as published. `mentions` is everything that was read in it: amounts, dates, names, issues."""

    version_id: str
    number: int
    article_id: str
    source: str | None
    url: str | None
    title: str | None
    text: str
    language: str | None
    region: str | None
    published: str | None
    retracted: bool
    newest: str
    """Id of the newest version of the document"""
    mentions: Json


@dataclass(frozen=True, slots=True)
class EventPast:
    """How an event came to be what it is."""

    version: int
    known_from: str
    status_history: tuple[StatusReport, ...]
    changes: tuple[Change, ...]
    decisions: tuple[Decision, ...]
    redirected_from: tuple[str, ...]


def read_lightly(store: Store) -> None:
    """Let every connection of this process use little memory: many short pages, no merge of millions."""
    if store.engine.dialect.name == "sqlite":
        event.listen(store.engine, "connect", _lighten)
        store.engine.dispose()


def _lighten(raw: Any, _record: Any) -> None:
    cursor = raw.cursor()
    cursor.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    cursor.execute("PRAGMA mmap_size=0")
    cursor.close()


def last_change(store: Store) -> tuple[int, int]:
    """(the newest row of the change feed, the newest decision); 0 where there is none."""
    with reading(store.engine) as connection:
        change, decided = (
            connection.execute(select(func.coalesce(func.max(table.c.seq), 0))).scalar_one() for table in (change_log, decision)
        )
        return int(change), int(decided)


def read_events(store: Store) -> Iterator[CurrentEvent]:
    """Every event as it stands, by id.

    In the order of an index, and the last change of each by itself: a join would sort all of the events in memory.
    """
    e, k, c = event_version.c, event_number.c, change_log.c
    last = select(func.max(c.seq)).where(c.event_id == k.event_id).scalar_subquery()
    query = select(e.payload, last, e.known_from).join(event_number, k.number == e.event)
    query = query.where(e.known_to.is_(None)).order_by(k.event_id)
    with reading(store.engine) as connection:
        for payload, seq, at in connection.execution_options(yield_per=1000).execute(query):
            yield CurrentEvent(_OUTLINE.decode(payload), int(seq), at)


def current_events(store: Store, ids: Sequence[str]) -> list[CurrentEvent]:
    """The events of these ids as they stand, in this order."""
    with reading(store.engine) as connection:
        return _current(connection, ids)


def read_changed(store: Store, after: int) -> tuple[set[str], list[CurrentEvent]]:
    """(ids of events that changed after row `after` of the change feed, those of them that are still there)."""
    with reading(store.engine) as connection:
        ids = set(connection.execute(select(change_log.c.event_id).where(change_log.c.seq > after).distinct()).scalars())
        return ids, _current(connection, sorted(ids))


def _current(connection: Connection, ids: Sequence[str]) -> list[CurrentEvent]:
    e, k, c = event_version.c, event_number.c, change_log.c
    newest = select(c.event_id, func.max(c.seq)).group_by(c.event_id)
    seqs = {event_id: int(seq) for event_id, seq in lookup(connection, newest, c.event_id, ids)}
    query = select(k.event_id, e.payload, e.known_from).join(event_version, e.event == k.number).where(e.known_to.is_(None))
    rows = {
        row.event_id: CurrentEvent(_OUTLINE.decode(row.payload), seqs[row.event_id], row.known_from)
        for row in lookup(connection, query, k.event_id, ids)
    }
    return [rows[event_id] for event_id in ids if event_id in rows]


def events_by_id(store: Store, ids: Sequence[str]) -> dict[str, Event]:
    """The current events of these ids."""
    return {event_id: event_from_json(payload) for event_id, payload in _payloads(store, ids)}


def payloads_by_id(store: Store, ids: Iterable[str]) -> dict[str, Json]:
    """The current events of these ids as JSON."""
    return {event_id: json.loads(payload) for event_id, payload in _payloads(store, ids)}


def _payloads(store: Store, ids: Iterable[str]) -> list[tuple[str, str]]:
    e, k = event_version.c, event_number.c
    query = select(k.event_id, e.payload).join(event_version, e.event == k.number).where(e.known_to.is_(None))
    with reading(store.engine) as connection:
        return [(event_id, payload) for event_id, payload in lookup(connection, query, k.event_id, ids)]


def resolve_event_id(store: Store, name: str) -> str | None:
    """The current event that an id, a unique beginning of one or an id merged away stands for; raises StoreError if several."""
    with reading(store.engine) as connection:
        return event_named(connection, name)


def read_tellings(store: Store, event_id: str, limit: int = 200) -> list[Telling]:
    """The claims of an event in order of publication, at most `limit`."""
    return _tellings(store, event_number.c.event_id == event_id, limit)


def read_article_tellings(store: Store, version_id: str, limit: int = 500) -> list[Telling]:
    """The claims that are made in one version of a document."""
    return _tellings(store, claim.c.version_id == version_id, limit)


def tellings_by_key(store: Store, keys: Sequence[str]) -> dict[str, Telling]:
    """The claims of these keys, as far as a document still makes them."""
    found: dict[str, Telling] = {}
    for start in range(0, len(keys), 500):
        for telling in _tellings(store, claim.c.claim_key.in_(keys[start : start + 500]), 1000):
            found.setdefault(telling.claim_key, telling)
    return found


def _tellings(store: Store, condition: Any, limit: int) -> list[Telling]:
    n, c, d, v, k = claim_node.c, claim.c, document.c, document_version.c, event_number.c
    query = (
        select(
            c.claim_id, c.claim_key, k.event_id, c.payload, c.version_id, d.article_id, d.source, d.url, v.language, v.published,
        ).join(claim_node, n.claim == c.number).join(event_number, k.number == n.event)
        .join(document_version, v.version_id == c.version_id).join(document, d.number == c.document)
        .where(condition).order_by(v.published, c.claim_id).limit(limit)
    )  # fmt: skip
    with reading(store.engine) as connection:
        return [Telling(row[0], row[1], row[2], json.loads(row[3]), *row[4:]) for row in connection.execute(query)]


def read_article(store: Store, version_id: str) -> ArticleVersion | None:
    """One version of a document with everything read in it; None when there is none of this id."""
    return read_articles(store, [version_id]).get(version_id)


def read_articles(store: Store, version_ids: Sequence[str]) -> dict[str, ArticleVersion]:
    """Versions of documents by id."""
    d, v = document.c, document_version.c
    query = select(
        v.version_id, v.number, d.article_id, d.source, d.url, v.title, v.text, v.language, v.region, v.published,
        d.retracted_run.is_not(None), d.current_version, d.live_component,
    ).join(document, d.number == v.document)  # fmt: skip
    x = extraction.c
    with reading(store.engine) as connection:
        rows = list(lookup(connection, query, v.version_id, version_ids))
        memos = {
            (row.version_id, row.component): row.payload
            for row in lookup(
                connection, select(v.version_id, x.component, x.payload).join(extraction, of_version()), v.version_id, version_ids
            )
        }
    found = {}
    for *fields, component in rows:
        memo = memos.get((fields[0], component)) or next((memos[key] for key in sorted(memos) if key[0] == fields[0]), "{}")
        found[fields[0]] = _article(fields, memo)
    return found


def _article(fields: Sequence[Any], memo: str) -> ArticleVersion:
    version_id, number, article_id, source, url, title, text, language, region, published, retracted, newest = fields
    return ArticleVersion(
        version_id, number, article_id, source, url, title, text, language, region, published, bool(retracted), newest,
        json.loads(memo),
    )  # fmt: skip


def read_past(store: Store, event_id: str) -> EventPast | None:
    """How an event came about: status reports, changes of the feed, decisions that touch it, ids merged into it."""
    e, k, r = event_version.c, event_number.c, event_redirect.c
    with reading(store.engine) as connection:
        current = select(e.version, e.known_from).join(event_number, k.number == e.event)
        row = connection.execute(current.where(k.event_id == event_id, e.known_to.is_(None))).first()
        if row is None:
            return None
        facts = claims_of(connection, event_id)
        changes = connection.execute(select(*change_log.c).where(change_log.c.event_id == event_id).order_by(change_log.c.seq))
        redirects = connection.execute(select(r.old_id).where(r.new_id == event_id).order_by(r.old_id)).scalars()
        return EventPast(
            row.version, row.known_from, tuple(StatusReport(**report) for report in status_history(facts)),
            tuple(Change(**{**change._mapping, "diff": json.loads(change.diff)}) for change in changes),
            _decisions_on(connection, sorted({fact.claim_key for fact in facts})), tuple(redirects),
        )  # fmt: skip


def _decisions_on(connection: Connection, keys: Sequence[str]) -> tuple[Decision, ...]:
    c = decision.c
    found = {}
    for column in (c.left, c.right):
        for row in lookup(connection, select(*c), column, keys):
            found[row.decision_id] = Decision(*row)
    retractions = [Decision(*row) for row in lookup(connection, select(*c).where(c.kind == "retract"), c.left, sorted(found))]
    return tuple(d for d in with_retractions([*found.values(), *retractions]) if d.kind != "retract")


def first_claims(store: Store, event_ids: Sequence[str]) -> dict[str, Facts]:
    """The earliest claim of each event: what it is named after."""
    n, k = claim_node.c, event_number.c
    query = select(k.event_id, claim.c.claim_id, claim.c.facts).join(claim_node, n.claim == claim.c.number)
    query = query.join(event_number, k.number == n.event)
    found: dict[str, Facts] = {}
    with reading(store.engine) as connection:
        for event_id, claim_id, text in lookup(connection, query, k.event_id, event_ids):
            facts = read_facts(claim_id, text)
            if event_id not in found or facts.seed < found[event_id].seed:
                found[event_id] = facts
    return found


def list_decisions(store: Store, limit: int, offset: int = 0) -> tuple[int, list[Decision]]:
    """(how many decisions there are, a page of them, the newest first)."""
    with reading(store.engine) as connection:
        everything = [d for d in with_retractions(read_decisions(connection)) if d.kind != "retract"]
    return len(everything), everything[::-1][offset : offset + limit]


def list_quarantine(store: Store, limit: int, offset: int = 0) -> tuple[int, list[QuarantineItem]]:
    """(how many open items there are, a page of them, the newest first)."""
    c = quarantine.c
    open_items = c.settled_as.is_(None)
    query = (
        select(c.item_id, c.run_id, c.place, c.stage, c.reason, c.size).join(run, run.c.run_id == c.run_id, isouter=True)
        .where(open_items).order_by(run.c.seq.desc(), c.place, c.item_id).limit(limit).offset(offset)
    )  # fmt: skip
    with reading(store.engine) as connection:
        count = connection.execute(select(func.count()).select_from(quarantine).where(open_items)).scalar_one()
        return int(count), [QuarantineItem(*row) for row in connection.execute(query)]


def quarantined(store: Store, item_id: str) -> QuarantineItem | None:
    """One item of the quarantine, settled or not; `Store.quarantine_raw` has its bytes."""
    c = quarantine.c
    query = select(c.item_id, c.run_id, c.place, c.stage, c.reason, c.size).where(c.item_id == item_id)
    with reading(store.engine) as connection:
        row = connection.execute(query).first()
    return None if row is None else QuarantineItem(*row)


def list_runs(store: Store, limit: int, offset: int = 0, nights_only: bool = True) -> tuple[int, list[RunRecord]]:
    """(how many runs there are, a page of them, the newest first). `nights_only` leaves out the merges after decisions."""
    r = run.c
    condition = and_(*([or_(r.inputs.not_like('["decide"%'), r.inputs.is_(None))] if nights_only else []))
    with reading(store.engine) as connection:
        count = connection.execute(select(func.count()).select_from(run).where(condition)).scalar_one()
        rows = connection.execute(select(*r).where(condition).order_by(r.seq.desc()).limit(limit).offset(offset))
        return int(count), [run_record(row) for row in rows]


def changes_of_run(store: Store, run_id: str, limit: int) -> tuple[dict[str, int], list[Change]]:
    """(changes by kind, the first `limit` of them) of one run."""
    c = change_log.c
    with reading(store.engine) as connection:
        bounds = _span_of_run(connection, run_id)
        if bounds is None:
            return {}, []
        inside = and_(c.seq >= bounds[0], c.seq <= bounds[1], c.run_id == run_id)
        counts = {op: int(n) for op, n in connection.execute(select(c.op, func.count()).where(inside).group_by(c.op))}
        rows = connection.execute(select(*c).where(inside).order_by(c.seq).limit(limit))
        return counts, [Change(**{**row._mapping, "diff": json.loads(row.diff)}) for row in rows]


def last_night(store: Store) -> tuple[str, int] | None:
    """(when the last night that changed anything began, the first row of the change feed that it wrote)."""
    _, nights = list_runs(store, 20)
    with reading(store.engine) as connection:
        for night in nights:
            bounds = _span_of_run(connection, night.run_id)
            if bounds is not None:
                return night.started_at, bounds[0]
    return None


def _span_of_run(connection: Connection, run_id: str) -> tuple[int, int] | None:
    c = change_log.c
    first, last = connection.execute(select(func.min(c.seq), func.max(c.seq)).where(c.run_id == run_id)).one()
    return None if first is None else (int(first), int(last))


def merged_by(store: Store) -> str | None:
    """The version of deal kinds and matcher that the events were last merged with; None before the first merge."""
    with reading(store.engine) as connection:
        return connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar()


def last_versions(store: Store, event_ids: Sequence[str]) -> dict[str, Event]:
    """The last version of events that are no more, such as those merged into another."""
    e, k = event_version.c, event_number.c
    query = select(k.event_id, e.version, e.payload).join(event_version, e.event == k.number)
    found: dict[str, tuple[int, str]] = {}
    with reading(store.engine) as connection:
        for event_id, version, payload in lookup(connection, query, k.event_id, event_ids):
            if event_id not in found or found[event_id][0] < version:
                found[event_id] = version, payload
    return {event_id: event_from_json(payload) for event_id, (_, payload) in found.items()}
