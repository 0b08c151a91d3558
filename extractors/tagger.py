"""The name tagger at work: the one place where learned weights are loaded. ONNX Runtime on one core, no torch.

The checkpoints are rows of `corpus/checkpoints/checkpoints.toml`, one a language. Each is loaded at the first text that needs it.
Windows are run one by one, so that the scores of a name depend on its sentence alone: the ranges of int8 activations are those of
the window, never of what else happens to be in a batch.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from corpus.checkpoint_table import checkpoints, weights
from extractors.known_names import Found
from extractors.normalize import CleanText
from extractors.tagger_decode import Floats, Tagged, Tags, best_labels, confidence, log_marginals, spans
from extractors.tagger_features import BUCKETS, Tokens, rows_of_all, windows

CHECKPOINTS = {"zh": "names-zh", "ar": "names-ar"}
"""By language, the first two letters of its code"""
TRANSITIONS = "transitions"
"""Key of the metadata of the ONNX file that holds them"""
_TAILS = "TtL"
"""Letters of `shape_zh.shape` for words that close the name of a company"""
SCHEMES = {"zh": ("fewfc", "finre"), "ar": ("anercorp",)}
"""Whose ideas of a name are averaged, by language"""
LEAST = {"zh": 0.55, "ar": 0.0}
"""Score below which a name is none, by language: one in six of the Chinese ones was right in text kept apart from training"""


Tagger = Callable[[CleanText, str, Sequence[Found]], Tags]
"""(text, language, names of the table) -> what it says, in spans of the folded text"""

BUNDLED, GRAMMAR = "bundled", "grammar"


def tagger_named(model: str) -> Tagger | None:
    """The tagger that a setting names: ``bundled``, ``grammar`` for none, or a model of the hub by its id or folder."""
    if model == GRAMMAR:
        return None
    if model == BUNDLED:
        return tag
    from extractors.hub_tagger import tag_with  # noqa: PLC0415 - only where it is asked for

    return functools.partial(tag_with, model)


@functools.cache
def _session(checkpoint: str) -> Any:
    import onnxruntime  # noqa: PLC0415 - half a second that a text without deals need not wait for

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(weights(checkpoint), options, providers=["CPUExecutionProvider"])


@functools.cache
def _transitions(checkpoint: str) -> Floats:
    """Of the scores between labels, shape (schemes, 1 + labels, labels)."""
    return np.array(json.loads(_session(checkpoint).get_modelmeta().custom_metadata_map[TRANSITIONS]), dtype=np.float32)


def tag(clean: CleanText, language: str, known: Sequence[Found]) -> Tags:
    """Names by the bundled checkpoint.

    >>> from extractors.normalize import normalize
    >>> clean = normalize("四川岚川能源有限公司拟收购瀚洋资本持有的股权")
    >>> [clean.text[t.start:t.end] for t in tag(clean, "zh-Hans", []).names]
    ['四川岚川能源有限公司', '瀚洋资本']
    """
    return tag_by(clean.text, language, known, SCHEMES[language[:2]])


def tag_by(text: str, language: str, known: Sequence[Found], wanted: Sequence[str]) -> Tags:
    """Names in folded `text` as the schemes `wanted` mark them, on average."""
    checkpoint = CHECKPOINTS[language[:2]]
    schemes = checkpoints()[checkpoint].schemes
    outputs = [schemes.index(scheme) for scheme in wanted]
    given = list(windows(text, language, known))
    session = _session(checkpoint)
    scores = [session.run(None, {"rows": rows})[0][:, outputs].mean(1) for rows in rows_of_all(given, BUCKETS[language[:2]])]
    marginals = list(log_marginals(scores, _transitions(checkpoint)[outputs].mean(0)))
    least = LEAST[language[:2]]
    names = [name for tokens, own in zip(given, marginals, strict=True) for name in named(tokens, own, least)]
    return Tags(names, [(tokens.spans, own) for tokens, own in zip(given, marginals, strict=True)])


def named(tokens: Tokens, scores: Floats, least: float) -> Iterator[Tagged]:
    """The names of one window from its scores, those of `least` or more."""
    labels = best_labels(scores)
    for first, last, kind in spans(labels):
        end = _word_end(tokens, labels, last) if kind == "ORG" else last
        score = confidence(scores, labels, first, last)
        if score >= least:
            yield Tagged(tokens.spans[first][0], tokens.spans[end - 1][1], kind, score)


def _word_end(tokens: Tokens, labels: Sequence[int], last: int) -> int:
    """Where the Chinese word ends in which a name ends that is cut within 科技, 電子 and the like."""
    while last < len(tokens) and labels[last] == 0 and tokens.classes[last] == tokens.classes[last - 1] and (
        chr(tokens.classes[last]) in _TAILS
    ):  # fmt: skip
        last += 1
    return last
