"""What most callers need: `extract` and `extract_all`. The same steps as spaCy components are in `extractors.components`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractors.normalize import normalize
from extractors.rates import RateBook
from extractors.steps import amounts_of, claims_of, dates_of, in_language, names_of
from extractors.tagger import BUNDLED
from models.article import Article
from models.claim import Extraction
from models.mention import Conversion


def extract(article: Article, conversions: Iterable[Conversion] = (), model: str = BUNDLED) -> Extraction:
    """Everything Dealwire reads in one article; InputError when it is in none of our languages.

    `conversions` are the rates that the same text was converted at before: they stay. `model` finds names that no table
    lists (`extractors.names.find_names`).

    >>> found = extract(Article(id="a", text="輝達宣布向OpenAI投資100億美元。", published="2025-09-23"))
    >>> found.language, [name.canonical for name in found.claims[0].roles["investor"]]
    ('zh-Hant', ['Nvidia'])
    """
    article = in_language(article)
    clean, book = normalize(article.document), RateBook(conversions)
    names, dates = names_of(clean, article, model), dates_of(clean, article)
    amounts = amounts_of(clean, article, book, names)
    return Extraction(
        article_id=article.id, language=article.language or "", region=article.region, published=article.published,
        claims=claims_of(clean, article, book, names=names, amounts=amounts, dates=dates),
        amounts=amounts, dates=dates, names=names,
        issues=tuple(dict.fromkeys(issue for amount in amounts for issue in amount.issues)), conversions=book.used,
    )  # fmt: skip


def extract_all(articles: Iterable[Article]) -> Iterator[tuple[Article, Extraction]]:
    """`extract` over many, in order."""
    for article in articles:
        yield article, extract(article)
