"""What is read from the store: events, one event with everything that led to it, changes, and the analysts' views."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, text

from models.decisions import with_retractions
from models.engine import lookup, reading
from models.errors import StoreError
from models.event import Change, Decision, Event, EventDetail, EventEvidence, RelatedEvent, StatusReport, event_from_json
from models.origin import origins
from models.resolver import status_history
from models.schema import VIEWS, change_log, document_version, event_number, event_party, event_redirect, event_version
from models.store import Store, claims_of, event_named, read_decisions, stamp

PartyTest = Callable[[str], bool] | Collection[str]
"""Says whether a name as printed is meant, or the names that are"""


def list_events(
    store: Store,
    *,
    party: PartyTest | None = None,
    type: str | None = None,
    status: str | None = None,
    since: str | None = None,
    min_usd: Decimal | None = None,
    as_known_at: datetime | None = None,
) -> list[Event]:
    """Events, the most recently reported first.

    `party` is asked for every name a participant goes by: canonical, of the owner, and as printed in any script.
    `since` is an ISO 8601 date: events dated or last reported on it or later. `min_usd` counts the amount, or the lower bound
    of a range. `as_known_at` shows what the store held then.
    """
    e = event_version.c
    conditions = [_known_at(as_known_at)]
    if type is not None:
        conditions.append(e.type == type)
    if status is not None:
        conditions.append(e.status == status)
    if since is not None:
        conditions.append(or_(e.last_published >= since, e.date >= since))
    if min_usd is not None:
        conditions.append(e.usd >= min_usd)
    with reading(store.engine) as connection:
        if party is not None and as_known_at is None:
            ids = _events_of(connection, _tester(party))
            query = select(e.payload).where(and_(*conditions))
            payloads = [row.payload for row in lookup(connection, query, e.event, sorted(ids))]
        else:
            payloads = [row.payload for row in connection.execute(select(e.payload).where(and_(*conditions)))]
    events = [event_from_json(payload) for payload in payloads]
    if party is not None and as_known_at is not None:
        test = _tester(party)
        events = [event for event in events if _takes_part(event, test)]
    return sorted(sorted(events, key=lambda event: event.id), key=lambda event: event.last_published or "", reverse=True)


def _known_at(moment: datetime | None) -> Any:
    e = event_version.c
    if moment is None:
        return e.known_to.is_(None)
    at = stamp(moment)
    return and_(e.known_from <= at, or_(e.known_to.is_(None), e.known_to > at))


def _tester(party: PartyTest) -> Callable[[str], bool]:
    return party if callable(party) else frozenset(party).__contains__


def _events_of(connection: Connection, test: Callable[[str], bool]) -> set[int]:
    """The numbers of events with a participant that passes; each distinct name is asked once."""
    p = event_party.c
    passed: dict[str, bool] = {}

    def passes(names: Iterable[str | None]) -> bool:
        for name in names:
            if name is not None and name not in passed:
                passed[name] = test(name)
        return any(passed[name] for name in names if name is not None)

    rows = connection.execute(select(p.event, p.canonical, p.parent, p.names))
    return {number for number, canonical, parent, names in rows if passes((canonical, parent, *json.loads(names)))}


def _takes_part(event: Event, test: Callable[[str], bool]) -> bool:
    parties = [party for found in event.roles.values() for party in found]
    return any(test(name) for party in parties for name in (party.canonical, party.parent, *party.names) if name is not None)


def get_event(store: Store, event_id: str) -> EventDetail | None:
    """One event with its evidence, history and related events; None when there is none of this id.

    `event_id` may be a unique beginning, or an id that was merged into another event. Raises StoreError when several fit.
    """
    with reading(store.engine) as connection:
        found = event_named(connection, event_id)
        e, k = event_version.c, event_number.c
        current = select(e.payload, e.version, e.known_from).join(event_number, k.number == e.event)
        row = connection.execute(current.where(k.event_id == (found or ""), e.known_to.is_(None))).first()
        if row is None or found is None:
            return None
        event = event_from_json(row.payload)
        facts = claims_of(connection, found)
        keys = {fact.claim_key for fact in facts}
        redirects = select(event_redirect.c.old_id).where(event_redirect.c.new_id == found).order_by(event_redirect.c.old_id)
        return EventDetail(
            event=event, version=row.version, known_from=row.known_from, asked=event_id,
            evidence=_evidence(connection, found),
            status_history=tuple(StatusReport(**report) for report in status_history(facts)),
            changes=tuple(_changes(connection, change_log.c.event_id == found)),
            related=_related(connection, event),
            decisions=_decisions_on(connection, keys),
            redirected_from=tuple(connection.execute(redirects).scalars()),
        )  # fmt: skip


def _evidence(connection: Connection, event_id: str) -> tuple[EventEvidence, ...]:
    """Quotes in order of publication."""
    rows = connection.execute(text(
        'SELECT claim_id, claim_key, source, article_id, url, language, published, version_id, field, start, "end", quote '
        "FROM v_event_evidence WHERE event_id = :event_id"
    ), {"event_id": event_id})  # fmt: skip
    found = [EventEvidence(*row) for row in rows]
    found.sort(key=lambda q: (q.published or "9999", q.article_id, q.claim_key, q.field != "title", q.start))
    v = document_version.c
    ids = sorted({quote.version_id for quote in found})
    sketches = {row.version_id: row.origin for row in lookup(connection, select(v.version_id, v.origin), v.version_id, ids)}
    origin = origins(sketches.values())
    first: dict[str, EventEvidence] = {}
    for quote in found:
        first.setdefault(origin[sketches[quote.version_id]], quote)
    return tuple(_with_origin(quote, first[origin[sketches[quote.version_id]]]) for quote in found)


def _with_origin(quote: EventEvidence, first: EventEvidence) -> EventEvidence:
    """A quote with the source that printed its text before, if one did."""
    same = first.version_id == quote.version_id
    return quote if same else replace(quote, copy_of=first.source or first.url or first.article_id)


def _decisions_on(connection: Connection, keys: Collection[str]) -> tuple[Decision, ...]:
    return tuple(d for d in with_retractions(read_decisions(connection)) if d.left in keys or d.right in keys)


def _related(connection: Connection, event: Event) -> tuple[RelatedEvent, ...]:
    """Events that share two participants with this one, or for a deal of one participant that one and the type."""
    p, e, k = event_party.c, event_version.c, event_number.c
    parties = [party for found in event.roles.values() for party in found]
    names = sorted({name for party in parties for name in (party.canonical, party.parent) if name})
    need = 2 if len(parties) > 1 else 1
    shared = (
        select(p.event).where(p.canonical.in_(names) | p.parent.in_(names))
        .group_by(p.event).having(func.count(func.distinct(p.canonical)) >= need)
    )  # fmt: skip
    query = select(k.event_id, e.type, e.status, e.date, e.usd).join(event_number, k.number == e.event)
    query = query.where(e.event.in_(shared), k.event_id != event.id, e.known_to.is_(None))
    if need == 1:
        query = query.where(e.type == event.type)
    rows = connection.execute(query.order_by(e.type, e.date, k.event_id).limit(50))
    return tuple(RelatedEvent(*row) for row in rows)


def list_changes(store: Store, *, since_seq: int = 0, limit: int | None = None) -> list[Change]:
    """The change feed after row `since_seq`, oldest first."""
    with reading(store.engine) as connection:
        return list(_changes(connection, change_log.c.seq > since_seq, limit))


def _changes(connection: Connection, condition: Any, limit: int | None = None) -> Iterator[Change]:
    query = select(*change_log.c).where(condition).order_by(change_log.c.seq).limit(limit)
    for row in connection.execute(query):
        values = dict(row._mapping)
        yield Change(**{**values, "diff": json.loads(values["diff"])})


def read_view(store: Store, name: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(column names, rows) of one of the analysts' views, in a stable order."""
    if name not in VIEWS:
        raise StoreError(f"{name}: no such view; there are {', '.join(VIEWS)}")
    with reading(store.engine) as connection:
        result = connection.execute(text(f"SELECT * FROM {name}"))
        columns = list(result.keys())
        rows = [tuple(row) for row in result]
    return columns, sorted(rows, key=lambda row: [(value is not None, str(value)) for value in row])
