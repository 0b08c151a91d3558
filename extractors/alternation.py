"""Word lists as regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable


def alternation(words: Iterable[str]) -> str:
    """Any of the words, the longest first; of no words a pattern that never matches, where an empty one would match everywhere.

    >>> alternation(["已", "已经"]), alternation([])
    ('已经|已', '(?!)')
    """
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) or "(?!)"
