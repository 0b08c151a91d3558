"""The last nights: what came in, what changed, how good it looks, where the time went, what could not be used."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

import numpy as np

from desk.index import Index
from desk.pages import Page, View
from desk.shown import LOW_CONFIDENCE, lines
from desk.text import Piece, pieces
from models.desk_queries import changes_of_run, list_quarantine, list_runs, quarantined
from models.runs import RunRecord

PAGE = 30
_SHOWN_CHANGES = 200
_SHOWN_RAW = 65_536
"""Bytes of an unusable item that are shown"""
_ARTICLES = ("new", "unchanged", "changed", "quarantined")
_EVENTS = ("added", "changed", "merged", "split", "removed")


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run as a row."""

    run: RunRecord
    inputs: tuple[str, ...]
    articles: tuple[tuple[str, int], ...]
    claims: int | None
    events: tuple[tuple[str, int], ...]
    seconds: tuple[tuple[str, float], ...]
    """Wall time by stage"""
    reasons: tuple[str, ...]
    """Why a run was held"""

    @property
    def total(self) -> float:
        """Seconds of all stages."""
        return sum(spent for _, spent in self.seconds)


@dataclass(frozen=True, slots=True)
class Quality:
    """What can be counted of how good the events are, of all events as they stand."""

    name: str
    count: int
    share: int
    """Percent"""


def runs_page(view: View, number: int) -> Page:
    """A page of the nights."""
    store, state = view.desk.store, view.desk.state()
    count, _ = list_runs(store, 0)
    last = max(1, -(-count // PAGE))
    number = min(max(1, number), last)
    _, found = list_runs(store, PAGE, (number - 1) * PAGE)
    unusable, newest = list_quarantine(store, 20)
    return Page("runs.html", {
        "runs": [run_line(one) for one in found], "page": number, "pages": last, "count": count, "events": len(state.index),
        "quality": state.once("quality", lambda: quality(state.index)), "quarantine": newest, "unusable": unusable, "tab": "runs",
        "page_address": view.links.runs,
    })  # fmt: skip


def run_line(run: RunRecord) -> RunLine:
    """A run with its figures sorted out."""
    counts, report = run.counts, run.report or {}
    try:
        inputs = tuple(str(one) for one in json.loads(run.inputs))
    except (TypeError, ValueError):
        inputs = (run.inputs,)
    return RunLine(
        run, inputs, tuple((name, counts[name]) for name in _ARTICLES if name in counts), counts.get("claims"),
        tuple((name, counts[f"events_{name}"]) for name in _EVENTS if f"events_{name}" in counts),
        tuple((stage["stage"], float(stage["seconds"])) for stage in report.get("stages", ())),
        tuple(str(reason) for reason in report.get("reasons", ())),
    )  # fmt: skip


def quality(index: Index) -> list[Quality]:
    """Shares of the events that an analyst would look at first."""
    alive = index.alive
    whole = int(alive.sum())
    usd, sources = index.column("usd_f"), index.column("n_sources")
    told = {
        "with an amount": ~np.isnan(index.column("original_f")), "with an amount in USD": ~np.isnan(usd),
        "with a date": index.column("day") >= 0, "told by two sources or more": sources > 1,
        "with conflicting values": index.column("conflicts") > 0,
        "of low confidence": index.column("confidence") < LOW_CONFIDENCE,
    }  # fmt: skip
    counts = {name: int((mask & alive).sum()) for name, mask in told.items()}
    return [Quality(name, count, round(100 * count / whole) if whole else 0) for name, count in counts.items()]


def run_page(view: View, run_id: str) -> Page:
    """One run with what it changed."""
    store = view.desk.store
    _, everything = list_runs(store, 100_000, nights_only=False)
    run = next((one for one in everything if one.run_id == run_id), None)
    if run is None:
        return Page("error.html", {"message": view.tongue.text("There is no run with this id."), "what": run_id}, 404)
    counts, changes = changes_of_run(store, run_id, _SHOWN_CHANGES)
    ids = list(dict.fromkeys(change.event_id for change in changes))
    known = {one.event.id: one for one in lines(store, ids, view.desk.schema.kinds, view.tongue)}
    return Page("run.html", {
        "line": run_line(run), "counts": counts, "changes": changes, "lines": known, "more": sum(counts.values()) - len(changes),
        "causes": Counter(change.cause for change in changes), "tab": "runs",
    })  # fmt: skip


def quarantine_page(view: View, item_id: str) -> Page:
    """One item that could not be used, with its first characters."""
    item = quarantined(view.desk.store, item_id)
    if item is None:
        return Page(
            "error.html", {"message": view.tongue.text("There is nothing in quarantine with this id."), "what": item_id}, 404
        )
    raw = view.desk.store.quarantine_raw(item_id)[:_SHOWN_RAW]
    body: tuple[Piece, ...] = pieces(raw.decode("utf-8", "replace"), ())
    return Page("quarantined.html", {"item": item, "body": body, "cut": item.size > len(raw), "tab": "review"})
