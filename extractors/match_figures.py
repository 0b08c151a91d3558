"""What sums, holdings, quantities and dates of two claims say: whether they contradict, and how much speaks for one deal. Pure.

Every rule is here twice: for two claims, and as columns of numbers for millions of pairs. Both give the same answers.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.blocking import Numbers
from models.deal import Profile, ReadProfiles
from models.ids import number_id

_FAR_SAME_SUM, _FAR_LIKE_SUM, _FAR_NO_SUM = 730, 400, 300
"""Days between stated dates beyond which it is another deal. Papers misdate old deals, but rarely with the same sum."""
_RETOLD_ONE_SUM, _RETOLD_NO_SUM, _ONE_PARTY_SUM, _ONE_PARTY_NO_SUM = 24, 12, 6, 1
"""Months between two reports beyond which too little is said to call them one deal."""
_UNKNOWN_GAP = 4
"""Months between two reports of which one has no date at all: enough doubt to need the sum."""
_ONCE = frozenset(("merger", "acquisition"))
"""Control changes hands once between two parties: a year may pass from the announcement to the closing"""
_CLOSE_SUM, _CLOSE_VALUATION, _CLOSE_QUANTITY = 5, 150, 250
"""Per mille by which figures may differ that are the same"""
_CLOSE_STAKE = 100
"""Hundredths of a percent"""
_NEAR = ((12, 10), (6, 30), (3, 60), (1, 90))
"""Months between two reports, at most, and what that is worth"""
_WIDEST = 9 * 10**15
"""A figure beyond which a thousand times it no longer fits in 64 bits, nor itself in those of a float"""

Mask = NDArray[np.bool_]
ToldSum = tuple[str, tuple[int, int, int] | None, tuple[str, int, int, int] | None]
"""Currency, amount and what was told, of a profile"""
_Sums = tuple[Sequence[int], Sequence[int]]
"""(low, point, high) of two claims in one currency"""


def _close(left: int, right: int, per_mille: int) -> bool:
    return abs(left - right) * 1000 <= per_mille * max(abs(left), abs(right))


def _same_sum(sums: _Sums | None) -> bool:
    """Both name a sum, and it is the same to half a percent."""
    return sums is not None and _close(sums[0][1], sums[1][1], _CLOSE_SUM)


def _like_sum(sums: _Sums | None) -> bool:
    """Both name a sum, and what they may mean overlaps."""
    return sums is not None and sums[0][0] <= sums[1][2] and sums[1][0] <= sums[0][2]


def _sums(left: Profile, right: Profile) -> _Sums | None:
    """The sums of both in the currency of the texts if they name the same, else in USD; None if there is none for both."""
    if left.amount is None or right.amount is None:
        return None
    if left.told is not None and right.told is not None and left.told[0] == right.told[0]:
        return left.told[1:], right.told[1:]
    return (left.amount, right.amount) if left.currency == right.currency else None


def _same_valuation(left: Profile, right: Profile) -> bool:
    return bool(left.valuation and right.valuation) and _close(left.valuation or 0, right.valuation or 0, _CLOSE_SUM)


def anchor(profile: Profile) -> int:
    """The month a claim is about: of its date, else of its publication; 0 when neither is known."""
    if profile.date is None:
        return profile.month
    return _month_of((profile.date[0] + profile.date[1]) // 2)


@functools.lru_cache(maxsize=50_000)
def _month_of(ordinal: int) -> int:
    day = date.fromordinal(max(1, ordinal))
    return day.year * 12 + day.month


def _months_apart(left: Profile, right: Profile) -> int:
    first, second = anchor(left), anchor(right)
    return abs(first - second) if first and second else _UNKNOWN_GAP


def measured(profile: Profile) -> bool:
    """Whether a claim says how large the deal is."""
    return profile.amount is not None or profile.stake is not None


def contradiction(left: Profile, right: Profile) -> str | None:
    """The figure or date that contradicts. Sums decide; where they agree, a valuation or quantity is a mere conflict."""
    sums = _sums(left, right)
    like = _like_sum(sums)
    if not like:
        if sums is not None:
            return "amount"
        if left.valuation and right.valuation and not _close(left.valuation, right.valuation, _CLOSE_VALUATION):
            return "valuation"
        one_unit = left.quantity and right.quantity and left.quantity[1] == right.quantity[1]
        if one_unit and left.quantity and right.quantity and not _close(left.quantity[0], right.quantity[0], _CLOSE_QUANTITY):
            return "quantity"
    if left.stake is not None and right.stake is not None and abs(left.stake - right.stake) > _CLOSE_STAKE:
        return "stake_pct"
    if left.date is not None and right.date is not None:
        gap = max(left.date[0] - right.date[1], right.date[0] - left.date[1])
        if gap > _FAR_NO_SUM:  # the least of the three
            once = left.type in _ONCE or _same_sum(sums)
            far = _FAR_SAME_SUM if once else _FAR_LIKE_SUM if like else _FAR_NO_SUM
            if gap > far:
                return "date"
    return None


def weight(left: Profile, right: Profile, *, complete: bool) -> int:
    """How much figures and dates that do not contradict speak for one deal; `complete`: both sides are the same."""
    sums = _sums(left, right)
    apart, same, like = _months_apart(left, right), _same_sum(sums), _like_sum(sums)
    near = max((worth for months, worth in _NEAR if apart <= months), default=0)
    if not complete:
        if same or _same_valuation(left, right):
            return 500 + near if apart <= _ONE_PARTY_SUM else 0
        both_bare = not measured(left) and not measured(right)
        return 400 if both_bare and apart <= _ONE_PARTY_NO_SUM else 0
    stake = left.stake is not None and left.stake == right.stake
    if not (same or like or stake):
        sized = left.type in _ONCE or measured(left) or measured(right)
        if apart > (_RETOLD_ONE_SUM if sized else _RETOLD_NO_SUM):
            return 0
    return 600 + near + (300 if same else 200 if like else 0) + (10 if stake else 0)


class Span(NamedTuple):
    """How far apart the figures and dates of a group of claims lie: enough to tell of most groups whether they contradict.

    Nothing is told of a group with valuations or quantities, or whose sums are not all in one currency (`open`).
    """

    open: bool
    sums: tuple[int, int] | None
    """Currency of the sums, and of the texts where that is another (else 0)"""
    low: float
    high: float
    """The greatest of the least that sums may mean, the least of the greatest; next in the currency of the texts"""
    told_low: float
    told_high: float
    least: float
    most: float
    """Of holdings"""
    start: float
    end: float
    """The last start and the first end"""

    def joint(self, other: Span) -> Span:
        """Of the claims of both."""
        return Span(
            self.open or other.open or (self.sums != other.sums and self.sums is not None and other.sums is not None),
            self.sums or other.sums, max(self.low, other.low), min(self.high, other.high),
            max(self.told_low, other.told_low), min(self.told_high, other.told_high),
            min(self.least, other.least), max(self.most, other.most), max(self.start, other.start), min(self.end, other.end),
        )  # fmt: skip

    def contradicts(self, other: Span) -> bool | None:
        """Whether a claim of one contradicts one of the other, as `contradiction`; None where the spans do not say.

        Of sums, holdings and dates those contradict that lie too far apart; so two groups do where their farthest do. How far
        dates may be depends on the sums of the two claims, but not where the farthest are within all bounds or beyond them.
        """
        if self.open or other.open:
            return None
        if self.sums and other.sums:
            if self.sums[1] and self.sums[1] == other.sums[1]:
                if self.told_low > other.told_high or other.told_low > self.told_high:
                    return True
            elif self.sums[0] == other.sums[0] and (self.low > other.high or other.low > self.high):
                return True
        if self.most - other.least > _CLOSE_STAKE or other.most - self.least > _CLOSE_STAKE:
            return True
        gap = max(self.start - other.end, other.start - self.end)
        return False if gap <= _FAR_NO_SUM else True if gap > _FAR_SAME_SUM else None


# --- as columns ---------------------------------------------------------------------------------------------------------

_ROW = np.dtype([
    *((name, "<i8") for name in ("kind", "currency", "low", "point", "high", "told", "told_low", "told_point", "told_high")),
    *((name, "<i8") for name in ("valuation", "stake", "quantity", "unit")),
    ("start", "<i4"), ("end", "<i4"), ("flags", "u1"), ("month", "<i4"), ("cast", "<i8"), ("named", "u1"),
])  # fmt: skip
"""The figures of a claim. Kinds of deals, currencies, units (0: none) and who takes part are numbers that texts are hashed to.

`named` is how many sides that names: 2 both, 1 only one, 0 none.
"""
_FIELDS = dict(_ROW.fields or {})
UNTOLD = int(np.iinfo(np.int64).min)
_AMOUNT, _STAKE, _DATED, _ODD = 1, 2, 4, 8
"""Flags: what a claim names; and that its figures are too large for here"""
_SUM = ["flags", "currency", "low", "point", "high", "told", "told_low", "told_point", "told_high"]
_READ_AT_A_TIME = 10_000
_ONCE_CODES = {number_id(kind): kind for kind in _ONCE}


def pack(profiles: Sequence[Profile], casts: Sequence[int], named: Sequence[int]) -> bytes:
    """The figures of each claim as `Figures` reads them, with a number for who takes part, and how many sides that names."""
    rows = np.zeros(len(profiles), _ROW)
    flags: Numbers = np.zeros(len(profiles), np.int64)

    def column(name: str, figures: Sequence[int]) -> None:
        exact = np.array(figures, np.float64)  # exact, but for those that are too large
        odd = np.abs(exact) > _WIDEST
        rows[name] = np.where(odd, 0, exact).astype(np.int64)
        flags[odd] |= _ODD

    kinds, _, currencies, amounts, valuations, stakes, quantities, dates, _, _, told = (
        zip(*profiles, strict=True) if profiles else ((),) * len(Profile._fields)
    )
    for place, part in enumerate(("low", "point", "high")):
        column(part, [one[place] if one else 0 for one in amounts])
        column(f"told_{part}", [one[place + 1] if one else 0 for one in told])
    column("valuation", [one or 0 for one in valuations])
    column("stake", [one or 0 for one in stakes])
    column("quantity", [one[0] if one else 0 for one in quantities])
    for name, texts in (
        ("kind", kinds), ("currency", currencies), ("told", [one and one[0] for one in told]),
        ("unit", [one and one[1] for one in quantities]),
    ):  # fmt: skip
        rows[name] = [0 if text is None else number_id(text) for text in texts]
    for name, place in (("start", 0), ("end", 1)):
        rows[name] = [one[place] if one else 0 for one in dates]
    for flag, values in ((_AMOUNT, amounts), (_STAKE, stakes), (_DATED, dates)):
        flags |= flag * np.array([value is not None for value in values], np.int64)
    rows["flags"], rows["month"], rows["cast"], rows["named"] = flags, list(map(anchor, profiles)), casts, named
    return rows.tobytes()


class Compared(NamedTuple):
    """Of pairs: whether both name a sum in one currency, whether it is the same, and whether it may be."""

    both: Mask
    same: Mask
    like: Mask

    def of(self, some: Numbers) -> Compared:
        """The same of some of the pairs."""
        return Compared(self.both[some], self.same[some], self.like[some])


class Figures:
    """The figures and dates of claims, which go by their place. Every method takes the two places of each pair."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._rows = np.frombuffer(packed, _ROW)
        flags = self._column("flags")
        self.odd: Mask = flags & _ODD != 0
        """Claims whose figures are too large to be compared here"""
        self.cast = self._column("cast")
        self.named = self._column("named")
        self.kind = self._column("kind")
        self._once: Mask = np.isin(self.kind, list(_ONCE_CODES))
        self._amount = [self._column(part) for part in ("low", "point", "high")]
        self._has_amount: Mask = flags & _AMOUNT != 0
        self._currency = self._column("currency")
        self._told = [self._column(f"told_{part}") for part in ("low", "point", "high")]
        self._told_currency = self._column("told")
        self.valuation = self._column("valuation")
        self._stake = self._column("stake")
        self._has_stake: Mask = flags & _STAKE != 0
        self._quantity = self._column("quantity")
        self._unit = self._column("unit")
        self._dated: Mask = flags & _DATED != 0
        self._start = self._column("start")
        self._end = self._column("end")
        self.month = self._column("month")
        self.measured: Mask = self._has_amount | self._has_stake

    def _column(self, name: str) -> Numbers:
        return self._rows[name].astype(np.int64)

    def said(self, place: int) -> bytes:
        """All that `contradiction` reads: equal where the figures are."""
        start = place * _ROW.itemsize
        return self._packed[start : start + int(_FIELDS["month"][1])]

    def profile(self, place: int) -> Profile:
        """A claim without who takes part, its words as numbers: to be compared with others of these."""
        kind, currency, low, point, high, told, *told_sum, valuation, stake, quantity, unit, start, end, flags, month, _, _ = (
            self._rows[place].item()
        )
        return Profile(
            _ONCE_CODES.get(kind, str(kind)), (), str(currency), (low, point, high) if flags & _AMOUNT else None, valuation,
            stake if flags & _STAKE else None, (quantity, str(unit)) if unit else None,
            (start, end) if flags & _DATED else None, month, "", (str(told), *told_sum) if told else None,
        )  # fmt: skip

    def sums(self, read: ReadProfiles) -> Iterator[ToldSum]:
        """The sum of each claim, as its profile has it; `read` gives profiles by place."""
        names = self._currencies(read)
        for at in range(0, len(self._rows), _READ_AT_A_TIME):
            for place, row in enumerate(self._rows[_SUM][at : at + _READ_AT_A_TIME].tolist(), at):
                flags, currency, *amount, told, told_low, told_point, told_high = row
                if flags & _ODD:
                    (one,) = read([place])
                    yield one.currency, one.amount, one.told
                    continue
                yield (
                    names[currency], tuple(amount) if flags & _AMOUNT else None,
                    (names[told], told_low, told_point, told_high) if told else None,
                )  # fmt: skip

    def stakes(self) -> Numbers:
        """The holding of each claim, `UNTOLD` without one."""
        found: Numbers = np.where(self._has_stake, self._stake, UNTOLD)
        return found

    def _currencies(self, read: ReadProfiles) -> dict[int, str]:
        """Their names by number."""
        codes, first = np.unique(self._currency, return_index=True)
        names = {code: one.currency for code, one in zip(codes.tolist(), read(first.tolist()), strict=True)}
        codes, first = np.unique(self._told_currency, return_index=True)
        told = zip(codes.tolist(), read(first.tolist()), strict=True)
        return names | {code: one.told[0] for code, one in told if one.told}

    def in_currency(self, currency: str) -> Mask:
        """Which claims have their sum in it."""
        found: Mask = self._currency == number_id(currency)
        return found

    def span(self, place: int) -> Span:
        """Of a claim as a group of one."""
        _, currency, low, _, high, told, told_low, _, told_high, valuation, stake, _, unit, start, end, flags, *_ = self._rows[
            place
        ].item()
        summed, held, dated = flags & _AMOUNT, flags & _STAKE, flags & _DATED
        return Span(
            bool(flags & _ODD or valuation or unit), (currency, told) if summed else None,
            low if summed else -math.inf, high if summed else math.inf,
            told_low if summed and told else -math.inf, told_high if summed and told else math.inf,
            stake if held else math.inf, stake if held else -math.inf, start if dated else -math.inf, end if dated else math.inf,
        )  # fmt: skip

    def compared(self, left: Numbers, right: Numbers) -> Compared:
        """Their sums side by side, in the currency of the texts if they name the same."""
        both = self._has_amount[left] & self._has_amount[right]
        told = (self._told_currency[left] != 0) & (self._told_currency[left] == self._told_currency[right])
        both &= told | (self._currency[left] == self._currency[right])
        low, point, high = ([np.where(told, self._told[n][at], self._amount[n][at]) for at in (left, right)] for n in range(3))
        like = both & (low[0] <= high[1]) & (low[1] <= high[0])
        return Compared(both, both & _near(point[0], point[1], _CLOSE_SUM), like)

    def contradict(self, left: Numbers, right: Numbers, sums: Compared) -> Mask:
        """As `contradiction`, of those whose sums do not contradict."""
        value, other = self.valuation[left], self.valuation[right]
        valued = (value != 0) & (other != 0) & ~_near(value, other, _CLOSE_VALUATION)
        unit = self._unit[left]
        counted = (unit != 0) & (unit == self._unit[right])
        counted &= ~_near(self._quantity[left], self._quantity[right], _CLOSE_QUANTITY)
        held = self._has_stake[left] & self._has_stake[right] & (np.abs(self._stake[left] - self._stake[right]) > _CLOSE_STAKE)
        gap = np.maximum(self._start[left] - self._end[right], self._start[right] - self._end[left])
        far = np.where(self._once[left] | sums.same, _FAR_SAME_SUM, np.where(sums.like, _FAR_LIKE_SUM, _FAR_NO_SUM))
        late = self._dated[left] & self._dated[right] & (gap > far)
        found: Mask = (~sums.like & (valued | counted)) | held | late
        return found

    def weights(self, left: Numbers, right: Numbers, sums: Compared) -> tuple[Numbers, Numbers]:
        """As `weight`: where both sides are the same, and where only one is."""
        month, other = self.month[left], self.month[right]
        apart = np.where((month != 0) & (other != 0), np.abs(month - other), _UNKNOWN_GAP)
        near: Numbers = np.zeros(len(left), np.int64)
        for months, worth in _NEAR:
            near[apart <= months] = worth
        sized = self.measured[left] | self.measured[right]
        value = self.valuation[left]
        valued = (value != 0) & (self.valuation[right] != 0) & _near(value, self.valuation[right], _CLOSE_SUM)
        bare = ~sized & (apart <= _ONE_PARTY_NO_SUM)
        one_side = np.where(sums.same | valued, (500 + near) * (apart <= _ONE_PARTY_SUM), 400 * bare)
        stake = self._has_stake[left] & self._has_stake[right] & (self._stake[left] == self._stake[right])
        until = np.where(sized | self._once[left], _RETOLD_ONE_SUM, _RETOLD_NO_SUM)
        retold = sums.same | sums.like | stake | (apart <= until)
        both_sides = (600 + near + np.where(sums.same, 300, 200 * sums.like) + 10 * stake) * retold
        return both_sides, one_side


def coded(profile: Profile) -> Profile:
    """A claim as `Figures.profile` gives it, whatever its figures."""
    quantity, told = profile.quantity, profile.told
    return profile._replace(
        type=profile.type if profile.type in _ONCE else str(number_id(profile.type)), roles=(), mark="",
        currency=str(number_id(profile.currency)),
        quantity=quantity and (quantity[0], str(number_id(quantity[1]))), told=told and (str(number_id(told[0])), *told[1:]),
    )  # fmt: skip


def _near(left: Numbers, right: Numbers, per_mille: int) -> Mask:
    """As `_close`."""
    found: Mask = np.abs(left - right) * 1000 <= per_mille * np.maximum(np.abs(left), np.abs(right))
    return found
