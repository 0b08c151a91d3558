"""`corpus/company_words.tsv`: words of company names that say what a company does or where it is, in every script."""

from __future__ import annotations

import functools
from typing import Literal

from corpus.entity_table import Cell
from corpus.load import Row, read_tsv
from models.errors import CorpusError


class CompanyWord(Row):
    """One concept with its words by script; Arabic words without article."""

    concept: str
    weight: Literal["weak", "strong", "place", "city"]
    hans: Cell = ()
    ar: Cell = ()
    latin: Cell = ()


@functools.cache
def company_words() -> tuple[CompanyWord, ...]:
    """Every concept; a word that stands for two is a clash."""
    rows: list[CompanyWord] = []
    seen: dict[str, str] = {}
    for line, row in read_tsv("company_words.tsv", CompanyWord):
        for word in (*row.hans, *row.ar, *row.latin):
            if word in seen:
                raise CorpusError(f"corpus/company_words.tsv:{line}: {word} is already {seen[word]}")
            seen[word] = row.concept
        rows.append(row)
    return tuple(rows)
