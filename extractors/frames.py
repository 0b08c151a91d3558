"""What the grammars of both languages stand on: names grouped by case, and the place from which a frame looks around."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from corpus.deal_table import deals
from extractors.draft import CueAt, Draft, distinct, key_of
from extractors.normalize import CleanText
from extractors.reading import At, Clause, Sentence
from models.mention import Amount, Name

ROUND_REACH = 2
"""Sentences over which the backers of one round may be told"""
CONTROL = 50
"""Percentage from which shares carry control"""

_SHARES_LISTED = frozenset({"股权、", "的股权、", "股份、", "的股份、"})


@dataclass(frozen=True, slots=True)
class Group:
    """Names in one case: one name, or several joined by 、 or 和 or و.

    `case` is what stands before them: "" (subject or object), to, by, with, source, object, in, on, between.
    `partner` counts the last names that hang on 与/和 alone, and may be the other side rather than more of the same.
    """

    names: tuple[At[Name], ...]
    case: str
    start: int
    end: int
    partner: int = 0

    def mentions(self) -> list[Name]:
        """The names, each participant once."""
        return distinct([name.value for name in self.names])

    def shares(self, other: Group) -> bool:
        """Whether a participant stands in both."""
        keys = {key_of(name.value) for name in self.names}
        return any(key_of(name.value) in keys for name in other.names)


@dataclass(slots=True)
class State:
    """What the text is speaking of, as it goes on."""

    topic: Group | None = None
    period_topic: Group | None = None
    partner: Group | None = None
    """The other side of the last clause that told two"""
    pair: tuple[Group, Group] | None = None
    """The two sides last told of; 雙方 means them"""
    announcer: Group | None = None
    """Who gives the notice that the text reports: 公司 means it, whoever is spoken of in between"""
    speaker: Group | None = None
    """For whom the person speaks who was named last; نحن means it"""
    last_named: Group | None = None
    """The company named last in the sentence before"""
    held: Group | None = None
    """Whose shares a list of holdings is of"""
    venture: Group | None = None
    """The joint venture last told to be founded"""
    venture_at: int = 0
    traded: list[Name] = field(default_factory=list)
    """Whose shares the last sale of shares told was of"""
    sold: dict[str, list[Name]] = field(default_factory=dict)
    """The plant or land last told to be sold, and who sells it, where the buyer is not told"""
    sold_at: int = 0
    """The sentence that told the sale"""
    named_last: list[Name] = field(default_factory=list)
    """The paid side of the last deal told; 後者 means the last of them"""
    round_target: list[Name] = field(default_factory=list)
    round_at: int = 0
    """The sentence that told the round"""
    borrower: list[Name] = field(default_factory=list)
    """Who borrows in the loan last told"""
    borrowed_at: int = 0
    """The sentence that told the loan"""


@dataclass(slots=True)
class Place:
    """Everything a frame looks at: the cue, its clause and sentence, the groups of the clause, the state of the text."""

    clean: CleanText
    sentence: Sentence
    index: int
    clause: Clause
    groups: list[Group]
    state: State
    cue: CueAt

    def told_by(self, cue: CueAt, groups: list[Group] | None = None) -> Place:
        """The place of another cue of the clause, where given with those of its groups that are of one deal."""
        members = self.groups if groups is None else groups
        return Place(self.clean, self.sentence, self.index, self.clause, members, self.state, cue)

    @property
    def left(self) -> list[Group]:
        """Groups that end before the cue."""
        return [g for g in self.groups if g.end <= self.cue.start]

    @property
    def right(self) -> list[Group]:
        """Groups that start after the cue."""
        return [g for g in self.groups if g.start >= self.cue.end]

    @property
    def following(self) -> tuple[Clause, ...]:
        """The clauses of the sentence after this one."""
        return self.sentence.clauses[self.index + 1 :]

    @property
    def text_after(self) -> str:
        """The words of the clause after the cue."""
        return self.clause.text[self.cue.end - self.clause.start :]

    @property
    def up_to(self) -> str:
        """The words of the clause before the cue."""
        return self.clause.between(self.clause.start, self.cue.start)

    def percent(self) -> At[Decimal] | None:
        """The percentage nearest to the cue in its clause, but for those of a deal listed before it: 50%股权、A 收购 B."""
        actor = last_of(self.left, "")
        listed = {
            p.end for p in self.clause.percents
            if actor is not None and p.end < actor.start and self.clause.between(p.end, actor.start) in _SHARES_LISTED
        }  # fmt: skip
        own = (p for p in self.clause.percents if p.end not in listed)
        return min(own, key=lambda p: abs(p.start - self.cue.end), default=None)

    def draft(
        self, kind: str, roles: dict[str, list[Name]], *, percent: At[Decimal] | None = None,
        amount: At[Amount] | None = None, generic: bool = False, agreed: bool = False,
    ) -> Draft | None:  # fmt: skip
        """A draft with the roles that are filled; None when none is, or when one participant would stand in two roles."""
        filled = {role: distinct(names) for role, names in roles.items() if names}
        filled = {role: _others(role, names, filled) for role, names in filled.items()}
        people = [key_of(name) for names in filled.values() for name in names]
        own_shares = kind == "share_transfer" and filled.get("seller") == filled.get("company")
        if not filled or (len(set(people)) < len(people) and not own_shares):
            return None
        sides = [filled.get(role, []) for role in deals()[kind].roles[:2]]
        if kind in {"license", "purchase", "loan"} and any(_owns(one, other) for one in sides[0] for other in sides[-1]):
            return None
        share = percent.value if percent else None
        return Draft(kind, filled, self.cue, self.sentence, self.clause, generic, share, amount, agreed)


def _others(role: str, names: list[Name], roles: dict[str, list[Name]]) -> list[Name]:
    """Of several names in a role, those that stand in no other: 將銀泰售予雅戈爾及銀泰管理層."""
    elsewhere = {key_of(name) for other, given in roles.items() if other != role and len(given) == 1 for name in given}
    left = [name for name in names if key_of(name) not in elsewhere]
    return left if len(names) > 1 and left else names


def _owns(one: Name, other: Name) -> bool:
    """Whether one is the other's unit."""
    return one.parent == other.canonical or other.parent == one.canonical


def last_of(groups: list[Group], *cases: str) -> Group | None:
    """The last group in one of the cases."""
    return next((g for g in reversed(groups) if g.case in cases), None)


def first_of(groups: list[Group], *cases: str) -> Group | None:
    """The first group in one of the cases."""
    return next((g for g in groups if g.case in cases), None)


def names_of(group: Group | None) -> list[Name]:
    """The group's participants; none of no group."""
    return group.mentions() if group else []


def payer_and_paid(kind: str) -> tuple[str, str]:
    """The first two roles of a deal type with two sides."""
    roles = deals()[kind].roles
    return roles[0], roles[1]
