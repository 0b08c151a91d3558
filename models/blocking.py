"""Which claims have a reason to be compared: those of which one asks for a block key that the other has. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

_AT_A_TIME = 1_000_000
"""Pairs worked out at a time: bounds the memory where many claims share a key"""

Numbers = NDArray[np.int64]
Held = tuple[Numbers, Numbers]
"""(key, place of the claim that has it or asks for it)"""


class Keys(NamedTuple):
    """Block keys of a claim, as signed 64-bit numbers: `has` is where others find it, `asks` where it looks for others.

    Asking is mutual: when one claim asks for a key of another, the other asks for one of the first.
    """

    has: tuple[int, ...]
    asks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The block keys of claims, which go by their place.

    >>> blocks = Blocks.of([Keys((1, 2), (1,)), Keys((3,), (2, 3)), Keys((1,), (1, 3))])
    >>> [places.tolist() for places in blocks.pairs()]
    [[0, 0, 1], [1, 2, 2]]
    """

    has: Held
    """By key and place, each once"""
    asks: Held

    @classmethod
    def of(cls, keys: Iterable[Keys]) -> Self:
        """The keys of claims: the first has place 0."""
        known = list(keys)
        has, asks = ([(key, place) for place, one in enumerate(known) for key in one[n]] for n in (0, 1))
        return cls.of_rows(has, asks)

    @classmethod
    def of_rows(cls, has: Sequence[tuple[int, int]], asks: Sequence[tuple[int, int]]) -> Self:
        """Of rows of key and place, in any order."""
        keys, holders = np.array(has, np.int64).reshape(-1, 2).T
        asked, askers = np.array(asks, np.int64).reshape(-1, 2).T
        return cls(ordered(keys, holders), (asked, askers))

    def pairs(self) -> tuple[Numbers, Numbers]:
        """Places of claims to compare, each pair once and in order, the smaller place first.

        Asking is mutual, so that only the later of two has to ask.
        """
        has, holder = self.has
        asked, asker = self.asks
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
            earlier = holder[np.arange(len(later)) + np.repeat(first[start:stop] - (upto[start:stop] - size - done), size)]
            codes.append(_each_once((earlier << 32 | later)[earlier < later]))
            start = stop
        code = _each_once(np.concatenate(codes)) if codes else np.zeros(0, np.int64)
        return code >> 32, code & 0xFFFFFFFF


def _each_once(numbers: Numbers) -> Numbers:
    """In order. NumPy's own `unique` looks every number up in a table of hashes, which for a million takes four times as long."""
    numbers.sort()
    new = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return numbers[new]


def ordered(key: Numbers, place: Numbers) -> Held:
    """By key and place, each once."""
    order = np.lexsort((place, key))
    key, place = key[order], place[order]
    new = np.ones(len(key), np.bool_)
    new[1:] = (key[1:] != key[:-1]) | (place[1:] != place[:-1])
    return key[new], place[new]
