"""What servers last said of an address; where the publication date of a text is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.schema import Id, Words

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "fetch",
        sa.Column("url_id", Id, nullable=False),
        sa.Column("url", Words, nullable=False),
        sa.Column("etag", Words, nullable=True),
        sa.Column("last_modified", Words, nullable=True),
        sa.Column("fetched_at", Words, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("url_id"),
    )
    op.add_column("document_version", sa.Column("published_from", Words, nullable=True))
