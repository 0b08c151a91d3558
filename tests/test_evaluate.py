"""Scores: the rules of the deal specification, the same figures as the shared scorer, and the floors."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest

from extractors.pipeline import extract
from extractors.scoring import is_deal, is_flow, same_amount, score_items
from flows.evaluate import evaluate, read_gold
from models.article import Article
from models.codec import claim_to_json
from models.errors import InputError

SHARED = Path(os.environ.get("DEALWIRE_SHARED", Path(__file__).parents[2] / "shared"))


def _claim(kind: str, roles: dict[str, list[str]], amount: dict[str, Any] | None = None) -> dict[str, Any]:
    bare = {"aliases": [], "parent": None}
    named = {role: [{"name": name, "canonical": name, **bare} for name in names] for role, names in roles.items()}
    return {"type": kind, "status": "agreed", "roles": named, "amount": amount, "date": None}


def _usd(value: str | None, low: str | None = None, high: str | None = None) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "currency": "USD", "modifier": "exact"}


def test_strict_match_asks_for_roles_and_amount() -> None:
    """The wrong direction, the wrong sum or the wrong currency is no match; an owner stands for its unit."""
    gold = {"type": "purchase", "roles": {"buyer": ["OpenAI"], "supplier": ["Amazon Web Services|AWS"]}, "amount": _usd("38e9")}
    assert is_deal(gold, _claim("purchase", {"buyer": ["OpenAI"], "supplier": ["Amazon"]}, _usd("38000000000")))
    assert not is_deal(gold, _claim("purchase", {"buyer": ["AWS"], "supplier": ["OpenAI"]}, _usd("38000000000")))
    assert is_flow(gold, _claim("purchase", {"buyer": ["AWS"], "supplier": ["OpenAI"]}, _usd("38000000000")))
    assert not is_deal(gold, _claim("purchase", {"buyer": ["OpenAI"], "supplier": ["AWS"]}, _usd("3800000000")))


def test_amounts_meet_within_one_percent_or_as_ranges() -> None:
    """38.2 of 38 is within 1 %, 39 is not; a vague range contains its values."""
    assert same_amount(_usd("38"), _usd("38.2"))
    assert not same_amount(_usd("38"), _usd("39"))
    assert same_amount({"low": 1e9, "high": 1e10, "currency": "USD"}, _usd("5000000000"))
    assert not same_amount(_usd("38"), {**_usd("38"), "currency": "HKD"})


def test_optional_events_are_neither_asked_nor_punished() -> None:
    """A claim that only an optional event explains counts nowhere; one that nothing explains is spurious."""
    optional = {"type": "partnership", "roles": {"party": ["Amazon", "Anthropic"]}, "status": "agreed", "optional": True}
    item = {"id": "a", "language": "ar", "events": [optional]}
    known, made_up = _claim("partnership", {"party": ["Amazon", "Anthropic"]}), _claim("merger", {"party": ["Apple", "Meta"]})
    score = score_items([item], {"a": [known, made_up]}).by_measure["deal", "all"]
    assert (score.hits, score.spurious, score.missed) == (0, 1, 0)


@pytest.mark.skipif(not (SHARED / "bin" / "score.py").exists(), reason="the shared scorer and gold are not here")
def test_figures_are_those_of_the_shared_scorer() -> None:
    """Found, made up and missed, for deals, flows and amounts, on real gold."""
    spec = importlib.util.spec_from_file_location("shared_score", SHARED / "bin" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    shared = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shared)
    gold = read_gold(SHARED / "gold")
    claims = {}
    for item in gold.items:
        where = {key: item[key] for key in ("title", "language", "region", "published")}
        article = Article(item["id"], item["text"], **where)
        claims[item["id"]] = [claim_to_json(article, claim) for claim in extract(article).claims]
    ours = score_items(gold.items, claims).by_measure
    theirs, _ = shared.score(gold.items, {key: {"claims": value} for key, value in claims.items()})
    for measure in ("deal", "flow", "amount"):
        expected = theirs[measure, "all"]
        score = ours[measure, "all"]
        assert (score.hits, score.spurious, score.missed) == (expected["tp"], expected["fp"], expected["fn"])


def test_the_floors_hold_on_our_own_gold() -> None:
    """The installed extractor is no worse than what `corpus/floors.toml` says, on the gold it was measured on."""
    report = evaluate([])
    assert report.passed, report.table()


@pytest.mark.skipif(not (SHARED / "articles").exists(), reason="the shared articles and gold are not here")
def test_real_texts_are_read_as_well_as_was_asked_for() -> None:
    """The least that users ask of texts which are not in the repository."""
    articles, items = evaluate([SHARED / "articles", SHARED / "gold"]).sets
    assert articles.scores.by_measure["deal", "all"].f1 >= 0.95
    for language in ("ar", "zh-Hans", "zh-Hant"):
        found = {measure: items.scores.by_measure[measure, language] for measure in ("deal", "amount", "status")}
        assert found["deal"].f1 >= 0.8, language
        assert found["deal"].precision >= 0.85, language
        assert found["amount"].f1 >= 0.85, language
        assert found["status"].recall >= 0.85, language


def test_gold_that_cannot_be_read_names_file_and_line(tmp_path: Path) -> None:
    """One clear error: where, and what is wrong."""
    good = {"id": "a", "language": "ar", "events": [], "text": "نص"}
    (tmp_path / "x.gold.jsonl").write_text(json.dumps(good) + "\n{broken\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.gold\.jsonl:2: not JSON"):
        read_gold(tmp_path)
