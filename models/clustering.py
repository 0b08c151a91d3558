"""Which claims tell one deal. Pure: the same claims and decisions give the same groups, in any order.

Those that say most are joined first, best pairs first, and a join that would put contradicting claims into one event is refused,
so nothing bridges two deals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from models.blocking import Blocks
from models.deal import Matcher, Profile

MARGIN = 50
"""Score by which one group must fit better than the next to be the one."""

MOSTLY = 3
"""How many times as many claims one of two groups that fit alike must have; else a claim that fits both stays alone."""


class Refusal(NamedTuple):
    """A join that a decision asked for and another decision forbids; `left` and `right` are the forbidden pair."""

    left: str
    right: str
    path: tuple[str, ...]


@dataclass(slots=True)
class Clusters:
    """What `cluster` found: components (ids joined by any reason to join) and the groups that became events."""

    component: dict[str, str] = field(default_factory=dict)
    groups: list[tuple[str, ...]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


class _Sets:
    """Disjoint sets of numbers; the smallest stands for its set."""

    def __init__(self, count: int) -> None:
        self.root = list(range(count))

    def find(self, one: int) -> int:
        root = self.root
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    def union(self, left: int, right: int) -> int:
        first, second = self.find(left), self.find(right)
        if first > second:
            first, second = second, first
        self.root[second] = first
        return first


Edge = tuple[int, int, int]
"""(score, negative: the best come first; two places, the smaller first)"""


def _edges(
    profiles: Sequence[Profile], matcher: Matcher, pairs: Iterable[tuple[int, int]], scores: Mapping[tuple[int, int], int]
) -> list[Edge]:
    """The pairs with a reason to join."""
    score = matcher.score
    found = []
    for pair in pairs:
        points = scores.get(pair)
        if points is None:
            points = score(profiles[pair[0]], profiles[pair[1]])
        if points > 0:
            found.append((-points, *pair))
    return found


def cluster(  # noqa: PLR0917 -- the last two are what a merge has worked out before
    profiles: Mapping[str, Profile],
    matcher: Matcher,
    same: Sequence[tuple[str, str]] = (),
    different: Sequence[tuple[str, str]] = (),
    pairs: Iterable[tuple[int, int]] | None = None,
    scores: Mapping[tuple[str, str], int] | None = None,
) -> Clusters:
    """Groups of ids whose claims tell one deal.

    `same` are joins that are asked for, the most binding first; `different` are pairs that must not meet, and win.
    `pairs` are those to compare, as places in the order of ids, and `scores` (by sorted pair of ids) those compared before.
    """
    ids = sorted(profiles)
    ordered = [profiles[one] for one in ids]
    place = {one: number for number, one in enumerate(ids)} if same or different or scores else {}
    if pairs is None:
        blocks = Blocks()
        for profile in ordered:
            blocks.add(matcher.keys(profile))
        pairs = blocks.pairs()
    known = {
        (place[left], place[right]): points
        for (left, right), points in (scores or {}).items() if left in place and right in place
    }  # fmt: skip
    found = _edges(ordered, matcher, pairs, known)
    asked = [(place[left], place[right]) for left, right in same]
    whole = _Sets(len(ids))
    for _, left, right in found:
        whole.union(left, right)
    for left, right in asked:
        whole.union(left, right)
    roots = [whole.find(one) for one in range(len(ids))]
    parts: dict[int, list[int]] = {}
    for one, root in enumerate(roots):
        parts.setdefault(root, []).append(one)
    links: dict[int, list[Edge]] = defaultdict(list)
    for edge in found:
        links[roots[edge[1]]].append(edge)
    forced: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in asked:
        forced[roots[pair[0]]].append(pair)
    barred: dict[int, set[int]] = defaultdict(set)
    for first, second in different:
        barred[place[first]].add(place[second])
        barred[place[second]].add(place[first])
    result = Clusters({one: ids[root] for one, root in zip(ids, roots, strict=True)})
    for root, members in parts.items():
        if len(members) == 1:
            result.groups.append((ids[root],))
            continue
        part = _Part(ordered, matcher, members, barred)
        result.refused += [
            Refusal(ids[left], ids[right], tuple(ids[one] for one in path)) for left, right, path in part.force(forced[root])
        ]
        part.join(links[root])
        result.groups += [tuple(ids[one] for one in group) for group in part.groups()]
    return result


class _Part:
    """One component on its way to groups. A group goes by its smallest member."""

    def __init__(
        self, profiles: Sequence[Profile], matcher: Matcher, members: Sequence[int], barred: Mapping[int, set[int]]
    ) -> None:
        self.profiles = profiles
        self.matcher = matcher
        self.barred = barred
        self.root = {one: one for one in members}
        self.members: dict[int, list[int]] = {one: [one] for one in members}
        self.tier = {one: matcher.tier(profiles[one]) for one in members}
        self.least = dict(self.tier)
        """Of each group the lowest tier"""

    def groups(self) -> list[list[int]]:
        return [sorted(found) for _, found in sorted(self.members.items())]

    def forbidden(self, left: int, right: int) -> tuple[int, int] | None:
        """The pair of claims in two groups that a decision keeps apart."""
        if not self.barred:
            return None
        theirs = set(self.members[right])
        for one in sorted(self.members[left]):
            hit = theirs.intersection(self.barred.get(one, ()))
            if hit:
                return one, min(hit)
        return None

    def fits(self, left: int, right: int) -> bool:
        """Whether two groups, of which a claim of one has a reason to join a claim of the other, can be one."""
        if self.forbidden(left, right):
            return False
        mine, yours = self.members[left], self.members[right]
        if len(mine) == len(yours) == 1:
            return True  # what would forbid it leaves no reason to join
        return self.matcher.clash([self.profiles[one] for one in mine], [self.profiles[one] for one in yours]) is None

    def unite(self, left: int, right: int) -> None:
        first, second = (left, right) if left < right else (right, left)
        gone = self.members.pop(second)
        self.members[first] += gone
        self.least[first] = min(self.least[first], self.least.pop(second))
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

    def join(self, found: list[Edge]) -> None:
        """Tier by tier: first each claim to the one older group that fits, then the rest of the tier among itself."""
        found.sort()
        for tier in sorted(set(self.tier.values())):
            if tier:
                self._attach(tier, found)
            for _, left, right in found:
                if self.tier[left] == self.tier[right] == tier:
                    first, second = self.root[left], self.root[right]
                    # A group with a claim of an earlier tier is closed: one that fits two deals would get in by the back door.
                    loose = first != second and self.least[first] >= tier and self.least[second] >= tier
                    if loose and self.fits(first, second):
                        self.unite(first, second)

    def _attach(self, tier: int, ordered: Sequence[Edge]) -> None:
        best: dict[int, dict[int, int]] = defaultdict(dict)
        for score, left, right in ordered:
            for one, other in ((left, right), (right, left)):
                if self.tier[one] == tier and self.tier[other] < tier:
                    best[one].setdefault(self.root[other], score)
        chosen = []
        for one, groups in best.items():
            home = self.root[one]
            open_to = sorted((score, root) for root, score in groups.items() if root == home or self.fits(home, root))
            target = self._the_one(open_to, tier)
            if target is not None:
                chosen.append((groups[target], one, target))
        for _, one, target in sorted(chosen):
            home, root = self.root[one], self.root[target]
            if home != root and self.fits(home, root):
                self.unite(home, root)

    def _the_one(self, open_to: Sequence[tuple[int, int]], tier: int) -> int | None:
        """Of the groups that a claim fits the one that fits clearly better, or that nearly all the others tell."""
        near = [root for score, root in open_to if score - open_to[0][0] < MARGIN]
        if len(near) < 2:
            return near[0] if near else None
        told = sorted(((sum(self.tier[one] < tier for one in self.members[root]), root) for root in near), reverse=True)
        return told[0][1] if told[0][0] >= MOSTLY * sum(count for count, _ in told[1:]) else None
