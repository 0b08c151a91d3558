"""What roles learned from labelled pairs would add to the grammar: a linear model of ordered pairs of companies, in Chinese.

    python benchmarks/learned_roles.py ../shared/train ../shared/gold

Trained on the directed relations of FinRE and the subjects and objects of FewFC's events, it is scored on their development sets
with the names given, the grammar on the same pairs beside it. Then it may tell a deal in sentences where the grammar tells none,
with the names that the installed extractor finds, and the gold is scored again at several thresholds of its probability.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from corpus.deal_table import deals
from extractors.pipeline import extract
from extractors.scoring import Score, score_items
from flows.evaluate import read_gold
from flows.training_data import fewfc_arguments, fewfc_items, finre_rows
from models.article import Article
from models.claim import Claim, Evidence, Extraction
from models.codec import claim_to_json

Span = tuple[int, int]
NONE, UNSURE = "none", "unsure"
TYPES = (NONE, "acquisition", "investment", "partnership", "purchase", "merger", "share_transfer")
THRESHOLDS = (0.95, 0.9, 0.7, 0.5)
_BUCKETS = 1 << 18
_EPOCHS, _RATE, _DECAY, _SEED = 3, 0.15, 1e-5, 7
_NEAR = 60
_MOST_NAMES = 8
_SENTENCE = re.compile(r"[^。!?！？;；\n]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|<N>")
_FINRE = {
    "收购": "acquisition", "拟收购": "acquisition", "入股": "investment", "注资": "investment",
    "合作": "partnership", "签约": "partnership", "合资": "partnership", "合并": "merger",
}  # fmt: skip
_FINRE_UNSURE = frozenset(("订单", "交易", "商讨", "买资", "重组", "转让", "增持", "减持", "被注资", "被入股", "借壳"))
"""Relations that may or may not be a deal of ours: neither taught nor asked"""
_FEWFC = {
    "收购": ("acquisition", "sub-org", "obj-org"), "投资": ("investment", "sub", "obj"),
    "股份股权转让": ("share_transfer", "sub-org", "obj-org"), "签署合同": ("partnership", "sub-org", "obj-org"),
    "中标": ("purchase", "obj", "sub"),
}  # fmt: skip
_FEWFC_NAMES = ("sub-org", "obj-org", "target-company", "sub", "obj")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names of a sentence, in the order of the roles of `type`, and the other names in it."""

    text: str
    first: Span
    second: Span
    others: tuple[Span, ...]
    type: str


def finre_pairs(path: Path) -> Iterator[Pair]:
    """Pairs of FinRE's sentences; a relation named by its passive (被收购) is that of the pair the other way round."""
    sentences: dict[str, list[list[str]]] = defaultdict(list)
    for *row, sentence in finre_rows(path):
        sentences[sentence].append(row)
    for sentence, rows in sentences.items():
        spans = {name: (sentence.find(name), sentence.find(name) + len(name)) for row in rows for name in row[:2]}
        told: dict[tuple[Span, Span], str] = {}
        for head, tail, relation in rows:
            if min(spans[head][0], spans[tail][0]) >= 0:
                kind = _FINRE.get(relation, UNSURE if relation in _FINRE_UNSURE else NONE)
                key = spans[head], spans[tail]
                told[key] = kind if told.get(key, NONE) == NONE else told[key]
        yield from _pairs(sentence, told)


def fewfc_pairs(path: Path) -> Iterator[Pair]:
    """All ordered pairs of the participants of FewFC's events in a sentence."""
    for item in fewfc_items(path):
        names: set[Span] = set()
        told: dict[tuple[Span, Span], str] = {}
        for event in item["events"]:
            by_role: dict[str, list[Span]] = defaultdict(list)
            for role, mention in fewfc_arguments(event):
                by_role[role].append(tuple(mention["span"]))
            names.update(span for role in _FEWFC_NAMES for span in by_role[role])
            kind, first, second = _FEWFC.get(event["type"], (NONE, "", ""))
            told |= {(a, b): kind for a in by_role[first] for b in by_role[second]} if kind != NONE else {}
            if kind == "partnership":
                told |= {(b, a): kind for a in by_role[first] for b in by_role[second]}
            if event["type"] == "股份股权转让":  # who buys, and whose shares: an investment in some, none in others
                for pair in ((a, b) for a in by_role["obj-org"] for b in by_role["target-company"]):
                    told.setdefault(pair, UNSURE)
        yield from _pairs(item["content"], {(a, b): told.get((a, b), NONE) for a in names for b in names})


def _pairs(text: str, told: dict[tuple[Span, Span], str]) -> Iterator[Pair]:
    spans = sorted({span for pair in told for span in pair})
    for (a, b), kind in sorted(told.items()):
        apart = a[1] <= b[0] or b[1] <= a[0]
        if kind != UNSURE and apart and text[slice(*a)] != text[slice(*b)]:
            yield Pair(text, a, b, tuple(s for s in spans if s not in (a, b)), kind)


def features(pair: Pair) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Hashed character n-grams before, between and after the pair, by its order, other names masked."""
    low, high = sorted((pair.first, pair.second))
    order = "<" if pair.first == low else ">"
    middle = _masked(pair, low[1], high[0])
    before, after = _masked(pair, max(0, low[0] - 14), low[0])[-10:], _masked(pair, high[1], high[1] + 22)[:18]
    parts = {"m": middle, "b": before, "a": after}
    if len(middle) > _NEAR:
        parts |= {"m": middle[:20], "e": middle[-20:]}
    grams = {f"{tag}{part[i : i + n]}" for tag, part in parts.items() for n in range(1, 5) for i in range(len(part) - n + 1)}
    grams |= {f"[{middle[:2]}", f"]{middle[-2:]}", f"[{before[-2:]}(", f"){after[:3]}", f"#{min(len(middle) // 6, 10)}"}
    if len(middle) <= _NEAR // 5:
        grams.add(f"={middle}")
    return np.array(sorted({zlib.crc32(f"{order}{gram}".encode()) % _BUCKETS for gram in grams}), dtype=np.int64)


def _masked(pair: Pair, start: int, end: int) -> str:
    parts, at = [], start
    for first, last in pair.others:
        if at <= first and last <= end:
            parts += [pair.text[at:first], "O"]
            at = last
    return _NUMBER.sub("0", "".join((*parts, pair.text[at:end])))


class PairModel:
    """Multinomial logistic regression over hashed features, trained with AdaGrad (Duchi, Hazan and Singer 2011)."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._weights = np.zeros((_BUCKETS, len(TYPES)), np.float32)
        squares = np.full_like(self._weights, 0.1)
        rows, wanted = [features(pair) for pair in pairs], [TYPES.index(pair.type) for pair in pairs]
        random = np.random.default_rng(_SEED)
        for _ in range(_EPOCHS):
            for i in random.permutation(len(rows)):
                error = self._probabilities(rows[i])
                error[wanted[i]] -= 1
                gradient = error + _DECAY * self._weights[rows[i]]
                squares[rows[i]] += gradient**2
                self._weights[rows[i]] -= _RATE * gradient / np.sqrt(squares[rows[i]])

    def _probabilities(self, row: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.float32]]:
        scores = self._weights[row].sum(0)
        exponents = np.exp(scores - scores.max())
        return np.asarray(exponents / exponents.sum())

    def best(self, pair: Pair) -> tuple[float, str]:
        """The likeliest type of deal of the pair, and its probability."""
        told = self._probabilities(features(pair))[1:]
        return float(told.max()), TYPES[int(told.argmax()) + 1]


def score_pairs(model: PairModel, pairs: Sequence[Pair], least: float) -> Score:
    """Types of ordered pairs told at a probability of at least `least`, against the labels."""
    score = Score()
    for pair in pairs:
        probability, kind = model.best(pair)
        told = kind if probability >= least else NONE
        score.hits += told == pair.type != NONE
        score.spurious += told not in (NONE, pair.type)
        score.missed += pair.type not in (NONE, told)
    return score


def grammar_recall(pairs: Iterable[Pair]) -> float:
    """Share of the labelled pairs between which the installed extractor tells a deal, of whatever type and direction."""
    wanted: dict[str, set[frozenset[str]]] = defaultdict(set)
    for pair in pairs:
        if pair.type != NONE:
            wanted[pair.text].add(frozenset((pair.text[slice(*pair.first)], pair.text[slice(*pair.second)])))
    found = 0
    for text, asked in wanted.items():
        claims = extract(Article("pair", text.replace("<N>", "3"), language="zh-Hans", region="CN")).claims
        told = [{name.text for names in claim.roles.values() for name in names} for claim in claims]
        found += sum(any(all(any(n in m or m in n for m in names) for n in pair) for names in told) for pair in asked)
    return found / sum(map(len, wanted.values()))


def learned_claims(model: PairModel, article: Article, extraction: Extraction) -> Iterator[tuple[float, Claim]]:
    """Deals the model tells in sentences of which the grammar tells none, each pair of names once, the likeliest first."""
    text = article.document
    evidence = [piece for claim in extraction.claims for piece in claim.evidence]
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        if any(piece.start < end and start < piece.end for piece in evidence):
            continue
        found = {n.canonical: n for n in reversed(extraction.names) if start <= n.start and n.end <= end and n.kind != "person"}
        names = sorted(found.values(), key=lambda name: name.start)
        if not 1 < len(names) <= _MOST_NAMES:
            continue
        amounts = [a for a in extraction.amounts if start <= a.start < end and a.kind in {"deal", "unknown"}]
        told = []
        for a in names:
            for b in (name for name in names if name is not a):
                spans = [(n.start - start, n.end - start) for n in (a, b, *(n for n in names if n is not a and n is not b))]
                told.append((*model.best(Pair(sentence.group(), spans[0], spans[1], tuple(sorted(spans[2:])), NONE)), a, b))
        paired: set[frozenset[str]] = set()
        for probability, kind, a, b in sorted(told, key=lambda one: -one[0]):
            if frozenset((a.canonical, b.canonical)) not in paired:
                paired.add(frozenset((a.canonical, b.canonical)))
                first, *rest = deals()[kind].roles
                roles = {first: (a, b)} if first == "party" else {first: (a,), rest[0]: (b,)}
                where = (Evidence(start, end, sentence.group()),)
                yield probability, Claim(kind, "agreed", roles, where, amount=amounts[0] if len(amounts) == 1 else None)


def score_gold(model: PairModel, path: Path, table: Table) -> None:
    """Rows of strict deal F1 in each Chinese script: the installed extractor, then with learned roles at every threshold."""
    items = [item for item in read_gold(path).items if item["language"].startswith("zh")]
    told: dict[str, list[tuple[float, Any]]] = {}
    for item in items:
        given = {key: item.get(key) for key in ("title", "language", "region", "published", "source")}
        article = Article(item["id"], item["text"], **given)
        found = extract(article)
        claims = [(2.0, claim) for claim in found.claims] + list(learned_claims(model, article, found))
        told[item["id"]] = [(probability, claim_to_json(article, claim)) for probability, claim in claims]
    for least in (2.0, *THRESHOLDS):
        scores = score_items(items, {key: [c for p, c in rows if p >= least] for key, rows in told.items()})
        cells = [scores.by_measure["deal", script] for script in ("zh-Hans", "zh-Hant", "all")]
        way = "as installed" if least > 1 else f"+ learned roles from {least}"
        table.add_row(path.name, way, *(f"{s.f1:.3f} P {s.precision:.2f} R {s.recall:.2f}" for s in cells))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("train", type=Path, help="folder with finre_*.txt and fewfc_*.json")
    parser.add_argument("gold", nargs="+", type=Path)
    given = parser.parse_args()
    model = PairModel([*finre_pairs(given.train / "finre_train.txt"), *fewfc_pairs(given.train / "fewfc_train.json")])
    console = Console(width=140)
    pairs = Table("set", "pairs told", "F1 from 0.5", "from 0.9", "recall of the grammar", title="ordered pairs, names given")
    for name, dev in (
        ("FewFC dev", [*fewfc_pairs(given.train / "fewfc_dev.json")]),
        ("FinRE valid", [*finre_pairs(given.train / "finre_valid.txt")]),
    ):
        cells = [score_pairs(model, dev, least) for least in (0.5, 0.9)]
        figures = (f"{s.f1:.3f} P {s.precision:.2f} R {s.recall:.2f}" for s in cells)
        pairs.add_row(name, str(sum(p.type != NONE for p in dev)), *figures, f"{grammar_recall(dev):.2f}")
    console.print(pairs)
    table = Table("gold", "deals by", "zh-Hans", "zh-Hant", "all", title="strict deal F1")
    for path in given.gold:
        score_gold(model, path, table)
    console.print(table)


if __name__ == "__main__":
    main()
