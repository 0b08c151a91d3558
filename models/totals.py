"""How much the store holds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from models.engine import reading
from models.schema import claim, dirty, document, event_conflict, event_version, quarantine
from models.store import Store


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows that count now. `conflicts` are events with contradicting values, `unmerged` claims that no merge has seen."""

    documents: int
    claims: int
    events: int
    conflicts: int
    quarantine: int
    unmerged: int


def totals(store: Store) -> Totals:
    """Count them."""
    counts = {
        "documents": select(func.count()).select_from(document),
        "claims": select(func.count()).select_from(claim).where(claim.c.closed_run.is_(None)),
        "events": select(func.count()).select_from(event_version).where(event_version.c.known_to.is_(None)),
        "conflicts": select(func.count(event_conflict.c.event.distinct())),
        "quarantine": select(func.count()).select_from(quarantine).where(quarantine.c.settled_as.is_(None)),
        "unmerged": select(func.count()).select_from(dirty),
    }
    with reading(store.engine) as connection:
        return Totals(**{name: int(connection.execute(query).scalar_one()) for name, query in counts.items()})
