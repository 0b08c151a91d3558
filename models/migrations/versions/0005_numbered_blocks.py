"""Block keys are numbers: a third of the room, and nothing to compare letter by letter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.schema import Id

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.drop_table("block")
    op.create_table(
        "block",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sig_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("key", "sig_id"),
        sqlite_with_rowid=False,
    )
    # The next merge finds another schema than its own, and derives everything anew.
    meta = sa.table("meta", sa.column("name"), sa.column("value"))
    op.get_bind().execute(sa.update(meta).where(meta.c.name == "schema").values(value="before 0005"))
