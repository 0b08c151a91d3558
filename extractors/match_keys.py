"""Block keys of claims: who takes part, as numbers, each with marks of a sum, a holding, a period or a month. Pure.

Every rule is here twice: for one claim, and as columns for a hundred thousand. Both give the same keys.
"""

from __future__ import annotations

import functools
import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple, TypeVar

import numpy as np

from extractors.company_fold import take_apart
from extractors.match_figures import UNTOLD, Figures, Mask, ToldSum, anchor, measured
from models.blocking import Blocks, Held, Keys, Numbers, ordered
from models.deal import Profile, ReadProfiles, Roles, Who
from models.ids import number_id

_BUCKET = math.log(1.02)
"""Two sums within half a percent share one of two half-shifted buckets of this width."""
_COARSE = math.log(1.3)
_MAX_BUCKETS = 12
"""Of two sums of a pair of participants: width of a bucket, and how many a vague sum may lie in before it counts as none"""
_PERIOD = 24
_PERIODS = range(1985 * 12 // _PERIOD, 2045 * 12 // _PERIOD)
"""Months of a period, and the periods there are: what is before or after them is in the first or the last"""
_MAX_PARTIES = 8
MAX_NAMES = 4
_FEW_SOUNDS = 2
_SCATTER, _HALF = 0x9E3779B97F4A7C15, 1 << 63
"""An odd number without pattern (2**64 over the golden ratio), and half of the numbers of 64 bits"""
_AT_A_TIME = 1_000_000
"""Keys put together at a time: bounds the memory of a large table"""

Value = TypeVar("Value")


def keys_of(profile: Profile, *, complete: bool) -> Keys:
    """The block keys of a claim; `complete`: whether it names both sides."""
    kind, roles = profile.type, profile.roles
    pairs, each = _numbered(kind, roles)
    has: set[int] = set()
    asks: set[int] = set()
    coarse, known, open_ = _sum_marks((profile.currency, profile.amount, profile.told))
    told, untold, all_around, open_around, months = _month_marks(anchor(profile))
    if complete:
        figures = coarse + _stake_marks(profile.stake)
        sized = bool(coarse) and profile.currency == "USD"
        has |= _crossed_once(pairs, figures + (told if sized else untold))
        asks |= _crossed_once(pairs, figures + (open_around if sized else all_around))
    elif not measured(profile):
        has |= _crossed_once(each, months)
        asks |= _crossed_once(each, months)
    closed = complete and _all_known(roles)
    valued = _valuation_marks(profile.valuation)
    has |= _crossed_once(each, (known if closed else open_) + valued)
    asks |= _crossed_once(each, (open_ if closed else open_ + known) + valued)
    return Keys(tuple(has), tuple(asks))


def _crossed_once(numbers: Iterable[int], marks: Iterable[int]) -> set[int]:
    return {number ^ mark for number, mark in product(numbers, marks)}


def blocks_of(casts: Iterable[tuple[str, Roles]], cast: Numbers, complete: Mask, figures: Figures, read: ReadProfiles) -> Blocks:
    """The block keys of many claims; `cast` is the place in `casts` of who takes part in each, `read` what `figures` are of."""
    numbers, marks = _Runs(), _Runs()
    taking, known = array("q"), array("b")
    for who in casts:
        taking.append(numbers.add(_sides_of(who)))
        known.append(_all_known(who[1]))
    sums = marks.of_each(figures.sums(read), _sums_of)
    stakes, values = marks.of_column(figures.stakes(), _stakes_of), marks.of_column(figures.valuation, _valuations_of)
    for place in np.flatnonzero(figures.odd).tolist():
        (one,) = read([place])
        stakes[place], values[place] = marks.add(_stakes_of(one.stake)), marks.add(_valuations_of(one.valuation))
    months = marks.of_column(figures.month, _month_marks)
    sized = (np.array(marks.sizes, np.int64)[sums] > 0) & figures.in_currency("USD")
    bare = ~complete & ~figures.measured
    closed = complete & np.array(known, np.bool_)[cast]
    pair: Numbers = np.array(taking, np.int64)[cast]
    each: Numbers = pair + 1
    every: Mask = np.ones(len(cast), np.bool_)
    both = [(complete, pair, sums), (complete, pair, stakes), (bare, each, months + 4), (every, each, values)]
    has = [*both, (complete, pair, months + np.where(sized, 0, 1)), (every, each, sums + np.where(closed, 1, 2))]
    asks = [*both, (complete, pair, months + np.where(sized, 3, 2)), (every, each, sums + np.where(closed, 2, 3))]
    return Blocks(ordered(*_crossed(numbers, marks, has)), _crossed(numbers, marks, asks))


class _Runs:
    """Numbers of which many claims have the same few, one after the other: each claim has the places of its own."""

    def __init__(self) -> None:
        self.numbers = array("q")
        self.starts = array("q")
        self.sizes = array("q")

    def add(self, runs: Iterable[Sequence[int]]) -> int:
        """Keep these; the place of the first."""
        place = len(self.starts)
        for run in runs:
            self.starts.append(len(self.numbers))
            self.sizes.append(len(run))
            self.numbers.extend(run)
        return place

    def of_each(self, values: Iterable[Value], read: Callable[[Value], Iterable[Sequence[int]]]) -> Numbers:
        """Of each value the place of the first of its runs; those of equal values are read and kept once."""
        known: dict[Value, int] = {}
        places = array("q")
        for value in values:
            place = known.get(value)
            if place is None:
                place = known[value] = self.add(read(value))
            places.append(place)
        return np.array(places, np.int64)

    def of_column(self, values: Numbers, read: Callable[[int], Iterable[Sequence[int]]]) -> Numbers:
        """The same of a column of numbers."""
        distinct, which = np.unique(values, return_inverse=True)
        return np.array([self.add(read(value)) for value in distinct.tolist()], np.int64)[which]

    def columns(self) -> tuple[Numbers, Numbers, Numbers]:
        """The numbers, and of each run the first and how many."""
        return np.array(self.numbers, np.int64), np.array(self.starts, np.int64), np.array(self.sizes, np.int64)


def _crossed(numbers: _Runs, marks: _Runs, rows: Sequence[tuple[Mask, Numbers, Numbers]]) -> Held:
    """(key, place) of all claims; a claim may have a key twice. A row says which claims, and of each the two runs.

    Claims with runs of one length are put together at once.
    """
    place = np.concatenate([np.flatnonzero(some) for some, _, _ in rows])
    one = np.concatenate([run[some] for some, run, _ in rows])
    other = np.concatenate([run[some] for some, _, run in rows])
    number, starts, lengths = numbers.columns()
    mark, begins, widths = marks.columns()
    shape = lengths[one] << 32 | widths[other]
    order = np.argsort(shape, kind="stable")
    shapes, first = np.unique(shape[order], return_index=True)
    size = (shapes >> 32) * (shapes & 0xFFFFFFFF)
    count = np.diff(np.append(first, len(order)))
    keys: Numbers = np.empty(int((size * count).sum()), np.int64)
    places = np.empty_like(keys)
    done = 0
    for code, at, many in zip(shapes.tolist(), first.tolist(), count.tolist(), strict=True):
        length, width = np.arange(code >> 32), np.arange(code & 0xFFFFFFFF)
        if not len(length) * len(width):
            continue
        step = max(1, _AT_A_TIME // (len(length) * len(width)))
        for start in range(at, at + many, step):
            some = order[start : min(start + step, at + many)]
            left, right = number[starts[one[some], None] + length], mark[begins[other[some], None] + width]
            found = (left[:, :, None] ^ right[:, None, :]).reshape(len(some), -1)
            upto = done + found.size
            keys[done:upto], places[done:upto] = found.ravel(), np.repeat(place[some], found.shape[1])
            done = upto
    return keys, places


# --- who takes part ----------------------------------------------------------------------------------------------------


def in_table(who: Who) -> bool:
    """Whether the table of entities has a participant."""
    return any(name[0] == "#" for name in who.names)


def _all_known(roles: Roles) -> bool:
    return all(in_table(who) for _, found in roles for who in found)


class _Sides(NamedTuple):
    """Two participants in either order, and one of them, as numbers; one may be there twice."""

    pairs: Sequence[int]
    each: Sequence[int]


def _sides_of(cast: tuple[str, Roles]) -> _Sides:
    """Who takes part in a deal of a kind."""
    kind, roles = cast
    sides = [[_tag_numbers(kind, who) for who in found[:_MAX_PARTIES]] for _, found in roles]
    return _Sides(
        [_together(one, other) for left, right in _pairs(sides) for one in left for other in right],
        [tag for side in sides for tags in side for tag in tags],
    )


@functools.lru_cache(maxsize=50_000)
def _numbered(kind: str, roles: Roles) -> _Sides:
    return _sides_of((kind, roles))


@functools.lru_cache(maxsize=200_000)
def _tags(who: Who) -> tuple[str, ...]:
    """What a participant is keyed under: its names, its owner's, and of one in no table its own name and how that sounds."""
    names = {*(name for name in who.names if name[0] != "#"), who.parent}
    if who.said:
        company = take_apart(who.said)
        names |= {company.own.replace(" ", ""), f"~{company.sounds}" if len(company.sounds) > _FEW_SOUNDS else ""}
    return tuple(sorted(names - {""})[: MAX_NAMES + 1])


@functools.lru_cache(maxsize=200_000)
def _tag_numbers(kind: str, who: Who) -> tuple[int, ...]:
    return tuple([number_id(f"{kind}|{tag}") for tag in _tags(who)])


def _together(one: int, other: int) -> int:
    """A number for two numbers in either order: cheaper than a hash of both, and two pairs as rarely share one.

    >>> _together(1, 2) == _together(2, 1), _together(1, 3) == _together(2, 2)
    (True, False)
    """
    low, high = (one, other) if one < other else (other, one)
    return (low * _SCATTER + high + _HALF) % (2 * _HALF) - _HALF


def _pairs(sides: Sequence[Sequence[Sequence[int]]]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """The names of two participants of different roles; within the one role of a kind that has one; or the one participant."""
    if len(sides) == 1 and len(sides[0]) == 1:
        yield sides[0][0], (0,)
    elif len(sides) == 1:
        yield from combinations(sides[0], 2)
    else:
        for left, right in combinations(sides, 2):
            yield from product(left, right)


# --- marks -------------------------------------------------------------------------------------------------------------


def _sum_marks(told: ToldSum) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Of a sum: the coarse buckets (``$``) in which pairs meet, and those among claims that leave nothing open, or something."""
    currency, amount, other = told
    coarse = tuple(map(number_id, _coarse(currency, amount, other)))
    if amount is None or amount[1] <= 0:
        return coarse, (), ()
    sums = [(currency, amount[1]), *([(other[0], other[2])] if other else ())]
    known, open_ = (tuple([number for one in sums for number in _buckets(among, *one)]) for among in ("known", "open"))
    return coarse, known, open_


def _sums_of(told: ToldSum) -> tuple[tuple[int, ...], ...]:
    """The same, and the last two together."""
    coarse, known, open_ = _sum_marks(told)
    return coarse, known, open_, open_ + known


def _coarse(currency: str, amount: tuple[int, int, int] | None, told: tuple[str, int, int, int] | None) -> list[str]:
    """The buckets that a sum may lie in; none when it is too vague for that."""
    if amount is None or amount[0] <= 0:
        return []
    found = []
    other = [(told[0], told[1], told[3])] if told and told[1] > 0 else []
    for unit, low, high in ((currency, amount[0], amount[2]), *other):
        first, last = int(math.log(low) / _COARSE), int(math.log(high) / _COARSE)
        if last - first > _MAX_BUCKETS:
            return []
        found += [f"${unit}{place}" for place in range(first, last + 1)]
    return found


@functools.lru_cache(maxsize=50_000)
def _buckets(among: str, currency: str, figure: int) -> tuple[int, int]:
    """The two half-shifted buckets of a sum.

    They are `among` claims that name both sides, and by names of the table (known), or leave something open; or are of
    valuations (valued).
    """
    place = math.log(max(1, figure)) / _BUCKET
    return number_id(f"{among}|{currency}{int(place)}"), number_id(f"{among}|{currency}{int(place + 0.5)}h")


def _valuation_marks(valuation: int | None) -> tuple[int, ...]:
    return _buckets("valued", "", valuation) if valuation else ()


def _valuations_of(valuation: int | None) -> tuple[tuple[int, ...]]:
    return (_valuation_marks(valuation),)


def _stake_marks(stake: int | None) -> tuple[int, ...]:
    """Holdings meet in their percentage (``%``)."""
    return () if stake is None else tuple([number_id(f"%{stake // 100 + step}") for step in (0, 1)])


def _stakes_of(stake: int | None) -> tuple[tuple[int, ...]]:
    return (_stake_marks(None if stake == UNTOLD else stake),)


@functools.lru_cache(maxsize=2_000)
def _month_marks(month: int) -> tuple[tuple[int, ...], ...]:
    """Of the month that a claim is about (0: unknown): where it is found with a sum in USD (``m``), and without (``u``).

    Then what it looks for without such a sum (all of the two years that it is about and those around) and with one (only those
    without); and, where it names one participant and no sum, the month and the next.
    """
    period = min(max(month // _PERIOD, _PERIODS[0]), _PERIODS[-1]) if month else 0
    around = (0, period - 1, period, period + 1) if period else (0, *_PERIODS)
    told, untold = (tuple([number_id(f"{kind}{near}") for near in around]) for kind in "mu")
    months = number_id(f"m{month}"), number_id(f"m{month + 1}")
    return (number_id(f"m{period}"),), (number_id(f"u{period}"),), told + untold, untold, months
