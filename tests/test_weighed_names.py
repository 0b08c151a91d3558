"""Names that only the Chinese grammar shows, against what the bundled tagger sees of them."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.known_names import Found
from extractors.names import find_names
from extractors.normalize import fold, normalize
from extractors.tagger import GRAMMAR
from extractors.tagger_decode import LABELS, Tagged, Tags
from extractors.weak_names import is_weak
from extractors.weighed_names import weighed
from models.mention import Name


def _names(text: str, language: str) -> list[str]:
    return [name.text for name in find_names(normalize(text), language)]


def _tags(text: str, shares: dict[str, float], *names: Tagged) -> Tags:
    """One window, a token a character, whose characters of `shares` are of an organisation with that probability."""
    own = np.full((len(text), len(LABELS)), 1e-9)
    for part, share in shares.items():
        own[text.index(part) : text.index(part) + len(part), LABELS.index("I-ORG")] = share
    return Tags(list(names), [([(at, at + 1) for at in range(len(text))], np.log(own).astype(np.float32))])


@pytest.mark.parametrize(
    ("language", "text", "junk"),
    [
        ("zh-Hans", "为整合产业资源，进一步增强公司的综合竞争力，拟与瀚洋信托签订合作协议。", "增强公司"),
        ("zh-Hans", "近日，新三板挂牌公司岚川股份完成股份划转，收购人沐恒资本持股51%。", "新三板"),
        ("zh-Hant", "公司鼓勵交叉銷售，並與沐恆資本簽署合作協議。", "鼓勵交叉銷售"),
    ],
)
def test_what_the_tagger_sees_nothing_in_needs_more_than_its_place(language: str, text: str, junk: str) -> None:
    assert junk in {name.text for name in find_names(normalize(text), language, GRAMMAR)}
    assert junk not in _names(text, language)


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("zh-Hans", "AI助听器公司岚声已完成数千万元天使轮融资，由慧岑资产领投。", {"岚声", "慧岑资产"}),
        ("zh-Hant", "AI助聽器公司嵐聲已完成千萬美元天使輪募資，由慧岑資產領投。", {"嵐聲", "慧岑資產"}),
        (
            "zh-Hans",
            "岚川股份收购股东陆青松、庄景明、汪峥所持瀚岑材料30%股权。",
            {"岚川股份", "陆青松", "庄景明", "汪峥", "瀚岑材料"},
        ),
        ("zh-Hant", "嵐川工程與國家海洋研究院簽署合作備忘錄。", {"嵐川工程", "國家海洋研究院"}),
        ("zh-Hans", "7月，青田移动与青田市岚山区交通运输局签署战略合作协议。", {"青田移动", "青田市岚山区交通运输局"}),
    ],
)
def test_names_that_look_alike_stay_whole(language: str, text: str, wanted: set[str]) -> None:
    assert set(_names(text, language)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("岚川智能低价收购瀚岑材料51%股权。", "岚川智能"),
        ("据悉，岚川智能原计划收购瀚岑材料51%股权。", "岚川智能"),
        ("岑澄科技仍計劃收購瀚岑材料51%股權。", "岑澄科技"),
    ],
)
def test_an_adverb_after_a_name_is_none_of_it(text: str, wanted: str) -> None:
    assert _names(text, "zh-Hans")[0] == wanted


@pytest.mark.parametrize("share", [0.3, 0.001])
def test_the_rest_of_a_name_goes_where_the_tagger_sees_nothing_in_it(share: float) -> None:
    text = "岚川智能低价收购"
    tags = _tags(text, {"岚川智能": 0.95, "低价": share}, Tagged(0, 4, "ORG", 0.9))
    assert [name[:2] for name in weighed(text, [], [Found(0, 6)], tags)] == [(0, 6 if share > 0.1 else 4)]


@pytest.mark.parametrize(
    ("text", "found", "tagged", "wanted"),
    [
        ("与国家海洋研究院签署", (3, 8), (1, 8), (1, 8)),
        ("收购法国岚川控股", (4, 8), (2, 8), (4, 8)),  # a country says where it is from
        ("收购软件公司岚川控股", (6, 10), (2, 10), (6, 10)),  # and a description what it is
        ("收购岚川股份51%", (2, 4), (2, 6), (2, 4)),
        ("青田岚海 岚川控股", (5, 9), (0, 9), (5, 9)),
        ("收购岚川控股下属物流公司", (2, 6), (2, 12), (2, 6)),  # what it has is another company
        ("收购岚川有限公司瀚岑物流", (2, 8), (2, 12), (2, 8)),
        ("向岚川有限公司青田分公司", (1, 7), (1, 12), (1, 12)),
        ("与岚川汽车合资", (1, 5), (1, 7), (1, 5)),
    ],
)
def test_a_name_goes_on_where_the_tagger_is_sure_of_more(
    text: str, found: tuple[int, int], tagged: tuple[int, int], wanted: tuple[int, int]
) -> None:
    text = fold(text)
    tags = _tags(text, {text[slice(*tagged)]: 0.95}, Tagged(*tagged, "ORG", 0.9))
    (name,) = weighed(text, [], [Found(*found)], tags)
    assert name[:2] == wanted


def test_a_short_form_follows_its_full_name() -> None:
    text = "后岚川智能改名,岚川"
    tags = _tags(text, {"岚川智能": 0.95}, Tagged(1, 5, "ORG", 0.9))
    long, short = weighed(text, [], [Found(0, 5), Found(8, 10, full=(0, 5))], tags)
    assert (long[:2], short.full) == ((1, 5), (1, 5))


def test_a_tagger_that_tells_no_probabilities_drops_nothing() -> None:
    names = [Found(0, 4), Found(6, 10)]
    assert weighed("趁势海上收购岚川智能", [], names, Tags([])) == names


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("据悉，岚川润达原计划收购瀚岑材料持有的青屿电子51%股权。", "岚川润达"),
        ("岚山如意低价收购日本Orvista公司。", "岚山如意"),
        ("控股子公司岚驰汽车再中标43台公交车，中标总金额为7903万元。", "岚驰汽车"),
        ("穗禾證券正考慮收購瀚岑銀行。", "穗禾證券"),
        ("青田三原集团收购瀚岑材料51%股权。", "青田三原集团"),
        ("岚正科技收购瀚岑材料51%股权。", "岚正科技"),
    ],
)
def test_an_adverb_is_none_of_a_name_without_the_tagger_either(text: str, wanted: str) -> None:
    assert next(name.text for name in find_names(normalize(text), "zh-Hans", GRAMMAR)) == wanted


@pytest.mark.parametrize(
    ("text", "form", "weak"),
    [
        ("縣府三大電信公司得標,三大電信公司", "三大電信公司", True),
        ("收購三大洋電子集團", "三大洋電子集團", False),
        ("統籌首宗離岸工程船聯貸案", "首宗離岸工程船", True),
        ("進一步增強公司,增強公司", "增強公司", True),
        ("參與併購公司(如合併新設公司、存續公司),合併新設公司", "合併新設公司", True),
        ("旗下英國火車租賃公司,火車租賃公司", "火車租賃公司", True),
        ("旗下英國嵐川租賃公司,嵐川租賃公司", "嵐川租賃公司", False),
        ("經評估判斷公司因收購嵐川,判斷公司", "判斷公司", True),
        ("收購智強公司,智強公司", "智強公司", False),
        ("為響應政府電力採購,響應政府電力", "響應政府電力", True),
        ("提示性公告,提示性公告", "提示性", True),
        ("今(6)日暫時總得標金,日暫時總", "日暫時總", True),
        ("專電(19)日本汐見鐵道公司", "日本汐見鐵道公司", False),
        ("嵐川去(2025)年,嵐川去", "嵐川去", True),
        ("嵐川昨(25)日,嵐川昨", "嵐川昨", True),
        ("嵐今(2025.HK)收購,嵐今", "嵐今", False),
    ],
)
def test_what_counts_dates_or_qualifies_is_no_name(text: str, form: str, weak: bool) -> None:
    text, form = fold(text), fold(form)
    start = text.index(form)
    end = start + len(form)
    assert is_weak(text, start, end, Name(start, end, form, form, None, "company")) is weak
