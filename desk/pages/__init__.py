"""One module a view: from the store to what its template shows. Nothing here knows of HTTP or of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from desk.i18n import Tongue
from desk.links import Links
from desk.state import Desk


@dataclass(frozen=True, slots=True)
class Page:
    """A template and what it shows."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class View:
    """Who asks: the desk, the language, and where the other pages are."""

    desk: Desk
    tongue: Tongue
    links: Links
