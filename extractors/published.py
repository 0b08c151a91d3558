"""Publication dates as sites, feeds and files write them -> ISO 8601. A date that does not exist is None, never a guess."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from models.article import Article

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


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
