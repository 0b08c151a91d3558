"""An Arabic sentence laid out: its parts, and in each part who stands where (folded text: أ is ا, ة is ه, ى is ي).

A part ends at a comma, at و before a finite verb, at a conjunction (حيث), at أن and at a relative pronoun. A participant's case is
the preposition that governs it, or "" for a bare one: the subject of a verb, the agent of a noun of action, or an object.
Words that stand for a participant (الشركة, فيها) are participants, too.

    أعلنت شركة أ، المتخصصة في ب، | عن توقيعها مع ج اتفاقية | تشتري بموجبها … | التي تملك فيها …
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.language_table import Syntax, languages
from extractors.draft import cue_words, distinct
from extractors.frames import Group, State, key_of
from extractors.normalize import fold
from extractors.reading import At, Reading, Sentence
from models.mention import Amount, DateMention, Name

_TOKEN = re.compile(r"\w+|[,;()\[\]:|]|-(?=\s)")
_REACH = 9
"""Words that may stand between a preposition and its participant"""
_WHICH_IS = frozenset({"وهو", "وهي", "هو", "هي"})
_NEGATION = frozenset({"لا", "لم", "لن", "ولا", "ولم", "ولن", "قد", "فقد", "وقد", "كما", "و"})
_FUTURE_OR_PRESENT = re.compile(r"س[تين]\w{3,}|ي\w{3,}|ت[ست]\w{3,}")
_PAST_FEMININE = re.compile(r"(?!ال)\w{2,}(?<!ا)ت")
_OBJECT = re.compile(r"(?:ها|هما|هم|ه)$")
_ADVERB = re.compile(r"\w{3,}يا")


@dataclass(frozen=True, slots=True)
class Word:
    """What a written word is to the layout. `value` is the case of a preposition or of what is glued to a noun."""

    sort: str
    value: str = ""
    linked: bool = False
    """Written with و or ف before it"""
    bare: str = ""
    """Without it"""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a whole mention of the sentence, in folded text. `depth` counts open brackets."""

    start: int
    end: int
    text: str
    depth: int
    word: Word | None = None
    name: At[Name] | None = None
    mention: str = ""
    """amount, date or percent"""


@dataclass(frozen=True, slots=True)
class Party(Group):
    """A group with how it was found. `names` is empty for a thing that has no name: the network *in which* X invested."""

    verb: bool = False
    """Bare, right after a finite verb"""
    opening: bool = False
    """Bare, and first in its part"""
    share: bool = False
    """It is a part of it that is spoken of: حصة في X, أسهم X"""
    anaphor: bool = False
    governor: int = -1
    """Where the word stands that gave the case"""
    kind: str = ""

    @property
    def subject(self) -> bool:
        """Whether it can be the subject of what its part tells."""
        return self.case == "" and not self.share and bool(self.names)


@dataclass(slots=True)
class Memory:
    """Who has been named so far (`seen`, the last one last) and in the whole text (`all`)."""

    all: tuple[Name, ...] = ()
    seen: list[Name] = field(default_factory=list)
    paid: Sequence[Name] = ()
    """The company of the deal told last"""
    here: list[Name] = field(default_factory=list)
    """Those of the sentence that is being read"""

    def note(self, name: Name) -> None:
        """Take in one more mention."""
        self.here.append(name)
        self.seen.append(name)
        del self.seen[:-24]

    def latest(self, taken: set[str], like: Sequence[str] = ()) -> Name | None:
        """The participant named last that is not taken."""
        return next((n for n in reversed(self.seen) if key_of(n) not in taken and (not like or _is_like(n, like))), None)

    def foremost(self, taken: set[str], like: Sequence[str] = ()) -> Name | None:
        """The last of the sentence; else the one named most often so far, of equals the last; before anybody was named, at all."""
        near = [n for n in (*self.paid, *self.here) if key_of(n) not in taken and (not like or _is_like(n, like))]
        if near:
            return near[-1]
        for names in (self.seen, self.all):
            counts = Counter(key_of(n) for n in names)
            open_to = [n for n in names if key_of(n) not in taken and (not like or _is_like(n, like))]
            if open_to:
                return max(reversed(open_to), key=lambda n: counts[key_of(n)])
        return None


@dataclass(slots=True)
class Part:
    """A stretch of a sentence with one predicate at most."""

    start: int
    end: int
    tokens: list[Token]
    opener: str
    """What kind of word opens it: comma, link, conjunction, that, relative, apposition"""
    parties: list[Party] = field(default_factory=list)
    antecedent: Party | None = None
    """Of a relative part: who or what it is said of"""

    @property
    def aside(self) -> bool:
        """Said of a participant only; the subject of the sentence is still the one before."""
        return self.opener in {"relative", "apposition"}


@functools.cache
def syntax() -> Syntax:
    """The closed classes of the language table."""
    return languages()["ar"].deals.syntax


@functools.cache
def folded(key: str) -> frozenset[str]:
    """One list of the table, folded."""
    return frozenset(fold(word) for word in getattr(syntax(), key))


@functools.cache
def pattern_of(key: str) -> re.Pattern[str]:
    """One list of the table as a pattern on folded text, with و, ف, ب, ل or ال before a word."""
    words = sorted(folded(key), key=lambda w: (-len(w), w))
    return re.compile(rf"(?<!\w)[وف]?(?:[بل]|ال|بال|لل)?(?:{'|'.join(map(re.escape, words))})(?:ها|ه|هما)?(?!\w)")


@functools.cache
def _table() -> dict[str, Word]:
    """Folded word -> what it is, for every closed class of single words."""
    table: dict[str, Word] = {}

    def put(words: Sequence[str], sort: str, value: str = "") -> None:
        for word in words:
            table.setdefault(fold(word), Word(sort, value, bare=fold(word)))

    rows = syntax()
    put(rows.relatives, "relative")
    put(rows.complementizers, "that")
    for case, words in rows.pronouns.items():
        put(words, "pronoun", case)
    for case, words in rows.cases.items():
        put([w for w in words if " " not in w], "case", case)
    for sort in ("anaphors", "pairs", "owned", "heads", "shares", "speakers", "conjunctions", "adverbs", "agentives", "verbs"):
        put(getattr(rows, sort), sort)
    put([place for place in languages()["ar"].names.places if " " not in place], "adverbs")
    put([verb for verb in languages()["ar"].names.subject_verbs if " " not in verb], "verbs")
    return table


@functools.cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Last word of a compound preposition (من قبل) -> (all its words, its case)."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for case, words in syntax().cases.items():
        for phrase in words:
            parts = tuple(fold(phrase).split())
            if len(parts) > 1:
                table.setdefault(parts[-1], []).append((parts, case))
    return table


_GLUED = {"ل": "to", "ب": "about", "ك": "about"}


@functools.lru_cache(maxsize=1 << 16)
def word_of(text: str) -> Word:
    """What a written word is, with its clitics taken off where that makes it one of the table.

    >>> word_of("وبشركه").value, word_of("لشركه").value, word_of("واعلنت").linked, word_of("فيها").value
    ('about', 'to', True, 'in')
    """
    known = _table().get(text)
    if known is not None:
        return known
    linked = text[:1] in "وف" and len(text) > 2
    for bare in (text[1:], text) if linked else (text,):
        found = _unlinked(bare)
        if found is not None:
            return Word(found.sort, found.value, bare is not text, bare)
    return Word("other", "definite" if text.startswith(("ال", "وال", "لل", "بال")) else "", bare=text)


def _unlinked(text: str) -> Word | None:
    table = _table()
    known = table.get(text)
    if known is not None:
        return known
    if text.startswith("لل"):
        noun = table.get("ال" + text[2:])
        return Word(noun.sort, "to") if noun and noun.sort in {"anaphors", "pairs"} else None
    if text[:1] in _GLUED and len(text) > 3:
        noun = table.get(text[1:])
        if noun and noun.sort in {"heads", "shares", "anaphors", "pairs", "owned"}:
            return Word(noun.sort, _GLUED[text[0]])
    if text in folded("not_verbs"):
        return None
    if len(text) > 3 and (_FUTURE_OR_PRESENT.fullmatch(text) or _PAST_FEMININE.fullmatch(text)):
        return Word("verbs")
    carried = table.get(_OBJECT.sub("", text))
    if carried is not None and carried.sort == "verbs":
        return carried
    return Word("adverbs") if _ADVERB.fullmatch(text) else None


def one_name_each(reading: Reading) -> list[At[Name]]:
    """The names of a text, with شركة X and X, and X as the table knows it, made one participant."""
    known: dict[str, Name] = {}
    names = sorted((*reading.names, *quoted_names(reading)), key=lambda n: n.start)
    for found in sorted(names, key=lambda n: n.value.entity_id is None):
        known.setdefault(_bare_name(found.value), found.value)
    out = []
    for found in names:
        if _is_word(found.value):
            continue
        bare = _bare_name(found.value)
        shorter, _, last = bare.rpartition(" ")
        first = known[shorter if last.startswith("ال") and shorter in known else bare]
        if found.value.entity_id is None:
            same = {"canonical": first.canonical, "entity_id": first.entity_id, "parent": first.parent, "aliases": first.aliases}
            found = At(found.start, found.end, replace(found.value, **same))
        out.append(found)
    return out


_ANOTHER = frozenset(
    {"الام", "الاول", "الاولي", "الثاني", "الثانيه", "الثالث", "الثالثه", "الجديد", "الجديده", "الاخري", "العالميه", "الوطنيه"}
)
"""After الشركة: another one than the one spoken of"""
_NO_PARTY = re.compile(r"مجلس (?:ال)?(?:ادار|وزراء)|بورصه|سوق |الجمعيه العموميه|جمعيتها")
"""Names of bodies within a company and of exchanges"""
_MARKS = re.compile(r"[«»\"“”'()]+")


_QUOTED = re.compile(r"[«\"“]\s?(\w[^«»\"“”,.;:()\n]{1,40}?)\s?[»\"”]")


def quoted_names(reading: Reading) -> list[At[Name]]:
    """Short quotations that no name covers: beside a word of a deal, «منارة للمدفوعات» is a participant."""
    out: list[At[Name]] = []
    for match in _QUOTED.finditer(reading.clean.text):
        start, end = match.span(1)
        at = bisect_left(reading.names, end, key=lambda n: n.start)
        lead = reading.clean.text[max(start - 16, 0) : match.start()].split()
        led = bool(lead) and (word_of(lead[-1]).sort == "heads" or (lead[-1] == "و" and bool(out) and start - out[-1].end < 6))
        if any(n.end > start for n in reading.names[max(at - 2, 0) : at]) or not _may_name(match[1], led=led):
            continue
        first, last = reading.clean.raw_span(start, end)
        text = reading.clean.raw[first:last]
        out.append(At(start, end, Name(first, last, text, text, None, "company")))
    return out


def _may_name(text: str, *, led: bool) -> bool:
    """Whether a quotation can be a name; a single definite noun («التأمين», a sector) only after a head noun (بنكا «الساحل»)."""
    words = text.split()
    table = _table()
    sorts = [table[word].sort if word in table else "other" for word in words]
    told = sorts[0] in {"verbs", "case"} or any(sort in {"that", "relative", "conjunctions", "pronoun"} for sort in sorts)
    return not told and len(words) < 6 and (led or not (len(words) == 1 and text.startswith("ال")))


def _is_word(name: Name) -> bool:
    """Whether an unknown name is a single word that the grammar knows as one: لطرح, حوسبة."""
    text = fold(name.text)
    if name.entity_id is not None or " " in text or not text.isalpha():
        return False
    bare = re.sub(r"^[وف]?[بل]?(?:ال)?", "", text)
    words = cue_words("ar")
    if re.fullmatch(r"[بل]است\w{3,}", text):  # باستخدام
        return True
    return bare in words or text in words or bare in folded("goods") or text in folded("services") or _unlinked(text) is not None


def _bare_name(name: Name) -> str:
    """The folded name without its head noun and quotation marks."""
    words = _MARKS.sub(" ", fold(name.text)).lower().split()
    while len(words) > 1 and words[0] in folded("heads"):
        words = words[1:]
    return " ".join(words)


def tokens_of(reading: Reading, sentence: Sentence, names: Sequence[At[Name]]) -> list[Token]:
    """The sentence as words, marks and whole mentions."""
    mentions: list[tuple[int, int, At[Name] | None, str]] = []
    first = bisect_left(names, sentence.start, key=lambda n: n.start)
    last = bisect_left(names, sentence.end, key=lambda n: n.start)
    mentions += [(n.start, n.end, n, "name") for n in names[first:last]]
    for clause in sentence.clauses:
        mentions += [(a.start, a.end, None, "amount") for a in clause.amounts]
        mentions += [(d.start, d.end, None, "date") for d in clause.dates]
        mentions += [(p.start, p.end, None, "percent") for p in clause.percents]
    mentions.sort(key=lambda m: (m[0], -m[1]))
    text = reading.clean.text
    out: list[Token] = []
    at, depth = sentence.start, 0
    for first, last, name, kind in [*mentions, (sentence.end, sentence.end, None, "end")]:
        if first < at:
            continue
        for match in _TOKEN.finditer(text, at, first):
            mark = match.group()
            depth = max(depth + (mark in "([") - (mark in ")]"), 0)
            out.append(Token(match.start(), match.end(), mark, depth, word_of(mark.lower()) if mark[0].isalnum() else None))
        if kind != "end":
            out.append(Token(first, last, "", depth, None, name, "" if name else kind))
        at = last
    return out


def parts_of(tokens: Sequence[Token]) -> Iterator[Part]:
    """The sentence cut into parts."""
    begun, opener = 0, "start"
    for at, token in enumerate(tokens):
        if token.depth or at < begun:
            continue
        found = _opens(tokens, at)
        if found is None:
            continue
        if at > begun:
            yield _part(tokens[begun:at], opener)
        begun, opener = (at + 1, found) if token.word is None else (at, found)
    if begun < len(tokens):
        yield _part(tokens[begun:], opener)


def _part(tokens: Sequence[Token], opener: str) -> Part:
    return Part(tokens[0].start, tokens[-1].end, list(tokens), opener)


def _opens(tokens: Sequence[Token], at: int) -> str | None:
    """What kind of part begins at a token; None when none does."""
    token = tokens[at]
    if token.text in {",", ";", ":", "|", "-"}:
        return None if _within_list(tokens, at) else _after_comma(tokens, at)
    if token.word is None:
        return None
    word = token.word
    if word.sort == "relative":
        return "relative"
    if word.sort == "that":
        return "that"
    if word.sort == "conjunctions":
        return "conjunction"
    if word.sort in {"verbs", "adverbs"} and word.linked and (word.sort == "verbs" or word.bare in {"كان", "كانت", "قد"}):
        return "link"
    return None


def _after_comma(tokens: Sequence[Token], at: int) -> str:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[at - 1] if at else None
    if after is None or after.word is None or before is None:
        return "comma"
    word = after.word
    if word.sort == "relative":
        return "relative"
    described = before.name is not None or before.text == ")"
    definite = after.text.startswith("ال") and word.sort not in {"case", "adverbs"}
    if after.text in {"وهو", "وهي", "احدي", "احد", "اكبر", "ابرز"} or word.sort == "owned":
        return "apposition"
    if described and not word.linked and (definite or word.sort == "heads") and not _predicate(tokens, at + 1):
        return "apposition"
    if described and after.text.startswith("وال") and word.sort == "other":
        return "apposition"  # والمملوكة بالكامل
    return "comma"


def _predicate(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb stands near the start of the part at `at`: الشركة تعتزم … is a clause, الشركة المتخصصة في … is none."""
    for token in tokens[at : at + 4]:
        if token.text == "," or (token.word is not None and token.word.sort == "relative"):
            return False
        if token.word is not None and token.word.sort == "verbs":
            return True
    return False


def _within_list(tokens: Sequence[Token], at: int) -> bool:
    """A comma between two names of a list, brackets and head nouns between them allowed: A (..), وشركة B."""
    before = at - 1
    while before >= 0 and (tokens[before].depth or tokens[before].text == ")"):
        before -= 1
    if before < 0 or tokens[before].name is None:
        return False
    for token in tokens[at + 1 : at + 4]:
        if token.name is not None:
            return True
        if token.word is None or not (token.text == "و" or token.word.sort == "heads"):
            return False
    return False


# -- participants ------------------------------------------------------------------------------------------------------


def find_parties(part: Part, cue_starts: frozenset[int], state: State, memory: Memory) -> list[Party]:
    """The participants of a part in text order. `cue_starts` says where words stand that tell a deal."""
    out: list[Party] = []
    last_at = -9
    for at, token in enumerate(part.tokens):
        if token.depth:
            continue
        if token.name is not None:
            if (token.name.value.kind == "product" and not _bought(part.tokens, at)) or _NO_PARTY.match(
                fold(token.name.value.text)
            ):
                continue
            if out and out[-1].names and last_at >= 0 and _joined(part.tokens, last_at, at):
                out[-1] = _extended(out[-1], token.name)
            elif out and out[-1].names and _same_again(part.tokens, last_at, at):
                if _quoted_after(out[-1], token):
                    out[-1] = replace(out[-1], names=(*out[-1].names[:-1], token.name), end=token.end)
            else:
                party = _party(part.tokens, at, cue_starts, (token.name,))
                if party.kind == "owned" and out and out[-1].names and _owned_by(part.tokens, last_at, at):
                    out[-1] = _of_owner(out[-1], token.name.value)
                if party.case == "of" and party.kind == "owned" and _named_next(part.tokens, at):
                    continue  # في منافس OpenAI وهو شركة Anthropic: the preposition belongs to the second
                out.append(party)
            last_at = at
        elif token.word is not None:
            party_or_none = _stands_for(part, at, cue_starts, state, memory, out)
            if party_or_none is not None:
                out.append(party_or_none)
                last_at = -9
    return out


def _owned_by(tokens: Sequence[Token], last: int, at: int) -> bool:
    """X التابعة لـY: only words for belonging stand between."""
    return last >= 0 and all(
        t.word is not None and (t.word.sort in {"owned", "heads"} or t.word.value == "definite" or len(t.text) == 1)
        for t in tokens[last + 1 : at]
    )


def _of_owner(party: Party, owner: Name) -> Party:
    """An unknown unit with its owner, which may stand for it."""
    last = party.names[-1]
    if last.value.entity_id is not None or last.value.parent is not None:
        return party
    return replace(party, names=(*party.names[:-1], At(last.start, last.end, replace(last.value, parent=owner.canonical))))


def bracketed(part: Part) -> Party | None:
    """البنك المندمج (A وB): two participants in brackets."""
    inside = [t for t in part.tokens if t.depth and (t.name is not None or t.word is not None)]
    names = tuple(t.name for t in inside if t.name is not None)
    if len(names) < 2 or any(t.name is None and t.text != "و" and not (t.word and t.word.sort == "heads") for t in inside):
        return None
    return Party(names, "between", names[0].start, names[-1].end)


def _bought(tokens: Sequence[Token], at: int) -> bool:
    """Whether a product stands as a company: تطبيق «كريم» is bought as one."""
    before = tokens[at - 1] if at else None
    return before is not None and before.word is not None and before.word.sort == "heads"


def _extended(party: Party, name: At[Name]) -> Party:
    return replace(party, names=(*party.names, name), end=name.end, partner=party.partner + 1)


def _joined(tokens: Sequence[Token], last: int, at: int) -> bool:
    """Whether only و, commas, head nouns and brackets stand between two names, and at least one of the first two."""
    link = False
    for token in tokens[last + 1 : at]:
        if token.depth or token.text == ")":
            continue
        if token.text in {"و", ","} or (token.word is not None and token.word.sort == "heads" and token.word.linked):
            link = True
        elif token.word is None or (
            token.word.sort not in {"heads", "anaphors"} and token.text not in {"كل", "كلا", "من", "وكل"}
        ):
            return False
    return link


def _same_again(tokens: Sequence[Token], last: int, at: int) -> bool:
    """اوريون القابضة Orion Holdings; شركة رابغ (بترو رابغ): the same participant in another spelling."""
    between = tokens[last + 1 : at]
    return last >= 0 and all(token.depth or token.text == ")" for token in between) and at - last < 4


def _quoted_after(party: Party, token: Token) -> bool:
    """شركة الألعاب الأميركية «X»: what is in quotation marks right after a description is the name."""
    last = party.names[-1]
    return token.depth == 0 and 2 <= token.start - last.end <= 3 and last.value.entity_id is None


def _named_next(tokens: Sequence[Token], at: int) -> bool:
    for token in tokens[at + 1 : at + 4]:
        if token.name is not None:
            return True
        if token.word is None or (token.text not in _WHICH_IS and token.word.sort != "heads"):
            return False
    return False


def _party(tokens: Sequence[Token], at: int, cue_starts: frozenset[int], names: tuple[At[Name], ...], own: str = "") -> Party:
    """A participant with the case that the words before it give."""
    here = tokens[at]
    share = owned = False
    speaker = False
    plain = 0
    i = at - 1
    if own:
        return Party(names, own, here.start, here.end, share=_share_before(tokens, i, cue_starts), governor=here.start)
    while i >= 0 and at - i <= _REACH:
        token = tokens[i]
        if token.depth or token.text == ")":
            i -= 1
            continue
        if token.name is not None or (token.word is None and not token.mention):
            break
        if token.mention:
            share |= token.mention == "percent"
            i -= 1
            continue
        word = token.word
        assert word is not None
        if i == at - 1 and token.text[-1:] in _GLUED and len(token.text) <= 2:  # ل«X», ولX
            return _cased(names, here, _GLUED[token.text[-1]], tokens, i, cue_starts, share)
        compound = _compound(tokens, i)
        if compound is not None:
            return _cased(names, here, compound, tokens, i, cue_starts, share)
        if token.text in _WHICH_IS and i and tokens[i - 1].name is not None:
            i -= 2  # في منافس OpenAI وهو شركة Anthropic: the preposition belongs to the second
            while i >= 0 and (other := tokens[i].word) is not None and other.sort == "owned":
                i -= 1
            continue
        if token.start in cue_starts and word.sort not in {"heads", "case"}:
            return Party(
                names,
                "",
                here.start,
                here.end,
                share=share,
                governor=token.start,
                verb=word.sort == "verbs",
                kind="speaker" if speaker else "",
            )
        if token.text in {"كل", "كلا"} and i < at - 1 and tokens[i + 1].text == "من":
            outer = tokens[i - 1].word if i else None
            return Party(
                names,
                outer.value if outer is not None and outer.sort == "case" else "",
                here.start,
                here.end,
                governor=token.start,
            )
        if token.text in {"كل", "كلا"} or (
            token.text == "من" and i and tokens[i - 1].text in {"كل", "كلا", "وكل", "اكثر", "اقل"}
        ):
            i -= 1
            continue
        if word.sort == "case":
            if owned:
                return Party(names, "of", here.start, here.end, governor=token.start, kind="owned")
            return _cased(names, here, word.value, tokens, i, cue_starts, share)
        if word.sort == "verbs" or (word.sort == "agentives" and i == at - 1):
            kind = "speaker" if speaker else "agent" if word.sort == "agentives" else ""
            return Party(names, "", here.start, here.end, share=share, verb=True, governor=token.start, kind=kind)
        if word.sort in {"heads", "shares", "anaphors"}:
            share |= word.sort == "shares"
            if word.value in {"to", "about"}:
                return _cased(names, here, word.value, tokens, i, cue_starts, share)
        elif word.sort == "owned":
            owned = True
            if plain == 0 or i == at - 1:
                return Party(names, "of", here.start, here.end, governor=token.start, kind="owned")
        elif word.sort == "speakers":
            speaker = True
        elif word.sort in {"that", "conjunctions", "relative"}:
            break
        elif word.sort == "other" and word.value != "definite":
            plain += 1
            if i == at - 1:
                if word.bare[:1] in "تي" and all(
                    t.text in _NEGATION for t in tokens[:i]
                ):  # ولا تكتفي X: a verb first in its part
                    return Party(names, "", here.start, here.end, share=share, verb=True, governor=token.start)
                return _genitive(names, here, tokens, i, share)
        i -= 1
    opening = i < 0 or (tokens[i].word is not None and tokens[i].word.sort in {"that", "conjunctions", "relative"})  # type: ignore[union-attr]
    return Party(
        names,
        "",
        here.start,
        here.end,
        opening=opening and not plain,
        share=share,
        governor=tokens[max(i, 0)].start,
        kind="speaker" if speaker else "",
    )


def _genitive(names: tuple[At[Name], ...], here: Token, tokens: Sequence[Token], at: int, share: bool) -> Party:
    """After a common noun (برج X, استراتيجية X) the name belongs to the noun."""
    return Party(names, "of", here.start, here.end, share=share, governor=tokens[at].start)


def _cased(
    names: tuple[At[Name], ...], here: Token, case: str, tokens: Sequence[Token], at: int, cue_starts: frozenset[int], share: bool
) -> Party:  # fmt: skip
    """A participant after a preposition at `at`; what stands before the preposition tells a share (حصة في) or an owner (التابعة ل)."""
    before = tokens[at - 1] if at else None
    if case in {"to", "source"} and before is not None and before.word is not None and before.word.sort == "owned":
        return Party(names, "of", here.start, here.end, governor=tokens[at].start, kind="owned")
    if case in {"to", "in"} and any(t.word is not None and t.word.sort == "speakers" for t in tokens[max(at - 4, 0) : at]):
        return Party(names, case, here.start, here.end, governor=tokens[at].start, kind="speaker")
    share = share or (case in {"in", "source", "about"} and _share_before(tokens, at - 1, cue_starts))
    return Party(names, case, here.start, here.end, share=share, governor=tokens[at].start)


def _share_before(tokens: Sequence[Token], at: int, cue_starts: frozenset[int]) -> bool:
    """Whether a percentage or a word for a share stands before, with no other participant between."""
    for token in reversed(tokens[max(at - 7, 0) : at + 1]):
        if token.name is not None or token.start in cue_starts:
            return False
        if token.mention == "percent" or (token.word is not None and token.word.sort == "shares"):
            return True
        if token.word is not None and token.word.sort == "verbs":
            return False
    return False


def _compound(tokens: Sequence[Token], at: int) -> str | None:
    """The case of a preposition of several words that ends at `at`."""
    for parts, case in _phrases().get(tokens[at].text, ()):
        words = [
            t.word.bare if t.word is not None and t.word.linked else t.text for t in tokens[max(at - len(parts) + 1, 0) : at + 1]
        ]
        if tuple(words) == parts:
            return case
    return None


def _stands_for(
    part: Part, at: int, cue_starts: frozenset[int], state: State, memory: Memory, before: Sequence[Party]
) -> Party | None:  # fmt: skip
    """الشركة, الطرفان, فيها: the participant that the word stands for."""
    token = part.tokens[at]
    word = token.word
    if word is None or word.sort not in {"anaphors", "pairs", "pronoun"}:
        return None
    if word.sort == "pairs" or word.value == "both":
        both = [group for group in (state.topic, state.partner) if group is not None]
        names = tuple(name for group in both for name in group.names)
        case = "between" if word.value == "both" else ""
        return Party(names, case, token.start, token.end, anaphor=True) if len(both) == 2 else None
    if word.sort == "pronoun":
        return _pronoun(part, at, cue_starts, state, memory, before)
    follows = part.tokens[at + 1] if at + 1 < len(part.tokens) else None
    if follows is not None and (
        follows.name is not None or (follows.text in _ANOTHER and token.text != "الكيان") or _apposed(part.tokens, at)
    ):
        return None
    if at and part.tokens[at - 1].name is not None:
        return None
    party = _party(part.tokens, at, cue_starts, (), word.value)
    taken = {key_of(t.name.value) for t in part.tokens if t.name is not None and not t.depth}
    this = bool(at) and part.tokens[at - 1].text in {"هذه", "هذا"}
    like = _LIKE.get(token.text.removeprefix("و").removeprefix("ل").removeprefix("ب").lstrip("ال"), ())
    found = state.topic if party.case == "" else None
    if found is None or (like and not _is_like(found.names[0].value, like)) or any(key_of(n.value) in taken for n in found.names):
        one = memory.latest(taken, like) if this else memory.foremost(taken, like)
        if one is None:
            return replace(party, names=(), anaphor=True) if like else None
        found = Group((At(token.start, token.end, one),), "", token.start, token.end)
    return Party(found.names, party.case, token.start, token.end, 0, party.verb, party.opening, party.share, True, party.governor)


def _apposed(tokens: Sequence[Token], at: int) -> bool:
    """الشركة المطورة لـ«X»; شركة الألعاب الأميركية «X»: a name follows the noun and its adjectives directly."""
    for token in tokens[at + 1 : at + 4]:
        if token.name is not None:
            return True
        if token.word is None or token.word.value != "definite":
            return False
    return False


_LIKE = {
    "بنك": ("بنك", "مصرف", "bank"), "مصرف": ("بنك", "مصرف", "bank"), "صندوق": ("صندوق", "fund"), "هييه": ("هييه", "authority"),
    "وزاره": ("وزاره", "ministry"), "جهاز": ("جهاز", "authority"),
}  # fmt: skip
"""What the name has in it that a definite noun stands for; الشركة may stand for any"""


def _is_like(name: Name, like: Sequence[str]) -> bool:
    text = f"{fold(name.text)} {name.canonical}".lower()
    return any(word in text for word in like)


def _pronoun(
    part: Part, at: int, cue_starts: frozenset[int], state: State, memory: Memory, before: Sequence[Party]
) -> Party | None:  # fmt: skip
    """فيها: in a relative part its antecedent, else the one spoken of last that is not the subject."""
    token = part.tokens[at]
    assert token.word is not None
    case = "in" if token.word.value == "shares" else token.word.value
    share = token.word.value == "shares" or _share_before(part.tokens, at - 1, cue_starts)
    if part.opener == "relative":
        names = part.antecedent.names if part.antecedent else ()
        return Party(names, case, token.start, token.end, share=share, anaphor=True, governor=token.start)
    taken = {key_of(n.value) for p in before if p.subject for n in p.names}
    if state.topic is not None and not taken:
        taken |= {key_of(n.value) for n in state.topic.names}
    one = memory.latest(taken)
    if one is None:
        return None
    return Party(
        (At(token.start, token.end, one),), case, token.start, token.end, share=share, anaphor=True, governor=token.start
    )


def remember(part: Part, state: State, memory: Memory, *, deal: bool) -> None:
    """Carry on what the text speaks of: the subject of a part that is no aside, and whoever was named last.

    A public body is spoken of only where it has a part in a deal: رئيس الحكومة says things about companies.
    """
    for party in part.parties:
        for name in party.names:
            memory.note(name.value)
    if part.aside:
        return
    pair = next((p for p in part.parties if p.case == "between" and len(p.names) == 2), None)
    if pair is not None:
        one, other = pair.names
        state.topic = Group((one,), "", one.start, one.end)
        state.partner = Group((other,), "with", other.start, other.end)
        return
    subjects = [p for p in part.parties if p.subject and p.kind != "agent"]
    subject = next((p for p in subjects if p.verb or p.opening), None) or next(iter(subjects), None)
    if subject is not None and all(n.value.kind not in ({"person"} if deal else {"person", "government"}) for n in subject.names):
        state.topic = Group(subject.names, "", subject.start, subject.end)
        state.partner = next(
            (Group(p.names, "with", p.start, p.end) for p in part.parties if p.case == "with" and p.names), state.partner
        )
        return
    speaker = next((p for p in part.parties if p.kind == "speaker" and p.names), None)
    speaker = speaker or next(
        (p for p in part.parties if p.case in {"of", ""} and p.kind != "owned" and p.names and not p.anaphor), None
    )
    if speaker is not None or (state.topic is None and part.parties and part.parties[0].names):
        first = speaker or part.parties[0]
        state.topic = Group(first.names, "", first.start, first.end)
    else:
        partner = next((p for p in part.parties if p.case == "with" and p.names), None)
        if partner is not None:
            state.partner = Group(partner.names, "with", partner.start, partner.end)


def mentions(parties: Sequence[Group]) -> list[Name]:
    """The participants of several groups, each once."""
    return distinct([name.value for party in parties for name in party.names])


__all__ = [
    "Amount", "DateMention", "Memory", "Part", "Party", "Token", "find_parties", "folded", "mentions", "one_name_each", "parts_of", "pattern_of", "remember", "syntax",
    "tokens_of", "word_of",
]  # fmt: skip
