"""`corpus/holidays.toml`: holidays, what they are called, and the rule by which each falls on its day."""

from __future__ import annotations

import functools

from pydantic import Field

from corpus.load import Row, check, read_toml
from models.errors import CorpusError

WHERE = "holidays.toml"
_RULE = (
    r"^(?:solar \d\d-\d\d|nth \d{1,2} [1-7] -?[1-5]|(?:easter|orthodox) -?\d{1,2}|lunar \d{1,2}-(?:\d{1,2}|last)"
    r"|term [\u4e00-\u9fff]{2}|hijri \d{1,2}(?:-\d{1,2})?)$"
)


class Holiday(Row):
    """One holiday; the forms of `rule` are explained at the head of the table."""

    rule: str = Field(pattern=_RULE)
    plus: int = 0
    """Days from the day of the rule"""
    regions: dict[str, str] = Field(default_factory=dict)
    """ISO 3166 code of a place: its own rule"""
    guarded: bool = False
    zh: tuple[str, ...] = ()
    ar: tuple[str, ...] = ()


@functools.cache
def holidays() -> dict[str, Holiday]:
    """Every row by its key. A name that two rows of a language share is an error."""
    rows = {key: check(Holiday, values, f"{WHERE}: {key}") for key, values in read_toml(WHERE).items()}
    owner: dict[str, str] = {}
    for key, row in rows.items():
        for name in (*row.zh, *row.ar):
            if owner.setdefault(name, key) != key:
                raise CorpusError(f"corpus/{WHERE}: {name!r} is both {owner[name]} and {key}")
    return rows
