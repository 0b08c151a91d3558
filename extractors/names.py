"""Who is named in a text: rows of the entity table, and names that no row knows, by the grammar of the language."""

from __future__ import annotations

from corpus.entity_table import Entity, entities
from extractors.arabic_names import find_arabic
from extractors.bank_lists_ar import with_listed_banks
from extractors.chinese_names import find_chinese
from extractors.draft import may_tell
from extractors.known_names import Found, find_known, longest, lookup_entity
from extractors.normalize import CleanText
from extractors.tagged_names import SURE, SURE_IN, other_companies, tagged_names
from extractors.tagger import BUNDLED, tagger_named
from extractors.weighed_names import weighed
from models.mention import Name

TABLES = "tables"
"""Setting under which only the entity table names anybody"""


def find_names(clean: CleanText, language: str, model: str = BUNDLED) -> list[Name]:
    """Companies, people and public bodies in `clean.raw`, in text order, none overlapping.

    `language` is ``zh-Hant``, ``zh-Hans`` or ``ar``. A name of the table carries its row; one that only its grammar shows has
    ``entity_id=None`` and is its own canonical name. `model` names the tagger that
    adds companies which neither shows (`extractors.tagger.tagger_named`); ``tables`` leaves out even the grammar.

    >>> from extractors.normalize import normalize
    >>> [(n.text, n.canonical) for n in find_names(normalize("輝達砸50億美元，投資OpenAI"), "zh-Hant")]
    [('輝達', 'Nvidia'), ('OpenAI', 'OpenAI')]
    """
    known = find_known(clean.text)
    if model == TABLES:
        return [_name(clean, name, {}) for name in known]
    if language.startswith("ar"):
        known = with_listed_banks(clean.text, known)
        unknown = find_arabic(clean.text, known)
    else:
        unknown = find_chinese(clean.text, known)
    tagger = tagger_named(model)
    if tagger is not None and may_tell(clean.text, language):
        tags = tagger(clean, language, known)
        if not language.startswith("ar"):
            unknown = weighed(clean.text, known, unknown, tags)
        unknown = [*other_companies(clean.text, known, tags.names), *unknown]
        unknown += tagged_names(clean.text, [*known, *unknown], tags.names, SURE_IN.get(language, SURE))
    found = longest([*known, *unknown])
    forms = _forms(clean, found)
    return [_name(clean, name, forms) for name in found]


def _forms(clean: CleanText, names: list[Found]) -> dict[str, tuple[str, ...]]:
    """Canonical name -> the forms of it in this text, for names that no row knows."""
    forms: dict[str, dict[str, None]] = {}
    for name in names:
        if name.entity is None:
            forms.setdefault(_canonical(clean, name), {})[clean.slice(name.start, name.end)] = None
    return {canonical: tuple(form for form in group if form != canonical) for canonical, group in forms.items()}


def _canonical(clean: CleanText, name: Found) -> str:
    return clean.slice(*(name.full or (name.start, name.end)))


def lookup(text: str) -> Entity | None:
    """The entity that `text` is an exact name of, after folding; None when no row or several rows have it.

    >>> lookup("أنثروبيك").id, lookup("辉达").id, lookup("不在表中")
    ('anthropic', 'nvidia', None)
    """
    return lookup_entity(text)


def _name(clean: CleanText, found: Found, forms: dict[str, tuple[str, ...]]) -> Name:
    start, end = clean.raw_span(found.start, found.end)
    text = clean.raw[start:end]
    entity = found.entity
    if entity is None:
        canonical = _canonical(clean, found)
        return Name(start, end, text, canonical, None, found.kind, forms[canonical], found.parent)
    parent = entities()[entity.parent].name if entity.parent else None
    return Name(start, end, text, entity.name, entity.id, entity.kind, entity.spellings[1:], parent)
