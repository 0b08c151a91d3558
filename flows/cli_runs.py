"""`dealwire runs`: the runs of a store, and the report of one."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from flows.cli_store import open_store
from flows.render import console, json_text, table, write_lines
from models.runs import RunRecord

_SHOWN_ID = 10
_COLUMNS = (
    "run",
    "began (UTC)",
    "minutes",
    "status",
    "new",
    "changed",
    "quarantined",
    "claims",
    "events added",
    "changed",
    "why",
)


def listed(store: str, limit: int, form: str) -> int:
    """Print the newest runs."""
    with open_store(store) as opened:
        runs = opened.runs(limit)
    if form == "json":
        write_lines([json_text([asdict(run) for run in runs], indent=2)])
    else:
        console().print(table(f"{len(runs)} runs", _COLUMNS, map(_cells, runs), right=_COLUMNS[4:10]))
    return 0


def report(store: str, name: str, form: str) -> int:
    """Print the report of one run."""
    with open_store(store) as opened:
        run = opened.run_named(name)
    if form == "json":
        write_lines([json_text(asdict(run), indent=2)])
    else:
        console().print(table(f"run {run.run_id}", ("what", ""), _rows(run)))
    return 0


def _cells(run: RunRecord) -> tuple[object, ...]:
    names = ("new", "changed", "quarantined", "claims", "events_added", "events_changed")
    reasons = "; ".join((run.report or {}).get("reasons", ()))
    return (
        run.run_id[:_SHOWN_ID],
        run.started_at[:16],
        _minutes(run),
        run.status,
        *(run.counts.get(n, "") for n in names),
        reasons,
    )


def _minutes(run: RunRecord) -> str:
    if run.finished_at is None:
        return ""
    took = datetime.fromisoformat(run.finished_at) - datetime.fromisoformat(run.started_at)
    return f"{took.total_seconds() / 60:.1f}"


def _rows(run: RunRecord) -> list[tuple[object, object]]:
    head: list[tuple[object, object]] = [
        ("began", run.started_at), ("ended", run.finished_at), ("status", run.status), ("code", run.code_version),
        ("inputs", ", ".join(json.loads(run.inputs)) if run.inputs.startswith("[") else run.inputs),
    ]  # fmt: skip
    body = (run.report or {}).items() if run.report else run.counts.items()
    known = {"run_id", "started_at", "status", "code", "inputs"}
    return head + [
        (key, json_text(value) if isinstance(value, dict | list) else value) for key, value in body if key not in known
    ]
