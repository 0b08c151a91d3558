"""The rate of the day: offline, exact, with its date and source.

Three sources, in this order: the reference rates of the European Central Bank (bundled with `CurrencyConverter`, from 1999;
a newer file of the bank takes their place, `use_reference_rates`),
official pegs, and monthly tables (both `corpus/rates/`). Everything is crossed through the US dollar. A rate that is not of
the day asked for keeps its own date, so that a reader sees how old it is.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Context, Decimal
from pathlib import Path

from currency_converter import CurrencyConverter, RateNotFoundError

from corpus.rate_table import dollar_rates, pegs
from models.mention import Amount, Conversion, Rate

MAX_GAP = timedelta(days=10)
"""How far back a fixing is looked for over weekends and holidays, inside the history of the European Central Bank"""
MAX_AGE = timedelta(days=366)
"""How long after its end the last row of a source is still used"""

TARGETS = ("USD", "HKD")
TOLERANCE = Decimal("0.10")
PEG_TOLERANCE = Decimal("0.05")

_ECB = "European Central Bank, euro foreign exchange reference rates"
_PIVOT = "USD"
# Fixings have five or six significant digits; twelve keep a cross exact to the cent up to 10^10.
_CROSS = Context(prec=12)


@dataclass(frozen=True, slots=True)
class _Leg:
    """One US dollar costs `units` of a currency. `date` is ISO 8601, reduced to the month for an average."""

    units: Decimal
    date: str
    source: str


@functools.lru_cache(maxsize=65536)
def rate(base: str, quote: str, on: date) -> Rate | None:
    """What one unit of `base` cost in `quote` on that day; None when no source has it.

    Currencies are ISO 4217 codes. `Rate.date` is the date of the older of the fixings used, or the month of an average.

    >>> rate("USD", "HKD", date(2025, 11, 3))
    Rate(currency='HKD', rate=Decimal('7.77...'), date='2025-11-03', source='European Central Bank, ...')
    >>> rate("SAR", "USD", date(2025, 11, 1)).rate
    Decimal('0.266666666667')
    >>> rate("XXX", "USD", date(2025, 11, 3)) is None
    True
    """
    first, second = _leg(base, on), _leg(quote, on)
    if first is None or second is None:
        return None
    if base == quote:
        return Rate(quote, Decimal(1), on.isoformat(), "identity")
    legs = [leg for code, leg in ((base, first), (quote, second)) if code != _PIVOT]
    units = _CROSS.divide(second.units, first.units)
    return Rate(quote, units, min(leg.date for leg in legs), "; ".join(dict.fromkeys(leg.source for leg in legs)))


class RateBook:
    """The rates one article is converted at: those it was converted at before, else those of the tables.

    A text that is read again, by a newer extractor or with newer tables, keeps its rates.
    """

    def __init__(self, known: Iterable[Conversion] = ()) -> None:
        self._known = {(one.base, one.on, one.rate.currency): one for one in known}
        self._used: dict[tuple[str, str, str], Conversion] = {}

    def rate(self, base: str, quote: str, on: date) -> Rate | None:
        """As `rate`."""
        key = (base, on.isoformat(), quote)
        known = self._known.get(key)
        found = known.rate if known else rate(base, quote, on)
        if found is not None and base != quote and key not in self._used:
            self._used[key] = known or Conversion(base, key[1], found)
        return found

    @property
    def used(self) -> tuple[Conversion, ...]:
        """Every rate that was asked for and there."""
        return tuple(self._used[key] for key in sorted(self._used))


def with_rates(amount: Amount, on: date | None, book: RateBook | None = None) -> Amount:
    """The amount and its stated equivalent, with the rates of the day to USD and HKD.

    No rates when the currency, the date or the rate is not known.
    """
    book = book or RateBook()
    equivalent = with_rates(amount.equivalent, on, book) if amount.equivalent else None
    found = (book.rate(amount.currency, target, on) for target in TARGETS) if amount.currency and on else ()
    rates = tuple(r for r in found if r)
    if rates == amount.rates and equivalent == amount.equivalent:
        return amount
    return replace(amount, rates=rates, equivalent=equivalent)


def check_equivalent(amount: Amount, on: date | None) -> str | None:
    """``equivalent_mismatch`` when the rate implied by an amount and its stated equivalent is off the rate of the day.

    By more than 10 %, or 5 % between currencies that are tied to each other by a peg. None when it is right or cannot be checked.
    """
    stated = amount.equivalent
    if stated is None or on is None or amount.currency is None or stated.currency is None:
        return None
    market = rate(amount.currency, stated.currency, on)
    if market is None:
        return None
    tied = _tied_to_dollar(amount.currency, on) and _tied_to_dollar(stated.currency, on)
    allowed = market.rate * (PEG_TOLERANCE if tied else TOLERANCE)
    wrong = any(abs(implied - market.rate) > allowed for implied in _implied_rates(amount, stated))
    return "equivalent_mismatch" if wrong else None


def _implied_rates(amount: Amount, stated: Amount) -> Iterable[Decimal]:
    pairs = ((amount.value, stated.value), (amount.low, stated.low), (amount.high, stated.high))
    return [_CROSS.divide(there, here) for here, there in pairs if here and there]


def _tied_to_dollar(currency: str, on: date) -> bool:
    if currency == _PIVOT:
        return True
    return any(peg.holds(on) and _tied_to_dollar(peg.anchor, on) for peg in pegs().get(currency, ()))


def _leg(currency: str, on: date) -> _Leg | None:
    if currency == _PIVOT:
        return _Leg(Decimal(1), on.isoformat(), "identity")
    return _fixed(currency, on) or _pegged(currency, on) or _tabled(currency, on)


_newer: list[Path] = []
"""At most one file of reference rates to use instead of the bundled ones"""


def use_reference_rates(path: Path | None) -> None:
    """Take the reference rates of the European Central Bank from `path` (its own zipped or plain CSV), None for the bundled ones.

    The one setting of this module, made once before anything is read; each process that extracts makes it for itself.
    """
    if _newer != ([path] if path else []):
        _newer[:] = [path] if path else []
        _history.cache_clear()
        rate.cache_clear()


def last_fixing() -> date:
    """The day of the newest reference rates at hand."""
    last: date = _history().bounds[_PIVOT].last_date
    return last


@functools.cache
def _history() -> CurrencyConverter:
    return CurrencyConverter(str(_newer[0]), decimal=True) if _newer else CurrencyConverter(decimal=True)


def _fixed(currency: str, on: date) -> _Leg | None:
    """The last fixing on or before the day. After the end of the bundled history, its last fixing."""
    history = _history()
    if currency not in history.currencies:
        return None
    last = history.bounds["EUR"].last_date
    day = min(on, last)
    if on - day > MAX_AGE:
        return None
    for back in range(MAX_GAP.days + 1):
        fixing = day - timedelta(days=back)
        try:
            units, dollars = (history.convert(1, "EUR", code, fixing) for code in (currency, _PIVOT))
        except RateNotFoundError:
            continue
        return _Leg(units / dollars, fixing.isoformat(), _ECB)
    return None


def _pegged(currency: str, on: date) -> _Leg | None:
    peg = next((peg for peg in pegs().get(currency, ()) if peg.holds(on)), None)
    if peg is None:
        return None
    anchor = _leg(peg.anchor, on)
    if anchor is None:
        return None
    if peg.anchor == _PIVOT:
        return _Leg(peg.rate, on.isoformat(), peg.source)
    return _Leg(peg.rate * anchor.units, anchor.date, f"{peg.source}; {anchor.source}")


def _tabled(currency: str, on: date) -> _Leg | None:
    """The row nearest to the day. Not before the table begins, and at most `MAX_AGE` after it ends."""
    rows = dollar_rates().get(currency, ())
    if not rows or on < rows[0].start or on - rows[-1].end >= MAX_AGE:
        return None
    row = min(rows, key=lambda row: row.distance(on))
    return _Leg(row.rate, row.period, row.source)
