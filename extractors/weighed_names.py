"""What the tagger says of names that only the Chinese grammar shows.

The grammar sees where a name could stand, the tagger has read the sentence. Where the tagger is sure of other edges, it is right;
and where it sees nothing at all, the grammar alone is not believed: more than the place must show the name.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.language_table import languages
from extractors.chinese_names import COUNTRY, LATIN_LEGAL
from extractors.known_names import Found, lookup_entity
from extractors.normalize import fold
from extractors.shape_zh import shape
from extractors.tagger_decode import Tagged, Tags
from extractors.weak_names import acts_as_company, holds_shares

_NOTHING = 0.006
"""Probability that a token belongs to an organisation, below which the tagger sees none"""
_HARDLY = 0.05
"""The same of what stands beside a name that it is sure of"""
_SURE_WITHIN = 0.8
"""Score from which a name of the tagger's counts that is only a part of one of the grammar's"""
_SURE_BEYOND = 0.75
"""The same of one that goes on before or after"""
_BODY = re.compile("[局院厅署处所]$|[省市县区]政府$|法人$|[公协学商]会$|基金$")
_SHARES = re.compile("股[份权票]|合[资营并作]")
_OF_IT = re.compile("[\u3400-\u9fff.]{0,2}(?:[下所]属|旗下|所有|控股子)")
"""KLG.|下属物流公司: what a company has is not what it is called"""
_BRANCH = re.compile("(?:分公司|分行|支行|营业部|支公司|分部|研究[院所]|合作社)$")
"""What a full legal name goes on with"""
_PARTED = re.compile("[\u3400-\u9fff] | [\u3400-\u9fff]")
_OWN = re.compile(r"\*?ST|[和同](?![\u3400-\u9fff])")
"""What a name begins or ends with although it looks like a mark or a particle: ST岚亿, 青屿兴和"""
_PARTS_NAMES = frozenset("SOBsPF、,")
_JOINTS = frozenset("、及和")
_DESCRIBES = frozenset("CD")
_DESCRIBED = re.compile("D$|[cTtDNGAa]C+$")
"""助听器公司|岚声, never 公司|鼓励交叉销售"""
_NAMED_APART = frozenset("<q[")
_LONGEST_PERSON = 3
_SHORT = 4
"""Characters of what a description alone shows to be a name"""
_HAN = re.compile("[\u3400-\u9fff]+")


def weighed(text: str, known: Sequence[Found], unknown: Sequence[Found], tags: Tags) -> list[Found]:
    """The `unknown` names of folded `text` with the edges that `tags` are sure of, without those that nothing supports."""
    if not unknown:
        return []
    form = shape(text, known)
    return list(_supported(text, form, _mended(text, form, known, unknown, tags), tags))


def _mended(text: str, form: str, known: Sequence[Found], unknown: Sequence[Found], tags: Tags) -> list[Found]:
    names = [name for name in tags.names if name.kind == "ORG"]
    starts, taken = [name.start for name in names], [name.start for name in known]
    moved: dict[tuple[int, int], tuple[int, int]] = {}
    for found in unknown:
        if found.entity is not None or found.kind == "person" or found.full is not None:
            continue
        for name in names[max(bisect_left(starts, found.start) - 1, 0) : bisect_left(starts, found.end)]:
            alone = bisect_left(taken, name.start) == bisect_left(taken, name.end) and not _joins(form, name, unknown)
            if _is_part(text, form, found, name, tags) or (alone and _is_whole(text, form, found, name)):
                moved[found.start, found.end] = (name.start, name.end)
    return [_moved(text, found, moved) for found in unknown]


def _joins(form: str, name: Tagged, unknown: Sequence[Found]) -> bool:
    """岚桐集团联合穗湾科技: whether a word that parts names stands between two within it."""
    inside = sorted({found[:2] for found in unknown if name.start <= found.start and found.end <= name.end})
    gaps = (form[first[1] : second[0]] for first, second in pairwise(inside))
    return any(not _PARTS_NAMES.isdisjoint(gap) for gap in gaps)


def _is_part(text: str, form: str, found: Found, name: Tagged, tags: Tags) -> bool:
    """世茂|就, 亦指|信达生物: the tagger is sure of a part, and sees nothing in what is left."""
    if name.score < _SURE_WITHIN or name.start < found.start or name.end > found.end:
        return False
    rests = [rest for rest in ((found.start, name.start), (name.end, found.end)) if rest[0] < rest[1]]
    return bool(rests) and not any(
        "L" in form[slice(*rest)] or _OWN.fullmatch(text, *rest) or _sees(tags, *rest, _HARDLY) for rest in rests
    )


def _is_whole(text: str, form: str, found: Found, name: Tagged) -> bool:
    """国核电力|规划设计研究院: the tagger is sure that the name goes on; a country or a description before it is none of it."""
    if name.score < _SURE_BEYOND or name.start > found.start or name.end < found.end or (name.start, name.end) == found[:2]:
        return False
    before = text[name.start : found.start]
    placed = COUNTRY.fullmatch(before) or not _DESCRIBES.isdisjoint(form[name.start : found.start])
    if _OF_IT.match(text, found.end, name.end) or (
        form[found.end - 1] == "L" and name.end > found.end and not _BRANCH.search(text, found.end, name.end)
    ):
        return False
    figures = text[name.end - 1].isdigit() and not text[found.end - 1].isdigit()
    apart = before.endswith(".") or _PARTED.search(text, name.start, name.end)
    formal = _SHARES.fullmatch(text, found.end, name.end) or LATIN_LEGAL.fullmatch(text, found.end, name.end)
    return not (placed or figures or apart or (formal and not before))


def _moved(text: str, found: Found, moved: dict[tuple[int, int], tuple[int, int]]) -> Found:
    if found.full is not None:
        return found._replace(full=moved.get(found.full, found.full))
    span = moved.get((found.start, found.end))
    if span is None:
        return found
    row = lookup_entity(text[slice(*span)])
    return Found(*span, row, row.kind) if row else found._replace(start=span[0], end=span[1])


def _sees(tags: Tags, start: int, end: int, least: float) -> bool:
    share = tags.organisation(start, end)
    return share is None or share >= least


def _supported(text: str, form: str, names: Sequence[Found], tags: Tags) -> Iterator[Found]:
    """Those of `names` that the tagger sees, in any mention, or that more than their place shows."""
    supported: dict[str, bool] = {}
    ends = {name.end for name in names}
    for name in names:
        called = text[slice(*(name.full or name[:2]))]
        if not supported.get(called):
            listed = name.start - 1 in ends and text[name.start - 1] in _JOINTS and form[name.end - 1] in tuple("Tt")
            supported[called] = listed or _sees(tags, name.start, name.end, _NOTHING) or _is_told(text, form, name)
    yield from (name for name in names if supported[text[slice(*(name.full or name[:2]))]])


def _is_told(text: str, form: str, name: Found) -> bool:
    start, end = name.start, name.end
    return (
        name.entity is not None
        or name.kind in ("person", "government")
        or not _HAN.fullmatch(text, start, end)
        or "L" in form[start:end]
        or form[start - 1 : start] in _NAMED_APART
        or _is_described(form, start, end)
        or text.startswith("(", end)
        or _BODY.search(text, start, end) is not None
        or _is_person(text, start, end)
        or acts_as_company(text, start, end)
    )


def _is_described(form: str, start: int, end: int) -> bool:
    described = _DESCRIBED.search(form, max(start - 3, 0), start) is not None
    return described and (end - start <= _SHORT or form[end : end + 1] in tuple("SBs"))


def _is_person(text: str, start: int, end: int) -> bool:
    """Who holds shares, or is listed among those who do."""
    if end - start > _LONGEST_PERSON or text[start] not in _surnames():
        return False
    return holds_shares(text, start) or text.startswith("、", end) or text.startswith("、", start - 1)


@functools.cache
def _surnames() -> frozenset[str]:
    return frozenset(map(fold, languages()["zh"].names.surnames))
