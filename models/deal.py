"""What the store has to be told about kinds of deals, and how claims are compared.

The tables are in `corpus`, the comparing in `extractors.match`; the store takes both as one `DealSchema`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from models.blocking import Blocks, Keys, Numbers
from models.facts import Facts, Party


@dataclass(frozen=True, slots=True)
class DealKind:
    """One kind of deal. Where `moves_money`, `roles[0]` pays and `roles[1]` is paid."""

    name: str
    roles: tuple[str, ...]
    family: str
    moves_money: bool


RESOLUTION = "2"
"""Raised with every change of `models.resolver.resolve`: the store then resolves every event anew."""


class Who(NamedTuple):
    """A participant to compare: folded names (and ``#id``), sorted, and the folded name of the owner ("" without one)."""

    names: tuple[str, ...]
    parent: str
    said: str = ""
    """The name as printed, of one that no table knows"""


Roles = tuple[tuple[str, tuple[Who, ...]], ...]
"""(role, who fills it), by role"""


class Profile(NamedTuple):
    """What decides whether two claims tell the same deal. Claims with equal profiles are compared once.

    Figures are whole numbers: money in units of `currency`, `stake` in hundredths of a percent, `quantity` in thousandths,
    days as proleptic ordinals, `month` as 12 * year + month of publication (0 when unknown).
    """

    type: str
    roles: Roles
    currency: str
    amount: tuple[int, int, int] | None
    """(low, point, high)"""
    valuation: int | None
    stake: int | None
    quantity: tuple[int, str] | None
    date: tuple[int, int] | None
    """(first day, day after the last)"""
    month: int
    mark: str
    """Empty, or the key of the one claim that this is: a decision speaks of it, or it says too little to be like another"""
    told: tuple[str, int, int, int] | None = None
    """(currency, low, point, high) of an amount that was not told in USD: rates move, what was told does not"""


class Comparisons(Protocol):
    """A matcher's answers for many claims, which go by their place."""

    @property
    def tiers(self) -> Numbers:
        """How much each claim says, as `Matcher.tier`."""

    def blocks(self) -> Blocks:
        """Their block keys."""

    def scores(self, left: Numbers, right: Numbers) -> Numbers:
        """What speaks for the one deal of each pair of places, as `Matcher.score`."""

    def gist(self, place: int) -> int:
        """A number for what one claim says, as a group of one."""

    def joint(self, left: int, right: int) -> int:
        """A number for what two groups say together. In whatever order groups are joined, that of the whole is the same."""

    def clash(self, left: int, right: int) -> bool:
        """Whether two groups cannot be one deal, taking what each says together."""

    def expect(self, left: Numbers, right: Numbers) -> None:
        """Groups are going to be made by these pairs of places: what has to be read for that is read at once."""


ReadProfiles = Callable[[Sequence[int]], Sequence[Profile]]
"""The profiles of claims, which go by their place"""


def reader(profiles: Sequence[Profile]) -> ReadProfiles:
    """Of profiles that are all there."""
    return lambda places: [profiles[place] for place in places]


class Matcher(Protocol):
    """Compares claims. Pure: equal arguments give equal answers, in every process."""

    @property
    def version(self) -> str:
        """Changes whenever an answer may change; the store then merges everything anew."""

    def profile(self, facts: Facts, mark: str) -> Profile:
        """What decides for this claim."""

    def profile_of(self, text: str, marked: Container[str]) -> Profile:
        """The same of facts as they are kept (`models.facts.facts_text`); a claim whose key is in `marked` is marked with it."""

    def names(self, party: Party) -> Who:
        """The participant to compare."""

    def keys(self, profile: Profile) -> Keys:
        """Block keys: two claims are compared when one asks for a key that the other has."""

    def tier(self, profile: Profile) -> int:
        """How much a claim says: 0 the most. Those that say more are clustered first; the others join the one group that fits."""

    def veto(self, left: Profile, right: Profile) -> str | None:
        """Why the two cannot be one deal: the property that contradicts. None when nothing does."""

    def score(self, left: Profile, right: Profile) -> int:
        """0 (no reason to join, or a veto) to 1000."""

    def table(self, profiles: Sequence[Profile]) -> Comparisons:
        """The same for many claims at once."""

    def pack(self, profiles: Sequence[Profile]) -> bytes:
        """Their figures, in as many bytes for each: to be kept, and read a hundred thousand at once."""

    def unpack(self, packed: bytes, read: ReadProfiles) -> Comparisons:
        """The table of packed claims, which reads profiles only of those of which the figures say too little."""


@dataclass(frozen=True, slots=True)
class DealSchema:
    """The kinds of deals and the matcher: everything that `Store.merge` needs beside its claims and decisions."""

    kinds: Mapping[str, DealKind]
    matcher: Matcher

    @property
    def version(self) -> str:
        """Changes whenever a merge may come out differently."""
        kinds = ";".join(f"{k.name}:{','.join(k.roles)}:{k.family}:{k.moves_money}" for _, k in sorted(self.kinds.items()))
        return f"{RESOLUTION}|{self.matcher.version}|{kinds}"
