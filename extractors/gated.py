"""Expressions that are tried only on a text that has one of the words which every match of them holds.

Looking for a few words costs a small part of what a search costs that begins with clitics or looks back from every character.
The words are worked out from the expression itself, so that a change of it can leave none of them behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any


class Gated:
    """A compiled expression behind its words; the methods are those of `re.Pattern`."""

    def __init__(self, pattern: str) -> None:
        self.compiled = re.compile(pattern)
        self.words = words_of(pattern)

    def is_open(self, text: str) -> bool:
        """Whether `text` has one of the words."""
        for word in self.words:  # noqa: SIM110 - `any` over a generator takes twice as long
            if word in text:
                return True
        return False

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        return self.compiled.search(text) if self.is_open(text) else None

    def sub(self, repl: str, text: str) -> str:
        """`text` with `repl` for every match."""
        return self.compiled.sub(repl, text) if self.is_open(text) else text

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches."""
        return self.compiled.finditer(text) if self.is_open(text) else iter(())


def words_of(pattern: str) -> tuple[str, ...]:
    """Words of which every match of `pattern` holds one, as long and as few as can be; an empty one where there are none.

    >>> words_of("[وف]?(?:وقعت?|ابرمت?) (?:عقدا?|اتفاقا?)(?= )")
    ('ابرم', 'وقع')
    >>> words_of("(?:甲|乙丙)?[丁戊]"), words_of("(?:甲|乙丙)?[丁-戊]")
    (('丁', '戊'), ('',))
    """
    parsed = parser.parse(pattern)
    words = _needed(parsed) if not parsed.state.flags & re.IGNORECASE else frozenset()
    words = words or frozenset({""})
    return tuple(sorted(word for word in words if not any(other != word and other in word for other in words)))


def _needed(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The best of the sets that the parts of a parsed expression need, one after the other; empty where nothing is needed."""
    sets: list[frozenset[str]] = []
    literal = ""
    for kind, value in (*items, (None, None)):
        if kind is parser.LITERAL:
            literal += chr(value)
            continue
        sets += [frozenset({literal})] if literal else []
        literal = ""
        if kind is parser.IN and all(sort is parser.LITERAL for sort, _ in value):
            sets.append(frozenset(chr(code) for _, code in value))
        elif kind is parser.SUBPATTERN:
            sets.append(frozenset() if value[1] else _needed(value[3]))  # (?i:…) is written in any case
        elif kind is parser.ATOMIC_GROUP:
            sets.append(_needed(value))
        elif kind is parser.ASSERT:
            sets.append(_needed(value[1]))
        elif kind is parser.BRANCH:
            sides = [_needed(side) for side in value[1]]
            sets.append(frozenset().union(*sides) if all(sides) else frozenset())
        elif kind in _REPEATS and value[0]:
            sets.append(_needed(value[2]))
    return max((one for one in sets if one), key=lambda one: (min(map(len, one)), -len(one)), default=frozenset())


_REPEATS = (parser.MAX_REPEAT, parser.MIN_REPEAT, parser.POSSESSIVE_REPEAT)
