"""The first tables and views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.schema import Id, Money, Words

revision = "0001"
down_revision = None

VIEWS = {
    "v_events": """
        SELECT e.event_id, e.type, e.family, e.status, e.date, e.first_published, e.last_published, e.usd AS amount_usd,
               (SELECT p.canonical FROM event_party p WHERE p.event_id = e.event_id AND p.place = 0 AND p.n = 0) AS first_party,
               (SELECT min(p.canonical) FROM event_party p
                WHERE p.event_id = e.event_id AND ((p.place = 1 AND p.n = 0) OR (p.role = 'party' AND p.n = 1))) AS second_party,
               e.n_sources, e.n_origins, e.confidence,
               (SELECT count(DISTINCT c.property) FROM event_conflict c WHERE c.event_id = e.event_id) AS n_conflicts,
               e.version, e.known_from, e.payload
        FROM event_version e WHERE e.known_to IS NULL""",
    "v_event_evidence": """
        SELECT n.event_id, n.claim_id, c.claim_key, d.source, d.article_id, d.url, v.language, v.published, v.version_id,
               q.n, q.field, q.start, q."end", q.quote
        FROM claim_node n
        JOIN claim c ON c.claim_id = n.claim_id
        JOIN evidence q ON q.claim_id = n.claim_id
        JOIN document_version v ON v.version_id = c.version_id
        JOIN document d ON d.doc_id = c.doc_id""",
    "v_money_flows": """
        SELECT e.event_id, e.type, e.status, payer.canonical AS payer, payer.entity_id AS payer_id, payer.parent AS payer_parent,
               paid.canonical AS paid, paid.entity_id AS paid_id, paid.parent AS paid_parent,
               e.usd AS amount_usd, e.date, e.first_published,
               CASE WHEN payer.support < paid.support THEN payer.support ELSE paid.support END AS support,
               payer.corroborated AND paid.corroborated AS corroborated
        FROM event_version e
        JOIN event_party payer ON payer.event_id = e.event_id AND payer.side = 'pays'
        JOIN event_party paid ON paid.event_id = e.event_id AND paid.side = 'paid'
        WHERE e.known_to IS NULL""",
    "v_conflicts": """
        SELECT c.event_id, e.type, c.property, c.n, c.value, c.support, c.sources, c.best, c.reason
        FROM event_conflict c JOIN event_version e ON e.event_id = c.event_id AND e.known_to IS NULL""",
    "v_changes": """
        SELECT seq, run_id, at, op, event_id, other_id, version, cause, diff FROM change_log""",
}


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("key", Words, nullable=False),
        sa.Column("sig_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("key", "sig_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "change_log",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("at", Words, nullable=False),
        sa.Column("op", Words, nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.Column("other_id", Id, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cause", Words, nullable=False),
        sa.Column("diff", Words, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_change_log_event_id", "change_log", ["event_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("claim_id", Id, nullable=False),
        sa.Column("claim_key", Id, nullable=False),
        sa.Column("doc_id", Id, nullable=False),
        sa.Column("version_id", Id, nullable=False),
        sa.Column("component", Words, nullable=False),
        sa.Column("facts", Words, nullable=False),
        sa.Column("payload", Words, nullable=False),
        sa.Column("opened_run", Id, nullable=False),
        sa.Column("closed_run", Id, nullable=True),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.create_index("ix_claim_claim_key", "claim", ["claim_key"], unique=False)
    op.create_index("ix_claim_doc_id", "claim", ["doc_id"], unique=False)
    op.create_table(
        "claim_node",
        sa.Column("claim_id", Id, nullable=False),
        sa.Column("sig_id", Id, nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("claim_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_claim_node_event_id", "claim_node", ["event_id"], unique=False)
    op.create_index("ix_claim_node_sig_id", "claim_node", ["sig_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Words, nullable=False),
        sa.Column("actor", Words, nullable=False),
        sa.Column("rank", Words, nullable=False),
        sa.Column("kind", Words, nullable=False),
        sa.Column("left", Id, nullable=False),
        sa.Column("right", Id, nullable=True),
        sa.Column("property", Words, nullable=True),
        sa.Column("value", Words, nullable=True),
        sa.Column("note", Words, nullable=True),
        sa.PrimaryKeyConstraint("decision_id"),
        sa.UniqueConstraint("seq"),
    )
    op.create_index("ix_decision_left", "decision", ["left"], unique=False)
    op.create_index("ix_decision_right", "decision", ["right"], unique=False)
    op.create_table(
        "dirty",
        sa.Column("claim_id", Id, nullable=False),
        sa.Column("cause", Words, nullable=False),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.create_table(
        "document",
        sa.Column("doc_id", Id, nullable=False),
        sa.Column("source", Words, nullable=True),
        sa.Column("url", Words, nullable=True),
        sa.Column("article_id", Words, nullable=False),
        sa.Column("current_version", Id, nullable=False),
        sa.Column("live_version", Id, nullable=True),
        sa.Column("live_component", Words, nullable=True),
        sa.Column("retracted_run", Id, nullable=True),
        sa.PrimaryKeyConstraint("doc_id"),
    )
    op.create_table(
        "document_version",
        sa.Column("version_id", Id, nullable=False),
        sa.Column("doc_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", Words, nullable=True),
        sa.Column("text", Words, nullable=False),
        sa.Column("language", Words, nullable=True),
        sa.Column("region", Words, nullable=True),
        sa.Column("published", Words, nullable=True),
        sa.Column("origin", Words, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("version_id"),
    )
    op.create_index("ix_document_version_doc_id", "document_version", ["doc_id"], unique=False)
    op.create_table(
        "event_conflict",
        sa.Column("event_id", Id, nullable=False),
        sa.Column("property", Words, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("value", Words, nullable=False),
        sa.Column("support", sa.Integer(), nullable=False),
        sa.Column("sources", Words, nullable=False),
        sa.Column("best", sa.Boolean(), nullable=False),
        sa.Column("reason", Words, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "property", "n"),
    )
    op.create_table(
        "event_party",
        sa.Column("event_id", Id, nullable=False),
        sa.Column("role", Words, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("side", Words, nullable=False),
        sa.Column("canonical", Words, nullable=False),
        sa.Column("entity_id", Words, nullable=True),
        sa.Column("parent", Words, nullable=True),
        sa.Column("kind", Words, nullable=False),
        sa.Column("support", sa.Integer(), nullable=False),
        sa.Column("corroborated", sa.Boolean(), nullable=False),
        sa.Column("names", Words, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "role", "n"),
    )
    op.create_index("ix_event_party_canonical", "event_party", ["canonical"], unique=False)
    op.create_table(
        "event_redirect",
        sa.Column("old_id", Id, nullable=False),
        sa.Column("new_id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("old_id"),
    )
    op.create_index("ix_event_redirect_new_id", "event_redirect", ["new_id"], unique=False)
    op.create_table(
        "event_version",
        sa.Column("event_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("known_from", Words, nullable=False),
        sa.Column("known_to", Words, nullable=True),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("content_hash", Id, nullable=False),
        sa.Column("type", Words, nullable=False),
        sa.Column("family", Words, nullable=False),
        sa.Column("status", Words, nullable=False),
        sa.Column("date", Words, nullable=True),
        sa.Column("first_published", Words, nullable=True),
        sa.Column("last_published", Words, nullable=True),
        sa.Column("usd", Money(), nullable=True),
        sa.Column("n_sources", sa.Integer(), nullable=False),
        sa.Column("n_origins", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("payload", Words, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "version"),
    )
    op.create_index(
        "event_version_current",
        "event_version",
        ["event_id"],
        unique=False,
        sqlite_where=sa.text("known_to IS NULL"),
        postgresql_where=sa.text("known_to IS NULL"),
    )
    op.create_table(
        "evidence",
        sa.Column("claim_id", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("field", Words, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", Words, nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "n"),
    )
    op.create_table(
        "extraction",
        sa.Column("version_id", Id, nullable=False),
        sa.Column("component", Words, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("payload", Words, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "component"),
    )
    op.create_table(
        "merge_conflict",
        sa.Column("left", Id, nullable=False),
        sa.Column("right", Id, nullable=False),
        sa.Column("path", Words, nullable=False),
        sa.PrimaryKeyConstraint("left", "right"),
    )
    op.create_table(
        "meta",
        sa.Column("name", Words, nullable=False),
        sa.Column("value", Words, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "quarantine",
        sa.Column("item_id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("place", Words, nullable=False),
        sa.Column("stage", Words, nullable=False),
        sa.Column("reason", Words, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item_id"),
    )
    op.create_table(
        "run",
        sa.Column("run_id", Id, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("started_at", Words, nullable=False),
        sa.Column("code_version", Words, nullable=False),
        sa.Column("inputs", Words, nullable=False),
        sa.Column("status", Words, nullable=False),
        sa.Column("counts", Words, nullable=False),
        sa.PrimaryKeyConstraint("run_id"),
        sa.UniqueConstraint("seq"),
    )
    op.create_table(
        "signature",
        sa.Column("sig_id", Id, nullable=False),
        sa.Column("component", Id, nullable=False),
        sa.Column("profile", Words, nullable=False),
        sa.PrimaryKeyConstraint("sig_id"),
    )
    op.create_index("ix_signature_component", "signature", ["component"], unique=False)
    for name, select in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {select}")
