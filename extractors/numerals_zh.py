"""Chinese numerals on folded (simplified) text: 5,000亿, 一亿五千万, 壹拾贰亿, 数百亿, 50多亿, 三五百, 十七八万, 三亿半."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from corpus.language_table import languages
from extractors.normalize import fold
from extractors.numerals import EXACT, MAX_DIGITS, Reading

ZERO, ONE = Decimal(0), Decimal(1)
LATIN_SCALES = {
    "k": 10**3, "w": 10**4, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, "thousand": 10**3,
    "million": 10**6, "millions": 10**6, "billion": 10**9, "billions": 10**9, "trillion": 10**12,
}  # fmt: skip
MEGA_OR_TRILLION = 10**12
# A run of numeral characters is cut after this many pieces, so that no text costs more than linear time.
MAX_PIECES = 64
_MORE_DIGITS = r"[0-9]*+(?:,[0-9]{3}(?![0-9]))*+(?:\.[0-9]++)?+"
_DIGITS = rf"(?:[0-9]{_MORE_DIGITS}|\.[0-9]++)"
_ATOM = re.compile(_DIGITS)
_LATIN = re.compile(r" ?(thousand|millions?|billions?|trillion|mn|bn|tn|[kwmb])(?![a-z0-9])", re.IGNORECASE)
_SOME_MONEY = re.compile("几(?=港|美|人民币|新?台币|欧|日圆|元|蚊)")
"""Of 12亿几港元, not of 3亿几乎"""
_EXPONENT = re.compile(r"e([+-]?[0-9]{1,2})(?![0-9A-Za-z])")
# The numeral that news writes nine times out of ten: 5,000, 3.5亿, 2千万. What may go on with a Latin scale is read in full.
_PLAIN = re.compile(r"([0-9]{1,15}(?:,[0-9]{3})*(?:\.[0-9]{1,9})?)(?: ?([百千])?([万亿]))?")
_PLAIN_UNITS = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_GOES_ON = frozenset(" kKwWmMbBtTeE")
# Two digits in a row are a stretch (七八万); beside neighbours, so is this pair (三五百).
_WIDE_PAIR = (3, 5)


class _Span(NamedTuple):
    """Bounds of what has been read; addition and scaling keep them apart."""

    low: Decimal
    high: Decimal

    def plus(self, other: _Span) -> _Span:
        return _Span(EXACT.add(self.low, other.low), EXACT.add(self.high, other.high))

    def times(self, factor: int | Decimal) -> _Span:
        by = Decimal(factor)
        return _Span(EXACT.multiply(self.low, by), EXACT.multiply(self.high, by))


_NOTHING = _Span(ZERO, ZERO)


def _point(value: int | Decimal) -> _Span:
    number = Decimal(value)
    return _Span(number, number)


class ChineseNumerals:
    """The grammar, built from [numbers] of `zh.toml`."""

    def __init__(self, language: str = "zh-Hant") -> None:
        words = languages()["zh"].numbers
        self.mainland = language == "zh-Hans"
        self.digits = {fold(char): value for char, value in words.digits.items()}
        self.multipliers = {fold(char): value for char, value in words.multipliers.items()}
        self.scales = {fold(char): value for char, value in words.scales.items()}
        self.some = {fold(word) for word in words.some if len(word) == 1}
        self.more = {fold(char) for char in words.more}
        self.points = {fold(char) for char in words.points}
        self.half = {fold(word) for word in words.fractions if len(word) == 1}
        self.fractions = tuple(fold(word) for word in words.fractions if len(word) > 1)
        self.minus = {fold(word) for word in words.minus} | {"-"}
        starts = "".join({*self.digits, *self.multipliers, *self.scales, *self.some, *self.half})
        inner = "".join({*self.more, *self.points})
        units = "".join({*self.multipliers, *self.scales, *self.more, *self.some})
        hanzi, multipliers = "".join(self.digits), "".join(self.multipliers)
        # Blanks stand before a unit (780 亿) and, after a unit, before a digit that has a unit of its own (三千 八百, 7万 5千,
        # 31 亿 2,456 万).
        lesser = r"(?:(?<=亿)|(?<=兆)) (?=(?:[0-9]{1,4}+|[0-9],[0-9]{3}) ?万)|(?<=兆) (?=(?:[0-9]{1,4}+|[0-9],[0-9]{3}) ?亿)"
        alone = rf"[{hanzi}](?: ?又|(?![\u4e00-\u9fff]))"
        blank = rf"(?: (?=[{units}])|个(?=亿)|(?<=[{units}]) (?=(?:[0-9]{{1,4}}+|[{hanzi}]) ?[{multipliers}]|{alone})|{lesser})?+"
        piece = rf"{blank}(?:(?<![0-9.]){_DIGITS}|[{starts}{inner}]|\.(?=[{hanzi}]))"
        # A run begins with one set of characters, so that what lies between two runs is passed over at once.
        first = rf"(?:(?<=[0-9]){_MORE_DIGITS}|(?<=\.)[0-9]++|(?<=[{starts}]))"
        self.run = re.compile(rf"[0-9.{starts}]{first}(?:{piece}){{0,{MAX_PIECES}}}+")
        blocked = sorted({fold(word) for word in words.not_numbers}, key=len, reverse=True)
        self.blocked = re.compile("|".join(map(re.escape, blocked)))
        self.mega_units = tuple(fold(word) for word in words.mega_units)
        self.tenth_blockers = tuple(fold(word) for word in words.tenth_blockers)
        self.also = re.compile(" ?又 ?")
        self.fraction = re.compile(r" {0,2}[分份] {0,2}之 {0,2}| ?[分份](?=[一二三四五六七八九])")

    def read(self, text: str, start: int, end: int) -> Reading | None:
        """The longest numeral at `start`, within a run that ends at `end`."""
        plain = _PLAIN.fullmatch(text, start, end)
        if plain is not None and (reading := _plain(plain, text)) is not None:
            return reading
        return _Reader(self, text, start, end).read()

    def readings(self, text: str) -> Iterator[Reading]:
        """Every numeral of folded text, with its sign, percent, fraction or ordinal; words that contain one are passed over."""
        at = 0
        blocked = [match.span() for match in self.blocked.finditer(text)]
        block = 0
        while (run := self.run.search(text, at)) is not None:
            reading = self.read(text, run.start(), run.end())
            if reading is None or self._is_bare_scale(text, reading):
                at = run.start() + 1
                continue
            while block < len(blocked) and blocked[block][1] <= reading.start:
                block += 1
            if block < len(blocked) and blocked[block][0] < reading.end and not self._outgrows(reading, blocked[block]):
                at = max(reading.start + 1, min(blocked[block][1], reading.end))
                continue
            whole = self._with_context(text, reading, at)
            at = whole.end
            yield whole

    def _is_bare_scale(self, text: str, reading: Reading) -> bool:
        """万 or 亿 alone, or 万万: a word, or the head of a column."""
        characters = set(text[reading.start : reading.end])
        return reading.round and len(characters) == 1 and characters <= self.scales.keys()

    @staticmethod
    def _outgrows(reading: Reading, block: tuple[int, int]) -> bool:
        """百度 blocks 百, but 五百度 is a number that is more than the blocked word's part of it."""
        return reading.start < block[0] or reading.end > block[1]

    def _with_context(self, text: str, reading: Reading, floor: int) -> Reading:
        reading = self._mixed(text, self._fraction(text, reading))
        start, end, low, high = reading.start, reading.end, reading.low, reading.high or reading.low
        kind, before = reading.kind, text[floor : reading.start].rstrip(" ")
        if end < len(text) and text[end] == "%":
            kind, end = "percent", end + 1
        elif text.startswith("成", end) and ZERO < low <= 10 and not text.startswith(self.tenth_blockers, end):
            kind, end, low, high = "percent", end + 1, low * 10, high * 10
        elif text.startswith(("个百分点", "百分点"), end):
            kind, end = "percent", text.index("点", end) + 1
        mark = floor + len(before) - 1  # the character before the number
        if before.endswith("第") and mark == start - 1:
            kind, start = "ordinal", mark
        elif before[-1:] in self.minus and _is_sign(text, mark):
            start, low, high = mark, -high, -low
        return reading._replace(start=start, end=end, low=low, high=high, kind=kind)

    def _mixed(self, text: str, reading: Reading) -> Reading:
        """五又三分之一, 一半."""
        if text.startswith(self.fractions, reading.start):
            half = Decimal("0.5")
            return reading._replace(end=reading.start + 2, low=half, high=half, kind="fraction")
        mark = self.also.match(text, reading.end)
        run = None if mark is None or not reading.exact else self.run.match(text, mark.end())
        below = None if run is None else self.read(text, run.start(), run.end())
        part = None if below is None else self._fraction(text, below)
        if part is None or part.kind != "fraction" or not part.exact:
            return reading
        value = EXACT.add(reading.low, part.low)
        return reading._replace(end=part.end, low=value, high=value, kind="fraction")

    def _fraction(self, text: str, reading: Reading) -> Reading:
        """百分之五, 三分之一, 五又三分之一, 1/2."""
        mark = self.fraction.match(text, reading.end)
        if mark is None or not reading.exact or not reading.low:
            return reading
        run = self.run.match(text, mark.end())
        top = None if run is None else self.read(text, run.start(), run.end())
        if top is None or not top.exact:
            return reading
        if reading.low == 100 and reading.end - reading.start == 1:
            return top._replace(start=reading.start, kind="percent")
        value = top.low / reading.low
        return reading._replace(end=top.end, low=value, high=value, kind="fraction")


def _plain(match: re.Match[str], text: str) -> Reading | None:
    """What `_Reader` would make of a plain numeral, in a tenth of the time; None where it has to look."""
    digits, multiplier, scale = match.groups()
    if scale is None and text[match.end() : match.end() + 1] in _GOES_ON and match.end() < len(text):
        return None
    if "," in digits and len(digits.partition(",")[0]) > 3:
        return None  # 2024,500: two numbers
    value, step, unit = Decimal(digits.replace(",", "")), _PLAIN_UNITS.get(multiplier, 1), _PLAIN_UNITS.get(scale, 1)
    if unit > 1:
        if not value:
            return None
        value = EXACT.multiply(value, Decimal(step * unit))
    return Reading(match.start(), match.end(), value, value, unit=unit, step=step)


def _is_sign(text: str, at: int) -> bool:
    """A minus at `at`, and not the dash of a range, a date or a product name."""
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] in ")%]") or text[at] != "-"


class _Reader:
    """One numeral, left to right: `total` of finished scales, `section` below the next one, `now` not yet multiplied."""

    def __init__(self, grammar: ChineseNumerals, text: str, start: int, end: int) -> None:
        self.grammar, self.text, self.start, self.end = grammar, text, start, end
        self.total = self.section = _NOTHING
        self.now: _Span | None = None
        self.largest = 0  # scale that ended the total so far
        self.last_unit = 0  # multiplier or scale just read: what a lone digit after it counts tenths of
        self.closed_at = start  # after the last scale
        self.step = self.unit = self.latin = 1
        self.zero = self.vague = self.paired = self.seen = self.number = False
        self.issues: tuple[str, ...] = ()

    def read(self) -> Reading | None:
        text, at = self.text, self.start
        while at < self.end:
            char = text[at]
            if char in " 个":  # 10 亿, 10个亿
                at += 1
                continue
            after = self._take(char, at)
            if after is None:
                if char in self.grammar.scales and self.largest:  # 1亿2亿: the 2 belongs to the next
                    self.now, self.section, at = None, _NOTHING, self.closed_at
                break
            at = after
        while at > self.start and text[at - 1] in " 个":
            at -= 1
        return self._result(at)

    def _take(self, char: str, at: int) -> int | None:
        grammar = self.grammar
        if char == "." and self.text[at - 1] in grammar.digits and self.text[at + 1 : at + 2] in grammar.digits:
            return self._decimals(at)  # 一.二亿
        if char in "0123456789.":
            return self._ascii(at)
        if char in grammar.digits:
            return self._hanzi(at)
        if char in grammar.multipliers:
            return self._multiply(grammar.multipliers[char], at)
        if char in grammar.scales:
            return self._scale(grammar.scales[char], at)
        if char in grammar.some:
            return self._some(at)
        if char in grammar.more:
            return self._more(char, at)
        if char in grammar.half:
            return self._half(at)
        return self._decimals(at)

    def _ascii(self, at: int) -> int | None:
        match = _ATOM.match(self.text, at, self.end)
        if match is None or self.now is not None or (self.seen and not self.last_unit) or len(match.group()) > MAX_DIGITS:
            return None
        number = Decimal(match.group().replace(",", ""))
        if self.last_unit and self.last_unit < 10**4 and not (self.zero or self._has_unit(match.end())):
            return None  # 十5: two numbers side by side
        if self.last_unit and not (number < self.last_unit):
            return None
        after = match.end()
        if (latin := _LATIN.match(self.text, after)) is not None and not self.seen:
            self.latin = LATIN_SCALES[latin.group(1).lower()]
            number = EXACT.multiply(number, Decimal(self.latin))
            after = latin.end()
            self.end = after
        elif not self.seen and (power := _EXPONENT.match(self.text, after)) is not None:
            number = EXACT.scaleb(number, int(power.group(1)))
            self.end = after = power.end()
        self.now, self.seen, self.number = _point(number), True, True
        return after

    def _has_unit(self, at: int) -> bool:
        """A multiplier below the last one follows: the 6 of 4千6百."""
        char = self.text[at : at + 2].strip(" ")[:1]
        return self.grammar.multipliers.get(char, self.last_unit) < self.last_unit

    def _hanzi(self, at: int) -> int | None:
        if self.now is not None:
            return None
        after = at
        values: list[int] = []
        while after < self.end and self.text[after] in self.grammar.digits:
            values.append(self.grammar.digits[self.text[after]])
            after += 1
        if self.seen and not self.last_unit:
            return None
        if len(values) > 1 and values[0] == 0 and self.seen:
            values, self.zero = values[1:], True
        if len(values) == 1:
            self.zero = self.zero or (values[0] == 0 and self.seen)
            if values[0] == 0 and self.seen:
                return after if after < self.end and self._continues(after) else None
            self.now = _point(values[0])
        elif len(values) == 2 and (values[1] == values[0] + 1 or tuple(values) == _WIDE_PAIR) and values[0]:
            self.now, self.paired = _Span(Decimal(values[0]), Decimal(values[1])), True
        elif self.seen or len(values) > MAX_DIGITS:
            return None
        else:
            self.now = _point(int("".join(map(str, values))))
        self.seen = self.number = True
        return after

    def _continues(self, at: int) -> bool:
        """After 零 comes something to add: 一百零五, 一万零十二."""
        char = self.text[at]
        return char in self.grammar.multipliers or char.isdigit()

    def _multiply(self, factor: int, at: int) -> int | None:
        if self.now is None and self.seen and self.last_unit and self.last_unit <= factor and self.section != _NOTHING:
            return None  # 百千: not descending
        if factor in (20, 30, 40):
            if self.now is not None:
                return None
            self.section, self.last_unit = self.section.plus(_point(factor)), 10
        else:
            count = _point(ONE) if self.now is None else self.now
            if self.section != _NOTHING and self.step <= factor:
                return None
            self.section = self.section.plus(count.times(factor))
            self.last_unit = self.step = factor
        self.now, self.seen, self.zero = None, True, False
        return at + 1

    def _scale(self, factor: int, at: int) -> int | None:
        if factor == MEGA_OR_TRILLION and self.text.startswith(self.grammar.mega_units, at + 1):
            return None  # 500兆瓦
        if factor == MEGA_OR_TRILLION and self.grammar.mainland:
            self.issues = ("ambiguous_scale",)  # 10 ** 6 or 10 ** 12 there; a currency after it settles that
        below = self.section if self.now is None else self.section.plus(self.now)
        if below == _NOTHING:
            if not self.seen:
                below = _point(ONE)
            elif not self.largest:
                return None
        if self.largest and factor > self.largest:
            self.total = self.total.plus(below).times(factor)
            self.unit *= factor
        elif self.largest == factor:
            if self.last_unit != factor or below != _NOTHING:
                return None
            self.total = self.total.times(factor)  # 四万万
            self.unit *= factor
        else:
            self.total = self.total.plus(below.times(factor))
            self.unit = factor
        self.section, self.now, self.largest, self.last_unit = _NOTHING, None, factor, factor
        self.seen, self.zero, self.closed_at = True, False, at + 1
        return at + 1

    def _some(self, at: int) -> int | None:
        """数 and 几: one to ten of what follows (数百, 几十亿), or up to one more of what came before (十几, 12亿几港元)."""
        following = self.text[at + 1 : at + 3].removeprefix("个")[:1]
        leads = following in self.grammar.multipliers or following in self.grammar.scales
        if self.now is not None or (not following and not self.last_unit):
            return None
        if self.last_unit and self.last_unit < 10**4 and not following.strip("十百千"):
            leads = following in self.grammar.multipliers and self.grammar.multipliers[following] < self.last_unit
        if leads and not (self.last_unit == 10 and following in self.grammar.scales):
            self.now = _Span(ONE, Decimal(10))
        elif self.last_unit and self.last_unit < 10**4:
            self.section = self.section.plus(_Span(ZERO, Decimal(self.last_unit)))
            self.last_unit = 0
        elif self.largest and self.last_unit == self.largest and _SOME_MONEY.match(self.text, at):
            self.total = self.total.plus(_Span(ZERO, min(Decimal(self.unit), last_place(self.total.low))))
            self.last_unit = 0
        else:
            return None
        self.vague = self.seen = True
        return at + 1

    def _more(self, char: str, at: int) -> int | None:
        """多 and 余: less than one more of the place before (50多亿 is 50 to 60, 3亿多 is 3 to 4)."""
        if not self.seen or self.vague or char not in self.grammar.more:
            return None
        if self.now is not None:
            place = last_place(self.now.low)
            if self.now.low < 10:
                return None
            self.now = self.now.plus(_Span(ZERO, place))
        elif self.section != _NOTHING:
            self.section = self.section.plus(_Span(ZERO, Decimal(self.last_unit)))
        elif self.largest:
            unit = Decimal(self.unit)
            self.total = self.total.plus(_Span(ZERO, min(unit, last_place(self.total.low))))
        self.vague, self.last_unit = True, 0
        return at + 1

    def _half(self, at: int) -> int | None:
        if not self.seen:
            if self.text[at + 1 : at + 3].removeprefix("个")[:1] not in self.grammar.scales:
                return None
            self.now, self.seen, self.number = _point(Decimal("0.5")), True, True
            return at + 1
        if self.now is not None or not self.largest or self.last_unit != self.largest:
            return None
        self.total = self.total.plus(_point(Decimal(self.unit) / 2))
        self.last_unit = 0
        return at + 1

    def _decimals(self, at: int) -> int | None:
        """点 and the digits after it."""
        after, digits = at + 1, ""
        while after < self.end and (self.text[after] in self.grammar.digits or self.text[after] in "0123456789"):
            char = self.text[after]
            if char == "两":
                break
            digits += char if char.isdigit() and char.isascii() else str(self.grammar.digits[char])
            after += 1
        whole_is_read = self.now is not None or self.section != _NOTHING or bool(self.last_unit)
        if not digits or len(digits) > MAX_DIGITS or self.paired or self.vague or not whole_is_read:
            return None
        if after < self.end and self.text[after] in "十拾":
            return None  # 三点二十: a time of day
        whole = self.section if self.now is None else self.section.plus(self.now)
        self.now, self.section = whole.plus(_point(Decimal(f"0.{digits}"))), _NOTHING
        self.seen, self.last_unit = True, 0
        return after

    def _result(self, end: int) -> Reading | None:
        if not self.seen or end == self.start:
            return None
        total = self.total.plus(self.section)
        if self.now is not None:
            now = self.now
            if self._is_tenths(now):
                now = now.times(Decimal(self.last_unit) / 10)
            total = total.plus(now)
        modifier = "vague" if self.vague else "range" if self.paired else "exact"
        trailing = self.unit if self.now is None and self.section == _NOTHING else self.latin
        return Reading(
            self.start, end, total.low, total.high, modifier, unit=trailing, step=self.step,
            round=not self.number and not self.vague, issues=self.issues,
        )  # fmt: skip

    def _is_tenths(self, now: _Span) -> bool:
        """The 五 of 三万五 counts thousands, that of 三万零五 ones."""
        if not self.last_unit or self.last_unit < 100 or self.zero or now.high >= 10 or now.low == ZERO:
            return False
        if now.low != now.low.to_integral_value():
            return False
        if self.text[self.end - 1 : self.end].isascii():
            self.issues = ("implied_unit",)
        return True


def last_place(number: Decimal) -> Decimal:
    """Ten to the power of its last digit that is not zero: 10 for 50 and 130, 1000 for 3000, 0.1 for 3.5."""
    exponent = number.normalize(EXACT).as_tuple().exponent
    return Decimal(1).scaleb(int(exponent))
