"""A claim without its spans: what the merge reads, thousands at a time.

Facts are written once beside the claim, as compact JSON; all figures stay exact decimal strings.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from models.article import Article
from models.claim import Claim
from models.codec import decimal_text
from models.ids import compact
from models.mention import Amount, DateMention, Name


class Party(NamedTuple):
    """Who takes part, as one claim names it. `surface` is the name as printed."""

    canonical: str
    entity_id: str | None
    parent: str | None
    kind: str
    surface: str
    aliases: tuple[str, ...]


class Sum(NamedTuple):
    """An amount without its span. `usd` and `hkd` are (value, low, high) at the rate of `rate_date`."""

    value: str | None
    low: str | None
    high: str | None
    currency: str | None
    inferred: bool
    modifier: str
    usd: tuple[str | None, str | None, str | None]
    hkd: tuple[str | None, str | None, str | None]
    rates: tuple[tuple[str, str, str, str], ...]
    """(currency, rate, date, source)"""


class Period(NamedTuple):
    """A date without its span. `start` is inclusive, `end` exclusive, both ISO 8601 dates; an open end is None."""

    value: str | None
    precision: str
    start: str | None
    end: str | None


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """What one claim says, and where it comes from. As JSON a list in the order of the fields.

    `origin` is the sketch of the text (`models.origin`): corroboration counts texts, not addresses.
    `published` is the ISO 8601 date or timestamp of the article, None when unknown.
    """

    claim_id: str
    claim_key: str
    doc_id: str
    source: str
    origin: str
    language: str | None
    published: str | None
    type: str
    status: str
    roles: dict[str, tuple[Party, ...]]
    amount: Sum | None = None
    valuation: Sum | None = None
    stake_pct: str | None = None
    quantity: tuple[str, str] | None = None
    term: str | None = None
    date: Period | None = None
    binding: bool = True
    attribution: str | None = None
    confidence: float = 0.5

    @property
    def seed(self) -> tuple[str, str, str]:
        """What an event is named after: the earliest claim. A claim without a publication date comes last."""
        return self.published or "9999", self.doc_id, self.claim_key


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """The facts of a claim, of which what many claims say in the same words is not read yet: JSON of the field of that name."""

    claim_key: str
    doc_id: str
    source: str
    origin: str
    language: str | None
    published: str | None
    type: str
    status: str
    roles: msgspec.Raw
    amount: msgspec.Raw
    valuation: msgspec.Raw
    stake_pct: str | None
    quantity: tuple[str, str] | None
    term: str | None
    date: msgspec.Raw


_READ = msgspec.json.Decoder(Facts).decode
_READ_OUTLINE = msgspec.json.Decoder(Outline).decode
read_roles = msgspec.json.Decoder(dict[str, tuple[Party, ...]]).decode
read_sum = msgspec.json.Decoder(Sum | None).decode
read_period = msgspec.json.Decoder(Period | None).decode


def _sum(amount: Amount | None) -> list[Any] | None:
    if amount is None:
        return None
    converted = []
    for currency in ("USD", "HKD"):
        known = (amount.value, amount.low, amount.high) if amount.currency == currency else amount.converted(currency)
        converted.append([decimal_text(x) for x in known])
    rates = [[r.currency, decimal_text(r.rate), r.date, r.source] for r in amount.rates]
    return [
        decimal_text(amount.value), decimal_text(amount.low), decimal_text(amount.high), amount.currency,
        amount.currency_inferred, amount.modifier, *converted, rates,
    ]  # fmt: skip


def _party(name: Name) -> list[Any]:
    return [name.canonical, name.entity_id, name.parent, name.kind, name.text, list(name.aliases)]


def _period(mention: DateMention | None) -> list[Any] | None:
    if mention is None:
        return None
    start, end = (day.isoformat() if day else None for day in (mention.start_date, mention.end_date))
    return [mention.value, mention.precision, start, end]


def facts_text(article: Article, claim: Claim, claim_key: str, doc_id: str, origin: str) -> str:
    """The facts of a claim as compact JSON, without the claim's id (which hashes them)."""
    quantity = [decimal_text(claim.quantity.value), claim.quantity.unit] if claim.quantity else None
    return compact([
        claim_key, doc_id, article.source or doc_id, origin, article.language, article.published, claim.type, claim.status,
        {role: [_party(name) for name in names] for role, names in claim.roles.items() if names},
        _sum(claim.amount), _sum(claim.valuation), decimal_text(claim.stake_pct), quantity, claim.term, _period(claim.date),
        claim.binding, claim.attribution, round(claim.confidence, 3),
    ])  # fmt: skip


def read_facts(claim_id: str, text: str) -> Facts:
    """The inverse of `facts_text`: the same list with the claim's id before it, read in one go."""
    return _READ(f'["{claim_id}",{text[1:]}')


def read_outline(text: str) -> Outline:
    """The same without what takes longest to read."""
    return _READ_OUTLINE(text)
