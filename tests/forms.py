"""The forms of `cases/<language>/<kind>.json`: one row a form, `xfail` where it is known to fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).parent / "cases"
LANGUAGES = {"zh": "zh-Hant", "ar": "ar"}
"""Language of the table -> language of a case that names none"""


def rows(language: str, kind: str) -> list[dict[str, Any]]:
    """The rows of one file, as written."""
    found: list[dict[str, Any]] = json.loads((CASES / language / f"{kind}.json").read_text(encoding="utf-8"))
    return found


def load(kind: str) -> list[Any]:
    """(language, row) of every form of a kind, as test parameters."""
    return [
        pytest.param(
            language, row, id=f"{language}: {row['label']}", marks=[pytest.mark.xfail(strict=True)] if "xfail" in row else ()
        )
        for language in LANGUAGES
        for row in rows(language, kind)
    ]
