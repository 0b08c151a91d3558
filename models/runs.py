"""The runs of a store: when they began, what they were given, how they ended, and their reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from models.engine import insert
from models.errors import StoreError
from models.ids import compact, content_id
from models.schema import run


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. `status`: running, done, held (not published), interrupted or failed; times are ISO 8601 in UTC.

    A run that is killed stays `running`: the next one does what it left.
    """

    run_id: str
    seq: int
    started_at: str
    code_version: str
    inputs: str
    status: str
    counts: Mapping[str, int]
    finished_at: str | None
    report: Mapping[str, Any] | None


def begin(connection: Connection, at: str, code_version: str, inputs: str) -> str:
    """The id of a run that begins at `at`. Beginning the same run again is the same run."""
    run_id = content_id(at, code_version, inputs)
    number = connection.execute(select(func.coalesce(func.max(run.c.seq), 0) + 1)).scalar_one()
    insert(connection, run, [{
        "run_id": run_id, "seq": number, "started_at": at, "code_version": code_version, "inputs": inputs,
        "status": "running", "counts": "{}", "finished_at": None, "report": None,
    }], known="skip")  # fmt: skip
    return run_id


def finish(
    connection: Connection,
    run_id: str,
    *,
    status: str,
    counts: Mapping[str, int],
    at: str | None,
    report: Mapping[str, Any] | None,
) -> None:
    """Note how a run ended; the first end stays: a signal that comes when all is done does not undo it."""
    told = None if report is None else compact(report, sort=False)
    ended = {"status": status, "counts": compact(counts), "finished_at": at, "report": told}
    connection.execute(update(run).where(run.c.run_id == run_id, run.c.finished_at.is_(None)).values(**ended))


def latest(connection: Connection, limit: int | None = None) -> list[RunRecord]:
    """Runs, the newest first."""
    return [run_record(row) for row in connection.execute(select(*run.c).order_by(run.c.seq.desc()).limit(limit))]


def named(connection: Connection, name: str) -> RunRecord:
    """The run with this id or unique beginning of it; raises StoreError for none or several."""
    c = run.c
    found = connection.execute(select(*c).where(c.run_id >= name, c.run_id < name + "\x7f").limit(2)).all()
    if len(found) != 1:
        raise StoreError(f"{name}: {'no run has' if not found else 'several runs have'} this id")
    return run_record(found[0])


def run_record(row: Any) -> RunRecord:
    """A row of the table as a record."""
    values = dict(row._mapping)
    report = json.loads(values.pop("report") or "null")
    return RunRecord(**{**values, "counts": json.loads(values["counts"])}, report=report)
