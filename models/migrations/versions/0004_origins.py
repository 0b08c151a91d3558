"""Sketches of texts as `models.origin` makes them now: those of before would not be compared with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.origin import sketch

revision = "0004"
down_revision = "0003"

_AT_A_TIME = 1000
_ORIGIN = 3
"""Its place in the facts of a claim"""


def upgrade() -> None:
    connection = op.get_bind()
    version = sa.table("document_version", *map(sa.column, ("version_id", "doc_id", "text", "origin")))
    claim = sa.table("claim", *map(sa.column, ("claim_id", "version_id", "facts")))
    for rows in _pages(connection, version):
        origins = {row.version_id: sketch(row.text, row.doc_id) for row in rows}
        for version_id, origin in origins.items():
            connection.execute(sa.update(version).where(version.c.version_id == version_id).values(origin=origin))
        told = sa.select(claim).where(claim.c.version_id.in_(list(origins)))
        for row in connection.execute(told).all():
            facts = json.loads(row.facts)
            facts[_ORIGIN] = origins[row.version_id]
            text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
            connection.execute(sa.update(claim).where(claim.c.claim_id == row.claim_id).values(facts=text))
    # The next merge finds another schema than its own, and derives every event anew.
    meta = sa.table("meta", sa.column("name"), sa.column("value"))
    connection.execute(sa.update(meta).where(meta.c.name == "schema").values(value="before 0004"))


def _pages(connection: sa.Connection, version: Any) -> Iterator[Any]:
    """Every document version, some at a time, in the order of their ids."""
    last = ""
    while True:
        query = sa.select(version).where(version.c.version_id > last).order_by(version.c.version_id).limit(_AT_A_TIME)
        rows = connection.execute(query).all()
        if not rows:
            return
        yield rows
        last = rows[-1].version_id
