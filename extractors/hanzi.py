"""Small Chinese numbers of dates and times, counted or spelled digit by digit; sums are read by `extractors.numerals_zh`."""

from __future__ import annotations

DIGITS = "〇零○一二两三四五六七八九"
SPACE = r"[ \u3000]{0,2}"
"""Blanks that may stand inside a date, as an expression"""
NUMBER = rf"(?:\d{{1,2}}|[{DIGITS}十廿卅]{{1,4}})"
"""A day or month, as an expression"""
VALUES = {char: n for n, chars in enumerate(("〇零○", "一", "二两", "三", "四", "五", "六", "七", "八", "九")) for char in chars}
_TENS = {"十": 10, "廿": 20, "卅": 30}


def hanzi_number(text: str) -> int | None:
    """A small number in digits or hanzi, counted (二十三) or spelled digit by digit (二〇二五); None when it is neither.

    >>> [hanzi_number(s) for s in ("16", "二十三", "二〇二五", "两千零五", "廿五", "十十")]
    [16, 23, 2025, 2005, 25, None]
    """
    if text.isascii():
        return int(text) if text.isdigit() else None
    if all(char in VALUES for char in text):
        return int("".join(str(VALUES[char]) for char in text))
    total, digit, floor = 0, None, 10_000
    for char in text:
        if char in VALUES:
            if digit:
                return None
            digit = VALUES[char]
            continue
        unit = {"千": 1000, "百": 100}.get(char) or _TENS.get(char, 0)
        scale = unit if unit in (1000, 100) else 10
        if not unit or scale >= floor or (unit > 10 and unit < 100 and digit is not None):
            return None
        total += unit * (1 if digit is None or char in "廿卅" else digit)
        digit, floor = None, scale
    return total + (digit or 0)
