"""The Arabic deal grammar, on sentences of our own (`cases/ar/deals.json`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractors.cues_ar import find_cues
from extractors.normalize import fold, normalize
from extractors.parts_ar import parts_of, tokens_of
from extractors.pipeline import extract
from extractors.reading import read
from extractors.words_ar import word_of
from models.article import Article
from models.claim import Claim

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases" / "ar" / "deals.json").read_text(encoding="utf-8"))


def _claims(case: dict[str, Any]) -> tuple[Claim, ...]:
    return extract(Article(id="case", text=case["text"], language="ar", region="AE", published=case["published"])).claims


def _told(claim: Claim, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the case asks for, as the claim has it."""
    told: dict[str, Any] = {"type": claim.type}
    if "status" in wanted:
        told["status"] = claim.status
    if "amount" in wanted:
        told["amount"] = str(claim.amount.value) if claim.amount else None
    told["roles"] = {role: sorted(fold(n.canonical) for n in names) for role, names in claim.roles.items()}
    return told


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case, id=case["name"],
            marks=[pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else [],
        )
        for case in CASES
    ],
)  # fmt: skip
def test_deals_of_a_sentence(case: dict[str, Any]) -> None:
    claims = _claims(case)
    assert len(claims) == len(case["claims"]), claims
    for claim, wanted in zip(claims, case["claims"], strict=True):
        roles = {role: sorted(fold(name) for name in names) for role, names in wanted["roles"].items()}
        assert _told(claim, wanted) == {**wanted, "roles": roles}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_evidence_is_quoted_from_the_text(case: dict[str, Any]) -> None:
    for claim in _claims(case):
        assert claim.evidence
        assert all(case["text"][e.start : e.end] == e.quote for e in claim.evidence)


@pytest.mark.parametrize(
    ("word", "sort", "value"),
    [
        ("في", "case", "in"), ("لشركة", "heads", "to"), ("وبشركة", "heads", "about"), ("للشركة", "anaphors", "to"),
        ("فيها", "pronoun", "in"), ("أعلنت", "verbs", ""), ("وسيستثمر", "verbs", ""), ("وقعتها", "verbs", ""),
        ("اتصالات", "other", ""), ("يناير", "other", ""), ("التي", "relative", ""), ("حيث", "conjunctions", ""),
    ],
)  # fmt: skip
def test_word_sort(word: str, sort: str, value: str) -> None:
    found = word_of(fold(word))
    assert (found.sort, found.value if found.sort != "other" else "") == (sort, value)


def _parts(text: str) -> list[tuple[str, str]]:
    article = Article(id="parts", text=text, language="ar")
    clean = normalize(text)
    reading = read(article, "ar", clean, names=(), amounts=(), dates=())
    parts = [part for sentence in reading.sentences for part in parts_of(tokens_of(reading, sentence, ()))]
    return [(part.opener, clean.text[part.start : part.end]) for part in parts]


def test_parts_begin_at_linked_verbs_conjunctions_and_relatives() -> None:
    assert _parts("أعلنت نتائجها وقالت إنها تدرس السوق حيث تعمل الشركة التي تأسست") == [
        ("start", "اعلنت نتايجها"), ("link", "وقالت"), ("that", "انها تدرس السوق"), ("conjunction", "حيث تعمل الشركه"),
        ("relative", "التي تاسست"),
    ]  # fmt: skip


def test_a_comma_in_brackets_opens_no_part() -> None:
    assert len(_parts("وقعت العقد (بقيمة كبيرة، وفق البيان) مع الوزارة")) == 1


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("وباستحواذها على المصنع", [("acquisition", "act")]),
        ("مذكرة تفاهم مع الجامعة", [("partnership", "pair")]),
        ("لجنة الاستحواذ في السوق", []),
        ("شهدت السوق عمليات شراء واسعة", []),
    ],
)
def test_cues_of_a_part(text: str, cues: list[tuple[str, str]]) -> None:
    article = Article(id="cues", text=text, language="ar")
    reading = read(article, "ar", normalize(text), names=(), amounts=(), dates=())
    parts = list(parts_of(tokens_of(reading, reading.sentences[0], ())))
    assert [(c.type, c.cue.frame) for part in parts for c in find_cues(part)] == cues
