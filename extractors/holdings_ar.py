"""Frames of Arabic holdings and listings: who holds a share of a company, and who goes public or is restructured alone."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from corpus.deal_table import Cue
from extractors.draft import CueAt, Draft
from extractors.equity_ar import bought, is_trading
from extractors.frames import Group, names_of
from extractors.normalize import fold
from extractors.parts_ar import Party
from extractors.reading import At
from extractors.spots_ar import Drafts, Spot, meets_needs, nearby, other_side, present_subject, subject_of
from extractors.words_ar import pattern_of
from models.mention import Amount, Name


def hold(spot: Spot) -> Drafts:
    """تملك X 14% من Y; حصة X في Y إلى 13%; ملكيتها في Y."""
    got = any(_GETS_IT.match(spot.text(c.start, c.end)) for c in spot.previous)
    if got and _PAID_FOR.search(spot.text(spot.cue.end, spot.part.end)):
        yield _share_got(spot)
        return
    results = _RESULTS.search(spot.text(spot.part.start, spot.cue.start)) is not None
    if (
        not spot.verbal
        and not results
        and any(c.type in {"acquisition", "share_transfer", "investment", "purchase", "stake", "offering"} for c in spot.previous)
    ):
        return
    if _OF_FOREIGNERS.match(spot.text(spot.cue.end, spot.part.end)):
        return
    moved = _share_moved(spot)
    yield moved
    if moved is not None and "seller" in moved.roles and "buyer" in moved.roles:
        return  # the percentage is what was handed over
    percents = [p for p in spot.clause.percents if p.start >= spot.cue.start]
    next_share = _ANOTHER_SHARE.search(spot.clean.text, spot.cue.end, spot.clause.end)
    percents = [p for p in percents if next_share is None or p.end <= next_share.start()] or percents
    if not percents and spot.part.opener == "relative":
        percents = [p for p in spot.clause.percents if p.end <= spot.part.start]  # الحصة البالغة 9% التي يملكها X في Y
    if not percents:
        yield _belongs(spot)
    if not percents or is_trading(spot):
        return
    percent = percents[-1] if re.search(r"من\s.*\sالي\s", spot.text(percents[0].start - 6, percents[-1].end)) else percents[0]
    if re.search(r"شراء|استحواذ|بيع", spot.words(spot.cue.end, percents[0].start)):
        return  # زادت حصتها بعد شراء 15%
    paid = _GETS.match(spot.text(spot.cue.start, spot.cue.end)) and _PAID_FOR.search(spot.text(spot.cue.end, spot.part.end))
    if (spot.takes_on and any(c.amounts for c in nearby(spot))) or paid:
        yield bought(spot)  # ستستحوذ على حصة … مقابل: told with its price
        return
    if _ALLOWED.search(spot.text(spot.part.start, percent.start)) or _RISEN_BY.search(spot.text(spot.part.start, percent.start)):
        return
    if _HELPS.match(spot.text(spot.cue.start, spot.cue.end)) and _DOES_GOOD.search(spot.text(spot.cue.end, percent.start)):
        return
    if spot.part.opener == "relative" and _TAKES_PART.search(spot.text(spot.part.start, spot.cue.start)):
        return  # تعود إلى X التي تشارك بحصة 20% منها: of whom is told further back
    holder = _holder_within(spot) or subject_of(spot)
    if _SHAREHOLDER.match(spot.text(spot.cue.start, spot.cue.end)):
        holder = next(
            (p for p in reversed(spot.before) if p.names and _WHICH_IS.fullmatch(spot.text(p.end, spot.cue.start))), None
        )
    if _RETURNS.search(spot.text(spot.part.start, spot.cue.start)):  # تعود ملكية 53% من X لـY
        holder = next((p for p in spot.after if p.case == "to" and p.names), None)
    if (
        holder is None
        or _OF_LAND.search(spot.text(spot.cue.end, percent.start))
        or _OF_MARKET.match(spot.clean.text, percent.end)
        or _MARKET_SHARE.search(spot.text(spot.cue.start, percent.start))
    ):
        return
    objects = [
        p
        for p in spot.after
        if p.kind != "owned" and (not p.anaphor or p.kind == "pronoun" or not _OF_IT_HELD.search(spot.text(p.start, p.end)))
    ]
    company = next((p for p in objects if p.case in {"in", "source", "on", "to"} and p.names and not p.shares(holder)), None)
    if company is None and spot.part.opener == "relative" and not spot.rest.split()[3:]:
        other = other_side(spot, holder)  # مايكروسوفت، التي تملك 27%، …: of whom the text speaks
        if other is not None:
            yield spot.draft("stake", {"holder": holder.mentions(), "company": other.mentions()}, percent=percent)
        return
    if company is None:
        return
    each = _each_share(spot, holder, company, percents)
    if each:
        yield from each
        return
    agreed = spot.text(spot.cue.start, spot.cue.end).lstrip("وف").startswith("س")
    worth = next((a for a in spot.clause.amounts if a.start > percent.end and "قيم" in spot.text(percent.end, a.start)), None)
    yield spot.draft(
        "stake", {"holder": holder.mentions(), "company": company.mentions()}, percent=percent, amount=worth, agreed=agreed
    )
    if not agreed and worth is None:
        yield from _held_too(spot, holder, percents)


_SHAREHOLDER = re.compile(r"مساهما? رييسي")
_WHICH_IS = re.compile(r"[»\"]?,? ?(?:وهي|وهو|هي|هو|التي هي|الذي هو) ")
"""X وهي مساهم رئيسي بنسبة 12% في Y: who stands right before"""


def _belongs(spot: Spot) -> Draft | None:
    """7% من أسهم X تعود ملكيتها لـY: Y holds the share that was told before."""
    if _RETURNS.search(spot.text(spot.part.start, spot.cue.start)) is None:
        return None
    percent = next((p for p in reversed(spot.clause.percents) if p.end <= spot.cue.start), None)
    holder = next((p for p in spot.after if p.case == "to" and p.names), None)
    told = (*reversed(spot.before), *reversed(spot.earlier))
    company = next((p for p in told if p.names and p.share), None)
    if percent is None or holder is None or company is None or company.shares(holder):
        return None
    return spot.draft("stake", {"holder": holder.mentions(), "company": company.mentions()}, percent=percent)


def _told_apart(spot: Spot, before: CueAt) -> bool:
    """حصة A في C إلى 35% وكذلك حصة B: a share before this one has its own percentage."""
    return before.type == "stake" and any(before.end <= p.start < spot.cue.start for p in spot.clause.percents)


_ANOTHER_SHARE = re.compile(r"(?<!\w)[وب]?(?:حصه|حصتها|حصته) (?!تبلغ|قدرها|نسبتها|بنسبه|في |من )")
_RESULTS = re.compile(r"(?<!\w)ل[تي](?:صبح|بلغ|صل|رتفع|نخفض)(?: (?:بذلك|بهذا))? $")
"""لتصبح بذلك حصة X في Y 35%: what is held after the deal"""
_ITS_SHARE = re.compile(r"[وفبل]?(?:حصت|حصص|ملكيت|اسهم)(?:ها|ه)")
_GROWS = re.compile(
    r"(?<!\w)[وفبل]?(?:[تي]?رفع|رفعت|[تي]?زيد|زاد|زادت|زياده|[تي]?عزز|عززت|تعزيز)(?: \w+){0,5}? (?:من )?(?:نسبه )?[وبل]?$"
)
_SHRINKS = re.compile(r"(?<!\w)[وفبل]?(?:[تي]?خفض|خفضت|تخفيض|[تي]?قلص|قلصت|تقليص)(?: \w+){0,5}? (?:من )?(?:نسبه )?[وبل]?$")
_HANDED_OVER = re.compile(r"(?<!\w)[وفبل]?(?:نقل|نقلت|تحويل|حولت)(?: \w+){0,5}? (?:من )?[وبل]?$")
_DONE = re.compile(r"(?<!\w)[وفب]?(?:رفعت?|زادت?|عززت?|خفضت?|قلصت?|نقلت?|حولت?|قامت?|قيام|تم|تمت|بعد|عقب)(?!\w)")
_MOVED = Cue(words=(), frame="hold", status="completed")


def _share_moved(spot: Spot) -> Draft | None:
    """رفعت X حصتها في Y, خفضت X حصتها في Y, نقلت X جزءا من حصتها في Y إلى Z: shares bought or sold, told by what is held."""
    if _ITS_SHARE.fullmatch(spot.text(spot.cue.start, spot.cue.end)) is None or is_trading(spot):
        return None
    led = spot.text(spot.part.start, spot.cue.start)
    handed = _HANDED_OVER.search(led) is not None
    if not handed and not _GROWS.search(led) and not _SHRINKS.search(led):
        return None
    owner = subject_of(spot) or _who_asks(spot)
    company = next((p for p in spot.after if p.names and p.case in {"in", "about"} and p.kind != "pronoun"), None)
    if owner is None or (company is not None and owner.shares(company)) or owner.names[0].value.kind == "person":
        return None
    to = next((p for p in spot.after if p.case == "to" and p.names and not p.share), None) if handed else None
    if handed and to is None:
        return None
    if company is None and (to is None or not spot.state.traded):
        return None
    if _DONE.search(led):
        spot = replace(spot, cue=spot.cue._replace(cue=_MOVED))
    of = company.mentions() if company is not None else list(spot.state.traded)
    if handed or _SHRINKS.search(led):
        return spot.draft("share_transfer", {"buyer": names_of(to), "seller": owner.mentions(), "company": of})
    return spot.draft("share_transfer", {"buyer": owner.mentions(), "company": of})


def _who_asks(spot: Spot) -> Group | None:
    """الطلب المقدم من X بشأن زيادة حصتها في Y: who asks for it."""
    asks = (p for p in reversed(spot.before) if p.case == "source" and p.names and not p.share)
    return next((p for p in asks if _REQUEST.search(spot.text(max(p.start - _REQUEST_REACH, 0), p.start))), None)


_REQUEST_REACH = 36
_REQUEST = re.compile(r"(?<!\w)(?:ال)?(?:طلب|طلبا) (?:ال)?(?:مقدم|مقدما) من (?:شركه |مجموعه |بنك )?[(«\"]? ?$")


def _held_too(spot: Spot, holder: Group, percents: list[At[Decimal]]) -> Drafts:
    """تملك X 20% في A و27% في B, بنسبة 20% في A وB 27%, تملك X 20% في A وY 27% في B: the shares that a list goes on with."""
    for before, share in pairwise(percents):
        also = next((p for p in spot.after if before.end <= p.start and p.opening and p.end <= share.start), None)
        held = next((p for p in spot.after if p.start >= share.end and p.case in {"in", "source"} and p.names), None)
        if also is not None and held is not None and _LISTED_BEFORE.fullmatch(spot.text(also.end, share.start)):
            yield spot.draft("stake", {"holder": also.mentions(), "company": held.mentions()}, percent=share)
            continue
        there = [p for p in (*spot.after, *spot.later) if p.names and before.end <= p.start and not p.shares(holder)]
        of = next((p for p in there if p.end <= share.start and _LISTED_BEFORE.fullmatch(spot.text(p.end, share.start))), None)
        if of is not None and _GOES_ON.fullmatch(spot.text(before.end, of.start)):
            yield spot.draft("stake", {"holder": holder.mentions(), "company": of.mentions()[-1:]}, percent=share)


def _each_share(spot: Spot, holder: Group, company: Group, percents: list[At[Decimal]]) -> list[Draft | None]:
    """تملك X وY في C 13% و19% على التوالي, تملك X في C وD 13% و19% على التوالي: one share for each of several."""
    if len(percents) < 2 or not pattern_of("respectively").search(spot.rest):
        return []
    several = holder if len(holder.names) > 1 else company
    if len(several.names) != len(percents):
        return []
    pairs = zip(several.mentions(), percents, strict=True)
    if several is holder:
        return [spot.draft("stake", {"holder": [one], "company": company.mentions()}, percent=share) for one, share in pairs]
    return [spot.draft("stake", {"holder": holder.mentions(), "company": [one]}, percent=share) for one, share in pairs]


_LISTED_BEFORE = re.compile(r"[»\"]? ?(?:بنسبه )?(?:نحو |حوالي )?")
_GOES_ON = re.compile(r" ?,? ?و ?(?:في |شركه |بنك |مصرف )*[«\"]?")


def _holder_within(spot: Spot) -> Party | None:
    """B التي تملك فيها A 45%: the holder follows the pronoun."""
    if spot.part.opener != "relative" or len(spot.after) < 2 or spot.after[0].kind != "pronoun":
        return None
    within, holder = spot.after[:2]
    near = within.case == "in" and within.start == spot.cue.end + 1 and holder.case == "" and holder.start - within.end < _NEXT_TO
    return holder if near and holder.names else None


_HELPS = re.compile(r"[وفسل]*[يت]?ساهم")
_GETS_IT = re.compile(r"[وفس]*[يت]?حص(?:لت?|ول|ولها|وله)")


def _share_got(spot: Spot) -> Draft | None:
    """حصلت X على حصة … في Y مقابل …: bought."""
    buyer = subject_of(spot)
    company = next((p for p in spot.after if p.case == "in" and p.share and p.names), None)
    percent = next((p for p in spot.clause.percents if p.start >= spot.cue.start), None)
    if buyer is None or company is None or buyer.shares(company):
        return None
    return spot.draft("share_transfer", {"buyer": buyer.mentions(), "company": company.mentions()}, percent=percent)


_GETS = re.compile(r"[وفس]*[يت]?حصلت? علي")
_PAID_FOR = re.compile(r"(?<!\w)(?:مقابل|لقاء) (?:\w+ ){0,2}\d")
"""حصلت X على حصة في Y مقابل 50 مليونا: what is paid for is bought"""
_DOES_GOOD = re.compile(r"(?<!\w)في (?:تعزيز|تطوير|رفع|زياده|دعم|نمو|خفض|توفير|تحقيق|تحسين|تنميه|تقليل|ارتفاع|نشر|خلق)(?!\w)")
"""تساهم في تعزيز …: helps, holds nothing"""
_TAKES_PART = re.compile(r"(?<!\w)[وف]?[يت](?:شارك|ساهم) $")
_RETURNS = re.compile(r"(?<!\w)[وف]?[يت]عود $")
_RISEN_BY = re.compile(r"(?<!\w)[وبل]?(?:زياده|رفع|خفض|زادت|رفعت|خفضت) حصت\w+ .{0,60}?(?<!\w)ب(?:نحو|نسبه|حوالي)? ?$")
"""زيادة حصتها بنحو 5%: how much it grew, not what it is"""
_OF_IT_HELD = re.compile(r"منها|منه")
"""50% منها: of whom, only a relative part says"""
_MARKET_SHARE = re.compile(r"(?<!\w)(?:ال|ب)?(?:سوق|سوقيه) (?:نحو |حوالي |بنسبه |الي )*$")
_OF_MARKET = re.compile(
    r" من (?:\w+ ){0,2}(?:ال)?(?:سوق|اسواق|مبيعات|احتياطي|احتياطيات|انتاج|مشتركين|تداولات|مبلغ)(?!\w)"
    r"| من (?:\w+ ){0,2}(?:ال)?(?:تكاليف|كلفه|تكلفه|ايرادات|عايدات|ارباح)(?!\w)"
)
"""تمتلك X 20% من السوق: what it sells there, no part of a company"""
_OF_FOREIGNERS = re.compile(r" (?:ال)?(?:اجانب|مواطنين|مستثمرين|خليجيين|عرب|مساهمين)(?!\w)")
_OF_LAND = re.compile(r"(?<!\w)من (?:ال)?(?:اراضي|عقارات|سوق)(?!\w)")
_ALLOWED = re.compile(
    r"(?<!\w)[وفبل]?(?:ال)?(?:سماح|يسمح|تسمح|سمح|سمحت|سقف|ملكيه الاجانب|تملك الاجانب|حصه الاجانب|حصه المستثمرين)(?!\w)"
)
"""A limit on who may hold shares, no holding"""


def owned(spot: Spot) -> Drafts:
    """X المملوكة لـY بنسبة 78%: Y holds a share of X, which stands before."""
    holder = next((p for p in spot.after if p.names and p.kind == "owned" and p.start - spot.cue.end < _NEXT_TO), None)
    if holder is None:  # المملوكة بنسبة 45% من قبل Y
        holder = next((p for p in spot.after if p.names and p.case == "by" and p.start - spot.cue.end < _OWNED_BY), None)
    company = spot.part.antecedent or next((p for p in reversed(spot.before) if p.names), None)
    percent = next((p for p in spot.clause.percents if spot.cue.end <= p.start), None)
    if holder is None or company is None or percent is None or company.shares(holder):
        return
    if len(spot.words(spot.cue.end, percent.start).split()) <= _OWNING:
        yield spot.draft("stake", {"holder": holder.mentions(), "company": company.mentions()[-1:]}, percent=percent)


_NEXT_TO = 14
_OWNED_BY = 50
_OWNING = 6
"""Characters from المملوكة to its owner, and to one told after the percentage, and words up to the percentage that is owned"""


def _is_fund(name: Name) -> bool:
    return name.kind == "fund" or fold(name.text).startswith("صندوق")


_OF_ANYBODY = re.compile(r"(?: \w+){0,3} (?:ال)?(?:شركات|صناديق|مشاريع)(?!\w)")
"""طرح الشركات للاكتتاب: nobody's listing"""
_FOREIGN_HOLDERS = re.compile(r"(?<!\w)(?:للاستثمار الاجنبي|لغير المواطنين|تملك الاجانب|امام الاجانب)(?!\w)")
_THINGS_OFFERED = re.compile(
    r" (?:ال)?(?:[^ ,.;]+ ){0,3}?(?!سهما|اسهما|صكوكا|سندا|حصصا|جزءا|عاما|اوليا|مبديا|عددا)"
    r"\w{3,}ا (?:جديد|حديث|متنوع|مميز)(?:ه|ا)(?!\w)"
)
"""طرح الشركة طرازا جديدا: what is offered for sale is no share"""
_OF_OTHERS = re.compile(r"(?<!\w)(?:ال|لل)?(?:شركات|شركتين|موسسات)(?: \w+){0,2} (?:علي |الي |في )?[بل]?\w$")
"""يشجع الكثير من الشركات على إدراج أسهمها"""
_OF_IT = re.compile(r"(?<!\w)(?:الخاص|الخاصه|المتعلق|المتعلقه) ب?$")
"""شركة X الخاصة بالطرح: the offering is of the one before"""
_ADVISER = re.compile(
    r"(?<!\w)[وفبلك]{0,2}(?:ال)?"
    r"(?:تنسيق|تتولي|يتولي|تولي|اداره عمليه|مديرا?|مستشارا?|بنك الاكتتاب|بنك تلقي|ترتيب|متعهد|مديرين|مديري)(?!\w)"
)


_OF_A_UNIT = re.compile(r"(?<!\w)(?:اسهم|راسمال|راس مال) (?:وحدتها|وحدته|وحده|ذراعها|شركتها|شركه تابعه)(?!\w)")
"""طرحت X 15% من أسهم وحدتها: not what X is itself"""
_ISSUING = re.compile(r"[وف]?س?ب?(?:ال)?(?:اصدرت?|اصدرا|تصدر|يصدر|اصدار)(?:ها|ه)?")
_SECURITIES = re.compile(r"(?<!\w)(?:[وبل]|لل|(?<=من )ال)?(?:سندات|سندا|صكوكا?|اوراق (?:نقديه|ماليه)|شهادات ايداع)(?!\w)")
_CONVERTIBLE = re.compile(r"(?<!\w)(?:ال)?(?:قابله|الزاميه) (?:ال|لل)?(?:تحويل|تحول)(?!\w)|(?<!\w)تحويلها (?:\w+ )?الي")
_ISSUE = 110
"""Characters after the word for issuing in which the security is told"""


_RAISING = re.compile(r"(?<!\w)[وفبل]*(?:زياده|رفع) راس ?(?:ال)?مال")
_THE_OFFERING = re.compile(r"[وفبل]*(?:ال|لل)(?:اكتتاب|ادراج)")
"""الاكتتاب, الإدراج: one that was told before, or any"""
_PUBLIC = frozenset({"العام", "العامه", "الاولي", "الاوليه"})
_ITS_OFFERED = re.compile(r"(?<!\w)(?:اسهمها|اسهمه|حصتها) (?:المطروحه|التي ستطرح|التي تطرح) $")
"""أسهمها المطروحة للاكتتاب"""
_MANDATED = re.compile(r"(?<!\w)[وف]?(?:كلف|فوض|عين|اختار)ت?(?: \w+)?\s?[«\"]?$")


_TO_PUBLIC = re.compile(r"(?<!\w)(?:اسهم|اسهمها|اسهمه|جزء|حصه|حصتها|نسبه|شركه|بنك)(?: [^ ,]+){1,7} للاكتتاب(?!\w)")
"""طرح جزء من شركة X للاكتتاب"""


_OF_REACH = 24
_SHARES_OF_IT = re.compile(r"(?<!\w)(?:من|علي) (?:اجمالي )?(?:اسهم|راسمال|راس مال)(?: (?:شركه|مجموعه|بنك))? ?[«\"]?$")
"""طرح 3 مليارات سهم … من أسهم X: whose they are, however far"""
_ON_MARKET = re.compile(r"(?<!\w)في (?:ال)?(?:بورصه|سوق)(?!\w)")
"""طرح 30% من X في البورصة"""


def alone(spot: Spot) -> Drafts:
    """اكتتاب شركة X, تعتزم X طرح أسهمها: one participant alone, told in the same predicate."""
    if spot.cue.type == "restructuring" and not _REORGANISING.search(spot.text(spot.part.start, spot.cue.start)):
        return
    if spot.cue.type == "investment":  # تحويل صكوك … إلى أسهم
        told = spot.text(spot.cue.end, spot.part.end)
        becomes = _issued_to_become_shares(spot)
        if becomes is not None:
            yield becomes
            return
        if (
            _OWN_BONDS.match(told)
            or _BONDS_IT_ISSUED.match(spot.clean.text, spot.cue.end, spot.sentence.end)
            or (meets_needs(spot) and _CONVERTED.search(told))
        ):
            yield from _convertibles(spot)
        return
    issue = spot.words(spot.cue.start, min(spot.cue.end + _ISSUE, spot.part.end))
    given = _given(spot)
    if given is not None and _ISSUING.match(spot.text(spot.cue.start, spot.cue.end)):
        if _SHARES.search(issue) or _CONVERTIBLE.search(issue):
            yield _issued_to(spot, given)
        return
    if _LISTING.fullmatch(spot.text(spot.cue.start, spot.cue.end)) and not _lists_shares(spot):
        return
    first = spot.after[0] if spot.after else None
    of_shares = (
        first is not None
        and first.share
        and first.case == "source"
        and _ON_MARKET.search(spot.text(spot.cue.end, spot.part.end)) is not None
    )
    public = spot.cue.cue.needs == "percent" and of_shares
    public |= spot.cue.cue.needs == "percent" and _TO_PUBLIC.search(spot.text(spot.cue.end, spot.part.end)) is not None
    if not (public or meets_needs(spot)) or "موشر" in spot.rest or _OF_ANYBODY.match(spot.text(spot.cue.end, spot.part.end)):
        return
    if spot.cue.type == "offering" and _FOREIGN_HOLDERS.search(spot.scope):
        return
    if _ISSUING.fullmatch(spot.text(spot.cue.start, spot.cue.end)) and not _SECURITIES.search(issue):
        return
    if _OF_THAT_ONE.match(spot.text(spot.cue.end, spot.part.end)) and not any(p.case == "to" and p.names for p in spot.after[:1]):
        return  # الطرح العام للبنك الصيني: of one that is not named here
    if spot.cue.type == "offering" and _THINGS_OFFERED.match(spot.text(spot.cue.end, spot.part.end)):
        return
    if spot.cue.cue.needs == "percent" and not public and not _OFFERED.search(spot.rest):
        return  # تطرح تخفيضات بين 10 و60%
    if spot.cue.type == "restructuring" and _DEBTS_OR_RULES.match(spot.text(spot.cue.end, spot.part.end)):
        return
    if spot.cue.type == "offering" and _SECURITIES.search(issue) and _CONVERTIBLE.search(issue):
        yield from _convertibles(spot)
        return
    shared = spot.clause.percents and any(c.type == spot.cue.type and c.cue.needs == "percent" for c in spot.previous)
    if shared and spot.text(spot.cue.start, spot.cue.end).startswith("لل"):
        return  # طرح 10% من أسهم X للاكتتاب: told by the first
    offered = spot.after[:1] if not spot.text(spot.cue.start, spot.cue.end).startswith("لل") else spot.before[-1:]
    if spot.cue.type == "offering" and any(_is_fund(n.value) for p in offered for n in p.names):
        return  # طرح صندوق: units of a fund are no offering of a company
    if _OF_IT.search(spot.text(spot.part.start, spot.cue.start + 1)):
        near = [p for p in spot.before[-1:] if p.names]
        if near:
            yield spot.draft(spot.cue.type, {"company": near[0].mentions()})
            return
    near = [
        p for p in spot.after[:1]
        if p.names and (p.case in {"", "of", "to", "in", "source"} or _ISSUED_BY.search(spot.text(spot.cue.end, p.start)))
    ]  # fmt: skip
    near = [p for p in near if p.kind not in {"pronoun", "owned"} and len(spot.words(spot.cue.end, p.start).split()) <= 5]
    near = (
        near
        or [p for p in spot.after if p.names and p.share and _SHARES_OF_IT.search(spot.text(p.start - _OF_REACH, p.start))][:1]
    )
    if not near and _OF_OTHERS.search(spot.text(spot.part.start, spot.cue.start + 1)):
        return
    if not near and _OF_A_UNIT.search(spot.text(spot.part.start, spot.part.end)):
        return
    told = spot.text(spot.sentence.start, spot.sentence.end)
    if not near and spot.cue.type == "offering" and not pattern_of("listings").search(told):
        return  # إدراجها في الحملة
    if (
        not (near and near[0].share)
        and spot.cue.type == "offering"
        and _ADVISER.search(spot.text(spot.part.start, spot.cue.start))
    ):
        if near and near[0].case == "to" and set(spot.words(spot.cue.end, near[0].governor).split()) <= _PUBLIC:
            yield spot.draft(spot.cue.type, {"company": near[0].mentions()})  # مديرو الاكتتاب العام لشركة X
            return
        client = next((p for p in spot.before if p.verb and p.names), None)
        if client is not None and _MANDATED.search(spot.text(spot.part.start, client.start)):
            yield spot.draft(spot.cue.type, {"company": client.mentions()})  # كلفت X بنك Y بترتيب إصدار …
        return
    if spot.cue.type == "offering" and _RAISING.search(spot.text(spot.sentence.start, spot.sentence.end)):
        return  # what is subscribed to is the new shares of a capital increase
    before = _THE_OFFERING.fullmatch(spot.text(spot.cue.start, spot.cue.end)) is not None
    before = before and not _ITS_OFFERED.search(spot.text(spot.part.start, spot.cue.start))
    if before and not near and not any(p.names and not p.anaphor for p in spot.before):
        return
    subject = near[0] if near else present_subject(spot)
    own = _ITS_LISTING.fullmatch(spot.text(spot.cue.start, spot.cue.end)) is not None
    if subject is None or (own and subject.start > spot.cue.end):
        return  # تم إدراجه …, تمتلك حكومة X 80%: of the one before, not of who stands next
    if len(subject.names) == 1:
        yield spot.draft(spot.cue.type, {"company": subject.mentions()})


def bonds(spot: Spot) -> Drafts:
    """أطلقت X صكوكا بقيمة …, سندات X البالغة قيمتها …: securities with their sum, by who issues them or whose they are."""
    if any(c.type == "offering" for c in spot.previous):
        return
    amounts = (a for c in spot.sentence.clauses for a in c.amounts if spot.cue.end <= a.start < spot.until)
    amount = next((a for a in amounts if not a.value.is_equivalent and _may_be_issued(a.value)), None)
    if amount is None or _WORTH.search(spot.text(spot.cue.end, amount.start)) is None:
        return
    told = spot.text(spot.cue.end, amount.start)
    if _DEALT_IN.search(told) or _ALL_LISTED.search(told):
        return
    led = spot.text(spot.part.start, spot.cue.start)
    if _NOT_ISSUED.search(led):
        return
    if _CONVERTIBLE.search(spot.text(spot.cue.start, spot.until)):
        yield from _convertibles(spot)
        return
    near = next((p for p in spot.after if p.names), None)
    own = near is not None and near.case not in {"with", "by"} and not spot.words(spot.cue.end, near.start)
    own |= near is not None and _ISSUED_BY.search(spot.text(spot.cue.end, near.start)) is not None
    if own and _BY_BULK.fullmatch(spot.text(near.end if near else 0, amount.start)):
        return  # سندات X بـ6.8 مليون: how much of them was dealt in
    issuer: Group | None = near if own else None
    told = spot.text(max(spot.sentence.start, spot.cue.start - _ISSUE), spot.cue.start)
    if issuer is None and _ISSUES.search(told) and not _ADVISER.search(led):
        issuer = subject_of(spot) or next((p for p in reversed(spot.earlier) if p.verb and p.subject), None)
    for name in issuer.mentions() if issuer is not None else ():
        if name.kind != "person":
            yield spot.draft("offering", {"company": [name]}, amount=amount)


def _may_be_issued(amount: Amount) -> bool:
    """صكوكا بقيمة مليار لكل منها is a price by its words, and too high for one."""
    return amount.kind in {"deal", "unknown", "total"} or (amount.kind == "price" and (amount.value or 0) >= _LEAST_ISSUE)


_LEAST_ISSUE = 1_000_000
_WORTH = re.compile(
    r"^.{0,60}(?<!\w)(?:بقيمه|وقيمتها|قيمتها|قيمته|بمبلغ|بحجم|البالغه|البالغ|باجمالي|ب"
    r"|اصدار(?:ها|ه)? (?:ال)?(?:جديد|اخير|اول))(?: \w+){0,3} ?$"
)
"""How the sum of an issue is told after it"""
_DEALT_IN = re.compile(r"(?<!\w)(?:ال)?(?:تداول|تداولات|سيوله|طلب|طلبات)(?!\w)")
_ALL_LISTED = re.compile(
    r"(?<!\w)(?:ال)?(?:اجمالي|مجموع|قيمه) [^,.]{0,40}?(?<!\w)(?:ال|لل)(?:سندات|صكوك|ادراجات|اصدارات)(?: [^ ,.]+){0,3} (?:ال)?"
    r"(?:مدرجه|قايمه|متداوله)(?!\w)"
)
"""يصل إجمالي القيمة الاسمية للصكوك المدرجة إلى …: what a market has, and no issue's"""
_ISSUED_BY = re.compile(r"(?<!\w)(?:ال)?صادره (?:عن|من قبل) (?:(?:شركه|مجموعه|بنك|مصرف) )?[«\"]?$")
"""سندات صادرة عن X"""
_BY_BULK = re.compile(r"[»\"]? ?ب ?")
_ISSUES = re.compile(
    r"(?<!\w)[وفبل]?(?:س?[تي])?(?:اصدرت?|صدر|اصدار|اصدارها|اصداره|طرح|طرحت|طرحها|اطلاق|اطلقت?|ادراج|ادرجت?|بيع|باعت?|اتمت?|تسعير|سعرت|جمعت?)(?!\w)"
)
_NOT_ISSUED = re.compile(
    r"(?<!\w)[وفبل]?(?:ال)?(?:شراء|شرايها|اشترت?|استثمرت?|استثمار|استثماراتها|اكتتبت?|محفظه|حيازه|تملك|تمتلك|سداد|تسديد|استرداد|تحويل|حولت?|تداول|تداولات"
    r"|موشر|مبيعات|حامل|حمله|حاملي|اسعار|سعر)(?!\w)"
)
"""شراء سندات, محفظة السندات, مؤشر الصكوك: held, traded or paid back, and not issued"""


_LISTING = re.compile(r"[وفبل]*(?:ال)?ادراج(?:ها|ه)?")
_ITS_LISTING = re.compile(r"[وفبل]*ادراج(?:ها|ه)")
_SHARES_LISTED = re.compile(
    r"(?<!\w)(?:ال)?(?:اسهم|اسهمها|اسهمه|سهم|سهمها|صكوك|صكوكها|صكوكا|سندات|سنداتها|وحدات|شهادات|اوراق)(?!\w)"
    r"|(?<!\w)في (?:\w+ )?[«\"]?(?:ال)?(?:سوق|بورصه|اسواق|ناسداك|تداول)"
)


def _lists_shares(spot: Spot) -> bool:
    """Whether إدراج is of shares or bonds, on a market, or of a company right after it; إدراج مقترحات is none."""
    near = next((p for p in spot.after if p.names and len(spot.words(spot.cue.end, p.start).split()) < _AT_ONCE), None)
    return near is not None or _SHARES_LISTED.search(spot.text(spot.part.start, spot.until)) is not None


_AT_ONCE = 2
_OF_THAT_ONE = re.compile(r"(?: (?:ال)?(?:عام|اولي|اوليه|عامه|جديد))* لل(?:بنك|شركه|مصرف|مجموعه|صندوق)(?!\w)")
_OFFERED = re.compile(
    r"(?<!\w)(?:ال|لل|[بل])?(?:اسهم|اسهمها|اسهمه|سهم|راسمال|راسمالها|راس|سندات|حصه|حصتها|حصصا|صكوك|اكتتاب|شركه)(?!\w)"
)
_DEBTS_OR_RULES = re.compile(r"(?: \w+)? (?:و?ديون|و?دفع|ال(?!شركه|مجموعه|بنك|مصرف|موسسه)\w+)")


def _given(spot: Spot) -> Party | None:
    """إصدار … سهم لصالح Y: who is given what is issued."""
    to = next((p for p in spot.after if p.case == "to" and p.names), None)
    return to if to is not None and _IN_FAVOUR.search(spot.text(spot.cue.end, to.start)) else None


def _issued_to(spot: Spot, investor: Party) -> Draft | None:
    near = (*reversed(spot.before), *reversed(spot.earlier))
    issuer = present_subject(spot) or next((p for p in near if p.names), None)
    own = issuer is not None and not issuer.shares(investor)
    return spot.draft("investment", {"investor": investor.mentions(), "target": names_of(issuer) if own else []})


_REORGANISING = re.compile(r"(?<!\w)[وفت]?(?:ت|ي)?(?:انته|اتم|اكمل|اكتم|استكم|انجز|اعلن|اعتزم|عتزم|خطط|وافق|قرر)")
"""A change of form that a company goes through or plans; إعادة الهيكلة الداخلية is none"""
_IN_FAVOUR = re.compile(r"(?<!\w)ل(?:صالح|مصلحه)(?: (?:شركه|مجموعه|بنك))?\s?[«\"]?$")
_SHARES = re.compile(r"(?<!\w)(?:سهم|سهما|اسهم|اسهما)(?!\w)")
_CONVERTED = re.compile(
    r"(?<!\w)(?:ال)?(?:صكوك|سندات|شهادات|ديون|دين|قرض|قروض)(?!\w).{0,140}?(?<!\w)الي (?:\w+ )?(?:ال)?(?:اسهم|راسمال|راس)(?!\w)"
)


_ISSUED_BONDS = re.compile(
    r" (?:ال)?(?:سندات|صكوك) (?:القابله للتحويل )?التي (?:اصدرتها|اصدرها)(?: الشركه| البنك)? ل(?:صالح |مصلحه )?"
)
_TO_SHARES = re.compile(r"(?<!\w)الي (?:اسهم|راسمال|راس)(?!\w)")


def _issued_to_become_shares(spot: Spot) -> Draft | None:
    """تحويل السندات التي أصدرتها لـY إلى أسهم: Y has put money into who was named before."""
    told = _ISSUED_BONDS.match(spot.clean.text, spot.cue.end, spot.sentence.end)
    if told is None or not _TO_SHARES.search(spot.clean.text, told.end(), spot.sentence.end):
        return None
    given = next((p for p in spot.later if p.names and p.case == "to" and p.start - told.end() < _NEXT_TO), None)
    issuer = next((p for p in reversed(spot.before) if p.names and not p.anaphor), None)
    if given is None or issuer is None or given.shares(issuer):
        return None
    return spot.draft("investment", {"investor": given.mentions(), "target": issuer.mentions()[-1:]})


_BONDS_IT_ISSUED = re.compile(r" (?:ال)?(?:صكوك|سندات)(?: \w+){0,3} التي اصدرتها(?: الشركه)? الي (?:اسهم|راسمال|راس)(?!\w)")
_OWN_BONDS = re.compile(r" (?:سنداتها|سنداته|صكوكها|صكوكه)(?!\w).{0,60}? الي (?:اسهم|راسمال|راس)(?!\w)")
"""تحويل سنداتها إلى أسهم: told without a sum"""


def _convertibles(spot: Spot) -> Drafts:
    """إصدار X سندات قابلة للتحويل: what may become shares is an investment in who issues it."""
    near = [p for p in spot.after[:1] if p.names and p.case in {"", "of"} and not p.share]
    issuer = near[0] if near else present_subject(spot) or (subject_of(spot) if spot.cue.type == "investment" else None)
    given = next((p for p in spot.after if p.case == "to" and p.names and issuer is not None and not p.shares(issuer)), None)
    if issuer is not None and len(issuer.names) == 1:
        yield spot.draft("investment", {"investor": names_of(given), "target": issuer.mentions()})
