"""Article text on a page: which spans are marked, which way it runs, and nothing in it that could turn the page around."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_RTL_SCRIPT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters: those that reverse or isolate text, and those that cannot be seen. Marks that Arabic needs
(U+200C to U+200F) are left alone: they act on their neighbours only."""
_CONTEXT = 240
_SENTENCE_END = re.compile(r"[。！？!?؟\n]|\.\s")

ORDER = ("evidence", "amount", "date", "name")
"""Kinds of marks, the outer one first"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to show: ``text[start:end]``. `kind` is one of `ORDER`."""

    start: int
    end: int
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with the marks that lie on it, the outer one first. `hidden` characters are shown by their number."""

    text: str
    kinds: tuple[str, ...] = ()
    title: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a text. `cut_before` and `cut_after` say whether there is more of it."""

    pieces: tuple[Piece, ...]
    start: int
    end: int
    cut_before: bool
    cut_after: bool


def direction(text: str) -> str:
    """The way a text runs: that of its first letter with a direction, as browsers do with ``dir=auto``.

    >>> direction("38 مليار دولار"), direction("$38 bn"), direction("")
    ('rtl', 'ltr', 'ltr')
    """
    for char in text[:4096]:
        way = unicodedata.bidirectional(char)
        if way in ("R", "AL"):
            return "rtl"
        if way == "L":
            return "ltr"
    return "ltr"


def text_direction(language: str | None, text: str) -> str:
    """The way an article runs: its language says so, else its letters."""
    if language in ("ar", "zh-Hant", "zh-Hans"):
        return "rtl" if language == "ar" else "ltr"
    return direction(text)


def script(name: str) -> str:
    """arabic, han, latin or other: the script of a name, for grouping.

    >>> script("亞馬遜"), script("أمازون"), script("Amazon"), script("360")
    ('han', 'arabic', 'latin', 'other')
    """
    for found, pattern in (("arabic", _ARABIC), ("han", _HAN), ("latin", _LATIN)):
        if pattern.search(name):
            return found
    return "other"


def visible(text: str) -> str:
    r"""Text for a place without markup (a tooltip, an attribute): hidden characters by their numbers.

    >>> visible("a\u202eb\x00")
    'a[U+202E]b[U+0000]'
    """
    return _HIDDEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def pieces(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> tuple[Piece, ...]:
    """`text[start:end]` cut where a mark begins or ends.

    >>> [(piece.text, piece.kinds) for piece in pieces("輝達投資", [Mark(0, 2, "name"), Mark(0, 4, "evidence")])]
    [('輝達', ('evidence', 'name')), ('投資', ('evidence',))]
    """
    last = len(text) if end is None else min(end, len(text))
    inside = [m for m in marks if m.start < last and m.end > start and m.end > m.start]
    edges = sorted({start, last, *(max(m.start, start) for m in inside), *(min(m.end, last) for m in inside)})
    inside.sort(key=lambda m: m.start)
    found: list[Piece] = []
    active: list[Mark] = []
    at = 0
    for left, right in itertools.pairwise(edges):
        while at < len(inside) and inside[at].start <= left:
            active.append(inside[at])
            at += 1
        active = [m for m in active if m.end > left]
        kinds = tuple(kind for kind in ORDER if any(m.kind == kind for m in active))
        title = next((m.title for m in sorted(active, key=lambda m: m.end - m.start) if m.title), "")
        found += _shown(text[left:right], kinds, title)
    return tuple(found)


def _shown(text: str, kinds: tuple[str, ...], title: str) -> Iterable[Piece]:
    at = 0
    for match in _HIDDEN.finditer(text):
        if match.start() > at:
            yield Piece(text[at : match.start()], kinds, title)
        yield Piece(f"U+{ord(match[0]):04X}", kinds, title, hidden=True)
        at = match.end()
    if at < len(text):
        yield Piece(text[at:], kinds, title)


def passage(text: str, marks: Iterable[Mark], start: int, end: int) -> Passage:
    """The sentences around a span, at most some hundred code points on either side of it."""
    floor, ceiling = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    before = [match.end() for match in _SENTENCE_END.finditer(text, floor, start)]
    first = before[-2] if len(before) > 1 else floor
    after = [match.end() for match in _SENTENCE_END.finditer(text, end, ceiling)]
    last = after[min(1, len(after) - 1)] if after else ceiling
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return Passage(pieces(text, marks, first, last), first, last, first > 0, last < len(text))
