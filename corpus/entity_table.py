"""`corpus/entities/*.tsv`: who is known by name, one row an entity, one file a theme.

Spellings may be written in any form of their script: who matches them folds them (`extractors.normalize.fold`).
"""

from __future__ import annotations

import functools
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from corpus.load import Row, corpus_path, read_tsv
from models.errors import CorpusError


def _split(cell: object) -> object:
    return tuple(part.strip() for part in cell.split("|")) if isinstance(cell, str) else cell


Cell = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_split)]
"""Several values in one cell, split by ``|``; no value may be empty."""


class Entity(Row):
    """One company, person, public body, fund, product or unit.

    `parent` is the id of the owner. `country` is an ISO 3166-1 alpha-2 code, or ``EU`` / ``XX`` (several).
    `wikidata` and `lei` are filled only where they are certain. A script whose cell is empty writes the name as another does.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: str
    kind: Literal["company", "person", "government", "fund", "product", "unit", "other"]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    parent: str | None = None
    tickers: Cell = ()
    wikidata: Annotated[str, Field(pattern=r"^Q[1-9][0-9]*$")] | None = None
    lei: Annotated[str, Field(pattern=r"^[0-9A-Z]{18}[0-9]{2}$")] | None = None
    hant_tw: Cell = ()
    hant_hk: Cell = ()
    hans: Cell = ()
    ar: Cell = ()
    latin: Cell = ()
    guarded: Cell = ()
    """Spellings that are also common words: they count only with a word of `context` near, or when the entity
    is named otherwise in the same text."""
    context: Cell = ()

    @functools.cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write the name, the canonical one first, each once.

        >>> Entity(id="softbank", name="SoftBank", kind="company", hant_tw="軟銀", hant_hk="軟銀", hans="软银").spellings
        ('SoftBank', '軟銀', '软银')
        """
        return tuple(dict.fromkeys((self.name, *self.hant_tw, *self.hant_hk, *self.hans, *self.ar, *self.latin)))


@functools.cache
def entities() -> dict[str, Entity]:
    """Every entity by id, in the order of files and rows.

    Raises CorpusError for an id given twice, a parent that is no row, or a guarded spelling that is none of the row's.
    """
    rows: dict[str, Entity] = {}
    places: dict[str, str] = {}
    for file in sorted(entry.name for entry in corpus_path("entities").iterdir() if entry.name.endswith(".tsv")):
        for line, entity in read_tsv(f"entities/{file}", Entity):
            place = f"corpus/entities/{file}:{line}"
            if entity.id in rows:
                raise CorpusError(f"{place}: id {entity.id} is already at {places[entity.id]}")
            rows[entity.id], places[entity.id] = entity, place
    for entity in rows.values():
        _check(entity, rows, places[entity.id])
    return rows


def _check(entity: Entity, rows: dict[str, Entity], place: str) -> None:
    seen = {entity.id}
    parent = entity.parent
    while parent is not None:
        if parent not in rows:
            raise CorpusError(f"{place}: parent {parent} is no row")
        if parent in seen:
            raise CorpusError(f"{place}: {entity.id} is its own owner")
        seen.add(parent)
        parent = rows[parent].parent
    unknown = set(entity.guarded) - set(entity.spellings)
    if unknown:
        raise CorpusError(f"{place}: guarded {sorted(unknown)[0]} is no spelling of the row")
