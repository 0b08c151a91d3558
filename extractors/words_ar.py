"""Arabic words by what they are to the layout of a sentence (folded text: أ is ا, ة is ه, ى is ي): tables first, then form."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.language_table import Syntax, languages
from extractors.alternation import alternation
from extractors.normalize import fold

_FUTURE_OR_PRESENT = re.compile(r"س[تي]\w{2,}|ي\w{3,}|ت[ست]\w{3,}")
_PAST_FEMININE = re.compile(r"(?!ال)\w{2,}(?<!ا)ت")
OBJECT_SUFFIX = re.compile(r"(?:ها|هما|هم|نا|ه)$")
_ADVERB = re.compile(r"\w{3,}يا")
GLUED = {"ل": "to", "ب": "about", "ك": "about"}
"""The case of a noun by the preposition written together with it"""


@dataclass(frozen=True, slots=True)
class Word:
    """What a written word is to the layout. `value` is the case of a preposition or of what is glued to a noun."""

    sort: str
    value: str = ""
    linked: bool = False
    """Written with و or ف before it"""
    bare: str = ""
    """Without it"""


@functools.cache
def syntax() -> Syntax:
    """The closed classes of the language table."""
    return languages()["ar"].deals.syntax


@functools.cache
def folded(key: str) -> frozenset[str]:
    """One list of the table, folded."""
    return frozenset(fold(word) for word in getattr(syntax(), key))


@functools.cache
def folded_names(key: str) -> frozenset[str]:
    """One list of the table's names, folded."""
    return frozenset(fold(word) for word in getattr(languages()["ar"].names, key))


@functools.cache
def pattern_of(key: str) -> re.Pattern[str]:
    """One list of the table as a pattern on folded text, with و, ف, ب, ل or ال before a word."""
    return re.compile(rf"(?<!\w)[وف]?(?:[بل]|ال|بال|لل)?(?:{alternation(folded(key))})(?:ها|ه|هما)?(?!\w)")


@functools.cache
def word_table() -> dict[str, Word]:
    """Folded word -> what it is, for every closed class of single words."""
    table: dict[str, Word] = {}

    def put(words: Sequence[str], sort: str, value: str = "") -> None:
        for word in words:
            table.setdefault(fold(word), Word(sort, value, bare=fold(word)))

    rows = syntax()
    put(rows.relatives, "relative")
    put(rows.complementizers, "that")
    for case, words in rows.pronouns.items():
        put(words, "pronoun", case)
    for case, words in rows.cases.items():
        put([w for w in words if " " not in w], "case", case)
    for sort in ("anaphors", "pairs", "owned", "heads", "shares", "speakers", "conjunctions", "adverbs", "agentives", "verbs"):
        put(getattr(rows, sort), sort)
    put([place for place in languages()["ar"].names.places if " " not in place], "adverbs")
    put([verb for verb in languages()["ar"].names.subject_verbs if " " not in verb], "verbs")
    return table


@functools.cache
def compound_prepositions() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Last word of a compound preposition (من قبل) -> (all its words, its case)."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for case, words in syntax().cases.items():
        for phrase in words:
            parts = tuple(fold(phrase).split())
            if len(parts) > 1:
                table.setdefault(parts[-1], []).append((parts, case))
    return table


@functools.lru_cache(maxsize=1 << 16)
def word_of(text: str) -> Word:
    """What a written word is, with its clitics taken off where that makes it one of the table.

    >>> word_of("وبشركه").value, word_of("لشركه").value, word_of("واعلنت").linked, word_of("فيها").value
    ('about', 'to', True, 'in')
    """
    known = word_table().get(text)
    if known is not None:
        return known
    linked = text[:1] in "وف" and len(text) > 2
    for bare in (text[1:], text) if linked else (text,):
        found = form_of(bare)
        if found is not None:
            return Word(found.sort, found.value, bare is not text, bare)
    return Word("other", "definite" if text.startswith(("ال", "وال", "لل", "بال")) else "", bare=text)


def form_of(text: str) -> Word | None:
    """What a word without و or ف before it is; None when neither the tables nor its form tell."""
    table = word_table()
    known = table.get(text)
    if known is not None:
        return known
    if text.startswith("لل"):
        noun = table.get("ال" + text[2:])
        return Word(noun.sort, "to") if noun and noun.sort in {"anaphors", "pairs"} else None
    if text[:1] in GLUED and len(text) > 3:
        noun = table.get(text[1:])
        if noun and noun.sort in {"heads", "shares", "anaphors", "pairs", "owned", "agentives"}:
            return Word(noun.sort, GLUED[text[0]])
    if text in folded("not_verbs"):
        return None
    if len(text) > 3 and (_FUTURE_OR_PRESENT.fullmatch(text) or _PAST_FEMININE.fullmatch(text)):
        return Word("verbs")
    carried = table.get(OBJECT_SUFFIX.sub("", text))
    if carried is not None and carried.sort == "verbs":
        return carried
    return Word("adverbs") if _ADVERB.fullmatch(text) else None
