"""Read the tables under `corpus/`. A wrong row is an error that names its file and row; nothing is skipped in silence."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import CorpusError


class Row(BaseModel):
    """Base of every table row: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


RowT = TypeVar("RowT", bound=Row)


def corpus_path(relative: str) -> Traversable:
    """A file or folder under `corpus/`, wherever the package is installed."""
    return files("corpus").joinpath(*relative.split("/"))


def check(shape: type[RowT], values: dict[str, Any], where: str) -> RowT:
    """`values` as a row of `shape`; raises CorpusError naming `where` and the first wrong key."""
    try:
        return shape.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"corpus/{where}: {key}: {first['msg']}") from None


def read_toml(relative: str) -> dict[str, Any]:
    """One TOML file as nested dicts."""
    try:
        return tomllib.loads(corpus_path(relative).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"corpus/{relative}: {error}") from None


def read_toml_folder(folder: str, shape: type[RowT]) -> dict[str, RowT]:
    """Every `<stem>.toml` of a folder as one row of `shape`, by stem, sorted."""
    names = sorted(entry.name for entry in corpus_path(folder).iterdir() if entry.name.endswith(".toml"))
    return {name[:-5]: check(shape, read_toml(f"{folder}/{name}"), f"{folder}/{name}") for name in names}


def read_tsv(relative: str, shape: type[RowT]) -> Iterator[tuple[int, RowT]]:
    """Rows of a tab-separated file with a header line, as (line number, row); empty cells are left out.

    Lines that start with ``#`` are comments.
    """
    lines = corpus_path(relative).read_text(encoding="utf-8").splitlines()
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    table = csv.reader((line for _, line in numbered), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(table)
    for (number, _), cells in zip(numbered[1:], table, strict=True):
        if len(cells) > len(header):
            raise CorpusError(f"corpus/{relative}:{number}: {len(cells)} cells, but {len(header)} columns")
        values = {key: cell.strip() for key, cell in zip(header, cells, strict=False) if cell.strip()}
        yield number, check(shape, values, f"{relative}:{number}")
