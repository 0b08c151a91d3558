"""Names of the entity table in folded text: one automaton over every spelling, and the rules that make a hit a mention."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from corpus.entity_table import Entity, entities
from extractors.normalize import fold

NEAR = 48
"""How far from a guarded spelling, in code points, a word of its context may stand"""

_ARABIC = re.compile("[\u0620-\u065f\u0670-\u06d3]")
_LATIN = re.compile(r"[^\W\d_\u0600-\u06ff\u2e80-\u9fff\uac00-\ud7a3]")
# Conjunction, then preposition, each one letter that is written together with the word it stands before.
_CLITICS = re.compile("(?<![\u0620-\u065f\u0670-\u06d3])[وف]?[بلك]?$")
_QUOTES = "\"'«»“”‘’「」『』《》()"


@dataclass(frozen=True, slots=True)
class Found:
    """A name in folded text. `entity` is None for one that no row knows; `weight` ranks names that overlap."""

    start: int
    end: int
    entity: Entity | None = None
    kind: str = "company"
    canonical: str | None = None
    aliases: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class _Spelling:
    text: str
    entity: Entity
    guarded: bool
    printed: str
    """As the row writes it, to tell du from DU"""


def lower(text: str) -> str:
    """Lower case of the same length: the few characters that grow (İ) stay as they are.

    >>> lower("OpenAI İstanbul")
    'openai İstanbul'
    """
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def _spellings(entity: Entity) -> Iterable[_Spelling]:
    guarded = set(entity.guarded)
    done: set[str] = set()
    for printed in entity.spellings:
        text = lower(fold(printed))
        if text not in done:
            done.add(text)
            yield _Spelling(text, entity, printed in guarded, printed)


@functools.cache
def _by_text() -> dict[str, tuple[_Spelling, ...]]:
    table: defaultdict[str, list[_Spelling]] = defaultdict(list)
    for entity in entities().values():
        for spelling in _spellings(entity):
            table[spelling.text].append(spelling)
    return {text: tuple(group) for text, group in table.items()}


@functools.cache
def _automaton() -> tuple[AhoCorasick, tuple[tuple[str, int], ...]]:
    """Every spelling, and لل + rest for one that begins with the article: (text of the table, letters that are clitic)."""
    patterns = {text: (text, 0) for text in _by_text()}
    for text in _by_text():
        if text.startswith("ال"):
            patterns.setdefault("لل" + text[2:], (text, 1))
    return AhoCorasick(list(patterns), matchkind=MatchKind.Standard), tuple(patterns.values())


@functools.cache
def _context(entity_id: str) -> tuple[str, ...]:
    return tuple(lower(fold(word)) for word in entities()[entity_id].context)


def find_known(text: str) -> list[Found]:
    """Names of the table in folded `text`, in order, none overlapping; of two that overlap the one that starts first, then the longer.

    >>> text = fold("輝達擬向OpenAI投資，وقعت مع لأمازون")
    >>> [(text[f.start:f.end], f.entity.id) for f in find_known(text)]
    [('辉达', 'nvidia'), ('OpenAI', 'openai'), ('امازون', 'amazon')]
    """
    lowered = lower(text)
    hits = _bounded(text, lowered)
    named = {s.entity.id for _, _, group in hits for s in group if not s.guarded and len(group) == 1}
    found: list[Found] = []
    done = 0
    for start, end, group in hits:
        if start < done:
            continue
        choices = [s.entity for s in group if not s.guarded or _evident(s, text, lowered, start, end, named)]
        if len(choices) == 1:
            found.append(Found(start, end, choices[0], choices[0].kind))
            done = end
    return found


def _bounded(text: str, lowered: str) -> list[tuple[int, int, tuple[_Spelling, ...]]]:
    automaton, patterns = _automaton()
    table = _by_text()
    hits = []
    for index, start, end in automaton.find_matches_as_indexes(lowered, overlapping=True):
        spelled, shift = patterns[index]
        if _is_bounded(text, start, end, shift):
            hits.append((start + shift, end, table[spelled]))
    hits.sort(key=lambda hit: (hit[0], -hit[1]))
    return hits


def _is_bounded(text: str, start: int, end: int, shift: int) -> bool:
    first, last = text[start], text[end - 1]
    before, after = text[start - 1 : start], text[end : end + 1]
    if _LATIN.match(first) and before and (_LATIN.match(before) or before in "@/._-"):
        return False
    if _LATIN.match(last) and after and _LATIN.match(after):
        return False
    if first.isdigit() and before and (before.isalnum() and before.isascii() or before in ".,"):
        return False
    if last.isdigit() and after and (after.isalnum() and after.isascii()):
        return False
    if _ARABIC.match(last) and after and _ARABIC.match(after):
        return False
    if _ARABIC.match(first) and before and _ARABIC.match(before):
        return _CLITICS.search(text, max(0, start - 3), start) is not None and not (shift and before not in "وف")
    return True


def _evident(spelling: _Spelling, text: str, lowered: str, start: int, end: int, named: set[str]) -> bool:
    """Whether a guarded spelling is meant as a name here: printed as the row prints it, and named, quoted, headed or in context."""
    if spelling.printed.isascii() and text[start:end] != spelling.printed:
        return False
    if spelling.entity.id in named:
        return True
    if text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES and start and end < len(text):
        return True
    around = lowered[max(0, start - NEAR) : start] + "\n" + lowered[end : end + NEAR]
    return any(word in around for word in _context(spelling.entity.id))


def lookup_entity(text: str) -> Entity | None:
    """The one entity of the table that `text` is an exact name of; None when there is none or there are several."""
    group: Sequence[_Spelling] = _by_text().get(lower(fold(text.strip())), ())
    return group[0].entity if len(group) == 1 else None
