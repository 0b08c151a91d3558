"""`dealwire events`, `show`, `circles`, `export`, `decide`: what the store holds, and a reviewer's word on it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table

from corpus.deal_table import deals
from corpus.entity_table import entities
from extractors.match import deal_schema, fold_name
from extractors.version import VERSION
from flows.intake import UnusableInputError
from flows.render import cell, console, isolated, json_text, money, parties, table, write_lines
from models.archive import read_archive, write_archive
from models.circles import Circle, find_circles
from models.event import Event, EventAmount, EventDetail
from models.export import EVENT_COLUMNS as EXPORT_COLUMNS
from models.export import event_row, export_store
from models.queries import get_event, list_events
from models.resolver import FX_POLICIES
from models.store import Store

EVENT_COLUMNS = ("event", "deal", "status", "who", "amount", "USD", "HKD", "date", "told by", "conflicts")
RIGHT = ("amount", "USD", "HKD", "conflicts")
_SHOWN_ID = 10
"""Letters of an id in a table: `show` takes any unique beginning"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What `events` is asked for."""

    party: str | None = None
    type: str | None = None
    status: str | None = None
    since: str | None = None
    min_usd: str | None = None
    as_known_at: str | None = None


def events(store: str, filters: Filters, form: str) -> int:
    """Print the events that pass."""
    with open_store(store) as opened:
        found = list_events(
            opened, party=party_test(filters.party) if filters.party else None, type=filters.type, status=filters.status,
            since=filters.since, min_usd=_number(filters.min_usd), as_known_at=_moment(filters.as_known_at),
        )  # fmt: skip
    if form == "json":
        write_lines([json_text([asdict(event) for event in found], indent=2)])
    elif form == "csv":
        write_lines(_csv_lines(found))
    else:
        console().print(event_table(found))
    return 0


def show(store: str, event_id: str, form: str) -> int:
    """Print one event with everything that led to it."""
    with open_store(store) as opened:
        detail = get_event(opened, event_id)
    if detail is None:
        raise UnusableInputError(f"{event_id}: no event of this id in {store}")
    if form == "json":
        write_lines([json_text(asdict(detail), indent=2)])
    else:
        console().print(Group(*_pages(detail)))
    return 0


def export(store: str, folder: Path, formats: Sequence[str]) -> int:
    """Write the exports and print the files."""
    with open_store(store) as opened:
        files = [path for name in formats for path in export_store(opened, folder, name)]
    write_lines(str(path) for path in files)
    return 0


def fx(store: str, policy: str | None) -> int:
    """Print the policies, or take another and print what it changed."""
    with open_store(store) as opened:
        if policy is None:
            inforce = opened.fx_policy()
            rows = [(name, meaning, "in force" if name == inforce else "") for name, meaning in FX_POLICIES.items()]
            console().print(table("exchange rate policies", ("policy", "amounts are shown", ""), rows))
            return 0
        now = datetime.now(UTC)
        run_id = opened.begin_run(now, f"extractor {VERSION}", json.dumps(["fx", policy]))
        merged = opened.set_fx_policy(run_id, policy, deal_schema())
        opened.finish_run(run_id, "done", asdict(merged))
    console().print(f"{policy}: {merged.changed} events changed")
    return 0


def archive(store: str, folder: Path) -> int:
    """Write the whole store and print the files."""
    with open_store(store) as opened:
        write_lines(str(path) for path in write_archive(opened, folder))
    return 0


def restore(store: str, folder: Path) -> int:
    """Fill an empty store from an archive and say what came in."""
    with Store.open(store) as opened:
        counts = read_archive(opened, folder)
    console().print(", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "an empty archive")
    return 0


def circles(store: str, max_length: int, form: str) -> int:
    """Print the circular money flows, with the deals of each step."""
    with open_store(store) as opened:
        found = find_circles(opened, max_length)
    if form == "json":
        write_lines([json_text([asdict(circle) for circle in found], indent=2)])
    else:
        console().print(Group(f"{len(found)} circles of at most {max_length} companies", *map(_circle, found)))
    return 0


def decide(store: str, actor: str, kind: str, words: Sequence[str], note: str | None) -> int:
    """Keep a decision, bring the events up to date, and print what it changed."""
    wanted = {"same": 2, "different": 2, "set": 3, "retract": 1}
    if kind not in wanted or len(words) != wanted[kind]:
        raise UnusableInputError("decide takes: same ID ID, different ID ID, set ID PROPERTY VALUE, retract DECISION")
    left, *rest = words
    with open_store(store) as opened:
        now = datetime.now(UTC)
        if kind == "set":
            decision = opened.decide(now, actor, kind, left, property=rest[0], value=rest[1], note=note)
        else:
            decision = opened.decide(now, actor, kind, left, rest[0] if rest else None, note=note)
        run_id = opened.begin_run(now, f"extractor {VERSION}", json.dumps(["decide", kind, *words], ensure_ascii=False))
        merged = opened.merge(run_id, deal_schema())
        opened.finish_run(run_id, "done", asdict(merged))
    changes = ", ".join(f"{count} {name}" for name, count in asdict(merged).items() if count and name != "unchanged")
    console().print(f"decision {decision}: {changes or 'no event changed'}")
    return 0


def open_store(url: str) -> Store:
    """An existing store. A question to a store that is not there is a slip, and must not create an empty one."""
    path = url.removeprefix("sqlite:///")
    if path != url and path not in ("", ":memory:") and not Path(path).exists():
        raise UnusableInputError(f"{url}: there is no such store; dealwire run makes one")
    return Store.open(url)


def event_table(found: Sequence[Event]) -> Table:
    """Events as people read them, one a row."""
    rows = [_event_cells(event) for event in found]
    return table(f"{len(rows)} event{'' if len(rows) == 1 else 's'}", EVENT_COLUMNS, rows, right=RIGHT)


def party_test(said: str) -> Callable[[str], bool]:
    """Whether a participant's name is the one said, in whatever script and spelling: 亞馬遜 finds Amazon."""
    asked = fold_name(said)
    wanted = {asked}
    for entity in entities().values():
        spellings = {fold_name(name) for name in (*entity.spellings, *entity.tickers)}
        if asked in spellings:
            wanted |= spellings
    return lambda name: fold_name(name) in wanted


def _event_cells(event: Event) -> tuple[object, ...]:
    who = {role: [party.canonical for party in found] for role, found in event.roles.items()}
    amount = event.amount
    return (
        event.id[:_SHOWN_ID], event.type, event.status, parties(who, deals()[event.type].roles),
        _told(amount) if amount else _size(event), _in(amount, "usd"), _in(amount, "hkd"), event.date,
        ", ".join(event.sources), len(event.conflicts) or "",
    )  # fmt: skip


def _told(amount: EventAmount) -> str:
    sign = {"about": "~", "over": ">", "at_least": "≥", "up_to": "≤", "under": "<"}.get(amount.modifier, "")
    return f"{sign}{money(amount.value, amount.low, amount.high)} {amount.currency or '?'}"


def _in(amount: EventAmount | None, currency: str) -> str:
    if amount is None:
        return ""
    return money(*(getattr(amount, name) for name in (currency, f"{currency}_low", f"{currency}_high")))


def _size(event: Event) -> str:
    if event.stake_pct is not None:
        return f"{event.stake_pct:f}%"
    return f"{event.quantity[0]:f} {event.quantity[1]}" if event.quantity else ""


def _pages(detail: EventDetail) -> Iterator[RenderableType]:
    event = detail.event
    yield event_table([event])
    yield cell(f"id {event.id}, version {detail.version}, known since {detail.known_from[:19]}")
    yield from (cell(f"{gone} was merged into it") for gone in detail.redirected_from)
    amounts = {"amount": event.amount, "valuation": event.valuation}
    for name, amount in amounts.items():
        if amount is not None:
            rate = "; ".join(f"1 {amount.currency} = {r} {c} on {day} ({source})" for c, r, day, source in amount.rates)
            inferred = ", currency inferred" if amount.inferred else ""
            yield cell(f"{name}: {_told(amount)}{inferred}; {_in(amount, 'usd')} USD; {rate or 'no rate'}")
    yield _rows("who", ("role", "name", "owner", "as printed", "named by", "corroborated"), (
        (role, one.canonical, one.parent, ", ".join(one.names), one.support, "yes" if one.corroborated else "no")
        for role, found in event.roles.items() for one in found
    ))  # fmt: skip
    yield _rows("status history", ("status", "reported", "source", "said by", "effect"), (
        (report.status, report.published, report.source, report.attribution, report.effect) for report in detail.status_history
    ))  # fmt: skip
    contradicted = {conflict.property for conflict in event.conflicts}
    yield _rows("values", ("property", "value", "told by", "origins", "best", "why"), (
        (f"{one.property}{' (conflict)' if one.property in contradicted else ''}", value.value, ", ".join(value.sources),
         value.support, "best" if value.best else "", value.reason)
        for one in event.alternatives for value in one.values
    ))  # fmt: skip
    yield _rows("evidence", ("source", "copy of", "article", "published", "where", "quote"), (
        (quote.source, quote.copy_of, quote.article_id, quote.published, f"{quote.field} {quote.start}-{quote.end}", quote.quote)
        for quote in detail.evidence
    ))  # fmt: skip
    yield _rows("related", ("event", "deal", "status", "USD", "date"), (
        (other.event_id[:_SHOWN_ID], other.type, other.status, money(other.usd), other.date) for other in detail.related
    ))  # fmt: skip
    yield _rows("decisions", ("decision", "by", "kind", "property", "value", "note", "at"), (
        (one.decision_id[:_SHOWN_ID], one.actor, f"{one.kind}{' (retracted)' if one.retracted else ''}", one.property, one.value,
         one.note, one.at[:19])
        for one in detail.decisions
    ))  # fmt: skip
    yield _rows("changes", ("at", "what", "why", "other event"), (
        (change.at[:19], change.op, change.cause, (change.other_id or "")[:_SHOWN_ID]) for change in detail.changes
    ))  # fmt: skip


def _circle(circle: Circle) -> RenderableType:
    rows = [
        (step.payer, step.paid, flow.type, flow.status, money(flow.usd), flow.event_id[:_SHOWN_ID])
        for step in circle.steps
        for flow in step.flows
    ]
    names = [isolated(name) for name in (*circle.parties, circle.parties[0])]
    title = f"{' → '.join(names)}: at most {money(circle.usd) or '?'} USD go round"
    return Group("", table(title, ("payer", "paid", "deal", "status", "USD", "event"), rows, right=("USD",)))


def _rows(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> RenderableType:
    """A titled table, or nothing at all when it would be empty."""
    kept = list(rows)
    return Group("", table(title, columns, kept)) if kept else Group()


def _csv_lines(found: Iterable[Event]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="")
    rows = [event_row(json.loads(json_text(asdict(event)))) for event in found]
    for cells in (list(EXPORT_COLUMNS), *([row[column] for column in EXPORT_COLUMNS] for row in rows)):
        writer.writerow(cells)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _number(text: str | None) -> Decimal | None:
    """Dollars as people type them: 1000000, 1,000,000, 10bn."""
    if text is None:
        return None
    scales = {"k": 3, "m": 6, "bn": 9, "b": 9, "tn": 12, "t": 12}
    plain = text.replace(",", "").replace("_", "").strip().lower()
    suffix = next((suffix for suffix in sorted(scales, key=len, reverse=True) if plain.endswith(suffix)), "")
    try:
        return Decimal(plain.removesuffix(suffix)).scaleb(scales.get(suffix, 0))
    except ArithmeticError:
        raise UnusableInputError(f"{text!r} is no sum of dollars (1000000 or 10bn)") from None


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UnusableInputError(f"{text!r} is no date or time (2025-12-17 or 2025-12-17T08:00+08:00)") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
