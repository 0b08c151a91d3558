"""Publishers for tests: rows of the source table whose feeds are on a loopback server, and pages and feeds in their manner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest import mock

from corpus import source_table
from corpus.source_table import Source, source_keys, sources
from flows.addresses import GuardedBackend
from flows.crawl import Crawled, crawl
from flows.settings import FetchSettings
from models.fetch import Fetch
from tests.web import Web

TODAY = date(2025, 12, 18)
QUICK = FetchSettings(
    interval=0.0, per_host=8, request_seconds=2.0, source_seconds=20.0, max_bytes=200_000, retries=1, backoff=0.01, max_wait=0.5
)

TEXTS = {
    "zh-Hant": "甲公司昨日宣布，以新台幣三億元收購乙公司的雲端業務，雙方預計在下半年完成交割。",
    "zh-Hans": "甲公司昨日宣布，以三亿元人民币收购乙公司的云业务，双方预计在下半年完成交割。",
    "ar": "أعلنت الشركة أمس أنها وقعت اتفاقية لشراء خدمات الحوسبة السحابية بقيمة ملياري دولار خلال العام المقبل.",
}
HEADLINES = {
    "zh-Hant": "甲公司收購乙公司雲端業務",
    "zh-Hans": "甲公司收购乙公司云业务",
    "ar": "الشركة توقع اتفاقية حوسبة بملياري دولار",
}
AROUND = {
    "zh-Hant": ("某某網", "首頁", "關於我們", "相關新聞", "版權所有"),
    "zh-Hans": ("某某网", "首页", "关于我们", "相关新闻", "版权所有"),
    "ar": ("صحيفة الخبر", "الرئيسية", "من نحن", "أخبار ذات صلة", "جميع الحقوق محفوظة"),
}
"""Name of the site, menu, heading of other news, notice"""


def row(**values: Any) -> Source:
    """A source with what a test does not care about."""
    given = {
        "name": "某報", "gloss": "A paper", "family": "paper", "kind": "rss", "language": "zh-Hant", "region": "TW",
        "time_zone": "Asia/Taipei", "home_currency": "TWD", "hosts": ["127.0.0.1"],
    }  # fmt: skip
    return Source.model_validate({**given, **values})


@contextmanager
def declared(table: dict[str, Source]) -> Iterator[None]:
    """These sources, and no others, while the block runs."""
    _forget()
    with mock.patch.object(source_table, "read_toml_folder", return_value=table):
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    sources.cache_clear()
    source_keys.cache_clear()


def to_loopback(source: Source, site: Web) -> Source:
    """A declared source as it is, with its feeds asked for at a port of this machine and without TLS."""
    port = site.host.partition(":")[2]
    feeds = []
    for feed in source.feeds:
        host, _, path = feed.partition("://")[2].partition("/")
        feeds.append(f"http://{host}:{port}/{path}")
    return source.model_copy(update={"feeds": tuple(feeds)})


class Loopback(GuardedBackend):
    """Every name is at this machine."""

    def __init__(self, *hosts: str) -> None:
        async def here(host: str, port: int) -> list[str]:
            return ["127.0.0.1"]

        super().__init__(("127.0.0.1", *hosts), here)


def crawled(
    *source_ids: str,
    settings: FetchSettings = QUICK,
    known: dict[str, Fetch] | None = None,
    today: date = TODAY,
    hosts: tuple[str, ...] = (),
) -> list[Crawled]:
    """Everything that sources give."""
    kept = known or {}

    def last(urls: Any) -> dict[str, Fetch]:
        return {url: kept[url] for url in urls if url in kept}

    return list(crawl(source_ids, settings, last, today, Loopback(*hosts)))


def article_page(language: str, day: str | None = "2025-12-17T08:30:00+08:00", title: str | None = None, extra: str = "") -> str:
    """A news page as publishers make them: site name behind the title, JSON-LD, menus, other news, copyright."""
    headline, text = title or HEADLINES[language], TEXTS[language]
    linked = f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{day}"}}</script>' if day else ""
    paragraphs = "".join(f"<p>{text}</p>" for _ in range(6))
    others = "".join(f"<li><a href='/news/{n}'>{headline} {n}</a></li>" for n in range(8))
    site, home, about, more, notice = AROUND[language]
    return f"""<!doctype html><html lang="{language}"><head><title>{headline} - {site}</title>{linked}{extra}</head><body>
    <nav><ul><li><a href="/">{home}</a></li><li><a href="/about">{about}</a></li></ul></nav>
    <main><article><h1>{headline}</h1>{paragraphs}</article></main>
    <aside><h3>{more}</h3><ul>{others}</ul></aside><footer>{notice}</footer></body></html>"""


def rss(*items: str) -> str:
    """An RSS feed of items."""
    head = "<title>某報</title><link>http://127.0.0.1/</link><language>zh-TW</language>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


def item(link: str, title: str, text: str, day: str | None = "Wed, 17 Dec 2025 00:30:00 GMT") -> str:
    """One item of a feed."""
    told = f"<pubDate>{day}</pubDate>" if day else ""
    return f"<item><title>{title}</title><link>{link}</link>{told}<description>{text}</description></item>"


def news_sitemap(*pages: tuple[str, str | None]) -> str:
    """A news sitemap of (address, day)."""

    def one(url: str, day: str | None) -> str:
        told = f"<news:publication_date>{day}</news:publication_date>" if day else ""
        return f"<url><loc>{url}</loc><news:news>{told}<news:title>某某消息</news:title></news:news></url>"

    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<?xml version="1.0"?><urlset {spaces}>{"".join(one(*page) for page in pages)}</urlset>'
