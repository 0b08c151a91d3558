"""Every mention of an Arabic name and its other forms: without its head noun, and in brackets after it (folded text)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.known_names import Found
from extractors.name_words_ar import name_words

_LETTERS = "\u0620-\u064a\u066e-\u06d3"
_WORD = re.compile(f"[{_LETTERS}]+")
# A number belongs to a Latin name (Hut 8) unless Arabic words or a sign count with it.
LATIN_RUN = re.compile(
    r"[A-Z][\w&'-]*(?:\.[A-Za-z]\w*)*(?: (?:[A-Z][\w&'-]*|[0-9]{1,2}(?![\w.,]| ?[%\u0600-\u06ff])|of|and|&))*(?<![ &])"
)
_IN_BRACKETS = re.compile(r" ?[(«\"“] ?([^()«»\"“”\n]{2,40}?) ?[)»\"”]")


def linked(text: str, known: Sequence[Found], names: list[Found]) -> list[Found]:
    """Every mention of `names` and of their other forms, each form under one canonical name."""
    forms: dict[str, Found] = {}
    rows = {name.start: name for name in known if name.entity is not None}
    for name in (_as_bracketed(text, name, rows) for name in names):
        forms.setdefault(text[name.start : name.end], name)
        for other in _other_forms(text, name):
            forms.setdefault(other, name if name.entity is not None else name._replace(full=(name.start, name.end)))
    for name in known:
        for other in _bracketed(text, name.end):
            forms[other] = name
    found: dict[tuple[int, int], Found] = {}
    for form, name in forms.items():
        for start, end in _mentions(text, form):
            found[start, end] = Found(start, end, name.entity, name.kind, name.full, name.parent)
    return list(found.values())


def _as_bracketed(text: str, name: Found, rows: dict[int, Found]) -> Found:
    """شركة رابغ للتكرير (بترو رابغ): a name that no row has is the listed one in brackets after it."""
    match = _in_brackets(text, name.end)
    row = rows.get(match.start(1)) if match is not None and name.entity is None else None
    return name._replace(entity=row.entity, kind=row.kind) if match and row and row.end == match.end(1) else name


def _other_forms(text: str, name: Found) -> Iterator[str]:
    """How else the text calls it: without its head, and what follows in brackets or quotes."""
    whole = text[name.start : name.end]
    head, _, rest = whole.partition(" ")
    words = name_words()
    rest = rest.strip('«»"“”')
    first = rest.split(" ")[0]
    company = name.kind != "government" and words.head.fullmatch(head) and not head.startswith("ال")
    if company and len(rest) > 3 and rest not in words.generic and (" " in rest or not _common(first)):
        yield rest
    yield from _bracketed(text, name.end)


def _common(word: str) -> bool:
    words = name_words()
    return word in words.generic or word in words.nations or word in words.breaks


def _in_brackets(text: str, end: int) -> re.Match[str] | None:
    """What stands in brackets or quotes right after a name. A closing straight quote opens nothing: "A" و"B"."""
    closes = text[end : end + 1] == '"' and text.count('"', 0, end) % 2
    return None if closes else _IN_BRACKETS.match(text, end)


def _bracketed(text: str, end: int) -> Iterator[str]:
    match = _in_brackets(text, end)
    if match is None:
        latin = LATIN_RUN.match(text, end + 1) if text[end : end + 1] == " " else None
        if latin is not None and latin.group().lower() not in name_words().latin_stop and len(latin.group()) > 2:
            yield latin.group()
        return
    inner = match[1]
    parts = inner.split()
    if len(parts) == 1 and inner.startswith("ال") and inner not in text[max(0, end - 60) : end]:
        return  # (الهند): where it is, not what it is called
    defined = len(parts) == 2 and name_words().head.fullmatch(parts[0]) is not None and parts[1] not in name_words().breaks
    if defined and _DEFINED.match(text, end):  # ("شركة بناء")
        yield inner
        return
    if len(parts) <= 4 and not any(_common(part) for part in parts) and not any(char.isdigit() for char in inner):
        yield inner


_DEFINED = re.compile(r" ?\( ?[«\"“]")


def _mentions(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where `form` stands as a whole word, a conjunction or preposition before it left out."""
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        after = text[end : end + 1]
        if not (_WORD.match(after) or after.isalnum()) and _CLITIC.search(text, max(0, at - 3), at):
            yield at, end
        at = text.find(form, end)


_CLITIC = re.compile(rf"(?:(?<![{_LETTERS}\w])|(?<![{_LETTERS}])[وف]?[بلك]?)$")
