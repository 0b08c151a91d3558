"""What a server said of an address when it was last fetched, so that the next run asks only whether it has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select

from models.engine import insert, lookup, reading, writing
from models.ids import content_id
from models.schema import fetch


@dataclass(frozen=True, slots=True)
class Fetch:
    """The last answer of `url`. `etag` and `last_modified` are as the server wrote them; `fetched_at` is ISO 8601 in UTC."""

    url: str
    etag: str | None
    last_modified: str | None
    fetched_at: str


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
