"""Dates and times against the suites of peers: shares of the cases in scope, with a table of what is out of scope and why.

The suites ask for every expression of time, so it is `find_times` that answers them; `hard` and `seeds` ask for the dates of
news, which is `find_dates`. The cases lie beside the repository (DEALWIRE_CASES, by default ../shared/cases); without them every
test here is skipped. Run as a script, it prints counts and failures (`python tests/test_conformance_dates.py jionlp`).
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from extractors.clocks import floored, moved
from extractors.dates import find_dates
from extractors.normalize import normalize
from extractors.times import find_times
from models.mention import DateMention, TimeMention

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("DEALWIRE_SHARED", ROOT.parent / "shared"))
CASES = Path(os.environ.get("DEALWIRE_CASES", SHARED / "cases"))
ARTICLES = CASES.parent / "articles"
DEFAULT = datetime(2025, 12, 17)  # noqa: DTZ001  (every time here is local to the source)
NO_SUCH_DAY = "no such day"
"""recognizers says of 30 February that it is not resolved, or 0001-01-01"""
SUITES = ("jionlp", "duckling", "recognizers", "maha", "nemo", "cldr", "wetext")
SHARE = 0.95
MOST_OUT_OF_SCOPE = 0.25
TABLE = tomllib.loads((ROOT / "tests" / "conformance" / "dates_out_of_scope.toml").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = TABLE["rule"]
OUT_OF_SCOPE = {row["id"]: row["reason"] for row in TABLE["case"]}
FINE = ("second", "minute", "hour", "part", "quarter-hour")
SECONDS = {"Y": 31_536_000, "M": 2_592_000, "W": 604_800, "D": 86_400, "H": 3600, "TM": 60, "S": 1}
UNITS = {
    "year": 31_536_000, "month": 2_592_000, "week": 604_800, "day": 86_400, "workday": 86_400,
    "hour": 3600, "minute": 60, "second": 1,
}  # fmt: skip

Bounds = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Gold:
    """What one mention must say: one of `bounds`, a `length` in seconds, or the `value` as written; nothing set asks nothing."""

    span: tuple[int, int] | None = None
    bounds: tuple[Bounds, ...] = ()
    length: tuple[float | None, float | None] | None = None
    value: str | None = None
    time_only: bool = False
    """The suite gives the time of day alone"""
    within: datetime | None = None
    """A moment that the mention must hold"""


@dataclass(frozen=True)
class Case:
    """One case of a suite, as it is asked."""

    id: str
    suite: str
    dim: str
    text: str
    language: str
    reference: datetime
    golds: tuple[Gold, ...]


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
    suites = rule.get("suites")
    return (suites is None or case["suite"] in suites) and re.search(rule["pattern"], case["text"]) is not None


def language_of(case: dict[str, Any]) -> str:
    return "zh-Hans" if case["lang"] == "zh" else str(case["lang"])


def reference_of(context: Any) -> datetime:
    if isinstance(context, str):
        return datetime.fromisoformat(context)
    if not isinstance(context, dict) or "now" in context:
        return DEFAULT
    if "timestamp" in context:
        return datetime.fromtimestamp(context["timestamp"], ZoneInfo(context["tz"])).replace(tzinfo=None)
    if "reference" in context:
        return datetime.fromisoformat(context["reference"])
    told = context.get("list") or [context[key] for key in ("year", "month", "day", "hour", "minute") if key in context]
    return datetime(*[*told, 1, 1][: max(3, len(told))])  # noqa: DTZ001


def moment(stamp: str) -> datetime | None:
    """A time of a suite; the open ends of intervals and days that no calendar has are None."""
    return None if stamp in ("", "inf", "-inf") else datetime.fromisoformat(stamp)


def just_after(stamp: str) -> datetime | None:
    """The exclusive end of a suite that ends its intervals at 23:59:59."""
    end = moment(stamp)
    return end + timedelta(seconds=1) if end is not None and end.second == 59 else end


def grain_after(start: datetime, grain: str) -> datetime | None:
    if grain == "quarter":
        grain = "month"
    if grain in ("year", "month"):
        months = 12 if grain == "year" else 1
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        return start.replace(year=year, month=month + 1)
    return start + timedelta(seconds=UNITS[grain])


def seconds(delta: dict[str, float]) -> float | None:
    return None if "infinite" in delta else sum(UNITS[unit] * amount for unit, amount in delta.items())


def build(case: dict[str, Any]) -> Case:
    makers = {"hard": of_hard, "seeds": of_hard, "jionlp": of_jionlp, "duckling": of_duckling, "recognizers": of_recognizers}
    golds = makers.get(case["suite"], of_written)(case)
    if case["suite"] == "maha":
        golds = of_maha(case)
    elif case["suite"] == "cldr":
        start = datetime.fromisoformat(case["expected"]["value"])
        golds = [Gold(bounds=((start, start + timedelta(1)),))]
    reference = reference_of(case["context"])
    return Case(case["id"], case["suite"], case["dim"], case["text"], language_of(case), reference, tuple(golds))


def of_hard(case: dict[str, Any]) -> list[Gold]:
    start, end = case["expected"]["start"], case["expected"]["end_exclusive"]
    starts = (start or "").split("|")
    return [Gold(bounds=tuple((moment(one), moment(end or "")) for one in starts))]


def of_jionlp(case: dict[str, Any]) -> list[Gold]:
    expected = case["expected"]
    if isinstance(expected, list):
        return [Gold(span=tuple(row["offset"])) for row in expected]
    told = expected["time"]
    if expected["type"] == "time_delta":
        lengths = [seconds(one) for one in (told if isinstance(told, list) else [told])]
        return [Gold(length=(lengths[0], lengths[-1]))]
    if expected["type"] == "time_period":
        delta = told["delta"][0] if isinstance(told["delta"], list) else told["delta"]
        point = told["point"]["time"] if told["point"] else None
        bounds = ((moment(point[0]), just_after(point[1])),) if point else ()
        return [Gold(length=(seconds(delta), seconds(delta)), bounds=bounds)]
    return [Gold(bounds=((moment(told[0]), just_after(told[1])),))]


def of_duckling(case: dict[str, Any]) -> list[Gold]:
    expected = case["expected"]
    if expected["type"] == "value":
        start = datetime.fromisoformat(expected["value"])
        return [Gold(bounds=((start, grain_after(start, expected["grain"])),))]
    return [Gold(bounds=((moment(expected["from"] or ""), moment(expected["to"] or "")),))]


def of_maha(case: dict[str, Any]) -> list[Gold]:
    expected = case["expected"]
    if "value" in expected:
        return [Gold(within=datetime.fromisoformat(expected["value"]))]
    return [Gold(bounds=((moment(expected["from"] or ""), moment(expected["to"] or "")),))]


def of_written(case: dict[str, Any]) -> list[Gold]:
    """2001年4月6日 as interval; what has no full year (19日, 85/02/27) asks nothing, 公元前 is a value of ISO 8601."""
    golds = []
    for era, found in re.findall(r"(公元前)?(\d+(?:[年月/]+\d+)*)", case["expected"].get("written", "")):
        numbers = [int(n) for n in re.split(r"[年月/]+", found)]
        if era:
            golds.append(Gold(value="-" + "-".join([f"{numbers[0] - 1:04d}", *(f"{n:02d}" for n in numbers[1:])])))
        elif numbers[0] < 100:
            golds.append(Gold())
        else:
            start = datetime(*[*numbers, 1, 1][:3])  # noqa: DTZ001
            golds.append(Gold(bounds=((start, grain_after(start, ("year", "month", "day")[len(numbers) - 1])),)))
    return golds


def of_recognizers(case: dict[str, Any]) -> list[Gold]:
    golds = []
    for row in case["expected"]:
        span = row["Start"], row["Start"] + row["Length"] if "Length" in row else row["End"] + 1
        told = [row["Value"]["PastResolution"]] if row.get("Value") else (row.get("Resolution") or {}).get("values", [])
        holiday = "holiday" in case["dim"] and row.get("Value")
        told = [*told, row["Value"]["FutureResolution"]] if holiday else told
        golds.append(replace(resolved(told), span=span))
    return golds


def resolved(told: list[dict[str, Any]]) -> Gold:
    """The readings of one entity; of a date only the one towards the past."""
    if not told or not told[0]:
        return Gold()
    first = told[0]
    if first.get("date") == "0001-01-01":
        return Gold(value=NO_SUCH_DAY)
    if first.get("type") == "duration":
        return Gold(length=(float(first["value"]), float(first["value"])))
    if first.get("value") == "not resolved" and first.get("type") == "date":
        return Gold(value=NO_SUCH_DAY)
    if first.get("type") == "set" or "not resolved" in (first.get("value"), first.get("start")):
        return Gold()
    clock = first.get("type", "") in ("time", "timerange", "datetime", "datetimerange") or any("ime" in key for key in first)
    rows = told if clock or "date" in first else told[:1]
    bounds = [row_bounds(row) for row in rows]
    only = first.get("type") in ("time", "timerange") or any("ime" in key for key in first)
    return Gold(bounds=tuple(bounds), time_only=only)


def row_bounds(row: dict[str, Any]) -> Bounds:
    start = next((row[key] for key in ("date", "startDate", "start", "time", "startTime", "value") if key in row), None)
    end = next((row[key] for key in ("endDate", "end", "endTime") if key in row), None)
    first, last = (None if stamp is None else moment_or_time(stamp) for stamp in (start, end))
    if last is None and first is not None and start is not None:
        last = first + timedelta(days=1) if len(start) == 10 else None
    return first, last


def moment_or_time(stamp: str) -> datetime | None:
    if re.fullmatch(r"\d\d:\d\d:\d\d", stamp):
        return datetime.combine(DEFAULT.date(), time.fromisoformat(stamp))
    return datetime.fromisoformat(stamp) if re.match(r"\d{4}-", stamp) else None


def read(case: Case, reference: datetime | None = None) -> list[TimeMention]:
    """The mentions that a suite asks for: all, or only the dates, holidays or times of day that a part of recognizers tests."""
    clean, at = normalize(case.text), reference or case.reference
    times = find_times(clean, case.language, at)
    if case.suite in ("hard", "seeds") or (case.suite == "recognizers" and case.dim.startswith("time-date")):
        dates = [as_time(mention) for mention in find_dates(clean, case.language, at.date())]
        return dates if case.suite != "recognizers" else dates + [m for m in times if m.kind == "window"]
    kinds = {"time-holiday": ("holiday",), "time-time": ("clock",)}.get("-".join(case.dim.split("_")[0].split("-")[:2]))
    return times if kinds is None else [m for m in times if m.kind in kinds]


def as_time(mention: DateMention) -> TimeMention:
    start, end = (None if day is None else datetime.combine(day, time()) for day in (mention.start_date, mention.end_date))
    return TimeMention(
        mention.start, mention.end, mention.text, "date", mention.value, mention.precision, start, end, None,
        mention.approximate, mention.issues,
    )  # fmt: skip


def passes(case: Case) -> bool:
    mentions = read(case)
    if len(mentions) != len(case.golds):
        return case.suite == "maha" and bool(mentions) and right(case, mentions[-1], case.golds[0])
    others = [read(case, case.reference + timedelta(days)) for days in (-365, 365)]
    rows = zip_longest(mentions, case.golds, *([o if len(o) == len(mentions) else [] for o in others]))
    return all(
        (gold.span is None or near_span(case, mention, gold.span))
        and any(right(case, reading, gold) for reading in (mention, *(o for o in other if o is not None and moves(o))))
        for mention, gold, *other in rows
    )


def moves(mention: TimeMention) -> bool:
    """Whether what is said lies on another day every year: a suite that reads forwards has another than the day a year later."""
    return mention.kind in ("holiday", "clock") or re.search(r"第[一二三四五]个|第[一二三四五]個| من ", mention.text) is not None


def near_span(case: Case, mention: TimeMention, span: tuple[int, int]) -> bool:
    """Equal spans, but for a preposition that the suite takes in (从2016年), and the date that a suite of times leaves out."""
    starts = [mention.start]
    if case.dim.startswith("time-time") and mention.clock_start is not None:
        starts.append(mention.clock_start)
    return (
        case.text[mention.end : span[1]] in ("", "之间", "間", "间")
        and mention.end <= span[1]
        and any(start == span[0] or case.text[span[0] : start].strip() in ("从", "自", "在", "大约", "晚") for start in starts)
    )


def right(case: Case, mention: TimeMention, gold: Gold) -> bool:
    if gold.value is not None:
        return mention.value is None and bool(mention.issues) if gold.value == NO_SUCH_DAY else mention.value == gold.value
    if gold.within is not None:
        return any(holds(reading, gold.within) for reading in readings(case, mention))
    if gold.length is not None and not same_length(mention, gold.length):
        return False
    return not gold.bounds or any(
        same_bounds(reading, bounds, time_only=gold.time_only) for reading in readings(case, mention) for bounds in gold.bounds
    )


def same_length(mention: TimeMention, wanted: tuple[float | None, float | None]) -> bool:
    told = (mention.value or "").split("/")
    if mention.kind == "set":
        told = told[-1:]
    lengths = [None if one == ".." else length_of(one) for one in told]
    pairs = zip((lengths[0], lengths[-1]), wanted, strict=True)
    return mention.kind in ("duration", "set") and all(
        got == want or (got is not None and want is not None and abs(got - want) <= 0.01 * want) for got, want in pairs
    )


def length_of(value: str) -> float:
    """Seconds of an ISO 8601 length, a month being thirty days and a year 365."""
    whole, _, clock = value.removeprefix("P").partition("T")
    total = sum(float(n) * SECONDS[unit] for n, unit in re.findall(r"([\d.]+)([YMWD])", whole) if unit != "M")
    total += sum(float(n) * SECONDS["M"] for n in re.findall(r"([\d.]+)M", whole))
    return total + sum(float(n) * SECONDS["TM" if unit == "M" else unit] for n, unit in re.findall(r"([\d.]+)([HMS])", clock))


def holds(mention: TimeMention, wanted: datetime) -> bool:
    """Whether the mention holds a moment; one of days or parts of a day holds every moment of its days."""
    start, end = mention.starts_at, mention.ends_at
    if start is None:
        return False
    if mention.precision not in ("second", "minute", "hour"):
        return start.date() <= wanted.date() and (end is None or wanted.date() <= (end - timedelta(seconds=1)).date())
    return start <= wanted and (end is None or wanted < max(end, start + timedelta(seconds=60)))


def same_bounds(mention: TimeMention, wanted: Bounds, *, time_only: bool) -> bool:
    """Equal ends; of two vague readings (月底, 早上) one lies within the other; a moment counted from now lies in the suite's."""
    start, end = mention.starts_at, mention.ends_at
    first, last = wanted
    if time_only and start is not None and first is not None:
        shift = datetime.combine(first.date(), time()) - datetime.combine(start.date(), time())
        start, end = start + shift, None if end is None else end + shift
        if last is not None and last <= first:
            last += timedelta(1)
    if mention.kind == "now":
        return start == first
    if mention.precision not in FINE and mention.clock_start is None and not time_only:
        first = None if first is None else datetime.combine(first.date(), time())
        last = last if last is None or last.time() == time() else datetime.combine(last.date(), time()) + timedelta(1)
    instant = start is not None and end is not None and end - start <= timedelta(seconds=1)
    if instant and first is None:
        return start <= last  # type: ignore[operator]
    if first == start and (last is None or near(mention, end, last)):
        return start is not None or (last is not None and last == end)
    if None in (start, end, first, last):
        return last is not None and end is not None and start == first and near(mention, end, last)
    assert start is not None
    assert end is not None
    assert first is not None
    assert last is not None
    if instant:
        return first <= start <= last
    if not mention.approximate:
        return False
    return (first <= start and end <= last) or (start <= first and last <= end)


def near(mention: TimeMention, end: datetime | None, last: datetime) -> bool:
    """Equal, or apart by the last unit, which some suites take in and some do not."""
    if end is None or end == last:
        return end == last
    if mention.kind == "clock":
        return abs(end - last) <= timedelta(seconds=UNITS.get(mention.precision, 0))
    return mention.kind == "window" and abs(end - last) <= timedelta(days=1)


def readings(case: Case, mention: TimeMention) -> Iterator[TimeMention]:
    """`mention` by the conventions of the suite."""
    yield mention
    if "ambiguous_half_day" in mention.issues:
        yield shifted(mention, timedelta(hours=12))
    if mention.kind == "window":
        yield whole_units(mention)
    if case.suite == "jionlp" and mention.starts_at is None and mention.ends_at is not None:
        yield replace(mention, starts_at=case.reference.replace(hour=0, minute=0, second=0))  # 年底前 from now on
    if case.suite in ("duckling", "jionlp", "maha"):
        yield from coming(mention)
    if case.suite == "recognizers":
        yield from last_unit_left_out(mention)


def shifted(mention: TimeMention, by: timedelta) -> TimeMention:
    start, end = mention.starts_at, mention.ends_at
    return replace(mention, starts_at=None if start is None else start + by, ends_at=None if end is None else end + by)


def whole_units(mention: TimeMention) -> TimeMention:
    """前两个月 in whole calendar months, as duckling reads it."""
    start, end = mention.starts_at, mention.ends_at
    if start is None or end is None:
        return mention
    first, last = floored(start, mention.precision), floored(end, mention.precision)
    if mention.value is not None and not mention.value.startswith("P"):
        ahead = [moved(one, ((1, mention.precision),), 1) for one in (first, last)]  # type: ignore[arg-type]
        first, last = ahead[0] or first, ahead[1] or last
    return replace(mention, starts_at=first, ends_at=last)


def last_unit_left_out(mention: TimeMention) -> Iterator[TimeMention]:
    """A range as recognizers writes it: 2016年至2018年 ends where 2018 starts."""
    if mention.value and mention.kind == "date" and "/" in mention.value and ".." not in mention.value:
        year, month, day = [*mention.value.split("/")[1].split("-"), "1", "1"][:3]
        if month.isdigit():
            yield replace(mention, ends_at=datetime(int(year), int(month), int(day)))  # noqa: DTZ001


def coming(mention: TimeMention) -> Iterator[TimeMention]:
    """`mention` when it is resolved forwards, as duckling, jionlp and maha do: a day, week, month or year later.

    News resolves to the past, so the same day one unit earlier is the same reading of the form.
    """
    start, end = mention.starts_at, mention.ends_at
    if start is None or end is None or mention.kind == "window":
        return
    units = ("day", "week") if mention.precision in FINE and start.date() == date.min else ("week", "month", "year")
    for unit in units:
        first, last = one_later(start, unit), one_later(end, unit)
        if first and last:
            yield replace(mention, starts_at=first, ends_at=last)


def one_later(at: datetime, unit: str) -> datetime | None:
    """The same day of the next week, month or year."""
    if unit in ("day", "week"):
        return at + timedelta(days=7 if unit == "week" else 1)
    year, month = (at.year + 1, at.month) if unit == "year" else (at.year + at.month // 12, at.month % 12 + 1)
    try:
        return at.replace(year=year, month=month)
    except ValueError:
        return None


@dataclass(frozen=True)
class Score:
    """How a suite was read."""

    failed: tuple[dict[str, Any], ...]
    """Cases in scope that fail"""
    excused: int
    total: int

    @property
    def in_scope(self) -> int:
        return self.total - self.excused


def score(suite: str) -> Score:
    """A row or rule excuses only what fails: what passes counts."""
    cases = list(load(suite))
    failed = [case for case in cases if not passes(build(case))]
    wrong = tuple(case for case in failed if excuse(case) is None)
    return Score(wrong, len(failed) - len(wrong), len(cases))


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
        wanted = moment(row["expected"]["start"] or ""), moment(row["expected"]["end_exclusive"] or "")
        if not any(
            (m.start, m.end) == (context["start"], context["end"]) and same_bounds(as_time(m), wanted, time_only=False)
            for m in mentions
        ):
            missed.append(row["id"])
    assert missed == []


@needs_cases
@pytest.mark.parametrize("suite", SUITES)
def test_peer_suite(suite: str) -> None:
    found = score(suite)
    assert found.total
    assert len(found.failed) <= (1 - SHARE) * found.in_scope, [case["id"] for case in found.failed]
    assert found.excused <= MOST_OUT_OF_SCOPE * found.total


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


if __name__ == "__main__":
    for name in sys.argv[1:] or ("hard", *SUITES):
        found = score(name)
        share = found.excused / found.total
        right_ones = found.in_scope - len(found.failed)
        print(f"{name}: {right_ones}/{found.in_scope} in scope, {found.total} cases, {share:.0%} out of scope")
        for case in found.failed:
            shown = [(m.text, m.kind, m.value, str(m.starts_at), str(m.ends_at)) for m in read(build(case))]
            print("  ", case["id"], "|", case["text"], "|", json.dumps(case["expected"], ensure_ascii=False)[:200], "|", shown)
