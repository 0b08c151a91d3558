"""Edges of names, mended with what the entity table knows: Amazon|大筆投資 ends earlier, OpenAI| Foundation ends later."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from corpus.entity_table import entities
from extractors.names import lookup
from extractors.normalize import CleanText
from extractors.weak_names import has_tail
from models.mention import Name

# A listed Latin name with one of these after it is another body of the same house.
_BODY = re.compile(
    r" (?:Foundation|Ventures|Capital|Partners|Labs|Research|Health|Holdings?|Energy|Robotics|Pictures|Studios|Securities|Bank"
    r"|Arabia|Japan|China|Korea|India|Europe|Asia)\b"
)
_SHORTEST = 2


def mend_edges(clean: CleanText, names: Iterable[Name]) -> list[Name]:
    """The names with their edges mended; spans are of the text as published."""
    return [_extended(clean, _trimmed(clean, name)) for name in names]


def _trimmed(clean: CleanText, name: Name) -> Name:
    """An unlisted name that begins with a listed one, and goes on with ordinary words, is the listed one."""
    if name.entity_id is not None or has_tail(name.text):
        return name
    for size in range(len(name.text) - 1, _SHORTEST - 1, -1):
        row = lookup(name.text[:size])
        if row is not None:
            end = name.start + size
            parent = entities()[row.parent].name if row.parent else None
            return Name(name.start, end, clean.raw[name.start : end], row.name, row.id, row.kind, row.spellings[1:], parent)
    return name


def _extended(clean: CleanText, name: Name) -> Name:
    """A listed name and the word that makes it another body: a foundation, a fund, a country unit."""
    if name.entity_id is None or not name.text.isascii():
        return name
    match = _BODY.match(clean.raw, name.end)
    if match is None:
        return name
    text = clean.raw[name.start : match.end()]
    return replace(name, end=match.end(), text=text, canonical=text, entity_id=None, aliases=(), parent=name.canonical)
