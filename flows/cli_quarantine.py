"""`dealwire quarantine`: what could not be used, and why; its bytes; and what a person makes of it."""

from __future__ import annotations

import base64
import sys
from collections.abc import Sequence
from dataclasses import asdict

from flows.cli_store import open_store
from flows.render import console, json_text, table, write_lines
from models.quarantine import QuarantineItem

_SHOWN_ID = 10
"""Letters of an id in the table: the other commands take any unique beginning"""
_COLUMNS = ("id", "where", "stage", "reason", "bytes", "settled")


def listed(store: str, form: str, settled: bool) -> int:
    """Print what is in quarantine; as JSON with the bytes of every item."""
    with open_store(store) as opened:
        items = opened.quarantine(settled=settled)
        if form == "json":
            raw = [{**asdict(one), "raw": base64.b64encode(opened.quarantine_raw(one.item_id)).decode()} for one in items]
            write_lines([json_text(raw, indent=2)])
            return 0
    console().print(
        table(
            f"{len(items)} in quarantine", ("id", "where", "stage", "reason", "bytes", "settled"), map(_cells, items), ("bytes",)
        )
    )
    return 0


def show(store: str, name: str) -> int:
    """Write the bytes of one item as they came."""
    with open_store(store) as opened:
        raw = opened.quarantine_raw(opened.quarantine_named(name))
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()
    return 0


def dismiss(store: str, names: Sequence[str]) -> int:
    """Note that a person has looked at items and wants no more of them; they stay in the store."""
    with open_store(store) as opened:
        count = opened.settle_quarantine(None, [opened.quarantine_named(name) for name in names], "dismissed")
    console().print(f"{count} dismissed")
    return 0


def _cells(item: QuarantineItem) -> tuple[str, ...]:
    return item.item_id[:_SHOWN_ID], item.where, item.stage, item.reason, f"{item.size:,}", item.settled_as or ""
