"""Dealwire's spaCy components. Registered as entry points, so any pipeline can add them by name.

>>> import spacy
>>> nlp = spacy.blank("zh")
>>> for pipe in PIPES:
...     _ = nlp.add_pipe(pipe)
>>> doc = nlp("輝達宣布向OpenAI投資100億美元。")
>>> [(claim.type, claim.status, str(claim.amount.value)) for claim in doc._.claims]
[('investment', 'agreed', '10000000000')]

What a component finds is in ``doc._.names``, ``doc._.amounts``, ``doc._.dates`` and ``doc._.claims`` (records of `models`,
spans in code points of ``doc.text``) and, as token spans for display, in ``doc.spans``; ``doc._.times`` reads times of day,
lengths of time and what recurs when it is asked for. Set ``doc._.article`` before the pipeline runs to give
language, region and publication date; without it the language is detected and relative dates stay open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from extractors.amounts import find_amounts
from extractors.dates import find_dates
from extractors.deals import find_claims
from extractors.home_currency import doubt_foreign
from extractors.language import SUPPORTED, detect
from extractors.name_edges import mend_edges
from extractors.names import find_names
from extractors.normalize import CleanText, normalize
from extractors.published import publication_date
from extractors.rates import RateBook, check_equivalent, with_rates
from extractors.reading import read
from extractors.times import find_times
from models.article import Article
from models.claim import Claim
from models.errors import InputError
from models.mention import Amount, DateMention, Name, TimeMention

PIPES = ("dealwire_names", "dealwire_amounts", "dealwire_dates", "dealwire_deals")
_ATTRIBUTES = ("names", "amounts", "dates", "claims")
_CLEAN = "dealwire_clean"
_RATES = "dealwire_rates"

for _attribute in _ATTRIBUTES:
    Doc.set_extension(_attribute, default=(), force=True)
Doc.set_extension("article", default=None, force=True)
Doc.set_extension("conversions", default=(), force=True)

Component = Callable[[Doc], Doc]


def _times(doc: Doc) -> tuple[TimeMention, ...]:
    article = article_of(doc)
    return tuple(find_times(_clean(doc), article.language or "", publication_date(article), article.region))


Doc.set_extension("times", getter=_times, force=True)


def article_of(doc: Doc) -> Article:
    """The article a Doc stands for, with language and region filled in; InputError when it is in no language of ours."""
    article: Article = doc._.article or Article(id="", text=doc.text)
    if article.language in SUPPORTED:
        return article
    found = detect(doc.text, article.language, article.region)
    if found.language is None:
        raise InputError(article.id or "text", f"not Chinese or Arabic: {found.reason}")
    article = replace(article, language=found.language, region=found.region)
    doc._.article = article
    return article


def _clean(doc: Doc) -> CleanText:
    clean = doc.user_data.get(_CLEAN)
    if clean is None:
        clean = doc.user_data[_CLEAN] = normalize(doc.text)
    return clean


def rate_book(doc: Doc) -> RateBook:
    """The rates of the article: those it was converted at before, when it has been, else those of the tables."""
    book = doc.user_data.get(_RATES)
    if book is None:
        book = doc.user_data[_RATES] = RateBook(doc._.conversions)
    return book


def _show(doc: Doc, key: str, mentions: Iterable[Name | Amount | DateMention]) -> None:
    """Token spans for displaCy and other spaCy tools; a mention that cuts a token is widened to it."""
    spans = [doc.char_span(m.start, m.end, label=key, alignment_mode="expand") for m in mentions]
    doc.spans[key] = SpanGroup(doc, name=key, spans=[span for span in spans if span is not None])


@Language.factory("dealwire_names", assigns=["doc._.names"])
def make_names(nlp: Language, name: str) -> Component:  # noqa: ARG001  (the signature of a spaCy factory)
    """Companies, people and public bodies -> ``doc._.names``."""

    def names(doc: Doc) -> Doc:
        doc._.names = tuple(mend_edges(_clean(doc), find_names(_clean(doc), article_of(doc).language or "")))
        _show(doc, "names", doc._.names)
        return doc

    return names


@Language.factory("dealwire_amounts", assigns=["doc._.amounts"])
def make_amounts(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Sums of money, converted at the rate of the publication day -> ``doc._.amounts``."""

    def amounts(doc: Doc) -> Doc:
        article = article_of(doc)
        found = doubt_foreign(doc.text, find_amounts(_clean(doc), article.language or "", article.region), doc._.names)
        book = rate_book(doc)
        doc._.amounts = tuple(_priced(amount, publication_date(article), book) for amount in found)
        _show(doc, "amounts", doc._.amounts)
        return doc

    return amounts


def _priced(amount: Amount, on: date | None, book: RateBook) -> Amount:
    issue = check_equivalent(amount, on)
    return with_rates(replace(amount, issues=(*amount.issues, issue)) if issue else amount, on, book)


@Language.factory("dealwire_dates", assigns=["doc._.dates"])
def make_dates(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Dates and periods, resolved against the publication day -> ``doc._.dates``."""

    def dates(doc: Doc) -> Doc:
        article = article_of(doc)
        doc._.dates = tuple(find_dates(_clean(doc), article.language or "", publication_date(article), article.region))
        _show(doc, "dates", doc._.dates)
        return doc

    return dates


@Language.factory("dealwire_deals", assigns=["doc._.claims"], requires=["doc._.names", "doc._.amounts", "doc._.dates"])
def make_deals(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Deals -> ``doc._.claims``."""

    def deals(doc: Doc) -> Doc:
        article = article_of(doc)
        reading = read(article, article.language or "", _clean(doc), names=doc._.names, amounts=doc._.amounts, dates=doc._.dates)
        published = publication_date(article)
        doc._.claims = tuple(_dated(claim, published, rate_book(doc)) for claim in find_claims(reading))
        return doc

    return deals


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
