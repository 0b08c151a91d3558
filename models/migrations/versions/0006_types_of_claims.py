"""Claims are found by their type: a rebuild works on one after the other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.schema import Words

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("claim", sa.Column("type", Words, nullable=False, server_default=""))
    told = "facts::json ->> 6" if op.get_bind().dialect.name == "postgresql" else "json_extract(facts, '$[6]')"
    op.execute(f"UPDATE claim SET type = {told}")
    op.create_index("ix_claim_type", "claim", ["type"], unique=False)
