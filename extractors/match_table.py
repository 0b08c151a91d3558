"""The comparisons of `extractors.match` for many claims at once: the same answers, worked out on columns of numbers. Pure.

Participants are compared once for every two sets of them, figures and dates by `extractors.match_figures`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from extractors.match_figures import Figures, Span, coded, contradiction, pack, weight
from extractors.match_keys import blocks_of
from models.blocking import Blocks, Numbers
from models.deal import Profile, ReadProfiles, Roles, Who
from models.ids import compact, number_of

if TYPE_CHECKING:
    from extractors.match import NewsMatcher

_AT_A_TIME = 1 << 16
"""Pairs scored at a time: what fits in the caches of a processor"""
_READ_AT_A_TIME = 10_000
"""Claims: what is read of them takes a kilobyte each"""
_NOTHING, _ONE_SIDE, _BOTH_SIDES = 0, 1, 2
_UNTOLD, _SAME, _OTHER = 0, 1, 2


class _Gist(NamedTuple):
    """What the claims of a group say together, as numbers."""

    kind: int
    who: int
    figures: tuple[int, ...]


def pack_profiles(profiles: Sequence[Profile], linked: Callable[[str, Roles, Roles], bool | None]) -> bytes:
    """The figures of each claim, and a number for who takes part in what kind of deal; `linked` as `NewsMatcher.linked`."""
    known: dict[tuple[str, Roles], tuple[int, int]] = {}
    seen: dict[tuple[str, int], tuple[int, int]] = {}
    """The same by the `id` of the roles: of most claims they are those of another, and they take long to compare"""
    casts = []
    for profile in profiles:
        kind, roles = profile.type, profile.roles
        found = seen.get((kind, id(roles)))
        if found is None:
            found = known.get((kind, roles))
            if found is None:
                found = known[kind, roles] = number_of(compact((kind, roles))), _link(linked(kind, roles, roles))
            seen[kind, id(roles)] = found
        casts.append(found)
    return pack(profiles, [number for number, _ in casts], [named for _, named in casts])


class _Casts:
    """Who takes part in what kind of deal, by number. Read when asked for: of most claims their figures say enough."""

    def __init__(self, matcher: NewsMatcher, read: ReadProfiles, tellers: Numbers) -> None:
        self._matcher = matcher
        self._read = read
        self._tellers = tellers
        """Of each the place of a claim"""
        self._there = np.zeros(len(tellers), np.bool_)
        """Those that were read"""
        self._others: dict[int, tuple[str, Roles]] = {}
        """Those of them that are not plain"""
        self._kinds: list[str] = []
        self._kind = np.zeros(len(tellers), np.int64)
        """The place of its kind of deal, of one that is plain"""
        self.plain = np.zeros(len(tellers), np.bool_)
        """Those that `roles` says all of: one participant a role"""
        self.roles: dict[str, Numbers] = {}
        """The number of who fills a role, -1 where nobody does"""
        self._whos: list[Who] = []
        self._numbers: dict[Who, int] = {}
        self._families: Numbers = np.zeros(0, np.int64)
        self._same: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._tellers)

    def __getitem__(self, number: int) -> tuple[str, Roles]:
        self.load(np.array([number]))
        known = self._others.get(number)
        if known is None:
            filled = [(role, column[number]) for role, column in sorted(self.roles.items())]
            known = self._kinds[self._kind[number]], tuple([(role, (self._whos[who],)) for role, who in filled if who >= 0])
        return known

    def each(self) -> Iterator[tuple[str, Roles]]:
        """All, in order."""
        for at in range(0, len(self), _READ_AT_A_TIME):
            yield from self._take(range(at, min(at + _READ_AT_A_TIME, len(self))))

    def load(self, numbers: Numbers) -> None:
        """Read these at once."""
        new = numbers[~self._there[numbers]]
        if len(new):
            self._take(np.unique(new).tolist())

    def _take(self, numbers: Sequence[int]) -> list[tuple[str, Roles]]:
        plain, kinds, found = [], [], []
        filled: dict[str, list[tuple[int, int]]] = {}
        for number, profile in zip(numbers, self._read(self._tellers[numbers].tolist()), strict=True):
            kind, roles = profile.type, profile.roles
            found.append((kind, roles))
            if self._matcher.one_each(kind, roles):
                plain.append(number)
                kinds.append(kind)
                for role, (who,) in roles:
                    filled.setdefault(role, []).append((number, self._number(who)))
            else:
                self._others[number] = kind, roles
        self._there[numbers] = True
        self.plain[plain] = True
        self._kinds += sorted(set(kinds).difference(self._kinds))
        self._kind[plain] = list(map(self._kinds.index, kinds))
        for role, pairs in filled.items():
            column = self.roles.setdefault(role, np.full(len(self), -1, np.int64))
            casts, whos = np.array(pairs, np.int64).T
            column[casts] = whos
        return found

    def _number(self, who: Who) -> int:
        number = self._numbers.get(who)
        if number is None:
            number = self._numbers[who] = len(self._whos)
            self._whos.append(who)
        return number

    def alike(self, left: Numbers, right: Numbers) -> Numbers:
        """What pairs of participants are: `_SAME`, `_OTHER`, or `_UNTOLD` where names of two scripts say nothing."""
        if len(self._families) < len(self._whos):
            self._families = _families(self._whos)
        found: Numbers = np.full(len(left), _SAME)
        other = np.flatnonzero(left != right)
        mine, yours = self._families[left[other]], self._families[right[other]]
        apart = (mine >= 0) & (yours >= 0) & (mine != yours)
        found[other[apart]] = _OTHER
        other = other[~apart]
        low, high = np.minimum(left[other], right[other]), np.maximum(left[other], right[other])
        pairs, where = np.unique(low << 32 | high, return_inverse=True)
        found[other] = np.array([self._alike(code) for code in pairs.tolist()], np.int64)[where]
        return found

    def _alike(self, code: int) -> int:
        found = self._same.get(code)
        if found is None:
            same = self._matcher.alike(self._whos[code >> 32], self._whos[code & 0xFFFFFFFF])
            found = self._same[code] = _UNTOLD if same is None else _SAME if same else _OTHER
        return found


class Table:
    """Claims to be compared, which go by their place. `read` gives the profiles of places of which more is asked than figures."""

    def __init__(self, matcher: NewsMatcher, packed: bytes, read: ReadProfiles) -> None:
        self._matcher = matcher
        self._read = read
        self._figures = Figures(packed)
        casts, who = np.unique(self._figures.cast, return_inverse=True)
        self._who: Numbers = who.astype(np.int64)
        tellers: Numbers = np.zeros(len(casts), np.int64)
        tellers[self._who] = np.arange(len(who))  # the last of each: a merge puts its new claims last, and has read those
        self._casts = _Casts(matcher, read, tellers)
        self._alone = self._figures.named[tellers]
        self._links: dict[tuple[int, int], int] = {}
        self._groups = _Groups(matcher, self._casts)
        self._gists: list[_Gist] = []
        self._gist_numbers: dict[_Gist, int] = {}
        self._spans: list[Span] = []
        """Of gists"""
        self._clashes: dict[tuple[int, int], bool] = {}
        self._shown: list[int | Profile] = []
        """Of figures a claim that gives them: its place until it is asked for"""
        self._figure_of: dict[object, int] = {}
        self._kinds: list[int] = self._figures.kind.tolist()
        self._whos: list[int] = self._who.tolist()

    @property
    def tiers(self) -> Numbers:
        """How much each claim says, as `NewsMatcher.tier`."""
        found: Numbers = 2 - (self._figures.named == _BOTH_SIDES).astype(np.int64) - self._figures.measured
        return found

    def blocks(self) -> Blocks:
        """The block keys of all claims, as `NewsMatcher.keys`."""
        return blocks_of(self._casts.each(), self._who, self._alone[self._who] == _BOTH_SIDES, self._figures, self._read)

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
        both, one = figures.weights(left[able], right[able], sums.of(able))
        some = both + one > 0  # who takes part is asked last: it takes longest
        able, both, one = able[some], both[some], one[some]
        links = self._linked(self._who[left[able]], self._who[right[able]])
        points[able] = np.where(links == _BOTH_SIDES, both, one * (links == _ONE_SIDE))
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
        return coded(self._read([place])[0]) if self._figures.odd[place] else self._figures.profile(place)

    def _linked(self, left: Numbers, right: Numbers) -> Numbers:
        """What the participants of pairs have in common. Nearly always they are the same."""
        links = self._alone[left].copy()
        other = np.flatnonzero(left != right)
        self._casts.load(np.concatenate((left[other], right[other])))
        plain = self._casts.plain[left[other]] & self._casts.plain[right[other]]
        other, rest = other[plain], other[~plain]
        links[other] = self._linked_plainly(left[other], right[other])
        low, high = np.minimum(left[rest], right[rest]), np.maximum(left[rest], right[rest])
        pairs, where = np.unique(low << 32 | high, return_inverse=True)
        known = [self._link(code >> 32, code & 0xFFFFFFFF) for code in pairs.tolist()]
        links[rest] = np.array(known, np.int64)[where]
        return links

    def _linked_plainly(self, left: Numbers, right: Numbers) -> Numbers:
        """The same where every role is filled by one participant: who is whom is worked out once for every two of them."""
        common: Numbers = np.zeros(len(left), np.int64)
        apart = np.zeros(len(left), np.bool_)
        for column in self._casts.roles.values():
            mine, yours = column[left], column[right]
            told = np.flatnonzero((mine >= 0) & (yours >= 0) & ~apart)
            found = self._casts.alike(mine[told], yours[told])
            common[told] += found == _SAME
            apart[told] = found == _OTHER
        common[apart] = _NOTHING
        links: Numbers = np.minimum(common, _BOTH_SIDES)
        return links

    def _link(self, left: int, right: int) -> int:
        found = self._links.get((left, right))
        if found is None:
            (kind, mine), (_, yours) = self._casts[left], self._casts[right]
            found = self._links[left, right] = _link(self._matcher.linked(kind, mine, yours))
        return found

    # --- groups --------------------------------------------------------------------------------------------------------

    def expect(self, left: Numbers, right: Numbers) -> None:
        """Read at once who takes part in claims of which groups are to be made by these pairs of places."""
        mine, yours = self._who[left], self._who[right]
        other = mine != yours
        self._casts.load(np.concatenate((mine[other], yours[other])))

    def gist(self, place: int) -> int:
        """A number for what one claim says, as a group of one."""
        figures = self._profile(place) if self._figures.odd[place] else self._figures.said(place)
        number = self._figure_of.get(figures)
        if number is None:
            number = self._figure_of[figures] = len(self._shown)
            self._shown.append(place)
        gist = _Gist(self._kinds[place], self._whos[place], (number,))
        known = self._gist_numbers.get(gist)
        return self._add(gist, self._figures.span(place)) if known is None else known

    def joint(self, left: int, right: int) -> int:
        """A number for what two groups say together; it is of the kind of the first."""
        if left == right:
            return left
        mine, yours = self._gists[left], self._gists[right]
        one_text = mine.figures == yours.figures
        figures = mine.figures if one_text else tuple(sorted({*mine.figures, *yours.figures}))
        gist = _Gist(mine.kind, self._groups.joint(mine.who, yours.who), figures)
        known = self._gist_numbers.get(gist)
        if known is None:
            known = self._add(gist, self._spans[left] if one_text else self._spans[left].joint(self._spans[right]))
        return known

    def clash(self, left: int, right: int) -> bool:
        """Whether two groups cannot be one deal. Participants count together: one that names A and B joins those that name A."""
        found = self._clashes.get((left, right))
        if found is None:
            found = self._clashes[left, right] = self._clash(left, right)
        return found

    def _clash(self, one: int, other: int) -> bool:
        left, right = self._gists[one], self._gists[other]
        if left.kind != right.kind or self._groups.apart(left.who, right.who):
            return True
        found = self._spans[one].contradicts(self._spans[other])
        return self._contradict(left.figures, right.figures) if found is None else found

    def _contradict(self, left: Sequence[int], right: Sequence[int]) -> bool:
        for one in left:
            mine = self._show(one)
            for other in right:
                if contradiction(mine, self._show(other)):
                    return True
        return False

    def _show(self, number: int) -> Profile:
        found = self._shown[number]
        if isinstance(found, int):
            found = self._shown[number] = self._profile(found)
        return found

    def _add(self, gist: _Gist, span: Span) -> int:
        number = self._gist_numbers[gist] = len(self._gists)
        self._gists.append(gist)
        self._spans.append(span)
        return number


class _Groups:
    """Who takes part in groups of claims: numbers for sets of those of single claims, which have the first numbers."""

    def __init__(self, matcher: NewsMatcher, casts: _Casts) -> None:
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


def _families(whos: Sequence[Who]) -> Numbers:
    """The family of each participant that is in the table of entities; else -1.

    Participants of one family have a name or an owner in common, directly or through others. Of two that the table tells apart
    neither is the other.
    """
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while (up := root.setdefault(name, name)) != name:
            root[name] = name = root[up]
        return name

    first: list[tuple[int, str]] = []
    for number, who in enumerate(whos):
        if who.said or not any(name[0] == "#" for name in who.names):
            continue
        names = [*who.names, who.parent] if who.parent else who.names
        first.append((number, names[0]))
        for name in names[1:]:
            root[find(name)] = find(names[0])
    found: Numbers = np.full(len(whos), -1, np.int64)
    codes: dict[str, int] = {}
    for number, name in first:
        found[number] = codes.setdefault(find(name), len(codes))
    return found


def _link(common: bool | None) -> int:
    return _NOTHING if common is None else _BOTH_SIDES if common else _ONE_SIDE
