"""Sums of money in Arabic text, on folded letters: 10 مليارات دولار, ما بين 5 و7 مليارات, ملياري درهم إماراتي, 500 مليون د.إ."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from corpus.currency_table import currency_table
from corpus.language_table import languages
from extractors.alternation import alternation
from extractors.amounts import Draft, KindCues, Unit
from extractors.gated import Gated
from extractors.normalize import CleanText, fold
from extractors.numerals import EXACT, Reading
from extractors.numerals_ar import MAX_WORDS, ArabicNumerals, Token, tokens
from extractors.numerals_zh import LATIN_SCALES

# How far around a currency word its number may stand, in characters.
REACH_BEFORE, REACH_AFTER = 160, 80
_ARTICLES = ("", "ال", "ب", "ل", "بال", "لل", "و", "وال")
_WORD = re.compile(r"[^\W\d_]++")
_JOINED = "وبل"
_FEMININE = ("", "ه", "ا", "ين", "ان", "ات", "يه")


class _Anchor(NamedTuple):
    """A currency name or sign of folded text; `outer` is where the word starts that it is written in."""

    outer: int
    start: int
    end: int
    word: bool


class ArabicAmounts:
    """The grammar, built from `currencies.toml` and [numbers] of `ar.toml`."""

    def __init__(self) -> None:
        self.numerals = ArabicNumerals()
        words = languages()["ar"].numbers
        self._build_units()
        hedges = {fold(word): modifier for modifier, group in words.hedges.items() for word in group}
        self.hedges = {tuple(word.split()): modifier for word, modifier in hedges.items()}
        trailing = words.trailing_hedges.items()
        self.trailing = {tuple(fold(word).split()): modifier for modifier, group in trailing for word in group}
        self.longest_hedge = max(map(len, self.hedges))
        self.range_marks = {fold(word) for word in words.range_marks}
        self.between = {tuple(fold(word).split()) for word in words.between}
        equivalents = alternation(fold(word) for word in words.equivalents)
        about = alternation(word for word, modifier in hedges.items() if modifier == "about")
        self.bracketed = re.compile(rf" ?[(\[] ?(?:(?:{equivalents}|{about}) ?){{0,2}}")
        self.marked = re.compile(rf" ?[,-]{{0,2}} ?(?:{equivalents}) (?:(?:{about}) ?)?")
        self.cues = KindCues(words, "!?;\n", ",:", 32)

    def _build_units(self) -> None:
        table = currency_table()
        forms: dict[str, list[Unit]] = {}
        self.spelled: dict[str, str] = {}  # the unfolded name of abbreviations that fold to the same letters (د.إ, د.أ)

        def add(form: str, unit: Unit) -> None:
            held = forms.setdefault(form, [])
            if unit not in held:
                held.append(unit)

        owners = {name: tuple(c for c, row in table.currency.items() if row.unit == name) for name in table.unit}
        for name, noun in table.unit.items():
            shared = Unit(owners[name], noun.default)
            for times, group in ((1, noun.one), (2, noun.two)):
                for form in group:
                    for article in _ARTICLES[:2]:
                        add(article + fold(form), shared._replace(times=times))
        for code, row in table.currency.items():
            unit = Unit((code,))
            for name in (code, *row.signs):
                add(fold(name), unit)
            for name in row.ar:
                add(fold(name), unit)
                self.spelled[name] = code
            for form, times in self._unit_forms(row.unit):
                for adjective in row.adjectives:
                    for ending in _FEMININE:
                        add(f"{form} {fold(adjective)}{ending}", unit._replace(times=times))
                        add(f"ال{form} ال{fold(adjective)}{ending}", unit._replace(times=times))
        for shared_word in table.shared:
            for sign in shared_word.signs:
                add(fold(sign), Unit(shared_word.currencies, shared_word.default.get("ar")))
        for minor in table.minor:
            for form in minor.ar:
                codes = (minor.alone,) if minor.alone else ()
                add(fold(form), Unit(codes, None, minor.per_unit or 0))
        self.units = {form: self._unite(units) for form, units in forms.items()}
        self.heads: dict[str, list[str]] = {}  # first word -> the names that begin with it, longest first
        for form in sorted(self.units, key=len, reverse=True):
            if (head := _WORD.match(form)) is not None and len(head.group()) > 1:
                self.heads.setdefault(head.group(), []).append(form)
        self.openers = {clitic + head for head in self.heads for clitic in ("", *_JOINED)}
        signs = [form for form in self.units if (head := _WORD.match(form)) is None or len(head.group()) == 1]
        self.sign = Gated(rf"(?<![^\W\d_])(?:{alternation(signs)})(?![^\W\d_])|[{''.join(s for s in signs if len(s) == 1)}]")

    @staticmethod
    def _unit_forms(unit: str | None) -> list[tuple[str, int]]:
        if unit is None:
            return []
        noun = currency_table().unit[unit]
        return [(fold(form), times) for times, group in ((1, noun.one), (2, noun.two)) for form in group]

    @staticmethod
    def _unite(units: Sequence[Unit]) -> Unit:
        if len(units) == 1:
            return units[0]
        codes = tuple(dict.fromkeys(code for unit in units for code in unit.codes))
        return Unit(codes, next((unit.default for unit in units if unit.default), None), units[0].per_unit, units[0].times)

    def drafts(self, clean: CleanText) -> list[Draft]:
        """The sums of money, in order, without overlap."""
        return _Scan(self, clean).drafts()

    def anchors(self, text: str) -> list[_Anchor]:
        """Every currency word and sign, in order. Words are looked up one by one: far cheaper than a pattern of all names."""
        anchors = []
        for word in self.openers.intersection(_WORD.findall(text)):
            for start in _places(text, word):
                anchor = self.named(text, start, word)
                if anchor is not None:
                    anchors.append(anchor)
        anchors += [_Anchor(m.start(), m.start(), m.end(), False) for m in self.sign.finditer(text)]
        anchors.sort()
        return anchors

    def named(self, text: str, outer: int, word: str) -> _Anchor | None:
        """The longest name at a word, which may have و, ب or ل written together with it."""
        for start in (outer, outer + 1):
            for form in self.heads.get(word[start - outer :], ()):
                if text.startswith(form, start) and not text[start + len(form) : start + len(form) + 1].isalpha():
                    return _Anchor(outer, start, start + len(form), "\u0600" <= form[0] <= "\u06ff")
        return None

    def restates(self, text: str, end: int, start: int) -> bool:
        """Between two amounts: a bracket, or words such as أي ما يعادل."""
        if start - end > 30:
            return False
        between = text[end:start]
        return self.bracketed.fullmatch(between) is not None or self.marked.fullmatch(between) is not None


def _places(text: str, word: str) -> Iterator[int]:
    """Where a word of letters stands as a whole."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()):
            yield start
        start = text.find(word, end)


class _Scan:
    """One text, from currency word to currency word."""

    def __init__(self, grammar: ArabicAmounts, clean: CleanText) -> None:
        self.grammar, self.numerals, self.clean, self.text = grammar, grammar.numerals, clean, clean.text
        self.found: list[Draft] = []

    def drafts(self) -> list[Draft]:
        found, done = self.found, 0
        for anchor in self.grammar.anchors(self.text):
            if anchor.outer < done:
                continue
            draft = self._draft(anchor)
            if draft is None:
                continue
            while found and found[-1].end > draft.start:
                found.pop()
            found.append(draft)
            done = draft.end
        return found

    def _draft(self, anchor: _Anchor) -> Draft | None:
        text, start = self.text, anchor.start
        if not anchor.word and not any(map(str.isalnum, text[max(0, start - 2) : start] + text[anchor.end : anchor.end + 2])):
            return None
        unit = self._spelled_unit(anchor)
        first = max(0, start - REACH_BEFORE)
        ahead = tokens(text, max(first, text.rfind("\n", first, start) + 1), start)
        if not anchor.word and (after := self._number_after(anchor.end)) is not None:
            return self._prefixed(start, after, unit, ahead)
        return self._suffixed(anchor, unit, ahead)

    def _spelled_unit(self, anchor: _Anchor) -> Unit:
        """د.إ and د.أ are one word when folded, and two as published."""
        unit = self.grammar.units[self.text[anchor.start : anchor.end]]
        if unit.named or unit.default:
            return unit
        code = self.grammar.spelled.get(self.clean.slice(anchor.start, anchor.end))
        return Unit((code,)) if code is not None and code in unit.codes else unit

    def _number_after(self, end: int) -> Reading | None:
        """The number right after a sign or code: $1.5 billion, USD 10 مليون."""
        text = self.text
        after = end + 1 if text[end : end + 1] == " " else end
        if not text[after : after + 1].isdigit():
            return None
        line = text.find("\n", after, after + REACH_AFTER)
        found = tokens(text, after, line if line >= 0 else min(len(text), after + REACH_AFTER))
        reading, index = self.numerals.read(found, 0)
        return None if reading is None else _latin_scale(found, index, reading)

    def _prefixed(self, start: int, reading: Reading, unit: Unit, ahead: Sequence[Token]) -> Draft | None:
        text, grammar = self.text, self.grammar
        draft = _draft_of(reading, start, reading.end, unit)
        at = reading.end + (text[reading.end : reading.end + 1] == " ")
        word = _WORD.match(text, at)
        following = None if word is None else grammar.named(text, at, word.group())
        if following is not None and (second := grammar.units[text[following.start : following.end]]).per_unit == 1:
            named = second.named or second.default
            if named is not None and named in unit.codes:
                draft.end, draft.unit = following.end, second
        self._hedge(draft, ahead)
        return self._joined(draft)

    def _suffixed(self, anchor: _Anchor, unit: Unit, ahead: list[Token]) -> Draft | None:
        start, end = anchor.start, anchor.end
        if anchor.outer < start:
            ahead = [token for token in ahead if token.start < anchor.outer]
            if self.text[anchor.outer] != _AND:
                return None  # بالدولار: the currency something is counted in
        single = unit._replace(times=1)
        if unit.times == 2 and not (ahead and (ahead[-1].numeric or ahead[-1].text in self.numerals.words)):
            draft = Draft(start, end, Decimal(2), Decimal(2), single, scaled=False)
            self._hedge(draft, ahead)
            return draft
        reading, index = self._number_before(ahead)
        if reading is None:
            return None
        draft = _draft_of(reading, reading.start, end, single)
        if unit.per_unit != 1:
            return self._minor(draft, reading, unit, ahead[:index])
        interval = self._between(ahead, index, reading) or self._marked_range(ahead, index, reading)
        if interval is not None:
            return self._interval(*interval, draft)
        joined = self._joined(draft)
        if joined is not draft:
            return joined
        self._add_half(draft, reading)
        self._hedge(draft, ahead[:index])
        return self._finish(draft)

    def _add_half(self, draft: Draft, reading: Reading) -> None:
        """مليون دولار ونصف: the half is of the scale before the currency; in "ونصف مليون درهم" it begins another sum."""
        following = tokens(self.text, draft.end, min(len(self.text), draft.end + 30))[:2]
        half = self.numerals.words.get(following[0].text) if following else None
        if half is None or half.sort != "fraction" or not half.conjunction or reading.unit == 1 or not reading.exact:
            return
        scale = following[1].text if len(following) > 1 else ""
        if scale in self.numerals.scale_forms:
            return
        draft.low = draft.high = EXACT.add(reading.low, EXACT.multiply(half.low, Decimal(reading.unit)))
        draft.end = following[0].end
        if self.numerals.scale_forms.get(self.numerals.stem(scale)) == reading.unit:
            draft.end = following[1].end

    def _number_before(self, ahead: Sequence[Token]) -> tuple[Reading | None, int]:
        """The number right before a currency word ("من" and brackets may stand between), and the index of its first token."""
        last, floor = len(ahead), self.found[-1].end if self.found else 0
        while last and (ahead[last - 1].text in _LINKS or ahead[last - 1].text in '()«»"-'):
            last -= 1
            if len(ahead) - last > 2:
                return None, 0
        index = 0
        while index < last:
            token = ahead[index]
            if token.start < floor or not (token.numeric or token.text in self.numerals.words or token.text == "("):
                index += 1
                continue
            if index and _YEAR.fullmatch(token.text) and ahead[index - 1].text in _before_years():
                index += 1  # في أبريل 2024 مليارا ونصف المليار
                continue
            reading, after = self.numerals.read(ahead, index, min(last, index + MAX_WORDS))
            if reading is None:
                index += 1
                continue
            if after == last:
                return reading, index
            latin = _latin_scale(ahead[:last], after, reading)
            if latin is not reading and after + 1 == last:
                return latin, index
            index = after
        return None, 0

    def _minor(self, draft: Draft, reading: Reading, unit: Unit, ahead: Sequence[Token]) -> Draft | None:
        """43 سنت: added to the amount before it (20 دولار و43 سنت), or an amount of its own."""
        if not reading.exact:
            return None
        host = self.found[-1] if self.found else None
        beside = host is not None and self.text[host.end : draft.start].strip(" ") in ("", _AND)
        if beside and host is not None and host.low is not None and host.low == host.high:
            low = EXACT.add(host.low, EXACT.divide(reading.low, Decimal(unit.per_unit or _per_unit(host.unit))))
            return replace(host, end=draft.end, low=low, high=low)
        if not unit.codes:
            return None
        draft.low = draft.high = EXACT.divide(reading.low, Decimal(unit.per_unit))
        draft.unit = Unit(unit.codes)
        draft.issues += ("currency_assumed",)
        self._hedge(draft, ahead)
        return draft

    def _between(self, ahead: Sequence[Token], index: int, reading: Reading) -> tuple[Reading, Reading, bool] | None:
        """بين 5 و7 مليارات: the words of one sum are two numbers after all, or the grammar stopped at the و."""
        if self._opens(ahead, index):
            last = next((i for i in range(len(ahead), 0, -1) if ahead[i - 1].end <= reading.end), 0)
            for split in range(last - 1, index, -1):
                halves = self._halves(ahead, index, split, last)
                if halves is not None:
                    return (*halves, True)
        if not index or not (ahead[index - 1].text == _AND or ahead[index].text.startswith(_AND)):
            return None
        stop = index - 1 if ahead[index - 1].text == _AND else index
        return self._lower(ahead, stop, reading, opened=True)

    def _halves(self, ahead: Sequence[Token], index: int, split: int, last: int) -> tuple[Reading, Reading] | None:
        word = ahead[split].text
        begins = self.numerals.words.get(word)
        if word != _AND and (begins is None or not begins.conjunction):
            return None
        lower, after = self.numerals.read(ahead, index, split)
        upper, end = self.numerals.read(ahead, split + 1 if word == _AND else split, last)
        if lower is None or after != split or upper is None or end != last:
            return None
        return (lower, upper) if _is_interval(lower, upper) else None

    def _marked_range(self, ahead: Sequence[Token], index: int, reading: Reading) -> tuple[Reading, Reading, bool] | None:
        """5 إلى 7 مليارات, 5-7 مليارات, من عشرة لعشرين."""
        if not index:
            return None
        if ahead[index - 1].text in self.grammar.range_marks:
            return self._lower(ahead, index - 1, reading, opened=False)
        return self._lower(ahead, index, reading, opened=False) if ahead[index].text.startswith("ل") else None

    def _lower(self, ahead: Sequence[Token], stop: int, reading: Reading, opened: bool) -> tuple[Reading, Reading, bool] | None:
        """The lower bound that ends before token `stop`, with or without its currency; `opened`: only after بين."""
        for first in range(max(0, stop - 8), stop):
            token = ahead[first]
            opener = self._opens(ahead, first)
            if (opened and not opener) or not (token.numeric or token.text in self.numerals.words):
                continue
            lower, after = self.numerals.read(ahead, first, stop)
            between = " ".join(token.text for token in ahead[after:stop])
            if lower is not None and (not between or between in self.grammar.units) and _is_interval(lower, reading):
                return lower, reading, opener
        return None

    def _opens(self, ahead: Sequence[Token], index: int) -> bool:
        """بين or من right before token `index`."""
        words = [token.text for token in ahead[max(0, index - 2) : index]]
        return any(tuple(words[at:]) in self.grammar.between for at in range(len(words)))

    def _interval(self, lower: Reading, upper: Reading, opened: bool, draft: Draft) -> Draft:
        low = _shared_low(lower, upper)
        draft.start, draft.low, draft.high = lower.start, low, upper.high
        draft.modifier = "vague" if "vague" in (lower.modifier, upper.modifier) else "range"
        issues = (*lower.issues, *upper.issues)
        if not opened and upper.unit == 1 and "mirrored_digits" in issues:
            issues += ("ambiguous_range",)  # 92 . 0 إلى 11 درهما: often a change by the one, to the other
        draft.issues = tuple(dict.fromkeys(issues))
        return draft

    def _joined(self, draft: Draft) -> Draft:
        """10$-20$, من 5 ملايين دولار إلى 7 ملايين دولار: the amount before is the lower bound."""
        if not self.found or draft.high is None:
            return draft
        lower = self.found[-1]
        gap = self.text[lower.end : draft.start].strip(" ")
        if gap not in self.grammar.range_marks or gap == _UNTIL:
            return draft
        if lower.low is None or lower.low != lower.high or not lower.low < draft.high:
            return draft
        if lower.unit is not None and draft.unit is not None and not set(lower.unit.codes) & set(draft.unit.codes):
            return draft
        unit = draft.unit if draft.unit and draft.unit.named else lower.unit
        issues = tuple(dict.fromkeys((*lower.issues, *draft.issues)))
        return replace(draft, start=lower.start, low=lower.low, unit=unit, modifier="range", issues=issues)

    def _hedge(self, draft: Draft, ahead: Sequence[Token]) -> None:
        """What the words before say; they are no part of the span."""
        for size in range(min(self.grammar.longest_hedge, len(ahead)), 0, -1):
            said = self._said(tuple(token.text for token in ahead[-size:]))
            if said is not None:
                if draft.modifier == "exact":
                    draft.modifier = said
                return

    def _said(self, words: tuple[str, ...]) -> str | None:
        hedges = self.grammar.hedges
        if (said := hedges.get(words)) is not None:
            return said
        for prefix in ("وب", "و", "ب", "ل", "ف", "س"):
            if words[0].startswith(prefix) and (said := hedges.get((words[0][len(prefix) :], *words[1:]))) is not None:
                return said
        return None

    def _finish(self, draft: Draft) -> Draft:
        if draft.modifier == "exact":
            following = [token.text for token in tokens(self.text, draft.end, min(len(self.text), draft.end + 24))]
            for words, modifier in self.grammar.trailing.items():
                if tuple(following[: len(words)]) == words:
                    draft.modifier = modifier
                    break
        return draft


_YEAR = re.compile(r"(?:19|20)\d\d")


@functools.cache
def _before_years() -> frozenset[str]:
    """Last words of the names of months, and عام: a number of four digits after one is a year, not a count of billions."""
    return frozenset(fold(month).split()[-1] for month in languages()["ar"].dates.months) | {"عام", "سنه"}


def _latin_scale(found: Sequence[Token], index: int, reading: Reading) -> Reading:
    """1.5 billion, 5B."""
    word = found[index].text.lower() if index < len(found) else ""
    scale = LATIN_SCALES.get(word)
    if scale is None or reading.unit > 1 or reading.high is None or (len(word) == 1 and found[index].start != reading.end):
        return reading
    low, high = EXACT.multiply(reading.low, Decimal(scale)), EXACT.multiply(reading.high, Decimal(scale))
    return reading._replace(end=found[index].end, low=low, high=high, unit=scale)


def _draft_of(reading: Reading, start: int, end: int, unit: Unit) -> Draft:
    low = None if reading.high is None else reading.low
    exponent = reading.low.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return Draft(start, end, low, reading.high, unit, reading.modifier, reading.issues, reading.unit > 1, decimals)


def _per_unit(unit: Unit | None) -> int:
    table = currency_table().currency
    digits = max((table[code].minor_units for code in (unit.codes if unit else ())), default=2)
    return int(10**digits)


def _shared_low(lower: Reading, upper: Reading) -> Decimal:
    """5 إلى 7 مليارات: the lower bound shares the scale, when it has none of its own."""
    if lower.unit == 1 and upper.unit > 1 and upper.high is not None:
        shared = EXACT.multiply(lower.low, Decimal(upper.unit))
        if shared < upper.high:
            return shared
    return lower.low


def _is_interval(lower: Reading, upper: Reading) -> bool:
    """Whether the two may be one interval: 2016 إلى أربعة مليارات is a year and a sum."""
    if lower.high is None or upper.high is None:
        return False
    low = _shared_low(lower, upper)
    return low < upper.high and (lower.unit > 1 or upper.unit == 1 or low != lower.low)


_AND = "و"
_UNTIL = fold("حتى")
_LINKS = {"من"}
