"""Sums of money in running text, with value or bounds, currency, what they are of, and the span that says so.

`amounts_zh` and `amounts_ar` find drafts on folded text by the tables of `corpus`; here a draft gets its currency, its kind and
its place in the text as published.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple, Protocol

from corpus.currency_table import currencies, currency_table, region_currencies
from corpus.language_table import NumberWords
from extractors.alternation import alternation
from extractors.gated import Gated
from extractors.normalize import CleanText, fold
from extractors.numerals import UNSURE, stands_alone, tidy
from models.mention import Amount

NEAR = Decimal("0.03")
CLAUSE = 110
"""How far before an amount its sentence is looked at, in characters"""
SMALL = 10_000
"""Below this, without a scale word, a sum is a price and no deal"""
_SAME = "same"
_SAME_BELOW = "下同"
_AGREED_BEFORE = 30
"""Characters: the agreement stands beside the first sum that it is of"""
_OPEN = {"deal", "unknown"}
_STOP = re.compile(r"[。!?;\n]")
# A cue before another number belongs to that one.
_NUMBER_NEXT = re.compile(r"[约近超达为逾至 ]{0,2}[0-9]")


class Unit(NamedTuple):
    """What a currency word says: one code, or the several that share it."""

    codes: tuple[str, ...]
    default: str | None = None
    """Among several, when nothing else decides"""
    per_unit: int = 1
    """How many of it make one of the currency: 100 for the cent"""
    times: int = 1
    """2 for an Arabic dual, which says its number itself"""

    @property
    def named(self) -> str | None:
        """The code, when the word names one."""
        codes = self.codes
        return codes[0] if len(codes) == 1 else None


@dataclass(slots=True)
class Draft:
    """An amount on folded text, before its currency is resolved."""

    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    """Equal bounds are a value; both None: the digits have no certain reading"""
    unit: Unit | None
    modifier: str = "exact"
    issues: tuple[str, ...] = ()
    scaled: bool = True
    """Written with a scale word, so that digits after a point cannot be thousands"""
    decimals: int = 0


class KindCues:
    """What a sum is of, by the words around it.

    A word right after the amount decides; else the last cue before it between the same commas (one more than `far` characters
    away yields to a word of a deal there); else, as in a list or a comparison, the kind of the amount before it in the sentence;
    else the last cue of the sentence.
    """

    def __init__(self, words: NumberWords, stops: str, commas: str, far: int) -> None:
        before = {fold(word): kind for kind, cues in words.kinds.items() for word in cues.before}
        before |= {fold(word): _SAME for word in words.same_kind}
        after = {fold(word): kind for kind, cues in words.kinds.items() for word in cues.after}
        after |= {fold(word): "price" for word in words.per_share}
        self.before_kinds, self.after_kinds = before, after
        payment = f"(?:{alternation(map(fold, words.payment_words))})?"
        self.before, self.after = _cue_pattern(before), _cue_pattern(after, f"的?{payment}(?:溢价[0-9.]{{1,6}}%)?")
        self.near = _cue_pattern(after, "的?[^\\W\\d_]{0,6}?")  # 380亿美元算力大单
        self.small = _cue_pattern([fold(word) for word in words.small_prices]) if words.small_prices else None
        self.stops, self.commas, self.far = stops, commas, far

    def kinds(self, text: str, drafts: Sequence[Draft], ends: Sequence[int]) -> list[str]:
        """A kind of `models.mention.Amount` for each draft, "unknown" without any cue; the text goes on after it at `ends`."""
        kinds: list[str] = []
        previous: Draft | None = None
        for draft, end in zip(drafts, ends, strict=True):
            clause = self._clause(text, draft.start)
            inherited = None
            if previous is not None and draft.start - previous.end < len(clause):
                same_size = kinds[-1] != "price" or draft.scaled == previous.scaled
                inherited = kinds[-1] if same_size else None
            kind = self._after(self.after, text, end)
            if kind is None and self._is_small_price(clause, draft):
                kind = "price"
            if kind is None:
                cues = self._cues(clause)
                comma = max(clause.rfind(char) for char in self.commas)
                kind = self._within([cue for cue in cues if cue[0] > comma], len(clause), inherited)
                kind = kind or self._after(self.near, text, end) or inherited or _last(cues)
            kinds.append("price" if kind in _OPEN and self._is_small(draft) else kind)
            previous = draft
        return kinds

    def _after(self, pattern: re.Pattern[str], text: str, end: int) -> str | None:
        following = pattern.match(text, end)
        if following is None or _NUMBER_NEXT.match(text, following.end()):
            return None
        kind = self.after_kinds[following.group(1)]
        return None if kind == "unknown" else kind

    def _within(self, cues: list[tuple[int, str]], length: int, inherited: str | None) -> str | None:
        """By the words before the amount, between the same commas."""
        if not cues:
            return None
        at, kind = cues[-1]
        if length - at > self.far and any(other == "deal" for _, other in cues):
            return "deal"
        return kind if kind != _SAME else inherited or _last(cues)

    def _cues(self, clause: str) -> list[tuple[int, str]]:
        cues = []
        for match in self.before.finditer(clause):
            kind = self.before_kinds[match.group(1)]
            counted = match.group().startswith(" ") and clause[match.start() - 1 : match.start()].isdigit()  # 12 صفقة
            if kind != "unknown" and not counted:
                cues.append((match.end(), kind))
        return cues

    def _is_small_price(self, clause: str, draft: Draft) -> bool:
        return self.small is not None and self._is_small(draft) and self.small.search(clause) is not None

    @staticmethod
    def _is_small(draft: Draft) -> bool:
        return not draft.scaled and draft.low is not None and draft.low < SMALL

    def _clause(self, text: str, start: int) -> str:
        window = text[max(0, start - CLAUSE) : start]
        return window[max(window.rfind(char) for char in self.stops) + 1 :]


def _last(cues: Sequence[tuple[int, str]]) -> str:
    return next((kind for _, kind in reversed(cues) if kind != _SAME), "unknown")


def _cue_pattern(words: Iterable[str], particle: str = "") -> re.Pattern[str]:
    """Cues as a pattern whose first group is the cue: whole words in Arabic, with what is written together with them."""
    listed = list(words)
    if any("\u0600" <= word[0] <= "\u06ff" for word in listed):
        return re.compile(rf" ?(?<![^\W\d_])[وبلفك]{{0,2}}?({alternation(listed)})(?!\w)")
    return re.compile(f"{particle}({alternation(listed)})")


class Drafter(Protocol):
    """What a language brings."""

    def drafts(self, clean: CleanText) -> list[Draft]:
        """The sums of money of folded text, in order, without overlap."""
        ...

    @property
    def cues(self) -> KindCues:
        """The words that say what a sum is of."""
        ...

    def restates(self, text: str, end: int, start: int) -> bool:
        """Whether what stands between two amounts says that the second restates the first."""
        ...


@functools.cache
def drafter(language: str) -> Drafter:
    """The grammar of "zh-Hant", "zh-Hans" or "ar"."""
    if language == "ar":
        from extractors.amounts_ar import ArabicAmounts  # noqa: PLC0415 - the grammars import this module

        return ArabicAmounts()
    from extractors.amounts_zh import ChineseAmounts  # noqa: PLC0415

    return ChineseAmounts(language)


def find_amounts(clean: CleanText, language: str, region: str | None = None) -> list[Amount]:
    """Every sum of money of a text, in order. `region` (ISO 3166, of the source) decides words that several currencies share.

    >>> from extractors.normalize import normalize
    >>> clean = normalize("獲近5億元融資，估值約100億美元(約港幣780億元)")
    >>> for a in find_amounts(clean, "zh-Hant", "TW"):
    ...     print(a.text, a.value, a.currency, a.modifier, a.kind, a.currency_inferred)
    近5億元 500000000 TWD about deal True
    約100億美元 10000000000 USD about valuation False
    約港幣780億元 78000000000 HKD about valuation False
    """
    grammar = drafter(language)
    drafts = [draft for draft in grammar.drafts(clean) if stands_alone(clean, draft.start, draft.end)]
    if not drafts:
        return []
    resolve = _Resolver(clean.text, language, region)
    text = clean.text
    restated = [grammar.restates(text, a.end, b.start) for a, b in itertools.pairwise(drafts)]
    ends = [draft.end for draft in drafts]
    for i, again in enumerate(restated):  # 20億美元(約港幣156億元)收購: the word after the bracket is said of the first
        if again:
            ends[i] = ends[i + 1] + (text[ends[i + 1] : ends[i + 1] + 1] == ")")
    kinds = grammar.cues.kinds(text, drafts, ends)
    amounts = [_amount(clean, draft, kind, resolve) for draft, kind in zip(drafts, kinds, strict=True)]
    amounts = _doubt_bare(text, drafts, _named_elsewhere(drafts, amounts))
    linked = _link_equivalents(amounts, restated)
    if _DECIMAL_COMMA.search(text):  # 188,4 elsewhere: 2,058 مليار is decimal, too
        linked = [_read_as(amount, 1000) if draft.scaled else amount for draft, amount in zip(drafts, linked, strict=True)]
    return [replace(amount, value=None) if UNSURE in amount.issues else amount for amount in linked]


def _amount(clean: CleanText, draft: Draft, kind: str, resolve: _Resolver) -> Amount:
    currency, evidence, currency_issues = resolve(draft.unit, draft.start)
    start, end = clean.raw_span(draft.start, draft.end)
    low, high, modifier = draft.low, draft.high, draft.modifier
    issues = draft.issues + currency_issues
    if UNSURE in issues and not draft.scaled:
        minor_units = currencies()[currency].minor_units if currency else 2
        if minor_units == draft.decimals:
            issues = tuple(issue for issue in issues if issue != UNSURE)
        else:
            low = high = None
    value = None
    if low is not None and low == high:
        value, low, high = tidy(low), None, None
    return Amount(
        start, end, clean.raw[start:end], value, None if low is None else tidy(low), None if high is None else tidy(high),
        currency, evidence != "text", evidence, modifier, kind, issues=issues,
    )  # fmt: skip


def _named_elsewhere(drafts: list[Draft], amounts: list[Amount]) -> list[Amount]:
    """A headline's 1000億 without any currency word is in the one in which the text tells the same sum."""
    if all(draft.unit is not None for draft in drafts):
        return amounts
    named: dict[tuple[Decimal | None, Decimal | None, Decimal | None], set[str]] = {}
    for amount in amounts:
        if amount.currency and amount.currency_evidence == "text":
            named.setdefault((amount.value, amount.low, amount.high), set()).add(amount.currency)
    for i, (draft, amount) in enumerate(zip(drafts, amounts, strict=True)):
        codes = named.get((amount.value, amount.low, amount.high), set()) if draft.unit is None else set()
        if len(codes) == 1:
            amounts[i] = replace(amount, currency=next(iter(codes)), currency_evidence="article")
    return amounts


def _doubt_bare(text: str, drafts: list[Draft], amounts: list[Amount]) -> list[Amount]:
    """A number without any currency word, after an amount in a foreign one in the same sentence, may be in that one too."""
    for i in range(1, len(drafts)):
        if drafts[i].unit is not None or _STOP.search(text, drafts[i - 1].end, drafts[i].start):
            continue
        if amounts[i - 1].currency not in (None, amounts[i].currency):
            amounts[i] = replace(amounts[i], issues=(*amounts[i].issues, "currency_ambiguous"))
    return amounts


def _link_equivalents(amounts: list[Amount], restated: list[bool]) -> list[Amount]:
    """100億美元(約港幣780億元): the first carries the second, which says that it restates."""
    for i in range(1, len(amounts)):
        first, second = amounts[i - 1], amounts[i]
        if first.is_equivalent and i > 1 and amounts[i - 2].equivalent is not None:
            continue
        differ = first.currency != second.currency or first.currency is None
        if differ and restated[i - 1]:
            kind = first.kind if first.kind != "unknown" else second.kind
            first, second = _settle(first, second)
            amounts[i] = replace(second, is_equivalent=True, kind=kind)
            amounts[i - 1] = replace(first, equivalent=amounts[i])
    return amounts


_DECIMAL_COMMA = re.compile(r"\d(?<![\d,.]\d)\d{0,2},\d{1,2}(?![\d,])")


def _settle(first: Amount, second: Amount) -> tuple[Amount, Amount]:
    """Where a comma may be thousands or decimals, the fixed rate of a pegged currency decides between the two readings."""
    pegs = [_usd_peg(amount.currency) for amount in (first, second)]
    if first.value is None or second.value is None or None in pegs or UNSURE not in first.issues + second.issues:
        return first, second
    for first_by in (1, 1000) if UNSURE in first.issues else (1,):
        for second_by in (1, 1000) if UNSURE in second.issues else (1,):
            left, right = first.value / first_by / (pegs[0] or 1), second.value / second_by / (pegs[1] or 1)
            if right and abs(left / right - 1) < NEAR:
                return _read_as(first, first_by), _read_as(second, second_by)
    return first, second


def _read_as(amount: Amount, by: int) -> Amount:
    if UNSURE not in amount.issues or amount.value is None:
        return amount
    return replace(amount, value=tidy(amount.value / by), issues=tuple(issue for issue in amount.issues if issue != UNSURE))


def _usd_peg(code: str | None) -> Decimal | None:
    if code == "USD":
        return Decimal(1)
    return currencies()[code].usd_peg if code else None


class _Resolver:
    """Which currency a shared word means in this text."""

    def __init__(self, text: str, language: str, region: str | None) -> None:
        self.text, self.language = text, language
        self.regional = None if region is None else region_currencies().get(region.upper())
        self.known: dict[Unit, tuple[str | None, str, tuple[str, ...]]] = {}
        self.agreed = _agreed(text)

    def __call__(self, unit: Unit | None, at: int) -> tuple[str | None, str, tuple[str, ...]]:
        """(code, evidence, issues) of a currency word at `at`; no word at all is the currency of the region."""
        if self.agreed is not None and at > self.agreed[0] and (unit is None or self.agreed[1] in unit.codes):
            return self.agreed[1], "text" if unit is not None and unit.named else "article", ()
        if unit is None:
            return self._unnamed()
        if unit.named is not None:
            return unit.named, "text", ()
        if unit not in self.known:
            self.known[unit] = self._shared(unit)
        return self.known[unit]

    def _unnamed(self) -> tuple[str | None, str, tuple[str, ...]]:
        if self.regional is not None:
            return self.regional, "region", ()
        if self.language == "zh-Hans":
            return "CNY", "none", ("currency_assumed",)
        return None, "none", ("currency_unknown",)

    def _shared(self, unit: Unit) -> tuple[str | None, str, tuple[str, ...]]:
        if self.regional in unit.codes:
            strangers = self.language == "ar" and len(self._mentioned(unit)) == 1 and not self._mentions(self.regional)
            return self.regional, "region", ("currency_ambiguous",) if strangers else ()
        if unit.default is not None:
            return (unit.default, "text", ()) if self.language == "ar" else (unit.default, "none", ("currency_assumed",))
        mentioned = self._mentioned(unit)
        return (mentioned[0], "article", ()) if len(mentioned) == 1 else (None, "none", ("currency_ambiguous",))

    def _mentioned(self, unit: Unit) -> list[str]:
        """Codes of the unit whose countries, other than the source's own, the text speaks of."""
        return [code for code in unit.codes if code != self.regional and self._mentions(code)]

    def _mentions(self, code: str) -> bool:
        return _mention_patterns()[code].search(self.text) is not None


def _agreed(text: str) -> tuple[int, str] | None:
    """(人民币,下同): from a little before it, the currency of every sum that only says 元, as (position, code)."""
    if _SAME_BELOW not in text:
        return None
    match = _agreements().search(text)
    return None if match is None else (max(0, match.start() - _AGREED_BEFORE), _named()[match.group(1)])


@functools.cache
def _named() -> dict[str, str]:
    return {fold(name): code for code, row in currencies().items() for name in row.zh}


@functools.cache
def _agreements() -> re.Pattern[str]:
    return re.compile(rf"({alternation(_named())})[,;、)( ]{{0,3}}(?:以?{_SAME_BELOW})")


@functools.cache
def _mention_patterns() -> dict[str, Gated]:
    """Country words of each currency, and its adjectives; Arabic ones as whole words, with what is written together with them."""
    patterns = {}
    for code, row in currency_table().currency.items():
        words = {fold(word) for word in (*row.countries, *row.adjectives)}
        arabic = {word for word in words if "\u0600" <= word[0] <= "\u06ff"}
        forms = {form for word in arabic for form in (word, f"{word}ه", f"ال{word}", f"ال{word}ه")}
        patterns[code] = Gated(rf"(?<!\w)[وبلف]{{0,2}}(?:{alternation(forms)})(?!\w)|{alternation(words - arabic)}")
    return patterns
