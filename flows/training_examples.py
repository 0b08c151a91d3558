"""Labelled text as windows with labels, and the two kinds of noise that make a small tagger general.

Names are swapped for others of their kind, so that contexts and the make of names are learned and not the names themselves; and
names of the entity table are hidden now and then, so that the tagger does not lean on a table that knows few companies.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.entity_table import entities
from extractors.arabic_names import find_arabic
from extractors.chinese_names import find_chinese
from extractors.known_names import Found, find_known
from extractors.normalize import fold
from extractors.tagger_decode import KINDS
from extractors.tagger_features import Tokens, windows
from flows.training_data import Labelled, unlabelled

IGNORED = -100
"""The label of a token that teaches nothing"""
SCHEMES = {"zh": ("fewfc", "finre", "table"), "ar": ("anercorp", "wojood", "table")}
"""Outputs of the tagger of each language, in order"""
NO_NUMBERS: Mapping[tuple[str, str], int] = {}
_COMPANIES = ("company", "fund", "government", "unit")
_SHORTEST_WINDOW = 4
_LONGEST_TEXT = 3000
_SILVER_SHARE = 0.3
"""Of the texts without labels, the share from which sentences are taken"""
_EMPTY_SHARE = 0.02
"""Of the sentences without a name, the share that is taken too"""
_LONGEST_SILVER = 300
_SENTENCE = re.compile(r"(?:[^。!?;.\n]|\.(?!\s)){12,}")


@dataclass(frozen=True, slots=True)
class Belief:
    """What a teacher believes of one window: probabilities of labels (tokens, labels), and of pairs of neighbours' labels."""

    labels: npt.NDArray[np.float16]
    pairs: npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Example:
    """A window with one label a token; `scheme` numbers the output that the labels are for."""

    tokens: Tokens
    labels: npt.NDArray[np.int64]
    scheme: int
    parts: npt.NDArray[np.int64] | None = None
    """What each token takes part as, by its number; none where the set does not say"""
    believed: Belief | None = None
    """What a teacher believes of a window without labels"""


@dataclass(frozen=True, slots=True)
class Names:
    """Names to swap in, folded: by (kind, language) those of the labelled text, and companies of lists."""

    labelled: dict[tuple[str, str], list[str]]
    listed: dict[str, list[str]]

    @classmethod
    def collect(cls, texts: Sequence[Labelled], folder: Path) -> Names:
        """From labelled text, the entity table, and the lists of companies in `folder`."""
        labelled: dict[tuple[str, str], list[str]] = {}
        for text in texts:
            for start, end, kind in text.names:
                labelled.setdefault((kind, text.language), []).append(text.text[start:end])
        with gzip.open(folder / "company_short_names_zh.txt.gz", "rt", encoding="utf-8-sig") as lines:
            short = [fold(line.strip()) for line in lines if 2 <= len(line.strip()) <= 8 and not line.strip().isdigit()]
        with (folder / "saudi_companies.csv").open(encoding="utf-8", newline="") as rows:
            saudi = [fold(row["name_ar"]) for row in csv.DictReader(rows)]
        rows_of_table = [entity for entity in entities().values() if entity.kind in ("company", "fund")]
        chinese = [fold(name) for entity in rows_of_table for name in (*entity.hans, *entity.hant_tw, *entity.latin)]
        arabic = [fold(name) for entity in rows_of_table for name in entity.ar]
        return cls(labelled, {"zh-Hans": short, "zh-Hans table": chinese, "ar": saudi, "ar table": arabic})

    def pick(self, kind: str, language: str, rng: random.Random) -> str:
        """A name: of the labelled text seven times in ten, else a company of the lists."""
        chosen = rng.random()
        if kind != "ORG" or chosen < 0.7:
            return rng.choice(self.labelled[kind, language])
        return rng.choice(self.listed[language if chosen < 0.8 else f"{language} table"])


def swapped(text: Labelled, names: Names, rng: random.Random) -> Labelled:
    """`text` with some of its companies and people under other names, each the same wherever it stands."""
    new: dict[str, str] = {}
    for start, end, kind in text.names:
        if kind != "LOC" and rng.random() < 0.7:
            new.setdefault(text.text[start:end], names.pick(kind, text.language, rng))
    pieces: list[str] = []
    grown: list[tuple[int, int]] = []
    at = 0
    for start, end, _ in text.names:
        word = text.text[start:end]
        pieces += (text.text[at:start], new.get(word, word))
        grown.append((end, len(pieces[-1]) - len(word)))
        at = end

    def moved(spans: Sequence[tuple[int, int, str]]) -> tuple[tuple[int, int, str], ...]:
        places = [[place + sum(more for end, more in grown if end <= place) for place in span[:2]] for span in spans]
        return tuple((start, end, what) for (start, end), (*_, what) in zip(places, spans, strict=True))

    whole = [
        part for part in text.parts
        if not any(start < part[0] < end or start < part[1] < end for start, end, _ in text.names)
    ]  # fmt: skip
    return replace(text, text="".join((*pieces, text.text[at:])), names=moved(text.names), parts=moved(whole))


def part_numbers(texts: Iterable[Labelled]) -> dict[tuple[str, str], int]:
    """A number for each (scheme, part) there is, what takes no part included."""
    found = {(text.scheme, what) for text in texts for what in ("", *(part[2] for part in text.parts)) if text.parts}
    return {part: number for number, part in enumerate(sorted(found))}


def examples(
    texts: Iterable[Labelled], names: Names, rng: random.Random, joined: float = 0.0,
    numbers: Mapping[tuple[str, str], int] = NO_NUMBERS,
) -> Iterator[Example]:  # fmt: skip
    """Windows of `texts`: half of the texts with names swapped, a quarter without the table, a quarter with half of it.

    A window holds several sentences in the share `joined` of the texts.
    """
    yield from (example for _, example in examples_of(texts, names, rng, joined, numbers))


def examples_of(
    texts: Iterable[Labelled], names: Names, rng: random.Random, joined: float = 0.0,
    numbers: Mapping[tuple[str, str], int] = NO_NUMBERS,
) -> Iterator[tuple[str, Example]]:  # fmt: skip
    """`examples`, each with the text that it is of."""
    for given in texts:
        text = swapped(given, names, rng) if rng.random() < 0.5 else given
        known = find_known(text.text)
        share = rng.choice((0.0, 0.5, 1.0, 1.0))
        several = joined > 0 and rng.random() < joined
        some = [name for name in known if rng.random() < share]
        for example in labelled_windows(text, some, joined=several, numbers=numbers):
            yield text.text, example


def labelled_windows(
    text: Labelled, known: Sequence[Found], *, joined: bool = False, numbers: Mapping[tuple[str, str], int] = NO_NUMBERS
) -> Iterator[Example]:
    """The windows of one text with their labels, and its parts by their `numbers`."""
    scheme = SCHEMES[text.language[:2]].index(text.scheme)
    outside = numbers.get((text.scheme, ""))
    for tokens in windows(text.text, text.language, known, joined=joined):
        parts = None if outside is None else _parts(tokens, text, numbers, outside)
        yield Example(tokens, _labels(tokens, text.names), scheme, parts)


def _parts(tokens: Tokens, text: Labelled, numbers: Mapping[tuple[str, str], int], outside: int) -> npt.NDArray[np.int64]:
    """The number of the part of each token, `outside` where it takes none."""
    at = {place: numbers[text.scheme, what] for start, end, what in text.parts for place in range(start, end)}
    return np.array([at.get(start, outside) for start, _ in tokens.spans], dtype=np.int64)


def _labels(tokens: Tokens, names: Sequence[tuple[int, int, str | None]]) -> npt.NDArray[np.int64]:
    """One label a token; a name without a kind is ignored. A token that reaches into a name belongs to it."""
    labels = np.zeros(len(tokens), dtype=np.int64)
    at = 0
    for index, (start, end) in enumerate(tokens.spans):
        while at < len(names) and names[at][1] <= start:
            at += 1
        if at < len(names) and end > names[at][0]:
            kind = names[at][2]
            first = index == 0 or tokens.spans[index - 1][1] <= names[at][0]
            labels[index] = IGNORED if kind is None else 1 + 2 * KINDS.index(kind) + (not first)
    return labels


def unlabelled_windows(language: str, stream: Path, folder: Path, share: float, rng: random.Random) -> Iterator[Example]:
    """News of one language for pre-training, each text once, of `share` of the texts.

    Names of the table are labelled, hidden from the input; what only the grammar takes for a name is ignored.
    """
    table = SCHEMES[language].index("table")
    for text in news(language, stream, folder):
        if rng.random() > share:
            continue
        known = find_known(text)
        other = (find_arabic if language == "ar" else find_chinese)(text, known)
        names = sorted([(n.start, n.end, _kind(n)) for n in known] + [(n.start, n.end, None) for n in other], key=_place)
        for tokens in windows(text, language, []):
            if len(tokens) >= _SHORTEST_WINDOW:
                labels = _labels(tokens, names)
                yield Example(replace(tokens, spans=()), labels, table)  # without spans it fits in memory


def news(language: str, stream: Path, folder: Path) -> Iterator[str]:
    """The beginnings of the texts without labels, each once."""
    seen: set[str] = set()
    for of_text, clean in unlabelled(stream, folder):
        if of_text == language and clean.text[:200] not in seen:
            seen.add(clean.text[:200])
            yield clean.text[:_LONGEST_TEXT]


def plain_windows(language: str, stream: Path, folder: Path) -> Iterator[Tokens]:
    """All news of one language as windows."""
    for text in news(language, stream, folder):
        for tokens in windows(text, language, []):
            if len(tokens) >= _SHORTEST_WINDOW:
                yield replace(tokens, spans=())


def without_labels(texts: Iterable[Labelled]) -> Iterator[Example]:
    """Labelled texts as windows for pre-training, their labels unseen."""
    for text in texts:
        for tokens in windows(text.text, text.language, []):
            yield Example(replace(tokens, spans=()), np.full(len(tokens), IGNORED), SCHEMES[text.language[:2]].index("table"))


def silver(language: str, stream: Path, folder: Path, most: int, rng: random.Random) -> Iterator[Labelled]:
    """Sentences of news in which the table knows the companies and the grammar sees no other: labels for nothing.

    At most `most`. With names swapped they teach how companies nobody lists are spoken of in this kind of news.
    """
    left = most
    for of_text, clean in unlabelled(stream, folder):
        if of_text != language or not left or rng.random() > _SILVER_SHARE:
            continue
        text = clean.text[:_LONGEST_TEXT]
        known = find_known(text)
        other = (find_arabic if language == "ar" else find_chinese)(text, known) if known else []
        for match in _SENTENCE.finditer(text):
            inside = [name for name in known if match.start() <= name.start and name.end <= match.end()]
            doubtful = any(match.start() < name.end and name.start < match.end() for name in other)
            if doubtful or len(match.group()) > _LONGEST_SILVER or (not inside and rng.random() > _EMPTY_SHARE):
                continue
            of_kind = [(n.start - match.start(), n.end - match.start(), _company_or_person(n)) for n in inside]
            names = tuple((start, end, kind) for start, end, kind in of_kind if kind is not None)
            yield Labelled(match.group(), names, "ar" if language == "ar" else "zh-Hans", "table")
            left = max(0, left - 1)


def _company_or_person(name: Found) -> str | None:
    return "ORG" if name.kind in ("company", "fund", "unit") else "PER" if name.kind == "person" else None


def _place(name: tuple[int, int, str | None]) -> tuple[int, int]:
    return name[:2]


def _kind(name: Found) -> str | None:
    return "ORG" if name.kind in _COMPANIES else "PER" if name.kind == "person" else None


def vocabulary(windows_: Iterable[Example], most: int) -> dict[int, int]:
    """The commonest forms, numbered: what pre-training asks for."""
    counts: Counter[int] = Counter()
    for window in windows_:
        counts.update(window.tokens.forms.tolist())
    return {form: number for number, (form, _) in enumerate(counts.most_common(most))}
