"""Records as the pages show them: amounts, participants, rows of a table of events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desk.i18n import SIGNS, Tongue
from models.deal import DealKind
from models.desk_queries import events_by_id
from models.event import Event, EventAmount, Participant
from models.store import Store

LOW_CONFIDENCE = 0.6
"""Below it an event is for review"""


@dataclass(frozen=True, slots=True)
class Money:
    """A sum: in short, and in full for those who look closer."""

    short: str
    full: str
    currency: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event as a row. `directed` says whether the deal goes from the first side to the second."""

    event: Event
    first: tuple[Participant, ...]
    second: tuple[Participant, ...]
    others: tuple[tuple[str, tuple[Participant, ...]], ...]
    """(role, participants) beside the two sides"""
    directed: bool
    told: Money | None
    usd: Money | None
    hkd: Money | None
    size: str
    """A stake or quantity, where there is no sum"""
    unsure: bool


def line(event: Event, kinds: Mapping[str, DealKind], tongue: Tongue) -> EventLine:
    """An event as a row of a table."""
    kind = kinds.get(event.type)
    order = kind.roles if kind else tuple(event.roles)
    sides = [event.roles.get(role, ()) for role in order[:2]]
    if len(order) == 1 or len(set(order)) == 1:
        everyone = event.roles.get(order[0], ()) if order else ()
        sides = [everyone[:1], everyone[1:]]
    others = tuple((role, found) for role, found in event.roles.items() if role not in order[:2] and found)
    return EventLine(
        event, tuple(sides[0]), tuple(sides[1]) if len(sides) > 1 else (), others, len(set(order)) > 1,
        told(event.amount, tongue), converted(event.amount, "usd", tongue), converted(event.amount, "hkd", tongue),
        size(event, tongue), float(event.confidence) < LOW_CONFIDENCE,
    )  # fmt: skip


def lines(store: Store, ids: Sequence[str], kinds: Mapping[str, DealKind], tongue: Tongue) -> list[EventLine]:
    """Rows for these events, in this order; those that are gone meanwhile are left out."""
    found = events_by_id(store, ids)
    return [line(found[event_id], kinds, tongue) for event_id in ids if event_id in found]


def told(amount: EventAmount | None, tongue: Tongue) -> Money | None:
    """The amount in the currency of the article, with its modifier."""
    if amount is None:
        return None
    return _money(amount.modifier, (amount.value, amount.low, amount.high), amount.currency or "?", tongue)


def converted(amount: EventAmount | None, currency: str, tongue: Tongue) -> Money | None:
    """The amount in usd or hkd; None without a rate."""
    if amount is None:
        return None
    figures = tuple(getattr(amount, name) for name in (currency, f"{currency}_low", f"{currency}_high"))
    if figures == (None, None, None):
        return None
    return _money(amount.modifier, figures, currency.upper(), tongue)


def _money(modifier: str, figures: tuple[Decimal | None, ...], currency: str, tongue: Tongue) -> Money:
    sign = SIGNS.get(modifier, "")
    short, full = (_range(figures, form) for form in (tongue.compact, tongue.number))
    return Money(f"{sign}{short}" if figures[0] is not None else short, f"{full} {currency}", currency)


def _range(figures: Sequence[Decimal | None], form: object) -> str:
    write = form if callable(form) else str
    value, low, high = figures
    if value is not None:
        return str(write(value))
    if low is not None and high is not None:
        return f"{write(low)}–{write(high)}"
    return f"≥{write(low)}" if low is not None else f"≤{write(high)}" if high is not None else ""


def dollars(value: Decimal | None, tongue: Tongue) -> Money | None:
    """A sum of dollars."""
    return None if value is None else Money(tongue.compact(value), f"{tongue.number(value)} USD", "USD")


def size(event: Event, tongue: Tongue) -> str:
    """A stake or a quantity."""
    if event.stake_pct is not None:
        return f"{tongue.number(event.stake_pct)}%"
    return f"{tongue.number(event.quantity[0])} {event.quantity[1]}" if event.quantity else ""


def parties(event: Event) -> Iterable[Participant]:
    """Everyone in a deal."""
    return (party for found in event.roles.values() for party in found)
