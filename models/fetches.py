"""The last fetches, kept in the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Engine, select

from models.engine import insert, lookup, reading, writing
from models.fetch import Fetch
from models.ids import content_id
from models.schema import fetch


def known_fetches(engine: Engine, urls: Iterable[str]) -> dict[str, Fetch]:
    """The last fetch of those of `urls` that were fetched before."""
    c = fetch.c
    query = select(c.url, c.etag, c.last_modified, c.fetched_at)
    with reading(engine) as connection:
        rows = lookup(connection, query, c.url_id, sorted({content_id(url) for url in urls}))
        return {row.url: Fetch(*row) for row in rows}


def remember_fetches(engine: Engine, run_id: str, fetches: Sequence[Fetch]) -> None:
    """Keep what was said last. Call it only when everything those answers held is kept: they are not asked for again."""
    rows = {
        one.url: {
            "url_id": content_id(one.url), "url": one.url, "etag": one.etag, "last_modified": one.last_modified,
            "fetched_at": one.fetched_at, "run_id": run_id,
        }
        for one in fetches
    }  # fmt: skip
    with writing(engine) as connection:
        insert(connection, fetch, rows.values(), known="replace")
