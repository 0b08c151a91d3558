"""A saved news page -> title, text, and the publication date that the page itself states.

Main text by trafilatura, and by a publisher's selectors where it fails. The date comes from what a publisher declares (JSON-LD,
meta, `<time>`), from the address, or from the line under the headline; a date that merely stands somewhere in the text is never
taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree  # type: ignore[import-untyped]

from corpus.page_table import page_table
from corpus.source_table import Selectors
from extractors.address import is_front_page
from extractors.headline import headline
from extractors.linked_data import is_article, linked_data, meta_elements
from extractors.markup import block_text, line_text, parse_markup
from extractors.published import Stated, iso_day, settle, stated

_META_DATES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "publishdate", "pubdate",
    "parsely-pub-date", "publish-date", "publication_date", "date.issued", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date", "sailthru.date", "apub:time", "weibo: article:create_at", "weibo:article:create_at",
    "published_time", "publishtime", "bytedance:published_time", "_pubtime", "article.published", "citation_publication_date",
)  # fmt: skip
_DECLARED_TIME = (
    "//time[@pubdate or @itemprop='datePublished']/@datetime | //*[@itemprop='datePublished']/@content"
    " | //*[contains(concat(' ', @class, ' '), ' dt-published ')]/@datetime"
    " | //abbr[contains(concat(' ', @class, ' '), ' published ')]/@title"
)
_DATE_IN_ADDRESS = re.compile(r"(?<!\d)(20\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")
_REFERENCE_MARKS = "//sup[starts-with(normalize-space(.), '[')] | //button | //select"
"""Marks of footnotes would tear a sentence in pieces"""
_LEADS = re.compile(r"(?:^|[-_ ])(?:lead|summary|abstract|intro|standfirst|dek|excerpt|导语|摘要)(?:$|[-_ ])", re.IGNORECASE)
_LEAST_LEAD = 20
_LEAST_FRAGMENT = 80
_BRACKETS = " \t\u3000【】[]（）()〔〕<>|｜▼▲■●·•:：-—.。…*"


class NotAnArticleError(ValueError):
    """A page without an article. The message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. `text` keeps paragraphs as lines. `published` is None when the page does not state it."""

    title: str | None
    text: str
    published: Stated | None
    url: str | None
    """The address it was read from; where that is not known, the one it gives itself"""
    language: str | None
    """The declared one (`<html lang>`), as written"""
    canonical: str | None = None
    """The address it gives itself"""


def read_page(
    markup: str,
    url: str | None = None,
    *,
    selectors: Selectors | None = None,
    names: Iterable[str] = (),
    told: Iterable[Stated | None] = (),
    latest: date | None = None,
) -> Page:
    """The article of a page; raises NotAnArticleError when it has none.

    `names` are of its site, as they may stand behind a title; `told` are dates that a listing gives the page, `latest` the day it
    was fetched.

    >>> paragraph = "<p>" + "輝達今天宣布投資。" * 20
    >>> page = read_page(f"<html><head><title>頭條消息 - 某報</title></head><body><article>{paragraph}</article></body></html>")
    >>> page.title, page.text[:9]
    ('頭條消息', '輝達今天宣布投資。')
    """
    tree = parse_markup(markup)
    if tree is None:
        raise NotAnArticleError(_EMPTY)
    chosen = selectors or Selectors()
    for path in chosen.remove:
        _cut(tree.xpath(path))
    meta, linked = meta_elements(tree), linked_data(tree)
    canonical = _canonical(tree, meta, url)
    address = url or canonical
    if address is not None and is_front_page(address) and not any(is_article(one) for one in linked):
        raise NotAnArticleError("a front page, not an article")
    text = _selected_text(tree, chosen) or _main_text(tree, url)
    if not any(char.isalnum() for char in text):
        raise NotAnArticleError(_EMPTY)
    title = _selected_line(tree, chosen.title) or headline(tree, meta, linked, names)
    day = settle(_dates(tree, chosen, meta=meta, linked=linked, address=address, told=told), latest)
    return Page(title, text, day, address, tree.get("lang") or None, canonical)


_EMPTY = "HTML without a body of text"


def _main_text(tree: Any, url: str | None) -> str:
    """By trafilatura, with the lead that stands apart from it, and without the lines of the page around it."""
    cut = deepcopy(tree)
    _cut(cut.xpath(_REFERENCE_MARKS))
    page = etree.tostring(cut if cut.find("head") is not None else _framed(cut), encoding="unicode", method="html")
    found = trafilatura.bare_extraction(
        page, url=url, with_metadata=False, include_comments=False, include_tables=True, deduplicate=False
    )
    text = ("" if found is None or isinstance(found, dict) else found.text or "").strip()
    if not text:
        text = _article_body(tree)
    lines = _article_lines(text.split("\n"))
    return "\n".join([*_missing_leads(tree, "\n".join(lines)), *lines]) if lines else ""


def _framed(tree: Any) -> Any:
    """A piece of a page, as some archives keep, within the frame that trafilatura asks for; as it is when it has little text."""
    body = tree.find("body") if tree.tag == "html" else tree
    if body is None or len(block_text(body)) < _LEAST_FRAGMENT:
        return tree
    page = etree.Element("html")
    etree.SubElement(page, "head")
    article = etree.SubElement(etree.SubElement(page, "body"), "article")
    article.extend(list(body))
    return page


def _article_body(tree: Any) -> str:
    """What JSON-LD carries as the text, where the page itself shows it by script only."""
    bodies = (one.get("articleBody") for one in linked_data(tree))
    return max((body.strip() for body in bodies if isinstance(body, str)), key=len, default="")


def _article_lines(lines: list[str]) -> list[str]:
    """The lines of an article without those that a page prints around it."""
    words = page_table()
    kept: list[str] = []
    for number, line in enumerate(lines):
        bare = line.strip(_BRACKETS)
        if 2 * number >= len(lines) and bare in words.closing_lines:
            break
        if bare and bare not in words.lone_lines and not bare.startswith(words.notice_beginnings):
            kept.append(line.strip())
    return kept


def _missing_leads(tree: Any, text: str) -> Iterator[str]:
    """A lead that stands apart from the text and was taken for a summary of the page: its first words are not in the text."""
    folded = "".join(text.split())
    for element in tree.iter("div", "p", "section", "blockquote", "h2"):
        if element.tag in ("div", "p") and _opens(element, folded):
            return  # whatever is called a lead from here on is of another article
        if not _LEADS.search(f"{element.get('class') or ''} {element.get('id') or ''}") or _within_links(element):
            continue
        lead = " ".join(block_text(element).split("\n"))
        words = "".join(lead.split())
        if len(words) >= _LEAST_LEAD and words[:_LEAST_LEAD] not in folded:
            yield lead
            return


def _opens(element: Any, folded: str) -> bool:
    """Whether a block without blocks in it is a part of the text."""
    if next(element.iterchildren("div", "p", "ul", "table", "section"), None) is not None:
        return False
    words = "".join(line_text(element).split())
    return len(words) >= _LEAST_LEAD and words[:_LEAST_LEAD] in folded


def _within_links(element: Any) -> bool:
    """Whether more than a third of the text of an element is links: then it lists other articles."""
    whole = len("".join(element.itertext()))
    linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
    outer = any(parent.tag in ("a", "li", "footer", "nav", "aside") for parent in element.iterancestors())
    return outer or 3 * linked > whole


def _selected_text(tree: Any, chosen: Selectors) -> str:
    if chosen.text is None:
        return ""
    pieces = (block_text(found) if hasattr(found, "itertext") else str(found) for found in _listed(tree.xpath(chosen.text)))
    return "\n".join(_article_lines([line for piece in pieces for line in piece.split("\n") if line.strip()]))


def _selected_line(tree: Any, path: str | None) -> str | None:
    """The first thing a selector finds: an element's text, an attribute or a string."""
    if path is None:
        return None
    found = next(iter(_listed(tree.xpath(path))), None)
    if found is None:
        return None
    return (line_text(found) if hasattr(found, "itertext") else " ".join(str(found).split())) or None


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _cut(elements: Iterable[Any]) -> None:
    for element in elements:
        if hasattr(element, "drop_tree") and element.getparent() is not None:
            element.drop_tree()


def _canonical(tree: Any, meta: dict[str, str], url: str | None) -> str | None:
    """The address a page gives itself; None when it gives none, or one that is none."""
    links = tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")
    for said in (*links, meta.get("og:url")):
        try:
            address = urljoin(url or "", (said or "").strip())
            if said and urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname:
                return str(address)
        except ValueError:
            continue
    return None


def _dates(
    tree: Any,
    chosen: Selectors,
    *,
    meta: dict[str, str],
    linked: Iterable[dict[str, Any]],
    address: str | None,
    told: Iterable[Stated | None],
) -> Iterator[Stated | None]:
    """Everything that states when a page was published, in the order it is trusted."""
    from extractors.datelines import dateline, spoken_day  # noqa: PLC0415 - the grammars of dates take 0.3 s to import

    selected = _selected_line(tree, chosen.published)
    if selected:
        yield stated(selected, "selector") or stated(spoken_day(selected), "selector")
    yield next((day for one in linked if (day := stated(_text(one.get("datePublished")), "json-ld"))), None)
    yield next((day for name in _META_DATES if (day := stated(meta.get(name), "meta"))), None)
    yield next((day for text in tree.xpath(_DECLARED_TIME) if (day := stated(text, "time"))), None)
    yield from told
    yield _address_date(address)
    yield dateline(tree)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _address_date(url: str | None) -> Stated | None:
    """The day in an address, as many newspapers write it: /2025/12/17/ or /2025-12/17/. Ids with more digits do not count."""
    match = _DATE_IN_ADDRESS.search(urlsplit(url).path if url else "")
    return stated(iso_day(*match.groups()), "url") if match else None
