"""Whether a store has changed since one last looked, cheap enough to ask at every request."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Any

from sqlalchemy import Engine, text

from models.engine import reading


class Watch:
    """Watches one store for commits, whoever makes them. Safe for several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._own: Any = None
        """SQLite counts the commits of others for each connection; this one never writes"""

    def version(self) -> Hashable:
        """Differs from every version before as soon as anything is committed; the same only while nothing is."""
        if self._engine.dialect.name == "postgresql":
            with reading(self._engine) as connection:
                return str(connection.execute(text("SELECT pg_current_snapshot()")).scalar_one())
        with self._lock:
            if self._own is None:
                pooled = self._engine.raw_connection()
                pooled.detach()
                self._own = pooled.dbapi_connection
            return int(self._own.execute("PRAGMA data_version").fetchone()[0])
