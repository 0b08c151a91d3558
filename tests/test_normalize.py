"""Properties of the folded text: every match leads back, nothing goes backwards, nothing raises."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.normalize import (
    STEPS,
    CleanText,
    Step,
    drop_invisible,
    expand_compatibility,
    fold,
    fold_characters,
    normalize,
    simplify,
)

# Any code point at all, lone surrogates included, and the kinds that the steps are about more often than chance has them.
ANY = st.characters()
SURROGATE = st.integers(0xD800, 0xDFFF).map(chr)
TELLING = st.sampled_from(
    "億元港幣輝達乾隆臺兆 ＨＫ＄１２٫٬٪١٢۳ﷲ﷼ﷺ㎡½Ⅷ№㈱ﬁمُحَدَّدةأإآٱىـİß\u200f\u202a\u2066\ufeff\u00ad\u200d\ufe0f\U0001d7d8\U0002f800"
)
TEXT = st.text(st.one_of(TELLING, ANY, SURROGATE), max_size=40)

HARD = ["", "\ud800", "مليـــار", "ﷺ", "\u0640\u0640", "½㎡﷼", "a\u0301", "１,０００", "乾隆皇帝", "\U0002f800", "ﳲ"]


def hard_examples(test: Callable[[str], None]) -> Callable[[str], None]:
    for text in HARD:
        test = example(text)(test)
    return test


@hard_examples
@given(TEXT)
def test_every_character_leads_back_and_none_goes_backwards(raw: str) -> None:
    clean = normalize(raw)
    assert clean.raw == raw
    spans = [clean.raw_span(i, i + 1) for i in range(len(clean.text))]
    assert all(0 <= start < end <= len(raw) for start, end in spans)
    assert spans == sorted(spans)


@given(TEXT, st.data())
def test_every_span_is_made_from_a_span_of_the_published_text(raw: str, data: st.DataObject) -> None:
    clean = normalize(raw)
    if not clean.text:
        return
    start = data.draw(st.integers(0, len(clean.text) - 1))
    end = data.draw(st.integers(start + 1, len(clean.text)))
    first, last = clean.raw_span(start, end)
    assert 0 <= first < last <= len(raw)
    assert clean.slice(start, end) == raw[first:last]
    assert (first, last) == (clean.raw_span(start, start + 1)[0], clean.raw_span(end - 1, end)[1])


@hard_examples
@given(TEXT)
def test_what_was_published_at_a_span_folds_to_it_character_by_character(raw: str) -> None:
    """Only what stands for several characters, or is written with several, may differ: one to one holds everywhere else."""
    clean = normalize(raw, STEPS[:3])
    for i, char in enumerate(clean.text):
        assert char in normalize(clean.slice(i, i + 1), STEPS[:3]).text


@given(TEXT)
def test_without_a_map_folded_and_published_text_have_one_length(raw: str) -> None:
    clean = normalize(raw)
    if clean.origin is None:
        assert len(clean.text) == len(raw)
    else:
        assert len(clean.origin) == len(clean.text)


@hard_examples
@given(TEXT)
def test_folding_folded_text_changes_nothing(raw: str) -> None:
    once = fold(raw)
    assert fold(once) == once


@pytest.mark.parametrize("text", ["總部位於倫敦", "活躍於戲劇界"])
def test_the_preposition_is_simplified_before_every_word(text: str) -> None:
    """OpenCC's phrase table keeps 於 in 於倫 and 於戲."""
    assert "于" in fold(text)


def test_folding_is_idempotent_on_every_character_but_one() -> None:
    """薴 simplifies to 苧, which as a traditional character simplifies to 苎."""
    every = [char for char in map(chr, range(0x110000)) if char != "\n"]
    once = fold("\n".join(every))
    pairs = zip(every, once.split("\n"), fold(once).split("\n"), strict=True)
    assert [char for char, first, second in pairs if first != second] == ["薴"]


@given(TEXT)
def test_nothing_raises_and_the_raw_text_is_kept(raw: str) -> None:
    assert normalize(raw).raw == raw


def every_ideograph() -> str:
    return "".join(map(chr, [*range(0x3400, 0xA000), *range(0x20000, 0x2A6E0)]))


def test_simplifying_keeps_the_length_of_every_ideograph() -> None:
    text = every_ideograph()
    assert len(simplify(CleanText(text, text)).text) == len(text)
    alone = [char for char in text if len(simplify(CleanText(char, char)).text) != 1]
    assert alone == []


def test_every_decimal_digit_of_unicode_becomes_ascii() -> None:
    digits = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) == "Nd"]
    assert len(digits) > 600
    assert [d for d in digits if fold(d) != str(unicodedata.decimal(d))] == []


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("約港幣　７８０ 億元", "约港币 780 亿元"),
        ("بقيمة ١٠٫٥ مليـــار دولارٍ", "بقيمه 10.5 مليار دولار"),
        ("۱۲۳٬۴۵۶", "123,456"),
        ("أوبن إيه آي", "اوبن ايه اي"),
        ("\u200fأنفيديا\u200f", "انفيديا"),
        ("5 ㎡ ﷼", "5 m2 ريال"),
        ("ＵＳ＄１００億", "US$100亿"),
        ("2024–2026", "2024-2026"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_known_folds(raw: str, folded: str) -> None:
    assert fold(raw) == folded


def test_presentation_forms_are_written_out_and_lead_back() -> None:
    clean = normalize("ﻣﻠﻴﺎﺭ ﷲ")
    start = clean.text.index("الله")
    assert clean.text.startswith("مليار")
    assert clean.slice(start, start + 4) == "ﷲ"


@pytest.mark.parametrize("step", [expand_compatibility, drop_invisible])
def test_a_step_that_finds_nothing_keeps_the_identity(step: Step) -> None:
    clean = CleanText("plain 港元", "plain 港元")
    assert step(clean) is clean


def test_ascii_is_passed_through() -> None:
    clean = CleanText("US$ 100", "US$ 100")
    assert fold_characters(clean) is clean
    assert simplify(clean) is clean
