"""A store written as files and read back is the same store, on either engine."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.archive import read_archive, write_archive
from models.claim import Claim
from models.engine import reading
from models.errors import StoreError
from models.export import FORMATS, export_store
from models.queries import list_changes, list_events
from models.schema import claim
from models.store import Store
from tests.claims import CLAIMS, DAYS, told
from tests.test_store import SCHEMA, START, A, B, C, night, postgres, seen, sqlite_in

__all__ = ["postgres"]  # a fixture
ARTICLES = st.lists(st.tuples(DAYS, st.lists(CLAIMS, min_size=1, max_size=2)), min_size=1, max_size=5)


def files(paths: list[Path], folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(ARTICLES, st.randoms(use_true_random=False))
def test_what_is_written_and_read_back_loses_nothing(
    content: list[tuple[str | None, list[Claim]]], choose: random.Random
) -> None:
    articles = [told(f"a{n}", day, *claims) for n, (day, claims) in enumerate(content)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with sqlite_in(name, "one") as one, sqlite_in(name, "two") as two:
            night(one, articles[:2])
            night(one, articles, day=1)
            with reading(one.engine) as connection:
                keys = sorted(connection.execute(select(claim.c.claim_key)).scalars())
            if len(keys) > 1:
                one.decide(START, "reviewer", choose.choice(("same", "different")), *choose.sample(keys, 2), note="元 نص")
                night(one, [], day=2)
            first = files(write_archive(one, folder / "first"), folder / "first")
            read_archive(two, folder / "first")
            assert files(write_archive(two, folder / "second"), folder / "second") == first
            for form in FORMATS:
                mine, theirs = (
                    files(export_store(s, folder / n / form, form), folder / n / form) for s, n in ((one, "x"), (two, "y"))
                )
                assert mine == theirs
            assert (list_events(two, as_known_at=START), list_changes(two)) == (
                list_events(one, as_known_at=START),
                list_changes(one),
            )
            assert night(two, articles, day=3).touched == 0
            run_id = two.begin_run(START, "v1", "rebuild")
            assert two.rebuild(run_id, SCHEMA).touched == 0


def test_from_one_engine_to_the_other(postgres: str, tmp_path: Path) -> None:
    import psycopg

    with psycopg.connect(f"{postgres.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored")
    with sqlite_in(str(tmp_path), "one") as one, Store.open(f"{postgres}/restored") as other:
        night(one, [A, B, C])
        one.add_quarantine(one.begin_run(START, "v1", "q"), "x:1", "read", "not JSON", b"\x00\xff")
        first = files(write_archive(one, tmp_path / "first"), tmp_path / "first")
        read_archive(other, tmp_path / "first")
        assert files(write_archive(other, tmp_path / "second"), tmp_path / "second") == first
        assert seen(other) == seen(one)


def test_only_an_empty_store_is_filled_and_only_with_an_archive(tmp_path: Path) -> None:
    with sqlite_in(str(tmp_path), "one") as one, sqlite_in(str(tmp_path), "two") as two:
        night(one, [A])
        with pytest.raises(StoreError, match=r"archive\.json: no archive"):
            read_archive(two, tmp_path)
        write_archive(one, tmp_path / "out")
        with pytest.raises(StoreError, match="empty store"):
            read_archive(one, tmp_path / "out")
        lines = (tmp_path / "out" / "claim.jsonl").read_text(encoding="utf-8").splitlines()
        (tmp_path / "out" / "claim.jsonl").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
        with pytest.raises(StoreError, match="2 rows, but 3 were written"):
            read_archive(two, tmp_path / "out")
        (tmp_path / "out" / "claim.jsonl").write_text(lines[0] + "\n[1]\n", encoding="utf-8")
        with pytest.raises(StoreError, match=r"claim\.jsonl:2"):
            read_archive(two, tmp_path / "out")
        assert seen(two) == []
