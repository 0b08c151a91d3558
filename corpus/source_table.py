"""`corpus/sources/<id>.toml`: one publisher, how its articles are got, and what its country decides.

Feed addresses are those the publishers or their readers name; `valid_until` retires a row whose layout or address changed.
"""

from __future__ import annotations

import functools
import re
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree  # type: ignore[import-untyped]
from pydantic import AfterValidator, Field, model_validator

from corpus.load import Row, read_toml_folder
from models.errors import CorpusError

Kind = Literal["rss", "sitemap", "html", "folder", "jsonl", "warc"]
NEEDS: dict[Kind, tuple[str, ...]] = {
    "rss": ("feeds",), "sitemap": ("feeds",), "html": ("feeds",), "folder": ("path",),
    "jsonl": ("path", "feeds"), "warc": ("path", "feeds"),
}  # fmt: skip
"""Where the articles of a kind may be: a place on disk, or addresses. One of them is given"""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone {name!r}") from None
    return name


def _xpath(expression: str) -> str:
    try:
        etree.XPath(expression)
    except etree.XPathSyntaxError as error:
        raise ValueError(f"no XPath: {error}") from None
    return expression


def _pattern(expression: str) -> str:
    try:
        re.compile(expression)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return expression


XPath = Annotated[str, AfterValidator(_xpath)]
Address = Annotated[str, Field(pattern="^https?://[^/]+")]


class Selectors(Row):
    """Where a publisher's pages have what the general rules do not find. XPath; what is left out is found by rule."""

    title: XPath | None = None
    text: XPath | None = None
    """Every element it finds is a part of the text, in order"""
    published: XPath | None = None
    """An element, or an attribute with a date"""
    remove: tuple[XPath, ...] = ()
    """Cut out before anything is read"""
    item: XPath | None = None
    """On a listing that is no list of links but of short articles: the element of each; the others count from it"""
    link: XPath | None = None
    """On a listing: the elements with the articles' links. Within an item: its own address"""


class Source(Row):
    """One publisher. `region`, `time_zone` and `home_currency` decide what 元, ريال and "today" mean in its articles."""

    name: str
    """As printed by the publisher"""
    gloss: str
    """In English"""
    also: tuple[str, ...] = ()
    """Other spellings of the name, as feeds and archives write it"""
    family: str
    """Publishers of one family are one voice: their agreement corroborates nothing"""
    kind: Kind
    language: Literal["zh-Hant", "zh-Hans", "ar"] | None = None
    """None: mixed, every article is detected"""
    region: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    time_zone: Annotated[str, AfterValidator(_known_zone)] | None = None
    home_currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    hosts: tuple[str, ...] = ()
    """An article whose address is at one of these hosts, or below, is of this source"""
    feeds: tuple[Address, ...] = ()
    """Feeds, sitemaps, pages with links, or files to download, by kind; a list of files ends in `.paths.gz`.
    `{year}` and `{month}` stand for those of the run"""
    path: str | None = None
    """A file or folder: below `corpus/` when relative"""
    pages: bool = True
    """The page behind every entry is fetched. False: the feed itself carries the whole text"""
    links: Annotated[str, AfterValidator(_pattern)] | None = None
    """A regular expression that is found in the addresses of articles, and in no others"""
    max_age_days: Annotated[int, Field(gt=0)] = 7
    """What a listing dates further back is not fetched"""
    max_files: Annotated[int, Field(gt=0)] = 2
    """Archives of a list of archives that are downloaded in a night"""
    hosts_only: bool = False
    """Of a worldwide archive only the pages of declared sources are read"""
    selectors: Selectors = Selectors()
    min_articles: Annotated[int, Field(ge=0)] = 0
    """A night that lists fewer is suspicious: the layout or the address has changed"""
    max_articles: Annotated[int, Field(gt=0)] = 100_000
    """More than that are not asked for in a night"""
    max_undated: Annotated[float, Field(ge=0, le=1)] = 0.5
    """The share of its articles that may be without a publication date"""
    valid_until: date | None = None
    """The last day on which this row is used; after it, the row has to be looked at again"""

    @model_validator(mode="after")
    def _has_what_its_kind_reads(self) -> Source:
        wanted = NEEDS[self.kind]
        if sum(bool(getattr(self, name)) for name in wanted) != 1 or any(
            getattr(self, name) for name in ("path", "feeds") if name not in wanted
        ):
            raise ValueError(f"a source of kind {self.kind} needs {' or '.join(wanted)}, and nothing else to read")
        return self

    def holds(self, url: str) -> bool:
        """Whether an address is at one of the source's hosts, or at one that a feed of it is at."""
        host = host_of(url)
        own = (*self.hosts, *(host_of(feed) for feed in self.feeds))
        return bool(host) and any(host == one or host.endswith(f".{one}") for one in own)


@functools.cache
def sources() -> dict[str, Source]:
    """Every source by id; one host or name at two sources is a clash."""
    table = read_toml_folder("sources", Source)
    _keys_of(table)
    return table


def find_source(said: str | None, url: str | None) -> tuple[str, Source] | None:
    """(id, row) of the source an article names, by id or printed name, else of the host of its address.

    >>> find_source("中央社", None)[0], find_source(None, "https://money.udn.com/money/story/5612/1")[0]
    ('cna', 'udn')
    """
    table, index = sources(), source_keys()
    source_id = said if said in table else index.get(said or "") or _by_host(url, index)
    return (source_id, table[source_id]) if source_id else None


def host_of(url: str | None) -> str:
    """The host of an address in lower case; nothing when it has none.

    >>> host_of("https://Money.UDN.com:443/story/1"), host_of("http://[broken")
    ('money.udn.com', '')
    """
    try:
        return (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return ""


def _by_host(url: str | None, index: dict[str, str]) -> str | None:
    labels = host_of(url).split(".")
    return next((index[host] for i in range(len(labels)) if (host := ".".join(labels[i:])) in index), None)


@functools.cache
def source_keys() -> dict[str, str]:
    """The id of every source by its names and hosts."""
    return _keys_of(sources())


def _keys_of(table: dict[str, Source]) -> dict[str, str]:
    index: dict[str, str] = {}
    for source_id, source in table.items():
        for key in {source.name, *source.also, *source.hosts}:
            if index.setdefault(key, source_id) != source_id:
                raise CorpusError(f"corpus/sources/{source_id}.toml: {key!r} is also of {index[key]}")
    return index
