"""Documents that a version of the extractor has not read are found by an index: a changed one counts as read by none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    changed = "live_version IS NULL OR live_version <> current_version"
    op.get_bind().execute(sa.text(f"UPDATE document SET live_component = NULL WHERE {changed}"))
    op.create_index("ix_document_live_component", "document", ["live_component"], unique=False)
