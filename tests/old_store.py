"""A store as an earlier release left it."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import Connection, text

_OF_AN_EVENT = "SELECT k.event_id, {columns} FROM {table} o JOIN event_number k ON k.number = o.event"
_BY_ID = {
    "evidence": 'SELECT c.claim_id, o.n, o.field, o.start, o."end", o.quote FROM evidence o JOIN claim c ON c.number = o.claim',
    "dirty": "SELECT c.claim_id, o.cause FROM dirty o JOIN claim c ON c.number = o.claim",
    "claim_node": "SELECT c.claim_id, s.sig_id, k.event_id FROM claim_node o JOIN claim c ON c.number = o.claim "
                  "JOIN signature s ON s.number = o.signature JOIN event_number k ON k.number = o.event",
    "claim": "SELECT c.claim_id, c.claim_key, d.doc_id, c.version_id, c.component, c.type, c.facts, c.payload, c.opened_run, "
             "c.closed_run FROM claim c JOIN document d ON d.number = c.document",
    "document_version": "SELECT v.version_id, d.doc_id, v.number, v.title, v.text, v.language, v.region, v.published, "
                        "v.published_from, v.origin, v.run_id FROM document_version v JOIN document d ON d.number = v.document",
    "extraction": "SELECT version_id, component, run_id, payload FROM extraction",
    "document": "SELECT doc_id, source, url, article_id, current_version, live_version, live_component, retracted_run "
                "FROM document",
    "event_version": _OF_AN_EVENT.format(
        table="event_version",
        columns="version, known_from, known_to, run_id, content_hash, type, family, status, date, first_published, "
                "last_published, usd, n_sources, n_origins, confidence, payload",
    ),
    "event_party": _OF_AN_EVENT.format(
        table="event_party",
        columns="role, n, place, side, canonical, entity_id, parent, kind, support, corroborated, names",
    ),
    "event_conflict": _OF_AN_EVENT.format(
        table="event_conflict", columns="property, n, value, support, sources, best, reason",
    ),
}  # fmt: skip
"""Rows of tables of before revision 0011, when they named each other by ids"""
_INDEXES = (
    "CREATE UNIQUE INDEX old_document ON document (doc_id)",
    "CREATE INDEX ix_document_live_component ON document (live_component)",
    "CREATE UNIQUE INDEX old_document_version ON document_version (version_id)",
    "CREATE INDEX ix_document_version_doc_id ON document_version (doc_id)",
    "CREATE UNIQUE INDEX old_extraction ON extraction (version_id, component)",
    "CREATE UNIQUE INDEX old_claim ON claim (claim_id)",
    "CREATE INDEX ix_claim_claim_key ON claim (claim_key)",
    "CREATE INDEX ix_claim_doc_id ON claim (doc_id)",
    "CREATE INDEX ix_claim_type ON claim (type)",
    "CREATE UNIQUE INDEX old_evidence ON evidence (claim_id, n)",
    "CREATE UNIQUE INDEX old_claim_node ON claim_node (claim_id)",
    "CREATE INDEX ix_claim_node_event_id ON claim_node (event_id)",
    "CREATE INDEX claim_node_by_signature ON claim_node (sig_id, event_id)",
    "CREATE UNIQUE INDEX old_event_version ON event_version (event_id, version)",
    "CREATE INDEX event_version_current ON event_version (event_id) WHERE known_to IS NULL",
    "CREATE UNIQUE INDEX old_event_party ON event_party (event_id, role, n)",
    "CREATE INDEX ix_event_party_canonical ON event_party (canonical)",
)


def before_numbers(connection: Connection) -> None:
    """Take the tables of an open store back to what they were at revision 0010."""
    earlier: dict[str, str] = import_module("models.migrations.versions.0001_first").VIEWS
    views = list(import_module("models.migrations.versions.0011_numbers").VIEWS)
    statements = [f"DROP VIEW {view}" for view in views]
    statements += [f"CREATE TABLE old_{table} AS {rows}" for table, rows in _BY_ID.items()]
    for table in _BY_ID:
        statements += [f"DROP TABLE {table}", f"ALTER TABLE old_{table} RENAME TO {table}"]
    statements += ["DROP TABLE event_number", *_INDEXES, *(f"CREATE VIEW {view} AS {earlier[view]}" for view in views)]
    for statement in statements:
        connection.execute(text(statement))
    connection.execute(text("UPDATE alembic_version SET version_num = '0010'"))


def before_numbered_blocks(connection: Connection, revision: str) -> None:
    """Take the tables of an open store back to what they were before revision 0005, and say that it is at `revision`."""
    before_numbers(connection)
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
