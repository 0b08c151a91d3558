"""Who is named in a text: rows of the entity table, and names that no row knows, by the grammar of the language."""

from __future__ import annotations

from corpus.entity_table import Entity, entities
from extractors.chinese_names import find_chinese
from extractors.known_names import Found, find_known, lookup_entity
from extractors.normalize import CleanText
from models.mention import Name


def find_names(clean: CleanText, language: str) -> list[Name]:
    """Companies, people and public bodies in `clean.raw`, in text order, none overlapping.

    `language` is ``zh-Hant``, ``zh-Hans`` or ``ar``. A name of the table carries its row; one that only its grammar shows has
    ``entity_id=None`` and is its own canonical name.

    >>> from extractors.normalize import normalize
    >>> [(n.text, n.canonical) for n in find_names(normalize("輝達砸50億美元，投資OpenAI"), "zh-Hant")]
    [('輝達', 'Nvidia'), ('OpenAI', 'OpenAI')]
    """
    known = find_known(clean.text)
    unknown = find_chinese(clean.text, known) if language.startswith("zh") else []
    return [_name(clean, found) for found in _longest(known, unknown)]


def _longest(known: list[Found], unknown: list[Found]) -> list[Found]:
    """Both, in text order, none overlapping: the longer of two wins, of equals the known one."""
    kept: list[Found] = []
    for found in sorted((*known, *unknown), key=lambda f: (f.start, f.start - f.end, f.entity is None)):
        while kept and found.start < kept[-1].end and found.end - found.start > kept[-1].end - kept[-1].start:
            kept.pop()
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept


def lookup(text: str) -> Entity | None:
    """The entity that `text` is an exact name of, after folding; None when no row or several rows have it.

    >>> lookup("أنثروبيك").id, lookup("辉达").id, lookup("不在表中")
    ('anthropic', 'nvidia', None)
    """
    return lookup_entity(text)


def _name(clean: CleanText, found: Found) -> Name:
    start, end = clean.raw_span(found.start, found.end)
    text = clean.raw[start:end]
    entity = found.entity
    if entity is None:
        return Name(start, end, text, found.canonical or text, None, found.kind, found.aliases, found.parent)
    parent = entities()[entity.parent].name if entity.parent else None
    return Name(start, end, text, entity.name, entity.id, entity.kind, entity.spellings[1:], parent)
