"""Label scores to names: the best legal sequence of B-, I- and O by the marginals of a conditional random field."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

KINDS = ("ORG", "PER", "LOC")
LABELS = ("O", *(f"{edge}-{kind}" for kind in KINDS for edge in "BI"))
_COUNT = len(LABELS)
_LEGAL = np.array([[not b.startswith("I") or a[1:] == b[1:] for b in LABELS] for a in ("O", *LABELS)])
FORBIDDEN = np.where(_LEGAL, 0.0, -1e4)
"""What is added to the scores of transitions, shape (1 + labels, labels); the first row is what a text begins with"""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name that a tagger sees in folded text. `kind` is ORG, PER or LOC; `score` is a probability, not calibrated."""

    start: int
    end: int
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Tags:
    """What a tagger says of one text."""

    names: list[Tagged]
    """In order, none overlapping"""
    windows: Sequence[tuple[Sequence[tuple[int, int]], Floats]] = ()
    """Of each window its tokens and their `log_marginals`, in order; none of a tagger that does not tell them"""

    def organisation(self, start: int, end: int) -> float | None:
        """How likely, on average, a token of ``text[start:end]`` belongs to an organisation; None where no window says.

        >>> spans = [(0, 1), (1, 2)]
        >>> Tags([], [(spans, np.log([[0.3, 0.5, *[0.04] * 5], [0.3, 0.1, *[0.12] * 5]]))]).organisation(0, 2)
        0.38
        """
        at = max(bisect_left(self.windows, start + 1, key=lambda window: window[0][0][0]) - 1, 0)
        shares: list[float] = []
        for spans, scores in self.windows[at:]:
            if spans[0][0] >= end:
                break
            shares += (float(np.exp(scores[i, _ORG]).sum()) for i, (a, b) in enumerate(spans) if a < end and b > start)
        return round(sum(shares) / len(shares), 4) if shares else None


_ORG = [LABELS.index("B-ORG"), LABELS.index("I-ORG")]
_TOGETHER = 64
"""Windows that are worked on at once: a step through one costs hardly less than through as many"""


def log_marginals(scores: Sequence[Floats], transitions: Floats) -> Iterator[Floats]:
    """Log-probability of each label of each token in linear chains, one a window, by the forward-backward algorithm.

    `scores` are (tokens, labels) each; `transitions` (1 + labels, labels), its first row what a window begins with. A window's
    figures are the same whichever others are given.

    >>> (even,) = log_marginals([np.zeros((2, 7), np.float32)], np.zeros((8, 7), np.float32))
    >>> [round(float(share), 3) for share in np.exp(even)[0, :3]]
    [0.211, 0.263, 0.0]
    """
    onward = np.exp(transitions + FORBIDDEN)
    for first in range(0, len(scores), _TOGETHER):
        yield from _marginals(scores[first : first + _TOGETHER], onward)


def _marginals(scores: Sequence[Floats], onward: npt.NDArray[np.float64]) -> Iterator[Floats]:
    longest = max(map(len, scores))
    emitted = np.ones((longest, len(scores), _COUNT))
    for number, own in enumerate(scores):
        emitted[: len(own), number] = np.exp((own - own.max(-1, keepdims=True)).astype(np.float64))
    ends = np.array([[len(own) - 1] for own in scores])
    forward, backward = np.empty_like(emitted), np.ones_like(emitted)
    forward[0] = _shares(onward[0] * emitted[0])
    for at in range(1, longest):
        forward[at] = _shares((forward[at - 1][:, :, None] * onward[1:]).sum(1) * emitted[at])
    for at in range(longest - 2, -1, -1):
        step = _shares((onward[1:] * (backward[at + 1] * emitted[at + 1])[:, None]).sum(-1))
        backward[at] = np.where(at < ends, step, 1.0)
    logs = np.log(_shares(forward * backward) + 1e-9).astype(np.float32)
    for number, own in enumerate(scores):
        yield logs[: len(own), number]


def _shares(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    shares: npt.NDArray[np.float64] = values / values.sum(-1, keepdims=True)
    return shares


def best_labels(scores: Floats) -> list[int]:
    """The labels with the highest sum of `scores`, shape (tokens, labels), in which no I- begins a name (Viterbi 1967).

    >>> scores = np.log(np.array([[0.6, 0.4, 0, 0, 0, 0, 0], [0.2, 0, 0.8, 0, 0, 0, 0]], dtype=np.float32) + 1e-6)
    >>> [LABELS[label] for label in best_labels(scores)]
    ['B-ORG', 'I-ORG']
    """
    best = scores.argmax(-1)
    if _LEGAL[best[:-1] + 1, best[1:]].all() and _LEGAL[0, best[0]]:
        labels: list[int] = best.tolist()
        return labels
    total = scores[0] + FORBIDDEN[0]
    came = np.zeros((len(scores), _COUNT), dtype=np.int64)
    for at in range(1, len(scores)):
        paths = total[:, None] + FORBIDDEN[1:]
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
