"""The large teachers of the small taggers: what they learn, what they believe, and that a tagger comes to believe it."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from extractors.normalize import normalize
from flows.training_data import Labelled
from flows.training_examples import Belief, Example, Names
from tests.tiny_encoder import CHINESE, write_encoder

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnxscript", reason="training needs the extra `train`")
from extractors.tagger_features import LONGEST, bucket_rows, windows  # noqa: E402
from flows.train import Plan, train  # noqa: E402
from flows.training_backbone import LAYERS, Encoder, Spelling  # noqa: E402
from flows.training_model import Beside, Optimizers, Tagger, train_epoch  # noqa: E402
from flows.training_teacher import TUNED, School, Teacher, agreed, believed, learn, read, taught, telling  # noqa: E402

_NEWS = ["اعلنت شركه نون عن حصه", "قالت شركه ليان ان الصفقه تمت", "زار الوزير مدينه سدير امس"]
_ORG = 1
"""The label that begins an organisation"""


def _labelled(text: str) -> Labelled:
    at = text.find("شركه")
    end = text.find(" ", at + 5)
    return Labelled(text, ((at, end, "ORG"),) if at >= 0 else (), "ar", "anercorp")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> School:
    torch.set_num_threads(1)
    encoder = Encoder(write_encoder(tmp_path_factory.mktemp("encoder") / "tiny.bin"), LAYERS)
    given = [(text, tokens) for text in _NEWS for tokens in windows(text, "ar", [])]
    return School.of(encoder, Spelling(map(normalize, _NEWS)), given)


def _names(texts: list[Labelled]) -> Names:
    words = [text.text[start:end] for text in texts for start, end, _ in text.names]
    return Names({("ORG", "ar"): words}, {"ar": words, "ar table": words})


def _beliefs(school: School, seed: int = 1) -> list[Example]:
    texts = [_labelled(text) for text in _NEWS] * 12
    return believed(school, texts, _names(texts), "ar", epochs=6, margins=(0.0,) * 3, seed=seed, report=print)


def test_a_teacher_believes_what_it_was_taught_and_the_same_seed_the_same(school: School) -> None:
    one, other = _beliefs(school), _beliefs(school)
    for text, mine, same in zip(_NEWS, one, other, strict=True):
        assert mine.believed is not None
        assert same.believed is not None
        assert (mine.believed.labels == same.believed.labels).all()
        assert mine.believed.labels.sum(-1) == pytest.approx(np.ones(len(mine.tokens)), abs=0.01)
        assert mine.believed.pairs.shape == (len(mine.tokens) - 1, 7, 7)
        begins = mine.believed.labels[:, _ORG] > 0.5
        words = [text[a:b] for tokens in windows(text, "ar", []) for a, b in tokens.spans]
        assert [word for word, begun in zip(words, begins, strict=True) if begun] == ["شركه"] * text.count("شركه")


def test_only_the_upper_layers_are_tuned(school: School) -> None:
    torch.manual_seed(1)
    teacher = Teacher(school.encoder, "ar")
    texts = [_labelled(text) for text in _NEWS] * 4
    upper = [parameter.detach().clone() for parameter in teacher.layers.parameters()]
    before = [lesson.read.pieces.clone() for lesson in school.lessons]
    learn(teacher, school, texts, _names(texts), epochs=3, margins=(0.0,) * 3, seed=1, report=print)
    assert any((old != new).any() for old, new in zip(upper, teacher.layers.parameters(), strict=True))
    given = [(text, tokens) for text in _NEWS for tokens in windows(text, "ar", [])]
    again = read(school.encoder, school.spelling, given)
    assert all((old == new.read.pieces).all() for old, new in zip(before, again, strict=True))


def test_a_window_is_believed_alike_alone_and_among_others(school: School) -> None:
    torch.manual_seed(2)
    teacher = Teacher(school.encoder, "ar").eval()
    (together,) = taught(teacher, school.lessons, [0])
    ((alone,),) = taught(teacher, school.lessons[2:], [0])
    assert alone.labels.astype(float) == pytest.approx(together[2].labels.astype(float), abs=0.02)


def test_a_tagger_comes_to_believe_what_the_teacher_does(school: School) -> None:
    """Of windows without a label of their own, beside labelled ones that say nothing of them."""
    plan = Plan("ar", width=16, hidden=32)
    torch.manual_seed(3)
    model = Tagger(plan.size(dropout=0.0), 3, LONGEST)
    tokens = next(windows("زار ليان امس", "ar", []))
    labels = np.zeros((3, 7), np.float16)
    labels[[0, 1, 2], [0, _ORG, 0]] = 1
    pairs = labels[:-1, :, None] * labels[1:, None]
    nothing = np.zeros(3, dtype=np.int64)
    told = Example(tokens, nothing, 0, believed=Belief(labels, pairs))
    plain = Example(next(windows("زار الوزير سدير امس", "ar", [])), np.zeros(4, dtype=np.int64), 0)
    adam = Optimizers(model, 0.0)
    for _ in range(60):
        train_epoch(
            model, [told, plain], adam,
            most=20, rate=lambda *_: 5e-3, margins=(0.0,) * 3, order=random.Random(1), beside=Beside(),
        )  # fmt: skip
    model.eval()
    for example, wanted in ((told, [0, _ORG, 0]), (plain, [0] * 4)):
        rows = torch.from_numpy(bucket_rows(example.tokens, model.size.buckets))[None]
        with torch.no_grad():
            seen = model.scores(model(rows, torch.tensor([rows.shape[1]])), torch.tensor([0]))
        assert seen[0].argmax(-1).tolist() == wanted


def test_a_teacher_learns_from_the_labelled_text_of_its_scheme_and_from_no_other(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.training_teacher as teaching

    texts = [_labelled(_NEWS[0]), Labelled(_NEWS[1], (), "ar", "table"), Labelled(_NEWS[2], (), "ar", "wojood")]
    shown: list[list[Labelled]] = []
    monkeypatch.setattr(teaching, "learn", lambda _, __, given, *___, **____: shown.append(given))
    plan = Plan("ar", epochs=1, width=16, hidden=32)
    model = Tagger(plan.size(dropout=0.0), 3, LONGEST)
    train(model.state_dict(), texts, _names(texts), plan, print, teaching=school)
    assert shown == [texts[:1]]


_DEAL = "今日朗衡公司收购沐乐医疗。"


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    torch.set_num_threads(1)
    return Encoder(write_encoder(tmp_path_factory.mktemp("encoder") / "tiny.bin", CHINESE), TUNED["zh"][0])


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


def test_news_is_read_where_a_name_is_likely() -> None:
    texts = ["مضي يوم هادئ اخر. وقعت شركه نون عقدا امس. لم يحدث شيء", "لا خبر هنا"]
    assert [text[tokens.spans[0][0] : tokens.spans[-1][1]] for text, tokens in telling(texts, "ar")] == [
        "وقعت شركه نون عقدا امس."
    ]
    long = "وقعت شركه نون عقدا. " * 60
    assert {text for text, _ in telling([long], "ar")} == {long[:700]}
