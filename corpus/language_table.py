"""`corpus/languages/<code>.toml`: the words of one language that the grammars run on, one section a grammar.

Words may be written in any spelling: the grammars fold them (`extractors.normalize.fold`) when they are built.
"""

from __future__ import annotations

import functools

from corpus.load import Row, read_toml_folder


class NumberWords(Row):
    """Section [numbers]: what the grammars of `extractors.numerals` and `extractors.amounts` read."""


class DateWords(Row):
    """Section [dates]: what `extractors.dates` reads."""


class NameWords(Row):
    """Section [names]: what `extractors.names` reads."""


class DealWords(Row):
    """Section [deals]: attribution, negation, modality and anaphora, for `extractors.deals`."""


class Language(Row):
    """One language file."""

    name: str
    numbers: NumberWords
    dates: DateWords
    names: NameWords
    deals: DealWords


@functools.cache
def languages() -> dict[str, Language]:
    """Every language by code (`zh` serves both scripts: rules run on simplified characters)."""
    return read_toml_folder("languages", Language)
