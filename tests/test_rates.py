"""Rates of the day: exact, dated, sourced, and None where nobody knows."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import rate_table
from corpus.currency_table import currencies
from corpus.rate_table import DollarRate, Peg, dollar_rates, pegs, without_rate
from extractors.rates import MAX_AGE, check_equivalent, rate, with_rates
from models.errors import CorpusError
from models.mention import Amount

SUMMER = date(2026, 7, 15)


def amount(value: str, currency: str | None, equivalent: Amount | None = None) -> Amount:
    return Amount(0, 1, "x", Decimal(value), None, None, currency, equivalent=equivalent)


def span(low: str, high: str, currency: str, equivalent: Amount | None = None) -> Amount:
    return Amount(0, 1, "x", None, Decimal(low), Decimal(high), currency, equivalent=equivalent)


@pytest.mark.parametrize(
    ("base", "quote", "on", "expected", "dated"),
    [
        ("EUR", "USD", date(2014, 3, 28), "1.3759", "2014-03-28"),
        ("EUR", "HKD", date(2026, 7, 31), "9.00790000000", "2026-07-31"),
        ("USD", "USD", date(2026, 7, 31), "1", "2026-07-31"),
        ("AED", "USD", date(2026, 7, 31), "0.272294077604", "2026-07-31"),
        ("USD", "AED", date(2026, 7, 31), "3.6725", "2026-07-31"),
        ("SAR", "QAR", date(2026, 7, 31), "0.970666666667", "2026-07-31"),
        ("MOP", "HKD", date(2026, 7, 31), "0.970873786408", "2026-07-31"),
        ("USD", "TWD", date(2025, 5, 2), "30.2214", "2025-05"),
        ("USD", "TWD", date(2026, 7, 28), "32.4255", "2026-07-31"),
        ("USD", "KWD", date(2026, 7, 31), "0.308227", "2026-07-31"),
    ],
)
def test_known_rates(base: str, quote: str, on: date, expected: str, dated: str) -> None:
    found = rate(base, quote, on)
    assert found is not None
    assert (found.currency, found.rate, found.date) == (quote, Decimal(expected), dated)
    assert found.source


def test_a_cross_is_exact_to_twelve_digits() -> None:
    """2026-07-31: one euro is 1.1485 dollars and 7.7539 yuan."""
    found = rate("CNY", "USD", date(2026, 7, 31))
    assert found is not None
    assert found.rate == Decimal("0.148119011078") == round(Decimal("1.1485") / Decimal("7.7539"), 12)


@pytest.mark.parametrize(
    ("on", "fixing"),
    [
        (date(2026, 7, 4), "2026-07-03"),  # a Saturday
        (date(2026, 4, 6), "2026-04-02"),  # Easter Monday: last fixing on the Thursday
        (date(2026, 1, 1), "2025-12-31"),
    ],
)
def test_weekends_and_holidays_take_the_last_fixing_before(on: date, fixing: str) -> None:
    found = rate("HKD", "USD", on)
    assert found is not None
    assert found.date == fixing


def test_after_the_last_fixing_a_rate_keeps_its_own_date_for_a_year_and_then_ends() -> None:
    last = rate("EUR", "USD", date(2026, 10, 30))
    assert last is not None
    assert last.date == "2026-10-30"
    assert rate("EUR", "USD", date(2027, 9, 1)) == last
    assert rate("EUR", "USD", date(2027, 11, 2)) is None


def test_a_currency_that_left_the_reference_rates_is_not_carried_on() -> None:
    """The European Central Bank stopped fixing the rouble on 2022-03-01; our own table begins in 2025."""
    assert rate("RUB", "USD", date(2022, 3, 1)) is not None
    assert rate("RUB", "USD", date(2022, 3, 20)) is None
    assert rate("RUB", "USD", SUMMER) is not None


def test_a_monthly_table_gives_the_nearest_row_and_ends_after_a_year() -> None:
    assert rate("EGP", "USD", date(2025, 3, 1)) is None
    found = {day: rate("EGP", "USD", day) for day in (date(2026, 3, 2), date(2026, 3, 28), date(2027, 8, 31))}
    assert [r.date for r in found.values() if r] == ["2026-02-28", "2026-03-31", "2026-08-31"]
    assert rate("EGP", "USD", date(2026, 8, 31) + MAX_AGE + timedelta(days=1)) is None


def test_the_source_names_every_institution_that_the_figure_rests_on() -> None:
    found = rate("AED", "HKD", SUMMER)
    assert found is not None
    assert "Central Bank of the UAE" in found.source
    assert "European Central Bank" in found.source


CODES = sorted(currencies())


@given(st.sampled_from(CODES), st.sampled_from(CODES), st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_there_and_back_is_one(base: str, quote: str, on: date) -> None:
    there, back = rate(base, quote, on), rate(quote, base, on)
    assert (there is None) == (back is None)
    if there and back:
        assert abs(there.rate * back.rate - 1) < Decimal("1e-10")
        assert there.date == back.date


@pytest.mark.parametrize("currency", CODES)
def test_every_currency_has_a_rate_or_a_reason_why_not(currency: str) -> None:
    assert (rate(currency, "USD", SUMMER) is None) == (currency in without_rate())


def test_every_table_is_of_a_known_currency() -> None:
    assert {*dollar_rates(), *pegs(), *without_rate()} <= {*CODES}
    assert not {*dollar_rates()} & {*pegs()}, "two sources for one currency"


@pytest.mark.parametrize("currency", sorted(dollar_rates()))
def test_months_follow_each_other_without_gap_or_leap(currency: str) -> None:
    """A digit lost in a table would show as a jump; the largest true one is the Libyan devaluation of January 2026, 16 %."""
    rows = dollar_rates()[currency]
    for before, after in itertools.pairwise(rows):
        assert after.start - before.end <= timedelta(days=31), after.period
        assert Decimal("0.85") < after.rate / before.rate < Decimal("1.18"), after.period


def test_our_taiwan_dollar_agrees_with_itself_where_average_meets_day() -> None:
    found = rate("USD", "TWD", date(2026, 1, 20)), rate("USD", "TWD", date(2026, 2, 20))
    assert [r.date for r in found if r] == ["2026-01", "2026-02-28"]


def test_with_rates_converts_amount_and_equivalent() -> None:
    found = with_rates(amount("10000000000", "USD", amount("78000000000", "HKD")), date(2025, 11, 3))
    assert found.converted("USD")[0] == Decimal("10000000000.00")
    assert [r.currency for r in found.rates] == ["USD", "HKD"]
    assert found.equivalent is not None
    assert found.equivalent.converted("HKD")[0] == Decimal("78000000000.00")


@pytest.mark.parametrize(
    ("currency", "on"), [(None, SUMMER), ("USD", None), ("SYP", SUMMER), ("XXX", SUMMER), ("USD", date(1970, 1, 1))]
)
def test_without_currency_date_or_rate_there_are_no_rates(currency: str | None, on: date | None) -> None:
    found = with_rates(amount("5", currency), on)
    assert found.converted("HKD") == (None, None, None)
    assert found.rates == () or currency == "USD"


@pytest.mark.parametrize(
    ("told", "stated", "issue"),
    [
        (amount("1e10", "USD"), amount("7.8e10", "HKD"), None),
        (amount("1e10", "USD"), amount("8.3e10", "HKD"), "equivalent_mismatch"),  # 6.6 % off a peg
        (amount("1e10", "CNY"), amount("1.38e9", "USD"), None),  # 6.8 % off a market rate
        (amount("1e10", "CNY"), amount("1.2e9", "USD"), "equivalent_mismatch"),
        (amount("1e9", "AED"), amount("2.72e8", "USD"), None),
        (amount("1e9", "AED"), amount("2.72e9", "USD"), "equivalent_mismatch"),  # a scale misread
        (amount("1e9", "SAR"), amount("2.1e9", "HKD"), None),
        (amount("1e9", "SYP"), amount("1", "USD"), None),
        (amount("1e9", None), amount("1", "USD"), None),
        (amount("0", "USD"), amount("0", "HKD"), None),
        (span("1e9", "2e9", "USD"), span("7.8e9", "1.56e10", "HKD"), None),
        (span("1e9", "2e9", "USD"), span("7.8e9", "1.56e11", "HKD"), "equivalent_mismatch"),
        (span("1e9", "2e9", "USD"), amount("7.8e9", "HKD"), None),
    ],
)
def test_the_stated_equivalent_is_checked_against_the_rate_of_the_day(told: Amount, stated: Amount, issue: str | None) -> None:
    assert check_equivalent(Amount(*_fields(told), equivalent=stated), SUMMER) == issue


def _fields(told: Amount) -> tuple[int, int, str, Decimal | None, Decimal | None, Decimal | None, str | None]:
    return told.start, told.end, told.text, told.value, told.low, told.high, told.currency


def test_nothing_is_checked_without_a_date_or_an_equivalent() -> None:
    assert check_equivalent(amount("1", "USD", amount("99", "HKD")), None) is None
    assert check_equivalent(amount("1", "USD"), SUMMER) is None


@pytest.mark.parametrize("period", ["2025-13", "2025-02-30", "25-01", "2025-1", "2025-11-31x"])
def test_a_period_that_is_not_on_the_calendar_is_an_error(period: str) -> None:
    with pytest.raises(ValueError, match="period"):
        DollarRate(period=period, rate=Decimal(1), source="x")


def test_a_peg_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Peg(currency="AAA", anchor="USD", rate=Decimal(1), valid_from=date(2020, 1, 2), valid_to=date(2020, 1, 1), source="x")


def test_two_pegs_for_one_day_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Peg(currency="AAA", anchor="USD", rate=Decimal(1), valid_from=date(2020, 1, 1), source="x")
    monkeypatch.setattr(rate_table, "read_tsv", lambda *_: iter([(2, row), (3, row)]))
    with pytest.raises(CorpusError, match=r"pegs\.tsv:3"):
        pegs.__wrapped__()
