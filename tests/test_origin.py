"""Copies of a text are one origin, however many print it and whatever they put around it; other texts are not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from extractors.match import deal_schema
from extractors.pipeline import extract
from extractors.version import VERSION
from models.article import Article
from models.engine import writing
from models.origin import origins, sketch
from models.queries import get_event, list_events, read_view
from models.store import Store
from tests.old_store import before_numbered_blocks

AGENCY = (
    "輝達宣布向OpenAI投資100億美元，首批資金將於明年到位。雙方表示，這筆資金將用於興建資料中心，並採購最新一代的加速晶片。"
    "執行長在記者會上說，算力需求的成長遠高於原先預期，供應鏈已經開始準備。分析師認為，這項合作會讓雲端業者之間的競爭更加激烈，"
    "電力與土地的取得將成為下一個瓶頸。主管機關表示會依照程序審查，預計第一季可以完成。公司股價在盤後交易中上漲百分之三。"
)
SYNDICATED = "【某報綜合報導】" + AGENCY.replace("公司股價在盤後交易中上漲百分之三。", "（記者某某）") + "更多內容請見本報網站。"
OWN = (
    "OpenAI獲得輝達100億美元投資。據了解，協議在上週五簽署，兩家公司的法務團隊為此談判了四個月。知情人士指出，第一階段的設備將安裝在"
    "德州的園區，完工後可以容納十萬顆晶片。市場人士對估值看法分歧，有人認為太高，也有人說這只是開始。競爭對手沒有回應置評請求，"
    "但內部文件顯示它們正在檢討明年的資本支出。雙方沒有公布持股比例，也沒有說明董事席次如何安排。"
)


def is_same(one: str, other: str) -> bool:
    first, second = sketch(one, "a"), sketch(other, "b")
    return len(set(origins([first, second]).values())) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (AGENCY, SYNDICATED, True),
        (AGENCY, AGENCY.replace("，", ", ").replace("。", ". "), True),
        (AGENCY, AGENCY[: len(AGENCY) * 9 // 10], True),
        (AGENCY, OWN, False),
        (AGENCY[:80], AGENCY[:81], False),
        ("", "", False),
    ],
)
def test_a_copy_is_told_from_another_text(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is same


def test_a_sketch_is_the_same_on_every_machine() -> None:
    """What is in a store must compare with what comes later: a library that hashes differently fails here."""
    assert sketch(AGENCY, "a").split(".")[:3] == ["31eca549", "03f800b6", "63bd2914"]


def told(store: Store) -> None:
    """Three articles of one deal, two of them one text."""
    articles = [
        Article("1", AGENCY, source="agency", language="zh-Hant", region="TW", published="2025-12-17"),
        Article("2", SYNDICATED, source="paper", language="zh-Hant", region="TW", published="2025-12-18"),
        Article("3", OWN, source="magazine", language="zh-Hant", region="TW", published="2025-12-19"),
    ]
    run_id = store.begin_run(datetime(2025, 12, 20, tzinfo=UTC), "code", "inputs")
    store.add_documents(run_id, articles)
    store.add_extractions(run_id, VERSION, [(version, one, extract(one)) for version, one in store.pending(VERSION)])
    store.merge(run_id, deal_schema())


def test_a_store_of_before_is_sketched_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deals.db'}"
    with Store.open(url) as store:
        told(store)
        before = read_view(store, "v_events")
        with writing(store.engine) as connection:
            for version_id, origin in connection.execute(text("SELECT version_id, origin FROM document_version")).all():
                old = {"old": f"of-{version_id}", "now": origin, "id": version_id}
                connection.execute(text("UPDATE document_version SET origin = :old WHERE version_id = :id"), old)
                connection.execute(text("UPDATE claim SET facts = replace(facts, :now, :old) WHERE version_id = :id"), old)
            before_numbered_blocks(connection, "0003")
    with Store.open(url) as store:
        run_id = store.begin_run(datetime(2025, 12, 21, tzinfo=UTC), "code", "inputs")
        assert store.merge(run_id, deal_schema()).touched == 0
        assert read_view(store, "v_events") == before


def test_copies_corroborate_nothing_and_name_who_printed_first(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'deals.db'}") as store:
        told(store)
        (event,) = [one for one in list_events(store) if one.type == "investment"]
        detail = get_event(store, event.id)
    assert (event.n_sources, event.n_origins) == (3, 2)
    assert detail is not None
    assert {(quote.source, quote.copy_of) for quote in detail.evidence} == {
        ("agency", None), ("paper", "agency"), ("magazine", None)
    }  # fmt: skip
