"""Label scores to names: the best legal sequence of B-, I- and O, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

KINDS = ("ORG", "PER", "LOC")
LABELS = ("O", *(f"{edge}-{kind}" for kind in KINDS for edge in "BI"))
_COUNT = len(LABELS)
_LEGAL = np.array([[not b.startswith("I") or a[1:] == b[1:] for b in LABELS] for a in LABELS])
_FORBIDDEN = np.where(_LEGAL, 0.0, -1e4)
_FIRST = np.array([-1e4 if label.startswith("I") else 0.0 for label in LABELS])


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name that a tagger sees in folded text. `kind` is ORG, PER or LOC; `score` is a probability, not calibrated."""

    start: int
    end: int
    kind: str
    score: float


def best_labels(scores: Floats) -> list[int]:
    """The labels with the highest sum of `scores`, shape (tokens, labels), in which no I- begins a name (Viterbi 1967).

    >>> scores = np.log(np.array([[0.6, 0.4, 0, 0, 0, 0, 0], [0.2, 0, 0.8, 0, 0, 0, 0]], dtype=np.float32) + 1e-6)
    >>> [LABELS[label] for label in best_labels(scores)]
    ['B-ORG', 'I-ORG']
    """
    best = scores.argmax(-1)
    if _LEGAL[best[:-1], best[1:]].all() and _FIRST[best[0]] == 0.0:
        labels: list[int] = best.tolist()
        return labels
    total = scores[0] + _FIRST
    came = np.zeros((len(scores), _COUNT), dtype=np.int64)
    for at in range(1, len(scores)):
        paths = total[:, None] + _FORBIDDEN
        came[at] = paths.argmax(0)
        total = paths[came[at], np.arange(_COUNT)] + scores[at]
    path = [int(total.argmax())]
    for at in range(len(scores) - 1, 0, -1):
        path.append(int(came[at, path[-1]]))
    return path[::-1]


def spans(labels: list[int]) -> Iterator[tuple[int, int, str]]:
    """(first token, end token, kind) of each name.

    >>> list(spans([1, 2, 0, 1, 3, 4]))
    [(0, 2, 'ORG'), (3, 4, 'ORG'), (4, 6, 'PER')]
    """
    start = None
    for at, label in enumerate([*labels, 0]):
        inside = label != 0 and label % 2 == 0
        if start is not None and not inside:
            yield start, at, KINDS[(labels[start] - 1) // 2]
            start = None
        if label % 2 == 1:
            start = at


def confidence(scores: Floats, labels: list[int], start: int, end: int) -> float:
    """Geometric mean of the probabilities of the labels of a name and of the label after it; `scores` are their logarithms."""
    last = min(end + 1, len(labels))
    return float(np.exp(np.mean([scores[at, labels[at]] for at in range(start, last)])))
