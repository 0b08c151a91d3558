"""Exports: readable, complete, and the same bytes when nothing changed."""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import networkx
import pytest

from extractors.match import deal_schema
from models.errors import StoreError
from models.event import event_from_json
from models.export import FORMATS, TABLES, export_store
from models.queries import list_events
from models.store import Store
from tests.claims import Told, deal, money, told

TOLD = [
    told(
        "a", "2025-12-17",
        deal("investment", "Amazon", "OpenAI", amount=money("10000000000", modifier="up_to"), status="talks"),
        deal("partnership", "Microsoft", "OpenAI"),
        deal("stake", "Microsoft", "OpenAI", stake="27", status="held"),
        deal("loan", "SoftBank", "شركة \"الواحة\" & Söhne <1>", amount=money("78000000", "HKD")),
    ),
    told(
        "b", "2025-12-18",
        deal("investment", ("Apple", "Amazon"), "OpenAI", amount=money("10000000000", modifier="over"), status="talks"),
        deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000", on="2025-11", said='quoted, "said"\nand broken'),
    ),
]  # fmt: skip


def fill(store: Store, articles: list[Told], day: int) -> None:
    run_id = store.begin_run(datetime(2025, 12, day, tzinfo=UTC), "1", "test")
    store.add_documents(run_id, [article for article, _ in articles])
    read = {article.id: extraction for article, extraction in articles}
    store.add_extractions(run_id, "v1", [(version, article, read[article.id]) for version, article in store.pending("v1")])
    store.merge(run_id, deal_schema())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    fill(store, TOLD, 18)
    return store


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_bytes_when_nothing_changed(store: Store, tmp_path: Path, form: str) -> None:
    first = {path.relative_to(tmp_path / "one"): path.read_bytes() for path in export_store(store, tmp_path / "one", form)}
    fill(store, TOLD, 19)
    second = {path.relative_to(tmp_path / "two"): path.read_bytes() for path in export_store(store, tmp_path / "two", form)}
    assert first
    assert first == second
    assert not list((tmp_path / "one").rglob("*.part"))


@pytest.mark.parametrize("form", FORMATS)
def test_the_order_of_arrival_leaves_no_trace(store: Store, tmp_path: Path, form: str) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
        fill(other, TOLD[::-1], 18)
        mine, theirs = (
            {path.relative_to(folder): path.read_bytes() for path in export_store(one, folder, form)}
            for one, folder in ((store, tmp_path / "mine"), (other, tmp_path / "theirs"))
        )
    assert mine == theirs


def test_parquet_holds_exact_figures_by_type(store: Store, tmp_path: Path) -> None:
    export_store(store, tmp_path / "out", "parquet")
    events = f"read_parquet('{tmp_path}/out/events/*/*.parquet', hive_partitioning = true)"
    (row,) = duckdb.sql(f"SELECT value, currency, usd, date_start FROM {events} WHERE type = 'purchase'").fetchall()
    assert (row[0], row[1], row[2], str(row[3])) == (Decimal(38_000_000_000), "USD", Decimal(38_000_000_000), "2025-11-01")
    others = [name for name in TABLES if name != "events"]
    counts = {name: len(duckdb.sql(f"SELECT * FROM '{tmp_path}/out/{name}.parquet'").fetchall()) for name in others}
    assert (counts["evidence"], counts["money_flows"]) == (6, 4)


@pytest.mark.parametrize("at_a_time", [1, 4])
def test_parquet_and_csv_have_the_same_rows_in_one_order(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_a_time: int
) -> None:
    monkeypatch.setattr("models.export._AT_A_TIME", at_a_time)
    for form in ("csv", "parquet"):
        export_store(store, tmp_path / form, form)
    for name, columns in (("participants", "event_id, role, n, names"), ("evidence", "event_id, claim_id, n, quote")):
        rows = duckdb.sql(f"SELECT {columns} FROM '{tmp_path}/parquet/{name}.parquet'").fetchall()
        with (tmp_path / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            told = [tuple(row[column] for column in columns.split(", ")) for row in csv.DictReader(stream)]
        assert [tuple(map(str, row)) for row in rows] == told


def test_a_type_without_events_leaves_no_partition(store: Store, tmp_path: Path) -> None:
    stale = tmp_path / "out" / "events" / "type=merger"
    stale.mkdir(parents=True)
    (stale / "events.parquet").write_bytes(b"old")
    export_store(store, tmp_path / "out", "parquet")
    assert not stale.exists()


def test_csv_reads_back(store: Store, tmp_path: Path) -> None:
    paths = export_store(store, tmp_path / "out", "csv")
    assert [path.stem for path in paths] == sorted(TABLES)
    with (tmp_path / "out" / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        quotes = {row["quote"] for row in csv.DictReader(stream)}
    assert 'quoted, "said"\nand broken' in quotes
    with (tmp_path / "out" / "events.csv").open(encoding="utf-8", newline="") as stream:
        sides = {row["type"]: (row["first_party"], row["second_party"]) for row in csv.DictReader(stream)}
    assert sides["purchase"] == ("OpenAI", "Amazon Web Services")
    assert sides["partnership"] == ("Microsoft", "OpenAI")


def test_jsonl_loses_nothing(store: Store, tmp_path: Path) -> None:
    export_store(store, tmp_path / "out", "jsonl")
    lines = (tmp_path / "out" / "events.jsonl").read_text(encoding="utf-8").splitlines()
    events = [event_from_json(line) for line in lines]
    assert events == sorted(list_events(store), key=lambda event: event.id)


def test_graphml_is_read_by_others(store: Store, tmp_path: Path) -> None:
    (path,) = export_store(store, tmp_path / "out", "graphml")
    graph = networkx.read_graphml(path)
    assert graph.nodes["openai"]["name"] == "OpenAI"
    assert graph.nodes['شركة "الواحة" & Söhne <1>']["kind"] == "company"
    flows = [(source, target, data["usd"]) for source, target, data in graph.edges(data=True) if data["type"] == "investment"]
    assert sorted(flows) == [("amazon", "openai", 1e10), ("apple", "openai", 1e10)]


def test_ftm_has_schemas_and_links(store: Store, tmp_path: Path) -> None:
    (path,) = export_store(store, tmp_path / "out", "ftm")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ids = {row["id"] for row in rows}
    assert {row["schema"] for row in rows} == {"Company", "Ownership", "Payment", "UnknownLink"}
    ends = {end for row in rows for key in ("payer", "beneficiary", "owner", "asset") for end in row["properties"].get(key, [])}
    assert ends <= ids


def test_an_empty_store_exports_empty_tables(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'empty.db'}") as empty:
        for form in FORMATS:
            assert all(path.exists() for path in export_store(empty, tmp_path / form, form))


def test_what_cannot_be_written_is_one_line(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such export format"):
        export_store(store, tmp_path / "out", "xlsx")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as caught:
        export_store(store, tmp_path / "file" / "out", "csv")
    assert os.linesep not in str(caught.value)
