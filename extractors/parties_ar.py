"""Who stands where in a part of an Arabic sentence (folded text).

Words that stand for a participant (الشركة, فيها) are participants, too: whom they mean is told by what the text speaks of.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus.language_table import languages
from extractors.alternation import alternation
from extractors.arabic_names import SPELLED
from extractors.cases_ar import WHICH_IS, Case, case_at, share_before
from extractors.draft import cue_words, distinct, key_of
from extractors.frames import Group, State
from extractors.known_names import lookup_entity
from extractors.normalize import fold
from extractors.pairs_ar import one_of_two
from extractors.parts_ar import Part, Party, Token
from extractors.people_ar import titled_people
from extractors.reading import At, Reading
from extractors.words_ar import folded, folded_names, form_of, pattern_of, word_of, word_table
from models.mention import Name

_ANOTHER = frozenset(
    {"الام", "الاول", "الاولي", "الثاني", "الثانيه", "الثالث", "الثالثه", "الجديد", "الجديده", "الاخري", "العالميه", "الوطنيه"}
)
"""After الشركة: another one than the one spoken of"""
_MARKS = re.compile(r"[«»\"“”'()]+")
_QUOTED = re.compile(r"[«\"“]\s?(\w[^«»\"“”,.;:()\n]{1,40}?)\s?[»\"”]")


@dataclass(slots=True)
class Memory:
    """Who has been named so far (`seen`, the last one last) and in the whole text (`all`)."""

    all: tuple[At[Name], ...] = ()
    seen: list[Name] = field(default_factory=list)
    paid: Sequence[Name] = ()
    """The company of the deal told last"""
    here: list[Name] = field(default_factory=list)
    """Those of the sentence that is being read"""
    sentence_end: int = 0
    """Where that sentence ends: a name after the word that stands for it is no other party of the same sentence"""

    def note(self, name: Name) -> None:
        """Take in one more mention."""
        self.here.append(name)
        self.seen.append(name)
        del self.seen[:-24]

    def latest(self, taken: set[str], like: Sequence[str] = ()) -> Name | None:
        """The participant named last that is not taken."""
        return next((n for n in reversed(self.seen) if key_of(n) not in taken and (not like or _is_like(n, like))), None)

    def foremost(self, taken: set[str], like: Sequence[str] = ()) -> Name | None:
        """The last of the sentence; else the one named most often so far, of equals the last; else the only one named later."""
        near = [n for n in (*self.paid, *self.here) if key_of(n) not in taken and (not like or _is_like(n, like))]
        if near:
            return near[-1]
        open_to = [n for n in self.seen if key_of(n) not in taken and (not like or _is_like(n, like))]
        if open_to:
            counts = Counter(key_of(n) for n in self.seen)
            return max(reversed(open_to), key=lambda n: counts[key_of(n)])
        ahead = {key_of(n.value): n.value for n in self.all if n.start >= self.sentence_end}
        named = [n for key, n in ahead.items() if key not in taken and (_is_like(n, like) if like else n.kind != "government")]
        return named[0] if len(named) == 1 else None


_COMPANY = ("a company",)
_LIKE = {
    "شركه": _COMPANY, "مجموعه": _COMPANY,
    "بنك": ("بنك", "مصرف", "bank"), "مصرف": ("بنك", "مصرف", "bank"), "صندوق": ("صندوق", "fund"), "هييه": ("هييه", "authority"),
    "وزاره": ("وزاره", "ministry"), "جهاز": ("جهاز", "authority"), "دايره": ("دايره", "department"),
    "بلديه": ("بلديه", "municipality"), "جامعه": ("جامعه", "university"), "غرفه": ("غرفه", "chamber"),
    "سلطه": ("سلطه", "authority"), "منظمه": ("منظمه", "organization"), "اكاديميه": ("اكاديميه", "academy"),
}  # fmt: skip
"""What the name has in it that a definite noun stands for; الشركة may stand for any"""


def _is_like(name: Name, like: Sequence[str]) -> bool:
    if like is _COMPANY:
        return name.kind not in {"fund", "government", "person"}
    text = f"{fold(name.text)} {name.canonical}".lower()
    return any(word in text for word in like)


def one_name_each(reading: Reading) -> list[At[Name]]:
    """The names of a text, with شركة X and X, and X as the table knows it, made one participant."""
    known: dict[str, Name] = {}
    people = _speakers(reading) | _officials(reading)
    titled = titled_people(reading)
    others = (*(_without_words(reading, n) for n in reading.names), *quoted_names(reading))
    names = sorted((*(n for n in others if not _is_titled(n, titled)), *titled), key=lambda n: n.start)
    for found in sorted(names, key=lambda n: n.value.entity_id is None):
        known.setdefault(_bare_name(found.value), found.value)
    out = []
    for found in names:
        name = found.value
        if _is_trade(reading, found):
            continue
        if (_is_word(name) and not _stands_quoted(reading, found)) or (
            name.entity_id is None and (fold(name.text) in people or _names_nobody(reading, found))
        ):
            continue
        bare = _bare_name(name)
        shorter, _, last = bare.rpartition(" ")
        first = known[shorter if (last.startswith("ال") or last.isdigit()) and shorter in known else bare]
        if name.entity_id is None:
            name = replace(
                name, canonical=first.canonical, entity_id=first.entity_id, parent=first.parent, aliases=first.aliases
            )  # fmt: skip
        out.append(At(found.start, found.end, name))
    return out


def _is_titled(found: At[Name], titled: Sequence[At[Name]]) -> bool:
    """Whether a name is of a person's title or a part of the person's name: رجل الأعمال."""
    return any(found.start < person.end and person.start < found.end for person in titled)


def _speakers(reading: Reading) -> frozenset[str]:
    """Unlisted names that speak as a man does (وقال فلان) where no noun for a company stands before: persons, wherever told."""
    named = (n for n in reading.names if n.value.entity_id is None and n.value.kind == "company" and not n.value.text.isascii())
    return frozenset(
        fold(n.value.text)
        for n in named
        if word_of(fold(n.value.text).split()[0]).sort != "heads"
        and _HE_SAYS.search(reading.clean.text, max(n.start - _SAYING, 0), n.start)
    )


def _officials(reading: Reading) -> frozenset[str]:
    """Unlisted names of two words and more after which their office is told, wherever else they stand: فلان رئيس مجلس الإدارة."""
    named = (n for n in reading.names if n.value.entity_id is None and n.value.kind == "company" and " " in n.value.text)
    return frozenset(
        fold(n.value.text)
        for n in named
        if word_of(fold(n.value.text).split()[0]).sort != "heads" and _OFFICE_OF.match(reading.clean.text, n.end)
    )


_SAYING = 14
_HE_SAYS = re.compile(r"(?<!\w)[وف]?(?:قال|يقول|اضاف|يضيف|اوضح|يوضح|اشار|يشير|اكد|تابع|ذكر|افاد|لفت|نوه|صرح|شدد|ختم|يستبعد) $")
"""A company is feminine: قالت"""


def _is_trade(reading: Reading, found: At[Name]) -> bool:
    """شركة تصنيع مواد البناء: the last word says with what follows it what a company does, even where it is a name elsewhere."""
    words = fold(found.value.text).split()
    return (
        len(words) < _TRADE_WORDS and words[-1] in _DOES_WHAT and _WHAT_IT_MAKES.match(reading.clean.text, found.end) is not None
    )


_TRADE_WORDS = 3


def _names_nobody(reading: Reading, found: At[Name]) -> bool:
    """Whether an unlisted name without a head is of a person, whose office follows (فلان نائب الرئيس), of a device (أجهزة Z), or
    no name but a description: أبرز الجامعات, خطوط ثابتة, شركائنا.
    """
    name = found.value
    if name.text.isascii():
        return _MAKE.search(reading.clean.text, max(found.start - _SAYING, 0), found.start) is not None
    if _ADDRESSED.fullmatch(fold(name.text)):
        return True
    if name.kind not in {"company", "fund"} or not fold(name.text)[:1].isalpha():
        return False
    words = fold(name.text).split()
    headed = len(words) > 1 and word_of(words[0]).sort == "heads"
    if headed and _KIND_ONLY.fullmatch(words[1]) and set(words[2:3]) <= _WHICH_OF_THEM:
        return True
    if word_of(words[0]).sort == "heads" or words[0] in folded("heads"):
        return False
    if _COMMON_FIRST.fullmatch(words[0]) or (len(words) > 1 and words[0] in folded("goods")):
        return True
    office = _OFFICE.match(reading.clean.text, found.end)
    return office is not None and len(words) > 1


_MAKE = re.compile(
    r"(?<!\w)[وفبل]?(?:ال)?(?:اجهزه|جهاز|هاتف|هواتف|طراز|لعبه|العاب|حاسوب|حواسيب|طابعه|كاميرا|معالج|معالجات|شاشه) [«\"]?$"
)


_COMMON_FIRST = re.compile(
    r"رجل|رجال|شريك|جزءا?|مدي|ابرز|اشهر|احدث|اهم|اكبر|كبري|كبار|كبريات|افضل|رواد|اصحاب|مختلف|جميع|بعض|معظم|احد|احدي|اوايل|السوق|اعمالنا|شركتنا|مجموعتنا|بنكنا|فريقنا|علامتنا|علاماتنا|بعضنا|بعضهم|بعضها|بعضهما|\w{2,}(?:اينا|اتنا|يينا)|\w{3,}هما"
)
_DOES_WHAT = frozenset({"تصنيع", "تطوير", "انتاج", "توزيع", "تاجير", "تصميم", "توصيل", "تجاره", "تنظيم", "صناعه"})
_WHAT_IT_MAKES = re.compile(
    r" (?:ادويه|برمجيات|برامج|مواد|اجهزه|معدات|سيارات|العاب|تطبيقات|منتجات|اغذيه|ملابس|رقايق|طعام|طلبات|عقارات|هواتف)(?!\w)"
)
"""شركة تطوير برمجيات: what it does, not which it is"""
_KIND_ONLY = re.compile(
    r"(?:اسلام|محل|عالم|اجنب|خليج|عرب|وطن|تجار|عقار|دول|استثمار|اقليم|اوروب|اسيو|صناع|حكوم|اهل|مال"
    r"|مصرف|بنك|اسراييل|فلسطين|سور|عراق|يمن|ليب|تونس|جزاير|مغرب|سودان|اندونيس|ماليز|سنغافور|استرال|كند|برازيل|افريق"
    r"|نرويج|سويد|دنمارك|هولند|بلجيك|يونان|نمساو|تايوان|بحرين|عمان|ترك|مصر|سعود|كويت|قطر|هند|صين|روس|فرنس|المان|بريطان|امريك|اميرك|ايطال|اسبان|يابان|امارات|اردن|لبنان|باكستان|سويسر|كور)يه?"
)
"""مصرف إسلامي, شركة عقارية: of what kind, not which"""
_WHICH_OF_THEM = frozenset({"ثانيه", "ثان", "ثالثه", "ثالث", "اخري", "اخر", "جديده", "جديد", "كبري", "كبيره", "خاصه", "ناشيه"})
"""شركة فلسطينية ثانية: nor does this say which"""
_OFFICE = re.compile(r",? (?:عضو|(?:ال)?(?:رييس|رييسه|نايب|مدير|مديره|مستشار|محلل|خبير))(?!\w)")
_OFFICE_OF = re.compile(r" (?:ال)?(?:رييس|نايب) (?:ال)?(?:مجلس|تنفيذي|رييس)")
"""Without a comma: his office, not the company's officer"""
_ADDRESSED = re.compile(r"ال(?:بنك|شركه|مصرف|مجموعه|صندوق) ال\w+(?:ين|ون)")
"""مساهمي البنك المقيدين: what people it speaks of, no name"""
_HEAD_AND_QUOTED = re.compile(r"\w+\s[«\"“]\s?(\w[^«»\"“”]*?)\s?[»\"”]")
_CAPITAL_OF = re.compile(r"(?:راس مال|راسمال) [«\"“]?(?=\w{2})")
"""رأس مال «لوناريس»: whose capital it is"""
_LEAD = re.compile(r"(?:شركه|شركتي|شركتا|مجموعه|(?P<word>قياده|رياسه))\s+[«\"“]?")
"""What may stand before a known name and not belong to it"""


def _without_words(reading: Reading, found: At[Name]) -> At[Name]:
    """An unknown name without the words around it that the grammar knows: أدنوك إتمام, قيادة إنفيديا, شركة أوراكل."""
    text = reading.clean.text[found.start : found.end]
    capital = _CAPITAL_OF.match(text)
    if capital is not None and found.value.entity_id is None:
        start = found.start + capital.end()
        first, last = reading.clean.raw_span(start, found.end)
        own = reading.clean.raw[first:last].strip('«»"“”')
        return At(start, found.end, replace(found.value, start=first, end=last, text=own, canonical=own))
    quoted = _HEAD_AND_QUOTED.fullmatch(text)
    if quoted is not None and found.value.entity_id is None and not text.startswith(("قياده", "رياسه")):
        row = _row_at(reading, found.start + quoted.start(1), found.start + quoted.end(1))
        inner = reading.clean.slice(found.start + quoted.start(1), found.start + quoted.end(1))
        return At(found.start, found.end, row or replace(found.value, canonical=inner))
    if found.value.entity_id is not None:
        word = _LEAD.match(text)
        return At(found.start + word.end(), found.end, found.value) if word and word["word"] else found
    words = list(re.finditer(r"\S+", text))
    first = 1 + bool(words and words[0].group() in folded("heads"))  # شركة الاستثمار …: a head alone is no name
    spelled = {at for letters in SPELLED.finditer(text) for at in range(*letters.span())}  # كي بي ان
    common = (n for n, word in enumerate(words) if n >= first and word.start() not in spelled and _is_common(word.group()))
    cut = next(common, len(words))
    end = words[cut - 1].end() if words else len(text)
    lead = _LEAD.match(text)
    known = _row_at(reading, found.start + lead.end(), found.start + end) if lead else None
    if known is not None or (lead and lead["word"]):
        start = found.start + lead.end() if lead else found.start
    elif cut == len(words):
        return _of_two(found, text)
    else:
        start = found.start
        known = _row_at(reading, start, found.start + end)
    first, last = reading.clean.raw_span(start, found.start + end)
    published = reading.clean.raw[first:last].strip('«»"“”')
    name = replace(found.value, start=first, end=last, text=reading.clean.raw[first:last], canonical=published)
    return At(start, found.start + end, known or name)


def _of_two(found: At[Name], text: str) -> At[Name]:
    """شركتي A وB: the head says that there are two, and is no part of the name of the first."""
    head = _DUAL.match(text)
    if head is None:
        return found
    own = found.value.canonical.partition(" ")[2].strip('«»"“” ')
    return At(found.start, found.end, replace(found.value, canonical=own)) if own else found


_DUAL = re.compile(r"(?:شركتي|شركتا|مجموعتي|مجموعتا|بنكي|بنكا|مصرفي|مصرفا|موسستي|موسستا) (?=[«\"“]?\w)")


def _row_at(reading: Reading, start: int, end: int) -> Name | None:
    """The row of the entity table that is named from `start` to `end`, quotation marks aside."""
    first, last = reading.clean.raw_span(start, end)
    text = reading.clean.raw[first:last]
    row = lookup_entity(text.strip('«»"“”'))
    return Name(first, last, text, row.name, row.id, row.kind, row.spellings[1:]) if row is not None else None


def _is_common(word: str) -> bool:
    sort = word_table()[word].sort if word in word_table() else ""
    return (
        sort in {"agentives", "case", "conjunctions", "relative", "that"}
        or word in cue_words("ar")
        or word in _folded_keys(tuple(languages()["ar"].numbers.digits))
    )


@functools.cache
def _folded_keys(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


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


_NOT = frozenset({"لا", "لم", "لن", "ما", "ليس", "ليست", "غير"})


def _may_name(text: str, *, led: bool) -> bool:
    """Whether a quotation can be a name; a single definite noun («التأمين», a sector) only after a head noun (بنكا «الساحل»)."""
    words = text.split()
    table = word_table()
    sorts = [table[word].sort if word in table else "other" for word in words]
    told = (
        sorts[0] in {"verbs", "case", "speakers"}
        or words[0] in _NOT
        or any(sort in {"that", "relative", "conjunctions", "pronoun"} for sort in sorts)
    )
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
    stem = bare.removesuffix("ا")  # عقودا
    if any(word in folded_names(key) for key in ("generic", "breaks") for word in (bare, stem)) or stem in folded("agreements"):
        return True
    return (
        bare in words
        or text in words
        or bare in folded("goods")
        or text in folded("services")
        or ((form_of(text) is not None and not text.startswith("سي")) or text in word_table())
    )


def _stands_quoted(reading: Reading, found: At[Name]) -> bool:
    """حصلت «نقلة» على تمويل: what stands in quotation marks where a participant does is called so, whatever it means."""
    text = reading.clean.text
    return (
        text[max(found.start - 1, 0)] in _OPENS_QUOTE
        and text[found.end : found.end + 1] in {"»", '"', "”"}
        and not found.value.text.startswith("ال")
    )


_OPENS_QUOTE = frozenset('«"“')
_PUBLIC = frozenset({"حكومه", "حكومتي", "وزاره", "جامعه"})


def _bare_name(name: Name) -> str:
    """The folded name without its head noun and quotation marks; حكومة عجمان and مصرف عجمان are not one."""
    words = _MARKS.sub(" ", fold(name.text)).lower().split()
    while len(words) > 1 and words[0] in folded("heads") and words[0] not in _PUBLIC:
        words = words[1:]
    return " ".join(words)


def is_bystander(name: Name, part: Part | None = None) -> bool:
    """Whether the name is of a body that only lists, rates or reports deals: a market, an agency; a regulator unless it signs."""
    text = _MARKS.sub("", fold(name.text))
    if _opening("bystanders").match(text) or (text.startswith("ل") and _opening("bystanders").match(text[1:])):
        return part is None or not text.startswith("بورصه") or not _exchange_held(part)
    if not _opening("regulators").match(text):
        return False
    return part is None or not pattern_of("signing").search(" ".join(token.text for token in part.tokens))


def _exchange_held(part: Part) -> bool:
    """باعت بورصة دبي حصتها في بورصة لندن, حصلت بورصة دبي على قرض: an exchange as a company, not as where shares are dealt in."""
    text = " ".join(token.text for token in part.tokens)
    if _EXCHANGE_HOLDS.match(text) is not None:
        return True
    return _OF_EXCHANGE.search(text) is not None and pattern_of("trading").search(text) is None


_EXCHANGE_HOLDS = re.compile(r"(?:[^ ]+ ){0,6}?[وف]?(?:تملك|تمتلك|امتلكت|اشترت) (?:[^ ]* ){0,8}?(?:من|في)(?: |$)")
"""تملك بورصة دبي 21% من بورصة ناسداك"""
_OF_EXCHANGE = re.compile(r"(?<!\w)[وفبل]?(?:حصته|حصتها|حصه|قرضا?)(?!\w)")


@functools.cache
def _opening(key: str) -> re.Pattern[str]:
    """A list of the table as how a name begins."""
    return re.compile(rf"(?:{alternation(folded(key))})(?:(?<= )|(?!\w))")


@dataclass(frozen=True, slots=True)
class Scene:
    """What the participants of a part are found by: where the words of its cues stand, and what the text speaks of."""

    cue_starts: frozenset[int]
    state: State
    memory: Memory


def find_parties(part: Part, scene: Scene) -> list[Party]:
    """The participants of a part in text order."""
    out: list[Party] = []
    last_at = meant_at = -9
    for at, token in enumerate(part.tokens):
        if token.depth:
            continue
        if token.name is not None:
            product = token.name.value.kind == "product" and not _bought(part.tokens, at)
            if product or (is_bystander(token.name.value, part) and not _signed_with(part, at)):
                continue
            if _holds_in_turn(part.tokens, at):
                out.append(_party(part.tokens, at, (token.name,), Case("", token.start, opening=True)))
                last_at, meant_at = at, -9
                continue
            listed = out and out[-1].names and last_at >= 0
            listed = listed and (_joined(part.tokens, last_at, at) or one_of_two(part.tokens, last_at, at))
            if listed or (meant_at >= 0 and out[-1].case == "between" and out[-1].names and _joined(part.tokens, meant_at, at)):
                out[-1] = _extended(out[-1], token.name)
            elif out and out[-1].names and _same_again(part.tokens, last_at, at):
                if _quoted_after(out[-1], token):
                    out[-1] = replace(out[-1], names=(*out[-1].names[:-1], token.name), end=token.end)
            else:
                party = _party(part.tokens, at, (token.name,), case_at(part.tokens, at, scene.cue_starts))
                if party.kind == "owned" and out and out[-1].names and _owned_by(part.tokens, last_at, at):
                    out[-1] = _of_owner(out[-1], token.name.value)
                if party.case == "of" and party.kind == "owned" and _named_next(part.tokens, at):
                    continue  # في منافس OpenAI وهو شركة Anthropic: the preposition belongs to the second
                out.append(party)
            last_at, meant_at = at, -9
        elif token.word is not None:
            meant = _stands_for(part, at, scene, out)
            if meant is None:
                continue
            if (
                out
                and out[-1].case == "between"
                and len(out[-1].names) == 1
                and meant.names
                and _joined(part.tokens, last_at, at + 1)
            ):
                out[-1] = _extended(out[-1], meant.names[0])
            else:
                out.append(meant)
            last_at, meant_at = -9, at
    return out


def _holds_in_turn(tokens: Sequence[Token], at: int) -> bool:
    """تملك X 25% في A وY 36% في B: with Y, what is told of X begins again."""
    if at < 2 or tokens[at - 1].text != "و":
        return False
    if not any(t.mention == "percent" for t in tokens[:at]) or len(tokens) < at + 4:
        return False
    share, within, company = tokens[at + 1 : at + 4]
    return share.mention == "percent" and within.text in {"في", "من"} and company.name is not None


def _signed_with(part: Part, at: int) -> bool:
    """وقعت X اتفاقية مع سوق Y, أعلنت بورصة Y عن توقيع اتفاقية مع X: a market or a committee as who signs, too."""
    name = part.tokens[at].name
    if name is None or not _MAY_SIGN.match(fold(name.value.text)):
        return False
    before = next((t for t in reversed(part.tokens[:at]) if t.name is None and t.text not in {"و", "كل", "من"}), None)
    if before is None or not (before.text in _SIGNS_FOR or _ANNOUNCES.fullmatch(before.text)):
        return False
    if before.text == "وعن" and before is part.tokens[0]:
        return True  # وقع الاتفاقية عن X فلان، وعن سوق Y فلان
    if fold(name.value.text).startswith("لجنه") and not _SIGNS.fullmatch(before.text):
        return False
    said = " ".join(token.text for token in (part.tokens[:at] if before.text == "مع" else part.tokens))
    return pattern_of("signing").search(said) is not None


_MAY_SIGN = re.compile(r"(?:(?:ال)?(?:سوق|بورصه)|لجنه|ناسداك) ")
_SIGNS_FOR = frozenset({"مع", "عن", "وعن", "جانب"})
"""وقع الاتفاقية عن سوق Y"""
_SIGNS = re.compile("[وف]?(?:وقع|ابرم)ت?")
_ANNOUNCES = re.compile("[وف]?(?:اعلن|وقع|ابرم|عقد)ت?")


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
    """Whether a product stands as a company: تطبيق «كريم» and شركة اندرويد are bought as one."""
    before = tokens[at - 1] if at else None
    if _headed(tokens[at]):
        return True
    return before is not None and before.word is not None and before.word.sort == "heads"


def _extended(party: Party, name: At[Name]) -> Party:
    return replace(party, names=(*party.names, name), end=name.end, partner=party.partner + 1)


def _joined(tokens: Sequence[Token], last: int, at: int) -> bool:
    """Whether only و, commas, head nouns and brackets stand between two names, and at least one of the first two."""
    link = False
    first = last + 1 if last >= 0 else at
    if tokens[first].text == "في":
        for words in (1, 2):  # في دبي, في راس الخيمه
            place = tokens[first + 1 : first + 1 + words]
            if at - first > words + 1 and _is_place(place) and tokens[first + 1 + words].text.startswith("و"):
                first += 1 + words
                break
    if at - first > 1 and _restated(tokens[first]) and tokens[first + 1].text.startswith(("و", ",")):
        first += 1
    for token in tokens[first:at]:
        if token.depth or token.text == ")":
            continue
        if token.text in {"و", ",", "وكل", "وبين"} or (
            token.word is not None and token.word.sort in {"heads", "anaphors"} and token.word.linked
        ):
            link = True
        elif token.word is None or (
            token.word.sort not in {"heads", "anaphors"} and token.text not in {"كل", "كلا", "من", "وكل"}
        ):
            return False
    return link


def _is_place(tokens: Sequence[Token]) -> bool:
    """في الدولة, في دبي between two of a list."""
    text = " ".join(token.text for token in tokens)
    return text in {"الدوله", "المنطقه", "المملكه", "السلطنه"} or text in folded_names("regions")


def _restated(token: Token) -> bool:
    """A word right after a name that may stand before the next of a list: its short form (شركة بترول الساحل المحدودة ساحلكو) or
    its place (دائرة التنمية بالشارقة).
    """
    word = token.word
    if word is not None and not word.linked and token.text in folded_names("places"):
        return True  # اريكسون السويدية ونوكيا
    if word is None or word.sort != "other" or word.linked:
        return False
    return word.value != "definite" or token.text.startswith("بال")


def _same_again(tokens: Sequence[Token], last: int, at: int) -> bool:
    """اوريون القابضة Orion Holdings; شركة رابغ (بترو رابغ): the same participant in another spelling."""
    if last < 0:
        return False
    between = tokens[last + 1 : at]
    if not between and _headed(tokens[at]):
        return False  # اشترت س شركة ص
    pair = (tokens[last].name, tokens[at].name)
    ids = {name.value.entity_id for name in pair if name is not None and name.value.entity_id}
    return len(ids) < 2 and all(token.depth or token.text == ")" for token in between) and at - last < 4


def _headed(token: Token) -> bool:
    return token.name is not None and fold(token.name.value.text).partition(" ")[0] in folded("heads")


def _quoted_after(party: Party, token: Token) -> bool:
    """شركة الألعاب الأميركية «X»: what is in quotation marks right after a description is the name."""
    last = party.names[-1]
    return token.depth == 0 and 2 <= token.start - last.end <= 3 and last.value.entity_id is None


def _named_next(tokens: Sequence[Token], at: int) -> bool:
    for token in tokens[at + 1 : at + 4]:
        if token.name is not None:
            return True
        if token.word is None or (token.text not in WHICH_IS and token.word.sort != "heads"):
            return False
    return False


def _party(tokens: Sequence[Token], at: int, names: tuple[At[Name], ...], case: Case) -> Party:
    here = tokens[at]
    return Party(
        names, case.case, here.start, here.end, verb=case.verb, opening=case.opening, share=case.share, governor=case.governor,
        kind=case.kind,
    )  # fmt: skip


def may_stand(word: str) -> bool:
    """Whether a word is one of those that stand for a participant: الشركة, فيها."""
    return word_of(word).sort in _SUBSTITUTES or word in _ALSO_STAND


def _stands_for(part: Part, at: int, scene: Scene, before: Sequence[Party]) -> Party | None:
    """الشركة, الطرفان, فيها: the participant that the word stands for."""
    token = part.tokens[at]
    word = token.word
    if word is None or (word.sort not in _SUBSTITUTES and token.text not in _ALSO_STAND):
        return None
    if token.text == "بيننا" and scene.state.speaker is not None:
        return Party(scene.state.speaker.names, "between", token.start, token.end, anaphor=True)
    if _is_latter(part.tokens, at):
        return _latter(part, at, scene)
    if word.sort not in _SUBSTITUTES:
        return None
    if word.sort == "pairs" or word.value == "both":
        both = [group for group in (scene.state.topic, scene.state.partner) if group is not None]
        names = tuple(name for group in both for name in group.names)
        case = "between" if word.value == "both" else ""
        return Party(names, case, token.start, token.end, anaphor=True) if len(both) == 2 else None
    if word.sort == "pronoun":
        return _pronoun(part, at, scene, before)
    follows = part.tokens[at + 1] if at + 1 < len(part.tokens) else None
    if follows is not None and (
        follows.name is not None or (follows.text in _ANOTHER and token.text != "الكيان") or _apposed(part.tokens, at)
    ):
        return None
    if at and part.tokens[at - 1].name is not None and not word.linked:
        return None
    own = Case(word.value, token.start, share_before(part.tokens, at - 1, scene.cue_starts)) if word.value else None
    party = _party(part.tokens, at, (), own or case_at(part.tokens, at, scene.cue_starts))
    partner = _partner_under(part.tokens[:at], before) if party.share else None
    if partner is not None:
        return replace(party, names=partner.names, anaphor=True)
    taken = {key_of(t.name.value) for t in part.tokens if t.name is not None and not t.depth}
    this = bool(at) and part.tokens[at - 1].text in {"هذه", "هذا"}
    like = _LIKE.get(token.text.removeprefix("و").removeprefix("ل").removeprefix("ب").lstrip("ال"), ())
    found = scene.state.topic if party.case == "" else None
    if found is None or (like and not _is_like(found.names[0].value, like)) or any(key_of(n.value) in taken for n in found.names):
        one = _whose_share_moves(part.tokens[:at]) if party.share else None
        one = one or (scene.memory.latest(taken, like) if this else scene.memory.foremost(taken, like))
        if one is None:
            return replace(party, names=(), anaphor=True) if like else None
        found = Group((At(token.start, token.end, one),), "", token.start, token.end)
    return Party(found.names, party.case, token.start, token.end, 0, party.verb, party.opening, party.share, True, party.governor)


def _is_latter(tokens: Sequence[Token], at: int) -> bool:
    """رفضت الأخيرة, من الأخيرة: after a verb or a preposition the one named last, and no adjective."""
    before = tokens[at - 1] if at else None
    if tokens[at].text not in _LATTER:
        return False
    if before is None or before.word is None:
        return False
    return before.word.sort in {"verbs", "case"} or before.text in {"بموجبها", "بموجبه"}


_LATTER = frozenset({"الاخيره", "الاخير"})
_SUBSTITUTES = frozenset({"anaphors", "pairs", "pronoun"})
"""Sorts of words that stand for a participant"""
_ALSO_STAND = _LATTER | {"بيننا"}


def _latter(part: Part, at: int, scene: Scene) -> Party | None:
    taken = {key_of(n.value) for n in scene.state.topic.names} if scene.state.topic is not None else set()
    one = next((n for n in reversed(scene.memory.seen) if n.kind != "person" and key_of(n) not in taken), None)
    token = part.tokens[at]
    own = [t.name.value for t in part.tokens[:at] if t.name is not None and not t.depth]
    one = own[-1] if own and len(own) > 1 else one
    if one is None:
        return None
    party = _party(part.tokens, at, (), case_at(part.tokens, at, scene.cue_starts))
    return replace(party, names=(At(token.start, token.end, one),), anaphor=True, kind="agent")


def _partner_under(tokens: Sequence[Token], before: Sequence[Party]) -> Party | None:
    """وقعت X اتفاقية مع Y تستحوذ بموجبها على 10% من أسهم الشركة: the company is Y."""
    partner = next((p for p in reversed(before) if p.case == "with" and p.names), None)
    led = (t.text for t in tokens if partner is not None and t.start >= partner.end)
    under = any(t.text in {"بموجبها", "بموجبه"} for t in tokens) or any(text in _TO_BUY for text in led)
    return partner if under else None


_TO_BUY = frozenset({"لشراء", "لاقتناء", "للاستحواذ", "لتملك"})
"""وقعت X مذكرة مع Y لشراء 50% من أسهم الشركة"""


def _whose_share_moves(tokens: Sequence[Token]) -> Name | None:
    """ارتفع سهم X بعد استحواذ Y على حصة من الشركة: the company is X."""
    pairs = pairwise(tokens)
    return next((t.name.value for before, t in pairs if t.name is not None and before.text.lstrip("وف") in _ITS_SHARE), None)


_ITS_SHARE = frozenset({"سهم", "لسهم", "بسهم"})


def _apposed(tokens: Sequence[Token], at: int) -> bool:
    """الشركة المطورة لـ«X»; شركة الألعاب الأميركية «X»: a name follows the noun and its adjectives directly."""
    for token in tokens[at + 1 : at + 4]:
        if token.name is not None:
            return True
        if token.word is None or not (token.word.value == "definite" or token.text in folded_names("places")):
            return False
    return False


def _pronoun(part: Part, at: int, scene: Scene, before: Sequence[Party]) -> Party | None:
    """فيها: in a relative part its antecedent, else the one spoken of last that is not the subject."""
    token = part.tokens[at]
    assert token.word is not None
    case = "in" if token.word.value == "shares" else token.word.value
    share = token.word.value == "shares" or share_before(part.tokens, at - 1, scene.cue_starts)
    if part.opener == "relative":
        names = part.antecedent.names if part.antecedent else ()
        return Party(names, case, token.start, token.end, share=share, anaphor=True, governor=token.start, kind="pronoun")
    taken = {key_of(n.value) for p in before if p.subject for n in p.names}
    if scene.state.topic is not None and not taken and not _does_it(part.tokens, at):
        taken |= {key_of(n.value) for n in scene.state.topic.names}
    own = token.word.value == "shares"
    one = scene.memory.latest(taken)
    if one is None or (own and all(key_of(n) != key_of(one) for n in scene.memory.here)):
        return None
    return Party(
        (At(token.start, token.end, one),), case, token.start, token.end, share=share, anaphor=True, governor=token.start
    )


def _does_it(tokens: Sequence[Token], at: int) -> bool:
    """استثمرت فيها شركة X: the subject follows, so that the pronoun may be what the text speaks of."""
    verb = tokens[at - 1].word if at else None
    return verb is not None and verb.sort == "verbs" and at + 1 < len(tokens) and tokens[at + 1].name is not None


def remember(part: Part, state: State, memory: Memory, *, deal: bool) -> None:
    """Carry on what the text speaks of: the subject of a part that is no aside, and whoever was named last.

    A public body is spoken of only where it has a part in a deal: رئيس الحكومة says things about companies.
    """
    for party in part.parties:
        for name in party.names:
            memory.note(name.value)
    for party in part.parties:
        if party.kind == "speaker" and party.names and not party.share:
            state.speaker = Group(party.names[:1], "", party.start, party.end)
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
    named = [p for p in part.parties if p.names and not p.anaphor and p.kind not in {"agent", "owned"}]
    speaker = next((p for p in part.parties if p.kind == "speaker" and p.names), None)
    opens = part.opener == "comma" and len(memory.here) == sum(len(p.names) for p in part.parties)
    if speaker is None and (opens or part.opener in {"start", "link", "conjunction"}):
        speaker = next((p for p in named if p.case in {"of", ""}), None)
        if speaker is None and part.opener == "start" and len(named) == 1 and named[0].case == "to":
            speaker = named[0]
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
