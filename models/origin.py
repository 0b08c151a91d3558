"""Who copied whom: articles that carry one text are one origin, however many print it. Pure.

A text is sketched once (`sketch`); sketches are compared only within an event (`origins`), so that what a copy is
never depends on what else is in the store.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable

from rensa import RMinHash

_WINDOW = 8
_BANDS = 12
_ROWS = 5
_SEED = 1
_SHORT = 96
"""Folded characters below which only equal texts are copies"""


def sketch(text: str, fallback: str) -> str:
    """Twelve hashes of a text, joined by full stops; near-copies share at least one.

    Each is of five minima of the text's windows (MinHash by rensa, whose digests are the same on every machine). Two texts with
    90 % of their length in common share a hash in 99 of 100 cases, with 80 % in 80, with 60 % in 16, with 40 % in one. A short
    text has one hash; an empty one that of `fallback`.

    >>> sketch("今日頭條", "a") == sketch("今日頭條。", "b"), sketch("", "a") == sketch("", "b")
    (True, False)
    """
    folded = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
    if len(folded) < _SHORT:
        return f"{zlib.crc32((folded or fallback).encode()):08x}{len(folded):02x}"
    minima = RMinHash(num_perm=_BANDS * _ROWS, seed=_SEED)
    minima.update([folded[at : at + _WINDOW] for at in range(len(folded) - _WINDOW + 1)])
    digest = minima.digest()
    bands = (digest[at : at + _ROWS] for at in range(0, len(digest), _ROWS))
    return ".".join(f"{zlib.crc32(repr(band).encode()):08x}" for band in bands)


def origins(sketches: Iterable[str]) -> dict[str, str]:
    """The origin of each sketch: the smallest of those it shares a hash with, directly or through others.

    >>> origins(["a.b", "c.d", "e.b"])
    {'a.b': 'a.b', 'c.d': 'c.d', 'e.b': 'a.b'}
    """
    ordered = sorted(set(sketches))
    root = {one: one for one in ordered}

    def find(one: str) -> str:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    holder: dict[tuple[int, str], str] = {}
    joined = False
    for one in ordered:
        for band in enumerate(one.split(".")):
            other = holder.setdefault(band, one)
            if other is not one:
                first, second = sorted((find(other), find(one)))
                root[second] = first
                joined = True
    if not joined:  # nearly always
        return root
    return {one: find(one) for one in ordered}
