"""What a grammar hands to the assembly of claims, and what both grammars share."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from corpus.deal_table import Cue, deals
from corpus.entity_table import entities
from corpus.language_table import languages
from extractors.language import grammar_language
from extractors.normalize import fold
from extractors.reading import At, Clause, Sentence
from models.mention import Amount, Name


class CueAt(NamedTuple):
    """A cue of a deal table where it stands in the folded text."""

    start: int
    end: int
    type: str
    cue: Cue


GENERAL = Cue(words=(), frame="agree")
"""Stands for the word of a deal told by no cue of its own: 協議, اتفاق"""


@dataclass(slots=True)
class Draft:
    """One telling of a deal: who and where. Amount, date and status are attached later from the same sentence."""

    type: str
    roles: dict[str, list[Name]]
    cue: CueAt
    sentence: Sentence
    clause: Clause
    generic: bool = False
    """Told by a general word (協議, اتفاق); a specific telling of the same pair replaces it"""
    percent: Decimal | None = None
    amount: At[Amount] | None = None
    agreed: bool = False
    """A right to shares that is signed for, not yet a holding"""
    scope: str | None = None
    """The folded text that speaks of the deal, where that is more or less than its clause"""


@functools.cache
def cue_words(language: str) -> dict[str, list[tuple[str, Cue]]]:
    """Every cue of a language: folded word -> the (type, cue) pairs that it may tell."""
    table: dict[str, list[tuple[str, Cue]]] = {}
    for kind, row in deals().items():
        for cue in row.cues.get(language, ()):
            for word in cue.words:
                table.setdefault(fold(word).lower(), []).append((kind, _folded(cue)))
    return table


@functools.cache
def object_words(language: str) -> tuple[tuple[str, str], ...]:
    """(folded object word, type), longest first: what is signed when a general word tells a deal."""
    pairs = {(fold(word).lower(), kind) for kind, row in deals().items() for word in row.objects.get(language, ())}
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


_SHORT_CUES = ("砸", "抛", "沽")


@functools.cache
def _telling_words(code: str) -> AhoCorasick:
    """The first word of every cue, of every object and of every word for signing; one character only to pay or sell."""
    table = languages()[code].deals
    signing = (*table.chinese.signing, *table.syntax.signing)
    cues = (word for word in cue_words(code) if len(word) > 1)  # 并 is most often and
    words = (*cues, *_SHORT_CUES, *(word for word, _ in object_words(code)), *(fold(word).lower() for word in signing))
    return AhoCorasick(sorted({word.split()[0] for word in words}), implementation=Implementation.DFA)


def may_tell(text: str, language: str) -> bool:
    """Whether folded `text` has a word that may tell a deal; one without need be read no further.

    >>> may_tell("辉达拟收购", "zh-Hant"), may_tell("天气晴", "zh-Hant")
    (True, False)
    """
    return bool(_telling_words(grammar_language(language)).find_matches_as_indexes(text.lower()))


@functools.cache
def providers() -> frozenset[str]:
    """Entity ids that are known to sell what other companies buy."""
    return frozenset(entity for row in deals().values() for entity in row.providers)


@functools.cache
def owners_of_providers() -> frozenset[str]:
    """Entity ids of those whose unit is known to sell what other companies buy."""
    rows = entities()
    return frozenset(owner for one in providers() if one in rows and (owner := rows[one].parent))


def _folded(cue: Cue) -> Cue:
    changed = {key: tuple(fold(word).lower() for word in getattr(cue, key)) for key in ("not_before", "not_after")}
    return cue.model_copy(update=changed)


def key_of(name: Name) -> str:
    """What tells participants apart: the entity id, else the folded canonical name."""
    return name.entity_id or fold(name.canonical).lower()


def distinct(names: Sequence[Name]) -> list[Name]:
    """Names without those that say the same participant again."""
    seen: set[str] = set()
    kept = []
    for name in names:
        key = key_of(name)
        if key not in seen:
            seen.add(key)
            kept.append(name)
    return kept
