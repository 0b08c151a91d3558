"""Chinese deals, one construction a sentence (cases/zh, of our own writing), and how clauses are laid out.

`deals.json` has the constructions; `everyday.json` what reads like a deal and is none, each with a deal that is told like it;
`mainland.json` how notices of listed companies and flashes on them are worded;
`holders.json` how they tell of holders and of sides;
`flashes.json` how flashes on ventures and their backers are worded;
`desk.json` how a desk tells rounds, tenders, loans and rights beside their sides: in relative clauses, from the client's side;
`newsroom.json` how verbs, voices and two sides of a deal are worded in the news of both scripts;
`press.json` leases, orders, loans, land and plants as the Taiwanese press tells of them, also where states and forces buy;
`running.json` deals spoken of in passing: in a clause that a preposition governs, as a noun, by what follows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractors.pipeline import extract
from models.article import Article
from models.claim import Claim
from models.codec import decimal_text

_FOLDER = Path(__file__).parent / "cases" / "zh"
CASES = [
    case
    for file in (
        "deals.json",
        "everyday.json",
        "taiwan.json",
        "mainland.json",
        "holders.json",
        "running.json",
        "flashes.json",
        "newsroom.json",
        "desk.json",
        "press.json",
    )
    for case in json.loads((_FOLDER / file).read_text(encoding="utf-8"))
]


def _params() -> list[Any]:
    marks = {True: pytest.mark.xfail(strict=True, reason="known failure"), False: ()}
    return [pytest.param(case, id=case["label"], marks=marks["known_failure" in case]) for case in CASES]


def _told(claim: Claim) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": claim.type,
        "status": claim.status,
        "roles": {role: [name.canonical for name in names] for role, names in claim.roles.items()},
    }
    if claim.amount is not None:
        told["amount"] = f"{decimal_text(claim.amount.value)} {claim.amount.currency} {claim.amount.modifier}"
    if claim.stake_pct is not None:
        told["stake_pct"] = decimal_text(claim.stake_pct)
    if claim.quantity is not None:
        told["quantity"] = f"{claim.quantity.value} {claim.quantity.unit}"
    if claim.date is not None:
        told["date"] = claim.date.value
    return told


@pytest.mark.parametrize("case", _params())
def test_sentence_tells_these_deals(case: dict[str, Any]) -> None:
    """Type, status, roles, amount, percentage, quantity and date of every deal told, and nothing else."""
    article = Article(id="case", text=case["text"], language=case["language"], published=case["published"])
    assert [_told(claim) for claim in extract(article).claims] == case["expect"]


def test_headline_party_is_a_deal_of_its_own() -> None:
    """A headline that names one investor more than the text must not make it a party to the text's deal."""
    article = Article(
        id="h", title="蘋果與亞馬遜洽談向OpenAI投資100億美元", language="zh-Hant", published="2025-12-17",
        text="亞馬遜正與OpenAI洽談，計劃投資100億美元。",
    )  # fmt: skip
    investors = [[name.canonical for name in claim.roles["investor"]] for claim in extract(article).claims]
    assert investors == [["Amazon"], ["Apple"]]


def test_list_after_semicolons_keeps_its_subject() -> None:
    """包括：與 A …；與 B …: each item goes on about the one that the list is of."""
    article = Article(
        id="l", language="zh-Hant", published="2025-12-17",
        text="OpenAI簽訂多項協議，包括：與Nvidia達成1,000億美元數據中心協議，Nvidia將投資OpenAI；與Oracle達成3,000億美元雲端協議。",
    )  # fmt: skip
    told = [(c.type, [n.canonical for names in c.roles.values() for n in names]) for c in extract(article).claims]
    assert told == [("investment", ["Nvidia", "OpenAI"]), ("purchase", ["OpenAI", "Oracle"])]


def test_spans_and_quotes_are_the_published_text() -> None:
    """Every mention and quote of every case is a slice of the text as published."""
    for case in CASES:
        article = Article(id="s", text=case["text"], language=case["language"], published=case["published"])
        found = extract(article)
        mentions = (*found.names, *found.amounts, *found.dates)
        assert all(article.document[m.start : m.end] == m.text for m in mentions)
        assert all(article.document[e.start : e.end] == e.quote for c in found.claims for e in c.evidence)
