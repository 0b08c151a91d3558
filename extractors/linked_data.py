"""What a page says of itself for machines: JSON-LD objects and meta elements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_ARTICLE = ("article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "blogposting", "liveblogposting", "report")
_DEPTH = 20


def linked_data(tree: Any) -> list[dict[str, Any]]:
    """The JSON-LD objects of a page, those that are articles first. A broken block says nothing; the page may still say it."""
    found: list[dict[str, Any]] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]/text()"):
        try:
            found += _objects(json.loads(script.strip().rstrip(";"), strict=False), 0)
        except (ValueError, RecursionError):
            continue
    return sorted(found, key=lambda one: not is_article(one))


def is_article(one: dict[str, Any]) -> bool:
    """Whether an object is of a kind of article."""
    kinds = one.get("@type")
    return any(str(kind).lower() in _ARTICLE for kind in (kinds if isinstance(kinds, list) else [kinds]))


def meta_elements(tree: Any) -> dict[str, str]:
    """Content by lower-case name; the first of each name."""
    said: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        said.setdefault(name.strip().lower(), (meta.get("content") or "").strip())
    return said


def _objects(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEPTH:
        return
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _objects(child, depth + 1)
