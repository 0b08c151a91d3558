"""`corpus/currencies.toml`: what a currency is called, and what a word that several currencies share may mean."""

from __future__ import annotations

import functools
from decimal import Decimal

from pydantic import Field

from corpus.load import Row, check, read_toml
from models.errors import CorpusError

WHERE = "currencies.toml"


class Currency(Row):
    """One currency, by ISO 4217 code (`currencies()`)."""

    name: str
    minor_units: int
    """Digits after the point: 2 for the dollar, 0 for the yen, 3 for the Kuwaiti dinar"""
    regions: tuple[str, ...]
    """ISO 3166 codes of the places that pay in it"""
    usd_peg: Decimal | None = None
    """Units that cost one US dollar, where the state fixes it"""
    signs: tuple[str, ...] = ()
    """Besides the code itself, which is always a sign"""
    zh: tuple[str, ...] = ()
    zh_minor: tuple[str, ...] = ()
    """Names of its hundredth"""
    ar: tuple[str, ...] = ()
    unit: str | None = None
    """Its Arabic noun (a row of `units`), which `adjectives` make its own"""
    adjectives: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


class SharedWord(Row):
    """Words and signs of several currencies; `default` by language, when neither the article nor its region decides."""

    currencies: tuple[str, ...]
    signs: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()
    default: dict[str, str] = Field(default_factory=dict)


class ArabicUnit(Row):
    """An Arabic noun of currency in its forms; `two` are the duals."""

    one: tuple[str, ...]
    two: tuple[str, ...] = ()
    default: str | None = None


class MinorUnit(Row):
    """Parts of a currency unit. `per_unit` None: 10 to the power of the currency's minor digits."""

    zh: tuple[str, ...] = ()
    ar: tuple[str, ...] = ()
    per_unit: int | None = None
    alone: str | None = None


class CurrencyTable(Row):
    """The whole file."""

    currency: dict[str, Currency]
    shared: tuple[SharedWord, ...]
    unit: dict[str, ArabicUnit]
    minor: tuple[MinorUnit, ...]


@functools.cache
def currency_table() -> CurrencyTable:
    """The file, checked: every code named is a currency, no word is claimed by two. Raises CorpusError."""
    table = check(CurrencyTable, read_toml(WHERE), WHERE)
    verify(table)
    return table


def verify(table: CurrencyTable) -> None:
    """Raises CorpusError, which names the row, when a code is unknown or a word is claimed by two rows."""
    _check_codes(table)
    _check_words(table)


@functools.cache
def currencies() -> dict[str, Currency]:
    """Every currency by its ISO 4217 code.

    >>> currencies()["JPY"].minor_units, currencies()["AED"].regions
    (0, ('AE',))
    """
    return dict(currency_table().currency)


def _check_codes(table: CurrencyTable) -> None:
    for code, row in table.currency.items():
        if not (len(code) == 3 and code.isascii() and code.isupper()):
            raise CorpusError(f"corpus/{WHERE}: currency.{code}: not an ISO 4217 code")
        if row.unit is not None and row.unit not in table.unit:
            raise CorpusError(f"corpus/{WHERE}: currency.{code}: no unit {row.unit!r}")
        if row.adjectives and row.unit is None:
            raise CorpusError(f"corpus/{WHERE}: currency.{code}: adjectives without a unit")
    named = [(f"shared {s.zh or s.signs}", c) for s in table.shared for c in (*s.currencies, *s.default.values())]
    named += [(f"unit.{name}", u.default) for name, u in table.unit.items() if u.default]
    named += [(f"minor {m.zh or m.ar}", m.alone) for m in table.minor if m.alone]
    for where, code in named:
        if code not in table.currency:
            raise CorpusError(f"corpus/{WHERE}: {where}: no currency {code}")


def _check_words(table: CurrencyTable) -> None:
    owner: dict[str, str] = {}
    rows = [(code, (*row.signs, *row.zh, *row.zh_minor, *row.ar, code)) for code, row in table.currency.items()]
    rows += [(f"shared {s.zh or s.signs}", (*s.zh, *s.signs)) for s in table.shared]
    rows += [(f"unit.{name}", (*u.one, *u.two)) for name, u in table.unit.items()]
    rows += [(f"minor {m.zh or m.ar}", (*m.zh, *m.ar)) for m in table.minor]
    rows += [(code, tuple(f"{row.unit} {a}" for a in row.adjectives)) for code, row in table.currency.items()]
    for where, words in rows:
        for word in words:
            if owner.setdefault(word, where) != where:
                raise CorpusError(f"corpus/{WHERE}: {where}: {word!r} is also in {owner[word]}")


@functools.cache
def region_currencies() -> dict[str, str]:
    """ISO 3166 code of a place -> the currency it pays in."""
    return {region: code for code, row in currencies().items() for region in row.regions}
