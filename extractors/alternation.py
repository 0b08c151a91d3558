"""Word lists as regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable


def alternation(words: Iterable[str]) -> str:
    """Any of the words, the longest first; of no words a pattern that never matches, where an empty one would match everywhere.

    Shared beginnings are written once, so that a list of hundreds costs a few steps at each place and not hundreds.

    >>> alternation(["明天", "明年", "明年度"]), alternation([])
    ('明(?:天|年(?:度)?)', '(?!)')
    """
    tree: dict[str, list[str]] = {}
    for word in dict.fromkeys(words):
        tree.setdefault(word[:1], []).append(word[1:])
    branches = []
    for char, rests in tree.items():
        longer = [rest for rest in rests if rest]
        inner = alternation(longer) if longer else ""
        if len(longer) > 1 and len({rest[0] for rest in longer}) > 1:
            inner = f"(?:{inner})"
        if longer and len(longer) < len(rests):
            inner = f"(?:{inner})?"
        branches.append(re.escape(char) + inner)
    return "|".join(branches) or "(?!)"
