"""One event: what it is, who says so in which words, how it came about; and an article as published."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from desk.index import Index, ids_of
from desk.pages import Page, View
from desk.shown import converted, line, lines, told
from desk.text import Mark, Passage, Piece, passage, pieces, text_direction, visible
from models.codec import Json
from models.decisions import PROPERTIES
from models.desk_queries import (
    ArticleVersion,
    Telling,
    events_by_id,
    first_claims,
    last_versions,
    read_article,
    read_article_tellings,
    read_articles,
    read_past,
    read_tellings,
    resolve_event_id,
)
from models.errors import StoreError

_SHOWN_TELLINGS = 30
"""Articles of one event whose text is shown; the others are listed"""
_RELATED = 12
ARTICLE_PAGE = 20_000
"""Code points of an article on one page"""


@dataclass(frozen=True, slots=True)
class Told:
    """One article's telling of the event. `passages` are the quotes in their context, by field."""

    telling: Telling
    title: tuple[Piece, ...]
    passages: tuple[tuple[str, Passage], ...]
    direction: str
    copy_of: bool


def event_page(view: View, name: str) -> Page:
    """The page of an event by its id, a unique beginning of it, or an id that was merged into it."""
    desk = view.desk
    try:
        event_id = resolve_event_id(desk.store, name)
    except StoreError as error:
        return Page("error.html", {"message": str(error)}, 404)
    past = read_past(desk.store, event_id) if event_id else None
    if event_id is None or past is None:
        return Page("error.html", {"message": view.tongue.text("There is no event with this id."), "what": name}, 404)
    event = events_by_id(desk.store, [event_id])[event_id]
    tellings = read_tellings(desk.store, event_id)
    index = desk.index
    contradicted = {conflict.property for conflict in event.conflicts}
    tables = sorted(event.alternatives, key=lambda one: (one.property not in contradicted, one.property))
    merged = last_versions(desk.store, past.redirected_from)
    return Page("event.html", {
        "event": event, "line": line(event, desk.schema.kinds, view.tongue), "past": past,
        "amounts": [(label, amount, told(amount, view.tongue), converted(amount, "usd", view.tongue),
                     converted(amount, "hkd", view.tongue))
                    for label, amount in (("amount", event.amount), ("valuation", event.valuation)) if amount is not None],
        "tables": tables, "contradicted": contradicted, "told": tell(view, tellings), "unshown": tellings[_SHOWN_TELLINGS:],
        "related": lines(desk.store, related_ids(index, event_id), desk.schema.kinds, view.tongue),
        "merged": [(old, line(merged[old], desk.schema.kinds, view.tongue)) for old in past.redirected_from if old in merged],
        "asked": name, "properties": PROPERTIES, "tab": "events",
        "anchor": first_claims(desk.store, [event_id])[event_id].claim_key,
    })  # fmt: skip


def tell(view: View, tellings: Sequence[Telling]) -> list[Told]:
    """The tellings with their quotes as published."""
    shown = tellings[:_SHOWN_TELLINGS]
    articles = read_articles(view.desk.store, sorted({telling.version_id for telling in shown}))
    texts = Counter(article.text for article in articles.values())
    return [_tell(telling, articles[telling.version_id], texts) for telling in shown if telling.version_id in articles]


def _tell(telling: Telling, article: ArticleVersion, texts: Counter[str]) -> Told:
    marks = claim_marks(telling.payload)
    fields = {"title": article.title or "", "text": article.text}
    passages = []
    last = ("", -1)
    for quote in sorted(telling.payload["evidence"], key=lambda q: (q["field"] != "title", q["start"])):
        if (quote["field"], quote["start"]) <= last and quote["field"] == last[0]:
            continue  # it stands in the passage before
        found = passage(fields[quote["field"]], marks[quote["field"]], quote["start"], quote["end"])
        last = quote["field"], found.end
        passages.append((quote["field"], found))
    return Told(
        telling, pieces(article.title or "", marks["title"]), tuple(passages),
        text_direction(article.language, article.text), texts[article.text] > 1,
    )  # fmt: skip


def claim_marks(payload: Json) -> dict[str, list[Mark]]:
    """What a claim rests on, by field: quotes, amounts, dates and names."""
    marks: dict[str, list[Mark]] = defaultdict(list)
    for quote in payload["evidence"]:
        marks[quote["field"]].append(Mark(quote["start"], quote["end"], "evidence"))
    for name in ("amount", "valuation"):
        if payload[name]:
            _mark(marks, payload[name], "amount", _amount_title(payload[name]))
            if payload[name]["equivalent"]:
                _mark(marks, payload[name]["equivalent"], "amount", _amount_title(payload[name]["equivalent"]))
    if payload["date"]:
        _mark(marks, payload["date"], "date", payload["date"]["value"] or "")
    for role, names in payload["roles"].items():
        for one in names:
            _mark(marks, one, "name", f"{one['canonical']} ({role})")
    return marks


def _mark(marks: dict[str, list[Mark]], mention: Json, kind: str, title: str) -> None:
    marks[mention["field"]].append(Mark(mention["start"], mention["end"], kind, visible(title)))


def _amount_title(amount: Json) -> str:
    figure = amount["value"] or f"{amount['low'] or ''}–{amount['high'] or ''}"
    return f"{figure} {amount['currency'] or '?'}"


def related_ids(index: Index, event_id: str) -> list[str]:
    """Events between the same participants: two of them, or for a deal of one participant that one and the type."""
    row = index.row_of.get(event_id)
    if row is None:
        return []
    owners = {owner for _, owner, _ in index.parties_of(np.array([row]))[0]}
    need = min(2, len(owners))
    if not owners:
        return []
    found, counts = np.unique(np.concatenate([index.rows_of(owner) for owner in owners]), return_counts=True)
    keep = found[(counts >= need) & (found != row) & index.alive[found]]
    if need == 1:
        keep = keep[index.column("type")[keep] == index.column("type")[row]]
    usd = np.nan_to_num(index.column("usd_f")[keep], nan=-1.0)
    return ids_of(index, keep[np.argsort(-usd, kind="stable")][:_RELATED])


def article_page(view: View, version_id: str, number: int) -> Page:
    """An article as published, with everything that was read in it."""
    article = read_article(view.desk.store, version_id)
    if article is None:
        return Page("error.html", {"message": view.tongue.text("There is no article with this id."), "what": version_id}, 404)
    tellings = read_article_tellings(view.desk.store, version_id)
    marks = _article_marks(article, tellings)
    last = max(1, -(-len(article.text) // ARTICLE_PAGE))
    number = min(max(1, number), last)
    start = (number - 1) * ARTICLE_PAGE
    events = lines(
        view.desk.store, list(dict.fromkeys(telling.event_id for telling in tellings)), view.desk.schema.kinds, view.tongue
    )  # fmt: skip
    return Page("article.html", {
        "article": article, "title": pieces(article.title or "", marks["title"]),
        "body": pieces(article.text, marks["text"], start, start + ARTICLE_PAGE), "page": number, "pages": last,
        "length": len(article.text), "direction": text_direction(article.language, article.text), "lines": events,
        "issues": [visible(issue) for issue in article.mentions.get("issues", ())], "tab": "events",
        "page_address": lambda page: view.links.article(version_id, page),
    })  # fmt: skip


def _article_marks(article: ArticleVersion, tellings: Iterable[Telling]) -> dict[str, list[Mark]]:
    marks: dict[str, list[Mark]] = defaultdict(list)
    for telling in tellings:
        for field, found in claim_marks(telling.payload).items():
            marks[field] += [mark for mark in found if mark.kind == "evidence"]
    titles: dict[str, Any] = {
        "amounts": lambda m: f"{_amount_title(m)} ({m['kind']})", "dates": lambda m: m["value"] or "",
        "names": lambda m: m["canonical"],
    }  # fmt: skip
    for kind, title in titles.items():
        for mention in article.mentions.get(kind, ()):
            _mark(marks, mention, kind.removesuffix("s"), title(mention))
    return marks
