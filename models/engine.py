"""One way to the database for both engines: transactions that never collide, and rows in batches."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    Select,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from models.errors import StoreError, StoreUnavailableError

BATCH = 1000
"""Rows of one executemany, and ids of one IN list"""

_LOCK = 4_739_112_021
"""PostgreSQL: writers wait for each other on this advisory lock, as they do on SQLite's one write lock"""
# The log takes half a gigabyte: a night fits in it, and its pages go into the file once, by `take_over` at the end of the run,
# not three times while claims wait.
_PRAGMAS = (
    "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=600000", "temp_store=MEMORY", "cache_size=-131072",
    "mmap_size=268435456", "wal_autocheckpoint=131072",
)  # fmt: skip

Item = TypeVar("Item")


def connect(url: str) -> Engine:
    """An engine for ``sqlite:///file`` or ``postgresql+psycopg://…``; raises StoreError when the URL is no use."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(f"{url}: not a store URL; sqlite:///file.db or postgresql+psycopg://user@host/name") from None
    family = parsed.get_backend_name()
    if family not in ("sqlite", "postgresql"):
        raise StoreError(f"{url}: the store is SQLite or PostgreSQL, not {family}")
    if family == "sqlite" and parsed.database not in (None, "", ":memory:"):
        folder = Path(str(parsed.database)).absolute().parent
        if not folder.is_dir():
            raise StoreError(f"{url}: there is no folder {folder}")
    try:
        engine = create_engine(parsed)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(f"{url}: no driver for it; install dealwire[postgres] and use postgresql+psycopg://") from None
    if family == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver would begin late and commit early; `_begin_sqlite` begins instead
    cursor = raw.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("dealwire_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: all or nothing, one at a time."""
    with _clear(engine), engine.connect().execution_options(dealwire_writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that reads one state of the store."""
    with _clear(engine), engine.connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield connection


def read_once(connection: Connection) -> None:
    """Keep little of what is read: SQLite else keeps more than a hundred megabytes in case they are read again."""
    if connection.dialect.name == "sqlite":
        for pragma in ("cache_size=-8192", "mmap_size=0"):
            connection.exec_driver_sql(f"PRAGMA {pragma}").close()


@contextmanager
def _clear(engine: Engine) -> Iterator[None]:
    """Database errors as one clear line."""
    try:
        yield
    except DBAPIError as error:
        first = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        kind = StoreUnavailableError if isinstance(error, OperationalError) else StoreError
        raise kind(f"{engine.url.render_as_string(hide_password=True)}: {first}") from error


def take_over(engine: Engine) -> None:
    """Bring what SQLite's log has into the file, where it is read in less time; what does not get there is safe in the log."""
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()  # outside of any transaction
    with closing(raw), suppress(sqlite3.Error):
        raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").close()


def has_readers(connection: Connection) -> bool:
    """Whether other processes can read what was there before while this one writes."""
    return connection.dialect.name != "sqlite" or connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def check_integrity(engine: Engine) -> str | None:
    """What is wrong with the database files, in one line; None when nothing is. PostgreSQL keeps its own checksums."""
    if engine.dialect.name != "sqlite":
        return None
    with reading(engine) as connection:
        said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    return None if said == "ok" else str(said).splitlines()[0]


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """`items` in lists of at most `size`.

    >>> list(batches("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def split(packed: bytes, count: int) -> Iterator[bytes]:
    """`count` values of one length, packed one after the other.

    >>> list(split(b"abcdef", 3))
    [b'ab', b'cd', b'ef']
    """
    size = len(packed) // max(1, count)
    return (packed[start : start + size] for start in range(0, count * size, size or 1))


def insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]], known: str = "error") -> None:
    """Rows in batches. `known` says what to do with a row whose key is there: error, skip or replace.

    The statement is written once and the rows go straight to the driver: for short rows that is half of the time.
    """
    sql, order = _statement(table, connection.dialect, known)
    for batch in batches(rows):
        values: Any = list(map(itemgetter(*order), batch)) if order else batch
        connection.exec_driver_sql(sql, values)


def append(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Many new rows, their values in the order of the columns; the fastest way in that each engine has."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    if connection.dialect.name == "postgresql":
        with connection.connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" for _ in table.columns)
    for batch in batches(rows, 10 * BATCH):
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", batch)


@functools.lru_cache(maxsize=200)
def _statement(table: Table, dialect: Dialect, known: str) -> tuple[str, tuple[str, ...]]:
    """An INSERT in the driver's own SQL, and the order of its values (empty where they go by name)."""
    statement = (postgresql if dialect.name == "postgresql" else sqlite).insert(table)
    if known == "skip":
        statement = statement.on_conflict_do_nothing()
    elif known == "replace":
        keys = list(table.primary_key.columns)
        values = {column.name: statement.excluded[column.name] for column in table.columns if column not in keys}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=values)
    compiled = statement.compile(dialect=dialect)
    return str(compiled), tuple(getattr(compiled, "positiontup", None) or ())


def lookup(connection: Connection, statement: Select[Any], column: Any, values: Iterable[str] | Iterable[int]) -> Iterator[Any]:
    """Rows of `statement` whose `column` is one of `values`, in batches."""
    if connection.dialect.name != "sqlite":
        for batch in batches(iter(values)):
            yield from connection.execute(statement.where(column.in_(batch))).all()
        return
    listed = func.json_each(bindparam("listed", type_=String)).table_valued("value")
    chosen = statement.where(column.in_(select(listed.c.value)))  # one value and not a thousand: half of the time
    for batch in batches(iter(values)):
        yield from connection.execute(chosen, {"listed": msgspec.json.encode(batch).decode()}).all()


def remove(connection: Connection, table: Table, column: Any, values: Iterable[str] | Iterable[int]) -> None:
    """Delete the rows whose `column` is one of `values`."""
    for batch in batches(iter(values)):
        connection.execute(table.delete().where(column.in_(batch)))
