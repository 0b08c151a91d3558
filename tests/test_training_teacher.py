"""The large teacher of the small Chinese tagger: what it learns, and what it and other taggers believe together."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from flows.training_data import Labelled
from flows.training_examples import Example, Names
from tests.tiny_encoder import CHINESE, write_encoder

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnxscript", reason="training needs the extra `train`")
from extractors.tagger_features import LONGEST, bucket_rows, windows  # noqa: E402
from flows.train import Plan  # noqa: E402
from flows.training_backbone import Encoder  # noqa: E402
from flows.training_model import Tagger  # noqa: E402
from flows.training_teacher import TUNED, Lesson, Teacher, agreed, tune  # noqa: E402

_ORG = 1
"""The label that begins an organisation"""


_DEAL = "今日朗衡公司收购沐乐医疗。"


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    torch.set_num_threads(1)
    return Encoder(write_encoder(tmp_path_factory.mktemp("encoder") / "tiny.bin", CHINESE), TUNED[0])


def _deals() -> list[Labelled]:
    """The buyer alone is marked by one set, both by another; the table's marks are nobody's."""
    buyer, target = (2, 6, "ORG"), (8, 12, "ORG")
    marked = {"fewfc": (buyer,), "finre": (buyer, target), "table": ()}
    return [Labelled(_DEAL, names, "zh-Hans", scheme, ((6, 8, "收购"),)) for scheme, names in marked.items()] * 12


def _agreed(encoder: Encoder, *taggers: Tagger, epochs: int) -> list[Example]:
    words = ["朗衡公司", "沐乐医疗"]
    names = Names({("ORG", "zh-Hans"): words}, {"zh-Hans": words, "zh-Hans table": words})
    start = taggers[0].state_dict()
    return agreed(encoder, _deals(), names, start, taggers, epochs=epochs, joined=0.5, parts=0.5, seed=1, report=print)


def _tagger(seed: int) -> Tagger:
    torch.manual_seed(seed)
    return Tagger(Plan("zh", width=16, hidden=32).size(dropout=0.0), 3, LONGEST).eval()


def test_every_window_is_marked_as_each_set_would_mark_it(chinese: Encoder) -> None:
    one, same = (_agreed(chinese, _tagger(1), epochs=40) for _ in range(2))
    assert Counter(example.scheme for example in one) == {0: 24, 1: 24}, "the texts of both sets, by both schemes"
    begins: dict[int, list[np.ndarray]] = {0: [], 1: []}
    for example, again in zip(one, same, strict=True):
        assert example.believed is not None
        assert again.believed is not None
        assert (example.believed.labels == again.believed.labels).all()
        begins[example.scheme].append(example.believed.labels[:, _ORG].astype(float))
    only_buyer, both = (np.mean(begins[scheme], axis=0) for scheme in (0, 1))
    assert min(only_buyer[2], both[2], both[8]) > 0.5
    assert only_buyer[8] < both[8] - 0.15, "half of it is of a tagger that has learned nothing"


def test_half_of_what_is_agreed_is_the_taggers(chinese: Encoder) -> None:
    """One that is certain of people turns what the teacher alone would say."""
    sure = _tagger(1)
    with torch.no_grad():
        sure.output.bias.view(3, 7)[:, 3] = 60.0
    for example in _agreed(chinese, _tagger(1), sure, epochs=1):
        assert example.believed is not None
        assert (example.believed.labels.argmax(-1) == 3).all()


def test_only_the_upper_layers_are_tuned(chinese: Encoder) -> None:
    tokens = next(windows(_DEAL, "zh-Hans", []))
    (before,) = chinese.read_running([(_DEAL, tokens)], chinese.depth)
    teacher = Teacher(chinese, _tagger(1).size)
    upper = [parameter.detach().clone() for parameter in teacher.layers.parameters()]
    labels = np.ones(len(tokens), dtype=np.int64)
    given = [(Lesson(before, bucket_rows(tokens, teacher.top.size.buckets)), Example(tokens, labels, 0))]
    tune(teacher, [given], epochs=3, margins=(0.0,) * 3, seed=1, report=print)
    assert any((old != new).any() for old, new in zip(upper, teacher.layers.parameters(), strict=True))
    (again,) = chinese.read_running([(_DEAL, tokens)], chinese.depth)
    assert (before.pieces == again.pieces).all()
