"""Sources of every kind from a loopback server: what is new comes in, what has not changed is not sent, what fails is told."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from corpus.source_table import Source, sources
from flows.crawl import Crawled, crawl
from flows.readers import Answered, Found, Rejected
from models.fetch import Fetch
from tests.publishers import (
    HEADLINES,
    QUICK,
    TEXTS,
    TODAY,
    Loopback,
    article_page,
    crawled,
    declared,
    item,
    news_sitemap,
    row,
    rss,
    to_loopback,
)
from tests.web import Web, status, to, web

HANT = TEXTS["zh-Hant"]
XML = "application/xml; charset=utf-8"


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as running:
        yield running


def found(items: list[Crawled]) -> list[Found]:
    return [one for one in items if isinstance(one, Found)]


def rejected(items: list[Crawled]) -> dict[str, str]:
    return {one.where: one.reason for one in items if isinstance(one, Rejected)}


def remembered(items: list[Crawled]) -> dict[str, Fetch]:
    return {one.url: one for answer in items if isinstance(answer, Answered) for one in answer.fetches}


def unchanged(items: list[Crawled]) -> int:
    return sum(one.unchanged for one in items if isinstance(one, Answered))


def test_a_feed_gives_the_pages_behind_it(site: Web) -> None:
    site.serve("/rss", rss(item(site.url("/news/1?utm_source=rss"), "甲公司…", HANT[:12])).encode(), XML, ETag='"f"')
    site.serve("/news/1?utm_source=rss", article_page("zh-Hant").encode(), ETag='"p"')
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        items = crawled("paper")
        (one,) = found(items)
        again = crawled("paper", known=remembered(items))
    assert one.fields["url"] == site.url("/news/1")
    assert (one.fields["title"], one.fields["source"]) == (HEADLINES["zh-Hant"], "paper")
    assert one.fields["text"].count(HANT) == 6
    assert (one.fields["published"], one.fields["published_from"]) == ("2025-12-17T08:30:00+08:00", "json-ld")
    assert set(remembered(items)) == {site.url("/rss"), site.url("/news/1?utm_source=rss")}
    assert found(again) == []
    assert rejected(items) == rejected(again) == {}


def test_an_answer_is_given_out_behind_what_was_in_it(site: Web) -> None:
    links = [site.url(f"/news/{n}") for n in range(20)]
    site.serve("/rss", rss(*(item(link, "標題", HANT) for link in links)).encode(), XML)
    for n in range(20):
        site.serve(f"/news/{n}", article_page("zh-Hant").encode())
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        items = crawled("paper")
    seen: set[str] = set()
    for one in items:
        if isinstance(one, Found):
            seen.add(one.where)
        elif isinstance(one, Answered):
            for fetch in one.fetches:
                assert fetch.url in seen if fetch.url in links else seen == set(links)
    assert len(seen) == 20


def test_a_page_that_changed_comes_again_and_others_do_not(site: Web) -> None:
    links = [site.url("/news/1"), site.url("/news/2")]
    site.serve("/rss", rss(*(item(link, "標題", HANT) for link in links)).encode(), XML)
    for n in (1, 2):
        site.serve(f"/news/{n}", article_page("zh-Hant").encode(), ETag='"v1"')
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        first = crawled("paper")
        site.serve("/news/2", article_page("zh-Hant", title="更正後的標題文字").encode(), ETag='"v2"')
        second = crawled("paper", known=remembered(first))
    assert len(found(first)) == 2
    assert [(one.fields["url"], one.fields["title"]) for one in found(second)] == [(links[1], "更正後的標題文字")]
    assert unchanged(second) == 1


def test_a_feed_that_carries_the_text_is_enough(site: Web) -> None:
    site.serve("/rss", rss(item(site.url("/news/1"), "標題", f"&lt;p&gt;{HANT}&lt;/p&gt;")).encode(), XML)
    with declared({"paper": row(feeds=[site.url("/rss")], pages=False)}):
        (one,) = found(crawled("paper"))
    assert (one.fields["text"], one.fields["published_from"], one.fields["source"]) == (HANT, "feed", "paper")
    assert site.paths() == ["/rss"]


def test_pages_of_other_hosts_are_not_asked_for(site: Web) -> None:
    site.serve("/rss", rss(item("http://elsewhere.example/1", "標題", HANT)).encode(), XML)
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        (one,) = found(crawled("paper", hosts=("elsewhere.example",)))
    assert one.fields["text"] == HANT
    assert site.paths() == ["/rss"]


def test_a_page_that_fails_leaves_the_words_of_its_feed_and_is_asked_for_again(site: Web) -> None:
    feed = rss(*(item(site.url(f"/news/{n}"), "標題", HANT) for n in (1, 2)))
    site.serve("/rss", feed.encode(), XML, ETag='"f"')
    site.pages["/news/1"] = status(500)
    site.serve("/news/2", article_page("zh-Hant").encode(), ETag='"p"')
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        first = crawled("paper")
        site.serve("/news/1", article_page("zh-Hant").encode(), ETag='"p"')
        second = crawled("paper", known=remembered(first))
    assert rejected(first) == {site.url("/news/1"): "HTTP status 500 Internal Server Error, 2 times"}
    assert sorted(len(one.fields["text"]) > 100 for one in found(first)) == [False, True]
    assert site.url("/rss") not in remembered(first)
    assert [one.fields["url"] for one in found(second)] == [site.url("/news/1")]
    assert len(found(second)[0].fields["text"]) > 100


def test_a_page_is_known_by_the_address_it_gives_itself(site: Web) -> None:
    site.serve("/rss", rss(item(site.url("/m/1"), "標題", HANT), item(site.url("/m/2"), "標題", HANT)).encode(), XML)
    own = f"<link rel='canonical' href='{site.url('/news/1')}'>"
    site.serve("/m/1", article_page("zh-Hant", extra=own).encode())
    site.serve("/m/2", article_page("zh-Hant", extra="<link rel='canonical' href='http://elsewhere.example/9'>").encode())
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        items = found(crawled("paper"))
    assert sorted(one.fields["url"] for one in items) == [site.url("/m/2"), site.url("/news/1")]
    assert len({one.fields["id"] for one in items}) == 2


def test_a_news_sitemap_gives_the_pages_of_the_last_days(site: Web) -> None:
    pages = [(site.url("/news/1"), "2025-12-17"), (site.url("/news/2"), "2024-01-01"), (site.url("/about"), None)]
    site.serve("/sitemap.xml.gz", gzip.compress(news_sitemap(*pages).encode()), "application/gzip")
    site.serve("/news/1", article_page("zh-Hant", day=None).encode())
    with declared({"paper": row(kind="sitemap", feeds=[site.url("/sitemap.xml.gz")], links="/news/")}):
        (one,) = found(crawled("paper"))
    assert (one.fields["published"], one.fields["published_from"]) == ("2025-12-17", "sitemap")
    assert site.paths() == ["/sitemap.xml.gz", "/news/1"]


def test_an_index_of_sitemaps_is_followed_to_what_is_new(site: Web) -> None:
    parts = "".join(
        f"<sitemap><loc>{site.url(path)}</loc><lastmod>{day}</lastmod></sitemap>"
        for path, day in (("/new.xml", "2025-12-17"), ("/old.xml", "2020-01-01"))
    )
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>'
    site.serve("/sitemap.xml", index.encode(), XML)
    site.serve("/new.xml", news_sitemap((site.url("/news/1"), "2025-12-17")).encode(), XML)
    site.serve("/news/1", article_page("zh-Hant").encode())
    with declared({"paper": row(kind="sitemap", feeds=[site.url("/sitemap.xml")])}):
        assert len(found(crawled("paper"))) == 1
    assert "/old.xml" not in site.paths()


def test_a_page_of_links_gives_the_articles_it_leads_to(site: Web) -> None:
    links = "".join(f"<li><a href='/2025/1217/{n}.html'>{HEADLINES['zh-Hans']}{n}</a></li>" for n in range(3))
    site.serve("/roll", f"<ul>{links}<li><a href='/about.html'>关于我们的介绍页面</a></li></ul>".encode("gb18030"), "text/html")
    for n in range(3):
        site.serve(f"/2025/1217/{n}.html", article_page("zh-Hans").encode("gb18030"), "text/html; charset=gb2312")
    paper = row(kind="html", language="zh-Hans", region="CN", feeds=[site.url("/roll")])
    with declared({"paper": paper}):
        assert len(found(crawled("paper"))) == 3
    with declared({"paper": paper.model_copy(update={"links": r"/1\.html$"})}):
        assert [one.fields["url"] for one in found(crawled("paper"))] == [site.url("/2025/1217/1.html")]
    assert "/about.html" not in site.paths()


def test_a_page_of_flashes_gives_each_of_them(site: Web) -> None:
    flash = "<div class='flash'><b>{0}</b><p>{1}</p><time>2025-12-17 08:3{2}</time><a href='/flash/{2}'>全文</a></div>"
    body = "".join(flash.format(HEADLINES["zh-Hans"], TEXTS["zh-Hans"], n) for n in range(3))
    site.serve("/telegraph", f"<html><body>{body}</body></html>".encode())
    selectors = {"item": "//div[@class='flash']", "title": "b", "text": "p", "published": "time", "link": "a/@href"}
    paper = row(kind="html", language="zh-Hans", region="CN", feeds=[site.url("/telegraph")], selectors=selectors)
    with declared({"paper": paper}):
        items = found(crawled("paper"))
    assert [one.fields["url"] for one in items] == [site.url(f"/flash/{n}") for n in range(3)]
    assert {one.fields["text"] for one in items} == {TEXTS["zh-Hans"]}
    assert {(one.fields["published"], one.fields["published_from"]) for one in items} == {("2025-12-17 08:30", "selector"),
        ("2025-12-17 08:31", "selector"), ("2025-12-17 08:32", "selector")}  # fmt: skip
    site.serve("/telegraph", "<html><body>改版了</body></html>".encode())
    with declared({"paper": paper}):
        assert list(rejected(crawled("paper")).values()) == ["a page without an item: its layout has changed"]


def test_selectors_read_what_the_rules_do_not(site: Web) -> None:
    text = f"<div id='x'>{HANT}<br>{HANT}</div><div>選單</div>"
    page = f"<html><body><b id='t'>標題在此</b><i id='d'>民國114年12月17日</i>{text}</body></html>"
    site.serve("/rss", rss(item(site.url("/news/1"), "別的標題", "")).encode(), XML)
    site.serve("/news/1", page.encode())
    selectors = {"title": "//b[@id='t']", "text": "//div[@id='x']", "published": "//i[@id='d']"}
    with declared({"paper": row(feeds=[site.url("/rss")], selectors=selectors)}):
        (one,) = found(crawled("paper"))
    assert (one.fields["title"], one.fields["text"]) == ("標題在此", f"{HANT}\n{HANT}")
    assert (one.fields["published"], one.fields["published_from"]) == ("2025-12-17", "selector")


def warc(*pages: tuple[str, bytes]) -> bytes:
    """A web archive of (address, page)."""
    records = []
    for number, (url, page) in enumerate(pages):
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
        records.append(
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Target-URI: %b\r\n"
            b"WARC-Date: 2025-12-18T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
            b"Content-Length: %d\r\n\r\n%b\r\n\r\n" % (number, url.encode(), len(http), http)
        )
    return b"".join(records)


def test_an_archive_is_downloaded_once_and_read_for_declared_publishers(site: Web) -> None:
    page = article_page("zh-Hant").encode()
    site.serve("/a.warc.gz", gzip.compress(warc(("https://paper.example/1", page), ("https://other.example/1", page))),
               "application/gzip", ETag='"w"')  # fmt: skip
    archive = row(kind="warc", feeds=[site.url("/a.warc.gz")], hosts=(), hosts_only=True, name="Crawl", language=None)
    with declared({"crawl": archive, "paper": row(feeds=["https://paper.example/rss"], hosts=["paper.example"])}):
        first = crawled("crawl")
        second = crawled("crawl", known=remembered(first))
    assert [one.fields["url"] for one in found(first)] == ["https://paper.example/1"]
    assert found(second) == []
    assert len(site.paths()) == 2


def test_of_a_list_of_archives_the_last_ones_are_downloaded_once(site: Web) -> None:
    names = [f"crawl-data/{n}.warc.gz" for n in range(5)]
    site.serve("/2025/12/warc.paths.gz", gzip.compress("\n".join(names).encode()), "application/gzip")
    for n, name in enumerate(names):
        page = article_page("zh-Hant", title=f"甲公司消息第{n}則").encode()
        site.serve(f"/{name}", gzip.compress(warc((f"http://127.0.0.1/{n}", page))), "application/gzip")
    with declared({"paper": row(kind="warc", feeds=[site.url("/{year}/{month}/warc.paths.gz")])}):
        first = crawled("paper")
        second = crawled("paper", known=remembered(first))
    assert [one.fields["url"] for one in found(first)] == ["http://127.0.0.1/4", "http://127.0.0.1/3"]
    assert [one.fields["url"] for one in found(second)] == ["http://127.0.0.1/2", "http://127.0.0.1/1"]


def test_rows_are_downloaded_and_are_of_their_source(site: Web) -> None:
    rows = [{"id": "a", "text": HANT}, {"id": "b", "text": HANT, "source": "other"}]
    site.serve("/news.jsonl", "\n".join(json.dumps(one) for one in rows).encode(), "application/json")
    with declared({"paper": row(kind="jsonl", feeds=[site.url("/news.jsonl")])}):
        assert [one.fields["source"] for one in found(crawled("paper"))] == ["paper", "other"]


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("rss", b"<html><body>moved</body></html>", "not an RSS or Atom feed"),
        ("sitemap", b"<urlset", "no sitemap but broken XML"),
        ("sitemap", b"<rss/>", "not a sitemap"),
        ("rss", b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss>&b;</rss>', "declares XML entities"),
        ("rss", '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY a "aa">]><rss>&a;</rss>'.encode("utf-16"),
         "declares XML entities"),
        ("sitemap", b'<!DOCTYPE u [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><urlset>&b;</urlset>', "declares XML entities"),
        ("sitemap", b'<!DOCTYPE u [<!ENTITY x SYSTEM "http://127.0.0.1/secret">]><urlset>&x;</urlset>', "declares XML entities"),
        ("rss", bytes(range(256)) * 40, "binary, not text"),
    ],
)  # fmt: skip
def test_a_listing_that_is_none_is_told_whole(site: Web, kind: str, body: bytes, reason: str) -> None:
    site.serve("/feed", body, "text/xml")
    with declared({"paper": row(kind=kind, feeds=[site.url("/feed")])}):
        items = crawled("paper")
    (one,) = [one for one in items if isinstance(one, Rejected)]
    assert one.where == site.url("/feed")
    assert reason in one.reason
    assert one.raw == body
    assert remembered(items) == {}
    assert site.paths() == ["/feed"]


def test_a_source_that_is_out_of_date_is_not_asked(site: Web) -> None:
    paper = row(feeds=[site.url("/rss")], valid_until=date(2025, 12, 17))
    with declared({"paper": paper}):
        (one,) = rejected(crawled("paper")).items()
        assert one[0] == "corpus/sources/paper.toml"
        assert "valid until 2025-12-17" in one[1]
        assert site.asked == []
        crawled("paper", today=date(2025, 12, 17))
    assert site.asked != []


def test_a_listing_that_is_too_long_is_cut_and_told(site: Web) -> None:
    links = [site.url(f"/news/{n}") for n in range(5)]
    site.serve("/rss", rss(*(item(link, "標題", HANT) for link in links)).encode(), XML)
    with declared({"paper": row(feeds=[site.url("/rss")], pages=False, max_articles=3)}):
        items = crawled("paper")
    assert len(found(items)) == 3
    assert "more than 3 articles" in rejected(items)[site.url("/rss")]


def test_one_source_that_hangs_does_not_keep_the_others(site: Web) -> None:
    site.serve("/rss", rss(item("http://x.example/1", "標題", HANT)).encode(), XML)
    site.pages |= {"/loop": to("/loop2"), "/loop2": to("/loop")}
    slow, loop = (site.url(path).replace("127.0.0.1", f"{path[1:]}.example") for path in ("/slow", "/loop"))
    site.serve("/slow", rss(*(item(f"{slow}/{n}", "標題", HANT) for n in range(50))).encode(), XML)
    table = {
        "good": row(name="甲", feeds=[site.url("/rss")]),
        "loop": row(name="乙", hosts=[], feeds=[loop]),
        "slow": row(name="丙", hosts=["slow.example"], feeds=[slow]),
    }
    settings = replace(QUICK, interval=0.2, source_seconds=3)
    with declared(table):
        items = crawled("slow", "loop", "good", settings=settings, hosts=("slow.example", "loop.example"))
    assert any(one.fields["source"] == "good" for one in found(items))
    assert "redirected in a circle" in rejected(items)[loop]
    assert "stopped after 3 seconds" in rejected(items)["slow"]


def test_a_reader_that_stops_ends_the_fetching(site: Web) -> None:
    site.serve("/rss", rss(*(item(site.url(f"/news/{n}"), "標題", HANT) for n in range(200))).encode(), XML)
    for n in range(200):
        site.serve(f"/news/{n}", article_page("zh-Hant").encode())
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        reading = crawl(["paper"], replace(QUICK, interval=0.05), lambda _: {}, TODAY, Loopback())
        next(reading)
        reading.close()
    assert len(site.paths()) < 150


FEED_DAYS = {
    "zh-Hant": "Wed, 17 Dec 2025 08:30:00 +0800",
    "zh-Hans": "2025-12-17 08:30:00",
    "ar": "الأربعاء، 17 ديسمبر 2025 - 08:30",
}
LINKS = {"people": "/n1/2025/1217/c1004-40625137.html", "lbci": "/news/business/898682/lbci-lebanon-articles/ar"}
"""Where a source tells its articles by their addresses"""
CHARSETS = {"zh-Hant": "big5", "zh-Hans": "gb18030", "ar": "windows-1256"}


def test_every_declared_publisher_is_read_from_pages_in_its_manner(site: Web) -> None:
    """Each row as it is declared, its feeds and pages on loopback, in the old charset of its language and declared wrongly."""
    fetched = {one: source for one, source in sources().items() if source.feeds and source.kind in ("rss", "html", "sitemap")}
    assert len(fetched) >= 12
    table = {one: to_loopback(source, site) for one, source in fetched.items()}
    for source_id, source in table.items():
        _publish(site, source_id, source)
    hosts = tuple({feed.split("/")[2].partition(":")[0] for source in table.values() for feed in source.feeds})
    with declared(table):
        items = crawled(*table, settings=replace(QUICK, connections=64), hosts=hosts)
    assert rejected(items) == {}
    given = {one.fields["source"]: one.fields for one in found(items)}
    assert set(given) == set(table)
    for source_id, fields in given.items():
        language = table[source_id].language or "zh-Hant"
        assert TEXTS[language] in fields["text"], source_id
        assert fields["title"] == HEADLINES[language], source_id
        assert fields["published"].startswith("2025-12-17"), source_id


def _publish(site: Web, source_id: str, source: Source) -> None:
    language = source.language or "zh-Hant"
    charset = CHARSETS[language]
    page = article_page(language, day=None).encode(charset)
    for feed in source.feeds:
        host, _, path = feed.partition("://")[2].partition("/")
        host = host.partition(":")[0]
        path_of_page = LINKS.get(source_id, "/news/20251217/123456.html")
        link = f"http://{feed.split('/')[2]}{path_of_page}"
        if source.kind == "rss":
            body = rss(item(link, HEADLINES[language], TEXTS[language], FEED_DAYS[language])).encode()
        elif source.kind == "sitemap":
            body = news_sitemap((link, "2025-12-17")).encode()
        elif source.selectors.item:
            pytest.fail(f"{source_id}: write a page in the layout of its items")
        else:
            body = f"<ul><li><a href='{link}'>{HEADLINES[language]}</a></li></ul>".encode(charset)
        site.serve(f"{host}/{path}", body, "text/html" if source.kind == "html" else XML)
        site.serve(f"{host}{path_of_page}", page, "text/html; charset=iso-8859-1")
