"""The patterns by which a Chinese sentence is laid out, built once from the word lists of the language table."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.language_table import languages
from extractors.alternation import alternation
from extractors.gated import Gated
from extractors.normalize import fold

# The last of these before a name gives its case, unless it is part of another word.
PREPOSITION = re.compile(
    r"(?P<to>(?:(?<=同意)|(?<![应一方意导趋偏取志面]))向|(?<![应绝相针反面])对(?!手|冲|于此|外|价|方(?![正大太达圆]))|给|予(?!以)|替"
    r"|(?<![因成作认称视名行件案])为(?!期|了|何|主|由))"
    r"|(?P<by>(?<![理自经])由(?!于)|被|获得?|遭到?|受(?!让|理|惠))"
    r"|(?P<with>(?<![参])与(?!会)|(?<![平总缓共])和(?!平)|跟(?!投|进)"
    r"|(?<![共合协等不如])同(?!时|样|意|比|步|期|日|年|业|行)|偕同?|携手|联手|连同|联合(?=[A-Za-z\u3400-\u9fff])(?![体国会方收并投领跟中标预竞发创推举研开打成设组主出入承签公注增认])|携(?![带手式程])|伙拍|夥拍|夥|牵手)"
    r"|(?P<source>(?<![服])从(?!事)|(?<![独各亲])自(?!行|有|研|动|家|主|今|然|身|愿|由|贸|营|治|来水))"
    r"|(?P<object>把)"
)
QUANTITY = re.compile(r"(\d[\d,.]*)\s*(GW|MW|吉瓦|兆瓦|千兆瓦)", re.IGNORECASE)
# 將 and 把 before what is moved or sold; 將 before a verb or a preposition only tells the future.
MARKED = re.compile(r"[将把](?!于|会|继续|在|以|与|向|对|斥|投|用|启动|发起|进行|展开|完成|采取|是|成为|有|可)")
# Asides name tickers and agencies, and stand between a name and what is said of it; a star marks shares without par value.
ASIDE = Gated(r"\*?\([^()]*\)|\*?\($")
DATELINE = Gated(
    r"\([^()]*(?:报导|报道|电|讯|摄)\)|〔[^〕]*〕|^[^〔〕()]{0,8}〕|\[[^]]*\]|【[^】]*】"
    r"|^\s*[^\s,()]{2,14}(?:(?<![通资音])讯|\d日电)\s*(?:\((?:记者|编辑|作者)[^()]*\))?"
)
_QUOTE_END = r"\s*[「“\"]?$"


@dataclass(frozen=True, slots=True)
class Patterns:
    """One compiled pattern a word list; see `corpus.language_table.ChineseSyntax` for what each holds."""

    filler: re.Pattern[str]
    opening: re.Pattern[str]
    reciprocal: re.Pattern[str]
    signing: re.Pattern[str]
    agreement: re.Pattern[str]
    acted_on: re.Pattern[str]
    described: re.Pattern[str]
    relation: re.Pattern[str]
    belonging: re.Pattern[str]
    asset: re.Pattern[str]
    deal_verb: re.Pattern[str]
    closing: re.Pattern[str]
    not_done: re.Pattern[str]
    lenders: re.Pattern[str]
    tail: re.Pattern[str]
    deed: re.Pattern[str]
    shown: re.Pattern[str]
    product: re.Pattern[str]
    exchange: re.Pattern[str]
    crime: re.Pattern[str]
    sport: re.Pattern[str]
    shopper: re.Pattern[str]
    prize: re.Pattern[str]
    work: re.Pattern[str]
    charity: re.Pattern[str]
    diplomacy: re.Pattern[str]
    labour: re.Pattern[str]
    places: frozenset[str]


def either(words: Iterable[str]) -> str:
    """Words as they stand in folded text."""
    return alternation(map(fold, words))


@functools.cache
def patterns() -> Patterns:
    """The patterns of the installed table."""
    words = languages()["zh"].deals.chinese
    return Patterns(
        filler=re.compile(either(words.fillers)),
        opening=re.compile(rf"\s*(?:{either(words.openings)})"),
        reciprocal=re.compile(either(words.reciprocal)),
        signing=re.compile(either(words.signing)),
        agreement=re.compile(either(words.agreements)),
        acted_on=re.compile(rf"(?:{either(words.acted_on)}){_QUOTE_END}"),
        described=re.compile(rf"(?:{either(words.descriptions)}){_QUOTE_END}"),
        relation=re.compile(rf"的?[^,、]{{0,6}}(?:{either(words.relations)})[^,、]{{0,14}}"),
        belonging=re.compile(rf"\s*的?(?:{either(words.belongings)})"),
        asset=re.compile(
            rf"(?:[^,。;()]|(?<=\d),(?=\d)){{0,30}}?(?:{either(words.assets)})(?=[-,。;)(\s予给进」「]|(?<=[厦楼])(?:(?:约|逾)?\d[\d.]*%|[一二三四五六七八九]成)的?(?:股权|股份|权益|业权)|预算|及其|及相关|全幢|全层|部分|连|一半|\s?(?:约|逾|近)\s?\d|[一二三四五六七八九十两多]层|\d(?![\d.]*%)|$)"
        ),
        deal_verb=re.compile(rf"[,()]|{either(words.deal_verbs)}"),
        closing=re.compile(either(words.closings)),
        not_done=re.compile(either(words.not_done)),
        lenders=re.compile(either(words.lenders)),
        tail=re.compile(rf"(?:{either(words.tails)})$"),
        deed=re.compile(rf"(?:{either(words.deed_heads)})?(?:{either(words.deeds)})"),
        product=re.compile(either(words.products)),
        exchange=re.compile(either(words.exchanges)),
        crime=re.compile(either(words.crimes)),
        sport=re.compile(either(words.sports)),
        shopper=re.compile(rf"(?<![向从自为对给由与和同跟])(?:{either(words.shoppers)})"),
        prize=re.compile(either(words.prizes)),
        work=re.compile(rf"[^,]{{0,6}}(?:{either(words.works)})"),
        charity=re.compile(either(words.charities)),
        diplomacy=re.compile(either(words.diplomacy)),
        places=frozenset(map(fold, languages()["zh"].names.places)),
        labour=re.compile(either(words.labour)),
        shown=re.compile(rf"(?:{either(words.sellers)})[「“\"]?$"),
    )


@functools.cache
def common_words() -> frozenset[str]:
    """Ordinary words and places, which are no names, folded."""
    words = languages()["zh"]
    return frozenset(map(fold, (*words.deals.chinese.common_words, *words.names.places)))
