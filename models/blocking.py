"""Which claims have a reason to be compared: those of which one asks for a block key that the other has. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from models.deal import Keys

_AT_A_TIME = 1_000_000
"""Pairs worked out at a time: bounds the memory where many claims share a key"""

Numbers = NDArray[np.int64]


def held(keys: Sequence[Keys]) -> tuple[Numbers, Numbers]:
    """(key, place of the claim that has it), by key and place."""
    key, place = _flat([one.has for one in keys])
    order = np.lexsort((place, key))
    return key[order], place[order]


def meeting(keys: Sequence[Keys], had: tuple[Numbers, Numbers]) -> Iterator[tuple[int, int]]:
    """Places of claims to compare, each pair once and in order, the smaller place first; `had` is what `held` says.

    Asking is mutual, so that only the later of two has to ask.

    >>> keys = [Keys((1, 2), (1,)), Keys((3,), (2, 3)), Keys((1,), (1, 3))]
    >>> list(meeting(keys, held(keys)))
    [(0, 1), (0, 2), (1, 2)]
    """
    has, holder = had
    asked, asker = _flat([one.asks for one in keys])
    first = np.searchsorted(has, asked, "left")
    count = np.searchsorted(has, asked, "right") - first
    some = count > 0
    first, count, asker = first[some], count[some], asker[some]
    upto = np.cumsum(count)
    codes: list[Numbers] = []
    start = 0
    while start < len(count):
        done = upto[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(upto, done + _AT_A_TIME, "right")))
        size = count[start:stop]
        later = np.repeat(asker[start:stop], size)
        within = np.arange(len(later)) - np.repeat(upto[start:stop] - size - done, size)
        earlier = holder[np.repeat(first[start:stop], size) + within]
        codes.append(np.unique((earlier << 32 | later)[earlier < later]))
        start = stop
    if not codes:
        return
    for code in np.unique(np.concatenate(codes)).tolist():
        yield code >> 32, code & 0xFFFFFFFF


def _flat(lists: Sequence[Sequence[int]]) -> tuple[Numbers, Numbers]:
    """All numbers, and for each the place of its list."""
    sizes = np.fromiter(map(len, lists), np.int64, len(lists))
    numbers = np.fromiter(chain.from_iterable(lists), np.int64, int(sizes.sum()))
    return numbers, np.repeat(np.arange(len(lists)), sizes)
