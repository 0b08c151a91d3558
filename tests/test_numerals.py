"""Numbers: the forms of `cases/<language>/numbers.json`, any input, and the tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.language_table import languages
from extractors import numerals_zh
from extractors.normalize import fold, normalize
from extractors.numerals import find_numbers, parse_number, tidy
from extractors.numerals_ar import digits_value
from extractors.numerals_zh import ChineseNumerals
from tests.forms import LANGUAGES, load

CHINESE = "0123456789,.%-一二三四五六七八九十百千万億兆零〇半數幾多餘第負分之又點成kM 股\n壹貳叁拾佰仟廿"
ARABIC = [
    "0", "5", "1,4", "1.500", "5 . 1", "-", "%", "و", "مليون", "ملايين", "ألف", "مئة", "مئتا", "خمسة", "وعشرون", "ونصف",
    "ربع", "بضعة", "عشر", "فاصلة", "في المئة", "(", ")", "،", "\n",
]  # fmt: skip


def view(found: Any, expected: dict[str, Any]) -> dict[str, Any]:
    shown = {key: getattr(found, key) for key in expected}
    return {key: str(x) if isinstance(x, Decimal) else list(x) if isinstance(x, tuple) else x for key, x in shown.items()}


@pytest.mark.parametrize(("language", "case"), load("numbers"))
def test_forms(language: str, case: dict[str, Any]) -> None:
    found = find_numbers(normalize(case["text"]), case.get("language", LANGUAGES[language]))
    assert len(found) == len(case["expect"]), [number.text for number in found]
    assert [view(number, expected) for number, expected in zip(found, case["expect"], strict=True)] == case["expect"]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("三百二", "zh-Hant", "320"),
        (" 1.5 ", "zh-Hans", "1.5"),
        ("3/4", "zh-Hans", "0.75"),
        ("خمسة وعشرون", "ar", "25"),
        ("-3/4", "ar", "-0.75"),
    ],
)
def test_whole_string(text: str, language: str, value: str) -> None:
    number = parse_number(text, language)
    assert number is not None
    assert number.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "language"),
    [("", "zh-Hant"), ("三星", "zh-Hans"), ("3人", "zh-Hans"), ("3 و", "ar"), ("1/0", "ar"), ("دولار", "ar")],
)
def test_not_a_number(text: str, language: str) -> None:
    assert parse_number(text, language) is None


def test_digits_of_another_text_stay_apart() -> None:
    assert [n.value for n in find_numbers(normalize("3\n億"), "zh-Hant")] == [Decimal(3)]


def test_tidy_keeps_the_value() -> None:
    assert [str(tidy(Decimal(text))) for text in ("1E+3", "2.50", "0", "-0.00", "7")] == ["1000", "2.5", "0", "0", "7"]


@pytest.mark.parametrize(
    ("text", "value"), [("12,345,678", "12345678"), ("1,23", "1.23"), ("1.234.567,8", "1234567.8"), ("1,2,3", None)]
)
def test_arabic_separators(text: str, value: str | None) -> None:
    assert digits_value(text)[0] == (None if value is None else Decimal(value))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=CHINESE, max_size=30), st.sampled_from(["zh-Hant", "zh-Hans"]))
def test_any_chinese(text: str, language: str) -> None:
    check(text, language)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(ARABIC), max_size=12), st.sampled_from(["", " "]))
def test_any_arabic(words: list[str], blank: str) -> None:
    check(blank.join(words), "ar")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["zh-Hant", "zh-Hans", "ar"]))
def test_any_text(text: str, language: str) -> None:
    check(text, language)


def check(text: str, language: str) -> None:
    end = 0
    for number in find_numbers(normalize(text), language):
        assert text[number.start : number.end] == number.text
        assert number.start >= end
        assert number.value is None or (number.low is None and number.high is None)
        assert number.value is not None or number.low is not None or number.issues
        end = number.end
    whole = parse_number(text, language)
    assert whole is None or whole.text.strip() == text[whole.start : whole.end].strip()


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0, max_value=10**15))
def test_digits_are_read_as_written(value: int) -> None:
    for language in ("zh-Hant", "ar"):
        number = parse_number(f"{value:,}", language)
        assert number is not None
        assert number.value == value


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_words_are_read_back(value: int) -> None:
    number = parse_number(chinese(value), "zh-Hant")
    assert number is not None, chinese(value)
    assert number.value == value


def chinese(value: int) -> str:
    """The number in characters, by the textbook: groups of four, one 零 for any gap between digits."""
    words, gap = "", False
    for place in range(11, -1, -1):
        digit = value // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + "零一二三四五六七八九"[digit] + ("", "十", "百", "千")[place % 4]
        gap = not digit
        if place in (4, 8) and value // 10**place % 10**4:
            words += {4: "萬", 8: "億"}[place]
    return words or "零"


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_arabic_words_are_read_back(value: int) -> None:
    number = parse_number(arabic(value), "ar")
    assert number is not None, arabic(value)
    assert number.value == value


UNITS = ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"]
TEENS = ["عشرة", "أحد عشر", "اثنا عشر", *(f"{unit} عشر" for unit in UNITS[3:])]
TENS = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
HUNDREDS = ["", "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"]
SCALES = {10**9: ("مليار", "ملياران", "مليارات"), 10**6: ("مليون", "مليونان", "ملايين"), 1000: ("ألف", "ألفان", "آلاف")}


def arabic(value: int) -> str:
    """The number in words, by the textbook."""
    parts = []
    for scale, (one, two, many) in SCALES.items():
        count, value = divmod(value, scale)
        if count in (1, 2):
            parts.append((one, two)[count - 1])
        elif count:
            parts.append(f"{below_thousand(count)} {many if 3 <= count <= 10 else one}")
    if value:
        parts.append(below_thousand(value))
    return " و".join(parts)


def below_thousand(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    words = [HUNDREDS[hundreds]] if hundreds else []
    if 10 <= rest < 20:
        words.append(TEENS[rest - 10])
    else:
        words += [word for word in (UNITS[rest % 10], TENS[rest // 10]) if word]
    return " و".join(words)


@pytest.mark.parametrize("text", ["¼億元", "3½", "投資3¼億元"])
def test_written_out_fractions_are_not_misread(text: str) -> None:
    assert all(number.text not in ("3½", "¼", "3¼") for number in find_numbers(normalize(text), "zh-Hant"))


def test_table_words_survive_folding() -> None:
    for language in languages().values():
        for word in (*language.numbers.digits, *language.numbers.scales, *language.numbers.hedges):
            assert fold(word).strip()


@settings(max_examples=400, deadline=None)
@given(
    st.from_regex(r"[0-9]{1,6}(,[0-9]{3}){0,2}(\.[0-9]{1,4})?( ?[百千]?[万亿])?[ kmbe%亿万x]?", fullmatch=True),
    st.sampled_from(["zh-Hant", "zh-Hans"]),
)
def test_plain_numerals_are_read_as_all_others(text: str, language: str) -> None:
    """The short way of a plain numeral gives what the long way gives."""
    grammar = ChineseNumerals(language)
    run = grammar.run.search(text)
    assert run is not None
    assert grammar.read(text, *run.span()) == numerals_zh._Reader(grammar, text, *run.span()).read()
