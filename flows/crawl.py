"""Sources on the network -> articles as their pages and feeds tell them.

Every source is asked at the same time, each host as slowly as it wants (`flows.fetch`). What comes is handed over as it comes: an
article or a rejection, and behind them the answers to remember. An answer that is remembered is not asked for again until it
changes, so it is only given out behind everything that was in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from corpus.source_table import sources
from flows.addresses import GuardedBackend
from flows.fetch import Fetcher
from flows.publisher import FetchedFile, FetchedPage, Handed, Publisher, Shared
from flows.readers import Answered, Found, Rejected, cut_source_file, read_cut, read_page_of
from flows.settings import FetchSettings
from models.fetch import Fetch
from models.ids import content_id

Crawled = Found | Rejected | Answered

_WAITING = 200
"""Pages held for the reader before the fetching waits"""


def crawl(
    source_ids: Sequence[str],
    settings: FetchSettings,
    known: Callable[[Sequence[str]], dict[str, Fetch]],
    today: date,
    backend: GuardedBackend | None = None,
) -> Iterator[Crawled]:
    """Everything that sources have and that is new or changed. Ends by itself, whatever their servers do.

    `known` gives the last fetch of addresses; it is called from another thread. `backend` is how connections are made.
    """
    box: queue.Queue[Handed | BaseException | None] = queue.Queue(_WAITING)
    stopped = threading.Event()
    with tempfile.TemporaryDirectory(prefix="dealwire-") as folder:

        async def hand(item: Handed) -> None:
            while not stopped.is_set():
                with contextlib.suppress(queue.Full):
                    box.put_nowait(item)
                    return
                await asyncio.sleep(0.01)
            raise asyncio.CancelledError

        async def everyone() -> None:
            async with Fetcher(settings, backend) as fetcher:
                shared = Shared(fetcher, known, today, Path(folder), hand)
                await asyncio.gather(*(Publisher(one, sources()[one], shared).run() for one in source_ids))

        thread = threading.Thread(target=_until_done, args=(everyone, box, stopped), name="crawl", daemon=True)
        thread.start()
        try:
            while (handed := box.get()) is not None:
                if isinstance(handed, BaseException):
                    raise handed
                yield from _read(handed, today)
        finally:
            stopped.set()
            thread.join()


def _until_done(
    everyone: Callable[[], Coroutine[Any, Any, None]], box: queue.Queue[Handed | BaseException | None], stopped: threading.Event
) -> None:
    """The thread of the network: one event loop, until all is handed over or nobody takes it any more."""

    async def main() -> None:
        work = asyncio.create_task(everyone())
        while not work.done() and not stopped.is_set():
            await asyncio.wait([work], timeout=0.2)
        if not work.done():
            work.cancel()
        await work

    last: BaseException | None = None
    try:
        asyncio.run(main())
    except asyncio.CancelledError:
        pass
    except BaseException as error:  # for the thread that waits for us
        last = error
    while not stopped.is_set():
        with contextlib.suppress(queue.Full):
            box.put(last, timeout=0.2)
            return


def _read(handed: Handed, today: date) -> Iterator[Crawled]:
    """What was fetched, read on this side: reading a page takes longer than fetching it, and must not stop the clocks."""
    if isinstance(handed, FetchedPage):
        yield _read_page(handed, today)
    elif isinstance(handed, FetchedFile):
        yield from map(read_cut, cut_source_file(handed.path, handed.where, handed.source_id))
        handed.path.unlink()
    else:
        yield handed


def _read_page(page: FetchedPage, today: date) -> Found | Rejected:
    """A page's article, under the address the page gives itself when that is one of the same source."""
    fields = {"source": page.source_id, "url": page.url}
    told = (page.entry.published,)
    read = read_page_of(page.url, page.raw, fields, page.charset, told=told, latest=today, canonical=True)
    if isinstance(read, Found):
        if page.entry.title:
            read.fields.setdefault("title", page.entry.title)
        read.fields["id"] = content_id(page.source_id, read.fields["url"])
    return read
