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

import functools
from collections.abc import Callable, Iterable

import spacy
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from extractors.normalize import CleanText, normalize
from extractors.published import publication_date
from extractors.rates import RateBook
from extractors.steps import amounts_of, claims_of, dates_of, in_language, names_of
from extractors.tagger import BUNDLED
from extractors.times import find_times
from extractors.tokenizer import NewsTokenizer
from models.article import Article
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
    article = in_language(doc._.article or Article(id="", text=doc.text))
    doc._.article = article
    return article


def _clean(doc: Doc) -> CleanText:
    clean = doc.user_data.get(_CLEAN)
    if clean is None:
        clean = doc.user_data[_CLEAN] = normalize(doc.text)
    return clean


def _rate_book(doc: Doc) -> RateBook:
    """The rates of the article: those it was converted at before, when it has been, else those of the tables."""
    book = doc.user_data.get(_RATES)
    if book is None:
        book = doc.user_data[_RATES] = RateBook(doc._.conversions)
    return book


def _show(doc: Doc, key: str, mentions: Iterable[Name | Amount | DateMention]) -> None:
    """Token spans for displaCy and other spaCy tools; a mention that cuts a token is widened to it."""
    spans = [doc.char_span(m.start, m.end, label=key, alignment_mode="expand") for m in mentions]
    doc.spans[key] = SpanGroup(doc, name=key, spans=[span for span in spans if span is not None])


@Language.factory("dealwire_names", assigns=["doc._.names"], default_config={"model": BUNDLED})
def make_names(nlp: Language, name: str, model: str) -> Component:  # noqa: ARG001  (the signature of a spaCy factory)
    """Companies, people and public bodies -> ``doc._.names``. `model`: see `extractors.names.find_names`."""

    def names(doc: Doc) -> Doc:
        doc._.names = names_of(_clean(doc), article_of(doc), model)
        _show(doc, "names", doc._.names)
        return doc

    return names


@Language.factory("dealwire_amounts", assigns=["doc._.amounts"])
def make_amounts(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Sums of money, converted at the rate of the publication day -> ``doc._.amounts``."""

    def amounts(doc: Doc) -> Doc:
        doc._.amounts = amounts_of(_clean(doc), article_of(doc), _rate_book(doc), doc._.names)
        _show(doc, "amounts", doc._.amounts)
        return doc

    return amounts


@Language.factory("dealwire_dates", assigns=["doc._.dates"])
def make_dates(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Dates and periods, resolved against the publication day -> ``doc._.dates``."""

    def dates(doc: Doc) -> Doc:
        doc._.dates = dates_of(_clean(doc), article_of(doc))
        _show(doc, "dates", doc._.dates)
        return doc

    return dates


@Language.factory("dealwire_deals", assigns=["doc._.claims"], requires=["doc._.names", "doc._.amounts", "doc._.dates"])
def make_deals(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Deals -> ``doc._.claims``."""

    def deals(doc: Doc) -> Doc:
        found = {"names": doc._.names, "amounts": doc._.amounts, "dates": doc._.dates}
        doc._.claims = claims_of(_clean(doc), article_of(doc), _rate_book(doc), **found)
        return doc

    return deals


@functools.cache
def build(code: str) -> Language:
    """A blank `zh` or `ar` pipeline with our tokenizer and components.

    >>> build("zh").pipe_names
    ['dealwire_names', 'dealwire_amounts', 'dealwire_dates', 'dealwire_deals']
    """
    nlp = spacy.blank(code)
    nlp.tokenizer = NewsTokenizer(nlp.vocab)
    for pipe in PIPES:
        nlp.add_pipe(pipe)
    return nlp
