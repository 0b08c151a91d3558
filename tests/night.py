"""One night without Prefect, in a process that can be killed; and all that a store holds but for when it came.

    python -m tests.night STORE EXPORTS KILL_AT INPUT...

`KILL_AT` is the number of the SQL statement before which the process kills itself; 0 lets it live.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from flows import stages
from flows.intake import find_files, take_in
from flows.work import Workers
from models.engine import reading
from models.schema import claim, document, event_number, metadata
from models.store import Store

_OF_A_RUN = {"run_id", "opened_run", "closed_run", "settled_run", "retracted_run", "known_from", "known_to", "at", "seq"}
"""Columns that say which run it was"""
_LEFT_OUT = {"run", "fetch", "meta"}
_NUMBERED = {"document": document.c.doc_id, "claim": claim.c.claim_id, "event": event_number.c.event_id}
"""Columns that hold the number of a row, and the id it stands for: numbers are given in the order in which writers come"""


def night(url: str, exports: Path, inputs: list[str], kill_at: int = 0) -> int:
    """Intake, extraction, merge and publication; the number of statements it took."""
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with Store.open(url) as store, Workers(1) as workers:
        event.listen(store.engine, "before_cursor_execute", count)
        run_id = store.begin_run(datetime.now(UTC), "test", "[]")
        stages.intake(store, run_id, take_in(find_files(inputs)), lambda _: None)
        reading_stage = stages.ReadingStage(store, run_id, workers, lambda _: None)
        while reading_stage.batch(stages.batch_size(reading_stage.total.articles)):
            pass
        stages.merge(store, run_id)
        stages.publish(store, exports, ("jsonl", "csv"))
        store.finish_run(run_id, "done", {})
    return statements


def state(url: str, exports: Path) -> dict[str, Any]:
    """Every row of every table, in order, without the run it came with; and the exports without the change feed's times.

    Rows name documents, claims and events by their ids.
    """
    held: dict[str, Any] = {}
    with Store.open(url) as store, reading(store.engine) as connection:
        ids = {
            column: dict(connection.execute(select(named.table.c.number, named)).tuples().all())
            for column, named in _NUMBERED.items()
        }
        for table in metadata.sorted_tables:
            if table.name in _LEFT_OUT:
                continue
            own = table.c.number if any(table is named.table for named in _NUMBERED.values()) else None
            columns = [column for column in table.columns if column.name not in _OF_A_RUN and column is not own]
            closed = [column.is_(None) for column in table.columns if column.name in ("closed_run", "known_to", "settled_run")]
            rows = connection.execute(select(*columns, *closed))
            named_by = [ids.get(column.name) for column in columns] + [None] * len(closed)
            held[table.name] = sorted(
                tuple(str(value if names is None else names[value]) for names, value in zip(named_by, row, strict=True))
                for row in rows
            )
    held["exports"] = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(exports.iterdir())
        if path.is_file() and not path.name.startswith("changes")
    }  # fmt: skip
    return held


if __name__ == "__main__":
    night(sys.argv[1], Path(sys.argv[2]), sys.argv[4:], int(sys.argv[3]))
