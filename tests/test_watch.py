"""A store is watched for whatever is committed to it, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from models.store import Store
from models.watch import Watch
from tests.test_store import START, A, night, postgres, url

__all__ = ["postgres", "url"]  # fixtures


def test_the_version_changes_with_every_commit(url: str) -> None:
    with Store.open(url) as store, Store.open(url) as another:
        watch = Watch(store.engine)
        seen = [watch.version()]
        night(store, [A])
        seen.append(watch.version())
        run_id = another.begin_run(datetime(2026, 1, 2, tzinfo=UTC), "v1", "[]")
        seen.append(watch.version())
        another.add_quarantine(run_id, "row 1", "intake", "no text", b"{}")
        seen.append(watch.version())
        assert len(set(seen)) == len(seen)


def test_what_commits_nothing_is_no_change(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/deals.db") as store:
        watch = Watch(store.engine)
        before = watch.version()
        store.runs()
        assert watch.version() == before
        with store.exclusive():
            assert watch.version() == before
        store.begin_run(START, "v1", "[]")
        assert watch.version() != before
