"""The headline of a page, without the name of the site behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from corpus.page_table import page_table
from extractors.markup import line_text

_SEPARATOR = re.compile(r"\s*(?:\s[-–—|｜_»·:：]\s|[|｜_»]|[-–—](?=[^\W\d_]))\s*")
"""Between a headline and the name of its site. A hyphen with a digit or space behind it may be part of the headline"""
_FIRM = "_|｜"
"""Separators that no headline uses: what stands between two of them is a section"""
_LONGEST_SECTION = 6
_LONGEST_NAME = 24
_LEAST = 2
_CLOSING = "」』）)”\"'》〉】］]!！?？。…»"
_META_TITLES = ("og:title", "twitter:title", "dc.title", "title")
_META_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name")


def headline(tree: Any, meta: dict[str, str], linked: Iterable[dict[str, Any]], names: Iterable[str] = ()) -> str | None:
    """What the page calls its article: its own heading where the page's titles confirm it, else the title without the site.

    `meta` holds the page's meta elements by lower-case name, `linked` its JSON-LD objects, `names` other names of the site.
    """
    told = list(_titles(meta, linked))
    page_title = line_text(found[0]) if (found := tree.xpath("//head/title | //title")) else ""
    titles = [title for title in told or [page_title] if title]
    headings = sorted({line_text(one) for one in tree.iter("h1")}, key=len, reverse=True)
    sites = {_folded(name) for name in (*names, *_sites(meta, linked)) if name}
    for title in titles:
        for heading in headings:
            if _folded(heading) not in sites and (said := _opening(title, heading)):
                return said
    if not titles:
        return headings[0] if len(headings) == 1 and headings[0] else None
    return without_site(titles[0], sites)


def without_site(title: str, sites: Iterable[str] = ()) -> str:
    """A title without the parts at its end that name the site or its section. `sites` are folded names.

    >>> without_site("甲公司收購乙公司 - 某某財經 | 某某網"), without_site("معارضون يسيطرون - صحيفة الخبر")
    ('甲公司收購乙公司', 'معارضون يسيطرون')
    >>> without_site("甲公司收購乙公司_科技_某某网"), without_site("AI-PC 元年")
    ('甲公司收購乙公司', 'AI-PC 元年')
    """
    known, cut = set(sites), ""
    while match := _last_separator(title):
        name, sign = title[match.end() :].strip(), match[0].strip()
        section = sign == cut and sign in _FIRM and len(name) <= _LONGEST_SECTION
        if not (section or _folded(name) in known or _is_site_name(name)) or match.start() < _LEAST:
            break
        title, cut = title[: match.start()].rstrip(), sign
    return title


def _titles(meta: dict[str, str], linked: Iterable[dict[str, Any]]) -> Iterator[str]:
    for one in linked:
        if isinstance(one.get("headline"), str):
            yield _one_line(one["headline"])
    yield from (_one_line(meta[name]) for name in _META_TITLES if meta.get(name))


def _sites(meta: dict[str, str], linked: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield from (meta[name] for name in _META_SITES if meta.get(name))
    for one in linked:
        publisher = one.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            yield publisher["name"]


def _opening(title: str, heading: str) -> str | None:
    """As much of a title as its page's heading has; None when it does not begin so, or has as much again behind it."""
    part = _folded(heading)
    if len(part) < _LEAST or not _folded(title).startswith(part) or 2 * len(part) < len(_folded(title)):
        return None
    ends = (end for end in range(len(title) + 1) if _folded(title[:end]) == part)
    end = next(ends)
    while end < len(title) and title[end] in _CLOSING:
        end += 1
    return title[:end].strip()


def _last_separator(title: str) -> re.Match[str] | None:
    return max(_SEPARATOR.finditer(title), key=lambda match: match.start(), default=None)


def _is_site_name(name: str) -> bool:
    words = page_table()
    short = 0 < len(name) <= _LONGEST_NAME
    return short and (name.endswith(words.site_endings) or name.startswith(words.site_beginnings))


def _folded(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _one_line(text: str) -> str:
    return " ".join(text.split())
