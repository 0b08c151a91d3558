"""Sums of money: the forms of `cases/<language>/amounts.json`, any input, currencies by evidence, and the currency table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import currency_table
from corpus.currency_table import CurrencyTable, currencies
from corpus.language_table import NumberWords, languages
from corpus.load import check as check_row
from extractors.amounts import find_amounts
from extractors.normalize import fold, normalize
from models.errors import CorpusError
from models.mention import Amount
from tests.forms import LANGUAGES, load, rows

KINDS = {
    "deal", "valuation", "revenue", "profit", "loss", "market_value", "market_size", "forecast", "price", "fund", "budget",
    "total", "fine", "debt", "stake_value", "capex", "unknown",
}  # fmt: skip
MODIFIERS = {"exact", "about", "over", "at_least", "up_to", "under", "range", "vague"}
CHINESE = "0123456789,.~-一二三五十百千万億兆數幾多餘半元圓塊角美港歐幣日約近超過至到達上級$¥HKUSD ()（）。，\n…股%"
ARABIC = [
    "3", "1,4", "2,700", "5 . 1", "412 . 3", "مليون", "مليار", "ملياري", "مليارات", "ألف", "مئة", "خمسة", "وعشرون", "ونصف", "و",
    "بضعة", "دولار", "دولارين", "درهم", "إماراتي", "ريال", "د.إ", "$", "USD", "بين", "إلى", "-", "نحو", "أكثر من", "من",
    "الدولارات", "سنت", "(", ")", "،", "\n",
]  # fmt: skip
NAMES = {"inferred": "currency_inferred", "evidence": "currency_evidence"}


def view(found: Amount, expected: dict[str, Any]) -> dict[str, Any]:
    """What a case says of an amount, in the words of the case."""
    shown: dict[str, Any] = {}
    for key in expected:
        held = getattr(found, NAMES.get(key, key))
        if isinstance(held, Amount):
            held = held.text
        shown[key] = str(held) if isinstance(held, Decimal) else list(held) if isinstance(held, tuple) else held
    return shown


@pytest.mark.parametrize(("language", "case"), load("amounts"))
def test_forms(language: str, case: dict[str, Any]) -> None:
    found = find_amounts(normalize(case["text"]), case.get("language", LANGUAGES[language]), case.get("region"))
    assert len(found) == len(case["expect"]), [amount.text for amount in found]
    assert [view(amount, expected) for amount, expected in zip(found, case["expect"], strict=True)] == case["expect"]


def test_every_case_has_a_label_of_its_own() -> None:
    for language in LANGUAGES:
        labels = [row["label"] for row in rows(language, "amounts")]
        assert len(labels) == len(set(labels))


def test_the_equivalent_is_in_the_list_too() -> None:
    first, second = find_amounts(normalize("以3億美元（約新台幣97億元）收購"), "zh-Hant", "TW")
    assert first.equivalent == second
    assert second.is_equivalent
    assert not first.is_equivalent


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=CHINESE, max_size=40), st.sampled_from(["zh-Hant", "zh-Hans"]), st.sampled_from(["TW", "CN", None]))
def test_any_chinese(text: str, language: str, region: str | None) -> None:
    check(text, language, region)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(ARABIC), max_size=14), st.sampled_from(["", " "]), st.sampled_from(["AE", "SA", None]))
def test_any_arabic(words: list[str], blank: str, region: str | None) -> None:
    check(blank.join(words), "ar", region)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["zh-Hant", "zh-Hans", "ar"]))
def test_any_text(text: str, language: str) -> None:
    check(text, language, None)


def check(text: str, language: str, region: str | None) -> None:
    end = 0
    for amount in find_amounts(normalize(text), language, region):
        assert text[amount.start : amount.end] == amount.text
        assert "\n" not in amount.text
        assert amount.start >= end
        assert amount.kind in KINDS
        assert amount.modifier in MODIFIERS
        assert amount.value is None or (amount.low is None and amount.high is None)
        assert amount.value is not None or amount.low is not None or amount.issues
        assert amount.low is None or amount.high is None or amount.low < amount.high
        assert amount.currency is None or amount.currency in currencies()
        assert amount.currency_inferred == (amount.currency_evidence != "text")
        assert amount.currency is not None or amount.issues
        end = amount.end


@settings(max_examples=200, deadline=None)
@given(
    st.integers(min_value=1, max_value=9999),
    st.sampled_from(["萬", "億", "萬億"]),
    st.sampled_from(["美元", "歐元", "港元", "日圓"]),
)
def test_digits_scale_and_currency(count: int, scale: str, currency: str) -> None:
    (amount,) = find_amounts(normalize(f"斥資{count:,}{scale}{currency}"), "zh-Hant", "TW")
    assert amount.value == count * {"萬": 10**4, "億": 10**8, "萬億": 10**12}[scale]
    assert amount.currency == {"美元": "USD", "歐元": "EUR", "港元": "HKD", "日圓": "JPY"}[currency]


@pytest.mark.parametrize("code", sorted(currencies()))
def test_every_name_leads_back_to_its_currency(code: str) -> None:
    row = currencies()[code]
    texts = [(f"5億{name}", "zh-Hant") for name in row.zh] + [(f"5 ملايين {name}", "ar") for name in row.ar]
    texts += [(f"{sign}500", language) for sign in (code, *row.signs) for language in ("zh-Hant", "ar")]
    for text, language in texts:
        (amount,) = find_amounts(normalize(text), language)
        assert (amount.currency, amount.currency_evidence) == (code, "text"), text


@pytest.mark.parametrize("code", sorted(code for code, row in currencies().items() if row.adjectives))
def test_every_adjective_agrees_with_its_noun(code: str) -> None:
    row = currencies()[code]
    noun = currency_table.currency_table().unit[row.unit or ""].one[0]
    for adjective in row.adjectives:
        for form in (adjective, f"{adjective}ا", f"{adjective}ة"):
            (amount,) = find_amounts(normalize(f"5 ملايين {noun} {form}"), "ar", "AE")
            assert amount.currency == code, form


@pytest.mark.parametrize(("text", "code"), [("總額13億元", None), ("台灣廠商總額13億元", "TWD"), ("澳門公司總額13億元", "MOP")])
def test_a_shared_word_without_region_takes_the_country_that_is_told(text: str, code: str | None) -> None:
    """A currency of which the table has no Arabic country word must not count as told everywhere."""
    (amount,) = find_amounts(normalize(text), "zh-Hant")
    assert amount.currency == code


def test_regions_are_claimed_once() -> None:
    regions = [region for row in currencies().values() for region in row.regions]
    assert len(regions) == len(set(regions))
    assert all(len(region) == 2 and region.isupper() for region in regions)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"currency": {"EURO": {"name": "x", "minor_units": 2, "regions": []}}}, "EURO"),
        ({"shared": [{"zh": ["元"], "currencies": ["XXX"]}]}, "XXX"),
        ({"currency": {"EUR": {"name": "Euro", "minor_units": 2, "regions": [], "unit": "shell"}}}, "shell"),
        ({"currency": {c: {"name": c, "minor_units": 2, "regions": [], "zh": ["貝幣"]} for c in ("EUR", "USD")}}, "貝幣"),
    ],
)
def test_a_wrong_row_is_named(change: dict[str, Any], named: str) -> None:
    table = check_row(CurrencyTable, {"currency": {}, "shared": [], "unit": {}, "minor": [], **change}, "currencies.toml")
    with pytest.raises(CorpusError, match=named):
        currency_table.verify(table)


def test_a_word_that_says_two_things_is_named() -> None:
    words = languages()["zh"].numbers.model_dump()
    words["hedges"]["over"] = (*words["hedges"]["over"], words["hedges"]["about"][0])
    with pytest.raises(CorpusError, match=words["hedges"]["about"][0]):
        check_row(NumberWords, words, "languages/zh.toml")


def test_names_differ_after_folding_unless_the_hamza_tells() -> None:
    owner: dict[str, str] = {}
    for code, row in currencies().items():
        for name in (*row.zh, *row.ar):
            assert owner.setdefault(fold(name), code) == code or fold(name).startswith("د.ا"), name
