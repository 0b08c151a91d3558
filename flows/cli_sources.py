"""`dealwire sources`: the publishers that can be fetched or read by their ids."""

from __future__ import annotations

from corpus.source_table import Source, sources
from flows.render import console, json_text, table, write_lines

_COLUMNS = ("id", "name", "kind", "language", "region", "currency", "time zone", "articles a night", "valid until", "from")


def listed(form: str) -> int:
    """Print every source; as JSON with all that its row says."""
    if form == "json":
        rows = [{"id": source_id, **row.model_dump(mode="json")} for source_id, row in sources().items()]
        write_lines([json_text(rows, indent=2)])
        return 0
    console().print(table(f"{len(sources())} sources", _COLUMNS, (_cells(*one) for one in sources().items())))
    return 0


def _cells(source_id: str, row: Source) -> tuple[str, ...]:
    places = row.feeds or (row.path or "",)
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return (
        source_id, row.name, row.kind, row.language or "any", row.region or "", row.home_currency or "", row.time_zone or "",
        f"{row.min_articles} to {row.max_articles:,}", str(row.valid_until or ""), f"{places[0]}{more}",
    )  # fmt: skip
