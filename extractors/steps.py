"""The steps from an article to its claims, in order; each a pure function.

`extractors.pipeline.extract` runs them; `extractors.components` wraps them as spaCy components.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from extractors.amounts import find_amounts
from extractors.dates import find_dates
from extractors.deals import find_claims
from extractors.draft import may_tell
from extractors.home_currency import doubt_foreign
from extractors.language import SUPPORTED, detect
from extractors.name_edges import mend_edges
from extractors.names import find_names
from extractors.normalize import CleanText
from extractors.published import publication_date
from extractors.rates import RateBook, check_equivalent, with_rates
from extractors.reading import read
from extractors.tagger import BUNDLED
from models.article import Article
from models.claim import Claim
from models.errors import InputError
from models.mention import Amount, DateMention, Name


def in_language(article: Article) -> Article:
    """The article with language and region filled in; InputError when it is in no language of ours."""
    if article.language in SUPPORTED:
        return article
    found = detect(article.document, article.language, article.region)
    if found.language is None:
        raise InputError(article.id or "text", f"not Chinese or Arabic: {found.reason}")
    return replace(article, language=found.language, region=found.region)


def names_of(clean: CleanText, article: Article, model: str = BUNDLED) -> tuple[Name, ...]:
    """Companies, people and public bodies, in text order; `model` as in `extractors.names.find_names`."""
    return tuple(mend_edges(clean, find_names(clean, article.language or "", model)))


def amounts_of(clean: CleanText, article: Article, book: RateBook, names: Sequence[Name]) -> tuple[Amount, ...]:
    """Sums of money, converted at the rate of the publication day; `names` tell whose currency a bare one may be."""
    published = publication_date(article)
    found = doubt_foreign(clean.raw, find_amounts(clean, article.language or "", article.region), names)
    return tuple(_priced(amount, published, book) for amount in found)


def dates_of(clean: CleanText, article: Article) -> tuple[DateMention, ...]:
    """Dates and periods, resolved against the publication day."""
    return tuple(find_dates(clean, article.language or "", publication_date(article), article.region))


def claims_of(
    clean: CleanText,
    article: Article,
    book: RateBook,
    *,
    names: Sequence[Name],
    amounts: Sequence[Amount],
    dates: Sequence[DateMention],
) -> tuple[Claim, ...]:
    """Deals, each told once."""
    if not may_tell(clean.text, article.language or ""):
        return ()
    reading = read(article, article.language or "", clean, names=names, amounts=amounts, dates=dates)
    published = publication_date(article)
    return tuple(_dated(claim, published, book) for claim in find_claims(reading))


def _priced(amount: Amount, on: date | None, book: RateBook) -> Amount:
    issue = check_equivalent(amount, on)
    return with_rates(replace(amount, issues=(*amount.issues, issue)) if issue else amount, on, book)


def _dated(claim: Claim, published: date | None, book: RateBook) -> Claim:
    """The claim with its amounts at the rate of the deal's own day, where it is known and past."""
    day = claim.date.start_date if claim.date and claim.date.precision in {"day", "month"} else None
    if day is None or published is None or day >= published:
        return claim
    return replace(
        claim,
        amount=with_rates(claim.amount, day, book) if claim.amount else None,
        valuation=with_rates(claim.valuation, day, book) if claim.valuation else None,
    )
