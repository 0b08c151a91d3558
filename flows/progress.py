"""One bar for a whole run, on standard error; nothing where nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from flows.render import console


class Bar:
    """The bar. `stage` names what is going on and how many articles it will take, `tick` counts them."""

    def __init__(self, shown: Progress, line: TaskID) -> None:
        self._shown = shown
        self._line = line

    def stage(self, name: str, total: int | None = None) -> None:
        """The next stage; without a total the bar only moves."""
        self._shown.reset(self._line, description=name, total=total, completed=0)

    def tick(self, count: int = 1) -> None:
        """`count` articles more."""
        self._shown.advance(self._line, count)


@contextmanager
def progress() -> Iterator[Bar]:
    """A bar while the block runs; it leaves no trace."""
    terminal = console(to_stderr=True)
    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as shown:
        yield Bar(shown, shown.add_task("start", total=None))
