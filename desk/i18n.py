"""The languages of the interface: gettext catalogues (`desk/locale/<tag>.po`), figures and dates as each language writes them."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal
from babel.support import NullTranslations, Translations

DEFAULT = "en"
LANGUAGES = {"en": "English", "zh-Hant": "繁體中文", "zh-Hans": "简体中文", "ar": "العربية"}
"""The interface's languages by tag, each by its own name"""
_PARTS = ("zh-Hant", "zh-TW", "zh-HK", "zh-MO")
"""What a browser asks for that is written in traditional characters"""
SIGNS = {"about": "≈", "over": ">", "at_least": "≥", "up_to": "≤", "under": "<"}
"""What stands before a figure for each modifier that is no range"""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of the interface."""

    tag: str
    locale: Locale
    translations: NullTranslations

    @property
    def rtl(self) -> bool:
        """Whether the page is mirrored."""
        return self.locale.text_direction == "rtl"

    @property
    def comma(self) -> str:
        """What stands between the items of a list."""
        return {"ar": "، ", "zh": "、"}.get(self.locale.language, ", ")

    def text(self, message: str) -> str:
        """A message in this language; itself where there is no translation."""
        return _translated(message, self.tag) if message else ""

    def count(self, one: str, many: str, n: int) -> str:
        """A message about `n` things; ``%(num)s`` in it is the figure."""
        return str(self.translations.ungettext(one, many, n)) % {"num": self.number(n)}

    def number(self, value: Decimal | int) -> str:
        """A figure in full, grouped."""
        return _full(value, self.tag)

    def compact(self, value: Decimal | int) -> str:
        """A figure in the short form that people compare: 38B, 380億, 38 مليار."""
        return _compact(value, self.tag)

    def day(self, text: str | None) -> str:
        """An ISO 8601 date or time as a date, at the precision it has; anything else as it is."""
        return _day(text or "", self.tag)

    def moment(self, text: str | None) -> str:
        """An ISO 8601 time as date and time in UTC."""
        return _moment(text or "", self.tag)


@functools.cache
def tongue(tag: str) -> Tongue:
    """The language of a tag of `LANGUAGES`."""
    locale = Locale.parse(tag, sep="-")
    path = files("desk") / "locale" / f"{tag}.po"
    if not path.is_file():
        return Tongue(tag, locale, NullTranslations())
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(path.read_bytes()), locale=str(locale)))
    compiled.seek(0)
    return Tongue(tag, locale, Translations(compiled))


def negotiate(asked: str | None, accepted: str) -> str:
    """The tag to use: as asked for in the address, else what the browser accepts first, else English.

    >>> negotiate("ar", "de"), negotiate(None, "zh-TW,zh;q=0.9,en;q=0.8"), negotiate("xx", "zh-CN"), negotiate(None, "fr")
    ('ar', 'zh-Hant', 'zh-Hans', 'en')
    """
    if asked in LANGUAGES:
        return str(asked)
    for wish in _wishes(accepted):
        if wish.startswith("zh"):
            return "zh-Hant" if wish.lower().startswith(tuple(part.lower() for part in _PARTS)) else "zh-Hans"
        for tag in ("en", "ar"):
            if wish.split("-")[0] == tag:
                return tag
    return DEFAULT


def _wishes(accepted: str) -> Sequence[str]:
    weighed = []
    for n, part in enumerate(accepted.split(",")[:20]):
        name, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), n, name.strip()))
        except ValueError:
            continue
    return [name for _, _, name in sorted(weighed)]


@functools.lru_cache(maxsize=20_000)
def _translated(message: str, tag: str) -> str:
    return str(tongue(tag).translations.ugettext(message))


@functools.lru_cache(maxsize=20_000)
def _full(value: Decimal | int, tag: str) -> str:
    places = max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0
    pattern = "#,##0" + ("." + "0" * min(places, 12) if places else "")
    return str(format_decimal(value, format=pattern, locale=_locale(tag), decimal_quantization=False))


@functools.lru_cache(maxsize=20_000)
def _compact(value: Decimal | int, tag: str) -> str:
    figure = Decimal(value)
    lead = figure.adjusted() if figure else 0
    places = max(0, 3 - lead % (4 if tag.startswith("zh") else 3) - 1)
    return str(format_compact_decimal(figure, locale=_locale(tag), fraction_digits=places))


@functools.lru_cache(maxsize=20_000)
def _day(text: str, tag: str) -> str:
    locale = _locale(tag)
    try:
        if len(text) == 7 and text[5].isdigit():
            return str(format_date(date(int(text[:4]), int(text[5:]), 1), format=_MONTH[tag], locale=locale))
        if len(text) >= 10:
            return str(format_date(date.fromisoformat(text[:10]), format="medium", locale=locale))
    except ValueError:
        pass
    return text


@functools.lru_cache(maxsize=20_000)
def _moment(text: str, tag: str) -> str:
    try:
        return str(format_datetime(datetime.fromisoformat(text), format="medium", locale=_locale(tag)))
    except ValueError:
        return text


_MONTH = {"en": "MMM y", "zh-Hant": "y年M月", "zh-Hans": "y年M月", "ar": "MMMM y"}


@functools.cache
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")
