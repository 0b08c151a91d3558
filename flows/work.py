"""Work on articles in this process or in several. Results come in their order, and are the same for any number of workers."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from flows.settings import names_model
from models.article import Article
from models.claim import Extraction
from models.errors import CorpusError
from models.mention import Conversion

_CHUNK = 16
"""Things of weight 1, such as articles to extract, sent to a process at a time"""
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
DIED = "the process that read it died"
_FIRST = Reading(Article(id="", text="甲公司宣布向乙公司投資1億美元。"))
"""What a process reads first, for its tables and models to be there when it is needed"""

Thing = TypeVar("Thing")
Result = TypeVar("Result")
Job = Callable[[Sequence[Thing]], list[Result]]
"""What a process does with a chunk of things: a result each, in order. It must be found by its name in a module"""


class Workers:
    """`count` processes that read and extract; with 1 the caller's own. A context manager: leaving it ends the processes.

    `rates` is a file of reference rates newer than the bundled ones (`extractors.rates.use_reference_rates`).

    >>> with Workers(1) as workers:
    ...     [found.language for _, found in workers.extract([Reading(Article(id="a", text="輝達投資OpenAI"))])]
    ['zh-Hant']
    """

    def __init__(self, count: int, rates: Path | None = None) -> None:
        self.count = max(1, count)
        self.rates = rates
        self._pool: ProcessPoolExecutor | None = None
        self._warm = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close(wait=error is None)

    def start(self) -> None:
        """Start the processes before there is much to extract: reading their tables takes each more than a second."""
        if self.count > 1 and not self._warm:
            self._warm = True
            for _ in range(self.count):
                self._submit(_warm_up)

    def extract(self, readings: Iterable[Reading]) -> Iterator[tuple[Reading, Outcome]]:
        """Every article with its outcome, in order. An article that kills the process reading it is a Failure like any other."""
        if self.count == 1:
            _use_rates(self.rates)
            yield from ((reading, extract_one(reading)) for reading in readings)
            return
        self.start()
        yield from self.map(_extract_chunk, readings, lost=lambda reading: Failure(reading.article, DIED))

    def map(
        self,
        job: Job[Thing, Result],
        things: Iterable[Thing],
        *,
        lost: Callable[[Thing], Result],
        weight: Callable[[Thing], float] = lambda _: 1,
    ) -> Iterator[tuple[Thing, Result]]:
        """Every thing with what the processes make of it, in order; `lost` is the result of one that kills its process."""
        waiting = _chunks(things, weight)
        under_way: deque[tuple[list[Thing], Future[list[Result]]]] = deque()
        while True:
            while len(under_way) < self.count * _WINDOW and (chunk := next(waiting, None)):
                under_way.append((chunk, self._submit(job, chunk)))
            if not under_way:
                return
            chunk, future = under_way.popleft()
            try:
                yield from zip(chunk, future.result(), strict=True)
            except BrokenProcessPool:
                self._close(wait=False)
                for reread in (chunk, *(later for later, _ in under_way)):
                    yield from zip(reread, self._carefully(job, reread, lost), strict=True)
                under_way.clear()

    def _submit(self, job: Callable[..., Result], *given: object) -> Future[Result]:
        """The job as given to the processes; what dead ones cannot take any more has failed already."""
        self._pool = self._pool or self._new_pool(self.count)
        try:
            return self._pool.submit(job, *given)
        except BrokenProcessPool as error:
            refused: Future[Result] = Future()
            refused.set_exception(error)
            return refused

    def _carefully(self, job: Job[Thing, Result], chunk: Sequence[Thing], lost: Callable[[Thing], Result]) -> list[Result]:
        """In a process of its own; one by one when that dies too, so that only the thing that kills it is lost."""
        with self._new_pool(1) as pool:
            try:
                return pool.submit(job, chunk).result()
            except BrokenProcessPool:
                if len(chunk) == 1:
                    return [lost(chunk[0])]
        return [result for thing in chunk for result in self._carefully(job, [thing], lost)]

    def _new_pool(self, count: int) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(count, mp_context=spawn, initializer=_prepare, initargs=(self.rates,))

    def _close(self, wait: bool) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=True)
            self._pool = None
            self._warm = False


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


def _extract_chunk(chunk: Sequence[Reading]) -> list[Outcome]:
    return [extract_one(reading) for reading in chunk]


def _warm_up() -> None:
    with contextlib.suppress(Exception):  # what is wrong with a table is told by the first article that is read
        extract_one(_FIRST)


def _chunks(things: Iterable[Thing], weight: Callable[[Thing], float]) -> Iterator[list[Thing]]:
    """`things` in runs that weigh `_CHUNK` or a little more."""
    chunk: list[Thing] = []
    total = 0.0
    for thing in things:
        chunk.append(thing)
        total += weight(thing)
        if total >= _CHUNK:
            yield chunk
            chunk, total = [], 0.0
    if chunk:
        yield chunk


def _prepare(rates: Path | None) -> None:
    """A worker's first steps: it leaves Ctrl-C to its parent, and never outlives one that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _use_rates(rates)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _use_rates(rates: Path | None) -> None:
    from extractors.rates import use_reference_rates  # noqa: PLC0415 - as in `extract_one`

    use_reference_rates(rates)
