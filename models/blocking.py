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
        return cls(ordered(*key_rows([one.has for one in known])), key_rows([one.asks for one in known]))

    def pairs(self) -> tuple[Numbers, Numbers]:
        """Places of claims to compare, each pair once and in order, the smaller place first.

        Asking is mutual, so that only the later of two has to ask.
        """
        has, holder = self.has
        asked, asker = self.asks
        starts = np.flatnonzero(_new(has))
        distinct = has[starts]
        which = np.searchsorted(distinct, asked)
        some = np.flatnonzero(distinct[np.minimum(which, len(starts) - 1)] == asked) if len(starts) else starts
        which, asker = which[some], asker[some]
        first, count = starts[which], np.diff(np.append(starts, len(has)))[which]
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
    return numbers[_new(numbers)]


def _new(numbers: Numbers) -> NDArray[np.bool_]:
    """Where a number in order is another than the one before."""
    new = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return new


def key_rows(keys: Sequence[Sequence[int]]) -> Held:
    """The keys of each claim, one after the other: the first claim has place 0."""
    places = np.repeat(np.arange(len(keys)), [len(one) for one in keys])
    return np.array([key for one in keys for key in one], np.int64), places


def ordered(key: Numbers, place: Numbers) -> Held:
    """By key and place, each once."""
    order = np.lexsort((place, key))
    key, place = key[order], place[order]
    new = np.ones(len(key), np.bool_)
    new[1:] = (key[1:] != key[:-1]) | (place[1:] != place[:-1])
    return key[new], place[new]
