"""Training data as its sets are laid out, the noise put on it, and a training so small that it ends in seconds."""

from __future__ import annotations

import gzip
import itertools
import json
import math
import random
import re
import tarfile
from pathlib import Path

import pytest

from extractors.tagger_decode import LABELS
from flows.name_scores import SpanScore, score_names
from flows.training_data import Labelled, labelled_sets, read_fewfc, read_finre, read_words, unlabelled
from flows.training_examples import Names, examples, labelled_windows, part_numbers, plain_windows, silver, swapped
from models.errors import InputError
from tests.command import run


def _named(text: Labelled) -> list[tuple[str, str]]:
    return [(text.text[start:end], kind) for start, end, kind in text.names]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a few lines of our own in the layout of each set."""
    sentence = "朗涛科技收购乐衡医疗，李明减持岚川能源。"

    def mention(role: str, word: str) -> dict[str, object]:
        return {"role": role, "word": word, "span": [sentence.index(word), sentence.index(word) + len(word)]}

    arguments = [
        mention("sub-org", "朗涛科技"),
        mention("obj-org", "乐衡医疗"),
        mention("sub", "李明"),
        mention("trigger", "收购"),
    ]
    item = {"id": "1", "content": sentence, "events": [{"type": "收购", "mentions": arguments}]}
    other = {"content": sentence, "events": [{"type": "减持", "args": {"obj": [mention("obj", "岚川能源")]}}]}
    (tmp_path / "fewfc_train.json").write_text(json.dumps([item]), "utf-8")
    (tmp_path / "fewfc_dev.json").write_text(json.dumps(other), "utf-8")
    pairs = "朗涛\t乐衡\t收购\t<N>月朗涛收购乐衡。\n\n朗涛\t岚川\tunknown\t<N>月朗涛收购乐衡。\n"
    for name in ("finre_train.txt", "finre_valid.txt"):
        (tmp_path / name).write_text(pairs, "utf-8")
    words = "أعلنت O\nشركة B-ORG\nنون I-ORG\n. O\n\nوشركة B-ORG\nالفنار I-ORG\nفي O\nواشنطن B-GPE\n. O\n"
    (tmp_path / "anercorp_train.txt").write_text(words, "utf-8")
    (tmp_path / "aqmar" / "articles").mkdir(parents=True)
    (tmp_path / "aqmar" / "articles" / "one.txt").write_text("ليان B-PER\nفي O\nدبي B-LOC\n", "utf-8")
    (tmp_path / "wojood").mkdir()
    (tmp_path / "wojood" / "train.txt").write_text("سكرتير B-OCC\nلجنة I-OCC B-ORG\nالمال I-OCC I-ORG\n", "utf-8")
    with gzip.open(tmp_path / "company_short_names_zh.txt.gz", "wt", encoding="utf-8") as file:
        file.write("岩启\n沐恒\n")
    (tmp_path / "saudi_companies.csv").write_text("symbol,name_ar\n1,بنك الساحل\n", "utf-8")
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"title": "輝達下單", "text": "輝達今天宣布向台積電追加訂單，明年交貨。"}) + "\n")
    article = tmp_path / "one.txt"
    article.write_text("قالت شركة أرامكو اليوم إنها سترفع إنتاجها العام المقبل", "utf-8")
    with tarfile.open(tmp_path / "sanad_Finance.tar.gz", "w:gz") as archive:
        archive.add(article, "Finance/one.txt")
    return tmp_path


def test_every_set_is_read_in_its_own_layout(data: Path) -> None:
    (event,) = read_fewfc(data / "fewfc_train.json")
    assert _named(event) == [("朗涛科技", "ORG"), ("乐衡医疗", "ORG"), ("李明", "PER")]
    (other,) = read_fewfc(data / "fewfc_dev.json")
    assert _named(other) == [("岚川能源", "ORG")]
    (pair,) = read_finre(data / "finre_train.txt")
    assert (pair.text, _named(pair)) == ("3月朗涛收购乐衡。", [("朗涛", "ORG"), ("乐衡", "ORG")])
    first, second = read_words(data / "anercorp_train.txt", "anercorp")
    assert _named(first) == [("شركه نون", "ORG")]
    assert _named(second) == [("شركه الفنار", "ORG"), ("واشنطن", "LOC")], "a conjunction is no part of a name, a first letter is"
    assert {name: len(list(read())) for name, read in labelled_sets(data).items()} == dict.fromkeys(labelled_sets(data), 1) | {
        "anercorp": 2
    }
    assert [language for language, _ in unlabelled(data, data)] == ["zh", "ar"]


def test_who_takes_part_as_what_is_read_where_a_set_says_it(data: Path) -> None:
    (event,), (pair,) = read_fewfc(data / "fewfc_train.json"), read_finre(data / "finre_train.txt")
    assert [(event.text[start:end], part) for start, end, part in event.parts] == [
        ("朗涛科技", "sub-org"), ("收购", "收购"), ("乐衡医疗", "obj-org"), ("李明", "sub"),
    ]  # fmt: skip
    assert [(pair.text[start:end], part) for start, end, part in pair.parts] == [("朗涛", "收购 head"), ("乐衡", "收购 tail")]
    numbers = part_numbers([event, pair])
    assert sorted(numbers) == [*((event.scheme, part) for part in ("", "obj-org", "sub", "sub-org", "收购")),
                               *((pair.scheme, part) for part in ("", "收购 head", "收购 tail"))]  # fmt: skip
    (window,) = labelled_windows(pair, [], numbers=numbers)
    of = {number: part for (_, part), number in numbers.items()}
    assert [of[number] for number in window.parts] == ["", "", *["收购 head"] * 2, "", "", *["收购 tail"] * 2, ""]


def test_a_wrong_line_and_a_missing_file_are_named(data: Path) -> None:
    (data / "finre_train.txt").write_text("朗涛\t乐衡\n", "utf-8")
    with pytest.raises(InputError, match=r"finre_train\.txt:1"):
        list(read_finre(data / "finre_train.txt"))
    with pytest.raises(InputError, match=r"nowhere\.json.*no such file"):
        list(read_fewfc(data / "nowhere.json"))


def test_labels_follow_the_tokens() -> None:
    text = Labelled("3月朗涛收购 شركة نون", ((2, 4, "ORG"), (7, 15, "ORG")), "zh-Hans", "finre")
    (window,) = labelled_windows(text, [])
    printed = [LABELS[label] for label in window.labels]
    assert printed == ["O", "O", "B-ORG", "I-ORG", "O", "O", "B-ORG", "I-ORG"]


def test_swapped_names_stay_labelled_and_the_rest_stays(data: Path) -> None:
    texts = [text for read in labelled_sets(data).values() for text in read()]
    names = Names.collect(texts, data)
    for seed in range(20):
        new = swapped(texts[0], names, random.Random(seed))
        assert len(new.names) == len(texts[0].names)
        gaps = texts[0].text, new.text
        for text, whole in zip((texts[0], new), gaps, strict=True):
            rest = "".join(char for at, char in enumerate(whole) if not any(a <= at < b for a, b, _ in text.names))
            assert rest == "收购,减持岚川能源。"
        parts = {part: new.text[start:end] for start, end, part in new.parts}
        assert parts.pop("收购") == "收购", "what is no name moves along"
        assert list(parts.values()) == [new.text[start:end] for start, end, _ in new.names]
    assert len({swapped(texts[0], names, random.Random(seed)).text for seed in range(20)}) > 5
    one, two = (list(examples(texts, names, random.Random(3))) for _ in range(2))
    assert [e.tokens.forms.tolist() for e in one] == [e.tokens.forms.tolist() for e in two], "the same seed, the same noise"


def test_silver_labels_are_the_tables(data: Path) -> None:
    found = [text for seed in range(9) for text in silver("zh", data, data, 5, random.Random(seed)) if len(text.names) > 1]
    assert _named(found[0]) == [("辉达", "ORG"), ("台积电", "ORG")]
    assert {text.language for text in found} == {"zh-Hans"}


def test_spans_count_only_when_both_ends_are_right() -> None:
    text = Labelled("朗涛收购乐衡", ((0, 2, "ORG"), (4, 6, "ORG")), "zh-Hans", "finre")

    def tagger(*_: object) -> list[object]:
        from extractors.tagger_decode import Tagged

        return [Tagged(0, 2, "ORG", 1.0), Tagged(3, 6, "ORG", 1.0), Tagged(2, 3, "PER", 1.0)]

    score = score_names([text], tagger, "ORG")  # type: ignore[arg-type]
    assert score == SpanScore(1, 1, 1)
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(("language", "scheme"), [("zh", "fewfc"), ("ar", "anercorp")])
def test_a_small_training_is_repeatable_and_runs_without_torch_afterwards(data: Path, language: str, scheme: str) -> None:
    torch = pytest.importorskip("torch", reason="training needs the extra `train`")
    pytest.importorskip("onnxscript", reason="training needs the extra `train`")
    import numpy as np
    import onnxruntime

    from extractors.tagger import TRANSITIONS
    from extractors.tagger_features import BUCKETS, LONGEST, bucket_rows
    from flows.train import Plan, train
    from flows.training_examples import SCHEMES, unlabelled_windows, vocabulary, without_labels
    from flows.training_export import export
    from flows.training_model import Tagger, pretrain, tagger_of

    torch.set_num_threads(1)
    texts = [text for read in labelled_sets(data).values() for text in read() if text.language.startswith(language)] * 8
    names = Names.collect(texts, data)
    plan = Plan(language, epochs=6, rate=3e-3, batch=300, parts=0.5, teachers=1, trust=0.5)
    outputs = []
    for _ in range(2):
        torch.manual_seed(1)
        model = Tagger(plan.size(plan.dropout), len(SCHEMES[language]), LONGEST)
        windows = [*unlabelled_windows(language, data, data, 1.0, random.Random(1)), *without_labels(texts[:1])]
        pretrain(model, windows, vocabulary(windows, 50), rate=1e-3, most=200, seed=1, report=print)
        model = train(model.state_dict(), texts, names, plan, print)
        outputs.append([p.detach().numpy().copy() for p in model.parameters()])
    assert all((one == two).all() for one, two in zip(*outputs, strict=True))
    own = [text for text in texts if text.scheme == scheme]
    assert score_names(own[:2], tagger_of(model), "ORG").f1 > 0.5
    export(model, data / "tiny.onnx")
    session = onnxruntime.InferenceSession(data / "tiny.onnx", providers=["CPUExecutionProvider"])
    window = next(labelled_windows(own[0], [])).tokens
    rows = bucket_rows(window, BUCKETS[language])
    (scores,) = session.run(None, {"rows": rows})
    assert scores.shape == (len(window), len(SCHEMES[language]), len(LABELS))
    kept = json.loads(session.get_modelmeta().custom_metadata_map[TRANSITIONS])
    assert np.array(kept) == pytest.approx(model.transitions.detach().numpy())
    with torch.no_grad():
        seen = model(torch.from_numpy(rows)[None], torch.tensor([len(window)]))
        own_scores = model.scores(seen, torch.tensor([0]))[0].numpy()
    assert (scores[:, 0].argmax(-1) == own_scores.argmax(-1)).all()


def test_words_that_stand_among_the_same_words_begin_alike(data: Path) -> None:
    torch = pytest.importorskip("torch", reason="training needs the extra `train`")
    from extractors.tagger_features import BUCKETS, windows
    from flows.training_vectors import vectors

    torch.set_num_threads(1)
    rng = random.Random(5)
    buyers, days, fillers = ("نون", "ليان", "سدير"), ("السبت", "الاحد", "الاثنين"), [f"كلمه{letter}" for letter in "ابتثجح"]
    lines = [
        f"{rng.choice(fillers)} اشترت شركه {rng.choice(buyers)} حصه {rng.choice(fillers)} في يوم {rng.choice(days)} الماضي"
        for _ in range(300)
    ]
    cut = [window for line in lines for window in windows(line, "ar", [])]
    made = vectors(cut, "ar", BUCKETS["ar"], 16, seed=1)
    assert (made == vectors(cut, "ar", BUCKETS["ar"], 16, seed=1)).all()

    def embedding(word: str) -> object:
        (window,) = windows(word, "ar", [])
        return made[int(window.forms[-1]) % BUCKETS["ar"].words]

    def alike(one: str, other: str) -> float:
        return float(torch.cosine_similarity(embedding(one), embedding(other), dim=0))  # type: ignore[arg-type]

    assert alike("نون", "ليان") > alike("نون", "السبت") + 0.3


def test_news_is_read_once_a_language(data: Path) -> None:
    assert len(list(plain_windows("ar", data, data))) == 1
    assert len(list(plain_windows("zh", data, data))) == 2


def test_cross_validation_learns_no_name_of_the_sentences_it_is_scored_on(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="training needs the extra `train`")
    pytest.importorskip("onnxscript", reason="training needs the extra `train`")
    import flows.train as training

    own = [Labelled(f"شركه {name}", ((0, 5 + len(name), "ORG"),), "ar", "anercorp") for name in ("نون", "ليان", "سنا", "رند")]
    swapped_in: list[set[str]] = []

    def learn(_: object, texts: list[Labelled], names: Names, *__: object, **___: object) -> None:
        assert {word for found in names.labelled.values() for word in found} == {
            word for text in texts for word, _ in _named(text)
        }
        swapped_in.append({word for found in names.labelled.values() for word in found})

    monkeypatch.setattr(training, "train", learn)
    monkeypatch.setattr(training, "tagger_of", lambda _: None)
    monkeypatch.setattr(training, "score_names", lambda *_: SpanScore(0, 0, 0))
    training.cross_validate({}, own, data, training.Plan("ar", folds=2), print)
    assert [{word for text in own for word, _ in _named(text)} - one for one in swapped_in] == [
        {"شركه نون", "شركه ليان"}, {"شركه سنا", "شركه رند"},
    ]  # fmt: skip


def test_likelihood_is_that_of_every_legal_sequence_together() -> None:
    """Counted one by one, for windows of different lengths in one batch."""
    torch = pytest.importorskip("torch", reason="training needs the extra `train`")
    from flows.training_model import unlikelihood

    torch.manual_seed(2)
    count, lengths = len(LABELS), torch.tensor([3, 2])
    scores, transitions = torch.randn(2, 3, count), torch.randn(2, 1 + count, count)
    labels = torch.tensor([[1, 2, 0], [3, 4, 0]])

    def total(window: int, path: tuple[int, ...]) -> float:
        before = (0, *(label + 1 for label in path))
        steps = (transitions[window, a, b] for a, b in zip(before, path, strict=False))
        return float(sum(steps) + sum(scores[window, at, label] for at, label in enumerate(path)))

    def legal(path: tuple[int, ...]) -> bool:
        pairs = zip(("O", *(LABELS[label] for label in path)), (LABELS[label] for label in path), strict=False)
        return all(not now.startswith("I") or before[1:] == now[1:] for before, now in pairs)

    for window, loss in enumerate(unlikelihood(scores, labels, lengths, transitions).tolist()):
        size = int(lengths[window])
        paths = filter(legal, itertools.product(range(count), repeat=size))
        every = math.log(sum(math.exp(total(window, path)) for path in paths))
        assert loss == pytest.approx(every - total(window, tuple(labels[window, :size].tolist())), abs=1e-4)


def test_belief_is_the_share_of_sequences_and_certainty_is_what_labels_are() -> None:
    torch = pytest.importorskip("torch", reason="training needs the extra `train`")
    from extractors.tagger_decode import log_marginals
    from flows.training_model import Beliefs, belief, disbelief, unlikelihood

    torch.manual_seed(4)
    count, lengths = len(LABELS), torch.tensor([4, 2])
    scores, transitions = torch.randn(2, 4, count), torch.randn(2, 1 + count, count)
    told = belief(scores, lengths, transitions)
    for window, size in enumerate(lengths.tolist()):
        (shares,) = log_marginals([scores[window, :size].numpy()], transitions[window].numpy())
        assert told.labels[window, :size].numpy() == pytest.approx(math.e**shares, abs=1e-5)
        assert told.pairs[window, : size - 1].sum(2).numpy() == pytest.approx(told.labels[window, : size - 1].numpy(), abs=1e-5)
    assert not told.labels[1, 2:].any()
    labels = torch.tensor([[0, 1, 2, 3], [1, 0, 0, 0]])
    certain = torch.nn.functional.one_hot(labels, count) * (told.labels.sum(-1, keepdim=True) > 0.5)
    pairs = certain[:, :-1, :, None] * certain[:, 1:, None]
    given = (scores, Beliefs(certain.float(), pairs.float()), lengths, transitions)
    assert disbelief(*given).tolist() == pytest.approx(unlikelihood(scores, labels, lengths, transitions).tolist(), abs=1e-4)
    other = scores + torch.randn_like(scores)
    assert (disbelief(scores, told, lengths, transitions) < disbelief(other, told, lengths, transitions)).all(), "its own least"


def test_train_says_what_it_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("train", str(tmp_path / "nowhere"), "--stream", str(tmp_path), "--out", str(tmp_path)) == 2
    assert re.search(r"not installed: pip install|nowhere: no such folder", capsys.readouterr().err)
