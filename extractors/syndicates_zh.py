"""Chinese syndicated loans: the banks that arrange one and who borrows, wherever the clause tells them (folded text)."""

from __future__ import annotations

import re

from extractors.draft import Draft, distinct
from extractors.frames import Group, Place, last_of, names_of
from extractors.normalize import fold
from extractors.parties_zh import groups, implicit, name_at
from extractors.reading import At
from extractors.syntax_zh import ASIDE, common_words, patterns
from models.mention import Name

_BANK = re.compile(
    "^(?!含|.*(?:管理|参贷|主办)银行)[^等]*(?:银行|(?<!软)银$|商银|金库|票券|兆丰|合库|[一二三]银$|(?<!Soft)Bank)", re.IGNORECASE
)
_BANKERS = re.compile("(?:银行|银|行库|金融机构|银行团|参贷行|金融同业)")
_SYNDICATED = re.compile("联贷|联合授信")
_ARRANGES = re.compile("(?:统筹|共同|主导|分别)*(?:主办|承办|筹组|统筹|参贷|承作|承贷|操刀)(?:的|之)?|完成(?:与)?(?:的|之)?")
_LENDS_IT = re.compile("\\s*(?:联合|共同)?(?:提供|授予|给予|核贷|贷予)(?:给|予)?")
_FORMS_SYNDICATE = re.compile("(?:筹组|组成|合组|共组|组建)[^,]{0,4}(?:联贷|银行团|银团)")
"""L1、L2 等8家銀行籌組聯貸團,提供 B 60億元聯貸: what the clause after it tells of"""
_TERM = re.compile(
    r"(?:\s*(?:为期|[\d一二三五七十]+\s*年期?|期限|总额|总计|金额|共|约|逾|近|高达|新台币|美元|人民币|台币|、|的|之))*$"
)
_UP_TO_BANK = re.compile("(?:委[由托请]|获得?|与|和|向|[^,]{0,2}(?=由))$")
_NO_NAME = re.compile(
    "^[这该此本首其旗]|^(?:因此|所以|当时|当初|目前|日前)|由$|^新(?!加坡|竹|北|光)|^[同上一各多今昨去明第每总]|[的了是在]|\\d|[一二三四五六七八九十]笔|案$|^(?:主办|参贷|统筹|发行|办理|申请)"
)
_BANK_LEADS = re.compile(
    "由?((?:(?![向已])[\u3400-\u9fff]){1,8}?(?:商银|银行|银))(?:\\([^()]*\\))?(?:等[^,]{0,8})?(?:统筹|共同)*(?:主办|承办|筹组|参贷|承作)"
)
_OF_ITS_OWN = re.compile("(?:合资|旗下|投资|持有)的([\u3400-\u9fff]{2,10})(?=筹组|取得|获)")
"""A 與 C 合資的|岳岡風電|籌組…: who borrows, whoever owns it"""
_LISTS = re.compile("包括|包含|依序[为是]|分别[为是]|:")
_ITEM = re.compile(
    r"(?:,?(?:以?及|和|与)|[、,:])?([^\d,。;、():]{2,14}?)(?:\(\d{4}\))?(?:、([^\d,。;、():]{2,14}?)(?:\(\d{4}\))?各)?\d[\d.,]*亿元?"
)
"""世岳實業277億元; 甲木(3901)、岳宣各180億元"""
_BUREAU = re.compile("[\u3400-\u9fff]{2,4}[局署处]")
"""交通部|鐵道局: the one below it"""
_LIMIT_TOLD = re.compile("(?:额度|金额|总额|规模)(?:共|为|达|共计|合计)?$")
_TO_STATE = re.compile("[向对给予]([\u3400-\u9fff]{2,24})")
_LENDS = re.compile("(?:政府)?[^,]{0,4}?(?:提供|发放|拨付|放款|贷出)")
_COUNTS = re.compile(r"\s*(?:其中|参贷[^,]{0,6}|银行团[^,]{0,6})?包[含括]")
_WITH_BANKS = re.compile(r"\s*(?:今[天日]?)?(?:携手|联手|偕同?|联合|带领|率领|[与和同])")
_BANKS_LEAD = re.compile(
    r"(?:\([^()]*\))?等?[^,、]{0,6}?(?:牵头|主导|领衔|为首|领军|共同组成|组成)的?[^,、]{0,8}(?:银团|银行团|金融机构|贷款团)"
)
"""L 牵头的银团"""
_GOT_OF = re.compile("(?:取得|借得|争取到|谈妥|敲定)(?:了|来自)?$")
"""取得 L 2亿美元贷款: right before the bank"""
_OBTAINED = re.compile("获得?|取得|借|筹|拿到|申请")
_SHORTEST, _LONGEST = 2, 14
_NO_BORROWER = re.compile("币|元$|总?[金总]额|[笔件期]$")
_SEVERAL = 2


def syndicate(place: Place) -> Draft | None:
    """L 主辦 B 300億元聯貸, B 委由 L 統籌主辦…, B 與 L 等銀行簽署…, B 300億元聯貸案由 L 主辦: told of the same two."""
    if not is_syndicated(place):
        return None
    limit = None
    if not any(c.amounts for c in (place.clause, *place.following[:2])):
        sums = [a for c in place.following[2:5] for a in c.amounts if _LIMIT_TOLD.search(c.between(c.start, a.start))]
        if not sums:
            return None
        limit = sums[0]  # 完成簽約,此聯貸案,由 L 主辦,額度共三十億元
    named = [name for name in place.clause.names if name.value.kind not in {"person", "product"}]
    lenders = [name for name in named if is_bank(name.value)]
    others = [name for name in named if not is_bank(name.value)]
    borrower = _borrower(
        place, [name for name in others if name.value.entity_id or not _NO_NAME.search(fold(name.value.text))], lenders
    )
    lent_by = distinct([name.value for name in lenders]) or _unlisted_bank(place) or _banks_joining(place)
    lent_by = lent_by or _bank_spoken_of(place) or _counted(place)
    if borrower is None or not (lent_by or _BANKERS.search(place.clause.text) or _OF_ITS_OWN.search(place.clause.text)):
        return None
    for clause in place.following[: 4 if limit else 2]:
        if patterns().lenders.search(clause.text):
            lent_by += [name for group in groups(clause) for name in group.mentions() if is_bank(name)]
    return place.draft("loan", {"lender": distinct(lent_by), "borrower": [borrower]}, amount=limit)


def _counted(place: Place) -> list[Name]:
    """…聯合授信案,其中包含 L1、L2: the banks that the clause after the loan counts."""
    clause = place.following[0] if place.following and _COUNTS.match(place.following[0].text) else None
    names = [name.value for name in clause.names] if clause is not None else []
    return distinct(names) if sum(map(is_bank, names)) * 2 > len(names) else []


def state_borrowing(place: Place) -> list[Name]:
    """L 批准向烏克蘭提供5億美元貸款: a state, which no row has."""
    lent = _TO_STATE.search(place.up_to)
    state = next((p for p in patterns().places if lent and lent[1].startswith(p) and _LENDS.match(lent[1], len(p))), None)
    if lent is None or state is None:
        return []
    start = place.clause.start + lent.start(1)
    return [name_at(place, start, start + len(state), "government")]


def lenders_before(place: Place) -> list[Name]:
    """由 L1 統籌主辦,L2、L3 共同主辦: the banks that the clauses before name with their part in the loan."""
    led = [clause for clause in place.sentence.clauses[: place.index] if patterns().lenders.search(clause.text)]
    return [name.value for clause in led for name in clause.names if is_bank(name.value)]


def listed_loans(place: Place) -> list[Draft]:
    """三大案包括 A 978億元、B 277億元,及 C、D 各180億元聯貸: who borrows how much, one loan each."""
    text = place.clean.text
    lists = _LISTS.search(text, place.sentence.start, place.cue.start) if is_syndicated(place) else None
    items = []
    at = lists.end() if lists else place.cue.start
    while at < place.cue.start and (item := _ITEM.match(text, at, place.cue.start)) is not None:
        items.append(item)
        at = item.end()
    if len(items) < _SEVERAL or at != place.cue.start:
        return []
    sums = [amount for clause in place.sentence.clauses for amount in clause.amounts]
    drafts = []
    for item in items:
        told = next((amount for amount in sums if item.start() < amount.start < item.end()), None)
        for group in (1, 2):
            if item[group] and not (_NO_NAME.search(item[group]) or _NO_BORROWER.search(item[group])):
                borrower = _named(place, *item.span(group))
                drafts.append(place.draft("loan", {"borrower": [borrower]}, amount=told))
    return [draft for draft in drafts if draft is not None]


def _named(place: Place, start: int, end: int) -> Name:
    """The name that a list or a grammar has found there, else the words."""
    known = (name.value for clause in place.sentence.clauses for name in clause.names if (name.start, name.end) == (start, end))
    return next(known, None) or name_at(place, start, end, "company")


def _unlisted_bank(place: Place) -> list[Name]:
    """甲木商銀主辦…: a bank that no list has, by the noun that closes its name."""
    match = _BANK_LEADS.match(place.clause.text)
    start = place.clause.start
    return [name_at(place, start + match.start(1), start + match.end(1), "company")] if match else []


def _bank_spoken_of(place: Place) -> list[Name]:
    """L 宣布,統籌主辦 B …聯貸案: the bank of the clause before."""
    names = names_of(place.state.topic)
    arranged = _ARRANGES.search(place.clause.text)
    led = arranged is not None and implicit(place.clause, place.clause.start + arranged.start())
    return names if led and all(map(is_bank, names)) else []


def is_syndicated(place: Place) -> bool:
    """Whether the word that tells the loan says that several banks lend."""
    return _SYNDICATED.search(place.clause.between(place.cue.start, place.cue.end)) is not None


def is_bank(name: Name) -> bool:
    """Whether a name is that of a bank."""
    return bool(_BANK.search(fold(name.text)) or _BANK.search(name.canonical))


def _banks_joining(place: Place) -> list[Name]:
    """L 攜手 B 簽署聯貸; L 攜手 L2 等15家金融機構,完成…聯貸案: the bank that opens the clause before, and those joined to it."""
    before = place.sentence.clauses[place.index - 1] if place.index else None
    banks = [name.value for name in before.names if is_bank(name.value)] if before is not None else []
    if before is None or not banks or before.names[0].value is not banks[0]:
        return []
    joined = _WITH_BANKS.match(place.clause.text) or _ARRANGES.match(place.clause.text)
    formed = _LENDS_IT.match(place.clause.text) and _FORMS_SYNDICATE.search(before.text)
    return distinct(banks) if joined or formed else []


def led_syndicate(place: Place) -> Draft | None:
    """L 牵头的银团与 B 签订…贷款协议: L lends, with those that the clause after counts."""
    lead = next((g for g in place.left if _BANKS_LEAD.match(place.clause.text, g.end - place.clause.start)), None)
    borrower = next((g for g in place.left if lead is not None and g.start > lead.end and g.case in {"with", "to"}), None)
    if lead is None or borrower is None:
        return None
    lenders = lead.mentions()
    for clause in place.following[:2]:
        if patterns().lenders.search(clause.text) or "参贷" in clause.text:
            lenders += [name for group in groups(clause) for name in group.mentions() if is_bank(name)]
    return place.draft("loan", {"lender": distinct(lenders), "borrower": borrower.mentions()})


def lent_from(place: Place) -> Group | None:
    """从 L 获得23亿美元贷款, 取得 L 2亿美元贷款: L lends."""
    source = last_of(place.left, "source")
    if source is not None and _OBTAINED.search(place.clause.between(source.end, place.cue.start)):
        return source
    last = place.left[-1] if place.left else None
    if last is None or not all(map(is_bank, last.mentions())):
        return None
    return last if _GOT_OF.search(place.clause.between(place.clause.start, last.start)) else None


def turns_to_bank(place: Place) -> bool:
    """向 L 借款2亿美元: the verb says that money is lent, and the sum stands right after it."""
    bank = last_of(place.left, "to")
    told = bank is not None and bank.end == place.cue.start and all(map(is_bank, bank.mentions()))
    return told and any(0 <= amount.start - place.cue.end <= 1 for amount in place.clause.amounts)


def arranged_for(place: Place, arranger: Group | None) -> Draft | None:
    """L 参与 B 开发的计划,共同统筹主办900亿元联贷案: who arranges is the bank of the two that the clause before names."""
    if arranger is None or any(map(is_bank, arranger.mentions())) or place.left:
        return None
    told = [name.value for clause in place.sentence.clauses[: place.index] for name in clause.names]
    banks = distinct([name for name in told if is_bank(name)])
    if not banks or len(arranger.names) > 1:
        return None
    return place.draft("loan", {"lender": banks, "borrower": arranger.mentions()})


def is_no_borrower(words: str) -> bool:
    """总金额, 旗下首宗: what stands before the sum, and nobody."""
    return _NO_NAME.search(words) is not None or _NO_BORROWER.search(words) is not None or words in {"完成", "顺利完成", "总金"}


def _borrower(place: Place, others: list[At[Name]], lenders: list[At[Name]]) -> Name | None:
    """Who borrows: named between the verb and the loan, else before the banks, else by the words that stand there."""
    arranged = _LENDS_IT.match(place.clause.text)
    for match in _ARRANGES.finditer(place.clause.text, 0, place.cue.start - place.clause.start):
        arranged = match
    if arranged is not None and (led_by := _OF_ITS_OWN.search(place.clause.text, 0, arranged.end())) is not None:
        start = place.clause.start
        return name_at(place, start + led_by.start(1), start + led_by.end(1), "company")
    at = place.clause.start + arranged.end() if arranged else place.clause.start
    beside = next((name for name in others if at <= name.start < place.cue.start), None)
    before = next((name for name in others if name.start < place.cue.start), None)
    chosen = beside or before
    sums = [amount.start for amount in place.clause.amounts if at <= amount.start]
    words = _words(place, at, min([*sums, place.cue.start])) if arranged else None
    if words is not None and (beside is None or beside.value.entity_id is None):
        return words  # the whole of 新加坡商|逸科亞|台灣分公司
    if chosen is not None:
        unit = next((name for name in others if name.start == chosen.end), chosen)  # 交通部|鐵道局
        bureau = _BUREAU.match(place.clause.text, unit.end - place.clause.start)
        if bureau is not None and unit.value.kind == "government":
            return name_at(place, unit.end, place.clause.start + bureau.end(), "government")
        return unit.value
    led = min([name.start for name in lenders] + sums + [place.cue.start])
    words = _words(place, place.clause.start, led)
    if words is not None:
        return words
    topic = place.state.topic if place.clause.amounts else None
    spoken_of = topic is not None and len(topic.names) == 1 and not is_bank(topic.names[0].value)
    return topic.names[0].value if topic and spoken_of and implicit(place.clause, led, 12) else None


def _words(place: Place, start: int, end: int) -> Name | None:
    """The words of a stretch as the borrower's name, without the term of the loan or the verb after them."""
    text = place.clause.between(start, end)
    text = text[: _TERM.search(text).start()]  # type: ignore[union-attr]
    text = ASIDE.sub("", _UP_TO_BANK.sub("", text)).rstrip()
    head = len(text) - len(text.lstrip())
    words = text.strip()
    if not _SHORTEST <= len(words) <= _LONGEST or _NO_NAME.search(words) or words in common_words() or not words.isalpha():
        return None
    return name_at(place, start + head, start + head + len(words), "company")
