"""The name tagger: what it sees, how it decodes, and what the bundled checkpoint finds in text that no table or grammar knows."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import checkpoint_table
from corpus.checkpoint_table import checkpoints, weights
from extractors import tagger_features
from extractors.draft import may_tell
from extractors.known_names import Found, find_known
from extractors.names import find_names
from extractors.normalize import normalize
from extractors.tagged_names import other_companies, tagged_names
from extractors.tagger import CHECKPOINTS, named, tag
from extractors.tagger_decode import FORBIDDEN, LABELS, Tagged, best_labels, confidence, log_marginals, spans
from extractors.tagger_features import BUCKETS, LONGEST, SLOTS, bucket_rows, buckets, rows_of_all, windows
from models.errors import CorpusError

_TEXTS = {
    "zh-Hant": "晶片設計公司朗濤半導體宣布，以12億美元收購樂衡科技。雙方預計年底完成交割。",
    "zh-Hans": "四川岚川能源有限公司拟收购瀚洋资本持有的股权，交易作价3.5亿元。",
    "ar": "أعلنت شركة الفنار القابضة استحواذها على حصة في شركة نون. وقالت إن الصفقة تمت.",
}


def test_windows_cover_every_token_once_and_stay_short() -> None:
    text = "投資" * 400 + "。" + "公司，" * 90
    cut = [span for window in windows(text, "zh-Hans", []) for span in window.spans]
    assert all(len(window) <= LONGEST for window in windows(text, "zh-Hans", []))
    assert "".join(text[start:end] for start, end in cut) == text
    assert cut == sorted(cut)


@pytest.mark.parametrize("language", _TEXTS)
def test_a_window_has_the_same_buckets_alone_and_among_others(language: str) -> None:
    given_windows = list(windows(normalize(_TEXTS[language]).text, language, []))
    sizes = BUCKETS[language[:2]]
    together = rows_of_all(given_windows, sizes)
    assert len(given_windows) > (language == "ar")
    for window, rows in zip(given_windows, together, strict=True):
        assert rows.shape == (len(window), SLOTS)
        assert (rows == bucket_rows(window, sizes)).all()
        assert rows.min() >= 0
        assert (rows[:, 0] < sizes.words).all()
        assert (rows[:, 1:] >= sizes.words).all()
        assert rows.max() < sizes.total


def test_buckets_are_those_the_checkpoint_was_trained_on() -> None:
    """They decide what every weight means: a change of hashing makes the checkpoint worthless without an error."""
    (window,) = windows("OpenAI投資3億 شركة", "zh-Hans", [])
    classes, tags = np.arange(70, 70 + len(window)), np.arange(len(window))
    sums = buckets(window.forms, window.affixes, classes, tags, tags, sizes=BUCKETS["zh"]).sum(1)
    assert sums.tolist() == [1102580, 1020518, 1120296, 939311, 1202545, 1054099]


def test_a_name_of_the_table_is_told_to_the_tagger() -> None:
    text = normalize("輝達投資").text
    (plain,), (told,) = windows(text, "zh-Hant", []), windows(text, "zh-Hant", find_known(text))
    assert plain.tags.tolist() == [0, 0, 0, 0]
    assert told.tags.tolist() == [1, 2, 0, 0]


@given(st.lists(st.lists(st.floats(-5, 0), min_size=len(LABELS), max_size=len(LABELS)), min_size=1, max_size=4))
def test_decoding_finds_the_best_legal_sequence(rows: list[list[float]]) -> None:
    scores = np.array(rows, dtype=np.float32)

    def legal(path: tuple[int, ...]) -> bool:
        pairs = zip(("O", *(LABELS[label] for label in path)), (LABELS[label] for label in path), strict=False)
        return all(not now.startswith("I") or before[1:] == now[1:] for before, now in pairs)

    def total(path: tuple[int, ...] | list[int]) -> float:
        return float(sum(scores[at, label] for at, label in enumerate(path)))

    paths = (path for path in itertools.product(range(len(LABELS)), repeat=len(rows)) if legal(path))
    found = best_labels(scores)
    assert legal(tuple(found))
    assert total(found) == pytest.approx(max(map(total, paths)), abs=1e-4)


def test_marginals_are_the_shares_of_legal_sequences() -> None:
    """Of windows of different lengths at once, and the same figures when one stands alone."""
    rng = np.random.default_rng(3)
    count = len(LABELS)
    scores = [rng.normal(size=(size, count)).astype(np.float32) for size in (3, 1, 2)]
    transitions = rng.normal(size=(1 + count, count)).astype(np.float32)
    for own, found in zip(scores, log_marginals(scores, transitions), strict=True):
        shares = np.zeros((len(own), count))
        for path in itertools.product(range(count), repeat=len(own)):
            before = (0, *(label + 1 for label in path))
            steps = sum(transitions[a, b] + FORBIDDEN[a, b] for a, b in zip(before, path, strict=False))
            shares[range(len(own)), path] += np.exp(steps + sum(own[range(len(own)), path]))
        assert np.exp(found) == pytest.approx(shares / shares.sum(-1, keepdims=True), abs=1e-5)
        assert (next(log_marginals([own], transitions)) == found).all()


def test_characters_are_told_their_places_in_listed_short_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger_features, "short_names", lambda: ["岩启", "沐恒通", "通达"])
    tagger_features._short_keys.cache_clear()
    try:
        (window,) = windows("岩启和沐恒通达", "zh-Hans", [])
        assert window.listed.tolist() == [1, 2, 0, 4, 8, 16 | 1, 2]
        assert all(not w.listed.any() for w in windows("岩沐 恒达 نون", "zh-Hans", []))
    finally:
        tagger_features._short_keys.cache_clear()


def test_a_name_is_as_sure_as_its_labels_and_its_end() -> None:
    scores = np.log(np.full((3, len(LABELS)), 0.1))
    scores[0, 1] = scores[1, 2] = np.log(0.8)
    scores[2, 0] = np.log(0.4)
    labels = best_labels(scores)
    assert list(spans(labels)) == [(0, 2, "ORG")]
    assert confidence(scores, labels, 0, 2) == pytest.approx((0.8 * 0.8 * 0.4) ** (1 / 3))


def test_a_name_that_is_hardly_believed_is_none() -> None:
    (window,) = windows("岚冈", "zh-Hans", [])
    shares = np.full((2, len(LABELS)), 0.01, dtype=np.float32)
    shares[0, LABELS.index("B-ORG")] = shares[1, LABELS.index("I-ORG")] = 0.5
    (name,) = named(window, np.log(shares), 0.49)
    assert (name.start, name.end, name.kind) == (0, 2, "ORG")
    assert name.score == pytest.approx(0.5)
    assert list(named(window, np.log(shares), 0.51)) == []


def test_the_checkpoints_are_small_and_those_of_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = checkpoints()
    assert set(rows) == set(CHECKPOINTS.values())
    assert sum(len(weights(name)) for name in rows) <= 20_000_000
    assert all(row.licence for row in rows.values())
    assert all("(" in origin for row in rows.values() for origin in row.origin), "each with its licence"
    changed = {"names-zh": rows["names-zh"].model_copy(update={"digest": "0" * 64})}
    monkeypatch.setattr(checkpoint_table, "checkpoints", lambda: changed)
    with pytest.raises(CorpusError, match=r"names-zh\.onnx"):
        weights("names-zh")


@pytest.mark.parametrize("language", _TEXTS)
def test_a_sentence_is_tagged_alike_wherever_it_stands(language: str) -> None:
    """And every time: scores depend on nothing but the sentence."""
    text = _TEXTS[language]
    alone = tag(normalize(text), language, []).names
    assert alone == tag(normalize(text), language, []).names
    assert alone == tag(normalize(text + "\n" + _TEXTS[language] + "OpenAI融資。"), language, []).names[: len(alone)]


@pytest.mark.parametrize(
    ("language", "text", "company"),
    [
        ("zh-Hans", "四川岚川能源有限公司拟收购瀚洋资本持有的股权", "瀚洋资本"),
        ("zh-Hans", "10月9日,澜起川业以2.3亿元收购鼎诺医疗60%的股权", "鼎诺医疗"),
        ("zh-Hant", "朗濤半導體宣布以12億美元收購樂衡科技", "樂衡科技"),
        ("ar", "أعلنت شركة الفنار القابضة عن توقيع اتفاقية مع بنك الساحل التجاري", "بنك الساحل التجاري"),
    ],
)
def test_the_checkpoint_finds_companies_nobody_has_listed(language: str, text: str, company: str) -> None:
    clean = normalize(text)
    found = [clean.slice(name.start, name.end) for name in tag(clean, language, []).names if name.kind == "ORG"]
    assert company in found


def _added(text: str, grammar: list[Found], *tagged: Tagged) -> list[tuple[int, int]]:
    return [(name.start, name.end) for name in tagged_names(text, grammar, tagged)]


def test_tables_and_grammars_go_first() -> None:
    """Where they have a name the tagger has no say; a name of its own must be sure, and counts wherever it is repeated."""
    text = "瑞光拓收购甲乙丙,瑞光拓称"
    grammar = [Found(5, 8)]
    sure, overlapping = Tagged(0, 3, "ORG", 0.95), Tagged(6, 8, "ORG", 0.99)
    assert _added(text, grammar, sure, overlapping) == [(0, 3), (9, 12)]
    assert _added(text, grammar, Tagged(0, 3, "ORG", 0.5), Tagged(0, 3, "PER", 0.99)) == []


@pytest.mark.parametrize(("text", "form"), [("وقعت رنيم اتفاقية. وستورد رنيم المعدات", "رنيم"), ("岚桥签约,岚桥供货", "岚桥")])
def test_arabic_mentions_that_are_hardly_sure_are_sure_together(text: str, form: str) -> None:
    """In Chinese the tagger repeats itself where it errs."""
    starts = [match.start() for match in re.finditer(form, text)]
    mentions = [Tagged(start, start + len(form), "ORG", 0.7) for start in starts]
    assert _added(text, [], mentions[0]) == []
    arabic = form == "رنيم"
    assert [start for start, _ in _added(text, [], *mentions)] == (starts if arabic else [])
    assert _added(text, [], mentions[0], replace(mentions[1], kind="PER")) == []
    overlapped = [Found(starts[1], len(text))]
    assert _added(text, overlapped, *mentions) == [], "where another name stands it is none"


def test_a_short_form_stands_for_the_company_it_shortens() -> None:
    text = "朗涛半导体公布业绩。朗半拟收购乐衡"
    (short,) = tagged_names(text, [Found(0, 5)], [Tagged(10, 12, "ORG", 0.9)])
    assert (short.start, short.end, short.full) == (10, 12, (0, 5))


def test_an_arabic_name_is_not_found_inside_a_word() -> None:
    text = normalize("استحوذت نون على حصة، وقالت ونون وقانون").text
    at = text.index("نون")
    assert [start for start, _ in _added(text, [], Tagged(at, at + 3, "ORG", 0.99))] == [at, text.index("ونون") + 1]


def test_a_name_has_both_of_its_brackets_and_no_project_behind_it() -> None:
    """What a stock code leaves of a bracket is no name; 岚桥项目 is the project, 岚桥 told elsewhere is a company."""
    text = "岚桥 (4321-TW) 出售岚桥项目,澜海(香港)公告"
    spans = [(at, at + len(form)) for form in ("TW)", "岚桥", "澜海(香港)") for at in (text.index(form),)]
    assert _added(text, [], *(Tagged(start, end, "ORG", 0.95) for start, end in spans)) == spans[1:]


_SAID = [("腾讯传豪砸520亿接盘", []), ("腾讯三度加码", []), ("腾讯传媒签约", ["腾讯传媒"]), ("腾讯海桥签约", ["腾讯海桥"])]


@pytest.mark.parametrize(("text", "companies"), _SAID)
def test_what_is_said_of_a_company_is_no_part_of_another_name(text: str, companies: list[str]) -> None:
    found = other_companies(text, find_known(text), [Tagged(0, 4, "ORG", 0.9)])
    assert [text[name.start : name.end] for name in found] == companies


def test_a_body_is_told_with_the_noun_that_closes_it() -> None:
    text = "沐州市河道管理处招标"
    assert _added(text, [], Tagged(0, 7, "ORG", 0.7)) == [(0, 8)]


def test_half_of_a_verb_is_no_end_of_a_name() -> None:
    assert _added("岚冈开发委由银行主办", [], Tagged(0, 5, "ORG", 0.95)) == [(0, 4)]
    assert _added("岚冈开发委签约", [], Tagged(0, 5, "ORG", 0.95)) == [(0, 5)]


def test_windows_hold_several_sentences_of_a_line_when_joined() -> None:
    text = "朗涛收购乐衡。交割完成。\n岚川公告。"
    assert [len(window) for window in windows(text, "zh-Hans", [])] == [7, 5, 5]
    assert [len(window) for window in windows(text, "zh-Hans", [], joined=True)] == [12, 5]
    long = list(windows("朗涛收购乐衡。" * 40, "zh-Hans", [], joined=True))
    assert [len(window) for window in long] == [126, 126, 28]


def test_settings_decide_who_names() -> None:
    clean = normalize("瀚洋资本完成融资，投资方为OpenAI")
    assert [name.text for name in find_names(clean, "zh-Hans", "tables")] == ["OpenAI"]
    grammar = find_names(clean, "zh-Hans", "grammar")
    assert [name.text for name in grammar] == ["瀚洋资本", "OpenAI"]
    assert {"瀚洋资本", "OpenAI"} <= {name.text for name in find_names(clean, "zh-Hans", "bundled")}


def test_text_without_deals_never_loads_the_checkpoint_and_nothing_loads_torch() -> None:
    code = (
        "import sys; from extractors.pipeline import extract; from models.article import Article;"
        "extract(Article(id='a', text='颱風巴威侵襲台灣，天氣轉晴。')); print('onnxruntime' in sys.modules);"
        "extract(Article(id='b', text='朗濤半導體宣布收購樂衡科技。')); print('onnxruntime' in sys.modules);"
        "print('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "True", "False"]


def test_a_cue_opens_the_way_to_the_tagger() -> None:
    assert may_tell(normalize("擬收購").text, "zh-Hant")
    assert may_tell(normalize("استحوذت").text, "ar")
    assert not may_tell(normalize("今天天氣很好").text, "zh-Hant")
