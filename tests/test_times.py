"""Times of day, windows, lengths and sets: the cases of each language, and the contract of a mention on any text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.dates import find_dates
from extractors.normalize import normalize
from extractors.times import find_times
from models.mention import TimeMention
from tests.forms import LANGUAGES, load

PIECES = st.sampled_from([
    "2025年", "12月", "16日", "周三", "昨晚", "今早", "明天", "下午", "凌晨", "晚上", "早", "晚", "3", "十", "二十",
    "半", "几", "两", "点", "時", "分", "刻", "钟", ":", "30", "00", "pm", "小时", "個", "月", "天", "年",
    "季度", "工作日", "前", "後", "内", "以来", "以上", "以下", "近", "未来", "過去", "每", "隔", "至", "~", "次日",
    "现在", "春节", "中秋", "农历", "正月", "初一", "公元前", "第", "最后", "の", "الساعة", "الثالثة", "12",
    "ونصف", "إلا", "ربعا", "دقيقة", "مساء", "أمس", "صباحا", "الخميس", "قبل", "بعد", "خلال",
    "الأشهر", "الستة", "الماضية", "كل", "ساعتين", "سنة", "عيد الفطر", "إلى", "لل", "من",
    "المغرب", ",", "\n", " ",
])  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=14).map("".join), st.lists(PIECES, max_size=10).map(" ".join), st.text(max_size=40))
SCRIPTS = ("zh-Hant", "zh-Hans", "ar")


def told(mention: TimeMention) -> dict[str, Any]:
    stamps = {key: getattr(mention, key) for key in ("starts_at", "ends_at")}
    return {
        "text": mention.text, "kind": mention.kind, "value": mention.value, "issues": list(mention.issues),
        **{key: at and at.isoformat(timespec="minutes") for key, at in stamps.items()},
    }  # fmt: skip


@pytest.mark.parametrize(("language", "row"), load("times"))
def test_case(language: str, row: dict[str, Any]) -> None:
    said = row["reference"]
    reference = datetime.fromisoformat(said) if "T" in said else date.fromisoformat(said)
    found = find_times(normalize(row["text"]), LANGUAGES[language], reference)
    assert [{"issues": [], **want} for want in row["expect"]] == [told(mention) for mention in found]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=TEXTS, language=st.sampled_from(SCRIPTS),
    reference=st.one_of(st.none(), st.dates(), st.datetimes(), st.sampled_from([date.min, date.max])),
)  # fmt: skip
def test_mentions_hold_their_contract(text: str, language: str, reference: datetime | date | None) -> None:
    end = 0
    for mention in find_times(normalize(text), language, reference, "TW"):
        assert text[mention.start : mention.end] == mention.text != ""
        assert mention.start >= end
        assert mention.kind in ("date", "holiday", "clock", "window", "duration", "set", "now")
        assert mention.value or mention.issues
        assert mention.clock_start is None or mention.start <= mention.clock_start < mention.end
        if mention.starts_at and mention.ends_at:
            assert mention.starts_at < mention.ends_at
        end = mention.end


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, language=st.sampled_from(SCRIPTS))
def test_every_date_is_in_the_wider_reading(text: str, language: str) -> None:
    """A date that deals are dated with lies within a mention of the times, whole."""
    clean, reference = normalize(text), date(2025, 12, 17)
    spans = [(mention.start, mention.end) for mention in find_times(clean, language, reference)]
    for found in find_dates(clean, language, reference):
        assert any(start < found.end and found.start < end for start, end in spans), found.text
