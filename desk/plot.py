"""Deals over time as an SVG of stacked bars, one colour a type. Written by hand: no style and no script stands in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from markupsafe import Markup

from desk.colors import color
from desk.i18n import Tongue

_WIDTH, _HEIGHT, _FOOT, _LEFT = 720, 200, 26, 34
_MOST_BARS = 40
_FONT = "system-ui, sans-serif"


@dataclass(frozen=True, slots=True)
class Plot:
    """An SVG, and what it shows in words."""

    svg: Markup
    types: tuple[tuple[str, str], ...]
    """(type, colour), the most frequent first"""


def timeline(deals: Sequence[tuple[int, str, Decimal | None]], tongue: Tongue) -> Plot | None:
    """Bars of (day, type, USD); by month, quarter or year, whichever gives few enough. None without deals."""
    if not deals:
        return None
    months = [_month(day) for day, _, _ in deals]
    step = next((step for step in (1, 3, 12, 60, 120) if (max(months) - min(months)) // step < _MOST_BARS), 1200)
    first, last = min(months) // step, max(months) // step
    bars: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    usd: dict[int, Decimal] = defaultdict(Decimal)
    types: dict[str, int] = defaultdict(int)
    for month, (_, kind, value) in zip(months, deals, strict=True):
        bars[month // step][kind] += 1
        types[kind] += 1
        usd[month // step] += value or 0
    order = sorted(types, key=lambda kind: (-types[kind], kind))
    svg = _draw(_Bars(range(first, last + 1), step, bars, usd, tuple(order)), tongue)
    return Plot(Markup(svg), tuple((kind, color(kind)) for kind in order))


def _month(day: int) -> int:
    found = date.fromordinal(day)
    return found.year * 12 + found.month - 1


def _name(period: int, step: int) -> str:
    year, month = divmod(period * step, 12)
    if step == 1:
        return f"{year}-{month + 1:02}"
    return f"{year}-Q{month // 3 + 1}" if step == 3 else str(year) if step == 12 else f"{year}–{year + step // 12 - 1}"


@dataclass(frozen=True, slots=True)
class _Bars:
    """What is drawn: deals by period and type, and the USD of each period. `step` is months of a period."""

    periods: range
    step: int
    deals: dict[int, dict[str, int]]
    usd: dict[int, Decimal]
    order: tuple[str, ...]


def _draw(bars: _Bars, tongue: Tongue) -> str:
    step, periods = bars.step, bars.periods
    top = max(sum(bar.values()) for bar in bars.deals.values())
    room = _HEIGHT - _FOOT - 12
    pitch = (_WIDTH - _LEFT - 6) / max(len(periods), 6)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" class="plot" '
        f'font-family="{_FONT}" font-size="11" direction="ltr" aria-label="{escape(tongue.text("Deals over time"))}">'
    ]
    for value in sorted({0, top // 2, top}):
        y = _HEIGHT - _FOOT - room * value / top
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d8dbe0"/>')
        parts.append(
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#5a6270">{escape(tongue.number(value))}</text>'
        )
    labelled = max(1, -(-len(periods) * 58 // (_WIDTH - _LEFT)))
    for n, period in enumerate(periods):
        x = _LEFT + 4 + n * pitch
        y = float(_HEIGHT - _FOOT)
        found = bars.deals.get(period, {})
        told = f", {tongue.compact(bars.usd[period])} USD" if bars.usd.get(period) else ""
        words = ", ".join(f"{tongue.text(kind)} {tongue.number(found[kind])}" for kind in bars.order if kind in found)
        parts.append(f"<g><title>{escape(_name(period, step))}: {escape(words or '0')}{escape(told)}</title>")
        for kind in bars.order:
            if kind in found:
                height = room * found[kind] / top
                y -= height
                parts.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(pitch - 4, 2):.1f}" height="{height:.1f}" fill="{color(kind)}"/>'
                )
        parts.append("</g>")
        if n % labelled == 0:
            parts.append(
                f'<text x="{x + max(pitch - 4, 2) / 2:.1f}" y="{_HEIGHT - 8}" text-anchor="middle" fill="#5a6270">'
                f"{escape(_name(period, step))}</text>"
            )
    return "".join([*parts, "</svg>"])
