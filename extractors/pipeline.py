"""The spaCy pipelines of Dealwire, and the two functions most callers need: `extract` and `extract_all`."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import spacy
from spacy.language import Language

from extractors.components import PIPES, article_of, rate_book
from extractors.language import grammar_language
from extractors.tokenizer import NewsTokenizer
from models.article import Article
from models.claim import Extraction
from models.mention import Conversion

VERSION = "1"
"""Of everything that decides what is extracted; raise it with each change of a grammar or table, so that the store re-reads."""


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


def extract(article: Article, conversions: Iterable[Conversion] = ()) -> Extraction:
    """Everything Dealwire reads in one article; InputError when it is in none of our languages.

    `conversions` are the rates that the same text was converted at before: they stay.

    >>> found = extract(Article(id="a", text="輝達宣布向OpenAI投資100億美元。", published="2025-09-23"))
    >>> found.language, [name.canonical for name in found.claims[0].roles["investor"]]
    ('zh-Hant', ['Nvidia'])
    """
    doc = build("zh").make_doc(article.document)
    doc._.article = article
    doc._.conversions = tuple(conversions)
    article = article_of(doc)
    code = grammar_language(article.language or "")
    doc = build(code)(doc)
    return Extraction(
        article_id=article.id, language=article.language or "", region=article.region, published=article.published,
        claims=doc._.claims, amounts=doc._.amounts, dates=doc._.dates, names=doc._.names,
        issues=tuple(dict.fromkeys(issue for amount in doc._.amounts for issue in amount.issues)),
        conversions=rate_book(doc).used,
    )  # fmt: skip


def extract_all(articles: Iterable[Article]) -> Iterator[tuple[Article, Extraction]]:
    """`extract` over many, in order."""
    for article in articles:
        yield article, extract(article)
