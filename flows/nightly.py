"""The nightly run as a Prefect flow: intake -> extract -> merge -> publish, in tens of tasks and never one for each article.

Prefect adds order, retries and a record of the run; the work is in `flows.stages`. A deployment names the flow by its module,
``flows.nightly.nightly`` (`prefect.yaml`); `dealwire run` calls it in its own process.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from extractors.pipeline import VERSION
from flows import stages
from flows.intake import SAMPLES, InputFile, find_files
from flows.orchestration import STAGE, flow, get_run_logger, task
from flows.progress import Bar, progress
from flows.settings import export_folder, quiet_logs, store_url
from flows.stages import Extracted, Intake
from flows.work import Workers
from models.merge import MergeCounts
from models.store import Store

FORMATS = ("jsonl", "csv", "parquet")
_INTAKE_TASKS = 8
_LEAST_FILES = 50
"""Files of one intake task; with fewer, Prefect's share would show"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. `started` is when its first line ran, by `time.perf_counter`; `seconds` is wall time by stage."""

    run_id: str
    store: str
    exports: str
    intake: Intake
    extracted: int
    claims: int
    failed: int
    events: MergeCounts
    started: float
    seconds: dict[str, float]

    @property
    def quarantined(self) -> int:
        """Articles of this run that could not be used, at whatever stage."""
        return self.intake.quarantined + self.failed

    def counts(self) -> dict[str, int]:
        """All figures, as the store keeps them with the run."""
        taken = {key: value for key, value in asdict(self.intake).items() if key != "quarantined"}
        events = {f"events_{key}": value for key, value in asdict(self.events).items()}
        return {**taken, "quarantined": self.quarantined, "extracted": self.extracted, "claims": self.claims, **events}


@dataclass(frozen=True, slots=True)
class Night:
    """What every stage works with. `seconds` adds up their time, which stands inside the tasks and leaves Prefect's out."""

    store: Store
    run_id: str
    workers: Workers
    bar: Bar
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@task(name="intake", **STAGE)
def take_in(night: Night, files: Sequence[InputFile]) -> Intake:
    """Keep the articles of some files."""
    with night.stage("intake"):
        return stages.intake(night.store, night.run_id, files, night.bar.tick)


@task(name="extract", **STAGE)
def extract(night: Night, limit: int, skip: frozenset[str]) -> Extracted:
    """Extract the next documents, at most `limit`."""
    with night.stage("extract"):
        batch = stages.next_batch(night.store, limit, skip)
        return stages.extract_batch(night.store, night.run_id, night.workers, batch, night.bar.tick)


@task(name="merge", **STAGE)
def merge(night: Night) -> MergeCounts:
    """Bring the events up to date."""
    with night.stage("merge"):
        return stages.merge(night.store, night.run_id)


@task(name="publish", **STAGE)
def publish(night: Night, folder: Path) -> None:
    """Write the exports."""
    with night.stage("publish"):
        stages.publish(night.store, folder, FORMATS)


@flow(name="nightly", persist_result=False)
def nightly(inputs: list[str] | None = None, store: str | None = None, workers: int = 1, exports: str | None = None) -> Summary:
    """One run over `inputs` (paths and source ids; when none, the bundled samples) into `store`.

    Raises DealwireError for input, store or tables that cannot be used; a run that had begun is then kept as failed.
    """
    started = time.perf_counter()
    quiet_logs()
    given = inputs or [SAMPLES]
    files = find_files(given)
    url = store_url(store)
    folder = Path(exports) if exports else export_folder(url)
    code = f"dealwire {version('dealwire')}, extractor {VERSION}"
    with Store.open(url) as opened, Workers(workers) as crew, progress() as bar:
        run_id = opened.begin_run(datetime.now(UTC), code, json.dumps(given, ensure_ascii=False))
        night = Night(opened, run_id, crew, bar)
        try:
            taken, read, events = _stages(night, files, folder)
            summary = Summary(
                run_id, url, str(folder), taken, read.articles, read.claims, len(read.failed), events, started, night.seconds
            )
        except BaseException:
            opened.finish_run(run_id, "failed", {})
            raise
        opened.finish_run(run_id, "done", summary.counts())
    get_run_logger().info("Run %s: %s", run_id, summary.counts())
    return summary


def _stages(night: Night, files: Sequence[InputFile], folder: Path) -> tuple[Intake, Extracted, MergeCounts]:
    night.bar.stage("intake")
    parts = [take_in(night, group) for group in _groups(files, _INTAKE_TASKS)]
    taken = Intake(*(sum(getattr(part, one.name) for part in parts) for one in fields(Intake)))
    night.bar.stage("extract", total=taken.new + taken.changed)
    read = _extract_all(night)
    night.bar.stage("merge")
    events = merge(night)
    night.bar.stage("publish")
    publish(night, folder)
    return taken, read, events


def _extract_all(night: Night) -> Extracted:
    """Batch after batch until nothing is pending but what failed in this run."""
    articles = claims = 0
    failed: frozenset[str] = frozenset()
    while True:
        limit = stages.batch_size(articles)
        batch = extract(night, limit, failed)
        articles += batch.articles
        claims += batch.claims
        failed |= batch.failed
        if batch.articles + len(batch.failed) < limit:
            return Extracted(articles, claims, failed)


def _groups(files: Sequence[InputFile], count: int) -> list[Sequence[InputFile]]:
    """`files` in at most `count` runs, order kept."""
    size = max(_LEAST_FILES, -(-len(files) // count))
    return [files[i : i + size] for i in range(0, len(files), size)]
