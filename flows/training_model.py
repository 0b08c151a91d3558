"""The name tagger as a torch module, and its training; only `dealwire train` imports this, with the extra `train` installed.

A transformer encoder (Vaswani et al. 2017, pre-norm) over hash embeddings. Its attention knows the direction and distance of
tokens (Shaw et al. 2018, as biases), and each layer first mixes neighbouring tokens: on characters without pre-training, places
alone tell it too little (TENER: Yan et al. 2019). A linear output and the transitions of a conditional random field (Lafferty et
al. 2001) for each scheme of annotation; its likelihood is what training raises.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.known_names import Found
from extractors.tagger import LEAST, named
from extractors.tagger_decode import FORBIDDEN, Tagged, log_marginals
from extractors.tagger_features import Buckets, Tokens, bucket_rows, windows
from flows.training_examples import IGNORED, SCHEMES, Example

LABELS = 7
_BETAS = (0.9, 0.98)


def _bits(count: int) -> Tensor:
    """`count` random numbers below 256."""
    return torch.empty(-(-count // 8), dtype=torch.int64).random_(-(2**63), None).view(torch.uint8)[:count]


@dataclass(frozen=True, slots=True)
class Size:
    """Of the network."""

    buckets: Buckets
    embedding: int = 96
    width: int = 128
    layers: int = 2
    heads: int = 4
    inner: int = 256
    reach: int = 32
    """Tokens on either side whose distance attention tells apart"""
    dropout: float = 0.25
    slot_dropout: float = 0.0
    """Of the slots for pairs, triples and affixes"""


class Layer(nn.Module):
    """Neighbours mixed, self-attention and a feed-forward network, each behind a norm and added to what came in."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.around_norm = nn.LayerNorm(size.width)
        self.around = nn.Linear(3 * size.width, size.width)
        self.before = nn.LayerNorm(size.width)
        self.mixed = nn.Linear(size.width, 3 * size.width)
        self.distances = nn.Parameter(torch.zeros(size.heads, 2 * size.reach + 1))
        self.joined = nn.Linear(size.width, size.width)
        self.between = nn.LayerNorm(size.width)
        self.wide = nn.Linear(size.width, size.inner)
        self.narrow = nn.Linear(size.inner, size.width)
        self.dropout = Dropout(size.dropout)

    def forward(self, x: Tensor, bias: Tensor, kept: Tensor) -> Tensor:
        """`x` is (windows, tokens, width), `bias` (windows or 1, heads, tokens, tokens), `kept` (windows, tokens, 1)."""
        rows, count, width = x.shape
        beside = functional.pad(self.around_norm(x) * kept, (0, 0, 1, 1))
        sides = torch.cat((beside[:, :-2], beside[:, 1:-1], beside[:, 2:]), dim=-1)
        x = x + self.dropout(functional.gelu(self.around(sides), approximate="tanh"))
        query, key, value = (
            part.reshape(rows, count, self.heads, width // self.heads).transpose(1, 2)
            for part in self.mixed(self.before(x)).chunk(3, dim=-1)
        )
        scores = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5 + bias
        seen = (scores.softmax(-1) @ value).transpose(1, 2).reshape(rows, count, width)
        x = x + self.dropout(self.joined(seen))
        return x + self.dropout(self.narrow(functional.gelu(self.wide(self.between(x)), approximate="tanh")))


class Tagger(nn.Module):
    """Bucket numbers to label scores; `transitions` is (schemes, 1 + labels, labels), its first row what a window begins with."""

    def __init__(self, size: Size, schemes: int, longest: int) -> None:
        super().__init__()
        self.size = size
        self.embedding = nn.EmbeddingBag(size.buckets.total, size.embedding, mode="sum", sparse=True)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.entry_norm = nn.LayerNorm(size.embedding)
        self.entry = nn.Linear(size.embedding, size.width)
        self.layers = nn.ModuleList(Layer(size) for _ in range(size.layers))
        self.exit_norm = nn.LayerNorm(size.width)
        self.output = nn.Linear(size.width, schemes * LABELS)
        self.transitions = nn.Parameter(torch.zeros(schemes, 1 + LABELS, LABELS))
        self.dropout = Dropout(size.dropout)
        at = torch.arange(longest)
        self.register_buffer("apart", (at[:, None] - at).clamp(-size.reach, size.reach) + size.reach, persistent=False)

    def embedded(self, rows: Tensor) -> Tensor:
        """(windows, tokens, slots) to (windows, tokens, embedding)."""
        windows, count, slots = rows.shape
        kept = None
        if self.training:  # what n-grams say is learned by heart first: now and then a token must do without some of them
            share = torch.full((slots,), 1 - self.size.slot_dropout)
            share[0] = share[8:] = 1.0
            kept = (torch.rand(windows * count, slots) < share) / share
        return self.embedding(rows.reshape(-1, slots), per_sample_weights=kept).reshape(windows, count, -1)

    def biases(self, count: int) -> list[Tensor]:
        """What each layer's attention adds for distances, (heads, count, count)."""
        return [layer.distances[:, self.apart[:count, :count]] for layer in self.layers]

    def encoded(
        self, embedded: Tensor, biases: Sequence[Tensor], hidden: Tensor, kept: Tensor, beside: Tensor | None = None
    ) -> Tensor:
        """Embeddings to what the outputs read; `kept` (windows, tokens, 1) is 0 for padding, where `hidden` is very negative.

        `beside` is what else is known of each token, as wide as the layers.
        """
        x = self.entry(self.dropout(self.entry_norm(embedded)))
        if beside is not None:
            x = x + beside
        for layer, bias in zip(self.layers, biases, strict=True):
            x = layer(x, bias + hidden, kept)
        return self.exit_norm(x)

    def forward(self, rows: Tensor, lengths: Tensor, beside: Tensor | None = None) -> Tensor:
        """What the outputs read, for a padded batch."""
        count = rows.shape[1]
        kept = torch.arange(count).unsqueeze(0) < lengths.unsqueeze(1)
        hidden = torch.where(kept, 0.0, -1e4)[:, None, None, :]
        return self.encoded(self.embedded(rows), self.biases(count), hidden, kept.unsqueeze(-1).float(), beside)

    def scores(self, seen: Tensor, schemes: Tensor) -> Tensor:
        """Label scores of the scheme of each window: (windows, tokens, labels)."""
        return self.output(seen.float()).unflatten(-1, (-1, LABELS))[torch.arange(len(schemes)), :, schemes]


def unlikelihood(scores: Tensor, labels: Tensor, lengths: Tensor, transitions: Tensor) -> Tensor:
    """Negative log-likelihood of label sequences, one a window; `transitions` (windows, 1 + labels, labels)."""
    first, later, kept = _whole(scores, lengths, transitions)
    taken = (scores.gather(-1, labels.unsqueeze(-1)).squeeze(-1) * kept).sum(1) + first.gather(-1, labels[:, :1]).squeeze(-1)
    steps = later.flatten(1).gather(-1, labels[:, :-1] * LABELS + labels[:, 1:])
    return _partition(scores, first, later, kept) - taken - (steps * kept[:, 1:]).sum(1)


def _whole(scores: Tensor, lengths: Tensor, transitions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Scores of what a window begins with, of each step, and where a window has tokens."""
    whole = transitions + torch.from_numpy(FORBIDDEN).float()
    return whole[:, 0], whole[:, 1:], torch.arange(scores.shape[1]).unsqueeze(0) < lengths.unsqueeze(1)


def _partition(scores: Tensor, first: Tensor, later: Tensor, kept: Tensor) -> Tensor:
    """Logarithm of the sum over all sequences; `later` is (windows, labels, labels), or has one of these for each step."""
    total = scores[:, 0] + first
    for at in range(1, scores.shape[1]):
        step = later if later.ndim == 3 else later[:, at - 1]
        onward = torch.logsumexp(total.unsqueeze(-1) + step, 1) + scores[:, at]
        total = torch.where(kept[:, at, None], onward, total)
    return torch.logsumexp(total, -1)


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What a tagger believes of windows: probabilities of labels (windows, tokens, labels), and of pairs of neighbours'."""

    labels: Tensor
    pairs: Tensor


def belief(scores: Tensor, lengths: Tensor, transitions: Tensor) -> Beliefs:
    """Of the sequences in `unlikelihood`: the slopes of the partition function are the probabilities."""
    with torch.enable_grad():
        scores = scores.detach().requires_grad_()
        first, later, kept = _whole(scores, lengths, transitions.detach())
        steps = later.unsqueeze(1).expand(-1, scores.shape[1] - 1, -1, -1).contiguous().requires_grad_()
        labels, pairs = torch.autograd.grad(_partition(scores, first, steps, kept).sum(), (scores, steps), materialize_grads=True)
    return Beliefs(labels, pairs)


def disbelief(scores: Tensor, believed: Beliefs, lengths: Tensor, transitions: Tensor) -> Tensor:
    """Cross-entropy to what another tagger believes, one a window (Wang et al. 2021, structural knowledge distillation)."""
    first, later, kept = _whole(scores, lengths, transitions)
    taken = (scores * believed.labels).sum((1, 2)) + (first * believed.labels[:, 0]).sum(-1)
    return _partition(scores, first, later, kept) - taken - (later.unsqueeze(1) * believed.pairs).sum((1, 2, 3))


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


class Optimizers:
    """AdamW without decay of norms and biases; Adam on the rows in use for the embeddings, at a share of the learning rate."""

    def __init__(self, model: nn.Module, decay: float, embeddings: float = 1.0) -> None:
        named = list(model.named_parameters())
        self._dense = [parameter for name, parameter in named if "embedding" not in name]
        groups = [
            {"params": [p for p in self._dense if p.ndim == 2], "weight_decay": decay},
            {"params": [p for p in self._dense if p.ndim != 2], "weight_decay": 0.0},
        ]
        self._adam = torch.optim.AdamW(groups, betas=_BETAS)
        self._tables = [(p, torch.zeros_like(p), torch.zeros_like(p)) for name, p in named if "embedding" in name]
        self._embeddings = embeddings
        self._steps = 0

    def step(self, loss: Tensor, rate: float) -> None:
        """One step down the gradient of `loss`."""
        self._steps += 1
        self._adam.zero_grad()
        for group in self._adam.param_groups:
            group["lr"] = rate
        loss.backward()
        nn.utils.clip_grad_norm_(self._dense, 1.0)
        self._adam.step()
        for table in self._tables:
            self._step_rows(*table, rate * self._embeddings)

    def _step_rows(self, table: Tensor, means: Tensor, squares: Tensor, rate: float) -> None:
        """`torch.optim.SparseAdam` in a third of its time, which was a third of all."""
        gradient = table.grad.coalesce()
        at, slope = gradient.indices()[0], gradient.values()
        table.grad = None
        mean = means[at].lerp_(slope, 1 - _BETAS[0])
        square = squares[at].mul_(_BETAS[1]).addcmul_(slope, slope, value=1 - _BETAS[1])
        means[at], squares[at] = mean, square
        size = rate * (1 - _BETAS[1] ** self._steps) ** 0.5 / (1 - _BETAS[0] ** self._steps)
        with torch.no_grad():
            table.index_add_(0, at, mean.div_(square.sqrt_().add_(1e-8)), alpha=-size)


class Dropout(nn.Module):
    """`nn.Dropout`, to one part in 256, by drawing eight at once: six times as fast on a processor."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.least = round(256 * share)

    def forward(self, x: Tensor) -> Tensor:
        """`x` with some of its values 0 and the others raised in turn, while training."""
        if not self.training or not self.least:
            return x
        drawn = _bits(x.numel()).view(x.shape)
        return x * (drawn >= self.least).to(x.dtype).mul_(256 / (256 - self.least))


def halved() -> torch.autocast:
    """Where matrices are multiplied in bfloat16, the weights themselves staying in float32."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


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
        listed=np.where(chosen, 0, tokens.listed),
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
    adam = Optimizers(nn.ModuleList((model, head)), 0.01)
    model.train()
    began, steps, loss_sum, loss_tags = time.time(), 0, 0.0, 0.0
    for step, group in enumerate(groups):
        chosen = [masked(examples[i].tokens, rng, 0.25) for i in group]
        wanted = [
            np.where(hidden, np.array([words.get(form, IGNORED) for form in examples[i].tokens.forms.tolist()]), IGNORED)
            for i, (_, hidden) in zip(group, chosen, strict=True)
        ]
        rows, asked = padded([bucket_rows(tokens, model.size.buckets) for tokens, _ in chosen]), padded(wanted, IGNORED)
        labels = padded([examples[i].labels for i in group], IGNORED)
        at = asked != IGNORED
        with halved():
            seen = model(rows, torch.tensor([len(examples[i].tokens) for i in group]))
            told = head(seen[at])
        loss = functional.cross_entropy(told.float(), asked[at])
        scores = model.scores(seen, torch.tensor([examples[i].scheme for i in group]))
        known = labels != IGNORED
        tags = functional.cross_entropy(scores[known], labels[known]) if known.any() else torch.zeros(())
        adam.step(loss + tags, rate * schedule(step, len(groups)))
        steps, loss_sum, loss_tags = steps + 1, loss_sum + loss.item(), loss_tags + tags.item()
        if (step + 1) % 100 == 0:
            means = f"loss {loss_sum / steps:.3f}, of names {loss_tags / steps:.4f}"
            report(f"pre-training {step + 1}/{len(groups)}: {means}, {time.time() - began:.0f} s")
            steps, loss_sum, loss_tags = 0, 0.0, 0.0


def _believed(teachers: Sequence[Tagger], rows: Tensor, lengths: Tensor, schemes: Tensor) -> Beliefs:
    """What `teachers` believe together: of their scores on average."""
    with torch.no_grad():
        with halved():
            seen = [teacher(rows, lengths) for teacher in teachers]
        scores = sum(teacher.scores(own, schemes) for teacher, own in zip(teachers, seen, strict=True)) / len(teachers)
        transitions = sum(teacher.transitions[schemes] for teacher in teachers) / len(teachers)
    return belief(scores, lengths, transitions)


class PartHead(nn.Module):
    """Numbers of parts from what the outputs read, to be thrown away after training: who takes part is told by what is told."""

    def __init__(self, width: int, numbers: Mapping[tuple[str, str], int], schemes: Sequence[str]) -> None:
        super().__init__()
        self.linear = nn.Linear(width, len(numbers))
        others = [[scheme != own for own, _ in sorted(numbers, key=numbers.__getitem__)] for scheme in schemes]
        self.register_buffer("others", torch.tensor(others))

    def loss(self, seen: Tensor, examples: Sequence[Example]) -> Tensor:
        """Cross-entropy a token of those of `examples` whose set tells of parts; 0 if none does."""
        told = [row for row, example in enumerate(examples) if example.parts is not None]
        if not told:
            return torch.zeros(())
        rows = torch.tensor([(row, at) for row in told for at in range(len(examples[row].tokens))])
        wanted = torch.cat([torch.from_numpy(examples[row].parts) for row in told])
        schemes = torch.tensor([examples[row].scheme for row, _ in rows.tolist()])
        scores = self.linear(seen[rows[:, 0], rows[:, 1]].float()).masked_fill(self.get_buffer("others")[schemes], -1e4)
        return functional.cross_entropy(scores, wanted)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is learned beside the labels: parts, by `weight` of their loss, and in the share `trust` what `teachers` believe."""

    head: PartHead | None = None
    weight: float = 0.0
    teachers: Sequence[Tagger] = ()
    trust: float = 0.0


def _untold(scores: Tensor, examples: Sequence[Example], labels: Tensor, lengths: Tensor, transitions: Tensor) -> Tensor:
    """Loss of a batch: against the labels, and where there are none against what a teacher believes."""
    told = torch.tensor([example.believed is not None for example in examples])
    found = torch.zeros(())
    if not told.all():
        found = found + unlikelihood(scores[~told], labels[~told], lengths[~told], transitions[~told]).sum()
    if told.any():
        beliefs = [example.believed for example in examples if example.believed is not None]
        count = scores.shape[1]
        believed = Beliefs(
            _stacked([belief.labels for belief in beliefs], count), _stacked([belief.pairs for belief in beliefs], count - 1)
        )
        found = found + disbelief(scores[told], believed, lengths[told], transitions[told]).sum()
    return found


def _stacked(given: Sequence[np.ndarray], count: int) -> Tensor:
    """Arrays of one window each, along a new first axis, filled with zeros to `count`."""
    out = np.zeros((len(given), count, *given[0].shape[1:]), dtype=np.float32)
    for at, own in enumerate(given):
        out[at, : len(own)] = own
    return torch.from_numpy(out)


def train_epoch(
    model: Tagger, examples: Sequence[Example], adam: Optimizers, *, most: int, rate: Callable[[int, int], float],
    margins: Sequence[float], order: random.Random, beside: Beside,
) -> float:  # fmt: skip
    """One pass over `examples` in batches of `most` tokens; mean loss a token. `rate` gives the learning rate of (step, steps).

    `margins` is by how much O must lose where a name stands, by scheme (Mohit et al. 2012, recall-oriented learning of names).
    """
    model.train()
    groups = batches([len(e.tokens) for e in examples], most, order)
    total = 0.0
    for step, group in enumerate(groups):
        rows = padded([bucket_rows(examples[i].tokens, model.size.buckets) for i in group])
        labels = padded([examples[i].labels for i in group])
        lengths = torch.tensor([len(examples[i].tokens) for i in group])
        schemes = torch.tensor([examples[i].scheme for i in group])
        with halved():
            seen = model(rows, lengths)
        scores = model.scores(seen, schemes)
        scores[..., 0] += torch.tensor(margins)[schemes].unsqueeze(1) * (labels != 0)
        loss = _untold(scores, [examples[i] for i in group], labels, lengths, model.transitions[schemes]) / lengths.sum()
        whole = loss
        if beside.teachers:
            told = _believed(beside.teachers, rows, lengths, schemes)
            doubt = disbelief(scores, told, lengths, model.transitions[schemes]).sum() / lengths.sum()
            whole = (1 - beside.trust) * loss + beside.trust * doubt
        if beside.head:
            whole = whole + beside.weight * beside.head.loss(seen, [examples[i] for i in group])
        adam.step(whole, rate(step, len(groups)))
        total += loss.item()
    return total / max(1, len(groups))


def tagger_of(model: Tagger) -> Callable[[str, str, Sequence[Found], str], Iterator[Tagged]]:
    """A trained model as a tagger by scheme, to score it before it is exported."""
    model.eval()

    def tag(text: str, language: str, known: Sequence[Found], scheme: str) -> Iterator[Tagged]:
        number = SCHEMES[language[:2]].index(scheme)
        for tokens in windows(text, language, known):
            with torch.no_grad():
                rows = torch.from_numpy(bucket_rows(tokens, model.size.buckets)).unsqueeze(0)
                scores = model.scores(model(rows, torch.tensor([len(tokens)])), torch.tensor([number]))[0]
            (marginals,) = log_marginals([scores.numpy()], model.transitions[number].detach().numpy())
            yield from named(tokens, marginals, LEAST[language[:2]])

    return tag
