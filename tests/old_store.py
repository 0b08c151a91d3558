"""A store as an earlier release left it."""

from __future__ import annotations

from sqlalchemy import Connection, text


def before_numbered_blocks(connection: Connection, revision: str) -> None:
    """Take the tables of an open store back to what they were before revision 0005, and say that it is at `revision`."""
    for statement in (
        "DROP TABLE block",
        "DROP TABLE block_page",
        "DROP TABLE signature",
        "CREATE TABLE signature (sig_id VARCHAR(26) PRIMARY KEY, component VARCHAR(26), profile TEXT)",
        "CREATE TABLE block (key TEXT, sig_id VARCHAR(26), PRIMARY KEY (key, sig_id))",
        "INSERT INTO block VALUES ('purchase|amazon|openai|m1012', 'a')",
        "DELETE FROM meta WHERE name = 'open_events'",
        "DROP INDEX claim_node_by_signature",
        "CREATE INDEX ix_claim_node_sig_id ON claim_node (sig_id)",
        "DROP INDEX ix_document_live_component",
        "DROP INDEX ix_claim_type",
        "ALTER TABLE claim DROP COLUMN type",
    ):
        connection.execute(text(statement))
    connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
