"""Banks told in a list under one noun, each without its own: بنوك مصر والتجاري الدولي والقاهرة (folded text)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.known_names import Found, lookup_entity
from extractors.name_words_ar import name_words

_LETTERS = "\u0620-\u064a\u066e-\u06d3"
_BANKS = re.compile(rf"(?<![{_LETTERS}])[وف]?[بل]?(?:ال)?(?:بنوك|بنكي|بنكا|مصارف|مصرفي)(?= )")
_LINK = re.compile(r"[»\"”]?(?: ?[,/-] ?و?| و) ?[«\"“]?")
_FIRST = re.compile(r" [«\"“]?")
_WORDS = re.compile(rf"[{_LETTERS}]+(?: [{_LETTERS}]+){{0,3}}")
_NOUNS = ("بنك ", "البنك ", "مصرف ", "")


def with_listed_banks(text: str, known: Sequence[Found]) -> list[Found]:
    """`known` with the banks of lists in place of what else their words name: القاهرة is a bank there."""
    banks = list(_listed_banks(text))
    banks += [bank for bank in _two_banks(text) if not any(bank.start < other.end and other.start < bank.end for other in banks)]
    others = (name for name in known if not any(name.start < bank.end and bank.start < name.end for bank in banks))
    return sorted([*others, *banks], key=lambda name: name.start)


def _listed_banks(text: str) -> Iterator[Found]:
    """Those of a list whose members, with the noun before each, are banks of the table; بنوك مصر and بنوك دبي وعجمان are those of
    places.
    """
    for match in _BANKS.finditer(text):
        found: list[Found] = []
        at = match.end()
        while (link := (_LINK if found else _FIRST).match(text, at)) is not None:
            bank = _bank_at(text, link.end())
            if bank is None:
                break
            found.append(bank)
            at = bank.end
        places = [name_words().regions.fullmatch(f" {text[bank.start : bank.end]}") for bank in found]
        if len(found) > 1 and not all(places):
            yield from found


def _two_banks(text: str) -> Iterator[Found]:
    """Both of two that no table has, told with the article: اندماج بنكي الريف والواحة."""
    for match in _TWO_BANKS.finditer(text):
        yield Found(match.start(1), match.end(1))
        yield Found(match.start(2), match.end(2))


_WHICH = "(?: (?:الاسلامي|التجاري|الوطني|الاول|العقاري|الزراعي|الاهلي|الدولي|العربي))?"
_TWO_BANKS = re.compile(
    rf"(?<![{_LETTERS}])[وبل]?(?:بنكي|بنكا|مصرفي|مصرفا) (ال[{_LETTERS}]{{2,}}{_WHICH})"
    rf" و(ال[{_LETTERS}]{{2,}}{_WHICH})(?![{_LETTERS}])"
)


def _bank_at(text: str, at: int) -> Found | None:
    """The bank of which the longest run of words at `at` is the name without its noun."""
    run = _WORDS.match(text, at)
    words = run.group().split(" ") if run is not None else []
    for count in range(len(words), 0, -1):
        form = " ".join(words[:count])
        row = next((row for noun in _NOUNS if (row := lookup_entity(noun + form)) is not None), None)
        if row is not None:
            return Found(at, at + len(form), row, row.kind)
    return None
