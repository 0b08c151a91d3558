"""Dates against the suites of peers: shares of the cases in scope, with a table of what is out of scope and why.

The cases lie beside the repository (DEALWIRE_CASES, by default ../shared/cases); without them every test here is skipped.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from extractors.dates import find_dates
from extractors.normalize import normalize
from models.mention import DateMention

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("DEALWIRE_SHARED", ROOT.parent / "shared"))
CASES = Path(os.environ.get("DEALWIRE_CASES", SHARED / "cases"))
ARTICLES = CASES.parent / "articles"
DEFAULT = date(2025, 12, 17)
NO_SUCH_DAY = "0001-01-01"
"""How recognizers writes that 30 February is none."""
SUITES = ("jionlp", "duckling", "recognizers", "maha", "nemo", "cldr", "wetext")
SHARE = 0.95
TABLE = tomllib.loads((ROOT / "tests" / "conformance" / "dates_out_of_scope.toml").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = TABLE["rule"]
OUT_OF_SCOPE = {row["id"]: row["reason"] for row in TABLE["case"]}


@dataclass(frozen=True)
class Case:
    """One case of a suite; `span` and `interval` are what a mention must agree with, None where the suite does not say."""

    id: str
    text: str
    language: str
    reference: date
    region: str | None
    spans: tuple[tuple[int, int] | None, ...]
    intervals: tuple[tuple[str | None, str | None] | None, ...]
    contains: date | None = None


def load(suite: str) -> Iterator[dict[str, Any]]:
    for path in sorted(CASES.glob(f"{suite}.*.time*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def excuse(case: dict[str, Any]) -> str | None:
    """Why a case that fails is out of scope; None when it is in scope."""
    if case["id"] in OUT_OF_SCOPE:
        return str(OUT_OF_SCOPE[case["id"]])
    return next((str(rule["reason"]) for rule in RULES if applies(rule, case)), None)


def applies(rule: dict[str, Any], case: dict[str, Any]) -> bool:
    expected = case["expected"] if isinstance(case["expected"], list) else [case["expected"]]
    kinds = {(row.get("TypeName") or row.get("type") or "").split(".")[-1] for row in expected}
    return (
        ("pattern" in rule and re.search(rule["pattern"], case["text"]) is not None)
        or case["dim"] in rule.get("dims", ())
        or not kinds.isdisjoint(rule.get("types", ()))
        or (rule.get("holiday", False) and any("holiday" in row for row in expected))
    )


def language_of(case: dict[str, Any]) -> str:
    return "zh-Hans" if case["lang"] == "zh" else case["lang"]


def reference_of(context: Any) -> date:
    if isinstance(context, str):
        return date.fromisoformat(context[:10])
    if not isinstance(context, dict):
        return DEFAULT
    if "timestamp" in context:
        return datetime.fromtimestamp(context["timestamp"], ZoneInfo(context["tz"])).date()
    if "reference" in context:
        return date.fromisoformat(context["reference"])
    if "list" in context:
        year, month, day = [*context["list"], 1, 1][:3] if len(context["list"]) < 3 else context["list"][:3]
        return date(year, month, day)
    if "now" in context:
        return DEFAULT
    return date(context["year"], context.get("month", 1), context.get("day", 1))


def day_after(stamp: str) -> str:
    """The exclusive end of a suite that ends its intervals at 23:59:59."""
    moment = datetime.fromisoformat(stamp)
    return (moment.date() + timedelta(days=1)).isoformat() if moment.time().hour else moment.date().isoformat()


def plus(day: date, grain: str) -> date:
    if grain == "year":
        return date(day.year + 1, 1, 1)
    if grain == "month":
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day + timedelta(days=7 if grain == "week" else 1)


def build(case: dict[str, Any]) -> Case:
    expected, context, text = case["expected"], case["context"], case["text"]
    spans: list[tuple[int, int] | None] = [None]
    intervals: list[tuple[str | None, str | None] | None] = [None]
    contains = None
    match case["suite"]:
        case "hard" | "seeds":
            intervals = [(expected["start"], expected["end_exclusive"])]
        case "jionlp" if isinstance(expected, list):
            spans, intervals = [tuple(row["offset"]) for row in expected], [None] * len(expected)
        case "jionlp":
            times = expected["time"]
            if not isinstance(times, list) or not all(isinstance(t, str) for t in times):
                intervals = [("a length", "of time")]
            else:
                start, end = times
                intervals = [(None if start == "-inf" else start[:10], None if end == "inf" else day_after(end))]
        case "duckling" if expected["type"] == "value":
            start = date.fromisoformat(expected["value"][:10])
            intervals = [(start.isoformat(), plus(start, expected["grain"]).isoformat())]
        case "duckling":
            intervals = [((expected["from"] or "")[:10] or None, (expected["to"] or "")[:10] or None)]
        case "recognizers":
            spans = [(row["Start"], row["Start"] + row["Length"] if "Length" in row else row["End"] + 1) for row in expected]
            intervals = [resolution(row) for row in expected]
        case "maha":
            contains = date.fromisoformat(expected["value"][:10]) if "value" in expected else None
            if contains is None:
                intervals = [((expected["from"] or "")[:10] or None, expected["to"][:10])]
        case "cldr":
            start = date.fromisoformat(expected["value"])
            intervals = [(expected["value"], (start + timedelta(days=1)).isoformat())]
        case _:
            numbers = re.findall(r"\d+(?:[年月/]+\d+)*", expected["written"])
            intervals = [written([int(n) for n in re.split(r"[年月/]+", found)]) for found in numbers]
            spans = [None] * len(intervals)
    region = None
    return Case(case["id"], text, language_of(case), reference_of(context), region, tuple(spans), tuple(intervals), contains)


def written(numbers: list[int]) -> tuple[str | None, str | None] | None:
    """2001年4月6日 as interval; None for what has no full year (19日, 85/02/27)."""
    if numbers[0] < 100:
        return None
    start = date(*[*numbers, 1, 1][:3])
    return start.isoformat(), plus(start, ("year", "month", "day")[len(numbers) - 1]).isoformat()


def resolution(row: dict[str, Any]) -> tuple[str | None, str | None] | None:
    """The reading towards the past of one entity."""
    value = row.get("Value")
    if value is not None:
        past = value["PastResolution"]
        if "date" in past:
            return past["date"], plus(date.fromisoformat(past["date"]), "day").isoformat()
        return (past["startDate"], past["endDate"]) if "startDate" in past else None
    if "Resolution" not in row:
        return None
    first = row["Resolution"]["values"][0]
    if first["type"] == "date":
        if first["value"] == "not resolved":
            return NO_SUCH_DAY, None
        return first["value"], plus(date.fromisoformat(first["value"]), "day").isoformat()
    return (first["start"][:10], first["end"][:10]) if "start" in first else None


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def same_interval(mention: DateMention, interval: tuple[str | None, str | None]) -> bool:
    """Equal ends; of two vague readings (月底) one must lie within the other."""
    start, end = interval
    if start == NO_SUCH_DAY:
        return mention.value is None and mention.start_date is None
    ours = iso(mention.start_date), iso(mention.end_date)
    if start and end is None:
        return ours[0] in start.split("|")  # the end is not said
    if ours[1] == end and ours[0] in ((start or "").split("|") if start else (None,)):
        return True
    if not mention.approximate or None in (start, end, *ours):
        return False
    return (start <= ours[0] and ours[1] <= end) or (ours[0] <= start and end <= ours[1])  # type: ignore[operator]


def last_unit_left_out(mention: DateMention) -> Iterator[DateMention]:
    """A range as recognizers writes it: 2016年至2018年 ends where 2018 starts."""
    if mention.value and "/" in mention.value and ".." not in mention.value:
        year, month, day = [*mention.value.split("/")[1].split("-"), "1", "1"][:3]
        if month.isdigit():
            yield replace(mention, end_date=date(int(year), int(month), int(day)))


def one_later(day: date, unit: str) -> date | None:
    """The same day of the next week, month or year."""
    if unit == "week":
        return day + timedelta(days=7)
    year, month = (day.year + 1, day.month) if unit == "year" else (day.year + day.month // 12, day.month % 12 + 1)
    try:
        return date(year, month, day.day)
    except ValueError:
        return None


def coming(mention: DateMention) -> Iterator[DateMention]:
    """`mention` and what it is when it is resolved forwards, as duckling, jionlp and maha do: a week, month or year later.

    News resolves to the past, so the same day one unit earlier is the same reading of the form.
    """
    yield mention
    start, end = mention.start_date, mention.end_date
    if start and end:
        for unit in ("week", "month", "year"):
            first, last = one_later(start, unit), one_later(end, unit)
            if first and last:
                yield replace(mention, start_date=first, end_date=last)


def passes(case: Case) -> bool:
    mentions = find_dates(normalize(case.text), case.language, case.reference, case.region)
    if case.contains is not None:
        return bool(mentions) and any(within(mention, case.contains) for mention in coming(mentions[-1]))
    if not case.intervals:
        return not mentions
    if len(mentions) != len(case.intervals):
        return False
    rows = zip(mentions, case.intervals, case.spans, strict=True)
    return all(
        right_interval(case, mention, interval) and (span is None or near_span(case.text, mention, span))
        for mention, interval, span in rows
    )


def right_interval(case: Case, mention: DateMention, interval: tuple[str | None, str | None] | None) -> bool:
    return interval is None or any(same_interval(reading, interval) for reading in readings(case, mention))


def near_span(text: str, mention: DateMention, span: tuple[int, int]) -> bool:
    """Equal spans, but for a preposition that the suite takes in (从2016年)."""
    return mention.end == span[1] and (mention.start == span[0] or text[span[0] : mention.start] in ("从", "自", "在"))


def readings(case: Case, mention: DateMention) -> list[DateMention]:
    """`mention` by the conventions of the suite."""
    suite = case.id.split(".")[0]
    if suite == "jionlp" and mention.start_date is None:
        return [mention, replace(mention, start_date=case.reference)]  # 年底前 from now on
    if suite in ("duckling", "jionlp"):
        return list(coming(mention))
    return [mention, *last_unit_left_out(mention)] if suite == "recognizers" else [mention]


def within(mention: DateMention, day: date) -> bool:
    return mention.start_date is not None and mention.end_date is not None and mention.start_date <= day < mention.end_date


needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason=f"no cases in {CASES}: set DEALWIRE_CASES")


@needs_cases
def test_hard_dates_are_all_right() -> None:
    cases = [build(case) for case in load("hard")]
    assert cases
    assert [case.id for case in cases if not passes(case)] == []


@needs_cases
@pytest.mark.skipif(not ARTICLES.is_dir(), reason=f"no articles in {ARTICLES}")
def test_seed_dates_are_all_found() -> None:
    missed = []
    for row in load("seeds"):
        context = row["context"]
        path = next(ARTICLES.glob(f"{context['doc']}_*.txt"))
        meta = json.loads(path.with_name(path.stem + ".meta.json").read_text(encoding="utf-8"))
        reference = date.fromisoformat(context["reference"])
        mentions = find_dates(normalize(path.read_text(encoding="utf-8")), meta["language"], reference, meta["region"])
        wanted = row["expected"]["start"], row["expected"]["end_exclusive"]
        if not any((m.start, m.end) == (context["start"], context["end"]) and same_interval(m, wanted) for m in mentions):
            missed.append(row["id"])
    assert missed == []


@needs_cases
@pytest.mark.parametrize("suite", SUITES)
def test_peer_suite(suite: str) -> None:
    cases = list(load(suite))
    assert cases
    failed = [case for case in cases if not passes(build(case))]
    wrong = [case["id"] for case in failed if excuse(case) is None]
    passed = len(cases) - len(failed)
    assert passed / (passed + len(wrong)) >= SHARE, wrong


@needs_cases
def test_rows_name_known_cases() -> None:
    known = {case["id"] for suite in SUITES for case in load(suite)}
    if known.isdisjoint(OUT_OF_SCOPE):
        pytest.skip("another half of the suites: its cases have other names")
    assert set(OUT_OF_SCOPE) <= known
    assert all(len(reason) > 8 for reason in OUT_OF_SCOPE.values())


@needs_cases
def test_rows_are_needed() -> None:
    """A row whose case passes by now is to go."""
    cases = [build(case) for suite in SUITES for case in load(suite) if case["id"] in OUT_OF_SCOPE]
    assert [case.id for case in cases if passes(case)] == []
