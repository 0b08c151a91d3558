"""`corpus/sources/<id>.toml`: one publisher, how its articles are got, and what its country decides.

Feed addresses are those the publishers or their readers name; `valid_until` retires a row whose layout or address changed.
"""

from __future__ import annotations

import functools
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from corpus.load import Row, read_toml_folder
from models.errors import CorpusError

Kind = Literal["rss", "sitemap", "html", "folder", "jsonl"]
LOCAL_KINDS = ("folder", "jsonl")
"""Kinds that are read from disk; the others need the network"""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone {name!r}") from None
    return name


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
    feeds: tuple[Annotated[str, Field(pattern="^https?://")], ...] = ()
    path: str | None = None
    """Of a folder or jsonl source: below `corpus/` when relative"""
    min_articles: Annotated[int, Field(ge=0)] = 0
    """A night with fewer is suspicious"""
    max_articles: Annotated[int, Field(gt=0)] = 100_000
    valid_until: date | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_reads(self) -> Source:
        wanted = "path" if self.kind in LOCAL_KINDS else "feeds"
        if not getattr(self, wanted):
            raise ValueError(f"a source of kind {self.kind} needs {wanted}")
        return self


@functools.cache
def sources() -> dict[str, Source]:
    """Every source by id; one host or name at two sources is a clash."""
    table = read_toml_folder("sources", Source)
    _index(table)
    return table


def find_source(said: str | None, url: str | None) -> tuple[str, Source] | None:
    """(id, row) of the source an article names, by id or printed name, else of the host of its address.

    >>> find_source("中央社", None)[0], find_source(None, "https://money.udn.com/money/story/5612/1")[0]
    ('cna', 'udn')
    """
    table, index = sources(), _index(sources())
    source_id = said if said in table else index.get(said or "") or _by_host(url, index)
    return (source_id, table[source_id]) if source_id else None


def _by_host(url: str | None, index: dict[str, str]) -> str | None:
    try:
        host = (urlsplit(url or "").hostname or "").lower()
    except ValueError:  # a broken address names no host
        return None
    labels = host.split(".")
    return next((index[host] for i in range(len(labels)) if (host := ".".join(labels[i:])) in index), None)


def _index(table: dict[str, Source]) -> dict[str, str]:
    index: dict[str, str] = {}
    for source_id, source in table.items():
        for key in {source.name, *source.also, *source.hosts}:
            if index.setdefault(key, source_id) != source_id:
                raise CorpusError(f"corpus/sources/{source_id}.toml: {key!r} is also of {index[key]}")
    return index
