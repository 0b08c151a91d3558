"""The case of a participant in Arabic: the words before it, read backwards to the preposition, verb or noun that governs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.parts_ar import Token
from extractors.words_ar import GLUED, Word, compound_prepositions

WHICH_IS = frozenset({"وهو", "وهي", "هو", "هي"})
_NEGATION = frozenset({"لا", "لم", "لن", "ولا", "ولم", "ولن", "قد", "فقد", "وقد", "كما", "و"})
_OF_OFFICE = frozenset({"عام", "اول", "تنفيذي", "اداري", "اقليمي"})
"""Says what kind of officer: مدير عام X"""
_SUCH_AS = "مثل"
"""مع شركة عالمية رائدة مثل X: X is what stands before"""
_KINDS = 4
"""Words before it in which the noun stands that it gives an example of"""
_UNITS = ("شركه", "شركات", "شركت", "الشركه", "ذراع", "وحدت")
_EACH = frozenset({"كل", "كلا", "وكل"})
_REACH = 9
"""Words that may stand between a preposition and its participant"""
_DESCRIPTION = 14
"""Words of a description before it is said whose it is"""
_SHARE_REACH = 7
"""Words between حصة or a percentage and the preposition: حصة قدرها 9% في X"""


@dataclass(frozen=True, slots=True)
class Case:
    """What governs a participant: `case` as in `frames.Group`, or "of" for one that belongs to a common noun.

    `governor` is where that word stands. `kind` is "speaker" after an office (رئيس X), "owned" after a word for belonging
    (التابعة لـX), "agent" after a noun of action (إعلان X).
    """

    case: str
    governor: int
    share: bool = False
    verb: bool = False
    opening: bool = False
    kind: str = ""


def case_at(tokens: Sequence[Token], at: int, cue_starts: frozenset[int]) -> Case:
    """The case of the participant at token `at`. `cue_starts` says where words stand that tell a deal."""
    return _Before(tokens, at, cue_starts).case()


def share_before(tokens: Sequence[Token], at: int, cue_starts: frozenset[int]) -> bool:
    """Whether a percentage or a word for a share stands before `at`, with no other participant between."""
    for token in reversed(tokens[max(at - _SHARE_REACH, 0) : at + 1]):
        if token.mention == "percent" or _sort(token) == "shares":
            return True
        if token.name is not None or token.start in cue_starts or _sort(token) == "verbs":
            return False
    return False


def _sort(token: Token) -> str:
    return token.word.sort if token.word is not None else ""


class _Before:
    """The words before a participant, on the way back from it."""

    def __init__(self, tokens: Sequence[Token], at: int, cue_starts: frozenset[int]) -> None:
        self.tokens = tokens
        self.at = at
        self.cue_starts = cue_starts
        self.share = False
        self.speaker = False
        self.common = False
        """An indefinite common noun was passed"""

    def case(self) -> Case:
        """Reads back until a word decides."""
        i = self.at - 1
        while i >= 0 and self.at - i <= _REACH:
            token = self.tokens[i]
            if token.depth or token.text == ")" or token.mention:
                self.share |= token.mention == "percent" and not token.depth
                i -= 1
                continue
            if token.word is None or token.word.sort in {"that", "conjunctions", "relative"}:
                break
            if token.text == "و":
                i -= 1
                continue
            if token.text in WHICH_IS and i and self.tokens[i - 1].name is not None:
                i = self._past_rival(i)
                continue
            identified = self._identified(i) if token.text in {"هي", "هو"} else None
            if identified is not None:
                return identified
            found = self._decided(i, token, token.word)
            if found is not None:
                return found
            i -= 1
        opening = i < 0 or _sort(self.tokens[i]) in {"that", "conjunctions", "relative"}
        return self._bare(max(i, 0), opening=opening and not self.common)

    def _identified(self, i: int) -> Case | None:
        """مع واحدة من كبرى المؤسسات في المنطقة هي X: X is whom the preposition led to."""
        for at in range(i - 1, max(i - _DESCRIPTION, -1), -1):
            token = self.tokens[at]
            if token.name is not None or _sort(token) in {"verbs", "relative", "that"}:
                return None
            if token.text == "مع":
                return Case("with", token.start)
        return None

    def _past_rival(self, i: int) -> int:
        """في منافس OpenAI وهو شركة Anthropic: the preposition belongs to the second, so the first is passed over."""
        i -= 2
        while i >= 0 and _sort(self.tokens[i]) == "owned":
            i -= 1
        return i

    def _decided(self, i: int, token: Token, word: Word) -> Case | None:
        """The case when the word at `i` gives one; None when it may stand between, too."""
        if i == self.at - 1 and token.text[-1:] in GLUED and len(token.text) <= 2:  # ل«X», ولX
            return self._after_preposition(i, GLUED[token.text[-1]])
        compound = _compound(self.tokens, i)
        if compound is not None:
            return self._after_preposition(i, compound)
        if token.start in self.cue_starts and word.sort not in {"heads", "case"}:
            return self._bare(i, verb=word.sort == "verbs")
        if token.text in _EACH or (token.text == "من" and i and self.tokens[i - 1].text in {*_EACH, "اكثر", "اقل"}):
            return self._each(i)
        if token.text == _SUCH_AS and any(_sort(t) == "heads" for t in self.tokens[max(i - _KINDS, 0) : i]):
            return None
        if word.sort == "case":
            return self._after_preposition(i, word.value)
        if word.sort == "verbs" or (word.sort == "agentives" and (i == self.at - 1 or self._only_a_unit(i + 1))):
            return self._bare(i, verb=True, agent=word.sort == "agentives")
        return self._noun(i, token, word)

    def _each(self, i: int) -> Case | None:
        """كل من X وY: governed by what stands before, bare without."""
        if self.tokens[i].text == "من" or i == self.at - 1 or self.tokens[i + 1].text != "من":
            return None
        outer = self.tokens[i - 1].word if i else None
        if outer is not None and outer.sort == "verbs":
            return Case("", self.tokens[i - 1].start, verb=True, kind="speaker" if self.speaker else "")
        by = _compound(self.tokens, i - 1) if i else None  # من قبل كل من X وY
        return Case(by or (outer.value if outer is not None and outer.sort == "case" else ""), self.tokens[i].start)

    def _noun(self, i: int, token: Token, word: Word) -> Case | None:
        if word.sort in {"heads", "shares", "anaphors"}:
            self.share |= word.sort == "shares"
            return self._after_preposition(i, word.value) if word.value in {"to", "about"} else None
        if word.sort == "owned" and self._in_brackets(i):
            return None
        if word.sort == "owned":
            return Case("of", self.tokens[i].start, kind="owned")
        if word.sort == "speakers":
            self.speaker = True
        elif token.text in _OF_OFFICE and i and _sort(self.tokens[i - 1]) == "speakers":
            return None
        elif word.sort == "other" and word.value != "definite":
            self.common = True
            if i == self.at - 1:
                return self._after_common_noun(i, word)
        return None

    def _in_brackets(self, i: int) -> bool:
        """شركتها التابعة (X): X is the unit itself, not whose it is."""
        unit = self.tokens[i - 1].text if i else ""
        return i == self.at - 1 and self.tokens[self.at].start - self.tokens[i].end > 1 and unit.lstrip("وبل").startswith(_UNITS)

    def _only_a_unit(self, first: int) -> bool:
        """توقيع إحدى شركاتها التابعة (X): only words for a unit stand between."""
        between = self.tokens[first : self.at]
        return self._in_brackets(self.at - 1) and all(
            t.text in {"احدي", "احد"} or t.text.startswith(_UNITS) or _sort(t) == "owned" for t in between
        )

    def _after_common_noun(self, i: int, word: Word) -> Case:
        """برج X belongs to the noun; in ولا تكتفي X the word is a verb, as it is first in its part."""
        if word.bare[:1] in "تي" and all(t.text in _NEGATION for t in self.tokens[:i]):
            return self._bare(i, verb=True)
        return Case("of", self.tokens[i].start, self.share)

    def _after_preposition(self, i: int, case: str) -> Case:
        """What stands before the preposition at `i` tells a share (حصة في), an owner (التابعة ل) or an office (رئيس ... ل)."""
        governor = self.tokens[i].start
        owned = i - 1 - (i > 1 and self.tokens[i - 1].text == "بالكامل")  # المملوكة بالكامل لـX
        if case in {"to", "source"} and i and _sort(self.tokens[owned]) == "owned":
            return Case("of", governor, kind="owned")
        if case in {"to", "in"} and any(_sort(t) == "speakers" for t in self.tokens[max(i - 4, 0) : i]):
            return Case(case, governor, kind="speaker")
        share = self.share or (case in {"in", "source", "about"} and share_before(self.tokens, i - 1, self.cue_starts))
        return Case(case, governor, share)

    def _bare(self, i: int, *, verb: bool = False, opening: bool = False, agent: bool = False) -> Case:
        kind = "speaker" if self.speaker else "agent" if agent else ""
        return Case("", self.tokens[i].start, self.share, verb, opening, kind)


def _compound(tokens: Sequence[Token], at: int) -> str | None:
    """The case of a preposition of several words that ends at `at`: من قبل."""
    for parts, case in compound_prepositions().get(tokens[at].text, ()):
        words = tokens[max(at - len(parts) + 1, 0) : at + 1]
        if tuple(t.word.bare if t.word is not None and t.word.linked else t.text for t in words) == parts:
            return case
    return None
