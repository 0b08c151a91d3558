"""A saved news page -> title, text, and the publication date that the page itself states.

Main text by trafilatura. The date comes from what a publisher declares (JSON-LD, meta, `<time>`) or from the address;
a date that merely stands somewhere in the text is never taken for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from extractors.published import iso_date, iso_day

_BLOCKS = {
    "p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "ul", "ol",
    "table", "figure", "figcaption",
}  # fmt: skip
_SILENT = {"script", "style", "noscript", "template", "iframe"}

_META_DATES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "publishdate", "pubdate",
    "parsely-pub-date", "publish-date", "publication_date", "date.issued", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "sailthru.date", "apub:time", "weibo: article:create_at", "published_time", "publishtime",
)  # fmt: skip
_DECLARED_TIME = "//time[@pubdate or @itemprop='datePublished']/@datetime | //*[@itemprop='datePublished']/@content"
_DATE_IN_ADDRESS = re.compile(r"(?<!\d)(20\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?!\d)")
_DATELINE = re.compile(
    r"(?:(?:发布|發布|发表|更新)?(?:时间|時間|日期|于|於)?\s*[:：]?\s*)"
    r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)\s+\d{1,2}:\d\d(?::\d\d)?"
)
"""The whole text of an element below the headline, as most Chinese sites print it: 2025-12-17 08:30"""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. `text` keeps paragraphs as lines. `published` is ISO 8601, None when the page does not state it."""

    title: str | None
    text: str
    published: str | None
    url: str | None
    language: str | None
    """The declared one (`<html lang>`), as written"""


def read_page(markup: str, url: str | None = None) -> Page | None:
    """The article of a page; None when it has no main text.

    >>> paragraph = "<p>" + "輝達今天宣布投資。" * 20
    >>> page = read_page(f"<html><head><title>頭條</title></head><body><article>{paragraph}</article></body></html>")
    >>> page.title, page.text[:9]
    ('頭條', '輝達今天宣布投資。')
    """
    tree = _parse(markup)
    if tree is None:
        return None
    found = trafilatura.bare_extraction(
        markup, url=url, with_metadata=True, include_comments=False, include_tables=True, deduplicate=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )  # fmt: skip
    if found is None or isinstance(found, dict) or not (text := (found.text or "").strip()):
        return None
    address = url or found.url
    return Page(found.title or None, text, _published(tree, address), address, tree.get("lang") or None)


def strip_markup(fragment: str) -> str:
    r"""The text of a piece of HTML, as feeds carry it: a line for every block, no scripts.

    >>> strip_markup("<p>甲公司<b>收購</b>乙公司</p><p>金額未公布</p>")
    '甲公司收購乙公司\n金額未公布'
    """
    tree = _parse(f"<div>{fragment}</div>")
    if tree is None:
        return ""
    lines = "".join(_words(tree)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _parse(markup: str) -> Any:
    """An lxml tree, or None for what holds no element at all. Bytes, since lxml refuses a string that declares an encoding."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        return lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _words(element: Any) -> Iterator[str]:
    if element.tag in _SILENT or not isinstance(element.tag, str):
        return
    if element.tag in _BLOCKS:
        yield "\n"
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""
    if element.tag in _BLOCKS:
        yield "\n"


def _published(tree: Any, url: str | None) -> str | None:
    candidates = (*_linked_data_dates(tree), *_meta_dates(tree), *tree.xpath(_DECLARED_TIME))
    declared = next((stated for text in candidates if (stated := iso_date(text))), None)
    return declared or _address_date(url) or _dateline(tree)


def _linked_data_dates(tree: Any) -> Iterator[str]:
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            yield from _values(json.loads(script, strict=False), "datePublished")
        except (ValueError, RecursionError):  # a broken block says nothing; the page may still say it elsewhere
            continue


def _values(node: Any, key: str) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get(key), str):
            yield node[key]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _values(child, key)


def _meta_dates(tree: Any) -> Iterator[str]:
    said: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        said.setdefault(name.strip().lower(), meta.get("content") or "")
    yield from (said[name] for name in _META_DATES if name in said)


def _dateline(tree: Any) -> str | None:
    """The day of the dateline; None when elements show several days, since then one is of other articles."""
    texts = (text.strip() for element in tree.iter() if isinstance(element.tag, str) and (text := element.text))
    days = {iso_date(match[1]) for text in texts if len(text) < 60 and (match := _DATELINE.fullmatch(text))}
    return days.pop() if len(days) == 1 else None


def _address_date(url: str | None) -> str | None:
    """The day in an address, as many newspapers write it: /2025/12/17/ or /2025-12/17/. Ids with more digits do not count."""
    match = _DATE_IN_ADDRESS.search(url or "")
    return iso_day(*match.groups()) if match else None
