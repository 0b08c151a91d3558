"""What a publisher lists: entries of RSS and Atom feeds, of sitemaps, and links of a page -> addresses with what is said of them.

The listings are somebody else's text: a document type with entities in it, which no listing needs, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from courlan import extract_domain
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from corpus.source_table import Selectors, host_of
from extractors.datelines import spoken_day
from extractors.markup import block_text, line_text, parse_markup, strip_markup
from extractors.published import Stated, stated

MAX_ENTRIES = 50_000
"""The sitemap protocol allows as many in one file"""
_ENTITIES = re.compile(r"<!ENTITY", re.IGNORECASE)
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_LEAST_TITLE = 6
"""Characters of a link that may be a headline"""
_NOT_PAGES = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|zip|css|js|docx?|xlsx?|apk)$", re.IGNORECASE)


class NotAListingError(ValueError):
    """The text is no feed, no sitemap, or not one to be read. The message says which."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing. `url` may be missing where `text` is carried in full."""

    url: str | None = None
    id: str | None = None
    title: str | None = None
    text: str = ""
    published: Stated | None = None
    changed: str | None = None
    """When the entry was last changed, ISO 8601, as the listing says"""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing says. `more` are addresses of further listings, of a sitemap index."""

    entries: tuple[Entry, ...] = ()
    more: tuple[Entry, ...] = ()
    language: str | None = None
    """As declared, often a leftover of the software"""
    site: str | None = None


def read_feed(text: str, url: str | None = None) -> Listing:
    """An RSS or Atom feed. Raises NotAListingError."""
    import feedparser  # noqa: PLC0415 - 0.1 s that no other kind of input should pay

    _refuse_entities(text)
    # feedparser looks for an encoding in the document too: what it is told outranks what is written there.
    told = {"content-type": "text/xml; charset=utf-8", **({"content-location": url} if url else {})}
    feed = feedparser.parse(text.encode("utf-8", "replace"), response_headers=told)
    if not feed.version:
        raise NotAListingError("not an RSS or Atom feed")
    site = feed.feed.get("link")
    entries = tuple(_feed_entry(entry, url or site) for entry in feed.entries[:MAX_ENTRIES])
    return Listing(entries, language=feed.feed.get("language"), site=site)


def read_sitemap(text: str) -> Listing:
    """A sitemap, a news sitemap or an index of them. Raises NotAListingError."""
    try:
        root = ElementTree.fromstring(text.encode("utf-8", "replace"), forbid_dtd=False)
    except DefusedXmlException:
        raise NotAListingError(_WITH_ENTITIES) from None
    except ElementTree.ParseError as error:
        raise NotAListingError(f"no sitemap but broken XML: {error}") from None
    if root.tag == f"{_SITEMAP}sitemapindex":
        return Listing(more=tuple(_sitemap_entries(root, "sitemap")))
    if root.tag == f"{_SITEMAP}urlset":
        return Listing(tuple(_sitemap_entries(root, "url")))
    raise NotAListingError("not a sitemap")


def read_links(markup: str, url: str, pattern: str | None = None, selectors: Selectors | None = None) -> Listing:
    """The links of a page that lead to articles: those `pattern` is found in, or those that look like headlines.

    >>> page = "<a href='/news/20251217-1.html'>甲公司宣布收購乙公司</a><a href='/about'>關於</a>"
    >>> [entry.url for entry in read_links(page, "https://x.tw/").entries]
    ['https://x.tw/news/20251217-1.html']
    """
    tree = parse_markup(markup)
    if tree is None:
        raise NotAListingError("a page without a link")
    elements = tree.xpath(selectors.link) if selectors and selectors.link else tree.iter("a")
    found: dict[str, Entry] = {}
    for link in _links_of(elements):
        title = line_text(link)
        address = _absolute(link.get("href"), url)
        if address is None or address == url or _NOT_PAGES.search(urlsplit(address).path):
            continue
        chosen = bool(selectors and selectors.link) or _is_headline(title, address, url)
        # Pictures link to articles too: the longest text of all links to one address is its headline.
        longest = address not in found or len(title) > len(found[address].title or "")
        if longest and (re.search(pattern, address) if pattern else chosen):
            found[address] = Entry(address, title=title or None)
    return Listing(tuple(found.values()), language=tree.get("lang") or None)


def read_items(markup: str, url: str, selectors: Selectors) -> Listing:
    """The short articles that stand on one page, such as news flashes; `selectors.item` finds each of them."""
    tree = parse_markup(markup)
    found = [] if tree is None or selectors.item is None else tree.xpath(selectors.item)
    if not found:
        raise NotAListingError("a page without an item: its layout has changed")
    return Listing(tuple(_item(item, url, selectors) for item in found[:MAX_ENTRIES]), language=tree.get("lang"), site=url)


def _item(item: Any, url: str, selectors: Selectors) -> Entry:
    def first(path: str | None) -> Any:
        found = item.xpath(path) if path else []
        return next(iter(found), None) if isinstance(found, list) else found

    def line(found: Any) -> str | None:
        return (
            None if found is None else (line_text(found) if hasattr(found, "itertext") else " ".join(str(found).split())) or None
        )

    link = first(selectors.link)
    address = _absolute(link.get("href") if hasattr(link, "get") else line(link), url)
    text = first(selectors.text) if selectors.text else item
    said = line(first(selectors.published))
    body = block_text(text) if hasattr(text, "itertext") else str(text or "")
    return Entry(address, None if address else body, line(first(selectors.title)), body, _day(said, "selector"))


_WITH_ENTITIES = "declares XML entities, which no feed or sitemap needs"


def _refuse_entities(text: str) -> None:
    if _ENTITIES.search(text):
        raise NotAListingError(_WITH_ENTITIES)


def _feed_entry(entry: Any, base: str | None) -> Entry:
    """Its full text when the feed carries it, else its summary."""
    carried = [content.value for content in entry.get("content", ()) if content.get("value")]
    text = strip_markup(max(carried, key=len, default="") or entry.get("summary") or "")
    url = _absolute(entry.get("link"), base)
    updated = entry["updated"] if dict.__contains__(entry, "updated") else None  # feedparser gives `published` for it
    changed = _day(updated, "feed, updated")
    said = _day(entry.get("published"), "feed") or changed
    title = strip_markup(entry.get("title") or "").replace("\n", " ")
    return Entry(url, entry.get("id"), title or None, text, said, changed.value if changed else None)


def _sitemap_entries(root: Any, tag: str) -> Iterator[Entry]:
    for place in root.findall(f"{_SITEMAP}{tag}")[:MAX_ENTRIES]:
        address = (place.findtext(f"{_SITEMAP}loc") or "").strip()
        if not address.startswith(("http://", "https://")):
            continue
        news = place.find(f"{_NEWS}news")
        title = news.findtext(f"{_NEWS}title") if news is not None else None
        day = stated(news.findtext(f"{_NEWS}publication_date") if news is not None else None, "sitemap")
        changed = stated(place.findtext(f"{_SITEMAP}lastmod"), "sitemap")
        yield Entry(address, title=(title or "").strip() or None, published=day, changed=changed.value if changed else None)


def _day(text: str | None, evidence: str) -> Stated | None:
    """A date as machines write it, or in the words of its language."""
    return stated(text, evidence) or (stated(spoken_day(text), evidence) if text else None)


def _links_of(chosen: Any) -> Iterator[Any]:
    """The links among elements, or within them."""
    for element in chosen:
        if getattr(element, "tag", None) == "a":
            yield element
        elif hasattr(element, "iter"):
            yield from element.iter("a")


def _absolute(link: str | None, base: str | None) -> str | None:
    try:
        address = urljoin(base or "", (link or "").strip()).partition("#")[0]
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None


def _is_headline(title: str, address: str, listing: str) -> bool:
    """A link of some length, to a page below the same host that has a number or a long name, as articles have."""
    parts = urlsplit(address)
    last = parts.path.rstrip("/").rpartition("/")[2]
    told = bool(re.search(r"\d{4,}", parts.path + parts.query)) or len(last) >= 24
    return len(title) >= _LEAST_TITLE and _site(address) == _site(listing) and told


def _site(address: str) -> str:
    """The registered domain; the host itself where it has none."""
    return extract_domain(address) or host_of(address)
