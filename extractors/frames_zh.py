"""Who does what to whom in a Chinese sentence (folded text: simplified characters).

A cue of the deal tables opens a frame; the frame says where its roles stand. Roles are found by the preposition in
front of a name (向/对 the one acted on, 由/被/获 the one acting, 与 the other side), by word order, and, where a clause
names no subject, by the subject that the text is still speaking of.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import ahocorasick_rs

from extractors.draft import GENERAL, CueAt, Draft, cue_words, distinct, object_words, providers
from extractors.frames import Group, Place, State, last_of, names_of, payer_and_paid
from extractors.normalize import fold
from extractors.reading import At, Clause, Reading
from models.mention import Name

# The last of these before a name gives its case, unless it is part of another word.
_PREPOSITION = re.compile(
    r"(?P<to>(?<![应一方意导趋偏取志面])向|(?<![应绝相])对(?!手|冲|于此|外)|给|予(?!以)|替|(?<![因成作认称视名行])为(?!期|了|何|主|由))"
    r"|(?P<by>(?<![理自经])由(?!于)|被|获得?|遭到?|受)"
    r"|(?P<with>(?<![参])与(?!会)|(?<![平总缓共])和(?!平)|跟(?!投|进)|(?<![共合协等不如])同(?!时|样|意|比|步|期|日|年|业)|偕同?|携手|联手|伙拍|夥拍|夥|牵手)"
    r"|(?P<source>(?<![服])从(?!事)|(?<![独各亲])自(?!行|有|研|动|家|主|今))"
    r"|(?P<object>把)"
)
# Between a preposition and its name only a description may stand: 向電力基礎設施開發商Lancium.
_NOT_DESCRIPTION = re.compile(r"[,()]|投资|收购|采购|宣布|签|达成|提供|获|使用|采用|将|已|拟|计划|承诺|洽谈")
_AND = re.compile(r"\s*(?:[、/&]|以及|及其|及|和|与|暨|跟)\s*(?:老股东|新股东|旗下|同为|上市公司)?\s*")
_WITH_AND = re.compile(r"\s*(?:和|与|跟)\s*")
# A name before these is said of another: OpenAI 競爭對手 Anthropic, AWS母公司亞馬遜.
_MODIFIES = re.compile(
    r"(?:的)?[^,、]{0,6}(?:竞争对手|对手|旗下|子公司|孙公司|母公司|附属公司|关联公司|所属|背后|合作伙伴|供应商|投资者|大股东|创办的|创立的|支持的)[^,、]{0,14}"
)
_NOT_PARTY_AFTER = re.compile(
    r"\s*的?(?:共同|联合|前)?(?:创办人|创始人|执行长|行政总裁|首席|CEO|董事长|总裁|总经理|概念股|供应链|股价|员工|发言人|财务长|用户|分析师|平台上|模型及|模型训练)"
)
_FILLER = re.compile(
    r"计[划画]|拟|将|会|要|并|已|亦|也|又|再|则|曾|正在|正|更|还|且|同时|另外|此外|其中|据悉|据报道?|若|如果?|宣布|承诺|同意|决定|有意|考虑|预计|可能|或|日前|近日|"
    r"今[天日]|昨[天日]|最近|近期|早前|先前|先后|合[共计]|共|不过|但|而|随后|其后|之后|再次|首次|一次性|分别|最终|最多|高达|至少|以|用|约|近|逾|超过?|通过|双方|"
    r"该公司|该集团|这家公司|公司|集团|其|本次|此次|这项?|消息称|传出?|外传|曝|自有资金|现金|支付|方式|斥资|豪?砸|出资|投入|资金|额外|进一步|成功|正式|悄悄|继续|来|去|内|中|等|方面|全资|完成|获|寻求|直接"
)
# A clause that opens so goes on about the subject of the clause before it.
_MODAL_OPENING = re.compile(r"\s*(?:并且?|拟|计[划画]|将|亦|也|再|又|还|同时|随后|以|合共|另|而?且|旗下|从|向|对|与|双方|后者|前者)")
_RECIPROCAL = re.compile(r"洽谈|谈判|商谈|磋商|协商|接洽|接触|讨论|签|达成|合作|协议|备忘录|合资|结盟|商讨|交易")
_SIGNED = re.compile(r"签署|签订|签下|签约|签了|签|达成|敲定|订立|缔结|订明|取得|获得|拿下|获|揽下|宣布")
_SIGNED_THING = re.compile(r"授权|合资|协议|合约|合同|大?订?单|备忘录|意向书|MOU|合作案|交易|契约|长约")
_ANAPHOR = re.compile(r"\s*(?:该公司|该集团|其(?:新|发行|增发|普通|A股|股)|其|后者|对方|这家公司|该公益公司|该企业|该平台|本公司)")
_PASSIVE = re.compile(r"(?:获得?|获取|赢得|迎来|拿到|接受)[^,]{0,24}$")
_CONTROL = 50
"""Percentage from which shares that change hands carry control"""
_QUANTITY = re.compile(r"(\d[\d,.]*)\s*(GW|MW|吉瓦|兆瓦|千兆瓦)", re.IGNORECASE)
_HELD_BY = re.compile(r"\s*(?:公司)?(?:所)?持有?的?\s*")
# 此次投資, 這項收購: what was told before, spoken of again.
_REFERRING = re.compile(r"(?:此次|本次|[这该此][项笔宗桩起次轮]?|上述)$")
_THIS_COMPANY = re.compile(r"这家[^,]{0,20}?(?:企业|公司|巨头|机构|厂商|集团|大厂|巨擘)")
_HOLDERS_OF = re.compile(r"\s*的?(?:股东|股权结构|持股结构|股权)")
_DENIED = re.compile(r"否认|无意|没有计划|未计划|不会|并无|没有打算|无计划|尚未决定")
_BRACKET = re.compile(r"[」』\"\s]*\(\s*")
# Where a name follows one of these directly, something is done to it; it is not what the clause speaks of.
_DONE_TO = re.compile(
    r"(?:投资|收购|并购|入股|采购|认购|控股|增持|持有|支持|挑战|助攻|助|超车|追赶|力挺|看好|采用|使用|依赖|击败|取代|点名|控告|起诉|剑指|取得|买下|拒绝|终止|暂停|否认|通过|对抗|锁定|押注|牵手|瞄准|抢攻|警告|批评|要求|要|让|令|使|靠)\s*[「\"]?$"
)
_DATELINE = re.compile(r"\([^()]*(?:报导|报道|电|讯|摄)\)|〔[^〕]*〕|\[[^]]*\]|【[^】]*】")
_DESCRIBED = re.compile(
    r"(?:公司|企业|集团|巨擘|巨头|龙头|大厂|厂商?|商|业者|机构|银行|平台|新创|初创|独角兽|品牌|国|日本|本土|全球|全球最大|对手|伙伴|子公司|方|者|运营商|开发商|供应商|之王|一哥|双雄|基金|资本|股东|投资人|制造商|行业|领域|业|旗下|政府)\s*[「\"]?$"
)
_ASIDE = re.compile(r"\([^()]*\)|\($")
_SPAN_OF_TIME = re.compile(r"[期第]?[一二三四五六七八九十百千万亿两几数\d]+[年月日天个期成倍]")
_PRONOUN_START = re.compile(r"[其该本此这每各某他它她我你]")
_SALE_AGREEMENT = re.compile(r"(?:买卖|转让|出售|收购|购股)协议")
_LATTER_SUBJECT = re.compile(r"\s*(?:而|并|且|由)?(后者|前者|对方)")
_LENDERS = re.compile(r"统筹|主办|参贷|承贷|牵头|参与联贷")
_TO_LATTER = re.compile(r"[向对给为](?:后者|其)")
_OWNER = re.compile(r"\s*(?:现任|前|现有|部分)*员工|(?:第[一二三]大|最大|控股|主要|单一最大|大)?股东")
_WORTH = re.compile(r"\s*(?:持股|总)?(?:价值|市值|值)")
_OF_THE_OTHER = re.compile(r"[^,]{0,3}(?:后者|其|对方)(?:旗下|位于|的|在)")
_OF_THE_OTHER_HEAD = re.compile(r"(?:[\s了]|其|后者|对方|位于|旗下|的)*")
_GRANTED = re.compile(r"授予|授权")
_MARKER = re.compile(r"[将把]\s*$")
_MARKED = re.compile(r"[将把](?!于|会|继续|在|以|与|向|对|斥|投)")
_SHORTEST_ASSET = 3
_ROUND_WORD = re.compile(r"轮|领投|跟投|共同|联合")
_BUYER_IS = re.compile(r"(?:买主|买家|买方|接手方|收购方|受让方)[^,]{0,8}(?:是|为)")
_SHARES_AFTER = re.compile(r"[^,]{0,16}?(?:股份|股权|普通股|新股|股票|权益|\d\s*[万亿]*股)")
_SELLER_OF_RIGHTS = re.compile(r"(?:新创|初创|创企|开发商|公司)\s*$")
_JOINED = re.compile(r"参[与加]了?|加入了?")
_ASSET = re.compile(r"[^,。;()]{0,30}?(?:土地|厂房|厂区|工厂|晶圆厂|后段厂|厂|大楼|物业|业务|资产|园区|矿山?|港口|电站|办公楼|地块|部门|生产线|产线|用地)(?=[,。;)(\s]|$)")
_AFTERWARDS = re.compile(r"(?:完成|收购|增资|交易|交割|投资|转让|认购)[^,]{0,4}(?:后|之后)")
_FINISHED = re.compile(r"完成|配售|获|拿下|宣布|启动|寻求|洽谈|筹备|进行|筹|募|开启|推进|敲定|再融|融资|新增|披露|发行|拟")


@functools.cache
def _matcher() -> tuple[ahocorasick_rs.AhoCorasick, tuple[str, ...]]:
    words = tuple(sorted(cue_words("zh")))
    return ahocorasick_rs.AhoCorasick(list(words), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), words


def find_cues(clause: Clause) -> Iterator[CueAt]:
    """Cues of a clause that are not part of a name, nor of another word."""
    matcher, words = _matcher()
    text = clause.text.lower()
    if len(text) != len(clause.text):
        text = clause.text
    for index, first, last in matcher.find_matches_as_indexes(text):
        start, end = clause.start + first, clause.start + last
        if any(name.start < end and start < name.end for name in clause.names):
            continue
        if _REFERRING.search(text, max(first - 4, 0), first):
            continue
        for kind, cue in cue_words("zh")[words[index]]:
            if text[last:].lstrip().startswith(cue.not_before) and cue.not_before:
                continue
            if cue.not_after and text[:first].rstrip().endswith(cue.not_after):
                continue
            yield CueAt(start, end, kind, cue)


def groups(clause: Clause) -> list[Group]:
    """The participants of a clause with their cases; names that only describe another are left out."""
    kept = [name for at, name in enumerate(clause.names) if _is_party(clause, at)]
    out: list[Group] = []
    for name in kept:
        before = out[-1].end if out else clause.start
        gap = clause.between(before, name.start)
        last = out[-1] if out else None
        if last and _BRACKET.fullmatch(gap):
            continue  # a second name in brackets says the first one again
        if last and _AND.fullmatch(gap):
            partner = 1 if _WITH_AND.fullmatch(gap) else (last.partner + 1 if last.partner else 0)
            out[-1] = Group((*last.names, name), last.case, last.start, name.end, partner)
            continue
        out.append(Group((name,), _case(gap), name.start, name.end))
    return out


def _is_party(clause: Clause, at: int) -> bool:
    name = clause.names[at]
    if name.value.kind == "product" or clause.between(name.start - 1, name.start) == "《":
        return False
    if name.value.entity_id is None:
        printed = clause.between(name.start, name.end)
        if _PRONOUN_START.match(printed) or not _FILLER.sub("", printed) or _SPAN_OF_TIME.fullmatch(printed):
            return False
    after = clause.text[name.end - clause.start :]
    if _NOT_PARTY_AFTER.match(after):
        return False
    following = next((n for n in clause.names[at + 1 :] if clause.between(n.start - 1, n.start) != "("), None)
    return following is None or not _MODIFIES.fullmatch(_ASIDE.sub("", clause.between(name.end, following.start)))


def _case(gap: str) -> str:
    gap = _ASIDE.sub("", gap)
    found = None
    for match in _PREPOSITION.finditer(gap):
        found = match
    if found is None or len(gap) - found.end() > 18 or _NOT_DESCRIPTION.search(gap[found.end() :]):
        return "object" if _DONE_TO.search(gap) or _MARKER.search(gap) else ""
    return found.lastgroup or ""


def find_drafts(reading: Reading) -> Iterator[Draft]:
    """Every telling of a deal, in text order."""
    state = State()
    for sentence in reading.sentences:
        continued = reading.clean.text[max(sentence.start - 2, 0) : sentence.start].rstrip()[-1:] == ";"
        if continued:
            state.topic = state.period_topic
        else:
            state.period_topic = state.topic
        state.partner = state.held = None
        for index, clause in enumerate(sentence.clauses):
            members = groups(clause)
            anywhere = CueAt(clause.start, clause.start, "partnership", GENERAL)
            yield from _clause_drafts(Place(reading.clean, sentence, index, clause, members, state, anywhere))
            _remember_held(clause, members, state)
            _remember(clause, members, state, first=index == 0 and not continued)


def _remember_held(clause: Clause, members: list[Group], state: State) -> None:
    """现东方龙的股东持股结构为: whose shares the holdings that follow are of."""
    for group in members:
        if _HOLDERS_OF.match(clause.text, group.end - clause.start) and not clause.percents:
            state.held = group


def _remember(clause: Clause, members: list[Group], state: State, *, first: bool) -> None:
    subject = next((g for g in members if not g.case), None)
    if subject is None:
        return
    if _opens(clause, subject):
        partner = next((g for g in members if g.case in {"with", "to"}), None)
        if partner is None and len(subject.names) == 2 and subject.partner == 1 and _RECIPROCAL.search(clause.text):
            one, other = subject.names
            partner = Group((other,), "with", other.start, other.end)
            subject = Group((one,), "", one.start, one.end)
        state.topic = subject
        state.partner = partner
        if first:
            state.period_topic = subject


def _opens(clause: Clause, group: Group) -> bool:
    """Whether the clause speaks of the group: nothing but adverbs and a description stands before it."""
    gap = _DATELINE.sub("", clause.between(clause.start, group.start))
    return _implicit(clause, group.start) or bool(_DESCRIBED.search(gap)) or not _FILLER.sub("", gap).strip(' 「"')


def _implicit(clause: Clause, end: int, limit: int = 4) -> bool:
    """Whether nothing that could be a subject stands between the start of the clause and `end`."""
    text = list(clause.between(clause.start, end))
    for mention in (*clause.dates, *clause.amounts):
        for at in range(mention.start - clause.start, min(mention.end - clause.start, len(text))):
            text[at] = " "
    left = _DATELINE.sub("", "".join(text))
    return bool(_MODAL_OPENING.match(left)) or len(re.sub(r"[\s()「」《》\"]+", "", _FILLER.sub("", left))) <= limit


def _clause_drafts(place: Place) -> Iterator[Draft]:
    told = False
    for cue in find_cues(place.clause):
        if _DENIED.search(place.clause.between(place.clause.start, cue.start)):
            continue
        for draft in _each(_FRAMES[cue.cue.frame](replace(place, cue=cue)), place, cue):
            told = True
            place.state.named_last = [n for role in list(draft.roles)[1:] for n in draft.roles[role]] or place.state.named_last
            yield draft
    if not told or _SIGNED.search(place.clause.text):
        draft = _agreement(place)
        if draft is not None:
            yield draft


def _each(draft: Draft | None, place: Place, cue: CueAt) -> list[Draft]:
    """One draft for each investor where the text tells them apart: 各認購5億, 先後獲得 Google 與 Amazon 投資."""
    if draft is None:
        return []
    role = payer_and_paid(draft.type)[0] if draft.type in {"investment", "purchase"} else ""
    several = draft.roles.get(role, [])
    before = place.clause.between(place.clause.start, cue.start)
    separately = "各" in before[-3:] or (
        _PASSIVE.search(before) and not place.clause.amounts and not _ROUND_WORD.search(place.clause.text) and len(several) < 4
    )
    if draft.type != "investment" or len(several) < 2 or not separately:
        return _distributed(draft, place, role)
    price = next((a for a in place.clause.amounts if not a.value.is_equivalent), None) if "各" in before[-3:] else None
    return [replace(draft, roles={**draft.roles, role: [name]}, amount=price or draft.amount) for name in several]


def _distributed(draft: Draft, place: Place, role: str) -> list[Draft]:
    """投资 A 与 B，金额分别为 X 与 Y: as many amounts as participants of one role."""
    for clause in (place.clause, *place.following[:1]):
        prices = [a for a in clause.amounts if not a.value.is_equivalent and a.value.kind in {"deal", "unknown", "total"}]
        for several_role, names in draft.roles.items():
            if len(names) > 1 and len(prices) == len(names) and "分别" in clause.text:
                return [
                    replace(draft, roles={**draft.roles, several_role: [name]}, amount=amount)
                    for name, amount in zip(names, prices, strict=True)
                ]
    return [draft]


def _moved(place: Place) -> list[Name]:
    """将/把 X 卖给 …: what is moved, a name or an asset, before the cue."""
    text = place.clause.between(place.clause.start, place.cue.start)
    found = None
    for match in _MARKED.finditer(text):
        found = match
    if found is None:
        return []
    start = place.clause.start + found.end()
    inside = [g for g in place.left if g.start >= start]
    if inside:
        return inside[-1].mentions()
    return _asset_name(place, start, place.cue.start)


def _subject(place: Place) -> Group | None:
    """The nearest group without a case before the cue; the topic when the clause leaves its subject out."""
    found = last_of(place.left, "")
    if found is not None:
        return found
    if (referred := _LATTER_SUBJECT.match(place.clause.text)) is not None:
        return place.state.topic if referred[1] == "前者" else place.state.partner or place.state.topic
    if _THIS_COMPANY.search(place.clause.between(place.clause.start, place.cue.start)):
        return place.state.topic
    edge = min([g.start for g in place.left] + [place.cue.start])
    gap = place.clause.between(place.clause.start, edge)
    if place.left:
        gap = gap[: _preposition_start(gap)]
    return place.state.topic if _implicit(place.clause, place.clause.start + len(gap)) else None


def _object(place: Place, reach: int = 30) -> Group | None:
    """The first group after the cue that is not the other side or a source."""
    for group in place.right:
        gap = place.clause.between(place.cue.end, group.start)
        if group.case in {"with", "by"} or len(gap) > reach + sum(a.end - a.start for a in place.clause.amounts):
            return None
        return group
    return None


def _preposition_start(gap: str) -> int:
    last = None
    for match in _PREPOSITION.finditer(gap):
        last = match
    return last.start() if last else len(gap)


def _act(place: Place) -> Draft | None:
    if _GRANTED.search(place.clause.between(place.clause.start, place.cue.start)):
        return None
    agent, patient = _act_roles(place)
    percent = place.percent()
    kind = place.cue.type
    needs = place.cue.cue.needs
    if needs == "percent" and not percent and not _SHARES_AFTER.match(place.clause.text, place.cue.end - place.clause.start):
        return None
    if needs == "amount" and not any(clause.amounts for clause in (place.clause, *place.following[:2])):
        return None
    if agent is None or (patient is None and kind not in {"purchase", "acquisition", "share_transfer"}):
        return None
    if kind == "share_transfer":
        return _taken_over(place, agent, percent)
    first, second = payer_and_paid(kind)
    if kind == "acquisition" and (not patient or _OF_THE_OTHER.match(place.clause.text, place.cue.end - place.clause.start)):
        patient = _asset(place) or patient
    if kind == "acquisition":
        return _acquisition(place, agent, patient, percent) if patient else None
    if kind == "purchase" and not patient and not place.clause.amounts:
        return None
    if not patient:
        return None
    return place.draft(kind, {first: agent, second: patient}, percent=percent)


def _taken_over(place: Place, buyer: list[Name], percent: At[Decimal] | None) -> Draft | None:
    """B 从 S 手中受让 C 的股份; the company is S itself, or what the sentence speaks of, when the clause does not say."""
    seller = last_of(place.left, "source") or last_of(place.left, "to") or place.state.partner
    company = _object(place) or place.state.topic
    if seller is None:
        return None
    names = names_of(company)
    if not names or any(name in buyer for name in names):
        names = seller.mentions()
    return place.draft("share_transfer", {"buyer": buyer, "seller": seller.mentions(), "company": names}, percent=percent)


def _asset(place: Place) -> list[Name]:
    """Land, plant or a business bought: the words after the cue, up to the word for what it is."""
    match = _ASSET.match(place.clause.text, place.cue.end - place.clause.start)
    if match is None or not match.group().strip():
        return []
    return _asset_name(place, place.clause.start + match.start(), place.clause.start + match.end())


def _asset_name(place: Place, start: int, end: int) -> list[Name]:
    start += len(_OF_THE_OTHER_HEAD.match(place.clause.between(start, end))[0])  # type: ignore[index]
    while start < end and place.clause.between(end - 1, end) == " ":
        end -= 1
    if end - start < _SHORTEST_ASSET:
        return []
    first, last = place.clean.raw_span(start, end)
    text = place.clean.raw[first:last]
    return [Name(first, last, text, text, None, "asset")]


def _act_roles(place: Place) -> tuple[list[Name] | None, list[Name] | None]:
    agent: Group | None
    patient: Group | None
    by = last_of(place.left, "by")
    to = last_of(place.left, "to")
    if by is not None:  # O 获 S 投资, O 被 S 收购
        before = [g for g in place.left if g.end <= by.start]
        patient = next((g for g in reversed(before) if not g.case), None) or place.state.topic
        right = _object(place)
        if patient is None or (right and place.clause.between(by.end, place.cue.start).strip() in {"", "出资", "共同", "联合"}):
            patient = right or patient
        return by.mentions(), patient.mentions() if patient else None
    agent = _subject(place)
    if to is not None and place.cue.type == "acquisition" and _object(place) is not None:
        patient = _object(place)  # 向 S 购入 O: the one turned to is the seller
        agent = next((g for g in reversed(place.left) if not g.case and g.end <= to.start), None) or place.state.topic
    elif to is not None:
        patient = to
        if agent is not None and agent.start > to.start:
            agent = next((g for g in reversed(place.left) if not g.case and g.end <= to.start), None) or place.state.topic
    else:
        source = last_of(place.left, "source")
        patient = _object(place)
        if patient is None and place.cue.type == "acquisition" and (moved := _moved(place)):
            return (agent.mentions() if agent else None), moved
        if place.cue.type == "purchase" and source is not None:
            patient = source
    if agent and patient is None and _TO_LATTER.search(place.clause.between(place.clause.start, place.cue.start)):
        latter = place.state.partner.mentions() if place.state.partner else place.state.named_last[-1:]
        if latter and not any(name in agent.mentions() for name in latter):
            return agent.mentions(), latter
    if agent and patient is None:
        text = place.clause.text[place.cue.end - place.clause.start :]
        gap = place.clause.between(place.clause.start, place.cue.start)
        if _PASSIVE.search(gap) and agent.end <= place.cue.start:
            return None, agent.mentions()
        patient = _referred(place, agent, required=bool(_ANAPHOR.match(text)))
    if agent is None and patient is not None:
        return None, patient.mentions()
    return (agent.mentions() if agent else None), (patient.mentions() if patient else None)


def _referred(place: Place, agent: Group, *, required: bool) -> Group | None:
    """Whom 其, 該公司 or a left-out object means: the other side of the clause before, else another subject of the sentence."""
    partner = place.state.partner
    if partner is not None and not partner.shares(agent):
        return partner
    topic = place.state.topic
    if place.cue.type in {"investment", "acquisition", "stake"} and place.left and topic is not None and not topic.shares(agent):
        return topic  # A 洽谈融资, B 有意认购
    if not required:
        return None
    if topic is not None and not topic.shares(agent):
        return topic
    for clause in reversed(place.sentence.clauses[: place.index + 1]):
        for group in reversed(groups(clause)):
            if group.end <= place.cue.start and not group.shares(agent) and group.case in {"", "to"}:
                return group
    return None


def _acquisition(place: Place, agent: list[Name], patient: list[Name], percent: At[Decimal] | None) -> Draft | None:
    right = place.right
    roles = {"acquirer": agent, "target": patient}
    if len(right) > 1 and _HELD_BY.fullmatch(place.clause.between(right[0].end, right[1].start)):
        roles = {"acquirer": agent, "target": right[1].mentions(), "seller": right[0].mentions()}
    source = last_of(place.left, "source") or (last_of(place.left, "to") if place.right else None)
    if source is not None and "seller" not in roles and not any(n in patient for n in source.mentions()):
        roles["seller"] = source.mentions()
    if "seller" not in roles and place.state.partner is not None and _SALE_AGREEMENT.search(_before(place)):
        roles["seller"] = place.state.partner.mentions()
    control = any(word in place.clause.text for word in ("控股权", "控制权", "控股股权", "全部股权"))
    if percent is not None and percent.value < _CONTROL and not control and "seller" in roles:
        return place.draft(
            "share_transfer",
            {"buyer": agent, "seller": roles["seller"], "company": roles["target"]},
            percent=percent,
        )
    return place.draft("acquisition", roles, percent=percent)


def _before(place: Place) -> str:
    """The clauses of the sentence before the cue's."""
    return ",".join(clause.text for clause in place.sentence.clauses[: place.index])


def _bid(place: Place) -> Draft | None:
    """S 向 O 提出 … 报价, O 拒绝 S 的 … 要约."""
    to = last_of(place.left, "to")
    plain = [g for g in place.left if g.case in {"", "object"}]
    if to is not None:
        bidder, target = _subject(place), to
    elif len(plain) > 1:
        bidder, target = plain[-1], plain[-2]
    elif plain and place.state.topic is not None and plain[-1].case == "object":
        bidder, target = plain[-1], place.state.topic
    else:
        return None
    if bidder is None or bidder.shares(target):
        return None
    return place.draft("acquisition", {"acquirer": bidder.mentions(), "target": target.mentions()})


def _backers(place: Place) -> Draft | None:
    """本轮投资方包括 A、B: backers of the round that the text speaks of."""
    investors = [name for group in place.right for name in group.mentions()]
    for clause in place.following[:1]:
        if clause.text.lstrip().startswith(("以及", "及", "和", "老股东", "新股东")):
            investors += [name for group in groups(clause) for name in group.mentions()]
    if not investors or not place.state.round_target:
        return None
    return place.draft("investment", {"investor": investors, "target": place.state.round_target})


def _receive(place: Place) -> Draft | None:
    return _act(place)


def _sell(place: Place) -> Draft | None:
    if place.cue.type == "purchase":
        return _supply(place)
    seller = _subject(place)
    thing: list[Name] = _moved(place)
    buyer = last_of(place.groups, "to")
    if thing:
        marked = place.clause.between(place.clause.start, place.cue.start)
        seller = next((g for g in place.left if not g.case and not _MARKED.search(marked[: g.start - place.clause.start])), None)
        seller = seller or place.state.topic
        buyer = buyer or _object(place)
    else:
        sold = next((g for g in place.right if g is not buyer), None)
        thing = sold.mentions() if sold and (buyer is None or sold is not buyer) else _asset(place)
    for clause in place.following[:2]:
        if buyer is None and (match := _BUYER_IS.search(clause.text)):
            buyer = next((g for g in groups(clause) if g.start >= clause.start + match.end()), None)
    if buyer is None and place.state.partner is not None:
        buyer = place.state.partner
    if not thing:
        owned = next((n for n in place.clause.names if _OWNER.match(place.clause.text, n.end - place.clause.start)), None)
        thing = [owned.value] if owned else []
        staff = owned is not None and "员工" in place.clause.between(owned.end, owned.end + 4)
        if staff and buyer is not None:
            return place.draft("share_transfer", {"buyer": buyer.mentions(), "company": thing})
    if not thing and buyer is not None and place.clause.percents and seller is not None:
        thing = seller.mentions()  # 向 B 出让 10% 股份: shares of its own
    priced = any(c.amounts or c.percents for c in (place.clause, *place.following[:2]))
    if seller is None or not thing or not priced or (buyer is not None and buyer.shares(seller)):
        return None
    return _sold(place, seller, thing, buyer)


def _sold(place: Place, seller: Group, thing: list[Name], buyer: Group | None) -> Draft | None:
    """A minority of the shares changes hands; a business, an asset or the whole is acquired."""
    percent = place.percent()
    if buyer is not None and (percent is None or percent.value >= _CONTROL):
        roles = {"acquirer": buyer.mentions(), "target": thing, "seller": seller.mentions()}
        return place.draft("acquisition", roles, percent=percent)
    if percent is None and thing[0].kind == "asset":
        return place.draft("acquisition", {"target": thing, "seller": seller.mentions()})
    roles = {"seller": seller.mentions(), "company": thing, "buyer": names_of(buyer)}
    return place.draft("share_transfer", roles, percent=percent)


def _supply(place: Place) -> Draft | None:
    """S 向 B 供应 …; without a buyer in the clause, the one the text speaks of."""
    supplier = _subject(place)
    partner, topic = place.state.partner, place.state.topic
    buyer = last_of(place.groups, "to") or next((g for g in (partner, topic) if g and supplier and not g.shares(supplier)), None)
    if supplier is None or buyer is None or buyer.shares(supplier):
        return None
    if not (place.clause.amounts or _QUANTITY.search(place.clause.text)):
        return None
    return place.draft("purchase", {"buyer": buyer.mentions(), "supplier": supplier.mentions()})


def _issue(place: Place) -> Draft | None:
    """S 向 O 发行可换股债券: O puts the money in."""
    investor, target = last_of(place.left, "to"), _subject(place)
    if investor is None and _TO_LATTER.search(place.clause.between(place.clause.start, place.cue.start)):
        investor = place.state.partner
    if investor is None or target is None or investor.shares(target):
        return None
    return place.draft("investment", {"investor": investor.mentions(), "target": target.mentions()})


def _round(place: Place) -> Draft | None:
    clause, cue = place.clause, place.cue
    if not _FINISHED.search(clause.text):
        return None
    named = bool(re.search(r"轮|定增|定向增发|非公开发行|增资扩股|首轮|融资", clause.text))
    nearby = place.sentence.clauses[place.index : place.index + 2]
    if not any(c.amounts for c in nearby) and not (named and re.search(r"轮|定增|定向增发|非公开发行|增资扩股", clause.text)):
        return None
    target = _subject(place) or last_of(place.left, "to")
    if cue.type == "loan":
        return _loan(place)
    if "基金" in clause.between(clause.start, cue.end) and "募" in clause.between(cue.start, cue.end):
        return None  # a fund that fills itself is no deal
    joined = _JOINED.search(clause.between(clause.start, cue.start))
    if joined is not None and target is not None:
        at = clause.start + joined.end()
        receiver = next((g for g in place.groups if at <= g.start < cue.start), None)
        if receiver is None and _ANAPHOR.match(clause.between(at, cue.start)):
            receiver = place.state.topic
        investors = next((g for g in reversed(place.groups) if not g.case and g.end <= at), None)
        if receiver is None or investors is None:
            return None
        return place.draft("investment", {"investor": investors.mentions(), "target": receiver.mentions()})
    if target is None or len(target.names) > 2:
        return None
    place.state.round_target = target.mentions()
    return place.draft("investment", {"target": target.mentions()})


def _loan(place: Place) -> Draft | None:
    lender = last_of(place.left, "by") or last_of(place.left, "with")
    borrower = _subject(place)
    to = last_of(place.left, "to")
    text = place.clause.between(place.clause.start, place.cue.start)
    arranged = re.search(r"统筹|主办|承办", text)
    if arranged is not None:
        lender = next((g for g in place.left if not g.case and g.end <= place.clause.start + arranged.start()), None) or place.state.topic
        borrower = next((g for g in place.left if g.start >= place.clause.start + arranged.end()), None) or place.right[0] if place.right else None
    elif re.search(r"提供|承作|发放|批出|贷出|核贷", text):
        lender, borrower = borrower, to
        if borrower is None and place.index + 1 < len(place.sentence.clauses):
            following = place.sentence.clauses[place.index + 1]
            if re.match(r"\s*(?:助力?|协助|支持|帮助|供|用于支持)", following.text):
                borrower = next(iter(groups(following)), None)
        borrower = borrower or _object(place)
    elif to is not None and re.search(r"借|申请|获|取得|筹", text + place.clause.text):
        lender, borrower = to, _subject(place)
    lenders = names_of(lender)
    for clause in place.following[:2]:
        if _LENDERS.search(clause.text):
            lenders += [name for group in groups(clause) for name in group.mentions()]
    lent_to = names_of(borrower) if borrower else []
    if _TO_LATTER.search(text) and place.state.named_last:
        lenders, lent_to = names_of(_subject(place)), place.state.named_last[-1:]
    return place.draft("loan", {"lender": lenders, "borrower": lent_to}) if lent_to else None


def _back(place: Place) -> Draft | None:
    by = last_of(place.left, "by")
    partner = last_of(place.left, "with")
    investors = by or next((g for g in reversed(place.left) if not g.case), None)
    if investors is None and partner is not None:
        investors = partner
    if investors is None:
        return None
    names = investors.mentions()
    if partner is not None and partner is not investors:
        names += partner.mentions()
    target = _object(place)
    if target is None and by is not None:
        target = next((g for g in reversed(place.left) if not g.case and g.end <= by.start), None)
    known = target.mentions() if target else place.state.round_target
    if not known:
        return None
    return place.draft("investment", {"investor": names, "target": known})


def _pair(place: Place) -> Draft | None:
    cases = {"", "with", "by"} if place.cue.type == "partnership" else {"", "with"}
    left = distinct([name for g in place.left if g.case in cases for name in g.mentions()])
    right = [name for g in place.right if g.case in {"", "with"} and g.start <= place.cue.end + 24 for name in g.mentions()]
    parties = left if len(left) > 1 else distinct([*left, *right])
    if len(parties) == 1 and place.state.topic is not None and _implicit(place.clause, place.cue.start, limit=30):
        parties = distinct([*place.state.topic.mentions(), *parties])
    if len(parties) < 2:
        return None
    if place.cue.type == "partnership" and not re.search(r"签|达成|宣布|建立|成立|缔结|携手|设立|联手|结盟|偕", place.clause.text):
        return None
    return place.draft(place.cue.type, {"party": parties})


def _win(place: Place) -> Draft | None:
    supplier = _subject(place)
    if supplier is None or not (place.clause.amounts or place.right):
        return None
    buyer = last_of(place.left, "by") or _object(place)
    return place.draft("purchase", {"supplier": supplier.mentions(), "buyer": names_of(buyer)})


def _hold(place: Place) -> Draft | None:
    holder = _subject(place)
    percent = place.percent()
    following = place.sentence.clauses[place.index + 1 : place.index + 2]
    value = [
        a for c in (place.clause, *following) for a in c.amounts
        if a.value.kind == "stake_value" or (c is not place.clause and _WORTH.match(c.text))
    ]  # fmt: skip
    if holder is None or (percent is None and not value):
        return None
    before = place.sentence.clauses[place.index - 1].text.rstrip() if place.index else ""
    if _AFTERWARDS.search(before[-12:] + "," + place.clause.between(place.clause.start, place.cue.start)):
        return None
    company = _object(place, 40)
    if company is None:
        after = place.clause.text[place.cue.end - place.clause.start :]
        anaphor = re.search(r"该[^,。]{0,6}公司|其|该企业", after)
        company = place.state.held or _referred(place, holder, required=bool(anaphor) or bool(value))
    if company is None:
        return None
    return place.draft(
        "stake",
        {"holder": holder.mentions(), "company": company.mentions()},
        percent=percent,
        amount=value[0] if value else None,
    )


def _self(place: Place) -> Draft | None:
    subject = next((g for g in reversed(place.left) if not g.case), None)
    if subject is None:
        after = place.clause.between(place.cue.end, place.cue.end + 2)
        if _implicit(place.clause, place.cue.start, limit=6) and not after.startswith("的"):
            subject = place.state.topic
    if subject is None or len(subject.names) > 1:
        return None
    if len(place.clause.between(subject.end, place.cue.start)) > 24 + sum(d.end - d.start for d in place.clause.dates):
        return None
    return place.draft(place.cue.type, {"company": subject.mentions()})


def _agreement(place: Place) -> Draft | None:
    """A 与 B 签订 … 协议: what is signed decides the type."""
    clause, members, state = place.clause, place.groups, place.state
    signed = _SIGNED.search(clause.text)
    quantity = _QUANTITY.search(clause.text)
    if signed is None and not (quantity and "合作" in clause.text):
        return None
    at = clause.start + (signed.start() if signed else 0)
    place = replace(place, cue=CueAt(at, at + 1, "partnership", GENERAL))
    partner = last_of(members, "with") or last_of(members, "to")
    giver = last_of(members, "by")
    if partner is None and giver is not None and _kind_of(clause.text) == "purchase" and _SIGNED_THING.search(clause.text):
        seller = next((g for g in members if not g.case and g.end <= giver.start), None) or state.topic
        if seller is None or seller.shares(giver):
            return None
        return place.draft("purchase", {"buyer": giver.mentions(), "supplier": seller.mentions()}, generic=True)
    subject = next((g for g in members if not g.case), None)
    if partner is None and subject is not None and len(subject.names) > 1 and subject.partner:
        one, rest = subject.names[0], subject.names[1:]
        subject = Group((one,), "", one.start, one.end)
        partner = Group(rest, "with", rest[0].start, rest[-1].end)
    if partner is None or (signed is not None and partner.start > at + 6 and partner.case == "to"):
        return None
    if subject is None or subject.start > partner.start:
        subject = state.topic if _implicit(clause, clause.start + _preposition_start(clause.between(clause.start, partner.start)), 12) else subject
    if subject is None or subject.shares(partner):
        return None
    after = clause.text[signed.end() :] if signed else ""
    if signed is not None and "约" in signed.group() and place.following:
        after += place.following[0].text
    if signed is not None and not _SIGNED_THING.search(after):
        return None
    kind = _kind_of(clause.text)
    if kind is None and place.following and (not place.following[0].names or "双方" in place.following[0].text):
        kind = _kind_of(place.following[0].text)
        quantity = quantity or _QUANTITY.search(place.following[0].text)
    kind = kind or ("purchase" if quantity else None)
    if kind is None:
        return None
    if kind == "partnership" and quantity:
        kind = "purchase"
    return _agreed(place, kind, subject, partner)


def _kind_of(text: str) -> str | None:
    lowered = text.lower()
    found = [kind for word, kind in object_words("zh") if word in lowered]
    order = ("share_transfer", "loan", "acquisition", "investment", "license", "purchase", "partnership")
    return next((kind for kind in order if kind in found), None)


def _agreed(place: Place, kind: str, subject: Group, partner: Group) -> Draft | None:
    if kind in {"partnership", "merger"}:
        return place.draft(kind, {"party": [*subject.mentions(), *partner.mentions()]}, generic=True)
    if kind == "share_transfer":
        company = place.state.topic if place.state.topic and not place.state.topic.shares(subject) else None
        roles = {"seller": subject.mentions(), "buyer": partner.mentions(), "company": names_of(company)}
        return place.draft(kind, roles, generic=True)
    first, second = payer_and_paid(kind)
    if kind == "loan" and not _is_bank(subject):
        subject, partner = partner, subject
    if kind == "license" and _SELLER_OF_RIGHTS.search(place.clean.text, max(subject.start - 8, 0), subject.start):
        subject, partner = partner, subject
    if kind == "purchase" and _sells(subject) and not _sells(partner):
        subject, partner = partner, subject
    return place.draft(kind, {first: subject.mentions(), second: partner.mentions()}, generic=True)


def _is_bank(group: Group) -> bool:
    return any("银行" in fold(name.value.text) or "bank" in name.value.canonical.lower() for name in group.names)


def _sells(group: Group) -> bool:
    return any(name.value.entity_id in providers() for name in group.names)


_FRAMES = {
    "act": _act, "receive": _receive, "sell": _sell, "round": _round, "back": _back, "pair": _pair, "win": _win,
    "hold": _hold, "self": _self, "bid": _bid, "issue": _issue, "backers": _backers, "agree": lambda _place: None,
}  # fmt: skip
