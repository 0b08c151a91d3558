"""A token-classification model of the Hugging Face hub in place of the bundled checkpoint, by `transformers` and torch.

Such models read text as published, so that is what they get; their spans are carried over to the folded text.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from extractors.known_names import Found
from extractors.normalize import CleanText
from extractors.tagger_decode import Tagged, Tags
from models.errors import InputError

_KINDS = {
    "org": "ORG", "corp": "ORG", "corporation": "ORG", "company": "ORG", "organization": "ORG", "organisation": "ORG",
    "nt": "ORG", "per": "PER", "pers": "PER", "person": "PER", "nr": "PER", "name": "PER",
    "loc": "LOC", "gpe": "LOC", "location": "LOC", "ns": "LOC",
}  # fmt: skip
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
_MOST_TOKENS = 510
"""Of a sentence, so that two special tokens still fit into the 512 places of most models"""


@functools.cache
def _loaded(model: str) -> tuple[Any, Any, dict[int, tuple[str, str]]]:
    """Tokenizer, model, and (edge, kind) by label number. InputError when it cannot be had, or knows no organisations."""
    try:
        import torch  # noqa: F401, PLC0415 - both are optional, and heavy
        from transformers import AutoModelForTokenClassification, AutoTokenizer  # noqa: PLC0415
    except ImportError as error:
        raise InputError(
            model, f"a model of the hub needs transformers and torch (pip install 'dealwire[hub]'): {error}"
        ) from None
    try:
        tokenizer = AutoTokenizer.from_pretrained(model)
        network = AutoModelForTokenClassification.from_pretrained(model).eval()
    except (OSError, ValueError) as error:
        raise InputError(model, f"no token-classification model: {str(error).splitlines()[0]}") from None
    labels = {int(number): _label(str(label)) for number, label in network.config.id2label.items()}
    if not tokenizer.is_fast:
        raise InputError(model, "its tokenizer does not say where a token stands: a fast one is needed")
    if not any(kind == "ORG" for _, kind in labels.values()):
        raise InputError(model, f"none of its labels means an organisation: {', '.join(network.config.id2label.values())}")
    return tokenizer, network, labels


def _label(label: str) -> tuple[str, str]:
    """("B", "ORG") of B-ORG, ORG-B, B_company; ("I", "") of what is no name of ours."""
    parts = re.split(r"[-_]", label)
    edge = "B" if "B" in parts or "S" in parts else "I"
    return edge, next((_KINDS[part.lower()] for part in parts if part.lower() in _KINDS), "")


def tag_with(model: str, clean: CleanText, _language: str, _known: Sequence[Found]) -> Tags:
    """Names by a model of the hub, an id of it or a folder; spans of ``clean.text``."""

    def at(position: int) -> int:
        return position if clean.origin is None else bisect_left(clean.origin, position)

    found = []
    for match in _SENTENCE.finditer(clean.raw):
        for start, end, kind, score in _names(model, match.group()):
            first, last = at(match.start() + start), at(match.start() + end)
            if first < last:
                found.append(Tagged(first, last, kind, score))
    return Tags(found)


def _names(model: str, sentence: str) -> Iterator[tuple[int, int, str, float]]:
    """(start, end, kind, mean probability) of each name; a word of which any token is in a name belongs to it wholly."""
    import torch  # noqa: PLC0415 - as above

    tokenizer, network, labels = _loaded(model)
    given = tokenizer(sentence, return_tensors="pt", return_offsets_mapping=True, truncation=True, max_length=_MOST_TOKENS)
    offsets = given.pop("offset_mapping")[0].tolist()
    with torch.no_grad():
        shares = network(**given).logits[0].softmax(-1).numpy()
    open_name: list[Any] | None = None
    for (start, end), share in zip(offsets, shares, strict=True):
        if start == end:
            continue
        edge, kind = labels[int(share.argmax())]
        if open_name and (_within_word(sentence, start) or (kind == open_name[2] and edge != "B")):
            open_name[1], _ = end, open_name[3].append(float(share.max()))
            continue
        if open_name:
            yield open_name[0], open_name[1], open_name[2], float(np.mean(open_name[3]))
        open_name = [start, end, kind, [float(share.max())]] if kind else None
    if open_name:
        yield open_name[0], open_name[1], open_name[2], float(np.mean(open_name[3]))


def _within_word(sentence: str, at: int) -> bool:
    """Whether a word of a script with spaces goes on at `at`."""
    return at > 0 and sentence[at - 1].isalpha() and sentence[at].isalpha() and not ("\u3400" <= sentence[at] <= "\u9fff")
