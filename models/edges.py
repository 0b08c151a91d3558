"""Reasons to join, as a store keeps them: with each signature those to earlier ones, which never change. Pure.

So a merge compares what is new with what was there before, and what was there before with nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.blocking import Numbers

Edges = tuple[Numbers, Numbers, Numbers]
"""(score, the smaller place, the larger place) of pairs with a reason to join, the best first"""
_MOST, _PLACE = 1023, 26
"""The largest score that is sorted, and the bits of a place"""
_EDGE = np.dtype([("number", "<u4"), ("score", "<u2")])


def best_first(score: Numbers, left: Numbers, right: Numbers) -> Edges:
    """Those of the pairs that have a reason to join.

    Each is sorted as one number, a tenth of the time of three columns: there are less than 67 million places.
    """
    some = score > 0
    rows = (_MOST - score[some]) << 2 * _PLACE | left[some] << _PLACE | right[some]
    rows.sort()
    return _MOST - (rows >> 2 * _PLACE), rows >> _PLACE & (1 << _PLACE) - 1, rows & (1 << _PLACE) - 1


def pack_edges(edges: Edges, numbers: Numbers) -> list[bytes]:
    """For each place the edges to those with smaller numbers.

    >>> three = np.arange(1, 4)
    >>> packed = pack_edges(best_first(np.array([900, 0, 400]), np.array([0, 0, 1]), np.array([1, 2, 2])), three)
    >>> [column.tolist() for column in unpack_edges(packed, three)]
    [[900, 400], [0, 1], [1, 2]]
    >>> [column.tolist() for column in unpack_edges(packed[1:], three[1:])]
    [[400], [0], [1]]
    """
    score, left, right = edges
    later = np.where(numbers[left] > numbers[right], left, right)
    order = np.argsort(later, kind="stable")
    rows = np.empty(len(order), _EDGE)
    rows["number"] = np.minimum(numbers[left], numbers[right])[order]
    rows["score"] = score[order]
    text = rows.tobytes()
    stops = (np.cumsum(np.bincount(later, minlength=len(numbers))) * _EDGE.itemsize).tolist()
    return [text[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]


def unpack_edges(packed: Sequence[bytes], numbers: Numbers) -> Edges:
    """The edges among those that are here, each of which comes with its own."""
    rows = np.frombuffer(b"".join(packed), _EDGE)
    mine = np.repeat(np.arange(len(packed)), [len(text) // _EDGE.itemsize for text in packed])
    order = np.argsort(numbers)
    at = np.minimum(np.searchsorted(numbers, rows["number"], sorter=order), len(numbers) - 1)
    here = numbers[order[at]] == rows["number"] if len(rows) else np.zeros(0, np.bool_)
    mine, yours = mine[here], order[at[here]]
    return best_first(rows["score"][here].astype(np.int64), np.minimum(mine, yours), np.maximum(mine, yours))
