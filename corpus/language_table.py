"""`corpus/languages/<code>.toml`: the words of one language that the grammars run on, one section a grammar.

Words may be written in any spelling: the grammars fold them (`extractors.normalize.fold`) when they are built.
"""

from __future__ import annotations

import functools

from corpus.load import Row, read_toml_folder


class KindCues(Row):
    """Words that say what a sum is of: `before` anywhere before it in its clause, `after` right after it."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class NumberWords(Row):
    """Section [numbers]: what the grammars of `extractors.numerals` and `extractors.amounts` read.

    Words map to their value; fractions are written "1/2". Chinese has `multipliers` (十百千) inside a number and `scales` (万亿兆) of it,
    Arabic has `scales` and their `duals`, which say "two of them".
    """

    digits: dict[str, int]
    """Chinese: one character a digit. Arabic: every word below 1,000"""
    scales: dict[str, int]
    multipliers: dict[str, int] = {}
    duals: dict[str, int] = {}
    fractions: dict[str, str] = {}
    points: tuple[str, ...] = ()
    """Words for the decimal point"""
    minus: tuple[str, ...] = ()
    some: dict[str, tuple[int, int]]
    """Vague words: 数 is 1 to 10 of the unit that follows, بضعة 3 to 10, عشرات 10 to 100"""
    more: tuple[str, ...] = ()
    """After a number: a little more of its last place (50多亿)"""
    ordinals: dict[str, int] = {}
    not_numbers: tuple[str, ...] = ()
    """Words that contain numerals and are none"""
    collectives: dict[str, int] = {}
    """Counters that multiply: 打 is 12"""
    counters: tuple[str, ...] = ()
    """What is counted by number alone and is never money"""
    unit_blockers: dict[str, tuple[str, ...]] = {}
    """A currency word, and the characters after which it is part of another word (元: 元件, 元素)"""
    hedges: dict[str, tuple[str, ...]]
    """Modifier: words before the amount"""
    trailing_hedges: dict[str, tuple[str, ...]]
    bare_hedges: dict[str, tuple[str, ...]] = {}
    """Hedges only before a bare scale: 上 in 上亿, 过 in 过百亿"""
    range_marks: tuple[str, ...]
    open_range_marks: tuple[str, ...] = ()
    """甚至: the second bound may be passed"""
    between: tuple[str, ...] = ()
    """Words before two numbers joined by "and" that make them a range"""
    level_words: tuple[str, ...] = ()
    """千万元级: of that order, so up to ten times as much"""
    equivalents: tuple[str, ...]
    """Between an amount and the same amount in another currency"""
    money_before: tuple[str, ...] = ()
    """Words before a number without currency that make it money (斥资14.8亿)"""
    money_after: tuple[str, ...] = ()
    """The same after it (14.8亿收购)"""
    per_share: tuple[str, ...]
    kinds: dict[str, KindCues]


class DateWords(Row):
    """Section [dates]: what `extractors.dates` reads. What a language has no use for stays empty."""

    days: dict[str, int] = {}
    """Days from the day of the article: 昨天 is -1."""
    years: dict[str, int] = {}
    """Years from the year of the article: 去年 is -1."""
    months: dict[str, int] = {}
    hijri_months: dict[str, int] = {}
    weak: list[str] = []
    """Month names that are other words, too (نيسان is a car maker): read only beside a day, a year or the word for month."""
    weekdays: dict[str, int] = {}
    """ISO weekdays, Monday is 1."""
    ordinals: dict[str, int] = {}
    numerals: dict[str, int] = {}
    units: dict[str, str] = {}
    """Words for day, week, month and year, in any number; `2` after the unit marks a dual (شهرين is month2)."""
    edges: dict[str, str] = {}
    """Words for the start, middle and end of a period."""
    past: list[str] = []
    """Words after a date or unit that mean the last one, the present one, the next one."""
    present: list[str] = []
    next: list[str] = []
    vague: list[str] = []
    """Those of `past` and `next` that may count from another date of the text."""
    year_cues: list[str] = []
    """Words after which four digits alone are a year."""
    counted: list[str] = []
    """Words after four digits that make them a count."""
    future: list[str] = []
    """Words before a date that say it is to come."""
    not_after: dict[str, str] = {}
    """A date word and the characters after which it is another word: 后天 after 之 is 之后 + 天."""
    not_before: dict[str, list[str]] = {}
    """A date word and what may not follow it: 今日头条 is a company."""
    lengths_before: list[str] = []
    """Words before a number of days or months that make it a length of time: 近5日, 判刑6月."""
    lengths_after: list[str] = []
    """Words after it that do the same: 60年歷史."""


class NameWords(Row):
    """Section [names]: what `extractors.names` reads. Which lists a grammar runs on is its own matter; the others stay empty."""

    heads: tuple[str, ...] = ()
    """Nouns that open a name (شركة, بنك) and belong to it"""
    bodies: tuple[str, ...] = ()
    """Heads that name public bodies"""
    tails: tuple[str, ...] = ()
    """Nouns that close a name (科技, 銀行) and belong to it"""
    weak_tails: tuple[str, ...] = ()
    """Nouns that close a name (電子) but are as often common: they need a neighbour that shows the name"""
    legal_tails: tuple[str, ...] = ()
    """Legal forms that close a full name"""
    generic_tails: tuple[str, ...] = ()
    """What may follow any name without changing who is meant (集團)"""
    double: tuple[str, ...] = ()
    """Verbs that are also part of names (投資, 控股)"""
    descriptors: tuple[str, ...] = ()
    """Nouns that a name stands in apposition to"""
    subject_verbs: tuple[str, ...] = ()
    """What a named party does"""
    weak_verbs: tuple[str, ...] = ()
    """What anybody does (表示, 推出), and adverbs between a party and its verb: they bound a name and do not show it"""
    object_verbs: tuple[str, ...] = ()
    """What is done to a named party, right before its name"""
    prepositions: tuple[str, ...] = ()
    """Words that lead to a named party: with, to, by, from"""
    breaks: tuple[str, ...] = ()
    """Words that are never part of a name"""
    generic: tuple[str, ...] = ()
    """Nouns that look like a name where a name is looked for, and are none"""
    places: tuple[str, ...] = ()
    """Countries, provinces and cities, as they stand in names"""
    keep: tuple[str, ...] = ()
    """Parts of names that contain a break word"""
    titles: tuple[str, ...] = ()
    """Offices and forms of address that stand next to a person's name"""
    surnames: tuple[str, ...] = ()
    """What a person's name begins with"""
    short_marks: tuple[str, ...] = ()
    """Words that introduce the short form of a name in brackets (下稱)"""
    latin_stop: tuple[str, ...] = ()
    """Capitalised Latin words that name no party: units, titles, terms"""


class DealWords(Row):
    """Section [deals]: attribution, negation, modality and anaphora, for `extractors.deals`."""

    terminated: tuple[str, ...]
    rejected: tuple[str, ...]
    talks: tuple[str, ...]
    conditional: tuple[str, ...]
    signed: tuple[str, ...]
    proposed: tuple[str, ...]
    completed: tuple[str, ...]
    future: tuple[str, ...]
    announced: tuple[str, ...]
    unnamed_sources: tuple[str, ...]
    nonbinding: tuple[str, ...]
    denied: tuple[str, ...]
    amount_heads: tuple[str, ...]
    """What opens a clause that only adds the amount: 總金額, بقيمة"""
    spending: tuple[str, ...]
    """What spends an amount before the deal is told: 斥資, 砸"""
    units: dict[str, tuple[str, ...]]
    """Units of what is bought when it is not told in money"""


class Language(Row):
    """One language file."""

    name: str
    numbers: NumberWords
    dates: DateWords
    names: NameWords
    deals: DealWords
    regions: dict[str, tuple[str, ...]] = {}
    """Words that only one region writes, by region, for `extractors.language`"""


@functools.cache
def languages() -> dict[str, Language]:
    """Every language by code (`zh` serves both scripts: rules run on simplified characters)."""
    return read_toml_folder("languages", Language)
