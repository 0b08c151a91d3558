"""The stages of a run as plain functions over the store: intake -> extract -> merge -> publish. Prefect only calls them."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Self

from extractors.match import deal_schema
from extractors.published import publication_date
from extractors.version import VERSION
from flows.intake import Taken, fetch_in
from flows.journal import Journal
from flows.readers import Answered, Rejected
from flows.settings import FetchSettings
from flows.work import Failure, Outcome, Reading, Workers
from models.article import Article
from models.claim import Extraction
from models.engine import batches
from models.export import export_store
from models.fetch import Fetch
from models.fetches import known_fetches, remember_fetches
from models.ledger import MergeCounts
from models.mention import Conversion
from models.quarantine import item_id_of
from models.store import Store

FIRST_BATCH = 200
LARGEST_BATCH = 10_000
_INTAKE_CHUNK = 500
"""Articles of one write to the store"""
_PENDING_CHUNK = 200
"""Documents whose earlier rates are looked up at a time"""

Tick = Callable[[int], None]


@dataclass(slots=True)
class Seen:
    """Articles of one source in a run: those that could be used, and those of them that no date is known of."""

    articles: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True)
class Intake:
    """What came in, article by article. `skipped` were published before the day the run begins with."""

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    quarantined: int = 0
    skipped: int = 0
    sources: dict[str, Seen] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """Everything that was there to be read."""
        return self.new + self.unchanged + self.changed + self.quarantined + self.skipped

    @classmethod
    def total(cls, parts: Iterable[Self]) -> Self:
        """The parts as one."""
        counts: Counter[str] = Counter()
        sources: dict[str, Seen] = {}
        for part in parts:
            counts.update({one.name: getattr(part, one.name) for one in fields(part) if one.name != "sources"})
            for source, seen in part.sources.items():
                whole = sources.setdefault(source, Seen())
                whole.articles += seen.articles
                whole.undated += seen.undated
        return cls(**counts, sources=sources)


@dataclass(slots=True)
class Extracted:
    """What was read. `failed` holds the document versions that raised; they stay pending for the next run."""

    articles: int = 0
    claims: int = 0
    failed: set[str] = field(default_factory=set)
    types: Counter[str] = field(default_factory=Counter)
    """Claims by type of deal"""
    issues: Counter[str] = field(default_factory=Counter)
    """Amounts that need a look, by issue"""
    rates: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By currency, the date of the oldest rate used, and by how many days it was older than the day it was used for"""

    def add(self, other: Extracted) -> None:
        """What others have read."""
        self.articles += other.articles
        self.claims += other.claims
        self.failed |= other.failed
        self.types += other.types
        self.issues += other.issues
        for currency, used in other.rates.items():
            self.rates[currency] = max(self.rates.get(currency, used), used, key=lambda rate: rate[1])

    def count(self, found: Extraction) -> None:
        """One article more."""
        self.articles += 1
        self.claims += len(found.claims)
        self.types.update(claim.type for claim in found.claims)
        self.issues.update(issue for amount in found.amounts for issue in amount.issues)
        for used in found.conversions:
            age = _age(used)
            if age > self.rates.get(used.base, ("", -1))[1]:
                self.rates[used.base] = used.rate.date, age


def _age(used: Conversion) -> int:
    """Days between the day a rate is used for and its own; a rate of a month is of its last day."""
    day = date.fromisoformat(used.on)
    if len(used.rate.date) == len("2025-12-17"):
        return max(0, (day - date.fromisoformat(used.rate.date)).days)
    year, month = int(used.rate.date[:4]), int(used.rate.date[5:7] or 12)
    return max(0, (day - date(year + month // 12, month % 12 + 1, 1)).days + 1)


def intake(
    store: Store,
    run_id: str,
    items: Iterable[Taken],
    tick: Tick,
    *,
    since: date | None = None,
    journal: Journal | None = None,
    on_news: Callable[[], None] = lambda: None,
) -> Intake:
    """Keep every article as published, and in quarantine what could not be used. An article without a date is never too old.

    What servers answered is remembered once everything in it is kept. `on_news` is called when there is something to extract.
    """
    journal = journal or Journal()
    counts = dict.fromkeys(("new", "unchanged", "changed", "quarantined", "skipped"), 0)
    sources: defaultdict[str, Seen] = defaultdict(Seen)
    waiting: list[Article] = []
    answers: list[Fetch] = []

    def keep() -> None:
        kept = store.add_documents(run_id, waiting)
        counts["new"] += kept.new
        counts["unchanged"] += kept.unchanged
        counts["changed"] += kept.changed
        counts["quarantined"] += kept.refused
        waiting.clear()
        if kept.new or kept.changed:
            on_news()
        if answers:
            remember_fetches(store.engine, run_id, answers)
            answers.clear()

    for item in items:
        if isinstance(item, Answered):
            answers += item.fetches
            counts["unchanged"] += item.unchanged
            sources[item.source_id].articles += item.unchanged
            continue
        tick(1)
        if isinstance(item, Rejected):
            stage = "fetch" if item.kind == "address" else "intake"
            store.add_quarantine(run_id, item.where, stage, item.reason, item.raw, kind=item.kind, context=item.beside)
            counts["quarantined"] += 1
            journal.warning("quarantined", where=item.where, stage=stage, reason=item.reason)
            continue
        published = publication_date(item)
        if since and published and published < since:
            counts["skipped"] += 1
            continue
        sources[item.source or ""].articles += 1
        sources[item.source or ""].undated += published is None
        waiting.append(item)
        if len(waiting) == _INTAKE_CHUNK:
            keep()
    keep()
    return Intake(**counts, sources=dict(sources))


def fetch(store: Store, run_id: str, source_ids: Sequence[str], settings: FetchSettings, tick: Tick, **more: Any) -> Intake:
    """`intake` of sources on the network. What failed at an address before and is there by now is settled."""
    failing = {item.where: item.item_id for item in store.quarantine() if item.stage == "fetch"}
    answered: set[str] = set()

    def known(urls: Sequence[str]) -> dict[str, Fetch]:
        return known_fetches(store.engine, urls)

    def noted() -> Iterator[Taken]:
        for item in fetch_in(source_ids, settings, known):
            if isinstance(item, Answered):
                answered.update(one.url for one in item.fetches)
            yield item

    taken = intake(store, run_id, noted(), tick, **more)
    store.settle_quarantine(run_id, [item_id for where, item_id in failing.items() if where in answered], "retried")
    return taken


def batch_size(done: int) -> int:
    """Articles of the next batch: a quarter of those done, so that fifty thousand take some twenty batches and not hundreds.

    >>> batch_size(0), batch_size(20_000)
    (200, 5000)
    """
    return min(LARGEST_BATCH, max(FIRST_BATCH, done // 4))


def pending(store: Store, component: str = VERSION, part: tuple[str, str] | None = None) -> Iterator[Reading]:
    """Every document that this version of the extractor has not read, with the rates its text was converted at before."""
    for batch in batches(store.pending(component, part=part), _PENDING_CHUNK):
        known = store.conversions([version_id for version_id, _ in batch])
        yield from (Reading(article, version_id, known.get(version_id, ())) for version_id, article in batch)


class ReadingStage:
    """Extraction as one stream over the pending documents, kept batch by batch: processes read on while a batch is written.

    After an error in `batch` the next call begins anew with what is still pending.
    """

    def __init__(
        self,
        store: Store,
        run_id: str,
        workers: Workers,
        tick: Tick,
        *,
        journal: Journal | None = None,
        part: tuple[str, str] | None = None,
    ) -> None:
        self.store = store
        self.part = part
        self.run_id = run_id
        self.workers = workers
        self.tick = tick
        self.journal = journal or Journal()
        self.total = Extracted()
        self._stream: Iterator[tuple[Reading, Outcome]] | None = None
        self._held: set[str] = set()
        """Ids of what is in quarantine for having failed here before"""

    def batch(self, limit: int) -> bool:
        """Read and keep the next documents, at most `limit`; False when nothing is left."""
        if self._stream is None:
            self._held = {item.item_id for item in self.store.quarantine() if item.stage == "extract"}
            self._stream = self.workers.extract(
                reading for reading in pending(self.store, part=self.part) if reading.version_id not in self.total.failed
            )
        try:
            outcomes = list(itertools.islice(self._stream, limit))
            self._keep(outcomes)
        except BaseException:
            self._stream = None
            raise
        return len(outcomes) == limit

    def _keep(self, outcomes: Sequence[tuple[Reading, Outcome]]) -> None:
        read: list[tuple[str, Article, Extraction]] = []
        for reading, outcome in outcomes:
            self.tick(1)
            if isinstance(outcome, Failure):
                self.total.failed.add(reading.version_id)
                place, raw = _quarantined(reading.article)
                self.store.add_quarantine(self.run_id, place, "extract", outcome.reason, raw, kind="article")
                said = {"article_id": reading.article.id, "where": place, "stage": "extract", "reason": outcome.reason}
                self.journal.warning("quarantined", **said)
            else:
                read.append((reading.version_id, reading.article, outcome))
        self.store.add_extractions(self.run_id, VERSION, read)
        if self._held:
            ids = {item_id_of(place, "extract", raw) for place, raw in (_quarantined(article) for _, article, _ in read)}
            self.store.settle_quarantine(self.run_id, sorted(ids & self._held), "retried")
        for _, article, found in read:
            self.total.count(found)
            self.journal.debug("read", article_id=article.id, source=article.source, claims=len(found.claims))


def prepare(store: Store, workers: int, claims: int) -> None:
    """Start the other processes of a merge of so many claims, if it has use for any."""
    store.prepare(deal_schema(), workers, claims)


def merge(store: Store, run_id: str, check: Callable[[MergeCounts], None] = lambda _: None, *, workers: int = 1) -> MergeCounts:
    """Claims to events; `check` may refuse by raising, and then nothing has changed. `workers` rebuild where that is due."""
    return store.merge(run_id, deal_schema(), check, workers=workers)


def publish(store: Store, folder: Path, formats: Sequence[str]) -> None:
    """What downstream analytics reads; the same bytes when nothing has changed. One run at a time: the last has the last word."""
    with store.exclusive():
        for name in formats:
            export_store(store, folder, name)


def _quarantined(article: Article) -> tuple[str, bytes]:
    """Where and as what an article that could not be read is kept."""
    raw = json.dumps(asdict(article), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return article.url or article.id, raw
