"""Sums of money in Chinese text, on folded (simplified) characters: 约港币 3.9 兆元, 5至7亿美元, US$6.6亿, 近5亿融资."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from corpus.currency_table import currency_table
from corpus.language_table import languages
from extractors.alternation import alternation
from extractors.amounts import Draft, KindCues, Unit
from extractors.normalize import CleanText, fold
from extractors.numerals import EXACT, Reading
from extractors.numerals_zh import ChineseNumerals, last_place

LARGE = 10_000
_CUT_OFF = ("…", "..", "⋯")
_OF_CURRENCY = ("债", "兑", "计", "定", "存", "保", "基", "资", "走", "升", "贬", "指", "汇", "外", "现")
"""After the name of a currency that says of what kind a thing is: 美元债, 日圆汇率"""
_BLANK_GROUPS = re.compile(
    r"(?<![\w.,])(?<![\w.,] )[0-9]{1,3}(?: [0-9]{3})+(?=\.[0-9]{2} ?[万亿]?元)"
    r"|(?<=[价为额约计以币超近达款])[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]{1,2})?(?= ?[万亿]?元)"
)
_BLANK_GROUP = re.compile("[0-9] [0-9]{3}")
_GAP = 4
"""Characters between two bounds of a range"""
# Of two hedges the closer one counts, except that these say more than "about".
_STRONG = {"over", "at_least", "up_to", "under"}


class _Lower(NamedTuple):
    """The span of a lower bound, and whether the upper one may be passed (甚至)."""

    start: int
    end: int
    open_above: bool
    pair: bool = False
    """Before 、 and without a scale of its own"""


class ChineseAmounts:
    """The grammar, built from `currencies.toml` and [numbers] of `zh.toml`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.numerals = ChineseNumerals(language)
        words = languages()["zh"].numbers
        self._build_units()
        self.hedges = {fold(word): modifier for modifier, group in words.hedges.items() for word in group}
        self.hedge_length = max(map(len, self.hedges))
        self.hedge_blockers = {fold(word): fold("".join(group)) for word, group in words.hedge_blockers.items()}
        self.bare_hedges = {fold(word): modifier for modifier, group in words.bare_hedges.items() for word in group}
        trailing = {fold(word): modifier for modifier, group in words.trailing_hedges.items() for word in group}
        self.trailing_hedges = trailing
        self.trailing = re.compile(f" ?({alternation(trailing)})")
        self.range_mark = re.compile(f" ?(?:{alternation(fold(w) for w in words.range_marks)}) ?")
        self.list_mark = re.compile(f" ?(?:{alternation(fold(w) for w in words.list_marks)}) ?")
        self.open_range_mark = re.compile(f" ?(?:{alternation(fold(w) for w in words.open_range_marks)}) ?")
        self.pair_mark = re.compile(f" ?(?:{alternation(fold(w) for w in words.pair_marks)}) ?")
        self.shares_out = re.compile(f"(?:{alternation(fold(w) for w in words.shares_out)})[^,。;\n]{{0,12}}$")
        self.about_again = tuple(fold(word) for word in words.equivalents if "約" in word or "约" in word)
        self.change_words = tuple(fold(word) for word in words.change_words)
        self.scale_before = tuple(fold(word) for word in words.scale_before)
        self.level = re.compile(f"(?:{alternation(fold(w) for w in words.level_words)})")
        self.counter = re.compile(f" ?(?:{alternation(fold(w) for w in words.counters)})")
        equivalents = alternation(fold(w) for w in words.equivalents)
        about = alternation(word for word, modifier in self.hedges.items() if modifier == "about")
        self.bracketed = re.compile(rf" ?[(\[（【] ?(?:{equivalents}|{about}|[:,])?(?:{equivalents}|{about})? ?")
        self.marked = re.compile(rf" ?[,，、—-]{{0,2}} ?(?:{equivalents})(?:{about})? ?")
        self.money_before = re.compile(f"(?:{alternation(fold(w) for w in words.money_before)})$")
        self.money_after = re.compile(f" ?(?:元)?(?:{self.level.pattern})?(?:{alternation(fold(w) for w in words.money_after)})")
        self.quick_after = {name[0] for name in (*self.suffix_units, *self.parts)}
        self.quick_before = {name[-1] for name in self.prefix_units}
        self.quick_hedge = {word[-1] for word in self.hedges}
        self.cues = KindCues(words, "。!?;\n", ",:、", 16)

    def _build_units(self) -> None:
        table = currency_table()
        suffix: dict[str, Unit] = {}
        prefix: dict[str, Unit] = {}
        for code, row in table.currency.items():
            unit = Unit((code,))
            for name in (code, *row.signs, *row.zh):
                suffix[fold(name)] = prefix[fold(name)] = unit
            for name in row.zh_minor:
                suffix[fold(name)] = unit._replace(per_unit=100)
        for words in table.shared:
            shared = Unit(words.currencies, words.default.get(self.language))
            for name in (*words.signs, *words.zh):
                suffix[fold(name)] = shared
            for name in (*words.signs, *(name for name in words.zh if len(name) > 1)):
                prefix[fold(name)] = shared
        self.suffix_units, self.prefix_units = suffix, prefix
        self.prefix_length = max(map(len, prefix))
        latin = [name for name in suffix if name.isascii() and name.isalpha()]
        other = [name for name in suffix if name not in latin]
        self.suffix = re.compile(f" ?({alternation(other)}|(?:{alternation(latin)})(?![A-Za-z0-9]))")
        self.followers = {fold(w): fold("".join(group)) for w, group in languages()["zh"].numbers.unit_followers.items()}
        self.bracket_unit = re.compile(rf" ?\((?:单位:)?({alternation(n for n, u in prefix.items() if u.named)})(?=[,;、)])")
        self.blockers = {fold(w): fold("".join(group)) for w, group in languages()["zh"].numbers.unit_blockers.items()}
        parts = [m for m in table.minor if m.zh]
        hanzi = "".join(self.numerals.digits)
        self.parts = {fold(name): m.per_unit or 100 for m in parts for name in m.zh}
        # 5角 and 三分钱 alone: 分 needs 钱 after it, for it counts points and minutes too.
        tenths = "".join(name for name, per_unit in self.parts.items() if per_unit == 10)
        rest = "".join(name for name, per_unit in self.parts.items() if per_unit > 10)
        self.part_alone = re.compile(rf" ?(?:([{tenths}])(?:钱|(?![\u4e00-\u9fff]))|([{rest}])钱)")
        self.part = re.compile(rf" ?([0-9]{{1,2}}|[{hanzi}十拾]{{1,3}})({alternation(self.parts)})?")

    def drafts(self, clean: CleanText) -> list[Draft]:
        """The sums of money, in order, without overlap."""
        return _Scan(self, _with_commas(clean.text)).drafts()

    def restates(self, text: str, end: int, start: int) -> bool:
        """Between two amounts: a bracket, or a word such as 约合."""
        if start - end > 12:
            return False
        between = text[end:start]
        return self.bracketed.fullmatch(between) is not None or self.marked.fullmatch(between) is not None


def _with_commas(text: str) -> str:
    """11 500.00万元: blanks between thousands are read as the commas of 11,500.00万元."""
    if _BLANK_GROUP.search(text) is None:
        return text
    return _BLANK_GROUPS.sub(lambda match: match[0].replace(" ", ","), text)


class _Scan:
    """One text from left to right."""

    def __init__(self, grammar: ChineseAmounts, text: str) -> None:
        self.grammar, self.text = grammar, text
        self.found: list[Draft] = []
        self.before: tuple[int, int] | None = None
        """The run of numerals before, which may be the lower bound of a range"""

    def drafts(self) -> list[Draft]:
        text, found, run_pattern = self.text, self.found, self.grammar.numerals.run
        at = 0
        while (run := run_pattern.search(text, at)) is not None:
            start, end = run.span()
            if not self._worth(start, end) and not (found and start - found[-1].end <= _GAP):
                self.before, at = (start, end), end
                continue
            reading = self.grammar.numerals.read(text, start, end)
            if reading is None:
                self.before, at = None, start + 1
                continue
            draft = self._draft(reading)
            if draft is None:
                self.before, at = (reading.start, reading.end), reading.end
                continue
            if found and draft.start < found[-1].end:
                found.pop()
            self._list_before(draft)
            found.append(draft)
            self.before, at = None, max(draft.end, reading.end)
        return found

    def _list_before(self, draft: Draft) -> None:
        """5亿、7亿及9亿美元: what stands before in a list shares the currency named at its end."""
        text, found, mark = self.text, self.found, self.grammar.list_mark
        if draft.unit is None:
            return
        start, earlier = draft.start, len(found)
        if self.before is not None and self.before[0] >= self.floor and mark.fullmatch(text, self.before[1], start):
            reading = self.grammar.numerals.read(text, *self.before)
            if reading is not None and reading.end == self.before[1] and reading.unit >= LARGE and not reading.round:
                first, hedge = self._hedge(reading, reading.start, self.floor)
                low, high = reading.low, reading.high if reading.high is not None else reading.low
                modifier = hedge if reading.modifier == "exact" else reading.modifier
                found.append(Draft(first, reading.end, low, high, draft.unit, modifier, reading.issues))
                start = first
        for i in range(earlier - 1, -1, -1):
            held = found[i]
            if held.unit is not None or not mark.fullmatch(text, held.end, start):
                return
            held.unit, start = draft.unit, held.start

    @property
    def floor(self) -> int:
        """Where the last amount ends: nothing before it belongs to the next."""
        return self.found[-1].end if self.found else 0

    def _worth(self, start: int, end: int) -> bool:
        """A cheap look around a run of numerals: most are no money."""
        text, quick_before = self.text, self.grammar.quick_before
        after = text[end : end + 2]
        if after and (after[0] in self.grammar.quick_after or (after[0] == " " and after[1:] in self.grammar.quick_after)):
            return True
        previous = text[start - 2 : start] if start > 1 else text[:start]
        if previous and (previous[-1] in quick_before or (previous[-1] == " " and previous[0] in quick_before)):
            return True
        run = text[start:end]
        if "亿" in run or "万" in run or "兆" in run:
            return True
        hedged = bool(previous) and previous[-1] in self.grammar.quick_hedge
        return hedged and not quick_before.isdisjoint(text[max(0, start - 6) : start])

    def _draft(self, reading: Reading) -> Draft | None:
        text = self.text
        suffix, end = self._suffix(reading)
        start, prefix, hedge = self._lead(reading, suffix)
        unit = _merge(prefix, suffix)
        continued = self._continues(reading)
        if unit is None and continued is None and not self._is_bare_money(reading, reading.start):
            return None
        if self._is_product_code(reading, start) or self._is_column_head(reading, prefix):
            return None
        low, high = reading.low, reading.high if reading.high is not None else reading.low
        if suffix is not None and suffix.per_unit > 1:
            low, high = EXACT.divide(low, Decimal(suffix.per_unit)), EXACT.divide(high, Decimal(suffix.per_unit))
        elif suffix is not None and low == high:
            parts, end = self._parts(end)
            low = high = EXACT.add(low, parts)
        unit, end = self._second_unit(unit, end)
        modifier, scaled = reading.modifier, reading.unit >= LARGE or low >= LARGE
        level = self.grammar.level.match(text, end)
        if level is not None and reading.round:
            high, modifier, end = EXACT.multiply(low, Decimal(10)), "vague", level.end()
        issues = tuple(issue for issue in reading.issues if unit is None or issue != "ambiguous_scale")
        draft = Draft(start, end, low, high, unit, modifier, issues, scaled)
        if suffix is None and text.startswith(_CUT_OFF, reading.end):
            draft.low, draft.high, draft.issues = None, None, (*issues, "cut_off")
            return draft
        if continued is not None:
            return self._range(draft, reading, continued)
        draft.start, outer = self._hedge(reading, start, self.floor)
        return self._finish(draft, outer if outer != "exact" else hedge)

    def _suffix(self, reading: Reading) -> tuple[Unit | None, int]:
        """The currency word after a number, and where it ends."""
        grammar, text = self.grammar, self.text
        match = grammar.suffix.match(text, reading.end)
        if match is None:
            part = grammar.part_alone.match(text, reading.end)
            if part is None:
                return None, reading.end
            return grammar.suffix_units["元"]._replace(per_unit=grammar.parts[part.group(1) or part.group(2)]), part.end()
        word, following = match.group(1), text[match.end() : match.end() + 1]
        if following and following in grammar.blockers.get(word, ""):
            return None, reading.end
        if _is_hanzi(following) and word in grammar.followers and following not in grammar.followers[word]:
            return None, reading.end
        return grammar.suffix_units[word], match.end()

    def _lead(self, reading: Reading, suffix: Unit | None) -> tuple[int, Unit | None, str]:
        """(start, currency before the number, hedge between the two): 港币约780亿元."""
        start, prefix = self._prefix(reading.start, self.floor)
        hedge = "exact"
        if prefix is None:
            inner, said = self._hedge(reading, reading.start, self.floor)
            if inner != reading.start:
                start, prefix = self._prefix(inner, self.floor)
                hedge = said if prefix is not None else "exact"
        counts = suffix is None and self.grammar.counter.match(self.text, reading.end) is not None
        if prefix is None or (counts and _is_hanzi(self.text[start])):  # 兰特4年: a name, and a number of years
            return reading.start, None, "exact"
        if suffix is not None and suffix.named and suffix.named not in prefix.codes:
            return reading.start, prefix, "exact"
        return start, prefix, hedge

    def _prefix(self, at: int, floor: int) -> tuple[int, Unit | None]:
        text, units = self.text, self.grammar.prefix_units
        end = at - 1 if at > floor and text[at - 1] == " " else at
        if end <= floor or text[end - 1] not in self.grammar.quick_before:
            return at, None
        for size in range(min(self.grammar.prefix_length, end - floor), 0, -1):
            word = text[end - size : end]
            unit = units.get(word)
            if unit is None:
                continue
            start = end - size
            if _is_latin(word[0]) and start and (_is_latin(text[start - 1]) or text[start - 1].isdigit()):
                return at, None
            return start, unit
        return at, None

    def _hedge(self, reading: Reading, at: int, floor: int) -> tuple[int, str]:
        """Where the hedge words before `at` start, and what they say."""
        text, grammar = self.text, self.grammar
        modifier, start = "exact", at
        while True:
            end = start - 1 if start > floor and text[start - 1] == " " else start
            word = self._hedge_word(end, floor)
            if word is None and start == reading.start and reading.round and end > floor and text[end - 1] in grammar.bare_hedges:
                word = text[end - 1]
            if word is None:
                return start, modifier
            said = grammar.hedges.get(word) or grammar.bare_hedges[word]
            if modifier == "exact" or (modifier == "about" and said in _STRONG):
                modifier = said
            start = end - len(word)

    def _hedge_word(self, end: int, floor: int) -> str | None:
        text, grammar = self.text, self.grammar
        if end <= floor or text[end - 1] not in grammar.quick_hedge:
            return None
        for size in range(min(grammar.hedge_length, end - floor), 0, -1):
            word = text[end - size : end]
            if word in grammar.hedges:
                before = text[end - size - 1 : end - size]
                return None if before and before in grammar.hedge_blockers.get(word, "") else word
        return None

    def _continues(self, reading: Reading) -> _Lower | None:
        """The lower bound before a range mark."""
        candidates = [(self.found[-1].start, self.found[-1].end)] if self.found else []
        if self.before is not None:
            candidates.append(self.before)
        for first, last in candidates:
            if last > reading.start or reading.start - last > 2 * _GAP:
                continue
            for mark, open_above in ((self.grammar.range_mark, False), (self.grammar.open_range_mark, True)):
                match = mark.match(self.text, last)
                if match is None:
                    continue
                gap = match.end()
                if gap in (reading.start, self._prefix(reading.start, gap)[0], self._hedge(reading, reading.start, gap)[0]):
                    return _Lower(first, last, open_above)
            pair = self.grammar.pair_mark.match(self.text, last)
            if pair is not None and pair.end() == reading.start and (first, last) == self.before:
                return _Lower(first, last, open_above=False, pair=True)
        return None

    def _range(self, draft: Draft, reading: Reading, lower: _Lower) -> Draft | None:
        """5至7亿美元, 5亿美元至7亿美元, $10-$20, 数十亿甚至万亿美元; when the two are no interval, the second by itself."""
        text = self.text
        alone = None
        if draft.unit is not None:
            alone = self._finish(replace(draft), self._hedge(reading, draft.start, lower.end)[1])
        joined = bool(self.found) and (self.found[-1].start, self.found[-1].end) == (lower.start, lower.end)
        run = self.grammar.numerals.run.search(text, lower.start, lower.end)
        bottom = None if run is None else self.grammar.numerals.read(text, run.start(), run.end())
        if bottom is None or draft.high is None:
            return alone
        if joined:
            start, held, low = self.found[-1].start, self.found[-1].unit, self.found[-1].low
        else:
            floor = self.floor
            prefix_start, held = self._prefix(lower.start, floor)
            start, low = self._hedge(bottom, prefix_start, floor)[0], bottom.low
        if joined and draft.unit is None and not _ends_number(text, lower.end):
            return alone  # 55元至2350: only a sign before the first bound serves the second too
        unit = _merge(held, draft.unit)
        if held is not None and draft.unit is not None and not set(held.codes) & set(draft.unit.codes):
            return alone
        if low is None or self._is_change(start, lower.end) or (not joined and bottom.end != lower.end):
            return alone
        if unit is None and not self._is_bare_money(reading, start):
            return None
        low, issues = _share_unit(low, bottom, reading, draft.high)
        if lower.pair and reading.step > 1:
            low, issues = EXACT.multiply(bottom.low, Decimal(reading.unit * reading.step)), ()  # 二、三十亿
        if not low < draft.high or _is_year(bottom, reading, low):
            return alone
        if lower.pair and not self._is_pair(bottom, low, draft.high, start):
            return alone
        if joined:
            self.found.pop()
        vague = lower.open_above or "vague" in (reading.modifier, bottom.modifier)
        done = replace(draft, start=start, low=low, unit=unit, issues=draft.issues + issues)
        done.modifier = "vague" if vague else "range"
        if lower.open_above:
            done.high = None
        return self._finish(done, "exact")

    def _is_pair(self, bottom: Reading, low: Decimal, high: Decimal, start: int) -> bool:
        """30、40亿 and 3、5亿 are stretches; 20、50亿, 10、20、30亿 and what is shared out are lists."""
        if bottom.unit > 1 or not bottom.exact or self.grammar.shares_out.search(self.text, max(0, start - 16), start):
            return False
        if start and self.text[start - 1] == "、":
            return False
        place = last_place(low)
        return high - low == place or (low == 3 * place and high == 5 * place)

    def _is_change(self, start: int, last: int) -> bool:
        """跌55元至2350元 goes down by the one, to the other."""
        mark = self.text[last : last + 2].strip(" ")[:1]
        return mark in ("至", "到") and self.text[max(0, start - 2) : start].endswith(self.grammar.change_words)

    def _finish(self, draft: Draft, hedge: str) -> Draft:
        """The hedge words after the amount, and the modifier of all of them."""
        match = self.grammar.trailing.match(self.text, draft.end)
        if match is not None:
            word, following = match.group(1), self.text[match.end() : match.end() + 1]
            if len(word) > 1 or not _is_hanzi(following):
                said = self.grammar.trailing_hedges[word]
                draft.end = match.end()
                if hedge == "exact" or (hedge == "about" and said in _STRONG):
                    hedge = said
        if hedge == "exact" and self.text.endswith(self.grammar.about_again, max(0, draft.start - 4), draft.start):
            hedge = "about"  # 约合778亿港元
        if draft.modifier == "exact":
            draft.modifier = hedge
        return draft

    def _parts(self, end: int) -> tuple[Decimal, int]:
        """123元1角1分, 三块四, 五块七毛八: tenths and hundredths after the unit."""
        total, per_unit = Decimal(0), 10
        while per_unit <= 100 and (match := self.grammar.part.match(self.text, end)) is not None:
            value = self.grammar.numerals.read(self.text, match.start(1), match.end(1))
            named = match.group(2)
            loose = named is None and (self.text[end - 1] not in "块蚊毛毫角" or _runs_on(self.text, match.end()))
            if value is None or not value.exact or loose:
                break
            if named is not None:
                per_unit = self.grammar.parts[named]
            elif self.text[match.start(1)] in "零0":
                per_unit = 100
            total, end, per_unit = EXACT.add(total, EXACT.divide(value.low, Decimal(per_unit))), match.end(), per_unit * 10
        return total, end

    def _second_unit(self, unit: Unit | None, end: int) -> tuple[Unit | None, int]:
        """8亿元人民币, 18.5亿元(人民币,下同): the name after a bare 元."""
        if unit is None or unit.named:
            return unit, end
        match = self.grammar.suffix.match(self.text, end)
        second = None if match is None or match.group(1).isascii() else self.grammar.suffix_units[match.group(1)]
        if match is not None and second is not None and (second.named in unit.codes or self._is_named_again(second, match.end())):
            return second, match.end()
        bracket = self.grammar.bracket_unit.match(self.text, end)
        second = None if bracket is None else self.grammar.prefix_units[bracket.group(1)]
        return (second if second is not None and second.named in unit.codes else unit), end

    def _is_named_again(self, second: Unit, end: int) -> bool:
        """25亿元美金, not 3亿元美元债: the currency, not the first word of what is bought."""
        return second.named is not None and not self.text.startswith(_OF_CURRENCY, end)

    def _is_bare_money(self, reading: Reading, start: int) -> bool:
        """14.8亿 with 斥资 before `start` or 收购 after it, and nothing that it counts."""
        if reading.unit < LARGE or self.grammar.counter.match(self.text, reading.end):
            return False
        start, _ = self._hedge(reading, start, self.floor)
        window = self.text[max(self.floor, start - 8) : start].rstrip(" ")
        return bool(self.grammar.money_before.search(window) or self.grammar.money_after.match(self.text, reading.end))

    def _is_column_head(self, reading: Reading, prefix: Unit | None) -> bool:
        """亿元 by itself heads a column; with a hedge, 级 or a word of money it is an amount (近亿元, 获亿元融资)."""
        if not reading.round or reading.end - reading.start > 1 or prefix is not None or self.text[reading.start] not in "万亿兆":
            return False
        start, hedge = self._hedge(reading, reading.start, self.floor)
        if hedge != "exact" or any(self.grammar.level.match(self.text, reading.end + at) for at in (0, 1)):
            return False
        return not self.text[max(self.floor, start - 4) : start].endswith(self.grammar.scale_before)

    def _is_product_code(self, reading: Reading, start: int) -> bool:
        """The digits of a code (A2021, H100) are no number, unless a currency sign stands before them."""
        if start != reading.start or not start or not self.text[start].isascii():
            return False
        return _is_latin(self.text[start - 1]) or self.text[start - 1] in ".#@_/"


def _merge(prefix: Unit | None, suffix: Unit | None) -> Unit | None:
    """港币780亿元 is in Hong Kong dollars, $100亿港元 too."""
    if prefix is None or suffix is None:
        return prefix or suffix
    return suffix if suffix.named else prefix


def _share_unit(low: Decimal, lower: Reading, upper: Reading, high: Decimal) -> tuple[Decimal, tuple[str, ...]]:
    """5至7亿 is 5亿 to 7亿; 8500到3万 is as written; 八到九百亿 may be either, which is said."""
    digit = lower.unit == 1 and lower.step == 1 and low < 10
    if lower.unit > 1 or upper.unit == 1:
        shares_step = digit and upper.step > 1 and low < high / upper.step
        return (EXACT.multiply(low, Decimal(upper.step)) if shares_step else low), ()
    shared = EXACT.multiply(low, Decimal(upper.unit))
    if not shared < high:
        return low, ()
    return shared, ("ambiguous_range",) if digit and upper.step >= 100 else ()


def _is_year(lower: Reading, upper: Reading, low: Decimal) -> bool:
    """2016 before 至5亿 shares no scale with it: a year, and no lower bound."""
    return lower.unit == 1 and upper.unit > LARGE and low == lower.low


def _ends_number(text: str, at: int) -> bool:
    return text[at - 1 : at].isdigit() or text[at - 1 : at] in "万亿兆"


def _runs_on(text: str, at: int) -> bool:
    """A numeral or a counter follows, so what was read is no fraction of a unit."""
    following = text[at : at + 1]
    return following.isdigit() or (_is_hanzi(following) and following not in "到至和及与的")


def _is_hanzi(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
