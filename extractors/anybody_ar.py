"""What anybody buys, and shares of a market, in Arabic: told with the words of deals, and none (folded text)."""

from __future__ import annotations

import re

_ANYBODY = re.compile(
    r"(?<!\w)[وفبل]?(?:ال|لل)(?:مستهلك|مستهلكين|مستهلكون|عملاء|عميل|زباين|زبون|مستخدم|مستخدمين|مستخدمون|متعاملين|متعامل|متسوقين"
    r"|متسوقون|مشتركين|مشترك|افراد|جمهور|زوار|مشاهدين|طلاب|طلبه|مواطنين|مقيمين|مسافرين)"
    r"(?: ال\w+){0,2}(?: \w+){0,3}? (?:من |علي |ل)?(?:ال)?(?:شراء|اقتناء|استيجار)$"
    r"|(?<!\w)[يت](?:رجح|فضل|نوي|عتزم|رغب|ستطيع|مكن)ون (?:\w+ )?شراء(?:هم)?$"
)
_MARKET_SHARE = re.compile(
    r"(?:\w+ ){0,3}حصه (?:\w+ )?من (?:[^ ,.;]+ ){1,4}في (?:ال)?(?:سوق|اسواق|مبيعات|قطاع)"
    r"(?! (?:ال)?(?:مال|اوراق|اسهم|سندات))(?!\w)"
)


def buys_as_anybody(told: str) -> bool:
    """Whether the words up to a cue of buying say that customers or people buy, who are no party of a deal.

    >>> buys_as_anybody("ليمكن المستهلكين من شراء")
    True
    >>> buys_as_anybody("اعلنت الشركه شراء")
    False
    """
    return _ANYBODY.search(told) is not None


def is_market_share(told: str) -> bool:
    """Whether what is got is another's share of a market: (الحصول على) حصة من شركة X في سوق الهواتف.

    >>> is_market_share("حصه من شركه نوكيا في سوق الهواتف")
    True
    >>> is_market_share("حصه من شركه نوكيا في سوق الاسهم")
    False
    """
    return _MARKET_SHARE.match(told) is not None
