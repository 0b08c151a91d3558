"""An article laid out for the deal grammar: sentences, clauses, and the mentions in them, on folded text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from extractors.normalize import CleanText
from extractors.weak_names import has_tail, holds_shares, is_weak
from models.article import Article
from models.mention import Amount, DateMention, Name

MentionT = TypeVar("MentionT", Amount, DateMention, Name, Decimal)


class At(NamedTuple, Generic[MentionT]):
    """A mention and its span in the folded text."""

    start: int
    end: int
    value: MentionT


class Clause(NamedTuple):
    """A stretch between commas, with the mentions that lie in it, in text order."""

    start: int
    end: int
    text: str
    names: tuple[At[Name], ...]
    amounts: tuple[At[Amount], ...]
    dates: tuple[At[DateMention], ...]
    percents: tuple[At[Decimal], ...]

    def between(self, start: int, end: int) -> str:
        """The folded text from `start` to `end`, both positions in the document."""
        first, last = start - self.start, end - self.start
        return self.text[first if first > 0 else 0 : last if last > 0 else 0]  # far cheaper than `max`, and asked for everywhere


@dataclass(frozen=True, slots=True)
class Sentence:
    """What stands between full stops. `index` counts from the top; `headline` marks the title or first line."""

    index: int
    start: int
    end: int
    clauses: tuple[Clause, ...]
    headline: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The article, its folded text, all mentions (spans in the folded text) and its sentences."""

    article: Article
    language: str
    clean: CleanText
    names: tuple[At[Name], ...]
    amounts: tuple[At[Amount], ...]
    dates: tuple[At[DateMention], ...]
    sentences: tuple[Sentence, ...]


_PERCENT_SIGN = re.compile(r"[%فب百](?:(?<=%)|(?<=ف)ي الم(?:اي|ي|ا)ه|(?<=ب)الم(?:اي|ي|ا)ه|(?<=百)分之)")
_PERCENT = re.compile(
    r"(?<![\d.,])(?:(?P<tail>\d{1,3}) \. ?(?P<head>\d{1,3})|(?P<plain>\d{1,3}(?:[.,]\d{1,4})?))\s?(?:%|(?:في ال|بال)م(?:اي|ي|ا)ه)"
    r"|百分之(?P<word>\d{1,3}(?:\.\d+)?)"
)
_WIDEST_NUMBER = 12
"""Characters before the sign in which the number stands"""
# Both patterns of ends begin with one set of characters, so that the text between them is passed over at once; of blanks, only
# those that a mark follows are looked at twice.
# A full stop ends a sentence unless digits stand on both sides (older Arabic wire text spaces them: 5 . 1).
_SENTENCE_END = re.compile(
    r"[。!?;\n】…丨\s/.](?:(?<=\S)|(?<=\n)|(?=[·|.]))(?:(?<=[。!?;\n])[。!?;\n]*|(?<=】)|(?<=…)…*|(?<=丨)|(?<=\s)[·|]\s"
    r"|(?<=[\u3400-\u9fff]/)(?<![元吨]/)(?=[\u3400-\u9fffA-Z])|(?:(?<=\.)|(?<=\s)\.)(?:(?<=\d\.)|(?<=\d\s\.))(?=\s+[^\W\d]|\s*$)"
    r"|(?<![\d\s][\s.])(?<![\s./(][\u0621-\u0646\u0648-\u064a][\s.])(?<!\.[A-Z][\s.])(?<!\bCo[\s.])(?<!\bPte[\s.])(?<!\bInc[\s.])(?<!\bLtd[\s.])(?<!\bCorp[\s.])"
    r"(?<!\bCO[\s.])(?<!\bPTE[\s.])(?<!\bINC[\s.])(?<!\bLTD[\s.])(?<!\bCORP[\s.])"
    r"(?:(?<=\.)|(?<=\s)\.)(?=\s|$|[^\W\d_a-zA-Z]))"
)
# News headlines in Taiwan part clauses by a space; around Latin words and before a stock code (台光電 (2383-TW)) it is only
# typography.
_CLAUSE_END = re.compile(
    r"[,:|｜—\s](?:(?<=,)(?<!CO\.,)(?<!Co\.,)(?!(?<=\d,)\d{3}(?!\d))(?![^(),]{0,20}\))|(?<=[:|｜])|(?<=—)—?"
    r"|(?<=[\u3400-\u9fff」]\s)\s*(?=[\u3400-\u9fff「“]|\((?![\dA-Za-z])))"
)


_HEADLINE_LENGTH = 110
_CLOSE = re.compile(r"(?:今日)?(?:新闻)?(?:网)?[\s。]*")
_LONGEST_SENTENCE = 4000
_LONGEST_CLAUSE = 600
_FLASH = re.compile(r"\s*【[^】\n]{4,110}】(?=\S)")
_ASIDE = re.compile(r"\([^()\n]{1,60}\)")
_QUOTED_TITLE = re.compile(r"「[^「」\n,。!?]{1,16},[^「」\n,。!?]{1,16}」(?=[\u3400-\u9fff])")
"""「永續藍海,港勤同航」合作備忘錄: a title with a comma in it"""
_OTHER_HOUSE = re.compile(r"投[资資]|[(（]|国际|國際|香港")
"""After a name, what makes a unit of it: 恒川医疗|投资(澳大利亚)有限公司"""
_JOINTS = frozenset("和与及、")


def percents(text: str) -> Iterator[At[Decimal]]:
    """Percentages of folded `text`.

    >>> [str(p.value) for p in percents("持有约27%股权,百分之5")]
    ['27', '5']
    >>> older_wire_text = "حصه 22 في المايه لتبلغ 4 . 36 في الميه او 1 .9%"  # spells 36.4 backwards
    >>> [str(p.value) for p in percents(older_wire_text)]
    ['22', '36.4', '9.1']
    """
    done = 0
    for sign in _PERCENT_SIGN.finditer(text):
        start, end = sign.span()
        counted = text[start] == "百"
        match = _PERCENT.match(text, start) if counted else _PERCENT.search(text, max(done, start - _WIDEST_NUMBER), end)
        if match is None:
            continue
        done = match.end()
        number = f"{match['head']}.{match['tail']}" if match["head"] else (match["plain"] or match["word"]).replace(",", ".")
        yield At(match.start(), match.end(), Decimal(number))


def read(
    article: Article,
    language: str,
    clean: CleanText,
    *,
    names: Sequence[Name],
    amounts: Sequence[Amount],
    dates: Sequence[DateMention],
) -> Reading:
    """Lay out an article. Mentions carry spans of the text as published; the reading's are of the folded text."""
    text = clean.text
    headline_end, repeated = _headline_end(article), _repeated_title(article)
    located_names = tuple(At(*_clean_span(clean, n.start, n.end), n) for n in _outside(names, amounts))
    if language != "ar":
        told = text[_clean_span(clean, 0, repeated)[1] :]  # a headline that the text repeats tells its names once
        sure = [
            n for n in located_names
            if n.value.entity_id
            or (text[n.end : n.end + 1] in _JOINTS and (has_tail(n.value.text) or holds_shares(text, n.start)))
        ]  # fmt: skip
        known = _chained(text, located_names, {at for n in sure for at in (n.start - 1, n.end)})
        located_names = tuple(
            n for n in located_names
            if not is_weak(
                text, n.start, n.end, n.value, told,
                beside_known=_joined_to_known(text, n, known), mainland=language == "zh-Hans",
            )
        )  # fmt: skip
        located_names = tuple(n for n in located_names if not _signs_off(text, n))
    located_names = _unified(located_names)
    located_amounts = tuple(At(*_clean_span(clean, a.start, a.end), a) for a in amounts)
    located_dates = tuple(At(*_clean_span(clean, d.start, d.end), d) for d in dates)
    shares = tuple(percents(text))
    taken = bytearray(len(text))
    spans = [(m.start, m.end) for group in (located_names, located_amounts, located_dates, shares) for m in group]
    asides = (match.span() for pattern in (_ASIDE, _QUOTED_TITLE) for match in pattern.finditer(text))
    for start, end in (*spans, *asides):
        taken[start:end] = b"\x01" * (end - start)
    names_in, amounts_in = _finder(located_names), _finder(located_amounts)
    dates_in, shares_in = _finder(located_dates), _finder(shares)
    sentences = []
    for index, (start, end) in enumerate(_cut(text, 0, len(text), _SENTENCE_END, taken, longest=_LONGEST_SENTENCE)):
        clauses = tuple(
            Clause(
                first, last, text[first:last],
                names_in(first, last), amounts_in(first, last), dates_in(first, last), shares_in(first, last),
            )
            for first, last in _cut(text, start, end, _CLAUSE_END, taken, longest=_LONGEST_CLAUSE)
        )  # fmt: skip
        sentences.append(Sentence(index, start, end, clauses, clean.raw_span(start, end)[0] < headline_end + repeated))
    return Reading(article, language, clean, located_names, located_amounts, located_dates, tuple(sentences))


def _signs_off(text: str, name: At[Name]) -> bool:
    """Whether an unlisted name only closes a digest's line: …簽無人機產業MOU  NOWnews今日新聞."""
    return name.value.entity_id is None and text[name.start - 1 : name.start].isspace() and bool(_CLOSE.fullmatch(text, name.end))


def _outside(names: Sequence[Name], amounts: Sequence[Amount]) -> Iterator[Name]:
    """The names, without the unlisted ones that are a part of an amount: 3336億格里夫納."""
    starts = [a.start for a in amounts]
    for name in names:
        at = bisect_left(starts, name.end) - 1
        if name.entity_id is not None or at < 0 or amounts[at].end <= name.start:
            yield name


def _joined_to_known(text: str, name: At[Name], edges: set[int]) -> bool:
    """Whether 和 or 、 alone stands between the name and a listed one; `edges` are the characters beside listed names."""
    before, after = name.start - 1, name.end
    return (before in edges and text[before : before + 1] in _JOINTS) or (after in edges and text[after : after + 1] in _JOINTS)


def _chained(text: str, names: Sequence[At[Name]], known: set[int]) -> set[int]:
    """`known` and the joints that a chain of names leads to from there: A、B 及 C, where only C is listed."""
    for order in (names, reversed(names)) if known else ():
        for name in order:
            if _joined_to_known(text, name, known):
                known |= {name.start - 1, name.end}
    return known


def _unified(names: tuple[At[Name], ...]) -> tuple[At[Name], ...]:
    """A short form of an unlisted name stands for the longer name that begins with it: Aligned, Aligned Data Centers."""
    longer: dict[str, Name] = {}
    for name in sorted((n.value for n in names if n.value.kind == "company"), key=lambda n: len(n.text)):
        for size in range(2, len(name.text)):
            if not _OTHER_HOUSE.match(name.text, size):
                longer[name.text[:size]] = name
    return tuple(
        At(n.start, n.end, replace(longer[n.value.text], start=n.value.start, end=n.value.end, text=n.value.text))
        if n.value.entity_id is None and n.value.kind == "company" and n.value.text in longer else n
        for n in names
    )  # fmt: skip


def _headline_end(article: Article) -> int:
    """Where the headline of `article.document` ends: the title, else a short first line that no full stop ends; 0 without one."""
    if article.title:
        return len(article.title)
    flash = _FLASH.match(article.text)
    if flash is not None:
        return flash.end()
    line, rest, _ = article.text.lstrip().partition("\n")
    if rest and len(line) <= _HEADLINE_LENGTH and not line.rstrip().endswith(("。", ".", "」")):
        return len(article.text) - len(article.text.lstrip()) + len(line)
    return 0


def _repeated_title(article: Article) -> int:
    """Length of the title's repetition at the start of the text, with the break before it, as digests have it; else 0."""
    if not article.title:
        return 0
    wanted = [char for char in article.title if not char.isspace()]
    at = 0
    for position, char in enumerate(article.text):
        if char.isspace():
            continue
        if char != wanted[at]:
            return 0
        at += 1
        if at == len(wanted):
            return position + 2
    return 0


def _clean_span(clean: CleanText, start: int, end: int) -> tuple[int, int]:
    if clean.origin is None:
        return start, end
    return bisect_left(clean.origin, start), bisect_left(clean.origin, end)


def _finder(mentions: tuple[At[MentionT], ...]) -> Callable[[int, int], tuple[At[MentionT], ...]]:
    """A function from (start, end) to those of `mentions`, which are in text order, that begin in between."""
    if not mentions:
        return lambda *_: ()
    starts = [mention.start for mention in mentions]

    def within(start: int, end: int) -> tuple[At[MentionT], ...]:
        first = bisect_left(starts, start)
        if first == len(starts) or starts[first] >= end:
            return ()
        return mentions[first : bisect_left(starts, end, first)]

    return within


def _cut(
    text: str, start: int, end: int, boundary: re.Pattern[str], taken: bytearray, *, longest: int
) -> Iterator[tuple[int, int]]:
    """Parts of text[start:end] between boundaries; one inside a mention (a comma in 5,000), where `taken` is 1, does not cut.

    Text without any boundary is cut after `longest` characters, so that the cost of a reading stays linear.
    """
    for first, last in _bounded(text, start, end, boundary, taken):
        if last - first <= longest:
            yield first, last
            continue
        for at in range(first, last, longest):
            yield at, min(at + longest, last)


def _bounded(text: str, start: int, end: int, boundary: re.Pattern[str], taken: bytearray) -> Iterator[tuple[int, int]]:
    begun = start
    for match in boundary.finditer(text, start, end):
        if taken.find(1, match.start(), match.end()) >= 0:
            continue
        if text[begun : match.start()].strip():
            yield begun, match.start()
        begun = match.end()
    if text[begun:end].strip():
        yield begun, end
