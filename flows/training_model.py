"""The name tagger as a torch module, and its training; only `dealwire train` imports this, with the extra `train` installed.

A transformer encoder (Vaswani et al. 2017, pre-norm) over hash embeddings, with one mixing layer over neighbouring tokens before
it, and one linear output a scheme of annotation. Loss is the cross entropy of the labels; decoding is Viterbi over legal
sequences (`extractors.tagger`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.known_names import Found
from extractors.tagger import named
from extractors.tagger_decode import Tagged
from extractors.tagger_features import BUCKETS, Tokens, bucket_rows, windows
from flows.training_examples import IGNORED, SCHEMES, Example

LABELS = 7


@dataclass(frozen=True, slots=True)
class Size:
    """Of the network."""

    embedding: int = 96
    width: int = 128
    layers: int = 2
    heads: int = 4
    inner: int = 256
    dropout: float = 0.2
    slot_dropout: float = 0.0
    """Of the slots for pairs, triples and affixes"""


def _positions(count: int, width: int) -> Tensor:
    """Sines and cosines of the position, shape (count, width)."""
    at = torch.arange(count).unsqueeze(1)
    rate = torch.exp(torch.arange(0, width, 2) * (-np.log(10_000.0) / width))
    table = torch.zeros(count, width)
    table[:, 0::2], table[:, 1::2] = torch.sin(at * rate), torch.cos(at * rate)
    return table


class Layer(nn.Module):
    """Self-attention and a feed-forward network, each behind a norm and added to what came in."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.before = nn.LayerNorm(size.width)
        self.mixed = nn.Linear(size.width, 3 * size.width)
        self.joined = nn.Linear(size.width, size.width)
        self.between = nn.LayerNorm(size.width)
        self.wide = nn.Linear(size.width, size.inner)
        self.narrow = nn.Linear(size.inner, size.width)
        self.dropout = nn.Dropout(size.dropout)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        """`x` is (windows, tokens, width); `hidden` (windows, 1, 1, tokens) is very negative where padding stands."""
        rows, count, width = x.shape
        query, key, value = (
            part.reshape(rows, count, self.heads, width // self.heads).transpose(1, 2)
            for part in self.mixed(self.before(x)).chunk(3, dim=-1)
        )
        scores = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5 + hidden
        seen = (self.dropout(scores.softmax(-1)) @ value).transpose(1, 2).reshape(rows, count, width)
        x = x + self.dropout(self.joined(seen))
        return x + self.dropout(self.narrow(functional.gelu(self.wide(self.between(x)), approximate="tanh")))


class Tagger(nn.Module):
    """Bucket numbers to label scores."""

    def __init__(self, size: Size, schemes: int, longest: int) -> None:
        super().__init__()
        self.size = size
        self.embedding = nn.EmbeddingBag(BUCKETS, size.embedding, mode="sum")
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.entry_norm = nn.LayerNorm(size.embedding)
        self.entry = nn.Linear(size.embedding, size.width)
        self.register_buffer("places", _positions(longest, size.width) * 0.1)
        self.around_norm = nn.LayerNorm(size.width)
        self.around = nn.Linear(3 * size.width, size.width)
        self.layers = nn.ModuleList(Layer(size) for _ in range(size.layers))
        self.exit_norm = nn.LayerNorm(size.width)
        self.output = nn.Linear(size.width, schemes * LABELS)
        self.dropout = nn.Dropout(size.dropout)

    def embedded(self, rows: Tensor) -> Tensor:
        """(windows, tokens, slots) to (windows, tokens, embedding)."""
        windows, count, slots = rows.shape
        kept = None
        if self.training:  # what n-grams say is learned by heart first: now and then a token must do without some of them
            share = torch.full((slots,), 1 - self.size.slot_dropout)
            share[0] = share[8:] = 1.0
            kept = torch.bernoulli(share.expand(windows * count, slots)) / share
        return self.embedding(rows.reshape(-1, slots), per_sample_weights=kept).reshape(windows, count, -1)

    def encoded(self, embedded: Tensor, hidden: Tensor, kept: Tensor) -> Tensor:
        """Embeddings to what the outputs read; `kept` (windows, tokens, 1) is 0 for padding."""
        x = self.entry(self.dropout(self.entry_norm(embedded))) + self.places[: embedded.shape[1]]
        mixed = functional.pad(self.around_norm(x) * kept, (0, 0, 1, 1))
        sides = torch.cat((mixed[:, :-2], mixed[:, 1:-1], mixed[:, 2:]), dim=-1)
        x = x + self.dropout(functional.gelu(self.around(sides), approximate="tanh"))
        for layer in self.layers:
            x = layer(x, hidden)
        return self.exit_norm(x)

    def forward(self, rows: Tensor, lengths: Tensor) -> Tensor:
        """What the outputs read, for a padded batch."""
        kept = torch.arange(rows.shape[1]).unsqueeze(0) < lengths.unsqueeze(1)
        hidden = torch.where(kept, 0.0, -1e4)[:, None, None, :]
        return self.encoded(self.embedded(rows), hidden, kept.unsqueeze(-1).float())


def batches(lengths: Sequence[int], most: int, shuffle: random.Random | None) -> list[list[int]]:
    """Indices in groups of similar length, of about `most` tokens with padding."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + (shuffle.random() * 6 if shuffle else 0))
    groups: list[list[int]] = [[]]
    for index in order:
        if groups[-1] and lengths[index] * (len(groups[-1]) + 1) > most:
            groups.append([])
        groups[-1].append(index)
    if shuffle:
        shuffle.shuffle(groups)
    return groups


def padded(rows: Sequence[np.ndarray], fill: int = 0) -> Tensor:
    """Arrays of one window each, along a new first axis, filled to the longest."""
    longest = max(len(row) for row in rows)
    out = np.full((len(rows), longest, *rows[0].shape[1:]), fill, dtype=np.int64)
    for at, row in enumerate(rows):
        out[at, : len(row)] = row
    return torch.from_numpy(out)


def schedule(step: int, steps: int) -> float:
    """Share of the full learning rate: up over the first 6 %, then down to 2 % along a line."""
    warm = max(1, int(steps * 0.06))
    return step / warm if step < warm else max(0.02, (steps - step) / max(1, steps - warm))


def optimizer(model: nn.Module, decay: float, embeddings: float = 1.0) -> torch.optim.AdamW:
    """AdamW without decay of norms and biases; `embeddings` is the share of the learning rate that the embeddings get."""
    named = list(model.named_parameters())
    groups = [
        {"params": [p for name, p in named if p.ndim >= 2 and "embedding" not in name], "weight_decay": decay, "share": 1.0},
        {"params": [p for name, p in named if p.ndim < 2], "weight_decay": 0.0, "share": 1.0},
        {"params": [p for name, p in named if "embedding" in name], "weight_decay": 0.0, "share": embeddings},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def set_rate(adam: torch.optim.AdamW, rate: float) -> None:
    """The learning rate of the next step."""
    for group in adam.param_groups:
        group["lr"] = rate * group["share"]


MASK = 1
"""Hash of a hidden token"""


def masked(tokens: Tokens, rng: np.random.Generator, share: float) -> tuple[Tokens, np.ndarray]:
    """A window with some tokens hidden, runs of up to three, and which they are."""
    count = len(tokens)
    chosen = np.zeros(count, dtype=bool)
    for start in np.flatnonzero(rng.random(count) < share / 2):
        chosen[start : start + int(rng.integers(1, 4))] = True
    hidden = replace(
        tokens,
        forms=np.where(chosen, MASK, tokens.forms),
        affixes=np.where(chosen[:, None], 0, tokens.affixes),
        classes=np.where(chosen, MASK, tokens.classes),
        tags=np.where(chosen, 0, tokens.tags),
    )
    return hidden, chosen


def pretrain(
    model: Tagger,
    examples: Sequence[Example],
    words: dict[int, int],
    *,
    rate: float,
    most: int,
    seed: int,
    report: Callable[[str], None],
) -> None:
    """One pass that learns to tell hidden tokens from what stands around them, and names of the table where they stand.

    `words` numbers the forms that are asked for. Labels of `examples` may be `IGNORED`.
    """
    rng, order = np.random.default_rng(seed), random.Random(seed)
    head = nn.Linear(model.size.width, len(words))
    groups = batches([len(e.tokens) for e in examples], most, order)
    params = nn.ModuleList((model, head))
    adam = optimizer(params, 0.01)
    model.train()
    began, told, loss_sum, loss_tags = time.time(), 0, 0.0, 0.0
    for step, group in enumerate(groups):
        set_rate(adam, rate * schedule(step, len(groups)))
        chosen = [masked(examples[i].tokens, rng, 0.2) for i in group]
        wanted = [
            np.where(hidden, np.array([words.get(form, IGNORED) for form in examples[i].tokens.forms.tolist()]), IGNORED)
            for i, (_, hidden) in zip(group, chosen, strict=True)
        ]
        rows, asked = padded([bucket_rows(tokens) for tokens, _ in chosen]), padded(wanted, IGNORED)
        labels = padded([examples[i].labels for i in group], IGNORED)
        seen = model(rows, torch.tensor([len(examples[i].tokens) for i in group]))
        at = asked != IGNORED
        loss = functional.cross_entropy(head(seen[at]), asked[at])
        first = examples[group[0]].scheme * LABELS
        scores = model.output(seen)[..., first : first + LABELS]
        tags = functional.cross_entropy(scores.reshape(-1, LABELS), labels.reshape(-1), ignore_index=IGNORED)
        adam.zero_grad()
        (loss + tags).backward()
        nn.utils.clip_grad_norm_(params.parameters(), 1.0)
        adam.step()
        told, loss_sum, loss_tags = told + 1, loss_sum + loss.item(), loss_tags + tags.item()
        if (step + 1) % 100 == 0:
            means = f"loss {loss_sum / told:.3f}, of names {loss_tags / told:.4f}"
            report(f"pre-training {step + 1}/{len(groups)}: {means}, {time.time() - began:.0f} s")
            told, loss_sum, loss_tags = 0, 0.0, 0.0


def train_epoch(
    model: Tagger, examples: Sequence[Example], adam: torch.optim.AdamW, *, most: int, rate: Callable[[int, int], float],
    order: random.Random,
) -> float:  # fmt: skip
    """One pass over `examples` in batches of `most` tokens; mean loss. `rate` gives the learning rate of (step, steps)."""
    model.train()
    groups = batches([len(e.tokens) for e in examples], most, order)
    total = 0.0
    for step, group in enumerate(groups):
        set_rate(adam, rate(step, len(groups)))
        rows = padded([bucket_rows(examples[i].tokens) for i in group])
        labels = padded([examples[i].labels for i in group], IGNORED)
        seen = model(rows, torch.tensor([len(examples[i].tokens) for i in group]))
        scores = model.output(seen).unflatten(-1, (-1, LABELS))
        of = torch.tensor([examples[i].scheme for i in group])
        scores = scores[torch.arange(len(group)), :, of]
        loss = functional.cross_entropy(scores.reshape(-1, LABELS), labels.reshape(-1), ignore_index=IGNORED)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        total += loss.item()
    return total / max(1, len(groups))


def tagger_of(model: Tagger) -> Callable[[str, str, Sequence[Found], str], Iterator[Tagged]]:
    """A trained model as a tagger by scheme, to score it before it is exported."""
    model.eval()

    def tag(text: str, language: str, known: Sequence[Found], scheme: str) -> Iterator[Tagged]:
        for tokens in windows(text, language, known):
            with torch.no_grad():
                seen = model(torch.from_numpy(bucket_rows(tokens)).unsqueeze(0), torch.tensor([len(tokens)]))
                scores = model.output(seen)[0].unflatten(-1, (-1, LABELS))[:, SCHEMES.index(scheme)].log_softmax(-1)
            yield from named(tokens, scores.numpy())

    return tag
