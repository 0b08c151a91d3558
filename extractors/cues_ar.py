"""Cues of the deal tables in a part of an Arabic sentence."""

from __future__ import annotations

import functools
import re

from extractors.draft import CueAt, cue_words
from extractors.parts_ar import Part
from extractors.words_ar import OBJECT_SUFFIX

_CLITICS = re.compile(r"[وف]?(?:لل|[بلك]?(?:ال)?)?")
_FUTURE = re.compile(r"س[تي]\w{2}")


@functools.cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First word of a cue -> (all its words, the cue as the table writes it), longest first."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for word in cue_words("ar"):
        parts = tuple(word.split())
        table.setdefault(parts[0], []).append((parts, word))
    for phrases in table.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return table


@functools.lru_cache(maxsize=1 << 16)
def _stems(word: str) -> tuple[str, ...]:
    """A word as written, then without its clitics and pronoun, longest first.

    >>> _stems("وباستحواذها")[-1]
    'استحواذ'
    """
    match = _CLITICS.match(word)
    bare = word[match.end() :] if match else word
    candidates = {bare, word[1:] if word[:1] in "وفبل" else word}
    candidates |= {c[1:] for c in (*candidates, word) if _FUTURE.match(c)}
    if match is None or "ال" not in match.group():  # a definite noun has no pronoun: الدفعة is not دفع + ه
        candidates |= {OBJECT_SUFFIX.sub("", c) for c in (*candidates, word)}
    return (word, *sorted((c for c in candidates if len(c) > 1 and c != word), key=lambda c: (-len(c), c)))


@functools.lru_cache(maxsize=1 << 16)
def _cue_starts(word: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The cues that a word may begin, those of its fullest form first."""
    return tuple(phrase for stem in _stems(word) for phrase in _phrases().get(stem, ()))


def may_open(word: str) -> bool:
    """Whether a cue may begin with the word, in small letters."""
    return bool(_cue_starts(word))


def find_cues(part: Part) -> list[CueAt]:
    """Cues of a part, the longest phrase at each word, none inside a name or in brackets."""
    out: list[CueAt] = []
    table = cue_words("ar")
    skip = 0
    for at, token in enumerate(part.tokens):
        if at < skip or token.word is None or token.depth:
            continue
        found = _phrase_at(part, at)
        if found is None:
            continue
        length, phrase = found
        skip = at + length
        following = " ".join(t.text for t in part.tokens[skip : skip + 3])
        behind = " ".join(t.text for t in part.tokens[max(at - 2, 0) : at])
        for kind, cue in table[phrase]:
            if (cue.not_before and following.startswith(cue.not_before)) or (cue.not_after and behind.endswith(cue.not_after)):
                continue
            out.append(CueAt(token.start, part.tokens[skip - 1].end, kind, cue))
    return out


def _phrase_at(part: Part, at: int) -> tuple[int, str] | None:
    """(number of words, cue) of the cue that stands at a token."""
    for parts, phrase in _cue_starts(part.tokens[at].text.lower()):
        if len(parts) == 1:
            return 1, phrase
        rest = part.tokens[at + 1 : at + len(parts)]
        if len(rest) == len(parts) - 1 and all(p in _stems(t.text) for p, t in zip(parts[1:], rest, strict=True)):
            return len(parts), phrase
    return None
