"""The comparisons of `extractors.match` for many claims at once: the same answers, worked out on columns of numbers. Pure.

Participants are compared once for every two sets of them, figures and dates by `extractors.match_figures`.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from extractors.match_figures import Figures, coded, contradiction, pack, weight
from models.blocking import Blocks, Held, Numbers, ordered
from models.deal import Profile, Roles, Who
from models.ids import compact, number_id

if TYPE_CHECKING:
    from extractors.match import NewsMatcher

Product = tuple[Sequence[int], Sequence[int]]
"""Numbers and marks: every one of the first goes, by exclusive or, with every one of the second"""

_AT_A_TIME = 1 << 16
"""Pairs scored at a time: what fits in the caches of a processor"""
_NOTHING, _ONE_SIDE, _BOTH_SIDES = 0, 1, 2


class _Gist(NamedTuple):
    """What the claims of a group say together, as numbers."""

    kind: int
    who: int
    figures: tuple[int, ...]


def pack_profiles(profiles: Sequence[Profile]) -> bytes:
    """The figures of each claim, and a number for who takes part in what kind of deal."""
    numbers: dict[tuple[str, Roles], int] = {}
    casts = []
    for profile in profiles:
        cast = profile.type, profile.roles
        number = numbers.get(cast)
        if number is None:
            number = numbers[cast] = number_id(compact(cast))
        casts.append(number)
    return pack(profiles, casts)


class Table:
    """Claims to be compared, which go by their place. `profiles` has at least those that `match_figures.needed` names."""

    def __init__(self, matcher: NewsMatcher, packed: bytes, profiles: Mapping[int, Profile]) -> None:
        self._matcher = matcher
        self._profiles = profiles
        self._figures = Figures(packed)
        _, first, who = np.unique(self._figures.cast, return_index=True, return_inverse=True)
        self._casts = [(profiles[place].type, profiles[place].roles) for place in first.tolist()]
        """Who takes part, in what kind of deal"""
        self._who: Numbers = who.astype(np.int64)
        self._complete = np.array([matcher.sided(*cast) for cast in self._casts], np.bool_)
        alone = [_link(matcher.linked(kind, roles, roles)) for kind, roles in self._casts]
        self._alone: Numbers = np.array(alone, np.int64)
        self._links: dict[tuple[int, int], int] = {}
        self._families = _families([roles for _, roles in self._casts])
        self._groups = _Groups(matcher, self._casts)
        self._gists: list[_Gist] = []
        self._gist_numbers: dict[_Gist, int] = {}
        self._clashes: dict[tuple[int, int], bool] = {}
        self._shown: list[Profile] = []
        self._figure_of: dict[object, int] = {}

    @property
    def tiers(self) -> Numbers:
        """How much each claim says, as `NewsMatcher.tier`."""
        return 2 - self._complete[self._who].astype(np.int64) - self._figures.measured

    def blocks(self) -> Blocks:
        """The block keys of all claims, as `NewsMatcher.keys`."""
        who = [self._matcher.numbered(*cast) for cast in self._casts]
        has, asks = _Products(), _Products()
        complete = self._complete.tolist()
        for place, cast in enumerate(self._who.tolist()):
            found, wanted = self._matcher.key_products(self._profiles[place], who[cast], complete=complete[cast])
            has.add(place, found)
            asks.add(place, wanted)
        return Blocks(ordered(*has.keys()), asks.keys())

    def scores(self, left: Numbers, right: Numbers) -> Numbers:
        """What speaks for the one deal of each pair of places, as `NewsMatcher.score`."""
        parts = range(0, len(left), _AT_A_TIME)
        found = [self._score(left[at : at + _AT_A_TIME], right[at : at + _AT_A_TIME]) for at in parts]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _score(self, left: Numbers, right: Numbers) -> Numbers:
        figures = self._figures
        points: Numbers = np.zeros(len(left), np.int64)
        sums = figures.compared(left, right)
        able = np.flatnonzero((sums.like | ~sums.both) & (figures.kind[left] == figures.kind[right]))  # most are not
        able = able[~figures.contradict(left[able], right[able], sums.of(able))]
        links = self._linked(self._who[left[able]], self._who[right[able]])
        able, links = able[links != _NOTHING], links[links != _NOTHING]
        points[able] = figures.weights(left[able], right[able], sums.of(able), links == _BOTH_SIDES)
        for at in np.flatnonzero(figures.odd[left] | figures.odd[right]).tolist():
            points[at] = self._score_of(int(left[at]), int(right[at]))
        return points

    def _score_of(self, left: int, right: int) -> int:
        """Of one pair, whose figures may be of any size."""
        mine, yours = self._profile(left), self._profile(right)
        if mine.type != yours.type or contradiction(mine, yours):
            return 0
        link = self._linked(self._who[[left]], self._who[[right]])[0]
        return 0 if link == _NOTHING else weight(mine, yours, complete=bool(link == _BOTH_SIDES))

    def _profile(self, place: int) -> Profile:
        return coded(self._profiles[place]) if self._figures.odd[place] else self._figures.profile(place)

    def _linked(self, left: Numbers, right: Numbers) -> Numbers:
        """What the participants of pairs have in common. Nearly always they are the same."""
        links = self._alone[left].copy()
        other = np.flatnonzero(left != right)
        apart = np.zeros(len(other), np.bool_)
        for family in self._families:
            mine, yours = family[left[other]], family[right[other]]
            apart |= (mine >= 0) & (yours >= 0) & (mine != yours)
        links[other[apart]] = _NOTHING
        other = other[~apart]
        low, high = np.minimum(left[other], right[other]), np.maximum(left[other], right[other])
        pairs, where = np.unique(low << 32 | high, return_inverse=True)
        known = [self._link(code >> 32, code & 0xFFFFFFFF) for code in pairs.tolist()]
        links[other] = np.array(known, np.int64)[where]
        return links

    def _link(self, left: int, right: int) -> int:
        found = self._links.get((left, right))
        if found is None:
            (kind, mine), (_, yours) = self._casts[left], self._casts[right]
            found = self._links[left, right] = _link(self._matcher.linked(kind, mine, yours))
        return found

    # --- groups --------------------------------------------------------------------------------------------------------

    def gist(self, place: int) -> int:
        """A number for what one claim says, as a group of one."""
        figures = coded(self._profiles[place]) if self._figures.odd[place] else self._figures.said(place)
        number = self._figure_of.get(figures)
        if number is None:
            number = self._figure_of[figures] = len(self._shown)
            self._shown.append(self._profile(place))
        return self._numbered(_Gist(int(self._figures.kind[place]), int(self._who[place]), (number,)))

    def joint(self, left: int, right: int) -> int:
        """A number for what two groups say together; it is of the kind of the first."""
        if left == right:
            return left
        mine, yours = self._gists[left], self._gists[right]
        figures = mine.figures
        if figures != yours.figures:
            figures = tuple(sorted({*figures, *yours.figures}))
        return self._numbered(_Gist(mine.kind, self._groups.joint(mine.who, yours.who), figures))

    def clash(self, left: int, right: int) -> bool:
        """Whether two groups cannot be one deal. Participants count together: one that names A and B joins those that name A."""
        found = self._clashes.get((left, right))
        if found is None:
            found = self._clashes[left, right] = self._clash(self._gists[left], self._gists[right])
        return found

    def _clash(self, left: _Gist, right: _Gist) -> bool:
        if left.kind != right.kind or self._groups.apart(left.who, right.who):
            return True
        shown = self._shown
        return any(contradiction(shown[one], shown[other]) for one in left.figures for other in right.figures)

    def _numbered(self, gist: _Gist) -> int:
        number = self._gist_numbers.get(gist)
        if number is None:
            number = self._gist_numbers[gist] = len(self._gists)
            self._gists.append(gist)
        return number


class _Groups:
    """Who takes part in groups of claims: numbers for sets of those of single claims, which have the first numbers."""

    def __init__(self, matcher: NewsMatcher, casts: Sequence[tuple[str, Roles]]) -> None:
        self._matcher = matcher
        self._casts = casts
        self._parts: list[frozenset[int]] = []
        self._numbers: dict[frozenset[int], int] = {}
        self._joint: dict[tuple[int, int], int] = {}
        self._apart: dict[tuple[int, int], bool] = {}
        self._sides: dict[int, Mapping[str, Sequence[Who]]] = {}

    def joint(self, left: int, right: int) -> int:
        """The number of two sets together."""
        if left == right:
            return left
        pair = (left, right) if left < right else (right, left)
        found = self._joint.get(pair)
        if found is None:
            parts = self._parts_of(left) | self._parts_of(right)
            found = self._numbers.get(parts)
            if found is None:
                found = self._numbers[parts] = len(self._casts) + len(self._parts)
                self._parts.append(parts)
            self._joint[pair] = found
        return found

    def apart(self, left: int, right: int) -> bool:
        """Whether participants contradict."""
        if left == right:
            return False
        pair = (left, right) if left < right else (right, left)
        found = self._apart.get(pair)
        if found is None:
            found = self._apart[pair] = self._matcher.apart(self._sides_of(left), self._sides_of(right)) is not None
        return found

    def _parts_of(self, number: int) -> frozenset[int]:
        return frozenset((number,)) if number < len(self._casts) else self._parts[number - len(self._casts)]

    def _sides_of(self, number: int) -> Mapping[str, Sequence[Who]]:
        sides = self._sides.get(number)
        if sides is None:
            found: dict[str, dict[Who, None]] = {}
            for one in sorted(self._parts_of(number)):
                for role, parties in self._casts[one][1]:
                    found.setdefault(role, {}).update(dict.fromkeys(parties))
            sides = self._sides[number] = {role: list(parties) for role, parties in found.items()}
        return sides


def _families(casts: Sequence[Roles]) -> list[Numbers]:
    """For each role the family of its one participant, if that is in the table of entities; else -1.

    Participants of one family have a name or an owner in common, directly or through others. Of two that the table tells apart
    neither is the other.
    """
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while (up := root.setdefault(name, name)) != name:
            root[name] = name = root[up]
        return name

    first: list[tuple[str, int, str]] = []
    for number, roles in enumerate(casts):
        for role, parties in roles:
            who = parties[0]
            if role == "party" or len(parties) > 1 or who.said or not any(name[0] == "#" for name in who.names):
                continue
            names = [*who.names, who.parent] if who.parent else who.names
            first.append((role, number, names[0]))
            for name in names[1:]:
                root[find(name)] = find(names[0])
    found: dict[str, Numbers] = {}
    codes: dict[str, int] = {}
    for role, number, name in first:
        if role not in found:
            found[role] = np.full(len(casts), -1, np.int64)
        found[role][number] = codes.setdefault(find(name), len(codes))
    return list(found.values())


class _Products:
    """Block keys of many claims, before numbers and marks are put together."""

    def __init__(self) -> None:
        self._numbers, self._marks = array("q"), array("q")
        self._rows: list[tuple[int, int, int, int, int]] = []
        self._known: dict[int, int] = {}
        self._kept: list[Sequence[int]] = []
        """Whose `id` is in `_known`"""

    def add(self, place: int, found: Sequence[Product]) -> None:
        """The keys of a claim."""
        for numbers, marks in found:
            start = self._known.get(id(numbers))
            if start is None:
                start = self._known[id(numbers)] = len(self._numbers)
                self._numbers.extend(numbers)
                self._kept.append(numbers)
            self._rows.append((place, start, len(numbers), len(self._marks), len(marks)))
            self._marks.extend(marks)

    def keys(self) -> Held:
        """(key, place) of all claims; a claim may have a key twice."""
        place, number, numbers, mark, marks = np.array(self._rows, np.int64).reshape(-1, 5).T
        size = numbers * marks
        row = np.repeat(np.arange(len(size)), size)
        within = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
        which, step = np.divmod(within, marks[row])
        keys = np.array(self._numbers, np.int64)[number[row] + which] ^ np.array(self._marks, np.int64)[mark[row] + step]
        return keys, place[row]


def _link(common: bool | None) -> int:
    return _NOTHING if common is None else _BOTH_SIDES if common else _ONE_SIDE
