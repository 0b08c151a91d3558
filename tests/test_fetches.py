"""What servers said last is kept by address, and where a publication date is told is kept with the text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from models.article import Article
from models.fetch import Fetch
from models.fetches import known_fetches, remember_fetches
from models.store import Store

FIRST = Fetch("https://x.tw/a", '"v1"', None, "2025-12-17T00:00:00+00:00")
OTHER = Fetch("https://x.tw/" + "長" * 4000, None, "Wed, 17 Dec 2025 00:00:00 GMT", "2025-12-17T00:00:00+00:00")


def test_the_last_answer_of_an_address_is_what_is_known(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'deals.db'}") as store:
        run_id = store.begin_run(datetime(2025, 12, 18, tzinfo=UTC), "code", "inputs")
        remember_fetches(store.engine, run_id, [FIRST, OTHER])
        later = replace(FIRST, etag='"v2"')
        remember_fetches(store.engine, run_id, [later])
        assert known_fetches(store.engine, [FIRST.url, OTHER.url, "https://x.tw/b"]) == {FIRST.url: later, OTHER.url: OTHER}
        assert known_fetches(store.engine, []) == {}


def test_the_evidence_of_a_publication_date_is_kept_and_no_part_of_the_text(tmp_path: Path) -> None:
    article = Article("a", "輝達宣布投資", published="2025-12-17", published_from="json-ld")
    with Store.open(f"sqlite:///{tmp_path / 'deals.db'}") as store:
        run_id = store.begin_run(datetime(2025, 12, 18, tzinfo=UTC), "code", "inputs")
        assert store.add_documents(run_id, [article]).new == 1
        assert [kept for _, kept in store.pending("any")] == [article]
        assert store.add_documents(run_id, [replace(article, published_from="url")]).unchanged == 1
