"""What the pages of one desk share: the store, the index of its events, who reviews, and what was worked out for this state."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from desk.index import Fold, Index
from models.deal import DealSchema
from models.desk_queries import last_change, last_night, merged_by, read_changed, read_events, read_lightly
from models.store import Store
from models.watch import Watch

_KEPT = 64
"""Results of long work (graph layouts, counts) that are kept for one state of the store"""
_ANSWERS = 24 * 2**20
"""Bytes of pages that are kept while nothing changes in the store"""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Night:
    """The last night that changed anything: when it began, and its first row of the change feed."""

    at: str | None
    seq: int


class Answers:
    """Pages as they were sent, while the store is as it was then; the ones asked for least recently go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version: Hashable = None
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0

    def get(self, version: Hashable, key: Hashable) -> bytes | None:
        """The page of this key, when it was made for this version of the store."""
        with self._lock:
            if version != self._version or key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def keep(self, version: Hashable, key: Hashable, body: bytes) -> None:
        """Keep a page. `version` is that of the store before the page was begun: a change meanwhile makes it useless."""
        with self._lock:
            if version != self._version:
                self._kept.clear()
                self._version, self._size = version, 0
            self._size += len(body) - len(self._kept.pop(key, b""))
            self._kept[key] = body
            while self._size > _ANSWERS:
                self._size -= len(self._kept.popitem(last=False)[1])


class Desk:
    """The store behind the pages. Safe for several threads: an index is replaced, never changed."""

    def __init__(self, store: Store, schema: DealSchema, fold: Fold, *, reviewer: str | None = None, code: str = "") -> None:
        self.store = store
        self.schema = schema
        self.reviewer = reviewer
        self.code = code
        self.fold = fold
        self.answers = Answers()
        self._watch = Watch(store.engine)
        self._lock = threading.Lock()
        self._state: State | None = None
        self._checked: Hashable = None
        """The version of the store that the state is of"""
        read_lightly(store)

    @property
    def may_decide(self) -> bool:
        """Whether decisions are taken: a reviewer is named, and the events are merged by the rules installed here."""
        return self.reviewer is not None and merged_by(self.store) in (None, self.schema.version)

    def version(self) -> Hashable:
        """Another one as soon as anything in the store has changed."""
        return self._watch.version()

    def state(self) -> State:
        """The index of the store as it is now; brought up to date when the store has changed."""
        version = self.version()
        if self._checked == version and self._state is not None:  # in this order: the state is brought up to date before the mark
            return self._state
        with self._lock:
            now = last_change(self.store)
            if self._state is None or self._state.seen != now:
                self._state = State(now, self._index(now[0]), self._night())
            self._checked = version
            return self._state

    def _index(self, change: int) -> Index:
        known = self._state.index if self._state is not None else None
        if known is None:
            return Index.of(read_events(self.store), self.schema.kinds, self.fold, change)
        if known.seq == change:
            return known
        gone, events = read_changed(self.store, known.seq)
        return known.updated(gone, events, change)

    def prepare(self) -> None:
        """Read the store and fold the names before the first request."""
        self.index.names.prepare()

    @property
    def index(self) -> Index:
        """The index of the store as it is now."""
        return self.state().index

    def _night(self) -> Night:
        found = last_night(self.store)
        return Night(*found) if found else Night(None, 0)


@dataclass(slots=True)
class State:
    """One state of the store, with what was worked out for it."""

    seen: tuple[int, int]
    """The newest change and the newest decision"""
    index: Index
    night: Night
    _results: dict[Hashable, object] = field(default_factory=dict)
    _locks: dict[Hashable, threading.RLock] = field(default_factory=dict)
    _keeping: threading.Lock = field(default_factory=threading.Lock)

    def once(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """The result of `make` for this key: worked out once for each state of the store, whoever asks meanwhile waits."""
        if key not in self._results:
            with self._locks.setdefault(key, threading.RLock()):
                if key not in self._results:
                    made = make()
                    self._keep(key, made)
                    return made
        found = self._results.get(key)
        return cast(Found, found) if found is not None else make()

    def _keep(self, key: Hashable, made: object) -> None:
        """Keep a result in place of the oldest. Threads with other keys come here at the same time."""
        with self._keeping:
            while len(self._results) >= _KEPT:
                oldest = next(iter(self._results))
                del self._results[oldest]
                self._locks.pop(oldest, None)
            self._results[key] = made
