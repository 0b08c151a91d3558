"""What is in quarantine, read once more after a fix: what can be used by now comes in and is settled, the rest stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.intake import Item, take_in_again
from flows.journal import Journal
from flows.readers import READERS, Rejected
from flows.stages import Intake, Tick, intake
from models.article import Article
from models.quarantine import QuarantineItem
from models.store import Store

_KINDS = {"row", "page", "text", *READERS}
"""Of items that intake can read again. The extractor's are pending documents: the extraction stage reads them again itself"""


def taken_again(store: Store, run_id: str, names: Sequence[str], tick: Tick, journal: Journal) -> Intake:
    """Take in what is open in quarantine, or only the items of these ids (or unique beginnings of them)."""
    wanted = {store.quarantine_named(name) for name in names}
    items = [item for item in store.quarantine() if item.kind in _KINDS and (not names or item.item_id in wanted)]
    mended: set[str] = set()

    def read() -> Iterator[Item]:
        for item in items:
            for found in _again(store, item):
                if isinstance(found, Article):
                    mended.add(item.item_id)
                    journal.info("mended", article_id=found.id, where=item.where)
                yield found

    taken = intake(store, run_id, read(), tick, journal=journal)
    failed_again = {item.item_id for item in store.quarantine() if item.run_id == run_id}
    store.settle_quarantine(run_id, sorted(mended - failed_again), "retried")
    return taken


def _again(store: Store, item: QuarantineItem) -> Iterator[Item]:
    """The articles of an item. A rejection of the whole of it is kept under the item's own place, so that it is the same item."""
    raw = store.quarantine_raw(item.item_id)
    for found in take_in_again(raw, item.where, item.kind, item.context):
        if isinstance(found, Rejected) and (found.raw == raw or item.kind in READERS):
            yield Rejected(item.where, found.reason, raw, item.kind, dict(item.context))
        else:
            yield found
