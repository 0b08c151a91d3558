"""Numbers in running text: Chinese and Arabic, in digits, words and both mixed, read by the tables of `corpus/languages`.

Everything below works on folded text (`extractors.normalize`); `find_numbers` leads the spans back to the text as published.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from decimal import Context, Decimal
from typing import NamedTuple, Protocol

from extractors.normalize import CleanText, normalize
from models.mention import Number

# Enough digits for every product of a number of MAX_DIGITS digits and the largest scales.
EXACT = Context(prec=80)
MAX_DIGITS = 40
UNSURE = "ambiguous_separator"
"""Issue of digits whose comma or dot may set off thousands or decimals"""

_FRACTION = re.compile(r"(-?[0-9]{1,9})/0*([1-9][0-9]{0,8})")


class Reading(NamedTuple):
    """A numeral as the grammars see it: a span of folded text and the bounds it stands for (equal when it is exact)."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    """None when the digits have no certain reading; `low` then says nothing and `issues` say why"""
    modifier: str = "exact"
    """exact, vague (数十亿, بضعة) or range (三五百)"""
    kind: str = "cardinal"
    unit: int = 1
    """The scale it ends with: 10 ** 8 for 5亿, which a lower bound before it may share"""
    step: int = 1
    """The multiplier under that scale: 100 for 九百亿"""
    round: bool = False
    """A scale without a number, as 百亿: of that order"""
    issues: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """One value, not an interval."""
        return self.low == self.high


class Grammar(Protocol):
    """What a language brings."""

    def readings(self, text: str) -> Iterator[Reading]:
        """Every numeral of folded text, in order, without overlap."""
        ...


def tidy(value: Decimal) -> Decimal:
    """The same value with an exponent of zero or below and no trailing zeros.

    >>> tidy(Decimal("660000000.00")), tidy(Decimal("1E+10")), tidy(Decimal("0.50"))
    (Decimal('660000000'), Decimal('10000000000'), Decimal('0.5'))
    """
    whole = value.to_integral_value(context=EXACT)
    return Decimal(int(whole)) if whole == value else value.normalize(EXACT)


def stands_alone(clean: CleanText, start: int, end: int) -> bool:
    """Whether a span of folded text has its edges in the text as published: the 1 of ¼, folded to 1⁄4, is no number."""
    origin = clean.origin
    if origin is None:
        return True
    inside = start > 0 and origin[start - 1] == origin[start]
    return not inside and not (end < len(origin) and origin[end] == origin[end - 1])


@functools.cache
def grammar(language: str) -> Grammar:
    """The grammar of "zh-Hant", "zh-Hans" or "ar". Both Chinese scripts share one: folded text is simplified."""
    if language == "ar":
        from extractors.numerals_ar import ArabicNumerals  # noqa: PLC0415 - the grammars import this module

        return ArabicNumerals()
    from extractors.numerals_zh import ChineseNumerals  # noqa: PLC0415

    return ChineseNumerals(language)


def find_numbers(clean: CleanText, language: str) -> list[Number]:
    """Every number of a text, in order. `kind` percent counts in hundredths: 27% has value 27.

    >>> [(n.text, int(n.value), n.kind) for n in find_numbers(normalize("持股27%，共1.6億股"), "zh-Hant")]
    [('27%', 27, 'percent'), ('1.6億', 160000000, 'cardinal')]
    """
    readings = grammar(language).readings(clean.text)
    return [_number(clean, reading) for reading in readings if stands_alone(clean, reading.start, reading.end)]


def parse_number(text: str, language: str) -> Number | None:
    """The number that the whole of `text` is, else None.

    >>> parse_number("兩千三百萬", "zh-Hant").value, parse_number("مليار ونصف", "ar").value
    (Decimal('23000000'), Decimal('1500000000'))
    >>> parse_number("三星", "zh-Hans")
    """
    clean = normalize(text)
    whole = clean.text.strip()
    if (fraction := _FRACTION.fullmatch(whole)) is not None:
        value = Decimal(fraction.group(1)) / Decimal(fraction.group(2))
        return Number(0, len(text), text, tidy(value), kind="fraction")
    reading = next(grammar(language).readings(clean.text), None)
    if reading is None or clean.text[reading.start : reading.end] != whole or not stands_alone(clean, reading.start, reading.end):
        return None
    return _number(clean, reading)


def _number(clean: CleanText, reading: Reading) -> Number:
    start, end = clean.raw_span(reading.start, reading.end)
    text, kind, issues = clean.raw[start:end], reading.kind, reading.issues
    if reading.high is None:
        return Number(start, end, text, None, None, None, "exact", kind, issues)
    low, high = tidy(reading.low), tidy(reading.high)
    if reading.exact:
        return Number(start, end, text, low, None, None, reading.modifier, kind, issues)
    return Number(start, end, text, None, low, high, reading.modifier, kind, issues)
