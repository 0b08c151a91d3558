"""Labelled and unlabelled text for the name tagger, read from a folder laid out as CONTRIBUTING.md says.

Every set keeps its own annotation scheme: what counts as a company differs between them (FewFC marks only those that take
part in an event), so the tagger has one output a scheme and no set teaches another's gaps.
"""

from __future__ import annotations

import functools
import gzip
import json
import re
import tarfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.language_table import languages
from extractors.normalize import CleanText, fold, normalize
from models.errors import InputError

KINDS = ("ORG", "PER", "LOC")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, folded, and its names: (start, end, kind) of it, none overlapping. `scheme` is whose idea of a name it is."""

    text: str
    names: tuple[tuple[int, int, str], ...]
    language: str
    scheme: str
    parts: tuple[tuple[int, int, str], ...] = ()
    """What takes part in what is told, and as what: none overlapping, empty where the set does not say"""


Spans = Sequence[tuple[int, int, str]]


def folded(text: str, names: Spans, language: str, scheme: str, parts: Spans = ()) -> Labelled:
    """Labelled text with its spans carried over to the folded text; of two that overlap the longer stays."""
    clean = normalize(text)

    def at(position: int) -> int:
        return position if clean.origin is None else bisect_left(clean.origin, position)

    def apart(spans: Spans) -> tuple[tuple[int, int, str], ...]:
        kept: list[tuple[int, int, str]] = []
        for start, end, kind in sorted(spans, key=lambda span: span[0] - span[1]):
            moved = (at(start), at(end), kind)
            if moved[0] < moved[1] and all(moved[1] <= first or last <= moved[0] for first, last, _ in kept):
                kept.append(moved)
        return tuple(sorted(kept))

    return Labelled(clean.text, apart(names), language, scheme, apart(parts))


# FewFC: roles that organisations fill, roles that people fill, and roles that either may.
_ORGANISATIONS = ("sub-org", "obj-org", "target-company")
_PEOPLE = ("sub-per", "obj-per")
_EITHER = ("sub", "obj")


@functools.cache
def _person() -> re.Pattern[str]:
    surnames = "|".join(fold(name) for name in languages()["zh"].names.surnames)
    return re.compile(f"(?:先生|女士)$|^(?:{surnames})[\u4e00-\u9fff某]{{1,2}}$")


def read_fewfc(path: Path) -> Iterator[Labelled]:
    """FewFC: parties of events in Chinese financial news. `sub` and `obj` are people where they look like one."""
    for item in fewfc_items(path):
        names = {}
        parts: dict[tuple[int, int], str] = {}
        for event in item["events"]:
            for role, mention in fewfc_arguments(event):
                word = mention["word"]
                parts.setdefault(tuple(mention["span"]), event["type"] if role == "trigger" else role)
                person = role in _PEOPLE or (role in _EITHER and _person().search(word) is not None)
                if person or role in _ORGANISATIONS or role in _EITHER:
                    names[tuple(mention["span"])] = "PER" if person else "ORG"
        yield folded(item["content"], _spans(names), "zh-Hans", "fewfc", _spans(parts))


def _spans(of: Mapping[tuple[int, int], str]) -> list[tuple[int, int, str]]:
    return [(*span, what) for span, what in of.items()]


def fewfc_items(path: Path) -> Iterator[dict[str, Any]]:
    """The texts of a file of FewFC with their events: one array, or one text a line."""
    text = _text(path)
    yield from json.loads(text) if text.startswith("[") else map(json.loads, text.splitlines())


def fewfc_arguments(event: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(role, mention) of an event, in either of the two layouts the set was published in."""
    if "mentions" in event:
        yield from ((mention["role"], mention) for mention in event["mentions"])
    else:
        yield from ((role, mention) for role, mentions in event["args"].items() for mention in mentions)


_NO_RELATION = "unknown"


def read_finre(path: Path) -> Iterator[Labelled]:
    """FinRE: pairs of companies in Chinese financial sentences; all pairs of a sentence together are its names."""
    sentences: dict[str, dict[str, str]] = {}
    for head, tail, relation, sentence in finre_rows(path):
        parts = sentences.setdefault(sentence.replace("<N>", "3"), {})
        for name, side in ((head, "head"), (tail, "tail")):
            part = relation if relation == _NO_RELATION else f"{relation} {side}"
            if parts.get(name, _NO_RELATION) == _NO_RELATION:
                parts[name] = part
    for sentence, parts in sentences.items():
        part_of = {name.replace("<N>", "3"): part for name, part in parts.items()}
        words = "|".join(map(re.escape, sorted(part_of, key=len, reverse=True)))
        found = list(re.finditer(words, sentence))
        names = [(*match.span(), "ORG") for match in found]
        yield folded(sentence, names, "zh-Hans", "finre", [(*match.span(), part_of[match[0]]) for match in found])


def finre_rows(path: Path) -> Iterator[list[str]]:
    """Head, tail, relation and sentence of each row of FinRE. InputError names a line of other cells."""
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != 4:
            raise InputError(f"{path}:{number}", f"{len(cells)} cells, not 4")
        yield cells


_CLITIC = re.compile("[وف]?[بلك]?")
_ARABIC_KINDS = {"PERS": "PER", "PER": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "LOC"}


def read_words(path: Path, scheme: str) -> Iterator[Labelled]:
    """Arabic text of one word and its label a line, sentences parted by empty lines (ANERcorp, AQMAR, Wojood).

    Where a word has several labels, names within names, the first that is of ours counts.
    """
    words: list[str] = []
    labels: list[str] = []
    sentences: list[Labelled] = []
    for line in [*_text(path).splitlines(), ""]:
        cells = line.split()
        if cells:
            words.append(cells[0])
            labels.append(next((cell for cell in cells[1:] if cell[2:] in _ARABIC_KINDS), "O"))
        elif words:
            sentences.append(from_words(words, labels, scheme))
            words, labels = [], []
    openings = Counter(
        sentence.text[start:end].split(maxsplit=1)[0] for sentence in sentences for start, end, _ in sentence.names
    )
    for sentence in sentences:
        yield replace(sentence, names=tuple(_without_clitic(sentence.text, name, openings) for name in sentence.names))


def _without_clitic(text: str, name: tuple[int, int, str], openings: Counter[str]) -> tuple[int, int, str]:
    """The name without a conjunction or preposition written together with it, where its first word opens names without it too."""
    start, end, kind = name
    word = text[start:end].split(maxsplit=1)[0]
    for size in (1, 2):
        rest = word[size:]
        if len(rest) > 2 and _CLITIC.fullmatch(word[:size]) and openings[rest] >= openings[word]:
            return start + size, end, kind
    return name


def from_words(words: Sequence[str], labels: Sequence[str], scheme: str) -> Labelled:
    """One sentence; an I- that continues nothing of its kind begins a name."""
    names: list[tuple[int, int, str]] = []
    at = 0
    last = "O"
    for word, label in zip(words, labels, strict=True):
        kind = _ARABIC_KINDS.get(label[2:])
        if kind is not None:
            if label[0] == "I" and last == kind:
                names[-1] = (names[-1][0], at + len(word), kind)
            else:
                names.append((at, at + len(word), kind))
        last = kind or "O"
        at += len(word) + 1
    return folded(" ".join(words), names, "ar", scheme)


def labelled_sets(folder: Path) -> dict[str, Callable[[], Iterator[Labelled]]]:
    """Every labelled set for training that `folder` has, by name."""
    found: dict[str, Callable[[], Iterator[Labelled]]] = {
        "fewfc": lambda: read_fewfc(folder / "fewfc_train.json"),
        "finre": lambda: read_finre(folder / "finre_train.txt"),
        "anercorp": lambda: read_words(folder / "anercorp_train.txt", "anercorp"),
        "aqmar": lambda: _each(sorted((folder / "aqmar" / "articles").glob("*.txt")), "wojood"),
        "wojood": lambda: read_words(folder / "wojood" / "train.txt", "wojood"),
    }
    return found


def _each(paths: Sequence[Path], scheme: str) -> Iterator[Labelled]:
    for path in paths:
        yield from read_words(path, scheme)


def _text(path: Path) -> str:
    """The text of a file; InputError naming it when it is not there."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None


def unlabelled(stream: Path, folder: Path) -> Iterator[tuple[str, CleanText]]:
    """(language, text) of every news item and article without labels that is at hand."""
    for path in sorted(stream.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for item in map(json.loads, lines):
                text = "\n".join(part for part in (item.get("title"), item.get("text")) if part)
                yield "zh", normalize(text)
    for path in sorted(folder.glob("sanad_*.tar.gz")):
        with tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                if file is not None:
                    with file:
                        yield "ar", normalize(file.read().decode("utf-8", "replace"))
