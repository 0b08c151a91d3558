"""What the name tagger sees of a token, in numbers: hashed forms, their neighbours, word classes, and names of the tables.

A text is cut into windows of at most `LONGEST` tokens at the ends of sentences. Every token of a window becomes one row of
`SLOTS` bucket numbers, of which the tagger sums the embeddings (hash embeddings: Svenstrup et al. 2017, "Hash Embeddings for
Efficient Word Representations"). Training and inference both build them here.
"""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.language_table import languages
from corpus.short_name_table import short_names
from extractors.known_names import Found
from extractors.normalize import fold
from extractors.shape_zh import shape
from extractors.tokens import split_text

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Buckets:
    """Sizes of an embedding table: the first `words` buckets for tokens themselves, the rest for everything made of them."""

    words: int
    total: int


BUCKETS = {"zh": Buckets(40_960, 131_072), "ar": Buckets(28_672, 65_536)}
"""By language, the first two letters of its code"""
SLOTS = 13
LONGEST = 128
"""Tokens of a window"""

_BREAK = re.compile(r"[。!?;\n]+|(?<=[^\d\s])\s?\.(?=\s|$)")
_SOFT_BREAK = ",、:，"
_AFFIXES = 6
_EDGE = 2
"""Tokens beyond a window's ends that its n-grams may ask for"""
_HASH = (1 << 31) - 1
_PRIME = 0x01000193
_KINDS = {kind: number for number, kind in enumerate(("company", "person", "government", "fund", "product", "unit", "other"), 1)}
_HAN = re.compile("[\u3400-\u9fff]")
_DIGIT = re.compile(r"\d")
_CLITIC = re.compile("[وف]?[بلك]?")
_CLITIC_LETTERS = frozenset("وفبلك")
_STEM = re.compile("^(?:[وف]?[بكل]?ال|لل)?(.{3,}?)(?:ات|ين|ون|ان|ها|يه|ه|ي)?$")
_SHORT_SIZES = (2, 3, 4)
"""Characters of the short names that are looked up"""
# Classes of Arabic words, the first that has the word; Chinese has the shape of `chinese_names`.
_ARABIC_CLASSES = (
    ("heads", "H"), ("bodies", "Y"), ("subject_verbs", "S"), ("tails", "T"), ("breaks", "F"), ("generic", "N"), ("places", "G"),
    ("double", "P"), ("keep", "K"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a window, one array entry each. Forms are 31-bit hashes, so that equal forms are equal numbers.

    `affixes` are six columns: first three and two, last three and two letters, stem, first four; zeros for a Chinese character.
    """

    spans: tuple[tuple[int, int], ...]
    forms: Ints
    affixes: Ints
    classes: Ints
    tags: Ints
    """1 + 2 x kind for the first token of a name of the table, one more for its others; 0 outside"""
    listed: Ints
    """One bit for each place in a listed short name of two, three or four characters that a Chinese character may have"""

    def __len__(self) -> int:
        return len(self.forms)


def windows(text: str, language: str, known: Sequence[Found], *, joined: bool = False) -> Iterator[Tokens]:
    """The windows of folded `text`, in order; white space belongs to none. `known` are its names of the table.

    A window is a sentence, or, `joined`, as many sentences of a line as it can hold.

    >>> [[text[a:b] for a, b in w.spans] for text in ["投資3億。شركة نون"] for w in windows(text, "zh-Hans", [])]
    [['投', '資', '3', '億', '。'], ['شركة', 'نون']]

    An Arabic word is parted from its clitic where a name of the table or a word of a class begins behind it, as names may:

    >>> [[text[a:b] for a, b in w.spans] for text in ["لبنك نون بسعر"] for w in windows(text, "ar", [])]
    [['ل', 'بنك', 'نون', 'بسعر']]
    """
    classes = _arabic_classes() if language.startswith("ar") else shape(text, known)
    tags = _tags(len(text), known)
    tokens = split_text(text)
    cut = _cut(text, tokens if isinstance(classes, str) else _parted(text, tokens, classes, tags))
    for spans in _joined(text, cut) if joined else cut:
        forms = [token_columns(text[start:end]) for start, end in spans]
        of_class = [ord(classes[start]) if isinstance(classes, str) else classes.get(text[start:end], 1) for start, end in spans]
        columns = np.array(forms, dtype=np.int64).reshape(-1, 1 + _AFFIXES)
        yield Tokens(
            tuple(spans), columns[:, 0], columns[:, 1:], np.array(of_class, dtype=np.int64),
            np.array([tags.get(start, 0) for start, _ in spans], dtype=np.int64), _listed(columns[:, 0]),
        )  # fmt: skip


def _cut(text: str, tokens: Iterator[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """`tokens` of `text` by sentence; a longer one is cut behind a comma."""
    ends = [*(match.end() for match in _BREAK.finditer(text)), len(text)]
    spans: list[tuple[int, int]] = []
    at = 0
    for token in tokens:
        if token[0] >= ends[at]:
            yield from _short(text, spans)
            spans = []
            while token[0] >= ends[at]:
                at += 1
        spans.append(token)
    yield from _short(text, spans)


def _joined(text: str, sentences: Iterator[list[tuple[int, int]]]) -> Iterator[list[tuple[int, int]]]:
    """Sentences of a line put together while a window holds them."""
    together: list[tuple[int, int]] = []
    for spans in sentences:
        if together and (len(together) + len(spans) > LONGEST or "\n" in text[together[-1][0] : spans[0][0]]):
            yield together
            together = []
        together = together + spans
    if together:
        yield together


def _short(text: str, spans: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    while len(spans) > LONGEST:
        soft = (at + 1 for at in range(LONGEST - 1, LONGEST // 2, -1) if text[spans[at][0]] in _SOFT_BREAK)
        size = next(soft, LONGEST)
        yield spans[:size]
        spans = spans[size:]
    if spans:
        yield spans


def _parted(
    text: str, tokens: Iterator[tuple[int, int]], classes: Mapping[str, int], tags: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Arabic tokens, a clitic apart from what `classes` and `tags` know behind it."""
    for start, end in tokens:
        if text[start] in _CLITIC_LETTERS and text[start:end] not in classes and start not in tags:
            clitic = _CLITIC.match(text, start, max(start, end - 2))
            for middle in range(start + 1, clitic.end() + 1 if clitic else start):
                if tags.get(middle, 0) % 2 or text[middle:end] in classes:
                    yield start, middle
                    start = middle  # noqa: PLW2901
                    break
        yield start, end


def _tags(length: int, known: Sequence[Found]) -> dict[int, int]:
    """Character -> tag, for the characters of `known`."""
    tags: dict[int, int] = {}
    for name in known:
        first = 2 * _KINDS.get(name.kind, _KINDS["other"]) - 1
        tags.update(dict.fromkeys(range(name.start, min(name.end, length)), first + 1))
        tags[name.start] = first
    return tags


@functools.cache
def _arabic_classes() -> dict[str, int]:
    table = languages()["ar"].names
    classes: dict[str, int] = {}
    for section, letter in _ARABIC_CLASSES:
        for word in getattr(table, section):
            folded = fold(word)
            for form in (folded, f"ال{folded}") if section in ("heads", "bodies") else (folded,):
                classes.setdefault(form, ord(letter))
    return classes


@functools.cache
def _short_keys() -> Ints:
    """Keys of the listed short names, in order."""
    keys = [np.zeros(0, dtype=np.int64)]
    listed = short_names()
    for size in _SHORT_SIZES:
        names = "".join(name for name in listed if len(name) == size)
        characters, at = np.unique(np.frombuffer(names.encode("utf-32-le"), dtype=np.uint32), return_inverse=True)
        hashes = np.array([_hash(chr(character)) for character in characters], dtype=np.int64)
        keys.append(_key(hashes[at].reshape(-1, size)) if names else keys[0])
    return np.unique(np.concatenate(keys))


def _key(forms: Ints) -> Ints:
    """One number for each row of forms."""
    key = forms[:, 0].copy()
    for column in forms.T[1:]:
        key = key * np.int64(0x9E3779B97F4A7C1) + column  # wraps around
    return key


def _listed(forms: Ints) -> Ints:
    bits = np.zeros(len(forms), dtype=np.int64)
    keys = _short_keys()
    bit = 1
    for size in _SHORT_SIZES:
        count = len(forms) - size + 1
        if count > 0 and len(keys):
            wanted = _key(np.lib.stride_tricks.sliding_window_view(forms, size))
            found = keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted
            for place in range(size):
                bits[place : place + count] |= found * np.int64(bit << place)
        bit <<= size
    return bits


@functools.lru_cache(maxsize=1 << 17)
def token_columns(form: str) -> tuple[int, ...]:
    """Hashes of a token and its affixes. Numbers count by their make only, Latin words by their lower case too."""
    if _HAN.match(form):
        return _hash(form), *(0,) * _AFFIXES
    if _DIGIT.match(form):
        made = re.sub(r"\d+", lambda digits: "0" * min(len(digits[0]), 4), form)
        return _hash(made), *(0,) * _AFFIXES
    if form.isascii():
        made = "".join("X" if c.isupper() else "x" if c.islower() else c for c in form[:3]) + str(min(len(form), 4))
        low = form.lower()
        return _hash(low), _hash(made), _hash(low[:2]), _hash(low[-3:]), _hash(low[-2:]), _hash("~" + made), _hash("^" + low[:4])
    stem = _STEM.match(form)
    return (
        _hash(form), _hash("^" + form[:3]), _hash("^" + form[:2]), _hash(form[-3:] + "$"), _hash(form[-2:] + "$"),
        _hash("~" + (stem[1] if stem else form)), _hash("^" + form[:4]),
    )  # fmt: skip


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace")) & _HASH


def bucket_rows(tokens: Tokens, sizes: Buckets) -> Ints:
    """Bucket numbers of one window, shape (tokens, `SLOTS`)."""
    return buckets(tokens.forms, tokens.affixes, tokens.classes, tokens.tags, tokens.listed, sizes=sizes)


def rows_of_all(given: Sequence[Tokens], sizes: Buckets) -> list[Ints]:
    """`bucket_rows` of each window, worked out at once: for short windows most of the cost is a call's own."""
    if not given:
        return []
    apart = [np.zeros((_EDGE, _AFFIXES + 4), dtype=np.int64)]
    columns = [np.column_stack((w.forms, w.affixes, w.classes, w.tags, w.listed)) for w in given]
    table = np.concatenate([part for column in columns for part in (column, *apart)])
    rows = buckets(table[:, 0], table[:, 1:-3], table[:, -3], table[:, -2], table[:, -1], sizes=sizes)
    found = []
    at = 0
    for window in given:
        found.append(rows[at : at + len(window)])
        at += len(window) + _EDGE
    return found


def buckets(forms: Ints, affixes: Ints, classes: Ints, tags: Ints, listed: Ints, *, sizes: Buckets) -> Ints:
    """Bucket numbers from the columns of `Tokens`.

    The slots: the form; its pairs with the neighbours; both neighbours; affixes, or for Chinese the pairs and triples further
    out; class; the three classes around; tag of the table with the class; stem and first letters, or for Chinese the places in
    listed short names, alone and with the class.
    """
    count = len(forms)
    padded = np.zeros(count + 2 * _EDGE, dtype=np.int64)
    padded[_EDGE:-_EDGE] = forms
    far_left, left, right, far_right = (padded[_EDGE + at : _EDGE + at + count] for at in (-2, -1, 1, 2))
    around = np.zeros(count + 2, dtype=np.int64)
    around[1:-1] = classes
    plain = affixes[:, 0] == 0
    rows = np.empty((count, SLOTS), dtype=np.int64)
    rows[:, 0] = forms % sizes.words
    rows[:, 1] = _mixed(sizes, 1, left, forms)
    rows[:, 2] = _mixed(sizes, 2, forms, right)
    rows[:, 3] = _mixed(sizes, 3, left, forms, right)
    rows[:, 4] = np.where(plain, _mixed(sizes, 4, far_left, left), _mixed(sizes, 8, affixes[:, 0]))
    rows[:, 5] = np.where(plain, _mixed(sizes, 5, right, far_right), _mixed(sizes, 9, affixes[:, 2]))
    rows[:, 6] = np.where(plain, _mixed(sizes, 6, far_left, left, forms), _mixed(sizes, 10, affixes[:, 1]))
    rows[:, 7] = np.where(plain, _mixed(sizes, 7, forms, right, far_right), _mixed(sizes, 11, affixes[:, 3]))
    rows[:, 8] = _mixed(sizes, 12, classes)
    rows[:, 9] = _mixed(sizes, 13, around[:-2], classes, around[2:])
    rows[:, 10] = _mixed(sizes, 14, tags, classes)
    rows[:, 11] = np.where(plain, _mixed(sizes, 15, listed), _mixed(sizes, 16, affixes[:, 4]))
    rows[:, 12] = np.where(plain, _mixed(sizes, 17, listed, classes), _mixed(sizes, 18, affixes[:, 5]))
    return rows


def _mixed(sizes: Buckets, slot: int, *parts: Ints) -> Ints:
    """One bucket above those of words for a slot and the numbers in it."""
    value = parts[0] + 0x9E3779B1 * (slot + 1) % (_HASH + 1) * _PRIME
    value &= _HASH
    value ^= value >> 15
    for part in parts[1:]:
        value *= _PRIME
        value += part
        value &= _HASH
        value ^= value >> 15
    value *= 0x2C1B3C6D
    value &= _HASH
    value >>= 8
    value %= sizes.total - sizes.words
    value += sizes.words
    return value
