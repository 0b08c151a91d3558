"""A store with a few deals, for tests of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from extractors.match import deal_schema
from models.store import Store
from tests.claims import Told, deal, money, told

VERSION = "1"
DEALS = (
    told("a1", "2025-11-04", deal("investment", "Amazon", "OpenAI", amount="10000000000", on="2025-11-03"), source="cna"),
    told("a2", "2025-11-06", deal("investment", "Amazon", "OpenAI", amount="10000000000", on="2025-11-03"), source="36kr"),
    told("a3", "2025-12-01", deal("purchase", "OpenAI", "Amazon", amount="38000000000", status="completed"), language="ar"),
    told("a4", "2025-12-02", deal("loan", "SoftBank", "OpenAI", amount=money("780000000", "HKD"), status="talks"), source="cna"),
    told("a5", "2024-01-05", deal("acquisition", "Google", "南雄矿业", on="2023"), source="cna", language="zh-Hans"),
    told("a6", "2025-12-03", deal("stake", "Microsoft", "OpenAI", stake="27", status="held"), source="cna"),
)


def fill(store: Store, day: int = 1, items: Sequence[Told] = DEALS) -> None:
    """One night that reads these articles."""
    run_id = store.begin_run(datetime(2026, 1, day, tzinfo=UTC), "test", "[]")
    store.add_documents(run_id, [article for article, _ in items])
    read = {article.id: found for article, found in items}
    store.add_extractions(run_id, VERSION, [(key, article, read[article.id]) for key, article in store.pending(VERSION)])
    merged = store.merge(run_id, deal_schema())
    counts = {"new": len(items), "claims": len(items), "events_added": merged.added}
    store.finish_run(run_id, "done", counts, report={"stages": [{"stage": "extract", "seconds": 12.5}], "reasons": []})
