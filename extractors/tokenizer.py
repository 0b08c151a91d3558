"""A spaCy tokenizer for Chinese and Arabic news: CJK character | Latin word | number | Arabic word with its clitics split off.

spaCy's own `zh` character segmenter cuts "Amazon" and "3.5" into letters and digits, and its `ar` tokenizer leaves
conjunctions and prepositions attached (وآمازون, لشركة).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

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


class NewsTokenizer:
    """Callable of `Language.tokenizer`; ``doc.text == text`` for every text."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        done = 0
        for start, end in split_text(text):
            gap = text[done:start]
            if gap == " " and words:
                spaces[-1] = True
            elif gap:
                words.append(gap)
                spaces.append(False)
            words.append(text[start:end])
            spaces.append(False)
            done = end
        if done < len(text):
            words.append(text[done:])
            spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: object) -> bytes:
        """Nothing to save: the rules are code."""
        return b""

    def from_bytes(self, _data: bytes, **__: object) -> NewsTokenizer:
        """Nothing to load."""
        return self

    def to_disk(self, _path: object, **_: object) -> None:
        """Nothing to save."""

    def from_disk(self, _path: object, **_: object) -> NewsTokenizer:
        """Nothing to load."""
        return self


def make_tokenizer() -> Callable[[Language], NewsTokenizer]:
    """The entry of spaCy's tokenizer registry (an entry point), for use in a pipeline's config."""
    return lambda nlp: NewsTokenizer(nlp.vocab)
