"""Decisions at the desk: from a form of its own only, stored with their reason, visible at once, undone as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from desk.app import create_app
from desk.state import Desk
from extractors.match import deal_schema, fold_name
from models.queries import list_events
from models.store import Store
from tests.claims import deal, told
from tests.desk_store import fill

REASON = "one round, told by two papers"
ALIKE = (
    told("b1", "2025-03-04", deal("investment", "Google", "Anthropic", amount="1000000000", on="2025-03-01")),
    told("b2", "2025-03-09", deal("investment", "Google", "Anthropic", amount="1150000000", on="2025-03-08")),
    told("b3", "2025-03-09", deal("loan", "Oracle", "Anthropic", amount="5000000000", confidence=0.3)),
)
CONFLICT = (
    told("c1", "2025-06-01", deal("acquisition", "Apple", "Cerebras", amount="2000000000", on="2025-06")),
    told("c2", "2025-06-02", deal("acquisition", "Apple", "Cerebras", amount="2000000000", on="2025-04-30")),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/desk.db") as opened:
        fill(opened, items=(*ALIKE, *CONFLICT))
        yield opened


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    app = create_app(Desk(store, deal_schema(), fold_name, reviewer="Reviewer One", code="test"))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as found:
        yield found


def form(client: TestClient, path: str) -> dict[str, str]:
    """The hidden fields of the first form that decides on a page."""
    page = client.get(path)
    assert page.status_code == 200
    found = re.search(r'<form class="decide".*?</form>', page.text, re.DOTALL)
    assert found, page.text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[0]))


def count(client: TestClient, queue: str) -> int:
    found = re.search(rf'href="/review/{queue}"[^>]*>[^<]*<span class="count">(\d+)', client.get("/review/decisions").text)
    assert found
    return int(found[1])


def test_two_deals_that_are_one_and_back_again(client: TestClient, store: Store) -> None:
    before = {event.id for event in list_events(store)}
    assert count(client, "pairs") == 1
    fields = form(client, "/review/pairs")
    answer = client.post("/decide", data={**fields, "kind": "same", "note": REASON})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/pairs?done=1")
    assert 'role="status"' in client.get(answer.headers["location"]).text
    assert len(list_events(store)) == len(before) - 1
    assert count(client, "pairs") == 0
    (made,) = store.decisions()
    assert (made.kind, made.actor, made.rank, made.note) == ("same", "Reviewer One", "human", REASON)
    page = client.get(f"/event/{fields['left']}").text
    assert REASON in page
    undo = form(client, "/review/decisions")
    client.post("/decide", data={**undo, "note": "they are two after all"})
    assert {event.id for event in list_events(store)} == before


def test_two_deals_that_stay_two(client: TestClient, store: Store) -> None:
    client.post("/decide", data={**form(client, "/review/pairs"), "kind": "different", "note": "two tranches"})
    assert count(client, "pairs") == 0
    assert [made.kind for made in store.decisions()] == ["different"]


def test_a_value_is_set_and_shown(client: TestClient, store: Store) -> None:
    fields = form(client, "/review/conflicts")
    assert count(client, "conflicts") == 1
    client.post("/decide", data={**fields, "value": "2025-06-02", "note": "the filing says so"})
    page = client.get(f"/event/{fields['left']}").text
    assert "Jun 2, 2025" in page
    assert "set by Reviewer One (human)" in page
    assert count(client, "conflicts") == 0


def test_right_as_it_stands_leaves_the_list(client: TestClient, store: Store) -> None:
    before = count(client, "unsure")
    client.post("/decide", data={**form(client, "/review/unsure"), "note": "checked"})
    assert count(client, "unsure") == before - 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"note": " "}, "needs its reason"), ({"kind": "burn"}, "a decision is one of"),
     ({"value": "much", "property": "amount"}, "an amount is"),
     ({"property": "colour"}, "set takes"), ({"left": ""}, "missing"), ({"left": "nothing"}, "no event or claim")],
)  # fmt: skip
def test_what_cannot_be_decided_is_told(client: TestClient, store: Store, fields: dict[str, str], words: str) -> None:
    asked = {**form(client, "/review/conflicts"), "value": "2025-06-02", "note": REASON, **fields}
    answer = client.post("/decide", data=asked)
    assert answer.status_code == 400
    assert words in answer.text
    assert store.decisions() == []


@pytest.mark.parametrize(
    ("headers", "token"),
    [({}, ""), ({}, "0" * 64), ({"sec-fetch-site": "cross-site"}, None), ({"origin": "https://elsewhere.example"}, None),
     ({"origin": "null"}, None)],
)  # fmt: skip
def test_a_form_of_another_site_changes_nothing(
    client: TestClient, store: Store, headers: dict[str, str], token: str | None
) -> None:
    fields = {**form(client, "/review/conflicts"), "value": "2025-06-02", "note": REASON}
    if token is not None:
        fields["token"] = token
    assert client.post("/decide", data=fields, headers=headers).status_code == 403
    client.cookies.clear()
    assert client.post("/decide", data=fields).status_code == 403
    assert store.decisions() == []


def test_a_token_is_worth_nothing_at_another_desk(client: TestClient, store: Store) -> None:
    fields = {**form(client, "/review/conflicts"), "value": "2025-06-02", "note": REASON}
    with TestClient(create_app(Desk(store, deal_schema(), fold_name, reviewer="Other")), base_url="http://localhost") as other:
        other.cookies.update(client.cookies)
        assert other.post("/decide", data=fields).status_code == 403
    assert store.decisions() == []


def test_a_desk_without_a_reviewer_only_shows(store: Store) -> None:
    with TestClient(create_app(Desk(store, deal_schema(), fold_name)), base_url="http://localhost") as client:
        for path in ("/decide", "/dismiss"):
            assert client.post(path, data={"kind": "set"}).status_code == 403
            assert client.get(path).status_code == 405
        page = client.get("/review/conflicts").text
        assert "<form" not in page
        assert "--reviewer NAME" in page


def test_events_merged_by_other_rules_are_only_shown(store: Store) -> None:
    schema = deal_schema()
    other = type(schema)({**schema.kinds, "gift": schema.kinds["loan"]}, schema.matcher)
    with TestClient(create_app(Desk(store, other, fold_name, reviewer="One")), base_url="http://localhost") as client:
        assert "Run dealwire run first" in client.get("/review/conflicts").text
        assert client.post("/decide", data={}).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "review", "/a\r\nSet-Cookie: x=y", ""],
)
def test_a_decision_never_leads_to_another_site(client: TestClient, address: str) -> None:
    fields = {**form(client, "/review/conflicts"), "value": "2025-06-02", "note": REASON, "next": address}
    answer = client.post("/decide", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/conflicts")


def test_an_item_is_taken_off_the_list(client: TestClient, store: Store) -> None:
    run_id = store.begin_run(datetime(2026, 2, 1, tzinfo=UTC), "test", "[]")
    store.add_quarantine(run_id, "news.jsonl:3", "intake", "no text", b'{"a": 1}')
    client.post("/dismiss", data=form(client, "/review/quarantine"))
    assert store.quarantine() == []


def test_a_form_is_never_large(client: TestClient) -> None:
    assert client.post("/decide", content=b"note=" + b"a" * 100_000).status_code == 413
