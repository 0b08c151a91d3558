"""With each signature lie its figures, packed, and its reasons to join earlier ones: a merge compares only what is new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.schema import Id, Number, Words

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.drop_table("signature")
    op.create_table(
        "signature",
        sa.Column("number", Number, autoincrement=False, nullable=False),
        sa.Column("sig_id", Id, nullable=False),
        sa.Column("component", sa.BigInteger(), nullable=False),
        sa.Column("mark", Id, nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.Column("edges", sa.LargeBinary(), nullable=False),
        sa.Column("profile", Words, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("sig_id"),
    )
    op.create_index("ix_signature_component", "signature", ["component"], unique=False)
    # The next merge finds another schema than its own, and derives everything anew.
    meta = sa.table("meta", sa.column("name"), sa.column("value"))
    op.get_bind().execute(sa.update(meta).where(meta.c.name == "schema").values(value="before 0009"))
