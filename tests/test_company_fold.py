"""Names of one company in two scripts or two spellings, and names that only look or sound alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.company_fold import same_company, take_apart
from extractors.match import one_company
from extractors.names import lookup

LINES = (Path(__file__).parent / "cases" / "company_pairs.tsv").read_text(encoding="utf-8").splitlines()
PAIRS = [tuple(line.split("\t")) for line in LINES if not line.startswith("#")]
UNLISTED = [pair for pair in PAIRS if not (lookup(pair[0]) and lookup(pair[1]))]


def shares(pairs: list[tuple[str, ...]]) -> tuple[float, float]:
    """(share of one company's pairs found, share of two companies' pairs taken for one)."""
    found = {said: [one_company(one, other) for one, other, kind in pairs if kind == said] for said in ("same", "other")}
    return sum(found["same"]) / len(found["same"]), sum(found["other"]) / len(found["other"])


@pytest.mark.parametrize("pairs", [PAIRS, UNLISTED], ids=["all", "in no table"])
def test_pairs_across_scripts(pairs: list[tuple[str, ...]]) -> None:
    recall, wrong = shares(pairs)
    assert recall >= 0.9
    assert wrong <= 0.02


def test_half_of_the_pairs_are_in_no_table() -> None:
    assert len(PAIRS) >= 300
    assert len({frozenset(pair[:2]) for pair in PAIRS}) == len(PAIRS)
    assert len(UNLISTED) >= 0.45 * len(PAIRS)


@given(st.sampled_from(PAIRS), st.sampled_from(PAIRS))
def test_the_order_of_two_names_does_not_matter(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    assert one_company(left[0], right[1]) == one_company(right[1], left[0])
    assert same_company(left[0], right[0]) == same_company(right[0], left[0])
    assert one_company(left[0], left[0])


@given(st.text(max_size=12))
def test_any_text_can_be_taken_apart(text: str) -> None:
    assert take_apart(text).own == take_apart(text).own.strip()


PARTS = [
    ("浙江华辰芯光技术有限公司", "华辰芯光", set(), {"technology"}), ("國泰金控", "国泰", {"finance"}, set()),
    ("Agricultural Bank of China", "", {"agriculture", "bank"}, set()), ("شركة الراجحي للتأمين", "راجحي", {"insurance"}, set()),
    ("بنك الرياض", "رياض", {"bank"}, set()), ("PSA國際港務集團", "psa国际港务", set(), set()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "own", "strong", "weak"), PARTS)
def test_parts_of_a_name(name: str, own: str, strong: set[str], weak: set[str]) -> None:
    company = take_apart(name)
    assert (company.own, company.strong, company.weak) == (own, strong, weak)
