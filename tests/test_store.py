"""The store: idempotent, order-free, append-only, on both engines."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from extractors.match import deal_schema
from models import migrations
from models.archive import read_archive, write_archive
from models.article import Article
from models.claim import Claim, Extraction
from models.deal import DealSchema
from models.engine import connect, reading, writing
from models.errors import StoreError
from models.event import Event
from models.export import export_store
from models.ledger import MergeCounts
from models.mention import Amount, Conversion, Rate
from models.queries import get_event, list_changes, list_events, read_view
from models.schema import VIEWS, claim, event_version, metadata, run
from models.store import Store, _pending_ids
from tests.claims import CLAIMS, DAYS, Told, deal, money, told
from tests.old_store import before_numbered_blocks, before_numbers
from tests.postgres import NoPostgresError, new_database, postgres_server

SCHEMA = deal_schema()
START = datetime(2025, 12, 18, 3, tzinfo=UTC)

A = told(
    "000", "2025-12-17",
    deal("investment", "Amazon", "OpenAI", amount=money("10000000000", modifier="up_to"), status="talks"),
    deal("investment", "Amazon", "Anthropic", amount="8000000000", status="completed"),
    deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000", on="2025-11"),
)  # fmt: skip
B = told(
    "002", "2025-11-04",
    deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000"),
    deal("investment", "Microsoft", "OpenAI", amount="1000000000", status="completed", on="2019"),
    deal("investment", "Amazon", "Anthropic", status="completed"),
)  # fmt: skip
C = told(
    "004", "2025-12-17",
    deal("investment", ("Apple", "Amazon"), "OpenAI", amount=money("10000000000", modifier="over"), status="talks"),
    deal("purchase", "OpenAI", "Amazon", amount="38000000000", on="2025-10"),
    deal("investment", "Amazon", "Anthropic", amount="8000000000", status="completed"),
    deal("investment", "Microsoft", "OpenAI", amount=money("13000000000", modifier="over"), status="completed"),
    language="ar",
)  # fmt: skip


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    try:
        with postgres_server() as server:
            yield server
    except NoPostgresError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return new_database(request.getfixturevalue("postgres"))


def night(store: Store, articles: Sequence[Told], day: int = 0, component: str = "v1", *, workers: int = 1) -> MergeCounts:
    """One nightly run over the articles."""
    run_id = store.begin_run(START + timedelta(days=day), component, "test")
    store.add_documents(run_id, [article for article, _ in articles])
    read = {article.id: extraction for article, extraction in articles}
    items = [(version, article, read[article.id]) for version, article in store.pending(component) if article.id in read]
    store.add_extractions(run_id, component, items)
    counts = store.merge(run_id, SCHEMA, workers=workers)
    store.finish_run(run_id, "done", {"added": counts.added})
    return counts


def anew(store: Store, day: int) -> MergeCounts:
    """Everything rebuilt."""
    return store.rebuild(store.begin_run(START + timedelta(days=day), "v1", "rebuild"), SCHEMA)


def seen(store: Store) -> list[Event]:
    return list_events(store)


def of(store: Store, kind: str, first: str, second: str) -> list[Event]:
    """Events of a kind from `first` to `second`."""
    return [
        event
        for event in list_events(store, type=kind)
        if [parties[0].canonical for parties in event.roles.values()] == [first, second]
    ]


# --- what the first issue asks for -------------------------------------------------------------------------------------


def test_three_articles_become_events(url: str) -> None:
    with Store.open(url) as store:
        assert night(store, [A, B, C]).added == 5
        (talks,) = of(store, "investment", "Amazon", "OpenAI")
        assert (talks.n_sources, talks.status, talks.conflicts[0].property) == (2, "talks", "amount")
        (purchase,) = of(store, "purchase", "OpenAI", "Amazon Web Services")
        assert purchase.n_sources == 3
        assert [value.value for value in purchase.conflicts[0].values] == ["2025-11", "2025-10"]
        assert len(of(store, "investment", "Microsoft", "OpenAI")) == 2
        (anthropic,) = of(store, "investment", "Amazon", "Anthropic")
        assert anthropic.n_sources == 3
        assert anthropic.amount is not None
        assert anthropic.amount.value == Decimal("8000000000")


def test_the_same_night_twice_changes_nothing(url: str, tmp_path: Path) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        files = {path.name: path.read_bytes() for path in export_store(store, tmp_path / "out", "csv")}
        counts = night(store, [A, B, C], day=1)
        assert (counts.touched, counts.unchanged) == (0, 5)
        assert {path.name: path.read_bytes() for path in export_store(store, tmp_path / "out", "csv")} == files


def test_both_engines_hold_the_same(postgres: str, tmp_path: Path) -> None:
    outputs = []
    for url in (f"sqlite:///{tmp_path / 'store.db'}", f"{postgres}/postgres"):
        with Store.open(url) as store:
            night(store, [A, B])
            night(store, [C], day=1)
            store.decide(START, "reviewer", "set", seen(store)[0].id, property="status", value="agreed")
            night(store, [], day=2)
            paths = export_store(store, tmp_path / store.engine.dialect.name, "csv")
            outputs.append({path.name: path.read_bytes() for path in paths})
    assert outputs[0] == outputs[1]


def test_rebuild_changes_nothing(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B])
        night(store, [C], day=1)
        before = seen(store)
        assert anew(store, 2).touched == 0
        assert seen(store) == before


@pytest.mark.parametrize("few", [0, 100], ids=["row by row", "whole"])
def test_rebuild_keeps_the_numbers_and_mends_what_is_wrong(url: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures keep their numbers; a lost row of `claim_node`, one too many and a wrong event are set right."""
    monkeypatch.setattr("models.rebuild._FEW", few)

    def derived(store: Store) -> list[list[tuple[object, ...]]]:
        queries = [f"SELECT * FROM {name} ORDER BY 1" for name in ("claim_node", "signature", "meta")]
        with reading(store.engine) as connection:
            return [[tuple(row) for row in connection.execute(text(query))] for query in queries]

    with Store.open(url) as store:
        night(store, [A, B])
        night(store, [C], day=1)
        before = derived(store)
        (first, _, event), (second, _, other) = before[0][:2]
        assert event != other
        assert anew(store, 2).touched == 0
        assert derived(store) == before
        with writing(store.engine) as connection:
            connection.execute(text(f"DELETE FROM claim_node WHERE claim = {first}"))
            connection.execute(text(f"UPDATE claim_node SET event = {event} WHERE claim = {second}"))
            connection.execute(text(f"INSERT INTO claim_node (claim, signature, event) VALUES (999, 1, {event})"))
        anew(store, 3)
        assert [row[::2] for row in derived(store)[0]] == [row[::2] for row in before[0]]


def test_several_processes_rebuild_what_one_does(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events change (another family), end (their claims were closed), and hold two types (by decision)."""
    kinds = {name: replace(kind, family="money") if name == "investment" else kind for name, kind in SCHEMA.kinds.items()}
    other = DealSchema(kinds, SCHEMA.matcher)
    monkeypatch.setattr("models.rebuild._WORTH", 0)
    with Store.open(url) as store:
        night(store, [A, B, C])
        (purchase,) = of(store, "purchase", "OpenAI", "Amazon Web Services")
        (talks,) = of(store, "investment", "Amazon", "OpenAI")
        store.decide(START, "reviewer", "same", purchase.id, talks.id)
        night(store, [], day=1)
        assert any({"buyer", "investor"} <= event.roles.keys() for event in seen(store))
        run_id = store.begin_run(START + timedelta(days=2), "v1", "withdrawn")
        with reading(store.engine) as connection:
            doc_id = connection.execute(text("SELECT doc_id FROM document WHERE article_id = '002'")).scalar()
        store.retract_documents(run_id, [str(doc_id)])
        write_archive(store, tmp_path / "archive")
        store.merge(run_id, SCHEMA)
        before = seen(store)
        assert store.rebuild(run_id, SCHEMA, workers=2).touched == 0
        assert seen(store) == before
        found = []
        for workers in (1, 2):
            with Store.open(f"sqlite:///{tmp_path / f'{workers}.db'}") as copy:
                read_archive(copy, tmp_path / "archive")
                run_id = copy.begin_run(START + timedelta(days=3), "v1", "rebuild")
                counts = copy.rebuild(run_id, other, workers=workers)
                paths = export_store(copy, tmp_path / f"{workers}", "csv")
                found.append((counts, seen(copy), list_changes(copy), {path.name: path.read_bytes() for path in paths}))
        assert found[0] == found[1]
        assert found[0][0].removed > 0
        assert found[0][0].changed > 0


def test_at_the_end_of_a_run_the_file_itself_has_all(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'one.db'}") as store:
        night(store, [A, B, C])
        (tmp_path / "other.db").write_bytes((tmp_path / "one.db").read_bytes())  # without the log beside it
        with Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
            assert seen(other) == seen(store) != []


def test_several_processes_merge_what_one_does(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two types are joined by a decision, taken back later; claims change, move and end."""
    monkeypatch.setattr("models.merge._WORTH", 1)
    found = []
    for workers, where in ((1, f"sqlite:///{tmp_path / 'one.db'}"), (3, url)):
        with Store.open(where) as store:
            counts = [night(store, [A, B], workers=workers)]
            (purchase,) = of(store, "purchase", "OpenAI", "Amazon Web Services")
            (talks,) = of(store, "investment", "Amazon", "OpenAI")
            decided = store.decide(START, "reviewer", "same", purchase.id, talks.id)
            counts.append(night(store, [C], day=1, workers=workers))
            store.decide(START, "reviewer", "retract", decided)
            changed = (replace(A[0], text=f"{A[0].text} 另訊。"), replace(A[1], claims=A[1].claims[1:]))
            store.prepare(SCHEMA, workers, claims=5)
            counts.append(night(store, [changed], day=2, workers=workers))
            paths = export_store(store, tmp_path / f"{workers}", "csv")
            found.append((counts, seen(store), list_changes(store), {path.name: path.read_bytes() for path in paths}))
            assert anew(store, 3).touched == 0
    assert found[0] == found[1]
    assert all(count.touched for count in found[0][0])
    assert {"SPLIT", "MERGE", "MOD"} <= {change.op for change in found[0][2]}


def killed(*_: object) -> None:
    """What a process of the merge does that does not live."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_merge_of_which_a_process_dies_leaves_the_events_as_they_were(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(url) as store:
        night(store, [A, B])
        before = seen(store)
        monkeypatch.setattr("models.merge._WORTH", 1)
        monkeypatch.setattr("models.merge._serve", killed)
        for prepared in (False, True):
            if prepared:
                store.prepare(SCHEMA, 2, claims=2)
            with pytest.raises(StoreError, match="died"):
                night(store, [C], day=1, workers=2)
            assert seen(store) == before
        assert night(store, [C], day=1).touched
        assert anew(store, 2).touched == 0


# --- any order, any batches --------------------------------------------------------------------------------------------

ARTICLES = st.lists(st.tuples(DAYS, st.lists(CLAIMS, min_size=1, max_size=3)), min_size=1, max_size=8)


def sqlite_in(folder: str, name: str) -> Store:
    return Store.open(f"sqlite:///{folder}/{name}.db")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(ARTICLES, st.randoms(use_true_random=False))
def test_order_and_batches_do_not_matter(content: list[tuple[str | None, list[Claim]]], choose: random.Random) -> None:
    articles = [told(f"a{n}", day, *claims) for n, (day, claims) in enumerate(content)]
    with tempfile.TemporaryDirectory() as folder:
        with sqlite_in(folder, "once") as store:
            night(store, articles)
            expected = seen(store)
        choose.shuffle(articles)
        with sqlite_in(folder, "split") as store:
            day = 0
            while articles:
                size = choose.randint(1, len(articles))
                night(store, articles[:size], day)
                articles, day = articles[size:], day + 1
                if choose.random() < 0.3:
                    assert anew(store, day).touched == 0
            assert seen(store) == expected
            assert night(store, [], day).touched == 0
            assert anew(store, day + 1).touched == 0


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(ARTICLES, ARTICLES, st.randoms(use_true_random=False))
def test_a_new_extractor_leaves_what_it_alone_would_have_given(
    before: list[tuple[str | None, list[Claim]]], after: list[tuple[str | None, list[Claim]]], choose: random.Random
) -> None:
    size = min(len(before), len(after))
    text = "one text that both extractors read"
    read = [
        [told(f"a{n}", before[n][0], *content[n][1], text=f"{n} {text}") for n in range(size)] for content in (before, after)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        with sqlite_in(folder, "new") as store:
            night(store, read[1], component="v2")
            expected = seen(store)
        with sqlite_in(folder, "upgraded") as store:
            night(store, read[0], component="v1")
            first = seen(store)
            if choose.random() < 0.5:
                anew(store, 1)
            night(store, read[1], day=2, component="v2")
            assert seen(store) == expected
            if choose.random() < 0.5:
                anew(store, 3)
            night(store, read[0], day=4, component="v1")
            assert seen(store) == first


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(ARTICLES, st.randoms(use_true_random=False))
def test_retracting_a_decision_is_exact(content: list[tuple[str | None, list[Claim]]], choose: random.Random) -> None:
    articles = [told(f"a{n}", day, *claims) for n, (day, claims) in enumerate(content)]
    with tempfile.TemporaryDirectory() as folder, sqlite_in(folder, "store") as store:
        night(store, articles)
        before = seen(store)
        with reading(store.engine) as connection:
            keys = sorted(connection.execute(select(claim.c.claim_key)).scalars())
        if len(keys) < 2:
            return
        left, right = choose.sample(keys, 2)
        decided = store.decide(START, "reviewer", choose.choice(("same", "different")), left, right)
        night(store, [], day=1)
        store.decide(START, "reviewer", "retract", decided)
        night(store, [], day=2)
        assert seen(store) == before


# --- documents ---------------------------------------------------------------------------------------------------------


def test_a_changed_text_is_a_new_version_and_closes_what_it_no_longer_says(url: str) -> None:
    article, _ = A
    changed = told("000", "2025-12-17", deal("purchase", "OpenAI", "Oracle", amount="5000"), text="corrected")
    with Store.open(url) as store:
        run_id = store.begin_run(START, "v1", "x")
        assert store.add_documents(run_id, [article, article]).new == 1
        assert store.add_documents(run_id, [article]).unchanged == 1
        night(store, [A])
        assert store.add_documents(run_id, [changed[0]]).changed == 1
        counts = night(store, [changed], day=1)
        assert (counts.added, counts.removed) == (1, 3)
        with reading(store.engine) as connection:
            closed = connection.execute(select(func.count()).select_from(claim).where(claim.c.closed_run.is_not(None))).scalar()
            versions = connection.execute(text("SELECT count(*) FROM document_version")).scalar()
        assert (closed, versions) == (3, 2)


def test_a_text_that_comes_back_is_the_old_version_again(url: str) -> None:
    changed = told("000", "2025-12-17", deal("purchase", "OpenAI", "Oracle", amount="5000"), text="corrected")
    with Store.open(url) as store:
        night(store, [A])
        before = seen(store)
        night(store, [changed], day=1)
        night(store, [A], day=2)
        assert seen(store) == before


def test_withdrawn_documents_take_their_claims_along(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B])
        with reading(store.engine) as connection:
            doc_id = connection.execute(text("SELECT doc_id FROM document WHERE article_id = '000'")).scalar()
        run_id = store.begin_run(START + timedelta(days=1), "v1", "x")
        assert store.retract_documents(run_id, [str(doc_id)]) == 3
        store.merge(run_id, SCHEMA)
        assert {event.sources for event in seen(store)} == {("source-002",)}
        assert list(store.pending("v1")) == []


def test_what_no_database_can_hold_is_refused_with_a_reason(url: str) -> None:
    with Store.open(url) as store:
        run_id = store.begin_run(START, "v1", "x")
        articles = [Article("a", "null \x00 inside"), Article("b", "half \ud800 pair"), Article("c", "ok")]
        counts = store.add_documents(run_id, articles)
        assert (counts.new, counts.refused) == (1, 2)
        assert [item.stage for item in store.quarantine()] == ["store", "store"]


def test_pending_gives_articles_back_as_they_came(url: str) -> None:
    article = Article("a", "text 元 نص", "title", "https://example.org/a", "source", "ar", "SA", "2025-12-17T10:00:00+03:00")
    with Store.open(url) as store:
        store.add_documents(store.begin_run(START, "v1", "x"), [article])
        assert [found for _, found in store.pending("v1")] == [article]
        assert len(list(store.pending("v1", limit=0))) == 0


def test_quarantine_keeps_an_item_once(url: str) -> None:
    with Store.open(url) as store:
        run_id = store.begin_run(START, "v1", "x")
        for _ in range(2):
            store.add_quarantine(run_id, "news.jsonl:17", "read", "not JSON", b"{" * 100_000)
        (item,) = store.quarantine()
        assert (item.where, item.reason, item.size) == ("news.jsonl:17", "not JSON", 100_000)
        assert store.quarantine_raw(item.item_id) == b"{" * 100_000


def test_a_settled_item_is_open_again_when_it_fails_again_unless_dismissed(url: str) -> None:
    with Store.open(url) as store:
        run_id = store.begin_run(START, "v1", "x")
        for name in ("a", "b"):
            store.add_quarantine(run_id, name, "intake", "not JSON", b"{", kind="row", context={"id": name})
        ids = {item.where: item.item_id for item in store.quarantine()}
        assert store.settle_quarantine(run_id, [ids["a"]], "retried") == 1
        assert store.settle_quarantine(run_id, [ids["b"], ids["b"]], "dismissed") == 1
        assert store.quarantine() == []
        assert [item.settled_as for item in store.quarantine(settled=True)] == ["retried", "dismissed"]
        for name in ("a", "b"):
            store.add_quarantine(run_id, name, "intake", "still not JSON", b"{", kind="row", context={"id": name})
        (again,) = store.quarantine()
        assert (again.where, again.reason, again.context) == ("a", "still not JSON", {"id": "a"})
        assert store.quarantine_named(ids["a"][:8]) == ids["a"]
        with pytest.raises(StoreError, match="nothing in quarantine"):
            store.quarantine_raw("none")


def test_a_run_keeps_when_and_how_it_ended(url: str) -> None:
    with Store.open(url) as store:
        first = store.begin_run(START, "v1", "x")
        store.finish_run(first, "done", {"new": 3}, START + timedelta(minutes=5), {"seconds": {"intake": 1.5}})
        second = store.begin_run(START + timedelta(days=1), "v1", "x")
        assert [run.run_id for run in store.runs()] == [second, first]
        kept = store.run_named(first[:8])
        assert (kept.status, kept.counts, kept.report) == ("done", {"new": 3}, {"seconds": {"intake": 1.5}})
        assert (kept.finished_at or "") > kept.started_at
        assert (store.runs(1)[0].status, store.runs(1)[0].report) == ("running", None)


def test_a_merge_that_its_check_refuses_leaves_the_events_as_they_were(url: str) -> None:
    def refuse(counts: MergeCounts) -> None:
        raise StoreError(f"{counts.added} events are too many")

    with Store.open(url) as store:
        run_id = store.begin_run(START, "v1", "x")
        store.add_documents(run_id, [A[0]])
        store.add_extractions(run_id, "v1", [(version, article, A[1]) for version, article in store.pending("v1")])
        with pytest.raises(StoreError, match="3 events are too many"):
            store.merge(run_id, SCHEMA, refuse)
        assert seen(store) == []
        assert store.merge(run_id, SCHEMA).added == 3


def test_the_rates_a_text_was_first_converted_at_are_kept(url: str) -> None:
    def read(value: str) -> Extraction:
        return replace(A[1], conversions=(Conversion("TWD", "2025-12-17", Rate("USD", Decimal(value), "2025-12-16", "bank")),))

    with Store.open(url) as store:
        for day, rate in enumerate(("0.0320", "0.0330")):
            run_id = store.begin_run(START + timedelta(days=day), f"v{day}", "x")
            store.add_documents(run_id, [A[0]])
            (version,) = [found for found, _ in store.pending(f"v{day}")]
            store.add_extractions(run_id, f"v{day}", [(version, A[0], read(rate))])
        (first,) = store.conversions([version])[version]
        assert (first.base, first.on, first.rate) == ("TWD", "2025-12-17", Rate("USD", Decimal("0.032"), "2025-12-16", "bank"))


def test_claims_that_say_next_to_nothing_stay_alone(url: str) -> None:
    with Store.open(url) as store:
        night(store, [told(name, "2025-12-17", deal("purchase", "", ""), deal("purchase", "OpenAI", "")) for name in "abc"])
        assert sorted(event.n_claims for event in seen(store)) == [1, 1, 1, 3]


# --- ids and history ---------------------------------------------------------------------------------------------------


def test_an_older_report_renames_the_event_and_leaves_a_redirect(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A])
        (young,) = of(store, "purchase", "OpenAI", "Amazon Web Services")
        counts = night(store, [B], day=1)
        (old,) = of(store, "purchase", "OpenAI", "Amazon Web Services")
        assert old.id != young.id
        assert counts.merged >= 1
        detail = get_event(store, young.id)
        assert detail is not None
        assert (detail.event.id, detail.redirected_from) == (old.id, (young.id,))


def test_a_unique_beginning_of_an_id_is_enough(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        events = seen(store)
        detail = get_event(store, events[0].id[:12])
        assert detail is not None
        assert detail.event == events[0]
        assert get_event(store, "zzzzzz") is None
        with pytest.raises(StoreError, match="several"):
            get_event(store, "")


def test_evidence_is_what_was_published(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        texts = {article.id: article.text for article, _ in (A, B, C)}
        details = [detail for event in seen(store) if (detail := get_event(store, event.id)) is not None]
        quotes = [quote for detail in details for quote in detail.evidence]
        assert len(quotes) == 10
        assert all(texts[quote.article_id][quote.start : quote.end] == quote.quote for quote in quotes)


def test_as_known_at_shows_what_was_held_then(url: str) -> None:
    with Store.open(url) as store:
        night(store, [B])
        first = seen(store)
        night(store, [A, C], day=1)
        assert list_events(store, as_known_at=START) == first
        assert list_events(store, as_known_at=START - timedelta(seconds=1)) == []
        assert list_events(store, as_known_at=START + timedelta(days=1)) == seen(store)


def test_the_change_feed_says_what_and_why(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A])
        feed = list_changes(store)
        assert [(change.op, change.cause) for change in feed] == [("ADD", "source")] * 3
        night(store, [C], day=1)
        later = list_changes(store, since_seq=feed[-1].seq)
        assert {change.op for change in later} >= {"MOD"}
        assert all(change.diff for change in later if change.op == "MOD")


def test_an_event_that_changed_keeps_its_versions(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A])
        night(store, [C], day=1)
        with reading(store.engine) as connection:
            rows = connection.execute(select(event_version.c.event, event_version.c.known_to)).all()
        assert len(rows) == len({number for number, _ in rows}) + sum(known_to is not None for _, known_to in rows)
        assert len([1 for _, known_to in rows if known_to is None]) == len(seen(store))


def test_a_preview_says_what_would_change_and_changes_nothing(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        before, feed = seen(store), list_changes(store)
        article, read = A
        fewer = replace(read, claims=read.claims[:2])
        (item,) = [(version, found, fewer) for version, found in store.pending("v2") if found.id == article.id]
        changes = store.preview(START + timedelta(days=1), "v2", [item], SCHEMA)
        assert [(change.op, change.cause) for change in changes] == [("MOD", "extractor")]
        assert changes[0].diff["n_claims"] == [3, 2]
        assert (seen(store), list_changes(store)) == (before, feed)
        assert len(list(store.pending("v1"))) == 0


# --- filters and views -------------------------------------------------------------------------------------------------


def test_filters(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        assert len(list_events(store, type="purchase")) == 1
        assert len(list_events(store, status="talks")) == 1
        assert {event.type for event in list_events(store, min_usd=Decimal("13000000000"))} == {"purchase", "investment"}
        assert len(list_events(store, min_usd=Decimal("13000000001"))) == 1
        assert len(list_events(store, since="2025-12-01")) == 4
        assert len(list_events(store, party={"Microsoft"})) == 2
        assert len(list_events(store, party=lambda name: name.startswith("Amaz"))) == 3
        assert len(list_events(store, party={"Microsoft"}, as_known_at=START)) == 2


def test_views_have_stable_columns(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        shapes = {name: read_view(store, name) for name in VIEWS}
        assert {name: len(rows) for name, (_, rows) in shapes.items()} == {
            "v_events": 5, "v_event_evidence": 10, "v_money_flows": 6, "v_conflicts": 4, "v_changes": 5,
        }  # fmt: skip
        flows = [dict(zip(shapes["v_money_flows"][0], row, strict=True)) for row in shapes["v_money_flows"][1]]
        assert {(flow["payer"], flow["paid"], bool(flow["corroborated"])) for flow in flows} == {
            ("Amazon", "OpenAI", True), ("Apple", "OpenAI", False), ("OpenAI", "Amazon Web Services", True),
            ("Amazon", "Anthropic", True), ("Microsoft", "OpenAI", True),
        }  # fmt: skip


# --- decisions ---------------------------------------------------------------------------------------------------------


def _surer(read: Extraction) -> Extraction:
    return replace(read, claims=tuple(replace(one, confidence=0.9) for one in read.claims))


def test_decisions_survive_a_rebuild_and_a_new_extractor(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        first, second = of(store, "investment", "Microsoft", "OpenAI")
        store.decide(START, "reviewer", "same", first.id, second.id[:10])
        assert night(store, [], day=1).merged == 1
        (joined,) = of(store, "investment", "Microsoft", "OpenAI")
        assert joined.n_claims == 2
        run_id = store.begin_run(START + timedelta(days=2), "v1", "rebuild")
        assert store.rebuild(run_id, SCHEMA).touched == 0
        surer = [(article, _surer(read)) for article, read in (A, B, C)]
        night(store, surer, day=3, component="v2")
        assert len(of(store, "investment", "Microsoft", "OpenAI")) == 1


def test_undo_gives_the_same_ids_back(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        before = seen(store)
        first, second = of(store, "investment", "Microsoft", "OpenAI")
        decision_id = store.decide(START, "reviewer", "same", first.id, second.id)
        night(store, [], day=1)
        assert len(seen(store)) == len(before) - 1
        store.decide(START, "reviewer", "retract", decision_id[:12])
        assert night(store, [], day=2).touched == 2
        assert seen(store) == before
        assert [d.retracted for d in store.decisions()] == [True, False]


def test_a_human_overrules_a_rule_and_different_is_hard(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        with reading(store.engine) as connection:
            query = text("SELECT DISTINCT claim_key FROM v_event_evidence WHERE event_id = :e ORDER BY claim_key")
            purchase = of(store, "purchase", "OpenAI", "Amazon Web Services")[0]
            one, two, three = connection.execute(query, {"e": purchase.id}).scalars().all()
        store.decide(START, "matcher", "same", one, two, rank="rule")
        store.decide(START, "reviewer", "different", one, two)
        store.decide(START, "reviewer", "same", two, three)
        store.decide(START, "reviewer", "same", one, three, note="contradicts the two before")
        counts = night(store, [], day=1)
        assert counts.refused == 1
        parts = of(store, "purchase", "OpenAI", "Amazon Web Services") + of(store, "purchase", "OpenAI", "Amazon")
        assert sorted(event.n_claims for event in parts) == [1, 2]
        assert {pair[:2] for pair in store.refusals()} == {tuple(sorted((one, two)))}


def test_a_set_value_wins_until_it_is_retracted(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B, C])
        (event,) = of(store, "investment", "Amazon", "OpenAI")
        decision_id = store.decide(START, "reviewer", "set", event.id, property="amount", value="11000000000 USD")
        night(store, [], day=1)
        (changed,) = of(store, "investment", "Amazon", "OpenAI")
        assert changed.amount is not None
        assert changed.amount.usd == Decimal("11000000000")
        detail = get_event(store, event.id)
        assert detail is not None
        assert [d.decision_id for d in detail.decisions] == [decision_id]
        assert [change.cause for change in detail.changes] == ["source", "decision"]
        store.decide(START, "reviewer", "retract", decision_id)
        night(store, [], day=2)
        assert of(store, "investment", "Amazon", "OpenAI") == [event]


def test_decisions_about_claims_that_are_gone_are_orphans(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A])
        store.decide(START, "reviewer", "set", seen(store)[0].id, property="status", value="completed")
        assert store.orphans() == []
        night(store, [told("000", "2025-12-17", text="withdrawn")], day=1)
        assert [d.kind for d in store.orphans()] == ["set"]


BAD_DECISIONS = [
    ("perhaps", "a", "b", {}), ("same", "a", None, {}), ("set", "a", None, {"property": "colour", "value": "red"}),
    ("set", "a", None, {"property": "status"}), ("set", "a", None, {"property": "status", "value": "rumoured"}),
    ("set", "a", None, {"property": "amount", "value": "5 billion"}),
    ("set", "a", None, {"property": "date", "value": "November"}),
    ("set", "a", None, {"property": "stake_pct", "value": "27 %"}),
    ("set", "a", None, {"property": "quantity", "value": "some"}),
    ("same", "nothing", "nobody", {}), ("retract", "nothing", None, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "left", "right", "more"), BAD_DECISIONS)
def test_decisions_that_make_no_sense_are_refused(
    kind: str, left: str, right: str | None, more: dict[str, str], tmp_path: Path
) -> None:
    with sqlite_in(str(tmp_path), "store") as store, pytest.raises(StoreError):
        store.decide(START, "reviewer", kind, left, right, **more)


# --- the database ------------------------------------------------------------------------------------------------------


def test_migrations_make_the_tables_of_the_schema(url: str) -> None:
    with Store.open(url) as store, store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_quarantine_of_the_first_revision_is_read_by_this_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = connect(url)
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        row = {"i": "a" * 26, "r": "b" * 26, "raw": b"{broken"}
        connection.execute(text("INSERT INTO quarantine VALUES (:i, :r, 'x.jsonl:1', 'intake', 'not JSON', 7, :raw)"), row)
    engine.dispose()
    with Store.open(url) as store:
        (item,) = store.quarantine()
        assert (item.where, item.kind, item.settled_as) == ("x.jsonl:1", "row", None)
        assert store.quarantine_raw(item.item_id) == b"{broken"


def test_a_store_of_before_numbered_blocks_goes_on_as_if_it_were_new(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with Store.open(url) as store:
        night(store, [A, B])
        before = seen(store)
        with writing(store.engine) as connection:
            before_numbered_blocks(connection, "0004")
    for said in (["0004"], []):  # once, and then it is done
        caplog.clear()
        with Store.open(url) as store:
            assert [record.args[0] for record in caplog.records if record.name == "models.migrations" and record.args] == said
            counts = night(store, [], day=1)
            assert (counts.touched, counts.unchanged) == (0, len(before))
            assert seen(store) == before
    with Store.open(url) as store:
        with reading(store.engine) as connection:
            assert set(connection.execute(select(claim.c.type)).scalars()) == {"investment", "purchase"}
        assert night(store, [C], day=2).added == 1
        assert len(seen(store)) == 5


def test_a_store_of_before_numbers_shows_the_same_and_goes_on(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A, B])
        night(store, [C], day=1)
        first, second = of(store, "investment", "Microsoft", "OpenAI")
        store.decide(START, "reviewer", "same", first.id, second.id)
        before = [read_view(store, view) for view in VIEWS]
        past = list_events(store, as_known_at=START + timedelta(hours=1))
        with writing(store.engine) as connection:
            before_numbers(connection)
    with Store.open(url) as store:
        assert [read_view(store, view) for view in VIEWS] == before
        assert list_events(store, as_known_at=START + timedelta(hours=1)) == past != seen(store)
        assert night(store, [], day=2).merged == 1  # what was dirty still is
        assert list_changes(store)[-1].cause == "decision"
        assert len(seen(store)) == len(before[0][1]) - 1
        run_id = store.begin_run(START + timedelta(days=3), "v1", "x")
        assert store.rebuild(run_id, SCHEMA).touched == 0


def test_what_is_pending_is_found_by_an_index_and_not_among_all_documents(tmp_path: Path) -> None:
    with sqlite_in(str(tmp_path), "store") as store, reading(store.engine) as connection:
        asked = str(_pending_ids("v2").compile(store.engine, compile_kwargs={"literal_binds": True}))
        plan = [str(row[3]) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    assert any("ix_document_live_component" in step for step in plan), plan
    assert not any(step.startswith("SCAN") for step in plan), plan


def test_a_changed_article_is_pending_in_a_store_of_before_the_index(url: str) -> None:
    changed = (replace(A[0], text=f"{A[0].text} 後續"), A[1])
    with Store.open(url) as store:
        night(store, [A, B])
        store.add_documents(store.begin_run(START + timedelta(days=1), "v1", "x"), [changed[0]])
        assert [article.id for _, article in store.pending("v1")] == [A[0].id]
        with writing(store.engine) as connection:
            connection.execute(text("UPDATE document SET live_component = 'v1'"))  # as it was then
            before_numbered_blocks(connection, "0004")
    with Store.open(url) as store:
        assert [article.id for _, article in store.pending("v1")] == [A[0].id]


def test_a_store_of_a_newer_version_is_refused(url: str) -> None:
    with Store.open(url) as store, writing(store.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer"):
        Store.open(url)


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        "mysql://host/db",
        "sqlite:////no/such/folder/x.db",
        "postgresql://localhost:1/x",
        "postgresql+psycopg://127.0.0.1:1/x",
    ],
)
def test_a_store_that_cannot_be_opened_is_one_line(bad: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(bad)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_store_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("not a database, though long enough to look like one " * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store.open(f"sqlite:///{path}")


def test_an_unfinished_transaction_leaves_nothing(url: str) -> None:
    with Store.open(url) as store:
        night(store, [A])
        before = seen(store)
        run_id = store.begin_run(START + timedelta(days=1), "v1", "x")
        store.add_documents(run_id, [B[0]])
        version, article = next(iter(store.pending("v1")))
        broken = Extraction("002", "zh-Hant", None, None, (*B[1].claims, replace(B[1].claims[0], status="rumoured")))
        with pytest.raises(StoreError, match="rumoured"):
            store.add_extractions(run_id, "v1", [(version, article, broken)])
        assert store.merge(run_id, SCHEMA).touched == 0
        assert seen(store) == before
        assert [found.id for _, found in store.pending("v1")] == ["002"]


_CRASH = """
import os, signal, sys
sys.path.insert(0, {root!r})
from sqlalchemy import event
from models.store import Store, _pending_ids
from tests.test_store import A, B, C, night
store = Store.open({url!r})
left = int(sys.argv[1])
@event.listens_for(store.engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
night(store, [A, B, C])
"""


@pytest.mark.parametrize("statement", [2, 7, 12, 17, 22, 27, 32, 37, 42])
def test_killed_at_any_statement_and_run_again(statement: int, tmp_path: Path) -> None:
    with sqlite_in(str(tmp_path), "whole") as store:
        night(store, [A, B, C])
        expected = seen(store)
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    Store.open(url).close()
    script = _CRASH.format(root=str(Path(__file__).parents[1]), url=url)
    done = subprocess.run([sys.executable, "-c", script, str(statement)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-500:]
    with Store.open(url) as store:
        night(store, [A, B, C])
        assert seen(store) == expected


def test_two_writers_wait_for_each_other(url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    articles = [told(f"a{n}", "2025-12-17", deal("purchase", "OpenAI", "Oracle", amount="5")) for n in range(12)]
    with Store.open(url) as store:

        def write(part: int) -> int:
            run_id = store.begin_run(START + timedelta(hours=part), "v1", f"part {part}")
            return store.add_documents(run_id, [article for article, _ in articles[part::4]]).new

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(write, range(4))) == 12
        night(store, articles, day=1)
        assert [event.n_sources for event in seen(store)] == [12]
        with reading(store.engine) as connection:
            assert connection.execute(select(func.count()).select_from(run)).scalar() == 5


# --- exchange rates ----------------------------------------------------------------------------------------------------


def test_another_fx_policy_is_a_logged_change(url: str) -> None:
    def at(per_usd: str, day: str) -> Amount:
        rates = (Rate("USD", Decimal(1) / Decimal(per_usd), day, "bank"), Rate("HKD", Decimal(1), day, "identity"))
        return replace(money("78000000000", "HKD"), rates=rates)

    told_when = [
        told("a", "2025-11-04", deal("investment", "Amazon", "OpenAI", amount=at("7.8", "2025-11-04"))),
        told("b", "2025-12-17", deal("investment", "Amazon", "OpenAI", amount=at("7.5", "2025-11-03"), on="2025-11-03")),
        told("c", "2025-12-18", deal("investment", "Amazon", "OpenAI", amount=at("8", "2025-12-18"))),
    ]
    with Store.open(url) as store:
        night(store, told_when)

        def shown() -> tuple[str, str]:
            (event,) = seen(store)
            assert event.amount is not None
            return str(event.amount.usd), event.amount.fx_policy

        assert (store.fx_policy(), shown()) == ("deal-date", ("10400000000", "deal-date"))
        expected = {"first-report": "10000000000", "last-report": "9750000000", "deal-date": "10400000000"}
        for day, (policy, usd) in enumerate(expected.items(), 1):
            run_id = store.begin_run(START + timedelta(days=day), "v1", policy)
            assert store.set_fx_policy(run_id, policy, SCHEMA).changed == 1
            assert shown() == (usd, policy)
            last = list_changes(store)[-1]
            assert (last.op, last.cause, set(last.diff)) == ("MOD", "fx", {"amount"})
        run_id = store.begin_run(START + timedelta(days=8), "v1", "again")
        assert store.set_fx_policy(run_id, "deal-date", SCHEMA).touched == 0
        assert store.rebuild(run_id, SCHEMA).touched == 0
        with pytest.raises(StoreError, match="no such policy"):
            store.set_fx_policy(run_id, "guess", SCHEMA)
