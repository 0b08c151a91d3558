"""Language, script and region of texts, and what declared tags are taken to mean. Cases are our own sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractors.language import Tag, chinese_script, detect, parse_tag
from extractors.normalize import fold

CASES = Path(__file__).parent / "cases"


def cases(*languages: str) -> list[Any]:
    files = {language: (CASES / language / "language.json").read_text("utf-8") for language in languages}
    rows = [(language, row) for language, text in files.items() for row in json.loads(text)]
    return [pytest.param(row, id=f"{language}: {row['text'][:24]}") for language, row in rows]


@pytest.mark.parametrize("case", cases("zh", "ar"))
def test_our_languages_are_told_with_their_region(case: dict[str, Any]) -> None:
    found = detect(case["text"], case.get("declared"), case.get("given_region"))
    assert (found.language, found.region) == (case["language"], case["region"])


@pytest.mark.parametrize("case", cases("other"))
def test_other_languages_are_none_of_ours_and_say_why(case: dict[str, Any]) -> None:
    found = detect(case["text"])
    assert found.language is None
    assert case["reason"] in found.reason


@pytest.mark.parametrize("declared", ["en", "zh-CN", "ar-SA", "ja"])
def test_a_declared_language_never_makes_english_ours(declared: str) -> None:
    assert detect("The company said on Tuesday that it would invest.", declared).language is None


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("zh", Tag("zh")), ("zh-TW", Tag("zh-Hant", "TW")), ("zh-HK", Tag("zh-Hant", "HK")), ("zh-CN", Tag("zh-Hans", "CN")),
        ("zh_tw", Tag("zh-Hant", "TW")), ("zh-Hant-HK", Tag("zh-Hant", "HK")), ("zh-hans", Tag("zh-Hans")), ("cmn", Tag("zh")),
        ("ar-AE", Tag("ar", "AE")), ("ar", Tag("ar")), ("fa-IR", Tag(None)), ("", Tag(None)), ("arc", Tag(None)),
    ],
)  # fmt: skip
def test_tags_as_sites_write_them(tag: str, meant: Tag) -> None:
    assert parse_tag(tag) == meant


def test_a_script_survives_its_own_conversion() -> None:
    """Whatever is simplified from a traditional text is told as simplified: both tables of characters agree."""
    traditional = "輝達與軟銀簽署協議，將投資一千億美元興建資料中心，預計創造數萬個就業機會"
    assert chinese_script(traditional) == "zh-Hant"
    assert chinese_script(fold(traditional)) == "zh-Hans"


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert detect("輝達投資\ud83d與軟銀").language == "zh-Hant"
