"""The parts of a page that stand on it by the hundred: names, sums, labels, rows of a table of events.

Written by hand and not as macros of a template, which take ten times as long: a page of fifty events has thousands of them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from desk.i18n import Tongue
from desk.labels import N_
from desk.links import Links
from desk.shown import EventLine, Money
from desk.text import visible
from models.event import Participant

_WORDS = {
    "lone": N_("named by one source only"), "nobody": N_("not named"), "open": N_("open"), "to": N_("to"), "with": N_("with"),
    "status": N_("Status"), "amount": N_("Amount"), "date": N_("Date"), "reported": N_("Reported"), "sources": N_("Sources"),
    "conflicts": N_("conflicting values"), "low": N_("of low confidence"),
}  # fmt: skip


@functools.lru_cache(maxsize=20_000)
def _shown(text: str) -> str:
    """Text of others as HTML."""
    return str(escape(visible(text)))


class Cells:
    """The parts of one page, in its language and with its links."""

    def __init__(self, tongue: Tongue, links: Links) -> None:
        self._tongue = tongue
        self._links = links
        self._names: dict[str, str] = {}
        """Names of this page with their links: a table says the same few again and again"""
        self._words = {name: self._word(message) for name, message in _WORDS.items()}
        self._lone = f'<span class="lone" title="{self._words["lone"]}">?</span>'

    def name(self, party: Participant) -> Markup:
        """A participant, with a link to its page."""
        return Markup(self._name(party))

    def named(self, event_id: str) -> Markup:
        """The id of an event, with a link to it."""
        code, to = f'<bdi class="code">{escape(event_id[:10])}</bdi>', self._links.event(event_id)
        return Markup(f'<a href="{escape(to)}">{code}</a>' if to else code)

    def open(self, event_id: str) -> Markup:
        """A link to an event."""
        return Markup(self._open(event_id))

    def who(self, line: EventLine) -> Markup:
        """The participants of a deal and which way it goes."""
        return Markup(self._who(line))

    def money(self, found: Money | None) -> Markup:
        """A sum of a currency that the place tells."""
        return Markup(self._money(found))

    def told(self, line: EventLine) -> Markup:
        """The amount as the articles give it, else the stake or quantity."""
        return Markup(self._told(line))

    def kind(self, name: str) -> Markup:
        """A type of deal."""
        return Markup(self._label("type", name))

    def state(self, name: str) -> Markup:
        """A status."""
        return Markup(self._label("status", name))

    def rows(self, lines: Sequence[EventLine], hkd: bool = False) -> Markup:
        """The rows of a table of events."""
        return Markup("".join([self._row(line, hkd) for line in lines]))

    def options(self, values: Iterable[str], chosen: str | Sequence[str]) -> Markup:
        """The options of a choice, the chosen ones marked."""
        marked = {chosen} if isinstance(chosen, str) else set(chosen)
        return Markup("".join([
            f'<option value="{escape(value)}"{" selected" if value in marked else ""}>{self._word(value)}</option>\n'
            for value in values
        ]))  # fmt: skip

    def _row(self, line: EventLine, hkd: bool) -> str:
        event, words = line.event, self._words
        amount, usd = self._told(line), self._money(line.usd)
        flags = ""
        if event.conflicts:
            count = self._tongue.number(len(event.conflicts))
            said = words["conflicts"]
            flags = f' <span class="flag" title="{said}">{count}<span class="sr"> {said}</span></span>'
        if line.unsure:
            said = words["low"]
            flags += f' <span class="low" title="{said}">~<span class="sr"> {said}</span></span>'
        sources = f'<span title="{_shown(self._tongue.comma.join(event.sources))}">{self._tongue.number(event.n_sources)}</span>'
        in_hkd = f'<td class="num hkd" data-label="HKD">{self._money(line.hkd)}</td>\n' if hkd else ""
        reported = f'<td data-label="{words["reported"]}" class="date">{self._day(event.last_published)}</td>\n' if hkd else ""
        return (
            f'<tr data-event="{escape(event.id)}">\n'
            f'<th scope="row" class="deal">{self._label("type", event.type)} {self._open(event.id)}'
            f'<div class="who-line">{self._who(line)}</div></th>\n'
            f'<td data-label="{words["status"]}">{self._label("status", event.status)}</td>\n'
            f'<td class="num" data-label="{words["amount"]}">{amount}</td>\n'
            f'<td class="num" data-label="USD">{usd}</td>\n{in_hkd}'
            f'<td data-label="{words["date"]}" class="date">{self._day(event.date)}</td>\n{reported}'
            f'<td class="num" data-label="{words["sources"]}">{sources}{flags}</td>\n</tr>\n'
        )

    def _who(self, line: EventLine) -> str:
        found = self._side(line.first)
        if line.second or line.directed:
            sign = ("←" if self._tongue.rtl else "→") if line.directed else "+"
            way = self._words["to" if line.directed else "with"]
            found += f' <span class="way" aria-label="{way}">{sign}</span> {self._side(line.second)}'
        for role, parties in line.others:
            found += f' <span class="other">({self._word(role)}: {self._side(parties)})</span>'
        return found

    def _side(self, found: Sequence[Participant]) -> str:
        if not found:
            return f'<span class="nobody">{self._words["nobody"]}</span>'
        return f'<span class="plus">{self._tongue.comma}</span>'.join([self._name(party) for party in found])

    def _name(self, party: Participant) -> str:
        found = self._names.get(party.canonical)
        if found is None:
            text, to = _shown(party.canonical), self._links.company(party.canonical)
            found = f'<bdi><a href="{escape(to)}">{text}</a></bdi>' if to else f"<bdi>{text}</bdi>"
            self._names[party.canonical] = found
        return found if party.corroborated else found + self._lone

    def _open(self, event_id: str) -> str:
        to = self._links.event(event_id)
        said = f'{self._words["open"]}<span class="sr"> {escape(event_id[:8])}</span>'
        return f'<a class="open" href="{escape(to)}" data-open>{said}</a>' if to else ""

    def _money(self, found: Money | None) -> str:
        return f'<span class="sum" title="{_shown(found.full)}"><bdi>{_shown(found.short)}</bdi></span>' if found else ""

    def _told(self, line: EventLine) -> str:
        told = line.told
        if told:
            figure = f"<bdi>{_shown(told.short)}</bdi> <abbr>{_shown(told.currency)}</abbr>"
            return f'<span class="sum" title="{_shown(told.full)}">{figure}</span>'
        return f'<bdi class="sum">{_shown(line.size)}</bdi>' if line.size else ""

    def _label(self, family: str, name: str) -> str:
        return f'<span class="{family} {family}-{escape(name)}">{self._word(name)}</span>'

    def _day(self, text: str | None) -> str:
        return _shown(self._tongue.day(text))

    def _word(self, message: str) -> str:
        return _shown(self._tongue.text(message))
