"""Records to JSON and back: the lines of `dealwire extract --format jsonl`, and what the store keeps.

Decimals are strings, written without exponent; spans count code points of the field as published.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from models.article import Article
from models.claim import Claim, Evidence, Extraction, Quantity
from models.mention import Amount, DateMention, Name, Rate

Json = dict[str, Any]


def decimal_text(value: Decimal | None) -> str | None:
    """Exact and plain.

    >>> decimal_text(Decimal("1.50E+9")), decimal_text(Decimal("22400000000.0"))
    ('1500000000', '22400000000')
    """
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _span(article: Article, start: int, end: int) -> Json:
    name, first, last = article.locate(start, end)
    return {"field": name, "start": first, "end": last}


def _position(article: Article, values: Json) -> tuple[int, int]:
    shift = len(article.document) - len(article.text) if values["field"] == "text" else 0
    return values["start"] + shift, values["end"] + shift


def amount_to_json(article: Article, amount: Amount) -> Json:
    """AMOUNT of the interface contract, with the bounds in USD and the resolution trail beside it."""
    usd, usd_low, usd_high = amount.converted("USD")
    hkd, hkd_low, hkd_high = amount.converted("HKD")
    rate = amount.rates[0] if amount.rates else None
    return {
        "value": decimal_text(amount.value), "low": decimal_text(amount.low), "high": decimal_text(amount.high),
        "currency": amount.currency, "currency_inferred": amount.currency_inferred,
        "currency_evidence": amount.currency_evidence, "modifier": amount.modifier, "kind": amount.kind,
        "usd": decimal_text(usd), "usd_low": decimal_text(usd_low), "usd_high": decimal_text(usd_high),
        "hkd": decimal_text(hkd), "hkd_low": decimal_text(hkd_low), "hkd_high": decimal_text(hkd_high),
        "rate_date": rate.date if rate else None, "rate_source": rate.source if rate else None,
        "rates": [
            {"currency": r.currency, "rate": decimal_text(r.rate), "date": r.date, "source": r.source} for r in amount.rates
        ],
        "equivalent": amount_to_json(article, amount.equivalent) if amount.equivalent else None,
        "is_equivalent": amount.is_equivalent, "issues": list(amount.issues),
        **_span(article, amount.start, amount.end), "text": amount.text,
    }  # fmt: skip


def amount_from_json(article: Article, values: Json) -> Amount:
    """The inverse of `amount_to_json`."""
    start, end = _position(article, values)
    equivalent = amount_from_json(article, values["equivalent"]) if values["equivalent"] else None
    value, low, high = (None if values[key] is None else Decimal(values[key]) for key in ("value", "low", "high"))
    return Amount(
        start, end, values["text"], value, low, high,
        currency=values["currency"], currency_inferred=values["currency_inferred"],
        currency_evidence=values["currency_evidence"], modifier=values["modifier"], kind=values["kind"],
        equivalent=equivalent, is_equivalent=values["is_equivalent"], issues=tuple(values["issues"]),
        rates=tuple(Rate(r["currency"], Decimal(r["rate"]), r["date"], r["source"]) for r in values["rates"]),
    )  # fmt: skip


def date_to_json(article: Article, mention: DateMention) -> Json:
    """DATE of the interface contract."""
    return {
        "value": mention.value, "precision": mention.precision,
        "start_date": mention.start_date.isoformat() if mention.start_date else None,
        "end_date": mention.end_date.isoformat() if mention.end_date else None,
        "approximate": mention.approximate, "issues": list(mention.issues),
        **_span(article, mention.start, mention.end), "text": mention.text,
    }  # fmt: skip


def date_from_json(article: Article, values: Json) -> DateMention:
    """The inverse of `date_to_json`."""
    start, end = _position(article, values)
    first, last = (date.fromisoformat(values[key]) if values[key] else None for key in ("start_date", "end_date"))
    return DateMention(
        start, end, values["text"], values["value"], values["precision"], first, last,
        values["approximate"], tuple(values["issues"]),
    )  # fmt: skip


def name_to_json(article: Article, name: Name) -> Json:
    """NAME of the interface contract."""
    return {
        "name": name.text, "canonical": name.canonical, "entity_id": name.entity_id, "aliases": list(name.aliases),
        "parent": name.parent, "kind": name.kind, **_span(article, name.start, name.end),
    }  # fmt: skip


def name_from_json(article: Article, values: Json) -> Name:
    """The inverse of `name_to_json`."""
    start, end = _position(article, values)
    return Name(
        start, end, values["name"], values["canonical"], values["entity_id"],
        values["kind"], tuple(values["aliases"]), values["parent"],
    )  # fmt: skip


def claim_to_json(article: Article, claim: Claim) -> Json:
    """CLAIM of the interface contract."""
    return {
        "type": claim.type, "status": claim.status,
        "roles": {role: [name_to_json(article, name) for name in names] for role, names in claim.roles.items()},
        "amount": amount_to_json(article, claim.amount) if claim.amount else None,
        "valuation": amount_to_json(article, claim.valuation) if claim.valuation else None,
        "stake_pct": decimal_text(claim.stake_pct),
        "quantity": {"value": decimal_text(claim.quantity.value), "unit": claim.quantity.unit} if claim.quantity else None,
        "term": claim.term, "date": date_to_json(article, claim.date) if claim.date else None,
        "binding": claim.binding, "attribution": claim.attribution, "confidence": round(claim.confidence, 3),
        "evidence": [{**_span(article, e.start, e.end), "quote": e.quote} for e in claim.evidence],
    }  # fmt: skip


def claim_from_json(article: Article, values: Json) -> Claim:
    """The inverse of `claim_to_json`."""
    quantity = values["quantity"]
    return Claim(
        type=values["type"], status=values["status"],
        roles={role: tuple(name_from_json(article, name) for name in names) for role, names in values["roles"].items()},
        evidence=tuple(Evidence(*_position(article, e), e["quote"]) for e in values["evidence"]),
        amount=amount_from_json(article, values["amount"]) if values["amount"] else None,
        valuation=amount_from_json(article, values["valuation"]) if values["valuation"] else None,
        stake_pct=Decimal(values["stake_pct"]) if values["stake_pct"] else None,
        quantity=Quantity(Decimal(quantity["value"]), quantity["unit"]) if quantity else None,
        term=values["term"], date=date_from_json(article, values["date"]) if values["date"] else None,
        binding=values["binding"], attribution=values["attribution"], confidence=values["confidence"],
    )  # fmt: skip


def extraction_to_json(article: Article, extraction: Extraction) -> Json:
    """One line of `dealwire extract --format jsonl`."""
    return {
        "id": article.id, "language": extraction.language, "region": extraction.region, "published": extraction.published,
        "claims": [claim_to_json(article, claim) for claim in extraction.claims],
        "amounts": [amount_to_json(article, amount) for amount in extraction.amounts],
        "dates": [date_to_json(article, mention) for mention in extraction.dates],
        "names": [name_to_json(article, name) for name in extraction.names],
        "issues": list(extraction.issues),
    }  # fmt: skip
