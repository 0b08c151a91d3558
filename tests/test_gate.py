"""The gate: what is within bounds passes, what is not says what was seen and what is allowed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from corpus.source_table import sources
from flows.gate import HeldError, check_merge, check_shares, check_sources, check_yield, refuse
from flows.stages import Extracted, Intake, Seen
from models.ledger import MergeCounts

CNYES = sources()["cnyes"].model_copy(update={"min_articles": 10, "max_articles": 100, "max_undated": 0.5})


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (Seen(10, 0), None),
        (Seen(100, 50), None),
        (Seen(9, 0), "cnyes: 9 articles, at least 10 are normal"),
        (None, "cnyes: 0 articles, at least 10 are normal"),
        (Seen(101, 0), "cnyes: 101 articles, at most 100 are normal"),
        (Seen(100, 51), "cnyes: 51 of 100 articles without a date, 50% are normal"),
        (Seen(20, 20), None),
    ],
)
def test_counts_and_dates_of_a_source(seen: Seen | None, reason: str | None) -> None:
    taken = Intake(sources={"cnyes": seen} if seen else {})
    assert check_sources(taken, {"cnyes": CNYES}) == ([reason] if reason else [])
    assert check_sources(taken, {}) == []


@pytest.mark.parametrize(
    ("usable", "rejected", "read", "failed", "reason"),
    [
        (70, 30, 70, 1, None),
        (69, 31, 69, 0, "31 of 100 items could not be used, 30% are allowed"),
        (1, 40, 1, 0, None),
        (100, 0, 97, 3, "the extractor failed on 3 of 100 articles, 2% are allowed"),
        (10, 0, 5, 5, None),
    ],
)
def test_shares_of_a_run(usable: int, rejected: int, read: int, failed: int, reason: str | None) -> None:
    found = Extracted(articles=read, failed={str(n) for n in range(failed)})
    assert check_shares(Intake(new=usable, quarantined=rejected), found) == ([reason] if reason else [])


def test_a_run_whose_articles_say_next_to_nothing_is_noticed() -> None:
    before = [{"extracted": 1000, "claims": 100 + n} for n in range(5)]
    blind = Extracted(articles=1000, claims=20, types=Counter())
    assert check_yield(blind, before) == [
        "0.0200 claims an article, the last 5 runs had 0.1020, a quarter of that is allowed"
    ]  # fmt: skip
    assert check_yield(Extracted(articles=1000, claims=26), before) == []
    assert check_yield(blind, before[:2]) == []
    assert check_yield(blind, [{"extracted": 20, "claims": 20}] * 5) == []
    assert check_yield(Extracted(articles=20, claims=0), before) == []


def test_a_merge_that_would_take_many_events_away() -> None:
    counts = MergeCounts(added=500, changed=10, unchanged=890, removed=60, merged=40)
    assert check_merge(counts) == []
    assert check_merge(replace(counts, merged=41)) == ["101 of 1001 events would be removed or merged away, 10% are allowed"]
    assert check_merge(MergeCounts(removed=20)) == []
    refuse([])
    with pytest.raises(HeldError, match="one; two"):
        refuse(["one", "two"])
