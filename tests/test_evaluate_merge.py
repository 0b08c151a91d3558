"""Merge quality: the scores themselves, the labels, and the floors on our own samples and on a news stream."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cluster_table import ClusterLabel, cluster_labels
from extractors.cluster_scoring import b_cubed, label_of, pairwise
from flows.evaluate_merge import MergeReport, evaluate_samples, evaluate_stream

SHARED = Path(os.environ.get("DEALWIRE_SHARED", Path(__file__).parents[2] / "shared"))
CLUSTERS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("123"), min_size=1)


def claim(kind: str, first: str, second: str, value: str | None = None) -> dict[str, object]:
    bare = {"aliases": [], "parent": None}
    roles = {"buyer": [{"name": first, "canonical": first, **bare}], "supplier": [{"name": second, "canonical": second, **bare}]}
    amount = {"value": value, "low": None, "high": None, "currency": "USD"} if value else None
    return {"type": kind, "roles": roles, "amount": amount}


@given(CLUSTERS)
def test_the_right_clusters_score_one(gold: dict[str, str]) -> None:
    for score in (b_cubed(gold, gold), pairwise(gold, gold)):
        assert (score.precision, score.recall) == pytest.approx((1, 1))


@given(CLUSTERS)
def test_all_in_one_has_full_recall_and_all_apart_full_precision(gold: dict[str, str]) -> None:
    together, apart = dict.fromkeys(gold, "x"), {one: one for one in gold}
    for score in (b_cubed, pairwise):
        assert score(gold, together).recall == pytest.approx(1)
        assert score(gold, apart).precision == pytest.approx(1)
    if len(set(gold.values())) > 1:
        assert b_cubed(gold, together).precision < 1


def test_a_label_is_the_one_that_says_most() -> None:
    rows = [
        ClusterLabel(cluster="any", item="a", type="purchase"),
        ClusterLabel(cluster="aws", item="a", type="purchase", who=("OpenAI", "AWS")),
        ClusterLabel(cluster="big", item="a", type="purchase", who=("OpenAI", "AWS"), value="38000000000"),
    ]
    assert label_of(claim("purchase", "OpenAI", "AWS", "38000000000"), rows) == "big"
    assert label_of(claim("purchase", "OpenAI", "AWS", "1"), rows) == "aws"
    assert label_of(claim("purchase", "OpenAI", "Oracle"), rows) == "any"
    assert label_of(claim("loan", "OpenAI", "Oracle"), rows) is None


def check(report: MergeReport, least: int) -> None:
    assert report.claims >= least
    assert report.below == []
    assert "b_cubed" in report.table()


def test_samples_are_merged_as_by_hand() -> None:
    check(evaluate_samples(), 140)


def test_labels_cover_three_days_and_more() -> None:
    assert len(cluster_labels("stream")) >= 200
    assert len({label.cluster for label in cluster_labels("stream")}) >= 100


@pytest.mark.skipif(not (SHARED / "stream").is_dir(), reason="the labelled news stream is not here")
def test_a_news_stream_is_merged_as_by_hand() -> None:
    check(evaluate_stream(SHARED / "stream"), 190)
