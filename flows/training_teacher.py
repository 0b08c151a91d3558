"""A teacher for the small tagger: the pretrained encoder with its upper layers tuned to tag, too large and slow beside the rules.

Beside the labels the small tagger learns what it believes: in Arabic, with few labelled sentences, of news without labels
(Mukherjee and Awadallah 2020, "XtremeDistil"); in Chinese of the labelled sentences themselves, together with taggers whose
errors are of another kind, and of each set as the other would mark it. The lower layers stay as they are, so that a sentence goes
through them once.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.known_names import find_known
from extractors.tagger_features import LONGEST, Buckets, Tokens, bucket_rows, windows
from flows.training_backbone import PLACES, Encoder, Read, Spelling
from flows.training_data import Labelled
from flows.training_examples import SCHEMES, Belief, Example, Names, examples_of, part_numbers
from flows.training_model import (
    Dropout,
    Optimizers,
    PartHead,
    Size,
    Tagger,
    batches,
    belief,
    halved,
    padded,
    schedule,
    unlikelihood,
)

TUNED = {"ar": range(6, 10), "zh": range(4, 10)}
"""Which layers; those below stay as they are"""
_SIZE = Size(Buckets(8_192, 24_576), embedding=64, dropout=0.3, slot_dropout=0.3)
_RATE = 3e-4
"""Of the encoder's own layers"""
_HEAD = 2e-3
_DROPOUT = 0.1
_VARIANTS = 2
_EMPTY = 0.4
"""Of the sentences without a name, the share that is read"""
_TOGETHER = {"ar": 700, "zh": 1200}
"""Tokens of a batch: Chinese ones are characters, of which a piece holds several"""
_LEAD = 700
"""Characters at the beginning of an article, where names stand most thickly"""
_TELLING = frozenset(map(ord, "HY"))
"""Classes of words that begin the name of a company or body"""


class _Layer(nn.Module):
    """One of the encoder's layers, to be tuned (post-norm, as it was trained)."""

    def __init__(self, weights: dict[str, Tensor], heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = Dropout(_DROPOUT)
        for name in ("qkv", "ao", "fi", "fo"):
            inner, outer = weights[f"{name}.w"].shape[1], weights[f"{name}.w"].shape[0]
            self.add_module(name, nn.Linear(inner, outer))
        for name in ("aln", "oln"):
            self.add_module(name, nn.LayerNorm(weights[f"{name}.w"].shape[0], epsilon))
        self.load_state_dict({
            f"{name[:-2]}.{'weight' if name.endswith('w') else 'bias'}": value.float() for name, value in weights.items()
        })  # fmt: skip

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        rows, count, width = x.shape
        query, key, value = self.qkv(x).view(rows, count, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        around = functional.scaled_dot_product_attention(query, key, value, seen).transpose(1, 2).reshape(rows, count, width)
        x = self.aln(x + self.dropout(self.ao(around)))
        return self.oln(x + self.dropout(self.fo(functional.gelu(self.fi(x)))))


_together = functools.partial(nn.utils.rnn.pad_sequence, batch_first=True)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A window as the frozen layers read it, with its bucket numbers."""

    read: Read
    rows: np.ndarray


class Teacher(nn.Module):
    """The layers that are tuned, and a small tagger that is told what they say of each token."""

    def __init__(self, encoder: Encoder, language: str, size: Size = _SIZE) -> None:
        super().__init__()
        self.together = _TOGETHER[language]
        self.layers = nn.ModuleList(_Layer(encoder.layer(at), encoder.heads, encoder.epsilon) for at in TUNED[language])
        self.top = Tagger(size, len(SCHEMES[language]), LONGEST)
        self.told_norm = nn.LayerNorm(2 * encoder.width)
        self.told = nn.Linear(2 * encoder.width, size.width)
        self.place = nn.Linear(PLACES, size.width, bias=False) if language == "zh" else None
        self.dropout = Dropout(size.dropout)

    def forward(self, lessons: Sequence[Lesson]) -> Tensor:
        """What the outputs read, for a batch."""
        low = _together([lesson.read.pieces for lesson in lessons]).float()
        pieces = torch.tensor([len(lesson.read.pieces) for lesson in lessons])
        seen = (torch.arange(low.shape[1]) < pieces.unsqueeze(1))[:, None, None, :]
        x = low
        for layer in self.layers:
            x = layer(x, seen)
        both = torch.cat((low, x.float()), -1)
        first, last = (_together([getattr(lesson.read, end) for lesson in lessons]) for end in ("first", "last"))
        row = torch.arange(len(lessons)).unsqueeze(1)
        told = self.told(self.dropout(self.told_norm((both[row, first] + both[row, last]) / 2)))
        if self.place is not None:
            told = told + self.place(functional.one_hot(_together([lesson.read.place for lesson in lessons]), PLACES).float())
        lengths = torch.tensor([len(lesson.rows) for lesson in lessons])
        return self.top(padded([lesson.rows for lesson in lessons]), lengths, told)

    def head(self) -> nn.ModuleList:
        """What is not the encoder's."""
        own = (self.top, self.told_norm, self.told)
        return nn.ModuleList(own if self.place is None else (*own, self.place))


@dataclass(frozen=True, slots=True)
class School:
    """What every teacher needs: the encoder, how news spells its words, and news without labels as its frozen layers read it."""

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
    """Windows, each with the folded text it is of, as the frozen layers read them."""
    told = encoder.read([spelling.words(text, tokens) for text, tokens in given], encoder.depth)
    return [Lesson(own, bucket_rows(tokens, _SIZE.buckets)) for own, (_, tokens) in zip(told, given, strict=True)]


def believed(
    school: School, texts: Sequence[Labelled], names: Names, language: str, *, epochs: int, margins: Sequence[float], seed: int,
    report: Callable[[str], None],
) -> list[Example]:  # fmt: skip
    """The windows of `school`, each with what a teacher believes of it that learned from those of `texts` of the first scheme."""
    torch.manual_seed(seed)
    teacher = Teacher(school.encoder, language)
    own = [text for text in texts if text.scheme == SCHEMES[language][0]]
    learn(teacher, school, own, names, epochs=epochs, margins=margins, seed=seed, report=report)
    nothing = [np.zeros(len(tokens), dtype=np.int64) for tokens in school.tokens]
    return [
        Example(tokens, labels, 0, believed=own)
        for tokens, labels, own in zip(school.tokens, nothing, taught(teacher, school.lessons, [0])[0], strict=True)
    ]


def learn(
    teacher: Teacher, school: School, texts: Sequence[Labelled], names: Names,
    *, epochs: int, margins: Sequence[float], seed: int, report: Callable[[str], None],
) -> None:  # fmt: skip
    """Tune `teacher` to tag. Names are swapped anew for its first epochs, which the others repeat: reading takes its time too."""
    noise = random.Random(seed)
    made = [_lessons(school, texts, names, noise) for _ in range(min(_VARIANTS, epochs))]
    tune(teacher, made, epochs=epochs, margins=margins, seed=seed, report=report)


def tune(
    teacher: Teacher, made: Sequence[Sequence[tuple[Lesson, Example]]],
    *, epochs: int, margins: Sequence[float], seed: int, report: Callable[[str], None], parts: PartHead | None = None,
    weight: float = 0.0,
) -> None:  # fmt: skip
    """The same on windows that are read already, each of `made` in turn; and to tell of parts, by `weight` of their loss."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    learning = teacher.head()
    head = Optimizers(nn.ModuleList((*learning, parts)) if parts else learning, 0.02, 0.3)
    upper = torch.optim.AdamW(teacher.layers.parameters(), weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    teacher.train()
    for epoch in range(epochs):
        given = made[epoch % len(made)]
        groups = batches([len(example.labels) for _, example in given], teacher.together, order)
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
            share = schedule(epoch * len(groups) + step, epochs * len(groups))
            upper.zero_grad()
            upper.param_groups[0]["lr"] = _RATE * share
            head.step(loss + weight * parts.loss(seen, examples) if parts else loss, _HEAD * share)
            nn.utils.clip_grad_norm_(teacher.layers.parameters(), 1.0)
            upper.step()
            total += loss.item()
        report(f"teacher {epoch + 1} of {epochs}: loss {total / max(1, len(groups)):.4f}")
    teacher.eval()


def _lessons(school: School, texts: Sequence[Labelled], names: Names, noise: random.Random) -> list[tuple[Lesson, Example]]:
    """Labelled text as the frozen layers read it, without some of the sentences that have no name."""
    some = [text for text in texts if text.names or noise.random() < _EMPTY]
    given = list(examples_of(some, names, noise))
    told = read(school.encoder, school.spelling, [(text, example.tokens) for text, example in given])
    return [(lesson, example) for lesson, (_, example) in zip(told, given, strict=True)]


def taught(
    teacher: Teacher, given: Sequence[Lesson], schemes: Sequence[int], beside: Sequence[Tagger] = ()
) -> list[list[Belief]]:
    """What the teacher believes of each window, by each of `schemes`; half of it is what taggers `beside` it do on average."""
    found: list[dict[int, Belief]] = [{} for _ in schemes]
    for group in batches([len(lesson.rows) for lesson in given], 4 * teacher.together, None):
        lengths, rows = torch.tensor([len(given[i].rows) for i in group]), padded([given[i].rows for i in group])
        with torch.no_grad(), halved():
            seen = [(teacher.top, teacher([given[i] for i in group])), *((tagger, tagger(rows, lengths)) for tagger in beside)]
        for of_scheme, scheme in zip(found, schemes, strict=True):
            with torch.no_grad():
                scores = _halves([tagger.scores(own, torch.full((len(group),), scheme)) for tagger, own in seen])
                transitions = _halves([tagger.transitions[scheme] for tagger, _ in seen])
            beliefs = belief(scores, lengths, transitions.expand(len(group), -1, -1))
            for row, i in enumerate(group):
                count = len(given[i].rows)
                labels, pairs = beliefs.labels[row, :count], beliefs.pairs[row, : count - 1]
                of_scheme[i] = Belief(labels.half().numpy(), pairs.half().numpy())
    return [[of_scheme[at] for at in range(len(given))] for of_scheme in found]


def _halves(given: Sequence[Tensor]) -> Tensor:
    """The mean of the first and of what the others are on average; the first where it is alone."""
    one, *others = given
    return (one + torch.stack(others).mean(0)) / 2 if others else one


def agreed(
    encoder: Encoder, texts: Sequence[Labelled], names: Names, start: dict[str, Tensor], taggers: Sequence[Tagger],
    *, epochs: int, joined: float, parts: float, seed: int, report: Callable[[str], None],
) -> list[Example]:  # fmt: skip
    """Windows of labelled Chinese `texts` with what a teacher that learned from them and `taggers` that did believe together.

    Each is marked by every set's scheme. The teacher begins from the weights `start` of a tagger, and learns of parts too.
    """
    torch.manual_seed(seed)
    schemes = SCHEMES["zh"]
    teacher = Teacher(encoder, "zh", taggers[0].size)
    teacher.top.load_state_dict(start)
    own = [text for text in texts if text.scheme != "table"]
    numbers = part_numbers(own)
    head = PartHead(taggers[0].size.width, numbers, schemes) if numbers else None
    noise = random.Random(seed)
    made = []
    for _ in range(min(_VARIANTS, epochs)):
        given = list(examples_of(own, names, noise, joined, numbers))
        told = encoder.read_running([(text, example.tokens) for text, example in given], encoder.depth)
        buckets = taggers[0].size.buckets
        made.append([(Lesson(read, bucket_rows(of.tokens, buckets)), of) for read, (_, of) in zip(told, given, strict=True)])
        report(f"an encoder read {len(given)} windows")
    tune(teacher, made, epochs=epochs, margins=[0.0] * len(schemes), seed=seed, report=report, parts=head, weight=parts)
    lessons, shown = zip(*made[-1], strict=True)
    asked = [number for number, scheme in enumerate(schemes) if scheme != "table"]
    return [
        Example(replace(example.tokens, spans=()), example.labels, scheme, believed=belief_of_it)
        for scheme, beliefs in zip(asked, taught(teacher, lessons, asked, taggers), strict=True)
        for example, belief_of_it in zip(shown, beliefs, strict=True)
    ]


def telling(texts: Iterable[str], language: str) -> Iterator[tuple[str, Tokens]]:
    """Windows of the beginnings of folded texts in which a name is likely, with the text each is of."""
    for text in texts:
        lead = text[:_LEAD]
        found = list(windows(lead, language, find_known(lead)))
        for tokens in found[:-1] if len(text) > _LEAD else found:
            if len(tokens) > 3 and (tokens.tags.any() or not _TELLING.isdisjoint(tokens.classes.tolist())):
                yield lead, tokens
