"""Persons who buy and sell, told by what they are: رجل الأعمال فلان, المستثمر فلان (folded text)."""

from __future__ import annotations

import re
from bisect import bisect_right

from extractors.draft import cue_words
from extractors.gated import Gated
from extractors.reading import At, Reading
from extractors.words_ar import folded, folded_names, word_of
from models.mention import Name

_TITLED = Gated(
    r"(?<!\w)(?P<to>لل?)?(?P<title>رجل الاعمال|(?:(?<=لل)|ال)(?:ملياردير|(?P<any>مستثمر|ثري)))"
    r"(?: ال\w{2,}ي(?! بن ))? (?P<name>(?=\w))"
)
"""`any` is said of companies and things, too: المستثمر العالمي, السجل الثري"""
_LEADS = frozenset({"من", "الي", "لصالح", "حصه", "حصص", "اسهم", "ان"})
_DEALS = re.compile(r"(?<!\w)[وفبل]*(?:ال)?(?:اشتر|شرا|استحوذ|[يت]ستحوذ|استحواذ|باع|بيع|حصه|حصت|اسهم|تملك|امتلاك)")
_OFFICE = re.compile(r" ?,? (?:ال)?(?:رييس|موسس|صاحب|مالك|نايب|عضو|مدير|شريك)(?!\w)")
"""رجل الأعمال فلان رئيس X: who acts for X"""
_SAYS = re.compile(r"[وف]?(?:قال|يقول|اكد|يوكد|اضاف|اوضح|ذكر|اشار|صرح|كتب|[يت]ري|توقع|[يت]توقع)")
_WORD = re.compile(r"\w+")
_SON_OF = frozenset({"بن", "ابن"})
_GOES_ON = _SON_OF | {"عبد", "ابو", "ال"}
"""After these a name is not at its end"""
_NOT_FAMILY = ("ه", "ات", "ين", "ون")
_LONGEST = 5
_WORD_BEFORE = 16
"""Characters before a title in which the word stands that leads to it"""


def titled_people(reading: Reading) -> list[At[Name]]:
    """Persons that stand by their title right after a verb, or after what leads to who buys or sells: حصة رجل الأعمال فلان."""
    text = reading.clean.text
    out: list[At[Name]] = []
    for match in _TITLED.finditer(text):
        start = match.start("name")
        end = _name_end(text, start)
        if not end or (match["any"] and not _ends_definite(text[start:end])) or _OFFICE.match(text, end):
            continue
        sentence = reading.sentences[bisect_right(reading.sentences, start, key=lambda s: s.end)]
        led = text[max(match.start() - _WORD_BEFORE, sentence.start) : match.start()].split()
        leads = not led or match["to"] is not None or _leads(led[-1])
        if not leads or _is_named(reading, match, end) or not _DEALS.search(text, sentence.start, sentence.end):
            continue
        first, last = reading.clean.raw_span(start, end)
        published = reading.clean.raw[first:last]
        out.append(At(match.start("title"), end, Name(first, last, published, published, None, "person")))
    return out


def _is_named(reading: Reading, match: re.Match[str], end: int) -> bool:
    """Whether another name stands there: one that goes on into the title, a listed one, or a company told to be an investor."""
    for name in reading.names:
        if name.start < end and match.start() < name.end:
            inside = name.start >= match.start("name")
            if name.start < match.start() or name.value.entity_id is not None or (inside and match["any"]):
                return True
    return False


def _leads(word: str) -> bool:
    """Whether what is told of a person after this word may be a deal: a verb but of saying, a noun of action, من."""
    return word in _LEADS or word in cue_words("ar") or (word_of(word).sort == "verbs" and not _SAYS.fullmatch(word))


def _ends_definite(name: str) -> bool:
    return name.rpartition(" ")[2].startswith("ال")


def _name_end(text: str, start: int) -> int:
    """Where the person's name ends that starts there: a family name, or the second word; 0 where no name of two words stands."""
    words: list[str] = []
    end = start
    for match in _WORD.finditer(text, start):
        word = match.group()
        if match.start() - end > 1 or text[end : match.start()].strip() or not _may_name(word) or not _goes_on(words, word):
            break
        words.append(word)
        end = match.end()
        if len(words) == _LONGEST or (len(words) > 1 and word.startswith("ال") and words[-2] not in _GOES_ON):
            break
    return end if len(words) > 1 and words[-1] not in _GOES_ON else 0


def _goes_on(words: list[str], word: str) -> bool:
    """Whether a name of these words goes on with the next: سامر + الحارثي, الوليد + بن, never سامر الحارثي + المعروف."""
    if not words or words[-1] in _GOES_ON or word in _SON_OF:
        return True
    if word.endswith(_NOT_FAMILY) or words[0].startswith("ال"):
        return False
    return len(words) == 1 or word.startswith("ال")


def _may_name(word: str) -> bool:
    """Whether a word can be one of a person's name."""
    if word in _GOES_ON:
        return True
    common = word in cue_words("ar") or word in folded("goods") or word in folded_names("tails") or word.isdigit()
    return word_of(word).sort == "other" and not common
