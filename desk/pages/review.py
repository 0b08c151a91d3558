"""The review list: one queue at a time, each item with what there is to decide; and how a decision is taken."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from desk.pages import Page, View
from desk.review import QUEUES, counts, for_review, judged, near_pairs
from desk.shown import EventLine, lines
from desk.state import Desk
from models.decisions import KINDS, PROPERTIES, check_setting
from models.desk_queries import list_decisions, list_quarantine, tellings_by_key
from models.errors import StoreError
from models.event import Alternative, Conflict, Decision

PAGE = 20
_LONGEST_NOTE = 2_000
_DECIDING = threading.Lock()
"""One decision at a time: each is merged before the next is taken"""


def review_page(view: View, queue: str, number: int) -> Page:
    """A page of a queue."""
    desk, state = view.desk, view.desk.state()
    if queue not in QUEUES:
        return Page("error.html", {"message": view.tongue.text("There is no such page."), "what": queue}, 404)
    unusable = list_quarantine(desk.store, 0)[0]
    found = {**state.once("counts", lambda: counts(desk, state)), "quarantine": unusable}
    last = max(1, -(-found[queue] // PAGE))
    number = min(max(1, number), last)
    skip = (number - 1) * PAGE
    values = {
        "queue": queue, "queues": [(name, found[name]) for name in QUEUES], "page": number, "pages": last,
        "page_address": lambda page: view.links.review(queue, page), "tab": "review", "properties": PROPERTIES,
        "settable": settable,
    }  # fmt: skip
    match queue:
        case "conflicts" | "unsure":
            ids = for_review(desk, state, queue)[skip : skip + PAGE]
            values["items"] = lines(desk.store, ids, desk.schema.kinds, view.tongue)
        case "pairs":
            pairs = judged(desk, near_pairs(desk, state)[skip : skip + PAGE])
            known = _lines(view, [event_id for pair in pairs for event_id in (pair.left, pair.right)])
            values["items"] = [(pair, known[pair.left], known[pair.right])
                               for pair in pairs if pair.left in known and pair.right in known]  # fmt: skip
        case "orphans":
            values["items"] = desk.store.orphans()[skip : skip + PAGE]
            values["refusals"] = _refusals(view)
        case "quarantine":
            values["items"] = list_quarantine(desk.store, PAGE, skip)[1]
        case "decisions":
            decisions = list_decisions(desk.store, PAGE, skip)[1]
            values["items"] = _with_events(view, decisions)
    return Page("review.html", values)


def _lines(view: View, ids: list[str]) -> dict[str, EventLine]:
    found = lines(view.desk.store, list(dict.fromkeys(ids)), view.desk.schema.kinds, view.tongue)
    return {one.event.id: one for one in found}


def _with_events(view: View, decisions: list[Decision]) -> list[tuple[Decision, EventLine | None, EventLine | None]]:
    """Decisions with the events that their claims belong to now."""
    keys = sorted({key for d in decisions for key in (d.left, d.right) if key})
    event_of = {key: told.event_id for key, told in tellings_by_key(view.desk.store, keys).items()}
    known = _lines(view, list(event_of.values()))
    return [(d, *(known.get(event_of.get(key or "", "")) for key in (d.left, d.right))) for d in decisions]  # type: ignore[misc]


def _refusals(view: View) -> list[tuple[EventLine, EventLine]]:
    """Joins that decisions ask for and others forbid, as the events on both ends."""
    pairs = [(left, right) for left, right, _ in view.desk.store.refusals()][:PAGE]
    event_of = {key: told.event_id for key, told in
                tellings_by_key(view.desk.store, sorted({key for pair in pairs for key in pair})).items()}  # fmt: skip
    known = _lines(view, list(event_of.values()))
    return [(known[event_of[a]], known[event_of[b]]) for a, b in pairs if event_of.get(a) in known and event_of.get(b) in known]


def settable(conflict: Conflict) -> list[Alternative]:
    """The values of a property that a reviewer can set as they stand."""
    if conflict.property not in PROPERTIES:
        return []
    return [value for value in conflict.values if check_setting(conflict.property, value.value) is None]


def decide(desk: Desk, form: Mapping[str, str]) -> str:
    """Keep the decision of a form and bring the events up to date; its id.

    The form has `kind` and `note`, and as the kind asks `left`, `right`, `property`, `value`. Raises StoreError with one line
    for what cannot be decided so.
    """
    kind, note = form.get("kind", ""), form.get("note", "").strip()[:_LONGEST_NOTE]
    left, right = form.get("left", "").strip(), form.get("right", "").strip()
    if kind not in KINDS:
        raise StoreError(f"{kind[:40]}: a decision is one of {', '.join(KINDS)}")
    if not note:
        raise StoreError("a decision needs its reason: those who read it later will ask")
    if not left or (kind in ("same", "different") and not right):
        raise StoreError("the event that the decision is about is missing")
    wanted = {"property": form.get("property", ""), "value": form.get("value", "").strip()} if kind == "set" else {}
    now = datetime.now(UTC)
    with _DECIDING:
        made = desk.store.decide(
            now, desk.reviewer or "", kind, left, right if kind in ("same", "different") else None,
            property=wanted.get("property"), value=wanted.get("value"), note=note,
        )  # fmt: skip
        words = [word for word in (left, right, *wanted.values()) if word]
        run_id = desk.store.begin_run(now, desk.code, json.dumps(["decide", kind, *words], ensure_ascii=False))
        merged = desk.store.merge(run_id, desk.schema)
        desk.store.finish_run(run_id, "done", asdict(merged), datetime.now(UTC))
    return made
