"""The store's migrations (Alembic), run by `models.store.Store.open` itself: no alembic.ini, nothing to install."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from models.errors import StoreError

HEAD = "0011"
"""The revision this code works with"""
_log = logging.getLogger(__name__)


def revision(connection: Connection) -> str | None:
    """The revision of a database; None for one without our tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None


def upgrade(connection: Connection) -> None:
    """Bring the database of an open transaction to `HEAD`; raises StoreError for one written by a newer version."""
    found = revision(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise StoreError(f"the store has revision {found}, this version knows {HEAD}: install a newer one")
    if found is not None:
        _log.warning("the store is of revision %s and brought to %s; the next merge may derive every event anew", found, HEAD)
    # Imported only when there is something to do: Alembic would be a tenth of a second of every start.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
