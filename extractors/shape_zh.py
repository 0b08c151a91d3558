"""The shape of folded Chinese text: every character gets one letter for the class of the word that it belongs to, the longest
word first, as the word lists of the language table have it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

from corpus.language_table import languages
from extractors.known_names import Found
from extractors.normalize import fold

# Letters of the shape. Where a word is in several lists the first one counts. Further letters: c a free character, E a name
# of the table, A and a Latin, 0 a digit, < > q quotes, \n the end of a line; punctuation stands for itself, or for its kind.
_CLASSES = (
    ("keep", "c"), ("legal_tails", "L"), ("generic_tails", "C"), ("double", "W"), ("tails", "T"), ("weak_tails", "t"),
    ("titles", "J"),
    ("descriptors", "D"), ("subject_verbs", "S"), ("object_verbs", "O"), ("weak_verbs", "s"),
    ("prepositions", "P"), ("breaks", "F"),
    ("generic", "N"), ("places", "G"),
)  # fmt: skip
_BOTH = "B"
"""A verb that takes a party on either side"""

_SINGLES = {
    **dict.fromkeys("\"“「『《〈«", "<"), **dict.fromkeys("\"”」』》〉»", ">"), '"': "q", "'": "q",
    **dict.fromkeys("。!?;,…|丨/~", ","), "、": "、", ":": ":", "(": "(", ")": ")", "【": "[", "】": "]", "[": "[", "]": "]",
    "\n": "\n", " ": " ", "\t": " ", "·": "·", "-": "-", "&": "&", ".": ".", "%": "%", "*": "*", "+": "+",
}  # fmt: skip
LETTERS = frozenset("".join(letter for _, letter in _CLASSES) + _BOTH + "cEAa0x" + "".join(_SINGLES.values()))
"""All letters that a shape may have"""
_TAKEN = "\ufffc"
"""Stands for a character of a known name while words are looked up, so that none is found across its border"""


class _Alone(dict[int, str]):
    """One character to one letter, worked out on first use."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if ("\u3400" <= char <= "\u9fff" and char != "丨") or char == "〇":
            letter = "c"
        elif char.isdigit():
            letter = "0"
        elif char.isalpha():
            letter = "A" if char.isupper() else "a"
        else:
            letter = _SINGLES.get(char, "x")
        self[code] = letter
        return letter


_ALONE = _Alone()


@functools.cache
def _words() -> tuple[AhoCorasick, tuple[str, ...]]:
    """The words of all classes, and for each the letter of its class, repeated to its length."""
    table = languages()["zh"].names
    letters: dict[str, str] = {}
    for section, letter in _CLASSES:
        for word in getattr(table, section):
            letters.setdefault(fold(word), letter)
    for word in {fold(w) for w in table.subject_verbs} & {fold(w) for w in table.object_verbs}:
        if letters[word] == "S":
            letters[word] = _BOTH
    automaton = AhoCorasick(list(letters), matchkind=MatchKind.LeftmostLongest)
    return automaton, tuple(letter * len(word) for word, letter in letters.items())


def shape(text: str, known: Sequence[Found]) -> str:
    """The letters of folded `text`; names of the table are E.

    >>> shape(fold("科技公司铭枢智能完成融资"), [])
    'DDDDccttSSWW'
    """
    automaton, letters = _words()
    rest: list[str] = []
    done = 0
    for name in known:
        rest += (text[done : name.start], _TAKEN * (name.end - name.start))
        done = name.end
    text = "".join(rest) + text[done:]
    parts: list[str] = []
    done = 0
    for index, start, end in automaton.find_matches_as_indexes(text):
        if done < start:
            parts.append(text[done:start].translate(_ALONE))
        parts.append(letters[index])
        done = end
    form = "".join(parts) + text[done:].translate(_ALONE)
    for name in known:
        form = f"{form[: name.start]}{'E' * (name.end - name.start)}{form[name.end :]}"
    return form
