"""Names of the entity table in folded text: one automaton over every spelling, and the rules that make a hit a mention."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from corpus.entity_table import Entity, entities
from corpus.language_table import languages
from extractors.normalize import fold

NEAR = 48
"""How far from a guarded spelling, in code points, a word of its context may stand"""

SHORT = 3
"""Latin spellings up to this length count only in the case the row writes: OQ, not oq"""

SHORT_ARABIC = 4
_PAIR = 2

_ARABIC = re.compile("[\u0620-\u065f\u0670-\u06d3]")
_LATIN = re.compile(r"[^\W\d_\u0600-\u06ff\u2e80-\u9fff\uac00-\ud7a3]")
# Conjunction, then preposition, each one letter that is written together with the word it stands before.
_CLITICS = re.compile("(?<![\u0620-\u065f\u0670-\u06d3])[وف]?[بلك]?$")
_URL = re.compile(r"[\w.:/](?<![\u3400-\u9fff])/$", re.ASCII)
_OWNER = re.compile("的?母公司")
_PAPER = re.compile("日报|晚报|早报|周刊|新闻网|新闻台|电视台|电台")
_LISTED_AS = re.compile(r"(?:\*?-KY(?![A-Za-z]))?")
"""What the exchange adds to the name of a company from abroad"""
_SECTION = re.compile("《[\u3400-\u9fff]{2,4}》$")
"""What heads a line of the stock page, right before the company that it tells of: 《金融股》"""
_HAN = re.compile("[\u3400-\u9fff]")
_OPENS = "\n。!?;:,》|] "
_DOES_DEALS = re.compile(
    r"(?:今日?|昨日?|拟|将|再|又|已)?(?:(?:豪?砸下?|斥资|豪掷|耗资|投入)\s*(?:逾|约|近)?\d|以[\d.,]+[万亿]"
    r"|(?:集团)?入主|收购|并购|入股|处分|出售(?=[^,。]{1,10}(?:厂|土地|股权|股份|大楼))|购地|买地|卖厂|标得|得标|抛\s?\d|发行|私募|现增|董事会|子公司(?!体)|公告(?!牌))"
)
"""What right after a short name at the head of a clause only a company does"""
_LOCAL = "省市县区州"
"""What a place is, right before the name of its own body"""
_QUOTES = "\"'«»“”‘’「」『』《》()"


class Found(NamedTuple):
    """A name in folded text. `entity` is None for one that no row knows."""

    start: int
    end: int
    entity: Entity | None = None
    kind: str = "company"
    full: tuple[int, int] | None = None
    """Where the text gives the full form that this one is short for, or another form of"""
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class _Spelling:
    text: str
    entity: Entity
    guarded: bool
    printed: str
    """As the row writes it, to tell du from DU"""


def lower(text: str) -> str:
    """Lower case of the same length: the few characters that grow (İ) stay as they are.

    >>> lower("OpenAI İstanbul")
    'openai İstanbul'
    """
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


@functools.cache
def _by_text() -> dict[str, tuple[_Spelling, ...]]:
    """Folded spelling -> rows that have it; none for a decoy, a word that contains a spelling and names nobody."""
    printed = [(entity, spelling) for entity in entities().values() for spelling in entity.spellings]
    # One pass over all of them: folding them one by one takes most of a second of every start.
    texts = lower(fold("\n".join(spelling for _, spelling in printed))).split("\n")
    table: defaultdict[str, dict[str, _Spelling]] = defaultdict(dict)
    for (entity, spelling), text in zip(printed, texts, strict=True):
        table[text].setdefault(entity.id, _Spelling(text, entity, spelling in entity.guarded, spelling))
    decoys = {lower(fold(word)): () for language in languages().values() for word in language.names.decoys}
    return decoys | {text: tuple(group.values()) for text, group in table.items()}


@functools.cache
def _automaton() -> tuple[AhoCorasick, tuple[tuple[str, int], ...]]:
    """Every spelling, and لل + rest for one that begins with the article: (text of the table, letters that are clitic)."""
    patterns = {text: (text, 0) for text in _by_text()}
    for text in _by_text():
        if text.startswith("ال"):
            patterns.setdefault("لل" + text[2:], (text, 1))
    automaton = AhoCorasick(list(patterns), matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA)
    return automaton, tuple(patterns.values())


@functools.cache
def _context(entity_id: str) -> tuple[str, ...]:
    return tuple(lower(fold(word)) for word in entities()[entity_id].context)


def find_known(text: str) -> list[Found]:
    """Names of the table in folded `text`, in order; of two that overlap the one that starts first, then the longer.

    >>> text = fold("輝達擬向OpenAI投資，وقعت مع لأمازون")
    >>> [(text[f.start:f.end], f.entity.id) for f in find_known(text)]
    [('辉达', 'nvidia'), ('OpenAI', 'openai'), ('امازون', 'amazon')]
    """
    lowered = lower(text)
    hits = _bounded(text, lowered)
    named = {group[0].entity.id for _, _, group in hits if len(group) == 1 and not group[0].guarded}
    found: list[Found] = []
    done = 0
    within = (0, 0)
    """The last spelling that is not evident: what it ends in, 應材 in 新應材, is no other company"""
    for start, end, group in hits:
        if start < done or within[0] < start < end <= within[1]:
            continue
        if not group:
            done = end
        if end - start <= SHORT and (_breaks_word(text, end) or _straddles(text, start, end) or _is_paper(text, end)):
            continue
        if start and text[start - 1] in _LOCAL and group and group[0].entity.kind == "government" and _HAN.match(text, start):
            continue  # 青田市|国资委: no body of the state
        choices = [s.entity for s in group if not s.guarded or s.entity.id in named or _evident(s, text, lowered, (start, end))]
        if len(choices) == 1:
            owner = _OWNER.match(text, end) if choices[0].parent else None
            if owner is not None and choices[0].parent is not None:  # foodpanda 母公司: the row of its owner
                choices = [entities()[choices[0].parent]]
            done = owner.end() if owner is not None else _LISTED_AS.match(text, end).end()  # type: ignore[union-attr]
            found.append(Found(start, done, choices[0], choices[0].kind))
        elif group and end > within[1]:
            within = (start, end)
    return found


def _breaks_word(text: str, end: int) -> bool:
    """Whether the noun that closes another company's name begins with the last character: 宏达电|子, 思科|技."""
    return text[end - 1 : end + 1] in _closing_nouns() and not text.startswith(("子公司", "技术", "信徒"), end)


def _is_paper(text: str, end: int) -> bool:
    """苹果|日报: a paper or a channel that begins as a company does is another house."""
    return _PAPER.match(text, end) is not None


def _straddles(text: str, start: int, end: int) -> bool:
    """Whether a name of two characters is the end of one word for a company and the head of the next: 平|台龙|头."""
    return end - start == _PAIR and text[start - 1 : start + 1] in _descriptors() and text[end - 1 : end + 1] in _descriptors()


@functools.cache
def _descriptors() -> frozenset[str]:
    return frozenset(word for word in map(fold, languages()["zh"].names.descriptors) if len(word) == _PAIR)


@functools.cache
def _closing_nouns() -> frozenset[str]:
    table = languages()["zh"].names
    nouns = map(fold, (*table.tails, *table.weak_tails))
    return frozenset(word for word in nouns if len(word) == _PAIR and (word[0] != "电" or word == "电子"))  # 台积电|力守


def _bounded(text: str, lowered: str) -> list[tuple[int, int, tuple[_Spelling, ...]]]:
    automaton, patterns = _automaton()
    table = _by_text()
    hits = []
    for index, start, end in automaton.find_matches_as_indexes(lowered, overlapping=True):
        spelled, shift = patterns[index]
        group = table[spelled]
        if end - start <= SHORT and spelled.isascii():
            group = tuple(s for s in group if s.printed == text[start:end])
            if not group:
                continue
        if _is_bounded(text, start, end, shift):
            hits.append((start + shift, end, group))
    hits.sort(key=lambda hit: (hit[0], -hit[1]))
    return hits


def _is_bounded(text: str, start: int, end: int, shift: int) -> bool:
    first, last = text[start], text[end - 1]
    if "\u3400" <= first <= "\u9fff" and "\u3400" <= last <= "\u9fff":
        return True  # between characters nothing tells words apart
    before, after = text[start - 1 : start], text[end : end + 1]
    if _LATIN.match(first) and before and (_LATIN.match(before) or before in "@._-" or _in_url(text, start)):
        return False
    if _LATIN.match(last) and after and _LATIN.match(after):
        return False
    if first.isdigit() and before.isascii() and (before.isalnum() or before in ".,/@") and before:
        return False
    if last.isdigit() and after and (after.isalnum() and after.isascii()):
        return False
    if _ARABIC.match(last) and after and _ARABIC.match(after):
        return False
    if _ARABIC.match(first) and before and _ARABIC.match(before):
        clitic = _CLITICS.search(text, max(0, start - 3), start)
        # ف + شل is فشل: before a short name only و and ل are read as words of their own.
        if clitic is None or (end - start <= SHORT_ARABIC and clitic.group().strip("ول")):
            return False
        return not shift or before in "وف"
    return True


def _in_url(text: str, start: int) -> bool:
    return _URL.search(text, max(0, start - 2), start) is not None


def _evident(spelling: _Spelling, text: str, lowered: str, span: tuple[int, int]) -> bool:
    """Whether a guarded spelling is a name here: printed as in its row, and quoted, led to or in context."""
    start, end = span
    before, after = text[start - 1 : start], text[end : end + 1]
    if _described(text, end) or _of_another_nation(spelling, text, end):
        return False
    if spelling.printed.isascii() and text[start:end] != spelling.printed:
        return False
    if before in _LED_BY and _led_to().search(text, max(0, start - 12), start):
        return True
    if before == "》" and _SECTION.search(text, max(0, start - 6), start):
        return True
    if before == "و" and _BETWEEN.search(text, max(0, start - _LONG_LIST), start):
        return True
    if (not start or before in _OPENS) and _HAN.match(text, start) and _DOES_DEALS.match(text, end):
        return True
    if before and before in _QUOTES and after and after in _QUOTES:
        return True
    around = lowered[max(0, start - NEAR) : start] + "\n" + lowered[end : end + NEAR]
    return any(word in around for word in _context(spelling.entity.id))


def _described(text: str, end: int) -> bool:
    """شركة اتصالات عالمية: an indefinite adjective after it makes a noun of an Arabic word that is also a name."""
    following = _NEXT_WORD.match(text, end)
    return following is not None and following[1] in _adjectives()


def _of_another_nation(spelling: _Spelling, text: str, end: int) -> bool:
    """مؤسسة الاتصالات اليمنية: a body named by its kind alone is another one where the adjective of a nation follows that its row
    does not have.
    """
    kind, _, rest = spelling.text.partition(" ")
    following = _NATION.match(text, end) if rest.startswith("ال") and kind in _BODIES else None
    return following is not None and following[1] in _nations() and following[1] not in _context(spelling.entity.id)


_BODIES = frozenset({"موسسه", "شركه", "هييه", "مجموعه"})
_NATION = re.compile(" (ال[\u0620-\u064a]{4,})")


@functools.cache
def _nations() -> frozenset[str]:
    return frozenset(map(fold, languages()["ar"].names.places))


_BETWEEN = re.compile(
    r"(?<!\w)(?:(?:اتفاقيه|اتفاق|مذكره|شراكه|تعاون|تفاهم|تحالف) بين [^,.;:\n]+"
    r"|[وفبل]?(?:شركت|بنك|مجموعت)[يا] [^ ,.;:\n]+(?: [^ ,.;:\n]+)?) و$"
)
"""اتفاقية تعاون بين A واتصالات, شركتي A وتمويل: there are two, and the last word is one of them"""
_LONG_LIST = 80
_NEXT_WORD = re.compile(" ([\u0620-\u064a]{4,})")


@functools.cache
def _adjectives() -> frozenset[str]:
    return frozenset(
        word for word in map(fold, languages()["ar"].names.generic) if word.endswith("يه") and not word.startswith("ال")
    ) | {"متخصصه", "مدرجه", "رايده", "ناشيه"}


@functools.cache
def _led_to() -> re.Pattern[str]:
    """An Arabic head or a verb of a company right before: شركة دو, أعلنت اتصالات, سهم الدار. Companies are feminine."""
    table = languages()["ar"].names
    verbs = [verb for verb in map(fold, (*table.subject_verbs, *table.weak_verbs)) if verb.startswith("ت") or verb.endswith("ت")]
    words = "|".join(("شركه", "شركتي", "شركتا", "مجموعه", "بنك", "مصرف", "موسسه", "سهم", "اسهم", *verbs))
    return re.compile(f'(?<![\u0620-\u065f\u0670-\u06d3])[وفلب]?(?:{words}) ["«(]?$')


_LED_BY = frozenset(' "«(')
"""How what `_led_to` finds ends"""


def longest(names: Iterable[Found]) -> list[Found]:
    """In text order, none overlapping: the longer of two wins, of equals the known one."""
    kept: list[Found] = []
    for found in sorted(names, key=lambda f: (f.start, f.start - f.end, f.entity is None)):
        while kept and found.start < kept[-1].end and found.end - found.start > kept[-1].end - kept[-1].start:
            kept.pop()
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept


def is_spelling(text: str) -> bool:
    """Whether folded `text` is a spelling of one row or of several, or a word that only looks like one."""
    return lower(text) in _by_text()


def lookup_entity(text: str) -> Entity | None:
    """The one entity of the table that `text` is an exact name of; None when there is none or there are several."""
    group: Sequence[_Spelling] = _by_text().get(lower(fold(text.strip())), ())
    return group[0].entity if len(group) == 1 else None
