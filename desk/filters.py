"""What an address asks for: filters, order and page of the events, as they stand in its query string."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from models.resolver import EXITS, STATUS_ORDER

UNITS = ("usd", "hkd", "original")
"""What an amount is compared in: dollars, Hong Kong dollars, or the currency of the article"""
SORTS = ("date", "-date", "reported", "-reported", "amount", "-amount", "confidence", "-confidence", "sources", "-sources",
         "changed", "-changed")  # fmt: skip
STATUSES = (*STATUS_ORDER, *EXITS)
LAST_NIGHT = "last-night"
_SCALES = {"k": 3, "m": 6, "bn": 9, "b": 9, "tn": 12, "t": 12}
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_LONGEST = 200
"""Code points of a search that are looked at"""


class FilterError(ValueError):
    """A parameter that cannot be read. `name` is the parameter, `value` what was given."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(name, value)
        self.name = name
        self.value = value


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What events are asked for. Empty values ask for nothing.

    `after` and `before` are ISO 8601 dates, months or years, both inclusive, of the deal's date (else its first report).
    `least` and `most` are in `unit`; `currency` is an ISO 4217 code. `changed` is `LAST_NIGHT` or an ISO 8601 date.
    """

    party: str = ""
    type: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    unit: str = "usd"
    currency: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    after: str = ""
    before: str = ""
    source: str = ""
    language: str = ""
    changed: str = ""
    conflicts: bool = False
    sort: str = "-reported"
    page: int = 1

    def on_page(self, page: int) -> EventFilter:
        """The same, on another page."""
        return replace(self, page=page)

    def sorted_by(self, sort: str) -> EventFilter:
        """The same in another order, from its first page."""
        return replace(self, sort=sort, page=1)

    @property
    def everything(self) -> EventFilter:
        """The same without order and page: what decides which events pass."""
        return replace(self, sort="-reported", page=1)

    @property
    def narrow(self) -> bool:
        """Whether it leaves any event out."""
        return self.everything != EventFilter(unit=self.unit)

    def query(self) -> list[tuple[str, str]]:
        """The pairs of its query string: what differs from the defaults, always in the same order."""
        pairs: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            if isinstance(value, tuple):
                pairs += [(field.name, one) for one in value]
            elif isinstance(value, bool):
                pairs.append((field.name, "1"))
            elif isinstance(value, Decimal):
                pairs.append((field.name, format(value, "f")))
            else:
                pairs.append((field.name, str(value)))
        return pairs


def read_filter(given: Sequence[tuple[str, str]], types: Mapping[str, object]) -> EventFilter:
    """The filter of a query string; raises FilterError for the first parameter that cannot be read. Unknown ones are ignored.

    >>> read_filter([("party", "亞馬遜"), ("least", "1bn"), ("type", "loan")], {"loan": 1}).query()
    [('party', '亞馬遜'), ('type', 'loan'), ('least', '1000000000')]
    """
    many: dict[str, list[str]] = {}
    for name, value in given:
        if value.strip():
            many.setdefault(name, []).append(value.strip())
    one = {name: values[-1] for name, values in many.items()}
    return EventFilter(
        party=one.get("party", "")[:_LONGEST],
        type=_among("type", many, tuple(types)), status=_among("status", many, STATUSES),
        unit=_choice("unit", one, UNITS, "usd"), currency=_matching("currency", one, re.compile("[A-Za-z]{3}")).upper(),
        least=_money("least", one), most=_money("most", one),
        after=_matching("after", one, _DATE), before=_matching("before", one, _DATE),
        source=one.get("source", "")[:_LONGEST], language=one.get("language", "")[:_LONGEST],
        changed=LAST_NIGHT if one.get("changed") == LAST_NIGHT else _matching("changed", one, _DATE),
        conflicts=one.get("conflicts") == "1", sort=_choice("sort", one, SORTS, "-reported"), page=_page(one),
    )  # fmt: skip


def read_money(text: str) -> Decimal:
    """A sum as people type it; raises ValueError for what is none.

    >>> f"{read_money('1,000,000')} {read_money('10bn'):f}"
    '1000000 10000000000'
    """
    plain = text.replace(",", "").replace("_", "").strip().lower()
    suffix = next((suffix for suffix in sorted(_SCALES, key=len, reverse=True) if plain.endswith(suffix)), "")
    try:
        value = Decimal(plain.removesuffix(suffix).strip()).scaleb(_SCALES.get(suffix, 0))
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or value < 0 or value.adjusted() > 30:
        raise ValueError(text)
    return value


def first_day(text: str) -> date:
    """The first day of an ISO 8601 date, month or year."""
    parts = [int(part) for part in text.split("-")]
    return date(*[*parts, 1, 1][:3])


def day_after(text: str) -> date:
    """The day after the last one of an ISO 8601 date, month or year.

    >>> day_after("2025-12").isoformat(), day_after("2025").isoformat(), day_after("2024-02-28").isoformat()
    ('2026-01-01', '2026-01-01', '2024-02-29')
    """
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0] + 1, 1, 1)
    if len(parts) == 2:
        return date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
    return date.fromordinal(date(*parts).toordinal() + 1)


def _among(name: str, many: Mapping[str, Sequence[str]], known: Sequence[str]) -> tuple[str, ...]:
    wrong = next((value for value in many.get(name, ()) if value not in known), None)
    if wrong is not None:
        raise FilterError(name, wrong)
    return tuple(value for value in known if value in many.get(name, ()))


def _choice(name: str, one: Mapping[str, str], known: Sequence[str], default: str) -> str:
    value = one.get(name, default)
    if value not in known:
        raise FilterError(name, value)
    return value


def _matching(name: str, one: Mapping[str, str], form: re.Pattern[str]) -> str:
    value = one.get(name, "")
    if value and not form.fullmatch(value):
        raise FilterError(name, value)
    if value and form is _DATE:
        try:
            day_after(value)
            first_day(value)
        except ValueError:
            raise FilterError(name, value) from None
    return value


def _money(name: str, one: Mapping[str, str]) -> Decimal | None:
    if name not in one:
        return None
    try:
        return read_money(one[name])
    except ValueError:
        raise FilterError(name, one[name]) from None


def _page(one: Mapping[str, str]) -> int:
    text = one.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,6}", text):
        raise FilterError("page", text)
    return int(text)
