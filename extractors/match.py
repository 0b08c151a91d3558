"""Which claims may tell the same deal: block keys, hard vetoes and a score. Pure; money is compared in whole units.

Three questions, cheapest first. Do two claims share a block key? Does anything forbid that they are one deal (`veto`)?
How much speaks for it (`score`)? `models.clustering` makes groups of the answers.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from corpus.company_word_table import company_words
from corpus.deal_table import deals
from corpus.entity_table import entities
from corpus.legal_table import legal_forms
from extractors.company_fold import Company, same_parts, take_apart
from extractors.known_names import lookup_entity
from extractors.match_figures import contradiction, measured, weight
from extractors.match_keys import MAX_NAMES, in_table, keys_of
from extractors.match_table import Table, pack_profiles
from extractors.normalize import fold
from models.blocking import Keys
from models.deal import DealKind, DealSchema, Profile, ReadProfiles, Roles, Who, reader
from models.facts import Facts, Outline, Party, Period, Sum, read_outline, read_period, read_roles, read_sum
from models.ids import content_id

VERSION = "5"
"""Raised with every change that may change an answer: the store then merges everything anew."""

_TOLERANCE = {
    "exact": (95, 105), "about": (90, 110), "over": (95, 125), "at_least": (95, 125), "up_to": (75, 105), "under": (75, 105),
}  # fmt: skip
"""Percent of the stated figure that a claim may mean: "up to 10 bn" and "over 10 bn" can be one deal, 10 bn and 13 bn cannot."""
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_ARAB = re.compile("[\u0600-\u06ff]")


@functools.lru_cache(maxsize=200_000)
def fold_name(name: str) -> str:
    """A name without what varies between spellings of one script: case, legal form, punctuation, article.

    >>> fold_name("騰訊控股有限公司") == fold_name("腾讯"), fold_name("Tencent Holdings Ltd.")
    (True, 'tencent')
    >>> fold_name("中国银行") == fold_name("中国农业银行"), fold_name("國泰金控") == fold_name("國泰航空")
    (False, False)
    >>> fold_name("شركة أرامكو السعودية"), fold_name("الراجحي")
    ('ارامكوالسعوديه', 'راجحي')
    """
    text = "".join(char for char in fold(name).casefold() if char.isalnum())
    heads, tails = legal_forms()
    for _ in range(3):
        if not text.endswith(tails) and not text.startswith(heads):  # nearly always, the first time or the second
            break
        before = text
        for form in tails:
            if text.endswith(form) and len(text) >= len(form) + 2:
                text = text[: -len(form)]
                break
        for form in heads:
            if text.startswith(form) and len(text) >= len(form) + 3:
                text = text[len(form) :]
                break
        if text == before:
            break
    return text


def same_party(left: Who, right: Who) -> bool:
    """One participant: a name in common, or one owns the other. Two units of one owner are two.

    >>> aws, amazon, twitch = Who(("aws",), "amazon"), Who(("amazon",), ""), Who(("twitch",), "amazon")
    >>> same_party(aws, amazon), same_party(aws, twitch)
    (True, False)
    """
    return left == right or _one_party(identity(left), identity(right))


class Identity(NamedTuple):
    """A participant as it is compared with thousands of others: what its names come down to is worked out once."""

    names: frozenset[str]
    parent: str
    known: bool
    """Whether the table has it"""
    said: bool
    """Whether it may be one that is spelled otherwise"""
    scripts: frozenset[str]
    """han, arab or other, of its names: they are spelled alike only within one"""
    companies: tuple[Company, ...]
    """Its spellings, taken apart"""


@functools.lru_cache(maxsize=200_000)
def identity(who: Who) -> Identity:
    """What of a participant is compared."""
    scripts = frozenset(_script(name) for name in who.names if name[0] != "#")
    companies = tuple(map(take_apart, _spellings(who)))
    return Identity(frozenset(who.names), who.parent, in_table(who), bool(who.said), scripts, companies)


def _one_party(left: Identity, right: Identity) -> bool:
    if not left.names.isdisjoint(right.names) or left.parent in right.names or right.parent in left.names:
        return True
    return (left.said or right.said) and _alike(left.companies, right.companies)


def _alike(left: Sequence[Company], right: Sequence[Company]) -> bool:
    """Whether names of which at least one is in no table may be one company's, in one script or in two."""
    if len(left) == len(right) == 1:  # nearly always
        return same_parts(left[0], right[0])
    pairs = [(one, other) for one in left for other in right]
    written = [(one, other) for one, other in pairs if one.script == other.script]
    return any(same_parts(one, other) for one, other in written or pairs)  # how it sounds, only where no spelling says


def one_company(one: str, other: str) -> bool:
    """Whether two names are of one company, by the table where it knows them and by their form where it does not.

    >>> one_company("輝達", "إنفيديا"), one_company("中国银行", "中国农业银行"), one_company("北嶺科技", "北岭科技集团")
    (True, False, True)
    """
    left, right = _named(one), _named(other)
    return left.names == right.names if in_table(left) and in_table(right) else same_party(left, right)


def _named(name: str) -> Who:
    entity = lookup_entity(name)
    return _who(Party(entity.name if entity else name, entity.id if entity else None, None, "company", name, ()))


def _spellings(who: Who) -> tuple[str, ...]:
    if who.said:
        return (who.said,)
    entity = next((entities().get(name[1:]) for name in who.names if name[0] == "#"), None)
    return entity.spellings if entity else ()


def _script(name: str) -> str:
    if name.isascii():  # nearly all that are no Chinese or Arabic
        return "other"
    return "han" if _HAN.search(name) else "arab" if _ARAB.search(name) else "other"


def _comparable(left: Who, right: Who) -> bool:
    """Whether different names mean different participants: both in the table, or spelled in one script.

    >>> _comparable(Who(("ansys",), ""), Who(("安矽思",), "")), _comparable(Who(("ansys",), ""), Who(("arm",), ""))
    (False, True)
    """
    return _told_apart(identity(left), identity(right))


def _told_apart(left: Identity, right: Identity) -> bool:
    return (left.known and right.known) or not left.scripts.isdisjoint(right.scripts)


def _shared(left: Sequence[Who], right: Sequence[Who]) -> int:
    """How many of `left` are in `right`."""
    if len(left) == len(right) == 1:  # nearly always, and this is the innermost loop
        return int(left[0] == right[0] or same_party(left[0], right[0]))
    return sum(any(same_party(a, b) for b in right) for a in left)


class _Figures(NamedTuple):
    """Currency and (low, point, high) of what a claim may mean, in USD where there is a rate; and the same as it was told."""

    currency: str
    bounds: tuple[int, int, int] | None
    told: tuple[str, int, int, int] | None
    """Where that is not in USD but there is a rate"""


_NO_FIGURES = _Figures("", None, None)


def _figures(amount: Sum | None) -> _Figures:
    if amount is None or amount.currency is None:
        return _NO_FIGURES
    own = amount.value, amount.low, amount.high
    bounds = _reach(amount.usd if any(amount.usd) else own, amount.modifier)
    if bounds is None:
        return _NO_FIGURES
    if amount.currency == "USD" or not any(amount.usd):
        return _Figures("USD" if any(amount.usd) else amount.currency, bounds, None)
    told = _reach(own, amount.modifier)
    return _Figures("USD", bounds, (amount.currency, *told) if told else None)


@functools.lru_cache(maxsize=50_000)
def _figures_of(text: bytes) -> _Figures:
    return _figures(read_sum(text))


@functools.lru_cache(maxsize=100_000)
def _reach(figures: tuple[str | None, str | None, str | None], modifier: str) -> tuple[int, int, int] | None:
    value, low, high = (None if text is None else Decimal(text) for text in figures)
    if value is not None:
        down, up = _TOLERANCE.get(modifier, (95, 105))
        return int(value * down / 100), int(value), int(value * up / 100)
    if low is None and high is None:
        return None
    first = low if low is not None else (high or Decimal(0)) / 2
    last = high if high is not None else first * 2
    return int(first * 95 / 100), int((first + last) / 2), int(last * 105 / 100)


@functools.lru_cache(maxsize=50_000)
def _days(period: Period | None) -> tuple[int, int] | None:
    if period is None or (period.start is None and period.end is None):
        return None
    last = date.fromisoformat(period.end).toordinal() if period.end else None
    first = date.fromisoformat(period.start).toordinal() if period.start else None
    if first is None:
        return (last or 1) - 1, last or 1
    return first, last if last is not None else first + 1


@functools.lru_cache(maxsize=50_000)
def _days_of(text: bytes) -> tuple[int, int] | None:
    return _days(read_period(text))


def _month(published: str | None) -> int:
    """12 * year + month, 0 when unknown.

    >>> _month("2025-11-04T08:00:00+08:00") - _month("2025-10-31"), _month(None)
    (1, 0)
    """
    if not published or not published[:4].isdigit():
        return 0
    month = published[5:7]
    return int(published[:4]) * 12 + (int(month) if month.isdigit() else 6)


@functools.cache
def _tables_digest() -> str:
    spelled = [(one.id, one.spellings, one.parent) for one in entities().values()]
    words = [tuple(word.model_dump().values()) for word in company_words()]
    return content_id(legal_forms(), spelled, words)


@dataclass(frozen=True, slots=True)
class NewsMatcher:
    """Compares claims of the given kinds of deals."""

    kinds: Mapping[str, DealKind]

    @property
    def version(self) -> str:
        """Of the code and of the tables that decide which names are equal and who owns whom."""
        return f"{VERSION}:{_tables_digest()}"

    def names(self, party: Party) -> Who:
        """Folded names of a participant. Of one in the entity table only its id and canonical name count."""
        return _who(party)

    def profile(self, facts: Facts, mark: str = "") -> Profile:
        """What decides for this claim; the month of publication counts where the text gives no date."""
        amount, valuation = _figures(facts.amount), _figures(facts.valuation)
        return self._profile(facts, _cast(facts.roles), amount, valuation, _days(facts.date), mark)

    def profile_of(self, text: str, marked: Container[str]) -> Profile:
        """The same of facts as they are kept: participants, sums and dates are read once for all claims that word them alike."""
        told = read_outline(text)
        mark = told.claim_key if told.claim_key in marked else ""
        amount, valuation = _figures_of(bytes(told.amount)), _figures_of(bytes(told.valuation))
        return self._profile(told, _cast_of(bytes(told.roles)), amount, valuation, _days_of(bytes(told.date)), mark)

    def _profile(  # noqa: PLR0917 -- what a profile is made of
        self, told: Facts | Outline, roles: Roles, amount: _Figures, valuation: _Figures, dated: tuple[int, int] | None, mark: str
    ) -> Profile:
        quantity = (int(Decimal(told.quantity[0]) * 1000), told.quantity[1]) if told.quantity else None
        found = Profile(
            told.type, roles, amount.currency, amount.bounds,
            valuation.bounds[1] if valuation.bounds and valuation.currency == "USD" else None,
            int(Decimal(told.stake_pct) * 100) if told.stake_pct else None,
            quantity, dated, 0 if dated else _month(told.published), mark, amount.told,
        )  # fmt: skip
        # Equal profiles are one deal without being compared; a claim that says too little for that is marked as itself.
        return found if mark or self._speaks(found) else found._replace(mark=told.claim_key)

    def _speaks(self, profile: Profile) -> bool:
        """Whether two claims with this profile are one deal."""
        amount, dated = profile.amount, profile.date
        sound = (amount is None or amount[0] <= amount[2]) and (dated is None or dated[0] <= dated[1])
        return (sound and self.complete(profile)) or self.score(profile, profile) > 0  # nearly all: both sides are named

    def tier(self, profile: Profile) -> int:
        """0: both sides and the size are told; 1: one of the two; 2: neither."""
        return (not self.complete(profile)) + (not measured(profile))

    def keys(self, profile: Profile) -> Keys:
        """The pairs of participants with sum or year; and where a side may be missing, one participant with sum or month.

        A participant is keyed under each of its names and its owner's, so that Amazon meets Amazon Web Services.
        Of two companies with many deals only those are compared whose sums, or without a sum whose years, can be one deal's.
        Claims that name both sides, and by names of the table, are found by the pair: they look for a sum only among the others.
        """
        return keys_of(profile, complete=self.complete(profile))

    def table(self, profiles: Sequence[Profile]) -> Table:
        """The same comparisons for many claims at once."""
        return Table(self, self.pack(profiles), reader(profiles))

    def pack(self, profiles: Sequence[Profile]) -> bytes:
        """What `unpack` takes."""
        return pack_profiles(profiles, self.linked)

    def unpack(self, packed: bytes, read: ReadProfiles) -> Table:
        """The table of packed claims; for `blocks` it reads the profiles of all."""
        return Table(self, packed, read)

    def veto(self, left: Profile, right: Profile) -> str | None:
        """The property on which two claims cannot be one deal."""
        if left.type != right.type:
            return "type"
        return self.apart(dict(left.roles), dict(right.roles)) or contradiction(left, right)

    def score(self, left: Profile, right: Profile) -> int:
        """How much speaks for one deal, 0 to 1000."""
        if left.type != right.type or contradiction(left, right):  # figures first: cheap, and they part most pairs
            return 0
        complete = self.linked(left.type, left.roles, right.roles)
        return 0 if complete is None else weight(left, right, complete=complete)

    def linked(self, kind: str, left: Roles, right: Roles) -> bool | None:
        """What two claims have in common: both sides (True), one (False), or nothing, or participants that contradict (None)."""
        if left == right:  # nothing to compare one by one
            return self.sided(kind, left) if left else None
        theirs = dict(right)
        common = []
        for role, mine in left:
            yours = theirs.get(role)
            if yours is None:
                continue
            if _agree(role, mine, yours):
                common.append(min(len(mine), len(yours)) >= _sides(role))
            elif _contradict(role, mine, yours):
                return None
        if not common:
            return None
        return len(common) >= 2 if len(self._roles(kind)) != 1 else common[0]

    def one_each(self, kind: str, roles: Roles) -> bool:
        """Whether these are roles of one participant each, of a kind of deal that has several: `alike` says all about them."""
        return len(self._roles(kind)) != 1 and all(len(parties) == 1 and role != "party" for role, parties in roles)

    def alike(self, left: Who, right: Who) -> bool | None:
        """Whether two are one participant; None where they may be, but names in two scripts do not say so."""
        mine, yours = identity(left), identity(right)
        return True if _one_party(mine, yours) else False if _told_apart(mine, yours) else None

    def complete(self, profile: Profile) -> bool:
        """Whether both sides are named (of a kind with one role: as many as it needs)."""
        return self.sided(profile.type, profile.roles)

    def sided(self, kind: str, roles: Roles) -> bool:
        """The same of participants."""
        if len(self._roles(kind)) != 1:
            return len(roles) >= 2
        return bool(roles) and len(roles[0][1]) >= _sides(roles[0][0])

    def apart(self, left: Mapping[str, Sequence[Who]], right: Mapping[str, Sequence[Who]]) -> str | None:
        """The first role that both fill with different participants."""
        for role, mine in left.items():
            yours = right.get(role)
            if yours and not _agree(role, mine, yours) and _contradict(role, mine, yours):
                return role
        return None

    def _roles(self, kind: str) -> tuple[str, ...]:
        known = self.kinds.get(kind)
        return known.roles if known else ()


def _agree(role: str, mine: Sequence[Who], yours: Sequence[Who]) -> bool:
    """Whether two claims fill a role with the same participants, as far as both name them."""
    if role != "party":
        return _shared(mine, yours) > 0
    return min(_shared(mine, yours), _shared(yours, mine)) >= min(2, len(mine), len(yours))


def _contradict(role: str, mine: Sequence[Who], yours: Sequence[Who]) -> bool:
    """Whether different participants are really others. Names of no table in different scripts say nothing."""
    return role == "party" or any(_comparable(a, b) for a in mine for b in yours)


def _sides(role: str) -> int:
    """How many participants a role needs where it is the only one."""
    return 2 if role == "party" else 1


@functools.lru_cache(maxsize=200_000)
def _who(party: Party) -> Who:
    spelled = (party.canonical,) if party.entity_id else (party.canonical, party.surface, *party.aliases)
    names = {folded for name in spelled if (folded := fold_name(name))}
    kept = sorted(names, key=lambda name: (name != fold_name(party.canonical), name))[:MAX_NAMES]
    if party.entity_id:
        kept.append(f"#{party.entity_id}")
    owner = party.parent or _owner(party.entity_id)
    parent = fold_name(owner) if owner else ""
    return Who(tuple(sorted(kept)), "" if parent in kept else parent, "" if party.entity_id else fold(party.canonical))


def _cast(told: Mapping[str, tuple[Party, ...]]) -> Roles:
    return tuple([(role, _whos(told[role])) for role in sorted(told) if told[role]])


@functools.lru_cache(maxsize=16_384)
def _cast_of(text: bytes) -> Roles:
    return _cast(read_roles(text))


def _owner(entity_id: str | None) -> str | None:
    entity = entities().get(entity_id or "")
    return entities()[entity.parent].name if entity and entity.parent else None


@functools.lru_cache(maxsize=200_000)
def _whos(parties: tuple[Party, ...]) -> tuple[Who, ...]:
    return tuple(sorted(set(map(_who, parties))))


def deal_schema() -> DealSchema:
    """The kinds of deals of `corpus/deals` with the matcher of this module: what `Store.merge` takes.

    >>> schema = deal_schema()
    >>> schema.kinds["investment"].roles, schema.kinds["stake"].moves_money
    (('investor', 'target'), False)
    """
    kinds = {
        name: DealKind(name, row.roles, row.family, len(row.roles) > 1 and row.status != "held") for name, row in deals().items()
    }
    return DealSchema(kinds, NewsMatcher(kinds))
