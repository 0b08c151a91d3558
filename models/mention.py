"""What is said in a text, with the span that says it.

Spans count code points of the text that was given to the extractor: ``text[m.start:m.end] == m.text``, always.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written. Exactly one of `value` and (`low`, `high`) is set; an open bound is None."""

    start: int
    end: int
    text: str
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    modifier: str = "exact"
    kind: str = "cardinal"
    """cardinal, ordinal, percent or fraction"""
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of the amount's currency costs `rate` units of `currency`, on `date` (ISO 8601), says `source`."""

    currency: str
    rate: Decimal
    date: str
    source: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """The rate that sums in `base` of one article were converted at, for the day `on` (ISO 8601)."""

    base: str
    on: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in units (not cents, not millions) of `currency`.

    `value` is the point value; `low`/`high` bound a range or vague amount (then `value` is None).
    `modifier`: exact, about, over, at_least, up_to, under, range, vague.
    `kind`: what the sum is of, judged from its clause: deal, valuation, revenue, profit, loss, market_value, market_size,
    forecast, price, fund, budget, total, fine, debt, stake_value, capex, or unknown.
    """

    start: int
    end: int
    text: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    currency: str | None
    currency_inferred: bool = False
    currency_evidence: str = "text"
    """text (named in the amount), article (country words of the article), region (of the source) or none"""
    modifier: str = "exact"
    kind: str = "unknown"
    equivalent: Amount | None = None
    """The same sum told in another currency, as in 100億美元(約港幣780億元)"""
    is_equivalent: bool = False
    """This one restates the amount before it"""
    rates: tuple[Rate, ...] = ()
    """At the rate of the day, to USD and HKD; empty when there is no currency or no rate"""
    issues: tuple[str, ...] = ()

    def converted(self, currency: str) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """(value, low, high) in `currency`, to the cent; three Nones without a rate."""
        rate = next((r.rate for r in self.rates if r.currency == currency), None)
        if rate is None:
            return None, None, None
        value, low, high = (None if x is None else (x * rate).quantize(CENT) for x in (self.value, self.low, self.high))
        return value, low, high


@dataclass(frozen=True, slots=True)
class DateMention:
    """A calendar date or period. `start_date` is inclusive, `end_date` exclusive; an open end is None.

    `value` is ISO-like at its precision: 2025-11-03, 2025-11, 2025-Q3, 2025-H1, 2025, or A/B for a range.
    """

    start: int
    end: int
    text: str
    value: str | None
    precision: str
    start_date: date | None
    end_date: date | None
    approximate: bool = False
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeMention:
    """What a text says of time beyond its dates: a time of day, a window, a length, what recurs. Never printed as a date.

    `kind`: date; holiday (lunar days too); clock (a time of day, on its date when one is said); window (the last or next three
    months); duration; set (every Monday); now. `value` is ISO 8601: 2025-12-16T15:00, T15:00 without any date, P3M/2025-12-17,
    P3M, R/P1W; a year before the common era is -1797. `starts_at` is inclusive, `ends_at` exclusive; what is not known is None.
    """

    start: int
    end: int
    text: str
    kind: str
    value: str | None
    precision: str
    """second, minute, hour, part (of a day), or as in `DateMention`; of a length its smallest unit"""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    clock_start: int | None = None
    """Where the time of day begins in the text, None without one"""
    approximate: bool = False
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A company, person or public body, as printed. `entity_id` is None when no table row is known for it."""

    start: int
    end: int
    text: str
    canonical: str
    entity_id: str | None
    kind: str
    """company, person, government, fund, product, unit, other"""
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    """Canonical name of the owner: Amazon for Amazon Web Services"""
