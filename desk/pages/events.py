"""The table of events: filtered, sorted, a page at a time; the same events as CSV and Parquet."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from desk.filters import LAST_NIGHT, SORTS, STATUSES, UNITS, EventFilter, FilterError, read_filter
from desk.index import ids_of
from desk.pages import Page, View
from desk.shown import dollars, lines
from desk.state import Desk
from models.desk_queries import payloads_by_id
from models.export import EVENT_COLUMNS, csv_cell, event_row, write_events_parquet

PAGE = 50
"""Events on a page"""
_CHUNK = 500


def events_page(view: View, pairs: Sequence[tuple[str, str]], size: int = PAGE) -> Page:
    """The page of a query string, `size` events on it; with status 400 and a message when a parameter cannot be read."""
    desk, state = view.desk, view.desk.state()
    error = None
    try:
        asked = read_filter(pairs, desk.schema.kinds)
    except FilterError as wrong:
        error = wrong
        asked = read_filter([pair for pair in pairs if pair[0] != wrong.name and _readable(desk, pair)], desk.schema.kinds)
    index = state.index
    rows = index.find(asked, state.night.seq)
    last = max(1, -(-len(rows) // size))
    asked = replace(asked, page=min(asked.page, last))
    shown = rows[(asked.page - 1) * size : asked.page * size]
    total = state.once(("total", asked.everything), lambda: index.totals(rows))
    return Page("events.html", {
        "asked": asked, "lines": lines(desk.store, ids_of(index, shown), desk.schema.kinds, view.tongue),
        "count": len(rows), "everything": len(index), "usd": dollars(total, view.tongue) if total else None,
        "pages": last,
        "types": list(desk.schema.kinds), "statuses": STATUSES, "units": UNITS, "sorts": SORTS,
        "sources": sorted(index.sources.words), "languages_of_articles": sorted(index.languages.words),
        "currencies": sorted(word for word in index.currencies.words if word), "night": state.night, "last_night": LAST_NIGHT,
        "error": error, "tab": "events", "page_address": lambda page: view.links.events(asked.on_page(page)),
    }, 400 if error else 200)  # fmt: skip


def _readable(desk: Desk, pair: tuple[str, str]) -> bool:
    try:
        read_filter([pair], desk.schema.kinds)
    except FilterError:
        return False
    return True


def found_ids(desk: Desk, asked: EventFilter) -> list[str]:
    """The ids of all events of a filter, in its order."""
    state = desk.state()
    return ids_of(state.index, state.index.find(asked, state.night.seq))


def csv_lines(desk: Desk, ids: Sequence[str]) -> Iterator[bytes]:
    """These events as CSV, in this order, with the columns of `dealwire export`."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(EVENT_COLUMNS)
    for start in range(0, max(1, len(ids)), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        found = payloads_by_id(desk.store, chunk)
        for event_id in chunk:
            if event_id in found:
                row = event_row(found[event_id])
                writer.writerow([csv_cell(row[column]) for column in EVENT_COLUMNS])
        yield line.getvalue().encode("utf-8", "replace")
        line.seek(0)
        line.truncate()


def parquet(desk: Desk, ids: Sequence[str]) -> bytes:
    """These events as a Parquet file, in this order, with the columns and types of `dealwire export`."""

    def rows() -> Iterator[dict[str, object]]:
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            found = payloads_by_id(desk.store, chunk)
            yield from (event_row(found[event_id]) for event_id in chunk if event_id in found)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        write_events_parquet(rows(), path)
        return path.read_bytes()
