"""Records -> what people read (tables) and what machines read (JSON, CSV). Machine output is never shortened or decorated."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PIPE_WIDTH = 160
"""Columns of a table that goes to a file or another program"""

_SCALES = ((Decimal(10**12), "tn"), (Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k"))


def console(to_stderr: bool = False) -> Console:
    """A terminal, or a file that gets wide plain tables."""
    stream = sys.stderr if to_stderr else sys.stdout
    return Console(stderr=to_stderr, width=None if stream.isatty() else _PIPE_WIDTH, highlight=False, emoji=False)


class Cell:
    """Text that wraps and is never cut. Each line with right-to-left text is isolated, so that it cannot turn the row around."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __rich_measure__(self, terminal: Console, options: ConsoleOptions) -> Measurement:
        """As wide as the text: isolates take no room."""
        return Measurement.get(terminal, options, Text(self.text))

    def __rich_console__(self, terminal: Console, options: ConsoleOptions) -> RenderResult:
        """Wrapped first: an isolate that a line break cuts in two would leave the rest of the row inside it."""
        cut = ""
        for line in Text(self.text).wrap(terminal, options.max_width, overflow="fold"):
            text = cut + line.plain
            cut = _ISOLATE * (text.count(_ISOLATE) - text.count(_END_ISOLATE))
            yield Text(isolated(text + _END_ISOLATE * len(cut)), no_wrap=True)


def cell(value: object) -> Cell:
    r"""Anything as a cell, without control and direction characters, which could do harm to a terminal.

    >>> cell("a\x1b[31m\u202eb").text, cell(None).text
    ('a[31mb', '')
    """
    if isinstance(value, Cell):
        return value
    return Cell("" if value is None else _UNSEEN.sub("", str(value)))


def isolated(line: str) -> str:
    r"""`line` as people read it in a table: right-to-left text keeps its own order and leaves that of the row.

    >>> isolated("AMD + هيوماين") == "\u2068AMD + هيوماين\u2069", isolated("輝達")
    (True, '輝達')
    """
    return f"{_ISOLATE}{line}{_END_ISOLATE}" if _RTL.search(line) else line


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[str] = ()) -> Table:
    """A table whose cells wrap and are never cut. Columns named in `right` are aligned there."""
    made = Table(title=title or None, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold", no_wrap=column in right)
    for row in rows:
        made.add_row(*map(cell, row))
    return made


def parties(who: Mapping[str, Sequence[str]], order: Sequence[str]) -> Cell:
    """Who does the deal with whom: the paying side first, an arrow where money or goods go, others in brackets.

    Each name is isolated by itself: between two Arabic names the arrow would else point from the second to the first.

    >>> parties({"investor": ["Amazon"], "target": ["OpenAI"]}, ("investor", "target")).text
    'Amazon → OpenAI'
    >>> parties({"party": ["OpenAI", "輝達"]}, ("party",)).text, parties({"target": ["OpenAI"]}, ("investor", "target")).text
    ('OpenAI + 輝達', '? → OpenAI')
    """
    names = {role: " + ".join(isolated(cell(name).text) for name in found) for role, found in who.items()}
    sides = [names.get(role) or "?" for role in order[:2]]
    rest = [f"({role} {names[role]})" for role in order[2:] if names.get(role)]
    return Cell(" ".join([" → ".join(sides), *rest]))


def money(value: Decimal | None, low: Decimal | None = None, high: Decimal | None = None) -> str:
    """A sum in the short form that people compare, exact to four figures; a range when there is no one value.

    >>> money(Decimal(38_000_000_000)), money(None, Decimal(10**10), Decimal(10**11)), money(None, Decimal(5_000_000))
    ('38bn', '10bn to 100bn', 'from 5m')
    """
    if value is not None:
        return _short(value)
    if low is not None and high is not None:
        return f"{_short(low)} to {_short(high)}"
    if low is not None:
        return f"from {_short(low)}"
    return f"up to {_short(high)}" if high is not None else ""


def _short(value: Decimal) -> str:
    for scale, name in _SCALES:
        if abs(value) >= scale:
            return f"{_figures(value / scale)}{name}"
    return _figures(value)


def _figures(value: Decimal) -> str:
    rounded = round(value, max(0, 3 - value.adjusted()))
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def json_text(value: Any, indent: int | None = None) -> str:
    r"""JSON as UTF-8 text. A lone surrogate, which UTF-8 cannot hold, is written as its escape.

    >>> json_text({"a": "輝達 \ud83d"})
    '{"a": "輝達 \\ud83d"}'
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def write_lines(lines: Iterable[str]) -> None:
    """Lines to standard output as UTF-8 whatever the locale says, each as soon as it is there."""
    out = sys.stdout.buffer
    for line in lines:
        out.write(line.encode("utf-8") + b"\n")
        out.flush()
