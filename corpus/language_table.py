"""`corpus/languages/<code>.toml`: the words of one language that the grammars run on, one section a grammar.

Words may be written in any spelling: the grammars fold them (`extractors.normalize.fold`) when they are built.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from pydantic import Field, model_validator

from corpus.load import Row, read_toml_folder


class KindCues(Row):
    """Words that say what a sum is of: `before` anywhere before it in its clause, `after` right after it."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class NumberWords(Row):
    """Section [numbers]: what the grammars of `extractors.numerals` and `extractors.amounts` read.

    Words map to their value; fractions are written "1/2". Chinese has `multipliers` (十百千) inside a number and `scales`
    (万亿兆) of it, Arabic has `scales` and their `duals`, which say "two of them".
    """

    digits: dict[str, int]
    """Chinese: one character a digit. Arabic: every word below 1,000"""
    scales: dict[str, int]
    multipliers: dict[str, int] = Field(default_factory=dict)
    duals: dict[str, int] = Field(default_factory=dict)
    fractions: dict[str, str] = Field(default_factory=dict)
    points: tuple[str, ...] = ()
    """Words for the decimal point"""
    minus: tuple[str, ...] = ()
    some: dict[str, tuple[int, int]]
    """Vague words: 数 is 1 to 10 of the unit that follows, بضعة 3 to 10, عشرات 10 to 100"""
    more: tuple[str, ...] = ()
    """After a number: a little more of its last place (50多亿)"""
    ordinals: dict[str, int] = Field(default_factory=dict)
    not_numbers: tuple[str, ...] = ()
    """Words that contain numerals and are none"""
    tenth_blockers: tuple[str, ...] = ()
    """Words that begin with 成 and do not make the number before them tenths"""
    teen_stems: dict[str, int] = Field(default_factory=dict)
    """Spoken 11 to 19 are a stem and one of `teen_endings`"""
    teen_endings: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
    """What is counted by number alone and is never money"""
    unit_blockers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """A currency word, and the characters after which it is part of another word (元: 元件, 元素)"""
    unit_followers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """A currency word that is a common noun too, and the only characters of text that may follow it (块: 块钱, 三块四)"""
    mega_units: tuple[str, ...] = ()
    """Units before which 兆 is 10 ** 6 and theirs"""
    change_words: tuple[str, ...] = ()
    """Before "X to Y": a change by X up or down to Y, and no range"""
    hedges: dict[str, tuple[str, ...]]
    """Modifier: words before the amount"""
    hedge_blockers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """A hedge, and the characters before it that make another word with it (约: 合约, 签约)"""
    trailing_hedges: dict[str, tuple[str, ...]]
    bare_hedges: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Hedges only before a bare scale: 上 in 上亿, 过 in 过百亿"""
    range_marks: tuple[str, ...]
    list_marks: tuple[str, ...] = ()
    """Between amounts that share the currency named after the last"""
    pair_marks: tuple[str, ...] = ()
    """Between two numbers in a row that share a scale: 30、40億 is 30 to 40"""
    shares_out: tuple[str, ...] = ()
    """Words before such numbers that make them a list, and no range: 分別投資30、40億"""
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
    scale_before: tuple[str, ...] = ()
    """Words after which a lone scale word is an amount (获亿元融资)"""
    payment_words: tuple[str, ...] = ()
    """Between the amount and what is done with it: 10亿元的价格收购, 10亿元现金收购"""
    per_share: tuple[str, ...]
    """Words around the price of one share"""
    small_prices: tuple[str, ...] = ()
    """Words before a small sum without a scale word that make it a price (a share fell to 5.76)"""
    same_kind: tuple[str, ...] = ()
    """Words of comparison: the sum is of the same kind as the one before it"""
    kinds: dict[str, KindCues]

    @model_validator(mode="after")
    def _said_once(self) -> NumberWords:
        """No word may say two things."""
        befores = {kind: cues.before for kind, cues in self.kinds.items()}
        afters = {kind: cues.after for kind, cues in self.kinds.items()}
        for section in (self.hedges, self.trailing_hedges, befores, afters):
            owner: dict[str, str] = {}
            for name, words in section.items():
                for word in words:
                    if owner.setdefault(word, name) != name:
                        raise ValueError(f"{word!r} is both {owner[word]} and {name}")
        return self


class DateWords(Row):
    """Section [dates]: what `extractors.dates` reads. What a language has no use for stays empty."""

    days: Mapping[str, int] = Field(default_factory=dict)
    """Days from the day of the article: 昨天 is -1."""
    years: Mapping[str, int] = Field(default_factory=dict)
    """Years from the year of the article: 去年 is -1."""
    months: Mapping[str, int] = Field(default_factory=dict)
    hijri_months: Mapping[str, int] = Field(default_factory=dict)
    weak: tuple[str, ...] = ()
    """Month names that are other words, too (نيسان is a car maker): read only beside a day, a year or شهر."""
    weekdays: Mapping[str, int] = Field(default_factory=dict)
    """ISO weekdays, Monday is 1."""
    ordinals: Mapping[str, int] = Field(default_factory=dict)
    numerals: Mapping[str, int] = Field(default_factory=dict)
    units: Mapping[str, str] = Field(default_factory=dict)
    """Words for day, week, month and year, in any number; `2` after the unit marks a dual (شهرين is month2)."""
    edges: Mapping[str, str] = Field(default_factory=dict)
    """Words for the start, middle and end of a period."""
    past: tuple[str, ...] = ()
    """Words after a date or unit that mean the last one, the present one, the next one."""
    present: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    """Those of `past` and `next` that may count from another date of the text."""
    year_cues: tuple[str, ...] = ()
    """Words after which four digits alone are a year."""
    counted: tuple[str, ...] = ()
    """Words after four digits that make them a count."""
    future: tuple[str, ...] = ()
    """Words right before a date that say it is to come."""
    hints: tuple[str, ...] = ()
    """Words near before a date that settle a doubt towards the future."""
    not_after: Mapping[str, str] = Field(default_factory=dict)
    """A date word and the characters after which it is another word: 后天 after 之 is 之后 + 天."""
    not_before: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """A date word and what may not follow it: 今日头条 is a company."""
    lengths_before: tuple[str, ...] = ()
    """Words before a number of days or months that make it a length of time: 近5日, 判刑6月."""
    lengths_after: tuple[str, ...] = ()
    """Words after it that do the same: 60年歷史."""


class TimeWords(Row):
    """Section [times]: what `extractors.times` reads beside the dates."""

    parts: dict[str, tuple[int, int]]
    """Part of a day: the hours it spans"""
    units: dict[str, str]
    """Words for second to century; `2` after the unit marks a dual, as in [dates.units]"""
    now: tuple[str, ...] = ()
    hours: dict[str, int] = Field(default_factory=dict)
    """Words for an hour of the clock (الثالثة)"""
    fractions: dict[str, int] = Field(default_factory=dict)
    """Words for a part of an hour, in minutes"""
    alone: tuple[str, ...] = ()
    """The `parts` that are no other word, so that they need no date or hour beside them"""
    sets: dict[str, str] = Field(default_factory=dict)
    """Words for what recurs, and its unit: سنويا is every year"""


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
    given: tuple[str, ...] = ()
    """Given names: one after a company's name begins a person's"""
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
    inner: tuple[str, ...] = ()
    """Common words that break a name elsewhere and belong to it inside a full legal name"""
    places: tuple[str, ...] = ()
    """Countries, provinces and cities, as they stand in names"""
    regions: tuple[str, ...] = ()
    """Countries and regions: after a company's name they make it a unit of its own (فودافون مصر)"""
    keep: tuple[str, ...] = ()
    """Parts of names that contain a break word"""
    titles: tuple[str, ...] = ()
    """Offices and forms of address that stand next to a person's name"""
    surnames: tuple[str, ...] = ()
    """What a person's name begins with"""
    short_marks: tuple[str, ...] = ()
    """Words that introduce the short form of a name in brackets (下稱)"""
    decoys: tuple[str, ...] = ()
    """Words that contain the spelling of an entity and do not name it: 三星堆"""
    latin_stop: tuple[str, ...] = ()
    """Capitalised Latin words that name no party: units, titles, terms"""


class Syntax(Row):
    """Section [deals.syntax]: the closed classes of words by which an Arabic sentence is laid out (`extractors.parties_ar`)."""

    cases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Case of a participant: the prepositions that give it"""
    heads: tuple[str, ...] = ()
    """Nouns before a name that are said of the same participant: شركة, منصة, منافستها"""
    shares: tuple[str, ...] = ()
    """Nouns for a part of a company: حصة, أسهم, رأسمال"""
    speakers: tuple[str, ...] = ()
    """Offices: who speaks is not the company, yet the text speaks of the company"""
    owned: tuple[str, ...] = ()
    """A name after these is said of the participant before it: التابعة لـ, منافس"""
    relatives: tuple[str, ...] = ()
    conjunctions: tuple[str, ...] = ()
    """Words that open a clause of its own: حيث, بينما"""
    complementizers: tuple[str, ...] = ()
    """أن, إن: what follows has a subject of its own"""
    anaphors: tuple[str, ...] = ()
    """Definite nouns that stand for a participant named before"""
    pairs: tuple[str, ...] = ()
    """Definite nouns for two of them: الطرفان"""
    pronouns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Case: prepositions with a pronoun: فيها"""
    adverbs: tuple[str, ...] = ()
    """Words that may stand between a verb and its subject"""
    verbs: tuple[str, ...] = ()
    """Finite verbs that their form does not show"""
    agentives: tuple[str, ...] = ()
    """Nouns of action before their agent: إعلان X, قيام X"""
    not_verbs: tuple[str, ...] = ()
    """Nouns that look like finite verbs"""
    signing: tuple[str, ...] = ()
    """Words for signing and agreeing"""
    agreements: tuple[str, ...] = ()
    """What is signed"""
    control: tuple[str, ...] = ()
    """Words that make a share a controlling one"""
    new_shares: tuple[str, ...] = ()
    """Words that make shares bought new ones: زيادة رأسمال"""
    trading: tuple[str, ...] = ()
    """What a share on the exchange or a product takes a part of; no company is bought there"""
    goods: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """What a supplier is signed on to do: بناء, توسعة, توريد"""
    contracts: tuple[str, ...] = ()
    """What is won: عقد, مناقصة"""
    lending: tuple[str, ...] = ()
    """Words whose subject lends rather than borrows: تقديم, منح"""
    joining: tuple[str, ...] = ()
    """Verbs whose subject puts money into a round: شاركت في, انضمت إلى"""
    settled: tuple[str, ...] = ()
    """Agreements that are no deal: تسوية"""
    advice: tuple[str, ...] = ()
    """Words of an analyst who has shares bought by others: أوصت"""
    listings: tuple[str, ...] = ()
    """Where shares are listed"""
    respectively: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    """Property and businesses that are bought under a description: أصول, مبنى, محفظة"""
    bystanders: tuple[str, ...] = ()
    """How the names of bodies begin that list, rate, watch or report deals and are no party to them"""
    regulators: tuple[str, ...] = ()
    """The same of bodies that are a party only to what they sign"""


class ChineseSyntax(Row):
    """Section [deals.chinese]: the word lists by which a Chinese sentence is laid out (`extractors.syntax_zh`)."""

    fillers: tuple[str, ...] = ()
    """Adverbs, modals and references that may stand before a verb without being its subject"""
    openings: tuple[str, ...] = ()
    """A clause that opens so goes on about the subject of the clause before it"""
    reciprocal: tuple[str, ...] = ()
    """What two sides do with each other"""
    signing: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    """What is signed"""
    acted_on: tuple[str, ...] = ()
    """Verbs; a name right after one of them is not what the clause speaks of"""
    descriptions: tuple[str, ...] = ()
    """Last words of a description before the name that a clause speaks of"""
    relations: tuple[str, ...] = ()
    """A name before one of these, with another after it, only describes that one: 競爭對手, 旗下"""
    belongings: tuple[str, ...] = ()
    """A name right before one of these is not a party: 執行長, 概念股"""
    assets: tuple[str, ...] = ()
    """Last words of land, plant or a business that is bought"""
    products: tuple[str, ...] = ()
    """What stands near 上市 where a product comes on sale"""
    exchanges: tuple[str, ...] = ()
    """What stands near 上市 where a company is listed"""
    deal_verbs: tuple[str, ...] = ()
    """What cannot stand in a description between a preposition and its name"""
    closings: tuple[str, ...] = ()
    """What is done with a round of funding"""
    not_done: tuple[str, ...] = ()
    """Denials before a verb"""
    lenders: tuple[str, ...] = ()
    """What banks do in a syndicated loan"""
    tails: tuple[str, ...] = ()
    """Last words of companies' and institutions' names"""
    deed_heads: tuple[str, ...] = ()
    deeds: tuple[str, ...] = ()
    """A head and a deed make no name: 追加投資"""
    sellers: tuple[str, ...] = ()
    """Last words of a description that shows what follows to be a company"""
    crimes: tuple[str, ...] = ()
    """What a sentence tells of where money changes hands and it is no deal, unless a listed company takes part"""
    sports: tuple[str, ...] = ()
    """What is near the contracts of players and artists"""
    shoppers: tuple[str, ...] = ()
    """Who buys and wins as anybody does"""
    prizes: tuple[str, ...] = ()
    """Words of lotteries: what is bought there is a ticket"""
    works: tuple[str, ...] = ()
    """Films and books, in which money is put without a company's being bought"""
    charities: tuple[str, ...] = ()
    """Words of giving: what is bought there is given away"""
    diplomacy: tuple[str, ...] = ()
    """What states sign, where no listed company takes part"""
    labour: tuple[str, ...] = ()
    """Contracts of a company with those who work for it"""
    common_words: tuple[str, ...] = ()
    """Ordinary words that are often met where a name could stand"""


class DealWords(Row):
    """Section [deals]: attribution, negation, modality and anaphora, for `extractors.deals`."""

    terminated: tuple[str, ...]
    rejected: tuple[str, ...]
    talks: tuple[str, ...]
    conditional: tuple[str, ...]
    signed: tuple[str, ...]
    proposed: tuple[str, ...]
    completed: tuple[str, ...]
    founded: tuple[str, ...] = ()
    """Of `completed`, what makes a co-operation one that exists: signed ones are only agreed"""
    future: tuple[str, ...]
    to_close: tuple[str, ...] = ()
    """What puts the completion of a deal that is agreed into the future: 最快下周完成"""
    announced: tuple[str, ...]
    unnamed_sources: tuple[str, ...]
    nonbinding: tuple[str, ...]
    denied: tuple[str, ...]
    equity_heads: tuple[str, ...]
    """What a company is worth by the terms of its sale: equity value, enterprise value"""
    amount_heads: tuple[str, ...]
    """What opens a clause that only adds the amount: 總金額, بقيمة"""
    sums: tuple[str, ...]
    """What alone stands before an amount that sums up the parts before it: 合計"""
    registered: tuple[str, ...] = ()
    """What shows that the news comes from the company register, where only what is done is entered"""
    parts: tuple[str, ...]
    """What follows an amount that is only a part of the price: 首付款"""
    same_price: tuple[str, ...]
    """What refers to the price of the deal told before: 以同樣的價格"""
    reversals: tuple[str, ...]
    """What opens a clause that tells how the deal before it ended: 但, لكن"""
    goes_on: tuple[str, ...]
    """What opens a sentence that goes on about the deal just told: 這筆交易, تبلغ قيمة الصفقة"""
    spending: tuple[str, ...]
    """What spends an amount before the deal is told: 斥資, 砸"""
    not_status: tuple[str, ...] = ()
    """Words with a status word in them that say nothing of a status: 虛擬 has 擬, 傳媒 has 傳"""
    units: dict[str, tuple[str, ...]]
    """Units of what is bought when it is not told in money"""
    syntax: Syntax = Syntax()
    chinese: ChineseSyntax = ChineseSyntax()


class Language(Row):
    """One language file."""

    name: str
    numbers: NumberWords
    dates: DateWords
    times: TimeWords
    names: NameWords
    deals: DealWords
    regions: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Words that only one region writes, by region, for `extractors.language`"""


@functools.cache
def languages() -> dict[str, Language]:
    """Every language by code (`zh` serves both scripts: rules run on simplified characters)."""
    return read_toml_folder("languages", Language)
