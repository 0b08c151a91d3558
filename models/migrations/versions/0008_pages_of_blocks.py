"""Block keys lie in pages, and say by a number which signature has them: as rows they were most of a rebuild."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.schema import Id, Number, Words

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    for table in ("block", "signature"):
        op.drop_table(table)
    op.create_table(
        "signature",
        sa.Column("number", Number, autoincrement=False, nullable=False),
        sa.Column("sig_id", Id, nullable=False),
        sa.Column("component", sa.BigInteger(), nullable=False),
        sa.Column("profile", Words, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("sig_id"),
    )
    op.create_index("ix_signature_component", "signature", ["component"], unique=False)
    op.create_table(
        "block",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "block_page",
        sa.Column("page", Number, autoincrement=False, nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("page"),
    )
    # The next merge finds another schema than its own, and derives everything anew.
    meta = sa.table("meta", sa.column("name"), sa.column("value"))
    op.get_bind().execute(sa.update(meta).where(meta.c.name == "schema").values(value="before 0008"))
