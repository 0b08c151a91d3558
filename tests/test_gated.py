"""Expressions behind their words find what they find without them."""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path

import pytest

import extractors
from extractors.gated import Gated, words_of
from extractors.normalize import fold

ROOT = Path(__file__).resolve().parent.parent
GATED = {
    f"{module.name}.{name}": value
    for module in pkgutil.iter_modules(extractors.__path__)
    for name, value in vars(importlib.import_module(f"extractors.{module.name}")).items()
    if isinstance(value, Gated)
}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("تعاون", [("تعاون",)]),
        ("(?<!\\w)[وف]?(?:ال)?(?:صفقه|عقدا?)(?!\\w)", [("صفقه", "عقد")]),
        ("اتفاق|اتفاقيه|مذكره", [("اتفاق", "مذكره")]),
        ("甲(?:乙丙)+丁?", [("乙丙",), ("甲",)]),
        ("甲(?=乙丙)", [("乙丙",), ("甲",)]),
        ("甲(?!乙丙)", [("甲",)]),
        ("[甲乙]丙丁(?:戊己庚|辛)", [("丙丁",), ("乙", "甲")]),
        ("甲乙|丙?", []),
        ("(?:甲乙)*", []),
        ("(?i:ab)", []),
        ("(?i)ab", []),
    ],
)
def test_words_are_in_every_match(pattern: str, words: list[tuple[str, ...]]) -> None:
    """Groups of words, of each of which a match has one: the two that say most."""
    assert list(words_of(pattern)) == words


def test_no_expression_misses_what_it_finds_without_its_words() -> None:
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "corpus" / "samples").glob("*.txt"))]
    for path in sorted((ROOT / "tests" / "cases").glob("*/deals.json")):
        texts += [case["text"] for case in json.loads(path.read_text("utf-8"))]
    texts = [fold(text) for text in texts]
    found = 0
    for name, gated in GATED.items():
        for text in texts:
            spans = [match.span() for match in gated.compiled.finditer(text)]
            assert [match.span() for match in gated.finditer(text)] == spans, (name, text)
            found += len(spans)
    assert found > 100
