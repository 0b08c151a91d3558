"""Types of deals that know nothing of each other: claims of two types are never compared, and only a decision joins them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from models.engine import lookup
from models.schema import claim


def units(connection: Connection, joined: Iterable[tuple[str, str]], sizes: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Types of `sizes` (claims by type) to be worked on together, since pairs of claim keys are `joined`; the largest first."""
    c = claim.c
    pairs = list(joined)
    keys = sorted({key for pair in pairs for key in pair})
    types = {key: kind for key, kind in lookup(connection, select(c.claim_key, c.type), c.claim_key, keys)}  # noqa: C416
    found = {kind: {kind} for kind in (*sizes, *types.values())}
    for left, right in pairs:
        if left in types and right in types:
            together = found[types[left]] | found[types[right]]
            found.update(dict.fromkeys(together, together))
    known = {tuple(sorted(unit & sizes.keys())) for unit in map(frozenset, found.values())} - {()}
    return sorted(known, key=lambda unit: (-sum(sizes[kind] for kind in unit), unit))
