"""Extraction in this process or in several. Results come in the order of the articles, the same for any number of workers."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType
from typing import Self

from flows.settings import names_model
from models.article import Article
from models.claim import Extraction
from models.errors import CorpusError
from models.mention import Conversion

_CHUNK = 16
"""Articles sent to a process at a time"""
_WINDOW = 64
"""Chunks under way for each process: they go on reading while the results are written, and few enough to hold in memory"""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article to be read. `version_id` is that of its text in a store; its text keeps the rates of `conversions`."""

    article: Article
    version_id: str = ""
    conversions: tuple[Conversion, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that the extractor could not read: what was raised, for quarantine."""

    article: Article
    reason: str


Outcome = Extraction | Failure
_FIRST = Reading(Article(id="", text="甲公司宣布向乙公司投資1億美元。"))
"""What a process reads first, for its tables and models to be there when it is needed"""
Chunk = Sequence[Reading]


class Workers:
    """`count` processes that extract; with 1 the caller's own. A context manager: leaving it ends the processes.

    `rates` is a file of reference rates newer than the bundled ones (`extractors.rates.use_reference_rates`).

    >>> with Workers(1) as workers:
    ...     [found.language for _, found in workers.extract([Reading(Article(id="a", text="輝達投資OpenAI"))])]
    ['zh-Hant']
    """

    def __init__(self, count: int, rates: Path | None = None) -> None:
        self.count = max(1, count)
        self.rates = rates
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close(wait=error is None)

    def start(self) -> None:
        """Start the processes before there is much to extract: reading their tables takes each more than a second."""
        if self.count > 1 and self._pool is None:
            self._pool = self._new_pool(self.count)
            for _ in range(self.count):  # a task starts a process where none is idle
                self._pool.submit(_extract_chunk, ())

    def extract(self, readings: Iterable[Reading]) -> Iterator[tuple[Reading, Outcome]]:
        """Every article with its outcome, in order. An article that kills the process reading it is a Failure like any other."""
        if self.count == 1:
            _use_rates(self.rates)
            yield from ((reading, extract_one(reading)) for reading in readings)
            return
        waiting = iter(readings)
        under_way: deque[tuple[list[Reading], Future[list[Outcome]]]] = deque()
        self._pool = self._pool or self._new_pool(self.count)
        while True:
            while len(under_way) < self.count * _WINDOW and (chunk := list(itertools.islice(waiting, _CHUNK))):
                under_way.append((chunk, self._pool.submit(_extract_chunk, chunk)))
            if not under_way:
                return
            chunk, future = under_way.popleft()
            try:
                yield from zip(chunk, future.result(), strict=True)
            except BrokenProcessPool:
                self._close(wait=False)
                for reread in (chunk, *(later for later, _ in under_way)):
                    yield from zip(reread, self._carefully(reread), strict=True)
                under_way.clear()
                self._pool = self._new_pool(self.count)

    def _carefully(self, chunk: Chunk) -> list[Outcome]:
        """In a process of its own; one by one when that dies too, so that only the article that kills it is lost."""
        with self._new_pool(1) as pool:
            try:
                return pool.submit(_extract_chunk, chunk).result()
            except BrokenProcessPool:
                if len(chunk) == 1:
                    return [Failure(chunk[0].article, "the process that read it died")]
        return [outcome for reading in chunk for outcome in self._carefully([reading])]

    def _new_pool(self, count: int) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(count, mp_context=spawn, initializer=_prepare, initargs=(self.rates,))

    def _close(self, wait: bool) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=True)
            self._pool = None


def extract_one(reading: Reading) -> Outcome:
    """The extraction of one article, or what went wrong: one bad article must not end a night of ten thousand.

    A wrong table is no article's fault, and raises CorpusError.
    """
    from extractors.pipeline import extract  # noqa: PLC0415 - the grammars take 0.5 s, and a process with other work never needs them

    try:
        return extract(reading.article, reading.conversions, names_model())
    except CorpusError:
        raise
    except Exception as error:  # whatever a grammar stumbles over is kept with its article
        return Failure(reading.article, f"{type(error).__name__}: {error}")


def _extract_chunk(chunk: Chunk) -> list[Outcome]:
    return [extract_one(reading) for reading in chunk]


def _prepare(rates: Path | None) -> None:
    """A worker's first steps: it leaves Ctrl-C to its parent, and never outlives one that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _use_rates(rates)
    with contextlib.suppress(Exception):  # what is wrong with a table is told by the first article that is read
        extract_one(_FIRST)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _use_rates(rates: Path | None) -> None:
    from extractors.rates import use_reference_rates  # noqa: PLC0415 - as in `extract_one`

    use_reference_rates(rates)
