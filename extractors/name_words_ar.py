"""The words by which names are read in Arabic text: heads, tails, what no name has in it (folded text)."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.language_table import languages
from extractors.alternation import alternation
from extractors.normalize import fold

_LETTERS = "\u0620-\u064a\u066e-\u06d3"


@dataclass(frozen=True, slots=True)
class NameWords:
    head: re.Pattern[str]
    bodies: frozenset[str]
    breaks: frozenset[str]
    generic: frozenset[str]
    nations: frozenset[str]
    purposes: frozenset[str]
    regions: re.Pattern[str]
    keep: frozenset[str]
    verbs: frozenset[str]
    carried: frozenset[str]
    """The verbs, and with a pronoun: تمتلكها"""
    leads: re.Pattern[str]
    """What leads to a party after it: الاستحواذ على, عقد مع"""
    tails: frozenset[str]
    latin_stop: frozenset[str]
    given: frozenset[str]


@functools.cache
def name_words() -> NameWords:
    """Those of the language table."""
    table = languages()["ar"].names

    def folded(words: Sequence[str]) -> frozenset[str]:
        return frozenset(fold(word) for word in words)

    heads = alternation(folded(table.heads) | folded(table.bodies))
    return NameWords(
        re.compile(rf"(?<![{_LETTERS}])(?P<clitic>[وف]?[بلك]?)(?P<the>ال|(?<=ل)ل)?(?P<noun>{heads})(?![{_LETTERS}])"),
        folded(table.bodies), folded(table.breaks), folded(table.generic), folded(table.places), folded(table.double),
        re.compile(rf" (?:{alternation(folded(table.regions))})(?: وشمال افريقيا)?(?![{_LETTERS}])"),
        folded(table.keep), folded(table.subject_verbs),
        folded(table.subject_verbs) | {f"{verb}ها" for verb in folded(table.subject_verbs)},
        re.compile(rf"(?<![{_LETTERS}])[وف]?(?:{alternation(folded(table.object_verbs))})(?= )"),
        folded(table.tails),
        frozenset(word.lower() for word in table.latin_stop),
        folded(table.given),
    )  # fmt: skip
