"""Which claims have a reason to be compared: those of which one asks for a block key that the other has. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.deal import Keys

_AT_A_TIME = 1_000_000
"""Pairs worked out at a time: bounds the memory where many claims share a key"""

Numbers = NDArray[np.int64]


class Blocks:
    """The block keys of claims, which go by their place: the first that is added has place 0.

    >>> blocks = Blocks()
    >>> for keys in Keys((1, 2), (1,)), Keys((3,), (2, 3)), Keys((1,), (1, 3)):
    ...     blocks.add(keys)
    >>> list(blocks.pairs())
    [(0, 1), (0, 2), (1, 2)]
    """

    def __init__(self) -> None:
        self._has, self._asks = array("q"), array("q")
        self._sizes: tuple[list[int], list[int]] = [], []

    def add(self, keys: Keys) -> None:
        """The keys of the next claim."""
        self._has.extend(keys.has)
        self._asks.extend(keys.asks)
        self._sizes[0].append(len(keys.has))
        self._sizes[1].append(len(keys.asks))

    def held(self) -> tuple[Numbers, Numbers]:
        """(key, place of the claim that has it), by key and place."""
        key, place = _flat(self._has, self._sizes[0])
        order = np.lexsort((place, key))
        return key[order], place[order]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Places of claims to compare, each pair once and in order, the smaller place first.

        Asking is mutual, so that only the later of two has to ask.
        """
        has, holder = self.held()
        asked, asker = _flat(self._asks, self._sizes[1])
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
        for code in np.unique(np.concatenate(codes)).tolist() if codes else ():
            yield code >> 32, code & 0xFFFFFFFF


def _flat(numbers: array[int], sizes: list[int]) -> tuple[Numbers, Numbers]:
    """All numbers, and for each the place of its claim."""
    return np.array(numbers, np.int64), np.repeat(np.arange(len(sizes)), np.array(sizes, np.int64))
