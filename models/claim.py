"""What one article says of one deal."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from models.mention import Amount, Conversion, DateMention, Name


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote of the article; `start` and `end` count code points of `Article.document`."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is bought or sold when it is not told in money: 6 GW, 2,000 units."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One deal as one article tells it. Types, roles and statuses are those of `corpus/deals/*.toml`."""

    type: str
    status: str
    roles: dict[str, tuple[Name, ...]]
    evidence: tuple[Evidence, ...]
    amount: Amount | None = None
    valuation: Amount | None = None
    stake_pct: Decimal | None = None
    quantity: Quantity | None = None
    term: str | None = None
    date: DateMention | None = None
    binding: bool = True
    attribution: str | None = None
    confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything the extractor read in one article."""

    article_id: str
    language: str
    region: str | None
    published: str | None
    claims: tuple[Claim, ...] = ()
    amounts: tuple[Amount, ...] = ()
    dates: tuple[DateMention, ...] = ()
    names: tuple[Name, ...] = ()
    issues: tuple[str, ...] = field(default=())
    conversions: tuple[Conversion, ...] = ()
    """Every rate used, kept so that a later reading of the same text converts at the same rates"""
