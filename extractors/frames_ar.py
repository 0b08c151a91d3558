"""Who does what to whom in an Arabic sentence (folded text: bare letters, أ is ا, ة is ه, ى is ي).

A cue of the deal tables opens a frame. Roles are found by the preposition before a name (في, على, من, مع, ل, بين), by the
order verb-subject-object or noun-of-action + agent (استحواذ شركة X على Y), and, where a verb carries its subject in
itself (وقّعت), by the subject that the text is still speaking of.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.draft import GENERAL, CueAt, Draft, cue_words, distinct, object_words, providers
from extractors.frames import Group, Place, State, first_of, last_of, names_of, payer_and_paid
from extractors.reading import At, Clause, Reading
from models.mention import Name

_WORD = re.compile(r"\w+")
_CLITICS = re.compile(r"([وف])?(لل|[بلك]?(?:ال)?)?")
_PRONOUN = re.compile(r"(?:ها|هما|هم|ه)$")
_CASES = {
    "في": "in", "علي": "on", "من": "source", "عن": "about", "مع": "with", "بين": "between", "الي": "to", "لصالح": "to", "لمصلحه": "to",
    "لحساب": "to", "لدي": "in", "عبر": "by", "بواسطه": "by", "قبل": "by", "جانب": "by", "خلال": "by", "بقياده": "by", "مثل": "with",
    "بحسب": "about", "وفق": "about", "وفقا": "about", "حسب": "about", "ضد": "about", "خارج": "about", "حول": "about", "بعد": "about",
    "بالتعاون": "with", "بالشراكه": "with", "كموزع": "about", "التابعه": "of", "التابع": "of", "المملوكه": "of", "ذراع": "of",
    "مقابل": "about", "منافس": "of", "منافسه": "of", "منافسها": "of", "منافستها": "of", "موسس": "of", "رييس": "of", "مدير": "of",
    "سهم": "of", "اسهم": "shares", "نماذج": "of", "منصه": "of", "موظفي": "of", "بورصه": "about", "سوق": "about", "منتجات": "of",
}  # fmt: skip
_ATTACHED = {"ل": "to", "ب": "about", "ك": "about"}
# Words that may stand between a preposition and its name.
_REACH = 6
_AND = re.compile(r"\s*(?:,\s*)?(?:و\s*)(?:كل من\s+)?(?:كلا من\s+)?(?:شركه|مجموعه|شركتي?|شركات)?\s*|\s*,\s*(?:شركه|مجموعه)?\s*")
_APPOSITION = re.compile(r"\s*[(\"«]\s*|\s*وهو\s+|\s*وهي\s+")
_WHICH_IS = re.compile(r"\s*(?:وهو|وهي|هو|هي)\s")
_MODIFIER_TAIL = re.compile(r"\w+\s*$")
_RELATIVE = re.compile(r"\s*(?:و)?(?:التي|الذي|اللتان|اللذان|الشريك\s+\S+\s+الذي)\b")
_SHARES = re.compile(r"حصه|حصت|سهم|اسهم|%|في الميه|في المايه|كامل|راسمال|وحده|اصول")
_COMPANY = re.compile(r"\s*(?:كامل\s+)?(?:شركه|مجموعه|بنك|مصرف|منافست?ها|وحده)\b")
_GOODS = re.compile(r"رقايق|معدات|قدرات|حوسبه|خدمات|وحدات|معالجات|اجهزه|طايرات|نظام|انظمه|طاقه")
_SIGNED = re.compile(
    r"(?<!\w)[وف]?(?:وقعت|وقع|توقيعها?|وقعوا|ابرمت|ابرم|ابرام\w*|اتفقت|اتفق|الاتفاق|باتفاقا?ت?|توصلت|توصل|التوصل|عقدت?|عقدها|جددت?|اتفاقا?ت?|اتفاقيه|مذكره)(?!\w)"
)
_SIGNED_THING = re.compile(r"اتفاقا?|اتفاقيه|اتفاقات|اتفاقيات|عقدا?|عقود|مذكره|صفقه|شراكه")


@functools.cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First word of a cue -> (all its words, the cue as the table writes it)."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for word in cue_words("ar"):
        parts = tuple(word.split())
        table.setdefault(parts[0], []).append((parts, word))
    for phrases in table.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return table


def _stems(word: str) -> Iterator[str]:
    """A word as written, then without its clitics and pronoun: وباستحواذها -> استحواذ."""
    yield word
    match = _CLITICS.match(word)
    bare = word[match.end() :] if match else word
    candidates = {bare, word[1:] if word[:1] in "وفبل" else word}
    candidates |= {_PRONOUN.sub("", c) for c in (*candidates, word)}
    yield from sorted((c for c in candidates if len(c) > 2 and c != word), key=len, reverse=True)


def find_cues(clause: Clause) -> Iterator[CueAt]:
    """Cues of a clause, longest phrase first at each word, none inside a name."""
    words = [(m.start(), m.end(), m.group().lower()) for m in _WORD.finditer(clause.text)]
    table = cue_words("ar")
    skip_to = 0
    for at, (first, _, word) in enumerate(words):
        start = clause.start + first
        if at < skip_to or any(name.start <= start < name.end for name in clause.names):
            continue
        found = _phrase_at(words, at, word)
        if found is None:
            continue
        length, phrase = found
        end = clause.start + words[at + length - 1][1]
        after = clause.text[end - clause.start :].lstrip()
        skip_to = at + length
        for kind, cue in table[phrase]:
            if cue.not_before and after.startswith(cue.not_before):
                continue
            yield CueAt(start, end, kind, cue)


def _phrase_at(words: list[tuple[int, int, str]], at: int, word: str) -> tuple[int, str] | None:
    for stem in _stems(word):
        for parts, phrase in _phrases().get(stem, ()):
            rest = [w for _, _, w in words[at + 1 : at + len(parts)]]
            if all(any(stem_of == part for stem_of in _stems(w)) for part, w in zip(parts[1:], rest, strict=False)):
                if len(rest) == len(parts) - 1:
                    return len(parts), phrase
    return None


def groups(clause: Clause) -> list[Group]:
    """The participants of a clause with their cases."""
    out: list[Group] = []
    before = clause.start
    passed: str | None = None
    for name in clause.names:
        gap = clause.between(before, name.start)
        last = out[-1] if out else None
        case = _case(gap)
        if passed is not None and _WHICH_IS.match(gap):
            case = passed  # في منافس OpenAI وهو شركة Anthropic: the preposition belongs to the second
        passed = None
        if name.value.kind == "product" or case == "of":
            passed = _case(_MODIFIER_TAIL.sub("", gap))
            before = name.end
            continue
        near = clause.between(last.end, name.start) if last else ""
        if last and _APPOSITION.fullmatch(near) and "(" in near:
            before = name.end
            continue
        if last and _AND.fullmatch(near) and near.strip():
            out[-1] = Group((*last.names, name), last.case, last.start, name.end, last.partner + 1)
        elif last and not near.strip() and case == "":
            pass  # اوريون القابضه Orion Holdings: the same one in another script
        else:
            out.append(Group((name,), case, name.start, name.end))
        before = name.end
    return out


def _case(gap: str) -> str:
    stripped = gap.rstrip()
    attached = gap[-1:] if gap == stripped else ""
    words = _WORD.findall(gap)
    if attached and words and words[-1] in {"و", "ف"}:
        words.pop()
    elif attached and words and len(words[-1]) <= 2 and words[-1][-1:] in _ATTACHED:
        return _ATTACHED[words[-1][-1]]
    for distance, word in enumerate(reversed(words)):
        if distance >= _REACH:
            break
        bare = word[1:] if word[:1] in "وف" and word[1:] in _CASES else word
        if bare in _CASES:
            return _CASES[bare]
        if word.startswith("ل") and distance <= 1 and word[1:] in {"شركه", "مجموعه", "بنك", "صالح", "موسسه", "وحده"}:
            return "to"
        if word.startswith("لل") and distance == 0:
            return "to"
        if re.fullmatch(r"[وف]?(?:اعلنت|اعلن|قالت|استثمرت|وقعت|ستشتري|اشترت|ان|انها|ان\w{0,2})", word):
            break
    return ""


def find_drafts(reading: Reading) -> Iterator[Draft]:
    """Every telling of a deal, in text order."""
    state = State()
    for sentence in reading.sentences:
        for index, clause in enumerate(sentence.clauses):
            members = groups(clause)
            anywhere = CueAt(clause.start, clause.start, "partnership", GENERAL)
            yield from _clause_drafts(Place(sentence, index, clause, members, state, anywhere))
            _remember(clause, members, state)


def _remember(clause: Clause, members: list[Group], state: State) -> None:
    if _RELATIVE.match(clause.text):
        return
    pair = next((g for g in members if g.case == "between" and len(g.names) == 2), None)
    if pair is not None:
        one, other = pair.names
        state.topic = Group((one,), "", one.start, one.end)
        state.partner = Group((other,), "with", other.start, other.end)
        return
    subject = first_of(members, "")
    if subject is not None:
        state.topic = subject
        state.partner = last_of(members, "with")


def _clause_drafts(place: Place) -> Iterator[Draft]:
    told = False
    for cue in find_cues(place.clause):
        draft = _FRAMES[cue.cue.frame](replace(place, cue=cue))
        if draft is not None:
            told = True
            yield draft
    if not told:
        draft = _agreement(place)
        if draft is not None:
            yield draft


def _subject(place: Place) -> Group | None:
    """Agent by من جانب; the name right after the verb; the one before it; the antecedent of التي; the topic."""
    agent = next((g for g in place.right if g.case == "by"), None)
    if agent is not None:
        return agent
    after = first_of(place.right[:1], "")
    if after is not None and not place.clause.between(place.cue.end, after.start).strip(" \"«") or (
        after is not None and _COMPANY.fullmatch(place.clause.between(place.cue.end, after.start))
    ):
        return after
    before = last_of(place.left, "")
    if before is not None:
        return before
    if _RELATIVE.match(place.clause.text) and place.index:
        previous = groups(place.sentence.clauses[place.index - 1])
        if previous:
            return previous[-1]
    between = last_of(place.left, "between")
    if between is not None:
        return Group(between.names[:1], "", between.start, between.names[0].end)
    return place.state.topic


def _other(place: Place, agent: Group) -> Group | None:
    """The last participant of the sentence before the cue that is not the agent; else the topic or its partner."""
    for clause in reversed(place.sentence.clauses[: place.index + 1]):
        for group in reversed(groups(clause)):
            if group.end <= place.cue.start and not group.shares(agent):
                return group
            rest = tuple(n for n in group.names if not Group((n,), "", n.start, n.end).shares(agent))
            if group.end <= place.cue.start and rest:
                return Group(rest, group.case, rest[0].start, rest[-1].end)
    return next((g for g in (place.state.topic, place.state.partner) if g and not g.shares(agent)), None)


def _needs(place: Place) -> bool:
    needs = place.cue.cue.needs
    nearby = (place.clause, *place.following[:1])
    amounts = any(c.amounts for c in nearby)
    shares = any(c.percents for c in nearby)
    return needs is None or (needs == "amount" and amounts) or (needs == "percent" and shares) or (needs == "size" and (amounts or shares))


def _act(place: Place) -> Draft | None:
    if not _needs(place):
        return None
    agent = _subject(place)
    if agent is None:
        return None
    if place.cue.type == "investment":
        target = next((g for g in place.right if g.case in {"in", "to"} and not g.shares(agent)), None)
        if target is None and re.search(r"\bفي\s+(?!\w*(?:اكتوبر|عام|مصر|الامارات))", place.clause.between(place.cue.end, place.clause.end)):
            return None  # the money went into something that has no name
        target = target or _other(place, agent)
        return place.draft("investment", {"investor": agent.mentions(), "target": names_of(target)}) if target else None
    if place.cue.type == "license":
        return None
    return _bought(place, agent)


def _bought(place: Place, agent: Group) -> Draft | None:
    """شراء and استحواذ: shares or a company make an equity deal, goods a purchase."""
    first = next((g for g in place.right if not g.shares(agent) and g.case not in {"by", "about", "with"}), None)
    if first is None:
        return None
    lead = place.clause.between(place.cue.end, first.start)
    equity = bool(_SHARES.search(lead)) or bool(_COMPANY.match(lead.strip() + " ")) or place.cue.cue.words[0].startswith("است")
    seller = next((g for g in place.right if g.case == "source" and g is not first), None)
    percent = place.percent()
    if _GOODS.search(lead) or (not equity and first.case == "source"):
        if place.cue.type != "purchase":
            return None
        return place.draft("purchase", {"buyer": agent.mentions(), "supplier": first.mentions()})
    if place.cue.type == "purchase" or not (equity or first.case == ""):
        return None
    if percent is not None and percent.value < 50 and not place.clause.amounts and _SIGNED.search(place.clause.text):
        return place.draft("stake", {"holder": agent.mentions(), "company": first.mentions()}, percent=percent, agreed=True)
    if percent is not None and percent.value < 30 and "حصه" in lead and "است" not in place.cue.cue.words[0]:
        roles = {"buyer": agent.mentions(), "company": first.mentions(), "seller": names_of(seller)}
        return place.draft("share_transfer", roles, percent=percent)
    return place.draft(
        "acquisition", {"acquirer": agent.mentions(), "target": first.mentions(), "seller": names_of(seller)}, percent=percent
    )


def _sell(place: Place) -> Draft | None:
    """باعت X حصة … في C إلى B: shares sold, when the seller and the company are named."""
    seller = _subject(place)
    company = next((g for g in place.right if g.case in {"in", "source"} and (seller is None or not g.shares(seller))), None)
    buyer = next((g for g in place.right if g.case == "to"), None)
    if seller is None or company is None or not (place.clause.percents or place.clause.amounts):
        return None
    roles = {"buyer": names_of(buyer), "seller": seller.mentions(), "company": company.mentions()}
    return place.draft("share_transfer", roles, percent=place.percent())


def _round(place: Place) -> Draft | None:
    if not _needs(place):
        return None
    borrower = next((g for g in place.right if g.case == "to"), None) or first_of(place.left, "") or place.state.topic
    lender = next((g for g in place.groups if g.case in {"source", "by", "with"} and (borrower is None or not g.shares(borrower))), None)
    if borrower is None:
        return None
    first, second = payer_and_paid(place.cue.type)
    return place.draft(place.cue.type, {first: names_of(lender), second: borrower.mentions()})


def _back(place: Place) -> Draft | None:
    investors = next(iter(place.right), None)
    if investors is None or not place.state.round_target:
        return None
    return place.draft("investment", {"investor": investors.mentions(), "target": place.state.round_target})


def _pair(place: Place) -> Draft | None:
    parties: list[Name] = []
    for group in place.groups:
        if group.case in {"", "with", "between"}:
            parties += group.mentions()
    parties = distinct(parties)
    if len(parties) == 1 and place.state.topic is not None:
        parties = distinct([*place.state.topic.mentions(), *parties])
    return place.draft(place.cue.type, {"party": parties}) if len(parties) > 1 else None


def _win(place: Place) -> Draft | None:
    supplier = first_of(place.right[:1], "") or last_of(place.left, "")
    buyer = next((g for g in place.right if g.case in {"source", "to"}), None)
    if supplier is None or not (place.clause.amounts or buyer):
        return None
    return place.draft("purchase", {"buyer": names_of(buyer), "supplier": supplier.mentions()})


def _hold(place: Place) -> Draft | None:
    percent = place.percent()
    if percent is None:
        return None
    holder = _subject(place)
    company = next((g for g in place.right if g.case in {"in", "source", "on", "to"}), None)
    if holder is None or company is None or percent.start < place.cue.start:
        return None
    return place.draft("stake", {"holder": holder.mentions(), "company": company.mentions()}, percent=percent)


def _self(place: Place) -> Draft | None:
    subject = first_of(place.right[:1], "")
    if subject is not None and len(_WORD.findall(place.clause.between(place.cue.end, subject.start))) > 2:
        subject = None
    subject = subject or last_of(place.left, "") or place.state.topic
    return place.draft(place.cue.type, {"company": subject.mentions()}) if subject and len(subject.names) == 1 else None


def _agreement(place: Place) -> Draft | None:
    """وقعت X اتفاقية مع Y, اتفاق بين X وY: what is signed decides the type."""
    clause, members, state = place.clause, place.groups, place.state
    signed = _SIGNED.search(clause.text)
    if signed is None or not _SIGNED_THING.search(clause.text):
        return None
    at = clause.start + signed.start()
    place = replace(place, cue=CueAt(at, at + len(signed.group()), "partnership", GENERAL))
    between = first_of(members, "between")
    if between is not None and len(between.names) == 2:
        one, other = (Group((n,), "", n.start, n.end) for n in between.names)
    else:
        partner = last_of(members, "with")
        subject = first_of(members, "") or (state.topic if not any(g.case == "" for g in members) else None)
        if partner is None or subject is None or subject.shares(partner):
            return None
        one, other = subject, partner
    kind = _kind_of(clause.text[signed.start() :])
    if kind == "partnership" or kind is None:
        return place.draft("partnership", {"party": [*one.mentions(), *other.mentions()]}, generic=True)
    first, second = payer_and_paid(kind)
    if kind == "purchase" and any(n.value.entity_id in providers() for n in one.names):
        one, other = other, one
    return place.draft(kind, {first: one.mentions(), second: other.mentions()}, generic=True)


def _kind_of(text: str) -> str | None:
    found = [kind for word, kind in object_words("ar") if re.search(rf"(?<!\w)(?:[وف]?[بلك]?(?:ال)?)?{re.escape(word)}(?!\w)", text)]
    order = ("loan", "license", "purchase", "partnership")
    return next((kind for kind in order if kind in found), None)


_FRAMES = {
    "act": _act, "receive": _act, "sell": _sell, "round": _round, "back": _back, "pair": _pair, "win": _win,
    "hold": _hold, "self": _self, "agree": lambda _place: None,
}  # fmt: skip
