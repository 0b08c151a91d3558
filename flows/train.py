"""`dealwire train` as a Prefect flow: read, pre-train, train, export, a tagger a language; seeded, so that it can be repeated.

What is trained and how is in `flows.training_model`; this needs the extra `train` (torch).
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import nn

from extractors.known_names import find_known
from extractors.tagger_features import BUCKETS, LONGEST, windows
from flows.name_scores import SpanScore, development_sets, score_names
from flows.orchestration import flow, get_run_logger, stage_options, task
from flows.training_backbone import LAYERS, Encoder, Spelling, backbone_path, distil, embeddings
from flows.training_data import Labelled, labelled_sets, unlabelled
from flows.training_examples import (
    NO_NUMBERS,
    SCHEMES,
    Example,
    Names,
    examples,
    news,
    part_numbers,
    plain_windows,
    silver,
    unlabelled_windows,
    vocabulary,
    without_labels,
)
from flows.training_export import export
from flows.training_model import Beside, Optimizers, PartHead, Size, Tagger, pretrain, schedule, tagger_of, train_epoch
from flows.training_teacher import TUNED, School, agreed, believed, telling
from flows.training_vectors import vectors

_STAGE = {**stage_options(minutes=600), "retries": 0}


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and on what. Sizes of batches are in tokens, rates are the highest of Adam's learning rate."""

    language: str
    seed: int = 7
    epochs: int = 6
    joined: float = 0.0
    """Share of the labelled texts that are cut into windows of several sentences: what these teach helps with single ones too"""
    news: float = 0.4
    """Share of the unlabelled news that pre-training reads"""
    silver: int = 800
    """Most sentences whose labels are only the entity table's"""
    words: int = 8000
    """Forms that pre-training asks for"""
    pretraining_batch: int = 3000
    pretraining_rate: float = 2.5e-3
    batch: int = 1500
    rate: float = 2e-3
    decay: float = 0.02
    width: int = 96
    """Of the embeddings"""
    hidden: int = 128
    """Width of the layers"""
    layers: int = 2
    dropout: float = 0.25
    slot_dropout: float = 0.15
    margin: float = 0.0
    """By how much the label O must lose where a name stands, in logarithms of odds: names seen once are missed else"""
    parts: float = 0.0
    """Share of the loss of telling what takes part as what, in the sets that say so, of the first that learns: the others have it
    from what it believes, and keep their strength for where names begin and end"""
    teachers: int = 0
    """How many are trained first: what they believe is learned by those after them, beside the labels"""
    trust: float = 0.5
    """Share of the loss that is the teachers'"""
    embeddings: float = 0.5
    """Share of the rate for the embeddings, which pre-training made: at the full rate they learn a long text by heart"""
    read: int = 0
    """Tokens that a pretrained encoder reads for it to learn from, in place of pre-training; 0 for none"""
    readings: int = 3
    lessons: int = 3
    """Epochs of the large teacher, a pretrained encoder tuned to tag"""
    further: int = 3
    """Epochs that learn what it believes of what it read, beside the labelled texts"""
    further_rate: float = 1e-3
    further_dropout: float = 0.25
    """There is more to learn from then, and less danger of learning it by heart"""
    told: float = 0.5
    """Share of what was read that each of these epochs sees"""
    bare: float = 0.5
    """Share of that in which the tagger is not told what the table has"""
    folds: int = 0
    """Of the cross-validation on ANERcorp; below 2 there is none"""

    def size(self, dropout: float, slot_dropout: float = 0.0) -> Size:
        """Of the network."""
        return Size(
            BUCKETS[self.language], embedding=self.width, width=self.hidden, layers=self.layers, heads=self.hidden // 32,
            inner=2 * self.hidden, dropout=dropout, slot_dropout=slot_dropout,
        )  # fmt: skip


def plans(seed: int, folds: int) -> tuple[Plan, ...]:
    """One a language. Arabic has few labelled sentences, which it may learn by heart, and a pretrained encoder to learn from."""
    arabic = Plan(
        "ar", seed, epochs=5, rate=1e-3, width=72, hidden=192, layers=3, dropout=0.35, slot_dropout=0.25, margin=0.5,
        embeddings=0.3, read=500_000, folds=folds,
    )  # fmt: skip
    chinese = Plan("zh", seed, joined=0.7, parts=0.5, teachers=1, lessons=2, told=0.6, bare=0.0)
    return chinese, arabic


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training made: the file, its digest, and F1 by data set."""

    path: Path
    digest: str
    scores: dict[str, SpanScore]


@task(**_STAGE)
def pretrained(folder: Path, stream: Path, own: Sequence[Labelled], plan: Plan) -> dict[str, torch.Tensor]:
    """Weights after one pass over the unlabelled news and the texts of `own`, from embeddings of all of the news."""
    logger = get_run_logger()
    unlabelled = list(without_labels(own))
    plain = [*plain_windows(plan.language, stream, folder), *(window.tokens for window in unlabelled)]
    logger.info("embeddings of %d windows", len(plain))
    made = vectors(plain, plan.language, BUCKETS[plan.language], plan.width, plan.seed)
    del plain
    torch.manual_seed(plan.seed)
    model = Tagger(plan.size(dropout=0.1), len(SCHEMES[plan.language]), LONGEST)
    model.embedding.weight.data.copy_(made)
    windows = [*unlabelled_windows(plan.language, stream, folder, plan.news, random.Random(plan.seed)), *unlabelled]
    words = vocabulary(windows, plan.words)
    logger.info("pre-training on %d windows, %d forms", len(windows), len(words))
    pretrain(model, windows, words, rate=plan.pretraining_rate, most=plan.pretraining_batch, seed=plan.seed, report=logger.info)
    weights: dict[str, torch.Tensor] = model.state_dict()
    return weights


@task(**_STAGE)
def school(folder: Path, stream: Path, own: Sequence[Labelled], plan: Plan) -> School:
    """A pretrained encoder, and how it reads the news where names are likely, and the texts of `own`."""
    logger = get_run_logger()
    spelling = Spelling(clean for language, clean in unlabelled(stream, folder) if language == plan.language)
    texts = list(news(plan.language, stream, folder))
    random.Random(plan.seed).shuffle(texts)
    given = [(text.text, tokens) for text in own for tokens in windows(text.text, text.language, find_known(text.text))]
    left = plan.read - sum(len(tokens) for _, tokens in given)
    for text, tokens in telling(texts, plan.language):
        if left <= 0:
            break
        given.append((text, tokens))
        left -= len(tokens)
    logger.info("an encoder reads %d windows", len(given))
    return School.of(Encoder(backbone_path(), LAYERS), spelling, given)


@task(**_STAGE)
def distilled(teaching: School, plan: Plan) -> dict[str, torch.Tensor]:
    """Weights that learned from a pretrained encoder what it says of words, alone and in their sentence."""
    logger = get_run_logger()
    logger.info("embeddings of %d forms", len(teaching.spelling.counts))
    torch.manual_seed(plan.seed)
    model = Tagger(plan.size(dropout=0.1), len(SCHEMES[plan.language]), LONGEST)
    made = embeddings(teaching.encoder, teaching.spelling, BUCKETS[plan.language], plan.width, plan.seed)
    model.embedding.weight.data.copy_(made)
    told = [lesson.read.words() for lesson in teaching.lessons]
    distil(
        model, teaching.tokens, told,
        epochs=plan.readings, rate=plan.pretraining_rate, most=plan.pretraining_batch, seed=plan.seed, report=logger.info,
    )  # fmt: skip
    weights: dict[str, torch.Tensor] = model.state_dict()
    return weights


@task(**_STAGE)
def trained(
    weights: dict[str, torch.Tensor], texts: Sequence[Labelled], names: Names, plan: Plan, teaching: School | Encoder | None
) -> Tagger:
    """A tagger from pre-trained weights, labelled text, and what a large teacher makes of it and of text without labels."""
    return train(weights, texts, names, plan, get_run_logger().info, teaching=teaching)


def train(
    weights: dict[str, torch.Tensor], texts: Sequence[Labelled], names: Names, plan: Plan, report: Callable[[str], None], *,
    teaching: School | Encoder | None = None,
) -> Tagger:  # fmt: skip
    """Train from `weights` on `texts`: taggers one after the other, each taught by those before it; the last is kept.

    What teaches is what they believe together (born-again networks: Furlanello et al. 2018). Each has a seed of its own, that of
    the plan where nobody teaches. In the end the last learns further from a large teacher that learned from the same `texts`:
    what it makes of text without labels as well, or, where that is none, what it and the taggers believe together of `texts`.
    """
    seeds = range(plan.seed + 1, plan.seed + 2 + plan.teachers) if plan.teachers else (plan.seed,)
    learned: list[Tagger] = []
    for seed in seeds:
        learned.append(_learned(weights, texts, names, replace(plan, seed=seed), report, teachers=[*learned]).eval())
    if teaching:
        if isinstance(teaching, Encoder):
            told = agreed(
                teaching, texts, names, weights, learned,
                epochs=plan.lessons, joined=plan.joined, parts=plan.parts, seed=plan.seed, report=report,
            )  # fmt: skip
        else:
            told = believed(
                teaching, texts, names, plan.language,
                epochs=plan.lessons, margins=_margins(plan), seed=plan.seed, report=report,
            )  # fmt: skip
        further = replace(plan, epochs=plan.further, rate=plan.further_rate, dropout=plan.further_dropout, parts=0.0)
        learned.append(_learned(learned[-1].state_dict(), texts, names, further, report, told=told).eval())
    return learned[-1]


def _learned(
    weights: dict[str, torch.Tensor], texts: Sequence[Labelled], names: Names, plan: Plan, report: Callable[[str], None], *,
    told: Sequence[Example] = (), teachers: Sequence[Tagger] = (),
) -> Tagger:  # fmt: skip
    """One training, in which the names of `texts` are swapped anew in every epoch."""
    torch.manual_seed(plan.seed)
    schemes = SCHEMES[plan.language]
    model = Tagger(plan.size(plan.dropout, plan.slot_dropout), len(schemes), LONGEST)
    model.load_state_dict(weights)
    noise, order = random.Random(plan.seed), random.Random(plan.seed)
    numbers = part_numbers(texts) if plan.parts and not teachers else NO_NUMBERS
    head = PartHead(model.size.width, numbers, schemes) if numbers else None
    beside = Beside(head, plan.parts, teachers, plan.trust)
    adam = Optimizers(nn.ModuleList((model, head) if head else (model,)), plan.decay, plan.embeddings)
    for epoch in range(plan.epochs):
        given = [*examples(texts, names, noise, plan.joined, numbers), *_some(told, plan, noise)]

        def rate(step: int, steps: int, epoch: int = epoch) -> float:
            return plan.rate * schedule(epoch * steps + step, plan.epochs * steps)

        loss = train_epoch(model, given, adam, most=plan.batch, rate=rate, margins=_margins(plan), order=order, beside=beside)
        report(f"epoch {epoch + 1} of {plan.epochs}: loss {loss:.4f}")
    return model


def _margins(plan: Plan) -> list[float]:
    """By scheme, the margin of `plan`; the table's labels have none."""
    return [0.0 if scheme == "table" else plan.margin for scheme in SCHEMES[plan.language]]


def _some(told: Sequence[Example], plan: Plan, noise: random.Random) -> Iterator[Example]:
    """A share of the windows of which a teacher believes something, in part without what the table says of them."""
    for example in told:
        if noise.random() < plan.told:
            bare = noise.random() < plan.bare
            tokens = example.tokens
            yield replace(example, tokens=replace(tokens, tags=np.zeros_like(tokens.tags))) if bare else example


@task(**_STAGE)
def cross_validated(
    weights: dict[str, torch.Tensor], texts: Sequence[Labelled], folder: Path, plan: Plan, teaching: School | Encoder | None
) -> dict[str, SpanScore]:
    """`cross_validate` as a task."""
    return cross_validate(weights, texts, folder, plan, get_run_logger().info, teaching=teaching)


def cross_validate(
    weights: dict[str, torch.Tensor], texts: Sequence[Labelled], folder: Path, plan: Plan, report: Callable[[str], None], *,
    teaching: School | Encoder | None = None,
) -> dict[str, SpanScore]:  # fmt: skip
    """ANERcorp in `folds` blocks of sentences, each by a tagger that was trained on the text outside it.

    The names to swap in are of that text and the lists: those of the held-out sentences would tell what is to be found.
    """
    own = [text for text in texts if text.scheme == "anercorp"]
    rest = [text for text in texts if text.scheme != "anercorp"]
    totals = {f"ANERcorp {kind}": SpanScore(0, 0, 0) for kind in ("ORG", "PER", "LOC")}
    for fold in range(plan.folds):
        first, last = (len(own) * at // plan.folds for at in (fold, fold + 1))
        learned = [*own[:first], *own[last:], *rest]
        model = train(weights, learned, Names.collect(learned, folder), plan, report, teaching=teaching)
        for kind in ("ORG", "PER", "LOC"):
            found = score_names(own[first:last], tagger_of(model), kind)
            totals[f"ANERcorp {kind}"] += found
            report(f"fold {fold + 1} of {plan.folds}: {kind} F1 {found.f1:.3f}")
    return totals


@flow(name="dealwire-train")
def train_names(folder: Path, stream: Path, out: Path, plan: Plan, start: Path | None = None) -> Trained:
    """Train the name tagger of one language on the data of `folder` and `stream`, and write it to `out`.

    `start` is a folder with weights that an earlier run pre-trained: without it they are trained, and kept in `out` too. Raises
    InputError for missing data.
    """
    torch.set_num_threads(1)  # sums of floats in one order, so that the same seed gives the same weights
    texts = [text for read in labelled_sets(folder).values() for text in read() if text.language.startswith(plan.language)]
    own = [text for text in texts if text.scheme != "anercorp"]  # which is cross-validated
    texts += silver(plan.language, stream, folder, plan.silver, random.Random(plan.seed))
    names = Names.collect(texts, folder)
    out.mkdir(parents=True, exist_ok=True)
    kept = f"pretrained-{plan.language}.pt"
    teaching = school(folder, stream, own, plan) if plan.read else Encoder(backbone_path(), TUNED[plan.language][0])
    if start is None:
        weights = distilled(teaching, plan) if isinstance(teaching, School) else pretrained(folder, stream, own, plan)
        torch.save(weights, out / kept)
    else:
        weights = torch.load(start / kept, weights_only=True)
    model = cast(Tagger, trained(weights, texts, names, plan, teaching))  # the task is not a coroutine: the flow is none
    path = out / f"names-{plan.language}.onnx"
    export(model, path)
    scores: dict[str, SpanScore] = {}
    if plan.language == "zh":
        scores |= {name: score_names(held, tagger_of(model), "ORG") for name, held in development_sets(folder).items()}
    if plan.folds > 1:
        scores |= cross_validated(weights, texts, folder, plan, teaching)
    return Trained(path, hashlib.sha256(path.read_bytes()).hexdigest(), scores)
