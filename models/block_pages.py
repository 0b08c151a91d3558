"""Block keys as a store keeps them: those of the last rebuild packed into pages, those that came since as rows.

A million claims have five million of them, and as rows they are most of what a rebuild writes. A page never changes: it still has
the keys of a signature that is gone. Whoever reads it looks which signatures there are; no number is given twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import Connection, delete, select

from models.blocking import Held, Numbers
from models.engine import append, batches, insert, lookup
from models.schema import block, block_page, meta

_SHIFT = 50
"""What is left of a key is its page: so that there are at most 16,384"""
_LAST = (1 << 63 - _SHIFT) - 1
"""The last page; the first is as far below 0"""
_ROW = np.dtype([("key", "<i8"), ("number", "<i8")])
_PAGES = 256
"""Pages searched or written at a time: what fits in the caches of a processor"""
_NEXT = "next_signature"
"""Row of `meta`"""


def next_number(connection: Connection) -> int:
    """The first number that no signature has had."""
    return int(connection.execute(select(meta.c.value).where(meta.c.name == _NEXT)).scalar() or 1)


def keep_next_number(connection: Connection, number: int) -> None:
    """Numbers below this one are given."""
    insert(connection, meta, [{"name": _NEXT, "value": str(number)}], known="replace")


def clear_pages(connection: Connection) -> None:
    """No block keys at all."""
    for table in (block, block_page):
        connection.execute(delete(table))


def write_pages(connection: Connection, parts: Sequence[Held]) -> None:
    """The block keys of all signatures: (key, number of the signature), each part by key."""
    first: Numbers = np.arange(-_LAST - 1, _LAST + 1, _PAGES) << _SHIFT
    spans = [np.append(np.searchsorted(keys, first), len(keys)).tolist() for keys, _ in parts]
    for at in range(len(first)):  # all at once they would take twice as much memory again
        some = [slice(*span[at : at + 2]) for span in spans]
        here = [(keys[which], numbers[which]) for (keys, numbers), which in zip(parts, some, strict=True)]
        append(connection, block_page, _pages_of(here))


def _pages_of(parts: Sequence[Held]) -> Iterator[tuple[int, bytes]]:
    """The pages of some keys."""
    none: Numbers = np.zeros(0, np.int64)
    keys = np.concatenate([none, *(keys for keys, _ in parts)])
    order = np.argsort(keys, kind="stable")  # by which what is in order already stays quick to put in order
    rows = np.empty(len(keys), _ROW)
    rows["key"] = keys[order]
    rows["number"] = np.concatenate([none, *(numbers for _, numbers in parts)])[order]
    pages, first = np.unique(rows["key"] >> _SHIFT, return_index=True)
    for page, start, stop in zip(pages.tolist(), first.tolist(), np.append(first, len(rows))[1:].tolist(), strict=True):
        yield page, rows[start:stop].tobytes()


def find_holders(connection: Connection, keys: Numbers) -> Held:
    """(key, number of a signature) of all that have one of `keys`, which are in order and each there once."""
    since = list(lookup(connection, select(block.c.key, block.c.number), block.c.key, keys.tolist()))
    more = np.array([tuple(row) for row in since], np.int64).reshape(-1, 2).T
    found = [*_in_pages(connection, keys), (more[0], more[1])]
    return np.concatenate([held for held, _ in found]), np.concatenate([numbers for _, numbers in found])


def _in_pages(connection: Connection, keys: Numbers) -> Iterator[Held]:
    """The same of the last rebuild, some pages at a time: all together are a hundred megabytes that are read once."""
    pages = np.unique(keys >> _SHIFT).tolist()
    for part in batches(lookup(connection, select(block_page.c.page, block_page.c.rows), block_page.c.page, pages), _PAGES):
        packed = np.frombuffer(b"".join([rows for _, rows in sorted(map(tuple, part))]), _ROW)
        held = packed["key"].copy()
        some = keys[np.searchsorted(keys, held[0], "left") : np.searchsorted(keys, held[-1], "right")]
        first = np.searchsorted(held, some, "left")
        count = np.searchsorted(held, some, "right") - first
        at = np.arange(count.sum()) + np.repeat(first - (np.cumsum(count) - count), count)
        yield held[at], packed["number"][at]
