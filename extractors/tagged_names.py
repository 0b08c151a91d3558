"""What the name tagger adds to the names of tables and grammars: companies that neither knows, and how sure it is of theirs.

Tables and grammars go first: where one of their names stands, the tagger only says how likely it is one. Of its own names those
count that it is sure of, and each counts wherever the text repeats it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ahocorasick_rs import AhoCorasick, Implementation

from corpus.language_table import languages
from extractors.chinese_names import shape
from extractors.draft import cue_words, object_words
from extractors.known_names import Found, lookup_entity
from extractors.language import grammar_language
from extractors.normalize import CleanText, fold
from extractors.syntax_zh import common_words
from extractors.tagger import Tagger
from extractors.tagger_decode import Tagged

SURE = 0.7
"""Score from which a name counts that nothing but the tagger shows; measured by `benchmarks/ablation.py`"""
_SHORTEST = 2
_COMMON_LETTERS = frozenset("GNDJFPSOBs")
"""Of `chinese_names.shape`: places, generic nouns, descriptions, offices, function words, verbs"""
_WORD = re.compile(r"[^\W\d_]")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN_NEXT = re.compile(r"[ -]?[A-Za-z]")
_CLITIC = re.compile(r"(?<![\u0620-\u06d3])[وف]?[بلك]?$")


@functools.cache
def _cues(code: str) -> AhoCorasick:
    words = {*cue_words(code), *(word for word, _ in object_words(code))}
    return AhoCorasick(sorted(words), implementation=Implementation.ContiguousNFA)


def has_cue(text: str, language: str) -> bool:
    """Whether folded `text` has a word that may tell a deal: without one, it is not worth the tagger's time.

    >>> has_cue("辉达拟收购", "zh-Hant"), has_cue("天气晴", "zh-Hant")
    (True, False)
    """
    return bool(_cues(grammar_language(language)).find_matches_as_indexes(text.lower()))


def with_tagged(clean: CleanText, language: str, known: Sequence[Found], unknown: Sequence[Found], tagger: Tagger) -> list[Found]:
    """`unknown` with the scores of the tagger, and after it what the tagger alone finds."""
    text = clean.text
    tagged = [name for name in tagger(clean, language, known) if name.kind != "LOC"]
    scores = {(name.start, name.end): name.score for name in tagged}
    scored = [replace(name, score=scores.get((name.start, name.end))) for name in unknown]
    taken = sorted((name.start, name.end) for name in (*known, *unknown))
    sure = [name for name in tagged if name.score >= SURE and name.kind == "ORG" and _is_free(name, taken)]
    return [*scored, *_everywhere(text, sure, taken)]


def _is_free(name: Tagged, taken: Iterable[tuple[int, int]]) -> bool:
    return all(end <= name.start or name.end <= start for start, end in taken)


def _everywhere(text: str, names: Iterable[Tagged], taken: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Every mention of the names' forms that is free."""
    best: dict[str, float] = {}
    for name in names:
        form = text[name.start : name.end]
        if len(form) >= _SHORTEST and _WORD.search(form) and not _is_common(form):
            best[form] = max(best.get(form, 0.0), name.score)
    for form, score in best.items():
        row = lookup_entity(form)
        at = text.find(form)
        while at >= 0:
            mention = Tagged(at, at + len(form), "ORG", score)
            if _is_free(mention, taken) and _is_whole(text, at, at + len(form)):
                yield Found(at, at + len(form), row, row.kind if row else "company", score=score)
            at = text.find(form, at + len(form))


def _is_common(form: str) -> bool:
    """Whether words of the language say all of it: 日本, الشركة السعودية.

    >>> from extractors.normalize import fold
    >>> [_is_common(fold(form)) for form in ("日本", "瀚洋资本", "الشركة السعودية", "اتصالات")]
    [True, False, True, False]
    """
    if not form.isascii() and _HAN.search(form) is None:
        words = form.split()
        return (len(words) > 1 or form.startswith("ال")) and all(word in _common_arabic() for word in words)
    return form in common_words() or set(shape(form, [])) <= _COMMON_LETTERS


@functools.cache
def _common_arabic() -> frozenset[str]:
    table = languages()["ar"].names
    words = {fold(word) for words in (table.heads, table.bodies, table.generic, table.places, table.breaks) for word in words}
    return frozenset(words | {f"ال{word}" for word in words})


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no letter of a script with spaces goes on at either edge, an Arabic clitic left aside."""
    first, last, after = text[start], text[end - 1], text[end : end + 1]
    if last.isascii() and _LATIN_NEXT.match(text, end):
        return False  # Physical AI
    if not _HAN.match(last) and after and _WORD.match(after) and not _HAN.match(after):
        return False
    before = text[start - 1 : start] if start else ""
    if _HAN.match(first) or not before or not _WORD.match(before) or _HAN.match(before):
        return True
    return not first.isascii() and _CLITIC.search(text, max(0, start - 3), start) is not None
