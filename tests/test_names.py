"""Names: cases beside their language, spans on any text, and recall on real news."""

import itertools
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.entity_table import entities
from extractors.names import find_names, lookup
from extractors.normalize import fold, normalize

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("DEALWIRE_SHARED") or ROOT.parent / "shared")
FLOORS = {"zh-Hans": 0.90, "zh-Hant": 0.90, "ar": 0.88}
"""Share of the participants of real deals, printed in the text, that a name covers."""


def _cases():
    for path in sorted((ROOT / "tests" / "cases").glob("*/names.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            yield pytest.param(path.parent.name, case, id=f"{path.parent.name}: {case['label']}")


@pytest.mark.parametrize(("language", "case"), _cases())
def test_names_case(language, case):
    names = find_names(normalize(case["text"]), language, "grammar")
    found = [{"text": n.text, "id": n.entity_id, "canonical": n.canonical} for n in names]
    wanted = case["expect"]
    assert [n["text"] for n in found] == [n["text"] for n in wanted]
    assert [{key: n[key] for key in want} for n, want in zip(found, wanted, strict=True)] == wanted


_PIECES = st.sampled_from((
    "輝達", "英伟达（Nvidia）", "苏州岚悟科技有限公司（下称“岚悟科技”）", "岚悟科技", "*ST霖狮(002684)", "收购", "、", "的",
    "公司", "ＯｐｅｎＡＩ", "3.5亿美元", "Bain & Company", "é", "İ", "𠮷", "(", "）", "\n", " ",
    "شركة إعمار (إعمار)", "لأمازون", " و", "«دو»", "مايكـروسوفت", "﷼", "\u200f",
))  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=4), max_size=14).map("".join), st.sampled_from(("zh-Hans", "zh-Hant", "ar")))
def test_names_spans(text, language):
    names = find_names(normalize(text), language)
    assert all(text[n.start : n.end] == n.text for n in names)
    assert all(before.end <= after.start for before, after in itertools.pairwise(names))
    assert all(n.text.strip() for n in names)


@pytest.mark.parametrize("text", ["", " ", "。，、", "((((", "شركة", "شركة ", "有限公司", "（）", "\ud800 شركة س", "公司" * 50])
@pytest.mark.parametrize("language", ["zh-Hans", "ar"])
def test_names_of_no_text(text, language):
    assert [n for n in find_names(normalize(text), language) if n.entity_id] == []


def test_name_of_a_row_carries_its_spellings_and_owner():
    (name,) = find_names(normalize("亞馬遜雲端擴產"), "zh-Hant")
    assert (name.canonical, name.entity_id, name.kind, name.parent) == ("Amazon Web Services", "aws", "unit", "Amazon")
    assert {"AWS", "亚马逊云科技", "خدمات أمازون ويب"} <= set(name.aliases)


def test_name_that_begins_with_a_row_has_it_as_owner():
    (name,) = find_names(normalize("騰訊影業宣布擴產"), "zh-Hant")
    assert (name.text, name.entity_id, name.parent) == ("騰訊影業", None, "Tencent")


def test_forms_of_one_unknown_name_share_their_aliases():
    names = find_names(normalize("苏州岚悟科技有限公司（下称“岚悟科技”）完成融资。岚悟科技扩产。"), "zh-Hans")
    assert {n.canonical for n in names} == {"苏州岚悟科技有限公司"}
    assert all(n.aliases == ("岚悟科技",) for n in names)


def test_kinds():
    kinds = {n.text: n.kind for n in find_names(normalize("وافقت وزارة المالية ودعم صندوق النخبة شركة لوناريس"), "ar")}
    assert kinds == {"وزارة المالية": "government", "صندوق النخبة": "fund", "شركة لوناريس": "company"}


@pytest.mark.parametrize(
    ("text", "entity_id"),
    [("輝達", "nvidia"), ("英偉達", "nvidia"), ("إنفيديا", "nvidia"), ("nvidia", "nvidia"), (" NVIDIA ", "nvidia"),
     ("أوبن أيه آي", "openai"), ("不在表中的名字", None), ("", None)],
)  # fmt: skip
def test_lookup(text, entity_id):
    found = lookup(text)
    assert (found.id if found else None) == entity_id


def test_lookup_refuses_a_name_of_several_rows():
    shared = [e for e in entities().values() if fold("中科院") in map(fold, e.spellings)]
    assert len(shared) > 1
    assert lookup("中科院") is None


@pytest.mark.parametrize("language", FLOORS)
def test_recall_on_real_news(language):
    path = SHARED / "gold" / f"{language}.gold.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is absent: real news is not part of the project")
    covered = total = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        document = f"{item['title']}\n{item['text']}" if item.get("title") else item["text"]
        text = fold(document).lower()
        names = find_names(normalize(document), item["language"])
        known = {_plain(form) for n in names for form in (n.text, n.canonical, *n.aliases, n.parent or n.text)}
        for role in (role for event in item["events"] if not event.get("optional") for role in event["roles"].values()):
            for participant in role:
                forms = {_plain(form) for form in participant.split("|")}
                if any(fold(form).lower() in text for form in participant.split("|")):
                    total += 1
                    covered += any(a == b or (min(len(a), len(b)) >= 4 and (a.startswith(b) or b.startswith(a)))
                                   for a in forms for b in known)  # fmt: skip
    assert total > 40
    assert covered / total >= FLOORS[language], f"{covered}/{total}"


def _plain(form: str) -> str:
    """Letters and digits only, without the words that say what kind of body it is."""
    text = "".join(char for char in fold(form).lower() if char.isalnum())
    for tail in ("股份有限公司", "有限责任公司", "有限公司", "集团", "公司"):
        text = text.removesuffix(tail) or text
    for head in ("شركه", "مجموعه", "ال"):
        text = text.removeprefix(head) or text
    return text
