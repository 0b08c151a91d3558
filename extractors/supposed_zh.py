"""Deals that nobody has set about: advised, asked after, one way among others (folded text: simplified characters)."""

from __future__ import annotations

import re

from extractors.frames import Place

_TAKES = frozenset({"acquisition", "merger"})
_ADVISED = re.compile("(?:应该|应当|理应|不妨|大可|何不|该不该|要不要|应不应该?|值不值得?|有(?:能力|实力))[^,]{0,12}$")
_SHOULD = re.compile("(?:认为|呼吁|主张|看来|建议)[^,]{0,24}?(?<![供适相反对响回效感])应(?![邀要用对收付急变力届])[^,]{0,12}$")
"""有观点认为 A 应收购 B; without who thinks so it may be what a contract asks for"""
_ONE_WAY = re.compile(
    "[^,]{2,24}?(?:是|为|算)[^,是]{0,8}?(?:可行|备选|可选|设想)[^,]{0,4}(?:方案|选择|选项|办法|出路|途径|路径|方式)"
)
"""A 收购 B 是较可行的方案: what others think of"""
_EXPLAIN = "说明"
_ASKED = re.compile("(?:要求|请|督促|责令)[^。]{0,24}说明")
_IN_DOUBT = re.compile("是否|或将|会否|能否|有无|未来|如果|后续")
"""要求公司说明 C 或将股权未来转让给 B 的原因: what may come is asked after, not told"""
_DENIED_NEXT = re.compile("[^。]{0,20}?(?:传闻|传言|报道|消息|说法)[^。]{0,12}?(?:不实|不属实|失实|子虚乌有|谣言|并非事实)")
"""被 B 收购传闻:不实"""
_TITLE_OF_STUDY = re.compile("[^《》]*(?:白皮书|蓝皮书|报告|办法|指引|指南|规定|条例|准则|手册|年鉴|榜单?)》")
"""《2026储能投资白皮书》: what a study or a rule is on"""
_FORM_LABEL = re.compile(r"\(如[^()]*$")
"""併購種類(如合併、分割…): the label of a form"""

_FOR_THE_USE = re.compile("用[于以]$")
_LENT_FOR_IT = re.compile("[^,]{0,24}?的[^,的]{0,16}?(?:贷款|借款|信贷)")
"""A 用于投资 C 的30亿元贷款: what a loan is for, not what is done"""


def is_supposed(place: Place) -> bool:
    """Whether somebody only thinks that a takeover would be a good one, or asks whether there may be a deal."""
    if _is_asked_after(place) or _is_denied(place) or _FORM_LABEL.search(place.up_to) or _in_study(place):
        return True
    if place.cue.type == "investment" and _is_use_of_loan(place):
        return True
    if place.cue.type not in _TAKES:
        return False
    if place.clause.text.startswith("要约", place.cue.start - place.clause.start):
        return False  # 应当向全体股东发出要约: a duty
    if _ADVISED.search(place.up_to) or _SHOULD.search(place.up_to):
        return True
    return _ONE_WAY.match(place.clause.text, place.cue.end - place.clause.start) is not None


def _is_asked_after(place: Place) -> bool:
    told = place.clean.text[place.sentence.start : place.cue.start]
    asked = _ASKED.search(told) if _EXPLAIN in told else None
    return asked is not None and _IN_DOUBT.search(place.up_to) is not None


def _is_denied(place: Place) -> bool:
    told = place.clean.text[place.cue.end : place.sentence.end]
    return ("传" in told or "报道" in told or "消息" in told) and _DENIED_NEXT.match(told) is not None


def _is_use_of_loan(place: Place) -> bool:
    used = _FOR_THE_USE.search(place.up_to) is not None
    return used and _LENT_FOR_IT.match(place.clause.text, place.cue.end - place.clause.start) is not None


def _in_study(place: Place) -> bool:
    opened = place.up_to.rfind("《")
    return opened > place.up_to.rfind("》") and _TITLE_OF_STUDY.match(place.clause.text, opened + 1) is not None
