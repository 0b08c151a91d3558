"""A token-classification model of the Hugging Face layout in place of the checkpoint: a tiny one, made on the spot."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.names import find_names
from extractors.normalize import normalize
from extractors.tagger import tagger_named
from models.errors import InputError

transformers = pytest.importorskip("transformers")
torch = pytest.importorskip("torch", reason="models of the hub run on torch, which Dealwire itself does without")

_COMPANY = "樂衡"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer that calls the characters of 樂衡 a company and nothing else."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    folder = tmp_path_factory.mktemp("tiny")
    words = {word: number for number, word in enumerate(["[UNK]", "[PAD]", "朗", "濤", "收", "購", *_COMPANY])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]")
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        hidden_dropout_prob=0.0, id2label={0: "O", 1: "B-company", 2: "I-company"},
    )  # fmt: skip
    network = transformers.BertForTokenClassification(config)
    ids = torch.tensor([[words[char] for char in "朗濤收購樂衡"]])
    labels = torch.tensor([[0, 0, 0, 0, 1, 2]])
    adam = torch.optim.Adam(network.parameters(), lr=0.02)
    for _ in range(60):
        adam.zero_grad()
        network(ids, labels=labels).loss.backward()
        adam.step()
    network.save_pretrained(folder)
    return folder


def test_a_hub_model_names_companies_in_the_text_as_published(model: Path) -> None:
    tagger = tagger_named(str(model))
    assert tagger is not None
    clean = normalize("朗濤收購樂衡\n朗濤收購樂衡")
    found = tagger(clean, "zh-Hant", []).names
    assert [clean.slice(name.start, name.end) for name in found] == [_COMPANY, _COMPANY]
    assert {name.kind for name in found} == {"ORG"}
    assert _COMPANY in {name.text for name in find_names(clean, "zh-Hant", str(model))}


def test_a_folder_without_a_model_is_one_clear_error(tmp_path: Path) -> None:
    tagger = tagger_named(str(tmp_path))
    assert tagger is not None
    with pytest.raises(InputError, match="no token-classification model"):
        tagger(normalize("朗濤收購樂衡"), "zh-Hant", [])
