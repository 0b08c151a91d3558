"""What could not be used, kept whole with its reason until it is taken in after a fix or dismissed by a person.

An item is known by its place, stage and content. It is never deleted: settling it notes how (`retried` or `dismissed`) and in
which run. A retried item that fails again is open again; a dismissed one stays so.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, func, select, update

from models.engine import batches, insert
from models.errors import StoreError
from models.ids import compact, content_id
from models.schema import quarantine

Settled = Literal["retried", "dismissed"]


@dataclass(frozen=True, slots=True)
class QuarantineItem:
    """Input that could not be used, and why. `size` counts all its bytes; `read_raw` gives them back.

    `run_id` is the last run that failed on it. `kind` says how the bytes are read again (row, page, feed, …), `context` what was
    known beside them.
    """

    item_id: str
    run_id: str
    where: str
    stage: str
    reason: str
    size: int
    kind: str = "row"
    context: Mapping[str, Any] = field(default_factory=dict)
    settled_as: str | None = None
    settled_run: str | None = None


def item_id_of(where: str, stage: str, raw: bytes) -> str:
    """The id of an item."""
    return content_id(_clean(where), stage, hashlib.blake2b(raw, digest_size=16).hexdigest())


def keep_item(
    connection: Connection,
    run_id: str,
    *,
    where: str,
    stage: str,
    reason: str,
    raw: bytes,
    kind: str,
    context: Mapping[str, Any],
) -> None:
    """Keep an item once, with the newest run and reason; one that was retried and fails again is open again."""
    item_id = item_id_of(where, stage, raw)
    row = {
        "item_id": item_id, "run_id": run_id, "place": _clean(where), "stage": stage, "reason": _clean(reason), "size": len(raw),
        "raw": zlib.compress(raw), "kind": kind, "context": _clean(compact(context)), "settled_as": None, "settled_run": None,
    }  # fmt: skip
    insert(connection, quarantine, [row], known="skip")
    c = quarantine.c
    again = update(quarantine).where(c.item_id == item_id, c.settled_as.is_distinct_from("dismissed"))
    connection.execute(again.values(run_id=run_id, reason=row["reason"], settled_as=None, settled_run=None))


def read_items(connection: Connection, settled: bool = False) -> list[QuarantineItem]:
    """Every open item, by place; with `settled` those that are settled too."""
    c = quarantine.c
    query = select(
        c.item_id, c.run_id, c.place, c.stage, c.reason, c.size, c.kind, c.context, c.settled_as, c.settled_run
    ).order_by(c.place, c.stage, c.item_id)  # fmt: skip
    rows = connection.execute(query if settled else query.where(c.settled_as.is_(None)))
    return [
        QuarantineItem(item, run_id, place, stage, reason, size, kind, json.loads(context), settled_as, settled_run)
        for item, run_id, place, stage, reason, size, kind, context, settled_as, settled_run in rows
    ]


def read_raw(connection: Connection, item_id: str) -> bytes:
    """The bytes of an item as they came; raises StoreError when there is no such item."""
    packed = connection.execute(select(quarantine.c.raw).where(quarantine.c.item_id == item_id)).scalar()
    if packed is None:
        raise StoreError(f"{item_id}: nothing in quarantine has this id")
    return zlib.decompress(bytes(packed))


def settle_items(connection: Connection, run_id: str | None, item_ids: Sequence[str], how: Settled) -> int:
    """Note how items were settled. Returns how many were open."""
    count = 0
    c = quarantine.c
    for batch in batches(sorted(set(item_ids))):
        is_open = c.item_id.in_(batch), c.settled_as.is_(None)
        count += int(connection.execute(select(func.count()).select_from(quarantine).where(*is_open)).scalar_one())
        connection.execute(update(quarantine).where(*is_open).values(settled_as=how, settled_run=run_id))
    return count


def item_named(connection: Connection, name: str) -> str:
    """The id of the item with this id or unique beginning of it; raises StoreError for none or several."""
    c = quarantine.c
    found = connection.execute(select(c.item_id).where(c.item_id >= name, c.item_id < name + "\x7f").limit(2)).scalars().all()
    if len(found) != 1:
        raise StoreError(f"{name}: {'nothing in quarantine has' if not found else 'several items have'} this id")
    return str(found[0])


def _clean(text: str) -> str:
    """Without what a database cannot hold."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
