"""Who does what to whom in an Arabic sentence (folded text: bare letters, أ is ا, ة is ه, ى is ي).

A cue of the deal tables opens a frame. Roles are found by case (`extractors.cases_ar`), by the order verb-subject-object or
noun of action + agent (استحواذ شركة X على Y), and, where a verb or a pronoun carries its subject in itself (وقّعت, توقيعها), by
the subject that the text is still speaking of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from extractors.acquired_ar import also_taken, taken_over
from extractors.agreements_ar import BESIDE, agreement, choose, glad, has_unnamed_partner, is_glad, pair
from extractors.bids_ar import bid
from extractors.contracts_ar import order_received, supply, win
from extractors.denials_ar import is_denied, is_not_meant
from extractors.draft import GENERAL, CueAt, Draft, key_of
from extractors.equity_ar import act
from extractors.exits_ar import PRIVATE, private_deal
from extractors.frames import Group, State, payer_and_paid
from extractors.funding_ar import back, funding_round, got_money, raise_capital
from extractors.gated import Gated
from extractors.handed_ar import handed
from extractors.holdings_ar import alone, bonds, hold, owned
from extractors.lent_ar import lend, loan_got
from extractors.normalize import CleanText, fold
from extractors.parties_ar import Memory, is_bystander, one_name_each
from extractors.parts_ar import Part
from extractors.reading import At, Clause, Reading, Sentence
from extractors.sales_ar import sell
from extractors.spots_ar import Drafts, Laid, Spot, lay_out, spot_at
from extractors.words_ar import folded
from models.mention import Name


def find_drafts(reading: Reading) -> Iterator[Draft]:
    """Every telling of a deal, in text order."""
    state = State()
    names = one_name_each(reading)
    kinds = {"company", "unit", "fund", "government"}
    memory = Memory(tuple(n for n in names if n.value.kind in kinds and not is_bystander(n.value)))
    told: list[Draft] = []
    state.topic = _spoken_of(reading.clean.text, names)
    for sentence in reading.sentences:
        _late_amount(sentence, told)
        told += _numbered(sentence, told)
        before = len(told)
        memory.here.clear()
        memory.sentence_end = sentence.end
        laid = lay_out(reading, sentence, names, state, memory)
        for index, row in enumerate(laid):
            row.state.round_target, row.state.traded = state.round_target, state.traded
            for draft in _part_drafts(reading.clean, laid, index):
                memory.paid = draft.roles.get("target") or draft.roles.get("company") or memory.paid
                if draft.type == "share_transfer":
                    state.traded = draft.roles.get("company", state.traded)
                if draft.type in {"investment", "loan"}:
                    state.round_target = draft.roles.get(payer_and_paid(draft.type)[1]) or state.round_target
                if not _is_left_out(draft, told, reading.clean):
                    told.append(_with_who_does(draft, reading))
        if len(told) == before + 1:
            _late_amount(sentence, told)
        if len(told) > before:
            _headed_by_sum(reading, sentence, told[before])
    yield from (_controlling(draft, told) for draft in told if not _half_told(draft, told) and not _signed_for(draft, told))


def _with_who_does(draft: Draft, reading: Reading) -> Draft:
    """وقعت الشركة اتفاقية مع B. وبموجب الاتفاقية تعمل A على …: the side that is named where it is told who does what."""
    if not _told_by_noun(draft):
        return draft
    noun, *partners = draft.roles["party"]
    sentences = reading.sentences[draft.sentence.index : draft.sentence.index + 2]
    under = _UNDER.search(reading.clean.text, draft.cue.end, sentences[-1].end)
    told = [n for s in sentences for c in s.clauses for n in c.names if under is not None and _does_under(reading, under, n)]
    other = next((n.value for n in told if key_of(n.value) not in map(key_of, partners)), noun)
    return replace(draft, roles={"party": [other, *partners]})


def _does_under(reading: Reading, under: re.Match[str], name: At[Name]) -> bool:
    """Whether who does something is named right after بموجب الاتفاقية, or beside it and the verb: تقوم X بموجب المذكرة."""
    if 0 <= name.start - under.end() < (_WHO_DOES if under["it"] is None else _AT_ONCE):
        return True
    return (
        0 <= under.start() - name.end < _AT_ONCE
        and _DOES.search(reading.clean.text, max(name.start - _VERB, 0), name.start) is not None
    )


def _told_by_noun(draft: Draft) -> bool:
    """Whether the first side of an agreement is no more than a noun: الدائرة."""
    return draft.type == "partnership" and fold(draft.roles["party"][0].text) in folded("anaphors")


_UNDER = re.compile(
    r"(?<!\w)[وف]?(?:بموجب|بمقتضي) (?:هذه |هذا )?ال(?:اتفاقيه|اتفاق|مذكره|شراكه|عقد)(?!\w)"
    r"|(?<!\w)[يت](?:قوم|تولي|قدم|وفر|نفذ|عمل) (?P<it>بموجبها|بموجبه|بمقتضاها)(?!\w)"
)
_DOES = re.compile(r"(?<!\w)[وف]?س?[تي](?:قوم|تولي|قدم|وفر|نفذ|عمل)\w? $")
_VERB = 10
"""Characters of the verb before who does it"""
_WHO_DOES = 30
"""Characters from there to the name of who does it"""
_AT_ONCE = 2


def _half_told(draft: Draft, told: Sequence[Draft]) -> bool:
    """Whether another draft names who signs with the partner of a noun: وقعت الهيئة مذكرة مع B, before it is said which body."""
    if not _told_by_noun(draft):
        return False
    partners = {key_of(n) for n in draft.roles["party"][1:]}
    others = (other for other in told if other is not draft and other.type in {"partnership", "purchase"})
    return any(partners & {key_of(n) for names in other.roles.values() for n in names} for other in others)


def _signed_for(draft: Draft, told: Sequence[Draft]) -> bool:
    """Whether an agreement is told again by what it was signed for: توصلت X إلى اتفاق مع Y، …، لشراء حصتها في Z."""
    told_by = draft.generic or _MEMORANDUM.match(draft.clause.text, draft.cue.start - draft.clause.start)
    if draft.type != "partnership" or not told_by:
        return False
    parties = {key_of(n) for n in draft.roles["party"]}
    return any(
        other.sentence is draft.sentence
        and other.type in _SIGNED_DEALS
        and 0 < other.cue.start - draft.cue.end < _FOR_REACH
        and _PURPOSE.match(other.clause.text, other.cue.start - other.clause.start)
        and parties & {key_of(n) for names in other.roles.values() for n in names}
        for other in told
    )


_MEMORANDUM = re.compile(r"(?:مذكره|اتفاق)")
_SIGNED_DEALS = frozenset({"acquisition", "share_transfer", "investment", "purchase"})
_FOR_REACH = 120
_PURPOSE = re.compile(r"لشراء|لاقتناء|للاستحواذ|لبيع|للاستثمار|لتملك")


def _is_left_out(draft: Draft, told: Sequence[Draft], clean: CleanText) -> bool:
    return (
        _told_again(draft, told, clean)
        or _offered_again(draft, told, clean)
        or _on_exchange(draft, clean)
        or _only_beside(draft, clean)
    )


def _only_beside(draft: Draft, clean: CleanText) -> bool:
    """Whether a co-operation is told only by the way (بالتعاون مع X), without a sum, and of somebody that no table has: more
    often than not a help, a sponsor or a wrong name.
    """
    if draft.type != "partnership" or BESIDE.match(clean.text, draft.cue.start) is None or draft.clause.amounts:
        return False
    if is_glad(clean, draft.clause.start, draft.cue.start):
        return False
    if _WORKS_WITH.search(clean.text, draft.clause.start, draft.cue.start) and _SINCE.search(
        clean.text, draft.cue.end, draft.clause.end
    ):
        return False
    built = _BUILT.search(clean.text, draft.sentence.start, draft.sentence.end) is not None
    return not built and any(name.entity_id is None for name in draft.roles["party"])


_WORKS_WITH = re.compile(r"(?<!\w)[يت]عمل (?:[^ ,.;]+ ){1,5}$")
_SINCE = re.compile(r"(?<!\w)منذ (?:عام|سنه|سنوات|اكثر|اعوام)(?!\w)")
"""تعمل A بالشراكة مع B منذ عام 2002: no help by the way"""
_BUILT = re.compile(
    r"(?<!\w)[وفبل]?(?:ال)?(?:بناء|بنت|تبني|يبني|انشاء|انشات|تاسيس|اسست|تشييد|نفذت|دشنت|تدشين|تطوير|طورت|مشروع)(?!\w)"
)
"""What is built together is a project of both"""


_TRADED = Gated(
    r"(?<!\w)(?:[وفبل]?ال|[وفبل])?(?:تداول|تداولات|تداولاته|تداولاتها|سيوله|نقطه|مضاربات|بالهامش|محصله|جلسه|جلسات|رالي)(?!\w)"
    r"|(?<!\w)[وفبل]?(?:ال)?(?:اغلقت?|اغلاق)(?! (?:[^ .;]+ ){0,7}?(?:ال)?(?:جول|تمويل|استثمار|صفق|اصدار|طرح))(?!\w)"
    r"|(?<!\w)نسبه تغير|(?<!\w)الاكثر (?:نشاطا|تداولا|ارتفاعا|انخفاضا)(?!\w)"
)
_A_DEAL = re.compile(r"(?<!\w)[وفبل]?(?:ال)?صفقه \Z")
"""من ضمنها صفقة الاستحواذ على X البالغة قيمتها …: a deal among a day's trades"""
_SHARE_PRICE = 1000
_ON_EXCHANGE = frozenset({"acquisition", "share_transfer", "investment", "loan", "purchase", "license"})


def _on_exchange(draft: Draft, clean: CleanText) -> bool:
    """Whether the clause tells of a day's trading: shares change hands there, and no company buys or lends."""
    prices = [a for a in draft.clause.amounts if a.value.kind == "price" and (a.value.value or 0) < _SHARE_PRICE]
    listed = len(prices) > 1 and len(draft.clause.percents) > 1  # س 2% إلى 3 دراهم وص 1% إلى 4
    if PRIVATE.match(clean.text, draft.cue.start):
        return False
    if draft.amount is not None and _A_DEAL.search(clean.text, draft.clause.start, draft.cue.start):
        return False
    return draft.type in _ON_EXCHANGE and (listed or _TRADED.search(draft.clause.text) is not None)


def _controlling(draft: Draft, told: Sequence[Draft]) -> Draft:
    """A part of the shares that brings the buyer's holding to more than half is control: رفعت حصتها إلى 60%."""
    if draft.type != "share_transfer" or not draft.roles.get("buyer") or not draft.roles.get("company"):
        return draft
    sides = (key_of(draft.roles["buyer"][0]), key_of(draft.roles["company"][0]))
    reached = any(
        other.type == "stake" and other.percent is not None and other.percent > 50
        and (key_of(other.roles["holder"][0]), key_of(other.roles["company"][0])) == sides
        for other in told
        if len(other.roles) > 1
    )  # fmt: skip
    if not reached and not _raised_to_control(draft) and not _taken_over_too(draft, told):
        return draft
    roles = {"acquirer": draft.roles["buyer"], "target": draft.roles["company"]}
    seller = draft.roles.get("seller")
    return replace(draft, type="acquisition", roles=roles | ({"seller": seller} if seller else {}))


def _taken_over_too(draft: Draft, told: Sequence[Draft]) -> bool:
    """شراء حصة في Y, and of the same two elsewhere شراء 55% من Y: the share told without its size is that one."""
    if draft.percent is not None or draft.roles.get("seller"):
        return False
    sides = [key_of(draft.roles[role][0]) for role in ("buyer", "company")]
    return any(
        other.type == "acquisition" and other.percent is not None
        and [key_of(n) for role in ("acquirer", "target") for n in other.roles.get(role, ())[:1]] == sides
        for other in told
    )  # fmt: skip


def _raised_to_control(draft: Draft) -> bool:
    """لترفع حصتها بالشركة إلى 82%: said in the same sentence."""
    reached = [(c, p) for c in draft.sentence.clauses for p in c.percents if p.value > 50]
    return any(_RAISED_TO.search(c.between(c.start, p.start)) for c, p in reached)


_RAISED_TO = re.compile(r"(?<!\w)[ولي]*[تي]?س?[تي]?رفع (?:من )?(?:حصت|ملكيت)(?:ها|ه) (?:[^ ]+ ){0,5}الي (?:نحو |حوالي )?$")


def _spoken_of(text: str, names: Sequence[At[Name]]) -> Group | None:
    """The company that a text is about which begins without naming it (أوضح أنها وقعت …): the only one that it names."""
    companies = {key_of(n.value): n for n in names if n.value.kind in {"company", "unit", "fund"} and not is_bystander(n.value)}
    companies = {key: n for key, n in companies.items() if not _SOURCE.search(text, max(n.start - _SOURCE_REACH, 0), n.start)}
    if len(companies) != 1:
        return None
    (only,) = companies.values()
    return Group((only,), "", only.start, only.end)


_SOURCE = re.compile(
    r"(?<!\w)[وفبل]?ل?(?:بيانات|تقرير|تقارير|دراسه|تقديرات|ارقام|احصاءات|بحسب|حسب|وفقا|طبقا|نقلا عن|استطلاع|توقعات)"
    r"(?: \w+){0,2} [وبل]*[«\"]?$"
)
_SOURCE_REACH = 40
_NUMBERED = re.compile(r"(?<!\w)[وف]?(?:الاتفاقيه|العقد|المذكره) (?:الاولي?|الثانيه?|الثالثه?|الرابعه?|الاخري?)(?!\w)")


def _numbered(sentence: Sentence, told: Sequence[Draft]) -> Iterator[Draft]:
    """الاتفاقية الأولى … بكلفة 5 ملايين، والثانية …: each of several agreements told together, with its own amount."""
    last = told[-1] if told else None
    if last is None or last.type not in {"partnership", "purchase"}:
        return
    marks = [(c, c.start + m.start(), c.start + m.end()) for c in sentence.clauses for m in _NUMBERED.finditer(c.text)]
    ends = [start for _, start, _ in marks[1:]] + [sentence.end]
    for (clause, start, stop), end in zip(marks, ends, strict=bool(marks)):
        amounts = [a for c in sentence.clauses for a in c.amounts if start <= a.start < end and not a.value.is_equivalent]
        if amounts:
            cue = CueAt(start, stop, last.type, GENERAL)
            yield Draft(last.type, dict(last.roles), cue, sentence, clause, amount=amounts[0])


_VALUE_OF_IT = re.compile(
    r"(?<!\w)[وفبل]?(?:قيمه|حجم|كلفه|تكلفه|القيمه الاجماليه ل|القيمه القصوي ل|قيمه هذه)\s?"
    r"(?:الصفقه|لصفقه|الاتفاقيه|الاتفاق|العقد|القرض|الاستحواذ|التمويل|الجوله)(?!\w)"
    r"|(?<!\w)(?:الصفقه|الاتفاقيه|صفقه الاستحواذ) التي (?:تقدر|تبلغ|بلغت|تصل|قدرت) قيمته?ا"
    r"|(?<!\w)[وفبل]?(?:الصفقه|الاتفاقيه|العقد|التعاقد|القرض) (?:المقدره?|البالغه?|المقدره? قيمته?ا?|البالغه? قيمته?ا?)(?!\w)"
    r"|(?<!\w)(?:المقابل|والمقابل)(?!\w)"
    r"|(?<!\w)(?:ال)?(?:صفقه|عمليه) (?:تمت|تتم|ستتم|نفذت) (?:ب(?:قيمه|مبلغ|سعر)|مقابل)(?!\w)"
    r"|(?<!\w)(?:اتمام|تنفيذ) الصفقه (?:ب(?:قيمه|مبلغ)|مقابل)(?!\w)"
    r"|(?<!\w)(?:هذا|هذه) (?:الصفقه|الاتفاقيه|الاتفاق|العقد|التعاقد|القرض|التمويل)(?: [^ ,]+){0,12}"
    r" (?:بقيمه|بتكلفه|بكلفه|بمبلغ|قيمته|قيمتها)(?!\w)"
)


_VALUE_OF_ISSUE = re.compile(
    r"(?<!\w)[وبل]{0,2}(?:بيع|طرح|اصدار) (?:اسهم|شهادات ايداع|شهادات|صكوك|سندات) بقيمه"
    r"|(?<!\w)[و]?(?:حجم|قيمه|عايدات|حصيله|متحصلات|العايدات الاجماليه) (?:ال|لل)(?:طرح|اكتتاب|اصدار)(?!\w)"
)


_FAILED = re.compile(r"(?<!\w)(?:فشلت?|فشل(?:ها|ه)|اخفقت?|اخفاق(?:ها|ه)) في(?!\w)")
"""بعد أن فشلت في إبرام صفقة مع Y: what is told after it is of the deal before"""


def _late_amount(sentence: Sentence, told: Sequence[Draft]) -> None:
    """وتبلغ قيمة الصفقة 500 مليون درهم: the amount of the deal told last, when its own sentence has none."""
    told = [d for d in told if not _FAILED.search(d.clause.text, 0, max(d.cue.start - d.clause.start, 0))]
    if not told or told[-1].amount is not None or sentence.index - told[-1].sentence.index not in {0, 1, 2}:
        return
    same = told[-1].sentence is sentence
    if not same and any(a.value.kind in {"deal", "unknown"} for c in told[-1].sentence.clauses for a in c.amounts):
        return
    for clause in sentence.clauses[sentence.clauses.index(told[-1].clause) + 1 :] if same else sentence.clauses:
        head = (
            _VALUE_OF_IT.search(clause.text)
            or (not same and _paid_for_it(told[-1], clause))
            or (told[-1].type == "offering" and _VALUE_OF_ISSUE.search(clause.text))
        )
        amount = next((a for a in clause.amounts if head and a.start >= clause.start + head.end()), None)
        if amount is not None and amount.value.kind in {"deal", "unknown"}:
            told[-1].amount = amount
            return


def _headed_by_sum(reading: Reading, sentence: Sentence, first: Draft) -> None:
    """بملياري دولار.. X تشتري Y, صفقة بملياري دولار: X تشتري Y: the sum with which a headline begins is its deal's."""
    if first.amount is not None or first.clause.amounts or first.type in {"stake", "partnership", "restructuring"}:
        return
    head = sentence.clauses[0]
    if head is first.clause and sentence.index:
        head = reading.sentences[sentence.index - 1].clauses[0]
        if head.end != reading.sentences[sentence.index - 1].clauses[-1].end or sentence.start - head.end > _DOTS:
            return
    if head is not first.clause and not head.names and len(head.amounts) == 1 and _is_sum_alone(head):
        first.amount = head.amounts[0]


def _is_sum_alone(head: Clause) -> bool:
    """Whether the clause is no more than a sum, or a deal of that sum."""
    start, end = head.amounts[0].start - head.start, head.amounts[0].end - head.start
    return _OF_THE_SUM.fullmatch(head.text[:start]) is not None and len(head.text[end:].split()) <= _SUM_TAIL


_SUM_TAIL = 3
_DOTS = 6
"""Characters between the two halves of a headline"""
_OF_THE_SUM = re.compile(r"\W*(?:(?:في )?صفقه )?ب(?:قيمه|مبلغ|صفقه قيمتها)?(?: ?(?:نحو|حوالي|اكثر من|اجماليه))? ?")

_PAYS = re.compile(r"(?<!\w)[وف]?س(?:ت|ي)(?:ستثمر|دفع|ضخ|نفق|سدد)(?:ان)? (?:مبلغ |نحو |حوالي )?(?=\d|\w+ (?:مليون|مليار))")


def _paid_for_it(told: Draft, clause: Clause) -> re.Match[str] | None:
    """ستستثمر 300 مليون دولار تمنحها السيطرة: what the buyer just told will pay, in a clause that names nobody else."""
    if told.type not in {"acquisition", "share_transfer"}:
        return None
    parties = {key_of(name) for names in told.roles.values() for name in names}
    return _PAYS.search(clause.text) if all(key_of(n.value) in parties for n in clause.names) else None


_KNOWN_AGREEMENT = re.compile(
    r"(?<!\w)[وفبل]?(?:مذكره التفاهم"
    r"|الاتفاقيه|الاتفاقيتين|الاتفاق|الشراكه|المذكره|المذكرتين|العقد|الصفقه|للاتفاقيه|هذه الشراكه|توقيعها|وقعها)(?!\w)"
)


_WHEN_SIGNED = re.compile(r"\W*[وف]?(?:جاء|ياتي|كان) (?:ذلك|هذا|الاعلان عن ذلك)(?!\w)")
"""جاء ذلك خلال توقيع X مذكرة مع Y: when what the sentences before tell was signed"""


def _told_again(draft: Draft, told: Sequence[Draft], clean: CleanText) -> bool:
    """Whether a co-operation is told by a definite noun (الاتفاقية الموقعة مع X) after one of a same party was told."""
    definite = _KNOWN_AGREEMENT.search(clean.text, draft.cue.start - 20, draft.cue.end + 20)
    if draft.type != "partnership" or not (definite or _WHEN_SIGNED.match(clean.text, draft.sentence.start)):
        return False
    keys = {key_of(n) for n in draft.roles["party"]}
    return any(
        keys & {key_of(n) for names in other.roles.values() for n in names}
        for other in told
        if other.type in {"partnership", "purchase"}
    )


def _offered_again(draft: Draft, told: Sequence[Draft], clean: CleanText) -> bool:
    """بعد اكتمال الاكتتاب العام ستكون Y مالكة …: the offering of X, told before, and none of Y; nor of the house that X is of."""
    if draft.type != "offering" or draft.amount is not None:
        return False
    offered = [n for other in told if other.type == "offering" for n in other.roles["company"]]
    company = draft.roles["company"][0]
    if not offered or any(key_of(company) == key_of(n) for n in offered):
        return False
    if any(company.canonical == n.parent for n in offered):
        return True
    return _THAT_OFFERING.match(clean.text, draft.cue.start) is not None and not _OF_ANOTHER.match(clean.text, draft.cue.end)


_THAT_OFFERING = re.compile(r"[وفبل]*(?:ال|لل)(?:اكتتاب|طرح|ادراج)(?!\w)")
_OF_ANOTHER = re.compile(r"(?: (?:العام|العامه|الاولي|الاوليه))* (?:ل\w|[ل]?(?:في|علي) |لاسهم |من )")
"""الطرح العام لشركة Z: whose it is is said right there"""


def _part_drafts(clean: CleanText, laid: Sequence[Laid], index: int) -> Iterator[Draft]:
    row = laid[index]
    sided = False
    drafts: list[Draft] = []
    for cue in row.cues:
        if clean.text[max(cue.start - 1, 0)] in '«"' and clean.text[cue.end : cue.end + 1] in {"»", '"'}:
            continue
        spot = spot_at(clean, laid, index, cue)
        if is_not_meant(spot):
            continue
        for draft in _FRAMES[cue.cue.frame](spot):
            if draft is not None and not _one_sided(draft, spot):
                draft.scope = spot.text(row.part.start, row.part.end) if row.part.aside else spot.scope
                sided |= len(draft.roles) > 1 or any(len(names) > 1 for names in draft.roles.values())
                drafts.append(draft)
    if row.signed and not sided:
        spot = spot_at(clean, laid, index, CueAt(row.part.start, row.part.start, "partnership", GENERAL))
        general = agreement(spot)
        denied = general is not None and is_denied(spot, row.part.end, row.part.end)
        if general is not None and not denied and not _one_sided(general, spot):
            general.scope = spot.scope
            drafts.append(general)
    if len(drafts) == 1:
        _own_amount(drafts[0], row.part)
        _carried_amount(drafts[0], spot_at(clean, laid, index, drafts[0].cue).until, clean)
    yield from drafts


def _one_sided(draft: Draft, spot: Spot) -> bool:
    """Whether a deal of two names one and does not say who else is in it."""
    if draft.type not in {"partnership", "merger"}:
        return False
    sides = [fold(name.text) for name in draft.roles["party"]]
    return (len(sides) < 2 and not has_unnamed_partner(spot)) or all(map(_DEPARTMENT.match, sides))


_DEPARTMENT = re.compile(r"(?:ال)?(?:اداره|قسم|قطاع|وحده|شعبه)(?! (?:ال)?(?:عام|خاص))(?!\w)")
"""إدارة المشتريات, قسم التسويق: parts of one body, which make no deal of their own with one another"""


def _own_amount(draft: Draft, part: Part) -> None:
    """Give the only deal of a part the only price that the part tells after its cue."""
    prices = [a for a in draft.clause.amounts if part.start <= a.start < part.end and a.start >= draft.cue.end]
    if (
        draft.amount is None
        and not (draft.type == "investment" and draft.cue.cue.frame == "round")
        and draft.type not in {"stake", "partnership", "restructuring", "offering"}
        and len(prices) == 1
        and prices[0].value.kind == "deal"
        and not prices[0].value.is_equivalent
    ):
        draft.amount = prices[0]


def _carried_amount(draft: Draft, until: int, clean: CleanText) -> None:
    """استحوذت X على Y، المتخصصة في …، مقابل 3 ملايين: a price that carries the predicate on after an aside."""
    if draft.amount is not None or draft.type in {"stake", "partnership", "restructuring"}:
        return
    if draft.type == "offering" and _BY_MEANS_OF.match(draft.clause.text):
        led = (a for c in draft.sentence.clauses for a in c.amounts if a.end <= draft.cue.start)
        draft.amount = next((a for a in led if _TO_RAISE.search(clean.text, max(a.start - _LEAD, 0), a.start)), None)
    if draft.amount is not None or draft.clause.amounts:
        return
    amounts = (a for c in draft.sentence.clauses for a in c.amounts if draft.clause.end <= a.start < until)
    priced = (a for a in amounts if a.value.kind in {"deal", "unknown"} and not a.value.is_equivalent)
    draft.amount = next(
        (a for a in priced if _PRICE_LEADS.search(clean.text, max(a.start - _LEAD, draft.cue.end), a.start)), None
    )


_LEAD = 30
_BY_MEANS_OF = re.compile(r"\W*(?:من خلال|عبر|عن طريق) (?:طرح|اصدار|ادراج|بيع)(?!\w)")
_TO_RAISE = re.compile(r"(?<!\w)[وفل]?(?:[تي])?جمع(?:ت)? (?:نحو |حوالي |ما يصل الي |اكثر من |مبلغ )?$")
"""تسعى X إلى جمع ملياري درهم، من خلال طرح …: what the offering is to bring in"""
_PRICE_LEADS = re.compile(r", ?(?:مقابل|لقاء|بمبلغ|بقيمه|نظير)(?: \w+){0,2} ?$")


def _act(spot: Spot) -> Drafts:
    """Who buys what."""
    taken = taken_over(spot) or order_received(spot)
    if taken is not None:
        yield taken
        return
    for draft in act(spot):
        yield draft
        if draft is not None:
            yield from also_taken(spot, draft)


def _hold(spot: Spot) -> Drafts:
    """What is held or got: a share, or a loan."""
    lent = loan_got(spot)
    if lent is not None:
        yield lent
        return
    yield from hold(spot)


def _alone(spot: Spot) -> Drafts:
    """What one participant does alone, or has done with its shares."""
    if spot.cue.type == "share_transfer" and PRIVATE.match(spot.text(spot.cue.start, spot.cue.end)):
        yield private_deal(spot)
        return
    yield from alone(spot)


_FRAMES: dict[str, Callable[[Spot], Drafts]] = {
    "act": _act, "receive": got_money, "sell": sell, "round": funding_round, "back": back, "pair": pair, "glad": glad, "win": win,
    "supply": supply, "lend": lend, "hand": handed, "choose": choose, "hold": _hold, "owned": owned, "self": _alone,
    "bond": bonds, "raise": raise_capital, "bid": bid,
    "agree": lambda _spot: iter(()),
}  # fmt: skip
