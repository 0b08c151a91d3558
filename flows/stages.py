"""The stages of a run as plain functions over the store: intake -> extract -> merge -> publish. Prefect only calls them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from extractors.match import deal_schema
from extractors.pipeline import VERSION
from flows.intake import InputFile, take_in
from flows.readers import Rejected
from flows.work import Failure, Workers
from models.article import Article
from models.claim import Extraction
from models.export import export_store
from models.merge import MergeCounts
from models.store import Store

FIRST_BATCH = 100
LARGEST_BATCH = 5_000
_INTAKE_CHUNK = 500
"""Articles of one write to the store"""

Tick = Callable[[int], None]
Pending = tuple[str, Article]
"""(document version id, article)"""


@dataclass(frozen=True, slots=True)
class Intake:
    """What came in, article by article."""

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one batch gave. `failed` holds the document versions that raised; they stay pending for the next run."""

    articles: int = 0
    claims: int = 0
    failed: frozenset[str] = field(default=frozenset())


def intake(store: Store, run_id: str, files: Sequence[InputFile], tick: Tick) -> Intake:
    """Keep every article of `files` as published, and in quarantine what could not be used."""
    counts = dict.fromkeys(("new", "unchanged", "changed", "quarantined"), 0)
    waiting: list[Article] = []

    def keep() -> None:
        kept = store.add_documents(run_id, waiting)
        counts["new"] += kept.new
        counts["unchanged"] += kept.unchanged
        counts["changed"] += kept.changed
        counts["quarantined"] += kept.refused
        waiting.clear()

    for item in take_in(files):
        if isinstance(item, Rejected):
            store.add_quarantine(run_id, item.where, "intake", item.reason, item.raw)
            counts["quarantined"] += 1
        else:
            waiting.append(item)
        tick(1)
        if len(waiting) == _INTAKE_CHUNK:
            keep()
    keep()
    return Intake(**counts)


def batch_size(done: int) -> int:
    """Articles of the next batch: a tenth of those done, so that ten thousand take some forty batches and not hundreds.

    >>> batch_size(0), batch_size(20_000)
    (100, 2000)
    """
    return min(LARGEST_BATCH, max(FIRST_BATCH, done // 10))


def next_batch(store: Store, limit: int, skip: frozenset[str]) -> list[Pending]:
    """At most `limit` documents that this version of the extractor has not read yet, without those that failed before."""
    waiting = (item for item in store.pending(VERSION, limit + len(skip)) if item[0] not in skip)
    return list(itertools.islice(waiting, limit))


def extract_batch(store: Store, run_id: str, workers: Workers, batch: Sequence[Pending], tick: Tick) -> Extracted:
    """Read the documents of a batch and keep what they say; those that raise go to quarantine."""
    read: list[tuple[str, Article, Extraction]] = []
    failed: set[str] = set()
    for (version_id, article), (_, outcome) in zip(batch, workers.extract(article for _, article in batch), strict=True):
        if isinstance(outcome, Failure):
            failed.add(version_id)
            store.add_quarantine(run_id, article.url or article.id, "extract", outcome.reason, _raw(article))
        else:
            read.append((version_id, article, outcome))
        tick(1)
    store.add_extractions(run_id, VERSION, read)
    return Extracted(len(read), sum(len(extraction.claims) for _, _, extraction in read), frozenset(failed))


def merge(store: Store, run_id: str) -> MergeCounts:
    """Claims to events."""
    return store.merge(run_id, deal_schema())


def publish(store: Store, folder: Path, formats: Sequence[str]) -> None:
    """What downstream analytics reads; the same bytes when nothing has changed."""
    for name in formats:
        export_store(store, folder, name)


def _raw(article: Article) -> bytes:
    return json.dumps(asdict(article), ensure_ascii=False).encode("utf-8", "surrogatepass")
