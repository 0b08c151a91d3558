"""Expressions that are tried only on a text that has the words which every match of them holds, or one of each group of them.

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
        """Whether `text` has one of the words of each group."""
        for group in self.words:
            for word in group:  # `any` over a generator takes twice as long
                if word in text:
                    break
            else:
                return False
        return True

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        return self.compiled.search(text) if self.is_open(text) else None

    def sub(self, repl: str, text: str) -> str:
        """`text` with `repl` for every match."""
        return self.compiled.sub(repl, text) if self.is_open(text) else text

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches."""
        return self.compiled.finditer(text) if self.is_open(text) else iter(())


def words_of(pattern: str) -> tuple[tuple[str, ...], ...]:
    """Groups of words, of each of which every match of `pattern` holds one: at most two, those of the longest and fewest words.

    >>> words_of("[وف]?(?:وقعت?|ابرمت?) (?:عقدا?|اتفاقا?)(?= )")
    (('ابرم', 'وقع'), ('اتفاق', 'عقد'))
    >>> words_of("(?:甲|乙丙)?[丁戊]"), words_of("(?:甲|乙丙)?[丁-戊]")
    ((('丁', '戊'),), ())
    """
    parsed = parser.parse(pattern)
    groups = _groups(parsed) if not parsed.state.flags & re.IGNORECASE else []
    return tuple(map(_shortest, sorted(groups, key=_worth, reverse=True)[:_MOST_GROUPS]))


def _shortest(words: frozenset[str]) -> tuple[str, ...]:
    """The words without those that hold another."""
    return tuple(sorted(word for word in words if not any(other != word and other in word for other in words)))


def _worth(words: frozenset[str]) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


def _needed(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The best group that a parsed expression needs; empty where nothing is needed."""
    return max(_groups(items), key=_worth, default=frozenset())


def _groups(items: Iterable[tuple[Any, Any]]) -> list[frozenset[str]]:
    """The groups that the parts of a parsed expression need, one after the other."""
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
    return [one for one in sets if one and one != _BLANK]


_MOST_GROUPS = 2
_BLANK = frozenset({" "})
_REPEATS = (parser.MAX_REPEAT, parser.MIN_REPEAT, parser.POSSESSIVE_REPEAT)
