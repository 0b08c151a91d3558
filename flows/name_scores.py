"""How well names are found: spans that match labelled spans exactly, by data set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.known_names import Found, find_known
from extractors.tagger import tag_by
from extractors.tagger_decode import Tagged
from flows.training_data import Labelled, read_fewfc, read_finre


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Spans found, missed and made up."""

    hits: int
    missed: int
    spurious: int

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right; 0 when nothing was."""
        return self.hits / max(1, self.hits + self.spurious)

    @property
    def recall(self) -> float:
        """Of what there is, the share that was found."""
        return self.hits / max(1, self.hits + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.hits / max(1, 2 * self.hits + self.missed + self.spurious)

    def __add__(self, other: SpanScore) -> SpanScore:
        return SpanScore(self.hits + other.hits, self.missed + other.missed, self.spurious + other.spurious)

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f} P {self.precision:.3f} R {self.recall:.3f}"


SchemeTagger = Callable[[str, str, Sequence[Found], str], Iterable[Tagged]]
"""(folded text, language, names of the table, scheme) -> names as that scheme marks them"""


def score_names(texts: Iterable[Labelled], tagger: SchemeTagger, kind: str) -> SpanScore:
    """Names of one kind in labelled text, each text by its own scheme."""
    total = SpanScore(0, 0, 0)
    for text in texts:
        wanted = {(start, end) for start, end, of in text.names if of == kind}
        tagged = tagger(text.text, text.language, find_known(text.text), text.scheme)
        found = {(name.start, name.end) for name in tagged if name.kind == kind}
        total += SpanScore(len(wanted & found), len(wanted - found), len(found - wanted))
    return total


def score_checkpoint(folder: Path) -> dict[str, SpanScore]:
    """The bundled checkpoint on every development set that `folder` holds."""

    def tagger(text: str, language: str, known: Sequence[Found], scheme: str) -> list[Tagged]:
        return tag_by(text, language, known, [scheme]).names

    return {name: score_names(texts, tagger, "ORG") for name, texts in development_sets(folder).items()}


def development_sets(folder: Path) -> dict[str, list[Labelled]]:
    """What no training saw: FewFC's dev set and FinRE's valid set."""
    return {"FewFC dev": list(read_fewfc(folder / "fewfc_dev.json")), "FinRE valid": list(read_finre(folder / "finre_valid.txt"))}
