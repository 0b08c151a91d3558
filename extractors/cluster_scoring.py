"""How well claims were put together: B-cubed and pairwise scores against clusters labelled by hand. Pure.

Only labelled claims count, so that what the extractor misses or makes up does not hide what the merge does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from corpus.cluster_table import ClusterLabel
from extractors.scoring import Json, covered, same_amount


@dataclass(frozen=True, slots=True)
class ClusterScore:
    """Precision falls with wrong merges, recall with missed ones; 1.0 where there is nothing to get wrong."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.precision + self.recall else 0.0


def b_cubed(gold: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> ClusterScore:
    """The mean over claims of how much of its cluster is right, and how much of the right one is in it (Bagga and Baldwin 1998).

    >>> b_cubed({"a": 1, "b": 1, "c": 2}, {"a": "x", "b": "x", "c": "x"}).precision.__round__(3)
    0.556
    """
    if not gold:
        return ClusterScore(1.0, 1.0)
    golds, founds = Counter(gold.values()), Counter(found[one] for one in gold)
    both = Counter((gold[one], found[one]) for one in gold)
    total = len(gold)
    precision = sum(count * count / founds[cluster] for (_, cluster), count in both.items()) / total
    return ClusterScore(precision, sum(count * count / golds[label] for (label, _), count in both.items()) / total)


def pairwise(gold: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> ClusterScore:
    """Of the pairs put together those that belong together, and the other way round.

    >>> pairwise({"a": 1, "b": 1, "c": 1}, {"a": "x", "b": "x", "c": "y"})
    ClusterScore(precision=1.0, recall=0.3333333333333333)
    """
    golds, founds = _pairs(Counter(gold.values())), _pairs(Counter(found[one] for one in gold))
    both = _pairs(Counter((gold[one], found[one]) for one in gold))
    return ClusterScore(both / founds if founds else 1.0, both / golds if golds else 1.0)


def _pairs(sizes: Mapping[Hashable, int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def label_of(claim: Json, labels: Sequence[ClusterLabel]) -> str | None:
    """The cluster of a claim among the labels of its article; None when no label fits, the first where several do.

    The labels that say most are tried first.
    """
    for label in sorted(labels, key=lambda one: (one.value is None, -len(one.who))):
        if label.type == claim["type"] and _fits(claim, label):
            return label.cluster
    return None


def _fits(claim: Json, label: ClusterLabel) -> bool:
    if label.value is not None and not same_amount({"value": label.value}, claim["amount"]):
        return False
    parties = [party for parties in claim["roles"].values() for party in parties]
    return covered(label.who, parties) == len(label.who)
