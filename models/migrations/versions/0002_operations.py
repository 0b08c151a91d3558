"""Quarantine keeps an item whole, with what was known beside it and how it was settled; a run keeps its report."""

from __future__ import annotations

import zlib

import sqlalchemy as sa
from alembic import op

from models.schema import Id, Words

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("quarantine", sa.Column("kind", Words, nullable=False, server_default="row"))
    op.add_column("quarantine", sa.Column("context", Words, nullable=False, server_default="{}"))
    op.add_column("quarantine", sa.Column("settled_as", Words, nullable=True))
    op.add_column("quarantine", sa.Column("settled_run", Id, nullable=True))
    op.add_column("run", sa.Column("finished_at", Words, nullable=True))
    op.add_column("run", sa.Column("report", Words, nullable=True))
    _pack_raw()


def _pack_raw() -> None:
    """What is there already, packed as new items are."""
    quarantine = sa.table("quarantine", sa.column("item_id"), sa.column("raw"))
    connection = op.get_bind()
    for item_id, raw in connection.execute(sa.select(quarantine.c.item_id, quarantine.c.raw)).all():
        packed = {"raw": zlib.compress(bytes(raw))}
        connection.execute(sa.update(quarantine).where(quarantine.c.item_id == item_id).values(packed))
