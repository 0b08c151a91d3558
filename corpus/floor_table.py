"""`corpus/floors.toml`: the scores below which the extractor must not fall, and the gold they were measured on."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from corpus.load import Row, check, read_toml


class Floor(Row):
    """Least F1 (or accuracy, for an attribute) of a measure over all languages, on gold with this digest."""

    digest: str
    floors: dict[str, float]


@functools.cache
def floors() -> dict[str, Floor]:
    """Floors by the name of the gold set: the folder under `corpus/` that holds it."""
    return {name: check(Floor, row, f"floors.toml: {name}") for name, row in read_toml("floors.toml").items()}


def gold_digest(files: list[Path]) -> str:
    """SHA-256 over names and contents, so that gold cannot change without its floors being looked at again."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
