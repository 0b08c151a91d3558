"""The teacher of the small Arabic tagger: a tagger on top of the pretrained encoder, too large and slow beside the rules.

The small tagger learns what it believes of news without labels, beside the few labelled sentences there are (Mukherjee and
Awadallah 2020, "XtremeDistil"). All layers of the encoder stay as they are and are read together (Peters et al. 2018, "ELMo"):
so few sentences teach a head more than they teach the layers, and a sentence goes through them once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from extractors.known_names import find_known
from extractors.tagger_features import LONGEST, Buckets, Tokens, bucket_rows, windows
from flows.training_backbone import LAYERS, Encoder, Spelling
from flows.training_data import Labelled
from flows.training_examples import SCHEMES, Belief, Example, Names, examples_of
from flows.training_model import Dropout, Optimizers, Size, Tagger, batches, belief, halved, padded, schedule, unlikelihood

_SIZE = Size(
    Buckets(8_192, 24_576), embedding=64, width=192, heads=6, inner=384, dropout=0.3, slot_dropout=0.3,
)  # fmt: skip
_RATE = 2e-3
_EMBEDDINGS = 0.3
"""Share of the rate for the embeddings"""
_DECAY = 0.02
_DROPOUT = 0.5
"""Of what the encoder says"""
_VARIANTS = 2
_EMPTY = 0.6
"""Of the sentences without a name, the share that is read"""
_TOGETHER = 1_500
"""Tokens of a batch"""
_LEAD = 700
"""Characters at the beginning of an article, where names stand most thickly"""
_TELLING = frozenset(map(ord, "HY"))
"""Classes of words that begin the name of a company or body"""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A window as the encoder reads it: what its layers say of each word, (tokens, layers, width), and its bucket numbers."""

    said: Tensor
    rows: np.ndarray


class Teacher(nn.Module):
    """A tagger that is told what all layers of the encoder say of each token; they stay as they are."""

    def __init__(self, width: int, language: str) -> None:
        super().__init__()
        self.top = Tagger(_SIZE, len(SCHEMES[language]), LONGEST)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in LAYERS)
        self.told = nn.Linear(len(LAYERS) * width, _SIZE.width)
        self.dropout = Dropout(_DROPOUT)

    def forward(self, lessons: Sequence[Lesson]) -> Tensor:
        """What the outputs read, for a batch."""
        said = nn.utils.rnn.pad_sequence([lesson.said for lesson in lessons], batch_first=True).float()
        even = torch.cat([norm(said[:, :, at]) for at, norm in enumerate(self.norms)], -1)
        told = self.told(self.dropout(even))
        lengths = torch.tensor([len(lesson.rows) for lesson in lessons])
        return self.top(padded([lesson.rows for lesson in lessons]), lengths, told)


@dataclass(frozen=True, slots=True)
class School:
    """What every teacher needs: the encoder, how news spells its words, and news without labels as it was read."""

    encoder: Encoder
    spelling: Spelling
    tokens: Sequence[Tokens]
    """Windows without labels"""
    lessons: Sequence[Lesson]
    """The same windows as they were read"""

    @classmethod
    def of(cls, encoder: Encoder, spelling: Spelling, given: Sequence[tuple[str, Tokens]]) -> School:
        """From windows, each with the folded text that it is of."""
        light = [replace(tokens, spans=()) for _, tokens in given]
        return cls(encoder, spelling, light, read(encoder, spelling, given))


def read(encoder: Encoder, spelling: Spelling, given: Sequence[tuple[str, Tokens]]) -> list[Lesson]:
    """Windows, each with the folded text it is of, as the encoder reads them."""
    said = encoder.states([spelling.words(text, tokens) for text, tokens in given], LAYERS)
    return [Lesson(own, bucket_rows(tokens, _SIZE.buckets)) for own, (_, tokens) in zip(said, given, strict=True)]


def believed(
    school: School, texts: Sequence[Labelled], names: Names, language: str, *, epochs: int, margins: Sequence[float], seed: int,
    report: Callable[[str], None],
) -> list[Example]:  # fmt: skip
    """The windows of `school`, each with what a teacher believes of it that learned from `texts` as people labelled them."""
    torch.manual_seed(seed)
    teacher = Teacher(school.encoder.width, language)
    own = [text for text in texts if text.scheme != "table"]
    learn(teacher, school, own, names, epochs=epochs, margins=margins, seed=seed, report=report)
    nothing = [np.zeros(len(tokens), dtype=np.int64) for tokens in school.tokens]
    return [
        Example(tokens, labels, 0, believed=own)
        for tokens, labels, own in zip(school.tokens, nothing, taught(teacher, school.lessons, 0), strict=True)
    ]


def learn(
    teacher: Teacher, school: School, texts: Sequence[Labelled], names: Names,
    *, epochs: int, margins: Sequence[float], seed: int, report: Callable[[str], None],
) -> None:  # fmt: skip
    """Teach `teacher` to tag. Names are swapped anew for its first epochs, which the others repeat: reading takes time too."""
    torch.manual_seed(seed)
    noise, order = random.Random(seed), random.Random(seed)
    adam = Optimizers(teacher, _DECAY, _EMBEDDINGS)
    made = [_lessons(school, texts, names, noise) for _ in range(min(_VARIANTS, epochs))]
    teacher.train()
    for epoch in range(epochs):
        given = made[epoch % len(made)]
        groups = batches([len(example.labels) for _, example in given], _TOGETHER, order)
        total = 0.0
        for step, group in enumerate(groups):
            examples = [given[i][1] for i in group]
            labels = padded([example.labels for example in examples])
            schemes = torch.tensor([example.scheme for example in examples])
            lengths = torch.tensor([len(example.labels) for example in examples])
            with halved():
                seen = teacher([given[i][0] for i in group])
            scores = teacher.top.scores(seen, schemes)
            scores[..., 0] += torch.tensor(margins)[schemes].unsqueeze(1) * (labels != 0)
            loss = unlikelihood(scores, labels, lengths, teacher.top.transitions[schemes]).sum() / lengths.sum()
            adam.step(loss, _RATE * schedule(epoch * len(groups) + step, epochs * len(groups)))
            total += loss.item()
        report(f"teacher {epoch + 1} of {epochs}: loss {total / max(1, len(groups)):.4f}")
    teacher.eval()


def _lessons(school: School, texts: Sequence[Labelled], names: Names, noise: random.Random) -> list[tuple[Lesson, Example]]:
    """Labelled text as the encoder reads it, without some of the sentences that have no name."""
    some = [text for text in texts if text.names or noise.random() < _EMPTY]
    given = list(examples_of(some, names, noise))
    told = read(school.encoder, school.spelling, [(text, example.tokens) for text, example in given])
    return [(lesson, example) for lesson, (_, example) in zip(told, given, strict=True)]


def taught(teacher: Teacher, given: Sequence[Lesson], scheme: int) -> list[Belief]:
    """What the teacher believes of each window, by one scheme."""
    found: dict[int, Belief] = {}
    transitions = teacher.top.transitions[scheme]
    for group in batches([len(lesson.rows) for lesson in given], 2 * _TOGETHER, None):
        lengths = torch.tensor([len(given[i].rows) for i in group])
        with torch.no_grad():
            with halved():
                seen = teacher([given[i] for i in group])
            scores = teacher.top.scores(seen, torch.full((len(group),), scheme))
        beliefs = belief(scores, lengths, transitions.expand(len(group), -1, -1))
        for row, i in enumerate(group):
            count = len(given[i].rows)
            labels, pairs = beliefs.labels[row, :count], beliefs.pairs[row, : count - 1]
            found[i] = Belief(labels.half().numpy(), pairs.half().numpy())
    return [found[at] for at in range(len(given))]


def telling(texts: Iterable[str], language: str) -> Iterator[tuple[str, Tokens]]:
    """Windows of the beginnings of folded texts in which a name is likely, with the text each is of."""
    for text in texts:
        lead = text[:_LEAD]
        found = list(windows(lead, language, find_known(lead)))
        for tokens in found[:-1] if len(text) > _LEAD else found:
            if len(tokens) > 3 and (tokens.tags.any() or not _TELLING.isdisjoint(tokens.classes.tolist())):
                yield lead, tokens
