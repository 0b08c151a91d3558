"""A whole store as files and back: every row of every table, one JSON line a row, whatever the engine.

An archive moves a store from one engine to the other, or to another machine; reading it back loses nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, func, select

from models.engine import insert, reading, writing
from models.errors import StoreError
from models.ids import compact
from models.migrations import HEAD
from models.schema import Money, metadata
from models.store import Store

_HEADER = "archive.json"


def write_archive(store: Store, folder: Path) -> list[Path]:
    """Every table of the store as `<table>.jsonl` in `folder` (made when missing), rows by key; the files, sorted.

    Raises StoreError for a folder that cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with reading(store.engine) as connection:
            counts = {table.name: _write(connection, table, folder) for table in metadata.sorted_tables}
        (folder / _HEADER).write_text(compact({"revision": HEAD, "rows": counts}) + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}") from None
    return sorted(folder / name for name in (_HEADER, *(f"{table}.jsonl" for table in counts)))


def read_archive(store: Store, folder: Path) -> dict[str, int]:
    """Fill an empty store from an archive; rows by table. All or nothing.

    Raises StoreError for a store that holds something, a folder that is no archive of this revision, or a wrong line.
    """
    header = _header(folder)
    with writing(store.engine) as connection:
        if any(connection.execute(select(func.count()).select_from(table)).scalar() for table in metadata.sorted_tables):
            raise StoreError(
                f"{store.engine.url.render_as_string()}: an archive is read into an empty store, and this one is not"
            )
        counts = {table.name: _read(connection, table, folder / f"{table.name}.jsonl") for table in metadata.sorted_tables}
        if counts != header["rows"]:
            wrong = next(name for name, count in counts.items() if header["rows"].get(name) != count)
            raise StoreError(f"{folder / wrong}.jsonl: {counts[wrong]} rows, but {header['rows'].get(wrong)} were written")
    return counts


def _header(folder: Path) -> dict[str, Any]:
    try:
        header: dict[str, Any] = json.loads((folder / _HEADER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise StoreError(f"{folder / _HEADER}: no archive of a store") from None
    if header["revision"] != HEAD:
        raise StoreError(f"{folder}: written at revision {header['revision']}, this version reads {HEAD}")
    return header


def _write(connection: Connection, table: Table, folder: Path) -> int:
    turn = [(column.name, _packer(column)) for column in table.columns]
    keys = list(table.primary_key.columns)
    count = 0
    part = folder / f"{table.name}.jsonl.part"
    with part.open("w", encoding="utf-8", newline="") as stream:
        for row in connection.execution_options(yield_per=1000).execute(select(*table.columns).order_by(*keys)):
            values = {name: pack(value) for (name, pack), value in zip(turn, row, strict=True)}
            stream.write(compact(values, sort=False) + "\n")
            count += 1
    part.replace(folder / f"{table.name}.jsonl")
    return count


def _read(connection: Connection, table: Table, path: Path) -> int:
    turn = {column.name: _unpacker(column) for column in table.columns}
    count = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal count
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                count += 1
                values = json.loads(line)
                yield {name: unpack(values[name]) for name, unpack in turn.items()}

    try:
        insert(connection, table, rows())
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path}:{count}: not a row of {table.name}: {error}") from None
    return count


def _same(value: Any) -> Any:
    return value


def _packer(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else base64.b64encode(value).decode("ascii")
    if isinstance(column.type, Money):
        return lambda value: None if value is None else format(value.normalize(), "f")
    return _same


def _unpacker(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else base64.b64decode(value)
    return _same
