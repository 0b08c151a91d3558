"""Builders of articles and claims for tests of the store: every text is made up of what the claims say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from models.article import Article
from models.claim import Claim, Evidence, Extraction, Quantity
from models.mention import Amount, DateMention, Name, Rate

KNOWN = {
    "Amazon": ("amazon", None, "company"), "Amazon Web Services": ("aws", "Amazon", "unit"),
    "OpenAI": ("openai", None, "company"),
    "Microsoft": ("microsoft", None, "company"), "Anthropic": ("anthropic", None, "company"), "Apple": ("apple", None, "company"),
    "Google": ("google", None, "company"), "Nvidia": ("nvidia", None, "company"), "Oracle": ("oracle", None, "company"),
    "SoftBank": ("softbank", None, "company"), "CoreWeave": ("coreweave", None, "company"),
}  # fmt: skip
ROLES = {
    "investment": ("investor", "target"), "purchase": ("buyer", "supplier"), "acquisition": ("acquirer", "target"),
    "stake": ("holder", "company"), "restructuring": ("company",), "partnership": ("party",), "loan": ("lender", "borrower"),
}  # fmt: skip
PEG = Decimal("7.8")


def name(canonical: str, surface: str | None = None) -> Name:
    """A participant; one that is not in `KNOWN` has no entity id."""
    entity_id, parent, kind = KNOWN.get(canonical, (None, None, "company"))
    text = surface or canonical
    return Name(0, len(text), text, canonical, entity_id, kind, (), parent)


def money(
    value: str | None, currency: str = "USD", modifier: str = "exact", low: str | None = None, high: str | None = None
) -> Amount:
    """An amount with its rates to USD and HKD."""
    per_usd = {"USD": Decimal(1), "HKD": PEG}[currency]
    rates = (
        Rate("USD", 1 / per_usd if currency != "USD" else Decimal(1), "2025-12-17", "peg"),
        Rate("HKD", PEG / per_usd, "2025-12-17", "peg"),
    )
    read = [None if text is None else Decimal(text) for text in (value, low, high)]
    return Amount(0, 1, "1", *read, currency=currency, modifier=modifier, kind="deal", rates=rates)


def when(value: str) -> DateMention:
    """A date at the precision of how it is written: 2025, 2025-11 or 2025-11-03."""
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        first, last = date(parts[0], 1, 1), date(parts[0] + 1, 1, 1)
    elif len(parts) == 2:
        first, last = date(parts[0], parts[1], 1), date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
    else:
        first = date(*parts)
        last = date.fromordinal(first.toordinal() + 1)
    return DateMention(0, 1, "1", value, ("year", "month", "day")[len(parts) - 1], first, last)


def deal(
    kind: str,
    *sides: str | Sequence[str],
    amount: Amount | str | None = None,
    status: str = "agreed",
    on: str | None = None,
    stake: str | None = None,
    quantity: tuple[str, str] | None = None,
    said: str | None = None,
    confidence: float = 0.7,
    valuation: str | None = None,
) -> Claim:
    """A claim of `kind`; `sides` fill its roles in the order payer, paid. An empty side is a role nobody is named for."""
    groups = [(side,) if isinstance(side, str) else tuple(side) for side in sides]
    roles = {role: tuple(name(one) for one in group if one) for role, group in zip(ROLES[kind], groups, strict=False)}
    if kind == "partnership":
        roles = {"party": tuple(name(one) for group in groups for one in group)}
    text = said or f"{kind} {sides} {amount if isinstance(amount, str) else amount and amount.value} {on} {stake} {status}"
    return Claim(
        kind, status, {role: names for role, names in roles.items() if names}, (Evidence(0, len(text), text),),
        money(amount) if isinstance(amount, str) else amount, money(valuation) if valuation else None,
        Decimal(stake) if stake else None, Quantity(Decimal(quantity[0]), quantity[1]) if quantity else None,
        date=when(on) if on else None, confidence=confidence,
    )  # fmt: skip


Told = tuple[Article, Extraction]


def told(
    article_id: str,
    published: str | None,
    *claims: Claim,
    language: str = "zh-Hant",
    source: str | None = None,
    text: str | None = None,
) -> Told:
    """An article of its own source that makes these claims."""
    body = text or f"{article_id} {published} " + " ".join(claim.evidence[0].quote for claim in claims)
    article = Article(article_id, body, None, None, source or f"source-{article_id}", language, "HK", published)
    return article, Extraction(article_id, language, "HK", published, tuple(_placed(body, claim) for claim in claims))


def _placed(body: str, claim: Claim) -> Claim:
    """The claim with its evidence where the text says it."""
    quote = claim.evidence[0].quote
    start = max(0, body.find(quote))
    return Claim(
        claim.type, claim.status, claim.roles, (Evidence(start, start + len(quote), body[start : start + len(quote)]),),
        claim.amount, claim.valuation, claim.stake_pct, claim.quantity, claim.term, claim.date, claim.binding, claim.attribution,
        claim.confidence,
    )  # fmt: skip


CLAIMS = st.builds(
    deal,
    st.sampled_from(("investment", "purchase", "acquisition", "partnership")),
    st.sampled_from(("Amazon", "Amazon Web Services", "Microsoft", ("Apple", "Amazon"), "南雄矿业", "")),
    st.sampled_from(("OpenAI", "Anthropic", "Cerebras", "سيريبراس", "")),
    amount=st.sampled_from((None, None, "1000000000", "1030000000", "1060000000", "13000000000")),
    on=st.sampled_from((None, None, "2019", "2025-11", "2025-10-03")),
    status=st.sampled_from(("talks", "agreed", "completed", "terminated")),
)
DAYS = st.sampled_from((None, "2024-01-05", "2025-11-04", "2025-12-17"))
