"""Edges of names, mended with what the entity table knows: Amazon|大筆投資 ends earlier, OpenAI| Foundation ends later."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from corpus.entity_table import Entity, entities
from extractors.known_names import is_spelling
from extractors.names import lookup
from extractors.normalize import CleanText, fold
from extractors.syntax_zh import patterns
from extractors.weak_names import has_tail, listed_short_names
from models.mention import Name

# A listed Latin name with one of these after it is another body of the same house.
_BODY = re.compile(
    r" (?:Foundation|Ventures|Capital|Partners|Labs|Research|Health|Holdings?|Energy|Robotics|Pictures|Studios|Securities|Bank"
    r"|Arabia|Japan|China|Korea|India|Europe|Asia)(?![A-Za-z])"
)
_FOUNDATION = re.compile("(?:文教|教育|慈善|公益|社[會会]福利|[藝艺][術术]|科技|文化|[醫医][療疗])*基金[會会]")
"""A listed Chinese name with it is another body too"""
_SHORTEST = 2
# A country before a company's name may or may not belong to it: 南韓新世界集團 is met as 新世界集團 too.
_HOME = re.compile(
    "南韓|南韩|韓國|韩国|日本|美國|美国|英國|英国|法國|法国|德國|德国|中國|中国|台灣|台湾|香港|新加坡|印度|荷蘭|荷兰|瑞士|瑞典|以色列"
)
_SAID = re.compile(
    "市[傳传]|[傳传]|曝|消息[稱称]|[據据]悉|快[訊讯]|突[發发]|助力|助攻|[協协]助|[攜携]手|[聯联]手|入股|收[購购]|挑[戰战]|押注"
)
_LIKENED = re.compile("假如|例如|比如|譬如|[诸諸]如|[类類]似|正如|[犹猶]如|猜[测測]")
_LIKE = re.compile("[如若像]")
"""Begins a name too (如家), so that what is left must be known to be one"""
_DESCRIBED = re.compile(
    "(?:AI|人工智能|人工智慧|芯片|晶片|云|雲|生技|科技)?(?:初[创創]|新[创創])?(?:公司|企[业業]|平台|[厂廠]商|巨[头頭])(?=[A-Z])"
)
_SOLD = re.compile("(?:[處处]分|出售|[賣卖]出|[買买][進进入]|[減减增]持|[拋抛]售|[轉转][讓让])$")
_SHARES = re.compile("(?<=.{2})(?:股份|股票|持股)$")
_PART = re.compile(r"\s*\d[\d.]*%")
"""轉讓|嵐川股份|2%股份: whose shares are told after it"""
"""處分|全家|股份: whose shares"""
_SIGNS = re.compile("[簽签](?<=.{3})(?:MOU|MoU|[署約约下訂订]).*$")
"""太電|簽MOU: what it does"""
_RANK = re.compile("[(（](?:主|成|联|牵头[人方]?|成员)[)）]")
"""(主)甲公司、(成)乙公司: what a bidder is among those who bid together"""
_WHEN = re.compile("[时時后後前]$")
"""收购岚川能源|时: when it was done"""
_LEGAL = re.compile("有限公司|股份公司")
_HAN = re.compile("[\u3400-\u9fff]")
_SHORTEST_AT_HOME = 4
_HOUSES = ("投资", "投資", "资产管理", "資產管理", "资管", "資管", "产投", "產投")
_HOUSE_ACTS = re.compile("[持領领跟參参獨独][有股投]|[宣][布佈]|[认認][购購]|[增减減]持|受[让讓]|[拟擬]")


def mend_edges(clean: CleanText, names: Iterable[Name]) -> list[Name]:
    """The names with their edges mended; spans are of the text as published."""
    return [_extended(clean, _trimmed(clean, name)) for name in names]


def _trimmed(clean: CleanText, name: Name) -> Name:
    """An unlisted name that begins with a listed one, and goes on with ordinary words, is the listed one."""
    if name.entity_id is not None or name.kind == "unit" or not _HAN.search(name.text) or is_spelling(fold(name.text)):
        return name
    shares = _SHARES.search(name.text)
    sold = shares and not _PART.match(clean.raw, name.end) and _SOLD.search(clean.raw, max(name.start - 2, 0), name.start)
    signs = _SIGNS.search(name.text) or (shares if sold else None)
    if signs is not None and name.canonical == name.text:
        end = name.start + signs.start()
        text = clean.raw[name.start : end]
        row = lookup(text)
        return _listed(row, name.start, end, text) if row else replace(name, end=end, text=text, canonical=text)
    rank = _RANK.match(name.text) if name.canonical == name.text else None
    if rank is not None:
        start, text = name.start + rank.end(), name.text[rank.end() :]
        row = lookup(text)
        return _listed(row, start, name.end, text) if row else replace(name, start=start, text=text, canonical=text)
    if _WHEN.search(name.text) and name.canonical == name.text and has_tail(name.text[:-1]):
        end, text = name.end - 1, name.text[:-1]
        row = lookup(text)
        return _listed(row, name.start, end, text) if row else replace(name, end=end, text=text, canonical=text)
    likened = _LIKENED.match(name.text) or _like(name)
    said = likened or _DESCRIBED.match(name.text) or _SAID.match(name.text)
    if (
        said is not None
        and name.canonical == name.text
        and (likened or not _LEGAL.search(name.text))
        and len(name.text) - said.end() >= _SHORTEST
    ):
        start = name.start + said.end()
        text = clean.raw[start : name.end]
        row = lookup(text)
        if row is not None:
            return _listed(row, start, name.end, text)
        name = replace(name, start=start, text=text, canonical=text)
    if has_tail(name.text):
        home = _HOME.match(clean.raw, name.start, name.end)
        if home is not None and name.end - home.end() >= _SHORTEST_AT_HOME:
            return replace(name, aliases=(*name.aliases, clean.raw[home.end() : name.end]))
        return name
    for size in range(len(name.text) - 1, _SHORTEST - 1, -1):
        if name.text[size - 1 : size + 1].isascii():
            continue  # within a Latin word
        row = lookup(name.text[:size])
        if row is not None and (_is_house(clean, name, size) or _is_a_word(name.text, size, row)):
            return name
        if row is not None:
            return _listed(row, name.start, name.start + size, name.text[:size])
    return name


def _like(name: Name) -> re.Match[str] | None:
    """如|澜川集团: only before a name that begins with a place, or that a row or the list of short names has."""
    like = _LIKE.match(name.text)
    rest = name.text[1:]
    if like is None or name.text in listed_short_names():
        return None
    placed = any(rest.startswith(place) for place in patterns().places if len(place) >= _SHORTEST)
    known = lookup(rest) is not None or rest in listed_short_names() or placed
    return like if known and len(rest) > _SHORTEST else None


def _is_house(clean: CleanText, name: Name, size: int) -> bool:
    """Whether an investment house is named after the listed name: 国泰海通|创意投资; 国药|投资 before what a party does."""
    rest = name.text[size:]
    if rest in ("中国", "中國"):
        return clean.raw[name.end : name.end + 1].isdigit()  # 收购家乐福|中国|80%股权
    if not rest.endswith(_HOUSES):
        return False
    return not patterns().deed.fullmatch(fold(rest)) or _HOUSE_ACTS.match(clean.raw, name.end) is not None


def _is_a_word(text: str, size: int, row: Entity) -> bool:
    """Whether a name opens with a word that is a company only in context, and goes on: 世纪|高通."""
    return len(text) - size >= _SHORTEST and not text.endswith(("廠", "厂")) and fold(text[:size]) in map(fold, row.guarded)


def _listed(row: Entity, start: int, end: int, text: str) -> Name:
    parent = entities()[row.parent].name if row.parent else None
    return Name(start, end, text, row.name, row.id, row.kind, row.spellings[1:], parent)


def _extended(clean: CleanText, name: Name) -> Name:
    """A listed name and the word that makes it another body: a foundation, a fund, a country unit."""
    if name.entity_id is None:
        return name
    match = (_BODY if name.text.isascii() else _FOUNDATION).match(clean.raw, name.end)
    if match is None:
        return name
    text = clean.raw[name.start : match.end()]
    return replace(name, end=match.end(), text=text, canonical=text, entity_id=None, aliases=(), parent=name.canonical)
