"""Processes that work beside the one that writes: started, listened to and ended in one way, for a merge and for a rebuild."""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from typing import Any

from models.errors import StoreError

_AHEAD = 16
"""Messages that wait for the process that writes"""


class Worker:
    """A process that runs `serve` with the end of a pipe and what is given. It takes a second to start."""

    def __init__(self, serve: Callable[..., None], *given: object) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=serve, args=(theirs, *given), daemon=True)
        self._process.start()
        theirs.close()  # so that the pipe ends when the process does

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def heard(busy: list[Pipe], work: str) -> Iterator[tuple[Pipe, Any]]:
    """What comes from `busy` while there are any, and from which; StoreError when a process of `work` answers one or dies."""
    while busy:
        ready = wait(busy)
        for pipe in [one for one in busy if one in ready]:
            try:
                message = pipe.recv()
            except (EOFError, OSError):  # between two messages, or within one
                raise StoreError(f"a process of the {work} died; nothing has changed") from None
            if isinstance(message, StoreError):
                raise message
            yield pipe, message


def answering(pipe: Pipe) -> queue.Queue[Any]:
    """In a process of its own: what is put there is sent while the next is worked on.

    The process leaves Ctrl-C to its parent, and ends when that is gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    answers: queue.Queue[Any] = queue.Queue(_AHEAD)
    threading.Thread(target=_send, args=(pipe, answers), daemon=True).start()
    return answers


def _send(pipe: Pipe, answers: queue.Queue[Any]) -> None:
    try:
        while True:
            pipe.send(answers.get())
    except ConnectionError:
        os._exit(1)
