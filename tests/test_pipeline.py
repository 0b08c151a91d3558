"""The spaCy side: tokenizer, entry points, and that every mention is what was said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.components import PIPES, build
from extractors.pipeline import extract
from extractors.tokenizer import NewsTokenizer
from models.article import Article
from models.codec import claim_from_json, claim_to_json, extraction_to_json
from models.errors import InputError

# Text of the kinds that the grammars look at, in any order: what random code points would never hit.
_PIECES = st.sampled_from(
    ["輝達", "OpenAI", "英伟达", "微軟", "أمازون", "شركة ", "投資", "收购", "استحواذ ", "على ", "約", "نحو ", "100", "١٠",
     "１００", "億", "万", "مليار ", "美元", "دولار ", "港幣", "ريال ", "（", "）", "，", "。", "\n", " ", "27%", "股權",
     "2025年10月", "أكتوبر الماضي ", "昨日", "與", "向", "و", "ـ", "\u200f", "㎡", "﷼", "é", "🙂"]
)  # fmt: skip
_TEXT = st.lists(_PIECES | st.text(max_size=3), max_size=30).map("".join)


@given(st.text(max_size=200))
def test_tokenizer_loses_nothing(text: str) -> None:
    """The text of a Doc is the text that went in, for every string."""
    nlp = spacy.blank("zh")
    assert NewsTokenizer(nlp.vocab)(text).text == text


@settings(max_examples=150)
@given(_TEXT, st.sampled_from(["zh-Hant", "zh-Hans", "ar"]))
def test_every_span_is_what_was_said(text: str, language: str) -> None:
    """original[start:end] == text, for names, amounts, dates and quotes, in the document and in its fields."""
    article = Article(id="x", title="標題 عنوان", text=text, language=language, region="HK", published="2025-12-17")
    found = extract(article)
    for mention in (*found.names, *found.amounts, *found.dates):
        assert article.document[mention.start : mention.end] == mention.text
    line = extraction_to_json(article, found)
    for mention in (*line["names"], *line["amounts"], *line["dates"]):
        field = getattr(article, mention["field"])
        assert field[mention["start"] : mention["end"]] == mention.get("text", mention.get("name"))
    for claim in line["claims"]:
        assert all(getattr(article, e["field"])[e["start"] : e["end"]] == e["quote"] for e in claim["evidence"])


def test_claims_survive_json() -> None:
    """What the store keeps is what was extracted."""
    text = "軟銀同意以65億美元（約507億港元）收購Ampere Computing。"
    article = Article(id="a", title="軟銀收購Ampere", text=text, language="zh-Hant", published="2025-03-20")
    claims = extract(article).claims
    assert claims
    assert [claim_from_json(article, claim_to_json(article, claim)) for claim in claims] == list(claims)


def test_factories_and_tokenizer_are_entry_points() -> None:
    """Anyone can add the components to a pipeline of their own, by name alone."""
    nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "dealwire.NewsTokenizer.v1"}}})
    for pipe in PIPES:
        nlp.add_pipe(pipe)
    doc = nlp("استحوذت شركة أمازون على شركة أنثروبيك مقابل 8 مليارات دولار.")
    assert doc.spans["amounts"][0].text == doc._.amounts[0].text
    assert [name.canonical for name in doc._.names] == ["Amazon", "Anthropic"]
    assert all(pipe in build("zh").factory_names for pipe in PIPES)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("軟銀昨日宣布，同意以65億美元（約507億港元）收購Ampere Computing。", "zh-Hant"),
        ("嵐枢科技完成数千万元A轮融资，由澜石创投领投。", "zh-Hans"),
        ("استحوذت شركة أمازون أمس على شركة أنثروبيك مقابل 8 مليارات دولار.", "ar"),
    ],
)
def test_a_pipeline_finds_what_extract_finds(text: str, language: str) -> None:
    article = Article(id="p", text=text, language=language, published="2025-12-17")
    doc = build("ar" if language == "ar" else "zh").make_doc(article.document)
    doc._.article = article
    doc = build("ar" if language == "ar" else "zh")(doc)
    found = extract(article)
    assert found.claims
    assert (doc._.names, doc._.amounts, doc._.dates, doc._.claims) == (found.names, found.amounts, found.dates, found.claims)


@pytest.mark.parametrize("text", ["Amazon invests in OpenAI.", "ソフトバンクはエヌビディアの株式を売却した。"])
def test_other_languages_are_refused(text: str) -> None:
    """One clear error, which becomes a line in quarantine."""
    with pytest.raises(InputError, match="not Chinese or Arabic"):
        extract(Article(id="en", text=text))


def test_stated_equivalent_is_linked_and_checked() -> None:
    """100億美元(約港幣780億元) is one amount told twice; a slip of a scale is noticed."""
    texts = [f"輝達向OpenAI投資100億美元（約港幣{figure}億元）。" for figure in ("780", "7,800")]
    right, wrong = (extract(Article(id="q", text=text, language="zh-Hant", published="2025-12-17")) for text in texts)
    assert right.amounts[0].equivalent is not None
    assert right.amounts[0].issues == ()
    assert "equivalent_mismatch" in wrong.amounts[0].issues
    assert [rate.currency for rate in right.amounts[0].rates] == ["USD", "HKD"]


def test_a_text_that_was_converted_before_keeps_its_rates() -> None:
    article = Article("a", "甲公司宣布以新台幣3億元收購乙科技公司。", language="zh-Hant", region="TW", published="2025-12-17")
    first = extract(article)
    (amount,) = first.amounts
    assert {(one.base, one.on, one.rate) for one in first.conversions} == {("TWD", "2025-12-17", rate) for rate in amount.rates}
    old = tuple(replace(one, rate=replace(one.rate, rate=Decimal("0.5"), source="an older table")) for one in first.conversions)
    again = extract(article, old)
    assert [rate.rate for rate in again.amounts[0].rates] == [Decimal("0.5")] * 2
    assert again.conversions == old
    assert extract(article) == first


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("輝達斥資50億元入股英特爾。", True),
        ("輝達斥資50億元入股英特爾，鴻海參與投資。", False),
        ("輝達斥資50億美元入股英特爾。", False),
        ("某公司斥資50億元擴廠。輝達的股價上漲。", False),
    ],
)
def test_a_region_does_not_tell_the_currency_of_foreign_firms(text: str, doubted: bool) -> None:
    (amount, *_) = extract(Article(id="a", text=text, language="zh-Hant", region="TW", published="2025-12-17")).amounts
    assert ("currency_ambiguous" in amount.issues) == doubted
