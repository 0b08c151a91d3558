"""Claims are found by their type: a rebuild works on one after the other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.schema import Words

revision = "0006"
down_revision = "0005"

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
"""What ids begin with: SQLite keeps all that one statement changes in memory, so a million claims take several"""


def upgrade() -> None:
    op.add_column("claim", sa.Column("type", Words, nullable=False, server_default=""))
    told = "facts::json ->> 6" if op.get_bind().dialect.name == "postgresql" else "json_extract(facts, '$[6]')"
    update = sa.text(f"UPDATE claim SET type = {told} WHERE claim_id >= :first AND claim_id < :first || '{{'")
    for first in _LETTERS:
        op.get_bind().execute(update, {"first": first})
    op.create_index("ix_claim_type", "claim", ["type"], unique=False)
