"""Chinese sales: who parts with shares, a business or an asset, and to whom (folded text: simplified characters)."""

from __future__ import annotations

import itertools
import re

from extractors.draft import Draft, distinct
from extractors.frames import CONTROL, Group, Place, last_of, names_of
from extractors.notices_zh import holders_selling
from extractors.parties_zh import (
    asset_bought,
    asset_name,
    groups,
    moved,
    name_at,
    object_of,
    subject_of,
)
from extractors.reading import At, Clause
from extractors.supplies_zh import grant, supply
from extractors.syntax_zh import MARKED, patterns
from extractors.weak_names import has_tail
from models.mention import Name

_COUNT_OF_SHARES = re.compile(r"[^,]{0,16}?\d[\d.,]*\s*[余多]?[仟千万亿]*[股张]")
_BUSINESS_SOLD = re.compile("(?:业务|業務|部[门門]|事[业業]部?)$")
_PLANTS = re.compile(r"(?:、[^,、]{1,6})*[^,、]{0,4}厂")
_FAMILY = re.compile(
    "(?:^|[,、\\s])([\u3400-\u9fff]{1,3}(?:父子|夫妇|夫妻|家族|兄弟|姐弟|兄妹|母子|父女))(?=[^父子]{0,12}$|[^,]{0,24}\\d)"
)
_TWO_PLANTS = re.compile(r"[^,、]{1,6}(?<!厂)(?:、[^,、]{1,6})+厂")
_SHARES_SOLD = re.compile(r"[^,]{0,16}?(?:股份|股权|持股)(?:案)?(?:$|[,;)]|疑|涉)")
"""處分 C 股份: of two that the table knows, though nothing says how many"""
_ASSET_FIRST = re.compile(r"([^\s,]{2,30}?)[将拟]?以[^,]{0,6}\d")
_LONGEST_THING = 30
_HELD_BY = re.compile(r"(?:[^,]{0,6}?)由[^,]{2,30}?持有的(?:位于)?([^,]{2,30})$")
_NOW_AT = re.compile("(?:最新|刚|已|日前|近日|新近|终|再|获买家|获)*(?:以|作价)[^,]{0,6}\\d[^,]*$")
"""最新以4130萬元售出: what the sentence has put forward"""
_SHARES_LED = re.compile(
    r"(?:\([^()]*\))?的?\d[\d.]*%的?(?:股权|股份)(?:项目)?(?:已经?|近日|日前|成功|正式|顺利|完成|公开|挂牌|协议|对外|进场)*"
)
_OWN_HOLDING = re.compile(r"\s*(?:本)?公司(?:所|合计)?持有?的?(?:参股公司|控股子公司|子公司)?")
_DECIDED = re.compile(r"(?:公司|股东会|董事会|今[天日]|昨[天日]|日前|已|再|并|将|决议|决定|通过|同意|最终)*以[^,]{0,6}\d[^,]*")
"""董事會今天決議以13億元|售予 B: who sells and what, the text has told"""
_SOLD_REACH = 4
"""Sentences over which it is the same sale"""
_AUCTIONED = "标售"
_LEAST = re.compile("底价|最低价|起标|起价")
_HOLDERS_SELL = re.compile(
    r"(?:公司|[\u3400-\u9fff])的?(?:[一二三四五六七八九十两\d]+(?:名|家|位))(?:[^,将把]{0,4})股东[^,将把]{0,4}[将把]"
)
_ITS_SHARES = re.compile(
    r"\s*(?:(?:其|所|合计)*持有?的?(?:本|该|上市)?公司|(?:本|该)?公司的?(?:约|近|不超过?)?(?:\d[\d.]*%的?)?(?:股份|股票|股权|[AH]股))"
)
_OWNER = re.compile(
    r"\s*(?:现任|前|现有|部分)*员工|\s*(?:共同|联合)?(?:创办人|创始人)|(?:的?(?:自然人|法人)|第[一二三]大|最大|控股|主要|单一最大|大)?股东"
)
_BUYER_IS = re.compile(
    r"(?:买主|买家|买方|接手方|收购方|受让方|受让人|买受人|承接人|出售对象|交易对象|交易相对人)[^,]{0,8}?(?:是|为)(?:关系企业|关联企业)?"
)
_SALE_DONE = re.compile("完成[^,]*(?:亿|万)[^,]{0,4}的?(?:股权|股份|股票|持股)$")
"""O 完成66億美元股權出售: what its holders have sold"""
_TO = ("给", "予")
_SOLD_TO = re.compile("(?:并|拟|将|已)?(?:出售|转售|让售|处分|售|卖)(?:予|给)")
_UNIT = re.compile("其?(?:旗下)?(?:全资|控股)?子公司")
"""Sold with a name before it, a unit needs no price to be a deal"""
_ANY_UNIT_SOLD = re.compile(r"[子孙]公司[^,]{0,6}\d%")
_BOUGHT_FROM = re.compile("(?:收购|受让|购买|购入|买下|认购)(?![方人])[^,]{2,90}$")
"""收购 S 转让的 C 股权: told by who buys"""
_OWN_UNIT_SOLD = re.compile(
    "(?:其|旗下|间接|直接|持有)*(?:全资|非全资|控股)?(?:附属公司|[子孙]公司|旗下[^,]{2,16}?(?:公司|业务|品牌|[厂商]))[^,]{0,8}"
)
_SOME_OF_IT = re.compile(r"[^,]{0,12}?(?:股权|股份|持股|权益|股票)")
_ALL_OF_IT = re.compile(r"[」”\"]?(?:\([^()]*\))?的?(?:全部|全数|所有|100%的?)(?:已发行)?(?:股权|股份|权益|股本)")
_OWN_STOCK = re.compile(
    r"[将把](?:其)?(?:所)?持有的?(?:本|上市)?公司(?:[^,]|(?<=\d),(?=\d)){0,30}股(?:份|票|权)?(?:\([^()]*\))?(?:以[^,]{2,40}|[^,]{0,6})$"
)


def sell(place: Place) -> Draft | None:
    """S gives X away, to B where named: a sale of shares or of a business; also rights granted and goods supplied."""
    if place.cue.type == "purchase":
        return supply(place)
    if place.cue.type == "license":
        return grant(place)
    if _is_no_sale(place):
        return None
    seller = subject_of(place)
    if seller is not None and _SALE_DONE.search(place.up_to) and not place.text_after.strip():
        return place.draft("share_transfer", {"company": seller.mentions()}) if place.clause.amounts else None
    if seller is not None and (leading := _shares_lead(place, seller)) is not None:
        return leading
    held = seller or place.state.topic
    buyer = last_of(place.groups, "to")
    if held is not None and _HOLDERS_SELL.search(place.up_to):
        return _sold_by_holders(place, held, buyer)
    if (by_family := _sold_by_family(place, buyer)) is not None:
        return by_family
    if thing := moved(place):
        seller, buyer = _before_mark(place) or place.state.topic, buyer or object_of(place)
    else:
        thing = _thing_sold(place, buyer)
        if not thing and (told := _told_before(place, buyer)) is not None:
            return told
    buyer = buyer or _buyer_next(place)
    thing = thing or (held_by(place, seller) if seller is not None else [])
    owned = None if thing else _owned(place)
    if owned is not None and _is_owners_sale(place, owned, seller, buyer):
        return _owners_sale(place, owned, seller, buyer)
    thing = thing or ([owned.value] if owned is not None else _whose_shares(place, seller))
    if not thing and buyer and seller and (own := _own_stock_sold(place, seller, buyer)) is not None:
        return own
    if not thing and buyer and seller and _ANY_UNIT_SOLD.search(place.up_to):
        return _unit_sold(place, seller, buyer)
    if not thing and buyer and seller and place.clause.percents:
        thing = seller.mentions()  # 向 B 出让 10% 股份: shares of its own
    if buyer is None and seller is not None and thing and thing[0].kind == "asset":
        place.state.sold, place.state.sold_at = {"target": thing, "seller": seller.mentions()}, place.sentence.index
    if seller is None or not thing or (buyer is not None and buyer.shares(seller)) or not _is_a_deal(place, seller, thing, buyer):
        return None
    return _sold(place, seller, thing, buyer)


def _is_no_sale(place: Place) -> bool:
    """以25億元標售, put up for sale; 收购 S 转让的 C 股权, told by who buys."""
    put_up = place.clause.between(place.cue.start, place.cue.end) == _AUCTIONED and not _is_auctioned_off(place)
    return put_up or (place.text_after.startswith("的") and _BOUGHT_FROM.search(place.up_to) is not None)


def _sold_by_family(place: Place, buyer: Group | None) -> Draft | None:
    """岑氏父子以12億元轉讓公司29%股權: a family parts with shares of the company that the text speaks of."""
    family = _FAMILY.search(place.up_to)
    spoken_of = (place.state.announcer, place.state.topic)
    told = [g.mentions() for g in spoken_of if g and all(map(_is_company, g.mentions()))]
    before = distinct([n.value for clause in place.sentence.clauses[: place.index] for n in clause.names if _is_company(n.value)])
    company = next(iter(told), before if len(before) == 1 else None)
    percent = place.percent()
    if family is None or company is None or percent is None or not _ITS_SHARES.match(place.text_after):
        return None
    if not (place.clause.amounts or buyer):
        return None
    start = place.clause.start
    sellers = [name_at(place, start + family.start(1), start + family.end(1), "person")]
    control = percent.value >= CONTROL
    kind, first, second = ("acquisition", "acquirer", "target") if control else ("share_transfer", "buyer", "company")
    return place.draft(kind, {first: names_of(buyer), "seller": sellers, second: company}, percent=percent)


def _is_company(name: Name) -> bool:
    return name.kind in {"company", "unit"} and bool(name.entity_id or has_tail(name.text))


def _sold_by_holders(place: Place, company: Group, buyer: Group | None) -> Draft | None:
    """C 的三名股东将…股份出售: who sells is counted, not named."""
    if not (place.clause.amounts or place.clause.percents):
        return None
    roles = {"company": company.mentions(), "buyer": names_of(buyer or object_of(place))}
    return place.draft("share_transfer", roles, percent=place.percent())


def _before_mark(place: Place) -> Group | None:
    """S 将 X 出售: who stands before 将."""
    marked = place.clause.between(place.clause.start, place.cue.start)
    return next((g for g in place.left if not g.case and not MARKED.search(marked[: g.start - place.clause.start])), None)


def _thing_sold(place: Place, buyer: Group | None) -> list[Name]:
    """What stands after the verb, or what the clause before has put forward."""
    sold = next((g for g in place.right if g is not buyer), None)
    thing = sold.mentions() if sold else asset_bought(place)
    after = place.clause.text[sold.end - place.clause.start :] if sold is not None and sold.start == place.cue.end else ""
    if _TWO_PLANTS.match(place.clause.text, place.cue.end - place.clause.start):
        return []  # 處分岑亞、青雄廠: two sales, each told elsewhere
    if _PLANTS.match(after):
        thing = [] if after.startswith("、") else asset_bought(place) or thing  # 處分華亞、高雄廠: two sales at once
    return thing or (_put_forward(place) if place.index else [])


def _told_before(place: Place, buyer: Group | None) -> Draft | None:
    """A sale of what the sentence, or the text, has told of before."""
    if (passive := _held_and_sold(place)) is not None:
        return passive
    if buyer is None:
        return None
    if (again := _sold_again(place, buyer)) is not None:
        return again
    if not place.clause.amounts or not (led := _led_asset(place)):
        return None
    return place.draft("acquisition", {"acquirer": buyer.mentions(), "target": led, "seller": _owner_named_in(place, led[0])})


def _buyer_next(place: Place) -> Group | None:
    """Whom the clauses after it name, or with whom the seller has signed."""
    named = (named_buyer(clause) or _sold_to(clause) for clause in place.following[:3])
    return next((group for group in named if group is not None), place.state.partner)


def _owned(place: Place) -> At[Name] | None:
    """C 大股東, C 員工: the company whose owners or staff the clause speaks of."""
    return next((n for n in place.clause.names if _OWNER.match(place.clause.text, n.end - place.clause.start)), None)


def _is_owners_sale(place: Place, owned: At[Name], seller: Group | None, buyer: Group | None) -> bool:
    """Whether nobody else is named as who sells, or the staff as who buys."""
    if seller is not None and owned in seller.names:
        return True
    return buyer is not None and "员工" in place.clause.between(owned.end, owned.end + 4)


def _owners_sale(place: Place, owned: At[Name], seller: Group | None, buyer: Group | None) -> Draft | None:
    """C 大股東減持…, 出售予 C 員工: owners whom nobody names part with shares, or the staff is given some."""
    if seller is None or owned not in seller.names:
        return place.draft("share_transfer", {"buyer": names_of(buyer), "company": [owned.value]})
    told = place.clause.amounts or place.clause.percents or count_sold(place)
    return place.draft("share_transfer", {"company": [owned.value], "buyer": names_of(buyer)}) if told else None


def _whose_shares(place: Place, seller: Group | None) -> list[Name]:
    """其持有的股份, 股东 X 减持公司股份: of the company traded before, or of who gives the notice."""
    if place.state.traded and _ITS_SHARES.match(place.text_after):
        return place.state.traded
    giver = place.state.announcer
    return giver.mentions() if giver and seller and _is_of_giver(place) and not giver.shares(seller) else []


def _is_of_giver(place: Place) -> bool:
    """Whether the shares are of who gives the notice."""
    return _ITS_SHARES.match(place.text_after) is not None or _of_own_stock(place)


def _own_stock_sold(place: Place, seller: Group, buyer: Group) -> Draft | None:
    """Who gives the notice speaks of its own shares, and nobody sells himself: its holders do."""
    giver = place.state.announcer
    if giver is None or not giver.shares(seller) or not _is_of_giver(place):
        return None
    roles = {"buyer": buyer.mentions(), "seller": holders_selling(place, buyer), "company": giver.mentions()}
    return place.draft("share_transfer", roles, percent=place.percent())


def _is_a_deal(place: Place, seller: Group, thing: list[Name], buyer: Group | None) -> bool:
    """Whether a sum, a share or a count is told, or what is sold is a unit, a plant or the shares of a known company."""
    if count_sold(place) or any(c.amounts or c.percents for c in (place.clause, *place.following[:2])):
        return True
    if buyer is not None and (_UNIT.match(place.text_after) or _is_given(place, seller, thing, buyer)):
        return True
    if buyer is not None and thing[0].kind == "asset" and _is_shown(seller) and not _is_public(buyer):
        return True
    if _is_listed(seller) and _BUSINESS_SOLD.search(thing[0].text):
        return True
    known = all(name.entity_id for name in (*seller.mentions(), *thing))
    return known and _SHARES_SOLD.match(place.text_after) is not None


def _shares_lead(place: Place, company: Group) -> Draft | None:
    """C 20%股权已完成挂牌转让,受让方为 B: whose shares open the clause sells nothing itself."""
    if place.text_after.strip() or not place.clause.percents:
        return None
    if _SHARES_LED.fullmatch(place.clause.between(company.end, place.cue.start)) is None:
        return None
    buyer = next((b for c in place.following[:3] if (b := named_buyer(c)) is not None), None)
    held = _OWN_HOLDING.fullmatch(place.clause.between(place.clause.start, company.start))
    giver = place.state.announcer if held else None
    control = place.clause.percents[0].value >= CONTROL
    kind, first, second = ("acquisition", "acquirer", "target") if control else ("share_transfer", "buyer", "company")
    roles = {first: names_of(buyer), "seller": names_of(giver), second: company.mentions()}
    return place.draft(kind, roles, percent=place.percent())


def _held_and_sold(place: Place) -> Draft | None:
    """由 S 持有的地舖,…最新以4130萬元售出: who sells holds what the sentence began with."""
    if not place.clause.amounts or not _NOW_AT.match(place.up_to):
        return None
    for clause in place.sentence.clauses[: place.index]:
        held = _HELD_BY.match(clause.text) if "持有的" in clause.text else None
        before = clause.start + (held.start(1) if held else 0)
        owner = last_of([g for g in groups(clause) if g.end < before], "by")
        if held is None or owner is None or not patterns().asset.fullmatch(held[1]):
            continue
        thing = asset_name(place, clause.start + held.start(1), clause.start + held.end(1))
        if thing:
            buyer = next((b for c in place.following[:3] if (b := named_buyer(c)) is not None), None)
            return place.draft("acquisition", {"acquirer": names_of(buyer), "target": thing, "seller": owner.mentions()})
    return None


def _sold_again(place: Place, buyer: Group) -> Draft | None:
    """甲電出售岑口廠。…董事會決議以13億元售予 B: the sale told before, with its buyer and price."""
    sold, state = place.state.sold, place.state
    near = place.sentence.index - state.sold_at <= _SOLD_REACH
    if not sold or not near or not place.clause.amounts or not _DECIDED.fullmatch(place.up_to):
        return None
    return place.draft("acquisition", {"acquirer": buyer.mentions(), **sold})


def _is_auctioned_off(place: Place) -> bool:
    """以25億元標售…給 B: sold, not put up for sale at so much and more."""
    told = _NOW_AT.search(place.up_to) is not None and bool(place.clause.amounts)
    return told and not any(_LEAST.search(clause.text) for clause in (place.clause, *place.following[:1]))


def named_buyer(clause: Clause) -> Group | None:
    """買家為 B: who stands right after."""
    match = _BUYER_IS.search(clause.text)
    return next((g for g in groups(clause) if match and g.start >= clause.start + match.end()), None)


def _sold_to(clause: Clause) -> Group | None:
    """處分岑亞廠,出售予 B: whom the clause after it names."""
    sold = _SOLD_TO.match(clause.text)
    return next((g for g in groups(clause) if sold and g.start == clause.start + sold.end()), None)


def _is_listed(seller: Group | None) -> bool:
    """Whether who sells is in the table."""
    return seller is not None and all(name.entity_id and name.kind != "government" for name in seller.mentions())


def _is_shown(side: Group | None) -> bool:
    """Whether rows or tails show who sells, or buys, to be a company."""
    return side is not None and all(name.entity_id or has_tail(name.text) for name in side.mentions()) and not _is_public(side)


def _is_given(place: Place, seller: Group | None, thing: list[Name], buyer: Group) -> bool:
    """A 考虑将 C 出售给 B: three companies, and the verb gives one of them to another."""
    word = place.clause.between(place.cue.start, place.cue.end)
    shown = bool(thing) and all(name.kind in {"company", "unit"} and (name.entity_id or has_tail(name.text)) for name in thing)
    return word.endswith(_TO) and shown and bool(moved(place)) and _is_shown(seller) and not _is_public(buyer)


def _is_public(side: Group) -> bool:
    return any(name.kind in {"government", "person"} for name in side.mentions())


def _unit_sold(place: Place, seller: Group, buyer: Group) -> Draft | None:
    """将子公司51%股权出售给 B: of a unit that is not named."""
    control = bool(place.clause.percents) and place.clause.percents[0].value >= CONTROL
    kind, role = ("acquisition", "acquirer") if control else ("share_transfer", "buyer")
    return place.draft(kind, {role: buyer.mentions(), "seller": seller.mentions()}, percent=place.percent())


def _of_own_stock(place: Place) -> bool:
    """拟将持有的公司…股以…转让给 B: shares of who gives the notice, told in the clause or in the one before it."""
    return bool(_OWN_STOCK.search(place.up_to) or _OWN_STOCK.search(_put_before(place)))


def _put_before(place: Place) -> str:
    """The words before a sale: of its clause, or of the one before it when the clause has none but the buyer."""
    alone = place.index and not any(g.end <= place.cue.start for g in place.groups)
    return place.sentence.clauses[place.index - 1].text if alone else place.up_to


def _put_forward(place: Place) -> list[Name]:
    """將岑亞廠及附屬設施,以52億元出售給 B: what the clause before puts forward."""
    before = place.sentence.clauses[place.index - 1]
    marked = None
    for match in MARKED.finditer(before.text):
        marked = match
    if marked is None or before.end - before.start - marked.end() > _LONGEST_THING:
        return []
    return asset_name(place, before.start + marked.end(), before.end)


def count_sold(place: Place) -> re.Match[str] | None:
    return _COUNT_OF_SHARES.match(place.clause.text, place.cue.end - place.clause.start)


def held_by(place: Place, seller: Group) -> list[Name]:
    """C 大股東 S 於…,在場外減持…: the company of which the sentence has said that he is an owner."""
    for clause in place.sentence.clauses[: place.index + 1]:
        for name, owner in itertools.pairwise(clause.names):
            if _OWNER.fullmatch(clause.between(name.end, owner.start)) and owner.start == seller.start:
                return [name.value]
    return []


def _led_asset(place: Place) -> list[Name]:
    """岑亞廠以52億元出售予 B: what is sold opens the clause."""
    match = _ASSET_FIRST.match(place.clause.text)
    if match is None or not patterns().asset.fullmatch(match[1]):
        return []
    return asset_name(place, place.clause.start, place.clause.start + match.end(1))


def _owner_named_in(place: Place, asset: Name) -> list[Name]:
    """甲電|新竹廠: whose plant it is, where the words for it begin with his name."""
    first = place.left[0].names[0] if place.left else None
    inside = first is not None and first.value.start == asset.start and first.value.end < asset.end
    return [first.value] if first is not None and inside else []


def _sold(place: Place, seller: Group, thing: list[Name], buyer: Group | None) -> Draft | None:
    """A minority of the shares changes hands; a business, an asset or the whole is acquired."""
    share = next((p for c in place.following[:1] for p in c.percents if c.text.lstrip().startswith("占")), None)
    percent = place.percent() or share
    counted = count_sold(place) is not None or _of_own_stock(place)
    if buyer is not None and (percent.value >= CONTROL if percent else not counted):
        roles = {"acquirer": buyer.mentions(), "target": thing, "seller": seller.mentions()}
        return place.draft("acquisition", roles, percent=percent)
    if buyer is None and percent is not None and percent.value >= CONTROL and not counted:
        return place.draft("acquisition", {"target": thing, "seller": seller.mentions()}, percent=percent)
    if percent is None and thing[0].kind == "asset":
        return place.draft("acquisition", {"target": thing, "seller": seller.mentions()})
    if percent is None and not counted and buyer is None and _is_whole(place, thing):
        return place.draft("acquisition", {"target": thing, "seller": seller.mentions()})
    roles = {"seller": seller.mentions(), "company": thing, "buyer": names_of(buyer)}
    return place.draft("share_transfer", roles, percent=percent)


def _is_whole(place: Place, thing: list[Name]) -> bool:
    """出售全資附屬公司 C, 出售 C 全部股權: the company, and not some of its shares."""
    sold = next((g for g in place.right if g.mentions() == thing), None)
    if sold is None or any(name.entity_id for name in thing):
        return False
    after = place.clause.text[sold.end - place.clause.start :]
    unit = _OWN_UNIT_SOLD.fullmatch(place.clause.between(place.cue.end, sold.start)) and not _SOME_OF_IT.match(after)
    return bool(unit) or _ALL_OF_IT.match(after) is not None
