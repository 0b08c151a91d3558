"""Extraction on the workers of a Dask cluster: each takes a part of what is pending, reads it, and writes to the store itself.

Nothing but bounds of parts and counts go through the scheduler. Writers wait for each other at the store (PostgreSQL), readers do
not; a part that is done twice, because its worker was lost, is kept once.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from pathlib import Path
from typing import Any

from prefect_dask.task_runners import DaskTaskRunner

from extractors.version import VERSION
from flows import stages
from flows.intake import UnusableInputError
from flows.orchestration import flow, stage_options, task
from flows.stages import Extracted, ReadingStage
from flows.work import Workers
from models.store import Store

PART = 2000
"""Documents of one task: some seconds of work"""
Part = tuple[str, str]


@task(name="extract part", **stage_options(minutes=60))
def extract_part(url: str, run_id: str, part: Part, rates: bytes | None) -> Extracted:
    """Read one part of what is pending. `rates` is a packed file of reference rates newer than the bundled one."""
    with Store.open(url) as store, Workers(1, _unpacked(rates)) as workers:
        reading = ReadingStage(store, run_id, workers, lambda _: None, part=part)
        while reading.batch(stages.FIRST_BATCH):
            pass
        return reading.total


@flow(name="extract on Dask", persist_result=False)
def extract_parts(url: str, run_id: str, rates: bytes | None, size: int) -> list[Extracted]:
    """Every part on the cluster that the flow's task runner is of."""
    with Store.open(url) as store:
        parts = store.pending_parts(VERSION, size)
    futures = [extract_part.submit(url, run_id, part, rates) for part in parts]
    return [future.result() for future in futures]


def scattered(url: str, run_id: str, scheduler: str, rates: Path | None) -> Extracted:
    """Everything pending, read by the workers of the Dask scheduler at this address.

    Raises UnusableInputError for a store that other machines cannot reach.
    """
    if url.startswith("sqlite"):
        raise UnusableInputError(f"{url}: several machines need a store on PostgreSQL")
    runner: Any = DaskTaskRunner(address=scheduler)
    packed = zlib.compress(rates.read_bytes()) if rates else None
    total = Extracted()
    for part in extract_parts.with_options(task_runner=runner)(url, run_id, packed, PART):
        total.add(part)
    return total


def _unpacked(rates: bytes | None) -> Path | None:
    """The file of rates on this machine, written once."""
    if rates is None:
        return None
    path = Path(tempfile.gettempdir()) / f"dealwire-rates-{hashlib.blake2b(rates, digest_size=8).hexdigest()}.csv"
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            stream.write(zlib.decompress(rates))
        Path(stream.name).replace(path)
    return path
