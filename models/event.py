"""The records that leave the store: events, what disagrees in them, how they came about and how they changed.

Money, percentages and quantities are exact decimals as strings in JSON and `Decimal` in the records.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import msgspec

from models.codec import Json


@dataclass(frozen=True, slots=True)
class Participant:
    """One side of a deal. `support` is the number of independent origins that name it in this role, its owner or unit included.

    `corroborated` is False when others tell the deal and only one of them names this participant.
    """

    canonical: str
    entity_id: str | None
    parent: str | None
    kind: str
    support: int
    corroborated: bool
    names: tuple[str, ...]
    """As printed, in every script"""


@dataclass(frozen=True, slots=True)
class EventAmount:
    """Money of an event in units of `currency`. `usd` and `hkd` at `rate_date`'s rate of `rate_source`."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    currency: str | None
    inferred: bool
    modifier: str
    usd: Decimal | None = None
    usd_low: Decimal | None = None
    usd_high: Decimal | None = None
    hkd: Decimal | None = None
    hkd_low: Decimal | None = None
    hkd_high: Decimal | None = None
    rate_date: str | None = None
    rate_source: str | None = None
    fx_policy: str = ""
    """Which text's rates these are (`models.resolver.FX_POLICIES`)"""
    rates: tuple[tuple[str, str, str, str], ...] = ()
    """(currency, rate, date, source)"""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One value that claims give for a property, best first; `support` counts origins."""

    value: str
    support: int
    sources: tuple[str, ...]
    best: bool
    reason: str
    """Why the best one won; for the others, why not"""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A property on which claims of one event contradict each other beyond tolerance."""

    property: str
    values: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The first report of a status. `effect`: opens, advances, ends, revives, or kept out (weaker than what was known)."""

    status: str
    published: str | None
    source: str
    attribution: str | None
    claim_key: str
    effect: str


@dataclass(frozen=True, slots=True)
class Event:
    """One deal, told by `n_claims` claims of `n_sources` sources and `n_origins` independent origins."""

    id: str
    type: str
    family: str
    status: str
    binding: bool
    roles: dict[str, tuple[Participant, ...]]
    amount: EventAmount | None
    valuation: EventAmount | None
    stake_pct: Decimal | None
    quantity: tuple[Decimal, str] | None
    term: str | None
    date: str | None
    precision: str | None
    date_start: str | None
    date_end: str | None
    n_claims: int
    n_sources: int
    n_origins: int
    sources: tuple[str, ...]
    languages: tuple[str, ...]
    first_published: str | None
    last_published: str | None
    confidence: Decimal
    alternatives: tuple[Conflict, ...]
    """Every property with more than one value, contradicting or not"""
    conflicts: tuple[Conflict, ...]
    status_history: tuple[StatusReport, ...]


@dataclass(frozen=True, slots=True)
class EventEvidence:
    """A quote: ``article[field][start:end] == quote`` in the document version `version_id`.

    `copy_of` is the source that printed this text first, where it is nearly that of another article told in the event.
    """

    claim_id: str
    claim_key: str
    source: str | None
    article_id: str
    url: str | None
    language: str | None
    published: str | None
    version_id: str
    field: str
    start: int
    end: int
    quote: str
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class RelatedEvent:
    """Another event between the same participants: a tranche of it, the stake it led to, the round before."""

    event_id: str
    type: str
    status: str
    date: str | None
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the change feed. `op`: ADD, MOD, MERGE, SPLIT or DEL; `cause`: source, extractor, decision, schema or fx.

    For MERGE `other_id` is the event that took it in, for SPLIT the event it came from.
    """

    seq: int
    run_id: str
    at: str
    op: str
    event_id: str
    other_id: str | None
    version: int
    cause: str
    diff: Json


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's word: `kind` same, different, set or retract, about claims (by their keys). Never changed, only retracted."""

    decision_id: str
    seq: int
    at: str
    actor: str
    rank: str
    kind: str
    left: str
    right: str | None
    property: str | None
    value: str | None
    note: str | None
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class EventDetail:
    """An event with everything that led to it. `asked` is the id asked for, when a redirect led here."""

    event: Event
    version: int
    known_from: str
    asked: str
    evidence: tuple[EventEvidence, ...]
    status_history: tuple[StatusReport, ...]
    changes: tuple[Change, ...]
    related: tuple[RelatedEvent, ...]
    decisions: tuple[Decision, ...]
    redirected_from: tuple[str, ...]


_AS_JSON = msgspec.json.Decoder(Event)


def event_from_json(text: str) -> Event:
    """The record of an event as the store and `export --format jsonl` write it."""
    return _AS_JSON.decode(text)
