"""Circular money flow."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.match import deal_schema
from models.circles import Flow, circles_in, find_circles
from models.errors import StoreError
from models.store import Store
from tests.claims import deal, told


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    articles = [
        told(
            "a", "2025-12-17",
            deal("investment", "Amazon", "OpenAI", amount="10000000000", status="talks"),
            deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000"),
            deal("investment", "Nvidia", "OpenAI", amount="100000000000"),
            deal("purchase", "OpenAI", "CoreWeave", amount="22400000000"),
            deal("purchase", "CoreWeave", "Nvidia"),
            deal("investment", "Microsoft", "OpenAI", amount="13000000000"),
            deal("stake", "Microsoft", "OpenAI", stake="27", status="held"),
            deal("investment", "Oracle", "OpenAI", amount="1", status="terminated"),
            deal("purchase", "OpenAI", "Oracle", amount="300000000000"),
        ),
        told("b", "2025-12-18", deal("purchase", "OpenAI", "Microsoft", amount="250000000000")),
    ]  # fmt: skip
    run_id = store.begin_run(datetime(2025, 12, 18, tzinfo=UTC), "1", "test")
    store.add_documents(run_id, [article for article, _ in articles])
    read = {article.id: extraction for article, extraction in articles}
    store.add_extractions(run_id, "v1", [(version, article, read[article.id]) for version, article in store.pending("v1")])
    store.merge(run_id, deal_schema())
    return store


def test_money_comes_back_through_units_and_over_several_steps(store: Store) -> None:
    circles = find_circles(store, 3)
    assert [circle.parties for circle in circles] == [
        ("Microsoft", "OpenAI"), ("Amazon", "OpenAI"), ("CoreWeave", "Nvidia", "OpenAI"),
    ]  # fmt: skip
    assert [circle.usd for circle in circles] == [Decimal(13_000_000_000), Decimal(10_000_000_000), Decimal(22_400_000_000)]
    back = circles[1].steps[1]
    assert (back.payer, back.paid, back.flows[0].paid) == ("OpenAI", "Amazon", "Amazon Web Services")
    assert circles[2].steps[0].usd is None


def test_the_length_bounds_the_circles(store: Store) -> None:
    assert len(find_circles(store, 2)) == 2
    with pytest.raises(StoreError, match="at least 2"):
        find_circles(store, 1)


NAMES = st.sampled_from("ABCDE")


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 9)), max_size=12), st.randoms(use_true_random=False))
def test_every_step_leads_to_the_next(edges: list[tuple[str, str, int]], shuffle: object) -> None:
    flows = [Flow(f"e{n}", "purchase", "agreed", a, a, b, b, Decimal(usd), True) for n, (a, b, usd) in enumerate(edges)]
    circles = circles_in(flows)
    for circle in circles:
        assert [step.paid for step in circle.steps] == [*circle.parties[1:], circle.parties[0]]
        assert len(set(circle.parties)) == len(circle.steps) <= 4
    assert circles_in(flows[::-1]) == circles
