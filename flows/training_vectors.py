"""Embeddings to begin with: what stands around a bucket, counted in news without labels and factored.

Positive pointwise mutual information of buckets and the tokens beside them, its singular vectors as embeddings (Levy & Goldberg
2014, "Neural Word Embedding as Implicit Matrix Factorization"; contexts by position and smoothed as in Levy, Goldberg & Dagan
2015). A minute makes of a few million tokens what training with a gradient does not make of them in an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from extractors.tagger_features import Buckets, Ints, Tokens, rows_of_all

_CONTEXTS = 4_000
"""The commonest forms: what may stand beside a bucket"""
_REACH = 2
_SMOOTHED = 0.75
_LEAST = 2
"""How often a bucket must have been seen beside a context"""
_SPREAD = 0.1
"""Root of the mean square of the embeddings of tokens"""
_TOGETHER = 4_000
_SPARE, _ROUNDS = 16, 4
# Slot, where what it tells begins and ends beside the token, and which part of the embedding is its own: a character and the
# longer units that begin or end with it must stay apart, Arabic words and what they are made of must not.
_PLACES = {
    "zh": ((0, 0, 0, 0), (1, -1, 0, 1), (2, 0, 1, 2), (6, -2, 0, 1), (7, 0, 2, 2)),
    "ar": ((0, 0, 0, 0), (4, 0, 0, 0), (5, 0, 0, 0), (6, 0, 0, 0), (7, 0, 0, 0), (11, 0, 0, 0), (12, 0, 0, 0)),
}


def vectors(windows: Sequence[Tokens], language: str, sizes: Buckets, width: int, seed: int) -> Tensor:
    """One embedding of `width` a bucket, shape (buckets, width); small random ones where the news tells nothing."""
    torch.manual_seed(seed)
    made = torch.randn(sizes.total, width) * _SPREAD / 5
    places = _PLACES[language]
    parts = 1 + max(part for *_, part in places)
    rank = width // parts
    units, contexts, counts = _counted(windows, language, sizes)
    found = _factored(units, contexts, counts, (sizes.total, 2 * _REACH * _CONTEXTS), words=sizes.words, rank=rank)
    found *= _SPREAD / found[: sizes.words][found[: sizes.words].any(1)].square().mean().sqrt()
    part_of = _parts(windows, places, sizes)
    for part in range(parts):
        mine = (part_of == part) & found.any(1)
        made[mine, part * rank : (part + 1) * rank] = found[mine]
    return made


def _rows(windows: Sequence[Tokens], sizes: Buckets) -> Iterator[tuple[Sequence[Tokens], Ints]]:
    for first in range(0, len(windows), _TOGETHER):
        some = windows[first : first + _TOGETHER]
        yield some, np.concatenate(rows_of_all(some, sizes))


def _parts(windows: Sequence[Tokens], places: Sequence[tuple[int, int, int, int]], sizes: Buckets) -> Tensor:
    """The part of the embedding that each bucket's vector goes to: that of the first slot that has it; -1 for none."""
    parts = torch.full((sizes.total,), -1)
    for _, rows in _rows(windows, sizes):
        for slot, _, _, part in places:
            at = torch.from_numpy(np.unique(rows[:, slot]))
            parts[at] = torch.where(parts[at] < 0, part, parts[at])
    return parts


def _counted(windows: Sequence[Tokens], language: str, sizes: Buckets) -> tuple[Ints, Ints, Ints]:
    """(bucket, context, how often) of every pair that was seen `_LEAST` times; a context is a form at a distance."""
    forms = np.concatenate([window.forms for window in windows])
    known, times = np.unique(forms, return_counts=True)
    common = np.sort(known[np.argsort(-times, kind="stable")[:_CONTEXTS]])
    columns = 2 * _REACH * _CONTEXTS
    pairs: list[Ints] = []
    for some, rows in _rows(windows, sizes):
        beside = np.full(len(rows) + 8 * _REACH, -1, dtype=np.int64)
        number = np.cumsum([0, *(len(window) for window in some)])
        own = np.repeat(np.arange(len(some)), np.diff(number))
        own = np.pad(own, 4 * _REACH, constant_values=-1)
        given = np.concatenate([window.forms for window in some])
        at = np.minimum(np.searchsorted(common, given), len(common) - 1)
        beside[4 * _REACH : -4 * _REACH] = np.where(common[at] == given, at, -1)
        for slot, first, last, _ in _PLACES[language]:
            for place, apart in enumerate((first - 2, first - 1, last + 1, last + 2)):
                middle = slice(4 * _REACH, len(own) - 4 * _REACH)
                other = slice(4 * _REACH + apart, len(own) - 4 * _REACH + apart)
                seen = (own[middle] == own[other]) & (beside[other] >= 0)
                pairs.append(rows[seen, slot] * columns + place * _CONTEXTS + beside[other][seen])
    keys, counts = np.unique(np.concatenate(pairs), return_counts=True)
    kept = counts >= _LEAST
    return keys[kept] // columns, keys[kept] % columns, counts[kept]


def _factored(units: Ints, contexts: Ints, counts: Ints, shape: tuple[int, int], *, words: int, rank: int) -> Tensor:
    """Left singular vectors of the positive pointwise mutual information, times the roots of the singular values.

    The axes are those of the first `words` buckets; the others are placed on them by their own contexts.
    """
    of_unit = np.bincount(units, counts, shape[0])
    of_context = np.bincount(contexts, counts, shape[1]) ** _SMOOTHED
    told = np.log(counts * of_context.sum() / (of_unit[units] * of_context[contexts]))
    positive = told > 0
    places = torch.from_numpy(np.stack((units[positive], contexts[positive])))
    values = torch.from_numpy(told[positive]).float()
    across = torch.sparse_coo_tensor(places, values, shape).coalesce().to_sparse_csr()
    of_words = places[0] < words
    alone = torch.sparse_coo_tensor(places[:, of_words], values[of_words], shape).coalesce()
    back, alone = alone.t().coalesce().to_sparse_csr(), alone.to_sparse_csr()
    basis = torch.randn(shape[1], rank + _SPARE)
    for _ in range(_ROUNDS):  # randomized subspace iteration (Halko, Martinsson & Tropp 2011)
        basis = torch.linalg.qr(back @ torch.linalg.qr(alone @ basis)[0])[0]
    _, singular, turned = torch.linalg.svd(alone @ basis, full_matrices=False)
    return (across @ (basis @ turned.T[:, :rank])) / singular[:rank].sqrt()
