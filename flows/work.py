"""Extraction in this process or in several. Results come in the order of the articles, the same for any number of workers."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from models.article import Article
from models.claim import Extraction
from models.errors import CorpusError

_CHUNK = 8
"""Articles sent to a process at a time"""
_WINDOW = 32
"""Chunks under way for each process: enough to keep it busy, few enough to hold in memory"""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that the extractor could not read: what was raised, for quarantine."""

    article: Article
    reason: str


Outcome = Extraction | Failure


class Workers:
    """`count` processes that extract; with 1 the caller's own. A context manager: leaving it ends the processes.

    >>> with Workers(1) as workers:
    ...     [found.language for _, found in workers.extract([Article(id="a", text="輝達投資OpenAI")])]
    ['zh-Hant']
    """

    def __init__(self, count: int) -> None:
        self.count = max(1, count)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close(wait=error is None)

    def extract(self, articles: Iterable[Article]) -> Iterator[tuple[Article, Outcome]]:
        """Every article with its outcome, in order. Raises BrokenProcessPool when a process died; the next call starts afresh."""
        if self.count == 1:
            yield from ((article, extract_one(article)) for article in articles)
            return
        pool = self._pool = self._pool or ProcessPoolExecutor(self.count, mp_context=multiprocessing.get_context("spawn"))
        waiting = iter(articles)
        try:
            while window := list(itertools.islice(waiting, self.count * _WINDOW * _CHUNK)):
                chunks = [window[i : i + _CHUNK] for i in range(0, len(window), _CHUNK)]
                outcomes = itertools.chain.from_iterable(pool.map(_extract_chunk, chunks))
                yield from zip(window, outcomes, strict=True)
        except BrokenProcessPool:
            self._close(wait=False)
            raise

    def _close(self, wait: bool) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=True)
            self._pool = None


def extract_one(article: Article) -> Outcome:
    """The extraction of one article, or what went wrong: one bad article must not end a night of ten thousand.

    A wrong table is no article's fault, and raises CorpusError.
    """
    from extractors.pipeline import extract  # noqa: PLC0415 - spaCy takes 0.8 s, and a process with other work never needs it

    try:
        return extract(article)
    except CorpusError:
        raise
    except Exception as error:  # whatever a grammar stumbles over is kept with its article
        return Failure(article, f"{type(error).__name__}: {error}")


def _extract_chunk(articles: Sequence[Article]) -> list[Outcome]:
    return [extract_one(article) for article in articles]
