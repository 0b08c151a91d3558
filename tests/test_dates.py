"""Dates: the cases of each language, the contract of a mention on any text, and metadata strings."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.dates import find_dates, parse_published
from extractors.normalize import normalize
from models.mention import DateMention

CASES = Path(__file__).resolve().parent / "cases"
REFERENCE = date(2025, 12, 17)
LANGUAGES = ("zh-Hant", "zh-Hans", "ar")


def cases() -> list[Any]:
    loaded = []
    for path in sorted(CASES.glob("*/dates.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            marks = [pytest.mark.xfail(strict=True, reason=case["comment"])] if case.get("known_failure") else []
            loaded.append(pytest.param(case, id=f"{path.parent.name}-{case['label']}", marks=marks))
    return loaded


def told(mention: DateMention) -> dict[str, Any]:
    return {
        "text": mention.text,
        "value": mention.value,
        "precision": mention.precision,
        "start": mention.start_date and mention.start_date.isoformat(),
        "end": mention.end_date and mention.end_date.isoformat(),
        "approximate": mention.approximate,
        "issues": list(mention.issues),
    }


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    mentions = find_dates(normalize(case["text"]), case["language"], date.fromisoformat(case["reference"]), case.get("region"))
    found = [told(mention) for mention in mentions]
    # A case states what it is about; the rest of a mention is free.
    said = [{key: row[key] for key in want} for row, want in zip(found, case["expect"], strict=False)]
    assert (len(found), said) == (len(case["expect"]), case["expect"])


def test_every_case_has_a_label_of_its_own() -> None:
    for path in CASES.glob("*/dates.json"):
        labels = [case["label"] for case in json.loads(path.read_text(encoding="utf-8"))]
        assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("昨天公布2025年12月16日的合約，上月、週三、第二季、16日", "zh-Hant", ["2025-12-16"]),
        ("أمس وفي أكتوبر الماضي وقبل عامين وفي 16 ديسمبر 2025", "ar", ["2025-12-16"]),
    ],
)
def test_without_reference_only_what_stands_alone(text: str, language: str, values: list[str]) -> None:
    assert [mention.value for mention in find_dates(normalize(text), language, None)] == values


def test_region_decides_what_a_short_year_counts_from() -> None:
    clean = normalize("98年4月1日")
    assert [find_dates(clean, "zh-Hant", REFERENCE, region)[0].value for region in ("TW", "HK")] == ["2009-04-01", "1998-04-01"]


def test_same_reading_in_both_scripts() -> None:
    traditional, simplified = "預計明年第一季、上週五、兩個月前、11月底", "预计明年第一季、上周五、两个月前、11月底"
    values = [[m.value for m in find_dates(normalize(text), "zh-Hant", REFERENCE)] for text in (traditional, simplified)]
    assert values[0] == values[1]
    assert len(values[0]) == 4


# Pieces of dates in any order are nearer to trouble than letters at random.
PIECES = st.sampled_from([
    "2025", "1447", "114", "31", "30", "16", "12", "9", "5", "0", "年", "月", "日", "号", "號", "初", "底", "中旬", "前",
    "后", "至", "到", "~", "-", "/", ".", "(", ")", "（", "）", "、", ",", "第", "季", "Q", "H", "上", "下", "半年", "周",
    "星期", "三", "十", "廿", "〇", "二〇二五", "民国", "今", "昨", "去", "明", "本", "个", "世纪", "年代", "财年", "以来",
    "将于", "从", "全年", "农历", "عام", "العام", "سنة", "شهر", "ديسمبر", "كانون", "الأول", "الثلاثاء", "أمس", "اليوم",
    "قبل", "بعد", "منذ", "الماضي", "المقبل", "من", "إلى", "بين", "و", "ال", "لل", "هـ", "الربع", "النصف", "نهاية", "أول",
    "الأخير", "محرم", "جمادى", "الآخرة", "يومي", "20251231", "2025-12-16", "Dec", "Q3", "4Q25",
    "\n",
])  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.one_of(PIECES, st.just(" ")), max_size=14).map("".join),
    st.text(max_size=40),
    st.text(alphabet="0123456789年月日/-.: \nادريسمبهـَ\u200f\ud800", max_size=30),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, language=st.sampled_from(LANGUAGES), reference=st.one_of(st.none(), st.dates()))
def test_mentions_hold_their_contract(text: str, language: str, reference: date | None) -> None:
    end = 0
    for mention in find_dates(normalize(text), language, reference, "TW"):
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= end
        assert mention.text
        assert "\n" not in mention.text
        assert mention.precision in ("day", "month", "quarter", "year")
        if mention.value is None:
            assert mention.issues
            assert mention.start_date is mention.end_date is None
        elif mention.start_date and mention.end_date:
            assert mention.start_date < mention.end_date
        end = mention.end


@pytest.mark.parametrize("reference", [date.min, date.max, date(2024, 2, 29)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_calendar_edges_are_no_errors(reference: date, language: str) -> None:
    text = (
        "去年 明年 大后年 上上上周三 下下周日 前天 大大后天 三百年后 999年前 900个月后 2月29日 12月31日 上季度 下下月 "
        "9999年12月31日 1年1月 "
        "العام قبل الماضي الأسبوع بعد القادم قبل 999 سنة بعد 900 شهر 29 فبراير محرم المقبل عام 1500 هـ السبت الماضي"
    )
    for mention in find_dates(normalize(text), language, reference):
        assert mention.value or mention.issues


@pytest.mark.parametrize(
    ("text", "languages", "value", "precision"),
    [
        ("2025-12-16", ["zh-Hant"], date(2025, 12, 16), "day"),
        ("20251216", ["zh-Hans"], date(2025, 12, 16), "day"),
        ("2025-12-16T09:30:00Z", ["ar"], datetime(2025, 12, 16, 9, 30, tzinfo=UTC), "second"),
        ("2025-12-16 09:30", ["zh-Hans"], datetime(2025, 12, 16, 9, 30), "minute"),  # noqa: DTZ001
        (
            "Tue, 16 Dec 2025 09:30:00 +0800",
            ["zh-Hant"],
            datetime(2025, 12, 16, 9, 30, tzinfo=timezone(timedelta(hours=8))),
            "second",
        ),
        ("2025年12月16日 09:30", ["zh-Hans"], datetime(2025, 12, 16, 9, 30), "minute"),  # noqa: DTZ001
        ("2025年12月16日", ["zh-Hant"], date(2025, 12, 16), "day"),
        ("民國114年12月16日", ["zh-Hant"], date(2025, 12, 16), "day"),
        ("18 ديسمبر 2025 - 14:05", ["ar"], datetime(2025, 12, 18, 14, 5), "minute"),  # noqa: DTZ001
        ("١٨ ديسمبر ٢٠٢٥", ["ar"], date(2025, 12, 18), "day"),
        ("16 كانون الأول 2025", ["ar"], date(2025, 12, 16), "day"),
        ("December 16, 2025", ["en"], date(2025, 12, 16), "day"),
        ("13/04/2025", ["ar"], date(2025, 4, 13), "day"),
    ],
)
def test_metadata_strings(text: str, languages: list[str], value: date | datetime, precision: str) -> None:
    assert parse_published(text, languages) == (value, precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025",
        "2025年12月",
        "12月16日",
        "昨天 10:00",
        "3 hours ago",
        "03/04/2025",
        "16:00",
        "2025-02-30",
        "202512",
        "١٦ ديسمبر",
        "x" * 200,
    ],
)
def test_metadata_strings_that_are_not_certain(text: str) -> None:
    assert parse_published(text, ["zh-Hant", "ar", "en"]) is None


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(TEXTS, st.datetimes().map(str)))
def test_metadata_strings_are_never_errors(text: str) -> None:
    found = parse_published(text, ["zh-Hans", "ar"])
    assert found is None or found[1] in ("day", "minute", "second")
