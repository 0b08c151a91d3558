"""The index of claims by signature says the event too: a merge asks for both of many, and finds them in one place."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.drop_index("ix_claim_node_sig_id", table_name="claim_node")
    op.create_index("claim_node_by_signature", "claim_node", ["sig_id", "event_id"], unique=False)
