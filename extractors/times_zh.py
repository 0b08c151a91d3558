"""Times of day, lengths and what recurs in Chinese. Rules run on folded text, as those of `extractors.dates_zh`."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.language_table import languages
from extractors.alternation import alternation
from extractors.clocks import Clock, Item, Length
from extractors.hanzi import hanzi_number
from extractors.normalize import fold

_SPACE = "[ ]{0,2}"
_HANZI = "零〇一二两三四五六七八九十百千"
_HOUR = "(?:2[0-4]|[01]?[0-9]|二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
_MINUTE = "(?:[0-5]?[0-9]|[二三四五]?十[一二三四五六七八九]?|[零〇]?[一二三四五六七八九])"
_LATIN = r"(?:[ ]?(?P<half>[AaPp])\.?(?:[Mm]\.?)?(?![A-Za-z]))"
_DIGITAL = re.compile(
    rf"(?<![\d.:/])(?P<h>2[0-4]|[01]?\d):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?![\d:%/])(?!\.\d){_LATIN}?(?:时|分)?(?:许|左右)?"
)
_ENGLISH = re.compile(r"(?<![\d.:/A-Za-z])(?P<h>1[0-2]|\d)[ ]?(?P<half>[AaPp])\.?[Mm]\.?(?![A-Za-z])")
# 点 and 时 in other words: 三点建议, 第一时间, 4000点.
_SPOKEN = re.compile(
    rf"(?<![\d.,:/第{_HANZI}])(?P<h>{_HOUR}){_SPACE}(?:点(?![子心评击名燃球数位阵集题])|时(?![间代候期段光尚装机报区速效限长隔有局任常]|至今))"
)
_AFTER_HOUR = re.compile(
    rf"(?P<bell>钟)?(?:(?P<halfpast>[踏搭]?半(?!导|年|个|数)钟?)|{_SPACE}(?P<k>[123一二两三])刻|(?P<m>{_MINUTE}){_SPACE}分(?![之析别部钟布配开店行公子])"
    rf"(?:{_SPACE}(?P<s>{_MINUTE}){_SPACE}秒)?|(?P<loose>[零〇][一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?|[0-5]\d)(?![\d.%年月日个亿万千百倍元点])"
    rf"|(?P<exact>整))?(?P<vague>多钟?|许|左右|前后)?"
)
_BLOCKED_HOUR = re.compile(
    rf"[零〇一二两三四五六七八九](?![十分刻{_HANZI}])|" r"[建看意要共原理关问特优缺亮卖疑]|以[上下]|的?(?:观点|涨|跌)"
)
_FEW = re.compile(rf"[踏搭]?(?P<n>[一二三四五六七八九十]|十一)(?:个字)?(?![{_HANZI}分刻])")
_OPEN = re.compile(rf"(?P<h>{_HOUR})(?:[点时](?P<half>半)?)?{_SPACE}(?:至|到|~|-|—){_SPACE}(?={_HOUR}{_SPACE}[点时])")
_PAIR = re.compile("(?P<a>[一二三四五六七八九])(?P<b>[二三四五六七八九十])点(?:钟|左右|许)?")
_JOINT = re.compile(
    rf"{_SPACE}(?:起?至|起?到|~{{1,2}}|-{{1,3}}|—{{1,2}}|和(?=[^,。\n]{{1,14}}之间)|与(?=[^,。\n]{{1,14}}间)){_SPACE}"
)
_NUMBER = rf"(?:\d{{1,9}}(?:\.\d{{1,4}})?[万亿]?|[一二三四五六七八九]?十几|几十|[{_HANZI}]{{1,7}}万?|[几数]|半)"
_PREFIX = re.compile(
    "(?P<back>近|最近|过去|过往|以往|前|上)(?:的)?|(?P<ahead>未来|今后|往后|接下来|后|下)(?:的)?|(?P<past>过)(?!去|往)|(?P<each>每隔?)"
)
_ALIGNED = ("前", "上", "后", "下")
_SUFFIX = re.compile(
    "(?P<since>以来|来(?!自|源|看|说|往|年))|(?P<within>以内|之内|内(?![地存部容需销陆阁资控置环幕])|里(?![程面]))"
    "|(?P<after>以后|之后|过后|后(?![续来往备勤台台卫]))|(?P<before>以前|之前|前(?![往来提景线锋后]))"
    "|(?P<least>以上|及以上)|(?P<most>以下|及以下)"
)
_ONE_UNIT = re.compile(rf"(?P<way>[上下])(?P<n>一)?个(?={_SPACE}(?:小时|钟头|分钟))")
_RECURS = re.compile(
    r"每(?:逢|到)?(?:(?P<d>天|日)|(?:个)?(?:周|星期|礼拜)(?P<w>[一二三四五六日天末])?(?!年|岁|刊|转|边)|(?P<m>(?:个)?月(?!台|饼|球))|(?P<q>(?:个)?季度?(?!节))"
    r"|(?P<y>年)(?![轻龄级代糕货])|(?P<p>早|晚|夜))(?:的)?"
)
_HALF_DAY = ((Decimal("0.5"), "day"),)
_NEXT_DAY = re.compile("(?:次日|翌日|隔日|隔天|第二天)")
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class ChineseTimes:
    """The grammar: `read` one time at a position where `start` matches."""

    start: re.Pattern[str]
    gap: re.Pattern[str]
    parts: Mapping[str, tuple[int, int]]
    part: re.Pattern[str]
    units: Mapping[str, str]
    piece: re.Pattern[str]
    now: re.Pattern[str]
    time_first: bool = False

    def read(self, text: str, at: int) -> Item | None:
        """A time of day, a length with what frames it, or what recurs."""
        if match := self.now.match(text, at):
            return Item(at, match.end(), "now")
        if match := _NEXT_DAY.match(text, at):
            return Item(at, match.end(), "next_day")
        return self._set(text, at) or self._clock(text, at) or self._framed(text, at)

    def second(self, text: str, end: int) -> Item | None:
        """Chinese needs no other reading for the second time of a range."""
        return self._clock(text, end)

    def joined(self, text: str, end: int, start: int) -> bool:
        """Whether 到, 至 or a dash stands between two times."""
        match = _JOINT.match(text, end)
        return match is not None and match.end() == start

    def part_of(self, told: str) -> tuple[int, int] | None:
        """昨晚, 今早, 明下午; not 前天."""
        return next((hours for size in (2, 1) if (hours := self.parts.get(told[-size:])) is not None), None)

    def _clock(self, text: str, at: int) -> Item | None:
        said = self.part.match(text, at)
        part, inner = (self.parts[said[0]], said.end()) if said else (None, at)
        if said and text.startswith((" ", "的"), inner):
            inner += 1
        weak = said is not None and len(said[0]) == 1
        if first := self._open(text, inner, part):
            return replace(first, start=at)
        cantonese = said is not None and said[0] in ("晏昼", "朝早")
        found = self._digital(text, inner, part) or self._spoken(text, inner, part, cantonese=cantonese)
        if found is not None:
            return Item(at, found[1], "clock", found[0])
        if said is None:
            return None
        return Item(at, said.end(), "clock", Clock(None, part=part), weak=weak)

    def _open(self, text: str, at: int, part: tuple[int, int] | None) -> Item | None:
        """四到六点, 七八点: the first hour without its word."""
        pair = _PAIR.match(text, at)
        if pair is not None and "二三四五六七八九十".find(pair["b"]) == "一二三四五六七八九".find(pair["a"]):
            number = hanzi_number(pair["a"]) or 0
            first, until = (Clock(hour, part=part, approximate=True) for hour in (number, number + 1))
            return Item(at, pair.end(), "clock", first, until)
        match = _OPEN.match(text, at)
        if match is None or (at and (text[at - 1].isdigit() or text[at - 1] in _HANZI + ".:/第")):
            return None
        second = self._spoken(text, match.end(), part, cantonese=False)
        hour = hanzi_number(match["h"])
        if second is None or hour is None:
            return None
        return Item(at, second[1], "clock", Clock(hour, 30 if match["half"] else None, part=part), second[0])

    def _digital(self, text: str, at: int, part: tuple[int, int] | None) -> tuple[Clock, int] | None:
        match = _DIGITAL.match(text, at)
        if match is None:
            match = _ENGLISH.match(text, at)
            return None if match is None else (Clock(int(match["h"]), part=_half(match["half"])), match.end())
        hour, second = int(match["h"]), match["s"]
        part = _half(match["half"]) if match["half"] else part
        if part is None:
            part = (hour, hour + 1) if second or match["h"].startswith("0") else None  # 05:00 is of the morning
        return Clock(hour, int(match["m"]), int(second) if second else None, part=part), match.end()

    def _spoken(self, text: str, at: int, part: tuple[int, int] | None, *, cantonese: bool) -> tuple[Clock, int] | None:
        match = _SPOKEN.match(text, at)
        hour = None if match is None else hanzi_number(match["h"])
        if match is None or hour is None or hour > 24:
            return None
        if cantonese and (few := _FEW.match(text, match.end())):
            number = hanzi_number(few["n"]) or 0
            return Clock(hour, number * 5, part=part), few.end()  # 三点三: the hand on the third figure of the dial
        rest = _AFTER_HOUR.match(text, match.end())
        assert rest is not None
        if _BLOCKED_HOUR.match(text, match.end()) or (match["h"] == "一" and part is None and not rest[0]):
            return None  # 八点八, 三点建议, 一点都不
        minute: int | None = None
        if rest["halfpast"]:
            minute = 30
        elif rest["k"]:
            minute = 15 * (hanzi_number(rest["k"]) or 0)
        elif rest["m"] or rest["loose"]:
            minute = hanzi_number((rest["m"] or rest["loose"]).lstrip("零〇") or "0")
        second = hanzi_number(rest["s"].lstrip("零〇") or "0") if rest["s"] else None
        if minute is not None and minute > 59:
            return None
        return Clock(hour, minute, second, part=part, approximate=rest["vague"] is not None), rest.end()

    def _set(self, text: str, at: int) -> Item | None:
        match = _RECURS.match(text, at)
        if match is None:
            return None
        weekday = None
        if match["p"]:
            return Item(at, match.end(), "set", Clock(None, part=self.parts[match["p"]]), length=_of(1, "day"))
        if match["w"]:
            weekday = 6 if match["w"] == "末" else _WEEKDAYS.index(match["w"].replace("天", "日")) + 1
        unit = "day" if match["d"] else "month" if match["m"] else "quarter" if match["q"] else "year" if match["y"] else "week"
        return Item(at, match.end(), "set", length=_of(1, unit), weekday=weekday)

    def _framed(self, text: str, at: int) -> Item | None:
        """A length with the words around it: 近三年, 未来两个月内, 半小时后, 3年以上."""
        if match := _ONE_UNIT.match(text, at):
            unit = self.piece_unit(text, match.end())
            if unit is not None:
                return Item(at, unit[1], "window", length=_of(1, unit[0]), steps=-1 if match["way"] == "上" else 1)
        prefix = _PREFIX.match(text, at)
        begin = prefix.end() if prefix else at
        if prefix and text[at - 1 : at] in tuple("之以此目空当网线车最") and at:
            return None
        found = self._length(text, begin + (text[begin : begin + 1] == " "), framed=prefix is not None)
        if found is None or (prefix and prefix[0] in "上下" and found[0].pieces == _HALF_DAY):
            return None  # 上半天 is the morning
        length, end = found
        suffix = _SUFFIX.match(text, end + (text[end : end + 1] == " "))
        if prefix is not None:
            return self._prefixed(prefix, suffix, length, at, end)
        bare = length.pieces[-1][1] == "day" and text[end - 1] == "日" and not text.endswith("工作日", at, end)
        if suffix is None:
            return None if bare else Item(at, end, "length", length=length)
        last = suffix.end()
        if suffix["least"] or suffix["most"]:
            return self._bounded(text, at, suffix, length)
        if suffix["since"] or suffix["within"]:
            return Item(at, last, "window", length=length, steps=-1 if suffix["since"] else 1, inclusive=True)
        return Item(at, last, "shift", length=length, steps=1 if suffix["after"] else -1)

    def _prefixed(self, prefix: re.Match[str], suffix: re.Match[str] | None, length: Length, at: int, end: int) -> Item | None:
        if prefix["each"]:
            return Item(at, end, "set", length=length)
        if suffix and (suffix["within"] or suffix["since"]):
            end = suffix.end()
        elif suffix and prefix[0] in _ALIGNED:
            return None  # 前三天后, 上两周前: something else
        if prefix["past"]:
            return Item(at, end, "shift", length=length, steps=1)
        return Item(
            at, end, "window", length=length, steps=-1 if prefix["back"] else 1, inclusive=bool(suffix and suffix["within"])
        )

    def _bounded(self, text: str, at: int, suffix: re.Match[str], length: Length) -> Item:
        """3年以上7年以下, 三十年以上."""
        if suffix["least"]:
            second = self._length(text, suffix.end() + text.startswith((",", "、"), suffix.end()), framed=False)
            below = None if second is None else _SUFFIX.match(text, second[1])
            if second is not None and below is not None and below["most"]:
                return Item(at, below.end(), "length", length=length, until_length=second[0])
        return Item(at, suffix.end(), "length", length=length, bound="at_least" if suffix["least"] else "at_most")

    def piece_unit(self, text: str, at: int) -> tuple[str, int] | None:
        """The unit at `at`, and where it ends."""
        match = self.piece.match("1" + text[at : at + 6])
        return None if match is None else (self.units[match["unit"]], at + match.end() - 1)

    def _length(self, text: str, at: int, *, framed: bool) -> tuple[Length, int] | None:
        """四年六个月, 27分钟7秒, 17个多月, 两年半; a month needs 个 or a frame around it."""
        if at and (text[at - 1].isdigit() or text[at - 1] in ".第" + _HANZI):
            return None
        pieces: list[tuple[Decimal, str]] = []
        low: tuple[tuple[Decimal, str], ...] | None = None
        approximate, end = False, at
        while len(pieces) < 4 and (match := self.piece.match(text, end)):
            unit = self.units[match["unit"]]
            if match["unit"] == "月" and not (match["ge"] or framed or pieces or match["n"] == "半"):
                break
            if match["unit"] in ("年", "日") and match["n"].isdigit() and int(match["n"]) > 999:
                break
            amount = _amount(match["n"])
            if amount is None or (pieces and (low or unit == pieces[-1][1])):
                break
            if match["half"] or match["tail"]:
                amount += Decimal("0.5")
            if match["more"] or match["more2"]:
                approximate = True
            if match["n"].endswith("几") or match["n"] in ("几", "数", "几十"):
                low, amount, approximate = ((_least(match["n"], amount), unit),), _most(match["n"], amount), True
            pieces.append((amount, unit))
            end = match.end()
        if not pieces:
            return None
        if len(pieces) == 2 and {unit for _, unit in pieces} == {"day", "night"}:
            pieces = pieces[:1] if pieces[0][1] == "day" else pieces[1:]  # 6天5晚
        if any(unit == "night" for _, unit in pieces):
            return None
        return Length(tuple(pieces), low, approximate), end


def _half(letter: str) -> tuple[int, int]:
    return (12, 18) if letter in "Pp" else (1, 12)


def _of(number: int, unit: str) -> Length:
    return Length(((Decimal(number), unit),))


def _amount(said: str) -> Decimal | None:
    if said == "半":
        return Decimal("0.5")
    if said in ("几", "数"):
        return Decimal(1)
    if said.endswith("几"):
        tens = said[:-2]
        return Decimal(10 * (hanzi_number(tens) or 1) if tens else 10)
    if said == "几十":
        return Decimal(10)
    scale = {"万": 10_000, "亿": 100_000_000}.get(said[-1], 1)
    digits = said[:-1] if scale > 1 else said
    if digits[:1].isdigit():
        return Decimal(digits) * scale
    number = hanzi_number(digits)
    return None if number is None else Decimal(number * scale)


def _least(said: str, amount: Decimal) -> Decimal:
    return Decimal(3) if said in ("几", "数") else Decimal(20) if said == "几十" else amount


def _most(said: str, amount: Decimal) -> Decimal:
    return Decimal(10) if said in ("几", "数") else Decimal(100) if said == "几十" else amount + 10


@functools.cache
def chinese_times() -> ChineseTimes:
    """The grammar over [times] of `corpus/languages/zh.toml`."""
    words = languages()["zh"].times
    parts = {fold(word): hours for word, hours in words.parts.items()}
    units = {fold(word): unit for word, unit in words.units.items()}
    now = alternation(fold(word) for word in words.now)
    part = alternation(parts)
    guard = "(?![年月]?[度报级])(?<!周(?=[一二三四五六日天末]))"
    piece = (
        rf"(?P<n>{_NUMBER})(?P<more>多|余)?{_SPACE}(?P<ge>个)?(?P<half>半)?(?P<more2>多)?{_SPACE}"
        rf"(?P<unit>{alternation(units)}){guard}(?P<tail>半(?!导|数))?"
    )
    first = "".join({word[0] for word in (*parts, *map(fold, words.now))})
    gate = f"(?=[0-9{_HANZI}几数半近最过以前上未今往接后下每次翌隔第{first}])"
    start = f"{gate}(?:{now}|{part}|{_NEXT_DAY.pattern}|每|{_PREFIX.pattern}|{_NUMBER})"
    start = re.sub(r"\(\?P<[a-z]+>", "(?:", start)
    return ChineseTimes(
        re.compile(start), re.compile("[ ]?[,的]?[ ]?"), parts, re.compile(part), units, re.compile(piece), re.compile(now)
    )
