"""`corpus/checkpoints/checkpoints.toml`: learned weights, with where they come from and what they reach."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Annotated

from pydantic import Field

from corpus.load import Row, check, corpus_path, read_toml
from models.errors import CorpusError


class Checkpoint(Row):
    """One file of weights. `digest` is its SHA-256; `scores` are F1 by data set, as the training command printed them."""

    file: str
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    what: str
    languages: tuple[str, ...]
    licence: str
    origin: tuple[str, ...]
    """Every data set that the weights were trained on, with its licence"""
    command: str
    """What trains it again"""
    schemes: tuple[str, ...]
    """The outputs of the model, in order: whose idea of a name each follows"""
    scores: dict[str, float]


@functools.cache
def checkpoints() -> dict[str, Checkpoint]:
    """Every checkpoint by name."""
    table = "checkpoints/checkpoints.toml"
    return {name: check(Checkpoint, row, f"{table}: {name}") for name, row in read_toml(table).items()}


def weights(name: str) -> bytes:
    """The file of a checkpoint; CorpusError when it is not the one that its row describes."""
    row = checkpoints()[name]
    content = Path(str(corpus_path(f"checkpoints/{row.file}"))).read_bytes()
    if hashlib.sha256(content).hexdigest() != row.digest:
        raise CorpusError(f"corpus/checkpoints/{row.file}: not the file of checkpoints.toml: its digest is another")
    return content
