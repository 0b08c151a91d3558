"""The desk's pages over a store of a few deals: what they show, what they filter, what they hand out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import duckdb
import pytest
from starlette.testclient import TestClient

from desk.app import create_app
from desk.filters import EventFilter, FilterError, read_filter
from desk.state import Answers, Desk
from extractors.match import deal_schema, fold_name
from models.store import Store
from tests.claims import deal, told
from tests.desk_store import fill


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/desk.db") as opened:
        fill(opened)
        yield opened


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(Desk(store, deal_schema(), fold_name)), base_url="http://localhost") as found:
        yield found


def shown(client: TestClient, query: str = "") -> list[str]:
    """The deals in the table of events as text, in order."""
    page = client.get(f"/events?{query}")
    assert page.status_code == 200, query
    rows = re.findall(r"<tr data-event.*?</tr>", page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def address_of(client: TestClient, query: str) -> str:
    found = re.search(r'href="(/event/\w+)"', client.get(f"/events?{query}").text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("query", "deals"),
    [
        ("", 5), ("party=OpenAI", 4), (f"party={quote('亞馬遜')}", 2), (f"party={quote('أمازون')}", 2), ("party=%E7%9F%BF", 1),
        ("type=loan", 1), ("type=loan&type=stake", 2), ("status=talks", 1), ("least=10bn", 2), ("least=10bn&most=20bn", 1),
        ("unit=hkd&least=700m&most=800m", 1), ("unit=original&currency=HKD", 1), ("after=2025-12", 3), ("before=2023", 1),
        ("after=2025-11-03&before=2025-11-03", 1), ("source=36kr", 1), ("language=ar", 1), ("changed=last-night", 5),
        ("changed=2099-01-01", 0), ("party=nobody", 0),
    ],
)  # fmt: skip
def test_filters(client: TestClient, query: str, deals: int) -> None:
    assert len(shown(client, query)) == deals


def test_what_is_unknown_comes_last_in_either_order(client: TestClient) -> None:
    up, down = shown(client, "sort=amount"), shown(client, "sort=-amount")
    assert "38B" in down[0]
    assert "780M" in up[0]
    assert [("USD" in row) for row in (down[-1], up[-1])] == [False, False]


@pytest.mark.parametrize(
    "query", ["least=much", "type=gift", "page=0", "after=2025-13", "after=2025-02-30", "sort=name", "currency=12"]
)
def test_a_parameter_that_cannot_be_read_is_named(client: TestClient, query: str) -> None:
    page = client.get(f"/events?{query}")
    assert page.status_code == 400
    assert f'<bdi class="code">{query}</bdi>' in page.text
    assert client.get(f"/events.csv?{query}").status_code == 400


def test_an_address_says_all_that_is_asked_for() -> None:
    kinds = deal_schema().kinds
    pairs = [("party", "亞馬遜"), ("type", "loan"), ("type", "purchase"), ("status", "agreed"), ("unit", "hkd"),
             ("least", "1.5bn"), ("after", "2025-11"), ("conflicts", "1"), ("sort", "-amount"), ("page", "3")]  # fmt: skip
    asked = read_filter(pairs, kinds)
    assert read_filter(asked.query(), kinds) == asked
    assert EventFilter().query() == []
    with pytest.raises(FilterError):
        read_filter([("least", "-5")], kinds)


def test_downloads_hold_exactly_what_is_shown(client: TestClient, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/events.csv?party=OpenAI&sort=-amount").text)))
    assert [row["usd"] for row in rows] == ["38000000000", "10000000000", "100000000", ""]
    path = tmp_path / "events.parquet"
    path.write_bytes(client.get("/events.parquet?party=OpenAI&sort=-amount").content)
    assert [row[0] for row in duckdb.read_parquet(str(path)).project("usd").fetchall()] == [
        38_000_000_000,
        10_000_000_000,
        10**8,
        None,
    ]


def test_an_event_shows_quotes_in_place_and_where_it_comes_from(client: TestClient) -> None:
    page = client.get(address_of(client, "type=investment")).text
    assert page.count("<blockquote") == 2
    assert "m-evidence" in page
    assert "cna" in page
    assert "36kr" in page
    article = re.search(r'href="(/article/\w+)"', page)
    assert article
    assert "m-evidence" in client.get(article[1]).text


def test_arabic_text_runs_from_the_right(client: TestClient) -> None:
    assert '<blockquote dir="rtl" lang="ar">' in client.get(address_of(client, "type=purchase")).text


def test_figures_among_arabic_words_stand_by_themselves(client: TestClient) -> None:
    page = client.get(address_of(client, "type=loan") + "?ui=ar").text
    assert re.search(r'<bdi dir="ltr">1 HKD = [\d.]+ USD</bdi> · <bdi>[^<]+</bdi>', page)
    assert re.search(r"<dd>مصدر واحد، [^<,]+<br><bdi>", page)


def test_the_graph_shows_the_circle_and_leads_to_its_deals(client: TestClient) -> None:
    page = client.get("/flow").text
    assert "1 circle" in page
    assert re.search(r"Amazon</bdi>.*OpenAI</bdi>.*at most 10B USD go round", page, re.DOTALL)
    assert client.get("/flow?circle=1").status_code == 200
    svg = ET.fromstring(client.get("/flow.svg").text)
    assert len(svg.findall(".//{*}circle")) == 5
    graph = ET.fromstring(client.get("/flow.graphml").text)
    assert len(graph.findall(".//{*}edge")) == 4


def test_a_company_has_names_totals_and_counterparties(client: TestClient) -> None:
    page = client.get("/company?name=Amazon").text
    assert "亞馬遜" in page
    assert "أمازون" in page
    assert re.search(r"OpenAI</a></bdi></th><td class=\"num\">2</td>.*10B.*38B", page, re.DOTALL)
    assert client.get("/company?name=Nobody").status_code == 404


def test_a_change_of_the_store_is_seen_at_once(client: TestClient, store: Store) -> None:
    assert len(shown(client)) == 5
    fill(store, 2, (told("a9", "2026-01-01", deal("loan", "Google", "Oracle", amount="5000000000")),))
    assert len(shown(client)) == 6
    assert len(shown(client, "changed=last-night")) == 1
    assert len(shown(client, "party=Oracle")) == 1


def test_what_changes_no_event_is_seen_at_once_too(client: TestClient, store: Store) -> None:
    assert "row 7" not in client.get("/review/quarantine").text
    run_id = store.begin_run(datetime(2026, 1, 3, tzinfo=UTC), "test", "[]")
    store.add_quarantine(run_id, "row 7", "intake", "no text", b"{}")
    assert "row 7" in client.get("/review/quarantine").text
    store.settle_quarantine(run_id, [item.item_id for item in store.quarantine()], "dismissed")
    assert "row 7" not in client.get("/review/quarantine").text


def test_pages_are_kept_within_bounds_and_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.state._ANSWERS", 10)
    answers = Answers()
    for key in "abc":
        answers.keep(1, key, b"1234")
    assert [answers.get(1, key) for key in "abc"] == [None, b"1234", b"1234"]
    assert answers.get(1, "b")
    answers.keep(1, "d", b"1234")
    assert [answers.get(1, key) for key in "bcd"] == [b"1234", None, b"1234"], "the one not asked for goes first"
    assert answers.get(2, "d") is None
    answers.keep(2, "e", b"12")
    assert answers.get(1, "d") is None
    assert answers.get(2, "e") == b"12"


def test_a_page_is_kept_for_each_language(client: TestClient) -> None:
    pages = [client.get("/events", headers={"accept-language": tag}).text for tag in ("en", "ar", "en")]
    assert pages[0] == pages[2] != pages[1]
    assert 'dir="rtl"' in pages[1]


def test_runs_tell_what_came_in(client: TestClient) -> None:
    page = client.get("/runs").text
    run = re.search(r'href="(/run/\w+)"', page)
    assert run
    assert "extract <bdi>12.5 s</bdi>" in page
    assert client.get(run[1]).text.count("<li><strong>") == 5


@pytest.mark.parametrize(
    "path", ["/event/zzz", "/article/zzz", "/run/zzz", "/quarantine/zzz", "/nothing", "/static/app.py", "/static/..%2fapp.py"]
)
def test_what_is_not_there(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert "<h1>" in page.text


def test_many_threads_share_what_was_worked_out(store: Store) -> None:
    state = Desk(store, deal_schema(), fold_name).state()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: state.once(n % 300, lambda: n % 300 + 1), range(20_000)))
    assert found == [n % 300 + 1 for n in range(20_000)]
