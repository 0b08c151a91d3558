"""`corpus/rates/`: exchange rates that the bundled history of the European Central Bank does not have.

- `pegs.tsv`: official pegs, one row a currency and period of validity.
- `<code>_monthly.tsv`: units of the currency for one US dollar, one row a month: its average, or the rate of its last day.
- `no_rate.tsv`: currencies that are knowingly left without a rate, with the reason.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from corpus.load import Row, corpus_path, read_tsv
from models.errors import CorpusError

Code = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Positive = Annotated[Decimal, Field(gt=0)]

_MONTHLY = re.compile(r"([a-z]{3})_monthly\.tsv")


class Peg(Row):
    """One unit of `anchor` costs `rate` units of `currency`, from `valid_from` to `valid_to` inclusive (or still)."""

    currency: Code
    anchor: Code
    rate: Positive
    valid_from: date
    valid_to: date | None = None
    source: str
    """The institution that keeps the peg, and its decision"""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"ends {self.valid_to}, before it begins {self.valid_from}")
        return self

    def holds(self, on: date) -> bool:
        """True when the peg was in force on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class DollarRate(Row):
    """What one US dollar cost in units of the file's currency: on a day (``2025-11-30``), or on average of a month or year."""

    period: Annotated[str, Field(pattern=r"^(19|20)\d\d(-(0[1-9]|1[0-2])(-[0-3]\d)?)?$")]
    rate: Positive
    source: str
    """Institution and series"""

    @field_validator("period")
    @classmethod
    def _on_the_calendar(cls, period: str) -> str:
        _first_day(period)
        return period

    @property
    def start(self) -> date:
        """The first day of the period."""
        return _first_day(self.period)

    @property
    def end(self) -> date:
        """The first day after the period."""
        if len(self.period) == 10:
            return self.start + timedelta(days=1)
        year, month = int(self.period[:4]), int(self.period[5:7] or 12)
        return date(year + month // 12, month % 12 + 1, 1)

    def distance(self, on: date) -> int:
        """Days between the period and a day; 0 inside the period.

        >>> [DollarRate(period="2025-11", rate=1, source="x").distance(date(2025, *day)) for day in ((10, 30), (11, 30), (12, 1))]
        [2, 0, 1]
        """
        return max((self.start - on).days, (on - self.end).days + 1, 0)


def _first_day(period: str) -> date:
    return date(int(period[:4]), int(period[5:7] or 1), int(period[8:] or 1))


class NoRate(Row):
    """A currency that is knowingly left without a rate."""

    currency: Code
    reason: str


@functools.cache
def pegs() -> dict[str, tuple[Peg, ...]]:
    """Every peg by currency. Two rows of one currency that hold on the same day are an error."""
    table: dict[str, list[Peg]] = defaultdict(list)
    for number, peg in read_tsv("rates/pegs.tsv", Peg):
        if any(other.holds(peg.valid_from) or peg.holds(other.valid_from) for other in table[peg.currency]):
            raise CorpusError(f"corpus/rates/pegs.tsv:{number}: a second peg of {peg.currency} for the same day")
        table[peg.currency].append(peg)
    return {currency: tuple(rows) for currency, rows in table.items()}


@functools.cache
def dollar_rates() -> dict[str, tuple[DollarRate, ...]]:
    """The rows of every `<code>_monthly.tsv` by currency, oldest first. A period told twice is an error."""
    names = sorted(entry.name for entry in corpus_path("rates").iterdir())
    return {match[1].upper(): _dollar_rates(match[0]) for match in map(_MONTHLY.fullmatch, names) if match}


def _dollar_rates(name: str) -> tuple[DollarRate, ...]:
    rows: dict[str, DollarRate] = {}
    for number, row in read_tsv(f"rates/{name}", DollarRate):
        if row.period in rows:
            raise CorpusError(f"corpus/rates/{name}:{number}: a second rate for {row.period}")
        rows[row.period] = row
    return tuple(sorted(rows.values(), key=lambda row: row.start))


@functools.cache
def without_rate() -> dict[str, str]:
    """Why a currency has no rate, by currency."""
    table: dict[str, str] = {}
    for number, row in read_tsv("rates/no_rate.tsv", NoRate):
        if row.currency in table:
            raise CorpusError(f"corpus/rates/no_rate.tsv:{number}: a second row for {row.currency}")
        table[row.currency] = row.reason
    return table
