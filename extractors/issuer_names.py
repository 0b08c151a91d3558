"""Chinese names that are shown by what only such a body has or does: a stock code, a notice after the close, a listing, a tender.

They stand at the head of a clause, whatever they are made of; `form` is the text's `extractors.chinese_names.shape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.known_names import Found

_STOCK = re.compile(r"\((?:S[HZ])?[03689]\d{5}(?:\.(?:S[HZ]|BJ))?\)")
_SHORT_NAME = re.compile("(?:^|[\n。,;:!?丨】|])([\u3400-\u9fff]{3,6})$")
"""How long the short names at the exchanges are"""
_BODY = re.compile("(?:局|处|署|公所)(?=办理|招标|发包|标售|公告招标)")
_HEAD = re.compile("(?:^|[\n。,;!])([\u3400-\u9fff]{2,7})$")
_LOCAL_BODY = re.compile("[\u3400-\u9fff]{2,4}?[省市区县州](?:人民政府)?(?:国资委|国有资产监督管理委员会)")
_MARKETS = "港交所|联交所|科创板|创业板|北交所|主板|上交所|深交所|纳斯达克|纽交所"
_GOES_PUBLIC = re.compile(
    f"(?:今日|今天|昨日|已|将|即将|拟|正式|成功|顺利|首日)*(?:登陆(?:{_MARKETS}|[AH]股|港股|美股)"
    f"|在(?:{_MARKETS})[^,。]{{0,6}}(?:上市|挂牌)|(?:{_MARKETS})?(?:鸣锣|敲钟|敲锣))"
)
_TOLD_LATE = re.compile(r"(?:今日|昨日|当日|(?:\d{1,2}月)?\d{1,2}日)?(?:早间|午间|盘后|晚间)(?:发布)?公告")
"""岚楹环保|晚间公告: what the listed of the mainland do after the close"""
_SHORTEST = 2
_LONGEST = 8


def acting(text: str, form: str) -> Iterator[Found]:
    """Names in folded `text` of bodies that put out tenders, announce or go public."""
    yield from _tendering(text, form)
    yield from _local_bodies(text, form)
    yield from _going_public(text, form)
    yield from _announcing(text, form)


def coded(text: str, form: str, ends: set[int]) -> Iterator[Found]:
    """浙文互联|(600986.SH): what a stock code follows is a company, unless a name in `ends` ends there."""
    for match in _STOCK.finditer(text):
        if match.start() in ends:
            continue
        opened = _SHORT_NAME.search(text, max(match.start() - _LONGEST, 0), match.start())
        head = form[opened.start(1) : match.start()] if opened else ""
        if opened is not None and head[0] in "cGTtWN" and "E" not in head:
            yield Found(opened.start(1), match.start())


def _headed(text: str, end: int) -> int | None:
    """Where the clause begins that `end` is a few characters into."""
    opened = _HEAD.search(text, max(end - _LONGEST, 0), end)
    return opened.start(1) if opened else None


def _tendering(text: str, form: str) -> Iterator[Found]:
    """捷運工程局|辦理「…」: an office, by what it has done for it."""
    for match in _BODY.finditer(text):
        start = _headed(text, match.start())
        if start is not None and "E" not in form[start : match.end()]:
            yield Found(start, match.end(), kind="government")


def _local_bodies(text: str, form: str) -> Iterator[Found]:
    """与青田市国资委: the body of a place, where a word or a mark stands before the place."""
    for match in _LOCAL_BODY.finditer(text):
        if form[match.start() - 1 : match.start()] not in tuple("cGAaE"):
            yield Found(*match.span(), kind="government")


def _going_public(text: str, form: str) -> Iterator[Found]:
    """岚楹奇测|正式登陆港交所: by what only an issuer does."""
    for match in _GOES_PUBLIC.finditer(text):
        start = _headed(text, match.start())
        head = form[start : match.start()] if start is not None else ""
        plain = head.removeprefix("FF").strip("cGtTWN") == ""
        if start is not None and plain and head.count("c") + head.count("t") >= _SHORTEST:
            yield Found(start, match.start())


def _announcing(text: str, form: str) -> Iterator[Found]:
    """岚楹环保|晚间公告: by the hour at which the listed announce."""
    for match in _TOLD_LATE.finditer(text):
        start = _headed(text, match.start())
        head = form[start : match.start()] if start is not None else ""
        if start is not None and head.strip("cGtT") == "" and head[-1] in "tT" and head.count("c") >= _SHORTEST:
            yield Found(start, match.start())
