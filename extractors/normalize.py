"""Text as published -> text to match on, with the way back.

Rules are written once, for folded text: simplified characters, ASCII digits and punctuation, bare Arabic letters.
`CleanText.raw_span` leads every match back to the code points as published.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

import opencc


class CleanText(NamedTuple):
    """`text` is `raw` after the steps. `origin[i]` is the index in `raw` of `text[i]`; None means the identity."""

    raw: str
    text: str
    origin: Sequence[int] | None = None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of `raw` that a non-empty span of `text` was made from.

        >>> clean = normalize("بقيمة ١٠ مليـــار")
        >>> start = clean.text.index("مليار")
        >>> clean.raw[slice(*clean.raw_span(start, start + 5))]
        'مليـــار'
        """
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1

    def slice(self, start: int, end: int) -> str:
        """What was published at a non-empty span of `text`."""
        first, last = self.raw_span(start, end)
        return self.raw[first:last]


Step = Callable[[CleanText], CleanText]

# In the way of every comparison and never seen: soft hyphen, combining grapheme joiner, zero-width and bidi controls,
# variation selectors, byte order mark; Arabic harakat, Koranic marks, superscript alef and tatweel.
_INVISIBLE = "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_HARAKAT = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
_DROPPED = re.compile(f"[{_INVISIBLE}{_HARAKAT}]+")
_REFERENCE = re.compile(r"&?#(\d{2,5});")
_TURNED = {"»": "«", "«": "»"}
# The names of Latin letters, folded; those that are also words of their own count only beside one that is not.
_LETTER_NAMES = "ايه|بي|سي|دي|اف|جي|جيه|اتش|كي|كيه|ال|ام|كيو|ار|اس|تي|يو|دبليو|اكس|واي|زد|بيه"
_WORDS_TOO = "اي|ان|او|في|ال|ام"
_INITIALS = re.compile(
    rf"(?<!\w)[وفبل]?(?:(?:{_LETTER_NAMES})\s?\.\s?(?=(?:{_LETTER_NAMES}|{_WORDS_TOO})(?!\w))"
    rf"|(?:{_WORDS_TOO})\s?\.\s?(?=(?:{_LETTER_NAMES})(?!\w)))"
)
_INITIALS_NEAR = re.compile(rf"\.\s?(?:{_LETTER_NAMES}|{_WORDS_TOO})(?!\w)")
"""What any of them goes on with, looked for first"""
# بي ان بي . باريبا: the last of several initials, before a word that opens no sentence
_LAST_INITIAL = re.compile(
    rf"(?<!\w)[وفبل]?(?:{_LETTER_NAMES}|{_WORDS_TOO}) ((?:{_LETTER_NAMES}|{_WORDS_TOO}) ?)\. "
    r"(?!و|ف|ال|[يتسا]\w{2,}|(?:كما|من|علي|قال|عن|بعد|خلال|هذا|هذه|حيث|لكن|كان|ذلك)(?!\w))(?=[\u0621-\u064a]{3})"
)
# From the first radical on: what OpenCC may have a simplified form of.
_HAN = re.compile("[\u2e80-\U0010ffff]")
# Everything but characters that fold to themselves: most of a text never meets the table.
_FOLDABLE = re.compile(
    "[^\x00-\x7f\xab\xbb\u0621\u0627\u0628\u062a-\u063a\u0641-\u0648\u064a-\u065f\u2014-\u201f\u3001-\u3035\u3400-\u9fff]"
)
# Of those, the ones that news is full of: one pass for each costs less than a look at every one where it stands.
_FREQUENT = "أإىة،，：（）"
# Everything that could have a compatibility form longer than one character; the ranges left out never have.
_COMPATIBILITY = re.compile("[^\x00-\x7f\u0600-\u06ff\u2010-\u203a\u3000-\u303f\u3400-\u9fff\uac00-\ud7a3\uff01-\uff5e]")
_LETTERS = {
    **dict.fromkeys("أإآٱ", "ا"), **dict.fromkeys("ىیئ", "ي"), **dict.fromkeys("ةۀ", "ه"), "ؤ": "و", "ک": "ك",
    "٪": "%", "؛": ";", "؟": "?", "،": ",", "٬": ",", "٫": ".", "…": "…",
    **dict.fromkeys("–−‐‑", "-"),
}  # fmt: skip


class _Fold(dict[int, str]):
    """One character to one character, worked out on first use: the whole table would take 50 ms of every start."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"  # a lone surrogate is no character, and OpenCC refuses it
    if char in _LETTERS:
        return _LETTERS[char]
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", char)
    return _LETTERS.get(folded, folded) if len(folded) == 1 else char


_FOLD = _Fold()


def expand_compatibility(clean: CleanText) -> CleanText:
    """Write out characters that stand for several: ﷼, ﷲ, ㎡, ½, presentation-form ligatures (NFKC).

    >>> expand_compatibility(CleanText("5 ㎡", "5 ㎡")).text
    '5 m2'
    """
    text = clean.text
    parts: list[str] = []
    origin: list[int] = []
    done = 0
    for match in _COMPATIBILITY.finditer(text):
        at = match.start()
        folded = unicodedata.normalize("NFKC", text[at])
        if len(folded) < 2:
            continue
        parts += (text[done:at], folded)
        origin += range(done, at)
        origin += [at] * len(folded)
        done = at + 1
    if not parts:
        return clean
    parts.append(text[done:])
    origin += range(done, len(text))
    return _remap(clean, "".join(parts), origin)


def fold_characters(clean: CleanText) -> CleanText:
    """One character to one: full-width to ASCII, digits to 0-9, Arabic letters to their bare form, lone surrogates to U+FFFD.

    >>> fold_characters(CleanText("ＨＫ＄１２", "ＨＫ＄１２")).text, fold_characters(CleanText("أوبن", "أوبن")).text
    ('HK$12', 'اوبن')
    """
    if clean.text.isascii():
        return clean
    text = clean.text
    for char in _FREQUENT:
        text = text.replace(char, _FOLD[ord(char)])
    return CleanText(clean.raw, _FOLDABLE.sub(lambda found: _FOLD[ord(found[0])], text), clean.origin)


def drop_invisible(clean: CleanText) -> CleanText:
    """Take out what is not seen or not spelled: bidi and zero-width marks, harakat, tatweel.

    >>> drop_invisible(CleanText("مُحَدَّدة", "مُحَدَّدة")).text
    'محددة'
    """
    text = clean.text
    parts: list[str] = []
    origin: list[int] = []
    done = 0
    for match in _DROPPED.finditer(text):
        parts.append(text[done : match.start()])
        origin += range(done, match.start())
        done = match.end()
    if not parts:
        return clean
    parts.append(text[done:])
    origin += range(done, len(text))
    return _remap(clean, "".join(parts), origin)


@functools.cache
def _t2s() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def restore_references(clean: CleanText) -> CleanText:
    """Numeric character references that a feed escaped twice, also without their ampersand, as the character they stand for.

    Text set from right to left may have its quotation marks the other way round; they are turned to open and close.

    >>> restore_references(CleanText("", "#171;دو#187; و&#171;زين&#187;")).text
    '«دو» و«زين»'
    >>> restore_references(CleanText("", "#187;دو#171;")).text
    '«دو»'
    """
    if "#" not in clean.text:
        return clean
    found = [(m.start(), m.end(), chr(int(m[1]))) for m in _REFERENCE.finditer(clean.text)]
    if next((char for _, _, char in found if char in _TURNED), None) == "»":
        found = [(start, end, _TURNED.get(char, char)) for start, end, char in found]
    return _rewrite(clean, found)


def join_initials(clean: CleanText) -> CleanText:
    """Initials spelled by letter names, without the full stops that older Arabic wire text sets between them.

    >>> join_initials(CleanText("", "بنك اتش .اس .بي .سي وشركه اتصالات دي . بي")).text
    'بنك اتش اس بي سي وشركه اتصالات دي بي'
    """
    if not _INITIALS_NEAR.search(clean.text):
        return clean
    stops = [(m.start() + len(m.group().rstrip(" .")), m.end(), " ") for m in _INITIALS.finditer(clean.text)]
    joined = _rewrite(clean, stops)
    last = [(m.end(1), m.end(), " ") for m in _LAST_INITIAL.finditer(joined.text)] if stops else []
    return _rewrite(joined, last)


def _rewrite(clean: CleanText, changes: Sequence[tuple[int, int, str]]) -> CleanText:
    """`clean` with each stretch (start, end) replaced by one character."""
    if not changes:
        return clean
    parts: list[str] = []
    origin: list[int] = []
    done = 0
    for start, end, char in changes:
        parts += (clean.text[done:start], char)
        origin += (*range(done, start), start)
        done = end
    parts.append(clean.text[done:])
    origin += range(done, len(clean.text))
    return _remap(clean, "".join(parts), origin)


def simplify(clean: CleanText) -> CleanText:
    """Traditional to simplified characters (OpenCC t2s, which keeps the length; its phrase configurations do not).

    >>> simplify(CleanText("輝達擬斥資億元", "輝達擬斥資億元")).text
    '辉达拟斥资亿元'
    """
    if _HAN.search(clean.text) is None:
        return clean
    text = _t2s().convert(clean.text).replace("於", "于")  # OpenCC keeps 於 in some phrases; rules know one spelling
    if len(text) != len(clean.text):  # never seen; a moved offset would be silent, so convert one by one instead
        text = "".join(s if len(s := _t2s().convert(char)) == 1 else char for char in clean.text)
    return CleanText(clean.raw, text, clean.origin)


def _remap(clean: CleanText, text: str, origin: list[int]) -> CleanText:
    before = clean.origin
    return CleanText(clean.raw, text, origin if before is None else [before[i] for i in origin])


STEPS: tuple[Step, ...] = (restore_references, expand_compatibility, fold_characters, drop_invisible, join_initials, simplify)


def normalize(raw: str, steps: Sequence[Step] = STEPS) -> CleanText:
    """`raw` through the steps, in order.

    >>> normalize("約港幣　７８０ 億元").text
    '约港币 780 亿元'
    """
    clean = CleanText(raw, raw)
    for step in steps:
        clean = step(clean)
    return clean


@functools.lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Normalised text where only equality matters: a table row, a name to compare.

    >>> fold("أنثروبيك") == fold("انثروبيك"), fold("輝達") == fold("辉达")
    (True, True)
    """
    return normalize(text).text
