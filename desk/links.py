"""Addresses of the pages: the same pages are served by the desk (`LiveLinks`) and written to a folder (`desk.report`)."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

from desk.filters import EventFilter

Pairs = Sequence[tuple[str, str]]


class Links(Protocol):
    """Where each page is. An address may be "" where a page does not exist, as most filters in a folder of files."""

    @property
    def live(self) -> bool:
        """Whether a server answers: filters, downloads and decisions exist only then."""

    def events(self, asked: EventFilter) -> str:
        """The table of events."""

    def download(self, asked: EventFilter, form: str) -> str:
        """The events of a filter as a file: csv or parquet."""

    def event(self, event_id: str) -> str:
        """One event."""

    def article(self, version_id: str, page: int = 1) -> str:
        """An article as published, a page of it."""

    def flow(self, pairs: Pairs, form: str = "") -> str:
        """The graph of money; `form` is svg or graphml for the file."""

    def companies(self, pairs: Pairs = ()) -> str:
        """The list of companies."""

    def company(self, name: str) -> str:
        """One company."""

    def review(self, queue: str = "", page: int = 1) -> str:
        """A queue of the review list."""

    def runs(self, page: int = 1) -> str:
        """The last nights."""

    def run(self, run_id: str) -> str:
        """One run."""

    def quarantined(self, item_id: str) -> str:
        """One item in quarantine."""

    def static(self, name: str) -> str:
        """A style sheet or script."""

    def here(self, tag: str) -> str:
        """The page that is shown, in another language."""


@functools.lru_cache(maxsize=20_000)
def _company(name: str) -> str:
    return f"/company?{urlencode([('name', name)])}"


@dataclass(frozen=True, slots=True)
class LiveLinks:
    """Addresses of the running desk. `ui` is the language the address of this page asks for: links keep it."""

    path: str
    pairs: tuple[tuple[str, str], ...]
    ui: str | None = None

    @property
    def live(self) -> bool:
        """A server answers."""
        return True

    def _to(self, path: str, pairs: Pairs = ()) -> str:
        kept = [*pairs, *([("ui", self.ui)] if self.ui else [])]
        return f"{path}?{urlencode(kept)}" if kept else path

    def events(self, asked: EventFilter) -> str:
        """The table of events."""
        return self._to("/events", asked.query())

    def download(self, asked: EventFilter, form: str) -> str:
        """The events of a filter as a file."""
        return self._to(f"/events.{form}", asked.on_page(1).query())

    def event(self, event_id: str) -> str:
        """One event."""
        return self._to(f"/event/{quote(event_id, safe='')}")

    def article(self, version_id: str, page: int = 1) -> str:
        """An article as published."""
        return self._to(f"/article/{quote(version_id, safe='')}", [("page", str(page))] if page > 1 else [])

    def flow(self, pairs: Pairs, form: str = "") -> str:
        """The graph of money, or a file of it."""
        return self._to(f"/flow.{form}" if form else "/flow", pairs)

    def companies(self, pairs: Pairs = ()) -> str:
        """The list of companies."""
        return self._to("/companies", pairs)

    def company(self, name: str) -> str:
        """One company. The name stands in the query: it may hold any character."""
        return _company(name) if self.ui is None else self._to("/company", [("name", name)])

    def review(self, queue: str = "", page: int = 1) -> str:
        """A queue of the review list."""
        return self._to(f"/review/{queue}" if queue else "/review", [("page", str(page))] if page > 1 else [])

    def runs(self, page: int = 1) -> str:
        """The last nights."""
        return self._to("/runs", [("page", str(page))] if page > 1 else [])

    def run(self, run_id: str) -> str:
        """One run."""
        return self._to(f"/run/{quote(run_id, safe='')}")

    def quarantined(self, item_id: str) -> str:
        """One item in quarantine."""
        return self._to(f"/quarantine/{quote(item_id, safe='')}")

    def static(self, name: str) -> str:
        """A style sheet or script."""
        return f"/static/{name}"

    def here(self, tag: str) -> str:
        """The page that is shown, in another language."""
        kept = [*((name, value) for name, value in self.pairs if name != "ui"), ("ui", tag)]
        return f"{self.path}?{urlencode(kept)}"
