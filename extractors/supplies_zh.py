"""Chinese supplies: who orders goods and services, who delivers them, who grants rights (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.draft import Draft, providers
from extractors.frames import Group, Place, last_of
from extractors.parties_zh import object_of, opens, subject_of
from extractors.reading import At
from extractors.syntax_zh import QUANTITY, patterns
from extractors.weak_names import has_tail
from models.mention import Amount, Name

_RIGHTS_FOR_SUM = re.compile(r"(?:则|并)?(?:以|总金额|总额)[^,]{0,8}\d[\d.,]*[万亿]+[^,]{0,20}$")
"""以5.3億美元和未來的分潤, before 授權全球大廠 B"""
_SUM_LEADS = re.compile(r"(?:以|总金额|总额)[^,]{0,8}\d[\d.,]*[万亿]+")
_AT_ONCE = re.compile(r"(?:\([^()]*\))?(?:近期|近日|日前|已|将|今[天日]|昨[天日]|宣布|正式|成功|独家|全球|去年|今年|\d{1,2}日)*")
"""Between a developer and 授權 B"""
_NO_MORE = re.compile(r"\s*(?:\([^()]*\))?\s*(?:$|[,\d]|[约共总创])")
"""After B: what is licensed by 授權Arm架構 is of Arm"""
_TAKES_IN_RIGHTS = "引进"
_OBTAINS = re.compile("取得|获得?|引进|拿下|签下")
_FOR_RIGHTS = re.compile(
    "签约金|前期[金款]|前金|头期款|首期款|里程[碑金]|权利金|授权金|授权费|许可费|许可使用费|(?:合约|契约|交易|授权)(?:金额|总额|价值|价金)|总(?:金额|额|价)"
)
_USED_FOR = re.compile(r"\s*(?:主要|将)?用[于以来]")
_PUT_UP = re.compile(r"(?:投入|斥资|砸下?|花费|豪掷)(?:超过|逾|约|近|至少|最多|高达)*[\d百千数][^,]*$")
"""投入超過100億美元,採購…"""
_LEASED = re.compile("(?:租约|合约|合同)$")
_SERVICE = re.compile("的?[^,]{0,6}?(?:云|算力|运算)")
_FROM_IT = re.compile("[向从](?:其|后者|对方|该公司|该集团)[^,]{0,6}$")
_BRANDED = re.compile(r"[^,]{0,24}?(?:处理器|[晶芯]片|GPU|加速器|伺服器|服务器|系统|设备|机台|客机|飞机|引擎)")
_MADE = re.compile("(?:所|负责)?(?:兴建|建造|打造|开发|生产|制造|研发|设计|营运|经营|持有)[^,]{0,4}的")
_FOR_SUM = re.compile(r"(?:以|总金额|总额)[^,]{0,8}\d[\d.,]*[万亿]+[^,]{0,20}$")
_LONG_TITLE = re.compile("「[^「」]{10,80}(?:案|计划|工程)」")
SIGNS = re.compile(r"[续洽]?签[署订下约立定]?")
_FUNDS = re.compile("(?:资金|补助|补贴|经费|拨款)$")
_TALKED_OF = frozenset({"洽商", "洽谈", "商谈", "磋商", "协商"})
"""S 正與 B 洽商供應 HBM"""
_SUPPLIED = re.compile("供应|供货|交付|提供给|卖给")


def is_order(place: Place, buyer: list[Name], supplier: list[Name]) -> bool:
    """Whether 購買 is a deal of two companies, not what a shopper does, nor a supply to the one named after it."""
    if any(name.kind == "person" for name in (*buyer, *supplier)):
        return False
    if place.right and _SUPPLIED.search(place.clause.between(place.cue.end, place.right[0].start)):
        return False
    partner = last_of(place.left, "to")
    if partner is not None and SIGNS.search(place.clause.between(partner.end, place.cue.start)):
        return True  # 向 S 簽約採購…
    sized = is_priced(place) or any(c.amounts or QUANTITY.search(c.text) for c in (place.clause, *place.following[:2]))
    return sized or all(name.entity_id or has_tail(name.text) for name in (*buyer, *supplier))


def is_priced(place: Place) -> bool:
    """Whether the clause, or the one that it tells the use of (用于采购) or that signs for it (…的租約,), gives a price."""
    before = place.sentence.clauses[place.index - 1] if place.index else None
    spent = before is not None and (
        _USED_FOR.match(place.clause.text) or _LEASED.search(before.text) or _PUT_UP.search(before.text)
    )
    return bool(place.clause.amounts) or bool(before and before.amounts and spent)


def contractor(place: Place, buyer: Group) -> Group | None:
    """與 B 簽署協議,以58億美元向其採購輝達處理器: who sells is the other side of the contract, and the goods are of a brand."""
    partner = place.state.partner
    if place.cue.type != "purchase" or partner is None or partner.shares(buyer):
        return None
    from_it = _FROM_IT.search(place.clause.between(place.clause.start, place.cue.start)) is not None
    first = place.right[0] if place.right else None
    branded = first is not None and _BRANDED.match(place.clause.text, first.end - place.clause.start) is not None
    before = place.sentence.clauses[max(place.index - 2, 0) : place.index]
    signed = any(patterns().agreement.search(clause.text) for clause in before)
    return partner if from_it or (branded and signed) else None


def maker(place: Place) -> Group | None:
    """承租由 B 興建的資料中心: who has made what is bought or let."""
    first = place.right[0] if place.right else None
    made = first is not None and first.case == "by" and _MADE.match(place.clause.text, first.end - place.clause.start)
    return first if made else None


def in_title(place: Place) -> bool:
    """Whether the cue stands in the title of a project, which quotation marks hold."""
    at = place.cue.start - place.clause.start
    return any(match.start() < at < match.end() for match in _LONG_TITLE.finditer(place.clause.text))


def uses_service(place: Place) -> bool:
    """投入300億美元使用 S 的雲端服務: the sum stands right before, and what S has to sell right after it."""
    first = place.right[0] if place.right else None
    spent = any(0 <= place.cue.start - amount.end <= 1 for amount in place.clause.amounts)
    return spent and first is not None and _SERVICE.match(place.clause.text, first.end - place.clause.start) is not None


def supply(place: Place) -> Draft | None:
    """S 向 B 供应 …; without a buyer in the clause, the one the text speaks of."""
    supplier = subject_of(place)
    spoken_of = (place.state.partner, *(g for g in reversed(place.state.pair or ()) if not sells(g)), place.state.topic)
    talked = place.clause.between(place.cue.start, place.cue.start + 2) in _TALKED_OF
    buyer = last_of(place.left, "with") if talked else last_of(place.groups, "to")
    buyer = buyer or next((g for g in spoken_of if g and supplier and not g.shares(supplier)), None)
    if supplier is None or buyer is None or buyer.shares(supplier):
        return None
    if not (talked or place.clause.amounts or QUANTITY.search(place.clause.text)):
        return None
    return place.draft("purchase", {"buyer": buyer.mentions(), "supplier": supplier.mentions()})


def grant(place: Place) -> Draft | None:
    """S 将 … 权益授予 O, for money."""
    bare = place.clause.between(place.cue.start, place.cue.end) == "授权"
    own = next((g for g in place.left if not g.case), None)
    if bare and not (_FOR_SUM.search(place.up_to) or _is_sold(place, own)):
        return None  # only 以5億美元授權 B says that rights are granted for money
    licensor = own or place.state.topic
    if bare and licensor is not None and licensor.start < place.sentence.start:
        return None  # whose rights they are is told by words that are no known name
    licensee = object_of(place) or last_of(place.left, "to")
    led = _sum_before(place)
    priced = led or any(clause.amounts for clause in (place.clause, *place.following[:2]))
    if _FUNDS.search(place.clause.text, place.cue.end - place.clause.start):
        return None  # 授予 C 4亿美元资金: money, not rights
    if licensor is None or licensee is None or licensor.shares(licensee) or not priced:
        return None
    roles = {"licensee": licensee.mentions(), "licensor": licensor.mentions()}
    return place.draft("license", roles, amount=led[0] if led else None)


def _sum_before(place: Place) -> tuple[At[Amount], ...]:
    """以2億美元將新藥,授權給 B: the sum of the clause before, where the rights open theirs."""
    before = place.sentence.clauses[place.index - 1] if place.index and not place.up_to.strip() else None
    return before.amounts if before is not None and _SUM_LEADS.search(before.text) else ()


def _is_sold(place: Place, licensor: Group | None) -> bool:
    """以5億美元和分潤,授權…B; A 近期授權…B,並取得6億美元: the sum stands in the next clause, and B is a company."""
    licensee = place.right[0] if place.right else None
    if licensee is None or any(name.kind not in {"company", "unit"} for name in licensee.mentions()):
        return False
    if not place.up_to.strip():
        return bool(place.index) and _RIGHTS_FOR_SUM.match(place.sentence.clauses[place.index - 1].text) is not None
    told = licensor is not None and _AT_ONCE.fullmatch(place.clause.between(licensor.end, place.cue.start)) is not None
    told = told and _NO_MORE.match(place.clause.text, licensee.end - place.clause.start) is not None
    return told and any(clause.amounts for clause in (place.clause, *place.following[:1]))


def licensed_in(place: Place) -> Draft | None:
    """X 取得 Y 新藥授權, X 自 Y 取得授權, X 獲 Y 授權, for money: who gets the rights pays for them."""
    taken_in = place.clause.between(place.cue.start, place.cue.end) == _TAKES_IN_RIGHTS
    obtained = _OBTAINS.search(place.clause.text, 0, (place.cue.end if taken_in else place.cue.start) - place.clause.start)
    sides = [
        g for g in (place.groups if taken_in else place.left) if all(name.kind in {"company", "unit"} for name in g.mentions())
    ]
    if obtained is None or not sides:
        return None
    licensor = next((g for g in sides if g.start >= place.clause.start + obtained.end()), last_of(sides, "source"))
    licensee = sides[0] if sides[0] is not licensor else place.state.topic
    if licensor is None or licensee is None or licensee.case or licensee.shares(licensor) or not opens(place.clause, sides[0]):
        return None
    for clause in (place.clause, *place.following[:2]):
        fees = clause.amounts and (_FOR_RIGHTS.search(clause.text) or (clause is place.clause and _FOR_SUM.search(place.up_to)))
        if fees:
            roles = {"licensee": licensee.mentions(), "licensor": licensor.mentions()}
            return place.draft("license", roles, amount=clause.amounts[0])
    return None


def sells(group: Group) -> bool:
    return any(name.value.entity_id in providers() for name in group.names)
