"""`dealwire diff`: what the installed extractor and tables would change in the store, before a run publishes it."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime

from extractors.match import deal_schema
from extractors.version import VERSION
from flows.cli_store import open_store
from flows.reference_rates import reference_rates
from flows.render import console, json_text, table, write_lines
from flows.settings import rates_folder
from flows.stages import pending
from flows.work import Failure, Workers
from models.article import Article
from models.claim import Extraction
from models.event import Change
from models.store import Store

_WORDS = {"ADD": "added", "MOD": "changed", "MERGE": "merged into another", "SPLIT": "split off", "DEL": "removed"}


def diff(store: str, workers: int, form: str) -> int:
    """Read anew what another version read, and print the changes; the store stays as it is. 1 when an article raised."""
    now = datetime.now(UTC)
    rates, _ = reference_rates(rates_folder(store), now.date(), None)
    with open_store(store) as opened, Workers(workers, rates) as crew:
        read, failed = _read_anew(opened, crew)
        changes = opened.preview(now, VERSION, read, deal_schema())
    for failure in failed:
        print(f"{failure.article.id}: not extracted: {failure.reason}", file=sys.stderr)
    if form == "json":
        write_lines([json_text([asdict(change) for change in changes], indent=2)])
    else:
        _print(changes, len(read))
    return 1 if failed else 0


def _read_anew(store: Store, crew: Workers) -> tuple[list[tuple[str, Article, Extraction]], list[Failure]]:
    read: list[tuple[str, Article, Extraction]] = []
    failed: list[Failure] = []
    for reading, outcome in crew.extract(pending(store, VERSION)):
        if isinstance(outcome, Failure):
            failed.append(outcome)
        else:
            read.append((reading.version_id, reading.article, outcome))
    return read, failed


def _print(changes: list[Change], documents: int) -> None:
    counts = Counter(change.op for change in changes)
    told = ", ".join(f"{counts[op]} {word}" for op, word in _WORDS.items() if counts[op]) or "none would change"
    out = console()
    out.print(f"extractor {VERSION} has {documents} documents to read anew; events: {told}")
    rows = [(_WORDS[one.op], one.event_id[:10], (one.other_id or "")[:10], ", ".join(sorted(one.diff))) for one in changes]
    if rows:
        out.print(table("", ("what", "event", "other event", "properties"), rows))
