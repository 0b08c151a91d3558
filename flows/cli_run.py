"""`dealwire run`: the nightly flow in this process, then what the store holds after it."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from flows.intake import SAMPLES, find_inputs
from flows.progress import progress
from flows.render import cell, console
from flows.server import OwnServer, own_server
from flows.settings import prepare_prefect, store_url

if TYPE_CHECKING:
    from flows.report import Summary

_SHOWN = 40
"""Events in the table after a run; `dealwire events` lists them all"""


def run(inputs: Sequence[str], store: str | None, **options: Any) -> int:
    """Run the flow, print its summary and the events; the exit code, 1 when something went to quarantine or the gate held.

    `options` are the flow's other parameters. Raises DealwireError, before Prefect is started when `inputs` cannot be used.
    """
    began = time.perf_counter()
    find_inputs(inputs or ([] if options.get("only_failed") else [SAMPLES]))
    signal.signal(signal.SIGTERM, _end)
    with own_server(prepare_prefect()) as server:
        summary, ended = _flow(server, inputs, store, options)
        _report(summary, store, summary.started - began, ended - summary.started)
    return 1 if summary.quarantined or summary.status == "held" else 0


def _end(*_: object) -> NoReturn:
    """SIGTERM ends a run as an error would: what is done stays, processes and server end, the next run does what is left."""
    sys.exit(128 + signal.SIGTERM)


def _flow(
    server: OwnServer | None, inputs: Sequence[str], store: str | None, options: Mapping[str, Any]
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
        return nightly(list(inputs), store, **options), time.perf_counter()
    finally:
        drain()


def _report(summary: Summary, url: str | None, starting: float, running: float) -> None:
    """`starting` and `running`: seconds before and after the flow's first line."""
    from flows.cli_store import event_table, open_store  # noqa: PLC0415 - as above
    from models.queries import list_events  # noqa: PLC0415

    with open_store(store_url(url)) as store:
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
    rates = {stage["stage"]: stage["articles_per_second"] for stage in summary.stages() if stage["articles_per_second"]}
    stages = ", ".join(
        f"{name} {spent:.1f}" + (f" ({rates[name]:,.0f} articles/s)" if name in rates else "") for name, spent in seconds.items()
    )  # fmt: skip
    skipped = f", {taken.skipped} older than asked for" if taken.skipped else ""
    return [
        *(f"{'accepted' if summary.accepted else 'HELD'}  {reason}" for reason in summary.reasons),
        f"articles  {taken.new} new, {taken.unchanged} unchanged, {taken.changed} changed, {summary.quarantined} in quarantine"
        f"{skipped}",
        f"claims    {summary.claims} in {summary.extracted} articles read",
        f"events    {events.added} added, {events.changed} changed, {events.merged} merged, {events.split} split, "
        f"{events.removed} removed, {events.unchanged} unchanged; {summary.totals.conflicts} with conflicts",
        f"rates     reference rates {summary.rates.said}",
        f"time      {starting + running:.1f} s: Prefect's start {starting:.1f}, its orchestration {running - work:.1f}, "
        f"work {work:.1f} ({stages})",
        f"store     {summary.store}",
        f"exports   {summary.exports}" + (" (as before)" if summary.status == "held" else ""),
        f"report    {summary.report}",
        *(["quarantine  dealwire quarantine lists what could not be used, and why"] if summary.quarantined else []),
        *(["gate      nothing was merged or published; --accept does it all the same"] if summary.status == "held" else []),
    ]
