"""What the name tagger adds to the names of tables and grammars: companies that neither knows.

Tables and grammars go first: where one of their names stands, the tagger has no say. Of its own names those count that it is sure
of, and each counts wherever the text repeats it.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.language_table import languages
from extractors.known_names import Found, lookup_entity
from extractors.normalize import fold
from extractors.shape_zh import shape
from extractors.syntax_zh import common_words, patterns
from extractors.tagger_decode import Tagged

SURE = 0.8
"""Score from which a name counts that nothing but the tagger shows; measured by `benchmarks/ablation.py`"""
SURE_IN = {"zh-Hant": 0.93, "ar": 0.9}
"""The same where the tagger is surer than it is right: measured on general news of Taiwan, and on Arabic news of business"""
_SURE_CLOSED = 0.6
"""The same, of one that a noun for a body closes"""
_BODY = re.compile("[局院厅署处]$|中心$|医院$|大学$|学院$|政府$|委员会$|管委会$|研究所$|分局$|合作社$")
_ASKS = re.compile("委(?=[由托请任派])")
"""岚冈开发委由: who asks somebody to do it, and the first half of the word for it"""
_BODY_GOES_ON = re.compile("(?<=管理)(?:处|局|所|站|中心|委员会|办公室)")
_SHORTEST = 2
_LONGEST_SHORT = 4
"""Characters of a Chinese short form, at most"""
_COMMON_LETTERS = frozenset("GNDJFPSOBs")
"""Of `shape_zh.shape`: places, generic nouns, descriptions, offices, function words, verbs"""
_SURE_AROUND = 0.5
"""Score from which a name counts that goes on after a name of the table"""
_SURE_BEFORE = 0.85
"""The same, of one that begins before it"""
_ADDED = re.compile("[cTtW]{2,6}")
"""In `shape_zh.shape`: what makes another company of a name of the table, 海洋 of 华为海洋"""
_TRADE = re.compile("[TtW]+")
_SAME_COMPANY = frozenset({"公司", "集团", "股份", "集团公司", "控股集团", "中国", "总部", "官网", "官方", "方面"})
_FOREIGN = re.compile("[美日德英法荷韩港星加澳]商")
"""Where a company is from"""
_GIVEN_BY = frozenset("获由被受得遭")
"""获 X 投资: what X does, not a house of that name"""
_SAID = "传"
"""腾讯传豪砸: what is said of the company before it, if no trade follows, as in 传媒"""
_AGAIN = re.compile("[一二三四五六七八九十两数多首再]度")
"""大立光三度: how often, not what it is called"""
_PROJECT = "项目"
"""Of 上海岚桥项目 the whole is a name, not what stands before the word"""
_WORD = re.compile(r"[^\W\d_]")
_HAN = re.compile("[\u3400-\u9fff]")
_ARABIC = re.compile("[\u0620-\u06d3]")
_LATIN_NEXT = re.compile(r"[ -]?[A-Za-z]")
_AT_ONCE = re.compile("一[边手]")
"""一边投资: done at once with something else"""
_HEDGED = re.compile("[近约逾超](?=\\d)")
"""持有东正金融|近9%: how much of it"""
_PLANT = re.compile("[电油钢酒纱]?厂")
"""台电协和|电厂: what one of its plants is called"""
_CLITIC = re.compile(r"(?<![\u0620-\u06d3])[وف]?[بلك]?$")


def tagged_names(text: str, others: Sequence[Found], tagged: Iterable[Tagged], sure_from: float = SURE) -> list[Found]:
    """Of `tagged` the companies that are sure and do not overlap `others` in folded `text`, each wherever the text repeats it."""
    taken = _joined((name.start, name.end) for name in others)
    free = [
        name for name in map(functools.partial(_closed, text), tagged)
        if name.kind == "ORG" and _is_free(name.start, name.end, taken)
    ]  # fmt: skip
    doubts = _doubts(text, free)
    sure = [
        name for name in free
        if doubts[text[name.start : name.end]] <= 1 - sure_from
        or (
            name.score >= (_SURE_CLOSED if _BODY.search(text, name.start, name.end) else SURE)
            and _is_shown(text[name.start : name.end])
        )
    ]  # fmt: skip
    return list(_everywhere(text, sure, taken, others))


def _doubts(text: str, names: Iterable[Tagged]) -> dict[str, float]:
    """Form -> how likely none of its mentions is a company.

    Arabic mentions count as if each were judged without regard to the others (noisy-or). In Chinese the tagger repeats itself
    where it errs, so that the surest mention says it all.

    >>> doubts = _doubts("نون, نون, 岚桥岚桥", [Tagged(0, 3, "ORG", 0.7), Tagged(5, 8, "ORG", 0.8), Tagged(10, 12, "ORG", 0.7)])
    >>> {form: round(doubt, 2) for form, doubt in doubts.items()}
    {'نون': 0.06, '岚桥': 0.3}
    """
    doubts: dict[str, float] = {}
    for name in names:
        form, doubt = text[name.start : name.end], 1 - name.score
        before = doubts.get(form, 1.0)
        doubts[form] = before * doubt if _ARABIC.search(form) else min(before, doubt)
    return doubts


def _is_shown(form: str) -> bool:
    """Whether more than the tagger speaks for it: a row that is guarded, a noun for a body, an Arabic one for a company.

    >>> from extractors.normalize import fold
    >>> [_is_shown(fold(form)) for form in ("شركة بيان", "الشركة الافتتاح", "بيان")]
    [True, False, False]
    """
    return _BODY.search(form) is not None or lookup_entity(form) is not None or form.split(maxsplit=1)[0] in _arabic_heads()


def _closed(text: str, name: Tagged) -> Tagged:
    """`name` with the noun for a body that goes on behind it, 环境卫生管理|处, and without half of a verb at its end."""
    if _ASKS.match(text, name.end - 1):
        return replace(name, end=name.end - 1)
    if _HEDGED.match(text, name.end - 1):
        return replace(name, end=name.end - 1)
    rest = _BODY_GOES_ON.match(text, name.end)
    return replace(name, end=rest.end()) if rest else name


def other_companies(text: str, known: Sequence[Found], tagged: Iterable[Tagged]) -> list[Found]:
    """Of `tagged` those that hold one name of the table and more: 万豪投资, 世纪高通 are companies of their own.

    Each counts wherever the text repeats it. A unit, told by the trade after its owner's name, keeps the owner as its parent.
    """
    starts = [name.start for name in known]
    forms: dict[str, str | None] = {}
    for name in tagged:
        inside = known[bisect_left(starts, name.start) : bisect_left(starts, name.end)]
        row = inside[0] if len(inside) == 1 else None
        if row is None or row.entity is None or row.end > name.end or name.kind != "ORG":
            continue
        added = _added(text, known, name, row)
        if added:
            forms[text[name.start : name.end]] = row.entity.name if _TRADE.fullmatch(added) and row.start == name.start else None
    return [
        Found(match.start(), match.end(), kind="unit", parent=parent)
        for form, parent in forms.items() for match in re.finditer(re.escape(form), text)
    ]  # fmt: skip


def _added(text: str, known: Sequence[Found], name: Tagged, row: Found) -> str:
    """The shape of what makes another company of `row` within `name`, before or after it; "" of what does not."""
    before = name.start < row.start
    start, end = (name.start, row.start) if before else (row.end, name.end)
    words = text[start:end]
    whole = (row.end == name.end) == before and all(map(_HAN.match, text[name.start : name.end]))
    said_of_it = words in _SAME_COMPANY or _AGAIN.fullmatch(words)
    said_before = before and (words in common_words() or _FOREIGN.fullmatch(words))  # 日本|軟銀
    if not whole or said_of_it or said_before or name.score < (_SURE_BEFORE if before else _SURE_AROUND):
        return ""
    plant = words.endswith("厂") or (not before and _PLANT.match(text, name.end))  # 友达|台中厂 is a plant of the one listed
    if plant or (words.endswith("投资") and text[name.start - 1 : name.start] in _GIVEN_BY):
        return ""
    added = shape(text, known)[start:end]
    said = not before and words.startswith(_SAID) and added.startswith("c")
    return added if _ADDED.fullmatch(added) and not said else ""


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches that `spans` cover, in order, apart from each other.

    >>> _joined([(4, 6), (0, 2), (1, 3)])
    [(0, 3), (4, 6)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _is_free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    at = bisect_left(taken, (end,)) - 1  # the last that starts before `end`
    return at < 0 or taken[at][1] <= start


def _everywhere(text: str, names: Iterable[Tagged], taken: Sequence[tuple[int, int]], others: Sequence[Found]) -> Iterator[Found]:
    """Every mention of the names' forms that is free; a short form of one of the `others` stands for it."""
    forms = dict.fromkeys(text[name.start : name.end] for name in names)
    for form in forms:
        if (
            len(form) < _SHORTEST
            or not _WORD.search(form)
            or form.count("(") != form.count(")")
            or _is_common(form)
            or _AT_ONCE.match(form)
        ):
            continue
        row = lookup_entity(form)
        long = None if row else _long_form(form, text, others)
        named = Found(0, 0, row, row.kind if row else "company") if long is None else long
        at = text.find(form)
        while at >= 0:
            end = at + len(form)
            if _is_free(at, end, taken) and _is_whole(text, at, end) and not text.startswith(_PROJECT, end):
                yield named._replace(start=at, end=end)
            at = text.find(form, end)


def _long_form(form: str, text: str, others: Sequence[Found]) -> Found | None:
    """Of `others`, the one company that Chinese `form` abbreviates, as 滙控 does 滙豐控股; None of none or several."""
    if not (_SHORTEST <= len(form) <= _LONGEST_SHORT and all(map(_HAN.match, form))):
        return None
    meant: dict[str, Found] = {}
    for name in others:
        spellings = map(fold, name.entity.spellings) if name.entity else [text[name.start : name.end]]
        if name.kind in ("company", "fund", "unit") and any(_abbreviates(form, spelling) for spelling in spellings):
            key = name.entity.id if name.entity else text[slice(*(name.full or (name.start, name.end)))]
            meant.setdefault(key, name if name.entity else name._replace(full=name.full or (name.start, name.end)))
    return next(iter(meant.values())) if len(meant) == 1 else None


def _abbreviates(short: str, whole: str) -> bool:
    """Whether a longer name of Chinese characters begins as `short` does and has its characters in order.

    >>> _abbreviates("汇控", "汇丰控股"), _abbreviates("汇控", "控股汇丰"), _abbreviates("汇丰", "汇丰")
    (True, False, False)
    """
    rest = iter(whole)
    return len(whole) > len(short) and whole[0] == short[0] and bool(_HAN.match(whole)) and all(char in rest for char in short)


def _is_common(form: str) -> bool:
    """Whether words of the language say all of it: 日本, الشركة السعودية, للبنك.

    >>> from extractors.normalize import fold
    >>> [_is_common(fold(form)) for form in ("日本", "瀚洋资本", "الشركة السعودية", "للبنك", "اتصالات")]
    [True, False, True, True, False]
    """
    if not form.isascii() and _HAN.search(form) is None:
        words = form.split()
        return (len(words) > 1 or form.startswith(("ال", "لل"))) and all(word in _common_arabic() for word in words)
    return form in common_words() or form in patterns().places or set(shape(form, [])) <= _COMMON_LETTERS


@functools.cache
def _arabic_heads() -> frozenset[str]:
    """شركة, مجموعة: with the article they are more often whom the text has spoken of."""
    return frozenset(map(fold, languages()["ar"].names.heads))


@functools.cache
def _common_arabic() -> frozenset[str]:
    table = languages()["ar"].names
    words = {fold(word) for words in (table.heads, table.bodies, table.generic, table.places, table.breaks) for word in words}
    return frozenset(words | {article + word for word in words for article in ("ال", "لل")})


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no letter of a script with spaces goes on at either edge, an Arabic clitic left aside."""
    first, last, after = text[start], text[end - 1], text[end : end + 1]
    if last.isascii() and _LATIN_NEXT.match(text, end):
        return False  # Physical AI
    if not _HAN.match(last) and after and _WORD.match(after) and not _HAN.match(after):
        return False
    before = text[start - 1 : start] if start else ""
    if _HAN.match(first) or not before or not _WORD.match(before) or _HAN.match(before):
        return True
    return not first.isascii() and _CLITIC.search(text, max(0, start - 3), start) is not None
