"""Arabic numerals on folded text: 1.4 تريليون, ملياران ومئتا مليون, مليار ونصف, ثلاثة أرباع مليار, بضعة مليارات."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from corpus.language_table import languages
from extractors.normalize import fold
from extractors.numerals import EXACT, MAX_DIGITS, UNSURE, Reading

ZERO, ONE = Decimal(0), Decimal(1)
THOUSAND, BILLION = 10**3, 10**9
# Letters are kept apart from digits, so that "و500" is a conjunction and a number.
TOKEN = re.compile(
    r"[0-9]{1,3}+(?: [0-9]{3}(?![0-9])){2,}+"  # 1 000 000
    r"|(?:^|(?<=[(+-]))\.[0-9]++"
    r"|[0-9]++(?:[.,][0-9]++)*+(?: ?\. ?[0-9]{1,3}(?![0-9]))*+"
    r"|[^\W\d_]++|\S"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DOTTED_GROUPS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?")
_ONE_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_SPACED_GROUPS = re.compile(r"[0-9]{1,3}(?: [0-9]{3}){2,}")
_MIRRORED = re.compile(r"[0-9]{1,3}(?: \. ?[0-9]{1,3})+|[0-9]{1,3} \.[0-9]{1,3}")
# A number is read over at most this many words, so that no text costs more than linear time.
MAX_WORDS = 24
_CONJUNCTION = "و"


class Token(NamedTuple):
    """A word, a number in digits, or one other character of folded text."""

    start: int
    end: int
    text: str

    @property
    def numeric(self) -> bool:
        """Written in digits."""
        return "0" <= self.text[0] <= "9" or (self.text[0] == "." and len(self.text) > 1)


class Word(NamedTuple):
    """What a word form says: `sort` is number, scale, dual, fraction or some."""

    sort: str
    low: Decimal
    high: Decimal
    conjunction: bool = False
    scale: int = 0
    prefix: int = 0
    """Letters of و, ب or ل written together with it"""


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of a stretch of folded text."""
    return [Token(m.start(), m.end(), m.group()) for m in TOKEN.finditer(text, start, len(text) if end is None else end)]


def digits_value(text: str) -> tuple[Decimal | None, tuple[str, ...]]:
    """A number in digits with its separators; None and an issue where the reading is not certain.

    Commas and dots are told apart by group length: 1,400 and 1.500.000 have thousands, 1,4 and 1.5 decimals. Older wire texts
    print the parts of a number right to left with blanks around the dot ("5 . 1" is 1.5), which is certain only while the part
    printed first has one or two digits.

    >>> digits_value("1,234.5"), digits_value("1,4"), digits_value("5 . 1"), digits_value("654 . 2")[0]
    ((Decimal('1234.5'), ()), (Decimal('1.4'), ()), (Decimal('1.5'), ('mirrored_digits',)), None)
    """
    if len(text) > MAX_DIGITS:
        return None, ("too_many_digits",)
    if text.isdigit():
        return Decimal(text), ()
    if _SPACED_GROUPS.fullmatch(text):
        return Decimal(text.replace(" ", "")), ()
    if " " in text:
        return _broken(text)
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", "")), ()
    if _DOTTED_GROUPS.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", ".")), ()
    if text.count(",") + text.count(".") > 1:
        return None, (UNSURE,)
    issues = (UNSURE,) if re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", text) else ()
    return Decimal(text.replace(",", ".")), issues


def _broken(text: str) -> tuple[Decimal | None, tuple[str, ...]]:
    """Digits with blanks at the dot: "53. 3" is 53.3; "5 . 1" is 1.5, printed right to left."""
    parts = re.split(r" ?\. ?", text)
    if not _MIRRORED.fullmatch(text):
        if len(parts) == 2 and len(parts[0]) <= 3 and "," not in text:
            return Decimal(f"{parts[0]}.{parts[1]}"), ("spaced_decimal",)
        return None, ("broken_digits",)
    parts.reverse()
    if len(parts) > 2:
        grouped = all(len(part) == 3 for part in parts[1:])
        return (Decimal("".join(parts)), ("mirrored_digits",)) if grouped else (None, ("broken_digits",))
    if len(parts[1]) == 3:
        return None, ("broken_digits",)
    return Decimal(f"{parts[0]}.{parts[1]}"), ("mirrored_digits",)


class ArabicNumerals:
    """The grammar, built from [numbers] of `ar.toml`."""

    def __init__(self) -> None:
        words = languages()["ar"].numbers
        self.words: dict[str, Word] = {}
        # القرن العشرين: the definite number alone is an ordinal, العشرة ملايين is a number.
        self.definite = {f"{prefix}ال{fold(word)}" for word in (*words.digits, *words.fractions) for prefix in ("", _CONJUNCTION)}
        self.dual_forms = {fold(word) for word in words.duals}
        self.scale_forms = {fold(word): scale for word, scale in words.scales.items()}
        self.points = {fold(word) for word in words.points}
        self.minus = {fold(word) for word in words.minus} | {"-"}
        self.ordinals = {fold(word): value for word, value in words.ordinals.items()}
        teens = {fold(stem + ending): value for stem, value in words.teen_stems.items() for ending in words.teen_endings}
        for word, value in (words.digits | teens).items():
            self._add(word, Word("number", Decimal(value), Decimal(value)))
        for word, scale in words.scales.items():
            self._add(word, Word("scale", Decimal(scale), Decimal(scale), scale=scale))
        for word, scale in words.duals.items():
            if fold(word) not in self.scale_forms:
                self._add(word, Word("dual", Decimal(2 * scale), Decimal(2 * scale), scale=scale))
        for word, part in words.fractions.items():
            ratio = Fraction(part)
            share = Decimal(ratio.numerator) / Decimal(ratio.denominator)
            self._add(word, Word("fraction", share, share))
        self.plural_scales = set()
        for word, (low, high) in words.some.items():
            if fold(word) in self.scale_forms:
                self.plural_scales.add(fold(word))
            else:
                self._add(word, Word("some", Decimal(low), Decimal(high)))

    def _add(self, word: str, entry: Word) -> None:
        """A form with what is written together with it: the article, و, and before longer words ب and ل."""
        bare = fold(word)
        forms = [bare, f"ال{bare}"]
        for form in forms:
            self.words.setdefault(form, entry)
            self.words.setdefault(f"{_CONJUNCTION}{form}", entry._replace(conjunction=True, prefix=1))
        if len(bare) >= 4:
            for form in (f"ب{bare}", f"ل{bare}", f"لل{bare}", f"بال{bare}"):
                self.words.setdefault(form, entry._replace(prefix=1))
        self.words[bare] = entry

    def stem(self, text: str) -> str:
        """A word form without article and conjunction, when that makes it a scale."""
        for prefix in ("وال", "لل", "بال", "ال", "و", "ب", "ل"):
            if text.startswith(prefix) and text[len(prefix) :] in self.scale_forms:
                return text[len(prefix) :]
        return text

    def readings(self, text: str) -> Iterator[Reading]:
        """Every numeral of folded text, with its percent sign; ordinals (الثالث) too."""
        found = tokens(text)
        at = floor = 0
        while at < len(found):
            token = found[at]
            if not (token.numeric or token.text in self.words or token.text == "("):
                ordinal = self.ordinals.get(token.text)
                if ordinal is not None:
                    yield Reading(token.start, token.end, Decimal(ordinal), Decimal(ordinal), kind="ordinal")
                at += 1
                continue
            reading, after = self.read(found, at)
            if reading is None or (after == at + 1 and token.text in self.definite):
                at += 1
                continue
            whole = self._with_context(found, at, after, reading, floor)
            yield whole
            at, floor = after, whole.end
            while at < len(found) and found[at].start < floor:
                at += 1

    def read(self, found: Sequence[Token], at: int, stop: int | None = None) -> tuple[Reading | None, int]:
        """The longest numeral that starts at token `at` and ends before token `stop`, and the index after it."""
        limit = min(len(found), at + MAX_WORDS) if stop is None else stop
        return _Reader(self, found, at, limit).read()

    def _with_context(self, found: Sequence[Token], at: int, after: int, reading: Reading, floor: int) -> Reading:
        start, end, kind = reading.start, reading.end, reading.kind
        low, high = reading.low, reading.high
        following = [token.text for token in found[after : after + 2]]
        if following[:1] == ["%"] or (following[:1] and following[0] in _PERCENT_ONE):
            end, kind = found[after].end, "percent"
        elif len(following) == 2 and following[0] == "في" and following[1] in _PERCENT_TWO:
            end, kind = found[after + 1].end, "percent"
        elif at and found[at - 1].text == "%" and floor <= found[at - 1].start == start - 1:
            start, kind = found[at - 1].start, "percent"
        if at and kind == "cardinal" and found[at - 1].text in self.minus and high is not None:
            sign = found[at - 1]
            word = sign.text != "-"
            free = at == 1 or found[at - 2].end < sign.start or not found[at - 2].text[-1].isalnum()
            if sign.start >= floor and (word or (sign.end == start and free)):
                start, low, high = sign.start, -high, -low
        return reading._replace(start=start, end=end, kind=kind, low=low, high=high)


_PERCENT_TWO = {fold(word) for word in ("المئة", "المائة", "الماية", "مئة", "مائة")}
_PERCENT_ONE = {fold(word) for word in ("بالمئة", "بالمائة", "بالماية")}


class _Reader:
    """One numeral: `group` below the next scale, `parts` the finished scales (largest first), as bounds."""

    def __init__(self, grammar: ArabicNumerals, found: Sequence[Token], at: int, limit: int) -> None:
        self.grammar, self.found, self.at, self.limit = grammar, found, at, limit
        self.low = self.high = ZERO  # of the group
        self.parts: list[tuple[int, Decimal, Decimal]] = []
        self.last_scale = 0  # scale just read, when nothing came after it
        self.units = self.tens = self.hundreds = False  # what the group has
        self.filled = self.numeric = self.vague = self.fraction = self.unknown = False
        self.one_comma = False
        self.issues: list[str] = []

    def read(self) -> tuple[Reading | None, int]:
        first, end = self.at, self.at
        at = first
        opened = self._bracketed(at)
        if opened:
            at += 1
        while at < self.limit:
            after = self._take(at, first=end == first)
            if after is None:
                break
            if opened and end == first:
                after += 1  # the closing bracket of "(73) مليار"
            at = end = after
        if end == first:
            return None, first + 1
        return self._result(first, end), end

    def _bracketed(self, at: int) -> bool:
        window = self.found[at : at + 4]
        return (
            len(window) == 4 and window[0].text == "(" and window[1].numeric and window[2].text == ")"
            and self.grammar.stem(window[3].text) in self.grammar.scale_forms
        )  # fmt: skip

    def _take(self, at: int, first: bool) -> int | None:
        token = self.found[at]
        if token.numeric:
            return at + 1 if self._digits(token, joined=False, first=first) else None
        if token.text == _CONJUNCTION and not first and at + 1 < self.limit:
            following = self.found[at + 1]
            if self._starts_another(at + 1):
                return None
            if following.numeric:
                return at + 2 if self._digits(following, joined=True, first=False) else None
            word = self.grammar.words.get(following.text)
            if word is None or word.conjunction:
                return None
            return self._word(at + 1, word._replace(conjunction=True), first=False)
        if token.text == "," and self.last_scale and at + 1 < self.limit and token.start == self.found[at - 1].end:
            word = self.grammar.words.get(self.found[at + 1].text)  # سبعة ملايين، ومئة ألف
            return self._word(at + 1, word, first=False) if word is not None and word.conjunction and not self.vague else None
        if not first and token.text in self.grammar.points and at + 1 < self.limit:
            return self._decimals(at + 1)
        word = self.grammar.words.get(token.text)
        if word is None or (word.conjunction and not first and self._starts_another(at)):
            return None
        return self._word(at, word, first)

    def _digits(self, token: Token, joined: bool, first: bool) -> bool:
        if not first and not (joined and self.last_scale):
            return False
        value, issues = digits_value(token.text)
        if value is None:
            if not first:
                return False
            self.unknown, value = True, ZERO
        if not first and value >= self.last_scale:
            return False
        self.issues += issues
        self.one_comma = _ONE_COMMA.fullmatch(token.text) is not None
        self.low = self.high = value
        self.filled = self.numeric = self.units = self.tens = self.hundreds = True
        self.last_scale = 0
        return True

    def _starts_another(self, at: int) -> bool:
        """The 40 of 3 مليون و40 مليون: what follows the و has a scale that the sum already has."""
        opening = self.grammar.words.get(self.found[at].text)
        if not self.last_scale or self.last_scale == THOUSAND or (opening is not None and opening.sort == "fraction"):
            return False
        for token in self.found[at : at + 8]:
            scale = self.grammar.scale_forms.get(self.grammar.stem(token.text))
            if scale is not None:
                return scale >= self.last_scale
            if not (token.numeric or token.text == _CONJUNCTION or token.text in self.grammar.words):
                return False
        return False

    def _word(self, at: int, word: Word, first: bool) -> int | None:
        if word.sort == "number":
            return at + 1 if self._number(word, first) else None
        if word.sort == "dual":
            return at + 1 if self._dual(word, first) else None
        if word.sort == "scale":
            return self._scale(at, word, first)
        if word.sort == "fraction":
            return self._fraction(at, word, first)
        if not first:
            hundreds = word.low == 100 and not word.conjunction and not self.last_scale
            return at + 1 if hundreds and self._joined_without_and(Decimal(100)) else None
        self.low, self.high, self.filled, self.vague = word.low, word.high, True, True
        self.units = self.tens = self.hundreds = True
        return at + 1

    def _number(self, word: Word, first: bool) -> bool:
        value = word.low
        if not first and not word.conjunction and not self._follows_hundreds(value):
            return self._joined_without_and(value)
        if not first and not (self.last_scale or self.filled):
            return False
        if self.fraction or self.numeric:
            return False
        if value == 0 and not first:
            return False
        if value < 10 or 10 < value < 20 or value == 10:
            if self.units or (value >= 10 and self.tens):
                return False
            self.units, self.tens = True, self.tens or value >= 10
        elif value < 100:
            if self.tens:
                return False
            self.tens = True
        else:
            if self.hundreds or self.units or self.tens:
                return False
            self.hundreds = True
        self.low, self.high = self.low + value, self.high + value
        self.filled, self.last_scale = True, 0
        return True

    def _follows_hundreds(self, value: Decimal) -> bool:
        """متين تلاتة وستين: spoken without the first و."""
        return value < 100 and self.filled and self.hundreds and not (self.units or self.tens or self.numeric or self.vague)

    def _joined_without_and(self, value: Decimal) -> bool:
        """ثلاثة عشر (13), ثلاث مئة (300)."""
        ones = self.low % 10
        if self.fraction and value == 100 and self.low < 1 and not self.parts:
            self.low = self.high = self.low * 100  # نصف مئة
            return True
        if self.vague or self.numeric or not self.units or ones == 0 or self.last_scale:
            return False
        if value == 10 and not self.tens:
            self.low, self.high, self.tens = self.low + 10, self.high + 10, True
            return True
        if value == 100 and ones >= 3 and not self.tens and not self.hundreds:
            self.low = self.high = ones * 100
            self.units, self.hundreds = False, True
            return True
        return False

    def _dual(self, word: Word, first: bool) -> bool:
        if not first and (not word.conjunction or self.filled):
            return False
        return self._close(word.scale, Decimal(2), Decimal(2))

    def _scale(self, at: int, word: Word, first: bool) -> int | None:
        scale = word.scale
        stem = self.grammar.stem(self.found[at].text)
        if first:
            if stem in self.grammar.plural_scales:
                self.vague = True
                ok = self._close(scale, ONE, Decimal(10))
            elif stem in self.grammar.dual_forms and not self._halved(at + 1):
                ok = self._close(scale, Decimal(2), Decimal(2))
            else:
                ok = self._close(scale, ONE, ONE)
            return at + 1 if ok else None
        if word.conjunction:
            if self.filled or not self.last_scale or scale >= self.last_scale:
                return None
            return at + 1 if self._close(scale, ONE, ONE) else None
        if self.last_scale:  # ألف مليار
            if self.fraction:
                return None
            held, low, high = self.parts.pop()
            self.last_scale = 0
            self.parts.append((held * scale, low * scale, high * scale))
            self.last_scale = held * scale
            return at + 1
        if not self.filled:
            return None
        return at + 1 if self._close(scale, self.low, self.high) else None

    def _halved(self, at: int) -> bool:
        """Whether a half follows, as it does after one only: مليارا ونصف المليار is 1.5, not 2.5."""
        word = self.grammar.words.get(self.found[at].text) if at < self.limit else None
        return word is not None and word.sort == "fraction" and word.conjunction

    def _close(self, scale: int, low: Decimal, high: Decimal) -> bool:
        """The group times `scale` becomes a part; thousands before a larger scale belong to its count (ألف ومئتا مليون)."""
        if self.parts and scale >= self.parts[-1][0]:
            if scale == self.parts[-1][0] or self.parts[-1][0] != THOUSAND:
                return False
            _, before_low, before_high = self.parts.pop()
            low, high = low + before_low, high + before_high
            if self.parts and scale >= self.parts[-1][0]:
                return False
        if self.one_comma and scale >= BILLION:  # 1,412 مليار: far more often 1.412 than thousands of billions
            self.issues.append(UNSURE)
        elif UNSURE in self.issues and scale > THOUSAND:
            self.issues.remove(UNSURE)  # 2.323 مليار
        self.one_comma = False
        by = Decimal(scale)
        self.parts.append((scale, EXACT.multiply(low, by), EXACT.multiply(high, by)))
        self.low = self.high = ZERO
        self.units = self.tens = self.hundreds = self.filled = self.numeric = False
        self.last_scale = scale
        return True

    def _fraction(self, at: int, word: Word, first: bool) -> int | None:
        if first:
            self.low = self.high = word.low
            self.filled = self.units = self.tens = self.hundreds = self.fraction = True
            return at + 1
        if self.fraction or self.vague:
            return None
        if not word.conjunction:
            if not self.filled or self.last_scale or word.low >= Decimal("0.5"):
                return None
            self.low = self.high = self.low * word.low  # ثلاثة أرباع
            self.fraction = True
            return at + 1
        self.fraction = True
        if self.last_scale:
            held, low, high = self.parts[-1]
            part = Decimal(self.last_scale) * word.low
            self.parts[-1] = (held, low + part, high + part)
            scale = self.last_scale
            self.last_scale = 0
            if at + 1 < self.limit and self.grammar.scale_forms.get(self.grammar.stem(self.found[at + 1].text)) == scale:
                return at + 2  # ونصف المليار
            return at + 1
        self.low, self.high = self.low + word.low, self.high + word.low
        return at + 1

    def _decimals(self, at: int) -> int | None:
        """خمسة فاصلة ثلاثة: the number after the point is its digits."""
        scales = (i for i in range(at + 1, self.limit) if self.grammar.stem(self.found[i].text) in self.grammar.scale_forms)
        reading, after = _Reader(self.grammar, self.found, at, next(scales, self.limit)).read()
        if reading is None or not reading.exact or reading.low != reading.low.to_integral_value() or not self.filled:
            return None
        digits = str(int(reading.low))
        if len(digits) > MAX_DIGITS or self.vague or self.fraction:
            return None
        self.low = self.high = self.low + Decimal(f"0.{digits}")
        self.units = self.tens = self.hundreds = True
        return after

    def _result(self, first: int, end: int) -> Reading:
        low = sum((part[1] for part in self.parts), self.low)
        high = sum((part[2] for part in self.parts), self.high)
        kind = "fraction" if self.fraction and not self.parts and low < 1 else "cardinal"
        issues = tuple(dict.fromkeys(self.issues))
        unit = self.last_scale or 1
        opening = self.grammar.words.get(self.found[first].text)
        start = self.found[first].start + (opening.prefix if opening else 0)
        return Reading(
            start, self.found[end - 1].end, low, None if self.unknown else high,
            "vague" if self.vague else "exact", kind, unit=unit, issues=issues,
        )  # fmt: skip
