"""Which claims tell one deal. Pure: the same claims and decisions give the same groups, in any order.

Those that say most are joined first, best pairs first, and a join that would put contradicting claims into one event is refused,
so nothing bridges two deals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.blocking import Blocks, Numbers
from models.deal import Comparisons, Matcher, Profile
from models.edges import Edges, best_first

MARGIN = 50
"""Score by which one group must fit better than the next to be the one."""

_AT_A_TIME = 1_000_000
"""Pairs scored at a time: bounds the memory of a large table"""

MOSTLY = 3
"""How many times as many claims one of two groups that fit alike must have; else a claim that fits both stays alone."""
_UNREAD = -1
"""In the place of the number for what a claim says, as long as nobody has asked"""


class Refusal(NamedTuple):
    """A join that a decision asked for and another decision forbids; `left` and `right` are the forbidden pair."""

    left: str
    right: str
    path: tuple[str, ...]


@dataclass(slots=True)
class Clusters:
    """What `cluster` found: components (ids joined by any reason to join) and the groups that became events.

    Of a component goes, for each id in order, the place of the first that is in it.
    """

    component: list[int]
    groups: list[tuple[str, ...]]
    refused: list[Refusal]


def cluster(
    profiles: Mapping[str, Profile],
    matcher: Matcher,
    same: Sequence[tuple[str, str]] = (),
    different: Sequence[tuple[str, str]] = (),
) -> Clusters:
    """Groups of ids whose claims tell one deal.

    `same` are joins that are asked for, the most binding first; `different` are pairs that must not meet, and win.
    """
    ids = sorted(profiles)
    table = matcher.table([profiles[one] for one in ids])
    return cluster_table(ids, table, edges_of(table, table.blocks()), same, different)


def edges_of(table: Comparisons, blocks: Blocks) -> Edges:
    """The pairs of claims with a reason to join."""
    left, right = blocks.pairs()
    none: Numbers = np.zeros(0, np.int64)
    kept = [(none, none, none)]
    for at in range(0, len(left), _AT_A_TIME):
        one, other = left[at : at + _AT_A_TIME], right[at : at + _AT_A_TIME]
        score = table.scores(one, other)
        some = score > 0
        kept.append((score[some], one[some], other[some]))
    del left, right
    return best_first(*map(np.concatenate, zip(*kept, strict=True)))


def cluster_table(
    ids: Sequence[str],
    table: Comparisons,
    edges: Edges,
    same: Sequence[tuple[str, str]] = (),
    different: Sequence[tuple[str, str]] = (),
) -> Clusters:
    """The same of claims that are in a table already, in the order of their ids, with their reasons to join."""
    place = {one: number for number, one in enumerate(ids)} if same or different else {}
    asked = [(place[left], place[right]) for left, right in same]
    barred: dict[int, set[int]] = defaultdict(set)
    for left, right in different:
        barred[place[left]].add(place[right])
        barred[place[right]].add(place[left])
    roots = _components(len(ids), edges, asked)
    groups = _Groups(table, len(ids), barred)
    table.expect(edges[1], edges[2])
    refused = groups.force(asked)
    groups.join(edges)
    return Clusters(
        roots,
        [tuple(ids[one] for one in group) for group in groups.groups()],
        [Refusal(ids[left], ids[right], tuple(ids[one] for one in path)) for left, right, path in refused],
    )


def _components(count: int, edges: Edges, asked: Sequence[tuple[int, int]]) -> list[int]:
    """Of every place the smallest that it is joined to, directly or through others."""
    more = np.array(asked, np.int64).reshape(-1, 2).T
    left, right = np.concatenate((edges[1], more[0])), np.concatenate((edges[2], more[1]))
    root = np.arange(count)
    while len(left):
        low, high = np.minimum(root[left], root[right]), np.maximum(root[left], root[right])
        apart = low != high
        left, right = left[apart], right[apart]
        np.minimum.at(root, high[apart], low[apart])
        while not np.array_equal(root, up := root[root]):
            root = up
    found: list[int] = root.tolist()
    return found


class _Groups:
    """Claims on their way to groups. A group goes by its smallest member."""

    def __init__(self, table: Comparisons, count: int, barred: Mapping[int, set[int]]) -> None:
        self.table = table
        self.barred = barred
        self.tier = table.tiers
        self.root = list(range(count))
        self.members: dict[int, list[int]] = {}
        """Of groups of several"""
        self.gists = [_UNREAD] * count
        self.least: list[int] = self.tier.tolist()
        """Of each group the lowest tier"""

    def groups(self) -> list[list[int]]:
        """The members of each group."""
        return [sorted(self.of(one)) for one, root in enumerate(self.root) if one == root]

    def of(self, root: int) -> list[int]:
        """The members of one."""
        return self.members.get(root) or [root]

    def gist(self, root: int) -> int:
        """What a group says."""
        found = self.gists[root]
        if found < 0:
            found = self.gists[root] = self.table.gist(root)
        return found

    def forbidden(self, left: int, right: int) -> tuple[int, int] | None:
        """The pair of claims in two groups that a decision keeps apart."""
        theirs = set(self.of(right))
        for one in sorted(self.of(left)):
            hit = theirs.intersection(self.barred.get(one, ()))
            if hit:
                return one, min(hit)
        return None

    def fits(self, left: int, right: int) -> bool:
        """Whether two groups, of which a claim of one has a reason to join a claim of the other, can be one."""
        if self.barred and self.forbidden(left, right):
            return False
        if left not in self.members and right not in self.members:
            return True  # what would forbid it leaves no reason to join
        mine, yours = self.gists[left], self.gists[right]  # not `gist`: this is the innermost loop
        if mine < 0 or yours < 0:
            mine, yours = self.gist(left), self.gist(right)
        return not self.table.clash(mine, yours)

    def unite(self, left: int, right: int) -> None:
        """Two groups become one."""
        first, second = (left, right) if left < right else (right, left)
        self.gists[first] = self.table.joint(self.gist(first), self.gist(second))
        gone = self.of(second)
        self.members.setdefault(first, [first]).extend(gone)
        self.members.pop(second, None)
        self.least[first] = min(self.least[first], self.least[second])
        for one in gone:
            self.root[one] = first

    def force(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int, tuple[int, int, int, int]]]:
        """Join what decisions put together; returns what others forbid, as the places of `Refusal`."""
        refused = []
        for left, right in pairs:
            first, second = self.root[left], self.root[right]
            if first == second:
                continue
            hit = self.forbidden(first, second)
            if hit:
                refused.append((*hit, (hit[0], left, right, hit[1])))
            else:
                self.unite(first, second)
        return refused

    def join(self, edges: Edges) -> None:
        """Tier by tier: first each claim to the one older group that fits, then the rest of the tier among itself."""
        _, left, right = edges
        first, second = self.tier[left], self.tier[right]
        root, least = self.root, self.least
        for tier in np.unique(self.tier).tolist():
            self._attach(tier, edges)
            among = (first == tier) & (second == tier)
            for one, other in zip(left[among].tolist(), right[among].tolist(), strict=True):
                mine, yours = root[one], root[other]
                # A group with a claim of an earlier tier is closed: one that fits two deals would get in by the back door.
                if mine != yours and least[mine] >= tier and least[yours] >= tier and self.fits(mine, yours):
                    self.unite(mine, yours)

    def _attach(self, tier: int, edges: Edges) -> None:
        score, left, right = edges
        up, down = (self.tier[left] < tier) & (self.tier[right] == tier), (self.tier[left] == tier) & (self.tier[right] < tier)
        some = up | down
        up, score = up[some], score[some]
        ones, others = np.where(up, right[some], left[some]), np.where(up, left[some], right[some])
        roots = np.array(self.root, np.int64)
        told: list[int] = np.bincount(roots[self.tier < tier], minlength=len(roots)).tolist()
        codes, first = np.unique(ones << 32 | roots[others], return_index=True)
        best: dict[int, dict[int, int]] = defaultdict(dict)
        for points, code in zip(score[first].tolist(), codes.tolist(), strict=True):
            best[code >> 32][code & 0xFFFFFFFF] = -points
        chosen = []
        for one, groups in best.items():
            target = _the_one(self._open_to(self.root[one], groups), told)
            if target is not None:
                chosen.append((groups[target], one, target))
        for _, one, target in sorted(chosen):
            home, root = self.root[one], self.root[target]
            if home != root and self.fits(home, root):
                self.unite(home, root)

    def _open_to(self, home: int, groups: Mapping[int, int]) -> list[int]:
        """Of the groups that a claim has a reason to join those that fit, and nearly as well as the best."""
        near: list[int] = []
        best = 0
        for points, root in sorted((points, root) for root, points in groups.items()):
            if near and points - best >= MARGIN:
                break
            if root == home or self.fits(home, root):
                best = best if near else points
                near.append(root)
        return near


def _the_one(near: Sequence[int], told: Sequence[int]) -> int | None:
    """The group that fits clearly better, or that nearly all the others tell."""
    if len(near) < 2:
        return near[0] if near else None
    count, root = max((told[root], root) for root in near)
    return root if count >= MOSTLY * (sum([told[root] for root in near]) - count) else None
