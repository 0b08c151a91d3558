"""The place of a cue in an Arabic sentence: its part, the parts that lead to it and carry it on, and who stands around it."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain

from extractors.cues_ar import find_cues, may_open
from extractors.draft import CueAt, Draft, distinct, key_of
from extractors.frames import Group, Place, State, first_of, names_of
from extractors.normalize import CleanText
from extractors.parties_ar import Memory, Scene, find_parties, may_stand, remember
from extractors.parts_ar import WORDS, Part, Party, Token, parts_of, tokens_of
from extractors.reading import At, Clause, Reading, Sentence
from extractors.words_ar import GLUED, folded, pattern_of
from models.mention import Amount, Name

Drafts = Iterator[Draft | None]
"""What a frame finds at its place; None where a role that it needs is open"""


@dataclass(slots=True)
class Spot(Place):
    """A place with the parts of its sentence: `before` and `after` are the participants on both sides of the cue."""

    part: Part
    before: tuple[Party, ...]
    """Those of the parts that lead to it, then those of the part"""
    after: tuple[Party, ...]
    """Those of the part, then those of the parts that carry it on"""
    earlier: tuple[Party, ...]
    """Those of all parts of the sentence that come before"""
    later: tuple[Party, ...]
    """Those of all parts of the sentence that follow"""
    scope: str
    """The text of the part and of the parts that lead to it and carry it on"""
    until: int
    """Where the last part ends that carries it on"""
    previous: tuple[CueAt, ...]
    """Cues of the part that stand before this one"""
    tokens: tuple[Token, ...]
    """Of the sentence"""

    def words(self, start: int, end: int) -> str:
        """The words from `start` to `end` that are part of no name."""
        return " ".join(t.text for t in self.tokens if start <= t.start < end and t.text)

    def percent(self) -> At[Decimal] | None:
        """As of any place, but for how much the price of a share moved: ارتفع سهم X 5% إثر استحواذها على Y."""
        moved = [p for p in self.clause.percents if p.end <= self.cue.start and self._is_price_move(p)]
        if not moved:
            return Place.percent(self)
        own = [p for p in self.clause.percents if p not in moved]
        return min(own, key=lambda p: abs(p.start - self.cue.end), default=None)

    def _is_price_move(self, percent: At[Decimal]) -> bool:
        return _MOVES.search(self.text(max(percent.start - _MOVE_REACH, self.sentence.start), percent.start)) is not None

    @property
    def rest(self) -> str:
        """The part's text after the cue."""
        return self.words(self.cue.end, self.part.end)

    @property
    def verbal(self) -> bool:
        """Whether the cue is a finite verb, not a noun of action."""
        return any(t.start == self.cue.start and t.word is not None and t.word.sort == "verbs" for t in self.part.tokens)

    @property
    def takes_on(self) -> bool:
        """Whether the cue is استحوذ and its nouns, whose object follows على."""
        return bool(re.search(r"ستحوا?ذ", self.text(self.cue.start, self.cue.end)))

    def text(self, start: int, end: int) -> str:
        """The folded text from `start` to `end`, positions in the document."""
        return self.clean.text[start:end]


_MOVE_REACH = 60
_MOVES = re.compile(
    r"(?<!\w)[وف]?(?:ارتفعت?|تراجعت?|صعدت?|هبطت?|انخفضت?|قفزت?|زادت?|خسرت?|كسبت?) (?:سعر )?(?:سهم|اسهم)(?!\w)[^.;]*$"
)


@dataclass(slots=True)
class Laid:
    """A part with its cues and with what the text spoke of when it began."""

    sentence: Sentence
    part: Part
    cues: list[CueAt]
    signed: bool
    """Whether it has a word for signing"""
    state: State


def lay_out(reading: Reading, sentence: Sentence, names: Sequence[At[Name]], state: State, memory: Memory) -> list[Laid]:
    """The parts of a sentence in order, none where nothing in it matters; `state` and `memory` are carried on to its end."""
    if _is_beside(reading, sentence, names):
        return []
    out: list[Laid] = []
    notice: tuple[Group, Group] | None = None
    for part in parts_of(tokens_of(reading, sentence, names)):
        cues = find_cues(part)
        if part.aside and out:
            part.antecedent = _antecedent(out[-1].part, part)
        deeds = [c for c in cues if c.cue.frame != "bond"]  # سندات X: what is X's governs no case
        words = frozenset(t.start for c in deeds for t in part.tokens if c.start <= t.start < c.end)
        part.parties = find_parties(part, Scene(words, state, memory))
        signed = pattern_of("signing").search(reading.clean.text[part.start : part.end]) is not None
        out.append(Laid(sentence, part, cues, signed, replace(state) if cues or signed else state))
        remember(part, state, memory, deal=bool(cues))
        sender = _gives_notice(reading.clean.text, part)
        if sender is not None and state.topic is not None and not sender.shares(state.topic):
            notice = (state.topic, sender)
            state.topic = sender
            memory.note(notice[0].names[-1].value)
    if notice is not None and state.topic is notice[1]:
        state.topic = notice[0]
    return out


def _is_beside(reading: Reading, sentence: Sentence, names: Sequence[At[Name]]) -> bool:
    """Whether a sentence names nobody, and has no word that tells a deal or stands for somebody."""
    at = bisect_left(names, sentence.start, key=lambda n: n.start)
    if at < len(names) and names[at].start < sentence.end:
        return False
    text = reading.clean.text[sentence.start : sentence.end]
    return not any(map(_matters, WORDS.findall(text.lower()))) and not pattern_of("signing").search(text)


@functools.lru_cache(maxsize=1 << 16)
def _matters(word: str) -> bool:
    """Whether a word may open a cue or stand for a participant."""
    return may_open(word) or may_stand(word)


def _gives_notice(text: str, part: Part) -> Group | None:
    """تلقت X إخطارا من Y بأنها ستبيع حصتها في الشركة: of whom the rest of the sentence tells; X is who الشركة stands for."""
    senders = [p for p in part.parties if p.case == "source" and p.names]
    notice = _NOTICE.search(text, part.start, part.end) if senders else None
    sender = next((p for p in senders if notice is not None and p.start >= notice.end()), None)
    if notice is None or sender is None or sender.start - notice.end() > _SENDER_NEAR:
        return None
    said = _THAT_IT.search(text, sender.end, sender.end + _SENDER_NEAR)
    return Group(sender.names, "", sender.start, sender.end) if said else None


_NOTICE = re.compile(
    r"(?<!\w)[وف]?(?:تلقت?|تلقي|تلقيها|تلقيه|تسلمت?|استلمت?|وردها|ورده)"
    r"(?: \w+){0,3}? (?:اخطارا?|اشعارا?|خطابا?|افاده|بلاغا?|كتابا?)(?!\w)"
)
_THAT_IT = re.compile(r"(?<!\w)ب?ان(?:ها|ه)(?!\w)")
_SENDER_NEAR = 40
"""Characters from the notice to who gives it, and from there to what it says: إخطارا رسميا من مساهمها شركة Y يفيد بأنها …"""


def _antecedent(before: Part, part: Part) -> Party | None:
    """Who a relative part is said of: the participant right before it, adjectives and brackets between allowed."""
    if not before.parties:
        return before.antecedent if before.aside else None
    last = before.parties[-1]
    between = [t for t in before.tokens if t.start >= last.end and not t.depth and t.text != ")"]
    if between and between[0].name is not None:
        between = between[1:]  # شركة X إكس: its short form
    if all(t.word is not None and (t.word.value == "definite" or t.text in _ONE_OF) for t in between) and len(between) < 4:
        return last
    return None if part.opener == "relative" else last


_ONE_OF = frozenset({"احدي", "احد"})
"""A إحدى الشركات التي …: said of A"""


def _clause_at(sentence: Sentence, position: int) -> tuple[int, Clause]:
    for index, clause in enumerate(sentence.clauses):
        if position < clause.end:
            return index, clause
    return len(sentence.clauses) - 1, sentence.clauses[-1]


def spot_at(clean: CleanText, laid: Sequence[Laid], index: int, cue: CueAt) -> Spot:
    """The place of a cue in the part at `index`, with the parts that lead to it and carry it on."""
    row = laid[index]
    first, last = index, index
    while first and (laid[first].part.aside or _carries_on(laid[first].part, laid[first - 1].part)):
        first -= 1
    led = [] if row.part.aside else [p for r in laid[first:index] if not r.part.aside for p in r.part.parties]
    after = [p for p in row.part.parties if p.start >= cue.end]
    for at in range(index + 1, len(laid)):
        following = laid[at].part
        if following.aside:
            continue
        if not _carries_on(following, laid[at - 1].part):
            break
        after += following.parties
        last = at
    number, clause = _clause_at(row.sentence, cue.start)
    return Spot(
        clean=clean, sentence=row.sentence, index=number, clause=clause, groups=list(row.part.parties), state=row.state, cue=cue,
        part=row.part, before=tuple(p for p in (*led, *row.part.parties) if p.end <= cue.start), after=tuple(after),
        earlier=tuple(p for other in laid[:index] for p in other.part.parties),
        later=tuple(p for other in laid[index + 1 :] for p in other.part.parties),
        scope=clean.text[laid[first].part.start : laid[last].part.end],
        until=laid[last].part.end,
        previous=tuple(c for c in row.cues if c.start < cue.start),
        tokens=tuple(chain.from_iterable(other.part.tokens for other in laid)),
    )  # fmt: skip


def _carries_on(part: Part, before: Part) -> bool:
    """Whether a part after a comma goes on with the predicate before: after an aside, or with a preposition, sum or date."""
    token = part.tokens[0]
    if part.opener != "comma" or token.text in _ACCORDING:
        return False
    if token.text == "و" and not any(t.word is not None and t.word.sort == "verbs" for t in part.tokens):
        return True  # a list goes on: …، وبنك دبي
    if before.aside and not (token.word is not None and token.word.linked):
        return True
    if token.text in _SIGNED_THING or token.text in _ONE_OF_ALL:  # وقعت X، أكبر شركات البلاد، عقدا مع Y
        return True
    if token.mention or token.text == "ل":  # …، لشركة X
        return True
    if token.text[:1] == "ب" and token.text[1:] in folded("contracts"):  # فازت X، مؤخرا، بعقد
        return True
    if _DID.search(before.tokens[0].text) and _WHAT_IT_DID.fullmatch(token.text):
        return True
    if token.text in {"بمبلغ", "بقيمه"} and any(t.mention == "amount" for t in part.tokens):
        return True
    if token.text == "مبلغ" and len(part.tokens) > 1 and part.tokens[1].mention:
        return True
    return token.word is not None and token.word.sort in {"case", "adverbs", "shares"} and not token.word.linked


_ACCORDING = frozenset({"حسب", "بحسب", "وفق", "وفقا", "طبقا"})
_SIGNED_THING = frozenset({"عقدا", "عقدين", "عقودا", "اتفاقيه", "اتفاقيتين", "اتفاقا", "مذكره", "بروتوكولا", "قرضا", "تمويلا"})
_ONE_OF_ALL = frozenset({"متوافقه", "متوافق", "اكبر", "اضخم", "احدي", "احد", "اول", "ابرز", "كبري"})
_DID = re.compile(r"[وف]?قامت?$")
_WHAT_IT_DID = re.compile(r"ب(?:ال)?(?:بيع|شراء|استحواذ|توقيع|ابرام|استثمار|تاسيس|طرح|اصدار|تنازل|تخارج)")
"""قامت X، ببيع …: a comma between the verb and what was done"""


def subject_of(spot: Spot, *, agent: bool = True) -> Group | None:
    """Agent by من جانب; the name after the verb or noun of action; the bare one before; the antecedent of التي; the topic."""
    by = first_of(list(spot.after), "by")
    if by is not None:
        return by
    if agent:
        after = next((p for p in spot.after if not _is_pronoun(p)), None)
        if after is not None and after.subject and spot.cue.start <= after.governor < spot.cue.end:
            return after
    found = [p for p in spot.before if p.subject]
    if found:
        return next((p for p in reversed(found) if p.verb or p.opening or p.anaphor), found[-1])
    if spot.part.aside:
        held = spot.part.antecedent
        referred = any(p.anaphor and (held is None or not p.names or held.shares(p)) for p in spot.part.parties)
        if not referred:
            return held
    topic = spot.state.topic if _refers_back(spot) else None
    if topic is not None and any(p.start == topic.start and not p.subject for p in spot.after):
        topic = None  # حصلت … على عقد لتنفيذ أعمال في X: the only one named, told as something else
    return _spoken_for(spot) or topic or _of_its_share(spot)


def _of_its_share(spot: Spot) -> Party | None:
    """ارتفع سهم X إثر إعلانها الاستحواذ على Y: X, whose share moves, where a pronoun before the cue means it."""
    led = spot.text(spot.part.start, spot.cue.start)
    moves = _MOVES.search(led)
    owner = next((p for p in spot.before if p.names and p.share and p.verb), None) if moves is not None else None
    return owner if owner is not None and _ITS_DEED.search(spot.text(owner.end, spot.cue.end)) else None


_ITS_DEED = re.compile(r"(?<!\w)[وبل]?(?:اعلان|توقيع|استحواذ|ابرام|اتمام|شراي|شراء|بيع)(?:ها|ه)(?!\w)")


def _is_pronoun(party: Party) -> bool:
    """استثمرت فيها X: the subject follows the preposition with its pronoun."""
    return party.anaphor and party.governor == party.start


def _refers_back(spot: Spot) -> bool:
    """Whether what the text speaks of may be the subject: it is named in the sentence, something is signed, or a word of the part
    carries a subject named before: a finite verb without one of its own (وتعتزم شراء …), a pronoun (أنها، خططها), or a word that
    stands for it (الشركة). A noun of action alone speaks of nobody: عمليات الشراء.
    """
    topic = spot.state.topic
    signed = spot.cue.type == "partnership" and not TOGETHER.match(spot.text(spot.cue.start, spot.cue.end))
    named = topic is None or topic.start >= spot.sentence.start or any(p.shares(topic) for p in (*spot.earlier, *spot.before))
    if named or signed:
        return True
    begun = spot.until - len(spot.scope)
    tokens = [t for t in spot.tokens if begun <= t.start < spot.part.end]
    after = sum(t.start < spot.cue.end for t in tokens)
    for at, token in enumerate(tokens[: after + _NEXT_WORDS]):
        word = token.word
        if word is None or token.depth:
            continue
        if word.sort == "anaphors" or _POSSESSED.fullmatch(token.text):
            return True
        told = at < after and word.sort == "verbs" and word.bare not in _IMPERSONAL
        if told and not _has_own_subject(tokens, at):
            return True
    return spot.part.aside or any(p.anaphor for p in spot.before)


TOGETHER = re.compile(r"[وف]?ب(?:التعاون|الشراكه|الاشتراك)")
"""What only goes with a verb: بالتعاون مع"""
_NEXT_WORDS = 2
"""Words after the cue that may have its pronoun: بالتعاون مع شريكها"""
_POSSESSED = re.compile(r"\w{2,}(?:ها|هما|هم|نا|ته|اءه|ايه|انه)")
"""Its own: خطتها, شركته, أنها"""


def _has_own_subject(tokens: Sequence[Token], at: int) -> bool:
    """Whether a common noun follows the verb at once, and is neither what is signed nor what the text speaks of."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None or following.word is None or following.text[:1] in GLUED:
        return False
    after = tokens[at + 2] if at + 2 < len(tokens) else None
    if following.word.sort == "heads":  # كما تمتلك شركة أخرى
        return after is not None and after.word is not None and after.word.sort == "other"
    return following.word.sort == "other" and not pattern_of("agreements").search(following.text)


def _spoken_for(spot: Spot) -> Party | None:
    """الجمعية العمومية لـX تناقش إصدار …, خطة X لشراء …: whose office or plan it is that the part before the cue tells of."""
    for party in reversed(spot.before):
        if party.names and party.start >= spot.part.start and not party.share:
            planned = party.case == "of" and _PLAN.search(spot.text(max(party.start - _PLAN_REACH, spot.part.start), party.start))
            body = party.kind == "speaker" and _BODY.search(spot.text(spot.part.start, party.start))
            return party if body or planned else None
    return None


_BODY = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:جمعيه|جمعيتها|عموميه|مجلس|مساهمو|مساهمي|مساهمون)(?!\w)")
_PLAN = re.compile(
    r"(?<!\w)[وفبل]?(?:ال)?(?:خطه|خطط|نيه|صفقه|مفاوضات|محادثات|مباحثات|عرض|قرار|محاوله|محاولات|مساعي|مسعي|رغبه|توجه|عمليه|اهتمام)\s"
    r"(?:شركه |مجموعه |بنك )?[«\"]?$"
)
_PLAN_REACH = 24


def other_side(spot: Spot, agent: Group) -> Group | None:
    """The other side that the clause does not name: a participant before the cue, else the topic or its partner."""
    for group in (*reversed(spot.before), *([spot.part.antecedent] if spot.part.antecedent else []), *reversed(spot.earlier)):
        rest = tuple(n for n in group.names if key_of(n.value) not in {key_of(a.value) for a in agent.names})
        if rest and group.case in {"", "with", "between", "in", "on"}:
            return Group(rest, group.case, rest[0].start, rest[-1].end)
    return next((g for g in (spot.state.topic, spot.state.partner) if g and not g.shares(agent)), None)


def object_of(spot: Spot, agent: Group | None, *cases: str) -> Party | None:
    """The first participant after the cue in one of the cases that is not the agent."""
    return next((p for p in spot.after if p.case in cases and p.names and (agent is None or not p.shares(agent))), None)


_JOINTLY = re.compile(r"(?<!\w)[وف]?ب(?:الشراكه|الاشتراك|التعاون) $")
_JOINTLY_REACH = 14


def joint(spot: Spot, agent: Group) -> list[Name]:
    """استثمرت A بالشراكة مع B في C: the agent and those who do it with it."""
    beside = [
        p
        for p in (*spot.earlier, *spot.part.parties)
        if p.case == "with" and p.names and not p.anaphor and p.end <= spot.until and not p.shares(agent)
    ]
    told = [p for p in beside if _JOINTLY.search(spot.text(max(p.governor - _JOINTLY_REACH, 0), p.governor))]
    return distinct([n.value for group in (agent, *told) for n in group.names])


def shares_moved(
    spot: Spot, company: Group,
    *, buyer: Group | None, seller: Group | None = None, control: bool, amount: At[Amount] | None = None,
) -> Draft | None:  # fmt: skip
    """Shares of `company` pass on: a takeover where the percentage tells so or, without one, `control`."""
    percent = spot.percent()
    if percent.value > 50 if percent is not None else control:
        roles = {"acquirer": names_of(buyer), "target": company.mentions(), "seller": names_of(seller)}
        return spot.draft("acquisition", roles, percent=percent, amount=amount)
    roles = {"buyer": names_of(buyer), "seller": names_of(seller), "company": company.mentions()}
    return spot.draft("share_transfer", roles, percent=percent, amount=amount)


def last_party(parties: Sequence[Party], case: str) -> Party | None:
    """The last participant in a case."""
    return next((p for p in reversed(parties) if p.case == case and p.names), None)


def nearby(spot: Spot) -> tuple[Clause, ...]:
    return (spot.clause, *spot.following[:1])


def meets_needs(spot: Spot) -> bool:
    """Whether the amount or percentage that the cue must be told with stands in its clause or the next, or carries it on."""
    needs = spot.cue.cue.needs
    amounts = any(c.amounts for c in nearby(spot)) or any(a.start < spot.until for c in spot.following for a in c.amounts)
    shares = any(c.percents for c in nearby(spot))
    return {None: True, "amount": amounts, "percent": shares, "size": amounts or shares}[needs]


_SOME_COMPANY = re.compile(
    r"(?:اكبر|احدي|ابرز|اول|كبري)? ?(?:ال)?(?:شركه|شركات|منصه|منصات|تطبيق|متجر|بنك|مصرف|مجموعه)(?!\w)"
    r"(?: [^ ,.;«\"]+){0,6} ?[«\"]?$"
)
_TIMES = frozenset(
    {
        "صيف",
        "شتاء",
        "ربيع",
        "خريف",
        "عام",
        "العام",
        "سنه",
        "شهر",
        "الشهر",
        "يوم",
        "الربع",
        "النصف",
        "مطلع",
        "نهايه",
        "اوايل",
        "اواخر",
        "منتصف",
    }
)
"""What is after في a time, not a thing"""
_SHARES_OF = frozenset({"الطرح", "طرح", "الاكتتاب", "اكتتاب", "جوله", "راس", "راسمال", "اسهم", "حصه", "مشروع"})
"""What leads on to whose it is: في الطرح العام لـX"""


def unnamed_thing(spot: Spot, *prepositions: str, until: int | None = None) -> bool:
    """Whether a preposition after the cue, and before `until`, leads to something that has no name: استثمرت في البنية التحتية."""
    governors = {p.governor for p in spot.part.parties}
    for at, token in enumerate(spot.part.tokens[:-1]):
        if token.start < spot.cue.end or token.text not in prepositions or token.start in governors:
            continue
        if until is not None and token.start >= until:
            return False
        follows = spot.part.tokens[at + 1]
        if follows.text in _TIMES or (until is not None and follows.text in _SHARES_OF):
            continue
        if until is not None and _SOME_COMPANY.match(spot.text(follows.start, until)):
            continue  # في أكبر شركة للتقنية «X»: X is that company
        if follows.word is not None and not any(c.start <= follows.start < c.end for c in spot.previous):
            return True
    return until is None and any(not p.names for p in spot.after)


def present_subject(spot: Spot) -> Group | None:
    """The subject, when the predicate names it or begins with a finite verb that carries it (وتعتزم طرح …)."""
    named = [p for p in spot.before if p.case == "" and p.names]
    if named:
        return named[-1]
    first = next(
        (
            t
            for t in spot.part.tokens
            if t.word is not None and t.word.sort not in {"conjunctions", "that", "relative", "adverbs"}
        ),
        None,
    )
    if first is not None and first.word is not None and first.word.sort == "verbs" and _spoken_for(spot) is not None:
        return _spoken_for(spot)
    hidden = first is not None and first.word is not None and first.word.sort == "verbs" and first.word.bare not in _IMPERSONAL
    return subject_of(spot) if hidden or spot.verbal else None


_IMPERSONAL = frozenset(
    {"يتعلق", "تتعلق", "تم", "سيتم", "يتم", "تمت", "جري", "يجري", "يتوقع", "تجاوزت", "بلغت", "بلغ", "ارتفع", "ارتفعت", "تصل"}
)
