"""Publication dates as sites, feeds and files write them -> ISO 8601. A date that does not exist is None, never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from models.article import Article

_FIRST_YEAR = 1995
"""No page of the web is older; software that knows no date writes 1970 or 0001"""
_APART = timedelta(days=1)
"""What time zones and the hour of publication explain: no contradiction"""

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True, slots=True)
class Stated:
    """A publication date, ISO 8601, and where it is told: ``json-ld``, ``meta``, ``url``, ``text``, ``feed``, …"""

    value: str
    evidence: str

    @property
    def precision(self) -> str:
        """``day``, or ``second`` where a time of day is told (minutes are not told apart).

        >>> Stated("2025-12-17", "url").precision, Stated("2025-12-17T08:30:00+08:00", "json-ld").precision
        ('day', 'second')
        """
        return "day" if len(self.value) == len("2025-12-17") else "second"

    @property
    def day(self) -> date:
        """In the zone it is told in."""
        return date.fromisoformat(self.value[:10])


def stated(text: str | None, evidence: str) -> Stated | None:
    """What `text` states, if it is a date at all.

    >>> stated("2025-12-17T08:30:00+08:00", "meta").value, stated("1970-01-01", "meta"), stated("yesterday", "meta")
    ('2025-12-17T08:30:00+08:00', None, None)
    """
    value = iso_date(text) if text else None
    return Stated(value, evidence) if value and int(value[:4]) >= _FIRST_YEAR else None


def settle(candidates: Iterable[Stated | None], latest: date | None = None) -> Stated | None:
    """The first of what a page states, in order of trust; others that contradict it are named in its evidence.

    A day after `latest`, the day the page was fetched, is no publication date. None when nothing is stated.

    >>> settle([stated("2025-12-17", "json-ld"), stated("2025-12-17", "url"), stated("2019-01-01", "text")])
    Stated(value='2025-12-17', evidence='json-ld, against text 2019-01-01')
    >>> settle([stated("2031-01-01", "meta"), stated("2025-12-17", "url")], latest=date(2025, 12, 18))
    Stated(value='2025-12-17', evidence='url, against meta 2031-01-01')
    """
    found = [one for one in candidates if one is not None]
    best = next((one for one in found if latest is None or one.day <= latest + _APART), None)
    if best is None:
        return None
    others = {f"{one.evidence} {one.value[:10]}": None for one in found if abs(one.day - best.day) > _APART}
    return Stated(best.value, ", ".join([best.evidence, *(f"against {other}" for other in others)]))


def iso_date(text: str) -> str | None:
    """`text` as an ISO 8601 date or timestamp, whatever stands before a day's clock time in another form.

    >>> iso_date("2025-12-17T08:30:00+08:00"), iso_date("Wed, 17 Dec 2025 10:00:00 +0800")
    ('2025-12-17T08:30:00+08:00', '2025-12-17T10:00:00+08:00')
    >>> iso_date("2025/12/7 8:30"), iso_date("2025年2月30日"), iso_date("昨天")
    ('2025-12-07', None, None)
    """
    text = text.strip()
    try:
        stamp = datetime.fromisoformat(text)
        return text if len(text) > 10 and "-" in text else stamp.date().isoformat()
    except ValueError:
        match = _DAY.match(text)
    if match:
        return iso_day(*match.groups())
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError):
        return None


def iso_day(year: str, month: str, day: str) -> str | None:
    """The day as ISO 8601; None when the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def in_zone(published: str, zone: str) -> str:
    """A timestamp told by the clock of `zone`: relative dates of an article count from the reader's day, not from UTC's.

    >>> in_zone("2025-12-16T23:30:00Z", "Asia/Taipei"), in_zone("2025-12-16", "Asia/Taipei")
    ('2025-12-17T07:30:00+08:00', '2025-12-16')
    """
    stamp = datetime.fromisoformat(published)
    return published if stamp.tzinfo is None else stamp.astimezone(ZoneInfo(zone)).isoformat()


def publication_date(article: Article) -> date | None:
    """The day in the source's zone, the reference of relative dates; None when unknown."""
    try:
        return date.fromisoformat(article.published[:10]) if article.published else None
    except ValueError:
        return None
