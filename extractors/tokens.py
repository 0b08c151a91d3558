"""Tokens of Chinese and Arabic news: CJK character | Latin word | number | Arabic word with its clitics split off."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGIT = "0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19"
_ARABIC = (
    "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ed\u06fa-\u06ff"
    "\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc"
)
_NOT_LATIN = "_\u0600-\u06ff\u0750-\u077f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufb50-\ufefc\U00020000-\U0003ffff"
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<number>[{_DIGIT}]+(?:[.,\u066b\u066c\uff0e\uff0c][{_DIGIT}]+)*)
  | (?P<arabic>[{_ARABIC}]+)
  | (?P<latin>[^\W\d{_NOT_LATIN}]+(?:[-&'.][^\W{_NOT_LATIN}]+)*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# Clitics that are split off when at least three letters remain: conjunction, then preposition.
_CLITICS = re.compile(r"^([وف](?=\w{4,}))?([بلك](?=ال\w{2,})|ب(?=[اأإآ]\w{3,}))?")


def split_text(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the tokens of `text`, white space left out.

    >>> [text[a:b] for text in ["Amazon擬投資3.5億 وآمازون بالشراكة"] for a, b in split_text(text)]
    ['Amazon', '擬', '投', '資', '3.5', '億', 'و', 'آمازون', 'ب', 'الشراكة']
    """
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "space":
            continue
        start, end = match.span()
        if match.lastgroup == "arabic" and (clitics := _CLITICS.match(match.group())):
            for group in (1, 2):
                if clitics[group]:
                    yield start, start + 1
                    start += 1
        yield start, end
