"""Chinese orders told from the client's side, or of a tender that the clauses before describe (folded text)."""

from __future__ import annotations

import re

from extractors.bids_zh import granted
from extractors.draft import Draft
from extractors.frames import Place, last_of, names_of
from extractors.parties_zh import name_at
from extractors.reading import At, Clause
from models.mention import Amount, Name

_AWARDED = re.compile("采购案?|标案|订单|合约|合同|工程|建案|项目|服务案|系统案")
_BODY = "(?:委员会|房委会|[\u3400-\u9fff]{1,8}?(?:局|署|部|处|厅|院|会|公司|政府|市府|县府|中心|医院|大学))"
_CLIENT_LEADS = re.compile(rf"\s*({_BODY})(?:今[天日]?|昨[天日]?|日前|近日|已|并|正式|宣布)*(?=[将把]|$)")
_CLIENT_OF_TENDER = re.compile(
    rf"(?:[^,]{{0,8}}(?:年|月|日),?)?\s*({_BODY})(?:公告|公开|办理|招标|发包|的)*「[^」]{{4,60}}」[^,]{{0,4}}(?:标案|采购案|招标案|案|工程)"
)
_CLIENT_NEXT = re.compile(r"([\u3400-\u9fff]{2,6}?(?:局|署|房委会|医管局|港铁|机管局))(?=[^,]{2,30}(?:合约|合同|工程|项目|标案))")
_SUM_OF_TENDER = re.compile("(?:预算|决标|标案|合约|采购|总)?(?:金额|总额|价金)")
_COST = re.compile(r"(?:造价|合约金额|合约总值)[^,\d]{0,4}$")
_PUTS_FORWARD = re.compile("[把将][^,]{4,60}$")
_SAYS = re.compile(
    rf"\s*({_BODY}|[\u3400-\u9fff]{{1,6}}办(?:公室)?)(?:今[天日]?|昨[天日]?|\([^()]*\)日?|发出的?通告)*(?:指出|表示|宣布|公布|显示|指)"
)
_CONTRACT = re.compile("[^,]{2,40}(?:合约|合同|工程|标案|订单)$")


def award(place: Place) -> Draft | None:
    """B 批出…合約予 S, B 把…標案交給 S 承攬, S 獲 B 批出…合約: B has it done by S."""
    before = place.sentence.clauses[place.index - 1].text if place.index else ""
    if _AWARDED.search(place.clause.text) is None and not (_AWARDED.search(before) and _PUTS_FORWARD.search(before)):
        return granted(place)
    by = last_of(place.left, "by")
    if by is not None:
        given = next((g for g in reversed(place.left) if not g.case and g.end <= by.start), None) or place.state.topic
        return place.draft("purchase", {"buyer": by.mentions(), "supplier": names_of(given)}) if given else None
    receiver = last_of(place.right, "to") or next((g for g in place.right if g.start == place.cue.end), None)
    if receiver is None:
        return None
    giver = names_of(next((g for g in place.left if not g.case), None)) or _leading_client(place)
    giver = giver or (_client_speaking(place) if _PUTS_FORWARD.search(before) else [])
    if not giver or any(name in giver for name in receiver.mentions()):
        return None
    near = (place.clause, *place.following[:2])
    cost = next((a for c in near for a in c.amounts if _COST.search(c.between(c.start, a.start))), None)
    return place.draft("purchase", {"buyer": giver, "supplier": receiver.mentions()}, amount=cost)


def _leading_client(place: Place) -> list[Name]:
    led = _CLIENT_LEADS.match(place.up_to)
    return [name_at(place, place.clause.start + led.start(1), place.clause.start + led.end(1), "other")] if led else []


def _client_speaking(place: Place) -> list[Name]:
    """青田辦指出,決定把…工程,判給 S: the body that says so in the first clause."""
    first = place.sentence.clauses[0]
    said = _SAYS.match(first.text)
    return [name_at(place, first.start + said.start(1), first.start + said.end(1), "other")] if said else []


def client_before(place: Place) -> tuple[list[Name], At[Amount] | None]:
    """海巡署「…計畫」標案,金額5.2億元,最後由 S 得標: who has called for bids, and how much it is to cost."""
    before = place.sentence.clauses[: place.index]
    if not any("「" in clause.text for clause in before):
        return [], None
    called = next(((c, m) for c in before if (m := _CLIENT_OF_TENDER.match(c.text)) is not None), None)
    if called is None:
        return [], None
    clause, match = called
    client = name_at(place, clause.start + match.start(1), clause.start + match.end(1), "other")
    return [client], _sum_told(before)


def _sum_told(clauses: tuple[Clause, ...]) -> At[Amount] | None:
    told = (clause for clause in clauses if _SUM_OF_TENDER.search(clause.text))
    return next((amount for clause in told for amount in clause.amounts), None)


def client_next(place: Place) -> list[Name]:
    """奪得機管局…合約: a body right after the verb, though no list has it."""
    match = _CLIENT_NEXT.match(place.text_after)
    if match is None:
        return []
    return [name_at(place, place.cue.end + match.start(1), place.cue.end + match.end(1), "other")]


def contract_priced_next(place: Place) -> bool:
    """奪得…合約,涉資23億元: the contract is the object, and its sum stands in the next clause."""
    following = place.following[0] if place.following else None
    return following is not None and bool(following.amounts) and _CONTRACT.fullmatch(place.text_after.rstrip()) is not None
