"""What downstream analytics reads: the same bytes whenever nothing changed.

Parquet is written by DuckDB, events partitioned by type; CSV one file a table; JSONL the full records; GraphML and
FollowTheMoney who pays whom. No file holds a clock or a run that changed nothing.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

import msgspec
from sqlalchemy import Connection, select, text

from models.codec import Json
from models.engine import batches, reading
from models.errors import StoreError
from models.ids import compact, content_id
from models.schema import event_number, event_version
from models.store import Store

FORMATS = ("parquet", "csv", "jsonl", "graphml", "ftm")

_LINES = msgspec.json.Encoder().encode_lines
_AT_A_TIME = 20
"""Rows or events written at a time: so few that Python does not look for cycles among them"""
_MONEY = "DECIMAL(38, 4)"
_AMOUNT = ("value", "low", "high", "currency", "inferred", "modifier", "usd", "usd_low", "usd_high", "hkd", "hkd_low", "hkd_high",
           "rate_date", "rate_source", "fx_policy")  # fmt: skip
_TYPES = {
    **dict.fromkeys(("binding", "inferred", "corroborated", "best"), "BOOLEAN"),
    **dict.fromkeys(("n_claims", "n_sources", "n_origins", "n_conflicts", "n"), "BIGINT"),
    **dict.fromkeys(("support", "start", "end", "seq", "version"), "BIGINT"),
    **dict.fromkeys(("value", "low", "high", "usd", "usd_low", "usd_high", "hkd", "hkd_low", "hkd_high"), _MONEY),
    **dict.fromkeys(("valuation", "valuation_usd", "stake_pct", "quantity", "amount_usd"), _MONEY),
    "confidence": "DECIMAL(4, 3)", "date_start": "DATE", "date_end": "DATE",
}  # fmt: skip
"""Columns of the Parquet files that are no text"""
EVENT_COLUMNS = (
    "event_id", "type", "family", "status", "binding", "first_party", "second_party", *_AMOUNT, "valuation", "valuation_currency",
    "valuation_usd", "stake_pct", "quantity", "quantity_unit", "term", "date", "precision", "date_start", "date_end", "n_claims",
    "n_sources", "n_origins", "n_conflicts", "sources", "languages", "first_published", "last_published", "confidence",
)  # fmt: skip
PARTICIPANT_COLUMNS = ("event_id", "role", "n", "canonical", "entity_id", "parent", "kind", "support", "corroborated", "names")
STATUS_COLUMNS = ("event_id", "n", "status", "published", "source", "attribution", "claim_key", "effect")
CONFLICT_COLUMNS = ("event_id", "property", "n", "value", "support", "best", "reason", "sources")
EVIDENCE_COLUMNS = (
    "event_id", "claim_id", "claim_key", "n", "source", "article_id", "url", "language", "published", "version_id", "field",
    "start", "end", "quote",
)  # fmt: skip
FLOW_COLUMNS = (
    "event_id", "type", "status", "payer", "payer_id", "payer_parent", "paid", "paid_id", "paid_parent", "amount_usd", "date",
    "first_published", "support", "corroborated",
)  # fmt: skip
CHANGE_COLUMNS = ("seq", "run_id", "at", "op", "event_id", "other_id", "version", "cause", "diff")


def export_store(store: Store, folder: Path, format: str) -> list[Path]:
    """Write the store's events into `folder` (made when missing) and return the files, sorted.

    Raises StoreError for a format that is none of `FORMATS`, or a folder that cannot be written.
    """
    if format not in FORMATS:
        raise StoreError(f"{format}: no such export format; there are {', '.join(FORMATS)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with reading(store.engine) as connection:
            return sorted(_WRITERS[format](connection, folder))
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}") from None


def _events(connection: Connection) -> Iterator[Json]:
    e, k = event_version.c, event_number.c
    query = select(e.payload).join(event_number, k.number == e.event).where(e.known_to.is_(None)).order_by(k.event_id)
    rows = connection.execution_options(yield_per=1000).execute(query)
    read = msgspec.json.Decoder(Json).decode
    for (payload,) in rows:
        yield read(payload)


def event_row(event: Json) -> Json:
    """One event as a flat row of `EVENT_COLUMNS`."""
    amount, valuation, quantity = event["amount"] or {}, event["valuation"] or {}, event["quantity"] or (None, None)
    sides = [[party["canonical"] for party in parties] for parties in event["roles"].values()]
    firsts = [*(side[0] for side in sides), None, None] if len(sides) > 1 else [*(sides[0] if sides else ()), None, None]
    return {
        **{name: event[name] for name in EVENT_COLUMNS if name in event},
        **{name: amount.get(name) for name in _AMOUNT},
        "event_id": event["id"], "first_party": firsts[0], "second_party": firsts[1],
        "valuation": valuation.get("value"), "valuation_currency": valuation.get("currency"),
        "valuation_usd": valuation.get("usd"),
        "quantity": quantity[0], "quantity_unit": quantity[1], "n_conflicts": len(event["conflicts"]),
        "sources": "|".join(event["sources"]), "languages": "|".join(event["languages"]),
    }  # fmt: skip


def _participant_rows(event: Json) -> Iterator[Json]:
    for role, parties in event["roles"].items():
        for n, party in enumerate(parties):
            yield {**party, "event_id": event["id"], "role": role, "n": n, "names": "|".join(party["names"])}


def _status_rows(event: Json) -> Iterator[Json]:
    for n, report in enumerate(event["status_history"]):
        yield {**report, "event_id": event["id"], "n": n}


def _conflict_rows(event: Json) -> Iterator[Json]:
    for found in event["conflicts"]:
        for n, value in enumerate(found["values"]):
            yield {
                **value, "event_id": event["id"], "property": found["property"], "n": n, "sources": "|".join(value["sources"]),
            }  # fmt: skip


_OF_EVENTS: dict[str, Callable[[Json], Iterable[Json]]] = {
    "events": lambda event: (event_row(event),), "participants": _participant_rows, "conflicts": _conflict_rows,
    "status_history": _status_rows,
}  # fmt: skip
"""Tables of what events say, and the rows of one event"""


def _rows_of_events(name: str) -> Callable[[Connection], Iterator[Json]]:
    return lambda connection: chain.from_iterable(map(_OF_EVENTS[name], _events(connection)))


def _view_rows(view: str, columns: Sequence[str], order: str | None) -> Callable[[Connection], Iterator[Json]]:
    names = ", ".join(f'"{column}"' for column in columns)
    query = text(f"SELECT {names} FROM {view}" + (f" ORDER BY {order}" if order else ""))
    unlike = [column for column in columns if column in _UNLIKE]

    def rows(connection: Connection) -> Iterator[Json]:
        for row in connection.execution_options(yield_per=1000).execute(query):
            values = dict(zip(columns, row, strict=True))
            for column in unlike:
                values[column] = _plain(column, values[column])
            yield values

    return rows


_UNLIKE = ("corroborated", "amount_usd")
"""Columns of views that the engines give as different types: SQLite has no booleans and no decimals"""


def _plain(column: str, value: Any) -> Any:
    """The same value from both engines."""
    if column == "corroborated":
        return bool(value)
    if value is None:
        return None
    figure = format(value, "f") if not isinstance(value, float) else repr(value)
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


_EVIDENCE_ORDER = ("event_id", "claim_id", "n")
TABLES: dict[str, tuple[tuple[str, ...], Callable[[Connection], Iterator[Json]]]] = {
    "events": (EVENT_COLUMNS, _rows_of_events("events")),
    "participants": (PARTICIPANT_COLUMNS, _rows_of_events("participants")),
    "evidence": (EVIDENCE_COLUMNS, _view_rows("v_event_evidence", EVIDENCE_COLUMNS, ", ".join(_EVIDENCE_ORDER))),
    "money_flows": (FLOW_COLUMNS, _view_rows("v_money_flows", FLOW_COLUMNS, "event_id, payer, paid")),
    "conflicts": (CONFLICT_COLUMNS, _rows_of_events("conflicts")),
    "status_history": (STATUS_COLUMNS, _rows_of_events("status_history")),
    "changes": (CHANGE_COLUMNS, _view_rows("v_changes", CHANGE_COLUMNS, "seq")),
}
"""Tables of the CSV and Parquet exports: columns, and the rows in their order"""


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """Write beside `path` and put it in place at the end: a reader never sees half a file."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        yield stream
    part.replace(path)


def _write_csv(connection: Connection, folder: Path) -> Iterator[Path]:
    for name, (columns, rows) in TABLES.items():
        path = folder / f"{name}.csv"
        with _replacing(path) as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([csv_cell(row[column]) for column in columns] for row in rows(connection))
        yield path


def csv_cell(value: Any) -> Any:
    """A value as CSV writes it: booleans as true and false."""
    return str(value).lower() if isinstance(value, bool) else value


def _write_jsonl(connection: Connection, folder: Path) -> Iterator[Path]:
    """Events as full records; evidence and changes as rows."""
    full: dict[str, Callable[[Connection], Iterable[Json]]] = {
        "events": _events, "evidence": TABLES["evidence"][1], "changes": TABLES["changes"][1],
    }  # fmt: skip
    for name, rows in full.items():
        path = folder / f"{name}.jsonl"
        with _replacing(path) as stream:
            for row in rows(connection):
                values = {**row, "diff": json.loads(row["diff"])} if "diff" in row else row
                stream.write(compact(values, sort=False) + "\n")
        yield path


def _write_parquet(connection: Connection, folder: Path) -> Iterator[Path]:
    import duckdb  # noqa: PLC0415 -- only this format needs it

    with tempfile.TemporaryDirectory() as place, duckdb.connect() as duck:
        work = Path(place)
        duck.execute("SET threads = 1")  # several would write row groups in the order they finish
        duck.execute("SET preserve_insertion_order = true")
        _write_events(connection, work)
        for name, (columns, rows) in TABLES.items():
            lines = work / f"{name}.jsonl"
            if name in _OF_EVENTS:
                _load(duck, lines, name, columns)
            elif name == "evidence":  # a database that puts a million rows in order reads its tables in that order, from all over
                _write_lines(_view_rows("v_event_evidence", columns, None)(connection), lines)
                _load(duck, lines, name, columns, _EVIDENCE_ORDER)
            else:
                _write_lines(rows(connection), lines)
                _load(duck, lines, name, columns)
            lines.unlink()
            yield from _copy(duck, name, folder)


def write_events_parquet(rows: Iterable[Json], path: Path) -> None:
    """Rows of `event_row` as one Parquet file, in their order, with the columns and types of the export."""
    import duckdb  # noqa: PLC0415 -- as above

    with tempfile.TemporaryDirectory() as work, duckdb.connect() as duck:
        duck.execute("SET threads = 1")
        lines = Path(work) / "events.jsonl"
        _write_lines(rows, lines)
        _load(duck, lines, "events", EVENT_COLUMNS)
        _copy_one(duck, "SELECT * FROM t_events", path)


def _write_lines(rows: Iterable[Json], path: Path) -> None:
    """One JSON object a line."""
    with path.open("wb") as stream:
        for batch in batches(rows, _AT_A_TIME):
            stream.write(_LINES(batch))


def _write_events(connection: Connection, work: Path) -> None:
    """The lines of all tables of what events say: each event is read once."""
    with ExitStack() as stack:
        streams = {name: stack.enter_context((work / f"{name}.jsonl").open("wb")) for name in _OF_EVENTS}
        for batch in batches(_events(connection), _AT_A_TIME):
            for name, stream in streams.items():
                stream.write(_LINES(list(chain.from_iterable(map(_OF_EVENTS[name], batch)))))


def _load(duck: Any, lines: Path, name: str, columns: Sequence[str], order: Sequence[str] = ()) -> None:
    """Make the table ``t_<name>`` of the rows in a file, as they come or in the `order` of some columns."""
    shape = ", ".join(f"{_quoted(column)}: 'VARCHAR'" for column in columns)
    casts = ", ".join(f'CAST("{column}" AS {_type(name, column)}) AS "{column}"' for column in columns)
    source = f"read_json({_quoted(str(lines))}, format = 'newline_delimited', columns = {{{shape}}})"
    by = " ORDER BY " + ", ".join(f'"{column}"' for column in order) if order else ""
    duck.execute(f"CREATE TABLE t_{name} AS SELECT * FROM (SELECT {casts} FROM {source}){by}")


def _copy(duck: Any, name: str, folder: Path) -> Iterator[Path]:
    if name != "events":
        yield _copy_one(duck, f"SELECT * FROM t_{name}", folder / f"{name}.parquet")
        return
    kinds = sorted(kind for (kind,) in duck.execute(f'SELECT DISTINCT "type" FROM t_{name}').fetchall())
    for old in sorted((folder / name).glob("type=*/*.parquet")):
        if old.parent.name.removeprefix("type=") not in kinds:
            old.unlink()
            old.parent.rmdir()
    for kind in kinds:
        path = folder / name / f"type={kind}" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        yield _copy_one(duck, f'SELECT * FROM t_{name} WHERE "type" = {_quoted(kind)}', path)


def _copy_one(duck: Any, query: str, path: Path) -> Path:
    part = path.with_name(f"{path.name}.part")
    duck.execute(f"COPY ({query}) TO {_quoted(str(part))} (FORMAT parquet, COMPRESSION zstd)")
    part.replace(path)
    return path


def _type(table: str, column: str) -> str:
    if table == "conflicts" and column == "value":
        return "VARCHAR"
    return _TYPES.get(column, "VARCHAR")


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _graph(connection: Connection) -> tuple[dict[str, Json], list[Json]]:
    """(participants by node id, edges): payer to paid where money moves, else first to second."""
    nodes: dict[str, Json] = {}
    edges: list[Json] = []
    for event in _events(connection):
        sides = [[(party["entity_id"] or party["canonical"], party) for party in found] for found in event["roles"].values()]
        for side in sides:
            for node, party in side:
                nodes.setdefault(node, {"name": party["canonical"], "kind": party["kind"], "parent": party["parent"] or ""})
        pairs = [(left, right) for left in sides[0] for right in sides[1]] if len(sides) > 1 else []
        if "party" in event["roles"]:
            pairs = [(sides[0][0], other) for other in sides[0][1:]]
        amount = event["amount"] or {}
        edges += [
            {
                "source": source[0], "target": target[0], "event": event["id"], "type": event["type"], "status": event["status"],
                "usd": amount.get("usd") or "", "date": event["date"] or "", "stake": event["stake_pct"] or "",
                "n_origins": str(event["n_origins"]),
                "corroborated": str(source[1]["corroborated"] and target[1]["corroborated"]).lower(),
            }
            for source, target in pairs
        ]  # fmt: skip
    return nodes, edges


def _write_graphml(connection: Connection, folder: Path) -> Iterator[Path]:
    nodes, edges = _graph(connection)
    path = folder / "deals.graphml"
    node_keys, edge_keys = ("name", "kind", "parent"), ("event", "type", "status", "usd", "date", "n_origins", "corroborated")
    numbers = {"usd": "double", "n_origins": "int", "corroborated": "boolean"}
    with _replacing(path) as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for owner, keys in (("node", node_keys), ("edge", edge_keys)):
            for key in keys:
                kind = numbers.get(key, "string")
                stream.write(f'<key id="{owner}-{key}" for="{owner}" attr.name="{key}" attr.type="{kind}"/>\n')
        stream.write('<graph id="deals" edgedefault="directed">\n')
        for node in sorted(nodes):
            stream.write(f"<node id={quoteattr(_xml(node))}>{_data('node', nodes[node], node_keys)}</node>\n")
        for n, edge in enumerate(sorted(edges, key=lambda edge: (edge["event"], edge["source"], edge["target"]))):
            ends = f"source={quoteattr(_xml(edge['source']))} target={quoteattr(_xml(edge['target']))}"
            stream.write(f'<edge id="e{n}" {ends}>{_data("edge", edge, edge_keys)}</edge>\n')
        stream.write("</graph>\n</graphml>\n")
    yield path


def _data(owner: str, values: Json, keys: Sequence[str]) -> str:
    return "".join(f'<data key="{owner}-{key}">{escape(_xml(values[key]))}</data>' for key in keys if values[key])


def _xml(value: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return "".join(char for char in value if char >= " " or char in "\t\n")


_FTM_KIND = {"person": "Person", "company": "Company", "government": "PublicBody", "fund": "Company", "unit": "Company"}


def _write_ftm(connection: Connection, folder: Path) -> Iterator[Path]:
    """FollowTheMoney entities: participants, and one Payment, Ownership or UnknownLink for each pair of a deal."""
    nodes, edges = _graph(connection)
    path = folder / "entities.ftm.json"
    with _replacing(path) as stream:
        for node in sorted(nodes):
            schema = _FTM_KIND.get(nodes[node]["kind"], "LegalEntity")
            stream.write(compact({"id": _ftm_id(node), "schema": schema, "properties": {"name": [nodes[node]["name"]]}}) + "\n")
        for edge in sorted(edges, key=lambda edge: (edge["event"], edge["source"], edge["target"])):
            stream.write(compact(_ftm_link(edge)) + "\n")
    yield path


def _ftm_id(node: str) -> str:
    return f"dw-{content_id('party', node)}"


def _ftm_link(edge: Json) -> Json:
    pays = edge["type"] in ("investment", "acquisition", "purchase", "license", "loan", "share_transfer")
    schema, source, target = (
        ("Ownership", "owner", "asset") if edge["type"] == "stake"
        else ("Payment", "payer", "beneficiary") if pays else ("UnknownLink", "subject", "object")
    )  # fmt: skip
    amounts = {"amountUsd": [edge["usd"]]} if pays and edge["usd"] else {}
    amounts |= {"percentage": [edge["stake"]]} if edge["type"] == "stake" and edge["stake"] else {}
    dates = {"date": [edge["date"]]} if re.fullmatch(r"\d{4}(-\d\d){0,2}", edge["date"]) else {}
    return {
        "id": f"dw-{content_id(edge['event'], edge['source'], edge['target'])}", "schema": schema,
        "properties": {
            source: [_ftm_id(edge["source"])], target: [_ftm_id(edge["target"])], **amounts, **dates,
            ("purpose" if pays else "role"): [f"{edge['type']} ({edge['status']})"], "recordId": [edge["event"]],
        },
    }  # fmt: skip


_WRITERS: dict[str, Callable[[Connection, Path], Iterator[Path]]] = {
    "parquet": _write_parquet, "csv": _write_csv, "jsonl": _write_jsonl, "graphml": _write_graphml, "ftm": _write_ftm,
}  # fmt: skip
