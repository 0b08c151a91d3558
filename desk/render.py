"""Pages to HTML: one Jinja environment a language, everything escaped unless it is our own markup."""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from desk import labels
from desk.cells import Cells
from desk.colors import color
from desk.filters import LAST_NIGHT, EventFilter
from desk.i18n import LANGUAGES, SIGNS, Tongue, tongue
from desk.pages import Page, View
from desk.text import direction, visible

_FIGURE = r"\d+(?:\.\d+)?(?:[eE]\d{1,2})?"
_SUM = re.compile(rf"(?:(?P<modifier>[a-z_]+) )?(?P<figures>{_FIGURE}(?:\.\.{_FIGURE})?) (?P<currency>[A-Z]{{3}}|\?)")


@functools.cache
def environment(tag: str) -> Environment:
    """The templates in one language."""
    made = Environment(
        loader=PackageLoader("desk"), autoescape=True, extensions=["jinja2.ext.i18n"], undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    language = tongue(tag)
    translations = language.translations
    made.install_gettext_callables(translations.ugettext, translations.ungettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "compact": language.compact, "number": language.number, "day": language.day, "moment": language.moment,
        "label": language.text, "visible": visible, "color": color, "direction": direction,
    }  # fmt: skip
    made.filters |= {
        "reason": lambda text: labels.reason(text, language.text), "value_label": functools.partial(_value, language),
        "money_input": _money_input,
        "property": lambda name: language.text(name.removeprefix("roles.")),
    }  # fmt: skip
    made.globals |= {"languages": LANGUAGES, "no_filter": EventFilter(), "since_last_night": EventFilter(changed=LAST_NIGHT)}
    return made


def _value(language: Tongue, text: str) -> str:
    """A value as the store writes it, for people: ``up_to 5000000000 SAR``, ``completed``.

    >>> _value(tongue("en"), "up_to 5000000000 SAR"), _value(tongue("en"), "2025-11"), _value(tongue("en"), "about 2e9 USD")
    ('≤5B SAR', 'Nov 2025', '≈2B USD')
    """
    match = _SUM.fullmatch(text)
    if match:
        figures = "–".join(language.compact(Decimal(part)) for part in match["figures"].split(".."))
        return f"{SIGNS.get(match['modifier'] or '', '')}{figures} {match['currency']}"
    return language.text(text) if text in labels.STATUSES else language.day(text)


def _money_input(value: Decimal | None) -> str:
    """A sum as it stands in a field.

    >>> _money_input(Decimal("1500000000")), _money_input(None)
    ('1.5bn', '')
    """
    if value is None:
        return ""
    for power, name in ((12, "tn"), (9, "bn"), (6, "m")):
        if value >= Decimal(10) ** power and value == value.quantize(Decimal(10) ** (power - 2)):
            return f"{value.scaleb(-power).normalize():f}{name}"
    return format(value, "f")


def html(view: View, page: Page, **more: Any) -> str:
    """The HTML of a page."""
    values = {
        "t": view.tongue,
        "links": view.links,
        "cells": Cells(view.tongue, view.links),
        "desk": view.desk,
        "token": None,
        "notice": None,
        "here": "",
        "what": "",
        "tab": "",
        **page.values,
        **more,
    }
    return environment(view.tongue.tag).get_template(page.template).render(values)
