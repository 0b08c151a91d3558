"""An Arabic sentence cut into parts with one predicate at most.

A part ends at a comma, at و before a finite verb, at a conjunction (حيث), at أن and at a relative pronoun:

    أعلنت شركة أ، | المتخصصة في ب، | عن توقيعها مع ج اتفاقية | تشتري بموجبها … | التي تملك فيها …
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.frames import Group
from extractors.normalize import fold
from extractors.reading import At, Reading, Sentence
from extractors.words_ar import Word, folded, word_of
from models.mention import Name

WORDS = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+|[,;()\[\]:|]|-(?=\s)")


class Token(NamedTuple):
    """A word, a mark, or a whole mention of the sentence, in folded text. `depth` counts open brackets."""

    start: int
    end: int
    text: str
    depth: int
    word: Word | None = None
    name: At[Name] | None = None
    mention: str = ""
    """amount, date or percent"""


@dataclass(frozen=True, slots=True)
class Party(Group):
    """A group with how it was found. `names` is empty for a thing that has no name: the network *in which* X invested."""

    verb: bool = False
    """Bare, right after a finite verb"""
    opening: bool = False
    """Bare, and first in its part"""
    share: bool = False
    """It is a part of it that is spoken of: حصة في X, أسهم X"""
    anaphor: bool = False
    governor: int = -1
    """Where the word stands that gave the case"""
    kind: str = ""

    @property
    def subject(self) -> bool:
        """Whether it can be the subject of what its part tells."""
        return self.case == "" and not self.share and bool(self.names)


@dataclass(slots=True)
class Part:
    """A stretch of a sentence with one predicate at most."""

    start: int
    end: int
    tokens: list[Token]
    opener: str
    """What kind of word opens it: comma, link, conjunction, that, relative, apposition"""
    parties: list[Party] = field(default_factory=list)
    antecedent: Party | None = None
    """Of a relative part: who or what it is said of"""

    @property
    def aside(self) -> bool:
        """Said of a participant only; the subject of the sentence is still the one before."""
        return self.opener in {"relative", "apposition"}


def tokens_of(reading: Reading, sentence: Sentence, names: Sequence[At[Name]]) -> list[Token]:
    """The sentence as words, marks and whole mentions."""
    mentions: list[tuple[int, int, At[Name] | None, str]] = []
    first = bisect_left(names, sentence.start, key=lambda n: n.start)
    last = bisect_left(names, sentence.end, key=lambda n: n.start)
    mentions += [(n.start, n.end, n, "name") for n in names[first:last]]
    for clause in sentence.clauses:
        mentions += [(a.start, a.end, None, "amount") for a in clause.amounts]
        mentions += [(d.start, d.end, None, "date") for d in clause.dates]
        mentions += [(p.start, p.end, None, "percent") for p in clause.percents]
    mentions.sort(key=lambda m: (m[0], -m[1]))
    text = reading.clean.text
    out: list[Token] = []
    at, depth = sentence.start, 0
    for first, last, name, kind in [*mentions, (sentence.end, sentence.end, None, "end")]:
        if first < at:
            continue
        for match in _TOKEN.finditer(text, at, first):
            mark = match.group()
            if mark[0].isalnum():
                out.append(Token(match.start(), match.end(), mark, depth, word_of(mark.lower())))
                continue
            depth = max(depth + (mark in "([") - (mark in ")]"), 0)
            out.append(Token(match.start(), match.end(), mark, depth))
        if kind != "end":
            out.append(Token(first, last, "", depth, None, name, "" if name else kind))
        at = last
    marks = {token.text for token in out}
    if "(" in marks:
        out = _unbracketed(out)
    if not marks.isdisjoint(_OF_THEM):
        out = _of_house(out)
    return out if marks.isdisjoint(_STANDS_FOR) else _represented(out)


_OF_THEM = frozenset({"احدي", "احد"})


def _of_house(tokens: list[Token]) -> list[Token]:
    """بين X إحدى شركات مجموعة Y وZ: of which house X is stands aside, as if in brackets."""
    out = list(tokens)
    for at in range(1, len(out) - 2):
        if out[at].text not in _OF_THEM or out[at].depth or out[at - 1].name is None:
            continue
        if not out[at + 1].text.lstrip("ال").startswith(("شركات", "فروع", "وحدات")):
            continue
        end = next((n for n in range(at + 2, min(at + 5, len(out))) if out[n].name is not None), None)
        for inner in range(at, end + 1 if end is not None else at):
            out[inner] = out[inner]._replace(depth=1)
    return out


def _represented(tokens: list[Token]) -> list[Token]:
    """وقعت X ممثلة في فلان، المدير العام، وY ممثلة بفلان: who stands for a party is said aside, as if in brackets."""
    out = list(tokens)
    for at, token in enumerate(out[:-1]):
        if token.text not in _STANDS_FOR or token.depth or not _BY_WHOM.match(out[at + 1].text):
            continue
        for inner in range(at, len(out)):
            word = out[inner]
            ended = (
                word.text == "," or word.text in {"مع", "و"} or (word.word is not None and word.word.sort in {"verbs", "that"})
            )
            if inner > at + 1 and (ended or word.text in folded("agreements") or _opens_name(word)):
                break
            out[inner] = word._replace(depth=1)
    return out


def _opens_name(token: Token) -> bool:
    """وشركة X, or a time"""
    word = token.word
    return word is not None and ((word.linked and word.sort == "heads") or token.text in {"امس", "اليوم"})


_STANDS_FOR = frozenset({"ممثله", "ممثلا", "متمثله", "متمثلا"})
_BY_WHOM = re.compile(r"في$|ب\w*$|$")


def _unbracketed(tokens: list[Token]) -> list[Token]:
    """الموقع الشهير (ياهو): a name in brackets after a noun that names nobody is what the sentence speaks of."""
    out = list(tokens)
    for at in range(len(out) - 3, 0, -1):
        before, inner = out[at - 1], out[at + 1]
        led = before.text in _LEADS_BRACKET or (before.text == "و" and any(t.text in _PAIRING for t in out[max(at - 6, 0) : at]))
        described = led or (
            before.word is not None and (before.word.value == "definite" or before.word.sort in {"heads", "owned"})
        )
        if out[at].text == "(" and out[at + 2].text == ")" and inner.name is not None and inner.depth == 1 and described:
            if inner.name.value.entity_id is None and inner.name.value.text.isascii() and not led:
                continue  # الإدارة المتنقلة (Mobile Management): the term in its own language
            out[at : at + 3] = [inner._replace(depth=0)]
    return out


_PAIRING = frozenset({"بين"})
"""بين X و(Y)"""
_LEADS_BRACKET = frozenset({"مع", "شركه", "منصه", "موسسه", "مجموعه"})
"""أعلنت منصة (Y) عن …: the name itself stands in brackets"""


def parts_of(tokens: Sequence[Token]) -> Iterator[Part]:
    """The sentence cut into parts."""
    begun, opener = 0, "start"
    for at, token in enumerate(tokens):
        if token.depth or at < begun:
            continue
        found = _opens(tokens, at)
        if found is None:
            continue
        if at > begun:
            yield _part(tokens[begun:at], opener)
        begun, opener = (at + 1, found) if token.word is None else (at, found)
    if begun < len(tokens):
        yield _part(tokens[begun:], opener)


def _part(tokens: Sequence[Token], opener: str) -> Part:
    return Part(tokens[0].start, tokens[-1].end, list(tokens), opener)


def _opens(tokens: Sequence[Token], at: int) -> str | None:
    """What kind of part begins at a token; None when none does."""
    token = tokens[at]
    if token.text in {",", ";", ":", "|", "-"}:
        return None if _within_list(tokens, at) or _sets_off_time(tokens, at) else _after_comma(tokens, at)
    if token.word is None:
        return None
    word = token.word
    if word.sort == "relative" and _of_consortium(tokens, at):
        return None
    if word.sort == "relative":
        return "relative"
    if word.sort == "that":
        return "that"
    if word.sort == "conjunctions":
        return "conjunction"
    if word.sort in {"verbs", "adverbs"} and word.linked and (word.sort == "verbs" or word.bare in {"كان", "كانت", "قد"}):
        return "link"
    return None


def _of_consortium(tokens: Sequence[Token], at: int) -> bool:
    """استحواذ الائتلاف الذي ضم A وB على C: who is in it acts."""
    if not 0 < at < len(tokens) - 1 or tokens[at - 1].text not in _CONSORTIA:
        return False
    return tokens[at + 1].text in {"ضم", "يضم", "تقوده", "يقوده"}


_CONSORTIA = frozenset({"التحالف", "الايتلاف", "الكونسورتيوم"})


def _sets_off_time(tokens: Sequence[Token], at: int) -> bool:
    """أعلنت X، أمس، عن …: one of two commas around a time, after which the same predicate goes on with its preposition."""
    first, last = at, at
    while last + 1 < len(tokens) and _is_time(tokens[last + 1]):
        last += 1
    if last == at:
        while first and _is_time(tokens[first - 1]):
            first -= 1
        first -= 1
    else:
        last += 1
    if not 0 <= first < last < len(tokens) - 1 or tokens[first].text != "," or tokens[last].text != ",":
        return False
    follows = tokens[last + 1].word
    return follows is not None and follows.sort == "case" and not follows.linked


def _is_time(token: Token) -> bool:
    return token.mention == "date" or (token.word is not None and token.word.sort == "adverbs" and not token.word.linked)


def _after_comma(tokens: Sequence[Token], at: int) -> str:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[at - 1] if at else None
    if _described(tokens, at + 1):
        return "apposition"
    if after is None or after.word is None or before is None:
        return "comma"
    word = after.word
    if after.text.isascii() and after.text.isalpha() and at + 2 < len(tokens) and tokens[at + 2].text == ",":
        return "apposition"  # «المجموعة المالية هيرميس»، EFG، …
    if word.sort == "relative":
        return "relative"
    described = before.name is not None or before.text == ")"
    definite = after.text.startswith("ال") and word.sort not in {"case", "adverbs"}
    if after.text in {"وهو", "وهي", "احدي", "احد", "اكبر", "ابرز"} or word.sort == "owned":
        return "apposition"
    if described and not word.linked and (definite or word.sort == "heads") and not _predicate(tokens, at + 1):
        return "apposition"
    if described and after.text.startswith("وال") and word.sort == "other":
        return "apposition"  # والمملوكة بالكامل
    return "comma"


def _predicate(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb stands near the start of the part at `at`: الشركة تعتزم … is a clause, الشركة المتخصصة في … is none."""
    for token in tokens[at : at + 4]:
        if token.text == "," or (token.word is not None and token.word.sort == "relative"):
            return False
        if token.word is not None and token.word.sort == "verbs":
            return True
    return False


def _described(tokens: Sequence[Token], at: int) -> bool:
    """Whether what stands right after a comma says what the one before is: A، شركة الخدمات البحرية الشاملة التي …"""
    if at + 1 >= len(tokens) or tokens[at - 1].text != ",":
        return False
    name, word = tokens[at].name, tokens[at + 1].word
    if name is None or name.value.entity_id is not None:
        return False
    kind, *words = fold(name.value.text).split()
    definite = bool(words) and all(part.startswith("ال") for part in words)
    told = definite and word is not None and word.sort == "relative" and len(words) > 1
    said = definite or words[:2] == ["راس", "المال"]
    return told or (said and kind in _WHAT_IT_IS and tokens[at + 1].text == "," and tokens[at - 2].name is not None)


_WHAT_IT_IS = frozenset({"شركه", "منصه", "تطبيق", "صندوق", "ذراع", "متجر"})
"""A، شركة رأس المال الجريء، …: between two commas, what A is"""


def _within_list(tokens: Sequence[Token], at: int) -> bool:
    """A comma between two names of a list, brackets and head nouns between them allowed: A (..), وشركة B."""
    before = at - 1
    while before >= 0 and (tokens[before].depth or tokens[before].text == ")"):
        before -= 1
    one = tokens[before] if before >= 0 else None
    meant = one is not None and one.word is not None and one.word.sort == "anaphors"  # بين الوزارة، وكل من A وB
    if one is None or (one.name is None and not meant):
        return False
    for number, token in enumerate(tokens[at + 1 : at + 4], at + 1):
        if token.name is not None:
            return not _described(tokens, number)
        if token.word is None or not (token.text in {"و", "وكل", "كل", "من"} or (token.word.sort == "heads" and not meant)):
            return False
    return False
