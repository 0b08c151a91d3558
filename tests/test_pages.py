"""Saved pages of real publishers: main text and title right where there is an article, the date right or unknown.

The pages lie beside the repository (DEALWIRE_PAGES, by default ../shared/pages) and never in it; without them every test here is
skipped. What is expected is told by the page's own title and by the first and last words of the text.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.intake import find_files, take_in
from flows.readers import Rejected
from models.article import Article

PAGES = Path(os.environ.get("DEALWIRE_PAGES") or Path(__file__).parents[2] / "shared" / "pages")

pytestmark = pytest.mark.skipif(not (PAGES / "manifest.json").is_file(), reason=f"no saved pages at {PAGES} (DEALWIRE_PAGES)")


@dataclass(frozen=True, slots=True)
class Expected:
    """`around` is what stands about the headline in the page's <title>; None: the page has no title of its own."""

    around: str | None
    first: str
    last: str
    length: tuple[int, int]
    day: str | None
    evidence: str | None
    absent: tuple[str, ...] = ()


ARTICLES = {
    "AndyTheFactory__newspaper4k__chinese_article.html": Expected(
        " - BBC中文网 - 两岸三地", "香港行政长官", "不信任动议。", (690, 730), "2012-12-10", "meta", ("更新时间", "头条新闻")
    ),
    "AndyTheFactory__newspaper4k__chinese_article_002.html": Expected(
        "-新华网", "新华社北京", "供需总体平衡。", (550, 580), "2023-11-17", "text", ("责任编辑", "纠错")
    ),
    "adbar__trafilatura__baike.baidu.com.tanya.html": Expected(
        "_百度百科", "蔡健雅（Tanya", "新浪娱乐评）", (6000, 12000), None, None, ("编辑\n", "[13]", "收起")
    ),
    "adbar__trafilatura__chineselyrics4u.com.zhineng.html": Expected(
        "Chinese Pinyin Lyrics: ", "爱 逝去的爱", "xiang nian ni", (600, 660), "2011-07-28", "time"
    ),
    "adbar__trafilatura__xinhuanet.com.c_1125597921.html": Expected(
        "-新华网", "“妈妈，", "萧海川）", (1050, 1090), "2020-02-19", "text", ("责任编辑",)
    ),
    "flairNLP__fundus__LBCGroup_2026_01_08.html": Expected(
        " - Lebanon News", "أثار ظهور", "المعتادة\".", (1300, 1400), "2026-01-08", "json-ld"
    ),
    "goose3__goose3__test_cnn_arabic.html": Expected(
        " - CNNArabic.com", "دمشق، سوريا", "بشكل مستقل.", (1850, 1950), "2013-08-04", "text, updated", ("إرشادات",)
    ),
    "mozilla__readability__expected.html": Expected(None, "图为马素湘", "恳切地说。", (2400, 2550), None, None),
}  # fmt: skip
OTHERS = {"jJayyyyyyy__36kr_newsflash_reader__page.html": "a front page, not an article"}


def titles() -> dict[str, str | None]:
    return {one["file"]: one["title"] for one in json.loads((PAGES / "manifest.json").read_text("utf-8"))}


@pytest.mark.parametrize("name", ARTICLES)
def test_the_article_of_a_page_is_read_whole_and_alone(name: str) -> None:
    if not (PAGES / name).is_file():
        pytest.skip(f"{name} is not here")
    (article,) = take_in(find_files([str(PAGES / name)]))
    expected = ARTICLES[name]
    assert isinstance(article, Article), article
    said = titles()[name]
    assert article.title == ((said or "").replace(expected.around, "") if expected.around else None)
    assert article.text.startswith(expected.first)
    assert article.text.endswith(expected.last)
    assert expected.length[0] <= len(article.text) <= expected.length[1]
    assert [word for word in expected.absent if word in article.text] == []
    assert ((article.published or "")[:10] or None, article.published_from) == (expected.day, expected.evidence)


@pytest.mark.parametrize("name", OTHERS)
def test_a_page_without_an_article_says_what_it_is(name: str) -> None:
    if not (PAGES / name).is_file():
        pytest.skip(f"{name} is not here")
    (item,) = take_in(find_files([str(PAGES / name)]))
    assert isinstance(item, Rejected)
    assert item.reason == OTHERS[name]


def test_every_page_is_listed() -> None:
    assert {path.name for path in PAGES.glob("*.html")} <= {*ARTICLES, *OTHERS}
