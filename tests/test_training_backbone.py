"""The encoder that the taggers learn from: its file, and what is made of it. Here a tiny one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extractors.normalize import normalize
from models.errors import InputError
from tests.tiny_encoder import CHINESE, WIDTH, tensors, write_encoder

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
from extractors.tagger_features import BUCKETS, LONGEST, bucket_rows, windows  # noqa: E402
from flows import training_backbone  # noqa: E402
from flows.training_backbone import AFFIX_SLOTS, ALONE, LAYERS, Encoder, Spelling, backbone_path, distil, embeddings  # noqa: E402
from flows.training_model import Size, Tagger  # noqa: E402

_NEWS = ["أعلنت شركة نون عن حصة في شركة سدير", "قالت شركة ليان إن الصفقة تمت في دبي", "أعلنت ليان عن صفقة جديدة"] * 8


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("backbone") / "tiny.bin")


def test_matrices_are_read_as_they_were_packed(backbone: Path) -> None:
    encoder = Encoder(backbone, 1)
    wanted = tensors()
    read = encoder._tensor("l0.fi.w").numpy()
    assert np.abs(read - wanted["l0.fi.w"]).max() < np.abs(wanted["l0.fi.w"]).max() / 7
    assert encoder._tensor("l0.fi.b").numpy() == pytest.approx(wanted["l0.fi.b"], abs=1e-6)


def test_a_sentence_is_read_alike_alone_and_among_others(backbone: Path) -> None:
    encoder = Encoder(backbone, LAYERS)
    long, short = ["▁شركة", "▁نون", "▁ل", "بنك"], ["▁نون"]
    together = encoder.states([long, short], LAYERS)
    assert [tuple(states.shape) for states in together] == [(4, WIDTH), (1, WIDTH)]
    (alone,) = encoder.states([short], LAYERS)
    assert torch.allclose(alone.float(), together[1].float(), atol=0.05)
    assert not torch.allclose(together[0][1].float(), together[1][0].float(), atol=0.05), "its sentence tells on a word"


def test_characters_of_a_piece_are_told_the_same_and_know_their_place_in_it(tmp_path: Path) -> None:
    encoder = Encoder(write_encoder(tmp_path / "tiny.bin", CHINESE), 2)
    text = "今日 朗衡公司收购35%。公司"
    first, last = windows(text, "zh-Hans", [])
    one, other = encoder.read_running([(text, first), (text, last)], 2)
    assert [text[a:b] for a, b in first.spans] == [*"今日朗衡公司收购", "35", "%", "。"]
    assert one.first.tolist() == [2, 3, 5, 6, 7, 7, 8, 8, 9, 10, 11]
    assert one.last.tolist() == [2, 3, 5, 6, 7, 7, 8, 8, 10, 10, 11]
    assert one.place.tolist() == [0, 0, 0, 0, 1, 5, 1, 5, 0, 5, 0]
    assert (one.words()[4] == one.words()[5]).all()
    assert other.first.tolist() == [2, 2], "a window's own pieces, behind the mark of its beginning"
    assert (encoder.read_running([(text, last)], 2)[0].pieces - other.pieces).abs().max() < 0.05


def test_folded_words_are_spelled_as_in_the_news() -> None:
    spelling = Spelling(map(normalize, ["أعلنت الشركة", "أعلنت الشركه", "الشركة"]))
    assert spelling.counts == {"اعلنت": 2, "الشركه": 3}
    (tokens,) = windows("الشركه,نون", "ar", [])
    assert spelling.words("الشركه,نون", tokens) == ["▁الشركة", ",", "نون"]


def test_embeddings_are_what_the_encoder_says_of_words(backbone: Path) -> None:
    encoder, spelling, sizes = Encoder(backbone, LAYERS), Spelling(map(normalize, _NEWS)), BUCKETS["ar"]
    made = embeddings(encoder, spelling, sizes, 8, seed=1)
    assert (made == embeddings(encoder, spelling, sizes, 8, seed=1)).all()
    assert made.shape == (sizes.total, 8)
    words = ["شركه", "نون", "سدير", "ليان", "صفقه", "حصه", "دبي", "قالت"]
    said = torch.cat(encoder.states([["▁" + spelling.of(word)] for word in words], ALONE)).float()
    rows = torch.from_numpy(np.concatenate([bucket_rows(next(windows(word, "ar", [])), sizes) for word in words]))
    kept = made[rows[:, (0, *AFFIX_SLOTS)]].sum(1)
    apart = [torch.pdist(torch.nn.functional.normalize(vectors - vectors.mean(0), dim=-1)) for vectors in (said, kept)]
    assert float(torch.corrcoef(torch.stack(apart))[0, 1]) > 0.7, "words that are alike to the encoder are alike to the tagger"


def test_a_tagger_learns_to_tell_what_the_encoder_says(backbone: Path) -> None:
    torch.set_num_threads(1)
    encoder, spelling = Encoder(backbone, LAYERS), Spelling(map(normalize, _NEWS))
    texts = [normalize(text).text for text in _NEWS]
    given = [tokens for text in texts for tokens in windows(text, "ar", [])]
    told = encoder.states([spelling.words(text, tokens) for text, tokens in zip(texts, given, strict=True)], LAYERS)
    said: list[str] = []
    made = []
    for _ in range(2):
        torch.manual_seed(1)
        model = Tagger(Size(BUCKETS["ar"], embedding=16, width=32, heads=2, inner=32, dropout=0.0), 3, LONGEST)
        distil(model, given, told, epochs=8, rate=5e-3, most=60, seed=1, report=said.append)
        made.append([parameter.detach().clone() for parameter in model.parameters()])
    assert all((one == two).all() for one, two in zip(*made, strict=True))
    losses = [float(line.split()[4]) for line in said if line.startswith("distillation")]
    assert len(losses) == 16
    assert losses[7] < losses[0] / 2


def test_a_missing_encoder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_backbone, "PACKAGE", "dealwire-no-such-package")
    with pytest.raises(InputError, match=r"dealwire-no-such-package not installed: pip install 'dealwire\[train\]'"):
        backbone_path()
