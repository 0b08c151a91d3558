"""Who does what to whom in a Chinese sentence (folded text: simplified characters).

A cue of the deal tables opens a frame; the frame says where its roles stand. Roles are found by the preposition in
front of a name (向/对 the one acted on, 由/被/获 the one acting, 与 the other side), by word order, and, where a clause
names no subject, by the subject that the text is still speaking of.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace

import ahocorasick_rs

from extractors.agreements_zh import agreement, pair
from extractors.bids_zh import auction, bid, closed, offered
from extractors.buyers_zh import takes_part
from extractors.draft import GENERAL, CueAt, Draft, cue_words
from extractors.equity_zh import act, buy
from extractors.everyday_zh import is_everyday
from extractors.frames import Group, Place, State, payer_and_paid
from extractors.funding_zh import alone, arrange, back, backers, bond, bring_in, funding_round, issue, received
from extractors.holders_zh import hold, trade
from extractors.issued_zh import placed
from extractors.known_names import lower
from extractors.leases_zh import lease
from extractors.notices_zh import control_changes
from extractors.orders_zh import called_off, nominated, win, winner
from extractors.parties_zh import PASSIVE, asset_name, groups, of_one_deal, remember, remember_announcer, remember_held
from extractors.presence_zh import present
from extractors.reading import At, Clause, Reading
from extractors.sales_zh import sell
from extractors.supplies_zh import licensed_in
from extractors.supposed_zh import is_supposed
from extractors.syndicates_zh import listed_loans
from extractors.syntax_zh import ASIDE, patterns
from extractors.taken_zh import absorb, take
from extractors.tenders_zh import award

_NEGATED = re.compile(
    r"(?:并非|不是|从未|未曾|尚未|没有|并未|不再|(?<=[内并暂均,\s])无|未)(?:要|打算|计划|想过?|考虑过|提出过?)?\s*$|不涉及\s*$|并非[^,]{0,6}$"
)
_NOT_WITH = re.compile("(?:未|没有|尚未|不)(?:曾|再)?[与同和向对]")
_OWN_UNIT = re.compile(
    "(?:^|[,\\s])(?:公司|本公司|中国|美国|日本|越南|印度|泰国|香港|新加坡|墨西哥|海外|大陆)?(?:下属|旗下|的|之)?(?:全资|控股)?(?:二级|一级)?(?:[子孙]公司|(?<=公司)下属)$"
)
_BESIDE = 16
"""Characters beside a cue that may make another word of it"""
# 此次投資, 這項收購: what was told before, spoken of again.
_REFERRING = re.compile(r"(?:此次|本次|[这该此][项笔宗桩起次轮]?|上述)$")
_RENMINBI = re.compile(r"人民币\s*[\d约近超不数]")
"""贷款|人民币1亿元 is no 贷款人"""
_LISTED_ON = re.compile(r"\s*(?:以及|及|和|还有|并)?\s*(?:[\u3400-\u9fff]{0,8}(?:商|业者|新创|公司|厂|平台|企业))?\s*")
_SEVERALLY = re.compile("^(?:已|将|今|昨|日前|近日)?分别")
_LATIN_PAIR = re.compile("[A-Za-z]{2}")
_ROUND_WORD = re.compile(r"轮|领投|跟投|共同|联合")
_EACH_PRICED = {
    "win": re.compile("中标(?:价格?|金额|总价)分别"),
    "bond": re.compile("(?:规模|金额|总额|额度?|发行)分别"),
}
"""中标 A 项目和 B 项目,中标价分别为…: as many orders as prices; 发行规模分别为…: as many issues"""
_EACH_PUTS = re.compile(r"\s*(?:分别)?各")
_FOUNDED = re.compile("(?:合组|成立|设立|组建|共组|组成)([^,]{0,8}?合[资营](?:公司|企业))")
_FRAMES: dict[str, Callable[[Place], Draft | None]] = {
    "act": act, "receive": received, "sell": sell, "round": funding_round, "back": back, "pair": pair, "win": win,
    "hold": hold, "self": alone, "bid": bid, "issue": issue, "backers": backers,
    "winner": winner, "buy": buy, "absorb": absorb, "auction": auction, "offer": offered, "end": called_off, "take": take,
    "arrange": arrange, "bond": bond, "trade": trade, "bring": bring_in,
    "control": control_changes, "licensed": licensed_in, "nominate": nominated,
    "present": present, "award": award, "lease": lease, "closed": closed, "placed": placed,
}  # fmt: skip


@functools.cache
def _matcher() -> tuple[ahocorasick_rs.AhoCorasick, tuple[str, ...]]:
    words = tuple(sorted(cue_words("zh")))
    longest, quickest = ahocorasick_rs.MatchKind.LeftmostLongest, ahocorasick_rs.Implementation.DFA
    return ahocorasick_rs.AhoCorasick(list(words), matchkind=longest, implementation=quickest), words


@functools.lru_cache(maxsize=2)  # one clause of a text after the other
def _hits(text: str) -> list[tuple[int, int, int]]:
    """Where words of cues stand in a text, as (start, end, number of the word)."""
    return [(start, end, index) for index, start, end in _matcher()[0].find_matches_as_indexes(lower(text))]


def find_cues(clause: Clause, document: str) -> Iterator[CueAt]:
    """Cues of a clause of the folded `document` that are not part of a name, nor of another word."""
    words, hits = _matcher()[1], _hits(document)
    here = hits[bisect_left(hits, (clause.start,)) : bisect_left(hits, (clause.end,))]
    text = lower(clause.text) if here else ""
    for start, end, index in here:
        first, last = start - clause.start, end - clause.start
        if any(name.start < end and start < name.end and not start < name.start < name.end <= end for name in clause.names):
            continue  # 登陆港交所 holds a name
        if _REFERRING.search(text, max(first - 4, 0), first) or _within_latin(text, first, last):
            continue
        for kind, cue in cue_words("zh")[words[index]]:
            rest = text[last : last + _BESIDE].lstrip()
            if cue.not_before and rest.startswith(cue.not_before) and not _RENMINBI.match(rest):
                continue
            if cue.not_after and text[max(first - _BESIDE, 0) : first].rstrip().endswith(cue.not_after):
                continue
            yield CueAt(start, end, kind, cue)


def _within_latin(text: str, first: int, last: int) -> bool:
    """Whether the stretch is a part of a Latin word: IPO in WIPO."""
    if not (text[first].isascii() or text[last - 1].isascii()):
        return False
    return any(0 < at < len(text) and _LATIN_PAIR.match(text, at - 1) for at in (first, last))


def find_drafts(reading: Reading) -> Iterator[Draft]:
    """Every telling of a deal, in text order."""
    state = State()
    for sentence in reading.sentences:
        continued = reading.clean.text[max(sentence.start - 2, 0) : sentence.start].rstrip()[-1:] == ";"
        if continued:
            state.topic = state.period_topic
        else:
            state.period_topic, state.held = state.topic, None
        state.partner = None
        named: Group | None = None
        opens_period = not continued
        for index, clause in enumerate(sentence.clauses):
            members = [_adopted(clause, group, state) for group in groups(clause)]
            named = next((g for g in reversed(members) if _is_company(g)), named)
            anywhere = CueAt(clause.start, clause.start, "partnership", GENERAL)
            place = Place(reading.clean, sentence, index, clause, members, state, anywhere)
            yield from _clause_drafts(place)
            if clause.names:
                remember_held(clause, members, state)
                remember_announcer(clause, members, state, reading.clean.text[clause.end : clause.end + 1])
            _remember_venture(place)
            spoken_of = state.topic
            if members:
                remember(clause, members, state, first=opens_period)
            opens_period = opens_period and state.topic is spoken_of and not any(group.case == "with" for group in members)
        state.last_named = named or state.last_named


def _is_company(group: Group) -> bool:
    return len(group.names) == 1 and group.names[0].value.kind in {"company", "unit"}


def _adopted(clause: Clause, group: Group, state: State) -> Group:
    """公司全资子公司 Y: Y's owner is who gives the notice, where no row says whose it is."""
    first, owner = group.names[0], state.announcer or state.topic
    if owner is None or first.value.entity_id or first.value.parent or len(owner.names) > 1:
        return group
    if not _OWN_UNIT.search(clause.between(clause.start, first.start)) or first.value.canonical == owner.names[0].value.canonical:
        return group
    unit = At(first.start, first.end, replace(first.value, parent=owner.names[0].value.canonical))
    return replace(group, names=(unit, *group.names[1:]))


def _remember_venture(place: Place) -> None:
    """合組美國合資公司: the venture whose shares its owners are told to hold."""
    match = _FOUNDED.search(place.clause.text) if "合" in place.clause.text else None
    if match is None:
        return
    inside = [g for g in place.groups if g.start >= place.clause.start + match.start(1)]
    start, end = place.clause.start + match.start(1), place.clause.start + match.end(1)
    names = tuple(inside[0].names) if inside else tuple(At(start, end, name) for name in asset_name(place, start, end))
    if names:
        place.state.venture = Group(names, "", start, end)
        place.state.venture_at = place.sentence.index


def _clause_drafts(place: Place) -> Iterator[Draft]:
    told: set[str] = set()
    for cue in find_cues(place.clause, place.clean.text):
        before = place.clause.between(place.clause.start, cue.start)
        if patterns().not_done.search(before) or _NEGATED.search(before) or _NOT_WITH.search(before):
            continue
        here = place.told_by(cue, of_one_deal(place.clause, place.groups, cue.start))
        if is_supposed(here):
            continue
        for draft in _each(_FRAMES[cue.cue.frame](here), place, cue):
            if is_everyday(draft, place):
                continue
            told.add(draft.type)
            _note(draft, place)
            yield draft
    if not told or patterns().signing.search(place.clause.text):
        agreed = agreement(place)
        if agreed is not None and (agreed.type != "partnership" or "partnership" not in told) and not is_everyday(agreed, place):
            _note(agreed, place)
            yield agreed


def _note(draft: Draft, place: Place) -> None:
    """Whom 後者 and 其股份 mean from here on, and whose loan 本案 is."""
    state = place.state
    if draft.type == "loan" and "borrower" in draft.roles:
        state.borrower, state.borrowed_at = draft.roles["borrower"], place.sentence.index
    state.named_last = [n for role in list(draft.roles)[1:] for n in draft.roles[role]] or state.named_last
    if draft.type == "share_transfer":
        state.traded = draft.roles.get("company", state.traded)
    if draft.type == "acquisition" and "seller" in draft.roles and "acquirer" not in draft.roles:
        state.traded = draft.roles.get("target", state.traded)


def _each(draft: Draft | None, place: Place, cue: CueAt) -> list[Draft]:
    """One draft for each investor where the text tells them apart: 各認購5億, 先後獲得 Google 與 Amazon 投資."""
    if cue.type == "loan" and (loans := listed_loans(place.told_by(cue))):
        return loans
    if draft is None:
        return []
    if draft.type == "acquisition" and (given := takes_part(place := place.told_by(cue))) is not None:
        return [draft, given]
    if draft.type == "investment" and "investor" in draft.roles and (also := _invested_too(draft, place)):
        return [draft, *also]
    role = payer_and_paid(draft.type)[0] if draft.type in {"investment", "purchase"} else ""
    several = draft.roles.get(role, [])
    before = place.clause.between(place.clause.start, cue.start)
    separately = "各" in before[-3:] or (
        PASSIVE.search(before) and not place.clause.amounts and not _ROUND_WORD.search(place.clause.text) and len(several) < 4
    )
    if "各" in before[-3:] and draft.type == "investment" and len(draft.roles.get("target", [])) > 1 and not several:
        return [replace(draft, roles={"target": [name]}, amount=place.clause.amounts[0]) for name in draft.roles["target"]]
    if draft.type != "investment" or len(several) < 2 or not separately:
        return _distributed(draft, place)
    price = next((a for a in place.clause.amounts if not a.value.is_equivalent), None) if "各" in before[-3:] else None
    return [replace(draft, roles={**draft.roles, role: [name]}, amount=price or draft.amount) for name in several]


def _invested_too(draft: Draft, place: Place) -> list[Draft]:
    """投資 C 5億美元,以及英國業者 D 3億英鎊: what the clauses after it count, the name and the sum and no more."""
    found: list[Draft] = []
    for clause in place.following if place.clause.amounts else ():
        members, sums = groups(clause), [a for a in clause.amounts if not a.value.is_equivalent]
        if len(members) != 1 or len(sums) != 1 or members[0].case or len(members[0].names) > 1:
            break
        lead = _LISTED_ON.fullmatch(clause.between(clause.start, members[0].start))
        gap = clause.between(members[0].end, sums[0].start).strip()
        rest = ASIDE.sub("", clause.between(sums[0].end, clause.end)).strip()
        if lead is None or gap or rest or draft.cue.end > place.clause.amounts[-1].start:
            break
        found.append(replace(draft, roles={**draft.roles, "target": members[0].mentions()}, clause=clause, amount=sums[0]))
    return found


def _each_with(draft: Draft, place: Place) -> list[Draft]:
    """One co-operation for each of the subjects that 分别 parts."""
    other = next((g for g in place.groups if g.case == "with"), None)
    first = place.groups[0] if place.groups else None
    if draft.type != "partnership" or other is None or first is None or len(first.names) < len(("one", "another")):
        return []
    if first.case or not _SEVERALLY.search(place.clause.between(first.end, other.start)):
        return []
    return [replace(draft, roles={"party": [name, *other.mentions()]}) for name in first.mentions()]


def _distributed(draft: Draft, place: Place) -> list[Draft]:
    """投资 A 与 B，金额分别为 X 与 Y: as many amounts as participants of one role; A 和 B 分别与 C 签署: each with C."""
    each = _each_with(draft, place)
    if each:
        return each
    targets, after = draft.roles.get("target", []), place.following[0] if place.following else None
    if draft.type == "investment" and len(targets) > 1 and after is not None and after.amounts and _EACH_PUTS.match(after.text):
        return [replace(draft, roles={**draft.roles, "target": [name]}, amount=after.amounts[0]) for name in targets]
    for clause in (place.clause, *place.following[:1]):
        prices = [a for a in clause.amounts if not a.value.is_equivalent and a.value.kind in {"deal", "unknown", "total"}]
        for role, names in draft.roles.items():
            if role != "party" and len(names) > 1 and len(prices) == len(names) and "分别" in clause.text:
                own = [share.value for share in place.clause.percents]
                shares = own if len(own) == len(names) else [draft.percent] * len(names)
                return [
                    replace(draft, roles={**draft.roles, role: [name]}, amount=amount, percent=share)
                    for name, amount, share in zip(names, prices, shares, strict=True)
                ]
        each_priced = _EACH_PRICED.get(draft.cue.cue.frame)
        if each_priced and len(prices) > 1 and each_priced.search(clause.between(clause.start, prices[0].start)):
            return [replace(draft, amount=price) for price in prices]
    return [draft]
