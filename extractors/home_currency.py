"""Whether a currency that only the region of the source tells is that of the firms spoken of.

A headline of Taiwan that says 輝達砸50億元 may mean dollars of either country: the sum keeps the currency of the region, with the
issue ``currency_ambiguous``. A local firm in the sentence, or a firm whose country no table knows, leaves it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.currency_table import region_currencies
from corpus.entity_table import entities
from models.mention import Amount, Name

_END = re.compile(r"[。!?！？;；\n]|\.(?=\s)")
_SIDE = 120
"""How far on each side of an amount its sentence is looked at, in characters"""
AMBIGUOUS = "currency_ambiguous"


def doubt_foreign(text: str, amounts: Sequence[Amount], names: Sequence[Name]) -> Iterator[Amount]:
    """`amounts` of a text as published, those of foreign firms alone marked as ambiguous.

    >>> amount = Amount(4, 8, "50億元", None, None, None, "TWD", True, "region")
    >>> name = Name(0, 2, "輝達", "Nvidia", "nvidia", "company")
    >>> [found.issues for found in doubt_foreign("輝達斥資50億元", [amount], [name])]
    [('currency_ambiguous',)]
    """
    for amount in amounts:
        if amount.currency_evidence == "region" and AMBIGUOUS not in amount.issues and _all_foreign(text, amount, names):
            yield replace(amount, issues=(*amount.issues, AMBIGUOUS))
        else:
            yield amount


def _all_foreign(text: str, amount: Amount, names: Sequence[Name]) -> bool:
    start, end = _sentence(text, amount)
    firms = [name for name in names if start <= name.start and name.end <= end and name.kind in ("company", "fund", "unit")]
    return bool(firms) and all(_pays_otherwise(name, amount.currency) for name in firms)


def _sentence(text: str, amount: Amount) -> tuple[int, int]:
    first, last = max(0, amount.start - _SIDE), min(len(text), amount.end + _SIDE)
    before = [match.end() for match in _END.finditer(text, first, amount.start)]
    after = _END.search(text, amount.end, last)
    return (before[-1] if before else first), (after.start() if after else last)


def _pays_otherwise(name: Name, code: str | None) -> bool:
    """Whether the firm's country is known and has another currency."""
    entity = entities().get(name.entity_id or "")
    home = region_currencies().get(entity.country) if entity and entity.country else None
    return home is not None and home != code
