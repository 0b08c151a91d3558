"""What happened in a run, as JSON lines: one event a line, with the run's id, and the article's where it is about one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import structlog

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
"""`debug` has a line for every article that was read"""


class Journal:
    """The log of one run; without a path it is silent. A context manager: leaving it closes the file.

    Methods are those of a structlog logger: ``journal.info("published", folder="…")``.
    """

    def __init__(self, path: Path | None = None, level: str = "info", **always: object) -> None:
        self.path = path
        self._stream: IO[str] | None = None
        factory: Callable[..., Any] = structlog.ReturnLoggerFactory()
        least = logging.CRITICAL
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = path.open("a", encoding="utf-8", buffering=1)
            factory, least = structlog.WriteLoggerFactory(self._stream), LEVELS[level]
        self._log = structlog.wrap_logger(
            factory(),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(least),
        ).bind(**always)

    def __getattr__(self, name: str) -> Any:
        if name not in {*LEVELS, "exception"}:
            raise AttributeError(name)
        return getattr(self._log, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._stream is not None:
            self._stream.close()
