"""The project's own samples and gold are well-formed, big enough, and nobody else's text."""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "corpus" / "samples"
GOLD = ROOT / "corpus" / "gold"
SHARED = Path(os.environ.get("DEALWIRE_SHARED") or ROOT.parent / "shared")

LANGUAGES = ("zh-Hant", "zh-Hans", "ar")
ROLES = {
    "investment": {"investor", "target"}, "acquisition": {"acquirer", "target", "seller"}, "merger": {"party"},
    "share_transfer": {"buyer", "seller", "company"}, "stake": {"holder", "company"}, "purchase": {"buyer", "supplier"},
    "license": {"licensee", "licensor"}, "partnership": {"party"}, "loan": {"lender", "borrower"},
    "offering": {"company"}, "restructuring": {"company"},
}  # fmt: skip
STATUSES = {"talks", "proposed", "agreed", "completed", "rejected", "terminated", "held"}
MODIFIERS = {"exact", "about", "over", "at_least", "up_to", "under", "range", "vague"}
EVENT_KEYS = {
    "type", "roles", "status", "amount", "stake_pct", "valuation", "quantity", "term", "date", "binding", "quote",
    "optional", "note",
}  # fmt: skip
CURRENCIES = {"USD", "EUR", "HKD", "TWD", "CNY", "JPY", "AED", "SAR", "EGP", "KWD", "QAR", "GBP", "KRW"}
PRECISIONS = (r"\d{4}-\d{2}-\d{2}", r"\d{4}-\d{2}", r"\d{4}-Q[1-4]", r"\d{4}")
NEAR_COPY = {"zh-Hant": 25, "zh-Hans": 25, "ar": 60}
"""Code points in common with a text of a publisher that chance no longer explains."""

Item = dict[str, Any]


def _articles() -> list[Item]:
    """Every sample as one item: its meta, its text and its gold."""
    items = []
    for path in sorted(SAMPLES.glob("*.gold.json")):
        stem = path.name.removesuffix(".gold.json")
        gold = json.loads(path.read_text(encoding="utf-8"))
        meta = json.loads((SAMPLES / f"{stem}.meta.json").read_text(encoding="utf-8"))
        text = (SAMPLES / f"{stem}.txt").read_text(encoding="utf-8")
        items.append({**gold, "title": meta["title"], "text": text})
    return items


def _short_items() -> list[Item]:
    lines = (line for path in sorted(GOLD.glob("*.gold.jsonl")) for line in path.read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


ARTICLES, SHORT = _articles(), _short_items()
ALL = [*ARTICLES, *SHORT]


def _required(items: list[Item]) -> Iterator[tuple[Item, Item]]:
    for item in items:
        for event in item["events"]:
            if not event.get("optional"):
                yield item, event


def _events(items: list[Item]) -> Iterator[Item]:
    for item in items:
        yield from item["events"]


def _document(item: Item) -> str:
    return f"{item['title'] or ''}\n{item['text']}"


@pytest.fixture(params=ALL, ids=lambda item: item["id"])
def item(request: pytest.FixtureRequest) -> Item:
    """One article or short item with its gold."""
    found: Item = request.param
    return found


def test_every_sample_has_text_meta_and_gold_that_agree() -> None:
    stems = {path.name.split(".")[0] for path in SAMPLES.iterdir() if path.suffix in {".txt", ".json"}}
    for stem in stems:
        assert (SAMPLES / f"{stem}.txt").exists(), stem
        meta = json.loads((SAMPLES / f"{stem}.meta.json").read_text(encoding="utf-8"))
        gold = json.loads((SAMPLES / f"{stem}.gold.json").read_text(encoding="utf-8"))
        assert set(meta) == {"id", "title", "language", "region", "published", "source"}
        assert meta["id"] == gold["id"] == stem
        assert all(meta[key] == gold[key] for key in ("language", "region", "published"))
        assert meta["title"]


def test_counts() -> None:
    assert all(sum(a["language"] == language for a in ARTICLES) >= 6 for language in LANGUAGES)
    assert all(sum(s["language"] == language for s in SHORT) >= 16 for language in LANGUAGES)
    required = Counter(item["language"] for item, _ in _required(ALL))
    assert len(ALL) >= 66
    assert sum(required.values()) >= 130
    assert min(required.values()) >= 40
    assert {"HK", "TW"} <= {a["region"] for a in ARTICLES if a["language"] == "zh-Hant"}
    assert {"AE", "SA", "EG"} <= {a["region"] for a in ARTICLES if a["language"] == "ar"}


def test_every_type_and_status_occurs() -> None:
    asked = [event for _, event in _required(ALL)]
    assert {event["type"] for event in asked} == set(ROLES)
    assert {event["status"] for event in asked} == STATUSES
    amounts = [event["amount"] for event in asked if "amount" in event]
    assert {amount["modifier"] for amount in amounts} >= MODIFIERS - {"under"}


def test_a_third_of_the_short_items_tell_no_deal() -> None:
    for language in LANGUAGES:
        events = [item["events"] for item in SHORT if item["language"] == language]
        assert 0.25 <= sum(not found for found in events) / len(events) <= 0.45


def test_short_items_say_that_they_are_made_up() -> None:
    assert [item["id"] for item in SHORT if item.get("fictional") is not True] == []


def test_ids_are_unique() -> None:
    assert len({item["id"] for item in ALL}) == len(ALL)


def test_item_is_complete(item: Item) -> None:
    assert item["language"] in LANGUAGES
    assert re.fullmatch(r"[A-Z]{2}", item["region"])
    date.fromisoformat(item["published"])
    assert item["text"].strip()
    assert isinstance(item["not_deals"], list)
    assert item["events"] or item["not_deals"]


def test_events_follow_the_contract(item: Item) -> None:
    for event in item["events"]:
        assert set(event) <= EVENT_KEYS
        assert event["type"] in ROLES
        assert event["status"] in STATUSES
        assert event["type"] == "stake" or event["status"] != "held"
        assert event["roles"]
        assert set(event["roles"]) <= ROLES[event["type"]]
        assert all(names and all(names) for names in event["roles"].values())
        assert 0 < event.get("stake_pct", 1) <= 100


def test_quotes_and_names_stand_in_the_text(item: Item) -> None:
    for event in item["events"]:
        assert event["quote"] in (item["title"] or "") or event["quote"] in item["text"], event["quote"]
        printed = [name.split("|")[0] for names in event["roles"].values() for name in names]
        assert [name for name in printed if name not in _document(item)] == []


def test_amounts_are_amounts(item: Item) -> None:
    for event in item["events"]:
        for amount in (event[key] for key in ("amount", "valuation") if key in event):
            assert amount["currency"] in CURRENCIES
            assert amount["modifier"] in MODIFIERS
            if "value" in amount:
                assert amount["value"] > 0
                assert amount["modifier"] not in {"range", "vague"}
                assert not {"low", "high"} & set(amount)
            else:
                assert 0 < amount["low"] < amount["high"]
                assert amount["modifier"] in {"range", "vague"}


def test_dates_parse_and_lie_before_publication(item: Item) -> None:
    for found in (event["date"] for event in item["events"] if "date" in event):
        assert any(re.fullmatch(form, found) for form in PRECISIONS), found
        if len(found) == 10:
            date.fromisoformat(found)
        assert found[:4] <= item["published"][:4]
        assert "Q" in found or found <= item["published"]


def test_no_required_event_stands_twice(item: Item) -> None:
    asked = [event for _, event in _required([item])]
    keys = [json.dumps([e["type"], e["roles"], e.get("amount"), e.get("stake_pct")], sort_keys=True) for e in asked]
    assert len(keys) == len(set(keys))


def _canonical(name: str) -> str:
    spellings = name.split("|")
    return next((s for s in spellings if s.isascii()), spellings[0]).casefold()


def test_deals_are_told_by_articles_of_several_scripts() -> None:
    told: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    for article, event in _required(ARTICLES):
        for names in event["roles"].values():
            for name in names:
                others = [other for group in event["roles"].values() for other in group if other != name]
                for other in others:
                    told[(event["type"], _canonical(name), _canonical(other))].add((article["id"], article["language"]))
    across = {tuple(sorted(key[1:])) for key, found in told.items() if len({language for _, language in found}) >= 2}
    assert len(across) >= 12, sorted(across)
    everywhere = {tuple(sorted(key[1:])) for key, found in told.items() if {language for _, language in found} == set(LANGUAGES)}
    assert len(everywhere) >= 6, sorted(everywhere)


def _grams(text: str, size: int) -> set[str]:
    squeezed = re.sub(r"\s+", " ", text)
    return {squeezed[i : i + size] for i in range(len(squeezed) - size + 1)}


def _published_texts() -> Iterator[str]:
    for path in sorted((SHARED / "articles").glob("*.txt")):
        yield path.read_text(encoding="utf-8")
    for path in sorted((SHARED / "gold").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield f"{row.get('title') or ''}\n{row['text']}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_a_near_copy(language: str) -> None:
    if not (SHARED / "gold").is_dir():
        pytest.skip(f"no published texts to compare with at {SHARED}")
    size = NEAR_COPY[language]
    published = set().union(*(_grams(text, size) for text in _published_texts()))
    assert published
    for mine in (item for item in ALL if item["language"] == language):
        shared = _grams(_document(mine), size) & published
        assert not shared, (mine["id"], sorted(shared)[:3])
