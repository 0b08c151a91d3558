"""Who does what to whom in an Arabic sentence (folded text: bare letters, أ is ا, ة is ه, ى is ي).

A cue of the deal tables opens a frame. Roles are found by case (`extractors.cases_ar`), by the order verb-subject-object or
noun of action + agent (استحواذ شركة X على Y), and, where a verb or a pronoun carries its subject in itself (وقّعت, توقيعها), by
the subject that the text is still speaking of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from extractors.draft import GENERAL, CueAt, Draft, key_of, object_words, providers
from extractors.frames import Group, State, first_of, last_of, names_of, payer_and_paid
from extractors.normalize import CleanText, fold
from extractors.parties_ar import Memory, bracketed, mentions, one_name_each
from extractors.parts_ar import Part, Party
from extractors.reading import Reading, Sentence
from extractors.spots_ar import (
    Laid,
    Spot,
    last_party,
    lay_out,
    meets_needs,
    nearby,
    object_of,
    other_side,
    spot_at,
    subject_of,
    unnamed_thing,
)
from extractors.words_ar import pattern_of, word_of
from models.mention import Name


def find_drafts(reading: Reading) -> Iterator[Draft]:
    """Every telling of a deal, in text order."""
    state = State()
    memory = Memory(tuple(n.value for n in reading.names if n.value.kind in {"company", "unit", "fund"}))
    told: list[Draft] = []
    names = one_name_each(reading)
    for sentence in reading.sentences:
        _late_amount(sentence, told)
        memory.here.clear()
        laid = lay_out(reading, sentence, names, state, memory)
        for index, row in enumerate(laid):
            row.state.round_target = state.round_target
            for draft in _part_drafts(reading.clean, laid, index):
                memory.paid = draft.roles.get("target") or draft.roles.get("company") or memory.paid
                if draft.type in {"investment", "loan"}:
                    state.round_target = draft.roles.get(payer_and_paid(draft.type)[1]) or state.round_target
                if not _told_again(draft, told, reading.clean):
                    told.append(draft)
    yield from told


_VALUE_OF_IT = re.compile(
    r"(?<!\w)[وفبل]?(?:قيمه|كلفه|تكلفه|القيمه الاجماليه ل|القيمه القصوي ل|قيمه هذه)\s?"
    r"(?:الصفقه|لصفقه|الاتفاقيه|الاتفاق|العقد|القرض|الاستحواذ|التمويل|الجوله)(?!\w)"
)


def _late_amount(sentence: Sentence, told: Sequence[Draft]) -> None:
    """وتبلغ قيمة الصفقة 500 مليون درهم: the amount of the deal told last, when its own sentence has none."""
    if not told or told[-1].amount is not None or sentence.index - told[-1].sentence.index not in {1, 2}:
        return
    if any(a.value.kind in {"deal", "unknown"} for c in told[-1].sentence.clauses for a in c.amounts):
        return
    for clause in sentence.clauses:
        head = _VALUE_OF_IT.search(clause.text)
        amount = next((a for a in clause.amounts if head is not None and a.start >= clause.start + head.end()), None)
        if amount is not None and amount.value.kind in {"deal", "unknown"}:
            told[-1].amount = amount
            return


_KNOWN_AGREEMENT = re.compile(r"(?<!\w)[وفبل]?(?:الاتفاقيه|الاتفاق|الشراكه|المذكره|الصفقه|للاتفاقيه|هذه الشراكه)(?!\w)")


def _told_again(draft: Draft, told: Sequence[Draft], clean: CleanText) -> bool:
    """Whether a co-operation is told by a definite noun (الاتفاقية الموقعة مع X) after one of a same party was told."""
    if draft.type != "partnership" or not _KNOWN_AGREEMENT.search(clean.text, draft.cue.start - 20, draft.cue.end + 20):
        return False
    keys = {key_of(n) for n in draft.roles["party"]}
    return any(
        keys & {key_of(n) for names in other.roles.values() for n in names}
        for other in told
        if other.type in {"partnership", "purchase"}
    )


def _part_drafts(clean: CleanText, laid: Sequence[Laid], index: int) -> Iterator[Draft]:
    row = laid[index]
    sided = False
    drafts: list[Draft] = []
    for cue in row.cues:
        if clean.text[max(cue.start - 1, 0)] in '«"' and clean.text[cue.end : cue.end + 1] in {"»", '"'}:
            continue
        spot = spot_at(clean, laid, index, cue)
        for draft in _FRAMES[cue.cue.frame](spot):
            if draft is not None and not (draft.type in {"partnership", "merger"} and len(draft.roles["party"]) < 2):
                draft.scope = spot.text(row.part.start, row.part.end) if row.part.aside else spot.scope
                sided |= len(draft.roles) > 1 or any(len(names) > 1 for names in draft.roles.values())
                drafts.append(draft)
    if not sided:
        spot = spot_at(clean, laid, index, CueAt(row.part.start, row.part.start, "partnership", GENERAL))
        general = _agreement(spot)
        if general is not None:
            general.scope = spot.scope
            drafts.append(general)
    if len(drafts) == 1:
        _own_amount(drafts[0], row.part)
    yield from drafts


def _own_amount(draft: Draft, part: Part) -> None:
    """Give the only deal of a part the only price that the part tells after its cue."""
    prices = [a for a in draft.clause.amounts if part.start <= a.start < part.end and a.start >= draft.cue.end]
    if (
        draft.amount is None
        and draft.type not in {"stake", "partnership", "restructuring", "offering"}
        and len(prices) == 1
        and prices[0].value.kind == "deal"
        and not prices[0].value.is_equivalent
    ):
        draft.amount = prices[0]


# -- frames ------------------------------------------------------------------------------------------------------------

Drafts = Iterator[Draft | None]


def _act(spot: Spot) -> Drafts:
    """X does it to Y: استثمرت X في Y, استحواذ X على Y, حصلت X على ترخيص من Y."""
    if not meets_needs(spot) or pattern_of("advice").search(spot.scope):
        return
    if spot.cue.type == "investment":
        yield from _invested(spot)
    elif spot.cue.type == "license":
        if not _GRANTED.search(spot.scope):
            return
        agent = subject_of(spot, agent=False)
        if re.search(r"(?<!\w)[وفبست]{0,2}منح", spot.text(spot.part.start, spot.cue.start)):
            licensee = object_of(spot, agent, "to", "")
            yield spot.draft("license", {"licensee": names_of(licensee), "licensor": names_of(agent)}) if licensee else None
            return
        licensor = object_of(spot, agent, "source", "of", "to", "with", "", "by", "on")
        if agent is not None and licensor is not None:
            yield spot.draft("license", {"licensee": agent.mentions(), "licensor": licensor.mentions()})
    else:
        yield _bought(spot)


_GRANTED = re.compile(r"حصل|حصول|منح|نال|توقيع|وقعت|اتفاق|شراء")


def _invested(spot: Spot) -> Drafts:
    agent = subject_of(spot)
    if agent is None:
        return
    target: Group | None = object_of(spot, agent, "in", "to")
    if target is None and pattern_of("shares").search(spot.rest):
        target = object_of(spot, agent, "of", "source", "")  # دفعت … مقابل ربع أسهم X
    if target is None:
        if unnamed_thing(spot, "في", "لتطوير", "لبناء"):
            return
        definite = spot.text(spot.cue.start, spot.cue.end).lstrip("وف").startswith("ال")
        sided = (
            (not definite and spot.part.opener == "relative")
            or first_of(list(spot.after), "by") is not None
            or (not spot.verbal and spot.cue.start < agent.start)
        )
        target = other_side(spot, agent) if sided else None
    if target is None:
        return
    roles = {"investor": agent.mentions(), "target": target.mentions()}
    amounts = [a for a in spot.clause.amounts if a.start >= spot.cue.end]
    if pattern_of("respectively").search(spot.rest) and len(agent.names) == len(amounts) > 1:
        for name, amount in zip(agent.names, amounts, strict=True):
            yield spot.draft("investment", {"investor": [name.value], "target": target.mentions()}, amount=amount)
        return
    yield spot.draft("investment", roles)


def _bought(spot: Spot) -> Draft | None:
    """شراء and استحواذ: shares or a company make an equity deal, goods a purchase."""
    agent, found = _buyer_and_bought(spot)
    if agent is None:
        return None
    lead = spot.words(spot.cue.end, found.start if found else spot.part.end)
    takes_on = spot.takes_on
    goods = None if takes_on or (found and found.share) else pattern_of("goods").search(lead)
    if goods:
        supplier = next(
            (p for p in spot.after if p.case in {"source", "in", "by", "with", "of"} and p.names and not p.shares(agent)), None
        )
        if supplier is None and not (goods and spot.clause.amounts):
            return None
        return spot.draft("purchase", {"buyer": agent.mentions(), "supplier": names_of(supplier)})
    if spot.cue.type == "purchase":
        goods = goods or pattern_of("goods").search(spot.rest)
        sold = found is not None and found.case in {"in", "source"} and (spot.clause.amounts or goods)
        amount = next((a for a in spot.clause.amounts if a.start >= spot.cue.end and not a.value.is_equivalent), None)
        roles = {"buyer": agent.mentions(), "supplier": names_of(found)}
        return spot.draft("purchase", roles, amount=amount) if sold else None
    if pattern_of("trading").search(lead) or (not takes_on and found is not None and not _is_company(spot, found)):
        return None
    if found is None:
        issuer = other_side(spot, agent) if pattern_of("new_shares").search(spot.rest) else None
        return spot.draft("investment", {"investor": agent.mentions(), "target": issuer.mentions()}) if issuer else None
    return _shares_bought(spot, agent, found)


def _is_company(spot: Spot, party: Party) -> bool:
    """Whether what is bought is a company or has its price told; a bare unknown name after شراء may be a product."""
    known = any(n.value.entity_id is not None and n.value.kind != "product" for n in party.names)
    headed = any(word_of(fold(n.value.text).split()[0]).sort == "heads" for n in party.names)
    return party.share or known or headed or any(c.amounts for c in nearby(spot))


def _buyer_and_bought(spot: Spot) -> tuple[Group | None, Party | None]:
    """The agent and the object of buying. After شراء a bare name is the agent when an object follows, else the object."""
    wanted = {"on", "in", "source", "of", "", "to"}
    first = spot.after[0] if spot.after else None
    adjacent = first is not None and first.subject and spot.cue.start <= first.governor < spot.cue.end
    takes_on = spot.takes_on
    if first is not None and adjacent:
        objects = [
            p
            for p in spot.after[1:]
            if p.case in wanted and p.names and not p.shares(first) and (p.share or p.case in {"on", "", "in"})
        ]
        if spot.verbal or takes_on or objects:
            return first, objects[0] if objects else _seller_as_object(spot, first)
    agent = subject_of(spot, agent=False)
    found = next((p for p in spot.after if p.case in wanted and p.names and (agent is None or not p.shares(agent))), None)
    if found is not None and found.case == "to" and not found.share:
        found = None
    return agent, found


def _seller_as_object(spot: Spot, agent: Party) -> Party | None:
    return next((p for p in spot.after[1:] if p.case == "source" and p.names and not p.shares(agent)), None)


def _shares_bought(spot: Spot, agent: Group, found: Party) -> Draft | None:
    """Control, a part of the shares, new shares, or a right to shares that is signed for."""
    seller = next(
        (p for p in spot.after if p.case == "source" and p is not found and p.start > found.start and not p.shares(found)), None
    )
    percent = spot.percent()
    reach = spot.words(spot.cue.start, found.start)
    partial = (percent is not None and percent.value < 50) or (percent is None and found.share)
    if pattern_of("control").search(reach):
        partial = False
    if pattern_of("new_shares").search(spot.words(spot.cue.start, spot.sentence.end)) and (
        partial or (percent is None and found.share)
    ):
        return spot.draft("investment", {"investor": agent.mentions(), "target": found.mentions()}, percent=percent)
    if (
        partial
        and percent is not None
        and not any(c.amounts for c in nearby(spot))
        and not spot.clause.dates
        and _RIGHT.search(spot.scope)
    ):
        return spot.draft("stake", {"holder": agent.mentions(), "company": found.mentions()}, percent=percent, agreed=True)
    if partial and "منذ تاسيس" in spot.scope:
        return spot.draft("stake", {"holder": agent.mentions(), "company": found.mentions()}, percent=percent)
    if partial:
        roles = {"buyer": agent.mentions(), "company": found.mentions(), "seller": names_of(seller)}
        return spot.draft("share_transfer", roles, percent=percent)
    return spot.draft(
        "acquisition", {"acquirer": agent.mentions(), "target": found.mentions(), "seller": names_of(seller)}, percent=percent
    )


_RIGHT = re.compile(r"(?:اتفاقا?|اتفاقيه)\s+(?:لشراء|علي شراء)")


def _sell(spot: Spot) -> Drafts:
    """باعت X حصة في C إلى B; بيع نظام إلى B: shares, a company or asset, or goods change hands."""
    if pattern_of("advice").search(spot.scope):
        return
    first = spot.after[0] if spot.after else None
    adjacent = first is not None and first.case in {"", "of"} and spot.cue.start <= first.governor
    buyer = next((p for p in spot.after if p.case == "to" and p.names and not p.share), None)
    if buyer is None and any(c.cue.frame == "bid" for c in spot.previous):
        buyer = last_party(spot.before, "source")
    company = next((p for p in spot.after if p.names and p.share and p is not buyer), None)
    if company is not None and company is first and company.case == "":  # بيع حصة X في Y
        company = next((p for p in spot.after[1:] if p.case == "in" and p.names), company)
    seller = subject_of(spot, agent=spot.verbal or company is not None)
    if company is not None and first is not None and company is not first and first.case == "" and first.share:
        seller = first
    if seller is None or (seller is spot.state.topic and not spot.verbal and not _carried(spot)):
        seller = next((p for p in reversed(spot.before) if p.names and p.case in {"in", "of", "to"}), None)
    if seller is None:
        return
    goods = pattern_of("goods").search(
        spot.words(spot.cue.end, first.start if first is not None and not first.share else spot.part.end)
    )
    if goods and buyer is not None and not seller.shares(buyer):
        yield spot.draft("purchase", {"buyer": buyer.mentions(), "supplier": seller.mentions()})
        return
    shares = company is not None and not seller.shares(company)
    if shares and company is not None and (spot.clause.percents or spot.clause.amounts or pattern_of("shares").search(spot.rest)):
        percent = spot.percent()
        if (percent is not None and percent.value > 50) or pattern_of("control").search(spot.rest):
            roles = {"acquirer": names_of(buyer), "target": company.mentions(), "seller": seller.mentions()}
            yield spot.draft("acquisition", roles, percent=percent)
        else:
            roles = {"buyer": names_of(buyer), "seller": seller.mentions(), "company": company.mentions()}
            yield spot.draft("share_transfer", roles, percent=percent)
        return
    if first is not None and adjacent and first.names and not seller.shares(first) and _sold(spot, first):
        yield spot.draft("acquisition", {"acquirer": names_of(buyer), "target": first.mentions(), "seller": seller.mentions()})
        return
    if buyer is not None and not seller.shares(buyer) and spot.clause.amounts:
        yield spot.draft("purchase", {"buyer": buyer.mentions(), "supplier": seller.mentions()})


def _sold(spot: Spot, party: Party) -> bool:
    """Whether a company or an asset is sold rather than a product."""
    return _is_company(spot, party) or any(n.value.kind == "company" and " " in n.value.text for n in party.names)


def _carried(spot: Spot) -> bool:
    """Whether a verb or a pronoun before the cue, or on it, carries the subject: إتمامها صفقة بيع X."""
    led = spot.text(spot.part.start, spot.cue.end)
    return bool(re.search(r"\w{3}(?:ها|ه)(?!\w)", led)) or _present_subject(spot) is not None


def _round(spot: Spot) -> Drafts:
    """جمعت X … في جولة بقيادة Y; حصلت X على قرض من Y; قرض لـ X."""
    if (
        not meets_needs(spot)
        or any(c.type == spot.cue.type for c in spot.previous)
        or _LENT_ALREADY.match(spot.text(spot.cue.start, spot.cue.end))
    ):
        return
    first, second = payer_and_paid(spot.cue.type)
    if _new_shares_for(spot):
        yield from _issued(spot)
        return
    to = next((p for p in spot.after if p.case == "to" and p.names), None)
    subject = subject_of(spot)
    if spot.cue.type == "loan" and pattern_of("lending").search(spot.rest) and spot.after and spot.after[0].verb:
        yield spot.draft("loan", {first: spot.after[0].mentions(), second: names_of(to)})  # دين بقيمة … تعهد بنك X بتقديمه
        return
    if spot.cue.type == "loan" and (to is not None or pattern_of("lending").search(spot.text(spot.part.start, spot.cue.start))):
        lends = subject if pattern_of("lending").search(spot.text(spot.part.start, spot.cue.start)) else None
        borrower: Group | None = to or (other_side(spot, lends) if lends else None)
        payers = mentions([lends]) if lends else []
    else:
        borrower = to or subject
        payers = mentions(
            [
                p
                for p in spot.part.parties
                if p.case in {"lead", "by", "with", "source"} and p.names and not (borrower and p.shares(borrower))
            ]
        )
        payers += [n for n in _backers(spot) if key_of(n) not in {key_of(p) for p in payers}]
    if (
        spot.cue.type == "investment"
        and subject is not None
        and pattern_of("joining").search(spot.text(spot.sentence.start, spot.cue.start))
    ):
        joined = [subject, *(p for p in spot.before if p.case == "with" and not p.shares(subject))]
        borrower = next((p for p in spot.after if p.case in {"to", "of", "in"} and p.names), None)
        yield spot.draft("investment", {"investor": mentions(joined), "target": names_of(borrower)}) if borrower else None
        return
    if borrower is None or (spot.cue.type == "loan" and not payers and to is None and _present_subject(spot) is None):
        return
    yield spot.draft(spot.cue.type, {first: payers, second: borrower.mentions()})


_LENT_ALREADY = re.compile(r"[وفبل]{0,2}(?:ال|لل?)(?:قروض|تسهيلات)")
"""القروض, التسهيلات: what a bank has lent in all"""


def _new_shares_for(spot: Spot) -> bool:
    return spot.cue.type == "investment" and any(
        p.case == "to" and "لصالح" in spot.words(spot.cue.start, p.start) for p in spot.after
    )


def _issued(spot: Spot) -> Drafts:
    """رفع رأس المال … عبر إصدار أسهم لصالح Y: who is given the new shares invests."""
    investor = next(p for p in spot.after if p.case == "to")
    issuer = next((p for p in (*reversed(spot.before), *reversed(spot.earlier)) if p.names), None) or spot.state.topic
    if issuer is not None:
        yield spot.draft("investment", {"investor": investor.mentions(), "target": issuer.mentions()})


def _backers(spot: Spot) -> list[Name]:
    """بقيادة «Y» وبمشاركة «Z» in the parts that carry the round on."""
    return mentions([p for p in spot.after if p.case in {"lead", "by", "with"} and p.names])


def _back(spot: Spot) -> Drafts:
    """قادتها Y, شاركت Y في جولة تمويل لـ X."""
    investors = subject_of(spot) if spot.verbal else (spot.after[0] if spot.after else None)
    target = mentions([p for p in spot.after if p.case in {"to", "in"} and p.names]) or spot.state.round_target
    if investors is None or not target or investors.case not in {"", "lead"}:
        return
    first, second = payer_and_paid(spot.cue.type)
    listed = [investors, *(p for p in spot.after[1:] if p.opening and p.case == "")]
    yield spot.draft(spot.cue.type, {first: mentions(listed), second: target})


def _pair(spot: Spot) -> Drafts:
    """اندماج A وB, شراكة بين A وB, بالتعاون مع B."""
    between = next((p for p in spot.part.parties if p.case == "between" and len(p.names) > 1), None) or bracketed(spot.part)
    if between is not None:
        yield spot.draft(spot.cue.type, {"party": between.mentions()})
        return
    partner = next((p for p in spot.after if p.case == "with" and p.names), None) or last_of(list(spot.before), "with")
    subject = subject_of(spot)
    if subject is not None and len(subject.names) > 1 and partner is None:
        yield spot.draft(spot.cue.type, {"party": subject.mentions()})
    elif subject is not None and partner is not None and not subject.shares(partner):
        yield spot.draft(spot.cue.type, {"party": [*subject.mentions(), *partner.mentions()]})


def _win(spot: Spot) -> Drafts:
    """فازت X بعقد من Y; رست المناقصة على X."""
    if not pattern_of("contracts").search(spot.text(spot.cue.start, spot.part.end)):
        return
    on = next((p for p in spot.after if p.case == "on" and p.names), None)
    supplier: Group | None = on or subject_of(spot)
    buyer = next(
        (
            p
            for p in spot.after
            if p.case in {"source", "to", "with", "in"} and p.names and (supplier is None or not p.shares(supplier))
        ),
        None,
    )
    buyer = buyer or next((p for p in spot.later if p.case == "source" and p.names and not p.share), None)
    buyer = buyer or next(
        (p for p in (*spot.earlier, *spot.before, *spot.later) if any(n.value.kind == "government" for n in p.names)), None
    )
    if supplier is None or not (buyer or any(c.amounts for c in nearby(spot))):
        return
    yield spot.draft("purchase", {"buyer": names_of(buyer), "supplier": supplier.mentions()})


def _bid(spot: Spot) -> Drafts:
    """رفض مجلس إدارة X عرض Y: an offer for a company that is named as the one who answers it."""
    bidder = spot.after[0] if spot.after else None
    if (
        bidder is None
        or bidder.case not in {"", "source"}
        or not spot.cue.start <= bidder.governor <= spot.cue.end + 1
        or not any(c.amounts for c in nearby(spot))
    ):
        return
    if pattern_of("contracts").search(spot.text(spot.sentence.start, spot.sentence.end)):
        return
    target = other_side(spot, bidder)
    if target is not None and spot.previous == () and not any(w in spot.rest for w in ("بيع", "شراء", "استحواذ")):
        yield spot.draft("acquisition", {"acquirer": bidder.mentions(), "target": target.mentions()})


def _hold(spot: Spot) -> Drafts:
    """تملك X 14% من Y; حصة X في Y إلى 13%; ملكيتها في Y."""
    if not spot.verbal and any(
        c.type in {"acquisition", "share_transfer", "investment", "purchase", "stake"} for c in spot.previous
    ):
        return
    percents = [p for p in spot.clause.percents if p.start >= spot.cue.start]
    if not percents and spot.part.opener == "relative":
        percents = [p for p in spot.clause.percents if p.end <= spot.part.start]  # الحصة البالغة 9% التي يملكها X في Y
    if not percents:
        return
    percent = percents[-1] if re.search(r"من\s.*\sالي\s", spot.text(percents[0].start - 6, percents[-1].end)) else percents[0]
    if re.search(r"شراء|استحواذ|بيع", spot.words(spot.cue.end, percents[0].start)):
        return  # زادت حصتها بعد شراء 15%
    holder = subject_of(spot)
    if holder is None:
        return
    company = next((p for p in spot.after if p.case in {"in", "source", "on", "to"} and p.names and not p.shares(holder)), None)
    if company is None:
        return
    agreed = spot.text(spot.cue.start, spot.cue.end).lstrip("وف").startswith("س")
    worth = next((a for a in spot.clause.amounts if a.start > percent.end and "قيم" in spot.text(percent.end, a.start)), None)
    yield spot.draft(
        "stake", {"holder": holder.mentions(), "company": company.mentions()}, percent=percent, amount=worth, agreed=agreed
    )


def _self(spot: Spot) -> Drafts:
    """اكتتاب شركة X, تعتزم X طرح أسهمها: one participant alone, told in the same predicate."""
    if not meets_needs(spot) or "موشر" in spot.rest:
        return
    near = [p for p in spot.after[:1] if p.names and p.case in {"", "of", "to", "in", "source"}]
    near = [p for p in near if p.kind not in {"pronoun", "owned"} and len(spot.words(spot.cue.end, p.start).split()) <= 5]
    if not near and spot.cue.type == "offering" and not pattern_of("listings").search(spot.scope):
        return  # إدراجها في الحملة
    subject = near[0] if near else _present_subject(spot)
    if subject is not None and len(subject.names) == 1:
        yield spot.draft(spot.cue.type, {"company": subject.mentions()})


def _present_subject(spot: Spot) -> Group | None:
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
    hidden = first is not None and first.word is not None and first.word.sort == "verbs" and first.word.bare not in _IMPERSONAL
    return subject_of(spot) if hidden or spot.verbal else None


_IMPERSONAL = frozenset({"تم", "سيتم", "يتم", "تمت", "جري", "يجري", "يتوقع", "تجاوزت", "بلغت", "بلغ", "ارتفع", "ارتفعت", "تصل"})


def _agreement(spot: Spot) -> Draft | None:
    """وقعت X اتفاقية مع Y, اتفاق بين X وY: what is signed decides the type."""
    text = spot.text(spot.part.start, spot.part.end)
    signed = pattern_of("signing").search(text)
    if signed is None or not pattern_of("agreements").search(spot.scope) or pattern_of("settled").search(spot.scope):
        return None
    if _ALREADY_SIGNED.match(signed.group()):
        return None
    at = spot.part.start + signed.start()
    cue = CueAt(at, at + len(signed.group()), "partnership", GENERAL)
    spot = replace(
        spot,
        cue=cue,
        before=tuple(p for p in spot.part.parties if p.end <= at),
        after=tuple(p for p in spot.after if p.start >= cue.end),
    )
    sides = _sides(spot)
    if sides is None:
        return None
    one, other = sides
    kind = _kind_of(spot)
    if kind == "partnership":
        return spot.draft("partnership", {"party": [*one.mentions(), *other.mentions()]}, generic=True)
    first, second = payer_and_paid(kind)
    if (kind == "purchase" and _supplies(spot, one, other)) or (kind == "loan" and _lends(spot, one)):
        one, other = other, one
    return spot.draft(kind, {first: one.mentions(), second: other.mentions()}, generic=True)


_ALREADY_SIGNED = re.compile(r"[وف]?(?:لل|[بل]?ال)(?:اتفاقيه|شراكه|مذكره|عقد|تعاون|تحالف|خطه)")
"""الاتفاقية, الشراكة: one that the text has told before"""


def _sides(spot: Spot) -> tuple[Group, Group] | None:
    between = next((p for p in spot.part.parties if p.case == "between" and len(p.names) > 1), None)
    subject = subject_of(spot)
    joined = between or (subject if subject is not None and len(subject.names) > 1 else None)
    partner = next((p for p in spot.after if p.case == "with" and p.names), None)
    if partner is None and joined is not None:
        one, *rest = joined.names
        return Group((one,), "", one.start, one.end), Group(tuple(rest), "with", rest[0].start, rest[-1].end)
    partner = partner or next((p for p in spot.before if p.case == "with" and p.names), None)
    if partner is None or subject is None or subject.shares(partner):
        return None
    return subject, partner


def _kind_of(spot: Spot) -> str:
    """The type of what is signed, by the words after the signing: a loan, a license, a purchase, else a partnership."""
    text = spot.text(spot.cue.start, spot.part.end)
    found = {
        kind for word, kind in object_words("ar") if re.search(rf"(?<!\w)[وف]?(?:[بلك]?(?:ال)?|لل)?{re.escape(word)}(?!\w)", text)
    }
    if re.search(r"(?<!\w)(?:ال)?(?:شراكه|تفاهم|تعاون|تحالفا?|توزيع|موزع)(?!\w)", spot.scope):
        return "partnership"
    if "loan" in found or "license" in found:
        return "loan" if "loan" in found else "license"
    if "purchase" in found or (pattern_of("services").search(text) and any(c.amounts for c in nearby(spot))):
        return "purchase"
    return "partnership"


def _supplies(spot: Spot, one: Group, other: Group) -> bool:
    """Whether the subject of the signing supplies: known to, signing with a public body, or signed on for a service."""
    known = providers()
    if any(n.value.entity_id in known for n in other.names):
        return False
    if any(n.value.entity_id in known for n in one.names) or any(n.value.kind == "government" for n in other.names):
        return True
    if any(n.value.kind == "government" for n in one.names) or re.search(
        r"(?<!\w)[لبت]?(?:شراء|تشتري|استخدام|استيجار)", spot.scope
    ):
        return False
    return bool(pattern_of("services").search(spot.text(spot.cue.start, spot.part.end)))


def _lends(spot: Spot, one: Group) -> bool:
    """Whether the sides of a loan, whose first role lends, stand the other way round: the first is no bank and does not lend."""
    bank = any("بنك" in n.value.text or "مصرف" in n.value.text for n in one.names)
    return not (bank or pattern_of("lending").search(spot.text(spot.part.start, spot.part.end)))


def _none(_spot: Spot) -> Drafts:
    return iter(())


_FRAMES: dict[str, Callable[[Spot], Drafts]] = {
    "act": _act, "receive": _act, "sell": _sell, "round": _round, "back": _back, "pair": _pair, "win": _win,
    "hold": _hold, "self": _self, "bid": _bid, "agree": _none,
}  # fmt: skip
