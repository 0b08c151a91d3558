"""The nightly run as a Prefect flow: intake -> extract -> merge -> publish, in tens of tasks and never one for each article.

Prefect adds order, retries, limits and a record of the run; the work is in `flows.stages`. A deployment names the flow by its
module, ``flows.nightly.nightly`` (`prefect.yaml`); `dealwire run` calls it in its own process. Nothing is cached by Prefect: the
store knows which texts this version of the extractor has read, so a run that is repeated does what is left and no more.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from corpus.source_table import sources
from extractors.version import VERSION
from flows import artifacts, intake, stages
from flows.alerts import HELD, alert_of_state
from flows.gate import HeldError, check_merge, check_shares, check_sources, check_yield, refuse
from flows.intake import SAMPLES, Input, InputFile, InputSource, UnusableInputError, find_inputs
from flows.journal import Journal
from flows.orchestration import Completed, flow, get_run_logger, stage_options, task
from flows.progress import Bar, progress
from flows.reference_rates import RatesUsed, reference_rates
from flows.report import Summary, write_report
from flows.retry import taken_again
from flows.settings import (
    export_folder,
    fetch_settings,
    log_level,
    quiet_logs,
    rates_folder,
    rates_url,
    runs_folder,
    store_url,
    without_password,
)
from flows.stages import Extracted, Intake, ReadingStage
from flows.work import Workers
from models.ledger import MergeCounts
from models.store import Store
from models.totals import totals

FORMATS = ("jsonl", "csv", "parquet")
_INTAKE_TASKS = 8
_LEAST_FILES = 50
"""Files of one intake task; with fewer, Prefect's share would show"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked for: inputs as given and as found, items of the quarantine, and where its results go."""

    given: list[str]
    inputs: Sequence[Input]
    retry: Sequence[str]
    since: date | None
    store: str
    exports: Path
    runs: Path
    accept: bool
    dask: str | None
    workers: int


@dataclass(frozen=True, slots=True)
class Night:
    """What every stage works with. `seconds` adds up their time, which stands inside the tasks and leaves Prefect's out."""

    store: Store
    run_id: str
    plan: Plan
    bar: Bar
    journal: Journal
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@task(name="rates", **stage_options(minutes=5))
def refresh_rates(night: Night, folder: Path, today: date) -> tuple[Path | None, RatesUsed]:
    """The reference rates of the day, or the newest at hand."""
    with night.stage("rates"):
        path, used = reference_rates(folder, today, rates_url())
        night.journal.info("rates", to=used.to, origin=used.origin, said=used.said)
        return path, used


@task(name="intake", **stage_options(minutes=240))
def take_in(night: Night, crew: Workers, files: Sequence[InputFile]) -> Intake:
    """Keep the articles of some files."""
    with night.stage("intake"):
        taken = stages.intake(
            night.store, night.run_id, intake.take_in(files, crew=crew), night.bar.tick, since=night.plan.since,
            journal=night.journal, on_news=crew.start,
        )  # fmt: skip
        night.journal.info("intake", files=len(files), new=taken.new, changed=taken.changed, unchanged=taken.unchanged)
        return taken


@task(name="fetch", **stage_options(minutes=480))
def fetch(night: Night, crew: Workers, source_ids: Sequence[str]) -> Intake:
    """Keep what publishers have that is new or changed."""
    with night.stage("fetch"):
        taken = stages.fetch(
            night.store, night.run_id, source_ids, fetch_settings(), night.bar.tick, since=night.plan.since,
            journal=night.journal, on_news=crew.start,
        )  # fmt: skip
        night.journal.info("fetched", sources=list(source_ids), new=taken.new, changed=taken.changed, unchanged=taken.unchanged)
        return taken


@task(name="retry quarantine", **stage_options(minutes=240))
def take_in_again(night: Night) -> Intake:
    """Keep the articles of what is in quarantine and can be read by now."""
    with night.stage("intake"):
        return taken_again(night.store, night.run_id, night.plan.retry, night.bar.tick, night.journal)


@task(name="extract", **stage_options(minutes=240))
def extract(night: Night, reading: ReadingStage, limit: int) -> bool:
    """Extract the next documents, at most `limit`; False when none is left."""
    with night.stage("extract"):
        more = reading.batch(limit)
        night.journal.info("extracted", articles=reading.total.articles, claims=reading.total.claims)
        return more


@task(name="merge", **stage_options(minutes=480))
def merge(night: Night) -> tuple[MergeCounts, list[str]]:
    """Bring the events up to date; or say why not, when more would go than may."""

    def check(found: MergeCounts) -> None:
        refuse([] if night.plan.accept else check_merge(found))

    with night.stage("merge"):
        try:
            counts = stages.merge(night.store, night.run_id, check, workers=night.plan.workers)
        except HeldError as held:
            return MergeCounts(), [str(held)]
        night.journal.info("merged", added=counts.added, changed=counts.changed, merged=counts.merged, removed=counts.removed)
        return counts, check_merge(counts)


@task(name="publish", **stage_options(minutes=240))
def publish(night: Night) -> None:
    """Write the exports."""
    with night.stage("publish"):
        stages.publish(night.store, night.plan.exports, FORMATS)
        night.journal.info("published", folder=str(night.plan.exports))


@flow(
    name="nightly", persist_result=False, on_failure=[alert_of_state], on_crashed=[alert_of_state],
    on_cancellation=[alert_of_state], on_completion=[alert_of_state],
)  # fmt: skip
def nightly(
    inputs: list[str] | None = None,
    store: str | None = None,
    workers: int = 1,
    *,
    exports: str | None = None,
    since: str | None = None,
    only_failed: bool = False,
    retry: list[str] | None = None,
    accept: bool = False,
    dask: str | None = None,
) -> Summary:
    """One run over `inputs` (paths and source ids; when none, the bundled samples) into `store`.

    For a back-fill: `since` leaves out what was published before a day; `only_failed` reads no input but what is in quarantine
    (`retry`: only these items of it). `accept` publishes whatever the gate says. A run that the gate holds ends as Held.
    `dask` is the address of a scheduler whose workers extract, for a store on PostgreSQL.
    Raises DealwireError for input, store or tables that cannot be used; a run that had begun is then kept as failed.
    """
    started = time.perf_counter()
    quiet_logs()
    given = inputs or ([] if only_failed or retry else [SAMPLES])
    url = store_url(store)
    folder = Path(exports) if exports else export_folder(url)
    plan = Plan(given, find_inputs(given), retry or [], _day(since), url, folder, runs_folder(url), accept, dask, workers)
    now = datetime.now(UTC)
    code = f"dealwire {version('dealwire')}, extractor {VERSION}"
    said = json.dumps(given or ["quarantine"], ensure_ascii=False)
    with Store.open(url) as opened, progress() as bar:
        run_id = opened.begin_run(now, code, said)
        stem = f"{now:%Y%m%dT%H%M%SZ}-{run_id[:8]}"
        with Journal(plan.runs / f"{stem}.log.jsonl", log_level(), run_id=run_id) as journal:
            night = Night(opened, run_id, plan, bar, journal)
            journal.info("began", inputs=given, code=code, store=without_password(url), workers=workers)
            try:
                path, rates = refresh_rates(night, rates_folder(url), now.date())
                with Workers(1 if dask else workers, path) as crew:
                    done = _stages(night, crew)
                summary = Summary(
                    run_id=run_id, status="held" if done.reasons and not accept else "done", inputs=said, code=code,
                    started_at=now.isoformat(timespec="seconds"), store=without_password(url), exports=str(folder),
                    intake=done.taken, read=done.read, events=done.events, reasons=tuple(done.reasons), accepted=accept,
                    rates=rates, totals=totals(opened), workers=workers, started=started, seconds=night.seconds,
                    wall=time.perf_counter() - started, memory_mb=_memory(), report=str(plan.runs / f"{stem}.html"),
                )  # fmt: skip
                _tell(summary, night, stem)
            except BaseException as error:
                status = "failed" if isinstance(error, Exception) else "interrupted"
                journal.error(status, why=f"{type(error).__name__}: {error}")
                opened.finish_run(run_id, status, {}, datetime.now(UTC))
                raise
    if summary.status == "held":
        state: Any = Completed(name=HELD, message="; ".join(summary.reasons), data=summary)
    else:
        state = Completed(message=_line(summary), data=summary)
    return cast("Summary", state)  # a flow that returns a state gives its caller what the state holds


@dataclass(frozen=True, slots=True)
class _Done:
    taken: Intake
    read: Extracted
    events: MergeCounts
    reasons: list[str]


def _stages(night: Night, crew: Workers) -> _Done:
    plan = night.plan
    night.bar.stage("intake")
    files = [one for one in plan.inputs if isinstance(one, InputFile)]
    parts = [take_in(night, crew, group) for group in _groups(files, _INTAKE_TASKS)]
    if fetched := [one.id for one in plan.inputs if isinstance(one, InputSource)]:
        night.bar.stage("fetch")
        parts.append(fetch(night, crew, fetched))
    if not plan.given:
        parts.append(take_in_again(night))
    taken = Intake.total(parts)
    night.bar.stage("extract", total=taken.new + taken.changed)
    read = _on_dask(night, crew.rates) if plan.dask else _here(night, crew)
    asked = {one: sources()[one] for one in plan.given if one in sources() and not Path(one).exists()}
    before = [run.counts for run in night.store.runs(100) if run.status == "done"]
    reasons = [*check_sources(taken, asked), *check_shares(taken, read), *check_yield(read, before)]
    if reasons and not plan.accept:
        return _Done(taken, read, MergeCounts(), reasons)
    night.bar.stage("merge")
    events, too_many = merge(night)
    reasons += too_many
    if not reasons or plan.accept:
        night.bar.stage("publish")
        publish(night)
    return _Done(taken, read, events, reasons)


def _here(night: Night, crew: Workers) -> Extracted:
    """Extraction on this machine, batch by batch."""
    reading = ReadingStage(night.store, night.run_id, crew, night.bar.tick, journal=night.journal)
    while extract(night, reading, stages.batch_size(reading.total.articles)):
        stages.prepare(night.store, night.plan.workers, reading.total.claims)
    return reading.total


def _on_dask(night: Night, rates: Path | None) -> Extracted:
    """Extraction on the workers of a Dask cluster."""
    try:
        from flows.scatter import scattered  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UnusableInputError(f"{error}: install dealwire[dask]") from None
    with night.stage("extract"):
        read = scattered(night.plan.store, night.run_id, night.plan.dask or "", rates)
        night.journal.info("extracted", articles=read.articles, claims=read.claims, dask=night.plan.dask)
        return read


def _memory() -> int:
    """The most megabytes this process held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _tell(summary: Summary, night: Night, stem: str) -> None:
    """Keep the report in the store, beside it, and with Prefect."""
    page = write_report(summary, night.plan.runs, stem)
    report = summary.to_json()
    for reason in summary.reasons:
        night.journal.warning("accepted" if summary.accepted else "held", why=reason)
    night.journal.info("ended", status=summary.status, **summary.counts())
    night.store.finish_run(night.run_id, summary.status, summary.counts(), datetime.now(UTC), report)
    get_run_logger().info("Run %s: %s", summary.run_id, _line(summary))
    artifacts.keep(report, Path(summary.exports), page)


def _line(summary: Summary) -> str:
    counts = summary.counts()
    return (
        f"{summary.status}: "
        + ", ".join(f"{counts[name]} {name}" for name in ("new", "changed", "quarantined", "claims"))
        + (f"; events {summary.events.added} added, {summary.events.changed} changed")
    )


def _day(since: str | None) -> date | None:
    try:
        return date.fromisoformat(since) if since else None
    except ValueError:
        raise UnusableInputError(f"since {since!r} is no date (2025-12-17)") from None


def _groups(files: Sequence[InputFile], count: int) -> list[Sequence[InputFile]]:
    """`files` in at most `count` runs, order kept."""
    size = max(_LEAST_FILES, -(-len(files) // count))
    return [files[i : i + size] for i in range(0, len(files), size)]
