"""A spaCy tokenizer for Chinese and Arabic news: CJK character | Latin word | number | Arabic word with its clitics split off.

spaCy's own `zh` character segmenter cuts "Amazon" and "3.5" into letters and digits, and its `ar` tokenizer leaves
conjunctions and prepositions attached (وآمازون, لشركة).
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from extractors.tokens import split_text


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
