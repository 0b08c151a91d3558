"""The command line as a test calls it."""

from __future__ import annotations

import pytest

from flows.cli import main


def run(*arguments: str) -> int:
    """The exit code of `dealwire` with these arguments."""
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)
