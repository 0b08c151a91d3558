"""Documents, claims and events have numbers, by which other tables name them: what is new lies together, not all over a file."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from models.schema import Id, Money, Number, Words

revision = "0011"
down_revision = "0010"

VIEWS = {
    "v_events": """
        SELECT k.event_id, e.type, e.family, e.status, e.date, e.first_published, e.last_published, e.usd AS amount_usd,
               (SELECT p.canonical FROM event_party p WHERE p.event = e.event AND p.place = 0 AND p.n = 0) AS first_party,
               (SELECT min(p.canonical) FROM event_party p
                WHERE p.event = e.event AND ((p.place = 1 AND p.n = 0) OR (p.role = 'party' AND p.n = 1))) AS second_party,
               e.n_sources, e.n_origins, e.confidence,
               (SELECT count(DISTINCT c.property) FROM event_conflict c WHERE c.event = e.event) AS n_conflicts,
               e.version, e.known_from, e.payload
        FROM event_version e JOIN event_number k ON k.number = e.event WHERE e.known_to IS NULL""",
    "v_event_evidence": """
        SELECT k.event_id, c.claim_id, c.claim_key, d.source, d.article_id, d.url, v.language, v.published, v.version_id,
               q.n, q.field, q.start, q."end", q.quote
        FROM claim_node n
        JOIN event_number k ON k.number = n.event
        JOIN claim c ON c.number = n.claim
        JOIN evidence q ON q.claim = n.claim
        JOIN document_version v ON v.version_id = c.version_id
        JOIN document d ON d.number = c.document""",
    "v_money_flows": """
        SELECT k.event_id, e.type, e.status, payer.canonical AS payer, payer.entity_id AS payer_id, payer.parent AS payer_parent,
               paid.canonical AS paid, paid.entity_id AS paid_id, paid.parent AS paid_parent,
               e.usd AS amount_usd, e.date, e.first_published,
               CASE WHEN payer.support < paid.support THEN payer.support ELSE paid.support END AS support,
               payer.corroborated AND paid.corroborated AS corroborated
        FROM event_version e
        JOIN event_number k ON k.number = e.event
        JOIN event_party payer ON payer.event = e.event AND payer.side = 'pays'
        JOIN event_party paid ON paid.event = e.event AND paid.side = 'paid'
        WHERE e.known_to IS NULL""",
    "v_conflicts": """
        SELECT k.event_id, e.type, c.property, c.n, c.value, c.support, c.sources, c.best, c.reason
        FROM event_conflict c
        JOIN event_version e ON e.event = c.event AND e.known_to IS NULL
        JOIN event_number k ON k.number = c.event""",
}
_INDEXES = (
    ("ix_document_live_component", "document", ["live_component"]), ("ix_claim_claim_key", "claim", ["claim_key"]),
    ("ix_document_version_document", "document_version", ["document"]), ("ix_claim_type", "claim", ["type"]),
    ("ix_claim_node_event", "claim_node", ["event"]), ("claim_node_by_signature", "claim_node", ["signature", "event"]),
    ("ix_event_party_canonical", "event_party", ["canonical"]),
)  # fmt: skip
_OLD_INDEXES = (
    ("ix_claim_claim_key", "claim"), ("ix_claim_doc_id", "claim"), ("ix_claim_type", "claim"),
    ("ix_claim_node_event_id", "claim_node"), ("claim_node_by_signature", "claim_node"),
    ("event_version_current", "event_version"), ("ix_event_party_canonical", "event_party"),
)  # fmt: skip
_BY_CLAIM = ("claim", "evidence", "dirty", "claim_node")
_BY_EVENT = ("event_version", "event_party", "event_conflict")
_AT_A_TIME = 50_000
"""Rows that one statement copies: SQLite keeps much of what a statement changes in memory"""
_NEW = sa.MetaData()
"""Tables beside the old ones, whose names they get in the end"""


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), primary_key=True, autoincrement=False)


def _own_number(name: str = "number") -> sa.Column[int]:
    return sa.Column(name, Number, primary_key=True, autoincrement=False)


sa.Table("event_number", _NEW, _own_number(), sa.Column("event_id", Id, nullable=False, unique=True))
sa.Table(
    "new_document", _NEW, _own_number(),
    sa.Column("doc_id", Id, nullable=False, unique=True),
    sa.Column("source", Words),
    sa.Column("url", Words),
    sa.Column("article_id", Words, nullable=False),
    sa.Column("current_version", Id, nullable=False),
    sa.Column("live_version", Id),
    sa.Column("live_component", Words),
    sa.Column("retracted_run", Id),
)  # fmt: skip
sa.Table(
    "new_document_version", _NEW,
    sa.Column("version_id", Id, primary_key=True),
    sa.Column("document", sa.BigInteger(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("title", Words),
    sa.Column("text", Words, nullable=False),
    sa.Column("language", Words),
    sa.Column("region", Words),
    sa.Column("published", Words),
    sa.Column("published_from", Words),
    sa.Column("origin", Words, nullable=False),
    sa.Column("run_id", Id, nullable=False),
)  # fmt: skip
sa.Table(
    "new_extraction", _NEW, _number("document"),
    sa.Column("version_id", Id, primary_key=True),
    sa.Column("component", Words, primary_key=True),
    sa.Column("run_id", Id, nullable=False),
    sa.Column("payload", Words, nullable=False),
)  # fmt: skip
sa.Table(
    "new_claim", _NEW, _own_number(),
    sa.Column("claim_id", Id, nullable=False),
    sa.Column("claim_key", Id, nullable=False),
    sa.Column("document", sa.BigInteger(), nullable=False),
    sa.Column("version_id", Id, nullable=False),
    sa.Column("component", Words, nullable=False),
    sa.Column("type", Words, nullable=False, server_default=""),
    sa.Column("facts", Words, nullable=False),
    sa.Column("payload", Words, nullable=False),
    sa.Column("opened_run", Id, nullable=False),
    sa.Column("closed_run", Id),
    sa.UniqueConstraint("document", "claim_id"),
)  # fmt: skip
sa.Table(
    "new_evidence", _NEW, _number("claim"),
    sa.Column("n", sa.Integer(), primary_key=True),
    sa.Column("field", Words, nullable=False),
    sa.Column("start", sa.Integer(), nullable=False),
    sa.Column("end", sa.Integer(), nullable=False),
    sa.Column("quote", Words, nullable=False),
)  # fmt: skip
sa.Table("new_dirty", _NEW, _own_number("claim"), sa.Column("cause", Words, nullable=False))
sa.Table(
    "new_claim_node", _NEW, _own_number("claim"),
    sa.Column("signature", sa.BigInteger(), nullable=False),
    sa.Column("event", sa.BigInteger(), nullable=False),
)  # fmt: skip
sa.Table(
    "new_event_version", _NEW, _number("event"),
    sa.Column("version", sa.Integer(), primary_key=True),
    sa.Column("known_from", Words, nullable=False),
    sa.Column("known_to", Words),
    sa.Column("run_id", Id, nullable=False),
    sa.Column("content_hash", Id, nullable=False),
    sa.Column("type", Words, nullable=False),
    sa.Column("family", Words, nullable=False),
    sa.Column("status", Words, nullable=False),
    sa.Column("date", Words),
    sa.Column("first_published", Words),
    sa.Column("last_published", Words),
    sa.Column("usd", Money()),
    sa.Column("n_sources", sa.Integer(), nullable=False),
    sa.Column("n_origins", sa.Integer(), nullable=False),
    sa.Column("confidence", sa.Float(), nullable=False),
    sa.Column("payload", Words, nullable=False),
)  # fmt: skip
sa.Table(
    "new_event_party", _NEW, _number("event"),
    sa.Column("role", Words, primary_key=True),
    sa.Column("n", sa.Integer(), primary_key=True),
    sa.Column("place", sa.Integer(), nullable=False),
    sa.Column("side", Words, nullable=False),
    sa.Column("canonical", Words, nullable=False),
    sa.Column("entity_id", Words),
    sa.Column("parent", Words),
    sa.Column("kind", Words, nullable=False),
    sa.Column("support", sa.Integer(), nullable=False),
    sa.Column("corroborated", sa.Boolean(), nullable=False),
    sa.Column("names", Words, nullable=False),
)  # fmt: skip
sa.Table(
    "new_event_conflict", _NEW, _number("event"),
    sa.Column("property", Words, primary_key=True),
    sa.Column("n", sa.Integer(), primary_key=True),
    sa.Column("value", Words, nullable=False),
    sa.Column("support", sa.Integer(), nullable=False),
    sa.Column("sources", Words, nullable=False),
    sa.Column("best", sa.Boolean(), nullable=False),
    sa.Column("reason", Words, nullable=False),
)  # fmt: skip


def upgrade() -> None:
    for view in VIEWS:
        op.execute(f"DROP VIEW {view}")
    for index, table in _OLD_INDEXES:
        op.drop_index(index, table_name=table)
    connection = op.get_bind()
    _NEW.create_all(connection)
    sqlite = connection.dialect.name == "sqlite"
    came = "rowid" if sqlite else "ctid"  # the order they came in, as near as an engine knows it
    _copy("document", "document o", number=f"row_number() OVER (ORDER BY o.{came})")
    _move_versions(connection)
    first = "min(rowid)" if sqlite else "min(known_from)"
    op.execute(f"INSERT INTO event_number SELECT row_number() OVER (ORDER BY {first}, event_id), event_id "
               "FROM event_version GROUP BY event_id")  # fmt: skip
    op.execute(f"CREATE TEMPORARY TABLE numbered AS SELECT row_number() OVER (ORDER BY {came}) AS number, claim_id FROM claim")
    for column in ("number", "claim_id"):
        op.execute(f"CREATE UNIQUE INDEX numbered_{column} ON numbered ({column})")
    _move_claims(connection)
    op.execute("DROP TABLE numbered")
    _move_events(connection)
    for table in ("document", "document_version", "extraction", *_BY_CLAIM, *_BY_EVENT):
        op.drop_table(table)
        op.rename_table(f"new_{table}", table)
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns, unique=False)
    for view, select in VIEWS.items():
        op.execute(f"CREATE VIEW {view} AS {select}")


# Some rows are copied and then deleted, which makes room for the next. SQLite reads what CROSS JOIN joins in the order it is
# written: the numbers first.


def _move_versions(connection: sa.Connection) -> None:
    for part in _parts(connection, "new_document"):
        here = f"WHERE d.number {part}"
        versions = "new_document d CROSS JOIN document_version v"
        of_version = f"{here} AND v.doc_id = d.doc_id"
        _copy(
            "extraction", f"{versions} CROSS JOIN extraction o {of_version} AND o.version_id = v.version_id", document="d.number"
        )
        op.execute(f"DELETE FROM extraction WHERE version_id IN (SELECT v.version_id FROM {versions} {of_version})")
        _copy(
            "document_version",
            f"new_document d CROSS JOIN document_version o {here} AND o.doc_id = d.doc_id",
            document="d.number",
        )
        op.execute(f"DELETE FROM document_version WHERE doc_id IN (SELECT d.doc_id FROM new_document d {here})")


def _move_claims(connection: sa.Connection) -> None:
    for part in _parts(connection, "numbered"):
        here = f"WHERE c.number {part} AND o.claim_id = c.claim_id"
        _copy("claim", f"numbered c CROSS JOIN claim o CROSS JOIN new_document d {here} AND d.doc_id = o.doc_id",
              number="c.number", document="d.number")  # fmt: skip
        _copy("evidence", f"numbered c CROSS JOIN evidence o {here}", claim="c.number")
        _copy("dirty", f"numbered c CROSS JOIN dirty o {here}", claim="c.number")
        # The next merge of a store without signatures, as it was before revision 0009, derives everything anew.
        _copy("claim_node", "numbered c CROSS JOIN claim_node o CROSS JOIN event_number k "
              f"LEFT JOIN signature s ON s.sig_id = o.sig_id {here} AND k.event_id = o.event_id",
              claim="c.number", signature="coalesce(s.number, 0)", event="k.number")  # fmt: skip
        for table in _BY_CLAIM:
            op.execute(f"DELETE FROM {table} WHERE claim_id IN (SELECT claim_id FROM numbered WHERE number {part})")


def _move_events(connection: sa.Connection) -> None:
    for part in _parts(connection, "event_number"):
        for table in _BY_EVENT:
            source = f"event_number k CROSS JOIN {table} o WHERE k.number {part} AND o.event_id = k.event_id"
            _copy(table, source, event="k.number")
            op.execute(f"DELETE FROM {table} WHERE event_id IN (SELECT event_id FROM event_number WHERE number {part})")


def _copy(table: str, source: str, **numbers: str) -> None:
    """Rows of `source`, of which `o` is the old table, with these numbers."""
    columns = [column.name for column in _NEW.tables[f"new_{table}"].columns]
    values = [numbers.get(column, f'o."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    op.execute(f"INSERT INTO new_{table} ({names}) SELECT {', '.join(values)} FROM {source}")


def _parts(connection: sa.Connection, table: str) -> Iterator[str]:
    """Conditions on the numbers of a table, which part them."""
    last = int(connection.execute(sa.text(f"SELECT coalesce(max(number), 0) FROM {table}")).scalar_one())
    for start in range(1, last + 1, _AT_A_TIME):
        yield f"BETWEEN {start} AND {start + _AT_A_TIME - 1}"
