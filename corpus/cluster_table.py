"""`corpus/clusters/*.tsv`: which claims tell one deal, labelled by hand: what a merge is measured against."""

from __future__ import annotations

import functools
from typing import Annotated

from pydantic import BeforeValidator, Field

from corpus.load import Row, read_tsv


def _split(cell: object) -> object:
    return tuple(part.strip() for part in cell.split(">")) if isinstance(cell, str) else cell


class ClusterLabel(Row):
    """One claim and the cluster it belongs to.

    `item` is the id of an article. `who` (participants, split by ``>``) and `value` (units of the currency) are given where the
    article makes several claims of the type; empty ones fit any.
    """

    cluster: Annotated[str, Field(min_length=1)]
    item: Annotated[str, Field(min_length=1)]
    type: str
    who: Annotated[tuple[str, ...], BeforeValidator(_split)] = ()
    value: str | None = None


@functools.cache
def cluster_labels(name: str) -> tuple[ClusterLabel, ...]:
    """The labels of `corpus/clusters/<name>.tsv`; raises CorpusError for a wrong row."""
    return tuple(row for _, row in read_tsv(f"clusters/{name}.tsv", ClusterLabel))
