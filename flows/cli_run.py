"""`dealwire run`: the nightly flow in this process, then what the store holds after it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flows.intake import SAMPLES, find_files
from flows.progress import progress
from flows.render import cell, console
from flows.server import OwnServer, own_server
from flows.settings import prepare_prefect, store_url

if TYPE_CHECKING:
    from flows.nightly import Summary

_SHOWN = 40
"""Events in the table after a run; `dealwire events` lists them all"""


def run(inputs: Sequence[str], store: str | None, workers: int, exports: str | None) -> int:
    """Run the flow, print its summary and the events; the exit code, 1 when something went to quarantine.

    Raises DealwireError, before Prefect is started when `inputs` cannot be used.
    """
    began = time.perf_counter()
    find_files(inputs or [SAMPLES])
    with own_server(prepare_prefect()) as server:
        summary, ended = _flow(server, inputs, store, workers, exports)
        _report(summary, summary.started - began, ended - summary.started)
    return 1 if summary.quarantined else 0


def _flow(
    server: OwnServer | None, inputs: Sequence[str], store: str | None, workers: int, exports: str | None
) -> tuple[Summary, float]:
    """The flow's summary, and when it ended. What is slow to import is imported while the server starts."""
    with progress() as bar:
        bar.stage("starting")
        from flows.nightly import nightly  # noqa: PLC0415 - and no other command may import Prefect at all
        from flows.orchestration import drain  # noqa: PLC0415
        from models.store import Store  # noqa: PLC0415

        Store.open(store_url(store)).close()  # a store that cannot be used is told before the wait
        if server is not None:
            server.wait()
    try:
        return nightly(list(inputs), store, workers, exports), time.perf_counter()
    finally:
        drain()


def _report(summary: Summary, starting: float, running: float) -> None:
    """`starting` and `running`: seconds before and after the flow's first line."""
    from flows.cli_store import event_table, open_store  # noqa: PLC0415 - as above
    from models.queries import list_events  # noqa: PLC0415

    with open_store(summary.store) as store:
        found = sorted(list_events(store), key=lambda event: (-event.n_sources, -event.n_claims))  # then the last reported
    out = console()
    out.print(event_table(found[:_SHOWN]))
    if len(found) > _SHOWN:
        out.print(f"These {_SHOWN} of {len(found)} events are told most often; dealwire events lists all.")
    out.print()
    for line in _lines(summary, starting, running):
        out.print(cell(line))


def _lines(summary: Summary, starting: float, running: float) -> list[str]:
    taken, events, seconds = summary.intake, summary.events, summary.seconds
    work = sum(seconds.values())
    stages = ", ".join(f"{name} {spent:.1f}" for name, spent in seconds.items())
    return [
        f"articles  {taken.new} new, {taken.unchanged} unchanged, {taken.changed} changed, {summary.quarantined} in quarantine",
        f"claims    {summary.claims} in {summary.extracted} articles read",
        f"events    {events.added} added, {events.changed} changed, {events.merged} merged, {events.split} split, "
        f"{events.removed} removed, {events.unchanged} unchanged",
        f"time      {starting + running:.1f} s: Prefect's start {starting:.1f}, its orchestration {running - work:.1f}, "
        f"work {work:.1f} ({stages})",
        f"store     {summary.store}",
        f"exports   {summary.exports}",
        *(["quarantine  dealwire quarantine lists what could not be used, and why"] if summary.quarantined else []),
    ]
